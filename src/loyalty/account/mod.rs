//! A member's account: a decider over facts.

mod balance;
mod book;
mod command;
mod decide;
mod digest;
mod draft;
mod earn;
mod error;
mod event;
mod lot;
mod lots;
mod merge;
mod record;
mod spend;
mod state;
mod status;
mod take_back;
mod totals;
mod wallet;
mod words;

pub use balance::{Balance, Earned, Expiring};
pub use book::Hold;
pub use command::{Command, Part, ReturnedPart, SentLot};
pub(super) use decide::Beside;
pub use decide::Decision;
pub use earn::Grant;
pub use error::{Corrupt, Rejection};
pub use event::{Cause, Claimed, Displaced, Event, Idle, Lapse, LineSold, Moved, Opened, Payer, StatusCredit};
pub use lot::{Draw, Lot};
pub use record::{Happened, Record};
pub use state::Account;
pub use totals::{Place, Totals};
