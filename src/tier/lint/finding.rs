use crate::{
    money::{Ratio, decimal},
    quantity::Name,
    reason::ModelId,
    score::ScoreError,
    value::Family,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Something suspicious.
#[doc(alias = "模型检查")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Lint {
    /// The model has many dimensions.
    TooManyDimensions {
        /// How many.
        found: usize,
        /// How many are allowed.
        most: u8,
    },
    /// The model has many grades.
    TooManyGrades {
        /// How many.
        found: usize,
        /// How many are allowed.
        most: u8,
    },
    /// All dimensions belong to one family; if it is the economic one, high sales are taken for high value (业绩高=高价值).
    OneFamily {
        /// The family.
        family: Family,
    },
    /// One family has no dimension, while others do.
    NoFamily {
        /// The family.
        family: Family,
    },
    /// One dimension outweighs the others of its score.
    Dominated {
        /// The score.
        score: Name,
        /// The dimension.
        dimension: Name,
        /// Its weight.
        weight: Ratio,
        /// The largest allowed.
        most: Ratio,
    },
    /// No value of the dimension changes anybody's grade: its weight is too small, the cells beside each other are alike, or nothing looks
    /// at it.
    WithoutInfluence {
        /// The dimension.
        dimension: Name,
    },
    /// There can be no customer to whom the rule applies.
    NeverApplies {
        /// The rule.
        rule: Name,
    },
    /// All customers have the same value.
    Constant {
        /// The dimension.
        dimension: Name,
        /// The value.
        #[serde(with = "decimal")]
        value: Decimal,
    },
    /// Two dimensions rise and fall together, or against each other. Coefficients are rounded half even to 4 places.
    Correlated {
        /// The one listed first.
        first: Name,
        /// The other.
        second: Name,
        /// Of the values (Pearson 1895): how nearly they lie on a straight line.
        pearson: Ratio,
        /// Of the mid-ranks (Spearman 1904): how nearly they have the same order.
        spearman: Ratio,
        /// The largest allowed, without its sign.
        most: Ratio,
    },
    /// A scale or an axis has levels at which nobody is.
    EmptyLevels {
        /// The score, or the model if the level is one of the sorter's.
        within: Name,
        /// The dimension.
        dimension: Name,
        /// The number of levels.
        asked: u8,
        /// The number of levels that hold anybody.
        obtained: u8,
    },
    /// A rule decides so often that the grid hardly does.
    SwallowsGrid {
        /// The rule.
        rule: Name,
        /// Decisions in which it pinned or changed the grade.
        decided: usize,
        /// All decisions.
        of: usize,
        /// The largest share allowed.
        most: Ratio,
    },
    /// A rule applied to nobody in the sample.
    NeverApplied {
        /// The rule.
        rule: Name,
        /// All decisions.
        of: usize,
    },
    /// Nobody in the sample has the grade.
    NobodyHas {
        /// The grade.
        grade: Name,
        /// All decisions.
        of: usize,
    },
    /// Nearly everybody in the sample has the grade.
    NearlyEverybodyHas {
        /// The grade.
        grade: Name,
        /// Decisions for it.
        have: usize,
        /// All decisions.
        of: usize,
        /// The largest share allowed.
        most: Ratio,
    },
    /// A judged dimension is judged without saying on what the judgement rests.
    WithoutEvidence {
        /// The dimension.
        dimension: Name,
        /// Judgements without evidence.
        without: usize,
        /// All judgements.
        judged: usize,
        /// The largest share allowed.
        most: Ratio,
    },
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; it can be just as intended.
    Hint,
    /// Probably not what was meant.
    Warning,
    /// A part of the model does nothing.
    Fault,
}

impl Lint {
    /// How much it matters.
    pub const fn severity(&self) -> Severity {
        match self {
            Lint::NoFamily { .. } | Lint::NeverApplied { .. } | Lint::NobodyHas { .. } | Lint::EmptyLevels { .. } => Severity::Hint,
            Lint::TooManyDimensions { .. }
            | Lint::TooManyGrades { .. }
            | Lint::OneFamily { .. }
            | Lint::Dominated { .. }
            | Lint::Constant { .. }
            | Lint::Correlated { .. }
            | Lint::SwallowsGrid { .. }
            | Lint::NearlyEverybodyHas { .. }
            | Lint::WithoutEvidence { .. } => Severity::Warning,
            Lint::WithoutInfluence { .. } | Lint::NeverApplies { .. } => Severity::Fault,
        }
    }
}

/// Why a population or a sample cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LintError {
    /// A decision was made by another model.
    #[error("a decision was made by another model, {0}")]
    OtherModel(ModelId),
    /// A column does not fit its dimension.
    #[error(transparent)]
    Score(#[from] ScoreError),
}
