use super::IdentityError;
use crate::money::{Ratio, Rounding, decimal};
use alloc::string::ToString;
use core::{fmt, str::FromStr};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Evidence that two records are one customer, in bits: each bit doubles the odds. Below zero it speaks against it.
///
/// A whole number of thousandths of a bit, so that weights add up exactly and a threshold is met or missed without doubt.
///
/// ```
/// use customer_value::{customer::identity::MatchWeight, money::Rounding};
///
/// // An agreement that nine of ten true pairs show, and one of a hundred others:
/// let weight = MatchWeight::of("0.9".parse()?, "0.01".parse()?, Rounding::HalfEven).ok_or("no probabilities")?;
/// assert_eq!(weight.to_string(), "6.492");
/// assert!((weight.probability() - 0.989).abs() < 1e-3); // beginning at even odds
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "匹配权重")]
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct MatchWeight(i64);

impl MatchWeight {
    /// No evidence either way.
    pub const ZERO: MatchWeight = MatchWeight(0);

    /// So many thousandths of a bit.
    pub const fn from_thousandths(thousandths: i64) -> MatchWeight {
        MatchWeight(thousandths)
    }

    /// How many thousandths of a bit.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// `log2(m / u)`, rounded once, by name: the weight of an outcome that true pairs show with probability `m` and others with `u`
    /// (Fellegi and Sunter 1969). `None` if one of the two is not above zero.
    pub fn of(m: Ratio, u: Ratio, rounding: Rounding) -> Option<MatchWeight> {
        if m <= Ratio::ZERO || u <= Ratio::ZERO {
            return None;
        }
        // Terms have 127 bits, so quotients lie within 2^±254 and their logarithms far within an integer.
        rounding.whole(1000.0 * libm::log2(m.to_f64() / u.to_f64())).map(MatchWeight)
    }

    /// The probability that the two are one, if this is everything that is known, the prior included: `1 / (1 + 2^-w)`. For reading;
    /// nothing in this crate decides by it.
    // The conversion of a number of bits that anybody would state is exact.
    #[allow(clippy::cast_precision_loss)]
    pub fn probability(self) -> f64 {
        1.0 / (1.0 + libm::exp2(-(self.0 as f64) / 1000.0))
    }

    /// The sum of many; `None` beyond 64 bits.
    pub fn sum(weights: impl IntoIterator<Item = MatchWeight>) -> Option<MatchWeight> {
        weights.into_iter().try_fold(0_i64, |sum, next| sum.checked_add(next.0)).map(MatchWeight)
    }

    /// In bits, with three places.
    pub fn to_decimal(self) -> Decimal {
        decimal::from_fixed(self.0.into(), 3)
    }
}

impl TryFrom<Decimal> for MatchWeight {
    type Error = IdentityError;

    fn try_from(bits: Decimal) -> Result<MatchWeight, IdentityError> {
        decimal::to_fixed(bits, 3).map(MatchWeight).map_err(|_| IdentityError::NotAWeight(bits.to_string()))
    }
}

impl FromStr for MatchWeight {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<MatchWeight, IdentityError> {
        let bits = Decimal::from_str_exact(text).map_err(|_| IdentityError::NotAWeight(text.into()))?;
        MatchWeight::try_from(bits)
    }
}

impl fmt::Display for MatchWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

impl fmt::Debug for MatchWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Serialize, Deserialize)]
struct Wire(#[serde(with = "decimal")] Decimal);

impl TryFrom<Wire> for MatchWeight {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<MatchWeight, IdentityError> {
        MatchWeight::try_from(wire.0)
    }
}

impl From<MatchWeight> for Wire {
    fn from(weight: MatchWeight) -> Wire {
        Wire(weight.to_decimal())
    }
}
