//! What points mean in the books: revenue that is deferred, and points that will never be redeemed.
//!
//! A point that was sold along with goods is a *material right*: a part of the price was paid for it, and that part is revenue when the
//! point is redeemed, not before (IFRS 15, B39–B43 and B44–B47; ASC 606-10-55-41 to 55-49). [`allocate`] divides a price,
//! [`DeferredRevenue`] recognises it, and [`Breakage`] estimates from [`Cohorts`] how many points will be redeemed.
//! [`RollForward`] and [`ExpirySchedule`] say what the balance of points did and will do, in points and in money.
//!
//! ```
//! use customer_value::loyalty::{Points, accounting::{DeferredRevenue, PointsAlone, allocate}};
//! use customer_value::money::Rounding;
//!
//! // A ticket for 800, with 2,000 miles of 0.012 each, of which 80 % are expected to be redeemed.
//! let miles = PointsAlone::new(Points::new(2_000), "0.012".parse()?, "0.8".parse()?)?;
//! let parts = allocate("800.00 USD".parse()?, "800.00 USD".parse()?, &miles)?;
//! assert_eq!((parts.goods().to_string(), parts.points().to_string()), ("781.25 USD".into(), "18.75 USD".into()));
//!
//! let mut deferred = DeferredRevenue::new(parts.points(), Points::new(1_600), Rounding::HalfUp)?;
//! assert_eq!(deferred.catch_up(Points::new(400), Points::new(1_600))?, "4.69 USD".parse()?);
//! assert_eq!(deferred.liability(), "14.06 USD".parse()?);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod allocation;
mod breakage;
mod cohort_log;
mod cohorts;
mod deferred;
mod error;
mod expiry_schedule;
mod roll_forward;

pub use allocation::{Allocation, PointsAlone, allocate};
pub use breakage::{Breakage, Development};
pub use cohorts::{Cohort, Cohorts, Movement};
pub use deferred::DeferredRevenue;
pub use error::AccountingError;
pub use expiry_schedule::{ExpirySchedule, MoneySchedule};
pub use roll_forward::{Flow, MoneyRollForward, RollForward};
