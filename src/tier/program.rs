//! A model made ready for the columns of a table: cuts, points and bounds as whole numbers of the columns' own places, so that a customer
//! is graded with a few comparisons. What it cannot do for a row it leaves to the model itself.

use super::{Effect, GradeModel, Grid, Rule};
use crate::{
    money::decimal,
    quantity::{Name, Predicate, Ties, Unit},
    score::{Cutpoints, FixedCuts, Scale, ScoreModel, Term},
    value::{Dimension, Direction, Field, Table},
};
use alloc::vec::Vec;
use rust_decimal::Decimal;

/// The whole model, ready.
pub(super) struct Program<'a> {
    grid: &'a Grid,
    scores: Vec<Sum<'a>>,
    axes: Vec<Axis<'a>>,
    rules: Vec<Demand<'a>>,
}

/// A column with its values as whole numbers.
#[derive(Clone)]
enum Input<'a> {
    Numbers(&'a [i64], Option<&'a [bool]>),
    /// Positions in a list of names, and what number each name stands for; 0 for none.
    Names(&'a [u32], Vec<u8>),
    /// A score, by its position.
    Score(usize),
}

impl Input<'_> {
    /// The number of a row; `None` if it is not known, and the model itself must look.
    fn get(&self, row: usize, scores: &[i64]) -> Option<i64> {
        match self {
            Input::Numbers(values, None) => values.get(row).copied(),
            Input::Numbers(values, Some(known)) => values.get(row).copied().filter(|_| known[row]),
            Input::Names(positions, numbers) => {
                let at = usize::try_from(*positions.get(row)?).ok()?;
                numbers.get(at).copied().filter(|&number| number > 0).map(i64::from)
            }
            Input::Score(at) => scores.get(*at).copied(),
        }
    }
}

/// A score.
struct Sum<'a> {
    model: &'a ScoreModel,
    terms: Vec<(Input<'a>, Weigh)>,
}

/// How a value becomes points.
enum Weigh {
    /// By bins: the points of each, the lowest values first.
    Bins(FixedCuts, Vec<i64>),
    /// By the place on a list: the points of each.
    Places(Vec<i64>),
    /// By the model itself, from a value of so many decimal places.
    Otherwise(u8),
}

struct Axis<'a> {
    input: Input<'a>,
    cuts: FixedCuts,
    direction: Direction,
    levels: u8,
}

struct Demand<'a> {
    test: Test<'a>,
    effect: &'a Effect,
    /// Rank of the grade that is demanded, 1 for the best.
    rank: u8,
}

/// A condition over inputs.
enum Test<'a> {
    /// The value lies above a cut, or does not.
    Above(Input<'a>, FixedCuts, bool),
    /// The number of the name is marked.
    Among(Input<'a>, Vec<bool>),
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(alloc::boxed::Box<Test<'a>>),
}

impl Test<'_> {
    fn holds(&self, row: usize, scores: &[i64]) -> Option<bool> {
        match self {
            Test::Above(input, cut, above) => input.get(row, scores).map(|value| (cut.bin(value) == 1) == *above),
            Test::Among(input, marked) => {
                input.get(row, scores).map(|number| usize::try_from(number).is_ok_and(|n| marked.get(n) == Some(&true)))
            }
            Test::All(parts) => parts.iter().try_fold(true, |all, part| Some(all & part.holds(row, scores)?)),
            Test::Any(parts) => parts.iter().try_fold(false, |any, part| Some(any | part.holds(row, scores)?)),
            Test::Not(part) => part.holds(row, scores).map(|holds| !holds),
        }
    }
}

impl<'a> Program<'a> {
    /// Makes a model with a grid ready for a table; `None` if the table lacks a column, or has it in another unit: then the model itself
    /// says what is wrong.
    pub(super) fn new(model: &'a GradeModel, grid: &'a Grid, table: &Table<'a>) -> Option<Program<'a>> {
        let with = Columns { model, table };
        let scores = model.scores().iter().map(|score| with.sum(score)).collect::<Option<_>>()?;
        let axis = |axis: &'a super::Axis| {
            let (input, places, direction) = with.input(&axis.of)?;
            Some(Axis { input, cuts: axis.cutpoints.fixed(places).ok()?, direction, levels: axis.cutpoints.bins() })
        };
        let axes = grid.axes().iter().map(axis).collect::<Option<_>>()?;
        let rule = |rule: &'a Rule| {
            let rank = model.grades().grade(rule.then.grade())?.rank();
            Some(Demand { test: with.test(&rule.when)?, effect: &rule.then, rank })
        };
        let rules = model.rules().iter().map(rule).collect::<Option<_>>()?;
        Some(Program { grid, scores, axes, rules })
    }

    /// The rank of the customer in a row, 1 for the best; `None` if a value is missing or does not fit, or rules contradict each other:
    /// then the model itself must look.
    pub(super) fn rank(&self, row: usize) -> Option<u8> {
        let mut totals = [0; 8];
        for (total, sum) in totals.iter_mut().zip(&self.scores) {
            *total = sum.total(row)?;
        }
        let mut levels = [0; 4];
        for (level, axis) in levels.iter_mut().zip(&self.axes) {
            *level = axis.direction.level(axis.cuts.bin(axis.input.get(row, &totals)?), axis.levels);
        }
        let cell = self.grid.rank(&levels[..self.axes.len()])?;
        // Ranks run the other way than grades: the best is 1.
        let (mut best, mut worst) = (1, u8::MAX);
        for rule in &self.rules {
            if rule.test.holds(row, &totals)? {
                match rule.effect {
                    Effect::Pin(_) => (best, worst) = (best.max(rule.rank), worst.min(rule.rank)),
                    Effect::AtLeast(_) => worst = worst.min(rule.rank),
                    Effect::AtMost(_) => best = best.max(rule.rank),
                }
            }
        }
        if best > worst { None } else { Some(cell.clamp(best, worst)) }
    }
}

impl Sum<'_> {
    fn total(&self, row: usize) -> Option<i64> {
        let mut total = 0_i64;
        for (i, (input, weigh)) in self.terms.iter().enumerate() {
            let value = input.get(row, &[])?;
            let points = match weigh {
                Weigh::Bins(cuts, points) => points[usize::from(cuts.bin(value))],
                Weigh::Places(points) => *points.get(usize::try_from(value - 1).ok()?)?,
                Weigh::Otherwise(places) => {
                    let points = self.model.points_of(i, decimal::from_fixed(value.into(), *places)).ok()?;
                    decimal::to_fixed(points, self.model.places()).ok()?
                }
            };
            total = total.checked_add(points)?;
        }
        Some(total)
    }
}

/// Where the parts of a program find their columns.
struct Columns<'a, 't> {
    model: &'a GradeModel,
    table: &'t Table<'a>,
}

impl<'a> Columns<'a, '_> {
    /// The column of a dimension.
    fn column(&self, dimension: &Dimension) -> Option<(Input<'a>, u8)> {
        match self.table.field(&dimension.name)? {
            Field::Numbers(column, known) if column.unit == dimension.unit => {
                Some((Input::Numbers(column.values, *known), column.places))
            }
            Field::Names(positions, names) if dimension.unit == Unit::Level => {
                Some((Input::Names(positions, Field::places(names, dimension)), 0))
            }
            Field::Numbers(..) | Field::Names(..) => None,
        }
    }

    /// What an axis or a comparison looks at, its decimal places, and which way it is better.
    fn input(&self, of: &Name) -> Option<(Input<'a>, u8, Direction)> {
        if let Some(at) = self.model.scores().iter().position(|score| score.name() == of) {
            return Some((Input::Score(at), self.model.scores()[at].places(), Direction::HigherIsBetter));
        }
        let dimension = self.model.dimension(of)?;
        let (input, places) = self.column(dimension)?;
        Some((input, places, dimension.direction))
    }

    fn sum(&self, model: &'a ScoreModel) -> Option<Sum<'a>> {
        let term = |(i, term): (usize, &'a Term)| {
            let (input, places) = self.column(&term.dimension)?;
            let fixed = |points: &Decimal| decimal::to_fixed(*points, model.places()).ok();
            let points = model.points_by_level(i).iter().map(fixed).collect::<Option<Vec<i64>>>()?;
            let weigh = match &term.scale {
                Scale::Bins(cutpoints) => {
                    let of = cutpoints.bins();
                    let of_bin = |bin| points[usize::from(term.dimension.direction.level(bin, of) - 1)];
                    Weigh::Bins(cutpoints.fixed(places).ok()?, (0..of).map(of_bin).collect())
                }
                Scale::Points(_) => Weigh::Places(points),
                Scale::MidRank(_) | Scale::Range { .. } | Scale::AsIs => Weigh::Otherwise(places),
            };
            Some((input, weigh))
        };
        Some(Sum { model, terms: model.terms().iter().enumerate().map(term).collect::<Option<_>>()? })
    }

    fn test(&self, condition: &'a Predicate) -> Option<Test<'a>> {
        let compare = |of: &Name, bound: Decimal, ties: Ties, above: bool| {
            let (input, places, _) = self.input(of)?;
            Some(Test::Above(input, Cutpoints::new([bound].to_vec(), ties).ok()?.fixed(places).ok()?, above))
        };
        let parts = |parts: &'a [Predicate]| parts.iter().map(|part| self.test(part)).collect::<Option<Vec<_>>>();
        match condition {
            Predicate::AtLeast { of, bound } => compare(of, *bound, Ties::ToUpper, true),
            Predicate::MoreThan { of, bound } => compare(of, *bound, Ties::ToLower, true),
            Predicate::AtMost { of, bound } => compare(of, *bound, Ties::ToLower, false),
            Predicate::LessThan { of, bound } => compare(of, *bound, Ties::ToUpper, false),
            Predicate::OneOf { of, names } => {
                let Field::Names(positions, all) = self.table.field(of)? else { return None };
                // Every name is a number of its own here, its position plus one; the model's levels need not be all of them.
                let numbers = (1..=all.len()).map(|n| u8::try_from(n).ok()).collect::<Option<Vec<u8>>>()?;
                let marked = core::iter::once(false).chain(all.iter().map(|name| names.contains(name))).collect();
                let known = self.model.dimension(of).is_none_or(|judged| !Field::places(all, judged).contains(&0));
                known.then_some(Test::Among(Input::Names(positions, numbers), marked))
            }
            Predicate::All(list) => parts(list).map(Test::All),
            Predicate::Any(list) => parts(list).map(Test::Any),
            Predicate::Not(part) => Some(Test::Not(alloc::boxed::Box::new(self.test(part)?))),
        }
    }
}
