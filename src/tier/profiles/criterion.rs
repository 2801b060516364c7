use super::ProfileError;
use crate::{
    money::{Ratio, decimal},
    quantity::Name,
    tier::{GradeSet, error::first_twice},
    value::Direction,
};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One criterion of a sorter: a dimension, what it weighs, and where the grades begin on it.
///
/// The borders are the *lower* borders of the grades, in the dimension's own unit, the best grade's first; the worst grade has none. So
/// for a dimension that is better when higher they do not rise, and for one that is better when lower they do not fall. A value that is
/// exactly on a border meets it.
///
/// ```
/// use customer_value::{quantity::Name, tier::profiles::Criterion, value::Direction};
///
/// let sales = Criterion {
///     of: Name::new("sales")?,
///     direction: Direction::HigherIsBetter,
///     weight: "1/3".parse()?,
///     borders: vec![1_000_000.into(), 200_000.into()], // A from a million, B from 200,000, C below
/// };
/// let days = Criterion { direction: Direction::LowerIsBetter, borders: vec![30.into(), 180.into()], ..sales };
/// assert!(days.meets(30.into(), 0) && !days.meets(31.into(), 0) && days.meets(31.into(), 1));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "准则")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// The dimension's name, or the score's.
    pub of: Name,
    /// Which way its values are better.
    pub direction: Direction,
    /// Its weight, above zero; the weights of a sorter add up to exactly one.
    pub weight: Ratio,
    /// The lower borders of the grades, from the best grade's downwards, one less than there are grades.
    #[serde(with = "decimal::list")]
    pub borders: Vec<Decimal>,
}

impl Criterion {
    /// Whether a value is as good as a border, counted from 0 for the best grade's; `false` if there is no such border.
    pub fn meets(&self, value: Decimal, border: usize) -> bool {
        self.borders.get(border).is_some_and(|&border| self.at_least(value, border))
    }

    /// Whether one value is at least as good as another.
    pub(super) fn at_least(&self, value: Decimal, other: Decimal) -> bool {
        match self.direction {
            Direction::HigherIsBetter => value >= other,
            Direction::LowerIsBetter => value <= other,
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let better = match self.direction {
            Direction::HigherIsBetter => "higher",
            Direction::LowerIsBetter => "lower",
        };
        write!(f, "{:?} ({better} is better, weight {}):", self.of, self.weight)?;
        self.borders.iter().enumerate().try_for_each(|(i, b)| write!(f, "{}{}", if i == 0 { " " } else { " | " }, b.normalize()))
    }
}

/// Weights as whole parts of a common denominator, so that they add up as integers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Weights {
    pub(super) parts: Vec<i128>,
    /// The sum of the parts, at most `10^18`.
    pub(super) whole: i128,
}

impl Weights {
    fn of(criteria: &[Criterion]) -> Result<Weights, ProfileError> {
        if let Some(c) = criteria.iter().find(|c| c.weight <= Ratio::ZERO) {
            return Err(ProfileError::WeightNotPositive { criterion: c.of.clone(), weight: c.weight });
        }
        let whole = Ratio::common_denominator(criteria.iter().map(|c| c.weight)).ok_or(ProfileError::WeightsTooFine)?;
        let part = |c: &Criterion| c.weight.numerator().checked_mul(whole / c.weight.denominator());
        let parts: Vec<i128> = criteria.iter().map(part).collect::<Option<_>>().ok_or(ProfileError::WeightsTooFine)?;
        let sum = parts.iter().try_fold(0_i128, |sum, part| sum.checked_add(*part)).ok_or(ProfileError::WeightsTooFine)?;
        if sum != whole {
            return Err(Ratio::new(sum, whole).map_or(ProfileError::WeightsTooFine, ProfileError::WeightsDoNotSum));
        }
        Ok(Weights { parts, whole })
    }
}

/// Checks the criteria of a sorter, whose borders must dominate one another, and reduces its weights. Borders lose trailing zeros, so that
/// equal models are equal in every respect.
pub(super) fn check(grades: &GradeSet, criteria: &mut [Criterion]) -> Result<Weights, ProfileError> {
    if !(1..=100).contains(&criteria.len()) {
        return Err(ProfileError::BadCriterionCount(criteria.len()));
    }
    if let Some(name) = first_twice(criteria.iter().map(|c| &c.of)) {
        return Err(ProfileError::Twice(name.clone()));
    }
    let weights = Weights::of(criteria)?;
    let expected = grades.best_first().len() - 1;
    for criterion in criteria.iter_mut() {
        let found = criterion.borders.len();
        if found != expected {
            return Err(ProfileError::BadBorderCount { criterion: criterion.of.clone(), expected, found });
        }
        criterion.borders.iter_mut().for_each(|border| *border = border.normalize());
        if let Some(pair) = criterion.borders.windows(2).find(|pair| !criterion.at_least(pair[0], pair[1])) {
            return Err(ProfileError::BorderOutOfOrder { criterion: criterion.of.clone(), upper: pair[0], lower: pair[1] });
        }
    }
    if let Some(at) = (1..expected).find(|&at| criteria.iter().all(|c| c.borders[at - 1] == c.borders[at])) {
        let name = |at: usize| grades.best_first()[at].name().clone();
        return Err(ProfileError::EqualBorders { better: name(at - 1), worse: name(at) });
    }
    Ok(weights)
}
