use super::{
    EconomicsError, FirstMargin, Timing, Worth,
    worth::{big, growing, same_currency, share, short_enough},
};
use crate::money::{Money, Ratio};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use serde::{Deserialize, Serialize};

/// A customer who is kept from period to period with a constant chance, and costs something to keep: Berger and Nasr (1998), case 1.
///
/// `GC · Σ rⁱ/(1 + d)ⁱ − M · Σ rⁱ⁻¹/(1 + d)ⁱ⁻ᵟ`, where GC is the gross contribution of a period, M the cost of keeping a customer in it,
/// r the retention, d the discount. The first sum runs from i = 0, or from 1 where the [first margin](FirstMargin) falls due after one
/// period; the second from 1; both up to the number of periods. M is spent on those who were customers when the period began, at its
/// start (δ = 1), middle (δ = ½, as in the paper) or end (δ = 0).
///
/// ```
/// use customer_value::{money::Rounding, value::economics::{FirstMargin, RetainedCustomer, Timing}};
///
/// let customer = RetainedCustomer {
///     contribution: "260 EUR".parse()?,
///     promotion: "50 EUR".parse()?,
///     retention: "0.75".parse()?,
///     discount: "0.2".parse()?,
///     periods: 10,
///     first_margin: FirstMargin::Now,
///     promotion_timing: Timing::Middle,
/// };
/// assert_eq!(customer.worth()?.in_money(Rounding::HalfEven)?.to_string(), "568.78 EUR");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户生命周期价值")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetainedCustomer {
    /// What a customer contributes in a period, before the cost of keeping them.
    pub contribution: Money,
    /// What it costs to keep a customer for a period.
    pub promotion: Money,
    /// The share of customers kept from period to period, 0 to 1.
    pub retention: Ratio,
    /// The discount of one period, above −1.
    pub discount: Ratio,
    /// How many periods ahead are counted.
    pub periods: u32,
    /// When the first contribution falls due.
    pub first_margin: FirstMargin,
    /// When in each period its promotion is paid.
    pub promotion_timing: Timing,
}

impl RetainedCustomer {
    /// What the customer is worth now, exactly.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies; [`BadShare`](EconomicsError::BadShare) for a retention of 1.2;
    /// [`BadRate`](EconomicsError::BadRate) for a discount of −1; [`NegativeCost`](EconomicsError::NegativeCost) for a promotion of
    /// −50 EUR; [`TooLong`](EconomicsError::TooLong) for so many periods that the fractions would need more than 2¹⁷ bits.
    pub fn worth(&self) -> Result<Worth, EconomicsError> {
        same_currency(self.contribution.currency(), self.promotion.currency())?;
        if self.promotion.is_negative() {
            return Err(EconomicsError::NegativeCost(self.promotion.minor()));
        }
        let retention = big(share("a retention", self.retention)?);
        let interest = growing("a discount", self.discount)?;
        let step = retention / &interest;
        // One power more is needed for the first contribution.
        let terms = self.periods.checked_add(1).ok_or(EconomicsError::TooLong(self.periods))?;
        short_enough(&step, terms)?;

        let (mut sum, below) = geometric(&step, terms);
        if self.first_margin == FirstMargin::AfterOnePeriod {
            sum -= &below;
        }
        let (paid, paid_below) = geometric(&step, self.periods);
        let whole = sum * self.contribution.minor() * &paid_below;
        let cost = paid * self.promotion.minor() * &below;
        let below = below * paid_below;

        // By which the first promotion is discounted: 1, √(n·d)/n or d/n, where the interest is n/d.
        let (n, d) = interest.into_raw();
        let currency = self.contribution.currency();
        Ok(match self.promotion_timing {
            Timing::Start => Worth::fraction(currency, whole - cost, below),
            Timing::Middle => Worth::with_root(currency, whole * &n, -cost, &n * d, below * n),
            Timing::End => Worth::fraction(currency, whole * &n - cost * d, below * n),
        })
    }
}

/// `1 + x + … + x^(terms − 1)` for an x not below zero, as numerator and denominator; the latter is above zero.
fn geometric(x: &BigRational, terms: u32) -> (BigInt, BigInt) {
    let (u, w) = (x.numer(), x.denom());
    if terms == 0 {
        return (BigInt::zero(), BigInt::one());
    }
    if u == w {
        return (terms.into(), BigInt::one());
    }
    let last = w.pow(terms - 1);
    let (above, below) = (&last * w - u.pow(terms), last * (w - u));
    if below.is_negative() { (-above, -below) } else { (above, below) }
}
