use core::fmt;
use serde::{Deserialize, Serialize};

/// A number of points, in whole smallest units. Points are never money, never negative and never a fraction: what is owed back stands
/// beside them as a debt, and what is less than one is lost or gained by a named rounding.
///
/// A kind of points may be shown with decimals ([`Kind::decimals`](super::programme::Kind::decimals)), as a cashback of 2.35; its smallest
/// unit is then the last decimal.
///
/// ```
/// use customer_value::loyalty::Points;
///
/// assert_eq!(Points::new(100).checked_sub(Points::new(101)), None);
/// assert_eq!(Points::new(100).checked_add(Points::new(1)), Some(Points::new(101)));
/// ```
#[doc(alias = "积分")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(u64);

impl Points {
    /// No points.
    pub const ZERO: Points = Points(0);

    /// So many smallest units.
    pub const fn new(units: u64) -> Points {
        Points(units)
    }

    /// The number of smallest units.
    pub const fn units(self) -> u64 {
        self.0
    }

    /// Whether there are none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` beyond 2⁶⁴ − 1.
    pub const fn checked_add(self, other: Points) -> Option<Points> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Points(sum)),
            None => None,
        }
    }

    /// The difference, or `None` if the other is more.
    pub const fn checked_sub(self, other: Points) -> Option<Points> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Points(rest)),
            None => None,
        }
    }

    /// The sum of many, or `None` beyond 2⁶⁴ − 1.
    pub fn sum(points: impl IntoIterator<Item = Points>) -> Option<Points> {
        points.into_iter().try_fold(Points::ZERO, Points::checked_add)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
