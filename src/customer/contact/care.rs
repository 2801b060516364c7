use super::policy::MOST_MINUTES;
use super::{Channel, ContactError, Direction, InteractionLog, Proposal};
use crate::{calendar::Moment, quantity::Name};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use serde::{Deserialize, Serialize};

/// Something that happened to a customer, and may be an occasion for care: a check-out, a delivery, a birthday.
#[allow(clippy::derived_hash_with_manual_eq)] // what is equal has equal hashes: equality only looks at the clock besides
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerEvent {
    /// What tells it from all others of this customer, such as "stay 4711" or "birthday 2024".
    pub id: Name,
    /// What kind of event it is.
    pub kind: Name,
    /// When, on the customer's clock.
    pub at: Moment,
}

// The same moment read on another clock is other content: which of the two were kept would depend on the order in which they come.
impl PartialEq for CustomerEvent {
    fn eq(&self, other: &CustomerEvent) -> bool {
        let CustomerEvent { id, kind, at } = self;
        at.is_identical(&other.at) && (id, kind) == (&other.id, &other.kind)
    }
}

impl Eq for CustomerEvent {}

/// What is done after an event of a kind.
#[doc(alias = "客户关怀")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareOccasion {
    /// Its name.
    pub name: Name,
    /// After events of this kind.
    pub after: Name,
    /// Minutes from the event until it is due; 0 for at once.
    pub delay: u32,
    /// Minutes from then on in which it still makes sense, the last included; 1 or more.
    pub within: u32,
    /// What is done: "ask how the stay was".
    pub action: Name,
    /// By what.
    pub channel: Channel,
    /// The purpose under which the contact policy knows it.
    pub purpose: Name,
}

/// One occasion after one event: what is done once, and never again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareKey {
    /// The occasion.
    pub occasion: Name,
    /// The event.
    pub event: Name,
}

/// What has become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CareState {
    /// Not due yet.
    Ahead,
    /// To be done now.
    Due,
    /// Done, at this moment.
    Done(Moment),
    /// Not done in time; it is too late now.
    Missed,
}

/// Care for one event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Care<'a> {
    /// For which event.
    pub event: &'a CustomerEvent,
    /// On which occasion.
    pub occasion: &'a CareOccasion,
    /// From when.
    pub due: Moment,
    /// The last moment at which it still makes sense.
    pub last: Moment,
    /// What has become of it.
    pub state: CareState,
}

/// What a firm does for its customers, by event; every occasion once an event.
///
/// On the wire: a list of occasions, `[{"name":"how was it","after":"check-out","delay":120,"within":2880,"action":"ask how the stay was",
/// "channel":"text-message","purpose":"survey"}]`.
///
/// ```
/// use customer_value::customer::contact::{CarePlan, CareState, CustomerEvent, InteractionLog};
/// use customer_value::quantity::Name;
///
/// let plan: CarePlan = serde_json::from_str(r#"[{ "name": "how was it", "after": "check-out", "delay": 120, "within": 2880,
///     "action": "ask how the stay was", "channel": "text-message", "purpose": "survey" }]"#)?;
/// let left = CustomerEvent { id: Name::new("stay 1")?, kind: Name::new("check-out")?, at: "2024-02-28T23:00:00+08:00".parse()? };
/// let state = |now: &str| -> Result<_, Box<dyn core::error::Error>> {
///     Ok(plan.care([&left], &InteractionLog::new(), now.parse()?)?.into_iter().map(|care| care.state).collect::<Vec<_>>())
/// };
/// assert_eq!(state("2024-02-29T00:59:59+08:00")?, [CareState::Ahead]);
/// assert_eq!(state("2024-02-29T01:00:00+08:00")?, [CareState::Due]);
/// assert_eq!(state("2024-03-02T01:00:01+08:00")?, [CareState::Missed]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "关怀计划")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<CareOccasion>", into = "Vec<CareOccasion>")]
pub struct CarePlan(Vec<CareOccasion>);

impl CarePlan {
    /// A plan of these occasions.
    ///
    /// # Errors
    /// [`Twice`](ContactError::Twice) for two occasions of one name; [`BadMinutes`](ContactError::BadMinutes) for no time to act, and for
    /// more than ten years.
    pub fn new(occasions: Vec<CareOccasion>) -> Result<CarePlan, ContactError> {
        let mut names = BTreeSet::new();
        for occasion in &occasions {
            if !names.insert(&occasion.name) {
                return Err(ContactError::Twice(occasion.name.clone()));
            }
            if occasion.delay > MOST_MINUTES {
                return Err(ContactError::BadMinutes(occasion.delay));
            }
            if !(1..=MOST_MINUTES).contains(&occasion.within) {
                return Err(ContactError::BadMinutes(occasion.within));
            }
        }
        Ok(CarePlan(occasions))
    }

    /// The occasions, as they were given.
    pub fn occasions(&self) -> &[CareOccasion] {
        &self.0
    }

    /// All care that a customer's events call for as of a moment, in order of the due moment, then of event and occasion. What was done is
    /// read from the log: an [`Interaction`](super::Interaction) that says which care it was, that the firm began, and that is no earlier
    /// than the event. Events after the moment are not looked at.
    ///
    /// # Errors
    /// [`Conflict`](ContactError::Conflict) for two events of one identity and other content; the same event twice counts once.
    /// [`Calendar`](ContactError::Calendar) at the end of the year 9999.
    pub fn care<'a>(
        &'a self,
        events: impl IntoIterator<Item = &'a CustomerEvent>,
        log: &InteractionLog,
        now: Moment,
    ) -> Result<Vec<Care<'a>>, ContactError> {
        let mut by_id: BTreeMap<&Name, &CustomerEvent> = BTreeMap::new();
        for event in events {
            let known = by_id.entry(&event.id).or_insert(event);
            if *known != event {
                return Err(ContactError::Conflict(event.id.clone()));
            }
        }
        let mut done: BTreeMap<&CareKey, Moment> = BTreeMap::new();
        for interaction in log.until(now).into_iter().filter(|i| i.direction == Direction::Outbound) {
            let Some(key) = &interaction.care else { continue };
            if by_id.get(&key.event).is_some_and(|event| event.at <= interaction.at) {
                done.entry(key).or_insert(interaction.at);
            }
        }
        let mut all = Vec::new();
        for event in by_id.into_values().filter(|event| event.at <= now) {
            for occasion in self.0.iter().filter(|o| o.after == event.kind) {
                let due = event.at.plus_minutes(occasion.delay.into())?;
                let last = due.plus_minutes(occasion.within.into())?;
                let key = CareKey { occasion: occasion.name.clone(), event: event.id.clone() };
                let state = match done.get(&key) {
                    Some(at) => CareState::Done(*at),
                    None if now < due => CareState::Ahead,
                    None if now <= last => CareState::Due,
                    None => CareState::Missed,
                };
                all.push(Care { event, occasion, due, last, state });
            }
        }
        all.sort_by_key(|care| (care.due, &care.event.id, &care.occasion.name));
        Ok(all)
    }
}

impl Care<'_> {
    /// Under which key it is done once.
    pub fn key(&self) -> CareKey {
        CareKey { occasion: self.occasion.name.clone(), event: self.event.id.clone() }
    }

    /// The contact that it takes, as the contact policy is asked for it.
    pub fn proposal(&self, at: Moment) -> Proposal {
        Proposal { at, channel: self.occasion.channel.clone(), purpose: self.occasion.purpose.clone() }
    }
}

impl TryFrom<Vec<CareOccasion>> for CarePlan {
    type Error = ContactError;

    fn try_from(occasions: Vec<CareOccasion>) -> Result<CarePlan, ContactError> {
        CarePlan::new(occasions)
    }
}

impl From<CarePlan> for Vec<CareOccasion> {
    fn from(plan: CarePlan) -> Vec<CareOccasion> {
        plan.0
    }
}
