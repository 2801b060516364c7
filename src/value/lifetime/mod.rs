//! Lifetime value: probability models of when a customer buys, whether they still do, and what that is worth.
//!
//! A model of a [`Family`] is fitted on a table of [`Summary`] counts ([`PurchaseModel::fit`]); asked of a customer, known or new, it
//! gives an [`Outlook`]: how probably they are still one, how much they will buy and by when, how long they will stay, what was learned of
//! them. What a purchase is worth is a model of its own ([`GammaGamma`], or [`NormalNormal`] where amounts may be below zero); the two
//! together, discounted, are money: [`ValueTerms`] and [`CustomerEquity`]. Histories and horizons are in whole days everywhere; only the
//! parameters have a unit of time of their own, and it is declared.
//!
//! Three kinds of uncertainty have three types: [`Estimate`](crate::quantity::Estimate) for what the parameters leave open
//! ([`Fit::estimate`]), [`Prediction`] for what chance leaves open, [`Posterior`] for what is not known of one customer. A fit whose data
//! ask for a simpler model *is* that model, and its [`Limit`] says so.
//!
//! [`validation`] tests a model on a time that it has not seen, [`discrete`] has models of given opportunities, [`contract`] those of
//! renewals; [`CovariateModel`] takes in what else is known, [`Priors`] help small samples, and [`PurchaseModel::simulate`] makes
//! customers.
//!
//! ```
//! use customer_value::{quantity::Confidence, value::lifetime::{Family, PurchaseCounts, PurchaseModel, Summary, TimeUnit}};
//!
//! // Repeats, day of the last, day of observation, customers.
//! let table = [
//!     (0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 60, 268, 5), (2, 213, 272, 6), (4, 250, 265, 4), (9, 120, 270, 2),
//! ];
//! let mut counts = PurchaseCounts::new();
//! for (x, t_x, t, customers) in table {
//!     counts.push(Summary::new(x, t_x, t)?, customers)?;
//! }
//! let fit = PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::WEEK)?;
//! assert!(fit.limits().is_empty() && fit.gradient() < 1e-8);
//! let estimates = fit.estimates(Confidence::P95).unwrap();
//! assert!(estimates[0].low() > 0.0);
//!
//! let (steady, gone) = (Summary::new(4, 250, 265)?, Summary::new(9, 120, 270)?);
//! let [steady, gone] = [steady, gone].map(|customer| fit.model().outlook(customer));
//! assert!(steady.alive() > 0.7 && gone.alive() < 0.1);
//! assert!(steady.purchases(90) > gone.purchases(90));
//! # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
//! ```

mod amount_counts;
mod ascent;
mod beta;
mod bootstrap;
mod chance;
mod climb;
mod clock;
mod clock_outlook;
mod coin;
mod coin_outlook;
pub mod contract;
mod count_table;
mod counts;
mod course;
mod covariates;
mod discount;
pub mod discrete;
mod equity;
mod error;
mod events;
mod expectation;
mod family;
mod fit;
mod fitting;
mod gamma_gamma;
mod gamma_gamma_fit;
mod gaps;
mod hidden;
mod in_time;
mod life;
mod limit;
mod living;
mod memo;
mod mixture;
mod model;
mod normal_normal;
mod normal_normal_fit;
mod outlook;
mod outlooks;
mod parametric;
mod pareto;
mod period_discount;
mod perpetual;
mod prediction;
mod prior;
mod revenue;
mod rhythm;
mod simulation;
mod spend_counts;
mod spend_table;
mod spending;
mod spending_simulation;
mod spread;
pub mod validation;
mod value_counts;
mod variates;
mod worth;

pub use amount_counts::AmountCounts;
pub use bootstrap::Bootstrap;
pub use counts::{PurchaseCounts, Summary, TimeUnit};
pub use covariates::{CovariateCounts, CovariateModel};
pub use discount::{Discount, DiscountRate, FallsDue, Horizon, RatePeriod};
pub use equity::{CustomerEquity, ValueWarning};
pub use error::LifetimeError;
pub use family::Family;
pub use fit::Fit;
pub use gamma_gamma::GammaGamma;
pub use gaps::{GapCounts, RegularityFit};
pub use life::Life;
pub use limit::Limit;
pub use model::{Dropout, PurchaseModel};
pub use normal_normal::NormalNormal;
pub use outlook::{Outlook, Posterior};
pub use outlooks::Outlooks;
pub use parametric::{Link, Parameter, Parametric};
pub use period_discount::PeriodDiscount;
pub use prediction::Prediction;
pub use prior::{Prior, Priors};
pub use revenue::SpendPrediction;
pub use spend_counts::SpendCounts;
pub use spending::{MeanSpend, SpendBasis, Spending, Spent};
pub use spread::{Chances, Rates};
pub use value_counts::ValueCounts;
pub use worth::{CustomerValue, FirstPurchase, ValueTerms};
