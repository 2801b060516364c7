use crate::{money::Currency, quantity::Name};
use thiserror::Error;

/// Why terms do not make a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProgrammeError {
    /// There is no kind of points.
    #[error("a scheme has at least one kind of points")]
    NoKinds,
    /// Two kinds, rewards or benefits have one name.
    #[error("two parts of the scheme are called {0:?}")]
    NameTwice(Name),
    /// A rule, reward or ladder speaks of points that the scheme does not have.
    #[error("the scheme has no points called {0:?}")]
    UnknownKind(Name),
    /// The points can neither be spent nor count for the status.
    #[error("the points {0:?} can neither be spent nor count for the status")]
    UselessKind(Name),
    /// The points are shown with more than 9 decimals.
    #[error("the points {kind:?} are shown with {decimals} decimals; 9 is the most")]
    TooManyDecimals {
        /// The kind.
        kind: Name,
        /// Its decimals.
        decimals: u8,
    },
    /// A worth of no points or no money or in another currency, or a share that is not above 0 and at most 1, or without a worth.
    #[error("the points {0:?} cannot be spent so: check their worth and the share of an order")]
    BadRedemption(Name),
    /// The ladder counts points that do not count for the status.
    #[error("the ladder counts {0:?}, which do not count for the status")]
    DoesNotCount(Name),
    /// A reward is paid with points that cannot be spent.
    #[error("the points {0:?} cannot be spent")]
    NotSpendable(Name),
    /// A reward is free.
    #[error("the reward {0:?} costs nothing: make it a benefit")]
    FreeReward(Name),
    /// A reward is offered on no day or no times.
    #[error("the reward {0:?} is never offered")]
    NeverOffered(Name),
    /// A reward is limited by the order: every claim is one of its own, so that this limits nothing.
    #[error("the reward {0:?} is limited by the order, which limits nothing")]
    LimitByOrder(Name),
    /// A reward or benefit is for a grade that the ladder does not have.
    #[error("the ladder has no grade {0:?}")]
    UnknownGrade(Name),
    /// The earning rules know other grades than the ladder, or in another order.
    #[error("the earning rules and the ladder list different grades")]
    GradesDiffer,
    /// The earning rules are in another currency.
    #[error("rules in {found} in a scheme in {expected}")]
    Currency {
        /// That of the scheme.
        expected: Currency,
        /// That of the rules.
        found: Currency,
    },
}
