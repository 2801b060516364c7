use crate::quantity::{Name, NameError, Unit};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A dimension of value: what is measured, in which unit, and which way is better.
///
/// ```
/// use customer_value::{money::Currency, quantity::Unit, value::{Dimension, Direction, Family}};
///
/// let sales = Dimension::new("annual sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::CNY))?;
/// assert_eq!(sales.name, "annual sales");
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
    /// A dimension.
    ///
    /// # Errors
    /// [`NameError`] for the name `""`.
    pub fn new(name: &str, family: Family, direction: Direction, unit: Unit) -> Result<Dimension, NameError> {
        Ok(Dimension { name: Name::new(name)?, family, direction, unit })
    }
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
            unit => write!(f, "{unit})"),
        }
    }
}
