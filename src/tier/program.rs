//! A model made ready for the columns of a table: cuts, points and bounds as whole numbers of the columns' own places, so that a stretch of
//! rows is graded column by column with a few comparisons each. What cannot be decided so for a row is left to the model itself.

use super::{Axis, Effect, GradeModel, Grid, Rule};
use crate::{
    money::decimal,
    quantity::{Name, Predicate, Ties, Unit},
    score::{Cutpoints, FixedCuts, Scale, ScoreModel, Term},
    value::{Dimension, Direction, Field, Table},
};
use alloc::{borrow::Cow, boxed::Box, vec, vec::Vec};
use core::ops::Range;
use rust_decimal::Decimal;

/// The whole model, ready.
pub(super) struct Program<'a> {
    scores: Vec<Vec<(Input<'a>, Weigh<'a>)>>,
    axes: Vec<(Input<'a>, FixedCuts, usize)>,
    /// For each combination of bins, the rank of its grade.
    cells: Vec<u8>,
    rules: Vec<(Test<'a>, &'a Effect, u8)>,
    /// The columns in which something may not be known.
    needed: Vec<Input<'a>>,
}

/// Where numbers come from.
#[derive(Clone)]
enum Input<'a> {
    Numbers(&'a [i64], Option<&'a [bool]>),
    /// Positions in a list of names, and what number each name stands for; 0 for none.
    Names(&'a [u32], Vec<u8>),
    /// A score, by its position.
    Score(usize),
}

/// How a value becomes points.
enum Weigh<'a> {
    /// By bins: the points of each, the lowest values first.
    Bins(FixedCuts, Vec<i64>),
    /// By the place on a list: the points of each, after a place 0 that stands for none.
    Places(Vec<i64>),
    /// By the model itself, from a value of so many decimal places in the term at that position.
    Otherwise(&'a ScoreModel, usize, u8),
}

/// A condition over inputs.
enum Test<'a> {
    /// The value lies above a cut, or does not.
    Above(Input<'a>, FixedCuts, bool),
    /// The number of the name is marked.
    Among(Input<'a>, Vec<bool>),
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
}

/// What has been found for a stretch of rows.
struct Found {
    rows: Range<usize>,
    scores: Vec<Vec<i64>>,
    /// Rows at which the model itself must look.
    open: Vec<bool>,
}

impl Input<'_> {
    fn values<'f>(&'f self, found: &'f Found) -> Cow<'f, [i64]> {
        match self {
            Input::Numbers(values, _) => Cow::Borrowed(&values[found.rows.clone()]),
            Input::Names(positions, numbers) => positions[found.rows.clone()].iter().map(|&at| place(at, numbers)).collect(),
            Input::Score(at) => Cow::Borrowed(&found.scores[*at]),
        }
    }

    fn mark_unknown(&self, found: &mut Found) {
        match self {
            Input::Numbers(_, None) | Input::Score(_) => {}
            Input::Numbers(_, Some(known)) => {
                found.open.iter_mut().zip(&known[found.rows.clone()]).for_each(|(open, known)| *open |= !known);
            }
            Input::Names(positions, numbers) => {
                found.open.iter_mut().zip(&positions[found.rows.clone()]).for_each(|(open, &at)| *open |= place(at, numbers) == 0);
            }
        }
    }
}

fn place(at: u32, numbers: &[u8]) -> i64 {
    usize::try_from(at).ok().and_then(|at| numbers.get(at)).copied().map_or(0, i64::from)
}

impl Weigh<'_> {
    fn add(&self, values: &[i64], totals: &mut [i64], open: &mut [bool]) {
        match self {
            Weigh::Bins(cuts, points) => {
                for (total, bin) in totals.iter_mut().zip(cuts.bins(values)) {
                    *total += points[usize::from(bin)];
                }
            }
            Weigh::Places(points) => {
                for (total, &place) in totals.iter_mut().zip(values) {
                    *total += usize::try_from(place).ok().and_then(|place| points.get(place)).copied().unwrap_or(0);
                }
            }
            Weigh::Otherwise(model, term, places) => {
                for ((total, open), &value) in totals.iter_mut().zip(open).zip(values) {
                    let points = model.points_of(*term, decimal::from_fixed(value.into(), *places)).ok();
                    let fixed = points.and_then(|points| decimal::to_fixed(points, model.places()).ok());
                    match fixed.and_then(|fixed| total.checked_add(fixed)) {
                        Some(sum) => *total = sum,
                        None => *open = true,
                    }
                }
            }
        }
    }
}

impl Test<'_> {
    fn holds(&self, found: &Found) -> Vec<bool> {
        let fold = |parts: &[Test<'_>], start: bool| {
            let mut all = vec![start; found.open.len()];
            for part in parts {
                let join = |(all, holds): (&mut bool, bool)| *all = if start { *all & holds } else { *all | holds };
                all.iter_mut().zip(part.holds(found)).for_each(join);
            }
            all
        };
        match self {
            Test::Above(input, cut, above) => cut.bins(&input.values(found)).iter().map(|&bin| (bin == 1) == *above).collect(),
            Test::Among(input, marked) => {
                let is_marked = |&number: &i64| usize::try_from(number).is_ok_and(|n| marked.get(n) == Some(&true));
                input.values(found).iter().map(is_marked).collect()
            }
            Test::All(parts) => fold(parts, true),
            Test::Any(parts) => fold(parts, false),
            Test::Not(part) => part.holds(found).into_iter().map(|holds| !holds).collect(),
        }
    }
}

impl<'a> Program<'a> {
    /// Makes a model with a grid ready for a table; `None` if the table lacks a column, or has it in another unit: then the model itself
    /// says what is wrong.
    pub(super) fn new(model: &'a GradeModel, grid: &'a Grid, table: &Table<'a>) -> Option<Program<'a>> {
        let mut with = Columns { model, table, needed: Vec::new() };
        let scores = model.scores().iter().map(|score| with.sum(score)).collect::<Option<_>>()?;
        let (mut axes, mut cells) = (Vec::new(), vec![Vec::new()]);
        for Axis { of, cutpoints } in grid.axes() {
            let (input, places, direction) = with.input(of)?;
            let bins = cutpoints.bins();
            cells = cells
                .into_iter()
                .flat_map(|cell: Vec<u8>| (0..bins).map(move |bin| [&cell[..], &[direction.level(bin, bins)]].concat()))
                .collect();
            axes.push((input, cutpoints.fixed(places).ok()?, usize::from(bins)));
        }
        let cells = cells.iter().map(|levels| grid.rank(levels)).collect::<Option<_>>()?;
        let mut rules = Vec::with_capacity(model.rules().len());
        for Rule { when, then, .. } in model.rules() {
            rules.push((with.test(when)?, then, model.grades().grade(then.grade())?.rank()));
        }
        Some(Program { scores, axes, cells, rules, needed: with.needed.into_iter().map(|(_, input)| input).collect() })
    }

    /// Writes the ranks of a stretch of rows, 1 for the best; 0 where a value is missing or does not fit, or rules contradict each other:
    /// there the model itself must look.
    pub(super) fn rank(&self, first: usize, ranks: &mut [u8]) {
        let rows = first..first + ranks.len();
        let mut found = Found { rows, scores: Vec::with_capacity(self.scores.len()), open: vec![false; ranks.len()] };
        self.needed.iter().for_each(|input| input.mark_unknown(&mut found));
        for terms in &self.scores {
            let mut totals = vec![0; ranks.len()];
            for (input, weigh) in terms {
                let mut open = core::mem::take(&mut found.open);
                weigh.add(&input.values(&found), &mut totals, &mut open);
                found.open = open;
            }
            found.scores.push(totals);
        }
        let mut cell = vec![0; ranks.len()];
        for (input, cuts, size) in &self.axes {
            for (cell, bin) in cell.iter_mut().zip(cuts.bins(&input.values(&found))) {
                *cell = *cell * size + usize::from(bin);
            }
        }
        // Ranks run the other way than grades: the best is 1.
        let mut limits = vec![(1, u8::MAX); ranks.len()];
        for (test, effect, rank) in &self.rules {
            let applies = test.holds(&found);
            for ((best, worst), _) in limits.iter_mut().zip(applies).filter(|(_, applies)| *applies) {
                if !matches!(effect, Effect::AtLeast(_)) {
                    *best = (*best).max(*rank);
                }
                if !matches!(effect, Effect::AtMost(_)) {
                    *worst = (*worst).min(*rank);
                }
            }
        }
        for (i, rank) in ranks.iter_mut().enumerate() {
            let (best, worst) = limits[i];
            *rank = if found.open[i] || best > worst { 0 } else { self.cells[cell[i]].clamp(best, worst) };
        }
    }
}

/// Where the parts of a program find their columns.
struct Columns<'a, 't> {
    model: &'a GradeModel,
    table: &'t Table<'a>,
    needed: Vec<(Name, Input<'a>)>,
}

impl<'a> Columns<'a, '_> {
    /// Notes a column in which something may not be known, once. Names that are compared with others and those that are levels are known
    /// in the same rows: a name that is no level has no number in either.
    fn need(&mut self, of: &Name, input: &Input<'a>) {
        if !matches!(input, Input::Numbers(_, None)) && !self.needed.iter().any(|(name, _)| name == of) {
            self.needed.push((of.clone(), input.clone()));
        }
    }

    /// The column of a dimension.
    fn column(&mut self, dimension: &Dimension) -> Option<(Input<'a>, u8)> {
        let (input, places) = match self.table.field(&dimension.name)? {
            Field::Numbers(column, known) if column.unit == dimension.unit => {
                (Input::Numbers(column.values, *known), column.places)
            }
            Field::Names(positions, names) if dimension.unit == Unit::Level => {
                (Input::Names(positions, Field::places(names, dimension)), 0)
            }
            Field::Numbers(..) | Field::Names(..) => return None,
        };
        self.need(&dimension.name, &input);
        Some((input, places))
    }

    /// What an axis or a comparison looks at, its decimal places, and which way it is better.
    fn input(&mut self, of: &Name) -> Option<(Input<'a>, u8, Direction)> {
        if let Some(at) = self.model.scores().iter().position(|score| score.name() == of) {
            return Some((Input::Score(at), self.model.scores()[at].places(), Direction::HigherIsBetter));
        }
        let dimension = self.model.dimension(of)?;
        let (input, places) = self.column(dimension)?;
        Some((input, places, dimension.direction))
    }

    fn sum(&mut self, model: &'a ScoreModel) -> Option<Vec<(Input<'a>, Weigh<'a>)>> {
        let mut terms = Vec::with_capacity(model.terms().len());
        // Points that can be listed add up within 64 bits, whatever the customer; the others are checked row by row.
        let mut most = 0_i64;
        for (i, Term { dimension, scale, .. }) in model.terms().iter().enumerate() {
            let (input, places) = self.column(dimension)?;
            let fixed = |points: &Decimal| decimal::to_fixed(*points, model.places()).ok();
            let points = model.points_by_level(i).iter().map(fixed).collect::<Option<Vec<i64>>>()?;
            most = most.checked_add(points.iter().try_fold(0_i64, |most, p| Some(most.max(p.checked_abs()?)))?)?;
            let weigh = match scale {
                Scale::Bins(cutpoints) => {
                    let of = cutpoints.bins();
                    let of_bin = |bin| points[usize::from(dimension.direction.level(bin, of) - 1)];
                    Weigh::Bins(cutpoints.fixed(places).ok()?, (0..of).map(of_bin).collect())
                }
                Scale::Points(_) => Weigh::Places(core::iter::once(0).chain(points).collect()),
                Scale::MidRank(_) | Scale::Range { .. } | Scale::AsIs => Weigh::Otherwise(model, i, places),
            };
            terms.push((input, weigh));
        }
        // The unchecked sums come first, so that a checked one sees the whole.
        terms.sort_by_key(|(_, weigh)| matches!(weigh, Weigh::Otherwise(..)));
        Some(terms)
    }

    fn test(&mut self, condition: &'a Predicate) -> Option<Test<'a>> {
        let mut compare = |of: &Name, bound: Decimal, ties: Ties, above: bool| {
            let (input, places, _) = self.input(of)?;
            Some(Test::Above(input, Cutpoints::new(vec![bound], ties).ok()?.fixed(places).ok()?, above))
        };
        match condition {
            Predicate::AtLeast { of, bound } => compare(of, *bound, Ties::ToUpper, true),
            Predicate::MoreThan { of, bound } => compare(of, *bound, Ties::ToLower, true),
            Predicate::AtMost { of, bound } => compare(of, *bound, Ties::ToLower, false),
            Predicate::LessThan { of, bound } => compare(of, *bound, Ties::ToUpper, false),
            Predicate::OneOf { of, names } => {
                let Field::Names(positions, all) = self.table.field(of)? else { return None };
                // Every name has a number of its own here, its position plus one; a name that is no level of a judged dimension has none.
                let is_level = |name: &Name| self.model.dimension(of).is_none_or(|judged| judged.level(name).is_some());
                let number = |(n, name): (usize, &Name)| if is_level(name) { u8::try_from(n + 1).ok() } else { Some(0) };
                let numbers = all.iter().enumerate().map(number).collect::<Option<Vec<u8>>>()?;
                let input = Input::Names(positions, numbers);
                self.need(of, &input);
                Some(Test::Among(input, core::iter::once(false).chain(all.iter().map(|name| names.contains(name))).collect()))
            }
            Predicate::All(list) => self.tests(list).map(Test::All),
            Predicate::Any(list) => self.tests(list).map(Test::Any),
            Predicate::Not(part) => Some(Test::Not(Box::new(self.test(part)?))),
        }
    }

    fn tests(&mut self, parts: &'a [Predicate]) -> Option<Vec<Test<'a>>> {
        parts.iter().map(|part| self.test(part)).collect()
    }
}
