use super::{Cutpoints, Fitted, Quantile, ScoreError, cutpoints::check_places};
use crate::{
    money::decimal,
    quantity::{Column, Ties},
    reason::{PERCENTILE_PLACES, percentile},
    value::Direction,
};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How a value becomes a level: frozen, so that it needs nobody else.
///
/// On the wire: `{"bins":{"cuts":["90","365"],"ties":"to-lower"}}`, `{"mid-rank":["1","5","9"]}`, `"as-is"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// The level is the number of the bin, 1 for the worst.
    Bins(Cutpoints),
    /// The level is the mid-rank percentile within a frozen reference sample, 0 to 1 (分位值).
    MidRank(Reference),
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

/// A frozen sample to rank against.
///
/// ```
/// use customer_value::{score::Reference, value::Direction};
///
/// let sales = Reference::new([2, 8, 5, 5].map(Into::into).to_vec())?;
/// assert_eq!(sales.percentile(5.into(), Direction::HigherIsBetter).to_string(), "0.5"); // (1 + ½·2) / 4
/// assert_eq!(sales.percentile(9.into(), Direction::HigherIsBetter).to_string(), "1");
/// # Ok::<(), customer_value::score::ScoreError>(())
/// ```
#[doc(alias = "分位值")]
#[doc(alias = "percentile")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WireReference", into = "WireReference")]
pub struct Reference(Vec<Decimal>);

impl Reference {
    /// Decimal places of a percentile, rounded half even.
    pub const PLACES: u8 = PERCENTILE_PLACES;

    /// Keeps the sample.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPopulation`] for `[]` and for more than 4,294,967,295 members.
    pub fn new(mut sample: Vec<Decimal>) -> Result<Reference, ScoreError> {
        if sample.is_empty() || u32::try_from(sample.len()).is_err() {
            return Err(ScoreError::EmptyPopulation);
        }
        sample.sort_unstable();
        Ok(Reference(sample.into_iter().map(|v| v.normalize()).collect()))
    }

    /// The mid-rank percentile, `(worse + ½·equal) / all`, rounded half even to [`PLACES`](Reference::PLACES).
    pub fn percentile(&self, value: Decimal, direction: Direction) -> Decimal {
        let (worse, equal) = self.rank(value, direction);
        // The members that are worse or equal are members.
        percentile(worse, equal, self.len()).unwrap_or_default()
    }

    /// How many members are worse than the value, and how many equal it.
    pub(super) fn rank(&self, value: Decimal, direction: Direction) -> (u32, u32) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let below = self.0.partition_point(|&v| v < value);
        let up_to = self.0.partition_point(|&v| v <= value);
        let worse = match direction {
            Direction::HigherIsBetter => below,
            Direction::LowerIsBetter => self.0.len() - up_to,
        };
        (count(worse), count(up_to - below))
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scale::Bins(cutpoints) => write!(f, "bins {cutpoints}"),
            Scale::MidRank(reference) => {
                f.write_str("percentile within")?;
                reference.0.iter().try_for_each(|v| write!(f, " {v}"))
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
    /// Whether it takes values as they are, which makes sense only where higher is better.
    fn takes_as_is(&self) -> bool;
    /// The number of its levels, if that is fixed.
    fn levels(&self) -> Option<u8>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Scale {}
    impl Sealed for super::ScalePlan {}
}

impl AnyScale for Scale {
    fn takes_as_is(&self) -> bool {
        *self == Scale::AsIs
    }

    fn levels(&self) -> Option<u8> {
        match self {
            Scale::Bins(cutpoints) => Some(cutpoints.bins()),
            Scale::MidRank(_) | Scale::AsIs => None,
        }
    }
}

impl AnyScale for ScalePlan {
    fn takes_as_is(&self) -> bool {
        *self == ScalePlan::Fixed(Scale::AsIs)
    }

    fn levels(&self) -> Option<u8> {
        match self {
            ScalePlan::Quantiles { bins, .. } => Some(*bins),
            ScalePlan::Fixed(scale) => scale.levels(),
            ScalePlan::MidRank => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct WireReference(#[serde(with = "decimal::list")] Vec<Decimal>);

impl TryFrom<WireReference> for Reference {
    type Error = ScoreError;

    fn try_from(wire: WireReference) -> Result<Reference, ScoreError> {
        Reference::new(wire.0)
    }
}

impl From<Reference> for WireReference {
    fn from(r: Reference) -> WireReference {
        WireReference(r.0)
    }
}
