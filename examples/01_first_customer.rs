//! What is this customer worth today, which grade does that make, and why?
//!
//! Run it with `cargo run --example 01_first_customer`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::calendar::Window;
use customer_value::customer::{History, Record, ReturnPolicy};
use customer_value::money::Currency;
use customer_value::quantity::{Name, Ties};
use customer_value::reason::Language;
use customer_value::score::{Cutpoints, Missing, Scale, ScoreModel, Term};
use customer_value::tier::{Axis, GradeModel, GradeSet, Grid};
use customer_value::value::{Dimension, Rfm};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    // 1. What happened. Invoice A-102 arrives twice, and a part of it comes back.
    let mut history = History::new(Currency::CNY);
    for record in [
        sale("A-101", "2024-01-15", "300.00 CNY")?,
        sale("A-102", "2024-03-02", "450.00 CNY")?,
        sale("A-102", "2024-03-02", "450.00 CNY")?,
        Record::returned("2024-03-09".parse()?, "150.00 CNY".parse()?).of_sale("A-102")?,
        sale("A-103", "2024-05-20", "400.00 CNY")?,
    ] {
        history.push(record)?;
    }

    // 2. What stands at the close of a day, after returns.
    let as_of = "2024-06-30".parse()?;
    let purchases = history.as_of(as_of, ReturnPolicy::STRICT)?;
    println!("day         purchases  after returns");
    for day in purchases.days() {
        println!("{}  {:>9}  {:>13}", day.on, day.count, day.net.to_string());
    }
    println!("all         {:>9}  {:>13}", purchases.count(), purchases.net().to_string());

    // 3. Recency, frequency, monetary value of the last twelve months.
    let rfm = Rfm::of(&purchases, Window::Months(12))?.ok_or("the customer has no purchase")?;
    println!("\nrecency {} days, frequency {}, monetary {}", rfm.recency_days, rfm.frequency, rfm.monetary);

    // 4. A grade, with its reasons as data and in two languages.
    let decision = grade_model()?.grade(&rfm, as_of)?;
    decision.verify()?; // the reasons add up by themselves
    println!("\nGrade {} as of {as_of}, because:", decision.value);
    decision.explain(Language::English).lines().for_each(|line| println!("  {line}"));
    println!("\n等级 {}（截至 {as_of}），理由：", decision.value);
    decision.explain(Language::Chinese).lines().for_each(|line| println!("  {line}"));
    Ok(())
}

fn sale(id: &str, on: &str, amount: &str) -> Result<Record, Box<dyn Error>> {
    Ok(Record::sale(on.parse()?, amount.parse()?).with_id(id)?)
}

/// Three levels on each dimension, weighed into a score from 1 to 3; the score is cut into grades.
fn grade_model() -> Result<GradeModel, Box<dyn Error>> {
    let [recency, frequency, monetary] = Rfm::dimensions(Currency::CNY)?;
    let score = ScoreModel::new(
        Name::new("activity")?,
        2,
        vec![
            term(recency, "0.3", ["30", "90"], Ties::ToLower)?, // 30 days or fewer is the best level
            term(frequency, "0.3", ["2", "4"], Ties::ToUpper)?, // 4 or more is
            term(monetary, "0.4", ["500", "1000"], Ties::ToUpper)?,
        ],
    )?;
    let axis = Axis { of: score.name().clone(), cutpoints: cuts(["1.75", "2.5"], Ties::ToUpper)? };
    let worst_first = ["C", "B", "A"].into_iter().map(Name::new).collect::<Result<_, _>>()?;
    let grid = Grid::new(GradeSet::letters(3)?, vec![axis], worst_first)?;
    Ok(GradeModel::new(Name::new("first model")?, vec![], vec![score], grid, vec![])?)
}

fn term(dimension: Dimension, weight: &str, at: [&str; 2], ties: Ties) -> Result<Term, Box<dyn Error>> {
    Ok(Term { dimension, weight: weight.parse()?, scale: Scale::Bins(cuts(at, ties)?), missing: Missing::Refuse })
}

fn cuts(at: [&str; 2], ties: Ties) -> Result<Cutpoints, Box<dyn Error>> {
    Ok(Cutpoints::new(vec![at[0].parse()?, at[1].parse()?], ties)?)
}
