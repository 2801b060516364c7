use super::{RetentionError, SurvivalCurve};
use crate::calendar::{days_between, in_range};
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How long customers stayed, counted: at each time so many who left, and so many who were still there when they were last seen.
///
/// The unit of time is the caller's, days or months since the first; all customers of a tally share it. Times are whole, as business
/// days are.
///
/// A tally is a commutative monoid: [`Survival::new`] is its identity, [`merge`](Survival::merge) is associative and commutative.
///
/// ```
/// use customer_value::{lifecycle::retention::Survival, quantity::Confidence};
///
/// let mut months = Survival::new();
/// for left in [2, 5, 5, 9] {
///     months.push(left, true)?;
/// }
/// months.push(7, false)?; // a customer of seven months, still there
/// let curve = months.curve();
/// assert_eq!(curve.at(6), Some(0.4)); // two of five
/// assert_eq!(curve.at(9), Some(0.0));
/// assert_eq!(curve.median(Confidence::P95)?.value, Some(5));
/// # Ok::<(), customer_value::lifecycle::retention::RetentionError>(())
/// ```
#[doc(alias = "生存分析")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Survival {
    times: BTreeMap<u32, Ends>,
    customers: u64,
}

/// What happened at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Ends {
    pub(super) events: u64,
    pub(super) censored: u64,
}

impl Survival {
    /// A tally of nobody.
    pub const fn new() -> Survival {
        Survival { times: BTreeMap::new(), customers: 0 }
    }

    /// Counts a customer: one who left at that time, or one who was still there when last seen.
    ///
    /// # Errors
    /// [`TooLarge`](RetentionError::TooLarge) for the 2⁶⁴th customer.
    pub fn push(&mut self, time: u32, left: bool) -> Result<(), RetentionError> {
        self.push_many(time, left.into(), (!left).into())
    }

    /// Counts many customers with the same time: those who left, and those who were still there when last seen.
    ///
    /// # Errors
    /// [`TooLarge`](RetentionError::TooLarge) for more than 2⁶⁴ − 1 customers; nobody is counted then.
    pub fn push_many(&mut self, time: u32, left: u64, still_there: u64) -> Result<(), RetentionError> {
        let more = left.checked_add(still_there).ok_or(RetentionError::TooLarge)?;
        self.customers = self.customers.checked_add(more).ok_or(RetentionError::TooLarge)?;
        if more > 0 {
            let ends = self.times.entry(time).or_default();
            ends.events += left; // no more than the customers
            ends.censored += still_there;
        }
        Ok(())
    }

    /// Counts a contract in days, as known at the close of `as_of`. `end` is the first day without it; an end after `as_of` lies in the
    /// future and is not counted.
    ///
    /// # Errors
    /// [`AfterEnd`](RetentionError::AfterEnd) for a contract that begins after `as_of`;
    /// [`BeforeFirst`](RetentionError::BeforeFirst) for an end before the beginning; [`Calendar`](RetentionError::Calendar) for a date
    /// outside the years 1 to 9999; [`TooLarge`](RetentionError::TooLarge).
    pub fn push_contract(&mut self, from: NaiveDate, end: Option<NaiveDate>, as_of: NaiveDate) -> Result<(), RetentionError> {
        let (from, as_of) = (in_range(from)?, in_range(as_of)?);
        if from > as_of {
            return Err(RetentionError::AfterEnd { day: from, as_of });
        }
        match end.map(in_range).transpose()? {
            Some(day) if day < from => Err(RetentionError::BeforeFirst { day, first: from }),
            Some(day) if day <= as_of => self.push(days_between(from, day), true),
            _ => self.push(days_between(from, as_of), false),
        }
    }

    /// Takes in a tally of other customers.
    ///
    /// # Errors
    /// [`TooLarge`](RetentionError::TooLarge) for more than 2⁶⁴ − 1 customers; nobody is taken in then.
    pub fn merge(&mut self, other: &Survival) -> Result<(), RetentionError> {
        self.customers = self.customers.checked_add(other.customers).ok_or(RetentionError::TooLarge)?;
        for (time, more) in &other.times {
            let ends = self.times.entry(*time).or_default();
            ends.events += more.events;
            ends.censored += more.censored;
        }
        Ok(())
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// Number of customers who left.
    pub fn left(&self) -> u64 {
        self.times.values().map(|ends| ends.events).sum()
    }

    /// The longest time anybody was observed; `None` of nobody.
    pub fn last(&self) -> Option<u32> {
        self.times.last_key_value().map(|(time, _)| *time)
    }

    /// The share that is still there after each time (Kaplan and Meier 1958).
    pub fn curve(&self) -> SurvivalCurve {
        SurvivalCurve::of(self)
    }

    pub(super) const fn times(&self) -> &BTreeMap<u32, Ends> {
        &self.times
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Survival")]
struct Wire {
    times: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Ends")]
struct Row {
    time: u32,
    left: u64,
    still_there: u64,
}

impl TryFrom<Wire> for Survival {
    type Error = RetentionError;

    fn try_from(wire: Wire) -> Result<Survival, RetentionError> {
        let mut survival = Survival::new();
        for row in wire.times {
            if survival.times.contains_key(&row.time) || (row.left == 0 && row.still_there == 0) {
                return Err(RetentionError::BadTime(row.time));
            }
            survival.push_many(row.time, row.left, row.still_there)?;
        }
        Ok(survival)
    }
}

impl From<Survival> for Wire {
    fn from(s: Survival) -> Wire {
        let row = |(time, ends): (u32, Ends)| Row { time, left: ends.events, still_there: ends.censored };
        Wire { times: s.times.into_iter().map(row).collect() }
    }
}
