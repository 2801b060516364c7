use super::{Shares, Weights, WeightsError, exact::check_names};
use crate::{
    quantity::{Column, Name},
    score::ordered_sum,
    value::Direction,
};
use alloc::vec::Vec;

/// A dimension measured on a population: what weights are measured by.
#[derive(Clone, Debug)]
pub struct Measured<'a> {
    /// The dimension.
    pub name: Name,
    /// Which way is better. CRITIC needs it; entropy does not.
    pub direction: Direction,
    /// Its values, one a customer.
    pub column: Column<'a>,
}

/// What lies behind weights that were measured on a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// The shares before rounding, in the order of the columns; constant columns have none.
    pub shares: Shares,
    /// The columns in which all customers are equal. They tell nobody apart, and get no weight.
    pub constant: Vec<Name>,
    /// The other columns that get no weight: their share is zero, or rounds to it at so many places.
    pub vanished: Vec<Name>,
}

/// Weights by Shannon's entropy: a dimension weighs the more, the more unequally it is spread over the customers.
///
/// Every column is divided by its sum, `p = x/Σx`; its entropy is `−Σ p ln p / ln m` for `m` customers, a zero adding nothing; the weights
/// are in proportion to one less it. The unit of a column does not matter, its zero does: 0 degrees must mean nothing. The order of
/// customers does not matter to the last bit, nor which way is better.
///
/// Source: Shannon (1948); Zeleny, Multiple Criteria Decision Making (1982); Hwang and Yoon (1981).
///
/// ```
/// use customer_value::{quantity::{Column, Name}, score::weights::{Measured, entropy}, value::Direction::HigherIsBetter};
///
/// let column = |name, values| Measured { name: Name::new(name).unwrap(), direction: HigherIsBetter, column: Column::counts(values) };
/// let population = [column("orders", &[1, 2, 9]), column("visits", &[4, 5, 6]), column("contracts", &[1, 1, 1])];
/// let (weights, report) = entropy(&population, 2)?;
/// assert_eq!(weights.to_string(), "orders 0.97, visits 0.03");
/// assert_eq!(report.constant, ["contracts"]);
/// # Ok::<(), customer_value::score::weights::WeightsError>(())
/// ```
///
/// # Errors
/// [`Negative`](WeightsError::Negative) for a value of −1, [`TooFew`](WeightsError::TooFew) for a population of one,
/// [`AllConstant`](WeightsError::AllConstant) where no column varies, [`UnequalColumns`](WeightsError::UnequalColumns),
/// [`Nothing`](WeightsError::Nothing) for `[]`, [`Twice`](WeightsError::Twice) for a name given twice, and
/// [`BadPlaces`](WeightsError::BadPlaces).
#[doc(alias = "熵权法")]
pub fn entropy(population: &[Measured<'_>], places: u8) -> Result<(Weights, Objective), WeightsError> {
    check(population)?;
    for measured in population {
        if let Some(&value) = measured.column.values.iter().find(|value| **value < 0) {
            return Err(WeightsError::Negative { name: measured.name.clone(), value });
        }
    }
    settle(population, places, |varying| Ok(varying.iter().map(|measured| divergence(measured.column.values)).collect()))
}

/// Weights by contrast and conflict (CRITIC): a dimension weighs the more, the more it varies and the less it goes along with the others.
///
/// Every column is put on 0 for its worst and 1 for its best value, `x = (v − worst)/(best − worst)`; with the standard deviation `σ` and
/// the correlations `r` of these, a column holds `C = σ_j Σ_k (1 − r_jk)`, and the weights are in proportion to it. Neither unit nor zero
/// of a column matters. A single column that varies gets all the weight.
///
/// Source: Diakoulaki, Mavrotas and Papayannakis, Determining Objective Weights in Multiple Criteria Problems: The CRITIC Method (1995).
///
/// ```
/// use customer_value::{quantity::{Column, Name}, score::weights::{Measured, critic}, value::Direction::*};
///
/// let sales = Measured { name: Name::new("sales").unwrap(), direction: HigherIsBetter, column: Column::counts(&[1, 5, 9, 9]) };
/// let recency = Measured { name: Name::new("recency").unwrap(), direction: LowerIsBetter, column: Column::days(&[90, 80, 10, 9]) };
/// let brand = Measured { name: Name::new("brand").unwrap(), direction: HigherIsBetter, column: Column::counts(&[3, 1, 2, 3]) };
/// let (weights, _) = critic(&[sales, recency, brand], 2)?;
/// assert_eq!(weights.to_string(), "sales 0.29, recency 0.24, brand 0.47"); // sales and recency tell much the same
/// # Ok::<(), customer_value::score::weights::WeightsError>(())
/// ```
///
/// # Errors
/// [`TooFew`](WeightsError::TooFew) for a population of one, [`AllConstant`](WeightsError::AllConstant) where no column varies,
/// [`NoContrast`](WeightsError::NoContrast) where all that vary rise and fall together,
/// [`UnequalColumns`](WeightsError::UnequalColumns), [`Nothing`](WeightsError::Nothing) for `[]`, [`Twice`](WeightsError::Twice) for a
/// name given twice, and [`BadPlaces`](WeightsError::BadPlaces).
pub fn critic(population: &[Measured<'_>], places: u8) -> Result<(Weights, Objective), WeightsError> {
    check(population)?;
    settle(population, places, |varying| {
        if varying.len() == 1 {
            return Ok([1.0].into());
        }
        let columns: Vec<Centred> = varying.iter().map(|measured| Centred::new(measured)).collect();
        let conflict = |one: &Centred| ordered_sum(columns.iter().map(|other| one.conflict(other)).collect());
        let contrast: Vec<f64> = columns.iter().map(|one| one.deviation * conflict(one)).collect();
        if contrast.iter().any(|c| *c > 0.0) { Ok(contrast) } else { Err(WeightsError::NoContrast) }
    })
}

fn check(population: &[Measured<'_>]) -> Result<(), WeightsError> {
    check_names(population.iter().map(|measured| &measured.name))?;
    let customers = population.first().map_or(0, |first| first.column.values.len());
    for Measured { name, column, .. } in population {
        if column.values.len() != customers {
            return Err(WeightsError::UnequalColumns { name: name.clone(), expected: customers, found: column.values.len() });
        }
    }
    if customers < 2 { Err(WeightsError::TooFew(customers)) } else { Ok(()) }
}

/// Weighs the columns that vary, and reports the others.
fn settle<'a>(
    population: &'a [Measured<'a>],
    places: u8,
    weigh: impl FnOnce(&[&'a Measured<'a>]) -> Result<Vec<f64>, WeightsError>,
) -> Result<(Weights, Objective), WeightsError> {
    let varies = |measured: &&Measured<'_>| measured.column.values.windows(2).any(|pair| pair[0] != pair[1]);
    let (varying, constant): (Vec<&Measured<'_>>, Vec<_>) = population.iter().partition(varies);
    if varying.is_empty() {
        return Err(WeightsError::AllConstant);
    }
    let weighed = weigh(&varying)?;
    let shares = Shares::new(varying.iter().map(|measured| measured.name.clone()).zip(weighed).collect())?;
    let frozen = shares.freeze(places)?;
    let constant = constant.iter().map(|measured| measured.name.clone()).collect();
    Ok((frozen.weights, Objective { shares, constant, vanished: frozen.vanished }))
}

/// One less the entropy: `Σ x ln x / (m ln m)` for `x = v·m/Σv`, whose mean is one. Written with `x ln x − x + 1`, which sums to the same
/// and is never below zero, so that columns that hardly vary do not drown in rounding.
// Quotients of whole numbers are rounded to floating point here, which is all that is asked of them.
#[allow(clippy::cast_precision_loss)]
fn divergence(values: &[i64]) -> f64 {
    let customers = values.len() as f64;
    let total: i128 = values.iter().map(|v| i128::from(*v)).sum();
    let term = |value: &i64| {
        // 64 bits times the number of customers.
        let above = i128::from(*value).saturating_mul(values.len() as i128).saturating_sub(total) as f64 / total as f64;
        if *value == 0 { 1.0 } else { f64::max((1.0 + above) * libm::log1p(above) - above, 0.0) }
    };
    ordered_sum(values.iter().map(term).collect()) / (customers * libm::log(customers))
}

/// A column between its worst (0) and its best (1), less its mean.
struct Centred {
    values: Vec<f64>,
    deviation: f64,
}

impl Centred {
    #[allow(clippy::cast_precision_loss)]
    fn new(measured: &Measured<'_>) -> Centred {
        let values = measured.column.values.iter().map(|v| i128::from(*v));
        let (low, high) = values.clone().fold((i128::MAX, i128::MIN), |(low, high), v| (low.min(v), high.max(v)));
        let (worst, best) = match measured.direction {
            Direction::HigherIsBetter => (low, high),
            Direction::LowerIsBetter => (high, low),
        };
        let scaled: Vec<f64> = values.map(|v| (v - worst) as f64 / (best - worst) as f64).collect();
        let customers = scaled.len() as f64;
        let mean = ordered_sum(scaled.clone()) / customers;
        let values: Vec<f64> = scaled.into_iter().map(|x| x - mean).collect();
        let deviation = libm::sqrt(ordered_sum(values.iter().map(|x| x * x).collect()) / customers);
        Centred { values, deviation }
    }

    /// One less the correlation; nothing where only rounding parts the two.
    #[allow(clippy::cast_precision_loss)]
    fn conflict(&self, other: &Centred) -> f64 {
        let together = ordered_sum(self.values.iter().zip(&other.values).map(|(x, y)| x * y).collect());
        let conflict = 1.0 - together / (self.values.len() as f64 * self.deviation * other.deviation);
        if conflict < 1e-12 { 0.0 } else { f64::min(conflict, 2.0) }
    }
}
