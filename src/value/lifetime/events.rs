//! The number of events of a Poisson process in some time, where the rate is known or has a gamma distribution.

use crate::numeric::{Odds, incomplete_beta, incomplete_gamma, ln_per_dispersion, ln_rising};

/// A Poisson variable, or a negative binomial one: the mean, and how much the rate disperses (the reciprocal of its shape).
#[derive(Clone, Copy, Debug)]
pub(super) struct Events {
    pub(super) mean: f64,
    pub(super) dispersion: f64,
}

impl Events {
    /// `−ln E[(1 − p)^N]`.
    pub(super) fn thinning(self, p: f64) -> f64 {
        ln_per_dispersion(p * self.mean, self.dispersion)[0]
    }

    /// The probabilities of fewer than n, and of n and more; between whole numbers they are as smooth as the beta and gamma functions.
    pub(super) fn tails(self, n: f64) -> (f64, f64) {
        if n <= 0.0 {
            (0.0, 1.0)
        } else if self.mean <= 0.0 {
            (1.0, 0.0)
        } else if self.dispersion > 0.0 {
            let tau = self.mean * self.dispersion;
            let share = if tau < 1.0 { tau / (1.0 + tau) } else { 1.0 / (1.0 + 1.0 / tau) };
            let (more, fewer) = incomplete_beta(n, 1.0 / self.dispersion, Odds::of(share, 1.0 / (1.0 + tau)));
            (fewer.clamp(0.0, 1.0), more.clamp(0.0, 1.0))
        } else {
            let (more, fewer) = incomplete_gamma(n, self.mean);
            (fewer.clamp(0.0, 1.0), more.clamp(0.0, 1.0))
        }
    }

    /// The probability of exactly n, a whole number.
    pub(super) fn exactly(self, n: f64) -> f64 {
        if self.mean <= 0.0 || n < 0.0 {
            return f64::from(u8::from(n.abs() <= 0.0));
        }
        let of_n = if n > 0.0 {
            ln_rising(n, self.dispersion)[0] + n * (libm::log(self.mean) - libm::log1p(self.dispersion * self.mean))
                - libm::lgamma(n + 1.0)
        } else {
            0.0
        };
        libm::exp(of_n - self.thinning(1.0)).min(1.0)
    }

    /// The standard deviation by the mean.
    pub(super) fn relative_width(self) -> f64 {
        libm::sqrt(1.0 / self.mean + self.dispersion)
    }

    /// A number that is practically never exceeded.
    pub(super) fn ceiling(self) -> f64 {
        2.0 * self.mean + 200.0 * (1.0 + self.mean * self.dispersion)
    }
}
