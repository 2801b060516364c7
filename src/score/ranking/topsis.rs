use super::{
    Alternatives, Anchors, Outside, Ranking, RankingError,
    exact::{of_decimal, of_ratio, part},
    standing::falling,
};
use crate::score::ordered_sum;
use alloc::vec::Vec;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How [`topsis`] makes criteria of different units comparable. The choice can decide who wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// By the length of the column as a vector, `x / √Σx²`, as in Hwang and Yoon (1981). It depends on where the zero of a unit lies.
    Vector,
    /// Between the worst (0) and the best (1) of those present.
    MinMax,
    /// Not at all: for criteria in one unit.
    AsIs,
}

/// Closeness to the best of those present and distance from the worst (TOPSIS): `D⁻ / (D⁺ + D⁻)`, from 0 for who is worst in everything
/// to 1 for who is best in everything; larger is better. **For reports; never to grade with.**
///
/// Best and worst are taken from the alternatives at hand. So another alternative, though the worst of all, can turn the order of the
/// others round:
///
/// ```
/// use customer_value::score::ranking::{Alternatives, Normalisation, topsis};
/// # use customer_value::{quantity::Name, score::weights::Weights, value::Direction::HigherIsBetter};
/// # fn n(text: &str) -> Name { Name::new(text).unwrap() }
/// # let compare = |rows: &[(&str, i64, i64)]| Alternatives::new(
/// #     vec![(n("x"), HigherIsBetter), (n("y"), HigherIsBetter)],
/// #     &Weights::equal(&[n("x"), n("y")]).unwrap(),
/// #     rows.iter().map(|(name, x, y)| (n(name), vec![(*x).into(), (*y).into()])).collect(),
/// # );
/// let three = compare(&[("A", 9, 4), ("B", 9, 8), ("C", 4, 9)])?;
/// let ranking = topsis(&three, Normalisation::Vector)?;
/// assert_eq!(ranking.standings.iter().map(|s| s.rank).collect::<Vec<_>>(), [3, 1, 2]); // C before A
///
/// let four = compare(&[("A", 9, 4), ("B", 9, 8), ("C", 4, 9), ("D", 1, 7)])?;
/// let ranking = topsis(&four, Normalisation::Vector)?;
/// assert_eq!(ranking.standings.iter().map(|s| s.rank).collect::<Vec<_>>(), [2, 1, 3, 4]); // A before C, because of D
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// And the normalisation can decide who wins: three paths up a mountain, by risk and by the altitude that is reached (Opricovic and Tzeng
/// 2004).
///
/// ```
/// # use customer_value::score::ranking::{Alternatives, Normalisation, topsis};
/// # use customer_value::{quantity::Name, score::weights::Weights, value::Direction::{HigherIsBetter, LowerIsBetter}};
/// # fn n(text: &str) -> Name { Name::new(text).unwrap() }
/// # let row = |name, risk: i64, altitude: i64| (n(name), vec![risk.into(), altitude.into()]);
/// let paths = Alternatives::new(
///     vec![(n("risk"), LowerIsBetter), (n("altitude"), HigherIsBetter)],
///     &Weights::equal(&[n("risk"), n("altitude")])?,
///     vec![row("A1", 1, 3000), row("A2", 2, 3750), row("A3", 5, 4500)],
/// )?;
/// let winner = |normalisation| Ok::<_, Box<dyn core::error::Error>>(topsis(&paths, normalisation)?.best().next().unwrap().to_string());
/// assert_eq!(winner(Normalisation::MinMax)?, "A2");
/// assert_eq!(winner(Normalisation::Vector)?, "A1");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// [`topsis_anchored`] and [`spotis`](super::spotis) do neither. Source: Hwang and Yoon, Multiple Attribute Decision Making (1981).
///
/// # Errors
/// [`NothingDiffers`](RankingError::NothingDiffers) for a single alternative, and where all are equal.
#[doc(alias = "优劣解距离法")]
pub fn topsis(alternatives: &Alternatives, normalisation: Normalisation) -> Result<Ranking<f64>, RankingError> {
    let without = alternatives.constant()?;
    let extremes = alternatives.extremes();
    let length = |at: usize| {
        let squares = alternatives.rows.iter().map(|(_, row)| float(&of_decimal(row[at])) * float(&of_decimal(row[at])));
        match normalisation {
            Normalisation::Vector => libm::sqrt(ordered_sum(squares.collect())),
            Normalisation::MinMax | Normalisation::AsIs => 1.0,
        }
    };
    // A criterion in which all are equal is left out: its length may be zero.
    let terms: Vec<(usize, f64)> =
        (0..extremes.len()).filter(|&at| extremes[at].0 != extremes[at].1).map(|at| (at, length(at))).collect();
    let closeness = |row: &[Decimal]| {
        let gap = |at: usize, to: Decimal| {
            let weight = of_ratio(alternatives.criteria[at].weight);
            let (worst, best) = match normalisation {
                Normalisation::MinMax => extremes[at],
                Normalisation::Vector | Normalisation::AsIs => (Decimal::ZERO, Decimal::ONE),
            };
            float(&(weight * part(row[at], to, worst, best)))
        };
        let gaps = |to_best: bool| {
            let to = |at: usize| if to_best { extremes[at].1 } else { extremes[at].0 };
            terms.iter().map(|&(at, length)| gap(at, to(at)) / length).collect()
        };
        close(gaps(true), gaps(false))
    };
    Ok(falling(alternatives.names(), alternatives.rows.iter().map(|(_, row)| closeness(row)).collect(), without))
}

/// [`topsis`] between a fixed best and a fixed worst point: an alternative's closeness depends on nobody else, and no order turns round.
///
/// Every criterion is put on 0 at its worst and 1 at its best anchor, and weighted. Compared with [`spotis`](super::spotis), a balanced
/// profile loses less. In floating point.
///
/// # Errors
/// As [`spotis`](super::spotis): anchors that are not those of the criteria, and values beyond them where those are refused.
pub fn topsis_anchored(alternatives: &Alternatives, anchors: &Anchors, outside: Outside) -> Result<Ranking<f64>, RankingError> {
    let (anchors, rows) = anchors.apply(alternatives, outside)?;
    let closeness = |row: &Vec<Decimal>| {
        let gaps = |to_best: bool| {
            let terms = row.iter().zip(&anchors).zip(&alternatives.criteria);
            let gap = terms.map(|((value, anchor), criterion)| {
                let from = if to_best { anchor.best } else { anchor.worst };
                float(&(of_ratio(criterion.weight) * part(*value, from, anchor.worst, anchor.best)))
            });
            gap.collect()
        };
        close(gaps(true), gaps(false))
    };
    Ok(falling(alternatives.names(), rows.iter().map(closeness).collect(), Vec::new()))
}

/// The distance from the worst, as part of the distances from best and worst.
fn close(from_best: Vec<f64>, from_worst: Vec<f64>) -> f64 {
    let length = |gaps: Vec<f64>| libm::sqrt(ordered_sum(gaps.into_iter().map(|gap| gap * gap).collect()));
    let (best, worst) = (length(from_best), length(from_worst));
    worst / (best + worst)
}

/// The nearest floating-point number. Gaps are exact up to here, so that no gap between unequal values becomes zero.
fn float(exact: &BigRational) -> f64 {
    exact.to_f64().unwrap_or_default()
}
