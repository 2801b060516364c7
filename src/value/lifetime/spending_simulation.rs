//! Amounts made of random numbers.

use super::{
    AmountCounts, GammaGamma, LifetimeError, NormalNormal, SpendCounts, Spent,
    gamma_gamma::Shape,
    simulation::MOST,
    spending::{in_money, main_unit},
    variates::Variates,
};
use crate::money::{Money, Rounding};
use alloc::vec::Vec;

impl GammaGamma {
    /// The amounts of a customer's next purchases: the customer's own level is drawn from what their purchases so far say of it, then
    /// each amount, rounded by name. For `words` see [`PurchaseModel::simulate`](super::PurchaseModel::simulate).
    ///
    /// ```
    /// use customer_value::{money::{Currency, Rounding}, value::lifetime::{GammaGamma, SpendBasis, Spent}};
    ///
    /// let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD)?;
    /// let new = Spent::nothing(SpendBasis::RepeatOnly, Currency::USD);
    /// let mut state = 7_u64;
    /// let mut words = || {
    ///     state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    ///     let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ///     let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ///     z ^ (z >> 31)
    /// };
    /// let amounts = model.simulate(new, 3, Rounding::HalfEven, &mut words)?;
    /// assert!(amounts.len() == 3 && amounts.iter().all(|amount| amount.minor() > 0));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`LifetimeError::TooManyPurchases`] for more than a million; [`LifetimeError::Money`] for an amount beyond the range, as a q far
    /// below 1 makes them; [`LifetimeError::NotPositive`] for purchases worth nothing or less; [`LifetimeError::MixedCurrencies`];
    /// [`LifetimeError::WrongBasis`].
    #[doc(alias = "模拟")]
    pub fn simulate(
        &self,
        customer: impl Into<Spent>,
        purchases: u32,
        rounding: Rounding,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Vec<Money>, LifetimeError> {
        let spent = customer.into();
        spent.check_positive(self.basis(), self.currency())?;
        few_enough(purchases)?;
        let mut variates = Variates::new(words);
        let ln_mean = self.ln_mean(spent, &mut variates);
        (0..purchases).map(|_| self.amount(1.0, ln_mean, rounding, &mut variates)).collect()
    }

    /// A table of as many new customers as another has, each with as many purchases as one of its customers. An amount that rounds
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
        let (basis, currency) = (self.basis(), self.currency());
        let mut counts = SpendCounts::on(basis, currency);
        let mut variates = Variates::new(words);
        for (x, _, customers) in like.rows() {
            for _ in 0..customers {
                let ln_mean = self.ln_mean(Spent::nothing(basis, currency), &mut variates);
                counts.push(Spent::new(basis, x, self.amount(x.into(), ln_mean, rounding, &mut variates)?), 1)?;
            }
        }
        Ok(counts)
    }

    /// The logarithm of a customer's own mean in smallest units, after what was seen.
    fn ln_mean(&self, spent: Spent, variates: &mut Variates<'_>) -> f64 {
        let ((x, total), unit) = (spent.numbers(), main_unit(self.currency()));
        match self.shape() {
            Shape::Varied { p, q, gamma } => libm::log(p * (gamma * unit + total)) - variates.ln_gamma(q + p * x),
            Shape::Steady { .. } if x > 0.0 => libm::log(total / x),
            Shape::Steady { q, m } => libm::log(q * m * unit) - variates.ln_gamma(q),
            Shape::Alike { m, .. } => libm::log(m * unit),
        }
    }

    /// What so many purchases come to: a sum of gamma variables with one rate is another.
    fn amount(
        &self,
        purchases: f64,
        ln_mean: f64,
        rounding: Rounding,
        variates: &mut Variates<'_>,
    ) -> Result<Money, LifetimeError> {
        let ln_multiple = match self.shape() {
            Shape::Varied { p, .. } | Shape::Alike { p, .. } => variates.ln_gamma(p * purchases) - libm::log(p),
            Shape::Steady { .. } => libm::log(purchases),
        };
        in_money(libm::exp(ln_mean + ln_multiple), self.currency(), rounding)
    }
}

impl NormalNormal {
    /// The amounts of a customer's next purchases, zero and below included: the customer's own mean is drawn from what their purchases so
    /// far say of it, then each amount, rounded by name. For `words` see [`PurchaseModel::simulate`](super::PurchaseModel::simulate).
    ///
    /// ```
    /// use customer_value::{money::{Currency, Rounding}, value::lifetime::{NormalNormal, SpendBasis, Spent}};
    ///
    /// let model = NormalNormal::new([20.0, 30.0, 15.0], SpendBasis::All, Currency::USD)?;
    /// let mut state = 7_u64;
    /// let mut words = || {
    ///     state = state.wrapping_add(0x9E37_79B9_7F4A_7C15); // SplitMix64
    ///     let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ///     let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ///     z ^ (z >> 31)
    /// };
    /// let new = Spent::nothing(SpendBasis::All, Currency::USD);
    /// let amounts = model.simulate(new, 100, Rounding::HalfEven, &mut words)?;
    /// assert!(amounts.iter().any(|amount| amount.minor() < 0) && amounts.iter().any(|amount| amount.minor() > 20_00));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`LifetimeError::TooManyPurchases`] for more than a million; [`LifetimeError::Money`] for an amount beyond the range, as after
    /// purchases of 2⁶³ smallest units without noise; [`LifetimeError::MixedCurrencies`]; [`LifetimeError::WrongBasis`].
    #[doc(alias = "模拟")]
    pub fn simulate(
        &self,
        customer: impl Into<Spent>,
        purchases: u32,
        rounding: Rounding,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<Vec<Money>, LifetimeError> {
        let (known, mut variates) = (self.mean(customer)?, Variates::new(words));
        few_enough(purchases)?;
        let [_, noise, spread] = NormalNormal::parameters(self).map(|parameter| parameter * main_unit(self.currency()));
        // What was learned leaves the share 1 − weight of the variance τ².
        let mean = known.minor + spread * libm::sqrt(1.0 - known.own_weight) * variates.normal();
        (0..purchases).map(|_| in_money(mean + noise * variates.normal(), self.currency(), rounding)).collect()
    }

    /// A table of as many new customers as another has, each with as many purchases as one of its customers.
    ///
    /// # Errors
    /// [`LifetimeError::TooManyPurchases`] for a customer with more than a million; [`LifetimeError::Money`] for an amount beyond the
    /// range, or squares beyond 128 bits.
    pub fn simulate_counts(
        &self,
        like: &AmountCounts,
        rounding: Rounding,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<AmountCounts, LifetimeError> {
        let (basis, currency) = (self.basis(), self.currency());
        let mut counts = AmountCounts::new(basis, currency);
        for (row, customers) in like.rows() {
            for _ in 0..customers {
                counts.push(self.simulate(Spent::nothing(basis, currency), row.purchases, rounding, words)?)?;
            }
        }
        Ok(counts)
    }
}

fn few_enough(purchases: u32) -> Result<(), LifetimeError> {
    if usize::try_from(purchases).is_ok_and(|purchases| purchases <= MOST) { Ok(()) } else { Err(LifetimeError::TooManyPurchases) }
}
