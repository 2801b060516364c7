use crate::{
    money::{MoneyError, Ratio},
    quantity::Name,
};
use alloc::string::String;
use thiserror::Error;

/// What can be wrong with a chain, or with a question put to it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MarkovError {
    /// Amounts in different currencies, or beyond the range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A chain has 1 to 16 states.
    #[error("{0} states; a chain has 1 to 16")]
    BadStateCount(usize),
    /// A state occurs twice.
    #[error("state {0:?} occurs twice")]
    Twice(Name),
    /// A state that the chain does not have.
    #[error("{0:?} is not a state of the chain")]
    UnknownState(String),
    /// A list has another length than the chain has states.
    #[error("{found} values are given for {expected} states")]
    BadLength {
        /// The number of states.
        expected: usize,
        /// The number of values.
        found: usize,
    },
    /// A chance is below zero.
    #[error("the chance to go from {from:?} to {to:?} is {chance}, below zero")]
    NegativeChance {
        /// The state whose row it is.
        from: Name,
        /// Where it leads.
        to: Name,
        /// The chance.
        chance: Ratio,
    },
    /// The chances of a row do not add up to exactly one.
    #[error("the chances of {state:?} add up to {sum}, not to 1")]
    BadRowSum {
        /// The state whose row it is.
        state: Name,
        /// The sum, as a decimal or a fraction.
        sum: String,
    },
    /// Nobody was in that state, so nothing is known of where its customers go. Supply the row.
    #[error("nobody was in {0:?}; supply its row")]
    Nobody(Name),
    /// A discount rate below zero.
    #[error("the discount rate {0} is below zero")]
    BadDiscount(Ratio),
    /// Without discount and end, a state that customers never leave for good earns or costs something in every round.
    #[error("without a discount the sum has no end: {0:?} keeps coming back, and its reward is not zero")]
    Endless(Name),
    /// So many periods with so many states and such fine fractions need numbers of more than 2¹⁸ bits, or more than a second or so of
    /// work.
    #[error("{periods} periods are too many for so many states and fractions as fine as these; at most {most}")]
    TooLong {
        /// The number asked for.
        periods: u32,
        /// The largest number that can be computed.
        most: u32,
    },
    /// Customers in that state may stay among states that never end, so the time is not finite.
    #[error("from {from:?}, {to:?} comes back without end")]
    NeverLeft {
        /// Where they start.
        from: Name,
        /// The state that is never left for good.
        to: Name,
    },
    /// Not everybody arrives, so there is no expected time.
    #[error("not every customer in {from:?} comes to {to:?}")]
    MayNotArrive {
        /// Where they start.
        from: Name,
        /// Where they may not arrive.
        to: Name,
    },
    /// There is no single steady state: where customers end depends on where they start.
    #[error("there is no single steady state: {one:?} and {other:?} never lead to each other")]
    SeveralEnds {
        /// A state that is never left for good.
        one: Name,
        /// Another that cannot be reached from it.
        other: Name,
    },
    /// The number does not fit a decimal with so many places, or a ratio.
    #[error("the result does not fit; ask for fewer places")]
    TooFine,
}
