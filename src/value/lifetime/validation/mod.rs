//! How good a model is: what it says of a later time than it was fitted on, against what happened, and against other models.
//!
//! A [`Split`] cuts the histories at the close of a day. What was known then makes the summaries that models are fitted on; what came
//! after, up to the end, is held out. A [`Holdout`] is the table of both, for any number of customers, and tables merge. A model is asked
//! with [`Forecasts`] (errors, bins, probabilities, active or not), with [`Tracking`] (the cohort period by period) and beside others with
//! [`HoldoutChoice`]; [`Baseline`] and [`Hiatus`] are what it has to beat. [`Comparison`] and [`LikelihoodRatio`] compare fits by their
//! likelihood alone, without a holdout.
//!
//! The unit of a purchase is the day, as in [`RepeatPurchases`](crate::value::RepeatPurchases): what a customer bought on one day is one
//! purchase, and how many were merged is [said](Holdout::merged). The first day opens a customer's observation: in NBD, Pareto/NBD,
//! GGom/NBD and BG/NBD nothing is learned from it, in MBG/NBD it may have been the last; its value is in no mean.
//!
//! ```
//! use customer_value::{calendar::from_day_number, customer::{OrderColumns, ReturnPolicy}, money::Currency};
//! use customer_value::value::lifetime::{PurchaseModel, TimeUnit, validation::{Baseline, Forecasts, HoldoutColumns, Split}};
//!
//! let customer = [1, 1, 1, 2, 2, 2, 3, 4];
//! let day = [0, 30, 55, 10, 10, 40, 20, 90];
//! let orders = OrderColumns::new(&customer, &day, &[10_00; 8], Currency::USD)?;
//! let split = Split::new(from_day_number(50)?, from_day_number(100)?)?;
//! let held_out = HoldoutColumns::collect(&orders, split, ReturnPolicy::STRICT)?;
//! assert_eq!((held_out.keys(), held_out.table().late()), (&[1, 2, 3][..], 1));
//! assert_eq!((held_out.rows()[0].calibration.x, held_out.rows()[0].purchases), (1, 1));
//! assert_eq!(held_out.table().merged(), 1); // two purchases of customer 2 on day 10
//!
//! let model = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
//! let errors = Forecasts::of(&model, held_out.table())?.errors();
//! let naive = Baseline::SameRate.errors(held_out.table())?;
//! assert!(errors.relative_to(&naive)?.root_mean_square.unwrap() < 1.0);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod baseline;
mod bins;
mod choice;
mod columns;
mod comparison;
mod confusion;
mod error;
mod forecasts;
mod likelihood_ratio;
mod reliability;
mod split;
mod table;
mod tracking;

pub use baseline::{Baseline, Hiatus};
pub use bins::{Bin, By};
pub use choice::{ChosenBy, HoldoutChoice, HoldoutScore};
pub use columns::HoldoutColumns;
pub use comparison::{Candidate, Comparison, Criterion, Ranked};
pub use confusion::Confusion;
pub use error::ValidationError;
pub use forecasts::{Forecast, ForecastErrors, Forecasts, RelativeErrors};
pub use likelihood_ratio::{LikelihoodRatio, Null};
pub use reliability::ReliabilityBin;
pub use split::Split;
pub use table::{HeldOut, Holdout, HoldoutRow};
pub use tracking::{Tracked, Tracking};
