use crate::{money::Ratio, quantity::Name, score::ordered_sum};
use alloc::{vec, vec::Vec};
use core::fmt;
use rust_decimal::Decimal;

/// How far judgements in pairs agree with one another (Saaty 1980).
#[doc(alias = "一致性比率")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Consistency {
    /// λmax, the principal eigenvalue: the number of names where the judgements agree perfectly, more where they do not.
    pub lambda_max: f64,
    /// The consistency index CI = (λmax − n) / (n − 1).
    pub index: f64,
    /// The random index RI that it is measured in; 0 for fewer than three names, which cannot disagree.
    pub random: Decimal,
    /// The consistency ratio CR = CI / RI. Up to 0.1 is accepted by custom.
    pub ratio: f64,
}

impl Consistency {
    pub(super) const PERFECT: Consistency = Consistency { lambda_max: 0.0, index: 0.0, random: Decimal::ZERO, ratio: 0.0 };

    pub(super) fn of_size(self, size: usize) -> Consistency {
        Consistency { lambda_max: float(size), ..self }
    }

    pub(super) fn measured(lambda_max: f64, size: usize, random: Decimal) -> Consistency {
        // λmax is never below n but for the last bits.
        let index = f64::max((lambda_max - float(size)) / (float(size) - 1.0), 0.0);
        // Above zero in every table.
        let divisor = Ratio::try_from(random).map_or(f64::INFINITY, Ratio::to_f64);
        Consistency { lambda_max, index, random, ratio: index / divisor }
    }
}

/// A judgement that fits the others badly: what was judged, and what would fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// The one that is judged.
    pub of: Name,
    /// The one that it is compared with.
    pub over: Name,
    /// How many times as much it was judged to count, by each person.
    pub judged: Vec<Ratio>,
    /// What the other judgements say: the ratio of the weights that they alone would give (Harker 1987, Saaty 2003).
    pub fits: f64,
    /// The value on Saaty's scale, 1/9, 1/8 … 1 … 8, 9, that is nearest to it in proportion.
    pub nearest: Ratio,
}

impl Suspect {
    pub(super) fn new(of: Name, over: Name, judged: Vec<Ratio>, fits: f64) -> Suspect {
        // From one to the next, the border is the geometric mean: √(n(n+1)).
        let times = if fits < 1.0 { 1.0 / fits } else { fits };
        let steps = (1..=8).filter(|&n| times * times > f64::from(n * (n + 1))).count();
        let steps = i128::try_from(steps).unwrap_or(8) + 1;
        let nearest = if fits < 1.0 { Ratio::new(1, steps) } else { Ratio::new(steps, 1) };
        Suspect { of, over, judged, fits, nearest: nearest.unwrap_or(Ratio::ONE) }
    }
}

impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} over {:?}, judged ", self.of, self.over)?;
        for (at, ratio) in self.judged.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { " and " })?;
            // As people judge: 1/5, not 0.2.
            match ratio.denominator() {
                1 => write!(f, "{}", ratio.numerator())?,
                denominator if ratio.numerator() == 1 => write!(f, "1/{denominator}")?,
                _ => write!(f, "{ratio}")?,
            }
        }
        let (numerator, denominator) = (self.nearest.numerator(), self.nearest.denominator());
        write!(f, " where {:.3} would fit (nearest on the scale: ", self.fits)?;
        if denominator == 1 { write!(f, "{numerator})") } else { write!(f, "{numerator}/{denominator})") }
    }
}

/// Sizes are at most [`Pairwise::MOST`](super::Pairwise::MOST).
#[allow(clippy::cast_precision_loss)]
fn float(size: usize) -> f64 {
    size as f64
}

/// Judgements in floating point: positive, reciprocal, 1 on the diagonal.
pub(super) struct Matrix(Vec<Vec<f64>>);

impl Matrix {
    /// Every cell the geometric mean of what `cell` gives.
    pub(super) fn of_means(size: usize, cell: impl Fn(usize, usize) -> Vec<f64>) -> Matrix {
        let mean = |values: Vec<f64>| {
            if let [only] = values[..] {
                return only;
            }
            let people = float(values.len());
            libm::exp(ordered_sum(values.into_iter().map(libm::log).collect()) / people)
        };
        Matrix((0..size).map(|i| (0..size).map(|j| mean(cell(i, j))).collect()).collect())
    }

    /// The principal eigenvector, its sum one. Squaring the matrix squares the ratio of the other eigenvalues to the first, so that 48
    /// squarings settle every matrix of judgements up to 1000 (by Birkhoff's bound). All terms are positive, so that nothing cancels.
    pub(super) fn principal(&self) -> Vec<f64> {
        let mut power = self.0.clone();
        for _ in 0..48 {
            let squared = multiply(&power, &power);
            let largest = squared.iter().flatten().copied().fold(0.0, f64::max);
            let next: Vec<Vec<f64>> = squared.iter().map(|row| row.iter().map(|cell| cell / largest).collect()).collect();
            let settled = next == power;
            power = next;
            if settled {
                break;
            }
        }
        normalised(power.into_iter().map(ordered_sum).collect())
    }

    /// The principal eigenvalue: the weights add up to one, so their images add up to it.
    pub(super) fn eigenvalue(&self) -> f64 {
        ordered_sum(self.times(&self.principal()))
    }

    /// The geometric means of the rows, their sum one.
    pub(super) fn geometric(&self) -> Vec<f64> {
        let mean = |row: &Vec<f64>| libm::exp(ordered_sum(row.iter().map(|cell| libm::log(*cell)).collect()) / float(row.len()));
        normalised(self.0.iter().map(mean).collect())
    }

    /// The pairs whose judgement deviates most from the ratio of the weights, in proportion, up or down.
    pub(super) fn worst(&self, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
        let weights = self.principal();
        let deviation = |(i, j): (usize, usize)| {
            let times = self.0[i][j] * weights[j] / weights[i];
            f64::max(times, 1.0 / times)
        };
        let deviations: Vec<_> = pairs.map(|pair| (pair, deviation(pair))).collect();
        let most = deviations.iter().map(|(_, deviation)| *deviation).fold(1.0, f64::max);
        // Equal but for the last bits; and what deviates by no more than that does not deviate.
        let most = f64::max(most, 1.0 + 2e-9);
        deviations.into_iter().filter(|(_, deviation)| *deviation >= most * (1.0 - 1e-9)).map(|(pair, _)| pair).collect()
    }

    /// The ratio of two weights by all judgements but the one on this pair: it is left out, and the diagonal takes its place.
    pub(super) fn without(&self, i: usize, j: usize) -> f64 {
        let mut others = Matrix(self.0.clone());
        (others.0[i][j], others.0[j][i]) = (0.0, 0.0);
        (others.0[i][i], others.0[j][j]) = (2.0, 2.0);
        let weights = others.principal();
        weights[i] / weights[j]
    }

    fn times(&self, vector: &[f64]) -> Vec<f64> {
        self.0.iter().map(|row| ordered_sum(row.iter().zip(vector).map(|(cell, x)| cell * x).collect())).collect()
    }
}

fn multiply(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut product = vec![vec![0.0; b.len()]; a.len()];
    for (row, out) in a.iter().zip(&mut product) {
        for (column, cell) in out.iter_mut().enumerate() {
            *cell = ordered_sum(row.iter().zip(b).map(|(x, line)| x * line[column]).collect());
        }
    }
    product
}

fn normalised(weights: Vec<f64>) -> Vec<f64> {
    let total = ordered_sum(weights.clone());
    weights.into_iter().map(|weight| weight / total).collect()
}
