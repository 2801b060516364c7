use super::CreditError;
use crate::{
    calendar::in_range,
    money::{Money, Ratio},
    quantity::{Name, Source},
};
use serde::{Deserialize, Serialize};

/// How much a customer may owe us, and how they are rated: a decision, with its source and day.
///
/// ```
/// use customer_value::{customer::credit::CreditLine, quantity::{Name, Source}};
///
/// let review = Source::new(Name::new("credit review")?, "2024-01-15".parse()?, None)?;
/// let line = CreditLine::new("1000 EUR".parse()?, Some(Name::new("BBB")?), review)?;
///
/// let use_of_it = line.used("1250.50 EUR".parse()?)?;
/// assert_eq!(use_of_it.available.to_string(), "-250.50 EUR"); // over the limit, and it shows
/// assert_eq!(use_of_it.utilisation.map(|u| u.to_string()).as_deref(), Some("1.2505"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "信用额度")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct CreditLine {
    limit: Money,
    rating: Option<Name>,
    source: Source,
}

/// What of a credit line is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CreditUse {
    /// What the customer may owe.
    pub limit: Money,
    /// What the customer owes.
    pub exposure: Money,
    /// The limit less the exposure: below zero if it is exceeded.
    pub available: Money,
    /// The exposure as a share of the limit, above one if it is exceeded; `None` for a limit of zero.
    pub utilisation: Option<Ratio>,
}

impl CreditLine {
    /// The limit, zero or above, the rating if there is one, and where they come from.
    ///
    /// # Errors
    /// [`NegativeLimit`](CreditError::NegativeLimit) for −0.01 EUR; [`DateOutOfRange`](CreditError::DateOutOfRange) for the year 10000.
    pub fn new(limit: Money, rating: Option<Name>, source: Source) -> Result<CreditLine, CreditError> {
        in_range(source.on()).map_err(|_| CreditError::DateOutOfRange(source.on()))?;
        if limit.is_negative() { Err(CreditError::NegativeLimit(limit)) } else { Ok(CreditLine { limit, rating, source }) }
    }

    /// What the customer may owe.
    pub const fn limit(&self) -> Money {
        self.limit
    }

    /// The rating (信用等级), in the words of whoever rates. As a dimension it is judged: its levels are the scale.
    #[doc(alias = "信用等级")]
    pub const fn rating(&self) -> Option<&Name> {
        self.rating.as_ref()
    }

    /// Who decided it, on what day.
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// What is used of it when the customer owes so much.
    ///
    /// # Errors
    /// [`Money`](CreditError::Money) for an exposure in another currency, or if the difference does not fit.
    pub fn used(&self, exposure: Money) -> Result<CreditUse, CreditError> {
        let available = self.limit.try_sub(exposure)?;
        let utilisation = Ratio::new(exposure.minor().into(), self.limit.minor().into()).ok();
        Ok(CreditUse { limit: self.limit, exposure, available, utilisation })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "CreditLine")]
struct Wire {
    limit: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rating: Option<Name>,
    source: Source,
}

impl TryFrom<Wire> for CreditLine {
    type Error = CreditError;

    fn try_from(wire: Wire) -> Result<CreditLine, CreditError> {
        CreditLine::new(wire.limit, wire.rating, wire.source)
    }
}

impl From<CreditLine> for Wire {
    fn from(line: CreditLine) -> Wire {
        Wire { limit: line.limit, rating: line.rating, source: line.source }
    }
}
