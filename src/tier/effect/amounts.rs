use super::EffectError;
use crate::{
    money::{Currency, Money, MoneyError, Ratio, Rounding},
    numeric::{count, quotient, student_tail},
    quantity::{Confidence, Estimate, MoneyEstimate},
};
use alloc::string::{String, ToString};
use num_bigint::BigInt;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

/// One arm of a test: what its customers brought, as count, sum and sum of squares, all of them exact.
///
/// A customer who brought nothing is an amount of zero, and must be pushed too.
///
/// ```
/// use customer_value::{money::{Currency, Money}, quantity::Confidence, tier::effect::Amounts};
///
/// let arm = |minor: &[i64]| {
///     let mut arm = Amounts::new(Currency::EUR);
///     minor.iter().try_for_each(|&m| arm.push(Money::from_minor(m, Currency::EUR)))?;
///     Ok::<_, customer_value::tier::effect::EffectError>(arm)
/// };
/// let (treated, control) = (arm(&[12_00, 15_00, 9_00, 20_00])?, arm(&[10_00, 11_00, 8_00, 9_00])?);
/// let more = treated.difference(&control, Confidence::P95)?;
/// assert!(more.per_customer.covers(0.0)); // 4.50 more on average, but eight customers say little
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Amounts {
    currency: Currency,
    customers: u64,
    /// In smallest units; fewer than 2⁶⁴ amounts cannot outgrow it.
    sum: i128,
    squares: u128,
}

/// What a customer of one arm brings more than one of the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanDifference {
    /// The difference of the means, in smallest units of the currency.
    pub per_customer: Estimate,
    /// The currency.
    pub currency: Currency,
    /// Welch's degrees of freedom: how many customers the interval really rests on.
    pub degrees_of_freedom: f64,
}

impl MeanDifference {
    /// What a treatment makes on so many treated customers: the difference times their number, less the cost of treating all. The cost is
    /// taken off exactly; the estimate enters money by the named rounding.
    ///
    /// # Errors
    /// [`Money`](EffectError::Money) if the cost is in another currency or the result does not fit an amount.
    pub fn gain(&self, treated: u64, cost: Money, rounding: Rounding) -> Result<MoneyEstimate, EffectError> {
        Ok(self.per_customer.times(count(treated))?.in_money(self.currency, rounding)?.less(cost)?)
    }
}

impl Amounts {
    /// An arm without customers.
    pub const fn new(currency: Currency) -> Amounts {
        Amounts { currency, customers: 0, sum: 0, squares: 0 }
    }

    /// Counts a customer and the amount, which may be below zero.
    ///
    /// # Errors
    /// [`Money`](EffectError::Money) for another currency; [`TooLarge`](EffectError::TooLarge) if the sum of squares outgrows 128 bits.
    pub fn push(&mut self, amount: Money) -> Result<(), EffectError> {
        let (sum, size) = (amount.minor().into(), u128::from(amount.minor().unsigned_abs()));
        self.merge(&Amounts { currency: amount.currency(), customers: 1, sum, squares: size * size })
    }

    /// Takes in the customers of another part of the same arm.
    ///
    /// # Errors
    /// As [`push`](Amounts::push); nothing is taken in then.
    pub fn merge(&mut self, other: &Amounts) -> Result<(), EffectError> {
        self.same_currency(other.currency)?;
        let customers = self.customers.checked_add(other.customers).ok_or(EffectError::TooLarge)?;
        let squares = self.squares.checked_add(other.squares).ok_or(EffectError::TooLarge)?;
        let sum = self.sum.checked_add(other.sum).ok_or(EffectError::TooLarge)?;
        (self.customers, self.squares, self.sum) = (customers, squares, sum);
        Ok(())
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What all of them brought.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if the sum does not fit an amount.
    pub fn total(&self) -> Result<Money, MoneyError> {
        let minor = i64::try_from(self.sum).map_err(|_| MoneyError::Overflow { currency: self.currency })?;
        Ok(Money::from_minor(minor, self.currency))
    }

    /// The mean in smallest units, exactly; `None` of nobody.
    pub fn mean_minor(&self) -> Option<Ratio> {
        Ratio::new(self.sum, self.customers.into()).ok()
    }

    /// What a customer of this arm brings more than one of the other, with the interval of Welch (1947), which does not ask the arms to
    /// vary alike.
    ///
    /// The interval rests on the means being about normal. Amounts are skewed, so small arms with a few large purchases deserve no trust.
    ///
    /// # Errors
    /// [`TooFew`](EffectError::TooFew) for an arm of 0 or 1 customers; [`NoVariation`](EffectError::NoVariation) if the amounts of each
    /// arm are all equal; [`Money`](EffectError::Money) for two currencies.
    pub fn difference(&self, control: &Amounts, confidence: Confidence) -> Result<MeanDifference, EffectError> {
        self.same_currency(control.currency)?;
        for customers in [self.customers, control.customers] {
            if customers < 2 {
                return Err(EffectError::TooFew { customers, least: 2 });
            }
        }
        let (one, other) = (self.error_of_mean(), control.error_of_mean());
        let square = one + other;
        if square <= 0.0 {
            return Err(EffectError::NoVariation);
        }
        // By parts of the whole, which cannot vanish.
        let part = |error: f64, n: u64| (error / square) * (error / square) / count(n - 1);
        let degrees_of_freedom = 1.0 / (part(one, self.customers) + part(other, control.customers));
        // One fraction, so that two close means lose no digits.
        let (n, m) = (BigInt::from(self.customers), BigInt::from(control.customers));
        let value = quotient(&(&m * self.sum - &n * control.sum), &(n * m));
        let reach = student_tail(confidence.tail(), degrees_of_freedom) * libm::sqrt(square);
        let per_customer = Estimate::new(value, value - reach, value + reach, confidence)?;
        Ok(MeanDifference { per_customer, currency: self.currency, degrees_of_freedom })
    }

    /// The square of the standard error of the mean; for two customers and more.
    fn error_of_mean(&self) -> f64 {
        let n = BigInt::from(self.customers);
        quotient(&self.spread(), &(&n * &n * (&n - 1)))
    }

    /// `n · Σx² − (Σx)²`: zero if all are equal, and never below.
    fn spread(&self) -> BigInt {
        let sum = BigInt::from(self.sum);
        BigInt::from(self.customers) * self.squares - &sum * &sum
    }

    fn same_currency(&self, other: Currency) -> Result<(), MoneyError> {
        if self.currency == other { Ok(()) } else { Err(MoneyError::CurrencyMismatch { left: self.currency, right: other }) }
    }
}

/// The sums are text: they may outgrow what readers of JSON can hold.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Amounts")]
struct Wire {
    currency: Currency,
    customers: u64,
    sum: String,
    squares: String,
}

impl TryFrom<Wire> for Amounts {
    type Error = EffectError;

    fn try_from(wire: Wire) -> Result<Amounts, EffectError> {
        let customers = wire.customers;
        let bad = || EffectError::BadSums { customers };
        let sum = wire.sum.parse().map_err(|_| bad())?;
        let squares = wire.squares.parse().map_err(|_| bad())?;
        let amounts = Amounts { currency: wire.currency, customers, sum, squares };
        let spread = amounts.spread();
        // One amount has no spread; squares are even where sums are.
        let possible = if customers < 2 { spread.is_zero() && (customers > 0 || squares == 0) } else { spread >= BigInt::zero() };
        let fits = sum.unsigned_abs() <= u128::from(customers) << 63;
        if possible && fits && squares % 2 == sum.unsigned_abs() % 2 { Ok(amounts) } else { Err(bad()) }
    }
}

impl From<Amounts> for Wire {
    fn from(a: Amounts) -> Wire {
        Wire { currency: a.currency, customers: a.customers, sum: a.sum.to_string(), squares: a.squares.to_string() }
    }
}
