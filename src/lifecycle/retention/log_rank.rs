use super::{RetentionError, Survival};
use crate::numeric::count;
use alloc::collections::BTreeSet;

/// Whether two groups of customers leave alike: the log-rank test (Mantel 1966).
///
/// At each time at which somebody left, those who left are expected in the groups by their numbers at risk. The test sums what was seen
/// beyond that. It looks for one group that leaves faster throughout; curves that cross can hide from it.
///
/// ```
/// use customer_value::lifecycle::retention::{LogRank, Survival};
///
/// let (mut monthly, mut yearly) = (Survival::new(), Survival::new());
/// for time in [1, 1, 2, 3] {
///     monthly.push(time, true)?;
/// }
/// for time in [5, 7, 8, 8] {
///     yearly.push(time, time < 8)?;
/// }
/// let test = LogRank::of(&monthly, &yearly)?;
/// assert_eq!(test.observed, 4);
/// assert!(test.expected < 2.0 && test.p_value < 0.05);
/// # Ok::<(), customer_value::lifecycle::retention::RetentionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// Customers of the first group who left.
    pub observed: u64,
    /// How many would have, had both groups left alike.
    pub expected: f64,
    /// The variance of the observed number, of the hypergeometric distribution at each time.
    pub variance: f64,
    /// `(observed − expected)² / variance`.
    pub chi_squared: f64,
    /// The chance of as large a value, or a larger one, if both leave alike: of the chi-squared distribution with one degree of freedom.
    pub p_value: f64,
}

impl LogRank {
    /// Compares two tallies of different customers, in the same unit of time. Which one comes first changes the sign of
    /// `observed − expected` only.
    ///
    /// # Errors
    /// [`NotComparable`](RetentionError::NotComparable) if at no time with an event both groups were observed, or at each of them
    /// everybody left; [`TooLarge`](RetentionError::TooLarge) for more than 2⁶⁴ − 1 customers.
    pub fn of(one: &Survival, other: &Survival) -> Result<LogRank, RetentionError> {
        one.customers().checked_add(other.customers()).ok_or(RetentionError::TooLarge)?;
        let times: BTreeSet<u32> = one.times().keys().chain(other.times().keys()).copied().collect();
        let (mut first, mut second) = (one.customers(), other.customers());
        let (mut observed, mut expected, mut variance) = (0, 0.0, 0.0);
        for time in times {
            let ends = |tally: &Survival| tally.times().get(&time).copied().unwrap_or_default();
            let (a, b) = (ends(one), ends(other));
            let (left, at_risk) = (a.events + b.events, first + second);
            observed += a.events;
            if left > 0 {
                let (part, rest) = (count(first) / count(at_risk), count(second) / count(at_risk));
                expected += count(left) * part;
                if at_risk > 1 {
                    variance += count(left) * part * rest * (count(at_risk - left) / count(at_risk - 1));
                }
            }
            first -= a.events + a.censored;
            second -= b.events + b.censored;
        }
        if variance <= 0.0 {
            return Err(RetentionError::NotComparable);
        }
        let more = count(observed) - expected;
        let chi_squared = more * more / variance;
        Ok(LogRank { observed, expected, variance, chi_squared, p_value: libm::erfc(libm::sqrt(chi_squared / 2.0)) })
    }
}
