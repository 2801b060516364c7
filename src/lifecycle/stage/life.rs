use super::{StageError, StageKind};
use crate::{
    calendar::{days_between, in_range},
    quantity::Name,
    reason::ModelId,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a customer is in the life cycle, how the customer came there, and what is under way: the fold of all observations.
///
/// Made by [`StageModel::advance`](super::StageModel::advance), changed by it, by [`explain`](super::StageModel::explain) and
/// [`close`](super::StageModel::close); none of them changes in place.
#[doc(alias = "客户生命周期")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct LifeCycle {
    pub(super) model: ModelId,
    /// Never empty; in the order of days.
    pub(super) moves: Vec<StageMove>,
    /// The last day that was observed, and the stage it spoke for, if only one.
    pub(super) last: Seen,
    pub(super) run: Option<Run>,
}

/// A move from a stage to another, or into the first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageMove {
    /// The day.
    pub on: NaiveDate,
    /// The stage before; `None` for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Name>,
    /// The stages that were passed on the way, because no edge leads straight there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Name>,
    /// The stage after.
    pub to: Name,
    /// What kind of stage that is.
    pub kind: StageKind,
    /// Why the customer lapsed, or the relationship was closed; `None` as long as nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Name>,
}

/// What was observed on a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    pub(super) on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stage: Option<Name>,
}

/// Observations in a row that all speak for a move to the same stage.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The stage.
    pub to: Name,
    /// The day of the first.
    pub since: NaiveDate,
    /// How many.
    pub count: u32,
}

impl LifeCycle {
    /// The model that is followed.
    pub const fn model(&self) -> &ModelId {
        &self.model
    }

    /// The stage.
    pub fn stage(&self) -> &Name {
        &self.latest().to
    }

    /// What kind of stage it is.
    pub fn kind(&self) -> StageKind {
        self.latest().kind
    }

    /// The day on which it began.
    pub fn since(&self) -> NaiveDate {
        self.latest().on
    }

    /// The move that led there.
    pub fn latest(&self) -> &StageMove {
        // Never empty; the first stands for the last of one.
        &self.moves[self.moves.len().saturating_sub(1)]
    }

    /// All moves, in the order of their days.
    pub fn moves(&self) -> &[StageMove] {
        &self.moves
    }

    /// The last day that was observed.
    pub const fn observed(&self) -> NaiveDate {
        self.last.on
    }

    /// The move that is being confirmed.
    pub const fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// Why the customer has lapsed: `None` if he or she has not, `Some(None)` if nobody knows. Made for
    /// [`ChurnReasons`](crate::lifecycle::retention::ChurnReasons).
    #[doc(alias = "流失原因")]
    pub fn lapse_reason(&self) -> Option<Option<&Name>> {
        (self.kind() == StageKind::Lapsed).then(|| self.latest().because.as_ref())
    }

    /// The stage at the close of a day. `None` before the first observation, and after the last, when nobody has looked; the end is known
    /// for ever.
    pub fn stage_on(&self, day: NaiveDate) -> Option<&Name> {
        if day > self.last.on && !(self.is_closed() && day >= self.since()) {
            return None;
        }
        self.moves.iter().rev().find(|step| step.on <= day).map(|step| &step.to)
    }

    /// Whether the relationship has ended.
    pub fn is_closed(&self) -> bool {
        self.kind() == StageKind::Closed
    }

    /// The last day on which something happened.
    pub(super) fn settled(&self) -> NaiveDate {
        self.since().max(self.last.on)
    }

    /// Refuses what no model can have led to. Whether the edges are those of its model is for the model to say.
    fn checked(self) -> Result<LifeCycle, StageError> {
        let refuse = |because| Err(StageError::Inconsistent(because));
        let Some(first) = self.moves.first() else { return refuse("there is no first stage") };
        if first.from.is_some() || !first.via.is_empty() || first.kind == StageKind::Closed {
            return refuse("the first stage is led to, or is the end");
        }
        for pair in self.moves.windows(2) {
            let [before, after] = pair else { continue };
            // An observation moves once, and a day is observed once; only the end may come on the day of a move.
            let in_order = if after.kind == StageKind::Closed { before.on <= after.on } else { before.on < after.on };
            if after.from.as_ref() != Some(&before.to) || after.to == before.to || !in_order {
                return refuse("a move begins elsewhere than the one before ended, or earlier, or leads nowhere");
            }
            let mut passed: BTreeSet<&Name> = [&before.to, &after.to].into();
            if after.via.iter().any(|stage| !passed.insert(stage)) {
                return refuse("a move passes a stage twice");
            }
            if !may_lead(before.kind, after.via.len(), after.kind) {
                return refuse("a move contradicts the kinds of its stages");
            }
            if after.kind == StageKind::Closed && (!after.via.is_empty() || after.because.is_none()) {
                return refuse("the end was inferred, or has no reason");
            }
        }
        let mut kinds: BTreeMap<&Name, StageKind> = BTreeMap::new();
        if self.moves.iter().any(|step| *kinds.entry(&step.to).or_insert(step.kind) != step.kind) {
            return refuse("a stage is of two kinds");
        }
        let names = |step: &StageMove| step.because.is_some() && !matches!(step.kind, StageKind::Lapsed | StageKind::Closed);
        if self.moves.iter().any(names) {
            return refuse("a reason is given for a stage that takes none");
        }
        in_range(first.on)?;
        in_range(self.latest().on)?;
        in_range(self.last.on)?;
        // All moves but the closing are made by observations.
        let latest = self.moves.iter().rev().find(|step| step.kind != StageKind::Closed).unwrap_or(first);
        let observed = latest.on;
        if self.last.on == observed && self.last.stage.as_ref() != Some(&latest.to) {
            return refuse("the last observation speaks for another stage than the one it led to");
        }
        if self.last.on < observed {
            return refuse("a move was made after the last observation");
        }
        if self.is_closed() && self.last.on > self.since() {
            return refuse("something was observed after the end");
        }
        if let Some(run) = &self.run {
            let days = days_between(run.since, self.last.on);
            let seen = self.last.stage.as_ref().is_none_or(|stage| *stage == run.to);
            if self.is_closed() || run.to == *self.stage() || !seen {
                return refuse("the run leads elsewhere than the last observation");
            }
            if run.since <= observed || run.since > self.last.on || run.count == 0 || run.count - 1 > days {
                return refuse("the run has more observations than its days allow");
            }
        }
        Ok(self)
    }
}

/// Whether a stage of a kind may lead to one of another over so many stages, none of which is the end.
fn may_lead(from: StageKind, over: usize, to: StageKind) -> bool {
    let mut kinds = [from].to_vec();
    // After so many steps nothing new is reached.
    for _ in 0..over.min(StageKind::ALL.len()) {
        let reached = |kind: &StageKind| *kind != StageKind::Closed && kinds.iter().any(|before| before.may_lead_to(*kind));
        kinds = StageKind::ALL.into_iter().filter(reached).collect();
    }
    kinds.iter().any(|kind| kind.may_lead_to(to))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "LifeCycle")]
struct Wire {
    model: ModelId,
    moves: Vec<StageMove>,
    last: Seen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    run: Option<Run>,
}

impl TryFrom<Wire> for LifeCycle {
    type Error = StageError;

    fn try_from(Wire { model, moves, last, run }: Wire) -> Result<LifeCycle, StageError> {
        LifeCycle { model, moves, last, run }.checked()
    }
}

impl From<LifeCycle> for Wire {
    fn from(LifeCycle { model, moves, last, run }: LifeCycle) -> Wire {
        Wire { model, moves, last, run }
    }
}
