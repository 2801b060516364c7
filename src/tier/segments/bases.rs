use super::SegmentError;
use crate::{
    money::Rounding,
    quantity::{Fact, Name, Predicate, Seen, Unit},
    reason::Reason,
    score::{ScoreError, note_read, number},
    tier::error::first_twice,
    value::{Dimension, Direction, Facts, Family},
};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Something about a customer that has a name and no order: a region, an occupation, a channel, a stage of the life cycle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// What it is called.
    pub name: Name,
    /// All the values it can have; an empty list means that it can have any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Name>,
}

impl Attribute {
    /// An attribute with these values and no other; `[]` for one that can have any.
    ///
    /// # Errors
    /// [`NameError`](crate::quantity::NameError) for the name or value `""`.
    pub fn new<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Result<Attribute, SegmentError> {
        let values = values.into_iter().map(Name::new).collect::<Result<_, _>>()?;
        Ok(Attribute { name: Name::new(name)?, values })
    }
}

/// What customers are segmented by: dimensions with a number or an ordered level, attributes with a name.
///
/// Kotler's four families of bases are geographic, demographic, psychographic and behavioural (*Marketing Management*, 1967 and later);
/// whatever they are called, each is either of the two.
///
/// ```
/// use customer_value::{
///     money::Currency, quantity::Unit, tier::segments::{Attribute, Bases},
///     value::{Dimension, Direction::HigherIsBetter, Family::Economic},
/// };
///
/// let bases = Bases::new(
///     vec![
///         Dimension::new("age", Economic, HigherIsBetter, Unit::Count)?,
///         Dimension::new("spend", Economic, HigherIsBetter, Unit::Money(Currency::CNY))?,
///     ],
///     vec![Attribute::new("region", [])?, Attribute::new("channel", ["shop", "web"])?],
/// )?;
/// assert_eq!(bases.attributes()[1].values.len(), 2);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "细分依据")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bases {
    dimensions: Vec<Dimension>,
    attributes: Vec<Attribute>,
    /// For each attribute with a closed list, what it is for the search of regions: something that is one of its values, like a level.
    lists: Vec<Dimension>,
}

impl Bases {
    /// Dimensions and attributes, each under its own name.
    ///
    /// # Errors
    /// [`Twice`](SegmentError::Twice) for two of one name, or a value listed twice;
    /// [`BadLevels`](ScoreError::BadLevels) for a dimension whose levels do not fit its unit.
    pub fn new(dimensions: Vec<Dimension>, attributes: Vec<Attribute>) -> Result<Bases, SegmentError> {
        let names = dimensions.iter().map(|d| &d.name).chain(attributes.iter().map(|a| &a.name));
        let twice = first_twice(names).or_else(|| attributes.iter().find_map(|a| first_twice(a.values.iter())));
        if let Some(name) = twice {
            return Err(SegmentError::Twice(name.clone()));
        }
        if let Some(bad) = dimensions.iter().find(|d| !d.is_consistent()) {
            return Err(ScoreError::BadLevels(bad.name.clone()).into());
        }
        let list = |a: &Attribute| Dimension {
            name: a.name.clone(),
            family: Family::Economic,
            direction: Direction::HigherIsBetter,
            unit: Unit::Level,
            levels: a.values.clone(),
        };
        let lists = attributes.iter().filter(|a| !a.values.is_empty()).map(list).collect();
        Ok(Bases { dimensions, attributes, lists })
    }

    /// The dimensions.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The attributes.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    pub(super) fn into_parts(self) -> (Vec<Dimension>, Vec<Attribute>) {
        (self.dimensions, self.attributes)
    }

    fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|d| *d.name == *name)
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| *a.name == *name)
    }

    /// As the search of regions sees them.
    pub(super) fn known_to_regions(&self, name: &Name) -> Option<&Dimension> {
        self.dimension(name).or_else(|| self.lists.iter().find(|list| list.name == *name))
    }

    /// Whether a comparison can be made.
    pub(super) fn check(&self, comparison: &Predicate) -> Result<(), SegmentError> {
        let Some(of) = comparison.of() else { return Ok(()) };
        match (comparison, self.dimension(of), self.attribute(of)) {
            (_, None, None) => Err(SegmentError::Undeclared(of.clone())),
            (Predicate::OneOf { names, .. }, Some(judged), _) if judged.unit == Unit::Level => {
                match names.iter().find(|name| judged.level(name).is_none()) {
                    Some(level) => Err(ScoreError::UnknownLevel { dimension: of.clone(), level: level.clone() }.into()),
                    None => Ok(()),
                }
            }
            (Predicate::OneOf { .. }, Some(_), _) => Err(SegmentError::NotNamed(of.clone())),
            (Predicate::OneOf { names, .. }, None, Some(attribute)) => names.iter().try_for_each(|name| attribute.allows(name)),
            (_, None, Some(_)) => Err(SegmentError::NoNumber(of.clone())),
            (_, Some(_), _) => Ok(()),
        }
    }

    /// What is known of the customer under that name; nothing, if it is absent.
    pub(super) fn read(
        &self,
        name: &Name,
        facts: &impl Facts,
        note: &mut impl FnMut(&dyn Fn() -> Reason),
    ) -> Result<Seen, SegmentError> {
        let fact = facts.fact(name);
        if let Some(dimension) = self.dimension(name) {
            note_read(dimension, &fact, facts, note);
            let Some(value) = number(dimension, &fact)? else { return Ok(Seen::default()) };
            if !is_possible(dimension.unit, value) {
                return Err(SegmentError::Impossible { dimension: name.clone(), value });
            }
            return Ok(Seen { name: fact.named().cloned(), ..Seen::number(value) });
        }
        note(&|| Reason::Read { dimension: name.clone(), fact: fact.clone(), source: facts.source(name) });
        match fact {
            Fact::Known(_) => Err(SegmentError::NoNumber(name.clone())),
            Fact::Named(value) => {
                self.attribute(name).map_or(Ok(()), |attribute| attribute.allows(&value))?;
                Ok(Seen { number: None, name: Some(value) })
            }
            Fact::Unknown | Fact::NotApplicable | Fact::Erased => Ok(Seen::default()),
        }
    }
}

impl Attribute {
    fn allows(&self, value: &Name) -> Result<(), SegmentError> {
        if self.values.is_empty() || self.values.contains(value) {
            Ok(())
        } else {
            Err(SegmentError::UnknownValue { attribute: self.name.clone(), value: value.clone() })
        }
    }
}

/// Whether the regions speak of such a number.
fn is_possible(unit: Unit, value: Decimal) -> bool {
    match unit {
        Unit::Money(currency) => {
            let whole = value.round_dp_with_strategy(currency.exponent().into(), Rounding::Floor.strategy());
            whole == value
        }
        Unit::Days | Unit::Count => value.is_integer() && value >= Decimal::ZERO,
        Unit::Number | Unit::Level => true,
    }
}

/// One a line.
impl fmt::Display for Bases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dimensions.iter().try_for_each(|d| writeln!(f, "dimension {d}"))?;
        self.attributes.iter().try_for_each(|a| writeln!(f, "attribute {:?} {:?}", a.name, a.values))
    }
}
