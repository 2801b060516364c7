//! Where customers go from state to state, and what that makes them worth: an exact Markov chain over named states.
//!
//! The states are the caller's: grades and "gone" ([`Migration::chain`](crate::tier::migration::Migration::chain)), stages of the life
//! cycle ([`Moves::chain`](crate::lifecycle::stage::Moves::chain)), or any other.
//!
//! ```
//! use customer_value::{
//!     money::{Currency, Money, Rounding},
//!     quantity::Name,
//!     value::markov::{Horizon, Markov},
//! };
//!
//! let states = vec![Name::new("regular")?, Name::new("gone")?];
//! let chain = Markov::new(states, vec![vec!["0.75".parse()?, "0.25".parse()?], vec!["0".parse()?, "1".parse()?]])?;
//! assert_eq!(chain.project(&[1_000, 0], 2, 0, Rounding::HalfEven)?[0].to_string(), "562"); // 1000 · 0.75² = 562.5
//! let margins = [100_00, 0].map(|minor| Money::from_minor(minor, Currency::EUR));
//! let values = chain.value(&margins, "0.1".parse()?, Horizon::Forever)?;
//! assert_eq!(values.of("regular", Rounding::HalfEven)?.to_string(), "314.29 EUR"); // 100 · 1.1 / (1.1 − 0.75)
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod chain;
mod error;
mod fraction;
mod model;
mod occupancy;
mod values;

pub use error::MarkovError;
pub(crate) use fraction::Fraction;
pub use model::Markov;
pub use occupancy::SteadyState;
pub use values::{Horizon, StateValues};
