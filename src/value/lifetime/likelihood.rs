//! The log-likelihood of BG/NBD and MBG/NBD and its derivatives.

use super::{Dropout, PurchaseCounts};
use crate::numeric::{Local, count, ln_gamma_ratio, polygamma};
use alloc::vec::Vec;

/// One row of the table, with times in a unit that suits the data.
struct Row {
    x: f64,
    t_x: f64,
    t: f64,
    customers: f64,
}

/// A table ready for evaluation at many parameters.
pub(super) struct Likelihood {
    rows: Vec<Row>,
    /// 1 where a customer may drop out after the first purchase too.
    extra: f64,
}

impl Likelihood {
    pub(super) fn new(counts: &PurchaseCounts, dropout: Dropout, days_per_unit: f64) -> Likelihood {
        let row = |(s, customers): (super::Summary, u64)| Row {
            x: s.x().into(),
            t_x: f64::from(s.t_x_days()) / days_per_unit,
            t: f64::from(s.t_days()) / days_per_unit,
            customers: count(customers),
        };
        Likelihood { rows: counts.rows().map(row).collect(), extra: dropout.extra() }
    }

    /// The sum over all customers at (r, α, a, b), with its derivatives by them.
    ///
    /// A customer’s likelihood is `Γ(r+x)/Γ(r) · B(a, b+k)/B(a, b) · αʳ · {(α+T)^−(r+x) + a/(b+k−1) · (α+t_x)^−(r+x)}`, where k counts the
    /// purchases that may have ended it: `x`, or `x + 1` with the first. Taken as the first term times one plus the ratio of the
    /// second to it: nothing is subtracted, and nothing overflows.
    pub(super) fn at(&self, [r, alpha, a, b]: &[f64; 4]) -> Local<4> {
        let (r, alpha, a, b) = (*r, *alpha, *a, *b);
        let mut sum = Local::ZERO;
        let mut part = Group::of(0.0, self.extra, [r, a, b]);
        for row in &self.rows {
            // Rows are in order of x.
            if part.x < row.x {
                part = Group::of(row.x, self.extra, [r, a, b]);
            }
            let (k, end) = (row.x + self.extra, alpha + row.t);
            let mut one = part.terms;
            one.value -= r * libm::log1p(row.t / alpha) + row.x * libm::log(end);
            one.gradient[0] -= libm::log1p(row.t / alpha);
            one.gradient[1] += (r * row.t / alpha - row.x) / end;
            one.hessian[0][1] += row.t / (alpha * end);
            one.hessian[1][1] += (r + row.x) / (end * end) - r / (alpha * alpha);
            if k > 0.0 {
                let (last, n, rest) = (alpha + row.t_x, r + row.x, b + (k - 1.0));
                let gap = libm::log1p((row.t - row.t_x) / last);
                let odds = n * gap + libm::log(a / rest);
                // The probability of having dropped out, and its complement.
                let small = libm::exp(-odds.abs());
                let (gone, alive) = if odds > 0.0 {
                    (1.0 / (1.0 + small), small / (1.0 + small))
                } else {
                    (small / (1.0 + small), 1.0 / (1.0 + small))
                };
                one.value += odds.max(0.0) + libm::log1p(small);
                let later = -(row.t - row.t_x) / (last * end);
                let slope = [gap, n * later, 1.0 / a, -1.0 / rest];
                for i in 0..4 {
                    one.gradient[i] += gone * slope[i];
                    for j in i..4 {
                        one.hessian[i][j] += gone * alive * slope[i] * slope[j];
                    }
                }
                one.hessian[0][1] += gone * later;
                one.hessian[1][1] -= gone * n * later * (1.0 / last + 1.0 / end);
                one.hessian[2][2] -= gone / (a * a);
                one.hessian[3][3] += gone / (rest * rest);
            }
            sum.value += row.customers * one.value;
            for i in 0..4 {
                sum.gradient[i] += row.customers * one.gradient[i];
                for j in i..4 {
                    sum.hessian[i][j] += row.customers * one.hessian[i][j];
                }
            }
        }
        for i in 1..4 {
            for j in 0..i {
                sum.hessian[i][j] = sum.hessian[j][i];
            }
        }
        sum
    }
}

/// The terms that depend on x alone, shared by all rows that have it.
struct Group {
    x: f64,
    terms: Local<4>,
}

impl Group {
    fn of(x: f64, extra: f64, [r, a, b]: [f64; 3]) -> Group {
        let step = |z: f64, n: f64| {
            if n > 0.0 {
                let (from, to) = (polygamma(z), polygamma(z + n));
                (ln_gamma_ratio(z, n), to.0 - from.0, to.1 - from.1)
            } else {
                (0.0, 0.0, 0.0)
            }
        };
        let (rate, stay, all) = (step(r, x), step(b, x + extra), step(a + b, x + extra));
        let mut terms = Local::ZERO;
        terms.value = rate.0 + stay.0 - all.0;
        terms.gradient = [rate.1, 0.0, -all.1, stay.1 - all.1];
        terms.hessian[0][0] = rate.2;
        terms.hessian[2][2] = -all.2;
        terms.hessian[2][3] = -all.2;
        terms.hessian[3][3] = stay.2 - all.2;
        Group { x, terms }
    }
}
