//! What the tests share: short constructors, the data files, a small random source.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use chrono::NaiveDate;
use customer_value::{
    calendar::day_number,
    money::{Currency, Money, Rounding},
    quantity::Name,
};
use flate2::read::GzDecoder;
use proptest::test_runner::Config;
use rust_decimal::Decimal;
use std::{fs::File, path::Path};

pub const ROUNDINGS: [Rounding; 7] = [
    Rounding::HalfEven,
    Rounding::HalfUp,
    Rounding::HalfDown,
    Rounding::AwayFromZero,
    Rounding::TowardZero,
    Rounding::Ceiling,
    Rounding::Floor,
];

pub fn dec(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

pub fn decs(texts: &[&str]) -> Vec<Decimal> {
    texts.iter().map(|t| dec(t)).collect()
}

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub fn names(texts: &str) -> Vec<Name> {
    texts.split(' ').map(name).collect()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn number_of(text: &str) -> i32 {
    day_number(date(text)).unwrap()
}

pub fn gbp(minor: i64) -> Money {
    Money::from_minor(minor, Currency::GBP)
}

/// The rows of a file in `tests/data` or `examples/data`, its heading left out.
pub fn rows(file: &str) -> Vec<Vec<String>> {
    let folders = ["tests/data", "examples/data"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let path = folders.into_iter().map(|folder| folder.join(file)).find(|path| path.exists()).unwrap();
    let mut reader = csv::Reader::from_reader(GzDecoder::new(File::open(path).unwrap()));
    reader.records().map(|r| r.unwrap().iter().map(String::from).collect()).collect()
}

/// So many cases a law; a failure is printed, not written to a file.
pub fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// A repeatable source of numbers (Knuth's 64-bit linear congruence, upper half).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Writes a value and reads it again: nothing is lost, to the last bit.
#[track_caller]
pub fn survives_the_wire<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + core::fmt::Debug>(value: &T) {
    let written = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&written).map_err(|error| format!("{error}: {written}")).unwrap();
    assert_eq!(&read, value);
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
}
