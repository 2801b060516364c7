use crate::{
    money::{Money, MoneyError},
    quantity::EstimateError,
};
use thiserror::Error;

/// Why an effect cannot be estimated.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum EffectError {
    /// More conversions than customers.
    #[error("{converted} of {customers} customers cannot have converted")]
    TooManyConversions {
        /// Those said to have converted.
        converted: u64,
        /// All customers of the arm.
        customers: u64,
    },
    /// An arm has fewer customers than the estimate needs.
    #[error("an arm of {customers} customers is too small; at least {least} are needed")]
    TooFew {
        /// Customers in the arm.
        customers: u64,
        /// How many are needed.
        least: u64,
    },
    /// Nobody converted in the control arm, so there is nothing to be a multiple of.
    #[error("nobody converted in the control arm, so there is no relative lift")]
    NoBase,
    /// All amounts of both arms are equal, so nothing says how far chance reaches.
    #[error("all amounts of both arms are equal; there is no interval")]
    NoVariation,
    /// The count or the sum of the squares outgrows its range.
    #[error("more customers, or larger amounts, than can be summed")]
    TooLarge,
    /// What is read are no sums of so many amounts.
    #[error("the sums do not belong to any {customers} amounts")]
    BadSums {
        /// The number of amounts.
        customers: u64,
    },
    /// The margin of a conversion is below zero.
    #[error("the margin {0} is below zero")]
    NegativeMargin(Money),
    /// Amounts in different currencies, or beyond the range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The estimate outgrows floating-point numbers.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
}
