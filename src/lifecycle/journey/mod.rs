//! What is done for customers on their way, and what the stages of that way hold.
//!
//! | question | type |
//! |---|---|
//! | which steps does the customer go through, and where do we meet? | [`Journey`] of [`Encounter`]s; its [funnel](Journey::funnel) |
//! | what is done in each step, or in each stage of the life cycle? | [`StageStrategy`] |
//! | and by grade too? | [`Playbook`](crate::tier::treatment::Playbook), checked by [`covers`] |
//! | how many customers, and how much value, are being won, developed, kept? | [`Breakdown`] by [`Phase`](crate::lifecycle::stage::Phase) |
//! | how do stage and grade go together? | [`Breakdown`] by both |
//! | what ties the customer to us? | [`Bond`] |
//! | do customers bring more the longer they stay? | [`TenureProfit`] |
//!
//! ```
//! use customer_value::{lifecycle::{journey::Breakdown, stage::{Phase, StageKind}}, money::Currency};
//!
//! let mut view = Breakdown::new(Currency::EUR);
//! for (kind, profit) in [(StageKind::New, "10.00 EUR"), (StageKind::Mature, "200.00 EUR"), (StageKind::Declining, "40.00 EUR")] {
//!     view.push(kind.phase(), profit.parse()?)?;
//! }
//! assert_eq!(view.share_of_customers(&Phase::Retain).to_string(), "2 of 3");
//! assert_eq!(view.share_of_value(&Phase::Retain).ok_or("no value")?.to_string(), "0.96");
//! assert_eq!(view.share_of_customers(&Phase::Develop).to_string(), "0 of 3"); // nobody grows
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod bond;
mod breakdown;
mod error;
mod path;
mod strategy;
mod tenure;

pub use bond::Bond;
pub use breakdown::Breakdown;
pub use error::JourneyError;
pub use path::{Encounter, Journey, JourneyStep};
pub use strategy::{StageStrategy, covers};
pub use tenure::{TenureProfit, TenureStep};
