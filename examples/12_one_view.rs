//! Three systems know her under three numbers: who is she, and what if we were wrong?
//!
//! Evidence in bits, one view with the losers kept, and an unlink that gives both customers back. All data are invented for this
//! example. Run it with `cargo run --example 12_one_view`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::customer::identity::*;
use customer_value::customer::{CustomerBase, Record, ReturnPolicy};
use customer_value::money::{Currency, Rounding};
use customer_value::quantity::{Fact, Name, Source};
use customer_value::reason::Language::English;
use std::error::Error;

type Done<T = ()> = Result<T, Box<dyn Error>>;

/// Record, sale number, day, amount.
const SALES: &str = "shop/4711 1001 2023-04-02 120.00, shop/4711 1002 2023-11-11 260.00, card/0088 1001 2024-01-15 45.00,
    calls/c-31 1001 2024-02-20 900.00";

/// Record: attribute, value (? for unknown), evidence, day.
const SAID: &str = "shop/4711: region East order 2023-11-11, channel web order 2023-11-11, occupation ? form 2022-01-05;
    card/0088: region North form 2024-01-15, channel store till 2024-01-15, occupation teacher form 2021-06-01;
    calls/c-31: region North call 2024-02-20, occupation nurse call 2024-02-20";

fn main() -> Done {
    // 1. What agreement is worth. The names themselves stay outside: only how they compare comes in.
    let level = |name, m: &str, u: &str| Ok::<_, Box<dyn Error>>(Level::new(name, m.parse()?, u.parse()?)?);
    let names = vec![level("exact", "0.85", "0.002")?, level("close", "0.1", "0.008")?, level("else", "0.05", "0.99")?];
    let model = LinkageModel::new(
        Name::new("three systems")?,
        "1/5001".parse()?,
        vec![
            Comparison::new("name", names)?,
            Comparison::same_or_different("birthday", "0.97".parse()?, "0.003".parse()?)?,
            Comparison::same_or_different("telephone", "0.8".parse()?, "0.0001".parse()?)?,
        ],
        Thresholds { link: "4".parse()?, review: "-1".parse()? },
        Rounding::HalfEven,
    )?;
    let (one, two) = model.expected()?;
    println!("Of 1,000 true pairs {:.0} are missed, of 10,000,000 others {:.0} are linked.\n", 1e3 * one.no_link, 1e7 * two.link);

    // 2. What was said: evidence of the machine, then a decision by hand.
    let mut links = Links::new();
    let weighed = [
        ("e1", "shop/4711", "card/0088", vec![("name", "exact"), ("birthday", "same")]), // no telephone on the card
        ("e2", "card/0088", "calls/c-31", vec![("name", "close"), ("birthday", "same")]),
        ("e3", "shop/4711", "calls/c-31", vec![("name", "close"), ("telephone", "different")]),
    ];
    for (id, a, b, outcomes) in weighed {
        let evidence = Ground::Weighed(model.weigh(outcomes)?);
        links.push(Statement::new(Name::new(id)?, a.parse()?, b.parse()?, "2024-03-01".parse()?, evidence)?)?;
    }
    let records: Vec<RecordKey> = vec!["shop/4711".parse()?, "card/0088".parse()?, "calls/c-31".parse()?];
    let at_first = links.clusters("2024-03-01".parse()?, records.clone());
    at_first.to_review().for_each(|s| println!("To be looked at: {}", s.explain(English)));
    let (by, because) = (Name::new("help desk")?, Name::new("she named both numbers")?);
    let same = Ground::Manual { says: Says::Same, by: by.clone(), because };
    links.push(Statement::new(Name::new("h1")?, records[1].clone(), records[2].clone(), "2024-03-04".parse()?, same)?)?;

    // 3. Who she is, and why.
    let believed = links.clusters("2024-03-31".parse()?, records.clone());
    let she = believed.of_record(&records[0]).ok_or("no record")?;
    println!("\n{} and {} are one customer because:", records[0], records[2]);
    she.why(&records[0], &records[2])?.iter().for_each(|s| println!("  {}", s.explain(English)));
    she.doubts().for_each(|s| println!("although\n  {}", s.explain(English)));

    // 4. One view; every loser is kept with the reason.
    let trusted = Prefer::MostTrusted(vec![Name::new("card")?, Name::new("shop")?]);
    let rule = |attribute, prefer| Ok::<_, Box<dyn Error>>(Rule { attribute: Name::new(attribute)?, prefer });
    let rules = vec![
        rule("region", vec![Prefer::AgreedByMost])?,
        rule("channel", vec![Prefer::MostRecent])?,
        rule("occupation", vec![trusted])?,
    ];
    let view = Survivorship::new(Name::new("spring 2024")?, rules)?.view(she, &said()?)?;
    println!("\nOne view of {} on {}:", view.id, view.as_of);
    view.attributes.iter().for_each(|resolved| print!("{}", resolved.explain(English)));
    println!("Known: {}; found within a year: {}.\n", view.coverage(), view.fresh(365));

    // 5. We were wrong about the calls: withdrawing one decision gives both customers back, and their sales.
    let mut base = CustomerBase::new(Currency::CNY);
    for row in SALES.split(',') {
        let [key, id, day, amount] = words(row)?;
        base.push(key.parse()?, Record::sale(day.parse()?, format!("{amount} CNY").parse()?).with_id(id)?)?;
    }
    links.withdraw(Withdrawal { of: Name::new("h1")?, on: "2024-04-10".parse()?, by, because: Name::new("it was her sister")? })?;
    let after = links.clusters("2024-04-10".parse()?, records);
    for clusters in [&at_first, &believed, &after] {
        println!("On {} there are {} customers:", clusters.as_of(), clusters.len());
        for (key, purchases) in clusters.histories(&base, Numbering::BySystem)?.as_of(clusters.as_of(), ReturnPolicy::STRICT) {
            let purchases = purchases?;
            println!("  {key}: {} purchases, {}", purchases.count(), purchases.net());
        }
    }
    Ok(())
}

fn said() -> Done<Vec<SourceRecord>> {
    let record = |text: &str| {
        let (key, said) = text.split_once(':').ok_or("no key")?;
        said.split(',').try_fold(SourceRecord::new(key.trim().parse()?), |record, row| {
            let [attribute, value, evidence, day] = words(row)?;
            let fact = if value == "?" { Fact::Unknown } else { Fact::Named(Name::new(value)?) };
            Ok(record.with(attribute, fact, Source::new(Name::new(evidence)?, day.parse()?, None)?)?)
        })
    };
    SAID.split(';').map(record).collect()
}

fn words(row: &str) -> Done<[&str; 4]> {
    <[&str; 4]>::try_from(row.split_whitespace().collect::<Vec<_>>()).map_err(|_| "a row does not have four words".into())
}
