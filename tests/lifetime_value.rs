//! Runs the example `lifetime_value` as a user would.
#![allow(clippy::std_instead_of_core, clippy::unwrap_used)]

use serde_json::Value;
use std::{
    env,
    fmt::Write,
    fs,
    path::PathBuf,
    process::{Command, Output},
};

fn run(arguments: &[&str]) -> Output {
    let profile = env::current_exe().unwrap().parent().unwrap().parent().unwrap().to_path_buf();
    let example = profile.join("examples").join(format!("lifetime_value{}", env::consts::EXE_SUFFIX));
    Command::new(example).args(arguments).output().unwrap()
}

#[test]
fn the_json_has_the_published_estimates() {
    let output = run(&["--json", "--model", "bg-nbd"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let model = &report["models"]["BG/NBD"];
    assert_eq!((&report["customers"], &model["n"], &model["actual_holdout"]), (&2357.into(), &2357.into(), &1882.into()));
    for (name, published) in [("r", 0.243), ("alpha", 4.414), ("a", 0.793), ("b", 2.426)] {
        let found = model["parameters"][name].as_f64().unwrap();
        assert!((found - published).abs() < 6e-4, "{name}: {found}");
        assert!(model["standard_errors"][name].as_f64().unwrap() > 0.0);
    }
    assert!((model["log_likelihood"].as_f64().unwrap() + 9582.4292).abs() < 1e-3);
    assert!((model["expected_holdout"].as_f64().unwrap() - 1653.4087).abs() < 1e-3);
    assert_eq!(model["warnings"], Value::Array(Vec::new()));
    assert_eq!(report["top"].as_array().unwrap().len(), 10);
}

#[test]
fn a_regular_rhythm_is_held_against_the_others_by_all_purchase_days() {
    let output = run(&["--json", "--model", "bg-cnbd-2"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let model = &report["models"]["BG/CNBD-2"];
    // BTYDplus 1.2.0, with the share of the gaps.
    let log_likelihood = model["log_likelihood"].as_f64().unwrap();
    assert!((log_likelihood + 9_855.326_974).abs() < 1e-4, "{log_likelihood}");
    assert!((model["aic"].as_f64().unwrap() - 8.0 + 2.0 * log_likelihood).abs() < 1e-9);
    assert_eq!(report["unit_days"], 7);
}

#[test]
fn a_simpler_model_is_named_in_words() {
    let output = run(&["--json", "--model", "ggom-nbd"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["models"]["GGom/NBD"]["warnings"], serde_json::json!(["NoAgeing: customers do not age"]));
    assert!((report["spending"]["log_likelihood"].as_f64().unwrap() + 4055.9177).abs() < 1e-4);
}

#[test]
fn a_file_of_ones_own_gets_a_report_and_a_page() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lifetime_value");
    fs::create_dir_all(&folder).unwrap();
    let orders = folder.join("orders.csv");
    // Ten customers who come every so many days until they stop.
    let mut text = "who,when\n".to_owned();
    for customer in 1..=10_u32 {
        for visit in 0..customer {
            let day = 1 + visit * 3;
            writeln!(text, "c{customer},2024-{:02}-{:02}", 1 + day / 28, 1 + day % 28).unwrap();
        }
    }
    fs::write(&orders, text).unwrap();
    let (orders, out) = (orders.to_str().unwrap(), folder.to_str().unwrap());
    let file = ["--orders", orders, "--customer", "who", "--date", "when", "--unit", "day", "--model", "mbg-nbd", "--out", out];
    let output = run(&file);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("MBG/NBD") && !said.contains("USD"), "{said}");
    // What they do to the last day of the log counts, and not only what the model was fitted on.
    assert!(said.contains("over the year after 2024-02-01") && said.contains("with the most purchases to come"), "{said}");
    assert!(fs::read_to_string(folder.join("lifetime_value.html")).unwrap().contains("<svg"));
    // Everybody spends the same: what that model cannot say does not silence the others.
    let same = folder.join("same.csv");
    let lines: String =
        fs::read_to_string(orders).unwrap().lines().skip(1).fold("who,when,paid\n".to_owned(), |all, line| all + line + ",10\n");
    fs::write(&same, lines).unwrap();
    let mut of_same = file;
    of_same[1] = same.to_str().unwrap();
    let output = run(&[&of_same[..], &["--amount", "paid"]].concat());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("all mean amounts are equal") && said.contains("c10"), "{said}");
}

#[test]
fn what_cannot_be_is_said_on_one_line() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let [empty, one_day] = [("empty.csv", ""), ("one_day.csv", "a,b\nx,2024-01-01\n")].map(|(name, text)| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    });
    let (empty, one_day) = (empty.to_str().unwrap(), one_day.to_str().unwrap());
    for (arguments, says) in [
        (&["--model", "nope"][..], "--model takes all"),
        (&["--customer", "who"][..], "--orders"),
        (&["--orders", "nowhere.csv", "--customer", "a", "--date", "b"][..], "nowhere.csv"),
        (&["--calibration-end", "1999-01-01"][..], "the calibration must end"),
        (&["--orders", empty, "--customer", "a", "--date", "b"][..], "there is no heading"),
        (&["--orders", one_day, "--customer", "a", "--date", "b"][..], "all orders are of 2024-01-01"),
        (&["--unit", "month"][..], "--unit takes day or week"),
    ] {
        let output = run(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.lines().count() == 1 && error.contains(says), "{error}");
    }
}
