//! The number of events of a Poisson process in some time, where the rate is known or has a gamma distribution.

use crate::numeric::{Odds, beta_front, gamma_front, incomplete_beta, incomplete_gamma};
use alloc::{vec, vec::Vec};

/// A Poisson variable, or a negative binomial one: the mean, and how much the rate disperses (the reciprocal of its shape).
#[derive(Clone, Copy, Debug)]
pub(super) struct Events {
    pub(super) mean: f64,
    pub(super) dispersion: f64,
}

impl Events {
    /// `−ln E[(1 − p)^N]`: `ln(1 + φpμ)/φ`, which loses no digits but where φ is 0.
    pub(super) fn thinning(self, p: f64) -> f64 {
        let Events { mean, dispersion } = self;
        if dispersion > 1e-100 { libm::log1p(dispersion * p * mean) / dispersion } else { p * mean }
    }

    /// The probabilities of fewer than n, and of n and more; between whole numbers they are as smooth as the beta and gamma functions.
    pub(super) fn tails(self, n: f64) -> (f64, f64) {
        if n <= 0.0 {
            (0.0, 1.0)
        } else if self.mean <= 0.0 {
            (1.0, 0.0)
        } else if self.dispersion > 0.0 {
            let (more, fewer) = incomplete_beta(n, 1.0 / self.dispersion, self.odds());
            (fewer.clamp(0.0, 1.0), more.clamp(0.0, 1.0))
        } else {
            let (more, fewer) = incomplete_gamma(n, self.mean);
            (fewer.clamp(0.0, 1.0), more.clamp(0.0, 1.0))
        }
    }

    /// The share τ/(1 + τ) of the time to come in all time, counted since the rate was gamma with scale 1.
    fn odds(self) -> Odds {
        let tau = self.mean * self.dispersion;
        let share = if tau < 1.0 { tau / (1.0 + tau) } else { 1.0 / (1.0 + 1.0 / tau) };
        Odds::of(share, 1.0 / (1.0 + tau))
    }

    /// The probability of exactly n; between whole numbers it is as smooth as the tails.
    pub(super) fn exactly(self, n: f64) -> f64 {
        if self.mean <= 0.0 || n < 0.0 {
            f64::from(u8::from(n.abs() <= 0.0))
        } else if n <= 0.0 {
            libm::exp(-self.thinning(1.0))
        } else if self.dispersion > 0.0 {
            (beta_front(n, 1.0 / self.dispersion, self.odds()) / n).min(1.0)
        } else {
            gamma_front(n, self.mean).min(1.0)
        }
    }

    /// The probability of n + 1 by that of n.
    fn ratio(self, n: f64) -> f64 {
        self.mean / (1.0 + self.dispersion * self.mean) * ((1.0 + self.dispersion * n) / (n + 1.0))
    }

    /// The probabilities of all numbers from one on to below another: of the most likely, and from it of the others.
    pub(super) fn each(self, from: f64, to: f64) -> Vec<f64> {
        let top = libm::floor(self.mean).clamp(from, to - 1.0);
        let at_top = self.exactly(top);
        let (mut each, mut at, mut n) = (vec![at_top], at_top, top);
        while n > from {
            n -= 1.0;
            at /= self.ratio(n);
            each.push(at);
        }
        each.reverse();
        (at, n) = (at_top, top);
        while n < to - 1.0 {
            at *= self.ratio(n);
            n += 1.0;
            each.push(at);
        }
        each
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
