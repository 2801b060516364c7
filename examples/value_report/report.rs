//! Everything that is reported, whatever the form.

use crate::{
    grading::{Frozen, Grading},
    groups::{self, Group, LevelGrid},
    options::{Options, Orders},
    orders::OrderLog,
    policy::Policy,
    population::Population,
    spotlight::{self, Spotlight},
    spread::Spread,
};
use anyhow::{Context, Result, ensure};
use chrono::{Days, NaiveDate};
use customer_value::{
    calendar::{Window, months_from},
    reason::Language,
    tier::migration::Migration,
};
use std::collections::BTreeSet;

/// The report of a run.
#[derive(Debug)]
pub(crate) struct Report {
    /// What the orders are called in headings.
    pub(crate) source: String,
    /// Whether the orders are those that come with the example.
    pub(crate) built_in: bool,
    /// The language of the explanations.
    pub(crate) language: Language,
    pub(crate) log: OrderLog,
    pub(crate) policy: Policy,
    pub(crate) frozen: Frozen,
    pub(crate) now: Year,
    /// `None` if the log does not reach back far enough.
    pub(crate) before: Option<Year>,
    /// Who moved from the year before to now.
    pub(crate) moves: Option<Migration>,
    pub(crate) spread: Option<Spread>,
    pub(crate) spotlights: Vec<Spotlight>,
    /// Number of decisions that were verified and replayed: all of them.
    pub(crate) checked: usize,
}

/// The customers at the end of a year.
#[derive(Debug)]
pub(crate) struct Year {
    /// The first day of the window that ends there, or of the log if the window reaches back further.
    pub(crate) since: NaiveDate,
    pub(crate) grading: Grading,
    pub(crate) grades: Vec<Group>,
    pub(crate) segments: Vec<Group>,
    pub(crate) levels: LevelGrid,
}

impl Report {
    /// Grades the customers of a log and draws up the report.
    pub(crate) fn draw_up(options: &Options, log: OrderLog, policy: Policy) -> Result<Report> {
        let as_of = options.as_of.unwrap_or(log.last);
        let seen = |day| Population::seen(&log.base, day, policy.window, policy.returns);
        let population = seen(as_of)?;
        ensure!(population.len() > 0, "nobody has bought anything by {as_of}");
        let earlier = match year_before(as_of, policy.window, log.first) {
            Some(day) => Some(seen(day)?).filter(|population| population.len() > 0),
            None => None,
        };
        let frozen = Frozen::fit(&policy, earlier.as_ref().unwrap_or(&population))?;
        let before = earlier.map(|population| Year::graded(&log, &policy, &frozen, population)).transpose()?;
        let now = Year::graded(&log, &policy, &frozen, population)?;
        let before_grading = before.as_ref().map(|year| &year.grading);
        Ok(Report {
            source: source(&options.orders),
            built_in: matches!(options.orders, Orders::BuiltIn),
            moves: before_grading.map(|before| moves(&policy, before, &now.grading)).transpose()?,
            spread: Spread::of(&now.grading.population)?,
            spotlights: spotlight::choose(&policy, &frozen, &now.grading, before_grading, options.language)?,
            checked: now.grading.customers.len() + before_grading.map_or(0, |before| before.customers.len()),
            language: options.language,
            log,
            policy,
            frozen,
            now,
            before,
        })
    }

    /// The years that were graded, the earlier first.
    pub(crate) fn years(&self) -> impl Iterator<Item = &Year> {
        self.before.iter().chain([&self.now])
    }
}

impl Year {
    fn graded(log: &OrderLog, policy: &Policy, frozen: &Frozen, population: Population) -> Result<Year> {
        let as_of = population.as_of;
        let grading = frozen.grade(policy, population).with_context(|| format!("grading as of {as_of}"))?;
        Ok(Year {
            since: policy.window.ending(as_of)?.from().max(log.first),
            grades: groups::by_grade(policy, &grading)?,
            segments: groups::by_segment(policy, &grading)?,
            levels: LevelGrid::of(policy, &grading)?,
            grading,
        })
    }

    pub(crate) fn as_of(&self) -> NaiveDate {
        self.grading.population.as_of
    }
}

/// Twelve months earlier, if the log covers a window that ends there. A log that begins up to a month late will do: a shop's first
/// order of a year need not be on its first day.
fn year_before(as_of: NaiveDate, window: Window, first: NaiveDate) -> Option<NaiveDate> {
    const LATE: Days = Days::new(31);
    let day = months_from(as_of, -12).ok()?;
    let needed = if window == Window::All { day } else { window.ending(day).ok()?.from().checked_add_days(LATE)? };
    (first <= needed).then_some(day)
}

fn moves(policy: &Policy, before: &Grading, now: &Grading) -> Result<Migration> {
    let grade = |grading: &'_ Grading, key: &str| grading.population.position(key).map(|at| grading.customers[at].grade.clone());
    let keys: BTreeSet<&String> = before.population.keys.iter().chain(&now.population.keys).collect();
    let pairs: Vec<_> = keys.into_iter().map(|key| (grade(before, key), grade(now, key))).collect();
    let pairs = pairs.iter().map(|(before, now)| (before.as_ref(), now.as_ref()));
    Ok(Migration::between(policy.model.grades(), pairs)?)
}

fn source(orders: &Orders) -> String {
    match orders {
        Orders::BuiltIn => "Online Retail II, a UK wholesaler of gifts".to_owned(),
        Orders::File(file) => file.path.file_name().unwrap_or(file.path.as_os_str()).to_string_lossy().into_owned(),
    }
}
