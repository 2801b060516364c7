//! Customers made of random numbers, who buy at opportunities.

use super::{BgBb, Life, Opportunities, OpportunityCounts, Outlook};
use crate::value::lifetime::{LifetimeError, variates::Variates};
use alloc::vec::Vec;

impl BgBb {
    /// What a new customer does at their first opportunities: their own chances are drawn from the model, then what they do. For `words`
    /// see [`PurchaseModel::simulate`](crate::value::lifetime::PurchaseModel::simulate).
    ///
    /// ```
    /// use customer_value::value::lifetime::discrete::{BgBb, Opportunities, OpportunityCounts};
    ///
    /// let mut state = 7_u64;
    /// let mut words = || {
    ///     state = state.wrapping_add(0x9E37_79B9_7F4A_7C15); // SplitMix64
    ///     let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ///     let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ///     z ^ (z >> 31)
    /// };
    /// let model = BgBb::of([1.204, 0.750, 0.657, 2.783])?;
    /// let (mut counts, mut later) = (OpportunityCounts::new(), 0);
    /// for _ in 0..1000 {
    ///     let life = model.simulate(11, &mut words);
    ///     counts.push(life.summary(6)?, 1)?;
    ///     later += life.purchases().iter().filter(|at| **at > 6).count();
    /// }
    /// let expected: f64 = counts.rows().map(|(seen, n)| n as f64 * model.outlook(seen).purchases(5)).sum();
    /// assert!((1000.0..1400.0).contains(&expected) && (1000..1400).contains(&later));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    #[doc(alias = "模拟")]
    pub fn simulate(&self, opportunities: u16, words: &mut dyn FnMut() -> u64) -> Life {
        let new = self.outlook(Opportunities::NEW);
        new.live(true, opportunities, &mut Variates::new(words))
    }

    /// A table of as many new customers as another has, each with as many opportunities as one of its customers.
    ///
    /// # Errors
    /// Never: as many customers have been counted.
    pub fn simulate_counts(
        &self,
        like: &OpportunityCounts,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<OpportunityCounts, LifetimeError> {
        let mut counts = OpportunityCounts::new();
        for (seen, customers) in like.rows() {
            for _ in 0..customers {
                counts.push(self.simulate(seen.n(), words).summary(seen.n())?, 1)?;
            }
        }
        Ok(counts)
    }
}

impl Outlook {
    /// What the customer may do at so many opportunities after the last one observed: whether they are still one is drawn, then their own
    /// chances from what the observation says of them.
    ///
    /// # Errors
    /// [`LifetimeError::BadOpportunities`] for more than 65535 opportunities together with those observed.
    #[doc(alias = "模拟")]
    pub fn simulate(&self, opportunities: u16, words: &mut dyn FnMut() -> u64) -> Result<Life, LifetimeError> {
        let seen = self.customer();
        if seen.n().checked_add(opportunities).is_none() {
            let n = u32::from(seen.n()) + u32::from(opportunities);
            return Err(LifetimeError::BadOpportunities { x: seen.x().into(), t_x: seen.t_x().into(), n });
        }
        let mut variates = Variates::new(words);
        let here = variates.happens(self.alive());
        Ok(self.live(here, opportunities, &mut variates))
    }

    /// What they do from now on, if they are here.
    fn live(&self, here: bool, opportunities: u16, variates: &mut Variates<'_>) -> Life {
        let [buying, leaving] = [self.bought, self.dropout].map(|chance| chance.draw(variates));
        let (mut purchases, mut dropout) = (Vec::new(), (!here).then_some(0));
        for at in 1..=opportunities {
            if dropout.is_some() {
                break;
            }
            if variates.happens(leaving) {
                dropout = Some(at - 1);
            } else if variates.happens(buying) {
                purchases.push(at);
            }
        }
        Life::new(self.customer(), opportunities, purchases, dropout)
    }
}
