//! Rows on their way to their customers: hashed, packed, scattered into partitions.

use super::OrderColumns;
use alloc::{vec, vec::Vec};

/// A bijection of 64-bit keys whose top bits are well spread.
pub(super) fn mix(key: u64) -> u64 {
    (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

pub(super) fn unmix(hash: u64) -> u64 {
    let key = hash.wrapping_mul(0xf1de_83e1_9937_733d);
    key ^ (key >> 32)
}

/// How a row is kept while it is on its way to its customer: arrays of zeros cost nothing to allocate.
pub(super) trait Row: Copy + Send + Sync {
    fn zeros(length: usize) -> Vec<Self>;
    fn new(hash: u64, day_offset: u32, minor: i64) -> Self;
    fn hash(self) -> u64;
    fn day_offset(self) -> u32;
    fn minor(self) -> i64;
}

/// 2^20 days are 2,871 years; 2^43 smallest units are 88 billion pounds.
pub(super) const DAY_BITS: u32 = 20;

/// 16 bytes: hash; amount and day.
pub(super) type Packed = [u64; 2];
/// 24 bytes: hash, amount, day.
pub(super) type Wide = [u64; 3];

impl Row for Packed {
    fn zeros(length: usize) -> Vec<Packed> {
        vec![[0; 2]; length]
    }
    #[allow(clippy::cast_sign_loss)] // two's complement, undone by `minor`
    fn new(hash: u64, day_offset: u32, minor: i64) -> Packed {
        [hash, (minor as u64) << DAY_BITS | u64::from(day_offset)]
    }
    fn hash(self) -> u64 {
        self[0]
    }
    #[allow(clippy::cast_possible_truncation)]
    fn day_offset(self) -> u32 {
        self[1] as u32 & ((1 << DAY_BITS) - 1)
    }
    #[allow(clippy::cast_possible_wrap)]
    fn minor(self) -> i64 {
        self[1] as i64 >> DAY_BITS
    }
}

impl Row for Wide {
    fn zeros(length: usize) -> Vec<Wide> {
        vec![[0; 3]; length]
    }
    #[allow(clippy::cast_sign_loss)]
    fn new(hash: u64, day_offset: u32, minor: i64) -> Wide {
        [hash, minor as u64, day_offset.into()]
    }
    fn hash(self) -> u64 {
        self[0]
    }
    #[allow(clippy::cast_possible_truncation)]
    fn day_offset(self) -> u32 {
        self[2] as u32
    }
    #[allow(clippy::cast_possible_wrap)]
    fn minor(self) -> i64 {
        self[1] as i64
    }
}

/// Rows scattered into partitions: partition `p` is `rows[starts[p]..starts[p + 1]]`.
#[derive(Debug)]
pub(super) struct Scattered<R> {
    rows: Vec<R>,
    starts: Vec<usize>,
}

impl<R: Row> Scattered<R> {
    fn new(customer: &[u64], day: &[i32], minor: &[i64], first_day: i32, bits: u32) -> Scattered<R> {
        // With no bits there is one partition; a shift by 64 would not do.
        let partition = |hash: u64| usize::try_from(hash >> 1 >> (63 - bits)).unwrap_or(0);
        let mut starts = vec![0_usize; (1 << bits) + 1];
        for &key in customer {
            starts[partition(mix(key)) + 1] += 1;
        }
        for p in 1..starts.len() {
            starts[p] += starts[p - 1];
        }
        let mut next = starts.clone();
        let mut rows = R::zeros(customer.len());
        for ((&key, &day), &minor) in customer.iter().zip(day).zip(minor) {
            let hash = mix(key);
            let at = &mut next[partition(hash)];
            rows[*at] = R::new(hash, day.wrapping_sub(first_day).cast_unsigned(), minor);
            *at += 1;
        }
        Scattered { rows, starts }
    }

    pub(super) fn partition(&self, p: usize) -> &[R] {
        &self.rows[self.starts[p]..self.starts[p + 1]]
    }
}

/// The rows in partitions by the top `bits` of their hash: one piece, or one piece a thread.
#[cfg(not(feature = "rayon"))]
pub(super) fn scatter<R: Row>(orders: &OrderColumns<'_>, first_day: i32, bits: u32) -> Vec<Scattered<R>> {
    vec![Scattered::new(orders.customer, orders.day, orders.minor, first_day, bits)]
}

#[cfg(feature = "rayon")]
pub(super) fn scatter<R: Row>(orders: &OrderColumns<'_>, first_day: i32, bits: u32) -> Vec<Scattered<R>> {
    use rayon::prelude::*;
    let piece = orders.len().div_ceil(rayon::current_num_threads()).max(1);
    let (customer, day, minor) = (orders.customer.par_chunks(piece), orders.day.par_chunks(piece), orders.minor.par_chunks(piece));
    customer.zip(day).zip(minor).map(|((c, d), m)| Scattered::new(c, d, m, first_day, bits)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_hash_is_a_bijection(key: u64) {
            prop_assert_eq!(unmix(mix(key)), key);
        }

        #[test]
        fn rows_come_out_as_they_went_in(hash: u64, day in 0_u32..1 << DAY_BITS, minor in -(1_i64 << 43)..1 << 43, any: i64, far: u32) {
            let row = Packed::new(hash, day, minor);
            prop_assert_eq!((row.hash(), row.day_offset(), row.minor()), (hash, day, minor));
            let row = Wide::new(hash, far, any);
            prop_assert_eq!((row.hash(), row.day_offset(), row.minor()), (hash, far, any));
        }
    }
}
