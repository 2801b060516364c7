use super::{CalendarError, TimeError, in_range};
use alloc::string::{String, ToString};
use chrono::{Datelike, NaiveDate};
use core::{fmt, str::FromStr};
use serde::{Deserialize, Serialize};

/// A day that comes back every year: 11 November, a birthday.
///
/// 29 February is one too; what stands for it in common years is said where a date is asked for. On the wire: `"02-29"`.
///
/// ```
/// use customer_value::calendar::{DayOfYear, LeapDay};
///
/// let day: DayOfYear = "02-29".parse()?;
/// assert_eq!(day.in_year(2024, LeapDay::February28)?, "2024-02-29".parse()?);
/// assert_eq!(day.in_year(2025, LeapDay::February28)?, "2025-02-28".parse()?);
/// assert_eq!(day.in_year(2025, LeapDay::March1)?, "2025-03-01".parse()?);
/// assert!(DayOfYear::new(2, 30).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayOfYear {
    month: u8,
    day: u8,
}

/// Which day stands for 29 February in a common year. On the wire: `"february28"`, `"march1"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeapDay {
    /// 28 February.
    #[default]
    February28,
    /// 1 March.
    March1,
}

/// A leap year: it has every day.
const LEAP_YEAR: i32 = 2000;

impl DayOfYear {
    /// The day of that month, 1 to 12, if any year has it.
    ///
    /// # Errors
    /// [`NoSuchDay`](CalendarError::NoSuchDay) for 30 February and for month 13.
    pub fn new(month: u8, day: u8) -> Result<DayOfYear, CalendarError> {
        let found = NaiveDate::from_ymd_opt(LEAP_YEAR, month.into(), day.into());
        found.map(|_| DayOfYear { month, day }).ok_or(CalendarError::NoSuchDay { month, day })
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The day in that year.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) outside the years 1 to 9999.
    pub fn in_year(self, year: i32, leap_day: LeapDay) -> Result<NaiveDate, CalendarError> {
        let found = NaiveDate::from_ymd_opt(year, self.month.into(), self.day.into());
        let instead = match leap_day {
            LeapDay::February28 => (2, 28),
            LeapDay::March1 => (3, 1),
        };
        in_range(found.or_else(|| NaiveDate::from_ymd_opt(year, instead.0, instead.1)).ok_or(CalendarError::OutOfRange)?)
    }

    /// The first such day after a date.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if that is after the year 9999.
    pub fn next_after(self, date: NaiveDate, leap_day: LeapDay) -> Result<NaiveDate, CalendarError> {
        let here = self.in_year(date.year(), leap_day)?;
        if here > date { Ok(here) } else { self.in_year(date.year() + 1, leap_day) }
    }
}

impl From<NaiveDate> for DayOfYear {
    #[allow(clippy::cast_possible_truncation)] // at most 12 and 31
    fn from(date: NaiveDate) -> DayOfYear {
        DayOfYear { month: date.month() as u8, day: date.day() as u8 }
    }
}

impl FromStr for DayOfYear {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<DayOfYear, TimeError> {
        let two =
            |digits: &str| (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten();
        let read = text.split_once('-').and_then(|(month, day)| DayOfYear::new(two(month)?, two(day)?).ok());
        read.ok_or_else(|| TimeError(text.into()))
    }
}

impl TryFrom<String> for DayOfYear {
    type Error = TimeError;

    fn try_from(text: String) -> Result<DayOfYear, TimeError> {
        text.parse()
    }
}

impl From<DayOfYear> for String {
    fn from(day: DayOfYear) -> String {
        day.to_string()
    }
}

impl fmt::Display for DayOfYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}
