use super::LadderError;
use crate::{
    calendar::{Period, in_range},
    quantity::{Name, UniqueKeys},
};
use alloc::collections::BTreeMap;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What counts towards a status: nights, miles, status points, money in smallest units, by metric and by the day on which it counts.
///
/// The day is the day of the flight or the stay, whenever it was posted. What is taken back (a return) is a negative entry on the day of
/// what it takes back. The entries of a day add up, so that the order in which they come, and how they are split, change nothing.
///
/// On the wire: `{"nights":{"2024-03-01":3}}`.
///
/// ```
/// use customer_value::{calendar::Period, loyalty::ladder::StatusCredits, quantity::Name};
///
/// let (nights, march) = (Name::new("nights")?, "2024-03-01".parse()?);
/// let mut credits = StatusCredits::new();
/// credits.push(&nights, march, 3)?;
/// credits.push(&nights, march, -1)?;
/// assert_eq!(credits.sum(&nights, Period::year(2024)?), 2);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "定级积分")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "UniqueKeys<Name, UniqueKeys<NaiveDate, i64>>", into = "BTreeMap<Name, BTreeMap<NaiveDate, i64>>")]
pub struct StatusCredits(BTreeMap<Name, BTreeMap<NaiveDate, i64>>);

impl StatusCredits {
    /// Nothing yet.
    pub const fn new() -> StatusCredits {
        StatusCredits(BTreeMap::new())
    }

    /// Whether nothing counts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// [`LadderError::Overflow`] if a day's sum leaves 64 bits; [`LadderError::Calendar`] for the year 10000. Nothing changes then.
    pub fn push(&mut self, metric: &Name, day: NaiveDate, count: i64) -> Result<(), LadderError> {
        let day = in_range(day)?;
        let sum = self.on(metric, day).checked_add(count).ok_or_else(|| LadderError::Overflow(metric.clone()))?;
        match self.0.get_mut(metric) {
            Some(days) if sum == 0 => {
                days.remove(&day);
                if days.is_empty() {
                    self.0.remove(metric);
                }
            }
            Some(days) => _ = days.insert(day, sum),
            None if sum == 0 => {}
            None => _ = self.0.insert(metric.clone(), BTreeMap::from([(day, sum)])),
        }
        Ok(())
    }

    /// Adds all entries of another.
    ///
    /// # Errors
    /// As [`push`](StatusCredits::push). Nothing changes then.
    pub fn merge(&mut self, other: &StatusCredits) -> Result<(), LadderError> {
        let mut sum = self.clone();
        for (metric, day, count) in other.entries() {
            sum.push(metric, day, count)?;
        }
        *self = sum;
        Ok(())
    }

    /// What counts on one day.
    pub fn on(&self, metric: &Name, day: NaiveDate) -> i64 {
        self.0.get(metric).and_then(|days| days.get(&day)).copied().unwrap_or(0)
    }

    /// What counts in a period; a sum beyond 64 bits counts as the last number that fits.
    pub fn sum(&self, metric: &Name, period: Period) -> i64 {
        let days = self.0.get(metric).into_iter().flat_map(|days| days.range(period.from()..period.until()));
        let sum: i128 = days.map(|(_, count)| i128::from(*count)).sum(); // at most 2⁶³ times the days of 9999 years
        i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
    }

    /// Every day's sum that is not 0, by metric and day.
    pub fn entries(&self) -> impl Iterator<Item = (&Name, NaiveDate, i64)> {
        self.0.iter().flat_map(|(metric, days)| days.iter().map(move |(day, count)| (metric, *day, *count)))
    }

    /// The first day with an entry, from a day on.
    pub(super) fn first_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.0.values().filter_map(|days| days.range(day..).next().map(|(day, _)| *day)).min()
    }
}

impl TryFrom<UniqueKeys<Name, UniqueKeys<NaiveDate, i64>>> for StatusCredits {
    type Error = LadderError;

    fn try_from(UniqueKeys(wire): UniqueKeys<Name, UniqueKeys<NaiveDate, i64>>) -> Result<StatusCredits, LadderError> {
        let mut credits = StatusCredits::new();
        for (metric, UniqueKeys(days)) in &wire {
            for (day, count) in days {
                credits.push(metric, *day, *count)?;
            }
        }
        Ok(credits)
    }
}

impl From<StatusCredits> for BTreeMap<Name, BTreeMap<NaiveDate, i64>> {
    fn from(credits: StatusCredits) -> Self {
        credits.0
    }
}
