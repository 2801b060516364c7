use super::{Complaint, ServiceError, State, Step, WorkingHours};
use crate::{calendar::Moment, quantity::Name};
use core::fmt;
use serde::{Deserialize, Serialize};

/// What stops a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Milestone {
    /// The customer first hears from the firm: an acknowledgement, a question or an offer.
    #[doc(alias = "首次响应")]
    FirstResponse,
    /// The customer is first offered something.
    FirstOffer,
    /// The complaint is closed. If it is opened again, so is the clock: it goes on from where it stood, and the time in between is not
    /// counted. Nobody gains time by closing early.
    #[doc(alias = "解决")]
    Resolution,
}

/// Which time a clock counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// All time.
    Calendar,
    /// The time within working hours.
    Working,
}

/// How long something may take. Exactly so long is in time: it is late when more of the clock's own time has passed. What is done outside
/// working hours, or while the clock stands still, takes none of it.
#[doc(alias = "response clock")]
#[doc(alias = "响应时限")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Its name.
    pub name: Name,
    /// What stops it. It starts when the complaint comes in.
    pub until: Milestone,
    /// How many minutes there are, 1 to 5,256,000.
    pub minutes: u32,
    /// Which time counts.
    pub pace: Pace,
    /// Whether it stands still while it is the customer's turn: after a question, and after an offer.
    pub pauses: bool,
    /// To which rung the complaint goes when the time has run out, counted from 0; nowhere if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_to: Option<u8>,
}

/// What a clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockStatus {
    /// There is time up to and at the deadline, unless it is paused before; and after it for as long as nobody works.
    Running {
        /// The moment at which the last second of its time is used up.
        deadline: Moment,
    },
    /// It stands still: it is the customer's turn.
    Paused {
        /// The seconds that are left when it goes on.
        left: u64,
    },
    /// It was done in time.
    Met {
        /// When.
        at: Moment,
    },
    /// More time was used than there was, whether it was done afterwards or not.
    Late {
        /// The moment at which the last second of its time was used up.
        deadline: Moment,
        /// When it was done, if it was.
        met: Option<Moment>,
    },
    /// The complaint was over before it was done, and before the time had run out.
    Ended {
        /// When.
        at: Moment,
    },
}

/// A clock, and what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading<'a> {
    /// Which clock.
    pub clock: &'a Clock,
    /// What it shows.
    pub status: ClockStatus,
    /// The seconds of its own time that have passed: up to the milestone, or up to the moment of reading.
    pub spent: u64,
}

impl ClockStatus {
    /// The moment at which the time is used up, where it is known and still matters.
    pub const fn deadline(&self) -> Option<Moment> {
        match self {
            ClockStatus::Running { deadline } | ClockStatus::Late { deadline, .. } => Some(*deadline),
            ClockStatus::Paused { .. } | ClockStatus::Met { .. } | ClockStatus::Ended { .. } => None,
        }
    }

    /// Whether time has run out, and it is still not done.
    pub const fn is_overdue(&self) -> bool {
        matches!(self, ClockStatus::Late { met: None, .. })
    }
}

impl Clock {
    const fn runs_in(&self, state: State) -> bool {
        state.is_open() && !(self.pauses && state.waits_for_customer())
    }

    /// What the clock shows of a complaint that is known up to that moment.
    pub(super) fn read(&self, then: &Complaint, hours: Option<&WorkingHours>, now: Moment) -> Result<Reading<'_>, ServiceError> {
        let hours = hours.filter(|_| self.pace == Pace::Working);
        let mut count = Countdown { hours, left: u64::from(self.minutes) * 60, spent: 0, deadline: None };
        let (mut state, mut since, mut met) = (State::Received, then.reception().at, None);
        for event in then.events() {
            if met.is_none() && self.runs_in(state) {
                count.run(since, event.at)?;
            }
            met = match (self.until, event.step) {
                (Milestone::FirstResponse, step) if step.is_response() => met.or(Some(event.at)),
                (Milestone::FirstOffer, Step::Offer) => met.or(Some(event.at)),
                (Milestone::Resolution, Step::Close) => Some(event.at),
                (Milestone::Resolution, Step::Reopen) => None,
                _ => met,
            };
            (state, since) = (state.after(event.step).unwrap_or(state), event.at);
        }
        let runs = met.is_none() && self.runs_in(state);
        if runs {
            count.run(since, now)?;
        }
        let end = met.or((!state.is_open()).then_some(since));
        let is_late = count.spent > u64::from(self.minutes) * 60;
        let status = match (count.deadline, met, end) {
            (Some(deadline), _, _) if is_late => ClockStatus::Late { deadline, met },
            (_, Some(at), _) => ClockStatus::Met { at },
            (_, None, Some(at)) => ClockStatus::Ended { at },
            (_, None, None) if !runs => ClockStatus::Paused { left: count.left },
            (Some(deadline), None, None) => ClockStatus::Running { deadline },
            (None, None, None) => ClockStatus::Running { deadline: count.after(now)? },
        };
        Ok(Reading { clock: self, status, spent: count.spent })
    }
}

/// Time that runs down, in stretches.
struct Countdown<'a> {
    hours: Option<&'a WorkingHours>,
    left: u64,
    spent: u64,
    /// Where the last second went.
    deadline: Option<Moment>,
}

impl Countdown<'_> {
    fn run(&mut self, from: Moment, until: Moment) -> Result<(), ServiceError> {
        let used = match self.hours {
            Some(hours) => hours.seconds_between(from, until)?,
            None => u64::try_from(until.seconds_since(&from)).unwrap_or(0),
        };
        self.spent = self.spent.saturating_add(used); // within ten thousand years
        if self.deadline.is_none() && used >= self.left {
            self.deadline = Some(self.after(from)?);
        }
        self.left = self.left.saturating_sub(used);
        Ok(())
    }

    /// When it runs out, if it runs on from there.
    fn after(&self, from: Moment) -> Result<Moment, ServiceError> {
        match self.hours {
            Some(hours) => hours.after_seconds(from, self.left),
            None => Ok(from.plus_seconds(i64::try_from(self.left).unwrap_or(i64::MAX))?),
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Milestone::FirstResponse => "first response",
            Milestone::FirstOffer => "first offer",
            Milestone::Resolution => "resolution",
        })
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pace = match self.pace {
            Pace::Calendar => "calendar",
            Pace::Working => "working",
        };
        write!(f, "{:?}: {} in {} {pace} minutes", self.name, self.until, self.minutes)?;
        if self.pauses {
            f.write_str(", pausing")?;
        }
        self.escalate_to.map_or(Ok(()), |rung| write!(f, ", then to rung {rung}"))
    }
}

impl fmt::Display for ClockStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClockStatus::Running { deadline } => write!(f, "due {deadline}"),
            ClockStatus::Paused { left } => write!(f, "paused, {} minutes left", left / 60),
            ClockStatus::Met { at } => write!(f, "met {at}"),
            ClockStatus::Late { deadline, met: Some(met) } => write!(f, "due {deadline}, met late {met}"),
            ClockStatus::Late { deadline, met: None } => write!(f, "late since {deadline}"),
            ClockStatus::Ended { at } => write!(f, "ended {at}"),
        }
    }
}
