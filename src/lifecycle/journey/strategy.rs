use super::JourneyError;
use crate::{
    lifecycle::stage::StageModel,
    quantity::Name,
    reason::{ModelId, fingerprint},
    tier::treatment::{Action, Playbook, Treatment},
};
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What is done in each stage of the life cycle, or each step of a journey: a treatment for every one, none left out.
///
/// Unlike grades, two stages may be treated alike. Where the grade counts too, take a [`Playbook`] with stages, and [`covers`].
///
/// On the wire: `{"name":"2024","stages":[{"stage":"new","treatment":{…}},…]}`.
///
/// ```
/// use customer_value::{
///     lifecycle::journey::{JourneyError, StageStrategy}, quantity::Name, tier::treatment::{Action, Lever, ServiceLevel, Treatment},
/// };
///
/// let name = |text: &str| Name::new(text);
/// let treat = |what: &str| Ok::<_, Box<dyn core::error::Error>>(Treatment::new(name(what)?, vec![Action::new(Lever::Service, what)?]));
/// let stages = [name("purchase")?, name("after-sales")?];
/// let forgotten = StageStrategy::new(name("2024")?, &stages, vec![(name("purchase")?, treat("one page to order")?)]);
/// assert_eq!(forgotten, Err(JourneyError::LeftOut(name("after-sales")?)));
///
/// let hotline = treat("hotline, answer within a day")?.at(ServiceLevel::Standard); // 售后服务
/// let strategy = StageStrategy::new(name("2024")?, &stages,
///     vec![(name("after-sales")?, hotline), (name("purchase")?, treat("one page to order")?)])?;
/// assert_eq!(strategy.of("after-sales").ok_or("planned")?.name, "hotline, answer within a day");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "服务策略")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct StageStrategy {
    id: ModelId,
    stages: Vec<(Name, Treatment)>,
}

impl StageStrategy {
    /// A strategy for some stages, from a treatment for each, in any order.
    ///
    /// # Errors
    /// [`BadStepCount`](JourneyError::BadStepCount) for 1 or 31; [`LeftOut`](JourneyError::LeftOut) for a stage without a treatment;
    /// [`UnknownStage`](JourneyError::UnknownStage), [`Twice`](JourneyError::Twice), [`NoAction`](JourneyError::NoAction).
    pub fn new(name: Name, stages: &[Name], treatments: Vec<(Name, Treatment)>) -> Result<StageStrategy, JourneyError> {
        let (mut given, mut found) = (treatments, Vec::with_capacity(stages.len()));
        for stage in stages {
            let at = given.iter().position(|(other, _)| other == stage).ok_or_else(|| JourneyError::LeftOut(stage.clone()))?;
            found.push(given.swap_remove(at));
        }
        if let Some((stage, _)) = given.into_iter().next() {
            return Err(if stages.contains(&stage) { JourneyError::Twice(stage) } else { JourneyError::UnknownStage(stage) });
        }
        StageStrategy::of_all(name, found)
    }

    fn of_all(name: Name, stages: Vec<(Name, Treatment)>) -> Result<StageStrategy, JourneyError> {
        if !(2..=30).contains(&stages.len()) {
            return Err(JourneyError::BadStepCount(stages.len()));
        }
        for (at, (stage, treatment)) in stages.iter().enumerate() {
            if stages[..at].iter().any(|(earlier, _)| earlier == stage) {
                return Err(JourneyError::Twice(stage.clone()));
            }
            if treatment.actions.is_empty() {
                return Err(JourneyError::NoAction(stage.clone()));
            }
        }
        let mut strategy = StageStrategy { id: ModelId { name, fingerprint: 0 }, stages };
        strategy.id.fingerprint = fingerprint(&strategy);
        Ok(strategy)
    }

    /// Which strategy this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// The treatment in a stage; `None` for a stage that is none of its own.
    pub fn of(&self, stage: &str) -> Option<&Treatment> {
        self.stages.iter().find(|(other, _)| other == stage).map(|(_, treatment)| treatment)
    }

    /// The stages and their treatments.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Treatment)> {
        self.stages.iter().map(|(stage, treatment)| (stage, treatment))
    }
}

/// Checks that a playbook has a page for every grade in every stage of a model, and for no other stage: whatever the life cycle, there is a
/// [plan](Playbook::plan).
///
/// # Errors
/// [`LeftOut`](JourneyError::LeftOut) for a stage that the playbook does not have;
/// [`UnknownStage`](JourneyError::UnknownStage) for one that the model does not have.
pub fn covers(playbook: &Playbook, model: &StageModel) -> Result<(), JourneyError> {
    if let Some(left_out) = model.stages().iter().find(|stage| !playbook.stages().contains(&stage.name)) {
        return Err(JourneyError::LeftOut(left_out.name.clone()));
    }
    match playbook.stages().iter().find(|stage| model.stage(stage).is_none()) {
        Some(unknown) => Err(JourneyError::UnknownStage(unknown.clone())),
        None => Ok(()),
    }
}

/// The strategy whole, one stage a line: what its fingerprint is taken of.
impl fmt::Display for StageStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "strategy {:?}", self.id.name)?;
        for (stage, Treatment { name, actions, service_level, yearly_cost }) in &self.stages {
            write!(f, "  {stage:?}: {name:?}")?;
            service_level.iter().try_for_each(|level| write!(f, ", {level} service"))?;
            yearly_cost.iter().try_for_each(|cost| write!(f, ", {cost} a year"))?;
            actions.iter().try_for_each(|Action { lever, what }| write!(f, "; {lever} {what:?}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "StageStrategy")]
struct Wire {
    name: Name,
    stages: Vec<Planned>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Planned")]
struct Planned {
    stage: Name,
    treatment: Treatment,
}

impl TryFrom<Wire> for StageStrategy {
    type Error = JourneyError;

    fn try_from(wire: Wire) -> Result<StageStrategy, JourneyError> {
        StageStrategy::of_all(wire.name, wire.stages.into_iter().map(|planned| (planned.stage, planned.treatment)).collect())
    }
}

impl From<StageStrategy> for Wire {
    fn from(strategy: StageStrategy) -> Wire {
        let planned = |(stage, treatment)| Planned { stage, treatment };
        Wire { name: strategy.id.name, stages: strategy.stages.into_iter().map(planned).collect() }
    }
}
