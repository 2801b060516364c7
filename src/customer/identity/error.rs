use super::{MatchWeight, RecordKey};
use crate::{
    customer::HistoryError,
    money::Ratio,
    quantity::{Name, NameError},
};
use alloc::{boxed::Box, string::String};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a linkage model, an assertion about two records, or a view.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// A text that cannot be a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Two histories of one customer cannot be merged.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A text that is no record key. It is withheld: it may be a person's name.
    #[error("this is not a record key; what it is, is withheld: a key takes a system without a slash, a slash, and an id")]
    NotAKey,
    /// A text or number that is no match weight.
    #[error("{0:?} is not a match weight: it takes a number of bits with at most three decimal places")]
    NotAWeight(String),
    /// A list has too few entries or too many.
    #[error("{found} {what}; there can be {least} to {most}")]
    BadCount {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A name occurs twice where it must be the only one.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// A probability of a level that is not above zero: one agreement would then decide for ever, and a slip of the pen with it.
    #[error("level {level:?} of {field:?} has the probability {value}; it must be above 0")]
    NotAProbability {
        /// The field.
        field: Name,
        /// The level.
        level: Name,
        /// What it was given.
        value: Ratio,
    },
    /// The probabilities of a field's levels do not add up to one.
    #[error("the {which} of {field:?} add up to {sum}, not to 1")]
    NotOne {
        /// The field.
        field: Name,
        /// `m` or `u`.
        which: &'static str,
        /// What they add up to.
        sum: Ratio,
    },
    /// The probabilities of a field's levels have too many digits between them to be added up exactly; 18 are never too many.
    #[error("the {which} of {field:?} have too many digits to be added up exactly")]
    TooFine {
        /// The field.
        field: Name,
        /// `m` or `u`.
        which: &'static str,
    },
    /// The prior is no probability between zero and one.
    #[error("a prior of {0} does not lie between 0 and 1")]
    BadPrior(Ratio),
    /// The threshold for a link lies below the one for a review.
    #[error("a link needs {link} bits, less than a review with {review}")]
    Thresholds {
        /// Needed for a link.
        link: MatchWeight,
        /// Needed for a review.
        review: MatchWeight,
    },
    /// The model compares no such field.
    #[error("the model compares no field {0:?}")]
    UnknownField(String),
    /// The field has no such level.
    #[error("field {field:?} has no level {level:?}")]
    UnknownLevel {
        /// The field.
        field: Name,
        /// What came.
        level: String,
    },
    /// The outcomes make too many different sums to add up the probability of each.
    #[error("the levels make more than {0} different sums")]
    TooManySums(usize),
    /// The parts of stored evidence do not add up to its total, or the total does not lead to its verdict.
    #[error("the parts do not add up to {0} bits and the verdict on them")]
    DoesNotAddUp(MatchWeight),
    /// Evidence was weighed by another model.
    #[error("the evidence was weighed by another model")]
    OtherModel,
    /// The model weighs the same outcomes otherwise.
    #[error("the model does not weigh these outcomes so")]
    NotReproduced,
    /// An assertion about a record and itself.
    #[error("{0} is always the same as itself; an assertion takes two records")]
    SameRecord(RecordKey),
    /// The date lies outside the years 1 to 9999.
    #[error("date {0} is out of range: only the years 0001 to 9999 can be used")]
    DateOutOfRange(NaiveDate),
    /// An assertion or retraction was delivered before with other content.
    #[error("what was said as {0:?} was delivered before with other content")]
    Conflict(Name),
    /// A record that is not in the cluster.
    #[error("record {0} is not in this cluster")]
    NotAMember(RecordKey),
    /// The same record came twice.
    #[error("record {0} came twice")]
    RecordTwice(RecordKey),
    /// Two records of the cluster were declared different, so that it is not one customer. Retract that, or a link between them.
    #[error("{0} and {1} are linked, and were declared different")]
    Disputed(Box<RecordKey>, Box<RecordKey>),
}
