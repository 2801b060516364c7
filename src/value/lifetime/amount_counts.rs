use super::{
    LifetimeError, SpendBasis,
    count_table::CountTable,
    spending::{same_basis, same_currency},
};
use crate::{
    customer::Purchases,
    money::{Currency, Money, MoneyError},
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use serde::{Deserialize, Serialize};

/// How many customers made so many purchases with this sum and this sum of squares: all that [`NormalNormal`](super::NormalNormal) is
/// fitted on, exactly, in whole numbers. Amounts may be zero and below (returns). Tables merge, whatever the order and the splitting of
/// customers.
///
/// ```
/// use customer_value::{money::{Currency, Money}, value::lifetime::{AmountCounts, SpendBasis}};
///
/// let usd = |cents| Money::from_minor(cents, Currency::USD);
/// let mut counts = AmountCounts::new(SpendBasis::All, Currency::USD);
/// counts.push([usd(20_00), usd(-5_00)])?;
/// counts.push([usd(-5_00), usd(20_00)])?; // the order of a customer's purchases says nothing
/// assert_eq!((counts.customers(), counts.len()), (2, 1));
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct AmountCounts {
    basis: SpendBasis,
    currency: Currency,
    table: CountTable<Amounts>,
}

/// What one customer's amounts come to, in smallest units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amounts {
    pub(super) purchases: u32,
    pub(super) sum: i64,
    pub(super) squares: i128,
}

impl Amounts {
    const NONE: Amounts = Amounts { purchases: 0, sum: 0, squares: 0 };

    fn and(self, minor: i64) -> Option<Amounts> {
        let square = i128::from(minor) * i128::from(minor);
        Some(Amounts {
            purchases: self.purchases.checked_add(1)?,
            sum: self.sum.checked_add(minor)?,
            squares: self.squares.checked_add(square)?,
        })
    }

    /// n·Σy² − (Σy)², which is n times the squared differences from the mean: zero and more for amounts that can be; `None` beyond 128
    /// bits.
    pub(super) fn spread(&self) -> Option<i128> {
        let square = i128::from(self.sum) * i128::from(self.sum);
        i128::from(self.purchases).checked_mul(self.squares)?.checked_sub(square).filter(|spread| *spread >= 0)
    }
}

impl AmountCounts {
    /// A table without customers, of such purchases.
    pub const fn new(basis: SpendBasis, currency: Currency) -> AmountCounts {
        AmountCounts { basis, currency, table: CountTable::new() }
    }

    /// Adds a customer with these amounts; one without amounts is left out, because they have no mean.
    ///
    /// # Errors
    /// [`LifetimeError::MixedCurrencies`]; [`LifetimeError::TooManyCustomers`]; [`LifetimeError::Money`] if the squares outgrow 128 bits.
    /// The table stays as it was.
    pub fn push(&mut self, amounts: impl IntoIterator<Item = Money>) -> Result<(), LifetimeError> {
        let mut row = Amounts::NONE;
        for amount in amounts {
            same_currency(self.currency, amount.currency())?;
            row = row.and(amount.minor()).ok_or(MoneyError::Overflow { currency: self.currency })?;
        }
        self.add(row, u64::from(row.purchases > 0))
    }

    /// Adds a customer with the purchase days of settled purchases: all, or all but the first.
    ///
    /// # Errors
    /// As [`push`](AmountCounts::push).
    pub fn push_purchases(&mut self, purchases: &Purchases) -> Result<(), LifetimeError> {
        let skip = usize::from(self.basis == SpendBasis::RepeatOnly);
        self.push(purchases.days().iter().skip(skip).map(|day| day.net))
    }

    fn add(&mut self, row: Amounts, customers: u64) -> Result<(), LifetimeError> {
        row.spread().ok_or(MoneyError::Overflow { currency: self.currency })?;
        self.table.push(row, customers).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Adds the customers of another table.
    ///
    /// # Errors
    /// [`LifetimeError::WrongBasis`], [`LifetimeError::MixedCurrencies`] and [`LifetimeError::TooManyCustomers`].
    pub fn merge(&mut self, other: &AmountCounts) -> Result<(), LifetimeError> {
        same_currency(self.currency, other.currency)?;
        same_basis(self.basis, other.basis)?;
        self.table.merge(&other.table).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.table.total()
    }

    /// Number of different rows.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no customer.
    pub const fn is_empty(&self) -> bool {
        self.table.total() == 0
    }

    /// Which purchases the table has.
    pub const fn basis(&self) -> SpendBasis {
        self.basis
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (Amounts, u64)> {
        self.table.rows()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "AmountCounts")]
struct Wire {
    basis: SpendBasis,
    currency: Currency,
    /// Purchases, their sum and the sum of their squares as text, customers.
    rows: Vec<(u32, i64, String, u64)>,
}

impl TryFrom<Wire> for AmountCounts {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<AmountCounts, LifetimeError> {
        let mut counts = AmountCounts::new(w.basis, w.currency);
        for (purchases, sum, squares, customers) in w.rows {
            let bad = || MoneyError::NotAnAmount(squares.clone());
            let row = Amounts { purchases, sum, squares: squares.parse().map_err(|_| bad())? };
            // Squares of whole numbers are even or odd as the numbers are.
            let possible = purchases > 0 && row.spread().is_some() && row.squares % 2 == i128::from(sum.rem_euclid(2));
            if !possible {
                return Err(bad().into());
            }
            counts.add(row, customers)?;
        }
        Ok(counts)
    }
}

impl From<AmountCounts> for Wire {
    fn from(counts: AmountCounts) -> Wire {
        let rows = counts.rows().map(|(row, n)| (row.purchases, row.sum, row.squares.to_string(), n));
        Wire { basis: counts.basis, currency: counts.currency, rows: rows.collect() }
    }
}
