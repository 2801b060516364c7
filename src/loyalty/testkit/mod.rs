//! For tests of one's own scheme: histories out of random numbers, a model to compare with, and the laws that hold for every account.
//! Behind the feature `testkit`.
//!
//! | what | where |
//! |---|---|
//! | A programme, basket, command or moment out of small numbers | [`generate`] |
//! | The same account as a list of single points | [`Model`] |
//! | A history in which the account is compared with the model after every step | [`Play`] |
//! | The laws, for one's own accounts and logs | [`laws`] |
//! | What one account can check on itself, in production | [`Account::audit`](super::Account::audit) |
//!
//! ```
//! use customer_value::{calendar::Moment, loyalty::testkit::{Play, generate}};
//!
//! // Any source of numbers will do: a property test's, a fuzzer's, a random generator.
//! let mut state = 1_u64;
//! let mut numbers = |bound: u64| {
//!     state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
//!     (state >> 33) % bound
//! };
//! let programme = generate::programme(1, &mut numbers)?; // or your own
//! let mut play = Play::new(programme, "2026-01-01T09:00:00Z".parse()?)?;
//! for _ in 0..100 {
//!     play.step(&mut numbers)?;
//! }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

pub mod generate;
pub mod laws;
mod model;
mod play;
mod together;

pub use laws::Breach;
pub use model::{Model, ModelLot, Refused};
pub use play::{Play, Step};
pub use together::Between;
