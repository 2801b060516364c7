use crate::money::{Rounding, decimal};
use rust_decimal::Decimal;

/// Decimal places of a percentile.
pub(crate) const PERCENTILE_PLACES: u8 = 6;

/// The mid-rank percentile, `(worse + ½·equal) / of`, rounded half even; `None` if there are more worse and equal than there are.
pub(crate) fn percentile(worse: u32, equal: u32, of: u32) -> Option<Decimal> {
    let (part, whole) = (2 * i128::from(worse) + i128::from(equal), 2 * i128::from(of));
    let possible = u64::from(worse) + u64::from(equal) <= u64::from(of);
    if possible { decimal::quotient(part, whole, PERCENTILE_PLACES, Rounding::HalfEven).map(|p| p.normalize()) } else { None }
}
