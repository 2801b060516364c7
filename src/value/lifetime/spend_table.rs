//! The likelihood of the gamma-gamma model: a table of customers' means, evaluated at its two dispersions and its scale.

use super::{SpendCounts, spending::whole};
use crate::numeric::{GAUSS_LEGENDRE, Jet, beyond_stirling, count};
use alloc::vec::Vec;

/// The means of customers, ready to be climbed on: whatever the currency, the climb sees the same numbers.
pub(super) struct Table {
    groups: Vec<Group>,
    pub(super) customers: f64,
    /// The mean of a purchase, in smallest units.
    pub(super) scale: f64,
    /// The mean logarithm of a customer's mean by the scale, and its variance.
    pub(super) level: f64,
    pub(super) variance: f64,
    /// The least and the greatest of these logarithms.
    pub(super) range: (f64, f64),
    /// The mean number of purchases.
    pub(super) purchases: f64,
}

/// Customers with the same number of purchases.
struct Group {
    x: f64,
    customers: f64,
    rows: Vec<Row>,
    /// Sums over the customers: of the logarithms, of the means, and of their reciprocals.
    logs: f64,
    means: f64,
    reciprocals: f64,
    /// The largest logarithm, up or down.
    farthest: f64,
}

/// Customers with the same mean.
struct Row {
    /// The mean by the scale, and its logarithm.
    mean: f64,
    log: f64,
    customers: f64,
}

impl Table {
    pub(super) fn of(counts: &SpendCounts) -> Table {
        let customers = count(counts.customers());
        let sums = counts.rows().map(|(x, minor, n)| (count(n) * whole(minor), count(n) * f64::from(x)));
        let (sum, purchases) = sums.fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
        let scale = sum / purchases;
        let mut groups: Vec<Group> = Vec::new();
        // In order of x.
        for (x, minor, n) in counts.rows() {
            let (x, customers) = (f64::from(x), count(n));
            if groups.last().is_none_or(|group| group.x < x) {
                groups.push(Group { x, customers: 0.0, rows: Vec::new(), logs: 0.0, means: 0.0, reciprocals: 0.0, farthest: 0.0 });
            }
            let Some(group) = groups.last_mut() else { break };
            let mean = whole(minor) / (x * scale);
            // Near 1 the logarithm comes from the difference, which has more digits.
            let log = libm::log1p((whole(minor) - x * scale) / (x * scale));
            group.customers += customers;
            group.logs += customers * log;
            group.means += customers * mean;
            group.reciprocals += customers / mean;
            group.farthest = group.farthest.max(log.abs());
            group.rows.push(Row { mean, log, customers });
        }
        let level = groups.iter().map(|group| group.logs).sum::<f64>() / customers;
        let rows = || groups.iter().flat_map(|group| &group.rows);
        let variance = rows().map(|row| row.customers * (row.log - level) * (row.log - level)).sum::<f64>() / customers;
        let range = rows().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), row| (low.min(row.log), high.max(row.log)));
        Table { customers, scale, level, variance: variance.max(1e-24), range, purchases: purchases / customers, groups }
    }

    /// The sum of all log-likelihoods with its derivatives by 1/p, 1/q and ln m.
    ///
    /// With a = 1/(px), b = 1/q and u = ln(z̄/m), Stirling's formula takes everything large out of the density of the literature, and
    /// what it leaves has a value at a = 0 and at b = 0: −ln z̄ − ½ ln 2π(a + b) + ρ(ab/(a + b)) − ρ(a) − ρ(b) + D(a, b, u), where ρ is
    /// [`beyond_stirling`] and D is [`fall`].
    pub(super) fn likelihood(&self, &[single, b, level]: &[f64; 3]) -> Jet<3> {
        const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;
        let mut sum = Jet::ZERO;
        let of_b = beyond_stirling(b);
        for group in &self.groups {
            let (x, n) = (group.x, group.customers);
            let a = single / x;
            let h = 1.0 / (a + b);
            let (of_a, of_both) = (beyond_stirling(a), beyond_stirling(a * b * h));
            let fall = group.fall(a, b, level);
            let (s, t) = (a * h, b * h);
            let value = -HALF_LN_TAU + libm::log(h) / 2.0 + of_both[0] - of_a[0] - of_b[0];
            let by_a = -h / 2.0 + of_both[1] * t * t - of_a[1];
            let by_b = -h / 2.0 + of_both[1] * s * s - of_b[1];
            let bend = h * h / 2.0;
            let aa = bend + of_both[2] * t * t * t * t - 2.0 * of_both[1] * t * t * h - of_a[2];
            let ab = bend + of_both[2] * s * s * t * t + 2.0 * of_both[1] * s * t * h;
            let bb = bend + of_both[2] * s * s * s * s - 2.0 * of_both[1] * s * s * h - of_b[2];
            let (first, second) = (fall.first, fall.second);
            let all = Jet {
                value: n * value + fall.value - group.logs,
                first: [(n * by_a + first[0]) / x, n * by_b + first[1], -first[2]],
                second: [
                    [(n * aa + second[0][0]) / (x * x), (n * ab + second[0][1]) / x, -second[0][2] / x],
                    [0.0, n * bb + second[1][1], -second[1][2]],
                    [0.0, 0.0, second[2][2]],
                ],
            };
            sum.add(1.0, &all);
        }
        sum
    }
}

/// Up to this size of the terms that are subtracted from each other, the closed form keeps thirteen digits beside 1.
const MODERATE: f64 = 1000.0;

impl Group {
    /// The sum of [`fall`] over the customers, with its derivatives by a, b and u.
    fn fall(&self, a: f64, b: f64, level: f64) -> Jet<3> {
        let shapes = [a, b].iter().filter(|dispersion| **dispersion > 0.0).map(|dispersion| 1.0 / dispersion).sum::<f64>();
        let farthest = self.farthest + level.abs();
        // Powers of it must stay in range.
        if shapes * (1.0 + farthest) > MODERATE || farthest > 100.0 {
            let mut sum = Jet::ZERO;
            for row in &self.rows {
                sum.add(row.customers, &fall(a, b, row.log - level));
            }
            return sum;
        }
        let (n, up) = (self.customers, libm::exp(-level));
        let u = self.logs - n * level;
        let mut sum = Jet::ZERO;
        if b <= 0.0 {
            // −(eᵘ − 1 − u)/a
            let power = self.means * up;
            (sum.value, sum.first[2], sum.second[2][2]) = (-(power - n - u) / a, -(power - n) / a, -power / a);
            (sum.first[0], sum.second[0][0], sum.second[0][2]) = (-sum.value / a, 2.0 * sum.value / (a * a), -sum.first[2] / a);
            return sum;
        }
        if a <= 0.0 {
            // −(e⁻ᵘ − 1 + u)/b
            let power = self.reciprocals / up;
            (sum.value, sum.first[2], sum.second[2][2]) = (-(power - n + u) / b, (power - n) / b, -power / b);
            (sum.first[1], sum.second[1][1], sum.second[1][2]) = (-sum.value / b, 2.0 * sum.value / (b * b), -sum.first[2] / b);
            return sum;
        }
        // u/a − (1/a + 1/b) ln y with y = (a + b·eᵘ)/(a + b). Of s = a/(a + b·eᵘ) all derivatives are made.
        let (p, q, s0, t0) = (1.0 / a, 1.0 / b, a / (a + b), b / (a + b));
        let (mut logs, mut away, mut spread, mut product) = (0.0, 0.0, 0.0, 1.0);
        for row in &self.rows {
            let y = s0 + t0 * (row.mean * up);
            let s = s0 / y;
            away += row.customers * (s - s0);
            spread += row.customers * (s - s * s);
            // One logarithm for many customers.
            if row.customers > 1.0 {
                logs += row.customers * libm::log(y);
            } else {
                product *= y;
                if !(1e-100..1e100).contains(&product) {
                    logs += libm::log(product);
                    product = 1.0;
                }
            }
        }
        logs += libm::log(product);
        let (all, rest) = (p + q, spread - n * (s0 * t0));
        // By the logarithms of a and of b, and by u.
        let (by_a, by_b) = (p * (logs - u) - all * away, q * logs + all * away);
        sum.value = p * u - all * logs;
        sum.first = [by_a * p, by_b * q, all * away];
        sum.second[0][0] = (p * (u - logs + 2.0 * away) - all * rest - by_a) * p * p;
        sum.second[0][1] = ((q - p) * away + all * rest) * p * q;
        sum.second[1][1] = (-q * (logs + 2.0 * away) - all * rest - by_b) * q * q;
        sum.second[0][2] = (all * rest - p * away) * p;
        sum.second[1][2] = -(all * rest + q * away) * q;
        sum.second[2][2] = -all * spread;
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

#[cfg(test)]
mod tests {
    use super::{Group, Row, fall};
    use crate::numeric::Jet;

    #[test]
    fn the_closed_form_is_the_integral_with_its_derivatives() {
        let rows = || [(-3.0, 1.0), (-0.7, 1.0), (0.01, 4.0), (0.4, 1.0), (2.5, 2.0)];
        let mut group =
            Group { x: 2.0, customers: 0.0, rows: alloc::vec![], logs: 0.0, means: 0.0, reciprocals: 0.0, farthest: 3.0 };
        for (log, customers) in rows() {
            let mean = libm::exp(log);
            group.customers += customers;
            group.logs += customers * log;
            group.means += customers * mean;
            group.reciprocals += customers / mean;
            group.rows.push(Row { mean, log, customers });
        }
        for (a, b) in [(0.08, 0.27), (0.01, 3.0), (5.0, 0.02), (40.0, 60.0), (0.0, 0.3), (0.2, 0.0)] {
            for level in [-0.8, 0.0, 0.3] {
                let mut want = Jet::ZERO;
                for (log, n) in &rows() {
                    want.add(*n, &fall(a, b, log - level));
                }
                let found = group.fall(a, b, level);
                // By the logarithm of what is not zero.
                let scales = [a, b, 1.0];
                let same = |found: f64, want: f64, scale: f64| {
                    let error = ((found - want) * scale).abs();
                    assert!(error <= 1e-12 * (1.0 + (want * scale).abs()), "{a} {b} {level}: {found} {want}");
                };
                same(found.value, want.value, 1.0);
                for i in 0..3 {
                    same(found.first[i], want.first[i], scales[i]);
                    (i..3).for_each(|j| same(found.second[i][j], want.second[i][j], scales[i] * scales[j]));
                }
            }
        }
    }
}
