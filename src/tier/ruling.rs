//! What the rules that apply demand together.

use super::{Effect, Grade, GradeSet, Rule, TierError};
use rust_decimal::Decimal;

/// The grade after all rules, in whatever order they are listed.
///
/// A rule that rests on a missing fact leaves the grade certain if it would change nothing: then no set of such rules would, because
/// each demands what is there already.
pub(super) fn settle<'a>(
    rules: &'a [Rule],
    grades: &'a GradeSet,
    value: &impl Fn(&str) -> Option<Decimal>,
    cell: &'a Grade,
) -> Result<&'a Grade, TierError> {
    let mut demands = Demands::default();
    for rule in rules.iter().filter(|rule| rule.when.holds(value) == Some(true)) {
        demands.add(rule, grades.find(rule.then.grade())?)?;
    }
    let settled = demands.settle(cell);
    for rule in rules.iter().filter(|rule| rule.when.holds(value).is_none()) {
        let demanded = grades.find(rule.then.grade())?;
        let mut with = demands;
        if with.add(rule, demanded).is_err() || with.settle(cell) != settled {
            let (one, other) = (settled.name().clone(), demanded.name().clone());
            return Err(TierError::Undecided { rule: rule.name.clone(), one, other });
        }
    }
    Ok(settled)
}

/// The grade after one rule that applies, as the reasons show it step by step. The steps end where [`settle`] does, because the demands
/// do not contradict each other.
pub(super) fn step<'a>(effect: &Effect, before: &'a Grade, grades: &'a GradeSet) -> Result<&'a Grade, TierError> {
    let grade = grades.find(effect.grade())?;
    Ok(match effect {
        Effect::Pin(_) => grade,
        Effect::AtLeast(_) => before.max(grade),
        Effect::AtMost(_) => before.min(grade),
    })
}

/// A grade and the rule that demands it.
type Demand<'a> = Option<(&'a Rule, &'a Grade)>;

#[derive(Clone, Copy, Default)]
struct Demands<'a> {
    pin: Demand<'a>,
    at_least: Demand<'a>,
    at_most: Demand<'a>,
}

impl<'a> Demands<'a> {
    /// Adds a rule that applies; a demand that cannot be met together with those before is a conflict.
    fn add(&mut self, rule: &'a Rule, grade: &'a Grade) -> Result<(), TierError> {
        let against = |other: Demand<'a>, clash: fn(&Grade, &Grade) -> bool| match other {
            Some((first, demanded)) if clash(demanded, grade) => {
                Err(TierError::Conflict { first: first.name.clone(), second: rule.name.clone() })
            }
            _ => Ok(()),
        };
        match rule.then {
            Effect::Pin(_) => {
                against(self.pin, |pin, new| pin != new)?;
                against(self.at_least, |floor, new| floor > new)?;
                against(self.at_most, |cap, new| cap < new)?;
                self.pin = Some((rule, grade));
            }
            Effect::AtLeast(_) => {
                against(self.pin, |pin, new| pin < new)?;
                against(self.at_most, |cap, new| cap < new)?;
                if self.at_least.is_none_or(|(_, floor)| floor < grade) {
                    self.at_least = Some((rule, grade));
                }
            }
            Effect::AtMost(_) => {
                against(self.pin, |pin, new| pin > new)?;
                against(self.at_least, |floor, new| floor > new)?;
                if self.at_most.is_none_or(|(_, cap)| cap > grade) {
                    self.at_most = Some((rule, grade));
                }
            }
        }
        Ok(())
    }

    fn settle(&self, cell: &'a Grade) -> &'a Grade {
        if let Some((_, pin)) = self.pin {
            return pin;
        }
        let raised = self.at_least.map_or(cell, |(_, floor)| cell.max(floor));
        self.at_most.map_or(raised, |(_, cap)| raised.min(cap))
    }
}
