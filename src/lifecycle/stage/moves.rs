use super::{StageError, StageModel};
use crate::{
    money::Ratio,
    quantity::{Name, Share},
    value::markov::Markov,
};
use alloc::{vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// How many customers went from which stage to which within a period, with those whom nobody saw again apart.
///
/// A customer who was there at the beginning and has not been observed up to the end counts as unseen, not as having stayed; shares and
/// chances are of those who were seen at both ends. That is fair where being unseen has nothing to do with the stage.
///
/// Tables merge: whatever the order and the splitting of customers, the result is the same.
#[doc(alias = "阶段转移表")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Moves {
    stages: Vec<Name>,
    /// By stage after.
    entered: Vec<u64>,
    /// From stage to stage.
    moved: Vec<Vec<u64>>,
    /// By stage before.
    unseen: Vec<u64>,
    /// All customers: no sum of counts is larger.
    customers: u64,
}

impl Moves {
    /// A table of nobody, over the stages of a model.
    pub fn new(model: &StageModel) -> Moves {
        Moves::empty(model.names())
    }

    fn empty(stages: Vec<Name>) -> Moves {
        let n = stages.len();
        Moves { stages, entered: vec![0; n], moved: vec![vec![0; n]; n], unseen: vec![0; n], customers: 0 }
    }

    /// A table of nobody, over stages that were read.
    pub(super) fn over(stages: Vec<Name>) -> Result<Moves, StageError> {
        if !(2..=16).contains(&stages.len()) {
            return Err(StageError::BadStageCount(stages.len()));
        }
        match stages.iter().enumerate().find(|(at, name)| stages[..*at].contains(name)) {
            Some((_, twice)) => Err(StageError::Twice(twice.clone())),
            None => Ok(Moves::empty(stages)),
        }
    }

    /// Counts a customer by the stage at the beginning and at the end; `None` at the beginning for who was not there, at the end for who
    /// was not seen. Who is neither is not counted.
    ///
    /// # Errors
    /// [`UnknownStage`](StageError::UnknownStage); [`TooMany`](StageError::TooMany) for the 2⁶⁴th customer.
    pub fn push(&mut self, before: Option<&Name>, after: Option<&Name>) -> Result<(), StageError> {
        let at = |name: &Name| self.at(name).ok_or_else(|| StageError::UnknownStage(name.clone()));
        let (before, after) = (before.map(at).transpose()?, after.map(at).transpose()?);
        let cell = match (before, after) {
            (None, None) => return Ok(()),
            (None, Some(after)) => &mut self.entered[after],
            (Some(before), None) => &mut self.unseen[before],
            (Some(before), Some(after)) => &mut self.moved[before][after],
        };
        self.customers = self.customers.checked_add(1).ok_or(StageError::TooMany)?;
        *cell += 1;
        Ok(())
    }

    /// Takes in the customers of another table.
    ///
    /// # Errors
    /// [`OtherStages`](StageError::OtherStages); [`TooMany`](StageError::TooMany) beyond 2⁶⁴ − 1 customers. Nothing is taken in then.
    pub fn merge(&mut self, other: &Moves) -> Result<(), StageError> {
        if self.stages != other.stages {
            return Err(StageError::OtherStages);
        }
        self.customers = self.customers.checked_add(other.customers).ok_or(StageError::TooMany)?;
        let ours = self.entered.iter_mut().chain(self.moved.iter_mut().flatten()).chain(&mut self.unseen);
        for (cell, more) in ours.zip(other.cells()) {
            *cell += more;
        }
        Ok(())
    }

    fn cells(&self) -> impl Iterator<Item = u64> {
        self.entered.iter().chain(self.moved.iter().flatten()).chain(&self.unseen).copied()
    }

    /// The stages, in the order of the rows.
    pub fn stages(&self) -> &[Name] {
        &self.stages
    }

    /// All customers.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// Customers who were in one stage at the beginning and in another, or the same, at the end; none for a stage that is not in the table.
    pub fn count(&self, before: &str, after: &str) -> u64 {
        self.at(before).zip(self.at(after)).map_or(0, |(before, after)| self.moved[before][after])
    }

    /// Customers who were not there at the beginning and are in that stage at the end.
    pub fn entered(&self, after: &str) -> u64 {
        self.at(after).map_or(0, |after| self.entered[after])
    }

    /// Customers who were in that stage at the beginning, and nobody has seen up to the end (right-censoring).
    #[doc(alias = "右删失")]
    pub fn unseen(&self, before: &str) -> u64 {
        self.at(before).map_or(0, |before| self.unseen[before])
    }

    /// Those in the second stage at the end, of those who were in the first at the beginning and were seen at both ends.
    pub fn share(&self, before: &str, after: &str) -> Share {
        let seen = self.at(before).map_or(0, |before| self.moved[before].iter().sum());
        // A part of the row, so it is a share.
        Share::new(self.count(before, after), seen).unwrap_or_default()
    }

    /// How many customers are known to be in each stage at the end, in the order of the stages.
    pub fn at_end(&self) -> Vec<u64> {
        let column = |after: usize| self.entered[after] + self.moved.iter().map(|row| row[after]).sum::<u64>();
        (0..self.stages.len()).map(column).collect()
    }

    /// The chain of these moves: what happens to a mix of stages if customers keep moving so. Newcomers are no move. For a stage where
    /// nobody was, `otherwise` may give the row; [`staying`](Moves::staying) is that of the end.
    ///
    /// # Errors
    /// [`Markov`](StageError::Markov), as [`Markov::of_counts`].
    #[doc(alias = "马尔可夫预测")]
    pub fn chain(&self, otherwise: &[(Name, Vec<Ratio>)]) -> Result<Markov, StageError> {
        Ok(Markov::of_counts(self.stages.clone(), &self.moved, otherwise)?)
    }

    /// The row of a chain for a stage that nobody leaves.
    ///
    /// # Errors
    /// [`UnknownStage`](StageError::UnknownStage).
    pub fn staying(&self, stage: &Name) -> Result<(Name, Vec<Ratio>), StageError> {
        let at = self.at(stage).ok_or_else(|| StageError::UnknownStage(stage.clone()))?;
        let row = (0..self.stages.len()).map(|to| if to == at { Ratio::ONE } else { Ratio::ZERO });
        Ok((stage.clone(), row.collect()))
    }

    fn at(&self, stage: &str) -> Option<usize> {
        self.stages.iter().position(|name| name == stage)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Moves")]
struct Wire {
    stages: Vec<Name>,
    entered: Vec<u64>,
    moved: Vec<Vec<u64>>,
    unseen: Vec<u64>,
}

impl TryFrom<Wire> for Moves {
    type Error = StageError;

    fn try_from(wire: Wire) -> Result<Moves, StageError> {
        let (none, n) = (Moves::over(wire.stages.clone())?, wire.stages.len());
        let fits = [wire.entered.len(), wire.unseen.len(), wire.moved.len()].into_iter().chain(wire.moved.iter().map(Vec::len));
        if fits.into_iter().any(|length| length != n) {
            return Err(StageError::BadCounts);
        }
        let mut moves = Moves { entered: wire.entered, moved: wire.moved, unseen: wire.unseen, ..none };
        let sum = moves.cells().try_fold(0_u64, u64::checked_add);
        moves.customers = sum.ok_or(StageError::TooMany)?;
        Ok(moves)
    }
}

impl From<Moves> for Wire {
    fn from(moves: Moves) -> Wire {
        Wire { stages: moves.stages, entered: moves.entered, moved: moves.moved, unseen: moves.unseen }
    }
}
