use super::{
    Attribute, Bases, Belonging, Segment, SegmentError,
    groups::{Groups, regions_of},
};
use crate::{
    quantity::{Name, Seen},
    reason::{Decision, ModelId, Unsound, fingerprint},
    value::{Dimension, Facts},
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Segments by conditions, of which every customer belongs to exactly one.
///
/// That is checked when it is built: the conditions part all customers into finitely many regions, and one customer of each is looked at.
/// A gap of one cent between 以下 and 超过 is found, and so is a customer whom two segments claim.
///
/// Where facts are missing, the answer is the list of the segments that are possible; it is certain only when no other is.
///
/// The segments of a bank, 高净值 / 普通 / 小微企业; the bounds are this example's own (regulators and banks set others):
///
/// ```
/// use customer_value::{
///     money::{Currency, Money}, quantity::{Name, Predicate, Unit}, reason::Language,
///     tier::segments::{Attribute, Bases, Segment, SegmentError, Segmentation},
///     value::{Dimension, Direction::HigherIsBetter, FactSheet, Family::Economic},
/// };
///
/// let yuan = Unit::Money(Currency::CNY);
/// let bases = Bases::new(
///     vec![Dimension::new("金融资产", Economic, HigherIsBetter, yuan)?, Dimension::new("年营业收入", Economic, HigherIsBetter, yuan)?],
///     vec![Attribute::new("客户类型", ["个人", "企业"])?],
/// )?;
/// let is = |kind: &str| Ok::<_, SegmentError>(Predicate::OneOf { of: Name::new("客户类型")?, names: vec![Name::new(kind)?] });
/// let at_least = |of: &str, bound: i64| Ok::<_, SegmentError>(Predicate::AtLeast { of: Name::new(of)?, bound: bound.into() });
/// let below = |of: &str, bound: i64| Ok::<_, SegmentError>(Predicate::LessThan { of: Name::new(of)?, bound: bound.into() });
///
/// let bank = Segmentation::new(Name::new("bank")?, bases, vec![
///     Segment::new("高净值客户", Predicate::All(vec![is("个人")?, at_least("金融资产", 6_000_000)?]))?,
///     Segment::new("普通客户", Predicate::All(vec![is("个人")?, below("金融资产", 6_000_000)?]))?,
///     Segment::new("小微企业", Predicate::All(vec![is("企业")?, below("年营业收入", 20_000_000)?]))?,
///     Segment::new("大中型企业", Predicate::All(vec![is("企业")?, at_least("年营业收入", 20_000_000)?]))?,
/// ])?;
///
/// let rich = FactSheet::new().with("金融资产", Money::from_minor(6_000_000_00, Currency::CNY))?;
/// let today = "2024-06-30".parse()?;
/// let unsure = bank.of(&rich, today)?; // a person or a firm?
/// assert_eq!(unsure.value.possible.len(), 3); // no ordinary customer, in any case
/// let sure = bank.of(&rich.with("客户类型", Name::new("个人")?)?, today)?;
/// assert_eq!(sure.value.only().ok_or("uncertain")?, &"高净值客户");
/// sure.verify()?;
/// assert!(sure.explain(Language::Chinese).ends_with("属于：高净值客户。\n"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户细分")]
#[doc(alias = "市场细分")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Segmentation(Groups);

impl Segmentation {
    /// A segmentation from its bases and segments. The order of the segments orders the reasons and nothing else.
    ///
    /// # Errors
    /// [`Overlap`](SegmentError::Overlap) for "at most 100.00" beside "at least 100.00"; [`Hole`](SegmentError::Hole) for "at most 100.00"
    /// beside "more than 100.01" with nothing between; [`TooManyRegions`](SegmentError::TooManyRegions) for more than 65,536;
    /// [`Undeclared`](SegmentError::Undeclared), [`NotNamed`](SegmentError::NotNamed), [`NoNumber`](SegmentError::NoNumber),
    /// [`UnknownValue`](SegmentError::UnknownValue), [`UnknownLevel`](crate::score::ScoreError::UnknownLevel) for a condition that does not
    /// fit the bases; [`BadCondition`](SegmentError::BadCondition); [`Twice`](SegmentError::Twice);
    /// [`TooManySegments`](SegmentError::TooManySegments) for more than 100.
    pub fn new(name: Name, bases: Bases, segments: Vec<Segment>) -> Result<Segmentation, SegmentError> {
        let mut groups = Groups::new(name, bases, segments)?;
        check_partition(&groups)?;
        groups.id.fingerprint = fingerprint(&Segmentation(groups.clone()));
        Ok(Segmentation(groups))
    }

    /// Which segmentation this is.
    pub const fn id(&self) -> &ModelId {
        &self.0.id
    }

    /// What customers are segmented by.
    pub const fn bases(&self) -> &Bases {
        &self.0.bases
    }

    /// The segments, in the order in which they were given.
    pub fn segments(&self) -> &[Segment] {
        &self.0.list
    }

    /// The customer's segment: one that is certain, or two and more that are possible.
    ///
    /// # Errors
    /// [`Impossible`](SegmentError::Impossible) for half a cent or −1 orders; [`UnknownValue`](SegmentError::UnknownValue) for a value that
    /// an attribute does not have; [`NoNumber`](SegmentError::NoNumber) for a number under an attribute;
    /// [`Score`](SegmentError::Score) for a fact that does not fit its dimension.
    pub fn of(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Belonging>, SegmentError> {
        self.0.decide(facts, as_of)
    }

    /// Places the facts that a decision says were read, and compares.
    ///
    /// # Errors
    /// [`Unsound::OtherModel`] if another segmentation decided; [`Unsound::NotReproduced`] if this one decides otherwise.
    pub fn replay(&self, decision: &Decision<Belonging>) -> Result<(), Unsound> {
        self.0.replay(decision)
    }
}

/// Looks for a region that two segments claim, or none.
fn check_partition(groups: &Groups) -> Result<(), SegmentError> {
    let regions = regions_of(&groups.bases, groups.list.iter().map(|s| &s.when))?;
    let mut claimed_by: Vec<&Segment> = Vec::new();
    let example = regions.find(|seen: &dyn Fn(&str) -> Seen| {
        claimed_by = groups.list.iter().filter(|s| s.when.decide(&seen) == Some(true)).take(2).collect();
        claimed_by.len() != 1
    });
    let Some(example) = example else { return Ok(()) };
    let example: String = if groups.list.is_empty() { "anything".into() } else { example.to_string() };
    Err(match claimed_by[..] {
        [first, second, ..] => SegmentError::Overlap { first: first.name.clone(), second: second.name.clone(), example },
        _ => SegmentError::Hole { example },
    })
}

/// The segmentation whole: what its fingerprint is taken of.
impl fmt::Display for Segmentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segmentation {:?}\n{}", self.0.id.name, self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Segmentation")]
struct Wire {
    name: Name,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<Dimension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute>,
    segments: Vec<Segment>,
}

impl TryFrom<Wire> for Segmentation {
    type Error = SegmentError;

    fn try_from(wire: Wire) -> Result<Segmentation, SegmentError> {
        Segmentation::new(wire.name, Bases::new(wire.dimensions, wire.attributes)?, wire.segments)
    }
}

impl From<Segmentation> for Wire {
    fn from(Segmentation(groups): Segmentation) -> Wire {
        let (dimensions, attributes) = groups.bases.into_parts();
        Wire { name: groups.id.name, dimensions, attributes, segments: groups.list }
    }
}
