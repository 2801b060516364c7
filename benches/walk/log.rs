//! The log of orders: read from column files, or generated.

use crate::Outcome;
use std::fs;

pub struct Log {
    pub id: Vec<u64>,
    pub day: Vec<i32>,
    pub cents: Vec<i64>,
    pub end: i32,
    known: &'static [Known],
}

/// What other programs found on the same log.
struct Known {
    job: &'static str,
    sums: &'static [i128],
    cells_hash: u64,
}

/// Found alike by numpy, pandas, Polars, `DuckDB`, lifetimes and pymc-marketing on `synth10m` (seed 20240607). `full` sums
/// customers, x, `t_x`, T, mean in whole cents; `classic` customers, recency, orders, cents.
const SYNTH_10M: &[Known] = &[
    Known { job: "classic", sums: &[1_000_000, 190_652_107, 10_000_000, 35_221_200_999], cells_hash: 0x0744_04dd_de9a_7216 },
    Known {
        job: "full",
        sums: &[1_000_000, 8_598_439, 173_181_077, 363_833_184, 2_752_643_378],
        cells_hash: 0xb790_7dd2_f9e7_1b8d,
    },
];

impl Log {
    /// Columns from files; 2023-12-31 is the day of observation.
    pub fn read(prefix: &str) -> Log {
        let bytes = |column: &str| fs::read(format!("{prefix}.{column}.bin")).expect("a column file");
        let wide = |column| bytes(column).chunks_exact(8).map(|b| i64::from_le_bytes(b.try_into().unwrap())).collect::<Vec<_>>();
        let day = bytes("day").chunks_exact(4).map(|b| i32::from_le_bytes(b.try_into().unwrap())).collect();
        let id = wide("id").into_iter().map(i64::cast_unsigned).collect();
        let mut log = Log { id, day, cents: wide("cents"), end: 19_722, known: &[] };
        if log.len() == 10_000_000 && log.cents_sum() == 35_221_200_999 {
            log.known = SYNTH_10M;
        }
        log
    }

    /// Customers join over two years, buy at very different rates until they stop, ids are sparse, rows unsorted.
    pub fn generate(rows: usize, customers: usize) -> Log {
        let mut random = Random(20_240_607);
        let mut log = Log {
            id: Vec::with_capacity(rows),
            day: Vec::with_capacity(rows),
            cents: Vec::with_capacity(rows),
            end: 19_722,
            known: &[],
        };
        for row in 0..rows {
            // Every customer once; then the product of two uniforms favours the early ones.
            let who = if row < customers { row } else { (random.share() * random.share() * customers as f64) as usize };
            let mut traits = Random(who as u64);
            let birth = (traits.share() * 730.0) as i32;
            let alive = f64::from(730 - birth) * traits.share();
            let mean = 500.0 / (0.05 + traits.share());
            log.id.push(traits.next() >> 12);
            log.day.push(18_993 + birth + if row < customers { 0 } else { (random.share() * alive) as i32 });
            log.cents.push(1 + (mean * (0.5 + random.share())) as i64);
        }
        for row in (1..rows).rev() {
            let other = (random.next() % (row as u64 + 1)) as usize;
            log.id.swap(row, other);
            log.day.swap(row, other);
            log.cents.swap(row, other);
        }
        log
    }

    pub fn len(&self) -> usize {
        self.id.len()
    }

    pub fn cents_sum(&self) -> i64 {
        self.cents.iter().sum()
    }

    /// Compares with what is known of this log.
    pub fn check(&self, job: &str, found: &Outcome) {
        if let Some(known) = self.known.iter().find(|k| k.job == job) {
            assert_eq!(found.sums, known.sums, "{job}: the sums are not the known ones");
            assert_eq!(found.cells_hash(), known.cells_hash, "{job}: the cell counts are not the known ones");
        }
    }
}

/// `SplitMix64` (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
