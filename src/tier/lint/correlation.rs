//! Correlation of two columns. The sums are whole numbers, so that the order of the customers changes no bit.

use crate::money::Ratio;
use alloc::{vec, vec::Vec};

/// Pearson's coefficient, rounded half even to 4 places; `None` for unequal or fewer than 3 values, or if one column is constant.
///
/// Sums that would outgrow 128 bits are made of values without their lowest bits; at least 30 bits are kept for a billion customers.
pub(super) fn pearson(x: &[i64], y: &[i64]) -> Option<Ratio> {
    if x.len() != y.len() || x.len() < 3 {
        return None;
    }
    let n = i128::try_from(x.len()).ok()?;
    // n² · 2^(2·bits) stays below 2^126.
    let bits = 63_u32.checked_sub(128 - n.leading_zeros())?;
    let (x, y) = (from_least(x, bits), from_least(y, bits));
    let sum = |values: &[i128]| values.iter().sum::<i128>();
    let product = |a: &[i128], b: &[i128]| a.iter().zip(b).map(|(a, b)| a * b).sum::<i128>();
    let centred = |a: &[i128], b: &[i128]| n * product(a, b) - sum(a) * sum(b);
    let (together, of_x, of_y) = (centred(&x, &y), centred(&x, &x), centred(&y, &y));
    if of_x == 0 || of_y == 0 {
        return None;
    }
    rounded(together, of_x, of_y)
}

/// Spearman's coefficient: Pearson's of the mid-ranks.
pub(super) fn spearman(x: &[i64], y: &[i64]) -> Option<Ratio> {
    pearson(&ranks(x), &ranks(y))
}

/// Twice the mid-rank of each value, so that it is whole.
fn ranks(values: &[i64]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by_key(|&at| values[at]);
    let mut ranks = vec![0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let equal = order[start..].iter().take_while(|&&at| values[at] == values[order[start]]).count();
        let middle = i64::try_from(2 * start + equal).unwrap_or(i64::MAX);
        order[start..start + equal].iter().for_each(|&at| ranks[at] = middle);
        start += equal;
    }
    ranks
}

/// How far each value is above the least, in at most so many bits.
fn from_least(values: &[i64], bits: u32) -> Vec<i128> {
    let least = values.iter().copied().min().unwrap_or(0);
    let most = values.iter().copied().max().unwrap_or(0);
    let width = 128 - (i128::from(most) - i128::from(least)).leading_zeros();
    let dropped = width.saturating_sub(bits);
    values.iter().map(|&v| (i128::from(v) - i128::from(least)) >> dropped).collect()
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // a statistic, between −1 and 1
fn rounded(together: i128, of_x: i128, of_y: i128) -> Option<Ratio> {
    let coefficient = together as f64 / (libm::sqrt(of_x as f64) * libm::sqrt(of_y as f64));
    Ratio::new(libm::rint(coefficient.clamp(-1.0, 1.0) * 10_000.0) as i128, 10_000).ok()
}
