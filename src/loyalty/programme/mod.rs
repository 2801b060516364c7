//! The scheme itself, as data: what is earned, how it is spent, how long it lasts.

mod error;
mod kind;
mod reward;

pub use error::ProgrammeError;
pub(super) use kind::whole;
pub use kind::{Deed, Extension, Kind, RedemptionTerms, Shortfall, TransferTerms, Worth};
pub use reward::{Benefit, Reward, RewardLimit};

use crate::{
    calendar::Zone,
    loyalty::{
        Occasion,
        earning::{CapPeriod, EarningRules},
        ladder::{Ladder, LadderTerms},
    },
    money::{Currency, Rounding},
    quantity::{Name, unique_keys},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use serde::{Deserialize, Serialize};

/// A loyalty scheme in one of its revisions. A change is a new revision: what was decided under an earlier one stays as it is.
#[doc(alias = "会员制度")]
#[doc(alias = "忠诚度计划")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Programme {
    terms: Terms,
}

/// What a scheme consists of. [`Programme::new`] checks that the parts fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The revision.
    pub revision: Name,
    /// Whose days and hours count.
    pub zone: Zone,
    /// The currency of the purchases.
    pub currency: Currency,
    /// The kinds of points.
    pub kinds: Vec<Kind>,
    /// What is earned for what.
    pub earning: EarningRules,
    /// How returns take points back.
    pub returns: Returns,
    /// Occasions that are celebrated, by name.
    #[serde(default, deserialize_with = "unique_keys")]
    pub occasions: BTreeMap<Name, Occasion>,
    /// The status.
    #[serde(default)]
    pub ladder: Option<Ladder>,
    /// What points can be spent on.
    #[serde(default)]
    pub rewards: Vec<Reward>,
    /// What the status brings.
    #[serde(default)]
    pub benefits: Vec<Benefit>,
}

impl Terms {
    /// A scheme without occasions, status, rewards and benefits. Returns take back what each line earned, rounded down.
    pub fn new(revision: Name, zone: Zone, currency: Currency, kinds: Vec<Kind>, earning: EarningRules) -> Terms {
        let returns = Returns { by: ReturnBasis::Line, rounding: Rounding::Floor };
        let (occasions, ladder, rewards, benefits) = (BTreeMap::new(), None, Vec::new(), Vec::new());
        Terms { revision, zone, currency, kinds, earning, returns, occasions, ladder, rewards, benefits }
    }
}

/// How a return takes back what a purchase had earned: always what was recorded, whatever the rules and the grade are today. All returns
/// of a purchase together take back the same, however they are split.
#[doc(alias = "退货")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// Which points a returned line takes with it.
    pub by: ReturnBasis,
    /// How a part of a point is rounded, over all returns of the purchase.
    pub rounding: Rounding,
}

/// Which points a returned line takes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnBasis {
    /// Those that it earned.
    Line,
    /// Its share, by what was paid, of those that the whole purchase earned.
    Purchase,
}

impl Programme {
    /// A scheme of these terms.
    ///
    /// # Errors
    /// [`ProgrammeError`] for parts that do not fit: a rule that gives points of a kind the scheme does not have, a reward that is paid
    /// with points that cannot be spent, two kinds of one name.
    pub fn new(terms: Terms) -> Result<Programme, ProgrammeError> {
        fn twice<'a>(mut names: impl Iterator<Item = &'a Name>) -> Option<Name> {
            let mut seen = BTreeSet::new();
            names.find(|name| !seen.insert(*name)).cloned()
        }
        let Terms { kinds, rewards, benefits, .. } = &terms;
        if kinds.is_empty() {
            return Err(ProgrammeError::NoKinds);
        }
        let doubled = twice(kinds.iter().map(|kind| &kind.name))
            .or_else(|| twice(rewards.iter().map(|reward| &reward.name)))
            .or_else(|| twice(benefits.iter().map(|benefit| &benefit.name)));
        if let Some(name) = doubled {
            return Err(ProgrammeError::NameTwice(name));
        }
        for kind in kinds {
            if !kind.redemption.is_sound(terms.currency) {
                return Err(ProgrammeError::BadRedemption(kind.name.clone()));
            }
            if !kind.spendable && !kind.status {
                return Err(ProgrammeError::UselessKind(kind.name.clone()));
            }
            if kind.decimals > 9 {
                return Err(ProgrammeError::TooManyDecimals { kind: kind.name.clone(), decimals: kind.decimals });
            }
        }
        let programme = Programme { terms };
        programme.fits()?;
        Ok(programme)
    }

    fn fits(&self) -> Result<(), ProgrammeError> {
        let Terms { currency, earning, ladder, rewards, benefits, .. } = &self.terms;
        for rule in &earning.policy().rules {
            self.kind(&rule.kind).ok_or_else(|| ProgrammeError::UnknownKind(rule.kind.clone()))?;
        }
        if let Some(found) = earning.currency().filter(|found| found != currency) {
            return Err(ProgrammeError::Currency { expected: *currency, found });
        }
        let grades = self.grades();
        if earning.policy().grades != grades {
            return Err(ProgrammeError::GradesDiffer);
        }
        for metric in ladder.iter().flat_map(Ladder::metrics) {
            let kind = self.kind(&metric).ok_or_else(|| ProgrammeError::UnknownKind(metric.clone()))?;
            if !kind.status {
                return Err(ProgrammeError::DoesNotCount(metric));
            }
        }
        let known = |grade: &Name| if grades.contains(grade) { Ok(()) } else { Err(ProgrammeError::UnknownGrade(grade.clone())) };
        let extended = self.terms.kinds.iter().flat_map(|kind| &kind.extensions);
        extended.flat_map(|extension| &extension.grades).try_for_each(known)?;
        for reward in rewards {
            let kind = self.kind(&reward.kind).ok_or_else(|| ProgrammeError::UnknownKind(reward.kind.clone()))?;
            if !kind.spendable {
                return Err(ProgrammeError::NotSpendable(kind.name.clone()));
            }
            reward.grades.iter().chain(reward.price_by_grade.keys()).try_for_each(known)?;
            let never = reward.from.zip(reward.until).is_some_and(|(from, until)| from >= until);
            if never || reward.limit.is_some_and(|limit| limit.times == 0) {
                return Err(ProgrammeError::NeverOffered(reward.name.clone()));
            }
            if reward.limit.is_some_and(|limit| limit.per == CapPeriod::Order) {
                return Err(ProgrammeError::LimitByOrder(reward.name.clone()));
            }
            if reward.price.is_zero() || reward.price_by_grade.values().any(|price| price.is_zero()) {
                return Err(ProgrammeError::FreeReward(reward.name.clone()));
            }
        }
        benefits.iter().filter_map(|benefit| benefit.from_grade.as_ref()).try_for_each(known)
    }

    /// Its parts.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The revision.
    pub const fn revision(&self) -> &Name {
        &self.terms.revision
    }

    /// A kind of points.
    pub fn kind(&self, name: &Name) -> Option<&Kind> {
        self.terms.kinds.iter().find(|kind| kind.name == *name)
    }

    /// A reward of the catalogue.
    pub fn reward(&self, name: &str) -> Option<&Reward> {
        self.terms.rewards.iter().find(|reward| reward.name.as_str() == name)
    }

    /// The grades of the ladder, the base first; none without one.
    pub fn grades(&self) -> Vec<Name> {
        let tiers = |terms: &LadderTerms| {
            let above = terms.tiers.iter().map(|tier| tier.name.clone());
            core::iter::once(terms.base.clone()).chain(above).collect()
        };
        self.terms.ladder.as_ref().map_or_else(Vec::new, |ladder| tiers(ladder.terms()))
    }

    /// What a member of a grade has without paying for it, in the order of the terms.
    pub fn benefits<'a>(&'a self, grade: Option<&'a Name>) -> impl Iterator<Item = &'a Benefit> {
        let grades = self.grades();
        let rank = move |name: &Name| grades.iter().position(|grade| grade == name);
        let has = grade.and_then(&rank);
        self.terms
            .benefits
            .iter()
            .filter(move |benefit| benefit.from_grade.as_ref().is_none_or(|from| has >= rank(from) && has.is_some()))
    }
}

impl TryFrom<Terms> for Programme {
    type Error = ProgrammeError;

    fn try_from(terms: Terms) -> Result<Programme, ProgrammeError> {
        Programme::new(terms)
    }
}

impl From<Programme> for Terms {
    fn from(programme: Programme) -> Terms {
        programme.terms
    }
}
