//! Numbers as people read them.

use chrono::NaiveDate;
use customer_value::{
    money::{Currency, Money, Ratio, Rounding},
    tier::treatment::Lever,
};
use std::fmt::Display;

/// A date as people write it: 9 Dec 2011.
pub(crate) fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// A whole number: 44,876.
pub(crate) fn count(number: impl Display) -> String {
    grouped(&number.to_string())
}

/// An amount to the smallest unit: £1,234.50.
pub(crate) fn money(amount: Money) -> String {
    format!("{}{}", symbol(amount.currency()), grouped(&amount.amount().to_string()))
}

/// An amount to the main unit: £1,234.
pub(crate) fn whole(amount: Money) -> String {
    format!("{}{}", symbol(amount.currency()), grouped(&amount.amount().round_dp(0).to_string()))
}

/// A share with one decimal place: 77.4%.
pub(crate) fn percent(share: Ratio) -> String {
    // Shares of heads and of 64-bit amounts are far from the ends of the range.
    let hundredfold = share.numerator().checked_mul(100).and_then(|n| Ratio::new(n, share.denominator()).ok());
    let rounded = hundredfold.and_then(|r| r.to_decimal(1, Rounding::HalfEven).ok());
    format!("{}%", rounded.unwrap_or_default())
}

/// A share, or a coefficient between 0 and 1, with that many decimal places.
pub(crate) fn fraction(share: Ratio, places: u8) -> String {
    share.to_decimal(places, Rounding::HalfEven).unwrap_or_default().to_string()
}

/// The first letter in upper case, for the head of a row or card.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One customer, two customers.
pub(crate) fn customers(number: u64) -> String {
    format!("{} {}", count(number), if number == 1 { "customer" } else { "customers" })
}

/// The name of a lever, as a word in front of an action.
pub(crate) fn lever(lever: Lever) -> String {
    capitalised(&lever.to_string())
}

fn symbol(currency: Currency) -> String {
    match currency {
        Currency::GBP => "£".to_owned(),
        Currency::EUR => "€".to_owned(),
        Currency::USD => "$".to_owned(),
        other => format!("{other} "),
    }
}

/// Commas between the thousands of the whole part.
fn grouped(number: &str) -> String {
    let (whole, rest) = number.find('.').map_or((number, ""), |point| number.split_at(point));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}
