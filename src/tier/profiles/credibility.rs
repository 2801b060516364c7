//! The numbers of ELECTRE TRI in fixed point with 18 places.
//!
//! Weights are whole parts, comparisons with thresholds are exact, and one division makes each index. What is lost is below 10^-17 for
//! the concordance, and, where a discordance exceeds it, below 10^-18 over the least weight; the credibility is then rounded, half even,
//! to 9 places. Every step keeps the order of what goes in, so an improvement cannot get lost in rounding.

use super::{Criterion, ProfileError, Thresholds};
use crate::money::{Rounding, decimal};
use rust_decimal::Decimal;

pub(super) const ONE: i128 = 1_000_000_000_000_000_000;

/// The places of a credibility and a cutting level.
pub(super) const PLACES: u8 = 9;

/// Where, on the way of a value that turns ever more against a claim, the claim loses a criterion's support.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Zone {
    /// Whether the value turns against the claim as it rises.
    rising: bool,
    /// Up to here it supports the claim fully.
    supports: Decimal,
    /// From here on it does not support it; beyond, it speaks against it.
    opposes: Decimal,
    /// From here on it speaks against it with full force.
    vetoes: Option<Decimal>,
}

/// What one criterion says to a claim, in fixed point.
#[derive(Clone, Copy)]
pub(super) struct Indices {
    pub(super) concordance: i128,
    pub(super) discordance: i128,
}

impl Zone {
    /// `None` if a border and a threshold do not add up exactly.
    pub(super) fn new(border: Decimal, thresholds: &Thresholds, rising: bool) -> Option<Zone> {
        let beyond = |by: Decimal| sum(border, if rising { by } else { -by });
        let vetoes = match thresholds.veto {
            Some(veto) => Some(beyond(veto)?),
            None => None,
        };
        Some(Zone { rising, supports: beyond(thresholds.indifference)?, opposes: beyond(thresholds.preference)?, vetoes })
    }

    /// The indices of a value.
    pub(super) fn of(&self, value: Decimal, criterion: &Criterion) -> Result<Indices, ProfileError> {
        let against = || {
            let lost = self.way(value, self.supports, self.opposes)?;
            let discordance = self.vetoes.map_or(Some(0), |vetoes| self.way(value, self.opposes, vetoes))?;
            Some(Indices { concordance: ONE - lost, discordance })
        };
        against().ok_or_else(|| ProfileError::TooPrecise { criterion: criterion.of.clone(), value })
    }

    /// The indices of a value that supports the claim beyond all bounds, or that speaks against it so.
    pub(super) fn of_extreme(&self, supports: bool) -> Indices {
        let discordance = if supports || self.vetoes.is_none() { 0 } else { ONE };
        Indices { concordance: if supports { ONE } else { 0 }, discordance }
    }

    /// How much of the way from one point to the next a value has gone: 0 up to the first, [`ONE`] from the second on.
    fn way(&self, value: Decimal, from: Decimal, to: Decimal) -> Option<i128> {
        let (left, arrived) = if self.rising { (value > from, value >= to) } else { (value < from, value <= to) };
        match (left, arrived) {
            (false, _) => Some(0),
            (true, true) => Some(ONE),
            (true, false) => share(value, from, to),
        }
    }
}

/// `a + b`, exactly.
fn sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let sum = mantissa(a, scale)?.checked_add(mantissa(b, scale)?)?;
    Decimal::try_from_i128_with_scale(sum, scale).ok().map(|sum| sum.normalize())
}

/// The value as a whole number of `10^-scale`; `scale` is not below its own.
fn mantissa(value: Decimal, scale: u32) -> Option<i128> {
    let power = decimal::power_of_ten(u8::try_from(scale.checked_sub(value.scale())?).ok()?)?;
    value.mantissa().checked_mul(power)
}

/// `(value − from) / (to − from)` for a value between the two, rounded half even.
fn share(value: Decimal, from: Decimal, to: Decimal) -> Option<i128> {
    let value = value.normalize();
    let scale = value.scale().max(from.scale()).max(to.scale());
    let from = mantissa(from, scale)?;
    let part = mantissa(value, scale)?.checked_sub(from)?.checked_abs()?;
    let whole = mantissa(to, scale)?.checked_sub(from)?.checked_abs()?;
    if let Some(scaled) = part.checked_mul(ONE) {
        return Rounding::HalfEven.divide(scaled, whole);
    }
    // Long division by hand, three digits at a time, where the product passes 128 bits.
    let (mut quotient, mut rest) = (0, part);
    for _ in 0..6 {
        rest = rest.checked_mul(1000)?;
        quotient = quotient * 1000 + rest / whole;
        rest %= whole;
    }
    let half = rest.cmp(&(whole - rest));
    Some(quotient + i128::from(half.is_gt() || (half.is_eq() && quotient % 2 == 1)))
}

/// The sum of concordances in parts of weights, over all parts.
pub(super) fn concordance(sum: i128, whole: i128) -> i128 {
    divide(sum, whole)
}

/// A credibility after one more criterion has spoken against the claim. Only a discordance above the concordance weakens.
pub(super) fn weakened(credibility: i128, discordance: i128, concordance: i128) -> i128 {
    if discordance > concordance { divide(credibility * (ONE - discordance), ONE - concordance) } else { credibility }
}

/// From 18 places to 9, half even.
pub(super) fn rounded(index: i128) -> i128 {
    divide(index, 1_000_000_000)
}

/// An index with 9 places as a decimal.
pub(super) fn as_decimal(rounded: i128) -> Decimal {
    decimal::from_fixed(rounded, PLACES).normalize()
}

/// Half even. The denominators here are above zero.
fn divide(numerator: i128, denominator: i128) -> i128 {
    Rounding::HalfEven.divide(numerator, denominator).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{ONE, share};
    use rust_decimal::Decimal;

    /// The same share where the product with 10^18 fits, and where zeros behind the point make it pass 128 bits.
    #[track_caller]
    fn assert_share(value: &str, whole: &str, expected: i128) {
        let (value, whole) = (Decimal::from_str_exact(value).unwrap(), Decimal::from_str_exact(whole).unwrap());
        let mut long = whole;
        long.rescale(26);
        assert_eq!(long.scale(), 26);
        for whole in [whole, long] {
            assert_eq!(share(value, Decimal::ZERO, whole), Some(expected));
            assert_eq!(share(-value, Decimal::ZERO, -whole), Some(expected));
            assert_eq!(share(whole - value, whole, Decimal::ZERO), Some(expected));
        }
    }

    #[test]
    fn both_ways_of_division_round_half_even() {
        assert_share("15", "30", ONE / 2);
        assert_share("10", "30", 333_333_333_333_333_333);
        assert_share("20", "30", 666_666_666_666_666_667);
        assert_share("0.1234567890123456785", "1", 123_456_789_012_345_678);
        assert_share("0.1234567890123456795", "1", 123_456_789_012_345_680);
        assert_share("0.000000000000000001", "2", 0);
        assert_share("0.000000000000000003", "2", 2);
        assert_share("0.000000000000000005", "2", 2);
        assert_share("0.00000000000000000500001", "2", 3);
    }
}
