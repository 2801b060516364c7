use super::{Family, Fit, LifetimeError, PurchaseCounts, PurchaseModel, TimeUnit, count_table::CountTable};
use crate::{
    calendar::days_between,
    customer::{HistoryError, OrderColumns, Purchases, ReturnPolicy},
    numeric::count,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::num::{NonZeroU8, NonZeroU32};
use serde::{Deserialize, Serialize};

/// How often so many days lay between two purchases of a customer: all that tells how regularly they buy. Tables merge, whatever the order
/// and the splitting of customers.
///
/// ```
/// use core::num::{NonZeroU8, NonZeroU32};
/// use customer_value::value::lifetime::{GapCounts, TimeUnit};
///
/// let mut gaps = GapCounts::new();
/// for (days, times) in [(27, 10), (30, 25), (34, 8)] {
///     gaps.push(NonZeroU32::new(days).unwrap(), times)?;
/// }
/// assert_eq!((gaps.total(), gaps.len()), (43, 3));
/// // Purchases at random say nothing by their gaps.
/// assert_eq!(gaps.log_likelihood(NonZeroU8::MIN, TimeUnit::WEEK), 0.0);
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "interpurchase time")]
#[doc(alias = "购买间隔")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(NonZeroU32, u64)>", into = "Vec<(NonZeroU32, u64)>")]
pub struct GapCounts {
    table: CountTable<NonZeroU32>,
}

impl GapCounts {
    /// A table without gaps.
    pub const fn new() -> GapCounts {
        GapCounts { table: CountTable::new() }
    }

    /// The gaps of all customers in these orders, after returns: what [`add`](GapCounts::add) gives for each.
    ///
    /// # Errors
    /// As [`RepeatColumns::collect`](crate::value::RepeatColumns::collect).
    pub fn collect(orders: &OrderColumns<'_>, as_of: NaiveDate, policy: ReturnPolicy) -> Result<GapCounts, HistoryError> {
        let mut gaps = GapCounts::new();
        for customer in orders.histories() {
            let (key, history) = customer?;
            let purchases = history.as_of(as_of, policy).map_err(|error| error.of_customer(key))?;
            // As many gaps as rows, which fit.
            gaps.add(&purchases).map_err(|_| HistoryError::Overflow(orders.currency()))?;
        }
        Ok(gaps)
    }

    /// Adds the gaps between one customer's purchase days.
    ///
    /// # Errors
    /// As [`push`](GapCounts::push).
    pub fn add(&mut self, purchases: &Purchases) -> Result<(), LifetimeError> {
        let mut more = GapCounts::new();
        for pair in purchases.days().windows(2) {
            // Days are different, and in order.
            if let Some(days) = NonZeroU32::new(days_between(pair[0].on, pair[1].on)) {
                more.push(days, 1)?;
            }
        }
        self.merge(&more)
    }

    /// Adds so many gaps of equal length.
    ///
    /// # Errors
    /// [`LifetimeError::TooManyGaps`] beyond 2⁶⁴ − 1 in all; the table stays as it was.
    pub fn push(&mut self, days: NonZeroU32, times: u64) -> Result<(), LifetimeError> {
        self.table.push(days, times).ok_or(LifetimeError::TooManyGaps)
    }

    /// Adds the gaps of another table.
    ///
    /// # Errors
    /// As [`push`](GapCounts::push).
    pub fn merge(&mut self, other: &GapCounts) -> Result<(), LifetimeError> {
        self.table.merge(&other.table).ok_or(LifetimeError::TooManyGaps)
    }

    /// Every length in days with its number of gaps, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (NonZeroU32, u64)> {
        self.table.rows()
    }

    /// Number of gaps: that of all repeat purchases.
    pub const fn total(&self) -> u64 {
        self.table.total()
    }

    /// Number of different lengths.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no gap.
    pub const fn is_empty(&self) -> bool {
        self.table.total() == 0
    }

    /// What the log-likelihood of all purchase days is above that of (x, `t_x`, T), which [`Fit::log_likelihood`] is:
    /// `(k − 1) Σ ln Δt − x ln (k − 1)!` with time in this unit. Only with it can fits of different regularity be compared
    /// (Reutterer, Platzer and Schröder 2021).
    pub fn log_likelihood(&self, regularity: NonZeroU8, unit: TimeUnit) -> f64 {
        let k = f64::from(regularity.get());
        let logs: f64 = self.rows().map(|(days, times)| count(times) * libm::log(f64::from(days.get()) / unit.in_days())).sum();
        (k - 1.0) * logs - count(self.table.total()) * libm::lgamma(k)
    }
}

impl TryFrom<Vec<(NonZeroU32, u64)>> for GapCounts {
    type Error = LifetimeError;

    fn try_from(rows: Vec<(NonZeroU32, u64)>) -> Result<GapCounts, LifetimeError> {
        let mut gaps = GapCounts::new();
        rows.into_iter().try_for_each(|(days, times)| gaps.push(days, times))?;
        Ok(gaps)
    }
}

impl From<GapCounts> for Vec<(NonZeroU32, u64)> {
    fn from(gaps: GapCounts) -> Self {
        gaps.rows().collect()
    }
}

/// A model fitted with the regularity under which the purchase days are most likely, and how likely they are under the others.
#[derive(Clone, Debug, PartialEq)]
pub struct RegularityFit {
    fit: Fit<PurchaseModel>,
    log_likelihoods: Vec<(NonZeroU8, f64)>,
}

impl RegularityFit {
    /// The fit of the best; its own log-likelihood is that of (x, `t_x`, T).
    pub const fn fit(&self) -> &Fit<PurchaseModel> {
        &self.fit
    }

    /// The regularity of the best; the least of equals.
    pub const fn regularity(&self) -> NonZeroU8 {
        self.fit.model().regularity()
    }

    /// The log-likelihood of all purchase days for every regularity that was fitted, in order.
    pub fn log_likelihoods(&self) -> &[(NonZeroU8, f64)] {
        &self.log_likelihoods
    }
}

impl PurchaseModel {
    /// Fits a family with every regularity from 1 to `most` (whatever the family's own) and keeps the one under which the purchase days
    /// are most likely. `gaps` are those of the customers in `counts`. A regularity without a maximum is left out.
    ///
    /// # Errors
    /// As [`fit`](PurchaseModel::fit) if no regularity can be fitted; [`LifetimeError::RegularInTime`] for a family with dropout in time;
    /// [`LifetimeError::GapsDiffer`] if there are not as many gaps as repeat purchases.
    ///
    /// ```
    /// use core::num::{NonZeroU8, NonZeroU32};
    /// use customer_value::value::lifetime::{Family, GapCounts, PurchaseCounts, PurchaseModel, Summary, TimeUnit};
    ///
    /// // Every month, more or less.
    /// let (mut counts, mut gaps) = (PurchaseCounts::new(), GapCounts::new());
    /// for (x, t_x, customers) in [(1, 31, 5), (2, 58, 6), (5, 155, 12), (6, 170, 20), (8, 175, 4)] {
    ///     counts.push(Summary::new(x, t_x, 180)?, customers)?;
    ///     gaps.push(NonZeroU32::new(t_x / x).unwrap(), customers * u64::from(x))?;
    /// }
    /// let most = NonZeroU8::new(4).unwrap();
    /// let found = PurchaseModel::fit_regularity(Family::MbgNbd, &counts, &gaps, most, TimeUnit::WEEK)?;
    /// assert_eq!((found.regularity(), found.log_likelihoods().len()), (most, 4));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    pub fn fit_regularity(
        family: Family,
        counts: &PurchaseCounts,
        gaps: &GapCounts,
        most: NonZeroU8,
        unit: TimeUnit,
    ) -> Result<RegularityFit, LifetimeError> {
        let repeats = counts.rows().try_fold(0_u64, |sum, (s, n)| sum.checked_add(n.checked_mul(s.x().into())?));
        if repeats != Some(gaps.total()) {
            return Err(LifetimeError::GapsDiffer { gaps: gaps.total(), repeats: repeats.unwrap_or(u64::MAX) });
        }
        let (mut best, mut highest, mut failed) = (None, f64::NEG_INFINITY, None);
        let mut log_likelihoods = Vec::new();
        for k in (1..=most.get()).filter_map(NonZeroU8::new) {
            let regular = family.with_regularity(k).ok_or(LifetimeError::RegularInTime(most))?;
            match PurchaseModel::fit(regular, counts, unit) {
                Ok(fit) => {
                    let log_likelihood = fit.log_likelihood() + gaps.log_likelihood(k, unit);
                    log_likelihoods.push((k, log_likelihood));
                    if best.is_none() || log_likelihood > highest {
                        (best, highest) = (Some(fit), log_likelihood);
                    }
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match (best, failed) {
            (Some(fit), _) => Ok(RegularityFit { fit, log_likelihoods }),
            // One of them there is.
            (None, failed) => Err(failed.unwrap_or(LifetimeError::RegularInTime(most))),
        }
    }
}
