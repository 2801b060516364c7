//! How fast are a million customers graded on six dimensions with rules, and are the grades right?
//!
//! `cargo bench --bench grades` grades the same customers in four ways: by a bare loop over the columns that knows the model by heart and
//! checks nothing, as a table, one by one without reasons, and one by one with reasons. All four must give every customer the same grade;
//! a hundred of the decisions with reasons are verified and replayed. With feature `rayon` the library uses all threads of the machine.
//!
//! Arguments: `--test` (few customers), `--customers N`, `--runs N`.

// A bench prints, counts allocations, and stops at the first thing that is wrong.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, unsafe_code, missing_docs, unreachable_pub)]
// Its figures are small, and its bare loop checks nothing.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_precision_loss, clippy::cast_sign_loss)]
#![allow(clippy::std_instead_of_core)]

#[path = "../walk/allocations.rs"]
mod allocations;
mod bare;
mod population;

use customer_value::tier::GradeModel;
use population::Population;
use std::{env, hint::black_box, time::Instant};

type Way = fn(&GradeModel, &Population) -> Vec<u8>;
const WAYS: [(&str, Way); 4] = [
    ("bare loop, by heart", |_, customers| bare::grade(customers)),
    ("table", |model, customers| model.grade_table(&customers.table()).ranks().to_vec()),
    ("one by one", one_by_one),
    ("one by one, with reasons", with_reasons),
];

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |word: &str| words.iter().position(|w| w == word).and_then(|at| words.get(at + 1)?.parse().ok());
    let test = words.iter().any(|w| w == "--test");
    let customers = Population::new(number("--customers").unwrap_or(if test { 5_000 } else { 1_000_000 }));
    let model = population::model();
    let runs = number("--runs").unwrap_or(if test { 1 } else { 5 });
    println!("{} customers, six dimensions, {} rules, rayon {}", customers.len(), model.rules().len(), cfg!(feature = "rayon"));
    check_reasons(&model, &customers);

    let expected = bare::grade(&customers);
    let mut counts = [0; 4];
    for &rank in &expected {
        counts[usize::from(rank) - 1] += 1;
    }
    println!("customers by grade, the best first: {counts:?}");
    let mut times = [const { Vec::new() }; 4];
    let mut allocated = [0; 4];
    // In turn, so that whatever else the machine does meets all of them.
    for run in 0..=runs {
        for (way, (name, grade)) in WAYS.iter().enumerate() {
            let (start, before) = (Instant::now(), allocations::count());
            let ranks = black_box(grade(black_box(&model), black_box(&customers)));
            let elapsed = start.elapsed().as_secs_f64();
            allocated[way] = allocations::count() - before;
            assert!(ranks == expected, "{name}: another grade than the bare loop's");
            if run > 0 {
                times[way].push(elapsed);
            }
        }
    }
    for (way, (name, _)) in WAYS.iter().enumerate() {
        let middle = |mut figures: Vec<f64>| {
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        let ratio = middle(times[way].iter().zip(&times[0]).map(|(ours, bare)| ours / bare).collect());
        let each = middle(times[way].clone()) * 1e9 / customers.len() as f64;
        let allocations = allocated[way] as f64 / customers.len() as f64;
        println!("{name:26} {each:8.1} ns a customer, {allocations:5.2} allocations, {ratio:5.1} times the bare loop");
    }
}

fn one_by_one(model: &GradeModel, customers: &Population) -> Vec<u8> {
    let table = customers.table();
    each(customers.len(), |row| model.grade_only(&table.row(row)).unwrap().rank())
}

fn with_reasons(model: &GradeModel, customers: &Population) -> Vec<u8> {
    let (table, as_of) = (customers.table(), "2024-06-30".parse().unwrap());
    each(customers.len(), |row| black_box(model.grade(&table.row(row), as_of).unwrap()).value.rank())
}

#[cfg(not(feature = "rayon"))]
fn each(rows: usize, grade: impl Fn(usize) -> u8) -> Vec<u8> {
    (0..rows).map(grade).collect()
}

#[cfg(feature = "rayon")]
fn each(rows: usize, grade: impl Fn(usize) -> u8 + Sync + Send) -> Vec<u8> {
    use rayon::prelude::*;
    (0..rows).into_par_iter().map(grade).collect()
}

fn check_reasons(model: &GradeModel, customers: &Population) {
    let table = customers.table();
    for row in (0..customers.len()).step_by(customers.len() / 100) {
        let decision = model.grade(&table.row(row), "2024-06-30".parse().unwrap()).unwrap();
        decision.verify().unwrap();
        model.replay(&decision).unwrap();
    }
}
