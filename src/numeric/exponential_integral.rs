//! The generalised exponential integral, scaled so that it never overflows: what a purchase process that fades like a power is worth when
//! the future is discounted.

use super::{
    gamma::ln_gamma_ratio,
    gamma_incomplete::{alternating, continued_fraction},
    quadrature::ln_integral,
};

/// `eᶻ Eₛ(z) = ∫ e^(−zu) (1 + u)^(−s) du` over `u` from 0 to ∞, for `s` of zero and more and `z` above zero (DLMF 8.19.2): between
/// `1/(z + s)` and `1/z`. Relative error below 10⁻¹⁴.
pub(crate) fn scaled_exponential_integral(s: f64, z: f64) -> f64 {
    if z >= 1.0 {
        // Eₛ(z) = z^(s − 1) Γ(1 − s, z).
        return continued_fraction(1.0 - s, z);
    }
    // s Eₛ₊₁(z) = e⁻ᶻ − z Eₛ(z) (DLMF 8.19.12), upwards, where each step takes the share z/s of the error. From a large s backwards,
    // nothing is left of the error of a guess.
    let (mut at, mut kernel) = if s > 24.0 {
        (s - 16.0, 1.0 / (z + s - 16.0))
    } else {
        let base = if s < 1.5 { s } else { s - libm::floor(s - 0.5) };
        (base, near_pole(base, z))
    };
    while at < s - 0.5 {
        kernel = (1.0 - z * kernel) / at;
        at += 1.0;
    }
    kernel
}

/// For `s` up to 1.5 and `z` up to 1: with `ε = 1 − s`, `Eₛ(z) = (Γ(1 + ε) z^(−ε) − 1)/ε − Σ (−z)ᵏ/(k! (k + ε))` over k from 1
/// (DLMF 8.19.8), which is `−γ − ln z − …` at `s = 1`.
fn near_pole(s: f64, z: f64) -> f64 {
    let e = 1.0 - s;
    let log = libm::log(z);
    // ln Γ(1 + ε) is −γε + …
    let power = if e < 0.0 { -ln_gamma_ratio(1.0 + e, -e) } else { ln_gamma_ratio(1.0, e) } - e * log;
    let first = if e.abs() < 1e-300 { -EULER - log } else { libm::expm1(power) / e };
    libm::exp(z) * (first - alternating(e, z))
}

/// Euler's constant γ.
const EULER: f64 = 0.577_215_664_901_532_9;

/// `∫ e^(−zu) (1 + u)^(−s) du` over `u` from 0 to `end`, for `s`, `z` and `end` of zero and more. Relative error below 10⁻¹³.
pub(crate) fn scaled_exponential_integral_to(s: f64, z: f64, end: f64) -> f64 {
    if end <= 0.0 {
        return 0.0;
    }
    let log = libm::log1p(end);
    if z <= 0.0 {
        let power = (1.0 - s) * log;
        return if power.abs() < 1e-300 { log } else { libm::expm1(power) / (1.0 - s) };
    }
    if end.is_infinite() {
        return scaled_exponential_integral(s, z);
    }
    // What lies beyond the end is the same integral again, by v = (u − end)/(1 + end).
    let whole = scaled_exponential_integral(s, z);
    let beyond = libm::exp((1.0 - s) * log - z * end) * scaled_exponential_integral(s, z * (1.0 + end));
    if beyond < 0.5 * whole {
        return whole - beyond;
    }
    // Where they take each other up, directly, over w = ln(1 + u).
    libm::exp(ln_integral(|w| (1.0 - s) * w - z * libm::expm1(w), 0.0, log))
}

#[cfg(test)]
mod tests {
    use super::scaled_exponential_integral;

    #[test]
    fn a_middling_power_starts_from_the_pole() {
        // mpmath, 30 digits.
        let want = 0.112_829_166_525_418_25;
        assert!((scaled_exponential_integral(9.3, 0.5) / want - 1.0_f64).abs() < 1e-14);
    }
}
