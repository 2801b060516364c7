//! The values that one dimension of a customer can take, everything else staying as it is, and the nearest of them that meets a goal.
//!
//! Along such a line the grade is the same over long pieces. What it hangs on is whether the sorter gives this grade or that, and what each
//! comparison of a rule answers; each of these changes at most once from one end to the other, because sorter and scores are monotone.
//! So two values that agree in all of them have nothing but their like in between, and the end of a piece is found by halving.

use super::{Grade, GradeModel, nearest::Goal};
use crate::{
    money::{Rounding, decimal},
    quantity::{Fact, Name, Predicate, Quantity, Source, Unit},
    reason::Case,
    score::{Asked, ScoreModel},
    value::{Dimension, Direction, Facts},
};
use alloc::vec::Vec;
use core::iter;
use rust_decimal::Decimal;

/// One dimension of one customer. Its values are whole numbers of steps of `10^-places`; of a dimension that is judged, the places.
pub(super) struct Line<'a, F> {
    model: &'a GradeModel,
    facts: &'a F,
    goal: &'a Goal,
    dimension: &'a Dimension,
    places: u8,
    /// The comparisons of rules whose answers can change along the line.
    comparisons: Vec<&'a Predicate>,
}

/// What the grade hangs on: equal pieces have equal grades.
#[derive(PartialEq)]
struct Piece {
    worst: u8,
    best: u8,
    answers: Vec<Option<bool>>,
}

/// Which way to walk.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Up,
    Down,
}

impl Way {
    const fn from(self, at: i128, steps: i128) -> i128 {
        match self {
            Way::Up => at.saturating_add(steps),
            Way::Down => at.saturating_sub(steps),
        }
    }

    const fn is_past(self, at: i128, end: i128) -> bool {
        match self {
            Way::Up => at > end,
            Way::Down => at < end,
        }
    }
}

impl<'a, F: Facts> Line<'a, F> {
    pub(super) fn new(model: &'a GradeModel, facts: &'a F, goal: &'a Goal, dimension: &'a Dimension, from: Decimal) -> Line<'a, F> {
        let has_term = |score: &&ScoreModel| score.terms().iter().any(|term| term.dimension.name == dimension.name);
        let score = model.scores().iter().find(has_term).map(ScoreModel::name);
        let mut comparisons = Vec::new();
        for rule in model.rules() {
            rule.when.visit(Predicate::DEEPEST, &mut |comparison| {
                if comparison.of().is_some_and(|of| *of == dimension.name || Some(of) == score)
                    && !comparisons.contains(&comparison)
                {
                    comparisons.push(comparison);
                }
            });
        }
        let places = match dimension.unit {
            Unit::Money(currency) => currency.exponent(),
            Unit::Days | Unit::Count | Unit::Level => 0,
            Unit::Number => places(model, dimension, &comparisons, from),
        };
        Line { model, facts, goal, dimension, places, comparisons }
    }

    /// The nearest value that meets the goal; of two that are equally near, the better one.
    pub(super) fn nearest(&self, from: Decimal) -> Option<(Fact, Decimal, &'a Grade)> {
        let (low, high) = match self.dimension.unit {
            Unit::Level => (1, i128::try_from(self.dimension.levels.len()).unwrap_or(1)),
            Unit::Days | Unit::Count => (0, self.end(Way::Up)),
            Unit::Money(_) | Unit::Number => (self.end(Way::Down), self.end(Way::Up)),
        };
        let steps = |times, rounding| self.steps(from, times, rounding);
        let up = |end: i128| self.first(steps(1, Rounding::Floor).saturating_add(1).max(low), end.min(high), Way::Up);
        let down = |end: i128| self.first(steps(1, Rounding::Ceiling).saturating_sub(1).min(high), end.max(low), Way::Down);
        // On the worse side, only what is nearer by any amount.
        let found = match self.dimension.direction {
            Direction::HigherIsBetter => {
                let better = up(high);
                let end = better.map(|(at, _)| steps(2, Rounding::Floor).saturating_sub(at).saturating_add(1));
                down(end.unwrap_or(low)).or(better)
            }
            Direction::LowerIsBetter => {
                let better = down(low);
                let end = better.map(|(at, _)| steps(2, Rounding::Ceiling).saturating_sub(at).saturating_sub(1));
                up(end.unwrap_or(high)).or(better)
            }
        };
        found.map(|(at, grade)| (self.fact(at), self.number(at), grade))
    }

    /// The first value from `start` to `end` that meets the goal.
    fn first(&self, start: i128, end: i128, way: Way) -> Option<(i128, &'a Grade)> {
        let mut at = start;
        while !way.is_past(at, end) {
            if let Some(grade) = self.model.extremes(&self.changed(at)).ok().and_then(|extremes| self.goal.met(extremes)) {
                return Some((at, grade));
            }
            at = match self.dimension.unit {
                // Few, and a condition that lists them need not be monotone.
                Unit::Level => way.from(at, 1),
                _ => self.next_piece(at, end, way)?,
            };
        }
        None
    }

    /// The first value of the next piece: further and further until one differs, then halving.
    fn next_piece(&self, at: i128, end: i128, way: Way) -> Option<i128> {
        let here = self.piece(at);
        let differs = |at| self.piece(at) != here;
        if !differs(end) {
            return None;
        }
        let (mut same, mut length) = (at, 1_i128);
        // The end differs, so this ends there at the latest.
        let mut other = loop {
            let next = way.from(same, length);
            let next = if way.is_past(next, end) { end } else { next };
            if differs(next) {
                break next;
            }
            (same, length) = (next, length.saturating_mul(2));
        };
        while same.abs_diff(other) > 1 {
            let middle = same + (other - same) / 2;
            if differs(middle) {
                other = middle;
            } else {
                same = middle;
            }
        }
        Some(other)
    }

    /// `None` where the model has no grade at all.
    fn piece(&self, at: i128) -> Option<Piece> {
        let facts = &self.changed(at);
        let mut missing = None;
        let ask = |case| Asked { case, of_all: false };
        let (worst, scores) = self.model.before_rules(facts, ask(Case::Worst), &mut |_| {}, &mut missing).ok()?;
        let best = match missing {
            None => worst,
            Some(_) => self.model.before_rules(facts, ask(Case::Best), &mut |_| {}, &mut None).ok()?.0,
        };
        let seen = |of: &str| self.model.seen(of, facts, &scores);
        let answers = self.comparisons.iter().map(|comparison| comparison.decide(&seen)).collect();
        Some(Piece { worst: worst.rank(), best: best.rank(), answers })
    }

    /// The last value on one side that can be looked at: a decimal ends there, or the points of a score do. After the greatest decimal
    /// come nines, because with fewer digits or a smaller number nothing can overflow that does not with all nines.
    fn end(&self, way: Way) -> i128 {
        let nines = (0..=28).rev().filter_map(decimal::power_of_ten).map(|power| power - 1);
        let mut ends = iter::once(Decimal::MAX.mantissa()).chain(nines).map(|most| way.from(0, most));
        ends.find(|&at| self.piece(at).is_some()).unwrap_or(0)
    }

    /// So many times a value, in steps.
    fn steps(&self, value: Decimal, times: i128, rounding: Rounding) -> i128 {
        let value = value.normalize();
        // 97 bits at most.
        let mantissa = value.mantissa() * times;
        let scale = u8::try_from(value.scale()).unwrap_or(0);
        let power = decimal::power_of_ten(scale.abs_diff(self.places)).unwrap_or(1);
        if scale > self.places { rounding.divide(mantissa, power).unwrap_or(mantissa) } else { mantissa.saturating_mul(power) }
    }

    fn number(&self, at: i128) -> Decimal {
        let number = decimal::from_fixed(at, self.places);
        // What is money keeps its pence.
        if self.dimension.unit == Unit::Number { number.normalize() } else { number }
    }

    fn fact(&self, at: i128) -> Fact {
        let level = || usize::try_from(at.checked_sub(1)?).ok().and_then(|at| self.dimension.levels.get(at));
        match self.dimension.unit {
            Unit::Level => level().map_or(Fact::Unknown, |level| Fact::Named(level.clone())),
            unit => Fact::Known(Quantity { value: self.number(at), unit }),
        }
    }

    fn changed(&self, at: i128) -> Changed<'a, F> {
        Changed { facts: self.facts, of: &self.dimension.name, to: self.fact(at) }
    }
}

/// Decimal places of a plain number: as fine as the customer's value and every number it is compared with, from 2 to 12; fewer if otherwise
/// the largest of them would not fit a decimal.
fn places(model: &GradeModel, dimension: &Dimension, comparisons: &[&Predicate], from: Decimal) -> u8 {
    let terms = model.scores().iter().flat_map(ScoreModel::terms).filter(|term| term.dimension.name == dimension.name);
    let bounds = comparisons.iter().filter_map(|comparison| match comparison {
        Predicate::AtLeast { of, bound }
        | Predicate::MoreThan { of, bound }
        | Predicate::AtMost { of, bound }
        | Predicate::LessThan { of, bound } => (*of == dimension.name).then_some(*bound),
        Predicate::OneOf { .. } | Predicate::All(_) | Predicate::Any(_) | Predicate::Not(_) => None,
    });
    let numbers = terms.flat_map(|term| term.scale.numbers()).chain(model.sorter().numbers(&dimension.name)).chain(bounds);
    let (mut finest, mut largest) = (2, Decimal::ZERO);
    for number in numbers.chain([from]) {
        finest = finest.max(number.normalize().scale());
        largest = largest.max(number.abs());
    }
    let mut places = u8::try_from(finest).unwrap_or(u8::MAX).min(decimal::FINE_PLACES);
    let fits = |places: u8| decimal::power_of_ten(28 - places).is_some_and(|end| largest < Decimal::from(end));
    while places > 0 && !fits(places) {
        places -= 1;
    }
    places
}

/// The customer with one fact changed.
pub(super) struct Changed<'a, F> {
    pub(super) facts: &'a F,
    pub(super) of: &'a Name,
    pub(super) to: Fact,
}

impl<F: Facts> Facts for Changed<'_, F> {
    fn fact(&self, dimension: &str) -> Fact {
        if *self.of == *dimension { self.to.clone() } else { self.facts.fact(dimension) }
    }

    fn source(&self, dimension: &str) -> Option<Source> {
        if *self.of == *dimension { None } else { self.facts.source(dimension) }
    }
}
