//! What is done for the customers of each grade, what it costs, and whether that fits what they are worth.
//!
//! - A [`Playbook`] has a [`Treatment`] for every grade, and for every stage of the life cycle if it names stages. It is total and
//!   distinct: nobody is left out, and no two grades are treated alike.
//! - A [`Plan`] is the treatment of one customer, with the grade, the stage and the playbook it comes from.
//! - [`Serving`] sets the cost to serve against the value, customer by customer and grade by grade, and names those who get too much or too
//!   little.
//! - [`Playbook::lints`] says where a playbook is doubtful, and where the law asks for reasons.
//!
//! ```
//! use customer_value::{
//!     NaiveDate,
//!     quantity::Name,
//!     reason::Language,
//!     tier::treatment::{Action, Lever, Playbook, ServiceLevel, Treatment},
//! };
//!
//! let name = |text: &str| Name::new(text);
//! let key = Treatment::new(name("key account")?, vec![Action::new(Lever::Service, "a named account manager")?])
//!     .at(ServiceLevel::Premium)
//!     .costing("1200.00 CNY".parse()?);
//! let standard = Treatment::new(name("standard")?, vec![Action::new(Lever::Service, "web shop and call centre")?])
//!     .at(ServiceLevel::Standard)
//!     .costing("80.00 CNY".parse()?);
//! let playbook = Playbook::new(name("2024")?, vec![(name("A")?, key), (name("B")?, standard)])?;
//!
//! let a = playbook.grades().grade("A").ok_or("A is in the playbook")?;
//! let plan = playbook.plan(a, None, NaiveDate::from_ymd_opt(2024, 3, 31).ok_or("a day")?)?;
//! assert_eq!(plan.treatment.name, "key account");
//! let lints: Vec<String> = playbook.lints().iter().map(|lint| lint.explain(Language::English)).collect();
//! assert!(lints.iter().any(|l| l.starts_with("Grades A and B differ in service only")));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod action;
mod error;
mod lint;
mod lint_text;
mod plan;
mod playbook;
mod serving;

pub use action::{Action, Lever, ServiceLevel, Treatment};
pub use error::TreatmentError;
pub use lint::PlaybookLint;
pub use plan::Plan;
pub use playbook::{Page, Playbook};
pub use serving::{CostBounds, CostShare, GradeServing, Inversion, Measure, Misserved, Served, Serving, ServingPolicy, Verdict};
