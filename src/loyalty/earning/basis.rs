use super::{Basket, EarningError, Line};
use crate::money::{Currency, Money, Rounding};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Smallest units of money by line of the basket.
pub(super) type Amounts = SmallVec<[i64; 4]>;

/// Which part of a sale earns points. There is no default: customers and shops expect different things, so that it has to be said.
///
/// Recommended is the price after discounts and without what was paid in points, without tax and shipping ([`Basis::NET`]): points that
/// earn points compound, and what the shop passes on is not its income. What would fall below zero is zero.
///
/// A line of which nothing counts earns nothing, whatever the rule: neither by piece nor as a share of a fixed number.
#[doc(alias = "积分基数")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Whether the tax counts.
    pub tax: bool,
    /// Whether lines that charge for shipping count.
    pub shipping: bool,
    /// How lines with a discount count.
    pub discounts: Discounts,
    /// Whether the part counts that was paid with points.
    pub paid_in_points: bool,
    /// Whether the sum of the lines is rounded to whole steps before points are counted on it, and how: 19.99 to 19.00 in steps of 1.00.
    /// The lines share the rounded sum by largest remainder. Minimum spends and brackets look at the sum before it is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<BasisRounding>,
}

/// How a line with a discount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Discounts {
    /// By its price less the discount.
    Deducted,
    /// By its price before the discount.
    Ignored,
    /// Not at all.
    Excluded,
}

/// A rounding of the sum that earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasisRounding {
    /// To whole multiples of this, above zero.
    pub step: Money,
    /// In which direction.
    pub rounding: Rounding,
}

impl Basis {
    /// The price after discounts and without what was paid in points, without tax and shipping, not rounded.
    pub const NET: Basis =
        Basis { tax: false, shipping: false, discounts: Discounts::Deducted, paid_in_points: false, rounding: None };

    /// What of a line counts, before the rounding.
    ///
    /// # Errors
    /// [`Money`](EarningError::Money) for amounts that differ in currency or sum to more than can be counted; the lines of a [`Basket`] do
    /// neither.
    ///
    /// ```
    /// use customer_value::{loyalty::earning::{Basis, Discounts, Line}, quantity::Name};
    ///
    /// let mut line = Line::new(Name::new("1")?, Name::new("lamp")?, "100.00 EUR".parse()?);
    /// line.discount = "20.00 EUR".parse()?;
    /// line.tax = "16.00 EUR".parse()?;
    /// assert_eq!(Basis::NET.amount(&line)?.to_string(), "80.00 EUR");
    /// assert_eq!(Basis { tax: true, ..Basis::NET }.amount(&line)?.to_string(), "96.00 EUR");
    /// assert_eq!(Basis { discounts: Discounts::Ignored, ..Basis::NET }.amount(&line)?.to_string(), "100.00 EUR");
    /// assert_eq!(Basis { discounts: Discounts::Excluded, ..Basis::NET }.amount(&line)?.to_string(), "0.00 EUR");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn amount(&self, line: &Line) -> Result<Money, EarningError> {
        let nothing = Money::zero(line.price.currency());
        let excluded = self.discounts == Discounts::Excluded && !line.discount.is_zero();
        if excluded || (line.shipping && !self.shipping) {
            return Ok(nothing);
        }
        let mut amount = line.price;
        if self.discounts == Discounts::Deducted {
            amount = amount.try_sub(line.discount)?;
        }
        if self.tax {
            amount = amount.try_add(line.tax)?;
        }
        if !self.paid_in_points {
            amount = amount.try_sub(line.paid_in_points)?;
        }
        Ok(if amount.is_negative() { nothing } else { amount })
    }

    /// What of each line counts, in the order of the lines: before the rounding, and after it where it changes anything.
    pub(super) fn amounts(&self, basket: &Basket) -> Result<(Amounts, Option<Amounts>), EarningError> {
        let lines = basket.lines().iter();
        let spent: Amounts = lines.map(|line| self.amount(line).map(|amount| amount.minor())).collect::<Result<_, _>>()?;
        let Some(BasisRounding { step, rounding }) = self.rounding else { return Ok((spent, None)) };
        let total: i64 = spent.iter().sum(); // at most the sum that was checked with the basket
        if total == 0 {
            return Ok((spent, None));
        }
        let steps = rounding.divide(total.into(), step.minor().into());
        let rounded = steps.and_then(|steps| i64::try_from(steps.checked_mul(step.minor().into())?).ok());
        let rounded = Money::from_minor(rounded.ok_or(EarningError::TooLarge)?, basket.currency());
        let shares: Vec<u64> = spent.iter().map(|amount| amount.unsigned_abs()).collect();
        let parts = rounded.allocate(&shares)?;
        Ok((spent, Some(parts.iter().map(Money::minor).collect())))
    }

    /// The currency of its rounding.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.rounding.map(|rounding| rounding.step.currency())
    }

    pub(super) fn check(&self) -> Result<(), EarningError> {
        match self.rounding {
            Some(BasisRounding { step, .. }) if step.minor() <= 0 => Err(EarningError::BadStep(step)),
            _ => Ok(()),
        }
    }
}
