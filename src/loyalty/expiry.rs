use crate::calendar::{CalendarError, DayOfYear, LeapDay, Moment, Zone, days_from, months_from};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// How long points can be spent.
///
/// Every rule names the *last day* on which they can, counted from the day they were earned, in the zone of the programme. They can be
/// spent at every moment before the end of that day and at none from then on, so that what is stored is the moment at which they are gone.
/// Months are counted from the day of earning, and end with the last day of a shorter month.
///
/// On the wire: `"never"`, `{"after":{"life":{"months":12},"to":"month_end"}}`, `{"each_year":{"day":"12-31"}}`, `{"on":"2027-01-31"}`.
///
/// ```
/// use customer_value::{calendar::Zone, loyalty::{Expiry, Life, RoundUp}};
///
/// let twelve_months = Expiry::after(Life::Months(12), RoundUp::MonthEnd);
/// let earned = "2020-07-06".parse()?;
/// assert_eq!(twelve_months.last_day(earned)?, Some("2021-07-31".parse()?));
/// let gone = twelve_months.expires_at(earned, &Zone::fixed(-300)?)?;
/// assert_eq!(gone.map(|at| at.to_string()).as_deref(), Some("2021-08-01T00:00:00-05:00"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "积分有效期")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expiry {
    /// For ever.
    Never,
    /// For so long from the day of earning.
    After {
        /// The last day is the one so long after it; none, and it is the day of earning.
        life: Life,
        /// Or the end of the calendar month, quarter or year which that day is in.
        #[serde(default)]
        to: RoundUp,
        /// And so many days on: points of a quarter that can be spent until the 15th of the month after it have 15.
        #[serde(default)]
        plus_days: u16,
    },
    /// Up to and including the first such day of a year that comes after the day of earning.
    EachYear {
        /// The day; 29 February is 28 February in common years.
        day: DayOfYear,
        /// Passed over while it is less than so many months after the day of earning.
        #[serde(default)]
        at_least_months: u16,
    },
    /// Up to and including that day, whenever they were earned. Points that are earned after it can never be spent.
    On(NaiveDate),
}

/// A length of time in months or in days. On the wire: `{"months":12}`, `{"days":90}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// So many months: the same day of the month, or the last day of a shorter month.
    Months(u16),
    /// So many days.
    Days(u16),
}

/// To the end of which calendar unit a last day is put off; see [`Expiry::After`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundUp {
    /// It is not.
    #[default]
    None,
    /// Its month.
    MonthEnd,
    /// Its quarter: 31 March, 30 June, 30 September, 31 December.
    QuarterEnd,
    /// Its half-year: 30 June, 31 December.
    HalfYearEnd,
    /// Its year.
    YearEnd,
}

/// How long before points are gone their owner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// At least so many whole days before.
    pub days_before: u16,
}

impl Expiry {
    /// For so long from the day of earning, put off to an end.
    pub const fn after(life: Life, to: RoundUp) -> Expiry {
        Expiry::After { life, to, plus_days: 0 }
    }

    /// The last day on which points can be spent that were earned on a day; `None` for ever.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if that is after the year 9999.
    pub fn last_day(&self, earned: NaiveDate) -> Result<Option<NaiveDate>, CalendarError> {
        match *self {
            Expiry::Never => Ok(None),
            Expiry::After { life, to, plus_days } => days_from(to.end_of(life.after(earned)?)?, plus_days.into()).map(Some),
            Expiry::EachYear { day, at_least_months } => {
                let before = months_from(earned, at_least_months.into())?.pred_opt().ok_or(CalendarError::OutOfRange)?;
                day.next_after(earned.max(before), LeapDay::February28).map(Some)
            }
            Expiry::On(day) => Ok(Some(day)),
        }
    }

    /// The moment from which such points are gone: the end of the [last day](Self::last_day); `None` for ever.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if that is after the year 9999.
    pub fn expires_at(&self, earned: NaiveDate, zone: &Zone) -> Result<Option<Moment>, CalendarError> {
        self.last_day(earned)?.map(|day| end_of(day, zone)).transpose()
    }
}

impl Life {
    /// The day so long after another.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if that is after the year 9999.
    pub fn after(self, day: NaiveDate) -> Result<NaiveDate, CalendarError> {
        match self {
            Life::Months(months) => months_from(day, months.into()),
            Life::Days(days) => days_from(day, days.into()),
        }
    }
}

impl RoundUp {
    /// The last day of the unit that a day is in.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) outside the years 1 to 9999.
    pub fn end_of(self, day: NaiveDate) -> Result<NaiveDate, CalendarError> {
        let months = match self {
            RoundUp::None => return days_from(day, 0),
            RoundUp::MonthEnd => 1,
            RoundUp::QuarterEnd => 3,
            RoundUp::HalfYearEnd => 6,
            RoundUp::YearEnd => 12,
        };
        let last_month = day.month().next_multiple_of(months);
        let january = NaiveDate::from_ymd_opt(day.year(), 1, 31).ok_or(CalendarError::OutOfRange)?;
        months_from(january, i32::try_from(last_month).map_err(|_| CalendarError::OutOfRange)? - 1)
    }
}

impl Notice {
    /// When the owner of points is told that expire at a moment: at the start of the day so many days before, on the clock of the zone.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if that is before the year 1.
    pub fn notice_due(&self, expires: Moment, zone: &Zone) -> Result<Moment, CalendarError> {
        zone.start_of(days_from(zone.day_of(expires), -i32::from(self.days_before))?)
    }
}

/// The first moment after a day.
pub(super) fn end_of(day: NaiveDate, zone: &Zone) -> Result<Moment, CalendarError> {
    zone.start_of(days_from(day, 1)?)
}
