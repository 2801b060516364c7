use super::{LifetimeError, count_table::CountTable};
use crate::value::{RepeatColumns, RepeatPurchases};
use alloc::vec::Vec;
use core::num::NonZeroU32;
use serde::{Deserialize, Serialize};

/// The unit of time that a model's parameters are in. It changes how they read, never what the model says: histories and horizons are
/// always in days.
#[doc(alias = "时间单位")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeUnit(NonZeroU32);

impl TimeUnit {
    /// One day.
    pub const DAY: TimeUnit = TimeUnit(NonZeroU32::MIN);
    /// Seven days, the unit of most of the literature.
    pub const WEEK: TimeUnit = TimeUnit(NonZeroU32::MIN.saturating_add(6));

    /// So many days.
    pub const fn days(days: NonZeroU32) -> TimeUnit {
        TimeUnit(days)
    }

    /// The days of one unit.
    pub const fn as_days(self) -> NonZeroU32 {
        self.0
    }

    pub(super) fn in_days(self) -> f64 {
        self.0.get().into()
    }
}

/// What the models know of a customer: (`x`, `t_x`, `T`), the number of repeat purchases, the day of the last and the day of observation,
/// both counted from the first purchase.
///
/// ```
/// use customer_value::value::lifetime::Summary;
///
/// assert_eq!(Summary::new(2, 213, 272)?.days_since_last(), 59);
/// assert!(Summary::new(2, 273, 272).is_err()); // bought after the observation ended
/// assert!(Summary::new(2, 0, 272).is_err()); // a repeat takes time
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "RF summary")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u32, u32, u32)", into = "(u32, u32, u32)")]
pub struct Summary {
    x: u32,
    t_x_days: u32,
    t_days: u32,
}

impl Summary {
    /// A customer who has just bought for the first time.
    pub const NEW: Summary = Summary { x: 0, t_x_days: 0, t_days: 0 };

    /// The summary of one customer.
    ///
    /// # Errors
    /// [`LifetimeError::BadSummary`] for (1, 30, 29), (1, 0, 30) and (0, 30, 30): a last purchase after the observation, a repeat without
    /// time, and time without a repeat.
    pub const fn new(x: u32, t_x_days: u32, t_days: u32) -> Result<Summary, LifetimeError> {
        if t_x_days <= t_days && (x == 0) == (t_x_days == 0) {
            Ok(Summary { x, t_x_days, t_days })
        } else {
            Err(LifetimeError::BadSummary { x, t_x_days, t_days })
        }
    }

    /// `x`: repeat purchases.
    pub const fn x(&self) -> u32 {
        self.x
    }

    /// `t_x`: days from the first purchase to the last.
    pub const fn t_x_days(&self) -> u32 {
        self.t_x_days
    }

    /// `T`: days from the first purchase to the observation.
    pub const fn t_days(&self) -> u32 {
        self.t_days
    }

    /// `T − t_x`: days since the last purchase.
    pub const fn days_since_last(&self) -> u32 {
        self.t_days - self.t_x_days
    }
}

impl TryFrom<(u32, u32, u32)> for Summary {
    type Error = LifetimeError;

    fn try_from((x, t_x_days, t_days): (u32, u32, u32)) -> Result<Summary, LifetimeError> {
        Summary::new(x, t_x_days, t_days)
    }
}

impl From<Summary> for (u32, u32, u32) {
    fn from(s: Summary) -> (u32, u32, u32) {
        (s.x, s.t_x_days, s.t_days)
    }
}

impl TryFrom<&RepeatPurchases> for Summary {
    type Error = LifetimeError;

    fn try_from(repeat: &RepeatPurchases) -> Result<Summary, LifetimeError> {
        Summary::new(repeat.x, repeat.t_x_days, repeat.t_days)
    }
}

/// How many customers have each [`Summary`]: all that the models of purchasing are fitted on. Equal summaries are counted, not kept, so a
/// fit over any number of customers is a fit over the table. Tables merge, whatever the order and the splitting of customers.
///
/// ```
/// use customer_value::value::lifetime::{PurchaseCounts, Summary};
///
/// let mut counts = PurchaseCounts::new();
/// counts.push(Summary::new(2, 213, 272)?, 1)?;
/// counts.push(Summary::new(0, 0, 272)?, 3)?;
/// let mut more = PurchaseCounts::new();
/// more.push(Summary::new(0, 0, 272)?, 1)?;
/// counts.merge(&more)?;
/// assert_eq!((counts.customers(), counts.len()), (5, 2));
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Summary, u64)>", into = "Vec<(Summary, u64)>")]
pub struct PurchaseCounts {
    table: CountTable<Summary>,
}

impl PurchaseCounts {
    /// A table without customers.
    pub const fn new() -> PurchaseCounts {
        PurchaseCounts { table: CountTable::new() }
    }

    /// The table of many customers' repeat purchases.
    ///
    /// # Errors
    /// As [`Summary::new`].
    pub fn of(repeat: &RepeatColumns) -> Result<PurchaseCounts, LifetimeError> {
        let mut counts = PurchaseCounts::new();
        repeat.iter().try_for_each(|r| counts.push(Summary::try_from(&r)?, 1))?;
        Ok(counts)
    }

    /// Adds so many customers with a summary.
    ///
    /// # Errors
    /// [`LifetimeError::TooManyCustomers`] beyond 2⁶⁴ − 1 in all; the table stays as it was.
    pub fn push(&mut self, summary: Summary, customers: u64) -> Result<(), LifetimeError> {
        self.table.push(summary, customers).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Adds the customers of another table.
    ///
    /// # Errors
    /// As [`push`](PurchaseCounts::push).
    pub fn merge(&mut self, other: &PurchaseCounts) -> Result<(), LifetimeError> {
        self.table.merge(&other.table).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Every summary with its number of customers, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (Summary, u64)> {
        self.table.rows()
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.table.total()
    }

    /// Number of different summaries.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no customer.
    pub const fn is_empty(&self) -> bool {
        self.table.total() == 0
    }
}

impl TryFrom<Vec<(Summary, u64)>> for PurchaseCounts {
    type Error = LifetimeError;

    fn try_from(rows: Vec<(Summary, u64)>) -> Result<PurchaseCounts, LifetimeError> {
        let mut counts = PurchaseCounts::new();
        rows.into_iter().try_for_each(|(summary, customers)| counts.push(summary, customers))?;
        Ok(counts)
    }
}

impl From<PurchaseCounts> for Vec<(Summary, u64)> {
    fn from(counts: PurchaseCounts) -> Self {
        counts.rows().collect()
    }
}
