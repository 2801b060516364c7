use super::{
    Fit, LifetimeError, Limit,
    fit::{Fitted, best},
    parametric::{Link, Parameter, Parametric, Sealed},
};
use crate::{
    money::{Currency, Money, MoneyError, Rounding},
    numeric::{Jet, Variable, beyond_logarithm, count, ln_gamma_ratio, maximise, polygamma},
    quantity::float,
    value::{RepeatColumns, RepeatPurchases},
};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// How many customers made so many repeat purchases worth so much together: what the model of spending is fitted on. The first purchase is
/// left out, as in [`RepeatPurchases`]. Tables merge, whatever the order and the splitting of customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CountsWire", into = "CountsWire")]
pub struct SpendCounts {
    currency: Currency,
    /// By purchases and what they come to, in smallest units.
    rows: BTreeMap<(u32, i64), u64>,
    customers: u64,
}

impl SpendCounts {
    /// A table without customers.
    pub const fn new(currency: Currency) -> SpendCounts {
        SpendCounts { currency, rows: BTreeMap::new(), customers: 0 }
    }

    /// The table of many customers' repeat purchases; those without any are left out, because they have no mean.
    ///
    /// # Errors
    /// As [`push`](SpendCounts::push).
    pub fn of(repeat: &RepeatColumns, currency: Currency) -> Result<SpendCounts, LifetimeError> {
        let mut counts = SpendCounts::new(currency);
        repeat.iter().filter(|r| r.x > 0).try_for_each(|r| counts.push(&r, 1))?;
        Ok(counts)
    }

    /// Adds so many customers with the same purchases.
    ///
    /// # Errors
    /// [`LifetimeError::NotPositive`] for no repeat purchases, and for a value of 0 or less; [`LifetimeError::MixedCurrencies`];
    /// [`LifetimeError::TooManyCustomers`]. The table stays as it was.
    pub fn push(&mut self, repeat: &RepeatPurchases, customers: u64) -> Result<(), LifetimeError> {
        positive(repeat, self.currency)?;
        if repeat.x == 0 {
            return Err(LifetimeError::NotPositive { x: 0, value: repeat.value });
        }
        self.add((repeat.x, repeat.value.minor()), customers)
    }

    fn add(&mut self, row: (u32, i64), customers: u64) -> Result<(), LifetimeError> {
        self.customers = self.customers.checked_add(customers).ok_or(LifetimeError::TooManyCustomers)?;
        if customers > 0 {
            *self.rows.entry(row).or_default() += customers;
        }
        Ok(())
    }

    /// Adds the customers of another table.
    ///
    /// # Errors
    /// [`LifetimeError::MixedCurrencies`] and [`LifetimeError::TooManyCustomers`].
    pub fn merge(&mut self, other: &SpendCounts) -> Result<(), LifetimeError> {
        if self.currency != other.currency {
            return Err(LifetimeError::MixedCurrencies { expected: self.currency, found: other.currency });
        }
        if self.customers.checked_add(other.customers).is_none() {
            return Err(LifetimeError::TooManyCustomers);
        }
        other.rows.iter().try_for_each(|(row, customers)| self.add(*row, *customers))
    }

    /// Purchases and what they come to in smallest units, with their number of customers, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = ((u32, i64), u64)> {
        self.rows.iter().map(|(row, customers)| (*row, *customers))
    }

    /// The currency of the amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// The correlation (Pearson) of the number of purchases with their mean value. The gamma-gamma model takes the two for independent:
    /// where this is far from zero, do not multiply its means with expected purchases. `None` where one of them does not vary.
    pub fn correlation(&self) -> Option<f64> {
        let pairs = || self.rows.iter().map(|(&(x, minor), &n)| (f64::from(x), whole(minor) / f64::from(x), count(n)));
        let customers = count(self.customers);
        let (sum_x, sum_m) = pairs().fold((0.0, 0.0), |(a, b), (x, m, n)| (a + n * x, b + n * m));
        let (mean_x, mean_m) = (sum_x / customers, sum_m / customers);
        let (mut xx, mut xm, mut mm) = (0.0, 0.0, 0.0);
        for (x, m, n) in pairs() {
            xx += n * (x - mean_x) * (x - mean_x);
            xm += n * (x - mean_x) * (m - mean_m);
            mm += n * (m - mean_m) * (m - mean_m);
        }
        let correlation = xm / (libm::sqrt(xx) * libm::sqrt(mm));
        correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "SpendCounts")]
struct CountsWire {
    currency: Currency,
    /// Purchases, what they come to in smallest units, customers.
    rows: Vec<(u32, i64, u64)>,
}

impl TryFrom<CountsWire> for SpendCounts {
    type Error = LifetimeError;

    fn try_from(w: CountsWire) -> Result<SpendCounts, LifetimeError> {
        let mut counts = SpendCounts::new(w.currency);
        for (x, minor, customers) in w.rows {
            let value = Money::from_minor(minor, w.currency);
            counts.push(&RepeatPurchases { x, t_x_days: 0, t_days: 0, value }, customers)?;
        }
        Ok(counts)
    }
}

impl From<SpendCounts> for CountsWire {
    fn from(counts: SpendCounts) -> CountsWire {
        CountsWire { currency: counts.currency, rows: counts.rows.into_iter().map(|((x, minor), n)| (x, minor, n)).collect() }
    }
}

/// Smallest units as a floating-point number: one IEEE conversion.
#[allow(clippy::cast_precision_loss)]
pub(super) const fn whole(minor: i64) -> f64 {
    minor as f64
}

pub(super) fn positive(repeat: &RepeatPurchases, currency: Currency) -> Result<(), LifetimeError> {
    let found = repeat.value.currency();
    if found != currency {
        return Err(LifetimeError::MixedCurrencies { expected: currency, found });
    }
    if repeat.x > 0 && repeat.value.minor() <= 0 {
        return Err(LifetimeError::NotPositive { x: repeat.x, value: repeat.value });
    }
    Ok(())
}

/// The gamma-gamma model of spending: single purchases vary around a customer's mean (gamma, shape `p`), and the means vary over customers
/// (inverse gamma, `q` and `γ`). How much is spent is taken for independent of how often; see [`SpendCounts::correlation`].
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
    parameters: [f64; 3],
    currency: Currency,
}

/// What a customer spends per purchase, on average and in expectation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanSpend {
    minor: f64,
    own_weight: f64,
    currency: Currency,
}

impl MeanSpend {
    /// In smallest units of the currency.
    pub const fn minor(&self) -> f64 {
        self.minor
    }

    /// The weight of the customer's own mean, 0 to 1 where all customers together have a mean (q > 1): 0 without repeat purchases, when
    /// nothing but the mean of all customers speaks.
    pub const fn own_weight(&self) -> f64 {
        self.own_weight
    }

    /// As an amount, rounded once, by name.
    ///
    /// # Errors
    /// [`LifetimeError::Money`] beyond the range.
    pub fn in_money(&self, rounding: Rounding) -> Result<Money, LifetimeError> {
        let minor = rounding.whole(self.minor).ok_or(MoneyError::Overflow { currency: self.currency })?;
        Ok(Money::from_minor(minor, self.currency))
    }
}

/// Of ln p, ln q and ln(p·γ/q), the last in the mean value of a purchase.
const BOUNDS: [(f64, f64); 3] = [(-7.0, 7.0), (-9.2, 9.2), (-20.0, 20.0)];
const ENDS: [(Limit, Limit); 3] = [
    (Limit::ErraticSpending, Limit::SteadySpending),
    (Limit::SpendingApart, Limit::SameSpending),
    (Limit::SpendingScale, Limit::SpendingScale),
];
const STARTS: [[f64; 3]; 3] = [[1.0, 1.0, 0.0], [0.0, 2.0, 0.0], [3.0, 0.0, 0.0]];
/// The derivatives of ln p, ln q, ln γ by the coordinates.
const SLOPES: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-1.0, 1.0, 1.0]];
const LEAST: u64 = 4;

impl GammaGamma {
    /// A model with known parameters, in the order p, q, γ; γ is in the currency's main unit, such as dollars.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³.
    pub fn new(parameters: [f64; 3], currency: Currency) -> Result<GammaGamma, LifetimeError> {
        for (name, value) in ["p", "q", "gamma"].into_iter().zip(parameters) {
            if !(1e-12..=1e12).contains(&value) {
                return Err(LifetimeError::BadParameter { name, value });
            }
        }
        Ok(GammaGamma { parameters, currency })
    }

    /// The model under which these customers' means are most likely.
    ///
    /// # Errors
    /// [`LifetimeError::TooFew`] for fewer than 4 customers; [`LifetimeError::NoVariation`] if all means are equal;
    /// [`LifetimeError::NotConverged`] if no climb reached a maximum; [`LifetimeError::BadParameter`] if `γ` outgrows its range.
    pub fn fit(counts: &SpendCounts) -> Result<Fit<GammaGamma>, LifetimeError> {
        let customers = counts.customers;
        if customers < LEAST {
            return Err(LifetimeError::TooFew { customers, least: LEAST });
        }
        let rows = counts.rows.iter();
        let (sum, purchases) =
            rows.fold((0.0, 0.0), |(s, p), (&(x, minor), &n)| (s + count(n) * whole(minor), p + count(n) * f64::from(x)));
        let mean = |&(x, minor): &(u32, i64)| (i128::from(minor), i128::from(x));
        let mut means = counts.rows.keys().map(mean);
        let first = means.next().unwrap_or((0, 1));
        if means.all(|(minor, x)| minor * first.1 == first.0 * x) {
            return Err(LifetimeError::NoVariation);
        }
        // Whatever the currency, the climb sees the same numbers.
        let scale = sum / purchases;
        let climb = |at: &[f64]| {
            let parameters = natural(at);
            let variables = parameters.map(|value| Variable { value, slope: value, bend: value });
            likelihood(counts, scale, &parameters).along(&variables, &SLOPES.map(Vec::from), 3).divided_by(count(customers))
        };
        let optimum = best(STARTS.iter().map(|start| maximise(climb, start, &BOUNDS)))?;
        let [p, q, gamma] = natural(&optimum.at);
        let unit = main_unit(counts.currency);
        let model = GammaGamma::new([p, q, gamma * (scale / unit)], counts.currency)?;
        let end = |i: usize| if optimum.at[i] <= BOUNDS[i].0 { ENDS[i].0 } else { ENDS[i].1 };
        let fitted = Fitted {
            model,
            customers,
            log_likelihood: (optimum.local.value + libm::log(unit / scale)) * count(customers),
            log_prior: 0.0,
            limits: (0..3).filter(|&i| optimum.held[i]).map(end).collect(),
        };
        Ok(Fit::new(fitted, &optimum))
    }

    /// p, q, γ.
    pub const fn parameters(&self) -> [f64; 3] {
        self.parameters
    }

    /// The currency whose main unit `γ` is in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What a customer is expected to spend per purchase: p·(γ + x·z̄)/(p·x + q − 1), between their own mean z̄ and that of all customers.
    ///
    /// # Errors
    /// [`LifetimeError::InfiniteMean`] unless p·x + q > 1: the model has no expected value then; [`LifetimeError::NotPositive`] for repeat
    /// purchases worth nothing or less; [`LifetimeError::MixedCurrencies`].
    pub fn mean(&self, customer: &RepeatPurchases) -> Result<MeanSpend, LifetimeError> {
        positive(customer, self.currency)?;
        let ([p, q, gamma], x) = (self.parameters, f64::from(customer.x));
        let total = if customer.x == 0 { 0.0 } else { whole(customer.value.minor()) };
        let degrees = p * x + (q - 1.0);
        if degrees <= 0.0 {
            return Err(LifetimeError::InfiniteMean { x: customer.x });
        }
        let minor = p * (gamma * main_unit(self.currency) + total) / degrees;
        Ok(MeanSpend { minor, own_weight: p * x / degrees, currency: self.currency })
    }
}

/// Smallest units in the main unit of a currency.
pub(super) fn main_unit(currency: Currency) -> f64 {
    (0..currency.exponent()).fold(1.0, |unit, _| unit * 10.0)
}

/// p, q, γ at a point of the climb, which has three coordinates.
fn natural(at: &[f64]) -> [f64; 3] {
    let (p, q, level) = (at[0], at[1], at[2]);
    [libm::exp(p), libm::exp(q), libm::exp(level + q - p)]
}

impl Parametric for GammaGamma {
    fn parameters(&self) -> Vec<Parameter> {
        let names = ["p", "q", "gamma"].into_iter().zip(self.parameters);
        names.map(|(name, value)| Parameter::new(name, value, Link::Log)).collect()
    }

    fn coordinates(&self) -> Vec<f64> {
        let [p, q, gamma] = self.parameters.map(libm::log);
        [p, q, gamma + p - q].to_vec()
    }

    fn moved(&self, coordinates: &[f64]) -> Option<GammaGamma> {
        let three = coordinates.first_chunk::<3>()?;
        GammaGamma::new(natural(three), self.currency).ok()
    }
}

impl Sealed for GammaGamma {}

/// The sum of all customers' log-likelihoods at (p, q, γ), amounts in `scale` smallest units, with its derivatives by them: a mean z̄ of x
/// purchases has the density Γ(px+q)/(Γ(px)·Γ(q)) · γ^q · z̄^(px−1) · x^(px)/(γ + x·z̄)^(px+q).
fn likelihood(counts: &SpendCounts, scale: f64, &[p, q, gamma]: &[f64; 3]) -> Jet<3> {
    let mut sum = Jet::ZERO;
    let of_q = polygamma(q);
    let base = ln_gamma_ratio(1.0, q) - libm::log(q);
    let mut group = (0.0, 0.0, (0.0, 0.0), (0.0, 0.0));
    for (&(times, minor), &customers) in &counts.rows {
        let (x, total, n) = (f64::from(times), whole(minor) / scale, count(customers));
        // Rows are in order of x.
        if group.0 < x {
            group = (x, ln_gamma_ratio(p * x, q) - base, beyond_logarithm(p * x), beyond_logarithm(p * x + q));
        }
        let (_, constant, of_px, of_all) = group;
        let all = gamma + total;
        // The share of what was spent, and the rest, by logarithms of sums without differences.
        let (spent, rest) = (-libm::log1p(gamma / total), -libm::log1p(total / gamma));
        sum.value += n * (constant + p * x * spent + q * rest - libm::log(total / x));
        // ln((px + q)/px) + ln(total/all), which nearly cancel where p is large.
        let apart = libm::log1p((q * total - gamma * p * x) / (p * x * all));
        let d = x * (of_all.0 - of_px.0 + apart);
        let e = of_all.0 + libm::log(p * x + q) - of_q.0 + rest;
        let f = (q * total / gamma - p * x) / all;
        sum.first = [sum.first[0] + n * d, sum.first[1] + n * e, sum.first[2] + n * f];
        let second = [
            [x * x * (of_all.1 - of_px.1), x * of_all.1, -x / all],
            [x * of_all.1, of_all.1 - of_q.1, total / (gamma * all)],
            [-x / all, total / (gamma * all), (p * x + q) / (all * all) - q / (gamma * gamma)],
        ];
        for (row, add) in sum.second.iter_mut().zip(second) {
            row.iter_mut().zip(add).for_each(|(h, s)| *h += n * s);
        }
    }
    sum
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "GammaGamma")]
struct Wire {
    #[serde(with = "float")]
    p: f64,
    #[serde(with = "float")]
    q: f64,
    #[serde(with = "float")]
    gamma: f64,
    currency: Currency,
}

impl TryFrom<Wire> for GammaGamma {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<GammaGamma, LifetimeError> {
        GammaGamma::new([w.p, w.q, w.gamma], w.currency)
    }
}

impl From<GammaGamma> for Wire {
    fn from(model: GammaGamma) -> Wire {
        let [p, q, gamma] = model.parameters;
        Wire { p, q, gamma, currency: model.currency }
    }
}
