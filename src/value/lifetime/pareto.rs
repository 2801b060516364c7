//! Pareto/NBD in closed form, where the hypergeometric function takes few steps.

use super::in_time::InTime;
use crate::numeric::{Jet, hypergeometric, ln_hypergeometric};

/// r, α, s and β of the literature, in one unit of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pareto {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

/// What a history of x purchases says at a time t, with derivatives by r, α, s and β.
pub(super) struct Moment {
    /// `ln [(1 + t/α)^−(r+x) (1 + t/β)^−s]`: no more purchases, and still a customer.
    still: Jet<4>,
    /// The probability that one who still is a customer drops out before they buy again.
    first: Jet<4>,
}

impl Pareto {
    /// The same model; `None` with ageing, and where customers are so much alike that r or s are too large for exact derivatives.
    pub(super) fn of(model: &InTime) -> Option<Pareto> {
        let InTime { m, phi, mu, psi, b } = *model;
        let varied = b <= 0.0 && mu > 0.0 && phi > 0.01 && psi > 0.01;
        varied.then(|| Pareto { r: 1.0 / phi, alpha: 1.0 / (phi * m), s: 1.0 / psi, beta: 1.0 / (psi * mu) })
    }

    /// The arguments of `s/(r+s+x) · ₂F₁(1, q; r+s+x+1; z)`, the probability that a customer who is alive after x purchases and a time t
    /// drops out before they buy again: after Schmittlein, Morrison and Colombo (1987), with the function transformed so that it cannot
    /// overflow. Where α < β, there is a factor (α+t)/(β+t) more. `None` where its series is long.
    fn first(&self, x: f64, t: f64) -> Option<First> {
        let (a, b) = (self.alpha + t, self.beta + t);
        let (q, less, more) = if a < b { (self.s + 1.0, a, b) } else { (self.r + x, b, a) };
        (less > 0.2 * more).then(|| First {
            q,
            c: self.r + x + self.s + 1.0,
            less,
            more,
            z: (more - less) / more,
            rest: less / more,
        })
    }

    /// That probability.
    pub(super) fn dropout_first(&self, x: f64, t: f64) -> Option<f64> {
        let First { q, c, less, more, z, rest } = self.first(x, t)?;
        let factor = if self.alpha < self.beta { less / more } else { 1.0 };
        Some(factor * self.s / (c - 1.0) * hypergeometric(q, c, z, rest))
    }

    pub(super) fn moment(&self, x: f64, t: f64) -> Option<Moment> {
        let First { q, c, less, more, z, rest } = self.first(x, t)?;
        let of = ln_hypergeometric(q, c, z, rest);
        // Places of the shape that q holds, and of the shorter and the longer scale.
        let (shape, low, high) = if self.alpha < self.beta { (2, 1, 3) } else { (0, 3, 1) };
        // The derivatives of q, c and z.
        let mut slopes = [[0.0; 4], [1.0, 0.0, 1.0, 0.0], [0.0; 4]];
        slopes[0][shape] = 1.0;
        (slopes[2][low], slopes[2][high]) = (-1.0 / more, rest / more);
        let mut log = Jet::<4>::ZERO;
        for i in 0..4 {
            log.first[i] = (0..3).map(|k| of.first[k] * slopes[k][i]).sum();
            for j in i..4 {
                for k in 0..3 {
                    for l in 0..3 {
                        log.second[i][j] += of.second[k.min(l)][k.max(l)] * slopes[k][i] * slopes[l][j];
                    }
                }
            }
        }
        log.second[1][3] += of.first[2] / (more * more);
        log.second[high][high] -= 2.0 * of.first[2] * rest / (more * more);
        let all = c - 1.0;
        log.value = of.value + libm::log(self.s / all);
        for i in [0, 2] {
            log.first[i] -= 1.0 / all;
            log.second[i][i] += 1.0 / (all * all);
        }
        log.second[0][2] += 1.0 / (all * all);
        log.first[2] += 1.0 / self.s;
        log.second[2][2] -= 1.0 / (self.s * self.s);
        if self.alpha < self.beta {
            log.value += libm::log(rest);
            for (i, scale, sign) in [(1, less, 1.0), (3, more, -1.0)] {
                log.first[i] += sign / scale;
                log.second[i][i] -= sign / (scale * scale);
            }
        }
        let value = libm::exp(log.value);
        let mut first = Jet { value, ..Jet::ZERO };
        for i in 0..4 {
            first.first[i] = value * log.first[i];
            for j in i..4 {
                first.second[i][j] = value * (log.second[i][j] + log.first[i] * log.first[j]);
            }
        }
        Some(Moment { still: self.still(x, t), first })
    }

    fn still(&self, x: f64, t: f64) -> Jet<4> {
        let mut still = Jet::<4>::ZERO;
        for (i, shape, scale) in [(0, self.r + x, self.alpha), (2, self.s, self.beta)] {
            let (log, slope) = (libm::log1p(t / scale), t / scale / (scale + t));
            still.value -= shape * log;
            still.first[i] = -log;
            still.first[i + 1] = shape * slope;
            still.second[i][i + 1] = slope;
            still.second[i + 1][i + 1] = -shape * slope * (1.0 / scale + 1.0 / (scale + t));
        }
        still
    }

    /// `ln [A(T) S(T) + ∫ A(τ) (−S'(τ)) dτ]`, of the times since the last purchase: a customer who bought then has dropped out first, or
    /// is still one, and will buy first or drop out first.
    pub(super) fn ln_history(then: &Moment, now: &Moment) -> Jet<4> {
        let (k, l) = (&then.first, &now.first);
        let slope: [f64; 4] = core::array::from_fn(|i| now.still.first[i] - then.still.first[i]);
        let still = libm::exp(now.still.value - then.still.value);
        let stays = still * (1.0 - l.value);
        let all = k.value + stays;
        let mut sum = then.still;
        sum.value += libm::log(all);
        let first: [f64; 4] = core::array::from_fn(|i| (k.first[i] + stays * slope[i] - still * l.first[i]) / all);
        for i in 0..4 {
            sum.first[i] += first[i];
            for j in i..4 {
                let bend = now.still.second[i][j] - then.still.second[i][j] + slope[i] * slope[j];
                let fewer = l.second[i][j] + slope[i] * l.first[j] + slope[j] * l.first[i];
                sum.second[i][j] += (k.second[i][j] + stays * bend - still * fewer) / all - first[i] * first[j];
            }
        }
        sum
    }

    /// Derivatives by r, α, s and β as such by the means and the dispersions, `r = 1/φ` and `α = 1/(φm)`.
    pub(super) fn by_means(&self, of: &Jet<4>) -> Jet<5> {
        let mut by = Jet { value: of.value, ..Jet::ZERO };
        let mut slopes = [[0.0; 4]; 4];
        for (i, shape, scale) in [(0, self.r, self.alpha), (2, self.s, self.beta)] {
            let mean = shape / scale;
            (slopes[i + 1][i], slopes[i][i + 1], slopes[i + 1][i + 1]) = (-scale / mean, -shape * shape, -scale * shape);
            by.second[i][i] += of.first[i + 1] * 2.0 * scale / (mean * mean);
            by.second[i][i + 1] += of.first[i + 1] * scale * shape / mean;
            by.second[i + 1][i + 1] += 2.0 * shape * shape * (of.first[i] * shape + of.first[i + 1] * scale);
        }
        for i in 0..4 {
            by.first[i] = (0..4).map(|k| of.first[k] * slopes[k][i]).sum();
            for j in i..4 {
                for k in 0..4 {
                    for l in 0..4 {
                        by.second[i][j] += of.second[k.min(l)][k.max(l)] * slopes[k][i] * slopes[l][j];
                    }
                }
            }
        }
        by
    }
}

struct First {
    q: f64,
    c: f64,
    less: f64,
    more: f64,
    z: f64,
    rest: f64,
}
