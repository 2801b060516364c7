//! Random variables made of uniform 64-bit words, with the same bits on every platform.

use crate::numeric::{count, normal_tail};

/// Of the candidates for a gamma variable one in twenty is refused, at most; so many in a row are not refused by chance.
const MOST_REFUSED: u32 = 100;

/// Draws from what the caller's generator gives. No draw waits for ever, even where the generator always gives the same word.
pub(super) struct Variates<'a>(&'a mut dyn FnMut() -> u64);

impl Variates<'_> {
    pub(super) fn new(words: &mut dyn FnMut() -> u64) -> Variates<'_> {
        Variates(words)
    }

    /// Uniform between 0 and 1, neither of which it ever is: the upper 52 bits and one half.
    pub(super) fn uniform(&mut self) -> f64 {
        // Both steps are exact: 53 bits in all, and a power of two.
        (count((self.0)() >> 12) + 0.5) * f64::EPSILON
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Exponential with the mean 1; above zero.
    pub(super) fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Normal with the mean 0 and the variance 1.
    pub(super) fn normal(&mut self) -> f64 {
        normal_tail(self.uniform())
    }

    /// The logarithm of a gamma variable of this shape and the rate 1. As a logarithm it is finite for every shape above zero, where most
    /// variables of a small shape are too small for a number.
    ///
    /// Source: Marsaglia and Tsang, A Simple Method for Generating Gamma Variables (2000), for shapes below 1 with their product
    /// `G(shape + 1)·U^(1/shape)`; the normal variable is the quantile of a uniform one.
    pub(super) fn ln_gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.ln_gamma(shape + 1.0) - self.exponential() / shape;
        }
        let d = shape - 1.0 / 3.0;
        let spread = 1.0 / (3.0 * libm::sqrt(d));
        let mut ln = 0.0;
        for _ in 0..MOST_REFUSED {
            let normal = self.normal();
            let y = spread * normal;
            if y <= -1.0 {
                continue;
            }
            // ln v and v − 1 for v = (1 + y)³, without a difference.
            ln = 3.0 * libm::log1p(y);
            let above = y * (3.0 + y * (3.0 + y));
            if -self.exponential() < 0.5 * normal * normal + d * (ln - above) {
                break;
            }
        }
        libm::log(d) + ln
    }

    /// The logarithm of the odds of a beta variable.
    pub(super) fn beta_odds(&mut self, a: f64, b: f64) -> f64 {
        self.ln_gamma(a) - self.ln_gamma(b)
    }

    /// One of the places of a list of weights, none of which is below zero, each as probable as its weight is large.
    pub(super) fn place(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.uniform() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return place;
            }
        }
        weights.len().saturating_sub(1)
    }
}

#[cfg(test)]
#[allow(clippy::redundant_closure_for_method_calls)] // which would take one lifetime for all
mod tests {
    use super::Variates;
    use crate::numeric::{Odds, incomplete_beta, incomplete_gamma, ln_gamma_ratio, polygamma};
    use alloc::vec::Vec;

    /// Steele, Lea and Flood (2014).
    fn words(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }
    }

    const DRAWS: u32 = 20_000;

    fn draws(seed: u64, mut draw: impl FnMut(&mut Variates<'_>) -> f64) -> Vec<f64> {
        let mut words = words(seed);
        let mut variates = Variates::new(&mut words);
        (0..DRAWS).map(|_| draw(&mut variates)).collect()
    }

    /// The mean lies within 4.5 standard errors, and the variance too.
    #[track_caller]
    fn moments(draws: &[f64], mean: f64, variance: f64) {
        let n = f64::from(DRAWS);
        let found = draws.iter().sum::<f64>() / n;
        let squares: Vec<f64> = draws.iter().map(|d| (d - mean) * (d - mean)).collect();
        let found_variance = squares.iter().sum::<f64>() / n;
        let of_squares = squares.iter().map(|s| (s - variance) * (s - variance)).sum::<f64>() / n;
        assert!((found - mean).abs() < 4.5 * libm::sqrt(variance / n), "mean {found} for {mean}");
        assert!((found_variance - variance).abs() < 4.5 * libm::sqrt(of_squares / n), "variance {found_variance} for {variance}");
    }

    /// Kolmogorov's statistic, of which 2.2 is exceeded once in eight thousand cases.
    #[track_caller]
    fn follows(mut draws: Vec<f64>, below: impl Fn(f64) -> f64) {
        draws.sort_by(f64::total_cmp);
        let n = f64::from(DRAWS);
        let mut place = 0.0;
        let mut most = 0.0_f64;
        for draw in draws {
            let share = below(draw);
            most = most.max(share - place / n).max((place + 1.0) / n - share);
            place += 1.0;
        }
        assert!(most * libm::sqrt(n) < 2.2, "{}", most * libm::sqrt(n));
    }

    #[test]
    fn uniforms_are_never_zero_or_one() {
        let half = 0.5 * f64::EPSILON;
        for (word, want) in [(0, half), (0xFFF, half), (0x1000, 3.0 * half), (1 << 63, 0.5 + half), (u64::MAX, 1.0 - half)] {
            let mut same = || word;
            assert_eq!(Variates::new(&mut same).uniform().to_bits(), want.to_bits());
        }
        let all = draws(1, |v| v.uniform());
        moments(&all, 0.5, 1.0 / 12.0);
        follows(all, |u| u);
    }

    #[test]
    fn exponentials_have_their_moments() {
        let all = draws(2, |v| v.exponential());
        moments(&all, 1.0, 1.0);
        follows(all, |e| -libm::expm1(-e));
    }

    #[test]
    fn normals_have_their_distribution() {
        let all = draws(60, |v| v.normal());
        moments(&all, 0.0, 1.0);
        follows(all, |z| libm::erfc(-z / core::f64::consts::SQRT_2) / 2.0);
    }

    #[test]
    fn gammas_have_their_distribution_for_every_shape() {
        for (seed, shape) in (3..).zip([1e-4, 0.01, 0.3, 0.999, 1.0, 1.5, 7.0, 300.0, 1e4, 1e9, 1e12]) {
            let logs = draws(seed, |v| v.ln_gamma(shape));
            assert!(logs.iter().all(|ln| ln.is_finite()));
            // The mean and the variance of the logarithm.
            let (psi, psi_1) = polygamma(shape);
            moments(&logs, psi, psi_1);
            if shape <= 300.0 {
                // Where the variable is no number, its distribution function is x^shape/Γ(1 + shape).
                let constant = ln_gamma_ratio(1.0, shape);
                follows(
                    logs,
                    |ln| {
                        if ln < -50.0 { libm::exp(shape * ln - constant) } else { incomplete_gamma(shape, libm::exp(ln)).0 }
                    },
                );
            }
            if shape >= 0.3 {
                moments(&draws(seed + 100, |v| libm::exp(v.ln_gamma(shape))), shape, shape);
            }
        }
    }

    #[test]
    fn betas_have_their_distribution_for_every_shape() {
        for (seed, (a, b)) in (30..).zip([(0.793, 2.426), (1.0, 1.0), (0.05, 0.05), (40.0, 2.0), (1e4, 3e4)]) {
            let odds = draws(seed, |v| v.beta_odds(a, b));
            let chance = |ln: f64| (1.0 / (1.0 + libm::exp(-ln)), 1.0 / (1.0 + libm::exp(ln)));
            let (mean, n) = (a / (a + b), a + b);
            let chances: Vec<f64> = odds.iter().map(|o| chance(*o).0).collect();
            moments(&chances, mean, mean * (1.0 - mean) / (n + 1.0));
            follows(odds, |ln| incomplete_beta(a, b, Odds::of(chance(ln).0, chance(ln).1)).0);
        }
        // Most are as good as 0 or 1; the shares of the two are as the shapes.
        let apart = draws(40, |v| v.beta_odds(1e-4, 3e-4));
        assert!(apart.iter().all(|ln| ln.is_finite()));
        moments(&apart.iter().map(|ln| f64::from(u8::from(*ln > 0.0))).collect::<Vec<_>>(), 0.25, 0.25 * 0.75);
    }

    #[test]
    fn places_come_as_often_as_they_weigh() {
        let place = |place| draws(50, |v| f64::from(u8::from(v.place(&[0.2, 0.0, 1.2, 0.6]) == place)));
        for (at, share) in [(0, 0.1), (2, 0.6), (3, 0.3)] {
            moments(&place(at), share, share * (1.0 - share));
        }
        assert!(place(1).iter().sum::<f64>() <= 0.0);
        let mut last = || u64::MAX;
        assert_eq!(Variates::new(&mut last).place(&[0.1; 7]), 6);
        assert_eq!(Variates::new(&mut last).place(&[]), 0);
    }

    #[test]
    fn nothing_waits_for_ever_or_is_no_number() {
        for word in [0, 1, u64::MAX, 1 << 63, (1 << 63) - 1, 0xAAAA_AAAA_AAAA_AAAA] {
            for shape in [1e-12, 1e-4, 0.5, 1.0, 3.0, 1e12] {
                let mut same = || word;
                let mut variates = Variates::new(&mut same);
                assert!(variates.ln_gamma(shape).is_finite() && variates.beta_odds(shape, 1.0).is_finite());
                assert!(variates.exponential() > 0.0);
            }
        }
    }
}
