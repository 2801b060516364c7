use super::RankingError;
use crate::money::{Ratio, Rounding, decimal};
use core::{cmp::Ordering, fmt};
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

/// An exact number from zero up, of whatever length: a distance or a regret. Compared exactly; made a decimal by a named rounding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(pub(super) BigRational);

impl Exact {
    /// The number as a decimal of `places` (up to 28), rounded once, by name.
    ///
    /// # Errors
    /// [`DoesNotFit`](RankingError::DoesNotFit) for 29 places, and where the digits pass those of a decimal.
    pub fn to_decimal(&self, places: u8, rounding: Rounding) -> Result<Decimal, RankingError> {
        self.rounded(places, rounding).ok_or(RankingError::DoesNotFit(places))
    }

    /// The nearest floating-point number, for statistics.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().unwrap_or(f64::INFINITY)
    }

    fn rounded(&self, places: u8, rounding: Rounding) -> Option<Decimal> {
        let scaled = &self.0 * whole(decimal::power_of_ten(places)?);
        let floor = scaled.floor();
        let rest = scaled - &floor;
        // In quarters a rest keeps its side of the half, which is all that rounding asks.
        let quarters = match (rest.is_zero(), (&rest + &rest).cmp(&BigRational::one())) {
            (true, _) => 0,
            (_, Ordering::Less) => 1,
            (_, Ordering::Equal) => 2,
            (_, Ordering::Greater) => 3,
        };
        let fixed = rounding.divide(floor.to_i128()?.checked_mul(4)?.checked_add(quarters)?, 4)?;
        Decimal::try_from_i128_with_scale(fixed, places.into()).ok()
    }
}

/// Every whole number has its big twin.
fn whole(number: i128) -> BigRational {
    BigRational::from_i128(number).unwrap_or_else(BigRational::zero)
}

pub(super) fn of_ratio(ratio: Ratio) -> BigRational {
    whole(ratio.numerator()) / whole(ratio.denominator())
}

pub(super) fn of_decimal(value: Decimal) -> BigRational {
    let places = u8::try_from(value.scale()).ok().and_then(decimal::power_of_ten);
    whole(value.mantissa()) / whole(places.unwrap_or(1))
}

/// `|a − b| / |c − d|`; nothing where `c` and `d` are the same.
pub(super) fn part(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> BigRational {
    let whole = (of_decimal(c) - of_decimal(d)).abs();
    if whole.is_zero() { whole } else { (of_decimal(a) - of_decimal(b)).abs() / whole }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
