use super::{HeldOut, Holdout, Split, ValidationError};
use crate::{
    calendar::from_day_number,
    customer::{History, HistoryError, OrderColumns, Record, ReturnPolicy},
    money::Money,
};
use alloc::{boxed::Box, vec::Vec};

/// [`HeldOut`] of many customers, in order of key, with the [`Holdout`] of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldoutColumns {
    keys: Vec<u64>,
    rows: Vec<HeldOut>,
    table: Holdout,
}

impl HoldoutColumns {
    /// Cuts the orders of every customer at the split. The order of rows makes no difference.
    ///
    /// # Errors
    /// As [`Holdout::push`], with the customer's key.
    pub fn collect(orders: &OrderColumns<'_>, split: Split, policy: ReturnPolicy) -> Result<HoldoutColumns, ValidationError> {
        let currency = orders.currency();
        let mut rows: Vec<(u64, i32, i64)> = orders.rows().collect();
        rows.sort_unstable();
        let mut all = HoldoutColumns { keys: Vec::new(), rows: Vec::new(), table: Holdout::new(split) };
        for of_customer in rows.chunk_by(|one, next| one.0 == next.0) {
            let key = of_customer.first().map_or(0, |row| row.0);
            let named = |error: HistoryError| HistoryError::Customer { key, error: Box::new(error) };
            let mut history = History::new(currency);
            for &(_, day, minor) in of_customer {
                let on = from_day_number(day).map_err(|error| named(error.into()))?;
                let amount = |minor| Money::from_minor(minor, currency);
                let record = match minor {
                    0.. => Record::sale(on, amount(minor)),
                    _ => Record::returned(on, amount(minor.checked_neg().ok_or(named(HistoryError::Overflow(currency)))?)),
                };
                history.push(record).map_err(named)?;
            }
            let pushed = all.table.push(&history, policy).map_err(|error| match error {
                ValidationError::History(error) => named(error).into(),
                other => other,
            })?;
            if let Some(row) = pushed {
                all.keys.push(key);
                all.rows.push(row);
            }
        }
        Ok(all)
    }

    /// The customers' keys, ascending; those who came after the split are not among them.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// What each of them did, in order of [`keys`](HoldoutColumns::keys).
    pub fn rows(&self) -> &[HeldOut] {
        &self.rows
    }

    /// The table of all.
    pub const fn table(&self) -> &Holdout {
        &self.table
    }

    /// The table alone.
    pub fn into_table(self) -> Holdout {
        self.table
    }
}
