//! What a customer spends: the question that every model of spending answers, and what it is asked about.

use super::{LifetimeError, Link, Parametric};
use crate::{
    customer::Purchases,
    money::{Currency, Money, MoneyError, Rounding},
    quantity::{Confidence, Estimate},
    value::RepeatPurchases,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// Which purchases amounts are taken from. The two give different means, and what was fitted on the one cannot be asked about the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpendBasis {
    /// Repeat purchases only, the first left out, as in the literature and in [`RepeatPurchases`].
    RepeatOnly,
    /// All purchases, the first included.
    All,
}

impl fmt::Display for SpendBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SpendBasis::RepeatOnly => "repeat purchases only",
            SpendBasis::All => "all purchases",
        })
    }
}

/// What a customer spent: on how many purchases, and how much together.
///
/// ```
/// use customer_value::{money::{Currency, Money}, value::lifetime::{SpendBasis, Spent}};
///
/// let spent = Spent::new(SpendBasis::All, 3, Money::from_minor(74_02, Currency::USD));
/// assert_eq!((spent.purchases(), spent.total().to_string()), (3, "74.02 USD".into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spent {
    basis: SpendBasis,
    purchases: u32,
    total: Money,
}

impl Spent {
    /// So many purchases that come to so much. Without purchases the amount says nothing.
    pub const fn new(basis: SpendBasis, purchases: u32, total: Money) -> Spent {
        Spent { basis, purchases, total }
    }

    /// Nothing yet.
    pub const fn nothing(basis: SpendBasis, currency: Currency) -> Spent {
        Spent { basis, purchases: 0, total: Money::zero(currency) }
    }

    /// All purchase days of settled purchases, the first included.
    pub fn all(purchases: &Purchases) -> Spent {
        let days = u32::try_from(purchases.days().len()).unwrap_or(u32::MAX);
        Spent { basis: SpendBasis::All, purchases: days, total: purchases.net() }
    }

    /// Which purchases they are.
    pub const fn basis(&self) -> SpendBasis {
        self.basis
    }

    /// Number of purchases.
    pub const fn purchases(&self) -> u32 {
        self.purchases
    }

    /// What they come to.
    pub const fn total(&self) -> Money {
        self.total
    }

    /// Both as numbers, the total in smallest units; nothing without purchases.
    pub(super) fn numbers(&self) -> (f64, f64) {
        if self.purchases == 0 { (0.0, 0.0) } else { (self.purchases.into(), whole(self.total.minor())) }
    }

    pub(super) fn check(&self, basis: SpendBasis, currency: Currency) -> Result<(), LifetimeError> {
        same_currency(currency, self.total.currency())?;
        same_basis(basis, self.basis)
    }

    /// As [`check`](Spent::check), for models that know positive amounts only.
    pub(super) fn check_positive(&self, basis: SpendBasis, currency: Currency) -> Result<(), LifetimeError> {
        self.check(basis, currency)?;
        let bad = self.purchases > 0 && self.total.minor() <= 0;
        if bad { Err(LifetimeError::NotPositive { x: self.purchases, value: self.total }) } else { Ok(()) }
    }
}

impl From<&RepeatPurchases> for Spent {
    fn from(repeat: &RepeatPurchases) -> Spent {
        Spent { basis: SpendBasis::RepeatOnly, purchases: repeat.x, total: repeat.value }
    }
}

pub(super) fn same_currency(expected: Currency, found: Currency) -> Result<(), LifetimeError> {
    if expected == found { Ok(()) } else { Err(LifetimeError::MixedCurrencies { expected, found }) }
}

pub(super) fn same_basis(expected: SpendBasis, found: SpendBasis) -> Result<(), LifetimeError> {
    if expected == found { Ok(()) } else { Err(LifetimeError::WrongBasis { expected, found }) }
}

/// Smallest units as a floating-point number: one IEEE conversion.
#[allow(clippy::cast_precision_loss)]
pub(super) const fn whole(minor: i64) -> f64 {
    minor as f64
}

/// Smallest units in the main unit of a currency.
pub(super) fn main_unit(currency: Currency) -> f64 {
    (0..currency.exponent()).fold(1.0, |unit, _| unit * 10.0)
}

/// A model of what customers spend on a purchase. The models of this crate implement it: [`GammaGamma`](super::GammaGamma) for amounts
/// above zero, [`NormalNormal`](super::NormalNormal) for any.
pub trait Spending: Parametric {
    /// Which purchases the model was fitted on.
    fn basis(&self) -> SpendBasis;

    /// The currency.
    fn currency(&self) -> Currency;

    /// What a customer is expected to spend per purchase.
    ///
    /// # Errors
    /// [`LifetimeError::WrongBasis`] for other purchases than the model's, [`LifetimeError::MixedCurrencies`],
    /// [`LifetimeError::NotPositive`] where only positive amounts are known, [`LifetimeError::InfiniteMean`] where there is no mean.
    fn expected(&self, spent: Spent) -> Result<MeanSpend, LifetimeError>;

    /// The median of what the customer's own mean may be, after what was seen of them, and the range that holds it with this probability,
    /// in smallest units. There always is a median, also where there is no mean.
    ///
    /// # Errors
    /// As [`expected`](Spending::expected) but for the infinite mean; [`LifetimeError::Money`] if the upper end is no number.
    fn range(&self, spent: Spent, confidence: Confidence) -> Result<Estimate, LifetimeError>;

    /// The probability that the customer's next purchases, so many and at least one, come to this amount or less, in smallest units. What
    /// was spent so far must be what [`expected`](Spending::expected) takes.
    #[doc(hidden)]
    fn at_most(&self, spent: Spent, purchases: u32, minor: f64) -> f64;

    /// The scale on which intervals of its means are made.
    #[doc(hidden)]
    fn link(&self) -> Link;
}

/// An estimate of amounts whose ends are numbers.
pub(super) fn estimate(
    [low, value, high]: [f64; 3],
    confidence: Confidence,
    currency: Currency,
) -> Result<Estimate, LifetimeError> {
    Estimate::new(value, low.min(value), high.max(value), confidence).map_err(|_| MoneyError::Overflow { currency }.into())
}

/// What a customer spends per purchase, on average and in expectation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanSpend {
    pub(super) minor: f64,
    pub(super) own_weight: f64,
    pub(super) currency: Currency,
}

impl MeanSpend {
    /// In smallest units of the currency.
    pub const fn minor(&self) -> f64 {
        self.minor
    }

    /// The weight of the customer's own mean, 0 to 1 where all customers together have a mean (q > 1): 0 without purchases to go by, when
    /// nothing but the mean of all customers speaks.
    pub const fn own_weight(&self) -> f64 {
        self.own_weight
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// As an amount, rounded once, by name.
    ///
    /// # Errors
    /// [`LifetimeError::Money`] beyond the range.
    pub fn in_money(&self, rounding: Rounding) -> Result<Money, LifetimeError> {
        in_money(self.minor, self.currency, rounding)
    }
}

pub(super) fn in_money(minor: f64, currency: Currency, rounding: Rounding) -> Result<Money, LifetimeError> {
    let minor = rounding.whole(minor).ok_or(MoneyError::Overflow { currency })?;
    Ok(Money::from_minor(minor, currency))
}
