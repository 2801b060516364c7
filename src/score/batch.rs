use super::{Scale, ScoreError, ScoreModel, cutpoints::check_places, term::check_unit};
use crate::{
    money::decimal,
    quantity::{Column, Name, Unit},
};
use alloc::{vec, vec::Vec};

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
    /// # let name = Name::new("size")?;
    /// # let model = ScoreModel::new(name, 1, vec![Term { dimension: sales, weight: "1".parse()?, scale, missing: Missing::Refuse }])?;
    /// let values = Column::counts(&[10, 11, 99]);
    /// let scored = model.score_columns(|_| Some(values))?;
    /// assert_eq!(scored.scores().values, [10, 20, 30]); // 1.0, 2.0, 3.0
    /// assert_eq!(scored.levels(0), [1, 2, 3]);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NoColumn`](ScoreError::NoColumn), [`WrongUnit`](ScoreError::WrongUnit), [`UnequalColumns`](ScoreError::UnequalColumns),
    /// [`ColumnPlaces`](ScoreError::ColumnPlaces), and
    /// [`PointsOutOfRange`](ScoreError::PointsOutOfRange) for scores beyond 64 bits.
    pub fn score_columns<'a>(&self, column: impl Fn(&Name) -> Option<Column<'a>>) -> Result<ScoreColumns, ScoreError> {
        let mut scores: Vec<i64> = Vec::new();
        let mut levels = Vec::with_capacity(self.terms().len());
        for (i, term) in self.terms().iter().enumerate() {
            let dimension = &term.dimension;
            let values = column(&dimension.name).ok_or_else(|| ScoreError::NoColumn(dimension.name.clone()))?;
            check_unit(dimension, values.unit)?;
            check_places(values.places)?;
            if i == 0 {
                scores = vec![0; values.values.len()];
            } else if scores.len() != values.values.len() {
                let (expected, found) = (scores.len(), values.values.len());
                return Err(ScoreError::UnequalColumns { dimension: dimension.name.clone(), expected, found });
            }
            let out_of_range = || ScoreError::PointsOutOfRange(dimension.name.clone());
            let fixed_points = |points| decimal::to_fixed(points, self.places()).map_err(|_| out_of_range());
            let mut term_levels = Vec::new();
            if let Scale::Bins(cutpoints) = &term.scale {
                let points = self.points[i].iter().map(|&p| fixed_points(p)).collect::<Result<Vec<_>, _>>()?;
                let (fixed, of) = (cutpoints.fixed(values.places)?, cutpoints.bins());
                term_levels.reserve_exact(scores.len());
                for (score, &value) in scores.iter_mut().zip(values.values) {
                    let level = dimension.direction.level(fixed.bin(value), of);
                    term_levels.push(level);
                    *score = score.checked_add(points[usize::from(level - 1)]).ok_or_else(out_of_range)?;
                }
            } else {
                for (customer, score) in scores.iter_mut().enumerate() {
                    let value = values.get(customer).unwrap_or_default();
                    let points = self.points_of(i, value)?;
                    *score = score.checked_add(fixed_points(points)?).ok_or_else(out_of_range)?;
                }
            }
            levels.push(term_levels);
        }
        Ok(ScoreColumns { levels, scores, places: self.places() })
    }
}
