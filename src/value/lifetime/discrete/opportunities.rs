use crate::value::lifetime::{LifetimeError, count_table::CountTable};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What the model knows of a customer: (`x`, `t_x`, `n`), the opportunities taken, the number of the last one taken (counted from 1; 0
/// for none) and the opportunities there were. The purchase that made them a customer came before the first and is not among them.
///
/// ```
/// use customer_value::value::lifetime::discrete::Opportunities;
///
/// let donor = Opportunities::of_flags([true, false, true, true, false])?;
/// assert_eq!(donor, Opportunities::new(3, 4, 5)?);
/// assert!(Opportunities::new(3, 2, 5).is_err()); // three purchases at two opportunities
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16, u16)", into = "(u16, u16, u16)")]
pub struct Opportunities {
    x: u16,
    t_x: u16,
    n: u16,
}

impl Opportunities {
    /// A customer who has had no opportunity yet.
    pub const NEW: Opportunities = Opportunities { x: 0, t_x: 0, n: 0 };

    /// The summary of one customer.
    ///
    /// # Errors
    /// [`LifetimeError::BadOpportunities`] for (1, 7, 6), (3, 2, 6), (1, 0, 6) and (0, 1, 6).
    pub fn new(x: u16, t_x: u16, n: u16) -> Result<Opportunities, LifetimeError> {
        if x <= t_x && t_x <= n && (x == 0) == (t_x == 0) {
            Ok(Opportunities { x, t_x, n })
        } else {
            Err(LifetimeError::BadOpportunities { x: x.into(), t_x: t_x.into(), n: n.into() })
        }
    }

    /// The summary of opportunities that were taken or not, in order of time.
    ///
    /// # Errors
    /// [`LifetimeError::BadOpportunities`] for more than 65535 of them.
    pub fn of_flags(taken: impl IntoIterator<Item = bool>) -> Result<Opportunities, LifetimeError> {
        let Opportunities { mut x, mut t_x, mut n } = Opportunities::NEW;
        for taken in taken {
            let full = LifetimeError::BadOpportunities { x: x.into(), t_x: t_x.into(), n: u32::from(n) + 1 };
            n = n.checked_add(1).ok_or(full)?;
            if taken {
                // No more than n.
                (x, t_x) = (x + 1, n);
            }
        }
        Ok(Opportunities { x, t_x, n })
    }

    /// `x`: opportunities taken.
    pub const fn x(&self) -> u16 {
        self.x
    }

    /// `t_x`: number of the last opportunity taken, 0 for none.
    pub const fn t_x(&self) -> u16 {
        self.t_x
    }

    /// `n`: opportunities.
    pub const fn n(&self) -> u16 {
        self.n
    }

    /// `n − t_x`: opportunities let pass since.
    pub const fn since_last(&self) -> u16 {
        self.n - self.t_x
    }
}

impl TryFrom<(u16, u16, u16)> for Opportunities {
    type Error = LifetimeError;

    fn try_from((x, t_x, n): (u16, u16, u16)) -> Result<Opportunities, LifetimeError> {
        Opportunities::new(x, t_x, n)
    }
}

impl From<Opportunities> for (u16, u16, u16) {
    fn from(o: Opportunities) -> (u16, u16, u16) {
        (o.x, o.t_x, o.n)
    }
}

/// How many customers have each [`Opportunities`]: all that the model is fitted on. Customers may have had different numbers of them.
/// Tables merge, whatever the order and the splitting of customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Opportunities, u64)>", into = "Vec<(Opportunities, u64)>")]
pub struct OpportunityCounts {
    table: CountTable<Opportunities>,
}

impl OpportunityCounts {
    /// A table without customers.
    pub const fn new() -> OpportunityCounts {
        OpportunityCounts { table: CountTable::new() }
    }

    /// Adds so many customers with a summary.
    ///
    /// # Errors
    /// [`LifetimeError::TooManyCustomers`] beyond 2⁶⁴ − 1 in all; the table stays as it was.
    pub fn push(&mut self, opportunities: Opportunities, customers: u64) -> Result<(), LifetimeError> {
        self.table.push(opportunities, customers).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Adds the customers of another table.
    ///
    /// # Errors
    /// As [`push`](OpportunityCounts::push).
    pub fn merge(&mut self, other: &OpportunityCounts) -> Result<(), LifetimeError> {
        self.table.merge(&other.table).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Every summary with its number of customers, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (Opportunities, u64)> {
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

impl TryFrom<Vec<(Opportunities, u64)>> for OpportunityCounts {
    type Error = LifetimeError;

    fn try_from(rows: Vec<(Opportunities, u64)>) -> Result<OpportunityCounts, LifetimeError> {
        let mut counts = OpportunityCounts::new();
        rows.into_iter().try_for_each(|(opportunities, customers)| counts.push(opportunities, customers))?;
        Ok(counts)
    }
}

impl From<OpportunityCounts> for Vec<(Opportunities, u64)> {
    fn from(counts: OpportunityCounts) -> Self {
        counts.rows().collect()
    }
}
