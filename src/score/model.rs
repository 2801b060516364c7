use super::{AnyScale, Fitted, Missing, Scale, ScalePlan, ScoreError, Term, check_unit, term::number};
use crate::{
    money::{Ratio, Rounding},
    quantity::{Column, Fact, Name, Quantity},
    reason::{ModelId, fingerprint},
};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A frozen score model: terms whose weights add up to one.
///
/// ```
/// use customer_value::{
///     quantity::{Name, Ties, Unit, Quantity}, reason::Language,
///     score::{Cutpoints, Missing, Scale, ScoreModel, Term},
///     value::{Dimension, Direction, Facts, FactSheet, Family},
/// };
/// use chrono::NaiveDate;
///
/// let term = |name, better, unit, cuts: [i64; 2], weight: &str| {
///     Ok::<_, Box<dyn core::error::Error>>(Term {
///         dimension: Dimension::new(name, Family::Economic, better, unit)?,
///         weight: weight.parse()?,
///         scale: Scale::Bins(Cutpoints::new(cuts.map(Into::into).to_vec(), Ties::ToLower)?),
///         missing: Missing::Refuse,
///     })
/// };
/// let model = ScoreModel::new(Name::new("loyalty score")?, 2, vec![
///     term("recency", Direction::LowerIsBetter, Unit::Days, [90, 365], "1/3")?,
///     term("frequency", Direction::HigherIsBetter, Unit::Count, [1, 5], "2/3")?,
/// ])?;
///
/// let facts = FactSheet::new().with("recency", Quantity::days(30))?.with("frequency", Quantity::count(4))?;
/// let decision = model.score(&facts, NaiveDate::from_ymd_opt(2011, 12, 9).unwrap())?;
/// assert_eq!(decision.value.to_string(), "2.33"); // 3 · 1/3 + 2 · 2/3, each rounded to 2 places
/// decision.verify()?;
/// assert!(decision.explain(Language::English).contains("recency 30 is at most 90: level 3 of 3."));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "评分模型")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "Wire<S>",
    into = "Wire<S>",
    bound(serialize = "S: Clone + Serialize", deserialize = "S: Deserialize<'de> + AnyScale")
)]
pub struct ScoreModel<S = Scale> {
    id: ModelId,
    places: u8,
    terms: Vec<Term<S>>,
    /// For each term with levels that can be listed, the points of each, the worst first; empty for the others.
    pub(super) points: Vec<Vec<Decimal>>,
}

/// A score model whose scales are still to be fitted on a population.
///
/// ```
/// use customer_value::{money::Currency, quantity::{Column, Name, Ties, Unit}, score::{Missing, Quantile, ScalePlan, ScorePlan, Term},
///     value::{Dimension, Direction, Family}};
///
/// let sales = Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::GBP))?;
/// let scale = ScalePlan::Quantiles { bins: 2, quantile: Quantile::Linear, ties: Ties::ToLower };
/// let weight = "1".parse()?;
/// let plan = ScorePlan::new(Name::new("size")?, 0, vec![Term { dimension: sales, weight, scale, missing: Missing::Refuse }])?;
///
/// let values = Column::money(&[10_00, 20_00, 40_00], Currency::GBP);
/// let (model, fits) = plan.fit(|_| Some(values))?;
/// assert_eq!(fits[0].as_ref().unwrap().cutpoints.to_string(), "20 (ties to lower)");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub type ScorePlan = ScoreModel<ScalePlan>;

impl<S: AnyScale> ScoreModel<S> {
    /// A model from its terms; points have `places` decimal places.
    ///
    /// # Errors
    /// [`NoTerms`](ScoreError::NoTerms) for `[]`, [`TwiceTheDimension`](ScoreError::TwiceTheDimension),
    /// [`WeightNotPositive`](ScoreError::WeightNotPositive) for a weight of 0,
    /// [`WeightsDoNotSum`](ScoreError::WeightsDoNotSum) for 0.3 + 0.3 + 0.3, [`WeightsTooFine`](ScoreError::WeightsTooFine) for
    /// `1/1000000007` beside `1/1000000009`, [`BadPlaces`](ScoreError::BadPlaces) for 7,
    /// [`FallsAsItRises`](ScoreError::FallsAsItRises) for a dimension that is better when lower and taken as it is,
    /// [`BadRange`](ScoreError::BadRange) for a range from 0 to 0, [`BadPoints`](ScoreError::BadPoints) for two points on three levels,
    /// [`FallingPoints`](ScoreError::FallingPoints), [`BadLevels`](ScoreError::BadLevels) for a dimension with one level,
    /// [`WrongUnit`](ScoreError::WrongUnit) for a substitute in another unit, [`AbsentSubstitute`](ScoreError::AbsentSubstitute),
    /// [`BadCoverage`](ScoreError::BadCoverage) for 0, [`NoEnds`](ScoreError::NoEnds) for bounds of a value taken as it is,
    /// [`BadBins`](ScoreError::BadBins) for a plan of 1 bin.
    pub fn new(name: Name, places: u8, terms: Vec<Term<S>>) -> Result<ScoreModel<S>, ScoreError> {
        if places > 6 {
            return Err(ScoreError::BadPlaces(places));
        }
        if terms.is_empty() {
            return Err(ScoreError::NoTerms);
        }
        for (i, term) in terms.iter().enumerate() {
            let name = || term.dimension.name.clone();
            if terms[..i].iter().any(|t| t.dimension.name == term.dimension.name) {
                return Err(ScoreError::TwiceTheDimension(name()));
            }
            if term.weight <= Ratio::ZERO {
                return Err(ScoreError::WeightNotPositive { dimension: name(), weight: term.weight });
            }
            if !term.dimension.is_consistent() {
                return Err(ScoreError::BadLevels(name()));
            }
            term.scale.check(&term.dimension)?;
            match &term.missing {
                Missing::Substitute { value, .. } if number(&term.dimension, value)?.is_none() => {
                    return Err(ScoreError::AbsentSubstitute(name()));
                }
                Missing::LeaveOut { least_coverage: least } if *least <= Ratio::ZERO || *least > Ratio::ONE => {
                    return Err(ScoreError::BadCoverage { dimension: name(), least: *least });
                }
                Missing::Bounds if term.scale.ends(&term.dimension).is_none() => return Err(ScoreError::NoEnds(name())),
                Missing::Refuse | Missing::Substitute { .. } | Missing::LeaveOut { .. } | Missing::Bounds => {}
            }
        }
        let weights = || terms.iter().map(|t| t.weight);
        let sum =
            Ratio::common_denominator(weights()).and_then(|_| Ratio::sum(weights()).ok()).ok_or(ScoreError::WeightsTooFine)?;
        if sum != Ratio::ONE {
            return Err(ScoreError::WeightsDoNotSum(sum));
        }
        ScoreModel::identified(name, places, terms)
    }

    /// The model with what follows from its checked parts.
    fn identified(name: Name, places: u8, terms: Vec<Term<S>>) -> Result<ScoreModel<S>, ScoreError> {
        let points = terms.iter().map(|term| {
            let levels = term.scale.levels().into_iter();
            levels.map(|level| weigh(&term.dimension.name, term.weight, level, places)).collect()
        });
        let points = points.collect::<Result<_, _>>()?;
        let mut model = ScoreModel { id: ModelId { name, fingerprint: 0 }, places, terms, points };
        model.id.fingerprint = fingerprint(&model);
        Ok(model)
    }
}

/// Weight times level, rounded once.
pub(super) fn weigh(dimension: &Name, weight: Ratio, level: Decimal, places: u8) -> Result<Decimal, ScoreError> {
    weight.times(level, places, Rounding::HalfEven).ok_or_else(|| ScoreError::PointsOutOfRange(dimension.clone()))
}

impl<S> ScoreModel<S> {
    /// What the score is called.
    pub const fn name(&self) -> &Name {
        &self.id.name
    }

    /// Which model this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// Decimal places of the points.
    pub const fn places(&self) -> u8 {
        self.places
    }

    /// For the term at that position, the points of each level, the worst first; empty if its levels cannot be listed.
    pub(crate) fn points_by_level(&self, term: usize) -> &[Decimal] {
        &self.points[term]
    }

    /// The terms.
    pub fn terms(&self) -> &[Term<S>] {
        &self.terms
    }
}

impl ScorePlan {
    /// Fits every scale on the population and freezes the model. `column` gives the population's values in a dimension. The reports of
    /// the fitted cutpoints come in the order of the terms; look at [`Fitted::obtained`], which is less than asked where too many are
    /// equal.
    ///
    /// # Errors
    /// [`NoColumn`](ScoreError::NoColumn) if `column` gives none, [`WrongUnit`](ScoreError::WrongUnit) if it is in another unit, and the
    /// errors of [`Cutpoints::fit`](super::Cutpoints::fit).
    pub fn fit<'a>(&self, column: impl Fn(&Name) -> Option<Column<'a>>) -> Result<(ScoreModel, Vec<Option<Fitted>>), ScoreError> {
        let mut fits = Vec::with_capacity(self.terms.len());
        let mut terms = Vec::with_capacity(self.terms.len());
        for Term { dimension, weight, scale, missing } in &self.terms {
            let values = column(&dimension.name).ok_or_else(|| ScoreError::NoColumn(dimension.name.clone()))?;
            check_unit(dimension, values.unit)?;
            let (scale, fitted) = scale.fit(&values)?;
            fits.push(fitted);
            terms.push(Term { dimension: dimension.clone(), weight: *weight, scale, missing: missing.clone() });
        }
        Ok((ScoreModel::identified(self.name().clone(), self.places, terms)?, fits))
    }
}

/// The model whole, one term a line: what its fingerprint is taken of.
impl<S: fmt::Display> fmt::Display for ScoreModel<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "score {:?}, {} places", self.id.name, self.places)?;
        for Term { dimension, weight, scale, missing } in &self.terms {
            write!(f, "  {weight} × {dimension}: {scale}")?;
            match missing {
                Missing::Refuse => writeln!(f)?,
                Missing::Substitute { value: Fact::Known(Quantity { value, unit }), because } => {
                    writeln!(f, "; if missing, {} {unit}: {because:?}", value.normalize())?;
                }
                Missing::Substitute { value, because } => writeln!(f, "; if missing, {value:?}: {because:?}")?,
                Missing::LeaveOut { least_coverage } => writeln!(f, "; if missing, left out above {least_coverage}")?,
                Missing::Bounds => writeln!(f, "; if missing, bounded")?,
            }
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ScoreModel")]
struct Wire<S> {
    name: Name,
    places: u8,
    terms: Vec<Term<S>>,
}

impl<S: AnyScale> TryFrom<Wire<S>> for ScoreModel<S> {
    type Error = ScoreError;

    fn try_from(wire: Wire<S>) -> Result<ScoreModel<S>, ScoreError> {
        ScoreModel::new(wire.name, wire.places, wire.terms)
    }
}

impl<S> From<ScoreModel<S>> for Wire<S> {
    fn from(m: ScoreModel<S>) -> Wire<S> {
        Wire { name: m.id.name, places: m.places, terms: m.terms }
    }
}
