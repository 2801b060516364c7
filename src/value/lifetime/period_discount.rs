use super::LifetimeError;
use crate::money::Ratio;
use core::fmt;
use serde::{Deserialize, Serialize};

/// How much less a thing is worth that comes one period later, in models whose time is counted in periods: 0.1 divides it by 1.1 for each.
/// A period is that of the model, an opportunity or a renewal; a yearly rate does not fit monthly periods.
///
/// ```
/// use customer_value::value::lifetime::PeriodDiscount;
///
/// let yearly = PeriodDiscount::per_period("0.1".parse()?)?;
/// assert_eq!(yearly.rate().to_string(), "0.1");
/// assert!(PeriodDiscount::per_period("0".parse()?).is_err()); // what never ends would be worth infinitely much
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "折现率")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ratio", into = "Ratio")]
pub struct PeriodDiscount(Ratio);

/// The least and the greatest rate: between them nothing overflows, and no sum is lost in rounding.
const RANGE: core::ops::RangeInclusive<f64> = 1e-9..=1e9;

impl PeriodDiscount {
    /// So much for each period.
    ///
    /// # Errors
    /// [`LifetimeError::BadPeriodDiscount`] for 0, −0.1, and whatever is outside 10⁻⁹ to 10⁹.
    pub fn per_period(rate: Ratio) -> Result<PeriodDiscount, LifetimeError> {
        if RANGE.contains(&rate.to_f64()) { Ok(PeriodDiscount(rate)) } else { Err(LifetimeError::BadPeriodDiscount(rate)) }
    }

    /// The rate for a period.
    pub const fn rate(self) -> Ratio {
        self.0
    }

    pub(super) fn d(self) -> f64 {
        self.0.to_f64()
    }
}

impl fmt::Display for PeriodDiscount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} a period", self.0)
    }
}

impl TryFrom<Ratio> for PeriodDiscount {
    type Error = LifetimeError;

    fn try_from(rate: Ratio) -> Result<PeriodDiscount, LifetimeError> {
        PeriodDiscount::per_period(rate)
    }
}

impl From<PeriodDiscount> for Ratio {
    fn from(discount: PeriodDiscount) -> Ratio {
        discount.0
    }
}
