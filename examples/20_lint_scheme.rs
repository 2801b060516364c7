//! What would clever customers, lawyers and disappointed members find in this scheme?
//!
//! A scheme, invented for this example, is held against the lint and mended, line by line. Run it with
//! `cargo run --example 20_lint_scheme`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::loyalty::Programme;
use customer_value::loyalty::lint::{Finding, Jurisdiction};
use serde_json::Value;
use std::error::Error;

const SCHEME: &str = r#"{ "revision": "draft", "zone": { "offset_minutes": -300 }, "currency": "CAD",
    "kinds": [
        { "name": "points", "shortfall": "within_balance", "expiry": { "after": { "life": { "months": 12 } } },
            "redemption": { "minimum": 500, "worth": { "points": 10, "money": { "amount": "1.00", "currency": "CAD" } } } },
        { "name": "credits", "spendable": false, "status": true, "expiry": "never", "shortfall": "within_balance" }],
    "earning": { "rounding": "ceiling", "grades": ["member", "silver", "gold"],
        "basis": { "tax": false, "shipping": false, "discounts": "deducted", "paid_in_points": true },
        "rules": [
            { "name": "base", "kind": "points", "on": "purchase",
                "give": { "per_amount": { "points": 1, "per": { "amount": "1.00", "currency": "CAD" } } } },
            { "name": "silver", "kind": "points", "on": "purchase", "when": [{ "grade_in": ["silver"] }], "give": { "times": "2" } },
            { "name": "app week", "kind": "points", "on": "purchase", "give": { "times": "6" },
                "when": [{ "label": "app" }, { "days": { "from": "2026-05-04", "until": "2026-05-11" } }] },
            { "name": "fair", "kind": "points", "on": "purchase", "give": { "bonus": "1" },
                "when": [{ "weekdays": ["Sun"] }, { "days": { "from": "2026-06-05", "until": "2026-06-07" } }] },
            { "name": "opening", "kind": "points", "on": "purchase", "give": { "fixed": 20 },
                "when": ["first_purchase", { "days": { "until": "2025-02-01" } }] },
            { "name": "review", "kind": "points", "on": { "activity": "review" }, "give": { "fixed": 5 } },
            { "name": "status", "kind": "credits", "on": "purchase", "caps": [{ "per": "month", "points": 800 }],
                "give": { "per_amount": { "points": 1, "per": { "amount": "1.00", "currency": "CAD" } } } }] },
    "returns": { "by": "line", "rounding": "floor" },
    "ladder": { "base": "member", "counting": { "periods": { "cycle": { "start": { "calendar": 1 }, "months": 12 }, "stands": 1 } },
        "tiers": [
            { "name": "silver", "entry": { "at_least": { "metric": "credits", "count": 3000 } } },
            { "name": "gold", "entry": { "at_least": { "metric": "credits", "count": 12000 } } }] },
    "rewards": [{ "name": "mug", "kind": "points", "price": 250 }] }"#;

/// What is changed, where, and to what.
const MENDS: [(&str, &str, &str); 15] = [
    ("points are rounded down", "/earning/rounding", r#""floor""#),
    ("what is paid in points earns none", "/earning/basis/paid_in_points", "false"),
    ("points wait two weeks", "/kinds/0/pending", r#"{ "days": 14 }"#),
    ("points no longer expire by time", "/kinds/0/expiry", r#""never""#),
    ("but after two years of inactivity", "/kinds/0/inactivity", r#"{ "after": { "months": 24 } }"#),
    ("from which a purchase or a redemption saves them", "/kinds/0/kept_alive_by", r#"["purchase", "redemption"]"#),
    ("and members are told 45 days before", "/kinds/0/notice", r#"{ "days_before": 45 }"#),
    ("gold earns as silver does", "/earning/rules/1/when/0", r#"{ "grade_at_least": "silver" }"#),
    ("the app week doubles", "/earning/rules/2/give/times", r#""2""#),
    ("the fair has its Sunday", "/earning/rules/3/when/1/days/until", r#""2026-06-08""#),
    ("the opening is over", "/earning/rules/4/enabled", "false"),
    ("reviews are capped", "/earning/rules/5/caps", r#"[{ "per": "month", "points": 20 }]"#),
    ("gold is in reach of a higher cap", "/earning/rules/6/caps/0/points", "1000"),
    ("a return takes back the status it brought", "/ladder/corrections", r#""recompute""#),
    ("the mug costs as much as an order takes", "/rewards/0/price", "500"),
];

fn lint(scheme: &Value) -> Result<Vec<Finding>, Box<dyn Error>> {
    let programme: Programme = serde_json::from_value(scheme.clone())?;
    Ok(programme.lint("2026-01-01".parse()?, &[Jurisdiction::Ontario, Jurisdiction::Quebec]))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut scheme: Value = serde_json::from_str(SCHEME)?;
    let findings = lint(&scheme)?;
    for finding in &findings {
        println!("{:?}: {finding}\n", finding.severity());
    }
    println!("{} findings\n", findings.len());

    for (what, place, value) in MENDS {
        let (parent, part) = place.rsplit_once('/').ok_or("a place has a parent")?;
        match scheme.pointer_mut(parent).ok_or("there is such a place")? {
            Value::Object(parts) => _ = parts.insert(part.into(), serde_json::from_str(value)?),
            Value::Array(parts) => {
                *parts.get_mut(part.parse::<usize>()?).ok_or("there is such a part")? = serde_json::from_str(value)?;
            }
            _ => return Err("only parts of the scheme are mended".into()),
        }
        println!("{what}: {} left", lint(&scheme)?.len());
    }
    Ok(())
}
