use super::PerceivedError;
use core::fmt;
use serde::{Deserialize, Serialize};

/// The points of a rating scale: whole numbers from the lowest to the highest.
///
/// ```
/// use customer_value::value::perceived::Points;
///
/// let points = Points::new(1, 5)?;
/// assert_eq!(points.turned(2), 4); // a reversed item: 2 of 1 to 5 says as much as 4
/// assert!(Points::new(5, 1).is_err());
/// # Ok::<(), customer_value::value::perceived::PerceivedError>(())
/// ```
#[doc(alias = "等级量表")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Points {
    low: i8,
    high: i8,
}

impl Points {
    /// 1 to 5.
    pub const FIVE: Points = Points { low: 1, high: 5 };
    /// 1 to 7.
    pub const SEVEN: Points = Points { low: 1, high: 7 };
    /// 1 to 10.
    pub const TEN: Points = Points { low: 1, high: 10 };
    /// 0 to 10, eleven points.
    pub const ZERO_TO_TEN: Points = Points { low: 0, high: 10 };
    /// −3 to 3, between two poles.
    pub const BIPOLAR: Points = Points { low: -3, high: 3 };

    /// From the lowest to the highest, at most 101 points.
    ///
    /// # Errors
    /// [`BadPoints`](PerceivedError::BadPoints) for 5 to 1, for 3 to 3, and for −100 to 100.
    pub const fn new(low: i8, high: i8) -> Result<Points, PerceivedError> {
        if low < high && high as i16 - low as i16 <= 100 {
            Ok(Points { low, high })
        } else {
            Err(PerceivedError::BadPoints { low, high })
        }
    }

    /// The lowest point.
    pub const fn low(self) -> i8 {
        self.low
    }

    /// The highest point.
    pub const fn high(self) -> i8 {
        self.high
    }

    /// The same answer read from the other end; a point off the scale is taken to the nearer end first.
    pub fn turned(self, point: i8) -> i8 {
        let turned = i16::from(self.low) + i16::from(self.high) - i16::from(point.clamp(self.low, self.high));
        i8::try_from(turned).unwrap_or(self.low)
    }

    pub(super) fn check(self, point: i8) -> Result<i8, PerceivedError> {
        if (self.low..=self.high).contains(&point) { Ok(point) } else { Err(PerceivedError::OffScale { point, points: self }) }
    }

    /// All points, from the lowest.
    pub(super) fn each(self) -> core::ops::RangeInclusive<i8> {
        self.low..=self.high
    }

    pub(super) fn width(self) -> i16 {
        i16::from(self.high) - i16::from(self.low)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.low, self.high)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Points")]
struct Wire {
    low: i8,
    high: i8,
}

impl TryFrom<Wire> for Points {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<Points, PerceivedError> {
        Points::new(wire.low, wire.high)
    }
}

impl From<Points> for Wire {
    fn from(points: Points) -> Wire {
        Wire { low: points.low, high: points.high }
    }
}
