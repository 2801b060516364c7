//! Contracts made of random numbers.

use super::{ContractModel, Tenure, TenureCounts};
use crate::value::lifetime::{LifetimeError, simulation::ln_sum, spread::Spread, variates::Variates};

impl ContractModel {
    /// What becomes of a customer with so many renewals behind them (0 for one just won) until so many have been due in all: their own
    /// chance is drawn from what is known of them, then when they leave. With no more due than are behind them, they are there. For
    /// `words` see [`PurchaseModel::simulate`](crate::value::lifetime::PurchaseModel::simulate).
    ///
    /// ```
    /// use customer_value::value::lifetime::contract::{ContractModel, Tenure};
    ///
    /// let mut state = 7_u64;
    /// let mut words = || {
    ///     state = state.wrapping_add(0x9E37_79B9_7F4A_7C15); // SplitMix64
    ///     let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ///     let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ///     z ^ (z >> 31)
    /// };
    /// let model = ContractModel::sbg([0.668, 3.806])?;
    /// let left = (0..1000).filter(|_| model.simulate(0, 12, &mut words) == Tenure::Running(12)).count();
    /// assert!((330..430).contains(&left) && model.survival(12) > 0.37); // about 378
    /// assert_eq!(model.simulate(3, 3, &mut words), Tenure::Running(3));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    #[doc(alias = "模拟")]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole, zero or above, and below a number of 16 bits
    pub fn simulate(&self, renewals: u16, due: u16, words: &mut dyn FnMut() -> u64) -> Tenure {
        let mut variates = Variates::new(words);
        let (n, c) = (f64::from(renewals), self.power());
        // ln nᶜ, which may be far beyond a number where nᶜ is not.
        let ln_past = if renewals > 0 { c * libm::log(n) } else { f64::NEG_INFINITY };
        let ln_hazard = match self.chance().0 {
            Spread::Alike(theta) => libm::log(-libm::log1p(-theta)),
            Spread::Varied(a, b) => ln_hazard(variates.ln_gamma(a) - ln_gamma_after(b, ln_past, &mut variates)),
        };
        // They leave at the first t for which (tᶜ − nᶜ)·(−ln(1 − θ)) exceeds an exponential variable.
        let ln_time = libm::log(variates.exponential()) - ln_hazard;
        let last = if renewals > 0 { n * libm::exp(ln_sum(0.0, ln_time - ln_past) / c) } else { libm::exp(ln_time / c) };
        if last < f64::from(due) { Tenure::Ended(libm::floor(last) as u16) } else { Tenure::Running(due.max(renewals)) }
    }

    /// A table of new customers: of each cohort so many, watched until so many renewals have been due.
    ///
    /// ```
    /// use customer_value::value::lifetime::contract::{ContractModel, Tenure};
    ///
    /// let mut last = || u64::MAX >> 1; // a generator that is none
    /// let counts = ContractModel::sbg([0.668, 3.806])?.simulate_cohorts([(1000, 5), (2000, 1)], &mut last)?;
    /// assert_eq!((counts.customers(), counts.len()), (3000, 2));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`LifetimeError::TooManyCustomers`] beyond 2⁶⁴ − 1 in all.
    pub fn simulate_cohorts(
        &self,
        cohorts: impl IntoIterator<Item = (u64, u16)>,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<TenureCounts, LifetimeError> {
        let mut counts = TenureCounts::new();
        for (customers, due) in cohorts {
            for _ in 0..customers {
                counts.push(self.simulate(0, due, words), 1)?;
            }
        }
        Ok(counts)
    }
}

/// `ln(−ln(1 − θ))` by the logarithm of the odds of θ.
fn ln_hazard(ln_odds: f64) -> f64 {
    // Beyond, it is the odds to the last digit, which may be too small for a number.
    const SMALL: f64 = -40.0;
    if ln_odds < SMALL { ln_odds } else { libm::log(ln_sum(0.0, ln_odds)) }
}

/// The logarithm of a gamma variable of the shape `b + exp(ln_more)`.
fn ln_gamma_after(b: f64, ln_more: f64, variates: &mut Variates<'_>) -> f64 {
    // Beyond, the variable is its shape to the last digit.
    const SURE: f64 = 100.0;
    if ln_more < SURE { variates.ln_gamma(b + libm::exp(ln_more)) } else { ln_more + libm::log1p(b * libm::exp(-ln_more)) }
}
