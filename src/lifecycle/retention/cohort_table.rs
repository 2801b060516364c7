use super::{RetentionError, purchase_days};
use crate::{
    calendar::{CalendarError, Period, days_from, in_range, months_from},
    customer::Purchases,
    quantity::Share,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec,
    vec::Vec,
};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Customers by the period of their first purchase, and how many of each such cohort bought in each later period.
///
/// Periods are so many months each, counted from an anchor in both directions. The *age* of a cohort is 1 in the period after that of
/// the first purchases. A period that is not over at the close of the table's day is absent for its cohort: what is bought in half a
/// month says nothing about the month. So younger cohorts have fewer ages.
///
/// A table is a commutative monoid over customers: merging tables of the same plan in any order gives the table of all. A customer must
/// be counted in one of them only.
///
/// ```
/// use customer_value::lifecycle::retention::CohortTable;
/// use chrono::NaiveDate;
///
/// let day = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
/// let mut table = CohortTable::new(day(1, 1), 1, day(4, 15))?;
/// table.push(day(1, 10), [day(1, 20), day(3, 1)])?;
/// table.push(day(1, 31), [day(2, 29), day(4, 2)])?;
/// table.push(day(2, 5), [])?;
///
/// let january = table.cohorts().next().unwrap();
/// assert_eq!((january.period().to_string(), january.size()), ("2024-01-01..2024-02-01".into(), 2));
/// assert_eq!(january.active(1).unwrap().to_string(), "1 of 2"); // in February
/// assert_eq!(january.active(3), None); // April is not over
/// assert_eq!(table.active(1).unwrap().to_string(), "1 of 3");
/// # Ok::<(), customer_value::lifecycle::retention::RetentionError>(())
/// ```
#[doc(alias = "留存率")]
#[doc(alias = "同期群")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct CohortTable {
    anchor: NaiveDate,
    months: u16,
    as_of: NaiveDate,
    cohorts: BTreeMap<i32, Counts>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Counts {
    size: u64,
    /// By age less 1, one for each period that is over: who bought in it, and who bought in it or later.
    active: Vec<u64>,
    since: Vec<u64>,
}

/// One cohort of a [`CohortTable`].
#[derive(Clone, Copy, Debug)]
pub struct Cohort<'a> {
    period: Period,
    counts: &'a Counts,
}

impl Cohort<'_> {
    /// The period of the first purchases.
    pub const fn period(&self) -> Period {
        self.period
    }

    /// Number of customers.
    pub const fn size(&self) -> u64 {
        self.counts.size
    }

    /// How many later periods are over: the greatest age that has a number.
    pub fn ages(&self) -> usize {
        self.counts.active.len()
    }

    /// The customers who bought in the period of that age; `None` for age 0 and for a period that is not over.
    pub fn active(&self, age: usize) -> Option<Share> {
        self.share(&self.counts.active, age)
    }

    /// The customers who bought in the period of that age or later, up to the table's day. They had certainly not left by then. The rest
    /// may only be pausing, so this is the least that were retained, and it grows as time passes.
    pub fn seen_since(&self, age: usize) -> Option<Share> {
        self.share(&self.counts.since, age)
    }

    fn share(&self, counts: &[u64], age: usize) -> Option<Share> {
        Share::new(*counts.get(age.checked_sub(1)?)?, self.counts.size).ok()
    }
}

impl CohortTable {
    /// A table without customers: periods of so many months from the anchor, as known at the close of `as_of`.
    ///
    /// # Errors
    /// [`Calendar`](RetentionError::Calendar) for periods of 0 months, for dates outside the years 1 to 9999, and for
    /// the last day of 9999.
    pub fn new(anchor: NaiveDate, months: u16, as_of: NaiveDate) -> Result<CohortTable, RetentionError> {
        if months == 0 {
            return Err(CalendarError::EmptyWindow.into());
        }
        let table = CohortTable { anchor: in_range(anchor)?, months, as_of: in_range(as_of)?, cohorts: BTreeMap::new() };
        table.running()?;
        Ok(table)
    }

    /// Counts a customer by the day of the first purchase and the days of the others, in any order; days that are given twice count once.
    ///
    /// # Errors
    /// [`AfterEnd`](RetentionError::AfterEnd) for a day after the table's; [`BeforeFirst`](RetentionError::BeforeFirst) for a day
    /// before the first; [`Calendar`](RetentionError::Calendar) where a period leaves the years 1 to 9999;
    /// [`TooLarge`](RetentionError::TooLarge) for the 2⁶⁴th customer. Nothing is counted then.
    pub fn push(&mut self, first: NaiveDate, others: impl IntoIterator<Item = NaiveDate>) -> Result<(), RetentionError> {
        if first > self.as_of {
            return Err(RetentionError::AfterEnd { day: first, as_of: self.as_of });
        }
        let born = self.index(first)?;
        self.period(born)?;
        let mut ages = BTreeSet::new();
        for day in others {
            if day > self.as_of {
                return Err(RetentionError::AfterEnd { day, as_of: self.as_of });
            }
            if day < first {
                return Err(RetentionError::BeforeFirst { day, first });
            }
            ages.extend(usize::try_from(self.index(day)? - born));
        }
        let last = ages.last().copied().unwrap_or(0);
        let known = self.ages(born)?;
        let counts = self.cohorts.entry(born).or_insert_with(|| Counts { size: 0, active: vec![0; known], since: vec![0; known] });
        counts.size = counts.size.checked_add(1).ok_or(RetentionError::TooLarge)?;
        for age in ages.into_iter().filter(|age| (1..=known).contains(age)) {
            counts.active[age - 1] += 1; // no more than the size
        }
        counts.since.iter_mut().take(last).for_each(|since| *since += 1);
        Ok(())
    }

    /// Counts a customer by settled purchases. One without purchases belongs to no cohort and is not counted.
    ///
    /// # Errors
    /// [`OtherDay`](RetentionError::OtherDay) for purchases settled as of another day; as [`push`](CohortTable::push).
    pub fn push_purchases(&mut self, purchases: &Purchases) -> Result<(), RetentionError> {
        match purchase_days(purchases, self.as_of)? {
            Some((first, others)) => self.push(first, others),
            None => Ok(()),
        }
    }

    /// Takes in a table of other customers.
    ///
    /// # Errors
    /// [`OtherPlan`](RetentionError::OtherPlan) for another anchor, length or day; [`TooLarge`](RetentionError::TooLarge) for a
    /// cohort of more than 2⁶⁴ − 1 customers. Nothing is taken in then.
    pub fn merge(&mut self, other: &CohortTable) -> Result<(), RetentionError> {
        if (self.anchor, self.months, self.as_of) != (other.anchor, other.months, other.as_of) {
            return Err(RetentionError::OtherPlan);
        }
        let size = |born: &i32| self.cohorts.get(born).map_or(0, |counts| counts.size);
        if other.cohorts.iter().any(|(born, more)| size(born).checked_add(more.size).is_none()) {
            return Err(RetentionError::TooLarge);
        }
        for (born, more) in &other.cohorts {
            let Some(counts) = self.cohorts.get_mut(born) else {
                self.cohorts.insert(*born, more.clone());
                continue;
            };
            counts.size += more.size;
            let add = |to: &mut Vec<u64>, from: &[u64]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            add(&mut counts.active, &more.active);
            add(&mut counts.since, &more.since);
        }
        Ok(())
    }

    /// The day at whose close the table stands.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The cohorts that have customers, the oldest first.
    pub fn cohorts(&self) -> impl Iterator<Item = Cohort<'_>> {
        // Every cohort's period was made once when it was counted.
        self.cohorts.iter().filter_map(|(born, counts)| Some(Cohort { period: self.period(*born).ok()?, counts }))
    }

    /// The customers who bought at that age, of all cohorts that have reached it together; `None` if none has.
    pub fn active(&self, age: usize) -> Option<Share> {
        self.cohorts()
            .filter_map(|cohort| cohort.active(age))
            .try_fold(Share::default(), |sum, share| sum.try_add(share).ok())
            .filter(|s| s.whole() > 0)
    }

    /// The number of the period in which a day lies; the anchor opens number 0.
    fn index(&self, day: NaiveDate) -> Result<i32, CalendarError> {
        let month = |d: NaiveDate| d.year() * 12 + d.month0().cast_signed();
        let length = i32::from(self.months);
        let index = (month(in_range(day)?) - month(self.anchor)).div_euclid(length);
        // Within the right month, or in the one before the period begins.
        Ok(if self.start(index)? > day { index - 1 } else { index })
    }

    fn start(&self, index: i32) -> Result<NaiveDate, CalendarError> {
        months_from(self.anchor, index.checked_mul(self.months.into()).ok_or(CalendarError::OutOfRange)?)
    }

    fn period(&self, index: i32) -> Result<Period, CalendarError> {
        Period::new(self.start(index)?, self.start(index.checked_add(1).ok_or(CalendarError::OutOfRange)?)?)
    }

    /// The first period that is not over at the close of the table's day.
    fn running(&self) -> Result<i32, CalendarError> {
        self.index(days_from(self.as_of, 1)?)
    }

    /// How many periods after that one are over.
    fn ages(&self, born: i32) -> Result<usize, CalendarError> {
        let ages = self.running()?.checked_sub(born).ok_or(CalendarError::OutOfRange)?;
        Ok(usize::try_from(ages).unwrap_or(0).saturating_sub(1))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "CohortTable")]
struct Wire {
    anchor: NaiveDate,
    months: u16,
    as_of: NaiveDate,
    cohorts: Vec<Row>,
}

/// A cohort by the number of its period, counted from the anchor.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Cohort")]
struct Row {
    period: i32,
    size: u64,
    active: Vec<u64>,
    seen_since: Vec<u64>,
}

impl Row {
    /// Whether customers can be counted so: whoever bought in a period was seen since, and nobody is seen since later who was not before.
    fn possible(&self, ages: usize) -> bool {
        let falls = self.seen_since.iter().try_fold(self.size, |before, &since| (since <= before).then_some(since)).is_some();
        let later = self.seen_since.iter().skip(1).chain(&[0]);
        let seen = self.active.iter().zip(&self.seen_since).zip(later);
        // Nobody stops being seen after a period without buying in it; the last one is followed by what is not over.
        let last = ages.saturating_sub(1);
        let leaves =
            seen.enumerate().all(|(i, ((active, since), later))| active <= since && (i == last || *later >= since - active));
        self.size > 0 && self.active.len() == ages && self.seen_since.len() == ages && falls && leaves
    }
}

impl TryFrom<Wire> for CohortTable {
    type Error = RetentionError;

    fn try_from(wire: Wire) -> Result<CohortTable, RetentionError> {
        let mut table = CohortTable::new(wire.anchor, wire.months, wire.as_of)?;
        for row in wire.cohorts {
            let begins = table.period(row.period)?.from();
            let ages = table.ages(row.period)?;
            if begins > table.as_of || !row.possible(ages) || table.cohorts.contains_key(&row.period) {
                return Err(RetentionError::BadCohort(row.period));
            }
            table.cohorts.insert(row.period, Counts { size: row.size, active: row.active, since: row.seen_since });
        }
        Ok(table)
    }
}

impl From<CohortTable> for Wire {
    fn from(table: CohortTable) -> Wire {
        let row = |(period, c): (i32, Counts)| Row { period, size: c.size, active: c.active, seen_since: c.since };
        let cohorts = table.cohorts.into_iter().map(row).collect();
        Wire { anchor: table.anchor, months: table.months, as_of: table.as_of, cohorts }
    }
}
