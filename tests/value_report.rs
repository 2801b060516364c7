//! The example program `value_report`, run as its users run it. The figures that it must find were computed by another program, in
//! another language, from the same log.

#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Cargo builds the examples with the tests, and puts them beside the folder of the test programs.
fn program() -> Command {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let example = profile.join("examples").join(format!("value_report{}", env::consts::EXE_SUFFIX));
    assert!(example.exists(), "{} is missing: run `cargo build --example value_report` first", example.display());
    Command::new(example)
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn json_of(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A file of this test, in a folder that Cargo sets aside.
fn file(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("value_report_{name}"));
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn pounds(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "GBP" })
}

/// Name and number of each grade, segment or rule.
fn counts(list: &Value, name: &str, number: &str) -> Vec<(String, u64)> {
    let pair = |v: &Value| (v[name].as_str().unwrap().to_owned(), v[number].as_u64().unwrap());
    list.as_array().unwrap().iter().map(pair).collect()
}

fn owned(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect()
}

/// The log that comes with the example, as text.
fn built_in_log() -> String {
    let packed: &[u8] = include_bytes!("../examples/data/online_retail_ii_invoices.csv.gz");
    let mut log = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut log).unwrap();
    log
}

#[test]
fn the_built_in_log_has_the_known_totals_and_spread() {
    let report = json_of(&["--json"]);
    assert_eq!(report["as_of"], "2011-12-09");
    assert_eq!(report["log"], json!({"rows": 44876, "bad_rows": 0, "customers": 5942, "from": "2009-12-01", "to": "2011-12-09"}));
    let totals = &report["totals"];
    assert_eq!((&totals["purchases"], &totals["returns"]), (&json!(36975), &json!(7901)));
    assert_eq!((&totals["gross"], &totals["net"]), (&pounds("17431533.16"), &pounds("16455886.39")));
    let returned = json!({"matched": pounds("0.00"), "assumed": pounds("975646.77"), "set_aside": pounds("112235.37")});
    assert_eq!(totals["returned"], returned);

    let spread = &report["concentration"];
    assert_eq!((&spread["customers"], &spread["gini"]), (&json!(5881), &json!("0.735838")));
    let top: Vec<&Value> = spread["top"].as_array().unwrap().iter().map(|top| &top["sales"]).collect();
    assert_eq!(top, ["0.309263", "0.509518", "0.630336", "0.766567"]);
    let abc: Vec<(&Value, &Value)> = spread["abc"].as_array().unwrap().iter().map(|c| (&c["customers"], &c["sales"])).collect();
    let expected = [(1391, "0.800138"), (1888, "0.149867"), (2602, "0.049995")].map(|(n, share)| (json!(n), json!(share)));
    assert_eq!(abc, expected.each_ref().map(|(n, share)| (n, share)));
}

#[test]
fn the_built_in_log_has_the_known_grades_segments_and_moves() {
    let report = json_of(&["--json"]);
    assert_eq!(report["cutpoints"]["fitted_on"], "2010-12-09");
    let cuts: Vec<&Value> = report["cutpoints"]["dimensions"].as_array().unwrap().iter().map(|d| &d["cuts"]).collect();
    let expected = json!([["14", "35", "70", "175"], ["1", "2", "3", "6"], ["231.01", "471.842", "933.826", "2006.928"]]);
    assert_eq!(cuts, expected.as_array().unwrap().iter().collect::<Vec<_>>());

    let [before, now] = report["gradings"].as_array().unwrap().as_slice() else { panic!("two gradings") };
    assert_eq!(counts(&before["grades"], "name", "customers"), owned(&[("A", 123), ("B", 723), ("C", 1631), ("D", 1837)]));
    assert_eq!(counts(&now["grades"], "name", "customers"), owned(&[("A", 116), ("B", 706), ("C", 1613), ("D", 3446)]));
    assert_eq!(now["grades"][0]["sales"], pounds("3202510.11"));
    let segments = [
        ("Champions", 558),
        ("Loyal customers", 697),
        ("Potential loyalists", 510),
        ("New customers", 82),
        ("Promising", 195),
        ("Need attention", 72),
        ("About to sleep", 451),
        ("Can't lose them", 130),
        ("At risk", 209),
        ("Big single purchase", 66),
        ("Hibernating", 565),
        ("Lost", 2346),
    ];
    assert_eq!(counts(&now["segments"], "name", "customers"), owned(&segments));
    let rules = [("one vote", 35), ("gone quiet", 2399), ("year of silence", 1606)];
    assert_eq!(counts(&now["rules"], "rule", "applied"), owned(&rules));
    assert_eq!(report["moves"], json!({"up": 421, "stayed": 2631, "down": 1262, "entered": 1567, "left": 0}));
    assert_eq!(report["decisions_checked"], 4314 + 5881);
}

#[test]
fn the_order_of_the_rows_does_not_matter_and_neither_does_the_way_they_are_written() {
    let log = built_in_log();
    let decimal = |cents: &str| {
        let (sign, digits) = cents.strip_prefix('-').map_or(("", cents), |digits| ("-", digits));
        let digits = format!("{digits:0>3}");
        let (whole, rest) = digits.split_at(digits.len() - 2);
        format!("{sign}{whole}.{rest}")
    };
    let mut rows: Vec<String> = log
        .lines()
        .skip(1)
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            format!("{} 08:26:00,{},\"{}\"", cells[2], decimal(cells[5]), cells[0])
        })
        .collect();
    // A fixed shuffle: multiplication by a unit modulo the length permutes the positions.
    let length = rows.len();
    rows = (0..length).map(|at| rows[at * 7919 % length].clone()).collect();
    let shuffled = format!("Order Date,Revenue,Customer ID\r\n{}", rows.join("\r\n"));

    let mut theirs = json_of(&["--orders", &file("shuffled.csv", shuffled), "--json"]);
    let ours = json_of(&["--json"]);
    theirs["source"] = ours["source"].clone();
    assert_eq!(theirs, ours);
}

#[test]
fn the_scores_have_a_row_for_each_customer_and_agree_with_the_figures() {
    let path = file("scores.csv", "");
    let report = json_of(&["--json", "--scores", &path]);
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(reader.headers().unwrap().iter().skip(4).take(5).collect::<Vec<_>>(), ["R", "F", "M", "score", "grade"]);
    assert_eq!(rows.len(), 5881);
    assert!(rows.windows(2).all(|pair| pair[0][0] < pair[1][0]));

    let now = &report["gradings"][1];
    for (column, list) in [(8, "grades"), (9, "segments")] {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for row in &rows {
            *found.entry(row[column].to_owned()).or_default() += 1;
        }
        assert_eq!(found, counts(&now[list], "name", "customers").into_iter().filter(|(_, n)| *n > 0).collect());
    }
    let mut grid = [[0_u64; 5]; 5];
    for row in &rows {
        let [r, f, m] = [4, 5, 6].map(|column| row[column].parse::<usize>().unwrap());
        grid[r - 1][f - 1] += 1;
        // Tenths of a point: 0.3 R + 0.3 F + 0.4 M.
        assert_eq!(row[7].replace('.', "").parse::<usize>().unwrap(), 3 * r + 3 * f + 4 * m, "{row:?}");
    }
    assert_eq!(now["recency_by_frequency"], json!(grid));
    assert_eq!(rows[0].iter().collect::<Vec<_>>(), ["12346", "325", "1", "0.00", "1", "1", "1", "1.0", "D", "Lost"]);
}

#[test]
fn a_file_of_ones_own_with_bad_rows() {
    let orders = "Customer,Date,Amount\r\n\"Smith, \"\"Jo\"\" <b>\",2022-01-05T08:00:00,20.05\r\nAnn,2022-13-01,10\r\n\r\n\
                  Ann,2022-05-01,10.005\r\nAnn,2022-05-02,3.50,x\r\n,2022-05-02,1\r\nBob,2022-05-03,ten\r\nBob <b>,2022-05-04,-2\r\n\
                  Bob <b>,2022-05-01,9.99";
    let (path, scores, out) = (file("own.csv", orders), file("own_scores.csv", ""), format!("{}/own", env!("CARGO_TARGET_TMPDIR")));
    let output = run(&["--orders", &path, "--json", "--currency", "EUR", "--scores", &scores, "--out", &out]);
    assert!(output.status.success());
    let lines: Vec<String> = text(&output.stderr).lines().map(str::to_owned).collect();
    let starts =
        ["line 3: \"2022-13-01\" is no date", "line 5: 10.005 has more", "line 6: the row has 4 cells", "line 7: there is no"];
    assert!(lines.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{lines:?}");
    assert_eq!((lines.len(), lines[4].as_str()), (5, "line 8: \"ten\" is no amount such as 20.05"));

    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["log"]["rows"], &report["log"]["bad_rows"]), (&json!(3), &json!(5)));
    // The return of 2 came back from the order three days before it.
    assert_eq!(report["totals"]["net"], json!({"amount": "28.04", "currency": "EUR"}));
    assert_eq!((report["gradings"].as_array().unwrap().len(), &report["moves"]), (1, &Value::Null));
    assert!(fs::read_to_string(scores).unwrap().contains("\n\"Smith, \"\"Jo\"\" <b>\",119,1,20.05,"));

    let page = fs::read_to_string(format!("{out}/value_report.html")).unwrap();
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>") && !page.contains("<script"));
}

#[test]
fn returns_by_a_column_and_invoices_that_come_twice() {
    let orders = "key,day,net,no,credit\nx,2022-01-01,10,1,no\nx,2022-01-01,10,1,no\nx,2022-01-02,4,2,yes\nx,2022-01-03,-1,3,no\nx,2022-01-04,7,1,\n";
    let path = file("returns.csv", orders);
    let columns = ["--customer", "key", "--date", "day", "--amount", "net", "--invoice", "no", "--returns", "credit"];
    let output = run(&[&["--orders", &path, "--json"], &columns[..]].concat());
    let complaints = text(&output.stderr);
    assert!(
        complaints.contains("line 5: a sale of -1.00 GBP is below zero")
            && complaints.contains("line 6: record \"1\" was delivered before")
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["totals"]["purchases"], &report["totals"]["net"]), (&json!(1), &pounds("6.00")));
}

#[test]
fn more_than_twenty_bad_rows_are_counted() {
    let orders = format!("customer,date,amount\n{}a,2022-01-01,1\n", "a,never,1\n".repeat(25));
    let output = run(&["--orders", &file("bad_rows.csv", orders), "--json"]);
    let complaints = text(&output.stderr);
    assert_eq!((complaints.lines().count(), complaints.lines().last()), (21, Some("... and 5 more bad rows")));
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["log"]["bad_rows"], 25);
}

#[test]
fn a_bad_run_ends_with_one_line() {
    let policy = include_str!("../examples/value_report/policy.json");
    let orders = file("good.csv", "customer,date,amount\na,2022-01-01,1\n");
    let unknown = file("unknown.json", policy.replacen("window", "windows", 1));
    let pounds = file("pounds.json", policy);
    let weights = file("weights.json", policy.replacen("0.4", "0.5", 1));
    let image = file("image.png", [0x89, b'P', b'N', b'G', b'\r', b'\n', 0xff]);
    let no_row = file("no_row.csv", "customer,date,amount\na,b,c\n");
    for (arguments, message) in [
        (&["--orders", "nowhere.csv"][..], "nowhere.csv: cannot be opened"),
        (&["--orders", &image], "this is no CSV file"),
        (&["--orders", &no_row], "none of its 1 rows can be used; line 2: \"b\" is no date"),
        (
            &["--orders", &orders, "--amount", "price"],
            "there is no column \"price\"; there are: \"customer\", \"date\", \"amount\"",
        ),
        (&["--orders", &orders, "--currency", "EUR", "--policy", &pounds], "\"monetary\" is in GBP, but the orders are in EUR"),
        (&["--policy", &unknown], "unknown field `windows`"),
        (&["--policy", &weights], "the weights add up to 1.1"),
        (&["--as-of", "1999-12-31"], "nobody has bought anything by 1999-12-31"),
        (&["--currency", "EUR"], "describe the file of --orders"),
        (&["--frobnicate"], "invalid option"),
    ] {
        let output = run(&[arguments, &["--json"][..]].concat());
        let complaint = text(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        let last = complaint.lines().last().unwrap();
        assert!(last.starts_with("value_report: ") && last.contains(message), "{arguments:?}: {complaint}");
    }
}

#[test]
fn a_reader_who_stops_early_is_no_error() {
    let mut child = program().arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn the_text_explains_in_both_languages() {
    let out = format!("{}/text", env!("CARGO_TARGET_TMPDIR"));
    let english = text(&run(&["--out", &out]).stdout);
    assert!(english.contains("10,195 decisions were made; each was verified and replayed, and each holds."));
    assert!(english.contains(
        "Rule \"one vote\" (monetary is at least 20,000) applies and changes grade B to A: annual sales of 20,000 or more decide alone."
    ));
    let chinese = text(&run(&["--out", &out, "--language", "zh"]).stdout);
    assert!(chinese.contains("规则“one vote”（monetary不低于 20,000）适用，等级由 B 变为 A"));
}
