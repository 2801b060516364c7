use super::IdentityError;
use crate::{money::Ratio, quantity::Name};
use alloc::{vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// One way in which a comparison of a field can turn out, and how often it does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// What it is called: `exact`, `close`, `else`.
    pub name: Name,
    /// How often two records of one customer turn out so, if both have the field. It tells how well the field is kept.
    pub m: Ratio,
    /// How often records of two customers turn out so, if both have the field. It tells how often a value is shared by chance.
    pub u: Ratio,
}

impl Level {
    /// A named level with its two probabilities.
    ///
    /// # Errors
    /// [`Name`](IdentityError::Name) for the name `""`. The probabilities are looked at by [`Comparison::new`].
    pub fn new(name: &str, m: Ratio, u: Ratio) -> Result<Level, IdentityError> {
        Ok(Level { name: Name::new(name)?, m, u })
    }
}

/// A field that two records are compared on, and all ways in which that can turn out.
///
/// A field that one of the two records does not have is no level: it is missing, and says nothing either way.
///
/// ```
/// use customer_value::customer::identity::{Comparison, Level};
///
/// let name = Comparison::new("name", vec![
///     Level::new("exact", "0.7".parse()?, "0.001".parse()?)?,
///     Level::new("close", "0.2".parse()?, "0.009".parse()?)?,
///     Level::new("else", "0.1".parse()?, "0.99".parse()?)?,
/// ])?;
/// assert_eq!(name.levels().len(), 3);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Comparison {
    field: Name,
    levels: Vec<Level>,
}

impl Comparison {
    /// A field and 2 to 20 levels.
    ///
    /// # Errors
    /// [`BadCount`](IdentityError::BadCount) for one level, [`Twice`](IdentityError::Twice) for two called `exact`,
    /// [`NotAProbability`](IdentityError::NotAProbability) for an `m` or `u` of 0 or −0.1, [`NotOne`](IdentityError::NotOne) for `u` of
    /// 0.1 and 0.8, [`TooFine`](IdentityError::TooFine) for 10⁻²⁸ and the rest, [`Name`](IdentityError::Name) for the field `""`.
    pub fn new(field: &str, levels: Vec<Level>) -> Result<Comparison, IdentityError> {
        let field = Name::new(field)?;
        if !(2..=20).contains(&levels.len()) {
            return Err(IdentityError::BadCount { what: "levels", found: levels.len(), least: 2, most: 20 });
        }
        for (i, level) in levels.iter().enumerate() {
            if levels[..i].iter().any(|earlier| earlier.name == level.name) {
                return Err(IdentityError::Twice(level.name.clone()));
            }
            if let Some(&value) = [level.m, level.u].iter().find(|p| **p <= Ratio::ZERO) {
                return Err(IdentityError::NotAProbability { field, level: level.name.clone(), value });
            }
        }
        let (m, u) = (Ratio::sum(levels.iter().map(|l| l.m)), Ratio::sum(levels.iter().map(|l| l.u)));
        for (which, sum) in [("m", m), ("u", u)] {
            let Ok(sum) = sum else { return Err(IdentityError::TooFine { field, which }) };
            if sum != Ratio::ONE {
                return Err(IdentityError::NotOne { field, which, sum });
            }
        }
        Ok(Comparison { field, levels })
    }

    /// A field with the two levels `same` and `different`: how often it is the same for one customer, and how often for two.
    ///
    /// # Errors
    /// [`NotAProbability`](IdentityError::NotAProbability) for an `m` or `u` of 0 or 1: a field that is never mistaken, or never shared,
    /// does not exist. [`Name`](IdentityError::Name) for the field `""`.
    pub fn same_or_different(field: &str, m: Ratio, u: Ratio) -> Result<Comparison, IdentityError> {
        let rest = |p: Ratio| Ratio::new(p.denominator().saturating_sub(p.numerator()), p.denominator()).unwrap_or(Ratio::ZERO);
        Comparison::new(field, vec![Level::new("same", m, u)?, Level::new("different", rest(m), rest(u))?])
    }

    /// The field.
    pub const fn field(&self) -> &Name {
        &self.field
    }

    /// The levels, in the order in which they were given.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Comparison")]
struct Wire {
    field: Name,
    levels: Vec<Level>,
}

impl TryFrom<Wire> for Comparison {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<Comparison, IdentityError> {
        Comparison::new(&wire.field, wire.levels)
    }
}

impl From<Comparison> for Wire {
    fn from(comparison: Comparison) -> Wire {
        Wire { field: comparison.field, levels: comparison.levels }
    }
}
