use super::{
    Alternatives, Anchors, Exact, Outside, Ranking, RankingError,
    exact::{of_ratio, part},
    standing::rising,
};
use alloc::vec::Vec;
use num_rational::BigRational;

/// The weighted distance from the best point within fixed bounds (SPOTIS), exactly: 0 for who has the best of everything, 1 for who has
/// the worst; smaller is better.
///
/// `d = Σ w·|x − best| / |worst − best|`. The bounds are fixed beforehand, so that an alternative's distance depends on nobody else, and
/// no order turns round when another one comes. It is linear: one criterion makes up for another.
///
/// Source: Dezert, Tchamova, Han and Tacnet, The SPOTIS Rank Reversal Free Method for Multi-Criteria Decision-Making Support (2020).
///
/// # Errors
/// [`NoAnchor`](RankingError::NoAnchor), [`NoCriterion`](RankingError::NoCriterion) and
/// [`AgainstDirection`](RankingError::AgainstDirection) where the anchors are not those of the criteria, and
/// [`Outside`](RankingError::Outside) for a value of 11 where the anchor ends at 10, if those are refused.
pub fn spotis(alternatives: &Alternatives, anchors: &Anchors, outside: Outside) -> Result<Ranking<Exact>, RankingError> {
    let (anchors, rows) = anchors.apply(alternatives, outside)?;
    let distance = |row: &Vec<_>| {
        let terms = row.iter().zip(&anchors).zip(&alternatives.criteria);
        let terms = terms
            .map(|((value, anchor), criterion)| of_ratio(criterion.weight) * part(*value, anchor.best, anchor.worst, anchor.best));
        Exact(terms.sum::<BigRational>())
    };
    Ok(rising(alternatives.names(), rows.iter().map(distance).collect(), Vec::new()))
}
