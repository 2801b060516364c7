//! Exact money: currencies, amounts, named roundings, rates, and division without loss.
//!
//! An amount is a whole number of its currency's smallest unit, so sums are exact, cheap and independent of order. The public face
//! speaks [`Decimal`](rust_decimal::Decimal); nothing here knows a floating-point number except [`Ratio::to_f64`], which is for
//! statistics.
//!
//! ```
//! use customer_value::money::{Currency, Money};
//!
//! let price = Money::new("19.99".parse()?, Currency::GBP)?;
//! let total = price.try_mul(3)?;
//! assert_eq!(total.to_string(), "59.97 GBP");
//!
//! let parts = total.allocate(&[1, 1])?;
//! assert_eq!(parts[0].to_string(), "29.99 GBP"); // the odd penny goes to the first
//! assert_eq!(parts[1].to_string(), "29.98 GBP");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod amount;
mod apportion;
mod currency;
pub(crate) mod decimal;
mod error;
mod exchange;
mod ratio;
mod rounding;

pub use amount::Money;
pub(crate) use apportion::{apportion, hand_out};
pub use currency::Currency;
pub use error::MoneyError;
pub use exchange::{ExchangeRate, RateTable, Rates};
pub use ratio::Ratio;
pub use rounding::Rounding;
