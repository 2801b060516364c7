use super::{
    Cause, Corrections, Gift, Ladder, LadderError, Milestone, Reached, Run, Standing, StatusChange, StatusCredits, StatusState,
    machine::{Machine, Notes},
    state::Core,
};
use alloc::vec::Vec;
use chrono::NaiveDate;

impl Ladder {
    /// Moves a member on to the close of a day.
    ///
    /// To run to one day and then to another is to run to the other. To run to the day up to which the state is settled takes in what was
    /// entered for that day since.
    ///
    /// A tier that this ladder does not have is what [`formerly`](super::LadderTerms::formerly) says from the day on up to which the state
    /// is settled. The change says so ([`Cause::Abolished`]), and what was settled with that tier is not computed anew any more.
    ///
    /// # Errors
    /// [`Backwards`](LadderError::Backwards) for a day before the one up to which the state is settled;
    /// [`Calendar`](LadderError::Calendar) if a day beyond the year 9999 would be needed.
    pub fn run(&self, from: &StatusState, credits: &StatusCredits, until: NaiveDate) -> Result<Run, LadderError> {
        let from = self.adopt(from);
        let machine = self.walk(&from, credits, until)?;
        let next_due = machine.next_due(until)?;
        let Machine { core, given, changes, gifts, .. } = machine;
        let state = StatusState { as_of: until, gifts: given, now: core, ..from.into_owned() };
        Ok(Run { state, changes, gifts, next_due })
    }

    /// Where a member would stand at the close of a day, if nothing more was entered.
    ///
    /// # Errors
    /// As [`run`](Ladder::run).
    pub fn assess(&self, state: &StatusState, credits: &StatusCredits, on: NaiveDate) -> Result<Standing, LadderError> {
        Ok(self.walk(&self.adopt(state), credits, on)?.core.standing)
    }

    /// The machine at a member's state, as it is.
    pub(super) fn machine<'a>(&'a self, from: &'a StatusState, credits: &'a StatusCredits) -> Machine<'a> {
        let (core, given) = (from.now.clone(), from.gifts.clone());
        Machine { ladder: self, credits, member: from, core, given, changes: Vec::new(), gifts: Vec::new() }
    }

    /// The machine as it stands at the close of a day, from a state in tiers of this ladder.
    pub(super) fn walk<'a>(
        &'a self,
        from: &'a StatusState,
        credits: &'a StatusCredits,
        until: NaiveDate,
    ) -> Result<Machine<'a>, LadderError> {
        let until = crate::calendar::in_range(until)?;
        if until < from.as_of {
            return Err(LadderError::Backwards { on: until, as_of: from.as_of });
        }
        let mut machine = self.machine(from, credits);
        let is_abolished = self.rank(&from.now.standing.tier).is_err();
        if is_abolished {
            machine.take_standing(from.as_of, &Notes::new())?;
        }
        if is_abolished || self.terms().corrections == Corrections::Sticky {
            machine.walk(from.as_of, until)?;
            return Ok(machine);
        }
        let (day, core) = from.origin.clone().unwrap_or_else(|| (from.joined, Core::new(&self.terms().base, from.joined)));
        machine.core = core;
        machine.walk(day, from.as_of)?;
        let told = machine.changes.pop().filter(|change| change.on == from.as_of && change.from == from.now.standing);
        machine.changes.clear();
        if self.rank(&machine.core.standing.tier)? <= self.rank(&from.now.standing.tier)? {
            // A correction that does not raise the member is no rise, whatever it does to the days of earlier ones.
            let rise = |gift: &Gift| {
                let of = |milestone: &&Milestone| milestone.name == gift.milestone && matches!(milestone.reached, Reached::Tier(_));
                self.terms().milestones.iter().any(|milestone| of(&milestone))
            };
            machine.gifts.retain(|gift| !rise(gift));
        }
        let (before, after) = (&from.now.standing, &machine.core.standing);
        if before != after {
            let corrected = || StatusChange { on: from.as_of, from: before.clone(), to: after.clone(), cause: Cause::Corrected };
            let change = told.unwrap_or_else(corrected);
            machine.changes.push(change);
        }
        machine.walk(from.as_of, until)?;
        Ok(machine)
    }
}
