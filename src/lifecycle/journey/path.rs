use super::JourneyError;
use crate::{
    customer::contact::Channel,
    lifecycle::funnel::{Funnel, FunnelError},
    quantity::{Name, NameError},
};
use alloc::{collections::BTreeSet, vec::Vec};
use serde::{Deserialize, Serialize};

/// The way of a customer through dealing with the firm: steps in order, such as 咨询, 购买, 售后, and where each of them touches us.
///
/// ```
/// use customer_value::customer::contact::Channel::{InPerson, LiveChat, OnlineShop, Phone};
/// use customer_value::lifecycle::journey::{Encounter, Journey, JourneyStep};
///
/// let journey = Journey::new(vec![
///     JourneyStep::new("consult", vec![Encounter::new(LiveChat, "asks for advice")?])?,
///     JourneyStep::new("purchase", vec![Encounter::new(InPerson, "pays")?, Encounter::new(OnlineShop, "pays")?])?,
///     JourneyStep::new("after-sales", vec![Encounter::new(Phone, "reports a fault")?])?,
/// ])?;
/// assert_eq!(journey.encounters(&Phone).count(), 1);
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
    pub encounters: Vec<Encounter>,
}

/// Where a step of the journey meets the firm (*service encounter*, Shostack 1985): by what, and at which moment. What is logged of one
/// contact is a [`Touchpoint`](crate::customer::contact::Touchpoint).
#[doc(alias = "触点")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encounter {
    /// By what.
    pub channel: Channel,
    /// What the customer does or feels there.
    pub moment: Name,
}

impl Encounter {
    /// An encounter at a moment in so many words.
    ///
    /// # Errors
    /// [`NameError`] for words that are no name, such as `""`.
    pub fn new(channel: Channel, moment: &str) -> Result<Encounter, NameError> {
        Ok(Encounter { channel, moment: Name::new(moment)? })
    }
}

impl JourneyStep {
    /// A step with its encounters.
    ///
    /// # Errors
    /// [`NameError`] for the name `""`.
    pub fn new(name: &str, encounters: Vec<Encounter>) -> Result<JourneyStep, NameError> {
        Ok(JourneyStep { name: Name::new(name)?, encounters })
    }
}

impl Journey {
    /// A journey from its steps, in order.
    ///
    /// # Errors
    /// [`BadStepCount`](JourneyError::BadStepCount) for 1 or 31; [`Twice`](JourneyError::Twice) for a step that comes twice, and for the
    /// moment of an encounter that does within a step and channel.
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
            if let Some(twice) = step.encounters.iter().find(|point| !seen.insert(*point)) {
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
    pub fn encounters<'a>(&'a self, channel: &'a Channel) -> impl Iterator<Item = (&'a Name, &'a Name)> {
        let points = self.steps.iter().flat_map(|step| step.encounters.iter().map(move |point| (&step.name, point)));
        points.filter(move |(_, point)| point.channel == *channel).map(|(step, point)| (step, &point.moment))
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
