use super::Criterion;
use crate::{reason::Case, tier::Grade};
use rust_decimal::Decimal;

/// The grades a customer may have: one where every value is known, or where what is missing makes no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GradeRange<'a> {
    /// The grade if every missing value were as bad as can be.
    pub worst: &'a Grade,
    /// The grade if every missing value were as good as can be.
    pub best: &'a Grade,
}

impl<'a> GradeRange<'a> {
    /// The grade, if only one is possible.
    pub fn certain(&self) -> Option<&'a Grade> {
        (self.worst == self.best).then_some(self.best)
    }

    /// Sorts once, or twice where a value is missing.
    pub(super) fn sort<E>(
        criteria: &[Criterion],
        values: &impl Fn(usize) -> Option<Decimal>,
        mut place: impl FnMut(Option<Case>) -> Result<&'a Grade, E>,
    ) -> Result<GradeRange<'a>, E> {
        if (0..criteria.len()).all(|at| values(at).is_some()) {
            let only = place(None)?;
            return Ok(GradeRange { worst: only, best: only });
        }
        Ok(GradeRange { worst: place(Some(Case::Worst))?, best: place(Some(Case::Best))? })
    }
}
