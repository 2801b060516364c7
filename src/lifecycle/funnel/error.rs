use crate::{
    calendar::CalendarError,
    lifecycle::retention::RetentionError,
    quantity::{EstimateError, Name, ShareError},
};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a funnel, a case, or a question put to it.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum FunnelError {
    /// A funnel has 2 to 30 steps.
    #[error("{0} steps; there can be 2 to 30")]
    BadStepCount(usize),
    /// A step occurs twice.
    #[error("step {0:?} occurs twice")]
    Twice(Name),
    /// A case has another number of steps than the funnel.
    #[error("the case has {found} steps, the funnel has {expected}")]
    BadLength {
        /// The steps of the funnel.
        expected: usize,
        /// The steps of the case.
        found: usize,
    },
    /// A case that has reached no step.
    #[error("the case has reached no step")]
    NotBegun,
    /// A later step was reached, or the case was lost, before an earlier step.
    #[error("{later} comes before {earlier}, the day of an earlier step")]
    OutOfOrder {
        /// The day of the earlier step.
        earlier: NaiveDate,
        /// The day of the later step, or of the loss.
        later: NaiveDate,
    },
    /// A day lies after that up to which is known.
    #[error("{day} lies after {as_of}, the day up to which is known")]
    AfterEnd {
        /// The day.
        day: NaiveDate,
        /// The last day that is known.
        as_of: NaiveDate,
    },
    /// A case that reached the last step is won, and cannot be lost.
    #[error("the case was won, and cannot be lost on {0}")]
    WonAndLost(NaiveDate),
    /// A step that the funnel does not have, or the last, from which nothing leads on.
    #[error("no step leads on from {0:?}")]
    NoSuchStep(alloc::string::String),
    /// No case was decided at that step, so nothing says what comes of the open ones.
    #[error("no case has left step {0:?}; nothing is known of those who are in it or before")]
    NobodyDecided(Name),
    /// Two funnels with other steps.
    #[error("the steps differ")]
    OtherSteps,
    /// Stored counts that no cases can give.
    #[error("no cases give these counts")]
    BadCounts,
    /// More than 2⁶⁴ − 1 cases.
    #[error("more cases than can be counted")]
    TooMany,
    /// A time cannot be counted.
    #[error(transparent)]
    Retention(#[from] RetentionError),
    /// A conversion has no interval.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// A number is not finite.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    /// A date is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
