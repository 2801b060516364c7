use crate::money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

/// What is done with returns that do not fit their sale. There is no default: the choice changes what customers are worth.
///
/// A return that names a known sale reduces that sale, under every policy. A sale that has come back whole, or was cancelled, is no
/// purchase. Returns whose sale can only be guessed may take money away, but never a purchase.
#[doc(alias = "退货政策")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnPolicy {
    /// For returns that name no sale, or one that is not (yet) in the history.
    pub unmatched: Unmatched,
    /// For the part of a return that goes beyond what was sold.
    pub beyond: Beyond,
}

impl ReturnPolicy {
    /// Both kinds are errors.
    pub const STRICT: ReturnPolicy = ReturnPolicy { unmatched: Unmatched::Refuse, beyond: Beyond::Refuse };
    /// Unmatched returns reduce the latest purchases; what goes beyond all purchases is set aside and reported.
    pub const LATEST_FIRST: ReturnPolicy = ReturnPolicy { unmatched: Unmatched::LatestFirst, beyond: Beyond::SetAside };
}

/// What a return does that names no sale, or one that is not in the history as of the day asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unmatched {
    /// It is an error.
    Refuse,
    /// It reduces nothing, and is reported.
    SetAside,
    /// It reduces what is left of the purchases made up to its day, the latest first.
    LatestFirst,
}

/// What becomes of the part of a return that goes beyond what was sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beyond {
    /// It is an error.
    Refuse,
    /// It reduces nothing, and is reported.
    SetAside,
}

/// What returns and cancellations did to a customer's purchases; the three amounts add up to all that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returned {
    /// What reduced the sale that the return names.
    pub matched: Money,
    /// What reduced purchases by assumption ([`Unmatched::LatestFirst`]).
    pub assumed: Money,
    /// What reduced nothing.
    pub set_aside: Money,
    /// Number of returns and cancellations as of the day.
    pub count: u64,
    /// How many of them were unmatched.
    pub unmatched: u64,
}

impl Returned {
    /// What the returns of two customers did together.
    ///
    /// # Errors
    /// [`MoneyError`] if the amounts are of different currencies or do not fit.
    pub fn try_add(&self, other: &Returned) -> Result<Returned, MoneyError> {
        Ok(Returned {
            matched: self.matched.try_add(other.matched)?,
            assumed: self.assumed.try_add(other.assumed)?,
            set_aside: self.set_aside.try_add(other.set_aside)?,
            count: self.count.saturating_add(other.count),
            unmatched: self.unmatched.saturating_add(other.unmatched),
        })
    }

    /// No return at all, in a currency.
    pub const fn none(currency: Currency) -> Returned {
        let none = Money::zero(currency);
        Returned { matched: none, assumed: none, set_aside: none, count: 0, unmatched: 0 }
    }
}
