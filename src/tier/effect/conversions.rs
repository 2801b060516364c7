use super::EffectError;
use crate::{
    money::{Money, Ratio, Rounding},
    numeric::{Share, count, newcombe, normal_tail, ratio_of_shares},
    quantity::{Confidence, Estimate, MoneyEstimate},
};
use serde::{Deserialize, Serialize};

/// One arm of a test: how many customers, and how many of them did what they were to do.
#[doc(alias = "转化率")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Conversions {
    converted: u64,
    customers: u64,
}

impl Conversions {
    /// So many conversions among so many customers.
    ///
    /// # Errors
    /// [`TooManyConversions`](EffectError::TooManyConversions) for 3 of 2.
    pub fn new(converted: u64, customers: u64) -> Result<Conversions, EffectError> {
        if converted <= customers {
            Ok(Conversions { converted, customers })
        } else {
            Err(EffectError::TooManyConversions { converted, customers })
        }
    }

    /// Counts a customer.
    ///
    /// # Errors
    /// [`TooLarge`](EffectError::TooLarge) for the 2⁶⁴th.
    pub fn push(&mut self, converted: bool) -> Result<(), EffectError> {
        self.merge(&Conversions { converted: converted.into(), customers: 1 })
    }

    /// Takes in the customers of another part of the same arm.
    ///
    /// # Errors
    /// [`TooLarge`](EffectError::TooLarge) beyond 2⁶⁴ − 1 customers; nothing is taken in then.
    pub fn merge(&mut self, other: &Conversions) -> Result<(), EffectError> {
        self.customers = self.customers.checked_add(other.customers).ok_or(EffectError::TooLarge)?;
        self.converted += other.converted; // no more than customers
        Ok(())
    }

    /// Customers who converted.
    pub const fn converted(&self) -> u64 {
        self.converted
    }

    /// All customers of the arm.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// The share that converted; `None` of nobody.
    pub fn rate(&self) -> Option<Ratio> {
        Ratio::new(self.converted.into(), self.customers.into()).ok()
    }

    /// The share that converted, with the score interval of Wilson (1927).
    ///
    /// # Errors
    /// [`TooFew`](EffectError::TooFew) for an arm without customers.
    pub fn rate_estimate(&self, confidence: Confidence) -> Result<Estimate, EffectError> {
        let share = self.share(confidence)?;
        Ok(Estimate::new(share.value, share.low, share.high, confidence)?)
    }

    fn share(&self, confidence: Confidence) -> Result<Share, EffectError> {
        match self.customers {
            0 => Err(EffectError::TooFew { customers: 0, least: 1 }),
            customers => Ok(Share::wilson(self.converted, customers, normal_tail(confidence.tail()))),
        }
    }
}

/// The share that converted among the treated less that among the others, in parts of one: how many more of a hundred, over a hundred.
///
/// The interval is the hybrid of two score intervals (Newcombe 1998, method 10). It keeps its promise in small arms, and never leaves
/// −1 to 1.
///
/// # Errors
/// [`TooFew`](EffectError::TooFew) for an arm without customers.
pub fn difference(treated: &Conversions, control: &Conversions, confidence: Confidence) -> Result<Estimate, EffectError> {
    let (one, other) = (treated.share(confidence)?, control.share(confidence)?);
    let (low, high) = newcombe(one, other);
    Ok(Estimate::new(one.value - other.value, low, high, confidence)?)
}

/// The relative lift: by which part of the control's share the treated convert more. 0.25 says a quarter more.
///
/// The interval is made of the same two score intervals as that of the [`difference`], for the ratio (Donner and Zou 2012). So one covers 0
/// where the other does.
///
/// # Errors
/// [`TooFew`](EffectError::TooFew) for an arm without customers; [`NoBase`](EffectError::NoBase) if nobody converted in the control arm.
pub fn lift(treated: &Conversions, control: &Conversions, confidence: Confidence) -> Result<Estimate, EffectError> {
    let (one, other) = (treated.share(confidence)?, control.share(confidence)?);
    let (low, high) = ratio_of_shares(one, other).ok_or(EffectError::NoBase)?;
    let value = one.value / other.value;
    Ok(Estimate::new(value - 1.0, low.min(value) - 1.0, high.max(value) - 1.0, confidence)?)
}

/// What a treatment makes on so many treated customers: conversions that would not have been, times the margin of each, less the cost of
/// treating all. The cost is taken off exactly; the estimate enters money by the named rounding.
///
/// # Errors
/// [`NegativeMargin`](EffectError::NegativeMargin); [`Money`](EffectError::Money) if margin and cost differ in currency or the result does
/// not fit an amount.
pub fn gain(
    difference: &Estimate,
    margin: Money,
    treated: u64,
    cost: Money,
    rounding: Rounding,
) -> Result<MoneyEstimate, EffectError> {
    let minor = u64::try_from(margin.minor()).map_err(|_| EffectError::NegativeMargin(margin))?;
    let more = difference.times(count(treated) * count(minor))?;
    Ok(more.in_money(margin.currency(), rounding)?.less(cost)?)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Conversions")]
struct Wire {
    converted: u64,
    customers: u64,
}

impl TryFrom<Wire> for Conversions {
    type Error = EffectError;

    fn try_from(wire: Wire) -> Result<Conversions, EffectError> {
        Conversions::new(wire.converted, wire.customers)
    }
}

impl From<Conversions> for Wire {
    fn from(c: Conversions) -> Wire {
        Wire { converted: c.converted, customers: c.customers }
    }
}
