use super::EconomicsError;
use crate::money::{Currency, Money, MoneyError, Ratio, Rounding};
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// How long the numbers of a discounted sum may become.
const MOST_BITS: u64 = 1 << 17;

/// What something is worth, exactly, before it is rounded: a fraction of a smallest unit where need be, or a square root where money
/// falls due in mid-period.
///
/// It becomes an amount at one place only, [`in_money`](Worth::in_money), correctly rounded by name: a tie is found to be a tie.
///
/// ```
/// use customer_value::{money::Rounding, value::economics::Acquisition};
///
/// let each = Acquisition::new("1000.00 EUR".parse()?, 3)?.cost();
/// assert_eq!(each.in_money(Rounding::HalfEven)?.to_string(), "333.33 EUR");
/// assert_eq!(each.in_money(Rounding::Ceiling)?.to_string(), "333.34 EUR");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Worth {
    currency: Currency,
    /// `(whole + part · √under) / below` in smallest units; `under` and `below` are above zero.
    whole: BigInt,
    part: BigInt,
    under: BigInt,
    below: BigInt,
}

impl Worth {
    /// `amount · factor`, in smallest units.
    pub(super) fn times(amount: Money, factor: &BigRational) -> Worth {
        Worth::fraction(amount.currency(), factor.numer() * amount.minor(), factor.denom().clone())
    }

    /// The denominator is above zero.
    pub(super) fn fraction(currency: Currency, whole: BigInt, below: BigInt) -> Worth {
        Worth { currency, whole, part: BigInt::zero(), under: BigInt::one(), below }
    }

    /// `(whole + part · √under) / below`, the last two above zero.
    pub(super) const fn with_root(currency: Currency, whole: BigInt, part: BigInt, under: BigInt, below: BigInt) -> Worth {
        Worth { currency, whole, part, under, below }
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What is left after a cost that falls due now, exactly.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for a cost in another currency.
    pub fn less(&self, cost: Money) -> Result<Worth, EconomicsError> {
        same_currency(self.currency, cost.currency())?;
        Ok(Worth { whole: &self.whole - &self.below * cost.minor(), ..self.clone() })
    }

    /// The amount, rounded once, by name.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) if it does not fit an amount.
    pub fn in_money(&self, rounding: Rounding) -> Result<Money, EconomicsError> {
        let overflow = || EconomicsError::Money(MoneyError::Overflow { currency: self.currency });
        // In halves of a smallest unit: (whole ± √square) / below.
        let (mut whole, mut part): (BigInt, Sign) = (&self.whole * 2, self.part.sign());
        let square: BigInt = &self.part * &self.part * &self.under * 4;
        let negative = match (whole.sign(), part) {
            (Sign::Minus, Sign::Plus) => &whole * &whole > square,
            (_, Sign::Minus) if !whole.is_negative() => &whole * &whole < square,
            (sign, part) => sign == Sign::Minus || part == Sign::Minus,
        };
        if negative {
            (whole, part) = (-whole, -part);
        }
        let root = square.sqrt();
        let exact_root = &root * &root == square;
        // The floor of a quotient by a whole number is that of the floor of the numerator.
        let floor = match part {
            Sign::Minus => whole - root - i32::from(!exact_root),
            _ => whole + root,
        };
        let halves = &floor / &self.below;
        let exact = exact_root && (&halves * &self.below) == floor;
        let half = match (halves.bit(0), exact) {
            (true, true) => core::cmp::Ordering::Equal,
            (true, false) => core::cmp::Ordering::Greater,
            (false, _) => core::cmp::Ordering::Less,
        };
        let magnitude: BigInt = &halves >> 1_u32;
        let away = (halves.bit(0) || !exact) && rounding.goes_away(negative, magnitude.bit(0), half);
        let rounded = magnitude + i32::from(away);
        let minor = if negative { -rounded } else { rounded }.to_i64().ok_or_else(overflow)?;
        Ok(Money::from_minor(minor, self.currency))
    }
}

pub(super) fn big(ratio: Ratio) -> BigRational {
    BigRational::new_raw(ratio.numerator().into(), ratio.denominator().into())
}

pub(super) fn ratio(exact: &BigRational) -> Result<Ratio, EconomicsError> {
    let terms = exact.numer().to_i128().zip(exact.denom().to_i128());
    terms.and_then(|(numerator, denominator)| Ratio::new(numerator, denominator).ok()).ok_or(EconomicsError::TooFine)
}

pub(super) fn same_currency(left: Currency, right: Currency) -> Result<(), EconomicsError> {
    if left == right { Ok(()) } else { Err(MoneyError::CurrencyMismatch { left, right }.into()) }
}

/// A share of all, or of one.
pub(super) fn share(what: &'static str, value: Ratio) -> Result<Ratio, EconomicsError> {
    if (Ratio::ZERO..=Ratio::ONE).contains(&value) { Ok(value) } else { Err(EconomicsError::BadShare { what, value }) }
}

/// One more than a rate: what a period makes of 1. Above zero.
pub(super) fn growing(what: &'static str, value: Ratio) -> Result<BigRational, EconomicsError> {
    let factor = big(value) + BigRational::one();
    if factor.is_positive() { Ok(factor) } else { Err(EconomicsError::BadRate { what, value }) }
}

/// Whether powers of the number up to that one can be computed with.
pub(super) fn short_enough(number: &BigRational, power: u32) -> Result<(), EconomicsError> {
    let bits = number.numer().bits().max(number.denom().bits());
    if bits.saturating_mul(power.into()) <= MOST_BITS { Ok(()) } else { Err(EconomicsError::TooLong(power)) }
}

#[cfg(test)]
mod tests {
    use super::Worth;
    use crate::money::{Currency, Rounding};
    use Rounding::{AwayFromZero, Ceiling, Floor, HalfDown, HalfEven, HalfUp, TowardZero};

    const ALL: [Rounding; 7] = [HalfEven, HalfUp, HalfDown, AwayFromZero, TowardZero, Ceiling, Floor];

    fn rounded(whole: i64, part: i64, under: i64, below: i64) -> [i64; 7] {
        let worth = Worth::with_root(Currency::EUR, whole.into(), part.into(), under.into(), below.into());
        ALL.map(|rounding| worth.in_money(rounding).unwrap().minor())
    }

    #[test]
    fn roots_and_ties_are_rounded_correctly() {
        for ((whole, part, under, below), want) in [
            // 5/2, -5/2, 7/2; the same with a root that is a whole number.
            ((5, 0, 1, 2), [2, 3, 2, 3, 2, 3, 2]),
            ((-5, 0, 1, 2), [-2, -3, -2, -3, -2, -2, -3]),
            ((7, 0, 1, 2), [4, 4, 3, 4, 3, 4, 3]),
            ((0, 1, 25, 2), [2, 3, 2, 3, 2, 3, 2]),
            ((0, -1, 25, 2), [-2, -3, -2, -3, -2, -2, -3]),
            ((1, -2, 9, 2), [-2, -3, -2, -3, -2, -2, -3]),
            ((-1, 2, 9, 2), [2, 3, 2, 3, 2, 3, 2]),
            ((6, 0, 1, 2), [3; 7]),
            ((3, -1, 9, 1), [0; 7]),
            // √2 = 1.414…, √3 = 1.732…, and each the other way round.
            ((0, 1, 2, 1), [1, 1, 1, 2, 1, 2, 1]),
            ((0, 1, 3, 1), [2, 2, 2, 2, 1, 2, 1]),
            ((0, -1, 2, 1), [-1, -1, -1, -2, -1, -1, -2]),
            ((0, -1, 3, 1), [-2, -2, -2, -2, -1, -1, -2]),
            // 3 - √2 = 1.585…, 1 - √2 = -0.414…, √2 - 1, √2 - 3.
            ((3, -1, 2, 1), [2, 2, 2, 2, 1, 2, 1]),
            ((1, -1, 2, 1), [0, 0, 0, -1, 0, 0, -1]),
            ((-1, 1, 2, 1), [0, 0, 0, 1, 0, 1, 0]),
            ((-3, 1, 2, 1), [-2, -2, -2, -2, -1, -1, -2]),
        ] {
            assert_eq!(rounded(whole, part, under, below), want, "({whole} + {part}√{under})/{below}");
        }
    }

    #[test]
    fn a_hair_beside_a_tie_is_no_tie() {
        // √(n² ± 1) lies beside n by 1/(2n), below what a double shows of it.
        let n = 3_000_000_001_i64;
        assert_eq!(rounded(0, 1, n * n, 2)[..3], [1_500_000_000, 1_500_000_001, 1_500_000_000]);
        assert_eq!(rounded(0, 1, n * n + 1, 2)[..3], [1_500_000_001; 3]);
        assert_eq!(rounded(0, 1, n * n - 1, 2)[..3], [1_500_000_000; 3]);
    }
}
