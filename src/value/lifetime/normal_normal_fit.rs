//! How the normal-normal model is fitted: by maximum likelihood from counts, sums and squares.

use super::{
    AmountCounts, Fit, LifetimeError, Limit, NormalNormal,
    fit::{Fitted, best},
    spending::{main_unit, whole},
};
use crate::{
    money::{Currency, MoneyError, Rounding},
    numeric::{Local, Optimum, count, maximise},
};
use alloc::{vec, vec::Vec};

const LEAST: u64 = 4;
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;

impl NormalNormal {
    /// The model under which these customers' amounts are most likely. Where customers do not differ by more than their purchases do, the
    /// fit has τ = 0 ([`Limit::SameSpending`]); where a customer always spends the same, σ = 0 ([`Limit::SteadySpending`]), and the
    /// log-likelihood is that of the customers' means, because that of single amounts is infinite.
    ///
    /// # Errors
    /// [`LifetimeError::TooFew`] for fewer than 4 customers; [`LifetimeError::OnePurchaseEach`] if nobody bought twice;
    /// [`LifetimeError::NoVariation`] if all amounts are equal; [`LifetimeError::NotConverged`] if no climb reached a maximum;
    /// [`LifetimeError::BadParameter`] for parameters beyond 10¹².
    pub fn fit(counts: &AmountCounts) -> Result<Fit<NormalNormal>, LifetimeError> {
        let customers = counts.customers();
        if customers < LEAST {
            return Err(LifetimeError::TooFew { customers, least: LEAST });
        }
        let table = Table::of(counts)?;
        let (free, optimum, limits) = table.solve()?;
        let unit = main_unit(counts.currency());
        let main = table.scale / unit;
        let [centre, first, last] = [0, 1, optimum.at.len() - 1].map(|i| optimum.at[i]);
        let (first, mean) = (libm::exp(first) * main, table.centre / unit + centre * main);
        let parameters = match free {
            Free::Both => [mean, first, first * libm::exp(last)],
            Free::Noise => [mean, first, 0.0],
            Free::Spread => [mean, 0.0, first],
        };
        let amounts = if free == Free::Spread { table.customers } else { table.purchases };
        let fitted = Fitted {
            model: NormalNormal::new(parameters, counts.basis(), counts.currency())?,
            customers,
            log_likelihood: optimum.local.value * table.customers - amounts * libm::log(main),
            log_prior: 0.0,
            limits,
        };
        Ok(Fit::new(fitted, &in_units(optimum, 1.0 / main)))
    }
}

/// The same optimum with the first coordinate in other units: so many of the old to one of the new.
fn in_units(mut optimum: Optimum, old: f64) -> Optimum {
    let local = &mut optimum.local;
    local.gradient[0] *= old;
    local.hessian[0].iter_mut().for_each(|entry| *entry *= old);
    local.hessian.iter_mut().for_each(|row| row[0] *= old);
    optimum
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Free {
    Both,
    /// Only single amounts.
    Noise,
    /// Only customers.
    Spread,
}

/// Customers, in units of the standard deviation of all amounts around a whole number near their mean.
struct Table {
    rows: Vec<Row>,
    customers: f64,
    purchases: f64,
    /// In smallest units.
    centre: f64,
    scale: f64,
    /// The variance within customers, and that of their means.
    within: f64,
    between: f64,
    mean: f64,
}

struct Row {
    n: f64,
    /// The customer's mean.
    mean: f64,
    /// The sum of the squared differences from it.
    squares: f64,
    customers: f64,
}

/// A whole number as a floating-point number: one IEEE conversion.
#[allow(clippy::cast_precision_loss)]
const fn wide(number: i128) -> f64 {
    number as f64
}

impl Table {
    fn of(counts: &AmountCounts) -> Result<Table, LifetimeError> {
        let customers = count(counts.customers());
        let total =
            |of: &dyn Fn(&super::amount_counts::Amounts) -> f64| counts.rows().map(|(row, n)| count(n) * of(&row)).sum::<f64>();
        let purchases = total(&|row| row.purchases.into());
        if counts.rows().all(|(row, _)| row.purchases < 2) {
            return Err(LifetimeError::OnePurchaseEach { customers: counts.customers() });
        }
        let centre =
            Rounding::HalfEven.whole(total(&|row| whole(row.sum)) / purchases).ok_or_else(|| overflow(counts.currency()))?;
        // Exact differences from a whole number: no digit is lost where amounts are large and alike.
        let rows = counts.rows().map(|(row, customers)| {
            let n = f64::from(row.purchases);
            let away = i128::from(row.sum) - i128::from(row.purchases) * i128::from(centre);
            let squares = row.spread().ok_or_else(|| overflow(counts.currency()))?;
            Ok(Row { n, mean: wide(away) / n, squares: wide(squares) / n, customers: count(customers) })
        });
        let mut rows = rows.collect::<Result<Vec<Row>, LifetimeError>>()?;
        let sum = |of: &dyn Fn(&Row) -> f64| rows.iter().map(|row| row.customers * of(row)).sum::<f64>();
        let (squares, mean) = (sum(&|row| row.squares), sum(&|row| row.n * row.mean) / purchases);
        let scale = libm::sqrt((squares + sum(&|row| row.n * (row.mean - mean) * (row.mean - mean))) / purchases);
        let first = rows.first().map_or(0.0, |row| row.mean);
        // Means of the same whole numbers are the same quotient.
        if squares <= 0.0 && rows.iter().all(|row| row.mean.to_bits() == first.to_bits()) {
            return Err(LifetimeError::NoVariation);
        }
        let of_means = sum(&|row| row.mean) / customers;
        let between = sum(&|row| (row.mean - of_means) * (row.mean - of_means)) / customers / scale / scale;
        let within = squares / (purchases - customers) / scale / scale;
        for row in &mut rows {
            row.mean /= scale;
            row.squares /= scale * scale;
        }
        Ok(Table { rows, customers, purchases, centre: whole(centre), scale, within, between, mean: mean / scale })
    }

    fn solve(&self) -> Result<(Free, Optimum, Vec<Limit>), LifetimeError> {
        if self.within <= 0.0 {
            let optimum = best([self.climb(Free::Spread, &[self.mean, libm::log(self.between) / 2.0])])?;
            return Ok((Free::Spread, optimum, vec![Limit::SteadySpending]));
        }
        let noise = libm::log(self.within) / 2.0;
        let ratio = libm::log((self.between / self.within).max(1e-6)) / 2.0;
        let starts = [ratio, ratio - 1.5, ratio - 4.0];
        let full = best(starts.map(|ratio| self.climb(Free::Both, &[self.mean, noise, ratio])));
        let alike = best([self.climb(Free::Noise, &[self.mean, 0.0])])?;
        let level = 1e-12 * (1.0 + alike.local.value.abs());
        match full {
            Ok(full) if full.local.value > alike.local.value + level => {
                let limits = if full.held[2] { vec![Limit::SpendingApart] } else { vec![] };
                Ok((Free::Both, full, limits))
            }
            Err(error) if self.between > self.within => Err(error),
            _ => Ok((Free::Noise, alike, vec![Limit::SameSpending])),
        }
    }

    fn climb(&self, free: Free, start: &[f64]) -> Optimum {
        let around = |at: f64| (at - 25.0, at + 25.0);
        let bounds: Vec<(f64, f64)> = [(-1e9, 1e9)].into_iter().chain(start[1..].iter().map(|at| around(*at))).collect();
        maximise(|at| self.at(free, at).divided_by(self.customers), start, &bounds)
    }

    /// The log-likelihood by μ, ln σ and ln τ/σ; by μ and ln σ without spread; that of the means by μ and ln τ without noise.
    fn at(&self, free: Free, at: &[f64]) -> Local {
        let mut sum = Local::zero(at.len());
        let variance = libm::exp(2.0 * at[1]);
        let ratio = if free == Free::Both { libm::exp(2.0 * at[2]) } else { 0.0 };
        for row in &self.rows {
            // Without noise a customer is one number, however often it came.
            let (n, squares) = if free == Free::Spread { (1.0, 0.0) } else { (row.n, row.squares / variance) };
            let (away, g) = (row.mean - at[0], 1.0 / (1.0 + n * ratio));
            let (h, pull) = (n * ratio * g, n * away * g / variance);
            let q = pull * away;
            let times = row.customers;
            sum.value -= times * (n * (HALF_LN_TAU + at[1]) + (libm::log1p(n * ratio) + squares + q) / 2.0);
            let gradient = [pull, squares + q - n, h * (q - 1.0)];
            let hessian = [
                [-n * g / variance, -2.0 * pull, -2.0 * h * pull],
                [-2.0 * pull, -2.0 * (squares + q), -2.0 * h * q],
                [-2.0 * h * pull, -2.0 * h * q, 2.0 * h * ((1.0 - h) * (q - 1.0) - h * q)],
            ];
            sum.gradient.iter_mut().zip(gradient).for_each(|(to, g)| *to += times * g);
            for (to, from) in sum.hessian.iter_mut().zip(hessian) {
                to.iter_mut().zip(from).for_each(|(to, h)| *to += times * h);
            }
        }
        sum
    }
}

fn overflow(currency: Currency) -> LifetimeError {
    MoneyError::Overflow { currency }.into()
}
