use super::{Grade, GradeSet, TierError, cells, error::no_two_alike};
use crate::{quantity::Name, score::Cutpoints};
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// One axis of a grid: a dimension of the model, or its score, cut into levels.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// The dimension's name, or the score's.
    pub of: Name,
    /// Where the levels part.
    pub cutpoints: Cutpoints,
}

/// A table of grades over 1 to 4 axes, checked when it is built: every combination of levels has a grade, and a better level never
/// has a worse one.
///
/// Mind the directions: grades are named best first, but cells are listed from the worst to the best level of each axis, the last axis
/// running fastest. For a dimension that is better when lower, the worst level holds the highest values.
///
/// ```
/// use customer_value::{quantity::{Name, Ties}, score::Cutpoints, tier::{Axis, GradeSet, Grid, TierError}};
///
/// let axis = |of| Ok::<_, Box<dyn core::error::Error>>(
///     Axis { of: Name::new(of)?, cutpoints: Cutpoints::new(vec![10.into()], Ties::ToUpper)? });
/// let cells = |text: &str| text.split(' ').map(Name::new).collect::<Result<Vec<_>, _>>();
///
/// let grades = GradeSet::letters(3)?;
/// assert!(Grid::new(grades.clone(), vec![axis("sales")?, axis("influence")?], cells("C B B A")?).is_ok());
/// let worse = Grid::new(grades, vec![axis("sales")?, axis("influence")?], cells("C B A B")?);
/// assert!(matches!(worse, Err(TierError::NotMonotone { .. })));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "矩阵")]
#[doc(alias = "二维评估")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Grid {
    grades: GradeSet,
    axes: Vec<Axis>,
    /// Positions in `grades`.
    cells: Vec<u8>,
}

impl Grid {
    /// A grid from its axes and cells.
    ///
    /// # Errors
    /// [`BadAxisCount`](TierError::BadAxisCount) for none or five; [`Twice`](TierError::Twice) for two axes of one dimension;
    /// [`BadCellCount`](TierError::BadCellCount) for a hole; [`UnknownGrade`](TierError::UnknownGrade);
    /// [`NotMonotone`](TierError::NotMonotone) where an improvement would be punished.
    // Taken by value: a model is assembled from its parts.
    #[allow(clippy::needless_pass_by_value)]
    pub fn new(grades: GradeSet, axes: Vec<Axis>, cells: Vec<Name>) -> Result<Grid, TierError> {
        if !(1..=4).contains(&axes.len()) {
            return Err(TierError::BadAxisCount(axes.len()));
        }
        no_two_alike(axes.iter().map(|a| &a.of))?;
        let expected = axes.iter().map(|a| usize::from(a.cutpoints.bins())).product();
        if cells.len() != expected {
            return Err(TierError::BadCellCount { expected, found: cells.len() });
        }
        let cells = cells.iter().map(|name| Ok(grades.find(name)?.rank() - 1)).collect::<Result<_, TierError>>()?;
        let grid = Grid { grades, axes, cells };
        grid.check_monotone()?;
        Ok(grid)
    }

    /// Compares every cell with its next better neighbour on each axis.
    fn check_monotone(&self) -> Result<(), TierError> {
        for (at, &rank) in self.cells.iter().enumerate() {
            let mut step = 1;
            for (axis, level) in self.axes.iter().zip(self.levels(at)).rev() {
                let of = axis.cutpoints.bins();
                if level < of && self.cells[at + step] > rank {
                    let name = |at: usize| self.grades.best_first()[usize::from(self.cells[at])].name().clone();
                    return Err(TierError::NotMonotone {
                        cell: self.levels(at),
                        grade: name(at),
                        better: self.levels(at + step),
                        better_grade: name(at + step),
                    });
                }
                step *= usize::from(of);
            }
        }
        Ok(())
    }

    /// The levels of the cell at a position, 1 for the worst.
    fn levels(&self, at: usize) -> Vec<u8> {
        cells::levels(at, self.sizes())
    }

    fn sizes(&self) -> impl ExactSizeIterator<Item = u8> + DoubleEndedIterator {
        self.axes.iter().map(|a| a.cutpoints.bins())
    }

    /// The grades it can give.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// The axes.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The rank of the grade at the given levels, as [`cell`](Grid::cell).
    pub(super) fn rank(&self, levels: &[u8]) -> Option<u8> {
        cells::position(levels, self.sizes()).map(|at| self.cells[at] + 1)
    }

    /// The grade at the given levels, 1 for the worst, one for each axis; `None` if there is no such cell.
    pub fn cell(&self, levels: &[u8]) -> Option<&Grade> {
        let at = cells::position(levels, self.sizes())?;
        self.grades.best_first().get(usize::from(self.cells[at]))
    }
}

/// The grid whole, one axis a line, then the cells.
impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "grades {}", self.grades)?;
        for axis in &self.axes {
            writeln!(f, "  axis {:?}: {}", axis.of, axis.cutpoints)?;
        }
        f.write_str("  cells")?;
        self.cells.iter().try_for_each(|&c| write!(f, " {:?}", self.grades.best_first()[usize::from(c)].name()))?;
        writeln!(f)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Grid")]
struct Wire {
    grades: GradeSet,
    axes: Vec<Axis>,
    cells: Vec<Name>,
}

impl TryFrom<Wire> for Grid {
    type Error = TierError;

    fn try_from(wire: Wire) -> Result<Grid, TierError> {
        Grid::new(wire.grades, wire.axes, wire.cells)
    }
}

impl From<Grid> for Wire {
    fn from(grid: Grid) -> Wire {
        let name = |&c: &u8| grid.grades.best_first()[usize::from(c)].name().clone();
        Wire { cells: grid.cells.iter().map(name).collect(), grades: grid.grades, axes: grid.axes }
    }
}
