use crate::{
    money::decimal,
    reason::{Conclusion, Reason},
};
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A sum of weighted levels, exact: the points of its terms, each rounded half even to the model's places, add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(#[serde(with = "decimal")] Decimal);

impl Score {
    pub(super) const fn new(points: Decimal) -> Score {
        Score(points)
    }

    /// The number of points.
    pub const fn points(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Conclusion for Score {
    fn follows_from(&self, reason: &Reason) -> Option<bool> {
        match reason {
            Reason::Summed { total, .. } => Some(*total == self.0),
            _ => None,
        }
    }
}
