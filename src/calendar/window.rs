use super::{CalendarError, Period, days_from, in_range, months_from};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A length of time that ends with a given day: "the last twelve months".
///
/// On the wire: `{"months":12}`, `{"days":90}`, `"calendar-year"`, `"all"`.
///
/// ```
/// use customer_value::calendar::Window;
/// use chrono::NaiveDate;
///
/// let leap_day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
/// assert_eq!(Window::Months(12).ending(leap_day)?.to_string(), "2023-03-01..2024-03-01");
/// assert_eq!(Window::Days(1).ending(leap_day)?.to_string(), "2024-02-29..2024-03-01");
/// assert_eq!(Window::CalendarYear.ending(leap_day)?.to_string(), "2024-01-01..2024-03-01");
/// # Ok::<(), customer_value::calendar::CalendarError>(())
/// ```
#[doc(alias = "时间窗口")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// The last so many days, the given day included.
    Days(u32),
    /// The last so many months, counted back from the day after the given day.
    Months(u16),
    /// From 1 January of the given day's year.
    CalendarYear,
    /// Everything up to the given day.
    All,
}

impl Window {
    /// The period of this length whose last day is `as_of`.
    ///
    /// # Errors
    /// [`CalendarError::EmptyWindow`] for `Days(0)` and `Months(0)`; [`CalendarError::OutOfRange`] where the period would leave the
    /// years 1 to 9999.
    pub fn ending(self, as_of: NaiveDate) -> Result<Period, CalendarError> {
        let until = days_from(in_range(as_of)?, 1)?;
        let from = match self {
            Window::Days(0) | Window::Months(0) => return Err(CalendarError::EmptyWindow),
            Window::Days(days) => {
                let days = i32::try_from(days).map_err(|_| CalendarError::OutOfRange)?;
                days_from(until, -days)?
            }
            Window::Months(months) => months_from(until, -i32::from(months))?,
            Window::CalendarYear => NaiveDate::from_ymd_opt(as_of.year(), 1, 1).ok_or(CalendarError::OutOfRange)?,
            Window::All => NaiveDate::from_ymd_opt(1, 1, 1).ok_or(CalendarError::OutOfRange)?,
        };
        Period::new(from, until)
    }
}
