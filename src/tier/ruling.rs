//! What the rules that apply demand together.

use super::{Effect, Grade, GradeSet, Rule, TierError};
use crate::reason::Case;

/// Which rules apply, and on which it cannot be decided: one bit for each, in their order.
#[derive(Clone, Copy, Default)]
pub(super) struct Verdicts {
    pub(super) apply: u64,
    pub(super) undecided: u64,
}

impl Verdicts {
    pub(super) const MOST: usize = 64;

    pub(super) fn of(holds: impl Iterator<Item = Option<bool>>) -> Verdicts {
        let mut verdicts = Verdicts::default();
        for (i, holds) in holds.take(Verdicts::MOST).enumerate() {
            match holds {
                Some(true) => verdicts.apply |= 1 << i,
                Some(false) => {}
                None => verdicts.undecided |= 1 << i,
            }
        }
        verdicts
    }
}

/// The rules of a set of bits.
fn chosen(rules: &[Rule], bits: u64) -> impl Iterator<Item = (usize, &Rule)> {
    rules.iter().enumerate().filter(move |(i, _)| bits >> i & 1 == 1)
}

/// The grade after all rules, in whatever order they are listed, and the undecided rule that is supposed to apply, if there is one.
///
/// One is enough: what several undecided rules would make together is never worse, or better, than what one of them makes alone, because
/// each only raises, caps or pins.
pub(super) fn settle<'a>(
    rules: &'a [Rule],
    verdicts: Verdicts,
    case: Case,
    grades: &'a GradeSet,
    cell: &'a Grade,
) -> Result<(&'a Grade, Option<usize>), TierError> {
    let mut demands = Demands::default();
    for (_, rule) in chosen(rules, verdicts.apply) {
        demands.add(rule, grades.find(rule.then.grade())?)?;
    }
    let (mut settled, mut supposed) = (demands.settle(cell), None);
    for (i, rule) in chosen(rules, verdicts.undecided) {
        let mut with = demands;
        with.add(rule, grades.find(rule.then.grade())?)?;
        let then = with.settle(cell);
        let further = match case {
            Case::Worst => then < settled,
            Case::Best => then > settled,
        };
        if further {
            (settled, supposed) = (then, Some(i));
        }
    }
    Ok((settled, supposed))
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

/// Whether the demands of two rules can never be met together.
pub(super) fn contradict(one: &Rule, other: &Rule, grades: &GradeSet) -> Result<bool, TierError> {
    let mut demands = Demands::default();
    demands.add(one, grades.find(one.then.grade())?)?;
    Ok(demands.add(other, grades.find(other.then.grade())?).is_err())
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
