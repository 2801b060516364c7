//! The strongest chain of links between two records: a chain is as strong as its weakest link.

use super::{Assertion, RecordKey, clusters::Forest};
use alloc::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    vec::Vec,
};
use core::cmp::Reverse;

/// The links from one record to another, in that order; empty where they are the same or not linked. The way back is the same way.
pub(super) fn between<'a>(links: &'a [Arc<Assertion>], from: &RecordKey, to: &RecordKey) -> Vec<&'a Arc<Assertion>> {
    if from > to {
        let mut back = between(links, to, from);
        back.reverse();
        return back;
    }
    let mut strongest_first: Vec<&Arc<Assertion>> = links.iter().collect();
    strongest_first.sort_by_key(|s| Reverse(s.strength()));
    let Some(weakest) = weakest(&strongest_first, from, to) else { return Vec::new() };

    // The shortest way over links that are strong enough. Neighbours in order of keys: the first way found is the first of its length.
    let mut neighbours: BTreeMap<&RecordKey, BTreeMap<&RecordKey, &Arc<Assertion>>> = BTreeMap::new();
    for &link in strongest_first.iter().filter(|s| s.strength() >= weakest.strength()) {
        let (a, b) = link.records();
        neighbours.entry(a).or_default().insert(b, link);
        neighbours.entry(b).or_default().insert(a, link);
    }
    let mut came_from: BTreeMap<&RecordKey, (&RecordKey, &Arc<Assertion>)> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        for (&next, &link) in neighbours.get(at).into_iter().flatten() {
            if next != from && !came_from.contains_key(next) {
                came_from.insert(next, (at, link));
                queue.push_back(next);
            }
        }
    }
    let mut chain = Vec::new();
    let mut at = to;
    while let Some((before, link)) = came_from.get(at) {
        chain.push(*link);
        at = before;
    }
    chain.reverse();
    chain
}

/// The link that joins the two when links are laid from the strongest on; no chain has a stronger weakest link.
fn weakest<'a>(strongest_first: &[&'a Arc<Assertion>], from: &RecordKey, to: &RecordKey) -> Option<&'a Arc<Assertion>> {
    let mut keys: Vec<&RecordKey> = strongest_first.iter().flat_map(|s| [s.records().0, s.records().1]).collect();
    keys.sort_unstable();
    keys.dedup();
    let find = |key: &RecordKey| keys.binary_search(&key).ok();
    let (from, to) = (find(from)?, find(to)?);
    let mut forest = Forest((0..keys.len()).collect());
    strongest_first.iter().copied().find(|link| {
        if let (Some(a), Some(b)) = (find(link.records().0), find(link.records().1)) {
            forest.join(a, b);
        }
        from != to && forest.root(from) == forest.root(to)
    })
}
