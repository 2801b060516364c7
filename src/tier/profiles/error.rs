use crate::{money::Ratio, quantity::Name};
use rust_decimal::Decimal;
use thiserror::Error;

/// What can be wrong with a sorter that works against profiles, or with a value it is to sort.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// A sorter has 1 to 100 criteria.
    #[error("{0} criteria; there can be 1 to 100")]
    BadCriterionCount(usize),
    /// A criterion occurs twice, or its thresholds do, or its veto on one grade.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// A weight is zero or below. Leave the criterion out instead.
    #[error("the weight {weight} of {criterion:?} is not above zero")]
    WeightNotPositive {
        /// The criterion.
        criterion: Name,
        /// Its weight.
        weight: Ratio,
    },
    /// The weights do not add up to one.
    #[error("the weights add up to {0}, not to 1")]
    WeightsDoNotSum(Ratio),
    /// The common denominator of the weights is above a million million million.
    #[error("the weights have no common denominator of at most 18 digits")]
    WeightsTooFine,
    /// A share whose terms, or whose product with the weights, pass 128 bits.
    #[error("the share {0} is too fine")]
    ShareTooFine(Ratio),
    /// A criterion needs one border less than there are grades.
    #[error("{found} borders on {criterion:?}; the grades need {expected}")]
    BadBorderCount {
        /// The criterion.
        criterion: Name,
        /// One less than there are grades.
        expected: usize,
        /// The number given.
        found: usize,
    },
    /// The borders of a criterion get better on the way down.
    #[error("on {criterion:?} the border {lower} stands below {upper}, but is better; list the best grade's border first")]
    BorderOutOfOrder {
        /// The criterion.
        criterion: Name,
        /// The border of the better grade.
        upper: Decimal,
        /// The border of the worse one.
        lower: Decimal,
    },
    /// Two grades have the same lower border on every criterion.
    #[error("grades {better:?} and {worse:?} have the same lower border on every criterion")]
    EqualBorders {
        /// The better grade.
        better: Name,
        /// The worse one.
        worse: Name,
    },
    /// A majority is more than a half and at most the whole.
    #[error("a majority of {0}; it is above 1/2 and at most 1")]
    BadMajority(Ratio),
    /// A cutting level is at least a half and at most the whole.
    #[error("a cutting level of {0}; it is at least 1/2 and at most 1")]
    BadCut(Ratio),
    /// A veto or thresholds for something that is no criterion.
    #[error("{0:?} is not one of the criteria")]
    UnknownCriterion(Name),
    /// A veto on a grade that is not in the set, or on the worst, which anybody can have.
    #[error("{0:?} is not a grade that can be denied")]
    CannotBeDenied(Name),
    /// A veto against customers who meet the border.
    #[error("a veto at {at} on {criterion:?}, but {border} is enough for grade {grade:?}")]
    VetoMeetsBorder {
        /// The criterion.
        criterion: Name,
        /// The grade.
        grade: Name,
        /// The value that blocks.
        at: Decimal,
        /// The border, which is no better.
        border: Decimal,
    },
    /// Thresholds go up from zero: indifference, preference, veto.
    #[error("the thresholds of {0:?} must rise from zero: indifference, preference, veto")]
    BadThresholds(Name),
    /// A border and a threshold whose sum or difference no decimal can hold exactly.
    #[error("a border of {0:?} with its thresholds is out of range")]
    BorderOutOfRange(Name),
    /// A value with so many digits, between thresholds so far apart, that its place between them passes 128 bits. Round it.
    #[error("{value} has too many digits for its place between the thresholds of {criterion:?}")]
    TooPrecise {
        /// The criterion.
        criterion: Name,
        /// The value.
        value: Decimal,
    },
}
