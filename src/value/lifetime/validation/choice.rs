use super::{ForecastErrors, Forecasts, Holdout, ValidationError};
use crate::value::lifetime::PurchaseModel;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Models ranked by what they said of the holdout, and why the first is the first. A model with more parameters gains nothing by them here:
/// it is asked for what it has not seen.
///
/// The order is by [`log_score`](HoldoutScore::log_score), then by mean absolute error, then by fewer parameters, and at last by the
/// parameters themselves, so that it never depends on the order of arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldoutChoice {
    ranked: Vec<HoldoutScore>,
    reason: ChosenBy,
}

/// How a model did in the holdout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HoldoutScore {
    /// The model.
    pub model: PurchaseModel,
    /// The mean over customers of the logarithm of the probability of what they did; see [`Forecasts::log_score`].
    pub log_score: f64,
    /// How far its expected purchases were from the actual ones.
    pub errors: ForecastErrors,
}

/// What put the first model before the second.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ChosenBy {
    /// There is no second.
    OnlyOne,
    /// What happened was more probable under it: its log score is so much greater, for a customer.
    LogScore(f64),
    /// With equal log scores, its mean absolute error is so much smaller.
    MeanAbsoluteError(f64),
    /// With equal scores, it has so many parameters less.
    FewerParameters(usize),
    /// Nothing that matters: the two do equally well with as many parameters.
    Tie,
}

impl HoldoutChoice {
    /// Ranks models by a table that none of them was fitted on.
    ///
    /// # Errors
    /// [`ValidationError::NoModels`] and [`ValidationError::NoCustomers`].
    pub fn among(models: &[PurchaseModel], holdout: &Holdout) -> Result<HoldoutChoice, ValidationError> {
        let score = |model: &PurchaseModel| {
            let forecasts = Forecasts::of(model, holdout)?;
            Ok(HoldoutScore { model: *model, log_score: forecasts.log_score(), errors: forecasts.errors() })
        };
        let mut ranked = models.iter().map(score).collect::<Result<Vec<_>, ValidationError>>()?;
        ranked.sort_by(order);
        let reason = match ranked.as_slice() {
            [] => return Err(ValidationError::NoModels),
            [_] => ChosenBy::OnlyOne,
            [first, second, ..] => first.before(second),
        };
        Ok(HoldoutChoice { ranked, reason })
    }

    /// The models, the best first.
    pub fn ranked(&self) -> &[HoldoutScore] {
        &self.ranked
    }

    /// What put the first before the second.
    pub const fn reason(&self) -> ChosenBy {
        self.reason
    }
}

impl HoldoutScore {
    fn before(&self, second: &HoldoutScore) -> ChosenBy {
        let parameters = |score: &HoldoutScore| score.model.parameters().len();
        let (scores, errors) = (self.log_score - second.log_score, second.errors.mean_absolute() - self.errors.mean_absolute());
        // Two impossibilities are equal, and their difference is no number.
        if scores > 0.0 {
            ChosenBy::LogScore(scores)
        } else if errors > 0.0 {
            ChosenBy::MeanAbsoluteError(errors)
        } else if parameters(self) < parameters(second) {
            ChosenBy::FewerParameters(parameters(second) - parameters(self))
        } else {
            ChosenBy::Tie
        }
    }
}

fn order(a: &HoldoutScore, b: &HoldoutScore) -> Ordering {
    let (of_a, of_b) = (a.model.parameters(), b.model.parameters());
    let values = || of_a.iter().zip(&of_b).map(|(a, b)| a.value().total_cmp(&b.value())).find(|o| o.is_ne());
    (b.log_score.total_cmp(&a.log_score))
        .then_with(|| a.errors.mean_absolute().total_cmp(&b.errors.mean_absolute()))
        .then_with(|| of_a.len().cmp(&of_b.len()))
        .then_with(|| a.model.family().cmp(&b.model.family()))
        .then_with(|| values().unwrap_or(Ordering::Equal))
        .then_with(|| a.model.unit().cmp(&b.model.unit()))
}
