//! The arithmetic of the reasons, done again.

use super::{Claim, Effect, Reason, Unsound, Verdict, percentile, way};
use crate::{
    money::{Ratio, Rounding},
    quantity::{Fact, Name, Predicate, Seen},
};
use alloc::vec::Vec;
use rust_decimal::Decimal;

/// What the reasons so far have established.
#[derive(Default)]
pub(super) struct Check<'a> {
    /// The values of dimensions and scores.
    values: Vec<(&'a Name, Decimal)>,
    /// The scores among them.
    scores: Vec<&'a Name>,
    /// Facts that are names.
    names: Vec<(&'a Name, &'a Name)>,
    /// Something was supposed.
    supposed: bool,
    /// The levels they were found at.
    levels: Vec<(&'a Name, Decimal)>,
    /// The dimensions that were read, are missing, and have not been substituted.
    missing: Vec<&'a Name>,
    weights: Vec<(&'a Name, Ratio)>,
    points: Decimal,
    /// Votes or claims have been noted.
    looked: bool,
    /// The grades whose borders were not met.
    lost: Vec<&'a Name>,
    /// A border that outranks the customer, as the step before has found.
    against: Option<&'a Name>,
    /// How far the search among the borders is.
    search: Search<'a>,
    rules: Vec<&'a Name>,
    grade: Option<&'a Name>,
    segments: Vec<(&'a Name, Verdict)>,
}

/// How far a search among the borders of grades is.
#[derive(Clone, Copy, Default, PartialEq)]
enum Search<'a> {
    /// It goes on.
    #[default]
    On,
    /// It has ended at the border of this grade.
    At(&'a Name),
    /// It has ended below the border that was looked at last.
    Over,
}

/// What was last said of a name.
fn last(said: &[(&Name, Decimal)], of: &Name) -> Option<Decimal> {
    said.iter().rev().find(|(name, _)| *name == of).map(|(_, value)| *value)
}

impl<'a> Check<'a> {
    /// Checks one more reason, given those before it.
    pub(super) fn step(&mut self, i: usize, reason: &'a Reason) -> Result<(), Unsound> {
        match reason {
            Reason::Read { .. }
            | Reason::Substituted { .. }
            | Reason::Stands { .. }
            | Reason::LeftOut { .. }
            | Reason::Supposed { .. } => self.fact(i, reason),
            Reason::Scaled { .. } | Reason::Rated { .. } | Reason::Placed { .. } | Reason::Ranked { .. } => self.level(i, reason),
            Reason::Weighed { .. } | Reason::Summed { .. } => self.sum(i, reason),
            Reason::Cell { .. } | Reason::Voted(_) | Reason::Claimed(_) | Reason::Sorted { .. } | Reason::Rule { .. } => {
                self.grade(i, reason)
            }
            Reason::Segment { segment, condition, verdict } => self.segment(i, segment, condition, *verdict),
            Reason::Belongs { certain, possible } => self.belongs(i, certain, possible),
        }
    }

    /// What was read, and what was made of what is missing.
    fn fact(&mut self, i: usize, reason: &'a Reason) -> Result<(), Unsound> {
        match reason {
            Reason::Read { dimension, fact, .. } => {
                let before = |name: &&Name| *name == dimension;
                let read = self.values.iter().map(|(name, _)| *name).chain(self.names.iter().map(|(name, _)| *name));
                if read.chain(self.missing.iter().copied()).any(|name| before(&name)) {
                    return Err(Unsound::Misplaced(i));
                }
                self.take(dimension, fact);
            }
            Reason::Substituted { dimension, value, .. } => {
                // Only for what is missing, and once.
                let at = self.missing.iter().position(|name| *name == dimension).ok_or(Unsound::Misplaced(i))?;
                self.missing.swap_remove(at);
                self.take(dimension, value);
            }
            Reason::Stands { dimension, level, of } => {
                let named = self.names.iter().any(|(name, _)| *name == dimension);
                if !named || last(&self.values, dimension).is_some() || !(1..=*of).contains(level) {
                    return Err(Unsound::Misplaced(i));
                }
                self.values.push((dimension, (*level).into()));
            }
            Reason::LeftOut { dimension, .. } if !self.missing.contains(&dimension) => return Err(Unsound::Misplaced(i)),
            Reason::Supposed { dimension, level, .. } => {
                if !self.missing.contains(&dimension) {
                    return Err(Unsound::Misplaced(i));
                }
                self.supposed = true;
                self.levels.push((dimension, *level));
            }
            _ => {}
        }
        Ok(())
    }

    /// Where a value lies on its scale.
    fn level(&mut self, i: usize, reason: &'a Reason) -> Result<(), Unsound> {
        match reason {
            Reason::Scaled { dimension, value, worst, best, level } => {
                if last(&self.values, dimension) != Some(*value) || way(*value, *worst, *best) != Some(*level) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, *level));
            }
            Reason::Rated { dimension, place, level } => {
                if last(&self.values, dimension) != Some((*place).into()) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, *level));
            }
            Reason::Placed { dimension, value, interval, level, of } => {
                let bounded = interval.lower.is_some() || interval.upper.is_some();
                let placed = bounded && interval.contains(*value) && (1..=*of).contains(level);
                if !placed || last(&self.values, dimension) != Some(*value) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, (*level).into()));
            }
            Reason::Ranked { dimension, value, worse, equal, of } => {
                let percentile = percentile(*worse, *equal, *of).ok_or(Unsound::Misplaced(i))?;
                if last(&self.values, dimension) != Some(*value) {
                    return Err(Unsound::Misplaced(i));
                }
                self.levels.push((dimension, percentile));
            }
            _ => {}
        }
        Ok(())
    }

    /// Weights, points and their sum.
    fn sum(&mut self, i: usize, reason: &'a Reason) -> Result<(), Unsound> {
        match reason {
            Reason::Weighed { dimension, level, weight, points } => {
                // A value that was neither placed nor ranked is its own level.
                let found = last(&self.levels, dimension).or_else(|| last(&self.values, dimension));
                if found != Some(*level) {
                    return Err(Unsound::Misplaced(i));
                }
                let places = u8::try_from(points.scale()).unwrap_or(u8::MAX);
                let weighed_before = self.weights.iter().any(|(name, _)| *name == dimension);
                if weighed_before || *weight <= Ratio::ZERO || weight.times(*level, places, Rounding::HalfEven) != Some(*points) {
                    return Err(Unsound::WrongPoints(i));
                }
                self.weights.push((dimension, *weight));
                self.points = self.points.checked_add(*points).ok_or(Unsound::WrongTotal(i))?;
            }
            Reason::Summed { score, total } => {
                let whole = Ratio::sum(self.weights.iter().map(|(_, weight)| *weight)) == Ok(Ratio::ONE);
                if !whole || self.points != *total {
                    return Err(Unsound::WrongTotal(i));
                }
                self.weights.clear();
                self.points = Decimal::ZERO;
                self.values.push((score, *total));
                self.scores.push(score);
            }
            _ => {}
        }
        Ok(())
    }

    /// How levels became a grade, and what the rules did to it.
    fn grade(&mut self, i: usize, reason: &'a Reason) -> Result<(), Unsound> {
        match reason {
            Reason::Cell { levels, grade } => {
                let at = self.levels.len().checked_sub(levels.len()).ok_or(Unsound::Misplaced(i))?;
                let found = self.levels[at..].iter().map(|(_, level)| *level).eq(levels.iter().map(|&l| l.into()));
                if levels.is_empty() || !found || self.grade.is_some() {
                    return Err(Unsound::Misplaced(i));
                }
                self.grade = Some(grade);
            }
            Reason::Voted(vote) => {
                if !vote.adds_up() || self.search != Search::On {
                    return Err(Unsound::WrongVerdict(i));
                }
                self.supposed |= vote.case.is_some();
                self.looked = true;
                self.found(&vote.grade, vote.holds);
            }
            Reason::Claimed(claim) => {
                if !claim.adds_up() || self.search != Search::On {
                    return Err(Unsound::WrongVerdict(i));
                }
                self.supposed |= claim.case.is_some();
                self.looked = true;
                let against = self.against.take() == Some(&claim.grade);
                match claim.claim {
                    Claim::BorderOutranks => self.against = claim.holds.then_some(&claim.grade),
                    // The border outranks the customer and is outranked in turn: the search goes on upwards.
                    Claim::CustomerOutranks if against && claim.holds => {}
                    Claim::CustomerOutranks if against => {
                        self.lost.push(&claim.grade);
                        self.search = Search::Over;
                    }
                    Claim::CustomerOutranks => self.found(&claim.grade, claim.holds),
                }
            }
            Reason::Sorted { grade } => {
                let other = matches!(self.search, Search::At(border) if border != grade);
                if !self.looked || other || self.lost.contains(&grade) || self.grade.is_some() {
                    return Err(Unsound::Misplaced(i));
                }
                self.grade = Some(grade);
            }
            Reason::Rule { rule, condition, effect, verdict, before, after, .. } => {
                let demanded = match effect {
                    Effect::Pin(grade) => after == grade,
                    Effect::AtLeast(grade) | Effect::AtMost(grade) => after == grade || after == before,
                };
                let moves = matches!(verdict, Verdict::Applies | Verdict::Supposed);
                let follows = if moves { demanded } else { before == after };
                if self.grade != Some(before) || !follows || self.rules.contains(&rule) {
                    return Err(Unsound::BrokenChain(i));
                }
                if !self.allows(condition, *verdict) {
                    return Err(Unsound::WrongVerdict(i));
                }
                self.rules.push(rule);
                self.grade = Some(after);
            }
            _ => {}
        }
        Ok(())
    }

    /// A border was met, which ends the search downwards, or was not.
    fn found(&mut self, grade: &'a Name, holds: bool) {
        if holds { self.search = Search::At(grade) } else { self.lost.push(grade) }
    }

    fn segment(&mut self, i: usize, segment: &'a Name, condition: &Predicate, verdict: Verdict) -> Result<(), Unsound> {
        let before = self.segments.iter().any(|(name, _)| *name == segment);
        if before || verdict == Verdict::Supposed || !self.allows(condition, verdict) {
            return Err(Unsound::WrongVerdict(i));
        }
        self.segments.push((segment, verdict));
        Ok(())
    }

    /// What is missing may still leave one answer only, so that an undecided segment can stand in either list or in none.
    fn belongs(&self, i: usize, certain: &[Name], possible: &[Name]) -> Result<(), Unsound> {
        let agrees = |(name, verdict): &(&Name, Verdict)| match (certain.contains(name), possible.contains(name)) {
            (true, false) => *verdict != Verdict::DoesNotApply,
            (false, true) => *verdict == Verdict::Undecided,
            (false, false) => *verdict != Verdict::Applies,
            (true, true) => false,
        };
        let considered = |name: &Name| self.segments.iter().any(|(segment, _)| *segment == name);
        let sound = self.segments.iter().all(agrees) && certain.iter().chain(possible).all(considered);
        if sound { Ok(()) } else { Err(Unsound::WrongVerdict(i)) }
    }

    /// Notes what is known of a dimension.
    fn take(&mut self, dimension: &'a Name, fact: &'a Fact) {
        match fact {
            Fact::Known(quantity) => self.values.push((dimension, quantity.value)),
            Fact::Named(name) => self.names.push((dimension, name)),
            Fact::Unknown | Fact::NotApplicable | Fact::Erased => self.missing.push(dimension),
        }
    }

    /// Whether a condition can have that verdict.
    fn allows(&self, condition: &Predicate, verdict: Verdict) -> bool {
        let seen = |of: &str, with_scores: bool| {
            let is = |name: &Name| *name == *of;
            let number = self.values.iter().rev().find(|(name, _)| is(name) && (with_scores || !self.scores.contains(name)));
            let name = self.names.iter().rev().find(|(name, _)| is(name));
            Seen { number: number.map(|(_, v)| (*v, *v)), name: name.map(|(_, n)| (*n).clone()) }
        };
        let holds = condition.decide(&|of| seen(of, true));
        match verdict {
            Verdict::Applies => holds == Some(true),
            Verdict::DoesNotApply => holds == Some(false),
            // Where facts are supposed, a score is known within bounds only, and leaves open what rests on it.
            Verdict::Undecided | Verdict::Supposed if self.supposed => condition.decide(&|of| seen(of, false)).is_none(),
            Verdict::Undecided | Verdict::Supposed => holds.is_none(),
        }
    }
}
