//! Two states of one member, who had two accounts, become one.

use super::{
    Action, Counting, Cycle, CycleStart, Intervention, Ladder, LadderError, Standing, StatusCredits, StatusState,
    earlier::add_tenure,
    policy::Corrections,
    state::{Core, GiftKey},
};
use crate::quantity::Name;
use alloc::{collections::BTreeSet, vec::Vec};
use chrono::NaiveDate;
use core::cmp::Reverse;

impl Ladder {
    /// The status of a member who had two, given what counts for both together: the better of the two, in whichever order they are named.
    ///
    /// - Every tier that either has is kept, of two ends the later: Gold until 2027 and Silver until 2029 are Gold, and then Silver.
    /// - Tiers for life are, and upgrade plans go on, with what counts from now on for both.
    /// - A hold goes on, also if it holds low: somebody decided so, whatever was earned. Of two holds the one of the higher tier counts, of
    ///   equal ones the one that lasts longer, and the other when that one has ended. Of two relationships with one member, likewise.
    /// - A gift that either was given, once or in the present period, is not given again.
    /// - Days that a tier was held are those of the account that has more: they may be the same days. So are, by periods that begin with
    ///   the joining, the period that is counted and what rolled over into it those of the account that is older; by other periods those of
    ///   the account that stands higher.
    ///
    /// The next [`run`](Ladder::run) judges what counts for both together. Where the ladder [recomputes](Corrections::Recompute), the
    /// status is computed from the earlier joining on, unless that would be worse than what either had: then that is
    /// [settled](StatusState::settle). Both should be settled up to the same day.
    ///
    /// # Errors
    /// [`Calendar`](LadderError::Calendar) if a day beyond the year 9999 would be needed.
    #[doc(alias = "账户合并")]
    pub fn merge(&self, one: &StatusState, other: &StatusState, credits: &StatusCredits) -> Result<StatusState, LadderError> {
        let (one, other) = (&*self.adopt(one), &*self.adopt(other));
        let (joined, as_of) = (one.joined.min(other.joined), one.as_of.max(other.as_of));
        let mut state = StatusState {
            joined,
            as_of,
            interventions: self.merge_interventions([one, other], as_of),
            gifts: self.merge_gifts([one, other], joined, as_of)?,
            origin: None,
            now: self.merge_cores([one, other], as_of),
        };
        let shown = self.machine(&state, credits).standing(as_of)?;
        let stood = [one, other].map(|state| &state.now.standing).into_iter().filter(|standing| standing.tier == shown.tier);
        let since = stood.map(|standing| standing.since).min().unwrap_or(as_of);
        state.now.standing = Standing { since, ..shown };
        if one.origin.is_some() || other.origin.is_some() || !self.can_recompute(&state, credits)? {
            state.settle();
        }
        Ok(state)
    }

    /// Whether a member has all that they have also if it is computed anew.
    fn can_recompute(&self, state: &StatusState, credits: &StatusCredits) -> Result<bool, LadderError> {
        if self.terms().corrections == Corrections::Sticky {
            return Ok(true);
        }
        let anew = self.walk(state, credits, state.as_of)?.core;
        let ranks = |core: &Core| -> Vec<_> { core.floors.iter().filter_map(|tier| self.rank(tier).ok()).collect() };
        let floor = ranks(&anew).into_iter().max();
        let terms =
            |core: &Core| -> Vec<_> { core.terms.iter().filter_map(|(tier, term)| Some((self.rank(tier).ok()?, *term))).collect() };
        let kept = terms(&state.now).into_iter().all(|(rank, term)| {
            let longer = terms(&anew).into_iter().any(|(other, anew)| other >= rank && self.lasts(anew) >= self.lasts(term));
            longer || floor >= Some(rank)
        });
        Ok(kept && ranks(&state.now).into_iter().max() <= floor)
    }

    fn merge_cores(&self, states: [&StatusState; 2], as_of: NaiveDate) -> Core {
        let from_joining =
            matches!(self.terms().counting, Counting::Periods { cycle: Cycle { start: CycleStart::Joining, .. }, .. });
        let leads = |state: &&StatusState| {
            let (core, own) = (&state.now, state.now.own(self));
            let lasts = core.terms.get(self.tier(own)).map(|term| self.lasts(*term));
            let joined = from_joining.then_some(Reverse(state.joined));
            (joined, own, lasts, core.current, core.closed.clone())
        };
        let [one, other] = states;
        let (lead, rest) = if leads(&one) >= leads(&other) { (one, other) } else { (other, one) };
        let mut core = lead.now.clone();
        for (tier, term) in &rest.now.terms {
            self.add_term(&mut core.terms, tier.clone(), *term);
        }
        for (tier, held) in &rest.now.tenure {
            add_tenure(&mut core.tenure, tier.clone(), *held, as_of);
        }
        core.floors.extend(rest.now.floors.iter().cloned());
        core.plans.extend(rest.now.plans.iter().cloned());
        core.plans.sort();
        core.plans.dedup();
        core
    }

    /// Gifts that either was given; those of its present period count as those of the period that is present when both are one.
    fn merge_gifts(
        &self,
        states: [&StatusState; 2],
        joined: NaiveDate,
        as_of: NaiveDate,
    ) -> Result<BTreeSet<GiftKey>, LadderError> {
        let mut gifts: BTreeSet<GiftKey> = states.into_iter().flat_map(|state| &state.gifts).cloned().collect();
        for milestone in &self.terms().milestones {
            let Some(cycle) = milestone.every else { continue };
            let key = |joined| -> Result<GiftKey, LadderError> {
                let period = cycle.period_of(cycle.anchor(joined), as_of)?;
                Ok(GiftKey { milestone: milestone.name.clone(), period: Some(period.from()) })
            };
            for state in states {
                if state.gifts.contains(&key(state.joined)?) {
                    gifts.insert(key(joined)?);
                }
            }
        }
        Ok(gifts)
    }

    fn merge_interventions(&self, states: [&StatusState; 2], as_of: NaiveDate) -> Vec<Intervention> {
        let all = || states.into_iter().flat_map(|state| &state.interventions);
        let rows: BTreeSet<Row> = all().filter_map(|intervention| Row::of(&intervention.action)).collect();
        let mut merged: Vec<Intervention> = all().filter(|i| Row::of(&i.action).is_none()).cloned().collect();
        merged.extend(rows.into_iter().flat_map(|row| self.merge_row(states, row, as_of)));
        merged.sort_by(|a, b| (a.on, a).cmp(&(b.on, b)));
        merged.dedup();
        merged
    }

    /// What gives the member most, from day to day. What is over is over.
    fn merge_row(&self, states: [&StatusState; 2], row: Row<'_>, as_of: NaiveDate) -> Vec<Intervention> {
        let all = || states.into_iter().flat_map(|state| &state.interventions).filter(|i| Row::of(&i.action) == Some(row));
        let ends = all().filter_map(|intervention| gives(&intervention.action)?.1);
        let mut days: BTreeSet<NaiveDate> =
            all().map(|intervention| intervention.on).chain(ends).filter(|day| *day > as_of).collect();
        days.insert(as_of);
        let most = |intervention: &&Intervention| {
            let (tier, until) = gives(&intervention.action)?;
            let Intervention { on, reason, author, .. } = intervention;
            Some((self.rank(tier).ok(), until.is_none(), until, Reverse(*on), reason.clone(), author.clone()))
        };
        let (mut kept, mut present): (Vec<Intervention>, Option<&Intervention>) = (Vec::new(), None);
        for day in days {
            let best = states.into_iter().filter_map(|state| state.in_force(row, day)).max_by_key(most);
            match (best, present) {
                (Some(best), _) if present != Some(best) => {
                    kept.push(Intervention { on: if day > as_of { day } else { best.on }, ..best.clone() });
                }
                (None, Some(_)) => {
                    let ends =
                        |i: &&Intervention| gives(&i.action).is_none_or(|(_, until)| until.is_some_and(|until| until <= day));
                    kept.extend(all().filter(|i| i.on == day).filter(ends).min().cloned());
                }
                _ => {}
            }
            present = best;
        }
        kept
    }
}

/// Decisions of which the last one counts alone: about a hold, or about the relationship with one member.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Row<'a> {
    Hold,
    With(&'a Name),
}

impl Row<'_> {
    const fn of(action: &Action) -> Option<Row<'_>> {
        match action {
            Action::Hold { .. } | Action::Release => Some(Row::Hold),
            Action::Relationship { with, .. } => Some(Row::With(with)),
            Action::Plan(_) | Action::Floor(_) => None,
        }
    }
}

/// What a decision gives until a day.
fn gives(action: &Action) -> Option<(&Name, Option<NaiveDate>)> {
    match action {
        Action::Hold { tier, until } => Some((tier, *until)),
        Action::Relationship { tier, until, .. } => Some((tier, Some(*until))),
        Action::Release | Action::Plan(_) | Action::Floor(_) => None,
    }
}

impl StatusState {
    /// The decision of a row that is in force on a day.
    fn in_force(&self, row: Row<'_>, day: NaiveDate) -> Option<&Intervention> {
        let last = self.interventions.iter().rev().find(|i| i.on <= day && Row::of(&i.action) == Some(row))?;
        gives(&last.action).filter(|(_, until)| until.is_none_or(|until| until > day)).map(|_| last)
    }
}
