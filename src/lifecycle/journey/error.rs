use crate::{calendar::CalendarError, money::MoneyError, quantity::Name};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a journey, a strategy, or a view of the customers on their way.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JourneyError {
    /// A journey or strategy has 2 to 30 steps.
    #[error("{0} steps; there can be 2 to 30")]
    BadStepCount(usize),
    /// A name occurs twice where it must be the only one.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// A step or stage for which nothing is planned.
    #[error("nothing is planned for {0:?}")]
    LeftOut(Name),
    /// A step or stage that is not one of those to plan for.
    #[error("{0:?} is none of the stages")]
    UnknownStage(Name),
    /// A treatment without an action.
    #[error("the treatment of {0:?} has no action")]
    NoAction(Name),
    /// Something happened before the customer's first day.
    #[error("{day} lies before {first}, the customer's first day")]
    BeforeFirst {
        /// The day.
        day: NaiveDate,
        /// The customer's first day.
        first: NaiveDate,
    },
    /// Steps of no months.
    #[error("a step of tenure must be at least one month long")]
    NoMonths,
    /// Two tallies in steps of different length.
    #[error("the steps of tenure are not equally long")]
    OtherSteps,
    /// Stored counts that no customers can give.
    #[error("no customers give these counts")]
    BadCounts,
    /// More than 2⁶⁴ − 1 customers.
    #[error("more customers than can be counted")]
    TooMany,
    /// An amount does not fit, or is in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
