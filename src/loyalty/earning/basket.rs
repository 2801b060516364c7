use super::EarningError;
use crate::{
    calendar::Moment,
    money::{Currency, Money},
    quantity::Name,
};
use alloc::{collections::BTreeSet, vec::Vec};
use core::num::NonZeroU32;
use serde::{Deserialize, Serialize};

/// One line of a sale. All amounts are of the whole line, in the currency of the basket, and not negative.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What the line is called in its basket; no other line is called so.
    pub name: Name,
    /// What was sold.
    pub item: Name,
    /// What kinds of thing it is: categories, brands, labels.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<Name>,
    /// How many pieces.
    pub quantity: NonZeroU32,
    /// The price before discounts, without tax.
    pub price: Money,
    /// What was taken off the price; at most the price.
    pub discount: Money,
    /// The tax on what is left.
    pub tax: Money,
    /// The part that was paid with points; at most the price less the discount, with tax.
    pub paid_in_points: Money,
    /// Whether it is a charge for shipping.
    #[serde(default)]
    pub shipping: bool,
}

impl Line {
    /// One piece at a price, without discount, tax or category.
    ///
    /// ```
    /// use customer_value::{loyalty::earning::Line, quantity::Name};
    ///
    /// let line = Line::new(Name::new("1")?, Name::new("espresso")?, "2.80 EUR".parse()?);
    /// assert_eq!(line.quantity.get(), 1);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub const fn new(name: Name, item: Name, price: Money) -> Line {
        let none = Money::zero(price.currency());
        Line {
            name,
            item,
            categories: BTreeSet::new(),
            quantity: NonZeroU32::MIN,
            price,
            discount: none,
            tax: none,
            paid_in_points: none,
            shipping: false,
        }
    }

    fn check(&self, currency: Currency) -> Result<(), EarningError> {
        let amounts = [self.price, self.discount, self.tax, self.paid_in_points];
        if let Some(other) = amounts.iter().find(|amount| amount.currency() != currency) {
            return Err(EarningError::Currency { expected: currency, found: other.currency() });
        }
        if let Some(&amount) = amounts.iter().find(|amount| amount.is_negative()) {
            return Err(EarningError::Negative { line: self.name.clone(), amount });
        }
        let (price, discount) = (self.price, self.discount);
        if discount.minor() > price.minor() {
            return Err(EarningError::DiscountAbovePrice { line: self.name.clone(), discount, price });
        }
        let due = price.try_sub(discount)?.try_add(self.tax)?;
        if self.paid_in_points.minor() > due.minor() {
            return Err(EarningError::PaidAboveDue { line: self.name.clone(), paid: self.paid_in_points, due });
        }
        Ok(())
    }
}

/// A sale, as far as points depend on it. Its lines are kept in the order of their names, however they were listed.
///
/// ```
/// use customer_value::{loyalty::earning::{Basket, Line}, quantity::Name};
///
/// let small = Line::new(Name::new("2")?, Name::new("espresso")?, "2.80 EUR".parse()?);
/// let large = Line::new(Name::new("1")?, Name::new("latte")?, "4.50 EUR".parse()?);
/// let sold = "2026-03-01T10:00:00+01:00".parse()?;
/// let basket = Basket::new(sold, vec![small.clone(), large])?;
/// assert_eq!(basket.lines()[0].item, "latte");
/// assert!(Basket::new(sold, vec![small.clone(), small]).is_err()); // two lines called "2"
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "购物篮")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Basket {
    sold: Moment,
    lines: Vec<Line>,
    labels: BTreeSet<Name>,
}

impl Basket {
    /// A sale at a moment. The moment is that of the sale, not of its posting.
    ///
    /// # Errors
    /// [`NoLines`](EarningError::NoLines) for `[]`; [`LineTwice`](EarningError::LineTwice) for two lines called `1`;
    /// [`Currency`](EarningError::Currency) for 3.00 EUR beside 3.00 USD; [`Negative`](EarningError::Negative) for −1.00 EUR;
    /// [`DiscountAbovePrice`](EarningError::DiscountAbovePrice) for 2.00 off 1.00 EUR;
    /// [`PaidAboveDue`](EarningError::PaidAboveDue) for 2.00 EUR in points on 1.00 EUR; [`Money`](EarningError::Money) for a sum beyond
    /// the range.
    pub fn new(sold: Moment, mut lines: Vec<Line>) -> Result<Basket, EarningError> {
        let currency = lines.first().ok_or(EarningError::NoLines)?.price.currency();
        lines.iter().try_for_each(|line| line.check(currency))?;
        lines.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = lines.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(EarningError::LineTwice(pair[0].name.clone()));
        }
        // No basis of it can be more than this.
        Money::sum(lines.iter().flat_map(|line| [line.price, line.tax]), currency)?;
        Ok(Basket { sold, lines, labels: BTreeSet::new() })
    }

    /// The sale with labels: its channel, store, means of payment.
    #[must_use]
    pub fn with_labels(self, labels: impl IntoIterator<Item = Name>) -> Basket {
        Basket { labels: labels.into_iter().collect(), ..self }
    }

    /// When it was sold.
    pub const fn sold(&self) -> Moment {
        self.sold
    }

    /// The lines, in the order of their names; at least one.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The labels.
    pub const fn labels(&self) -> &BTreeSet<Name> {
        &self.labels
    }

    /// The currency of all amounts.
    pub fn currency(&self) -> Currency {
        self.lines[0].price.currency() // there is one
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Basket")]
struct Wire {
    sold: Moment,
    lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    labels: BTreeSet<Name>,
}

impl TryFrom<Wire> for Basket {
    type Error = EarningError;

    fn try_from(wire: Wire) -> Result<Basket, EarningError> {
        Basket::new(wire.sold, wire.lines).map(|basket| basket.with_labels(wire.labels))
    }
}

impl From<Basket> for Wire {
    fn from(basket: Basket) -> Wire {
        Wire { sold: basket.sold, lines: basket.lines, labels: basket.labels }
    }
}
