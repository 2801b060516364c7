//! The jobs, by the library.

use crate::{Outcome, log::Log};
use customer_value::{
    calendar::{Window, from_day_number},
    customer::{OrderColumns, ReturnPolicy},
    money::{Currency, Rounding},
    quantity::{Column, Name, Ties, Unit},
    score::{Missing, Quantile, ScalePlan, ScorePlan, Term},
    value::{Dimension, Direction, Family, RepeatColumns, Rfm, RfmColumns},
};

/// Millionths of a cent, so that means are told apart.
const MEAN_PLACES: u8 = 6;

fn orders(log: &Log) -> OrderColumns<'_> {
    OrderColumns::new(&log.id, &log.day, &log.cents, Currency::USD).unwrap()
}

fn sum(values: &[i64]) -> i128 {
    values.iter().map(|&v| i128::from(v)).sum()
}

/// Quintile scores of the three dimensions, fitted and applied, and the counts of their cells.
fn cells(dimensions: [Dimension; 3], columns: [Column<'_>; 3]) -> Vec<u32> {
    let names: Vec<Name> = dimensions.iter().map(|d| d.name.clone()).collect();
    let column = |name: &Name| names.iter().position(|n| n == name).map(|at| columns[at]);
    let term = |dimension| Term {
        dimension,
        weight: "1/3".parse().unwrap(),
        scale: ScalePlan::Quantiles { bins: 5, quantile: Quantile::Linear, ties: Ties::ToLower },
        missing: Missing::Refuse,
    };
    let plan = ScorePlan::new(Name::new("rfm").unwrap(), 2, dimensions.map(term).to_vec()).unwrap();
    let (model, _) = plan.fit(column).unwrap();
    let scored = model.score_columns(column).unwrap();
    let mut cells = vec![0; 125];
    for ((r, f), m) in scored.levels(0).iter().zip(scored.levels(1)).zip(scored.levels(2)) {
        cells[usize::from(r - 1) * 25 + usize::from(f - 1) * 5 + usize::from(m - 1)] += 1;
    }
    cells
}

pub fn classic(log: &Log) -> Outcome {
    let as_of = from_day_number(log.end).unwrap();
    let rfm = RfmColumns::collect(&orders(log), as_of, Window::All, ReturnPolicy::STRICT).unwrap();
    let columns = [rfm.recency(), rfm.frequency(), rfm.monetary()];
    let sums = [rfm.len() as i128].into_iter().chain(columns.iter().map(|c| sum(c.values))).collect();
    Outcome { sums, cells: cells(Rfm::dimensions(Currency::USD).unwrap(), columns) }
}

fn summed(repeat: &RepeatColumns, mean: &[i64]) -> Vec<i128> {
    let (mut x, mut t_x, mut t) = (0, 0, 0);
    for customer in repeat.iter() {
        x += i128::from(customer.x);
        t_x += i128::from(customer.t_x_days);
        t += i128::from(customer.t_days);
    }
    vec![repeat.len() as i128, x, t_x, t, (sum(mean) + 500_000).div_euclid(1_000_000)]
}

fn repeat(log: &Log) -> (RepeatColumns, Vec<i64>) {
    let as_of = from_day_number(log.end).unwrap();
    let repeat = RepeatColumns::collect(&orders(log), as_of, ReturnPolicy::STRICT).unwrap();
    let mean = repeat.mean_minor(MEAN_PLACES, Rounding::HalfEven, 0).unwrap();
    (repeat, mean)
}

pub fn summary(log: &Log) -> Outcome {
    let (repeat, mean) = repeat(log);
    Outcome { sums: summed(&repeat, &mean), cells: Vec::new() }
}

pub fn full(log: &Log) -> Outcome {
    let (repeat, mean) = repeat(log);
    let (recency, repeats) = (repeat.days_since_last(), repeat.x());
    let dimension = |name, direction, unit| Dimension::new(name, Family::Economic, direction, unit).unwrap();
    let dimensions = [
        dimension("recency", Direction::LowerIsBetter, Unit::Days),
        dimension("repeats", Direction::HigherIsBetter, Unit::Count),
        dimension("mean cents", Direction::HigherIsBetter, Unit::Number),
    ];
    let columns = [
        Column { values: &recency, places: 0, unit: Unit::Days },
        Column { values: &repeats, places: 0, unit: Unit::Count },
        Column { values: &mean, places: MEAN_PLACES, unit: Unit::Number },
    ];
    Outcome { sums: summed(&repeat, &mean), cells: cells(dimensions, columns) }
}
