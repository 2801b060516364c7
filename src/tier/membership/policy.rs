use super::{Course, Membership, MembershipError, Run};
use crate::{
    calendar::days_between,
    quantity::Name,
    reason::{ModelId, fingerprint},
    tier::{Grade, GradeSet},
};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// The longest span that can be asked for: a hundred years.
const MOST_DAYS: u32 = 36_525;

/// How a customer's grade follows what the customer earns; see the [module](super).
///
/// On the wire: `{"name":"2024","grades":["A","B","C"],"promotion":{"decisions":1,"days":0},"demotion":{"decisions":3,"days":60},
/// "grace_days":30,"steps":1,"usable_days":45}`.
#[doc(alias = "升降级政策")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Policy {
    id: ModelId,
    grades: GradeSet,
    terms: Terms,
}

/// The figures of a [`Policy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// What a promotion takes.
    pub promotion: Confirmation,
    /// What a demotion takes, before its grace.
    pub demotion: Confirmation,
    /// Days that a confirmed demotion waits; 0 for none. The day on which it is confirmed is the first of them.
    #[doc(alias = "宽限期")]
    pub grace_days: u32,
    /// How many grades a move goes at once, 1 to 6; `None` for as many as were earned.
    pub steps: Option<u8>,
    /// How many days a decision may be used, 1 or more. The next decision must come within them, or an unfinished run starts anew. Take
    /// more than the days between two decisions.
    pub usable_days: u32,
}

/// What a move takes: decisions in a row that all call for it, and the days from the first of them to the last. Both must be reached.
#[doc(alias = "确认")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Decisions in a row, 1 or more.
    pub decisions: u16,
    /// Days from the first to the last, the first not counted; 0 for no span.
    pub days: u32,
}

impl Confirmation {
    /// One decision is enough.
    pub const AT_ONCE: Confirmation = Confirmation { decisions: 1, days: 0 };

    pub(super) fn is_met(self, run: &Run, on: NaiveDate) -> bool {
        run.count >= u32::from(self.decisions) && days_between(run.since, on) >= self.days
    }

    fn check(self) -> Result<(), MembershipError> {
        if self.decisions == 0 {
            return Err(MembershipError::NoDecisions);
        }
        check_days(self.days)
    }
}

fn check_days(days: u32) -> Result<(), MembershipError> {
    if days > MOST_DAYS { Err(MembershipError::TooManyDays(days)) } else { Ok(()) }
}

impl Policy {
    /// A policy over the grades of a model.
    ///
    /// # Errors
    /// [`NoDecisions`](MembershipError::NoDecisions) for a confirmation by 0 decisions; [`TooManyDays`](MembershipError::TooManyDays) for
    /// a span or grace of 36,526 days; [`BadSteps`](MembershipError::BadSteps) for 0 or 7;
    /// [`BadUsableDays`](MembershipError::BadUsableDays) for 0.
    pub fn new(name: Name, grades: GradeSet, terms: Terms) -> Result<Policy, MembershipError> {
        terms.promotion.check()?;
        terms.demotion.check()?;
        check_days(terms.grace_days)?;
        if let Some(steps) = terms.steps.filter(|n| !(1..=6).contains(n)) {
            return Err(MembershipError::BadSteps(steps));
        }
        if !(1..=MOST_DAYS).contains(&terms.usable_days) {
            return Err(MembershipError::BadUsableDays(terms.usable_days));
        }
        let mut policy = Policy { id: ModelId { name, fingerprint: 0 }, grades, terms };
        policy.id.fingerprint = fingerprint(&policy);
        Ok(policy)
    }

    /// Which policy this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// The grades.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// The figures.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Whether the last decision is too old to be used on a day. A decision as of the 1st that is usable for 30 days is stale on the 32nd
    /// day, not on the 31st.
    #[doc(alias = "过期")]
    pub fn is_stale(&self, membership: &Membership, at: NaiveDate) -> bool {
        membership.days_since_decision(at) > self.terms.usable_days
    }

    pub(super) const fn confirmation(&self, course: Course) -> Confirmation {
        match course {
            Course::Promotion => self.terms.promotion,
            Course::Demotion => self.terms.demotion,
        }
    }

    /// Where a confirmed run leads from a grade, in so many steps at most.
    pub(super) fn reach(&self, from: &Grade, course: Course, confirmed: &Grade) -> Grade {
        let steps = self.terms.steps.unwrap_or(u8::MAX);
        let rank = match course {
            Course::Promotion => confirmed.rank().max(from.rank().saturating_sub(steps)),
            Course::Demotion => confirmed.rank().min(from.rank().saturating_add(steps)),
        };
        self.grades.best_first().iter().find(|g| g.rank() == rank).unwrap_or(confirmed).clone()
    }

    pub(super) fn check(&self, membership: &Membership) -> Result<(), MembershipError> {
        if *membership.grades() == self.grades {
            return Ok(());
        }
        Err(MembershipError::OtherGrades { membership: membership.grades().clone(), policy: self.grades.clone() })
    }
}

/// The policy whole: what its fingerprint is taken of.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Terms { promotion, demotion, grace_days, steps, usable_days } = self.terms;
        writeln!(f, "membership policy {:?}", self.id.name)?;
        writeln!(f, "grades {}", self.grades)?;
        writeln!(f, "promotion: {promotion}")?;
        writeln!(f, "demotion: {demotion}; grace days: {grace_days}")?;
        match steps {
            Some(steps) => writeln!(f, "grades at once: {steps}")?,
            None => writeln!(f, "grades at once: any")?,
        }
        writeln!(f, "usable days: {usable_days}")
    }
}

impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "decisions in a row: {}, days: {}", self.decisions, self.days)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Policy")]
struct Wire {
    name: Name,
    grades: GradeSet,
    promotion: Confirmation,
    demotion: Confirmation,
    grace_days: u32,
    steps: Option<u8>,
    usable_days: u32,
}

impl TryFrom<Wire> for Policy {
    type Error = MembershipError;

    fn try_from(wire: Wire) -> Result<Policy, MembershipError> {
        let Wire { name, grades, promotion, demotion, grace_days, steps, usable_days } = wire;
        Policy::new(name, grades, Terms { promotion, demotion, grace_days, steps, usable_days })
    }
}

impl From<Policy> for Wire {
    fn from(Policy { id, grades, terms }: Policy) -> Wire {
        let Terms { promotion, demotion, grace_days, steps, usable_days } = terms;
        Wire { name: id.name, grades, promotion, demotion, grace_days, steps, usable_days }
    }
}
