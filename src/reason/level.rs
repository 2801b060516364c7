use crate::money::{Rounding, decimal};
use rust_decimal::Decimal;

/// Decimal places of a level between 0 and 1.
pub(crate) const LEVEL_PLACES: u8 = 6;

/// The mid-rank percentile, `(worse + ½·equal) / of`, rounded half even; `None` if there are more worse and equal than there are.
pub(crate) fn percentile(worse: u32, equal: u32, of: u32) -> Option<Decimal> {
    let (part, whole) = (2 * i128::from(worse) + i128::from(equal), 2 * i128::from(of));
    let possible = u64::from(worse) + u64::from(equal) <= u64::from(of);
    if possible { decimal::quotient(part, whole, LEVEL_PLACES, Rounding::HalfEven).map(|p| p.normalize()) } else { None }
}

/// How far a value is on the way from the worst to the best, from 0 to 1, rounded half even; `None` if these two are equal, or further
/// apart than 128 bits reach.
pub(crate) fn way(value: Decimal, worst: Decimal, best: Decimal) -> Option<Decimal> {
    let (low, high) = (worst.min(best), worst.max(best));
    if low == high {
        return None;
    }
    let value = value.clamp(low, high);
    let scale = value.scale().max(worst.scale()).max(best.scale());
    let whole = |d: Decimal| d.mantissa().checked_mul(decimal::power_of_ten(u8::try_from(scale - d.scale()).ok()?)?);
    let (value, worst, best) = (whole(value)?, whole(worst)?, whole(best)?);
    let (part, all) = (value.checked_sub(worst)?, best.checked_sub(worst)?);
    decimal::quotient(part * all.signum(), all.abs(), LEVEL_PLACES, Rounding::HalfEven).map(|p| p.normalize())
}
