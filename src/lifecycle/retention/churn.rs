use super::{RetentionError, is_over};
use crate::{calendar::Period, quantity::Share};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Contracts at the beginning of a period, and those lost and won in it.
///
/// `end = beginning − lost + won − won and lost again`, exactly. The churn rate is the share of those there at the beginning; who is won
/// within the period never was at risk of it from the beginning, and does not thin the rate.
///
/// A contract is half-open, as a [`Period`] is: it ends on the first day without it. It is there at the beginning if it was in force on
/// the day before the period, so the end of a period is the beginning of the next. Merges as a commutative monoid over contracts.
///
/// ```
/// use customer_value::{calendar::Period, lifecycle::retention::Churn};
/// use chrono::NaiveDate;
///
/// let day = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
/// let february = Period::new(day(2, 1), day(3, 1))?;
/// let mut churn = Churn::new(february, day(2, 29))?;
/// churn.push(day(1, 1), None)?;
/// churn.push(day(1, 1), Some(day(2, 1)))?; // January was the last month
/// churn.push(day(1, 1), Some(day(3, 1)))?; // leaves with the end of February: lost in March
/// churn.push(day(2, 10), None)?;
/// assert_eq!((churn.beginning(), churn.lost(), churn.won(), churn.end()), (3, 1, 1, 3));
/// assert_eq!(churn.rate().to_string(), "1 of 3");
/// # Ok::<(), customer_value::lifecycle::retention::RetentionError>(())
/// ```
#[doc(alias = "流失率")]
#[doc(alias = "客户流失")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Churn {
    period: Period,
    lost: Share,
    won_and_lost: Share,
}

impl Churn {
    /// A tally without contracts, as known at the close of `as_of`.
    ///
    /// # Errors
    /// [`NotOver`](RetentionError::NotOver) if the period has days after `as_of`: what is not over has no rate yet.
    pub fn new(period: Period, as_of: NaiveDate) -> Result<Churn, RetentionError> {
        if !is_over(period, as_of) {
            return Err(RetentionError::NotOver { period, as_of });
        }
        Ok(Churn { period, lost: Share::default(), won_and_lost: Share::default() })
    }

    /// A tally from numbers that were counted elsewhere: of `beginning` contracts so many were `lost`; `won` are new in the period, of
    /// which so many were lost within it.
    ///
    /// # Errors
    /// [`Share`](RetentionError::Share) for 3 lost of 2; [`TooLarge`](RetentionError::TooLarge) for more than 2⁶⁴ − 1 contracts.
    pub fn of_counts(period: Period, beginning: u64, lost: u64, won: u64, won_and_lost: u64) -> Result<Churn, RetentionError> {
        beginning.checked_add(won).ok_or(RetentionError::TooLarge)?;
        Ok(Churn { period, lost: Share::new(lost, beginning)?, won_and_lost: Share::new(won_and_lost, won)? })
    }

    /// Counts a contract, if it was in force in the period or on the day before. `end` is the first day without it.
    ///
    /// # Errors
    /// [`BeforeFirst`](RetentionError::BeforeFirst) for an end before the beginning; [`TooLarge`](RetentionError::TooLarge). Nothing is
    /// counted then.
    pub fn push(&mut self, from: NaiveDate, end: Option<NaiveDate>) -> Result<(), RetentionError> {
        if let Some(day) = end.filter(|end| *end < from) {
            return Err(RetentionError::BeforeFirst { day, first: from });
        }
        let (opens, closes) = (self.period.from(), self.period.until());
        let gone = end.is_some_and(|end| end < closes);
        // A contract of no day was never in force.
        let counts = from < closes && end.is_none_or(|end| end >= opens && end > from);
        let (beginning, won) = (counts && from < opens, counts && from >= opens);
        let one = |of: bool| Share::new((of && gone).into(), of.into());
        self.merge(&Churn { period: self.period, lost: one(beginning)?, won_and_lost: one(won)? })
    }

    /// Takes in a tally of other contracts.
    ///
    /// # Errors
    /// [`OtherPlan`](RetentionError::OtherPlan) for another period; [`TooLarge`](RetentionError::TooLarge). Nothing is taken in then.
    pub fn merge(&mut self, other: &Churn) -> Result<(), RetentionError> {
        if self.period != other.period {
            return Err(RetentionError::OtherPlan);
        }
        let add = |one: Share, other: Share| one.try_add(other).map_err(|_| RetentionError::TooLarge);
        let (lost, won_and_lost) = (add(self.lost, other.lost)?, add(self.won_and_lost, other.won_and_lost)?);
        lost.whole().checked_add(won_and_lost.whole()).ok_or(RetentionError::TooLarge)?;
        (self.lost, self.won_and_lost) = (lost, won_and_lost);
        Ok(())
    }

    /// The period.
    pub const fn period(&self) -> Period {
        self.period
    }

    /// Contracts in force on the day before the period.
    pub const fn beginning(&self) -> u64 {
        self.lost.whole()
    }

    /// Those of them that ended within the period.
    pub const fn lost(&self) -> u64 {
        self.lost.part()
    }

    /// Contracts that began within the period, those that ended in it too among them.
    pub const fn won(&self) -> u64 {
        self.won_and_lost.whole()
    }

    /// Contracts that began and ended within the period.
    pub const fn won_and_lost(&self) -> u64 {
        self.won_and_lost.part()
    }

    /// Contracts in force on the last day of the period: the beginning of the next one.
    pub const fn end(&self) -> u64 {
        self.lost.rest().part() + self.won_and_lost.rest().part() // checked when they were counted
    }

    /// The churn rate: those lost, of those at the beginning.
    pub const fn rate(&self) -> Share {
        self.lost
    }

    /// The retention rate: those kept, of those at the beginning. With the churn rate it makes one, exactly.
    pub const fn retention(&self) -> Share {
        self.lost.rest()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Churn")]
struct Wire {
    period: Period,
    beginning: u64,
    lost: u64,
    won: u64,
    won_and_lost: u64,
}

impl TryFrom<Wire> for Churn {
    type Error = RetentionError;

    fn try_from(w: Wire) -> Result<Churn, RetentionError> {
        Churn::of_counts(w.period, w.beginning, w.lost, w.won, w.won_and_lost)
    }
}

impl From<Churn> for Wire {
    fn from(c: Churn) -> Wire {
        let (beginning, lost, won, won_and_lost) = (c.beginning(), c.lost(), c.won(), c.won_and_lost());
        Wire { period: c.period, beginning, lost, won, won_and_lost }
    }
}
