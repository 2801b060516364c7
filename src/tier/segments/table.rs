use super::SegmentError;
use crate::{
    quantity::Name,
    tier::{cells, error::first_twice},
    value::Rfm,
};
use alloc::{format, string::String, vec, vec::Vec};
use core::fmt::Write;
use serde::{Deserialize, Serialize};

/// One axis of a segment table: a dimension that has been scored in so many levels.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableAxis {
    /// The dimension.
    pub of: Name,
    /// Number of levels, 1 for the worst.
    pub levels: u8,
}

/// A named segment: the boxes of the table that belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSegment {
    /// What it is called.
    pub name: Name,
    /// Boxes; each gives the lowest and the highest level on every axis.
    pub boxes: Vec<Vec<(u8, u8)>>,
}

/// Named segments over the levels of 1 to 4 dimensions. Every cell belongs to exactly one: there is no "others", and no segment is
/// hidden by another.
///
/// ```
/// use customer_value::tier::segments::SegmentTable;
///
/// let rfm = SegmentTable::rfm()?;
/// assert_eq!(rfm.of(&[5, 5, 5]).unwrap(), &"Champions");
/// assert_eq!(rfm.of(&[1, 5, 5]).unwrap(), &"Can't lose them");
/// assert_eq!(rfm.of(&[6, 1, 1]), None); // no such level
/// # Ok::<(), customer_value::tier::segments::SegmentError>(())
/// ```
#[doc(alias = "客户细分")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct SegmentTable {
    axes: Vec<TableAxis>,
    list: Vec<TableSegment>,
    /// For each cell, the last axis running fastest, the position of its segment.
    cells: Vec<u8>,
}

impl SegmentTable {
    /// A table from its axes and segments.
    ///
    /// # Errors
    /// [`BadAxisCount`](SegmentError::BadAxisCount) for none or five; [`BadLevels`](SegmentError::BadLevels) for an axis of 0 or more than
    /// 10 levels; [`Twice`](SegmentError::Twice) for two segments or axes of one name;
    /// [`TooManySegments`](SegmentError::TooManySegments) for more than 100; [`BadBox`](SegmentError::BadBox) for a segment without boxes,
    /// a box outside the levels or with another number of axes;
    /// [`Overlap`](SegmentError::Overlap) and [`Hole`](SegmentError::Hole), which name the first such cell.
    pub fn new(axes: Vec<TableAxis>, segments: Vec<TableSegment>) -> Result<SegmentTable, SegmentError> {
        if !(1..=4).contains(&axes.len()) {
            return Err(SegmentError::BadAxisCount(axes.len()));
        }
        check_names(axes.iter().map(|a| &a.of))?;
        if segments.len() > 100 {
            return Err(SegmentError::TooManySegments(segments.len()));
        }
        check_names(segments.iter().map(|s| &s.name))?;
        if let Some(axis) = axes.iter().find(|a| !(1..=10).contains(&a.levels)) {
            return Err(SegmentError::BadLevels(axis.of.clone()));
        }
        let size: usize = axes.iter().map(|a| usize::from(a.levels)).product();
        let mut cells: Vec<Option<u8>> = vec![None; size];
        for (position, segment) in (0..).zip(&segments) {
            check_boxes(&axes, segment)?;
            for (at, cell) in cells.iter_mut().enumerate() {
                let levels = cells::levels(at, sizes(&axes));
                let inside = |b: &Vec<(u8, u8)>| b.iter().zip(&levels).all(|((low, high), level)| (low..=high).contains(&level));
                let times = segment.boxes.iter().filter(|b| inside(b)).count();
                let before = if times > 1 { Some(position) } else { *cell };
                match (times, before) {
                    (0, _) => {}
                    (_, None) => *cell = Some(position),
                    (_, Some(first)) => {
                        let (first, second) = (segments[usize::from(first)].name.clone(), segment.name.clone());
                        return Err(SegmentError::Overlap { first, second, example: in_words(&axes, &levels) });
                    }
                }
            }
        }
        let claimed = |(at, cell): (usize, Option<u8>)| {
            cell.ok_or_else(|| SegmentError::Hole { example: in_words(&axes, &cells::levels(at, sizes(&axes))) })
        };
        let cells = cells.into_iter().enumerate().map(claimed).collect::<Result<_, _>>()?;
        Ok(SegmentTable { axes, list: segments, cells })
    }

    /// The twelve segments of the trade over quintiles of recency, frequency and monetary value.
    ///
    /// The names are those that marketing tools share; the boundaries are ours, because the tables in circulation overlap, leave holes or
    /// ignore what a customer spends.
    ///
    /// | frequency \ recency | 5 | 4 | 3 | 2 | 1 |
    /// |---|---|---|---|---|---|
    /// | 4–5, spends 4–5 | Champions | Loyal customers | Loyal customers | Can't lose them | Can't lose them |
    /// | 4–5, spends 1–3 | Loyal customers | Loyal customers | Loyal customers | At risk | At risk |
    /// | 2–3, spends 4–5 | Potential loyalists | Potential loyalists | Need attention | At risk | At risk |
    /// | 2–3, spends 1–3 | Potential loyalists | Potential loyalists | About to sleep | Hibernating | Lost |
    /// | 1, spends 4–5 | New customers | Promising | Big single purchase | Big single purchase | Big single purchase |
    /// | 1, spends 1–3 | New customers | Promising | About to sleep | Hibernating | Lost |
    ///
    /// # Errors
    /// None occur; the table is tested.
    pub fn rfm() -> Result<SegmentTable, SegmentError> {
        const HIGH: (u8, u8) = (4, 5);
        const LOW: (u8, u8) = (1, 3);
        const ANY: (u8, u8) = (1, 5);
        /// Recency, frequency, monetary value.
        type Box3 = [(u8, u8); 3];
        const TABLE: [(&str, &[Box3]); 12] = [
            ("Champions", &[[(5, 5), HIGH, HIGH]]),
            ("Loyal customers", &[[(3, 4), HIGH, ANY], [(5, 5), HIGH, LOW]]),
            ("Potential loyalists", &[[HIGH, (2, 3), ANY]]),
            ("New customers", &[[(5, 5), (1, 1), ANY]]),
            ("Promising", &[[(4, 4), (1, 1), ANY]]),
            ("Need attention", &[[(3, 3), (2, 3), HIGH]]),
            ("About to sleep", &[[(3, 3), LOW, LOW]]),
            ("Can't lose them", &[[(1, 2), HIGH, HIGH]]),
            ("At risk", &[[(1, 2), HIGH, LOW], [(1, 2), (2, 3), HIGH]]),
            ("Big single purchase", &[[LOW, (1, 1), HIGH]]),
            ("Hibernating", &[[(2, 2), LOW, LOW]]),
            ("Lost", &[[(1, 1), LOW, LOW]]),
        ];
        let axis = |of| Ok(TableAxis { of: Name::new(of)?, levels: 5 });
        let axes = [Rfm::RECENCY, Rfm::FREQUENCY, Rfm::MONETARY].map(axis).into_iter().collect::<Result<_, SegmentError>>()?;
        let segment = |(name, boxes): (&str, &[Box3])| {
            Ok(TableSegment { name: Name::new(name)?, boxes: boxes.iter().map(|b| b.to_vec()).collect() })
        };
        SegmentTable::new(axes, TABLE.into_iter().map(segment).collect::<Result<_, SegmentError>>()?)
    }

    /// The axes, in the order in which levels are given.
    pub fn axes(&self) -> &[TableAxis] {
        &self.axes
    }

    /// The segments, in the order in which they were given.
    pub fn segments(&self) -> &[TableSegment] {
        &self.list
    }

    /// The segment of a cell: one level for each axis, 1 for the worst. `None` if there is no such cell.
    pub fn of(&self, levels: &[u8]) -> Option<&Name> {
        self.position(levels).map(|at| &self.list[at].name)
    }

    /// As [`of`](SegmentTable::of), as a position in [`segments`](SegmentTable::segments).
    pub fn position(&self, levels: &[u8]) -> Option<usize> {
        let at = cells::position(levels, sizes(&self.axes))?;
        self.cells.get(at).copied().map(usize::from)
    }
}

/// "recency = 5, frequency = 1".
fn in_words(axes: &[TableAxis], levels: &[u8]) -> String {
    let mut words = String::new();
    for (axis, level) in axes.iter().zip(levels) {
        let between = if words.is_empty() { "" } else { ", " };
        // Writing to a `String` cannot fail.
        let _ = write!(words, "{between}{} = {level}", axis.of);
    }
    words
}

fn check_names<'a>(names: impl Iterator<Item = &'a Name> + Clone) -> Result<(), SegmentError> {
    first_twice(names).map_or(Ok(()), |name| Err(SegmentError::Twice(name.clone())))
}

fn check_boxes(axes: &[TableAxis], segment: &TableSegment) -> Result<(), SegmentError> {
    let bad = |why| Err(SegmentError::BadBox { segment: segment.name.clone(), why });
    if segment.boxes.is_empty() {
        return bad("there is none".into());
    }
    for edges in &segment.boxes {
        if edges.len() != axes.len() {
            return bad(format!("one has {} axes instead of {}", edges.len(), axes.len()));
        }
        for ((low, high), axis) in edges.iter().zip(axes) {
            if *low < 1 || low > high || *high > axis.levels {
                return bad(format!("{low} to {high} is no range of the {} levels of {}", axis.levels, axis.of));
            }
        }
    }
    Ok(())
}

fn sizes(axes: &[TableAxis]) -> impl ExactSizeIterator<Item = u8> + DoubleEndedIterator {
    axes.iter().map(|a| a.levels)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "SegmentTable")]
struct Wire {
    axes: Vec<TableAxis>,
    segments: Vec<TableSegment>,
}

impl TryFrom<Wire> for SegmentTable {
    type Error = SegmentError;

    fn try_from(wire: Wire) -> Result<SegmentTable, SegmentError> {
        SegmentTable::new(wire.axes, wire.segments)
    }
}

impl From<SegmentTable> for Wire {
    fn from(s: SegmentTable) -> Wire {
        Wire { axes: s.axes, segments: s.list }
    }
}
