use super::Quantity;
use serde::{Deserialize, Serialize};

/// A measured value, or one of the three ways in which it can be absent. Absence is never zero.
///
/// ```
/// use customer_value::quantity::{Fact, Quantity};
///
/// let bought = Fact::from(Quantity::count(0)); // a known zero: a customer who bought nothing in the window
/// assert_ne!(bought, Fact::Unknown);           // nobody looked
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// It was measured.
    Known(Quantity),
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
    /// The quantity, if it is known.
    pub const fn known(&self) -> Option<Quantity> {
        match self {
            Fact::Known(quantity) => Some(*quantity),
            Fact::Unknown | Fact::NotApplicable | Fact::Erased => None,
        }
    }
}

impl From<Quantity> for Fact {
    fn from(quantity: Quantity) -> Fact {
        Fact::Known(quantity)
    }
}
