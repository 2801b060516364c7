//! The figures as one JSON object. Exact numbers are text: `"0.7123"`, and amounts as the library writes them.

use crate::{
    figures,
    grading::Fit,
    groups::Group,
    report::{Report, Year},
    spread::Spread,
};
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;

/// Decimal places of shares.
const PLACES: u8 = 6;

/// Writes the object and a line end.
pub(crate) fn write(report: &Report, to: &mut impl Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *to, &object(report))?;
    Ok(writeln!(to)?)
}

fn object(report: &Report) -> Value {
    let log = &report.log;
    json!({
        "source": report.source,
        "as_of": report.now.as_of(),
        "log": {
            "rows": log.rows,
            "bad_rows": log.bad_rows,
            "customers": log.base.len(),
            "from": log.first,
            "to": log.last,
        },
        "totals": totals(report),
        "concentration": report.spread.as_ref().map(concentration),
        "cutpoints": {
            "fitted_on": report.frozen.fitted_on,
            "dimensions": report.frozen.fits.iter().map(cutpoints).collect::<Vec<_>>(),
        },
        "gradings": report.years().map(year).collect::<Vec<_>>(),
        "moves": moves(report),
        "decisions_checked": report.checked,
    })
}

fn totals(report: &Report) -> Value {
    let totals = &report.now.grading.population.totals;
    json!({
        "purchases": totals.purchases,
        "returns": totals.returns,
        "gross": totals.gross,
        "returned": { "matched": totals.matched, "assumed": totals.assumed, "set_aside": totals.set_aside },
        "net": totals.net,
        "later_records": totals.later,
    })
}

fn concentration(spread: &Spread) -> Value {
    let top = |(customers, sales): &(_, _)| json!({ "customers": customers, "sales": figures::fraction(*sales, PLACES) });
    json!({
        "customers": spread.customers,
        "gini": figures::fraction(spread.gini, PLACES),
        "top": spread.top.iter().map(top).collect::<Vec<_>>(),
        "abc": spread.abc.iter().map(|class| json!({
            "customers": class.customers,
            "sales": figures::fraction(class.share, PLACES),
        })).collect::<Vec<_>>(),
    })
}

fn cutpoints(fit: &Fit) -> Value {
    json!({
        "dimension": fit.dimension.name,
        "unit": fit.dimension.unit,
        "cuts": fit.cuts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "bins": fit.fitted.as_ref().map(|fitted| json!({
            "asked": fitted.asked,
            "obtained": fitted.obtained(),
            "customers": fitted.customers,
        })),
    })
}

fn year(year: &Year) -> Value {
    json!({
        "as_of": year.as_of(),
        "since": year.since,
        "customers": year.grading.population.len(),
        "grades": year.grades.iter().map(group).collect::<Vec<_>>(),
        "segments": year.segments.iter().map(group).collect::<Vec<_>>(),
        "recency_by_frequency": year.levels.cells,
        "rules": year.grading.rules.iter().map(|rule| json!({
            "rule": rule.name,
            "applied": rule.applied,
            "changed": rule.changed,
        })).collect::<Vec<_>>(),
    })
}

fn group(group: &Group) -> Value {
    json!({
        "name": group.name,
        "customers": group.customers,
        "sales": group.sales,
        "share_of_sales": figures::fraction(group.of_sales, PLACES),
    })
}

fn moves(report: &Report) -> Value {
    report.moves.as_ref().map_or(Value::Null, |moves| {
        json!({
            "up": moves.up(),
            "stayed": moves.stayed(),
            "down": moves.down(),
            "entered": moves.entered(),
            "left": moves.left(),
        })
    })
}
