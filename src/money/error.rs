use super::Currency;
use alloc::string::String;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use thiserror::Error;

/// What can be wrong with an amount, a currency, a rate or a ratio.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// Two amounts of different currencies were to be added or compared. Convert one of them first.
    #[error("{left} and {right} are different currencies")]
    CurrencyMismatch {
        /// Currency of the left-hand amount.
        left: Currency,
        /// Currency of the right-hand amount.
        right: Currency,
    },
    /// The amount has more decimal places than its currency. Use [`Money::rounded`](super::Money::rounded) and name the rounding.
    #[error("{amount} has more than the {} decimal places of {currency}; name a rounding", currency.exponent())]
    TooPrecise {
        /// The amount as given.
        amount: Decimal,
        /// The currency it was to be in.
        currency: Currency,
    },
    /// The result does not fit: amounts reach ±9,223,372,036,854,775,807 smallest units.
    #[error("amount out of range for {currency}")]
    Overflow {
        /// Currency of the computation.
        currency: Currency,
    },
    /// Not a currency of ISO 4217 and not of the form `CODE:exponent`.
    #[error("{0:?} is not a currency; write an ISO 4217 code such as \"EUR\", or \"CODE:places\" for a unit of your own")]
    UnknownCurrency(String),
    /// Not an amount and a currency with a blank between them.
    #[error("{0:?} is not an amount; write \"12.50 GBP\"")]
    NotAnAmount(String),
    /// An exchange rate must be above zero.
    #[error("exchange rate {0} is not above zero")]
    RateNotPositive(Decimal),
    /// A currency costs one of itself.
    #[error("{currency} cannot cost {rate} {currency}")]
    RateToItself {
        /// The currency.
        currency: Currency,
        /// The rate given.
        rate: Decimal,
    },
    /// The table holds no usable rate for that pair on that date.
    #[error("no rate from {from} to {to} on {on}")]
    NoRate {
        /// Currency to convert from.
        from: Currency,
        /// Currency to convert to.
        to: Currency,
        /// The date asked for.
        on: NaiveDate,
    },
    /// The same pair and date was given two different rates.
    #[error("two rates from {from} to {to} on {on}")]
    TwoRates {
        /// Currency to convert from.
        from: Currency,
        /// Currency to convert to.
        to: Currency,
        /// The date of both rates.
        on: NaiveDate,
    },
    /// The shares of an allocation are empty or add up to zero.
    #[error("nothing to allocate by: the shares add up to zero")]
    NoShares,
    /// A ratio whose denominator is zero, or whose terms do not fit.
    #[error("{0} is not a ratio that can be computed with; write it as \"0.4\" or \"1/3\"")]
    NotARatio(String),
}
