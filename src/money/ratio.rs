use super::{MoneyError, Rounding, decimal};
use alloc::{format, string::ToString};
use core::{cmp::Ordering, fmt, str::FromStr};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An exact fraction in lowest terms: a weight, a share, a mean.
///
/// Thirds are thirds: three weights of `1/3` add up to one, which no decimal can do. Read and written as text, `"0.4"` where the
/// fraction ends as a decimal and `"1/3"` where it does not.
///
/// ```
/// use customer_value::money::{Ratio, Rounding};
///
/// let third: Ratio = "1/3".parse()?;
/// assert_eq!("0.4".parse::<Ratio>()?, Ratio::new(2, 5)?);
/// assert_eq!(third.to_decimal(4, Rounding::HalfEven)?.to_string(), "0.3333");
/// assert_eq!(Ratio::sum([third, third, third])?, Ratio::ONE);
/// # Ok::<(), customer_value::money::MoneyError>(())
/// ```
#[doc(alias = "比率")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Ratio = Ratio { numerator: 0, denominator: 1 };
    /// The whole.
    pub const ONE: Ratio = Ratio { numerator: 1, denominator: 1 };

    /// `numerator / denominator`, reduced.
    ///
    /// # Errors
    /// [`MoneyError::NotARatio`] for a denominator of zero, or terms at the very end of the range (`i128::MIN`).
    pub fn new(numerator: i128, denominator: i128) -> Result<Ratio, MoneyError> {
        let bad = || MoneyError::NotARatio(format!("{numerator}/{denominator}"));
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return Err(bad());
        }
        let (mut a, mut b) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        if let (Ok(top), Ok(bottom)) = (u64::try_from(a), u64::try_from(b)) {
            // The usual sizes, at a fraction of the cost.
            let (mut divisor, mut rest) = (top, bottom);
            while rest != 0 {
                (divisor, rest) = (rest, divisor % rest);
            }
            let sign = numerator.signum() * denominator.signum();
            return Ok(Ratio { numerator: i128::from(top / divisor) * sign, denominator: (bottom / divisor).into() });
        }
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let a = a.cast_signed(); // a divisor of a number that fits
        let sign = denominator.signum();
        Ok(Ratio { numerator: numerator / a * sign, denominator: denominator / a * sign })
    }

    /// The numerator, with the sign.
    pub const fn numerator(&self) -> i128 {
        self.numerator
    }

    /// The denominator, above zero.
    pub const fn denominator(&self) -> i128 {
        self.denominator
    }

    /// The sum of many, exactly.
    ///
    /// # Errors
    /// [`MoneyError::NotARatio`] if the terms outgrow 128 bits.
    pub fn sum(ratios: impl IntoIterator<Item = Ratio>) -> Result<Ratio, MoneyError> {
        let add = |a: Ratio, b: Ratio| {
            let left = a.numerator.checked_mul(b.denominator)?;
            let right = b.numerator.checked_mul(a.denominator)?;
            Ratio::new(left.checked_add(right)?, a.denominator.checked_mul(b.denominator)?).ok()
        };
        ratios
            .into_iter()
            .try_fold(Ratio::ZERO, |total, next| add(total, next).ok_or_else(|| MoneyError::NotARatio(format!("{total} + {next}"))))
    }

    /// The least common denominator of many, up to `10^18`, so that they and their parts add up within 128 bits in any order; `None` if it
    /// is larger.
    pub(crate) fn common_denominator(ratios: impl IntoIterator<Item = Ratio>) -> Option<i128> {
        ratios.into_iter().try_fold(1_i128, |common, ratio| {
            // `common / denominator`, reduced, has the denominator that is still missing.
            let missing = Ratio::new(common, ratio.denominator).ok()?.denominator;
            common.checked_mul(missing).filter(|&common| common <= 1_000_000_000_000_000_000)
        })
    }

    /// The fraction as a part of another that is above zero. `None` if the terms outgrow 128 bits.
    pub(crate) fn part_of(self, whole: Ratio) -> Option<Ratio> {
        let positive = Ratio::new(whole.denominator, whole.numerator).ok().filter(|r| r.numerator > 0)?;
        let numerator = self.numerator.checked_mul(positive.numerator)?;
        Ratio::new(numerator, self.denominator.checked_mul(positive.denominator)?).ok()
    }

    /// The fraction as a decimal, rounded once, by name; `places` up to 28.
    ///
    /// # Errors
    /// [`MoneyError::NotARatio`] if the numerator with so many more digits passes 128 bits, or the value does not fit a decimal.
    pub fn to_decimal(self, places: u8, rounding: Rounding) -> Result<Decimal, MoneyError> {
        decimal::quotient(self.numerator, self.denominator, places, rounding).ok_or_else(|| MoneyError::NotARatio(self.to_string()))
    }

    /// The fraction times a decimal, rounded once, by name. `None` if it does not fit.
    pub(crate) fn times(self, value: Decimal, places: u8, rounding: Rounding) -> Option<Decimal> {
        let value = value.normalize();
        let power = decimal::power_of_ten(u8::try_from(value.scale()).ok()?)?;
        let numerator = self.numerator.checked_mul(value.mantissa())?;
        decimal::quotient(numerator, self.denominator.checked_mul(power)?, places, rounding)
    }

    /// The nearest floating-point number or its neighbour, for statistics: the same bits on every platform.
    // The two conversions and the division are IEEE operations, each correctly rounded.
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The fraction as a decimal, if it ends within 28 places.
    fn as_exact_decimal(self) -> Option<Decimal> {
        let mut rest = self.denominator;
        let mut strip = |prime| {
            let mut times = 0_u8;
            while rest % prime == 0 {
                rest /= prime;
                times += 1;
            }
            times
        };
        let places = strip(2).max(strip(5));
        (rest == 1).then(|| decimal::quotient(self.numerator, self.denominator, places, Rounding::HalfEven))?
    }
}

/// Compared by value, exactly, whatever the size of the terms.
impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        let mut flipped = false;
        // Compare whole parts; where they agree, the order of the remainders is the opposite order of their inverses.
        loop {
            let (x, y) = (a.numerator.div_euclid(a.denominator), b.numerator.div_euclid(b.denominator));
            let (p, q) = (a.numerator.rem_euclid(a.denominator), b.numerator.rem_euclid(b.denominator));
            let order = match x.cmp(&y) {
                Ordering::Equal if p == 0 || q == 0 => (p != 0).cmp(&(q != 0)),
                Ordering::Equal => {
                    a = Ratio { numerator: a.denominator, denominator: p };
                    b = Ratio { numerator: b.denominator, denominator: q };
                    flipped = !flipped;
                    continue;
                }
                unequal => unequal,
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl TryFrom<Decimal> for Ratio {
    type Error = MoneyError;

    fn try_from(value: Decimal) -> Result<Ratio, MoneyError> {
        let power = u8::try_from(value.scale()).ok().and_then(decimal::power_of_ten);
        Ratio::new(value.mantissa(), power.unwrap_or(0))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_exact_decimal() {
            Some(decimal) => write!(f, "{}", decimal.normalize()),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Ratio {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Ratio, MoneyError> {
        let bad = || MoneyError::NotARatio(text.to_string());
        match text.split_once('/') {
            Some((n, d)) => Ratio::new(n.trim().parse().map_err(|_| bad())?, d.trim().parse().map_err(|_| bad())?),
            None => Ratio::try_from(Decimal::from_str_exact(text).map_err(|_| bad())?),
        }
        .map_err(|_| bad())
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Ratio, D::Error> {
        struct Visit;
        impl de::Visitor<'_> for Visit {
            type Value = Ratio;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a ratio as text, such as \"0.4\" or \"1/3\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Ratio, E> {
                text.parse().map_err(E::custom)
            }
        }
        from.deserialize_str(Visit)
    }
}
