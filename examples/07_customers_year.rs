//! How does a customer's grade go through a year, and why did it move?
//!
//! A strict model decides who is promoted, a lenient one who keeps the grade; a policy turns their decisions into a grade that does not
//! wobble. Run it with `cargo run --example 07_customers_year`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::calendar::{Period, months_from};
use customer_value::money::{Currency, Money};
use customer_value::quantity::{Name, Ties, Unit};
use customer_value::reason::Language;
use customer_value::score::Cutpoints;
use customer_value::tier::membership::{Confirmation, Event, Hold, Membership, Policy, Terms, Transition};
use customer_value::tier::{Axis, GradeModel, GradeSet, Grid};
use customer_value::value::{Dimension, Direction, FactSheet, Family};
use std::error::Error;

/// Sales of twelve months in yuan, at the end of January 2024 and of each month after it.
const SALES: [i64; 13] = [2600, 5200, 5400, 4300, 3600, 3500, 4100, 1900, 1400, 1300, 1200, 1300, 5600];

fn main() -> Result<(), Box<dyn Error>> {
    // 1. Two models with different cuts: 5,000 for an A, but only 4,000 to stay one.
    let grades = GradeSet::letters(3)?;
    let promotion = model("promotion", &grades, [2000, 5000])?;
    let retention = model("retention", &grades, [1500, 4000])?;

    // 2. How the grade follows them over time.
    let terms = Terms {
        promotion: Confirmation { decisions: 2, days: 0 },
        demotion: Confirmation { decisions: 2, days: 28 },
        grace_days: 60,
        steps: Some(1),
        usable_days: 45,
    };
    let policy = Policy::new(Name::new("calm")?, grades.clone(), terms)?;
    println!("{policy}");

    // 3. Month by month; in October a person steps in.
    let mut log = Vec::new();
    for (month, yuan) in (0..).zip(SALES) {
        let facts = FactSheet::new().with("sales", Money::from_minor(yuan * 100, Currency::CNY))?;
        let day = months_from("2024-01-31".parse()?, month)?;
        log.push(Event::Decided { entry: promotion.grade(&facts, day)?, keep: Some(retention.grade(&facts, day)?) });
        if month == 8 {
            log.push(Event::Held(Hold {
                grade: grades.grade("A").ok_or("A is one of the letters")?.clone(),
                during: Period::new("2024-10-10".parse()?, "2025-01-01".parse()?)?,
                reason: Name::new("the yearly contract is being negotiated")?,
                author: Name::new("head of sales")?,
            }));
        }
    }
    let mut stored: Option<Membership> = None;
    let mut last: Option<Transition> = None;
    for event in &log {
        let (membership, transition) = policy.apply(stored.as_ref(), event)?;
        print!("{}", transition.explain(Language::English));
        if matches!(event, Event::Decided { .. }) {
            println!("{}", policy.outlook(&membership)?.explain(Language::English));
        }
        println!();
        (stored, last) = (Some(membership), Some(transition));
    }

    // 4. The same in Chinese, and as data.
    let (membership, last) = (stored.ok_or("there were events")?, last.ok_or("there were events")?);
    print!("{}", last.explain(Language::Chinese));
    println!("{}", policy.outlook(&membership)?.explain(Language::Chinese));
    println!("\nearned {}, automatic {}, shown {}", membership.earned(), membership.automatic(), membership.shown(last.on));
    let may = "2025-05-01".parse()?;
    println!(
        "by {may} the decision is {} days old; stale: {}",
        membership.days_since_decision(may),
        policy.is_stale(&membership, may)
    );

    // 5. A delivery that comes twice changes nothing, and the log gives the stored membership again.
    let (again, transition) = policy.apply(Some(&membership), log.last().ok_or("there were events")?)?;
    println!("delivered twice: {:?}, the same membership: {}", transition.causes, again == membership);
    let (replayed, transitions) = policy.replay(None, &log)?;
    println!("replayed {} events, the same membership: {}", transitions.len(), replayed == membership);
    Ok(())
}

/// A from the second cut on, B from the first.
fn model(name: &str, grades: &GradeSet, cuts: [i64; 2]) -> Result<GradeModel, Box<dyn Error>> {
    let sales = Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::CNY))?;
    let axis = Axis { of: sales.name.clone(), cutpoints: Cutpoints::new(cuts.map(Into::into).into(), Ties::ToUpper)? };
    let worst_first = ["C", "B", "A"].into_iter().map(Name::new).collect::<Result<_, _>>()?;
    let grid = Grid::new(grades.clone(), vec![axis], worst_first)?;
    Ok(GradeModel::new(Name::new(name)?, vec![sales], vec![], grid, vec![])?)
}
