use super::Opportunities;
use crate::{
    calendar::{CalendarError, day_number, days_from, months_from},
    value::lifetime::LifetimeError,
};
use alloc::{collections::BTreeSet, vec::Vec};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Time cut into periods of one length, each of them an opportunity: calendar years, quarters, weeks from Monday.
///
/// ```
/// use customer_value::{NaiveDate, value::lifetime::discrete::{Opportunities, OpportunityCalendar}};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// let years = OpportunityCalendar::months(day(2000, 1, 1), 12)?;
/// let gifts = [day(1995, 3, 8), day(1995, 12, 20), day(1996, 12, 1), day(1998, 5, 5), day(1998, 6, 5), day(2002, 1, 2)];
/// let counted = years.count(gifts, day(2001, 12, 31))?.unwrap();
/// // 1995 made a donor of them; six years since, two of them taken.
/// assert_eq!(counted.opportunities, Opportunities::new(2, 3, 6)?);
/// assert_eq!((counted.merged, counted.unfinished, counted.later), (2, 0, 1));
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct OpportunityCalendar {
    from: NaiveDate,
    length: Length,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Length {
    Days(u16),
    Months(u16),
}

/// What became of a customer's purchases on the way to [`Opportunities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Counted {
    /// The summary: periods after that of the first purchase which had ended by the day of observation.
    pub opportunities: Opportunities,
    /// Purchases that fell into a period that had one already, and so count no more.
    pub merged: u32,
    /// Periods with purchases that had not ended by the day of observation: no opportunity yet, so their purchases do not count yet.
    pub unfinished: u32,
    /// Purchases after the day of observation, which do not count.
    pub later: u32,
}

impl OpportunityCalendar {
    /// Periods of so many days, one of which begins on a day.
    ///
    /// # Errors
    /// [`CalendarError::EmptyWindow`] for 0 days; [`CalendarError::OutOfRange`] for a day outside the years 1 to 9999.
    pub fn days(from: NaiveDate, days: u16) -> Result<OpportunityCalendar, LifetimeError> {
        OpportunityCalendar::new(from, Length::Days(days))
    }

    /// Periods of so many months, one of which begins on a day. Where a month lacks the day, the period begins on its last one.
    ///
    /// # Errors
    /// As [`days`](OpportunityCalendar::days).
    pub fn months(from: NaiveDate, months: u16) -> Result<OpportunityCalendar, LifetimeError> {
        OpportunityCalendar::new(from, Length::Months(months))
    }

    fn new(from: NaiveDate, length: Length) -> Result<OpportunityCalendar, LifetimeError> {
        day_number(from)?;
        match length {
            Length::Days(0) | Length::Months(0) => Err(CalendarError::EmptyWindow.into()),
            _ => Ok(OpportunityCalendar { from, length }),
        }
    }

    /// The first day of the period with a number; that of the calendar's own first day is 0.
    fn start(self, period: i32) -> Result<NaiveDate, CalendarError> {
        let times = |length: u16| period.checked_mul(length.into()).ok_or(CalendarError::OutOfRange);
        match self.length {
            Length::Days(days) => days_from(self.from, times(days)?),
            Length::Months(months) => months_from(self.from, times(months)?),
        }
    }

    /// The number of the period that a day is in.
    fn place(self, day: NaiveDate) -> Result<i32, CalendarError> {
        let number = day_number(day)?;
        match self.length {
            Length::Days(days) => Ok((number - day_number(self.from)?).div_euclid(days.into())),
            Length::Months(months) => {
                let month = |d: NaiveDate| d.year() * 12 + i32::try_from(d.month0()).unwrap_or(0);
                let away = month(day) - month(self.from);
                // In the month in which a period begins, the day before belongs to the one before.
                let before = i32::from(months_from(self.from, away).is_ok_and(|begins| day < begins));
                Ok((away - before).div_euclid(months.into()))
            }
        }
    }

    /// The opportunities of a customer with purchases on these days, in any order, as of the close of a day. `None` if they had not bought
    /// by then. The period of the first purchase makes a customer of them; every one after it that has ended is an opportunity.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] for a day outside the years 1 to 9999; [`LifetimeError::BadOpportunities`] for more than 65535.
    pub fn count(
        &self,
        purchases: impl IntoIterator<Item = NaiveDate>,
        as_of: NaiveDate,
    ) -> Result<Option<Counted>, LifetimeError> {
        let mut running = self.place(as_of)?;
        // On its last day, a period ends.
        if days_from(as_of, 1).is_ok_and(|next| self.start(running + 1) == Ok(next)) {
            running += 1;
        }
        let (mut taken, mut merged, mut later) = (BTreeSet::new(), 0_u32, 0_u32);
        for day in purchases {
            let place = self.place(day)?;
            if day > as_of {
                later = later.saturating_add(1);
            } else if !taken.insert(place) {
                merged = merged.saturating_add(1);
            }
        }
        let Some(first) = taken.pop_first() else { return Ok(None) };
        let ended: Vec<i32> = taken.iter().copied().filter(|place| *place < running).collect();
        let unfinished = u32::from(taken.len() > ended.len());
        let n = (running - first - 1).max(0).unsigned_abs();
        let t_x = ended.last().map_or(0, |last| (last - first).unsigned_abs());
        let x = u32::try_from(ended.len()).unwrap_or(u32::MAX);
        let bad = |_| LifetimeError::BadOpportunities { x, t_x, n };
        let opportunities =
            Opportunities::new(u16::try_from(x).map_err(bad)?, u16::try_from(t_x).map_err(bad)?, u16::try_from(n).map_err(bad)?)?;
        Ok(Some(Counted { opportunities, merged, unfinished, later }))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "OpportunityCalendar")]
struct Wire {
    from: NaiveDate,
    length: Length,
}

impl TryFrom<Wire> for OpportunityCalendar {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<OpportunityCalendar, LifetimeError> {
        OpportunityCalendar::new(w.from, w.length)
    }
}

impl From<OpportunityCalendar> for Wire {
    fn from(c: OpportunityCalendar) -> Wire {
        Wire { from: c.from, length: c.length }
    }
}
