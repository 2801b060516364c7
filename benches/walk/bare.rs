//! The jobs as bare loops: no checks, no types, no policy. Rows are scattered into partitions by hash, each partition is grouped through a
//! small open-addressing table. One thread.

use crate::{Outcome, log::Log};

/// Key; cents and day of the log's two years, packed. Arrays of zeros cost nothing to allocate.
#[derive(Clone, Copy)]
struct Row([u64; 2]);

impl Row {
    fn day(self) -> i32 {
        (self.0[1] & 0xf_ffff) as i32
    }
    fn cents(self) -> i64 {
        self.0[1] as i64 >> 20
    }
}

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Rows by partition, and where each partition starts.
fn scatter(log: &Log) -> (Vec<[u64; 2]>, Vec<usize>) {
    let bits = (log.len() / 8192).next_power_of_two().trailing_zeros().clamp(1, 11);
    let partition = |key: u64| (key.wrapping_mul(MULTIPLIER) >> (64 - bits)) as usize;
    let mut starts = vec![0; (1 << bits) + 1];
    for &key in &log.id {
        starts[partition(key) + 1] += 1;
    }
    for p in 1..starts.len() {
        starts[p] += starts[p - 1];
    }
    let mut next = starts.clone();
    let mut rows = vec![[0; 2]; log.len()];
    for i in 0..log.len() {
        let at = &mut next[partition(log.id[i])];
        rows[*at] = [log.id[i], (log.cents[i] as u64) << 20 | log.day[i] as u64];
        *at += 1;
    }
    (rows, starts)
}

/// Numbers the customers of a partition in order of appearance.
struct Table {
    slots: Vec<u32>,
    keys: Vec<u64>,
}

impl Table {
    fn new() -> Table {
        Table { slots: vec![0; 1 << 15], keys: Vec::new() }
    }

    fn clear(&mut self) {
        self.slots.fill(0);
        self.keys.clear();
    }

    fn number(&mut self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (key.wrapping_mul(MULTIPLIER) >> 20) as usize & mask;
        loop {
            match self.slots[slot] {
                0 => break,
                n if self.keys[n as usize - 1] == key => return n as usize - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
        self.keys.push(key);
        self.slots[slot] = self.keys.len() as u32;
        self.keys.len() - 1
    }
}

/// Type-7 quintiles by selection.
fn quintiles(values: &[f64]) -> [f64; 4] {
    let mut rest = values.to_vec();
    [1, 2, 3, 4].map(|k| {
        let (whole, part) = ((values.len() - 1) * k / 5, ((values.len() - 1) * k % 5) as f64 / 5.0);
        let (_, &mut low, above) = rest.select_nth_unstable_by(whole, f64::total_cmp);
        let high = above.iter().copied().fold(f64::INFINITY, f64::min);
        if part == 0.0 { low } else { low + (high - low) * part }
    })
}

fn cells(r: &[f64], f: &[f64], m: &[f64]) -> Vec<u32> {
    let cuts = [quintiles(r), quintiles(f), quintiles(m)];
    let bin = |value: f64, cuts: &[f64; 4]| cuts.iter().filter(|&&c| value > c).count();
    let mut cells = vec![0; 125];
    for ((&r, &f), &m) in r.iter().zip(f).zip(m) {
        cells[(4 - bin(r, &cuts[0])) * 25 + bin(f, &cuts[1]) * 5 + bin(m, &cuts[2])] += 1;
    }
    cells
}

pub fn classic(log: &Log) -> Outcome {
    let (rows, starts) = scatter(log);
    let mut table = Table::new();
    let (mut r, mut f, mut m) = (Vec::new(), Vec::new(), Vec::new());
    let mut sums = vec![0_i128; 4];
    let mut groups: Vec<(i32, u32, i64)> = Vec::new();
    for p in 0..starts.len() - 1 {
        table.clear();
        groups.clear();
        for row in rows[starts[p]..starts[p + 1]].iter().map(|&r| Row(r)) {
            let n = table.number(row.0[0]);
            if n == groups.len() {
                groups.push((i32::MIN, 0, 0));
            }
            let group = &mut groups[n];
            *group = (group.0.max(row.day()), group.1 + 1, group.2 + row.cents());
        }
        for &(last, count, cents) in &groups {
            let recency = log.end - last;
            sums[0] += 1;
            sums[1] += i128::from(recency);
            sums[2] += i128::from(count);
            sums[3] += i128::from(cents);
            r.push(f64::from(recency));
            f.push(f64::from(count));
            m.push(cents as f64);
        }
    }
    Outcome { sums, cells: cells(&r, &f, &m) }
}

#[derive(Clone, Copy)]
struct Days {
    first: i32,
    last: i32,
    rows: u32,
    first_cents: i64,
    total: i64,
}

/// x, `t_x`, T and mean of every customer.
fn summaries(log: &Log) -> Vec<(i32, i32, i32, f64)> {
    let (rows, starts) = scatter(log);
    let mut table = Table::new();
    let mut out = Vec::new();
    let mut groups: Vec<Days> = Vec::new();
    let (mut number, mut days, mut at) = (Vec::new(), Vec::new(), Vec::new());
    for p in 0..starts.len() - 1 {
        let part = &rows[starts[p]..starts[p + 1]];
        table.clear();
        groups.clear();
        number.clear();
        for row in part.iter().map(|&r| Row(r)) {
            let n = table.number(row.0[0]);
            number.push(n as u32);
            if n == groups.len() {
                groups.push(Days { first: i32::MAX, last: i32::MIN, rows: 0, first_cents: 0, total: 0 });
            }
            let g = &mut groups[n];
            if row.day() < g.first {
                (g.first, g.first_cents) = (row.day(), row.cents());
            } else if row.day() == g.first {
                g.first_cents += row.cents();
            }
            g.last = g.last.max(row.day());
            g.rows += 1;
            g.total += row.cents();
        }
        at.clear();
        let mut sum = 0;
        for g in &groups {
            at.push(sum);
            sum += g.rows as usize;
        }
        days.clear();
        days.resize(part.len(), 0);
        for (row, &n) in part.iter().map(|&r| Row(r)).zip(&number) {
            days[at[n as usize]] = row.day();
            at[n as usize] += 1;
        }
        for (g, &end) in groups.iter().zip(&at) {
            let mine = &mut days[end - g.rows as usize..end];
            mine.sort_unstable();
            let x = mine.windows(2).filter(|w| w[0] != w[1]).count() as i32;
            let mean = if x > 0 { (g.total - g.first_cents) as f64 / f64::from(x) } else { 0.0 };
            out.push((x, g.last - g.first, log.end - g.first, mean));
        }
    }
    out
}

fn sums(rows: &[(i32, i32, i32, f64)]) -> Vec<i128> {
    let (mut x, mut t_x, mut t, mut mean) = (0, 0, 0, 0.0);
    for row in rows {
        x += i128::from(row.0);
        t_x += i128::from(row.1);
        t += i128::from(row.2);
        mean += row.3;
    }
    vec![rows.len() as i128, x, t_x, t, mean.round() as i128]
}

pub fn summary(log: &Log) -> Outcome {
    Outcome { sums: sums(&summaries(log)), cells: Vec::new() }
}

pub fn full(log: &Log) -> Outcome {
    let rows = summaries(log);
    let r: Vec<f64> = rows.iter().map(|c| f64::from(c.2 - c.1)).collect();
    let f: Vec<f64> = rows.iter().map(|c| f64::from(c.0)).collect();
    let m: Vec<f64> = rows.iter().map(|c| c.3).collect();
    Outcome { sums: sums(&rows), cells: cells(&r, &f, &m) }
}
