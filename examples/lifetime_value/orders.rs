//! Reading an order log.

use crate::options::FileOrders;
use anyhow::{Context, Result, anyhow, ensure};
use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord, Trim};
use customer_value::{
    Decimal,
    calendar::day_number,
    money::{Currency, Money},
};
use flate2::bufread::MultiGzDecoder;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read},
};

const SAMPLE: &[u8] = include_bytes!("../data/cdnow_sample.csv.gz");

/// The log as columns, a row for every order.
pub(crate) struct OrderLog {
    /// Places in `names`.
    pub(crate) customer: Vec<u64>,
    pub(crate) day: Vec<i32>,
    pub(crate) minor: Vec<i64>,
    pub(crate) names: Vec<String>,
    pub(crate) currency: Currency,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    /// Whether there are amounts.
    pub(crate) priced: bool,
}

pub(crate) fn load(file: Option<&FileOrders>) -> Result<OrderLog> {
    let Some(file) = file else {
        let sample = FileOrders {
            path: "the CDNOW sample".into(),
            customer: "sample_id".to_owned(),
            date: "date".to_owned(),
            amount: Some("dollars".to_owned()),
            currency: Currency::USD,
        };
        return read(SAMPLE, &sample).context("the CDNOW sample");
    };
    let named = || file.path.display().to_string();
    read(BufReader::new(File::open(&file.path).with_context(named)?), file).with_context(named)
}

/// Reads plain or compressed CSV.
fn read(mut from: impl BufRead, file: &FileOrders) -> Result<OrderLog> {
    let mut text = Vec::new();
    if from.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(from).read_to_end(&mut text)?;
    } else {
        from.read_to_end(&mut text)?;
    }
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(&text[..]);
    let headings = reader.headers()?.clone();
    ensure!(!headings.is_empty(), "there is no heading");
    let place = |name: &str| {
        let known = || headings.iter().collect::<Vec<_>>().join(", ");
        headings.iter().position(|heading| heading == name).ok_or_else(|| anyhow!("there is no column {name:?} among {}", known()))
    };
    let (customer, date) = (place(&file.customer)?, place(&file.date)?);
    let amount = file.amount.as_deref().map(place).transpose()?;
    let (mut rows, mut names) = (Vec::new(), BTreeMap::new());
    for (at, row) in reader.records().enumerate() {
        // The heading is the first line.
        let one = row.map_err(Into::into).and_then(|row| order(&row, customer, date, amount, file.currency));
        let (name, day, minor) = one.with_context(|| format!("row {}", at + 2))?;
        names.insert(name.clone(), 0);
        rows.push((name, day, minor));
    }
    ensure!(!rows.is_empty(), "there are no orders");
    names.values_mut().zip(0..).for_each(|(number, place)| *number = place);
    let days = rows.iter().map(|(_, day, _)| *day);
    let (first, last) = (days.clone().min().unwrap_or_default(), days.max().unwrap_or_default());
    Ok(OrderLog {
        customer: rows.iter().map(|(name, ..)| names[name]).collect(),
        day: rows.iter().map(|(_, day, _)| day_number(*day)).collect::<Result<_, _>>()?,
        minor: rows.iter().map(|(.., minor)| *minor).collect(),
        names: names.into_keys().collect(),
        currency: file.currency,
        first,
        last,
        priced: amount.is_some(),
    })
}

/// The customer, the day, the amount in smallest units; every order counts one where there are no amounts.
fn order(
    row: &StringRecord,
    customer: usize,
    date: usize,
    amount: Option<usize>,
    currency: Currency,
) -> Result<(String, NaiveDate, i64)> {
    let cell = |at: usize| row.get(at).unwrap_or_default();
    ensure!(!cell(customer).is_empty(), "there is no customer");
    let text = cell(date).split([' ', 'T']).next().unwrap_or_default();
    let day = text.parse().map_err(|_| anyhow!("{text:?} is no date such as 1997-09-30"))?;
    let minor = match amount {
        Some(at) => {
            let number = Decimal::from_str_exact(cell(at)).map_err(|_| anyhow!("{:?} is no amount such as 29.73", cell(at)))?;
            Money::new(number, currency)?.minor()
        }
        None => 1,
    };
    Ok((cell(customer).to_owned(), day, minor))
}
