//! Groups unsorted rows by customer, near the speed of memory.
//!
//! One pass scatters the rows into partitions by the top bits of a hash of the key; then each partition, small enough for the cache, is
//! grouped through an open-addressing table. The hash is a bijection, so it stands for the key and is turned back at the end. Customers
//! come out in order of hash: an order that depends on the keys alone, not on the rows' order, the number of partitions or threads.
//!
//! Customers with returns take the one-by-one path: their rows go through a [`History`], so that both paths settle returns alike.

use super::{
    History, HistoryError, OrderColumns, Purchases, Record, ReturnPolicy, Returned,
    scatter::{DAY_BITS, Packed, Row, Scattered, Wide, scatter, unmix},
};
use crate::{
    calendar::{day_number, from_day_number},
    money::Currency,
};
use alloc::{vec, vec::Vec};
use chrono::NaiveDate;

/// What is kept of one customer's rows.
pub(crate) trait Summary: Copy + Default + Send {
    /// Whether [`set_days`](Summary::set_days) is wanted, which costs a sort of each customer's days.
    const COUNTS_DAYS: bool;
    /// What all rows have in common.
    type Context: Copy + Sync;

    /// Takes in a sale. `false` on overflow.
    fn sale(&mut self, context: Self::Context, day: i32, minor: i64) -> bool;
    /// Takes in the number of different days.
    fn set_days(&mut self, days: u32);
    /// The same summary from settled purchases with at least one day; `None` on overflow.
    fn settled(context: Self::Context, purchases: &Purchases) -> Option<Self>;
}

/// One summary a customer, in order of the key's hash.
#[derive(Debug)]
pub(crate) struct Grouped<S> {
    pub(crate) keys: Vec<u64>,
    pub(crate) summaries: Vec<S>,
    pub(crate) returned: Returned,
    pub(crate) later: u64,
}

/// Rows a partition should hold: with their table they fit the second-level cache.
const ROWS_PER_PARTITION: usize = 8192;
const MOST_PARTITION_BITS: u32 = 11;

pub(crate) fn group<S: Summary>(
    orders: &OrderColumns<'_>,
    as_of: NaiveDate,
    policy: ReturnPolicy,
    context: S::Context,
) -> Result<Grouped<S>, HistoryError> {
    let overflow = || HistoryError::Overflow(orders.currency());
    if u32::try_from(orders.len()).is_err() {
        return Err(overflow());
    }
    let range = Range::of(orders)?;
    let last_day = day_number(as_of)?;
    let job = Job::<S> { currency: orders.currency(), as_of, last_day, policy, context, range };
    let packed = i64::from(range.last_day) - i64::from(range.first_day) < 1 << DAY_BITS
        && range.least >= -(1 << (63 - DAY_BITS))
        && range.most < 1 << (63 - DAY_BITS);
    if packed { job.run::<Packed>(orders) } else { job.run::<Wide>(orders) }
}

/// The smallest and largest day and amount of all rows.
#[derive(Clone, Copy)]
struct Range {
    first_day: i32,
    last_day: i32,
    least: i64,
    most: i64,
}

impl Range {
    fn of(orders: &OrderColumns<'_>) -> Result<Range, HistoryError> {
        let (first_day, last_day) = orders.day.iter().fold((i32::MAX, i32::MIN), |(a, b), &d| (a.min(d), b.max(d)));
        let (least, most) = orders.minor.iter().fold((i64::MAX, i64::MIN), |(a, b), &m| (a.min(m), b.max(m)));
        if !orders.is_empty() {
            from_day_number(first_day)?;
            from_day_number(last_day)?;
        }
        // The one amount that has no positive twin.
        if least == i64::MIN && !orders.is_empty() {
            return Err(HistoryError::Overflow(orders.currency()));
        }
        Ok(Range { first_day, last_day, least, most })
    }
}

/// One grouping: what is wanted of every customer, and from which rows.
struct Job<S: Summary> {
    currency: Currency,
    as_of: NaiveDate,
    /// The day number of `as_of`.
    last_day: i32,
    policy: ReturnPolicy,
    context: S::Context,
    range: Range,
}

impl<S: Summary> Job<S> {
    fn run<R: Row>(&self, orders: &OrderColumns<'_>) -> Result<Grouped<S>, HistoryError> {
        let wanted = (orders.len() / ROWS_PER_PARTITION).next_power_of_two().trailing_zeros();
        let bits = wanted.min(MOST_PARTITION_BITS);
        let parts = self.group_all(&scatter::<R>(orders, self.range.first_day, bits), bits)?;
        let mut all = self.nothing(parts.iter().map(|part| part.keys.len()).sum());
        for part in parts {
            all.keys.extend(part.keys);
            all.summaries.extend(part.summaries);
            all.later += part.later;
            all.returned = all.returned.try_add(&part.returned).map_err(|_| self.overflow())?;
        }
        Ok(all)
    }

    #[cfg(not(feature = "rayon"))]
    fn group_all<R: Row>(&self, pieces: &[Scattered<R>], bits: u32) -> Result<Vec<Grouped<S>>, HistoryError> {
        let mut workspace = Workspace::default();
        (0..1 << bits).map(|p| self.group_partition(pieces, p, bits, &mut workspace)).collect()
    }

    #[cfg(feature = "rayon")]
    fn group_all<R: Row>(&self, pieces: &[Scattered<R>], bits: u32) -> Result<Vec<Grouped<S>>, HistoryError> {
        use rayon::prelude::*;
        let partitions = (0..1_usize << bits).into_par_iter();
        let group = |workspace: &mut Workspace<S>, p| self.group_partition(pieces, p, bits, workspace);
        // Of several errors, the first in order of partition, whichever thread came across one first.
        let parts: Vec<_> = partitions.map_init(Workspace::default, group).collect();
        parts.into_iter().collect()
    }

    fn group_partition<R: Row>(
        &self,
        pieces: &[Scattered<R>],
        p: usize,
        bits: u32,
        work: &mut Workspace<S>,
    ) -> Result<Grouped<S>, HistoryError> {
        work.clear(bits);
        let mut later = 0;
        for piece in pieces {
            later += self.take_in(piece.partition(p), work);
        }
        let overflowed =
            work.overflowed.iter().filter(|&&customer| !work.has_returns[customer]).map(|&customer| work.hashes[customer]);
        if let Some(first) = overflowed.min() {
            return Err(self.overflow().of_customer(unmix(first)));
        }
        if S::COUNTS_DAYS {
            work.count_days(pieces.iter().map(|piece| piece.partition(p)));
        }
        let mut out = self.nothing(work.hashes.len());
        out.later = later;
        let rows = pieces.iter().flat_map(|piece| piece.partition(p)).copied();
        let settled = self.settle_returns(rows, work, &mut out.returned)?;
        work.emit(&settled, &mut out);
        Ok(out)
    }

    /// Adds rows to their customers; says how many are dated after the day and were left out.
    fn take_in<R: Row>(&self, rows: &[R], work: &mut Workspace<S>) -> u64 {
        let mut later = 0;
        for &row in rows {
            let day = self.day(row);
            if day > self.last_day {
                later += 1;
                if S::COUNTS_DAYS {
                    work.customer_of_row.push(NOBODY);
                }
                continue;
            }
            let customer = work.customer(row.hash());
            if S::COUNTS_DAYS {
                work.customer_of_row.push(customer);
            }
            let customer = customer as usize;
            if row.minor() < 0 {
                work.has_returns[customer] = true;
            } else if !work.summaries[customer].sale(self.context, day, row.minor()) {
                // No fault yet: returns may bring the sum back into range, on the one-by-one path.
                work.overflowed.push(customer);
            }
        }
        later
    }

    fn day<R: Row>(&self, row: R) -> i32 {
        self.range.first_day.wrapping_add_unsigned(row.day_offset())
    }

    /// Sends the rows of the customers with returns through their histories. A customer without purchases has no summary.
    fn settle_returns<R: Row>(
        &self,
        rows: impl Iterator<Item = R>,
        work: &Workspace<S>,
        returned: &mut Returned,
    ) -> Result<Vec<(u64, Option<S>)>, HistoryError> {
        let mut histories: Vec<(u64, History)> = Vec::new();
        for (&hash, _) in work.hashes.iter().zip(&work.has_returns).filter(|(_, has_returns)| **has_returns) {
            histories.push((hash, History::new(self.currency)));
        }
        if histories.is_empty() {
            return Ok(Vec::new());
        }
        histories.sort_unstable_by_key(|(hash, _)| *hash);
        for row in rows.filter(|row| self.day(*row) <= self.last_day) {
            if let Ok(at) = histories.binary_search_by_key(&row.hash(), |(hash, _)| *hash) {
                histories[at].1.push(Record::of_row(self.day(row), row.minor(), self.currency)?)?;
            }
        }
        let settle = |(hash, history): (u64, History)| {
            let purchases = history.as_of(self.as_of, self.policy).map_err(|error| error.of_customer(unmix(hash)))?;
            *returned = returned.try_add(purchases.returned()).map_err(|_| self.overflow())?;
            let bought = !purchases.days().is_empty();
            let summary = if bought { Some(S::settled(self.context, &purchases).ok_or_else(|| self.overflow())?) } else { None };
            Ok((hash, summary))
        };
        histories.into_iter().map(settle).collect()
    }

    fn nothing(&self, capacity: usize) -> Grouped<S> {
        Grouped {
            keys: Vec::with_capacity(capacity),
            summaries: Vec::with_capacity(capacity),
            returned: Returned::none(self.currency),
            later: 0,
        }
    }

    fn overflow(&self) -> HistoryError {
        HistoryError::Overflow(self.currency)
    }
}

/// The positions of the customers in order of key.
pub(crate) fn key_order(keys: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_unstable_by_key(|&at| keys[at]);
    order
}

/// The customer of a row that is left out.
const NOBODY: u32 = u32::MAX;

/// The memory of one partition after another.
struct Workspace<S> {
    /// Partition bits: the hash bits below them choose the slot.
    bits: u32,
    /// Open addressing: 0 is free, `n + 1` is customer `n`.
    table: Vec<u32>,
    hashes: Vec<u64>,
    summaries: Vec<S>,
    has_returns: Vec<bool>,
    overflowed: Vec<usize>,
    customer_of_row: Vec<u32>,
    /// Where each customer's days start, then end, in `days`.
    starts: Vec<u32>,
    days: Vec<u32>,
    order: Vec<(u64, u32)>,
}

// Not derived: `S` need not have a default for an empty workspace.
impl<S> Default for Workspace<S> {
    fn default() -> Self {
        Workspace {
            bits: 0,
            table: vec![0; 1024],
            hashes: Vec::new(),
            summaries: Vec::new(),
            has_returns: Vec::new(),
            overflowed: Vec::new(),
            customer_of_row: Vec::new(),
            starts: Vec::new(),
            days: Vec::new(),
            order: Vec::new(),
        }
    }
}

impl<S: Summary> Workspace<S> {
    fn clear(&mut self, bits: u32) {
        self.bits = bits;
        self.table.fill(0);
        self.hashes.clear();
        self.summaries.clear();
        self.has_returns.clear();
        self.overflowed.clear();
        self.customer_of_row.clear();
    }

    /// The number of the customer with that hash, counted from 0 in order of appearance.
    fn customer(&mut self, hash: u64) -> u32 {
        let mask = self.table.len() - 1;
        let mut slot = self.first_slot(hash);
        loop {
            match self.table[slot] {
                0 => break,
                n if self.hashes[n as usize - 1] == hash => return n - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
        self.hashes.push(hash);
        self.summaries.push(S::default());
        self.has_returns.push(false);
        // The rows are fewer than 2^32, so their customers are too.
        let n = u32::try_from(self.hashes.len()).unwrap_or(u32::MAX);
        self.table[slot] = n;
        if self.hashes.len() * 2 > self.table.len() {
            self.grow();
        }
        n - 1
    }

    fn first_slot(&self, hash: u64) -> usize {
        let shift = 64 - self.table.len().trailing_zeros();
        // At most as many bits as the table's length has.
        usize::try_from((hash << self.bits) >> shift).unwrap_or(0)
    }

    fn grow(&mut self) {
        let length = self.table.len() * 4;
        self.table.clear();
        self.table.resize(length, 0);
        for n in 0..self.hashes.len() {
            let mut slot = self.first_slot(self.hashes[n]);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (length - 1);
            }
            self.table[slot] = u32::try_from(n + 1).unwrap_or(u32::MAX);
        }
    }

    /// Sorts the days of the partition's rows by customer, and counts each customer's different days.
    fn count_days<'r, R: Row + 'r>(&mut self, pieces: impl Iterator<Item = &'r [R]>) {
        self.starts.clear();
        self.starts.resize(self.hashes.len() + 1, 0);
        for &customer in self.customer_of_row.iter().filter(|&&c| c != NOBODY) {
            self.starts[customer as usize + 1] += 1;
        }
        for n in 1..self.starts.len() {
            self.starts[n] += self.starts[n - 1];
        }
        self.days.clear();
        self.days.resize(self.customer_of_row.len(), 0);
        let mut customers = self.customer_of_row.iter();
        for rows in pieces {
            for (row, &customer) in rows.iter().zip(customers.by_ref().take(rows.len())) {
                if customer != NOBODY {
                    let at = &mut self.starts[customer as usize];
                    self.days[*at as usize] = row.day_offset();
                    *at += 1;
                }
            }
        }
        // Each start has moved to its end, which is the next one's start.
        let mut start = 0;
        for (summary, &end) in self.summaries.iter_mut().zip(&self.starts) {
            let days = &mut self.days[start..end as usize];
            days.sort_unstable();
            let changes = days.windows(2).filter(|pair| pair[0] != pair[1]).count();
            summary.set_days(u32::try_from(changes + 1).unwrap_or(u32::MAX));
            start = end as usize;
        }
    }

    /// Hands out the summaries in order of hash; those of customers with returns from `settled`.
    fn emit(&mut self, settled: &[(u64, Option<S>)], out: &mut Grouped<S>) {
        self.order.clear();
        self.order.extend((0..).zip(&self.hashes).map(|(n, &hash)| (hash, n)));
        self.order.sort_unstable();
        for &(hash, n) in &self.order {
            let summary = if self.has_returns[n as usize] {
                settled.binary_search_by_key(&hash, |(h, _)| *h).ok().and_then(|at| settled[at].1)
            } else {
                Some(self.summaries[n as usize])
            };
            if let Some(summary) = summary {
                out.keys.push(unmix(hash));
                out.summaries.push(summary);
            }
        }
    }
}
