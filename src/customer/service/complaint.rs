use super::{Conflict, Ladder, Rung, ServiceError, State, Step};
use crate::{calendar::Moment, customer::contact::Touchpoint, quantity::Name};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// How a complaint came in.
#[allow(clippy::derived_hash_with_manual_eq)] // what is equal has equal hashes: equality only looks at the clock besides
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reception {
    /// What tells it from all others.
    pub case: Name,
    /// When.
    pub at: Moment,
    /// Where.
    pub touchpoint: Touchpoint,
    /// What it is about.
    pub about: Name,
}

/// What happened to a complaint, who did it and why.
#[allow(clippy::derived_hash_with_manual_eq)] // what is equal has equal hashes: equality only looks at the clock besides
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What tells it from the other events of the complaint: delivered twice, it counts once.
    pub id: Name,
    /// When.
    pub at: Moment,
    /// What.
    pub step: Step,
    /// Why, or what was asked, offered or agreed.
    pub reason: Name,
    /// Who.
    pub author: Name,
}

// The same moment read on another clock is other content: which of the two were kept would depend on the order in which they come.
impl PartialEq for Reception {
    fn eq(&self, other: &Reception) -> bool {
        let Reception { case, at, touchpoint, about } = self;
        at.is_identical(&other.at) && (case, touchpoint, about) == (&other.case, &other.touchpoint, &other.about)
    }
}

impl Eq for Reception {}

// The same moment read on another clock is other content: which of the two were kept would depend on the order in which they come.
impl PartialEq for Event {
    fn eq(&self, other: &Event) -> bool {
        let Event { id, at, step, reason, author } = self;
        at.is_identical(&other.at) && (id, step, reason, author) == (&other.id, &other.step, &other.reason, &other.author)
    }
}

impl Eq for Event {}

/// A complaint: what came in, and all that has happened since. Where it stands follows from that; nothing is changed or taken out.
///
/// On the wire: `{"reception":{…},"ladder":[…],"events":[…]}`. It is read event by event, so that nothing impossible can be read.
///
/// ```
/// use customer_value::customer::{contact::{Channel, JourneyStage, Touchpoint}, service::{Complaint, Event, Ladder, Means, Reception}};
/// use customer_value::{customer::service::{Rung, ServiceError, State, Step}, quantity::Name};
///
/// let ladder = Ladder::new(vec![Rung { name: Name::new("front desk")?, means: Means::Direct }])?;
/// let touchpoint = Touchpoint { channel: Channel::Phone, stage: JourneyStage::AfterSales, moment: Name::new("stay")? };
/// let at = "2024-02-29T21:00:00+08:00".parse()?;
/// let mut complaint = Complaint::new(Reception { case: Name::new("17")?, at, touchpoint, about: Name::new("noise")? }, ladder);
/// let event = |step, minutes| Ok::<_, Box<dyn core::error::Error>>(Event {
///     id: Name::new(&format!("event {minutes}"))?, at: at.plus_minutes(minutes)?, step,
///     reason: Name::new("another room")?, author: Name::new("night desk")?,
/// });
/// // Nothing was offered that could be accepted.
/// assert!(matches!(complaint.record(event(Step::Accept, 5)?), Err(ServiceError::Illegal { legal, .. }) if legal.contains(&Step::Offer)));
/// complaint.record(event(Step::Offer, 5)?)?;
/// complaint.record(event(Step::Accept, 7)?)?;
/// assert_eq!(complaint.state(), State::Accepted);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "投诉")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Complaint {
    reception: Reception,
    ladder: Ladder,
    events: Vec<Event>,
    state: State,
    rung: u8,
    conflict: Conflict,
}

impl Complaint {
    /// A complaint that has come in, at the foot of a ladder. It stays on that ladder, whatever the policy says later.
    pub const fn new(reception: Reception, ladder: Ladder) -> Complaint {
        Complaint { reception, ladder, events: Vec::new(), state: State::Received, rung: 0, conflict: Conflict::None }
    }

    /// Takes in what has happened. `false` if it was there already.
    ///
    /// # Errors
    /// [`Illegal`](ServiceError::Illegal) for accepting what was not offered, and for going above the top of the ladder;
    /// [`Backwards`](ServiceError::Backwards) for a moment before the last event; [`Conflict`](ServiceError::Conflict) for another event
    /// under a known identity. The complaint stays as it was.
    pub fn record(&mut self, event: Event) -> Result<bool, ServiceError> {
        match self.events.iter().find(|e| e.id == event.id) {
            Some(known) if *known == event => Ok(false),
            Some(_) => Err(ServiceError::Conflict(event.id)),
            None => self.add(event).map(|()| true),
        }
    }

    /// Takes in an event whose identity is new.
    fn add(&mut self, event: Event) -> Result<(), ServiceError> {
        let last = self.changed();
        if event.at < last {
            return Err(ServiceError::Backwards { case: self.case().clone(), last, at: event.at });
        }
        self.apply(event)
    }

    fn apply(&mut self, event: Event) -> Result<(), ServiceError> {
        let Some(next) = self.state.after(event.step).filter(|_| self.is_possible(event.step)) else {
            let (case, step) = (self.case().clone(), event.step);
            return Err(ServiceError::Illegal { case, state: self.state, step, legal: self.legal() });
        };
        self.conflict = self.conflict.after(event.step);
        self.rung += u8::from(event.step == Step::Escalate); // not at the top
        self.state = next;
        self.events.push(event);
        Ok(())
    }

    fn is_possible(&self, step: Step) -> bool {
        step != Step::Escalate || self.rung < self.ladder.top()
    }

    /// The steps that are possible now.
    pub fn legal(&self) -> Vec<Step> {
        self.state.steps().filter(|step| self.is_possible(*step)).collect()
    }

    /// The complaint as it was known at a moment, its own events included; `None` before it came in.
    pub fn as_of(&self, now: Moment) -> Option<Complaint> {
        if now < self.reception.at {
            return None;
        }
        let mut then = Complaint::new(self.reception.clone(), self.ladder.clone());
        for event in self.events.iter().take_while(|e| e.at <= now) {
            // They were possible in this order before, so they are again.
            then.apply(event.clone()).ok()?;
        }
        Some(then)
    }

    /// What tells it from all others.
    pub const fn case(&self) -> &Name {
        &self.reception.case
    }

    /// How it came in.
    pub const fn reception(&self) -> &Reception {
        &self.reception
    }

    /// The ladder on which it stands.
    pub const fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// What has happened, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Where it stands.
    pub const fn state(&self) -> State {
        self.state
    }

    /// How often it was escalated: the place of its rung, counted from 0.
    pub const fn level(&self) -> u8 {
        self.rung
    }

    /// Who deals with it, and how.
    pub fn rung(&self) -> &Rung {
        &self.ladder.rungs()[usize::from(self.rung)] // it never passes the top
    }

    /// Whether the two sides agree.
    pub const fn conflict(&self) -> Conflict {
        self.conflict
    }

    /// When it last changed.
    pub fn changed(&self) -> Moment {
        self.events.last().map_or(self.reception.at, |event| event.at)
    }

    /// Whether it was ever closed and then taken up again.
    pub fn was_reopened(&self) -> bool {
        self.events.windows(2).any(|pair| (pair[0].step, pair[1].step) == (Step::Close, Step::Reopen))
    }

    /// Whether it was ever closed.
    pub fn was_closed(&self) -> bool {
        self.events.iter().any(|e| e.step == Step::Close)
    }

    /// Whether the first thing that the customer heard settled it: one offer, accepted and carried out, nothing asked before, no rung
    /// climbed, and it was not taken up again.
    #[doc(alias = "首次解决")]
    pub fn is_resolved_on_first_contact(&self) -> bool {
        let count = |wanted: fn(Step) -> bool| self.events.iter().filter(|e| wanted(e.step)).count();
        let once = count(Step::is_response) == 1 && count(|s| s == Step::Offer) == 1;
        once && self.level() == 0 && count(|s| s == Step::Accept) == 1 && self.state == State::Closed && !self.was_reopened()
    }
}

impl Conflict {
    const fn after(self, step: Step) -> Conflict {
        match (step, self) {
            (Step::Reject | Step::Reopen, _) => Conflict::Open,
            (Step::Accept, Conflict::Open) => Conflict::Settled,
            (Step::Close, Conflict::Open) => Conflict::Unsettled,
            (Step::Withdraw, Conflict::Open) => Conflict::Dropped,
            _ => self,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Complaint")]
struct Wire {
    reception: Reception,
    ladder: Ladder,
    events: Vec<Event>,
}

impl TryFrom<Wire> for Complaint {
    type Error = ServiceError;

    fn try_from(wire: Wire) -> Result<Complaint, ServiceError> {
        let mut complaint = Complaint::new(wire.reception, wire.ladder);
        // As `record`, but with an index of the identities: a list may be long.
        let mut places = BTreeMap::new();
        for event in wire.events {
            let place = complaint.events.len();
            match places.get(&event.id) {
                None => {
                    places.insert(event.id.clone(), place);
                    complaint.add(event)?;
                }
                Some(&known) if complaint.events.get::<usize>(known) == Some(&event) => {}
                Some(_) => return Err(ServiceError::Conflict(event.id)),
            }
        }
        Ok(complaint)
    }
}

impl From<Complaint> for Wire {
    fn from(Complaint { reception, ladder, events, .. }: Complaint) -> Wire {
        Wire { reception, ladder, events }
    }
}
