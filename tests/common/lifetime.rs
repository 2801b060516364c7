//! What the tests of lifetime value share: the CDNOW sample in two of its summaries, comparisons, and words for simulations.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::cast_precision_loss)]

use crate::common::{date, dec, number_of, rows};
use core::num::NonZeroU32;
use customer_value::{
    customer::{OrderColumns, ReturnPolicy},
    money::Currency,
    quantity::Confidence,
    value::RepeatColumns,
    value::lifetime::{
        Parameter, Parametric, PurchaseCounts, Summary, TimeUnit,
        validation::{HoldoutColumns, Split, ValidationError},
    },
};
use std::sync::LazyLock;

pub fn summary(x: u32, t_x: u32, t: u32) -> Summary {
    Summary::new(x, t_x, t).unwrap()
}

/// A hundredth of a unit stands for the day.
pub fn hundredths() -> TimeUnit {
    TimeUnit::days(NonZeroU32::new(100).unwrap())
}

pub fn hundred_times(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<2}").parse().unwrap()
}

/// As lifetimes ships CDNOW: weeks with two places, which are kept as hundredths.
pub static ROUNDED: LazyLock<Vec<Summary>> = LazyLock::new(|| {
    let row = |r: &Vec<String>| summary(r[1].parse().unwrap(), hundred_times(&r[2]), hundred_times(&r[3]));
    rows("cdnow_customers_summary.csv.gz").iter().map(row).collect()
});

/// A customer's key, the day and the cents of orders.
pub struct Orders {
    pub customer: Vec<u64>,
    pub day: Vec<i32>,
    pub cents: Vec<i64>,
}

impl Orders {
    pub fn of(rows: &[(u64, i32, i64)]) -> Orders {
        Orders {
            customer: rows.iter().map(|r| r.0).collect(),
            day: rows.iter().map(|r| r.1).collect(),
            cents: rows.iter().map(|r| r.2).collect(),
        }
    }

    pub fn columns(&self) -> OrderColumns<'_> {
        OrderColumns::new(&self.customer, &self.day, &self.cents, Currency::USD).unwrap()
    }

    pub fn split(&self, split: Split) -> Result<HoldoutColumns, ValidationError> {
        HoldoutColumns::collect(&self.columns(), split, ReturnPolicy::STRICT)
    }
}

/// The orders of the CDNOW sample.
pub static CDNOW: LazyLock<Orders> = LazyLock::new(|| {
    let row = |r: &Vec<String>| (r[1].parse().unwrap(), number_of(&r[2]), r[5].parse().unwrap());
    Orders::of(&rows("cdnow_sample.csv.gz").iter().map(row).collect::<Vec<_>>())
});

/// In whole days up to 1997-09-30, as BTYD, `BTYDplus` and `CLVTools` make it.
pub static EXACT: LazyLock<RepeatColumns> = LazyLock::new(|| {
    let mut repeat = RepeatColumns::collect(&CDNOW.columns(), date("1997-09-30"), ReturnPolicy::STRICT).unwrap();
    repeat.sort_by_key();
    repeat
});

pub fn table(summaries: &[Summary]) -> PurchaseCounts {
    let mut counts = PurchaseCounts::new();
    for s in summaries {
        counts.push(*s, 1).unwrap();
    }
    counts
}

#[track_caller]
pub fn near(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found:?} is not {expected:?} within {relative:e}");
}

#[track_caller]
pub fn all_near(found: &[f64], expected: &[f64], relative: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    found.iter().zip(expected).for_each(|(f, e)| near(*f, *e, relative));
}

/// The values of a model's parameters.
pub fn values(model: &impl Parametric) -> Vec<f64> {
    model.parameters().iter().map(Parameter::value).collect()
}

pub fn confidence(text: &str) -> Confidence {
    Confidence::new(dec(text)).unwrap()
}

/// `SplitMix64` (Steele, Lea and Flood 2014).
pub fn words(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// The mean of what was found lies within 4.5 standard errors.
#[track_caller]
pub fn mean_is(found: impl IntoIterator<Item = f64>, want: f64) {
    let found: Vec<f64> = found.into_iter().collect();
    let n = found.len() as f64;
    let mean = found.iter().sum::<f64>() / n;
    let variance = found.iter().map(|f| (f - mean) * (f - mean)).sum::<f64>() / (n - 1.0);
    let error = libm::sqrt(variance / n);
    assert!((mean - want).abs() < 4.5 * error + 1e-12, "{mean} ± {error} for {want}, {n} found");
}
