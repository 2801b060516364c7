//! What a day shows to the outside: the standing, why it changed, and when it can change next.

use super::{
    Action, Basis, Cause, Counted, Counting, FloorAfter, LadderError, Standing, StatusChange,
    cycle::first_counting,
    machine::{Machine, Notes},
};
use crate::calendar::{days_between, days_from, months_from};
use chrono::NaiveDate;

impl Machine<'_> {
    /// Brings what is known of a day into the standing, and tells of the change if there is one.
    pub(super) fn take_standing(&mut self, day: NaiveDate, notes: &Notes) -> Result<(), LadderError> {
        self.count_tenure(day);
        let shown = self.standing(day)?;
        let before = &self.core.standing;
        let since = if before.tier == shown.tier { before.since } else { day };
        let after = Standing { since, ..shown };
        if after != *before {
            let cause = self.cause(day, before, &after, notes)?;
            let from = core::mem::replace(&mut self.core.standing, after.clone());
            self.changes.push(StatusChange { on: day, from, to: after, cause });
        }
        Ok(())
    }

    fn count_tenure(&mut self, day: NaiveDate) {
        let own = self.own();
        for rank in 1..=self.ladder.top() {
            let name = &self.ladder.rule(rank).name;
            match self.core.tenure.get_mut(name) {
                Some(tenure) if own >= rank => _ = tenure.since.get_or_insert(day),
                Some(tenure) => {
                    if let Some(since) = tenure.since.take() {
                        tenure.days = tenure.days.saturating_add(days_between(since, day));
                    }
                }
                None if own >= rank => {
                    self.core.tenure.entry(name.clone()).or_default().since = Some(day);
                }
                None => {}
            }
        }
    }

    /// The standing on a day: by a hold; otherwise the highest of what the member has of their own, on trial, and by relationships.
    pub(super) fn standing(&self, day: NaiveDate) -> Result<Standing, LadderError> {
        let stands =
            |rank, until, basis| Standing { tier: self.ladder.tier(rank).clone(), since: day, until, grace_until: None, basis };
        let begun = || self.member.interventions.iter().filter(|i| i.on <= day);
        let hold = begun().rev().find(|i| matches!(i.action, Action::Hold { .. } | Action::Release));
        if let Some(intervention) = hold
            && let Action::Hold { tier, until } = &intervention.action
            && until.is_none_or(|until| until > day)
        {
            let (reason, author) = (intervention.reason.clone(), intervention.author.clone());
            return Ok(stands(self.ladder.rank(tier)?, *until, Basis::Hold { reason, author }));
        }
        let own = self.own();
        let mut best = (own, self.own_standing(day)?);
        // Among equals what is the member's own comes first, then what stands longest, then the order of the names.
        let mut others = alloc::vec::Vec::new();
        for (from, plan) in self.member.plans().filter(|(from, plan)| *from <= day && plan.trial) {
            let until = plan.window.after(from)?;
            if until > day && !self.is_ended(&plan.name, from) {
                let rank = self.ladder.rank(&plan.tier)?;
                others.push((rank, stands(rank, Some(until), Basis::Trial { plan: plan.name.clone() })));
            }
        }
        for intervention in begun() {
            let Action::Relationship { with, tier, until } = &intervention.action else { continue };
            let basis = Basis::Relationship { with: with.clone() };
            others.retain(|(_, standing)| standing.basis != basis);
            if *until > day {
                let rank = self.ladder.rank(tier)?;
                others.push((rank, stands(rank, Some(*until), basis)));
            }
        }
        others.sort_by(|(a, one), (b, other)| {
            b.cmp(a).then_with(|| other.until.cmp(&one.until)).then_with(|| one.basis.cmp(&other.basis))
        });
        if let Some(other) = others.into_iter().find(|(rank, _)| *rank > own) {
            best = other;
        }
        Ok(best.1)
    }

    fn own_standing(&self, day: NaiveDate) -> Result<Standing, LadderError> {
        let own = self.own();
        let tier = self.ladder.tier(own);
        let basis = match self.core.terms.get(tier) {
            _ if own == 0 => Basis::Base,
            _ if self.core.floors.contains(tier) => Basis::Floor,
            Some(term) if term.landed => Basis::Landed,
            _ => Basis::Earned,
        };
        let term = self.core.terms.get(tier).filter(|_| matches!(basis, Basis::Landed | Basis::Earned));
        let until = term.and_then(|term| term.until);
        let grace_until = match term {
            Some(term) if super::machine::is_over(*term, day) => self.end(*term)?,
            _ => None,
        };
        Ok(Standing { tier: tier.clone(), since: day, until, grace_until, basis })
    }

    /// Why one standing became another.
    fn cause(&self, day: NaiveDate, before: &Standing, after: &Standing, notes: &Notes) -> Result<Cause, LadderError> {
        let Ok(old) = self.ladder.rank(&before.tier) else { return Ok(Cause::Abolished) };
        let new = self.ladder.rank(&after.tier)?;
        let noted = || notes.iter().rev().find(|(rank, _)| *rank == new).map(|(_, cause)| cause.clone());
        Ok(match (&before.basis, &after.basis) {
            (_, Basis::Hold { reason, author }) => Cause::Held { reason: reason.clone(), author: author.clone() },
            (Basis::Hold { .. }, _) => Cause::HoldEnded,
            (_, Basis::Trial { plan }) => Cause::TrialBegan { plan: plan.clone() },
            (_, Basis::Relationship { with }) => Cause::Related { with: with.clone() },
            (earlier, _) => match (noted(), earlier) {
                (Some(cause), _) => cause,
                (None, Basis::Trial { plan }) => Cause::TrialEnded { plan: plan.clone() },
                (None, Basis::Relationship { with }) => Cause::RelationshipEnded { with: with.clone() },
                (None, _) if old > 0 && (new < old || after.grace_until.is_some()) => {
                    let (scope, rule) = (self.judged(day)?, self.ladder.rule(old));
                    let counted = Counted::of(rule.keeping(), scope.period, &|metric| scope.count(self.credits, metric));
                    if new < old { Cause::Lapsed(counted) } else { Cause::Grace(counted) }
                }
                (None, _) => Cause::Corrected,
            },
        })
    }

    /// The first day after a day on which something can happen: by itself, or by an entry that is there already.
    pub(super) fn next_due(&self, day: NaiveDate) -> Result<Option<NaiveDate>, LadderError> {
        let tomorrow = days_from(day, 1)?;
        let mut due = alloc::vec::Vec::from_iter(self.credits.first_from(tomorrow));
        due.extend(self.core.current.map(|current| current.period.until()));
        for term in self.core.terms.values() {
            due.extend(term.until);
            due.extend(self.end(*term)?);
        }
        due.extend(self.leaving(day)?);
        for intervention in &self.member.interventions {
            due.push(intervention.on);
            match &intervention.action {
                Action::Plan(plan) => due.push(plan.window.after(intervention.on)?),
                Action::Hold { until, .. } => due.extend(*until),
                Action::Relationship { until, .. } => due.push(*until),
                Action::Release | Action::Floor(_) => {}
            }
        }
        for floor in &self.ladder.terms().floors {
            if let (FloorAfter::DaysHeld(days), Some(tenure)) = (&floor.after, self.core.tenure.get(&floor.tier))
                && let Some(since) = tenure.since
            {
                // Beyond the calendar it is never reached.
                let left = days.saturating_sub(tenure.days);
                due.extend(i32::try_from(left).ok().and_then(|left| days_from(since, left).ok()));
            }
        }
        Ok(due.into_iter().filter(|due| *due > day).min())
    }

    /// The next day on which an entry ceases to count.
    pub(super) fn leaving(&self, day: NaiveDate) -> Result<Option<NaiveDate>, LadderError> {
        let Counting::Rolling { months, .. } = self.ladder.terms().counting else { return Ok(None) };
        let first = self.credits.first_from(first_counting(day, months)?).filter(|first| *first <= day);
        Ok(first.map(|first| months_from(first, months.into())).transpose()?)
    }
}
