//! How a model of purchasing is fitted: a climb in means and dispersions, and the simpler model where one of them vanishes.

use super::{
    Family, LifetimeError, Limit, Priors, PurchaseModel, TimeUnit,
    family::Kind,
    fit::{best, is_level},
    model::Slots,
};
use crate::numeric::{Jet, Local, Optimum, Variable, inverse, maximise};
use alloc::{boxed::Box, vec, vec::Vec};

/// A table of customers, evaluated at the mean and the dispersion of the rate, those of the dropout, and the ageing.
pub(super) trait Kernel {
    fn at(&self, variables: &[f64; 5]) -> Jet<5>;
}

/// Customers with the same covariates.
pub(super) struct Group {
    pub(super) kernel: Box<dyn Kernel>,
    /// What the coefficients of the rate are multiplied with, and those of the dropout.
    pub(super) covariates: [Vec<f64>; 2],
}

/// What is climbed.
pub(super) struct Problem<'a> {
    pub(super) kind: Kind,
    pub(super) groups: Vec<Group>,
    /// The covariates are divided by these in the groups, and the coefficients of the climb are as many times those of the model.
    pub(super) scales: Vec<f64>,
    /// Number of coefficients of the rate, and of the dropout.
    pub(super) coefficients: [usize; 2],
    pub(super) customers: f64,
    pub(super) priors: &'a Priors,
    /// A unit of the model's time in the climb's.
    pub(super) unit: f64,
    /// Bounds of the coordinates.
    pub(super) bounds: [(f64, f64); 5],
}

/// Of the coordinates of [`Slots`], in the time between two purchases of the average customer.
pub(super) const BOUNDS: [(f64, f64); 5] = [(-10.0, 10.0), (-11.5, 11.5), (-14.0, 14.0), (-11.5, 11.5), (-14.0, 8.0)];
/// Of what a covariate adds to a logarithm from its least to its greatest value.
const COEFFICIENT: (f64, f64) = (-14.0, 14.0);
/// What it means that a coordinate is at its lower or at its upper bound.
const ENDS: [(Limit, Limit); 5] = [
    (Limit::Rate, Limit::Rate),
    (Limit::SameRate, Limit::RatesApart),
    (Limit::RareDropout, Limit::DropoutAtOnce),
    (Limit::SameDropout, Limit::DropoutApart),
    (Limit::NoAgeing, Limit::DropoutAtOneAge),
];
/// What it means that the model without one of them is no less likely.
const WITHOUT: [Limit; 5] = [Limit::Rate, Limit::SameRate, Limit::NoDropout, Limit::SameDropout, Limit::NoAgeing];
const STARTS: [[f64; 5]; 3] = [[1.0, 1.0, -1.0, -1.0, -1.0], [0.0, -1.0, -3.0, -3.0, -3.0], [2.0, 0.0, 0.5, 1.0, 0.0]];
/// Near to most tops where dropout comes in time, whose steps are dear.
const USUAL: [f64; 5] = [0.5, 0.5, 0.5, 0.5, -1.0];
/// Below these, a fit of the simpler model is worth a try.
const SMALL: [f64; 5] = [f64::NEG_INFINITY, -4.0, -6.0, -4.0, -5.0];

/// Where a climb has ended: the coordinates that are left, those of the coefficients after them, and the limits met on the way.
#[derive(Clone)]
pub(super) struct Top {
    pub(super) slots: Slots,
    pub(super) coefficients: Vec<f64>,
    pub(super) optimum: Optimum,
    pub(super) limits: Vec<Limit>,
}

impl Top {
    /// The top of a model that is the one asked for, without what has vanished.
    fn without(mut self, vanished: Limit) -> Top {
        // A dropout that is not there is not the same for all.
        if vanished != Limit::SameDropout || self.slots[2].is_some() {
            self.limits.push(vanished);
        }
        self
    }
}

/// Whether a climb has ended on level ground that falls off on all sides, in the middle of the range: then no other start is tried. Far
/// out there are tops that are not the highest.
fn is_clear(climb: &Optimum) -> bool {
    is_level(climb) && climb.gain.is_finite() && climb.at.iter().all(|at| at.abs() < 1.5)
}

/// Whether the next step of a climb would still go far along a coordinate: the ground is level because all of it is, not at a top.
fn runs_away(climb: &Optimum, place: usize) -> bool {
    inverse(&climb.local.hessian, &climb.held, 0.0)
        .is_some_and(|rows| rows[place].iter().zip(&climb.local.gradient).map(|(m, g)| m * g).sum::<f64>().abs() > 0.1)
}

impl Problem<'_> {
    /// The top of a family, and the model there. Where so little hazard or ageing is left that a parameter outgrows its range in the
    /// model's unit, the climb ends at the end of that range.
    pub(super) fn model(&mut self, family: Family, unit: TimeUnit) -> Result<(Top, PurchaseModel), LifetimeError> {
        loop {
            let top = self.solve(family.free())?;
            match PurchaseModel::of_slots(family, &top.slots, unit, self.unit) {
                Ok(model) => return Ok((top, model)),
                Err(error) if !self.raise(&top.slots) => return Err(error),
                Err(_) => {}
            }
        }
    }

    /// Raises the bounds of hazard and ageing to where they are parameters; whether that makes a difference.
    fn raise(&mut self, slots: &Slots) -> bool {
        if self.kind != Kind::InTime {
            return false;
        }
        // Both are 10⁻¹² at least, and s/m is 10¹² at most. The dispersion may move with the bound: a little more ends that soon.
        let least = -libm::log(1e12) - libm::log(self.unit);
        let mut raised = false;
        for (slot, least) in [(2, least - slots[3].unwrap_or(0.0)), (4, least)] {
            if slots[slot].is_some_and(|at| at < least) && least + 0.1 < self.bounds[slot].1 {
                (self.bounds[slot].0, raised) = (least + 0.1, true);
            }
        }
        raised
    }

    /// The best of the climbs from every start, or the first on a clear top; then, for whatever has become small, the model without it,
    /// if that is no less likely.
    pub(super) fn solve(&self, free: [bool; 5]) -> Result<Top, LifetimeError> {
        let mut climbs: Vec<Optimum> = Vec::new();
        let ageless = if free[4] && self.priors.of(4).is_none() {
            self.solve([free[0], free[1], free[2], free[3], false]).ok()
        } else {
            None
        };
        if let Some(top) = ageless.as_ref().and_then(|ageless| self.beside_ageless(free, ageless, &mut climbs)) {
            return Ok(top);
        }
        let usual = (self.kind == Kind::InTime).then_some(&USUAL);
        for start in usual.into_iter().chain(&STARTS) {
            let climb = self.climb(free, &self.start(free, start), self.bounds[4].0);
            let clear = is_clear(&climb);
            climbs.push(climb);
            if clear {
                break;
            }
        }
        let highest = climbs.iter().max_by(|a, b| a.local.value.total_cmp(&b.local.value)).cloned();
        let found = best(climbs);
        let Some(start) = found.as_ref().ok().cloned().or(highest) else { return found.map(|optimum| self.top(free, optimum)) };
        let level = 1e-12 * (1.0 + start.local.value.abs());
        for slot in [4, 3, 2, 1] {
            let at = (0..slot).filter(|i| free[*i]).count();
            // Where the ground is not clear, a top with dropout may be lower than that without.
            let small = free[slot] && (start.at[at] < SMALL[slot] || (slot == 2 && !is_clear(&start)));
            if self.priors.of(slot).is_some() {
                continue;
            }
            let mut fewer = free;
            fewer[slot] = false;
            if slot == 2 {
                fewer = [free[0], free[1], false, false, false];
            }
            let simpler = match (slot, &ageless) {
                // Whatever the ageing has become: a top that is lower than without is none.
                (4, Some(top)) if small || top.optimum.local.value > start.local.value + level => Some(top.clone()),
                (4, _) => None,
                _ if small => self.solve(fewer).ok(),
                _ => None,
            };
            if let Some(simpler) = simpler.filter(|top| top.optimum.local.value >= start.local.value - level) {
                return Ok(simpler.without(WITHOUT[slot]));
            }
        }
        found.map(|optimum| self.top(free, optimum))
    }

    /// The top that is near to that of the model without ageing, where both are clear, or that one itself where the ground rises to it.
    fn beside_ageless(&self, free: [bool; 5], simpler: &Top, climbs: &mut Vec<Optimum>) -> Option<Top> {
        if !simpler.limits.is_empty() || !is_clear(&simpler.optimum) {
            return None;
        }
        let mut start: Vec<f64> = simpler.slots.iter().flatten().copied().collect();
        start.push(USUAL[4]);
        start.extend(&simpler.coefficients);
        // Down to where the simpler model is worth a try, and no farther.
        let climb = self.climb(free, &start, SMALL[4].max(self.bounds[4].0));
        let ends = climb.held[start.len() - simpler.coefficients.len() - 1];
        if ends && simpler.optimum.local.value >= climb.local.value {
            return Some(simpler.clone().without(Limit::NoAgeing));
        }
        if is_clear(&climb) {
            return Some(self.top(free, climb));
        }
        climbs.extend(Some(climb).filter(|_| !ends));
        None
    }

    fn top(&self, free: [bool; 5], optimum: Optimum) -> Top {
        let mut slots = [None; 5];
        let mut limits = Vec::new();
        let mut at = 0;
        for slot in (0..5).filter(|slot| free[*slot]) {
            slots[slot] = Some(optimum.at[at]);
            if optimum.held[at] {
                let low = optimum.at[at] <= self.bounds[slot].0;
                limits.push(if low { ENDS[slot].0 } else { ENDS[slot].1 });
            }
            at += 1;
        }
        let runs = |place| optimum.held[place] || runs_away(&optimum, place);
        if (at..optimum.at.len()).any(runs) {
            limits.push(Limit::Separated);
        }
        Top { slots, coefficients: optimum.at[at..].to_vec(), optimum, limits }
    }

    fn start(&self, free: [bool; 5], slots: &[f64; 5]) -> Vec<f64> {
        let mut start: Vec<f64> = (0..5).filter(|slot| free[*slot]).map(|slot| slots[slot]).collect();
        // Where nobody drops out, nothing makes it sooner.
        let coefficients = self.coefficients[0] + if free[2] { self.coefficients[1] } else { 0 };
        start.resize(start.len() + coefficients, 0.0);
        start
    }

    /// A climb from a start, with so much ageing at least.
    fn climb(&self, free: [bool; 5], start: &[f64], ageing: f64) -> Optimum {
        let bounds: Vec<(f64, f64)> = (0..5)
            .filter(|slot| free[*slot])
            .map(|slot| if slot == 4 { (ageing, self.bounds[4].1) } else { self.bounds[slot] })
            .chain(core::iter::repeat(COEFFICIENT))
            .take(start.len())
            .collect();
        let start: Vec<f64> = start.iter().zip(&bounds).map(|(at, (low, high))| at.clamp(*low, *high)).collect();
        maximise(|at| self.at(free, at), &start, &bounds)
    }

    /// The mean log-likelihood of a customer, and the prior's share.
    fn at(&self, free: [bool; 5], at: &[f64]) -> Local {
        let places: [Option<usize>; 5] = core::array::from_fn(|slot| free[slot].then(|| (0..slot).filter(|i| free[*i]).count()));
        let own = places.iter().flatten().count();
        let mut sum = Local::zero(at.len());
        for group in &self.groups {
            let rows: [Vec<f64>; 5] = core::array::from_fn(|slot| {
                let mut row = vec![0.0; at.len()];
                if let Some(place) = places[slot] {
                    row[place] = 1.0;
                    let from = own + if slot == 2 { self.coefficients[0] } else { 0 };
                    let covariates = match slot {
                        0 => &group.covariates[0][..],
                        2 => &group.covariates[1][..],
                        _ => &[],
                    };
                    row[from..].iter_mut().zip(covariates).for_each(|(entry, z)| *entry = *z);
                }
                row
            });
            let variables: [Variable; 5] = core::array::from_fn(|slot| {
                let coordinate: f64 = rows[slot].iter().zip(at).map(|(weight, at)| weight * at).sum();
                match (places[slot], slot, self.kind) {
                    (None, ..) => Variable::fixed(0.0),
                    (_, 2, Kind::AtPurchases { .. }) => Variable::logistic(coordinate),
                    _ => Variable::exp(coordinate),
                }
            });
            sum.add(&group.kernel.at(&variables.map(|v| v.value)).along(&variables, &rows, at.len()));
        }
        for (slot, place) in places.iter().enumerate() {
            if let (Some(place), Some(prior)) = (place, self.priors.of(slot)) {
                prior.add(&mut sum, *place, at[*place], self.shift(slot));
            }
        }
        if let Some(prior) = &self.priors.coefficients {
            let scales = self.scales.iter().chain(&self.scales);
            (own..at.len()).zip(scales).for_each(|(place, scale)| prior.scaled(*scale).add(&mut sum, place, at[place], 0.0));
        }
        sum.divided_by(self.customers)
    }

    /// What a coordinate of the climb is above that of the model.
    fn shift(&self, slot: usize) -> f64 {
        let timed = slot == 0 || slot == 4 || (slot == 2 && self.kind == Kind::InTime);
        if timed { -libm::log(self.unit) } else { 0.0 }
    }

    /// The logarithm of the prior at a top, without the constant.
    pub(super) fn log_prior(&self, top: &Top) -> f64 {
        let mut sum = Local::zero(1);
        for (slot, at) in top.slots.iter().enumerate() {
            if let (Some(at), Some(prior)) = (at, self.priors.of(slot)) {
                prior.add(&mut sum, 0, *at, self.shift(slot));
            }
        }
        if let Some(prior) = &self.priors.coefficients {
            let scales = self.scales.iter().chain(&self.scales);
            top.coefficients.iter().zip(scales).for_each(|(at, scale)| prior.scaled(*scale).add(&mut sum, 0, *at, 0.0));
        }
        sum.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::lifetime::{PurchaseCounts, Summary, clock::Clock, coin::Coin};
    use core::num::NonZeroU8;

    type Rows = [(u32, u32, u32, u64)];

    const USUAL: &Rows = &[
        (0, 0, 270, 60),
        (1, 20, 260, 12),
        (1, 140, 272, 9),
        (2, 60, 268, 5),
        (2, 213, 272, 6),
        (4, 250, 265, 4),
        (9, 120, 270, 2),
    ];
    const STEADY: &Rows = &[(1, 100, 100, 30), (2, 100, 100, 25), (3, 100, 100, 20), (5, 100, 100, 10), (9, 100, 100, 5)];
    const EVEN: &Rows = &[(3, 20, 300, 10), (4, 25, 300, 30), (5, 30, 300, 10)];

    /// Customers who drop out at about the same age.
    const AGED: &Rows = &[
        (4, 150, 300, 20),
        (6, 170, 300, 30),
        (7, 190, 300, 40),
        (8, 200, 300, 40),
        (9, 210, 300, 30),
        (12, 230, 300, 20),
        (2, 90, 300, 10),
        (3, 120, 300, 10),
        (15, 210, 300, 10),
    ];

    /// The table, and the days of observation to a repeat purchase.
    fn table(rows: &Rows) -> (PurchaseCounts, f64) {
        let (mut counts, mut days, mut repeats) = (PurchaseCounts::new(), 0.0, 0.0);
        for &(x, t_x, t, n) in rows {
            assert!(Summary::new(x, t_x, t).and_then(|s| counts.push(s, n)).is_ok());
            days += f64::from(t) * crate::numeric::count(n);
            repeats += f64::from(x) * crate::numeric::count(n);
        }
        (counts, days / repeats)
    }

    fn of_kernel(kind: Kind, counts: &PurchaseCounts, kernel: Box<dyn Kernel>) -> Problem<'static> {
        let group = Group { kernel, covariates: [vec![], vec![]] };
        let customers = crate::numeric::count(counts.customers());
        Problem {
            kind,
            groups: vec![group],
            scales: vec![],
            coefficients: [0, 0],
            customers,
            priors: &Priors::NONE,
            unit: 1.0,
            bounds: BOUNDS,
        }
    }

    fn problem(rows: &Rows, k: u8, first: bool) -> Problem<'static> {
        let (counts, days) = table(rows);
        let kernel = Coin::new(&counts, NonZeroU8::new(k).unwrap_or(NonZeroU8::MIN), first, days / f64::from(k));
        of_kernel(Kind::AtPurchases { first }, &counts, Box::new(kernel))
    }

    #[test]
    fn the_fit_without_ageing_leads_to_the_top_with_it() {
        let free = [true; 5];
        for (rows, ageing) in [(USUAL, false), (AGED, true), (STEADY, false)] {
            let (counts, days) = table(rows);
            let problem = of_kernel(Kind::InTime, &counts, Box::new(Clock::new(&counts, days)));
            let Ok(top) = problem.solve(free) else { panic!("{rows:?}") };
            assert_eq!((top.slots[4].is_some(), top.limits.contains(&Limit::NoAgeing)), (ageing, !ageing), "{:?}", top.slots);
            for start in STARTS {
                let climb = problem.climb(free, &start, BOUNDS[4].0);
                let more = climb.local.value - top.optimum.local.value;
                assert!(more <= 1e-9, "{rows:?} {start:?}: {more:e} {climb:?} {top:?}", top = top.slots);
            }
        }
    }

    #[test]
    fn no_other_start_finds_a_higher_top() {
        let free = [true, true, true, true, false];
        for (rows, k, first) in [(USUAL, 1, false), (USUAL, 1, true), (USUAL, 2, true), (STEADY, 1, true), (EVEN, 1, false)] {
            let problem = problem(rows, k, first);
            let Ok(top) = problem.solve(free) else { panic!("{rows:?}") };
            for start in 0..81 {
                let digit = |place: i32| [-3.0, 0.0, 3.0][(start / 3_usize.pow(u32::try_from(place).unwrap_or(0))) % 3];
                let climb = problem.climb(free, &[digit(0), digit(1), digit(2), digit(3)], BOUNDS[4].0);
                let more = climb.local.value - top.optimum.local.value;
                assert!(more <= 1e-9, "{rows:?} {start}: {more:e} {climb:?} {top:?}", top = top.slots);
                if is_clear(&climb) && top.limits.is_empty() {
                    assert!(more.abs() <= 1e-12, "{rows:?} {start}: {more:e}");
                    let same = climb.at.iter().zip(top.slots.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-6);
                    assert!(same, "{rows:?} {start}: {climb:?}");
                }
            }
        }
    }
}
