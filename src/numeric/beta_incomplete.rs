//! The beta distribution: its tails and its quantiles.

use super::{
    dispersion::log1p_gap,
    gamma::{ln_gamma_ratio, stirling},
    odds::Odds,
    root::root,
};
use core::f64::consts::PI;

/// The probabilities `Iₓ(a, b)` and `1 − Iₓ(a, b)` that a beta variable is below and above a share, both with all their digits
/// (DLMF 8.17.2): relative error about 10⁻¹³ for `a` and `b` up to 10⁴. The number of steps grows with the root of the larger.
pub(crate) fn incomplete_beta(a: f64, b: f64, x: Odds) -> (f64, f64) {
    if x.share <= (a + 1.0) / (a + b + 2.0) {
        tails(a, b, x)
    } else {
        let (upper, lower) = tails(b, a, x.reversed());
        (lower, upper)
    }
}

/// The density `x^a (1 − x)^b / B(a, b)` of a beta variable by its logarithmic odds, with the digits of the tails.
pub(crate) fn beta_front(a: f64, b: f64, x: Odds) -> f64 {
    libm::exp(ln_front(a, b, x))
}

/// The share that a beta variable falls short of with probability `tail`, between 0 and 1. A share, or its complement, that is smaller
/// than any number is 0 only as a number: its logarithm is kept.
pub(crate) fn beta_quantile(a: f64, b: f64, tail: f64) -> Odds {
    if tail <= 0.5 { quantile(a, b, tail) } else { quantile(b, a, 1.0 - tail).reversed() }
}

/// For a tail of at most one half.
fn quantile(a: f64, b: f64, tail: f64) -> Odds {
    if tail <= 0.0 {
        return Odds { log_ratio: f64::NEG_INFINITY, share: 0.0, other: 1.0, log_share: f64::NEG_INFINITY, log_other: 0.0 };
    }
    let target = libm::log(tail);
    // Iₓ(a, b) is about x^a/(a B(a, b)) where x is small.
    let least = (target + ln_gamma_ratio(1.0, a) - ln_gamma_ratio(b, a)) / a;
    let start = if least < -2.0 { least } else { libm::log(a / b) };
    Odds::at(root(start, |log_odds| {
        let x = Odds::at(log_odds);
        let lower = incomplete_beta(a, b, x).0;
        (libm::log(lower) - target, libm::exp(ln_front(a, b, x)) / lower)
    }))
}

/// `ln [x^a (1 − x)^b / B(a, b)]`, the logarithm of the density by the logarithmic odds.
fn ln_front(a: f64, b: f64, x: Odds) -> f64 {
    ln_top(a, b) - deviance(a, b, x)
}

/// The same at the mean, `x = a/(a + b)`, where it is greatest.
fn ln_top(a: f64, b: f64) -> f64 {
    let (large, small, n) = (a.max(b), a.min(b), a + b);
    if small < 16.0 {
        // B(a, b) = Γ(b) Γ(a)/Γ(a + b), and Γ(b) = Γ(b + 1)/b.
        let power = -small * libm::log(n / small) - large * libm::log1p(small / large);
        return power + ln_gamma_ratio(large, small) - ln_gamma_ratio(1.0, small) + libm::log(small);
    }
    libm::log(a / n * (b / (2.0 * PI))) / 2.0 + stirling(n) - stirling(a) - stirling(b)
}

/// How far below the top it is elsewhere: never below zero, and no difference of large numbers near the mean (Loader 2000).
pub(super) fn deviance(a: f64, b: f64, x: Odds) -> f64 {
    let away = b * x.share - a * x.other;
    let near = log1p_gap(away / a, || x.log_share + libm::log1p(b / a));
    let far = log1p_gap(-away / b, || x.log_other + libm::log1p(a / b));
    a * near + b * far
}

/// Both tails, for `x` of at most `(a + 1)/(a + b + 2)`.
fn tails(a: f64, b: f64, x: Odds) -> (f64, f64) {
    let lower = libm::exp(ln_front(a, b, x)) / a * continued_fraction(x.share, a, b);
    (lower, if a < 1.0 && lower > 0.25 { rest_of_small(a, b, x) } else { 1.0 - lower })
}

/// `1 − Iₓ(a, b)` for small `a`, where it is small beside 1: the power series `Iₓ(a, b) = x^a/B(a, b) · Σ (1 − b)ₖ xᵏ/(k! (a + k))`
/// (DLMF 8.17.7) with its first term, which is nearly all, taken from 1.
fn rest_of_small(a: f64, b: f64, x: Odds) -> f64 {
    let power = a * x.log_share - ln_gamma_ratio(1.0, a) + ln_gamma_ratio(b, a);
    let (mut term, mut sum, mut k) = (1.0, 0.0, 1.0);
    while k < 500.0 {
        term *= (k - b) * x.share / k;
        sum += term / (a + k);
        if term.abs() <= 1e-18 * x.share {
            break;
        }
        k += 1.0;
    }
    -libm::expm1(power) - libm::exp(power) * a * sum
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated from the front (Lentz 1976).
fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    let nonzero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0));
    let (mut c, mut result, mut m) = (1.0, d, 1.0);
    // Converges in about √max(a, b) steps; the bound is never met.
    while m < 1e6 {
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / nonzero(1.0 + term * d);
            c = nonzero(1.0 + term / c);
            step = c * d;
            result *= step;
        }
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
        m += 1.0;
    }
    result
}
