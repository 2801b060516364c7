//! Laws of scores and grades, over small models of every shape.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/models.rs"]
#[allow(unreachable_pub, clippy::unwrap_used)]
mod models;

use chrono::NaiveDate;
use common::{Dice, cases, date, dec, name, names};
use customer_value::{
    calendar::{Window, from_day_number},
    customer::{OrderColumns, ReturnPolicy},
    money::{Currency, Ratio, Rounding},
    quantity::{Column, Fact, Predicate, Quantity, Ties, Unit},
    reason::{Conclusion, Decision, Language, Reason, Unsound},
    score::{Cutpoints, Missing, Quantile, Scale, ScalePlan, ScoreError, ScoreModel, ScorePlan, Term},
    tier::{
        Axis, Effect, GradeModel, GradePlan, GradeSet, Grid, Rule,
        segments::SegmentTable,
        treatment::{Action, Lever, Playbook, Treatment},
    },
    value::{Dimension, Direction, FactSheet, Facts, Family, Rfm, RfmColumns},
};
use models::{DIMENSIONS, Shape, facts, known_tenths, shape, tenths};
use proptest::{collection::vec, prelude::Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use rust_decimal::Decimal;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn today() -> NaiveDate {
    date("2024-06-30")
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_score_with_reasons_is_the_score_without_and_its_points_add_up(shape in shape(), tenths in tenths()) {
        let (model, facts) = (shape.score(1), facts(&tenths, 1));
        let decision = model.score(&facts, today());
        prop_assert_eq!(decision.as_ref().map(|d| d.value).map_err(Clone::clone), model.score_only(&facts));
        let Ok(decision) = decision else { return Ok(()) };
        let points = decision.reasons.iter().map(|r| if let Reason::Weighed { points, .. } = r { *points } else { Decimal::ZERO });
        prop_assert_eq!(points.sum::<Decimal>(), decision.value.points());
        let as_declared = |r: &Reason| if let Reason::Weighed { points, .. } = r { points.scale() == u32::from(shape.places) } else { true };
        prop_assert!(decision.reasons.iter().all(as_declared));
        prop_assert_eq!(decision.verify(), Ok(()));
        prop_assert_eq!(model.replay(&decision), Ok(()));
        prop_assert_eq!(&decision.model, model.id());
    }

    #[test]
    fn a_grade_with_reasons_is_the_grade_without(shape in shape(), tenths in tenths()) {
        let (model, facts) = (shape.grade(), facts(&tenths, 1));
        let decision = model.grade(&facts, today());
        prop_assert_eq!(decision.as_ref().map(|d| &d.value).map_err(Clone::clone), model.grade_only(&facts));
        let Ok(decision) = decision else { return Ok(()) };
        prop_assert_eq!(decision.verify(), Ok(()));
        prop_assert_eq!(model.replay(&decision), Ok(()));
        for language in [Language::English, Language::Chinese] {
            prop_assert_eq!(decision.explain(language).lines().count(), decision.reasons.len());
        }
    }

    #[test]
    fn a_batch_scores_like_one_by_one(shape in shape(), customers in vec(known_tenths(), 1..12)) {
        let model = shape.score(1);
        let columns: Vec<Vec<i64>> = (0..5).map(|d| customers.iter().map(|c| c[d]).collect()).collect();
        let column = |of: &str| {
            let at = DIMENSIONS.iter().position(|(title, _)| *title == of).unwrap();
            Column { values: &columns[at], places: 1, unit: DIMENSIONS[at].1 }
        };
        let batch = model.score_columns(|of| Some(column(of))).unwrap();
        for (i, customer) in customers.iter().enumerate() {
            let decision = model.score(&facts(&customer.map(Ok), 1), today()).unwrap();
            prop_assert_eq!(batch.scores().get(i).unwrap(), decision.value.points());
            for (at, term) in model.terms().iter().enumerate() {
                let placed = decision.reasons.iter().find_map(|r| match r {
                    Reason::Placed { dimension, level, .. } if *dimension == term.dimension.name => Some(*level),
                    _ => None,
                });
                prop_assert_eq!(batch.levels(at).get(i).copied(), placed);
            }
        }
        prop_assert_eq!(batch.scores().values.len(), customers.len());
    }

    #[test]
    fn another_unit_leaves_every_score_and_level_unchanged(mut shape in shape(), tenths in tenths()) {
        shape.terms.iter_mut().for_each(|t| t.kind %= 3); // a value taken as it is has no unit to change
        let (small, large) = (shape.score(1).score_only(&facts(&tenths, 1)), shape.score(1000).score_only(&facts(&tenths, 1000)));
        prop_assert_eq!(small, large);
    }

    #[test]
    fn a_better_value_never_lowers_the_score_nor_the_grade(
        shape in shape(), customer in known_tenths(), which in 0..5_usize, by in 1..120_i64,
    ) {
        let model = shape.grade();
        let Some(dimension) = model.dimensions().find(|d| d.name == DIMENSIONS[which].0) else { return Ok(()) };
        let mut better = customer;
        better[which] += if dimension.direction == Direction::HigherIsBetter { by } else { -by };
        let (before, after) = (facts(&customer.map(Ok), 1), facts(&better.map(Ok), 1));
        let score = &model.scores()[0];
        prop_assert!(score.score_only(&before).unwrap() <= score.score_only(&after).unwrap());
        if model.rules_against_improvement().next().is_none()
            && let (Ok(before), Ok(after)) = (model.grade_only(&before), model.grade_only(&after))
        {
            prop_assert!(before <= after, "{before} {after}");
        }
    }

    #[test]
    fn a_grid_is_taken_only_if_no_better_cell_holds_a_worse_grade(sizes in vec(2..4_usize, 1..4), grades in vec(0..3_usize, 27)) {
        let cut = |n: usize| Cutpoints::new((1..n).map(Decimal::from).collect(), Ties::ToLower).unwrap();
        let axes = sizes.iter().enumerate().map(|(i, &n)| Axis { of: name(&format!("a{i}")), cutpoints: cut(n) }).collect();
        let set = GradeSet::letters(3).unwrap();
        let count: usize = sizes.iter().product();
        let cells = grades[..count].iter().map(|&g| set.best_first()[g].name().clone()).collect();
        let levels = |mut at: usize| {
            let mut levels: Vec<usize> = sizes.iter().rev().map(|n| (at % n, at /= n).0).collect();
            levels.reverse();
            levels
        };
        let no_worse = |a: usize, b: usize| levels(a).iter().zip(levels(b)).all(|(a, b)| *a >= b);
        // Position 0 in the set is the best grade.
        let monotone = (0..count).all(|a| (0..count).all(|b| !no_worse(a, b) || grades[a] <= grades[b]));
        let grid = Grid::new(set, axes, cells);
        prop_assert_eq!(grid.is_ok(), monotone, "{:?}", grid);
        let Ok(grid) = grid else { return Ok(()) };
        for (at, grade) in grades[..count].iter().enumerate() {
            let levels: Vec<u8> = levels(at).iter().map(|l| u8::try_from(l + 1).unwrap()).collect();
            prop_assert_eq!(usize::from(grid.cell(&levels).unwrap().rank()), grade + 1);
        }
    }

    #[test]
    fn the_order_in_which_rules_are_listed_decides_nothing(shape in shape(), tenths in tenths()) {
        let (model, facts) = (shape.grade(), facts(&tenths, 1));
        let mut rules = model.rules().to_vec();
        rules.reverse();
        let (grid, score) = (model.sorter().clone(), model.scores().to_vec());
        let extra = model.dimensions().skip(shape.terms.len()).cloned().collect();
        let reversed = GradeModel::new(name("model"), extra, score, grid, rules).unwrap();
        prop_assert_eq!(model.grade_only(&facts).ok(), reversed.grade_only(&facts).ok());
    }

    #[test]
    fn a_missing_fact_leaves_the_grade_only_if_no_value_would_change_it(
        shape in shape(), customer in known_tenths(), values in vec(-60..160_i64, 8),
    ) {
        // e1 occurs only in rules.
        let model = shape.grade();
        let mut without = customer.map(Ok);
        without[4] = Err(Fact::Unknown);
        let Ok(certain) = model.grade_only(&facts(&without, 1)) else { return Ok(()) };
        for value in values {
            let mut with = customer;
            with[4] = value;
            if let Ok(grade) = model.grade_only(&facts(&with.map(Ok), 1)) {
                prop_assert_eq!(grade, certain);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn whatever_a_missing_fact_turns_out_to_be_the_grade_and_the_score_lie_within_the_bounds(
        mut shape in shape(), customer in known_tenths(), missing: [bool; 5], values in vec(known_tenths(), 6),
    ) {
        // Substitutes and terms that are left out are no bounds; a value taken as it is has none.
        for term in &mut shape.terms {
            term.missing = if term.missing % 2 == 0 { 2 } else { 3 };
            term.kind %= 3;
        }
        let (model, score) = (shape.grade(), shape.score(1));
        let known = |with: Option<&[i64; 5]>| -> FactSheet {
            let fact = |i: usize| if missing[i] { with.map(|w| w[i]).ok_or(Fact::Unknown) } else { Ok(customer[i]) };
            facts(&[fact(0), fact(1), fact(2), fact(3), fact(4)], 1)
        };
        let scores = score.bounds(&known(None), today()).unwrap();
        scores.worst.verify().unwrap();
        scores.best.verify().unwrap();
        score.replay(&scores.worst).unwrap();
        score.replay(&scores.best).unwrap();
        let grades = model.bounds(&known(None), today());
        if let Ok(grades) = &grades {
            grades.worst.verify().unwrap();
            grades.best.verify().unwrap();
            model.replay(&grades.worst).unwrap();
            model.replay(&grades.best).unwrap();
            if let Ok(decision) = model.grade(&known(None), today()) {
                prop_assert_eq!(Some(&decision.value), grades.certain());
            }
        }
        for value in &values {
            let facts = known(Some(value));
            let found = score.score_only(&facts).unwrap();
            prop_assert!(scores.worst.value <= found && found <= scores.best.value);
            if let (Ok(grades), Ok(found)) = (&grades, model.grade_only(&facts)) {
                prop_assert!(&grades.worst.value <= found && found <= &grades.best.value, "{found} {grades:?}");
            }
        }
    }

    #[test]
    fn what_is_left_out_gives_its_weight_to_the_others_in_proportion(
        weights in [1..9_i128, 1..9, 1..9], values in [0..30_i64, 0..30], least in 1..10_i128,
    ) {
        let total: i128 = weights.iter().sum();
        let least_coverage = Ratio::new(least, 10).unwrap();
        let term = |(title, weight): (&str, i128)| Term {
            dimension: Dimension::new(title, Family::Economic, Direction::HigherIsBetter, Unit::Number).unwrap(),
            weight: Ratio::new(weight, total).unwrap(),
            scale: Scale::AsIs,
            missing: Missing::LeaveOut { least_coverage },
        };
        let model = |weights: &[(&'static str, i128)]| ScoreModel::new(name("m"), 4, weights.iter().copied().map(term).collect());
        let whole = model(&[("a", weights[0]), ("b", weights[1]), ("c", weights[2])]).unwrap();
        let number = |v: i64| Quantity::number(v.into());
        let facts = FactSheet::new().with("a", number(values[0])).unwrap().with("b", number(values[1])).unwrap();
        let found = whole.score(&facts, today());
        let coverage = Ratio::new(weights[0] + weights[1], total).unwrap();
        if coverage < least_coverage {
            let expected = ScoreError::TooLittleKnown { dimension: name("c"), coverage, least: least_coverage };
            prop_assert_eq!(found.unwrap_err(), expected);
        } else {
            let found = found.unwrap();
            found.verify().unwrap();
            whole.replay(&found).unwrap();
            let kept = weights[0] + weights[1];
            let part = |weight: i128| Ratio::new(weight, kept).unwrap();
            let points = |weight, value: i64| {
                Ratio::new(part(weight).numerator() * i128::from(value), part(weight).denominator()).unwrap().to_decimal(4, Rounding::HalfEven).unwrap()
            };
            prop_assert_eq!(found.value.points(), points(weights[0], values[0]) + points(weights[1], values[1]));
        }
    }
}

#[test]
fn what_is_supposed_or_substituted_is_not_known() {
    let term = |title: &str, weight: &str, missing| Term {
        dimension: Dimension::new(title, Family::Economic, Direction::HigherIsBetter, Unit::Number).unwrap(),
        weight: weight.parse().unwrap(),
        scale: Scale::Range { worst: 0.into(), best: 10.into() },
        missing,
    };
    let out = |least: &str| Missing::LeaveOut { least_coverage: least.parse().unwrap() };
    let usual = Missing::Substitute { value: Quantity::number(4.into()).into(), because: name("usual") };
    for missing in [Missing::Bounds, usual] {
        let model = ScoreModel::new(name("m"), 2, vec![term("a", "0.3", out("0.7")), term("b", "0.7", missing)]).unwrap();
        let refused = model.score(&FactSheet::new(), today()).unwrap_err();
        let least = "0.7".parse().unwrap();
        assert_eq!(refused, ScoreError::TooLittleKnown { dimension: name("a"), coverage: Ratio::ZERO, least });
        let known = FactSheet::new().with("b", Quantity::number(5.into())).unwrap();
        assert_eq!(model.score_only(&known).unwrap().points(), dec("0.5"));
    }
}

// Fitting.

fn plan(scales: [ScalePlan; 3]) -> ScorePlan {
    let terms = Rfm::dimensions(Currency::GBP).unwrap().into_iter().zip(scales).zip(["0.5", "0.3", "0.2"]);
    let term = |((dimension, scale), weight): ((Dimension, ScalePlan), &str)| Term {
        dimension,
        weight: weight.parse().unwrap(),
        scale,
        missing: Missing::Refuse,
    };
    ScorePlan::new(name("plan"), 3, terms.map(term).collect()).unwrap()
}

fn quantiles(bins: u8, ties: Ties) -> ScalePlan {
    ScalePlan::Quantiles { bins, quantile: Quantile::Linear, ties }
}

/// Recency, frequency, monetary value of a population.
type Population = Vec<(i64, i64, i64)>;

fn population() -> impl Strategy<Value = Population> {
    vec((0..400_i64, 1..9_i64, 0..90_000_i64), 1..60)
}

struct Columns([Vec<i64>; 3]);

impl Columns {
    fn new(population: &Population) -> Columns {
        let column = |of: fn(&(i64, i64, i64)) -> i64| population.iter().map(of).collect();
        Columns([column(|c| c.0), column(|c| c.1), column(|c| c.2)])
    }

    /// The columns in the usual units; `places` says how fine the money is.
    fn get(&self, of: &str, places: u8) -> Column<'_> {
        let at = [Rfm::RECENCY, Rfm::FREQUENCY, Rfm::MONETARY].iter().position(|n| *n == of).unwrap();
        let unit = [Unit::Days, Unit::Count, Unit::Money(Currency::GBP)][at];
        Column { values: &self.0[at], places: if at == 2 { places } else { 0 }, unit }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_shuffled_population_gives_the_same_model(population in population(), seed: u64, bins in 2..8_u8) {
        let plan = plan([quantiles(bins, Ties::ToLower), ScalePlan::MidRank, quantiles(bins, Ties::ToUpper)]);
        let mut shuffled = population.clone();
        Dice(seed).shuffle(&mut shuffled);
        let (one, other) = (Columns::new(&population), Columns::new(&shuffled));
        let (model, fits) = plan.fit(|of| Some(one.get(of, 2))).unwrap();
        let (again, fits_again) = plan.fit(|of| Some(other.get(of, 2))).unwrap();
        prop_assert_eq!((&model, &fits), (&again, &fits_again));
        prop_assert_eq!(model.id(), again.id());
    }

    #[test]
    fn a_population_fitted_in_another_unit_has_the_same_scores(population in population(), bins in 2..8_u8) {
        let plan = plan([quantiles(bins, Ties::ToLower), quantiles(bins, Ties::ToUpper), quantiles(bins, Ties::ToLower)]);
        let columns = Columns::new(&population);
        let scores = |places| {
            let (model, _) = plan.fit(|of| Some(columns.get(of, places))).unwrap();
            model.score_columns(|of| Some(columns.get(of, places))).unwrap()
        };
        prop_assert_eq!(scores(2), scores(5)); // pounds, and thousands of pounds
    }

    #[test]
    fn equal_customers_score_equal_and_a_better_one_no_less(population in population(), bins in 2..8_u8) {
        let plan = plan([quantiles(bins, Ties::ToUpper), ScalePlan::MidRank, quantiles(bins, Ties::ToLower)]);
        let columns = Columns::new(&population);
        let (model, _) = plan.fit(|of| Some(columns.get(of, 2))).unwrap();
        let scored = model.score_columns(|of| Some(columns.get(of, 2))).unwrap();
        let scores = scored.scores().values;
        for (a, one) in population.iter().enumerate() {
            for (b, other) in population.iter().enumerate() {
                let no_worse = one.0 <= other.0 && one.1 >= other.1 && one.2 >= other.2;
                prop_assert!(!no_worse || scores[a] >= scores[b], "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_customers_keys_have_no_part_in_their_scores(rows in vec((0..9_u64, 19_000..19_400_i32, 0..9_000_i64), 1..60), salt: u64) {
        let as_of = from_day_number(19_400).unwrap();
        let (day, minor): (Vec<i32>, Vec<i64>) = rows.iter().map(|r| (r.1, r.2)).unzip();
        let scores = |key: &dyn Fn(u64) -> u64| {
            let customer: Vec<u64> = rows.iter().map(|r| key(r.0)).collect();
            let orders = OrderColumns::new(&customer, &day, &minor, Currency::GBP).unwrap();
            let rfm = RfmColumns::collect(&orders, as_of, Window::All, ReturnPolicy::STRICT).unwrap();
            let (model, _) = plan([quantiles(4, Ties::ToLower), quantiles(3, Ties::ToLower), ScalePlan::MidRank]).fit(|d| rfm.column(d)).unwrap();
            let scored = model.score_columns(|d| rfm.column(d)).unwrap();
            let score_of = |k: u64| rfm.keys().iter().position(|found| *found == key(k)).map(|i| scored.scores().values[i]);
            (model.id().clone(), (0..9).map(score_of).collect::<Vec<_>>())
        };
        prop_assert_eq!(scores(&|k| k), scores(&|k| k.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt)));
    }
}

// Tampering.

/// Every leaf of a JSON value, by pointer.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, v)| leaves(v, &format!("{at}/{key}"), found)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| leaves(v, &format!("{at}/{i}"), found)),
        _ => found.push(at.into()),
    }
}

/// Other values that could stand in that place.
fn others(leaf: &Value) -> Vec<Value> {
    const WORDS: [&str; 20] = [
        "A",
        "B",
        "C",
        "d0",
        "e0",
        "score",
        "other",
        "to-lower",
        "to-upper",
        "applies",
        "does-not-apply",
        "undecided",
        "days",
        "count",
        "number",
        "higher-is-better",
        "lower-is-better",
        "social",
        "economic",
        "refuse",
    ];
    match leaf {
        Value::Number(n) => vec![(n.as_u64().unwrap() + 1).into()],
        Value::String(text) => match text.parse::<Decimal>() {
            Ok(number) => vec![(number + dec("1")).to_string().into(), (number - dec("0.5")).to_string().into()],
            Err(_) => WORDS.iter().filter(|w| *w != text).map(|w| (*w).into()).collect(),
        },
        _ => Vec::new(),
    }
}

/// The JSON with one leaf changed, in every way, as far as it can still be read.
fn changed<T: Serialize + DeserializeOwned>(original: &T, keep: impl Fn(&Value, &str) -> bool) -> Vec<(String, T)> {
    let json = serde_json::to_value(original).unwrap();
    let mut found = Vec::new();
    leaves(&json, "", &mut found);
    let mut all = Vec::new();
    for pointer in found.iter().filter(|p| !keep(&json, p)) {
        for other in others(json.pointer(pointer).unwrap()) {
            let mut touched = json.clone();
            let what = format!("{pointer} to {other}");
            *touched.pointer_mut(pointer).unwrap() = other;
            all.extend(serde_json::from_value(touched).ok().map(|t| (what, t)));
        }
    }
    all
}

/// What neither `verify` nor `replay` can notice: the date; which way a fact was absent; and a fact that only rules look at, as long as
/// every rule says the same of it. It stands in the reasons once, so there is nothing to hold it against.
fn unnoticed(json: &Value, pointer: &str, only_in_rules: &[&str]) -> bool {
    let absent = pointer.ends_with("/read/fact");
    let lone = pointer.split_once("/read/fact/known/value").is_some_and(|(reason, _)| {
        let dimension = json.pointer(&format!("{reason}/read/dimension")).unwrap();
        only_in_rules.iter().any(|name| dimension == name)
    });
    pointer == "/as_of" || absent || lone || pointer.ends_with("/read/fact/named")
}

fn check_tampering<T: Serialize + DeserializeOwned + Conclusion + PartialEq>(
    decision: &Decision<T>,
    replay: impl Fn(&Decision<T>) -> Result<(), Unsound>,
    only_in_rules: &[&str],
) {
    for (what, touched) in changed(decision, |json, pointer| unnoticed(json, pointer, only_in_rules)) {
        assert!(touched.verify().is_err() || replay(&touched).is_err(), "changed {what}");
    }
}

/// The figures and grades that the reasons hold twice: `verify` finds a change of one of them without the model.
const HELD_TWICE: [&str; 12] = [
    "/value",
    "/value/name",
    "/placed/value",
    "/placed/level",
    "/ranked/value",
    "/ranked/worse",
    "/weighed/level",
    "/weighed/points",
    "/summed/total",
    "/cell/grade",
    "/rule/before",
    "/rule/after",
];

fn check_verify_alone<T: Serialize + DeserializeOwned + Conclusion>(decision: &Decision<T>) {
    let held_twice = |pointer: &str| {
        let inside = pointer.trim_start_matches("/reasons/").trim_start_matches(|c: char| c.is_ascii_digit());
        HELD_TWICE.contains(&inside) || inside.starts_with("/cell/levels/")
    };
    for (what, touched) in changed(decision, |_, pointer| !held_twice(pointer)) {
        assert!(touched.verify().is_err(), "changed {what}");
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_sums_alone_show_that_a_figure_was_touched(shape in shape(), tenths in tenths()) {
        let facts = facts(&tenths, 1);
        shape.score(1).score(&facts, today()).iter().for_each(check_verify_alone);
        shape.grade().grade(&facts, today()).iter().for_each(check_verify_alone);
    }

    #[test]
    fn a_total_that_is_not_the_sum_of_the_points_is_found_even_if_the_value_agrees_with_it(
        shape in shape(), tenths in tenths(), by in prop_oneof![-9..0_i64, 1..9_i64],
    ) {
        let Ok(mut decision) = shape.score(1).score(&facts(&tenths, 1), today()) else { return Ok(()) };
        let moved = decision.value.points() + Decimal::from(by);
        decision.value = serde_json::from_value(moved.to_string().into()).unwrap();
        let last = decision.reasons.len() - 1;
        if let Reason::Summed { total, .. } = &mut decision.reasons[last] {
            *total = moved;
        }
        prop_assert_eq!(decision.verify(), Err(Unsound::WrongTotal(last)));
    }

    #[test]
    fn whoever_touches_one_number_of_a_scores_reasons_is_found_out(shape in shape(), tenths in tenths()) {
        let model = shape.score(1);
        if let Ok(decision) = model.score(&facts(&tenths, 1), today()) {
            check_tampering(&decision, |d| model.replay(d), &[]);
        }
    }

    #[test]
    fn whoever_touches_one_number_or_grade_of_a_grades_reasons_is_found_out(shape in shape(), tenths in tenths()) {
        let model = shape.grade();
        if let Ok(decision) = model.grade(&facts(&tenths, 1), today()) {
            let axis = |of| model.sorter().grid().unwrap().axes().iter().any(|a| a.of == of);
            check_tampering(&decision, |d| model.replay(d), if axis("e0") { &["e1"] } else { &["e0", "e1"] });
        }
    }
}

// Wire format and fingerprint.

fn round_trip<T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug>(value: &T) -> T {
    let json = serde_json::to_string(value).unwrap();
    let back: T = serde_json::from_str(&json).unwrap();
    assert_eq!(&back, value);
    assert_eq!(serde_json::to_string(&back).unwrap(), json);
    back
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn json_brings_models_and_decisions_back_with_the_same_fingerprint(shape in shape(), tenths in tenths()) {
        let (score, grade, facts) = (shape.score(1), shape.grade(), facts(&tenths, 1));
        let (score_again, grade_again) = (round_trip(&score), round_trip(&grade));
        prop_assert_eq!((score_again.id(), grade_again.id()), (score.id(), grade.id()));
        round_trip(grade.sorter().grid().unwrap());
        round_trip(&facts);
        score.score(&facts, today()).iter().for_each(|d| drop(round_trip(d)));
        grade.grade(&facts, today()).iter().for_each(|d| drop(round_trip(d)));
    }

    #[test]
    fn renaming_a_dimension_moving_weight_or_leaving_a_rule_out_changes_the_fingerprint(shape in shape()) {
        let model = shape.grade();
        let json = serde_json::to_string(&model).unwrap();
        let renamed: GradeModel = serde_json::from_str(&json.replace("\"d0\"", "\"z0\"")).unwrap();
        prop_assert!(renamed.id() != model.id());
        if !shape.rules.is_empty() {
            let fewer = Shape { rules: shape.rules[1..].to_vec(), ..shape.clone() };
            prop_assert!(fewer.grade().id() != model.id());
        }
        if shape.terms.len() > 1 {
            let mut moved = shape.clone();
            moved.terms[0].weight += 100;
            prop_assert!(moved.score(1).id() != shape.score(1).id());
            let mut substituted = shape.clone();
            substituted.terms[0].missing = if shape.terms[0].missing == 0 { 3 } else { 0 };
            prop_assert!(substituted.score(1).id() != shape.score(1).id());
        }
    }
}

proptest! {
    #![proptest_config(cases(12))] // each changes everything in a model

    #[test]
    fn a_changed_model_has_another_fingerprint(shape in shape()) {
        let model = shape.grade();
        for (what, other) in changed(&model, |_, _| false) {
            // A decimal may be written otherwise and be the same.
            let same = serde_json::to_value(&other).unwrap() == serde_json::to_value(&model).unwrap();
            prop_assert_eq!(other.id() == model.id(), same, "{}", what);
        }
        let score = shape.score(1);
        for (what, other) in changed(&score, |_, _| false) {
            let same = serde_json::to_value(&other).unwrap() == serde_json::to_value(&score).unwrap();
            prop_assert_eq!(other.id() == score.id(), same, "{}", what);
        }
    }
}

#[test]
fn json_brings_plans_segments_playbooks_and_cutpoints_back() {
    for scale in [quantiles(5, Ties::ToUpper), ScalePlan::MidRank, ScalePlan::Fixed(Scale::AsIs)] {
        // Recency is better when lower and cannot be taken as it is.
        let plan = plan([quantiles(5, Ties::ToLower), scale.clone(), scale]);
        assert_eq!(round_trip(&plan).id(), plan.id());
        let axis = Axis { of: name("plan"), cutpoints: Cutpoints::new(vec![dec("2.5")], Ties::ToLower).unwrap() };
        let grid = Grid::new(GradeSet::letters(2).unwrap(), vec![axis], names("B A")).unwrap();
        let grades: GradePlan = GradeModel::new(name("grades"), Vec::new(), vec![plan], grid, Vec::new()).unwrap();
        assert_eq!(round_trip(&grades).id(), grades.id());
    }
    round_trip(&SegmentTable::rfm().unwrap());
    round_trip(&Cutpoints::new(vec![dec("-1.50"), dec("0"), dec("0"), dec("7")], Ties::ToUpper).unwrap());
    let treat = |text: &str| {
        let actions =
            vec![Action { lever: Lever::Service, what: name(text) }, Action { lever: Lever::Price, what: name("list price") }];
        Treatment::new(name(text), actions)
    };
    let pages = vec![(name("gold"), treat("a named manager")), (name("rest"), treat("the web shop"))];
    round_trip(&Playbook::new(name("book"), pages).unwrap());
}

#[test]
fn equal_plans_of_different_quantiles_differ_in_their_fingerprint() {
    let of = |quantile, ties| {
        plan([quantiles(5, Ties::ToLower), quantiles(5, Ties::ToLower), ScalePlan::Quantiles { bins: 5, quantile, ties }])
            .id()
            .clone()
    };
    let linear = of(Quantile::Linear, Ties::ToLower);
    assert_ne!(of(Quantile::Hazen, Ties::ToLower), linear);
    assert_ne!(of(Quantile::Linear, Ties::ToUpper), linear);
    assert_eq!(of(Quantile::Linear, Ties::ToLower), linear);
}

/// Grades whose names have blanks in them: three cells that read alike when their names are only joined by blanks.
#[test]
fn models_whose_cells_read_alike_have_different_fingerprints() {
    let model = |cells: &[&str]| {
        let grades = GradeSet::new(["A A A", "A A", "A"].map(name).to_vec()).unwrap();
        let axis = Axis { of: name("size"), cutpoints: Cutpoints::new(vec![dec("1"), dec("2")], Ties::ToLower).unwrap() };
        let size = Dimension::new("size", Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap();
        let grid = Grid::new(grades, vec![axis], cells.iter().map(|c| name(c)).collect()).unwrap();
        GradeModel::<Scale>::new(name("m"), vec![size], vec![], grid, Vec::new()).unwrap()
    };
    let (one, other) = (model(&["A", "A", "A A A"]), model(&["A", "A A", "A A"]));
    assert_ne!(one, other);
    assert_ne!(one.id(), other.id());
}

#[test]
fn the_shape_of_the_wire_is_pinned() {
    let term = Term {
        dimension: Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::GBP)).unwrap(),
        weight: "1".parse().unwrap(),
        scale: Scale::Bins(Cutpoints::new(vec![dec("10.50")], Ties::ToUpper).unwrap()),
        missing: Missing::Substitute {
            value: Quantity { value: dec("0"), unit: Unit::Money(Currency::GBP) }.into(),
            because: name("new"),
        },
    };
    let model = ScoreModel::new(name("size"), 1, vec![term]).unwrap();
    let json = concat!(
        r#"{"name":"size","places":1,"terms":[{"dimension":{"name":"sales","family":"economic","direction":"higher-is-better","#,
        r#""unit":{"money":"GBP"}},"weight":"1","scale":{"bins":{"cuts":["10.5"],"ties":"to-upper"}},"#,
        r#""missing":{"substitute":{"value":{"known":{"value":"0","unit":{"money":"GBP"}}},"because":"new"}}}]}"#
    );
    assert_eq!(serde_json::to_string(&model).unwrap(), json);
    let decision = model.score(&FactSheet::new(), today()).unwrap();
    let reasons = concat!(
        r#"[{"read":{"dimension":"sales","fact":"unknown"}},"#,
        r#"{"substituted":{"dimension":"sales","value":{"known":{"value":"0","unit":{"money":"GBP"}}},"because":"new"}},"#,
        r#"{"placed":{"dimension":"sales","value":"0","interval":{"lower":null,"upper":"10.5","ties":"to-upper"},"level":1,"of":2}},"#,
        r#"{"weighed":{"dimension":"sales","level":"1","weight":"1","points":"1.0"}},{"summed":{"score":"size","total":"1.0"}}]"#
    );
    assert_eq!(serde_json::to_string(&decision.reasons).unwrap(), reasons);
}

// Rules that punish an improvement.

#[test]
fn rules_by_which_an_improvement_loses_are_listed() {
    let size = Dimension::new("size", Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap();
    let age = Dimension::new("age", Family::Economic, Direction::LowerIsBetter, Unit::Days).unwrap();
    let grid = || {
        let axis = Axis { of: name("size"), cutpoints: Cutpoints::new(vec![dec("10")], Ties::ToUpper).unwrap() };
        Grid::new(GradeSet::letters(3).unwrap(), vec![axis], names("C B")).unwrap()
    };
    let more = |of: &str| Predicate::AtLeast { of: name(of), bound: dec("5") };
    let less = |of: &str| Predicate::LessThan { of: name(of), bound: dec("5") };
    let [pin, floor, cap] = [Effect::Pin as fn(_) -> Effect, Effect::AtLeast, Effect::AtMost];
    let listed = |when: &Predicate, effect: fn(_) -> Effect, grade: &str| {
        let rule = Rule { name: name("r"), when: when.clone(), then: effect(name(grade)), because: name("b") };
        let model = GradeModel::<Scale>::new(name("m"), vec![size.clone(), age.clone()], vec![], grid(), vec![rule]).unwrap();
        model.rules_against_improvement().count() == 1
    };
    for (when, effect, grade, against) in [
        (more("size"), pin, "A", false),
        (more("size"), pin, "B", true),
        (more("size"), pin, "C", true),
        (less("size"), pin, "C", false),
        (less("size"), pin, "A", true),
        (more("size"), floor, "B", false),
        (less("size"), floor, "B", true),
        (more("size"), cap, "B", true),
        (less("size"), cap, "B", false),
        // Fewer days are better.
        (more("age"), pin, "C", false),
        (less("age"), pin, "A", false),
        (more("age"), floor, "B", true),
        (more("age"), cap, "B", false),
        (Predicate::Not(Box::new(more("age"))), floor, "B", false),
        (Predicate::All(vec![more("size"), less("age")]), floor, "B", false),
        (Predicate::All(vec![more("size"), more("age")]), floor, "B", true),
        (Predicate::Any(vec![more("size"), Predicate::Not(Box::new(less("size")))]), floor, "B", false),
        (Predicate::Any(vec![more("size"), less("size")]), cap, "B", true),
    ] {
        assert_eq!(listed(&when, effect, grade), against, "{when} {:?}", effect(name(grade)));
    }
}

#[test]
fn facts_may_come_from_a_type_of_the_callers_own() {
    struct Own(u32);
    impl Facts for Own {
        fn fact(&self, dimension: &str) -> Fact {
            if dimension == "size" { Quantity::count(self.0).into() } else { Fact::Unknown }
        }
    }
    let size = Dimension::new("size", Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap();
    let scale = Scale::Bins(Cutpoints::new(vec![dec("10")], Ties::ToLower).unwrap());
    let model = ScoreModel::new(
        name("s"),
        0,
        vec![Term { dimension: size, weight: "1".parse().unwrap(), scale, missing: Missing::Refuse }],
    );
    assert_eq!(model.unwrap().score_only(&Own(11)).unwrap().points(), dec("2"));
}
