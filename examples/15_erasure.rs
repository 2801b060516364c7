//! What survives when a customer asks to be forgotten?
//!
//! Run it with `cargo run --example 15_erasure`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use chrono::NaiveDate;
use customer_value::customer::contact::Channel;
use customer_value::customer::credit::{Buckets, CreditLine, Invoice, Payment};
use customer_value::customer::file::{Customer, Erasure, Identified};
use customer_value::customer::party::{BusinessModel, Party, Relationship, Role};
use customer_value::customer::privacy::{Consent, CustomerKey, Person, Purpose, Vault, Withdrawal};
use customer_value::customer::profile::{Area, Catalogue, Entry, Kind, RiskTolerance, Statement};
use customer_value::customer::{Record, ReturnPolicy};
use customer_value::money::Currency;
use customer_value::quantity::{Fact, Name, Source};
use customer_value::reason::Language;
use customer_value::value::Facts;
use std::error::Error;

fn on(day: &str) -> Result<NaiveDate, Box<dyn Error>> {
    Ok(day.parse()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    // What is collected at all: two facts, neither of them free text.
    let levels = RiskTolerance::NAMES.into_iter().map(Name::new).collect::<Result<Vec<_>, _>>()?;
    let regions = vec![Name::new("华南")?, Name::new("华东")?];
    let catalogue = Catalogue::new([
        Entry::new(Name::new("risk tolerance")?, Area::Financial, Kind::Levels(levels)),
        Entry::new(Name::new("region")?, Area::Basic, Kind::OneOf(regions)),
    ])?;

    // A full record comes in, and is taken apart: the file goes on without a name, the person goes into the vault.
    let (key, service, ads) = (CustomerKey::new(0x5eed_0000_4711), Purpose::new("service")?, Purpose::new("ads")?);
    let buyer = Relationship::new(BusinessModel::B2c, [Role::EndCustomer])?;
    let mut prospect = Customer::prospect(key, Party::Consumer, buyer, Currency::CNY)?;
    prospect.give(Consent::new(service.clone(), on("2024-03-01")?, Name::new("web form")?)?)?;
    prospect.give(Consent::new(ads.clone(), on("2024-03-01")?, Name::new("web form")?)?.over(Channel::TextMessage))?;
    let person = Person::new(key).named("Li Lei").born(on("1990-02-28")?).reached_over(Name::new("text message")?, "13800000000");
    let (mut customer, person) = Identified::new(prospect, person)?.pseudonymise();
    let mut vault = Vault::new();
    vault.admit(person, &customer.permit(&service, Name::new("intake")?, on("2024-03-01")?)?)?;
    println!("persons in the vault: {}; a prospect on 1 March: {}", vault.len(), customer.is_prospect(on("2024-03-01")?));

    // What is learnt, sold, invoiced, paid.
    let found = |evidence: &str, day: &str| Ok::<_, Box<dyn Error>>(Source::new(Name::new(evidence)?, on(day)?, None)?);
    let tolerance = Statement { fact: RiskTolerance::Steady.fact(), source: found("questionnaire", "2024-03-01")? };
    customer.state(&catalogue, Name::new("risk tolerance")?, tolerance.clone())?;
    let region = Statement { fact: Fact::Named(Name::new("华南")?), source: found("delivery", "2024-03-05")? };
    customer.state(&catalogue, Name::new("region")?, region)?;
    customer.grant(CreditLine::new("1000 CNY".parse()?, Some(Name::new("BBB")?), found("review", "2024-03-04")?)?)?;
    customer.record(Record::sale(on("2024-03-05")?, "600 CNY".parse()?).with_id("R1")?)?;
    customer.record(Record::returned(on("2024-03-20")?, "150 CNY".parse()?).of_sale("R1")?)?;
    let (issued, due) = (on("2024-03-05")?, on("2024-04-04")?);
    customer.invoice(Invoice { id: Name::new("R1")?, issued, due, amount: "450 CNY".parse()? })?;
    let (id, of) = (Name::new("Z1")?, Name::new("R1")?);
    customer.payment(Payment { id, of, on: on("2024-03-30")?, amount: "300 CNY".parse()? })?;

    let show = |customer: &Customer, vault: &Vault, day: &str| {
        println!("\nat the close of {day}");
        let day = on(day)?;
        let now = customer.gradable(&catalogue, day)?;
        for fact in ["region", "risk tolerance"] {
            let read = Facts::fact(&now, fact);
            let said = read.named().map(ToString::to_string).or_else(|| read.known().map(|place| format!("level {place}")));
            println!("  a model reads {fact}: {}", said.unwrap_or("erased".into()));
        }
        println!("  coverage: {}", now.snapshot().coverage(None).share().map_or("-".into(), |share| share.to_string()));
        let how = customer.receivables().as_of(day)?;
        let aging = how.aging(&Buckets::MONTHS)?;
        println!("  bought {}", customer.history().as_of(day, ReturnPolicy::STRICT)?.net());
        println!("  owes {}, of which {} for 1 to 30 days", how.exposure()?, aging.overdue[0]);
        let left = customer.credit().map(|line| line.used(how.exposure()?)).transpose()?;
        println!("  credit left: {}", left.map_or("no line".into(), |left| left.available.to_string()));
        match customer.permit(&Purpose::new("service")?, Name::new("dunning desk")?, day) {
            Err(refused) => println!("  no permit: {refused}"),
            Ok(permit) => {
                let name = vault.person(customer.key()).and_then(Person::name).ok_or("no name")?;
                let (opened, receipt) = name.open(&permit)?;
                println!("  {} opened the name, {opened}, for {}, on {}", receipt.by, receipt.purpose, receipt.on);
            }
        }
        Ok::<_, Box<dyn Error>>(())
    };
    show(&customer, &vault, "2024-04-10")?;

    customer.withdraw(Withdrawal { on: on("2024-04-20")?, purpose: Some(ads.clone()), channel: None })?;
    let may = |day: &str| Ok::<_, Box<dyn Error>>(customer.consents().allows(&ads, Some(&Channel::TextMessage), on(day)?));
    println!("\nads by text message: {} on 19 April, {} on 20 April", may("2024-04-19")?, may("2024-04-20")?);

    let (by, because) = (Name::new("privacy desk")?, Name::new("the customer's request")?);
    let order = Erasure { on: on("2024-05-01")?, by, because, ledger_kept_because: Name::new("books are kept for ten years")? };
    let receipt = customer.erase(&mut vault, order)?;
    println!("\n{receipt}\n{}", receipt.text(Language::Chinese).first().map_or("", String::as_str));
    show(&customer, &vault, "2024-05-02")?;
    let again = customer.state(&catalogue, Name::new("risk tolerance")?, tolerance).err().ok_or("taken back")?;
    println!("\nthe questionnaire once more: {again}");
    Ok(())
}
