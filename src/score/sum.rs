use alloc::vec::Vec;

/// The sum of floating-point numbers, from the smallest up: the same bits in whatever order they come.
pub(super) fn ordered_sum(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.iter().sum()
}
