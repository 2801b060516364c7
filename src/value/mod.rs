//! What a customer is worth: dimensions of value, the facts that fill them, and how value is spread over customers.
//!
//! Two families of summary are made from the same [`Purchases`](crate::customer::Purchases), and are different types, because their
//! words clash: in [`Rfm`] *recency* is the age of the last purchase; in [`RepeatPurchases`], which feeds probability models, it is the
//! time from the first purchase to the last.
//!
//! All of this is value to the enterprise. The customer's own side of it, from delivered value to satisfaction, is [`perceived`]; nothing
//! converts between the two; [`TwoSides`] puts them beside each other.
//!
//! ```
//! use customer_value::{calendar::{Window, from_day_number}, customer::{OrderColumns, ReturnPolicy}, money::Currency,
//!     value::{Concentration, RfmColumns}};
//!
//! let (customer, day, pence) = ([1, 2, 3, 4, 1], [18_993, 18_994, 18_995, 18_996, 19_000], [60_00, 5_00, 5_00, 10_00, 20_00]);
//! let orders = OrderColumns::new(&customer, &day, &pence, Currency::GBP)?;
//! let rfm = RfmColumns::collect(&orders, from_day_number(19_010)?, Window::Months(12), ReturnPolicy::STRICT)?;
//!
//! let spread = Concentration::of(&rfm.monetary())?;
//! assert_eq!(spread.top_share("0.25".parse()?)?.to_string(), "0.8"); // one customer of four holds 80 %
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod assessment;
mod concentration;
mod dimension;
pub mod economics;
mod facts;
pub mod lifetime;
pub mod markov;
pub mod perceived;
mod repeat;
mod rfm;
mod sheet;
mod table;
mod two_sides;

pub use assessment::{Assessment, AssessmentError, Assessments, Validity};
pub use concentration::{AbcClass, Concentration, ConcentrationError, LorenzPoint};
pub(crate) use dimension::Misread;
pub use dimension::{Dimension, Direction, Family};
pub use facts::Facts;
pub use repeat::{RepeatColumns, RepeatPurchases};
pub use rfm::{Rfm, RfmColumns};
pub use sheet::FactSheet;
pub(crate) use table::Field;
pub use table::{Row, Table, TableError};
pub use two_sides::{Exchange, ExchangeError, Gains, TwoSides};
