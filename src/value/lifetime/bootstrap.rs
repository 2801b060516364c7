use super::{
    AmountCounts, CovariateCounts, CovariateModel, Family, GammaGamma, LifetimeError, NormalNormal, Priors, PurchaseCounts,
    PurchaseModel, SpendCounts,
    contract::{ContractFamily, ContractModel},
    discrete::{BgBb, OpportunityCounts},
};
use crate::{
    money::Rounding,
    quantity::{Confidence, Estimate},
};
use alloc::vec::Vec;

/// Models fitted to tables simulated from a model: how far a fit to such a table may be from the truth (parametric bootstrap). It needs no
/// curvature of the likelihood, so it also speaks where the fit has ended at a [`Limit`](super::Limit).
///
/// ```
/// use customer_value::{quantity::Confidence, value::lifetime::{Family, PurchaseCounts, PurchaseModel, Summary, TimeUnit}};
///
/// let mut state = 1_u64;
/// let mut words = || {
///     state = state.wrapping_add(0x9E37_79B9_7F4A_7C15); // SplitMix64
///     let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
///     let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
///     z ^ (z >> 31)
/// };
/// let mut counts = PurchaseCounts::new();
/// for (x, t_x, t, customers) in [(0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 213, 272, 11), (4, 250, 265, 6)] {
///     counts.push(Summary::new(x, t_x, t)?, customers)?;
/// }
/// let fit = PurchaseModel::fit(Family::Nbd, &counts, TimeUnit::WEEK)?;
/// let bootstrap = fit.model().bootstrap(Family::Nbd, &counts, 39, &mut words)?;
/// let in_a_year = |model: &PurchaseModel| model.outlook(Summary::NEW).purchases(365);
/// let estimate = bootstrap.estimate(in_a_year, Confidence::P95).unwrap();
/// assert!(estimate.low() < in_a_year(fit.model()) && in_a_year(fit.model()) < estimate.high());
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "自助法")]
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap<M> {
    model: M,
    models: Vec<M>,
    failed: u32,
}

impl PurchaseModel {
    /// Simulates the table so many times ([`simulate_counts`](PurchaseModel::simulate_counts)), and fits the family to each; usually the
    /// family that this model was fitted as. For `words` see [`simulate`](PurchaseModel::simulate).
    ///
    /// # Errors
    /// As [`simulate`](PurchaseModel::simulate). A table that cannot be fitted is no error: it is [counted](Bootstrap::failed).
    pub fn bootstrap(
        &self,
        family: Family,
        counts: &PurchaseCounts,
        replicates: u32,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Bootstrap<PurchaseModel>, LifetimeError> {
        let one = || {
            let simulated = self.simulate_counts(counts, words)?;
            Ok(PurchaseModel::fit(family, &simulated, self.unit()).ok().map(|fit| *fit.model()))
        };
        Bootstrap::of(*self, replicates, one)
    }
}

impl GammaGamma {
    /// Simulates the table so many times ([`simulate_counts`](GammaGamma::simulate_counts)), and fits a model to each.
    ///
    /// # Errors
    /// As [`simulate_counts`](GammaGamma::simulate_counts). A table that cannot be fitted is no error: it is [counted](Bootstrap::failed).
    pub fn bootstrap(
        &self,
        counts: &SpendCounts,
        rounding: Rounding,
        replicates: u32,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Bootstrap<GammaGamma>, LifetimeError> {
        let one = || Ok(GammaGamma::fit(&self.simulate_counts(counts, rounding, words)?).ok().map(|fit| *fit.model()));
        Bootstrap::of(*self, replicates, one)
    }
}

impl NormalNormal {
    /// Simulates the table so many times ([`simulate_counts`](NormalNormal::simulate_counts)), and fits a model to each.
    ///
    /// # Errors
    /// As [`simulate_counts`](NormalNormal::simulate_counts). A table that cannot be fitted is no error: it is
    /// [counted](Bootstrap::failed).
    pub fn bootstrap(
        &self,
        counts: &AmountCounts,
        rounding: Rounding,
        replicates: u32,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Bootstrap<NormalNormal>, LifetimeError> {
        let one = || Ok(NormalNormal::fit(&self.simulate_counts(counts, rounding, words)?).ok().map(|fit| *fit.model()));
        Bootstrap::of(*self, replicates, one)
    }
}

impl CovariateModel {
    /// Simulates the table so many times ([`simulate_counts`](CovariateModel::simulate_counts)), and fits the family to each, under the
    /// same priors.
    ///
    /// # Errors
    /// As [`simulate_counts`](CovariateModel::simulate_counts). A table that cannot be fitted is no error: it is
    /// [counted](Bootstrap::failed).
    pub fn bootstrap(
        &self,
        family: Family,
        counts: &CovariateCounts,
        priors: &Priors,
        replicates: u32,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Bootstrap<CovariateModel>, LifetimeError> {
        let unit = self.base().unit();
        let one = || {
            let simulated = self.simulate_counts(counts, words)?;
            Ok(CovariateModel::fit(family, &simulated, unit, priors).ok().map(|fit| fit.model().clone()))
        };
        Bootstrap::of(self.clone(), replicates, one)
    }
}

impl BgBb {
    /// Simulates the table so many times ([`simulate_counts`](BgBb::simulate_counts)), and fits a model to each.
    ///
    /// # Errors
    /// Never: as many customers have been counted. A table that cannot be fitted is no error: it is [counted](Bootstrap::failed).
    pub fn bootstrap(
        &self,
        counts: &OpportunityCounts,
        replicates: u32,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Bootstrap<BgBb>, LifetimeError> {
        let one = || Ok(BgBb::fit(&self.simulate_counts(counts, words)?).ok().map(|fit| *fit.model()));
        Bootstrap::of(*self, replicates, one)
    }
}

impl ContractModel {
    /// Simulates the cohorts so many times ([`simulate_cohorts`](ContractModel::simulate_cohorts)), and fits the family to each; usually
    /// the family that this model was fitted as.
    ///
    /// # Errors
    /// [`LifetimeError::TooManyCustomers`] beyond 2⁶⁴ − 1 in all. A table that cannot be fitted is no error: it is
    /// [counted](Bootstrap::failed).
    pub fn bootstrap(
        &self,
        family: ContractFamily,
        cohorts: &[(u64, u16)],
        replicates: u32,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Bootstrap<ContractModel>, LifetimeError> {
        let one = || {
            let simulated = self.simulate_cohorts(cohorts.iter().copied(), words)?;
            Ok(ContractModel::fit(family, &simulated).ok().map(|fit| *fit.model()))
        };
        Bootstrap::of(*self, replicates, one)
    }
}

impl<M> Bootstrap<M> {
    fn of(
        model: M,
        replicates: u32,
        mut one: impl FnMut() -> Result<Option<M>, LifetimeError>,
    ) -> Result<Bootstrap<M>, LifetimeError> {
        let (mut models, mut failed) = (Vec::new(), 0);
        for _ in 0..replicates {
            match one()? {
                Some(model) => models.push(model),
                None => failed += 1,
            }
        }
        Ok(Bootstrap { model, models, failed })
    }

    /// The model that was simulated.
    pub const fn model(&self) -> &M {
        &self.model
    }

    /// The models fitted to what it gave, in order.
    pub fn models(&self) -> &[M] {
        &self.models
    }

    /// How many simulated tables could not be fitted, because nobody bought again in them or the climb did not end. Where these are many,
    /// the intervals are those of the lucky ones.
    pub const fn failed(&self) -> u32 {
        self.failed
    }

    /// Any number that follows from the model, with the interval between the quantiles of the models (percentile interval; Davison and
    /// Hinkley 1997): with 999 of them at 95 %, the 25th from below and the 25th from above. `None` for too few of them, such as 38 at
    /// 95 %, and where an end is infinite or some number is NaN.
    pub fn estimate(&self, number: impl Fn(&M) -> f64, confidence: Confidence) -> Option<Estimate> {
        let mut numbers: Vec<f64> = self.models.iter().map(&number).collect();
        if numbers.iter().any(|n| n.is_nan()) {
            return None;
        }
        numbers.sort_by(f64::total_cmp);
        let all = u32::try_from(numbers.len()).ok()?;
        // A product that should be whole is, in spite of its rounding.
        let place = libm::floor((f64::from(all) + 1.0) * confidence.tail() + 1e-9);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole, and at most half of all
        let beyond = (place as usize).checked_sub(1)?;
        let (low, high) = (*numbers.get(beyond)?, *numbers.iter().rev().nth(beyond)?);
        let value = number(&self.model);
        Estimate::new(value, low.min(value), high.max(value), confidence).ok()
    }
}
