use super::{Answer, Measure, PerceivedError, Points, Question, Tally, tally::sealed::Sealed};
use crate::{
    money::Ratio,
    quantity::{Confidence, Name},
};
use alloc::{collections::BTreeSet, vec::Vec};
use serde::{Deserialize, Serialize};

/// A pair of opposites with seven steps between: −3 is at the left pole, 0 between them, 3 at the right.
#[doc(alias = "双极形容词")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bipolar {
    /// The pole on the left, such as "slow".
    pub left: Name,
    /// The pole on the right, such as "fast".
    pub right: Name,
    /// Whether the favourable pole is on the left, as it is for some pairs, lest everything be ticked on one side. The profile line reads
    /// such a pair from the other end, so that to the right is always to the good.
    #[serde(default)]
    pub reversed: bool,
}

impl Sealed for Bipolar {}

impl Question for Bipolar {
    fn points(&self) -> Points {
        Points::BIPOLAR
    }

    fn reversed(&self) -> bool {
        self.reversed
    }
}

/// A semantic differential (Osgood, Suci and Tannenbaum 1957): what a thing is like, pair by pair, in the eyes of many.
///
/// ```
/// use customer_value::{quantity::Name, value::perceived::{Answer::Given, Bipolar, SemanticDifferential}};
///
/// let pair = |left: &str, right: &str, reversed| {
///     Ok::<_, customer_value::quantity::NameError>(Bipolar { left: Name::new(left)?, right: Name::new(right)?, reversed })
/// };
/// let mut ours = SemanticDifferential::new(vec![pair("slow", "fast", false)?, pair("friendly", "unfriendly", true)?])?;
/// let mut theirs = ours.clone();
/// ours.push(&[Given(2), Given(-3)])?;
/// theirs.push(&[Given(-1), Given(1)])?;
/// assert_eq!(ours.line().iter().map(|mean| mean.unwrap().to_string()).collect::<Vec<_>>(), ["2", "3"]);
/// assert_eq!(ours.distance(&theirs)?, 5.0); // √(3² + 4²)
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "语义差别量表")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct SemanticDifferential {
    pairs: Vec<Tally<Bipolar>>,
}

impl SemanticDifferential {
    /// The pairs of opposites, without answers.
    ///
    /// # Errors
    /// [`NoItem`](PerceivedError::NoItem); [`SameName`](PerceivedError::SameName) if a word is a pole twice.
    pub fn new(pairs: Vec<Bipolar>) -> Result<SemanticDifferential, PerceivedError> {
        SemanticDifferential::of(pairs.into_iter().map(Tally::new).collect())
    }

    fn of(pairs: Vec<Tally<Bipolar>>) -> Result<SemanticDifferential, PerceivedError> {
        let mut names = BTreeSet::new();
        for pole in pairs.iter().flat_map(|pair| [&pair.question().left, &pair.question().right]) {
            if !names.insert(pole) {
                return Err(PerceivedError::SameName(pole.clone()));
            }
        }
        if pairs.is_empty() { Err(PerceivedError::NoItem) } else { Ok(SemanticDifferential { pairs }) }
    }

    /// Counts the answers of one person, one to each pair in order, as they were ticked from −3 to 3.
    ///
    /// # Errors
    /// [`WrongLength`](PerceivedError::WrongLength), [`OffScale`](PerceivedError::OffScale), [`TooMany`](PerceivedError::TooMany). Nothing
    /// is counted then.
    pub fn push(&mut self, answers: &[Answer<i8>]) -> Result<(), PerceivedError> {
        let (given, items) = (answers.len(), self.pairs.len());
        if given != items {
            return Err(PerceivedError::WrongLength { given, items });
        }
        self.change(|pairs| pairs.iter_mut().zip(answers).try_for_each(|(pair, answer)| pair.push(*answer)))
    }

    /// Takes in the answers of others to the same pairs.
    ///
    /// # Errors
    /// [`OtherQuestion`](PerceivedError::OtherQuestion); [`TooMany`](PerceivedError::TooMany). Nothing is taken in then.
    pub fn merge(&mut self, other: &SemanticDifferential) -> Result<(), PerceivedError> {
        if self.pairs.len() != other.pairs.len() {
            return Err(PerceivedError::OtherQuestion);
        }
        self.change(|pairs| pairs.iter_mut().zip(&other.pairs).try_for_each(|(pair, more)| pair.merge(more)))
    }

    /// The pairs with their answers: turnout, counts, and the mean with its interval of each.
    pub fn pairs(&self) -> &[Tally<Bipolar>] {
        &self.pairs
    }

    /// The profile line: the mean of each pair, from −3 to 3, the favourable pole on the right; `None` for a pair without an answer.
    #[doc(alias = "轮廓线")]
    pub fn line(&self) -> Vec<Option<Ratio>> {
        self.pairs.iter().map(Tally::mean).collect()
    }

    /// The profile line with its intervals, as [`Tally::mean_measure`] gives them.
    pub fn line_measures(&self, confidence: Confidence) -> Vec<Result<Measure, PerceivedError>> {
        self.pairs.iter().map(|pair| pair.mean_measure(confidence)).collect()
    }

    /// How far two profile lines are apart: the root of the sum of the squared differences (the D of Osgood and Suci 1952). Chance alone
    /// keeps it above zero; with few answers it is too large.
    ///
    /// # Errors
    /// [`OtherQuestion`](PerceivedError::OtherQuestion) for other pairs; [`TooFew`](PerceivedError::TooFew) if a pair has no answer.
    pub fn distance(&self, other: &SemanticDifferential) -> Result<f64, PerceivedError> {
        if !self.pairs.iter().map(Tally::question).eq(other.pairs.iter().map(Tally::question)) {
            return Err(PerceivedError::OtherQuestion);
        }
        let mut square = 0.0;
        for (one, other) in self.line().into_iter().zip(other.line()) {
            let (Some(one), Some(other)) = (one, other) else { return Err(PerceivedError::TooFew { answered: 0, least: 1 }) };
            let off = one.to_f64() - other.to_f64();
            square += off * off;
        }
        Ok(libm::sqrt(square))
    }

    /// Changes all pairs or none.
    fn change(&mut self, by: impl FnOnce(&mut [Tally<Bipolar>]) -> Result<(), PerceivedError>) -> Result<(), PerceivedError> {
        let mut pairs = self.pairs.clone();
        by(&mut pairs)?;
        self.pairs = pairs;
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "SemanticDifferential")]
struct Wire {
    pairs: Vec<Tally<Bipolar>>,
}

impl TryFrom<Wire> for SemanticDifferential {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<SemanticDifferential, PerceivedError> {
        SemanticDifferential::of(wire.pairs)
    }
}

impl From<SemanticDifferential> for Wire {
    fn from(of: SemanticDifferential) -> Wire {
        Wire { pairs: of.pairs }
    }
}
