use crate::money::{Currency, Money, decimal};
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a number counts. Numbers of different units never meet in one scale.
///
/// On the wire: `{"money":"GBP"}`, `"days"`, `"count"`, `"number"`, `"level"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// An amount in this currency, in its main unit.
    Money(Currency),
    /// Whole days, not negative.
    Days,
    /// A whole number of things, not negative.
    Count,
    /// A plain number: a score, a share.
    Number,
    /// A level on an ordered list of names. Its number is its place on the list, 1 for the worst.
    #[doc(alias = "等级量表")]
    Level,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unit::Money(currency) => fmt::Display::fmt(currency, f),
            Unit::Days => f.pad("days"),
            Unit::Count => f.pad("count"),
            Unit::Number => f.pad("number"),
            Unit::Level => f.pad("level"),
        }
    }
}

/// A number and what it counts.
///
/// ```
/// use customer_value::{money::{Currency, Money}, quantity::Quantity};
///
/// assert_eq!(Quantity::days(31).to_string(), "31 days");
/// assert_eq!(Quantity::from(Money::from_minor(1250, Currency::GBP)).to_string(), "12.50 GBP");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// The number, in the unit.
    #[serde(with = "decimal")]
    pub value: Decimal,
    /// What it counts.
    pub unit: Unit,
}

impl Quantity {
    /// A number of days.
    pub fn days(days: u32) -> Quantity {
        Quantity { value: days.into(), unit: Unit::Days }
    }

    /// A number of things.
    pub fn count(count: u32) -> Quantity {
        Quantity { value: count.into(), unit: Unit::Count }
    }

    /// A plain number.
    pub fn number(value: Decimal) -> Quantity {
        Quantity { value, unit: Unit::Number }
    }
}

impl From<Money> for Quantity {
    fn from(money: Money) -> Quantity {
        Quantity { value: money.amount(), unit: Unit::Money(money.currency()) }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Money(currency) => write!(f, "{} {currency}", self.value),
            Unit::Days if self.value == Decimal::ONE => f.write_str("1 day"),
            Unit::Days => write!(f, "{} days", self.value),
            Unit::Count | Unit::Number | Unit::Level => write!(f, "{}", self.value),
        }
    }
}
