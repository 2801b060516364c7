use super::{
    Answer, Likert, Measure, PerceivedError, Questionnaire, Tally, Turnout,
    rows::{Row, Rows},
    scores::{Scores, weighted_mean},
    tally::whole,
};
use crate::{
    money::Ratio,
    numeric::{count, normal_tail, quotient},
    quantity::{Confidence, Estimate},
};
use alloc::{vec, vec::Vec};
use num_bigint::BigInt;
use num_traits::{Signed, Zero};
use serde::{Deserialize, Serialize};

/// The answers of many persons to a [`Questionnaire`], person by person, without names. They merge in any order.
///
/// A person's score is the weighted mean of the items that apply; reversed items are read from the other end. Who left an item blank that
/// does apply has no score, because nothing says what it would have been, and is counted as no answer.
///
/// ```
/// use customer_value::{
///     quantity::{Confidence, Name, NameError},
///     value::perceived::{Answer::{Given, NotApplicable}, Likert, Points, Questionnaire, Responses},
/// };
///
/// let item = |name, reversed| Ok::<_, NameError>(Likert { name: Name::new(name)?, points: Points::FIVE, reversed });
/// let mut responses = Responses::new(Questionnaire::new(vec![item("prompt", false)?, item("had to wait", true)?])?);
/// responses.push(&[Given(5), Given(1)])?;
/// responses.push(&[Given(4), Given(2)])?;
/// responses.push(&[Given(3), NotApplicable])?;
/// let mean = responses.mean_measure(Confidence::P95)?;
/// assert_eq!((mean.estimate.value(), mean.n), (4.0, 3));
/// assert_eq!(responses.item(1).unwrap().turnout().not_applicable(), 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "问卷答复")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Responses {
    questionnaire: Questionnaire,
    rows: Rows<Answer<i8>>,
}

/// Cronbach's alpha: how far the items of a scale say the same (Cronbach 1951). 1 at best; below 0 if items speak against each other,
/// which mostly means that a reversed item was not declared.
#[doc(alias = "信度")]
#[doc(alias = "克隆巴赫系数")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alpha {
    /// Alpha with its interval (Bonett 2002).
    pub estimate: Estimate,
    /// The persons it rests on: those who answered every item.
    pub n: u64,
}

impl Responses {
    /// No answers yet.
    pub const fn new(questionnaire: Questionnaire) -> Responses {
        Responses { questionnaire, rows: Rows::new() }
    }

    /// Takes in the answers of one person, one to each item in order, as they were ticked.
    ///
    /// # Errors
    /// [`WrongLength`](PerceivedError::WrongLength) for two answers to three items; [`OffScale`](PerceivedError::OffScale);
    /// [`TooMany`](PerceivedError::TooMany) for the 2⁶³rd person. Nothing is taken in then.
    pub fn push(&mut self, answers: &[Answer<i8>]) -> Result<(), PerceivedError> {
        check(&self.questionnaire, answers)?;
        self.rows.add(answers, 1)
    }

    /// Takes in the answers of others to the same questionnaire.
    ///
    /// # Errors
    /// [`OtherQuestion`](PerceivedError::OtherQuestion); [`TooMany`](PerceivedError::TooMany). Nothing is taken in then.
    pub fn merge(&mut self, other: &Responses) -> Result<(), PerceivedError> {
        if self.questionnaire != other.questionnaire {
            return Err(PerceivedError::OtherQuestion);
        }
        self.rows.merge(&other.rows)
    }

    /// The questionnaire.
    pub const fn questionnaire(&self) -> &Questionnaire {
        &self.questionnaire
    }

    /// All answers to one item, counted from 0, whether or not the others were answered.
    pub fn item(&self, item: usize) -> Option<Tally<Likert>> {
        let mut tally = Tally::new(self.questionnaire.items().get(item)?.clone());
        for (row, persons) in self.rows.iter() {
            tally.add(*row.get(item)?, persons).ok()?;
        }
        Some(tally)
    }

    /// What became of the persons who were asked: answered (all that applies), not applicable (nothing does), no answer (something is
    /// missing).
    pub fn turnout(&self) -> Turnout {
        let mut turnout = Turnout::default();
        for (row, persons) in self.rows.iter() {
            let answer = match row {
                row if row.contains(&Answer::NoAnswer) => Answer::NoAnswer,
                row if row.iter().all(|answer| *answer == Answer::NotApplicable) => Answer::NotApplicable,
                _ => Answer::Given(()),
            };
            turnout.count(&answer, persons);
        }
        turnout
    }

    /// The mean score of the persons, in points, exactly; `None` of nobody.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) if the exact fraction outgrows 128 bits: where items have many different weights, and different
    /// items do not apply to many persons. [`mean_measure`](Responses::mean_measure) has an answer then too.
    pub fn mean(&self) -> Result<Option<Ratio>, PerceivedError> {
        self.scores()?.mean()
    }

    /// The [`mean`](Responses::mean) with the interval of Student (1908), cut off at the ends of the scale.
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) of less than two persons with a score; [`NoVariation`](PerceivedError::NoVariation) if all
    /// scores are equal.
    pub fn mean_measure(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let (points, turnout) = (self.questionnaire.points(), self.turnout());
        let estimate = self.scores()?.estimate((points.low().into(), points.high().into()), confidence)?;
        Ok(Measure { estimate, n: turnout.answered, turnout })
    }

    /// The mean score on a range from 0 to 100, in the form of the American Customer Satisfaction Index (Fornell et al. 1996):
    /// `(Σwx̄ − Σw·low) / (Σw·(high − low)) · 100`. The interval is that of persons' own indices, so items that move together are not
    /// counted twice.
    ///
    /// # Errors
    /// As [`mean_measure`](Responses::mean_measure).
    #[doc(alias = "满意度指数")]
    #[doc(alias = "ACSI")]
    pub fn index(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let points = self.questionnaire.points();
        let mean = self.mean_measure(confidence)?;
        let index = |x: f64| (x - f64::from(points.low())) * 100.0 / f64::from(points.width());
        let of = mean.estimate;
        let estimate = Estimate::new(index(of.value()), index(of.low()), index(of.high()), confidence)?;
        Ok(Measure { estimate, ..mean })
    }

    /// Cronbach's alpha of the items, from the persons who answered all of them; weights play no part.
    ///
    /// The value is one rounding away from exact. The interval is that of Bonett (2002): the logarithm of `1 − α` is about normal with
    /// variance `2k/((k − 1)(n − 2))` for k items and n persons.
    ///
    /// # Errors
    /// [`NoItem`](PerceivedError::NoItem) for a single item, which agrees with itself; [`TooFew`](PerceivedError::TooFew) of less than
    /// three complete persons; [`NoVariation`](PerceivedError::NoVariation) if all their totals are equal, or all items say exactly the
    /// same, so that nothing says how far chance reaches.
    pub fn alpha(&self, confidence: Confidence) -> Result<Alpha, PerceivedError> {
        let items = self.questionnaire.items();
        let k = items.len();
        if k < 2 {
            return Err(PerceivedError::NoItem);
        }
        let mut n = 0_u64;
        // Sum and sum of squares: of each item, and of the total at the end.
        let mut sums = vec![(BigInt::zero(), BigInt::zero()); k + 1];
        for (row, persons) in self.rows.iter() {
            let Some(mut points) = self.read(row).map(Answer::given).collect::<Option<Vec<i64>>>() else { continue };
            points.push(points.iter().sum());
            n += persons;
            for ((sum, squares), x) in sums.iter_mut().zip(points) {
                let times = BigInt::from(x) * persons;
                *squares += &times * x;
                *sum += times;
            }
        }
        if n < 3 {
            return Err(PerceivedError::TooFew { answered: n, least: 3 });
        }
        let spread = |(sum, squares): &(BigInt, BigInt)| squares * n - sum * sum;
        let of_items: BigInt = sums[..k].iter().map(spread).sum();
        let of_total = spread(&sums[k]);
        // 1 − α = (k·Σ items − total) / ((k − 1)·total), never below zero.
        let (rest, whole) = (&of_items * k - &of_total, &of_total * (k - 1));
        if !rest.is_positive() || whole.is_zero() {
            return Err(PerceivedError::NoVariation { answered: n });
        }
        let (alpha, rest) = (quotient(&(&whole - &rest), &whole), quotient(&rest, &whole));
        let k = count(u64::try_from(k).unwrap_or(u64::MAX));
        let reach = normal_tail(confidence.tail()) * libm::sqrt(2.0 * k / ((k - 1.0) * count(n - 2)));
        let end = |log: f64| 1.0 - rest * libm::exp(log);
        let estimate = Estimate::new(alpha, end(reach).min(alpha), end(-reach).max(alpha), confidence)?;
        Ok(Alpha { estimate, n })
    }

    /// A person's answers, reversed items read from the other end.
    fn read<'a>(&'a self, row: &'a [Answer<i8>]) -> impl Iterator<Item = Answer<i64>> + 'a {
        self.questionnaire.items().iter().zip(row).map(|(item, answer)| match *answer {
            Answer::Given(point) if item.reversed => Answer::Given(item.points.turned(point).into()),
            Answer::Given(point) => Answer::Given(point.into()),
            Answer::NotApplicable => Answer::NotApplicable,
            Answer::NoAnswer => Answer::NoAnswer,
        })
    }

    fn scores(&self) -> Result<Scores, PerceivedError> {
        let mut scores = Scores::default();
        for (row, persons) in self.rows.iter().filter(|(row, _)| !row.contains(&Answer::NoAnswer)) {
            let weights = self.questionnaire.weights().iter().map(|&w| i128::from(w));
            let given = weights.zip(self.read(row)).filter_map(|(w, answer)| Some((w, whole(answer.given()?.into()))));
            if let Some(score) = weighted_mean(given)? {
                scores.add(score, persons)?;
            }
        }
        Ok(scores)
    }
}

fn check(questionnaire: &Questionnaire, answers: &[Answer<i8>]) -> Result<(), PerceivedError> {
    let (given, items) = (answers.len(), questionnaire.items().len());
    if given != items {
        return Err(PerceivedError::WrongLength { given, items });
    }
    let points = questionnaire.points();
    answers.iter().try_for_each(|answer| answer.try_map(|point| points.check(point)).map(drop))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Responses")]
struct Wire {
    questionnaire: Questionnaire,
    rows: Vec<Row<Answer<i8>>>,
}

impl TryFrom<Wire> for Responses {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<Responses, PerceivedError> {
        let rows = Rows::read(wire.rows, |row| check(&wire.questionnaire, row))?;
        Ok(Responses { questionnaire: wire.questionnaire, rows })
    }
}

impl From<Responses> for Wire {
    fn from(r: Responses) -> Wire {
        Wire { questionnaire: r.questionnaire, rows: r.rows.stored() }
    }
}
