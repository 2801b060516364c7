//! Order statistics of a column without sorting it.

use alloc::{vec, vec::Vec};

/// The values at the ranks (rising, each below the column's length) of the sorted column.
///
/// Counts the values in 4,096 equal buckets of their range, then looks only into the buckets that hold a wanted rank, in the same way.
/// Integers of small range need no second look.
pub(super) fn order_statistics(values: &[i64], ranks: &[usize]) -> Vec<i64> {
    let mut found = Vec::with_capacity(ranks.len());
    select(values, ranks, 0, &mut found);
    found
}

const BUCKET_BITS: u32 = 12;
/// Fewer values are sorted.
const FEW: usize = 4096;

/// As [`order_statistics`], for ranks that count from `offset`.
fn select(values: &[i64], ranks: &[usize], offset: usize, found: &mut Vec<i64>) {
    if ranks.is_empty() {
        return;
    }
    if values.len() <= FEW {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        found.extend(ranks.iter().map(|r| sorted[r - offset]));
        return;
    }
    let (least, most) = values.iter().fold((i64::MAX, i64::MIN), |(a, b), &v| (a.min(v), b.max(v)));
    let span_bits = u64::BITS - most.wrapping_sub(least).cast_unsigned().leading_zeros();
    let shift = span_bits.saturating_sub(BUCKET_BITS);
    // At most 2^12 − 1.
    let bucket = |v: i64| usize::try_from(v.wrapping_sub(least).cast_unsigned() >> shift).unwrap_or(0);
    let mut counts = vec![0_usize; 1 << BUCKET_BITS];
    for &v in values {
        counts[bucket(v)] += 1;
    }
    let mut start = offset;
    let mut ranks = ranks;
    for (b, &count) in counts.iter().enumerate() {
        let (here, later) = ranks.split_at(ranks.partition_point(|&r| r < start + count));
        if !here.is_empty() {
            if shift == 0 {
                found.extend(here.iter().map(|_| least.wrapping_add_unsigned(b as u64)));
            } else {
                let inside: Vec<i64> = values.iter().copied().filter(|&v| bucket(v) == b).collect();
                select(&inside, here, start, found);
            }
        }
        start += count;
        ranks = later;
        if ranks.is_empty() {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agrees_with_sorting(values: &[i64]) {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let ranks: Vec<usize> = (0..values.len()).step_by(1 + values.len() / 9).collect();
        let expected: Vec<i64> = ranks.iter().map(|&r| sorted[r]).collect();
        assert_eq!(order_statistics(values, &ranks), expected);
    }

    #[test]
    fn the_whole_range_and_long_tails() {
        let spread = |i: i64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.cast_signed());
        let mut values: Vec<i64> = (0..20_000).map(spread).collect();
        values.extend([i64::MIN, i64::MAX]);
        agrees_with_sorting(&values);
        // All but one in a single bucket, several times over.
        let mut values: Vec<i64> = (0..20_000).map(|i| (i * 7919) % 20_011).collect();
        values.push(i64::MAX);
        agrees_with_sorting(&values);
        agrees_with_sorting(&vec![5; 10_000]);
    }

    proptest! {
        #[test]
        fn any_column(values in proptest::collection::vec(-9_000_i64..9_000, 1..9_000)) {
            agrees_with_sorting(&values);
        }
    }
}
