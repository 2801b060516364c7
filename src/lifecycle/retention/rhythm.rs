use super::RetentionError;
use crate::{
    calendar::{days_between, in_range},
    customer::Purchases,
    money::Ratio,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// A customer's silence against the customer's own rhythm: the days since the last purchase, and how many of the gaps between
/// purchases were shorter, equal and longer.
///
/// The unit is the day with a purchase; several on one day leave no gap between them. Nothing is fitted and nothing is rounded: silence
/// of sixty days is long for who buys every month, and usual for who buys twice a year.
#[doc(alias = "购买节奏")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// Days since the last purchase; 0 on the day of a purchase.
    pub silent_days: u32,
    /// Gaps that were shorter than the silence is by now.
    pub shorter: u32,
    /// Gaps that were just as long.
    pub equal: u32,
    /// Gaps that were longer.
    pub longer: u32,
}

impl Rhythm {
    /// The rhythm as of the close of a day, from the days with a purchase, in any order; `None` without purchases.
    ///
    /// # Errors
    /// [`AfterEnd`](RetentionError::AfterEnd) for a purchase after `as_of`; [`Calendar`](RetentionError::Calendar) for a date outside the
    /// years 1 to 9999.
    pub fn of_days(days: impl IntoIterator<Item = NaiveDate>, as_of: NaiveDate) -> Result<Option<Rhythm>, RetentionError> {
        let as_of = in_range(as_of)?;
        let mut days = days.into_iter().map(in_range).collect::<Result<Vec<_>, _>>()?;
        days.sort_unstable();
        days.dedup();
        let Some(&last) = days.last() else { return Ok(None) };
        if last > as_of {
            return Err(RetentionError::AfterEnd { day: last, as_of });
        }
        let mut rhythm = Rhythm { silent_days: days_between(last, as_of), shorter: 0, equal: 0, longer: 0 };
        for pair in days.windows(2) {
            // There are fewer days in the calendar than 32 bits count.
            match days_between(pair[0], pair[1]).cmp(&rhythm.silent_days) {
                core::cmp::Ordering::Less => rhythm.shorter += 1,
                core::cmp::Ordering::Equal => rhythm.equal += 1,
                core::cmp::Ordering::Greater => rhythm.longer += 1,
            }
        }
        Ok(Some(rhythm))
    }

    /// How many gaps there were.
    pub fn gaps(&self) -> u64 {
        u64::from(self.shorter) + u64::from(self.equal) + u64::from(self.longer)
    }

    /// The mid-rank of the silence among the gaps: the share that was shorter, and half of the share that was equal. From 0 to 1, where 1
    /// is a silence longer than every gap. `None` without gaps.
    pub fn percentile(&self) -> Option<Ratio> {
        let doubled = 2 * i128::from(self.shorter) + i128::from(self.equal);
        Ratio::new(doubled, 2 * i128::from(self.gaps())).ok()
    }
}

/// When the silence of a customer is a sign: thresholds on its percentile among the customer's own gaps.
///
/// ```
/// use customer_value::lifecycle::retention::{EarlyWarning, Signal};
/// use chrono::NaiveDate;
///
/// let policy = EarlyWarning::new(4, "0.6".parse()?, "1".parse()?)?;
/// let day = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
/// let bought = [day(1, 5), day(2, 4), day(3, 6), day(4, 3), day(5, 10)]; // gaps of 30, 31, 28 and 37 days
/// let warning = policy.watch(bought, day(6, 10))?.ok_or("no purchases")?;
/// assert_eq!(warning.signal, Signal::Late);
/// assert_eq!(warning.to_string(), "late: 31 days since the last purchase; of 4 gaps, 2 were shorter, 1 as long and 1 longer");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "流失预警")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct EarlyWarning {
    pub(super) min_gaps: u32,
    pub(super) late: Ratio,
    pub(super) overdue: Ratio,
}

/// What the silence of a customer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Too few purchases to have a rhythm; nothing follows, in neither direction.
    TooFewGaps,
    /// The silence is no longer than usual.
    InRhythm,
    /// The percentile has reached the lower threshold.
    Late,
    /// The percentile has reached the upper threshold.
    Overdue,
}

/// A signal, and what it came of: the rhythm, the policy and the day.
#[must_use = "a warning carries its reasons; use its signal or store it"]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// The signal.
    pub signal: Signal,
    /// The customer's rhythm.
    pub rhythm: Rhythm,
    /// The policy that was applied.
    pub policy: EarlyWarning,
    /// As of the close of which day.
    pub as_of: NaiveDate,
}

impl EarlyWarning {
    /// A policy: the least number of gaps, and the percentiles from which a silence is late and overdue.
    ///
    /// # Errors
    /// [`BadThresholds`](RetentionError::BadThresholds) unless `0 < late ≤ overdue ≤ 1`; [`NoGaps`](RetentionError::NoGaps) for a least
    /// number of 0.
    pub fn new(min_gaps: u32, late: Ratio, overdue: Ratio) -> Result<EarlyWarning, RetentionError> {
        if min_gaps == 0 {
            return Err(RetentionError::NoGaps);
        }
        if late <= Ratio::ZERO || late > overdue || overdue > Ratio::ONE {
            return Err(RetentionError::BadThresholds { late, overdue });
        }
        Ok(EarlyWarning { min_gaps, late, overdue })
    }

    /// The least number of gaps.
    pub const fn min_gaps(&self) -> u32 {
        self.min_gaps
    }

    /// The percentile from which a silence is late.
    pub const fn late(&self) -> Ratio {
        self.late
    }

    /// The percentile from which a silence is overdue.
    pub const fn overdue(&self) -> Ratio {
        self.overdue
    }

    /// What a rhythm says.
    pub fn judge(&self, rhythm: &Rhythm) -> Signal {
        match rhythm.percentile() {
            Some(percentile) if rhythm.gaps() >= self.min_gaps.into() => {
                if percentile >= self.overdue {
                    Signal::Overdue
                } else if percentile >= self.late {
                    Signal::Late
                } else {
                    Signal::InRhythm
                }
            }
            _ => Signal::TooFewGaps,
        }
    }

    /// Judges a customer by the days with a purchase; `None` without purchases.
    ///
    /// # Errors
    /// As [`Rhythm::of_days`].
    pub fn watch(&self, days: impl IntoIterator<Item = NaiveDate>, as_of: NaiveDate) -> Result<Option<Warning>, RetentionError> {
        let warning = |rhythm| Warning { signal: self.judge(&rhythm), rhythm, policy: *self, as_of };
        Ok(Rhythm::of_days(days, as_of)?.map(warning))
    }

    /// Judges a customer by settled purchases, as of their day; `None` without purchases.
    ///
    /// # Errors
    /// As [`Rhythm::of_days`].
    pub fn watch_purchases(&self, purchases: &Purchases) -> Result<Option<Warning>, RetentionError> {
        self.watch(purchases.days().iter().map(|day| day.on), purchases.as_of())
    }
}

impl Warning {
    /// Whether the signal follows from the rhythm under the policy.
    pub fn verify(&self) -> bool {
        self.policy.judge(&self.rhythm) == self.signal
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::TooFewGaps => "too few gaps",
            Signal::InRhythm => "in rhythm",
            Signal::Late => "late",
            Signal::Overdue => "overdue",
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rhythm { silent_days, shorter, equal, longer } = self.rhythm;
        let days = if silent_days == 1 { "day" } else { "days" };
        write!(
            f,
            "{}: {silent_days} {days} since the last purchase; of {} gaps, {shorter} were shorter, {equal} as long and {longer} longer",
            self.signal,
            self.rhythm.gaps()
        )
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "EarlyWarning")]
struct Wire {
    min_gaps: u32,
    late: Ratio,
    overdue: Ratio,
}

impl TryFrom<Wire> for EarlyWarning {
    type Error = RetentionError;

    fn try_from(w: Wire) -> Result<EarlyWarning, RetentionError> {
        EarlyWarning::new(w.min_gaps, w.late, w.overdue)
    }
}

impl From<EarlyWarning> for Wire {
    fn from(e: EarlyWarning) -> Wire {
        Wire { min_gaps: e.min_gaps, late: e.late, overdue: e.overdue }
    }
}
