use super::RankingError;
use crate::{money::Ratio, quantity::Name, score::weights::Weights, value::Direction};
use alloc::vec::Vec;
use rust_decimal::Decimal;

/// Alternatives to be compared: criteria with direction and weight, and one row of values for each alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternatives {
    pub(super) criteria: Vec<Criterion>,
    pub(super) rows: Vec<(Name, Vec<Decimal>)>,
}

/// What alternatives are compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Criterion {
    pub(super) name: Name,
    pub(super) direction: Direction,
    pub(super) weight: Ratio,
}

impl Alternatives {
    /// Checks and keeps. Every row has the values in the order of the criteria.
    ///
    /// # Errors
    /// [`NoCriteria`](RankingError::NoCriteria), [`NoAlternatives`](RankingError::NoAlternatives),
    /// [`Twice`](RankingError::Twice) for a criterion or an alternative given twice, [`NoWeight`](RankingError::NoWeight) for a criterion
    /// that the weights leave out, [`NoCriterion`](RankingError::NoCriterion) for a weight of something else, and
    /// [`Ragged`](RankingError::Ragged) for a row of 1 value where there are 2 criteria.
    pub fn new(
        criteria: Vec<(Name, Direction)>,
        weights: &Weights,
        rows: Vec<(Name, Vec<Decimal>)>,
    ) -> Result<Alternatives, RankingError> {
        match (criteria.is_empty(), rows.is_empty()) {
            (true, _) => return Err(RankingError::NoCriteria),
            (_, true) => return Err(RankingError::NoAlternatives),
            _ => {}
        }
        no_name_twice(criteria.iter().map(|(name, _)| name))?;
        no_name_twice(rows.iter().map(|(name, _)| name))?;
        if let Some((name, _)) = weights.iter().find(|(name, _)| criteria.iter().all(|(criterion, _)| criterion != *name)) {
            return Err(RankingError::NoCriterion(name.clone()));
        }
        if let Some((name, row)) = rows.iter().find(|(_, row)| row.len() != criteria.len()) {
            return Err(RankingError::Ragged { alternative: name.clone(), expected: criteria.len(), found: row.len() });
        }
        let weighed = |(name, direction): (Name, Direction)| match weights.of(&name) {
            Some(weight) => Ok(Criterion { name, direction, weight }),
            None => Err(RankingError::NoWeight(name)),
        };
        Ok(Alternatives { criteria: criteria.into_iter().map(weighed).collect::<Result<_, _>>()?, rows })
    }

    /// The names of the alternatives, in the order of the rows.
    pub(super) fn names(&self) -> impl Iterator<Item = Name> {
        self.rows.iter().map(|(name, _)| name.clone())
    }

    /// Worst and best value among the alternatives, criterion by criterion.
    pub(super) fn extremes(&self) -> Vec<(Decimal, Decimal)> {
        let extreme = |(at, criterion): (usize, &Criterion)| {
            let column = || self.rows.iter().map(|(_, row)| row[at]);
            let (low, high) = (column().min().unwrap_or_default(), column().max().unwrap_or_default());
            match criterion.direction {
                Direction::HigherIsBetter => (low, high),
                Direction::LowerIsBetter => (high, low),
            }
        };
        self.criteria.iter().enumerate().map(extreme).collect()
    }

    /// The criteria in which all are equal; an error if they are in every one.
    pub(super) fn constant(&self) -> Result<Vec<Name>, RankingError> {
        let extremes = self.extremes();
        let constant = self.criteria.iter().zip(&extremes).filter(|(_, (worst, best))| worst == best);
        let names: Vec<Name> = constant.map(|(criterion, _)| criterion.name.clone()).collect();
        if names.len() == self.criteria.len() { Err(RankingError::NothingDiffers) } else { Ok(names) }
    }
}

pub(super) fn no_name_twice<'a>(names: impl Iterator<Item = &'a Name>) -> Result<(), RankingError> {
    let mut sorted: Vec<&Name> = names.collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(RankingError::Twice(pair[0].clone())),
        None => Ok(()),
    }
}
