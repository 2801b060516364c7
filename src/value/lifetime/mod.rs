//! Lifetime value: probability models of when a customer buys, and whether they still do.
//!
//! A model is fitted on a table of [`Summary`] counts, by maximum likelihood, and then answers for any customer: how probably they are
//! still one ([`BgNbd::probability_alive`]), how much they will buy ([`BgNbd::expected_purchases`]). What a purchase
//! is worth is a model of its own, fitted on [`SpendCounts`] ([`GammaGamma::mean`]). Histories and horizons are in whole
//! days everywhere; only the parameters have a unit of time of their own, and it is declared.
//!
//! ```
//! use customer_value::{quantity::Confidence, value::lifetime::{BgNbd, Dropout, PurchaseCounts, Summary, TimeUnit}};
//!
//! // Repeats, day of the last, day of observation, customers.
//! let table = [
//!     (0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 60, 268, 5), (2, 213, 272, 6), (4, 250, 265, 4), (9, 120, 270, 2),
//! ];
//! let mut counts = PurchaseCounts::new();
//! for (x, t_x, t, customers) in table {
//!     counts.push(Summary::new(x, t_x, t)?, customers)?;
//! }
//! let fit = BgNbd::fit(&counts, Dropout::AfterRepeats, TimeUnit::WEEK)?;
//! assert!(fit.limits().is_empty() && fit.gradient() < 1e-8);
//! let estimates = fit.estimates(Confidence::P95).unwrap();
//! assert!(estimates[0].low() > 0.0);
//!
//! let (steady, gone) = (Summary::new(4, 250, 265)?, Summary::new(9, 120, 270)?);
//! let model = fit.model();
//! assert!(model.probability_alive(steady) > 0.7 && model.probability_alive(gone) < 0.1);
//! assert!(model.expected_purchases(steady, 90) > model.expected_purchases(gone, 90));
//! # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
//! ```

mod bg_nbd;
mod counts;
mod error;
mod expectation;
mod fit;
mod likelihood;
mod spending;

pub use bg_nbd::{BgNbd, Dropout};
pub use counts::{PurchaseCounts, Summary, TimeUnit};
pub use error::LifetimeError;
pub use fit::{Fit, Limit};
pub use spending::{GammaGamma, MeanSpend, SpendCounts};
