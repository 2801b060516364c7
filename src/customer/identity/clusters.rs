use super::{Assertion, Ground, IdentityError, RecordKey, Verdict, chain};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};
use chrono::NaiveDate;

/// The records that are one customer at the close of a day, and why.
///
/// Derived from [`Links`](super::Links) and never stored: keep record keys and assertions, and derive again.
#[doc(alias = "single customer")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    pub(super) as_of: NaiveDate,
    pub(super) members: Vec<RecordKey>,
    links: Vec<Arc<Assertion>>,
    conflicts: Vec<Arc<Assertion>>,
    doubts: Vec<Arc<Assertion>>,
}

/// Every record in its cluster, at the close of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    as_of: NaiveDate,
    list: Vec<Cluster>,
    place: BTreeMap<RecordKey, usize>,
    to_review: Vec<Arc<Assertion>>,
}

impl Cluster {
    /// The least key among its records. It names the cluster on that day; a cluster that gains or loses that record has another name.
    pub fn id(&self) -> &RecordKey {
        &self.members[0] // a cluster has a record
    }

    /// The day at whose close it is one.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// Its records, in order of key.
    pub fn members(&self) -> &[RecordKey] {
        &self.members
    }

    /// The assertions that link its records, in order of their pairs.
    pub fn links(&self) -> impl ExactSizeIterator<Item = &Assertion> {
        self.links.iter().map(|s| &**s)
    }

    /// Pairs within it that were declared different: one of these assertions is wrong, or a link in the chain that [`why`](Cluster::why)
    /// gives, and only the caller can find out which. While there is a conflict, this is not one customer: there is no view of it.
    pub fn conflicts(&self) -> impl ExactSizeIterator<Item = &Assertion> {
        self.conflicts.iter().map(|s| &**s)
    }

    /// Pairs within it that the evidence does not link by themselves: two people who share a mailbox are linked through it.
    pub fn doubts(&self) -> impl ExactSizeIterator<Item = &Assertion> {
        self.doubts.iter().map(|s| &**s)
    }

    /// Why two records are one customer: the links that lead from the one to the other. Of all ways the one whose weakest link is the
    /// strongest, of those the shortest, of those the first in order of keys. Empty from a record to itself.
    ///
    /// # Errors
    /// [`NotAMember`](IdentityError::NotAMember) for a record of another cluster.
    pub fn why(&self, from: &RecordKey, to: &RecordKey) -> Result<Vec<&Assertion>, IdentityError> {
        for record in [from, to] {
            self.members.binary_search(record).map_err(|_| IdentityError::NotAMember(record.clone()))?;
        }
        Ok(chain::between(&self.links, from, to).into_iter().map(|s| &**s).collect())
    }

    /// # Errors
    /// [`Disputed`](IdentityError::Disputed) with the first conflict, if there is one.
    pub(super) fn undisputed(&self) -> Result<(), IdentityError> {
        let Some(conflict) = self.conflicts.first() else { return Ok(()) };
        let (a, b) = conflict.records();
        Err(IdentityError::Disputed(Box::new(a.clone()), Box::new(b.clone())))
    }
}

impl Clusters {
    /// From the one assertion about each pair that stands, in order of their pairs.
    pub(super) fn of(as_of: NaiveDate, mut records: BTreeSet<RecordKey>, standing: &[&Arc<Assertion>]) -> Clusters {
        for link in standing.iter().filter(|s| s.strength().is_some()) {
            let (a, b) = link.records();
            records.extend([a.clone(), b.clone()]);
        }
        let keys: Vec<RecordKey> = records.into_iter().collect();
        let mut forest = Forest((0..keys.len()).collect());
        let both = |s: &Assertion| {
            let (a, b) = s.records();
            Some((keys.binary_search(a).ok()?, keys.binary_search(b).ok()?))
        };
        for (a, b) in standing.iter().filter(|s| s.strength().is_some()).filter_map(|s| both(s)) {
            forest.join(a, b);
        }

        let mut clusters: Vec<Cluster> = Vec::new();
        let mut place: BTreeMap<RecordKey, usize> = BTreeMap::new();
        for (i, key) in keys.iter().enumerate() {
            // A root is the least of its cluster, so it has come before.
            let at = match forest.root(i) {
                root if root == i => {
                    clusters.push(Cluster {
                        as_of,
                        members: Vec::new(),
                        links: Vec::new(),
                        conflicts: Vec::new(),
                        doubts: Vec::new(),
                    });
                    clusters.len() - 1
                }
                root => place[&keys[root]],
            };
            clusters[at].members.push(key.clone());
            place.insert(key.clone(), at);
        }

        let mut to_review = Vec::new();
        for &assertion in standing {
            let (a, b) = assertion.records();
            let together = place.get(a).filter(|at| place.get(b) == Some(at)).copied();
            match (assertion.ground(), together) {
                (_, Some(at)) if assertion.strength().is_some() => clusters[at].links.push(assertion.clone()),
                (Ground::Manual { .. }, Some(at)) => clusters[at].conflicts.push(assertion.clone()),
                (Ground::Weighed(_), Some(at)) => clusters[at].doubts.push(assertion.clone()),
                (Ground::Weighed(weighed), None) if weighed.verdict() == Verdict::Review => to_review.push(assertion.clone()),
                _ => {}
            }
        }
        Clusters { as_of, list: clusters, place, to_review }
    }

    /// The day at whose close they are.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// How many customers there are, as far as is known.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All clusters, in order of their least key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Cluster> {
        self.list.iter()
    }

    /// The cluster that a record is in.
    pub fn of_record(&self, record: &RecordKey) -> Option<&Cluster> {
        self.place.get(record).map(|&at| &self.list[at])
    }

    /// Pairs not in one cluster whose evidence asks for somebody to look, in order of their keys. A record that is neither known nor linked
    /// is in no cluster, and its pairs are among them; what somebody has decided since is not.
    pub fn to_review(&self) -> impl ExactSizeIterator<Item = &Assertion> {
        self.to_review.iter().map(|s| &**s)
    }
}

/// Disjoint sets; the root of each is its least number.
pub(super) struct Forest(pub(super) Vec<usize>);

impl Forest {
    pub(super) fn root(&mut self, mut of: usize) -> usize {
        while self.0[of] != of {
            self.0[of] = self.0[self.0[of]];
            of = self.0[of];
        }
        of
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
