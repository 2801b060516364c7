use super::{State, Step};
use crate::{
    calendar::{CalendarError, Moment, TimeOfDay},
    quantity::Name,
};
use alloc::{string::String, vec::Vec};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a complaint, its clocks, or the measures of a service.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// A step that is not possible where the complaint stands.
    #[error("complaint {case:?} is {state}: {step} is not possible; {}", possible(.legal))]
    Illegal {
        /// The complaint.
        case: Name,
        /// Where it stands.
        state: State,
        /// What was tried.
        step: Step,
        /// What is possible.
        legal: Vec<Step>,
    },
    /// An event before the last one: what happened is written down in its order.
    #[error("{at} lies before {last}, the last event of complaint {case:?}")]
    Backwards {
        /// The complaint.
        case: Name,
        /// The last event.
        last: Moment,
        /// The new one.
        at: Moment,
    },
    /// The same identity was delivered again with other content.
    #[error("{0:?} was delivered before with other content")]
    Conflict(Name),
    /// The same name or case twice.
    #[error("{0:?} is given twice")]
    Twice(Name),
    /// A ladder has 1 to 9 rungs.
    #[error("a ladder of {0} rungs; it takes 1 to 9")]
    BadLadder(usize),
    /// A rung whose means are milder than those of the rung below it.
    #[error("rung {0:?} goes back to milder means")]
    Milder(Name),
    /// A complaint was received under another ladder than the policy's.
    #[error("complaint {0:?} was received under another ladder")]
    OtherLadder(Name),
    /// A policy without clocks measures nothing.
    #[error("a policy needs at least one clock")]
    NoClocks,
    /// A clock of no minutes or of more than ten years.
    #[error("clock {clock:?} runs for {minutes} minutes; 1 to 5256000 are possible")]
    BadClock {
        /// The clock.
        clock: Name,
        /// Its minutes.
        minutes: u32,
    },
    /// A clock that escalates to a rung that is not there, or to the first, where every complaint begins.
    #[error("clock {clock:?} escalates to rung {rung}, which is not above the first of {rungs}, counted from 0")]
    BadRung {
        /// The clock.
        clock: Name,
        /// The rung, counted from 0.
        rung: u8,
        /// How many there are.
        rungs: usize,
    },
    /// A clock runs in working time, and no working hours are given.
    #[error("clock {0:?} runs in working time, but there are no working hours")]
    NoHours(Name),
    /// A shift that does not end after it begins, or begins before the last one of the day has ended.
    #[error("the shift from {from} until {until} is empty, or begins before the one before it has ended")]
    BadShift {
        /// Its first minute.
        from: TimeOfDay,
        /// The first minute after it.
        until: TimeOfDay,
    },
    /// Working hours without any in an ordinary week.
    #[error("an ordinary week has no working hours")]
    NeverOpen,
    /// A percentile must lie above 0, and at 1 at most.
    #[error("{0} is no percentile: it must lie above 0, and at 1 at most")]
    BadPercentile(String),
    /// A day before that on which it began: a loop closed before the action was done, an action done before it was decided.
    #[error("{at} lies before {from}")]
    BeforeStart {
        /// The earlier end.
        from: NaiveDate,
        /// The day given.
        at: NaiveDate,
    },
    /// No feedback or action of that identity.
    #[error("there is no feedback or action {0:?}")]
    Unknown(Name),
    /// The customers are told what was done, and nothing has been done.
    #[error("action {0:?} has not been done")]
    NotDone(Name),
    /// A date is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

fn possible(legal: &[Step]) -> String {
    let mut text = String::from("possible: ");
    for (place, step) in legal.iter().enumerate() {
        text += if place > 0 { ", " } else { "" };
        text += step.name();
    }
    text
}
