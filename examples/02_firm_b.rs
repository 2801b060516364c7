//! How does an advertising firm grade its customers by sales and market influence, when large sales decide alone?
//!
//! Firm B of the source article cuts two dimensions into a grid. Customers with annual sales of ten million or more (以上: the number
//! is included) are graded A by a one-vote rule, whatever the grid says. The weights, cuts and cells are this example's own; the
//! article does not give them. Run it with `cargo run --example 02_firm_b`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::money::{Currency, Money};
use customer_value::quantity::{Name, NameError, Predicate, Quantity, Ties, Unit};
use customer_value::reason::{Language, Reason, Verdict};
use customer_value::score::{Cutpoints, Missing, Reference, Scale, ScoreModel, Term};
use customer_value::tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule};
use customer_value::value::{Dimension, Direction::HigherIsBetter, FactSheet, Family};
use std::error::Error;

/// Customer, annual sales, and points for industry, position in the industry, public awareness.
const CUSTOMERS: [(&str, &str, [&str; 3]); 8] = [
    ("c1", "12000000.00 CNY", ["0.7", "0.25", "0.2"]),
    ("c2", "8000000.00 CNY", ["1", "1", "1"]),
    ("c3", "9999999.99 CNY", ["0.3", "0.25", "0.2"]),
    ("c4", "10000000.00 CNY", ["0.3", "0.25", "0.2"]),
    ("c5", "3000000.00 CNY", ["0.7", "0.75", "0.6"]),
    ("c6", "500000.00 CNY", ["0.3", "0.25", "0.2"]),
    ("c7", "500000.00 CNY", ["1", "0.75", "0.6"]),
    ("c8", "1500000.00 CNY", ["0.3", "0.5", "0.6"]),
];
const PARTS: [(&str, &str); 3] = [("industry", "0.40"), ("position", "0.35"), ("awareness", "0.25")];

fn main() -> Result<(), Box<dyn Error>> {
    let model = firm_b()?;
    let influence = &model.scores()[0];
    let as_of = "2011-12-31".parse()?;

    let mut rows = Vec::new();
    for (customer, sales, points) in CUSTOMERS {
        let sales: Money = sales.parse()?;
        let mut facts = FactSheet::new().with("annual sales", sales)?;
        for ((part, _), points) in PARTS.into_iter().zip(points) {
            facts = facts.with(part, Quantity::number(points.parse()?))?;
        }
        rows.push((customer, sales.amount(), influence.score_only(&facts)?.points(), model.grade(&facts, as_of)?));
    }
    // Percentiles (分位值) are for the reader; the grid looks at the values, so nobody's grade depends on who else is a customer.
    let all_sales = Reference::new(rows.iter().map(|row| row.1).collect())?;
    let all_influence = Reference::new(rows.iter().map(|row| row.2).collect())?;

    println!("customer        sales    pct.  influence    pct.  grid  one-vote  grade");
    for (customer, sales, influence, decision) in &rows {
        let (of_sales, of_influence) =
            (all_sales.percentile(*sales, HigherIsBetter), all_influence.percentile(*influence, HigherIsBetter));
        let grid = decision.reasons.iter().find_map(|r| if let Reason::Cell { grade, .. } = r { Some(grade) } else { None });
        let applies = decision.reasons.iter().any(|r| matches!(r, Reason::Rule { verdict: Verdict::Applies, .. }));
        let (grid, one_vote) = (grid.ok_or("no cell")?, if applies { "yes" } else { "" });
        println!(
            "{customer:<8} {sales:>12}  {of_sales:<6.4}  {influence:>9}  {of_influence:<6.4}  {grid:<4}  {one_vote:<8}  {}",
            decision.value
        );
    }
    for (customer, .., decision) in rows.iter().filter(|row| ["c3", "c4"].contains(&row.0)) {
        let reasons = decision.explain(Language::English);
        println!("\nWhy {customer} is {}, from the sales on:", decision.value);
        reasons.lines().skip_while(|line| !line.starts_with("annual sales")).for_each(|line| println!("  {line}"));
    }
    println!("\nRules by which a customer who improves could lose: {}", model.rules_against_improvement().count());
    Ok(())
}

fn firm_b() -> Result<GradeModel, Box<dyn Error>> {
    let dimension = |name, family, unit| Dimension::new(name, family, HigherIsBetter, unit);
    let sales = dimension("annual sales", Family::Economic, Unit::Money(Currency::CNY))?;
    let mut terms = Vec::new();
    for (part, weight) in PARTS {
        let dimension = dimension(part, Family::Social, Unit::Number)?;
        terms.push(Term { dimension, weight: weight.parse()?, scale: Scale::AsIs, missing: Missing::Refuse });
    }
    let influence = ScoreModel::new(Name::new("market influence")?, 4, terms)?;

    let axis = |of: &Name, cuts: [&str; 2]| -> Result<Axis, Box<dyn Error>> {
        Ok(Axis { of: of.clone(), cutpoints: Cutpoints::new(vec![cuts[0].parse()?, cuts[1].parse()?], Ties::ToUpper)? })
    };
    let axes = vec![axis(&sales.name, ["1000000", "5000000"])?, axis(influence.name(), ["0.4", "0.7"])?];
    // Rows: sales, worst first; columns: influence, worst first.
    let cells = "C C B  C B B  B B A".split_whitespace().map(Name::new).collect::<Result<_, NameError>>()?;
    let one_vote = Rule {
        name: Name::new("one-vote")?,
        when: Predicate::AtLeast { of: sales.name.clone(), bound: "10000000.00".parse()? },
        then: Effect::Pin(Name::new("A")?),
        because: Name::new("annual sales of ten million or more decide alone")?,
    };
    let grid = Grid::new(GradeSet::letters(3)?, axes, cells)?;
    Ok(GradeModel::new(Name::new("firm B")?, vec![sales], vec![influence], grid, vec![one_vote])?)
}
