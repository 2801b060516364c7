//! Integrals of positive functions: those that may overflow are given by their logarithm, and so are their integrals.

use core::f64::consts::{FRAC_PI_2, PI};

/// `ln ∫ exp f` from `low` to `high`, for a function that is smooth inside; −∞ for an empty interval. Relative error of the integral about
/// 10⁻¹⁴, and never better than the exponents allow: the rounding of `f` where `exp f` is largest.
///
/// Intervals are halved until the sixteen points of Gauss and Legendre agree with twice as many; so the points crowd where the function
/// bends, and the same function always has the same points.
pub(crate) fn ln_integral(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    const DEPTH: usize = 60;
    if low >= high {
        return f64::NEG_INFINITY;
    }
    let whole = panel(&f, low, high);
    let mut waiting = [(low, high, whole); DEPTH];
    let (mut count, mut budget, mut total) = (1, 20_000, LogSum::ZERO);
    while count > 0 {
        count -= 1;
        let (low, high, whole) = waiting[count];
        let middle = f64::midpoint(low, high);
        let (left, right) = (panel(&f, low, middle), panel(&f, middle, high));
        let both = LogSum::ZERO.and(left).and(right).logarithm();
        // The halves are far better than their difference to the whole tells; large exponents differ by their rounding.
        let agree = f64::max(1e-11, 8.0 * f64::EPSILON * both.abs());
        // Beside what has been found, this part is nothing.
        let nothing = both < total.top - 60.0;
        budget -= 1;
        // Also where there is no difference: for NaN and for −∞.
        if (whole - both).abs() >= agree && !nothing && count + 2 <= DEPTH && budget > 0 {
            // The larger half comes next: it leads to the peak, beside which most of the rest is nothing.
            let halves = [(low, middle, left), (middle, high, right)];
            (waiting[count], waiting[count + 1]) = if left > right { (halves[1], halves[0]) } else { (halves[0], halves[1]) };
            count += 2;
        } else {
            total = total.and(both);
        }
    }
    total.logarithm()
}

/// `ln ∫ exp f` over an interval of this width, where `f` may have singularities at the ends: it is given the distances from both. They
/// must be weaker than `1/distance^0.9`.
///
/// Source: Takahasi and Mori, Double Exponential Formulas for Numerical Integration (1974).
pub(crate) fn ln_integral_singular(f: impl Fn(f64, f64) -> f64, width: f64) -> f64 {
    // Beyond, a distance is no number any more.
    trapezoid(6.1, |t| {
        let small = libm::exp(-PI * libm::sinh(t.abs()));
        let (near, far) = (small / (1.0 + small), 1.0 / (1.0 + small));
        let (low, high) = if t < 0.0 { (near, far) } else { (far, near) };
        f(width * low, width * high) + libm::log(width * PI * libm::cosh(t) * far) - PI * libm::sinh(t.abs()) - libm::log1p(small)
    })
}

/// `ln ∫ exp f` from 0 to ∞, for a function that varies on this scale; at 0 it may have a singularity weaker than `1/u^0.9`.
///
/// Source: the same.
pub(crate) fn ln_integral_to_infinity(f: impl Fn(f64) -> f64, scale: f64) -> f64 {
    trapezoid(6.75, |t| {
        let log = FRAC_PI_2 * libm::sinh(t);
        f(scale * libm::exp(log)) + log + libm::log(scale * FRAC_PI_2 * libm::cosh(t))
    })
}

/// `ln ∫ exp g` from `−end` to `end`, for a function that is nothing at both, with half the step until two sums agree.
fn trapezoid(end: f64, g: impl Fn(f64) -> f64) -> f64 {
    let (mut step, mut sum, mut before) = (0.5, LogSum::ZERO, f64::NAN);
    for level in 0..12 {
        // After the first level, the points between those there are.
        let (stride, mut t) = if level == 0 { (step, 0.0) } else { (2.0 * step, step) };
        while t < end {
            sum = sum.and(g(t));
            if t > 0.0 {
                sum = sum.and(g(-t));
            }
            t += stride;
        }
        let now = sum.logarithm() + libm::log(step);
        // The error is about the square of the last difference.
        if (now - before).abs() < 1e-10 {
            return now;
        }
        before = now;
        step /= 2.0;
    }
    before
}

/// `∫ f` from `low` to `high`, for a function of zero and more that is smooth inside and nowhere drops to nothing. Relative error about
/// 10⁻¹⁴, at the price of fifteen points where the function bends little.
///
/// Intervals are halved until the seven points of Gauss agree with the fifteen of Kronrod (1965) to nine digits: the error of the fifteen
/// is about the 5/3-th power of that.
pub(crate) fn integral(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    const DEPTH: usize = 60;
    let mut waiting = [(low, high); DEPTH];
    let (mut count, mut budget, mut total) = (usize::from(low < high), 20_000, 0.0);
    while count > 0 {
        count -= 1;
        let (low, high) = waiting[count];
        let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
        let at_middle = f(middle);
        let (mut gauss, mut kronrod) = (MIDDLE.0 * at_middle, MIDDLE.1 * at_middle);
        for (at, of_gauss, of_kronrod) in KRONROD {
            let both = f(middle - half * at) + f(middle + half * at);
            gauss += of_gauss * both;
            kronrod += of_kronrod * both;
        }
        budget -= 1;
        // Also where there is no difference, for NaN, and for what is nothing beside what has been found.
        let apart = (gauss - kronrod).abs() > 1e-9 * kronrod && half * kronrod > 1e-18 * total;
        if apart && count + 2 <= DEPTH && budget > 0 {
            // The nearer half comes next.
            (waiting[count], waiting[count + 1]) = ((middle, high), (low, middle));
            count += 2;
        } else {
            total += half * kronrod;
        }
    }
    total
}

/// A sum of numbers that are given by their logarithms.
#[derive(Clone, Copy)]
struct LogSum {
    top: f64,
    sum: f64,
}

impl LogSum {
    const ZERO: LogSum = LogSum { top: f64::NEG_INFINITY, sum: 0.0 };

    fn and(self, log: f64) -> LogSum {
        if log <= f64::NEG_INFINITY {
            self
        } else if log <= self.top {
            LogSum { sum: self.sum + libm::exp(log - self.top), ..self }
        } else {
            LogSum { top: log, sum: self.sum * libm::exp(self.top - log) + 1.0 }
        }
    }

    fn logarithm(self) -> f64 {
        self.top + libm::log(self.sum)
    }
}

/// One panel of sixteen points.
fn panel(f: &impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    let values = GAUSS_LEGENDRE.map(|(at, weight)| (f(middle - half * at), f(middle + half * at), weight));
    let top = values.iter().fold(f64::NEG_INFINITY, |top, (left, right, _)| top.max(*left).max(*right));
    if top <= f64::NEG_INFINITY {
        return top;
    }
    let sum: f64 = values.iter().map(|(left, right, weight)| weight * (libm::exp(left - top) + libm::exp(right - top))).sum();
    top + libm::log(half * sum)
}

/// The positive nodes of the sixteen points of Gauss and Legendre on −1 to 1, and their weights; from mpmath, 40 digits.
#[rustfmt::skip]
pub(crate) const GAUSS_LEGENDRE: [(f64, f64); 8] = [
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_096),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_894),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_79),
    (0.755_404_408_355_003, 0.124_628_971_255_533_88),
    (0.617_876_244_402_643_8, 0.149_595_988_816_576_74),
    (0.458_016_777_657_227_37, 0.169_156_519_395_002_54),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_58),
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
];

/// The weights of the middle for the seven points of Gauss and the fifteen of Kronrod; from mpmath, 60 digits, as what follows.
const MIDDLE: (f64, f64) = (0.417_959_183_673_469_4, 0.209_482_141_084_727_82);

/// The positive nodes on −1 to 1 with both weights.
#[rustfmt::skip]
const KRONROD: [(f64, f64, f64); 7] = [
    (0.991_455_371_120_812_6, 0.0, 0.022_935_322_010_529_224),
    (0.949_107_912_342_758_5, 0.129_484_966_168_869_7, 0.063_092_092_629_978_56),
    (0.864_864_423_359_769_1, 0.0, 0.104_790_010_322_250_19),
    (0.741_531_185_599_394_5, 0.279_705_391_489_276_64, 0.140_653_259_715_525_92),
    (0.586_087_235_467_691_1, 0.0, 0.169_004_726_639_267_9),
    (0.405_845_151_377_397_2, 0.381_830_050_505_118_9, 0.190_350_578_064_785_4),
    (0.207_784_955_007_898_47, 0.0, 0.204_432_940_075_298_9),
];

#[cfg(test)]
mod tests {
    use super::{integral, ln_integral, ln_integral_singular, ln_integral_to_infinity};

    #[test]
    fn plain_integrals_are_exact_to_the_last_digits() {
        assert!(integral(|_| 1.0, 1.0, 1.0) <= 0.0 && integral(|_| 1.0, 2.0, 1.0) <= 0.0);
        assert!(integral(|_| 0.0, 0.0, 1.0) <= 0.0 && integral(|_| f64::NAN, 0.0, 1.0).is_nan());
        // One panel, some, a peak among many, and an end that is steep.
        for (found, want) in [
            (integral(|u| libm::exp(-u), 0.0, 1.0), -libm::expm1(-1.0)),
            (integral(|u| 1.0 / (1.0 + u), 0.0, 1e6), libm::log1p(1e6)),
            (integral(|u| 1.0 / (1.0 + (u - 300.0) * (u - 300.0)), 0.0, 1e4), libm::atan(9700.0) + libm::atan(300.0)),
            (integral(libm::sqrt, 0.0, 1.0), 2.0 / 3.0),
        ] {
            assert!((found / want - 1.0).abs() < 1e-13, "{found} {want}");
        }
    }

    #[test]
    fn ends_and_emptiness() {
        assert!(ln_integral(|_| 0.0, 1.0, 1.0).is_infinite());
        assert!(ln_integral(|_| 0.0, 2.0, 1.0).is_infinite());
        assert!(ln_integral(|_| f64::NEG_INFINITY, 0.0, 1.0).is_infinite());
        assert!(ln_integral(|_| f64::NAN, 0.0, 1.0).is_nan() || ln_integral(|_| f64::NAN, 0.0, 1.0).is_infinite());
        assert!((ln_integral(|_| 1000.0, 0.0, 2.0) - 1000.0 - core::f64::consts::LN_2).abs() < 1e-12);
    }

    #[test]
    fn a_narrow_peak_is_found_where_it_tapers() {
        // The exponent of a gamma density with shape 10⁴, a hundredth as wide as the interval; its own rounding is 10⁻¹¹.
        let f = |u: f64| 9999.0 * libm::log(u) - u;
        let want = libm::lgamma(1e4);
        let found = [ln_integral(f, 0.0, 3e4) - want, ln_integral_to_infinity(f, 1e4) - want];
        assert!(found.iter().all(|e| e.abs() < 1e-10), "{found:?}");
    }

    #[test]
    fn singular_ends() {
        // B(0.1, 0.2), and Γ(0.05).
        let beta = ln_integral_singular(|l, r| -0.9 * libm::log(l) - 0.8 * libm::log(r), 1.0);
        assert!((beta - libm::log(14.599_371_492_764_83)).abs() < 1e-13, "{beta}");
        let gamma = ln_integral_to_infinity(|u| -0.9 * libm::log(u) - u, 1.0);
        assert!((gamma - libm::lgamma(0.1)).abs() < 1e-13, "{gamma}");
    }
}
