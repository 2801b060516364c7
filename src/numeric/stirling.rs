//! What Stirling's formula leaves of the gamma function, by the dispersion `φ = 1/z`.

use super::gamma::{STIRLING, beyond_logarithm};

/// `ln Γ(z) − (z − ½) ln z + z − ½ ln 2π` at `z = 1/φ`, and its first and second derivative by `φ`, for `φ` of zero and more; it is 0 at
/// `φ = 0`.
pub(crate) fn beyond_stirling(dispersion: f64) -> [f64; 3] {
    const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;
    if dispersion <= 1.0 / 16.0 {
        let s = dispersion * dispersion;
        // Powers 1, 3, 5, … of φ.
        let [mut value, mut first, mut second, mut n] = [0.0, 0.0, 0.0, 11.0];
        for term in STIRLING.iter().rev() {
            value = value * s + term;
            first = first * s + n * term;
            second = second * s + n * (n - 1.0) * term;
            n -= 2.0;
        }
        // The second derivative has no term in 1/φ: its first factor is zero.
        return [value * dispersion, first, if dispersion > 0.0 { second / dispersion } else { 0.0 }];
    }
    let z = 1.0 / dispersion;
    let (first, second) = beyond_logarithm(z);
    let (first, second) = (first + 0.5 / z, second - (1.0 + 0.5 / z) / z);
    let value = libm::lgamma(z) - (z - 0.5) * libm::log(z) + z - HALF_LN_TAU;
    [value, -z * z * first, z * z * z * (z * second + 2.0 * first)]
}

#[cfg(test)]
mod tests {
    use super::beyond_stirling;

    #[test]
    fn both_forms_agree_where_they_meet_and_with_references() {
        let (low, high) = (beyond_stirling(0.0625), beyond_stirling(0.062_500_000_000_1));
        assert!(low.iter().zip(high).all(|(a, b)| (a - b).abs() < 1e-10_f64), "{low:?} {high:?}");
        // mpmath, 40 digits: 1 − ½ ln 2π at φ = 1.
        assert!((beyond_stirling(1.0)[0] - 0.081_061_466_795_327_26_f64).abs() < 1e-15);
        assert_eq!(beyond_stirling(0.0)[0].to_bits(), 0);
    }
}
