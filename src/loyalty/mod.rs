//! Loyalty schemes: points that are earned, spent and lost, exactly; status; and what all of it owes.
//!
//! A [`Programme`] is the scheme as data. An [`Account`] is a member's ledger: it *decides* what a [`Command`] does, and what it has decided
//! is a [`Record`](account::Record) of facts, which names every lot and amount that was moved. The records are the ledger; folding them
//! gives the account, whatever the scheme has become since.
//!
//! | Question | Where |
//! |---|---|
//! | What does a purchase earn, and why? | [`earning`] |
//! | What does a member have, at any moment? | [`Account::balance`], [`Account::expiring`] |
//! | What happens with a command, and if it is sent twice? | [`Account::decide`], [`Account::execute`] |
//! | Which status, until when, and what is missing? | [`ladder`], [`Account::standing`], [`Account::ways_up`] |
//! | What concerns two accounts? | [`transfer`], [`merge`], [`refer`], [`redeem_together`] |
//! | What was known then, what was true then? | [`history`], and [`Command::Void`] if a record was wrong |
//! | What do the points owe? | [`accounting`] |
//!
//! ```
//! use customer_value::{
//!     calendar::{Moment, Zone},
//!     loyalty::{
//!         Account, AccountId, Command, CommandId, Expiry, Life, Points, Programme, RoundUp, SourceId,
//!         earning::{Basis, Basket, EarningPolicy, EarningRules, Give, Line, Rule, Trigger},
//!         programme::{Kind, Terms},
//!     },
//!     money::{Currency, Rounding},
//!     quantity::Name,
//! };
//!
//! // One point per euro, floored once an order, good for a year and to the end of that month.
//! let points = Name::new("points")?;
//! let give = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse()? };
//! let base = Rule::new(Name::new("base")?, points.clone(), Trigger::Purchase, give);
//! let earning = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades: vec![], rules: vec![base] };
//! let kinds = vec![Kind::spendable(points.clone(), Expiry::after(Life::Months(12), RoundUp::MonthEnd))];
//! let terms = Terms::new(Name::new("2026-1")?, Zone::fixed(60)?, Currency::EUR, kinds, EarningRules::new(earning)?);
//! let programme = Programme::new(terms)?;
//!
//! let now: Moment = "2026-03-01T10:00:00+01:00".parse()?;
//! let mut account = Account::new(AccountId::new("member 1")?, now);
//! let line = Line::new(Name::new("1")?, Name::new("lamp")?, "49.95 EUR".parse()?);
//! let earn = Command::Earn { source: SourceId::new("order 99")?, basket: Basket::new(now, vec![line])? };
//! let decision = account.execute(&programme, now, &CommandId::new("c1")?, &earn)?;
//! assert_eq!(decision.points(), Points::new(49));
//! let again = account.execute(&programme, now, &CommandId::new("c1")?, &earn)?; // sent twice
//! assert!(again.record().is_none());
//!
//! let balance = |at: &str| account.balance(&points, at.parse().expect("a moment")).available;
//! assert_eq!(balance("2027-03-31T23:59:59+02:00"), Points::new(49));
//! assert_eq!(balance("2027-04-01T00:00:00+01:00"), Points::ZERO); // whether or not anybody has written it down
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

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
#[cfg(feature = "testkit")]
pub mod testkit;

pub use account::{Account, Command, Decision, Rejection};
pub use between::{MergeError, PoolPolicy, merge, pool_shares, redeem_together, refer, transfer};
pub use expiry::{Expiry, Life, Notice, RoundUp};
pub use id::{AccountId, CommandId, HoldId, LotId, SourceId};
pub use inactivity::{Decay, Inactivity, InactivityError, Loss, Losses, Taken};
pub use occasion::{Occasion, OccasionDates, OccasionVerdict};
pub use points::Points;
pub use programme::Programme;
pub use terms::{CostBasis, Pending};
