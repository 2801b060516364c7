use super::LadderError;
use crate::{calendar::Period, quantity::Name};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec,
    vec::Vec,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// What a tier takes: a count of one metric, all of several requirements, or any of them.
///
/// On the wire: `{"any":[{"at_least":{"metric":"points","count":250000}},{"at_least":{"metric":"segments","count":60}}]}`.
///
/// ```
/// use customer_value::{loyalty::ladder::Requirement, quantity::Name};
///
/// // Platinum for 250,000 points or 60 segments, as at an airline of the Siebel handbook.
/// let platinum = Requirement::Any(vec![
///     Requirement::at_least(Name::new("points")?, 250_000),
///     Requirement::at_least(Name::new("segments")?, 60),
/// ]);
/// assert_eq!(platinum.to_string(), "points ≥ 250000 or segments ≥ 60");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Requirement {
    /// So many of one metric, or more.
    AtLeast {
        /// What is counted.
        metric: Name,
        /// How many it takes, 1 or more.
        count: u64,
    },
    /// Every one of them, at least one.
    All(Vec<Requirement>),
    /// One of them, at least one.
    Any(Vec<Requirement>),
}

/// One way to meet a requirement: how many of each metric.
pub(in crate::loyalty) type Needs = BTreeMap<Name, u64>;

/// The most ways to meet one requirement, after and before those are left out that ask for all that another asks for.
const MOST_WAYS: usize = 64;
const MOST_LISTED: usize = 1024;

impl Requirement {
    /// So many of one metric, or more.
    pub const fn at_least(metric: Name, count: u64) -> Requirement {
        Requirement::AtLeast { metric, count }
    }

    /// Every metric that it counts.
    pub(in crate::loyalty) fn metrics(&self, into: &mut BTreeSet<Name>) {
        match self {
            Requirement::AtLeast { metric, .. } => {
                into.insert(metric.clone());
            }
            Requirement::All(parts) | Requirement::Any(parts) => parts.iter().for_each(|part| part.metrics(into)),
        }
    }

    /// Whether counts meet it.
    pub(super) fn is_met(&self, count: &dyn Fn(&Name) -> i64) -> bool {
        match self {
            Requirement::AtLeast { metric, count: needed } => u64::try_from(count(metric)).is_ok_and(|had| had >= *needed),
            Requirement::All(parts) => parts.iter().all(|part| part.is_met(count)),
            Requirement::Any(parts) => parts.iter().any(|part| part.is_met(count)),
        }
    }

    /// The ways to meet it, none of which asks for as much of everything as another.
    ///
    /// # Errors
    /// For counts of 0, empty lists, and more than 64 ways.
    pub(in crate::loyalty) fn ways(&self) -> Result<Vec<Needs>, LadderError> {
        let ways = match self {
            Requirement::AtLeast { metric, count } if *count == 0 || i64::try_from(*count).is_err() => {
                return Err(LadderError::BadCount { metric: metric.clone(), count: *count });
            }
            Requirement::AtLeast { metric, count } => vec![Needs::from([(metric.clone(), *count)])],
            Requirement::All(parts) | Requirement::Any(parts) if parts.is_empty() => return Err(LadderError::EmptyRequirement),
            Requirement::Any(parts) => {
                let mut ways = Vec::new();
                for part in parts {
                    ways.extend(part.ways()?);
                    check_number(&ways, MOST_LISTED)?;
                }
                ways
            }
            Requirement::All(parts) => {
                let mut ways = vec![Needs::new()];
                for part in parts {
                    let more = part.ways()?;
                    ways = ways.iter().flat_map(|way| more.iter().map(|other| both(way, other))).collect();
                    check_number(&ways, MOST_LISTED)?;
                    ways = least(ways);
                    check_number(&ways, MOST_WAYS)?;
                }
                ways
            }
        };
        let ways = least(ways);
        check_number(&ways, MOST_WAYS)?;
        Ok(ways)
    }

    /// Whether whoever meets this one meets the other too.
    pub(super) fn implies(&self, other: &Requirement) -> Result<bool, LadderError> {
        let had = |way: &Needs, metric: &Name| way.get(metric).map_or(0, |count| i64::try_from(*count).unwrap_or(i64::MAX));
        Ok(self.ways()?.iter().all(|way| other.is_met(&|metric| had(way, metric))))
    }

    /// Every metric with the most that is asked of it.
    pub(super) fn most(&self) -> Needs {
        match self {
            Requirement::AtLeast { metric, count } => Needs::from([(metric.clone(), *count)]),
            Requirement::All(parts) | Requirement::Any(parts) => {
                parts.iter().fold(Needs::new(), |all, part| both(&all, &part.most()))
            }
        }
    }

    fn figures(&self, count: &dyn Fn(&Name) -> i64, into: &mut Vec<Figure>) {
        match self {
            Requirement::AtLeast { metric, count: needed } => {
                into.push(Figure { metric: metric.clone(), had: count(metric), needed: *needed });
            }
            Requirement::All(parts) | Requirement::Any(parts) => parts.iter().for_each(|part| part.figures(count, into)),
        }
    }
}

fn check_number(ways: &[Needs], most: usize) -> Result<(), LadderError> {
    if ways.len() > most { Err(LadderError::TooManyWays) } else { Ok(()) }
}

/// What it takes to meet both.
fn both(a: &Needs, b: &Needs) -> Needs {
    let mut both = a.clone();
    for (metric, count) in b {
        let most = both.entry(metric.clone()).or_default();
        *most = (*most).max(*count);
    }
    both
}

/// The ways without those that ask for all that another asks for; in the order of the names.
pub(super) fn least(mut ways: Vec<Needs>) -> Vec<Needs> {
    ways.sort();
    ways.dedup();
    let covers = |more: &Needs, less: &Needs| less.iter().all(|(metric, count)| more.get(metric).is_some_and(|c| c >= count));
    ways.iter().filter(|way| !ways.iter().any(|other| other != *way && covers(way, other))).cloned().collect()
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Requirement::AtLeast { metric, count } => return write!(f, "{metric} ≥ {count}"),
            Requirement::All(parts) => (parts, "and"),
            Requirement::Any(parts) => (parts, "or"),
        };
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                write!(f, " {word} ")?;
            }
            match part {
                Requirement::AtLeast { .. } => write!(f, "{part}")?,
                Requirement::All(_) | Requirement::Any(_) => write!(f, "({part})")?,
            }
        }
        Ok(())
    }
}

/// A count beside what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What was counted.
    pub metric: Name,
    /// How many there were, what was rolled over included.
    pub had: i64,
    /// How many it took.
    pub needed: u64,
}

/// The numbers that decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Over which days.
    pub period: Period,
    /// Every count that the requirement asks for.
    pub figures: Vec<Figure>,
}

impl Counted {
    pub(super) fn of(requirement: &Requirement, period: Period, count: &dyn Fn(&Name) -> i64) -> Counted {
        let mut figures = Vec::new();
        requirement.figures(count, &mut figures);
        Counted { period, figures }
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Figure { metric, had, needed }) in self.figures.iter().enumerate() {
            write!(f, "{}{metric} {had} of {needed}", if i > 0 { ", " } else { "" })?;
        }
        write!(f, " in {}", self.period)
    }
}
