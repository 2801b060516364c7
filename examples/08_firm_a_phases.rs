//! Who is the better distributor, when the firm wants something else than it did some years ago?
//!
//! Firm A of the source article grades its distributors of cosmetics. First it wants fast coverage: a strong network in first-tier
//! cities, whatever the sales; then a sound system, tended intensively and controlled vertically; now a controlled supply chain. Days,
//! weights, points and judgements are this example's own. Run it with `cargo run --example 08_firm_a_phases`.
#![allow(clippy::print_stdout)] // an example is a program: it prints

use anyhow::{Context, Result};
use customer_value::quantity::{Fact, Name, Source, Ties, Unit};
use customer_value::score::{Cutpoints, Missing, Phase, Scale, ScoreModel, Strategy, Term};
use customer_value::tier::{Axis, GradeModel, GradeSet, Grid};
use customer_value::value::{Assessment, Assessments, Dimension, Direction, FactSheet, Facts, Family, Validity};
use customer_value::{Decimal, money::Currency, money::Money, reason::Language};

/// What is judged, in four levels each; sales are counted.
const JUDGED: [(&str, Family, [&str; 4]); 4] = [
    ("first-tier network", Family::Latent, ["none", "some shops", "one city", "several cities"]),
    ("market order", Family::Social, ["price wars", "lapses", "keeps prices", "keeps prices and regions"]),
    ("local depth", Family::Latent, ["city centre", "all districts", "counties", "townships"]),
    ("integration", Family::Latent, ["own books", "reports by hand", "shares stock data", "runs on our system"]),
];
/// Phase, first day, first day after (the last has no end), and what weighs how much: few dimensions, so that a phase keeps its focus.
const PHASES: [([&str; 3], [[&str; 2]; 3]); 3] = [
    (["fast coverage", "1997-01-01", "2003-01-01"], [["first-tier network", "0.7"], ["local depth", "0.2"], ["sales", "0.1"]]),
    (["sound system", "2003-01-01", "2009-01-01"], [["market order", "0.4"], ["local depth", "0.4"], ["sales", "0.2"]]),
    (["supply-chain control", "2009-01-01", ""], [["integration", "0.6"], ["market order", "0.2"], ["sales", "0.2"]]),
];
/// Distributor, dimension, level, evidence, day, confidence.
const JUDGEMENTS: [[&str; 6]; 12] = [
    ["Pujiang", "first-tier network", "several cities", "store visits", "2002-05-10", "0.9"],
    ["Pujiang", "market order", "price wars", "complaints of others", "2002-08-01", "0.8"],
    ["Pujiang", "market order", "lapses", "price survey", "2003-09-01", "0.7"],
    ["Pujiang", "local depth", "all districts", "store visits", "2002-05-10", "0.8"],
    ["Pujiang", "local depth", "counties", "store visits", "2003-10-20", "0.8"],
    ["Pujiang", "integration", "reports by hand", "audit", "2010-03-15", "0.9"],
    ["Tianfu", "first-tier network", "some shops", "store visits", "2002-06-20", "0.9"],
    ["Tianfu", "market order", "keeps prices", "price survey", "2002-08-01", "0.7"],
    ["Tianfu", "market order", "price wars", "rumour", "2003-06-01", "0.2"], // not sure enough to count
    ["Tianfu", "local depth", "counties", "store visits", "2002-06-20", "0.8"],
    ["Tianfu", "local depth", "townships", "store visits", "2003-11-05", "0.8"],
    ["Tianfu", "integration", "shares stock data", "audit", "2010-02-11", "0.9"],
];
/// Distributor, and annual sales in 2002, 2003, 2010, in millions.
const SALES: [(&str, [i64; 3]); 2] = [("Pujiang", [18, 24, 40]), ("Tianfu", [6, 9, 35])];
const DAYS: [&str; 3] = ["2002-12-31", "2003-12-31", "2010-12-31"];

fn main() -> Result<()> {
    let strategy = firm_a()?;
    println!("Half a grade below is the mean of the two orders.\n\n{:<12}{:<22}{:<9}{}", "day", "phase", SALES[0].0, SALES[1].0);
    for (at, day) in DAYS.iter().enumerate() {
        let day = day.parse()?;
        let grade = |i: usize| -> Result<_> { Ok(strategy.grade(&facts(SALES[i], at)?, day)?.value) };
        println!("{day}  {:<22}{:<9}{}", strategy.on(day).context("no phase")?.name, grade(0)?, grade(1)?);
    }
    let value = strategy.of_score(&Name::new("distributor value")?).context("every phase has this score")?;
    let (then, now, last) = (DAYS[0].parse()?, DAYS[1].parse()?, DAYS[2].parse()?);
    for distributor in SALES {
        let (before, after) = ((then, &facts(distributor, 0)?), (now, &facts(distributor, 1)?));
        println!("\n{}:\n{}", distributor.0, strategy.change(before, after)?.explain(Language::English));
        print!("{}", value.change(before, after)?.explain(Language::English));
    }
    let refusal = strategy.change((then, &facts(SALES[1], 0)?), (last, &facts(SALES[1], 2)?)).err();
    println!("\n2002 against 2010: {}", refusal.context("what counts now was not judged then")?);
    Ok(())
}

fn firm_a() -> Result<Strategy<GradeModel>> {
    let points = [0, 3, 7, 10].map(|tenths| Decimal::new(tenths, 1)).to_vec();
    let sales = Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::CNY))?;
    let term = |[name, weight]: [&str; 2]| -> Result<Term> {
        let (dimension, scale) = match JUDGED.iter().find(|judged| judged.0 == name) {
            Some((_, family, levels)) => (Dimension::judged(name, *family, *levels)?, Scale::Points(points.clone())),
            None => (sales.clone(), Scale::Range { worst: 0.into(), best: 40_000_000.into() }),
        };
        Ok(Term { dimension, weight: weight.parse()?, scale, missing: Missing::Refuse })
    };
    let value = Name::new("distributor value")?;
    let cutpoints = Cutpoints::new(["0.4", "0.7"].map(str::parse).into_iter().collect::<Result<_, _>>()?, Ties::ToUpper)?;
    let cells = ["C", "B", "A"].map(Name::new).into_iter().collect::<Result<_, _>>()?;
    let grid = Grid::new(GradeSet::letters(3)?, vec![Axis { of: value.clone(), cutpoints }], cells)?;
    let mut phases = Vec::new();
    for ([name, from, until], weights) in PHASES {
        let score = ScoreModel::new(value.clone(), 3, weights.into_iter().map(term).collect::<Result<_>>()?)?;
        let model = GradeModel::new(Name::new(name)?, vec![], vec![score], grid.clone(), vec![])?;
        phases.push(Phase { name: Name::new(name)?, from: from.parse()?, until: until.parse().ok(), model });
    }
    Ok(Strategy::new(phases)?)
}

/// What is known of a distributor at the close of one of the days: judgements that are sure enough, and the year's sales.
fn facts((distributor, millions): (&str, [i64; 3]), at: usize) -> Result<impl Facts> {
    let mut judged = Assessments::new();
    for [_, dimension, level, evidence, on, sure] in JUDGEMENTS.into_iter().filter(|judgement| judgement[0] == distributor) {
        let source = Source::new(Name::new(evidence)?, on.parse()?, Some(sure.parse()?))?;
        judged.push(Name::new(dimension)?, Assessment { fact: Fact::Named(Name::new(level)?), source });
    }
    let judged = judged.as_of(DAYS[at].parse()?, Validity { days: None, least_confidence: Some("0.5".parse()?) })?;
    Ok((judged, FactSheet::new().with("sales", Money::from_minor(millions[at] * 100_000_000, Currency::CNY))?))
}
