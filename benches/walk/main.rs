//! How fast is the walk, and is it right?
//!
//! `cargo bench --bench walk` runs three jobs over a log of ten million orders of a million customers, each beside a bare loop over the
//! same columns that checks nothing, in turn. A time counts only if both give the same sums and the same 125 cell counts.
//!
//! - `classic`: last day, number of orders, sum of amounts → quintile scores → counts of the 125 R×F×M cells
//! - `summary`: x, `t_x`, T and mean repeat value of every customer, in days, orders of one day merged
//! - `full`: summary → quintile scores of (T − `t_x`, x, mean) → 125 cell counts
//!
//! Arguments: `--test` (a small log, results only), `--data PREFIX` (columns `PREFIX.id.bin` i64, `.day.bin` i32, `.cents.bin` i64,
//! little-endian), `--job NAME`, `--side ours|bare`, `--runs N`. With feature `rayon` the library uses all threads of the machine.

// A bench prints, counts allocations, and stops at the first thing that is wrong.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic, unsafe_code, missing_docs, unreachable_pub)]
// Its figures are small, and its bare loops check nothing.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_precision_loss, clippy::cast_sign_loss)]
#![allow(clippy::std_instead_of_core)]

mod allocations;
mod bare;
mod log;
mod ours;
mod single;

use log::Log;
use std::{env, hint::black_box, time::Instant};

/// What a job must agree on: sums of the columns, counts of the cells.
#[derive(Debug, PartialEq, Eq, Clone)]
pub struct Outcome {
    pub sums: Vec<i128>,
    pub cells: Vec<u32>,
}

impl Outcome {
    /// FNV-1a of the cell counts, joined by commas.
    fn cells_hash(&self) -> u64 {
        let text = self.cells.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

type Job = fn(&Log) -> Outcome;
const JOBS: [(&str, Job, Job); 3] =
    [("classic", ours::classic, bare::classic), ("summary", ours::summary, bare::summary), ("full", ours::full, bare::full)];

struct Arguments {
    test: bool,
    data: Option<String>,
    job: Option<String>,
    side: Option<String>,
    runs: usize,
}

fn arguments() -> Arguments {
    let mut given = Arguments { test: false, data: None, job: None, side: None, runs: 5 };
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--test" => given.test = true,
            "--data" => given.data = words.next(),
            "--job" => given.job = words.next(),
            "--side" => given.side = words.next(),
            "--runs" => given.runs = words.next().and_then(|n| n.parse().ok()).unwrap_or(5),
            _ => {} // cargo passes --bench
        }
    }
    given
}

fn main() {
    let given = arguments();
    let log = match &given.data {
        Some(prefix) => Log::read(prefix),
        None if given.test => Log::generate(200_000, 20_000),
        None => Log::generate(10_000_000, 1_000_000),
    };
    println!("{} orders, cents {}, rayon {}", log.len(), log.cents_sum(), cfg!(feature = "rayon"));
    for (name, ours, bare) in JOBS {
        if given.job.as_ref().is_none_or(|wanted| wanted == name) {
            run(name, ours, bare, &log, &given);
        }
    }
    if given.job.is_none() {
        single::report(if given.test { 1_000 } else { 200_000 });
    }
}

fn run(name: &str, ours: Job, bare: Job, log: &Log, given: &Arguments) {
    if let Some(side) = &given.side {
        let job = if side == "bare" { bare } else { ours };
        let times = (0..given.runs).map(|_| time(job, log).1).collect();
        println!("{name:8} {side} {}", spread(times));
        return;
    }
    let (mut ours_times, mut bare_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let runs = if given.test { 1 } else { given.runs };
    for run in 0..=runs {
        let (expected, b) = time(bare, log);
        let (found, a) = time(ours, log);
        assert_eq!(found.sums, expected.sums, "{name}: the sums differ");
        assert_eq!(found.cells, expected.cells, "{name}: the cell counts differ");
        log.check(name, &found);
        // The first pair warms up.
        if run > 0 {
            ours_times.push(a);
            bare_times.push(b);
            ratios.push(a / b);
        } else {
            println!("{name:8} sums {:?} cells #{:016x}", found.sums, found.cells_hash());
        }
    }
    println!("{name:8} ours {} | bare {} | ratio {}", spread(ours_times), spread(bare_times), spread(ratios));
}

fn time(job: Job, log: &Log) -> (Outcome, f64) {
    let start = Instant::now();
    let outcome = black_box(job(black_box(log)));
    (outcome, start.elapsed().as_secs_f64())
}

/// Median (minimum to maximum).
fn spread(mut figures: Vec<f64>) -> String {
    figures.sort_by(f64::total_cmp);
    let (low, high) = (figures[0], figures[figures.len() - 1]);
    format!("{:.3} ({low:.3} to {high:.3})", figures[figures.len() / 2])
}
