use crate::{money::MoneyError, quantity::Name};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a census or a migration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MigrationError {
    /// A grade that is not in the set.
    #[error("{0:?} is not one of the grades")]
    UnknownGrade(Name),
    /// Two censuses or migrations are about different sets of grades.
    #[error("the grades differ")]
    OtherGrades,
    /// Two censuses are of different dates, or the later one comes first.
    #[error("the census of {left} does not go with that of {right}")]
    OtherDate {
        /// Date of the left-hand census.
        left: NaiveDate,
        /// Date of the right-hand census.
        right: NaiveDate,
    },
    /// More than 2⁶⁴ − 1 customers.
    #[error("more customers than can be counted")]
    TooMany,
    /// What is read has another number of grades than the set, or sums that no customers have.
    #[error("the counts do not fit the grades: {0}")]
    BadCounts(&'static str),
    /// Amounts in different currencies, or beyond the range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
