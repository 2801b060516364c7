//! Purchases to come where every k-th event of the process is one: exact sums of positive terms.

use super::{chance::Chance, events::Events};
use crate::numeric::GAUSS_LEGENDRE;

/// Terms that are taken one by one; those of more purchases are integrated.
const FEW: f64 = 512.0;

/// The events to come of a customer, of whom so many are missing to the next purchase, `k` to every further one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    pub(super) k: f64,
    /// Events since the last purchase, below k.
    pub(super) hidden: f64,
    pub(super) events: Events,
}

impl Rhythm {
    /// The probabilities of fewer than n purchases, and of n and more, if the customer stays.
    fn tails(self, n: f64) -> (f64, f64) {
        self.events.tails(n * self.k - self.hidden)
    }

    /// The probability of one purchase or more.
    pub(super) fn any(self) -> f64 {
        self.tails(1.0).1
    }

    /// The probability of n purchases and more, one at least: none of the n − 1 before was the last.
    pub(super) fn at_least(self, n: f64, chance: Chance) -> f64 {
        chance.staying(n - 1.0) * self.tails(n).1
    }

    /// Expected purchases: `Σ E[(1 − p)^(n − 1)] · P(N ≥ nk − j)` over n from 1.
    pub(super) fn purchases(self, chance: Chance) -> f64 {
        self.sum(0.0, |n| chance.staying(n) * self.tails(n + 1.0).1)
    }

    /// The probability of staying: `Σ E[(1 − p)ⁿ] · P(nk ≤ N + j < (n + 1)k)` over n from 0.
    pub(super) fn staying(self, chance: Chance) -> f64 {
        if chance == Chance::Never {
            return 1.0;
        }
        self.sum(self.events.mean / self.k, |n| chance.staying(n) * self.between(n))
    }

    /// The probability of exactly n purchases, if the customer stays.
    fn between(self, n: f64) -> f64 {
        let ((below, above), (below_next, above_next)) = (self.tails(n), self.tails(n + 1.0));
        // The difference of the smaller two.
        (if above < 0.5 { above - above_next } else { below_next - below }).max(0.0)
    }

    /// The probability of exactly n purchases: so many without the last among them, or so many of which the n-th is the last.
    pub(super) fn exactly(self, n: f64, chance: Chance) -> f64 {
        let from = n * self.k - self.hidden;
        let events = |i: u8| self.events.exactly(from + f64::from(i));
        let at_random = self.k <= 1.0;
        if n <= 0.0 {
            return if at_random { events(0) } else { self.tails(1.0).0 };
        }
        // A few terms; the conversion is exact.
        let mut of_all = events(0);
        let mut i = 1;
        while f64::from(i) < self.k {
            of_all += events(i);
            i += 1;
        }
        let ending = chance.ending(n);
        chance.staying(n) * of_all + if ending > 0.0 { ending * self.tails(n).1 } else { 0.0 }
    }

    /// The sum of a function over n from 0, which falls from a number of purchases on and vanishes with the tail of the events. What is
    /// beyond the first few is smooth, and its sum is the integral from half a step before, with the first correction of Euler and
    /// Maclaurin.
    fn sum(self, falls: f64, f: impl Fn(f64) -> f64) -> f64 {
        let (mut n, mut sum, far) = (0.0, 0.0, self.events.ceiling() / self.k + 1.0);
        while n < FEW {
            let term = f(n);
            sum += term;
            n += 1.0;
            if n > falls && term <= 1e-17 * sum || n > far {
                return sum;
            }
        }
        // In the logarithm of n, coarse but where the tail of the events falls.
        let (low, high) = (libm::log(n - 0.5), libm::log(far.max(n)));
        let (centre, width) = (libm::log(self.events.mean / self.k), self.events.relative_width());
        let integrand = |y: f64| f(libm::exp(y)) * libm::exp(y);
        let mut integral = 0.0;
        if width > 0.1 {
            integral += gauss(low, high, 0.3, integrand);
        } else {
            let (left, right) = ((centre - 10.0 * width).clamp(low, high), (centre + 10.0 * width).clamp(low, high));
            integral += gauss(low, left, 0.3, integrand) + gauss(left, right, width, integrand);
        }
        sum + integral + (f(n) - f(n - 1.0)) / 24.0
    }
}

/// The integral of a smooth function, by panels of sixteen points of at most this width.
fn gauss(low: f64, high: f64, panel: f64, f: impl Fn(f64) -> f64) -> f64 {
    if high <= low {
        return 0.0;
    }
    let panels = libm::ceil((high - low) / panel);
    let half = (high - low) / panels / 2.0;
    let (mut sum, mut middle) = (0.0, low + half);
    while middle < high {
        sum += GAUSS_LEGENDRE.iter().map(|(at, weight)| weight * (f(middle - half * at) + f(middle + half * at))).sum::<f64>();
        middle += 2.0 * half;
    }
    sum * half
}
