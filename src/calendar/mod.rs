//! Business dates: half-open periods, windows that end at a date, months counted from an anchor.
//!
//! Time is an argument everywhere: this crate has no clock. A date is the business's own day (what its books call today); turning
//! time stamps into business days, with the business's time zone and closing hour, is the caller's part. *As of* a date means: at
//! the close of that day, with the day's own records known.
//!
//! ```
//! use customer_value::calendar::{Period, Window};
//! use chrono::NaiveDate;
//!
//! let as_of = NaiveDate::from_ymd_opt(2011, 12, 9).unwrap();
//! let year = Window::Months(12).ending(as_of)?;
//! assert_eq!(year.to_string(), "2010-12-10..2011-12-10"); // the end is the first day outside
//! assert!(year.contains(as_of));
//! assert_eq!(year.days(), 365);
//! # Ok::<(), customer_value::calendar::CalendarError>(())
//! ```
//!
//! Where hours count, as they do when a customer waits for an answer, there are [`Moment`] and [`TimeOfDay`]; which day a moment belongs
//! to, and when a day begins, is told by a [`Zone`]. A date that comes back every year is a [`DayOfYear`].

mod day_of_year;
mod moment;
mod period;
mod time_of_day;
mod window;
mod zone;

pub use day_of_year::{DayOfYear, LeapDay};
pub use moment::Moment;
pub(crate) use moment::check_offset;
pub use period::Period;
pub use time_of_day::TimeOfDay;
pub use window::Window;
pub use zone::{Zone, ZoneChange};

use alloc::string::String;
use chrono::{Datelike, Months, NaiveDate};
use thiserror::Error;

/// What can be wrong with a date or a span of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// A period must end after it begins.
    #[error("period {from}..{until} has no day in it")]
    EmptyPeriod {
        /// First day inside.
        from: NaiveDate,
        /// First day outside.
        until: NaiveDate,
    },
    /// The date lies outside the years 1 to 9999, which is all that this crate computes with.
    #[error("date out of range: only the years 0001 to 9999 can be used")]
    OutOfRange,
    /// A window of no days or no months.
    #[error("a window must be at least one day or month long")]
    EmptyWindow,
    /// A clock more than 18 hours from UTC, in minutes.
    #[error("a clock {0} minutes from UTC; at most 1080 are possible")]
    BadOffset(i16),
    /// The changes of a zone's clock must follow each other: this one is not after the one before it.
    #[error("the change of the clock at {0} is not after the one before it")]
    ChangesNotInOrder(Moment),
    /// A day that no year has.
    #[error("no year has a day {day} in month {month}")]
    NoSuchDay {
        /// The month.
        month: u8,
        /// The day of the month.
        day: u8,
    },
}

/// A text that is no [`Moment`], no [`TimeOfDay`], or no [`DayOfYear`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{0:?} is neither a moment such as 2024-02-29T21:00:00+08:00, nor a time of day such as 21:00, nor a day of the year such as 02-29"
)]
pub struct TimeError(pub String);

/// The date that many months after the anchor (before it, if negative): same day of the month, or the month's last day where that
/// day does not exist.
///
/// Steps are always counted from the anchor, never from the previous step, so a series that starts on the 31st returns to the 31st
/// after every short month; and 29 February is answered by 28 February in common years and by itself in leap years.
///
/// # Errors
/// [`CalendarError::OutOfRange`] if the result leaves the years 1 to 9999.
///
/// ```
/// use customer_value::calendar::months_from;
/// use chrono::NaiveDate;
///
/// let anchor = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
/// let ends: Vec<String> = (1..=3).map(|n| months_from(anchor, n).map(|d| d.to_string())).collect::<Result<_, _>>()?;
/// assert_eq!(ends, ["2024-02-29", "2024-03-31", "2024-04-30"]);
/// # Ok::<(), customer_value::calendar::CalendarError>(())
/// ```
pub fn months_from(anchor: NaiveDate, months: i32) -> Result<NaiveDate, CalendarError> {
    let step = Months::new(months.unsigned_abs());
    let moved = if months < 0 { anchor.checked_sub_months(step) } else { anchor.checked_add_months(step) };
    in_range(moved.ok_or(CalendarError::OutOfRange)?)
}

/// The date that many days later (earlier, if negative).
///
/// # Errors
/// [`CalendarError::OutOfRange`] if the result leaves the years 1 to 9999.
pub fn days_from(anchor: NaiveDate, days: i32) -> Result<NaiveDate, CalendarError> {
    in_range(anchor.checked_add_signed(chrono::TimeDelta::days(days.into())).ok_or(CalendarError::OutOfRange)?)
}

/// The number of a day in the count that column files use: days since 1970-01-01, negative before.
///
/// # Errors
/// [`CalendarError::OutOfRange`] outside the years 1 to 9999.
///
/// ```
/// use customer_value::calendar::{day_number, from_day_number};
/// use chrono::NaiveDate;
///
/// let date = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
/// assert_eq!(day_number(date), Ok(18_993));
/// assert_eq!(from_day_number(18_993), Ok(date));
/// ```
pub fn day_number(date: NaiveDate) -> Result<i32, CalendarError> {
    in_range(date).map(to_day_number)
}

/// The date with that number; see [`day_number`].
///
/// # Errors
/// [`CalendarError::OutOfRange`] outside the years 1 to 9999.
pub fn from_day_number(day: i32) -> Result<NaiveDate, CalendarError> {
    in_range(NaiveDate::from_epoch_days(day).ok_or(CalendarError::OutOfRange)?)
}

pub(crate) fn in_range(date: NaiveDate) -> Result<NaiveDate, CalendarError> {
    if (1..=9999).contains(&date.year()) { Ok(date) } else { Err(CalendarError::OutOfRange) }
}

/// As [`day_number`], for a date that has been checked.
pub(crate) fn to_day_number(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// Whole days from the earlier to the later date; 0 if they are the other way round. (The first day is not counted: Civil Code of
/// the PRC, article 201.)
pub(crate) fn days_between(earlier: NaiveDate, later: NaiveDate) -> u32 {
    u32::try_from(later.signed_duration_since(earlier).num_days()).unwrap_or(0)
}
