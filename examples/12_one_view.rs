//! Three systems know her under three numbers: who is she, and what if we were wrong?
//!
//! Evidence in bits, losers kept, an unlink that gives both back. Invented data. Run it with `cargo run --example 12_one_view`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::customer::identity::{Assertion, Ground, LinkageModel, Links, Numbering, RecordKey, Says, SourceRecord};
use customer_value::customer::identity::{Retraction, Survivorship};
use customer_value::customer::{CustomerBase, Record, ReturnPolicy};
use customer_value::money::Currency;
use customer_value::quantity::{Fact, Name, Source};
use customer_value::reason::Language::English;
use std::error::Error;

/// How often a level is found among records of one customer (m) and of two (u).
const MODEL: &str = r#"{ "name": "three systems", "prior": "1/5001", "rounding": "half-even", "comparisons": [
    { "field": "name", "levels": [{ "name": "exact", "m": "0.85", "u": "0.002" }, { "name": "close", "m": "0.1", "u": "0.008" },
        { "name": "else", "m": "0.05", "u": "0.99" }] },
    { "field": "birthday", "levels": [{ "name": "same", "m": "0.97", "u": "0.003" }, { "name": "different", "m": "0.03", "u": "0.997" }] },
    { "field": "telephone", "levels": [{ "name": "same", "m": "0.8", "u": "0.0001" }, { "name": "different", "m": "0.2", "u": "0.9999" }] }
], "thresholds": { "link": "4", "review": "-1" } }"#;
const POLICY: &str = r#"{ "name": "spring 2024", "rules": [{ "attribute": "region", "prefer": ["agreed-by-most"] },
    { "attribute": "channel", "prefer": ["most-recent"] }, { "attribute": "occupation", "prefer": [{ "most-trusted": ["card", "shop"] }] }] }"#;

/// Record, sale number, day, amount.
const SALES: &str = "shop/4711 1001 2023-04-02 120.00, card/0088 1001 2024-01-15 45.00, calls/c-31 1001 2024-02-20 900.00";
/// Record: attribute, value (? for unknown), evidence, day.
const SAID: &str = "shop/4711: region East order 2023-11-11, channel web order 2023-11-11, occupation ? form 2022-01-05;
    card/0088: region North form 2024-01-15, channel store till 2024-01-15, occupation teacher form 2021-06-01;
    calls/c-31: region North call 2024-02-20, occupation nurse call 2024-02-20";

fn main() -> Result<(), Box<dyn Error>> {
    // 1. What agreement is worth. The names themselves stay outside: only how they compare comes in.
    let model: LinkageModel = serde_json::from_str(MODEL)?;
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
        links.push(Assertion::new(Name::new(id)?, a.parse()?, b.parse()?, "2024-03-01".parse()?, evidence)?)?;
    }
    let records: Vec<RecordKey> = vec!["shop/4711".parse()?, "card/0088".parse()?, "calls/c-31".parse()?];
    let at_first = links.clusters("2024-03-01".parse()?, records.clone());
    at_first.to_review().for_each(|s| println!("To be looked at: {}", s.explain(English)));
    let by = Name::new("help desk")?;
    let same = Ground::Manual { says: Says::Same, by: by.clone(), because: Name::new("she named both numbers")? };
    links.push(Assertion::new(Name::new("h1")?, records[1].clone(), records[2].clone(), "2024-03-04".parse()?, same)?)?;

    // 3. Who she is, and why.
    let believed = links.clusters("2024-03-31".parse()?, records.clone());
    let she = believed.of_record(&records[0]).ok_or("no record")?;
    println!("\n{} and {} are one customer because:", records[0], records[2]);
    she.why(&records[0], &records[2])?.iter().for_each(|s| println!("  {}", s.explain(English)));
    she.doubts().for_each(|s| println!("although\n  {}", s.explain(English)));

    // 4. One view; every loser is kept with the reason.
    let view = serde_json::from_str::<Survivorship>(POLICY)?.view(she, &said()?)?;
    println!("\nOne view of {} on {}:", view.id, view.as_of);
    view.attributes.iter().for_each(|resolved| print!("{}", resolved.explain(English)));
    println!("Known: {}; found within a year: {}.\n", view.coverage(), view.fresh(365));

    // 5. We were wrong about the calls: retracting one decision gives both customers back, and their sales.
    let mut base = CustomerBase::new(Currency::CNY);
    for row in SALES.split(',') {
        let [key, id, day, amount] = words(row)?;
        base.push(key.parse()?, Record::sale(day.parse()?, format!("{amount} CNY").parse()?).with_id(id)?)?;
    }
    links.retract(Retraction { of: Name::new("h1")?, on: "2024-04-10".parse()?, by, because: Name::new("it was her sister")? })?;
    let after = links.clusters("2024-04-10".parse()?, records);
    for clusters in [&at_first, &believed, &after] {
        println!("Customers on {}: {}", clusters.as_of(), clusters.len());
        for (key, purchases) in clusters.histories(&base, Numbering::BySystem)?.as_of(clusters.as_of(), ReturnPolicy::STRICT) {
            println!("  {key} spent {}", purchases?.net());
        }
    }
    Ok(())
}

fn said() -> Result<Vec<SourceRecord>, Box<dyn Error>> {
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

fn words(row: &str) -> Result<[&str; 4], Box<dyn Error>> {
    <[&str; 4]>::try_from(row.split_whitespace().collect::<Vec<_>>()).map_err(|_| "a row does not have four words".into())
}
