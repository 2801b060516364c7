use super::ValidationError;
use crate::calendar::{Period, days_from};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where histories are cut: calibration is what is known at the close of a day, and the holdout begins the day after.
///
/// Nothing of the holdout reaches the calibration: a purchase that is returned after the split still stands before it, as it did for
/// whoever made a forecast then.
///
/// On the wire: `{"as_of":"1997-09-30","end":"1998-06-30"}`.
///
/// ```
/// use customer_value::value::lifetime::validation::Split;
/// use chrono::NaiveDate;
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// let split = Split::new(day(1997, 9, 30), day(1998, 6, 30))?;
/// assert_eq!((split.holdout().to_string().as_str(), split.days()), ("1997-10-01..1998-07-01", 273)); // 39 weeks
/// assert!(Split::new(day(1997, 9, 30), day(1997, 9, 30)).is_err());
/// # Ok::<(), customer_value::value::lifetime::validation::ValidationError>(())
/// ```
#[doc(alias = "train-test split")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Split {
    as_of: NaiveDate,
    end: NaiveDate,
    holdout: Period,
}

impl Split {
    /// Calibration up to the close of `as_of`, holdout from the next day to the close of `end`.
    ///
    /// # Errors
    /// [`CalendarError::EmptyPeriod`](crate::calendar::CalendarError::EmptyPeriod) unless `end` is after `as_of`;
    /// [`CalendarError::OutOfRange`](crate::calendar::CalendarError::OutOfRange) where a day leaves the years 1 to 9999.
    pub fn new(as_of: NaiveDate, end: NaiveDate) -> Result<Split, ValidationError> {
        days_from(as_of, 0)?;
        let holdout = Period::new(days_from(as_of, 1)?, days_from(end, 1)?)?;
        Ok(Split { as_of, end, holdout })
    }

    /// The last day of the calibration.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The last day of the holdout.
    pub const fn end(&self) -> NaiveDate {
        self.end
    }

    /// The holdout, half-open: its end is the first day outside.
    pub const fn holdout(&self) -> Period {
        self.holdout
    }

    /// Days of the holdout: the horizon of forecasts made at the split.
    pub fn days(&self) -> u32 {
        self.holdout.days()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Split")]
struct Wire {
    as_of: NaiveDate,
    end: NaiveDate,
}

impl TryFrom<Wire> for Split {
    type Error = ValidationError;

    fn try_from(w: Wire) -> Result<Split, ValidationError> {
        Split::new(w.as_of, w.end)
    }
}

impl From<Split> for Wire {
    fn from(s: Split) -> Wire {
        Wire { as_of: s.as_of, end: s.end }
    }
}
