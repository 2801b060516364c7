//! How the mix of customers changes: counts by grade, moves between grades.
//!
//! A [`Census`] says who is where at a date; a [`Migration`] says who moved between two dates; its [chain](Migration::chain) says how it
//! goes on if they keep moving so, and what a customer of each grade is worth then.
//!
//! ```
//! use customer_value::{
//!     money::{Currency, Money, Rounding},
//!     quantity::Name,
//!     tier::{GradeSet, migration::Migration},
//!     value::markov::Horizon,
//! };
//!
//! let set = GradeSet::letters(2)?;
//! let (a, b) = (set.grade("A"), set.grade("B"));
//! let mut moves = Migration::new(&set);
//! for (before, after) in [(a, a), (a, a), (a, b), (a, None), (b, a), (b, b), (b, None), (b, None)] {
//!     moves.push(before, after)?;
//! }
//! let chain = moves.chain(Name::new("gone")?, &[])?;
//! let margins = [300_00, 60_00, 0].map(|minor| Money::from_minor(minor, Currency::EUR));
//! let values = chain.value(&margins, "0.1".parse()?, Horizon::Forever)?;
//! assert_eq!(values.of("A", Rounding::HalfEven)?.to_string(), "663.69 EUR");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod census;
mod error;
mod mix;
mod moves;

pub use census::Census;
pub use error::MigrationError;
pub use mix::MixChange;
pub use moves::Migration;
