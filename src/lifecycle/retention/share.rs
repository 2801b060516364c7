use super::RetentionError;
use crate::{
    money::Ratio,
    numeric::{self, normal_tail},
    quantity::{Confidence, Estimate},
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// So many of so many customers.
///
/// ```
/// use customer_value::{lifecycle::retention::Share, quantity::Confidence};
///
/// let kept = Share::new(10, 10)?;
/// assert_eq!(kept.rate().map(|r| r.to_string()), Some("1".into()));
/// // All of ten is no proof of all: Wilson's interval has width here, where the usual formula has none.
/// assert!((kept.estimate(Confidence::P95)?.low() - 0.722_467).abs() < 1e-6);
/// assert_eq!(Share::default().rate(), None); // no rate of nobody
/// # Ok::<(), customer_value::lifecycle::retention::RetentionError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    /// So many of so many.
    ///
    /// # Errors
    /// [`TooMany`](RetentionError::TooMany) for 3 of 2.
    pub const fn new(part: u64, whole: u64) -> Result<Share, RetentionError> {
        if part <= whole { Ok(Share { part, whole }) } else { Err(RetentionError::TooMany { part, whole }) }
    }

    /// The customers of whom it is true.
    pub const fn part(&self) -> u64 {
        self.part
    }

    /// All customers who were counted.
    pub const fn whole(&self) -> u64 {
        self.whole
    }

    /// All the others of the whole.
    #[must_use]
    pub const fn rest(self) -> Share {
        Share { part: self.whole - self.part, whole: self.whole }
    }

    /// The customers of two groups that have nobody in common, together.
    ///
    /// # Errors
    /// [`TooLarge`](RetentionError::TooLarge) for more than 2⁶⁴ − 1 customers.
    pub fn merge(self, other: Share) -> Result<Share, RetentionError> {
        let whole = self.whole.checked_add(other.whole).ok_or(RetentionError::TooLarge)?;
        Ok(Share { part: self.part + other.part, whole }) // no more than the whole
    }

    /// The share, exactly; `None` of nobody.
    pub fn rate(&self) -> Option<Ratio> {
        Ratio::new(self.part.into(), self.whole.into()).ok()
    }

    /// The share with the score interval of Wilson (1927), which keeps its promise for few customers and never leaves 0 to 1.
    ///
    /// # Errors
    /// [`Nobody`](RetentionError::Nobody) for 0 of 0.
    pub fn estimate(&self, confidence: Confidence) -> Result<Estimate, RetentionError> {
        if self.whole == 0 {
            return Err(RetentionError::Nobody);
        }
        let share = numeric::Share::wilson(self.part, self.whole, normal_tail(confidence.tail()));
        Ok(Estimate::new(share.value, share.low, share.high, confidence)?)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.part, self.whole)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Share")]
struct Wire {
    part: u64,
    whole: u64,
}

impl TryFrom<Wire> for Share {
    type Error = RetentionError;

    fn try_from(w: Wire) -> Result<Share, RetentionError> {
        Share::new(w.part, w.whole)
    }
}

impl From<Share> for Wire {
    fn from(s: Share) -> Wire {
        Wire { part: s.part, whole: s.whole }
    }
}
