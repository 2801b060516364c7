use crate::{
    quantity::Fact,
    reason::{Language, fact_in_words},
};
use alloc::{format, string::String};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What must be settled before a relationship can be closed (004a: 事宜处理完毕).
///
/// Each is settled if it is known to be zero, or cannot exist for this customer. What is unknown is not settled, and neither is money that
/// the firm owes (a balance below zero).
///
/// ```
/// use customer_value::{lifecycle::stage::{Obligation, Obligations}, quantity::{Fact, Quantity}};
///
/// let owed = Obligations {
///     balance: Fact::Known(Quantity::number(0.into())),
///     complaints: Fact::Known(Quantity::count(1)),
///     points: Fact::NotApplicable, // there is no points scheme
/// };
/// assert_eq!(owed.open().map(|(what, _)| what).collect::<Vec<_>>(), [Obligation::Complaints]);
/// ```
#[doc(alias = "未了事宜")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligations {
    /// Money owed: above zero by the customer, below zero to the customer.
    pub balance: Fact,
    /// Complaints that are open.
    pub complaints: Fact,
    /// Points that could still be redeemed.
    pub points: Fact,
}

/// One of the [`Obligations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obligation {
    /// Money owed.
    Balance,
    /// Open complaints.
    Complaints,
    /// Points to redeem.
    Points,
}

impl Obligations {
    /// What is not settled, or not known to be.
    pub fn open(&self) -> impl Iterator<Item = (Obligation, &Fact)> {
        let all =
            [(Obligation::Balance, &self.balance), (Obligation::Complaints, &self.complaints), (Obligation::Points, &self.points)];
        all.into_iter().filter(|(_, fact)| !is_settled(fact))
    }
}

fn is_settled(fact: &Fact) -> bool {
    match fact {
        Fact::Known(quantity) => quantity.value == Decimal::ZERO,
        Fact::NotApplicable => true,
        Fact::Named(_) | Fact::Unknown | Fact::Erased => false,
    }
}

impl Obligation {
    /// What is open, in words: "the number of open complaints is 1".
    pub(super) fn explain(self, fact: &Fact, language: Language) -> String {
        let what = match (self, language) {
            (Obligation::Balance, Language::English) => "the balance ",
            (Obligation::Complaints, Language::English) => "the number of open complaints ",
            (Obligation::Points, Language::English) => "the number of points to redeem ",
            (Obligation::Balance, Language::Chinese) => "未结款项",
            (Obligation::Complaints, Language::Chinese) => "未结投诉",
            (Obligation::Points, Language::Chinese) => "未兑积分",
        };
        format!("{what}{}", fact_in_words(fact, language))
    }
}
