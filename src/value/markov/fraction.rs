use crate::money::{Currency, Money, MoneyError, Ratio, Rounding};
use alloc::string::{String, ToString};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

/// An exact fraction of any size, not reduced; the denominator is above zero.
#[derive(Clone, Debug)]
pub(crate) struct Fraction {
    numerator: BigInt,
    denominator: BigInt,
}

impl From<i128> for Fraction {
    fn from(whole: i128) -> Fraction {
        Fraction::new(whole.into(), 1.into())
    }
}

impl Fraction {
    /// The denominator is above zero.
    pub(crate) const fn new(numerator: BigInt, denominator: BigInt) -> Fraction {
        Fraction { numerator, denominator }
    }

    /// `a · b / c`; `c` is above zero.
    pub(crate) fn product(a: i128, b: i128, c: i128) -> Fraction {
        Fraction::new(BigInt::from(a) * b, c.into())
    }

    pub(crate) fn plus(&self, other: &Fraction) -> Fraction {
        if self.denominator == other.denominator {
            return Fraction::new(&self.numerator + &other.numerator, self.denominator.clone());
        }
        let numerator = &self.numerator * &other.denominator + &other.numerator * &self.denominator;
        Fraction::new(numerator, &self.denominator * &other.denominator)
    }

    pub(crate) fn times(&self, factor: u64) -> Fraction {
        Fraction::new(&self.numerator * factor, self.denominator.clone())
    }

    /// The nearest whole number in the sense of the rounding.
    fn whole(&self, rounding: Rounding) -> BigInt {
        let (magnitude, negative) = (self.numerator.abs(), self.numerator.is_negative());
        let quotient = &magnitude / &self.denominator;
        let rest = magnitude - &quotient * &self.denominator;
        let half = (&rest + &rest).cmp(&self.denominator);
        let away = !rest.is_zero() && rounding.goes_away(negative, quotient.bit(0), half);
        let rounded = quotient + i32::from(away);
        if negative { -rounded } else { rounded }
    }

    /// The fraction as so many smallest units, rounded once.
    pub(crate) fn to_money(&self, currency: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let minor = self.whole(rounding).to_i64().ok_or(MoneyError::Overflow { currency })?;
        Ok(Money::from_minor(minor, currency))
    }

    /// The fraction with so many decimal places, rounded once; `None` if that does not fit.
    pub(crate) fn to_decimal(&self, places: u8, rounding: Rounding) -> Option<Decimal> {
        let power = 10_i128.checked_pow(places.into())?;
        let scaled = Fraction::new(&self.numerator * power, self.denominator.clone());
        Decimal::try_from_i128_with_scale(scaled.whole(rounding).to_i128()?, places.into()).ok()
    }

    /// The fraction itself; `None` if its terms outgrow 128 bits.
    pub(crate) fn to_ratio(&self) -> Option<Ratio> {
        let reduced = BigRational::new(self.numerator.clone(), self.denominator.clone());
        Ratio::new(reduced.numer().to_i128()?, reduced.denom().to_i128()?).ok()
    }

    /// For messages.
    pub(crate) fn to_text(&self) -> String {
        self.to_ratio()
            .map_or_else(|| BigRational::new(self.numerator.clone(), self.denominator.clone()).to_string(), |r| r.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::Fraction;
    use crate::money::Rounding::{self, *};
    use alloc::string::ToString;

    #[test]
    fn the_roundings_of_fractions_are_those_of_whole_numbers() {
        for numerator in -40..=40_i64 {
            for denominator in 1..=8_i64 {
                for rounding in [HalfEven, HalfUp, HalfDown, AwayFromZero, TowardZero, Ceiling, Floor] {
                    let found = Fraction::new(numerator.into(), denominator.into()).whole(rounding);
                    let want = Rounding::divide(rounding, numerator.into(), denominator.into()).unwrap();
                    assert_eq!(found, want.into(), "{numerator}/{denominator} {rounding:?}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_nothing() {
        let huge = Fraction::from(i128::MAX).times(u64::MAX);
        assert_eq!((huge.to_ratio(), huge.to_decimal(0, Floor)), (None, None));
        assert_eq!(Fraction::from(1).to_decimal(29, Floor), None);
        assert!(huge.to_text().len() > 50);
        assert_eq!(Fraction::product(2, 3, 9).to_text(), "2/3");
        assert_eq!(Fraction::product(2, 3, 9).to_decimal(4, HalfUp).unwrap().to_string(), "0.6667");
    }
}
