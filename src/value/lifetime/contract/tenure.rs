use crate::value::lifetime::{LifetimeError, count_table::CountTable};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// How long a customer has had a contract, in renewals, and whether it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tenure {
    /// Renewed so many times and not again; 0 for a contract that was never renewed.
    Ended(u16),
    /// Renewed so many times and still running: that it will end is not known, nor when (right-censored).
    Running(u16),
}

impl Tenure {
    /// Renewals made.
    pub const fn renewals(self) -> u16 {
        match self {
            Tenure::Ended(renewals) | Tenure::Running(renewals) => renewals,
        }
    }

    /// Decisions to renew or not that were seen.
    const fn decisions(self) -> u16 {
        match self {
            Tenure::Ended(renewals) => renewals.saturating_add(1),
            Tenure::Running(renewals) => renewals,
        }
    }
}

/// How many customers have each [`Tenure`]: all that the models are fitted on. Cohorts of different age go into one table, and tables
/// merge, whatever the order and the splitting of customers.
///
/// ```
/// use customer_value::value::lifetime::contract::{Tenure, TenureCounts};
///
/// let mut counts = TenureCounts::new();
/// counts.push_cohort(&[100, 80, 70])?; // won two renewals ago
/// counts.push_cohort(&[120, 90])?; // won one renewal ago
/// counts.push(Tenure::Ended(1), 3)?;
/// let rows: Vec<_> = counts.rows().collect();
/// assert_eq!(rows, [(Tenure::Ended(0), 50), (Tenure::Ended(1), 13), (Tenure::Running(1), 90), (Tenure::Running(2), 70)]);
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Tenure, u64)>", into = "Vec<(Tenure, u64)>")]
pub struct TenureCounts {
    table: CountTable<Tenure>,
}

impl TenureCounts {
    /// A table without customers.
    pub const fn new() -> TenureCounts {
        TenureCounts { table: CountTable::new() }
    }

    /// Adds so many customers with a tenure.
    ///
    /// # Errors
    /// [`LifetimeError::TooManyCustomers`] beyond 2⁶⁴ − 1 in all; the table stays as it was.
    pub fn push(&mut self, tenure: Tenure, customers: u64) -> Result<(), LifetimeError> {
        self.table.push(tenure, customers).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Adds a cohort: how many customers were won, then how many of them were left after each renewal.
    ///
    /// # Errors
    /// [`LifetimeError::GrowingCohort`] for 100 and then 101 customers; [`LifetimeError::TooFewPeriods`] for no number at all;
    /// [`LifetimeError::TooManyCustomers`] as for [`push`](TenureCounts::push), and for more than 65536 numbers. The table stays as it
    /// was.
    pub fn push_cohort(&mut self, left: &[u64]) -> Result<(), LifetimeError> {
        let mut cohort = TenureCounts::new();
        for (i, pair) in left.windows(2).enumerate() {
            let renewals = u16::try_from(i).map_err(|_| LifetimeError::TooManyCustomers)?;
            let growing = LifetimeError::GrowingCohort { renewals: renewals.saturating_add(1), before: pair[0], after: pair[1] };
            cohort.push(Tenure::Ended(renewals), pair[0].checked_sub(pair[1]).ok_or(growing)?)?;
        }
        let last = left.last().ok_or(LifetimeError::TooFewPeriods { found: 0, least: 1 })?;
        let renewals = u16::try_from(left.len() - 1).map_err(|_| LifetimeError::TooManyCustomers)?;
        cohort.push(Tenure::Running(renewals), *last)?;
        self.merge(&cohort)
    }

    /// Adds the customers of another table.
    ///
    /// # Errors
    /// As [`push`](TenureCounts::push).
    pub fn merge(&mut self, other: &TenureCounts) -> Result<(), LifetimeError> {
        self.table.merge(&other.table).ok_or(LifetimeError::TooManyCustomers)
    }

    /// Every tenure with its number of customers: first those that ended, each in order of renewals.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (Tenure, u64)> {
        self.table.rows()
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.table.total()
    }

    /// Number of different tenures.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no customer.
    pub const fn is_empty(&self) -> bool {
        self.table.total() == 0
    }

    /// Customers of whom a decision was seen, and the most that were seen of one.
    pub(super) fn decided(&self) -> (u64, u16) {
        let decided = || self.rows().filter(|(tenure, _)| tenure.decisions() > 0);
        // A part of the whole, which fits.
        (decided().map(|(_, customers)| customers).sum(), decided().map(|(tenure, _)| tenure.decisions()).max().unwrap_or(0))
    }
}

impl TryFrom<Vec<(Tenure, u64)>> for TenureCounts {
    type Error = LifetimeError;

    fn try_from(rows: Vec<(Tenure, u64)>) -> Result<TenureCounts, LifetimeError> {
        let mut counts = TenureCounts::new();
        rows.into_iter().try_for_each(|(tenure, customers)| counts.push(tenure, customers))?;
        Ok(counts)
    }
}

impl From<TenureCounts> for Vec<(Tenure, u64)> {
    fn from(counts: TenureCounts) -> Self {
        counts.rows().collect()
    }
}
