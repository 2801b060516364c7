//! The chance that a purchase is a customer's last.

use super::Dropout;
use super::spread::Spread;
use crate::numeric::ln_gamma_bend;
use alloc::vec::Vec;

/// What is known of one customer's chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Chance {
    /// No purchase is the last.
    Never,
    Alike(f64),
    Beta(f64, f64),
}

/// Odds that the n-th purchase was the last: one quotient, whatever is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Odds {
    last: f64,
    not: f64,
    /// By how much a purchase that was not the last speaks against the next being it.
    learned: f64,
}

impl Odds {
    #[inline]
    pub(super) fn of(&self, n: f64) -> f64 {
        self.last / (self.not + self.learned * (n - 1.0))
    }
}

impl Chance {
    /// Of a customer of whom nothing is known.
    pub(super) const fn of(dropout: Dropout) -> Chance {
        match dropout {
            Dropout::AtPurchases { chance, .. } => match chance.0 {
                Spread::Varied(a, b) => Chance::Beta(a, b),
                Spread::Alike(p) => Chance::Alike(p),
            },
            Dropout::Never | Dropout::InTime { .. } => Chance::Never,
        }
    }

    /// After so many purchases, none of which was the last.
    pub(super) fn after(self, purchases: f64) -> Chance {
        match self {
            Chance::Beta(a, b) => Chance::Beta(a, b + purchases),
            other => other,
        }
    }

    /// After one purchase more, which was the last.
    pub(super) fn ended(self) -> Chance {
        match self {
            Chance::Beta(a, b) => Chance::Beta(a + 1.0, b),
            other => other,
        }
    }

    /// `E[(1 − p)ⁿ]`: the probability that none of n purchases is the last.
    pub(super) fn staying(self, n: f64) -> f64 {
        match self {
            Chance::Never => 1.0,
            Chance::Alike(p) => libm::exp(n * libm::log1p(-p)),
            Chance::Beta(a, b) => libm::exp(-ln_gamma_bend(b, n, a)),
        }
    }

    /// The same for every n from 0 to below this, each from the one before.
    pub(super) fn each_staying(self, count: usize) -> Vec<f64> {
        let (mut staying, mut n) = (1.0, 0.0);
        let each = core::iter::from_fn(|| {
            let now = staying;
            staying *= match self {
                Chance::Never => 1.0,
                Chance::Alike(p) => 1.0 - p,
                Chance::Beta(a, b) => (b + n) / (a + b + n),
            };
            n += 1.0;
            Some(now)
        });
        each.take(count).collect()
    }

    /// `E[p(1 − p)^(n − 1)]`: the probability that the n-th is the last.
    pub(super) fn ending(self, n: f64) -> f64 {
        match self {
            Chance::Never => 0.0,
            Chance::Alike(p) => p * self.staying(n - 1.0),
            Chance::Beta(a, b) => self.staying(n - 1.0) * (a / (a + b + (n - 1.0))),
        }
    }

    /// `E[p(1 − p)^(n − 1)]` to `E[(1 − p)ⁿ]`: the odds that the n-th was the last, before anything else is known.
    pub(super) const fn odds(self) -> Odds {
        match self {
            Chance::Never => Odds { last: 0.0, not: 1.0, learned: 0.0 },
            Chance::Alike(p) => Odds { last: p, not: 1.0 - p, learned: 0.0 },
            Chance::Beta(a, b) => Odds { last: a, not: b, learned: 1.0 },
        }
    }

    /// `E[1/p]`: the number of purchases up to the last, which is infinite for `a ≤ 1`.
    pub(super) fn purchases(self) -> f64 {
        match self {
            Chance::Alike(p) => 1.0 / p,
            Chance::Beta(a, b) if a > 1.0 => 1.0 + b / (a - 1.0),
            Chance::Never | Chance::Beta(..) => f64::INFINITY,
        }
    }
}
