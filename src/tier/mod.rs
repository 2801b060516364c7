//! From scores to a grade and a treatment: a sorter that never punishes an improvement, rules beside it, a playbook for every grade.
//!
//! [`membership`] lets a grade follow the decisions over time; [`treatment`] says what is done for each grade, and what that costs.
//!
//! The sorter is asked first; then the rules are considered, so that the reasons show what it said and what each rule did. The page
//! [grading](crate::guide::grading) of the guide goes through all of it.
//!
//! ```
//! use customer_value::{
//!     money::{Currency, Money},
//!     quantity::{Name, Predicate, Ties, Unit},
//!     score::Cutpoints,
//!     tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule},
//!     value::{Dimension, Direction, FactSheet, Family},
//! };
//! use chrono::NaiveDate;
//!
//! let sales = Dimension::new("annual sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::CNY))?;
//! let axis = Axis { of: sales.name.clone(), cutpoints: Cutpoints::new(vec![1_000_000.into(), 5_000_000.into()], Ties::ToUpper)? };
//! let name = |text| Name::new(text);
//! let grid = Grid::new(GradeSet::letters(4)?, vec![axis], vec![name("D")?, name("C")?, name("B")?])?; // worst to best
//! let one_vote = Rule {
//!     name: name("one-vote")?,
//!     when: Predicate::AtLeast { of: sales.name.clone(), bound: 10_000_000.into() },
//!     then: Effect::Pin(name("A")?),
//!     because: name("annual sales of ten million or more decide alone")?,
//! };
//! let model = GradeModel::new(name("firm B")?, vec![sales], vec![], grid, vec![one_vote])?;
//!
//! let grade = |yuan: i64| {
//!     let facts = FactSheet::new().with("annual sales", Money::from_minor(yuan * 100, Currency::CNY))?;
//!     Ok::<_, Box<dyn core::error::Error>>(model.grade(&facts, NaiveDate::from_ymd_opt(2011, 12, 31).unwrap())?.value.to_string())
//! };
//! assert_eq!(grade(9_999_999)?, "B");
//! assert_eq!(grade(10_000_000)?, "A"); // 以上 includes the number
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! What comes of the grades has modules of its own: [`migration`] says who moves between them and what that makes customers worth,
//! [`budget`] divides money over them, [`effect`] says whether a treatment helped.

mod batch;
pub mod budget;
mod cells;
pub mod comparison;
pub mod effect;
mod error;
mod grade;
mod grading;
mod grid;
mod line;
pub mod lint;
pub mod membership;
pub mod migration;
mod mix;
mod model;
pub mod nearest;
pub mod profiles;
mod program;
mod regions;
mod rule;
mod ruling;
pub mod segments;
mod sorter;
mod sorting;
mod strategy;
pub mod target;
pub mod treatment;
mod what_if;

#[doc(inline)]
pub use crate::reason::Effect;
pub use batch::GradeColumns;
pub use error::TierError;
pub use grade::{Grade, GradeSet};
pub use grid::{Axis, Grid};
pub use mix::{MixGoal, MixShare};
pub use model::{GradeModel, GradePlan};
pub use rule::Rule;
pub use sorter::Sorter;
