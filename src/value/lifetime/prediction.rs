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

    /// The least number in the range.
    pub const fn low(&self) -> u32 {
        self.low
    }

    /// The greatest number in the range.
    pub const fn high(&self) -> u32 {
        self.high
    }

    /// How probable the range is, at least.
    pub const fn confidence(&self) -> Confidence {
        self.confidence
    }
}

/// The numbers between two quantiles: at most a tail below, at most a tail above.
pub(super) fn range(mean: f64, confidence: Confidence, exactly: impl Fn(u32) -> f64) -> Prediction {
    let tail = confidence.tail();
    // By Markov's inequality no more than this is needed, and a customer who buys more often than that a day is none.
    let most = (mean / tail).min(1e6);
    let (mut low, mut n, mut below) = (None, 0, exactly(0));
    loop {
        if low.is_none() && below > tail {
            low = Some(n);
        }
        if below >= 1.0 - tail || f64::from(n) >= most {
            break;
        }
        n += 1;
        below += exactly(n);
    }
    Prediction { mean, low: low.unwrap_or(n), high: n, confidence }
}
