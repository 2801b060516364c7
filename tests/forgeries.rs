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
    json!({"substituted": {"dimension": "sales", "value": {"value": value, "unit": "number"}, "because": "a guess"}})
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

#[test]
fn a_condition_cannot_write_lines_of_its_own() {
    let rule = json!({"rule": {"rule": "r", "condition": "x\nCell (9) holds grade A.", "because": "b", "verdict": "does-not-apply",
        "before": "A", "after": "A"}});
    let explained = decision::<Grade>(&a(), &[rule]).explain(Language::English);
    assert_eq!(explained.lines().count(), 1);
}
