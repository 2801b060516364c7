use super::Suspect;
use crate::{money::Ratio, quantity::Name};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use thiserror::Error;

/// What can be wrong with weights, judgements, or a population to weigh by.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// There is nothing to weigh.
    #[error("there is nothing to weigh")]
    Nothing,
    /// More names than can be weighed: 15 in pairwise comparison, 1,000 elsewhere.
    #[error("{found} names were given; {most} are the most")]
    TooMany {
        /// How many were given.
        found: usize,
        /// How many can be.
        most: usize,
    },
    /// A name occurs twice.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// A name that is not among the weighed ones.
    #[error("{0:?} is not among the names that are weighed")]
    Unknown(Name),
    /// A weight is zero or below. Leave the dimension out instead.
    #[error("the weight {weight} of {name:?} is not above zero")]
    NotPositive {
        /// The dimension.
        name: Name,
        /// The weight.
        weight: Ratio,
    },
    /// The weights do not add up to one.
    #[error("the weights add up to {0}, not to 1")]
    DoNotSum(Ratio),
    /// The terms of an exact fraction outgrow 128 bits. Take weights of fewer digits.
    #[error("the fractions are too fine to compute with exactly, at {0:?}")]
    TooFine(Name),
    /// A share that is no number, infinite, or below zero.
    #[error("the share {share} of {name:?} is not a number from zero up")]
    NotAShare {
        /// The dimension.
        name: Name,
        /// The share.
        share: f64,
    },
    /// Frozen weights have 1 to 9 decimal places.
    #[error("{0} decimal places were asked for; frozen weights have 1 to 9")]
    BadPlaces(u8),
    /// A judged dimension would get no weight at so few places.
    #[error("the weight of {name:?} rounds to zero at {places} decimal places")]
    Vanishes {
        /// The dimension.
        name: Name,
        /// The places asked for.
        places: u8,
    },
    /// A judgement beyond 1/1000 to 1000.
    #[error("{of:?} over {over:?} was judged {ratio}; judgements are from 1/1000 to 1000")]
    JudgementOutOfRange {
        /// The one that is judged.
        of: Name,
        /// The one that it is compared with.
        over: Name,
        /// The judgement.
        ratio: Ratio,
    },
    /// A pair is judged twice, in one direction or in both, or a name is compared with itself.
    #[error("{0:?} and {1:?} are judged more than once, or are the same")]
    JudgedTwice(Name, Name),
    /// A pair is not judged.
    #[error("{0:?} and {1:?} are not compared")]
    NotJudged(Name, Name),
    /// The people of a group did not compare the same names.
    #[error("the people of the group compared different names")]
    DifferentNames,
    /// The judgements contradict one another. Put the suspects to the person who judged.
    #[error("consistency ratio {ratio:.4} is above {limit}; reconsider {}", List(suspects))]
    Inconsistent {
        /// The consistency ratio found.
        ratio: f64,
        /// The ratio allowed.
        limit: Ratio,
        /// The judgement that fits the others least; several if they deviate equally.
        suspects: Vec<Suspect>,
    },
    /// A limit of the consistency ratio lies above zero; even judgements that agree exactly have a ratio of zero.
    #[error("the limit {0} of the consistency ratio is not above zero")]
    BadLimit(Ratio),
    /// The table of random indices has no value for so many names.
    #[error("the random index has no value for {0} names")]
    NoRandomIndex(usize),
    /// A table of random indices holds 1 to 13 values above zero, for 3, 4, 5 … names.
    #[error("a table of random indices holds 1 to 13 values above zero, not {0:?}")]
    BadRandomTable(Vec<Decimal>),
    /// Fewer than two customers: nothing varies.
    #[error("the population has {0} members; weights need at least 2")]
    TooFew(usize),
    /// The columns are not equally long.
    #[error("the column of {name:?} has {found} values, the first has {expected}")]
    UnequalColumns {
        /// The dimension.
        name: Name,
        /// Length of the first column.
        expected: usize,
        /// Length of this one.
        found: usize,
    },
    /// Entropy is defined for shares of a sum, and a share is not negative.
    #[error("{name:?} has the value {value} (in the column's fixed point); entropy weights take none below zero")]
    Negative {
        /// The dimension.
        name: Name,
        /// The value, in the column's fixed point.
        value: i64,
    },
    /// Every column is constant, so nothing tells the customers apart.
    #[error("every column is constant")]
    AllConstant,
    /// All columns that vary rise and fall together, so that CRITIC finds nothing to weigh them by.
    #[error("the columns rise and fall together; CRITIC finds no contrast between them")]
    NoContrast,
}

struct List<'a>(&'a [Suspect]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("all of them: none stands out");
        }
        for (at, suspect) in self.0.iter().enumerate() {
            write!(f, "{}{suspect}", if at == 0 { "" } else { "; or " })?;
        }
        Ok(())
    }
}
