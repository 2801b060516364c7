use super::AccountingError;
use crate::{
    calendar::{CalendarError, in_range},
    loyalty::Points,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Points by the month of their issue, and what became of each month's points, month by month.
///
/// The *age* of points is 0 in the month in which they were issued. What happens after the last day is not counted: leave it out.
///
/// A table is a commutative monoid over accounts: merging tables of the same last day in any order gives the table of all. The movements
/// of one account belong in one of them, in order of time.
///
/// ```
/// use customer_value::loyalty::{Points, accounting::{Cohorts, Movement}};
///
/// let mut cohorts = Cohorts::new("2024-03-31".parse()?)?;
/// let issued = "2024-01-10".parse()?;
/// cohorts.push(issued, Movement::Issued(Points::new(100)))?;
/// cohorts.push(issued, Movement::Redeemed { on: "2024-03-02".parse()?, points: Points::new(30) })?;
/// let january = cohorts.iter().next().ok_or("none")?;
/// assert_eq!((january.issued(), january.redeemed(), january.outstanding()), (Points::new(100), Points::new(30), Points::new(70)));
/// assert_eq!(january.redeemed_at(2), Some(Points::new(30)));
/// assert_eq!(january.redeemed_at(3), None); // April is not known
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Cohorts {
    last_day: NaiveDate,
    /// By the number of the month.
    months: BTreeMap<i32, Counts>,
}

/// Points of one month: none are used that are not issued.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Counts {
    issued: u64,
    used: u64,
    /// By age, one for each month up to the last.
    redeemed: Vec<u64>,
    expired: Vec<u64>,
}

/// What happens to points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Movement {
    /// They are credited.
    Issued(Points),
    /// They are taken back because what earned them was undone: as if they had never been issued.
    ClawedBack(Points),
    /// They are redeemed.
    Redeemed {
        /// When.
        on: NaiveDate,
        /// How many.
        points: Points,
    },
    /// A redemption is undone: as if it had not been.
    Undone {
        /// The day of the redemption.
        redeemed_on: NaiveDate,
        /// How many.
        points: Points,
    },
    /// They expire.
    Expired {
        /// When.
        on: NaiveDate,
        /// How many.
        points: Points,
    },
}

/// The points of one month of issue.
#[derive(Clone, Copy, Debug)]
pub struct Cohort<'a> {
    month: NaiveDate,
    counts: &'a Counts,
}

impl Cohort<'_> {
    /// The first day of the month of issue.
    pub const fn month(&self) -> NaiveDate {
        self.month
    }

    /// Points issued.
    pub const fn issued(&self) -> Points {
        Points::new(self.counts.issued)
    }

    /// Points redeemed so far.
    pub fn redeemed(&self) -> Points {
        Points::new(self.counts.redeemed.iter().sum()) // no more than were issued
    }

    /// Points expired so far.
    pub fn expired(&self) -> Points {
        Points::new(self.counts.expired.iter().sum()) // no more than were issued
    }

    /// Points that are still there.
    pub const fn outstanding(&self) -> Points {
        Points::new(self.counts.issued - self.counts.used)
    }

    /// Months of which it is known what became of the points, that of the issue included: ages below this number.
    pub fn ages(&self) -> usize {
        self.counts.redeemed.len()
    }

    /// Points redeemed in the month of that age; `None` after the last.
    pub fn redeemed_at(&self, age: usize) -> Option<Points> {
        self.counts.redeemed.get(age).copied().map(Points::new)
    }

    /// Points expired in the month of that age; `None` after the last.
    pub fn expired_at(&self, age: usize) -> Option<Points> {
        self.counts.expired.get(age).copied().map(Points::new)
    }
}

impl Cohorts {
    /// A table without points, up to and including a day that ends a month.
    ///
    /// # Errors
    /// [`NotAMonthsEnd`](AccountingError::NotAMonthsEnd) for 30 January; [`Calendar`](AccountingError::Calendar) outside the years 1 to
    /// 9999.
    pub fn new(last_day: NaiveDate) -> Result<Cohorts, AccountingError> {
        let next = in_range(last_day)?.succ_opt().ok_or(CalendarError::OutOfRange)?;
        if next.day() != 1 {
            return Err(AccountingError::NotAMonthsEnd(last_day));
        }
        Ok(Cohorts { last_day, months: BTreeMap::new() })
    }

    /// Counts what happened to points that were issued on a day.
    ///
    /// # Errors
    /// [`AfterEnd`](AccountingError::AfterEnd) for a day after the table's last; [`BeforeIssue`](AccountingError::BeforeIssue) for one
    /// before the issue; [`MoreThanThere`](AccountingError::MoreThanThere) if fewer points of that month are there;
    /// [`TooLarge`](AccountingError::TooLarge) for a month with more than 2⁶⁴ − 1 points; [`Calendar`](AccountingError::Calendar) before
    /// the year 1. Nothing is counted then.
    pub fn push(&mut self, issued: NaiveDate, movement: Movement) -> Result<(), AccountingError> {
        let (on, points) = match movement {
            Movement::Issued(points) | Movement::ClawedBack(points) => (issued, points),
            Movement::Redeemed { on, points } | Movement::Expired { on, points } => (on, points),
            Movement::Undone { redeemed_on, points } => (redeemed_on, points),
        };
        for day in [issued, on] {
            if in_range(day)? > self.last_day {
                return Err(AccountingError::AfterEnd { day, last: self.last_day });
            }
        }
        let age = usize::try_from(number(on) - number(issued)).ok().filter(|_| issued <= on);
        let age = age.ok_or(AccountingError::BeforeIssue { day: on, issued })?;
        let ages = self.ages(number(issued));
        let absent = Counts { issued: 0, used: 0, redeemed: vec![0; ages], expired: vec![0; ages] };
        let counts = self.months.get(&number(issued)).unwrap_or(&absent);
        let there = match movement {
            Movement::Issued(_) => u64::MAX,
            Movement::Undone { .. } => counts.redeemed[age],
            _ => counts.issued - counts.used,
        };
        if points.units() > there {
            return Err(AccountingError::MoreThanThere { issued, points, left: Points::new(there) });
        }
        if matches!(movement, Movement::Issued(_)) && counts.issued.checked_add(points.units()).is_none() {
            return Err(AccountingError::TooLarge);
        }
        let counts = self.months.entry(number(issued)).or_insert(absent);
        let points = points.units();
        match movement {
            Movement::Issued(_) => counts.issued += points,
            Movement::ClawedBack(_) => counts.issued -= points,
            Movement::Redeemed { .. } => {
                counts.redeemed[age] += points;
                counts.used += points;
            }
            Movement::Undone { .. } => {
                counts.redeemed[age] -= points;
                counts.used -= points;
            }
            Movement::Expired { .. } => {
                counts.expired[age] += points;
                counts.used += points;
            }
        }
        Ok(())
    }

    /// Takes in the table of other accounts.
    ///
    /// # Errors
    /// [`OtherEnd`](AccountingError::OtherEnd) for another last day; [`TooLarge`](AccountingError::TooLarge) for a month with more than
    /// 2⁶⁴ − 1 points. Nothing is taken in then.
    pub fn merge(&mut self, other: &Cohorts) -> Result<(), AccountingError> {
        if self.last_day != other.last_day {
            return Err(AccountingError::OtherEnd { left: self.last_day, right: other.last_day });
        }
        let issued = |month: &i32| self.months.get(month).map_or(0, |counts| counts.issued);
        if other.months.iter().any(|(month, more)| issued(month).checked_add(more.issued).is_none()) {
            return Err(AccountingError::TooLarge);
        }
        for (month, more) in &other.months {
            let Some(counts) = self.months.get_mut(month) else {
                self.months.insert(*month, more.clone());
                continue;
            };
            // No more are used than were issued.
            counts.issued += more.issued;
            counts.used += more.used;
            let add = |to: &mut Vec<u64>, from: &[u64]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            add(&mut counts.redeemed, &more.redeemed);
            add(&mut counts.expired, &more.expired);
        }
        Ok(())
    }

    /// The last day that is counted.
    pub const fn last_day(&self) -> NaiveDate {
        self.last_day
    }

    /// The months of which points were counted, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Cohort<'_>> {
        self.months.iter().filter_map(|(month, counts)| Some(Cohort { month: first_day(*month)?, counts }))
    }

    /// Months from that of the issue to the last, both counted; 0 if it is later.
    fn ages(&self, issued: i32) -> usize {
        usize::try_from(number(self.last_day) - issued + 1).unwrap_or(0)
    }
}

/// Months since January of the year 0.
fn number(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

fn first_day(month: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12).unsigned_abs() + 1, 1)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Cohorts")]
struct Wire {
    last_day: NaiveDate,
    cohorts: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Cohort")]
struct Row {
    month: NaiveDate,
    issued: u64,
    redeemed: Vec<u64>,
    expired: Vec<u64>,
}

impl TryFrom<Wire> for Cohorts {
    type Error = AccountingError;

    fn try_from(wire: Wire) -> Result<Cohorts, AccountingError> {
        let mut table = Cohorts::new(wire.last_day)?;
        for Row { month, issued, redeemed, expired } in wire.cohorts {
            let ages = table.ages(number(in_range(month)?));
            let used = redeemed.iter().chain(&expired).try_fold(0_u64, |sum, points| sum.checked_add(*points));
            let right = month.day() == 1 && ages > 0 && redeemed.len() == ages && expired.len() == ages;
            let used = used.filter(|used| right && *used <= issued).ok_or(AccountingError::BadCohort(month))?;
            if table.months.insert(number(month), Counts { issued, used, redeemed, expired }).is_some() {
                return Err(AccountingError::BadCohort(month));
            }
        }
        Ok(table)
    }
}

impl From<Cohorts> for Wire {
    fn from(table: Cohorts) -> Wire {
        let row = |(month, counts): (i32, Counts)| {
            let Counts { issued, redeemed, expired, .. } = counts;
            Some(Row { month: first_day(month)?, issued, redeemed, expired })
        };
        Wire { last_day: table.last_day, cohorts: table.months.into_iter().filter_map(row).collect() }
    }
}
