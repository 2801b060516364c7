use super::LadderError;
use crate::calendar::{Period, days_from, months_from};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Days or months, 1 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// So many days, 1 to 36,525.
    Days(u32),
    /// So many months, 1 to 1,200.
    Months(u32),
}

impl Span {
    /// The first day after a span that begins on a day.
    ///
    /// # Errors
    /// [`LadderError::BadSpan`] for a span of 0 or beyond a hundred years; [`LadderError::Calendar`] beyond the year 9999.
    pub fn after(self, day: NaiveDate) -> Result<NaiveDate, LadderError> {
        self.check()?;
        let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        Ok(match self {
            Span::Days(days) => days_from(day, whole(days))?,
            Span::Months(months) => months_from(day, whole(months))?,
        })
    }

    pub(super) fn check(self) -> Result<(), LadderError> {
        match self {
            Span::Days(n) if !(1..=36_525).contains(&n) => Err(LadderError::BadSpan(n)),
            Span::Months(n) if !(1..=1_200).contains(&n) => Err(LadderError::BadSpan(n)),
            Span::Days(_) | Span::Months(_) => Ok(()),
        }
    }

    /// Whether it is shorter than so many months, wherever it begins.
    pub(super) fn is_shorter_than(self, months: u8) -> bool {
        match self {
            Span::Days(days) => days < 28 * u32::from(months),
            Span::Months(n) => n < u32::from(months),
        }
    }
}

/// From where a cycle is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleStart {
    /// From the first of a month, 1 to 12, every year.
    Calendar(u8),
    /// From the day of joining: the membership year and its anniversaries.
    #[doc(alias = "会员年度")]
    Joining,
    /// From the day after the last entry into a status: the count starts anew with every rise.
    Status,
}

/// Periods of so many months without a gap.
#[doc(alias = "考核周期")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cycle {
    /// From where they are counted.
    pub start: CycleStart,
    /// Months in a period: 1, 2, 3, 4, 6 or 12 of the calendar; 1 to 120 from other starts.
    pub months: u8,
}

impl Cycle {
    /// A calendar year from 1 January.
    pub const CALENDAR_YEAR: Cycle = Cycle { start: CycleStart::Calendar(1), months: 12 };
    /// A year from the day of joining.
    pub const MEMBERSHIP_YEAR: Cycle = Cycle { start: CycleStart::Joining, months: 12 };

    pub(super) fn check(self) -> Result<(), LadderError> {
        let (start, good) = match self.start {
            CycleStart::Calendar(month) => (month, (1..=12).contains(&month) && self.months > 0 && 12 % self.months == 0),
            CycleStart::Joining | CycleStart::Status => (0, (1..=120).contains(&self.months)),
        };
        if good { Ok(()) } else { Err(LadderError::BadCycle { months: self.months, start }) }
    }

    /// The day from which periods are counted, for a member who joined on a day.
    pub(super) fn anchor(self, joined: NaiveDate) -> NaiveDate {
        match self.start {
            CycleStart::Calendar(month) => NaiveDate::from_ymd_opt(joined.year(), month.into(), 1).unwrap_or(joined),
            CycleStart::Joining | CycleStart::Status => joined,
        }
    }

    /// The beginning of the period of that number, the one at the anchor being 0.
    pub(super) fn start_of(self, anchor: NaiveDate, number: i32) -> Result<NaiveDate, LadderError> {
        Ok(months_from(anchor, number.saturating_mul(self.months.into()))?)
    }

    /// The number of the period that a day lies in.
    pub(super) fn number_of(self, anchor: NaiveDate, day: NaiveDate) -> Result<i32, LadderError> {
        let month = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
        let number = (month(day) - month(anchor)).div_euclid(self.months.into());
        // In its first month a period may begin after the day.
        Ok(if self.start_of(anchor, number)? > day { number - 1 } else { number })
    }

    /// The period that a day lies in.
    pub(super) fn period_of(self, anchor: NaiveDate, day: NaiveDate) -> Result<Period, LadderError> {
        let number = self.number_of(anchor, day)?;
        Ok(Period::new(self.start_of(anchor, number)?, self.start_of(anchor, number + 1)?)?)
    }
}

/// The first day whose entries still count on a day, where an entry counts for so many months from its own day.
pub(super) fn first_counting(day: NaiveDate, months: u16) -> Result<NaiveDate, LadderError> {
    let mut first = months_from(day, -i32::from(months))?;
    // At a month's end up to four days count until the same day.
    while months_from(first, months.into())? <= day {
        first = days_from(first, 1)?;
    }
    Ok(first)
}
