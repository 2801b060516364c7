use super::ServiceError;
use crate::{
    money::Ratio,
    numeric::{Share, normal_tail},
    quantity::{Confidence, Estimate},
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// So many of so many cases.
///
/// ```
/// use customer_value::{customer::service::Count, quantity::Confidence};
///
/// let in_time = Count::new(8, 10)?;
/// assert_eq!(in_time.share().map(|share| share.to_string()), Some("0.8".into()));
/// let sure = in_time.estimate(Confidence::P95)?;
/// assert!((sure.low() - 0.490_162).abs() < 1e-6 && (sure.high() - 0.943_318).abs() < 1e-6);
/// assert_eq!(Count::default().share(), None); // no share of nothing
/// # Ok::<(), customer_value::customer::service::ServiceError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Count {
    part: u64,
    whole: u64,
}

impl Count {
    /// So many of so many.
    ///
    /// # Errors
    /// [`TooMany`](ServiceError::TooMany) for 3 of 2.
    pub const fn new(part: u64, whole: u64) -> Result<Count, ServiceError> {
        if part <= whole { Ok(Count { part, whole }) } else { Err(ServiceError::TooMany { part, whole }) }
    }

    /// One more case, which is one of the part or not. There are never more cases than fit in memory, and so in 64 bits.
    pub(super) fn add(&mut self, is_part: bool) {
        self.part += u64::from(is_part);
        self.whole += 1;
    }

    /// The cases of which it is true.
    pub const fn part(&self) -> u64 {
        self.part
    }

    /// All cases that were counted.
    pub const fn whole(&self) -> u64 {
        self.whole
    }

    /// The share, exactly; `None` of nothing.
    pub fn share(&self) -> Option<Ratio> {
        Ratio::new(self.part.into(), self.whole.into()).ok()
    }

    /// The share with the score interval of Wilson (1927).
    ///
    /// # Errors
    /// [`Nothing`](ServiceError::Nothing) for 0 of 0.
    pub fn estimate(&self, confidence: Confidence) -> Result<Estimate, ServiceError> {
        if self.whole == 0 {
            return Err(ServiceError::Nothing);
        }
        let share = Share::wilson(self.part, self.whole, normal_tail(confidence.tail()));
        Ok(Estimate::new(share.value, share.low, share.high, confidence)?)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.part, self.whole)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Count")]
struct Wire {
    part: u64,
    whole: u64,
}

impl TryFrom<Wire> for Count {
    type Error = ServiceError;

    fn try_from(w: Wire) -> Result<Count, ServiceError> {
        Count::new(w.part, w.whole)
    }
}

impl From<Count> for Wire {
    fn from(c: Count) -> Wire {
        Wire { part: c.part, whole: c.whole }
    }
}
