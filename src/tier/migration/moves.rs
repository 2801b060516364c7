use super::MigrationError;
use crate::{
    money::Ratio,
    numeric::{Share, normal_tail},
    quantity::{Confidence, Estimate, Name},
    tier::{Grade, GradeSet, error::first_twice},
    value::markov::{Markov, MarkovError},
};
use alloc::{string::ToString, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Who moved between two gradings of the same customers.
///
/// Migrations merge: whatever the order and the splitting of customers, the result is the same.
///
/// ```
/// use customer_value::{quantity::Confidence, tier::{GradeSet, migration::Migration}};
///
/// let set = GradeSet::letters(3)?;
/// let (a, b, c) = (set.grade("A").unwrap(), set.grade("B").unwrap(), set.grade("C"));
/// let moves = Migration::between(&set, [(Some(a), Some(b)), (Some(b), Some(b)), (Some(b), None), (None, c)])?;
///
/// assert_eq!(moves.count(a, b), 1);
/// assert_eq!((moves.up(), moves.stayed(), moves.down(), moves.entered(), moves.left()), (0, 1, 1, 1, 1));
/// assert_eq!(moves.retention(b).unwrap().to_string(), "0.5");
/// let sure = moves.retention_estimate(b, Confidence::P95).unwrap();
/// assert!(sure.low() < 0.1 && sure.high() > 0.9); // two customers say little
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户结构变化")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Migration {
    grades: GradeSet,
    /// From the rank before to the rank after; position 0 is "not there".
    counts: Vec<Vec<u64>>,
    /// All customers: sums of counts are no larger.
    customers: u64,
}

impl Migration {
    /// A migration of nobody.
    pub fn new(grades: &GradeSet) -> Migration {
        let size = grades.best_first().len() + 1;
        Migration { grades: grades.clone(), counts: vec![vec![0; size]; size], customers: 0 }
    }

    /// Counts the customers by their grade before and after; `None` for a customer who was not there.
    ///
    /// # Errors
    /// As [`push`](Migration::push).
    pub fn between<'a>(
        grades: &GradeSet,
        customers: impl IntoIterator<Item = (Option<&'a Grade>, Option<&'a Grade>)>,
    ) -> Result<Migration, MigrationError> {
        let mut moves = Migration::new(grades);
        customers.into_iter().try_for_each(|(before, after)| moves.push(before, after))?;
        Ok(moves)
    }

    /// Counts a customer by the grade before and after; `None` where the customer was not there. Who was there neither before nor after
    /// is not counted.
    ///
    /// # Errors
    /// [`UnknownGrade`](MigrationError::UnknownGrade) for a grade of another set; [`TooMany`](MigrationError::TooMany) for the 2⁶⁴th
    /// customer.
    pub fn push(&mut self, before: Option<&Grade>, after: Option<&Grade>) -> Result<(), MigrationError> {
        let rank = |grade: Option<&Grade>| match grade {
            None => Ok(0),
            Some(grade) if self.grades.best_first().contains(grade) => Ok(usize::from(grade.rank())),
            Some(grade) => Err(MigrationError::UnknownGrade(grade.name().clone())),
        };
        let (before, after) = (rank(before)?, rank(after)?);
        if (before, after) != (0, 0) {
            self.customers = self.customers.checked_add(1).ok_or(MigrationError::TooMany)?;
            self.counts[before][after] += 1;
        }
        Ok(())
    }

    /// Takes in the customers of another migration.
    ///
    /// # Errors
    /// [`OtherGrades`](MigrationError::OtherGrades) for another set of grades; [`TooMany`](MigrationError::TooMany) beyond 2⁶⁴ − 1
    /// customers. Nothing is taken in then.
    pub fn merge(&mut self, other: &Migration) -> Result<(), MigrationError> {
        if self.grades != other.grades {
            return Err(MigrationError::OtherGrades);
        }
        self.customers = self.customers.checked_add(other.customers).ok_or(MigrationError::TooMany)?;
        for (cell, more) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *cell += more;
        }
        Ok(())
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

    /// Customers who had that grade before, whether they are still there or gone.
    pub fn had(&self, before: &Grade) -> u64 {
        self.remained(before) + self.left_with(before)
    }

    /// Customers who had that grade before and are still there, with whatever grade.
    pub fn remained(&self, before: &Grade) -> u64 {
        self.grades.best_first().iter().map(|g| self.count(before, g)).sum()
    }

    /// The share of a grade's customers who have another grade (or the same) after; `None` if nobody had it and is still there.
    pub fn share(&self, before: &Grade, after: &Grade) -> Option<Ratio> {
        Ratio::new(self.count(before, after).into(), self.remained(before).into()).ok()
    }

    /// The share of a grade's customers who are still there; `None` if nobody had it.
    #[doc(alias = "保有率")]
    pub fn retention(&self, before: &Grade) -> Option<Ratio> {
        Ratio::new(self.remained(before).into(), self.had(before).into()).ok()
    }

    /// As [`share`](Migration::share), with the score interval of Wilson (1927): how far the share may be due to chance.
    pub fn share_estimate(&self, before: &Grade, after: &Grade, confidence: Confidence) -> Option<Estimate> {
        estimate(self.count(before, after), self.remained(before), confidence)
    }

    /// As [`retention`](Migration::retention), with the score interval of Wilson (1927).
    pub fn retention_estimate(&self, before: &Grade, confidence: Confidence) -> Option<Estimate> {
        estimate(self.remained(before), self.had(before), confidence)
    }

    /// [`share_estimate`](Migration::share_estimate) of all cells: a row for every grade before, a column for every grade after, best
    /// first. The intervals are of one cell each; all together they are less sure.
    #[doc(alias = "转移矩阵")]
    pub fn matrix(&self, confidence: Confidence) -> Vec<Vec<Option<Estimate>>> {
        let grades = self.grades.best_first();
        grades.iter().map(|b| grades.iter().map(|a| self.share_estimate(b, a, confidence)).collect()).collect()
    }

    /// The chain of these moves: the grades, best first, and behind them a state of its own for those who left, who stay away.
    ///
    /// The chance of a move is the share of those who made it among all who had the grade. Customers who entered are no move. For a
    /// grade that nobody had, `otherwise` may give the row, in order of the states; rows of grades that somebody had are not looked at.
    ///
    /// # Errors
    /// [`Nobody`](MarkovError::Nobody) for a grade that nobody had and `otherwise` does not give;
    /// [`UnknownState`](MarkovError::UnknownState) if `otherwise` names something else than a grade;
    /// [`Twice`](MarkovError::Twice) if `gone` is the name of a grade; otherwise as [`Markov::of_counts`].
    pub fn chain(&self, gone: Name, otherwise: &[(Name, Vec<Ratio>)]) -> Result<Markov, MarkovError> {
        let grades = self.grades.best_first();
        if let Some((other, _)) = otherwise.iter().find(|(name, _)| self.grades.grade(name).is_none()) {
            return Err(MarkovError::UnknownState(other.to_string()));
        }
        let states: Vec<Name> = grades.iter().map(|g| g.name().clone()).chain([gone.clone()]).collect();
        if let Some(name) = first_twice(states.iter()) {
            return Err(MarkovError::Twice(name.clone()));
        }
        let row = |before| grades.iter().map(|after| self.count(before, after)).chain([self.left_with(before)]).collect();
        let counts: Vec<Vec<u64>> = grades.iter().map(row).chain([vec![0; states.len()]]).collect();
        let stays = grades.iter().map(|_| Ratio::ZERO).chain([Ratio::ONE]).collect();
        let otherwise: Vec<_> = otherwise.iter().cloned().chain([(gone, stays)]).collect();
        Markov::of_counts(states, &counts, &otherwise)
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

/// A share with its interval; `None` of nothing.
fn estimate(part: u64, whole: u64, confidence: Confidence) -> Option<Estimate> {
    if whole == 0 {
        return None;
    }
    let share = Share::wilson(part, whole, normal_tail(confidence.tail()));
    Estimate::new(share.value, share.low, share.high, confidence).ok()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Migration")]
struct Wire {
    grades: GradeSet,
    /// One a grade, as `left` and each row of `moved`.
    entered: Vec<u64>,
    moved: Vec<Vec<u64>>,
    left: Vec<u64>,
}

impl TryFrom<Wire> for Migration {
    type Error = MigrationError;

    fn try_from(wire: Wire) -> Result<Migration, MigrationError> {
        let mut moves = Migration::new(&wire.grades);
        let size = wire.grades.best_first().len();
        let fits = [wire.entered.len(), wire.left.len(), wire.moved.len()].into_iter().chain(wire.moved.iter().map(Vec::len));
        if fits.into_iter().any(|length| length != size) {
            return Err(MigrationError::BadCounts("one row and one column a grade are needed"));
        }
        let rows = wire.left.into_iter().zip(wire.moved);
        for (row, (first, rest)) in moves.counts.iter_mut().zip([(0, wire.entered)].into_iter().chain(rows)) {
            for (cell, read) in row.iter_mut().zip([first].into_iter().chain(rest)) {
                *cell = read;
                moves.customers = moves.customers.checked_add(read).ok_or(MigrationError::TooMany)?;
            }
        }
        Ok(moves)
    }
}

impl From<Migration> for Wire {
    fn from(moves: Migration) -> Wire {
        let column = |row: &Vec<u64>| row.first().copied().unwrap_or(0);
        let rest = |row: &Vec<u64>| row.iter().skip(1).copied().collect();
        let (entered, rows) = (moves.counts.first().map(rest).unwrap_or_default(), moves.counts.iter().skip(1));
        Wire { grades: moves.grades.clone(), entered, left: rows.clone().map(column).collect(), moved: rows.map(rest).collect() }
    }
}
