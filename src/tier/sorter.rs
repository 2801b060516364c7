use super::{
    GradeSet, Grid,
    profiles::{Criterion, ElectreTri, MrSort},
};
use crate::quantity::Name;
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;

/// How values are sorted into grades, before the rules are considered.
///
/// A grid for two or three dimensions: it says for every combination what it makes. For more, sorting against profiles: [`MrSort`] counts
/// on how much of the weight a customer reaches a grade's border, and can be told in a sentence; [`ElectreTri`] lets support fade near a
/// border. On the wire, a model has one of the fields `"grid"`, `"mr_sort"`, `"electre_tri"`.
///
/// Methods that rank customers against each other are in [`score::ranking`](crate::score), and are no sorters: there, one customer's grade
/// would depend on who else is a customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sorter {
    /// A table over 1 to 4 axes.
    Grid(Grid),
    /// A majority against profiles.
    MrSort(MrSort),
    /// Degrees of concordance and discordance against profiles.
    ElectreTri(ElectreTri),
}

impl Sorter {
    /// The grades it can give.
    pub const fn grades(&self) -> &GradeSet {
        match self {
            Sorter::Grid(grid) => grid.grades(),
            Sorter::MrSort(sorter) => sorter.grades(),
            Sorter::ElectreTri(sorter) => sorter.grades(),
        }
    }

    /// The grid, if that is what it is.
    pub const fn grid(&self) -> Option<&Grid> {
        match self {
            Sorter::Grid(grid) => Some(grid),
            Sorter::MrSort(_) | Sorter::ElectreTri(_) => None,
        }
    }

    /// The criteria, if it works against profiles.
    pub fn criteria(&self) -> &[Criterion] {
        match self {
            Sorter::Grid(_) => &[],
            Sorter::MrSort(sorter) => sorter.criteria(),
            Sorter::ElectreTri(sorter) => sorter.criteria(),
        }
    }

    /// The dimensions and scores it looks at.
    pub fn looks_at(&self) -> impl Iterator<Item = &Name> {
        let axes = self.grid().into_iter().flat_map(Grid::axes).map(|axis| &axis.of);
        axes.chain(self.criteria().iter().map(|criterion| &criterion.of))
    }

    /// The numbers with which it compares the values of a dimension: cuts, borders, thresholds and vetoes.
    pub(super) fn numbers(&self, of: &Name) -> Vec<Decimal> {
        let borders = |criteria: &[Criterion]| -> Vec<Decimal> {
            criteria.iter().filter(|c| c.of == *of).flat_map(|c| c.borders.iter().copied()).collect()
        };
        match self {
            Sorter::Grid(grid) => grid.axes().iter().filter(|a| a.of == *of).flat_map(|a| a.cutpoints.cuts()).copied().collect(),
            Sorter::MrSort(sorter) => {
                let vetoes = sorter.vetoes().iter().filter(|v| v.of == *of).map(|v| v.at);
                borders(sorter.criteria()).into_iter().chain(vetoes).collect()
            }
            Sorter::ElectreTri(sorter) => {
                let thresholds = sorter.thresholds().iter().filter(|t| t.of == *of);
                let three = thresholds.flat_map(|t| [Some(t.indifference), Some(t.preference), t.veto]).flatten();
                borders(sorter.criteria()).into_iter().chain(three).collect()
            }
        }
    }
}

impl From<Grid> for Sorter {
    fn from(grid: Grid) -> Sorter {
        Sorter::Grid(grid)
    }
}

impl From<MrSort> for Sorter {
    fn from(sorter: MrSort) -> Sorter {
        Sorter::MrSort(sorter)
    }
}

impl From<ElectreTri> for Sorter {
    fn from(sorter: ElectreTri) -> Sorter {
        Sorter::ElectreTri(sorter)
    }
}

/// The sorter whole.
impl fmt::Display for Sorter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sorter::Grid(grid) => fmt::Display::fmt(grid, f),
            Sorter::MrSort(sorter) => fmt::Display::fmt(sorter, f),
            Sorter::ElectreTri(sorter) => fmt::Display::fmt(sorter, f),
        }
    }
}
