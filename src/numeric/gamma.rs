/// From here on the asymptotic series below are exact to the last digits.
const LARGE: f64 = 16.0;

/// `ln Γ(z + d) − ln Γ(z)` for `z` above zero and `d` of zero and more, without the difference of two large logarithms: within 2·10⁻¹⁴
/// of the truth where the result is small, and to 2·10⁻¹⁵ of it where it is large, for arguments from 10⁻¹² to 10¹².
pub(crate) fn ln_gamma_ratio(z: f64, d: f64) -> f64 {
    // Γ(z + d)/Γ(z) = z/(z + d) · Γ(z + 1 + d)/Γ(z + 1); the product of sixteen such factors stays above 10⁻²²⁰.
    let (mut low, mut product) = (z, 1.0);
    while low < LARGE {
        product *= low / (low + d);
        low += 1.0;
    }
    let high = low + d;
    // Stirling's series of both, with the large parts taken together.
    let rest = stirling(high) - stirling(low);
    libm::log(product) + (low - 0.5) * libm::log1p(d / low) + d * (libm::log(high) - 1.0) + rest
}

/// What `ln Γ(z)` is above `(z − ½) ln z − z + ½ ln 2π` (Abramowitz and Stegun 1964, 6.1.41), for large `z`.
fn stirling(z: f64) -> f64 {
    let s = 1.0 / (z * z);
    (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s * (1.0 / 1188.0 - s * 691.0 / 360_360.0))))) / z
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

#[cfg(test)]
mod tests {
    use super::{ln_gamma_ratio, polygamma};

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
