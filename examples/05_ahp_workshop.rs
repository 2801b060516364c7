//! Three people weigh economic against social value: do they agree with themselves, and what do they weigh together?
//!
//! Run it with `cargo run --example 05_ahp_workshop`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::money::Ratio;
use customer_value::quantity::Name;
use customer_value::score::weights::{Pairwise, RandomIndex, Weights, WeightsError};
use std::error::Error;

const NAMES: [&str; 4] = ["sales", "profit", "brand", "referral"];
/// Row by row above the diagonal: sales over profit, sales over brand, sales over referral, profit over brand …
type Judgements = [&'static str; 6];
const TABLES: [(&str, RandomIndex); 2] =
    [("Saaty 1980", RandomIndex::Saaty1980), ("Donegan and Dodd 1991", RandomIndex::DoneganDodd1991)];

fn main() -> Result<(), Box<dyn Error>> {
    let limit = "0.1".parse()?;

    // 1. Each by himself. A judgement of 3 says: counts three times as much.
    let people = [
        ("Li, sales", judge(["1", "3", "5", "3", "4", "2"])?),
        ("Wang, finance", judge(["1/2", "3", "4", "5", "7", "2"])?),
        ("Zhao, marketing", judge(["2", "1/2", "3", "1/4", "2", "1/5"])?),
    ];
    for (who, judgements) in &people {
        println!("{who}");
        report(judgements, limit)?;
    }

    // 2. Zhao reconsiders the judgement that was pointed out, and nothing else: it was written the wrong way round.
    let zhao = judge(["2", "1/2", "3", "1/4", "2", "5"])?;
    println!("Zhao, marketing, once more");
    report(&zhao, limit)?;

    // 3. Together: the geometric mean of the judgements, each person counting the same.
    let [(_, li), (_, wang), _] = people;
    let group = Pairwise::group(&[li, wang, zhao])?;
    println!("All three");
    report(&group, limit)?;
    println!("  by geometric means of the rows:");
    for (name, share) in group.geometric().iter() {
        println!("    {name:<10}{share:.4}");
    }

    // 4. What goes into the score model: exact fractions that add up to one, the brand split further.
    let (weights, _) = group.weights(&TABLES[0].1, limit, 3)?;
    let parts = Weights::parts(&[(Name::new("reputation")?, 2), (Name::new("reach")?, 1)])?;
    let weights = weights.nest(&[(Name::new("brand")?, parts)])?;
    println!("\nWeights");
    for (name, weight) in weights.iter() {
        println!("  {name:<12}{weight}");
    }
    println!("  {:<12}{}", "together", Ratio::sum(weights.iter().map(|(_, weight)| weight))?);
    println!("\n{}", serde_json::to_string(&weights)?);
    Ok(())
}

fn judge(judgements: Judgements) -> Result<Pairwise, Box<dyn Error>> {
    let names = NAMES.map(Name::new).into_iter().collect::<Result<Vec<_>, _>>()?;
    let pairs = (0..4).flat_map(|i| (i + 1..4).map(move |j| (i, j)));
    let judged = pairs.zip(judgements).map(|((i, j), ratio)| Ok((names[i].clone(), names[j].clone(), ratio.parse()?)));
    let judged = judged.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    Ok(Pairwise::new(names, &judged)?)
}

/// The consistency under two tables of random indices, and the weights or what speaks against them.
fn report(judgements: &Pairwise, limit: Ratio) -> Result<(), Box<dyn Error>> {
    for (table, random) in &TABLES {
        let found = judgements.consistency(random)?;
        println!("  λmax {:.4}, CI {:.4}, CR {:.4} ({table})", found.lambda_max, found.index, found.ratio);
    }
    match judgements.weights(&TABLES[0].1, limit, 3) {
        Ok((weights, _)) => println!("  {weights}"),
        Err(WeightsError::Inconsistent { suspects, .. }) => {
            for suspect in suspects {
                println!("  refused, please reconsider {suspect}");
            }
        }
        Err(other) => return Err(other.into()),
    }
    Ok(())
}
