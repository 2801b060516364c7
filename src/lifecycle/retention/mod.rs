//! Who is still there: retention, churn, survival, and the first signs that a customer is leaving.
//!
//! | question | type |
//! |---|---|
//! | how long do customers stay? | [`Survival`], its [`SurvivalCurve`], and [`LogRank`] for two groups |
//!
//! Everything counts first and divides last. The tallies are whole numbers; they merge in any order and grouping to the same result, so
//! customers may be counted on many machines. What is not yet known is absent, never zero: a customer who is still there has no time of
//! leaving, only a time up to which he or she was seen (right-censoring).
//!
//! Rates come as a [`Share`], exactly, and with an interval as an [`Estimate`](crate::quantity::Estimate). The intervals treat customers
//! as independent draws; nothing here says why they leave.

mod error;
mod log_rank;
mod share;
mod survival;
mod survival_curve;

pub use error::RetentionError;
pub use log_rank::LogRank;
pub use share::Share;
pub use survival::Survival;
pub use survival_curve::{SurvivalCurve, SurvivalPoint, SurvivalTime};
