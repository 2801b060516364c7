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
    let output =
        run(&["--orders", orders, "--customer", "who", "--date", "when", "--unit", "day", "--model", "mbg-nbd", "--out", out]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("MBG/NBD") && !said.contains("USD"), "{said}");
    assert!(fs::read_to_string(folder.join("lifetime_value.html")).unwrap().contains("<svg"));
}

#[test]
fn what_cannot_be_is_said_on_one_line() {
    for (arguments, says) in [
        (&["--model", "nope"][..], "--model takes all"),
        (&["--customer", "who"][..], "--orders"),
        (&["--orders", "nowhere.csv", "--customer", "a", "--date", "b"][..], "nowhere.csv"),
        (&["--calibration-end", "1999-01-01"][..], "the calibration must end"),
        (&["--unit", "month"][..], "--unit takes day or week"),
    ] {
        let output = run(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.lines().count() == 1 && error.contains(says), "{error}");
    }
}
