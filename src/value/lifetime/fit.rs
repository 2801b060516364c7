use super::{
    LifetimeError, Limit,
    parametric::{Link, Parameter, Parametric},
};
use crate::{
    numeric::{Optimum, count, inverse, is_inverse, normal_tail},
    quantity::{
        Confidence, Estimate,
        float::{self, Float},
    },
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A model fitted by maximum likelihood, or to the posterior mode where there was a prior, and what the fit knows of itself.
///
/// Its intervals say how uncertain the *parameters* leave a number; how uncertain a customer's future is even if they were known, is said
/// by [`Prediction`](super::Prediction).
///
/// Fitted at night, stored, and asked by day: what is read again gives the same numbers to the last bit.
///
/// ```
/// use customer_value::{quantity::Confidence, value::lifetime::{Fit, contract::{ContractFamily, ContractModel, TenureCounts}}};
///
/// let mut counts = TenureCounts::new();
/// counts.push_cohort(&[1000, 869, 743, 653, 593, 551, 517, 491])?; // Fader and Hardie 2007, "High End"
/// let fit = ContractModel::fit(ContractFamily::ShiftedBetaGeometric, &counts)?;
/// let again: Fit<ContractModel> = serde_json::from_str(&serde_json::to_string(&fit)?)?;
/// assert_eq!((again.estimates(Confidence::P95), again.bic()), (fit.estimates(Confidence::P95), fit.bic()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire<M>", into = "Wire<M>")]
#[serde(bound(serialize = "M: Clone + Serialize", deserialize = "M: Parametric + Deserialize<'de>"))]
pub struct Fit<M> {
    model: M,
    /// Of the coordinates; `None` where the ground is not rounded.
    covariance: Option<Vec<Vec<f64>>>,
    /// What a unit of each of them is in the model's; none where all are the same.
    scales: Vec<f64>,
    customers: u64,
    log_likelihood: f64,
    log_prior: f64,
    gradient: f64,
    gain: f64,
    iterations: u32,
    limits: Vec<Limit>,
}

/// The steepest derivative of the mean log-likelihood that a maximum may have.
const FLAT: f64 = 1e-7;

/// What [`Fit`] needs to know beside the optimum.
pub(super) struct Fitted<M> {
    pub(super) model: M,
    pub(super) customers: u64,
    pub(super) log_likelihood: f64,
    pub(super) log_prior: f64,
    pub(super) limits: Vec<Limit>,
}

impl<M: Parametric> Fit<M> {
    /// The optimum is that of the mean over customers, by the coordinates of the model.
    pub(super) fn new(fitted: Fitted<M>, optimum: &Optimum) -> Fit<M> {
        let Fitted { model, customers, log_likelihood, log_prior, mut limits } = fitted;
        // A power of exactly 1 is none: then the model has one coordinate less than the climb had, its last.
        let held = optimum.held.get(..model.coordinates().len()).unwrap_or(&optimum.held);
        let inverse = inverse(&optimum.local.hessian, held, 0.0);
        if inverse.is_none() {
            limits.push(Limit::Flat);
        }
        let mut covariance = inverse.filter(|_| limits.iter().all(|limit| limit.is_nested()));
        if let Some(rows) = &mut covariance {
            mirror(rows);
            rows.iter_mut().flatten().for_each(|entry| *entry /= count(customers));
        }
        let total = |of_one: f64| of_one * count(customers);
        Fit {
            model,
            covariance,
            scales: Vec::new(),
            customers,
            log_likelihood,
            log_prior,
            gradient: optimum.gradient,
            gain: total(optimum.gain),
            iterations: optimum.iterations,
            limits,
        }
    }

    /// The same where the climb was in other units: what one of each coordinate is in the model's.
    pub(super) fn in_units(self, scales: Vec<f64>) -> Fit<M> {
        Fit { scales, ..self }
    }

    /// The parameters under their names in the literature.
    pub fn parameters(&self) -> Vec<Parameter> {
        self.model.parameters()
    }

    /// The parameters' standard errors, in the order of [`parameters`](Fit::parameters), from the curvature of the likelihood (observed
    /// information). `None` at a [limit](Fit::limits) that is not a model of its own, where that theory says nothing.
    #[doc(alias = "标准误")]
    pub fn standard_errors(&self) -> Option<Vec<f64>> {
        let errors = self.parameters().into_iter().enumerate().map(|(i, _)| Some(libm::sqrt(self.covariance(i, i)?)));
        errors.collect()
    }

    /// The covariance of two parameters, by their place in [`parameters`](Fit::parameters).
    pub fn covariance(&self, i: usize, j: usize) -> Option<f64> {
        let (parameters, i, j) = (self.parameters(), i.min(j), i.max(j));
        let (a, b) = (parameters.get(i)?, parameters.get(j)?);
        let linked =
            |i: usize, p: &Parameter| self.slopes(|m| p.link().of(m.parameters().get(i).map_or(f64::NAN, Parameter::value)));
        let (left, right) = (linked(i, a)?, linked(j, b)?);
        Some(a.link().slope(a.value()) * b.link().slope(b.value()) * self.spread(&left, &right)?)
    }

    /// The parameters with intervals, in the order of [`parameters`](Fit::parameters). The intervals are made on a scale on which they
    /// stay where the parameter can be. `None` as for [`standard_errors`](Fit::standard_errors), and for errors so large that an end is
    /// no number.
    pub fn estimates(&self, confidence: Confidence) -> Option<Vec<Estimate>> {
        let one = |(i, p): (usize, Parameter)| {
            self.estimate(|m| m.parameters().get(i).map_or(f64::NAN, Parameter::value), p.link(), confidence)
        };
        self.parameters().into_iter().enumerate().map(one).collect()
    }

    /// Any number that follows from the model, with the interval that the uncertainty of its parameters gives it (delta method, with the
    /// observed information): a customer's expected purchases, their probability to be alive, the worth of a base. `link` is the scale on
    /// which the interval is made: [`Link::Log`] for what is above zero, [`Link::Logit`] for probabilities. `None` as for
    /// [`estimates`](Fit::estimates), and if the number is outside the range of its link: 0 on [`Link::Log`], 0 and 1 on [`Link::Logit`].
    /// So there is none for who is certainly alive: who bought on the last day, or has not bought again in a model where nobody drops out
    /// before.
    ///
    /// ```
    /// use customer_value::{quantity::Confidence, value::lifetime::{Family, Link, PurchaseCounts, PurchaseModel, Summary, TimeUnit}};
    ///
    /// let mut counts = PurchaseCounts::new();
    /// for (x, t_x, t, customers) in [
    ///     (0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 60, 268, 5), (2, 213, 272, 6), (4, 250, 265, 4), (9, 120, 270, 2),
    /// ] {
    ///     counts.push(Summary::new(x, t_x, t)?, customers)?;
    /// }
    /// let fit = PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::WEEK)?;
    /// let customer = Summary::new(4, 250, 265)?;
    /// let purchases = fit.estimate(|model| model.outlook(customer).purchases(90), Link::Log, Confidence::P95).unwrap();
    /// assert!(purchases.low() > 0.0 && purchases.low() < purchases.value() && purchases.value() < purchases.high());
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    pub fn estimate(&self, number: impl Fn(&M) -> f64, link: Link, confidence: Confidence) -> Option<Estimate> {
        let slopes = self.slopes(|m| link.of(number(m)))?;
        let half = normal_tail(confidence.tail()) * libm::sqrt(self.spread(&slopes, &slopes)?);
        let value = number(&self.model);
        let at = link.of(value);
        Estimate::new(value, link.back(at - half).min(value), link.back(at + half).max(value), confidence).ok()
    }

    /// The derivatives of a number by the coordinates: central differences of the fourth order, exact to ten digits for what is smooth.
    fn slopes(&self, number: impl Fn(&M) -> f64) -> Option<Vec<f64>> {
        const STEP: f64 = 1e-3;
        self.covariance.as_ref()?;
        let at = self.model.coordinates();
        let along = |i: usize| {
            let moved = |steps: f64| {
                let mut there = at.clone();
                there[i] += steps * STEP * self.scales.get(i).unwrap_or(&1.0);
                Some(number(&self.model.moved(&there)?))
            };
            let (near, far) = (moved(1.0)? - moved(-1.0)?, moved(2.0)? - moved(-2.0)?);
            Some((8.0 * near - far) / (12.0 * STEP)).filter(|slope| slope.is_finite())
        };
        (0..at.len()).map(along).collect()
    }

    /// The covariance of two numbers with these derivatives.
    fn spread(&self, left: &[f64], right: &[f64]) -> Option<f64> {
        let rows = self.covariance.as_ref()?.iter();
        Some(rows.zip(left).map(|(row, l)| l * row.iter().zip(right).map(|(v, r)| v * r).sum::<f64>()).sum())
    }

    fn free(&self) -> f64 {
        let held = self.limits.iter().filter(|limit| !limit.is_nested() && **limit != Limit::Flat).count();
        // A handful.
        f64::from(u32::try_from(self.model.coordinates().len().saturating_sub(held)).unwrap_or(u32::MAX))
    }

    /// Akaike's information criterion (1974); the smaller, the better. A parameter held at a limit is not counted.
    pub fn aic(&self) -> f64 {
        2.0 * self.free() - 2.0 * self.log_likelihood
    }

    /// The Bayesian information criterion (Schwarz 1978); the smaller, the better.
    pub fn bic(&self) -> f64 {
        self.free() * libm::log(count(self.customers)) - 2.0 * self.log_likelihood
    }
}

impl<M> Fit<M> {
    /// The model with the most likely parameters.
    pub const fn model(&self) -> &M {
        &self.model
    }

    /// The logarithm of the likelihood. It depends on the units, so only fits in equal units can be compared.
    pub const fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// The logarithm of the prior's density at the mode, up to a constant; 0 without a prior.
    pub const fn log_prior(&self) -> f64 {
        self.log_prior
    }

    /// Number of customers that the fit rests on.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// The steepest derivative of the mean log-likelihood, by the coordinates of the climb: zero at a perfect maximum, and at most 10⁻⁷
    /// unless the [gain](Fit::gain) is next to nothing.
    pub const fn gradient(&self) -> f64 {
        self.gradient
    }

    /// What the log-likelihood would still gain at the top of the ground as it curves here: half the Newton decrement, the certificate of
    /// an optimum. Infinite where the ground does not curve downwards.
    pub const fn gain(&self) -> f64 {
        self.gain
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

/// Makes a matrix symmetric by what stands below its diagonal.
fn mirror(rows: &mut [Vec<f64>]) {
    for row in 0..rows.len() {
        let (above, rest) = rows.split_at_mut(row);
        above.iter_mut().zip(&rest[0]).for_each(|(above, below)| above[row] = *below);
    }
}

/// Whether a climb has ended on level ground. For a customer with millions of purchases the slope is never known better than to rounding;
/// then it is enough that the top is no more than that above.
pub(super) fn is_level(climb: &Optimum) -> bool {
    let rounding = 64.0 * f64::EPSILON * (1.0 + climb.local.value.abs());
    climb.local.value.is_finite() && (climb.gradient <= FLAT || climb.gain <= rounding)
}

/// The best of the climbs that ended on level ground; the first of equals.
pub(super) fn best(climbs: impl IntoIterator<Item = Optimum>) -> Result<Optimum, LifetimeError> {
    let mut steepness = f64::INFINITY;
    let level = climbs.into_iter().filter(|o| {
        steepness = steepness.min(o.gradient);
        is_level(o)
    });
    let best = level.reduce(|best, next| if next.local.value > best.local.value { next } else { best });
    best.ok_or(LifetimeError::NotConverged { gradient: steepness })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Fit")]
struct Wire<M> {
    model: M,
    /// Each row up to the diagonal.
    covariance: Option<Vec<Vec<Float>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scales: Vec<Float>,
    customers: u64,
    #[serde(with = "float")]
    log_likelihood: f64,
    #[serde(with = "float")]
    log_prior: f64,
    #[serde(with = "float")]
    gradient: f64,
    /// None where it is infinite.
    gain: Option<Float>,
    iterations: u32,
    limits: Vec<Limit>,
}

impl<M: Parametric> TryFrom<Wire<M>> for Fit<M> {
    type Error = LifetimeError;

    fn try_from(w: Wire<M>) -> Result<Fit<M>, LifetimeError> {
        let numbers = |list: Vec<Float>| list.into_iter().map(|number| number.0);
        let scales: Vec<f64> = numbers(w.scales).collect();
        let coordinates = w.model.coordinates().len();
        let mut covariance = None;
        if let Some(rows) = w.covariance {
            if rows.len() != coordinates || !rows.iter().enumerate().all(|(at, row)| row.len() == at + 1) {
                return Err(LifetimeError::NotAFit("covariance"));
            }
            let filled = |row| numbers(row).chain(core::iter::repeat(0.0)).take(coordinates).collect();
            let mut rows: Vec<Vec<f64>> = rows.into_iter().map(filled).collect();
            mirror(&mut rows);
            if !is_inverse(&rows) {
                return Err(LifetimeError::NotAFit("covariance"));
            }
            covariance = Some(rows);
        }
        if !(scales.is_empty() || scales.len() == coordinates) || scales.iter().any(|scale| *scale <= 0.0) {
            return Err(LifetimeError::NotAFit("scales"));
        }
        let gain = w.gain.map_or(f64::INFINITY, |gain| gain.0);
        if w.gradient < 0.0 {
            return Err(LifetimeError::NotAFit("gradient"));
        }
        let Wire { model, customers, log_likelihood, log_prior, gradient, iterations, limits, .. } = w;
        Ok(Fit { model, covariance, scales, customers, log_likelihood, log_prior, gradient, gain, iterations, limits })
    }
}

impl<M> From<Fit<M>> for Wire<M> {
    fn from(f: Fit<M>) -> Wire<M> {
        let numbers = |list: Vec<f64>, most| list.into_iter().take(most).map(Float).collect();
        Wire {
            model: f.model,
            covariance: f.covariance.map(|rows| rows.into_iter().zip(1..).map(|(row, length)| numbers(row, length)).collect()),
            scales: numbers(f.scales, usize::MAX),
            customers: f.customers,
            log_likelihood: f.log_likelihood,
            log_prior: f.log_prior,
            gradient: f.gradient,
            gain: Some(f.gain).filter(|gain| gain.is_finite()).map(Float),
            iterations: f.iterations,
            limits: f.limits,
        }
    }
}
