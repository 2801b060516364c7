use super::{
    Chances, Dropout, Family, Fit, LifetimeError, Priors, PurchaseCounts, PurchaseModel, Rates, Summary, TimeUnit,
    climb::{BOUNDS, Group, Problem},
    family::Kind,
    fit::Fitted,
    fitting::{Scale, kernel},
    parametric::{Link, Parameter, Parametric, Sealed},
    spread::Spread,
};
use crate::{
    money::Ratio,
    numeric::count,
    quantity::{Name, float::Float},
};
use alloc::{borrow::Cow, collections::BTreeMap, format, vec::Vec};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How many customers have each [`Summary`], by what is known of them beside their purchases and does not change: their channel, their
/// region, whether they came by a campaign. What changes in the course of time, such as the season or a price, has no place here: a
/// [`Summary`] does not tell when its purchases were made, and the likelihood would need every one of them with the weather of its day
/// (Bachmann, Meierer and Näf 2021). Numbers are exact; a category is one number, 0 or 1, for each of its values but one. Tables
/// merge, whatever the order and the splitting of customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CountsWire", into = "CountsWire")]
pub struct CovariateCounts {
    covariates: Vec<Name>,
    groups: BTreeMap<Vec<Decimal>, PurchaseCounts>,
}

impl CovariateCounts {
    /// A table without customers, for covariates of these names.
    ///
    /// # Errors
    /// [`LifetimeError::CovariateTwice`] for a name that comes twice.
    pub fn new(covariates: impl IntoIterator<Item = Name>) -> Result<CovariateCounts, LifetimeError> {
        let covariates: Vec<Name> = covariates.into_iter().collect();
        distinct(&covariates)?;
        Ok(CovariateCounts { covariates, groups: BTreeMap::new() })
    }

    /// Adds so many customers with these values of the covariates, in the order of the names.
    ///
    /// # Errors
    /// [`LifetimeError::CovariatesMissing`] for fewer or more values than names; [`LifetimeError::CovariateTooLarge`] beyond a million
    /// either way; [`LifetimeError::TooManyCustomers`].
    pub fn push(&mut self, values: &[Decimal], customer: Summary, customers: u64) -> Result<(), LifetimeError> {
        let values = checked(values, self.covariates.len())?;
        self.groups.entry(values).or_default().push(customer, customers)
    }

    /// Adds the customers of another table with the same covariates.
    ///
    /// # Errors
    /// [`LifetimeError::CovariatesMissing`] for a table with other covariates; [`LifetimeError::TooManyCustomers`]. The table stays as it
    /// was.
    pub fn merge(&mut self, other: &CovariateCounts) -> Result<(), LifetimeError> {
        if self.covariates != other.covariates {
            return Err(LifetimeError::CovariatesMissing { expected: self.covariates.len(), found: other.covariates.len() });
        }
        let mut merged = self.groups.clone();
        for (values, counts) in &other.groups {
            merged.entry(values.clone()).or_default().merge(counts)?;
        }
        self.groups = merged;
        Ok(())
    }

    /// The names of the covariates.
    pub fn covariates(&self) -> &[Name] {
        &self.covariates
    }

    /// The customers of each combination of values, in order.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (&[Decimal], &PurchaseCounts)> {
        self.groups.iter().map(|(values, counts)| (&values[..], counts))
    }

    /// How far apart the least and the greatest value of each covariate are, so that its unit does not matter to a climb; of one that
    /// does not vary, its size.
    fn scales(&self) -> Vec<f64> {
        let scale = |i: usize| {
            let values = || self.groups.keys().map(|values| values[i]);
            let (least, greatest) = (values().min().unwrap_or_default(), values().max().unwrap_or_default());
            let range = number(&if least < greatest { greatest - least } else { greatest.abs() });
            if range > 0.0 { range } else { 1.0 }
        };
        (0..self.covariates.len()).map(scale).collect()
    }
}

fn distinct(names: &[Name]) -> Result<(), LifetimeError> {
    let twice = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name));
    twice.map_or(Ok(()), |(_, name)| Err(LifetimeError::CovariateTwice(name.clone())))
}

fn checked(values: &[Decimal], expected: usize) -> Result<Vec<Decimal>, LifetimeError> {
    if values.len() != expected {
        return Err(LifetimeError::CovariatesMissing { expected, found: values.len() });
    }
    let million = Decimal::from(1_000_000);
    match values.iter().find(|value| value.abs() > million) {
        Some(value) => Err(LifetimeError::CovariateTooLarge(*value)),
        None => Ok(values.iter().map(Decimal::normalize).collect()),
    }
}

fn number(value: &Decimal) -> f64 {
    Ratio::try_from(*value).map_or(0.0, Ratio::to_f64)
}

/// A model of purchasing whose rates depend on what else is known of a customer. A positive coefficient always means more: more purchases,
/// or an earlier end.
///
/// With the covariates z, the mean purchase rate and the mean hazard are multiplied by exp(γ·z) (Fader and Hardie 2007, for Pareto/NBD:
/// α and β times exp(−γ·z)); of a chance to drop out at a purchase, the odds of the mean are, and a + b stays. That differs from BG/NBD in
/// other libraries, where a and b each or both together have coefficients, and a positive one has no single meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ModelWire", into = "ModelWire")]
pub struct CovariateModel {
    base: PurchaseModel,
    covariates: Vec<Name>,
    purchases: Vec<f64>,
    /// As many as covariates, or none where nobody drops out.
    dropout: Vec<f64>,
}

impl CovariateModel {
    /// A model of its parts: the model of a customer whose covariates are all zero, and a coefficient of each covariate for the purchase
    /// rate and for the dropout; none for the dropout where nobody drops out.
    ///
    /// # Errors
    /// [`LifetimeError::CovariateTwice`] for a name that comes twice; [`LifetimeError::CovariatesMissing`] for another number of
    /// coefficients than of names; [`LifetimeError::BadCoefficient`] for NaN and beyond 10¹² either way.
    pub fn new(base: PurchaseModel, covariates: Vec<Name>, purchases: Vec<f64>, dropout: Vec<f64>) -> Result<Self, LifetimeError> {
        distinct(&covariates)?;
        let expected = covariates.len();
        let ends = if base.dropout() == Dropout::Never { 0 } else { expected };
        for (found, expected) in [(purchases.len(), expected), (dropout.len(), ends)] {
            if found != expected {
                return Err(LifetimeError::CovariatesMissing { expected, found });
            }
        }
        let wrong = |value: &&f64| !(-1e12..=1e12).contains(*value);
        match purchases.iter().chain(&dropout).find(wrong) {
            Some(value) => Err(LifetimeError::BadCoefficient(*value)),
            None => Ok(CovariateModel { base, covariates, purchases, dropout }),
        }
    }

    /// The most likely model of a family for these customers, or the mode of the posterior where there are priors. A covariate that does
    /// not vary, or follows from others, leaves the ground [flat](super::Limit::Flat); where one tells apart without exception who buys
    /// and who does not, its coefficient has no most likely value, and the customers are [separated](super::Limit::Separated). The unit
    /// of a covariate does not matter.
    ///
    /// # Errors
    /// As [`PurchaseModel::fit_with`].
    pub fn fit(
        family: Family,
        counts: &CovariateCounts,
        unit: TimeUnit,
        priors: &Priors,
    ) -> Result<Fit<CovariateModel>, LifetimeError> {
        let (tables, scales): (Vec<&PurchaseCounts>, Vec<f64>) = (counts.groups.values().collect(), counts.scales());
        let scale = Scale::of(&tables, family)?;
        let kind = family.dropout();
        priors.check(matches!(kind, Kind::AtPurchases { .. }))?;
        let group = |(values, table): (&Vec<Decimal>, &PurchaseCounts)| {
            let z: Vec<f64> = values.iter().zip(&scales).map(|(value, scale)| number(value) / scale).collect();
            Group { kernel: kernel(family, table, scale.days), covariates: [z.clone(), z] }
        };
        let (width, unit_in_climb, customers) = (counts.covariates.len(), unit.in_days() / scale.days, count(scale.customers));
        let mut problem = Problem {
            kind,
            groups: counts.groups.iter().map(group).collect(),
            scales: scales.clone(),
            coefficients: [width, width],
            customers,
            priors,
            unit: unit_in_climb,
            bounds: BOUNDS,
        };
        let (top, base) = problem.model(family, unit)?;
        let log_prior = problem.log_prior(&top);
        let coefficients: Vec<f64> =
            top.coefficients.iter().zip(scales.iter().chain(&scales)).map(|(c, scale)| c / scale).collect();
        let (purchases, dropout) = coefficients.split_at(width);
        // Those of the model without covariates are as they were.
        let mut units = alloc::vec![1.0; top.optimum.at.len() - coefficients.len()];
        units.extend(scales.iter().chain(&scales).take(coefficients.len()).map(|scale| 1.0 / scale));
        let fitted = Fitted {
            model: CovariateModel::new(base, counts.covariates.clone(), purchases.to_vec(), dropout.to_vec())?,
            customers: scale.customers,
            log_likelihood: top.optimum.local.value * customers - log_prior + scale.in_unit(family, unit_in_climb),
            log_prior,
            limits: top.limits,
        };
        Ok(Fit::new(fitted, &top.optimum).in_units(units))
    }

    /// The model of the customers who have these values of the covariates, in the order of the names.
    ///
    /// # Errors
    /// [`LifetimeError::CovariatesMissing`] and [`LifetimeError::CovariateTooLarge`] as for [`CovariateCounts::push`];
    /// [`LifetimeError::BadParameter`] where the coefficients lead out of the range of a parameter.
    pub fn at(&self, values: &[Decimal]) -> Result<PurchaseModel, LifetimeError> {
        let values = checked(values, self.covariates.len())?;
        let times = |coefficients: &[f64]| libm::exp(coefficients.iter().zip(&values).map(|(c, z)| c * number(z)).sum());
        let (more, sooner) = (times(&self.purchases), times(&self.dropout));
        let dropout = match self.base.dropout() {
            Dropout::Never => Dropout::Never,
            Dropout::InTime { hazard, ageing } => Dropout::InTime { hazard: multiplied(hazard, sooner)?, ageing },
            Dropout::AtPurchases { chance, first } => Dropout::AtPurchases { chance: with_odds(chance, sooner)?, first },
        };
        let base = &self.base;
        PurchaseModel::new(multiplied(base.purchases(), more)?, base.regularity(), dropout, base.unit())
    }

    /// The model of a customer whose covariates are all zero.
    pub const fn base(&self) -> &PurchaseModel {
        &self.base
    }

    /// The names of the covariates.
    pub fn covariates(&self) -> &[Name] {
        &self.covariates
    }

    /// What each covariate adds to the logarithm of the purchase rate.
    pub fn purchase_coefficients(&self) -> &[f64] {
        &self.purchases
    }

    /// What each covariate adds to the logarithm of the hazard, or of the odds of the chance to drop out.
    pub fn dropout_coefficients(&self) -> &[f64] {
        &self.dropout
    }
}

fn multiplied(rates: Rates, factor: f64) -> Result<Rates, LifetimeError> {
    match rates.0 {
        Spread::Varied(shape, rate) => Rates::gamma(shape, rate / factor),
        Spread::Alike(rate) => Rates::alike(rate * factor),
    }
}

/// Odds of the mean multiplied, the size a + b kept.
fn with_odds(chances: Chances, factor: f64) -> Result<Chances, LifetimeError> {
    match chances.0 {
        Spread::Varied(a, b) => {
            let size = (a + b) / (factor * a + b);
            Chances::beta(factor * a * size, b * size)
        }
        Spread::Alike(p) => Chances::alike(factor * p / (factor * p + (1.0 - p))),
    }
}

impl Parametric for CovariateModel {
    fn parameters(&self) -> Vec<Parameter> {
        let mut all = self.base.parameters();
        for (of, coefficients) in [("purchases", &self.purchases), ("dropout", &self.dropout)] {
            let named = self.covariates.iter().zip(coefficients);
            all.extend(named.map(|(name, value)| Parameter::new(Cow::Owned(format!("{of}: {name}")), *value, Link::Identity)));
        }
        all
    }

    fn coordinates(&self) -> Vec<f64> {
        let mut all = self.base.coordinates();
        all.extend(self.purchases.iter().chain(&self.dropout));
        all
    }

    fn moved(&self, coordinates: &[f64]) -> Option<CovariateModel> {
        let own = coordinates.len().checked_sub(self.purchases.len() + self.dropout.len())?;
        let (base, coefficients) = coordinates.split_at(own);
        let (purchases, dropout) = coefficients.split_at(self.purchases.len());
        CovariateModel::new(self.base.moved(base)?, self.covariates.clone(), purchases.to_vec(), dropout.to_vec()).ok()
    }
}

impl Sealed for CovariateModel {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "CovariateCounts")]
struct CountsWire {
    covariates: Vec<Name>,
    /// Values, and the table of the customers who have them.
    groups: Vec<(Values, PurchaseCounts)>,
}

#[derive(Serialize, Deserialize)]
struct Values(#[serde(with = "crate::money::decimal::list")] Vec<Decimal>);

impl TryFrom<CountsWire> for CovariateCounts {
    type Error = LifetimeError;

    fn try_from(wire: CountsWire) -> Result<CovariateCounts, LifetimeError> {
        let mut counts = CovariateCounts::new(wire.covariates)?;
        for (values, table) in wire.groups {
            let values = checked(&values.0, counts.covariates.len())?;
            counts.groups.entry(values).or_default().merge(&table)?;
        }
        Ok(counts)
    }
}

impl From<CovariateCounts> for CountsWire {
    fn from(counts: CovariateCounts) -> CountsWire {
        let groups = counts.groups.into_iter().map(|(values, table)| (Values(values), table)).collect();
        CountsWire { covariates: counts.covariates, groups }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "CovariateModel")]
struct ModelWire {
    base: PurchaseModel,
    covariates: Vec<Name>,
    purchases: Vec<Float>,
    dropout: Vec<Float>,
}

impl TryFrom<ModelWire> for CovariateModel {
    type Error = LifetimeError;

    fn try_from(w: ModelWire) -> Result<CovariateModel, LifetimeError> {
        let numbers = |list: Vec<Float>| list.into_iter().map(|c| c.0).collect();
        CovariateModel::new(w.base, w.covariates, numbers(w.purchases), numbers(w.dropout))
    }
}

impl From<CovariateModel> for ModelWire {
    fn from(m: CovariateModel) -> ModelWire {
        let wrapped = |list: Vec<f64>| list.into_iter().map(Float).collect();
        ModelWire { base: m.base, covariates: m.covariates, purchases: wrapped(m.purchases), dropout: wrapped(m.dropout) }
    }
}
