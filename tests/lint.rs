//! Every lint: that it fires above its threshold, and not at it.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::NaiveDate;
use common::{Dice, cases, date, dec, decs, name, names};
use customer_value::{
    money::{Currency, Ratio},
    quantity::{Column, Fact, Predicate, Quantity, Source, Ties, Unit},
    reason::{Decision, Language},
    score::{Cutpoints, Missing, Scale, ScoreError, ScoreModel, Term},
    tier::{
        Axis, Effect, Grade, GradeModel, GradeSet, Grid, Rule,
        lint::{Lint, LintError, LintPolicy, Severity},
    },
    value::{
        Dimension, Direction, FactSheet,
        Family::{self, Economic, Latent, Social},
    },
};
use proptest::{collection::vec, prop_assert, prop_assert_eq, proptest};

fn today() -> NaiveDate {
    date("2024-06-30")
}

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn policy() -> LintPolicy {
    LintPolicy::default()
}

fn measured(of: &str, family: Family) -> Dimension {
    Dimension::new(of, family, Direction::HigherIsBetter, Unit::Count).unwrap()
}

fn cuts(cuts: &[&str], ties: Ties) -> Cutpoints {
    Cutpoints::new(decs(cuts), ties).unwrap()
}

fn axis(of: &str, at: &[&str]) -> Axis {
    Axis { of: name(of), cutpoints: cuts(at, Ties::ToUpper) }
}

fn term(of: &str, weight: &str, bins: &[&str]) -> Term {
    let scale = Scale::Bins(cuts(bins, Ties::ToUpper));
    Term { dimension: measured(of, Economic), weight: ratio(weight), scale, missing: Missing::Refuse }
}

fn rule(title: &str, when: Predicate, then: Effect) -> Rule {
    Rule { name: name(title), when, then, because: name("so it was decided") }
}

fn at_least(of: &str, bound: &str) -> Predicate {
    Predicate::AtLeast { of: name(of), bound: dec(bound) }
}

fn at_most(of: &str, bound: &str) -> Predicate {
    Predicate::AtMost { of: name(of), bound: dec(bound) }
}

/// A on ten and more orders, B below, with rules.
fn by_orders(rules: Vec<Rule>) -> GradeModel {
    let grid = Grid::new(GradeSet::letters(3).unwrap(), vec![axis("orders", &["10"])], names("B A")).unwrap();
    GradeModel::new(name("m"), vec![measured("orders", Economic)], vec![], grid, rules).unwrap()
}

/// Two levels of the score, cut at `cut`.
fn by_score(terms: Vec<Term>, cut: &str, ties: Ties, places: u8) -> GradeModel {
    let score = ScoreModel::new(name("score"), places, terms).unwrap();
    let axis = Axis { of: name("score"), cutpoints: cuts(&[cut], ties) };
    let grid = Grid::new(GradeSet::letters(2).unwrap(), vec![axis], names("B A")).unwrap();
    GradeModel::new(name("m"), vec![], vec![score], grid, vec![]).unwrap()
}

fn idle(model: &GradeModel) -> Vec<String> {
    let of = |lint: &Lint| if let Lint::WithoutInfluence { dimension } = lint { Some(dimension.to_string()) } else { None };
    policy().of_model(model).iter().filter_map(of).collect()
}

fn never(model: &GradeModel) -> Vec<String> {
    let of = |lint: &Lint| if let Lint::NeverApplies { rule } = lint { Some(rule.to_string()) } else { None };
    policy().of_model(model).iter().filter_map(of).collect()
}

// The model alone.

#[test]
fn seven_dimensions_and_five_grades_are_allowed_eight_and_six_are_not() {
    let of = |dimensions: usize, grades: u8| {
        let list: Vec<Dimension> = (0..dimensions).map(|i| measured(&format!("d{i}"), Economic)).collect();
        let rules =
            list.iter().map(|d| rule(&format!("r {}", d.name), at_least(&d.name, "5"), Effect::AtLeast(name("A")))).collect();
        let grid = Grid::new(GradeSet::letters(grades).unwrap(), vec![axis("d0", &["10"])], names("B A")).unwrap();
        policy().of_model(&GradeModel::new(name("m"), list, vec![], grid, rules).unwrap())
    };
    let family = Lint::OneFamily { family: Economic };
    assert_eq!(of(7, 5), core::slice::from_ref(&family));
    assert_eq!(of(8, 5), [Lint::TooManyDimensions { found: 8, most: 7 }, family.clone()]);
    assert_eq!(of(7, 6), [Lint::TooManyGrades { found: 6, most: 5 }, family]);
}

#[test]
fn sales_alone_are_not_value() {
    let of = |families: &[Family]| {
        let list: Vec<Dimension> = families.iter().enumerate().map(|(i, f)| measured(&format!("d{i}"), *f)).collect();
        let axes = list.iter().map(|d| axis(&d.name, &["10"])).collect();
        let cells = (1..1 << list.len()).map(|_| name("A"));
        let cells = [name("B")].into_iter().chain(cells).collect();
        let grid = Grid::new(GradeSet::letters(2).unwrap(), axes, cells).unwrap();
        policy().of_model(&GradeModel::new(name("m"), list, vec![], grid, vec![]).unwrap())
    };
    assert_eq!(of(&[Economic, Economic]), [Lint::OneFamily { family: Economic }]);
    assert_eq!(of(&[Latent]), [Lint::OneFamily { family: Latent }]);
    assert_eq!(of(&[Economic, Latent]), [Lint::NoFamily { family: Social }]);
    assert_eq!(of(&[Economic, Social]), [Lint::NoFamily { family: Latent }]);
    assert_eq!(of(&[Social, Latent]), [Lint::NoFamily { family: Economic }]);
    assert_eq!(of(&[Economic, Social, Latent]), []);
}

#[test]
fn half_the_weight_is_allowed_and_more_is_not() {
    let dominated = |terms: Vec<Term>| {
        let lints = policy().of_model(&by_score(terms, "1.5", Ties::ToUpper, 2));
        lints.into_iter().find(|l| matches!(l, Lint::Dominated { .. }))
    };
    let three = ["5", "10"];
    assert_eq!(dominated(vec![term("a", "1/2", &three), term("b", "1/2", &three)]), None);
    let (score, dimension) = (name("score"), name("a"));
    let expected = Lint::Dominated { score, dimension, weight: ratio("0.501"), most: ratio("0.5") };
    assert_eq!(dominated(vec![term("a", "0.501", &three), term("b", "0.499", &three)]), Some(expected));
    assert_eq!(dominated(vec![term("a", "1", &three)]), None); // a score of one dimension weighs nothing against another
}

#[test]
fn a_weight_that_crosses_no_cut_has_no_influence() {
    // a gives 0.9 or 1.8, b 0.1 or 0.2: the score is 1.0, 1.1, 1.9 or 2.0.
    let model = |cut: &str, ties| by_score(vec![term("a", "0.9", &["5"]), term("b", "0.1", &["5"])], cut, ties, 1);
    assert_eq!(idle(&model("1.5", Ties::ToUpper)), ["b"]);
    // Exactly on the cut, the side decides: 1.1 and up, or above 1.1.
    assert!(idle(&model("1.1", Ties::ToUpper)).is_empty());
    assert_eq!(idle(&model("1.1", Ties::ToLower)), ["b"]);
    assert!(idle(&model("1.0", Ties::ToLower)).is_empty());
    assert_eq!(idle(&model("1.0", Ties::ToUpper)), ["a", "b"]); // everybody has 1.0
    assert!(idle(&model("2.0", Ties::ToUpper)).is_empty()); // only the best in both
    assert_eq!(idle(&model("2.0", Ties::ToLower)), ["a", "b"]); // nobody has more
}

#[test]
fn a_weight_that_rounds_to_nothing_has_no_influence() {
    let model = |places| by_score(vec![term("a", "0.99", &["5"]), term("b", "0.01", &["5"])], "1", Ties::ToLower, places);
    assert!(idle(&model(2)).is_empty()); // 1.00, 1.01, 1.99 or 2.00
    // 1.0 and 2.0 for a; 0.0 and 0.0 for b.
    assert_eq!(idle(&model(1)), ["b"]);
}

#[test]
fn scales_without_steps_and_terms_that_may_be_left_out_are_given_the_benefit_of_the_doubt() {
    let range = Scale::Range { worst: 0.into(), best: 1.into() };
    let smooth = Term { scale: range.clone(), ..term("a", "0.9", &["5"]) };
    let model = |other: Term| by_score(vec![smooth.clone(), other], "1", Ties::ToUpper, 1);
    assert!(idle(&model(term("b", "0.1", &["5"]))).is_empty()); // 0.9 and anything from 0 on
    let left_out = Term { missing: Missing::LeaveOut { least_coverage: ratio("0.1") }, ..term("b", "0.1", &["5"]) };
    let steps = by_score(vec![term("a", "0.9", &["5"]), left_out], "1.5", Ties::ToUpper, 1);
    assert!(idle(&steps).is_empty());
    let open = Term { scale: Scale::AsIs, ..term("a", "0.9", &["5"]) };
    assert!(idle(&by_score(vec![open, term("b", "0.1", &["5"])], "1.5", Ties::ToUpper, 1)).is_empty());
    // Too many sums to list.
    let tenth = |i: usize| term(&format!("d{i}"), "0.1", &["1", "2", "3", "4", "5", "6"]);
    let uneven: Vec<Term> = (0..10).map(tenth).collect();
    assert!(idle(&by_score(uneven, "3", Ties::ToUpper, 6)).is_empty());
}

#[test]
fn an_axis_whose_levels_share_their_cells_and_a_dimension_nobody_looks_at_have_no_influence() {
    let of = |cells: &str, rules: Vec<Rule>| {
        let axes = vec![axis("a", &["10"]), axis("b", &["10"])];
        let grid = Grid::new(GradeSet::letters(2).unwrap(), axes, names(cells)).unwrap();
        let dimensions = ["a", "b", "c"].map(|d| measured(d, Economic)).to_vec();
        idle(&GradeModel::new(name("m"), dimensions, vec![], grid, rules).unwrap())
    };
    assert_eq!(of("B B A A", vec![]), ["b", "c"]);
    assert_eq!(of("B A B A", vec![]), ["a", "c"]);
    assert_eq!(of("B B B A", vec![]), ["c"]);
    assert!(of("B B B A", vec![rule("r", at_least("c", "3"), Effect::AtLeast(name("A")))]).is_empty());
}

#[test]
fn a_score_that_only_a_rule_looks_at_counts_by_the_bounds_of_the_rule() {
    let of = |when: Predicate| {
        let score = ScoreModel::new(name("score"), 1, vec![term("a", "0.9", &["5"]), term("b", "0.1", &["5"])]).unwrap();
        let grid = Grid::new(GradeSet::letters(2).unwrap(), vec![axis("c", &["10"])], names("B A")).unwrap();
        let rules = vec![rule("r", when, Effect::AtLeast(name("A")))];
        GradeModel::new(name("m"), vec![measured("c", Economic)], vec![score], grid, rules).unwrap()
    };
    let more_than = |bound| Predicate::MoreThan { of: name("score"), bound: dec(bound) };
    assert_eq!(idle(&of(at_least("score", "1.5"))), ["b"]);
    assert!(idle(&of(at_least("score", "1.1"))).is_empty());
    assert_eq!(idle(&of(more_than("1.1"))), ["b"]);
    // The score is at most 2.0.
    assert!(never(&of(at_least("score", "2"))).is_empty());
    assert_eq!(never(&of(more_than("2"))), ["r"]);
    assert!(never(&of(more_than("1.95"))).is_empty());
    assert_eq!(never(&of(at_most("score", "0.9"))), ["r"]);
}

#[test]
fn a_rule_that_applies_to_no_customer_is_found() {
    let of = |parts: Vec<Predicate>| never(&by_orders(vec![rule("r", Predicate::All(parts), Effect::AtLeast(name("A")))]));
    assert!(of(vec![at_least("orders", "3"), at_most("orders", "3")]).is_empty());
    assert_eq!(of(vec![at_least("orders", "4"), at_most("orders", "3")]), ["r"]);
    assert_eq!(of(vec![Predicate::LessThan { of: name("orders"), bound: 0.into() }]), ["r"]); // no order is less than none
    let region = |names: &[&str]| Predicate::OneOf { of: name("region"), names: names.iter().map(|n| name(n)).collect() };
    assert_eq!(of(vec![region(&["华南"]), region(&["华东", "华北"])]), ["r"]);
    assert!(of(vec![region(&["华南"]), region(&["华东", "华南"])]).is_empty());
}

// A population.

fn two(column: &dyn Fn(&str) -> Option<Column<'static>>) -> Result<Vec<Lint>, LintError> {
    let dimensions = vec![measured("a", Economic), measured("b", Social)];
    let axes = vec![axis("a", &["0"]), axis("b", &["0"])]; // one of the two levels is below zero
    let grid = Grid::new(GradeSet::letters(2).unwrap(), axes, names("B A A A")).unwrap();
    let model = GradeModel::new(name("m"), dimensions, vec![], grid, vec![]).unwrap();
    let lints = policy().of_columns(&model, |name| column(name))?;
    Ok(lints.into_iter().filter(|lint| !matches!(lint, Lint::EmptyLevels { .. })).collect())
}

fn pair(a: &[i64], b: &[i64]) -> Vec<Lint> {
    let (a, b): (&'static [i64], &'static [i64]) = (a.to_vec().leak(), b.to_vec().leak());
    two(&|of| Some(Column::counts(if of == "a" { a } else { b }))).unwrap()
}

#[test]
fn a_constant_dimension_is_found_and_one_customer_is_no_population() {
    let constant = |value: i64| Lint::Constant { dimension: name("b"), value: value.into() };
    assert_eq!(pair(&[1, 2, 3], &[7, 7, 7]), [constant(7)]);
    assert_eq!(pair(&[1, 2], &[7, 7]), [constant(7)]);
    assert_eq!(pair(&[1, 9, 2], &[7, 7, 8]), []);
    assert_eq!(pair(&[1], &[7]), []);
    assert_eq!(pair(&[], &[]), []);
}

fn coefficients(a: &[i64], b: &[i64], most: &str) -> Option<(String, String)> {
    let dimensions = vec![measured("a", Economic), measured("b", Social)];
    let grid = Grid::new(GradeSet::letters(2).unwrap(), vec![axis("a", &["0"])], names("B A")).unwrap();
    let model = GradeModel::new(name("m"), dimensions, vec![], grid, vec![]).unwrap();
    let policy = LintPolicy { most_correlation: ratio(most), ..policy() };
    let lints = policy.of_columns(&model, |of| Some(Column::counts(if of == "a" { a } else { b }))).unwrap();
    lints.into_iter().find_map(|lint| match lint {
        Lint::Correlated { pearson, spearman, .. } => Some((pearson.to_string(), spearman.to_string())),
        _ => None,
    })
}

/// Anscombe (1973), the first of his four data sets, in hundredths: r = 0.816; of the ranks 1 − 6·40/(11·120) = 9/11.
const ANSCOMBE: ([i64; 11], [i64; 11]) =
    ([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], [804, 695, 758, 881, 833, 996, 724, 426, 1084, 482, 568]);

#[test]
fn the_coefficients_are_those_of_the_literature() {
    let (x, y) = ANSCOMBE;
    assert_eq!(coefficients(&x, &y, "0"), Some(("0.8164".into(), "0.8182".into())));
    // By hand: 4.5/√(4.75·5); ties get mid-ranks, and 4.5/√(4.5·5).
    assert_eq!(coefficients(&[1, 2, 2, 4], &[1, 3, 2, 4], "0"), Some(("0.9234".into(), "0.9487".into())));
}

#[test]
fn a_correlation_at_the_threshold_is_allowed_and_one_above_it_is_not_whatever_its_sign() {
    let (x, y) = ANSCOMBE;
    assert_eq!(coefficients(&x, &y, "0.8182"), None);
    assert!(coefficients(&x, &y, "0.8181").is_some());
    let against = y.map(|v| -v);
    assert_eq!(coefficients(&x, &against, "0.8182"), None);
    assert_eq!(coefficients(&x, &against, "0.8181"), Some(("-0.8164".into(), "-0.8182".into())));
    assert_eq!(coefficients(&x, &x, "1"), None); // a share of 1 switches it off
    // A curve: the values lie on no line, the order is the same.
    let curve = [1, 10, 100, 1_000, 10_000, 100_000];
    let found = coefficients(&[1, 2, 3, 4, 5, 6], &curve, "0.9").unwrap();
    assert_eq!(found.1, "1");
    assert_eq!(coefficients(&[1, 2], &[1, 2], "0"), None); // two points are always on a line
}

#[test]
fn the_ends_of_the_range_do_not_overflow() {
    let (low, high) = (i64::MIN, i64::MAX);
    assert_eq!(coefficients(&[low, 0, high], &[low, 0, high], "0.9"), Some(("1".into(), "1".into())));
    assert_eq!(coefficients(&[low, 0, high], &[high, 0, low], "0.9"), Some(("-1".into(), "-1".into())));
    assert_eq!(coefficients(&[low, high, low, high], &[low, low, high, high], "0").unwrap_or(("0".into(), "0".into())).0, "0");
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_order_of_the_customers_and_of_the_two_columns_changes_no_bit(pairs in vec((0..1_000_000_i64, -50..50_i64), 3..40), seed: u64) {
        let columns = |pairs: &[(i64, i64)]| pairs.iter().copied().unzip::<i64, i64, Vec<_>, Vec<_>>();
        let (x, y) = columns(&pairs);
        let found = coefficients(&x, &y, "0");
        let mut shuffled = pairs.clone();
        Dice(seed).shuffle(&mut shuffled);
        let (a, b) = columns(&shuffled);
        prop_assert_eq!(&coefficients(&a, &b, "0"), &found);
        prop_assert_eq!(&coefficients(&y, &x, "0"), &found);
        // A shift and a stretch change nothing either.
        let moved: Vec<i64> = x.iter().map(|v| 3 * v + 17).collect();
        prop_assert_eq!(&coefficients(&moved, &y, "0"), &found);
        if let Some((pearson, spearman)) = found {
            prop_assert!(ratio(&pearson) <= Ratio::ONE && ratio(&spearman) <= Ratio::ONE);
        }
    }
}

#[test]
fn levels_at_which_nobody_is_are_counted_on_scales_axes_and_lists() {
    let fame = Dimension::judged("fame", Social, ["local", "regional", "national"]).unwrap();
    let points = Scale::Points(decs(&["0", "1", "2"]));
    let judged = Term { dimension: fame, weight: ratio("0.5"), scale: points, missing: Missing::Refuse };
    let score = ScoreModel::new(name("score"), 1, vec![term("orders", "0.5", &["1", "5", "5", "9"]), judged]).unwrap();
    let grid =
        Grid::new(GradeSet::letters(2).unwrap(), vec![axis("orders", &["3"]), axis("score", &["1"])], names("B B B A")).unwrap();
    let model = GradeModel::new(name("m"), vec![], vec![score], grid, vec![]).unwrap();
    let of = |orders: &[i64], fame: &[i64]| {
        let levels = Column { values: fame, places: 0, unit: Unit::Level };
        policy().of_columns(&model, |of| Some(if *of == "orders" { Column::counts(orders) } else { levels })).unwrap()
    };
    let empty = |within: &str, dimension: &str, asked, obtained| Lint::EmptyLevels {
        within: name(within),
        dimension: name(dimension),
        asked,
        obtained,
    };
    // The third of the five bins, between 5 and 5, can hold nobody.
    assert_eq!(of(&[0, 1, 5, 9], &[1, 3, 2, 1]), [empty("score", "orders", 5, 4)]);
    let of_axis = of(&[0, 1, 2, 2], &[1, 3, 3, 1]);
    assert_eq!(of_axis, [empty("score", "orders", 5, 2), empty("m", "orders", 2, 1), empty("score", "fame", 3, 2)]);
    assert_eq!(of(&[], &[]), []);
}

#[test]
fn columns_that_do_not_fit_are_errors_and_columns_that_are_not_there_are_passed_over() {
    static THREE: [i64; 3] = [1, 2, 3];
    static TWO: [i64; 2] = [1, 2];
    assert_eq!(two(&|_| None), Ok(vec![]));
    assert_eq!(two(&|of| (of == "a").then_some(Column::counts(&THREE))), Ok(vec![]));
    let money = two(&|_| Some(Column::money(&THREE, Currency::CNY))).unwrap_err();
    let found = Unit::Money(Currency::CNY);
    assert_eq!(money, ScoreError::WrongUnit { dimension: name("a"), expected: Unit::Count, found }.into());
    let fine = two(&|_| Some(Column { places: 19, ..Column::counts(&THREE) })).unwrap_err();
    assert_eq!(fine, ScoreError::ColumnPlaces(19).into());
    let unequal = two(&|of| Some(Column::counts(if of == "a" { &THREE } else { &TWO }))).unwrap_err();
    assert_eq!(unequal, ScoreError::UnequalColumns { dimension: name("b"), expected: 3, found: 2 }.into());
}

// A sample.

fn decided(model: &GradeModel, orders: &[u32]) -> Vec<Decision<Grade>> {
    let facts = |n: &u32| FactSheet::new().with("orders", Quantity::count(*n)).unwrap();
    orders.iter().map(|n| model.grade(&facts(n), today()).unwrap()).collect()
}

fn of_sample(model: &GradeModel, orders: &[u32]) -> Vec<Lint> {
    policy().of_decisions(model, &decided(model, orders)).unwrap()
}

#[test]
fn grades_that_nobody_has_or_nearly_everybody_has_are_found() {
    let model = by_orders(vec![]);
    let nobody = |grade: &str, of| Lint::NobodyHas { grade: name(grade), of };
    // Four of five is the threshold itself; C stands in no cell.
    assert_eq!(of_sample(&model, &[10, 10, 10, 10, 9]), [nobody("C", 5)]);
    let many = Lint::NearlyEverybodyHas { grade: name("A"), have: 5, of: 6, most: ratio("0.8") };
    assert_eq!(of_sample(&model, &[10, 10, 10, 10, 10, 9]), [many, nobody("C", 6)]);
    assert_eq!(of_sample(&model, &[]), []);
}

#[test]
fn a_rule_that_decides_a_quarter_is_an_exception_and_one_that_decides_more_is_none() {
    let swallowed = |then: Effect, orders: &[u32]| {
        let model = by_orders(vec![rule("r", at_least("orders", "12"), then)]);
        let lints = of_sample(&model, orders).into_iter();
        lints.filter(|l| matches!(l, Lint::SwallowsGrid { .. } | Lint::NeverApplied { .. })).collect::<Vec<_>>()
    };
    let pin = || Effect::Pin(name("A"));
    let often = |decided, of| [Lint::SwallowsGrid { rule: name("r"), decided, of, most: ratio("0.25") }];
    assert_eq!(swallowed(pin(), &[12, 11, 1, 1]), []);
    assert_eq!(swallowed(pin(), &[12, 12, 11, 1, 1, 1, 1]), often(2, 7));
    assert_eq!(swallowed(pin(), &[11, 1, 1]), [Lint::NeverApplied { rule: name("r"), of: 3 }]);
    // A floor decides only where the grid says less: here it never does.
    assert_eq!(swallowed(Effect::AtLeast(name("A")), &[12, 12, 12, 1]), []);
    assert_eq!(swallowed(Effect::AtMost(name("C")), &[12, 12, 12, 1]), often(3, 4));
}

#[test]
fn judgements_without_evidence_are_counted_and_measurements_are_not() {
    let fame = Dimension::judged("fame", Social, ["local", "national"]).unwrap();
    let axes = vec![axis("fame", &["2"]), axis("orders", &["5"])];
    let grid = Grid::new(GradeSet::letters(2).unwrap(), axes, names("B A A A")).unwrap();
    let model = GradeModel::new(name("m"), vec![fame, measured("orders", Economic)], vec![], grid, vec![]).unwrap();
    let source = Source::new(name("trade survey"), today(), None).unwrap();
    let decision = |with: bool| {
        let mut facts = FactSheet::new().with("orders", Quantity::count(7)).unwrap();
        facts.set(name("fame"), Fact::Named(name("local")), with.then(|| source.clone()));
        model.grade(&facts, today()).unwrap()
    };
    let of = |policy: LintPolicy, with: &[bool]| {
        let decisions: Vec<_> = with.iter().map(|w| decision(*w)).collect();
        let lints = policy.of_decisions(&model, &decisions).unwrap().into_iter();
        lints.filter(|l| matches!(l, Lint::WithoutEvidence { .. })).collect::<Vec<_>>()
    };
    let without =
        |without, judged, most: &str| [Lint::WithoutEvidence { dimension: name("fame"), without, judged, most: ratio(most) }];
    assert_eq!(of(policy(), &[true, true]), []);
    assert_eq!(of(policy(), &[true, false]), without(1, 2, "0"));
    let half = LintPolicy { most_without_evidence: ratio("1/2"), ..policy() };
    assert_eq!(of(half, &[true, false]), []);
    assert_eq!(of(half, &[true, false, false]), without(2, 3, "0.5"));
    // A fact that is missing is no judgement.
    let unknown = model.grade(&FactSheet::new().with("orders", Quantity::count(7)).unwrap(), today()).unwrap();
    let lints = policy().of_decisions(&model, [&unknown]).unwrap();
    assert!(!lints.iter().any(|l| matches!(l, Lint::WithoutEvidence { .. })));
}

#[test]
fn the_decisions_of_another_model_are_refused() {
    let (one, other) = (by_orders(vec![]), by_orders(vec![rule("r", at_least("orders", "12"), Effect::Pin(name("A")))]));
    let refused = policy().of_decisions(&one, &decided(&other, &[1]));
    assert_eq!(refused, Err(LintError::OtherModel(other.id().clone())));
}

// The lints themselves, and the policy.

fn one_of_each() -> Vec<Lint> {
    let most = ratio("1/4");
    vec![
        Lint::TooManyDimensions { found: 8, most: 7 },
        Lint::TooManyGrades { found: 6, most: 5 },
        Lint::OneFamily { family: Economic },
        Lint::OneFamily { family: Social },
        Lint::NoFamily { family: Latent },
        Lint::Dominated { score: name("s"), dimension: name("d"), weight: ratio("2/3"), most },
        Lint::WithoutInfluence { dimension: name("d") },
        Lint::NeverApplies { rule: name("r") },
        Lint::Constant { dimension: name("d"), value: dec("1.50") },
        Lint::Correlated { first: name("d"), second: name("e"), pearson: ratio("0.95"), spearman: ratio("-0.2"), most },
        Lint::EmptyLevels { within: name("s"), dimension: name("d"), asked: 5, obtained: 3 },
        Lint::SwallowsGrid { rule: name("r"), decided: 3, of: 4, most },
        Lint::NeverApplied { rule: name("r"), of: 4 },
        Lint::NobodyHas { grade: name("A"), of: 4 },
        Lint::NearlyEverybodyHas { grade: name("A"), have: 4, of: 4, most },
        Lint::WithoutEvidence { dimension: name("d"), without: 1, judged: 2, most },
    ]
}

#[test]
fn every_lint_has_its_own_words_in_both_languages_and_comes_back_from_json() {
    let lints = one_of_each();
    for language in [Language::English, Language::Chinese] {
        let mut texts: Vec<String> = lints.iter().map(|l| l.text(language)).collect();
        let end = if language == Language::English { '.' } else { '。' };
        assert!(texts.iter().all(|t| t.ends_with(end) && t.lines().count() == 1), "{texts:#?}");
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), lints.len());
    }
    for lint in &lints {
        let json = serde_json::to_string(lint).unwrap();
        assert_eq!(&serde_json::from_str::<Lint>(&json).unwrap(), lint);
    }
    assert_eq!(lints[6].severity(), Severity::Fault);
    assert!(Severity::Hint < Severity::Warning && Severity::Warning < Severity::Fault);
    assert_eq!(lints[8].text(Language::Chinese), "所有客户的“d”都是 1.5：无法区分客户。");
    assert_eq!(lints[10].text(Language::English), "\"d\" in \"s\": nobody is in 2 of 5 levels.");
}

#[test]
fn a_policy_names_what_differs_from_the_default_and_nothing_unknown() {
    let read = |json: &str| serde_json::from_str::<LintPolicy>(json);
    assert_eq!(read("{}").unwrap(), policy());
    assert_eq!(
        read(r#"{"most_grades":4,"most_weight":"2/3"}"#).unwrap(),
        LintPolicy { most_grades: 4, most_weight: ratio("2/3"), ..policy() }
    );
    let json = serde_json::to_string(&policy()).unwrap();
    assert_eq!(read(&json).unwrap(), policy());
    for bad in [r#"{"most_grade":4}"#, r#"{"most_weight":0.5}"#, r#"{"most_grades":-1}"#, r#"{"most_grades":256}"#] {
        assert!(read(bad).is_err(), "{bad}");
    }
}
