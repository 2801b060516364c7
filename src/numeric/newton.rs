use alloc::{vec, vec::Vec};

/// A function at a point, with its first and second derivatives.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) hessian: Vec<Vec<f64>>,
}

impl Local {
    pub(crate) fn zero(coordinates: usize) -> Local {
        Local { value: 0.0, gradient: vec![0.0; coordinates], hessian: vec![vec![0.0; coordinates]; coordinates] }
    }

    /// Adds another.
    pub(crate) fn add(&mut self, other: &Local) {
        self.value += other.value;
        self.gradient.iter_mut().zip(&other.gradient).for_each(|(g, add)| *g += add);
        let rows = self.hessian.iter_mut().zip(&other.hessian);
        rows.for_each(|(row, more)| row.iter_mut().zip(more).for_each(|(h, add)| *h += add));
    }

    /// The function divided by a number.
    pub(crate) fn divided_by(mut self, number: f64) -> Local {
        self.value /= number;
        self.gradient.iter_mut().for_each(|g| *g /= number);
        self.hessian.iter_mut().flatten().for_each(|h| *h /= number);
        self
    }
}

/// Where a function is greatest within its bounds.
#[derive(Clone, Debug)]
pub(crate) struct Optimum {
    pub(crate) at: Vec<f64>,
    pub(crate) local: Local,
    /// The largest derivative along a direction that is not held at a bound.
    pub(crate) gradient: f64,
    /// What the function still gains on the way to the top, by its curvature: half the Newton decrement. Infinite unless it is concave.
    pub(crate) gain: f64,
    /// Directions held at a bound, because the function still grows beyond it.
    pub(crate) held: Vec<bool>,
    pub(crate) iterations: u32,
}

/// Climbs from a start by Newton's method, damped where the function is not concave (Levenberg 1944), within bounds. The best point
/// found; whether it is a maximum is for the caller to judge by its gradient and its gain.
pub(crate) fn maximise(f: impl Fn(&[f64]) -> Local, start: &[f64], bounds: &[(f64, f64)]) -> Optimum {
    const MOST: u32 = 500;
    let judged = |at: Vec<f64>, local: Local, iterations| {
        let held = |((at, g), (low, high)): ((&f64, &f64), &(f64, f64))| (at <= low && *g <= 0.0) || (at >= high && *g >= 0.0);
        let held: Vec<bool> = at.iter().zip(&local.gradient).zip(bounds).map(held).collect();
        let gradient = local.gradient.iter().zip(&held).filter(|(_, held)| !**held).map(|(g, _)| g.abs()).fold(0.0, f64::max);
        Optimum { at, local, gradient, gain: f64::INFINITY, held, iterations }
    };
    let mut best = judged(start.to_vec(), f(start), 0);
    let mut damping = 0.0;
    // Beyond this, a step no longer changes a single digit.
    while best.iterations < MOST && best.gradient > 1e-14 && damping < 1e12 {
        best.iterations += 1;
        let step = step(&best.local, &best.held, damping);
        let promise = step.as_ref().map_or(f64::INFINITY, |step| half_product(step, &best.local.gradient));
        let step = step.map(|step| {
            let longest = step.iter().fold(0.0, |most: f64, s| most.max(s.abs()));
            let shrink = if longest > 2.0 { 2.0 / longest } else { 1.0 };
            let moved = best.at.iter().zip(&step).zip(bounds);
            moved.map(|((at, step), (low, high))| (at + shrink * step).clamp(*low, *high)).collect::<Vec<f64>>()
        });
        let next = step.map(|at| {
            let local = f(&at);
            judged(at, local, best.iterations)
        });
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
            // What a step promises, and a shorter one even less, is lost in rounding.
            None if promise < noise => break,
            None => damping = f64::max(10.0 * damping, 1e-9),
        }
    }
    if let Some(step) = step(&best.local, &best.held, 0.0) {
        best.gain = half_product(&step, &best.local.gradient);
    }
    best
}

/// What a step gains by the curvature of the ground.
fn half_product(step: &[f64], gradient: &[f64]) -> f64 {
    step.iter().zip(gradient).map(|(s, g)| s * g).sum::<f64>() / 2.0
}

fn step(local: &Local, held: &[bool], damping: f64) -> Option<Vec<f64>> {
    let inverse = inverse(&local.hessian, held, damping)?;
    // The inverse is zero where a direction is held.
    Some(inverse.iter().map(|row| row.iter().zip(&local.gradient).map(|(m, g)| m * g).sum()).collect())
}

/// The inverse of `damping − hessian` over the directions that are not held, with zeros elsewhere; `None` unless it is positive definite
/// and well enough conditioned for the inverse to mean something.
pub(crate) fn inverse(hessian: &[Vec<f64>], held: &[bool], damping: f64) -> Option<Vec<Vec<f64>>> {
    let size = held.len();
    let entry = |i: usize, j: usize| match (held[i] || held[j], i == j) {
        (true, same) => f64::from(u8::from(same)),
        (false, same) => f64::from(u8::from(same)) * damping - hessian[i][j],
    };
    let lower = cholesky(size, entry, 1e-14)?;
    let mut columns = vec![vec![0.0; size]; size];
    for (at, column) in columns.iter_mut().enumerate().filter(|(at, _)| !held[*at]) {
        for i in 0..size {
            let known: f64 = (0..i).map(|k| lower[i][k] * column[k]).sum();
            column[i] = (f64::from(u8::from(i == at)) - known) / lower[i][i];
        }
        for i in (0..size).rev() {
            let known: f64 = (i + 1..size).map(|k| lower[k][i] * column[k]).sum();
            column[i] = (column[i] - known) / lower[i][i];
        }
    }
    Some(columns)
}

/// Whether a matrix could be such an inverse: symmetric by what stands below its diagonal, and positive definite over the directions in
/// which it is not zero.
pub(crate) fn is_inverse(rows: &[Vec<f64>]) -> bool {
    let held: Vec<bool> = rows.iter().map(|row| row.iter().all(|entry| *entry == 0.0)).collect();
    let entry = |i: usize, j: usize| if held[i] && i == j { 1.0 } else { rows[i][j] };
    cholesky(rows.len(), entry, 0.0).is_some()
}

/// The lower triangle whose product with its transpose is a symmetric matrix; `None` where a pivot is not above this part of its entry.
fn cholesky(size: usize, entry: impl Fn(usize, usize) -> f64, least: f64) -> Option<Vec<Vec<f64>>> {
    let mut lower = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let rest = entry(i, j) - (0..j).map(|k| lower[i][k] * lower[j][k]).sum::<f64>();
            if i == j {
                // Also false for a NaN.
                let good = rest.is_finite() && rest > least * entry(i, i).abs() && rest > 1e-300;
                if !good {
                    return None;
                }
                lower[i][i] = libm::sqrt(rest);
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    Some(lower)
}
