use super::{
    Cause, ComparisonError, FactChange, LevelChange, ScoreChange,
    account::Account,
    cause::{causes, facts, levels, scores},
};
use crate::reason::{Conclusion, Decision, Language, ModelId};
use alloc::{string::String, vec::Vec};
use chrono::NaiveDate;

/// What changed for one customer between two decisions by the same model: dimension by dimension, and what moved the grade.
///
/// ```
/// use customer_value::{quantity::*, reason::Language, score::Cutpoints, tier::{*, comparison::Drift}, value::*};
///
/// # let name = |text| Name::new(text);
/// # let sales = Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Count)?;
/// # let axis = Axis { of: name("sales")?, cutpoints: Cutpoints::new(vec![10.into()], Ties::ToUpper)? };
/// # let grid = Grid::new(GradeSet::letters(2)?, vec![axis], vec![name("B")?, name("A")?])?;
/// # let model = GradeModel::new(name("m")?, vec![sales], vec![], grid, vec![])?;
/// // A model that gives A from ten sales on.
/// let march = model.grade(&FactSheet::new().with("sales", Quantity::count(8))?, "2011-03-31".parse()?)?;
/// let june = model.grade(&FactSheet::new().with("sales", Quantity::count(12))?, "2011-06-30".parse()?)?;
/// let drift = Drift::between(&march, &june)?;
/// assert_eq!(drift.explain(Language::English), "sales level 1 (8) → level 2 (12)\nbefore the rules, grade B → A\n");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户价值变化")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift<T> {
    /// The model that decided both times.
    pub model: ModelId,
    /// The day of the first decision.
    pub from: NaiveDate,
    /// The day of the second.
    pub to: NaiveDate,
    /// What was decided first.
    pub before: T,
    /// What was decided then.
    pub after: T,
    /// The facts that changed, whether they matter or not, in the order in which they are read.
    pub facts: Vec<FactChange>,
    /// The scores that changed, with the terms that changed: value, level and points. The differences of the terms add up exactly.
    pub scores: Vec<ScoreChange>,
    /// The axes of the grid on which the value or the level changed.
    pub levels: Vec<LevelChange>,
    /// What moved the grade; empty if it is the same, and for decisions that are no grades.
    pub causes: Vec<Cause>,
}

impl<T: Conclusion + Clone + PartialEq> Drift<T> {
    /// Compares two decisions, on a customer's grade or score; the second may be of the same day.
    ///
    /// # Errors
    /// [`OtherModel`](ComparisonError::OtherModel) if two models decided; [`Backwards`](ComparisonError::Backwards);
    /// [`Unsound`](ComparisonError::Unsound) if one of them does not verify; [`OtherSteps`](ComparisonError::OtherSteps) if the two do not
    /// go through the same steps, as decisions by one model do.
    pub fn between(before: &Decision<T>, after: &Decision<T>) -> Result<Drift<T>, ComparisonError> {
        if before.model != after.model {
            return Err(ComparisonError::OtherModel { expected: before.model.clone(), found: after.model.clone() });
        }
        if after.as_of < before.as_of {
            return Err(ComparisonError::Backwards { before: before.as_of, after: after.as_of });
        }
        for decision in [before, after] {
            decision.verify().map_err(|why| ComparisonError::Unsound { as_of: decision.as_of, why })?;
        }
        let (first, second) = (Account::of(&before.reasons), Account::of(&after.reasons));
        if !first.is_like(&second) {
            return Err(ComparisonError::OtherSteps(after.as_of));
        }
        Ok(Drift {
            model: before.model.clone(),
            from: before.as_of,
            to: after.as_of,
            before: before.value.clone(),
            after: after.value.clone(),
            facts: facts(&first, &second),
            scores: scores(&first, &second),
            levels: levels(&first, &second),
            causes: if before.value == after.value { Vec::new() } else { causes(&first, &second, &|_| false) },
        })
    }

    /// The causes in words, one a line.
    pub fn explain(&self, language: Language) -> String {
        let mut out = String::new();
        for cause in &self.causes {
            out.push_str(&cause.in_words(language));
            out.push('\n');
        }
        out
    }
}
