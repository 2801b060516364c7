use crate::calendar::{CalendarError, DayOfYear, LeapDay, days_from, in_range};
use alloc::{format, string::String};
use chrono::{Datelike, NaiveDate};
use core::num::NonZeroU8;
use serde::{Deserialize, Serialize};

/// A day on which members are given something once: a birthday, the day they joined, a day of the year.
///
/// What tells whether it was given is a key, which the caller keeps: asked on any day, however often, after a job that was not run, and
/// with a birth date that has been changed since, a key is due at most once. Only the latest such day is ever due, and only within
/// `catch_up_days` after it.
///
/// On the wire: `{"birthday":{"leap_day":"february28","known_days":30,"catch_up_days":30}}`, `{"joining":{"every_years":1}}`,
/// `{"each_year":{"day":"11-11"}}`; what is left out is the default, 28 February and 30 days.
///
/// ```
/// use customer_value::loyalty::{Occasion, OccasionDates, OccasionVerdict};
///
/// let birthday = Occasion::birthday();
/// let dates = OccasionDates::new().born("1990-05-04".parse()?, "2024-01-10".parse()?);
/// let Ok(OccasionVerdict::Due { key, day }) = birthday.due(&dates, "2026-05-06".parse()?, |_| false) else { panic!() };
/// assert_eq!((key.as_str(), day), ("birthday 2026", "2026-05-04".parse()?)); // two days late, and still due
/// let again = birthday.due(&dates, "2026-05-07".parse()?, |key| key == "birthday 2026")?;
/// assert_eq!(again, OccasionVerdict::Already { key, day, next: "2027-05-04".parse()? });
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "生日礼遇")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Occasion {
    /// A birthday. The key is the year of the birthday, so that a changed birth date gives no second one in that year.
    Birthday {
        /// When those born on 29 February have theirs in common years.
        #[serde(default)]
        leap_day: LeapDay,
        /// The birth date must have been on file, as it is, for so many days before the birthday.
        #[serde(default = "thirty")]
        known_days: u16,
        /// It can still be given so many days after the birthday; 0 for that day only.
        #[serde(default = "thirty")]
        catch_up_days: u16,
    },
    /// So many years after joining. The key is their number.
    Joining {
        /// When those who joined on 29 February have theirs in common years.
        #[serde(default)]
        leap_day: LeapDay,
        /// Every so many years, counted from joining.
        #[serde(default = "one")]
        every_years: NonZeroU8,
        /// As for a birthday.
        #[serde(default = "thirty")]
        catch_up_days: u16,
    },
    /// A day of the year, for those who have joined by then. The key is the year and the day of it.
    EachYear {
        /// The day.
        day: DayOfYear,
        /// When 29 February is in common years.
        #[serde(default)]
        leap_day: LeapDay,
        /// As for a birthday.
        #[serde(default = "thirty")]
        catch_up_days: u16,
    },
}

/// What is known of a member's days. It is passed to [`Occasion::due`] and kept nowhere here; whoever stores a birth date treats it as
/// personal data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OccasionDates {
    birth: Option<(NaiveDate, NaiveDate)>,
    joined: Option<NaiveDate>,
}

/// Whether an occasion is due.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum OccasionVerdict {
    /// Grant it, and keep the key.
    Due {
        /// What tells this grant from all others of the same member and the same kind of occasion.
        key: String,
        /// The birthday, the anniversary, the day.
        day: NaiveDate,
    },
    /// It has been granted.
    Already {
        /// The key that is kept.
        key: String,
        /// The day it was granted for.
        day: NaiveDate,
        /// The next such day.
        next: NaiveDate,
    },
    /// The member has not had such a day yet.
    NotYet {
        /// The first.
        next: NaiveDate,
    },
    /// It was not granted, and it is too late.
    Missed {
        /// The key that is missing.
        key: String,
        /// The day it would have been granted for.
        day: NaiveDate,
        /// The last day on which it could have been.
        until: NaiveDate,
        /// The next such day.
        next: NaiveDate,
    },
    /// The birth date has not been on file for long enough before the birthday.
    TooNew {
        /// The birthday.
        day: NaiveDate,
        /// The day since which the birth date has been on file.
        known_since: NaiveDate,
        /// The next birthday.
        next: NaiveDate,
    },
    /// The date it counts from is not known.
    Unknown,
}

const fn thirty() -> u16 {
    30
}

const fn one() -> NonZeroU8 {
    NonZeroU8::MIN
}

impl OccasionDates {
    /// Nothing is known.
    pub const fn new() -> OccasionDates {
        OccasionDates { birth: None, joined: None }
    }

    /// Born on a day; the date has been on file, as it is, since another.
    #[must_use]
    pub const fn born(self, on: NaiveDate, known_since: NaiveDate) -> OccasionDates {
        OccasionDates { birth: Some((on, known_since)), ..self }
    }

    /// Joined the programme on a day.
    #[must_use]
    pub const fn joined(self, on: NaiveDate) -> OccasionDates {
        OccasionDates { joined: Some(on), ..self }
    }
}

/// The days of one occasion of one member: the same day of the year, every so many years.
struct Days {
    day: DayOfYear,
    leap_day: LeapDay,
    /// The year that the others are counted from.
    base: i32,
    every: i32,
    /// The first such day.
    first: NaiveDate,
}

impl Days {
    /// The latest such day up to another, if there was one, and the next after it.
    fn around(&self, on: NaiveDate) -> Result<(Option<NaiveDate>, NaiveDate), CalendarError> {
        if on < self.first {
            return Ok((None, self.first));
        }
        let in_year = |year| self.day.in_year(year, self.leap_day);
        let passed = if in_year(on.year())? <= on { on.year() } else { on.year() - 1 };
        let latest = passed - (passed - self.base).rem_euclid(self.every);
        Ok((Some(in_year(latest)?), in_year(latest + self.every)?))
    }
}

impl Occasion {
    /// A birthday with the usual safeguards: 28 February for 29 February, on file for 30 days, and 30 days to catch up.
    pub const fn birthday() -> Occasion {
        Occasion::Birthday { leap_day: LeapDay::February28, known_days: 30, catch_up_days: 30 }
    }

    /// Whether it is due to a member on a day. `already` says of a key whether it has been granted.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if the next such day is after the year 9999.
    pub fn due(
        &self,
        known: &OccasionDates,
        on: NaiveDate,
        already: impl Fn(&str) -> bool,
    ) -> Result<OccasionVerdict, CalendarError> {
        in_range(on)?;
        let (Some(days), catch_up_days) = (self.days(known)?, self.catch_up_days()) else { return Ok(OccasionVerdict::Unknown) };
        let (Some(day), next) = days.around(on)? else { return Ok(OccasionVerdict::NotYet { next: days.first }) };
        let key = self.key(day, days.base);
        if already(&key) {
            return Ok(OccasionVerdict::Already { key, day, next });
        }
        if let (Occasion::Birthday { known_days, .. }, Some((_, known_since))) = (self, known.birth)
            && days_from(known_since, i32::from(*known_days))? > day
        {
            return Ok(OccasionVerdict::TooNew { day, known_since, next });
        }
        let until = days_from(day, catch_up_days.into())?;
        if on > until { Ok(OccasionVerdict::Missed { key, day, until, next }) } else { Ok(OccasionVerdict::Due { key, day }) }
    }

    fn catch_up_days(self) -> u16 {
        match self {
            Occasion::Birthday { catch_up_days, .. }
            | Occasion::Joining { catch_up_days, .. }
            | Occasion::EachYear { catch_up_days, .. } => catch_up_days,
        }
    }

    /// The days of a member; `None` if the date is not known that they count from.
    fn days(self, known: &OccasionDates) -> Result<Option<Days>, CalendarError> {
        let counted = |from: NaiveDate, leap_day, every: u8| {
            let (day, base, every) = (DayOfYear::from(from), in_range(from)?.year(), i32::from(every));
            Ok(Days { day, leap_day, base, every, first: day.in_year(base + every, leap_day)? })
        };
        match self {
            Occasion::Birthday { leap_day, .. } => known.birth.map(|(born, _)| counted(born, leap_day, 1)).transpose(),
            Occasion::Joining { leap_day, every_years, .. } => {
                known.joined.map(|joined| counted(joined, leap_day, every_years.get())).transpose()
            }
            Occasion::EachYear { day, leap_day, .. } => {
                let Some(joined) = known.joined else { return Ok(None) };
                let here = day.in_year(joined.year(), leap_day)?;
                let first = if here >= joined { here } else { day.next_after(joined, leap_day)? };
                Ok(Some(Days { day, leap_day, base: 0, every: 1, first }))
            }
        }
    }

    fn key(self, day: NaiveDate, base: i32) -> String {
        match self {
            Occasion::Birthday { .. } => format!("birthday {}", day.year()),
            Occasion::Joining { .. } => format!("joining {}", day.year() - base),
            Occasion::EachYear { day: of_year, .. } => format!("{of_year} {}", day.year()),
        }
    }
}
