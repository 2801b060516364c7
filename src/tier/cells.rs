//! Cells of a table over several axes, counted with the last axis running fastest. Levels count from 1, for the worst.

use alloc::vec::Vec;

/// The position of the cell with these levels, on axes of these sizes; `None` if there is no such cell.
pub(super) fn position(levels: &[u8], sizes: impl ExactSizeIterator<Item = u8>) -> Option<usize> {
    if levels.len() != sizes.len() {
        return None;
    }
    sizes
        .zip(levels)
        .try_fold(0, |at, (size, &level)| (1..=size).contains(&level).then(|| at * usize::from(size) + usize::from(level - 1)))
}

/// The levels of the cell at a position.
pub(super) fn levels(mut at: usize, sizes: impl DoubleEndedIterator<Item = u8>) -> Vec<u8> {
    let level = |size: u8| {
        let rest = at % usize::from(size);
        at /= usize::from(size);
        // Below the size, which is a `u8`.
        u8::try_from(rest).unwrap_or(u8::MAX - 1) + 1
    };
    let mut levels: Vec<u8> = sizes.rev().map(level).collect();
    levels.reverse();
    levels
}
