use super::PerceivedError;
use crate::quantity::Estimate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What came back for a question that was put.
#[doc(alias = "答复")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer<T> {
    /// An answer.
    Given(T),
    /// The question does not apply: nothing was delivered, so nothing can be said of the delivery. It leaves the denominator.
    NotApplicable,
    /// It applies, and was left blank. It is no zero, and no middle.
    NoAnswer,
}

impl<T> Answer<T> {
    /// The answer, if there is one.
    pub fn given(self) -> Option<T> {
        match self {
            Answer::Given(answer) => Some(answer),
            Answer::NotApplicable | Answer::NoAnswer => None,
        }
    }

    /// The same, with what was given put another way.
    ///
    /// # Errors
    /// Those of the function.
    pub fn try_map<U, E>(self, to: impl FnOnce(T) -> Result<U, E>) -> Result<Answer<U>, E> {
        Ok(match self {
            Answer::Given(answer) => Answer::Given(to(answer)?),
            Answer::NotApplicable => Answer::NotApplicable,
            Answer::NoAnswer => Answer::NoAnswer,
        })
    }
}

/// How many were asked, and what became of it.
#[doc(alias = "回收率")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Turnout {
    pub(super) answered: u64,
    pub(super) not_applicable: u64,
    pub(super) no_answer: u64,
}

impl Turnout {
    /// Those who gave an answer.
    pub const fn answered(&self) -> u64 {
        self.answered
    }

    /// Those to whom the question does not apply; in no denominator.
    pub const fn not_applicable(&self) -> u64 {
        self.not_applicable
    }

    /// Those who left it blank.
    pub const fn no_answer(&self) -> u64 {
        self.no_answer
    }

    /// All who were asked.
    pub const fn asked(&self) -> u64 {
        self.answered + self.not_applicable + self.no_answer // checked when they were counted
    }

    pub(super) fn count<T>(&mut self, answer: &Answer<T>, times: u64) {
        *match answer {
            Answer::Given(_) => &mut self.answered,
            Answer::NotApplicable => &mut self.not_applicable,
            Answer::NoAnswer => &mut self.no_answer,
        } += times;
    }
}

impl fmt::Display for Turnout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} answered, {} not applicable", self.answered, self.asked(), self.not_applicable)
    }
}

/// A measure: the estimate with its interval, how many answers it rests on, and what became of the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The value and its interval.
    pub estimate: Estimate,
    /// The answers it rests on.
    pub n: u64,
    /// What became of the question among all who were asked.
    pub turnout: Turnout,
}

/// The number of answers after more came in. It stays below 2⁶³, so that its square fits 128 bits.
pub(super) fn counted(before: u64, more: u64) -> Result<u64, PerceivedError> {
    before.checked_add(more).filter(|&n| n <= u64::MAX / 2).ok_or(PerceivedError::TooMany)
}
