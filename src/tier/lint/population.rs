//! What can be seen of a model beside the values of its customers.

use super::{Lint, LintError, LintPolicy, correlation};
use crate::{
    money::Ratio,
    quantity::{Column, Name, Unit},
    score::{Scale, ScoreError, check_unit},
    tier::{GradeModel, Grid},
    value::Dimension,
};
use alloc::vec::Vec;

impl LintPolicy {
    /// Looks at a population: dimensions that are the same for everybody or nearly the same as another, and levels at which nobody is.
    ///
    /// `column` gives the population's values in a dimension; of a judged dimension they are places on its list, 1 for the worst. A
    /// dimension without a column is passed over. Two customers are the fewest of whom a dimension is said to be constant, three the fewest
    /// of whom it is said to be correlated.
    ///
    /// # Errors
    /// [`WrongUnit`](ScoreError::WrongUnit) for a column in another unit, [`ColumnPlaces`](ScoreError::ColumnPlaces) for one of more than
    /// 18 decimal places, [`UnequalColumns`](ScoreError::UnequalColumns).
    pub fn of_columns<'a>(&self, model: &GradeModel, column: impl Fn(&Name) -> Option<Column<'a>>) -> Result<Vec<Lint>, LintError> {
        let mut columns: Vec<(&Dimension, Column<'a>)> = Vec::new();
        for dimension in model.dimensions() {
            let Some(values) = column(&dimension.name) else { continue };
            check_unit(dimension, values.unit)?;
            if values.places > 18 {
                return Err(ScoreError::ColumnPlaces(values.places).into());
            }
            if let Some((_, first)) = columns.first().filter(|(_, first)| first.values.len() != values.values.len()) {
                let (expected, found) = (first.values.len(), values.values.len());
                return Err(ScoreError::UnequalColumns { dimension: dimension.name.clone(), expected, found }.into());
            }
            columns.push((dimension, values));
        }
        let mut lints: Vec<Lint> = columns.iter().filter_map(|(dimension, values)| constant(dimension, values)).collect();
        for (at, (first, x)) in columns.iter().enumerate() {
            for (second, y) in &columns[at + 1..] {
                let coefficients = (correlation::pearson(x.values, y.values), correlation::spearman(x.values, y.values));
                let (Some(pearson), Some(spearman)) = coefficients else { continue };
                let strong = |r: Ratio| r > self.most_correlation || minus(r) > self.most_correlation;
                if strong(pearson) || strong(spearman) {
                    let (first, second) = (first.name.clone(), second.name.clone());
                    lints.push(Lint::Correlated { first, second, pearson, spearman, most: self.most_correlation });
                }
            }
        }
        for (dimension, values) in &columns {
            lints.extend(empty_levels(model, dimension, values)?);
        }
        Ok(lints)
    }
}

fn minus(r: Ratio) -> Ratio {
    // Of a coefficient, whose terms are small.
    Ratio::new(-r.numerator(), r.denominator()).unwrap_or(Ratio::ZERO)
}

fn constant(dimension: &Dimension, column: &Column<'_>) -> Option<Lint> {
    let alike = column.values.len() > 1 && column.values.windows(2).all(|pair| pair[0] == pair[1]);
    let value = column.get(0).filter(|_| alike)?;
    Some(Lint::Constant { dimension: dimension.name.clone(), value })
}

/// The scales and axes on which some levels of the dimension hold nobody.
fn empty_levels(model: &GradeModel, dimension: &Dimension, column: &Column<'_>) -> Result<Vec<Lint>, ScoreError> {
    let mut scales: Vec<(&Name, u8, Vec<u8>)> = Vec::new();
    for score in model.scores() {
        for term in score.terms().iter().filter(|term| term.dimension.name == dimension.name) {
            match &term.scale {
                Scale::Bins(cutpoints) => scales.push((score.name(), cutpoints.bins(), cutpoints.bins_of(column)?)),
                _ if dimension.unit == Unit::Level => {
                    let places = |at| column.get(at).and_then(|place| u8::try_from(place).ok());
                    let places = (0..column.values.len()).filter_map(places).collect();
                    scales.push((score.name(), u8::try_from(dimension.levels.len()).unwrap_or(u8::MAX), places));
                }
                _ => {}
            }
        }
    }
    for axis in model.sorter().grid().into_iter().flat_map(Grid::axes).filter(|axis| axis.of == dimension.name) {
        scales.push((model.name(), axis.cutpoints.bins(), axis.cutpoints.bins_of(column)?));
    }
    let lint = |(within, asked, mut found): (&Name, u8, Vec<u8>)| {
        found.sort_unstable();
        found.dedup();
        let obtained = u8::try_from(found.len()).unwrap_or(u8::MAX);
        let (within, dimension) = (within.clone(), dimension.name.clone());
        (0 < obtained && obtained < asked).then_some(Lint::EmptyLevels { within, dimension, asked, obtained })
    };
    Ok(scales.into_iter().filter_map(lint).collect())
}
