use super::{CustomerKey, Purpose};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with the use of personal data. No error repeats the data.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrivacyError {
    /// Nothing allows the use of data for that purpose at that date: there is no consent that holds, and no other ground.
    #[error("nothing allows the use of data for {purpose:?} on {on}", purpose = purpose.name())]
    NoBasis {
        /// The purpose asked for.
        purpose: Purpose,
        /// The date asked for.
        on: NaiveDate,
    },
    /// The permit is for another customer's data.
    #[error("a permit for the data of {permitted} does not open the data of {subject}")]
    AnotherSubject {
        /// Whose data it is.
        subject: CustomerKey,
        /// Whose data the permit is for.
        permitted: CustomerKey,
    },
    /// The person has been erased, and no consent has been given since.
    #[error("{subject} was erased on {on}; that takes a consent given later")]
    Erased {
        /// Who.
        subject: CustomerKey,
        /// The day of the erasure.
        on: NaiveDate,
    },
    /// The vault keeps that person already; [`Vault::correct`](super::Vault::correct) replaces what it keeps.
    #[error("{0} is in the vault already")]
    AlreadyKept(CustomerKey),
    /// The vault keeps no such person.
    #[error("{0} is not in the vault")]
    NotKept(CustomerKey),
    /// A consent or a ground ends before it begins.
    #[error("given on {on}, it cannot end on {until}")]
    EndsBeforeItBegins {
        /// The first day on which it would hold.
        on: NaiveDate,
        /// The first day on which it would no longer hold.
        until: NaiveDate,
    },
    /// A ground that rests on consent; consents are kept as [`Consents`](super::Consents).
    #[error("consent is no ground to be declared: it is given")]
    ConsentIsGiven,
    /// The date lies outside the years 1 to 9999.
    #[error("date {0} is out of range: only the years 0001 to 9999 can be used")]
    DateOutOfRange(NaiveDate),
    /// Not a key; the text is withheld.
    #[error("a customer's key is text of 32 lower-case hexadecimal digits")]
    NotAKey,
}
