//! The likelihood of contracts by the mean and the dispersion of the chance to leave, and its power.

use super::{Tenure, TenureCounts, course::ln_staying};
use crate::numeric::{Dual, Jet, count, dual::log, polygamma, polygamma_step};
use alloc::vec::Vec;

/// Customers by how often they renewed: so often, how many in all, and of how many that was the end.
pub(super) struct Kernel {
    tenures: Vec<(f64, f64, f64)>,
}

impl Kernel {
    pub(super) fn new(counts: &TenureCounts) -> Kernel {
        let mut tenures: Vec<(f64, f64, f64)> = Vec::new();
        let mut rows: Vec<(Tenure, u64)> = counts.rows().collect();
        rows.sort_unstable_by_key(|(tenure, _)| tenure.renewals());
        for (tenure, customers) in rows {
            let (k, customers) = (f64::from(tenure.renewals()), count(customers));
            let ended = if matches!(tenure, Tenure::Ended(_)) { customers } else { 0.0 };
            match tenures.last_mut() {
                // Whole numbers.
                Some(last) if k <= last.0 => (last.1, last.2) = (last.1 + customers, last.2 + ended),
                _ => tenures.push((k, customers, ended)),
            }
        }
        Kernel { tenures }
    }

    pub(super) fn anybody_renewed(&self) -> bool {
        self.tenures.iter().any(|(k, ..)| *k > 0.0)
    }

    pub(super) fn anybody_left(&self) -> bool {
        self.tenures.iter().any(|(.., left)| *left > 0.0)
    }

    /// The sum over all customers, where of those with n renewals this is the logarithm of the share that makes k more.
    pub(super) fn value(&self, ln_staying: impl Fn(f64, f64) -> f64) -> f64 {
        let of_tenure = |&(k, all, left): &(f64, f64, f64)| {
            let stayed = if k > 0.0 { all * ln_staying(0.0, k) } else { 0.0 };
            if left > 0.0 { stayed + left * libm::log(-libm::expm1(ln_staying(k, 1.0))) } else { stayed }
        };
        self.tenures.iter().map(of_tenure).sum()
    }

    /// Where to begin: of some powers, the one with the most likely chance that all have alike, as coordinates of a climb. What is
    /// left of customers with small chances θ is exp(−θtᶜ), so that the chance is the number who left by the time that all spent.
    pub(super) fn start(&self) -> [f64; 3] {
        let mut best = (f64::NEG_INFINITY, [0.0; 3]);
        for c in [0.5_f64, 1.0, 2.0, 4.0, 8.0] {
            let (mut gone, mut time) = (0.0, 0.0);
            for &(k, all, left) in &self.tenures {
                gone += left;
                time += (all - left) * libm::pow(k, c) + left * libm::pow(k + 1.0, c);
            }
            let hazard = gone / time;
            let value = self.value(|n, k| ln_staying([0.0; 2], -libm::expm1(-hazard), 0.0, c, n, k));
            if value > best.0 {
                best = (value, [libm::log(libm::expm1(hazard)), -3.0, libm::log(c)]);
            }
        }
        best.1
    }

    /// The same at the mean m and the dispersion φ of the chance to leave and the power c: the share S(k) makes k renewals, and of them
    /// S(k + 1)/S(k) the next, with `S(k) = B(a, b + kᶜ)/B(a, b)`, or `(1 − m)^kᶜ` at φ = 0.
    pub(super) fn at(&self, &[m, phi, c]: &[f64; 3]) -> Jet<3> {
        let [mean, dispersion, power] = [Dual::variable(m, 0), Dual::variable(phi, 1), Dual::variable(c, 2)];
        let stay = -mean + 1.0;
        let mut alike = log(stay);
        // All digits, however small the chance.
        alike.value = libm::log1p(-m);
        let (a, b) = (mean / dispersion, stay / dispersion);
        let survival = |k: f64| {
            let mut time = Dual::constant(0.0);
            if k > 0.0 {
                // By c alone: the power itself is that of the value below.
                let (log_k, value) = (libm::log(k), libm::pow(k, c));
                time = power.chain([value, value * log_k, value * log_k * log_k]);
            }
            let mut survival = if phi > 0.0 { ln_survival(a, b, time) } else { time * alike };
            survival.value = if k > 0.0 { ln_staying([a.value, b.value], m, phi, c, 0.0, k) } else { 0.0 };
            survival
        };
        let (mut sum, mut next) = (Jet::ZERO, (0.0, survival(0.0)));
        for &(k, all, left) in &self.tenures {
            // Often there are tenures of all lengths.
            let stayed = if k <= next.0 { next.1 } else { survival(k) };
            sum.add(all, &stayed);
            if left > 0.0 {
                next = (k + 1.0, survival(k + 1.0));
                let mut renewal = next.1 - stayed;
                // The same value without the difference.
                renewal.value = ln_staying([a.value, b.value], m, phi, c, k, 1.0);
                let (rest, odds) = (-libm::expm1(renewal.value), libm::exp(renewal.value));
                sum.add(left, &renewal.chain([libm::log(rest), -odds / rest, -odds / (rest * rest)]));
            }
        }
        sum
    }
}

/// The derivatives of `ln Γ(b + t) − ln Γ(b + t + a) − ln Γ(b) + ln Γ(a + b)`, of which only they are needed; no two large numbers are
/// subtracted.
fn ln_survival(a: Dual<3>, b: Dual<3>, t: Dual<3>) -> Dual<3> {
    let both = polygamma_step(a.value + b.value, t.value);
    let then = polygamma_step(b.value + t.value, a.value);
    // The same difference of differences; the smaller of both steps keeps the digits.
    let (one, other) =
        if t.value < a.value { (polygamma_step(b.value, t.value), both) } else { (polygamma_step(b.value, a.value), then) };
    let (_, far) = polygamma(a.value + b.value + t.value);
    let mut all = Dual::chain_of_two(0.0, &b, &a, [one.0 - other.0, -both.0], [one.1 - other.1, -both.1, -both.1]);
    all += Dual::chain_of_two(0.0, &t, &b, [-then.0, 0.0], [-then.1, -then.1, 0.0]);
    all += Dual::chain_of_two(0.0, &t, &a, [0.0, 0.0], [0.0, -far, 0.0]);
    all
}

#[cfg(test)]
mod tests {
    use super::{Kernel, TenureCounts};

    #[test]
    fn derivatives_are_those_of_differences() {
        let mut counts = TenureCounts::new();
        counts.push_cohort(&[100, 80, 70, 66, 60, 59]).unwrap();
        counts.push_cohort(&[50, 31]).unwrap();
        let kernel = Kernel::new(&counts);
        for point in [[0.3, 0.5, 1.0], [0.1, 2.0, 1.7], [0.6, 0.01, 0.4]] {
            let local = kernel.at(&point);
            for i in 0..3 {
                let h = 1e-5 * point[i];
                let [mut up, mut down] = [point; 2];
                (up[i], down[i]) = (point[i] + h, point[i] - h);
                let (up, down) = (kernel.at(&up), kernel.at(&down));
                let slope = (up.value - down.value) / (2.0 * h);
                assert!((slope - local.first[i]).abs() < 1e-6 * (1.0 + slope.abs()), "{point:?} {i} {slope} {:?}", local.first);
                for j in 0..3 {
                    let bend = (up.first[j] - down.first[j]) / (2.0 * h);
                    let found = local.second[i.min(j)][i.max(j)];
                    assert!((bend - found).abs() < 1e-5 * (1.0 + bend.abs()), "{point:?} {i} {j} {bend} {found}");
                }
            }
        }
        // All alike is where the dispersion vanishes.
        let (alike, nearly) = (kernel.at(&[0.2, 0.0, 1.3]), kernel.at(&[0.2, 1e-9, 1.3]));
        assert!((alike.value - nearly.value).abs() < 1e-5 && (alike.first[0] - nearly.first[0]).abs() < 1e-4);
        assert!((alike.first[2] - nearly.first[2]).abs() < 1e-4);
    }
}
