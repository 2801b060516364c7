//! CDNOW: 23,570 customers who bought first in the first quarter of 1997, and the sample of 2,357 that the literature fits on.
//!
//! Expected totals: `summary_data_from_transaction_data(…, freq='D')` of lifetimes 0.11.3. Expected cells: numpy's linear quantiles,
//! right-closed bins; pandas, Polars, `DuckDB` and R agree with them. Expected sample: the summaries that lifetimes ships.
#![allow(clippy::unwrap_used)]
extern crate alloc;

mod common;

use alloc::collections::{BTreeMap, BTreeSet};
use chrono::NaiveDate;
use common::{date, dec, number_of, rows};
use customer_value::{
    calendar::Window,
    customer::{CustomerBase, OrderColumns, Record, ReturnPolicy},
    money::{Currency, Money, Ratio, Rounding},
    quantity::{Column, Ties, Unit},
    score::{Cutpoints, Quantile},
    value::{RepeatColumns, RepeatPurchases, Rfm, RfmColumns},
};
use std::sync::LazyLock;

struct Log {
    customer: Vec<u64>,
    day: Vec<i32>,
    cents: Vec<i64>,
}

impl Log {
    fn full() -> &'static Log {
        static FULL: LazyLock<Log> = LazyLock::new(|| Log::new(&rows("cdnow_full.csv.gz"), 0, 1, 4));
        &FULL
    }

    /// The sample, by its own ids.
    fn sample() -> Log {
        Log::new(&rows("cdnow_sample.csv.gz"), 1, 2, 5)
    }

    fn new(rows: &[Vec<String>], id: usize, on: usize, cents: usize) -> Log {
        Log {
            customer: rows.iter().map(|r| r[id].parse().unwrap()).collect(),
            day: rows.iter().map(|r| number_of(&r[on])).collect(),
            cents: rows.iter().map(|r| r[cents].parse().unwrap()).collect(),
        }
    }

    fn columns(&self) -> OrderColumns<'_> {
        OrderColumns::new(&self.customer, &self.day, &self.cents, Currency::USD).unwrap()
    }

    fn repeat(&self, as_of: NaiveDate) -> RepeatColumns {
        let mut repeat = RepeatColumns::collect(&self.columns(), as_of, ReturnPolicy::STRICT).unwrap();
        repeat.sort_by_key();
        repeat
    }

    fn base(&self) -> CustomerBase<u64> {
        let mut base = CustomerBase::new(Currency::USD);
        for ((&customer, &day), &cents) in self.customer.iter().zip(&self.day).zip(&self.cents) {
            let on = customer_value::calendar::from_day_number(day).unwrap();
            base.push(customer, Record::sale(on, Money::from_minor(cents, Currency::USD))).unwrap();
        }
        base
    }
}

fn end() -> NaiveDate {
    date("1998-06-30")
}

#[test]
fn the_batch_path_gives_the_published_totals() {
    let log = Log::full();
    let repeat = log.repeat(end());
    assert_eq!((repeat.len(), log.customer.len(), repeat.later()), (23_570, 69_659, 0));
    assert_eq!(repeat.x().iter().sum::<i64>(), 44_021);
    assert_eq!(repeat.iter().map(|r| u64::from(r.t_x_days)).sum::<u64>(), 3_178_932);
    assert_eq!(repeat.iter().map(|r| u64::from(r.t_days)).sum::<u64>(), 11_834_346);
    // The mean of each customer in 10⁻⁶ cents; the published sum, 41428238.44, is of floating-point means.
    let means = repeat.mean_minor(6, Rounding::HalfEven, 0).unwrap();
    assert_eq!((means.iter().sum::<i64>() + 5_000) / 10_000, 4_142_823_844);
}

#[test]
fn the_one_by_one_path_gives_the_same_customers() {
    let log = Log::full();
    let (base, repeat) = (log.base(), log.repeat(end()));
    let mut rfm = RfmColumns::collect(&log.columns(), end(), Window::All, ReturnPolicy::STRICT).unwrap();
    rfm.sort_by_key();
    assert_eq!((base.len(), rfm.len()), (23_570, 23_570));
    assert!(repeat.keys().iter().eq(base.iter().map(|(key, _)| key)));
    for (i, (_, purchases)) in base.as_of(end(), ReturnPolicy::STRICT).enumerate() {
        let purchases = purchases.unwrap();
        assert_eq!(RepeatPurchases::of(&purchases), repeat.get(i));
        assert_eq!(Rfm::of(&purchases, Window::All).unwrap(), rfm.get(i));
    }
}

#[test]
fn equal_rows_are_different_purchases() {
    let text = rows("cdnow_full.csv.gz");
    let different: BTreeSet<&Vec<String>> = text.iter().collect();
    assert_eq!(text.len() - different.len(), 255);
    let rfm = RfmColumns::collect(&Log::full().columns(), end(), Window::All, ReturnPolicy::STRICT).unwrap();
    assert_eq!(rfm.frequency().values.iter().sum::<i64>(), 69_659); // all of them, 80 rows of 0.00 too
    assert_eq!(rfm.monetary().values.iter().sum::<i64>(), 2_500_315_63);
}

#[test]
fn purchases_of_one_day_are_one_purchase_day() {
    let repeat = Log::full().repeat(end());
    let days = repeat.x().iter().sum::<i64>() + 23_570;
    assert_eq!(69_659 - days, 2_068);
}

/// Counts of the 125 cells of recency, frequency and monetary quintiles, recency slowest.
fn cells(recency: &Column<'_>, frequency: &Column<'_>, monetary: &Column<'_>) -> Vec<usize> {
    let bins = |column: &Column<'_>| {
        Cutpoints::fit_column(column, 5, Quantile::Linear, Ties::ToLower).unwrap().cutpoints.bins_of(column).unwrap()
    };
    let mut counts = vec![0; 125];
    for ((r, f), m) in bins(recency).into_iter().zip(bins(frequency)).zip(bins(monetary)) {
        counts[usize::from(4 - r) * 25 + usize::from(f) * 5 + usize::from(m)] += 1;
    }
    counts
}

/// Last day, rows and sum of each customer. The sha256 of these numbers, joined by commas, begins with e32a2f341f3f.
#[rustfmt::skip]
const CLASSIC: [usize; 125] = [
    1665, 1299, 842, 382, 55, 0, 0, 0, 0, 0, 1, 58, 99, 79, 25, 0, 0, 13, 11, 6, 0, 0, 0, 2, 2,
    1643, 1295, 867, 331, 51, 0, 0, 0, 0, 0, 1, 124, 178, 131, 38, 0, 2, 19, 34, 27, 0, 0, 0, 4, 3,
    1492, 997, 662, 282, 45, 0, 0, 0, 0, 0, 6, 240, 362, 310, 50, 0, 3, 90, 168, 92, 0, 0, 0, 12, 33,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 426, 660, 539, 177, 0, 17, 433, 883, 517, 0, 1, 7, 277, 776,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 144, 204, 170, 48, 0, 9, 263, 663, 408, 0, 0, 11, 437, 2360,
];

/// `T − t_x`, x and the mean repeat value of each customer. The sha256 of these numbers, joined by commas, begins with 2801c3c5b63e.
#[rustfmt::skip]
const FULL: [usize; 125] = [
    4292, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 78, 77, 68, 0, 0, 3, 14, 6, 0, 0, 0, 0, 1,
    4245, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 154, 146, 131, 0, 0, 8, 30, 29, 0, 0, 1, 1, 3,
    3517, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 307, 356, 291, 0, 0, 46, 160, 125, 0, 0, 2, 13, 26,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 594, 593, 659, 0, 0, 315, 812, 733, 0, 0, 75, 443, 496,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 177, 210, 198, 0, 0, 182, 600, 578, 0, 0, 150, 1255, 1369,
];

#[test]
fn the_classic_scores_fill_the_cells_that_numpy_fills() {
    let log = Log::full();
    let rfm = RfmColumns::collect(&log.columns(), end(), Window::All, ReturnPolicy::STRICT).unwrap();
    let found = cells(&rfm.recency(), &rfm.frequency(), &rfm.monetary());
    assert_eq!(found, CLASSIC);
    assert_eq!(found.iter().sum::<usize>(), 23_570);
}

#[test]
fn the_scores_of_repeat_purchases_fill_the_cells_that_numpy_fills() {
    let repeat = Log::full().repeat(end());
    let (recency, repeats, means) = (repeat.days_since_last(), repeat.x(), repeat.mean_minor(6, Rounding::HalfEven, 0).unwrap());
    let column = |values, places, unit| Column { values, places, unit };
    let found = cells(&column(&recency, 0, Unit::Days), &column(&repeats, 0, Unit::Count), &column(&means, 6, Unit::Number));
    assert_eq!(found, FULL);
}

/// The calibration period of the literature: 39 weeks, to 1997-09-30. `cdnow_customers_summary*.csv` give weeks to two places and the
/// mean repeat value in dollars, halves rounded up.
#[test]
fn the_sample_gives_the_published_summary_row_for_row() {
    let log = Log::sample();
    let repeat = log.repeat(date("1997-09-30"));
    let means = repeat.mean_minor(0, Rounding::HalfUp, 0).unwrap();
    let (plain, with_values) = (rows("cdnow_customers_summary.csv.gz"), rows("cdnow_customers_summary_with_transactions.csv.gz"));
    assert_eq!((repeat.len(), plain.len(), with_values.len()), (2_357, 2_357, 2_357));
    let weeks = |days: u32| Ratio::new(days.into(), 7).unwrap().to_decimal(2, Rounding::HalfUp).unwrap();
    for (i, one) in repeat.iter().enumerate() {
        let id = repeat.keys()[i].to_string();
        assert_eq!((&plain[i][0], &with_values[i][0]), (&id, &id));
        for row in [&plain[i], &with_values[i]] {
            assert_eq!(row[1], one.x.to_string(), "x of {id}");
            assert_eq!(dec(&row[2]), weeks(one.t_x_days), "t_x of {id}");
            assert_eq!(dec(&row[3]), weeks(one.t_days), "T of {id}");
        }
        assert_eq!(dec(&with_values[i][4]), Money::from_minor(means[i], Currency::USD).amount(), "zbar of {id}");
    }
    assert_eq!(u64::from(repeat.iter().map(|r| r.x).sum::<u32>()) + 2_357 + repeat.later() + same_day(&log), 6_919);
}

/// Rows of the calibration period that are not the first of their customer and day.
fn same_day(log: &Log) -> u64 {
    let last = number_of("1997-09-30");
    let inside: Vec<(u64, i32)> = log.customer.iter().copied().zip(log.day.iter().copied()).filter(|r| r.1 <= last).collect();
    (inside.len() - inside.iter().collect::<BTreeSet<_>>().len()) as u64
}

#[test]
fn the_sample_is_a_part_of_the_full_log() {
    let full = Log::full();
    let mut by_customer: BTreeMap<u64, Vec<(i32, i64)>> = BTreeMap::new();
    for i in 0..full.customer.len() {
        by_customer.entry(full.customer[i]).or_default().push((full.day[i], full.cents[i]));
    }
    let mut sample: BTreeMap<(u64, u64), Vec<(i32, i64)>> = BTreeMap::new();
    for row in rows("cdnow_sample.csv.gz") {
        let key = (row[0].parse().unwrap(), row[1].parse().unwrap());
        sample.entry(key).or_default().push((number_of(&row[2]), row[5].parse().unwrap()));
    }
    assert_eq!(sample.len(), 2_357);
    for ((master, _), orders) in &mut sample {
        let all = by_customer.get_mut(master).unwrap();
        all.sort_unstable();
        orders.sort_unstable();
        assert_eq!(orders, all, "customer {master}");
    }
}
