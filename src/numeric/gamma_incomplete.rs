//! The gamma distribution: its tails and its quantiles.

use super::{
    dispersion::log1p_gap,
    gamma::{ln_gamma_ratio, stirling},
    root::root,
};
use core::f64::consts::PI;

/// The probabilities `P(a, x)` and `Q(a, x)` that a gamma variable of shape `a` and scale 1 is below and above `x`, both with all their
/// digits (DLMF 8.2.4): relative error about 10⁻¹³ for shapes up to 10⁴. The number of steps grows with `√a`.
pub(crate) fn incomplete_gamma(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 { (0.0, 1.0) } else { tails(a, x, libm::log(x)) }
}

/// `x^a e⁻ˣ / Γ(a + 1)`, with the digits of the tails; `x` is above zero.
pub(crate) fn gamma_front(a: f64, x: f64) -> f64 {
    libm::exp(ln_front(a, x, libm::log(x)))
}

/// The `x` that a gamma variable of this shape and of scale 1 falls short of with probability `tail`; above zero for any tail that is, and
/// 0 only where it is smaller than any number.
pub(crate) fn gamma_quantile(shape: f64, tail: f64) -> f64 {
    if tail <= 0.5 { quantile(shape, tail, false) } else { quantile(shape, 1.0 - tail, true) }
}

/// The `x` that such a variable exceeds with probability `tail`.
pub(crate) fn gamma_upper_quantile(shape: f64, tail: f64) -> f64 {
    if tail <= 0.5 { quantile(shape, tail, true) } else { quantile(shape, 1.0 - tail, false) }
}

fn quantile(a: f64, tail: f64, upper: bool) -> f64 {
    if tail <= 0.0 {
        return if upper { f64::INFINITY } else { 0.0 };
    }
    let (target, below) = (libm::log(tail), if upper { libm::log1p(-tail) } else { libm::log(tail) });
    // P(a, x) < x^a/Γ(a + 1): the quantile lies above this, and close to it where it is small.
    let least = (below + ln_gamma_ratio(1.0, a)) / a;
    let start = if least < -2.0 { least } else { least.max(libm::log(a)) };
    let log = root(start, |log| {
        let x = libm::exp(log);
        let (lower, above) = tails(a, x, log);
        let slope = a * libm::exp(ln_front(a, x, log));
        if upper { (target - libm::log(above), slope / above) } else { (libm::log(lower) - target, slope / lower) }
    });
    libm::exp(log)
}

/// `ln [x^a e⁻ˣ / Γ(a + 1)]`.
fn ln_front(a: f64, x: f64, log: f64) -> f64 {
    if a < 16.0 {
        return a * log - x - ln_gamma_ratio(1.0, a);
    }
    -a * log1p_gap((x - a) / a, || log - libm::log(a)) - libm::log(2.0 * PI * a) / 2.0 - stirling(a)
}

/// Both tails; `x` may be too small for a number where its logarithm is not.
fn tails(a: f64, x: f64, log: f64) -> (f64, f64) {
    let front = libm::exp(ln_front(a, x, log));
    if x >= a + 1.0 {
        let upper = a * front * continued_fraction(a, x);
        return (1.0 - upper, upper);
    }
    // DLMF 8.11.4.
    let (mut term, mut sum, mut n) = (1.0, 1.0, a);
    while term > 1e-17 * sum {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    let lower = front * sum;
    (lower, if a < 1.0 { rest_of_small(a, x, log) } else { 1.0 - lower })
}

/// `Q(a, x)` for small `a` and `x`, where it is small beside 1: `1 − x^a/Γ(a + 1) − x^a/Γ(a) · Σ (−x)ᵏ/(k! (a + k))` over k from 1
/// (DLMF 8.7.3).
fn rest_of_small(a: f64, x: f64, log: f64) -> f64 {
    let power = a * log - ln_gamma_ratio(1.0, a);
    -libm::expm1(power) - libm::exp(power) * a * alternating(a, x)
}

/// `Σ (−x)ᵏ/(k! (a + k))` over k from 1, for `a` above −1 and `x` up to 2.
pub(super) fn alternating(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut k) = (1.0, 0.0, 1.0);
    while k < 60.0 {
        term *= -x / k;
        sum += term / (a + k);
        if term.abs() <= 1e-18 * x {
            break;
        }
        k += 1.0;
    }
    sum
}

/// `Γ(a, x) / (x^a e⁻ˣ)` for `x` of `a + 1` and more: DLMF 8.9.2, evaluated from the front (Lentz 1976).
pub(super) fn continued_fraction(a: f64, x: f64) -> f64 {
    let (mut below, mut k) = (x + 1.0 - a, 1.0);
    let mut down = 1.0 / below;
    let (mut up, mut result) = (f64::INFINITY, down);
    while k < 1e6 {
        let term = k * (a - k);
        below += 2.0;
        down = 1.0 / (below + term * down);
        up = below + term / up;
        result *= up * down;
        if (up * down - 1.0).abs() < 1e-16 {
            break;
        }
        k += 1.0;
    }
    result
}
