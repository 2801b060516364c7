//! Customers made of random numbers. The crate draws none itself: the caller gives a generator of words.

use super::{
    Chances, CovariateCounts, CovariateModel, Dropout, Life, LifetimeError, Outlook, PurchaseCounts, PurchaseModel, Rates, Summary,
    hidden::weights, spread::Spread, variates::Variates,
};
use alloc::vec::Vec;

/// Nobody buys more often than that in one simulated life.
pub(super) const MOST: usize = 1_000_000;

impl PurchaseModel {
    /// A new customer's first days: their own rate and dropout are drawn from the model, then what they do.
    ///
    /// `words` gives independent uniform 64-bit words, such as those of a generator of the `rand` crates: `&mut || rng.next_u64()`. The
    /// same words give the same customer, bit for bit, on every platform. How many a customer uses is left open; whoever wants customers
    /// that do not change with what is simulated beside them, gives each a generator of their own, seeded with the customer's key.
    ///
    /// ```
    /// use customer_value::value::lifetime::{PurchaseCounts, PurchaseModel, Summary, TimeUnit};
    ///
    /// // SplitMix64 (Steele, Lea and Flood 2014), seeded by customer.
    /// let words = |customer: u64| {
    ///     let mut state = customer << 32;
    ///     move || {
    ///         state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    ///         let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ///         let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ///         z ^ (z >> 31)
    ///     }
    /// };
    /// let model = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
    /// let (mut counts, mut later) = (PurchaseCounts::new(), 0);
    /// for customer in 0..1000 {
    ///     let life = model.simulate(365, &mut words(customer))?;
    ///     counts.push(life.summary(273)?, 1)?;
    ///     later += life.purchase_days().filter(|day| *day > 273).count();
    /// }
    /// let expected = 1000.0 * (model.outlook(Summary::NEW).purchases(365) - model.outlook(Summary::NEW).purchases(273));
    /// assert!((150.0..350.0).contains(&expected) && (150..350).contains(&later));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`LifetimeError::TooManyPurchases`] for a customer with more than a million purchases, as a mean rate of 10¹² a day makes them.
    #[doc(alias = "模拟")]
    pub fn simulate(&self, days: u32, words: &mut dyn FnMut() -> u64) -> Result<Life, LifetimeError> {
        let mut variates = Variates::new(words);
        let own = Own::of(self, Summary::NEW, 0.0, &mut variates);
        let here = match own.leaving {
            Leaving::AtPurchases(chance) if leaves_at_first(self) => !variates.happens(chance),
            _ => true,
        };
        own.live(here, Summary::NEW, days, &mut variates)
    }

    /// A table of as many new customers as another has, each watched for as long as one of its customers.
    ///
    /// # Errors
    /// As [`simulate`](PurchaseModel::simulate).
    pub fn simulate_counts(&self, like: &PurchaseCounts, words: &mut dyn FnMut() -> u64) -> Result<PurchaseCounts, LifetimeError> {
        let mut counts = PurchaseCounts::new();
        for (watched, customers) in like.rows() {
            for _ in 0..customers {
                let days = watched.t_days();
                counts.push(self.simulate(days, words)?.summary(days)?, 1)?;
            }
        }
        Ok(counts)
    }
}

impl CovariateModel {
    /// A table of as many new customers as another has, each with the covariates of one of its customers and watched for as long. One
    /// customer alone is simulated by the model [at](CovariateModel::at) their covariates.
    ///
    /// ```
    /// use customer_value::{quantity::Name, value::lifetime::{CovariateCounts, CovariateModel, PurchaseModel, Summary, TimeUnit}};
    ///
    /// let mut state = 7_u64;
    /// let mut words = || {
    ///     state = state.wrapping_add(0x9E37_79B9_7F4A_7C15); // SplitMix64
    ///     let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ///     let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ///     z ^ (z >> 31)
    /// };
    /// let nbd = PurchaseModel::nbd([0.8, 6.0], TimeUnit::WEEK)?;
    /// let model = CovariateModel::new(nbd, vec![Name::new("club")?], vec![1.5], vec![])?;
    /// let mut like = CovariateCounts::new(model.covariates().to_vec())?;
    /// for club in [0, 1] {
    ///     like.push(&[club.into()], Summary::new(0, 0, 365)?, 1000)?;
    /// }
    /// let counts = model.simulate_counts(&like, &mut words)?;
    /// let bought: Vec<u64> = counts.groups().map(|(_, table)| table.rows().map(|(s, n)| n * u64::from(s.x())).sum()).collect();
    /// assert!(bought[0] > 5000 && bought[1] > 3 * bought[0]); // e to the 1.5 times as many, but for those of one day
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LifetimeError::CovariatesMissing`] for a table with other covariates; [`LifetimeError::BadParameter`] where the coefficients lead
    /// out of the range of a parameter; [`LifetimeError::TooManyPurchases`] as for [`PurchaseModel::simulate`].
    #[doc(alias = "模拟")]
    pub fn simulate_counts(
        &self,
        like: &CovariateCounts,
        words: &mut dyn FnMut() -> u64,
    ) -> Result<CovariateCounts, LifetimeError> {
        let (expected, found) = (self.covariates(), like.covariates());
        if expected != found {
            return Err(LifetimeError::CovariatesMissing { expected: expected.len(), found: found.len() });
        }
        let mut counts = CovariateCounts::new(found.iter().cloned())?;
        for (values, table) in like.groups() {
            for (customer, customers) in self.at(values)?.simulate_counts(table, words)?.rows() {
                counts.push(values, customer, customers)?;
            }
        }
        Ok(counts)
    }
}

impl Outlook {
    /// What the customer may do in so many days from the end of the observation: whether they are still one is drawn, then their own rate
    /// and dropout from what the observation says of them. Day 1 of the [`Life`] is the first after the observation, whenever the customer
    /// first bought. For `words` see [`PurchaseModel::simulate`].
    ///
    /// # Errors
    /// [`LifetimeError::TooLong`] if the days end more than `u32::MAX` days after the first purchase;
    /// [`LifetimeError::TooManyPurchases`] as for [`PurchaseModel::simulate`].
    #[doc(alias = "模拟")]
    pub fn simulate(&self, days: u32, words: &mut dyn FnMut() -> u64) -> Result<Life, LifetimeError> {
        let (model, customer) = (self.model(), self.customer());
        if customer.t_days().checked_add(days).is_none() {
            return Err(LifetimeError::TooLong);
        }
        let mut variates = Variates::new(words);
        let here = variates.happens(self.alive());
        let survived = f64::from(customer.x()) + f64::from(u8::from(leaves_at_first(model)));
        Own::of(model, customer, survived, &mut variates).live(here, customer, days, &mut variates)
    }
}

/// One customer's own numbers, drawn; times in days.
struct Own {
    rate: f64,
    /// Events to a purchase, and to the next one.
    regularity: u8,
    next: u8,
    leaving: Leaving,
}

enum Leaving {
    Never,
    /// The logarithm of the hazard now, and the rate at which it grows.
    InTime {
        ln_hazard: f64,
        ageing: f64,
    },
    /// The chance that a purchase is the last.
    AtPurchases(f64),
}

/// Whether a customer may drop out with the first purchase.
const fn leaves_at_first(model: &PurchaseModel) -> bool {
    matches!(model.dropout(), Dropout::AtPurchases { first: true, .. })
}

impl Own {
    /// What a customer with this summary may be like if they are still one, and have stayed after so many purchases that might have been
    /// the last. Given this, rate and dropout are independent, and as in the model but for what was added to the parameters.
    fn of(model: &PurchaseModel, seen: Summary, survived: f64, variates: &mut Variates<'_>) -> Own {
        let (unit, k, days) = (model.unit().in_days(), model.regularity().get(), f64::from(seen.t_days()));
        let events = f64::from(k) * f64::from(seen.x());
        // Events since the last purchase that do not yet make one.
        let purchases = model.purchases();
        let (mean, since) = (purchases.mean() / unit, f64::from(seen.days_since_last()));
        let (hidden, _) = weights(model.regularity(), events, since, mean, purchases.dispersion(), days);
        // Fewer than k.
        let hidden = u8::try_from(variates.place(&hidden)).unwrap_or(0);
        let rate = libm::exp(ln_rate(purchases, events + f64::from(hidden), libm::log(days), unit, variates));
        let leaving = match model.dropout() {
            Dropout::Never => Leaving::Never,
            Dropout::InTime { hazard, ageing } => {
                let ageing = ageing / unit;
                // The hazard accumulated so far is that of the start times this: ∫ exp(ageing·t) dt.
                let growth = ageing * days;
                let ln_time =
                    if growth > 0.0 { growth + libm::log(-libm::expm1(-growth)) - libm::log(ageing) } else { libm::log(days) };
                Leaving::InTime { ln_hazard: ln_rate(hazard, 0.0, ln_time, unit, variates) + growth, ageing }
            }
            Dropout::AtPurchases { chance: Chances(Spread::Alike(chance)), .. } => Leaving::AtPurchases(chance),
            Dropout::AtPurchases { chance: Chances(Spread::Varied(a, b)), .. } => {
                Leaving::AtPurchases(1.0 / (1.0 + libm::exp(-variates.beta_odds(a, b + survived))))
            }
        };
        Own { rate, regularity: k, next: k - hidden, leaving }
    }

    /// What they do from now on, if they are here.
    fn live(self, here: bool, before: Summary, days: u32, variates: &mut Variates<'_>) -> Result<Life, LifetimeError> {
        if !here {
            return Ok(Life::new(before, days, Vec::new(), Some(0.0)));
        }
        let mut end = f64::from(days);
        let mut dropout = None;
        if let Leaving::InTime { ln_hazard, ageing } = self.leaving {
            let at = lifetime(libm::log(variates.exponential()) - ln_hazard, ageing);
            if at <= end {
                (end, dropout) = (at, Some(at));
            }
        }
        let (mut now, mut events, mut purchases) = (0.0, self.next, Vec::new());
        loop {
            now += if events > 1 { libm::exp(variates.ln_gamma(events.into())) } else { variates.exponential() } / self.rate;
            if now > end {
                return Ok(Life::new(before, days, purchases, dropout));
            }
            if purchases.len() >= MOST {
                return Err(LifetimeError::TooManyPurchases);
            }
            purchases.push(now);
            if let Leaving::AtPurchases(chance) = self.leaving
                && variates.happens(chance)
            {
                return Ok(Life::new(before, days, purchases, Some(now)));
            }
            events = self.regularity;
        }
    }
}

/// The logarithm of a rate a day, after so many events in a time with this logarithm.
fn ln_rate(rates: Rates, events: f64, ln_days: f64, unit: f64, variates: &mut Variates<'_>) -> f64 {
    match rates.0 {
        Spread::Alike(rate) => libm::log(rate / unit),
        Spread::Varied(shape, rate) => variates.ln_gamma(shape + events) - ln_sum(libm::log(rate * unit), ln_days),
    }
}

/// The logarithm of a sum of two numbers with these logarithms, the first of them finite.
pub(super) fn ln_sum(a: f64, b: f64) -> f64 {
    let (large, small) = if a > b { (a, b) } else { (b, a) };
    large + libm::log1p(libm::exp(small - large))
}

/// The days after which a hazard that grows like `exp(ageing·t)` has come to a sum; the logarithm is that of the sum by the hazard now.
fn lifetime(ln_days: f64, ageing: f64) -> f64 {
    if ageing > 0.0 {
        // ln(1 + ageing·days)/ageing
        ln_sum(0.0, libm::log(ageing) + ln_days) / ageing
    } else {
        libm::exp(ln_days)
    }
}
