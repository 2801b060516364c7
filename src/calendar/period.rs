use super::{CalendarError, days_between, in_range, months_from};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// A span of days, half-open: `from` is inside, `until` is the first day outside.
///
/// Periods that share an end leave no gap and no overlap. On the wire: `{"from":"2011-01-01","until":"2012-01-01"}`.
///
/// ```
/// use customer_value::calendar::Period;
///
/// let year = Period::year(2012)?;
/// assert_eq!(year.days(), 366);
/// assert_eq!(year.split(3)?.len(), 4); // quarters
/// # Ok::<(), customer_value::calendar::CalendarError>(())
/// ```
#[doc(alias = "期间")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Period {
    from: NaiveDate,
    until: NaiveDate,
}

impl Period {
    /// The days from `from` up to but not including `until`.
    ///
    /// # Errors
    /// [`CalendarError::EmptyPeriod`] if `until` is not after `from`; [`CalendarError::OutOfRange`] outside the years 1 to 9999.
    pub fn new(from: NaiveDate, until: NaiveDate) -> Result<Period, CalendarError> {
        if from >= until {
            return Err(CalendarError::EmptyPeriod { from, until });
        }
        Ok(Period { from: in_range(from)?, until: in_range(until)? })
    }

    /// A calendar year, 1 to 9998.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] for the years 0 and 9999.
    pub fn year(year: i32) -> Result<Period, CalendarError> {
        let first = |y| NaiveDate::from_ymd_opt(y, 1, 1).ok_or(CalendarError::OutOfRange);
        Period::new(first(year)?, first(year.checked_add(1).ok_or(CalendarError::OutOfRange)?)?)
    }

    /// The first day inside.
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The first day outside.
    pub const fn until(&self) -> NaiveDate {
        self.until
    }

    /// Number of days inside, at least 1.
    pub fn days(&self) -> u32 {
        days_between(self.from, self.until)
    }

    /// Whether the day lies inside.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.until
    }

    /// The days inside both, if there are any.
    pub fn overlap(&self, other: &Period) -> Option<Period> {
        Period::new(self.from.max(other.from), self.until.min(other.until)).ok()
    }

    /// The period cut into pieces of so many months, counted from its first day; the last piece may be shorter.
    ///
    /// # Errors
    /// [`CalendarError::EmptyWindow`] for 0 months.
    pub fn split(&self, months: u16) -> Result<Vec<Period>, CalendarError> {
        if months == 0 {
            return Err(CalendarError::EmptyWindow);
        }
        let mut pieces = Vec::new();
        let mut from = self.from;
        for step in 1.. {
            // Past the last usable year the piece is the rest.
            let next = months_from(self.from, i32::from(months).saturating_mul(step)).unwrap_or(self.until);
            let until = next.min(self.until);
            pieces.push(Period { from, until });
            from = until;
            if from == self.until {
                break;
            }
        }
        Ok(pieces)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.until)
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Period")]
struct Wire {
    from: NaiveDate,
    until: NaiveDate,
}

impl TryFrom<Wire> for Period {
    type Error = CalendarError;

    fn try_from(w: Wire) -> Result<Period, CalendarError> {
        Period::new(w.from, w.until)
    }
}

impl From<Period> for Wire {
    fn from(p: Period) -> Wire {
        Wire { from: p.from, until: p.until }
    }
}
