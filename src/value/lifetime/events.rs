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
        Odds::of(tau / (1.0 + tau), 1.0 / (1.0 + tau))
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

#[cfg(test)]
mod tests {
    use super::Events;
    use alloc::vec::Vec;

    /// One rate, and rates of shapes from 200 to 1/20, little time and much.
    const EVENTS: [(f64, f64); 9] =
        [(0.3, 0.0), (3.7, 0.0), (60.0, 0.0), (0.3, 0.005), (3.7, 0.4), (60.0, 0.1), (3.7, 3.0), (0.02, 20.0), (40.0, 1.7)];

    fn near(found: f64, want: f64, error: f64) -> bool {
        (found - want).abs() <= error * want.abs()
    }

    /// The probabilities of 0, 1, 2 … events, from the definition: each is the one before times `(r + n)/(n + 1) · τ/(1 + τ)` with the
    /// shape r and the time τ in its scale, or times μ/(n + 1).
    fn distribution(events: Events) -> Vec<f64> {
        let Events { mean, dispersion } = events;
        let tau = mean * dispersion;
        let mut p = if dispersion > 0.0 { libm::pow(1.0 + tau, -1.0 / dispersion) } else { libm::exp(-mean) };
        let mut all = Vec::new();
        for n in (0..20_000_u32).map(f64::from) {
            all.push(p);
            p *= if dispersion > 0.0 { (1.0 / dispersion + n) / (n + 1.0) * (tau / (1.0 + tau)) } else { mean / (n + 1.0) };
        }
        all
    }

    #[test]
    fn numbers_of_events_have_their_distribution() {
        for (mean, dispersion) in EVENTS {
            let events = Events { mean, dispersion };
            let all = distribution(events);
            for (i, (n, p)) in (0_u32..).map(f64::from).zip(&all).take(90).enumerate() {
                assert!(near(events.exactly(n), *p, 2e-12), "{events:?} {n}: {} {p}", events.exactly(n));
                let (fewer, more) = events.tails(n);
                let want: [f64; 2] = [all[..i].iter().sum(), all[i..].iter().rev().sum()];
                assert!(near(fewer, want[0], 1e-11) && near(more, want[1], 1e-11), "{events:?} {n}: {fewer} {more} {want:?}");
            }
            for (from, to) in [(0_u16, 5_u16), (3, 40), (70, 90), (7, 8)] {
                let each = events.each(from.into(), to.into());
                assert_eq!(each.len(), usize::from(to - from));
                let all = &all[from.into()..to.into()];
                assert!(
                    each.iter().zip(all).all(|(found, want)| near(*found, *want, 1e-11)),
                    "{events:?} {from} {to}: {each:?} {all:?}"
                );
            }
        }
    }

    #[test]
    fn many_events_are_found_though_none_is_all_but_impossible() {
        // The probability of none is less than any number above 0.
        for dispersion in [0.0, 1e-4] {
            let events = Events { mean: 2000.0, dispersion };
            let (mut n, each) = (0.0, events.each(0.0, 4500.0));
            for found in &each {
                assert!((found - events.exactly(n)).abs() <= 1e-11 * events.exactly(n) + 1e-290, "{dispersion} {n} {found}");
                n += 1.0;
            }
            assert!(near(each.iter().sum(), 1.0, 1e-12), "{dispersion}");
        }
    }

    #[test]
    fn moments_and_thinning_are_those_of_the_distribution() {
        for (mean, dispersion) in EVENTS {
            let events = Events { mean, dispersion };
            let all = distribution(events);
            let expected = |f: &dyn Fn(f64) -> f64| (0_u32..).map(f64::from).zip(&all).map(|(n, p)| f(n) * p).sum::<f64>();
            let variance = expected(&|n| (n - mean) * (n - mean));
            assert!(near(expected(&|n| n), mean, 1e-9), "{events:?}");
            assert!(near(events.relative_width(), libm::sqrt(variance) / mean, 1e-9), "{events:?}");
            for p in [1e-9, 0.2, 0.9, 1.0] {
                let left = expected(&|n| if p < 1.0 { libm::exp(n * libm::log1p(-p)) } else { f64::from(u8::from(n < 0.5)) });
                let thinning = events.thinning(p);
                assert!((thinning + libm::log(left)).abs() < 1e-12 * (1.0 + thinning), "{events:?} {p}: {thinning} {left}");
            }
            assert!(events.tails(events.ceiling()).1 < 1e-9 * mean, "{events:?}");
        }
    }

    #[test]
    fn nothing_happens_in_no_time() {
        for dispersion in [0.0, 0.7] {
            let never = Events { mean: 0.0, dispersion };
            assert_eq!([0.0, 1.0, 2.5].map(|n| never.exactly(n).to_bits()), [1.0_f64, 0.0, 0.0].map(f64::to_bits));
            assert_eq!([never.tails(0.0), never.tails(1.0)], [(0.0, 1.0), (1.0, 0.0)]);
            let some = Events { mean: 2.0, dispersion };
            assert_eq!((some.exactly(-1.0).to_bits(), some.tails(-3.0)), (0, (0.0, 1.0)));
        }
    }
}
