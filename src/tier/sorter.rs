use super::{GradeSet, Grid};
use crate::quantity::Name;
use core::fmt;
use rust_decimal::Decimal;

/// How values are sorted into grades, before the rules are considered.
///
/// On the wire, a model has one of the fields `"grid"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sorter {
    /// A table over 1 to 4 axes.
    Grid(Grid),
}

impl Sorter {
    /// The grades it can give.
    pub const fn grades(&self) -> &GradeSet {
        match self {
            Sorter::Grid(grid) => grid.grades(),
        }
    }

    /// The grid, if that is what it is.
    pub const fn grid(&self) -> Option<&Grid> {
        match self {
            Sorter::Grid(grid) => Some(grid),
        }
    }

    /// The dimensions and scores it looks at.
    pub fn looks_at(&self) -> impl Iterator<Item = &Name> {
        match self {
            Sorter::Grid(grid) => grid.axes().iter().map(|axis| &axis.of),
        }
    }

    /// The numbers with which it compares the values of a dimension.
    pub(super) fn numbers<'a>(&'a self, of: &'a Name) -> impl Iterator<Item = Decimal> + 'a {
        match self {
            Sorter::Grid(grid) => {
                grid.axes().iter().filter(move |axis| axis.of == *of).flat_map(|axis| axis.cutpoints.cuts()).copied()
            }
        }
    }
}

impl From<Grid> for Sorter {
    fn from(grid: Grid) -> Sorter {
        Sorter::Grid(grid)
    }
}

/// The sorter whole.
impl fmt::Display for Sorter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sorter::Grid(grid) => fmt::Display::fmt(grid, f),
        }
    }
}
