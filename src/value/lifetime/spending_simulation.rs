//! Amounts made of random numbers.

use super::{
    GammaGamma, LifetimeError, SpendCounts,
    simulation::MOST,
    spending::{main_unit, positive, whole},
    variates::Variates,
};
use crate::{
    money::{Money, MoneyError, Rounding},
    value::RepeatPurchases,
};
use alloc::vec::Vec;

impl GammaGamma {
    /// The amounts of a customer's next purchases: the customer's own level is drawn from what their repeat purchases so far say of it, then
    /// each amount, rounded by name. For `words` see [`PurchaseModel::simulate`](super::PurchaseModel::simulate).
    ///
    /// ```
    /// use customer_value::{money::{Currency, Money, Rounding}, value::{RepeatPurchases, lifetime::GammaGamma}};
    ///
    /// let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD)?;
    /// let new = RepeatPurchases { x: 0, t_x_days: 0, t_days: 0, value: Money::from_minor(0, Currency::USD) };
    /// let mut state = 7_u64;
    /// let mut words = || {
    ///     state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    ///     let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ///     let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ///     z ^ (z >> 31)
    /// };
    /// let amounts = model.simulate(&new, 3, Rounding::HalfEven, &mut words)?;
    /// assert!(amounts.len() == 3 && amounts.iter().all(|amount| amount.minor() > 0));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`LifetimeError::TooManyPurchases`] for more than a million; [`LifetimeError::Money`] for an amount beyond the range, as a q far
    /// below 1 makes them; [`LifetimeError::NotPositive`] for repeat purchases worth nothing or less; [`LifetimeError::MixedCurrencies`].
    #[doc(alias = "模拟")]
    pub fn simulate(
        &self,
        customer: &RepeatPurchases,
        purchases: u32,
        rounding: Rounding,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Vec<Money>, LifetimeError> {
        positive(customer, self.currency())?;
        if usize::try_from(purchases).map_or(true, |purchases| purchases > MOST) {
            return Err(LifetimeError::TooManyPurchases);
        }
        let seen = if customer.x == 0 { 0.0 } else { whole(customer.value.minor()) };
        let mut variates = Variates::new(words);
        let ln_level = self.ln_level(f64::from(customer.x), seen, &mut variates);
        let p = self.parameters()[0];
        (0..purchases).map(|_| self.amount(p, ln_level, rounding, &mut variates)).collect()
    }

    /// A table of as many new customers as another has, each with as many repeat purchases as one of its customers. An amount that rounds
    /// to nothing is refused: there are none in a table.
    ///
    /// # Errors
    /// [`LifetimeError::Money`] for an amount beyond the range; [`LifetimeError::NotPositive`] for one that is rounded to nothing.
    pub fn simulate_counts(
        &self,
        like: &SpendCounts,
        rounding: Rounding,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<SpendCounts, LifetimeError> {
        let mut counts = SpendCounts::new(self.currency());
        let mut variates = Variates::new(words);
        for ((x, _), customers) in like.rows() {
            for _ in 0..customers {
                let ln_level = self.ln_level(0.0, 0.0, &mut variates);
                // A sum of gamma variables with one rate is another.
                let value = self.amount(self.parameters()[0] * f64::from(x), ln_level, rounding, &mut variates)?;
                counts.push(&RepeatPurchases { x, t_x_days: 0, t_days: 0, value }, 1)?;
            }
        }
        Ok(counts)
    }

    /// The logarithm of a customer's level in smallest units: an amount is a gamma variable times this. So many purchases were seen, and
    /// what they come to.
    fn ln_level(&self, x: f64, seen: f64, variates: &mut Variates<'_>) -> f64 {
        let [p, q, gamma] = self.parameters();
        libm::log(gamma * main_unit(self.currency()) + seen) - variates.ln_gamma(q + p * x)
    }

    fn amount(&self, shape: f64, ln_level: f64, rounding: Rounding, variates: &mut Variates<'_>) -> Result<Money, LifetimeError> {
        let minor = rounding.whole(libm::exp(variates.ln_gamma(shape) + ln_level));
        let currency = self.currency();
        Ok(Money::from_minor(minor.ok_or(MoneyError::Overflow { currency })?, currency))
    }
}
