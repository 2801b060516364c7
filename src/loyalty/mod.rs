//! Loyalty schemes: points that are earned, spent and lost, exactly.

pub mod account;
pub mod accounting;
mod between;
pub mod earning;
mod expiry;
pub mod history;
mod id;
mod inactivity;
pub mod ladder;
pub mod lint;
mod occasion;
mod points;
pub mod programme;
mod terms;

pub use account::{Account, Command, Decision, Rejection};
pub use between::{MergeError, PoolPolicy, merge, pool_shares, redeem_together, refer, transfer};
pub use expiry::{Expiry, Life, Notice, RoundUp};
pub use id::{AccountId, CommandId, HoldId, LotId, SourceId};
pub use inactivity::{Decay, Inactivity, InactivityError, Loss, Losses, Taken};
pub use occasion::{Occasion, OccasionDates, OccasionVerdict};
pub use points::Points;
pub use programme::Programme;
pub use terms::{CostBasis, Pending};
