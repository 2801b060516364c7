use crate::numeric::{Odds, beta_quantile, gamma_quantile, incomplete_beta, incomplete_gamma};
use alloc::vec::Vec;

/// A distribution of one customer's own number: a mixture of gamma or of beta distributions, or of single values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mixture {
    /// Weights, which add up to one, and what they weigh.
    pub(super) parts: Vec<(f64, Part)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    /// Shape and rate.
    Gamma(f64, f64),
    Beta(f64, f64),
    Point(f64),
}

impl Part {
    fn mean(self) -> f64 {
        match self {
            Part::Gamma(shape, rate) => shape / rate,
            Part::Beta(a, b) => a / (a + b),
            Part::Point(value) => value,
        }
    }

    fn variance(self) -> f64 {
        match self {
            Part::Gamma(shape, rate) => shape / rate / rate,
            Part::Beta(a, b) => a / (a + b) * (b / (a + b)) / (a + b + 1.0),
            Part::Point(_) => 0.0,
        }
    }

    /// The probability of at most a value.
    fn below(self, value: f64) -> f64 {
        match self {
            Part::Gamma(shape, rate) => incomplete_gamma(shape, rate * value).0,
            Part::Beta(a, b) if value < 1.0 => incomplete_beta(a, b, Odds::of(value, 1.0 - value)).0,
            Part::Beta(..) => 1.0,
            Part::Point(at) => f64::from(u8::from(at <= value)),
        }
    }

    fn quantile(self, share: f64) -> f64 {
        match self {
            Part::Gamma(shape, rate) => gamma_quantile(shape, share) / rate,
            Part::Beta(a, b) => beta_quantile(a, b, share).share,
            Part::Point(value) => value,
        }
    }
}

impl Mixture {
    pub(super) fn mean(&self) -> f64 {
        self.parts.iter().map(|(weight, part)| weight * part.mean()).sum()
    }

    pub(super) fn variance(&self) -> f64 {
        let mean = self.mean();
        let part = |(weight, part): &(f64, Part)| weight * (part.variance() + (part.mean() - mean) * (part.mean() - mean));
        self.parts.iter().map(part).sum()
    }

    pub(super) fn below(&self, value: f64) -> f64 {
        self.parts.iter().map(|(weight, part)| weight * part.below(value)).sum::<f64>().clamp(0.0, 1.0)
    }

    /// The least value that is not exceeded with this probability: between the parts' own quantiles, by halving.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        let own = self.parts.iter().filter(|(weight, _)| *weight > 0.0).map(|(_, part)| part.quantile(share));
        let (mut low, mut high) = own.fold((f64::INFINITY, 0.0), |(low, high), q| (f64::min(low, q), f64::max(high, q)));
        while low < high {
            // Over many orders of magnitude the halves are those of the logarithm.
            let middle = if low > 0.0 && high > 2.0 * low { libm::sqrt(low) * libm::sqrt(high) } else { f64::midpoint(low, high) };
            if middle <= low || middle >= high {
                break;
            }
            if self.below(middle) < share {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}
