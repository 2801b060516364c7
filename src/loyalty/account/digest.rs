use core::hash::{Hash, Hasher};

/// 64 bits of what a value says, the same on every platform. They tell two commands under one id apart by accident, not by design: whoever
/// sends commands can make two that look alike.
pub(super) fn digest(value: &impl Hash) -> u64 {
    let mut mix = Mix(0x243F_6A88_85A3_08D3); // the digits of π
    value.hash(&mut mix);
    mix.finish()
}

/// Folds the halves of a product, word by word.
struct Mix(u64);

impl Mix {
    fn word(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15); // the golden ratio
        #[allow(clippy::cast_possible_truncation)] // the two halves
        let (low, high) = (product as u64, (product >> 64) as u64);
        self.0 = (low ^ high).rotate_left(23).wrapping_add(word ^ 0x1319_8A2E_0370_7344);
    }
}

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    // The standard library hands these over in the order of the platform's bytes, and `usize` and `isize` in its width.
    fn write_u8(&mut self, i: u8) {
        self.word(i.into());
    }

    fn write_u16(&mut self, i: u16) {
        self.word(i.into());
    }

    fn write_u32(&mut self, i: u32) {
        self.word(i.into());
    }

    fn write_u64(&mut self, i: u64) {
        self.word(i);
    }

    fn write_u128(&mut self, i: u128) {
        self.write(&i.to_le_bytes());
    }

    fn write_usize(&mut self, i: usize) {
        self.word(i as u64);
    }

    fn write_i8(&mut self, i: i8) {
        self.word(i64::from(i).cast_unsigned());
    }

    fn write_i16(&mut self, i: i16) {
        self.word(i64::from(i).cast_unsigned());
    }

    fn write_i32(&mut self, i: i32) {
        self.word(i64::from(i).cast_unsigned());
    }

    fn write_i64(&mut self, i: i64) {
        self.word(i.cast_unsigned());
    }

    fn write_i128(&mut self, i: i128) {
        self.write(&i.to_le_bytes());
    }

    fn write_isize(&mut self, i: isize) {
        self.word((i as i64).cast_unsigned());
    }
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn digests_are_those_that_logs_hold() {
        let found = [digest(&""), digest(&"a"), digest(&7_u8), digest(&(7_usize, -1_isize))];
        let kept = [0xcd57_91be_9fdc_5e31, 0x395e_f807_9bfa_5197, 0xb2fc_0107_37b0_b2c8, 0x4521_7bb9_4d94_9f64];
        assert_eq!(found, kept);
    }
}
