use super::{GradeSet, TierError};
use crate::{money::decimal, quantity::Name, value::Direction};
use alloc::{boxed::Box, vec::Vec};
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A rule beside the grid: when its condition holds, it pins, raises or caps the grade.
///
/// All rules that apply act together; the order in which they are listed only orders the reasons. Rules that contradict each other on
/// a customer are an error for that customer, never a matter of who came last.
#[doc(alias = "一票决定制")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called.
    pub name: Name,
    /// When it applies.
    pub when: Predicate,
    /// What it does then.
    pub then: Effect,
    /// Why it exists; the reasons quote it.
    pub because: Name,
}

/// What a rule does to the grade.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The grade is this one, whatever the grid says (一票决定).
    #[doc(alias = "一票决定")]
    Pin(Name),
    /// The grade is this one or better.
    AtLeast(Name),
    /// The grade is this one or worse.
    AtMost(Name),
}

impl Effect {
    pub(super) const fn grade(&self) -> &Name {
        match self {
            Effect::Pin(grade) | Effect::AtLeast(grade) | Effect::AtMost(grade) => grade,
        }
    }
}

/// A condition on a customer's values. Bounds are in the unit of the dimension.
///
/// A missing fact makes a comparison undecided, and the others follow three-valued logic (Kleene): *undecided or true* is true.
///
/// On the wire: `{"at-least":{"of":"monetary","bound":"10000"}}`, `{"all":[…]}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Predicate {
    /// The bound or more (以上).
    #[doc(alias = "以上")]
    AtLeast {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// More than the bound (超过).
    #[doc(alias = "超过")]
    MoreThan {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is not included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// The bound or less (以下).
    #[doc(alias = "以下")]
    AtMost {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// Less than the bound (不满).
    #[doc(alias = "不满")]
    LessThan {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is not included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// Every one of them.
    All(Vec<Predicate>),
    /// At least one of them.
    Any(Vec<Predicate>),
    /// Not that one.
    Not(Box<Predicate>),
}

impl Predicate {
    /// Whether it holds; `None` if that depends on a value that is missing.
    pub fn holds(&self, value: &impl Fn(&str) -> Option<Decimal>) -> Option<bool> {
        match self {
            Predicate::AtLeast { of, bound } => value(of).map(|v| v >= *bound),
            Predicate::MoreThan { of, bound } => value(of).map(|v| v > *bound),
            Predicate::AtMost { of, bound } => value(of).map(|v| v <= *bound),
            Predicate::LessThan { of, bound } => value(of).map(|v| v < *bound),
            Predicate::All(parts) => combine(parts, value, false),
            Predicate::Any(parts) => combine(parts, value, true),
            Predicate::Not(part) => part.holds(value).map(|holds| !holds),
        }
    }

    /// Calls `visit` with every name it looks at. `false` if a list is empty or it is nested too deep.
    pub(super) fn visit(&self, depth: u8, visit: &mut impl FnMut(&Name)) -> bool {
        match self {
            Predicate::AtLeast { of, .. }
            | Predicate::MoreThan { of, .. }
            | Predicate::AtMost { of, .. }
            | Predicate::LessThan { of, .. } => {
                visit(of);
                true
            }
            Predicate::All(parts) | Predicate::Any(parts) => {
                !parts.is_empty() && depth > 0 && parts.iter().all(|part| part.visit(depth - 1, visit))
            }
            Predicate::Not(part) => depth > 0 && part.visit(depth - 1, visit),
        }
    }

    /// Whether better values can only make it true (`HigherIsBetter`), only make it false, or either (`None`).
    fn trend(&self, direction: &impl Fn(&Name) -> Direction) -> Option<Direction> {
        use Direction::{HigherIsBetter, LowerIsBetter};
        let flip = |d| if d == HigherIsBetter { LowerIsBetter } else { HigherIsBetter };
        match self {
            Predicate::AtLeast { of, .. } | Predicate::MoreThan { of, .. } => Some(direction(of)),
            Predicate::AtMost { of, .. } | Predicate::LessThan { of, .. } => Some(flip(direction(of))),
            Predicate::Not(part) => part.trend(direction).map(flip),
            Predicate::All(parts) | Predicate::Any(parts) => {
                let first = parts.first()?.trend(direction)?;
                parts.iter().all(|p| p.trend(direction) == Some(first)).then_some(first)
            }
        }
    }
}

/// The first part that equals `decisive` decides; without one, an undecided part leaves the whole undecided.
fn combine(parts: &[Predicate], value: &impl Fn(&str) -> Option<Decimal>, decisive: bool) -> Option<bool> {
    let mut all = Some(!decisive);
    for part in parts {
        match part.holds(value) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => all = None,
        }
    }
    all
}

impl Rule {
    /// Whether a customer who improves can lose by this rule: a raise that better values switch off, a cap that they switch on, a pin to
    /// a grade in the middle.
    pub(super) fn can_punish_improvement(&self, grades: &GradeSet, direction: &impl Fn(&Name) -> Direction) -> bool {
        let is = |grade: Option<&super::Grade>, name: &Name| grade.is_some_and(|g| g.name() == name);
        let (best, worst) = (grades.best_first().first(), grades.best_first().last());
        match (&self.then, self.when.trend(direction)) {
            (Effect::AtLeast(_), trend) => trend != Some(Direction::HigherIsBetter),
            (Effect::AtMost(_), trend) => trend != Some(Direction::LowerIsBetter),
            (Effect::Pin(grade), Some(Direction::HigherIsBetter)) => !is(best, grade),
            (Effect::Pin(grade), Some(Direction::LowerIsBetter)) => !is(worst, grade),
            (Effect::Pin(_), None) => true,
        }
    }

    /// Checks the condition and the grade against their model.
    pub(super) fn check(&self, grades: &GradeSet, known: &impl Fn(&Name) -> bool) -> Result<(), TierError> {
        let mut unknown = None;
        let mut visit = |name: &Name| {
            if !known(name) {
                unknown = Some(name.clone());
            }
        };
        if !self.when.visit(16, &mut visit) {
            return Err(TierError::BadPredicate(self.name.clone()));
        }
        match unknown {
            Some(name) => Err(TierError::UnknownDimension(name)),
            None => grades.find(self.then.grade()).map(|_| ()),
        }
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, word: &str, parts: &[Predicate]| {
            parts.iter().enumerate().try_for_each(|(i, part)| {
                let between = if i == 0 { "" } else { word };
                match part {
                    Predicate::All(_) | Predicate::Any(_) => write!(f, "{between}({part})"),
                    _ => write!(f, "{between}{part}"),
                }
            })
        };
        match self {
            Predicate::AtLeast { of, bound } => write!(f, "{of} ≥ {}", bound.normalize()),
            Predicate::MoreThan { of, bound } => write!(f, "{of} > {}", bound.normalize()),
            Predicate::AtMost { of, bound } => write!(f, "{of} ≤ {}", bound.normalize()),
            Predicate::LessThan { of, bound } => write!(f, "{of} < {}", bound.normalize()),
            Predicate::All(parts) if parts.len() == 1 => write!(f, "all ({})", parts[0]),
            Predicate::Any(parts) if parts.len() == 1 => write!(f, "any ({})", parts[0]),
            Predicate::All(parts) => list(f, " and ", parts),
            Predicate::Any(parts) => list(f, " or ", parts),
            Predicate::Not(part) => write!(f, "not ({part})"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effect = match &self.then {
            Effect::Pin(_) => "is",
            Effect::AtLeast(_) => "is at least",
            Effect::AtMost(_) => "is at most",
        };
        write!(f, "{:?}: when {}, the grade {effect} {:?}: {:?}", self.name, self.when, self.then.grade(), self.because)
    }
}
