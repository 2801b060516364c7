use super::{Language, ModelId, Reason, Verdict, percentile, text};
use crate::{
    money::{Ratio, Rounding},
    quantity::Name,
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
    /// The levels they were found at.
    levels: Vec<(&'a Name, Decimal)>,
    /// The dimensions that were read, are missing, and have not been substituted.
    missing: Vec<&'a Name>,
    weights: Vec<(&'a Name, Ratio)>,
    points: Decimal,
    grade: Option<&'a Name>,
}

/// What was last said of a name.
fn last(said: &[(&Name, Decimal)], of: &Name) -> Option<Decimal> {
    said.iter().rev().find(|(name, _)| *name == of).map(|(_, value)| *value)
}

impl<'a> Check<'a> {
    fn step(&mut self, i: usize, reason: &'a Reason) -> Result<(), Unsound> {
        match reason {
            Reason::Read { dimension, fact } => {
                if last(&self.values, dimension).is_some() || self.missing.contains(&dimension) {
                    return Err(Unsound::Misplaced(i));
                }
                match fact.known() {
                    Some(quantity) => self.values.push((dimension, quantity.value)),
                    None => self.missing.push(dimension),
                }
            }
            Reason::Substituted { dimension, value, .. } => {
                // Only for what is missing, and once.
                let at = self.missing.iter().position(|name| *name == dimension).ok_or(Unsound::Misplaced(i))?;
                self.missing.swap_remove(at);
                self.values.push((dimension, value.value));
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
            }
            Reason::Cell { levels, grade } => {
                let at = self.levels.len().checked_sub(levels.len()).ok_or(Unsound::Misplaced(i))?;
                if levels.is_empty() || !self.levels[at..].iter().map(|(_, level)| *level).eq(levels.iter().map(|&l| l.into())) {
                    return Err(Unsound::Misplaced(i));
                }
                self.grade = Some(grade);
            }
            Reason::Rule { verdict, before, after, .. } => {
                let moved = before != after;
                if self.grade != Some(before) || (moved && *verdict != Verdict::Applies) {
                    return Err(Unsound::BrokenChain(i));
                }
                self.grade = Some(after);
            }
        }
        Ok(())
    }
}

impl<T> Decision<T> {
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
