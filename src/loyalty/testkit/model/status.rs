use super::{Model, Refused};
use crate::{
    loyalty::{
        Programme,
        ladder::{Intervention, LadderError, Standing, StatusCredits, StatusState},
    },
    quantity::Name,
};

impl From<LadderError> for Refused {
    fn from(_: LadderError) -> Refused {
        Refused("the ladder")
    }
}

impl Model {
    /// Where the member stands by what the model itself has counted; none without a ladder.
    ///
    /// # Errors
    /// [`Refused`] where the ladder refuses.
    pub fn standing(&self, programme: &Programme) -> Result<Option<Standing>, Refused> {
        let Some(ladder) = &programme.terms().ladder else { return Ok(None) };
        let state = self.state(programme)?;
        let day = programme.terms().zone.day_of(self.now).max(state.as_of());
        Ok(Some(ladder.assess(&state, &self.credits, day)?))
    }

    /// What counts for the status.
    pub const fn credits(&self) -> &StatusCredits {
        &self.credits
    }

    fn state(&self, programme: &Programme) -> Result<StatusState, Refused> {
        let ladder = programme.terms().ladder.as_ref().ok_or(Refused("no ladder"))?;
        let join = || ladder.join(programme.terms().zone.day_of(self.joined));
        Ok(self.status.clone().map_or_else(join, Ok)?)
    }

    /// Moves the status on to now.
    pub(super) fn advance(&mut self, programme: &Programme) -> Result<(), Refused> {
        let Some(ladder) = &programme.terms().ladder else { return Ok(()) };
        let state = self.state(programme)?;
        let day = programme.terms().zone.day_of(self.now).max(state.as_of());
        let state = ladder.run(&state, &self.credits, day)?.state;
        self.grade = Some(state.standing().tier.clone());
        self.status = Some(state);
        Ok(())
    }

    pub(super) fn intervene(&mut self, programme: &Programme, intervention: &Intervention) -> Result<u64, Refused> {
        let ladder = programme.terms().ladder.as_ref().ok_or(Refused("no ladder"))?;
        let mut state = self.state(programme)?;
        state.intervene(ladder, intervention.clone())?;
        (self.status, self.known) = (Some(state), true);
        Ok(0)
    }

    /// What happened is written down: up to this day the status is settled.
    pub(in crate::loyalty::testkit) fn settle(&mut self, programme: &Programme) {
        // As long as nothing counts, there is nothing to know.
        self.known |= !self.credits.is_empty();
        self.status = self.status.take().filter(|_| self.known);
        if let Some(state) = &mut self.status {
            state.stay(programme.terms().zone.day_of(self.now));
        }
    }

    /// The passing of time was written down.
    pub(in crate::loyalty::testkit) fn ticked(&mut self, programme: &Programme) -> Result<(), Refused> {
        self.advance(programme)?;
        self.settle(programme);
        Ok(())
    }

    /// Two members were one, and this is where they stand together: which of two histories of a status is better, only the ladder knows.
    pub(in crate::loyalty::testkit) fn stands(&mut self, programme: &Programme, state: &StatusState) {
        (self.status, self.known) = (Some(state.clone()), true);
        self.settle(programme);
    }

    pub(super) fn has(&self, grades: &alloc::collections::BTreeSet<Name>) -> bool {
        grades.is_empty() || self.grade.as_ref().is_some_and(|grade| grades.contains(grade))
    }
}
