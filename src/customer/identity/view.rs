use super::{Candidate, Cluster, IdentityError, RecordKey, SourceRecord, Standing, Survivorship};
use crate::{
    calendar::days_between,
    quantity::{Fact, Name, Share},
    reason::ModelId,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use chrono::NaiveDate;
use serde::Serialize;

/// One customer as all records together show him at the close of a day.
#[doc(alias = "single customer view")]
#[doc(alias = "完整的客户视图")]
#[must_use = "a view is derived from the records and changes none of them"]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    /// The least key among his records.
    pub id: RecordKey,
    /// His records, in order of key.
    pub records: Vec<RecordKey>,
    /// The day at whose close the view is taken.
    pub as_of: NaiveDate,
    /// The policy that decided.
    pub policy: ModelId,
    /// What is known, in the order of the policy.
    pub attributes: Vec<Resolved>,
    /// Attributes that records speak of and the policy does not, in order of name.
    pub left_out: Vec<Name>,
}

/// One attribute of a customer: the value that survives, and all that records say, winners and losers alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resolved {
    /// The attribute.
    pub attribute: Name,
    /// The value. Where no record has one: [`Erased`](Fact::Erased) if some record had, else [`NotApplicable`](Fact::NotApplicable) if all
    /// that speak say so, else [`Unknown`](Fact::Unknown). Where values are tied: unknown.
    pub fact: Fact,
    /// The day on which the surviving value was last found; `None` if none survives.
    pub since: Option<NaiveDate>,
    /// What each record says, in order of key. Records that are silent, or that speak after the day of the view, are not among them.
    pub candidates: Vec<Candidate>,
}

impl Survivorship {
    /// The customer that a cluster is, from what his records say up to the cluster's day. A member without a record here is silent.
    ///
    /// # Errors
    /// [`Disputed`](IdentityError::Disputed) for a cluster with a conflict, [`NotAMember`](IdentityError::NotAMember) for a record of
    /// somebody else, [`RecordTwice`](IdentityError::RecordTwice) for two records of one key.
    pub fn view(&self, cluster: &Cluster, records: &[SourceRecord]) -> Result<View, IdentityError> {
        cluster.undisputed()?;
        let as_of = cluster.as_of();
        let mut by_key: BTreeMap<&RecordKey, &SourceRecord> = BTreeMap::new();
        for record in records {
            if cluster.members().binary_search(record.key()).is_err() {
                return Err(IdentityError::NotAMember(record.key().clone()));
            }
            if by_key.insert(record.key(), record).is_some() {
                return Err(IdentityError::RecordTwice(record.key().clone()));
            }
        }
        let said =
            |record: &SourceRecord, attribute: &str| record.get(attribute).filter(|(_, source)| source.on() <= as_of).cloned();
        let knows = |record: &SourceRecord| {
            let known = |rule: &&super::Rule| said(record, &rule.attribute).is_some_and(|(fact, _)| !fact.is_absent());
            self.rules().iter().filter(known).count()
        };
        let completeness = by_key.values().map(|record| (record.key().clone(), knows(record))).collect();

        let mut attributes = Vec::with_capacity(self.rules().len());
        for rule in self.rules() {
            let candidate = |record: &&SourceRecord| {
                let (fact, source) = said(record, &rule.attribute)?;
                Some(Candidate { record: record.key().clone(), fact, source, standing: Standing::Absent })
            };
            let mut candidates: Vec<Candidate> = by_key.values().filter_map(candidate).collect();
            rule.decide(&mut candidates, &completeness);
            let surviving = || candidates.iter().filter(|c| c.standing == Standing::Survives);
            attributes.push(Resolved {
                attribute: rule.attribute.clone(),
                fact: surviving().next().map_or_else(|| absent(&candidates), |c| c.fact.clone()),
                since: surviving().map(|c| c.source.on()).max(),
                candidates,
            });
        }

        let declared: BTreeSet<&Name> = self.rules().iter().map(|rule| &rule.attribute).collect();
        let spoken = by_key.values().flat_map(|record| record.iter()).filter(|(_, (_, source))| source.on() <= as_of);
        let left_out: BTreeSet<Name> = spoken.map(|(name, _)| name).filter(|name| !declared.contains(name)).cloned().collect();
        Ok(View {
            id: cluster.id().clone(),
            records: cluster.members().to_vec(),
            as_of,
            policy: self.id().clone(),
            attributes,
            left_out: left_out.into_iter().collect(),
        })
    }
}

/// What is known of an attribute of which no value survives.
fn absent(candidates: &[Candidate]) -> Fact {
    let all = |fact: &Fact| !candidates.is_empty() && candidates.iter().all(|c| c.fact == *fact);
    if candidates.iter().any(|c| !c.fact.is_absent()) {
        Fact::Unknown // tied
    } else if candidates.iter().any(|c| c.fact == Fact::Erased) {
        Fact::Erased
    } else if all(&Fact::NotApplicable) {
        Fact::NotApplicable
    } else {
        Fact::Unknown
    }
}

impl View {
    /// What is known of one attribute; `None` if the policy does not name it.
    pub fn get(&self, attribute: &str) -> Option<&Resolved> {
        self.attributes.iter().find(|r| r.attribute == *attribute)
    }

    /// The attributes on which records contradict each other, decided or not.
    pub fn contradictions(&self) -> impl Iterator<Item = &Resolved> {
        self.attributes.iter().filter(|r| r.is_contradictory())
    }

    /// The attributes that are known, of those that apply to this customer.
    #[doc(alias = "数据质量")]
    #[doc(alias = "覆盖率")]
    pub fn coverage(&self) -> Share {
        self.count(|r| r.since.is_some())
    }

    /// The attributes whose value was found within so many days before the day of the view, of those that apply.
    #[doc(alias = "freshness")]
    #[doc(alias = "新鲜度")]
    pub fn fresh(&self, days: u32) -> Share {
        self.count(|r| r.age(self.as_of).is_some_and(|age| age <= days))
    }

    /// The attributes of which a record knows a value, surviving or not, of those that apply: what this source is worth to the view.
    pub fn coverage_by(&self, record: &RecordKey) -> Share {
        self.count(|r| r.candidates.iter().any(|c| c.record == *record && !c.fact.is_absent()))
    }

    fn count(&self, has: impl Fn(&Resolved) -> bool) -> Share {
        let applies = self.attributes.iter().filter(|r| r.fact != Fact::NotApplicable);
        let mut share = Share::default();
        applies.for_each(|resolved| share.count(has(resolved)));
        share
    }
}

impl Resolved {
    /// What each record says whose value survives.
    pub fn winners(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|c| c.standing == Standing::Survives)
    }

    /// What the others say, and why it does not survive.
    pub fn losers(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|c| c.standing != Standing::Survives)
    }

    /// Whether no preference of the policy decides: two values are left.
    pub fn is_tied(&self) -> bool {
        self.candidates.iter().any(|c| c.standing == Standing::Tied)
    }

    /// Whether two records know different values.
    pub fn is_contradictory(&self) -> bool {
        let mut known = self.candidates.iter().map(|c| &c.fact).filter(|fact| !fact.is_absent());
        known.next().is_some_and(|first| known.any(|other| other != first))
    }

    /// The days since the surviving value was last found; `None` if none survives, or on a day before.
    pub fn age(&self, on: NaiveDate) -> Option<u32> {
        self.since.filter(|since| *since <= on).map(|since| days_between(since, on))
    }
}
