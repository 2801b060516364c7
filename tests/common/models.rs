//! Small models of every shape, made from random numbers.

use crate::common::name;
use customer_value::{
    money::Ratio,
    quantity::{Fact, Predicate, Quantity, Ties, Unit},
    score::{Cutpoints, Missing, Reference, Scale, ScoreModel, Term},
    tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule, TierError},
    value::{Dimension, Direction, FactSheet, Family},
};
use proptest::{
    collection::vec,
    option,
    prelude::{BoxedStrategy, Strategy},
    prop_compose, prop_oneof,
    sample::select,
};
use rust_decimal::Decimal;

/// The dimensions of the score are d0, d1, d2, as many as there are; e0 may be an axis of the grid; e1 occurs only in rules.
pub const DIMENSIONS: [(&str, Unit); 5] =
    [("d0", Unit::Number), ("d1", Unit::Days), ("d2", Unit::Count), ("e0", Unit::Number), ("e1", Unit::Days)];

#[derive(Clone, Debug)]
pub struct Shape {
    pub terms: Vec<TermShape>,
    pub places: u8,
    pub grades: u8,
    /// Cuts in halves of a point.
    pub score_cuts: Vec<i64>,
    pub e0_axis: Option<Vec<i64>>,
    pub d0_axis: Option<Vec<i64>>,
    /// How much a level of each axis lifts the grade.
    pub lifts: [usize; 3],
    pub extra_higher: [bool; 2],
    pub rules: Vec<(Predicate, u8, usize)>,
}

#[derive(Clone, Debug)]
pub struct TermShape {
    pub higher: bool,
    pub kind: u8,
    pub numbers: Vec<i64>,
    pub upper: bool,
    pub weight: i128,
    /// What to do when the fact is missing: refuse, substitute, leave out, bound.
    pub missing: u8,
    pub substitute: i64,
}

fn numbers() -> impl Strategy<Value = Vec<i64>> {
    vec(-5..15_i64, 1..4).prop_map(|mut v| {
        v.sort_unstable();
        v
    })
}

prop_compose! {
    fn term_shape()(
        higher: bool, kind in 0..4_u8, numbers in numbers(), upper: bool, weight in 1..5_i128, missing in 0..4_u8,
        substitute in 0..9_i64,
    ) -> TermShape {
        TermShape { higher, kind, numbers, upper, weight, missing, substitute }
    }
}

fn predicate() -> BoxedStrategy<Predicate> {
    let leaf = (select(&["score", "d0", "e0", "e1"][..]), -4..12_i64, 0..5_u8).prop_map(|(of, bound, kind)| {
        let (of, bound) = (name(of), bound.into());
        match kind {
            0 => Predicate::AtLeast { of, bound },
            1 => Predicate::MoreThan { of, bound },
            2 => Predicate::AtMost { of, bound },
            3 => Predicate::OneOf {
                of: name("region"),
                names: vec![name(if bound.is_sign_negative() { "south" } else { "north" }), name("west")],
            },
            _ => Predicate::LessThan { of, bound },
        }
    });
    leaf.prop_recursive(2, 6, 3, |part| {
        prop_oneof![
            vec(part.clone(), 1..3).prop_map(Predicate::All),
            vec(part.clone(), 1..3).prop_map(Predicate::Any),
            part.prop_map(|p| Predicate::Not(Box::new(p))),
        ]
    })
    .boxed()
}

prop_compose! {
    pub fn shape()(
        terms in vec(term_shape(), 1..4), places in 0..4_u8, grades in 2..6_u8, score_cuts in numbers(),
        e0_axis in option::of(numbers()), d0_axis in option::of(numbers()), lifts in [0..3_usize, 0..3_usize, 0..3_usize],
        extra_higher: [bool; 2], rules in vec((predicate(), 0..3_u8, 0..6_usize), 0..3),
    ) -> Shape {
        Shape { terms, places, grades, score_cuts, e0_axis, d0_axis, lifts, extra_higher, rules }
    }
}

fn ties(upper: bool) -> Ties {
    if upper { Ties::ToUpper } else { Ties::ToLower }
}

fn direction(higher: bool) -> Direction {
    if higher { Direction::HigherIsBetter } else { Direction::LowerIsBetter }
}

fn cutpoints(numbers: &[i64], times: i64, upper: bool) -> Cutpoints {
    Cutpoints::new(numbers.iter().map(|n| (n * times).into()).collect(), ties(upper)).unwrap()
}

impl Shape {
    /// The score model in a unit so many times smaller: values, cuts and references are `times` as large.
    pub fn score(&self, times: i64) -> ScoreModel {
        let total: i128 = self.terms.iter().map(|t| t.weight).sum();
        let term = |(shape, (title, unit)): (&TermShape, (&str, Unit))| {
            let (low, high) = (shape.numbers[0] * times, shape.numbers[0] * times + 7 * times);
            let scale = match shape.kind {
                0 => Scale::Bins(cutpoints(&shape.numbers, times, shape.upper)),
                1 => Scale::MidRank(Reference::new(shape.numbers.iter().map(|n| (n * times).into()).collect()).unwrap()),
                2 if shape.higher => Scale::Range { worst: low.into(), best: high.into() },
                2 => Scale::Range { worst: high.into(), best: low.into() },
                _ => Scale::AsIs,
            };
            let better = direction(shape.higher || shape.kind == 3);
            let value = |v: i64| Quantity { value: (v * times).into(), unit };
            Term {
                dimension: Dimension::new(title, Family::Economic, better, unit).unwrap(),
                weight: Ratio::new(shape.weight, total).unwrap(),
                scale,
                missing: match shape.missing {
                    0 => Missing::Substitute { value: value(shape.substitute).into(), because: name("it is usual") },
                    1 => Missing::LeaveOut { least_coverage: Ratio::new(1, 3).unwrap() },
                    2 if shape.kind != 3 => Missing::Bounds,
                    _ => Missing::Refuse,
                },
            }
        };
        ScoreModel::new(name("score"), self.places, self.terms.iter().zip(DIMENSIONS).map(term).collect()).unwrap()
    }

    pub fn grade(&self) -> GradeModel {
        let grades = GradeSet::letters(self.grades).unwrap();
        let axis = |of: &str, numbers: &[i64]| Axis { of: name(of), cutpoints: cutpoints(numbers, 1, false) };
        let mut axes = vec![axis("score", &self.score_cuts)];
        axes.extend(self.e0_axis.iter().map(|n| axis("e0", n)));
        axes.extend(self.d0_axis.iter().map(|n| axis("d0", n)));
        let sizes: Vec<usize> = axes.iter().map(|a| a.cutpoints.bins().into()).collect();
        let letter =
            |lift: usize| grades.best_first()[grades.best_first().len() - 1 - lift.min(grades.best_first().len() - 1)].name();
        let cells = (0..sizes.iter().product()).map(|mut at: usize| {
            let mut lift = 0;
            for (size, by) in sizes.iter().zip(self.lifts).rev() {
                lift += at % size * by;
                at /= size;
            }
            letter(lift / 2).clone()
        });
        let cells = cells.collect();
        let rule = |(i, (when, effect, grade)): (usize, &(Predicate, u8, usize))| {
            let grade = letter(*grade).clone();
            let then = match effect {
                0 => Effect::Pin(grade),
                1 => Effect::AtLeast(grade),
                _ => Effect::AtMost(grade),
            };
            Rule { name: name(&format!("rule {i}")), when: when.clone(), then, because: name("so it was decided") }
        };
        let extra = |i: usize| {
            let (title, unit) = DIMENSIONS[3 + i];
            Dimension::new(title, Family::Social, direction(self.extra_higher[i]), unit).unwrap()
        };
        let grid = Grid::new(grades.clone(), axes, cells).unwrap();
        let model = |rules| GradeModel::new(name("model"), vec![extra(0), extra(1)], vec![self.score(1)], grid.clone(), rules);
        // As many of the rules as do not contradict each other.
        let rules = self.rules.iter().enumerate().map(rule).fold(Vec::new(), |mut rules: Vec<Rule>, rule| {
            rules.push(rule);
            if matches!(model(rules.clone()), Err(TierError::Contradiction { .. })) {
                rules.pop();
            }
            rules
        });
        model(rules).unwrap()
    }
}

/// What is known of a customer in the five dimensions, in tenths; or how it is absent.
pub type Tenths = [Result<i64, Fact>; 5];

pub fn tenths() -> impl Strategy<Value = Tenths> {
    let absent = select(&[Fact::Unknown, Fact::NotApplicable, Fact::Erased][..]);
    let one = || prop_oneof![9 => (-60..160_i64).prop_map(Ok), 1 => absent.clone().prop_map(Err)];
    [one(), one(), one(), one(), one()]
}

pub fn known_tenths() -> impl Strategy<Value = [i64; 5]> {
    let one = || prop_oneof![(-6..16_i64).prop_map(|v| v * 10), -60..160_i64];
    [one(), one(), one(), one(), one()]
}

pub fn facts(tenths: &Tenths, times: i64) -> FactSheet {
    // The region is known if e1 is.
    let region = tenths[4].as_ref().map_or_else(Clone::clone, |_| Fact::Named(name("north")));
    let sheet = FactSheet::new().with("region", region).unwrap();
    DIMENSIONS.into_iter().zip(tenths).fold(sheet, |sheet, ((title, unit), tenths)| {
        let known = |v: &i64| Fact::Known(Quantity { value: Decimal::new(v * times, 1), unit });
        sheet.with(title, tenths.as_ref().map_or_else(Clone::clone, known)).unwrap()
    })
}
