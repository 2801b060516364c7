//! The customers as they are seen at the close of a day.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use customer_value::{
    calendar::Window,
    customer::{CustomerBase, Purchases, ReturnPolicy},
    money::{Currency, Money},
    quantity::{Column, Name},
    value::{Rfm, RfmColumns},
};

/// Everybody with a purchase at the close of the day, in order of key, one entry a customer in every list.
#[derive(Debug)]
pub(crate) struct Population {
    pub(crate) as_of: NaiveDate,
    pub(crate) keys: Vec<String>,
    pub(crate) rfm: Vec<Rfm>,
    pub(crate) totals: Totals,
    columns: RfmColumns,
    /// What is left of all purchases, whenever they were made.
    net: Vec<i64>,
}

/// What all records up to the day come to, customers without a purchase included.
#[derive(Debug)]
pub(crate) struct Totals {
    /// Purchases that stand.
    pub(crate) purchases: u64,
    /// What was sold, before returns.
    pub(crate) gross: Money,
    /// Returns that reduced the sale they name.
    pub(crate) matched: Money,
    /// Returns that reduced other purchases, by assumption.
    pub(crate) assumed: Money,
    /// Returns that reduced nothing.
    pub(crate) set_aside: Money,
    pub(crate) returns: u64,
    /// What is left.
    pub(crate) net: Money,
    /// Records after the day.
    pub(crate) later: u64,
}

impl Totals {
    fn new(currency: Currency) -> Totals {
        let zero = Money::zero(currency);
        Totals { purchases: 0, gross: zero, matched: zero, assumed: zero, set_aside: zero, returns: 0, net: zero, later: 0 }
    }

    fn add(&mut self, purchases: &Purchases) -> Result<()> {
        let returned = purchases.returned();
        self.purchases += u64::from(purchases.count());
        self.matched = self.matched.try_add(returned.matched)?;
        self.assumed = self.assumed.try_add(returned.assumed)?;
        self.set_aside = self.set_aside.try_add(returned.set_aside)?;
        self.returns += returned.count;
        self.net = self.net.try_add(purchases.net())?;
        self.later += purchases.later();
        self.gross = self.gross.try_add(purchases.gross()?)?;
        Ok(())
    }
}

impl Population {
    /// Settles everybody's returns and summarises the customers who have a purchase.
    pub(crate) fn seen(base: &CustomerBase<String>, as_of: NaiveDate, window: Window, policy: ReturnPolicy) -> Result<Population> {
        let currency = base.currency();
        let mut totals = Totals::new(currency);
        let (mut keys, mut rfm, mut net) = (Vec::new(), Vec::new(), Vec::new());
        for (key, purchases) in base.as_of(as_of, policy) {
            let customer = || format!("customer {key:?}");
            let purchases = purchases.with_context(customer)?;
            totals.add(&purchases).with_context(customer)?;
            if let Some(summary) = Rfm::of(&purchases, window)? {
                keys.push(key.clone());
                rfm.push(summary);
                net.push(purchases.net().minor());
            }
        }
        // The keys are texts; in the columns a customer's number is the position.
        let columns = RfmColumns::from_rows(as_of, currency, (0..).zip(rfm.iter().copied()))?;
        Ok(Population { as_of, keys, rfm, totals, columns, net })
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn currency(&self) -> Currency {
        self.totals.net.currency()
    }

    /// The position of a customer.
    pub(crate) fn position(&self, key: &str) -> Option<usize> {
        self.keys.binary_search_by(|k| k.as_str().cmp(key)).ok()
    }

    /// The values of all customers in a dimension, as models read them.
    pub(crate) fn column(&self, dimension: &Name) -> Option<Column<'_>> {
        self.columns.column(dimension)
    }

    /// What is left of all purchases of all customers.
    pub(crate) fn net(&self) -> Column<'_> {
        Column::money(&self.net, self.currency())
    }
}
