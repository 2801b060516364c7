//! The wire form of a [`History`]: what one shard hands to another.

use super::{
    History, HistoryError, Record,
    history::{CameBack, Sold, Tally},
};
use crate::{
    calendar::in_range,
    money::{Currency, Money},
    quantity::Name,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Identified records one by one; the others as counts and sums by day, since nothing tells them apart.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "History")]
pub(super) struct Shard {
    currency: Currency,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    records: Vec<Record>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unnamed_sales: Vec<Unnamed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unnamed_returns: Vec<Unnamed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unnamed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<Name>,
    on: NaiveDate,
    count: u64,
    #[serde(with = "as_text")]
    minor: i128,
}

impl Unnamed {
    /// Whether so many records of at least `least` smallest units each can have that sum. More on one day than a history takes are no
    /// records.
    fn is_possible(&self, least: i128) -> bool {
        let count = i128::from(self.count);
        (1..=Tally::MOST).contains(&self.count) && (count * least..=count * i128::from(i64::MAX)).contains(&self.minor)
    }

    fn impossible(&self) -> HistoryError {
        HistoryError::ImpossibleTally { on: self.on, count: self.count, minor: self.minor }
    }
}

impl From<History> for Shard {
    fn from(history: History) -> Shard {
        let money = |minor| Money::from_minor(minor, history.currency);
        let sales =
            history.sales.into_iter().map(|(id, Sold { on, minor })| Record::Sale { id: Some(id), on, amount: money(minor) });
        let returns = history.returns.into_iter().map(|(id, CameBack { of, on, minor })| Record::Return {
            id: Some(id),
            of,
            on,
            amount: money(minor),
        });
        let cancellations = history.cancellations.into_iter().map(|(of, on)| Record::Cancellation { of, on });
        let unnamed_sales = history.unnamed_sales.into_iter();
        let unnamed_returns = history.unnamed_returns.into_iter();
        Shard {
            currency: history.currency,
            records: sales.chain(returns).chain(cancellations).collect(),
            unnamed_sales: unnamed_sales.map(|(on, t)| Unnamed { of: None, on, count: t.count, minor: t.minor }).collect(),
            unnamed_returns: unnamed_returns.map(|((of, on), t)| Unnamed { of, on, count: t.count, minor: t.minor }).collect(),
        }
    }
}

impl TryFrom<Shard> for History {
    type Error = HistoryError;

    fn try_from(shard: Shard) -> Result<History, HistoryError> {
        let mut history = History::new(shard.currency);
        for record in shard.records {
            history.push(record)?;
        }
        for unnamed in shard.unnamed_sales {
            if unnamed.of.is_some() || !unnamed.is_possible(0) {
                return Err(unnamed.impossible());
            }
            let Unnamed { on, count, minor, .. } = unnamed;
            in_range(on).map_err(|_| HistoryError::DateOutOfRange(on))?;
            history.unnamed_sales.entry(on).or_default().add(count, minor);
        }
        for unnamed in shard.unnamed_returns {
            if !unnamed.is_possible(1) {
                return Err(unnamed.impossible());
            }
            let Unnamed { of, on, count, minor } = unnamed;
            in_range(on).map_err(|_| HistoryError::DateOutOfRange(on))?;
            history.unnamed_returns.entry((of, on)).or_default().add(count, minor);
        }
        Ok(history)
    }
}

/// Integers beyond 64 bits, as text: JSON readers lose digits of them otherwise.
mod as_text {
    use alloc::borrow::Cow;
    use serde::{Deserialize, Deserializer, Serializer, de};

    // serde's `with` passes the field by reference.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn serialize<S: Serializer>(value: &i128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i128, D::Error> {
        Cow::<str>::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}
