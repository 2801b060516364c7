//! What a customer does who drops out in the course of time.

use super::{
    PurchaseModel, Summary,
    course::{Course, Learned},
    mixture::{Mixture, Part},
};
use alloc::vec;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClockOutlook {}

impl ClockOutlook {
    pub(super) fn of(_: &PurchaseModel, _: Summary) -> (f64, ClockOutlook) {
        (0.0, ClockOutlook {})
    }

    pub(super) fn learned(_: &PurchaseModel, _: Summary, _: f64) -> Learned {
        Learned { rate: Mixture { parts: vec![(1.0, Part::Point(0.0))] }, dropout: None }
    }
}

impl Course for ClockOutlook {
    fn purchases(&self, _: f64) -> f64 {
        0.0
    }

    fn exactly(&self, _: u32, _: f64) -> f64 {
        0.0
    }

    fn any(&self, _: f64) -> f64 {
        0.0
    }

    fn staying(&self, _: f64) -> f64 {
        0.0
    }

    fn mean_life(&self) -> f64 {
        0.0
    }
}
