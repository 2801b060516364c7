//! An airline's ladder: why is she still Gold, what does she fall to, and what would keep her there?
//!
//! An airline, invented for this example. Run it with `cargo run --example 18_airline_ladder`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::loyalty::ladder::{Action, Intervention, Ladder, StatusCredits, StatusState, UpgradePlan, Way};
use customer_value::quantity::Name;
use std::error::Error;

/// Miles or segments; Gold is easier to keep than to enter. A status stands to the end of the next year and three months more, falls one
/// tier a year, and half of the miles beyond it roll over, 20,000 at most. A million miles are Silver for life.
const LADDER: &str = r#"{ "base": "Member",
    "tiers": [
        { "name": "Silver", "entry": { "any": [{ "at_least": { "metric": "miles", "count": 30000 } }, { "at_least": { "metric": "segments", "count": 20 } }] } },
        { "name": "Gold",
          "entry": { "any": [{ "at_least": { "metric": "miles", "count": 70000 } }, { "at_least": { "metric": "segments", "count": 50 } }] },
          "keep": { "any": [{ "at_least": { "metric": "miles", "count": 60000 } }, { "at_least": { "metric": "segments", "count": 40 } }] } },
        { "name": "Platinum", "entry": { "at_least": { "metric": "miles", "count": 150000 } } }],
    "counting": { "periods": { "cycle": { "start": { "calendar": 1 }, "months": 12 }, "stands": 1 } },
    "grace": { "span": { "months": 3 } }, "landing": 1,
    "roll_over": { "caps": { "miles": 20000 }, "percent": 50 },
    "floors": [{ "tier": "Silver", "after": { "credits": { "at_least": { "metric": "miles", "count": 1000000 } } } }],
    "milestones": [{ "name": "upgrade voucher", "reached": { "tier": "Gold" }, "every": { "start": { "calendar": 1 }, "months": 12 } }],
    "corrections": "recompute" }"#;

/// A status match: Gold for 90 days, and for good with 15,000 miles in them.
const MATCH: &str = r#"{ "name": "match 2022", "tier": "Gold", "trial": true, "window": { "days": 90 },
    "target": { "at_least": { "metric": "miles", "count": 15000 } }, "on_success": "as_earned", "on_failure": "restore", "once_in_years": 5 }"#;

fn main() -> Result<(), Box<dyn Error>> {
    let ladder: Ladder = serde_json::from_str(LADDER)?;
    let plan: UpgradePlan = serde_json::from_str(MATCH)?;
    let mut flown = StatusCredits::new();
    let mut anna = ladder.join("2022-02-01".parse()?)?;

    // 1. Anna comes from another airline, and has three months to show that she means it.
    let (reason, author) = (Name::new("Gold elsewhere")?, Name::new("service desk")?);
    anna.intervene(&ladder, Intervention { on: "2022-02-01".parse()?, action: Action::Plan(plan), reason, author })?;
    fly(&mut flown, "2022-03-03", 11_000)?;
    println!("Anna on 2022-03-31");
    ladder.to_next(&anna, &flown, "2022-03-31".parse()?)?.iter().for_each(print);
    fly(&mut flown, "2022-04-20", 4_000)?;
    anna = until(&ladder, &anna, &flown, "2022-12-31")?;

    // 2. A great year, with 20,000 miles more than Platinum takes: half of them roll over. Then lean ones.
    fly(&mut flown, "2023-05-05", 170_000)?;
    fly(&mut flown, "2024-05-05", 35_000)?;
    fly(&mut flown, "2025-05-05", 9_000)?;
    anna = until(&ladder, &anna, &flown, "2024-12-01")?;
    println!("Anna on 2024-12-01");
    ladder.to_keep(&anna, &flown, "2024-12-01".parse()?)?.iter().for_each(print);
    anna = until(&ladder, &anna, &flown, "2027-12-31")?;

    // 3. A long flight makes her Gold again, and is refunded: the status becomes what it would have been without it.
    fly(&mut flown, "2027-06-06", 80_000)?;
    anna = until(&ladder, &anna, &flown, "2027-12-31")?;
    fly(&mut flown, "2027-06-06", -80_000)?;
    anna = until(&ladder, &anna, &flown, "2027-12-31")?;
    println!("Anna is {}", anna.standing());
    Ok(())
}

/// A flight: so many miles, and a segment; taken back if the miles are negative.
fn fly(flown: &mut StatusCredits, day: &str, miles: i64) -> Result<(), Box<dyn Error>> {
    flown.push(&Name::new("miles")?, day.parse()?, miles)?;
    flown.push(&Name::new("segments")?, day.parse()?, miles.signum())?;
    Ok(())
}

/// Runs to a day and prints what happens on the way.
fn until(ladder: &Ladder, member: &StatusState, flown: &StatusCredits, day: &str) -> Result<StatusState, Box<dyn Error>> {
    let run = ladder.run(member, flown, day.parse()?)?;
    println!("until {day}");
    run.changes.iter().for_each(|change| println!("  {change}"));
    run.gifts.iter().for_each(|gift| println!("  {} {}", gift.on, gift.milestone));
    Ok(run.state)
}

fn print(way: &Way) {
    let gaps: Vec<String> = way.gaps.iter().map(|gap| format!("{} {}", gap.missing, gap.metric)).collect();
    let (by, until) = (way.by.map_or("any day".into(), |d| d.to_string()), way.until.map_or("ever".into(), |d| d.to_string()));
    let plan = way.plan.as_ref().map_or(String::new(), |plan| format!(" ({plan})"));
    println!("  {}{plan}: {} before {by}; until {until}", way.tier, gaps.join(" and "));
}
