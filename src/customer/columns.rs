use super::{History, HistoryError, Record};
use crate::money::Currency;
use alloc::vec::Vec;
use core::iter::from_fn;

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

    /// Every customer's key and history, in order of key. The order of rows makes no difference.
    ///
    /// ```
    /// use customer_value::{calendar::from_day_number, customer::{OrderColumns, ReturnPolicy}, money::Currency};
    ///
    /// let orders = OrderColumns::new(&[9, 7, 7], &[18_993, 19_000, 18_993], &[12_00, -5_00, 505_30], Currency::GBP)?;
    /// let mut nets = Vec::new();
    /// for customer in orders.histories() {
    ///     let (key, history) = customer?;
    ///     nets.push((key, history.as_of(from_day_number(19_000)?, ReturnPolicy::LATEST_FIRST)?.net().minor()));
    /// }
    /// assert_eq!(nets, [(7, 500_30), (9, 12_00)]);
    /// # Ok::<(), customer_value::customer::HistoryError>(())
    /// ```
    ///
    /// # Errors
    /// An item is [`HistoryError::Customer`], with the key, for a day outside the years 1 to 9999 and for the one amount that has no
    /// positive twin, `i64::MIN`.
    pub fn histories(&self) -> impl Iterator<Item = Result<(u64, History), HistoryError>> {
        let currency = self.currency;
        let mut rows: Vec<(u64, i32, i64)> = self.rows().collect();
        rows.sort_unstable();
        let mut rows = rows.into_iter().peekable();
        from_fn(move || {
            let key = rows.peek()?.0;
            let mut history = History::new(currency);
            let mut pushed = Ok(());
            while let Some((_, day, minor)) = rows.next_if(|row| row.0 == key) {
                pushed = pushed.and_then(|()| history.push(Record::of_row(day, minor, currency)?));
            }
            Some(pushed.map(|()| (key, history)).map_err(|error| error.of_customer(key)))
        })
    }

    /// Whether there is no row.
    pub const fn is_empty(&self) -> bool {
        self.customer.is_empty()
    }
}
