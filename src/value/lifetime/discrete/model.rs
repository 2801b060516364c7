use super::{OpportunityCounts, kernel::Kernel};
use crate::{
    numeric::count,
    value::lifetime::{
        Chances, Fit, LifetimeError, Limit, Link, Parameter, Parametric, Priors,
        ascent::{Ascent, Axis},
        beta::Beta,
        fit::Fitted,
        parametric::{Sealed, refilled},
        spread::Spread,
    },
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// BG/BB: customers who buy or let pass at each opportunity, until they drop out.
///
/// Source: Fader, Hardie and Shang, Customer-Base Analysis in a Discrete-Time Noncontractual Setting (2010).
///
/// ```
/// use customer_value::value::lifetime::discrete::{BgBb, Opportunities};
///
/// // As published for 11,104 donors of 1995, one opportunity a year.
/// let model = BgBb::of([1.204, 0.750, 0.657, 2.783])?;
/// let donor = model.outlook(Opportunities::new(4, 5, 6)?);
/// assert_eq!(format!("{:.2} {:.2}", donor.alive_after(1), donor.purchases(5)), "0.70 2.03");
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "BetaGeoBetaBinom")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct BgBb {
    purchases: Chances,
    dropout: Option<Chances>,
}

/// The logarithm of the odds and that of the dispersion of the chance to buy, then those of the chance to drop out.
const AXES: [Axis; 4] = [
    Axis::needed(true, (-14.0, 14.0), (Limit::Rate, Limit::Rate)),
    Axis {
        share: false,
        bounds: (-11.5, 11.5),
        ends: (Limit::SameRate, Limit::RatesApart),
        without: 0.0,
        small: -4.0,
        carries: (0, 0),
    },
    Axis {
        share: true,
        bounds: (-14.0, 14.0),
        ends: (Limit::NoDropout, Limit::DropoutAtOnce),
        without: 0.0,
        small: -6.0,
        carries: (3, 4),
    },
    Axis {
        share: false,
        bounds: (-11.5, 11.5),
        ends: (Limit::SameDropout, Limit::DropoutApart),
        without: 0.0,
        small: -4.0,
        carries: (0, 0),
    },
];
const STARTS: [[f64; 4]; 3] = [[0.0, -0.5, -1.5, -1.0], [-1.5, 0.0, -3.0, 0.0], [-3.0, -2.0, -2.0, -2.5]];

/// Tried where those lead to no maximum: customers who stay as long as they can or not at all.
const FAR: [[f64; 4]; 1] = [[0.0, 0.0, 0.0, 8.0]];
/// Where the priors of these variables stand.
const PRIORS: [usize; 4] = [0, 1, 2, 3];

/// Fewer customers than parameters, or as many, say nothing of the fit.
const LEAST: u64 = 5;
/// With two opportunities there are four histories, and so three numbers to estimate four parameters from.
const LEAST_PERIODS: u16 = 3;

impl BgBb {
    /// A model of its parts: the chance to buy at an opportunity, and that to drop out before it; `None` where nobody does.
    pub const fn new(purchases: Chances, dropout: Option<Chances>) -> BgBb {
        BgBb { purchases, dropout }
    }

    /// A model with the parameters α, β (to buy) and γ, δ (to drop out).
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³ among them.
    pub fn of([alpha, beta, gamma, delta]: [f64; 4]) -> Result<BgBb, LifetimeError> {
        Ok(BgBb::new(Chances::beta(alpha, beta)?, Some(Chances::beta(gamma, delta)?)))
    }

    /// The model under which what these customers did is most likely. Data that ask for a simpler model give that model, and
    /// [`limits`](Fit::limits) name what has vanished. Customers without any opportunity say nothing and are not counted.
    ///
    /// # Errors
    /// [`LifetimeError::TooFew`] for fewer than 5 customers; [`LifetimeError::TooFewPeriods`] if nobody had 3 opportunities;
    /// [`LifetimeError::NobodyRepeats`] if none was taken, [`LifetimeError::EverybodyBuys`] if all were;
    /// [`LifetimeError::NotConverged`] if no climb reached a maximum.
    pub fn fit(counts: &OpportunityCounts) -> Result<Fit<BgBb>, LifetimeError> {
        BgBb::fit_with(counts, &Priors::NONE)
    }

    /// As [`fit`](BgBb::fit), to the mode of the posterior under these priors: of the mean probability to buy and of its dispersion
    /// 1/(α + β), of the mean probability to drop out and of its dispersion 1/(γ + δ).
    ///
    /// ```
    /// use customer_value::value::lifetime::{Prior, Priors, discrete::{BgBb, Opportunities, OpportunityCounts}};
    ///
    /// // Nine customers who happen to be alike; others before them were not.
    /// let mut counts = OpportunityCounts::new();
    /// for (x, t_x, n, customers) in [(2, 3, 4, 5), (2, 4, 4, 4)] {
    ///     counts.push(Opportunities::new(x, t_x, n)?, customers)?;
    /// }
    /// let priors = Priors {
    ///     purchase_dispersion: Some(Prior::positive(0.5, 0.7)?),
    ///     dropout: Some(Prior::probability(0.2, 1.0)?),
    ///     dropout_dispersion: Some(Prior::positive(0.3, 0.7)?),
    ///     ..Priors::NONE
    /// };
    /// let fit = BgBb::fit_with(&counts, &priors)?;
    /// assert!(fit.limits().is_empty() && fit.standard_errors().is_some());
    /// assert!(!BgBb::fit(&counts)?.limits().is_empty());
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](BgBb::fit), and [`LifetimeError::WrongPrior`] for a prior of the wrong kind, such as one of a positive number for the
    /// purchase rate, which here is a probability, and for one of ageing or of coefficients.
    pub fn fit_with(counts: &OpportunityCounts, priors: &Priors) -> Result<Fit<BgBb>, LifetimeError> {
        priors.check_discrete(true, false)?;
        let seen = || counts.rows().filter(|(o, _)| o.n() > 0);
        // A part of the whole, which fits.
        let customers = seen().map(|(_, customers)| customers).sum();
        if customers < LEAST {
            return Err(LifetimeError::TooFew { customers, least: LEAST });
        }
        let found = seen().map(|(o, _)| o.n()).max().unwrap_or(0);
        if found < LEAST_PERIODS {
            return Err(LifetimeError::TooFewPeriods { found, least: LEAST_PERIODS });
        }
        if seen().all(|(o, _)| o.x() == 0) {
            return Err(LifetimeError::NobodyRepeats { customers });
        }
        if seen().all(|(o, _)| o.x() == o.n()) {
            return Err(LifetimeError::EverybodyBuys { customers });
        }
        let kernel = Kernel::new(counts);
        let beta = |yes, dispersion| Beta { yes, no: 1.0 - yes, dispersion };
        let likelihood = |variables: &[f64; 4]| {
            let &[m, phi, theta, psi] = variables;
            let mut sum = kernel.at(beta(m, phi), beta(theta, psi));
            sum.add(1.0, &priors.at(variables, PRIORS));
            sum
        };
        let from = |starts| {
            let ascent = Ascent { likelihood: &likelihood, axes: priors.kept(AXES, PRIORS), starts, customers: count(customers) };
            ascent.solve([true; 4])
        };
        let summit = from(&STARTS).or_else(|_| from(&FAR))?;
        let model = BgBb::at(summit.coordinates)?;
        let (bought, dropout) = (Beta::of(model.purchases), model.theta());
        let log_prior = priors.at(&[bought.yes, bought.dispersion, dropout.yes, dropout.dispersion], PRIORS).value;
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
    pub fn log_likelihood(&self, counts: &OpportunityCounts) -> f64 {
        Kernel::new(counts).at(Beta::of(self.purchases), self.theta()).value
    }

    /// The chance to buy at an opportunity, while one is a customer.
    pub const fn purchases(&self) -> Chances {
        self.purchases
    }

    /// The chance to drop out before an opportunity; `None` where nobody does.
    pub const fn dropout(&self) -> Option<Chances> {
        self.dropout
    }

    pub(super) fn theta(&self) -> Beta {
        self.dropout.map_or(Beta::NEVER, Beta::of)
    }

    fn at(coordinates: [Option<f64>; 4]) -> Result<BgBb, LifetimeError> {
        let [bought, spread, dropout, dropout_spread] = coordinates;
        let dropout = dropout.map(|odds| Chances::at(odds, dropout_spread)).transpose()?;
        Ok(BgBb::new(Chances::at(bought.unwrap_or(0.0), spread)?, dropout))
    }

    fn slots(&self) -> [Option<f64>; 4] {
        let (bought, spread) = self.purchases.coordinates();
        let dropout = self.dropout.as_ref().map(Chances::coordinates);
        [Some(bought), spread, dropout.map(|(odds, _)| odds), dropout.and_then(|(_, spread)| spread)]
    }
}

impl Parametric for BgBb {
    fn parameters(&self) -> Vec<Parameter> {
        let mut all = Vec::with_capacity(4);
        let named = [(Some(self.purchases), ["alpha", "beta", "p"]), (self.dropout, ["gamma", "delta", "theta"])];
        for (chances, [first, second, alike]) in named {
            match chances.map(|c| c.0) {
                Some(Spread::Varied(a, b)) => {
                    all.extend([Parameter::new(first, a, Link::Log), Parameter::new(second, b, Link::Log)]);
                }
                Some(Spread::Alike(value)) => all.push(Parameter::new(alike, value, Link::Logit)),
                None => {}
            }
        }
        all
    }

    fn coordinates(&self) -> Vec<f64> {
        self.slots().into_iter().flatten().collect()
    }

    fn moved(&self, coordinates: &[f64]) -> Option<BgBb> {
        BgBb::at(refilled(self.slots(), coordinates)).ok()
    }
}

impl Sealed for BgBb {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "BgBb")]
struct Wire {
    purchases: Chances,
    dropout: Option<Chances>,
}

impl TryFrom<Wire> for BgBb {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<BgBb, LifetimeError> {
        Ok(BgBb::new(w.purchases, w.dropout))
    }
}

impl From<BgBb> for Wire {
    fn from(m: BgBb) -> Wire {
        Wire { purchases: m.purchases, dropout: m.dropout }
    }
}
