use super::{
    Answer, Measure, PerceivedError, Points, Turnout,
    answer::counted,
    scores::{Scores, share},
};
use crate::{
    money::Ratio,
    quantity::{Confidence, Estimate},
};
use alloc::{vec, vec::Vec};
use core::fmt::Debug;
use serde::{Deserialize, Serialize};

/// A question that is answered on a rating scale. What may be computed of the answers depends on the question: a net promoter score
/// comes of [`NpsQuestion`](super::NpsQuestion) only, although others have eleven points too.
pub trait Question: Clone + Debug + PartialEq + sealed::Sealed {
    /// The points among which the answer is chosen.
    fn points(&self) -> Points;

    /// Whether more of this scale means less of what is measured, so that it is read from the other end.
    fn reversed(&self) -> bool {
        false
    }
}

pub(super) mod sealed {
    /// Keeps [`Question`](super::Question) closed.
    pub trait Sealed {}
}

/// The answers to one question: how often each point was chosen, and how often none. Tallies merge in any order.
///
/// ```
/// use customer_value::value::perceived::{Answer::{Given, NoAnswer, NotApplicable}, Csat, Tally};
///
/// let mut tally = Tally::new(Csat::FIVE_TOP_TWO);
/// for answer in [Given(5), Given(4), Given(2), NotApplicable, NoAnswer] {
///     tally.push(answer)?;
/// }
/// assert!(tally.push(Given(6)).is_err());
/// assert_eq!(tally.share().unwrap().to_string(), "2/3");
/// assert_eq!(tally.turnout().to_string(), "3 of 5 answered, 1 not applicable");
/// # Ok::<(), customer_value::value::perceived::PerceivedError>(())
/// ```
#[doc(alias = "计票")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire<Q>", into = "Wire<Q>")]
#[serde(bound(serialize = "Q: Question + Serialize", deserialize = "Q: Question + Deserialize<'de>"))]
pub struct Tally<Q> {
    question: Q,
    /// One a point, from the lowest.
    counts: Vec<u64>,
    not_applicable: u64,
    no_answer: u64,
}

impl<Q: Question> Tally<Q> {
    /// No answers yet.
    pub fn new(question: Q) -> Tally<Q> {
        let counts = vec![0; question.points().each().count()];
        Tally { question, counts, not_applicable: 0, no_answer: 0 }
    }

    /// Counts an answer.
    ///
    /// # Errors
    /// [`OffScale`](PerceivedError::OffScale) for 11 on a scale from 0 to 10; [`TooMany`](PerceivedError::TooMany) for the 2⁶³rd answer.
    pub fn push(&mut self, answer: Answer<i8>) -> Result<(), PerceivedError> {
        self.add(answer, 1)
    }

    /// Counts the same answer of many.
    pub(super) fn add(&mut self, answer: Answer<i8>, persons: u64) -> Result<(), PerceivedError> {
        let points = self.question.points();
        let answer = answer.try_map(|point| points.check(point))?;
        counted(self.turnout().asked(), persons)?;
        match answer {
            Answer::Given(point) => {
                points.each().zip(&mut self.counts).filter(|(p, _)| *p == point).for_each(|(_, n)| *n += persons);
            }
            Answer::NotApplicable => self.not_applicable += persons,
            Answer::NoAnswer => self.no_answer += persons,
        }
        Ok(())
    }

    /// Takes in the answers of others to the same question.
    ///
    /// # Errors
    /// [`OtherQuestion`](PerceivedError::OtherQuestion); [`TooMany`](PerceivedError::TooMany) beyond 2⁶³ − 1 answers. Nothing is taken in
    /// then.
    pub fn merge(&mut self, other: &Tally<Q>) -> Result<(), PerceivedError> {
        if self.question != other.question {
            return Err(PerceivedError::OtherQuestion);
        }
        counted(self.turnout().asked(), other.turnout().asked())?;
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        self.not_applicable += other.not_applicable;
        self.no_answer += other.no_answer;
        Ok(())
    }

    /// The question.
    pub const fn question(&self) -> &Q {
        &self.question
    }

    /// How often a point was chosen, as it was answered; never for a point off the scale.
    pub fn count(&self, point: i8) -> u64 {
        self.between(point, point)
    }

    /// How many were asked, and what became of it.
    pub fn turnout(&self) -> Turnout {
        let answered = self.counts.iter().sum(); // `counted` keeps all of them in range
        Turnout { answered, not_applicable: self.not_applicable, no_answer: self.no_answer }
    }

    /// The mean of the points, read from the other end if the question is reversed; `None` without an answer.
    pub fn mean(&self) -> Option<Ratio> {
        self.scores().ok()?.mean().ok()?
    }

    /// The [`mean`](Tally::mean) with the interval of Student (1908), cut off at the ends of the scale. It rests on the mean being about
    /// normal; with a handful of answers at one end of the scale, a share says more.
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) of less than two answers; [`NoVariation`](PerceivedError::NoVariation) if all are equal, because
    /// the formula would claim to be certain.
    pub fn mean_measure(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let points = self.question.points();
        let estimate = self.scores()?.estimate((points.low().into(), points.high().into()), confidence)?;
        Ok(self.measure(estimate))
    }

    /// How often a point from the one to the other was chosen.
    pub(super) fn between(&self, low: i8, high: i8) -> u64 {
        let inside = self.question.points().each().zip(&self.counts).filter(|(point, _)| (low..=high).contains(point));
        inside.map(|(_, n)| n).sum()
    }

    /// The share of the answers from one point to another, exactly; `None` without an answer.
    pub(super) fn exact_share(&self, low: i8, high: i8) -> Option<Ratio> {
        Ratio::new(self.between(low, high).into(), self.turnout().answered.into()).ok()
    }

    pub(super) fn share_measure(&self, low: i8, high: i8, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let estimate = share(self.between(low, high), self.turnout().answered, confidence)?;
        Ok(self.measure(estimate))
    }

    pub(super) fn measure(&self, estimate: Estimate) -> Measure {
        let turnout = self.turnout();
        Measure { estimate, n: turnout.answered, turnout }
    }

    fn scores(&self) -> Result<Scores, PerceivedError> {
        let points = self.question.points();
        let mut scores = Scores::default();
        for (point, &persons) in points.each().zip(&self.counts) {
            let read = if self.question.reversed() { points.turned(point) } else { point };
            scores.add(whole(read.into()), persons)?;
        }
        Ok(scores)
    }
}

/// A whole number as a fraction.
pub(super) fn whole(number: i128) -> Ratio {
    Ratio::new(number, 1).unwrap_or(Ratio::ZERO) // fails at the end of the range only
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Tally")]
struct Wire<Q> {
    question: Q,
    counts: Vec<u64>,
    #[serde(default)]
    not_applicable: u64,
    #[serde(default)]
    no_answer: u64,
}

impl<Q: Question> TryFrom<Wire<Q>> for Tally<Q> {
    type Error = PerceivedError;

    fn try_from(wire: Wire<Q>) -> Result<Tally<Q>, PerceivedError> {
        let Wire { question, counts, not_applicable, no_answer } = wire;
        if counts.len() != question.points().each().count() {
            return Err(PerceivedError::BadCounts);
        }
        counts.iter().chain([&not_applicable, &no_answer]).try_fold(0, |sum, &n| counted(sum, n))?;
        Ok(Tally { question, counts, not_applicable, no_answer })
    }
}

impl<Q> From<Tally<Q>> for Wire<Q> {
    fn from(t: Tally<Q>) -> Wire<Q> {
        Wire { question: t.question, counts: t.counts, not_applicable: t.not_applicable, no_answer: t.no_answer }
    }
}
