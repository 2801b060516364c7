//! Events since the last purchase that do not yet make one, where every k-th event of a customer's Poisson process is a purchase.

use alloc::{vec, vec::Vec};
use core::num::NonZeroU8;

/// `ln A`, the logarithm of `Σ_{j<k} (r + n)ⱼ/j! · (w/(α + T))ʲ`: over the numbers j of events hidden in the time w since the last
/// purchase, for a customer with n events before; with its derivatives by the mean m and the dispersion φ of the rate (`r = 1/φ`,
/// `α = r/m`).
pub(super) struct Hidden {
    pub(super) value: f64,
    /// By m and φ.
    pub(super) first: [f64; 2],
    /// By m twice, by both, by φ twice.
    pub(super) second: [f64; 3],
}

/// Keeps the sum of up to 255 terms within range.
const HUGE: f64 = 1e100;

impl Hidden {
    /// After an observation of T = `t`.
    pub(super) fn at(k: NonZeroU8, n: f64, w: f64, m: f64, phi: f64, t: f64) -> Hidden {
        let (rest, mt) = (1.0 / (1.0 + phi * m * t), m * t);
        // The sums of cⱼ and of cⱼ times j, j², a, a², ja and b, where a = Σ (n+i)/(1+φ(n+i)) over i < j, and b the sum of its squares.
        let (mut sums, mut c, mut log) = ([0.0; 7], 1.0, 0.0);
        let (mut j, mut a, mut b) = (0.0, 0.0, 0.0);
        for _ in 0..k.get() {
            for (sum, number) in sums.iter_mut().zip([1.0, j, j * j, a, a * a, j * a, b]) {
                *sum += c * number;
            }
            let slope = (n + j) / (1.0 + phi * (n + j));
            c *= w * m * rest * (1.0 + phi * (n + j)) / (j + 1.0);
            (j, a, b) = (j + 1.0, a + slope, b + slope * slope);
            if c > HUGE {
                for sum in sums.iter_mut() {
                    *sum /= c;
                }
                log += libm::log(c);
                c = 1.0;
            }
        }
        let [all, j, jj, a, aa, ja, b] = sums;
        let [j, jj, a, aa, ja, b] = [j, jj, a, aa, ja, b].map(|sum| sum / all);
        let (var, cov, var_a) = (jj - j * j, ja - j * a, aa - a * a);
        // By ln m each term rises with j·rest, by φ with a − j·mT·rest.
        let (up, down) = (rest / m, mt * rest);
        Hidden {
            value: log + libm::log(all),
            first: [j * up, a - j * down],
            second: [
                var * up * up - j / (m * m) * (1.0 - (phi * down) * (phi * down)),
                (cov - down * var) * up - j * t * rest * rest,
                var_a - 2.0 * down * cov + down * down * var - b + j * down * down,
            ],
        }
    }
}

/// The probabilities of 0, 1, … k − 1 hidden events of a customer who is still one, and `ln A`. Nothing is stored for k = 1.
pub(super) fn weights(k: NonZeroU8, n: f64, w: f64, m: f64, phi: f64, t: f64) -> (Vec<f64>, f64) {
    if k == NonZeroU8::MIN {
        return (Vec::new(), 0.0);
    }
    let (step, mut c, mut log, mut j) = (w * m / (1.0 + phi * m * t), 1.0, 0.0, 0.0);
    let mut weights = vec![1.0];
    for _ in 1..k.get() {
        c *= step * (1.0 + phi * (n + j)) / (j + 1.0);
        j += 1.0;
        if c > HUGE {
            for weight in weights.iter_mut() {
                *weight /= c;
            }
            log += libm::log(c);
            c = 1.0;
        }
        weights.push(c);
    }
    let all: f64 = weights.iter().sum();
    for weight in weights.iter_mut() {
        *weight /= all;
    }
    (weights, log + libm::log(all))
}
