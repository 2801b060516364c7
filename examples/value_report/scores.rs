//! One row for each customer, as CSV.

use crate::report::Report;
use anyhow::{Context, Result};
use std::path::Path;

const HEADER: [&str; 10] = ["customer", "recency_days", "frequency", "amount", "R", "F", "M", "score", "grade", "segment"];

/// Writes the customers as they are now, in order of key.
pub(crate) fn write(report: &Report, path: &Path) -> Result<()> {
    write_rows(report, path).with_context(|| path.display().to_string())
}

fn write_rows(report: &Report, path: &Path) -> Result<()> {
    let grading = &report.now.grading;
    let segments = report.policy.segments.segments();
    let mut to = csv::Writer::from_path(path)?;
    to.write_record(HEADER)?;
    let customers = grading.population.keys.iter().zip(&grading.population.rfm).zip(&grading.customers);
    for ((key, rfm), graded) in customers {
        let [recency, frequency, monetary] = graded.levels.map(|level| level.to_string());
        to.write_record([
            key.as_str(),
            &rfm.recency_days.to_string(),
            &rfm.frequency.to_string(),
            &rfm.monetary.amount().to_string(),
            &recency,
            &frequency,
            &monetary,
            &graded.score.to_string(),
            graded.grade.name(),
            segments.get(graded.segment).map_or("", |segment| &segment.name),
        ])?;
    }
    Ok(to.flush()?)
}
