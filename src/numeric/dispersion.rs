//! Two functions of a dispersion φ, the reciprocal of a gamma or beta distribution's size. Written with it, both go smoothly through
//! φ = 0, where all customers are alike.

use super::{ln_gamma_ratio, polygamma};

/// `ln(1 + φu)/φ`, which is u at φ = 0, with its derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) value: f64,
    /// By φ, and again.
    pub(crate) by_phi: f64,
    pub(crate) by_phi_twice: f64,
    /// `ln(1 + φu)`.
    pub(crate) log: f64,
    /// `1/(1 + φu)`: the derivative by u, and what the derivatives of the logarithm are made of.
    pub(crate) rest: f64,
}

/// `ln(1 + φu)/φ` for φ and u of zero and more.
pub(crate) fn log1p_over(phi: f64, u: f64) -> Stretch {
    let y = phi * u;
    let (log, rest) = (libm::log1p(y), 1.0 / (1.0 + y));
    // f(y) = ln(1 + y)/y and its derivatives, of which the value sought is u·f(φu).
    let (f, first, second) = if y < 0.25 {
        series(y)
    } else {
        let f = log / y;
        let first = (rest - f) / y;
        (f, first, -(rest * rest + 2.0 * first) / y)
    };
    Stretch { value: u * f, by_phi: u * u * first, by_phi_twice: u * u * u * second, log, rest }
}

/// The power series of ln(1 + y)/y and of its derivatives, for y below a quarter.
fn series(y: f64) -> (f64, f64, f64) {
    let (mut f, mut first, mut second) = (0.0, 0.0, 0.0);
    // The last term left out is below 4⁻²⁶ of the first.
    for n in (0..26_u32).rev() {
        let n = f64::from(n);
        f = 1.0 / (n + 1.0) - y * f;
        first = -(n + 1.0) / (n + 2.0) - y * first;
        second = (n + 1.0) * (n + 2.0) / (n + 3.0) - y * second;
    }
    (f, first, second)
}

/// The sum of `ln(w + jφ)` over whole numbers j, with its derivatives by w and φ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rising {
    pub(crate) value: f64,
    pub(crate) by_w: f64,
    pub(crate) by_phi: f64,
    pub(crate) by_w_twice: f64,
    pub(crate) by_w_and_phi: f64,
    pub(crate) by_phi_twice: f64,
}

/// More terms than this are summed in closed form where that keeps its digits, and more than `MOST` always.
const MANY: f64 = 64.0;
const MOST: f64 = 20_000.0;

/// Adds the terms j = from, from + 1, …, to − 1 to a sum of `ln(w + jφ)`; w is above zero unless `from` is, φ is zero or more.
pub(crate) fn rising(mut sum: Rising, w: f64, phi: f64, from: f64, to: f64) -> Rising {
    let terms = to - from;
    if phi > 0.0 && ((terms > MANY && terms * phi > 0.1 * w) || terms > MOST) {
        let (z, n) = (w / phi + from, to - from);
        let ((low, low_2), (high, high_2)) = (polygamma(z), polygamma(z + n));
        let by_w = (high - low) / phi;
        let by_phi = (n - w * by_w) / phi;
        let squares = (low_2 - high_2) / (phi * phi);
        let mixed = (by_w - w * squares) / phi;
        sum.value += n * libm::log(phi) + ln_gamma_ratio(z, n);
        sum.by_w += by_w;
        sum.by_phi += by_phi;
        sum.by_w_twice -= squares;
        sum.by_w_and_phi -= mixed;
        sum.by_phi_twice -= (by_phi - w * mixed) / phi;
        return sum;
    }
    if phi <= 0.0 {
        // Sums of j and of j².
        let triangle = (to * (to - 1.0) - from * (from - 1.0)) / 2.0;
        let pyramid = (to * (to - 1.0) * (2.0 * to - 1.0) - from * (from - 1.0) * (2.0 * from - 1.0)) / 6.0;
        sum.value += (to - from) * libm::log(w);
        sum.by_w += (to - from) / w;
        sum.by_phi += triangle / w;
        sum.by_w_twice -= (to - from) / (w * w);
        sum.by_w_and_phi -= triangle / (w * w);
        sum.by_phi_twice -= pyramid / (w * w);
        return sum;
    }
    let mut j = from;
    while j < to {
        let one = 1.0 / (w + j * phi);
        sum.value -= libm::log(one);
        sum.by_w += one;
        sum.by_phi += j * one;
        sum.by_w_twice -= one * one;
        sum.by_w_and_phi -= j * one * one;
        sum.by_phi_twice -= j * j * one * one;
        j += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Rising, log1p_over, rising};

    #[test]
    fn both_sides_of_the_seam_agree() {
        let (low, high) = (log1p_over(0.249_999_999_999, 1.0), log1p_over(0.250_000_000_001, 1.0));
        for (a, b) in [(low.value, high.value), (low.by_phi, high.by_phi), (low.by_phi_twice, high.by_phi_twice)] {
            assert!((a / b - 1.0).abs() < 2e-11, "{a} {b}");
        }
        let none = log1p_over(0.0, 3.0);
        // u − φu²/2 + φ²u³/3
        assert_eq!((none.value, none.by_phi, none.rest), (3.0, -4.5, 1.0));
        assert!((none.by_phi_twice - 18.0).abs() < 1e-14);
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        let h = 1e-4;
        for (phi, u) in [(0.5, 2.0), (1e-3, 40.0), (4.1, 0.1), (30.0, 500.0)] {
            let at = log1p_over(phi, u);
            let (up, down) = (log1p_over(phi * (1.0 + h), u), log1p_over(phi * (1.0 - h), u));
            let slope = (up.value - down.value) / (2.0 * h * phi);
            assert!((slope / at.by_phi - 1.0).abs() < 1e-7, "{phi} {u}");
            let bend = (up.by_phi - down.by_phi) / (2.0 * h * phi);
            assert!((bend / at.by_phi_twice - 1.0).abs() < 1e-6, "{phi} {u}");
        }
    }

    #[test]
    fn a_long_sum_is_the_same_in_closed_form() {
        for (w, phi) in [(1.0, 4.0), (0.7, 0.3), (1e-3, 20.0)] {
            let far = rising(Rising::default(), w, phi, 1.0, 25_000.0);
            let near = rising(rising(Rising::default(), w, phi, 1.0, 15_000.0), w, phi, 15_000.0, 25_000.0);
            let pairs = [
                (far.value, near.value),
                (far.by_w, near.by_w),
                (far.by_phi, near.by_phi),
                (far.by_w_twice, near.by_w_twice),
                (far.by_w_and_phi, near.by_w_and_phi),
                (far.by_phi_twice, near.by_phi_twice),
            ];
            for (a, b) in pairs {
                assert!((a / b - 1.0).abs() < 1e-9, "{w} {phi}: {a} {b}");
            }
        }
        let (none, small) = (rising(Rising::default(), 0.6, 0.0, 2.0, 9.0), rising(Rising::default(), 0.6, 1e-13, 2.0, 9.0));
        assert!((none.value - small.value).abs() < 1e-10 && (none.by_phi - small.by_phi).abs() < 1e-9);
        assert!((none.by_phi_twice - small.by_phi_twice).abs() < 1e-8);
    }
}
