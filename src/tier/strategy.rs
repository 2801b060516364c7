use super::{Grade, GradeModel, TierError};
use crate::{
    quantity::Name,
    reason::{Decision, Language, ModelId},
    score::{AnyModel, Change, ScoreModel, Sealed, Strategy, StrategyError},
    value::Facts,
};
use alloc::string::String;
use chrono::NaiveDate;
use rust_decimal::Decimal;

impl Sealed for GradeModel {}

/// Two grade models are comparable if they give the same grades: between B of three grades and B of five there is no number of steps.
impl AnyModel for GradeModel {
    type Value = Grade;
    type Error = TierError;

    fn id(&self) -> &ModelId {
        self.id()
    }

    fn decide(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Grade>, TierError> {
        self.grade(facts, as_of)
    }

    fn is_comparable(&self, other: &GradeModel) -> bool {
        self.grades() == other.grades()
    }

    fn height(value: &Grade) -> Decimal {
        -Decimal::from(value.rank())
    }
}

impl Strategy<GradeModel> {
    /// Grades a customer under the phase in force on the day.
    ///
    /// # Errors
    /// [`Before`](StrategyError::Before) and [`After`](StrategyError::After) for a day outside all phases;
    /// [`Undecided`](StrategyError::Undecided) with the errors of [`GradeModel::grade`].
    pub fn grade(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Grade>, StrategyError<TierError>> {
        self.decide(facts, as_of)
    }

    /// The same phases, with the score of that name that each model grades by: its [`change`](Strategy::change) tells what each dimension
    /// contributes. `None` if a model has no score of that name.
    pub fn of_score(&self, name: &Name) -> Option<Strategy<ScoreModel>> {
        self.with_models(|model| model.score(name).cloned())
    }
}

impl Change<Grade> {
    /// The change in words. What each dimension contributes, the change of a score tells: [`Strategy::of_score`].
    pub fn explain(&self, language: Language) -> String {
        self.tell(["grade", "grades", "等级"], &[], language)
    }
}
