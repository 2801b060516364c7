//! How a model grades one customer.

use super::{
    Grade, GradeModel, TierError,
    ruling::{self, Verdicts},
};
use crate::{
    quantity::{Fact, Name, Predicate, Seen, Source},
    reason::{Bounds, Case, Decision, Reason, Unsound, Verdict},
    score::{Asked, Missing, ScoreModel, facts_read, note_read, number},
    value::Facts,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Takes a reason if it is wanted; one that is not taken costs nothing.
pub(super) trait Note: FnMut(&dyn Fn() -> Reason) {}
impl<F: FnMut(&dyn Fn() -> Reason)> Note for F {}

/// The scores of one customer, each from the worst case to the best, in the order of the model.
pub(super) type Scores = [(Decimal, Decimal); GradeModel::<crate::score::Scale>::MOST_SCORES];

impl GradeModel {
    /// Grades a customer, with reasons.
    ///
    /// A fact that is missing does no harm where the grade is the same whatever it is: an axis or a rule that needs it is looked at in the
    /// worst case and in the best. What a term of a score does then, the term declares.
    ///
    /// # Errors
    /// [`Uncertain`](TierError::Uncertain) if a fact is missing and the two cases differ; [`Conflict`](TierError::Conflict) if two rules
    /// contradict each other; [`Score`](TierError::Score) for the errors of the scores, and for a fact that does not fit its dimension.
    pub fn grade(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Grade>, TierError> {
        let mut reasons = Vec::new();
        let value = self.certain(facts, &mut |reason| reasons.push(reason()))?.clone();
        Ok(Decision { value, reasons, model: self.id().clone(), as_of })
    }

    /// The grade alone, without allocating.
    ///
    /// # Errors
    /// As [`grade`](GradeModel::grade).
    pub fn grade_only(&self, facts: &impl Facts) -> Result<&Grade, TierError> {
        self.certain(facts, &mut |_| {})
    }

    /// The grade if every missing fact is as bad as it can be, and if every one is as good as it can be. The truth is never outside,
    /// except where a term of a score substitutes or leaves out what is missing: that is not bounded. It can be a narrower range where one
    /// missing fact is looked at in several places.
    ///
    /// # Errors
    /// As [`grade`](GradeModel::grade), but never [`Uncertain`](TierError::Uncertain), and a term that refuses only where its value is
    /// taken as it is and so has no bounds.
    pub fn bounds(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Bounds<Grade>, TierError> {
        let one = |case| {
            let mut reasons = Vec::new();
            let (value, _) = self.decide(facts, Asked { case, of_all: true }, &mut |reason| reasons.push(reason()))?;
            Ok::<_, TierError>(Decision { value: value.clone(), reasons, model: self.id().clone(), as_of })
        };
        Ok(Bounds { worst: one(Case::Worst)?, best: one(Case::Best)? })
    }

    /// Grades the facts that a decision says were read, and compares.
    ///
    /// # Errors
    /// [`Unsound::OtherModel`] if another model decided; [`Unsound::NotReproduced`] if this one decides otherwise.
    pub fn replay(&self, decision: &Decision<Grade>) -> Result<(), Unsound> {
        if decision.model != *self.id() {
            return Err(Unsound::OtherModel);
        }
        let facts = facts_read(&decision.reasons);
        let same = |again: &Decision<Grade>| again == decision;
        let reproduced = self.grade(&facts, decision.as_of).is_ok_and(|again| same(&again))
            || self.bounds(&facts, decision.as_of).is_ok_and(|bounds| same(&bounds.worst) || same(&bounds.best));
        if reproduced { Ok(()) } else { Err(Unsound::NotReproduced) }
    }

    /// The grade, if it is the same in the worst case and in the best.
    fn certain(&self, facts: &impl Facts, note: &mut impl Note) -> Result<&Grade, TierError> {
        let ask = |case| Asked { case, of_all: false };
        let (worst, missing) = self.decide(facts, ask(Case::Worst), note)?;
        let Some(missing) = missing else { return Ok(worst) };
        let (best, _) = self.decide(facts, ask(Case::Best), &mut |_| {})?;
        let name = |grade: &Grade| grade.name().clone();
        if worst == best { Ok(worst) } else { Err(TierError::Uncertain { missing, worst: name(worst), best: name(best) }) }
    }

    /// The grade in one case, and the first missing fact of which something had to be supposed or left open.
    fn decide(&self, facts: &impl Facts, asked: Asked, note: &mut impl Note) -> Result<(&Grade, Option<Name>), TierError> {
        let mut missing = None;
        let (cell, scores) = self.before_rules(facts, asked, note, &mut missing)?;
        let facts = &WithSubstitutes { facts, scores: self.scores() };
        for name in &self.only_in_rules {
            match self.dimension(name) {
                Some(dimension) => {
                    let fact = facts.fact(name);
                    number(dimension, &fact)?;
                    note_read(dimension, &fact, facts, note);
                }
                None => note(&|| Reason::Read { dimension: name.clone(), fact: facts.fact(name), source: facts.source(name) }),
            }
        }
        let grade = self.rule(facts, &scores, asked.case, cell, note, &mut missing)?;
        Ok((grade, missing))
    }

    /// The grade in one case before the rules are considered, and the scores.
    pub(super) fn before_rules(
        &self,
        facts: &impl Facts,
        asked: Asked,
        note: &mut impl Note,
        missing: &mut Option<Name>,
    ) -> Result<(&Grade, Scores), TierError> {
        let mut scores: Scores = Default::default();
        for (slot, model) in scores.iter_mut().zip(self.scores()) {
            *slot = score(model, facts, asked, note, missing)?;
        }
        let facts = &WithSubstitutes { facts, scores: self.scores() };
        Ok((self.sort(facts, &scores, asked, note, missing)?, scores))
    }

    /// Considers the rules.
    fn rule<'a>(
        &'a self,
        facts: &impl Facts,
        scores: &Scores,
        case: Case,
        cell: &'a Grade,
        note: &mut impl Note,
        missing: &mut Option<Name>,
    ) -> Result<&'a Grade, TierError> {
        let seen = |of: &str| self.seen(of, facts, scores);
        let verdicts = Verdicts::of(self.rules().iter().map(|rule| rule.when.decide(&seen)));
        let (grade, supposed) = ruling::settle(self.rules(), verdicts, case, self.grades(), cell)?;
        let mut before = cell;
        for (i, rule) in self.rules().iter().enumerate() {
            let has = |bits: u64| bits >> i & 1 == 1;
            let (verdict, after) = if has(verdicts.apply) {
                (Verdict::Applies, ruling::step(&rule.then, before, self.grades())?)
            } else if supposed == Some(i) {
                (Verdict::Supposed, ruling::step(&rule.then, before, self.grades())?)
            } else if has(verdicts.undecided) {
                (Verdict::Undecided, before)
            } else {
                (Verdict::DoesNotApply, before)
            };
            if missing.is_none() && has(verdicts.undecided) {
                *missing = first_open(&rule.when, &seen);
            }
            note(&|| Reason::Rule {
                rule: rule.name.clone(),
                condition: rule.when.clone(),
                effect: rule.then.clone(),
                because: rule.because.clone(),
                verdict,
                before: before.name().clone(),
                after: after.name().clone(),
            });
            before = after;
        }
        Ok(grade)
    }

    /// What a rule sees of a score, a dimension or an attribute.
    pub(super) fn seen(&self, of: &str, facts: &impl Facts, scores: &Scores) -> Seen {
        if let Some(at) = self.scores().iter().position(|score| *score.name() == *of) {
            return Seen { number: Some(scores[at]), name: None };
        }
        let fact = facts.fact(of);
        // What does not fit the dimension was refused when it was read.
        let number = self.dimension(of).and_then(|dimension| number(dimension, &fact).ok().flatten());
        Seen { number: number.map(|v| (v, v)), name: fact.named().cloned() }
    }
}

/// A score from the worst case to the best; reasons are noted of the case that is asked.
fn score(
    model: &ScoreModel,
    facts: &impl Facts,
    asked: Asked,
    note: &mut impl Note,
    missing: &mut Option<Name>,
) -> Result<(Decimal, Decimal), TierError> {
    let (here, supposed) = model.points(facts, asked, note)?;
    let Some(name) = supposed else { return Ok((here.points(), here.points())) };
    missing.get_or_insert_with(|| name.clone());
    let other = if asked.case == Case::Worst { Case::Best } else { Case::Worst };
    let (there, _) = model.points(facts, Asked { case: other, ..asked }, &mut |_| {})?;
    Ok(if asked.case == Case::Worst { (here.points(), there.points()) } else { (there.points(), here.points()) })
}

/// The first thing that a condition needs and that is not there, or not certain.
fn first_open(condition: &Predicate, seen: &impl Fn(&str) -> Seen) -> Option<Name> {
    let mut first = None;
    condition.visit(Predicate::DEEPEST, &mut |comparison| {
        if first.is_none() && comparison.decide(seen).is_none() {
            first = comparison.of().cloned();
        }
    });
    first
}

/// Facts as the scores took them: where a term substitutes for what is missing, the sorter and the rules see the substitute too.
struct WithSubstitutes<'a, F> {
    facts: &'a F,
    scores: &'a [ScoreModel],
}

impl<F: Facts> Facts for WithSubstitutes<'_, F> {
    fn fact(&self, dimension: &str) -> Fact {
        let fact = self.facts.fact(dimension);
        if !fact.is_absent() {
            return fact;
        }
        let mut terms = self.scores.iter().flat_map(ScoreModel::terms);
        match terms.find(|t| *t.dimension.name == *dimension).map(|t| &t.missing) {
            Some(Missing::Substitute { value, .. }) => value.clone(),
            _ => fact,
        }
    }

    fn source(&self, dimension: &str) -> Option<Source> {
        self.facts.source(dimension)
    }
}
