use super::{Assertion, Clusters, IdentityError, RecordKey, Retraction};
use crate::{calendar::in_range, quantity::Name};
use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Everything that was said about which records are one customer. Assertions are only ever added and retracted, never changed; clusters
/// are derived from those that stand on a day, so that nothing is ever merged for good.
///
/// Like a history, links are a commutative monoid: the order of arrival, the splitting over machines and repeated delivery change nothing.
///
/// Of all that was said about a pair and not retracted, one assertion stands: the latest decision by hand; without one, the latest
/// evidence. On one day, the more careful.
///
/// ```
/// use customer_value::{
///     customer::identity::{Ground, Links, RecordKey, Says, Assertion, Retraction}, quantity::Name,
/// };
///
/// let [shop, till]: [RecordKey; 2] = ["shop/4711".parse()?, "till/88".parse()?];
/// let (by, because) = (Name::new("help desk")?, Name::new("she showed both cards")?);
/// let mut links = Links::new();
/// let same = Ground::Manual { says: Says::Same, by: by.clone(), because };
/// links.push(Assertion::new(Name::new("s1")?, shop.clone(), till.clone(), "2024-03-01".parse()?, same)?)?;
/// assert_eq!(links.clusters("2024-03-01".parse()?, []).len(), 1);
///
/// let because = Name::new("it was her sister's card")?;
/// links.retract(Retraction { of: Name::new("s1")?, on: "2024-05-01".parse()?, by, because })?;
/// assert_eq!(links.clusters("2024-04-30".parse()?, [shop.clone(), till.clone()]).len(), 1); // what was believed then
/// assert_eq!(links.clusters("2024-05-01".parse()?, [shop, till]).len(), 2);                 // and both are back
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "identity graph")]
#[doc(alias = "身份图谱")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Links {
    assertions: BTreeMap<Name, Arc<Assertion>>,
    retractions: BTreeMap<Name, Retraction>,
}

impl Links {
    /// Nothing was said.
    pub const fn new() -> Links {
        Links { assertions: BTreeMap::new(), retractions: BTreeMap::new() }
    }

    /// Adds an assertion. The same one again changes nothing.
    ///
    /// # Errors
    /// [`Conflict`](IdentityError::Conflict) for a known identity with other content; nothing changes.
    pub fn push(&mut self, assertion: Assertion) -> Result<(), IdentityError> {
        keep(&mut self.assertions, assertion.id().clone(), Arc::new(assertion))
    }

    /// Withdraws an assertion, which may arrive later. The same retraction again changes nothing.
    ///
    /// # Errors
    /// [`Conflict`](IdentityError::Conflict) for another retraction of the same assertion,
    /// [`DateOutOfRange`](IdentityError::DateOutOfRange) for the year 10000; nothing changes.
    pub fn retract(&mut self, retraction: Retraction) -> Result<(), IdentityError> {
        in_range(retraction.on).map_err(|_| IdentityError::DateOutOfRange(retraction.on))?;
        keep(&mut self.retractions, retraction.of.clone(), retraction)
    }

    /// Takes in all that was said elsewhere.
    ///
    /// # Errors
    /// [`Conflict`](IdentityError::Conflict) where an identity has other content on the two sides; nothing changes.
    pub fn merge(&mut self, other: &Links) -> Result<(), IdentityError> {
        agree(&self.assertions, &other.assertions)?;
        agree(&self.retractions, &other.retractions)?;
        self.assertions.extend(other.assertions.iter().map(|(id, assertion)| (id.clone(), assertion.clone())));
        self.retractions.extend(other.retractions.iter().map(|(of, retraction)| (of.clone(), retraction.clone())));
        Ok(())
    }

    /// All assertions, retracted or not, in order of their identity.
    pub fn assertions(&self) -> impl ExactSizeIterator<Item = &Assertion> {
        self.assertions.values().map(|assertion| &**assertion)
    }

    /// The retraction of an assertion, if there is one.
    pub fn retraction(&self, of: &str) -> Option<&Retraction> {
        self.retractions.get(of)
    }

    /// The assertion about two records that stands at the close of a day, in either order.
    pub fn standing(&self, a: &RecordKey, b: &RecordKey, as_of: NaiveDate) -> Option<&Assertion> {
        let pair = if a < b { (a, b) } else { (b, a) };
        self.counting(as_of).filter(|s| s.records() == pair).max_by_key(|s| s.precedence()).map(|s| &**s)
    }

    /// Who is one customer at the close of a day: the known records, and all that are linked, each in exactly one cluster.
    pub fn clusters(&self, as_of: NaiveDate, known: impl IntoIterator<Item = RecordKey>) -> Clusters {
        let mut standing: BTreeMap<_, &Arc<Assertion>> = BTreeMap::new();
        for assertion in self.counting(as_of) {
            let stands = standing.entry(assertion.records()).or_insert(assertion);
            if assertion.precedence() > stands.precedence() {
                *stands = assertion;
            }
        }
        Clusters::of(as_of, known.into_iter().collect(), &standing.into_values().collect::<Vec<_>>())
    }

    /// Removes every assertion about a record, as its erasure demands: its key would lead back to it. Customers who were linked through
    /// it may come apart. Gives the number removed. The same has to be done to every other copy, because merging brings them back.
    pub fn forget(&mut self, record: &RecordKey) -> usize {
        let names = |s: &Assertion| s.records().0 == record || s.records().1 == record;
        let gone: Vec<Name> = self.assertions.values().filter(|s| names(s)).map(|s| s.id().clone()).collect();
        for id in &gone {
            self.assertions.remove(id);
            self.retractions.remove(id);
        }
        gone.len()
    }

    /// What was said up to a day and is not retracted by then.
    fn counting(&self, as_of: NaiveDate) -> impl Iterator<Item = &Arc<Assertion>> {
        let retracted = move |id: &Name| self.retractions.get(id).is_some_and(|w| w.on <= as_of);
        self.assertions.iter().filter(move |(id, s)| s.on() <= as_of && !retracted(id)).map(|(_, s)| s)
    }
}

/// Adds what has an identity: new content is kept, equal content changes nothing, other content is refused.
fn keep<T: PartialEq>(map: &mut BTreeMap<Name, T>, id: Name, content: T) -> Result<(), IdentityError> {
    match map.get(&id) {
        None => {
            map.insert(id, content);
            Ok(())
        }
        Some(known) if *known == content => Ok(()),
        Some(_) => Err(IdentityError::Conflict(id)),
    }
}

fn agree<T: PartialEq>(ours: &BTreeMap<Name, T>, theirs: &BTreeMap<Name, T>) -> Result<(), IdentityError> {
    match theirs.iter().find(|(id, content)| ours.get(*id).is_some_and(|known| known != *content)) {
        Some((id, _)) => Err(IdentityError::Conflict(id.clone())),
        None => Ok(()),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Links")]
struct Wire {
    assertions: Vec<Assertion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    retractions: Vec<Retraction>,
}

impl TryFrom<Wire> for Links {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<Links, IdentityError> {
        let mut links = Links::new();
        wire.assertions.into_iter().try_for_each(|assertion| links.push(assertion))?;
        wire.retractions.into_iter().try_for_each(|retraction| links.retract(retraction))?;
        Ok(links)
    }
}

impl From<Links> for Wire {
    fn from(links: Links) -> Wire {
        Wire {
            assertions: links.assertions.into_values().map(Arc::unwrap_or_clone).collect(),
            retractions: links.retractions.into_values().collect(),
        }
    }
}
