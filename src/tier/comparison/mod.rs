//! What if, and what happened: two models over one population, one model over two, and which weight or rule matters.
//!
//! - [`Comparison`]: who changes grade between two models, and why; made for what-if, with [`GradeModel::with_weights`] and its like.
//! - [`Sensitivity`]: which weight matters. [`RankAgreement`]: how far two scorings order customers alike.
//! - [`Psi`]: how far a distribution has shifted.
//! - [`Drift`]: what changed for one customer between two dates.
//! - [`RuleUse`]: how often each rule decides.
//!
//! The figures of [`Psi`] and [`RankAgreement`] are floating-point statistics; nothing that grades uses them.
//!
//! ```
//! use customer_value::{quantity::*, reason::Language, score::*, tier::{*, comparison::Comparison}, value::*};
//!
//! let name = |text| Name::new(text);
//! let term = |of, weight: &str| Ok::<_, Box<dyn core::error::Error>>(Term {
//!     dimension: Dimension::new(of, Family::Economic, Direction::HigherIsBetter, Unit::Count)?,
//!     weight: weight.parse()?,
//!     scale: Scale::AsIs,
//!     missing: Missing::Refuse,
//! });
//! let score = ScoreModel::new(name("size")?, 2, vec![term("orders", "0.4")?, term("visits", "0.6")?])?;
//! let axis = Axis { of: name("size")?, cutpoints: Cutpoints::new(vec![5.into()], Ties::ToUpper)? };
//! let grid = Grid::new(GradeSet::letters(2)?, vec![axis], vec![name("B")?, name("A")?])?;
//! let model = GradeModel::new(name("by size")?, vec![], vec![score], grid, vec![])?;
//!
//! // What if orders weighed as much as visits?
//! let weights = vec![(name("orders")?, "0.5".parse()?), (name("visits")?, "0.5".parse()?)];
//! let what_if = model.with_weights(&name("size")?, weights)?;
//!
//! let customer = |orders, visits| FactSheet::new().with("orders", Quantity::count(orders))?.with("visits", Quantity::count(visits));
//! let found = Comparison::of(&model, &what_if, [("ann", customer(7, 3)?), ("bob", customer(2, 2)?)])?;
//! let ann = found.changes().next().ok_or("nobody changes")?;
//! assert_eq!((*ann.key, ann.before.to_string(), ann.after.to_string()), ("ann", "B".into(), "A".into()));
//! assert_eq!(
//!     ann.causes[0].in_words(Language::English),
//!     "size 4.60 → 5.00: orders weight 0.4 → 0.5, points 2.80 → 3.50; visits weight 0.6 → 0.5, points 1.80 → 1.50"
//! );
//! assert_eq!(found.share_changed().map(|share| share.to_string()), Some("0.5".into()));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! [`GradeModel::with_weights`]: super::GradeModel::with_weights

mod account;
mod cause;
mod drift;
mod error;
mod population;
mod psi;
mod ranks;
mod rule_use;
mod sensitivity;
mod words;

pub use cause::{Cause, FactChange, LevelChange, Part, ScoreChange, TermChange};
pub use drift::Drift;
pub use error::ComparisonError;
pub use population::{Change, Comparison, Ungraded};
pub use psi::{Band, Bands, Psi};
pub use ranks::RankAgreement;
pub use rule_use::{RuleTally, RuleUse};
pub use sensitivity::{MoveEffect, Sensitivity, WeightMove};
