//! Segments: names for kinds of customers, without an order among them. Grades say how much a customer is worth; segments say who he is.
//!
//! | type | what it takes | how many a customer has |
//! |---|---|---|
//! | [`Segmentation`] | conditions on [`Bases`]: region, age band, occupation, channel, spend, frequency, stage | exactly one |
//! | [`Audiences`] | conditions on [`Bases`] | any number |
//! | [`SegmentTable`] | levels of 1 to 4 dimensions, such as those of RFM | exactly one |
//!
//! Where facts are missing, the answer is which segments are possible. [`rank`] orders prospects by fit.
//!
//! ```
//! use customer_value::{
//!     money::Currency, quantity::{Name, Predicate, Unit}, tier::segments::{Bases, Segment, SegmentError, Segmentation},
//!     value::{Dimension, Direction::HigherIsBetter, Family::Economic},
//! };
//!
//! let spend = Dimension::new("spend", Economic, HigherIsBetter, Unit::Money(Currency::CNY))?;
//! let (of, bound) = (spend.name.clone(), 1_000.into());
//! let small = Segment::new("small", Predicate::AtMost { of: of.clone(), bound })?; // 1000 以下
//! let large = Segment::new("large", Predicate::AtLeast { of, bound })?; // 1000 以上: both include the number
//! let refused = Segmentation::new(Name::new("by spend")?, Bases::new(vec![spend], vec![])?, vec![small, large]);
//! let Err(SegmentError::Overlap { example, .. }) = refused else { return Err("two segments claim a customer".into()) };
//! assert_eq!(example, "spend = 1000");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod audiences;
mod bases;
mod belonging;
mod error;
mod groups;
mod prospects;
mod segmentation;
mod table;

pub use audiences::Audiences;
pub use bases::{Attribute, Bases};
pub use belonging::Belonging;
pub use error::SegmentError;
pub use groups::Segment;
pub use prospects::{Place, rank};
pub use segmentation::Segmentation;
pub use table::{SegmentTable, TableAxis, TableSegment};
