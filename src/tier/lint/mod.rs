//! What is suspicious about a grade model, although nothing in it is wrong: too many grades, a rule that swallows the grid, a dimension
//! that decides nothing.
//!
//! A [`LintPolicy`] holds the thresholds and looks at three things: the [model alone](LintPolicy::of_model), the
//! [columns of a population](LintPolicy::of_columns), and [decisions](LintPolicy::of_decisions) that the model has made. A [`Lint`] is
//! data, with a severity and a text in English and Chinese.
//!
//! ```
//! use customer_value::{
//!     money::Currency, quantity::{Column, Name, Ties, Unit}, reason::Language, score::Cutpoints,
//!     tier::{Axis, GradeModel, GradeSet, Grid, lint::LintPolicy}, value::{Dimension, Direction::HigherIsBetter, Family},
//! };
//!
//! let sales = Dimension::new("sales", Family::Economic, HigherIsBetter, Unit::Money(Currency::CNY))?;
//! let axis = Axis { of: sales.name.clone(), cutpoints: Cutpoints::new(vec![1_000.into()], Ties::ToUpper)? };
//! let grid = Grid::new(GradeSet::letters(2)?, vec![axis], vec![Name::new("B")?, Name::new("A")?])?;
//! let model = GradeModel::new(Name::new("by sales")?, vec![sales], vec![], grid, vec![])?;
//!
//! let lints = LintPolicy::default().of_model(&model);
//! assert_eq!(lints[0].text(Language::Chinese), "所有维度都属于经济价值：业绩高不等于价值高。");
//!
//! let small = Column::money(&[10_00, 20_00, 30_00], Currency::CNY);
//! let lints = LintPolicy::default().of_columns(&model, |_| Some(small))?;
//! assert_eq!(lints[0].text(Language::English), "\"sales\" in \"by sales\": nobody is in 1 of 2 levels.");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod correlation;
mod finding;
mod influence;
mod policy;
mod population;
mod sample;
mod structure;
mod text;

pub use finding::{Lint, LintError, Severity};
pub use policy::LintPolicy;
