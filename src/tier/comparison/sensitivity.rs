use super::{ComparisonError, RankAgreement};
use crate::{
    money::Ratio,
    quantity::Name,
    score::{Score, ScoreModel},
    tier::{Grade, GradeModel, TierError},
    value::Facts,
};
use alloc::vec::Vec;

/// What happens to a population's grades when one weight of a score is a little other: which weight matters.
///
/// Each weight is moved down and up, one at a time; the others take up the difference in proportion, in exact fractions.
///
/// ```
/// # use customer_value::{quantity::*, score::*, tier::{*, comparison::Sensitivity}, value::*};
/// # let name = |text| Name::new(text);
/// # let term = |of, weight: &str| Ok::<_, Box<dyn core::error::Error>>(Term {
/// #     dimension: Dimension::new(of, Family::Economic, Direction::HigherIsBetter, Unit::Count)?,
/// #     weight: weight.parse()?, scale: Scale::AsIs, missing: Missing::Refuse,
/// # });
/// # let score = ScoreModel::new(name("size")?, 2, vec![term("orders", "0.5")?, term("visits", "0.5")?])?;
/// # let axis = Axis { of: name("size")?, cutpoints: Cutpoints::new(vec![5.into()], Ties::ToUpper)? };
/// # let grid = Grid::new(GradeSet::letters(2)?, vec![axis], vec![name("B")?, name("A")?])?;
/// # let model = GradeModel::new(name("m")?, vec![], vec![score], grid, vec![])?;
/// // A model that gives A from five points on, a half for each of orders and visits.
/// let customer = |orders, visits| FactSheet::new().with("orders", Quantity::count(orders))?.with("visits", Quantity::count(visits));
/// let customers = [customer(4, 6)?, customer(9, 9)?, customer(1, 1)?];
/// let found = Sensitivity::of(&model, &name("size")?, "0.1".parse()?, &customers)?;
///
/// let up = &found.moves()[1]; // orders, by 0.1 up
/// assert_eq!((up.dimension.as_str(), up.weight.to_string()), ("orders", "0.6".into()));
/// assert_eq!(up.effect.as_ref().unwrap().share_changed().unwrap().to_string(), "1/3"); // 4.8 points are no A any more
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "敏感性分析")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensitivity {
    moves: Vec<WeightMove>,
}

/// One weight moved, and what that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightMove {
    /// The dimension whose weight is moved.
    pub dimension: Name,
    /// Its weight after the move; it may lie outside of what a weight can be.
    pub weight: Ratio,
    /// What the move does; `None` if it is impossible, because a weight would not stay above zero, or nobody could take up the difference.
    pub effect: Option<MoveEffect>,
}

/// What a moved weight does to a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveEffect {
    /// Customers whose grade changes.
    pub changed: usize,
    /// Customers who are graded both before and after.
    pub graded: usize,
    /// Customers who are not graded before, or not after.
    pub ungraded: usize,
    /// How well the scores before and after agree, of those who have both.
    pub ranks: RankAgreement,
}

impl MoveEffect {
    /// The share of the graded customers whose grade changes; `None` if nobody is graded.
    pub fn share_changed(&self) -> Option<Ratio> {
        Ratio::new(i128::try_from(self.changed).ok()?, i128::try_from(self.graded).ok()?).ok()
    }
}

impl Sensitivity {
    /// Moves each weight of a score by `delta`, down and up, and grades the customers again each time.
    ///
    /// # Errors
    /// [`BadDelta`](ComparisonError::BadDelta) for −0.1 and for 1; [`UnknownScore`](TierError::UnknownScore);
    /// [`TooFine`](ComparisonError::TooFine) for a `delta` of so many digits that the exact weights outgrow 128 bits; and as
    /// [`GradeModel::with_weights`] if the points of the moved model do not fit.
    pub fn of<F: Facts>(model: &GradeModel, score: &Name, delta: Ratio, customers: &[F]) -> Result<Sensitivity, ComparisonError> {
        if delta < Ratio::ZERO || delta >= Ratio::ONE {
            return Err(ComparisonError::BadDelta(delta));
        }
        let before = model.score(score).ok_or_else(|| TierError::UnknownScore(score.clone()))?;
        let known: Vec<(Option<&Grade>, Option<Score>)> =
            customers.iter().map(|facts| (model.grade_only(facts).ok(), before.score_only(facts).ok())).collect();
        let mut moves = Vec::with_capacity(2 * before.terms().len());
        for term in before.terms() {
            let dimension = &term.dimension.name;
            let too_fine = || ComparisonError::TooFine(dimension.clone());
            for by in [negative(delta).ok_or_else(too_fine)?, delta] {
                let weight = Ratio::sum([term.weight, by]).map_err(|_| too_fine())?;
                let shared = before.terms().len() > 1 && weight > Ratio::ZERO && weight < Ratio::ONE;
                let effect = if by == Ratio::ZERO || shared {
                    let weights = moved(before, dimension, weight).ok_or_else(too_fine)?;
                    Some(effect(&model.with_weights(score, weights)?, score, &known, customers))
                } else {
                    None
                };
                moves.push(WeightMove { dimension: dimension.clone(), weight, effect });
            }
        }
        Ok(Sensitivity { moves })
    }

    /// The moves: for each term of the score, in its order, down and then up.
    pub fn moves(&self) -> &[WeightMove] {
        &self.moves
    }

    /// The dimensions whose weight, when moved, changes the grades of the greatest share of customers: several if they are equal, none if
    /// no move changes a grade.
    pub fn matters_most(&self) -> Vec<&Name> {
        let share = |m: &WeightMove| m.effect.and_then(|e| e.share_changed()).filter(|share| *share > Ratio::ZERO);
        let most = self.moves.iter().filter_map(share).max();
        let mut names: Vec<&Name> =
            self.moves.iter().filter(|m| most.is_some() && share(m) == most).map(|m| &m.dimension).collect();
        names.dedup();
        names
    }
}

/// Grades and scores everybody by the moved model.
fn effect<F: Facts>(model: &GradeModel, score: &Name, known: &[(Option<&Grade>, Option<Score>)], customers: &[F]) -> MoveEffect {
    let (mut changed, mut graded) = (0, 0);
    let mut scores = Vec::with_capacity(customers.len());
    for (facts, (grade, points)) in customers.iter().zip(known) {
        if let (Some(before), Ok(after)) = (grade, model.grade_only(facts)) {
            graded += 1;
            changed += usize::from(*before != after);
        }
        let after = model.score(score).and_then(|s| s.score_only(facts).ok());
        scores.extend(points.zip(after));
    }
    MoveEffect { changed, graded, ungraded: customers.len() - graded, ranks: RankAgreement::of(scores) }
}

fn negative(ratio: Ratio) -> Option<Ratio> {
    Ratio::new(-ratio.numerator(), ratio.denominator()).ok()
}

/// All weights, one of them this, the others in the proportion they had; `None` if that outgrows 128 bits.
fn moved(score: &ScoreModel, dimension: &Name, weight: Ratio) -> Option<Vec<(Name, Ratio)>> {
    let rest = |weight: Ratio| Ratio::sum([Ratio::ONE, negative(weight)?]).ok();
    let own = score.terms().iter().find(|t| t.dimension.name == *dimension)?.weight;
    let one = |(name, old): (&Name, Ratio)| {
        let new = if name == dimension {
            weight
        } else if own == weight {
            old
        } else {
            // old · (1 − weight) / (1 − own)
            old.part_of(rest(own)?.part_of(rest(weight)?)?)?
        };
        Some((name.clone(), new))
    };
    score.terms().iter().map(|t| one((&t.dimension.name, t.weight))).collect()
}
