use super::{
    Answer, Measure, PerceivedError, Points, Turnout,
    rows::{Row, Rows},
    scores::{Scores, weighted_mean},
};
use crate::{money::Ratio, quantity::Confidence};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The five dimensions of service quality (Parasuraman, Zeithaml and Berry 1988).
#[doc(alias = "服务质量维度")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceDimension {
    /// Premises, equipment, staff as they look.
    #[doc(alias = "有形性")]
    Tangibles,
    /// What was promised is done, and done right.
    #[doc(alias = "可靠性")]
    Reliability,
    /// Help comes willingly and soon.
    #[doc(alias = "响应性")]
    Responsiveness,
    /// Knowledge and courtesy that inspire trust.
    #[doc(alias = "保证性")]
    Assurance,
    /// Care for the one customer.
    #[doc(alias = "移情性")]
    Empathy,
}

impl ServiceDimension {
    /// All five.
    pub const ALL: [ServiceDimension; 5] = [
        ServiceDimension::Tangibles,
        ServiceDimension::Reliability,
        ServiceDimension::Responsiveness,
        ServiceDimension::Assurance,
        ServiceDimension::Empathy,
    ];
}

/// What an excellent service would be, and what this one is, on the same item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rated {
    /// What the customer expects.
    #[doc(alias = "期望")]
    pub expected: Answer<i8>,
    /// What the customer perceives.
    #[doc(alias = "感知")]
    pub perceived: Answer<i8>,
}

/// The instrument: the scale, the dimension that each item belongs to, and the points, out of 100, that each dimension matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "ServqualWire", into = "ServqualWire")]
pub struct Servqual {
    points: Points,
    items: Vec<ServiceDimension>,
    weights: [u8; 5],
}

impl Servqual {
    /// A scale, the dimension of every item in the order in which they are answered, and weights in the order of
    /// [`ServiceDimension::ALL`].
    ///
    /// # Errors
    /// [`NoItem`](PerceivedError::NoItem) if a dimension has none, or there are more than 255 items;
    /// [`BadWeights`](PerceivedError::BadWeights) unless the weights add up to 100.
    pub fn new(points: Points, items: Vec<ServiceDimension>, weights: [u8; 5]) -> Result<Servqual, PerceivedError> {
        if items.len() > 255 || ServiceDimension::ALL.iter().any(|dimension| !items.contains(dimension)) {
            return Err(PerceivedError::NoItem);
        }
        if weights.iter().map(|&w| u32::from(w)).sum::<u32>() != 100 {
            return Err(PerceivedError::BadWeights);
        }
        Ok(Servqual { points, items, weights })
    }

    /// The form of 1988: 22 items on 1 to 7, of which 4, 5, 4, 4 and 5 belong to the five dimensions in their order; weights alike.
    pub fn standard() -> Servqual {
        let items = ServiceDimension::ALL.into_iter().zip([4, 5, 4, 4, 5]);
        let items = items.flat_map(|(dimension, items)| core::iter::repeat_n(dimension, items)).collect();
        Servqual { points: Points::SEVEN, items, weights: [20; 5] }
    }

    /// The dimensions of the items.
    pub fn items(&self) -> &[ServiceDimension] {
        &self.items
    }

    fn check(&self, row: &[Rated]) -> Result<(), PerceivedError> {
        let (given, items) = (row.len(), self.items.len());
        if given != items {
            return Err(PerceivedError::WrongLength { given, items });
        }
        let mut answers = row.iter().flat_map(|rated| [rated.expected, rated.perceived]);
        answers.try_for_each(|answer| answer.try_map(|point| self.points.check(point)).map(drop))
    }
}

/// One dimension: what is expected, what is perceived, and the gap between.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The mean of what is expected, in points.
    pub expected: Ratio,
    /// The mean of what is perceived, in points.
    pub perceived: Ratio,
    /// Perceived less expected: below zero if the service falls short. The interval is that of the persons' own gaps (Student 1908).
    pub measure: Measure,
}

/// Answers of many persons to a [`Servqual`] instrument, person by person, without names. They merge in any order.
///
/// A person's gap in a dimension is the mean over its items that apply; who left one of them blank has none.
///
/// ```
/// use customer_value::{quantity::Confidence, value::perceived::{Answer::Given, Points, Rated, ServiceDimension, ServiceGaps, Servqual}};
///
/// let instrument = Servqual::new(Points::SEVEN, ServiceDimension::ALL.to_vec(), [11, 32, 23, 19, 15])?; // one item each
/// let mut gaps = ServiceGaps::new(instrument);
/// for perceived in [4, 5, 5, 6] {
///     gaps.push(&[Rated { expected: Given(6), perceived: Given(perceived) }; 5])?;
/// }
/// let gap = gaps.gap(ServiceDimension::Reliability, Confidence::P95)?;
/// assert_eq!(gap.measure.estimate.value(), -1.0);
/// assert!(gap.measure.estimate.covers(0.0)); // four customers do not show that it falls short
/// # Ok::<(), customer_value::value::perceived::PerceivedError>(())
/// ```
#[doc(alias = "服务质量差距")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ServiceGaps {
    instrument: Servqual,
    rows: Rows<Rated>,
}

impl ServiceGaps {
    /// No answers yet.
    pub const fn new(instrument: Servqual) -> ServiceGaps {
        ServiceGaps { instrument, rows: Rows::new() }
    }

    /// Takes in the answers of one person, one pair to each item in order.
    ///
    /// # Errors
    /// [`WrongLength`](PerceivedError::WrongLength), [`OffScale`](PerceivedError::OffScale), [`TooMany`](PerceivedError::TooMany). Nothing
    /// is taken in then.
    pub fn push(&mut self, row: &[Rated]) -> Result<(), PerceivedError> {
        self.instrument.check(row)?;
        self.rows.add(row, 1)
    }

    /// Takes in the answers of others to the same instrument.
    ///
    /// # Errors
    /// [`OtherQuestion`](PerceivedError::OtherQuestion); [`TooMany`](PerceivedError::TooMany). Nothing is taken in then.
    pub fn merge(&mut self, other: &ServiceGaps) -> Result<(), PerceivedError> {
        if self.instrument != other.instrument {
            return Err(PerceivedError::OtherQuestion);
        }
        self.rows.merge(&other.rows)
    }

    /// The gap in one dimension, in points.
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) of less than two persons with a gap; [`NoVariation`](PerceivedError::NoVariation) if all have the
    /// same; [`TooMany`](PerceivedError::TooMany) if the exact means outgrow 128 bits.
    pub fn gap(&self, dimension: ServiceDimension, confidence: Confidence) -> Result<Gap, PerceivedError> {
        let (mut expected, mut perceived) = (Scores::default(), Scores::default());
        let measure = self.measured(confidence, |row| self.means(row, dimension)?.try_map(|[_, _, gap]| Ok(gap)))?;
        for (row, persons) in self.rows.iter() {
            if let Answer::Given([e, p, _]) = self.means(row, dimension)? {
                expected.add(e, persons)?;
                perceived.add(p, persons)?;
            }
        }
        let nobody = PerceivedError::TooFew { answered: 0, least: 2 };
        let (Some(expected), Some(perceived)) = (expected.mean()?, perceived.mean()?) else { return Err(nobody) };
        Ok(Gap { expected, perceived, measure })
    }

    /// The gaps of all dimensions together, each counting for its weight among those that apply to the person.
    ///
    /// # Errors
    /// As [`gap`](ServiceGaps::gap).
    pub fn overall(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        self.measured(confidence, |row| {
            let (mut terms, mut missing) = (Vec::new(), false);
            for (dimension, weight) in ServiceDimension::ALL.into_iter().zip(self.instrument.weights) {
                match self.means(row, dimension)? {
                    Answer::Given([_, _, gap]) => terms.push((i128::from(weight), gap)),
                    // What counts for nothing may be missing.
                    Answer::NoAnswer => missing |= weight > 0,
                    Answer::NotApplicable => {}
                }
            }
            if missing {
                return Ok(Answer::NoAnswer);
            }
            Ok(weighted_mean(terms.into_iter())?.map_or(Answer::NotApplicable, Answer::Given))
        })
    }

    /// The mean of a number that each person has, or not.
    fn measured(
        &self,
        confidence: Confidence,
        of: impl Fn(&[Rated]) -> Result<Answer<Ratio>, PerceivedError>,
    ) -> Result<Measure, PerceivedError> {
        let (mut scores, mut turnout) = (Scores::default(), Turnout::default());
        for (row, persons) in self.rows.iter() {
            let answer = of(row)?;
            turnout.count(&answer, persons);
            if let Answer::Given(score) = answer {
                scores.add(score, persons)?;
            }
        }
        let width = f64::from(self.instrument.points.width());
        Ok(Measure { estimate: scores.estimate((-width, width), confidence)?, n: turnout.answered, turnout })
    }

    /// A person's mean expectation, mean perception and gap in a dimension.
    fn means(&self, row: &[Rated], dimension: ServiceDimension) -> Result<Answer<[Ratio; 3]>, PerceivedError> {
        let (mut e, mut p, mut n) = (0_i128, 0_i128, 0_i128);
        for (_, rated) in self.instrument.items.iter().zip(row).filter(|(of, _)| **of == dimension) {
            match (rated.expected, rated.perceived) {
                (Answer::Given(expected), Answer::Given(perceived)) => {
                    (e, p, n) = (e + i128::from(expected), p + i128::from(perceived), n + 1);
                }
                (Answer::NotApplicable, _) | (_, Answer::NotApplicable) => {}
                (Answer::NoAnswer, _) | (_, Answer::NoAnswer) => return Ok(Answer::NoAnswer),
            }
        }
        if n == 0 {
            return Ok(Answer::NotApplicable);
        }
        let mean = |sum| Ratio::new(sum, n).map_err(|_| PerceivedError::TooMany);
        Ok(Answer::Given([mean(e)?, mean(p)?, mean(p - e)?]))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Servqual")]
struct ServqualWire {
    points: Points,
    items: Vec<ServiceDimension>,
    weights: [u8; 5],
}

impl TryFrom<ServqualWire> for Servqual {
    type Error = PerceivedError;

    fn try_from(wire: ServqualWire) -> Result<Servqual, PerceivedError> {
        Servqual::new(wire.points, wire.items, wire.weights)
    }
}

impl From<Servqual> for ServqualWire {
    fn from(s: Servqual) -> ServqualWire {
        ServqualWire { points: s.points, items: s.items, weights: s.weights }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ServiceGaps")]
struct Wire {
    instrument: Servqual,
    rows: Vec<Row<Rated>>,
}

impl TryFrom<Wire> for ServiceGaps {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<ServiceGaps, PerceivedError> {
        let rows = Rows::read(wire.rows, |row| wire.instrument.check(row))?;
        Ok(ServiceGaps { instrument: wire.instrument, rows })
    }
}

impl From<ServiceGaps> for Wire {
    fn from(gaps: ServiceGaps) -> Wire {
        Wire { instrument: gaps.instrument, rows: gaps.rows.stored() }
    }
}
