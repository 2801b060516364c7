use super::{Obligation, StageKind};
use crate::{
    calendar::{CalendarError, Window},
    money::{Currency, MoneyError},
    quantity::{Fact, Name, NameError},
    reason::Language,
    tier::segments::SegmentError,
    value::markov::MarkovError,
};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a model of stages, a life cycle, or a table of moves.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StageError {
    /// Two rules claim a customer, none does, or a rule looks at something that is not declared.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// A text that cannot be a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A date is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// An amount or ratio does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A chain cannot be made of the moves.
    #[error(transparent)]
    Markov(#[from] MarkovError),
    /// A window without days, or without an equal one before it.
    #[error("{0:?} has no equal window before it; take a number of days or months, 1 or more")]
    BadWindow(Window),
    /// A lapse after no silence at all.
    #[error("a customer cannot have lapsed after 0 days")]
    NoSilence,
    /// Purchases in another currency than the evidence is declared in.
    #[error("the purchases are in {found}, the evidence is declared in {expected}")]
    OtherCurrency {
        /// The currency of the evidence.
        expected: Currency,
        /// The currency of the purchases.
        found: Currency,
    },
    /// A model has 2 to 16 stages.
    #[error("{0} stages; there can be 2 to 16")]
    BadStageCount(usize),
    /// A name occurs twice where it must be the only one.
    #[error("{0:?} occurs twice")]
    Twice(Name),
    /// A stage that the model does not have.
    #[error("{0:?} is not a stage of the model")]
    UnknownStage(Name),
    /// A stage without a rule; only the end of the relationship is no matter of evidence.
    #[error("stage {0:?} has no rule")]
    NoRule(Name),
    /// A rule for the end of the relationship, which is closed by hand.
    #[error("stage {0:?} is the end, and takes no rule: a relationship is closed, not inferred to be")]
    RuleForTheEnd(Name),
    /// An edge that contradicts the kinds of its stages, or leads from a stage to itself.
    #[error("stage {from:?} ({from_kind}) cannot lead to {to:?} ({to_kind})")]
    BadEdge {
        /// Where it begins.
        from: Name,
        /// The kind of that stage.
        from_kind: StageKind,
        /// Where it leads.
        to: Name,
        /// The kind of that stage.
        to_kind: StageKind,
    },
    /// Two shortest ways from one stage to another: which one a customer takes would depend on the order of the stages.
    #[error("from {from:?} to {to:?} it is equally far by {one:?} and by {other:?}; add an edge that decides")]
    TwoWays {
        /// The first stage.
        from: Name,
        /// The last.
        to: Name,
        /// A stage on the one way.
        one: Name,
        /// A stage on the other.
        other: Name,
    },
    /// A confirmation by no observation, or over more than a hundred years.
    #[error("stage {0:?} must be confirmed by 1 observation or more, within 36,525 days")]
    BadConfirmation(Name),
    /// Bounds of the standard model that are not in order.
    #[error("the trend of a mature customer must lie between a number above 0 and a number that is no smaller")]
    BadTrend,
    /// A decision or life cycle of another model.
    #[error("this belongs to another model")]
    OtherModel,
    /// The first observation of a customer leaves several stages possible.
    #[error("the first observation leaves the stage open")]
    Undecided,
    /// An observation of a day before the last.
    #[error("{on} lies before {last}, the last day that was observed")]
    Backwards {
        /// The last day.
        last: NaiveDate,
        /// The day that came.
        on: NaiveDate,
    },
    /// Another observation of the same day says otherwise.
    #[error("another observation of {0} says otherwise")]
    AnotherThatDay(NaiveDate),
    /// The relationship has ended.
    #[error("the relationship is closed since {0}")]
    Closed(NaiveDate),
    /// The relationship cannot be closed: something is owed, or may be.
    #[error("not settled: {}", .obligation.explain(.fact, Language::English))]
    Unsettled {
        /// What is open.
        obligation: Obligation,
        /// What is known of it.
        fact: Fact,
    },
    /// The stage does not lead to that end.
    #[error("stage {from:?} does not lead to the end {to:?}")]
    NoWayOut {
        /// The stage.
        from: Name,
        /// The end.
        to: Name,
    },
    /// A reason for a lapse, where the customer has not lapsed.
    #[error("the customer has not lapsed; the stage is {0:?}")]
    NotLapsed(Name),
    /// A reason for a lapse that already has one.
    #[error("the lapse is already explained: {0:?}")]
    AlreadyExplained(Name),
    /// An event before the first observation.
    #[error("the customer has not been observed yet")]
    NotEntered,
    /// A life cycle that no model can have led to.
    #[error("no model leads to this life cycle: {0}")]
    Inconsistent(&'static str),
    /// More than 2⁶⁴ − 1 customers.
    #[error("more customers than can be counted")]
    TooMany,
    /// Two tables of moves are about different stages.
    #[error("the stages differ")]
    OtherStages,
    /// Stored counts that do not fit the stages.
    #[error("the counts do not fit the stages")]
    BadCounts,
}
