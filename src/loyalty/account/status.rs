use super::{Account, Cause, Event, Rejection, StatusCredit, decide::Deciding};
use crate::{
    calendar::Moment,
    loyalty::{
        Points, Programme, SourceId,
        earning::Occurrence,
        ladder::{
            Cause::Merged, Gift, Intervention, Ladder, LadderError, Run, Standing, StatusChange, StatusCredits, StatusState, Way,
        },
    },
};
use alloc::{borrow::Cow, boxed::Box, format, string::ToString, vec::Vec};
use chrono::NaiveDate;

impl Account {
    /// Where the member stands at a moment, from the last record on; `None` if the programme has no ladder.
    ///
    /// # Errors
    /// [`LadderError`] if a day beyond the year 9999 would be needed.
    pub fn standing(&self, programme: &Programme, at: Moment) -> Result<Option<Standing>, LadderError> {
        let Some((ladder, state, day)) = self.on_ladder(programme, at)? else { return Ok(None) };
        ladder.assess(&state, &self.credits, day).map(Some)
    }

    /// Every way to a higher tier, and what is missing on it; nothing if the programme has no ladder.
    ///
    /// # Errors
    /// As [`standing`](Account::standing).
    #[doc(alias = "升级差距")]
    pub fn ways_up(&self, programme: &Programme, at: Moment) -> Result<Vec<Way>, LadderError> {
        let Some((ladder, state, day)) = self.on_ladder(programme, at)? else { return Ok(Vec::new()) };
        ladder.to_next(&state, &self.credits, day)
    }

    /// Every way to keep the tier, and what is missing on it; nothing if the programme has no ladder.
    ///
    /// # Errors
    /// As [`standing`](Account::standing).
    pub fn ways_to_keep(&self, programme: &Programme, at: Moment) -> Result<Vec<Way>, LadderError> {
        let Some((ladder, state, day)) = self.on_ladder(programme, at)? else { return Ok(Vec::new()) };
        ladder.to_keep(&state, &self.credits, day)
    }

    /// What counts for the status, by kind of points and day.
    pub const fn status_credits(&self) -> &StatusCredits {
        &self.credits
    }

    #[allow(clippy::type_complexity)]
    fn on_ladder<'a>(
        &self,
        programme: &'a Programme,
        at: Moment,
    ) -> Result<Option<(&'a Ladder, StatusState, NaiveDate)>, LadderError> {
        let Some(ladder) = &programme.terms().ladder else { return Ok(None) };
        let state = match &self.status {
            Some(state) => state.clone(),
            None => ladder.join(programme.terms().zone.day_of(self.joined))?,
        };
        let day = programme.terms().zone.day_of(at).max(state.as_of());
        Ok(Some((ladder, state, day)))
    }
}

impl Deciding<'_> {
    /// Moves the status on to the present day, and gives what is due on the way.
    pub(super) fn advance_status(&mut self) -> Result<(), Rejection> {
        let terms = self.programme.terms();
        let Some(ladder) = &terms.ladder else { return Ok(()) };
        let day = terms.zone.day_of(self.draft.at);
        loop {
            let state = match &self.status {
                Some(state) => state,
                None => &ladder.join(terms.zone.day_of(self.account.joined))?,
            };
            let Run { state, changes, gifts, .. } = ladder.run(state, &self.credits, day.max(state.as_of()))?;
            let stays = self.told && self.status.as_ref().is_some_and(|before| before.stays(&state));
            // As long as nothing counts, there is nothing to know.
            let begins = self.told || !self.credits.is_empty();
            if !changes.is_empty() || !gifts.is_empty() || self.intervened || begins && !stays {
                (self.intervened, self.told) = (false, true);
                let event = Event::StatusChanged { changes, gifts: gifts.clone(), state: Box::new(state.clone()) };
                self.draft.now(event)?;
            }
            self.status = Some(Cow::Owned(state));
            if gifts.is_empty() {
                return Ok(());
            }
            // A gift can count for the status itself; none comes twice.
            for gift in gifts {
                self.give(&gift)?;
            }
        }
    }

    /// What the earning rules give for a milestone.
    fn give(&mut self, gift: &Gift) -> Result<(), Rejection> {
        let occasion = &gift.milestone;
        let key = gift.period.map_or_else(|| "once".into(), |period| period.from().to_string());
        let too_long = |_| Rejection::NotOffered { what: occasion.clone(), why: "its name is too long".into() };
        let source = SourceId::new(&format!("{occasion} {key}")).map_err(too_long)?;
        let occurrence = Occurrence::Occasion { occasion: occasion.clone(), at: self.draft.at };
        if self.account.awards.contains_key(&source) {
            return Ok(());
        }
        self.reward(&source, Cause::Occasion { occasion: occasion.clone(), key }, &occurrence, Vec::new()).map(|_| ())
    }

    pub(super) fn intervene(&mut self, intervention: &Intervention) -> Result<Points, Rejection> {
        let terms = self.programme.terms();
        let ladder = terms.ladder.as_ref().ok_or(Rejection::NoLadder)?;
        let state = match &mut self.status {
            Some(state) => state,
            None => self.status.insert(Cow::Owned(ladder.join(terms.zone.day_of(self.account.joined))?)),
        };
        state.to_mut().intervene(ladder, intervention.clone())?;
        self.intervened = true;
        self.draft.now(Event::Intervened(intervention.clone()))?;
        Ok(Points::ZERO)
    }

    /// Counts for the status.
    pub(super) fn count(&mut self, status: &[StatusCredit]) -> Result<(), Rejection> {
        for StatusCredit { metric, day, points, .. } in status {
            self.credits.to_mut().push(metric, *day, *points)?;
        }
        Ok(())
    }

    /// Takes over the status of another account of the member, whose credits are there already.
    pub(super) fn merge_status(&mut self, other: &Account) -> Result<(), Rejection> {
        let terms = self.programme.terms();
        let (before, merged) = match (self.status.as_deref(), &terms.ladder) {
            (Some(own), Some(ladder)) => {
                let theirs = match &other.status {
                    Some(state) => state,
                    None => &ladder.join(terms.zone.day_of(other.joined))?,
                };
                let Run { state, .. } = ladder.run(theirs, &other.credits, own.as_of().max(theirs.as_of()))?;
                let merged = ladder.merge(own, &state, &self.credits)?;
                (Some(own.standing().clone()), merged)
            }
            // Without a ladder nobody can tell which is better.
            (Some(_), None) => return Ok(()),
            (None, _) => match &other.status {
                Some(state) => (None, state.clone()),
                None => return Ok(()),
            },
        };
        let told = self.told || other.status.is_some();
        // Also if it is what was worked out a moment ago, and never told.
        if told && !(self.told && self.status.as_deref() == Some(&merged)) {
            let (on, to) = (merged.as_of(), merged.standing().clone());
            let change = before.filter(|from| *from != to).map(|from| StatusChange { on, from, to, cause: Merged });
            let (changes, state) = (change.into_iter().collect(), Box::new(merged.clone()));
            self.draft.now(Event::StatusChanged { changes, gifts: Vec::new(), state })?;
        }
        (self.told, self.status) = (told, Some(Cow::Owned(merged)));
        Ok(())
    }
}
