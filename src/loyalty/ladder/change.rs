use super::{Counted, StatusChange};
use crate::{calendar::Period, quantity::Name};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Where a member stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The tier.
    pub tier: Name,
    /// The day since which the member has it.
    pub since: NaiveDate,
    /// The first day for which it is not sure yet, grace not included; `None` if no day is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// In the grace: its end, the first day without the tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<NaiveDate>,
    /// What it rests on.
    pub basis: Basis,
}

impl Standing {
    pub(super) fn base(base: &Name, since: NaiveDate) -> Standing {
        Standing { tier: base.clone(), since, until: None, grace_until: None, basis: Basis::Base }
    }
}

/// What a status rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Basis {
    /// Everybody has it.
    Base,
    /// It was entered or kept, by credits or by a plan that was met.
    Earned,
    /// The soft landing of a higher tier.
    Landed,
    /// For life.
    Floor,
    /// On trial in a plan.
    Trial {
        /// The plan.
        plan: Name,
    },
    /// By a relationship.
    Relationship {
        /// The other member.
        with: Name,
    },
    /// By a hold.
    Hold {
        /// Why.
        reason: Name,
        /// By whom.
        author: Name,
    },
}

/// Why a status changed, with the numbers that decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cause {
    /// The tier was entered, for the first time or again.
    Entered(Counted),
    /// The tier was kept.
    Kept(Counted),
    /// The tier was not kept, and its grace begins.
    Grace(Counted),
    /// The tier was not kept, and is gone.
    Lapsed(Counted),
    /// The tier is for life, by what was reached.
    Floor,
    /// The target of a plan was met.
    PlanMet {
        /// The plan.
        plan: Name,
        /// The numbers.
        counted: Counted,
    },
    /// A trial began.
    TrialBegan {
        /// The plan.
        plan: Name,
    },
    /// A trial ended without success.
    TrialEnded {
        /// The plan.
        plan: Name,
    },
    /// A relationship gives the tier.
    Related {
        /// The other member.
        with: Name,
    },
    /// A relationship gives no tier any more.
    RelationshipEnded {
        /// The other member.
        with: Name,
    },
    /// A hold began.
    Held {
        /// Why.
        reason: Name,
        /// By whom.
        author: Name,
    },
    /// A hold ended.
    HoldEnded,
    /// Entries were corrected, or the ladder has changed.
    Corrected,
    /// The ladder does not have the tier any more: it is what [`formerly`](super::LadderTerms::formerly) says, or what else the member had.
    Abolished,
    /// Another account of the member was taken over, with its status.
    Merged,
}

/// A gift that is due: once for its milestone and period.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gift {
    /// The milestone.
    pub milestone: Name,
    /// The day on which it was reached.
    pub on: NaiveDate,
    /// The period for which it is given; `None` for once ever.
    pub period: Option<Period>,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.until, self.grace_until) {
            (_, Some(grace)) => write!(f, "{} in grace until {grace}", self.tier),
            (Some(until), None) => write!(f, "{} until {until}", self.tier),
            (None, None) => write!(f, "{}", self.tier),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Entered(counted) => write!(f, "entered: {counted}"),
            Cause::Kept(counted) => write!(f, "kept: {counted}"),
            Cause::Grace(counted) => write!(f, "not kept, in grace: {counted}"),
            Cause::Lapsed(counted) => write!(f, "not kept: {counted}"),
            Cause::Floor => f.write_str("for life"),
            Cause::PlanMet { plan, counted } => write!(f, "plan {plan:?} met: {counted}"),
            Cause::TrialBegan { plan } => write!(f, "on trial in plan {plan:?}"),
            Cause::TrialEnded { plan } => write!(f, "plan {plan:?} not met"),
            Cause::Related { with } => write!(f, "by relationship with {with}"),
            Cause::RelationshipEnded { with } => write!(f, "relationship with {with} ended"),
            Cause::Held { reason, author } => write!(f, "held by {author}: {reason}"),
            Cause::HoldEnded => f.write_str("hold ended"),
            Cause::Corrected => f.write_str("corrected"),
            Cause::Abolished => f.write_str("the earlier tier is no more"),
            Cause::Merged => f.write_str("with another account of the member"),
        }
    }
}

impl fmt::Display for StatusChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} → {}; {}", self.on, self.from.tier, self.to, self.cause)
    }
}
