//! What do the points owe at the end of a month?
//!
//! Revenue deferred and recognised, the roll-forward, the schedule of expiry, for sixty invented members. Run it with
//! `cargo run --example 19_month_end`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core, clippy::std_instead_of_alloc)] // it is a program: it has std, and prints

use customer_value::calendar::{Moment, Zone};
use customer_value::loyalty::accounting::{
    Breakage, Cohorts, DeferredRevenue, ExpirySchedule, Flow, PointsAlone, RollForward, allocate,
};
use customer_value::loyalty::earning::{Basket, Line};
use customer_value::loyalty::{
    Account, AccountId, Command, CommandId, Points, Programme, SourceId, account::Record, history::Axis,
};
use customer_value::money::{Currency, Money, Ratio, Rounding};
use customer_value::quantity::{Confidence, Name};
use std::{error::Error, num::NonZeroU16};

/// A point for every euro, good for three months and to the end of the last.
const SCHEME: &str = r#"{ "revision": "2025", "zone": { "offset_minutes": 0 }, "currency": "EUR",
    "kinds": [{ "name": "points", "expiry": { "after": { "life": { "months": 3 }, "to": "month_end" } }, "shortfall": "within_balance" }],
    "earning": { "rounding": "floor",
        "basis": { "tax": false, "shipping": false, "discounts": "deducted", "paid_in_points": false },
        "rules": [{ "name": "a point a euro", "kind": "points", "on": "purchase",
            "give": { "per_amount": { "points": 1, "per": { "amount": "1.00", "currency": "EUR" } } } }] },
    "returns": { "by": "line", "rounding": "floor" } }"#;

fn main() -> Result<(), Box<dyn Error>> {
    let (programme, points): (Programme, _) = (serde_json::from_str(SCHEME)?, Name::new("points")?);
    let mut accounts: Vec<(Account, Vec<Record>)> = Vec::new();
    for member in 0..60_u64 {
        let mut account = Account::new(AccountId::new(&format!("m{member}"))?, "2025-01-01T00:00:00Z".parse()?);
        let mut log = Vec::new();
        for month in 1..=12_u64 {
            let noon = |day: u64| format!("2025-{month:02}-{day:02}T12:00:00Z").parse::<Moment>();
            let cents = i64::try_from(4_000 + (member * 700 + month * 1_300) % 9_000)?;
            let line = Line::new(Name::new("1")?, Name::new("goods")?, Money::from_minor(cents, Currency::EUR));
            let basket = Basket::new(noon(3)?, vec![line])?;
            let earn = Command::Earn { source: SourceId::new(&format!("order {month}"))?, basket };
            log.extend(account.execute(&programme, noon(3)?, &CommandId::new(&format!("buy {month}"))?, &earn)?.into_record());
            if (member * 5 + month * 3) % 7 < 4 {
                let (source, amount) = (SourceId::new(&format!("paid {month}"))?, Points::new(20 + (member + month) % 20));
                let redeem = Command::Redeem { source, kind: points.clone(), points: amount, order: None };
                let id = CommandId::new(&format!("spend {month}"))?;
                log.extend(account.execute(&programme, noon(20)?, &id, &redeem)?.into_record());
            }
        }
        accounts.push((account, log));
    }

    let mut december =
        RollForward::new(points.clone(), "2025-12-01T00:00:00Z".parse()?, "2026-01-01T00:00:00Z".parse()?, Axis::Effective)?;
    let mut cohorts = Cohorts::new("2025-12-31".parse()?)?;
    for (account, log) in &mut accounts {
        // The books are closed: what time has done is written down first.
        let tick =
            account.execute(&programme, "2025-12-31T23:59:59Z".parse()?, &CommandId::new("close 2025-12")?, &Command::Tick)?;
        log.extend(tick.into_record());
        december.push(log)?;
        cohorts.push_log(&points, &Zone::UTC, log)?;
    }
    let cent = Ratio::new(1, 100)?;
    let money = december.in_money(cent, Currency::EUR, Rounding::HalfUp)?;
    println!("December, in points and at 0.01 EUR a point");
    println!("  {:12} {:>7} {:>12}", "opening", december.opening(), money.opening.to_string());
    for flow in Flow::ALL.into_iter().filter(|flow| !december.flow(*flow).is_zero()) {
        let sign = if flow.is_in() { '+' } else { '-' };
        println!("{sign} {:12} {:>7} {:>12}", format!("{flow:?}"), december.flow(flow).units(), money.flows[&flow].to_string());
    }
    println!("= {:12} {:>7} {:>12}", "closing", december.closing(), money.closing.to_string());

    let breakage = Breakage::of(&cohorts, NonZeroU16::new(4).unwrap_or(NonZeroU16::MIN))?;
    let share = breakage.redeemed(4, Rounding::HalfUp)?;
    let interval = breakage.estimate(Confidence::P95)?;
    let (low, high) = (interval.low(), interval.high());
    println!("\nof all points {share} will be redeemed, the rest is breakage (95 %: {low:.3} to {high:.3})");

    println!("\nan order of 100.00 EUR with 100 points");
    let alone = PointsAlone::new(Points::new(100), cent, share)?;
    let parts = allocate("100.00 EUR".parse()?, "100.00 EUR".parse()?, &alone)?;
    println!("  goods {}, points {}", parts.goods(), parts.points());
    let mut deferred = DeferredRevenue::new(parts.points(), Points::new(26), Rounding::HalfUp)?;
    for (month, redeemed, expected) in [("January", 10, 26), ("February", 10, 20), ("March", 20, 20)] {
        let recognised = deferred.catch_up(Points::new(redeemed), Points::new(expected))?;
        let owed = deferred.liability();
        println!("  {month:8} {redeemed} of {expected} expected points redeemed: {recognised} of revenue, {owed} still owed");
    }

    let at: Moment = "2026-01-01T00:00:00Z".parse()?;
    let mut schedule = ExpirySchedule::new(points, at, Zone::UTC);
    accounts.iter().try_for_each(|(account, _)| schedule.push(account))?;
    let money = schedule.in_money(cent, Currency::EUR, Rounding::HalfUp)?;
    println!("\nif nobody spends any more");
    for ((day, points), amount) in schedule.by_day().iter().zip(money.by_day.values()) {
        println!("  {points:>6} points are gone on {day}, {amount}");
    }
    println!("  together {}", money.total);
    Ok(())
}
