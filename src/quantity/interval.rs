use crate::money::decimal;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which side of a cut a value exactly on it falls to: the tie rule of a scale. Equal values never part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// To the lower side: intervals are `(a, b]` and a bound is exceeded only by more (超过).
    #[doc(alias = "超过")]
    ToLower,
    /// To the upper side: intervals are `[a, b)` and a bound is met by itself (以上).
    #[doc(alias = "以上")]
    ToUpper,
}

/// The values between two neighbouring cuts. A missing bound means: no limit on that side.
///
/// ```
/// use customer_value::quantity::{Interval, Ties};
///
/// let between = Interval { lower: Some(10.into()), upper: Some(20.into()), ties: Ties::ToLower };
/// assert_eq!(between.to_string(), "(10, 20]");
/// assert!(between.contains(20.into()) && !between.contains(10.into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The cut below, if there is one.
    #[serde(with = "decimal::optional", default)]
    pub lower: Option<Decimal>,
    /// The cut above, if there is one.
    #[serde(with = "decimal::optional", default)]
    pub upper: Option<Decimal>,
    /// Which of the two ends belongs to the interval.
    pub ties: Ties,
}

impl Interval {
    /// Whether the value lies inside.
    pub fn contains(&self, value: Decimal) -> bool {
        match self.ties {
            Ties::ToLower => self.lower.is_none_or(|l| l < value) && self.upper.is_none_or(|u| value <= u),
            Ties::ToUpper => self.lower.is_none_or(|l| l <= value) && self.upper.is_none_or(|u| value < u),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = match self.ties {
            Ties::ToLower => ('(', ']'),
            Ties::ToUpper => ('[', ')'),
        };
        match (self.lower, self.upper) {
            (Some(lower), Some(upper)) => write!(f, "{open}{lower}, {upper}{close}"),
            (Some(lower), None) => write!(f, "{open}{lower}, ∞)"),
            (None, Some(upper)) => write!(f, "(−∞, {upper}{close}"),
            (None, None) => f.write_str("(−∞, ∞)"),
        }
    }
}
