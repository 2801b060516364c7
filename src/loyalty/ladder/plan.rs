use super::{Ladder, LadderError, Requirement, Span};
use crate::quantity::Name;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A member upgrade plan: within a window, reach a target, and a tier is yours. A status match with its challenge is one, a fast track is
/// one, an offer to promising customers is one.
///
/// Offered to a member by [`Action::Plan`]; how far it is says [`Ladder::to_next`].
#[doc(alias = "会员升级计划")]
#[doc(alias = "status match")]
#[doc(alias = "status challenge")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpgradePlan {
    /// The plan; a member is in it once at a time.
    pub name: Name,
    /// The tier it leads to.
    pub tier: Name,
    /// Whether the member has the tier on trial meanwhile.
    pub trial: bool,
    /// How long there is, from the day on which it is given.
    pub window: Span,
    /// What it takes, counted from that day on.
    pub target: Requirement,
    /// How long the tier stands when the target is met.
    pub on_success: Success,
    /// What happens when it is not.
    pub on_failure: Failure,
    /// How many years must lie between the beginnings of this plan for one member, if it is not for once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once_in_years: Option<u8>,
}

impl UpgradePlan {
    /// Until when its tier stands if its target is met on a day, and a tier entered on that day stands until another.
    pub(super) fn reward(&self, day: NaiveDate, earned: Option<NaiveDate>) -> Result<Option<NaiveDate>, LadderError> {
        match self.on_success {
            Success::AsEarned => Ok(earned),
            Success::For(span) => span.after(day).map(Some),
        }
    }
}

/// How long the tier of an [`UpgradePlan`] stands when the target is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Success {
    /// As if it had been entered that day.
    AsEarned,
    /// So long from that day.
    For(Span),
}

/// What happens when the target of an [`UpgradePlan`] is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The trial ends, and what was earned meanwhile and before stands.
    Restore,
    /// The trial ends as a status does: softly, if the ladder has a landing.
    Soften,
}

/// What somebody decided about one member's status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// From which day.
    pub on: NaiveDate,
    /// What.
    pub action: Action,
    /// Why.
    pub reason: Name,
    /// Who says so: a role or a pseudonym.
    pub author: Name,
}

/// What can be decided about one member's status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// The member enters an upgrade plan.
    Plan(UpgradePlan),
    /// The member has this tier until a day, or until released, whatever was earned; what is earned meanwhile is counted on. A later
    /// hold ends an earlier one.
    #[doc(alias = "人工锁定")]
    Hold {
        /// The tier, which may be the base.
        tier: Name,
        /// The first day without it.
        until: Option<NaiveDate>,
    },
    /// The hold ends.
    Release,
    /// The member has at least this tier, because another member (a spouse, a parent) has theirs. A later one with the same member replaces
    /// it: with another tier, another end, or an end on the day itself.
    Relationship {
        /// The other member.
        with: Name,
        /// The tier.
        tier: Name,
        /// The first day without it.
        until: NaiveDate,
    },
    /// The member has at least this tier for life.
    Floor(Name),
}

impl Intervention {
    pub(super) fn check(&self, ladder: &Ladder) -> Result<(), LadderError> {
        match &self.action {
            Action::Plan(plan) => {
                ladder.rank_above_base(&plan.tier)?;
                plan.target.ways()?;
                plan.window.after(self.on)?;
                match plan.on_success {
                    Success::AsEarned if ladder.is_continuous() => Err(LadderError::PlanValidity(plan.name.clone())),
                    Success::AsEarned => Ok(()),
                    Success::For(span) => span.check(),
                }
            }
            Action::Hold { tier, until } => {
                ladder.rank(tier)?;
                match *until {
                    Some(until) if until <= self.on => Err(LadderError::NoDay { on: self.on, until }),
                    _ => Ok(()),
                }
            }
            Action::Relationship { tier, until, .. } if *until < self.on => {
                ladder.rank_above_base(tier)?;
                Err(LadderError::NoDay { on: self.on, until: *until })
            }
            Action::Relationship { tier, .. } | Action::Floor(tier) => ladder.rank_above_base(tier).map(|_| ()),
            Action::Release => Ok(()),
        }
    }
}
