//! Forms of the gamma and beta families by their mean and their dispersion `φ = 1/shape`, which stay exact where everybody is alike:
//! `φ = 0` is a number like any other. Each gives its value and its first and second derivative by `φ`.

use super::gamma::STIRLING;

/// From this dispersion down, the series of Euler and Maclaurin below is exact to the last digits.
const SMALL: f64 = 1.0 / 16.0;

/// `Σ ln(1 + jφ)` over `j = 0 … x − 1`, for a whole `x` and `φ` of zero and more: `ln Γ(r + x) − ln Γ(r) − x ln r` at `r = 1/φ`. However
/// large `x` is, at most 32 terms are taken one by one.
pub(crate) fn ln_rising(x: f64, dispersion: f64) -> [f64; 3] {
    let mut sum = [0.0; 3];
    let add = |sum: &mut [f64; 3], times: f64, j: f64| {
        let slope = j / (1.0 + j * dispersion);
        sum[0] += times * libm::log1p(j * dispersion);
        sum[1] += times * slope;
        sum[2] -= times * slope * slope;
    };
    let (mut j, few) = (0.0, x <= 32.0);
    while j < x && (few || dispersion > SMALL * (1.0 + j * dispersion)) {
        add(&mut sum, 1.0, j);
        j += 1.0;
    }
    if j < x {
        // ln(1 + (j + k)φ) = ln(1 + jφ) + ln(1 + kψ), with ψ = φ/(1 + jφ).
        add(&mut sum, x - j, j);
        let base = 1.0 + j * dispersion;
        let [value, first, second] = rising_slowly(x - j, dispersion / base);
        sum[0] += value;
        sum[1] += first / (base * base);
        sum[2] += (second / base - 2.0 * j * first) / (base * base * base);
    }
    sum
}

/// The same for many terms and a small dispersion, by the sum formula of Euler and Maclaurin (DLMF 2.10.1).
fn rising_slowly(x: f64, dispersion: f64) -> [f64; 3] {
    let u = x * dispersion;
    let (w, log) = (1.0 / (1.0 + u), libm::log1p(u));
    // The integral from 0 to x, less half of the last term.
    let integral = mean_log(u);
    let mut sum = [x * integral[0] - log / 2.0, x * (x * integral[1] - w / 2.0), x * x * (x * integral[2] + w * w / 2.0)];
    // And Σ cₙ (yⁿ − φⁿ) over odd n, where y = φ/(1 + xφ), dy/dφ = w² and d²y/dφ² = −2xw³.
    let y = dispersion * w;
    let (mut n, mut far, mut near, mut farther, mut nearer) = (1.0, 1.0, 1.0, 0.0, 0.0);
    for term in STIRLING {
        sum[0] += term * (far * y - near * dispersion);
        sum[1] += term * n * (far * w * w - near);
        sum[2] += term * n * ((n - 1.0) * (farther * w * w * w * w - nearer) - 2.0 * x * far * w * w * w);
        n += 2.0;
        (farther, nearer) = (far * y, near * dispersion);
        (far, near) = (farther * y, nearer * dispersion);
    }
    sum
}

/// `ln(1 + φu)/φ` for `u` and `φ` of zero and more, which is `u` at `φ = 0`: `r ln(1 + t/α)` for `r = 1/φ` and `u = rt/α`.
pub(crate) fn ln_per_dispersion(u: f64, dispersion: f64) -> [f64; 3] {
    let y = u * dispersion;
    let [value, first, second] = if y < 1.0 {
        let Near { s, square, rest } = near(y);
        let least = 1.0 - s;
        [
            least * (1.0 / square - s * s * rest),
            -least * least / 2.0 * (1.0 / square - s * rest),
            least * least * least / 2.0 * (2.0 / (square * (1.0 + s)) - rest),
        ]
    } else {
        let (log, w) = (libm::log1p(y), 1.0 / (1.0 + y));
        [log / y, (w - log / y) / y, (2.0 * log / y - (2.0 + 3.0 * y) * w * w) / y / y]
    };
    [u * value, u * u * first, u * u * u * second]
}

/// `(1 + 1/y) ln(1 + y) − 1`, the mean of `ln(1 + t)` over 0 to `y`, and its first and second derivative.
fn mean_log(y: f64) -> [f64; 3] {
    if y < 1.0 {
        let Near { s, square, rest } = near(y);
        let least = 1.0 - s;
        [
            s * (1.0 + s) * (1.0 / square - s * rest),
            least * least / 2.0 * (1.0 / square + s * rest),
            -least * least * least / 2.0 * rest,
        ]
    } else {
        let log = libm::log1p(y);
        [log + log / y - 1.0, (1.0 - log / y) / y, (2.0 * log / y - (2.0 + y) / (1.0 + y)) / y / y]
    }
}

/// `y − ln(1 + y)` for `y` above −1, also near 0; the logarithm is asked for only far from it.
pub(crate) fn log1p_gap(y: f64, log: impl FnOnce() -> f64) -> f64 {
    if y.abs() > 0.5 {
        return y - log();
    }
    let Near { s, square, rest } = near(y);
    2.0 * s * s * (1.0 / square + s * rest)
}

/// What the differences of `ln(1 + y)` and its first terms are made of, for `y` from −½ to 1: with `s = y/(2 + y)`,
/// `ln(1 + y) = 2s (1/(1 − s²) − s² · rest)`, where `rest = Σ 2k/(2k + 1) s^(2k − 2)` has no term below zero.
struct Near {
    s: f64,
    square: f64,
    rest: f64,
}

fn near(y: f64) -> Near {
    let s = y / (2.0 + y);
    let (mut rest, mut power, mut k) = (0.0, 1.0, 2.0);
    while power > 1e-17 {
        rest += power * (k / (k + 1.0));
        power *= s * s;
        k += 2.0;
    }
    Near { s, square: 1.0 - s * s, rest }
}
