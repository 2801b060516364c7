use super::{Cutpoints, Fitted, Quantile, Reference, ScoreError, cutpoints::check_places};
use crate::{
    money::decimal,
    quantity::{Column, Ties, Unit},
    value::{Dimension, Direction},
};
use alloc::{vec, vec::Vec};
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How a value becomes a level: frozen, so that it needs nobody else.
///
/// On the wire: `{"bins":{"cuts":["90","365"],"ties":"to-lower"}}`, `{"mid-rank":["1","5","9"]}`, `{"range":{"worst":"365","best":"0"}}`,
/// `{"points":["0","0.5","1"]}`, `"as-is"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// The level is the number of the bin, 1 for the worst.
    Bins(Cutpoints),
    /// The level is the mid-rank percentile within a frozen reference sample, 0 to 1 (分位值).
    MidRank(Reference),
    /// The level is how far the value is from the worst to the best, 0 to 1, rounded half even to 6 places; beyond an end it stays there.
    ///
    /// Both ends are fixed beforehand, so nobody's level depends on who else is a customer. One minus a score of such terms is the
    /// distance to the ideal of SPOTIS (Dezert, Tchamova, Han, Tacnet 2020).
    Range {
        /// The value that makes 0.
        #[serde(with = "decimal")]
        worst: Decimal,
        /// The value that makes 1.
        #[serde(with = "decimal")]
        best: Decimal,
    },
    /// For a dimension that is judged: what each of its levels is worth, the worst first, never falling.
    Points(#[serde(with = "decimal::list")] Vec<Decimal>),
    /// The level is the value itself: for points that were awarded, and for scores of scores.
    AsIs,
}

/// How a scale is to be fitted on a population, or the scale itself where it is fixed.
///
/// On the wire: `{"quantiles":{"bins":5,"quantile":"linear","ties":"to-lower"}}`, `"mid-rank"`, or any [`Scale`] as
/// `{"fixed":…}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ScalePlan {
    /// Bins of equal size, cut at the population's quantiles.
    Quantiles {
        /// Number of bins, 2 to 100.
        bins: u8,
        /// Definition of the quantile.
        quantile: Quantile,
        /// Where values exactly on a cut go.
        ties: Ties,
    },
    /// Percentiles within the population.
    MidRank,
    /// A scale that does not depend on the population.
    Fixed(Scale),
}

impl ScalePlan {
    /// The frozen scale, and the fit's report where cutpoints were fitted.
    pub(super) fn fit(&self, column: &Column<'_>) -> Result<(Scale, Option<Fitted>), ScoreError> {
        match self {
            ScalePlan::Quantiles { bins, quantile, ties } => {
                let fitted = Cutpoints::fit_column(column, *bins, *quantile, *ties)?;
                Ok((Scale::Bins(fitted.cutpoints.clone()), Some(fitted)))
            }
            ScalePlan::MidRank => {
                check_places(column.places)?;
                let sample = (0..column.values.len()).filter_map(|i| column.get(i)).collect();
                Ok((Scale::MidRank(Reference::new(sample)?), None))
            }
            ScalePlan::Fixed(scale) => Ok((scale.clone(), None)),
        }
    }
}

impl Scale {
    /// The numbers with which it compares values.
    pub(crate) fn numbers(&self) -> Vec<Decimal> {
        match self {
            Scale::Bins(cutpoints) => cutpoints.cuts().to_vec(),
            Scale::MidRank(reference) => reference.members().to_vec(),
            Scale::Range { worst, best } => vec![*worst, *best],
            Scale::Points(_) | Scale::AsIs => Vec::new(),
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scale::Bins(cutpoints) => write!(f, "bins {cutpoints}"),
            Scale::MidRank(reference) => write!(f, "percentile within {reference}"),
            Scale::Range { worst, best } => write!(f, "from {} to {}", worst.normalize(), best.normalize()),
            Scale::Points(points) => {
                f.write_str("points")?;
                points.iter().try_for_each(|p| write!(f, " {}", p.normalize()))
            }
            Scale::AsIs => f.write_str("as is"),
        }
    }
}

impl fmt::Display for ScalePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScalePlan::Quantiles { bins, quantile, ties } => {
                let ties = if *ties == Ties::ToLower { "lower" } else { "upper" };
                write!(f, "{bins} bins at {} quantiles (ties to {ties})", quantile.name())
            }
            ScalePlan::MidRank => f.write_str("percentile within the population"),
            ScalePlan::Fixed(scale) => write!(f, "{scale}"),
        }
    }
}

/// A [`Scale`] or a [`ScalePlan`]: what a score model needs to know of it when it is built.
pub trait AnyScale: fmt::Display + sealed::Sealed {
    /// Whether it can take the values of the dimension.
    ///
    /// # Errors
    /// As [`ScoreModel::new`](super::ScoreModel::new).
    fn check(&self, dimension: &Dimension) -> Result<(), ScoreError>;
    /// The levels it can give, the worst first, if they can be listed; otherwise none.
    fn levels(&self) -> Vec<Decimal>;
    /// The worst level it can give in the dimension and the best; `None` if there is no end to them.
    fn ends(&self, dimension: &Dimension) -> Option<(Decimal, Decimal)>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Scale {}
    impl Sealed for super::ScalePlan {}
}

/// The levels of so many bins.
fn count_up(bins: u8) -> Vec<Decimal> {
    (1..=bins).map(Decimal::from).collect()
}

impl AnyScale for Scale {
    fn check(&self, dimension: &Dimension) -> Result<(), ScoreError> {
        let name = || dimension.name.clone();
        match self {
            Scale::Range { worst, best } => {
                let against = match dimension.direction {
                    Direction::HigherIsBetter => worst >= best,
                    Direction::LowerIsBetter => worst <= best,
                };
                if against { Err(ScoreError::BadRange { dimension: name(), worst: *worst, best: *best }) } else { Ok(()) }
            }
            Scale::Points(points) => {
                if dimension.unit != Unit::Level || points.len() != dimension.levels.len() {
                    return Err(ScoreError::BadPoints { dimension: name(), levels: dimension.levels.len(), points: points.len() });
                }
                match points.windows(2).find(|pair| pair[1] < pair[0]) {
                    Some(pair) => Err(ScoreError::FallingPoints { dimension: name(), from: pair[0], to: pair[1] }),
                    None => Ok(()),
                }
            }
            Scale::AsIs if dimension.direction == Direction::LowerIsBetter => Err(ScoreError::FallsAsItRises(name())),
            Scale::Bins(_) | Scale::MidRank(_) | Scale::AsIs => Ok(()),
        }
    }

    fn levels(&self) -> Vec<Decimal> {
        match self {
            Scale::Bins(cutpoints) => count_up(cutpoints.bins()),
            Scale::Points(points) => points.clone(),
            Scale::MidRank(_) | Scale::Range { .. } | Scale::AsIs => Vec::new(),
        }
    }

    fn ends(&self, dimension: &Dimension) -> Option<(Decimal, Decimal)> {
        match self {
            Scale::Bins(cutpoints) => Some((Decimal::ONE, cutpoints.bins().into())),
            Scale::MidRank(_) | Scale::Range { .. } => Some((Decimal::ZERO, Decimal::ONE)),
            Scale::Points(points) => Some((*points.first()?, *points.last()?)),
            Scale::AsIs if dimension.unit == Unit::Level => Some((Decimal::ONE, dimension.levels.len().into())),
            Scale::AsIs => None,
        }
    }
}

impl AnyScale for ScalePlan {
    fn check(&self, dimension: &Dimension) -> Result<(), ScoreError> {
        match self {
            ScalePlan::Quantiles { bins, .. } if !(2..=100).contains(bins) => Err(ScoreError::BadBins((*bins).into())),
            ScalePlan::Quantiles { .. } | ScalePlan::MidRank => Ok(()),
            ScalePlan::Fixed(scale) => scale.check(dimension),
        }
    }

    fn levels(&self) -> Vec<Decimal> {
        match self {
            ScalePlan::Quantiles { bins, .. } => count_up(*bins),
            ScalePlan::Fixed(scale) => scale.levels(),
            ScalePlan::MidRank => vec![],
        }
    }

    fn ends(&self, dimension: &Dimension) -> Option<(Decimal, Decimal)> {
        match self {
            ScalePlan::Quantiles { bins, .. } => Some((Decimal::ONE, (*bins).into())),
            ScalePlan::MidRank => Some((Decimal::ZERO, Decimal::ONE)),
            ScalePlan::Fixed(scale) => scale.ends(dimension),
        }
    }
}
