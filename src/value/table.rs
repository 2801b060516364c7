use super::{Dimension, Facts};
use crate::quantity::{Column, Fact, Name, Quantity, Unit};
use alloc::vec::Vec;
use thiserror::Error;

/// The facts of many customers, as columns that borrow the caller's memory.
///
/// What is not in a column, or marked as not known there, is unknown. Rows are [`Facts`] like any others.
///
/// ```
/// use customer_value::{money::Currency, quantity::{Column, Fact, Name}, value::{Facts, Table}};
///
/// let regions = ["华南", "华东"].map(|r| Name::new(r).unwrap());
/// let mut table = Table::new(3);
/// table.numbers(Name::new("sales")?, Column::money(&[12_50, 0, 80_00], Currency::CNY), Some(&[true, false, true]))?;
/// table.names(Name::new("region")?, &[0, 1, 7], &regions)?; // there is no eighth name: unknown
/// assert_eq!(table.row(1).fact("sales"), Fact::Unknown);
/// assert_eq!(table.row(1).fact("region"), Fact::Named(regions[1].clone()));
/// assert_eq!(table.row(2).fact("region"), Fact::Unknown);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table<'a> {
    rows: usize,
    fields: Vec<(Name, Field<'a>)>,
}

/// A column and what is in it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field<'a> {
    /// Numbers, and which of them are known; all, if that is not said.
    Numbers(Column<'a>, Option<&'a [bool]>),
    /// Positions in a list of names; a position beyond it is unknown.
    Names(&'a [u32], &'a [Name]),
}

/// What can be wrong with a column of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TableError {
    /// There is a column of that name already.
    #[error("there are two columns called {0:?}")]
    Twice(Name),
    /// A column does not have a value for every row.
    #[error("column {column:?} has {found} values for {expected} rows")]
    Length {
        /// The column.
        column: Name,
        /// The number of rows.
        expected: usize,
        /// The number of values, or of marks for what is known.
        found: usize,
    },
    /// A column has 0 to 18 decimal places, and levels are names.
    #[error("column {0:?} has more than 18 decimal places, or levels that are not given as names")]
    NoNumbers(Name),
}

impl<'a> Table<'a> {
    /// A table of so many rows, and no columns yet.
    pub const fn new(rows: usize) -> Table<'a> {
        Table { rows, fields: Vec::new() }
    }

    /// Adds a column of numbers; `known` says of which rows, of all if it is not given.
    ///
    /// # Errors
    /// [`Twice`](TableError::Twice), [`Length`](TableError::Length), [`NoNumbers`](TableError::NoNumbers) for 19 decimal places.
    pub fn numbers(&mut self, column: Name, numbers: Column<'a>, known: Option<&'a [bool]>) -> Result<(), TableError> {
        if numbers.places > 18 || numbers.unit == Unit::Level {
            return Err(TableError::NoNumbers(column));
        }
        self.check_length(&column, numbers.values.len())?;
        if let Some(known) = known {
            self.check_length(&column, known.len())?;
        }
        self.add(column, Field::Numbers(numbers, known))
    }

    /// Adds a column of names, as positions in a list; a position beyond the list means that the name is not known. Levels of a dimension
    /// that is judged are given so.
    ///
    /// # Errors
    /// [`Twice`](TableError::Twice), [`Length`](TableError::Length).
    pub fn names(&mut self, column: Name, positions: &'a [u32], names: &'a [Name]) -> Result<(), TableError> {
        self.check_length(&column, positions.len())?;
        self.add(column, Field::Names(positions, names))
    }

    fn check_length(&self, column: &Name, found: usize) -> Result<(), TableError> {
        let expected = self.rows;
        if found == expected { Ok(()) } else { Err(TableError::Length { column: column.clone(), expected, found }) }
    }

    fn add(&mut self, name: Name, field: Field<'a>) -> Result<(), TableError> {
        if self.field(&name).is_some() {
            return Err(TableError::Twice(name));
        }
        self.fields.push((name, field));
        Ok(())
    }

    /// The number of rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// A column of numbers that are all known, for fitting and for scoring; `None` if there is none of that name.
    pub fn column(&self, name: &str) -> Option<Column<'a>> {
        match self.field(name)? {
            Field::Numbers(column, known) if known.is_none_or(|known| known.iter().all(|k| *k)) => Some(*column),
            Field::Numbers(..) | Field::Names(..) => None,
        }
    }

    /// The facts of the customer at a position; beyond the last row everything is unknown.
    pub const fn row<'t>(&'t self, row: usize) -> Row<'t, 'a> {
        Row { table: self, row }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|(column, _)| *column == *name).map(|(_, field)| field)
    }
}

/// One row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'t, 'a> {
    table: &'t Table<'a>,
    row: usize,
}

impl Facts for Row<'_, '_> {
    fn fact(&self, dimension: &str) -> Fact {
        match self.table.field(dimension) {
            Some(Field::Numbers(column, known)) if known.is_none_or(|known| known.get(self.row) == Some(&true)) => {
                column.get(self.row).map_or(Fact::Unknown, |value| Fact::Known(Quantity { value, unit: column.unit }))
            }
            Some(Field::Names(positions, names)) => {
                let at = positions.get(self.row).and_then(|&at| usize::try_from(at).ok());
                at.and_then(|at| names.get(at)).map_or(Fact::Unknown, |name| Fact::Named(name.clone()))
            }
            Some(Field::Numbers(..)) | None => Fact::Unknown,
        }
    }
}

impl Field<'_> {
    /// The places on a list of levels of each name of a column; 0 for a name that is not on it.
    pub(crate) fn places(names: &[Name], dimension: &Dimension) -> Vec<u8> {
        names.iter().map(|name| dimension.level(name).unwrap_or(0)).collect()
    }
}
