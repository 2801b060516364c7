use super::JourneyError;
use crate::{
    lifecycle::funnel::{Funnel, FunnelError},
    quantity::{Name, NameError},
};
use alloc::{collections::BTreeSet, vec::Vec};
use serde::{Deserialize, Serialize};

/// The way of a customer through dealing with the firm: steps in order, such as 咨询, 购买, 售后, and where each of them touches us.
///
/// ```
/// use customer_value::lifecycle::journey::{Journey, JourneyStep, Touchpoint};
///
/// let journey = Journey::new(vec![
///     JourneyStep::new("consult", vec![Touchpoint::new("online chat", "asks for advice")?])?,
///     JourneyStep::new("purchase", vec![Touchpoint::new("shop", "pays")?, Touchpoint::new("web", "pays")?])?,
///     JourneyStep::new("after-sales", vec![Touchpoint::new("phone", "reports a fault")?])?,
/// ])?;
/// assert_eq!(journey.touchpoints("phone").count(), 1);
/// assert_eq!(journey.funnel()?.steps().len(), 3);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户旅程")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<JourneyStep>", into = "Vec<JourneyStep>")]
pub struct Journey {
    steps: Vec<JourneyStep>,
}

/// A step of a [`Journey`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JourneyStep {
    /// What it is called.
    pub name: Name,
    /// Where the customer meets the firm in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touchpoints: Vec<Touchpoint>,
}

/// Where a customer meets the firm: through which channel, and at which moment.
#[doc(alias = "触点")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    /// Shop, phone, web, …
    pub channel: Name,
    /// What the customer does or feels there.
    pub moment: Name,
}

impl Touchpoint {
    /// A touchpoint in so many words.
    ///
    /// # Errors
    /// [`NameError`] for words that are no name, such as `""`.
    pub fn new(channel: &str, moment: &str) -> Result<Touchpoint, NameError> {
        Ok(Touchpoint { channel: Name::new(channel)?, moment: Name::new(moment)? })
    }
}

impl JourneyStep {
    /// A step with its touchpoints.
    ///
    /// # Errors
    /// [`NameError`] for the name `""`.
    pub fn new(name: &str, touchpoints: Vec<Touchpoint>) -> Result<JourneyStep, NameError> {
        Ok(JourneyStep { name: Name::new(name)?, touchpoints })
    }
}

impl Journey {
    /// A journey from its steps, in order.
    ///
    /// # Errors
    /// [`BadStepCount`](JourneyError::BadStepCount) for 1 or 31; [`Twice`](JourneyError::Twice) for a step that comes twice, and for the
    /// moment of a touchpoint that does within a step and channel.
    pub fn new(steps: Vec<JourneyStep>) -> Result<Journey, JourneyError> {
        if !(2..=30).contains(&steps.len()) {
            return Err(JourneyError::BadStepCount(steps.len()));
        }
        let mut names = BTreeSet::new();
        for step in &steps {
            if !names.insert(&step.name) {
                return Err(JourneyError::Twice(step.name.clone()));
            }
            let mut seen = BTreeSet::new();
            if let Some(twice) = step.touchpoints.iter().find(|point| !seen.insert(*point)) {
                return Err(JourneyError::Twice(twice.moment.clone()));
            }
        }
        Ok(Journey { steps })
    }

    /// The steps, in order.
    pub fn steps(&self) -> &[JourneyStep] {
        &self.steps
    }

    /// The names of the steps, in order.
    pub fn names(&self) -> Vec<Name> {
        self.steps.iter().map(|step| step.name.clone()).collect()
    }

    /// Where the journey leads through a channel: the steps and the moments.
    pub fn touchpoints(&self, channel: &str) -> impl Iterator<Item = (&Name, &Name)> {
        let points = self.steps.iter().flat_map(|step| step.touchpoints.iter().map(move |point| (&step.name, point)));
        points.filter(move |(_, point)| point.channel == channel).map(|(step, point)| (step, &point.moment))
    }

    /// An empty funnel over the steps, to count who goes all the way.
    ///
    /// # Errors
    /// None: the steps of a journey are steps of a funnel.
    pub fn funnel(&self) -> Result<Funnel, FunnelError> {
        Funnel::new(self.names())
    }
}

impl TryFrom<Vec<JourneyStep>> for Journey {
    type Error = JourneyError;

    fn try_from(steps: Vec<JourneyStep>) -> Result<Journey, JourneyError> {
        Journey::new(steps)
    }
}

impl From<Journey> for Vec<JourneyStep> {
    fn from(journey: Journey) -> Vec<JourneyStep> {
        journey.steps
    }
}
