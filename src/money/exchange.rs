use super::{Currency, MoneyError, decimal};
use alloc::collections::{BTreeMap, btree_map::Entry};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What one unit of a currency cost in another on a date.
///
/// ```
/// use customer_value::money::{Currency, ExchangeRate};
/// use chrono::NaiveDate;
///
/// let on = NaiveDate::from_ymd_opt(2011, 12, 9).unwrap();
/// let rate = ExchangeRate::new(Currency::GBP, Currency::EUR, "1.1700".parse()?, on)?;
/// assert_eq!(rate.on(), on);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "汇率")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ExchangeRate {
    from: Currency,
    to: Currency,
    rate: Decimal,
    on: NaiveDate,
}

impl ExchangeRate {
    /// One unit of `from` costs `rate` units of `to` on the date.
    ///
    /// # Errors
    /// [`MoneyError::RateNotPositive`] for 0 and −1.2; [`MoneyError::RateToItself`] from GBP to GBP at anything but 1.
    pub fn new(from: Currency, to: Currency, rate: Decimal, on: NaiveDate) -> Result<ExchangeRate, MoneyError> {
        if rate <= Decimal::ZERO {
            return Err(MoneyError::RateNotPositive(rate));
        }
        if from == to && rate != Decimal::ONE {
            return Err(MoneyError::RateToItself { currency: from, rate });
        }
        Ok(ExchangeRate { from, to, rate, on })
    }

    /// The currency converted from.
    pub const fn from(&self) -> Currency {
        self.from
    }

    /// The currency converted to.
    pub const fn to(&self) -> Currency {
        self.to
    }

    /// Units of `to` per unit of `from`.
    pub const fn rate(&self) -> Decimal {
        self.rate
    }

    /// The date the rate is of.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }
}

/// Where rates come from: the caller's own source, or a [`RateTable`].
pub trait Rates {
    /// The rate to use for a conversion on that date, if there is one.
    fn rate(&self, from: Currency, to: Currency, on: NaiveDate) -> Option<ExchangeRate>;
}

/// Rates by pair and date. A date without a rate of its own takes the latest earlier one, if that is not too old.
///
/// ```
/// use customer_value::money::{Currency, ExchangeRate, RateTable, Rates};
/// use chrono::NaiveDate;
///
/// let friday = NaiveDate::from_ymd_opt(2011, 12, 9).unwrap();
/// let sunday = NaiveDate::from_ymd_opt(2011, 12, 11).unwrap();
/// let mut table = RateTable::new(3); // a rate serves for its own day and the three after it
/// table.insert(ExchangeRate::new(Currency::GBP, Currency::EUR, "1.17".parse()?, friday)?)?;
///
/// assert_eq!(table.rate(Currency::GBP, Currency::EUR, sunday).map(|r| r.on()), Some(friday));
/// assert_eq!(table.rate(Currency::EUR, Currency::GBP, sunday), None); // not the inverse: that is another price
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateTable {
    max_age_days: u32,
    rates: BTreeMap<(Currency, Currency, NaiveDate), ExchangeRate>,
}

impl RateTable {
    /// An empty table whose rates serve for their own day and `max_age_days` after it.
    pub const fn new(max_age_days: u32) -> RateTable {
        RateTable { max_age_days, rates: BTreeMap::new() }
    }

    /// Adds a rate; the same rate again changes nothing.
    ///
    /// # Errors
    /// [`MoneyError::TwoRates`] if the pair has another rate on that date.
    pub fn insert(&mut self, rate: ExchangeRate) -> Result<(), MoneyError> {
        match self.rates.entry((rate.from, rate.to, rate.on)) {
            Entry::Vacant(slot) => {
                slot.insert(rate);
                Ok(())
            }
            Entry::Occupied(slot) if *slot.get() == rate => Ok(()),
            Entry::Occupied(_) => Err(MoneyError::TwoRates { from: rate.from, to: rate.to, on: rate.on }),
        }
    }
}

impl Rates for RateTable {
    fn rate(&self, from: Currency, to: Currency, on: NaiveDate) -> Option<ExchangeRate> {
        let oldest = on.checked_sub_days(Days::new(self.max_age_days.into())).unwrap_or(NaiveDate::MIN);
        let usable = self.rates.range((from, to, oldest)..=(from, to, on));
        usable.last().map(|(_, rate)| *rate)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ExchangeRate")]
struct Wire {
    from: Currency,
    to: Currency,
    #[serde(with = "decimal")]
    rate: Decimal,
    on: NaiveDate,
}

impl TryFrom<Wire> for ExchangeRate {
    type Error = MoneyError;

    fn try_from(w: Wire) -> Result<ExchangeRate, MoneyError> {
        ExchangeRate::new(w.from, w.to, w.rate, w.on)
    }
}

impl From<ExchangeRate> for Wire {
    fn from(r: ExchangeRate) -> Wire {
        Wire { from: r.from, to: r.to, rate: r.rate, on: r.on }
    }
}
