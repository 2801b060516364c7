//! What a number counts, the interval it lies in, and the three faces of absence.
//!
//! ```
//! use customer_value::{money::{Currency, Money}, quantity::{Fact, Quantity, Unit}};
//!
//! let sales = Quantity::from(Money::from_minor(12_000_00, Currency::CNY));
//! assert_eq!(sales.unit, Unit::Money(Currency::CNY));
//! assert_ne!(Fact::Known(Quantity::count(0)), Fact::Unknown);
//! ```

mod column;
mod fact;
mod interval;
mod name;
mod unit;

pub use column::Column;
pub use fact::Fact;
pub use interval::{Interval, Ties};
pub use name::{Name, NameError};
pub use unit::{Quantity, Unit};
