//! If the records lie on many machines and arrive in any order, is the answer still the same, to the byte?
//!
//! Yes: a history is a commutative monoid. Run it with `cargo run --example 04_shards`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::NaiveDate;
use customer_value::calendar::{Window, day_number, days_from};
use customer_value::customer::{CustomerBase, OrderColumns, Record, ReturnPolicy};
use customer_value::money::{Currency, Money};
use customer_value::value::{Rfm, RfmColumns};
use std::error::Error;

/// A name, and what the shards are sorted by, from their numbers.
type MergeOrder = (&'static str, fn(usize) -> usize);
const MERGE_ORDERS: [MergeOrder; 3] = [("in order", |n| n), ("backwards", |n| 1000 - n), ("even first", |n| n % 2)];
const POLICY: ReturnPolicy = ReturnPolicy::LATEST_FIRST;

/// Customer, day, amount in pence (below zero: a return), invoice number.
type Order = (u64, NaiveDate, i64, Option<String>);
/// Number, records, rows.
type Shard<'a> = (usize, CustomerBase<u64>, Vec<&'a Order>);

fn main() -> Result<(), Box<dyn Error>> {
    let (orders, as_of) = (orders("2024-01-01".parse()?)?, "2024-12-31".parse()?);

    let mut answers = Vec::new();
    println!("shards  merged      customers  bytes of JSON");
    for shards in [1, 4, 16] {
        for (merged, order) in MERGE_ORDERS {
            let mut parts = split(&orders, shards)?;
            parts.sort_by_key(|(number, _, _)| order(*number));

            // One record at a time: the merged base, as JSON.
            let mut base = CustomerBase::new(Currency::GBP);
            for (_, part, _) in &parts {
                base.merge(part)?;
            }
            let json = serde_json::to_string(&base)?;

            // Millions of rows at a time: the columns of the shards, one behind the other.
            let rows = parts.iter().flat_map(|(_, _, rows)| rows);
            let (mut keys, mut days, mut pence) = (Vec::new(), Vec::new(), Vec::new());
            for (customer, day, amount, _) in rows {
                keys.push(*customer);
                days.push(day_number(*day)?);
                pence.push(*amount);
            }
            let columns = OrderColumns::new(&keys, &days, &pence, Currency::GBP)?;
            let rfm = RfmColumns::collect(&columns, as_of, Window::Months(6), POLICY)?;

            println!("{shards:>6}  {merged:<10}  {:>9}  {:>13}", base.len(), json.len());
            answers.push((json, rfm));
        }
    }

    let all_same = answers.iter().all(|answer| *answer == answers[0]);
    println!("\nall {} answers are the same: {all_same}", answers.len());

    // And the two paths agree, customer by customer.
    let (json, rfm) = &answers[0];
    let base: CustomerBase<u64> = serde_json::from_str(json)?;
    let mut agree = 0;
    for (at, key) in rfm.keys().iter().enumerate() {
        let purchases = base.get(key).ok_or("a customer is missing")?.as_of(as_of, POLICY)?;
        agree += usize::from(Rfm::of(&purchases, Window::Months(6))? == rfm.get(at));
    }
    println!("customers for whom records and columns agree: {agree} of {}", rfm.len());
    let returned = rfm.returned();
    println!("returns: {} taken from the latest purchases, {} set aside", returned.assumed, returned.set_aside);
    if all_same && agree == rfm.len() { Ok(()) } else { Err("the answers differ".into()) }
}

/// 600 orders of some thirty customers; every ninth is a return, every other has an invoice number.
fn orders(first: NaiveDate) -> Result<Vec<Order>, Box<dyn Error>> {
    let order = |i: i32| {
        let pence = i64::from(1 + i * 7919 % 5000) * if i % 9 == 8 { -1 } else { 1 };
        let invoice = (i % 2 == 0).then(|| format!("INV-{i:04}"));
        Ok((u64::try_from(i * i % 101 % 40)?, days_from(first, i * 37 % 360)?, pence, invoice))
    };
    (0..600).map(order).collect()
}

/// Deals the orders out; an invoice is delivered to the next shard too, and still counts once.
fn split(orders: &[Order], shards: usize) -> Result<Vec<Shard<'_>>, Box<dyn Error>> {
    let mut parts: Vec<_> = (0..shards).map(|number| (number, CustomerBase::new(Currency::GBP), Vec::new())).collect();
    for (i, order) in orders.iter().enumerate() {
        let (customer, on, pence, invoice) = order;
        let amount = Money::from_minor(pence.abs(), Currency::GBP);
        let mut record = if *pence < 0 { Record::returned(*on, amount) } else { Record::sale(*on, amount) };
        if let Some(invoice) = invoice {
            record = record.with_id(invoice)?;
            parts[(i + 1) % shards].1.push(*customer, record.clone())?;
        }
        parts[i % shards].1.push(*customer, record)?;
        parts[i % shards].2.push(order);
    }
    Ok(parts)
}
