use super::EconomicsError;
use crate::quantity::{Share, ShareError};

/// The share of the customers at the start of a period who are still there at its end: those at the end, without those won in between, of
/// those at the start. Its [`rest`](Share::rest) is the churn rate. Where the contracts themselves are at hand,
/// [`Churn`](crate::lifecycle::retention::Churn) counts them.
///
/// # Errors
/// [`Share`](EconomicsError::Share) if nobody was there at the start, more were won than are there at the end, or more are left than there
/// were.
///
/// ```
/// use customer_value::value::economics::retention;
///
/// let kept = retention(200, 190, 30)?;
/// assert_eq!((kept.to_string(), kept.rest().to_string()), ("160 of 200".into(), "40 of 200".into()));
/// # Ok::<(), customer_value::value::economics::EconomicsError>(())
/// ```
#[doc(alias = "保持率")]
#[doc(alias = "留存率")]
#[doc(alias = "流失率")]
pub fn retention(at_start: u64, at_end: u64, won: u64) -> Result<Share, EconomicsError> {
    let kept = at_end.checked_sub(won).ok_or(ShareError::NotAPart { part: won, whole: at_end })?;
    if at_start == 0 {
        return Err(ShareError::OfNothing.into());
    }
    Ok(Share::new(kept, at_start)?)
}
