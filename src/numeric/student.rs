use super::normal_tail;
use core::f64::consts::PI;

/// The `t` that a Student variable with `df` degrees of freedom exceeds with probability `tail`, for tails below one half and
/// `df` of at least 1, whole or not. Relative error below 10⁻¹² for tails of 10⁻⁶ and more, and below 10⁻⁹ down to 10⁻²⁸.
pub(crate) fn student_tail(tail: f64, df: f64) -> f64 {
    let z = normal_tail(tail);
    if df > 10_000.0 {
        return expanded(z, df);
    }
    // A heavier tail reaches further: between the normal distribution and one degree of freedom (Cauchy).
    let (mut low, mut high) = (z, 1.0 / libm::tan(PI * tail));
    loop {
        // The geometric mean: the ends may be twenty orders of magnitude apart.
        let middle = libm::sqrt(low) * libm::sqrt(high);
        // Also the end where there is no such number.
        if !(low < middle && middle < high) {
            return middle;
        }
        if above(middle, df) > tail { low = middle } else { high = middle }
    }
}

/// The quantile as a series in `1/df` (Abramowitz and Stegun 1964, 26.7.5).
fn expanded(z: f64, df: f64) -> f64 {
    let s = z * z;
    let terms = [
        (s + 1.0) / 4.0,
        ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0,
    ];
    z * (1.0 + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / df))
}

/// The probability of more than `t`, for `t` above zero.
fn above(t: f64, df: f64) -> f64 {
    let (a, square) = (df / 2.0, t * t / df);
    // x = 1/(1 + t²/df) and its complement, without a difference of close numbers.
    let (x, rest) = (1.0 / (1.0 + square), square / (1.0 + square));
    let front = libm::exp(-a * libm::log1p(square) + libm::log(rest) / 2.0 - log_beta_half(a));
    if x < (a + 1.0) / (a + 2.5) {
        front * continued_fraction(x, a, 0.5) / a / 2.0
    } else {
        0.5 - front * continued_fraction(rest, 0.5, a)
    }
}

/// The logarithm of the beta function B(a, ½).
fn log_beta_half(a: f64) -> f64 {
    let half_log_pi = libm::log(PI) / 2.0;
    if a < 50.0 {
        return libm::lgamma(a) + half_log_pi - libm::lgamma(a + 0.5);
    }
    // The difference of two large logarithms, as a series in 1/a.
    let s = a * a;
    half_log_pi - libm::log(a) / 2.0 + (1.0 / 8.0 - (1.0 / 192.0 - (1.0 / 640.0 - 17.0 / (14_336.0 * s)) / s) / s) / a
}

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 1964, 26.5.8), evaluated from the front (Lentz 1976).
fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    let nonzero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0));
    let (mut c, mut result, mut m) = (1.0, d, 1.0);
    // Converges in about √max(a, b) steps; the bound is never met.
    while m < 10_000.0 {
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

#[cfg(test)]
mod tests {
    use super::student_tail;
    use crate::numeric::normal_tail;

    #[test]
    fn quantiles_agree_with_40_digit_references() {
        // Roots of the incomplete beta function, computed with 40 digits.
        for (tail, df, t) in STUDENT {
            let error = (student_tail(tail, df) / t - 1.0).abs();
            let most = if tail < 1e-6 { 1e-9 } else { 1e-12 };
            assert!(error < most, "{tail} {df}: {error}");
        }
    }

    #[test]
    fn more_degrees_of_freedom_come_closer_to_the_normal_distribution() {
        for tail in [0.4999, 0.2, 0.025, 1e-4, 1e-9] {
            let grid = [1.0, 1.5, 3.0, 17.776, 99.0, 101.0, 9_999.0, 10_001.0, 1e7, 1e15];
            let values: Vec<f64> = grid.iter().map(|df| student_tail(tail, *df)).collect();
            assert!(values.windows(2).all(|w| w[0] > w[1] * (1.0 - 1e-13)), "{tail}: {values:?}");
            assert!((values[9] / normal_tail(tail) - 1.0).abs() < 1e-12);
        }
    }

    use alloc::vec::Vec;
    const STUDENT: [(f64, f64, f64); 90] = [
        (0.45, 1.0, 0.158_384_440_324_536_25),
        (0.45, 1.5, 0.147_626_643_460_947_4),
        (0.45, 2.0, 0.142_133_810_903_740_25),
        (0.45, 7.0, 0.130_292_796_591_777_37),
        (0.45, 17.776, 0.127_469_154_589_42),
        (0.45, 99.0, 0.125_984_113_916_205_9),
        (0.45, 100.0, 0.125_980_882_041_539_65),
        (0.45, 101.0, 0.125_977_714_245_863_85),
        (0.45, 1_000.0, 0.125_693_262_518_716_35),
        (0.45, 9_999.0, 0.125_664_538_357_736_25),
        (0.45, 10_001.0, 0.125_664_537_719_491_02),
        (0.45, 1e6, 0.125_661_378_766_487_47),
        (0.1, 1.0, 3.077_683_537_175_253),
        (0.1, 1.5, 2.196_398_417_565_537),
        (0.1, 2.0, 1.885_618_083_164_126_7),
        (0.1, 7.0, 1.414_923_927_650_508_3),
        (0.1, 17.776, 1.331_030_025_017_281_5),
        (0.1, 99.0, 1.290_161_442_034_485_1),
        (0.1, 100.0, 1.290_074_761_346_516),
        (0.1, 101.0, 1.289_989_808_567_968_9),
        (0.1, 1_000.0, 1.282_398_721_460_924_5),
        (0.1, 9_999.0, 1.281_636_238_198_314),
        (0.1, 10_001.0, 1.281_636_221_264_334_6),
        (0.1, 1e6, 1.281_552_412_129_938_4),
        (0.05, 1.0, 6.313_751_514_675_043),
        (0.05, 1.5, 3.705_180_820_096_751_3),
        (0.05, 2.0, 2.919_985_580_353_725_6),
        (0.05, 7.0, 1.894_578_605_090_007_3),
        (0.05, 17.776, 1.735_248_191_047_770_6),
        (0.05, 99.0, 1.660_391_156_016_990_8),
        (0.05, 100.0, 1.660_234_326_085_339_6),
        (0.05, 101.0, 1.660_080_630_411_787),
        (0.05, 1_000.0, 1.646_378_817_285_464_8),
        (0.05, 9_999.0, 1.645_006_033_311_299_5),
        (0.05, 10_001.0, 1.645_006_002_830_235),
        (0.05, 1e6, 1.644_855_150_722_040_4),
        (0.025, 1.0, 12.706_204_736_174_703),
        (0.025, 1.5, 6.016_663_104_427_931_5),
        (0.025, 2.0, 4.302_652_729_749_464),
        (0.025, 7.0, 2.364_624_251_592_785_3),
        (0.025, 17.776, 2.102_821_310_380_221_6),
        (0.025, 99.0, 1.984_216_951_586_417_4),
        (0.025, 100.0, 1.983_971_518_523_552_2),
        (0.025, 101.0, 1.983_731_002_955_606_1),
        (0.025, 1_000.0, 1.962_339_080_826_408_5),
        (0.025, 9_999.0, 1.960_201_263_621_357_7),
        (0.025, 10_001.0, 1.960_201_216_164_641_2),
        (0.025, 1e6, 1.959_966_356_814_107),
        (0.005, 1.0, 63.656_741_162_871_58),
        (0.005, 1.5, 17.820_310_514_462_808),
        (0.005, 2.0, 9.924_843_200_918_293),
        (0.005, 7.0, 3.499_483_297_350_493_7),
        (0.005, 17.776, 2.882_659_866_542_07),
        (0.005, 99.0, 2.626_405_457_280_827_5),
        (0.005, 100.0, 2.625_890_521_438_017_7),
        (0.005, 101.0, 2.625_385_964_668_441),
        (0.005, 1_000.0, 2.580_754_698_065_951),
        (0.005, 9_999.0, 2.576_321_095_856_598),
        (0.005, 10_001.0, 2.576_320_997_490_298_3),
        (0.005, 1e6, 2.575_834_220_105_334_4),
        (1e-6, 1.0, 318_309.886_182_743_5),
        (1e-6, 1.5, 5219.469_324_706_946),
        (1e-6, 2.0, 707.105_720_525_933_9),
        (1e-6, 7.0, 14.241_469_651_981_445),
        (1e-6, 17.776, 6.904_098_071_405_931),
        (1e-6, 99.0, 5.051_973_998_252_516),
        (1e-6, 100.0, 5.048_830_877_228_346),
        (1e-6, 101.0, 5.045_753_204_611_432),
        (1e-6, 1_000.0, 4.781_608_620_458_351),
        (1e-6, 9_999.0, 4.756_229_965_767_043_5),
        (1e-6, 10_001.0, 4.756_229_404_402_680_5),
        (1e-6, 1e6, 4.753_452_348_279_681),
        (1e-12, 1.0, 318_309_886_183.790_7),
        (1e-12, 1.5, 52_194_694.273_446_35),
        (1e-12, 2.0, 707_106.781_185_486_8),
        (1e-12, 7.0, 104.021_829_262_647_2),
        (1e-12, 17.776, 16.970_114_278_105_18),
        (1e-12, 99.0, 8.036_982_609_972_041),
        (1e-12, 100.0, 8.025_825_594_493_254),
        (1e-12, 101.0, 8.014_913_461_172_958),
        (1e-12, 1_000.0, 7.124_228_925_314_409_5),
        (5e-29, 1.0, 6.366_197_723_675_814e27),
        (5e-29, 1.5, 3.845_737_955_305_628e18),
        (5e-29, 2.0, 100_000_000_000_000.001),
        (5e-29, 7.0, 22_180.323_863_287_53),
        (5e-29, 17.776, 144.172_807_214_047_45),
        (5e-29, 99.0, 15.754_089_798_976_489),
        (5e-29, 100.0, 15.694_206_793_766_128),
        (5e-29, 101.0, 15.635_826_832_888_611),
        (5e-29, 1_000.0, 11.476_065_488_982_574),
    ];
}
