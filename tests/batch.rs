//! Grading a table is grading its rows.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

mod common;
#[path = "common/models.rs"]
mod models;

use common::{cases, dec, name};
use customer_value::{
    money::Currency,
    quantity::{Column, Fact, Name, Predicate, Quantity, Ties, Unit},
    score::{Cutpoints, Missing, Scale, ScoreModel, Term},
    tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule, TierError},
    value::{Dimension, Direction, Facts, Family, Table, TableError},
};
use models::{DIMENSIONS, Tenths, facts, shape, tenths};
use proptest::{array::uniform4, collection::vec, option, prop_assert_eq, proptest, sample::select};

struct Memory {
    numbers: Vec<Vec<i64>>,
    known: Vec<Vec<bool>>,
    regions: Vec<u32>,
    names: Vec<Name>,
}

impl Memory {
    fn new(customers: &[Tenths]) -> Memory {
        let column = |d: usize| customers.iter().map(|c| c[d].as_ref().copied().unwrap_or(-1)).collect();
        let known = |d: usize| customers.iter().map(|c| c[d].is_ok()).collect();
        Memory {
            numbers: (0..5).map(column).collect(),
            known: (0..5).map(known).collect(),
            // As in `models::facts`: the region is known if e1 is.
            regions: customers.iter().map(|c| if c[4].is_ok() { 1 } else { u32::MAX }).collect(),
            names: vec![name("south"), name("north")],
        }
    }

    fn table(&self) -> Table<'_> {
        let mut table = Table::new(self.regions.len());
        for (d, (title, unit)) in DIMENSIONS.into_iter().enumerate() {
            let all_known = self.known[d].iter().all(|k| *k);
            let known = if all_known { None } else { Some(self.known[d].as_slice()) };
            table.numbers(name(title), Column { values: &self.numbers[d], places: 1, unit }, known).unwrap();
        }
        table.names(name("region"), &self.regions, &self.names).unwrap();
        table
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn every_row_gets_the_grade_it_gets_by_itself(shape in shape(), customers in vec(tenths(), 0..12)) {
        let model = shape.grade();
        let memory = Memory::new(&customers);
        let graded = model.grade_table(&memory.table());
        prop_assert_eq!(graded.ranks().len(), customers.len());
        for (i, customer) in customers.iter().enumerate() {
            // However it is absent, nothing else is said of it in a table.
            let customer = customer.clone().map(|fact| fact.map_err(|_| Fact::Unknown));
            match model.grade_only(&facts(&customer, 1)) {
                Ok(grade) => prop_assert_eq!((graded.grade(i), graded.ranks()[i]), (Some(grade), grade.rank())),
                Err(why) => {
                    prop_assert_eq!(graded.refused().iter().find(|(row, _)| *row == i).map(|(_, why)| why), Some(&why));
                    prop_assert_eq!((graded.grade(i), graded.ranks()[i]), (None, 0));
                }
            }
        }
        let (counted, refused): (usize, usize) = (graded.counts().map(|(_, n)| n).sum(), graded.refused().len());
        prop_assert_eq!(counted + refused, customers.len());
    }

    #[test]
    fn levels_ranges_points_and_names_are_graded_the_same(
        rows in vec((uniform4(option::weighted(0.9, 0..40_i64)), option::weighted(0.9, 0..4_u32), option::weighted(0.9, 0..4_u32)), 1..20),
        bounds in uniform4(0..40_i64), level in 1..5_i64, region in select(&["south", "north", "west"][..]),
    ) {
        let model = judged(bounds, level, region);
        let known: [Vec<bool>; 4] = core::array::from_fn(|d| rows.iter().map(|r| r.0[d].is_some()).collect());
        let values: [Vec<i64>; 4] = core::array::from_fn(|d| rows.iter().map(|r| r.0[d].unwrap_or(7)).collect());
        let places: Vec<u32> = rows.iter().map(|r| r.1.unwrap_or(9)).collect();
        let regions: Vec<u32> = rows.iter().map(|r| r.2.unwrap_or(9)).collect();
        // Not in the order of the levels, and with a name that is none of them for the region.
        let levels = ["leading", "unknown", "national", "regional"].map(name);
        let names = ["north", "east", "south", "west"].map(name);
        let units = [Unit::Money(Currency::CNY), Unit::Days, Unit::Count, Unit::Number];
        let mut table = Table::new(rows.len());
        for (d, title) in ["sales", "days", "orders", "share"].into_iter().enumerate() {
            let places = [2, 0, 0, 1][d];
            table.numbers(name(title), Column { values: &values[d], places, unit: units[d] }, Some(&known[d])).unwrap();
        }
        table.names(name("influence"), &places, &levels).unwrap();
        table.names(name("region"), &regions, &names).unwrap();
        let graded = model.grade_table(&table);
        for i in 0..rows.len() {
            prop_assert_eq!(graded.grade(i), model.grade_only(&table.row(i)).ok());
        }
    }
}

fn judged(bounds: [i64; 4], level: i64, region: &str) -> GradeModel {
    use Direction::{HigherIsBetter, LowerIsBetter};
    let measured = |title, direction, unit| Dimension::new(title, Family::Economic, direction, unit).unwrap();
    let influence = Dimension::judged("influence", Family::Social, ["unknown", "regional", "national", "leading"]).unwrap();
    let points = Scale::Points(["0", "0", "0.5", "2"].map(dec).to_vec());
    let bins = |cut: i64| Scale::Bins(Cutpoints::new(vec![cut.into(), (cut + 5).into()], Ties::ToUpper).unwrap());
    let term =
        |dimension, weight: &str, scale| Term { dimension, weight: weight.parse().unwrap(), scale, missing: Missing::Bounds };
    let standing = ScoreModel::new(
        name("standing"),
        2,
        vec![term(influence, "0.5", points), term(measured("orders", HigherIsBetter, Unit::Count), "0.5", bins(bounds[0]))],
    );
    let care = ScoreModel::new(
        name("care"),
        4,
        vec![
            term(
                measured("days", LowerIsBetter, Unit::Days),
                "1/3",
                Scale::Range { worst: (bounds[1] + 3).into(), best: bounds[1].into() },
            ),
            term(measured("share", HigherIsBetter, Unit::Number), "2/3", bins(2)),
        ],
    );
    let axis = |of: &str, cuts: &[&str]| Axis {
        of: name(of),
        cutpoints: Cutpoints::new(cuts.iter().map(|c| dec(c)).collect(), Ties::ToUpper).unwrap(),
    };
    let axes = vec![axis("standing", &["1", "2"]), axis("care", &["1.5"]), axis("sales", &["0.2"])];
    let cells = "D D C C  C C B B  B B B A".split_whitespace().map(name).collect();
    let rule = |title: &str, when, then| Rule { name: name(title), when, then, because: name("so it was decided") };
    let rules = vec![
        rule("placed", Predicate::AtLeast { of: name("influence"), bound: level.into() }, Effect::AtLeast(name("C"))),
        rule(
            "coast",
            Predicate::OneOf { of: name("region"), names: vec![name(region), name("elsewhere")] },
            Effect::AtLeast(name("B")),
        ),
        rule("known", Predicate::OneOf { of: name("influence"), names: vec![name("leading")] }, Effect::AtLeast(name("C"))),
        rule("late", Predicate::MoreThan { of: name("care"), bound: bounds[3].into() }, Effect::AtLeast(name("D"))),
    ];
    let sales = measured("sales", HigherIsBetter, Unit::Money(Currency::CNY));
    let grid = Grid::new(GradeSet::letters(4).unwrap(), axes, cells).unwrap();
    GradeModel::new(name("m"), vec![sales], vec![standing.unwrap(), care.unwrap()], grid, rules).unwrap()
}

#[test]
fn a_column_in_another_unit_or_none_is_the_error_of_every_row_that_needs_it() {
    let model = judged([1, 2, 3, 4], 2, "north");
    let mut table = Table::new(2);
    table.numbers(name("sales"), Column::counts(&[1, 2]), None).unwrap();
    let graded = model.grade_table(&table);
    assert_eq!(graded.ranks(), [0, 0]);
    assert!(graded.refused().iter().all(|(_, why)| matches!(why, TierError::Score(_))), "{:?}", graded.refused());
    assert!(model.grade_table(&Table::new(0)).ranks().is_empty());
}

#[test]
fn tables_whose_columns_do_not_fit_are_refused() {
    let mut table = Table::new(2);
    table.numbers(name("a"), Column::counts(&[1, 2]), None).unwrap();
    let twice = table.names(name("a"), &[0, 0], &[]).unwrap_err();
    assert_eq!(twice, TableError::Twice(name("a")));
    let short = |found| TableError::Length { column: name("b"), expected: 2, found };
    assert_eq!(table.numbers(name("b"), Column::counts(&[1]), None).unwrap_err(), short(1));
    assert_eq!(table.numbers(name("b"), Column::counts(&[1, 2]), Some(&[true; 3])).unwrap_err(), short(3));
    assert_eq!(table.names(name("b"), &[], &[]).unwrap_err(), short(0));
    let fine = Column { values: &[1, 2], places: 19, unit: Unit::Number };
    assert_eq!(table.numbers(name("b"), fine, None).unwrap_err(), TableError::NoNumbers(name("b")));
    let level = Column { values: &[1, 2], places: 0, unit: Unit::Level };
    assert_eq!(table.numbers(name("b"), level, None).unwrap_err(), TableError::NoNumbers(name("b")));
    assert_eq!(table.row(1).fact("a"), Fact::Known(Quantity::count(2)));
    assert_eq!((table.row(2).fact("a"), table.row(0).fact("b")), (Fact::Unknown, Fact::Unknown));
}
