//! Whether a treatment helped, by how much, and what it made: two arms, one treated and one left alone.
//!
//! The arms must be comparable: customers are put into one or the other by chance, not by grade or by wish. Then [`Conversions`] compare
//! shares, [`Amounts`] compare money per customer. Both merge, whatever the order and the splitting of customers.
//!
//! ```
//! use customer_value::{
//!     money::{Money, Rounding},
//!     quantity::Confidence,
//!     tier::effect::{Conversions, difference, gain},
//! };
//!
//! let (treated, control) = (Conversions::new(56, 70)?, Conversions::new(48, 80)?);
//! let more = difference(&treated, &control, Confidence::P95)?;
//! assert_eq!(format!("{:.4} ({:.4} to {:.4})", more.value(), more.low(), more.high()), "0.2000 (0.0524 to 0.3339)");
//!
//! let (margin, cost): (Money, Money) = ("30 EUR".parse()?, "20000 EUR".parse()?);
//! let made = gain(&more, margin, 10_000, cost, Rounding::HalfEven)?;
//! assert_eq!(made.to_string(), "40000.00 EUR (-4270.56 EUR to 80161.80 EUR, 95 %)");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod amounts;
mod conversions;
mod error;

pub use amounts::{Amounts, MeanDifference};
pub use conversions::{Conversions, difference, gain, lift};
pub use error::EffectError;
