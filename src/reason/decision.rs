use super::{Language, ModelId, Reason, Verdict, text};
use crate::{money::Rounding, quantity::Name};
use alloc::{string::String, vec::Vec};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A value and why it is what it is.
///
/// Stored with the decision, the reasons survive the model that made it. `verify` checks that they add up by themselves; the model's
/// own `replay` checks that this model, on the facts that were read, decides the same again.
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
    /// The value does not lie in the interval that the reason names, or the level is not one of the scale's.
    #[error("reason {0}: the value does not lie where the reason says")]
    Misplaced(usize),
    /// Weight times level is not the points.
    #[error("reason {0}: weight times level is not the points")]
    WrongPoints(usize),
    /// The points before this reason do not add up to its total.
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
    /// Does the arithmetic of the reasons again: values lie in their intervals, level times weight is the points, the points add up
    /// to the score, each rule starts from the grade that the step before arrived at, and the last step arrives at the value.
    ///
    /// # Errors
    /// The first thing that does not hold, as [`Unsound`].
    pub fn verify(&self) -> Result<(), Unsound> {
        let mut points = Decimal::ZERO;
        let mut grade: Option<&Name> = None;
        for (i, reason) in self.reasons.iter().enumerate() {
            match reason {
                Reason::Read { .. } | Reason::Substituted { .. } => {}
                Reason::Placed { value, interval, level, of, .. } => {
                    if !interval.contains(*value) || !(1..=*of).contains(level) {
                        return Err(Unsound::Misplaced(i));
                    }
                }
                Reason::Ranked { worse, equal, of, .. } => {
                    if u64::from(*worse) + u64::from(*equal) > u64::from(*of) {
                        return Err(Unsound::Misplaced(i));
                    }
                }
                Reason::Weighed { level, weight, points: stated, .. } => {
                    let places = u8::try_from(stated.scale()).unwrap_or(u8::MAX);
                    if weight.times(*level, places, Rounding::HalfEven) != Some(*stated) {
                        return Err(Unsound::WrongPoints(i));
                    }
                    points = points.checked_add(*stated).ok_or(Unsound::WrongTotal(i))?;
                }
                Reason::Summed { total, .. } => {
                    if points != *total {
                        return Err(Unsound::WrongTotal(i));
                    }
                    points = Decimal::ZERO;
                }
                Reason::Cell { grade: found, .. } => grade = Some(found),
                Reason::Rule { verdict, before, after, .. } => {
                    let moved = before != after;
                    if grade != Some(before) || (moved && *verdict != Verdict::Applies) {
                        return Err(Unsound::BrokenChain(i));
                    }
                    grade = Some(after);
                }
            }
        }
        match self.reasons.iter().rev().find_map(|r| self.value.follows_from(r)) {
            Some(true) => Ok(()),
            Some(false) | None => Err(Unsound::WrongValue),
        }
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
