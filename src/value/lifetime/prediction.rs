use crate::quantity::Confidence;

/// A number of purchases that is expected, and the range that holds the true one with at least the confidence. This is what chance leaves
/// open; how uncertain the model's parameters leave the expectation, is told by [`Fit::estimate`](super::Fit::estimate).
#[doc(alias = "prediction interval")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    mean: f64,
    low: u32,
    high: u32,
    confidence: Confidence,
}

impl Prediction {
    /// The expected number.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The least number in the range; `u32::MAX` likewise.
    pub const fn low(&self) -> u32 {
        self.low
    }

    /// The greatest number in the range; `u32::MAX` stands for that many and more.
    pub const fn high(&self) -> u32 {
        self.high
    }

    /// How probable the range is, at least.
    pub const fn confidence(&self) -> Confidence {
        self.confidence
    }
}

/// So many probabilities are added up one by one; beyond, quantiles are found by halves.
const FEW: u32 = 64;

/// The numbers between two quantiles: at most a tail below, at most a tail above. `at_least` gives the probability of so many and more.
pub(super) fn range(mean: f64, confidence: Confidence, exactly: impl Fn(u32) -> f64, at_least: impl Fn(f64) -> f64) -> Prediction {
    let tail = confidence.tail();
    let (low, high) = added(tail, FEW, exactly);
    let low = low.unwrap_or_else(|| least(FEW, |n| at_least(f64::from(n) + 1.0) < 1.0 - tail));
    let high = high.unwrap_or_else(|| least(FEW, |n| at_least(f64::from(n) + 1.0) <= tail));
    Prediction { mean, low, high: high.max(low), confidence }
}

/// The same of a number that is at most this.
pub(super) fn range_up_to(most: u16, mean: f64, confidence: Confidence, exactly: impl Fn(u32) -> f64) -> Prediction {
    let most = most.into();
    let (low, high) = added(confidence.tail(), most, exactly);
    Prediction { mean, low: low.unwrap_or(most), high: high.unwrap_or(most), confidence }
}

/// The two quantiles, where they are at most this.
fn added(tail: f64, most: u32, exactly: impl Fn(u32) -> f64) -> (Option<u32>, Option<u32>) {
    let (mut low, mut below) = (None, 0.0);
    for n in 0..=most {
        below += exactly(n);
        if low.is_none() && below > tail {
            low = Some(n);
        }
        if below >= 1.0 - tail {
            return (low, Some(n));
        }
    }
    (low, None)
}

/// The least number from one on that is enough, where all greater ones are as well; `u32::MAX` if none is.
fn least(from: u32, enough: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (from, from);
    while high < u32::MAX && !enough(high) {
        (low, high) = (high, high.saturating_mul(2));
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}
