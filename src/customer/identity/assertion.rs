use super::{IdentityError, MatchWeight, RecordKey, Verdict, Weighed};
use crate::{calendar::in_range, quantity::Name};
use chrono::NaiveDate;
use core::cmp::Reverse;
use serde::{Deserialize, Serialize};

/// What somebody who looked at two records says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// They are one customer.
    Same,
    /// They are two, and must not come into one cluster, whatever links them.
    Different,
}

/// What an assertion rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ground {
    /// Weighed evidence, with whatever verdict.
    Weighed(Weighed),
    /// A decision by hand.
    Manual {
        /// What was decided.
        says: Says,
        /// Who decided: a role or a desk rather than a person's name.
        by: Name,
        /// Why.
        because: Name,
    },
}

/// Something said of two records on a day. It has an identity, so that it can be delivered twice and retracted.
///
/// Which of the two comes first means nothing: an assertion keeps them in order.
#[doc(alias = "identity link")]
#[doc(alias = "身份关联")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Assertion {
    id: Name,
    a: RecordKey,
    b: RecordKey,
    on: NaiveDate,
    ground: Ground,
}

impl Assertion {
    /// An assertion about two records.
    ///
    /// # Errors
    /// [`SameRecord`](IdentityError::SameRecord) for a record and itself, [`DateOutOfRange`](IdentityError::DateOutOfRange) for the year
    /// 10000.
    pub fn new(id: Name, a: RecordKey, b: RecordKey, on: NaiveDate, ground: Ground) -> Result<Assertion, IdentityError> {
        if a == b {
            return Err(IdentityError::SameRecord(a));
        }
        let on = in_range(on).map_err(|_| IdentityError::DateOutOfRange(on))?;
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        Ok(Assertion { id, a, b, on, ground })
    }

    /// Its identity.
    pub const fn id(&self) -> &Name {
        &self.id
    }

    /// The two records, the lesser key first.
    pub const fn records(&self) -> (&RecordKey, &RecordKey) {
        (&self.a, &self.b)
    }

    /// The day it was made.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    /// What it rests on.
    pub const fn ground(&self) -> &Ground {
        &self.ground
    }

    /// How strongly it links the two, if it does.
    pub fn strength(&self) -> Option<Strength> {
        match &self.ground {
            Ground::Weighed(weighed) => (weighed.verdict() == Verdict::Link).then(|| Strength::Weighed(weighed.total())),
            Ground::Manual { says, .. } => (*says == Says::Same).then_some(Strength::Manual),
        }
    }

    /// The greatest of all assertions about a pair is the one that stands: a decision by hand before evidence, the later before the
    /// earlier, and on one day the more careful before the bolder. The identity parts only what is alike in all that counts.
    pub(super) fn precedence(&self) -> impl Ord + use<> {
        let (manual, caution, total) = match &self.ground {
            Ground::Weighed(weighed) => (false, weighed.verdict() as u8, weighed.total()),
            Ground::Manual { says, .. } => (true, *says as u8, MatchWeight::ZERO),
        };
        (manual, self.on, caution, Reverse(total), Reverse(self.id.clone()))
    }
}

/// How strong a link is: a decision by hand is stronger than any evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Evidence of so many bits, prior included.
    Weighed(MatchWeight),
    /// Somebody said so.
    Manual,
}

/// Takes an assertion back: from that day on it is as if it had never been made.
#[doc(alias = "unlink")]
#[doc(alias = "撤销关联")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retraction {
    /// The identity of the assertion.
    pub of: Name,
    /// The day; the assertion does not count on it any more.
    pub on: NaiveDate,
    /// Who retracts it: a role or a desk rather than a person's name.
    pub by: Name,
    /// Why.
    pub because: Name,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Assertion")]
struct Wire {
    id: Name,
    a: RecordKey,
    b: RecordKey,
    on: NaiveDate,
    ground: Ground,
}

impl TryFrom<Wire> for Assertion {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<Assertion, IdentityError> {
        Assertion::new(wire.id, wire.a, wire.b, wire.on, wire.ground)
    }
}

impl From<Assertion> for Wire {
    fn from(s: Assertion) -> Wire {
        Wire { id: s.id, a: s.a, b: s.b, on: s.on, ground: s.ground }
    }
}
