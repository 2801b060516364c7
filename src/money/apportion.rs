//! Whole units by exact shares: the largest-remainder method (Hamilton, 1792).

use alloc::vec::Vec;
use core::cmp::Reverse;

/// Divides a number by weights: each part gets the whole units of its exact share, and what is left over goes to the largest remainders,
/// the earlier where remainders tie. `None` if all weights are 0.
pub(crate) fn apportion(whole: u64, weights: &[u64]) -> Option<Vec<u64>> {
    let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    // whole < 2^64 and weight < 2^64: the product fits.
    let product = |weight: u64| u128::from(whole) * u128::from(weight);
    let share = |&weight: &u64| u64::try_from(product(weight).checked_div(total)?).ok();
    let mut parts: Vec<u64> = weights.iter().map(share).collect::<Option<_>>().filter(|_| total > 0)?;
    hand_out(&mut parts, whole, |i| product(weights[i]) % total);
    Some(parts)
}

/// Gives what is left of a whole to the parts with the largest remainders, one each, the earlier where remainders tie.
pub(crate) fn hand_out<R: Ord>(parts: &mut [u64], whole: u64, remainder: impl Fn(usize) -> R) {
    let given: u64 = parts.iter().sum();
    if given == whole {
        return;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&i| Reverse(remainder(i)));
    for &i in order.iter().zip(given..whole).map(|(i, _)| i) {
        parts[i] += 1;
    }
}
