//! How does a café give every tenth coffee away?
//!
//! A stamp for every coffee that was paid, and nine stamps buy the tenth. Run it with `cargo run --example 16_cafe_card`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::loyalty::earning::{Basket, Line};
use customer_value::loyalty::{Account, AccountId, Command, CommandId, Programme, Rejection, SourceId};
use customer_value::quantity::Name;
use std::error::Error;

const SCHEME: &str = r#"{ "revision": "2026", "zone": { "offset_minutes": 60 }, "currency": "EUR",
    "kinds": [{ "name": "stamps", "expiry": "never", "shortfall": "within_balance" }],
    "earning": { "rounding": "floor",
        "basis": { "tax": false, "shipping": false, "discounts": "deducted", "paid_in_points": false },
        "rules": [{ "name": "a stamp a coffee", "kind": "stamps", "on": "purchase", "lines": { "categories": ["coffee"] },
            "give": { "per_item": 1 } }] },
    "returns": { "by": "line", "rounding": "floor" },
    "rewards": [{ "name": "the tenth coffee", "kind": "stamps", "price": 9 }] }"#;

fn main() -> Result<(), Box<dyn Error>> {
    let scheme: Programme = serde_json::from_str(SCHEME)?;
    let mut card = Account::new(AccountId::new("card 7")?, "2026-03-01T08:00:00+01:00".parse()?);
    for day in 1..=12 {
        let (order, at) = (SourceId::new(&format!("order {day}"))?, format!("2026-03-{day:02}T08:15:00+01:00").parse()?);
        let claim = Command::Claim { source: order.clone(), reward: Name::new("the tenth coffee")? };
        match card.execute(&scheme, at, &CommandId::new(&format!("claim {day}"))?, &claim) {
            Ok(_) => println!("coffee {day:>2}: on the house"),
            Err(Rejection::Insufficient { wanted, available }) => {
                let mut coffee = Line::new(Name::new("1")?, Name::new("flat white")?, "3.40 EUR".parse()?);
                coffee.categories.insert(Name::new("coffee")?);
                let sold = Command::Earn { source: order, basket: Basket::new(at, vec![coffee])? };
                let stamped = card.execute(&scheme, at, &CommandId::new(&format!("sale {day}"))?, &sold)?;
                println!("coffee {day:>2}: {available} of {wanted} stamps; paid, and {} more", stamped.points());
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}
