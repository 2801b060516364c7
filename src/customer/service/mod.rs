//! Service: complaints with clocks, what comes of feedback, and how well all that was done.
//!
//! | question | type |
//! |---|---|
//! | Where does the complaint stand, and what is possible? | [`Complaint`], [`State`], [`Step`] |
//! | Do we and the customer agree, and who helps? | [`Conflict`], [`Ladder`], [`Means`] |
//! | What is due, who is late, who takes over? | [`ServicePolicy`], [`Clock`], [`WorkingHours`] |
//! | How fast and how well? | [`ServiceReport`] |
//! | What do customers tell us, and what do we do about it? | [`FeedbackLoop`] |
//!
//! ```text
//! received -> acknowledged -> investigating -> offered -> accepted -> closed
//!                              |        ^        |  ^                   |
//!                              v        |        v  |                   v reopen
//!                        awaiting the customer  rejected          investigating
//! ```
//!
//! Acknowledging, investigating and asking may be skipped. What is accepted or rejected has been offered before, and what is closed was
//! accepted or rejected, or waited for the customer. Every open complaint can be escalated, and all but an accepted one be withdrawn;
//! [`State::after`] holds all of it. A complaint is the list of its events: where it stands is computed from them, at any moment in the
//! past too.
//!
//! A complaint that nobody has answered is not missing from the measures. It is late from the second after its deadline, and until then it
//! is pending, and percentiles say how far it could still move them.

mod clock;
mod complaint;
mod error;
mod feedback;
mod hours;
mod ladder;
mod policy;
mod report;
mod state;

pub use clock::{Clock, ClockStatus, Milestone, Pace, Reading};
pub use complaint::{Complaint, Event, Reception};
pub use error::ServiceError;
pub use feedback::{Action, ActionState, Feedback, FeedbackLoop, FeedbackReport, ThemeAccount};
pub use hours::{Shift, WorkingHours};
pub use ladder::{Conflict, Ladder, Means, Rung};
pub use policy::{Due, ServicePolicy};
pub use report::{ClockMeasure, Percentile, ServiceReport};
pub use state::{State, Step};
