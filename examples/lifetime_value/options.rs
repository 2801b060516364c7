//! What the command line asks for.

use anyhow::{Context, Result, anyhow, bail};
use chrono::NaiveDate;
use customer_value::{
    money::Currency,
    value::lifetime::{Family, TimeUnit},
};
use lexopt::{
    Arg::{Long, Short},
    Parser, ValueExt,
};
use std::{num::NonZeroU8, path::PathBuf};

pub(crate) const HELP: &str = include_str!("help.txt");

#[derive(Debug)]
pub(crate) struct Options {
    /// `None`: the sample that comes with the example.
    pub(crate) orders: Option<FileOrders>,
    /// `None`: the middle of the log.
    pub(crate) calibration_end: Option<NaiveDate>,
    pub(crate) unit: TimeUnit,
    pub(crate) families: Vec<Family>,
    pub(crate) json: bool,
    pub(crate) out: Option<PathBuf>,
}

/// A file and how to read it.
#[derive(Debug)]
pub(crate) struct FileOrders {
    pub(crate) path: PathBuf,
    pub(crate) customer: String,
    pub(crate) date: String,
    pub(crate) amount: Option<String>,
    pub(crate) currency: Currency,
}

/// Reads the command line; `None` if help was asked for.
pub(crate) fn parse(mut parser: Parser) -> Result<Option<Options>> {
    let (mut orders, mut customer, mut date, mut amount, mut currency) = (None::<PathBuf>, None, None, None, None);
    let (mut end, mut unit, mut families, mut json, mut out) = (None, TimeUnit::WEEK, Family::AT_RANDOM.to_vec(), false, None);
    while let Some(option) = parser.next()? {
        match option {
            Long("orders") => orders = Some(parser.value()?.into()),
            Long("customer") => customer = Some(parser.value()?.string()?),
            Long("date") => date = Some(parser.value()?.string()?),
            Long("amount") => amount = Some(parser.value()?.string()?),
            Long("currency") => currency = Some(parser.value()?.string()?.parse().context("--currency")?),
            Long("calibration-end") => {
                let text = parser.value()?.string()?;
                end = Some(text.parse().map_err(|_| anyhow!("--calibration-end takes a date such as 1997-09-30, not {text:?}"))?);
            }
            Long("unit") => unit = unit_of(&parser.value()?.string()?)?,
            Long("model") => families = families_of(&parser.value()?.string()?)?,
            Long("json") => json = true,
            Long("out") => out = Some(parser.value()?.into()),
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    let orders = match (orders, customer, date) {
        (Some(path), Some(customer), Some(date)) => {
            Some(FileOrders { path, customer, date, amount, currency: currency.unwrap_or(Currency::USD) })
        }
        (Some(_), ..) => bail!("--orders needs --customer and --date: the names of these columns"),
        (None, None, None) if amount.is_none() && currency.is_none() => None,
        (None, ..) => bail!("--customer, --date, --amount and --currency describe the file of --orders, which is missing"),
    };
    // A program that reads the JSON wants no page beside it, unless it says where.
    let out = out.or_else(|| (!json).then(|| PathBuf::from("out")));
    Ok(Some(Options { orders, calibration_end: end, unit, families, json, out }))
}

fn unit_of(name: &str) -> Result<TimeUnit> {
    match name {
        "day" => Ok(TimeUnit::DAY),
        "week" => Ok(TimeUnit::WEEK),
        _ => bail!("--unit takes day or week, not {name:?}"),
    }
}

fn families_of(name: &str) -> Result<Vec<Family>> {
    let regular = |prefix| name.strip_prefix(prefix)?.parse::<NonZeroU8>().ok();
    let family = match name {
        "all" => return Ok(Family::AT_RANDOM.to_vec()),
        "nbd" => Family::Nbd,
        "pareto-nbd" => Family::ParetoNbd,
        "ggom-nbd" => Family::GgomNbd,
        "bg-nbd" => Family::BgNbd,
        "mbg-nbd" => Family::MbgNbd,
        _ => match (regular("cnbd-"), regular("bg-cnbd-"), regular("mbg-cnbd-")) {
            (Some(k), ..) => Family::Cnbd(k),
            (_, Some(k), _) => Family::BgCnbd(k),
            (.., Some(k)) => Family::MbgCnbd(k),
            _ => bail!("--model takes all, nbd, pareto-nbd, ggom-nbd, bg-nbd, mbg-nbd or the like of bg-cnbd-2, not {name:?}"),
        },
    };
    Ok(vec![family])
}
