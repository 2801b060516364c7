use alloc::collections::BTreeMap;

/// How often each row occurs: what every table that a model is fitted on is underneath. Equal rows are counted, not kept, and tables merge
/// whatever the order and the splitting. A sum that does not fit is `None`, and leaves the table as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CountTable<K> {
    rows: BTreeMap<K, u64>,
    total: u64,
}

impl<K: Ord + Copy> CountTable<K> {
    pub(super) const fn new() -> CountTable<K> {
        CountTable { rows: BTreeMap::new(), total: 0 }
    }

    pub(super) fn push(&mut self, row: K, times: u64) -> Option<()> {
        self.total = self.total.checked_add(times)?;
        if times > 0 {
            // A part of the whole, which fits.
            *self.rows.entry(row).or_default() += times;
        }
        Some(())
    }

    pub(super) fn merge(&mut self, other: &CountTable<K>) -> Option<()> {
        self.total.checked_add(other.total)?;
        other.rows().try_for_each(|(row, times)| self.push(row, times))
    }

    /// In order.
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = (K, u64)> {
        self.rows.iter().map(|(row, times)| (*row, *times))
    }
}

impl<K> CountTable<K> {
    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<K: Ord + Copy> Default for CountTable<K> {
    fn default() -> CountTable<K> {
        CountTable::new()
    }
}
