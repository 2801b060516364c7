//! Contacts with a customer: where we meet, what was said when, and whether we may turn to the customer now.
//!
//! | question | type |
//! |---|---|
//! | Where do we meet? | [`Touchpoint`]: [`Channel`], [`JourneyStage`], moment |
//! | What has happened? | [`InteractionLog`] |
//! | May we call tonight, and if not, why and when? | [`ContactPolicy::decide`], [`Permission`] |
//! | What care is due after what happened? | [`CarePlan`] |
//!
//! Every moment carries the offset of the customer's clock; the caller looks it up, as well as whether the customer has agreed. A refusal
//! names everything that stands against a contact, not the first thing found, and the earliest moment at which nothing does.
//!
//! There is an example: `cargo run --example 13_complaint`.

mod care;
mod channel;
mod consent;
mod decide;
mod error;
mod interaction;
mod policy;

pub use care::{Care, CareKey, CareOccasion, CarePlan, CareState, CustomerEvent};
pub use channel::{Channel, JourneyStage, Touchpoint};
pub use consent::ConsentStatus;
pub use decide::{Permission, Proposal, Refusal};
pub use error::ContactError;
pub use interaction::{Direction, Interaction, InteractionLog};
pub use policy::{BlockedDays, Cap, ContactPolicy, ContactRules, Days, QuietHours, Terms};
