//! Why does she have 80 points, and not 170?
//!
//! A member's year: an award that waits, a return, a redemption that is cancelled, a birthday, points that expire. The shop is invented.
//! Run it with `cargo run --example 17_member_year`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::loyalty::account::{Balance, Part, Record, ReturnedPart};
use customer_value::loyalty::earning::{Basket, Line};
use customer_value::loyalty::{
    Account, AccountId, Command, CommandId, OccasionDates, OccasionVerdict, Points, Programme, SourceId,
};
use customer_value::quantity::Name;
use std::error::Error;

/// A point for every euro, which waits two weeks and lives for a year, to the end of the month. Birthday points live for three months.
const SCHEME: &str = r#"{ "revision": "2026", "zone": { "offset_minutes": 60 }, "currency": "EUR",
    "kinds": [{ "name": "points", "pending": { "days": 14 }, "expiry": { "after": { "life": { "months": 12 }, "to": "month_end" } },
        "shortfall": "within_balance", "redemption": { "worth": { "points": 10, "money": { "amount": "1.00", "currency": "EUR" } } } }],
    "earning": { "rounding": "floor",
        "basis": { "tax": false, "shipping": false, "discounts": "deducted", "paid_in_points": false },
        "rules": [
            { "name": "a point a euro", "kind": "points", "on": "purchase",
                "give": { "per_amount": { "points": 1, "per": { "amount": "1.00", "currency": "EUR" } } } },
            { "name": "double Saturdays", "kind": "points", "on": "purchase", "when": [{ "weekdays": ["Sat"] }], "give": { "times": "2" } },
            { "name": "birthday", "kind": "points", "on": { "occasion": "birthday" }, "give": { "fixed": 50 },
                "pending": "none", "expiry": { "after": { "life": { "months": 3 } } } }] },
    "returns": { "by": "line", "rounding": "floor" }, "occasions": { "birthday": { "birthday": {} } } }"#;

struct Year {
    scheme: Programme,
    account: Account,
    log: Vec<Record>,
    points: Name,
}

impl Year {
    /// Carries out a command in the morning of a day, and says what happened, why, and what there is now.
    fn tell(&mut self, day: &str, command: &Command) -> Result<(), Box<dyn Error>> {
        let (at, id) = (format!("{day}T10:00:00+01:00").parse()?, CommandId::new(&format!("command of {day}"))?);
        let decision = self.account.execute(&self.scheme, at, &id, command)?;
        decision.steps().iter().for_each(|step| println!("              {step}"));
        if let Some(record) = decision.into_record() {
            record.events.iter().for_each(|happened| println!("{happened}."));
            self.log.push(record);
        }
        let Balance { available, pending, .. } = self.account.balance(&self.points, at);
        println!("            = {available} points to spend, {pending} that wait\n");
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let account = Account::new(AccountId::new("member 4711")?, "2026-01-10T10:00:00+01:00".parse()?);
    let mut year = Year { scheme: serde_json::from_str(SCHEME)?, account, log: Vec::new(), points: Name::new("points")? };
    let (spring, autumn) = (SourceId::new("the order of February")?, SourceId::new("the order of May")?);

    // A lamp and its shade; the shade comes back while its points still wait.
    let line = |item: &str, price: &str| Ok::<_, Box<dyn Error>>(Line::new(Name::new(item)?, Name::new(item)?, price.parse()?));
    let basket =
        Basket::new("2026-02-02T10:00:00+01:00".parse()?, vec![line("the lamp", "80 EUR")?, line("the shade", "40 EUR")?])?;
    year.tell("2026-02-02", &Command::Earn { source: spring.clone(), basket })?;
    let parts = vec![ReturnedPart { line: Name::new("the shade")?, part: Part::Rest }];
    year.tell("2026-02-10", &Command::Return { source: spring, document: SourceId::new("credit note 9")?, parts })?;

    // Her birthday is due when asked, and once a year; the date itself goes nowhere.
    let dates = OccasionDates::new().born("1990-05-04".parse()?, "2026-01-10".parse()?);
    let occasion = Name::new("birthday")?;
    let due = year.account.occasion_due(&year.scheme, &occasion, &dates, "2026-05-04T09:00:00+01:00".parse()?)?;
    let Some(OccasionVerdict::Due { key, day }) = due else { return Err("the birthday is due".into()) };
    year.tell("2026-05-04", &Command::Celebrate { occasion, key, day })?;

    // What expires first is spent first, and comes back to where it was.
    let order = Some("30 EUR".parse()?);
    let points = Points::new(60);
    year.tell("2026-05-20", &Command::Redeem { source: autumn.clone(), kind: year.points.clone(), points, order })?;
    year.tell("2026-06-01", &Command::CancelRedemption { source: autumn, points: None })?;
    year.tell("2026-09-01", &Command::Tick)?;

    let totals = year.account.totals(&year.points);
    println!(
        "{} points were credited: {} taken back, {} spent, {} expired.",
        totals.issued, totals.clawed_back, totals.burned, totals.expired
    );
    for expiring in year.account.expiring(&year.points, "2026-12-31T10:00:00+01:00".parse()?) {
        println!("{} are left, and gone from {} on, if she does not spend them.", expiring.points, expiring.at.date());
    }
    let again = Account::replay(year.account.id().clone(), year.account.joined(), &year.log)?;
    println!("The log of {} records says the same: {}.", year.log.len(), again == year.account);
    Ok(())
}
