use super::{Confidence, Estimate, EstimateError};
use crate::{
    money::Ratio,
    numeric::{self, normal_tail},
};
use core::fmt;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// So many of so many: offers won, customers kept, complaints answered in time, attributes known.
///
/// Both counts are kept, so that shares of several groups add up, and so that every share can say how far it may be due to chance.
///
/// ```
/// use customer_value::quantity::{Confidence, Share};
///
/// let kept = Share::new(10, 10)?;
/// assert_eq!(kept.ratio().map(|share| share.to_string()), Some("1".into()));
/// // All of ten is no proof of all: Wilson's interval has width here, where the usual formula has none.
/// assert!((kept.estimate(Confidence::P95)?.low() - 0.722_467).abs() < 1e-6);
///
/// let both = kept.try_add(Share::new(1, 5)?)?;
/// assert_eq!((both.to_string(), both.rest().to_string()), ("11 of 15".into(), "4 of 15".into()));
/// assert_eq!(Share::default().ratio(), None); // no share of nothing
/// # Ok::<(), customer_value::quantity::ShareError>(())
/// ```
#[doc(alias = "win rate")]
#[doc(alias = "销售成功率")]
#[doc(alias = "比例")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Share {
    part: u64,
    whole: u64,
}

/// Why there is no such share.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ShareError {
    /// A part larger than its whole.
    #[error("{part} of {whole} is no share")]
    NotAPart {
        /// The part.
        part: u64,
        /// The whole.
        whole: u64,
    },
    /// Nothing was counted.
    #[error("nothing was counted; there is no share of nothing")]
    OfNothing,
    /// More than 64 bits can count.
    #[error("more than 2^64 - 1")]
    TooMany,
    /// An interval that cannot be computed.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
}

impl Share {
    /// So many of so many.
    ///
    /// # Errors
    /// [`NotAPart`](ShareError::NotAPart) for 3 of 2. Nothing of nothing can be counted; it only has no ratio.
    pub const fn new(part: u64, whole: u64) -> Result<Share, ShareError> {
        if part <= whole { Ok(Share { part, whole }) } else { Err(ShareError::NotAPart { part, whole }) }
    }

    /// One more case, which is one of the part or not. There are never more cases than fit in memory, and so in 64 bits.
    pub(crate) fn count(&mut self, is_part: bool) {
        self.part += u64::from(is_part);
        self.whole += 1;
    }

    /// Those of which it is true.
    pub const fn part(&self) -> u64 {
        self.part
    }

    /// All that were counted.
    pub const fn whole(&self) -> u64 {
        self.whole
    }

    /// All the others of the whole: of those who stayed, those who left.
    #[must_use]
    pub const fn rest(self) -> Share {
        Share { part: self.whole - self.part, whole: self.whole }
    }

    /// Two groups that have nobody in common, counted together.
    ///
    /// # Errors
    /// [`TooMany`](ShareError::TooMany) beyond 2⁶⁴ − 1.
    pub fn try_add(self, other: Share) -> Result<Share, ShareError> {
        let whole = self.whole.checked_add(other.whole).ok_or(ShareError::TooMany)?;
        Ok(Share { part: self.part + other.part, whole }) // no more than the whole
    }

    /// The share, exactly; `None` of nothing.
    pub fn ratio(&self) -> Option<Ratio> {
        Ratio::new(self.part.into(), self.whole.into()).ok()
    }

    /// The share with the score interval of Wilson (1927), which keeps its promise for small counts and never leaves 0 to 1.
    ///
    /// # Errors
    /// [`OfNothing`](ShareError::OfNothing) for 0 of 0; [`Estimate`](ShareError::Estimate) if the interval cannot be computed at so extreme
    /// a confidence as 1 − 10⁻²⁸.
    pub fn estimate(&self, confidence: Confidence) -> Result<Estimate, ShareError> {
        if self.whole == 0 {
            return Err(ShareError::OfNothing);
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
    type Error = ShareError;

    fn try_from(wire: Wire) -> Result<Share, ShareError> {
        Share::new(wire.part, wire.whole)
    }
}

impl From<Share> for Wire {
    fn from(share: Share) -> Wire {
        Wire { part: share.part, whole: share.whole }
    }
}
