//! From facts to a score: cutpoints fitted once and then frozen, levels, weights, points that add up.
//!
//! What looks at a population ([`Cutpoints::fit`], [`ScorePlan::fit`]) returns a frozen, serialisable value; scoring one customer never
//! needs the others, so a customer's score changes only when the customer does.
//!
//! Where the weights come from is in [`weights`]; comparing customers with each other, for reports, is in [`ranking`].
//!
//! ```
//! use customer_value::score::{Cutpoints, Quantile};
//! use customer_value::quantity::Ties;
//! use rust_decimal::Decimal;
//!
//! let orders: Vec<Decimal> = [1, 1, 1, 1, 2, 2, 3, 9].map(Decimal::from).to_vec();
//! let fitted = Cutpoints::fit(&orders, 4, Quantile::Linear, Ties::ToLower)?;
//! assert_eq!(fitted.cutpoints.to_string(), "1 | 1.5 | 2.25 (ties to lower)");
//! assert_eq!((fitted.asked, fitted.obtained()), (4, 3)); // half of all buy once: they share a bin, and one stays empty
//! assert_eq!(fitted.customers, [4, 0, 2, 2]);
//! assert_eq!(fitted.cutpoints.bin(5.into()), 3);
//! # Ok::<(), customer_value::score::ScoreError>(())
//! ```

mod any_model;
mod batch;
mod change;
mod cutpoints;
mod error;
mod model;
mod points;
mod quantile;
#[doc(alias = "多准则决策")]
pub mod ranking;
mod reference;
mod scale;
mod scoring;
mod select;
mod strategy;
mod strategy_error;
mod sum;
mod term;
#[doc(alias = "权重分析")]
pub mod weights;
mod what_if;

pub use any_model::AnyModel;
pub(crate) use any_model::sealed::Sealed;
pub use batch::ScoreColumns;
pub use change::{Change, Split};
pub(crate) use cutpoints::FixedCuts;
pub use cutpoints::{Cutpoints, Fitted};
pub use error::ScoreError;
pub use model::{ScoreModel, ScorePlan};
pub use points::Score;
pub use quantile::Quantile;
pub use reference::Reference;
pub use scale::{AnyScale, Scale, ScalePlan};
pub(crate) use scoring::facts_read;
pub use strategy::{Phase, Strategy};
pub use strategy_error::StrategyError;
use sum::ordered_sum;
pub(crate) use term::{Asked, check_unit, note_read, number};
pub use term::{Missing, Term};
