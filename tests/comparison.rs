//! What if, and what happened: comparison of models, stability of mixes and rankings, drift of a customer, use of rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Dice, cases, date, dec, name, names, number_of, rows};
use core::cmp::Ordering;
use customer_value::{
    calendar::Window,
    customer::{OrderColumns, ReturnPolicy},
    money::{Currency, Ratio},
    quantity::{Fact, Name, Predicate, Quantity, Ties, Unit},
    reason::{Decision, Language, Reason, Unsound, Verdict},
    score::{Cutpoints, Missing, Quantile, Scale, ScalePlan, ScoreError, ScoreModel, ScorePlan, Term},
    tier::{
        Axis, Effect, Grade, GradeModel, GradeSet, Grid, Rule, TierError,
        comparison::{
            Band, Bands, Cause, Comparison, ComparisonError, Drift, Part, Psi, RankAgreement, RuleUse, Sensitivity, TermChange,
        },
    },
    value::{Dimension, Direction, FactSheet, Family, RfmColumns},
};
use proptest::{collection::vec, prelude::*};
use rust_decimal::Decimal;

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn cuts(cuts: &[i64]) -> Cutpoints {
    Cutpoints::new(cuts.iter().map(|&c| c.into()).collect(), Ties::ToUpper).unwrap()
}

fn count_of(title: &str) -> Dimension {
    Dimension::new(title, Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap()
}

fn term(title: &str, weight: &str, scale: Scale, missing: Missing) -> Term {
    Term { dimension: count_of(title), weight: ratio(weight), scale, missing }
}

fn rule(title: &str, when: Predicate, then: Effect) -> Rule {
    Rule { name: name(title), when, then, because: name("it was decided so") }
}

fn at_least(of: &str, bound: i64) -> Predicate {
    Predicate::AtLeast { of: name(of), bound: bound.into() }
}

/// The score "value" of sales (0.5, cut at 10 and 20) and visits (0.5, as they are); a grid of value at 3 and "fame" at 5; one rule: a
/// hundred sales make an A.
fn model() -> GradeModel {
    let terms = vec![
        term("sales", "0.5", Scale::Bins(cuts(&[10, 20])), Missing::Refuse),
        term("visits", "0.5", Scale::AsIs, Missing::Refuse),
    ];
    let score = ScoreModel::new(name("value"), 2, terms).unwrap();
    let axis = |of: &str, at: i64| Axis { of: name(of), cutpoints: cuts(&[at]) };
    let grid = Grid::new(GradeSet::letters(3).unwrap(), vec![axis("value", 3), axis("fame", 5)], names("C C B A")).unwrap();
    let one_vote = rule("one-vote", at_least("sales", 100), Effect::Pin(name("A")));
    GradeModel::new(name("firm"), vec![count_of("fame"), count_of("debt")], vec![score], grid, vec![one_vote]).unwrap()
}

fn customer(sales: u32, visits: u32, fame: u32) -> FactSheet {
    let facts = FactSheet::new().with("sales", Quantity::count(sales)).unwrap().with("visits", Quantity::count(visits)).unwrap();
    facts.with("fame", Quantity::count(fame)).unwrap()
}

fn weights(sales: &str, visits: &str) -> Vec<(Name, Ratio)> {
    vec![(name("sales"), ratio(sales)), (name("visits"), ratio(visits))]
}

/// The one change between two models on one customer: grades, and causes in words.
fn change(before: &GradeModel, after: &GradeModel, facts: &FactSheet) -> Option<(String, Vec<String>)> {
    let found = Comparison::of(before, after, [(0, facts)]).unwrap();
    found
        .changes()
        .next()
        .map(|c| (format!("{} → {}", c.before, c.after), c.causes.iter().map(|cause| cause.in_words(Language::English)).collect()))
}

#[test]
fn a_changed_model_is_checked_and_has_another_fingerprint() {
    let model = model();
    let value = name("value");
    let changed = [
        model.with_weights(&value, weights("0.4", "0.6")).unwrap(),
        model.with_scale(&value, &name("sales"), Scale::Bins(cuts(&[10, 30]))).unwrap(),
        model.with_cuts(&value, cuts(&[4])).unwrap(),
        model.with_rule(rule("debt", at_least("debt", 1), Effect::AtMost(name("A")))).unwrap(),
        model.with_rule_replaced(rule("one-vote", at_least("sales", 99), Effect::Pin(name("A")))).unwrap(),
        model.without_rule(&name("one-vote")).unwrap(),
    ];
    for (i, one) in changed.iter().enumerate() {
        assert_eq!(one.name(), model.name());
        assert!(changed[..i].iter().chain([&model]).all(|other| other.id().fingerprint != one.id().fingerprint), "{i}");
        // What is built is what would be read.
        let again: GradeModel = serde_json::from_str(&serde_json::to_string(one).unwrap()).unwrap();
        assert_eq!((&again, again.id()), (one, one.id()));
    }
    // A change that changes nothing, or is taken back, gives the same model.
    assert_eq!(model.with_weights(&value, weights("0.5", "0.5")).unwrap(), model);
    assert_eq!(model.with_cuts(&name("fame"), cuts(&[5])).unwrap(), model);
    let debt = rule("debt", at_least("debt", 1), Effect::AtMost(name("A")));
    assert_eq!(model.with_rule(debt).unwrap().without_rule(&name("debt")).unwrap(), model);
    assert_eq!(changed[0].with_score(model.scores()[0].clone()).unwrap(), model);
    // Other cuts leave the cells where they are: worst value and fame, … , best of both.
    let moved = changed[2].sorter().grid().unwrap();
    assert_eq!([[1, 1], [1, 2], [2, 1], [2, 2]].map(|at| moved.cell(&at).unwrap().to_string()), ["C", "C", "B", "A"]);
    // A plan can be changed too.
    let plan = ScalePlan::Quantiles { bins: 2, quantile: Quantile::Linear, ties: Ties::ToLower };
    let plan = Term { dimension: count_of("sales"), weight: Ratio::ONE, scale: plan, missing: Missing::Refuse };
    let plan = ScorePlan::new(name("p"), 0, vec![plan]).unwrap();
    assert_ne!(plan.with_scale(&name("sales"), ScalePlan::MidRank).unwrap().id(), plan.id());
}

#[test]
fn a_change_that_makes_no_model_is_refused() {
    let (model, value) = (model(), name("value"));
    let score = |error: ScoreError| Err(TierError::Score(error));
    let weigh = |w: Vec<(Name, Ratio)>| model.with_weights(&value, w).map(drop);
    assert_eq!(weigh(weights("0.5", "0.4")), score(ScoreError::WeightsDoNotSum(ratio("0.9"))));
    assert_eq!(weigh(vec![(name("sales"), Ratio::ONE)]), score(ScoreError::NoWeight(name("visits"))));
    assert_eq!(weigh(vec![]), score(ScoreError::NoWeight(name("sales"))));
    assert_eq!(weigh(vec![(name("fame"), Ratio::ONE)]), score(ScoreError::NoTerm(name("fame"))));
    let twice = [weights("0.5", "0.5"), weights("0.5", "0.5")].concat();
    assert_eq!(weigh(twice), score(ScoreError::TwiceTheDimension(name("sales"))));
    let zero = score(ScoreError::WeightNotPositive { dimension: name("visits"), weight: Ratio::ZERO });
    assert_eq!(weigh(weights("1", "0")), zero);

    assert_eq!(model.with_weights(&name("fame"), vec![]), Err(TierError::UnknownScore(name("fame"))));
    let no_term = model.with_scale(&value, &name("fame"), Scale::AsIs);
    assert_eq!(no_term.map(drop), score(ScoreError::NoTerm(name("fame"))));
    let points = model.with_scale(&value, &name("sales"), Scale::Points(vec![]));
    assert!(matches!(points, Err(TierError::Score(ScoreError::BadPoints { .. }))));
    assert_eq!(model.with_cuts(&name("sales"), cuts(&[4])), Err(TierError::UnknownAxis(name("sales"))));
    assert_eq!(model.with_cuts(&value, cuts(&[4, 5])), Err(TierError::BadCellCount { expected: 6, found: 4 }));

    let vote = |then| rule("one-vote", at_least("sales", 100), then);
    assert_eq!(model.with_rule(vote(Effect::Pin(name("A")))), Err(TierError::Twice(name("one-vote"))));
    assert_eq!(model.with_rule_replaced(vote(Effect::Pin(name("Z")))), Err(TierError::UnknownGrade(name("Z"))));
    assert_eq!(model.without_rule(&name("debt")), Err(TierError::UnknownRule(name("debt"))));
    let debt = || rule("debt", at_least("debt", 1), Effect::AtMost(name("C")));
    assert_eq!(model.with_rule_replaced(debt()), Err(TierError::UnknownRule(name("debt"))));
    assert!(matches!(model.with_rule(debt()), Err(TierError::Contradiction { .. })));
}

#[test]
fn other_weights_are_named_as_the_cause_with_what_they_do_to_the_points() {
    let model = model();
    let other = model.with_weights(&name("value"), weights("0.25", "0.75")).unwrap();
    // Level 2 of sales and 3 visits: 1.00 + 1.50 = 2.50 before, 0.50 + 2.25 = 2.75 after: below 3 both times.
    assert_eq!(change(&model, &other, &customer(10, 3, 5)), None);
    // Level 1 and 4 visits: 0.50 + 2.00 = 2.50 before, 0.25 + 3.00 = 3.25 after.
    let (grades, causes) = change(&model, &other, &customer(9, 4, 5)).unwrap();
    assert_eq!(grades, "C → A");
    assert_eq!(
        causes,
        [
            "value 2.50 → 3.25: sales weight 0.5 → 0.25, points 0.50 → 0.25; visits weight 0.5 → 0.75, points 2.00 → 3.00",
            "value level 1 (2.50) → level 2 (3.25)",
            "before the rules, grade C → A",
        ]
    );
    // A customer whom the rule pins has the same grade, whatever the grid says.
    assert_eq!(change(&model, &other, &customer(100, 0, 0)), None);
}

#[test]
fn other_cuts_and_other_cells_are_named_as_the_cause() {
    let model = model();
    let lower = model.with_cuts(&name("fame"), cuts(&[4])).unwrap();
    let of_fame = ["fame level 1 (4) → level 2 (4)", "before the rules, grade B → A"].map(String::from).to_vec();
    assert_eq!(change(&model, &lower, &customer(20, 3, 4)), Some(("B → A".into(), of_fame)));

    let scale = model.with_scale(&name("value"), &name("sales"), Scale::Bins(cuts(&[10, 30]))).unwrap();
    let (_, causes) = change(&model, &scale, &customer(20, 3, 5)).unwrap();
    assert_eq!(causes[0], "value 3.00 → 2.50: sales level 3 → 2, points 1.50 → 1.00");

    let grid = model.sorter().grid().unwrap();
    let cells = model.with_sorter(Grid::new(model.grades().clone(), grid.axes().to_vec(), names("C B B A")).unwrap()).unwrap();
    let (_, causes) = change(&model, &cells, &customer(0, 0, 5)).unwrap();
    assert_eq!(causes, ["before the rules, grade C → B"]);

    // A score whose terms changed and whose sum did not is no cause: 1.00 + 1.00 became 0.50 + 1.50.
    let weighed =
        model.with_weights(&name("value"), weights("0.25", "0.75")).unwrap().with_cuts(&name("value"), cuts(&[2])).unwrap();
    let (_, causes) = change(&model, &weighed, &customer(10, 2, 5)).unwrap();
    assert_eq!(causes, ["value level 1 (2.00) → level 2 (2.00)", "before the rules, grade C → A"]);

    // Another set of axes.
    let narrow = Grid::new(model.grades().clone(), vec![grid.axes()[0].clone()], names("C A")).unwrap();
    let (_, causes) = change(&model, &model.with_sorter(narrow).unwrap(), &customer(20, 3, 1)).unwrap();
    assert_eq!(causes, ["fame level 1 (1) → no axis", "before the rules, grade B → A"]);
}

#[test]
fn rules_are_named_as_the_cause_if_they_had_a_part_in_it() {
    let model = model();
    let rich = customer(100, 0, 0);
    let one = |after: &GradeModel, facts: &FactSheet| change(&model, after, facts).unwrap();
    let gone = model.without_rule(&name("one-vote")).unwrap();
    assert_eq!(one(&gone, &rich), ("A → C".into(), vec!["rule \"one-vote\" is gone; it applied".into()]));
    let back = change(&gone, &model, &rich).unwrap();
    assert_eq!(back.1, ["rule \"one-vote\" is new and applies"]);
    let vote = |bound, grade| rule("one-vote", at_least("sales", bound), Effect::Pin(name(grade)));
    let higher = model.with_rule_replaced(vote(101, "A")).unwrap();
    assert_eq!(one(&higher, &rich).1, ["rule \"one-vote\" no longer applies"]);
    assert_eq!(change(&higher, &model, &rich).unwrap().1, ["rule \"one-vote\" now applies"]);
    let other = model.with_rule_replaced(vote(100, "B")).unwrap();
    assert_eq!(one(&other, &rich), ("A → B".into(), vec!["rule \"one-vote\" applies with another effect".into()]));

    // A rule that newly applies and leaves the grade as it is has no part in it.
    let fame = rule("fame", at_least("fame", 0), Effect::AtLeast(name("C")));
    assert_eq!(one(&gone.with_rule(fame).unwrap(), &rich).1, ["rule \"one-vote\" is gone; it applied"]);

    // Two rules of which each would suffice: the reasons tell which changed the grade, in the order of the list.
    let raise = |title: &str, to: &str| rule(title, at_least("sales", 50), Effect::AtLeast(name(to)));
    let both = gone.with_rule(raise("a", "B")).unwrap().with_rule(raise("b", "A")).unwrap();
    let causes = change(&gone, &both, &customer(60, 0, 0)).unwrap();
    assert_eq!(causes, ("C → A".into(), vec!["rule \"a\" is new and applies".into(), "rule \"b\" is new and applies".into()]));

    // An effect that is weaker, of a rule that another one leaves room for: both are named.
    let weaker = both.without_rule(&name("a")).unwrap().with_rule_replaced(raise("b", "B")).unwrap();
    let causes = change(&both, &weaker, &customer(60, 0, 0)).unwrap().1;
    assert_eq!(causes, ["rule \"a\" is gone; it applied", "rule \"b\" applies with another effect"]);

    // A rule that looks at a score: the score and what moved it stand before the rule.
    let on_score = gone.with_rule(rule("high", at_least("value", 4), Effect::AtLeast(name("B")))).unwrap();
    let weighed = on_score.with_weights(&name("value"), weights("0.1", "0.9")).unwrap();
    let axis = Axis { of: name("fame"), cutpoints: cuts(&[5]) };
    let only_fame =
        |m: &GradeModel| m.with_sorter(Grid::new(m.grades().clone(), vec![axis.clone()], names("C C")).unwrap()).unwrap();
    let (_, causes) = change(&only_fame(&on_score), &only_fame(&weighed), &customer(0, 5, 0)).unwrap();
    assert_eq!(
        causes,
        [
            "value 3.00 → 4.60: sales weight 0.5 → 0.1, points 0.50 → 0.10; visits weight 0.5 → 0.9, points 2.50 → 4.50",
            "rule \"high\" now applies"
        ]
    );
}

#[test]
fn causes_are_told_in_chinese_too() {
    let model = model();
    let other = model.with_weights(&name("value"), weights("0.25", "0.75")).unwrap();
    let found = Comparison::of(&model, &other, [(0, customer(9, 4, 5))]).unwrap();
    let causes: Vec<String> = found.changes().next().unwrap().causes.iter().map(|c| c.in_words(Language::Chinese)).collect();
    assert_eq!(
        causes,
        [
            "value 2.50 → 3.25：sales 权重 0.5 → 0.25，得分 0.50 → 0.25；visits 权重 0.5 → 0.75，得分 2.00 → 3.00",
            "value 第 1 级（2.50） → 第 2 级（3.25）",
            "规则之前，等级 C → A",
        ]
    );
    let gone = model.without_rule(&name("one-vote")).unwrap();
    let found = Comparison::of(&model, &gone, [(0, customer(100, 0, 0))]).unwrap();
    assert_eq!(found.changes().next().unwrap().causes[0].in_words(Language::Chinese), "规则“one-vote”已取消，此前适用");
}

#[test]
fn a_customer_whom_a_model_cannot_grade_is_listed_with_the_error() {
    let model = model();
    let substitute = Missing::Substitute { value: Quantity::count(0).into(), because: name("nobody came") };
    let terms =
        vec![term("sales", "0.5", Scale::Bins(cuts(&[10, 20])), Missing::Refuse), term("visits", "0.5", Scale::AsIs, substitute)];
    let lenient = model.with_score(ScoreModel::new(name("value"), 2, terms).unwrap()).unwrap();
    let without = |missing: &str| customer(10, 3, 5).with(missing, Fact::Erased).unwrap();
    let customers = [("d", without("sales")), ("b", without("visits")), ("a", customer(10, 3, 5)), ("c", customer(9, 6, 5))];
    let found = Comparison::of(&model, &lenient, customers).unwrap();
    assert_eq!((found.customers(), found.changes().count()), (4, 0));
    let missing = |of: &str| TierError::Score(ScoreError::Missing { dimension: name(of), fact: Fact::Erased });
    let ungraded: Vec<_> =
        found.ungraded().map(|u| (*u.key, u.before.map(Grade::to_string), u.after.map(Grade::to_string))).collect();
    let (visits, sales) = (missing("visits"), missing("sales"));
    assert_eq!(ungraded, [("b", Err(&visits), Ok("C".to_string())), ("d", Err(&sales), Err(&sales))]);
    // They count as not there on the side that does not grade them.
    let moves = found.migration().unwrap();
    let grade = |letter| model.grades().grade(letter).unwrap();
    assert_eq!((moves.stayed(), moves.entered_with(grade("C")), moves.left()), (2, 1, 0));
    assert_eq!(found.share_changed(), Some(Ratio::ZERO));
    assert_eq!(found.psi().unwrap().bins(), [(1, 1), (0, 0), (1, 1)]);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let model = model();
    let axis = Axis { of: name("value"), cutpoints: cuts(&[3]) };
    let four = model.with_sorter(Grid::new(GradeSet::letters(4).unwrap(), vec![axis], names("D A")).unwrap()).unwrap();
    let none = || Vec::<(u8, FactSheet)>::new();
    let refused = Comparison::of(&model, &four, none());
    let sets = |m: &GradeModel| m.grades().clone();
    assert_eq!(refused, Err(ComparisonError::OtherGrades { before: sets(&model), after: sets(&four) }));
    let twice = Comparison::of(&model, &model, [("ann", customer(1, 1, 1)), ("ann", customer(2, 2, 2))]);
    assert_eq!(twice, Err(ComparisonError::Twice("\"ann\"".into())));

    let empty = Comparison::of(&model, &model, none()).unwrap();
    assert_eq!((empty.customers(), empty.share_changed(), empty.psi()), (0, None, Err(ComparisonError::EmptyPopulation)));

    let other = model.without_rule(&name("one-vote")).unwrap();
    let compare =
        |after: &GradeModel, keys: &[u8]| Comparison::of(&model, after, keys.iter().map(|&k| (k, customer(100, 0, 0)))).unwrap();
    let mut ours = compare(&other, &[1, 2]);
    let untouched = ours.clone();
    let refused = ours.merge(compare(&model, &[3]));
    assert_eq!(refused, Err(ComparisonError::OtherModel { expected: other.id().clone(), found: model.id().clone() }));
    assert_eq!(ours.merge(compare(&other, &[3, 2])), Err(ComparisonError::Twice("2".into())));
    assert_eq!(ours, untouched);
    ours.merge(compare(&other, &[3])).unwrap();
    assert_eq!(ours, compare(&other, &[3, 2, 1]));
    assert_eq!(ours.changes().map(|c| *c.key).collect::<Vec<_>>(), [1, 2, 3]);
}

/// A model of two terms and an axis beside them, with up to three rules; `None` if the rules contradict each other.
fn small(weight: i128, score_cut: i64, fame_cut: i64, cells: usize, rules: &[(u8, i64, u8, usize)]) -> Option<GradeModel> {
    let ratio = |n| Ratio::new(n, 10).unwrap();
    let mut terms = vec![
        term("sales", "1", Scale::Bins(cuts(&[3, 6])), Missing::Bounds),
        term("visits", "1", Scale::AsIs, Missing::LeaveOut { least_coverage: ratio(4) }),
    ];
    (terms[0].weight, terms[1].weight) = (ratio(weight), ratio(10 - weight));
    let score = ScoreModel::new(name("value"), 1, terms).unwrap();
    let axis = |of: &str, at: i64| Axis { of: name(of), cutpoints: cuts(&[at]) };
    let cells = ["C C B A", "C B B A", "C B C A", "B B A A"][cells];
    let grid =
        Grid::new(GradeSet::letters(3).unwrap(), vec![axis("value", score_cut), axis("fame", fame_cut)], names(cells)).unwrap();
    let rules = rules.iter().enumerate().map(|(i, &(of, bound, effect, grade))| {
        let of = name(["value", "sales", "fame", "debt"][usize::from(of)]);
        let grade = name(["A", "B", "C"][grade]);
        let effect =
            [Effect::Pin(grade.clone()), Effect::AtLeast(grade.clone()), Effect::AtMost(grade)][usize::from(effect)].clone();
        rule(&format!("rule {}", i % 3), Predicate::AtLeast { of, bound: bound.into() }, effect)
    });
    GradeModel::new(name("small"), vec![count_of("fame"), count_of("debt")], vec![score], grid, rules.collect()).ok()
}

type Numbers = [Option<u32>; 4];

fn sheet(numbers: &Numbers) -> FactSheet {
    ["sales", "visits", "fame", "debt"]
        .into_iter()
        .zip(numbers)
        .fold(FactSheet::new(), |sheet, (of, n)| n.map_or(sheet.clone(), |n| sheet.with(of, Quantity::count(n)).unwrap()))
}

prop_compose! {
    fn any_model()(
        weight in 1..10_i128, score_cut in 1..6_i64, fame_cut in 0..8_i64, cells in 0..4_usize,
        rules in vec((0..4_u8, 0..8_i64, 0..3_u8, 0..3_usize), 0..4),
    ) -> Option<GradeModel> {
        small(weight, score_cut, fame_cut, cells, &rules)
    }
}

fn population() -> impl Strategy<Value = Vec<Numbers>> {
    let one = || prop_oneof![8 => (0..9_u32).prop_map(Some), 1 => Just(None)];
    vec([one(), one(), one(), one()], 1..25)
}

proptest! {
    #![proptest_config(cases(300))]

    /// Against grading one by one: everybody is accounted for, and whoever changes is told why.
    #[test]
    fn everybody_is_accounted_for(before in any_model(), after in any_model(), people in population()) {
        let (Some(before), Some(after)) = (before, after) else { return Ok(()) };
        let found = Comparison::of(&before, &after, people.iter().map(sheet).enumerate()).unwrap();
        let mut changes = found.changes();
        let mut ungraded = found.ungraded();
        let (mut same, mut changed) = (0, 0);
        for (key, facts) in people.iter().map(sheet).enumerate() {
            match (before.grade_only(&facts), after.grade_only(&facts)) {
                (Ok(was), Ok(now)) if was == now => same += 1,
                (Ok(was), Ok(now)) => {
                    let change = changes.next().unwrap();
                    prop_assert_eq!((*change.key, change.before, change.after), (key, was, now));
                    prop_assert!(!change.causes.is_empty());
                    changed += 1;
                }
                (was, now) => {
                    let one = ungraded.next().unwrap();
                    prop_assert_eq!((*one.key, one.before.map_err(Clone::clone), one.after.map_err(Clone::clone)), (key, was, now));
                }
            }
        }
        prop_assert!(changes.next().is_none() && ungraded.next().is_none());
        prop_assert_eq!(found.share_changed(), Ratio::new(changed, same + changed).ok());
        let moves = found.migration().unwrap();
        prop_assert_eq!((i128::from(moves.stayed()), i128::from(moves.up() + moves.down())), (same, changed));
    }

    #[test]
    fn a_model_compared_with_itself_changes_nobody(model in any_model(), people in population()) {
        let Some(model) = model else { return Ok(()) };
        let found = Comparison::of(&model, &model, people.iter().map(sheet).enumerate()).unwrap();
        prop_assert_eq!(found.changes().count(), 0);
        prop_assert!(found.psi().is_err() || found.psi().unwrap().index() == Some(0.0));
        prop_assert!(found.share_changed().is_none_or(|share| share == Ratio::ZERO));
    }

    #[test]
    fn parts_merge_to_the_whole_in_any_order(before in any_model(), after in any_model(), people in population(), at in 0..25_usize, seed: u64) {
        let (Some(before), Some(after)) = (before, after) else { return Ok(()) };
        let mut all: Vec<(usize, FactSheet)> = people.iter().map(sheet).enumerate().collect();
        let whole = Comparison::of(&before, &after, all.clone()).unwrap();
        Dice(seed).shuffle(&mut all);
        let second = all.split_off(at.min(all.len()));
        let mut merged = Comparison::of(&before, &after, second).unwrap();
        merged.merge(Comparison::of(&before, &after, all).unwrap()).unwrap();
        prop_assert_eq!(merged, whole);
    }

    /// A score's difference is the sum of its terms', exactly; a grade that changed has a cause; nothing changed has none.
    #[test]
    fn a_drift_adds_up(model in any_model(), first in population(), second in population()) {
        let Some(model) = model else { return Ok(()) };
        let decide = |numbers: &Numbers, day: &str| model.grade(&sheet(numbers), date(day)).ok();
        for (was, now) in first.iter().zip(&second) {
            let (Some(before), Some(after)) = (decide(was, "2011-01-31"), decide(now, "2011-02-28")) else { continue };
            let drift = Drift::between(&before, &after).unwrap();
            prop_assert_eq!(drift.causes.is_empty(), before.value == after.value);
            for score in &drift.scores {
                let terms: Decimal = score.terms.iter().map(|t| t.difference().unwrap()).sum();
                prop_assert_eq!(score.difference(), Some(terms));
            }
            let known = |numbers: &Numbers| numbers.map(|n| n.map_or(Fact::Unknown, |n| Quantity::count(n).into()));
            let changed = known(was).into_iter().zip(known(now)).zip(["sales", "visits", "fame", "debt"]);
            let read = |of: &str| before.reasons.iter().any(|r| matches!(r, Reason::Read { dimension, .. } if *dimension == *of));
            let changed = changed.filter(|((a, b), of)| a != b && read(of)).count();
            prop_assert_eq!(drift.facts.len(), changed);
            // Back again, everything is turned round.
            let same_day = Decision { as_of: before.as_of, ..after.clone() };
            let back = Drift::between(&same_day, &before).unwrap();
            prop_assert_eq!((back.facts.len(), back.scores.len(), back.levels.len(), back.causes.len()),
                (drift.facts.len(), drift.scores.len(), drift.levels.len(), drift.causes.len()));
        }
    }

    #[test]
    fn a_weight_that_is_not_moved_changes_nothing(model in any_model(), people in population()) {
        let Some(model) = model else { return Ok(()) };
        let people: Vec<FactSheet> = people.iter().map(sheet).collect();
        let found = Sensitivity::of(&model, &name("value"), Ratio::ZERO, &people).unwrap();
        for one in found.moves() {
            let effect = one.effect.unwrap();
            prop_assert_eq!((effect.changed, effect.ranks.discordant()), (0, 0));
            prop_assert!(effect.ranks.tau_b().is_none_or(|tau| tau.total_cmp(&1.0) == Ordering::Equal));
        }
        prop_assert!(found.matters_most().is_empty());
    }

    /// Every move does what the same weights, given by hand, do.
    #[test]
    fn a_moved_weight_does_what_the_weights_by_hand_do(model in any_model(), people in population(), tenths in 1..4_i128) {
        let Some(model) = model else { return Ok(()) };
        let people: Vec<FactSheet> = people.iter().map(sheet).collect();
        let found = Sensitivity::of(&model, &name("value"), Ratio::new(tenths, 10).unwrap(), &people).unwrap();
        for one in found.moves() {
            let (w, rest) = (one.weight, Ratio::new(one.weight.denominator() - one.weight.numerator(), one.weight.denominator()).unwrap());
            let possible = w > Ratio::ZERO && w < Ratio::ONE;
            prop_assert_eq!(one.effect.is_some(), possible);
            let Some(effect) = one.effect else { continue };
            let (sales, visits) = if *one.dimension == *"sales" { (w, rest) } else { (rest, w) };
            let other = model.with_weights(&name("value"), vec![(name("sales"), sales), (name("visits"), visits)]).unwrap();
            let compared = Comparison::of(&model, &other, people.iter().enumerate()).unwrap();
            prop_assert_eq!((effect.changed, effect.ungraded), (compared.changes().count(), compared.ungraded().count()));
            prop_assert_eq!(effect.share_changed(), compared.share_changed());
            let score = |m: &GradeModel, f| m.scores()[0].score_only(f).ok();
            let ranks = RankAgreement::of(people.iter().filter_map(|f| score(&model, f).zip(score(&other, f))));
            prop_assert_eq!(effect.ranks, ranks);
        }
    }
}

#[test]
fn sensitivity_of_three_weights_by_hand() {
    // Weights 0.5, 0.3, 0.2; the first by 0.1 up: the others are left 0.4 of 0.5, that is 0.24 and 0.16. Grade A from 50 points on.
    let terms = ["a", "b", "c"].into_iter().zip(["0.5", "0.3", "0.2"]);
    let terms = terms.map(|(of, w)| term(of, w, Scale::AsIs, Missing::Refuse)).collect();
    let score = ScoreModel::new(name("s"), 2, terms).unwrap();
    let axis = Axis { of: name("s"), cutpoints: cuts(&[50]) };
    let grid = Grid::new(GradeSet::letters(2).unwrap(), vec![axis], names("B A")).unwrap();
    let model = GradeModel::new(name("m"), vec![], vec![score], grid, vec![]).unwrap();
    let person = |a, b, c| {
        [("a", a), ("b", b), ("c", c)].into_iter().fold(FactSheet::new(), |s, (of, n)| s.with(of, Quantity::count(n)).unwrap())
    };
    // 50 stays 50; 40 + 2.4 + 1.6 = 44 becomes 48 + 1.92 + 1.28 = 51.2; 10 + 27.6 + 18.4 = 56 becomes 12 + 22.08 + 14.72 = 48.8.
    let mut people = vec![person(50, 50, 50), person(80, 8, 8), person(20, 92, 92)];
    people.push(person(1, 1, 1).with("b", Fact::Unknown).unwrap());
    let found = Sensitivity::of(&model, &name("s"), ratio("0.1"), &people).unwrap();
    let moves: Vec<_> = found.moves().iter().map(|m| (m.dimension.to_string(), m.weight.to_string())).collect();
    let expected = [("a", "0.4"), ("a", "0.6"), ("b", "0.2"), ("b", "0.4"), ("c", "0.1"), ("c", "0.3")];
    assert_eq!(moves, expected.map(|(of, w)| (of.to_string(), w.to_string())));
    let up = found.moves()[1].effect.unwrap();
    assert_eq!((up.changed, up.graded, up.ungraded), (2, 3, 1));
    assert_eq!(up.share_changed(), Some(ratio("2/3")));
    // All three pairs turn round.
    assert_eq!(up.ranks.tau_b(), Some(-1.0));
    // "b" by 0.1 down is the next best chance: 80 · 4/7 + 8 · 0.2 + 8 · 8/35 = 49.14.
    assert!(found.moves().iter().skip(2).all(|m| m.effect.unwrap().changed == 0));
    assert_eq!(found.moves()[0].effect.unwrap().changed, 0);
    assert_eq!(found.matters_most(), [&name("a")]);

    // What no weight can be.
    let far = Sensitivity::of(&model, &name("s"), ratio("0.5"), &people).unwrap();
    let possible: Vec<bool> = far.moves().iter().map(|m| m.effect.is_some()).collect();
    assert_eq!(possible, [false, false, false, true, false, true]);
    let of = |delta: &str| Sensitivity::of(&model, &name("s"), ratio(delta), &people).map(drop);
    assert_eq!(of("1"), Err(ComparisonError::BadDelta(Ratio::ONE)));
    assert_eq!(of("-0.1"), Err(ComparisonError::BadDelta(ratio("-0.1"))));
    let unknown = Sensitivity::of(&model, &name("t"), ratio("0.1"), &people).map(drop);
    assert_eq!(unknown, Err(TierError::UnknownScore(name("t")).into()));
    let fine = Ratio::new(1, i128::MAX).unwrap();
    assert_eq!(Sensitivity::of(&model, &name("s"), fine, &people).map(drop), Err(ComparisonError::TooFine(name("a"))));
    // Nobody: nothing can be said, and nothing fails.
    let nobody = Sensitivity::of::<FactSheet>(&model, &name("s"), ratio("0.1"), &[]).unwrap();
    assert_eq!(nobody.moves()[0].effect.unwrap().share_changed(), None);

    // The only weight of a score cannot move.
    let single = ScoreModel::new(name("s"), 2, vec![term("a", "1", Scale::AsIs, Missing::Refuse)]).unwrap();
    let single = GradeModel::new(name("m"), vec![], vec![single], model.sorter().clone(), vec![]).unwrap();
    let found = Sensitivity::of(&single, &name("s"), ratio("0.1"), &people).unwrap();
    assert!(found.moves().iter().all(|m| m.effect.is_none()) && found.moves().len() == 2);
    let still = Sensitivity::of(&single, &name("s"), Ratio::ZERO, &people).unwrap();
    assert!(still.moves().iter().all(|m| m.effect.is_some()));
}

#[track_caller]
fn close(found: Option<f64>, expected: f64, within: f64) {
    assert!((found.unwrap() - expected).abs() < within, "{found:?}, not {expected}");
}

#[test]
fn psi_of_worked_examples() {
    // The test of the Python package strappy 0.0.3 (`tests/test_psi.py`): 6 and 5 before, 5 and 4 after: 0.00041 to five places.
    let published = Psi::between(&[6, 5], &[5, 4]).unwrap();
    assert_eq!(format!("{:.5}", published.index().unwrap()), "0.00041");
    // By hand: (0.5 − 0.25) · ln 2 + (0.25 − 0.25) · ln 1 + (0.25 − 0.5) · ln ½ = ½ · ln 2.
    let half = Psi::between(&[2, 1, 1], &[1, 1, 2]).unwrap();
    close(half.index(), 0.5 * core::f64::consts::LN_2, 1e-15);
    assert_eq!(half.contribution(1), Some(0.0));
    assert_eq!((half.shares(0), half.shares(3), half.contribution(3)), (Some((ratio("0.5"), ratio("0.25"))), None, None));
    // Another size of population is no shift.
    assert_eq!(Psi::between(&[1, 2, 3], &[10, 20, 30]).unwrap().index(), Some(0.0));
}

#[test]
fn psi_says_that_an_empty_bin_makes_it_infinite() {
    let gone = Psi::between(&[5, 5, 0, 0], &[4, 0, 0, 6]).unwrap();
    assert_eq!((gone.index(), gone.one_sided().collect::<Vec<_>>()), (None, vec![1, 3]));
    assert_eq!((gone.contribution(1), gone.contribution(2)), (None, Some(0.0)));
    assert_eq!(gone.band(Bands::SIDDIQI), Band::Shifted);
    let empty_on_both = Psi::between(&[5, 0, 5], &[5, 0, 5]).unwrap();
    assert_eq!((empty_on_both.index(), empty_on_both.band(Bands::SIDDIQI)), (Some(0.0), Band::Stable));

    assert_eq!(Psi::between(&[1, 2], &[1, 2, 3]), Err(ComparisonError::UnequalBins { before: 2, after: 3 }));
    assert_eq!(Psi::between(&[1], &[1]), Err(ComparisonError::TooFewBins(1)));
    assert_eq!(Psi::between(&[], &[]), Err(ComparisonError::TooFewBins(0)));
    for (before, after) in [([0, 0], [1, 1]), ([1, 1], [0, 0])] {
        assert_eq!(Psi::between(&before, &after), Err(ComparisonError::EmptyPopulation));
    }
    let huge = Psi::between(&[u64::MAX, u64::MAX], &[u64::MAX, 1]).unwrap();
    assert!(huge.index().unwrap().is_finite());
}

#[test]
fn psi_bands_have_exact_bounds() {
    let some = Psi::between(&[2, 1, 1], &[1, 1, 2]).unwrap();
    let index = some.index().unwrap();
    let band = |a: f64, b: f64| some.band(Bands::new(a, b).unwrap());
    assert_eq!(band(index, 1.0), Band::Some); // exactly the first bound: to be looked at
    assert_eq!(band(index.next_up(), 1.0), Band::Stable);
    assert_eq!(band(0.1, index), Band::Some); // exactly the second: not beyond it yet
    assert_eq!(band(0.1, index.next_down()), Band::Shifted);
    assert_eq!(Bands::SIDDIQI, Bands::new(0.1, 0.25).unwrap());
    for (a, b) in [(0.25, 0.1), (0.0, 0.1), (0.1, 0.1), (f64::NAN, 0.1), (0.1, f64::NAN), (0.1, f64::INFINITY), (-0.1, 0.1)] {
        assert!(matches!(Bands::new(a, b), Err(ComparisonError::BadBands(..))), "{a} {b}");
    }
}

#[test]
fn psi_over_grades_and_over_the_bins_of_a_score() {
    let set = GradeSet::letters(3).unwrap();
    let grades = |text: &str| text.split(' ').map(|g| set.grade(g).unwrap().clone()).collect::<Vec<_>>();
    let (before, after) = (grades("A A B C"), grades("C A C B"));
    let psi = Psi::of_grades(&set, &before, &after).unwrap();
    assert_eq!(psi.bins(), [(2, 1), (1, 1), (1, 2)]);
    let four = GradeSet::letters(4).unwrap();
    let stranger = [four.grade("D").unwrap().clone()];
    for refused in [Psi::of_grades(&set, &stranger, &after), Psi::of_grades(&set, &before, &stranger)] {
        assert_eq!(refused, Err(TierError::UnknownGrade(name("D")).into()));
    }
    let values = |values: [i64; 4]| values.map(Decimal::from);
    let psi = Psi::of_values(&cuts(&[2, 4]), values([1, 2, 3, 9]), values([1, 1, 4, 5])).unwrap();
    assert_eq!(psi.bins(), [(1, 2), (2, 0), (1, 2)]);
    assert_eq!(Psi::of_values(&cuts(&[2]), values([1, 2, 3, 9]), []), Err(ComparisonError::EmptyPopulation));
}

/// Decimals with one place, as whole numbers.
fn tenths(text: &str) -> Vec<i64> {
    text.split(' ').map(|t| (dec(t) * Decimal::TEN).try_into().unwrap()).collect()
}

fn ranks(first: &str, second: &str) -> RankAgreement {
    let (first, second) = (tenths(first), tenths(second));
    assert_eq!(first.len(), second.len());
    RankAgreement::of(first.into_iter().zip(second))
}

#[test]
fn ranks_agree_as_published() {
    // The example of `scipy.stats.kendalltau` (SciPy's reference guide): τ-b −0.47140452079103173.
    let scipy = ranks("12 2 1 12 2", "1 4 7 1 0");
    close(scipy.tau_b(), -0.471_404_520_791_031_73, 1e-15);
    assert_eq!((scipy.concordant(), scipy.discordant(), scipy.tied_in_first(), scipy.tied_in_second()), (2, 6, 1, 0));
    // The example of `scipy.stats.spearmanr`: ρ 0.82078268166812329.
    close(ranks("1 2 3 4 5", "5 6 7 8 7").spearman(), 0.820_782_681_668_123_3, 1e-15);
    // Hollander and Wolfe 1973, page 187 f., as in R's `cor.test`: T = 26, τ = 0.4444444; ρ = 0.6.
    let tuna = ranks("44.4 45.9 41.9 53.3 44.7 44.1 50.7 45.2 60.1", "2.6 3.1 2.5 5.0 3.6 4.0 5.2 2.8 3.8");
    assert_eq!((tuna.concordant(), tuna.discordant()), (26, 10));
    close(tuna.tau_b(), 4.0 / 9.0, 1e-15);
    close(tuna.spearman(), 0.6, 1e-15);
    // Hours of television and IQ (Wikipedia, "Spearman's rank correlation coefficient"): ρ = −29/165.
    let hours = ranks("106 100 86 101 99 103 97 113 112 110", "7 27 2 50 28 29 20 12 6 17");
    close(hours.spearman(), -29.0 / 165.0, 1e-15);
}

#[test]
fn ranks_of_equals_and_of_nobody_are_none() {
    for none in [ranks("1 1 1", "1 2 3"), ranks("1 2 3", "5 5 5"), ranks("7", "7"), RankAgreement::of(Vec::<(u8, u8)>::new())] {
        assert_eq!((none.tau_b(), none.spearman()), (None, None));
    }
    assert_eq!(RankAgreement::of([((), ()); 3]).customers(), 3);
    // A tie on both sides is a tie, not an agreement.
    let both = ranks("1 1 2 2", "1 1 2 2");
    assert_eq!((both.concordant(), both.tied_in_first(), both.tied_in_second()), (4, 0, 0));
    assert_eq!((both.tau_b(), both.spearman()), (Some(1.0), Some(1.0)));
    // 1.0 and 1.00 are equal.
    let decimals = RankAgreement::of([(dec("1.0"), 1), (dec("1.00"), 2), (dec("2"), 3)]);
    assert_eq!((decimals.concordant(), decimals.tied_in_first()), (2, 1));
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn ranks_are_those_of_all_pairs(mut scores in vec((0..8_i64, 0..8_i64), 0..40), seed: u64) {
        let found = RankAgreement::of(scores.clone());
        let (mut c, mut d, mut first, mut second) = (0, 0, 0, 0);
        for (i, a) in scores.iter().enumerate() {
            for b in &scores[..i] {
                match (a.0.cmp(&b.0), a.1.cmp(&b.1)) {
                    (Ordering::Equal, Ordering::Equal) => {}
                    (Ordering::Equal, _) => first += 1,
                    (_, Ordering::Equal) => second += 1,
                    (x, y) if x == y => c += 1,
                    _ => d += 1,
                }
            }
        }
        prop_assert_eq!((found.concordant(), found.discordant(), found.tied_in_first(), found.tied_in_second()), (c, d, first, second));

        // Spearman: Pearson's formula on mid-ranks counted one by one.
        let rank = |of: i64, all: &dyn Fn(&(i64, i64)) -> i64| {
            let below = scores.iter().filter(|s| all(s) < of).count();
            let equal = scores.iter().filter(|s| all(s) == of).count();
            f64::from(u32::try_from(2 * below + equal + 1).unwrap()) / 2.0
        };
        let pairs: Vec<(f64, f64)> = scores.iter().map(|s| (rank(s.0, &|s| s.0), rank(s.1, &|s| s.1))).collect();
        let n = f64::from(u32::try_from(pairs.len().max(1)).unwrap());
        let mean = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
        let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - mean.0, p.1 - mean.1)).sum::<f64>();
        let (xx, yy, xy) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
        match found.spearman() {
            None => prop_assert!(xx * yy < 1e-9),
            Some(rho) => prop_assert!((rho - xy / (xx * yy).sqrt()).abs() < 1e-12),
        }

        // The order of the customers decides nothing; nor which scoring comes first; and turned round, all is opposite.
        Dice(seed).shuffle(&mut scores);
        prop_assert_eq!(RankAgreement::of(scores.clone()), found);
        let swapped = RankAgreement::of(scores.iter().map(|s| (s.1, s.0)));
        prop_assert_eq!((swapped.tau_b(), swapped.spearman()), (found.tau_b(), found.spearman()));
        let opposite = RankAgreement::of(scores.iter().map(|s| (s.0, -s.1)));
        prop_assert_eq!((opposite.tau_b(), opposite.spearman()), (found.tau_b().map(|t| -t), found.spearman().map(|t| -t)));
        let same = RankAgreement::of(scores.iter().map(|s| (s.0, s.0)));
        prop_assert!(same.tau_b().is_none_or(|t| t.total_cmp(&1.0).is_eq()) && same.spearman().is_none_or(|r| r.total_cmp(&1.0).is_eq()));
    }

    #[test]
    fn psi_is_symmetric_and_never_below_zero(bins in vec((0..20_u64, 0..20_u64), 2..8), times in 1..50_u64) {
        let side = |f: &dyn Fn(&(u64, u64)) -> u64| bins.iter().map(f).collect::<Vec<_>>();
        let (before, after) = (side(&|b| b.0), side(&|b| b.1));
        let Ok(psi) = Psi::between(&before, &after) else {
            prop_assert!(before.iter().sum::<u64>() == 0 || after.iter().sum::<u64>() == 0);
            return Ok(());
        };
        let back = Psi::between(&after, &before).unwrap();
        prop_assert_eq!(psi.index().is_none(), psi.one_sided().next().is_some());
        prop_assert_eq!(psi.index().is_none(), back.index().is_none());
        if let (Some(there), Some(back)) = (psi.index(), back.index()) {
            prop_assert!(there >= 0.0 && (there - back).abs() < 1e-12);
        }
        // It is about shares: every bin so many times as large is the same, to the bit.
        let larger = Psi::between(&before, &side(&|b| b.1 * times)).unwrap();
        prop_assert_eq!(larger.index(), psi.index());
    }
}

#[test]
fn a_drift_tells_value_level_and_points_of_each_dimension() {
    let model = model().with_rule(rule("debt", at_least("debt", 1), Effect::AtLeast(name("B")))).unwrap();
    let debt = |sheet: FactSheet, n: u32| sheet.with("debt", Quantity::count(n)).unwrap();
    let january = model.grade(&debt(customer(9, 3, 5), 0), date("2011-01-31")).unwrap();
    let february = model.grade(&debt(customer(25, 4, 5), 0), date("2011-02-28")).unwrap();
    let drift = Drift::between(&january, &february).unwrap();
    assert_eq!((drift.before.to_string(), drift.after.to_string()), ("C".into(), "A".into()));
    assert_eq!((drift.from, drift.to, &drift.model), (date("2011-01-31"), date("2011-02-28"), model.id()));
    assert_eq!(drift.facts.iter().map(|f| f.dimension.as_str()).collect::<Vec<_>>(), ["sales", "visits"]);
    let score = &drift.scores[0];
    assert_eq!((score.before, score.after, score.difference()), (Some(dec("2")), Some(dec("3.5")), Some(dec("1.5"))));
    let part = |value: i64, level: i64, points| Part {
        value: Some(value.into()),
        level: level.into(),
        weight: ratio("0.5"),
        points: dec(points),
    };
    let sales = TermChange { dimension: name("sales"), before: Some(part(9, 1, "0.50")), after: Some(part(25, 3, "1.50")) };
    assert_eq!((&score.terms[0], score.terms[0].difference()), (&sales, Some(dec("1"))));
    assert_eq!(score.terms[1].difference(), Some(dec("0.5")));
    assert_eq!(
        drift.explain(Language::English),
        "value 2.00 → 3.50: sales value 9 → 25, level 1 → 3, points 0.50 → 1.50; visits value 3 → 4, level 3 → 4, points 1.50 → 2.00\n\
         value level 1 (2.00) → level 2 (3.50)\nbefore the rules, grade C → A\n"
    );

    // A rule that moves the grade, and the fact it looks at.
    let march = model.grade(&debt(customer(9, 3, 5), 2), date("2011-03-31")).unwrap();
    let drift = Drift::between(&january, &march).unwrap();
    assert_eq!(drift.explain(Language::English), "debt 0 → 2\nrule \"debt\" now applies\n");
    assert_eq!(drift.explain(Language::Chinese), "debt 0 → 2\n规则“debt”现已适用\n");
    assert!(matches!(&drift.causes[1], Cause::Rule { before: Some(Verdict::DoesNotApply), after: Some(Verdict::Applies), .. }));

    // What changed without moving the grade is listed, and is no cause.
    let april = model.grade(&debt(customer(100, 3, 5), 2), date("2011-04-30")).unwrap();
    let may = model.grade(&debt(customer(120, 2, 4), 0), date("2011-04-30")).unwrap();
    let drift = Drift::between(&april, &may).unwrap();
    assert_eq!((drift.facts.len(), drift.causes.len()), (4, 0));
    assert_eq!(drift.levels.len(), 2);

    // Of a score alone.
    let score = |sheet: &FactSheet, day: &str| model.scores()[0].score(sheet, date(day)).unwrap();
    let drift = Drift::between(&score(&customer(9, 3, 0), "2011-01-31"), &score(&customer(9, 5, 0), "2011-02-28")).unwrap();
    assert_eq!((drift.scores[0].difference(), drift.causes.len()), (Some(dec("1")), 0));
}

#[test]
fn a_drift_tells_what_appeared_and_what_is_gone() {
    let out = || Missing::LeaveOut { least_coverage: ratio("0.5") };
    let terms = vec![term("sales", "0.5", Scale::AsIs, out()), term("visits", "0.5", Scale::AsIs, out())];
    let score = ScoreModel::new(name("value"), 1, terms).unwrap();
    let of = |sheet: &FactSheet, day: &str| score.score(sheet, date(day)).unwrap();
    let before = of(&customer(4, 6, 0), "2011-01-31");
    let after = of(&customer(4, 6, 0).with("visits", Fact::Erased).unwrap(), "2011-02-28");
    let drift = Drift::between(&before, &after).unwrap();
    // 2.0 + 3.0 become 4.0 alone: sales weighs all now.
    let differences: Vec<_> = drift.scores[0].terms.iter().map(|t| (t.after.is_some(), t.difference().unwrap())).collect();
    assert_eq!(differences, [(true, dec("2")), (false, dec("-3"))]);
    assert_eq!(drift.scores[0].difference(), Some(dec("-1")));
    assert_eq!((&drift.facts[0].before, &drift.facts[0].after), (&Quantity::count(6).into(), &Fact::Erased));
}

#[test]
fn decisions_that_do_not_belong_together_have_no_drift() {
    let model = model();
    let of = |m: &GradeModel, day: &str| m.grade(&customer(9, 3, 5), date(day)).unwrap();
    let (january, february) = (of(&model, "2011-01-31"), of(&model, "2011-02-28"));
    let backwards = ComparisonError::Backwards { before: date("2011-02-28"), after: date("2011-01-31") };
    assert_eq!(Drift::between(&february, &january), Err(backwards));
    assert!(Drift::between(&january, &january).unwrap().causes.is_empty());
    let other = model.without_rule(&name("one-vote")).unwrap();
    let refused = Drift::between(&january, &of(&other, "2011-02-28"));
    assert_eq!(refused, Err(ComparisonError::OtherModel { expected: model.id().clone(), found: other.id().clone() }));

    let mut forged = february.clone();
    forged.value = model.grades().grade("A").unwrap().clone();
    let unsound = ComparisonError::Unsound { as_of: date("2011-02-28"), why: Unsound::WrongValue };
    assert_eq!(Drift::between(&january, &forged), Err(unsound));
    // Reasons that add up, but are not those of the model.
    let stranger = Decision { model: model.id().clone(), ..of(&other, "2011-02-28") };
    assert_eq!(Drift::between(&january, &stranger), Err(ComparisonError::OtherSteps(date("2011-02-28"))));
}

#[test]
fn rules_are_counted_by_what_they_did() {
    let model = model()
        .with_rule(rule("debt", at_least("debt", 1), Effect::AtLeast(name("B"))))
        .unwrap()
        .with_rule(rule("fame", at_least("fame", 1_000), Effect::AtLeast(name("B"))))
        .unwrap();
    let debt = |sheet: FactSheet, n: u32| sheet.with("debt", Quantity::count(n)).unwrap();
    let people = [
        debt(customer(100, 0, 0), 0), // one-vote: C → A
        debt(customer(20, 3, 5), 1),  // A by the grid; debt applies and changes nothing
        debt(customer(0, 0, 0), 1),   // debt: C → B
        customer(20, 3, 5),           // A by the grid; whether there is debt does not matter
    ];
    let decide = |sheet: &FactSheet| model.grade(sheet, date("2011-12-31")).unwrap();
    let mut whole = RuleUse::of(&model);
    for person in &people {
        whole.add(&decide(person)).unwrap();
    }
    let counts: Vec<_> = whole.rules().iter().map(|r| (&*r.rule, r.applied, r.decided, r.did_not_apply, r.undecided)).collect();
    assert_eq!(counts, [("one-vote", 1, 1, 3, 0), ("debt", 2, 1, 1, 1), ("fame", 0, 0, 4, 0)]);
    assert_eq!((whole.decisions(), whole.never().collect::<Vec<_>>()), (4, vec![&name("fame")]));
    assert_eq!(whole.share(whole.rules()[1].applied), Some(ratio("0.5")));
    assert_eq!(RuleUse::of(&model).share(0), None);

    // Parts, in any order, add up to the whole.
    let (mut first, mut second) = (RuleUse::of(&model), RuleUse::of(&model));
    for (i, person) in people.iter().enumerate().rev() {
        let part = if i % 2 == 0 { &mut first } else { &mut second };
        part.add(&decide(person)).unwrap();
    }
    second.merge(&first).unwrap();
    assert_eq!(second, whole);

    // What is not of this model is refused, and changes nothing.
    let other = model.without_rule(&name("fame")).unwrap();
    let foreign = other.grade(&people[0], date("2011-12-31")).unwrap();
    let other_model = ComparisonError::OtherModel { expected: model.id().clone(), found: other.id().clone() };
    assert_eq!(whole.add(&foreign), Err(other_model.clone()));
    assert_eq!(whole.merge(&RuleUse::of(&other)), Err(other_model));
    let forged = Decision { model: model.id().clone(), ..foreign };
    assert_eq!(whole.add(&forged), Err(ComparisonError::OtherSteps(date("2011-12-31"))));
    assert_eq!(second, whole);

    // Doubling for ever ends in an error, not in a wrong count.
    let mut doubled = whole.clone();
    let error =
        (0..70).find_map(|_| doubled.clone().merge(&doubled.clone()).err().or_else(|| doubled.merge(&doubled.clone()).err()));
    assert_eq!(error, Some(ComparisonError::TooMany));
}

/// The orders that the R package `rfm` ships (995 customers; see `tests/rfm_reference.rs`), graded under two weightings.
#[test]
fn two_weightings_of_real_customers() {
    let rows = rows("rfm_data_orders.csv.gz");
    let mut people: Vec<&String> = rows.iter().map(|r| &r[0]).collect();
    people.sort_unstable();
    people.dedup();
    let key: Vec<u64> = rows.iter().map(|r| people.binary_search(&&r[0]).unwrap() as u64).collect();
    let day: Vec<i32> = rows.iter().map(|r| number_of(&r[1])).collect();
    let minor: Vec<i64> = rows.iter().map(|r| r[2].parse::<i64>().unwrap() * 100).collect();
    let orders = OrderColumns::new(&key, &day, &minor, Currency::USD).unwrap();
    let rfm = RfmColumns::collect(&orders, date("2006-12-31"), Window::All, ReturnPolicy::STRICT).unwrap();

    let scale = ScalePlan::Quantiles { bins: 5, quantile: Quantile::Linear, ties: Ties::ToLower };
    let terms = customer_value::value::Rfm::dimensions(Currency::USD).unwrap().into_iter();
    let terms = terms.map(|dimension| Term { dimension, weight: ratio("1/3"), scale: scale.clone(), missing: Missing::Refuse });
    let (score, _) = ScorePlan::new(name("rfm"), 4, terms.collect()).unwrap().fit(|d| rfm.column(d)).unwrap();
    let dimensions: Vec<Name> = score.terms().iter().map(|t| t.dimension.name.clone()).collect();
    let axis = Axis { of: name("rfm"), cutpoints: cuts(&[2, 3, 4]) };
    let grid = Grid::new(GradeSet::letters(4).unwrap(), vec![axis], names("D C B A")).unwrap();
    let model = GradeModel::new(name("rfm"), vec![], vec![score], grid, vec![]).unwrap();
    let weigh = |w: [&str; 3]| dimensions.iter().cloned().zip(w.map(ratio)).collect::<Vec<_>>();
    let spending = model.with_weights(&name("rfm"), weigh(["0.2", "0.2", "0.6"])).unwrap();

    let sheet = |i: usize| {
        dimensions.iter().fold(FactSheet::new(), |sheet, of| {
            let column = rfm.column(of).unwrap();
            let quantity = Quantity { value: column.get(i).unwrap(), unit: column.unit };
            sheet.with(of, quantity).unwrap()
        })
    };
    let sheets: Vec<FactSheet> = (0..rfm.len()).map(sheet).collect();
    let found = Comparison::of(&model, &spending, sheets.iter().enumerate()).unwrap();
    let moves = found.migration().unwrap();
    assert_eq!((found.customers(), found.ungraded().count()), (995, 0));
    assert_eq!(moves.up() + moves.down(), found.changes().count() as u64);
    // The same by columns, and by integer arithmetic on the levels.
    let scored = model.scores()[0].score_columns(|d| rfm.column(d)).unwrap();
    let mut changed = 0;
    let mut both = Vec::new();
    for i in 0..rfm.len() {
        let [r, f, m] = [0, 1, 2].map(|t| i64::from(scored.levels(t)[i]));
        let points = |thirds: [i64; 3], of: i64| (thirds[0] * r + thirds[1] * f + thirds[2] * m, of);
        let grade = |(sum, of): (i64, i64)| [2, 3, 4].iter().filter(|&&cut| sum >= cut * of).count();
        // Thirds at four places: 1/3 and 2/3 round to 0.3333 and 0.6667, so that sums of whole levels can fall short of a cut.
        let rounded: i64 = [r, f, m].iter().map(|&l| if l % 3 == 2 { (l * 10_000 + 1) / 3 } else { l * 10_000 / 3 }).sum();
        let equal = (rounded, 10_000);
        let spent = points([1, 1, 3], 5);
        changed += usize::from(grade(equal) != grade(spent));
        both.push((equal.0, spent.0));
    }
    assert_eq!(found.changes().count(), changed);
    for change in found.changes() {
        assert!(matches!(&change.causes[0], Cause::Score(s) if s.terms.len() == 3), "{change:?}");
    }
    // Each customer's two scores rank as the whole numbers do.
    let point = |m: &GradeModel, s: &FactSheet| m.scores()[0].score_only(s).unwrap();
    let ranks = RankAgreement::of(sheets.iter().map(|s| (point(&model, s), point(&spending, s))));
    assert_eq!(ranks, RankAgreement::of(both));
    assert!((0.5..1.0).contains(&ranks.tau_b().unwrap()), "{:?}", ranks.tau_b());

    let sensitivity = Sensitivity::of(&model, &name("rfm"), ratio("0.1"), &sheets).unwrap();
    assert_eq!(sensitivity.moves().len(), 6);
    for one in sensitivity.moves() {
        let effect = one.effect.unwrap();
        assert!(effect.graded == 995 && effect.changed > 0 && effect.ranks.tau_b().unwrap() > ranks.tau_b().unwrap());
    }
}
