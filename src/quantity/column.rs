use super::Unit;
use crate::money::{Currency, decimal};
use rust_decimal::Decimal;

/// One quantity of many customers, in customer order: whole numbers of `10^-places` of the unit.
///
/// 12.50 GBP is `1250` in a column of GBP with 2 places. Columns borrow the caller's memory (an Arrow or Polars buffer, a `Vec`).
///
/// ```
/// use customer_value::{money::Currency, quantity::Column};
///
/// let sales = Column::money(&[1250, 0], Currency::GBP);
/// assert_eq!(sales.get(0).unwrap().to_string(), "12.50");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// The values, one a customer.
    pub values: &'a [i64],
    /// Decimal places of the fixed point, 0 to 18.
    pub places: u8,
    /// What they count.
    pub unit: Unit,
}

impl<'a> Column<'a> {
    /// Amounts in smallest units of a currency.
    pub const fn money(values: &'a [i64], currency: Currency) -> Column<'a> {
        Column { values, places: currency.exponent(), unit: Unit::Money(currency) }
    }

    /// Whole days.
    pub const fn days(values: &'a [i64]) -> Column<'a> {
        Column { values, places: 0, unit: Unit::Days }
    }

    /// Numbers of things.
    pub const fn counts(values: &'a [i64]) -> Column<'a> {
        Column { values, places: 0, unit: Unit::Count }
    }

    /// The value of one customer as a decimal; `None` beyond the last, and in a column of more than 18 places.
    pub fn get(&self, customer: usize) -> Option<Decimal> {
        self.values.get(customer).filter(|_| self.places <= 18).map(|&v| decimal::from_fixed(v.into(), self.places))
    }
}
