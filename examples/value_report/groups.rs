//! How many customers, and how much of the sales, belong to each grade, segment and cell.

use crate::{grading::Grading, policy::Policy};
use anyhow::{Context, Result};
use customer_value::{
    money::{Money, Ratio},
    quantity::Name,
    value::Rfm,
};

/// Customers who have something in common, and what they bought in the window.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: Name,
    pub(crate) customers: u64,
    pub(crate) sales: Money,
    /// Their share of all customers.
    pub(crate) of_customers: Ratio,
    /// Their share of all sales.
    pub(crate) of_sales: Ratio,
}

/// The customers of each grade, best first.
pub(crate) fn by_grade(policy: &Policy, grading: &Grading) -> Result<Vec<Group>> {
    let names = policy.model.grades().best_first().iter().map(|grade| grade.name().clone()).collect();
    groups(names, grading, |at| usize::from(grading.customers[at].grade.rank()) - 1)
}

/// The customers of each segment, in the order of the policy.
pub(crate) fn by_segment(policy: &Policy, grading: &Grading) -> Result<Vec<Group>> {
    let names = policy.segments.segments().iter().map(|segment| segment.name.clone()).collect();
    groups(names, grading, |at| grading.customers[at].segment)
}

fn groups(names: Vec<Name>, grading: &Grading, group_of: impl Fn(usize) -> usize) -> Result<Vec<Group>> {
    let population = &grading.population;
    let mut members = vec![Vec::new(); names.len()];
    for (at, rfm) in population.rfm.iter().enumerate() {
        members.get_mut(group_of(at)).context("a customer is in no group")?.push(rfm.monetary);
    }
    let all = Money::sum(population.rfm.iter().map(|rfm| rfm.monetary), population.currency())?;
    let group = |(name, amounts): (Name, Vec<Money>)| {
        let sales = Money::sum(amounts.iter().copied(), population.currency())?;
        Ok(Group {
            name,
            customers: u64::try_from(amounts.len())?,
            sales,
            of_customers: share(i128::try_from(amounts.len())?, i128::try_from(population.len())?),
            of_sales: share(sales.minor().into(), all.minor().into()),
        })
    };
    names.into_iter().zip(members).map(group).collect()
}

/// A part of a whole; nothing of nothing is nothing.
pub(crate) fn share(part: i128, whole: i128) -> Ratio {
    Ratio::new(part, whole).unwrap_or(Ratio::ZERO)
}

/// Customers by their levels of recency and frequency.
#[derive(Debug)]
pub(crate) struct LevelGrid {
    /// A row for each level of recency, a cell for each of frequency, the worst first.
    pub(crate) cells: Vec<Vec<u64>>,
}

impl LevelGrid {
    pub(crate) fn of(policy: &Policy, grading: &Grading) -> Result<LevelGrid> {
        let size = |dimension| policy.levels(dimension).map(usize::from);
        let mut cells = vec![vec![0; size(Rfm::FREQUENCY)?]; size(Rfm::RECENCY)?];
        for customer in &grading.customers {
            let [recency, frequency, _] = customer.levels.map(usize::from);
            cells[recency - 1][frequency - 1] += 1;
        }
        Ok(LevelGrid { cells })
    }

    pub(crate) fn most(&self) -> u64 {
        self.cells.iter().flatten().copied().max().unwrap_or(0)
    }
}
