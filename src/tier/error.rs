use crate::{
    quantity::{Fact, Name, NameError},
    score::ScoreError,
};
use alloc::{string::String, vec::Vec};
use thiserror::Error;

/// What can be wrong with a grade model, a segment table, a playbook, or the facts to be graded.
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
    /// A grade of the set is left out.
    #[error("grade {0:?} is left out")]
    LeftOut(Name),
    /// A grid has 1 to 4 axes, a segment table too.
    #[error("{0} axes; there can be 1 to 4")]
    BadAxisCount(usize),
    /// An axis of a segment table has 1 to 10 levels.
    #[error("axis {0:?} must have 1 to 10 levels")]
    BadLevels(Name),
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
    /// A predicate is an empty list, or nested more than 16 deep.
    #[error("the condition of rule {0:?} has an empty list, or is nested more than 16 deep")]
    BadPredicate(Name),
    /// Two rules that both apply demand grades that cannot both be given.
    #[error("rules {first:?} and {second:?} contradict each other")]
    Conflict {
        /// The rule listed first.
        first: Name,
        /// The other.
        second: Name,
    },
    /// A rule rests on a missing fact, and the grade depends on it.
    #[error("rule {rule:?} rests on a missing fact, and the grade may be {one} or {other}")]
    Undecided {
        /// The first such rule.
        rule: Name,
        /// A possible grade.
        one: Name,
        /// Another.
        other: Name,
    },
    /// A fact that an axis needs is absent.
    #[error("{dimension:?} is missing ({fact:?}), and the grid needs it")]
    Missing {
        /// The dimension.
        dimension: Name,
        /// Why it is absent.
        fact: Fact,
    },
    /// The score of the model has something wrong.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// A segment table has at most 100 segments.
    #[error("{0} segments; there can be at most 100")]
    TooManySegments(usize),
    /// Two segments claim the same cell.
    #[error("segments {first:?} and {second:?} both claim cell {cell:?}")]
    Overlap {
        /// The segment listed first.
        first: Name,
        /// The other.
        second: Name,
        /// Levels of the cell.
        cell: Vec<u8>,
    },
    /// No segment claims a cell.
    #[error("no segment claims cell {0:?}")]
    Hole(Vec<u8>),
    /// A box does not fit the axes of its segment table.
    #[error("the boxes of segment {segment:?} do not fit the axes: {why}")]
    BadBox {
        /// The segment.
        segment: Name,
        /// What is wrong with it.
        why: String,
    },
    /// Two grades get the same treatment, so one of them is not needed.
    #[error("grades {first:?} and {second:?} are treated alike")]
    TreatedAlike {
        /// The better grade.
        first: Name,
        /// The worse one.
        second: Name,
    },
    /// A treatment does nothing.
    #[error("the treatment of grade {0:?} has no action")]
    NoAction(Name),
}

/// Refuses the first name that has come before.
pub(super) fn no_two_alike<'a>(names: impl Iterator<Item = &'a Name> + Clone) -> Result<(), TierError> {
    match first_twice(names) {
        Some(name) => Err(TierError::Twice(name.clone())),
        None => Ok(()),
    }
}

/// The first name that has come before.
pub(super) fn first_twice<'a>(names: impl Iterator<Item = &'a Name> + Clone) -> Option<&'a Name> {
    let all = names.clone();
    names.enumerate().find(|(at, name)| all.clone().take(*at).any(|earlier| earlier == *name)).map(|(_, name)| name)
}
