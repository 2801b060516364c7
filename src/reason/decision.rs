use super::{Language, ModelId, Reason, check::Check, text};
use crate::calendar;
use alloc::{string::String, vec::Vec};
use chrono::NaiveDate;
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
