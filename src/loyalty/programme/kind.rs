use crate::{
    loyalty::{CostBasis, Expiry, Inactivity, Life, Notice, Pending, Points, Rejection},
    money::{Currency, Money, Ratio, Rounding},
    quantity::Name,
};
use alloc::{collections::BTreeSet, vec::Vec};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A kind of points, and what holds for all of them. A scheme may have several: points to spend, nights that count for the status,
/// vouchers that were bought.
#[doc(alias = "积分种类")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name.
    pub name: Name,
    /// How many decimals it is [shown](Kind::shown) with: 2 for a cashback, whose smallest unit is a hundredth.
    #[serde(default)]
    pub decimals: u8,
    /// Whether the points are kept in lots, to be spent. What only counts for the status is not, and never expires by itself.
    #[serde(default = "yes")]
    pub spendable: bool,
    /// Whether they count for the status, by the day on which they are earned.
    #[serde(default)]
    pub status: bool,
    /// When they can be spent, unless a rule says otherwise.
    #[serde(default)]
    pub pending: Pending,
    /// How long, unless a rule says otherwise.
    pub expiry: Expiry,
    /// What becomes of them if the member stays away.
    #[serde(default)]
    pub inactivity: Option<Inactivity>,
    /// What counts as activity. Done is done: a redemption that is cancelled has kept points alive, and so has a purchase that came back.
    #[serde(default)]
    pub kept_alive_by: BTreeSet<Deed>,
    /// When the member is told that points are about to expire.
    #[serde(default)]
    pub notice: Option<Notice>,
    /// By how much they are extended on request; of those that a member may have, the longest.
    #[serde(default)]
    pub extensions: Vec<Extension>,
    /// What they cost the programme, unless a rule says otherwise.
    #[serde(default)]
    pub cost: CostBasis,
    /// What happens where a return takes back more points than are there.
    pub shortfall: Shortfall,
    /// How they are spent.
    #[serde(default)]
    pub redemption: RedemptionTerms,
    /// Whether and how they change accounts.
    #[serde(default)]
    pub transfer: Option<TransferTerms>,
}

/// A longer life for points, for some grades or for all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// By so much, from the last day that they have.
    pub by: Life,
    /// For these grades; for everybody if empty.
    #[serde(default)]
    pub grades: BTreeSet<Name>,
}

const fn yes() -> bool {
    true
}

impl Kind {
    /// Points to spend, with the defaults that most schemes want: they can be spent at once, in any number, never for another account,
    /// and what a return cannot take back becomes a debt.
    pub fn spendable(name: Name, expiry: Expiry) -> Kind {
        Kind {
            name,
            decimals: 0,
            spendable: true,
            status: false,
            pending: Pending::None,
            expiry,
            inactivity: None,
            kept_alive_by: BTreeSet::new(),
            notice: None,
            extensions: Vec::new(),
            cost: CostBasis::default(),
            shortfall: Shortfall::Debt { limit: None },
            redemption: RedemptionTerms::default(),
            transfer: None,
        }
    }

    /// Points that only count for the status.
    pub fn counting(name: Name) -> Kind {
        Kind { spendable: false, status: true, ..Kind::spendable(name, Expiry::Never) }
    }

    /// Points as they are shown to people, with the decimals of the kind.
    ///
    /// ```
    /// use customer_value::{loyalty::{Expiry, Points, programme::Kind}, quantity::Name};
    ///
    /// let cashback = Kind { decimals: 2, ..Kind::spendable(Name::new("cashback")?, Expiry::Never) };
    /// assert_eq!(cashback.shown(Points::new(235)).to_string(), "2.35");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn shown(&self, points: Points) -> Decimal {
        // At most 9 decimals, which the scheme has checked; nobody else's kind is shown with more.
        Decimal::from_i128_with_scale(points.units().into(), self.decimals.min(9).into())
    }
}

/// What a member does that may keep points alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A purchase that earned points.
    Purchase,
    /// A purchase that earned none.
    EmptyPurchase,
    /// Another activity.
    Activity,
    /// A birthday or another occasion, which is nothing the member did.
    Occasion,
    /// Points credited by hand.
    Grant,
    /// A referral.
    Referral,
    /// Spending points.
    Redemption,
    /// Giving points to another account, or getting them.
    Transfer,
}

/// What happens where a return takes back more points than the account has.
#[doc(alias = "负积分")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortfall {
    /// Only points that cannot be spent yet are taken back; all others stay.
    PendingOnly,
    /// What the account has is taken; the programme bears the rest.
    WithinBalance,
    /// What is missing is owed, and paid by the next points; the programme bears what goes beyond the limit.
    Debt {
        /// The most that can be owed; `None` for no limit.
        limit: Option<Points>,
    },
}

/// How points are spent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RedemptionTerms {
    /// In multiples of so many; 0 and 1 for any number.
    pub multiple: Points,
    /// At least so many at a time.
    pub minimum: Points,
    /// What they are worth where they pay an order.
    pub worth: Option<Worth>,
    /// Which share of an order they may pay, in terms of up to 10^18; all of it if `None`. Needs the worth.
    pub most: Option<Ratio>,
}

/// So many points pay so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worth {
    /// So many points.
    pub points: Points,
    /// Pay so much.
    pub money: Money,
}

impl Worth {
    /// What a number of points is worth.
    pub fn of(&self, points: Points, rounding: Rounding) -> Option<Money> {
        let product = i128::from(points.units()).checked_mul(self.money.minor().into())?;
        let minor = rounding.divide(product, self.points.units().into())?;
        Some(Money::from_minor(i64::try_from(minor).ok()?, self.money.currency()))
    }

    /// The most points that are worth no more than an amount.
    fn within(&self, minor: i128) -> Option<Points> {
        let product = minor.checked_mul(self.points.units().into())?;
        let points = Rounding::Floor.divide(product, self.money.minor().into())?.max(0);
        Some(Points::new(u64::try_from(points).unwrap_or(u64::MAX)))
    }
}

/// Whether that many points can be moved at a time; if not, how many of them can.
pub(in crate::loyalty) fn whole(
    minimum: Points,
    multiple: Points,
    points: Points,
    usable: impl FnOnce() -> Points,
) -> Result<(), Rejection> {
    if points.is_zero() {
        return Err(Rejection::NoPoints);
    }
    if points < minimum {
        return Err(Rejection::BelowMinimum { minimum });
    }
    let multiple = Points::new(multiple.units().max(1));
    if points.units().is_multiple_of(multiple.units()) {
        Ok(())
    } else {
        Err(Rejection::NotAMultiple { multiple, usable: usable() })
    }
}

impl RedemptionTerms {
    /// Whether so many points can be spent at a time, on an order if there is one.
    pub(in crate::loyalty) fn check(&self, currency: Currency, points: Points, order: Option<Money>) -> Result<(), Rejection> {
        whole(self.minimum, self.multiple, points, || self.usable(points, order))?;
        match order {
            Some(order) if order.currency() != currency => Err(Rejection::Currency { expected: currency, found: order.currency() }),
            Some(order) => match self.limit(order) {
                Some(most) if points > most => Err(Rejection::AboveShare { most: self.usable(most, Some(order)) }),
                _ => Ok(()),
            },
            None if self.most.is_some() => Err(Rejection::OrderNeeded),
            None => Ok(()),
        }
    }

    /// The most points that may pay part of an order; `None` where nothing limits them or the order is in another currency.
    fn limit(&self, order: Money) -> Option<Points> {
        let worth = self.worth.filter(|worth| worth.money.currency() == order.currency())?;
        let share = self.most.unwrap_or(Ratio::ONE);
        let payable = Rounding::Floor.divide(share.numerator().checked_mul(order.minor().into())?, share.denominator())?;
        worth.within(payable)
    }

    /// The most points of those wanted that these terms let a member spend on an order: whole multiples, not below the minimum, within
    /// the share.
    pub fn usable(&self, wanted: Points, order: Option<Money>) -> Points {
        let most = order.and_then(|order| self.limit(order)).map_or(wanted, |limit| limit.min(wanted));
        let rest = most.units() % self.multiple.units().max(1);
        let usable = Points::new(most.units() - rest);
        if usable < self.minimum { Points::ZERO } else { usable }
    }

    pub(super) fn is_sound(&self, currency: Currency) -> bool {
        let worth = self.worth.is_none_or(|w| !w.points.is_zero() && w.money.minor() > 0 && w.money.currency() == currency);
        let most = self.most.is_none_or(|share| {
            // With such a denominator the product with 64 bits fits.
            share > Ratio::ZERO && share <= Ratio::ONE && Ratio::common_denominator([share]).is_some() && self.worth.is_some()
        });
        worth && most
    }
}

/// How points change accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TransferTerms {
    /// In multiples of so many; 0 and 1 for any number.
    pub multiple: Points,
    /// At least so many at a time.
    pub minimum: Points,
    /// How long the receiver can spend them, from the day of the transfer: never beyond the end that they had. Where points are lost for
    /// want of activity, that of the receiver counts from then on.
    pub expiry: Option<Expiry>,
}
