use super::{
    Fit, LifetimeError, Limit, PurchaseCounts, Summary, TimeUnit,
    expectation::mean_purchases,
    fit::{Fitted, best, reached},
    likelihood::Likelihood,
};
use crate::{
    numeric::{Local, count, maximise},
    quantity::float,
};
use serde::{Deserialize, Serialize};

/// After which purchases a customer may drop out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dropout {
    /// After repeat purchases only: BG/NBD. Who has bought but once is alive for certain.
    AfterRepeats,
    /// After the first purchase too: MBG/NBD.
    #[doc(alias = "MBG/NBD")]
    AfterEvery,
}

impl Dropout {
    /// How many purchases count beside the repeats.
    pub(super) const fn extra(self) -> f64 {
        match self {
            Dropout::AfterRepeats => 0.0,
            Dropout::AfterEvery => 1.0,
        }
    }
}

/// The BG/NBD model of purchasing, and with [`Dropout::AfterEvery`] the MBG/NBD model: while alive, a customer buys at random at a rate of
/// their own, which is gamma-distributed over customers (shape `r`, scale `α`); after a purchase, they drop out with a probability of their
/// own, which is beta-distributed (`a`, `b`).
///
/// Source: Fader, Hardie and Lee, “Counting Your Customers” the Easy Way (2005); Batislam, Denizel and Filiztekin, Empirical Validation
/// and Comparison of Models for Customer Base Analysis (2007).
///
/// Every result is finite: probabilities lie in 0 to 1, expectations rise with the horizon.
///
/// ```
/// use customer_value::value::lifetime::{BgNbd, Dropout, Summary, TimeUnit};
///
/// // As published for CDNOW, in weeks.
/// let model = BgNbd::new(Dropout::AfterRepeats, [0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
/// let customer = Summary::new(2, 213, 272)?;
/// assert_eq!(format!("{:.3}", model.probability_alive(customer)), "0.727");
/// assert_eq!(format!("{:.3}", model.expected_purchases(customer, 273)), "1.226");
/// assert_eq!(format!("{:.3}", model.expected_purchases(Summary::NEW, 273)), "1.197");
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "BG/NBD")]
#[doc(alias = "购买频率模型")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct BgNbd {
    dropout: Dropout,
    parameters: [f64; 4],
    unit: TimeUnit,
}

/// Of ln(r/α), ln r, ln(a/b) and ln(a + b), in the time between two purchases of the average customer.
const BOUNDS: [(f64, f64); 4] = [(-10.0, 10.0), (-11.5, 11.5), (-14.0, 14.0), (-11.5, 11.5)];
const ENDS: [(Limit, Limit); 4] = [
    (Limit::Rate, Limit::Rate),
    (Limit::RatesApart, Limit::SameRate),
    (Limit::NoDropout, Limit::DropoutAtOnce),
    (Limit::DropoutApart, Limit::SameDropout),
];
const STARTS: [[f64; 4]; 3] = [[1.0, -1.0, -1.0, 1.0], [0.0, 1.0, -3.0, 3.0], [2.0, 0.0, 0.5, -1.0]];

/// Fewer customers than parameters, or as many, say nothing of the fit.
const LEAST: u64 = 5;

impl BgNbd {
    /// A model with known parameters, in the order r, α, a, b.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³.
    pub fn new(dropout: Dropout, parameters: [f64; 4], unit: TimeUnit) -> Result<BgNbd, LifetimeError> {
        for (name, value) in ["r", "alpha", "a", "b"].into_iter().zip(parameters) {
            if !(1e-12..=1e12).contains(&value) {
                return Err(LifetimeError::BadParameter { name, value });
            }
        }
        Ok(BgNbd { dropout, parameters, unit })
    }

    /// The model under which the purchases of these customers are most likely. The same table gives the same bits; the unit only changes
    /// how `α` and the log-likelihood read.
    ///
    /// Data that ask for a simpler model give a fit whose [`limits`](Fit::limits) name it.
    ///
    /// # Errors
    /// [`LifetimeError::NobodyRepeats`] if no customer has bought again; [`LifetimeError::TooFew`] for fewer than 5 customers;
    /// [`LifetimeError::NotConverged`] if no climb reached a maximum; [`LifetimeError::BadParameter`] if `α` in that unit outgrows its
    /// range.
    pub fn fit(counts: &PurchaseCounts, dropout: Dropout, unit: TimeUnit) -> Result<Fit<BgNbd>, LifetimeError> {
        let customers = counts.customers();
        if customers < LEAST {
            return Err(LifetimeError::TooFew { customers, least: LEAST });
        }
        let total = |number: fn(&Summary) -> u32| counts.rows().map(|(s, n)| count(n) * f64::from(number(&s))).sum::<f64>();
        let repeats = total(Summary::x);
        if repeats <= 0.0 {
            return Err(LifetimeError::NobodyRepeats { customers });
        }
        // Whatever the unit, the climb sees the same numbers.
        let days = total(Summary::t_days) / repeats;
        let likelihood = Likelihood::new(counts, dropout, days);
        let mean = |at: &[f64; 4]| in_coordinates(&likelihood, at, count(customers));
        let climbs = STARTS.iter().map(|start| maximise(mean, *start, &BOUNDS));
        let optimum = best(climbs)?;
        let [r, alpha, a, b] = natural(&optimum.at);
        let model = BgNbd::new(dropout, [r, alpha * (days / unit.in_days()), a, b], unit)?;
        let fitted = Fitted {
            model,
            parameters: model.parameters,
            slopes: slopes(&optimum.at),
            customers,
            log_likelihood: optimum.local.value * count(customers) + repeats * libm::log(unit.in_days() / days),
            limits: reached(&optimum, &ENDS, &BOUNDS),
        };
        Ok(Fit::new(fitted, &optimum))
    }

    /// After which purchases a customer may drop out.
    pub const fn dropout(&self) -> Dropout {
        self.dropout
    }

    /// r, α, a, b.
    pub const fn parameters(&self) -> [f64; 4] {
        self.parameters
    }

    /// The unit that `α` is in.
    pub const fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// The logarithm of the likelihood of a table, in the model's unit of time.
    pub fn log_likelihood(&self, counts: &PurchaseCounts) -> f64 {
        Likelihood::new(counts, self.dropout, self.unit.in_days()).at(&self.parameters).value
    }

    /// The probability that a customer is still one, at the end of the observation; 1 for a customer without repeats in BG/NBD, where
    /// nobody drops out before. It falls with every day without a purchase.
    #[doc(alias = "存活概率")]
    #[doc(alias = "P(alive)")]
    pub fn probability_alive(&self, customer: Summary) -> f64 {
        let ([r, alpha, a, b], day) = (self.parameters, self.unit.in_days());
        let k = f64::from(customer.x()) + self.dropout.extra();
        if k <= 0.0 {
            return 1.0;
        }
        let last = alpha * day + f64::from(customer.t_x_days());
        let gap = libm::log1p(f64::from(customer.days_since_last()) / last);
        let odds = (r + f64::from(customer.x())) * gap + libm::log(a / (b + (k - 1.0)));
        1.0 / (1.0 + libm::exp(odds))
    }

    /// The number of purchases that a customer is expected to make in so many days after the observation. For a customer who has just
    /// bought for the first time, ask with [`Summary::NEW`].
    #[doc(alias = "conditional expected transactions")]
    pub fn expected_purchases(&self, customer: Summary, days: u32) -> f64 {
        let [r, alpha, a, b] = self.parameters;
        let (x, end) = (f64::from(customer.x()), alpha * self.unit.in_days() + f64::from(customer.t_days()));
        let alive = mean_purchases(r + x, a, b + self.dropout.extra() + x, f64::from(days) / end);
        self.probability_alive(customer) * alive
    }
}

/// r, α, a, b at a point of the climb.
fn natural(&[rate, shape, odds, size]: &[f64; 4]) -> [f64; 4] {
    let (r, size) = (libm::exp(shape), libm::exp(size));
    let share = |odds: f64| 1.0 / (1.0 + libm::exp(-odds));
    [r, libm::exp(shape - rate), size * share(odds), size * share(-odds)]
}

/// The derivatives of ln r, ln α, ln a, ln b by the coordinates.
fn slopes(at: &[f64; 4]) -> [[f64; 4]; 4] {
    let (stay, leave) = (1.0 / (1.0 + libm::exp(at[2])), 1.0 / (1.0 + libm::exp(-at[2])));
    [[0.0, 1.0, 0.0, 0.0], [-1.0, 1.0, 0.0, 0.0], [0.0, 0.0, stay, 1.0], [0.0, 0.0, -leave, 1.0]]
}

/// The mean log-likelihood of a customer by the coordinates of the climb.
fn in_coordinates(likelihood: &Likelihood, at: &[f64; 4], customers: f64) -> Local<4> {
    let (parameters, slopes) = (natural(at), slopes(at));
    let local = likelihood.at(&parameters);
    let mut climb = local.by_logarithms(&parameters, &slopes);
    // ln a and ln b bend with ln(a/b), both by −a·b/(a + b)².
    let bend = slopes[2][2] * slopes[3][2];
    climb.hessian[2][2] += bend * (parameters[2] * local.gradient[2] + parameters[3] * local.gradient[3]);
    climb.divided_by(customers)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "BgNbd")]
struct Wire {
    dropout: Dropout,
    #[serde(with = "float")]
    r: f64,
    #[serde(with = "float")]
    alpha: f64,
    #[serde(with = "float")]
    a: f64,
    #[serde(with = "float")]
    b: f64,
    unit_days: TimeUnit,
}

impl TryFrom<Wire> for BgNbd {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<BgNbd, LifetimeError> {
        BgNbd::new(w.dropout, [w.r, w.alpha, w.a, w.b], w.unit_days)
    }
}

impl From<BgNbd> for Wire {
    fn from(model: BgNbd) -> Wire {
        let [r, alpha, a, b] = model.parameters;
        Wire { dropout: model.dropout, r, alpha, a, b, unit_days: model.unit }
    }
}
