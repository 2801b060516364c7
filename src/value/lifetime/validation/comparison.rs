use super::{LikelihoodRatio, ValidationError, likelihood_ratio::special_case};
use crate::value::lifetime::{Family, Fit, GapCounts, LifetimeError, PurchaseCounts, PurchaseModel, TimeUnit};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A fit, and the family it was made for: a fit that ends in a simpler model does not say any more which family was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub(super) family: Family,
    pub(super) fit: Fit<PurchaseModel>,
}

impl Candidate {
    /// Fits a family.
    ///
    /// # Errors
    /// As [`PurchaseModel::fit`].
    pub fn fit(family: Family, counts: &PurchaseCounts, unit: TimeUnit) -> Result<Candidate, LifetimeError> {
        Ok(Candidate { family, fit: PurchaseModel::fit(family, counts, unit)? })
    }

    /// A fit that was made for a family.
    ///
    /// # Errors
    /// [`ValidationError::WrongFamily`] if the fitted model is none of the family, nor a special case of it.
    pub fn new(family: Family, fit: Fit<PurchaseModel>) -> Result<Candidate, ValidationError> {
        let found = fit.model().family();
        if found != family && !special_case(found, family) {
            return Err(ValidationError::WrongFamily { expected: family, found });
        }
        Ok(Candidate { family, fit })
    }

    /// The family that was asked for.
    pub const fn family(&self) -> Family {
        self.family
    }

    /// The fit.
    pub const fn as_fit(&self) -> &Fit<PurchaseModel> {
        &self.fit
    }
}

/// What fits are ranked by; the smaller, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// Akaike's information criterion, for the best forecasts.
    Aic,
    /// The Bayesian information criterion, for the model most probably true.
    Bic,
}

/// Several families fitted on one table, ranked by an information criterion.
///
/// ```
/// use customer_value::value::lifetime::{Family, PurchaseCounts, Summary, TimeUnit, validation::{Comparison, Criterion}};
///
/// let mut counts = PurchaseCounts::new();
/// for (x, t_x, t, customers) in [
///     (0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 60, 268, 5), (2, 213, 272, 6), (4, 250, 265, 4), (9, 120, 270, 2),
/// ] {
///     counts.push(Summary::new(x, t_x, t)?, customers)?;
/// }
/// let families = [Family::Nbd, Family::BgNbd, Family::MbgNbd];
/// let comparison = Comparison::fit(&families, &counts, None, TimeUnit::WEEK, Criterion::Aic)?;
/// let first = &comparison.ranked()[0];
/// assert!(first.behind == 0.0 && first.rank == 1 && first.weight > 1.0 / 3.0);
/// assert!(comparison.failed().is_empty());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "model selection")]
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    criterion: Criterion,
    ranked: Vec<Ranked>,
    failed: Vec<(Family, LifetimeError)>,
}

/// A family in a [`Comparison`].
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The family and its fit.
    pub candidate: Candidate,
    /// Its place, from 1; families that do equally well share one.
    pub rank: u32,
    /// The log-likelihood: with gaps, that of all purchase days.
    pub log_likelihood: f64,
    /// Akaike's information criterion.
    pub aic: f64,
    /// The Bayesian information criterion.
    pub bic: f64,
    /// By how much the criterion is above the smallest.
    pub behind: f64,
    /// `exp(−behind/2)`, as a share of the sum over all families (Akaike weights): how probably this is the best of them.
    pub weight: f64,
}

impl Ranked {
    fn of(candidate: Candidate, gaps: Option<&GapCounts>) -> Ranked {
        let fit = &candidate.fit;
        let more = gaps.map_or(0.0, |gaps| gaps.log_likelihood(candidate.family.regularity(), fit.model().unit()));
        let (log_likelihood, aic, bic) = (fit.log_likelihood() + more, fit.aic() - 2.0 * more, fit.bic() - 2.0 * more);
        Ranked { candidate, rank: 1, log_likelihood, aic, bic, behind: 0.0, weight: 1.0 }
    }

    const fn by(&self, criterion: Criterion) -> f64 {
        match criterion {
            Criterion::Aic => self.aic,
            Criterion::Bic => self.bic,
        }
    }
}

impl Comparison {
    /// Fits the families, each once however often it is named, and ranks them. A family whose fit fails does not stop the others.
    ///
    /// # Errors
    /// [`ValidationError::NoModels`] without families; [`ValidationError::NeedsGaps`] for families of different regularity without the gaps
    /// of the same customers; [`ValidationError::GapsOfOthers`] if there are not as many gaps as repeat purchases.
    pub fn fit(
        families: &[Family],
        counts: &PurchaseCounts,
        gaps: Option<&GapCounts>,
        unit: TimeUnit,
        criterion: Criterion,
    ) -> Result<Comparison, ValidationError> {
        let mut families = families.to_vec();
        families.sort_unstable();
        families.dedup();
        let first = families.first().ok_or(ValidationError::NoModels)?.regularity();
        match (gaps, families.iter().map(|family| family.regularity()).find(|k| *k != first)) {
            (None, Some(other)) => return Err(ValidationError::NeedsGaps(first, other)),
            (Some(gaps), _) => {
                let repeats = counts.rows().map(|(s, customers)| u128::from(s.x()) * u128::from(customers)).sum();
                if u128::from(gaps.total()) != repeats {
                    return Err(ValidationError::GapsOfOthers { gaps: gaps.total(), repeats });
                }
            }
            (None, None) => {}
        }
        let (mut ranked, mut failed) = (Vec::new(), Vec::new());
        for family in families {
            match Candidate::fit(family, counts, unit) {
                Ok(candidate) => ranked.push(Ranked::of(candidate, gaps)),
                Err(error) => failed.push((family, error)),
            }
        }
        // A stable sort: families that do equally well stay in the order of families.
        ranked.sort_by(|a, b| a.by(criterion).total_cmp(&b.by(criterion)));
        let best = ranked.first().map_or(0.0, |first| first.by(criterion));
        let (mut rank, mut place, mut last, mut sum) = (1, 0, best, 0.0);
        for one in &mut ranked {
            place += 1;
            let value = one.by(criterion);
            if value.total_cmp(&last) == Ordering::Greater {
                (rank, last) = (place, value);
            }
            (one.rank, one.behind) = (rank, value - best);
            one.weight = libm::exp(-one.behind / 2.0);
            sum += one.weight;
        }
        for one in &mut ranked {
            one.weight /= sum;
        }
        Ok(Comparison { criterion, ranked, failed })
    }

    /// What the families are ranked by.
    pub const fn criterion(&self) -> Criterion {
        self.criterion
    }

    /// The families, the best first.
    pub fn ranked(&self) -> &[Ranked] {
        &self.ranked
    }

    /// The families that could not be fitted, and why.
    pub fn failed(&self) -> &[(Family, LifetimeError)] {
        &self.failed
    }

    /// The candidate of a family; `None` if it was not fitted.
    pub fn candidate(&self, family: Family) -> Option<&Candidate> {
        self.ranked.iter().map(|one| &one.candidate).find(|candidate| candidate.family == family)
    }

    /// Every likelihood-ratio test among the families: each special case against each general one.
    ///
    /// # Errors
    /// [`ValidationError::LessLikely`], as [`LikelihoodRatio::between`].
    pub fn likelihood_ratios(&self) -> Result<Vec<LikelihoodRatio>, ValidationError> {
        let mut tests = Vec::new();
        for simple in &self.ranked {
            for rich in &self.ranked {
                if special_case(simple.candidate.family, rich.candidate.family) {
                    tests.push(LikelihoodRatio::between(&simple.candidate, &rich.candidate)?);
                }
            }
        }
        tests.sort_by_key(|test| (test.simple(), test.rich()));
        Ok(tests)
    }
}
