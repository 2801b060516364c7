use super::{GradeSet, TierError};
use crate::{
    quantity::{Name, Predicate, Unit},
    reason::Effect,
    score::ScoreError,
    value::{Dimension, Direction},
};
use core::fmt;
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

/// What better values do to a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trend {
    /// Nothing: it looks at attributes, of which none is better than another.
    Neutral,
    /// They can only make it true.
    Rises,
    /// They can only make it false.
    Falls,
    /// Either.
    Mixed,
}

impl Trend {
    const fn flipped(self) -> Trend {
        match self {
            Trend::Rises => Trend::Falls,
            Trend::Falls => Trend::Rises,
            Trend::Neutral | Trend::Mixed => self,
        }
    }

    fn and(self, other: Trend) -> Trend {
        match (self, other) {
            (Trend::Neutral, trend) | (trend, Trend::Neutral) => trend,
            (one, two) if one == two => one,
            _ => Trend::Mixed,
        }
    }

    /// `dimension` gives a dimension of the model; a name without one is a score or an attribute.
    fn of<'a>(condition: &Predicate, dimension: &impl Fn(&Name) -> Option<&'a Dimension>) -> Trend {
        let rises = |of: &Name| match dimension(of).map(|d| d.direction) {
            Some(Direction::LowerIsBetter) => Trend::Falls,
            Some(Direction::HigherIsBetter) | None => Trend::Rises,
        };
        match condition {
            Predicate::AtLeast { of, .. } | Predicate::MoreThan { of, .. } => rises(of),
            Predicate::AtMost { of, .. } | Predicate::LessThan { of, .. } => rises(of).flipped(),
            Predicate::OneOf { of, names } => match dimension(of) {
                None => Trend::Neutral,
                Some(judged) => {
                    let mut holds = judged.levels.iter().map(|level| names.contains(level));
                    let first = holds.next().unwrap_or(false);
                    let changes =
                        holds.scan(first, |before, now| Some(core::mem::replace(before, now) != now)).filter(|c| *c).count();
                    match (changes, first) {
                        (0, _) => Trend::Neutral,
                        (1, false) => Trend::Rises,
                        (1, true) => Trend::Falls,
                        _ => Trend::Mixed,
                    }
                }
            },
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter().map(|p| Trend::of(p, dimension)).fold(Trend::Neutral, Trend::and)
            }
            Predicate::Not(part) => Trend::of(part, dimension).flipped(),
        }
    }
}

impl Rule {
    /// Whether a customer who improves can lose by this rule: a raise that better values switch off, a cap that they switch on, a pin to
    /// a grade in the middle.
    pub(super) fn can_punish_improvement<'a>(
        &self,
        grades: &GradeSet,
        dimension: &impl Fn(&Name) -> Option<&'a Dimension>,
    ) -> bool {
        let is = |grade: Option<&super::Grade>, name: &Name| grade.is_some_and(|g| g.name() == name);
        let (best, worst) = (grades.best_first().first(), grades.best_first().last());
        match (&self.then, Trend::of(&self.when, dimension)) {
            (_, Trend::Neutral) | (Effect::AtLeast(_), Trend::Rises) | (Effect::AtMost(_), Trend::Falls) => false,
            (_, Trend::Mixed) | (Effect::AtLeast(_), Trend::Falls) | (Effect::AtMost(_), Trend::Rises) => true,
            (Effect::Pin(grade), Trend::Rises) => !is(best, grade),
            (Effect::Pin(grade), Trend::Falls) => !is(worst, grade),
        }
    }

    /// Checks the condition and the grade against their model.
    pub(super) fn check<'a>(
        &self,
        grades: &GradeSet,
        dimension: &impl Fn(&Name) -> Option<&'a Dimension>,
        is_score: &impl Fn(&Name) -> bool,
    ) -> Result<(), TierError> {
        let mut fault = None;
        let mut visit = |comparison: &Predicate| {
            let Some(of) = comparison.of() else { return };
            let found = match (comparison, dimension(of)) {
                // An attribute that is no dimension is known by being asked for.
                (Predicate::OneOf { .. }, None) if !is_score(of) => Ok(()),
                (Predicate::OneOf { names, .. }, Some(judged)) if judged.unit == Unit::Level => {
                    match names.iter().find(|name| judged.level(name).is_none()) {
                        Some(level) => Err(ScoreError::UnknownLevel { dimension: of.clone(), level: level.clone() }.into()),
                        None => Ok(()),
                    }
                }
                (Predicate::OneOf { .. }, _) => Err(TierError::NotNamed(of.clone())),
                (_, None) if !is_score(of) => Err(TierError::UnknownDimension(of.clone())),
                _ => Ok(()),
            };
            fault = fault.take().or(found.err());
        };
        if !self.when.visit(Predicate::DEEPEST, &mut visit) {
            return Err(TierError::BadPredicate(self.name.clone()));
        }
        match fault {
            Some(fault) => Err(fault),
            None => grades.find(self.then.grade()).map(|_| ()),
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
