use super::Criterion;
use crate::tier::{Grade, GradeSet};
use rust_decimal::Decimal;

/// The grades a customer may have: one where every value is known, or where what is missing makes no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GradeRange<'a> {
    /// The grade if every missing value were as bad as can be.
    pub worst: &'a Grade,
    /// The grade if every missing value were as good as can be.
    pub best: &'a Grade,
}

/// What a comparison takes a missing value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// Nothing is missing.
    Known,
    /// As bad as can be: it supports nothing, and blocks what it can block.
    Worst,
    /// As good as can be: it supports fully, and blocks nothing.
    Best,
}

impl<'a> GradeRange<'a> {
    /// The grade, if only one is possible.
    pub fn certain(&self) -> Option<&'a Grade> {
        (self.worst == self.best).then_some(self.best)
    }

    /// Sorts once, or twice where a value is missing. `place` gives a position among the grades, best first.
    pub(super) fn sort<E>(
        grades: &'a GradeSet,
        criteria: &[Criterion],
        values: &impl Fn(usize) -> Option<Decimal>,
        mut place: impl FnMut(Case) -> Result<usize, E>,
    ) -> Result<GradeRange<'a>, E> {
        let mut grade = |case| Ok(&grades.best_first()[place(case)?]);
        if (0..criteria.len()).all(|at| values(at).is_some()) {
            let only = grade(Case::Known)?;
            return Ok(GradeRange { worst: only, best: only });
        }
        Ok(GradeRange { worst: grade(Case::Worst)?, best: grade(Case::Best)? })
    }
}
