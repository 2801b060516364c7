//! What one customer costs, and what the two ways of keeping money cost.

use crate::allocations;
use customer_value::{
    calendar::from_day_number,
    money::{Currency, Money},
    quantity::{Name, Predicate, Ties},
    score::{Cutpoints, Missing, Scale, ScoreModel, Term},
    tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule},
    value::Rfm,
};
use rust_decimal::Decimal;
use std::{hint::black_box, time::Instant};

fn measure<T>(what: &str, times: usize, mut work: impl FnMut(usize) -> T) {
    let (start, before) = (Instant::now(), allocations::count());
    for i in 0..times {
        black_box(work(black_box(i)));
    }
    let (elapsed, allocated) = (start.elapsed(), allocations::count() - before);
    let each = elapsed.as_secs_f64() * 1e9 / times as f64;
    println!("{what:44} {each:8.1} ns, {:.2} allocations", allocated as f64 / times as f64);
}

fn model() -> GradeModel {
    let name = |text| Name::new(text).unwrap();
    let cuts = |cuts: &[i64]| Cutpoints::new(cuts.iter().map(|&c| c.into()).collect(), Ties::ToLower).unwrap();
    let scales = [cuts(&[30, 90, 180, 365]), cuts(&[1, 2, 4, 9]), cuts(&[100, 300, 800, 2_000])];
    let terms = Rfm::dimensions(Currency::GBP).unwrap().into_iter().zip(scales).zip(["0.3", "0.3", "0.4"]);
    let term = |((dimension, cuts), weight): ((_, _), &str)| Term {
        dimension,
        weight: weight.parse().unwrap(),
        scale: Scale::Bins(cuts),
        missing: Missing::Refuse,
    };
    let score = ScoreModel::new(name("score"), 2, terms.map(term).collect()).unwrap();
    let axes = vec![
        Axis { of: name("score"), cutpoints: cuts(&[2, 3, 4]) },
        Axis { of: name(Rfm::MONETARY), cutpoints: cuts(&[500, 5_000]) },
    ];
    let cells = "D D C D C B C B B B A A".split(' ').map(name).collect();
    let rule = Rule {
        name: name("one-vote"),
        when: Predicate::AtLeast { of: name(Rfm::MONETARY), bound: 20_000.into() },
        then: Effect::Pin(name("A")),
        because: name("sales of 20,000 or more decide alone"),
    };
    let grid = Grid::new(GradeSet::letters(4).unwrap(), axes, cells).unwrap();
    GradeModel::new(name("bench"), Vec::new(), vec![score], grid, vec![rule]).unwrap()
}

pub fn report(times: usize) {
    let model = model();
    let score = &model.scores()[0];
    let as_of = from_day_number(19_722).unwrap();
    let facts = |i: usize| Rfm {
        recency_days: (i % 700) as u32,
        frequency: (i % 13) as u32,
        monetary: Money::from_minor((i * 7919 % 3_000_000) as i64, Currency::GBP),
    };
    println!("one customer, {times} times:");
    measure("  score", times, |i| score.score_only(&facts(i)).unwrap());
    measure("  score with reasons", times, |i| score.score(&facts(i), as_of).unwrap());
    measure("  grade", times, |i| model.grade_only(&facts(i)).unwrap().rank());
    measure("  grade with reasons", times, |i| model.grade(&facts(i), as_of).unwrap());
    println!("adding an amount, {times} times:");
    let (mut narrow, mut wide, mut decimal) = (0_i64, 0_i128, Decimal::ZERO);
    measure("  i64 smallest units, checked", times, |i| narrow = narrow.checked_add(i as i64).unwrap());
    measure("  i128 smallest units", times, |i| wide += i as i128);
    measure("  decimal, checked", times, |i| decimal = decimal.checked_add(Decimal::new(i as i64, 2)).unwrap());
    assert_eq!((i128::from(narrow), Decimal::from_i128_with_scale(wide, 2)), (wide, decimal));
}
