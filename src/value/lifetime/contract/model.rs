use super::{ContractFamily, TenureCounts, kernel::Kernel};
use crate::{
    numeric::count,
    quantity::float,
    value::lifetime::{
        Chances, Fit, LifetimeError, Limit, Link, Parameter, Parametric, Priors,
        ascent::{Ascent, Axis},
        fit::Fitted,
        parametric::{Sealed, refilled},
        spread::{Spread, parameter},
    },
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Customers with a contract who renew it or leave, each with a chance θ of their own: of them, `(1 − θ)^tᶜ` are left after t renewals.
/// With a power c of 1, a customer's chance is always the same (sBG); below 1 it falls with tenure, above 1 it rises
/// (beta-discrete-Weibull).
///
/// Sources: Fader and Hardie, How to Project Customer Retention (2007); Fader, Hardie, Liu, Davin and Steenburgh, "How to Project Customer
/// Retention" Revisited (2018).
///
/// ```
/// use customer_value::value::lifetime::contract::ContractModel;
///
/// // As published for "High End" customers, fitted on seven years.
/// let model = ContractModel::sbg([0.668, 3.806])?;
/// assert_eq!(format!("{:.3} {:.3}", model.retention(0), model.survival(12)), "0.851 0.378");
/// assert_eq!(model.staying(7, 0), 1.0); // who is still there, is still there
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "shifted beta-geometric")]
#[doc(alias = "beta-discrete-Weibull")]
#[doc(alias = "契约客户")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ContractModel {
    chance: Chances,
    power: f64,
}

/// The logarithm of the odds and that of the dispersion of the chance to leave; the logarithm of the power.
const AXES: [Axis; 3] = [
    // Down to the smallest parameter. A contract without an end is no model, so this is a bound of the search like any other.
    Axis::needed(true, (LEAST_ODDS, 14.0), (Limit::RareDropout, Limit::DropoutAtOnce)),
    Axis {
        share: false,
        bounds: (-11.5, 11.5),
        ends: (Limit::SameDropout, Limit::DropoutApart),
        without: 0.0,
        small: -4.0,
        carries: (0, 0),
    },
    Axis {
        share: false,
        bounds: (-7.0, 2.5),
        ends: (Limit::DropoutApart, Limit::DropoutAtOneAge),
        without: 1.0,
        small: f64::NEG_INFINITY,
        carries: (0, 0),
    },
];
/// The logarithm of the odds of the smallest chance that all may have alike, and of the smallest that may differ by any dispersion.
const LEAST_ODDS: f64 = -27.6;
const LEAST_ODDS_APART: f64 = -16.0;
/// Where the priors of these variables stand.
const PRIORS: [usize; 3] = [2, 3, 4];
const STARTS: [[f64; 3]; 3] = [[-1.0, -1.0, 0.0], [-3.0, 0.0, 0.5], [0.0, 1.0, -0.5]];

impl ContractModel {
    /// A model of its parts: the chance to leave at the first renewal, and the power c.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for a power of 0, −1, NaN and 10¹³.
    pub fn new(chance: Chances, power: f64) -> Result<ContractModel, LifetimeError> {
        Ok(ContractModel { chance, power: parameter("c", power)? })
    }

    /// sBG with the parameters α, β.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³.
    pub fn sbg([alpha, beta]: [f64; 2]) -> Result<ContractModel, LifetimeError> {
        ContractModel::new(Chances::beta(alpha, beta)?, 1.0)
    }

    /// Beta-discrete-Weibull with the parameters a, b, c.
    ///
    /// # Errors
    /// As [`sbg`](ContractModel::sbg).
    pub fn bdw([a, b, c]: [f64; 3]) -> Result<ContractModel, LifetimeError> {
        ContractModel::new(Chances::beta(a, b)?, c)
    }

    /// The model of a family under which these tenures are most likely. Customers who have not come to a decision yet say nothing and are
    /// not counted. Data that ask for one chance for all give that model, and [`limits`](Fit::limits) say so.
    ///
    /// # Errors
    /// [`LifetimeError::TooFew`] for fewer than 3 customers (4 with a power to estimate); [`LifetimeError::TooFewPeriods`] if nobody has
    /// come to a second (third) decision; [`LifetimeError::NobodyLeft`] and [`LifetimeError::NobodyRenewed`] if all decisions were one;
    /// [`LifetimeError::NotConverged`] if no climb reached a maximum.
    pub fn fit(family: ContractFamily, counts: &TenureCounts) -> Result<Fit<ContractModel>, LifetimeError> {
        ContractModel::fit_with(family, counts, &Priors::NONE)
    }

    /// As [`fit`](ContractModel::fit), to the mode of the posterior under these priors: of the mean probability to leave at the first
    /// renewal (`dropout`), of its dispersion 1/(α + β), and of the power c (`ageing`).
    ///
    /// ```
    /// use customer_value::value::lifetime::{Prior, Priors, contract::{ContractFamily, ContractModel, TenureCounts}};
    ///
    /// // A young cohort: alone it says that all leave with one chance.
    /// let mut counts = TenureCounts::new();
    /// counts.push_cohort(&[50, 40, 32])?;
    /// let family = ContractFamily::ShiftedBetaGeometric;
    /// let priors = Priors { dropout_dispersion: Some(Prior::positive(0.3, 0.7)?), ..Priors::NONE };
    /// let [alone, fit] = [ContractModel::fit(family, &counts)?, ContractModel::fit_with(family, &counts, &priors)?];
    /// assert!(alone.limits().len() == 1 && fit.limits().is_empty());
    /// assert!(fit.model().retention(9) > alone.model().retention(9));
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](ContractModel::fit), and [`LifetimeError::WrongPrior`] for a prior of the wrong kind, and for one of a number that the
    /// model does not have: of purchases, of coefficients, in sBG of ageing.
    pub fn fit_with(family: ContractFamily, counts: &TenureCounts, priors: &Priors) -> Result<Fit<ContractModel>, LifetimeError> {
        let ageing = family == ContractFamily::BetaDiscreteWeibull;
        priors.check_discrete(false, ageing)?;
        let ((customers, found), parameters) = (counts.decided(), 2 + u16::from(ageing));
        let least = u64::from(parameters) + 1;
        if customers < least {
            return Err(LifetimeError::TooFew { customers, least });
        }
        let kernel = Kernel::new(counts);
        if !kernel.anybody_left() {
            return Err(LifetimeError::NobodyLeft { customers });
        }
        if !kernel.anybody_renewed() {
            return Err(LifetimeError::NobodyRenewed { customers });
        }
        if found < parameters {
            return Err(LifetimeError::TooFewPeriods { found, least: parameters });
        }
        let likelihood = |variables: &[f64; 3]| {
            let mut sum = kernel.at(variables);
            sum.add(1.0, &priors.at(variables, PRIORS));
            sum
        };
        let [first, second, third] = STARTS;
        // Where few leave early, from afar the way to the top is long.
        let starts = [first, second, third, kernel.start()];
        let starts = if ageing { &starts[..] } else { &STARTS };
        let solved = |least: f64| {
            let mut axes = priors.kept(AXES, PRIORS);
            axes[0].bounds.0 = least;
            let ascent = Ascent { likelihood: &likelihood, axes, starts, customers: count(customers) };
            let summit = ascent.solve([true, true, ageing])?;
            Ok((ContractModel::at(summit.coordinates)?, summit))
        };
        // Where the chances are too small and too far apart for the parameters, as near as they come.
        let (model, summit) = match solved(LEAST_ODDS) {
            Err(LifetimeError::BadParameter { .. }) => solved(LEAST_ODDS_APART)?,
            found => found?,
        };
        let log_prior = priors.at(&[model.chance.mean(), model.chance.dispersion(), model.power], PRIORS).value;
        let fitted = Fitted {
            model,
            customers,
            log_likelihood: summit.optimum.local.value * count(customers) - log_prior,
            log_prior,
            limits: summit.limits,
        };
        Ok(Fit::new(fitted, &summit.optimum))
    }

    /// The logarithm of the likelihood of a table.
    pub fn log_likelihood(&self, counts: &TenureCounts) -> f64 {
        Kernel::new(counts).value(|n, k| self.ln_staying(n, k))
    }

    /// The chance to leave at the first renewal.
    pub const fn chance(&self) -> Chances {
        self.chance
    }

    /// The power c: 1 where a customer's chance to leave is always the same, above 1 where it rises with tenure.
    pub const fn power(&self) -> f64 {
        self.power
    }

    /// The model's name in the literature.
    pub const fn family(&self) -> ContractFamily {
        match self.power {
            1.0 => ContractFamily::ShiftedBetaGeometric,
            _ => ContractFamily::BetaDiscreteWeibull,
        }
    }

    fn at([odds, dispersion, power]: [Option<f64>; 3]) -> Result<ContractModel, LifetimeError> {
        ContractModel::new(Chances::at(odds.unwrap_or(0.0), dispersion)?, power.map_or(1.0, libm::exp))
    }

    fn slots(&self) -> [Option<f64>; 3] {
        let (odds, dispersion) = self.chance.coordinates();
        let power = (self.family() == ContractFamily::BetaDiscreteWeibull).then(|| libm::log(self.power));
        [Some(odds), dispersion, power]
    }
}

impl Parametric for ContractModel {
    fn parameters(&self) -> Vec<Parameter> {
        let ageing = self.family() == ContractFamily::BetaDiscreteWeibull;
        let [first, second] = if ageing { ["a", "b"] } else { ["alpha", "beta"] };
        let mut all = Vec::with_capacity(3);
        match self.chance.0 {
            Spread::Varied(a, b) => all.extend([Parameter::new(first, a, Link::Log), Parameter::new(second, b, Link::Log)]),
            Spread::Alike(theta) => all.push(Parameter::new("theta", theta, Link::Logit)),
        }
        if ageing {
            all.push(Parameter::new("c", self.power, Link::Log));
        }
        all
    }

    fn coordinates(&self) -> Vec<f64> {
        self.slots().into_iter().flatten().collect()
    }

    fn moved(&self, coordinates: &[f64]) -> Option<ContractModel> {
        ContractModel::at(refilled(self.slots(), coordinates)).ok()
    }
}

impl Sealed for ContractModel {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ContractModel")]
struct Wire {
    chance: Chances,
    #[serde(with = "float")]
    power: f64,
}

impl TryFrom<Wire> for ContractModel {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<ContractModel, LifetimeError> {
        ContractModel::new(w.chance, w.power)
    }
}

impl From<ContractModel> for Wire {
    fn from(m: ContractModel) -> Wire {
        Wire { chance: m.chance, power: m.power }
    }
}
