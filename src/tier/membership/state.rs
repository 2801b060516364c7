use super::{Carry, Command, Hold, MembershipError, hold::Held};
use crate::{
    calendar::{Period, days_between, in_range},
    reason::ModelId,
    tier::{Grade, GradeSet},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Where a customer stands: what is earned, what the [`Policy`](super::Policy) makes of it, what is under way, and who holds it.
///
/// Made by [`Policy::advance`](super::Policy::advance), changed by it, by [`hold`](Membership::hold), [`release`](Membership::release) and
/// [`carry`](Membership::carry); none of them changes in place.
#[doc(alias = "会员等级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Membership {
    pub(super) grades: GradeSet,
    pub(super) automatic: Grade,
    pub(super) since: NaiveDate,
    pub(super) decision: LastDecision,
    pub(super) run: Option<Run>,
    pub(super) grace: Option<Period>,
    /// What was ordered by hand from the last decision on: in the order of days, none overlapping another.
    pub(super) holds: Vec<Held>,
    pub(super) command: Option<Command>,
    pub(super) carried: Option<Carry>,
}

/// What a [`Membership`] remembers of the last decision: all of it but the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastDecision {
    /// Its day.
    pub as_of: NaiveDate,
    /// The grade by the bound for promotion.
    pub earned: Grade,
    /// The grade by the bound for keeping a grade: `earned` or better. The same if there is one bound only.
    pub kept: Grade,
    /// The model that decided what is earned.
    pub model: ModelId,
    /// The model that decided what is kept, if it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_model: Option<ModelId>,
    /// What the models decided, where the membership was [carried](Membership::carry) since and the grades above are counterparts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
}

/// The grades of a [`LastDecision`] as the models gave them, in the grades of their time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Original {
    /// The grade by the bound for promotion.
    pub earned: Grade,
    /// The grade by the bound for keeping a grade.
    pub kept: Grade,
}

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// To a better grade.
    #[doc(alias = "升级")]
    Promotion,
    /// To a worse grade.
    #[doc(alias = "降级")]
    Demotion,
}

/// Decisions in a row that all call for a move the same way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Which way.
    pub course: Course,
    /// The day of the first decision.
    pub since: NaiveDate,
    /// How many decisions.
    pub count: u32,
    /// The grade that every one of them supports: the lowest on the way up, the best on the way down.
    pub grade: Grade,
}

impl Membership {
    /// The grades it is in.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// The grade that the last decision gives, whole: neither confirmations nor steps nor holds touch it.
    pub const fn earned(&self) -> &Grade {
        &self.decision.earned
    }

    /// The grade that the policy has arrived at.
    pub const fn automatic(&self) -> &Grade {
        &self.automatic
    }

    /// The grade that counts on a day: the hold's while one is in force, otherwise the automatic one. (For days before the last decision
    /// this is no look into the past: ask the transitions.)
    #[doc(alias = "当前等级")]
    pub fn shown(&self, at: NaiveDate) -> &Grade {
        self.hold_on(at).map_or(&self.automatic, |hold| &hold.grade)
    }

    /// The day of the decision that brought the automatic grade.
    pub const fn since(&self) -> NaiveDate {
        self.since
    }

    /// The last decision.
    pub const fn decision(&self) -> &LastDecision {
        &self.decision
    }

    /// The move that is being confirmed, or waits for its grace to end.
    pub const fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// The grace of a confirmed demotion: from the day of its confirmation up to, not including, the first day on which a decision
    /// demotes.
    pub const fn grace(&self) -> Option<Period> {
        self.grace
    }

    /// The last command given by hand.
    pub const fn command(&self) -> Option<&Command> {
        self.command.as_ref()
    }

    /// How it came to be in its grades, if it was in others before.
    pub const fn carried(&self) -> Option<&Carry> {
        self.carried.as_ref()
    }

    /// The hold in force on a day, from the last decision on. A hold that another one replaced, or that was released, ended that day.
    pub fn hold_on(&self, at: NaiveDate) -> Option<&Hold> {
        self.holds.iter().find(|held| held.contains(at)).map(|held| &held.hold)
    }

    /// The last day that is settled: of the last decision, or of the carrying after it.
    pub(super) fn settled(&self) -> NaiveDate {
        self.carried.as_ref().map_or(self.decision.as_of, |carry| carry.on.max(self.decision.as_of))
    }

    /// What was shown up to a day, before what happens on it; and the hold that has expired meanwhile, which nobody was told yet.
    pub(super) fn shown_until(&self, on: NaiveDate) -> (&Grade, Option<&Hold>) {
        match self.holds.iter().rev().find(|held| held.hold.during.from() <= on) {
            Some(held) if held.contains(on) => (&held.hold.grade, None),
            Some(held) if held.has_run_out() => (&held.hold.grade, Some(&held.hold)),
            _ => (&self.automatic, None),
        }
    }

    /// Forgets the holds that were over by the last settled day.
    pub(super) fn settle(&mut self) {
        let settled = self.settled();
        self.holds.retain(|held| held.until > settled);
    }

    /// Days from the last decision to a day; 0 on days before it.
    pub fn days_since_decision(&self, at: NaiveDate) -> u32 {
        days_between(self.decision.as_of, at)
    }

    /// The move that the last decision calls for, and to which grade.
    pub(super) fn demand(&self) -> Option<(Course, &Grade)> {
        self.decision.demand(&self.automatic)
    }

    /// Refuses what no policy can have made.
    fn checked(self) -> Result<Membership, MembershipError> {
        let LastDecision { as_of, earned, kept, .. } = &self.decision;
        let ordered = match &self.command {
            Some(Command::Hold(hold)) => Some(&hold.grade),
            Some(Command::Release(_)) | None => None,
        };
        let held = self.holds.iter().map(|held| &held.hold.grade);
        let run = self.run.as_ref().map(|r| &r.grade);
        for grade in [earned, kept, &self.automatic].into_iter().chain(run).chain(ordered).chain(held) {
            if !self.grades.best_first().contains(grade) {
                return Err(MembershipError::UnknownGrade(grade.name().clone()));
            }
        }
        in_range(self.since)?;
        self.command.as_ref().map_or(Ok(self.since), |command| in_range(command.on()))?;
        in_range(*as_of)?;
        self.carried.as_ref().map_or(Ok(self.since), |carry| in_range(carry.on))?;
        let refuse = |because| Err(MembershipError::Inconsistent(because));
        if self.carried.as_ref().is_some_and(|carry| carry.to != self.grades) {
            return refuse("it was carried to other grades than it is in");
        }
        let ends = self.holds.iter().all(|held| {
            held.hold.during.from() <= held.until && held.until <= held.hold.during.until() && held.until > self.settled()
        });
        let follows = |a: &Held, b: &Held| a.until <= b.hold.during.from() && a.hold.during.from() < b.hold.during.from();
        let apart = |pair: &[Held]| matches!(pair, [a, b] if follows(a, b));
        if !ends || !self.holds.windows(2).all(apart) {
            return refuse("a hold is over, ends elsewhere than it may, or overlaps another");
        }
        if kept < earned {
            return refuse("the bound for keeping a grade is stricter than the one for promotion");
        }
        if self.since > *as_of {
            return refuse("the grade is from after the last decision");
        }
        if let Some(run) = &self.run {
            let supported = self.demand().is_some_and(|(course, grade)| {
                course == run.course
                    && match course {
                        Course::Promotion => self.automatic < run.grade && run.grade <= *grade,
                        Course::Demotion => *grade <= run.grade && run.grade < self.automatic,
                    }
            });
            if !supported {
                return refuse("the run leads elsewhere than the last decision");
            }
            // One decision a day at most, the first after the last move.
            let days = days_between(run.since, *as_of);
            if run.since <= self.since
                || self.carried.as_ref().is_some_and(|carry| run.since < carry.on)
                || run.since > *as_of
                || run.count == 0
                || run.count - 1 > days
                || (run.count == 1 && days > 0)
            {
                return refuse("the run has more or fewer decisions than its days allow");
            }
        }
        if let Some(grace) = self.grace {
            let run = self.run.as_ref().filter(|r| r.course == Course::Demotion && r.since <= grace.from());
            if run.is_none() || !grace.contains(*as_of) {
                return refuse("there is no demotion for the grace, or it has ended");
            }
        }
        Ok(self)
    }
}

impl LastDecision {
    /// The move that it calls for, seen from a grade, and to which grade.
    pub(super) fn demand(&self, from: &Grade) -> Option<(Course, &Grade)> {
        if self.earned > *from {
            Some((Course::Promotion, &self.earned))
        } else if self.kept < *from {
            Some((Course::Demotion, &self.kept))
        } else {
            None
        }
    }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Course::Promotion => "promotion",
            Course::Demotion => "demotion",
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Membership")]
struct Wire {
    grades: GradeSet,
    automatic: Grade,
    since: NaiveDate,
    decision: LastDecision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    run: Option<Run>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grace: Option<Period>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holds: Vec<Held>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    command: Option<Command>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carried: Option<Carry>,
}

impl TryFrom<Wire> for Membership {
    type Error = MembershipError;

    fn try_from(wire: Wire) -> Result<Membership, MembershipError> {
        let Wire { grades, automatic, since, decision, run, grace, holds, command, carried } = wire;
        Membership { grades, automatic, since, decision, run, grace, holds, command, carried }.checked()
    }
}

impl From<Membership> for Wire {
    fn from(m: Membership) -> Wire {
        let Membership { grades, automatic, since, decision, run, grace, holds, command, carried } = m;
        Wire { grades, automatic, since, decision, run, grace, holds, command, carried }
    }
}
