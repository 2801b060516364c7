use super::TimeError;
use alloc::string::{String, ToString};
use core::{fmt, str::FromStr};
use serde::{Deserialize, Serialize};

/// A minute of the day, from 00:00 up to 24:00, which is the end of the day. On the wire: `"21:00"`.
///
/// ```
/// use customer_value::calendar::TimeOfDay;
///
/// let closing: TimeOfDay = "21:00".parse()?;
/// assert_eq!(closing.minutes(), 21 * 60);
/// assert!(closing < TimeOfDay::END);
/// assert!("24:01".parse::<TimeOfDay>().is_err() && "9:00".parse::<TimeOfDay>().is_err());
/// # Ok::<(), customer_value::calendar::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// 00:00, the start of the day.
    pub const START: TimeOfDay = TimeOfDay(0);
    /// 24:00, the end of the day.
    pub const END: TimeOfDay = TimeOfDay(24 * 60);

    /// Minutes since the start of the day, 0 to 1440.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    pub(crate) fn seconds(self) -> u32 {
        u32::from(self.0) * 60
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<TimeOfDay, TimeError> {
        let two = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        let read = text.split_once(':').filter(|(h, m)| h.len() == 2 && m.len() == 2);
        let parts = read.and_then(|(hours, minutes)| Some((two(hours)?, two(minutes)?)));
        let minutes = parts.filter(|&(_, minutes): &(u16, u16)| minutes < 60).map(|(hours, minutes)| hours * 60 + minutes);
        minutes.map(TimeOfDay).filter(|time| *time <= TimeOfDay::END).ok_or_else(|| TimeError(text.into()))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = TimeError;

    fn try_from(text: String) -> Result<TimeOfDay, TimeError> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
