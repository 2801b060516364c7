use super::ScoreError;
use crate::{calendar::CalendarError, quantity::Name};
use alloc::boxed::Box;
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a strategy, or with a day or the facts under it. `E` is the error of its models.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StrategyError<E = ScoreError> {
    /// A strategy has at least one phase.
    #[error("a strategy needs at least one phase")]
    NoPhases,
    /// Two phases have one name.
    #[error("two phases are called {0:?}")]
    Twice(Name),
    /// A phase ends before it has begun, or leaves the years that can be computed with.
    #[error("phase {phase:?}: {error}")]
    Days {
        /// The phase.
        phase: Name,
        /// What is wrong with its days.
        error: CalendarError,
    },
    /// A phase begins before the one that is listed before it.
    #[error("phase {second:?} begins before {first:?}, which is listed before it")]
    OutOfOrder {
        /// The phase listed first.
        first: Name,
        /// The next.
        second: Name,
    },
    /// Only the last phase may be without an end.
    #[error("phase {0:?} has no end, but is not the last")]
    NoEnd(Name),
    /// Days between two phases belong to neither.
    #[error("from {from} up to but not including {until}, between {before:?} and {after:?}, no phase is in force")]
    Gap {
        /// The phase before.
        before: Name,
        /// The phase after.
        after: Name,
        /// The first day without a phase.
        from: NaiveDate,
        /// The first day of the phase after.
        until: NaiveDate,
    },
    /// A day belongs to two phases.
    #[error("{day} lies both in {first:?} and in {second:?}")]
    Overlap {
        /// The earlier phase.
        first: Name,
        /// The later one.
        second: Name,
        /// The first day that lies in both.
        day: NaiveDate,
    },
    /// The day lies before the first phase.
    #[error("{day} lies before {phase:?}, the first phase, which begins on {from}")]
    Before {
        /// The day.
        day: NaiveDate,
        /// The first phase.
        phase: Name,
        /// Its first day.
        from: NaiveDate,
    },
    /// The last phase is over.
    #[error("on {day} {phase:?}, the last phase, is over: it ended before {until}")]
    After {
        /// The day.
        day: NaiveDate,
        /// The last phase.
        phase: Name,
        /// The first day after it.
        until: NaiveDate,
    },
    /// A change runs from an earlier day to a later one, or within a day.
    #[error("a change cannot run back from {then} to {now}")]
    Backwards {
        /// The day that was given as the earlier.
        then: NaiveDate,
        /// The day that was given as the later.
        now: NaiveDate,
    },
    /// The model of a phase cannot decide on the facts of a day.
    #[error("under phase {phase:?}, on the facts of {as_of}: {error}")]
    Undecided {
        /// The phase whose model was asked.
        phase: Name,
        /// The day of the facts, which for a [`Change`](super::Change) can be one outside the phase.
        as_of: NaiveDate,
        /// What the model says.
        error: Box<E>,
    },
}
