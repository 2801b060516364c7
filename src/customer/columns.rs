use super::HistoryError;
use crate::money::Currency;

/// Orders of many customers as columns: row `i` says that customer `customer[i]` bought for `minor[i]` smallest units on `day[i]`.
///
/// The rows may come in any order. A row with an amount below zero is a return that names no sale. Rows have no identity, so equal rows
/// are different orders; feed each order once. Days are counted from 1970-01-01
/// ([`day_number`](crate::calendar::day_number)), which is what Arrow's `date32` holds.
///
/// ```
/// use customer_value::{customer::OrderColumns, money::Currency};
///
/// let orders = OrderColumns::new(&[7, 9, 7], &[18_993, 18_993, 19_000], &[505_30, 12_00, -5_00], Currency::GBP)?;
/// assert_eq!(orders.len(), 3);
/// # Ok::<(), customer_value::customer::HistoryError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OrderColumns<'a> {
    pub(super) customer: &'a [u64],
    pub(super) day: &'a [i32],
    pub(super) minor: &'a [i64],
    currency: Currency,
}

impl<'a> OrderColumns<'a> {
    /// Borrows three columns of one length.
    ///
    /// # Errors
    /// [`HistoryError::UnequalColumns`] if the lengths differ.
    pub fn new(
        customer: &'a [u64],
        day: &'a [i32],
        minor: &'a [i64],
        currency: Currency,
    ) -> Result<OrderColumns<'a>, HistoryError> {
        let (customers, days, amounts) = (customer.len(), day.len(), minor.len());
        if customers != days || days != amounts {
            return Err(HistoryError::UnequalColumns { customers, days, amounts });
        }
        Ok(OrderColumns { customer, day, minor, currency })
    }

    /// The currency of the amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Number of rows.
    pub const fn len(&self) -> usize {
        self.customer.len()
    }

    /// Every row: customer, day and amount.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u64, i32, i64)> {
        let amounts = self.day.iter().zip(self.minor);
        self.customer.iter().zip(amounts).map(|(customer, (day, minor))| (*customer, *day, *minor))
    }

    /// Whether there is no row.
    pub const fn is_empty(&self) -> bool {
        self.customer.is_empty()
    }
}
