use super::{IdentityError, MatchWeight};
use crate::{quantity::Name, reason::ModelId};
use alloc::{collections::BTreeSet, vec::Vec};
use serde::{Deserialize, Serialize};

/// How much evidence decides. On the wire in bits: `{"link":"9.500","review":"4.000"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// From here on, this number included, two records are linked.
    pub link: MatchWeight,
    /// From here on, this number included, somebody should look.
    pub review: MatchWeight,
}

impl Thresholds {
    pub(super) fn verdict(self, total: MatchWeight) -> Verdict {
        if total >= self.link {
            Verdict::Link
        } else if total >= self.review {
            Verdict::Review
        } else {
            Verdict::NoLink
        }
    }
}

/// What evidence leads to; from the boldest to the most careful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The two records are one customer.
    Link,
    /// They may be; somebody should look. They are not linked until then.
    #[doc(alias = "clerical review")]
    #[doc(alias = "人工复核")]
    Review,
    /// The evidence does not suffice.
    NoLink,
}

/// What one field said.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The field.
    pub field: Name,
    /// How the comparison turned out; `None` where a record does not have the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Name>,
    /// What that weighs; zero where the field is missing.
    pub weight: MatchWeight,
}

/// Evidence for or against two records being one customer, part by part. The prior and the parts add up to the total, exactly, and the
/// total against the thresholds gives the verdict; what does not add up cannot be read.
#[doc(alias = "证据")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Weighed {
    model: ModelId,
    prior: MatchWeight,
    parts: Vec<Part>,
    total: MatchWeight,
    thresholds: Thresholds,
}

impl Weighed {
    pub(super) fn new(
        model: ModelId,
        prior: MatchWeight,
        parts: Vec<Part>,
        thresholds: Thresholds,
    ) -> Result<Weighed, IdentityError> {
        let total = MatchWeight::sum(parts.iter().map(|part| part.weight).chain([prior]));
        let total = total.ok_or(IdentityError::DoesNotAddUp(prior))?;
        Ok(Weighed { model, prior, parts, total, thresholds })
    }

    /// Which model weighed.
    pub const fn model(&self) -> &ModelId {
        &self.model
    }

    /// What is known before looking: the odds that two records taken at random are one customer.
    pub const fn prior(&self) -> MatchWeight {
        self.prior
    }

    /// What each field said, in the order of the model.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The prior and all parts together.
    pub const fn total(&self) -> MatchWeight {
        self.total
    }

    /// What the total was held against.
    pub const fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// What follows.
    pub fn verdict(&self) -> Verdict {
        self.thresholds.verdict(self.total)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Weighed")]
struct Wire {
    model: ModelId,
    prior: MatchWeight,
    parts: Vec<Part>,
    total: MatchWeight,
    thresholds: Thresholds,
    verdict: Verdict,
}

impl TryFrom<Wire> for Weighed {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<Weighed, IdentityError> {
        let silent = |part: &Part| part.level.is_some() || part.weight == MatchWeight::ZERO;
        let Thresholds { link, review } = wire.thresholds;
        if link < review {
            return Err(IdentityError::Thresholds { link, review });
        }
        let mut fields = BTreeSet::new();
        if let Some(twice) = wire.parts.iter().find(|part| !fields.insert(&part.field)) {
            return Err(IdentityError::Twice(twice.field.clone()));
        }
        let sound = wire.parts.iter().all(silent);
        let weighed = Weighed::new(wire.model, wire.prior, wire.parts, wire.thresholds)?;
        let agrees = weighed.total == wire.total && weighed.verdict() == wire.verdict;
        if sound && agrees { Ok(weighed) } else { Err(IdentityError::DoesNotAddUp(wire.total)) }
    }
}

impl From<Weighed> for Wire {
    fn from(weighed: Weighed) -> Wire {
        let verdict = weighed.verdict();
        let Weighed { model, prior, parts, total, thresholds } = weighed;
        Wire { model, prior, parts, total, thresholds, verdict }
    }
}
