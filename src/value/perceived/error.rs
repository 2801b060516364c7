use super::{Component, Part, Points, Side};
use crate::quantity::{EstimateError, Name};
use thiserror::Error;

/// Why answers cannot be taken in, or a measure cannot be given.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PerceivedError {
    /// A scale that does not rise, or has more than 101 points.
    #[error("points from {low} to {high} are no scale: it takes 2 to 101 points that rise")]
    BadPoints {
        /// The lowest point.
        low: i8,
        /// The highest point.
        high: i8,
    },
    /// An answer that is not on the scale of its question.
    #[error("{point} is not on the scale {points}")]
    OffScale {
        /// The answer.
        point: i8,
        /// The scale.
        points: Points,
    },
    /// None or all of the points of a scale cannot be its top.
    #[error("the top {top} of the scale {points} is none or all of it")]
    BadTop {
        /// How many points were to be the top.
        top: u8,
        /// The scale.
        points: Points,
    },
    /// A questionnaire, a profile or a set of dimensions without an item where one is needed.
    #[error("there is no item to answer")]
    NoItem,
    /// Two items of one questionnaire have the same name.
    #[error("two items are called {0}")]
    SameName(Name),
    /// Items of one questionnaire must have the same scale.
    #[error("the items have different scales: {0} and {1}")]
    MixedPoints(Points, Points),
    /// A weight of zero, or not as many weights as items.
    #[error("the weights do not fit: one above zero is needed for each item")]
    BadWeights,
    /// A row of answers that is shorter or longer than the questionnaire.
    #[error("{given} answers to {items} items")]
    WrongLength {
        /// Answers in the row.
        given: usize,
        /// Items of the questionnaire.
        items: usize,
    },
    /// Two tallies of different questions are never one.
    #[error("the tallies belong to different questions")]
    OtherQuestion,
    /// Fewer answers than the measure needs.
    #[error("{answered} answers are too few; at least {least} are needed")]
    TooFew {
        /// Answers that count for the measure.
        answered: u64,
        /// How many are needed.
        least: u64,
    },
    /// All answers are equal, so they do not tell how far chance reaches.
    #[error("all {answered} answers are equal; there is no interval")]
    NoVariation {
        /// Answers that count for the measure.
        answered: u64,
    },
    /// More answers, or longer fractions, than can be counted exactly.
    #[error("more answers than can be counted")]
    TooMany,
    /// What is read has not as many counts as the scale has points, or the same row twice, or no times.
    #[error("the counts do not belong to the question")]
    BadCounts,
    /// A part of delivered value that is neither asked about nor left out by name.
    #[error("{0} is neither asked about nor left out")]
    PartForgotten(Part),
    /// A part of delivered value that is asked about and left out.
    #[error("{0} is left out, and asked about")]
    PartBoth(Part),
    /// Delivered value weighs two sides; one has no component.
    #[error("nothing is asked about the {0}")]
    OneSided(Side),
    /// Nothing on one side applies to this offer.
    #[error("nothing of the {0} applies")]
    NothingApplies(Side),
    /// A component that the model does not ask about.
    #[error("{0} is not asked about")]
    NotAsked(Component),
    /// A component that is given twice.
    #[error("{0} is given twice")]
    Twice(Component),
    /// A component that was not answered. Absence is not zero: the whole is unknown.
    #[error("{0} was not answered")]
    Unanswered(Component),
    /// The estimate outgrows floating-point numbers.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
}
