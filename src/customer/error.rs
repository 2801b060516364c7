use crate::{
    calendar::CalendarError,
    money::{Currency, Money},
    quantity::{Name, NameError},
};
use alloc::boxed::Box;
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a record, or with a history when it is settled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The record is in another currency than the history. Convert it first.
    #[error("the history is kept in {history}, the record is in {record}")]
    CurrencyMismatch {
        /// Currency of the history.
        history: Currency,
        /// Currency of the record.
        record: Currency,
    },
    /// A sale's amount is below zero; what comes back is a return.
    #[error("a sale of {0} is below zero; what comes back is a return")]
    NegativeSale(Money),
    /// A return's amount is zero or below; it is given as the positive amount that comes back.
    #[error("a return of {0} is not above zero; give the amount that comes back")]
    ReturnNotPositive(Money),
    /// The date lies outside the years 1 to 9999.
    #[error("date {0} is out of range: only the years 0001 to 9999 can be used")]
    DateOutOfRange(NaiveDate),
    /// The same identity was delivered again with other content.
    #[error("record {0:?} was delivered before with other content")]
    Conflict(Name),
    /// The policy refuses returns that name no sale.
    #[error("a return of {amount} on {on} names no sale")]
    NamesNoSale {
        /// The date of the return.
        on: NaiveDate,
        /// What came back.
        amount: Money,
    },
    /// The policy refuses returns and cancellations whose sale is not in the history as of the day asked for.
    #[error("a return on {on} names sale {sale:?}, which is not in the history")]
    UnknownSale {
        /// The sale that is named.
        sale: Name,
        /// The date of the return.
        on: NaiveDate,
    },
    /// The policy refuses returns beyond what was sold.
    #[error("{returned} came back, but only {sold} was there to come back{}", DisplaySale(sale.as_deref()))]
    BeyondSale {
        /// The sale, if the returns name one; otherwise all purchases up to the return.
        sale: Option<Box<Name>>,
        /// What could have come back: what was sold, or is left of it.
        sold: Money,
        /// What came back.
        returned: Money,
    },
    /// An amount or a count of the settled purchases does not fit.
    #[error("the purchases add up to more than an amount in {0} or a count can hold")]
    Overflow(Currency),
    /// A stored history claims records without identity that cannot be: none, 2³² or more, a sum that so many sales or returns cannot
    /// have, or a sale that reduces another.
    #[error("{count} records without identity on {on} cannot come to {minor} smallest units")]
    ImpossibleTally {
        /// The day.
        on: NaiveDate,
        /// The number claimed.
        count: u64,
        /// The sum claimed.
        minor: i128,
    },
    /// The rows of one customer cannot be settled.
    #[error("customer {key}: {error}")]
    Customer {
        /// The customer's key in the columns.
        key: u64,
        /// What is wrong.
        error: Box<HistoryError>,
    },
    /// A text that cannot be an identity.
    #[error(transparent)]
    Name(#[from] NameError),
    /// This kind of record does not have the part that was to be set.
    #[error("{0}")]
    HasNone(&'static str),
    /// The columns are not equally long.
    #[error("the columns have {customers} customers, {days} days and {amounts} amounts")]
    UnequalColumns {
        /// Length of the customer column.
        customers: usize,
        /// Length of the day column.
        days: usize,
        /// Length of the amount column.
        amounts: usize,
    },
    /// A window or date is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl HistoryError {
    /// The same, of the customer with this key.
    pub(crate) fn of_customer(self, key: u64) -> HistoryError {
        HistoryError::Customer { key, error: Box::new(self) }
    }
}

struct DisplaySale<'a>(Option<&'a Name>);

impl core::fmt::Display for DisplaySale<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(sale) => write!(f, " in sale {sale:?}"),
            None => f.write_str(" up to then"),
        }
    }
}
