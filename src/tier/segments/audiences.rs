use super::{Attribute, Bases, Belonging, Segment, SegmentError, groups::Groups};
use crate::{
    quantity::Name,
    reason::{Decision, ModelId, Unsound, fingerprint},
    value::{Dimension, Facts},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Named conditions that may overlap and need not reach everybody: whom a campaign is for, what a profile says of a customer.
///
/// ```
/// use customer_value::{
///     quantity::{Name, Predicate, Quantity, Unit}, tier::segments::{Attribute, Audiences, Bases, Segment},
///     value::{Dimension, Direction::HigherIsBetter, FactSheet, Family::Economic},
/// };
///
/// let age = Dimension::new("age", Economic, HigherIsBetter, Unit::Count)?;
/// let bases = Bases::new(vec![age.clone()], vec![Attribute::new("occupation", [])?, Attribute::new("channel", ["shop", "web"])?])?;
/// let one_of = |of: &str, name: &str| Ok::<_, Box<dyn core::error::Error>>(
///     Predicate::OneOf { of: Name::new(of)?, names: vec![Name::new(name)?] });
/// let young = Predicate::All(vec![
///     Predicate::AtLeast { of: age.name.clone(), bound: 18.into() },
///     Predicate::AtMost { of: age.name, bound: 25.into() },
/// ]);
/// let audiences = Audiences::new(Name::new("spring")?, bases, vec![
///     Segment::new("young adults", young)?,
///     Segment::new("students", one_of("occupation", "student")?)?,
///     Segment::new("online", one_of("channel", "web")?)?,
/// ])?;
///
/// let facts = FactSheet::new().with("age", Quantity::count(25))?.with("occupation", Name::new("student")?)?;
/// let found = audiences.of(&facts, "2024-06-30".parse()?)?;
/// assert_eq!(found.value.certain.iter().map(Name::as_str).collect::<Vec<_>>(), ["students", "young adults"]);
/// assert_eq!(found.value.possible.iter().map(Name::as_str).collect::<Vec<_>>(), ["online"]); // the channel is unknown
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户画像")]
#[doc(alias = "目标客户")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Audiences(Groups);

impl Audiences {
    /// Audiences from their bases and conditions.
    ///
    /// # Errors
    /// As [`Segmentation::new`](super::Segmentation::new), but an overlap and a hole are none, and each condition by itself may make
    /// 65,536 regions.
    pub fn new(name: Name, bases: Bases, audiences: Vec<Segment>) -> Result<Audiences, SegmentError> {
        let mut groups = Groups::new(name, bases, audiences)?;
        groups.id.fingerprint = fingerprint(&Audiences(groups.clone()));
        Ok(Audiences(groups))
    }

    /// Which list this is.
    pub const fn id(&self) -> &ModelId {
        &self.0.id
    }

    /// What the conditions look at.
    pub const fn bases(&self) -> &Bases {
        &self.0.bases
    }

    /// The audiences, in the order in which they were given.
    pub fn audiences(&self) -> &[Segment] {
        &self.0.list
    }

    /// The audiences to which the customer belongs, and those to which he may, depending on facts that are missing.
    ///
    /// # Errors
    /// As [`Segmentation::of`](super::Segmentation::of).
    pub fn of(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Belonging>, SegmentError> {
        self.0.decide(facts, as_of)
    }

    /// Places the facts that a decision says were read, and compares.
    ///
    /// # Errors
    /// [`Unsound::OtherModel`] if another list decided; [`Unsound::NotReproduced`] if this one decides otherwise.
    pub fn replay(&self, decision: &Decision<Belonging>) -> Result<(), Unsound> {
        self.0.replay(decision)
    }
}

/// The list whole: what its fingerprint is taken of.
impl fmt::Display for Audiences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "audiences {:?}\n{}", self.0.id.name, self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Audiences")]
struct Wire {
    name: Name,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<Dimension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute>,
    audiences: Vec<Segment>,
}

impl TryFrom<Wire> for Audiences {
    type Error = SegmentError;

    fn try_from(wire: Wire) -> Result<Audiences, SegmentError> {
        Audiences::new(wire.name, Bases::new(wire.dimensions, wire.attributes)?, wire.audiences)
    }
}

impl From<Audiences> for Wire {
    fn from(Audiences(groups): Audiences) -> Wire {
        let (dimensions, attributes) = groups.bases.into_parts();
        Wire { name: groups.id.name, dimensions, attributes, audiences: groups.list }
    }
}
