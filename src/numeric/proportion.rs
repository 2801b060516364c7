use super::count;

/// A share that was found, with its Wilson score interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Share {
    /// `part` of `whole`, which is above zero, with the interval of Wilson (1927) for the quantile `z`. At no and all of them the
    /// interval ends at 0 and 1 exactly.
    pub(crate) fn wilson(part: u64, whole: u64, z: f64) -> Share {
        let (x, n, square) = (count(part), count(whole), z * z);
        let value = x / n;
        let half = z * libm::sqrt(square + 4.0 * x * (count(whole - part) / n));
        let end = |sum: f64| (sum / (2.0 * (n + square))).clamp(0.0, 1.0);
        let low = if part == 0 { 0.0 } else { end(2.0 * x + square - half).min(value) };
        let high = if part == whole { 1.0 } else { end(2.0 * x + square + half).max(value) };
        Share { value, low, high }
    }
}

/// The interval of the difference `one − other`: the hybrid score method, number 10 of Newcombe (1998).
pub(crate) fn newcombe(one: Share, other: Share) -> (f64, f64) {
    let difference = one.value - other.value;
    let low = difference - libm::hypot(one.value - one.low, other.high - other.value);
    let high = difference + libm::hypot(one.high - one.value, other.value - other.low);
    (low.max(-1.0), high.min(1.0))
}

/// The interval of the ratio `one / other` from the two intervals (MOVER, Donner and Zou 2012): the ratios R for which the interval of
/// `one − R·other`, made as that of Newcombe, begins or ends at zero. `None` unless the other interval lies above zero.
pub(crate) fn ratio_of_shares(one: Share, other: Share) -> Option<(f64, f64)> {
    if other.low <= 0.0 {
        return None;
    }
    let product = one.value * other.value;
    let root = |b: f64, c: f64| libm::sqrt((product * product - b * c).max(0.0));
    let corner = |share: Share, end: f64| end * (2.0 * share.value - end);
    // The smaller root, written so that its denominator cannot vanish.
    let (b, c) = (corner(one, one.low), corner(other, other.high));
    let sum = product + root(b, c);
    let low = if one.low > 0.0 { b / sum } else { 0.0 };
    let (b, c) = (corner(one, one.high), corner(other, other.low));
    Some((low, (product + root(b, c)) / c))
}

#[cfg(test)]
mod tests {
    use super::{Share, newcombe, ratio_of_shares};
    use crate::numeric::normal_tail;

    #[test]
    fn wilson_intervals_agree_with_statsmodels() {
        let z = normal_tail(0.025);
        for (part, whole, low, high) in
            [(8, 10, 0.490_162, 0.943_318), (10, 10, 0.722_467, 1.0), (0, 10, 0.0, 0.277_533), (15, 148, 0.062_386, 0.160_487)]
        {
            let share = Share::wilson(part, whole, z);
            assert!((share.low - low).abs() < 5e-7 && (share.high - high).abs() < 5e-7, "{share:?}");
        }
        for whole in [1, 3, u64::MAX] {
            assert!(
                Share::wilson(0, whole, z).low.to_bits() == 0 && Share::wilson(whole, whole, z).high.to_bits() == 1.0_f64.to_bits()
            );
        }
    }

    #[test]
    fn differences_agree_with_newcombe_1998_table_ii() {
        let z = normal_tail(0.025);
        for (one, other, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let share = |(part, whole)| Share::wilson(part, whole, z);
            let found = newcombe(share(one), share(other));
            assert!((found.0 - low).abs() < 5.1e-5 && (found.1 - high).abs() < 5.1e-5, "{one:?} {other:?}: {found:?}");
        }
    }

    #[test]
    fn at_the_ends_of_a_ratio_the_difference_ends_at_zero() {
        let z = normal_tail(0.025);
        for (one, other) in [((56, 70), (48, 80)), ((9, 10), (3, 10)), ((1, 50), (1, 40)), ((0, 10), (3, 10)), ((10, 10), (1, 20))]
        {
            let (a, b) = (Share::wilson(one.0, one.1, z), Share::wilson(other.0, other.1, z));
            let (low, high) = ratio_of_shares(a, b).unwrap();
            let lower = a.value - low * b.value - libm::hypot(a.value - a.low, low * (b.high - b.value));
            let upper = a.value - high * b.value + libm::hypot(a.high - a.value, high * (b.value - b.low));
            assert!(lower.abs() < 1e-12 && upper.abs() < 1e-12, "{one:?} {other:?}: {lower} {upper}");
            assert!(low <= a.value / b.value && a.value / b.value <= high);
        }
        assert!(ratio_of_shares(Share::wilson(1, 2, z), Share::wilson(0, 9, z)).is_none());
    }
}
