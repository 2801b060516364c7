//! The ladder of status: what each tier takes, how long it stands, and how it ends.
//!
//! (page to come)

mod change;
mod credits;
mod cycle;
mod error;
mod machine;
mod plan;
mod policy;
mod requirement;
mod run;
mod standing;
mod state;
mod ways;

pub use change::{Basis, Cause, Gift, Standing};
pub use credits::StatusCredits;
pub use cycle::{Cycle, CycleStart, Span};
pub use error::LadderError;
pub use plan::{Action, Failure, Intervention, Success, UpgradePlan};
pub use policy::{Corrections, Counting, Floor, FloorAfter, Grace, Ladder, LadderTerms, Milestone, Reached, RollOver, TierRule};
pub use requirement::{Counted, Figure, Requirement};
pub use state::{Run, StatusChange, StatusState};
pub use ways::{Gap, Way};
