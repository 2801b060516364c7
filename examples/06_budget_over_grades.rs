//! Who moves between the grades, what is a customer of each grade worth, and how should a budget be divided over them?
//!
//! From a matrix of moves to a Markov chain, to values, to customer equity, to a budget with a shadow price. The numbers are this
//! example's own. Run it with `cargo run --example 06_budget_over_grades`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::money::{Currency, Money, Ratio, Rounding};
use customer_value::quantity::{Confidence, Name};
use customer_value::tier::GradeSet;
use customer_value::tier::budget::{Curve, Response, Shape, allocate};
use customer_value::tier::migration::{Census, Migration};
use customer_value::value::markov::Horizon;
use std::{error::Error, fmt::Write};

/// Grade last year; customers with grade A, B, C this year, and gone.
const MOVES: [(&str, [u32; 4]); 3] = [("A", [412, 61, 12, 15]), ("B", [130, 905, 240, 225]), ("C", [20, 410, 3_870, 3_700])];
/// Margin of a year, and the share that responds to a campaign at 20.00 each.
const GRADES: [(&str, &str, &str); 3] = [("A", "420 EUR", "0.09"), ("B", "95 EUR", "0.06"), ("C", "8 EUR", "0.02")];
const ROUNDING: Rounding = Rounding::HalfEven;

fn main() -> Result<(), Box<dyn Error>> {
    let set = GradeSet::letters(3)?;
    let moves = moves(&set)?;
    println!("of 100 customers   to A                  to B                  to C                  kept");
    for (before, row) in set.best_first().iter().zip(moves.matrix(Confidence::P95)) {
        let mut line = format!("from {before:<12}");
        for cell in row.into_iter().chain([moves.retention_estimate(before, Confidence::P95)]) {
            let share = cell.ok_or("nobody had the grade")?;
            let text = format!("{:.1} ({:.1} to {:.1})", 100.0 * share.value(), 100.0 * share.low(), 100.0 * share.high());
            write!(line, "  {text:<20}")?;
        }
        println!("{}", line.trim_end());
    }

    // What a customer is worth if they keep moving so: a margin now and at the end of each year, at 12 % a year.
    let chain = moves.chain(Name::new("gone")?, &[])?;
    let mut margins = GRADES.iter().map(|(_, margin, _)| margin.parse()).collect::<Result<Vec<Money>, _>>()?;
    margins.push(Money::zero(Currency::EUR));
    let values = chain.value(&margins, "0.12".parse()?, Horizon::Forever)?;
    let mut census = Census::new(&set, "2024-12-31".parse()?, Currency::EUR);
    for (grade, margin) in set.best_first().iter().zip(&margins) {
        let now: u64 = set.best_first().iter().map(|before| moves.count(before, grade)).sum();
        (0..now).try_for_each(|_| census.push(grade, *margin))?;
    }
    let now = census.in_states(chain.states())?;
    let later = chain.project(&now, 1, 0, ROUNDING)?;
    println!("\ngrade  customers  in a year  years until gone  worth each");
    for (grade, later) in set.best_first().iter().zip(&later) {
        let (customers, years) = (census.customers(grade), chain.time_to(grade.name(), "gone", 2, ROUNDING)?);
        println!("{grade:<5}  {customers:>9}  {later:>9}  {years:>16}  {:>10}", values.of(grade.name(), ROUNDING)?.amount());
    }
    println!("customer equity: {}", values.equity(&now, ROUNDING)?);

    // A response is a customer won for one more step: what it brings is the value of the grade above, or another year in A.
    let mut responses = Vec::new();
    for (at, (grade, _, share)) in GRADES.into_iter().enumerate() {
        let margin = match at {
            0 => margins[0],
            _ => values.of(GRADES[at - 1].0, ROUNDING)?.try_sub(values.of(grade, ROUNDING)?)?,
        };
        let curve = Curve::new(Shape::Exponential, "0.3".parse::<Ratio>()?, share.parse()?, "20 EUR".parse()?)?;
        let customers = census.customers(set.grade(grade).ok_or("no such grade")?);
        responses.push(Response { grade: Name::new(grade)?, customers, margin, curve });
    }
    let budget: Money = "120000 EUR".parse()?;
    let plan = allocate(budget, &responses)?;
    plan.verify(&responses)?;
    println!("\ngrade  margin per response     amount   each  the last coin returns");
    for (part, response) in plan.parts.iter().zip(&responses) {
        let each = part.per_customer(Rounding::Floor).ok_or("nobody to spend it on")?;
        let (grade, margin, amount) = (&part.grade, response.margin.amount(), part.amount.amount());
        let coin = if part.amount.minor() == 0 { "none spent; the first would return " } else { "" };
        println!("{grade:<5}  {margin:>19}  {amount:>9}  {:>5}  {coin}{:.4}", each.amount(), part.marginal_return);
    }
    println!("gain: {}, unspent: {}, shadow price: {:.4}", plan.gain(ROUNDING)?, plan.unspent, plan.shadow_price);
    let more = allocate(budget.try_add("1000 EUR".parse()?)?, &responses)?;
    println!("1000.00 EUR more would bring {} beyond themselves", more.gain(ROUNDING)?.try_sub(plan.gain(ROUNDING)?)?);
    let all = allocate("1000000 EUR".parse()?, &responses)?;
    println!("of a million, {} would be spent; the rest would not earn itself back", all.spent()?);
    Ok(())
}

fn moves(set: &GradeSet) -> Result<Migration, Box<dyn Error>> {
    let mut moves = Migration::new(set);
    for (before, counts) in MOVES {
        for (after, times) in ["A", "B", "C", "gone"].into_iter().zip(counts) {
            (0..times).try_for_each(|_| moves.push(set.grade(before), set.grade(after)))?;
        }
    }
    Ok(moves)
}
