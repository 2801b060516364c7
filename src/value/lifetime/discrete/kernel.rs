//! The likelihood of BG/BB by the means and dispersions of both chances.

use super::OpportunityCounts;
use crate::{
    numeric::{Jet, count},
    value::lifetime::beta::Beta,
};
use alloc::{vec, vec::Vec};

/// A table ready for evaluation at many parameters: customers by (n, x, `t_x`), the last descending.
pub(super) struct Kernel {
    rows: Vec<(u16, u16, u16, f64)>,
    most: u16,
}

/// The product of `u + jφ` over j from 0 to below k: its logarithm and the derivatives of that, for every k up to the most.
struct Products {
    u: f64,
    dispersion: f64,
    /// Of every [`STEP`]-th.
    logs: Vec<f64>,
    slopes: Vec<Slopes>,
}

/// By u and φ: first, then by uu, uφ, φφ.
type Slopes = [f64; 5];

/// So many factors are multiplied before a logarithm is taken: they are neither below 10⁻²⁴ nor above 10¹⁷.
const STEP: usize = 8;

impl Products {
    fn new(u: f64, dispersion: f64, most: u16) -> Products {
        let mut slopes = Vec::with_capacity(usize::from(most) + 1);
        slopes.push([0.0; 5]);
        let mut all = Products { u, dispersion, logs: vec![0.0], slopes };
        let (mut sum, mut log, mut product) = ([0.0; 5], 0.0, 1.0);
        for j in 0..most {
            let (factor, j) = (all.factor(j.into()), f64::from(j));
            let w = 1.0 / factor;
            let jw = j * w;
            let terms = [w, jw, -w * w, -jw * w, -jw * jw];
            sum.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
            all.slopes.push(sum);
            product *= factor;
            if (all.slopes.len() - 1).is_multiple_of(STEP) {
                log += libm::log(product);
                product = 1.0;
                all.logs.push(log);
            }
        }
        all
    }

    fn factor(&self, j: usize) -> f64 {
        // Counts of opportunities, which fit.
        self.u + f64::from(u32::try_from(j).unwrap_or(u32::MAX)) * self.dispersion
    }

    fn logarithm(&self, k: usize) -> f64 {
        self.logs[k / STEP] + libm::log((k - k % STEP..k).map(|j| self.factor(j)).product())
    }
}

impl Kernel {
    pub(super) fn new(counts: &OpportunityCounts) -> Kernel {
        let mut rows: Vec<_> = counts.rows().map(|(o, customers)| (o.n(), o.x(), o.t_x(), count(customers))).collect();
        rows.sort_by_key(|&(n, x, t_x, _)| (n, x, u16::MAX - t_x));
        Kernel { most: rows.last().map_or(0, |row| row.0), rows }
    }

    /// The sum over all customers at a chance to buy, with mean m and dispersion φ, and one to drop out, with mean θ and dispersion ψ;
    /// derivatives by m, φ, θ and ψ.
    ///
    /// A customer's likelihood is `E[pˣ(1−p)ⁿ⁻ˣ]·E[(1−θ)ⁿ]`, of one who is still there, and `E[pˣ(1−p)ʸ⁻ˣ]·E[θ(1−θ)ʸ]` of one who dropped
    /// out after y opportunities, for every y from `t_x` to n − 1. The sum runs downwards from n, so that customers with the same x and n
    /// share it, and from one y to the next by a ratio, which is never below 1: so nothing vanishes, and φ = 0, ψ = 0 and θ = 0 are values
    /// like others.
    pub(super) fn at(&self, p: Beta, dropout: Beta) -> Jet<4> {
        let all_of = |of: f64, beta: Beta| Products::new(of, beta.dispersion, self.most);
        let (bought, passed, all) = (all_of(p.yes, p), all_of(p.no, p), all_of(1.0, p));
        let (stayed, drawn) = (all_of(dropout.no, dropout), all_of(1.0, dropout));
        // Having bought x times and let pass the rest up to y, and stayed so long; without the value.
        let there = |x: usize, y: usize, draws: usize| {
            let ([a, b, c], [s, w]) =
                ([&bought.slopes[x], &passed.slopes[y - x], &all.slopes[y]], [&stayed.slopes[y], &drawn.slopes[draws]]);
            let mut one = Jet::ZERO;
            one.first = [a[0] - b[0], a[1] + b[1] - c[1], -s[0], s[1] - w[1]];
            one.second[0][0] = a[2] + b[2];
            one.second[0][1] = a[3] - b[3];
            one.second[1][1] = a[4] + b[4] - c[4];
            one.second[2][2] = s[2];
            one.second[2][3] = -s[3];
            one.second[3][3] = s[4] - w[4];
            one
        };
        let log_there = |x: usize, y: usize, draws: usize| {
            bought.logarithm(x) + passed.logarithm(y - x) - all.logarithm(y) + stayed.logarithm(y) - drawn.logarithm(draws)
        };
        let (log_theta, per_theta) = (libm::log(dropout.yes), 1.0 / dropout.yes);
        let mut sum = Jet::ZERO;
        let (mut group, mut y, mut mean, mut run) = (None, 0, Jet::ZERO, Run { still: 1.0, gone: 0.0 });
        for &(n, x, t_x, customers) in &self.rows {
            let (n, x, t_x) = (usize::from(n), usize::from(x), usize::from(t_x));
            if group != Some((n, x)) {
                (group, y, mean, run) = (Some((n, x)), n, there(x, n, n), Run { still: 1.0, gone: 0.0 });
            }
            while y > t_x && dropout.yes > 0.0 {
                let (first, draw) = if y == n { (true, dropout.yes) } else { (false, drawn.factor(y)) };
                y -= 1;
                let share = run.add(all.factor(y) * draw / (passed.factor(y - x) * stayed.factor(y)), first);
                let mut gone = there(x, y, y + 1);
                gone.first[2] += per_theta;
                gone.second[2][2] -= per_theta * per_theta;
                blend(&mut mean, &gone, share);
            }
            mean.value = if y == n || run.still > 1.0 + run.gone {
                let gone = if y == n { 0.0 } else { (1.0 + run.gone) / run.still };
                log_there(x, n, n) + libm::log1p(gone)
            } else {
                log_there(x, y, y + 1) + log_theta + libm::log1p(run.gone + run.still)
            };
            sum.add(customers, &mean);
        }
        sum
    }
}

/// What is added up over the times of dropout, by the last term added: customers still there, and those gone by the terms before it.
/// Going back in time the terms grow, so that the logarithm of the last is nearly that of the sum, and loses no digits.
#[derive(Clone, Copy)]
struct Run {
    still: f64,
    gone: f64,
}

impl Run {
    /// Adds a term that is this multiple of the last one, and returns its share in the sum.
    fn add(&mut self, ratio: f64, first: bool) -> f64 {
        self.gone = if first { 0.0 } else { (1.0 + self.gone) / ratio };
        self.still /= ratio;
        1.0 / (1.0 + self.gone + self.still)
    }
}

/// The derivatives of the logarithm of a sum, from those of the terms so far and those of the next, which has this share in it.
fn blend(mean: &mut Jet<4>, next: &Jet<4>, share: f64) {
    let rest = 1.0 - share;
    let gap: [f64; 4] = core::array::from_fn(|i| next.first[i] - mean.first[i]);
    for i in 0..4 {
        mean.first[i] += share * gap[i];
        for j in i..4 {
            let both = share * (next.second[i][j] - mean.second[i][j]);
            mean.second[i][j] += both + share * rest * (gap[i] * gap[j]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kernel, OpportunityCounts};
    use crate::value::lifetime::{beta::Beta, discrete::Opportunities};

    #[test]
    fn derivatives_are_those_of_differences() {
        let mut counts = OpportunityCounts::new();
        for (x, t_x, n, customers) in [(0, 0, 6, 5), (2, 3, 6, 2), (2, 5, 6, 3), (6, 6, 6, 1), (1, 4, 9, 2), (0, 0, 0, 9)] {
            counts.push(Opportunities::new(x, t_x, n).unwrap(), customers).unwrap();
        }
        let kernel = Kernel::new(&counts);
        let at = |[m, phi, theta, psi]: [f64; 4]| kernel.at(beta(m, phi), beta(theta, psi));
        for point in [[0.6, 0.5, 0.2, 0.3], [0.1, 2.0, 0.05, 4.0], [0.9, 1e-3, 0.5, 1e-3]] {
            let local = at(point);
            for i in 0..4 {
                let h = 1e-5 * point[i];
                let [mut up, mut down] = [point; 2];
                (up[i], down[i]) = (point[i] + h, point[i] - h);
                let (up, down) = (at(up), at(down));
                let slope = (up.value - down.value) / (2.0 * h);
                assert!((slope - local.first[i]).abs() < 1e-6 * (1.0 + slope.abs()), "{point:?} {i} {slope} {:?}", local.first);
                for j in 0..4 {
                    let bend = (up.first[j] - down.first[j]) / (2.0 * h);
                    let found = local.second[i.min(j)][i.max(j)];
                    assert!((bend - found).abs() < 1e-6 * (1.0 + bend.abs()), "{point:?} {i} {j} {bend} {found}");
                }
            }
        }
    }

    fn beta(yes: f64, dispersion: f64) -> Beta {
        Beta { yes, no: 1.0 - yes, dispersion }
    }
}
