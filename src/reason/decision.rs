use super::{Claim, Language, ModelId, Reason, Verdict, percentile, text, way};
use crate::{
    calendar,
    money::{Ratio, Rounding},
    quantity::{Fact, Name, Predicate, Seen},
};
use alloc::{string::String, vec::Vec};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A value and why it is what it is.
///
/// Stored with the decision, the reasons survive the model that made it. `verify` checks that they add up by themselves; the model's
/// own `replay` checks that this model, on the facts that were read, decides the same again.
#[doc(alias = "决定")]
#[must_use = "a decision carries its reasons; use its value or store it"]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision<T> {
    /// What was decided.
    pub value: T,
    /// Why, step by step.
    pub reasons: Vec<Reason>,
    /// Which model decided.
    pub model: ModelId,
    /// As of the close of which day.
    pub as_of: NaiveDate,
}

/// A value that reasons can lead to.
pub trait Conclusion {
    /// Whether the value is what this reason arrives at; `None` if the reason arrives at no value of this kind.
    fn follows_from(&self, reason: &Reason) -> Option<bool>;
}

/// Why a decision does not hold together; the number is the position of the first reason at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unsound {
    /// The value is not the one that was read, does not lie in the interval that the reason names, or has another level.
    #[error("reason {0}: the value does not lie where the reason says")]
    Misplaced(usize),
    /// Weight times level is not the points, the weight is not above zero, or a dimension is weighed twice.
    #[error("reason {0}: weight times level is not the points")]
    WrongPoints(usize),
    /// The points before this reason do not add up to its total, or the weights not to one.
    #[error("reason {0}: the points do not add up to the score")]
    WrongTotal(usize),
    /// A rule starts from another grade than the step before arrived at, or changes it without applying.
    #[error("reason {0}: the grade changes between two steps")]
    BrokenChain(usize),
    /// The condition of a rule or segment does not have that verdict on what was read, the segments found are not those of the verdicts, or
    /// a vote or claim holds that does not reach what it needs.
    #[error("reason {0}: the verdict does not follow")]
    WrongVerdict(usize),
    /// The last reason does not lead to the value.
    #[error("the reasons do not lead to the value")]
    WrongValue,
    /// The model has another name or fingerprint than the decision.
    #[error("the decision was made by another model")]
    OtherModel,
    /// The model decides otherwise on the facts that were read.
    #[error("the model does not decide so on the facts that were read")]
    NotReproduced,
}

impl<T: Conclusion> Decision<T> {
    /// Does the arithmetic of the reasons again: each value that is placed was read, substituted or summed before, and lies in its
    /// interval; level times weight is the points; the weights add up to one and the points to the score; the cell has the levels that
    /// were found; each rule starts from the grade that the step before arrived at; and the last step arrives at the value.
    ///
    /// It cannot know whether the facts and the date are true, whether the cells, cuts and rules are the model's, or which rank a grade
    /// has: that needs the model, and its `replay`.
    ///
    /// # Errors
    /// The first thing that does not hold, as [`Unsound`].
    #[doc(alias = "复核")]
    pub fn verify(&self) -> Result<(), Unsound> {
        let mut check = Check::default();
        for (i, reason) in self.reasons.iter().enumerate() {
            check.step(i, reason)?;
        }
        match self.reasons.iter().rev().find_map(|r| self.value.follows_from(r)) {
            Some(true) => Ok(()),
            Some(false) | None => Err(Unsound::WrongValue),
        }
    }
}

/// What the reasons so far have established.
#[derive(Default)]
struct Check<'a> {
    /// The values of dimensions and scores.
    values: Vec<(&'a Name, Decimal)>,
    /// The scores among them.
    scores: Vec<&'a Name>,
    /// Facts that are names.
    names: Vec<(&'a Name, &'a Name)>,
    /// Something was supposed.
    supposed: bool,
    /// The levels they were found at.
    levels: Vec<(&'a Name, Decimal)>,
    /// The dimensions that were read, are missing, and have not been substituted.
    missing: Vec<&'a Name>,
    weights: Vec<(&'a Name, Ratio)>,
    points: Decimal,
    /// Votes or claims have been noted, and the border that the last of them found met.
    sorted: bool,
    border: Option<&'a Name>,
    grade: Option<&'a Name>,
    segments: Vec<(&'a Name, Verdict)>,
}

/// What was last said of a name.
fn last(said: &[(&Name, Decimal)], of: &Name) -> Option<Decimal> {
    said.iter().rev().find(|(name, _)| *name == of).map(|(_, value)| *value)
}

impl<'a> Check<'a> {
    fn step(&mut self, i: usize, reason: &'a Reason) -> Result<(), Unsound> {
        match reason {
            Reason::Read { dimension, fact, .. } => {
                let before = |name: &&Name| *name == dimension;
                let read = self.values.iter().map(|(name, _)| *name).chain(self.names.iter().map(|(name, _)| *name));
                if read.chain(self.missing.iter().copied()).any(|name| before(&name)) {
                    return Err(Unsound::Misplaced(i));
                }
                self.take(dimension, fact);
            }
            Reason::Substituted { dimension, value, .. } => {
                // Only for what is missing, and once.
                let at = self.missing.iter().position(|name| *name == dimension).ok_or(Unsound::Misplaced(i))?;
                self.missing.swap_remove(at);
                self.take(dimension, value);
            }
            Reason::Stands { dimension, level, of } => {
                let named = self.names.iter().any(|(name, _)| *name == dimension);
                if !named || last(&self.values, dimension).is_some() || !(1..=*of).contains(level) {
                    return Err(Unsound::Misplaced(i));
                }
                self.values.push((dimension, (*level).into()));
            }
            Reason::LeftOut { dimension, .. } => {
                if !self.missing.contains(&dimension) {
                    return Err(Unsound::Misplaced(i));
                }
            }
            Reason::Supposed { dimension, level, .. } => {
                if !self.missing.contains(&dimension) {
                    return Err(Unsound::Misplaced(i));
                }
                self.supposed = true;
                self.levels.push((dimension, *level));
            }
            Reason::Scaled { dimension, value, worst, best, level } => {
                if last(&self.values, dimension) != Some(*value) || way(*value, *worst, *best) != Some(*level) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, *level));
            }
            Reason::Rated { dimension, place, level } => {
                if last(&self.values, dimension) != Some((*place).into()) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, *level));
            }
            Reason::Placed { dimension, value, interval, level, of } => {
                let bounded = interval.lower.is_some() || interval.upper.is_some();
                let placed = bounded && interval.contains(*value) && (1..=*of).contains(level);
                if !placed || last(&self.values, dimension) != Some(*value) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, (*level).into()));
            }
            Reason::Ranked { dimension, value, worse, equal, of } => {
                let percentile = percentile(*worse, *equal, *of).ok_or(Unsound::Misplaced(i))?;
                if last(&self.values, dimension) != Some(*value) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, percentile));
            }
            Reason::Weighed { dimension, level, weight, points } => {
                // A value that was neither placed nor ranked is its own level.
                let found = last(&self.levels, dimension).or_else(|| last(&self.values, dimension));
                if found != Some(*level) {
                    return Err(Unsound::Misplaced(i));
                }
                let places = u8::try_from(points.scale()).unwrap_or(u8::MAX);
                let weighed_before = self.weights.iter().any(|(name, _)| *name == dimension);
                if weighed_before || *weight <= Ratio::ZERO || weight.times(*level, places, Rounding::HalfEven) != Some(*points) {
                    return Err(Unsound::WrongPoints(i));
                }
                self.weights.push((dimension, *weight));
                self.points = self.points.checked_add(*points).ok_or(Unsound::WrongTotal(i))?;
            }
            Reason::Summed { score, total } => {
                let whole = Ratio::sum(self.weights.iter().map(|(_, weight)| *weight)) == Ok(Ratio::ONE);
                if !whole || self.points != *total {
                    return Err(Unsound::WrongTotal(i));
                }
                self.weights.clear();
                self.points = Decimal::ZERO;
                self.values.push((score, *total));
                self.scores.push(score);
            }
            Reason::Cell { levels, grade } => {
                let at = self.levels.len().checked_sub(levels.len()).ok_or(Unsound::Misplaced(i))?;
                if levels.is_empty() || !self.levels[at..].iter().map(|(_, level)| *level).eq(levels.iter().map(|&l| l.into())) {
                    return Err(Unsound::Misplaced(i));
                }
                self.grade = Some(grade);
            }
            Reason::Voted(vote) => {
                let holds = vote.support >= vote.needed && vote.vetoing.is_empty();
                if holds != vote.holds || vote.support > Ratio::ONE || (vote.support > Ratio::ZERO && vote.supporting.is_empty()) {
                    return Err(Unsound::WrongVerdict(i));
                }
                self.supposed |= vote.case.is_some();
                self.border = holds.then_some(&vote.grade);
                self.sorted = true;
            }
            Reason::Claimed(claim) => {
                if !claim.adds_up() {
                    return Err(Unsound::WrongVerdict(i));
                }
                self.supposed |= claim.case.is_some();
                self.border = if claim.holds && claim.claim == Claim::CustomerOutranks { Some(&claim.grade) } else { None };
                self.sorted = true;
            }
            Reason::Sorted { grade } => {
                // A border that is met is the border of the grade.
                if !self.sorted || self.border.is_some_and(|border| border != grade) {
                    return Err(Unsound::Misplaced(i));
                }
                self.grade = Some(grade);
            }
            Reason::Rule { condition, verdict, before, after, .. } => {
                let moves = matches!(verdict, Verdict::Applies | Verdict::Supposed);
                if self.grade != Some(before) || (before != after && !moves) {
                    return Err(Unsound::BrokenChain(i));
                }
                if !self.allows(condition, *verdict) {
                    return Err(Unsound::WrongVerdict(i));
                }
                self.grade = Some(after);
            }
            Reason::Segment { segment, condition, verdict } => self.segment(i, segment, condition, *verdict)?,
            Reason::Belongs { certain, possible } => self.belongs(i, certain, possible)?,
        }
        Ok(())
    }

    fn segment(&mut self, i: usize, segment: &'a Name, condition: &Predicate, verdict: Verdict) -> Result<(), Unsound> {
        let before = self.segments.iter().any(|(name, _)| *name == segment);
        if before || verdict == Verdict::Supposed || !self.allows(condition, verdict) {
            return Err(Unsound::WrongVerdict(i));
        }
        self.segments.push((segment, verdict));
        Ok(())
    }

    /// What is missing may still leave one answer only, so that an undecided segment can stand in either list or in none.
    fn belongs(&self, i: usize, certain: &[Name], possible: &[Name]) -> Result<(), Unsound> {
        let agrees = |(name, verdict): &(&Name, Verdict)| match (certain.contains(name), possible.contains(name)) {
            (true, false) => *verdict != Verdict::DoesNotApply,
            (false, true) => *verdict == Verdict::Undecided,
            (false, false) => *verdict != Verdict::Applies,
            (true, true) => false,
        };
        let considered = |name: &Name| self.segments.iter().any(|(segment, _)| *segment == name);
        let sound = self.segments.iter().all(agrees) && certain.iter().chain(possible).all(considered);
        if sound { Ok(()) } else { Err(Unsound::WrongVerdict(i)) }
    }

    /// Notes what is known of a dimension.
    fn take(&mut self, dimension: &'a Name, fact: &'a Fact) {
        match fact {
            Fact::Known(quantity) => self.values.push((dimension, quantity.value)),
            Fact::Named(name) => self.names.push((dimension, name)),
            Fact::Unknown | Fact::NotApplicable | Fact::Erased => self.missing.push(dimension),
        }
    }

    /// Whether a condition can have that verdict.
    fn allows(&self, condition: &Predicate, verdict: Verdict) -> bool {
        let seen = |of: &str, with_scores: bool| {
            let is = |name: &Name| *name == *of;
            let number = self.values.iter().rev().find(|(name, _)| is(name) && (with_scores || !self.scores.contains(name)));
            let name = self.names.iter().rev().find(|(name, _)| is(name));
            Seen { number: number.map(|(_, v)| (*v, *v)), name: name.map(|(_, n)| (*n).clone()) }
        };
        let holds = condition.decide(&|of| seen(of, true));
        match verdict {
            Verdict::Applies => holds == Some(true),
            Verdict::DoesNotApply => holds == Some(false),
            // Where facts are supposed, a score is known within bounds only, and leaves open what rests on it.
            Verdict::Undecided | Verdict::Supposed if self.supposed => condition.decide(&|of| seen(of, false)).is_none(),
            Verdict::Undecided | Verdict::Supposed => holds.is_none(),
        }
    }
}

impl<T> Decision<T> {
    /// The age of the decision on a day, in days; `None` before it was made.
    pub fn age(&self, on: NaiveDate) -> Option<u32> {
        (on >= self.as_of).then(|| calendar::days_between(self.as_of, on))
    }

    /// Whether on that day the decision is older than so many days. One that is yet to be made is not.
    ///
    /// ```
    /// # use customer_value::{reason::{Decision, ModelId}, quantity::Name};
    /// # let model = ModelId { name: Name::new("m")?, fingerprint: 7 };
    /// let decision = Decision { value: 1, reasons: vec![], model, as_of: "2011-12-09".parse()? };
    /// assert!(!decision.is_stale("2012-03-08".parse()?, 90));
    /// assert!(decision.is_stale("2012-03-09".parse()?, 90));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn is_stale(&self, on: NaiveDate, days: u32) -> bool {
        self.age(on).is_some_and(|age| age > days)
    }

    /// The reasons in words, one a line.
    pub fn explain(&self, language: Language) -> String {
        let mut out = String::new();
        for reason in &self.reasons {
            text::line(reason, language, &mut out);
            out.push('\n');
        }
        out
    }
}
