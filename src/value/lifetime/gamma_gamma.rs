use super::{
    LifetimeError, MeanSpend, SpendBasis, Spending, Spent,
    parametric::{Link, Parameter, Parametric, Sealed},
    spending::{estimate, main_unit},
    spread::parameter,
};
use crate::{
    money::Currency,
    numeric::{Odds, gamma_quantile, gamma_upper_quantile, incomplete_beta, incomplete_gamma},
    quantity::{Confidence, Estimate, float},
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The gamma-gamma model of spending: single purchases vary around a customer's mean (gamma, shape `p`), and the means vary over customers
/// (inverse gamma, `q` and `γ`). How much is spent is taken for independent of how often; see
/// [`SpendCounts::independence`](super::SpendCounts::independence).
///
/// Its limits are models too: [`steady`](GammaGamma::steady), where a customer always spends the same, and
/// [`alike`](GammaGamma::alike), where all customers have one mean.
///
/// Source: Fader, Hardie and Lee, RFM and CLV (2005); Fader and Hardie, The Gamma-Gamma Model of Monetary Value (2013).
///
/// ```
/// use customer_value::{money::{Currency, Money, Rounding}, value::{RepeatPurchases, lifetime::GammaGamma}};
///
/// // As published for CDNOW, in dollars.
/// let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD)?;
/// let customer = RepeatPurchases { x: 2, t_x_days: 213, t_days: 272, value: Money::from_minor(44_70, Currency::USD) };
/// let mean = model.mean(&customer)?;
/// assert_eq!(mean.in_money(Rounding::HalfEven)?.to_string(), "24.66 USD");
/// assert_eq!(format!("{:.2}", mean.own_weight()), "0.82"); // the rest is the mean of all customers
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "客单价模型")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct GammaGamma {
    shape: Shape,
    basis: SpendBasis,
    currency: Currency,
}

/// Scales are in the currency's main unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Shape {
    Varied {
        #[serde(with = "float")]
        p: f64,
        #[serde(with = "float")]
        q: f64,
        #[serde(with = "float")]
        gamma: f64,
    },
    /// p → ∞: a customer's mean has an inverse gamma distribution with shape q and scale q·m.
    Steady {
        #[serde(with = "float")]
        q: f64,
        #[serde(with = "float")]
        m: f64,
    },
    /// q → ∞: every customer's mean is m.
    Alike {
        #[serde(with = "float")]
        p: f64,
        #[serde(with = "float")]
        m: f64,
    },
}

impl GammaGamma {
    /// A model of [repeat purchases](SpendBasis::RepeatOnly) with known parameters, in the order p, q, γ; γ is in the currency's main
    /// unit, such as dollars.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³.
    pub fn new([p, q, gamma]: [f64; 3], currency: Currency) -> Result<GammaGamma, LifetimeError> {
        GammaGamma::of(Shape::Varied { p, q, gamma }, SpendBasis::RepeatOnly, currency)
    }

    /// The model in which a customer always spends the same (p → ∞): only customers differ, by an inverse gamma distribution of shape `q`
    /// and scale q·m. `m` = p·γ/q is the harmonic mean of customers' means, in the currency's main unit.
    ///
    /// # Errors
    /// As [`new`](GammaGamma::new).
    pub fn steady(q: f64, m: f64, currency: Currency) -> Result<GammaGamma, LifetimeError> {
        GammaGamma::of(Shape::Steady { q, m }, SpendBasis::RepeatOnly, currency)
    }

    /// The model in which all customers have one mean (q → ∞), `m` in the currency's main unit: only single purchases vary.
    ///
    /// # Errors
    /// As [`new`](GammaGamma::new).
    pub fn alike(p: f64, m: f64, currency: Currency) -> Result<GammaGamma, LifetimeError> {
        GammaGamma::of(Shape::Alike { p, m }, SpendBasis::RepeatOnly, currency)
    }

    pub(super) fn of(shape: Shape, basis: SpendBasis, currency: Currency) -> Result<GammaGamma, LifetimeError> {
        let named = match shape {
            Shape::Varied { p, q, gamma } => [("p", p), ("q", q), ("gamma", gamma)],
            Shape::Steady { q, m } => [("q", q), ("m", m), ("m", m)],
            Shape::Alike { p, m } => [("p", p), ("m", m), ("m", m)],
        };
        named.into_iter().try_for_each(|(name, value)| parameter(name, value).map(|_| ()))?;
        Ok(GammaGamma { shape, basis, currency })
    }

    pub(super) const fn shape(&self) -> Shape {
        self.shape
    }

    /// The same parameters for other purchases.
    #[must_use]
    pub const fn on(self, basis: SpendBasis) -> GammaGamma {
        GammaGamma { basis, ..self }
    }

    /// p, q, γ; at a limit γ is infinite, and so is p or q.
    pub const fn parameters(&self) -> [f64; 3] {
        match self.shape {
            Shape::Varied { p, q, gamma } => [p, q, gamma],
            Shape::Steady { q, .. } => [f64::INFINITY, q, f64::INFINITY],
            Shape::Alike { p, .. } => [p, f64::INFINITY, f64::INFINITY],
        }
    }

    /// The currency whose main unit scales are in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Which purchases the model is about.
    pub const fn basis(&self) -> SpendBasis {
        self.basis
    }

    /// What a customer is expected to spend per purchase: p·(γ + x·z̄)/(p·x + q − 1), between their own mean z̄ and that of all customers.
    ///
    /// # Errors
    /// [`LifetimeError::InfiniteMean`] unless p·x + q > 1: the model has no expected value then, and [`range`](Spending::range) still has
    /// a median; [`LifetimeError::NotPositive`] for purchases worth nothing or less; [`LifetimeError::MixedCurrencies`];
    /// [`LifetimeError::WrongBasis`] for other purchases than the model's.
    pub fn mean(&self, customer: impl Into<Spent>) -> Result<MeanSpend, LifetimeError> {
        let spent = customer.into();
        spent.check_positive(self.basis, self.currency)?;
        let ((x, total), unit) = (spent.numbers(), main_unit(self.currency));
        let mean = |minor: f64, own_weight: f64| Ok(MeanSpend { minor, own_weight, currency: self.currency });
        let infinite = LifetimeError::InfiniteMean { x: spent.purchases() };
        match self.shape {
            Shape::Varied { p, q, gamma } => {
                let degrees = p * x + (q - 1.0);
                if degrees > 0.0 { mean(p * (gamma * unit + total) / degrees, p * x / degrees) } else { Err(infinite) }
            }
            Shape::Steady { .. } if x > 0.0 => mean(total / x, 1.0),
            Shape::Steady { q, m } if q > 1.0 => mean(q * m * unit / (q - 1.0), 0.0),
            Shape::Steady { .. } => Err(infinite),
            Shape::Alike { m, .. } => mean(m * unit, 0.0),
        }
    }

    /// The mean that a customer's own falls short of with this probability, in smallest units, and the mean that it exceeds with it.
    fn quantiles(&self, spent: Spent, tail: f64) -> [f64; 2] {
        let ((x, total), unit) = (spent.numbers(), main_unit(self.currency));
        // The reciprocal of the mean has a gamma distribution.
        let ends = |above: f64, shape: f64| [above / gamma_upper_quantile(shape, tail), above / gamma_quantile(shape, tail)];
        match self.shape {
            Shape::Varied { p, q, gamma } => ends(p * (gamma * unit + total), p * x + q),
            Shape::Steady { .. } if x > 0.0 => [total / x; 2],
            Shape::Steady { q, m } => ends(q * m * unit, q),
            Shape::Alike { m, .. } => [m * unit; 2],
        }
    }
}

impl Spending for GammaGamma {
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
        spent.check_positive(self.basis, self.currency)?;
        let [low, high] = self.quantiles(spent, confidence.tail());
        estimate([low, self.quantiles(spent, 0.5)[0], high], confidence, self.currency)
    }

    fn at_most(&self, spent: Spent, purchases: u32, minor: f64) -> f64 {
        if minor <= 0.0 {
            return 0.0; // every purchase is worth something
        }
        let ((x, total), unit, n) = (spent.numbers(), main_unit(self.currency), f64::from(purchases));
        match self.shape {
            // What comes and γ + x·z̄ are as two gamma variables of one rate: their share has a beta distribution.
            Shape::Varied { p, q, gamma } => {
                let scale = gamma * unit + total;
                let (share, other) = (minor / (minor + scale), scale / (minor + scale));
                incomplete_beta(p * n, p * x + q, Odds::of(share, other)).0
            }
            Shape::Steady { .. } if x > 0.0 => f64::from(n * total / x <= minor),
            Shape::Steady { q, m } => incomplete_gamma(q, n * q * m * unit / minor).1,
            Shape::Alike { p, m } => incomplete_gamma(p * n, p * minor / (m * unit)).0,
        }
    }

    fn link(&self) -> Link {
        Link::Log
    }
}

impl Parametric for GammaGamma {
    fn parameters(&self) -> Vec<Parameter> {
        let one = |name, value| Parameter::new(name, value, Link::Log);
        match self.shape {
            Shape::Varied { p, q, gamma } => [one("p", p), one("q", q), one("gamma", gamma)].to_vec(),
            Shape::Steady { q, m } => [one("q", q), one("m", m)].to_vec(),
            Shape::Alike { p, m } => [one("p", p), one("m", m)].to_vec(),
        }
    }

    /// The logarithms of 1/p, 1/q and m = p·γ/q, without what is zero.
    fn coordinates(&self) -> Vec<f64> {
        match self.shape {
            Shape::Varied { p, q, gamma } => {
                let [p, q, gamma] = [p, q, gamma].map(libm::log);
                [-p, -q, gamma + p - q].to_vec()
            }
            Shape::Steady { q: shape, m } | Shape::Alike { p: shape, m } => [-libm::log(shape), libm::log(m)].to_vec(),
        }
    }

    fn moved(&self, coordinates: &[f64]) -> Option<GammaGamma> {
        let shape = match (self.shape, coordinates) {
            (Shape::Varied { .. }, &[p, q, m]) => Shape::Varied { p: libm::exp(-p), q: libm::exp(-q), gamma: libm::exp(m + p - q) },
            (Shape::Steady { .. }, &[q, m]) => Shape::Steady { q: libm::exp(-q), m: libm::exp(m) },
            (Shape::Alike { .. }, &[p, m]) => Shape::Alike { p: libm::exp(-p), m: libm::exp(m) },
            _ => return None,
        };
        GammaGamma::of(shape, self.basis, self.currency).ok()
    }
}

impl Sealed for GammaGamma {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "GammaGamma")]
struct Wire {
    spending: Shape,
    basis: SpendBasis,
    currency: Currency,
}

impl TryFrom<Wire> for GammaGamma {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<GammaGamma, LifetimeError> {
        GammaGamma::of(w.spending, w.basis, w.currency)
    }
}

impl From<GammaGamma> for Wire {
    fn from(model: GammaGamma) -> Wire {
        Wire { spending: model.shape, basis: model.basis, currency: model.currency }
    }
}
