//! The exponential and `ln(1 + u)` without a branch, for where a million customers are asked for one of each.
//!
//! The polynomials are those of fdlibm (Sun Microsystems 1993), as in libm; what takes the time there are the branches by
//! size, of which the next customer takes another one. Here all sizes go one way: sums, products and quotients in one order, so that every
//! machine has the same bits. Always in line, so that a loop over many can work out two at a time.
#![allow(clippy::inline_always)]

const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `ln(1 + u)` for a finite u of 0 or more, to about an ulp.
#[inline(always)]
pub(crate) fn ln_1p(u: f64) -> f64 {
    let w = 1.0 + u;
    // What the sum has lost, by which the logarithm is too small.
    let lost = (if u < 1.0 { u - (w - 1.0) } else { 1.0 - (w - u) }) / w;
    // w = 2ᵏ·(1 + f) with 1 + f between the root of a half and that of two; k ≥ 0, and 2⁵² + k is made of its bits.
    let bits = w.to_bits();
    let power = (bits - 0x3FE6_A09E_667F_3BCD) >> 52;
    let k = f64::from_bits(power | 0x4330_0000_0000_0000) - 4_503_599_627_370_496.0;
    let f = f64::from_bits(bits - (power << 52)) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let zz = z * z;
    let even = zz * (3.999_999_999_940_942e-1 + zz * (2.222_219_843_214_978_4e-1 + zz * 1.531_383_769_920_937_3e-1));
    let odd = 1.818_357_216_161_805e-1 + zz * 1.479_819_860_511_658_6e-1;
    let odd = z * (6.666_666_666_666_735e-1 + zz * (2.857_142_874_366_239e-1 + zz * odd));
    let half = 0.5 * f * f;
    s * (half + (odd + even)) + (k * LN_2_LOW + lost) - half + f + k * LN_2_HIGH
}

/// `eˣ` to about an ulp; infinite where it is too large for a number, and less exact, down to 0, where it is below 10⁻³⁰⁷.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    // Added to a number, this leaves it rounded to an integer in the last bits; there, k + 2046 is above 0.
    const ROUND: f64 = 6_755_399_441_055_744.0 + 2046.0;
    let x = x.clamp(-1400.0, 1400.0);
    let rounded = x * core::f64::consts::LOG2_E + ROUND;
    let k = rounded - ROUND;
    let (high, low) = (x - k * LN_2_HIGH, k * LN_2_LOW);
    let r = high - low;
    let z = r * r;
    let c = 6.613_756_321_437_934e-5 + z * (-1.653_390_220_546_525_2e-6 + z * 4.138_136_797_057_238_5e-8);
    let c = r - z * (1.666_666_666_666_660_2e-1 + z * (-2.777_777_777_701_559_3e-3 + z * c));
    let y = 1.0 - ((low - r * c / (2.0 - c)) - high);
    // 2ᵏ may be beyond what there is where the result is not: two halves of it.
    let power = rounded.to_bits() & 0xFFF;
    let half = power >> 1;
    y * f64::from_bits(half << 52) * f64::from_bits((power - half) << 52)
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // ends are exact
mod tests {
    use super::{exp, ln_1p};

    /// How many numbers lie between two of the same sign.
    fn ulps(found: f64, want: f64) -> u64 {
        found.to_bits().abs_diff(want.to_bits())
    }

    #[test]
    fn every_size_is_as_libm_has_it() {
        // libm's are within an ulp. A million steps that no power of two divides.
        let mut most = [0; 2];
        for i in 0..1_000_000_u32 {
            let at = f64::from(i) / 1e6;
            let u = libm::pow(10.0, 90.0 * at - 45.0);
            most[0] = most[0].max(ulps(ln_1p(u), libm::log1p(u)));
            let x = 1417.0 * at - 708.0;
            for x in [x, x * 1e-3, x * 1e-9] {
                most[1] = most[1].max(ulps(exp(x), libm::exp(x)));
            }
        }
        assert!(most[0] <= 2 && most[1] <= 1, "{most:?}");
    }

    #[test]
    fn the_ends_are_where_they_belong() {
        assert_eq!([ln_1p(0.0), ln_1p(1e-320), ln_1p(5e-17)], [0.0, 1e-320, 5e-17]);
        assert_eq!((ln_1p(1.0).to_bits(), ln_1p(f64::MAX)), (core::f64::consts::LN_2.to_bits(), libm::log1p(f64::MAX)));
        assert_eq!([exp(0.0), exp(-0.0), exp(1e-17), exp(1.0)], [1.0, 1.0, 1.0, libm::exp(1.0)]);
        assert_eq!([exp(709.78), exp(-700.0)], [libm::exp(709.78), libm::exp(-700.0)]);
        assert_eq!([exp(710.0), exp(1e300), exp(f64::INFINITY)], [f64::INFINITY; 3]);
        assert_eq!([exp(-746.0), exp(-1e300), exp(f64::NEG_INFINITY)], [0.0; 3]);
        assert!((exp(-740.0) / libm::exp(-740.0) - 1.0).abs() < 1e-1);
        assert!(exp(f64::NAN).is_nan());
    }
}
