use crate::{
    score::{Score, ScoreError, ScoreModel},
    value::Facts,
};
use alloc::vec::Vec;
use chrono::NaiveDate;

/// The places that a prospect can take in a ranking by fit, as far as facts are missing. 1 is the best; equal scores share a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The score if every missing fact is as bad as it can be.
    pub worst: Score,
    /// The score if every missing fact is as good as it can be.
    pub best: Score,
    /// The place if all goes well for this prospect and badly for all others.
    pub first: usize,
    /// The place if all goes badly for this prospect and well for all others.
    pub last: usize,
}

/// Ranks prospects by how well they fit; the answers come in the order of the prospects.
///
/// What fits, the score model says: its terms are facts that can be known before anybody has bought. A prospect of whom little is known
/// has a range of places instead of a made-up one.
///
/// ```
/// use customer_value::{
///     quantity::{Name, Quantity, Unit}, score::{Missing, Scale, ScoreModel, Term}, tier::segments::rank,
///     value::{Dimension, Direction::HigherIsBetter, FactSheet, Family},
/// };
///
/// let share = |name, family, weight: &str| Ok::<_, Box<dyn core::error::Error>>(Term {
///     dimension: Dimension::new(name, family, HigherIsBetter, Unit::Number)?,
///     weight: weight.parse()?,
///     scale: Scale::Range { worst: 0.into(), best: 1.into() },
///     missing: Missing::Bounds,
/// });
/// let fit = ScoreModel::new(Name::new("fit")?, 2, vec![
///     share("need", Family::Economic, "0.7")?, share("reach", Family::Latent, "0.3")?,
/// ])?;
/// let prospect = |need: &str| Ok::<_, Box<dyn core::error::Error>>(FactSheet::new().with("need", Quantity::number(need.parse()?))?);
/// let known = |need: &str, reach: &str| Ok::<_, Box<dyn core::error::Error>>(
///     prospect(need)?.with("reach", Quantity::number(reach.parse()?))?);
///
/// let places = rank(&fit, &[known("1", "1")?, known("0.2", "0")?, prospect("0.8")?, prospect("0.6")?], "2024-06-30".parse()?)?;
/// let ranges: Vec<_> = places.iter().map(|p| (p.first, p.last)).collect();
/// assert_eq!(ranges, [(1, 1), (4, 4), (2, 3), (2, 3)]); // nobody has asked the last two how far they reach
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// The errors of [`ScoreModel::bounds`], of the first prospect that has one.
#[doc(alias = "客户识别")]
#[doc(alias = "目标客户识别")]
pub fn rank(fit: &ScoreModel, prospects: &[impl Facts], as_of: NaiveDate) -> Result<Vec<Place>, ScoreError> {
    let mut ends = Vec::with_capacity(prospects.len());
    for prospect in prospects {
        let bounds = fit.bounds(prospect, as_of)?;
        ends.push((bounds.worst.value, bounds.best.value));
    }
    let sorted = |end: fn(&(Score, Score)) -> Score| {
        let mut scores: Vec<Score> = ends.iter().map(end).collect();
        scores.sort_unstable();
        scores
    };
    let (worst_of_all, best_of_all) = (sorted(|e| e.0), sorted(|e| e.1));
    let above = |scores: &[Score], score: Score| scores.len() - scores.partition_point(|other| *other <= score);
    let place = |&(worst, best): &(Score, Score)| {
        // A prospect whose own best is above his own worst is not ahead of himself.
        let ahead_at_best = above(&best_of_all, worst) - usize::from(best > worst);
        Place { worst, best, first: 1 + above(&worst_of_all, best), last: 1 + ahead_at_best }
    };
    Ok(ends.iter().map(place).collect())
}
