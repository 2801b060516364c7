//! Who is still there: retention, churn, survival, and the first signs that a customer is leaving.
//!
//! | question | type |
//! |---|---|
//! | who of the customers won in a month buys in the months after? | [`CohortTable`] |
//! | who buys a second time? | [`Repurchase`] |
//! | how many contracts were lost in a period, and why? | [`Churn`], [`ChurnReasons`] |
//! | what do the customers of last year bring this year? | [`RevenueRetention`] |
//! | is this customer silent for longer than usual, and why do we think so? | [`EarlyWarning`] on a [`Rhythm`], [`Warning::decision`] |
//! | how long do customers stay? | [`Survival`], its [`SurvivalCurve`], and [`LogRank`] for two groups |
//!
//! Everything counts first and divides last. The tallies are whole numbers; they merge in any order and grouping to the same result, so
//! customers may be counted on many machines. What is not yet known is absent, never zero: a customer who is still there has no time of
//! leaving, only a time up to which he or she was seen (right-censoring).
//!
//! Rates come as a [`Share`](crate::quantity::Share), exactly, and with an interval as an [`Estimate`](crate::quantity::Estimate). The
//! intervals treat customers as independent draws; nothing here says why they leave.

mod churn;
mod churn_reasons;
mod cohort_table;
mod error;
mod log_rank;
mod repurchase;
mod revenue;
mod rhythm;
mod survival;
mod survival_curve;
mod warning_reasons;

pub use churn::Churn;
pub use churn_reasons::ChurnReasons;
pub use cohort_table::{Cohort, CohortTable};
pub use error::RetentionError;
pub use log_rank::LogRank;
pub use repurchase::Repurchase;
pub use revenue::RevenueRetention;
pub use rhythm::{EarlyWarning, Rhythm, Signal, Warning};
pub use survival::Survival;
pub use survival_curve::{SurvivalCurve, SurvivalPoint, SurvivalTime};

use crate::{calendar::Period, customer::Purchases};
use chrono::NaiveDate;

/// The first day with a purchase and the others, of purchases that were settled as of that day; `None` without purchases.
fn purchase_days(
    purchases: &Purchases,
    as_of: NaiveDate,
) -> Result<Option<(NaiveDate, impl Iterator<Item = NaiveDate>)>, RetentionError> {
    if purchases.as_of() != as_of {
        return Err(RetentionError::OtherDay { purchases: purchases.as_of(), as_of });
    }
    Ok(purchases.days().split_first().map(|(first, others)| (first.on, others.iter().map(|day| day.on))))
}

/// Whether the last day of the period has closed.
fn is_over(period: Period, as_of: NaiveDate) -> bool {
    period.until().pred_opt().is_some_and(|last| last <= as_of)
}
