use super::{
    LifetimeError, SpendBasis, Spent,
    count_table::CountTable,
    spending::{same_basis, same_currency, whole},
};
use crate::{
    money::{Currency, Money},
    numeric::{count, normal_tail},
    quantity::{Confidence, Estimate},
    value::RepeatColumns,
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// How many customers made so many purchases worth so much together: what the gamma-gamma model is fitted on. Which purchases these are is
/// part of the table, and of every model fitted on it. Tables merge, whatever the order and the splitting of customers.
///
/// ```
/// use customer_value::{money::{Currency, Money}, value::lifetime::{LifetimeError, SpendBasis, SpendCounts, Spent}};
///
/// let spent = |basis| Spent::new(basis, 2, Money::from_minor(44_70, Currency::USD));
/// let mut counts = SpendCounts::on(SpendBasis::All, Currency::USD);
/// counts.push(spent(SpendBasis::All), 1)?;
/// assert!(matches!(counts.push(spent(SpendBasis::RepeatOnly), 1), Err(LifetimeError::WrongBasis { .. })));
/// # Ok::<(), LifetimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct SpendCounts {
    basis: SpendBasis,
    currency: Currency,
    /// By purchases and what they come to, in smallest units.
    table: CountTable<(u32, i64)>,
}

impl SpendCounts {
    /// A table of repeat purchases, without customers; the same as [`on`](SpendCounts::on)([`SpendBasis::RepeatOnly`]).
    pub const fn new(currency: Currency) -> SpendCounts {
        SpendCounts::on(SpendBasis::RepeatOnly, currency)
    }

    /// A table of such purchases, without customers.
    pub const fn on(basis: SpendBasis, currency: Currency) -> SpendCounts {
        SpendCounts { basis, currency, table: CountTable::new() }
    }

    /// The table of many customers' repeat purchases; those without any are left out, because they have no mean.
    ///
    /// # Errors
    /// As [`push`](SpendCounts::push).
    pub fn of(repeat: &RepeatColumns, currency: Currency) -> Result<SpendCounts, LifetimeError> {
        let mut counts = SpendCounts::new(currency);
        repeat.iter().filter(|r| r.x > 0).try_for_each(|r| counts.push(&r, 1))?;
        Ok(counts)
    }

    /// Adds so many customers with the same purchases.
    ///
    /// # Errors
    /// [`LifetimeError::NotPositive`] for no purchases, and for a value of 0 or less; [`LifetimeError::WrongBasis`] for other purchases
    /// than the table's; [`LifetimeError::MixedCurrencies`]; [`LifetimeError::TooManyCustomers`]. The table stays as it was.
    pub fn push(&mut self, spent: impl Into<Spent>, customers: u64) -> Result<(), LifetimeError> {
        let spent = spent.into();
        spent.check_positive(self.basis, self.currency)?;
        if spent.purchases() == 0 {
            return Err(LifetimeError::NotPositive { x: 0, value: spent.total() });
        }
        self.add((spent.purchases(), spent.total().minor()), customers)
    }

    fn add(&mut self, row: (u32, i64), customers: u64) -> Result<(), LifetimeError> {
        self.table.push(row, customers).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Adds the customers of another table.
    ///
    /// # Errors
    /// [`LifetimeError::WrongBasis`], [`LifetimeError::MixedCurrencies`] and [`LifetimeError::TooManyCustomers`].
    pub fn merge(&mut self, other: &SpendCounts) -> Result<(), LifetimeError> {
        same_currency(self.currency, other.currency)?;
        same_basis(self.basis, other.basis)?;
        self.table.merge(&other.table).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.table.total()
    }

    /// Which purchases the table has.
    pub const fn basis(&self) -> SpendBasis {
        self.basis
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Purchases, what they come to in smallest units, and customers, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, i64, u64)> {
        self.table.rows().map(|((x, minor), n)| (x, minor, n))
    }

    /// The correlation (Pearson) of the number of purchases with their mean value. The models of spending take the two for independent:
    /// where this is far from zero, do not multiply their means with expected purchases. `None` where one of them does not vary.
    pub fn correlation(&self) -> Option<f64> {
        let pairs = || self.rows().map(|(x, minor, n)| (f64::from(x), whole(minor) / f64::from(x), count(n)));
        correlation(pairs)
    }

    /// The [correlation](SpendCounts::correlation) with an interval (Fisher 1921): where it does not cover zero, the customers who buy
    /// more often spend more, or less, than the models believe. The interval is that of normal numbers; amounts have longer tails, so take
    /// it for a hint. `None` as there, and for fewer than 4 customers.
    pub fn independence(&self, confidence: Confidence) -> Option<Estimate> {
        fisher(self.correlation()?, self.table.total(), confidence)
    }
}

/// The correlation of two numbers of weighted pairs.
pub(super) fn correlation<I: Iterator<Item = (f64, f64, f64)>>(pairs: impl Fn() -> I) -> Option<f64> {
    let all: f64 = pairs().map(|(_, _, n)| n).sum();
    let (sum_x, sum_m) = pairs().fold((0.0, 0.0), |(a, b), (x, m, n)| (a + n * x, b + n * m));
    let (mean_x, mean_m) = (sum_x / all, sum_m / all);
    let (mut xx, mut xm, mut mm) = (0.0, 0.0, 0.0);
    for (x, m, n) in pairs() {
        xx += n * (x - mean_x) * (x - mean_x);
        xm += n * (x - mean_x) * (m - mean_m);
        mm += n * (m - mean_m) * (m - mean_m);
    }
    let correlation = xm / (libm::sqrt(xx) * libm::sqrt(mm));
    correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
}

/// The interval of a correlation.
pub(super) fn fisher(correlation: f64, customers: u64, confidence: Confidence) -> Option<Estimate> {
    let half = normal_tail(confidence.tail()) / libm::sqrt(count(customers.checked_sub(3).filter(|n| *n > 0)?));
    let z = libm::atanh(correlation);
    let end = |z: f64| libm::tanh(z);
    Estimate::new(correlation, end(z - half).min(correlation), end(z + half).max(correlation), confidence).ok()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "SpendCounts")]
struct Wire {
    basis: SpendBasis,
    currency: Currency,
    /// Purchases, what they come to in smallest units, customers.
    rows: Vec<(u32, i64, u64)>,
}

impl TryFrom<Wire> for SpendCounts {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<SpendCounts, LifetimeError> {
        let mut counts = SpendCounts::on(w.basis, w.currency);
        for (x, minor, customers) in w.rows {
            counts.push(Spent::new(w.basis, x, Money::from_minor(minor, w.currency)), customers)?;
        }
        Ok(counts)
    }
}

impl From<SpendCounts> for Wire {
    fn from(counts: SpendCounts) -> Wire {
        Wire { basis: counts.basis, currency: counts.currency, rows: counts.rows().collect() }
    }
}
