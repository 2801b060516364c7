use super::EconomicsError;
use crate::money::{Money, MoneyError, Rounding, decimal};
use core::fmt;
use rust_decimal::Decimal;

/// A compound growth rate per period: 0.22 for 22 %. A root, so a floating-point number; it becomes a decimal only by a named rounding.
///
/// ```
/// use customer_value::{money::Rounding, value::economics::GrowthRate};
///
/// let rate = GrowthRate::compound("100 CNY".parse()?, "148.84 CNY".parse()?, 2)?;
/// assert_eq!(rate.rounded(4, Rounding::HalfEven)?.to_string(), "0.2200");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "CAGR")]
#[doc(alias = "年复合增长率")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GrowthRate(f64);

impl GrowthRate {
    /// The rate at which so many periods of equal growth lead from the first amount to the last: `(last/first)^(1/periods) − 1`.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies; [`NoGrowth`](EconomicsError::NoGrowth) from 0 and from −5 EUR, and to −5 EUR;
    /// [`NoPeriod`](EconomicsError::NoPeriod) for 0 periods.
    pub fn compound(first: Money, last: Money, periods: u32) -> Result<GrowthRate, EconomicsError> {
        first.compare(last)?;
        let (from, to) = (first.minor(), last.minor());
        match () {
            () if from <= 0 || to < 0 => Err(EconomicsError::NoGrowth { first: from, last: to }),
            () if periods == 0 => Err(EconomicsError::NoPeriod),
            () if to == 0 => Ok(GrowthRate(-1.0)),
            () => {
                // Both are above zero, so the difference fits; near 1 the logarithm keeps its digits.
                #[allow(clippy::cast_precision_loss)] // one IEEE conversion each
                let growth = (to - from) as f64 / from as f64;
                Ok(GrowthRate(libm::expm1(libm::log1p(growth) / f64::from(periods))))
            }
        }
    }

    /// The rate, −1 or more.
    pub const fn value(self) -> f64 {
        self.0
    }

    /// The rate with so many decimal places, up to 18, rounded by name.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) if it does not fit.
    pub fn rounded(self, places: u8, rounding: Rounding) -> Result<Decimal, EconomicsError> {
        let power = decimal::power_of_ten(places).filter(|_| places <= 18);
        #[allow(clippy::cast_precision_loss)] // powers of ten up to 10^18 are exact
        let fixed = power.and_then(|power| rounding.whole(self.0 * power as f64));
        fixed
            .map(|fixed| decimal::from_fixed(fixed.into(), places))
            .ok_or_else(|| MoneyError::NotARatio(alloc::format!("{self}")).into())
    }
}

impl fmt::Display for GrowthRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
