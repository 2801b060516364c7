use super::{
    LifeCycle, Obligations, Run, StageError, StageKind, StageModel, StageMove,
    life::Seen,
    step::{Outcome, Step},
};
use crate::{
    calendar::{days_between, in_range},
    quantity::Name,
    reason::Decision,
    tier::segments::Belonging,
};
use alloc::{vec, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something that moves a [`LifeCycle`]: kept in a log, it can be folded again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum StageEvent {
    /// The facts of a day spoke for a stage.
    Observed(Decision<Belonging>),
    /// It became known why the customer lapsed.
    Explained {
        /// The day.
        on: NaiveDate,
        /// Why.
        because: Name,
    },
    /// The relationship was closed.
    Closed(Closing),
}

/// The end of a relationship, with what was owed on that day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// The stage that is the end.
    pub to: Name,
    /// The day.
    pub on: NaiveDate,
    /// Why.
    pub because: Name,
    /// What was owed; all of it must be settled.
    pub obligations: Obligations,
}

impl StageModel {
    /// The next life cycle, after an observation; `before` is `None` for a customer who was not observed yet, whose first stage is given at
    /// once, whichever it is: that somebody came back says that there was a lapse.
    ///
    /// A stage changes when so many observations in a row, over so many days, have spoken for the same other stage as that stage's
    /// confirmation takes. The move goes along an edge, or the shortest way of edges, all of it on that day; the stages that are passed are
    /// told. Where no way leads, nothing moves, and the step says so. An observation that leaves several stages possible neither confirms
    /// nor breaks.
    ///
    /// Observations come in the order of their days. The same again changes nothing.
    ///
    /// # Errors
    /// [`OtherModel`](StageError::OtherModel); [`Backwards`](StageError::Backwards) for a day before the last;
    /// [`AnotherThatDay`](StageError::AnotherThatDay) for another answer on the same day; [`Closed`](StageError::Closed) after the end;
    /// [`Undecided`](StageError::Undecided) for a first observation that leaves the stage open; [`UnknownStage`](StageError::UnknownStage)
    /// for a stage that the model does not have; [`Calendar`](StageError::Calendar) for a day outside the years 1 to 9999.
    pub fn advance(&self, before: Option<&LifeCycle>, observed: &Decision<Belonging>) -> Result<(LifeCycle, Step), StageError> {
        if observed.model != *self.id() {
            return Err(StageError::OtherModel);
        }
        let on = in_range(observed.as_of)?;
        for name in observed.value.certain.iter().chain(&observed.value.possible) {
            if self.stage(name).is_none_or(|stage| stage.when.is_none()) {
                return Err(StageError::UnknownStage(name.clone()));
            }
        }
        let seen = Seen { on, stage: observed.value.only().cloned() };
        let Some(before) = before else {
            let to = seen.stage.clone().ok_or(StageError::Undecided)?;
            let first = StageMove { on, from: None, via: Vec::new(), kind: self.kind_of(&to), to: to.clone(), because: None };
            let life = LifeCycle { model: self.id().clone(), moves: vec![first], last: seen, run: None };
            return Ok((life, self.step(on, None, to, Outcome::Entered)));
        };
        self.check(before)?;
        if before.last == seen {
            return Ok((before.clone(), self.step(on, Some(before), before.stage().clone(), Outcome::Repeated)));
        }
        if on < before.last.on {
            return Err(StageError::Backwards { last: before.last.on, on });
        }
        if before.is_closed() {
            return Err(StageError::Closed(before.since()));
        }
        if on == before.last.on {
            return Err(StageError::AnotherThatDay(on));
        }
        Ok(self.next(before, seen, &observed.value))
    }

    fn next(&self, before: &LifeCycle, seen: Seen, value: &Belonging) -> (LifeCycle, Step) {
        let mut life = LifeCycle { last: seen, run: None, ..before.clone() };
        let (on, stage) = (life.last.on, before.stage());
        let outcome = match life.last.stage.clone() {
            None => {
                life.run.clone_from(&before.run);
                Outcome::Undecided { possible: value.certain.iter().chain(&value.possible).cloned().collect() }
            }
            Some(to) if to == *stage => Outcome::Stayed { broken: before.run.as_ref().map(|run| run.to.clone()) },
            Some(to) => match self.way(stage, &to) {
                None => Outcome::NoWay { to },
                Some(via) => {
                    let run = match before.run.clone().filter(|run| run.to == to) {
                        Some(run) => Run { count: run.count.saturating_add(1), ..run },
                        None => Run { to: to.clone(), since: on, count: 1 },
                    };
                    if self.is_confirmed(&run, on) {
                        let (from, kind) = (Some(stage.clone()), self.kind_of(&to));
                        life.moves.push(StageMove { on, from, via: via.clone(), to, kind, because: None });
                        Outcome::Moved { via }
                    } else {
                        life.run = Some(run.clone());
                        Outcome::Confirming(run)
                    }
                }
            },
        };
        let step = self.step(on, Some(before), life.stage().clone(), outcome);
        (life, step)
    }

    fn is_confirmed(&self, run: &Run, on: NaiveDate) -> bool {
        let needed = self.stage(&run.to).map(|stage| stage.confirmation);
        needed.is_none_or(|needed| run.count >= needed.decisions.into() && days_between(run.since, on) >= needed.days)
    }

    /// The life cycle with the reason for a lapse that is not explained yet.
    ///
    /// # Errors
    /// [`NotLapsed`](StageError::NotLapsed) for a customer who has not lapsed;
    /// [`AlreadyExplained`](StageError::AlreadyExplained) for another reason (the same again changes nothing);
    /// [`Backwards`](StageError::Backwards) for a day before the lapse;
    /// [`OtherModel`](StageError::OtherModel); [`Calendar`](StageError::Calendar).
    pub fn explain(&self, life: &LifeCycle, on: NaiveDate, because: &Name) -> Result<(LifeCycle, Step), StageError> {
        self.check(life)?;
        let on = in_range(on)?;
        let known = life.lapse_reason().ok_or_else(|| StageError::NotLapsed(life.stage().clone()))?;
        let outcome = match known {
            Some(known) if known == because => Outcome::Repeated,
            Some(known) => return Err(StageError::AlreadyExplained(known.clone())),
            None if on < life.since() => return Err(StageError::Backwards { last: life.since(), on }),
            None => Outcome::Explained { because: because.clone() },
        };
        let mut explained = life.clone();
        if let Some(latest) = explained.moves.last_mut() {
            latest.because = Some(because.clone());
        }
        Ok((explained, self.step(on, Some(life), life.stage().clone(), outcome)))
    }

    /// The life cycle after its end, which comes only when everything owed is settled.
    ///
    /// # Errors
    /// [`Unsettled`](StageError::Unsettled) for an open complaint, and for a balance that is unknown; [`NoWayOut`](StageError::NoWayOut)
    /// where no edge leads to that end; [`Backwards`](StageError::Backwards) for a day before the last on which something happened;
    /// [`Closed`](StageError::Closed) for what is closed otherwise (the same again changes nothing);
    /// [`OtherModel`](StageError::OtherModel); [`Calendar`](StageError::Calendar).
    #[doc(alias = "关系终止")]
    pub fn close(&self, life: &LifeCycle, closing: &Closing) -> Result<(LifeCycle, Step), StageError> {
        self.check(life)?;
        let Closing { to, on, because, obligations } = closing;
        let on = in_range(*on)?;
        if let Some((obligation, fact)) = obligations.open().next() {
            return Err(StageError::Unsettled { obligation, fact: fact.clone() });
        }
        if life.is_closed() {
            let same = life.since() == on && life.stage() == to && life.latest().because.as_ref() == Some(because);
            let again = || (life.clone(), self.step(on, Some(life), to.clone(), Outcome::Repeated));
            return if same { Ok(again()) } else { Err(StageError::Closed(life.since())) };
        }
        if on < life.settled() {
            return Err(StageError::Backwards { last: life.settled(), on });
        }
        let leads = self.stage(life.stage()).is_some_and(|stage| stage.leads_to.contains(to));
        if !leads || self.kind_of(to) != StageKind::Closed {
            return Err(StageError::NoWayOut { from: life.stage().clone(), to: to.clone() });
        }
        let mut closed = LifeCycle { run: None, ..life.clone() };
        let from = Some(life.stage().clone());
        let end = StageMove { on, from, via: Vec::new(), to: to.clone(), kind: StageKind::Closed, because: Some(because.clone()) };
        closed.moves.push(end);
        Ok((closed, self.step(on, Some(life), to.clone(), Outcome::Closed { because: because.clone() })))
    }

    /// All steps that events make, in their order: the life cycle at the end, equal to the stored one, and every step on the way.
    ///
    /// # Errors
    /// Those of [`advance`](StageModel::advance), [`explain`](StageModel::explain) and [`close`](StageModel::close), of the first event
    /// that cannot be applied; [`NotEntered`](StageError::NotEntered) if another event comes before the first observation, or there is
    /// none.
    #[doc(alias = "重放")]
    pub fn fold<'a>(&self, events: impl IntoIterator<Item = &'a StageEvent>) -> Result<(LifeCycle, Vec<Step>), StageError> {
        let (mut life, mut steps): (Option<LifeCycle>, _) = (None, Vec::new());
        for event in events {
            let entered = || life.as_ref().ok_or(StageError::NotEntered);
            let (next, step) = match event {
                StageEvent::Observed(decision) => self.advance(life.as_ref(), decision)?,
                StageEvent::Explained { on, because } => self.explain(entered()?, *on, because)?,
                StageEvent::Closed(closing) => self.close(entered()?, closing)?,
            };
            life = Some(next);
            steps.push(step);
        }
        Ok((life.ok_or(StageError::NotEntered)?, steps))
    }

    /// Checks that a life cycle is of this model, and that every move in it goes the model's way.
    ///
    /// # Errors
    /// [`OtherModel`](StageError::OtherModel); [`UnknownStage`](StageError::UnknownStage); [`Inconsistent`](StageError::Inconsistent) for
    /// a move that this model does not make.
    pub fn check(&self, life: &LifeCycle) -> Result<(), StageError> {
        if life.model != *self.id() {
            return Err(StageError::OtherModel);
        }
        for step in &life.moves {
            let to = self.stage(&step.to).ok_or_else(|| StageError::UnknownStage(step.to.clone()))?;
            let way = step.from.as_ref().is_none_or(|from| self.way(from, &step.to).as_ref() == Some(&step.via));
            if !way || to.kind != step.kind {
                return Err(StageError::Inconsistent("a move goes another way than the model's"));
            }
        }
        for seen in life.last.stage.iter().chain(life.run.as_ref().map(|run| &run.to)) {
            if self.stage(seen).is_none_or(|stage| stage.when.is_none()) {
                return Err(StageError::UnknownStage(seen.clone()));
            }
        }
        Ok(())
    }

    fn kind_of(&self, name: &Name) -> StageKind {
        // Names come from the model; an unknown one is no end.
        self.stage(name).map_or(StageKind::Prospect, |stage| stage.kind)
    }

    fn step(&self, on: NaiveDate, before: Option<&LifeCycle>, after: Name, outcome: Outcome) -> Step {
        Step { on, before: before.map(|life| life.stage().clone()), after, outcome, model: self.id().clone() }
    }
}
