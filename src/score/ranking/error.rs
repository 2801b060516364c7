use super::Anchor;
use crate::{money::Ratio, quantity::Name};
use rust_decimal::Decimal;
use thiserror::Error;

/// What can be wrong with alternatives, anchors, or what is asked of them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RankingError {
    /// There are no criteria.
    #[error("there are no criteria")]
    NoCriteria,
    /// There are no alternatives.
    #[error("there are no alternatives")]
    NoAlternatives,
    /// A criterion or an alternative occurs twice.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// A criterion without a weight.
    #[error("the criterion {0:?} has no weight")]
    NoWeight(Name),
    /// A weight or an anchor for something that is no criterion.
    #[error("{0:?} is no criterion here")]
    NoCriterion(Name),
    /// A row has more or fewer values than there are criteria.
    #[error("{alternative:?} has {found} values for {expected} criteria")]
    Ragged {
        /// The alternative.
        alternative: Name,
        /// Number of criteria.
        expected: usize,
        /// Number of its values.
        found: usize,
    },
    /// All alternatives are equal in every criterion (or there is only one), so nothing orders them.
    #[error("the alternatives do not differ in any criterion")]
    NothingDiffers,
    /// A criterion without an anchor.
    #[error("the criterion {0:?} has no anchor")]
    NoAnchor(Name),
    /// Worst and best of an anchor are the same.
    #[error("the worst and the best value of {0:?} are the same")]
    FlatAnchor(Name),
    /// The anchor's best is not where the criterion's direction says.
    #[error("the anchor of {criterion:?} has {} as worst and {} as best, against its direction", anchor.worst, anchor.best)]
    AgainstDirection {
        /// The criterion.
        criterion: Name,
        /// Its anchor.
        anchor: Anchor,
    },
    /// A value beyond its anchor.
    #[error("{alternative:?} has {value} in {criterion:?}, beyond the anchor from {} to {}", anchor.worst, anchor.best)]
    Outside {
        /// The alternative.
        alternative: Name,
        /// The criterion.
        criterion: Name,
        /// The value.
        value: Decimal,
        /// The anchor.
        anchor: Anchor,
    },
    /// A share is 0 to 1.
    #[error("{0} is no share: shares are 0 to 1")]
    NotAShare(Ratio),
    /// A number does not fit a decimal at so many places.
    #[error("the value does not fit a decimal of {0} places")]
    DoesNotFit(u8),
}
