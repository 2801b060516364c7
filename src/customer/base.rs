use super::{History, HistoryError, Purchases, Record, ReturnPolicy};
use crate::money::Currency;
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The histories of many customers, by key.
///
/// Like a [`History`], a base is a commutative monoid under [`merge`](CustomerBase::merge).
///
/// ```
/// use customer_value::{customer::{CustomerBase, Record, ReturnPolicy}, money::{Currency, Money}};
/// use chrono::NaiveDate;
///
/// let day = NaiveDate::from_ymd_opt(2011, 3, 1).unwrap();
/// let mut base = CustomerBase::new(Currency::GBP);
/// base.push("13085", Record::sale(day, Money::from_minor(505_30, Currency::GBP)))?;
///
/// for (key, purchases) in base.as_of(day, ReturnPolicy::STRICT) {
///     assert_eq!((*key, purchases?.net().minor()), ("13085", 505_30));
/// }
/// # Ok::<(), customer_value::customer::HistoryError>(())
/// ```
#[doc(alias = "客户群")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "Wire<K>",
    into = "Wire<K>",
    bound(serialize = "K: Clone + Serialize", deserialize = "K: Ord + Deserialize<'de>")
)]
pub struct CustomerBase<K> {
    currency: Currency,
    histories: BTreeMap<K, History>,
}

impl<K> CustomerBase<K> {
    /// A base without customers, kept in a currency.
    pub const fn new(currency: Currency) -> CustomerBase<K> {
        CustomerBase { currency, histories: BTreeMap::new() }
    }

    /// The currency it is kept in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Number of customers.
    pub fn len(&self) -> usize {
        self.histories.len()
    }

    /// Whether there is no customer.
    pub fn is_empty(&self) -> bool {
        self.histories.is_empty()
    }

    /// Every customer's history, in order of key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &History)> {
        self.histories.iter()
    }

    /// Every customer's purchases at the close of a day, in order of key. A customer whose returns the policy refuses comes as an
    /// error, and the others go on.
    pub fn as_of(&self, as_of: NaiveDate, policy: ReturnPolicy) -> impl Iterator<Item = (&K, Result<Purchases, HistoryError>)> {
        self.histories.iter().map(move |(key, history)| (key, history.as_of(as_of, policy)))
    }
}

impl<K: Ord> CustomerBase<K> {
    /// One customer's history.
    pub fn get(&self, key: &K) -> Option<&History> {
        self.histories.get(key)
    }

    /// Adds a record to a customer's history.
    ///
    /// # Errors
    /// As [`History::push`]; nothing changes.
    pub fn push(&mut self, key: K, record: Record) -> Result<(), HistoryError> {
        if let Some(history) = self.histories.get_mut(&key) {
            return history.push(record);
        }
        let mut history = History::new(self.currency);
        history.push(record)?;
        self.histories.insert(key, history);
        Ok(())
    }

    /// Takes in all records of a part of one customer's history.
    ///
    /// # Errors
    /// As [`History::merge`]; nothing changes.
    pub fn merge_history(&mut self, key: K, history: &History) -> Result<(), HistoryError> {
        if let Some(known) = self.histories.get_mut(&key) {
            return known.merge(history);
        }
        History::new(self.currency).can_merge(history)?;
        self.histories.insert(key, history.clone());
        Ok(())
    }
}

impl<K: Ord + Clone> CustomerBase<K> {
    /// Takes in all records of another part of the same base.
    ///
    /// # Errors
    /// As [`History::merge`]; nothing changes.
    pub fn merge(&mut self, other: &CustomerBase<K>) -> Result<(), HistoryError> {
        History::new(self.currency).can_merge(&History::new(other.currency))?;
        for (key, theirs) in &other.histories {
            if let Some(ours) = self.histories.get(key) {
                ours.can_merge(theirs)?;
            }
        }
        for (key, theirs) in &other.histories {
            match self.histories.get_mut(key) {
                Some(ours) => ours.merge(theirs)?,
                None => {
                    self.histories.insert(key.clone(), theirs.clone());
                }
            }
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "CustomerBase")]
struct Wire<K> {
    currency: Currency,
    customers: Vec<(K, History)>,
}

impl<K: Ord> TryFrom<Wire<K>> for CustomerBase<K> {
    type Error = HistoryError;

    fn try_from(wire: Wire<K>) -> Result<CustomerBase<K>, HistoryError> {
        let mut base = CustomerBase::new(wire.currency);
        for (key, history) in wire.customers {
            base.merge_history(key, &history)?;
        }
        Ok(base)
    }
}

impl<K: Clone> From<CustomerBase<K>> for Wire<K> {
    fn from(base: CustomerBase<K>) -> Wire<K> {
        Wire { currency: base.currency, customers: base.histories.into_iter().collect() }
    }
}
