//! What the command line asks for.

use anyhow::{Context, Result, anyhow, bail};
use chrono::NaiveDate;
use customer_value::{money::Currency, reason::Language};
use lexopt::{
    Arg::{Long, Short},
    Parser, ValueExt,
};
use std::path::PathBuf;

pub(crate) const HELP: &str = include_str!("help.txt");

/// The command line, checked as far as it can be without opening a file.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) orders: Orders,
    /// `None`: the last date in the log.
    pub(crate) as_of: Option<NaiveDate>,
    /// `None`: the policy that is built in.
    pub(crate) policy: Option<PathBuf>,
    pub(crate) json: bool,
    pub(crate) scores: Option<PathBuf>,
    /// `None`: no page is wanted.
    pub(crate) out: Option<PathBuf>,
    pub(crate) language: Language,
}

/// Which order log is read.
#[derive(Debug)]
pub(crate) enum Orders {
    /// The wholesaler's log that comes with the example.
    BuiltIn,
    /// The user's own.
    File(FileOrders),
}

/// A file and how to read it.
#[derive(Debug)]
pub(crate) struct FileOrders {
    pub(crate) path: PathBuf,
    pub(crate) columns: ColumnNames,
    pub(crate) currency: Currency,
    /// Amounts are whole numbers of the currency's smallest unit.
    pub(crate) minor: bool,
}

/// The columns as the user calls them; what is not named is looked for, or not used.
#[derive(Debug, Default)]
pub(crate) struct ColumnNames {
    pub(crate) customer: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) amount: Option<String>,
    pub(crate) invoice: Option<String>,
    pub(crate) returns: Option<String>,
}

/// Everything that was said, before it is known whether it fits together.
#[derive(Debug, Default)]
struct Said {
    orders: Option<PathBuf>,
    columns: ColumnNames,
    currency: Option<Currency>,
    minor: bool,
    as_of: Option<NaiveDate>,
    policy: Option<PathBuf>,
    json: bool,
    scores: Option<PathBuf>,
    out: Option<PathBuf>,
    language: Option<Language>,
    help: bool,
}

/// Reads the command line; `None` if help was asked for.
pub(crate) fn parse(parser: Parser) -> Result<Option<Options>> {
    let said = listen(parser).context("the command line (see --help)")?;
    if said.help {
        return Ok(None);
    }
    let orders = which_orders(said.orders, said.columns, said.currency, said.minor)?;
    // A program that reads the JSON wants no page beside it, unless it says where.
    let out = said.out.or_else(|| (!said.json).then(|| PathBuf::from("out")));
    Ok(Some(Options {
        orders,
        as_of: said.as_of,
        policy: said.policy,
        json: said.json,
        scores: said.scores,
        out,
        language: said.language.unwrap_or(Language::English),
    }))
}

fn listen(mut parser: Parser) -> Result<Said> {
    let mut said = Said::default();
    while let Some(option) = parser.next()? {
        match option {
            Long("orders") => said.orders = Some(parser.value()?.into()),
            Long("customer") => said.columns.customer = Some(parser.value()?.string()?),
            Long("date") => said.columns.date = Some(parser.value()?.string()?),
            Long("amount") => said.columns.amount = Some(parser.value()?.string()?),
            Long("invoice") => said.columns.invoice = Some(parser.value()?.string()?),
            Long("returns") => said.columns.returns = Some(parser.value()?.string()?),
            Long("currency") => said.currency = Some(parser.value()?.string()?.parse().context("--currency")?),
            Long("minor") => said.minor = true,
            Long("as-of") => said.as_of = Some(as_of(&parser.value()?.string()?)?),
            Long("policy") => said.policy = Some(parser.value()?.into()),
            Long("json") => said.json = true,
            Long("scores") => said.scores = Some(parser.value()?.into()),
            Long("out") => said.out = Some(parser.value()?.into()),
            Long("language") => said.language = Some(language(&parser.value()?.string()?)?),
            Long("help") | Short('h') => said.help = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(said)
}

fn as_of(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| anyhow!("--as-of takes a date such as 2011-12-09, not {text:?}"))
}

fn language(code: &str) -> Result<Language> {
    match code {
        "en" => Ok(Language::English),
        "zh" => Ok(Language::Chinese),
        _ => bail!("--language takes en or zh, not {code:?}"),
    }
}

fn which_orders(path: Option<PathBuf>, columns: ColumnNames, currency: Option<Currency>, minor: bool) -> Result<Orders> {
    if let Some(path) = path {
        return Ok(Orders::File(FileOrders { path, columns, currency: currency.unwrap_or(Currency::GBP), minor }));
    }
    let ColumnNames { customer, date, amount, invoice, returns } = &columns;
    let about_a_file = [customer, date, amount, invoice, returns].into_iter().any(Option::is_some) || currency.is_some() || minor;
    if about_a_file {
        bail!(
            "--customer, --date, --amount, --invoice, --returns, --currency and --minor describe the file of --orders, which is missing"
        );
    }
    Ok(Orders::BuiltIn)
}
