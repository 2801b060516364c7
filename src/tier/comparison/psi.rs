use super::ComparisonError;
use crate::{
    money::Ratio,
    score::Cutpoints,
    tier::{Grade, GradeSet, TierError},
};
use alloc::{vec, vec::Vec};
use rust_decimal::Decimal;

/// The population stability index: how far a distribution over bins has shifted, Σ (p − q) · ln (p / q) over the shares before and after.
///
/// It is symmetric, and the symmetrised divergence of Kullback and Leibler (1951); the name and the usual [`Bands`] are those of credit
/// scoring (Siddiqi 2006, *Credit Risk Scorecards*). A bin that is empty on one side only makes it infinite, and that is what it says: no
/// small number is put in its place. A bin that is empty on both sides counts for nothing.
///
/// ```
/// use customer_value::tier::comparison::{Band, Bands, Psi};
///
/// let psi = Psi::between(&[50, 30, 20], &[40, 30, 30])?;
/// assert!((psi.index().unwrap() - 0.062_86).abs() < 1e-5); // 0.1 · ln 1.25 + 0.1 · ln 1.5
/// assert_eq!(psi.band(Bands::SIDDIQI), Band::Stable);
///
/// let nobody_left = Psi::between(&[50, 30, 20], &[70, 30, 0])?;
/// assert_eq!((nobody_left.index(), nobody_left.one_sided().collect()), (None, vec![2]));
/// assert_eq!(nobody_left.band(Bands::SIDDIQI), Band::Shifted);
/// # Ok::<(), customer_value::tier::comparison::ComparisonError>(())
/// ```
#[doc(alias = "群体稳定性指数")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Psi {
    /// Customers before and after, bin by bin.
    bins: Vec<(u64, u64)>,
    totals: (i128, i128),
}

/// Where a shift begins to matter: a rule of thumb, and so data. Another one is made with [`Bands::new`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    some: f64,
    large: f64,
}

/// How much a shift matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Below the first bound: no shift that matters.
    Stable,
    /// From the first bound up to the second: some shift, to be looked at.
    Some,
    /// Above the second bound, or infinite: another population.
    Shifted,
}

impl Bands {
    /// 0.1 and 0.25 (Siddiqi 2006).
    pub const SIDDIQI: Bands = Bands { some: 0.1, large: 0.25 };

    /// Two bounds above zero.
    ///
    /// # Errors
    /// [`BadBands`](ComparisonError::BadBands) for 0.25, 0.1, for 0 and for NaN.
    pub fn new(some: f64, large: f64) -> Result<Bands, ComparisonError> {
        let good = some > 0.0 && large > some && large.is_finite();
        if good { Ok(Bands { some, large }) } else { Err(ComparisonError::BadBands(some, large)) }
    }
}

impl Psi {
    /// The index of customers counted in the same bins before and after.
    ///
    /// # Errors
    /// [`UnequalBins`](ComparisonError::UnequalBins) for 3 bins before and 2 after; [`TooFewBins`](ComparisonError::TooFewBins) for one;
    /// [`EmptyPopulation`](ComparisonError::EmptyPopulation) if nobody is there before, or after.
    pub fn between(before: &[u64], after: &[u64]) -> Result<Psi, ComparisonError> {
        if before.len() != after.len() {
            return Err(ComparisonError::UnequalBins { before: before.len(), after: after.len() });
        }
        if before.len() < 2 {
            return Err(ComparisonError::TooFewBins(before.len()));
        }
        // A slice is too short for its numbers to outgrow 128 bits together.
        let sum = |counts: &[u64]| counts.iter().map(|&n| i128::from(n)).sum();
        let totals = (sum(before), sum(after));
        if totals.0 == 0 || totals.1 == 0 {
            return Err(ComparisonError::EmptyPopulation);
        }
        Ok(Psi { bins: before.iter().copied().zip(after.iter().copied()).collect(), totals })
    }

    /// The index over grades, of any two populations; the best grade is the first bin.
    ///
    /// # Errors
    /// [`UnknownGrade`](TierError::UnknownGrade) for a grade of another set; [`EmptyPopulation`](ComparisonError::EmptyPopulation).
    pub fn of_grades<'a>(
        grades: &GradeSet,
        before: impl IntoIterator<Item = &'a Grade>,
        after: impl IntoIterator<Item = &'a Grade>,
    ) -> Result<Psi, ComparisonError> {
        let mut counts = [vec![0; grades.best_first().len()], vec![0; grades.best_first().len()]];
        let place = |grade: &Grade| {
            let at = grades.best_first().iter().position(|g| g == grade);
            at.ok_or_else(|| TierError::UnknownGrade(grade.name().clone()))
        };
        for grade in before {
            counts[0][place(grade)?] += 1;
        }
        for grade in after {
            counts[1][place(grade)?] += 1;
        }
        Psi::between(&counts[0], &counts[1])
    }

    /// The index over bins of a score, or of any value; the lowest values are in the first bin. Usually the cuts are the deciles of the
    /// population before.
    ///
    /// # Errors
    /// [`EmptyPopulation`](ComparisonError::EmptyPopulation).
    pub fn of_values(
        cutpoints: &Cutpoints,
        before: impl IntoIterator<Item = Decimal>,
        after: impl IntoIterator<Item = Decimal>,
    ) -> Result<Psi, ComparisonError> {
        let bins = usize::from(cutpoints.bins());
        let mut counts = [vec![0; bins], vec![0; bins]];
        before.into_iter().for_each(|value| counts[0][usize::from(cutpoints.bin(value))] += 1);
        after.into_iter().for_each(|value| counts[1][usize::from(cutpoints.bin(value))] += 1);
        Psi::between(&counts[0], &counts[1])
    }

    /// The index, 0 or more; `None` if it is infinite, because a bin is empty on one side only.
    pub fn index(&self) -> Option<f64> {
        (0..self.bins.len()).try_fold(0.0, |sum, bin| Some(sum + self.contribution(bin)?))
    }

    /// What a bin adds to the index; `None` if that is infinite, or there is no such bin.
    pub fn contribution(&self, bin: usize) -> Option<f64> {
        let (p, q) = self.shares(bin)?;
        if p == q {
            return Some(0.0);
        }
        if p == Ratio::ZERO || q == Ratio::ZERO {
            return None;
        }
        let (p, q) = (p.to_f64(), q.to_f64());
        Some((p - q) * libm::log(p / q))
    }

    /// The shares of a bin before and after; `None` if there is no such bin.
    pub fn shares(&self, bin: usize) -> Option<(Ratio, Ratio)> {
        let (before, after) = self.bins.get(bin)?;
        Some((Ratio::new((*before).into(), self.totals.0).ok()?, Ratio::new((*after).into(), self.totals.1).ok()?))
    }

    /// Customers before and after, bin by bin.
    pub fn bins(&self) -> &[(u64, u64)] {
        &self.bins
    }

    /// The bins that are empty on one side only: those that make the index infinite.
    pub fn one_sided(&self) -> impl Iterator<Item = usize> {
        (0..self.bins.len()).filter(|&bin| (self.bins[bin].0 == 0) != (self.bins[bin].1 == 0))
    }

    /// In which band the index lies.
    pub fn band(&self, bands: Bands) -> Band {
        match self.index() {
            Some(index) if index < bands.some => Band::Stable,
            Some(index) if index <= bands.large => Band::Some,
            Some(_) | None => Band::Shifted,
        }
    }
}
