//! Second-order forward differentiation: a function of functions carries its value, gradient and Hessian along (Griewank and Walther
//! 2008, chapter 3), for models whose derivatives nobody wants to write by hand. The functions here are named as in `libm`.

use super::Jet;
use core::{
    array::from_fn,
    ops::{Add, AddAssign, Div, Mul, Neg, Sub},
};

/// A number that depends on `N` variables.
pub(crate) type Dual<const N: usize> = Jet<N>;

impl<const N: usize> Jet<N> {
    /// A number that depends on none of the variables.
    pub(crate) const fn constant(value: f64) -> Jet<N> {
        Jet { value, ..Jet::ZERO }
    }

    /// The variable with this index itself; a constant if there is no such variable.
    pub(crate) fn variable(value: f64, index: usize) -> Jet<N> {
        Jet { value, first: from_fn(|i| f64::from(u8::from(i == index))), ..Jet::ZERO }
    }

    /// A function of this number, from the function's value and its first and second derivative there.
    pub(crate) fn chain(&self, [value, first, second]: [f64; 3]) -> Jet<N> {
        let g = &self.first;
        Jet {
            value,
            first: from_fn(|i| first * g[i]),
            second: from_fn(|i| from_fn(|j| first * self.second[i][j] + second * (g[i] * g[j]))),
        }
    }

    /// A function of two such numbers, from its value, its derivatives by each, and its second derivatives `[by the first twice, by both,
    /// by the second twice]`.
    pub(crate) fn chain_of_two(value: f64, x: &Jet<N>, y: &Jet<N>, first: [f64; 2], second: [f64; 3]) -> Jet<N> {
        let (g, h) = (&x.first, &y.first);
        Jet {
            value,
            first: from_fn(|i| first[0] * g[i] + first[1] * h[i]),
            second: from_fn(|i| {
                from_fn(|j| {
                    let slopes = first[0] * x.second[i][j] + first[1] * y.second[i][j];
                    slopes + second[0] * (g[i] * g[j]) + second[1] * (g[i] * h[j] + h[i] * g[j]) + second[2] * (h[i] * h[j])
                })
            }),
        }
    }
}

pub(crate) fn log<const N: usize>(x: Dual<N>) -> Dual<N> {
    let w = 1.0 / x.value;
    x.chain([libm::log(x.value), w, -w * w])
}

impl<const N: usize> Add for Jet<N> {
    type Output = Jet<N>;

    fn add(self, other: Jet<N>) -> Jet<N> {
        Jet {
            value: self.value + other.value,
            first: from_fn(|i| self.first[i] + other.first[i]),
            second: from_fn(|i| from_fn(|j| self.second[i][j] + other.second[i][j])),
        }
    }
}

impl<const N: usize> Mul for Jet<N> {
    type Output = Jet<N>;

    fn mul(self, other: Jet<N>) -> Jet<N> {
        Jet::chain_of_two(self.value * other.value, &self, &other, [other.value, self.value], [0.0, 1.0, 0.0])
    }
}

impl<const N: usize> Div for Jet<N> {
    type Output = Jet<N>;

    fn div(self, other: Jet<N>) -> Jet<N> {
        let (w, value) = (1.0 / other.value, self.value / other.value);
        Jet::chain_of_two(value, &self, &other, [w, -value * w], [0.0, -w * w, 2.0 * value * w * w])
    }
}

impl<const N: usize> Neg for Jet<N> {
    type Output = Jet<N>;

    fn neg(self) -> Jet<N> {
        self * -1.0
    }
}

impl<const N: usize> Sub for Jet<N> {
    type Output = Jet<N>;

    fn sub(self, other: Jet<N>) -> Jet<N> {
        self + -other
    }
}

impl<const N: usize> AddAssign for Jet<N> {
    fn add_assign(&mut self, other: Jet<N>) {
        *self = *self + other;
    }
}

impl<const N: usize> Add<f64> for Jet<N> {
    type Output = Jet<N>;

    fn add(self, number: f64) -> Jet<N> {
        Jet { value: self.value + number, ..self }
    }
}

impl<const N: usize> Sub<f64> for Jet<N> {
    type Output = Jet<N>;

    fn sub(self, number: f64) -> Jet<N> {
        Jet { value: self.value - number, ..self }
    }
}

impl<const N: usize> Mul<f64> for Jet<N> {
    type Output = Jet<N>;

    fn mul(self, number: f64) -> Jet<N> {
        self.chain([self.value * number, number, 0.0])
    }
}

impl<const N: usize> Div<f64> for Jet<N> {
    type Output = Jet<N>;

    fn div(self, number: f64) -> Jet<N> {
        self.divided_by(number)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dual, log};

    /// Every operation at once, on two variables.
    fn all(x: Dual<2>, y: Dual<2>) -> Dual<2> {
        let mut sum = log(x * y + 1.0) - (x / y) * 0.3 + -x / 7.0;
        sum += y * y * log(x) - (x + y) * (x - 0.1);
        sum + log(x * x + 0.3) * log(x * 3.0 + y)
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        let at = |x: f64, y: f64| all(Dual::variable(x, 0), Dual::variable(y, 1));
        for (x, y) in [(0.7, 2.3), (1.9, 0.4), (2.6, 5.1)] {
            let (local, h) = (at(x, y), 1e-5);
            for (i, (dx, dy)) in [(h, 0.0), (0.0, h)].into_iter().enumerate() {
                let (up, down) = (at(x + dx, y + dy), at(x - dx, y - dy));
                let scale = 1.0 + local.first[i].abs();
                assert!(((up.value - down.value) / (2.0 * h) - local.first[i]).abs() < 1e-8 * scale, "{x} {y} {i}");
                for j in 0..2 {
                    let slope = (up.first[j] - down.first[j]) / (2.0 * h);
                    assert!((slope - local.second[i][j]).abs() < 1e-7 * (1.0 + slope.abs()), "{x} {y} {i} {j}");
                }
            }
            assert!((local.second[0][1] - local.second[1][0]).abs() <= 1e-12 * local.second[0][1].abs());
        }
    }

    #[test]
    fn what_depends_on_nothing_has_no_derivative() {
        let c = log(Dual::<2>::constant(2.0)) * 3.0;
        assert!((c.value - 2.079_441_541_679_836).abs() < 1e-15);
        assert!(c.first.iter().chain(c.second.iter().flatten()).all(|v| v.abs() <= 0.0));
        assert!(Dual::<2>::variable(1.0, 5).first.iter().all(|v| v.abs() <= 0.0));
    }
}
