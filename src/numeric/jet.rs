use super::Local;
use alloc::vec::Vec;

/// A number with its first and second derivatives by N variables. The second ones stand on and above the diagonal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jet<const N: usize> {
    pub(crate) value: f64,
    pub(crate) first: [f64; N],
    pub(crate) second: [[f64; N]; N],
}

impl<const N: usize> Jet<N> {
    pub(crate) const ZERO: Jet<N> = Jet { value: 0.0, first: [0.0; N], second: [[0.0; N]; N] };

    /// Adds another, so many times.
    pub(crate) fn add(&mut self, times: f64, other: &Jet<N>) {
        self.value += times * other.value;
        for i in 0..N {
            self.first[i] += times * other.first[i];
            for j in i..N {
                self.second[i][j] += times * other.second[i][j];
            }
        }
    }

    /// The number divided by another that depends on none of the variables.
    pub(crate) fn divided_by(&self, number: f64) -> Jet<N> {
        let second = self.second.map(|row| row.map(|s| s / number));
        Jet { value: self.value / number, first: self.first.map(|f| f / number), second }
    }

    /// The same by the coordinates of a climb: each variable is a function of a coordinate of its own, which is the sum of the climb's
    /// coordinates with the weights of its row.
    pub(crate) fn along(&self, variables: &[Variable; N], rows: &[Vec<f64>; N], coordinates: usize) -> Local {
        let mut local = Local::zero(coordinates);
        local.value = self.value;
        for i in 0..N {
            let by_own = self.first[i] * variables[i].slope;
            for (gradient, weight) in local.gradient.iter_mut().zip(&rows[i]) {
                *gradient += weight * by_own;
            }
            for j in 0..N {
                let second = if i <= j { self.second[i][j] } else { self.second[j][i] };
                let mut by_own = second * variables[i].slope * variables[j].slope;
                if i == j {
                    by_own += self.first[i] * variables[i].bend;
                }
                for (line, left) in local.hessian.iter_mut().zip(&rows[i]) {
                    for (entry, right) in line.iter_mut().zip(&rows[j]) {
                        *entry += by_own * left * right;
                    }
                }
            }
        }
        local
    }
}

/// A variable as a function of its coordinate: the value, the first and the second derivative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    pub(crate) value: f64,
    pub(crate) slope: f64,
    pub(crate) bend: f64,
}

impl Variable {
    /// One that no coordinate moves.
    pub(crate) const fn fixed(value: f64) -> Variable {
        Variable { value, slope: 0.0, bend: 0.0 }
    }

    /// Above zero: its logarithm is the coordinate.
    pub(crate) fn exp(coordinate: f64) -> Variable {
        let value = libm::exp(coordinate);
        Variable { value, slope: value, bend: value }
    }

    /// Between 0 and 1: the logarithm of its odds is the coordinate.
    pub(crate) fn logistic(coordinate: f64) -> Variable {
        let (yes, no) = (1.0 / (1.0 + libm::exp(-coordinate)), 1.0 / (1.0 + libm::exp(coordinate)));
        Variable { value: yes, slope: yes * no, bend: yes * no * (no - yes) }
    }
}
