use crate::quantity::{Fact, Name, NameError, Unit};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A dimension of value: what is measured, in which unit, and which way is better.
///
/// What cannot be counted is judged: such a dimension has named levels, the worst first, and its number is the place on that list.
///
/// ```
/// use customer_value::{money::Currency, quantity::Unit, value::{Dimension, Direction, Family}};
///
/// let sales = Dimension::new("annual sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::CNY))?;
/// assert_eq!(sales.name, "annual sales");
///
/// let influence = Dimension::judged("market influence", Family::Social, ["unknown", "regional", "national"])?;
/// assert_eq!(influence.level("national"), Some(3));
/// # Ok::<(), customer_value::quantity::NameError>(())
/// ```
#[doc(alias = "区分维度")]
#[doc(alias = "区分纬度")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// What it is called, in the model and in every reason.
    pub name: Name,
    /// Which kind of value it belongs to.
    pub family: Family,
    /// Which way is better.
    pub direction: Direction,
    /// What its values count.
    pub unit: Unit,
    /// For [`Unit::Level`], the names of the levels, 2 to 100 of them, the worst first; otherwise empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Name>,
}

/// The kind of value: economic and social are explicit, latent is yet to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Sales, margin, profit and what leads to them (经济价值).
    #[doc(alias = "经济价值")]
    Economic,
    /// Brand, market influence, referral (社会价值).
    #[doc(alias = "社会价值")]
    Social,
    /// Potential: channels, industries, fields, new products (隐性潜在价值).
    #[doc(alias = "隐性价值")]
    #[doc(alias = "潜在价值")]
    Latent,
}

/// Which way a dimension is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better: sales.
    HigherIsBetter,
    /// Less is better: days since the last purchase.
    LowerIsBetter,
}

impl Direction {
    /// The level of a bin counted from 0 for the lowest values: 1 for the worst, `of` for the best. A bin beyond the last counts as the
    /// last; `of` is at least 1.
    pub fn level(self, bin: u8, of: u8) -> u8 {
        let bin = bin.min(of.saturating_sub(1));
        match self {
            Direction::HigherIsBetter => bin + 1,
            Direction::LowerIsBetter => of - bin,
        }
    }
}

impl Dimension {
    /// A dimension that is measured.
    ///
    /// # Errors
    /// [`NameError`] for the name `""`.
    pub fn new(name: &str, family: Family, direction: Direction, unit: Unit) -> Result<Dimension, NameError> {
        Ok(Dimension { name: Name::new(name)?, family, direction, unit, levels: Vec::new() })
    }

    /// A dimension that is judged, by levels with a name, the worst first.
    ///
    /// # Errors
    /// [`NameError`] for the name or level `""`.
    pub fn judged<'a>(name: &str, family: Family, worst_first: impl IntoIterator<Item = &'a str>) -> Result<Dimension, NameError> {
        let levels = worst_first.into_iter().map(Name::new).collect::<Result<_, _>>()?;
        Ok(Dimension { levels, ..Dimension::new(name, family, Direction::HigherIsBetter, Unit::Level)? })
    }

    /// The place of a level on the list, 1 for the worst.
    pub fn level(&self, name: &str) -> Option<u8> {
        self.levels.iter().position(|level| level == name).and_then(|at| u8::try_from(at + 1).ok())
    }

    /// Whether the levels fit the unit: 2 to 100 different ones for [`Unit::Level`], the worst first, and none otherwise.
    pub(crate) fn is_consistent(&self) -> bool {
        let distinct = || self.levels.iter().enumerate().all(|(i, level)| !self.levels[..i].contains(level));
        match self.unit {
            Unit::Level => (2..=100).contains(&self.levels.len()) && self.direction == Direction::HigherIsBetter && distinct(),
            _ => self.levels.is_empty(),
        }
    }

    /// The number that a fact stands for in this dimension; `None` if it is absent.
    ///
    /// # Errors
    /// [`Misread`] for a number in another unit, a name where a number is expected or the other way round, and a name that is no level.
    pub(crate) fn number(&self, fact: &Fact) -> Result<Option<Decimal>, Misread> {
        match fact {
            Fact::Known(quantity) if quantity.unit == self.unit && self.unit != Unit::Level => Ok(Some(quantity.value)),
            Fact::Known(quantity) => Err(Misread::Unit(quantity.unit)),
            Fact::Named(_) if self.unit != Unit::Level => Err(Misread::Unit(Unit::Level)),
            Fact::Named(name) => self.level(name).map(|level| Some(level.into())).ok_or_else(|| Misread::Level(name.clone())),
            Fact::Unknown | Fact::NotApplicable | Fact::Erased => Ok(None),
        }
    }
}

/// Why a fact is no number of a dimension.
pub(crate) enum Misread {
    /// It is in another unit.
    Unit(Unit),
    /// There is no such level.
    Level(Name),
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let family = match self.family {
            Family::Economic => "economic",
            Family::Social => "social",
            Family::Latent => "latent",
        };
        let better = match self.direction {
            Direction::HigherIsBetter => "higher",
            Direction::LowerIsBetter => "lower",
        };
        write!(f, "{:?} ({family}, {better} is better, ", self.name)?;
        match self.unit {
            // With its exponent, which the text of an ISO currency leaves out.
            Unit::Money(currency) => write!(f, "{currency:?})"),
            Unit::Level => write!(f, "levels {:?})", self.levels),
            unit => write!(f, "{unit})"),
        }
    }
}
