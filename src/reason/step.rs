use crate::{
    money::{Ratio, decimal},
    quantity::{Fact, Interval, Name, Quantity},
};
use alloc::{string::String, vec::Vec};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One step of a decision.
#[doc(alias = "理由")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Reason {
    /// A fact was read.
    Read {
        /// Which dimension it belongs to.
        dimension: Name,
        /// What was found.
        fact: Fact,
    },
    /// A missing fact was replaced, as the model declares.
    Substituted {
        /// Which dimension was missing.
        dimension: Name,
        /// What was taken instead.
        value: Quantity,
        /// Why, in the words of the model's author.
        because: Name,
    },
    /// A value was found between two cuts of a scale.
    Placed {
        /// The dimension, or the score.
        dimension: Name,
        /// Its value.
        #[serde(with = "decimal")]
        value: Decimal,
        /// The cuts around it.
        interval: Interval,
        /// The level that makes: 1 is the worst, whichever direction of the value is better.
        level: u8,
        /// The number of levels.
        of: u8,
    },
    /// A value was found at this percentile of a frozen reference sample.
    Ranked {
        /// The dimension.
        dimension: Name,
        /// Its value.
        #[serde(with = "decimal")]
        value: Decimal,
        /// Members of the reference that are worse.
        worse: u32,
        /// Members of the reference that are equal.
        equal: u32,
        /// Size of the reference.
        of: u32,
    },
    /// A level was weighed.
    Weighed {
        /// The dimension.
        dimension: Name,
        /// The level.
        #[serde(with = "decimal")]
        level: Decimal,
        /// The weight; the weights of a score add up to one.
        weight: Ratio,
        /// Level times weight, rounded half even to the places that the model declares.
        #[serde(with = "decimal")]
        points: Decimal,
    },
    /// The points were added.
    Summed {
        /// The name of the score.
        score: Name,
        /// The sum.
        #[serde(with = "decimal")]
        total: Decimal,
    },
    /// The cell of the grid was looked up.
    Cell {
        /// The level on each axis, in the grid's order.
        levels: Vec<u8>,
        /// The grade that stands there.
        grade: Name,
    },
    /// A rule was considered.
    Rule {
        /// The rule.
        rule: Name,
        /// Its condition, as the model prints it.
        condition: String,
        /// Why the rule exists, in the words of the model's author.
        because: Name,
        /// Whether it applied.
        verdict: Verdict,
        /// The grade before.
        before: Name,
        /// The grade after.
        after: Name,
    },
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Its condition holds.
    Applies,
    /// Its condition does not hold.
    DoesNotApply,
    /// Its condition rests on a fact that is missing; the grade is the same either way.
    Undecided,
}
