//! Gauss' hypergeometric function, in the forms that lifetime models need: every term is above zero, and nothing overflows.

use super::{Jet, beta_incomplete::deviance, odds::Odds};

/// `₂F₁(1, q; c; z)` for `0 < q < c` and `0 ≤ z < 1`, with `rest = 1 − z` given apart, since callers know more digits of it: a number
/// between 1 and `1/(1 − z)`. Relative error below 10⁻¹³.
pub(crate) fn hypergeometric(q: f64, c: f64, z: f64, rest: f64) -> f64 {
    if z < 0.6 {
        let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
        while term > 1e-17 * sum {
            term *= (q + n) / (c + n) * z;
            sum += term;
            n += 1.0;
        }
        sum
    } else if rest > 0.004 {
        continued_fraction(q, c, z)
    } else {
        let [sum] = beta_mean(q, c - q, rest, |p| [1.0 / (rest + z * p.other)]);
        sum
    }
}

/// `ln ₂F₁(1, q; c; z)` and its first and second derivatives by `q`, `c` and `z`: within 10⁻¹² of each of them, or of the product of two
/// first derivatives, for `z` up to 0.9; beyond, second derivatives by small parameters keep nine digits.
pub(crate) fn ln_hypergeometric(q: f64, c: f64, z: f64, rest: f64) -> Jet<3> {
    let sums = if rest > 0.1 { series_sums(q, c, z) } else { beta_sums(q, c, z, rest) };
    let [value, by_q, by_c, by_z, qq, qc, cc, qz, cz, zz] = sums;
    let g = [by_q / value, by_c / value, by_z / value];
    let h = [[qq, qc, qz], [qc, cc, cz], [qz, cz, zz]];
    let second = core::array::from_fn(|i| core::array::from_fn(|j| h[i][j] / value - g[i] * g[j]));
    Jet { value: libm::log(value), first: g, second }
}

/// The continued fraction of Gauss (DLMF 15.7.5), evaluated from the front (Lentz 1976). Each pair of steps takes off the share
/// `((1 − √(1 − z))/(1 + √(1 − z)))²` of the error, or more.
fn continued_fraction(q: f64, c: f64, z: f64) -> f64 {
    let (mut down, mut up, mut result, mut m) = (1.0, f64::INFINITY, 1.0, 0.0);
    while m < 2000.0 {
        let odd = (q + m) / (c + 2.0 * m) * ((c + m - 1.0) / (c + 2.0 * m - 1.0));
        let even = (m + 1.0) / (c + 2.0 * m) * ((c - q + m) / (c + 2.0 * m + 1.0));
        let mut step = 1.0;
        // For c below 1, the first of them is the one that may be below zero or without limit.
        for k in [if m > 0.0 { odd } else { q / c }, even] {
            down = 1.0 / (1.0 - k * z * down);
            up = 1.0 - k * z / up;
            step = up * down;
            result *= step;
        }
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
        m += 1.0;
    }
    result
}

/// The value and its derivatives by q, c, z, and by qq, qc, cc, qz, cz, zz: the Gauss series, with the derivatives of the logarithm of
/// each term carried along. No sum has terms of both signs.
fn series_sums(q: f64, c: f64, z: f64) -> [f64; 10] {
    let mut sums = [0.0; 10];
    sums[0] = 1.0;
    // Of the term without its power of z: Σ 1/(q + k), Σ 1/(c + k), and the second derivatives by q and by c.
    let (mut term, mut power, mut n) = (1.0, [0.0, 0.0, 1.0], 0.0);
    let (mut by_q, mut by_c, mut qq, mut cc) = (0.0, 0.0, 0.0, 0.0);
    loop {
        let (u, w) = (1.0 / (q + n), 1.0 / (c + n));
        (qq, cc) = (qq + 2.0 * by_q * u, cc + 2.0 * (by_c + w) * w);
        (by_q, by_c) = (by_q + u, by_c + w);
        term *= (q + n) * w;
        n += 1.0;
        // zⁿ⁻², zⁿ⁻¹ and zⁿ.
        power = [power[1], power[2], power[2] * z];
        let (t, slope, bend) = (term * power[2], n * term * power[1], n * (n - 1.0) * term * power[0]);
        let parts = [t, t * by_q, -t * by_c, slope, t * qq, -t * by_q * by_c, t * cc, slope * by_q, -slope * by_c, bend];
        for (sum, part) in sums.iter_mut().zip(parts) {
            *sum += part;
        }
        // Those that grow longest: by z twice, and by both parameters twice.
        if n > 2.0 && bend <= 1e-18 * sums[9] && (qq + cc) * t <= 1e-18 * (sums[4] + sums[6]) {
            return sums;
        }
    }
}

/// The same, as moments: `₂F₁(1, q; c; z)` is the mean of `1/(1 − zp)` over `p ~ Beta(q, c − q)`, and its derivatives by the parameters
/// are the joint cumulants with the derivatives of the logarithm of the weight, taken about the means.
fn beta_sums(q: f64, c: f64, z: f64, rest: f64) -> [f64; 10] {
    let inverse = |p: &Odds| 1.0 / (rest + z * p.other);
    let [mean, log_odds, log_other] = beta_mean(q, c - q, rest, |p| [inverse(p), p.log_ratio, p.log_other]);
    let [by_q, by_c, by_z, qq, qc, cc, qz, cz, zz] = beta_mean(q, c - q, rest, |p| {
        let f = inverse(p);
        let (slope, above, g, h) = (f * f * p.share, f - mean, p.log_ratio - log_odds, p.log_other - log_other);
        let bend = 2.0 * slope * f * p.share;
        [above * g, above * h, slope, above * g * g, above * g * h, above * h * h, slope * g, slope * h, bend]
    });
    [mean, by_q, by_c, by_z, qq, qc, cc, qz, cz, zz]
}

/// The means of functions of a share that has a beta distribution, by the trapezoidal rule over its logarithmic odds, where it converges
/// exponentially (Trefethen and Weideman 2014). Divided by the sum of the weights, they are means whatever the rounding. The functions
/// may grow to `rest⁻³` where the share is within `rest` of 1; farther out at either end, they are quadratic in the logarithmic odds.
fn beta_mean<const K: usize>(a: f64, b: f64, rest: f64, f: impl Fn(&Odds) -> [f64; K]) -> [f64; K] {
    let step = libm::sqrt(1.0 / a + 1.0 / b).min(0.5) / 2.0;
    let mode = libm::log(a / b);
    let (far, nothing) = (45.0 + libm::log(a.max(b).max(1.0)), 1e-20 * rest * rest * rest);
    let (mut weights, mut sums) = (0.0, [0.0; K]);
    for (start, stride, rate, end) in [(mode, step, b, far - libm::log(rest)), (mode - step, -step, a, far)] {
        let mut at = start;
        loop {
            let p = Odds::at(at);
            let (weight, values) = (libm::exp(-deviance(a, b, p)), f(&p));
            weights += weight;
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += weight * value;
            }
            if weight <= nothing * weights {
                break;
            }
            if at * stride > end * step {
                // What follows falls geometrically: Σ (v + αk + βk²) ρᵏ over k from 1, with α and β from two points far enough out.
                let (ratio, gap, reach) = (libm::exp(-rate * step), -libm::expm1(-rate * step), f64::max(1.0 / (rate * step), 1.0));
                let flat = ratio / gap;
                let (linear, square) = (flat / gap, flat / gap * ((1.0 + ratio) / gap));
                let (once, twice) = (f(&Odds::at(at + reach * stride)), f(&Odds::at(at + 2.0 * reach * stride)));
                weights += weight * flat;
                for (k, sum) in sums.iter_mut().enumerate() {
                    let bend = f64::midpoint(twice[k], values[k]) - once[k];
                    let slope = once[k] - values[k] - bend;
                    *sum += weight * (values[k] * flat + slope / reach * linear + bend / (reach * reach) * square);
                }
                break;
            }
            at += stride;
        }
    }
    sums.map(|sum| sum / weights)
}

#[cfg(test)]
mod tests {
    use super::{beta_sums, series_sums};

    #[test]
    fn series_and_moments_agree() {
        for (q, c) in [(1e-3, 1.001), (0.6061, 2.16), (1.6061, 302.16), (2.5534, 3.1595), (300.55, 302.2), (5.0, 5.01)] {
            for rest in [0.5, 0.11, 0.01] {
                let (series, moments) = (series_sums(q, c, 1.0 - rest), beta_sums(q, c, 1.0 - rest, rest));
                for (k, (one, other)) in series.iter().zip(moments).enumerate() {
                    assert!((one - other).abs() <= 1e-9 * one.abs(), "{q} {c} {rest} {k}: {one} {other}");
                }
            }
        }
    }
}
