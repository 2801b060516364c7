use super::{CreditError, Invoice, Payment};
use crate::{
    calendar::days_between,
    money::{Currency, Money, MoneyError, Ratio, Rounding},
    quantity::{Fact, Quantity},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An invoice and what was paid of it, in smallest units. Sums of 64-bit amounts do not overflow 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    issued: NaiveDate,
    due: NaiveDate,
    pub(super) minor: i128,
    pub(super) paid: i128,
    paid_on_time: i128,
    /// Every payment times the days it took.
    paid_days: i128,
}

impl Item {
    pub(super) fn new(invoice: &Invoice) -> Item {
        let Invoice { issued, due, amount, .. } = *invoice;
        Item { issued, due, minor: amount.minor().into(), paid: 0, paid_on_time: 0, paid_days: 0 }
    }

    pub(super) fn pay(&mut self, payment: &Payment) {
        let minor = i128::from(payment.amount.minor());
        self.paid += minor;
        self.paid_days += minor * i128::from(days_between(self.issued, payment.on));
        if payment.on <= self.due {
            self.paid_on_time += minor;
        }
    }

    const fn open(&self) -> i128 {
        self.minor - self.paid
    }
}

/// Where one bucket of overdue amounts ends and the next begins, in days after the due date.
///
/// ```
/// use customer_value::customer::credit::Buckets;
///
/// assert_eq!(Buckets::MONTHS.bounds(), [30, 60, 90]); // 1 to 30 days, 31 to 60, 61 to 90, more
/// assert!(Buckets::new([30, 30]).is_err());
/// ```
#[doc(alias = "账龄")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u32>", into = "Vec<u32>")]
pub struct Buckets(alloc::borrow::Cow<'static, [u32]>);

impl Buckets {
    /// The usual ones: up to 30 days, 60, 90, and more.
    pub const MONTHS: Buckets = Buckets(alloc::borrow::Cow::Borrowed(&[30, 60, 90]));

    /// The last day of each bucket, rising; what is overdue for longer than the last falls into one more.
    ///
    /// # Errors
    /// [`BadBuckets`](CreditError::BadBuckets) for none, for 0 days, and for 30 days twice.
    pub fn new(bounds: impl Into<Vec<u32>>) -> Result<Buckets, CreditError> {
        let bounds = bounds.into();
        let good = bounds.first().is_some_and(|first| *first > 0) && bounds.is_sorted_by(|a, b| a < b);
        if good { Ok(Buckets(bounds.into())) } else { Err(CreditError::BadBuckets) }
    }

    /// The last day of each.
    pub fn bounds(&self) -> &[u32] {
        &self.0
    }
}

/// What is owed, by how long it has been overdue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aging {
    /// Not overdue yet; on the due date itself nothing is.
    pub not_due: Money,
    /// Overdue, by bucket; one more than there are bounds.
    pub overdue: Vec<Money>,
}

/// How a customer pays, at the close of a day (回款).
///
/// As dimensions: [`fact`](Collection::fact) answers to `"exposure"`, `"overdue"`, `"days overdue"`, `"days to pay"` and `"share paid on
/// time"`. Whether a dimension is worth having, because customers differ in it, is told by [`tier::lint`](crate::tier::lint).
#[doc(alias = "回款")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    as_of: NaiveDate,
    currency: Currency,
    items: Vec<Item>,
}

impl Collection {
    /// The names under which [`fact`](Collection::fact) answers.
    pub const DIMENSIONS: [&'static str; 5] = ["exposure", "overdue", "days overdue", "days to pay", "share paid on time"];

    pub(super) const fn new(as_of: NaiveDate, currency: Currency, items: Vec<Item>) -> Collection {
        Collection { as_of, currency, items }
    }

    /// The day at whose close it holds.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// What the customer owes, overdue or not (敞口).
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit an amount.
    #[doc(alias = "敞口")]
    pub fn exposure(&self) -> Result<Money, MoneyError> {
        self.money(self.items.iter().map(Item::open).sum())
    }

    /// What the customer owes that was due before this day.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit an amount.
    #[doc(alias = "逾期")]
    pub fn overdue(&self) -> Result<Money, MoneyError> {
        self.money(self.items.iter().filter(|item| item.due < self.as_of).map(Item::open).sum())
    }

    /// What the customer owes, by how long it has been overdue. The parts add up to the exposure.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if a part does not fit an amount.
    pub fn aging(&self, buckets: &Buckets) -> Result<Aging, MoneyError> {
        let mut not_due = 0;
        let mut overdue = alloc::vec![0_i128; buckets.bounds().len() + 1];
        for item in &self.items {
            match days_between(item.due, self.as_of) {
                0 => not_due += item.open(),
                days => overdue[buckets.bounds().partition_point(|bound| *bound < days)] += item.open(),
            }
        }
        let overdue = overdue.into_iter().map(|minor| self.money(minor)).collect::<Result<_, _>>()?;
        Ok(Aging { not_due: self.money(not_due)?, overdue })
    }

    /// For how many days the oldest open invoice has been overdue: 0 if none is, `None` without any invoice.
    pub fn days_overdue(&self) -> Option<u32> {
        let late = |item: &Item| if item.open() > 0 { days_between(item.due, self.as_of) } else { 0 };
        self.items.iter().map(late).max()
    }

    /// How many days a payment took from the issue of its invoice, on average of all that was paid, weighted by amount; `None` if nothing
    /// was. A payment in advance took 0 days.
    #[doc(alias = "回款天数")]
    pub fn days_to_pay(&self) -> Option<Ratio> {
        let sum = |part: fn(&Item) -> i128| self.items.iter().map(part).sum::<i128>();
        Ratio::new(sum(|item| item.paid_days), sum(|item| item.paid)).ok()
    }

    /// Of what was due by this day, the share that was paid by its due date, by amount; `None` if nothing was due.
    #[doc(alias = "按时付款率")]
    pub fn share_paid_on_time(&self) -> Option<Ratio> {
        let due = || self.items.iter().filter(|item| item.due <= self.as_of);
        Ratio::new(due().map(|item| item.paid_on_time).sum(), due().map(|item| item.minor).sum()).ok()
    }

    /// The fact under one of the [`DIMENSIONS`](Collection::DIMENSIONS); unknown for any other name, and where there is nothing to go by.
    /// Averages and shares are rounded half even to 4 places.
    pub fn fact(&self, dimension: &str) -> Fact {
        let ratio = |ratio: Option<Ratio>| Some(Quantity::number(ratio?.to_decimal(4, Rounding::HalfEven).ok()?.normalize()));
        let known = match dimension {
            "exposure" => self.exposure().ok().map(Quantity::from),
            "overdue" => self.overdue().ok().map(Quantity::from),
            "days overdue" => self.days_overdue().map(Quantity::days),
            "days to pay" => ratio(self.days_to_pay()),
            "share paid on time" => ratio(self.share_paid_on_time()),
            _ => None,
        };
        known.map_or(Fact::Unknown, Fact::Known)
    }

    fn money(&self, minor: i128) -> Result<Money, MoneyError> {
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow { currency: self.currency })?;
        Ok(Money::from_minor(minor, self.currency))
    }
}

impl TryFrom<Vec<u32>> for Buckets {
    type Error = CreditError;

    fn try_from(bounds: Vec<u32>) -> Result<Buckets, CreditError> {
        Buckets::new(bounds)
    }
}

impl From<Buckets> for Vec<u32> {
    fn from(buckets: Buckets) -> Vec<u32> {
        buckets.0.into_owned()
    }
}
