use super::{Name, Quantity, Unit};
use crate::money::{Money, Ratio};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is known of a customer in one respect: a number, a name, or one of the three ways in which it can be absent. Absence is never zero.
///
/// ```
/// use customer_value::quantity::{Fact, Quantity};
///
/// let bought = Fact::from(Quantity::count(0)); // a known zero: a customer who bought nothing in the window
/// assert_ne!(bought, Fact::Unknown);           // nobody looked
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// It was measured.
    Known(Quantity),
    /// It is known, and not a number: a region, an occupation, a level on an ordered list.
    Named(Name),
    /// It exists and was not measured, or the measurement is not at hand.
    #[doc(alias = "未知")]
    Unknown,
    /// It cannot exist for this customer: a consumer has no industry.
    #[doc(alias = "不适用")]
    NotApplicable,
    /// It was known and has been erased, or its use is no longer permitted.
    #[doc(alias = "已删除")]
    Erased,
}

impl Fact {
    /// The quantity, if it is known and a number.
    pub const fn known(&self) -> Option<Quantity> {
        match self {
            Fact::Known(quantity) => Some(*quantity),
            Fact::Named(_) | Fact::Unknown | Fact::NotApplicable | Fact::Erased => None,
        }
    }

    /// The name, if it is known and no number.
    pub const fn named(&self) -> Option<&Name> {
        match self {
            Fact::Named(name) => Some(name),
            Fact::Known(_) | Fact::Unknown | Fact::NotApplicable | Fact::Erased => None,
        }
    }

    /// Whether it is absent, for whatever reason.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Fact::Unknown | Fact::NotApplicable | Fact::Erased)
    }
}

impl From<Quantity> for Fact {
    fn from(quantity: Quantity) -> Fact {
        Fact::Known(quantity)
    }
}

impl Fact {
    /// The one form of all facts that are equal to this one: 1.0 and 1.00 are.
    pub(crate) fn normalised(self) -> Fact {
        match self {
            Fact::Known(Quantity { value, unit }) => {
                let mut value = value.normalize();
                // Amounts keep their cents.
                let least = if let Unit::Money(currency) = unit { currency.exponent().into() } else { 0 };
                if value.scale() < least {
                    value.rescale(least);
                }
                Fact::Known(Quantity { value, unit })
            }
            other => other,
        }
    }
}

impl From<Money> for Fact {
    fn from(money: Money) -> Fact {
        Fact::Known(money.into())
    }
}

impl From<Name> for Fact {
    fn from(name: Name) -> Fact {
        Fact::Named(name)
    }
}

/// Where a fact comes from: what it rests on, since when, and how sure we are.
///
/// ```
/// use customer_value::quantity::{Name, Source, SourceError};
///
/// let survey = Source::new(Name::new("trade survey")?, "2011-05-01".parse()?, Some("0.8".parse()?))?;
/// assert_eq!(survey.evidence(), &"trade survey");
/// let twice = Source::new(Name::new("hope")?, "2011-05-01".parse()?, Some("2".parse()?));
/// assert_eq!(twice, Err(SourceError("2".parse()?)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "依据")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WireSource", into = "WireSource")]
pub struct Source {
    evidence: Name,
    on: NaiveDate,
    confidence: Option<Ratio>,
}

/// A confidence below zero or above one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a confidence of {0} does not lie from 0 to 1")]
pub struct SourceError(pub Ratio);

impl Source {
    /// The evidence (a report, a visit, a register), the day it was found, and how sure it is from 0 to 1, if anybody has said so.
    ///
    /// # Errors
    /// [`SourceError`] for a confidence of 2.
    pub fn new(evidence: Name, on: NaiveDate, confidence: Option<Ratio>) -> Result<Source, SourceError> {
        match confidence {
            Some(confidence) if confidence < Ratio::ZERO || confidence > Ratio::ONE => Err(SourceError(confidence)),
            _ => Ok(Source { evidence, on, confidence }),
        }
    }

    /// What it rests on.
    pub const fn evidence(&self) -> &Name {
        &self.evidence
    }

    /// The day it was found.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    /// How sure it is, from 0 to 1, if anybody has said so.
    pub const fn confidence(&self) -> Option<Ratio> {
        self.confidence
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Source")]
struct WireSource {
    evidence: Name,
    on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<Ratio>,
}

impl TryFrom<WireSource> for Source {
    type Error = SourceError;

    fn try_from(wire: WireSource) -> Result<Source, SourceError> {
        Source::new(wire.evidence, wire.on, wire.confidence)
    }
}

impl From<Source> for WireSource {
    fn from(s: Source) -> WireSource {
        WireSource { evidence: s.evidence, on: s.on, confidence: s.confidence }
    }
}
