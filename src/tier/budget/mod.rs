//! How to divide a budget over grades: where the next coin brings most, until it brings no more than itself.
//!
//! Each grade has a number of customers, a margin per response, and a curve that says which share of them respond to how much spending
//! each. The best division gives every grade that gets something the same return on the last coin, and nothing to a grade whose first
//! coin returns less: 不能奢望让所有客户满意, with numbers. Money that would not earn itself back stays unspent.
//!
//! ```
//! use customer_value::{
//!     money::{Currency, Money, Rounding},
//!     quantity::Name,
//!     tier::budget::{Curve, Response, Shape, allocate},
//! };
//!
//! let euros = |amount: i64| Money::from_minor(amount * 100, Currency::EUR);
//! // One in ten responds to 5.00 each, and one in four to any amount.
//! let curve = Curve::new(Shape::Exponential, "0.25".parse()?, "0.1".parse()?, euros(5))?;
//! let response = |grade, customers, margin| {
//!     Ok::<_, Box<dyn core::error::Error>>(Response { grade: Name::new(grade)?, customers, margin: euros(margin), curve: curve.clone() })
//! };
//! let grades = [response("A", 1_000, 200)?, response("B", 5_000, 60)?, response("C", 50_000, 30)?];
//! let plan = allocate(euros(20_000), &grades)?;
//! let amounts: Vec<String> = plan.parts.iter().map(|part| part.amount.to_string()).collect();
//! assert_eq!(amounts, ["13153.81 EUR", "6846.19 EUR", "0.00 EUR"]);
//! assert_eq!(plan.unspent.to_string(), "0.00 EUR");
//! plan.verify(&grades)?;
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod allocation;
mod curve;
mod error;

pub use allocation::{Allocation, Part, Response, allocate};
pub use curve::{Curve, Shape};
pub use error::BudgetError;
