use super::Channel;
use crate::{
    calendar::{CalendarError, TimeOfDay},
    quantity::Name,
};
use thiserror::Error;

/// What can be wrong with contacts, a policy for them, or a plan of care.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ContactError {
    /// The same identity was delivered again with other content.
    #[error("{0:?} was delivered before with other content")]
    Conflict(Name),
    /// A purpose that the policy does not name, so nobody has said what it may do.
    #[error("the policy has no terms for the purpose {0:?}")]
    UnknownPurpose(Name),
    /// A policy without purposes.
    #[error("a policy needs at least one purpose")]
    NoPurposes,
    /// A cap of no contacts, or over no time. To forbid a purpose, ask no consent for it and give none.
    #[error("a cap of {at_most} contacts in {minutes} minutes; both must be at least 1, the minutes at most 5256000")]
    BadCap {
        /// The number of contacts.
        at_most: u32,
        /// The length of the window.
        minutes: u32,
    },
    /// More caps, quiet hours or blocked days than anybody could keep in mind.
    #[error("a list of {found} rules; at most {most} are possible")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many there can be.
        most: usize,
    },
    /// Quiet hours of no length.
    #[error("quiet hours from {0} until {0} have no length; a whole day is blocked as a day")]
    BadQuietHours(TimeOfDay),
    /// Quiet hours and blocked weekdays that leave no minute of the week.
    #[error("no minute of the week is left for {}", .0.as_ref().map_or_else(|| "any channel".into(), alloc::string::ToString::to_string))]
    NeverOpen(Option<Channel>),
    /// The same name twice.
    #[error("{0:?} is given twice")]
    Twice(Name),
    /// A delay or a time to act that is longer than ten years, or no time to act.
    #[error("{0} minutes; 1 to 5256000 are possible, and 0 for a delay")]
    BadMinutes(u32),
    /// A date is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
