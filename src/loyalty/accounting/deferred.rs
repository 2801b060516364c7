use super::AccountingError;
use crate::{
    loyalty::Points,
    money::{Money, Rounding},
};
use serde::{Deserialize, Serialize};

/// The part of prices that was allocated to points, and how much of it has become revenue.
///
/// Revenue is the allocated price times the points redeemed, out of all that are expected to be redeemed. Both numbers are totals since
/// the beginning, so a new estimate changes what is recognised *now*, up or down (a cumulative catch-up), and never the allocation
/// (ASC 606-10-32-42 and 32-43; IFRS 15.88). Points that will never be redeemed thereby become revenue in step with those that are
/// (breakage, B46). One such account serves points that were issued together, such as those of a month.
///
/// ```
/// use customer_value::{loyalty::{Points, accounting::DeferredRevenue}, money::Rounding};
///
/// // IFRS 15, example 52, in whole units of money: 8,676 for 9,500 points expected.
/// let mut deferred = DeferredRevenue::new("8676 JPY".parse()?, Points::new(9_500), Rounding::HalfUp)?;
/// assert_eq!(deferred.catch_up(Points::new(4_500), Points::new(9_500))?, "4110 JPY".parse()?);
/// assert_eq!(deferred.catch_up(Points::new(8_500), Points::new(9_700))?, "3493 JPY".parse()?);
/// assert_eq!(deferred.liability(), "1073 JPY".parse()?);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "递延收益")]
#[doc(alias = "contract liability")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct DeferredRevenue {
    allocated: Money,
    recognised: Money,
    redeemed: Points,
    expected: Points,
    rounding: Rounding,
}

impl DeferredRevenue {
    /// A price allocated to points of which so many are expected to be redeemed in all; revenue is rounded by name.
    ///
    /// # Errors
    /// [`Negative`](AccountingError::Negative) for a price below zero; [`NothingExpected`](AccountingError::NothingExpected) for a price
    /// and no points.
    pub fn new(allocated: Money, expected: Points, rounding: Rounding) -> Result<DeferredRevenue, AccountingError> {
        let recognised = Money::zero(allocated.currency());
        let empty = DeferredRevenue { allocated: recognised, recognised, redeemed: Points::ZERO, expected: Points::ZERO, rounding };
        empty.with(allocated, expected)
    }

    /// Defers the price of more points, as they are issued. Nothing is recognised before the next [`catch_up`](Self::catch_up).
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Money`](AccountingError::Money) for another currency. Nothing has changed then.
    pub fn defer(&mut self, allocated: Money, expected: Points) -> Result<(), AccountingError> {
        *self = self.with(allocated, expected)?;
        Ok(())
    }

    /// Takes back what was allocated to points that were clawed back with a return, and so many of the expected ones, though no fewer
    /// stay expected than were redeemed.
    ///
    /// # Errors
    /// [`MoreThanDeferred`](AccountingError::MoreThanDeferred) beyond the liability; [`Negative`](AccountingError::Negative) for an amount
    /// below zero; [`Money`](AccountingError::Money) for another currency. Nothing has changed then.
    pub fn take_back(&mut self, allocated: Money, expected: Points) -> Result<(), AccountingError> {
        if allocated.is_negative() {
            return Err(AccountingError::Negative(allocated));
        }
        let liability = self.liability();
        if allocated.compare(liability)?.is_gt() {
            return Err(AccountingError::MoreThanDeferred { asked: allocated, liability });
        }
        let expected = self.expected.checked_sub(expected).unwrap_or_default().max(self.redeemed);
        *self = DeferredRevenue { allocated: self.allocated.try_sub(allocated)?, expected, ..*self };
        Ok(())
    }

    /// Recognises revenue up to where it should stand, so many points having been redeemed in all, of so many that are expected in all.
    /// What is returned is the revenue of now: negative if more points are expected than before and too much was recognised, or if
    /// redemptions were undone.
    ///
    /// When nothing more is expected to be redeemed, because all points that were left have expired, the whole price is recognised.
    ///
    /// # Errors
    /// [`MoreThanExpected`](AccountingError::MoreThanExpected) for 100 points redeemed of 99 expected. Nothing has changed then.
    pub fn catch_up(&mut self, redeemed: Points, expected: Points) -> Result<Money, AccountingError> {
        if redeemed > expected {
            return Err(AccountingError::MoreThanExpected { redeemed, expected });
        }
        let target = self.earned(redeemed, expected)?;
        let now = target.try_sub(self.recognised)?;
        *self = DeferredRevenue { recognised: target, redeemed, expected, ..*self };
        Ok(now)
    }

    /// The price allocated to the points.
    pub const fn allocated(&self) -> Money {
        self.allocated
    }

    /// The revenue recognised so far: never more than was allocated.
    pub const fn recognised(&self) -> Money {
        self.recognised
    }

    /// Points redeemed so far.
    pub const fn redeemed(&self) -> Points {
        self.redeemed
    }

    /// Points expected to be redeemed in all.
    pub const fn expected(&self) -> Points {
        self.expected
    }

    /// What is still deferred: the contract liability.
    pub const fn liability(&self) -> Money {
        // Never more was recognised than allocated.
        Money::from_minor(self.allocated.minor() - self.recognised.minor(), self.allocated.currency())
    }

    /// The revenue there should be. All of it when everything expected is redeemed, even if that is nothing.
    fn earned(&self, redeemed: Points, expected: Points) -> Result<Money, AccountingError> {
        if redeemed == expected {
            return Ok(self.allocated);
        }
        // 63 bits times 64 bits.
        let product = i128::from(self.allocated.minor()) * i128::from(redeemed.units());
        let units = self.rounding.divide(product, expected.units().into()).and_then(|units| i64::try_from(units).ok());
        Ok(Money::from_minor(units.ok_or(AccountingError::TooLarge)?, self.allocated.currency()))
    }

    fn with(&self, allocated: Money, expected: Points) -> Result<DeferredRevenue, AccountingError> {
        if allocated.is_negative() {
            return Err(AccountingError::Negative(allocated));
        }
        if expected.is_zero() && !allocated.is_zero() {
            return Err(AccountingError::NothingExpected(allocated));
        }
        let expected = self.expected.checked_add(expected).ok_or(AccountingError::TooLarge)?;
        Ok(DeferredRevenue { allocated: self.allocated.try_add(allocated)?, expected, ..*self })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "DeferredRevenue")]
struct Wire {
    allocated: Money,
    recognised: Money,
    redeemed: Points,
    expected: Points,
    rounding: Rounding,
}

impl TryFrom<Wire> for DeferredRevenue {
    type Error = AccountingError;

    fn try_from(wire: Wire) -> Result<DeferredRevenue, AccountingError> {
        let Wire { allocated, recognised, redeemed, expected, rounding } = wire;
        for amount in [allocated, recognised] {
            if amount.is_negative() {
                return Err(AccountingError::Negative(amount));
            }
        }
        if recognised.compare(allocated)?.is_gt() {
            return Err(AccountingError::MoreThanDeferred { asked: recognised, liability: allocated });
        }
        if redeemed > expected {
            return Err(AccountingError::MoreThanExpected { redeemed, expected });
        }
        Ok(DeferredRevenue { allocated, recognised, redeemed, expected, rounding })
    }
}

impl From<DeferredRevenue> for Wire {
    fn from(state: DeferredRevenue) -> Wire {
        let DeferredRevenue { allocated, recognised, redeemed, expected, rounding } = state;
        Wire { allocated, recognised, redeemed, expected, rounding }
    }
}
