//! Can the policy live in a file, and what happens when the file is wrong?
//!
//! Reading goes through the same checks as building in code: what has been read can be used. Run it with
//! `cargo run --example 03_policy_in_json`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::money::Money;
use customer_value::quantity::Quantity;
use customer_value::tier::{GradeModel, treatment::Playbook};
use customer_value::value::FactSheet;
use std::error::Error;

const MODEL: &str = r#"{
  "name": "spring 2024",
  "scores": [{"name": "value", "places": 2, "terms": [
    {"dimension": {"name": "sales", "family": "economic", "direction": "higher-is-better", "unit": {"money": "CNY"}},
     "weight": "0.6", "scale": {"bins": {"cuts": ["1000", "5000"], "ties": "to-upper"}}},
    {"dimension": {"name": "orders", "family": "economic", "direction": "higher-is-better", "unit": "count"},
     "weight": "0.4", "scale": {"bins": {"cuts": ["2", "6"], "ties": "to-upper"}},
     "missing": {"substitute": {"value": {"known": {"value": "1", "unit": "count"}}, "because": "sales without a count were one order"}}}
  ]}],
  "grid": {"grades": ["A", "B", "C"], "axes": [{"of": "value", "cutpoints": {"cuts": ["1.5", "2.5"], "ties": "to-upper"}}],
           "cells": ["C", "B", "A"]},
  "rules": [{"name": "idle", "when": {"less-than": {"of": "sales", "bound": "100"}}, "then": {"at-most": "C"},
             "because": "nobody who bought next to nothing is treated better than standard"}]
}"#;

const PLAYBOOK: &str = r#"{"name": "spring 2024", "grades": ["A", "B", "C"], "pages": [
  {"grade": "A", "treatment": {"name": "key account", "actions": [{"lever": "service", "what": "a named manager"}]}},
  {"grade": "B", "treatment": {"name": "develop", "actions": [{"lever": "campaign", "what": "offers on new products"}]}},
  {"grade": "C", "treatment": {"name": "standard", "actions": [{"lever": "service", "what": "web shop and call centre"}]}}
]}"#;

/// What is wrong, the text that is changed, and what it is changed to.
const BAD_MODELS: [(&str, &str, &str); 8] = [
    ("weights do not add up", r#""weight": "0.4""#, r#""weight": "0.3""#),
    ("a weight is a float", r#""weight": "0.4""#, r#""weight": 0.4"#),
    ("a field is misspelt", r#""missing""#, r#""mising""#),
    ("cuts fall", r#"["1000", "5000"]"#, r#"["5000", "1000"]"#),
    ("improving is punished", r#"["C", "B", "A"]}"#, r#"["C", "A", "B"]}"#),
    ("the grid has a hole", r#"["C", "B", "A"]}"#, r#"["C", "B"]}"#),
    ("a rule looks at nothing", r#"{"of": "sales", "bound": "100"}"#, r#"{"of": "sale", "bound": "100"}"#),
    ("a substitute has another unit", r#"{"value": "1", "unit": "count"}"#, r#"{"value": "1", "unit": "days"}"#),
];
const BAD_PLAYBOOKS: [(&str, &str, &str); 2] = [
    (
        "two grades are treated alike",
        r#"{"lever": "service", "what": "web shop and call centre"}"#,
        r#"{"lever": "service", "what": "a named manager"}"#,
    ),
    ("a treatment does nothing", r#"[{"lever": "campaign", "what": "offers on new products"}]"#, "[]"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let model: GradeModel = serde_json::from_str(MODEL)?;
    let playbook: Playbook = serde_json::from_str(PLAYBOOK)?;
    playbook.covers(model.grades())?;
    println!("{model}");

    let as_of = "2024-03-31".parse()?;
    println!("sales         orders   grade  treatment");
    for (sales, orders) in [("6200.00 CNY", Some(4)), ("2500.00 CNY", None), ("80.00 CNY", Some(9))] {
        let mut facts = FactSheet::new().with("sales", sales.parse::<Money>()?)?;
        if let Some(orders) = orders {
            facts = facts.with("orders", Quantity::count(orders))?;
        }
        let decision = model.grade(&facts, as_of)?;
        let treatment = playbook.treatment(&decision.value, None)?;
        let orders = orders.map_or("unknown".to_string(), |n| n.to_string());
        println!("{sales:<12}  {orders:<7}  {:<5}  {}", decision.value, treatment.name);
    }

    println!("\nRefused:");
    for (what, good, bad) in BAD_MODELS {
        refused::<GradeModel>(what, &MODEL.replacen(good, bad, 1))?;
    }
    for (what, good, bad) in BAD_PLAYBOOKS {
        refused::<Playbook>(what, &PLAYBOOK.replacen(good, bad, 1))?;
    }
    Ok(())
}

fn refused<T: serde::de::DeserializeOwned>(what: &str, json: &str) -> Result<(), Box<dyn Error>> {
    match serde_json::from_str::<T>(json) {
        Ok(_) => Err(format!("accepted although {what}").into()),
        Err(error) => {
            println!("- {what}: {error}");
            Ok(())
        }
    }
}
