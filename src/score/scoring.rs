//! How a model scores one customer.

use super::{
    Missing, Scale, Score, ScoreError, ScoreModel, Term,
    model::weigh,
    term::{Asked, Found},
};
use crate::{
    money::{Ratio, decimal},
    quantity::Name,
    reason::{Bounds, Case, Decision, Reason, Unsound, way},
    value::{Dimension, FactSheet, Facts},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use rust_decimal::Decimal;

impl ScoreModel {
    /// Scores a customer, with reasons.
    ///
    /// # Errors
    /// [`Missing`](ScoreError::Missing) if a fact is absent and its term refuses; [`Uncertain`](ScoreError::Uncertain) if its term bounds
    /// it and the bounds differ; [`TooLittleKnown`](ScoreError::TooLittleKnown) if its term would leave it out;
    /// [`WrongUnit`](ScoreError::WrongUnit) and [`UnknownLevel`](ScoreError::UnknownLevel) for a fact that does not fit its dimension;
    /// [`PointsOutOfRange`](ScoreError::PointsOutOfRange) for a value near the end of the range taken as it is.
    pub fn score(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Score>, ScoreError> {
        let mut reasons = Vec::with_capacity(3 * self.terms().len() + 1);
        let value = self.certain(facts, &mut |reason| reasons.push(reason()))?;
        Ok(Decision { value, reasons, model: self.id().clone(), as_of })
    }

    /// The score alone, without allocating.
    ///
    /// # Errors
    /// As [`score`](ScoreModel::score).
    pub fn score_only(&self, facts: &impl Facts) -> Result<Score, ScoreError> {
        self.certain(facts, &mut |_| {})
    }

    /// The score if every missing fact is as bad as it can be, and if every one is as good as it can be; of terms that substitute or leave
    /// out, as they declare.
    ///
    /// # Errors
    /// As [`score`](ScoreModel::score), but never [`Uncertain`](ScoreError::Uncertain), and [`Missing`](ScoreError::Missing) only for a
    /// value taken as it is, which has no bounds.
    pub fn bounds(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Bounds<Score>, ScoreError> {
        let one = |case| {
            let mut reasons = Vec::with_capacity(3 * self.terms().len() + 1);
            let (value, _) = self.points(facts, Asked { case, of_all: true }, &mut |reason| reasons.push(reason()))?;
            Ok::<_, ScoreError>(Decision { value, reasons, model: self.id().clone(), as_of })
        };
        Ok(Bounds { worst: one(Case::Worst)?, best: one(Case::Best)? })
    }

    /// Scores the facts that a decision says were read, and compares.
    ///
    /// # Errors
    /// [`Unsound::OtherModel`] if another model decided; [`Unsound::NotReproduced`] if this one decides otherwise.
    pub fn replay(&self, decision: &Decision<Score>) -> Result<(), Unsound> {
        if decision.model != *self.id() {
            return Err(Unsound::OtherModel);
        }
        let facts = facts_read(&decision.reasons);
        let same = |again: &Decision<Score>| again == decision;
        let reproduced = self.score(&facts, decision.as_of).is_ok_and(|again| same(&again))
            || self.bounds(&facts, decision.as_of).is_ok_and(|bounds| same(&bounds.worst) || same(&bounds.best));
        if reproduced { Ok(()) } else { Err(Unsound::NotReproduced) }
    }

    /// The score, if it is the same in the worst case and in the best.
    fn certain(&self, facts: &impl Facts, note: &mut impl FnMut(&dyn Fn() -> Reason)) -> Result<Score, ScoreError> {
        let ask = |case| Asked { case, of_all: false };
        let (worst, supposed) = self.points(facts, ask(Case::Worst), note)?;
        let Some(dimension) = supposed else { return Ok(worst) };
        let (best, _) = self.points(facts, ask(Case::Best), &mut |_| {})?;
        if worst == best { Ok(worst) } else { Err(ScoreError::Uncertain { dimension: dimension.clone(), worst, best }) }
    }

    /// Scores a customer in one case and notes every reason; a note that is not taken costs nothing. With the first dimension of which
    /// something had to be supposed.
    pub(crate) fn points(
        &self,
        facts: &impl Facts,
        asked: Asked,
        note: &mut impl FnMut(&dyn Fn() -> Reason),
    ) -> Result<(Score, Option<&Name>), ScoreError> {
        let coverage = self.coverage(facts)?;
        let mut total = decimal::from_fixed(0, self.places());
        let mut supposed = None;
        for (i, term) in self.terms().iter().enumerate() {
            let name = &term.dimension.name;
            let (level, at) = match term.find(facts, asked, note)? {
                Found::Value(value) => self.level(i, value, note)?,
                Found::Supposed(level) => {
                    supposed = supposed.or(Some(name));
                    (level, None)
                }
                Found::LeftOut => continue,
            };
            let out_of_range = || ScoreError::PointsOutOfRange(name.clone());
            let (weight, points) = match (coverage, at) {
                (None, Some(at)) => (term.weight, self.points[i][at]),
                (None, None) => (term.weight, weigh(name, term.weight, level, self.places())?),
                (Some(coverage), _) => {
                    let weight = term.weight.part_of(coverage).ok_or_else(out_of_range)?;
                    (weight, weigh(name, weight, level, self.places())?)
                }
            };
            note(&|| Reason::Weighed { dimension: name.clone(), level, weight, points });
            total = total.checked_add(points).ok_or_else(out_of_range)?;
        }
        note(&|| Reason::Summed { score: self.name().clone(), total });
        Ok((Score::new(total), supposed))
    }

    /// What the terms weigh that are not left out; `None` if all are there. A term may be left out if what is *known* weighs enough: what
    /// is substituted or supposed is not known, although it stays in the score.
    fn coverage(&self, facts: &impl Facts) -> Result<Option<Ratio>, ScoreError> {
        let absent = |term: &&Term| facts.fact(&term.dimension.name).is_absent();
        let out = |term: &&Term| matches!(term.missing, Missing::LeaveOut { .. }) && absent(term);
        let Some(first) = self.terms().iter().find(out) else { return Ok(None) };
        // Parts of weights that add up to one, over a common denominator.
        let weight = |of: &dyn Fn(&&Term) -> bool| Ratio::sum(self.terms().iter().filter(|t| of(t)).map(|term| term.weight));
        let too_fine = |_| ScoreError::PointsOutOfRange(first.dimension.name.clone());
        let (known, kept) = (weight(&|t| !absent(t)).map_err(too_fine)?, weight(&|t| !out(t)).map_err(too_fine)?);
        for term in self.terms().iter().filter(out) {
            if let Missing::LeaveOut { least_coverage: least } = term.missing
                && known < least
            {
                return Err(ScoreError::TooLittleKnown { dimension: term.dimension.name.clone(), coverage: known, least });
            }
        }
        Ok(Some(kept))
    }

    /// The level of a value in the term at that position; for levels that can be listed, with their position.
    pub(super) fn level(
        &self,
        term: usize,
        value: Decimal,
        note: &mut impl FnMut(&dyn Fn() -> Reason),
    ) -> Result<(Decimal, Option<usize>), ScoreError> {
        let Term { dimension: Dimension { name, direction, .. }, scale, .. } = &self.terms()[term];
        match scale {
            Scale::Bins(cutpoints) => {
                let (bin, of) = (cutpoints.bin(value), cutpoints.bins());
                let level = direction.level(bin, of);
                let interval = || cutpoints.interval(bin);
                note(&|| Reason::Placed { dimension: name.clone(), value, interval: interval(), level, of });
                Ok((level.into(), Some(usize::from(level - 1))))
            }
            Scale::MidRank(reference) => {
                let (worse, equal) = reference.rank(value, *direction);
                note(&|| Reason::Ranked { dimension: name.clone(), value, worse, equal, of: reference.len() });
                Ok((reference.percentile(value, *direction), None))
            }
            Scale::Range { worst, best } => {
                let level = way(value, *worst, *best).ok_or_else(|| ScoreError::PointsOutOfRange(name.clone()))?;
                note(&|| Reason::Scaled { dimension: name.clone(), value, worst: *worst, best: *best, level });
                Ok((level, None))
            }
            Scale::Points(points) => {
                let place = if value.is_integer() { u8::try_from(value).ok() } else { None };
                let at = place.and_then(|place| usize::from(place).checked_sub(1)).filter(|&at| at < points.len());
                // A column can hold any number; a fact has been found on the list of levels.
                let (Some(place), Some(at)) = (place, at) else { return Err(ScoreError::PointsOutOfRange(name.clone())) };
                note(&|| Reason::Rated { dimension: name.clone(), place, level: points[at] });
                Ok((points[at], Some(at)))
            }
            Scale::AsIs => Ok((value, None)),
        }
    }

    /// Points of a value in the term at that position.
    pub(crate) fn points_of(&self, term: usize, value: Decimal) -> Result<Decimal, ScoreError> {
        let (level, at) = self.level(term, value, &mut |_| {})?;
        let Term { dimension, weight, .. } = &self.terms()[term];
        at.map_or_else(|| weigh(&dimension.name, *weight, level, self.places()), |at| Ok(self.points[term][at]))
    }
}

/// The facts that a decision rests on.
pub(crate) fn facts_read(reasons: &[Reason]) -> FactSheet {
    let mut sheet = FactSheet::new();
    for reason in reasons {
        if let Reason::Read { dimension, fact, source } = reason {
            sheet.set(dimension.clone(), fact.clone(), source.clone());
        }
    }
    sheet
}
