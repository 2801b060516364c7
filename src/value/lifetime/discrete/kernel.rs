//! The likelihood of BG/BB by the means and dispersions of both chances.

use super::OpportunityCounts;
use crate::{
    numeric::{Jet, count, dual::log_add_exp},
    value::lifetime::beta::Beta,
};
use alloc::{vec, vec::Vec};

/// A table ready for evaluation at many parameters: customers by (n, x, `t_x`), the last descending.
pub(super) struct Kernel {
    rows: Vec<(u16, u16, u16, f64)>,
    most: u16,
}

/// `Σ ln(u + jφ)` over j from 0 to below k, and its derivatives by u and φ: first, then by uu, uφ, φφ.
type Sums = [f64; 6];

/// Those for every k up to the most.
fn sums(u: f64, dispersion: f64, most: u16) -> Vec<Sums> {
    let mut all = vec![[0.0; 6]];
    let mut sum = [0.0; 6];
    for j in (0..most).map(f64::from) {
        let value = u + j * dispersion;
        let w = 1.0 / value;
        let terms = [libm::log(value), w, j * w, -w * w, -j * w * w, -j * w * (j * w)];
        sum.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        all.push(sum);
    }
    all
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
    /// out after y opportunities, for every y from `t_x` to n − 1. The sum runs downwards from n in logarithms, so that customers with the
    /// same x and n share it, nothing underflows, and φ = 0, ψ = 0 and θ = 0 are values like others.
    pub(super) fn at(&self, p: Beta, dropout: Beta) -> Jet<4> {
        let theta = dropout.yes;
        let all_of = |of: f64, beta: Beta| sums(of, beta.dispersion, self.most);
        let (bought, passed, all) = (all_of(p.yes, p), all_of(p.no, p), all_of(1.0, p));
        let (stayed, drawn) = (all_of(dropout.no, dropout), all_of(1.0, dropout));
        // Having bought x times and let pass the rest up to y, and stayed so long.
        let there = |x: usize, y: usize, draws: usize| {
            let ([a, b, c], [s, w]) = ([&bought[x], &passed[y - x], &all[y]], [&stayed[y], &drawn[draws]]);
            let mut one = Jet::ZERO;
            one.value = a[0] + b[0] - c[0] + s[0] - w[0];
            one.first = [a[1] - b[1], a[2] + b[2] - c[2], -s[1], s[2] - w[2]];
            one.second[0][0] = a[3] + b[3];
            one.second[0][1] = a[4] - b[4];
            one.second[1][1] = a[5] + b[5] - c[5];
            one.second[2][2] = s[3];
            one.second[2][3] = -s[4];
            one.second[3][3] = s[5] - w[5];
            one
        };
        let mut sum = Jet::ZERO;
        let (mut group, mut y, mut likelihood) = (None, 0, Jet::ZERO);
        for &(n, x, t_x, customers) in &self.rows {
            let (n, x, t_x) = (usize::from(n), usize::from(x), usize::from(t_x));
            if group != Some((n, x)) {
                (group, y, likelihood) = (Some((n, x)), n, there(x, n, n));
            }
            while y > t_x && theta > 0.0 {
                y -= 1;
                let mut gone = there(x, y, y + 1);
                gone.value += libm::log(theta);
                gone.first[2] += 1.0 / theta;
                gone.second[2][2] -= 1.0 / (theta * theta);
                likelihood = log_add_exp(likelihood, gone);
            }
            sum.add(customers, &likelihood);
        }
        sum
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
