use super::float;
use crate::money::{Currency, Money, MoneyError, Ratio, Rounding, decimal};
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How sure an interval is to cover the truth, between 0 and 1: in so many of many repetitions of the whole procedure it does.
///
/// ```
/// use customer_value::quantity::Confidence;
///
/// assert_eq!(Confidence::P95, Confidence::new("0.95".parse()?)?);
/// assert!(Confidence::new(95.into()).is_err()); // 95 is not a share
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "置信水平")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Level", into = "Level")]
pub struct Confidence(Decimal);

/// A confidence level must lie between 0 and 1, the ends excluded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0} is not a confidence level: it must lie between 0 and 1, such as 0.95")]
pub struct ConfidenceError(pub Decimal);

impl Confidence {
    /// 90 %.
    pub const P90: Confidence = Confidence(Decimal::from_parts(90, 0, 0, false, 2));
    /// 95 %.
    pub const P95: Confidence = Confidence(Decimal::from_parts(95, 0, 0, false, 2));
    /// 99 %.
    pub const P99: Confidence = Confidence(Decimal::from_parts(99, 0, 0, false, 2));

    /// A level such as 0.95.
    ///
    /// # Errors
    /// [`ConfidenceError`] for 0, 1, 95 and −0.5.
    pub fn new(level: Decimal) -> Result<Confidence, ConfidenceError> {
        if level > Decimal::ZERO && level < Decimal::ONE { Ok(Confidence(level)) } else { Err(ConfidenceError(level)) }
    }

    /// The level.
    pub const fn level(self) -> Decimal {
        self.0
    }

    /// What is left on either side of a two-sided interval: 0.025 at 95 %.
    pub(crate) fn tail(self) -> f64 {
        // The complement is taken while it is exact.
        Ratio::try_from(Decimal::ONE - self.0).map_or(0.0, Ratio::to_f64) / 2.0
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Level(#[serde(with = "decimal")] Decimal);

impl TryFrom<Level> for Confidence {
    type Error = ConfidenceError;

    fn try_from(level: Level) -> Result<Confidence, ConfidenceError> {
        Confidence::new(level.0)
    }
}

impl From<Confidence> for Level {
    fn from(confidence: Confidence) -> Level {
        Level(confidence.0)
    }
}

/// A statistic and the interval that goes with it. It is no amount and no points: money comes of it only by
/// [`in_money`](Estimate::in_money), with a named rounding.
///
/// On the wire the numbers are text, with all their digits.
///
/// ```
/// use customer_value::{money::{Currency, Rounding}, quantity::{Confidence, Estimate}};
///
/// let pence = Estimate::new(1250.4, 990.0, 1510.8, Confidence::P95)?;
/// assert_eq!(pence.in_money(Currency::GBP, Rounding::HalfEven)?.to_string(), "12.50 GBP (9.90 GBP to 15.11 GBP, 95 %)");
/// assert!(Estimate::new(2.0, 3.0, 4.0, Confidence::P95).is_err()); // outside its own interval
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "估计值")]
#[doc(alias = "置信区间")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Estimate {
    value: f64,
    low: f64,
    high: f64,
    confidence: Confidence,
}

/// An estimate whose numbers are not finite, or do not lie in order.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("{value} in {low} to {high} is no estimate: the numbers must be finite and in order")]
pub struct EstimateError {
    /// The estimate.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Estimate {
    /// A statistic with its interval.
    ///
    /// # Errors
    /// [`EstimateError`] for NaN, for infinities, and unless `low <= value <= high`.
    pub fn new(value: f64, low: f64, high: f64, confidence: Confidence) -> Result<Estimate, EstimateError> {
        let good = low.is_finite() && high.is_finite() && low <= value && value <= high;
        if good { Ok(Estimate { value, low, high, confidence }) } else { Err(EstimateError { value, low, high }) }
    }

    /// The estimate itself.
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// The lower end of the interval.
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// The upper end of the interval.
    pub const fn high(&self) -> f64 {
        self.high
    }

    /// How sure the interval is.
    pub const fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Whether the interval covers a number: a difference whose interval covers 0 may be none.
    pub fn covers(&self, number: f64) -> bool {
        self.low <= number && number <= self.high
    }

    /// The estimate and its ends as amounts; the numbers are smallest units of the currency. Each is rounded once, by name.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for 10²⁰ smallest units.
    pub fn in_money(&self, currency: Currency, rounding: Rounding) -> Result<MoneyEstimate, MoneyError> {
        let amount = |value| {
            let minor = rounding.whole(value).ok_or(MoneyError::Overflow { currency })?;
            Ok::<_, MoneyError>(Money::from_minor(minor, currency))
        };
        let (value, low, high) = (amount(self.value)?, amount(self.low)?, amount(self.high)?);
        Ok(MoneyEstimate { value, low, high, confidence: self.confidence })
    }

    /// The same for so many times as much.
    pub(crate) fn times(&self, factor: f64) -> Result<Estimate, EstimateError> {
        let (a, b) = (self.low * factor, self.high * factor);
        Estimate::new(self.value * factor, a.min(b), a.max(b), self.confidence)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Estimate")]
struct Wire {
    #[serde(with = "float")]
    value: f64,
    #[serde(with = "float")]
    low: f64,
    #[serde(with = "float")]
    high: f64,
    confidence: Confidence,
}

impl TryFrom<Wire> for Estimate {
    type Error = EstimateError;

    fn try_from(w: Wire) -> Result<Estimate, EstimateError> {
        Estimate::new(w.value, w.low, w.high, w.confidence)
    }
}

impl From<Estimate> for Wire {
    fn from(e: Estimate) -> Wire {
        Wire { value: e.value, low: e.low, high: e.high, confidence: e.confidence }
    }
}

/// An estimate that has been turned into amounts, by a named rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyEstimate {
    /// The estimate itself.
    pub value: Money,
    /// The lower end of the interval.
    pub low: Money,
    /// The upper end of the interval.
    pub high: Money,
    /// How sure the interval is.
    pub confidence: Confidence,
}

impl MoneyEstimate {
    /// The estimate less an amount that is known exactly, such as a cost.
    ///
    /// # Errors
    /// As [`Money::try_sub`].
    pub fn less(self, cost: Money) -> Result<MoneyEstimate, MoneyError> {
        let (value, low, high) = (self.value.try_sub(cost)?, self.low.try_sub(cost)?, self.high.try_sub(cost)?);
        Ok(MoneyEstimate { value, low, high, confidence: self.confidence })
    }
}

impl fmt::Display for MoneyEstimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} to {}, {})", self.value, self.low, self.high, self.confidence)
    }
}
