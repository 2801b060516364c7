//! What a sale, a deed, an occasion or a referral earns: rules as data, one pure function, every point explained.
//!
//! | question | type |
//! |---|---|
//! | What happened? | [`Occurrence`], for a sale a [`Basket`] of [`Line`]s |
//! | Which part of it earns? | [`Basis`] |
//! | By which rules? | [`EarningPolicy`] of [`Rule`]s, checked as [`EarningRules`] |
//! | What does the calculator ask about the customer? | [`Context`] |
//! | What comes of it, and why? | [`Award`] of [`Credit`]s, by [`Step`]s |
//!
//! Points are counted as exact fractions, line by line and rule by rule, and rounded once: all points of a kind together, at the end. What
//! was rounded is divided among terms, rules and lines by largest remainder, so that all of it adds up. A preview, the award and an audit
//! are the same call. Neither the order of rules nor that of lines matters.
//!
//! In which order points are counted:
//!
//! 1. [Conditions](Condition) sort out the rules that do not apply.
//! 2. Rules that give points of their own are counted and [capped](Cap). If one of them stands [alone](Stacking::Alone), it displaces the
//!    rest; of a [group](Stacking::BestOf), the best remains.
//! 3. Bonuses are added, each as a share of what was counted in step 2.
//! 4. Multiples are applied to the sum, in the order of their names, up to the policy's limit.
//! 5. The sum of each kind is rounded.

mod award;
mod basis;
mod basket;
mod calculate;
mod cap;
mod condition;
mod credit;
mod error;
mod occurrence;
mod policy;
mod rule;
mod scene;
mod trace;

pub use award::{Award, AwardFlaw, CapUse, Credit};
pub use basis::{Basis, BasisRounding, Discounts};
pub use basket::{Basket, Line};
pub use cap::{Cap, CapPeriod, CapWindow, Context, Known};
pub use condition::Condition;
pub use error::EarningError;
pub use occurrence::{Occurrence, Side, Trigger};
pub use policy::{EarningPolicy, EarningRules};
pub use rule::{Bracket, Give, Rule, Selector, Stacking};
pub use trace::{Step, Unmet, Verdict};
