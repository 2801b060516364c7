use super::{EconomicsError, Potential, worth::same_currency};
use crate::{
    money::{Money, Ratio},
    quantity::Name,
};
use alloc::string::ToString;
use serde::{Deserialize, Serialize};

/// What a customer spends in all on what we sell, with us and with others.
#[doc(alias = "钱包")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wallet {
    /// Exactly this.
    Known(Money),
    /// Something in between.
    Between {
        /// At least this.
        least: Money,
        /// At most this.
        most: Money,
    },
    /// Nobody knows; at least what they spend with us.
    Unknown,
}

/// Share of customer (share of wallet): what a customer spends with us, of all that they spend on what we sell.
///
/// The whole is rarely known. Where it is not, the share is not guessed: it lies between bounds, and so does what is still to be won.
/// With profits in place of sales the same makes the profit share (利润占有率).
///
/// ```
/// use customer_value::{quantity::Name, value::economics::{ShareOfCustomer, Wallet}};
///
/// let ours = "300 EUR".parse()?;
/// let known = ShareOfCustomer::new(ours, Wallet::Known("1200 EUR".parse()?))?;
/// assert_eq!(known.share().exact().unwrap().to_string(), "0.25");
///
/// let guessed = ShareOfCustomer::new(ours, Wallet::Between { least: "900 EUR".parse()?, most: "1500 EUR".parse()? })?;
/// assert_eq!((guessed.share().low.to_string(), guessed.share().high.to_string()), ("0.2".into(), "1/3".into()));
/// let to_win = guessed.potential(Name::new("their own estimate")?)?;
/// assert_eq!((to_win.least().minor(), to_win.most().unwrap().minor()), (600_00, 1200_00));
///
/// let unknown = ShareOfCustomer::new(ours, Wallet::Unknown)?;
/// assert_eq!(unknown.share().exact(), None); // anything up to all of it
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "share of wallet")]
#[doc(alias = "顾客份额")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ShareOfCustomer {
    ours: Money,
    wallet: Wallet,
}

/// Bounds of a share, both from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShareBounds {
    /// At least this.
    pub low: Ratio,
    /// At most this.
    pub high: Ratio,
}

impl ShareBounds {
    /// The share, if it is certain.
    pub fn exact(&self) -> Option<Ratio> {
        (self.low == self.high).then_some(self.low)
    }
}

impl ShareOfCustomer {
    /// What the customer spends with us, and in all.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies; [`BadWallet`](EconomicsError::BadWallet) for −1 EUR with us, for less in all
    /// than with us, for a whole that is known to be nothing, and for at least 3.00 and at most 2.00 EUR.
    pub fn new(ours: Money, wallet: Wallet) -> Result<ShareOfCustomer, EconomicsError> {
        let share = ShareOfCustomer { ours, wallet };
        let (least, most) = share.bounds();
        for bound in [Some(least), most].into_iter().flatten() {
            same_currency(ours.currency(), bound.currency())?;
        }
        let in_order =
            0 <= ours.minor() && ours.minor() <= least.minor() && most.is_none_or(|m| least.minor() <= m.minor() && !m.is_zero());
        if in_order {
            return Ok(share);
        }
        let most = most.map_or("anything".into(), |most| most.minor().to_string());
        Err(EconomicsError::BadWallet { ours: ours.minor(), least: least.minor(), most })
    }

    /// What the customer spends with us.
    pub const fn ours(&self) -> Money {
        self.ours
    }

    /// What they spend in all.
    pub const fn wallet(&self) -> Wallet {
        self.wallet
    }

    /// The share that is ours, or its bounds. Of an unknown whole we have more than nothing and up to all of it, or, where they spend
    /// nothing with us, nothing.
    pub fn share(&self) -> ShareBounds {
        // The bounds of the whole are above zero, or what is ours is zero and so is its share.
        let of = |whole: Money| Ratio::new(self.ours.minor().into(), whole.minor().into()).unwrap_or(Ratio::ZERO);
        let (least, most) = self.bounds();
        ShareBounds { low: most.map_or(Ratio::ZERO, of), high: of(least) }
    }

    /// What the customer spends with others: what is still to be won, under the assumption that the whole rests on.
    ///
    /// # Errors
    /// None that can happen after [`new`](ShareOfCustomer::new); amounts are subtracted, and every subtraction has a place for one.
    pub fn potential(&self, assumption: Name) -> Result<Potential, EconomicsError> {
        let (least, most) = self.bounds();
        let most = most.map(|most| most.try_sub(self.ours)).transpose()?;
        Potential::new(least.try_sub(self.ours)?, most, assumption)
    }

    fn bounds(&self) -> (Money, Option<Money>) {
        match self.wallet {
            Wallet::Known(whole) => (whole, Some(whole)),
            Wallet::Between { least, most } => (least, Some(most)),
            Wallet::Unknown => (self.ours, None),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ShareOfCustomer")]
struct Wire {
    ours: Money,
    wallet: Wallet,
}

impl TryFrom<Wire> for ShareOfCustomer {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<ShareOfCustomer, EconomicsError> {
        ShareOfCustomer::new(wire.ours, wire.wallet)
    }
}

impl From<ShareOfCustomer> for Wire {
    fn from(s: ShareOfCustomer) -> Wire {
        Wire { ours: s.ours, wallet: s.wallet }
    }
}
