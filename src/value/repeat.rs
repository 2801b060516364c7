use crate::{
    calendar::{days_between, to_day_number},
    customer::{HistoryError, OrderColumns, Purchases, ReturnPolicy, Returned, grouping},
    money::{Currency, Money, Ratio, Rounding},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The summary that probability models of purchasing are fitted on: (`x`, `t_x`, `T`) and the value of repeat purchases.
///
/// The unit is the day on which at least one purchase was made: several purchases on one day count once, whichever shard they arrived
/// in. The first day only opens the observation; it is no repeat, and its value is left out of the mean.
///
/// Source: Fader, Hardie and Lee, “Counting Your Customers” the Easy Way (2005); the value rule is that of Fader, Hardie and Lee, RFM and
/// CLV (2005).
///
/// ```
/// use customer_value::{customer::{History, Record, ReturnPolicy}, money::{Currency, Money}, value::RepeatPurchases};
/// use chrono::NaiveDate;
///
/// let day = |m, d| NaiveDate::from_ymd_opt(1997, m, d).unwrap();
/// let usd = |cents| Money::from_minor(cents, Currency::USD);
/// let mut history = History::new(Currency::USD);
/// for (on, cents) in [(day(1, 1), 29_33), (day(1, 18), 20_00), (day(1, 18), 9_73), (day(8, 2), 14_96)] {
///     history.push(Record::sale(on, usd(cents)))?;
/// }
/// let repeat = RepeatPurchases::of(&history.as_of(day(9, 30), ReturnPolicy::STRICT)?).unwrap();
/// assert_eq!((repeat.x, repeat.t_x_days, repeat.t_days), (2, 213, 272));
/// assert_eq!(repeat.value, usd(44_69));
/// # Ok::<(), customer_value::customer::HistoryError>(())
/// ```
#[doc(alias = "重复购买")]
#[doc(alias = "BTYD")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepeatPurchases {
    /// `x`: number of repeat purchase days, the first day left out.
    pub x: u32,
    /// `t_x`: days from the first to the last purchase day; 0 if there was no repeat. BTYD packages call it recency.
    pub t_x_days: u32,
    /// `T`: days from the first purchase day to the day of observation.
    pub t_days: u32,
    /// What the repeat days come to, together.
    pub value: Money,
}

impl RepeatPurchases {
    /// The summary of settled purchases; `None` for a customer who has none.
    pub fn of(purchases: &Purchases) -> Option<RepeatPurchases> {
        let (first, last) = (purchases.days().first()?, purchases.last()?);
        Some(RepeatPurchases {
            x: u32::try_from(purchases.days().len() - 1).unwrap_or(u32::MAX),
            t_x_days: days_between(first.on, last),
            t_days: days_between(first.on, purchases.as_of()),
            // A part of the whole, both at or above zero.
            value: Money::from_minor(purchases.net().minor() - first.net.minor(), purchases.currency()),
        })
    }

    /// The mean value of a repeat day in smallest units, exactly; `None` without repeat days, because no mean is not a mean of zero.
    pub fn mean_minor(&self) -> Option<Ratio> {
        Ratio::new(self.value.minor().into(), self.x.into()).ok()
    }
}

/// [`RepeatPurchases`] of many customers, as columns, in an order that depends on their keys alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatColumns {
    currency: Currency,
    keys: Vec<u64>,
    rows: Vec<RepeatRow>,
    returned: Returned,
    later: u64,
}

/// `x`, `t_x`, `T` and value, as [`RepeatPurchases`] without the currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RepeatRow {
    x: u32,
    t_x: u32,
    t: u32,
    minor: i64,
}

impl RepeatColumns {
    /// Groups the orders by customer: exactly what [`RepeatPurchases::of`] gives for each, at the speed of memory.
    ///
    /// # Errors
    /// As [`RfmColumns::collect`](super::RfmColumns::collect).
    pub fn collect(orders: &OrderColumns<'_>, as_of: NaiveDate, policy: ReturnPolicy) -> Result<RepeatColumns, HistoryError> {
        let grouped = grouping::group::<Days>(orders, as_of, policy, ())?;
        let end = to_day_number(as_of);
        let row = |d: &Days| RepeatRow {
            x: d.count - 1,
            t_x: d.first.abs_diff(d.last),
            t: d.first.abs_diff(end),
            minor: d.total - d.first_minor,
        };
        Ok(RepeatColumns {
            currency: orders.currency(),
            rows: grouped.summaries.iter().map(row).collect(),
            keys: grouped.keys,
            returned: grouped.returned,
            later: grouped.later,
        })
    }

    /// Number of customers.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no customer.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The customers' keys.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The summary of the customer at a position.
    pub fn get(&self, customer: usize) -> Option<RepeatPurchases> {
        self.rows.get(customer).map(|r| self.summary(r))
    }

    /// Every customer's summary, in order of [`keys`](RepeatColumns::keys).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = RepeatPurchases> {
        self.rows.iter().map(|r| self.summary(r))
    }

    fn summary(&self, r: &RepeatRow) -> RepeatPurchases {
        RepeatPurchases { x: r.x, t_x_days: r.t_x, t_days: r.t, value: Money::from_minor(r.minor, self.currency) }
    }

    /// What the returns of all customers did.
    pub const fn returned(&self) -> &Returned {
        &self.returned
    }

    /// Number of rows dated after the day, which were left out.
    pub const fn later(&self) -> u64 {
        self.later
    }

    /// `t_x`: days from the first to the last purchase day, to be read as a [`Column`](crate::quantity::Column) of days.
    pub fn t_x(&self) -> Vec<i64> {
        self.rows.iter().map(|r| r.t_x.into()).collect()
    }

    /// `T`: days from the first purchase day to the day of observation, to be read as a [`Column`](crate::quantity::Column) of days.
    pub fn t(&self) -> Vec<i64> {
        self.rows.iter().map(|r| r.t.into()).collect()
    }

    /// Days since the last purchase (`T − t_x`), to be read as a [`Column`](crate::quantity::Column) of days.
    pub fn days_since_last(&self) -> Vec<i64> {
        self.rows.iter().map(|r| i64::from(r.t) - i64::from(r.t_x)).collect()
    }

    /// `x`: number of repeat days, to be read as a [`Column`](crate::quantity::Column) of counts.
    pub fn x(&self) -> Vec<i64> {
        self.rows.iter().map(|r| r.x.into()).collect()
    }

    /// The mean value of a repeat day in `10^-places` smallest units, rounded once, by name; `absent` for customers without repeat days.
    /// To be read as a [`Column`](crate::quantity::Column) of numbers.
    ///
    /// # Errors
    /// [`HistoryError::Overflow`] if a mean with so many places does not fit.
    pub fn mean_minor(&self, places: u8, rounding: Rounding, absent: i64) -> Result<Vec<i64>, HistoryError> {
        let overflow = || HistoryError::Overflow(self.currency);
        let power = crate::money::decimal::power_of_ten(places).ok_or_else(overflow)?;
        let mean = |r: &RepeatRow| {
            if r.x == 0 {
                return Ok(absent);
            }
            let total = i128::from(r.minor).checked_mul(power).ok_or_else(overflow)?;
            let mean = rounding.divide(total, r.x.into()).ok_or_else(overflow)?;
            i64::try_from(mean).map_err(|_| overflow())
        };
        self.rows.iter().map(mean).collect()
    }

    /// Puts the customers in order of key.
    pub fn sort_by_key(&mut self) {
        let order = grouping::key_order(&self.keys);
        self.rows = order.iter().map(|&at| self.rows[at]).collect();
        self.keys = order.iter().map(|&at| self.keys[at]).collect();
    }
}

/// First and last day, their number, what the first came to and what all came to.
#[derive(Clone, Copy, Debug)]
struct Days {
    first: i32,
    last: i32,
    count: u32,
    first_minor: i64,
    total: i64,
}

impl Default for Days {
    fn default() -> Days {
        Days { first: i32::MAX, last: i32::MIN, count: 0, first_minor: 0, total: 0 }
    }
}

impl grouping::Summary for Days {
    const COUNTS_DAYS: bool = true;
    type Context = ();

    fn sale(&mut self, (): (), day: i32, minor: i64) -> bool {
        if day < self.first {
            self.first = day;
            self.first_minor = minor;
        } else if day == self.first {
            // A part of the total, whose overflow is noticed.
            self.first_minor = self.first_minor.wrapping_add(minor);
        }
        self.last = self.last.max(day);
        let (sum, overflow) = self.total.overflowing_add(minor);
        self.total = sum;
        !overflow
    }

    fn set_days(&mut self, days: u32) {
        self.count = days;
    }

    fn settled((): (), purchases: &Purchases) -> Option<Days> {
        let first = purchases.days().first()?;
        Some(Days {
            first: to_day_number(first.on),
            last: to_day_number(purchases.last()?),
            count: u32::try_from(purchases.days().len()).ok()?,
            first_minor: first.net.minor(),
            total: purchases.net().minor(),
        })
    }
}
