//! A golden case: eight customers graded by sales and market influence, with a one-vote rule (一票决定制) beside the grid.
//!
//! Influence = 0.40 · industry + 0.35 · position + 0.25 · awareness. Percentile = (below + ½ · equal) / 8. Annual sales of 10,000,000.00
//! or more (以上) make an A. Weights and customers are made up; every figure was computed by hand and is exact.
#![allow(clippy::unwrap_used)]

mod common;

use common::{date, dec, name, names};
use customer_value::{
    money::{Currency, Money},
    quantity::{Name, Predicate, Quantity, Ties, Unit},
    reason::{Language, Reason, Verdict},
    score::{Cutpoints, Missing, Reference, Scale, ScoreModel, Term},
    tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule},
    value::{Dimension, Direction, FactSheet, Family},
};
use rust_decimal::Decimal;

struct Row {
    customer: &'static str,
    sales: &'static str,
    parts: [&'static str; 3],
    influence: &'static str,
    sales_percentile: &'static str,
    influence_percentile: &'static str,
    one_vote: bool,
}

#[rustfmt::skip]
const TABLE: [Row; 8] = [
    row("c1", "12000000.00", ["0.7", "0.25", "0.2"], "0.4175", ["0.9375", "0.4375"], true),
    row("c2", "8000000.00",  ["1", "1", "1"],        "1.0000", ["0.5625", "0.9375"], false),
    row("c3", "9999999.99",  ["0.3", "0.25", "0.2"], "0.2575", ["0.6875", "0.1875"], false), // one fen short
    row("c4", "10000000.00", ["0.3", "0.25", "0.2"], "0.2575", ["0.8125", "0.1875"], true),  // 以上 includes the number
    row("c5", "3000000.00",  ["0.7", "0.75", "0.6"], "0.6925", ["0.4375", "0.6875"], false),
    row("c6", "500000.00",   ["0.3", "0.25", "0.2"], "0.2575", ["0.1250", "0.1875"], false),
    row("c7", "500000.00",   ["1", "0.75", "0.6"],   "0.8125", ["0.1250", "0.8125"], false),
    row("c8", "1500000.00",  ["0.3", "0.5", "0.6"],  "0.4450", ["0.3125", "0.5625"], false),
];

const fn row(
    customer: &'static str,
    sales: &'static str,
    parts: [&'static str; 3],
    influence: &'static str,
    [sales_percentile, influence_percentile]: [&'static str; 2],
    one_vote: bool,
) -> Row {
    Row { customer, sales, parts, influence, sales_percentile, influence_percentile, one_vote }
}

const PARTS: [(&str, &str); 3] = [("industry", "0.40"), ("position", "0.35"), ("awareness", "0.25")];

fn term(of: &str, family: Family, unit: Unit, weight: &str, scale: Scale) -> Term {
    let dimension = Dimension::new(of, family, Direction::HigherIsBetter, unit).unwrap();
    Term { dimension, weight: weight.parse().unwrap(), scale, missing: Missing::Refuse }
}

fn influence_model() -> ScoreModel {
    let terms = PARTS.map(|(of, weight)| term(of, Family::Social, Unit::Number, weight, Scale::AsIs));
    ScoreModel::new(name("influence"), 4, terms.to_vec()).unwrap()
}

fn influence(row: &Row) -> Decimal {
    let facts = PARTS
        .iter()
        .zip(row.parts)
        .fold(FactSheet::new(), |sheet, ((of, _), points)| sheet.with(of, Quantity::number(dec(points))).unwrap());
    let decision = influence_model().score(&facts, date("2023-12-31")).unwrap();
    decision.verify().unwrap();
    decision.value.points()
}

fn sales(row: &Row) -> Money {
    Money::new(dec(row.sales), Currency::CNY).unwrap()
}

fn reference(of: impl Fn(&Row) -> Decimal) -> Reference {
    Reference::new(TABLE.iter().map(of).collect()).unwrap()
}

/// Sales and influence by percentile, half and half; a grid of the standing from D to B; and the one-vote rule, by which alone an A is
/// made.
fn grade_model() -> GradeModel {
    let standing = ScoreModel::new(
        name("standing"),
        4,
        vec![
            term(
                "annual sales",
                Family::Economic,
                Unit::Money(Currency::CNY),
                "0.5",
                Scale::MidRank(reference(|r| sales(r).amount())),
            ),
            term("influence", Family::Social, Unit::Number, "0.5", Scale::MidRank(reference(influence))),
        ],
    );
    let cutpoints = Cutpoints::new(vec![dec("0.4"), dec("0.6")], Ties::ToUpper).unwrap();
    let axes = vec![Axis { of: name("standing"), cutpoints }];
    let grid = Grid::new(GradeSet::letters(4).unwrap(), axes, names("D C B")).unwrap();
    let one_vote = Rule {
        name: name("one-vote"),
        when: Predicate::AtLeast { of: name("annual sales"), bound: dec("10000000.00") },
        then: Effect::Pin(name("A")),
        because: name("annual sales of ten million or more decide alone"),
    };
    GradeModel::new(name("firm B"), Vec::new(), vec![standing.unwrap()], grid, vec![one_vote]).unwrap()
}

fn facts(row: &Row) -> FactSheet {
    FactSheet::new().with("annual sales", sales(row)).unwrap().with("influence", Quantity::number(influence(row))).unwrap()
}

#[test]
fn influence_is_the_exact_weighted_sum_of_its_parts() {
    for row in &TABLE {
        assert_eq!(influence(row).to_string(), row.influence, "{}", row.customer);
    }
}

#[test]
fn percentiles_are_mid_ranks_and_equals_share_one() {
    let (by_sales, by_influence) = (reference(|r| sales(r).amount()), reference(influence));
    for row in &TABLE {
        let percentiles = (
            by_sales.percentile(sales(row).amount(), Direction::HigherIsBetter),
            by_influence.percentile(influence(row), Direction::HigherIsBetter),
        );
        assert_eq!(percentiles, (dec(row.sales_percentile), dec(row.influence_percentile)), "{}", row.customer);
    }
    // Turned round, where less is better: c1 sells most.
    assert_eq!(by_sales.percentile(dec("12000000"), Direction::LowerIsBetter), dec("0.0625"));
}

#[test]
fn the_one_vote_rule_takes_ten_million_and_not_one_fen_less() {
    let model = grade_model();
    assert_eq!(model.rules_against_improvement().count(), 0);
    for row in &TABLE {
        let decision = model.grade(&facts(row), date("2023-12-31")).unwrap();
        decision.verify().unwrap();
        model.replay(&decision).unwrap();
        let Some(Reason::Rule { verdict, before, .. }) = decision.reasons.last() else { unreachable!() };
        assert_eq!(*verdict == Verdict::Applies, row.one_vote, "{}", row.customer);
        let standing = (dec(row.sales_percentile) + dec(row.influence_percentile)) / dec("2");
        let cell: Name = name(if standing >= dec("0.6") {
            "B"
        } else if standing >= dec("0.4") {
            "C"
        } else {
            "D"
        });
        assert_eq!(*before, cell, "{}", row.customer);
        assert_eq!(*decision.value.name(), if row.one_vote { name("A") } else { cell }, "{}", row.customer);
    }
}

#[test]
fn a_decision_explains_itself_in_english_and_chinese() {
    let decision = grade_model().grade(&facts(&TABLE[3]), date("2023-12-31")).unwrap();
    assert_eq!(
        decision.explain(Language::English),
        "\
annual sales is 10,000,000.00 CNY.
annual sales 10,000,000.00: of 8 in the reference, 6 are worse and 1 equal.
annual sales: 0.8125 at a weight of 0.5 gives 0.4062 points.
influence is 0.2575.
influence 0.2575: of 8 in the reference, 0 are worse and 3 equal.
influence: 0.1875 at a weight of 0.5 gives 0.0938 points.
The points add up to 0.5000 (standing).
standing 0.5000 is at least 0.4 and less than 0.6: level 2 of 3.
Cell (2) of the grid holds grade C.
Rule \"one-vote\" (annual sales is at least 10,000,000) applies and changes grade C to A: annual sales of ten million or more decide alone.
"
    );
    let chinese = decision.explain(Language::Chinese);
    assert_eq!(chinese.lines().count(), 10);
    let last = chinese.lines().last().unwrap();
    assert!(last.contains("one-vote") && last.contains("由 C 变为 A"), "{last}");
}
