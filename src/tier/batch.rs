use super::{Grade, GradeModel, GradeSet, Sorter, TierError, program::Program};
use crate::value::Table;
use alloc::{vec, vec::Vec};

/// The grades of many customers, in the order of the rows they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeColumns {
    grades: GradeSet,
    ranks: Vec<u8>,
    refused: Vec<(usize, TierError)>,
}

impl GradeColumns {
    /// The rank of each customer's grade, 1 for the best; 0 for a customer who has none.
    pub fn ranks(&self) -> &[u8] {
        &self.ranks
    }

    /// The grade of the customer at a position; `None` for one who has none.
    pub fn grade(&self, customer: usize) -> Option<&Grade> {
        let rank = usize::from(*self.ranks.get(customer)?);
        self.grades.best_first().get(rank.checked_sub(1)?)
    }

    /// The customers who could not be graded, by position, and why not.
    pub fn refused(&self) -> &[(usize, TierError)] {
        &self.refused
    }

    /// How many customers have each grade, best first.
    pub fn counts(&self) -> impl Iterator<Item = (&Grade, usize)> {
        let mut counts = [0_usize; 8];
        self.ranks.iter().for_each(|&rank| counts[usize::from(rank.min(7))] += 1);
        self.grades.best_first().iter().map(move |grade| (grade, counts[usize::from(grade.rank())]))
    }
}

/// Rows that are graded in one go: few enough for what is found of them to stay close to the processor.
const CHUNK: usize = 1 << 11;

impl GradeModel {
    /// Grades a population: exactly what [`grade_only`](GradeModel::grade_only) gives for each row, without allocating for any of them, and
    /// with the feature `rayon` on all threads of the current pool. A customer who cannot be graded spoils nobody else's grade.
    ///
    /// A model with a grid is made ready for the columns once, after which a customer takes a few comparisons; a row with a missing value,
    /// and a model that sorts against profiles, take the time that they take one by one.
    ///
    /// ```
    /// # use customer_value::{money::Currency, quantity::*, score::*, tier::*, value::*};
    /// # let sales = Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::CNY))?;
    /// # let axis = Axis { of: sales.name.clone(), cutpoints: Cutpoints::new(vec![1_000.into()], Ties::ToUpper)? };
    /// # let grid = Grid::new(GradeSet::letters(2)?, vec![axis], vec![Name::new("B")?, Name::new("A")?])?;
    /// # let model = GradeModel::new(Name::new("m")?, vec![sales], vec![], grid, vec![])?;
    /// let mut customers = Table::new(3);
    /// let sales = Column::money(&[999_99, 1_000_00, 0], Currency::CNY);
    /// customers.numbers(Name::new("sales")?, sales, Some(&[true, true, false]))?;
    /// let graded = model.grade_table(&customers);
    /// assert_eq!(graded.ranks(), [2, 1, 0]); // B, A; of the third the sales are unknown
    /// assert!(matches!(graded.refused(), [(2, TierError::Uncertain { .. })]));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn grade_table(&self, customers: &Table<'_>) -> GradeColumns {
        let program = match self.sorter() {
            Sorter::Grid(grid) => Program::new(self, grid, customers),
            Sorter::MrSort(_) | Sorter::ElectreTri(_) => None,
        };
        let mut ranks = vec![0; customers.rows()];
        let refused = chunks(&mut ranks, |first, ranks| {
            let mut refused = Vec::new();
            if let Some(program) = &program {
                program.rank(first, ranks);
            }
            for (row, rank) in (first..).zip(ranks).filter(|(_, rank)| **rank == 0) {
                match self.grade_only(&customers.row(row)) {
                    Ok(grade) => *rank = grade.rank(),
                    Err(why) => refused.push((row, why)),
                }
            }
            refused
        });
        GradeColumns { grades: self.grades().clone(), ranks, refused }
    }
}

/// Does the work on every chunk, given the position of its first row, and joins the results in order.
#[cfg(not(feature = "rayon"))]
fn chunks<T>(ranks: &mut [u8], work: impl Fn(usize, &mut [u8]) -> Vec<T>) -> Vec<T> {
    ranks.chunks_mut(CHUNK).enumerate().flat_map(|(i, chunk)| work(i * CHUNK, chunk)).collect()
}

#[cfg(feature = "rayon")]
fn chunks<T: Send>(ranks: &mut [u8], work: impl Fn(usize, &mut [u8]) -> Vec<T> + Sync) -> Vec<T> {
    use rayon::prelude::*;
    ranks.par_chunks_mut(CHUNK).enumerate().flat_map_iter(|(i, chunk)| work(i * CHUNK, chunk)).collect()
}
