use super::ScoreError;
use crate::{
    money::decimal,
    reason::{LEVEL_PLACES, percentile},
    value::Direction,
};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

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
    pub const PLACES: u8 = LEVEL_PLACES;

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

    /// The sample, the lowest first.
    pub(super) fn members(&self) -> &[Decimal] {
        &self.0
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, v)| write!(f, "{}{v}", if i == 0 { "" } else { " " }))
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
