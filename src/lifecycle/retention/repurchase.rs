use super::{RetentionError, purchase_days};
use crate::{
    calendar::{CalendarError, days_between, in_range},
    customer::Purchases,
    quantity::Share,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How many customers bought again within so many days of their first purchase, of those who were observed for so long.
///
/// The unit is the day with a purchase, as in [`RepeatPurchases`](crate::value::RepeatPurchases): a second purchase on the first day is no
/// repurchase; one on day `days` is. A customer whose first purchase lies fewer days back is counted apart, even one who has bought
/// again already: counting only those of the young who are fast would raise the rate.
///
/// Merges as a commutative monoid over customers.
///
/// ```
/// use customer_value::lifecycle::retention::Repurchase;
/// use chrono::NaiveDate;
///
/// let day = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
/// let mut again = Repurchase::new(30, day(3, 31))?;
/// again.push(day(1, 1), [day(1, 31)])?; // on day 30
/// again.push(day(1, 1), [day(2, 1)])?; // on day 31
/// again.push(day(3, 2), [day(3, 3)])?; // observed for 29 days
/// assert_eq!((again.share().to_string(), again.too_recent()), ("1 of 2".into(), 1));
/// # Ok::<(), customer_value::lifecycle::retention::RetentionError>(())
/// ```
#[doc(alias = "回购率")]
#[doc(alias = "复购率")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Repurchase {
    days: u32,
    as_of: NaiveDate,
    share: Share,
    too_recent: u64,
}

impl Repurchase {
    /// A tally of nobody: within so many days, as known at the close of `as_of`.
    ///
    /// # Errors
    /// [`Calendar`](RetentionError::Calendar) for 0 days, or a date outside the years 1 to 9999.
    pub fn new(days: u32, as_of: NaiveDate) -> Result<Repurchase, RetentionError> {
        if days == 0 {
            return Err(CalendarError::EmptyWindow.into());
        }
        Ok(Repurchase { days, as_of: in_range(as_of)?, share: Share::default(), too_recent: 0 })
    }

    /// Counts a customer by the day of the first purchase and the days of the others, in any order.
    ///
    /// # Errors
    /// [`AfterEnd`](RetentionError::AfterEnd) for a day after `as_of`; [`BeforeFirst`](RetentionError::BeforeFirst) for a day before the
    /// first; [`Calendar`](RetentionError::Calendar) for a date outside the years 1 to 9999; [`TooLarge`](RetentionError::TooLarge) for the
    /// 2⁶⁴th customer. Nothing is counted then.
    pub fn push(&mut self, first: NaiveDate, others: impl IntoIterator<Item = NaiveDate>) -> Result<(), RetentionError> {
        let (first, as_of) = (in_range(first)?, self.as_of);
        if first > as_of {
            return Err(RetentionError::AfterEnd { day: first, as_of });
        }
        let mut again = false;
        for day in others {
            if day > as_of {
                return Err(RetentionError::AfterEnd { day, as_of });
            }
            if day < first {
                return Err(RetentionError::BeforeFirst { day, first });
            }
            again |= (1..=self.days).contains(&days_between(first, day));
        }
        let observed = days_between(first, as_of) >= self.days;
        let share = Share::new(u64::from(again && observed), observed.into())?;
        self.merge(&Repurchase { share, too_recent: (!observed).into(), ..*self })
    }

    /// Counts a customer by settled purchases. One without purchases is not counted.
    ///
    /// # Errors
    /// [`OtherDay`](RetentionError::OtherDay) for purchases settled as of another day; as [`push`](Repurchase::push).
    pub fn push_purchases(&mut self, purchases: &Purchases) -> Result<(), RetentionError> {
        match purchase_days(purchases, self.as_of)? {
            Some((first, others)) => self.push(first, others),
            None => Ok(()),
        }
    }

    /// Takes in a tally of other customers.
    ///
    /// # Errors
    /// [`OtherPlan`](RetentionError::OtherPlan) for other days; [`TooLarge`](RetentionError::TooLarge). Nothing is taken in then.
    pub fn merge(&mut self, other: &Repurchase) -> Result<(), RetentionError> {
        if (self.days, self.as_of) != (other.days, other.as_of) {
            return Err(RetentionError::OtherPlan);
        }
        let share = self.share.try_add(other.share).map_err(|_| RetentionError::TooLarge)?;
        self.too_recent = self.too_recent.checked_add(other.too_recent).ok_or(RetentionError::TooLarge)?;
        self.share = share;
        Ok(())
    }

    /// Within how many days.
    pub const fn days(&self) -> u32 {
        self.days
    }

    /// Those who bought again in time, of those observed for so long.
    pub const fn share(&self) -> Share {
        self.share
    }

    /// Customers who were not yet observed for so long. They are in neither part of the share.
    pub const fn too_recent(&self) -> u64 {
        self.too_recent
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Repurchase")]
struct Wire {
    days: u32,
    as_of: NaiveDate,
    share: Share,
    too_recent: u64,
}

impl TryFrom<Wire> for Repurchase {
    type Error = RetentionError;

    fn try_from(w: Wire) -> Result<Repurchase, RetentionError> {
        Ok(Repurchase { share: w.share, too_recent: w.too_recent, ..Repurchase::new(w.days, w.as_of)? })
    }
}

impl From<Repurchase> for Wire {
    fn from(r: Repurchase) -> Wire {
        Wire { days: r.days, as_of: r.as_of, share: r.share, too_recent: r.too_recent }
    }
}
