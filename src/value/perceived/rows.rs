use super::{PerceivedError, answer::counted};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// The answers of many persons to many questions, person by person: how often each row of answers came. In which order persons answered
/// cannot be seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Rows<A> {
    rows: BTreeMap<Vec<A>, u64>,
    persons: u64,
}

/// A row as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row<A> {
    answers: Vec<A>,
    persons: u64,
}

impl<A: Clone + Ord> Rows<A> {
    pub(super) const fn new() -> Rows<A> {
        Rows { rows: BTreeMap::new(), persons: 0 }
    }

    /// From what was stored, each row once and checked by the caller.
    pub(super) fn read(stored: Vec<Row<A>>, check: impl Fn(&[A]) -> Result<(), PerceivedError>) -> Result<Rows<A>, PerceivedError> {
        let mut rows = Rows::new();
        for row in stored {
            check(&row.answers)?;
            if row.persons == 0 || rows.rows.contains_key(&row.answers) {
                return Err(PerceivedError::BadCounts);
            }
            rows.add(&row.answers, row.persons)?;
        }
        Ok(rows)
    }

    pub(super) fn stored(self) -> Vec<Row<A>> {
        self.rows.into_iter().map(|(answers, persons)| Row { answers, persons }).collect()
    }

    pub(super) fn add(&mut self, row: &[A], persons: u64) -> Result<(), PerceivedError> {
        self.persons = counted(self.persons, persons)?;
        match self.rows.get_mut(row) {
            Some(before) => *before += persons,
            None => drop(self.rows.insert(row.to_vec(), persons)),
        }
        Ok(())
    }

    pub(super) fn merge(&mut self, other: &Rows<A>) -> Result<(), PerceivedError> {
        self.persons = counted(self.persons, other.persons)?;
        other.rows.iter().for_each(|(row, persons)| *self.rows.entry(row.clone()).or_insert(0) += persons);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[A], u64)> {
        self.rows.iter().map(|(row, &persons)| (row.as_slice(), persons))
    }
}
