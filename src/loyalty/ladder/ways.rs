use super::{
    Counting, Ladder, LadderError, Requirement, StatusCredits, StatusState,
    cycle::first_counting,
    machine::{Machine, Scope, is_over},
    requirement::{Needs, least},
};
use crate::{
    calendar::{Period, days_from, months_from},
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One way to a tier: what is missing, by when, and what it would bring.
#[doc(alias = "升级差距")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The tier.
    pub tier: Name,
    /// What is missing, by metric, all of it; nothing if the way has been gone.
    pub gaps: Vec<Gap>,
    /// The first day on which these numbers do not hold any more, as a period ends or entries cease to count; `None` if they hold for
    /// ever.
    pub by: Option<NaiveDate>,
    /// Until when the tier would stand, grace not included; `None` if no end is known.
    pub until: Option<NaiveDate>,
    /// The plan, if it is the way of an [`UpgradePlan`](super::UpgradePlan).
    pub plan: Option<Name>,
}

/// How many of a metric are missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The metric.
    pub metric: Name,
    /// How many, 1 or more.
    pub missing: u64,
}

impl Ladder {
    /// The ways up on a day: to every tier above what the member has of their own (on trial, by a relationship or a hold it may be more),
    /// and each way if there are several; the lowest tier first.
    ///
    /// # Errors
    /// As [`run`](Ladder::run).
    pub fn to_next(&self, state: &StatusState, credits: &StatusCredits, on: NaiveDate) -> Result<Vec<Way>, LadderError> {
        let state = &*self.adopt(state);
        let machine = self.walk(state, credits, on)?;
        let (scope, by, until) = (machine.present(on)?, machine.changing(on)?, machine.validity(on)?);
        let mut ways = Vec::new();
        for rank in machine.own() + 1..=self.top() {
            let more = machine.ways(machine.requirement(rank), &scope)?;
            ways.extend(more.map(|gaps| Way { tier: self.tier(rank).clone(), gaps, by, until, plan: None }));
            for (from, plan) in state.plans().filter(|(from, plan)| *from <= on && plan.tier == *self.tier(rank)) {
                if machine.is_ended(&plan.name, from) {
                    continue;
                }
                let scope = Scope { period: Period::new(from, days_from(on, 1)?)?, opening: BTreeMap::new() };
                let (by, until) = (Some(plan.window.after(from)?), plan.reward(on, until)?);
                let more = machine.ways(&plan.target, &scope)?;
                ways.extend(more.map(|gaps| Way { tier: plan.tier.clone(), gaps, by, until, plan: Some(plan.name.clone()) }));
            }
        }
        Ok(ways)
    }

    /// The ways to keep the tier that the member has of their own, by this period or, if rolling, by the day of the judgement. Without gaps
    /// it is done already, if the entries stay. None for the base, and for a tier that has no end.
    ///
    /// # Errors
    /// As [`run`](Ladder::run).
    pub fn to_keep(&self, state: &StatusState, credits: &StatusCredits, on: NaiveDate) -> Result<Vec<Way>, LadderError> {
        let state = &*self.adopt(state);
        let machine = self.walk(state, credits, on)?;
        let tier = self.tier(machine.own());
        let Some(term) = machine.core.terms.get(tier).copied().filter(|_| !machine.core.floors.contains(tier)) else {
            return Ok(Vec::new());
        };
        let (mut scope, mut by, mut until) = (machine.present(on)?, machine.changing(on)?, machine.validity(on)?);
        match (self.terms().counting, term.until) {
            (Counting::Lifetime, None) => return Ok(Vec::new()),
            (_, Some(_)) if is_over(term, on) => by = machine.end(term)?,
            // Judged on its last day, by what will still count then.
            (Counting::Rolling { months, stands: stands @ 1.. }, Some(end)) => {
                let from = first_counting(end, months)?;
                let tomorrow = days_from(on, 1)?;
                scope.period =
                    if from < tomorrow { Period::new(from, tomorrow)? } else { Period::new(tomorrow, days_from(tomorrow, 1)?)? };
                (by, until) = (Some(end), Some(months_from(end, stands.into())?));
            }
            _ => {}
        }
        let requirement = self.rule(machine.own()).keeping();
        let ways = machine.ways(requirement, &scope)?;
        Ok(ways.map(|gaps| Way { tier: tier.clone(), gaps, by, until, plan: None }).collect())
    }
}

impl Machine<'_> {
    /// What is missing in each way to meet a requirement.
    fn ways(&self, requirement: &Requirement, scope: &Scope) -> Result<impl Iterator<Item = Vec<Gap>> + use<>, LadderError> {
        let mut missing = Vec::new();
        for way in requirement.ways()? {
            let gap = |(metric, needed): (&Name, &u64)| {
                let gap = i128::from(*needed) - i128::from(scope.count(self.credits, metric));
                (gap > 0).then(|| (metric.clone(), u64::try_from(gap).unwrap_or(u64::MAX)))
            };
            missing.push(way.iter().filter_map(gap).collect::<Needs>());
        }
        let gaps = |way: Needs| way.into_iter().map(|(metric, missing)| Gap { metric, missing }).collect();
        Ok(least(missing).into_iter().map(gaps))
    }

    /// The next day on which counts change by themselves.
    fn changing(&self, day: NaiveDate) -> Result<Option<NaiveDate>, LadderError> {
        Ok(match self.ladder.terms().counting {
            Counting::Periods { .. } => self.core.current.map(|current| current.period.until()),
            Counting::Rolling { .. } => self.leaving(day)?,
            Counting::Lifetime | Counting::Balance => None,
        })
    }
}
