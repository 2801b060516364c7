use super::{Dimension, Direction, Facts, Family};
use crate::{
    calendar::{CalendarError, Period, Window, days_between, to_day_number},
    customer::{HistoryError, OrderColumns, Purchases, ReturnPolicy, Returned, grouping},
    money::{Currency, Money},
    quantity::{Column, Fact, Name, NameError, Quantity, Unit},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The classic summary of a customer: recency, frequency, monetary value.
///
/// Recency looks at the whole history; frequency and monetary value at a window of it. Its facts are named [`Rfm::RECENCY`],
/// [`Rfm::FREQUENCY`] and [`Rfm::MONETARY`].
///
/// Source: Hughes, *Strategic Database Marketing* (1994); the idea is older (mail order, 1930s).
///
/// ```
/// use customer_value::{calendar::Window, customer::{History, Record, ReturnPolicy}, money::{Currency, Money}, value::Rfm};
/// use chrono::NaiveDate;
///
/// let day = |m, d| NaiveDate::from_ymd_opt(2011, m, d).unwrap();
/// let mut history = History::new(Currency::GBP);
/// history.push(Record::sale(day(1, 5), Money::from_minor(40_00, Currency::GBP)))?;
/// history.push(Record::sale(day(3, 1), Money::from_minor(60_00, Currency::GBP)))?;
///
/// let purchases = history.as_of(day(3, 31), ReturnPolicy::STRICT)?;
/// let rfm = Rfm::of(&purchases, Window::Months(12))?.unwrap();
/// assert_eq!((rfm.recency_days, rfm.frequency, rfm.monetary.minor()), (30, 2, 100_00));
/// # Ok::<(), customer_value::customer::HistoryError>(())
/// ```
#[doc(alias = "最近一次消费")]
#[doc(alias = "购买频率")]
#[doc(alias = "消费金额")]
#[doc(alias = "近度")]
#[doc(alias = "频度")]
#[doc(alias = "额度")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rfm {
    /// Days since the last purchase; 0 if it was on the day itself.
    pub recency_days: u32,
    /// Number of purchases in the window.
    pub frequency: u32,
    /// What the purchases of the window come to after returns.
    pub monetary: Money,
}

impl Rfm {
    /// Name of the fact that holds the days since the last purchase.
    pub const RECENCY: &'static str = "recency";
    /// Name of the fact that holds the number of purchases.
    pub const FREQUENCY: &'static str = "frequency";
    /// Name of the fact that holds the amount of the purchases.
    pub const MONETARY: &'static str = "monetary";

    /// The summary of settled purchases; `None` for a customer who has none.
    ///
    /// # Errors
    /// [`CalendarError`] if the window is empty or reaches out of range.
    pub fn of(purchases: &Purchases, window: Window) -> Result<Option<Rfm>, CalendarError> {
        Ok(Rfm::within(purchases, window.ending(purchases.as_of())?))
    }

    fn within(purchases: &Purchases, period: Period) -> Option<Rfm> {
        let recency_days = days_between(purchases.last()?, purchases.as_of());
        let (frequency, monetary) = purchases.within(period);
        Some(Rfm { recency_days, frequency, monetary })
    }

    /// The three dimensions, in the order recency, frequency, monetary value.
    ///
    /// # Errors
    /// None occur; the names are good.
    pub fn dimensions(currency: Currency) -> Result<[Dimension; 3], NameError> {
        use Direction::{HigherIsBetter, LowerIsBetter};
        Ok([
            Dimension::new(Rfm::RECENCY, Family::Economic, LowerIsBetter, Unit::Days)?,
            Dimension::new(Rfm::FREQUENCY, Family::Economic, HigherIsBetter, Unit::Count)?,
            Dimension::new(Rfm::MONETARY, Family::Economic, HigherIsBetter, Unit::Money(currency))?,
        ])
    }
}

impl Facts for Rfm {
    fn fact(&self, dimension: &str) -> Fact {
        match dimension {
            Rfm::RECENCY => Quantity::days(self.recency_days).into(),
            Rfm::FREQUENCY => Quantity::count(self.frequency).into(),
            Rfm::MONETARY => Quantity::from(self.monetary).into(),
            _ => Fact::Unknown,
        }
    }
}

/// [`Rfm`] of many customers, as columns.
///
/// The customers stand in an order that depends on their keys alone, not on the order of the rows or the number of threads;
/// [`sort_by_key`](RfmColumns::sort_by_key) puts them in order of key.
///
/// ```
/// use customer_value::{calendar::{Window, from_day_number}, customer::{OrderColumns, ReturnPolicy}, money::Currency, value::RfmColumns};
///
/// let orders = OrderColumns::new(&[7, 9, 7], &[18_993, 18_993, 19_000], &[505_30, 12_00, 80_00], Currency::GBP)?;
/// let mut rfm = RfmColumns::collect(&orders, from_day_number(19_010)?, Window::All, ReturnPolicy::STRICT)?;
/// rfm.sort_by_key();
/// assert_eq!(rfm.keys(), [7, 9]);
/// assert_eq!(rfm.frequency().values, [2, 1]);
/// # Ok::<(), customer_value::customer::HistoryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RfmColumns {
    as_of: NaiveDate,
    currency: Currency,
    keys: Vec<u64>,
    recency: Vec<i64>,
    frequency: Vec<i64>,
    monetary: Vec<i64>,
    returned: Returned,
    later: u64,
}

impl RfmColumns {
    /// Groups the orders by customer: exactly what [`Rfm::of`] gives for each, at the speed of memory.
    ///
    /// # Errors
    /// The errors of [`History::as_of`](crate::customer::History::as_of) as [`HistoryError::Customer`], with the customer's key;
    /// [`HistoryError::Calendar`] for a day or window out of range; [`HistoryError::Overflow`] if what came back from all customers
    /// together does not fit, or an amount is the smallest of 64 bits, which has no positive twin.
    pub fn collect(
        orders: &OrderColumns<'_>,
        as_of: NaiveDate,
        window: Window,
        policy: ReturnPolicy,
    ) -> Result<RfmColumns, HistoryError> {
        let period = window.ending(as_of)?;
        let context = Context { period, from: to_day_number(period.from()) };
        let grouped = grouping::group::<Tally>(orders, as_of, policy, context)?;
        let last_day = to_day_number(as_of);
        let column = |of: fn(&Tally) -> i64| grouped.summaries.iter().map(of).collect();
        Ok(RfmColumns {
            as_of,
            currency: orders.currency(),
            recency: grouped.summaries.iter().map(|t| i64::from(last_day) - i64::from(t.last)).collect(),
            frequency: column(|t| t.count.into()),
            monetary: column(|t| t.minor),
            keys: grouped.keys,
            returned: grouped.returned,
            later: grouped.later,
        })
    }

    /// The same columns from summaries made one by one, in the order in which they come: what a plan is fitted on where returns name
    /// their sales, or keys are no numbers. `keys` may be any numbers that tell the customers apart.
    ///
    /// ```
    /// use customer_value::{money::Currency, value::{Rfm, RfmColumns}};
    ///
    /// let one = Rfm { recency_days: 30, frequency: 2, monetary: "100.00 GBP".parse()? };
    /// let columns = RfmColumns::from_rows("2011-12-09".parse()?, Currency::GBP, [(7, one)])?;
    /// assert_eq!(columns.get(0), Some(one));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`HistoryError::CurrencyMismatch`] for a summary in another currency.
    pub fn from_rows(
        as_of: NaiveDate,
        currency: Currency,
        rows: impl IntoIterator<Item = (u64, Rfm)>,
    ) -> Result<RfmColumns, HistoryError> {
        let mut columns = RfmColumns {
            as_of,
            currency,
            keys: Vec::new(),
            recency: Vec::new(),
            frequency: Vec::new(),
            monetary: Vec::new(),
            returned: Returned::none(currency),
            later: 0,
        };
        for (key, rfm) in rows {
            let record = rfm.monetary.currency();
            if record != currency {
                return Err(HistoryError::CurrencyMismatch { history: currency, record });
            }
            columns.keys.push(key);
            columns.recency.push(rfm.recency_days.into());
            columns.frequency.push(rfm.frequency.into());
            columns.monetary.push(rfm.monetary.minor());
        }
        Ok(columns)
    }

    /// The day at whose close the customers are seen.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
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

    /// Days since the last purchase.
    pub fn recency(&self) -> Column<'_> {
        Column::days(&self.recency)
    }

    /// Number of purchases in the window.
    pub fn frequency(&self) -> Column<'_> {
        Column::counts(&self.frequency)
    }

    /// Amount of the purchases in the window after returns.
    pub fn monetary(&self) -> Column<'_> {
        Column::money(&self.monetary, self.currency)
    }

    /// The column of a dimension, by the names of [`Rfm`].
    pub fn column(&self, dimension: &Name) -> Option<Column<'_>> {
        match dimension.as_str() {
            Rfm::RECENCY => Some(self.recency()),
            Rfm::FREQUENCY => Some(self.frequency()),
            Rfm::MONETARY => Some(self.monetary()),
            _ => None,
        }
    }

    /// The summary of the customer at a position.
    pub fn get(&self, customer: usize) -> Option<Rfm> {
        Some(Rfm {
            recency_days: u32::try_from(*self.recency.get(customer)?).ok()?,
            frequency: u32::try_from(self.frequency[customer]).ok()?,
            monetary: Money::from_minor(self.monetary[customer], self.currency),
        })
    }

    /// What the returns of all customers did; nothing, in columns that came [from rows](RfmColumns::from_rows).
    pub const fn returned(&self) -> &Returned {
        &self.returned
    }

    /// Number of rows dated after the day, which were left out.
    pub const fn later(&self) -> u64 {
        self.later
    }

    /// Puts the customers in order of key.
    pub fn sort_by_key(&mut self) {
        let order = grouping::key_order(&self.keys);
        for column in [&mut self.recency, &mut self.frequency, &mut self.monetary] {
            *column = order.iter().map(|&at| column[at]).collect();
        }
        self.keys = order.iter().map(|&at| self.keys[at]).collect();
    }
}

#[derive(Clone, Copy, Debug)]
struct Context {
    period: Period,
    from: i32,
}

/// Last day of all, count and sum within the window. The sum of all is kept because a history whose purchases do not fit is an error,
/// whatever the window.
#[derive(Clone, Copy, Debug)]
struct Tally {
    last: i32,
    count: u32,
    minor: i64,
    total: i64,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally { last: i32::MIN, count: 0, minor: 0, total: 0 }
    }
}

impl grouping::Summary for Tally {
    const COUNTS_DAYS: bool = false;
    type Context = Context;

    fn sale(&mut self, context: Context, day: i32, minor: i64) -> bool {
        let inside = day >= context.from;
        let (total, overflow) = self.total.overflowing_add(minor);
        // A part of the total.
        let sum = self.minor.wrapping_add(if inside { minor } else { 0 });
        *self = Tally { last: self.last.max(day), count: self.count + u32::from(inside), minor: sum, total };
        !overflow
    }

    fn set_days(&mut self, _: u32) {}

    fn settled(context: Context, purchases: &Purchases) -> Option<Tally> {
        let (count, money) = purchases.within(context.period);
        Some(Tally { last: to_day_number(purchases.last()?), count, minor: money.minor(), total: purchases.net().minor() })
    }
}
