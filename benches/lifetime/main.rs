//! How fast are models of lifetime value fitted and asked, and are the answers right?
//!
//! `cargo bench --bench lifetime` fits BG/NBD, Pareto/NBD and gamma-gamma to the CDNOW sample and to simulated customers, asks for every
//! customer's probability to be alive, expected purchases and discounted purchases, and checks the estimates against the published ones.
//!
//! Then a million customers are asked about in one go, some of them alike and all different, and every answer is held against the one
//! that is given to the customer alone.
//!
//! Arguments: `--test` (few customers, one run), `--customers N`, `--batch N` (customers in one go), `--runs N`, `--save PREFIX` (writes
//! the simulated customers to columns `PREFIX.x.bin`, `.t_x.bin`, `.t.bin`, `.cents.bin` of i64, little-endian, for other libraries).

// A bench prints and stops at the first thing that is wrong.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]
#![allow(clippy::cast_precision_loss, clippy::std_instead_of_core)]

mod batch;

use batch::Base;
use customer_value::{
    NaiveDate,
    calendar::day_number,
    customer::{OrderColumns, ReturnPolicy},
    money::{Currency, Money},
    value::RepeatColumns,
    value::lifetime::{
        Discount, DiscountRate, FallsDue, Family, GammaGamma, Horizon, Parameter, PurchaseCounts, PurchaseModel, SpendBasis,
        SpendCounts, Spent, Summary, TimeUnit,
    },
};
use flate2::read::GzDecoder;
use std::{env, fs::File, hint::black_box, time::Instant};

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let after = |word: &str| words.iter().position(|w| w == word).and_then(|at| words.get(at + 1));
    let number = |word: &str| after(word)?.parse::<u32>().ok();
    let test = words.iter().any(|w| w == "--test");
    let customers: u64 = number("--customers").unwrap_or(if test { 2_000 } else { 100_000 }).into();
    let runs = number("--runs").unwrap_or(if test { 1 } else { 7 }) as usize;

    let repeat = cdnow();
    let counts = PurchaseCounts::of(&repeat).unwrap();
    let mut spend = SpendCounts::new(Currency::USD);
    for r in repeat.iter().filter(|r| r.x > 0 && r.value.minor() > 0) {
        spend.push(&r, 1).unwrap();
    }
    println!("CDNOW: {} customers in {} rows", counts.customers(), counts.len());
    let bg = timed("fit BG/NBD", runs, || PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::WEEK).unwrap(), 1);
    near(
        &bg.parameters().iter().map(Parameter::value).collect::<Vec<_>>(),
        &[0.242_594_522, 4.413_602_019, 0.792_922_017, 2.425_906_777],
    );
    let pareto = timed("fit Pareto/NBD", runs, || PurchaseModel::fit(Family::ParetoNbd, &counts, TimeUnit::WEEK).unwrap(), 1);
    near(
        &pareto.parameters().iter().map(Parameter::value).collect::<Vec<_>>(),
        &[0.553_277_047, 10.577_683_463, 0.606_239_989, 11.668_735_289],
    );
    let gamma = timed("fit gamma-gamma", runs, || GammaGamma::fit(&spend).unwrap(), 1);
    near(&gamma.parameters().iter().map(Parameter::value).collect::<Vec<_>>()[..2], &[6.249, 3.744]);

    println!("{customers} simulated customers");
    let mut state = 20_240_607_u64;
    let mut simulated = PurchaseCounts::new();
    let mut summaries = Vec::new();
    for at in 0..customers {
        let days = 189 + u32::try_from(at % 84).unwrap();
        let summary = bg.model().simulate(days, &mut || splitmix(&mut state)).unwrap().summary(days).unwrap();
        simulated.push(summary, 1).unwrap();
        summaries.push(summary);
    }
    println!("  in {} rows", simulated.len());
    let again = timed("fit BG/NBD", runs, || PurchaseModel::fit(Family::BgNbd, &simulated, TimeUnit::WEEK).unwrap(), 1);
    let distance = (again.model().purchases().mean() / bg.model().purchases().mean() - 1.0).abs();
    // Purchases of one day are one purchase, which costs the rate some per cent.
    assert!(distance < 0.08 + 10.0 / (customers as f64).sqrt(), "{distance}");
    let mut amounts = SpendCounts::new(Currency::USD);
    for summary in summaries.iter().filter(|summary| summary.x() > 0) {
        // A mean of a customer's own, and purchases around it: not gamma-gamma, but spread like it.
        let own = 500 + splitmix(&mut state) % 6_000;
        let total: u64 = (0..summary.x()).map(|_| own / 2 + splitmix(&mut state) % own).sum();
        let total = Money::from_minor(i64::try_from(total).unwrap(), Currency::USD);
        amounts.push(Spent::new(SpendBasis::RepeatOnly, summary.x(), total), 1).unwrap();
    }
    let spending = timed("fit gamma-gamma", runs, || GammaGamma::fit(&amounts).unwrap(), 1);
    assert!(spending.limits().is_empty() && spending.log_likelihood().is_finite());
    if !test {
        timed("fit Pareto/NBD", runs.min(3), || PurchaseModel::fit(Family::ParetoNbd, &simulated, TimeUnit::WEEK).unwrap(), 1);
    }
    let year = Discount {
        rate: DiscountRate::annual_365("0.1".parse().unwrap()).unwrap(),
        due: FallsDue::AsTheyOccur,
        horizon: Horizon::Days(365),
    };
    for (name, model) in [("BG/NBD", bg.model()), ("Pareto/NBD", pareto.model())] {
        println!("{name}, for each of {customers} customers");
        let each = |what: &str, of: &dyn Fn(Summary) -> f64| {
            let sum = timed(what, runs.min(3), || summaries.iter().map(|s| of(*s)).sum::<f64>(), summaries.len());
            assert!(sum.is_finite() && sum > 0.0);
            sum
        };
        let alive = each("alive", &|s| model.outlook(s).alive());
        let purchases = each("purchases in a year", &|s| model.outlook(s).purchases(365));
        let discounted = each("discounted purchases of a year", &|s| model.outlook(s).discounted(&year).unwrap());
        assert!(alive < customers as f64 && discounted < purchases);
    }
    let many = number("--batch").unwrap_or(if test { 3_000 } else { 1_000_000 });
    let base = Base::simulated(many, bg.model());
    if let Some(prefix) = after("--save") {
        base.save(prefix);
    }
    base.report("BG/NBD", bg.model(), gamma.model(), year, runs);
    base.report("Pareto/NBD", pareto.model(), gamma.model(), year, runs);
    Base::all_different(many).report("BG/NBD", bg.model(), gamma.model(), year, runs);
}

/// The median time of several runs, also for one of so many customers, and the result.
fn timed<T>(name: &str, runs: usize, of: impl Fn() -> T, customers: usize) -> T {
    let mut times = Vec::new();
    let mut result = black_box(of());
    for _ in 0..runs {
        let start = Instant::now();
        result = black_box(of());
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let (least, median) = (times[0], times[times.len() / 2]);
    let each = if customers > 1 { format!(", {:.1} ns each", 1e9 * median / customers as f64) } else { String::new() };
    println!("  {name:<32} {:>10.3} ms (least {:.3}){each}", 1000.0 * median, 1000.0 * least);
    result
}

fn near(found: &[f64], published: &[f64]) {
    assert!(found.iter().zip(published).all(|(f, p)| (f / p - 1.0).abs() < 1e-3), "{found:?}, not {published:?}");
}

/// Steele, Lea and Flood 2014.
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn cdnow() -> RepeatColumns {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow_sample.csv.gz");
    let mut reader = csv::Reader::from_reader(GzDecoder::new(File::open(path).unwrap()));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let date = |text: &str| day_number(text.parse::<NaiveDate>().unwrap()).unwrap();
    let customer: Vec<u64> = rows.iter().map(|r| r[1].parse().unwrap()).collect();
    let day: Vec<i32> = rows.iter().map(|r| date(&r[2])).collect();
    let cents: Vec<i64> = rows.iter().map(|r| r[5].parse().unwrap()).collect();
    let orders = OrderColumns::new(&customer, &day, &cents, Currency::USD).unwrap();
    let mut repeat = RepeatColumns::collect(&orders, "1997-09-30".parse().unwrap(), ReturnPolicy::STRICT).unwrap();
    repeat.sort_by_key();
    repeat
}
