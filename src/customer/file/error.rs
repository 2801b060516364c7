use crate::customer::{
    HistoryError,
    credit::CreditError,
    party::PartyError,
    privacy::{CustomerKey, PrivacyError},
    profile::ProfileError,
};
use crate::money::Currency;
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a customer's file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The customer has been erased: nothing from up to that day is taken in again, and nothing later without a consent given later.
    #[error("the customer was erased; what is from up to {through} stays so, and what is later takes a consent given later")]
    Erased {
        /// The last day that the erasure covers.
        through: NaiveDate,
    },
    /// A file and a person, or a receipt, of different customers.
    #[error("{file} and {other} are not the same customer")]
    AnotherCustomer {
        /// Whose file it is.
        file: CustomerKey,
        /// Whose person or receipt it is.
        other: CustomerKey,
    },
    /// A file in text that says nothing of who the customer is, and nothing of an erasure.
    #[error("the file of {0} names no party, and no erasure")]
    NoParty(CustomerKey),
    /// A file in text whose history and invoices are in different currencies.
    #[error("a history in {history} and invoices in {receivables}")]
    TwoCurrencies {
        /// The currency of the history.
        history: Currency,
        /// The currency of the invoices.
        receivables: Currency,
    },
    /// The party, or the relationship with it.
    #[error(transparent)]
    Party(#[from] PartyError),
    /// What is known of the customer.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// Consent, permits, the vault.
    #[error(transparent)]
    Privacy(#[from] PrivacyError),
    /// Credit, invoices, payments.
    #[error(transparent)]
    Credit(#[from] CreditError),
    /// Purchases.
    #[error(transparent)]
    History(#[from] HistoryError),
}
