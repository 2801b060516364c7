use super::{Scale, ScoreError};
use crate::{
    money::Ratio,
    quantity::{Fact, Name, Quantity, Unit},
    reason::Reason,
    value::Dimension,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One term of a score: a dimension, what it weighs, how its value becomes a level, what to do when it is missing.
#[doc(alias = "权重")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term<S = Scale> {
    /// The dimension.
    pub dimension: Dimension,
    /// Its weight; the weights of a score add up to exactly one.
    pub weight: Ratio,
    /// How its value becomes a level.
    pub scale: S,
    /// What to do when the fact is absent.
    #[serde(default)]
    pub missing: Missing,
}

/// What a term does when its fact is absent. Absence is not zero, so the honest answer is to refuse.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Missing {
    /// The customer is not scored.
    #[default]
    Refuse,
    /// Another value is taken, and the decision says so. A grid and rules beside the score see it too.
    Substitute {
        /// The value.
        value: Quantity,
        /// Why it is a fair one.
        because: Name,
    },
}

impl Term {
    /// The value, or its substitute.
    pub(super) fn read(&self, fact: Fact, note: &mut impl FnMut(&dyn Fn() -> Reason)) -> Result<Decimal, ScoreError> {
        let dimension = &self.dimension;
        note(&|| Reason::Read { dimension: dimension.name.clone(), fact });
        match (fact.known(), &self.missing) {
            (Some(quantity), _) => {
                check_unit(dimension, quantity.unit)?;
                Ok(quantity.value)
            }
            (None, Missing::Substitute { value, because }) => {
                note(&|| Reason::Substituted { dimension: dimension.name.clone(), value: *value, because: because.clone() });
                Ok(value.value)
            }
            (None, Missing::Refuse) => Err(ScoreError::Missing { dimension: dimension.name.clone(), fact }),
        }
    }
}

/// The unit must be the dimension's.
pub(crate) fn check_unit(dimension: &Dimension, found: Unit) -> Result<(), ScoreError> {
    if dimension.unit == found {
        Ok(())
    } else {
        Err(ScoreError::WrongUnit { dimension: dimension.name.clone(), expected: dimension.unit, found })
    }
}
