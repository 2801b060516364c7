use super::{Grade, GradeSet, TierError};
use crate::money::Ratio;
use alloc::{vec, vec::Vec};

/// Who moved between two gradings of the same customers.
///
/// ```
/// use customer_value::tier::{GradeSet, Migration};
///
/// let set = GradeSet::letters(3)?;
/// let grade = |name| set.grade(name);
/// let moves = Migration::between(&set, [(grade("A"), grade("B")), (grade("B"), grade("B")), (None, grade("C"))])?;
///
/// assert_eq!(moves.count(grade("A").unwrap(), grade("B").unwrap()), 1);
/// assert_eq!((moves.up(), moves.stayed(), moves.down(), moves.entered()), (0, 1, 1, 1));
/// # Ok::<(), customer_value::tier::TierError>(())
/// ```
#[doc(alias = "客户结构变化")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    grades: GradeSet,
    /// From the rank before to the rank after; position 0 is "not there".
    counts: Vec<Vec<u64>>,
}

impl Migration {
    /// Counts the customers by their grade before and after; `None` for a customer who was not there.
    ///
    /// # Errors
    /// [`UnknownGrade`](TierError::UnknownGrade) for a grade of another set.
    pub fn between<'a>(
        grades: &GradeSet,
        customers: impl IntoIterator<Item = (Option<&'a Grade>, Option<&'a Grade>)>,
    ) -> Result<Migration, TierError> {
        let size = grades.best_first().len() + 1;
        let mut counts = vec![vec![0; size]; size];
        let rank = |grade: Option<&Grade>| match grade {
            None => Ok(0),
            Some(grade) if grades.best_first().contains(grade) => Ok(usize::from(grade.rank())),
            Some(grade) => Err(TierError::UnknownGrade(grade.name().clone())),
        };
        for (before, after) in customers {
            counts[rank(before)?][rank(after)?] += 1;
        }
        Ok(Migration { grades: grades.clone(), counts })
    }

    /// The grades.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// Customers who moved from one grade to another, or stayed; none for a grade of another set.
    pub fn count(&self, before: &Grade, after: &Grade) -> u64 {
        self.cell(self.position(before), self.position(after))
    }

    /// Customers who came in with that grade.
    pub fn entered_with(&self, after: &Grade) -> u64 {
        self.cell(0, self.position(after))
    }

    /// Customers who were there with that grade and are gone.
    pub fn left_with(&self, before: &Grade) -> u64 {
        self.cell(self.position(before), 0)
    }

    /// The share of a grade's customers who have another grade (or the same) after; `None` if nobody had it and is still there.
    pub fn share(&self, before: &Grade, after: &Grade) -> Option<Ratio> {
        let of: u64 = self.grades.best_first().iter().map(|g| self.count(before, g)).sum();
        if of == 0 { None } else { Ratio::new(self.count(before, after).into(), of.into()).ok() }
    }

    /// Customers who are better graded than before.
    pub fn up(&self) -> u64 {
        self.sum(|before, after| 0 < after && after < before)
    }

    /// Customers who are worse graded than before.
    pub fn down(&self) -> u64 {
        self.sum(|before, after| 0 < before && before < after)
    }

    /// Customers with the grade they had.
    pub fn stayed(&self) -> u64 {
        self.sum(|before, after| 0 < before && before == after)
    }

    /// Customers who were not there before.
    pub fn entered(&self) -> u64 {
        self.sum(|before, after| before == 0 && 0 < after)
    }

    /// Customers who are not there any more.
    pub fn left(&self) -> u64 {
        self.sum(|before, after| 0 < before && after == 0)
    }

    /// The row or column of a grade; one of another set has none.
    fn position(&self, grade: &Grade) -> usize {
        if self.grades.best_first().contains(grade) { grade.rank().into() } else { usize::MAX }
    }

    fn cell(&self, before: usize, after: usize) -> u64 {
        self.counts.get(before).and_then(|row| row.get(after)).copied().unwrap_or(0)
    }

    fn sum(&self, which: impl Fn(usize, usize) -> bool) -> u64 {
        let cells = self.counts.iter().enumerate().flat_map(|(b, row)| row.iter().enumerate().map(move |(a, n)| (b, a, n)));
        cells.filter(|&(before, after, _)| which(before, after)).map(|(_, _, n)| n).sum()
    }
}
