use super::{PerceivedError, Points, Question, tally::sealed::Sealed};
use crate::quantity::Name;
use alloc::{collections::BTreeSet, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// A statement to agree with, or a thing to rate, on a scale of points (Likert 1932).
#[doc(alias = "李克特量表")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Likert {
    /// What it is called.
    pub name: Name,
    /// The points.
    pub points: Points,
    /// A statement put the other way round, "I often had to wait": agreement counts against. Answers are given as they were ticked; every
    /// mean reads them from the other end.
    #[serde(default)]
    pub reversed: bool,
}

impl Sealed for Likert {}

impl Question for Likert {
    fn points(&self) -> Points {
        self.points
    }

    fn reversed(&self) -> bool {
        self.reversed
    }
}

/// Items that measure one thing together: a Likert scale, or with weights an index in the form of the American Customer Satisfaction
/// Index.
///
/// All items have the same points. What their answers come to is told by [`Responses`](super::Responses).
#[doc(alias = "量表问卷")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Questionnaire {
    items: Vec<Likert>,
    weights: Vec<u32>,
}

impl Questionnaire {
    /// Items that count alike.
    ///
    /// # Errors
    /// [`NoItem`](PerceivedError::NoItem); [`SameName`](PerceivedError::SameName) for two items of one name;
    /// [`MixedPoints`](PerceivedError::MixedPoints) for 1 to 5 beside 1 to 7.
    pub fn new(items: Vec<Likert>) -> Result<Questionnaire, PerceivedError> {
        let weights = vec![1; items.len()];
        Questionnaire::weighted(items, weights)
    }

    /// Items with weights: what each counts for beside the others. 387, 322 and 291 say the same as .387, .322 and .291.
    ///
    /// # Errors
    /// As [`new`](Questionnaire::new), and [`BadWeights`](PerceivedError::BadWeights) for a weight of zero, or another number of weights
    /// than of items.
    pub fn weighted(items: Vec<Likert>, weights: Vec<u32>) -> Result<Questionnaire, PerceivedError> {
        let first = items.first().ok_or(PerceivedError::NoItem)?.points;
        let mut names = BTreeSet::new();
        for item in &items {
            if item.points != first {
                return Err(PerceivedError::MixedPoints(first, item.points));
            }
            if !names.insert(&item.name) {
                return Err(PerceivedError::SameName(item.name.clone()));
            }
        }
        if weights.len() == items.len() && !weights.contains(&0) {
            Ok(Questionnaire { items, weights })
        } else {
            Err(PerceivedError::BadWeights)
        }
    }

    /// The items, in the order in which they are answered.
    pub fn items(&self) -> &[Likert] {
        &self.items
    }

    /// What each item counts for.
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// The points of all items.
    pub fn points(&self) -> Points {
        self.items.first().map_or(Points::FIVE, |item| item.points) // there is a first
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Questionnaire")]
struct Wire {
    items: Vec<Likert>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weights: Option<Vec<u32>>,
}

impl TryFrom<Wire> for Questionnaire {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<Questionnaire, PerceivedError> {
        match wire.weights {
            Some(weights) => Questionnaire::weighted(wire.items, weights),
            None => Questionnaire::new(wire.items),
        }
    }
}

impl From<Questionnaire> for Wire {
    fn from(q: Questionnaire) -> Wire {
        let alike = q.weights.iter().all(|&w| w == 1);
        Wire { items: q.items, weights: (!alike).then_some(q.weights) }
    }
}
