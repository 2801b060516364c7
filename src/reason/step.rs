use super::{Majority, Outranking};
use crate::{
    money::{Ratio, decimal},
    quantity::{Fact, Interval, Name, Predicate, Source},
};
use alloc::vec::Vec;
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
        /// Where it comes from, if that is kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
    },
    /// A named level was found on its list.
    Stands {
        /// The dimension.
        dimension: Name,
        /// Its place on the list, 1 for the worst.
        level: u8,
        /// The length of the list.
        of: u8,
    },
    /// A missing fact was replaced, as the model declares.
    Substituted {
        /// Which dimension was missing.
        dimension: Name,
        /// What was taken instead.
        value: Fact,
        /// Why, in the words of the model's author.
        because: Name,
    },
    /// A missing fact was left out of the score; the weights of the others have grown to make up one.
    LeftOut {
        /// Which dimension was missing.
        dimension: Name,
        /// What it would have weighed.
        weight: Ratio,
    },
    /// A missing fact was supposed to be as bad, or as good, as it can be.
    Supposed {
        /// Which dimension is missing.
        dimension: Name,
        /// The level that makes.
        #[serde(with = "decimal")]
        level: Decimal,
        /// Which of the two.
        case: Case,
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
    /// A value was found on the way from the worst to the best.
    Scaled {
        /// The dimension.
        dimension: Name,
        /// Its value.
        #[serde(with = "decimal")]
        value: Decimal,
        /// The value that makes a level of 0, as does every worse one.
        #[serde(with = "decimal")]
        worst: Decimal,
        /// The value that makes a level of 1, as does every better one.
        #[serde(with = "decimal")]
        best: Decimal,
        /// How far it is, from 0 to 1, rounded half even to 6 places.
        #[serde(with = "decimal")]
        level: Decimal,
    },
    /// A named level was found worth so much.
    Rated {
        /// The dimension.
        dimension: Name,
        /// Its place on the list, 1 for the worst.
        place: u8,
        /// What that is worth.
        #[serde(with = "decimal")]
        level: Decimal,
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
    /// A vote was taken on the lower border of a grade (MR-Sort).
    Voted(Majority),
    /// A claim about the lower border of a grade was weighed (ELECTRE TRI).
    Claimed(Outranking),
    /// The votes or claims led to a grade.
    Sorted {
        /// The grade.
        grade: Name,
    },
    /// A rule was considered.
    Rule {
        /// The rule.
        rule: Name,
        /// Its condition.
        condition: Predicate,
        /// What it does when that holds.
        effect: Effect,
        /// Why the rule exists, in the words of the model's author.
        because: Name,
        /// Whether it applied.
        verdict: Verdict,
        /// The grade before.
        before: Name,
        /// The grade after.
        after: Name,
    },
    /// The condition of a segment was considered.
    Segment {
        /// The segment.
        segment: Name,
        /// Its condition.
        condition: Predicate,
        /// Whether it holds on what was read.
        verdict: Verdict,
    },
    /// The segments were found: those in which the customer is, and those in which he may be, whatever the missing facts are.
    Belongs {
        /// Here he is, in order of name.
        certain: Vec<Name>,
        /// Here he may be, in order of name.
        possible: Vec<Name>,
    },
}

/// What a rule does to the grade.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The grade is this one, whatever the grid says (一票决定).
    #[doc(alias = "一票决定")]
    Pin(Name),
    /// The grade is this one or better.
    AtLeast(Name),
    /// The grade is this one or worse.
    AtMost(Name),
}

impl Effect {
    pub(crate) const fn grade(&self) -> &Name {
        match self {
            Effect::Pin(grade) | Effect::AtLeast(grade) | Effect::AtMost(grade) => grade,
        }
    }
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Its condition holds.
    Applies,
    /// Its condition does not hold.
    DoesNotApply,
    /// Its condition rests on a fact that is missing, and the grade does not depend on it.
    Undecided,
    /// Its condition rests on a fact that is missing; it is supposed to hold, as the worst or the best case has it.
    Supposed,
}

/// What is supposed of missing facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// The worst.
    Worst,
    /// The best.
    Best,
}
