//! The report as text.

use crate::{
    figures::{count, customers, fraction, lever, money, percent, whole},
    groups::Group,
    report::{Report, Year},
    spread::Spread,
    table::Table,
};
use customer_value::tier::migration::Migration;
use std::io::{Result, Write};

/// Writes the report.
pub(crate) fn write(report: &Report, to: &mut impl Write) -> Result<()> {
    writeln!(to, "Customer value report: {}", report.source)?;
    totals(report, to)?;
    concentration(report.spread.as_ref(), to)?;
    cutpoints(report, to)?;
    for year in report.years() {
        grades(year, to)?;
    }
    segments(&report.now, to)?;
    levels(&report.now, to)?;
    moves(report, to)?;
    rules(report, to)?;
    spotlights(report, to)?;
    treatments(report, to)?;
    writeln!(to, "\n{} decisions were made; each was verified and replayed, and each holds.", count(report.checked))
}

fn totals(report: &Report, to: &mut impl Write) -> Result<()> {
    let (log, totals) = (&report.log, &report.now.grading.population.totals);
    section("The orders", to)?;
    let mut table = Table::new(&["", "number", "amount"]);
    let mut line = |what: &str, number: String, amount: String| table.row(vec![what.to_owned(), number, amount]);
    line("Rows read", count(log.rows), String::new());
    line("Bad rows left out", count(log.bad_rows), String::new());
    line("Customers", count(log.base.len()), String::new());
    line("Purchases, gross", count(totals.purchases), money(totals.gross));
    line("Returns", count(totals.returns), String::new());
    line("  matched with their sale", String::new(), money(totals.matched));
    line("  taken off the latest purchases, by assumption", String::new(), money(totals.assumed));
    line("  set aside, beyond all purchases in the log", String::new(), money(totals.set_aside));
    line("Net sales", String::new(), money(totals.net));
    line("Records after the report's date, left out", count(totals.later), String::new());
    write!(to, "  From {} to {}, as of the close of {}.\n{table}", log.first, log.last, report.now.as_of())
}

fn concentration(spread: Option<&Spread>, to: &mut impl Write) -> Result<()> {
    section("Concentration of net sales", to)?;
    let Some(spread) = spread else { return writeln!(to, "  Nothing is left of any purchase.") };
    for (best, share) in &spread.top {
        writeln!(to, "  The best {} of the customers hold {} of the sales.", percent(*best).replace(".0%", "%"), percent(*share))?;
    }
    writeln!(to, "  Gini coefficient: {}, of {}.", fraction(spread.gini, 3), customers(spread.customers as u64))?;
    for (class, name) in spread.abc.iter().zip(["A, up to 80% of sales", "B, up to 95%", "C, the rest"]) {
        let heads = customers(class.customers as u64);
        writeln!(to, "  Class {name}: {heads} with {} of the sales.", percent(class.share))?;
    }
    Ok(())
}

fn cutpoints(report: &Report, to: &mut impl Write) -> Result<()> {
    let fitted_on = report.frozen.fitted_on;
    section("Cutpoints", to)?;
    writeln!(to, "  Fitted once, on the customers of {fitted_on}, and frozen.")?;
    if report.before.is_some() {
        writeln!(to, "  They are applied unchanged at both dates, so every move between grades is the customer's own.")?;
    }
    for fit in &report.frozen.fits {
        let cuts: Vec<String> = fit.cuts.iter().map(count).collect();
        let bins = fit.fitted.as_ref().map_or_else(
            || "given by the policy".to_owned(),
            |fitted| format!("{} bins asked for, {} obtained", fitted.asked, fitted.obtained()),
        );
        writeln!(to, "  {}, in {}: {} ({bins})", fit.dimension.name, fit.dimension.unit, cuts.join("; "))?;
    }
    Ok(())
}

fn grades(year: &Year, to: &mut impl Write) -> Result<()> {
    section(&format!("Grades as of {}", year.as_of()), to)?;
    writeln!(to, "  Sales are those from {} until {}.", year.since, year.as_of())?;
    group_table("Grade", &year.grades, to)
}

fn segments(year: &Year, to: &mut impl Write) -> Result<()> {
    section(&format!("Segments as of {}", year.as_of()), to)?;
    group_table("Segment", &year.segments, to)
}

fn group_table(what: &str, groups: &[Group], to: &mut impl Write) -> Result<()> {
    let mut table = Table::new(&[what, "customers", "share", "sales", "share"]);
    for group in groups {
        table.row(vec![
            group.name.to_string(),
            count(group.customers),
            percent(group.of_customers),
            whole(group.sales),
            percent(group.of_sales),
        ]);
    }
    write!(to, "{table}")
}

fn levels(year: &Year, to: &mut impl Write) -> Result<()> {
    section("Customers by level of recency and frequency, 1 is the worst", to)?;
    let heads: Vec<String> = (1..=year.levels.cells.first().map_or(0, Vec::len)).map(|level| format!("F {level}")).collect();
    let mut head = vec![""];
    head.extend(heads.iter().map(String::as_str));
    let mut table = Table::new(&head);
    for (at, row) in year.levels.cells.iter().enumerate().rev() {
        let mut cells = vec![format!("R {}", at + 1)];
        cells.extend(row.iter().map(count));
        table.row(cells);
    }
    write!(to, "{table}")
}

fn moves(report: &Report, to: &mut impl Write) -> Result<()> {
    section("Moves between the years", to)?;
    let (Some(moves), Some(before)) = (&report.moves, &report.before) else {
        return writeln!(to, "  The log begins on {}, too late for a full year before; there is one grading.", report.log.first);
    };
    writeln!(to, "  From {} in the rows to {} in the columns.", before.as_of(), report.now.as_of())?;
    write!(to, "{}", matrix(moves))?;
    writeln!(
        to,
        "  {} moved up, {} stayed, {} moved down; {} came in, {} are gone.",
        count(moves.up()),
        count(moves.stayed()),
        count(moves.down()),
        count(moves.entered()),
        count(moves.left())
    )
}

fn matrix(moves: &Migration) -> Table {
    let grades = moves.grades().best_first();
    let mut head = vec![""];
    head.extend(grades.iter().map(|grade| grade.name().as_str()));
    head.push("gone");
    let mut table = Table::new(&head);
    for from in grades {
        let mut cells = vec![from.to_string()];
        cells.extend(grades.iter().map(|to| count(moves.count(from, to))));
        cells.push(count(moves.left_with(from)));
        table.row(cells);
    }
    let mut entered = vec!["new".to_owned()];
    entered.extend(grades.iter().map(|to| count(moves.entered_with(to))));
    table.row(entered);
    table
}

fn rules(report: &Report, to: &mut impl Write) -> Result<()> {
    section("Rules", to)?;
    let mut table = Table::new(&["Rule", "as of", "customers", "grades changed"]);
    for year in report.years() {
        for rule in &year.grading.rules {
            table.row(vec![rule.name.to_string(), year.as_of().to_string(), count(rule.applied), count(rule.changed)]);
        }
    }
    write!(to, "{table}")?;
    let against: Vec<&str> = report.frozen.model.rules_against_improvement().map(|rule| rule.name.as_str()).collect();
    if against.is_empty() {
        writeln!(to, "  By no rule can a customer who improves get a worse grade.")
    } else {
        writeln!(to, "  A customer who improves can get a worse grade by: {}.", against.join(", "))
    }
}

fn spotlights(report: &Report, to: &mut impl Write) -> Result<()> {
    section("Customers explained", to)?;
    for (at, spotlight) in report.spotlights.iter().enumerate() {
        if at > 0 {
            writeln!(to)?;
        }
        writeln!(to, "  Customer {}. {}.", spotlight.key, spotlight.chosen)?;
        writeln!(to, "  {}", spotlight.summary())?;
        for reason in &spotlight.reasons {
            writeln!(to, "    {reason}")?;
        }
    }
    Ok(())
}

fn treatments(report: &Report, to: &mut impl Write) -> Result<()> {
    section("What we do for each grade", to)?;
    for (grade, _, treatment) in report.policy.playbook.iter() {
        writeln!(to, "  {grade}: {}", treatment.name)?;
        for action in &treatment.actions {
            writeln!(to, "    {}: {}", lever(action.lever), action.what)?;
        }
    }
    Ok(())
}

fn section(title: &str, to: &mut impl Write) -> Result<()> {
    writeln!(to, "\n{title}")
}
