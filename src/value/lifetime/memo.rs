//! Numbers that are asked for again and again, each worked out once.

use alloc::{vec, vec::Vec};

/// A history in numbers, or what matters of it.
pub(super) type Key = (u32, u32, u32);

/// Numbers by three others. What is found never depends on what else is there.
#[derive(Clone, Debug)]
pub(super) struct Memo {
    /// By `x` and T, without `t_x`, where both are as small as they are for most customers; NaN if not known. Those of the same `x` lie
    /// side by side: a few purchases and some years fit into the nearest memory.
    near: Vec<Vec<f64>>,
    /// All others, in open addressing.
    slots: Vec<Slot>,
    taken: usize,
}

/// The least `x` and T that are not small: eleven years, and never more than 8 MB.
const FAR: (usize, usize) = (256, 4096);

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: Key,
    taken: bool,
    value: f64,
}

const FREE: Slot = Slot { key: (0, 0, 0), taken: false, value: 0.0 };

impl Memo {
    pub(super) fn new() -> Memo {
        Memo { near: Vec::new(), slots: vec![FREE; 16], taken: 0 }
    }

    /// The number with this key, which `make` works out if it is not known yet.
    pub(super) fn get(&mut self, key: Key, make: impl FnOnce() -> f64) -> f64 {
        match small(key) {
            Some((x, t)) => self.get_near(x, t, make),
            None => self.get_far(key, make),
        }
    }

    fn get_near(&mut self, x: usize, t: usize, make: impl FnOnce() -> f64) -> f64 {
        match self.near.get(x).and_then(|row| row.get(t)) {
            Some(known) if !known.is_nan() => return *known,
            _ => {}
        }
        let value = make();
        if self.near.len() <= x {
            self.near.resize(x + 1, Vec::new());
        }
        let row = &mut self.near[x];
        if row.len() <= t {
            row.resize(t + 1, f64::NAN);
        }
        row[t] = value;
        value
    }

    fn get_far(&mut self, key: Key, make: impl FnOnce() -> f64) -> f64 {
        let at = self.place(key);
        if self.slots[at].taken {
            return self.slots[at].value;
        }
        let value = make();
        self.slots[at] = Slot { key, taken: true, value };
        self.taken += 1;
        if 2 * self.taken > self.slots.len() {
            self.grow();
        }
        value
    }

    /// The slot of a key, or the free one where it belongs: at most half of them are taken.
    fn place(&self, key: Key) -> usize {
        // Powers of the root of x⁴ = x + 1, which spread lattices evenly (Roberts 2018).
        const SPREAD: [u64; 3] = [0xd1b5_4a32_d192_ed03, 0xabc9_8388_fb8f_ac03, 0x8cb9_2ba7_2f3d_8dd7];
        let parts = [key.0, key.1, key.2].into_iter().zip(SPREAD);
        let hash = parts.fold(0_u64, |sum, (part, by)| sum.wrapping_add(u64::from(part).wrapping_mul(by)));
        // As many bits as the number of slots, a power of two, has below its first.
        let mut at = usize::try_from(hash >> (64 - self.slots.len().trailing_zeros())).unwrap_or(0);
        while self.slots[at].taken && self.slots[at].key != key {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    fn grow(&mut self) {
        let before = core::mem::take(&mut self.slots);
        self.slots = vec![FREE; 2 * before.len()];
        for slot in before.into_iter().filter(|slot| slot.taken) {
            let at = self.place(slot.key);
            self.slots[at] = slot;
        }
    }
}

/// `x` and T, if both are small and there is nothing else.
fn small((x, t_x, t): Key) -> Option<(usize, usize)> {
    let (x, t) = (usize::try_from(x).ok()?, usize::try_from(t).ok()?);
    (t_x == 0 && x < FAR.0 && t < FAR.1).then_some((x, t))
}

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn every_key_is_worked_out_once_and_found_again() {
        let (mut memo, mut made) = (Memo::new(), 0_u32);
        let keys = || (0..20_u32).flat_map(|x| (0..500_u32).map(move |t| (x, t % 3, t / 3)));
        let number = |(x, t_x, t)| f64::from(x) * 1e9 + f64::from(t_x) * 1e4 + f64::from(t);
        let ends =
            || [(u32::MAX, u32::MAX, u32::MAX), (255, 0, 4095), (256, 0, 4095), (255, 0, 4096), (u32::MAX, 0, 0), (0, 0, u32::MAX)];
        for key in keys().chain(ends()).chain(keys()).chain(ends()) {
            let found = memo.get(key, || {
                made += 1;
                number(key)
            });
            assert_eq!(found.to_bits(), number(key).to_bits());
        }
        assert_eq!(made, 10_006);
        assert!(memo.near.len() == 256 && memo.near.iter().all(|row| row.len() <= 4096));
    }
}
