use core::cmp::Ordering;
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};

/// A named rounding. Nothing in this crate rounds without one.
///
/// | value | `HalfEven` | `HalfUp` | `HalfDown` | `AwayFromZero` | `TowardZero` | `Ceiling` | `Floor` |
/// |---|---|---|---|---|---|---|---|
/// | 2.5 | 2 | 3 | 2 | 3 | 2 | 3 | 2 |
/// | 3.5 | 4 | 4 | 3 | 4 | 3 | 4 | 3 |
/// | −2.5 | −2 | −3 | −2 | −3 | −2 | −2 | −3 |
/// | 2.1 | 2 | 2 | 2 | 3 | 2 | 3 | 2 |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// To the nearest; a half goes to the even neighbour (banker's rounding).
    HalfEven,
    /// To the nearest; a half goes away from zero (四舍五入).
    #[doc(alias = "四舍五入")]
    HalfUp,
    /// To the nearest; a half goes toward zero.
    HalfDown,
    /// Always away from zero.
    AwayFromZero,
    /// Always toward zero (truncation).
    TowardZero,
    /// Always toward positive infinity.
    Ceiling,
    /// Always toward negative infinity.
    Floor,
}

impl Rounding {
    pub(crate) const fn strategy(self) -> RoundingStrategy {
        match self {
            Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
            Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Rounding::HalfDown => RoundingStrategy::MidpointTowardZero,
            Rounding::AwayFromZero => RoundingStrategy::AwayFromZero,
            Rounding::TowardZero => RoundingStrategy::ToZero,
            Rounding::Ceiling => RoundingStrategy::ToPositiveInfinity,
            Rounding::Floor => RoundingStrategy::ToNegativeInfinity,
        }
    }

    /// `numerator / denominator` as a whole number. `None` if the denominator is not above zero.
    pub(crate) fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        let whole = u128::try_from(denominator).ok().filter(|&d| d > 0)?;
        let negative = numerator < 0;
        let (quotient, rest) = match (u64::try_from(numerator.unsigned_abs()), u64::try_from(whole)) {
            // The usual sizes, at a fraction of the cost.
            (Ok(n), Ok(d)) => (u128::from(n / d), u128::from(n % d)),
            _ => (numerator.unsigned_abs() / whole, numerator.unsigned_abs() % whole),
        };
        // `rest < whole`, so the difference does not overflow.
        let away = rest != 0 && self.goes_away(negative, quotient % 2 == 1, rest.cmp(&(whole - rest)));
        // At most 2^127, which only the smallest number has, and its own negation is itself.
        let magnitude = (quotient + u128::from(away)).cast_signed();
        Some(if negative { magnitude.wrapping_neg() } else { magnitude })
    }

    /// A floating-point number as a whole number. `None` if it does not fit, or is no number.
    pub(crate) fn whole(self, value: f64) -> Option<i64> {
        const LIMIT: f64 = 9_223_372_036_854_775_808.0; // 2⁶³
        let magnitude = libm::floor(value.abs());
        // All differences and halves are exact.
        let odd = magnitude / 2.0 > libm::floor(magnitude / 2.0);
        let half = (value.abs() - magnitude).partial_cmp(&0.5)?;
        let away = value.abs() > magnitude && self.goes_away(value < 0.0, odd, half);
        let rounded = if away { magnitude + 1.0 } else { magnitude };
        #[allow(clippy::cast_possible_truncation)] // a whole number within the range
        (rounded < LIMIT).then(|| if value < 0.0 { -(rounded as i64) } else { rounded as i64 })
    }

    /// Whether a number with a rest is rounded away from zero; `half` compares the rest with one half.
    pub(crate) fn goes_away(self, negative: bool, odd: bool, half: Ordering) -> bool {
        match self {
            Rounding::TowardZero => false,
            Rounding::AwayFromZero => true,
            Rounding::Floor => negative,
            Rounding::Ceiling => !negative,
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && odd),
            Rounding::HalfUp => half.is_ge(),
            Rounding::HalfDown => half.is_gt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rounding::{self, *};
    use rust_decimal::Decimal;

    const ALL: [Rounding; 7] = [HalfEven, HalfUp, HalfDown, AwayFromZero, TowardZero, Ceiling, Floor];

    #[test]
    fn the_table_in_the_docs_holds_for_integers_and_for_decimals() {
        for (tenths, expected) in [
            (25, [2, 3, 2, 3, 2, 3, 2]),
            (35, [4, 4, 3, 4, 3, 4, 3]),
            (-25, [-2, -3, -2, -3, -2, -2, -3]),
            (21, [2, 2, 2, 3, 2, 3, 2]),
            (-21, [-2, -2, -2, -3, -2, -2, -3]),
            (29, [3, 3, 3, 3, 2, 3, 2]),
            (30, [3, 3, 3, 3, 3, 3, 3]),
        ] {
            for (rounding, want) in ALL.into_iter().zip(expected) {
                assert_eq!(rounding.divide(tenths, 10), Some(want), "{tenths}/10 {rounding:?}");
                let decimal = Decimal::from_i128_with_scale(tenths, 1).round_dp_with_strategy(0, rounding.strategy());
                assert_eq!(decimal, Decimal::from_i128_with_scale(want, 0), "{tenths}/10 {rounding:?}");
                let tenths = f64::from(i32::try_from(tenths).unwrap());
                assert_eq!(rounding.whole(tenths / 10.0).map(i128::from), Some(want), "{tenths}/10 {rounding:?}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_do_not_overflow() {
        for rounding in ALL {
            assert_eq!(rounding.divide(i128::MAX, 1), Some(i128::MAX));
            assert_eq!(rounding.divide(i128::MIN, 1), Some(i128::MIN));
            assert!(rounding.divide(i128::MAX, i128::MAX - 1).is_some());
            assert_eq!(rounding.divide(1, 0), None);
            assert_eq!(rounding.divide(1, -1), None);
            for beyond in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 9_223_372_036_854_775_808.0, -1e300] {
                assert_eq!(rounding.whole(beyond), None);
            }
            assert_eq!(rounding.whole(-9_223_372_036_854_774_784.0), Some(-9_223_372_036_854_774_784));
            assert_eq!(rounding.whole(-0.0), Some(0));
        }
    }
}
