//! How the gamma-gamma model is fitted: in the dispersions 1/p and 1/q, either of which may be zero, and the scale m = p·γ/q.

use super::{
    Fit, GammaGamma, LifetimeError, Limit, SpendCounts,
    fit::{Fitted, best},
    gamma_gamma::Shape,
    spending::{main_unit, whole},
};
use crate::numeric::{GAUSS_LEGENDRE, Jet, Local, Optimum, Variable, beyond_stirling, count, maximise};
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
        let full: Vec<Optimum> = STARTS.iter().map(|start| table.climb([true, true], *start)).collect();
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

/// The means of customers, ready to be climbed on: whatever the currency, the climb sees the same numbers.
struct Table {
    /// Purchases, the logarithm of the mean by the scale, customers.
    rows: Vec<(f64, f64, f64)>,
    customers: f64,
    /// The mean of a purchase, in smallest units.
    scale: f64,
    /// The mean logarithm, its variance, and the mean number of purchases.
    level: f64,
    variance: f64,
    purchases: f64,
}

impl Table {
    fn of(counts: &SpendCounts) -> Table {
        let customers = count(counts.customers());
        let sums = counts.rows().map(|(x, minor, n)| (count(n) * whole(minor), count(n) * f64::from(x)));
        let (sum, purchases) = sums.fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
        let scale = sum / purchases;
        // Near 1 the logarithm comes from the difference, which has more digits.
        let logarithm = |x: f64, minor: f64| libm::log1p((minor - x * scale) / (x * scale));
        let rows: Vec<(f64, f64, f64)> =
            counts.rows().map(|(x, minor, n)| (f64::from(x), logarithm(x.into(), whole(minor)), count(n))).collect();
        let mean = |of: &dyn Fn(f64) -> f64| rows.iter().map(|(_, log, n)| n * of(*log)).sum::<f64>() / customers;
        let level = mean(&|log| log);
        let variance = mean(&|log| (log - level) * (log - level)).max(1e-24);
        Table { rows, customers, scale, level, variance, purchases: purchases / customers }
    }

    /// What each dispersion would be if there were no other.
    fn dispersions(&self) -> [f64; 2] {
        [self.variance * self.purchases, self.variance]
    }

    fn bounds(&self, free: Free) -> Vec<(f64, f64)> {
        let own = self.dispersions().map(|d| (libm::log(d) + BOUNDS.0, libm::log(d) + BOUNDS.1));
        let logs = || self.rows.iter().map(|(_, log, _)| *log);
        // The scale lies among the means: elsewhere, all of them pull it one way.
        let scale = (logs().fold(f64::INFINITY, f64::min) - 1.0, logs().fold(f64::NEG_INFINITY, f64::max) + 1.0);
        (0..2).filter(|&i| free[i]).map(|i| own[i]).chain([scale]).collect()
    }

    fn climb(&self, free: Free, start: [f64; 2]) -> Optimum {
        let parts = self.dispersions();
        let start = (0..2).filter(|&i| free[i]).map(|i| libm::log(parts[i] * start[i])).chain([self.level]);
        maximise(|at| self.at(free, at), &start.collect::<Vec<f64>>(), &self.bounds(free))
    }

    /// The mean log-likelihood of a customer's mean, amounts in the scale.
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

    /// The sum of all log-likelihoods with its derivatives by 1/p, 1/q and ln m.
    ///
    /// With a = 1/(px), b = 1/q and u = ln(z̄/m), Stirling's formula takes everything large out of the density of the literature, and
    /// what it leaves has a value at a = 0 and at b = 0: −ln z̄ − ½ ln 2π(a + b) + ρ(ab/(a + b)) − ρ(a) − ρ(b) + D(a, b, u), where ρ is
    /// [`beyond_stirling`] and D is [`fall`].
    fn likelihood(&self, &[single, customers, level]: &[f64; 3]) -> Jet<3> {
        const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;
        let mut sum = Jet::ZERO;
        let b = customers;
        let of_b = beyond_stirling(b);
        let mut group = (0.0, [0.0; 3], [0.0; 3]);
        for &(x, log, n) in &self.rows {
            let a = single / x;
            let h = 1.0 / (a + b);
            // Rows are in order of x.
            if group.0 < x {
                group = (x, beyond_stirling(a), beyond_stirling(a * b * h));
            }
            let (_, of_a, of_both) = group;
            let u = log - level;
            let fall = fall(a, b, u);
            let (s, t) = (a * h, b * h);
            let value = -log - HALF_LN_TAU + libm::log(h) / 2.0 + of_both[0] - of_a[0] - of_b[0] + fall.value;
            let by_a = -h / 2.0 + of_both[1] * t * t - of_a[1] + fall.first[0];
            let by_b = -h / 2.0 + of_both[1] * s * s - of_b[1] + fall.first[1];
            let bend = h * h / 2.0;
            let aa = bend + of_both[2] * t * t * t * t - 2.0 * of_both[1] * t * t * h - of_a[2] + fall.second[0][0];
            let ab = bend + of_both[2] * s * s * t * t + 2.0 * of_both[1] * s * t * h + fall.second[0][1];
            let bb = bend + of_both[2] * s * s * s * s - 2.0 * of_both[1] * s * s * h - of_b[2] + fall.second[1][1];
            let one = Jet {
                value,
                first: [by_a / x, by_b, -fall.first[2]],
                second: [
                    [aa / (x * x), ab / x, -fall.second[0][2] / x],
                    [0.0, bb, -fall.second[1][2]],
                    [0.0, 0.0, fall.second[2][2]],
                ],
            };
            sum.add(n, &one);
        }
        sum
    }
}

/// How far the density falls from its top, −∫ (eᵛ − 1)/(a + b·eᵛ) dv from 0 to u, with its derivatives by a, b and u. In the terms of the
/// literature it is p·x·u − (p·x + q)·ln(1 + p·x/(p·x + q)·(eᵘ − 1)), a difference of large numbers that nearly agree. The integrand of
/// this form has one sign, so that no digit is lost, and it is smooth on the scale of π, so that 16 points to a width of 4 are exact.
fn fall(a: f64, b: f64, u: f64) -> Jet<3> {
    let mut sum = Jet::ZERO;
    let panels = libm::ceil(u.abs() / 4.0).max(1.0);
    let half = u / panels / 2.0;
    let mut panel = 0.0;
    while panel < panels {
        let middle = half * (2.0 * panel + 1.0);
        for (node, weight) in GAUSS_LEGENDRE {
            for v in [middle - half * node, middle + half * node] {
                let (less, power) = (libm::expm1(v), libm::exp(v));
                let w = 1.0 / (a + b * power);
                let one = weight * half * less * w;
                sum.value -= one;
                sum.first[0] += one * w;
                sum.first[1] += one * w * power;
                sum.second[0][0] -= 2.0 * one * w * w;
                sum.second[0][1] -= 2.0 * one * w * w * power;
                sum.second[1][1] -= 2.0 * one * w * w * power * power;
            }
        }
        panel += 1.0;
    }
    let (less, power) = (libm::expm1(u), libm::exp(u));
    let w = 1.0 / (a + b * power);
    sum.first[2] = -less * w;
    sum.second[0][2] = less * w * w;
    sum.second[1][2] = less * power * w * w;
    sum.second[2][2] = -power * (a + b) * w * w;
    sum
}
