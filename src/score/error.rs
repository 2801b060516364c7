use super::Score;
use crate::{
    money::Ratio,
    quantity::{Fact, Name, Unit},
};
use rust_decimal::Decimal;
use thiserror::Error;

/// What can be wrong with cutpoints, a score model, or the facts to be scored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// There is nobody to fit on.
    #[error("the population is empty")]
    EmptyPopulation,
    /// A scale has 2 to 100 bins.
    #[error("{0} bins were asked for; a scale has 2 to 100")]
    BadBins(usize),
    /// Cuts must not fall.
    #[error("cut {at} ({cut}) is below the one before")]
    FallingCuts {
        /// Position of the cut.
        at: usize,
        /// The cut.
        cut: Decimal,
    },
    /// A cut between two values does not fit a decimal.
    #[error("a cut between {0} and {1} does not fit")]
    CutOutOfRange(Decimal, Decimal),
    /// A score needs at least one term.
    #[error("a score needs at least one term")]
    NoTerms,
    /// A dimension occurs in two terms.
    #[error("dimension {0:?} occurs twice")]
    TwiceTheDimension(Name),
    /// A weight is zero or below. Leave the term out instead.
    #[error("the weight {weight} of {dimension:?} is not above zero")]
    WeightNotPositive {
        /// The dimension.
        dimension: Name,
        /// The weight.
        weight: Ratio,
    },
    /// The weights do not add up to one.
    #[error("the weights add up to {0}, not to 1")]
    WeightsDoNotSum(Ratio),
    /// The score has no term on that dimension.
    #[error("the score has no term on {0:?}")]
    NoTerm(Name),
    /// New weights leave a term out.
    #[error("the weights leave out {0:?}")]
    NoWeight(Name),
    /// The common denominator of the weights is above a million million million.
    #[error("the weights have no common denominator of at most 18 digits")]
    WeightsTooFine,
    /// Points have 0 to 6 decimal places.
    #[error("{0} decimal places were asked for; points have 0 to 6")]
    BadPlaces(u8),
    /// A column has 0 to 18 decimal places.
    #[error("a column has {0} decimal places; it can have 0 to 18")]
    ColumnPlaces(u8),
    /// A value taken as it is must be better when higher.
    #[error("{0:?} is better when lower, so its value cannot be taken as its level")]
    FallsAsItRises(Name),
    /// The ends of a range are equal, or the wrong way round for the dimension's direction.
    #[error("a range from the worst, {worst}, to the best, {best}, does not fit the direction of {dimension:?}")]
    BadRange {
        /// The dimension.
        dimension: Name,
        /// The value that was to make 0.
        worst: Decimal,
        /// The value that was to make 1.
        best: Decimal,
    },
    /// Points are for dimensions that are judged, one for each level.
    #[error("{dimension:?} has {levels} named levels, but points are given for {points}")]
    BadPoints {
        /// The dimension.
        dimension: Name,
        /// Its levels; 0 if it is not judged.
        levels: usize,
        /// The points given.
        points: usize,
    },
    /// A better level must not be worth less.
    #[error("the points of {dimension:?} fall from {from} to {to}")]
    FallingPoints {
        /// The dimension.
        dimension: Name,
        /// The points of the worse level.
        from: Decimal,
        /// The points of the better one.
        to: Decimal,
    },
    /// A dimension that is judged has 2 to 100 different levels and is better when higher; one that is measured has none.
    #[error("the levels of {0:?} do not fit its unit: 2 to 100 different names for a level, higher is better; none for a number")]
    BadLevels(Name),
    /// A name that is no level of the dimension.
    #[error("{level:?} is no level of {dimension:?}")]
    UnknownLevel {
        /// The dimension.
        dimension: Name,
        /// What came.
        level: Name,
    },
    /// A substitute must be present.
    #[error("the substitute for {0:?} is itself absent")]
    AbsentSubstitute(Name),
    /// A share of the weights that must be known lies above 0 and is at most 1.
    #[error("a least coverage of {least} for {dimension:?} does not lie above 0 and at most at 1")]
    BadCoverage {
        /// The dimension.
        dimension: Name,
        /// The share.
        least: Ratio,
    },
    /// A missing value taken as it is has neither a worst nor a best.
    #[error("{0:?} is taken as it is, so that it has no worst and no best value to suppose")]
    NoEnds(Name),
    /// Too little is known to leave a missing fact out.
    #[error("without {dimension:?}, what is known weighs {coverage}, less than {least}")]
    TooLittleKnown {
        /// The missing dimension.
        dimension: Name,
        /// The weight of all that is known.
        coverage: Ratio,
        /// The weight that would suffice.
        least: Ratio,
    },
    /// A fact is missing, and the score depends on it.
    #[error("{dimension:?} is missing, and the score may be anything from {worst} to {best}")]
    Uncertain {
        /// The first missing dimension that is bounded.
        dimension: Name,
        /// The score in the worst case.
        worst: Score,
        /// The score in the best case.
        best: Score,
    },
    /// A fact that the model needs is absent.
    #[error("{dimension:?} is missing ({fact:?}), and the model does not say what to do then")]
    Missing {
        /// The dimension.
        dimension: Name,
        /// Why it is absent.
        fact: Fact,
    },
    /// A fact or column is in another unit than the dimension.
    #[error("{dimension:?} is measured in {expected}, not in {found}")]
    WrongUnit {
        /// The dimension.
        dimension: Name,
        /// The unit the model expects.
        expected: Unit,
        /// The unit that came.
        found: Unit,
    },
    /// Points do not fit.
    #[error("the points of {0:?} do not fit")]
    PointsOutOfRange(Name),
    /// The batch has no column for a dimension.
    #[error("there is no column for {0:?}")]
    NoColumn(Name),
    /// The columns of a batch are not equally long.
    #[error("the column of {dimension:?} has {found} values, the one before has {expected}")]
    UnequalColumns {
        /// The dimension.
        dimension: Name,
        /// Length of the first column.
        expected: usize,
        /// Length of this one.
        found: usize,
    },
}
