use super::{RetentionError, is_over};
use crate::{
    calendar::Period,
    customer::Purchases,
    money::{Currency, Money, MoneyError, Ratio},
};
use serde::{Deserialize, Serialize};

/// What the customers of one period brought in another, and where the difference went: every amount exact.
///
/// `closing = opening + expansion − contraction − lost + new`. Net and gross retention are of the opening amount: new customers are in
/// neither, and expansion is in the net only, so the gross never passes one. Merges as a commutative monoid over customers.
///
/// ```
/// use customer_value::{lifecycle::retention::RevenueRetention, money::{Currency, Money}};
///
/// let eur = |major: i64| Money::from_minor(major * 100, Currency::EUR);
/// let mut revenue = RevenueRetention::new(Currency::EUR);
/// for (before, after) in [(100, 130), (100, 80), (50, 0), (0, 70)] {
///     revenue.push(eur(before), eur(after))?;
/// }
/// assert_eq!((revenue.opening(), revenue.closing()?), (eur(250), eur(280)));
/// assert_eq!((revenue.expansion(), revenue.contraction(), revenue.lost(), revenue.won()), (eur(30), eur(20), eur(50), eur(70)));
/// assert_eq!(revenue.net().map(|r| r.to_string()), Some("0.84".into())); // 210 of 250
/// assert_eq!(revenue.gross().map(|r| r.to_string()), Some("0.72".into())); // 180 of 250
/// # Ok::<(), customer_value::lifecycle::retention::RetentionError>(())
/// ```
#[doc(alias = "收入留存率")]
#[doc(alias = "NRR")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct RevenueRetention {
    opening: Money,
    expansion: Money,
    contraction: Money,
    lost: Money,
    won: Money,
}

impl RevenueRetention {
    /// A tally of nobody.
    pub const fn new(currency: Currency) -> RevenueRetention {
        let zero = Money::zero(currency);
        RevenueRetention { opening: zero, expansion: zero, contraction: zero, lost: zero, won: zero }
    }

    /// Counts a customer by what came before and what after, such as the recurring amounts of two months, or the purchases of two years.
    ///
    /// # Errors
    /// [`NegativeAmount`](RetentionError::NegativeAmount) for −1.00; [`Money`](RetentionError::Money) for another currency, or where a sum
    /// does not fit an amount. Nothing is counted then.
    pub fn push(&mut self, before: Money, after: Money) -> Result<(), RetentionError> {
        if let Some(negative) = [before, after].into_iter().find(Money::is_negative) {
            return Err(RetentionError::NegativeAmount(negative));
        }
        let mut one = RevenueRetention { opening: before, ..RevenueRetention::new(self.opening.currency()) };
        let (more, less) = (after.try_sub(before)?, before.try_sub(after)?);
        if before.is_zero() {
            one.won = after;
        } else if after.is_zero() {
            one.lost = before;
        } else if more.is_negative() {
            one.contraction = less;
        } else {
            one.expansion = more;
        }
        self.merge(&one)
    }

    /// Counts a customer by the purchases within two periods.
    ///
    /// # Errors
    /// [`NotOver`](RetentionError::NotOver) for a period with days after those of the purchases; as [`push`](RevenueRetention::push).
    pub fn push_purchases(&mut self, purchases: &Purchases, before: Period, after: Period) -> Result<(), RetentionError> {
        let as_of = purchases.as_of();
        if let Some(period) = [before, after].into_iter().find(|period| !is_over(*period, as_of)) {
            return Err(RetentionError::NotOver { period, as_of });
        }
        self.push(purchases.within(before).1, purchases.within(after).1)
    }

    /// Takes in a tally of other customers.
    ///
    /// # Errors
    /// [`Money`](RetentionError::Money) for another currency, or where a sum does not fit an amount. Nothing is taken in then.
    pub fn merge(&mut self, other: &RevenueRetention) -> Result<(), RetentionError> {
        *self = RevenueRetention {
            opening: self.opening.try_add(other.opening)?,
            expansion: self.expansion.try_add(other.expansion)?,
            contraction: self.contraction.try_add(other.contraction)?,
            lost: self.lost.try_add(other.lost)?,
            won: self.won.try_add(other.won)?,
        };
        Ok(())
    }

    /// What all customers brought before.
    pub const fn opening(&self) -> Money {
        self.opening
    }

    /// What customers of before bring more.
    pub const fn expansion(&self) -> Money {
        self.expansion
    }

    /// What customers of before who still bring something bring less.
    pub const fn contraction(&self) -> Money {
        self.contraction
    }

    /// What those brought who bring nothing any more.
    pub const fn lost(&self) -> Money {
        self.lost
    }

    /// What those bring who brought nothing before.
    pub const fn won(&self) -> Money {
        self.won
    }

    /// What all customers bring after.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit an amount.
    pub fn closing(&self) -> Result<Money, MoneyError> {
        let currency = self.opening.currency();
        let minor = self.kept_minor() + i128::from(self.expansion.minor()) + i128::from(self.won.minor());
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow { currency })?;
        Ok(Money::from_minor(minor, currency))
    }

    /// Net revenue retention: what the customers of before bring after, of what they brought; above one where expansion outweighs the
    /// losses. `None` if nothing was brought before.
    #[doc(alias = "净收入留存率")]
    pub fn net(&self) -> Option<Ratio> {
        Ratio::new(self.kept_minor() + i128::from(self.expansion.minor()), self.opening.minor().into()).ok()
    }

    /// Gross revenue retention: the same without expansion; never above one.
    pub fn gross(&self) -> Option<Ratio> {
        Ratio::new(self.kept_minor(), self.opening.minor().into()).ok()
    }

    /// What is left of the opening amount.
    fn kept_minor(&self) -> i128 {
        i128::from(self.opening.minor()) - i128::from(self.contraction.minor()) - i128::from(self.lost.minor())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "RevenueRetention")]
struct Wire {
    opening: Money,
    expansion: Money,
    contraction: Money,
    lost: Money,
    won: Money,
}

impl TryFrom<Wire> for RevenueRetention {
    type Error = RetentionError;

    fn try_from(w: Wire) -> Result<RevenueRetention, RetentionError> {
        // What is left of the opening amount is an amount too.
        let kept = w.opening.try_sub(w.contraction)?.try_sub(w.lost)?;
        for amount in [w.opening, w.expansion, w.contraction, w.lost, w.won, kept] {
            w.opening.compare(amount)?; // the same currency
            if amount.is_negative() {
                return Err(RetentionError::NegativeAmount(amount));
            }
        }
        Ok(RevenueRetention { opening: w.opening, expansion: w.expansion, contraction: w.contraction, lost: w.lost, won: w.won })
    }
}

impl From<RevenueRetention> for Wire {
    fn from(r: RevenueRetention) -> Wire {
        Wire { opening: r.opening, expansion: r.expansion, contraction: r.contraction, lost: r.lost, won: r.won }
    }
}
