//! How the gamma-gamma model is fitted: in the dispersions 1/p and 1/q, either of which may be zero, and the scale m = p·γ/q.

use super::{
    Fit, GammaGamma, LifetimeError, Limit, SpendCounts,
    fit::{Fitted, best, is_level},
    gamma_gamma::Shape,
    spend_table::Table,
    spending::main_unit,
};
use crate::numeric::{Local, Optimum, Variable, count, maximise};
use alloc::{vec, vec::Vec};

const LEAST: u64 = 4;

/// Which dispersions the model has: of single purchases, and of customers.
type Free = [bool; 2];

/// Of the dispersions' logarithms, beside what the data have in all.
const BOUNDS: (f64, f64) = (-25.0, 15.0);
const ENDS: [(Limit, Limit); 3] = [
    (Limit::SteadySpending, Limit::ErraticSpending),
    (Limit::SameSpending, Limit::SpendingApart),
    (Limit::SpendingScale, Limit::SpendingScale),
];
/// Parts of the whole dispersion.
const STARTS: [[f64; 2]; 3] = [[0.5, 0.5], [0.1, 1.0], [1.0, 0.1]];

impl GammaGamma {
    /// The model under which these customers' means are most likely. Where a customer always spends the same
    /// ([`Limit::SteadySpending`]), or all customers are alike ([`Limit::SameSpending`]), the fit is that simpler model.
    ///
    /// # Errors
    /// [`LifetimeError::TooFew`] for fewer than 4 customers; [`LifetimeError::NoVariation`] if all means are equal;
    /// [`LifetimeError::NotConverged`] if no climb reached a maximum; [`LifetimeError::BadParameter`] if a parameter outgrows its range,
    /// such as for means that differ by a millionth.
    pub fn fit(counts: &SpendCounts) -> Result<Fit<GammaGamma>, LifetimeError> {
        let customers = counts.customers();
        if customers < LEAST {
            return Err(LifetimeError::TooFew { customers, least: LEAST });
        }
        if all_equal(counts) {
            return Err(LifetimeError::NoVariation);
        }
        let table = Table::of(counts);
        let mut full: Vec<Optimum> = Vec::new();
        for start in STARTS {
            full.push(table.climb([true, true], start));
            if full.last().is_some_and(|climb| table.is_clear(climb)) {
                break;
            }
        }
        let top = full.iter().map(|o| o.local.value).fold(f64::NEG_INFINITY, f64::max);
        let mut found = best(full).map(|optimum| ([true, true], optimum));
        let level = 1e-12 * (1.0 + top.abs());
        for free in [[false, true], [true, false]] {
            let simpler = best([table.climb(free, [1.0, 1.0])]);
            let before = found.as_ref().map_or(top - level, |(_, o)| o.local.value - if o.at.len() > 2 { level } else { 0.0 });
            if let Some(simpler) = simpler.ok().filter(|o| o.local.value > before) {
                found = Ok((free, simpler));
            }
        }
        let (free, optimum) = found?;
        let unit = main_unit(counts.currency());
        let (m, first) = (libm::exp(optimum.at[optimum.at.len() - 1]) * (table.scale / unit), libm::exp(-optimum.at[0]));
        let shape = match free {
            [false, _] => Shape::Steady { q: first, m },
            [_, false] => Shape::Alike { p: first, m },
            _ => {
                let q = libm::exp(-optimum.at[1]);
                Shape::Varied { p: first, q, gamma: q * m / first }
            }
        };
        let places = (0..3).filter(|&i| i == 2 || free[i]);
        let mut limits: Vec<Limit> = places
            .zip(optimum.held.iter().zip(&optimum.at).zip(table.bounds(free)))
            .filter(|(_, ((held, _), _))| **held)
            .map(|(i, ((_, at), (low, _)))| if *at <= low { ENDS[i].0 } else { ENDS[i].1 })
            .collect();
        limits.extend((0..2).filter(|&i| !free[i]).map(|i| ENDS[i].0));
        let fitted = Fitted {
            model: GammaGamma::of(shape, counts.basis(), counts.currency())?,
            customers,
            log_likelihood: (optimum.local.value + libm::log(unit / table.scale)) * count(customers),
            log_prior: 0.0,
            limits,
        };
        Ok(Fit::new(fitted, &optimum))
    }
}

/// Whether all means are equal, exactly.
fn all_equal(counts: &SpendCounts) -> bool {
    let mut means = counts.rows().map(|(x, minor, _)| (i128::from(minor), i128::from(x)));
    let first = means.next().unwrap_or((0, 1));
    means.all(|(minor, x)| minor * first.1 == first.0 * x)
}

impl Table {
    /// What each dispersion would be if there were no other.
    fn dispersions(&self) -> [f64; 2] {
        [self.variance * self.purchases, self.variance]
    }

    /// Whether a climb has ended on level ground that falls off on all sides, with dispersions near those of the data: then no other
    /// start is tried.
    fn is_clear(&self, climb: &Optimum) -> bool {
        let near = |(at, own): (&f64, f64)| (at - libm::log(own)).abs() < 2.5;
        is_level(climb) && climb.gain.is_finite() && climb.at.iter().zip(self.dispersions()).all(near)
    }

    fn bounds(&self, free: Free) -> Vec<(f64, f64)> {
        let own = self.dispersions().map(|d| (libm::log(d) + BOUNDS.0, libm::log(d) + BOUNDS.1));
        // The scale lies among the means: elsewhere, all of them pull it one way.
        let scale = (self.range.0 - 1.0, self.range.1 + 1.0);
        (0..2).filter(|&i| free[i]).map(|i| own[i]).chain([scale]).collect()
    }

    fn climb(&self, free: Free, start: [f64; 2]) -> Optimum {
        let parts = self.dispersions();
        let start = (0..2).filter(|&i| free[i]).map(|i| libm::log(parts[i] * start[i])).chain([self.level]);
        maximise(|at| self.at(free, at), &start.collect::<Vec<f64>>(), &self.bounds(free))
    }

    /// The mean log-likelihood of a customer's mean, amounts in the scale of the table.
    fn at(&self, free: Free, at: &[f64]) -> Local {
        let size = at.len();
        let mut place = 0;
        let mut rows = [vec![0.0; size], vec![0.0; size], vec![0.0; size]];
        let variables: [Variable; 3] = core::array::from_fn(|i| {
            if i < 2 && !free[i] {
                return Variable::fixed(0.0);
            }
            rows[i][place] = 1.0;
            place += 1;
            if i < 2 { Variable::exp(at[place - 1]) } else { Variable { value: at[place - 1], slope: 1.0, bend: 0.0 } }
        });
        self.likelihood(&variables.map(|v| v.value)).along(&variables, &rows, size).divided_by(self.customers)
    }
}
