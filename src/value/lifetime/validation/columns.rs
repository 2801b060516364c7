use super::{HeldOut, Holdout, Split, ValidationError};
use crate::customer::{OrderColumns, ReturnPolicy};
use alloc::vec::Vec;

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
        let mut all = HoldoutColumns { keys: Vec::new(), rows: Vec::new(), table: Holdout::new(split) };
        for customer in orders.histories() {
            let (key, history) = customer?;
            let pushed = all.table.push(&history, policy).map_err(|error| match error {
                ValidationError::History(error) => error.of_customer(key).into(),
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
