use super::HistoryError;
use crate::{
    calendar::from_day_number,
    money::{Currency, Money},
    quantity::Name,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One thing that happened between us and a customer.
///
/// A record with an identity may be delivered any number of times and counts once. Records without identity are never taken for one
/// another, however alike: two equal purchases on a day are two purchases.
///
/// On the wire: `{"sale":{"id":"489434","on":"2009-12-01","amount":{"amount":"505.30","currency":"GBP"}}}`, `{"return":{…,"of":"489434"}}`,
/// `{"cancellation":{"of":"489434","on":"2009-12-02"}}`.
#[doc(alias = "记录")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Record {
    /// Something was sold. A sale of zero (a gift, a sample) is a purchase too.
    #[doc(alias = "销售")]
    Sale {
        /// Its identity: an invoice number.
        #[serde(default)]
        id: Option<Name>,
        /// The business day.
        on: NaiveDate,
        /// What was sold, zero or above.
        amount: Money,
    },
    /// Something came back. It reduces the sale it names, and is never a purchase of its own.
    #[doc(alias = "退货")]
    Return {
        /// Its own identity: a credit note number.
        #[serde(default)]
        id: Option<Name>,
        /// The sale it reduces.
        #[serde(default)]
        of: Option<Name>,
        /// The business day.
        on: NaiveDate,
        /// What came back, above zero.
        amount: Money,
    },
    /// A sale was called off: whatever is left of it is gone. Its identity is the sale's.
    #[doc(alias = "取消")]
    Cancellation {
        /// The sale.
        of: Name,
        /// The business day.
        on: NaiveDate,
    },
}

impl Record {
    /// A sale without identity.
    pub const fn sale(on: NaiveDate, amount: Money) -> Record {
        Record::Sale { id: None, on, amount }
    }

    /// A return without identity that names no sale; `amount` is what came back, above zero.
    pub const fn returned(on: NaiveDate, amount: Money) -> Record {
        Record::Return { id: None, of: None, on, amount }
    }

    /// The record of a row of columns: a sale, or a return for an amount below zero.
    pub(super) fn of_row(day: i32, minor: i64, currency: Currency) -> Result<Record, HistoryError> {
        let on = from_day_number(day)?;
        if minor < 0 {
            let back = minor.checked_neg().ok_or(HistoryError::Overflow(currency))?;
            Ok(Record::returned(on, Money::from_minor(back, currency)))
        } else {
            Ok(Record::sale(on, Money::from_minor(minor, currency)))
        }
    }

    /// The cancellation of a sale.
    pub const fn cancellation(of: Name, on: NaiveDate) -> Record {
        Record::Cancellation { of, on }
    }

    /// The same sale or return with an identity of its own.
    ///
    /// # Errors
    /// [`HistoryError::Name`] for `""`; [`HistoryError::HasNone`] for a cancellation, whose identity is the sale's.
    pub fn with_id(mut self, text: &str) -> Result<Record, HistoryError> {
        match &mut self {
            Record::Sale { id, .. } | Record::Return { id, .. } => *id = Some(Name::new(text)?),
            Record::Cancellation { .. } => return Err(HistoryError::HasNone("a cancellation has no identity but the sale's")),
        }
        Ok(self)
    }

    /// The same return, naming the sale it reduces.
    ///
    /// # Errors
    /// [`HistoryError::Name`] for `""`; [`HistoryError::HasNone`] for a sale, and for a cancellation, which names its sale already.
    pub fn of_sale(mut self, sale: &str) -> Result<Record, HistoryError> {
        match &mut self {
            Record::Return { of, .. } => *of = Some(Name::new(sale)?),
            Record::Sale { .. } => return Err(HistoryError::HasNone("a sale names no other sale")),
            Record::Cancellation { .. } => return Err(HistoryError::HasNone("a cancellation names its sale already")),
        }
        Ok(self)
    }
}
