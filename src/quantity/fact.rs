use super::{Name, Quantity};
use crate::money::{Money, Ratio};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
#[doc(alias = "依据")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it rests on: a report, a visit, a register.
    pub evidence: Name,
    /// The day it was found.
    pub on: NaiveDate,
    /// How sure it is, from 0 to 1, if anybody has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Ratio>,
}
