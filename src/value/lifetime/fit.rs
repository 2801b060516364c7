use super::LifetimeError;
use crate::{
    numeric::{Optimum, count, inverse, normal_tail},
    quantity::{Confidence, Estimate},
};
use alloc::vec::Vec;

/// A simpler model that the data ask for: the likelihood still rises where a parameter leaves its range, so that the fit ends at the
/// range's end, as close to the simpler model as matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// The mean rate itself leaves every sensible range.
    Rate,
    /// All customers buy at one rate (r → ∞).
    SameRate,
    /// Almost nobody buys and a few buy very often (r → 0).
    RatesApart,
    /// Nobody drops out: the NBD model (a/(a + b) → 0).
    NoDropout,
    /// Everybody drops out at once (a/(a + b) → 1).
    DropoutAtOnce,
    /// All customers drop out with one probability (a + b → ∞).
    SameDropout,
    /// A customer either drops out at once or never (a + b → 0).
    DropoutApart,
    /// A customer always spends the same (p → ∞).
    SteadySpending,
    /// Single amounts say nothing of a customer's mean (p → 0).
    ErraticSpending,
    /// All customers have one mean (q → ∞).
    SameSpending,
    /// Customers' means have no scale in common (q → 0).
    SpendingApart,
    /// The scale of spending leaves every sensible range.
    SpendingScale,
    /// A combination of parameters makes no difference to the likelihood: their values are one choice of many.
    Flat,
}

/// A model fitted by maximum likelihood, and what the fit knows of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit<M> {
    model: M,
    parameters: Vec<f64>,
    /// Of the logarithms of the parameters.
    covariance: Option<Vec<Vec<f64>>>,
    free: u64,
    customers: u64,
    log_likelihood: f64,
    gradient: f64,
    iterations: u32,
    limits: Vec<Limit>,
}

/// The steepest derivative of the mean log-likelihood that a maximum may have.
const FLAT: f64 = 1e-7;

/// What [`Fit`] needs to know beside the optimum: the model with its parameters, and how their logarithms follow from the coordinates.
pub(super) struct Fitted<M, const N: usize> {
    pub(super) model: M,
    pub(super) parameters: [f64; N],
    pub(super) slopes: [[f64; N]; N],
    pub(super) customers: u64,
    pub(super) log_likelihood: f64,
    pub(super) limits: Vec<Limit>,
}

impl<M> Fit<M> {
    pub(super) fn new<const N: usize>(fitted: Fitted<M, N>, optimum: &Optimum<N>) -> Fit<M> {
        let Fitted { model, parameters, slopes, customers, log_likelihood, mut limits } = fitted;
        let inverse = inverse(&optimum.local.hessian, &optimum.held, 0.0);
        if inverse.is_none() {
            limits.push(Limit::Flat);
        }
        let entry = |inverse: &[[f64; N]; N], i: usize, j: usize| {
            let sum: f64 = (0..N).flat_map(|k| (0..N).map(move |l| slopes[i][k] * inverse[k][l] * slopes[j][l])).sum();
            sum / count(customers)
        };
        let covariance = inverse.filter(|_| limits.is_empty());
        Fit {
            model,
            parameters: parameters.to_vec(),
            covariance: covariance.map(|v| (0..N).map(|i| (0..N).map(|j| entry(&v, i, j)).collect()).collect()),
            free: optimum.held.iter().map(|held| u64::from(!held)).sum(),
            customers,
            log_likelihood,
            gradient: optimum.gradient,
            iterations: optimum.iterations,
            limits,
        }
    }

    /// The model with the most likely parameters.
    pub const fn model(&self) -> &M {
        &self.model
    }

    /// The parameters' standard errors, in the model's order, from the curvature of the likelihood (observed information). `None` at a
    /// [limit](Fit::limits), where that theory says nothing.
    #[doc(alias = "标准误")]
    pub fn standard_errors(&self) -> Option<Vec<f64>> {
        let covariance = self.covariance.as_ref()?;
        Some(self.parameters.iter().zip(0..).map(|(p, i): (_, usize)| p * libm::sqrt(covariance[i][i])).collect())
    }

    /// The covariance of two parameters, by their place in the model's order.
    pub fn covariance(&self, i: usize, j: usize) -> Option<f64> {
        Some(self.parameters.get(i)? * self.parameters.get(j)? * self.covariance.as_ref()?.get(i)?.get(j)?)
    }

    /// The parameters with intervals, in the model's order. The intervals are made on the logarithms, so that they stay above zero.
    /// `None` as for [`standard_errors`](Fit::standard_errors), and for errors so large that an end is no number.
    pub fn estimates(&self, confidence: Confidence) -> Option<Vec<Estimate>> {
        let (covariance, z) = (self.covariance.as_ref()?, normal_tail(confidence.tail()));
        let estimate = |(p, i): (&f64, usize)| {
            let factor = libm::exp(z * libm::sqrt(covariance[i][i]));
            Estimate::new(*p, p / factor, p * factor, confidence).ok()
        };
        self.parameters.iter().zip(0..).map(estimate).collect()
    }

    /// The logarithm of the likelihood. It depends on the units, so only fits in equal units can be compared.
    pub const fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Akaike's information criterion (1974); the smaller, the better. A parameter held at a limit is not counted.
    pub fn aic(&self) -> f64 {
        2.0 * count(self.free) - 2.0 * self.log_likelihood
    }

    /// The Bayesian information criterion (Schwarz 1978); the smaller, the better.
    pub fn bic(&self) -> f64 {
        count(self.free) * libm::log(count(self.customers)) - 2.0 * self.log_likelihood
    }

    /// Number of customers that the fit rests on.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// The steepest derivative of the mean log-likelihood, by the logarithms of the parameters: zero at a perfect maximum, at most 10⁻⁷.
    pub const fn gradient(&self) -> f64 {
        self.gradient
    }

    /// Steps of the climb that reached the maximum.
    pub const fn iterations(&self) -> u32 {
        self.iterations
    }

    /// The simpler models that the data ask for; empty for an ordinary fit.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }
}

/// The limits that an optimum has reached: for each coordinate the one at its lower and the one at its upper bound.
pub(super) fn reached<const N: usize>(optimum: &Optimum<N>, ends: &[(Limit, Limit); N], bounds: &[(f64, f64); N]) -> Vec<Limit> {
    let limit = |i: usize| if optimum.at[i] <= bounds[i].0 { ends[i].0 } else { ends[i].1 };
    (0..N).filter(|&i| optimum.held[i]).map(limit).collect()
}

/// The best of the climbs that ended on level ground; the first of equals.
pub(super) fn best<const N: usize>(climbs: impl IntoIterator<Item = Optimum<N>>) -> Result<Optimum<N>, LifetimeError> {
    let mut steepness = f64::INFINITY;
    let level = climbs.into_iter().filter(|o| {
        steepness = steepness.min(o.gradient);
        o.gradient <= FLAT && o.local.value.is_finite()
    });
    let best = level.reduce(|best, next| if next.local.value > best.local.value { next } else { best });
    best.ok_or(LifetimeError::NotConverged { gradient: steepness })
}
