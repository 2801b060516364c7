//! Which situations conditions can tell apart, and whether they hold in one of them.

use crate::{
    calendar::days_from,
    loyalty::earning::{Condition, Rule, Selector},
    quantity::Name,
};
use alloc::{
    collections::BTreeSet,
    vec::{self, Vec},
};
use chrono::{Datelike, NaiveDate};

/// More situations than these are not looked through, and nothing is claimed.
const MOST: usize = 1 << 18;

/// Something that a basket or an activity has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing<'a> {
    Label(&'a Name),
    Item(&'a Name),
    Category(&'a Name),
}

/// What is supposed of an occurrence and of a member. What is left open may be either way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) day: NaiveDate,
    second: u32,
    /// The place of the grade; none without a ladder.
    rank: Option<usize>,
    first: bool,
    basket: Option<Basket<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Basket<'a> {
    spend: i64,
    units: u32,
    /// Of the things that conditions name, those that are there: a bit each.
    there: u32,
    things: &'a [Thing<'a>],
}

impl Basket<'_> {
    fn has(&self, thing: Thing) -> bool {
        self.things.iter().position(|named| *named == thing).is_none_or(|place| self.there >> place & 1 == 1)
    }

    /// Whether the lines of which a rule takes one can be among what is there.
    fn has_line_for(&self, Selector { items, categories, except_items, except_categories }: &Selector) -> bool {
        items.is_empty() && categories.is_empty()
            || items.difference(except_items).any(|item| self.has(Thing::Item(item)))
            || categories.difference(except_categories).any(|category| self.has(Thing::Category(category)))
    }
}

impl Scene<'_> {
    /// Whether a rule applies; `None` if that depends on what is left open.
    pub(super) fn applies(&self, rule: &Rule, grades: &[Name]) -> Option<bool> {
        if self.basket.is_some_and(|basket| !basket.has_line_for(&rule.lines)) {
            return Some(false);
        }
        let open = !rule.lines.is_all() && self.basket.is_none();
        let all = rule.when.iter().map(|condition| self.holds(condition, grades)).min_by_key(|held| match held {
            Some(false) => 0,
            None => 1,
            Some(true) => 2,
        });
        all.unwrap_or(Some(true)).and_then(|held| if held && open { None } else { Some(held) })
    }

    fn holds(&self, condition: &Condition, grades: &[Name]) -> Option<bool> {
        let rank = |name: &Name| grades.iter().position(|grade| grade == name);
        match condition {
            Condition::Days { from, until } => {
                Some(from.is_none_or(|from| self.day >= from) && until.is_none_or(|until| self.day < until))
            }
            Condition::Weekdays(days) => Some(days.contains(&self.day.weekday())),
            Condition::Hours { from, until } => {
                let (from, until, now) = (from.seconds(), until.seconds(), self.second);
                Some(if from < until { (from..until).contains(&now) } else { now >= from || now < until })
            }
            Condition::FirstPurchase => Some(self.first),
            Condition::GradeAtLeast(least) => Some(self.rank.is_some() && self.rank >= rank(least)),
            Condition::GradeIn(names) => Some(self.rank.is_some() && names.iter().any(|name| rank(name) == self.rank)),
            Condition::Spend { at_least } => self.basket.map(|basket| basket.spend >= at_least.minor()),
            Condition::Units { at_least } => self.basket.map(|basket| basket.units >= *at_least),
            Condition::Label(label) => self.basket.map(|basket| basket.has(Thing::Label(label))),
            Condition::Item(item) => self.basket.map(|basket| basket.has(Thing::Item(item))),
            Condition::Category(category) => self.basket.map(|basket| basket.has(Thing::Category(category))),
            Condition::Not(part) => self.holds(part, grades).map(|held| !held),
            Condition::Any(parts) => {
                let mut open = false;
                for part in parts {
                    match self.holds(part, grades) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => open = true,
                    }
                }
                if open { None } else { Some(false) }
            }
        }
    }
}

/// What the conditions of some rules can tell apart.
#[derive(Debug, Default)]
pub(super) struct Space<'a> {
    /// Days on which a window opens or closes.
    bounds: BTreeSet<NaiveDate>,
    by_weekday: bool,
    seconds: BTreeSet<u32>,
    by_first: bool,
    spends: BTreeSet<i64>,
    units: BTreeSet<u32>,
    things: Vec<Thing<'a>>,
    ranks: Vec<Option<usize>>,
}

impl<'a> Space<'a> {
    /// Of some rules, for members of these ranks.
    pub(super) fn of(rules: impl IntoIterator<Item = &'a Rule>, ranks: Vec<Option<usize>>) -> Space<'a> {
        let mut space = Space { ranks, ..Space::default() };
        space.seconds.insert(0);
        space.spends.insert(1);
        space.units.insert(1);
        rules.into_iter().flat_map(|rule| &rule.when).for_each(|condition| space.note(condition));
        space.things.sort();
        space.things.dedup();
        space
    }

    fn note(&mut self, condition: &'a Condition) {
        match condition {
            Condition::Days { from, until } => self.bounds.extend(from.iter().chain(until)),
            Condition::Weekdays(_) => self.by_weekday = true,
            Condition::Hours { from, until } => self.seconds.extend([from.seconds(), until.seconds() % 86_400]),
            Condition::FirstPurchase => self.by_first = true,
            Condition::Spend { at_least } => _ = self.spends.insert(at_least.minor()),
            Condition::Units { at_least } => _ = self.units.insert(*at_least),
            Condition::Label(label) => self.things.push(Thing::Label(label)),
            Condition::Item(item) => self.things.push(Thing::Item(item)),
            Condition::Category(category) => self.things.push(Thing::Category(category)),
            Condition::Not(part) => self.note(part),
            Condition::Any(parts) => parts.iter().for_each(|part| self.note(part)),
            Condition::GradeAtLeast(_) | Condition::GradeIn(_) => {}
        }
    }

    /// Days that stand for all days from one on, in order of time: between two bounds, only the day of the week differs.
    pub(super) fn days_from(&self, first: NaiveDate) -> Vec<NaiveDate> {
        let week = if self.by_weekday { 7 } else { 1 };
        let starts = self.bounds.iter().copied().filter(|bound| *bound > first).chain([first]);
        let days: BTreeSet<NaiveDate> = starts.flat_map(|day| (0..week).filter_map(move |n| days_from(day, n).ok())).collect();
        days.into_iter().collect()
    }

    /// Days that stand for all days before one, the last first.
    pub(super) fn days_before(&self, end: NaiveDate) -> Vec<NaiveDate> {
        let week = if self.by_weekday { 7 } else { 1 };
        let ends = self.bounds.iter().copied().filter(|bound| *bound < end).chain([end]);
        let days: BTreeSet<NaiveDate> = ends.flat_map(|day| (1..=week).filter_map(move |n| days_from(day, -n).ok())).collect();
        days.into_iter().rev().collect()
    }

    /// Every situation on a day that can be told apart without the basket.
    pub(super) fn scenes(&self, day: NaiveDate) -> vec::IntoIter<Scene<'static>> {
        self.scenes_of(day, &self.ranks)
    }

    /// The same for members of some ranks.
    pub(super) fn scenes_of(&self, day: NaiveDate, ranks: &[Option<usize>]) -> vec::IntoIter<Scene<'static>> {
        let firsts: &[bool] = if self.by_first { &[false, true] } else { &[false] };
        let mut scenes = Vec::new();
        for &second in &self.seconds {
            for &rank in ranks {
                scenes.extend(firsts.iter().map(|&first| Scene { day, second, rank, first, basket: None }));
            }
        }
        scenes.into_iter()
    }

    /// Whether a rule, one of those this was made of, can apply on a day.
    pub(super) fn can_apply(&self, rule: &Rule, day: NaiveDate, grades: &[Name]) -> bool {
        let Some(subsets) = u32::try_from(self.things.len()).ok().and_then(|n| 1_u32.checked_shl(n)) else { return true };
        let baskets = self.spends.len().saturating_mul(self.units.len()).saturating_mul(subsets as usize);
        let mut scenes = self.scenes(day);
        if baskets.saturating_mul(scenes.len()) > MOST {
            return scenes.any(|scene| scene.applies(rule, grades) != Some(false));
        }
        scenes.any(|scene| {
            self.spends.iter().any(|&spend| {
                self.units.iter().any(|&units| {
                    (0..subsets).any(|there| {
                        let basket = Some(Basket { spend, units, there, things: &self.things });
                        Scene { basket, ..scene }.applies(rule, grades) == Some(true)
                    })
                })
            })
        })
    }
}
