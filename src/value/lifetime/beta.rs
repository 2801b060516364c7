//! A chance that differs between customers, and what a run of it comes to.

use super::{Chances, mixture::Part, spread::Spread, variates::Variates};
use crate::numeric::{hypergeometric, ln_beta_ratio};

/// A chance by its mean, the mean's complement and its dispersion 1/(a + b): the same for all customers where that is 0, and never where
/// the mean is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Beta {
    pub(super) yes: f64,
    pub(super) no: f64,
    pub(super) dispersion: f64,
}

impl Beta {
    pub(super) const NEVER: Beta = Beta { yes: 0.0, no: 1.0, dispersion: 0.0 };

    pub(super) fn of(chances: Chances) -> Beta {
        let no = match chances.0 {
            Spread::Varied(a, b) => b / (a + b),
            Spread::Alike(p) => 1.0 - p,
        };
        Beta { yes: chances.mean(), no, dispersion: chances.dispersion() }
    }

    /// What it is for a customer for whom it has come true so many times, and has not so many times.
    pub(super) fn after(self, yes: f64, no: f64) -> Beta {
        let all = 1.0 + (yes + no) * self.dispersion;
        Beta {
            yes: (self.yes + yes * self.dispersion) / all,
            no: (self.no + no * self.dispersion) / all,
            dispersion: self.dispersion / all,
        }
    }

    /// The logarithm of the probability that it comes true so many times and does not so many times, in one given order.
    pub(super) fn ln_run(self, yes: f64, no: f64) -> f64 {
        if self.dispersion > 0.0 && self.yes > 0.0 {
            return ln_beta_ratio(self.yes / self.dispersion, self.no / self.dispersion, yes, no);
        }
        let times = |n: f64, chance: f64| if n > 0.0 { n * libm::log(chance) } else { 0.0 };
        times(yes, self.yes) + times(no, self.no)
    }

    /// The expected number of times in a row that it does not come true before it does: δ/(γ − 1), infinite for γ ≤ 1.
    pub(super) fn mean_run(self) -> f64 {
        if self.yes > self.dispersion { self.no / (self.yes - self.dispersion) } else { f64::INFINITY }
    }

    /// The same over at most so many times: `Σ E[(1 − θ)ᵏ]` over k from 1.
    pub(super) fn run_of_at_most(self, times: u16) -> f64 {
        self.runs(times).map(|(_, staying)| staying).sum()
    }

    /// `Σ E[(1 − θ)ᵏ]/(1 + d)ᵏ` over k from 1: `(1 − θ)z·₂F₁(1, δ + 1; γ + δ + 1; z)` with z = 1/(1 + d).
    pub(super) fn discounted_run(self, d: f64) -> f64 {
        let (z, rest) = (1.0 / (1.0 + d), d / (1.0 + d));
        if self.dispersion > 0.0 {
            let (q, c) = (self.no / self.dispersion + 1.0, 1.0 / self.dispersion + 1.0);
            if c > q {
                return self.no * z * hypergeometric(q, c, z, rest);
            }
        }
        self.no / (self.yes + d)
    }

    pub(super) fn discounted_run_of_at_most(self, times: u16, d: f64) -> f64 {
        let mut factor = 1.0;
        let discounted = self.runs(times).map(|(_, staying)| {
            factor /= 1.0 + d;
            factor * staying
        });
        discounted.sum()
    }

    /// k from 1, with the probability that it does not come true k times in a row.
    pub(super) fn runs(self, times: u16) -> impl Iterator<Item = (f64, f64)> {
        let mut staying = 1.0;
        (0..times).map(f64::from).map(move |k| {
            staying *= (self.no + k * self.dispersion) / (1.0 + k * self.dispersion);
            (k + 1.0, staying)
        })
    }

    /// One customer's own.
    pub(super) fn draw(self, variates: &mut Variates<'_>) -> f64 {
        match self.part() {
            Part::Beta(a, b) => 1.0 / (1.0 + libm::exp(-variates.beta_odds(a, b))),
            Part::Gamma(..) | Part::Point(_) => self.yes,
        }
    }

    pub(super) fn part(self) -> Part {
        if self.dispersion > 0.0 {
            Part::Beta(self.yes / self.dispersion, self.no / self.dispersion)
        } else {
            Part::Point(self.yes)
        }
    }
}
