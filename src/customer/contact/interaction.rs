use super::{CareKey, Channel, ContactError, JourneyStage, Touchpoint};
use crate::{calendar::Moment, quantity::Name};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// Who began it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The customer turned to the firm.
    Inbound,
    /// The firm turned to the customer.
    Outbound,
}

/// One contact between customer and firm.
#[doc(alias = "互动")]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interaction {
    /// What tells it from all others of this customer: delivered twice, it counts once.
    pub id: Name,
    /// When, on the customer's clock.
    pub at: Moment,
    /// Where they met.
    pub touchpoint: Touchpoint,
    /// Who began.
    pub direction: Direction,
    /// What for: the name under which the contact policy and the customer's consent know it.
    pub purpose: Name,
    /// The care that it was, if it was one; then it is not due again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care: Option<CareKey>,
}

// The same moment read on another clock is other content: which of the two were kept would depend on the order in which they come.
impl PartialEq for Interaction {
    fn eq(&self, other: &Interaction) -> bool {
        let Interaction { id, at, touchpoint, direction, purpose, care } = self;
        at.is_identical(&other.at)
            && (id, touchpoint, direction, purpose, care)
                == (&other.id, &other.touchpoint, &other.direction, &other.purpose, &other.care)
    }
}

impl Eq for Interaction {}

/// All contacts of one customer. Nothing is changed or taken out; the order of arrival does not matter.
///
/// On the wire: a list of interactions, in order of time.
///
/// ```
/// use customer_value::customer::contact::{Channel, Direction, Interaction, InteractionLog, JourneyStage, Touchpoint};
/// use customer_value::quantity::Name;
///
/// let call = Interaction {
///     id: Name::new("call 17")?,
///     at: "2024-02-29T10:00:00+08:00".parse()?,
///     touchpoint: Touchpoint { channel: Channel::Phone, stage: JourneyStage::Consult, moment: Name::new("first call")? },
///     direction: Direction::Inbound,
///     purpose: Name::new("advice")?,
///     care: None,
/// };
/// let mut log = InteractionLog::new();
/// assert!(log.push(call.clone())?);
/// assert!(!log.push(call.clone())?); // delivered twice: nothing changes
/// let other = Interaction { direction: Direction::Outbound, ..call };
/// assert!(log.push(other).is_err()); // the same identity, other content
/// assert_eq!(log.len(), 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "互动记录")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Interaction>", into = "Vec<Interaction>")]
pub struct InteractionLog {
    by_id: BTreeMap<Name, Interaction>,
}

impl InteractionLog {
    /// A log without contacts.
    pub const fn new() -> InteractionLog {
        InteractionLog { by_id: BTreeMap::new() }
    }

    /// Takes in a contact. `false` if it was there already.
    ///
    /// # Errors
    /// [`Conflict`](ContactError::Conflict) if one with other content was delivered under the same identity; the log stays as it was.
    pub fn push(&mut self, interaction: Interaction) -> Result<bool, ContactError> {
        let new = self.check(&interaction)?;
        if new {
            self.by_id.insert(interaction.id.clone(), interaction);
        }
        Ok(new)
    }

    /// Takes in all contacts of another log of the same customer.
    ///
    /// # Errors
    /// As [`push`](Self::push); then nothing is taken in.
    pub fn merge(&mut self, other: &InteractionLog) -> Result<(), ContactError> {
        for interaction in other.by_id.values() {
            self.check(interaction)?;
        }
        for (id, interaction) in &other.by_id {
            self.by_id.entry(id.clone()).or_insert_with(|| interaction.clone());
        }
        Ok(())
    }

    /// Whether a contact is new.
    fn check(&self, new: &Interaction) -> Result<bool, ContactError> {
        match self.by_id.get(&new.id) {
            None => Ok(true),
            Some(old) if old == new => Ok(false),
            Some(_) => Err(ContactError::Conflict(new.id.clone())),
        }
    }

    /// How many contacts there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// All contacts, the earliest first; of one moment, in order of identity.
    pub fn in_order(&self) -> Vec<&Interaction> {
        let mut all: Vec<&Interaction> = self.by_id.values().collect();
        all.sort_by_key(|i| i.at); // stable, and the identities are in order
        all
    }

    /// The contacts up to and at a moment, the earliest first.
    pub fn until(&self, now: Moment) -> Vec<&Interaction> {
        self.in_order().into_iter().filter(|i| i.at <= now).collect()
    }

    /// How often they met up to and at a moment, by part of the journey and channel. What is not in it did not happen.
    #[doc(alias = "触点统计")]
    pub fn by_touchpoint(&self, now: Moment) -> BTreeMap<(JourneyStage, Channel), u64> {
        let mut counts = BTreeMap::new();
        for Interaction { touchpoint, .. } in self.until(now) {
            *counts.entry((touchpoint.stage, touchpoint.channel.clone())).or_default() += 1;
        }
        counts
    }
}

impl TryFrom<Vec<Interaction>> for InteractionLog {
    type Error = ContactError;

    fn try_from(list: Vec<Interaction>) -> Result<InteractionLog, ContactError> {
        let mut log = InteractionLog::new();
        for interaction in list {
            log.push(interaction)?;
        }
        Ok(log)
    }
}

impl From<InteractionLog> for Vec<Interaction> {
    fn from(log: InteractionLog) -> Vec<Interaction> {
        log.in_order().into_iter().cloned().collect()
    }
}
