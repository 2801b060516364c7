use super::{Currency, ExchangeRate, MoneyError, Rates, Rounding, apportion, decimal};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::{cmp::Ordering, fmt, str::FromStr};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An exact amount in one currency: a whole number of the currency's smallest unit.
///
/// Two amounts of different currencies never add, and do not compare (`==` says they differ; there is no `<`). There are no
/// operators, because every sum can fail: use [`try_add`](Money::try_add) and its siblings, which say what went wrong.
///
/// On the wire: `{"amount":"12.50","currency":"GBP"}`; the amount is text with exactly the currency's decimal places, whatever
/// features other crates switch on.
///
/// ```
/// use customer_value::money::{Currency, Money, MoneyError};
///
/// let pounds = Money::new("12.50".parse()?, Currency::GBP)?;
/// let euros = Money::new("1".parse()?, Currency::EUR)?;
/// assert_eq!(pounds.minor(), 1250);
/// assert_eq!(
///     pounds.try_add(euros),
///     Err(MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR })
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// These do not compile, whatever the currencies:
///
/// ```compile_fail,E0369
/// # use customer_value::money::Money;
/// fn f(pounds: Money, euros: Money) -> Money { pounds + euros }
/// ```
/// ```compile_fail,E0369
/// # use customer_value::money::Money;
/// fn f(pounds: Money, euros: Money) -> bool { pounds < euros }
/// ```
#[doc(alias = "金额")]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount that its currency can express.
    ///
    /// # Errors
    /// [`MoneyError::TooPrecise`] for 1.005 GBP or 0.5 JPY; [`MoneyError::Overflow`] for 10²⁰ GBP.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Money, MoneyError> {
        let minor = decimal::to_fixed(amount, currency.exponent()).map_err(|e| match e {
            decimal::Misfit::TooPrecise => MoneyError::TooPrecise { amount, currency },
            decimal::Misfit::TooLarge => MoneyError::Overflow { currency },
        })?;
        Ok(Money { minor, currency })
    }

    /// An amount rounded to what its currency can express, by a named rounding.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for 10²⁰ GBP.
    ///
    /// ```
    /// use customer_value::money::{Currency, Money, Rounding};
    ///
    /// let half = "2.345".parse()?;
    /// assert_eq!(Money::rounded(half, Currency::GBP, Rounding::HalfEven)?.minor(), 234);
    /// assert_eq!(Money::rounded(half, Currency::GBP, Rounding::HalfUp)?.minor(), 235);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn rounded(amount: Decimal, currency: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let places = u32::from(currency.exponent());
        Money::new(amount.round_dp_with_strategy(places, rounding.strategy()), currency)
    }

    /// An amount given in smallest units: 1250 pence are 12.50 GBP.
    pub const fn from_minor(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// The amount in smallest units.
    pub const fn minor(&self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The amount in the currency's main unit, with exactly the currency's decimal places.
    pub fn amount(&self) -> Decimal {
        decimal::from_fixed(self.minor.into(), self.currency.exponent())
    }

    /// Whether it is zero.
    pub const fn is_zero(&self) -> bool {
        self.minor == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(&self) -> bool {
        self.minor < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] for 1 GBP + 1 EUR; [`MoneyError::Overflow`] beyond the range.
    pub fn try_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_add(other.minor))
    }

    /// The difference.
    ///
    /// # Errors
    /// As [`try_add`](Money::try_add).
    pub fn try_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_sub(other.minor))
    }

    /// The amount times a whole number.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] beyond the range.
    pub fn try_mul(self, times: i64) -> Result<Money, MoneyError> {
        self.with(self.minor.checked_mul(times))
    }

    /// The amount times a rate, rounded once, by name: 12.50 GBP at 0.07 is 0.88 GBP half up.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] beyond the range.
    pub fn try_scale(self, rate: Decimal, rounding: Rounding) -> Result<Money, MoneyError> {
        let product = self.exact_product(rate, self.currency.exponent(), rounding);
        self.with(product)
    }

    /// `minor · rate`, re-expressed with `places` decimal places and rounded once.
    fn exact_product(self, rate: Decimal, places: u8, rounding: Rounding) -> Option<i64> {
        let digits = i64::from(self.currency.exponent()) + i64::from(rate.scale()) - i64::from(places);
        let power_of = |digits: i64| u8::try_from(digits.unsigned_abs()).ok();
        let scaled = if digits >= 0 {
            decimal::scaled_product(self.minor, rate.mantissa(), power_of(digits)?, rounding)?
        } else {
            let product = i128::from(self.minor).checked_mul(rate.mantissa())?;
            product.checked_mul(decimal::power_of_ten(power_of(digits)?)?)?
        };
        i64::try_from(scaled).ok()
    }

    /// The same amount in another currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] if the rate starts from another currency; [`MoneyError::Overflow`] beyond the range.
    ///
    /// ```
    /// use customer_value::money::{Currency, ExchangeRate, Money, Rounding};
    /// use chrono::NaiveDate;
    ///
    /// let on = NaiveDate::from_ymd_opt(2011, 12, 9).unwrap();
    /// let rate = ExchangeRate::new(Currency::GBP, Currency::JPY, "121.47".parse()?, on)?;
    /// let pounds = Money::new("10.01".parse()?, Currency::GBP)?;
    /// assert_eq!(pounds.convert(&rate, Rounding::HalfEven)?.to_string(), "1216 JPY");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn convert(self, rate: &ExchangeRate, rounding: Rounding) -> Result<Money, MoneyError> {
        self.same_currency(Money::zero(rate.from()))?;
        let to = Money::zero(rate.to());
        to.with(self.exact_product(rate.rate(), rate.to().exponent(), rounding))
    }

    /// The same amount in another currency, at the rate that a source gives for a date. An amount that is in that currency already stays
    /// what it is.
    ///
    /// # Errors
    /// [`MoneyError::NoRate`] if the source has none; otherwise as [`convert`](Money::convert).
    ///
    /// ```
    /// use customer_value::{NaiveDate, money::{Currency, Money, MoneyError, RateTable, Rounding}};
    ///
    /// let pounds: Money = "10.01 GBP".parse()?;
    /// let on = NaiveDate::from_ymd_opt(2011, 12, 9).unwrap();
    /// let no_rates = RateTable::new(3);
    /// assert_eq!(pounds.convert_on(on, Currency::GBP, &no_rates, Rounding::HalfEven), Ok(pounds));
    /// let refused = pounds.convert_on(on, Currency::EUR, &no_rates, Rounding::HalfEven);
    /// assert_eq!(refused, Err(MoneyError::NoRate { from: Currency::GBP, to: Currency::EUR, on }));
    /// # Ok::<(), MoneyError>(())
    /// ```
    pub fn convert_on(self, on: NaiveDate, to: Currency, rates: &impl Rates, rounding: Rounding) -> Result<Money, MoneyError> {
        if to == self.currency {
            return Ok(self);
        }
        // A source that answers for another pair has none for this one.
        let rate = rates.rate(self.currency, to, on).filter(|rate| rate.from() == self.currency && rate.to() == to);
        self.convert(&rate.ok_or(MoneyError::NoRate { from: self.currency, to, on })?, rounding)
    }

    /// Divides the amount by shares without losing a smallest unit (largest-remainder method): each part gets the whole units of
    /// its exact share, and the units left over go to the largest remainders, the earlier part first where remainders tie. The
    /// parts add up to the amount. A negative amount is divided like its positive twin.
    ///
    /// # Errors
    /// [`MoneyError::NoShares`] for `[]` and `[0, 0]`.
    ///
    /// ```
    /// use customer_value::money::{Currency, Money};
    ///
    /// let parts = Money::from_minor(1000, Currency::EUR).allocate(&[1, 1, 1])?;
    /// assert_eq!(parts.iter().map(Money::minor).collect::<Vec<_>>(), [334, 333, 333]);
    /// # Ok::<(), customer_value::money::MoneyError>(())
    /// ```
    #[doc(alias = "分摊")]
    pub fn allocate(self, shares: &[u64]) -> Result<Vec<Money>, MoneyError> {
        let parts = apportion(self.minor.unsigned_abs(), shares).ok_or(MoneyError::NoShares)?;
        let sign = i128::from(self.minor.signum());
        // Each part is at most the whole, whose signed value is `minor`: the conversion cannot fail.
        parts.into_iter().map(|part| self.with(i64::try_from(sign * i128::from(part)).ok())).collect()
    }

    /// The sum of many amounts, exact whatever their order; zero of `currency` for none.
    ///
    /// # Errors
    /// As [`try_add`](Money::try_add); only the final sum must fit.
    pub fn sum(amounts: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Money, MoneyError> {
        let zero = Money::zero(currency);
        let mut total = 0_i128;
        for amount in amounts {
            zero.same_currency(amount)?;
            total += i128::from(amount.minor);
        }
        zero.with(i64::try_from(total).ok())
    }

    /// The order of two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] for 1 GBP and 1 EUR.
    pub fn compare(self, other: Money) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }

    fn with(self, minor: Option<i64>) -> Result<Money, MoneyError> {
        let currency = self.currency;
        minor.map(|minor| Money { minor, currency }).ok_or(MoneyError::Overflow { currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

/// Reads what is displayed: `"12.50 GBP"`, `"0.00000001 BTC:8"`.
///
/// ```
/// use customer_value::money::Money;
///
/// let price: Money = "12.5 GBP".parse()?;
/// assert_eq!(price.minor(), 1250);
/// assert!("12.505 GBP".parse::<Money>().is_err());
/// assert!("12.50".parse::<Money>().is_err());
/// # Ok::<(), customer_value::money::MoneyError>(())
/// ```
impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let bad = || MoneyError::NotAnAmount(text.into());
        let (amount, currency) = text.split_once(' ').ok_or_else(bad)?;
        Money::new(Decimal::from_str_exact(amount).map_err(|_| bad())?, currency.parse()?)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Money")]
struct Wire {
    #[serde(with = "decimal")]
    amount: Decimal,
    currency: Currency,
}

impl TryFrom<Wire> for Money {
    type Error = MoneyError;

    fn try_from(wire: Wire) -> Result<Money, MoneyError> {
        Money::new(wire.amount, wire.currency)
    }
}

impl From<Money> for Wire {
    fn from(money: Money) -> Wire {
        Wire { amount: money.amount(), currency: money.currency }
    }
}
