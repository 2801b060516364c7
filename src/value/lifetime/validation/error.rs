use crate::{
    calendar::CalendarError,
    customer::HistoryError,
    money::Ratio,
    value::lifetime::{Family, LifetimeError, TimeUnit},
};
use core::num::NonZeroU8;
use thiserror::Error;

/// Why a model cannot be validated, or models cannot be compared.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// There is nobody in the holdout: no model is good or bad.
    #[error("no customer had bought before the split")]
    NoCustomers,
    /// All customers came on the day of the split, so that no rate is known.
    #[error("nobody was observed for a day before the split")]
    NoTime,
    /// Nobody had bought twice before the split, so that no gap is known.
    #[error("no customer bought twice before the split; there is no gap between purchases")]
    NoGaps,
    /// More customers or purchases than 64 bits count.
    #[error("more than can be counted")]
    TooMany,
    /// Tables that were split on other days.
    #[error("tables of different splits do not merge")]
    SplitsDiffer,
    /// A stored table whose parts contradict each other.
    #[error("the parts of the table contradict each other: {0}")]
    Contradiction(&'static str),
    /// Bins begin with 0 and ascend.
    #[error("bins must begin at 0 and ascend")]
    BadBins,
    /// A share outside 0 to 1.
    #[error("{0} is no share between 0 and 1")]
    BadShare(Ratio),
    /// No model, or family, to choose from.
    #[error("there is nothing to choose from")]
    NoModels,
    /// The first model is no special case of the second.
    #[error("{simple} is no special case of {rich}; their likelihood ratio has no known distribution")]
    NotNested {
        /// What should be the special case.
        simple: Family,
        /// What should be the general case.
        rich: Family,
    },
    /// A fit that is not one of the family.
    #[error("a fit of {found} is none of {expected}")]
    WrongFamily {
        /// The family asked for.
        expected: Family,
        /// That of the fit.
        found: Family,
    },
    /// Likelihoods in different units of time.
    #[error("likelihoods in different units of time cannot be compared")]
    UnitsDiffer {
        /// That of the first.
        first: TimeUnit,
        /// That of the second.
        second: TimeUnit,
    },
    /// Numbers that rest on different customers.
    #[error("{first} customers against {second}: both must rest on the same")]
    CustomersDiffer {
        /// Customers of the first.
        first: u64,
        /// Customers of the second.
        second: u64,
    },
    /// A fit with a prior is at no maximum of the likelihood.
    #[error("{0} was fitted with a prior; a likelihood ratio needs maxima of the likelihood")]
    WithPrior(Family),
    /// The general case is less likely than the special case, so that one of them is not the maximum.
    #[error("{rich} is less likely than {simple}, its special case, by {by}")]
    LessLikely {
        /// The special case.
        simple: Family,
        /// The general case.
        rich: Family,
        /// The difference of the log-likelihoods.
        by: f64,
    },
    /// Likelihoods of (x, `t_x`, T) under different regularities leave out different things; the gaps between purchases are needed.
    #[error("regularities {0} and {1} can only be compared with the gaps between purchases")]
    NeedsGaps(NonZeroU8, NonZeroU8),
    /// The gaps are not those of the table: every repeat purchase ends one.
    #[error("{gaps} gaps for {repeats} repeat purchases")]
    GapsOfOthers {
        /// Gaps.
        gaps: u64,
        /// Repeat purchases in the table.
        repeats: u128,
    },
    /// A history that cannot be settled.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// Days that make no split.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A model or a summary that is refused.
    #[error(transparent)]
    Lifetime(#[from] LifetimeError),
}
