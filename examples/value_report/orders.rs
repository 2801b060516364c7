//! Reads an order log into a customer base: every row becomes a record, or is reported.

use crate::{
    columns::Layout,
    options::{ColumnNames, FileOrders, Orders},
    progress,
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use chrono::NaiveDate;
use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use customer_value::{
    customer::{CustomerBase, Record},
    money::{Currency, Money},
};
use flate2::read::MultiGzDecoder;
use rust_decimal::Decimal;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
};

const BUILT_IN: &[u8] = include_bytes!("../data/online_retail_ii_invoices.csv.gz");
pub(crate) const BUILT_IN_CURRENCY: Currency = Currency::GBP;
pub(crate) const ATTRIBUTION: &str = "Daqing Chen, Online Retail II, UCI Machine Learning Repository, https://doi.org/10.24432/C5CG6D, \
     CC BY 4.0; put together by invoice.";
/// More bad rows than this are only counted.
const SHOWN: usize = 20;

/// The records of a log, and what was left out.
#[derive(Debug)]
pub(crate) struct OrderLog {
    pub(crate) base: CustomerBase<String>,
    /// Rows that became records.
    pub(crate) rows: u64,
    /// The bad rows that are shown.
    pub(crate) bad: Vec<BadRow>,
    /// The number of all bad rows.
    pub(crate) bad_rows: u64,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
}

/// A row that cannot be used.
#[derive(Debug)]
pub(crate) struct BadRow {
    pub(crate) line: u64,
    pub(crate) why: String,
}

/// Reads the log that was asked for.
pub(crate) fn load(orders: &Orders) -> Result<OrderLog> {
    match orders {
        Orders::BuiltIn => {
            let name = |text: &str| Some(text.to_owned());
            let columns = ColumnNames {
                customer: name("customer_id"),
                date: name("date"),
                amount: name("cents"),
                invoice: name("invoice"),
                returns: name("is_return"),
            };
            read(BUILT_IN, &columns, BUILT_IN_CURRENCY, true).context("the built-in log")
        }
        Orders::File(file) => load_file(file).with_context(|| file.path.display().to_string()),
    }
}

fn load_file(orders: &FileOrders) -> Result<OrderLog> {
    let file = File::open(&orders.path).context("cannot be opened")?;
    read(BufReader::new(file), &orders.columns, orders.currency, orders.minor)
}

/// Reads plain or compressed CSV.
fn read(mut from: impl BufRead, columns: &ColumnNames, currency: Currency, minor: bool) -> Result<OrderLog> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let mut text = Vec::new();
    let read = match from.fill_buf() {
        Ok(start) if start.starts_with(&GZIP) => MultiGzDecoder::new(from).read_to_end(&mut text),
        Ok(_) => from.read_to_end(&mut text),
        Err(error) => Err(error),
    };
    read.context("cannot be read")?;
    read_csv(&text, columns, currency, minor)
}

fn read_csv(text: &[u8], columns: &ColumnNames, currency: Currency, minor: bool) -> Result<OrderLog> {
    ensure!(!text.is_empty(), "it is empty");
    let bar = progress::bytes(text.len(), "reading the orders");
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(bar.wrap_read(text));
    let layout =
        Layout::find(reader.headers().map_err(|_| anyhow!("this is no CSV file: the first line is not UTF-8 text"))?, columns)?;
    let rows = RowReader { layout, currency, minor };
    let mut found = Found::new(currency, text);
    let mut row = StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {
                if let Err(why) = rows.record(&row).and_then(|(key, on, record)| found.push(key, on, record)) {
                    found.refuse(row.position(), format!("{why:#}"));
                }
            }
            Err(error) => found.refuse_unreadable(error)?,
        }
    }
    bar.finish_and_clear();
    found.into_log()
}

/// Makes records of rows.
struct RowReader {
    layout: Layout,
    currency: Currency,
    minor: bool,
}

impl RowReader {
    /// The customer's key, the day, the record.
    fn record(&self, row: &StringRecord) -> Result<(String, NaiveDate, Record)> {
        let cell = |at| row.get(at).unwrap_or_default();
        let key = cell(self.layout.customer);
        if key.is_empty() {
            bail!("there is no customer");
        }
        let on = day(cell(self.layout.date))?;
        let amount = self.amount(cell(self.layout.amount))?;
        let record = if self.is_return(row, amount)? {
            let back = if amount.is_negative() { amount.try_mul(-1)? } else { amount };
            Record::returned(on, back)
        } else {
            Record::sale(on, amount)
        };
        let record = match self.layout.invoice {
            Some(at) => record.with_id(cell(at)).context("the invoice number")?,
            None => record,
        };
        Ok((key.to_owned(), on, record))
    }

    fn amount(&self, text: &str) -> Result<Money> {
        if self.minor {
            let minor = text.parse().map_err(|_| anyhow!("{text:?} is no whole number of the smallest unit"))?;
            return Ok(Money::from_minor(minor, self.currency));
        }
        let amount = Decimal::from_str_exact(text).map_err(|_| anyhow!("{text:?} is no amount such as 20.05"))?;
        Ok(Money::new(amount, self.currency)?)
    }

    fn is_return(&self, row: &StringRecord, amount: Money) -> Result<bool> {
        let Some(at) = self.layout.returns else { return Ok(amount.is_negative()) };
        let mark = row.get(at).unwrap_or_default().to_lowercase();
        match mark.as_str() {
            "true" | "t" | "yes" | "y" | "1" | "return" | "refund" | "credit" => Ok(true),
            "false" | "f" | "no" | "n" | "0" | "" => Ok(false),
            _ => bail!("{mark:?} does not say whether the row is a return"),
        }
    }
}

/// The day of an ISO 8601 date, or of a time stamp that begins with one.
fn day(text: &str) -> Result<NaiveDate> {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let parsed = if date.len() == 10 { date.parse().ok() } else { None };
    parsed.ok_or_else(|| anyhow!("{text:?} is no date such as 2010-12-01"))
}

/// What has been read so far.
struct Found<'a> {
    base: CustomerBase<String>,
    rows: u64,
    bad: Vec<BadRow>,
    bad_rows: u64,
    span: Option<(NaiveDate, NaiveDate)>,
    lines: Lines<'a>,
}

impl Found<'_> {
    fn new(currency: Currency, text: &[u8]) -> Found<'_> {
        let lines = Lines { text, counted: 0, before: 0 };
        Found { base: CustomerBase::new(currency), rows: 0, bad: Vec::new(), bad_rows: 0, span: None, lines }
    }

    fn push(&mut self, key: String, on: NaiveDate, record: Record) -> Result<()> {
        self.base.push(key, record)?;
        self.rows += 1;
        self.span = Some(self.span.map_or((on, on), |(first, last)| (first.min(on), last.max(on))));
        Ok(())
    }

    fn refuse(&mut self, at: Option<&Position>, why: String) {
        self.bad_rows += 1;
        if self.bad.len() < SHOWN {
            let line = self.lines.number(at.map_or(0, Position::byte));
            self.bad.push(BadRow { line, why });
        }
    }

    /// A row with bad characters or a cell too many is left out and the next one is good again; a broken file is the end.
    fn refuse_unreadable(&mut self, error: csv::Error) -> Result<()> {
        let why = match error.kind() {
            ErrorKind::Utf8 { .. } => "the row is not UTF-8 text".to_owned(),
            ErrorKind::UnequalLengths { expected_len, len, .. } => format!("the row has {len} cells, the header {expected_len}"),
            _ => return Err(error).context("cannot be read"),
        };
        self.refuse(error.position(), why);
        Ok(())
    }

    fn into_log(self) -> Result<OrderLog> {
        let Found { base, rows, bad, bad_rows, span, .. } = self;
        match (span, bad.first()) {
            (Some((first, last)), _) => Ok(OrderLog { base, rows, bad, bad_rows, first, last }),
            (None, Some(BadRow { line, why })) => bail!("none of its {bad_rows} rows can be used; line {line}: {why}"),
            (None, None) => bail!("it has no rows"),
        }
    }
}

/// Counts the lines of a text. The reader's own count is behind after `\r\n` and after empty lines.
struct Lines<'a> {
    text: &'a [u8],
    /// The bytes whose line ends are counted.
    counted: usize,
    /// The number of line ends in them.
    before: u64,
}

impl Lines<'_> {
    /// The number of the line on which the row begins that the reader looked for from that byte. Rows come in order.
    fn number(&mut self, from: u64) -> u64 {
        let from = usize::try_from(from).unwrap_or(self.text.len()).clamp(self.counted, self.text.len());
        let skipped = self.text[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let pieces = self.text[self.counted..from + skipped].split(|byte| *byte == b'\n').count();
        self.counted = from + skipped;
        self.before += pieces as u64 - 1;
        self.before + 1
    }
}
