//! Members who have a tier of an earlier revision of the ladder, which this one does not have.

use super::{
    Action, Ladder, StatusState,
    state::{Core, Tenure, Term},
};
use crate::{calendar::days_between, quantity::Name};
use alloc::{borrow::Cow, collections::BTreeMap};
use chrono::NaiveDate;

impl Ladder {
    /// A member's state in the tiers of this ladder: what was earned, what is for life, what was decided by hand.
    ///
    /// If the member has a tier that is no more, the books are closed up to that day: by a ladder that is not there any more nothing can be
    /// computed anew. Only the standing still bears the earlier name, for the change to tell.
    pub(super) fn adopt<'a>(&self, from: &'a StatusState) -> Cow<'a, StatusState> {
        let is_known = |tier: &Name| self.rank(tier).is_ok();
        let has = from.now.terms.keys().chain(&from.now.floors).chain([&from.now.standing.tier]).all(is_known);
        let earlier = from.origin.iter().flat_map(|(_, core)| core.terms.keys().chain(&core.floors).chain(core.tenure.keys()));
        let by_hand = from.interventions.iter().filter_map(|intervention| intervention.action.tier());
        if has && from.now.tenure.keys().chain(earlier).chain(by_hand).all(is_known) {
            return Cow::Borrowed(from);
        }
        let mut state = from.clone();
        for intervention in &mut state.interventions {
            if let Some(tier) = intervention.action.tier_mut() {
                *tier = self.tier_now(tier).clone();
            }
        }
        if let Some((day, core)) = &mut state.origin {
            self.adopt_core(core, *day);
        }
        self.adopt_core(&mut state.now, state.as_of);
        if !has {
            state.settle();
        }
        Cow::Owned(state)
    }

    fn adopt_core(&self, core: &mut Core, day: NaiveDate) {
        // Of the base there is neither a term nor a floor nor a tenure.
        let now = |tier: &Name| Some(self.tier_now(tier)).filter(|tier| **tier != self.terms().base).cloned();
        let (terms, tenure) = (core::mem::take(&mut core.terms), core::mem::take(&mut core.tenure));
        for (tier, term) in terms {
            if let Some(tier) = now(&tier) {
                self.add_term(&mut core.terms, tier, term);
            }
        }
        for (tier, held) in tenure {
            if let Some(tier) = now(&tier) {
                add_tenure(&mut core.tenure, tier, held, day);
            }
        }
        core.floors = core.floors.iter().filter_map(now).collect();
    }

    /// Adds a term; of two of one tier the one that lasts longer stays.
    pub(super) fn add_term(&self, terms: &mut BTreeMap<Name, Term>, tier: Name, term: Term) {
        let better = |other: Term| if (self.lasts(other), !other.landed) > (self.lasts(term), !term.landed) { other } else { term };
        let term = terms.get(&tier).map_or(term, |other| better(*other));
        terms.insert(tier, term);
    }

    /// How long a term stands, to compare it with another.
    pub(super) const fn lasts(&self, term: Term) -> (bool, Option<NaiveDate>) {
        // Without an end it stands for ever; or, from day to day, only as long as it is earned, less than what a plan gives until a day.
        (term.until.is_none() != self.is_continuous(), term.until)
    }
}

/// Adds days held; of two of one tier the longer stay, as they may be the same days.
pub(super) fn add_tenure(tenure: &mut BTreeMap<Name, Tenure>, tier: Name, held: Tenure, day: NaiveDate) {
    let total = |held: &Tenure| held.days.saturating_add(held.since.map_or(0, |since| days_between(since, day)));
    let longer = |other: &Tenure| (total(other), *other).max((total(&held), held)).1;
    let held = tenure.get(&tier).map_or(held, longer);
    tenure.insert(tier, held);
}

impl Action {
    /// The tier that it speaks of.
    const fn tier(&self) -> Option<&Name> {
        match self {
            Action::Plan(plan) => Some(&plan.tier),
            Action::Hold { tier, .. } | Action::Relationship { tier, .. } | Action::Floor(tier) => Some(tier),
            Action::Release => None,
        }
    }

    const fn tier_mut(&mut self) -> Option<&mut Name> {
        match self {
            Action::Plan(plan) => Some(&mut plan.tier),
            Action::Hold { tier, .. } | Action::Relationship { tier, .. } | Action::Floor(tier) => Some(tier),
            Action::Release => None,
        }
    }
}
