use crate::{
    quantity::{Name, NameError},
    score::ScoreError,
};
use alloc::string::String;
use rust_decimal::Decimal;
use thiserror::Error;

/// What can be wrong with segments, or with the facts of a customer who is to be placed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// A text that cannot be a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A fact does not fit its dimension, a condition names a level that does not exist, or a dimension is not consistent.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// A name occurs twice where it must be the only one.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// There can be at most 100 segments.
    #[error("{0} segments; there can be at most 100")]
    TooManySegments(usize),
    /// The conditions of a segmentation have at most 4,000 comparisons and names together.
    #[error("{0} comparisons and names in the conditions; there can be at most 4,000")]
    TooManyComparisons(usize),
    /// Two segments claim the same customers.
    #[error("segments {first:?} and {second:?} both claim a customer with {example}")]
    Overlap {
        /// The segment listed first.
        first: Name,
        /// The other; the same one if two of its boxes overlap.
        second: Name,
        /// Such a customer, in words.
        example: String,
    },
    /// No segment claims some customers.
    #[error("no segment claims a customer with {example}")]
    Hole {
        /// Such a customer, in words.
        example: String,
    },
    /// The conditions part the customers into too many regions to look at each.
    #[error("the conditions make more than {0} regions; name fewer bounds, or fewer dimensions")]
    TooManyRegions(usize),
    /// A condition looks at something that is neither a declared dimension nor a declared attribute.
    #[error("{0:?} is neither a declared dimension nor a declared attribute")]
    Undeclared(Name),
    /// A name was given, or asked for, where a dimension has a number.
    #[error("{0:?} has a number, and cannot be one of several names")]
    NotNamed(Name),
    /// A number was given, or asked for, where an attribute has a name.
    #[error("{0:?} has a name, and cannot be compared with numbers")]
    NoNumber(Name),
    /// A name that an attribute with a closed list of values does not have.
    #[error("{value:?} is not one of the values of {attribute:?}")]
    UnknownValue {
        /// The attribute.
        attribute: Name,
        /// What came.
        value: Name,
    },
    /// A number that the dimension cannot have: part of a cent, half an order, −3 days. Segments are not checked for such customers.
    #[error(
        "{value} is no possible value of {dimension:?}: money has whole smallest units; days and counts are whole and not below zero"
    )]
    Impossible {
        /// The dimension.
        dimension: Name,
        /// The number.
        value: Decimal,
    },
    /// A condition has an empty list, or is nested too deep.
    #[error("the condition of segment {0:?} has an empty list, or is nested more than 16 deep")]
    BadCondition(Name),
    /// A segment table has 1 to 4 axes.
    #[error("{0} axes; there can be 1 to 4")]
    BadAxisCount(usize),
    /// An axis of a segment table has 1 to 10 levels.
    #[error("axis {0:?} must have 1 to 10 levels")]
    BadLevels(Name),
    /// A box does not fit the axes of its segment table.
    #[error("the boxes of segment {segment:?} do not fit the axes: {why}")]
    BadBox {
        /// The segment.
        segment: Name,
        /// What is wrong with it.
        why: String,
    },
}
