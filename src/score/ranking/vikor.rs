use super::{
    Alternatives, Exact, Ranking, RankingError,
    exact::{of_ratio, part},
    standing::rising,
};
use crate::{money::Ratio, quantity::Name};
use alloc::vec::Vec;
use num_rational::BigRational;
use num_traits::{One, Zero};

/// What [`vikor`] finds, exactly. In all three rankings smaller is better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vikor {
    /// S: the sum of the weighted regrets, over all criteria.
    pub sum: Ranking<Exact>,
    /// R: the largest single weighted regret.
    pub worst: Ranking<Exact>,
    /// Q: the two on one scale, 0 for the best of those present and 1 for the worst, weighed by `v`.
    pub compromise: Ranking<Exact>,
    /// Condition 1: the next after the best by Q lies behind it by at least 1/(number of alternatives − 1).
    pub acceptable_advantage: bool,
    /// Condition 2: the best by Q is the best by S or by R too.
    pub acceptable_stability: bool,
    /// The alternatives to propose: the best by Q alone where both conditions hold, else with it all those that are as good for practical
    /// purposes. In the order of the rows.
    pub proposed: Vec<Name>,
}

/// A compromise between the good of the many and the regret of the one (VIKOR): **for reports; never to grade with.** Best and worst are
/// taken from the alternatives at hand, so that another alternative can turn the order of the others round, as with
/// [`topsis`](super::topsis).
///
/// A regret is `w·(best − x)/(best − worst)`; S is their sum, R the largest, and
/// `Q = v·(S − S*)/(S⁻ − S*) + (1 − v)·(R − R*)/(R⁻ − R*)`, where a part in which all are equal is zero. `v` is the weight of the many,
/// 1/2 by custom. Where several share the best Q, condition 1 fails, and condition 2 asks it of each of them.
///
/// Source: Opricovic and Tzeng, Compromise Solution by MCDM Methods: A Comparative Analysis of VIKOR and TOPSIS (2004).
///
/// ```
/// use customer_value::{money::Ratio, quantity::Name, score::ranking::{Alternatives, vikor}, score::weights::Weights, value::Direction::*};
///
/// let n = |text| Name::new(text).unwrap();
/// let row = |name, values: [i64; 3]| (n(name), values.map(Into::into).to_vec());
/// let alternatives = Alternatives::new(
///     ["x", "y", "z"].map(|name| (n(name), HigherIsBetter)).to_vec(),
///     &Weights::parts(&[(n("x"), 3), (n("y"), 4), (n("z"), 3)])?,
///     vec![row("A1", [5, 8, 4]), row("A2", [7, 6, 8]), row("A3", [8, 8, 6]), row("A4", [7, 4, 6])],
/// )?;
/// let found = vikor(&alternatives, Ratio::new(1, 2)?)?;
/// assert_eq!(found.compromise.of("A2").unwrap().value.to_string(), "1/4");
/// assert!(!found.acceptable_advantage && found.acceptable_stability); // a quarter is less than a third
/// assert_eq!(found.proposed, ["A2", "A3"]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// [`NotAShare`](RankingError::NotAShare) for a `v` of 3/2, [`NothingDiffers`](RankingError::NothingDiffers) for a single alternative, and
/// where all are equal.
#[doc(alias = "多准则妥协解排序法")]
pub fn vikor(alternatives: &Alternatives, v: Ratio) -> Result<Vikor, RankingError> {
    if v < Ratio::ZERO || v > Ratio::ONE {
        return Err(RankingError::NotAShare(v));
    }
    let without = alternatives.constant()?;
    let extremes = alternatives.extremes();
    let regrets = |row: &Vec<_>| -> Vec<BigRational> {
        let terms = row.iter().zip(&extremes).zip(&alternatives.criteria);
        terms.map(|((value, (worst, best)), criterion)| of_ratio(criterion.weight) * part(*value, *best, *worst, *best)).collect()
    };
    let regrets: Vec<Vec<BigRational>> = alternatives.rows.iter().map(|(_, row)| regrets(row)).collect();
    let sums: Vec<BigRational> = regrets.iter().map(|row| row.iter().sum()).collect();
    let worsts: Vec<BigRational> = regrets.into_iter().map(|row| row.into_iter().max().unwrap_or_default()).collect();
    let many = of_ratio(v);
    let one = BigRational::one() - &many;
    let values = scaled(&sums).into_iter().zip(scaled(&worsts)).map(|(s, r)| &many * s + &one * r);

    let ranked = |values: Vec<BigRational>| rising(alternatives.names(), values.into_iter().map(Exact).collect(), without.clone());
    let compromise = ranked(values.collect());
    let (sum, worst) = (ranked(sums), ranked(worsts));

    let rows = alternatives.rows.len();
    let others = i128::try_from(rows - 1).ok().filter(|others| *others > 0);
    // At least two alternatives, since they differ.
    let margin = Exact(others.and_then(|others| Ratio::new(1, others).ok()).map_or_else(BigRational::one, of_ratio));
    let mut order: Vec<&Exact> = compromise.standings.iter().map(|standing| &standing.value).collect();
    order.sort_unstable();
    let (first, second) = (order[0].clone(), order[1].clone());
    let behind = |value: &Exact| Exact(&value.0 - &first.0);
    let is_best = |ranking: &Ranking<Exact>, at: usize| ranking.standings[at].rank == 1;
    let acceptable_advantage = behind(&second) >= margin;
    let acceptable_stability = (0..rows).filter(|&at| is_best(&compromise, at)).all(|at| is_best(&sum, at) || is_best(&worst, at));
    let is_proposed = |value: &Exact| match (acceptable_advantage, acceptable_stability) {
        (true, true) => *value == first,
        (true, false) => *value <= second,
        (false, _) => behind(value) < margin,
    };
    let proposed = compromise.standings.iter().filter(|standing| is_proposed(&standing.value));
    let proposed = proposed.map(|standing| standing.alternative.clone()).collect();
    Ok(Vikor { sum, worst, compromise, acceptable_advantage, acceptable_stability, proposed })
}

/// On 0 for the smallest and 1 for the largest; all zero where they are equal.
fn scaled(values: &[BigRational]) -> Vec<BigRational> {
    let (Some(low), Some(high)) = (values.iter().min(), values.iter().max()) else { return Vec::new() };
    let range = high - low;
    values.iter().map(|value| if range.is_zero() { BigRational::zero() } else { (value - low) / &range }).collect()
}
