use super::{AnyScale, Score, ScoreError, ScoreModel};
use crate::{
    money::{Ratio, decimal},
    quantity::Name,
    reason::{Decision, ModelId},
    value::Facts,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::error::Error;
use rust_decimal::Decimal;

/// A model that a phase can have: a [`ScoreModel`] or a [`GradeModel`](crate::tier::GradeModel).
pub trait AnyModel: sealed::Sealed {
    /// What it decides.
    type Value;
    /// Why it may not be able to.
    type Error: Error + 'static;

    /// Which model this is.
    fn id(&self) -> &ModelId;

    /// Decides on a customer, with reasons.
    ///
    /// # Errors
    /// Those of [`ScoreModel::score`] or [`GradeModel::grade`](crate::tier::GradeModel::grade).
    fn decide(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Self::Value>, Self::Error>;

    /// Whether the difference between a value of this model and one of the other means something.
    fn is_comparable(&self, other: &Self) -> bool;

    /// The value as a number that is higher when it is better.
    fn height(value: &Self::Value) -> Decimal;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for ScoreModel {}

/// Two score models are comparable if their scales and weights allow the same lowest and highest score; where values are taken as they
/// are, and there is no lowest and highest, if these are of the same dimensions in both.
impl AnyModel for ScoreModel {
    type Value = Score;
    type Error = ScoreError;

    fn id(&self) -> &ModelId {
        self.id()
    }

    fn decide(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Score>, ScoreError> {
        self.score(facts, as_of)
    }

    fn is_comparable(&self, other: &ScoreModel) -> bool {
        let endless = |model: &ScoreModel| {
            let endless = model.terms().iter().filter(|t| t.scale.ends(&t.dimension).is_none());
            let mut names: Vec<Name> = endless.map(|t| t.dimension.name.clone()).collect();
            names.sort_unstable();
            names
        };
        let (ours, theirs) = (endless(self), endless(other));
        self.id() == other.id() || (ours == theirs && (!ours.is_empty() || ends(self).is_some_and(|e| ends(other) == Some(e))))
    }

    fn height(value: &Score) -> Decimal {
        value.points()
    }
}

/// The lowest and the highest score before rounding; `None` if there is none, or it outgrows 128 bits.
fn ends(model: &ScoreModel) -> Option<(Ratio, Ratio)> {
    let weighed = |weight: Ratio, level: Decimal| {
        let power = decimal::power_of_ten(u8::try_from(level.scale()).ok()?)?;
        Ratio::new(weight.numerator().checked_mul(level.mantissa())?, weight.denominator().checked_mul(power)?).ok()
    };
    let (mut worst, mut best) = (Vec::new(), Vec::new());
    for term in model.terms() {
        let (low, high) = term.scale.ends(&term.dimension)?;
        worst.push(weighed(term.weight, low)?);
        best.push(weighed(term.weight, high)?);
    }
    Some((Ratio::sum(worst).ok()?, Ratio::sum(best).ok()?))
}
