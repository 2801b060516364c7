//! Grades the customers of an order log at the end of two years, explains the grades, and shows who moved.
//!
//! `cargo run --release --example value_report` reads the log that comes with it; `-- --help` says how to read another. The library
//! does the sums and gives the reasons; this program reads files and writes text, JSON, CSV and a page.

// A program has std; the library does without.
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

mod columns;
mod figures;
mod grading;
mod groups;
mod json;
mod levels;
mod options;
mod orders;
mod page;
mod policy;
mod population;
mod progress;
mod report;
mod scores;
mod spotlight;
mod spread;
mod table;
mod text;

use anyhow::{Context, Result};
use options::{Options, Orders};
use orders::OrderLog;
use report::Report;
use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough: `value_report | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if standard error is gone too.
            let _ = writeln!(io::stderr(), "value_report: {}", on_one_line(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let Some(options) = options::parse(lexopt::Parser::from_env())? else {
        return Ok(write!(io::stdout(), "{}", options::HELP)?);
    };
    let currency = match &options.orders {
        Orders::BuiltIn => orders::BUILT_IN_CURRENCY,
        Orders::File(file) => file.currency,
    };
    let policy = policy::load(options.policy.as_deref(), currency)?;
    let log = orders::load(&options.orders)?;
    report_bad_rows(&log)?;
    let report = Report::draw_up(&options, log, policy)?;
    // Files first: a reader of the text who stops early takes nothing from them.
    if let Some(path) = &options.scores {
        scores::write(&report, path)?;
    }
    let page = options.out.as_deref().map(|folder| write_page(&report, folder)).transpose()?;
    print(&options, &report, page.as_deref())
}

/// Shows the first bad rows and says how many more there are.
fn report_bad_rows(log: &OrderLog) -> Result<()> {
    let mut to = io::stderr().lock();
    for row in &log.bad {
        writeln!(to, "line {}: {}", row.line, on_one_line(&row.why))?;
    }
    let more = log.bad_rows - log.bad.len() as u64;
    if more > 0 {
        writeln!(to, "... and {} more bad rows", figures::count(more))?;
    }
    Ok(())
}

fn write_page(report: &Report, folder: &Path) -> Result<PathBuf> {
    let path = folder.join("value_report.html");
    let write = || {
        fs::create_dir_all(folder)?;
        fs::write(&path, page::render(report).into_string())
    };
    write().with_context(|| path.display().to_string())?;
    Ok(path)
}

fn print(options: &Options, report: &Report, page: Option<&Path>) -> Result<()> {
    let mut to = io::BufWriter::new(io::stdout().lock());
    if options.json {
        json::write(report, &mut to)?;
    } else {
        text::write(report, &mut to)?;
        if report.built_in {
            writeln!(to, "\nData: {}", orders::ATTRIBUTION)?;
        }
        if let Some(path) = page {
            writeln!(to, "\nThe page is in {}", path.display())?;
        }
    }
    Ok(to.flush()?)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(broken)
            || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind) == Some(ErrorKind::BrokenPipe)
    })
}

/// Messages quote what files contain; none of it starts a new line.
fn on_one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
