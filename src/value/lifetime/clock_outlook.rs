//! What a customer does who drops out in the course of time.

use super::{PurchaseModel, Rates, Summary};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClockOutlook {}

impl ClockOutlook {
    pub(super) fn of(_: &PurchaseModel, _: Rates, _: f64, _: Summary) -> (f64, ClockOutlook) {
        (0.0, ClockOutlook {})
    }

    pub(super) fn purchases(&self, _: f64) -> f64 {
        0.0
    }
}
