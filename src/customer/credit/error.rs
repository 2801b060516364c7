use crate::{
    money::{Money, MoneyError},
    quantity::Name,
};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with credit, invoices and payments.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CreditError {
    /// A limit below zero.
    #[error("a credit limit of {0} is below zero")]
    NegativeLimit(Money),
    /// An invoice or a payment that is not above zero.
    #[error("{0} is not above zero")]
    NotPositive(Money),
    /// An invoice is due before it is issued.
    #[error("an invoice of {issued} cannot be due on {due}")]
    DueBeforeIssue {
        /// The day of issue.
        issued: NaiveDate,
        /// The day on which it would be due.
        due: NaiveDate,
    },
    /// The same invoice or payment was delivered again with other content.
    #[error("{0:?} was delivered before with other content")]
    Conflict(Name),
    /// A payment names an invoice that had not been issued by the day asked for.
    #[error("payment {payment:?} is of invoice {invoice:?}, which is not there")]
    UnknownInvoice {
        /// The payment.
        payment: Name,
        /// The invoice it names.
        invoice: Name,
    },
    /// More was paid than was invoiced.
    #[error("{paid} was paid of invoice {invoice:?}, which is {amount}")]
    Overpaid {
        /// The invoice.
        invoice: Name,
        /// What it is.
        amount: Money,
        /// What was paid of it.
        paid: Money,
    },
    /// Bounds of buckets are not above zero, do not rise, or there is none.
    #[error("buckets need at least one bound, the first above zero, rising")]
    BadBuckets,
    /// The date lies outside the years 1 to 9999.
    #[error("date {0} is out of range: only the years 0001 to 9999 can be used")]
    DateOutOfRange(NaiveDate),
    /// Another currency, or a sum that does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
