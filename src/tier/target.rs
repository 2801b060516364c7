//! Targets that can be measured, broken down into parts that add up to them exactly (目标层层分解).

use crate::{
    calendar::{self, Period},
    money::{Money, Ratio, Rounding},
    quantity::Name,
};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A target that can be measured, with the period in which it is to be reached, broken down into parts that add up to it exactly.
///
/// Parts break it down by place, by person or by time: parts with quarters of the year as their periods are its timetable.
///
/// On the wire: `{"name":"new customers","period":{"from":"2024-01-01","until":"2025-01-01"},"goal":{"count":12},"parts":[…]}`.
///
/// ```
/// use customer_value::{calendar::Period, quantity::Name, tier::target::{Goal, Target}};
///
/// let year = Period::year(2024)?;
/// let part = |name, count| Target::new(Name::new(name)?, year, Goal::Count(count), vec![]).map_err(Box::<dyn core::error::Error>::from);
/// assert!(Target::new(Name::new("new customers")?, year, Goal::Count(12), vec![part("north", 7)?, part("south", 4)?]).is_err());
/// let target = Target::new(Name::new("new customers")?, year, Goal::Count(12), vec![part("north", 7)?, part("south", 5)?])?;
///
/// let midyear = target.progress("2024-06-30".parse()?, |name| Some(Goal::Count(if *name == "north" { 5 } else { 1 })))?;
/// assert_eq!((midyear.done, midyear.due), (Goal::Count(6), Goal::Count(5))); // 182 of 366 days: 3 of 7 and 2 of 5 are due
/// assert_eq!(midyear.parts.iter().map(|p| p.is_on_schedule()).collect::<Vec<_>>(), [true, false]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "目标分解")]
#[doc(alias = "层层分解")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Target {
    name: Name,
    period: Period,
    goal: Goal,
    parts: Vec<Target>,
}

/// So much is to be reached, or has been.
///
/// On the wire: `{"money":{"amount":"1000.00","currency":"CNY"}}` or `{"count":12}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// An amount.
    Money(Money),
    /// A number of customers, contracts, visits.
    Count(u64),
}

/// How far a target has come at the close of a day.
#[doc(alias = "进度")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The target.
    pub name: Name,
    /// What is to be reached in the end.
    pub goal: Goal,
    /// What should have been reached by now: of each target without parts, its goal in proportion to the days that are over, rounded
    /// down to the smallest unit; of one with parts, the sum of theirs.
    pub due: Goal,
    /// What has been reached.
    pub done: Goal,
    /// The parts.
    pub parts: Vec<Progress>,
}

/// What can be wrong with a target, or with what is reported of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TargetError {
    /// A goal lies above zero.
    #[error("the goal of {0:?} is not above zero")]
    NotPositive(Name),
    /// Two targets have one name.
    #[error("two targets are called {0:?}")]
    Twice(Name),
    /// The period of a part leaves the period of the whole.
    #[error("the period of {part:?} leaves that of {whole:?}")]
    OutsidePeriod {
        /// The whole.
        whole: Name,
        /// Its part.
        part: Name,
    },
    /// The parts do not add up to the whole.
    #[error("the parts of {whole:?} add up to {sum}, not to {goal}")]
    PartsDoNotSum {
        /// The whole.
        whole: Name,
        /// Its goal.
        goal: Goal,
        /// The sum of its parts.
        sum: Goal,
    },
    /// An amount stands where a count or another currency is expected.
    #[error("{name:?} is {}, which does not add to {}", found.kind(), expected.kind())]
    Mixed {
        /// The part, or the target of which it is reported.
        name: Name,
        /// What is expected.
        expected: Goal,
        /// What is found.
        found: Goal,
    },
    /// A sum does not fit.
    #[error("the sum of the parts of {0:?} does not fit")]
    OutOfRange(Name),
    /// A tree of targets is at most 16 deep.
    #[error("below {0:?} targets are nested more than 16 deep")]
    TooDeep(Name),
    /// Nothing is reported of a target; that is not the same as nothing done.
    #[error("nothing is reported of {0:?}")]
    Unreported(Name),
}

impl Target {
    const DEEPEST: usize = 16;

    /// A target and its parts; without parts it is one that is reported on.
    ///
    /// # Errors
    /// [`NotPositive`](TargetError::NotPositive) for a goal of 0; [`PartsDoNotSum`](TargetError::PartsDoNotSum) for 12 of 7 and 4;
    /// [`Mixed`](TargetError::Mixed) for 12 of 7 and 5 CNY; [`OutsidePeriod`](TargetError::OutsidePeriod);
    /// [`Twice`](TargetError::Twice) for a name that occurs anywhere in it again; [`TooDeep`](TargetError::TooDeep);
    /// [`OutOfRange`](TargetError::OutOfRange).
    pub fn new(name: Name, period: Period, goal: Goal, parts: Vec<Target>) -> Result<Target, TargetError> {
        if goal.units() <= 0 {
            return Err(TargetError::NotPositive(name));
        }
        if let Some(part) = parts.iter().find(|p| p.period.overlap(&period) != Some(p.period)) {
            return Err(TargetError::OutsidePeriod { whole: name, part: part.name.clone() });
        }
        if !parts.is_empty() {
            let sum = sum(&name, goal, parts.iter().map(|part| (&part.name, part.goal)))?;
            if sum != goal {
                return Err(TargetError::PartsDoNotSum { whole: name, goal, sum });
            }
        }
        let target = Target { name, period, goal, parts };
        target.check(Target::DEEPEST, &mut BTreeSet::new())?;
        Ok(target)
    }

    fn check<'a>(&'a self, deepest: usize, names: &mut BTreeSet<&'a Name>) -> Result<(), TargetError> {
        let deeper = deepest.checked_sub(1).ok_or_else(|| TargetError::TooDeep(self.name.clone()))?;
        if !names.insert(&self.name) {
            return Err(TargetError::Twice(self.name.clone()));
        }
        self.parts.iter().try_for_each(|part| part.check(deeper, names))
    }

    /// What it is called.
    pub const fn name(&self) -> &Name {
        &self.name
    }

    /// When it is to be reached.
    pub const fn period(&self) -> Period {
        self.period
    }

    /// What is to be reached.
    pub const fn goal(&self) -> Goal {
        self.goal
    }

    /// What it is broken down into.
    pub fn parts(&self) -> &[Target] {
        &self.parts
    }

    /// How far it has come at the close of a day; `done` says of each target without parts what has been reached by then.
    ///
    /// # Errors
    /// [`Unreported`](TargetError::Unreported) if `done` says nothing; [`Mixed`](TargetError::Mixed) if it answers in another unit;
    /// [`OutOfRange`](TargetError::OutOfRange).
    pub fn progress(&self, day: NaiveDate, done: impl Fn(&Name) -> Option<Goal>) -> Result<Progress, TargetError> {
        self.progress_of(day, &done)
    }

    fn progress_of(&self, day: NaiveDate, done: &impl Fn(&Name) -> Option<Goal>) -> Result<Progress, TargetError> {
        let name = || self.name.clone();
        let parts: Vec<Progress> = self.parts.iter().map(|part| part.progress_of(day, done)).collect::<Result<_, _>>()?;
        let (due, done) = if parts.is_empty() {
            let found = done(&self.name).ok_or_else(|| TargetError::Unreported(name()))?;
            if found.with(0) != self.goal.with(0) {
                return Err(TargetError::Mixed { name: name(), expected: self.goal, found });
            }
            (self.due(day).ok_or_else(|| TargetError::OutOfRange(name()))?, found)
        } else {
            let add = |part: fn(&Progress) -> Goal| sum(&self.name, self.goal, parts.iter().map(|p| (&p.name, part(p))));
            (add(|part| part.due)?, add(|part| part.done)?)
        };
        Ok(Progress { name: name(), goal: self.goal, due, done, parts })
    }

    /// What is due of a target without parts: of its days, those up to and with the day are over.
    fn due(&self, day: NaiveDate) -> Option<Goal> {
        let all = self.period.days();
        let over =
            if day < self.period.from() { 0 } else { calendar::days_between(self.period.from(), day).saturating_add(1).min(all) };
        self.goal.with(Rounding::Floor.divide(self.goal.units().checked_mul(over.into())?, all.into())?)
    }
}

/// The sum of goals that are counted alike.
fn sum<'a>(whole: &Name, like: Goal, mut parts: impl Iterator<Item = (&'a Name, Goal)>) -> Result<Goal, TargetError> {
    let total = parts.try_fold(0_i128, |total, (name, found)| {
        if found.with(0) != like.with(0) {
            return Err(TargetError::Mixed { name: name.clone(), expected: like, found });
        }
        total.checked_add(found.units()).ok_or_else(|| TargetError::OutOfRange(whole.clone()))
    })?;
    like.with(total).ok_or_else(|| TargetError::OutOfRange(whole.clone()))
}

impl Goal {
    /// What it is in, for messages.
    fn kind(self) -> String {
        match self {
            Goal::Money(money) => format!("an amount in {}", money.currency()),
            Goal::Count(_) => "a count".into(),
        }
    }

    /// In smallest units.
    fn units(self) -> i128 {
        match self {
            Goal::Money(money) => money.minor().into(),
            Goal::Count(count) => count.into(),
        }
    }

    /// So many units of the same.
    fn with(self, units: i128) -> Option<Goal> {
        match self {
            Goal::Money(money) => Some(Goal::Money(Money::from_minor(i64::try_from(units).ok()?, money.currency()))),
            Goal::Count(_) => u64::try_from(units).ok().map(Goal::Count),
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::Money(money) => fmt::Display::fmt(money, f),
            Goal::Count(count) => fmt::Display::fmt(count, f),
        }
    }
}

impl Progress {
    /// What has been reached, as a share of the goal; above one if it is surpassed.
    pub fn share(&self) -> Ratio {
        // A goal lies above zero, and neither number is near 128 bits.
        Ratio::new(self.done.units(), self.goal.units()).unwrap_or(Ratio::ZERO)
    }

    /// Whether at least what is due has been reached.
    pub fn is_on_schedule(&self) -> bool {
        self.done.units() >= self.due.units()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Target")]
struct Wire {
    name: Name,
    period: Period,
    goal: Goal,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Target>,
}

impl TryFrom<Wire> for Target {
    type Error = TargetError;

    fn try_from(wire: Wire) -> Result<Target, TargetError> {
        Target::new(wire.name, wire.period, wire.goal, wire.parts)
    }
}

impl From<Target> for Wire {
    fn from(target: Target) -> Wire {
        Wire { name: target.name, period: target.period, goal: target.goal, parts: target.parts }
    }
}
