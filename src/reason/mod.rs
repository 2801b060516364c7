//! Decisions that explain themselves: a value, the reasons for it as data, the model that made it, and the date.
//!
//! Reasons come in the order in which the decision was made: what was read, where it lies on each scale, what it weighs, the cell of
//! the grid, every rule with its verdict. They add up: [`Decision::verify`] does the sums again. Text is derived from them, in
//! English and Chinese; nothing is explained by a sentence that someone wrote beside the number.
//!
//! ```
//! use customer_value::{quantity::{Fact, Name, Quantity}, reason::{Decision, Language, ModelId, Reason, Unsound}};
//! use customer_value::score::Score;
//! use chrono::NaiveDate;
//!
//! // A stored decision whose sum someone has touched:
//! let json = r#"{"value":"2.50","model":{"name":"m","fingerprint":"0000000000000007"},"as_of":"2011-12-09","reasons":[
//!     {"read":{"dimension":"influence","fact":{"known":{"value":"2","unit":"number"}}}},
//!     {"weighed":{"dimension":"influence","level":"2","weight":"1","points":"2.00"}},
//!     {"summed":{"score":"reach","total":"2.50"}}]}"#;
//! let decision: Decision<Score> = serde_json::from_str(json)?;
//! assert_eq!(decision.verify(), Err(Unsound::WrongTotal(2)));
//! assert_eq!(decision.explain(Language::English).lines().next(), Some("influence is 2."));
//! assert_eq!(decision.explain(Language::Chinese).lines().next(), Some("influence为 2。"));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod bounds;
mod check;
mod decision;
mod evidence;
mod level;
mod model;
mod step;
mod text;
mod wording;

pub use bounds::Bounds;
pub use decision::{Conclusion, Decision, Unsound};
pub use evidence::{Claim, Majority, Opinion, Outranking, Supporter};
pub(crate) use level::{LEVEL_PLACES, percentile, way};
pub use model::ModelId;
pub(crate) use model::{fingerprint, hex};
pub use step::{Case, Effect, Reason, Verdict};
pub use text::Language;
pub(crate) use wording::grouped;
pub(crate) use wording::{fact as fact_in_words, quantity as quantity_in_words};
