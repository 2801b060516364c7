use super::{
    EconomicsError, Worth,
    worth::{big, ratio, same_currency, share},
};
use crate::money::{Money, Ratio, Rounding};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use serde::{Deserialize, Serialize};

/// What was spent on winning customers, and how many were won: the customer acquisition cost before it is divided, so that campaigns
/// add up.
///
/// ```
/// use customer_value::{money::Rounding, value::economics::Acquisition};
///
/// let fairs = Acquisition::new("90000 EUR".parse()?, 150)?;
/// let search = Acquisition::new("30000 EUR".parse()?, 50)?;
/// let both = fairs.try_add(search)?;
/// assert_eq!(both.cost().in_money(Rounding::HalfEven)?.to_string(), "600.00 EUR");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "CAC")]
#[doc(alias = "客户获取成本")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "AcquisitionWire", into = "AcquisitionWire")]
pub struct Acquisition {
    spent: Money,
    won: u64,
}

impl Acquisition {
    /// So much was spent, and so many customers were won by it.
    ///
    /// # Errors
    /// [`NobodyWon`](EconomicsError::NobodyWon) for 0 customers; [`NegativeCost`](EconomicsError::NegativeCost) for −1.00 EUR.
    pub fn new(spent: Money, won: u64) -> Result<Acquisition, EconomicsError> {
        match () {
            () if won == 0 => Err(EconomicsError::NobodyWon),
            () if spent.is_negative() => Err(EconomicsError::NegativeCost(spent.minor())),
            () => Ok(Acquisition { spent, won }),
        }
    }

    /// What was spent.
    pub const fn spent(&self) -> Money {
        self.spent
    }

    /// How many customers were won.
    pub const fn won(&self) -> u64 {
        self.won
    }

    /// What a customer cost on average.
    pub fn cost(&self) -> Worth {
        Worth::fraction(self.spent.currency(), self.spent.minor().into(), self.won.into())
    }

    /// Both together.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies; [`TooMany`](EconomicsError::TooMany) beyond 2⁶⁴ − 1 customers.
    pub fn try_add(self, other: Acquisition) -> Result<Acquisition, EconomicsError> {
        let won = self.won.checked_add(other.won).ok_or(EconomicsError::TooMany)?;
        Ok(Acquisition { spent: self.spent.try_add(other.spent)?, won })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Acquisition")]
struct AcquisitionWire {
    spent: Money,
    won: u64,
}

impl TryFrom<AcquisitionWire> for Acquisition {
    type Error = EconomicsError;

    fn try_from(wire: AcquisitionWire) -> Result<Acquisition, EconomicsError> {
        Acquisition::new(wire.spent, wire.won)
    }
}

impl From<Acquisition> for AcquisitionWire {
    fn from(a: Acquisition) -> AcquisitionWire {
        AcquisitionWire { spent: a.spent, won: a.won }
    }
}

/// What an average customer costs to win, brings each period, and how fast such customers leave.
///
/// The customer is there for the first period for certain and pays at its start; after every period a constant share of those who are
/// left leaves. Nothing is discounted; [`MarginMultiple`](super::MarginMultiple) does that.
///
/// ```
/// use customer_value::{money::Rounding::{Ceiling, HalfEven}, value::economics::{Acquisition, Payback, UnitEconomics}};
///
/// let cost = Acquisition::new("600 EUR".parse()?, 1)?;
/// let unit = UnitEconomics::new(cost, "100 EUR".parse()?, "0.75".parse()?, "0.02".parse()?)?;
/// assert_eq!(unit.contribution().in_money(HalfEven)?.to_string(), "75.00 EUR");
/// assert_eq!(unit.payback()?.periods(Ceiling), Some(8));
/// assert_eq!(unit.lifetime_value()?.in_money(HalfEven)?.to_string(), "3750.00 EUR");
/// assert_eq!(unit.lifetime_value_to_cost()?.to_string(), "6.25");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "单位经济模型")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "UnitWire", into = "UnitWire")]
pub struct UnitEconomics {
    acquisition: Acquisition,
    revenue: Money,
    margin: Ratio,
    churn: Ratio,
}

impl UnitEconomics {
    /// `revenue` is what a customer pays in a period, `margin` the share of it that is left after the costs that come with it (below
    /// zero if they are higher, at most 1), `churn` the share of customers who leave after each period.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies; [`BadShare`](EconomicsError::BadShare) for a margin of 1.5 and for a churn of
    /// −0.1 or 1.5.
    pub fn new(acquisition: Acquisition, revenue: Money, margin: Ratio, churn: Ratio) -> Result<UnitEconomics, EconomicsError> {
        same_currency(acquisition.spent.currency(), revenue.currency())?;
        if margin > Ratio::ONE {
            return Err(EconomicsError::BadShare { what: "a margin", value: margin });
        }
        Ok(UnitEconomics { acquisition, revenue, margin, churn: share("a churn", churn)? })
    }

    /// What winning customers costs.
    pub const fn acquisition(&self) -> Acquisition {
        self.acquisition
    }

    /// What a customer pays in a period.
    pub const fn revenue(&self) -> Money {
        self.revenue
    }

    /// The share of the revenue that is left after the costs that come with it.
    pub const fn margin(&self) -> Ratio {
        self.margin
    }

    /// The share of customers who leave after each period.
    pub const fn churn(&self) -> Ratio {
        self.churn
    }

    /// What a customer contributes in a period: revenue times margin.
    #[doc(alias = "边际贡献")]
    pub fn contribution(&self) -> Worth {
        Worth::times(self.revenue, &big(self.margin))
    }

    /// How many periods a customer must stay to pay back what they cost. Nobody is thought to leave before that; compare with
    /// [`lifetime`](UnitEconomics::lifetime), which is how long they stay on average.
    ///
    /// # Errors
    /// [`TooFine`](EconomicsError::TooFine) if the terms of the ratio outgrow 128 bits.
    #[doc(alias = "回收期")]
    pub fn payback(&self) -> Result<Payback, EconomicsError> {
        let (cost, contribution) = (self.cost(), self.minor());
        match () {
            () if cost.is_zero() => Ok(Payback::After(Ratio::ZERO)),
            () if contribution.is_positive() => Ok(Payback::After(ratio(&(cost / contribution))?)),
            () => Ok(Payback::Never),
        }
    }

    /// How many periods a customer stays on average, the first one included: 1/churn. `None` if nobody leaves.
    #[doc(alias = "客户寿命")]
    pub fn lifetime(&self) -> Option<Ratio> {
        Ratio::new(self.churn.denominator(), self.churn.numerator()).ok()
    }

    /// What a customer brings in all: contribution/churn, the sum of `contribution · (1 − churn)ᵗ` from t = 0. What they cost is not
    /// taken off; [`Worth::less`] does that.
    ///
    /// # Errors
    /// [`Endless`](EconomicsError::Endless) if nobody leaves and the contribution is not zero.
    #[doc(alias = "LTV")]
    #[doc(alias = "客户生命周期价值")]
    pub fn lifetime_value(&self) -> Result<Worth, EconomicsError> {
        let value = self.lifetime_minor()?;
        let (numerator, denominator) = value.into_raw();
        Ok(Worth::fraction(self.revenue.currency(), numerator, denominator))
    }

    /// What a customer brings in all, as a multiple of what they cost.
    ///
    /// # Errors
    /// [`NoCost`](EconomicsError::NoCost) if acquisition cost nothing; [`Endless`](EconomicsError::Endless) as in
    /// [`lifetime_value`](UnitEconomics::lifetime_value); [`TooFine`](EconomicsError::TooFine) if the terms of the ratio outgrow 128 bits.
    #[doc(alias = "LTV:CAC")]
    pub fn lifetime_value_to_cost(&self) -> Result<Ratio, EconomicsError> {
        let cost = self.cost();
        if cost.is_zero() { Err(EconomicsError::NoCost) } else { ratio(&(self.lifetime_minor()? / cost)) }
    }

    fn cost(&self) -> BigRational {
        BigRational::new(self.acquisition.spent.minor().into(), self.acquisition.won.into())
    }

    fn minor(&self) -> BigRational {
        big(self.margin) * BigInt::from(self.revenue.minor())
    }

    fn lifetime_minor(&self) -> Result<BigRational, EconomicsError> {
        let contribution = self.minor();
        match () {
            () if contribution.is_zero() => Ok(contribution),
            () if self.churn == Ratio::ZERO => Err(EconomicsError::Endless),
            () => Ok(contribution / big(self.churn)),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "UnitEconomics")]
struct UnitWire {
    acquisition: Acquisition,
    revenue: Money,
    margin: Ratio,
    churn: Ratio,
}

impl TryFrom<UnitWire> for UnitEconomics {
    type Error = EconomicsError;

    fn try_from(wire: UnitWire) -> Result<UnitEconomics, EconomicsError> {
        UnitEconomics::new(wire.acquisition, wire.revenue, wire.margin, wire.churn)
    }
}

impl From<UnitEconomics> for UnitWire {
    fn from(u: UnitEconomics) -> UnitWire {
        UnitWire { acquisition: u.acquisition, revenue: u.revenue, margin: u.margin, churn: u.churn }
    }
}

/// When a cost is earned back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payback {
    /// After so many periods: 8, or 7.5. After 0 if there was no cost.
    After(Ratio),
    /// Not at all: there is a cost, and a period brings nothing, or less.
    Never,
}

impl Payback {
    /// The number of whole periods, the rest rounded by name: [`Ceiling`](Rounding::Ceiling) is the first period by whose end all is paid
    /// back. `None` for never, and beyond 2⁶⁴ − 1 periods.
    pub fn periods(self, rounding: Rounding) -> Option<u64> {
        match self {
            Payback::After(periods) => rounding.divide(periods.numerator(), periods.denominator())?.to_u64(),
            Payback::Never => None,
        }
    }
}
