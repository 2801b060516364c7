use super::Exact;
use crate::quantity::Name;
use alloc::vec::Vec;

/// Two values in floating point that lie nearer to each other are equal, directly or through others between them.
const EQUAL: f64 = 1e-12;

/// Where one alternative stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<V> {
    /// The alternative.
    pub alternative: Name,
    /// What the method gives it; the method's page says which way is better.
    pub value: V,
    /// 1 for the best. Equals share a rank, and as many ranks after it are left out.
    pub rank: usize,
}

/// Where all alternatives stand, in the order of their rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking<V> {
    /// The alternatives, in the order in which they were given.
    pub standings: Vec<Standing<V>>,
    /// The criteria in which all alternatives are equal, so that they contribute nothing. Empty for anchored methods, to which it does
    /// not matter what the others have.
    pub without: Vec<Name>,
}

impl<V> Ranking<V> {
    /// The standing of an alternative; `None` for one that is not there.
    pub fn of(&self, alternative: &str) -> Option<&Standing<V>> {
        self.standings.iter().find(|standing| standing.alternative == *alternative)
    }

    /// The alternatives of rank 1.
    pub fn best(&self) -> impl Iterator<Item = &Name> {
        self.standings.iter().filter(|standing| standing.rank == 1).map(|standing| &standing.alternative)
    }

    fn new(names: impl Iterator<Item = Name>, values: Vec<V>, ranks: Vec<usize>, without: Vec<Name>) -> Ranking<V> {
        let standings = names.zip(values).zip(ranks);
        let standings = standings.map(|((alternative, value), rank)| Standing { alternative, value, rank });
        Ranking { standings: standings.collect(), without }
    }
}

/// The smallest first.
pub(super) fn rising(names: impl Iterator<Item = Name>, values: Vec<Exact>, without: Vec<Name>) -> Ranking<Exact> {
    let mut sorted: Vec<&Exact> = values.iter().collect();
    sorted.sort_unstable();
    let ranks = values.iter().map(|value| sorted.partition_point(|other| *other < value) + 1).collect();
    Ranking::new(names, values, ranks, without)
}

/// The largest first; all values are finite.
pub(super) fn falling(names: impl Iterator<Item = Name>, values: Vec<f64>, without: Vec<Name>) -> Ranking<f64> {
    let mut sorted = values.clone();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let rank = |value: &f64| {
        let better = sorted.partition_point(|other| other > value);
        // Up to the first of those that are equal to it.
        (1..=better).rev().find(|&at| at < sorted.len() && sorted[at - 1] - sorted[at] > EQUAL).unwrap_or(0) + 1
    };
    let ranks = values.iter().map(rank).collect();
    Ranking::new(names, values, ranks, without)
}
