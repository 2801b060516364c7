//! What the reasons of a decision say, sorted by what they are about.

use super::Part;
use crate::{
    money::Ratio,
    quantity::{Fact, Name, Predicate},
    reason::{Reason, Verdict},
};
use alloc::vec::Vec;
use rust_decimal::Decimal;

#[derive(Default)]
pub(super) struct Account<'a> {
    pub(super) facts: Vec<(&'a Name, &'a Fact)>,
    pub(super) scores: Vec<Scored<'a>>,
    /// The axes of the grid, each with the value found on it, if there was one, and its level.
    pub(super) axes: Vec<(&'a Name, (Option<Decimal>, u8))>,
    /// The grade before the rules.
    pub(super) sorted: Option<&'a Name>,
    pub(super) rules: Vec<Step<'a>>,
}

pub(super) struct Scored<'a> {
    pub(super) score: &'a Name,
    pub(super) total: Decimal,
    pub(super) terms: Vec<(&'a Name, Part)>,
}

#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) rule: &'a Name,
    pub(super) condition: &'a Predicate,
    pub(super) verdict: Verdict,
    pub(super) before: &'a Name,
    pub(super) after: &'a Name,
}

impl Step<'_> {
    pub(super) fn moves(&self) -> bool {
        self.before != self.after
    }
}

/// What is said of a name last.
fn last<T: Copy>(said: &[(&Name, T)], of: &Name) -> Option<T> {
    said.iter().rev().find(|(name, _)| *name == of).map(|(_, what)| *what)
}

impl<'a> Account<'a> {
    pub(super) fn of(reasons: &'a [Reason]) -> Account<'a> {
        let mut account = Account::default();
        let mut values: Vec<(&Name, Decimal)> = Vec::new();
        // What a sorter can look at, in order.
        let mut placed: Vec<(&Name, Option<Decimal>)> = Vec::new();
        let mut terms = Vec::new();
        for reason in reasons {
            match reason {
                Reason::Read { dimension, fact, .. } => {
                    account.facts.push((dimension, fact));
                    values.extend(fact.known().map(|quantity| (dimension, quantity.value)));
                }
                Reason::Substituted { dimension, value, .. } => {
                    values.extend(value.known().map(|quantity| (dimension, quantity.value)));
                }
                Reason::Stands { dimension, level, .. } => values.push((dimension, (*level).into())),
                Reason::Placed { dimension, value, .. } => placed.push((dimension, Some(*value))),
                Reason::Supposed { dimension, .. } => placed.push((dimension, None)),
                Reason::Weighed { dimension, level, weight, points } => {
                    terms.push((dimension, part(last(&values, dimension), *level, *weight, *points)));
                }
                Reason::Summed { score, total } => {
                    account.scores.push(Scored { score, total: *total, terms: core::mem::take(&mut terms) });
                }
                Reason::Cell { levels, grade } => {
                    let axes = &placed[placed.len().saturating_sub(levels.len())..];
                    account.axes = axes.iter().zip(levels).map(|(&(name, value), &level)| (name, (value, level))).collect();
                    account.sorted = Some(grade);
                }
                Reason::Rule { rule, condition, verdict, before, after, .. } => {
                    account.sorted.get_or_insert(before);
                    account.rules.push(Step { rule, condition, verdict: *verdict, before, after });
                }
                // What leads to a level is told by the level.
                _ => {}
            }
        }
        account
    }

    pub(super) fn fact(&self, name: &Name) -> Option<&'a Fact> {
        last(&self.facts, name)
    }

    pub(super) fn score(&self, name: &Name) -> Option<&Scored<'a>> {
        self.scores.iter().find(|scored| scored.score == name)
    }

    pub(super) fn axis(&self, name: &Name) -> Option<(Option<Decimal>, u8)> {
        last(&self.axes, name)
    }

    pub(super) fn rule(&self, name: &Name) -> Option<&Step<'a>> {
        self.rules.iter().find(|step| step.rule == name)
    }

    /// Whether both go through the same steps: the same facts, scores, axes and rules, in the same order.
    pub(super) fn is_like(&self, other: &Account<'_>) -> bool {
        let facts = |a: &Account<'_>| a.facts.iter().map(|(name, _)| (*name).clone()).collect::<Vec<_>>();
        let scores = |a: &Account<'_>| a.scores.iter().map(|s| s.score.clone()).collect::<Vec<_>>();
        let axes = |a: &Account<'_>| a.axes.iter().map(|(name, _)| (*name).clone()).collect::<Vec<_>>();
        let rules = |a: &Account<'_>| a.rules.iter().map(|step| step.rule.clone()).collect::<Vec<_>>();
        facts(self) == facts(other) && scores(self) == scores(other) && axes(self) == axes(other) && rules(self) == rules(other)
    }
}

fn part(value: Option<Decimal>, level: Decimal, weight: Ratio, points: Decimal) -> Part {
    Part { value, level, weight, points }
}

/// The names of two lists, each once, in the order of the first and then of the second.
pub(super) fn either<'a>(first: impl Iterator<Item = &'a Name>, second: impl Iterator<Item = &'a Name>) -> Vec<&'a Name> {
    let mut names: Vec<&Name> = Vec::new();
    for name in first.chain(second) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
