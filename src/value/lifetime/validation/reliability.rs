use super::Forecasts;
use crate::{
    numeric::{Share, count, normal_tail},
    quantity::{Confidence, Estimate},
};
use alloc::vec::Vec;
use core::num::NonZeroU8;

/// Customers to whom a model gave about the same probability to buy in the holdout, and how many did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliabilityBin {
    /// The least probability in it.
    pub from: f64,
    /// The least probability beyond it; the last bin holds 1 too.
    pub until: f64,
    /// How many customers it holds.
    pub customers: u64,
    /// How many bought in the holdout.
    pub active: u64,
    /// The mean of their probabilities; `None` without customers.
    pub expected: Option<f64>,
    /// The share who bought, with its Wilson interval; `None` without customers.
    pub observed: Option<Estimate>,
}

impl ReliabilityBin {
    /// Whether the interval of the share who bought holds the mean probability; `None` without customers.
    pub fn agrees(&self) -> Option<bool> {
        Some(self.observed?.covers(self.expected?))
    }
}

impl Forecasts<'_> {
    /// Whether probabilities mean what they say: among customers who buy in the holdout with probability 0.3, three in ten should. The
    /// range 0 to 1 is cut into bins of equal width; an empty bin stays.
    #[doc(alias = "calibration plot")]
    #[doc(alias = "reliability diagram")]
    pub fn reliability(&self, bins: NonZeroU8, confidence: Confidence) -> Vec<ReliabilityBin> {
        let (last, z) = (bins.get() - 1, normal_tail(confidence.tail()));
        let edge = |i: u8| f64::from(i) / f64::from(bins.get());
        let bin = |i: u8| {
            let (from, until) = (edge(i), if i == last { 1.0 } else { edge(i + 1) });
            let inside = self.with_rows().filter(|(forecast, _)| forecast.active >= from && (i == last || forecast.active < until));
            let (customers, active, sum) = inside.fold((0, 0, 0.0), |(customers, active, sum), (forecast, row)| {
                (customers + row.customers, active + row.active, sum + count(row.customers) * forecast.active)
            });
            let observed = (customers > 0).then(|| Share::wilson(active, customers, z));
            ReliabilityBin {
                from,
                until,
                customers,
                active,
                expected: (customers > 0).then(|| sum / count(customers)),
                observed: observed.and_then(|share| Estimate::new(share.value, share.low, share.high, confidence).ok()),
            }
        };
        (0..=last).map(bin).collect()
    }
}
