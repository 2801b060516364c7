//! How a model sorts one customer, before the rules are considered.

use super::{
    Grade, GradeModel, Grid, Sorter, TierError,
    grading::{Note, Scores},
};
use crate::{
    quantity::Name,
    reason::Reason,
    score::{Asked, note_read, number},
    value::{Direction, Facts},
};
use rust_decimal::Decimal;

impl GradeModel {
    /// The grade in one case.
    pub(super) fn sort(
        &self,
        facts: &impl Facts,
        scores: &Scores,
        asked: Asked,
        note: &mut impl Note,
        missing: &mut Option<Name>,
    ) -> Result<&Grade, TierError> {
        // Each value of a criterion is read and noted once; the sorter then asks for it as often as it needs it.
        let mut case = None;
        let criteria = self.sorter().criteria();
        for criterion in criteria {
            if self.value(&criterion.of, facts, scores, asked, note)?.0.is_none() {
                missing.get_or_insert_with(|| criterion.of.clone());
                case = Some(asked.case);
            }
        }
        let values = |at: usize| self.value(&criteria.get(at)?.of, facts, scores, asked, &mut |_| {}).ok()?.0;
        let grade = match self.sorter() {
            // A grid has no criteria: nothing has been read yet.
            Sorter::Grid(grid) => return self.cell(grid, facts, scores, asked, note, missing),
            Sorter::MrSort(sorter) => sorter.place(&values, case, &mut |vote| note(&|| Reason::Voted(vote()))),
            Sorter::ElectreTri(sorter) => sorter.place(&values, case, &mut |claim| note(&|| Reason::Claimed(claim())))?,
        };
        note(&|| Reason::Sorted { grade: grade.name().clone() });
        Ok(grade)
    }

    /// Looks up the grid.
    fn cell<'a>(
        &self,
        grid: &'a Grid,
        facts: &impl Facts,
        scores: &Scores,
        asked: Asked,
        note: &mut impl Note,
        missing: &mut Option<Name>,
    ) -> Result<&'a Grade, TierError> {
        let mut levels = [0; 4];
        for (slot, axis) in levels.iter_mut().zip(grid.axes()) {
            let of = axis.cutpoints.bins();
            let (value, direction) = self.value(&axis.of, facts, scores, asked, note)?;
            let Some(value) = value else {
                *slot = asked.end((1, of));
                note(&|| Reason::Supposed { dimension: axis.of.clone(), level: asked.end((1, of)).into(), case: asked.case });
                missing.get_or_insert_with(|| axis.of.clone());
                continue;
            };
            let bin = axis.cutpoints.bin(value);
            let level = direction.level(bin, of);
            let interval = || axis.cutpoints.interval(bin);
            note(&|| Reason::Placed { dimension: axis.of.clone(), value, interval: interval(), level, of });
            *slot = level;
        }
        let levels = &levels[..grid.axes().len()];
        // `Grid::new` has checked that every cell is there.
        let grade = grid.cell(levels).ok_or_else(|| TierError::Hole(levels.to_vec()))?;
        note(&|| Reason::Cell { levels: levels.to_vec(), grade: grade.name().clone() });
        Ok(grade)
    }

    /// The value of a score in the asked case, or of a dimension if it is known; and which way it is better. What no score has read is
    /// noted as read.
    fn value(
        &self,
        of: &Name,
        facts: &impl Facts,
        scores: &Scores,
        asked: Asked,
        note: &mut impl Note,
    ) -> Result<(Option<Decimal>, Direction), TierError> {
        if let Some(at) = self.scores().iter().position(|score| score.name() == of) {
            return Ok((Some(asked.end(scores[at])), Direction::HigherIsBetter));
        }
        // `GradeModel::new` has checked that it is one of its dimensions.
        let dimension = self.dimension(of).ok_or_else(|| TierError::UnknownDimension(of.clone()))?;
        let fact = facts.fact(of);
        if self.dimensions.iter().any(|own| own.name == *of) {
            note_read(dimension, &fact, facts, note);
        }
        Ok((number(dimension, &fact)?, dimension.direction))
    }
}
