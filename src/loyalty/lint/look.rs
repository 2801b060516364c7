use super::{Dead, Finding, suppose::Space};
use crate::{
    loyalty::{
        earning::{Bracket, Give, Rule, Stacking, Trigger},
        ladder::Ladder,
        programme::{Kind, Programme, Terms},
    },
    money::{Money, Ratio},
    quantity::Name,
};
use alloc::vec::Vec;
use chrono::NaiveDate;

/// A scheme on the table.
pub(super) struct Look<'a> {
    pub(super) terms: &'a Terms,
    pub(super) as_of: NaiveDate,
    pub(super) grades: Vec<Name>,
    /// The kinds of points, by name.
    pub(super) kinds: Vec<&'a Kind>,
    /// The rules in force that can give something, by name.
    pub(super) rules: Vec<&'a Rule>,
}

impl<'a> Look<'a> {
    /// Sorts out the rules that never give anything.
    pub(super) fn new(programme: &'a Programme, as_of: NaiveDate, findings: &mut Vec<Finding>) -> Look<'a> {
        let terms = programme.terms();
        let mut kinds: Vec<&Kind> = terms.kinds.iter().collect();
        kinds.sort_by(|a, b| a.name.cmp(&b.name));
        let rules = terms.earning.policy().rules.iter().filter(|rule| rule.enabled).collect();
        let mut look = Look { terms, as_of, grades: programme.grades(), kinds, rules };
        let mut dead = Vec::new();
        look.bury(&mut dead, Look::never_applies);
        look.bury(&mut dead, |look, rule| {
            look.rules.iter().find(|by| look.displaces(by, rule)).map(|by| Dead::Displaced { by: by.name.clone() })
        });
        look.bury(&mut dead, Look::has_nothing_to_multiply);
        dead.sort_by(|a: &(&Name, Dead), b| a.0.cmp(b.0));
        findings.extend(dead.into_iter().map(|(rule, because)| Finding::DeadRule { rule: rule.clone(), because }));
        look
    }

    fn bury(&mut self, dead: &mut Vec<(&'a Name, Dead)>, is_dead: impl Fn(&Look<'a>, &Rule) -> Option<Dead>) {
        let found: Vec<Option<Dead>> = self.rules.iter().map(|rule| is_dead(self, rule)).collect();
        let mut alive = Vec::with_capacity(found.len());
        for (rule, because) in self.rules.iter().zip(found) {
            match because {
                Some(because) => dead.push((&rule.name, because)),
                None => alive.push(*rule),
            }
        }
        self.rules = alive;
    }

    /// The places of the grades that a member can have.
    pub(super) fn ranks(&self) -> Vec<Option<usize>> {
        if self.grades.is_empty() { Vec::from([None]) } else { (0..self.grades.len()).map(Some).collect() }
    }

    /// The rules of one kind of points, by name.
    pub(super) fn of_kind<'b>(&'b self, kind: &'b Name) -> impl Iterator<Item = &'a Rule> + 'b {
        self.rules.iter().copied().filter(move |rule| rule.kind == *kind)
    }

    pub(super) fn ladder(&self) -> Option<&'a Ladder> {
        self.terms.ladder.as_ref()
    }

    fn never_applies(&self, rule: &Rule) -> Option<Dead> {
        let lines = &rule.lines;
        let excluded = lines.items.is_subset(&lines.except_items) && lines.categories.is_subset(&lines.except_categories);
        if excluded && !(lines.items.is_empty() && lines.categories.is_empty()) {
            return Some(Dead::NoLines);
        }
        if let Trigger::Occasion(occasion) = &rule.on {
            let milestones = self.ladder().map_or(&[][..], |ladder| &ladder.terms().milestones);
            if !self.terms.occasions.contains_key(occasion) && milestones.iter().all(|milestone| milestone.name != *occasion) {
                return Some(Dead::UnknownOccasion(occasion.clone()));
            }
        }
        let space = Space::of([rule], self.ranks());
        if space.days_from(self.as_of).into_iter().any(|day| space.can_apply(rule, day, &self.grades)) {
            return None;
        }
        let before = space.days_before(self.as_of).into_iter().find(|day| space.can_apply(rule, *day, &self.grades));
        Some(before.map_or(Dead::Contradiction, |last_day| Dead::Over { last_day }))
    }

    /// Whether one rule counts in place of another whenever that applies.
    fn displaces(&self, by: &Rule, rule: &Rule) -> bool {
        let covers = by.name != rule.name
            && (&by.on, &by.kind) == (&rule.on, &rule.kind)
            && by.caps.is_empty()
            && by.when.iter().all(|condition| rule.when.contains(condition))
            && (by.lines.is_all() || by.lines == rule.lines);
        covers
            && match (&by.stacking, &rule.stacking) {
                (Stacking::Alone { priority }, Stacking::Alone { priority: other }) => priority > other && always_gives(&by.give),
                (Stacking::Alone { .. }, _) => always_gives(&by.give),
                (Stacking::BestOf { group, priority }, Stacking::BestOf { group: same, priority: other }) => {
                    group == same && self.gives_more(&by.give, &rule.give, priority > other)
                }
                _ => false,
            }
    }

    /// Whether a rule of a group always wins against another of the group, if it wins a tie or not.
    fn gives_more(&self, by: &Give, other: &Give, wins_tie: bool) -> bool {
        let more = |ours: Option<Ratio>, theirs: Option<Ratio>| ours > theirs || ours == theirs && wins_tie;
        match (by, other) {
            (Give::PerAmount { points, per }, Give::PerAmount { points: others, per: of }) => {
                more(rate(points.units(), *per), rate(others.units(), *of))
            }
            (Give::PerItem(ours), Give::PerItem(theirs)) | (Give::Fixed(ours), Give::Fixed(theirs)) => {
                ours > theirs || ours == theirs && wins_tie
            }
            (Give::Bonus(ours), Give::Bonus(theirs)) => more(Some(*ours), Some(*theirs)),
            (Give::Times(ours), Give::Times(theirs)) => {
                // Both may come to no more than the limit.
                more(Some(*ours), Some(*theirs)) && (wins_tie || self.terms.earning.policy().times_at_most.is_none())
            }
            _ => false,
        }
    }

    fn has_nothing_to_multiply(&self, rule: &Rule) -> Option<Dead> {
        if !rule.give.is_multiple() {
            return None;
        }
        if matches!(rule.give, Give::Times(_)) && self.terms.earning.policy().times_at_most == Some(Ratio::ONE) {
            return Some(Dead::LimitedToOne);
        }
        let base = |other: &&Rule| other.on == rule.on && !other.give.is_multiple() && other.multiplied;
        if self.of_kind(&rule.kind).any(|other| base(&other)) { None } else { Some(Dead::NothingToMultiply) }
    }
}

/// Whether it gives something for every line that earns anything.
fn always_gives(give: &Give) -> bool {
    match give {
        Give::Brackets(brackets) => brackets.first().is_some_and(|first| first.from.minor() <= 1),
        Give::PerAmount { .. } | Give::PerItem(_) | Give::Fixed(_) => true,
        Give::Bonus(_) | Give::Times(_) => false,
    }
}

/// Points for one smallest unit of money.
pub(super) fn rate(points: u64, per: Money) -> Option<Ratio> {
    Ratio::new(points.into(), per.minor().into()).ok()
}

/// The rate of a bracket.
pub(super) fn bracket_rate(bracket: &Bracket) -> Option<Ratio> {
    rate(bracket.points.units(), bracket.per)
}
