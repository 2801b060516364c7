use super::{
    economics::Established,
    perceived::{DeliveredValue, Measure, Perceived, PerceivedError},
};
use crate::{
    money::{Currency, Money, MoneyError},
    quantity::Confidence,
};
use alloc::collections::BTreeMap;
use core::iter::repeat_n;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One dealing in two books: to the customer it is the money that was given for it (顾客付出的货币), to the enterprise what is kept of that
/// money (利润收入). The two are read apart; which of them is "the value" is no question of arithmetic.
///
/// ```
/// use customer_value::value::Exchange;
///
/// let dealing = Exchange::new("120 EUR".parse()?, "95 EUR".parse()?)?;
/// assert_eq!((dealing.paid().to_string(), dealing.profit()?.to_string()), ("120.00 EUR".into(), "25.00 EUR established".into()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "两种核算")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Exchange {
    paid: Money,
    cost: Money,
}

/// What can be wrong with an exchange, or with exchanges taken together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// An amount below zero: what is given back is a return, and settled before.
    #[error("{0} is below zero")]
    Negative(Money),
    /// More customers than 64 bits can count.
    #[error("more than 2^64 - 1 customers")]
    TooMany,
    /// Two currencies, or a sum that does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Exchange {
    /// What the customer paid, and what serving him or her cost the enterprise, in one currency.
    ///
    /// # Errors
    /// [`Negative`](ExchangeError::Negative) for −1 EUR; [`Money`](ExchangeError::Money) for EUR and USD.
    pub fn new(paid: Money, cost: Money) -> Result<Exchange, ExchangeError> {
        if let Some(negative) = [paid, cost].into_iter().find(|amount| amount.minor() < 0) {
            return Err(ExchangeError::Negative(negative));
        }
        paid.try_sub(cost)?;
        Ok(Exchange { paid, cost })
    }

    /// In the customer's book: the money given.
    pub const fn paid(&self) -> Money {
        self.paid
    }

    /// In the enterprise's book: what it cost.
    pub const fn cost(&self) -> Money {
        self.cost
    }

    /// In the enterprise's book: what was kept; below zero if it cost more than was paid.
    ///
    /// # Errors
    /// None: the difference of two amounts of one currency from zero up fits.
    pub fn profit(&self) -> Result<Established, ExchangeError> {
        Ok(Established::new(self.paid.try_sub(self.cost)?))
    }

    /// Two dealings with one customer.
    ///
    /// # Errors
    /// [`Money`](ExchangeError::Money) for another currency, and for a sum that does not fit.
    pub fn try_add(self, other: Exchange) -> Result<Exchange, ExchangeError> {
        Exchange::new(self.paid.try_add(other.paid)?, self.cost.try_add(other.cost)?)
    }
}

/// Who gains by dealing with whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gains {
    /// The customer gets more than it takes, and the enterprise keeps something: value is created and captured.
    Both,
    /// Only the customer: value is created, and not captured.
    Customer,
    /// Only the enterprise: it captures what the customer will look for elsewhere.
    Enterprise,
    /// Neither.
    Neither,
}

/// Value created for customers beside value captured by the enterprise (价值创造, 价值获取), customer by customer.
///
/// The two sides stand beside each other and are never added: one is points in the eyes of customers, the other is money. A gain is more
/// than zero on its side. The order and the splitting of customers change nothing.
///
/// ```
/// use customer_value::{
///     money::Currency,
///     value::{Exchange, Gains, TwoSides, perceived::{Answer::Given, Component::{Money, Quality}, Part, Points, ValueModel}},
/// };
///
/// let left_out = Part::ALL.into_iter().filter(|part| ![Part::Product, Part::Money].contains(part));
/// let model = ValueModel::new(Points::ZERO_TO_TEN, [(Quality, 1), (Money, 1)], left_out)?;
/// let mut sides = TwoSides::new(Currency::EUR);
/// for (quality, price, paid, cost) in [(8, 5, "100 EUR", "70 EUR"), (9, 3, "40 EUR", "55 EUR"), (4, 8, "90 EUR", "50 EUR")] {
///     let felt = model.judge([(Quality, Given(quality)), (Money, Given(price))])?;
///     sides.push(&felt, &Exchange::new(paid.parse()?, cost.parse()?)?)?;
/// }
/// assert_eq!([Gains::Both, Gains::Customer, Gains::Enterprise].map(|gains| sides.customers(gains)), [1, 1, 1]);
/// assert_eq!(sides.captured().to_string(), "55.00 EUR established");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// These do not compile: the one side in place of the other.
///
/// ```compile_fail,E0308
/// # use customer_value::value::{Exchange, TwoSides, economics::Established};
/// fn f(sides: &mut TwoSides, kept: &Established, exchange: &Exchange) { let _ = sides.push(kept, exchange); }
/// ```
/// ```compile_fail,E0308
/// # use customer_value::value::{economics::Established, perceived::Perceived};
/// fn f(felt: Perceived, kept: Established) -> bool { felt == kept }
/// ```
#[doc(alias = "价值创造")]
#[doc(alias = "价值获取")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoSides {
    felt: BTreeMap<Perceived, u64>,
    gains: BTreeMap<Gains, u64>,
    customers: u64,
    captured: Money,
}

impl TwoSides {
    /// No customer yet; what is captured is in that currency.
    pub const fn new(currency: Currency) -> TwoSides {
        TwoSides { felt: BTreeMap::new(), gains: BTreeMap::new(), customers: 0, captured: Money::from_minor(0, currency) }
    }

    /// Adds a customer: what he or she thinks of the offer, and what passed between the two.
    ///
    /// # Errors
    /// [`Money`](ExchangeError::Money) for another currency, and for a sum that does not fit; nothing changes.
    pub fn push(&mut self, felt: &DeliveredValue, exchange: &Exchange) -> Result<(), ExchangeError> {
        let profit = exchange.profit()?.money();
        let gains = match (felt.total_value() > felt.total_cost(), profit.minor() > 0) {
            (true, true) => Gains::Both,
            (true, false) => Gains::Customer,
            (false, true) => Gains::Enterprise,
            (false, false) => Gains::Neither,
        };
        let one = TwoSides { felt: [(felt.net(), 1)].into(), gains: [(gains, 1)].into(), customers: 1, captured: profit };
        self.merge(&one)
    }

    /// Adds other customers.
    ///
    /// # Errors
    /// As [`push`](TwoSides::push), and [`TooMany`](ExchangeError::TooMany); nothing changes.
    pub fn merge(&mut self, other: &TwoSides) -> Result<(), ExchangeError> {
        let captured = self.captured.try_add(other.captured)?;
        self.customers = self.customers.checked_add(other.customers).ok_or(ExchangeError::TooMany)?;
        self.captured = captured;
        // No part is larger than the sum of all.
        other.felt.iter().for_each(|(felt, n)| *self.felt.entry(*felt).or_default() += n);
        other.gains.iter().for_each(|(gains, n)| *self.gains.entry(*gains).or_default() += n);
        Ok(())
    }

    /// How many customers deal with the enterprise to such gains.
    pub fn customers(&self, gains: Gains) -> u64 {
        self.gains.get(&gains).copied().unwrap_or(0)
    }

    /// What customers think to gain on average, with an interval.
    ///
    /// # Errors
    /// As [`Perceived::mean`]: for less than two customers, and where all feel the same.
    pub fn created(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let all = self.felt.iter().flat_map(|(felt, n)| repeat_n(*felt, usize::try_from(*n).unwrap_or(usize::MAX)));
        Perceived::mean(all, confidence)
    }

    /// What the enterprise has kept of all of them.
    pub const fn captured(&self) -> Established {
        Established::new(self.captured)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Exchange")]
struct Wire {
    paid: Money,
    cost: Money,
}

impl TryFrom<Wire> for Exchange {
    type Error = ExchangeError;

    fn try_from(wire: Wire) -> Result<Exchange, ExchangeError> {
        Exchange::new(wire.paid, wire.cost)
    }
}

impl From<Exchange> for Wire {
    fn from(exchange: Exchange) -> Wire {
        Wire { paid: exchange.paid, cost: exchange.cost }
    }
}
