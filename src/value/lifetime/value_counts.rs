use super::{
    LifetimeError, PurchaseCounts, SpendBasis, Spent, Summary,
    count_table::CountTable,
    spend_counts::{correlation, fisher},
    spending::{same_basis, same_currency},
};
use crate::{
    money::{Currency, Money},
    numeric::count,
    quantity::{Confidence, Estimate},
    value::RepeatColumns,
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// How many customers have each [`Summary`] and spent so much: a base that can be valued. Tables merge, whatever the order and the
/// splitting of customers.
///
/// ```
/// use customer_value::{money::{Currency, Money}, value::lifetime::{LifetimeError, SpendBasis, Spent, Summary, ValueCounts}};
///
/// let spent = |purchases| Spent::new(SpendBasis::All, purchases, Money::from_minor(74_02, Currency::USD));
/// let mut base = ValueCounts::new(SpendBasis::All, Currency::USD);
/// base.push(Summary::new(2, 213, 272)?, spent(3), 1)?; // two repeats and the first
/// let wrong = base.push(Summary::new(2, 213, 272)?, spent(2), 1);
/// assert_eq!(wrong, Err(LifetimeError::OtherPurchases { expected: 3, found: 2 }));
/// # Ok::<(), LifetimeError>(())
/// ```
#[doc(alias = "客户群")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ValueCounts {
    basis: SpendBasis,
    currency: Currency,
    /// By summary and what the purchases come to, in smallest units.
    table: CountTable<(Summary, i64)>,
}

impl ValueCounts {
    /// A table without customers, with amounts of such purchases.
    pub const fn new(basis: SpendBasis, currency: Currency) -> ValueCounts {
        ValueCounts { basis, currency, table: CountTable::new() }
    }

    /// The table of many customers' repeat purchases, those who have none included.
    ///
    /// # Errors
    /// As [`push`](ValueCounts::push).
    pub fn of(repeat: &RepeatColumns, currency: Currency) -> Result<ValueCounts, LifetimeError> {
        let mut counts = ValueCounts::new(SpendBasis::RepeatOnly, currency);
        repeat.iter().try_for_each(|r| counts.push(Summary::try_from(&r)?, &r, 1))?;
        Ok(counts)
    }

    /// Adds so many customers alike.
    ///
    /// # Errors
    /// [`LifetimeError::WrongBasis`] and [`LifetimeError::MixedCurrencies`] for other amounts than the table's;
    /// [`LifetimeError::OtherPurchases`] if the amounts are not those of the summary's purchases; [`LifetimeError::TooManyCustomers`]. The
    /// table stays as it was.
    pub fn push(&mut self, summary: Summary, spent: impl Into<Spent>, customers: u64) -> Result<(), LifetimeError> {
        let spent = spent.into();
        spent.check(self.basis, self.currency)?;
        let expected = u64::from(summary.x()) + u64::from(self.basis == SpendBasis::All);
        if u64::from(spent.purchases()) != expected {
            return Err(LifetimeError::OtherPurchases { expected, found: spent.purchases() });
        }
        // Without purchases there is no amount.
        let minor = if expected == 0 { 0 } else { spent.total().minor() };
        self.add((summary, minor), customers)
    }

    fn add(&mut self, row: (Summary, i64), customers: u64) -> Result<(), LifetimeError> {
        self.table.push(row, customers).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Adds the customers of another table.
    ///
    /// # Errors
    /// [`LifetimeError::WrongBasis`], [`LifetimeError::MixedCurrencies`] and [`LifetimeError::TooManyCustomers`].
    pub fn merge(&mut self, other: &ValueCounts) -> Result<(), LifetimeError> {
        same_currency(self.currency, other.currency)?;
        same_basis(self.basis, other.basis)?;
        self.table.merge(&other.table).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Every kind of customer with their number, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (Summary, Spent, u64)> {
        self.table.rows().map(|((summary, minor), n)| (summary, self.spent(summary, minor), n))
    }

    fn spent(&self, summary: Summary, minor: i64) -> Spent {
        // The last number is never there: no amounts of so many purchases can be.
        let purchases = summary.x().saturating_add(u32::from(self.basis == SpendBasis::All));
        Spent::new(self.basis, purchases, Money::from_minor(minor, self.currency))
    }

    /// The same customers without their amounts.
    ///
    /// # Errors
    /// Never: the customers have been counted.
    pub fn purchases(&self) -> Result<PurchaseCounts, LifetimeError> {
        let mut counts = PurchaseCounts::new();
        self.rows().try_for_each(|(summary, _, n)| counts.push(summary, n))?;
        Ok(counts)
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

    /// Which purchases the amounts are of.
    pub const fn basis(&self) -> SpendBasis {
        self.basis
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The correlation of the number of purchases with their mean value, over those who have a mean, with its interval; see
    /// [`SpendCounts::independence`](super::SpendCounts::independence).
    pub fn independence(&self, confidence: Confidence) -> Option<Estimate> {
        let pairs = || {
            self.rows().filter(|(_, spent, _)| spent.purchases() > 0).map(|(_, spent, n)| {
                let (purchases, total) = spent.numbers();
                (purchases, total / purchases, count(n))
            })
        };
        let customers = self.rows().filter(|(_, spent, _)| spent.purchases() > 0).map(|(.., n)| n).sum();
        fisher(correlation(pairs)?, customers, confidence)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ValueCounts")]
struct Wire {
    basis: SpendBasis,
    currency: Currency,
    /// Summary, what the purchases come to in smallest units, customers.
    rows: Vec<(Summary, i64, u64)>,
}

impl TryFrom<Wire> for ValueCounts {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<ValueCounts, LifetimeError> {
        let mut counts = ValueCounts::new(w.basis, w.currency);
        for (summary, minor, customers) in w.rows {
            let spent = counts.spent(summary, minor);
            counts.push(summary, spent, customers)?;
        }
        Ok(counts)
    }
}

impl From<ValueCounts> for Wire {
    fn from(counts: ValueCounts) -> Wire {
        let rows = counts.table.rows().map(|((summary, minor), n)| (summary, minor, n)).collect();
        Wire { basis: counts.basis, currency: counts.currency, rows }
    }
}
