//! The levels in which a score places a population, and the segments that the levels make.

use crate::{
    policy::{MEASURED, Policy},
    population::Population,
};
use anyhow::{Context, Result};
use customer_value::{
    score::ScoreColumns,
    tier::{GradeModel, segments::SegmentTable},
};
use rust_decimal::Decimal;

/// The scores of a population and the levels behind them.
pub(crate) struct Levels {
    columns: ScoreColumns,
    /// The terms of the measured dimensions.
    terms: [usize; 3],
}

impl Levels {
    pub(crate) fn of(model: &GradeModel, population: &Population) -> Result<Levels> {
        let score = model.scores().first().context("the model has no score")?;
        let columns = score.score_columns(|dimension| population.column(dimension)).context("scoring the population")?;
        let mut terms = [0; 3];
        for (slot, dimension) in terms.iter_mut().zip(MEASURED) {
            *slot = score.terms().iter().position(|term| term.dimension.name == dimension).context("a dimension is not scored")?;
        }
        Ok(Levels { columns, terms })
    }

    /// A customer's level in each measured dimension.
    pub(crate) fn at(&self, customer: usize) -> Result<[u8; 3]> {
        let mut levels = [0; 3];
        for (level, term) in levels.iter_mut().zip(self.terms) {
            *level = *self.columns.levels(term).get(customer).context("a customer has no level")?;
        }
        Ok(levels)
    }

    pub(crate) fn score(&self, customer: usize) -> Result<Decimal> {
        self.columns.scores().get(customer).context("a customer has no score")
    }
}

/// Finds segments by the levels of the measured dimensions.
pub(crate) struct Segmenter<'a> {
    segments: &'a SegmentTable,
    /// For each axis of the segments the position of its dimension.
    axes: Vec<usize>,
}

impl<'a> Segmenter<'a> {
    pub(crate) fn new(policy: &'a Policy) -> Result<Segmenter<'a>> {
        let position = |of: &str| MEASURED.iter().position(|dimension| *dimension == of);
        let axes = policy.segments.axes().iter().map(|axis| position(&axis.of).context("a segment axis is not measured"));
        Ok(Segmenter { segments: &policy.segments, axes: axes.collect::<Result<_>>()? })
    }

    /// The position of the segment.
    pub(crate) fn of(&self, levels: [u8; 3]) -> Result<usize> {
        let of_axes: Vec<u8> = self.axes.iter().map(|&axis| levels[axis]).collect();
        self.segments.position(&of_axes).context("no segment has these levels")
    }
}
