/// From here on the asymptotic series below are exact to the last digits.
const LARGE: f64 = 16.0;

/// `ln Γ(z + d) − ln Γ(z)` for `z` above zero and `d` of zero and more, without the difference of two large logarithms: all digits for
/// small, large and tiny `d`, for arguments from 10⁻¹² to 10¹²; near the zero of the result, to 2·10⁻¹⁴ of `d`.
pub(crate) fn ln_gamma_ratio(z: f64, d: f64) -> f64 {
    // Γ(z + d)/Γ(z) = z/(z + d) · Γ(z + 1 + d)/Γ(z + 1); the product of sixteen such factors stays below 10²⁵⁰.
    let (mut low, mut excess) = (z, 0.0);
    while low < LARGE {
        excess += (1.0 + excess) * (d / low);
        low += 1.0;
    }
    let high = low + d;
    // Stirling's series of both, with the large parts taken together.
    let large = (low - 0.5) * libm::log1p(d / low) + d * (libm::log(high) - 1.0);
    large + stirling_step(low, d) - libm::log1p(excess)
}

/// `ln [Γ(z) Γ(z + c + d) / (Γ(z + c) Γ(z + d))]` for `z` above zero, `c` and `d` of zero and more. Never below zero, since `ln Γ` is
/// convex, and all digits however small it is.
pub(crate) fn ln_gamma_bend(z: f64, c: f64, d: f64) -> f64 {
    let (c, d) = (c.max(d), c.min(d));
    let (mut low, mut excess) = (z, 0.0);
    while low < LARGE {
        excess += (1.0 + excess) * (c / low) * (d / (low + c + d));
        low += 1.0;
    }
    let far = low + c + d;
    let both = libm::log1p(c / low * (d / far));
    let large = c * libm::log1p(d / (low + c)) + d * libm::log1p(c / (low + d)) - (low - 0.5) * both;
    large + (stirling_step(low + c, d) - stirling_step(low, d)) + libm::log1p(excess)
}

/// `ln B(a + i, b + j) − ln B(a, b)`, for `a` and `b` above zero, `i` and `j` of zero and more: a sum of two terms of one sign.
pub(crate) fn ln_beta_ratio(a: f64, b: f64, i: f64, j: f64) -> f64 {
    -ln_gamma_bend(a, i, b) - ln_gamma_bend(b, j, a + i)
}

/// The coefficients of what `ln Γ(z)` is above `(z − ½) ln z − z + ½ ln 2π`, by odd powers of `1/z` (Abramowitz and Stegun 1964, 6.1.41).
pub(crate) const STIRLING: [f64; 6] = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];

/// What `ln Γ(z)` is above `(z − ½) ln z − z + ½ ln 2π`, for `z` of 16 and more.
pub(crate) fn stirling(z: f64) -> f64 {
    let s = 1.0 / (z * z);
    STIRLING.iter().rev().fold(0.0, |sum, term| sum * s + term) / z
}

/// `stirling(z + d) − stirling(z)`, also for a tiny `d`: the divided difference of a polynomial, by Horner's scheme.
fn stirling_step(z: f64, d: f64) -> f64 {
    let (v, u) = (1.0 / z, 1.0 / (z + d));
    let (s, t) = (v * v, u * u);
    let (sum, slope) = STIRLING.iter().rev().fold((0.0, 0.0), |(sum, slope), term| (sum * t + term, slope * s + sum));
    // u − v = −d·u·v, and t − s = (u − v)(u + v).
    -(d * u * v) * (sum + v * (u + v) * slope)
}

/// The first and the second derivative of `ln Γ`, for `z` above zero.
pub(crate) fn polygamma(z: f64) -> (f64, f64) {
    let (first, second) = beyond_logarithm(z);
    (first + libm::log(z), second)
}

/// How far the derivative of `ln Γ` is from `ln z`, with all digits for large `z`, and the second derivative (Abramowitz and Stegun 1964,
/// 6.3.18 and 6.4.12).
pub(crate) fn beyond_logarithm(mut z: f64) -> (f64, f64) {
    let (mut first, mut second, start) = (0.0, 0.0, z);
    while z < LARGE {
        first -= 1.0 / z;
        second += 1.0 / (z * z);
        z += 1.0;
    }
    let s = 1.0 / (z * z);
    let tail =
        s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s * (1.0 / 132.0 - s * 691.0 / 32_760.0)))));
    first += libm::log1p((z - start) / start) - 0.5 / z - tail;
    let tail = s * (1.0 / 6.0 - s * (1.0 / 30.0 - s * (1.0 / 42.0 - s * (1.0 / 30.0 - s * (5.0 / 66.0 - s * 691.0 / 2730.0)))));
    second += (1.0 + 0.5 / z + tail) / z;
    (first, second)
}

/// By how much the first and the second derivative of `ln Γ` change from `z` to `z + d`, for `z` above zero and `d` of zero and more: all
/// digits, however small `d` is beside `z`.
pub(crate) fn polygamma_step(mut z: f64, d: f64) -> (f64, f64) {
    const FIRST: [f64; 6] = [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0];
    const SECOND: [f64; 6] = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0];
    let (mut first, mut second) = (0.0, 0.0);
    let (v, u, less) = loop {
        let (v, u) = (1.0 / z, 1.0 / (z + d));
        // What 1/z loses, and 1/z² when multiplied by the sum of both.
        let less = d * u * v;
        if z >= LARGE {
            break (v, u, less);
        }
        first += less;
        second -= less * (u + v);
        z += 1.0;
    };
    // The series of both, and their divided differences by 1/z².
    let (s, t) = (v * v, u * u);
    let series = |terms: [f64; 6]| {
        let (sum, slope) = terms.iter().rev().fold((0.0, 0.0), |(sum, slope), term| (sum * t + term, slope * s + sum));
        (sum, sum + s * slope)
    };
    let ((_, by_first), (sum, by_second)) = (series(FIRST), series(SECOND));
    first += libm::log1p(d * v) + less / 2.0 + less * (u + v) * by_first;
    second -= less * (1.0 + 0.5 * (u + v) + t * sum + v * (u + v) * by_second);
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::{ln_gamma_ratio, polygamma, polygamma_step};

    #[test]
    fn steps_are_differences_of_which_none_is_taken() {
        for z in [1e-3, 0.7, 3.0, 15.9, 16.0, 40.0, 1e3] {
            for d in [0.0, 0.01, 1.0, 7.5, 300.0] {
                let (step, low, high) = (polygamma_step(z, d), polygamma(z), polygamma(z + d));
                let near = |found: f64, to: f64, from: f64| (found - (to - from)).abs() <= 4e-15 * (1.0 + to.abs() + from.abs());
                assert!(near(step.0, high.0, low.0) && near(step.1, high.1, low.1), "{z} {d}: {step:?} {low:?} {high:?}");
            }
        }
        // The derivatives themselves, where the difference would have no digit left: d·ψ′(z) and d·ψ″(z), with ψ″(1) = −2ζ(3).
        let (first, second) = polygamma_step(1.0, 1e-18);
        assert!((first / 1.644_934_066_848_226_4e-18 - 1.0).abs() < 1e-14, "{first}");
        assert!((second / -2.404_113_806_319_188_6e-18 - 1.0).abs() < 1e-14, "{second}");
        let (first, second) = polygamma_step(1e15, 0.03);
        assert!((first / 3.000_000_000_000_001e-17 - 1.0).abs() < 1e-14, "{first}");
        assert!((second / -3.000_000_000_000_003e-32 - 1.0).abs() < 1e-14, "{second}");
    }

    #[test]
    #[allow(clippy::excessive_precision)]
    fn values_agree_with_40_digit_references() {
        // Computed with mpmath.
        for (z, d, want) in [
            (1e-12, 3.0, -26.937_873_935_367_1_f64),
            (0.243, 26.0, 57.473_730_085_162_264),
            (0.5, 1e-9, -1.963_510_023_554_022_4e-9),
            (15.9, 0.2, 0.548_201_279_644_871_9),
            (1e8, 1.0, 18.420_680_743_952_366),
            (1e4, 1e4, 95_966.000_753_203_79),
            (3.5, 1e12, 26_631_021_116_011.16),
            (0.793, 5000.0, 37_589.221_562_141_08),
        ] {
            let found = ln_gamma_ratio(z, d);
            assert!((found - want).abs() < f64::max(2e-14, 2e-15 * want.abs()), "{z} {d}: {found} {want}");
        }
        for (z, first, second) in [
            (1e-12, -1_000_000_000_000.577_2, 1e24),
            (0.243, -4.351_093_864_423_211, 18.141_779_787_095_83),
            (1.0, -0.577_215_664_901_532_9, 1.644_934_066_848_226_4),
            (15.999, 2.740_948_832_464_962_7, 0.064_497_941_681_361_21),
            (16.0, 2.741_013_328_327_460_4, 0.064_493_783_403_239_36),
            (300.0, 5.702_114_882_064_637, 0.003_338_895_061_714_677_8),
            (1e10, 23.025_850_929_890_457, 1.000_000_000_05e-10),
        ] {
            let found = polygamma(z);
            assert!((found.0 - first).abs() < 4e-15 * f64::max(1.0, first.abs()), "{z}: {found:?} {first}");
            assert!((found.1 - second).abs() < 4e-15 * second, "{z}: {found:?} {second}");
        }
    }
}
