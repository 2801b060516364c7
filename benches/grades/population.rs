//! The customers and the model they are graded by.

use customer_value::{
    money::Currency,
    quantity::{Column, Name, Predicate, Ties, Unit},
    score::{Cutpoints, Missing, Scale, ScoreModel, Term},
    tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule},
    value::{Dimension, Direction, Family, Table},
};

pub struct Population {
    pub recency: Vec<i64>,
    pub orders: Vec<i64>,
    /// In pence.
    pub sales: Vec<i64>,
    /// In thousandths.
    pub margin: Vec<i64>,
    pub referrals: Vec<i64>,
    /// Places in `LEVELS`, counted from 0.
    pub potential: Vec<u32>,
    levels: Vec<Name>,
}

pub const LEVELS: [&str; 4] = ["none", "some", "good", "great"];
pub const CUTS: [(&str, [i64; 4]); 5] = [
    ("recency", [30, 90, 180, 365]),
    ("orders", [1, 2, 4, 9]),
    ("sales", [100, 300, 800, 2_000]),
    ("margin", [5, 12, 20, 33]),
    ("referrals", [0, 1, 2, 5]),
];
/// Twentieths.
pub const WEIGHTS: [i64; 6] = [4, 3, 5, 3, 2, 3];

impl Population {
    pub fn new(customers: usize) -> Population {
        // A linear congruential generator (Knuth's MMIX constants): the same customers everywhere.
        let mut state = 42_u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % below) as i64
        };
        let mut all = Population {
            recency: Vec::new(),
            orders: Vec::new(),
            sales: Vec::new(),
            margin: Vec::new(),
            referrals: Vec::new(),
            potential: Vec::new(),
            levels: LEVELS.iter().map(|level| Name::new(level).unwrap()).collect(),
        };
        for _ in 0..customers {
            let size = draw(1_000) * draw(1_000);
            all.recency.push(draw(500));
            all.orders.push(1 + size * draw(15) / 1_000_000);
            all.sales.push(size * draw(400) / 1_000 + draw(20_000));
            all.margin.push(draw(450));
            all.referrals.push(draw(3) * draw(4));
            all.potential.push(draw(4) as u32);
        }
        all
    }

    pub fn len(&self) -> usize {
        self.recency.len()
    }

    pub fn table(&self) -> Table<'_> {
        let name = |text| Name::new(text).unwrap();
        let mut table = Table::new(self.len());
        table.numbers(name("recency"), Column::days(&self.recency), None).unwrap();
        table.numbers(name("orders"), Column::counts(&self.orders), None).unwrap();
        table.numbers(name("sales"), Column::money(&self.sales, Currency::GBP), None).unwrap();
        table.numbers(name("margin"), Column { values: &self.margin, places: 1, unit: Unit::Number }, None).unwrap();
        table.numbers(name("referrals"), Column::counts(&self.referrals), None).unwrap();
        table.names(name("potential"), &self.potential, &self.levels).unwrap();
        table
    }
}

/// Six weighed dimensions, a grid of the score and sales, three rules.
pub fn model() -> GradeModel {
    let name = |text| Name::new(text).unwrap();
    let cuts = |cuts: &[i64]| Cutpoints::new(cuts.iter().map(|&c| c.into()).collect(), Ties::ToLower).unwrap();
    let units = [Unit::Days, Unit::Count, Unit::Money(Currency::GBP), Unit::Number, Unit::Count];
    let families = [Family::Economic, Family::Economic, Family::Economic, Family::Economic, Family::Social];
    let weight = |i: usize| format!("{}/20", WEIGHTS[i]).parse().unwrap();
    let mut terms: Vec<Term> = Vec::new();
    for (i, (title, four)) in CUTS.iter().enumerate() {
        let better = if i == 0 { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
        let dimension = Dimension::new(title, families[i], better, units[i]).unwrap();
        terms.push(Term { dimension, weight: weight(i), scale: Scale::Bins(cuts(four)), missing: Missing::Bounds });
    }
    let potential = Dimension::judged("potential", Family::Latent, LEVELS).unwrap();
    let scale = Scale::Points([1, 2, 4, 5].map(Into::into).to_vec());
    terms.push(Term { dimension: potential, weight: weight(5), scale, missing: Missing::Bounds });
    let score = ScoreModel::new(name("value"), 2, terms).unwrap();

    let axes =
        vec![Axis { of: name("value"), cutpoints: cuts(&[2, 3, 4]) }, Axis { of: name("sales"), cutpoints: cuts(&[500, 2_500]) }];
    let cells = "D D C D C B C B B B A A".split(' ').map(name).collect();
    let rule = |title, when, then| Rule { name: name(title), when, then, because: name("so it was decided") };
    let sales = |bound: i64| Predicate::AtLeast { of: name("sales"), bound: bound.into() };
    let quiet = Predicate::All(vec![
        Predicate::MoreThan { of: name("recency"), bound: 365.into() },
        Predicate::Not(Box::new(sales(3_000))),
    ]);
    let rules = vec![
        rule("one vote", sales(3_000), Effect::Pin(name("A"))),
        rule("gone quiet", quiet, Effect::AtMost(name("C"))),
        rule("promising", Predicate::OneOf { of: name("potential"), names: vec![name("great")] }, Effect::AtLeast(name("C"))),
    ];
    let grid = Grid::new(GradeSet::letters(4).unwrap(), axes, cells).unwrap();
    GradeModel::new(name("bench"), Vec::new(), vec![score], grid, rules).unwrap()
}
