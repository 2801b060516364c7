//! A member's account: a decider over facts.
//!
//! What an account is sure of:
//!
//! - **Facts, not intentions.** An [`Event`] names the lots and amounts that it moved; replaying a log never asks a policy.
//! - **All or nothing.** What a command does is one [`Record`]. A [`Rejection`] changes nothing and says what would do.
//! - **Once.** The same command id with the same content changes nothing; with other content it is refused. An order earns once and is paid
//!   once, whatever the command.
//! - **Time needs nobody.** A [`Balance`] is right at any moment from the last record on. A command first writes down what time has done:
//!   at each moment holds lapse, then points expire, then debts are paid. Points can be spent at every moment before they expire and at
//!   none from then on; points that are held do not expire until they are free.
//! - **Soonest expiry first**, never-expiring last; then the cheaper, the earlier earned, the earlier credited.
//! - **Undoing is the identity.** A cancelled redemption and a hold that ends give points back to their own lots, where those lapse whose
//!   time is over. What others bore meanwhile for these lots ([`Displaced`]) is paid back, and what the programme let go only because
//!   they were away is paid: redeeming and cancelling is never having redeemed, with four exceptions. What the member did for it was done:
//!   where [redemptions keep points alive](super::programme::Kind::kept_alive_by), one that is cancelled has, as a purchase has that comes
//!   back. Where losses depend on what is there, as in a decay, they stay as they were; a return that would not have found its points in
//!   its own lot even so may have taken as many from other lots than it would have; and what was let go before two accounts were merged
//!   stays so.
//! - **Corrections** ([`Void`](Command::Void)) count as of the day that was wrong, returns and cancellations as of their own.
//! - **Returns take back what was recorded**: by line or by share, all returns together rounded once, so that splitting a return changes
//!   nothing. First from the lots that earned them, pending ones before others; then, by
//!   [`Shortfall`](super::programme::Shortfall), from other lots, a debt, or nobody. What had expired is not taken twice.
//! - **Never negative.** What is owed stands beside the lots, and new points pay it before they can be spent.

mod audit;
mod award;
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
mod tiers;
mod totals;
mod undo;
mod wallet;
mod words;

pub use audit::Broken;
pub use balance::{Balance, DueNotice, Earned, Expiring};
pub use book::Hold;
pub use command::{Command, Part, ReturnedPart, SentLot};
pub(super) use decide::Beside;
pub use decide::Decision;
pub use earn::Grant;
pub use error::{Corrupt, Rejection};
pub use event::{Cause, Claimed, Displaced, Earning, Event, Idle, Lapse, LineSold, Moved, Opened, Payer, StatusCredit};
pub use lot::{Draw, Lot};
pub use record::{Happened, Record};
pub use state::Account;
pub use totals::{Place, Totals};
