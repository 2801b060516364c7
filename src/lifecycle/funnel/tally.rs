use super::FunnelError;
use crate::{
    calendar::{days_between, in_range},
    lifecycle::retention::Survival,
    quantity::{Name, Share},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The way of one case through a funnel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The day on which each step was reached, in the order of the steps; `None` for a step that was not, or not yet.
    pub reached: Vec<Option<NaiveDate>>,
    /// The day on which it was lost; `None` for a case that is won or open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<NaiveDate>,
}

/// A tally of cases on their way through ordered steps; see the [module](super). The last step is the win.
///
/// Funnels merge: whatever the order and the splitting of cases, the result is the same.
#[doc(alias = "销售漏斗")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Funnel {
    /// At least two; the last is the win.
    pub(super) steps: Vec<Tally>,
    cases: u64,
}

/// The cases at one step.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tally {
    pub(super) name: Name,
    /// Were in it.
    reached: u64,
    /// Were never in it, and in a later one.
    skipped: u64,
    /// Have come no further, and are not lost; at the last step, won.
    pub(super) open: u64,
    /// Have come no further, and are lost.
    lost: u64,
    /// Days from this step to the next that was reached, or to the loss; open ones up to the last day known.
    times: Survival,
}

impl Funnel {
    /// A funnel without cases, from its steps in order.
    ///
    /// # Errors
    /// [`BadStepCount`](FunnelError::BadStepCount) for 1 or 31; [`Twice`](FunnelError::Twice) for lead, offer, lead.
    pub fn new(steps: Vec<Name>) -> Result<Funnel, FunnelError> {
        if !(2..=30).contains(&steps.len()) {
            return Err(FunnelError::BadStepCount(steps.len()));
        }
        if let Some((_, twice)) = steps.iter().enumerate().find(|(at, name)| steps[..*at].contains(name)) {
            return Err(FunnelError::Twice(twice.clone()));
        }
        let empty = |name| Tally { name, reached: 0, skipped: 0, open: 0, lost: 0, times: Survival::new() };
        Ok(Funnel { steps: steps.into_iter().map(empty).collect(), cases: 0 })
    }

    /// Counts a case, as known at the close of a day.
    ///
    /// # Errors
    /// [`BadLength`](FunnelError::BadLength), [`NotBegun`](FunnelError::NotBegun), [`OutOfOrder`](FunnelError::OutOfOrder) for an order
    /// before its offer (the same day will do), [`AfterEnd`](FunnelError::AfterEnd), [`WonAndLost`](FunnelError::WonAndLost),
    /// [`TooMany`](FunnelError::TooMany), [`Calendar`](FunnelError::Calendar). Nothing is counted then.
    pub fn push(&mut self, case: &Case, as_of: NaiveDate) -> Result<(), FunnelError> {
        let as_of = in_range(as_of)?;
        if case.reached.len() != self.steps.len() {
            return Err(FunnelError::BadLength { expected: self.steps.len(), found: case.reached.len() });
        }
        let days: Vec<(usize, NaiveDate)> = case.reached.iter().enumerate().filter_map(|(at, day)| Some((at, (*day)?))).collect();
        let Some(&(furthest, _)) = days.last() else { return Err(FunnelError::NotBegun) };
        let all: Vec<NaiveDate> = days.iter().map(|(_, day)| *day).chain(case.lost).collect();
        if let Some(pair) = all.windows(2).find(|pair| pair[1] < pair[0]) {
            return Err(FunnelError::OutOfOrder { earlier: pair[0], later: pair[1] });
        }
        for &day in &all {
            if in_range(day)? > as_of {
                return Err(FunnelError::AfterEnd { day, as_of });
            }
        }
        let last = self.steps.len() - 1;
        if let Some(day) = case.lost.filter(|_| furthest == last) {
            return Err(FunnelError::WonAndLost(day));
        }
        self.cases = self.cases.checked_add(1).ok_or(FunnelError::TooMany)?;
        let ends = all.iter().skip(1).copied().map(Some).chain([None]);
        for (&(at, begun), end) in days.iter().zip(ends).filter(|((at, _), _)| *at < last) {
            // No step has more cases than the funnel, so this cannot fail.
            self.steps[at].times.push(days_between(begun, end.unwrap_or(as_of)), end.is_some())?;
        }
        for (at, step) in self.steps.iter_mut().enumerate().take(furthest + 1) {
            let cell = if case.reached[at].is_some() { &mut step.reached } else { &mut step.skipped };
            *cell += 1;
        }
        let step = &mut self.steps[furthest];
        let cell = if case.lost.is_some() { &mut step.lost } else { &mut step.open };
        *cell += 1;
        Ok(())
    }

    /// Takes in the cases of another funnel.
    ///
    /// # Errors
    /// [`OtherSteps`](FunnelError::OtherSteps); [`TooMany`](FunnelError::TooMany). Nothing is taken in then.
    pub fn merge(&mut self, other: &Funnel) -> Result<(), FunnelError> {
        if !self.steps().eq(other.steps()) {
            return Err(FunnelError::OtherSteps);
        }
        self.cases = self.cases.checked_add(other.cases).ok_or(FunnelError::TooMany)?;
        for (step, more) in self.steps.iter_mut().zip(&other.steps) {
            step.times.merge(&more.times)?;
            step.reached += more.reached;
            step.skipped += more.skipped;
            step.open += more.open;
            step.lost += more.lost;
        }
        Ok(())
    }

    /// The steps, in order.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.steps.iter().map(|step| &step.name)
    }

    /// All cases.
    pub const fn cases(&self) -> u64 {
        self.cases
    }

    /// Cases that were in a step; none for a step that the funnel does not have.
    pub fn reached(&self, step: &str) -> u64 {
        self.step(step).map_or(0, |step| step.reached)
    }

    /// Cases that were never in a step and reached a later one. They count as having passed it.
    pub fn skipped(&self, step: &str) -> u64 {
        self.step(step).map_or(0, |step| step.skipped)
    }

    /// Cases that are in a step now: open, neither won nor lost.
    pub fn open(&self, step: &str) -> u64 {
        self.middle().find(|other| other.name == step).map_or(0, |step| step.open)
    }

    /// Cases that were lost in a step.
    pub fn lost(&self, step: &str) -> u64 {
        self.step(step).map_or(0, |step| step.lost)
    }

    /// Cases that reached the last step.
    pub fn won(&self) -> u64 {
        self.steps.last().map_or(0, |last| last.open)
    }

    /// Those who came further than a step, of those who came further or were lost in it. Open cases are left out: nobody knows yet.
    ///
    /// # Errors
    /// [`NoSuchStep`](FunnelError::NoSuchStep) for the last step, and for one that the funnel does not have.
    #[doc(alias = "转化率")]
    pub fn conversion(&self, step: &str) -> Result<Share, FunnelError> {
        let at = self.steps.iter().position(|other| other.name == step).filter(|at| at + 1 < self.steps.len());
        Ok(self.conversion_at(at.ok_or_else(|| FunnelError::NoSuchStep(step.into()))?))
    }

    pub(super) fn conversion_at(&self, at: usize) -> Share {
        let further: u64 = self.steps.iter().skip(at + 1).map(|step| step.open + step.lost).sum();
        Share::new(further, further + self.steps[at].lost).unwrap_or_default()
    }

    /// The cases that were won, of those that were won or lost.
    #[doc(alias = "成交率")]
    pub fn overall(&self) -> Share {
        let lost: u64 = self.steps.iter().map(|step| step.lost).sum();
        Share::new(self.won(), self.won() + lost).unwrap_or_default()
    }

    /// Days in a step, until the next that was reached or the loss; its curve knows a median where one can be known.
    ///
    /// # Errors
    /// [`NoSuchStep`](FunnelError::NoSuchStep) for the last step, and for one that the funnel does not have.
    pub fn times(&self, step: &str) -> Result<&Survival, FunnelError> {
        let found = self.middle().find(|other| other.name == step).map(|step| &step.times);
        found.ok_or_else(|| FunnelError::NoSuchStep(step.into()))
    }

    /// All steps but the last.
    pub(super) fn middle(&self) -> impl Iterator<Item = &Tally> {
        self.steps.iter().take(self.steps.len().saturating_sub(1))
    }

    fn step(&self, name: &str) -> Option<&Tally> {
        self.steps.iter().find(|step| step.name == name)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Funnel")]
struct Wire {
    steps: Vec<Tally>,
}

impl TryFrom<Wire> for Funnel {
    type Error = FunnelError;

    fn try_from(Wire { steps }: Wire) -> Result<Funnel, FunnelError> {
        let mut funnel = Funnel::new(steps.iter().map(|step| step.name.clone()).collect())?;
        // From the last step backwards: how many came so far.
        let mut passed = 0_u64;
        for (at, step) in steps.iter().enumerate().rev() {
            let last = at + 1 == steps.len();
            let add = |a: u64, b: u64| a.checked_add(b).ok_or(FunnelError::TooMany);
            let here = add(step.open, step.lost)?;
            passed = add(passed, here)?;
            let (timed, left) = if last { (0, 0) } else { (step.reached, step.reached.saturating_sub(step.open)) };
            let fits = add(step.reached, step.skipped)? == passed
                && here <= step.reached
                && (step.times.customers(), step.times.left()) == (timed, left)
                && !(last && (step.lost > 0 || step.skipped > 0));
            if !fits {
                return Err(FunnelError::BadCounts);
            }
        }
        funnel.cases = passed;
        funnel.steps = steps;
        Ok(funnel)
    }
}

impl From<Funnel> for Wire {
    fn from(funnel: Funnel) -> Wire {
        Wire { steps: funnel.steps }
    }
}
