//! How the mix of customers changes, and what that makes them worth: counts by grade, moves between grades, a Markov chain over them.
//!
//! A [`Census`] says who is where at a date; a [`Migration`] says who moved between two dates; a [`Markov`] chain says how it goes on
//! if they keep moving so, and what a customer of each grade is worth then.
//!
//! ```
//! use customer_value::{
//!     money::{Currency, Money, Rounding},
//!     quantity::Name,
//!     tier::{GradeSet, migration::{Horizon, Markov, Migration}},
//! };
//!
//! let set = GradeSet::letters(2)?;
//! let (a, b) = (set.grade("A"), set.grade("B"));
//! let mut moves = Migration::new(&set);
//! for (before, after) in [(a, a), (a, a), (a, b), (a, None), (b, a), (b, b), (b, None), (b, None)] {
//!     moves.push(before, after)?;
//! }
//! let chain = Markov::of(&moves, Name::new("gone")?, &[])?;
//! let margins = [300_00, 60_00, 0].map(|minor| Money::from_minor(minor, Currency::EUR));
//! let values = chain.value(&margins, "0.1".parse()?, Horizon::Forever)?;
//! assert_eq!(values.of("A", Rounding::HalfEven)?.to_string(), "663.69 EUR");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod census;
mod chain;
mod error;
mod fraction;
mod markov;
mod mix;
mod moves;
mod occupancy;
mod values;

pub use census::Census;
pub use error::MigrationError;
pub use markov::Markov;
pub use mix::MixChange;
pub use moves::Migration;
pub use occupancy::SteadyState;
pub use values::{Horizon, StateValues};
