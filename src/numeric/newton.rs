use core::array::from_fn;

/// A function at a point, with its first and second derivatives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Local<const N: usize> {
    pub(crate) value: f64,
    pub(crate) gradient: [f64; N],
    pub(crate) hessian: [[f64; N]; N],
}

impl<const N: usize> Local<N> {
    pub(crate) const ZERO: Local<N> = Local { value: 0.0, gradient: [0.0; N], hessian: [[0.0; N]; N] };

    /// The same by coordinates on which the logarithms of the variables depend linearly, by these slopes.
    pub(crate) fn by_logarithms(&self, variables: &[f64; N], slopes: &[[f64; N]; N]) -> Local<N> {
        let first: [f64; N] = from_fn(|i| variables[i] * self.gradient[i]);
        let second = |i: usize, j: usize| variables[i] * variables[j] * self.hessian[i][j] + if i == j { first[i] } else { 0.0 };
        let half: [[f64; N]; N] = from_fn(|i| from_fn(|j| (0..N).map(|k| second(i, k) * slopes[k][j]).sum()));
        Local {
            value: self.value,
            gradient: from_fn(|j| (0..N).map(|i| slopes[i][j] * first[i]).sum()),
            hessian: from_fn(|i| from_fn(|j| (0..N).map(|k| slopes[k][i] * half[k][j]).sum())),
        }
    }

    /// The function divided by a number.
    pub(crate) fn divided_by(&self, number: f64) -> Local<N> {
        Local {
            value: self.value / number,
            gradient: self.gradient.map(|g| g / number),
            hessian: self.hessian.map(|row| row.map(|h| h / number)),
        }
    }
}

/// Where a function is greatest within its bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Optimum<const N: usize> {
    pub(crate) at: [f64; N],
    pub(crate) local: Local<N>,
    /// The largest derivative along a direction that is not held at a bound.
    pub(crate) gradient: f64,
    /// Directions held at a bound, because the function still grows beyond it.
    pub(crate) held: [bool; N],
    pub(crate) iterations: u32,
}

/// Climbs from a start by Newton's method, damped where the function is not concave (Levenberg 1944), within bounds. The best point
/// found; whether it is a maximum is for the caller to judge by its gradient.
pub(crate) fn maximise<const N: usize>(f: impl Fn(&[f64; N]) -> Local<N>, start: [f64; N], bounds: &[(f64, f64); N]) -> Optimum<N> {
    const MOST: u32 = 500;
    let judged = |at: [f64; N], local: Local<N>, iterations| {
        let g = local.gradient;
        let held = from_fn(|i| (at[i] <= bounds[i].0 && g[i] <= 0.0) || (at[i] >= bounds[i].1 && g[i] >= 0.0));
        let gradient = (0..N).filter(|&i| !held[i]).map(|i| g[i].abs()).fold(0.0, f64::max);
        Optimum { at, local, gradient, held, iterations }
    };
    let mut best = judged(start, f(&start), 0);
    let mut damping = 0.0;
    // Beyond this, a step no longer changes a single digit.
    while best.iterations < MOST && best.gradient > 1e-14 && damping < 1e12 {
        best.iterations += 1;
        let step = step(&best.local, &best.held, damping).map(|step| {
            let longest = step.iter().fold(0.0, |most: f64, s| most.max(s.abs()));
            let shrink = if longest > 2.0 { 2.0 / longest } else { 1.0 };
            from_fn(|i| (best.at[i] + shrink * step[i]).clamp(bounds[i].0, bounds[i].1))
        });
        let next = step.map(|at| judged(at, f(&at), best.iterations));
        // At the top the values differ by rounding alone, and the gradient tells more.
        let noise = 64.0 * f64::EPSILON * (1.0 + best.local.value.abs());
        let better = next.filter(|n| {
            let gain = n.local.value - best.local.value;
            gain > noise || (gain >= -noise && n.gradient < best.gradient / 2.0)
        });
        match better {
            Some(next) => {
                best = next;
                damping = if damping > 1e-9 { damping / 10.0 } else { 0.0 };
            }
            None => damping = f64::max(10.0 * damping, 1e-9),
        }
    }
    best
}

fn step<const N: usize>(local: &Local<N>, held: &[bool; N], damping: f64) -> Option<[f64; N]> {
    let gradient = from_fn(|i| if held[i] { 0.0 } else { local.gradient[i] });
    Some(times(&inverse(&local.hessian, held, damping)?, &gradient))
}

/// The product of a square matrix and a vector.
fn times<const N: usize>(matrix: &[[f64; N]; N], vector: &[f64; N]) -> [f64; N] {
    from_fn(|i| (0..N).map(|j| matrix[i][j] * vector[j]).sum())
}

/// The inverse of `damping − hessian` over the directions that are not held, with zeros elsewhere; `None` unless it is positive definite
/// and well enough conditioned for the inverse to mean something.
pub(crate) fn inverse<const N: usize>(hessian: &[[f64; N]; N], held: &[bool; N], damping: f64) -> Option<[[f64; N]; N]> {
    let entry = |i: usize, j: usize| match (held[i] || held[j], i == j) {
        (true, same) => f64::from(u8::from(same)),
        (false, same) => f64::from(u8::from(same)) * damping - hessian[i][j],
    };
    // Cholesky: the matrix is lower · lowerᵀ.
    let mut lower = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let rest = entry(i, j) - (0..j).map(|k| lower[i][k] * lower[j][k]).sum::<f64>();
            if i == j {
                // Also false for a NaN.
                let good = rest.is_finite() && rest > 1e-14 * entry(i, i).abs() && rest > 1e-300;
                if !good {
                    return None;
                }
                lower[i][i] = libm::sqrt(rest);
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    let mut columns = [[0.0; N]; N];
    for (at, column) in columns.iter_mut().enumerate() {
        for i in 0..N {
            let known: f64 = (0..i).map(|k| lower[i][k] * column[k]).sum();
            column[i] = (f64::from(u8::from(i == at)) - known) / lower[i][i];
        }
        for i in (0..N).rev() {
            let known: f64 = (i + 1..N).map(|k| lower[k][i] * column[k]).sum();
            column[i] = (column[i] - known) / lower[i][i];
        }
    }
    Some(from_fn(|i| from_fn(|j| if held[i] || held[j] { 0.0 } else { columns[i][j] })))
}
