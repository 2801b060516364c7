use super::{
    EconomicsError, Worth,
    worth::{growing, same_currency, short_enough},
};
use crate::{
    calendar::{days_between, in_range, months_from},
    money::{Currency, Money, MoneyError, Ratio, Rounding},
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use chrono::{Datelike, NaiveDate};
use num_bigint::BigInt;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

/// When, within a period, what happens in it is thought to fall due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// When the period begins.
    Start,
    /// In its middle: half a period is discounted by a square root.
    #[doc(alias = "年中折现")]
    Middle,
    /// When it ends.
    End,
}

/// What comes in and goes out, day by day, in one currency; what goes out is below zero.
///
/// Streams merge: whatever the order and the splitting of flows, the result is the same.
///
/// ```
/// use customer_value::{money::{Currency, Rounding}, value::economics::{CashFlows, Timing}};
///
/// let mut flows = CashFlows::new(Currency::EUR);
/// flows.push("2024-01-01".parse()?, "-600 EUR".parse()?)?; // won
/// flows.push("2024-09-30".parse()?, "400 EUR".parse()?)?;
/// flows.push("2025-01-01".parse()?, "400 EUR".parse()?)?;
/// let worth = flows.present_value("2024-01-01".parse()?, "0.1".parse()?, 12, Timing::End)?;
/// assert_eq!(worth.in_money(Rounding::HalfEven)?.to_string(), "127.27 EUR"); // 800/1.1 - 600
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "现金流")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct CashFlows {
    currency: Currency,
    flows: BTreeMap<NaiveDate, i128>,
}

impl CashFlows {
    /// No flows.
    pub const fn new(currency: Currency) -> CashFlows {
        CashFlows { currency, flows: BTreeMap::new() }
    }

    /// Adds what came in, or went out, on a day.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for another currency, and if a day's flows outgrow 128 bits; [`Calendar`](EconomicsError::Calendar)
    /// outside the years 1 to 9999.
    pub fn push(&mut self, on: NaiveDate, amount: Money) -> Result<(), EconomicsError> {
        same_currency(self.currency, amount.currency())?;
        in_range(on)?;
        let sum = self.sum(on, amount.minor().into())?;
        self.flows.insert(on, sum);
        Ok(())
    }

    /// Takes in another stream. Where one is refused, nothing is taken in.
    ///
    /// # Errors
    /// As [`push`](CashFlows::push).
    pub fn merge(&mut self, other: &CashFlows) -> Result<(), EconomicsError> {
        same_currency(self.currency, other.currency)?;
        let sums =
            other.flows.iter().map(|(&on, &minor)| Ok((on, self.sum(on, minor)?))).collect::<Result<Vec<_>, EconomicsError>>()?;
        self.flows.extend(sums);
        Ok(())
    }

    fn sum(&self, on: NaiveDate, minor: i128) -> Result<i128, EconomicsError> {
        let before = self.flows.get(&on).copied().unwrap_or(0);
        before.checked_add(minor).ok_or_else(|| MoneyError::Overflow { currency: self.currency }.into())
    }

    /// What the stream is worth on a day (net present value), exactly, discounted by so much for each period of so many months.
    ///
    /// What falls due `k` whole periods after `from` is divided by `(1 + discount)ᵏ`; what falls due between two such days is treated as
    /// if it fell due at the start, in the middle or at the end of that period, as declared. Periods are counted from `from`.
    ///
    /// # Errors
    /// [`BadRate`](EconomicsError::BadRate) for a discount of −1; [`Past`](EconomicsError::Past) for a flow before `from`;
    /// [`NoPeriod`](EconomicsError::NoPeriod) for periods of 0 months; [`TooLong`](EconomicsError::TooLong) if the fractions would need
    /// more than 2¹⁷ bits.
    #[doc(alias = "NPV")]
    #[doc(alias = "净现值")]
    pub fn present_value(&self, from: NaiveDate, discount: Ratio, months: u16, timing: Timing) -> Result<Worth, EconomicsError> {
        let interest = growing("a discount", discount)?;
        let last = self.flows.last_key_value().map_or(Ok(0), |(&on, _)| periods(from, on, months).map(|(whole, _)| whole));
        short_enough(&interest, last?.saturating_add(2))?;
        let (n, d) = interest.into_raw();
        // With 1 + discount = n/d: every flow is c·(d/n)^k, or c·(d/n)^k·√(n/d). Ascending in k, over n^k, which grows with it.
        let (mut whole, mut part) = (BigInt::zero(), BigInt::zero());
        let (mut power, mut above) = (0, BigInt::from(1));
        let mut below = above.clone();
        for (&on, &minor) in &self.flows {
            let (k, between) = periods(from, on, months)?;
            let later = match timing {
                _ if !between => k,
                Timing::Start => k,
                Timing::Middle | Timing::End => k + 1,
            };
            // Days ascend, and so do periods: the difference is not below zero.
            let factor = n.pow(later - power);
            (whole, part, below) = (whole * &factor, part * &factor, below * &factor);
            above *= d.pow(later - power);
            power = later;
            let sum = if between && timing == Timing::Middle { &mut part } else { &mut whole };
            *sum += &above * minor;
        }
        // √(n/d) = √(n·d)/d
        Ok(Worth::with_root(self.currency, whole * &d, part, &n * &d, below * d))
    }

    /// What the stream is worth on a day, discounted by the day: each flow by `(1 + yearly discount)` to the power of its days over 365.
    /// This is what spreadsheets call XNPV.
    ///
    /// Those powers are irrational, so this one is computed in floating point, with the same bits everywhere, and rounded once, by name; a
    /// result that is within a few parts in 10¹⁵ of the largest sum on the way from a tie may fall on either side of it.
    ///
    /// # Errors
    /// [`BadRate`](EconomicsError::BadRate) for a discount of −1; [`Past`](EconomicsError::Past) for a flow before `from`;
    /// [`Money`](EconomicsError::Money) if the result does not fit an amount.
    #[doc(alias = "XNPV")]
    pub fn present_value_by_day(
        &self,
        from: NaiveDate,
        yearly_discount: Ratio,
        rounding: Rounding,
    ) -> Result<Money, EconomicsError> {
        growing("a discount", yearly_discount)?;
        let rate = libm::log1p(yearly_discount.to_f64());
        let mut sum = 0.0;
        for (&on, &minor) in &self.flows {
            not_past(from, on)?;
            #[allow(clippy::cast_precision_loss)] // one IEEE conversion
            let amount = minor as f64;
            sum += amount * libm::exp(-rate * f64::from(days_between(from, on)) / 365.0);
        }
        let minor = rounding.whole(sum).ok_or(MoneyError::Overflow { currency: self.currency })?;
        Ok(Money::from_minor(minor, self.currency))
    }
}

fn not_past(from: NaiveDate, on: NaiveDate) -> Result<(), EconomicsError> {
    if on < from { Err(EconomicsError::Past { on, from }) } else { Ok(()) }
}

/// How many whole periods lie between two days, and whether the later one lies within a further one.
fn periods(from: NaiveDate, on: NaiveDate, months: u16) -> Result<(u32, bool), EconomicsError> {
    not_past(from, on)?;
    if months == 0 {
        return Err(EconomicsError::NoPeriod);
    }
    let month = |day: NaiveDate| day.year().saturating_mul(12).saturating_add(day.month0().cast_signed());
    let length = i32::from(months);
    let guess = month(on).saturating_sub(month(from)) / length;
    // The day may come before the one in its month on which the period begins.
    let begins = |k: i32| months_from(from, k.saturating_mul(length));
    let whole = if begins(guess)? > on { guess - 1 } else { guess };
    Ok((u32::try_from(whole).unwrap_or(0), begins(whole)? < on))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "CashFlows")]
struct Wire {
    currency: Currency,
    flows: Vec<WireFlow>,
}

/// The sum is text in smallest units: it may be larger than an amount.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFlow {
    on: NaiveDate,
    minor: String,
}

impl TryFrom<Wire> for CashFlows {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<CashFlows, EconomicsError> {
        let mut flows = BTreeMap::new();
        for WireFlow { on, minor } in wire.flows {
            in_range(on)?;
            let minor = minor.parse().map_err(|_| MoneyError::NotAnAmount(minor))?;
            if flows.insert(on, minor).is_some() {
                return Err(EconomicsError::Twice(on.to_string()));
            }
        }
        Ok(CashFlows { currency: wire.currency, flows })
    }
}

impl From<CashFlows> for Wire {
    fn from(flows: CashFlows) -> Wire {
        let list = flows.flows.into_iter().map(|(on, minor)| WireFlow { on, minor: minor.to_string() });
        Wire { currency: flows.currency, flows: list.collect() }
    }
}
