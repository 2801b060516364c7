//! Loyalty schemes: points that are earned, spent and lost, exactly.

pub mod accounting;
mod expiry;
mod id;
mod inactivity;
mod occasion;
mod points;

pub use expiry::{Expiry, Life, Notice, RoundUp};
pub use id::{AccountId, CommandId, HoldId, LotId, SourceId};
pub use inactivity::{Decay, Inactivity, InactivityError, Loss, Losses, Taken};
pub use occasion::{Occasion, OccasionDates, OccasionVerdict};
pub use points::Points;
