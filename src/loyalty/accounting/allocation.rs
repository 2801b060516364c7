use super::AccountingError;
use crate::{
    loyalty::Points,
    money::{Money, Ratio, Rounding},
};
use serde::{Deserialize, Serialize};

/// What points would cost if they were sold alone: their number, times the price of one, times the share that is expected to be redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "PointsWire", into = "PointsWire")]
pub struct PointsAlone {
    points: Points,
    per_point: Ratio,
    redeemed: Ratio,
    value: Ratio,
}

/// A price, divided between goods and the points that come with them. The parts add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Allocation {
    goods: Money,
    points: Money,
}

impl PointsAlone {
    /// So many points; what one of them is worth to who redeems it, in the main unit of the currency; and the share of them that is
    /// expected to be redeemed, 0 to 1, as [`Breakage`](super::Breakage::redeemed) estimates it.
    ///
    /// # Errors
    /// [`NegativePoint`](AccountingError::NegativePoint) for −0.01 a point; [`NotAShare`](AccountingError::NotAShare) for 80;
    /// [`TooLarge`](AccountingError::TooLarge) if the product outgrows 128 bits.
    pub fn new(points: Points, per_point: Ratio, redeemed: Ratio) -> Result<PointsAlone, AccountingError> {
        if per_point < Ratio::ZERO {
            return Err(AccountingError::NegativePoint(per_point));
        }
        if redeemed < Ratio::ZERO || redeemed > Ratio::ONE {
            return Err(AccountingError::NotAShare(redeemed));
        }
        let number = Ratio::new(points.units().into(), 1)?;
        let value = product(number, per_point).and_then(|value| product(value, redeemed)).ok_or(AccountingError::TooLarge)?;
        Ok(PointsAlone { points, per_point, redeemed, value })
    }

    /// The number of points.
    pub const fn points(&self) -> Points {
        self.points
    }

    /// The price of one, in the main unit of the currency.
    pub const fn per_point(&self) -> Ratio {
        self.per_point
    }

    /// The share that is expected to be redeemed.
    pub const fn redeemed(&self) -> Ratio {
        self.redeemed
    }

    /// Their stand-alone selling price, exactly, in the main unit of the currency.
    pub const fn value(&self) -> Ratio {
        self.value
    }
}

impl Allocation {
    /// The part for the goods: revenue when they are handed over.
    pub const fn goods(&self) -> Money {
        self.goods
    }

    /// The part for the points: deferred until they are redeemed.
    pub const fn points(&self) -> Money {
        self.points
    }
}

/// Divides a price between goods and points in proportion to what each would cost alone (*relative stand-alone selling prices*,
/// IFRS 15.74 and ASC 606-10-32-31), so that a discount falls on both.
///
/// The division is exact up to one rounding, by largest remainder: each part gets its whole smallest units, and one that is left over
/// goes to the part that lost more of it, or to the goods if both lost half.
///
/// # Errors
/// [`Negative`](AccountingError::Negative) for a price below zero; [`Money`](AccountingError::Money) for two currencies;
/// [`NothingToAllocateBy`](AccountingError::NothingToAllocateBy) if goods and points are both worth nothing;
/// [`TooLarge`](AccountingError::TooLarge) if the fractions outgrow 128 bits.
///
/// ```
/// use customer_value::loyalty::{Points, accounting::{PointsAlone, allocate}};
///
/// // IFRS 15, example 52: goods for 100,000 and 10,000 points of 1, of which 9,500 are expected to be redeemed.
/// let points = PointsAlone::new(Points::new(10_000), "1".parse()?, "0.95".parse()?)?;
/// let sales = "100000.00 USD".parse()?;
/// let parts = allocate(sales, sales, &points)?;
/// assert_eq!((parts.goods().to_string(), parts.points().to_string()), ("91324.20 USD".into(), "8675.80 USD".into()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn allocate(price: Money, goods_alone: Money, points_alone: &PointsAlone) -> Result<Allocation, AccountingError> {
    for amount in [price, goods_alone] {
        if amount.is_negative() {
            return Err(AccountingError::Negative(amount));
        }
    }
    price.compare(goods_alone)?;
    let goods = Ratio::try_from(goods_alone.amount())?;
    let both = Ratio::sum([goods, points_alone.value]).map_err(|_| AccountingError::TooLarge)?;
    if both == Ratio::ZERO {
        return Err(AccountingError::NothingToAllocateBy);
    }
    let share = points_alone.value.part_of(both).ok_or(AccountingError::TooLarge)?;
    // Of two parts the one with the larger remainder gets the unit: the points do with more than a half.
    let product = share.numerator().checked_mul(price.minor().into()).ok_or(AccountingError::TooLarge)?;
    let units = Rounding::HalfDown.divide(product, share.denominator()).and_then(|units| i64::try_from(units).ok());
    let points = Money::from_minor(units.ok_or(AccountingError::TooLarge)?, price.currency());
    Ok(Allocation { goods: price.try_sub(points)?, points })
}

/// The product, if its terms fit.
fn product(one: Ratio, other: Ratio) -> Option<Ratio> {
    // Reduced crosswise first, so that the terms are those of the result.
    let (a, b) = (Ratio::new(one.numerator(), other.denominator()).ok()?, Ratio::new(other.numerator(), one.denominator()).ok()?);
    let numerator = a.numerator().checked_mul(b.numerator())?;
    Ratio::new(numerator, a.denominator().checked_mul(b.denominator())?).ok()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "PointsAlone")]
struct PointsWire {
    points: Points,
    per_point: Ratio,
    redeemed: Ratio,
}

impl TryFrom<PointsWire> for PointsAlone {
    type Error = AccountingError;

    fn try_from(wire: PointsWire) -> Result<PointsAlone, AccountingError> {
        PointsAlone::new(wire.points, wire.per_point, wire.redeemed)
    }
}

impl From<PointsAlone> for PointsWire {
    fn from(alone: PointsAlone) -> PointsWire {
        PointsWire { points: alone.points, per_point: alone.per_point, redeemed: alone.redeemed }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Allocation")]
struct Wire {
    goods: Money,
    points: Money,
}

impl TryFrom<Wire> for Allocation {
    type Error = AccountingError;

    fn try_from(wire: Wire) -> Result<Allocation, AccountingError> {
        for part in [wire.goods, wire.points] {
            if part.is_negative() {
                return Err(AccountingError::Negative(part));
            }
        }
        wire.goods.try_add(wire.points)?;
        Ok(Allocation { goods: wire.goods, points: wire.points })
    }
}

impl From<Allocation> for Wire {
    fn from(allocation: Allocation) -> Wire {
        Wire { goods: allocation.goods, points: allocation.points }
    }
}
