use super::{Clock, ClockStatus, Complaint, Event, Ladder, Pace, Reading, Reception, ServiceError, State, Step, WorkingHours};
use crate::{
    calendar::Moment,
    quantity::{Name, NameError},
    reason::{ModelId, fingerprint},
};
use alloc::{collections::BTreeSet, format, vec::Vec};
use core::fmt;
use serde::{Deserialize, Serialize};

/// The longest clock: ten years of 365 days.
const MOST_MINUTES: u32 = 10 * 365 * 24 * 60;

/// How complaints are dealt with: who does, how fast, and what happens if they are not.
///
/// On the wire: `{"name":"2024","ladder":[{"name":"front desk","means":"direct"},{"name":"manager","means":"direct"}],
/// "clocks":[{"name":"answer","until":"first-response","minutes":60,"pace":"calendar","pauses":false,"escalate_to":1}],"hours":null}`.
#[doc(alias = "SLA")]
#[doc(alias = "投诉处理规则")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ServicePolicy {
    id: ModelId,
    ladder: Ladder,
    clocks: Vec<Clock>,
    hours: Option<WorkingHours>,
}

/// A complaint for which a clock has not been stopped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Due<'a> {
    /// Which complaint.
    pub case: &'a Name,
    /// Where it stood at that moment.
    pub state: State,
    /// On which rung, counted from 0.
    pub level: u8,
    /// Which clock, and what it shows.
    pub reading: Reading<'a>,
}

impl ServicePolicy {
    /// A policy of a ladder, clocks, and the hours that clocks in working time count.
    ///
    /// # Errors
    /// [`NoClocks`](ServiceError::NoClocks); [`Twice`](ServiceError::Twice) for two clocks of one name;
    /// [`BadClock`](ServiceError::BadClock) for 0 minutes; [`NoHours`](ServiceError::NoHours) for working time without hours;
    /// [`BadRung`](ServiceError::BadRung) for escalation to rung 0, or to rung 2 of 2.
    pub fn new(name: Name, ladder: Ladder, clocks: Vec<Clock>, hours: Option<WorkingHours>) -> Result<ServicePolicy, ServiceError> {
        if clocks.is_empty() {
            return Err(ServiceError::NoClocks);
        }
        let mut names = BTreeSet::new();
        for clock in &clocks {
            if !names.insert(&clock.name) {
                return Err(ServiceError::Twice(clock.name.clone()));
            }
            if !(1..=MOST_MINUTES).contains(&clock.minutes) {
                return Err(ServiceError::BadClock { clock: clock.name.clone(), minutes: clock.minutes });
            }
            if clock.pace == Pace::Working && hours.is_none() {
                return Err(ServiceError::NoHours(clock.name.clone()));
            }
            if let Some(rung) = clock.escalate_to.filter(|rung| !(1..=ladder.top()).contains(rung)) {
                return Err(ServiceError::BadRung { clock: clock.name.clone(), rung, rungs: ladder.rungs().len() });
            }
        }
        let mut policy = ServicePolicy { id: ModelId { name, fingerprint: 0 }, ladder, clocks, hours };
        policy.id.fingerprint = fingerprint(&policy);
        Ok(policy)
    }

    /// Which policy this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// The ladder.
    pub const fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// The clocks, as they were given.
    pub fn clocks(&self) -> &[Clock] {
        &self.clocks
    }

    /// The working hours.
    pub const fn hours(&self) -> Option<&WorkingHours> {
        self.hours.as_ref()
    }

    /// A complaint that has come in, on this policy's ladder.
    pub fn receive(&self, reception: Reception) -> Complaint {
        Complaint::new(reception, self.ladder.clone())
    }

    /// What the clocks show at a moment, in the order of the policy; nothing before the complaint came in. What happened later is not
    /// looked at.
    ///
    /// # Errors
    /// [`Calendar`](ServiceError::Calendar) for a deadline after the year 9999.
    pub fn read(&self, complaint: &Complaint, now: Moment) -> Result<Vec<Reading<'_>>, ServiceError> {
        complaint.as_of(now).map_or(Ok(Vec::new()), |then| self.read_now(&then, now))
    }

    pub(super) fn read_now(&self, then: &Complaint, now: Moment) -> Result<Vec<Reading<'_>>, ServiceError> {
        self.clocks.iter().map(|clock| clock.read(then, self.hours.as_ref(), now)).collect()
    }

    /// The escalations that clocks call for at a moment, rung by rung, to be recorded one after the other; none for a complaint that is
    /// there already, or over. The reason is the clock whose time has run out, the author this policy.
    ///
    /// They are the same whenever they are asked for and not recorded, but for their moment; recorded, they are not called for again. Their
    /// identities are "escalation to rung 1" and so on; where another event has that already, "escalation to rung 1 (2)".
    ///
    /// # Errors
    /// [`OtherLadder`](ServiceError::OtherLadder) for a complaint on another ladder; [`Calendar`](ServiceError::Calendar) as
    /// [`read`](Self::read).
    #[doc(alias = "自动升级")]
    pub fn escalations(&self, complaint: &Complaint, now: Moment) -> Result<Vec<Event>, ServiceError> {
        if *complaint.ladder() != self.ladder {
            return Err(ServiceError::OtherLadder(complaint.case().clone()));
        }
        let Some(then) = complaint.as_of(now).filter(|then| then.state().is_open()) else { return Ok(Vec::new()) };
        let readings = self.read_now(&then, now)?;
        let overdue = readings.iter().filter(|reading| reading.status.is_overdue());
        let called: Vec<(u8, &Name)> = overdue.filter_map(|r| Some((r.clock.escalate_to?, &r.clock.name))).collect();
        let highest = called.iter().map(|(rung, _)| *rung).max().unwrap_or(0);
        let event = |rung: u8| {
            // The first clock that goes so far.
            let clock = called.iter().find(|(to, _)| *to >= rung).map_or(&self.id.name, |(_, clock)| clock);
            let id = unused(complaint, &self.id.name, rung)?;
            Ok(Event { id, at: now, step: Step::Escalate, reason: clock.clone(), author: self.id.name.clone() })
        };
        let events: Result<_, NameError> = (then.level() + 1..=highest).map(event).collect();
        Ok(events.unwrap_or_default()) // the names are short and plain
    }

    /// What waits to be done at a moment: every clock of every open complaint that has not been stopped, the earliest deadline first, those
    /// that stand still last. Equal ones are in order of case, and then of the policy.
    ///
    /// # Errors
    /// [`Twice`](ServiceError::Twice) for one case twice; [`Calendar`](ServiceError::Calendar) as [`read`](Self::read).
    #[doc(alias = "待办")]
    pub fn worklist<'a>(
        &'a self,
        complaints: impl IntoIterator<Item = &'a Complaint>,
        now: Moment,
    ) -> Result<Vec<Due<'a>>, ServiceError> {
        let (mut seen, mut list) = (BTreeSet::new(), Vec::new());
        for complaint in complaints {
            if !seen.insert(complaint.case()) {
                return Err(ServiceError::Twice(complaint.case().clone()));
            }
            let Some(then) = complaint.as_of(now).filter(|then| then.state().is_open()) else { continue };
            let waits =
                |r: &Reading| r.status.is_overdue() || matches!(r.status, ClockStatus::Running { .. } | ClockStatus::Paused { .. });
            for reading in self.read_now(&then, now)?.into_iter().filter(waits) {
                list.push(Due { case: complaint.case(), state: then.state(), level: then.level(), reading });
            }
        }
        list.sort_by_key(|due| due.case); // stable: the clocks of a case stay in the order of the policy
        list.sort_by_key(|due| (due.reading.status.deadline().is_none(), due.reading.status.deadline()));
        Ok(list)
    }
}

/// An identity for the escalation to a rung that no other event has.
fn unused(complaint: &Complaint, author: &Name, rung: u8) -> Result<Name, NameError> {
    let others = complaint.events().iter().filter(|e| e.step != Step::Escalate || e.author != *author);
    let taken: BTreeSet<&Name> = others.map(|e| &e.id).collect();
    let mut id = Name::new(&format!("escalation to rung {rung}"))?;
    for number in 2_u64.. {
        if !taken.contains(&id) {
            break;
        }
        id = Name::new(&format!("escalation to rung {rung} ({number})"))?;
    }
    Ok(id)
}

/// The policy whole: what its fingerprint is taken of.
impl fmt::Display for ServicePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "service policy {:?}", self.id.name)?;
        writeln!(f, "ladder: {}", self.ladder)?;
        self.clocks.iter().try_for_each(|clock| writeln!(f, "{clock}"))?;
        self.hours.iter().try_for_each(|hours| writeln!(f, "working hours: {hours}"))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ServicePolicy")]
struct Wire {
    name: Name,
    ladder: Ladder,
    clocks: Vec<Clock>,
    #[serde(default)]
    hours: Option<WorkingHours>,
}

impl TryFrom<Wire> for ServicePolicy {
    type Error = ServiceError;

    fn try_from(wire: Wire) -> Result<ServicePolicy, ServiceError> {
        ServicePolicy::new(wire.name, wire.ladder, wire.clocks, wire.hours)
    }
}

impl From<ServicePolicy> for Wire {
    fn from(ServicePolicy { id, ladder, clocks, hours }: ServicePolicy) -> Wire {
        Wire { name: id.name, ladder, clocks, hours }
    }
}
