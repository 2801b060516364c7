use super::{Condition, Give};
use crate::{
    money::{Currency, Money, MoneyError, Ratio},
    quantity::Name,
};
use alloc::boxed::Box;
use thiserror::Error;

/// What can be wrong with a basket, with rules, or with an award.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EarningError {
    /// A basket without lines.
    #[error("a basket has at least one line")]
    NoLines,
    /// Two lines of a basket share a name.
    #[error("two lines are called {0:?}")]
    LineTwice(Name),
    /// An amount in another currency than that of its basket, or of the rules. Convert the basket first.
    #[error("an amount in {found} where {expected} is expected; convert it first")]
    Currency {
        /// The currency of the basket, or of the rules.
        expected: Currency,
        /// The other one.
        found: Currency,
    },
    /// An amount below zero. What comes back is a return, not a sale.
    #[error("line {line:?}: {amount} is below zero")]
    Negative {
        /// The line.
        line: Name,
        /// The amount.
        amount: Money,
    },
    /// More off the price than the price.
    #[error("line {line:?}: {discount} off a price of {price}")]
    DiscountAbovePrice {
        /// The line.
        line: Name,
        /// What is taken off.
        discount: Money,
        /// The price.
        price: Money,
    },
    /// More paid in points than was due.
    #[error("line {line:?}: {paid} paid in points where {due} is due")]
    PaidAboveDue {
        /// The line.
        line: Name,
        /// What was paid in points.
        paid: Money,
        /// The price less the discount, with tax.
        due: Money,
    },
    /// A basis rounded in steps of zero or less.
    #[error("a basis cannot be rounded in steps of {0}")]
    BadStep(Money),
    /// Two rules share a name.
    #[error("two rules are called {0:?}")]
    RuleTwice(Name),
    /// Two grades share a name.
    #[error("two grades are called {0:?}")]
    GradeTwice(Name),
    /// A grade that is not on the list of grades.
    #[error("the grade {0:?} is not on the list of grades")]
    UnknownGrade(Name),
    /// A rule that gives nothing or less, divides by nothing, whose brackets do not ascend or whose rates fall, that counts money where
    /// there is none, or whose bonus could not be multiplied.
    #[error("rule {rule:?} cannot give {give:?}")]
    BadGive {
        /// The rule.
        rule: Name,
        /// What it was to give.
        give: Box<Give>,
    },
    /// A condition that never can or always must hold: an empty window or list, a spend of zero, a basket where there is none; or one that
    /// is nested more than eight deep.
    #[error("rule {rule:?} cannot depend on {condition:?}")]
    BadCondition {
        /// The rule.
        rule: Name,
        /// The condition.
        condition: Box<Condition>,
    },
    /// A rule that selects lines where there are none.
    #[error("rule {0:?} selects lines, but waits for something that has none")]
    NoLinesToSelect(Name),
    /// A cap of zero, or two for one period.
    #[error("rule {0:?} has a cap of zero, or two for one period")]
    BadCap(Name),
    /// A rule that stands alone but gives nothing of its own.
    #[error("rule {0:?} multiplies what others give, and cannot displace them")]
    AloneWithNothing(Name),
    /// Two rules with the same priority, of which only one can count.
    #[error("rules {one:?} and {other:?} displace each other and have the same priority")]
    SamePriority {
        /// The first by name.
        one: Name,
        /// The second by name.
        other: Name,
    },
    /// A group of rules that cannot be compared: of different kinds of points, or of different sorts.
    #[error("rules {one:?} and {other:?} of the group {group:?} give what cannot be compared")]
    MixedGroup {
        /// The group.
        group: Name,
        /// The first by name.
        one: Name,
        /// The second by name.
        other: Name,
    },
    /// A limit on multiples below one.
    #[error("multiples cannot be limited to {0}: that is below one")]
    LimitBelowOne(Ratio),
    /// More points than can be counted, or fractions too fine for 128 bits.
    #[error("more points than can be counted, or fractions too fine for 128 bits")]
    TooLarge,
    /// An amount cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
