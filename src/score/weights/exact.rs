use super::{WeightsError, repeated};
use crate::{money::Ratio, quantity::Name};
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What each dimension weighs: exact fractions above zero that add up to exactly one.
///
/// On the wire a list of pairs: `[["sales","0.4"],["brand","0.6"]]`.
///
/// ```
/// use customer_value::{money::Ratio, quantity::Name, score::weights::Weights};
///
/// let [value, sales, profit, brand] = ["value", "sales", "profit", "brand"].map(|n| Name::new(n).unwrap());
/// let top = Weights::parts(&[(value.clone(), 2), (brand, 1)])?; // two thirds and one third
/// let all = top.nest(&[(value, Weights::equal(&[sales, profit])?)])?;
///
/// assert_eq!(all.to_string(), "sales 1/3, profit 1/3, brand 1/3");
/// assert_eq!(all.of("profit"), Some(Ratio::new(1, 3)?));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "权重")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Name, Ratio)>", into = "Vec<(Name, Ratio)>")]
pub struct Weights(Vec<(Name, Ratio)>);

impl Weights {
    /// As many dimensions as can be weighed.
    pub const MOST: usize = 1_000;

    /// Weights as they are given.
    ///
    /// # Errors
    /// [`Nothing`](WeightsError::Nothing) for `[]`, [`Twice`](WeightsError::Twice) for a name given twice,
    /// [`NotPositive`](WeightsError::NotPositive) for a weight of 0, [`DoNotSum`](WeightsError::DoNotSum) for `0.3` and `0.6`,
    /// [`TooMany`](WeightsError::TooMany) for 1,001, [`TooFine`](WeightsError::TooFine) where the sum outgrows 128 bits.
    pub fn exact(weights: Vec<(Name, Ratio)>) -> Result<Weights, WeightsError> {
        check_names(weights.iter().map(|(name, _)| name))?;
        let mut total = Ratio::ZERO;
        for (name, weight) in &weights {
            if *weight <= Ratio::ZERO {
                return Err(WeightsError::NotPositive { name: name.clone(), weight: *weight });
            }
            total = Ratio::sum([total, *weight]).map_err(|_| WeightsError::TooFine(name.clone()))?;
        }
        if total == Ratio::ONE { Ok(Weights(weights)) } else { Err(WeightsError::DoNotSum(total)) }
    }

    /// Each its parts of all the parts, so that thirds add up to one: `1, 1, 1`.
    ///
    /// # Errors
    /// As [`exact`](Weights::exact): `[]`, a name given twice, a part of 0.
    pub fn parts(parts: &[(Name, u32)]) -> Result<Weights, WeightsError> {
        let all: i128 = parts.iter().map(|(_, part)| i128::from(*part)).sum();
        // Parts that are all zero fail below, by name.
        let weight = |part: u32| Ratio::new(part.into(), all.max(1));
        let weights =
            parts.iter().map(|(name, part)| Ok((name.clone(), weight(*part).map_err(|_| WeightsError::TooFine(name.clone()))?)));
        Weights::exact(weights.collect::<Result<_, WeightsError>>()?)
    }

    /// The same for each.
    ///
    /// # Errors
    /// As [`exact`](Weights::exact): `[]`, a name given twice.
    pub fn equal(names: &[Name]) -> Result<Weights, WeightsError> {
        let parts: Vec<(Name, u32)> = names.iter().map(|name| (name.clone(), 1)).collect();
        Weights::parts(&parts)
    }

    /// The weight of a dimension; `None` for one that has none.
    pub fn of(&self, name: &str) -> Option<Ratio> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, weight)| *weight)
    }

    /// The dimensions with their weights, in the order in which they were given.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, Ratio)> {
        self.0.iter().map(|(name, weight)| (name, *weight))
    }

    /// Puts weights of a criterion's parts in the place of the criterion: each gets its share of the criterion's weight, exactly.
    /// Criteria that are not named stay as they are; deeper hierarchies are nested from the top down.
    ///
    /// # Errors
    /// [`Unknown`](WeightsError::Unknown) for a criterion that is not here, [`Twice`](WeightsError::Twice) for one that is nested twice
    /// or where a part bears the name of another, [`TooFine`](WeightsError::TooFine) where a product outgrows 128 bits.
    pub fn nest(&self, parts: &[(Name, Weights)]) -> Result<Weights, WeightsError> {
        if let Some(name) = repeated(parts.iter().map(|(name, _)| name)) {
            return Err(WeightsError::Twice(name.clone()));
        }
        if let Some((name, _)) = parts.iter().find(|(name, _)| self.of(name).is_none()) {
            return Err(WeightsError::Unknown(name.clone()));
        }
        let mut nested = Vec::new();
        for (criterion, weight) in self.iter() {
            match parts.iter().find(|(name, _)| name == criterion) {
                None => nested.push((criterion.clone(), weight)),
                Some((_, within)) => {
                    for (part, share) in within.iter() {
                        let product = product(weight, share).ok_or_else(|| WeightsError::TooFine(part.clone()))?;
                        nested.push((part.clone(), product));
                    }
                }
            }
        }
        Weights::exact(nested)
    }
}

/// Names that differ, 1 to [`Weights::MOST`] of them.
pub(super) fn check_names<'a>(names: impl ExactSizeIterator<Item = &'a Name>) -> Result<(), WeightsError> {
    match names.len() {
        0 => Err(WeightsError::Nothing),
        found if found > Weights::MOST => Err(WeightsError::TooMany { found, most: Weights::MOST }),
        _ => repeated(names).map_or(Ok(()), |name| Err(WeightsError::Twice(name.clone()))),
    }
}

fn product(a: Ratio, b: Ratio) -> Option<Ratio> {
    Ratio::new(a.numerator().checked_mul(b.numerator())?, a.denominator().checked_mul(b.denominator())?).ok()
}

impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, weight)) in self.iter().enumerate() {
            write!(f, "{}{name} {weight}", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl TryFrom<Vec<(Name, Ratio)>> for Weights {
    type Error = WeightsError;

    fn try_from(weights: Vec<(Name, Ratio)>) -> Result<Weights, WeightsError> {
        Weights::exact(weights)
    }
}

impl From<Weights> for Vec<(Name, Ratio)> {
    fn from(weights: Weights) -> Vec<(Name, Ratio)> {
        weights.0
    }
}
