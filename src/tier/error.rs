use super::profiles::ProfileError;
use crate::{
    money::Ratio,
    quantity::{Name, NameError},
    score::ScoreError,
};
use alloc::{string::String, vec::Vec};
use thiserror::Error;

/// What can be wrong with a grade model, a mix of grades, or the facts to be graded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TierError {
    /// A set has 2 to 7 grades.
    #[error("{0} grades; a set has 2 to 7")]
    BadGradeCount(usize),
    /// A name occurs twice where it must be the only one.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// A grade that is not in the set.
    #[error("{0:?} is not one of the grades")]
    UnknownGrade(Name),
    /// A grid has 1 to 4 axes.
    #[error("{0} axes; there can be 1 to 4")]
    BadAxisCount(usize),
    /// A text that cannot be a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The grid has too few cells (a hole) or too many.
    #[error("the axes make {expected} cells, but {found} are given")]
    BadCellCount {
        /// The product of the levels.
        expected: usize,
        /// The number of cells given.
        found: usize,
    },
    /// One cell is better on an axis than its neighbour and yet holds a worse grade.
    #[error(
        "cell {better:?} is better than cell {cell:?}, but holds {better_grade:?} instead of {grade:?} or better; \
         cells are listed from the worst level to the best"
    )]
    NotMonotone {
        /// Levels of the cell.
        cell: Vec<u8>,
        /// Its grade.
        grade: Name,
        /// Levels of the neighbour that is one level better.
        better: Vec<u8>,
        /// Its worse grade.
        better_grade: Name,
    },
    /// An axis or rule names something that is neither a dimension of the model nor its score.
    #[error("{0:?} is neither a dimension of the model nor its score")]
    UnknownDimension(Name),
    /// The model has no score of that name.
    #[error("the model has no score {0:?}")]
    UnknownScore(Name),
    /// The model has no grid, or the grid no such axis.
    #[error("the model has no axis {0:?}")]
    UnknownAxis(Name),
    /// The model has no rule of that name.
    #[error("the model has no rule {0:?}")]
    UnknownRule(Name),
    /// A predicate is an empty list, or nested more than 16 deep.
    #[error("the condition of rule {0:?} has an empty list, or is nested more than 16 deep")]
    BadPredicate(Name),
    /// Two rules of a model can both apply to a customer, and demand grades that cannot both be given.
    #[error("rules {first:?} and {second:?} contradict each other, for example where {example}")]
    Contradiction {
        /// The rule listed first.
        first: Name,
        /// The other.
        second: Name,
        /// Such a customer.
        example: String,
    },
    /// Two rules that both apply, or may apply, to this customer demand grades that cannot both be given.
    #[error("rules {first:?} and {second:?} contradict each other")]
    Conflict {
        /// The rule listed first.
        first: Name,
        /// The other.
        second: Name,
    },
    /// A fact is missing, and what is missing leaves more than one grade.
    #[error("{missing:?} is missing, and the grade may be anything from {worst} to {best}")]
    Uncertain {
        /// The first missing fact that was asked for.
        missing: Name,
        /// The grade in the worst case.
        worst: Name,
        /// The grade in the best case.
        best: Name,
    },
    /// A criterion of the sorter is better the other way than the dimension or score of that name.
    #[error("{0:?} is better one way for the sorter and the other way for the model")]
    OtherDirection(Name),
    /// Sorting against profiles failed.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A model that is read has one sorter.
    #[error("a model has one of grid, mr_sort, electre_tri")]
    NotOneSorter,
    /// A model has at most 8 scores.
    #[error("{0} scores; a model has at most 8")]
    TooManyScores(usize),
    /// A model has at most 64 rules.
    #[error("{0} rules; a model has at most 64")]
    TooManyRules(usize),
    /// The conditions of a model's rules have at most 1,000 comparisons and names together.
    #[error("{0} comparisons and names in the conditions of the rules; there can be at most 1,000")]
    TooManyComparisons(usize),
    /// Names are compared with something that has a number.
    #[error("{0:?} has a number, and cannot be one of several names")]
    NotNamed(Name),
    /// A score of the model has something wrong, or a fact does not fit its dimension.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// A grid has no cell at these levels.
    #[error("the grid has no cell {0:?}")]
    Hole(Vec<u8>),
    /// The shares of a mix do not add up to one.
    #[error("the shares add up to {0}, not to 1")]
    SharesDoNotSum(Ratio),
    /// The terms of the sum of a mix's shares outgrow 128 bits, so it cannot be told whether they add up to one. Take shares of fewer
    /// digits.
    #[error("the shares are too fine to be added exactly; take shares of fewer digits")]
    SharesTooFine,
    /// A share of a mix lies below zero.
    #[error("the share {share} of grade {grade:?} lies below zero")]
    NegativeShare {
        /// The grade.
        grade: Name,
        /// The share.
        share: Ratio,
    },
    /// There is nobody whose grades could be held against a mix.
    #[error("there are no customers")]
    NoCustomers,
    /// A share has terms so large that no other can be taken from it.
    #[error("the share {share} of grade {grade:?} has too many digits")]
    ShareOutOfRange {
        /// The grade.
        grade: Name,
        /// The share.
        share: Ratio,
    },
}

/// The first item that has come before.
pub(super) fn first_twice<T: PartialEq>(items: impl Iterator<Item = T> + Clone) -> Option<T> {
    let all = items.clone();
    items.enumerate().find_map(|(at, item)| all.clone().take(at).any(|earlier| earlier == item).then_some(item))
}

/// Refuses the first name that has come before.
pub(super) fn no_two_alike<'a>(names: impl Iterator<Item = &'a Name> + Clone) -> Result<(), TierError> {
    first_twice(names).map_or(Ok(()), |name| Err(TierError::Twice(name.clone())))
}
