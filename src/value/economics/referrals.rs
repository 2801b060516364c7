use super::EconomicsError;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::ToString,
    vec::Vec,
};
use chrono::NaiveDate;
use core::fmt::Display;
use serde::{Deserialize, Serialize};

/// Who brought whom, and when.
///
/// Nobody brings themselves, and following referrals upwards never leads back. Referrals merge: if they can be put together at all, the
/// order and the splitting change nothing; if not, putting them together fails in every order.
///
/// What those who were brought are worth is credited by a [`CreditPolicy`](super::CreditPolicy), in [`credit`](Referrals::credit).
///
/// ```
/// use customer_value::value::economics::{EconomicsError, Referrals};
///
/// let day = "2024-03-01".parse()?;
/// let mut referrals = Referrals::new();
/// referrals.push("Chen", "Li", day)?; // Chen brought Li
/// referrals.push("Li", "Wu", day)?;
/// assert_eq!(referrals.push("Wu", "Chen", day), Err(EconomicsError::Cycle("Chen".into())));
/// assert_eq!(referrals.push("Wu", "Wu", day), Err(EconomicsError::SelfReferral("Wu".into())));
/// assert_eq!(referrals.brought_by(&"Chen").collect::<Vec<_>>(), [&"Li"]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "推荐")]
#[doc(alias = "转介绍")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "Wire<K>",
    into = "Wire<K>",
    bound(serialize = "K: Clone + Serialize", deserialize = "K: Ord + Clone + Display + Deserialize<'de>")
)]
pub struct Referrals<K> {
    /// By who was brought: who brought them, and when.
    by: BTreeMap<K, BTreeMap<K, NaiveDate>>,
}

impl<K> Default for Referrals<K> {
    fn default() -> Referrals<K> {
        Referrals { by: BTreeMap::new() }
    }
}

impl<K> Referrals<K> {
    /// No referrals.
    pub fn new() -> Referrals<K> {
        Referrals::default()
    }

    /// The number of referrals.
    pub fn len(&self) -> usize {
        self.by.values().map(BTreeMap::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by.is_empty()
    }
}

impl<K: Ord + Clone + Display> Referrals<K> {
    /// Notes that `referrer` brought `referred` on a day. The same again changes nothing.
    ///
    /// # Errors
    /// [`SelfReferral`](EconomicsError::SelfReferral) if both are one; [`Cycle`](EconomicsError::Cycle) if `referred` is among those who
    /// brought `referrer`, directly or not; [`TwoDates`](EconomicsError::TwoDates) for the same two on another day. Nothing is noted then.
    pub fn push(&mut self, referrer: K, referred: K, on: NaiveDate) -> Result<(), EconomicsError> {
        self.fits(&referrer, &referred, on)?;
        let (mut open, mut seen) = (Vec::from([&referrer]), BTreeSet::new());
        while let Some(next) = open.pop() {
            if *next == referred {
                return Err(EconomicsError::Cycle(referred.to_string()));
            }
            if seen.insert(next) {
                open.extend(self.by.get(next).into_iter().flat_map(BTreeMap::keys));
            }
        }
        self.by.entry(referred).or_default().insert(referrer, on);
        Ok(())
    }

    /// Takes in other referrals, or nothing of them if one cannot be.
    ///
    /// # Errors
    /// As [`push`](Referrals::push).
    pub fn merge(&mut self, other: &Referrals<K>) -> Result<(), EconomicsError> {
        self.extend(
            other.by.iter().flat_map(|(referred, by)| by.iter().map(|(referrer, &on)| (referrer.clone(), referred.clone(), on))),
        )
    }

    /// Takes in many referrals, each of who brought, who was brought, and when; or none of them if one cannot be. Faster than one by one.
    ///
    /// # Errors
    /// As [`push`](Referrals::push).
    pub fn extend(&mut self, edges: impl IntoIterator<Item = (K, K, NaiveDate)>) -> Result<(), EconomicsError> {
        let mut all = self.clone();
        for (referrer, referred, on) in edges {
            all.fits(&referrer, &referred, on)?;
            all.by.entry(referred).or_default().insert(referrer, on);
        }
        if let Some(customer) = all.in_a_cycle() {
            return Err(EconomicsError::Cycle(customer.to_string()));
        }
        *self = all;
        Ok(())
    }

    fn fits(&self, referrer: &K, referred: &K, on: NaiveDate) -> Result<(), EconomicsError> {
        if referrer == referred {
            return Err(EconomicsError::SelfReferral(referred.to_string()));
        }
        match self.by.get(referred).and_then(|by| by.get(referrer)) {
            Some(&noted) if noted != on => Err(EconomicsError::TwoDates {
                referrer: referrer.to_string(),
                referred: referred.to_string(),
                left: noted.min(on),
                right: noted.max(on),
            }),
            _ => Ok(()),
        }
    }

    /// Somebody who is among those who brought them, directly or not.
    fn in_a_cycle(&self) -> Option<&K> {
        let mut open_above: BTreeMap<&K, usize> = self.by.iter().map(|(referred, by)| (referred, by.len())).collect();
        let mut brought: BTreeMap<&K, Vec<&K>> = BTreeMap::new();
        for (referred, by) in &self.by {
            for referrer in by.keys() {
                brought.entry(referrer).or_default().push(referred);
            }
        }
        // Those whom nobody brought that is left are taken away, again and again (Kahn 1962).
        let mut free: Vec<&K> = brought.keys().copied().filter(|referrer| !open_above.contains_key(*referrer)).collect();
        while let Some(next) = free.pop() {
            for referred in brought.remove(next).unwrap_or_default() {
                if let Some(above) = open_above.get_mut(referred) {
                    *above -= 1;
                    if *above == 0 {
                        open_above.remove(referred);
                        free.push(referred);
                    }
                }
            }
        }
        // Who is left was brought by one who is left. Going up from anybody, one comes round.
        let (mut seen, mut at) = (BTreeSet::new(), *open_above.first_key_value()?.0);
        while seen.insert(at) {
            at = self.by.get(at)?.keys().find(|referrer| open_above.contains_key(referrer))?;
        }
        Some(at)
    }

    /// Who brought a customer, and when; in order of key.
    pub fn referrers(&self, customer: &K) -> impl Iterator<Item = (&K, NaiveDate)> {
        self.by.get(customer).into_iter().flatten().map(|(referrer, &on)| (referrer, on))
    }

    /// Whom a customer brought, alone or with others; in order of key.
    pub fn brought_by(&self, referrer: &K) -> impl Iterator<Item = &K> {
        self.by.iter().filter(move |(_, by)| by.contains_key(referrer)).map(|(referred, _)| referred)
    }

    /// All who brought somebody, each once.
    pub fn advocates(&self) -> BTreeSet<&K> {
        self.by.values().flat_map(BTreeMap::keys).collect()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Referrals")]
struct Wire<K> {
    referrals: Vec<WireEdge<K>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireEdge<K> {
    referrer: K,
    referred: K,
    on: NaiveDate,
}

impl<K: Ord + Clone + Display> TryFrom<Wire<K>> for Referrals<K> {
    type Error = EconomicsError;

    fn try_from(wire: Wire<K>) -> Result<Referrals<K>, EconomicsError> {
        let mut referrals = Referrals::new();
        referrals.extend(wire.referrals.into_iter().map(|edge| (edge.referrer, edge.referred, edge.on)))?;
        Ok(referrals)
    }
}

impl<K: Clone> From<Referrals<K>> for Wire<K> {
    fn from(referrals: Referrals<K>) -> Wire<K> {
        let edges = referrals.by.into_iter().flat_map(|(referred, by)| {
            by.into_iter().map(move |(referrer, on)| WireEdge { referrer, referred: referred.clone(), on })
        });
        Wire { referrals: edges.collect() }
    }
}
