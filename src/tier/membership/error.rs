use crate::{calendar::CalendarError, quantity::Name, tier::GradeSet};
use alloc::boxed::Box;
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a policy, a membership, or a step from one membership to the next.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MembershipError {
    /// A move takes one decision at least.
    #[error("a move takes one decision at least, not 0")]
    NoDecisions,
    /// A span or grace longer than a hundred years.
    #[error("{0} days; at most 36525 can be asked for")]
    TooManyDays(u32),
    /// A move goes 1 to 6 steps at once, or as many as were earned (`None`).
    #[error("{0} steps at once; there can be 1 to 6, or any number if none is given")]
    BadSteps(u8),
    /// Decisions are usable for 1 day at least, or the next one would always come too late.
    #[error("decisions must be usable for 1 to 36525 days, not for {0}")]
    BadUsableDays(u32),
    /// A grade that is not in the policy's set.
    #[error("{0:?} is not one of the policy's grades, or stands in another place there")]
    UnknownGrade(Name),
    /// The membership is in other grades than the policy's: the strategy has changed. Use
    /// [`Membership::carry`](super::Membership::carry).
    #[error(
        "the membership is in the grades {membership}, the policy in {policy}; carry the membership to the policy's grades first"
    )]
    OtherGrades {
        /// The grades of the membership.
        membership: GradeSet,
        /// The grades of the policy.
        policy: GradeSet,
    },
    /// Carrying to another set of grades: an old grade has no counterpart.
    #[error("grade {0:?} has no counterpart in the new grades; say which grade it becomes")]
    NoCounterpart(Name),
    /// Carrying to the grades that the membership is in: there is nothing to carry, and runs and graces do not end by hand.
    #[error("the membership is in the grades {0} already")]
    SameGrades(GradeSet),
    /// The lenient model is stricter than the strict one.
    #[error(
        "the bound for keeping a grade gives {keep:?}, which is below {entry:?} by the bound for promotion; they may be swapped"
    )]
    KeepBelowEntry {
        /// The grade by the strict model.
        entry: Name,
        /// The grade by the lenient model.
        keep: Name,
    },
    /// The two decisions are not of one day.
    #[error("one decision is as of {entry}, the other as of {keep}")]
    TwoDays {
        /// The day of the decision by the strict model.
        entry: NaiveDate,
        /// The day of the decision by the lenient model.
        keep: NaiveDate,
    },
    /// A day before the last decision, before a carrying, or a command before the last one.
    #[error("{on} comes after {last} has been handled; days must move forward")]
    Backwards {
        /// The last day handled.
        last: NaiveDate,
        /// The day given.
        on: NaiveDate,
    },
    /// Another decision, hold or carrying on a day that has one already.
    #[error("{0} has another one already; to change it, replay from the day before")]
    AnotherThatDay(NaiveDate),
    /// A release, and no hold to be released.
    #[error("no hold is in force on {0}")]
    NotHeld(NaiveDate),
    /// A hold, release or carrying before the first decision.
    #[error("no decision has been made about the customer yet")]
    NotEntered,
    /// No event, and no membership to start from.
    #[error("there is nothing to replay")]
    NothingToReplay,
    /// An event that cannot be replayed.
    #[error("event {at}: {why}")]
    Event {
        /// Its position.
        at: usize,
        /// What is wrong with it.
        why: Box<MembershipError>,
    },
    /// A stored membership that no policy can have made.
    #[error("no membership can be so: {0}")]
    Inconsistent(&'static str),
    /// A day outside the years 1 to 9999.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
