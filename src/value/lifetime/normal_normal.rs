use super::{
    LifetimeError, MeanSpend, SpendBasis, Spending, Spent,
    parametric::{Link, Parameter, Parametric, Sealed},
    spending::{estimate, main_unit},
};
use crate::{
    money::Currency,
    numeric::normal_tail,
    quantity::{Confidence, Estimate, float},
};
use alloc::{vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// A model of spending for amounts that may be zero or below, as after returns: single amounts vary around a customer's mean (normal,
/// standard deviation σ), and the means vary over customers (normal, mean μ, standard deviation τ).
///
/// A customer's expected mean lies between their own and μ, the closer to their own the more they bought (Bühlmann's credibility):
/// the weight is n·τ²/(σ² + n·τ²).
///
/// Source: the one-way random-effects model (Searle, Casella and `McCulloch` 1992, chapter 3); Bühlmann (1967).
///
/// ```
/// use customer_value::{money::{Currency, Money, Rounding}, value::lifetime::{NormalNormal, SpendBasis, Spent}};
///
/// // μ, σ, τ in dollars.
/// let model = NormalNormal::new([20.0, 30.0, 15.0], SpendBasis::All, Currency::USD)?;
/// let spent = Spent::new(SpendBasis::All, 4, Money::from_minor(-40_00, Currency::USD));
/// let mean = model.mean(spent)?;
/// assert_eq!((mean.own_weight(), mean.in_money(Rounding::HalfEven)?.to_string()), (0.5, "5.00 USD".into()));
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "credibility")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct NormalNormal {
    mean: f64,
    noise: f64,
    spread: f64,
    basis: SpendBasis,
    currency: Currency,
}

impl NormalNormal {
    /// A model with known parameters, in the order μ, σ, τ, in the currency's main unit. Without noise (σ = 0) a customer always spends
    /// the same; without spread (τ = 0) all customers have one mean.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for a μ of NaN and of 10¹³; for a σ or τ of −1, NaN and 10¹³; if both are zero.
    pub fn new([mean, noise, spread]: [f64; 3], basis: SpendBasis, currency: Currency) -> Result<NormalNormal, LifetimeError> {
        let size = |value: f64| value == 0.0 || (1e-12..=1e12).contains(&value);
        for (name, value, good) in
            [("mu", mean, mean.abs() <= 1e12), ("sigma", noise, size(noise)), ("tau", spread, size(spread) && noise + spread > 0.0)]
        {
            if !good {
                return Err(LifetimeError::BadParameter { name, value });
            }
        }
        Ok(NormalNormal { mean, noise, spread, basis, currency })
    }

    /// μ, σ, τ.
    pub const fn parameters(&self) -> [f64; 3] {
        [self.mean, self.noise, self.spread]
    }

    /// The currency whose main unit the parameters are in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Which purchases the model is about.
    pub const fn basis(&self) -> SpendBasis {
        self.basis
    }

    /// What a customer is expected to spend per purchase, zero and below included.
    ///
    /// # Errors
    /// [`LifetimeError::MixedCurrencies`]; [`LifetimeError::WrongBasis`] for other purchases than the model's.
    pub fn mean(&self, customer: impl Into<Spent>) -> Result<MeanSpend, LifetimeError> {
        let spent = customer.into();
        spent.check(self.basis, self.currency)?;
        let ((n, total), all) = (spent.numbers(), self.mean * main_unit(self.currency));
        let own_weight = self.own_weight(n);
        let own = if n > 0.0 { total / n } else { all };
        Ok(MeanSpend { minor: own_weight * own + (1.0 - own_weight) * all, own_weight, currency: self.currency })
    }

    /// n·τ²/(σ² + n·τ²).
    fn own_weight(&self, n: f64) -> f64 {
        if n > 0.0 && self.spread > 0.0 {
            let noise = self.noise / self.spread;
            n / (n + noise * noise)
        } else {
            0.0
        }
    }
}

impl Spending for NormalNormal {
    fn basis(&self) -> SpendBasis {
        self.basis
    }

    fn currency(&self) -> Currency {
        self.currency
    }

    fn expected(&self, spent: Spent) -> Result<MeanSpend, LifetimeError> {
        self.mean(spent)
    }

    fn range(&self, spent: Spent, confidence: Confidence) -> Result<Estimate, LifetimeError> {
        let mean = self.mean(spent)?;
        // What was learned leaves the share 1 − weight of the variance τ².
        let left = self.spread * main_unit(self.currency) * libm::sqrt(1.0 - mean.own_weight);
        let half = normal_tail(confidence.tail()) * left;
        estimate([mean.minor - half, mean.minor, mean.minor + half], confidence, self.currency)
    }

    fn at_most(&self, spent: Spent, purchases: u32, minor: f64) -> f64 {
        let (unit, n, (seen, total)) = (main_unit(self.currency), f64::from(purchases), spent.numbers());
        let weight = self.own_weight(seen);
        let own = if seen > 0.0 { total / seen } else { 0.0 };
        let mean = n * (weight * own + (1.0 - weight) * self.mean * unit);
        // n·σ² of single purchases, and n²·τ² of the customer's mean, as far as it has not been learned.
        let spread = n * self.spread * libm::sqrt(1.0 - weight);
        let deviation = libm::hypot(libm::sqrt(n) * self.noise, spread) * unit;
        if deviation > 0.0 {
            libm::erfc((mean - minor) / deviation * core::f64::consts::FRAC_1_SQRT_2) / 2.0
        } else {
            f64::from(mean <= minor)
        }
    }

    fn link(&self) -> Link {
        Link::Identity
    }
}

impl Parametric for NormalNormal {
    fn parameters(&self) -> Vec<Parameter> {
        let mut all = vec![Parameter::new("mu", self.mean, Link::Identity)];
        let scales = [("sigma", self.noise), ("tau", self.spread)].into_iter().filter(|(_, value)| *value > 0.0);
        all.extend(scales.map(|(name, value)| Parameter::new(name, value, Link::Log)));
        all
    }

    /// μ, and the logarithms of σ and τ/σ; of that which there is, where the other is zero.
    fn coordinates(&self) -> Vec<f64> {
        match (self.noise > 0.0, self.spread > 0.0) {
            (true, true) => vec![self.mean, libm::log(self.noise), libm::log(self.spread / self.noise)],
            _ => vec![self.mean, libm::log(self.noise + self.spread)],
        }
    }

    fn moved(&self, coordinates: &[f64]) -> Option<NormalNormal> {
        let parameters = match (coordinates, self.noise > 0.0) {
            (&[mean, noise, ratio], true) => [mean, libm::exp(noise), libm::exp(noise + ratio)],
            (&[mean, noise], true) => [mean, libm::exp(noise), 0.0],
            (&[mean, spread], false) => [mean, 0.0, libm::exp(spread)],
            _ => return None,
        };
        NormalNormal::new(parameters, self.basis, self.currency).ok()
    }
}

impl Sealed for NormalNormal {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "NormalNormal")]
struct Wire {
    #[serde(with = "float")]
    mu: f64,
    #[serde(with = "float")]
    sigma: f64,
    #[serde(with = "float")]
    tau: f64,
    basis: SpendBasis,
    currency: Currency,
}

impl TryFrom<Wire> for NormalNormal {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<NormalNormal, LifetimeError> {
        NormalNormal::new([w.mu, w.sigma, w.tau], w.basis, w.currency)
    }
}

impl From<NormalNormal> for Wire {
    fn from(m: NormalNormal) -> Wire {
        Wire { mu: m.mean, sigma: m.noise, tau: m.spread, basis: m.basis, currency: m.currency }
    }
}
