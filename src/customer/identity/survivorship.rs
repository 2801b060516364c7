use super::{IdentityError, RecordKey};
use crate::{
    quantity::{Fact, Name, Source},
    reason::{ModelId, fingerprint},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// Which of several records is believed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefer {
    /// The one found last, by the day of its source.
    MostRecent,
    /// The one from the system that stands first in this list. Systems that are not listed stand behind all that are, side by side.
    MostTrusted(Vec<Name>),
    /// The one from the record in which most attributes of the policy are known: a number or a name.
    MostComplete,
    /// What most systems say, of those still in question. Two records of one system count once: they repeat each other.
    AgreedByMost,
    /// The one from the record with the least key: arbitrary, and the same every time.
    LeastKey,
}

/// How one attribute is decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The attribute.
    pub attribute: Name,
    /// The first preference decides, the next among those whom it leaves equal, and so on. Values that are still different after the last
    /// one are not decided.
    pub prefer: Vec<Prefer>,
}

/// What became of one record's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is the value of the customer.
    Survives,
    /// No preference parts it from another value; neither survives.
    Tied,
    /// It is absent where another record knows, or where none does.
    Absent,
    /// Another was found later.
    Older,
    /// Another system is trusted more.
    LessTrusted,
    /// Another record is more complete.
    LessComplete,
    /// More systems say something else.
    Outvoted,
    /// Another record has a lesser key.
    LaterKey,
}

/// What one record says of an attribute, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The record.
    pub record: RecordKey,
    /// What it says.
    pub fact: Fact,
    /// What that rests on, and since when.
    pub source: Source,
    /// What became of it.
    pub standing: Standing,
}

/// How conflicts between records are resolved, attribute by attribute. Nothing is lost by it: every value is kept, with the reason why it
/// survives or not.
#[doc(alias = "golden record")]
#[doc(alias = "黄金记录")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Survivorship {
    id: ModelId,
    rules: Vec<Rule>,
}

impl Survivorship {
    /// A policy for 1 to 1,000 attributes, each with 1 to 5 preferences.
    ///
    /// # Errors
    /// [`BadCount`](IdentityError::BadCount) for no attribute, for an attribute without a preference, and for
    /// [`MostTrusted`](Prefer::MostTrusted) with no system; [`Twice`](IdentityError::Twice) for an attribute with two rules, and for a
    /// system that is listed twice.
    pub fn new(name: Name, rules: Vec<Rule>) -> Result<Survivorship, IdentityError> {
        let count = |what, found: usize, most| {
            let least = 1;
            if (least..=most).contains(&found) { Ok(()) } else { Err(IdentityError::BadCount { what, found, least, most }) }
        };
        count("attributes", rules.len(), 1_000)?;
        let mut attributes = BTreeSet::new();
        for rule in &rules {
            if !attributes.insert(&rule.attribute) {
                return Err(IdentityError::Twice(rule.attribute.clone()));
            }
            count("preferences", rule.prefer.len(), 5)?;
            for prefer in &rule.prefer {
                let Prefer::MostTrusted(systems) = prefer else { continue };
                count("trusted systems", systems.len(), 1_000)?;
                let mut known = BTreeSet::new();
                if let Some(twice) = systems.iter().find(|system| !known.insert(*system)) {
                    return Err(IdentityError::Twice(twice.clone()));
                }
            }
        }
        let mut policy = Survivorship { id: ModelId { name, fingerprint: 0 }, rules };
        policy.id.fingerprint = fingerprint(&policy);
        Ok(policy)
    }

    /// Its name and fingerprint.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// The attributes and how each is decided, in the order in which they were given.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl Rule {
    /// Decides between the values of one customer's records; `completeness` counts what each record knows. The candidates come in order
    /// of their keys and are only marked.
    pub(super) fn decide(&self, candidates: &mut [Candidate], completeness: &BTreeMap<RecordKey, usize>) {
        let mut running: Vec<usize> = (0..candidates.len()).filter(|&i| !candidates[i].fact.is_absent()).collect();
        for prefer in &self.prefer {
            let (loses, best) = match prefer {
                Prefer::MostRecent => (Standing::Older, best(&running, |i| candidates[i].source.on())),
                Prefer::MostTrusted(systems) => {
                    let rank = |system| systems.iter().position(|s| s == system).unwrap_or(systems.len());
                    (Standing::LessTrusted, best(&running, |i| core::cmp::Reverse(rank(candidates[i].record.system()))))
                }
                Prefer::MostComplete => {
                    (Standing::LessComplete, best(&running, |i| completeness.get(&candidates[i].record).copied().unwrap_or(0)))
                }
                Prefer::AgreedByMost => {
                    let votes = votes(&running, candidates);
                    (Standing::Outvoted, best(&running, |i| votes[&i]))
                }
                Prefer::LeastKey => (Standing::LaterKey, best(&running, |i| core::cmp::Reverse(candidates[i].record.clone()))),
            };
            for &i in running.iter().filter(|i| best.binary_search(i).is_err()) {
                candidates[i].standing = loses;
            }
            running = best;
        }
        let decided = running.iter().all(|&i| candidates[i].fact == candidates[running[0]].fact);
        for i in running {
            candidates[i].standing = if decided { Standing::Survives } else { Standing::Tied };
        }
    }
}

/// Those with the greatest key.
fn best<K: Ord>(running: &[usize], key: impl Fn(usize) -> K) -> Vec<usize> {
    let Some(greatest) = running.iter().map(|&i| key(i)).max() else { return Vec::new() };
    running.iter().copied().filter(|&i| key(i) == greatest).collect()
}

/// For each candidate, how many systems say what it says.
fn votes(running: &[usize], candidates: &[Candidate]) -> BTreeMap<usize, usize> {
    // By the text of the fact, in the one form that equal facts have: they have no order of their own.
    let mut said: BTreeMap<String, (BTreeSet<&Name>, Vec<usize>)> = BTreeMap::new();
    for &i in running {
        let Candidate { fact, record, .. } = &candidates[i];
        let (systems, of) = said.entry(format!("{:?}", fact.clone().normalised())).or_default();
        systems.insert(record.system());
        of.push(i);
    }
    said.into_values().flat_map(|(systems, of)| of.into_iter().map(move |i| (i, systems.len()))).collect()
}

/// One rule a line.
impl fmt::Display for Survivorship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.id.name)?;
        self.rules.iter().try_for_each(|rule| writeln!(f, "{:?}: {:?}", rule.attribute, rule.prefer))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Survivorship")]
struct Wire {
    name: Name,
    rules: Vec<Rule>,
}

impl TryFrom<Wire> for Survivorship {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<Survivorship, IdentityError> {
        Survivorship::new(wire.name, wire.rules)
    }
}

impl From<Survivorship> for Wire {
    fn from(policy: Survivorship) -> Wire {
        Wire { name: policy.id.name, rules: policy.rules }
    }
}
