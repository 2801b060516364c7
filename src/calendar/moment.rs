use super::{CalendarError, TimeError, from_day_number, to_day_number};
use alloc::string::{String, ToString};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use core::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};
use serde::{Deserialize, Serialize};

/// The farthest that a clock stands from UTC, in minutes.
pub(super) const MOST_OFFSET: i16 = 18 * 60;

/// Seconds in a day.
const DAY: i64 = 24 * 60 * 60;

/// A second in time, with the offset from UTC of the clock on which it was read.
///
/// Moments compare as points in time, whatever the clocks: 10:00 at +08:00 is 02:00 at +00:00. The offset is kept because quiet hours and
/// holidays are read from a clock on somebody's wall. Offsets are given and never looked up: which one holds where on which day (summer
/// time) is the caller's part. Fractions of a second are cut off; a leap second is the second before it.
///
/// On the wire and in print as RFC 3339 has it: `"2024-02-29T21:00:00+08:00"`.
///
/// ```
/// use customer_value::calendar::Moment;
///
/// let call: Moment = "2024-02-29T21:00:00+08:00".parse()?;
/// assert_eq!(call, "2024-02-29T13:00:00Z".parse()?);
/// assert_eq!(call.plus_minutes(180)?.to_string(), "2024-03-01T00:00:00+08:00");
/// assert_eq!(call.at_offset(0)?.to_string(), "2024-02-29T13:00:00+00:00");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "时刻")]
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z, by which moments compare.
    instant: i64,
    /// Minutes.
    offset: i16,
}

impl Moment {
    /// The last second of the year 9999 in UTC.
    pub(crate) const LAST: Moment = Moment { instant: 253_402_300_799, offset: 0 };

    /// What a clock shows that is so many minutes ahead of UTC (behind, if negative).
    ///
    /// # Errors
    /// [`BadOffset`](CalendarError::BadOffset) beyond 18 hours; [`OutOfRange`](CalendarError::OutOfRange) outside the years 1 to 9999.
    pub fn new(local: NaiveDateTime, offset_minutes: i16) -> Result<Moment, CalendarError> {
        let instant = local.and_utc().timestamp() - i64::from(check_offset(offset_minutes)?) * 60;
        Moment { instant, offset: offset_minutes }.checked()
    }

    /// What the clock shows.
    pub const fn local(&self) -> NaiveDateTime {
        match DateTime::from_timestamp(self.shown(), 0) {
            Some(shown) => shown.naive_utc(),
            None => NaiveDateTime::MIN, // never: every moment came from a date
        }
    }

    /// The day on that clock.
    pub const fn date(&self) -> NaiveDate {
        self.local().date()
    }

    /// How many minutes the clock is ahead of UTC; negative behind.
    pub const fn offset_minutes(&self) -> i16 {
        self.offset
    }

    /// The same moment on another clock.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn at_offset(self, offset_minutes: i16) -> Result<Moment, CalendarError> {
        Moment { offset: check_offset(offset_minutes)?, ..self }.checked()
    }

    /// So many minutes later (earlier, if negative), on the same clock.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if that leaves the years 1 to 9999.
    pub fn plus_minutes(self, minutes: i64) -> Result<Moment, CalendarError> {
        self.plus_seconds(minutes.checked_mul(60).ok_or(CalendarError::OutOfRange)?)
    }

    /// Seconds from another moment to this one; negative if the other is later.
    pub fn seconds_since(&self, other: &Moment) -> i64 {
        self.instant - other.instant // both within ten thousand years
    }

    pub(crate) fn plus_seconds(self, seconds: i64) -> Result<Moment, CalendarError> {
        Moment { instant: self.instant.checked_add(seconds).ok_or(CalendarError::OutOfRange)?, ..self }.checked()
    }

    /// The start of a day on a clock. The offset has been checked.
    pub(crate) fn start_of(day: NaiveDate, offset: i16) -> Moment {
        Moment { instant: i64::from(to_day_number(day)) * DAY - i64::from(offset) * 60, offset }
    }

    /// The second of the day that the clock shows.
    pub(crate) fn second_of_day(&self) -> u32 {
        u32::try_from(self.shown().rem_euclid(DAY)).unwrap_or(0) // less than a day
    }

    /// Whether it is the same moment, read on the same clock.
    pub(crate) fn is_identical(&self, other: &Moment) -> bool {
        self == other && self.offset == other.offset
    }

    /// What the clock shows, as seconds since it showed 1970-01-01T00:00:00.
    const fn shown(&self) -> i64 {
        self.instant.saturating_add(self.offset as i64 * 60)
    }

    /// The moment, if its clock shows one of the years 1 to 9999.
    fn checked(self) -> Result<Moment, CalendarError> {
        let day = i32::try_from(self.shown().div_euclid(DAY)).map_err(|_| CalendarError::OutOfRange)?;
        from_day_number(day).map(|_| self)
    }
}

pub(crate) fn check_offset(minutes: i16) -> Result<i16, CalendarError> {
    if (-MOST_OFFSET..=MOST_OFFSET).contains(&minutes) { Ok(minutes) } else { Err(CalendarError::BadOffset(minutes)) }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Moment) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Moment) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Moment) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Hash for Moment {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl FromStr for Moment {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Moment, TimeError> {
        let wrong = || TimeError(text.into());
        let read = DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?;
        let offset = i16::try_from(read.offset().local_minus_utc() / 60).map_err(|_| wrong())?;
        let offset = check_offset(offset).map_err(|_| wrong())?;
        Moment { instant: read.timestamp(), offset }.checked().map_err(|_| wrong())
    }
}

impl TryFrom<String> for Moment {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Moment, TimeError> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> String {
        moment.to_string()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, minutes) = (if self.offset < 0 { '-' } else { '+' }, self.offset.unsigned_abs());
        let local = self.local();
        write!(f, "{}T{}{sign}{:02}:{:02}", local.date(), local.time(), minutes / 60, minutes % 60)
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
