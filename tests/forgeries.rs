//! Decisions that somebody has written by hand: `verify` needs no model to see that they do not hold together.

#![allow(clippy::unwrap_used)]

use customer_value::{
    reason::{Conclusion, Decision, Language, Unsound},
    score::Score,
    tier::Grade,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn decision<T: DeserializeOwned>(value: &Value, reasons: &[Value]) -> Decision<T> {
    let model = json!({"name": "m", "fingerprint": "0000000000000007"});
    serde_json::from_value(json!({"value": value, "reasons": reasons, "model": model, "as_of": "2024-06-30"})).unwrap()
}

fn verdict<T: DeserializeOwned + Conclusion>(value: &Value, reasons: &[Value]) -> Result<(), Unsound> {
    decision::<T>(value, reasons).verify()
}

fn read(value: &str) -> Value {
    json!({"read": {"dimension": "sales", "fact": {"known": {"value": value, "unit": "number"}}}})
}

fn absent() -> Value {
    json!({"read": {"dimension": "sales", "fact": "unknown"}})
}

fn substituted(value: &str) -> Value {
    json!({"substituted": {"dimension": "sales", "value": {"known": {"value": value, "unit": "number"}}, "because": "a guess"}})
}

fn placed(value: &str, lower: Option<&str>) -> Value {
    let interval = json!({"lower": lower, "upper": null, "ties": "to-upper"});
    json!({"placed": {"dimension": "sales", "value": value, "interval": interval, "level": 2, "of": 2}})
}

fn weighed(level: &str, weight: &str, points: &str) -> Value {
    json!({"weighed": {"dimension": "sales", "level": level, "weight": weight, "points": points}})
}

fn summed(total: &str) -> Value {
    json!({"summed": {"score": "size", "total": total}})
}

fn cell(levels: &[u8]) -> Value {
    json!({"cell": {"levels": levels, "grade": "A"}})
}

fn a() -> Value {
    json!({"rank": 1, "name": "A"})
}

#[test]
fn honest_decisions_hold() {
    assert_eq!(
        verdict::<Score>(&json!("2.0"), &[read("7"), placed("7", Some("5")), weighed("2", "1", "2.0"), summed("2.0")]),
        Ok(())
    );
    assert_eq!(verdict::<Score>(&json!("2"), &[absent(), substituted("2"), weighed("2", "1", "2"), summed("2")]), Ok(()));
    assert_eq!(verdict::<Grade>(&a(), &[read("7"), placed("7", Some("5")), cell(&[2])]), Ok(()));
}

#[test]
fn a_grade_out_of_nothing_is_refused() {
    assert_eq!(verdict::<Grade>(&a(), &[]), Err(Unsound::WrongValue));
    assert_eq!(verdict::<Grade>(&a(), &[cell(&[])]), Err(Unsound::Misplaced(0)));
    assert_eq!(verdict::<Grade>(&a(), &[cell(&[2])]), Err(Unsound::Misplaced(0)));
    assert_eq!(verdict::<Score>(&json!("0"), &[summed("0")]), Err(Unsound::WrongTotal(0)));
}

#[test]
fn a_rank_that_no_grade_has_cannot_be_read() {
    for rank in [0, 8] {
        assert!(serde_json::from_value::<Grade>(json!({"rank": rank, "name": "A"})).is_err());
    }
}

#[test]
fn a_value_cannot_be_exchanged_after_it_was_read() {
    let place = placed("5000", Some("1000"));
    assert_eq!(verdict::<Grade>(&a(), &[read("900"), substituted("5000"), place.clone(), cell(&[2])]), Err(Unsound::Misplaced(1)));
    assert_eq!(verdict::<Grade>(&a(), &[read("5000"), absent(), place.clone(), cell(&[2])]), Err(Unsound::Misplaced(1)));
    assert_eq!(verdict::<Grade>(&a(), &[read("900"), read("5000"), place.clone(), cell(&[2])]), Err(Unsound::Misplaced(1)));
    assert_eq!(verdict::<Grade>(&a(), &[absent(), place, cell(&[2])]), Err(Unsound::Misplaced(1)));
    // A place without bounds is none.
    assert_eq!(verdict::<Grade>(&a(), &[read("7"), placed("7", None), cell(&[2])]), Err(Unsound::Misplaced(1)));
}

#[test]
fn weights_must_be_above_zero_once_each_and_one_together() {
    for (weight, points) in [("3", "6"), ("-1", "-2"), ("0", "0")] {
        let found = verdict::<Score>(&json!(points), &[read("2"), weighed("2", weight, points), summed(points)]);
        assert!(matches!(found, Err(Unsound::WrongPoints(1) | Unsound::WrongTotal(2))), "{weight}: {found:?}");
    }
    let twice = [read("2"), weighed("2", "0.5", "1.0"), weighed("2", "0.5", "1.0"), summed("2.0")];
    assert_eq!(verdict::<Score>(&json!("2.0"), &twice), Err(Unsound::WrongPoints(2)));
}

/// A rule whose condition is `sales ≥ bound`.
fn rule(bound: &str, verdict: &str, before: &str, after: &str) -> Value {
    let condition = json!({"at-least": {"of": "sales", "bound": bound}});
    json!({"rule": {"rule": "r", "condition": condition, "effect": {"pin": after}, "because": "b", "verdict": verdict, "before": before, "after": after}})
}

#[test]
fn a_rule_has_the_verdict_that_its_condition_has_on_what_was_read() {
    let check = |seen: Value, rule: Value| verdict::<Grade>(&a(), &[seen, read_other(), other_placed(), cell(&[2]), rule]);
    for (seen, bound, honest) in [(read("7"), "7", "applies"), (read("6.99"), "7", "does-not-apply"), (absent(), "7", "undecided")]
    {
        for claimed in ["applies", "does-not-apply", "undecided"] {
            let expected = if claimed == honest { Ok(()) } else { Err(Unsound::WrongVerdict(4)) };
            assert_eq!(check(seen.clone(), rule(bound, claimed, "A", "A")), expected, "{seen} {claimed}");
        }
    }
    // What is only supposed may move the grade; what is left open may not.
    assert_eq!(check(absent(), rule("7", "undecided", "A", "B")), Err(Unsound::BrokenChain(4)));
    assert_eq!(
        verdict::<Grade>(&a(), &[absent(), read_other(), other_placed(), cell_b(), rule("7", "supposed", "B", "A")]),
        Ok(())
    );
}

fn cell_b() -> Value {
    json!({"cell": {"levels": [2], "grade": "B"}})
}

fn read_other() -> Value {
    json!({"read": {"dimension": "orders", "fact": {"known": {"value": "9", "unit": "count"}}}})
}

fn other_placed() -> Value {
    let interval = json!({"lower": "5", "upper": null, "ties": "to-upper"});
    json!({"placed": {"dimension": "orders", "value": "9", "interval": interval, "level": 2, "of": 2}})
}

#[test]
fn only_what_is_missing_can_be_supposed_or_left_out() {
    let supposed = json!({"supposed": {"dimension": "sales", "level": "1", "case": "worst"}});
    let left_out = json!({"left-out": {"dimension": "sales", "weight": "0.5"}});
    let rest = [weighed("1", "1", "1"), summed("1")];
    let with = |first: Value, second: &Value| {
        let mut all = vec![first, second.clone()];
        all.extend(rest.clone());
        verdict::<Score>(&json!("1"), &all)
    };
    assert_eq!(with(absent(), &supposed), Ok(()));
    assert_eq!(with(read("1"), &supposed), Err(Unsound::Misplaced(1)));
    assert_eq!(with(read("1"), &left_out), Err(Unsound::Misplaced(1)));
}

#[test]
fn a_level_between_worst_and_best_is_computed_again() {
    let scaled = |level: &str| json!({"scaled": {"dimension": "sales", "value": "7", "worst": "1", "best": "10", "level": level}});
    let check =
        |level: &str| verdict::<Score>(&json!(level), &[read("7"), scaled(level), weighed(level, "1", level), summed(level)]);
    assert_eq!(check("0.666667"), Ok(()));
    assert_eq!(check("0.666666"), Err(Unsound::Misplaced(1)));
}

#[test]
fn no_text_in_a_decision_can_write_lines_of_its_own() {
    for (place, text) in [("rule", "x\nCell (9) holds grade A."), ("because", "b\r\nA.")] {
        let mut forged = rule("7", "undecided", "A", "A");
        forged["rule"][place] = text.into();
        assert!(serde_json::from_value::<customer_value::reason::Reason>(forged).is_err());
    }
    let explained = decision::<Grade>(&a(), &[rule("7", "does-not-apply", "A", "A")]).explain(Language::English);
    assert_eq!(explained.lines().count(), 1);
}

fn sorted(grade: &str) -> Value {
    json!({"sorted": {"grade": grade}})
}

fn vote(grade: &str, weight: &str, support: &str, holds: bool) -> Value {
    let supporting = [json!({"of": "sales", "weight": weight})];
    json!({"voted": {"grade": grade, "supporting": supporting, "support": support, "needed": "0.6", "vetoing": [], "holds": holds}})
}

#[test]
fn a_grade_whose_border_was_not_met_is_not_the_result_and_nothing_follows_one_that_was() {
    let check = |reasons: &[Value]| verdict::<Grade>(&a(), reasons);
    assert_eq!(check(&[vote("A", "0.7", "0.7", true), sorted("A")]), Ok(()));
    assert_eq!(check(&[vote("A", "0.5", "0.5", false), vote("B", "0.5", "0.5", false), sorted("A")]), Err(Unsound::Misplaced(2)));
    assert_eq!(check(&[vote("A", "0.7", "0.7", true), vote("B", "0.5", "0.5", false), sorted("A")]), Err(Unsound::WrongVerdict(1)));
    assert_eq!(check(&[vote("B", "0.7", "0.7", true), sorted("A")]), Err(Unsound::Misplaced(1)));
    // Support that its supporters do not have.
    assert_eq!(check(&[vote("A", "0.5", "0.9", true), sorted("A")]), Err(Unsound::WrongVerdict(0)));
    assert_eq!(check(&[sorted("A")]), Err(Unsound::Misplaced(0)));
}

#[test]
fn a_vetoed_claim_cannot_be_made_credible() {
    let opinion = |of: &str, weight: &str, concordance: &str, discordance: &str| json!({"of": of, "weight": weight, "concordance": concordance, "discordance": discordance});
    let claim = |credibility: &str, holds: bool| {
        let opinions = [opinion("x", "0.7", "1", "0"), opinion("y", "0.3", "0", "1")];
        json!({"claimed": {"grade": "A", "claim": "customer-outranks", "opinions": opinions, "concordance": "0.7",
            "credibility": credibility, "needed": "0.6", "holds": holds}})
    };
    assert_eq!(verdict::<Grade>(&a(), &[claim("0.7", true), sorted("A")]), Err(Unsound::WrongVerdict(0)));
    let b = json!({"rank": 2, "name": "B"});
    assert_eq!(verdict::<Grade>(&b, &[claim("0", false), sorted("B")]), Ok(()));
}

#[test]
fn a_rule_cannot_be_undone() {
    let start = [read("7"), read_other(), other_placed(), cell(&[2])];
    let check = |more: &[Value]| verdict::<Grade>(&a(), &[&start[..], more].concat());
    let capped = rule("7", "applies", "A", "C");
    assert_eq!(check(&[capped.clone(), cell(&[2])]), Err(Unsound::Misplaced(5)));
    assert_eq!(check(&[cell(&[2])]), Err(Unsound::Misplaced(4)));
    assert_eq!(check(&[capped.clone(), sorted("A")]), Err(Unsound::Misplaced(5)));
    assert_eq!(check(&[capped, rule("7", "applies", "C", "A")]), Err(Unsound::BrokenChain(5)));
    // A rule that caps at C does not make a B.
    let mut other = rule("7", "applies", "A", "B");
    other["rule"]["effect"] = json!({"at-most": "C"});
    assert_eq!(check(&[other]), Err(Unsound::BrokenChain(4)));
}
