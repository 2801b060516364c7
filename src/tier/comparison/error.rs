use crate::{
    money::Ratio,
    quantity::Name,
    reason::{ModelId, Unsound},
    tier::{GradeSet, TierError},
};
use alloc::string::String;
use chrono::NaiveDate;
use thiserror::Error;

/// Why two models, decisions or populations cannot be compared.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// The two models do not give the same grades, in the same order.
    #[error("one model gives the grades {before}, the other {after}")]
    OtherGrades {
        /// The grades of the first.
        before: GradeSet,
        /// The grades of the second.
        after: GradeSet,
    },
    /// What is to be put together was made by different models.
    #[error("made by {found}, not by {expected}")]
    OtherModel {
        /// The model of what is there.
        expected: ModelId,
        /// The model of what came.
        found: ModelId,
    },
    /// A customer occurs twice.
    #[error("customer {0} occurs twice")]
    Twice(String),
    /// The second decision is older than the first.
    #[error("the decision of {after} comes before that of {before}")]
    Backwards {
        /// The day of the first decision.
        before: NaiveDate,
        /// The day of the second.
        after: NaiveDate,
    },
    /// A decision does not hold together.
    #[error("the decision of {as_of} does not hold together: {why}")]
    Unsound {
        /// The day of the decision.
        as_of: NaiveDate,
        /// What is wrong with it.
        why: Unsound,
    },
    /// A decision under the name of the model has other dimensions, axes, scores or rules than the model, or than the other decision.
    #[error("the decision of {0} does not go through the steps that its model has")]
    OtherSteps(NaiveDate),
    /// The bins before and after are not the same.
    #[error("{before} bins before, {after} after")]
    UnequalBins {
        /// Their number before.
        before: usize,
        /// Their number after.
        after: usize,
    },
    /// A distribution over fewer than two bins cannot shift.
    #[error("{0} bins; a distribution has at least 2")]
    TooFewBins(usize),
    /// There is nobody on one side.
    #[error("one of the two populations is empty")]
    EmptyPopulation,
    /// The bounds of the bands are not two numbers above zero, the second above the first.
    #[error("bands at {0} and {1}; the bounds are above zero, and rise")]
    BadBands(f64, f64),
    /// A weight is moved by 0 or more and less than 1.
    #[error("a weight cannot be moved by {0}; it takes 0 or more, and less than 1")]
    BadDelta(Ratio),
    /// Exact weights outgrow 128 bits.
    #[error("the weights outgrow 128 bits when that of {0:?} is moved")]
    TooFine(Name),
    /// More decisions than 64 bits can count.
    #[error("more decisions than can be counted")]
    TooMany,
    /// A model, a grade or a score is at fault.
    #[error(transparent)]
    Tier(#[from] TierError),
}
