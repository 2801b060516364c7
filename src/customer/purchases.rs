use super::Returned;
use crate::{
    calendar::Period,
    money::{Currency, Money, MoneyError},
};
use alloc::vec::Vec;
use chrono::NaiveDate;

/// The purchases of a customer that stand at the close of a day, after returns and cancellations.
///
/// An amount below zero cannot occur: a return takes at most what was sold.
#[doc(alias = "购买")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchases {
    pub(super) as_of: NaiveDate,
    pub(super) days: Vec<PurchaseDay>,
    pub(super) count: u32,
    pub(super) net: Money,
    pub(super) returned: Returned,
    pub(super) later: u64,
}

/// All purchases of one customer on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurchaseDay {
    /// The business day.
    pub on: NaiveDate,
    /// How many purchases, at least 1.
    pub count: u32,
    /// What is left of them after returns, zero or above.
    pub net: Money,
}

impl Purchases {
    /// The day at whose close they stand.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The currency of the amounts.
    pub const fn currency(&self) -> Currency {
        self.net.currency()
    }

    /// The days with purchases, in order of date; empty if nothing was bought or everything came back.
    pub fn days(&self) -> &[PurchaseDay] {
        &self.days
    }

    /// The first day with a purchase.
    pub fn first(&self) -> Option<NaiveDate> {
        self.days.first().map(|d| d.on)
    }

    /// The last day with a purchase.
    pub fn last(&self) -> Option<NaiveDate> {
        self.days.last().map(|d| d.on)
    }

    /// Number of purchases.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// What is left of all purchases after returns.
    pub const fn net(&self) -> Money {
        self.net
    }

    /// What was sold before returns took from it; a sale that was cancelled or came back whole counts here.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit.
    pub fn gross(&self) -> Result<Money, MoneyError> {
        self.net.try_add(self.returned.matched)?.try_add(self.returned.assumed)
    }

    /// Number and amount of the purchases made within the period. A return counts against the purchase it reduces, whenever it came.
    pub fn within(&self, period: Period) -> (u32, Money) {
        let from = self.days.partition_point(|d| d.on < period.from());
        let until = self.days.partition_point(|d| d.on < period.until());
        // A part of the whole, which was checked to fit.
        let (count, minor) =
            self.days[from..until].iter().fold((0, 0), |(count, minor), day| (count + day.count, minor + day.net.minor()));
        (count, Money::from_minor(minor, self.currency()))
    }

    /// What the returns did.
    pub const fn returned(&self) -> &Returned {
        &self.returned
    }

    /// Number of records in the history that are dated after the day and were left out.
    pub const fn later(&self) -> u64 {
        self.later
    }
}
