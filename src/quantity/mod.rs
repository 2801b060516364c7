//! What a number counts, the interval it lies in, the three faces of absence, conditions on all of them, shares, and estimates with
//! their uncertainty.
//!
//! ```
//! use customer_value::{money::{Currency, Money}, quantity::{Fact, Quantity, Unit}};
//!
//! let sales = Quantity::from(Money::from_minor(12_000_00, Currency::CNY));
//! assert_eq!(sales.unit, Unit::Money(Currency::CNY));
//! assert_ne!(Fact::Known(Quantity::count(0)), Fact::Unknown);
//! ```

mod column;
mod estimate;
mod fact;
pub(crate) mod float;
mod interval;
mod name;
mod predicate;
mod share;
mod unique;
mod unit;

pub use column::Column;
pub use estimate::{Confidence, ConfidenceError, Estimate, EstimateError, MoneyEstimate};
pub use fact::{Fact, Source, SourceError};
pub use interval::{Interval, Ties};
pub use name::{Name, NameError};
pub use predicate::Predicate;
pub(crate) use predicate::Seen;
pub use share::{Share, ShareError};
pub(crate) use unique::{UniqueKeys, some_unique_keys, unique_keys};
pub use unit::{Quantity, Unit};
