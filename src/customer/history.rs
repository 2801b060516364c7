use super::{HistoryError, Record};
use crate::{
    calendar::in_range,
    money::{Currency, Money},
    quantity::Name,
};
use alloc::collections::BTreeMap;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Everything that happened between us and one customer, in one currency.
///
/// A history is a commutative monoid: [`History::new`] is its identity, [`merge`](History::merge) is associative and commutative to the
/// bit, so the records of one customer may arrive in any order, on any number of machines. Nothing is decided while records come in;
/// returns meet their sales in [`as_of`](History::as_of), so a return may arrive before the sale it names.
///
/// ```
/// use customer_value::{customer::{History, Record, ReturnPolicy}, money::{Currency, Money}};
/// use chrono::NaiveDate;
///
/// let day = NaiveDate::from_ymd_opt(2011, 3, 1).unwrap();
/// let sale = |pence| Record::sale(day, Money::from_minor(pence, Currency::GBP));
/// let (mut one, mut other) = (History::new(Currency::GBP), History::new(Currency::GBP));
/// one.push(sale(10_00))?;
/// other.push(sale(5_00))?;
/// one.merge(&other)?;
///
/// let purchases = one.as_of(day, ReturnPolicy::STRICT)?;
/// assert_eq!((purchases.count(), purchases.days().len()), (2, 1)); // two purchases, one purchase day
/// # Ok::<(), customer_value::customer::HistoryError>(())
/// ```
#[doc(alias = "交易历史")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "super::shard::Shard", into = "super::shard::Shard")]
pub struct History {
    pub(super) currency: Currency,
    /// Sales with an identity.
    pub(super) sales: BTreeMap<Name, Sold>,
    /// Sales without identity, by day.
    pub(super) unnamed_sales: BTreeMap<NaiveDate, Tally>,
    /// Returns with an identity of their own.
    pub(super) returns: BTreeMap<Name, CameBack>,
    /// Returns without identity, by the sale they name and day.
    pub(super) unnamed_returns: BTreeMap<(Option<Name>, NaiveDate), Tally>,
    /// Cancellations, by sale.
    pub(super) cancellations: BTreeMap<Name, NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sold {
    pub(super) on: NaiveDate,
    pub(super) minor: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CameBack {
    pub(super) of: Option<Name>,
    pub(super) on: NaiveDate,
    pub(super) minor: i64,
}

/// Count and sum; 64-bit amounts cannot overflow the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) minor: i128,
}

impl Tally {
    /// The most records without identity that one day takes, 2³² − 1; so no sum of tallies can overflow.
    pub(super) const MOST: u64 = u32::MAX as u64;

    /// Whether it takes so many more.
    fn takes(&self, count: u64) -> bool {
        count <= Self::MOST - self.count
    }

    pub(super) fn add(&mut self, count: u64, minor: i128) {
        self.count += count;
        self.minor += minor;
    }
}

impl History {
    /// A history without records, kept in a currency.
    pub const fn new(currency: Currency) -> History {
        History {
            currency,
            sales: BTreeMap::new(),
            unnamed_sales: BTreeMap::new(),
            returns: BTreeMap::new(),
            unnamed_returns: BTreeMap::new(),
            cancellations: BTreeMap::new(),
        }
    }

    /// The currency it is kept in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Adds a record. The same identified record again changes nothing.
    ///
    /// # Errors
    /// Nothing changes on an error: [`CurrencyMismatch`](HistoryError::CurrencyMismatch) for EUR in a history of GBP,
    /// [`NegativeSale`](HistoryError::NegativeSale) for −1.00, [`ReturnNotPositive`](HistoryError::ReturnNotPositive) for 0.00,
    /// [`DateOutOfRange`](HistoryError::DateOutOfRange) for the year 10000, [`Conflict`](HistoryError::Conflict) for a known identity
    /// with other content, [`Overflow`](HistoryError::Overflow) for 2³² records without identity on a day.
    pub fn push(&mut self, record: Record) -> Result<(), HistoryError> {
        let (Record::Sale { on, .. } | Record::Return { on, .. } | Record::Cancellation { on, .. }) = &record;
        let on = in_range(*on).map_err(|_| HistoryError::DateOutOfRange(*on))?;
        match record {
            Record::Sale { id, amount, .. } => {
                let minor = self.in_currency(amount)?;
                if minor < 0 {
                    return Err(HistoryError::NegativeSale(amount));
                }
                if let Some(id) = id {
                    return keep(&mut self.sales, id, Sold { on, minor });
                }
                let tally = self.unnamed_sales.entry(on).or_default();
                if !tally.takes(1) {
                    return Err(HistoryError::Overflow(self.currency));
                }
                tally.add(1, minor.into());
            }
            Record::Return { id, of, amount, .. } => {
                let minor = self.in_currency(amount)?;
                if minor <= 0 {
                    return Err(HistoryError::ReturnNotPositive(amount));
                }
                if let Some(id) = id {
                    return keep(&mut self.returns, id, CameBack { of, on, minor });
                }
                let tally = self.unnamed_returns.entry((of, on)).or_default();
                if !tally.takes(1) {
                    return Err(HistoryError::Overflow(self.currency));
                }
                tally.add(1, minor.into());
            }
            Record::Cancellation { of, .. } => keep(&mut self.cancellations, of, on)?,
        }
        Ok(())
    }

    /// Takes in all records of another part of the same customer's history.
    ///
    /// # Errors
    /// Nothing changes on an error: [`CurrencyMismatch`](HistoryError::CurrencyMismatch), or [`Conflict`](HistoryError::Conflict) where
    /// an identity has other content on the two sides, or [`Overflow`](HistoryError::Overflow) for 2³² records without identity on a
    /// day.
    pub fn merge(&mut self, other: &History) -> Result<(), HistoryError> {
        self.can_merge(other)?;
        self.sales.extend(other.sales.iter().map(|(id, sold)| (id.clone(), *sold)));
        self.returns.extend(other.returns.iter().map(|(id, back)| (id.clone(), back.clone())));
        self.cancellations.extend(other.cancellations.iter().map(|(id, on)| (id.clone(), *on)));
        for (on, tally) in &other.unnamed_sales {
            self.unnamed_sales.entry(*on).or_default().add(tally.count, tally.minor);
        }
        for (key, tally) in &other.unnamed_returns {
            self.unnamed_returns.entry(key.clone()).or_default().add(tally.count, tally.minor);
        }
        Ok(())
    }

    pub(super) fn can_merge(&self, other: &History) -> Result<(), HistoryError> {
        self.in_currency(Money::zero(other.currency))?;
        agree(&self.sales, &other.sales)?;
        agree(&self.returns, &other.returns)?;
        agree(&self.cancellations, &other.cancellations)?;
        let fit =
            fit_together(&self.unnamed_sales, &other.unnamed_sales) && fit_together(&self.unnamed_returns, &other.unnamed_returns);
        if fit { Ok(()) } else { Err(HistoryError::Overflow(self.currency)) }
    }

    /// The same history with other numbers; `rename` gives no two of them the same.
    pub(super) fn renamed<E>(&self, rename: impl Fn(&Name) -> Result<Name, E>) -> Result<History, E> {
        let of = |sale: &Option<Name>| sale.as_ref().map(&rename).transpose();
        let mut renamed = History::new(self.currency);
        for (id, sold) in &self.sales {
            renamed.sales.insert(rename(id)?, *sold);
        }
        for (id, back) in &self.returns {
            renamed.returns.insert(rename(id)?, CameBack { of: of(&back.of)?, ..*back });
        }
        for ((sale, on), tally) in &self.unnamed_returns {
            renamed.unnamed_returns.insert((of(sale)?, *on), *tally);
        }
        for (sale, on) in &self.cancellations {
            renamed.cancellations.insert(rename(sale)?, *on);
        }
        renamed.unnamed_sales.clone_from(&self.unnamed_sales);
        Ok(renamed)
    }

    fn in_currency(&self, amount: Money) -> Result<i64, HistoryError> {
        if amount.currency() == self.currency {
            Ok(amount.minor())
        } else {
            Err(HistoryError::CurrencyMismatch { history: self.currency, record: amount.currency() })
        }
    }
}

/// Adds to a map of identified records: new content is kept, equal content changes nothing, other content is refused.
fn keep<T: PartialEq>(map: &mut BTreeMap<Name, T>, id: Name, content: T) -> Result<(), HistoryError> {
    match map.get(&id) {
        None => {
            map.insert(id, content);
            Ok(())
        }
        Some(known) if *known == content => Ok(()),
        Some(_) => Err(HistoryError::Conflict(id)),
    }
}

fn fit_together<K: Ord>(ours: &BTreeMap<K, Tally>, theirs: &BTreeMap<K, Tally>) -> bool {
    theirs.iter().all(|(key, tally)| ours.get(key).is_none_or(|known| known.takes(tally.count)))
}

fn agree<T: PartialEq>(ours: &BTreeMap<Name, T>, theirs: &BTreeMap<Name, T>) -> Result<(), HistoryError> {
    match theirs.iter().find(|(id, content)| ours.get(*id).is_some_and(|known| known != *content)) {
        Some((id, _)) => Err(HistoryError::Conflict(id.clone())),
        None => Ok(()),
    }
}
