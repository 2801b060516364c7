use super::{EconomicsError, worth::share};
use crate::{
    money::Ratio,
    quantity::{Name, Share, ShareError},
};
use alloc::{collections::BTreeMap, string::ToString, vec::Vec};
use serde::{Deserialize, Serialize};

/// Why customers left: the share of each known reason among all who left, and what no reason accounts for.
///
/// The remainder is part of the answer. A source that names 68 %, 15 % and 12 % has not said anything about 5 %; shares that were blown
/// up to a whole would say that service was the reason for 71.6 %, which nobody found.
///
/// ```
/// use customer_value::{quantity::Name, value::economics::ReasonShares};
///
/// let reasons = ReasonShares::new([
///     (Name::new("service")?, "0.68".parse()?),
///     (Name::new("price")?, "0.15".parse()?),
///     (Name::new("product")?, "0.12".parse()?),
/// ])?;
/// assert_eq!(reasons.other().to_string(), "0.05");
/// assert_eq!(reasons.share("service").map(|s| s.to_string()), Some("0.68".into()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "流失原因")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ReasonShares {
    shares: BTreeMap<Name, Ratio>,
    other: Ratio,
}

impl ReasonShares {
    /// Shares of all who left. What they leave of the whole is [`other`](ReasonShares::other).
    ///
    /// # Errors
    /// [`Twice`](EconomicsError::Twice) for the same reason twice; [`BadShare`](EconomicsError::BadShare) for −0.1;
    /// [`MoreThanWhole`](EconomicsError::MoreThanWhole) for 0.68 and 0.35; [`Money`](EconomicsError::Money) if the sum's terms outgrow
    /// 128 bits.
    pub fn new(shares: impl IntoIterator<Item = (Name, Ratio)>) -> Result<ReasonShares, EconomicsError> {
        let mut known = BTreeMap::new();
        for (reason, of_all) in shares {
            share("a share", of_all)?;
            if known.contains_key(&reason) {
                return Err(EconomicsError::Twice(reason.to_string()));
            }
            known.insert(reason, of_all);
        }
        let sum = Ratio::sum(known.values().copied())?;
        if sum > Ratio::ONE {
            return Err(EconomicsError::MoreThanWhole(sum));
        }
        // Between 0 and 1, with the sum's denominator.
        let other = Ratio::new(sum.denominator() - sum.numerator(), sum.denominator())?;
        Ok(ReasonShares { shares: known, other })
    }

    /// The same from counts: how many left for each known reason, one reason each, of how many who left in all.
    ///
    /// # Errors
    /// [`Share`](EconomicsError::Share) for more of a reason than left in all, or if nobody left; otherwise as
    /// [`new`](ReasonShares::new).
    ///
    /// ```
    /// # use customer_value::{quantity::Name, value::economics::ReasonShares};
    /// let reasons = ReasonShares::of_counts([(Name::new("price")?, 3), (Name::new("moved away")?, 4)], 10)?;
    /// assert_eq!(reasons.other().to_string(), "0.3"); // three said nothing
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn of_counts(counts: impl IntoIterator<Item = (Name, u64)>, left: u64) -> Result<ReasonShares, EconomicsError> {
        let share = |(reason, count): (Name, u64)| Ok((reason, Share::new(count, left)?.ratio().ok_or(ShareError::OfNothing)?));
        let shares = counts.into_iter().map(share).collect::<Result<Vec<_>, EconomicsError>>()?;
        ReasonShares::new(shares)
    }

    /// The share of a known reason among all who left; `None` for a reason that nobody named.
    pub fn share(&self, reason: &str) -> Option<Ratio> {
        self.shares.get(reason).copied()
    }

    /// The known reasons with their shares, the largest first; equal ones by name.
    pub fn largest_first(&self) -> Vec<(&Name, Ratio)> {
        let mut list: Vec<_> = self.shares.iter().map(|(reason, &share)| (reason, share)).collect();
        list.sort_by_key(|&(_, share)| core::cmp::Reverse(share)); // stable, and in order of names before
        list
    }

    /// The share that no known reason accounts for. With the known ones it makes exactly 1.
    #[doc(alias = "其他")]
    pub const fn other(&self) -> Ratio {
        self.other
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ReasonShares")]
struct Wire {
    shares: Vec<(Name, Ratio)>,
}

impl TryFrom<Wire> for ReasonShares {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<ReasonShares, EconomicsError> {
        ReasonShares::new(wire.shares)
    }
}

impl From<ReasonShares> for Wire {
    fn from(reasons: ReasonShares) -> Wire {
        Wire { shares: reasons.shares.into_iter().collect() }
    }
}
