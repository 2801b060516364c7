use serde::{Deserialize, Serialize};

/// How a quantile is computed from a sample: the nine definitions of Hyndman and Fan, *Sample Quantiles in Statistical Packages* (1996).
///
/// The definitions differ by less than the gap between two neighbouring values, but a customer in that gap is graded by it, so it is
/// always named. R (type 7), numpy and pandas use [`Linear`](Quantile::Linear) unless told otherwise.
#[doc(alias = "分位数")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantile {
    /// Type 1: the smallest value that at least the share reaches; always an observed value.
    InvertedCdf,
    /// Type 2: as type 1, the mean of two neighbours where the share falls between them.
    AveragedInvertedCdf,
    /// Type 3: the nearest observation, the even one of two.
    ClosestObservation,
    /// Type 4: linear interpolation of the empirical distribution function.
    InterpolatedInvertedCdf,
    /// Type 5: piecewise linear with knots at the middles of the steps (Hazen).
    Hazen,
    /// Type 6: by expected order statistics of the uniform distribution (Weibull).
    Weibull,
    /// Type 7: linear interpolation between order statistics, the first at 0 and the last at 1.
    Linear,
    /// Type 8: approximately median-unbiased, whatever the distribution.
    MedianUnbiased,
    /// Type 9: approximately unbiased for normal samples.
    NormalUnbiased,
}

/// A place between two order statistics: `x[rank] + (x[rank + 1] − x[rank]) · part / whole`, ranks counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) rank: usize,
    pub(super) part: u64,
    pub(super) whole: u64,
}

impl Quantile {
    /// Where the `k/q` quantile of `n` sorted values lies (`n > 0`, `0 < k < q ≤ 100`).
    pub(super) fn place(self, n: usize, k: usize, q: usize) -> Place {
        // Positions count from 1 and are kept as `position / whole`; α and β in 24ths serve all continuous types.
        let wide = |x: usize| x as u128;
        let (n, k, q) = (wide(n), wide(k), wide(q));
        let continuous = |alpha: u128, beta: u128| {
            let position = 24 * n * k + alpha * q + (24 * k - alpha * k) - beta * k;
            interpolated(position, 24 * q, n)
        };
        match self {
            Quantile::AveragedInvertedCdf if (n * k).is_multiple_of(q) => interpolated(2 * (n * k / q) + 1, 2, n),
            Quantile::InvertedCdf | Quantile::AveragedInvertedCdf => observed((n * k).div_ceil(q), n),
            Quantile::ClosestObservation => {
                // np rounded to the nearest, a half to the even one.
                let (below, rest) = (n * k / q, 2 * (n * k % q));
                let up = rest > q || (rest == q && below % 2 == 1);
                observed(below + u128::from(up), n)
            }
            Quantile::InterpolatedInvertedCdf => continuous(0, 24),
            Quantile::Hazen => continuous(12, 12),
            Quantile::Weibull => continuous(0, 0),
            Quantile::Linear => continuous(24, 24),
            Quantile::MedianUnbiased => continuous(8, 8),
            Quantile::NormalUnbiased => continuous(9, 9),
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Quantile::InvertedCdf => "inverted-cdf",
            Quantile::AveragedInvertedCdf => "averaged-inverted-cdf",
            Quantile::ClosestObservation => "closest-observation",
            Quantile::InterpolatedInvertedCdf => "interpolated-inverted-cdf",
            Quantile::Hazen => "hazen",
            Quantile::Weibull => "weibull",
            Quantile::Linear => "linear",
            Quantile::MedianUnbiased => "median-unbiased",
            Quantile::NormalUnbiased => "normal-unbiased",
        }
    }
}

/// An order statistic, counted from 1; beyond the ends, the end.
fn observed(rank: u128, n: u128) -> Place {
    Place { rank: narrow(rank.clamp(1, n) - 1), part: 0, whole: 1 }
}

/// A position between order statistics, counted from 1; beyond the ends, the end.
fn interpolated(position: u128, whole: u128, n: u128) -> Place {
    if position <= whole {
        return observed(1, n);
    }
    if position >= n * whole {
        return observed(n, n);
    }
    let small = |x: u128| u64::try_from(x).unwrap_or(u64::MAX);
    Place { rank: narrow(position / whole - 1), part: small(position % whole), whole: small(whole) }
}

fn narrow(rank: u128) -> usize {
    // Below the length of a slice.
    usize::try_from(rank).unwrap_or(usize::MAX)
}
