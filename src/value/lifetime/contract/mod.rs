//! Contracts: the end is seen, and comes when one is not renewed. sBG, the shifted beta-geometric model of Fader and Hardie (2007), and the
//! beta-discrete-Weibull model of Fader, Hardie, Liu, Davin and Steenburgh (2018).
//!
//! At each renewal a customer leaves with a chance of their own. Those with a small one remain, so that the retention of a cohort rises
//! with its tenure though nobody grows more loyal. Where the chances themselves fall or rise with tenure as well, beta-discrete-Weibull
//! tells by how much.
//!
//! ```
//! use customer_value::{quantity::Confidence, value::lifetime::{Link, contract::{ContractFamily, ContractModel, TenureCounts}}};
//!
//! // Customers won, and how many of them were left after each renewal (Fader and Hardie 2007, "Regular").
//! let mut counts = TenureCounts::new();
//! counts.push_cohort(&[1000, 631, 468, 382, 326])?;
//! let fit = ContractModel::fit(ContractFamily::ShiftedBetaGeometric, &counts)?;
//! let model = fit.model();
//! assert!(model.retention(0) < 0.64 && model.retention(7) > 0.9);
//! let after_12 = fit.estimate(|m| m.survival(12), Link::Logit, Confidence::P95).unwrap();
//! assert!(after_12.covers(0.173) && after_12.high() < 0.2); // it was 0.173
//! # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
//! ```

mod course;
mod family;
mod kernel;
mod model;
mod ratio_test;
mod simulation;
mod tenure;

pub use course::{Sum, When};
pub use family::ContractFamily;
pub use model::ContractModel;
pub use ratio_test::LikelihoodRatio;
pub use tenure::{Tenure, TenureCounts};
