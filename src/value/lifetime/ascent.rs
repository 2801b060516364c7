//! A climb over variables some of which may vanish, and the simpler model where they do; for models in discrete time.

use super::{LifetimeError, Limit, fit::best};
use crate::numeric::{Jet, Local, Optimum, Variable, maximise};
use alloc::{vec, vec::Vec};

/// A variable of the likelihood and its coordinate: the logarithm of the variable, or that of its odds.
pub(super) struct Axis {
    /// Whether it lies between 0 and 1.
    pub(super) share: bool,
    pub(super) bounds: (f64, f64),
    /// What it means to end at the lower or at the upper bound.
    pub(super) ends: (Limit, Limit),
    /// The value without it.
    pub(super) without: f64,
    /// Below this coordinate, the model without it is worth a try.
    pub(super) small: f64,
    /// The first of the variables that mean nothing without it; they are the next ones, up to but not including the second number.
    pub(super) carries: (usize, usize),
}

impl Axis {
    /// A variable that nothing can go without.
    pub(super) const fn needed(share: bool, bounds: (f64, f64), ends: (Limit, Limit)) -> Axis {
        Axis { share, bounds, ends, without: 0.0, small: f64::NEG_INFINITY, carries: (0, 0) }
    }
}

pub(super) struct Ascent<'a, const N: usize> {
    /// The log-likelihood of all customers by the variables.
    pub(super) likelihood: &'a dyn Fn(&[f64; N]) -> Jet<N>,
    pub(super) axes: [Axis; N],
    pub(super) starts: &'a [[f64; N]],
    pub(super) customers: f64,
}

/// Where a climb has ended: the coordinates that are left, and the limits met on the way.
pub(super) struct Summit<const N: usize> {
    pub(super) coordinates: [Option<f64>; N],
    pub(super) optimum: Optimum,
    pub(super) limits: Vec<Limit>,
}

impl<const N: usize> Ascent<'_, N> {
    /// The best of the climbs from every start; then, for whatever has become small, the model without it, if that is no less likely.
    pub(super) fn solve(&self, free: [bool; N]) -> Result<Summit<N>, LifetimeError> {
        let places: Vec<usize> = (0..N).filter(|i| free[*i]).collect();
        let bounds: Vec<(f64, f64)> = places.iter().map(|i| self.axes[*i].bounds).collect();
        let climb = |start: &[f64; N]| {
            let start: Vec<f64> = places.iter().map(|i| start[*i].clamp(self.axes[*i].bounds.0, self.axes[*i].bounds.1)).collect();
            maximise(|at| self.at(&places, at), &start, &bounds)
        };
        let climbs: Vec<Optimum> = self.starts.iter().map(climb).collect();
        let highest = climbs.iter().max_by(|a, b| a.local.value.total_cmp(&b.local.value)).cloned();
        let found = best(climbs);
        let reached = found.as_ref().ok().cloned().or(highest);
        for (at, &i) in places.iter().enumerate().rev() {
            let Some(reached) = &reached else { break };
            if reached.at[at] >= self.axes[i].small {
                continue;
            }
            let mut fewer = free;
            fewer[i] = false;
            let (from, until) = self.axes[i].carries;
            (from..until).for_each(|carried| fewer[carried] = false);
            if let Ok(mut simpler) = self.solve(fewer) {
                let level = 1e-12 * (1.0 + reached.local.value.abs());
                if simpler.optimum.local.value >= reached.local.value - level {
                    // Of what is not there, there is no more to say.
                    let carrier = |j: usize| {
                        simpler.coordinates[j].is_none() && (self.axes[j].carries.0..self.axes[j].carries.1).contains(&i)
                    };
                    if !(0..N).any(carrier) {
                        simpler.limits.push(self.axes[i].ends.0);
                    }
                    return Ok(simpler);
                }
            }
        }
        found.map(|optimum| self.summit(&places, optimum))
    }

    fn summit(&self, places: &[usize], optimum: Optimum) -> Summit<N> {
        let (mut coordinates, mut limits) = ([None; N], Vec::new());
        for (at, &i) in places.iter().enumerate() {
            let axis = &self.axes[i];
            coordinates[i] = Some(optimum.at[at]);
            if optimum.held[at] {
                limits.push(if optimum.at[at] <= axis.bounds.0 { axis.ends.0 } else { axis.ends.1 });
            }
        }
        Summit { coordinates, optimum, limits }
    }

    /// The mean log-likelihood of a customer.
    fn at(&self, places: &[usize], at: &[f64]) -> Local {
        let mut variables: [Variable; N] = core::array::from_fn(|i| Variable::fixed(self.axes[i].without));
        let mut rows: [Vec<f64>; N] = core::array::from_fn(|_| vec![0.0; at.len()]);
        for (place, &i) in places.iter().enumerate() {
            variables[i] = if self.axes[i].share { Variable::logistic(at[place]) } else { Variable::exp(at[place]) };
            rows[i][place] = 1.0;
        }
        (self.likelihood)(&variables.map(|v| v.value)).along(&variables, &rows, at.len()).divided_by(self.customers)
    }
}
