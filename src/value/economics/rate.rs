use super::EconomicsError;
use crate::{
    money::Ratio,
    numeric::{Share, normal_tail},
    quantity::{Confidence, Estimate},
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// How many of how many: a win rate, a retention rate, a churn rate. The counts are kept, so that rates add up, and so that every rate
/// can say how far it may be due to chance.
///
/// ```
/// use customer_value::{quantity::Confidence, value::economics::Rate};
///
/// let wins = Rate::new(15, 148)?; // offers accepted, of those decided
/// assert_eq!(wins.share().to_string(), "15/148");
/// let sure = wins.estimate(Confidence::P95)?;
/// assert!((sure.low() - 0.062_386).abs() < 1e-6 && (sure.high() - 0.160_487).abs() < 1e-6);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "win rate")]
#[doc(alias = "销售成功率")]
#[doc(alias = "保持率")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Rate {
    part: u64,
    whole: u64,
}

impl Rate {
    /// So many of so many.
    ///
    /// # Errors
    /// [`NotAPart`](EconomicsError::NotAPart) for 3 of 2 and for 0 of 0.
    pub fn new(part: u64, whole: u64) -> Result<Rate, EconomicsError> {
        if whole == 0 || part > whole { Err(EconomicsError::NotAPart { part, whole }) } else { Ok(Rate { part, whole }) }
    }

    /// The share of the customers at the start of a period who are still there at its end: those at the end, without those won in
    /// between, of those at the start.
    ///
    /// # Errors
    /// [`NotAPart`](EconomicsError::NotAPart) if nobody was there at the start, more were won than are there at the end, or more are left
    /// than there were.
    ///
    /// ```
    /// # use customer_value::value::economics::Rate;
    /// let kept = Rate::retention(200, 190, 30)?;
    /// assert_eq!(kept.share().to_string(), "0.8");
    /// assert_eq!(kept.rest().share().to_string(), "0.2"); // the churn rate
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[doc(alias = "留存率")]
    pub fn retention(at_start: u64, at_end: u64, won: u64) -> Result<Rate, EconomicsError> {
        let kept = at_end.checked_sub(won).ok_or(EconomicsError::NotAPart { part: won, whole: at_end })?;
        Rate::new(kept, at_start)
    }

    /// How many.
    pub const fn part(&self) -> u64 {
        self.part
    }

    /// Of how many, at least 1.
    pub const fn whole(&self) -> u64 {
        self.whole
    }

    /// The rate itself, exactly.
    pub fn share(&self) -> Ratio {
        // The whole is at least 1.
        Ratio::new(self.part.into(), self.whole.into()).unwrap_or(Ratio::ZERO)
    }

    /// Those who are not in the part: of a retention rate, the churn rate.
    #[doc(alias = "流失率")]
    #[must_use]
    pub const fn rest(&self) -> Rate {
        Rate { part: self.whole - self.part, whole: self.whole }
    }

    /// The rate with the score interval of Wilson (1927), which is right for small counts and never leaves 0 to 1.
    ///
    /// # Errors
    /// [`Estimate`](EconomicsError::Estimate) if the interval cannot be computed at so extreme a confidence as 1 − 10⁻²⁸.
    pub fn estimate(&self, confidence: Confidence) -> Result<Estimate, EconomicsError> {
        let share = Share::wilson(self.part, self.whole, normal_tail(confidence.tail()));
        Ok(Estimate::new(share.value, share.low, share.high, confidence)?)
    }

    /// Both counted together.
    ///
    /// # Errors
    /// [`TooMany`](EconomicsError::TooMany) beyond 2⁶⁴ − 1.
    pub fn try_add(self, other: Rate) -> Result<Rate, EconomicsError> {
        let whole = self.whole.checked_add(other.whole).ok_or(EconomicsError::TooMany)?;
        Ok(Rate { part: self.part + other.part, whole })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.part, self.whole)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Rate")]
struct Wire {
    part: u64,
    whole: u64,
}

impl TryFrom<Wire> for Rate {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<Rate, EconomicsError> {
        Rate::new(wire.part, wire.whole)
    }
}

impl From<Rate> for Wire {
    fn from(rate: Rate) -> Wire {
        Wire { part: rate.part, whole: rate.whole }
    }
}
