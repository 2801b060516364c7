//! What customers cost, bring and are worth to the firm, in exact money.
//!
//! | question | type |
//! |---|---|
//! | What does it cost to win one, when is it paid back, what do they bring in all? | [`Acquisition`], [`UnitEconomics`] |
//! | How many margins is a customer worth? | [`MarginMultiple`] |
//! | And if keeping them costs something? | [`RetainedCustomer`] |
//! | What is a stream of payments worth today? | [`CashFlows`] |
//! | How fast did it grow? | [`GrowthRate`] |
//! | How many were won, kept, lost, and how sure is that? | [`retention`], a [`Share`](crate::quantity::Share) |
//! | Why did they leave? | [`ReasonShares`] |
//! | What have they brought; what is still to be won; what do they lack of a model? | [`Established`], [`Potential`], [`ModelGap`] |
//! | Which part of their spending is ours? | [`ShareOfCustomer`] |
//! | What could they buy that others like them buy? | [`Holdings`] |
//! | Who brought whom, and what is that worth? | [`Referrals`], [`CreditPolicy`] |
//! | Do they come back, and do they bring others? | [`BehaviouralLoyalty`], [`Advocacy`] |
//!
//! Sums are exact until they are rounded: what is worth a fraction of a smallest unit is a [`Worth`], and becomes money by a named
//! rounding, once. How a budget is best spent on winning customers is told by [`tier::budget`](crate::tier::budget); what customers are
//! worth who move between grades by [`tier::migration`](crate::tier::migration).
//!
//! ```
//! use customer_value::{money::Rounding::HalfEven, value::economics::{Acquisition, UnitEconomics}};
//!
//! let cost = Acquisition::new("120000 EUR".parse()?, 200)?;
//! let unit = UnitEconomics::new(cost, "100 EUR".parse()?, "0.75".parse()?, "0.02".parse()?)?;
//! let net = unit.lifetime_value()?.less(cost.cost().in_money(HalfEven)?)?;
//! assert_eq!(net.in_money(HalfEven)?.to_string(), "3150.00 EUR");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod acquisition;
mod credit;
mod error;
mod established;
mod flows;
mod gap;
mod growth;
mod holdings;
mod loyalty;
mod multiple;
mod potential;
mod rate;
mod reason_shares;
mod referrals;
mod retained;
mod wallet;
mod worth;

pub use acquisition::{Acquisition, Payback, UnitEconomics};
pub use credit::{Claim, CreditPolicy, Credits};
pub use error::EconomicsError;
pub use established::Established;
pub use flows::{CashFlows, Timing};
pub use gap::{ModelGap, ReferenceProfile};
pub use growth::GrowthRate;
pub use holdings::{Holdings, WhiteSpace};
pub use loyalty::{Advocacy, BehaviouralLoyalty};
pub use multiple::{FirstMargin, MarginMultiple};
pub use potential::Potential;
pub use rate::retention;
pub use reason_shares::ReasonShares;
pub use referrals::Referrals;
pub use retained::RetainedCustomer;
pub use wallet::{ShareBounds, ShareOfCustomer, Wallet};
pub use worth::Worth;
