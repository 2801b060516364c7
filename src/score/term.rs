use super::{AnyScale, Scale, ScoreError};
use crate::{
    money::Ratio,
    quantity::{Fact, Name, Unit},
    reason::{Case, Reason},
    value::{Dimension, Facts, Misread},
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

/// What a term does when its fact is absent. Absence is not zero, so without a declaration the customer is not scored.
///
/// On the wire: `"refuse"`, `"bounds"`, `{"leave-out":{"least_coverage":"0.7"}}`,
/// `{"substitute":{"value":{"named":"regional"},"because":"where nobody has looked, the usual case"}}`.
#[doc(alias = "缺失")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Missing {
    /// The customer is not scored.
    #[default]
    Refuse,
    /// Another value is taken, and the decision says so. Axes and rules beside the score see it too.
    Substitute {
        /// The value.
        value: Fact,
        /// Why it is a fair one.
        because: Name,
    },
    /// The term is left out, and the weights of the others grow in proportion, if those that are known weigh enough.
    LeaveOut {
        /// The least weight of what is known, above 0 and at most 1. What is substituted or bounded is not known.
        least_coverage: Ratio,
    },
    /// The score is given if it is the same at the worst and at the best level that the fact could have.
    Bounds,
}

/// What a model is asked, and what it supposes on the way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// What is supposed of missing facts.
    pub(crate) case: Case,
    /// Whether also of those whose term refuses: when the bounds themselves are asked for.
    pub(crate) of_all: bool,
}

impl Asked {
    /// The end of two, the worse first.
    pub(crate) fn end<T>(self, (worst, best): (T, T)) -> T {
        match self.case {
            Case::Worst => worst,
            Case::Best => best,
        }
    }
}

/// What a term finds.
pub(super) enum Found {
    /// A value, or its substitute.
    Value(Decimal),
    /// Nothing, and this level is supposed.
    Supposed(Decimal),
    /// Nothing, and the term is left out.
    LeftOut,
}

impl Term {
    /// The value, or what is made of its absence.
    pub(super) fn find(
        &self,
        facts: &impl Facts,
        asked: Asked,
        note: &mut impl FnMut(&dyn Fn() -> Reason),
    ) -> Result<Found, ScoreError> {
        let dimension = &self.dimension;
        let name = || dimension.name.clone();
        let fact = facts.fact(&dimension.name);
        note_read(dimension, &fact, facts, note);
        if let Some(value) = number(dimension, &fact)? {
            return Ok(Found::Value(value));
        }
        match &self.missing {
            Missing::Substitute { value, because } => {
                note(&|| Reason::Substituted { dimension: name(), value: value.clone(), because: because.clone() });
                note_place(dimension, value, note);
                // `ScoreModel::new` has checked that it is there.
                number(dimension, value)?.map(Found::Value).ok_or_else(|| ScoreError::AbsentSubstitute(name()))
            }
            Missing::LeaveOut { .. } => {
                note(&|| Reason::LeftOut { dimension: name(), weight: self.weight });
                Ok(Found::LeftOut)
            }
            Missing::Refuse if !asked.of_all => Err(ScoreError::Missing { dimension: name(), fact }),
            Missing::Refuse | Missing::Bounds => {
                let level = asked.end(self.scale.ends(dimension).ok_or_else(|| ScoreError::Missing { dimension: name(), fact })?);
                note(&|| Reason::Supposed { dimension: name(), level, case: asked.case });
                Ok(Found::Supposed(level))
            }
        }
    }
}

/// Notes that a fact was read, and where on its list it stands.
pub(crate) fn note_read(dimension: &Dimension, fact: &Fact, facts: &impl Facts, note: &mut impl FnMut(&dyn Fn() -> Reason)) {
    let name = &dimension.name;
    note(&|| Reason::Read { dimension: name.clone(), fact: fact.clone(), source: facts.source(name) });
    note_place(dimension, fact, note);
}

fn note_place(dimension: &Dimension, fact: &Fact, note: &mut impl FnMut(&dyn Fn() -> Reason)) {
    if let Some(level) = fact.named().and_then(|name| dimension.level(name)) {
        let of = u8::try_from(dimension.levels.len()).unwrap_or(u8::MAX);
        note(&|| Reason::Stands { dimension: dimension.name.clone(), level, of });
    }
}

/// The number that a fact stands for; `None` if it is absent.
pub(crate) fn number(dimension: &Dimension, fact: &Fact) -> Result<Option<Decimal>, ScoreError> {
    dimension.number(fact).map_err(|misread| match misread {
        Misread::Unit(found) => ScoreError::WrongUnit { dimension: dimension.name.clone(), expected: dimension.unit, found },
        Misread::Level(level) => ScoreError::UnknownLevel { dimension: dimension.name.clone(), level },
    })
}

/// The unit must be the dimension's.
pub(crate) fn check_unit(dimension: &Dimension, found: Unit) -> Result<(), ScoreError> {
    if dimension.unit == found {
        Ok(())
    } else {
        Err(ScoreError::WrongUnit { dimension: dimension.name.clone(), expected: dimension.unit, found })
    }
}
