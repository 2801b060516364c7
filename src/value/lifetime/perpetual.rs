//! Purchases to come without end, discounted continuously, where each may be the last: a mean over the rate alone.

use super::chance::Chance;
use crate::numeric::{beyond_stirling, hypergeometric, log1p_gap};

/// A customer who is alive: events at this mean rate and dispersion, given none since the last purchase; the probabilities of 0, 1, …
/// k − 1 since; and the chance of every purchase to be the last.
pub(super) struct Perpetuity<'a> {
    pub(super) rate: f64,
    pub(super) dispersion: f64,
    pub(super) hidden: &'a [f64],
    pub(super) chance: Chance,
}

impl Perpetuity<'_> {
    /// The expected purchases, each times e^(−δt).
    ///
    /// At a rate λ the next event is discounted by `g = λ/(λ + δ)`, and so the n-th purchase after j events by `g^(nk − j)`; with the
    /// chance that it is made, they are `Σ E[(1 − p)^(n − 1)] g^(nk − j) = g^(k − j) · E[1/(1 − (1 − p)gᵏ)]` together. The mean over the
    /// rate is taken by the trapezoidal rule in ln λ, where it converges exponentially (Trefethen and Weideman 2014): there is no
    /// singularity where |Im ln λ| < π/2.
    pub(super) fn discounted(&self, delta: f64) -> f64 {
        let Perpetuity { rate, dispersion, hidden, .. } = *self;
        let k = hidden.iter().fold(0.0, |k, _| k + 1.0);
        if dispersion <= 1e-20 {
            return self.at(1.0, k, delta / rate);
        }
        let shape = 1.0 / dispersion;
        // Γ(s) = √(2π/s) (s/e)ˢ exp(beyond).
        let top = libm::sqrt(shape / core::f64::consts::TAU) * libm::exp(-beyond_stirling(dispersion)[0]);
        let step = (0.55 / libm::sqrt(shape + 1.25 * k)).min(0.25);
        // In units of the mean rate: more than that has no weight, not even after k − 1 events.
        let spread = libm::sqrt(dispersion * (1.0 + k * dispersion));
        let mut y = libm::log1p(12.0 * spread + dispersion * (k + 60.0));
        let mut sum = 0.0;
        loop {
            let above = libm::expm1(y);
            let density = libm::exp(-shape * log1p_gap(above, || y));
            let term = density * self.at(1.0 + above, k, delta / rate);
            sum += term;
            if term <= 1e-18 * sum {
                return top * step * sum;
            }
            y -= step;
        }
    }

    /// At a rate of so many times the mean, and a discount of so much of the mean.
    fn at(&self, times: f64, k: f64, delta: f64) -> f64 {
        let log = libm::log1p(delta / times);
        let (discount, all, rest) = (libm::exp(-log), libm::exp(-k * log), -libm::expm1(-k * log));
        // After j events such a rate is more probable by Π t/(1 + iφ), i < j.
        let (mut sum, mut power, mut j) = (0.0, 1.0, k);
        for weight in self.hidden.iter().rev() {
            j -= 1.0;
            power *= discount;
            sum = weight * power + times / (1.0 + j * self.dispersion) * sum;
        }
        sum * match self.chance {
            Chance::Never => 1.0 / rest,
            Chance::Alike(p) => 1.0 / (rest + p * all),
            Chance::Beta(a, b) => hypergeometric(b, a + b, all, rest),
        }
    }
}
