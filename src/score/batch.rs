use super::{Scale, ScoreError, ScoreModel, Term, cutpoints::FixedCuts, model::check_unit};
use crate::{
    money::{Rounding, decimal},
    quantity::{Column, Name, Unit},
};
use alloc::{vec, vec::Vec};
use rust_decimal::Decimal;

/// The scores of many customers, in the order of the columns they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreColumns {
    levels: Vec<Vec<u8>>,
    scores: Vec<i64>,
    places: u8,
}

impl ScoreColumns {
    /// The scores, as a column of numbers.
    pub fn scores(&self) -> Column<'_> {
        Column { values: &self.scores, places: self.places, unit: Unit::Number }
    }

    /// The levels in the term at that position, 1 for the worst; empty for a term without bins.
    pub fn levels(&self, term: usize) -> &[u8] {
        self.levels.get(term).map_or(&[], Vec::as_slice)
    }
}

impl ScoreModel {
    /// Scores a population: exactly what [`score`](ScoreModel::score) gives for each, at the speed of memory. `column` gives the
    /// customers' values in a dimension; all are known.
    ///
    /// ```
    /// # use customer_value::{money::Currency, quantity::*, score::*, value::*};
    /// # let sales = Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Count)?;
    /// # let scale = Scale::Bins(Cutpoints::new(vec![10.into(), 20.into()], Ties::ToLower)?);
    /// # let model = ScoreModel::new(Name::new("size")?, 1, vec![Term { dimension: sales, weight: "1".parse()?, scale, missing: Missing::Refuse }])?;
    /// let values = Column { values: &[10, 11, 99], places: 0, unit: Unit::Count };
    /// let scored = model.score_columns(|_| Some(values))?;
    /// assert_eq!(scored.scores().values, [10, 20, 30]); // 1.0, 2.0, 3.0
    /// assert_eq!(scored.levels(0), [1, 2, 3]);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NoColumn`](ScoreError::NoColumn), [`WrongUnit`](ScoreError::WrongUnit), [`UnequalColumns`](ScoreError::UnequalColumns), and
    /// [`PointsOutOfRange`](ScoreError::PointsOutOfRange) for scores beyond 64 bits.
    pub fn score_columns<'a>(&self, column: impl Fn(&Name) -> Option<Column<'a>>) -> Result<ScoreColumns, ScoreError> {
        let mut scores: Vec<i64> = Vec::new();
        let mut levels = Vec::with_capacity(self.terms().len());
        for (i, term) in self.terms().iter().enumerate() {
            let dimension = &term.dimension;
            let values = column(&dimension.name).ok_or_else(|| ScoreError::NoColumn(dimension.name.clone()))?;
            check_unit(dimension, values.unit)?;
            if i == 0 {
                scores = vec![0; values.values.len()];
            } else if scores.len() != values.values.len() {
                let (expected, found) = (scores.len(), values.values.len());
                return Err(ScoreError::UnequalColumns { dimension: dimension.name.clone(), expected, found });
            }
            let mut term_levels = Vec::new();
            if let Scale::Bins(cutpoints) = &term.scale {
                let table = self.points_by_bin(term, cutpoints.bins())?;
                let fixed: FixedCuts = cutpoints.fixed(values.places);
                term_levels.reserve_exact(scores.len());
                for (score, &value) in scores.iter_mut().zip(values.values) {
                    let (level, points) = table[usize::from(fixed.bin(value))];
                    term_levels.push(level);
                    *score = score.checked_add(points).ok_or_else(|| ScoreError::PointsOutOfRange(dimension.name.clone()))?;
                }
            } else {
                for (customer, score) in scores.iter_mut().enumerate() {
                    let value = values.get(customer).unwrap_or_default();
                    let points = self.points_of_level(term, term.level(value, &mut |_| {}))?;
                    *score = score.checked_add(points).ok_or_else(|| ScoreError::PointsOutOfRange(dimension.name.clone()))?;
                }
            }
            levels.push(term_levels);
        }
        Ok(ScoreColumns { levels, scores, places: self.places() })
    }

    /// Level and points of each bin.
    fn points_by_bin(&self, term: &Term, bins: u8) -> Result<Vec<(u8, i64)>, ScoreError> {
        (0..bins)
            .map(|bin| {
                let level = term.dimension.direction.level(bin, bins);
                Ok((level, self.points_of_level(term, level.into())?))
            })
            .collect()
    }

    /// Weight times level in the fixed point of the score.
    fn points_of_level(&self, term: &Term, level: Decimal) -> Result<i64, ScoreError> {
        let points = term.weight.times(level, self.places(), Rounding::HalfEven);
        points
            .and_then(|p| decimal::to_fixed(p, self.places()).ok())
            .ok_or_else(|| ScoreError::PointsOutOfRange(term.dimension.name.clone()))
    }
}
