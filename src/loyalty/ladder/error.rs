use crate::{calendar::CalendarError, quantity::Name};
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with a ladder, with what is brought to it, or with a question to it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LadderError {
    /// A ladder without a tier above the base.
    #[error("a ladder takes at least one tier above its base")]
    NoTiers,
    /// Two tiers, floors, milestones or caps of one name, or a former tier that the ladder still has.
    #[error("{0:?} is there twice")]
    Twice(Name),
    /// A tier that the ladder does not have, or its base where a tier above it is meant.
    #[error("{0:?} is no tier above the base of this ladder")]
    UnknownTier(Name),
    /// A count of 0, which everybody has, or one beyond 2⁶³ − 1, which nobody can have.
    #[error("{metric:?} at least {count}: a requirement takes a count from 1 to 9223372036854775807")]
    BadCount {
        /// What is counted.
        metric: Name,
        /// The count asked for.
        count: u64,
    },
    /// A list of requirements with nothing in it.
    #[error("a list of requirements with nothing in it")]
    EmptyRequirement,
    /// More than 64 ways to meet a requirement.
    #[error("a requirement that can be met in more than 64 ways")]
    TooManyWays,
    /// A tier that can be entered, or kept, without what the tier below it takes, or with the same.
    #[error("what {tier:?} takes must be more than what {below:?} takes")]
    NotAscending {
        /// The tier.
        tier: Name,
        /// The one below.
        below: Name,
    },
    /// A tier that is harder to keep than to enter: whoever enters it would lose it at once.
    #[error("{0:?} is harder to keep than to enter")]
    KeepAboveEntry(Name),
    /// A calendar cycle whose months do not divide 12, a month that is none, a cycle of 0 or more than 120 months.
    #[error(
        "a cycle of {months} months from month {start}: a calendar cycle takes a divisor of 12 and a month from 1 to 12, others 1 to 120"
    )]
    BadCycle {
        /// Months in a cycle.
        months: u8,
        /// The month in which a calendar cycle starts; 0 for other cycles.
        start: u8,
    },
    /// A milestone in a cycle that starts with the status: leaving the status and coming back would give the gift again.
    #[error("the milestone {0:?} cannot be repeated in a cycle that starts with the status")]
    MilestoneCycle(Name),
    /// A span of no length, or beyond a hundred years.
    #[error("a span of {0}; it takes 1 to 1200 months or 1 to 36525 days")]
    BadSpan(u32),
    /// A grace as long as the cycle: the next judgement would come before its end.
    #[error("a grace must be shorter than the cycle")]
    BadGrace,
    /// A status that stands for 0 periods after the one in which it was earned, or for more than 100.
    #[error("a status stands for 1 to 100 periods after the one in which it was earned, not for {0}")]
    BadValidity(u8),
    /// 0 steps, or a soft landing where a status has no end to land at.
    #[error("a soft landing takes 1 or more steps, and a status that ends")]
    BadLanding,
    /// A roll-over where nothing ends and begins anew, of nothing, or of a percentage outside 1 to 100.
    #[error("a roll-over takes cycles, caps from 1, and 1 to 100 percent")]
    BadRollOver,
    /// A floor after 0 days.
    #[error("the floor {0:?} would be given to everybody")]
    BadFloor(Name),
    /// A plan whose reward this ladder would take back at once; give it months.
    #[error(
        "the plan {0:?} must say for how many months its reward stands: in this ladder a status stands as long as it is earned"
    )]
    PlanValidity(Name),
    /// The member is in the plan, or was too recently.
    #[error("the plan {plan:?} is open to this member again from {from}")]
    PlanTooSoon {
        /// The plan.
        plan: Name,
        /// The first day on which it is open again.
        from: NaiveDate,
    },
    /// A day before what is settled.
    #[error("{on} is before {as_of}, up to which the status is settled")]
    Backwards {
        /// The day asked for.
        on: NaiveDate,
        /// Up to when the status is known.
        as_of: NaiveDate,
    },
    /// An end on or before the beginning.
    #[error("from {on} until {until} there is no day")]
    NoDay {
        /// The first day.
        on: NaiveDate,
        /// The first day outside.
        until: NaiveDate,
    },
    /// More of one metric on one day than 64 bits hold.
    #[error("more {0:?} on one day than can be counted")]
    Overflow(Name),
    /// A day that the calendar does not have.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
