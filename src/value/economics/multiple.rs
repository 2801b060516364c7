use super::{
    EconomicsError, Worth,
    worth::{big, growing, ratio, share},
};
use crate::money::{Money, Ratio};
use num_rational::BigRational;
use num_traits::Signed;
use serde::{Deserialize, Serialize};

/// When the first margin falls due, seen from the day of the valuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstMargin {
    /// At once, and for certain.
    Now,
    /// At the end of the first period, from those who are still customers then.
    AfterOnePeriod,
}

/// The margin multiple (Gupta and Lehmann 2003, 2005): how many margins of one period a customer is worth, if a constant share of
/// customers is kept from period to period, without end.
///
/// | first margin | multiple |
/// |---|---|
/// | after one period | r / (1 + i − r·(1 + g)) |
/// | now | (1 + i) / (1 + i − r·(1 + g)) |
///
/// r is the retention, i the discount and g the growth of the margin, all per period. There is such a number only where
/// 1 + i > r·(1 + g); elsewhere nothing shrinks, and the sum has no end.
///
/// ```
/// use customer_value::{money::{Ratio, Rounding}, value::economics::{FirstMargin, MarginMultiple}};
///
/// let multiple = MarginMultiple::new("0.8".parse()?, "0.1".parse()?, Ratio::ZERO)?;
/// assert_eq!(multiple.times(FirstMargin::AfterOnePeriod)?.to_string(), "8/3"); // 2.67 in the book
///
/// let worth = multiple.of("90 EUR".parse()?, FirstMargin::AfterOnePeriod);
/// assert_eq!(worth.in_money(Rounding::HalfEven)?.to_string(), "240.00 EUR");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "边际倍数")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct MarginMultiple {
    retention: Ratio,
    discount: Ratio,
    growth: Ratio,
}

impl MarginMultiple {
    /// Rates of one period: 0.8 keeps 80 % of customers, 0.1 discounts by 10 %, a growth of 0.03 makes each margin 3 % larger than the
    /// one before.
    ///
    /// # Errors
    /// [`BadShare`](EconomicsError::BadShare) for a retention of 1.2; [`BadRate`](EconomicsError::BadRate) for a discount or growth of −1;
    /// [`Endless`](EconomicsError::Endless) for a retention of 1 without discount.
    pub fn new(retention: Ratio, discount: Ratio, growth: Ratio) -> Result<MarginMultiple, EconomicsError> {
        let multiple = MarginMultiple { retention: share("a retention", retention)?, discount, growth };
        let (interest, growth) = (growing("a discount", discount)?, growing("a growth", growth)?);
        if (interest - big(retention) * growth).is_positive() { Ok(multiple) } else { Err(EconomicsError::Endless) }
    }

    /// The share of customers kept from period to period.
    pub const fn retention(&self) -> Ratio {
        self.retention
    }

    /// The discount of one period.
    pub const fn discount(&self) -> Ratio {
        self.discount
    }

    /// The growth of the margin from period to period.
    pub const fn growth(&self) -> Ratio {
        self.growth
    }

    /// How many margins of the first period a customer is worth.
    ///
    /// # Errors
    /// [`TooFine`](EconomicsError::TooFine) if the terms of the ratio outgrow 128 bits.
    pub fn times(&self, first: FirstMargin) -> Result<Ratio, EconomicsError> {
        ratio(&self.exact(first))
    }

    /// What a customer is worth whose first margin is this.
    pub fn of(&self, margin: Money, first: FirstMargin) -> Worth {
        Worth::times(margin, &self.exact(first))
    }

    fn exact(&self, first: FirstMargin) -> BigRational {
        let one = big(Ratio::ONE);
        let interest = big(self.discount) + &one;
        let shrinking = &interest - big(self.retention) * (big(self.growth) + one);
        match first {
            FirstMargin::Now => interest / shrinking,
            FirstMargin::AfterOnePeriod => big(self.retention) / shrinking,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "MarginMultiple")]
struct Wire {
    retention: Ratio,
    discount: Ratio,
    growth: Ratio,
}

impl TryFrom<Wire> for MarginMultiple {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<MarginMultiple, EconomicsError> {
        MarginMultiple::new(wire.retention, wire.discount, wire.growth)
    }
}

impl From<MarginMultiple> for Wire {
    fn from(m: MarginMultiple) -> Wire {
        Wire { retention: m.retention, discount: m.discount, growth: m.growth }
    }
}
