use super::{Action, Cause, Gift, Intervention, Ladder, LadderError, Standing, UpgradePlan};
use crate::{
    calendar::{Period, in_range, months_from},
    quantity::{Name, some_unique_keys, unique_keys},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a [`Ladder`] remembers of one member: all that later days depend on, besides the credits.
///
/// Begun by [`Ladder::join`], moved on by [`Ladder::run`]; what was decided by hand is brought to it by
/// [`intervene`](StatusState::intervene).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct StatusState {
    pub(super) joined: NaiveDate,
    /// Up to which day `now` is settled, that day included.
    pub(super) as_of: NaiveDate,
    /// By day; those of a day in the order in which they were given.
    pub(super) interventions: Vec<Intervention>,
    /// Gifts given; none is taken back by a correction.
    pub(super) gifts: BTreeSet<GiftKey>,
    /// From where corrections are computed, and its day; the joining, if there is none.
    pub(super) origin: Option<(NaiveDate, Core)>,
    pub(super) now: Core,
}

/// A gift that was given, and the first day of the period for which it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GiftKey {
    pub(super) milestone: Name,
    pub(super) period: Option<NaiveDate>,
}

impl From<&Gift> for GiftKey {
    fn from(gift: &Gift) -> GiftKey {
        GiftKey { milestone: gift.milestone.clone(), period: gift.period.map(|period| period.from()) }
    }
}

/// What the machine moves from day to day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Core {
    pub(super) standing: Standing,
    /// What was earned or landed on, by tier.
    #[serde(deserialize_with = "unique_keys")]
    pub(super) terms: BTreeMap<Name, Term>,
    /// Tiers for life.
    pub(super) floors: BTreeSet<Name>,
    #[serde(deserialize_with = "unique_keys")]
    pub(super) tenure: BTreeMap<Name, Tenure>,
    /// The period that is counted, with cycles.
    pub(super) current: Option<Current>,
    /// The period before it.
    pub(super) closed: Option<Closed>,
    /// Plans that have come to an end.
    pub(super) plans: Vec<EndedPlan>,
}

/// For how long a tier is the member's, grace not included; `None` for as long as enough counts, or for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    pub(super) until: Option<NaiveDate>,
    pub(super) landed: bool,
}

/// How long a tier or one above it was held: whole stays, and since when the present one lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tenure {
    pub(super) days: u32,
    pub(super) since: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Current {
    pub(super) anchor: NaiveDate,
    pub(super) period: Period,
}

/// A period that is over, with what had been rolled over into it, and what the tier entered or kept in it took: `None` if none was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closed {
    pub(super) period: Period,
    #[serde(deserialize_with = "unique_keys")]
    pub(super) opening: BTreeMap<Name, i64>,
    #[serde(default, deserialize_with = "some_unique_keys")]
    pub(super) used: Option<BTreeMap<Name, u64>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndedPlan {
    pub(super) name: Name,
    pub(super) from: NaiveDate,
    pub(super) met: bool,
}

impl Core {
    pub(super) fn new(base: &Name, joined: NaiveDate) -> Core {
        Core {
            standing: Standing::base(base, joined),
            terms: BTreeMap::new(),
            floors: BTreeSet::new(),
            tenure: BTreeMap::new(),
            current: None,
            closed: None,
            plans: Vec::new(),
        }
    }

    /// The rank that the member has of their own, 0 for none.
    pub(super) fn own(&self, ladder: &Ladder) -> usize {
        let has = |rank: &usize| {
            let name = &ladder.rule(*rank).name;
            self.terms.contains_key(name) || self.floors.contains(name)
        };
        (1..=ladder.top()).rev().find(has).unwrap_or(0)
    }
}

impl Ladder {
    /// A member of today, at the base.
    ///
    /// # Errors
    /// [`LadderError::Calendar`] for a day outside the years 1 to 9999.
    pub fn join(&self, day: NaiveDate) -> Result<StatusState, LadderError> {
        let joined = in_range(day)?;
        Ok(StatusState {
            joined,
            as_of: joined,
            interventions: Vec::new(),
            gifts: BTreeSet::new(),
            origin: None,
            now: Core::new(&self.terms().base, joined),
        })
    }
}

impl StatusState {
    /// Whether another is the same but for the day up to which it is settled.
    pub(in crate::loyalty) fn stays(&self, other: &StatusState) -> bool {
        let StatusState { joined, as_of: _, interventions, gifts, origin, now } = other;
        let same = self.joined == *joined && self.interventions == *interventions && self.gifts == *gifts;
        same && self.origin == *origin && self.now == *now
    }

    /// It is settled up to a day, and stays as it is.
    pub(in crate::loyalty) fn stay(&mut self, until: NaiveDate) {
        self.as_of = self.as_of.max(until);
    }

    /// The day of joining.
    pub const fn joined(&self) -> NaiveDate {
        self.joined
    }

    /// Up to which day it is settled, that day included.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// Where the member stands at the close of that day.
    pub const fn standing(&self) -> &Standing {
        &self.now.standing
    }

    /// What was decided by hand, by day.
    pub fn interventions(&self) -> &[Intervention] {
        &self.interventions
    }

    /// Takes what somebody decided. It works from the next [`run`](Ladder::run) on, which may be to the day itself.
    ///
    /// # Errors
    /// [`Backwards`](LadderError::Backwards) for a day that is settled; [`UnknownTier`](LadderError::UnknownTier) for a tier of another
    /// ladder; [`NoDay`](LadderError::NoDay) for a hold that ends on the day on which it begins;
    /// [`PlanTooSoon`](LadderError::PlanTooSoon) for a plan that the member is in, or was in too recently;
    /// [`PlanValidity`](LadderError::PlanValidity). Nothing changes then.
    pub fn intervene(&mut self, ladder: &Ladder, intervention: Intervention) -> Result<(), LadderError> {
        let on = in_range(intervention.on)?;
        if on < self.as_of {
            return Err(LadderError::Backwards { on, as_of: self.as_of });
        }
        intervention.check(ladder)?;
        if let Action::Plan(plan) = &intervention.action {
            let earlier = self.plans().filter(|(_, other)| other.name == plan.name).map(|(from, _)| from).max();
            if let Some(from) = self.open_again(plan, earlier)?.filter(|from| on < *from) {
                return Err(LadderError::PlanTooSoon { plan: plan.name.clone(), from });
            }
        }
        let place = self.interventions.partition_point(|other| other.on <= on);
        self.interventions.insert(place, intervention);
        Ok(())
    }

    /// Makes the present status the one from which corrections are computed: what is settled stays, as after a change of the ladder, or
    /// after the books of a year are closed. Without effect on a ladder that does not [recompute](super::Corrections::Recompute).
    pub fn settle(&mut self) {
        self.origin = Some((self.as_of, self.now.clone()));
    }

    /// Plans that were given, with their days.
    pub(super) fn plans(&self) -> impl Iterator<Item = (NaiveDate, &UpgradePlan)> {
        self.interventions.iter().filter_map(|i| match &i.action {
            Action::Plan(plan) => Some((i.on, plan)),
            _ => None,
        })
    }

    /// When a plan that began on a day is open again: after its window, and after its years.
    fn open_again(&self, plan: &UpgradePlan, earlier: Option<NaiveDate>) -> Result<Option<NaiveDate>, LadderError> {
        let Some(from) = earlier else { return Ok(None) };
        let ended = self.now.plans.iter().any(|ended| ended.name == plan.name && ended.from == from);
        let window = if ended { from } else { plan.window.after(from)? };
        let years = plan.once_in_years.map_or(Ok(from), |years| months_from(from, 12 * i32::from(years)))?;
        // Twice on one day would be one plan.
        Ok(Some(window.max(years).max(crate::calendar::days_from(from, 1)?)))
    }
}

/// What came of running a ladder over some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Run {
    /// The member's state at the end.
    pub state: StatusState,
    /// What changed, in order.
    pub changes: Vec<StatusChange>,
    /// Gifts that are due, in order.
    pub gifts: Vec<Gift>,
    /// The next day on which something can change by itself. Until then only new entries, corrections and interventions change anything.
    pub next_due: Option<NaiveDate>,
}

/// A change of status: of the tier, of its end, or of what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// The day.
    pub on: NaiveDate,
    /// Where the member stood before.
    pub from: Standing,
    /// Where the member stands now.
    pub to: Standing,
    /// Why.
    pub cause: Cause,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "StatusState")]
struct Wire {
    joined: NaiveDate,
    as_of: NaiveDate,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    interventions: Vec<Intervention>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    gifts: BTreeSet<GiftKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<(NaiveDate, Core)>,
    now: Core,
}

impl TryFrom<Wire> for StatusState {
    type Error = LadderError;

    fn try_from(wire: Wire) -> Result<StatusState, LadderError> {
        let Wire { joined, as_of, interventions, gifts, origin, now } = wire;
        let origin_day = origin.as_ref().map_or(joined, |(day, _)| *day);
        let days = [joined, origin_day, as_of];
        let interventions_days = interventions.iter().map(|i| i.on);
        for pair in days.windows(2).chain(interventions_days.collect::<Vec<_>>().windows(2)) {
            if let [as_of, on] = *pair
                && on < as_of
            {
                return Err(LadderError::Backwards { on, as_of });
            }
        }
        in_range(joined)?;
        in_range(as_of)?;
        Ok(StatusState { joined, as_of, interventions, gifts, origin, now })
    }
}

impl From<StatusState> for Wire {
    fn from(state: StatusState) -> Wire {
        let StatusState { joined, as_of, interventions, gifts, origin, now } = state;
        Wire { joined, as_of, interventions, gifts, origin, now }
    }
}
