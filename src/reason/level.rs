use crate::money::{Rounding, decimal};
use num_bigint::BigInt;
use num_traits::Signed;
use rust_decimal::Decimal;

/// Decimal places of a level between 0 and 1.
pub(crate) const LEVEL_PLACES: u8 = 6;

/// The mid-rank percentile, `(worse + ½·equal) / of`, rounded half even; `None` if there are more worse and equal than there are.
pub(crate) fn percentile(worse: u32, equal: u32, of: u32) -> Option<Decimal> {
    let (part, whole) = (2 * i128::from(worse) + i128::from(equal), 2 * i128::from(of));
    let possible = u64::from(worse) + u64::from(equal) <= u64::from(of);
    if possible { decimal::quotient(part, whole, LEVEL_PLACES, Rounding::HalfEven).map(|p| p.normalize()) } else { None }
}

/// How far a value is on the way from the worst to the best, from 0 to 1, rounded half even; `None` if these two are equal.
pub(crate) fn way(value: Decimal, worst: Decimal, best: Decimal) -> Option<Decimal> {
    let (low, high) = (worst.min(best), worst.max(best));
    if low == high {
        return None;
    }
    let [value, worst, best] = [value.clamp(low, high), worst, best].map(|d| d.normalize());
    let scale = value.scale().max(worst.scale()).max(best.scale());
    let whole = |d: Decimal| d.mantissa().checked_mul(decimal::power_of_ten(u8::try_from(scale - d.scale()).ok()?)?);
    let level = || {
        let (value, worst, best) = (whole(value)?, whole(worst)?, whole(best)?);
        let (part, all) = (value.checked_sub(worst)?, best.checked_sub(worst)?);
        decimal::quotient(part * all.signum(), all.abs(), LEVEL_PLACES, Rounding::HalfEven)
    };
    level().or_else(|| wide_way(value, worst, best, scale)).map(|level| level.normalize())
}

/// The same where 128 bits do not suffice.
fn wide_way(value: Decimal, worst: Decimal, best: Decimal, scale: u32) -> Option<Decimal> {
    let whole = |d: Decimal| BigInt::from(d.mantissa()) * BigInt::from(10).pow(scale - d.scale());
    let (part, all) = (whole(value) - whole(worst), whole(best) - whole(worst));
    let (part, all) = if all.is_negative() { (-part, -all) } else { (part, all) };
    let units = 10_i128.pow(LEVEL_PLACES.into());
    let scaled: BigInt = part * units;
    let (level, rest) = (i128::try_from(&scaled / &all).ok()?, (scaled % &all) * 2_u8);
    let up = rest > all || (rest == all && level % 2 == 1);
    Some(decimal::from_fixed(level + i128::from(up), LEVEL_PLACES))
}

#[cfg(test)]
mod tests {
    use super::way;
    use rust_decimal::Decimal;

    #[test]
    fn a_level_does_not_depend_on_how_its_numbers_are_written_or_how_far_apart_they_are() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        let (zero, million) = (d("0"), d("1000000000000"));
        assert_eq!(way(d("5"), zero, million), way(d("5.0000000000000000000000000000"), zero, million));
        assert_eq!(way(d("0.0000000000000000000000000001"), zero, million), Some(zero));
        let (least, most) = (d("0.0000000000000000000000000001"), Decimal::MAX);
        assert_eq!(way(most / d("2"), least, most), Some(d("0.5")));
        assert_eq!(way(most / d("2"), most, least), Some(d("0.5")));
        assert_eq!(way(d("500000.5"), zero, d("1000000")), Some(d("0.5"))); // a half goes to the even neighbour
        assert_eq!(way(d("1500000.5"), zero, d("1000000000000")), Some(d("0.000002")));
        assert_eq!((way(most, least, most), way(zero, least, most)), (Some(d("1")), Some(zero)));
        assert_eq!(way(zero, zero, zero), None);
    }
}
