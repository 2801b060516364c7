//! Means over the number of purchases to come of a customer who is alive, where any of them may be the last.

use super::{chance::Chance, events::Events};

/// The mean over p of `E[1 − (1 − p)^N]/p`: what a customer who is alive is expected to buy, with N purchases in that time if they stay.
/// In BG/NBD, `[1 − (1 + p·τ)^−n]/p` over p ~ Beta(a, b), with n = r + x, b counted after the last purchase and τ = t/(α + T).
///
/// Relative error at most 10⁻¹¹, most often 10⁻¹⁵; at zero for a mean of zero, rising in the mean, between 0 and the mean.
pub(super) fn mean_purchases(events: Events, chance: Chance) -> f64 {
    let Events { mean, dispersion } = events;
    match chance {
        _ if mean <= 0.0 => 0.0,
        Chance::Never => mean,
        Chance::Alike(p) => of_one(events, p),
        Chance::Beta(a, b) => {
            let fast = if dispersion > 0.0 { series(1.0 / dispersion, a, b, mean * dispersion) } else { None };
            fast.unwrap_or_else(|| beta_mean([a, b], events, mean, |p| of_one(events, p)))
        }
    }
}

/// The same where the chance is known.
fn of_one(events: Events, p: f64) -> f64 {
    (-libm::expm1(-events.thinning(p)) / p).min(events.mean)
}

/// The mean over p of `E[(1 − p)^N]`: the probability of staying through these purchases.
pub(super) fn staying(events: Events, chance: Chance) -> f64 {
    let of_one = |p: f64| libm::exp(-events.thinning(p));
    match chance {
        Chance::Alike(p) if events.mean > 0.0 => of_one(p),
        Chance::Beta(a, b) if events.mean > 0.0 => beta_mean([a, b], events, 1.0, of_one),
        _ => 1.0,
    }
}

/// The closed form of Fader, Hardie and Lee (2005) after Euler's transformation, with the Gauss series of what remains. It has no pole at
/// a = 1 and none at a + b = 1. `None` where it would lose digits, or converge slowly.
fn series(n: f64, a: f64, b: f64, tau: f64) -> Option<f64> {
    const MOST: u32 = 300;
    let (z, log, e, c, q) = (tau / (1.0 + tau), -libm::log1p(tau), a - 1.0, a + b, a + b - 1.0 - n);
    if z > 0.9 || e * log < -600.0 {
        return None;
    }
    let power = if e.abs() < 1e-300 { -log } else { -libm::expm1(e * log) / e };
    let (mut term, mut sum, mut size, mut k) = (q * z, 0.0, 0.0, 1.0);
    for _ in 0..MOST {
        sum += term;
        size += term.abs();
        let ratio = (a + k - 1.0) * (q + k) / ((c + k - 1.0) * (k + 1.0)) * z;
        term *= ratio;
        // The ratio tends to z from here on, so that the rest is at most ten such terms.
        if term.abs() < 1e-18 * size && ratio.abs() < 0.95 || term.abs() < 1e-300 {
            let (first, scale) = ((c - 1.0) * power, libm::exp(e * log));
            let mean = first - scale * sum;
            // Digits lost to the difference: three at most.
            return (mean.is_finite() && mean > 1e-3 * (first.abs() + scale * size)).then_some(mean);
        }
        k += 1.0;
    }
    None
}

/// The mean over p ~ Beta(a, b) of a function of p and p·N, by the trapezoidal rule over y = ln(p/(1 − p)), where it converges
/// exponentially (Trefethen and Weideman 2014). `limit` is the function's value at p = 0, where it is greatest. Divided by the sum of the
/// weights, it is a mean of the function's values, whatever the rounding.
fn beta_mean([a, b]: [f64; 2], events: Events, limit: f64, f: impl Fn(f64) -> f64) -> f64 {
    let step = libm::sqrt(1.0 / a + 1.0 / b).min(0.5) / 2.0;
    let mode = libm::log(a / b);
    // ln(1 + eʸ)
    let softplus = |y: f64| y.max(0.0) + libm::log1p(libm::exp(-y.abs()));
    let log_weight = |y: f64| -a * softplus(-y) - b * softplus(y);
    let top = log_weight(mode);
    let weight = |y: f64| libm::exp(log_weight(y) - top);
    let value = |y: f64| f(libm::exp(-softplus(-y)));
    let (mut weights, mut sum) = (0.0, 0.0);
    // To the right, until the weights vanish or nothing but they changes any more: then they fall geometrically.
    let steepest = if events.mean * events.dispersion > 1.0 { 1.0 / events.dispersion } else { events.mean };
    let (mut y, end) = (mode, 40.0 + libm::log(a.max(steepest).max(1.0)));
    loop {
        let w = weight(y);
        weights += w;
        sum += w * value(y);
        if w <= 1e-18 * weights {
            break;
        }
        if y > end {
            let tail = w / libm::expm1(b * step);
            weights += tail;
            sum += tail * value(y);
            break;
        }
        y += step;
    }
    // To the left, where the values rise to their limit.
    let (mut y, end) = (mode - step, -40.0 - libm::log(events.mean.max(b).max(1.0)));
    loop {
        let w = weight(y);
        weights += w;
        sum += w * value(y);
        if w <= 1e-18 * weights && w * limit <= 1e-18 * sum {
            break;
        }
        if y < end {
            let tail = w / libm::expm1(a * step);
            weights += tail;
            sum += tail * limit;
            break;
        }
        y -= step;
    }
    sum / weights
}

#[cfg(test)]
mod tests {
    use super::{Chance, Events, beta_mean, mean_purchases, of_one, series};

    fn events(n: f64, tau: f64) -> Events {
        Events { mean: n * tau, dispersion: 1.0 / n }
    }

    #[test]
    fn means_agree_with_40_digit_references() {
        // Gauss-Legendre quadrature in many pieces, with 40 digits (mpmath).
        for (n, a, b, tau, want) in [
            (2.243, 0.793, 4.426, 0.9008, 1.686_708_532_946_122),
            (0.11, 0.31, 0.5, 9.259_259_259_259_26, 0.564_588_615_532_784_7),
            (1e4, 2.0, 1e4, 0.5, 3_333.444_429_631_111),
            (50.0, 1e-2, 5.0, 1000.0, 46_009.150_297_133_6),
            (1e-4, 3.0, 1e4, 2.0, 0.000_199_940_043_954_857_07),
            (5000.0, 1.0, 0.1, 1e6, 3.275_635_868_627_822),
            (30.0, 1e4, 1e4, 3.0, 2.000_100_009_998_672_7),
        ] {
            let found = mean_purchases(events(n, tau), Chance::Beta(a, b));
            assert!((found / want - 1.0).abs() < 1e-12, "{n} {a} {b} {tau}: {found} {want}");
        }
        assert!(mean_purchases(events(1.0, 0.0), Chance::Beta(1.0, 1.0)) <= 0.0);
    }

    #[test]
    fn both_ways_agree_where_both_are_good() {
        let mut both = 0;
        for n in [0.01, 0.243, 2.243, 26.5, 1000.0] {
            for a in [0.01, 0.5, 1.0, 1.000_000_001, 3.0, 40.0] {
                for b in [0.05, 0.5, 2.426, 30.0, 5000.0] {
                    for tau in [1e-6, 0.01, 0.9, 4.0, 8.9] {
                        let Some(fast) = series(n, a, b, tau) else { continue };
                        let sure = beta_mean([a, b], events(n, tau), n * tau, |p| of_one(events(n, tau), p));
                        assert!((fast / sure - 1.0).abs() < 3e-12, "{n} {a} {b} {tau}: {fast} {sure}");
                        both += 1;
                    }
                }
            }
        }
        assert!(both > 300, "{both}");
    }
}
