use super::{
    Counted, Counting, Cycle, CycleStart, Failure, FloorAfter, Gift, Ladder, LadderError, Requirement, RollOver, StatusChange,
    StatusCredits,
    change::Cause,
    cycle::first_counting,
    policy::Reached,
    state::{Closed, Core, Current, EndedPlan, GiftKey, StatusState, Term},
};
use crate::{
    calendar::{Period, days_between, days_from, months_from},
    quantity::Name,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use chrono::NaiveDate;

/// Days over which is counted, and what was rolled over into them.
pub(super) struct Scope {
    pub(super) period: Period,
    pub(super) opening: BTreeMap<Name, i64>,
}

impl Scope {
    pub(super) fn count(&self, credits: &StatusCredits, metric: &Name) -> i64 {
        credits.sum(metric, self.period).saturating_add(self.opening.get(metric).copied().unwrap_or(0))
    }
}

/// What happened to the tiers of a day, for the cause of a change: rank and cause.
pub(super) type Notes = Vec<(usize, Cause)>;

/// The ladder at work on one member. A day has two halves: what ends with the day before, which later entries of the day cannot change
/// ([`open`](Machine::open)), and what its own entries bring ([`close`](Machine::close)). Both find nothing to do a second time.
pub(super) struct Machine<'a> {
    pub(super) ladder: &'a Ladder,
    pub(super) credits: &'a StatusCredits,
    pub(super) member: &'a StatusState,
    pub(super) core: Core,
    pub(super) given: BTreeSet<GiftKey>,
    pub(super) changes: Vec<StatusChange>,
    pub(super) gifts: Vec<Gift>,
}

impl Machine<'_> {
    /// Goes from a day to another, stopping at every day on which something can happen.
    pub(super) fn walk(&mut self, from: NaiveDate, until: NaiveDate) -> Result<(), LadderError> {
        let mut next = Some(from);
        while let Some(day) = next.filter(|day| *day <= until) {
            self.visit(day)?;
            next = self.next_due(day)?;
        }
        Ok(())
    }

    fn visit(&mut self, day: NaiveDate) -> Result<(), LadderError> {
        let rank = self.own();
        let mut notes = Notes::new();
        self.open(day, &mut notes)?;
        self.take_standing(day, &notes)?;
        notes.clear();
        self.close(day, &mut notes)?;
        self.take_standing(day, &notes)?;
        self.give(day, rank)
    }

    /// What ends with the day before: periods, judgements, plans, statuses.
    fn open(&mut self, day: NaiveDate, notes: &mut Notes) -> Result<(), LadderError> {
        match self.ladder.terms().counting {
            Counting::Periods { cycle, stands } => self.close_periods(cycle, stands, day, notes)?,
            Counting::Rolling { stands: 1.., .. } if self.core.terms.values().any(|term| is_over(*term, day)) => {
                let (scope, until) = (self.ending(day)?, self.validity(day)?);
                self.judge(day, &scope, until, false, notes);
            }
            Counting::Rolling { .. } | Counting::Lifetime | Counting::Balance => {}
        }
        self.lift_floors(day, day, notes)?;
        for (from, plan) in self.member.plans() {
            if plan.window.after(from)? <= day && !self.is_ended(&plan.name, from) {
                self.core.plans.push(EndedPlan { name: plan.name.clone(), from, met: false });
                if plan.trial && plan.on_failure == Failure::Soften {
                    self.land(self.ladder.rank(&plan.tier)?, day)?;
                }
            }
        }
        self.expire(day)
    }

    /// What the entries of a day bring: plans, rises, returns from the grace, floors; and a fall where a status stands from day to day.
    fn close(&mut self, day: NaiveDate, notes: &mut Notes) -> Result<(), LadderError> {
        self.meet_plans(day, notes)?;
        // Before judging: whoever has a tier for life keeps it by what keeping takes, also if the day is looked at again.
        self.lift_floors(day, days_from(day, 1)?, notes)?;
        let (scope, until, before) = (self.present(day)?, self.validity(day)?, self.own());
        self.judge(day, &scope, until, false, notes);
        self.make_up(day, notes)?;
        let rose = notes.iter().any(|(rank, cause)| *rank >= before && matches!(cause, Cause::Entered(_) | Cause::Kept(_)));
        if let (true, Some(current), Counting::Periods { cycle: Cycle { start: CycleStart::Status, .. }, .. }) =
            (rose, &mut self.core.current, self.ladder.terms().counting)
        {
            let tomorrow = days_from(day, 1)?;
            *current = Current { anchor: tomorrow, period: Period::new(current.period.from(), tomorrow)? };
        }
        if self.ladder.is_continuous() {
            for rank in 1..=self.ladder.top() {
                let rule = self.ladder.rule(rank);
                if !rule.keeping().is_met(&|metric| scope.count(self.credits, metric))
                    && let Some(term) = self.core.terms.get_mut(&rule.name)
                {
                    term.until.get_or_insert(day);
                }
            }
            self.expire(day)?;
        }
        Ok(())
    }

    /// Closes every period that ends by a day: judges it, and notes what goes on to the next.
    fn close_periods(&mut self, cycle: Cycle, stands: u8, day: NaiveDate, notes: &mut Notes) -> Result<(), LadderError> {
        let mut current = if let Some(current) = self.core.current {
            current
        } else {
            let anchor = cycle.anchor(self.member.joined);
            Current { anchor, period: cycle.period_of(anchor, day)? }
        };
        while current.period.until() <= day {
            let (anchor, due) = (current.anchor, current.period.until());
            let scope = Scope { period: current.period, opening: self.rolled() };
            let next = cycle.number_of(anchor, due)?;
            let until = cycle.start_of(anchor, next + i32::from(stands))?;
            self.judge(due, &scope, Some(until), true, notes);
            let used = self.used(&scope);
            self.core.closed = Some(Closed { period: scope.period, opening: scope.opening, used });
            current.period = Period::new(due, cycle.start_of(anchor, next + 1)?)?;
        }
        self.core.current = Some(current);
        Ok(())
    }

    /// What the tier took that a member has and has earned in a period: what entering it took, if it was entered then.
    fn used(&self, scope: &Scope) -> Option<BTreeMap<Name, u64>> {
        let rule = self.ladder.rule(Some(self.own()).filter(|rank| *rank > 0)?);
        if !rule.keeping().is_met(&|metric| scope.count(self.credits, metric)) {
            return None;
        }
        let tenure = self.core.tenure.get(&rule.name).copied().unwrap_or_default();
        Some(match tenure.since {
            Some(since) if since < scope.period.from() => rule.keeping().most(),
            _ if tenure.days > 0 => rule.reentry.as_ref().unwrap_or(&rule.entry).most(),
            _ => rule.entry.most(),
        })
    }

    /// What is rolled over from the period before.
    pub(super) fn rolled(&self) -> BTreeMap<Name, i64> {
        let (Some(RollOver { caps, percent, again }), Some(closed)) = (&self.ladder.terms().roll_over, &self.core.closed) else {
            return BTreeMap::new();
        };
        let Some(used) = &closed.used else { return BTreeMap::new() };
        let surplus = |(metric, cap): (&Name, &u64)| {
            let own = i128::from(self.credits.sum(metric, closed.period)).max(0);
            let before = closed.opening.get(metric).copied().unwrap_or(0);
            let beyond = (own + i128::from(before) - i128::from(*used.get(metric)?)).max(0);
            let beyond = if *again { beyond } else { beyond.min(own) };
            let rolled = (beyond * i128::from(*percent) / 100).min(i128::from(*cap));
            (rolled > 0).then(|| (metric.clone(), i64::try_from(rolled).unwrap_or(i64::MAX)))
        };
        caps.iter().filter_map(surplus).collect()
    }

    /// Gives every tier whose requirement is met: those that the member does not have, or (`renew`) all.
    fn judge(&mut self, day: NaiveDate, scope: &Scope, until: Option<NaiveDate>, renew: bool, notes: &mut Notes) {
        for rank in (1..=self.ladder.top()).rev() {
            let (own, name) = (self.own(), &self.ladder.rule(rank).name);
            let term = self.core.terms.get(name).copied();
            let requirement = self.requirement(rank);
            let count = |metric: &Name| scope.count(self.credits, metric);
            if (renew || term.is_none_or(|term| is_over(term, day))) && requirement.is_met(&count) {
                let until = term.map_or(until, |term| Some(term.until?.max(until?)));
                let counted = Counted::of(requirement, scope.period, &count);
                notes.push((rank, if own < rank { Cause::Entered(counted) } else { Cause::Kept(counted) }));
                self.core.terms.insert(name.clone(), Term { until, landed: false });
            }
        }
    }

    /// Keeps tiers in their grace by what was earned in the last period and since.
    fn make_up(&mut self, day: NaiveDate, notes: &mut Notes) -> Result<(), LadderError> {
        let (Counting::Periods { cycle, stands }, Some(current), Some(closed)) =
            (self.ladder.terms().counting, self.core.current, &self.core.closed)
        else {
            return Ok(());
        };
        if !self.ladder.terms().grace.is_some_and(|grace| grace.makes_up) {
            return Ok(());
        }
        let scope = Scope { period: Period::new(closed.period.from(), days_from(day, 1)?)?, opening: closed.opening.clone() };
        let count = |metric: &Name| scope.count(self.credits, metric);
        for rank in 1..=self.ladder.top() {
            let rule = self.ladder.rule(rank);
            let Some(term) = self.core.terms.get_mut(&rule.name).filter(|term| is_over(**term, day)) else { continue };
            if let Some(ended) = term.until
                && rule.keeping().is_met(&count)
            {
                let next = cycle.number_of(current.anchor, ended)?;
                *term = Term { until: Some(cycle.start_of(current.anchor, next + i32::from(stands))?), landed: false };
                notes.push((rank, Cause::Kept(Counted::of(rule.keeping(), scope.period, &count))));
            }
        }
        Ok(())
    }

    fn meet_plans(&mut self, day: NaiveDate, notes: &mut Notes) -> Result<(), LadderError> {
        for (from, plan) in self.member.plans().filter(|(from, _)| *from <= day) {
            if self.is_ended(&plan.name, from) {
                continue;
            }
            let scope = Scope { period: Period::new(from, days_from(day, 1)?)?, opening: BTreeMap::new() };
            let count = |metric: &Name| scope.count(self.credits, metric);
            if plan.target.is_met(&count) {
                self.core.plans.push(EndedPlan { name: plan.name.clone(), from, met: true });
                let rank = self.ladder.rank(&plan.tier)?;
                if rank == 0 {
                    continue; // its tier is no more
                }
                let until = plan.reward(day, self.validity(day)?)?;
                let earlier = self.core.terms.get(&plan.tier).copied();
                let until = match earlier {
                    // From day to day it stands no longer than it is earned; the plan gives it until a day.
                    Some(Term { until: None, .. }) if self.ladder.is_continuous() => until,
                    Some(term) => term.until.and_then(|earlier| Some(earlier.max(until?))),
                    None => until,
                };
                let counted = Counted::of(&plan.target, scope.period, &count);
                notes.push((rank, Cause::PlanMet { plan: plan.name.clone(), counted }));
                self.core.terms.insert(plan.tier.clone(), Term { until, landed: false });
            }
        }
        Ok(())
    }

    /// Gives tiers for life: by decision, by days held, by what was counted before a day.
    fn lift_floors(&mut self, day: NaiveDate, before: NaiveDate, notes: &mut Notes) -> Result<(), LadderError> {
        let mut lifted = Vec::new();
        for intervention in self.member.interventions.iter().take_while(|i| i.on <= day) {
            if let super::Action::Floor(tier) = &intervention.action
                && self.ladder.rank(tier)? > 0
            {
                lifted.push(tier);
            }
        }
        for floor in &self.ladder.terms().floors {
            let is_reached = match &floor.after {
                FloorAfter::Credits(requirement) => {
                    let ever = ever(before)?;
                    requirement.is_met(&|metric| self.credits.sum(metric, ever))
                }
                FloorAfter::DaysHeld(days) => self.core.tenure.get(&floor.tier).is_some_and(|tenure| {
                    tenure.since.map_or(tenure.days, |since| tenure.days.saturating_add(days_between(since, day))) >= *days
                }),
            };
            if is_reached {
                lifted.push(&floor.tier);
            }
        }
        for tier in lifted {
            if self.core.floors.insert(tier.clone()) {
                notes.push((self.ladder.rank_above_base(tier)?, Cause::Floor));
            }
        }
        Ok(())
    }

    /// Takes away what has ended, and lands.
    fn expire(&mut self, day: NaiveDate) -> Result<(), LadderError> {
        let before = self.own();
        let mut left = BTreeMap::new();
        for (tier, term) in &self.core.terms {
            if self.end(*term)?.is_none_or(|end| end > day) {
                left.insert(tier.clone(), *term);
            }
        }
        self.core.terms = left;
        if self.own() < before { self.land(before, day) } else { Ok(()) }
    }

    /// Lands softly below a rank that is lost.
    fn land(&mut self, lost: usize, day: NaiveDate) -> Result<(), LadderError> {
        let Some(steps) = self.ladder.terms().landing else { return Ok(()) };
        let rank = lost.saturating_sub(steps.into());
        if rank > self.own() {
            let until = match self.ladder.terms().counting {
                Counting::Rolling { stands, .. } => Some(months_from(day, stands.into())?),
                _ => self.core.current.map(|current| current.period.until()),
            };
            self.core.terms.insert(self.ladder.tier(rank).clone(), Term { until, landed: true });
        }
        Ok(())
    }

    /// The gifts of a day.
    fn give(&mut self, day: NaiveDate, rank_before: usize) -> Result<(), LadderError> {
        for milestone in &self.ladder.terms().milestones {
            let period = match milestone.every {
                Some(cycle) => Some(cycle.period_of(cycle.anchor(self.member.joined), day)?),
                None => None,
            };
            let is_reached = match &milestone.reached {
                Reached::Tier(tier) => (rank_before + 1..=self.own()).contains(&self.ladder.rank_above_base(tier)?),
                Reached::Credits(requirement) => {
                    let tomorrow = days_from(day, 1)?;
                    let scope = period.map_or_else(|| ever(tomorrow), |p| Ok(Period::new(p.from(), tomorrow)?))?;
                    requirement.is_met(&|metric| self.credits.sum(metric, scope))
                }
            };
            let gift = Gift { milestone: milestone.name.clone(), on: day, period };
            if is_reached && self.given.insert(GiftKey::from(&gift)) {
                self.gifts.push(gift);
            }
        }
        Ok(())
    }

    /// The rank that the member has of their own, 0 for none.
    pub(super) fn own(&self) -> usize {
        self.core.own(self.ladder)
    }

    /// What it takes this member to have a rank.
    pub(super) fn requirement(&self, rank: usize) -> &Requirement {
        let rule = self.ladder.rule(rank);
        match &rule.reentry {
            _ if self.own() >= rank => rule.keeping(),
            Some(reentry) if self.core.tenure.contains_key(&rule.name) => reentry,
            _ => &rule.entry,
        }
    }

    /// The first day without a tier, grace included.
    pub(super) fn end(&self, term: Term) -> Result<Option<NaiveDate>, LadderError> {
        match (term.until, self.ladder.terms().grace) {
            (Some(until), Some(grace)) => Ok(Some(grace.span.after(until)?)),
            (until, _) => Ok(until),
        }
    }

    /// Until when a tier stands that is entered on a day.
    pub(super) fn validity(&self, day: NaiveDate) -> Result<Option<NaiveDate>, LadderError> {
        Ok(match (self.ladder.terms().counting, self.core.current) {
            (Counting::Periods { cycle, stands }, Some(current)) => Some(match cycle.start {
                CycleStart::Status => cycle.start_of(days_from(day, 1)?, stands.into())?,
                CycleStart::Calendar(_) | CycleStart::Joining => {
                    cycle.start_of(current.anchor, cycle.number_of(current.anchor, day)? + 1 + i32::from(stands))?
                }
            }),
            (Counting::Rolling { stands: stands @ 1.., .. }, _) => Some(months_from(day, stands.into())?),
            _ => None,
        })
    }

    /// What counts at the close of a day.
    pub(super) fn present(&self, day: NaiveDate) -> Result<Scope, LadderError> {
        let tomorrow = days_from(day, 1)?;
        let (from, opening) = match (self.ladder.terms().counting, self.core.current) {
            (Counting::Periods { .. }, Some(current)) => (current.period.from(), self.rolled()),
            (Counting::Rolling { months, .. }, _) => (first_counting(day, months)?, BTreeMap::new()),
            _ => (ever(tomorrow)?.from(), BTreeMap::new()),
        };
        Ok(Scope { period: Period::new(from, tomorrow)?, opening })
    }

    /// What still counts on a day, without the day's own entries.
    fn ending(&self, day: NaiveDate) -> Result<Scope, LadderError> {
        let from = match self.ladder.terms().counting {
            Counting::Rolling { months, .. } => first_counting(day, months)?,
            _ => return self.present(day),
        };
        Ok(Scope { period: Period::new(from, day)?, opening: BTreeMap::new() })
    }

    /// What was last judged.
    pub(super) fn judged(&self, day: NaiveDate) -> Result<Scope, LadderError> {
        match (&self.core.closed, self.ladder.terms().counting) {
            (Some(closed), Counting::Periods { .. }) => Ok(Scope { period: closed.period, opening: closed.opening.clone() }),
            (_, Counting::Rolling { stands: 1.., .. }) => self.ending(day),
            _ => self.present(day),
        }
    }

    pub(super) fn is_ended(&self, plan: &Name, from: NaiveDate) -> bool {
        self.core.plans.iter().any(|ended| ended.name == *plan && ended.from == from)
    }
}

/// Whether a term has come to its end, and is in its grace if there is one.
pub(super) fn is_over(term: Term, day: NaiveDate) -> bool {
    term.until.is_some_and(|until| until <= day)
}

/// All days before a day.
pub(super) fn ever(before: NaiveDate) -> Result<Period, LadderError> {
    Ok(Period::new(NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(before), before)?)
}
