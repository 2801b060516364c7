//! Fits the models of customer lifetime value to an order log, tests them on what came after, and ranks the customers.
//!
//! `cargo run --release --example lifetime_value` reads the CDNOW sample that comes with it; `-- --help` says how to read another log. The
//! library does the sums; this program reads files and writes text, JSON and a page.

// A program has std; the library does without.
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

mod charts;
mod json;
mod options;
mod orders;
mod page;
mod published;
mod study;
mod text;

use anyhow::{Context, Result};
use std::{
    fs,
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough: `lifetime_value | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if standard error is gone too.
            let _ = writeln!(io::stderr(), "lifetime_value: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        io.or_else(|| cause.downcast_ref::<serde_json::Error>()?.io_error_kind())
    };
    error.chain().any(|cause| kind(cause) == Some(ErrorKind::BrokenPipe))
}

fn run() -> Result<()> {
    let Some(options) = options::parse(lexopt::Parser::from_env()).context("the command line (see --help)")? else {
        return Ok(write!(io::stdout(), "{}", options::HELP)?);
    };
    let log = orders::load(options.orders.as_ref())?;
    let study = study::conduct(log, &options)?;
    let sample = options.orders.is_none();
    let mut out = io::stdout().lock();
    if options.json {
        json::write(&study, &mut out)?;
    } else {
        text::write(&study, sample, &mut out)?;
    }
    if let Some(folder) = &options.out {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let file = folder.join("lifetime_value.html");
        fs::write(&file, page::render(&study, sample).into_string()).with_context(|| file.display().to_string())?;
        if !options.json {
            writeln!(out, "\nThe page: {}", file.display())?;
        }
    }
    Ok(())
}
