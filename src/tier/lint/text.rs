//! The words of a lint.

use super::Lint;
use crate::{reason::Language, value::Family};
use alloc::{format, string::String};

impl Lint {
    /// What is suspicious, in one sentence.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::English => english(self),
            Language::Chinese => chinese(self),
        }
    }
}

fn english(lint: &Lint) -> String {
    let of = |family: &Family| match family {
        Family::Economic => "economic",
        Family::Social => "social",
        Family::Latent => "latent",
    };
    match lint {
        Lint::TooManyDimensions { found, most } => {
            format!("{found} dimensions; more than {most} are hard to keep in mind and to keep up.")
        }
        Lint::TooManyGrades { found, most } => format!("{found} grades; more than {most} are hard to treat differently."),
        Lint::OneFamily { family: Family::Economic } => "All dimensions are economic: high sales are not high value.".into(),
        Lint::OneFamily { family } => format!("All dimensions are {}.", of(family)),
        Lint::NoFamily { family } => format!("No dimension of {} value.", of(family)),
        Lint::Dominated { score, dimension, weight, most } => {
            format!("{dimension:?} has a weight of {weight} in {score:?}, above {most}: the others hardly count.")
        }
        Lint::WithoutInfluence { dimension } => format!("No value of {dimension:?} can change anybody's grade."),
        Lint::NeverApplies { rule } => format!("There can be no customer to whom rule {rule:?} applies."),
        Lint::Constant { dimension, value } => {
            format!("{dimension:?} is {} for everybody: it tells nobody apart.", value.normalize())
        }
        Lint::Correlated { first, second, pearson, spearman, most } => {
            format!("{first:?} and {second:?} measure nearly the same: correlation {pearson}, of ranks {spearman}, above {most}.")
        }
        Lint::EmptyLevels { within, dimension, asked, obtained } => {
            format!("{dimension:?} in {within:?}: nobody is in {} of {asked} levels.", asked.saturating_sub(*obtained))
        }
        Lint::SwallowsGrid { rule, decided, of, most } => {
            format!("Rule {rule:?} decides {decided} of {of} grades, above a share of {most}: it is no exception any more.")
        }
        Lint::NeverApplied { rule, of } => format!("Rule {rule:?} applied to none of {of} customers."),
        Lint::NobodyHas { grade, of } => format!("None of {of} customers has grade {grade}."),
        Lint::NearlyEverybodyHas { grade, have, of, most } => {
            format!("{have} of {of} customers have grade {grade}, above a share of {most}: it tells few apart.")
        }
        Lint::WithoutEvidence { dimension, without, judged, most } => {
            format!("{without} of {judged} judgements of {dimension:?} name no evidence, above a share of {most}.")
        }
    }
}

fn chinese(lint: &Lint) -> String {
    let of = |family: &Family| match family {
        Family::Economic => "经济价值",
        Family::Social => "社会价值",
        Family::Latent => "潜在价值",
    };
    match lint {
        Lint::TooManyDimensions { found, most } => format!("共 {found} 个维度；超过 {most} 个，难以兼顾和维护。"),
        Lint::TooManyGrades { found, most } => format!("共 {found} 个等级；超过 {most} 个，难以区别对待。"),
        Lint::OneFamily { family: Family::Economic } => "所有维度都属于经济价值：业绩高不等于价值高。".into(),
        Lint::OneFamily { family } => format!("所有维度都属于{}。", of(family)),
        Lint::NoFamily { family } => format!("没有{}方面的维度。", of(family)),
        Lint::Dominated { score, dimension, weight, most } => {
            format!("“{dimension}”在“{score}”中的权重为 {weight}，超过 {most}：其余各项几乎不起作用。")
        }
        Lint::WithoutInfluence { dimension } => format!("“{dimension}”无论取何值，都不会改变任何客户的等级。"),
        Lint::NeverApplies { rule } => format!("不可能有客户适用规则“{rule}”。"),
        Lint::Constant { dimension, value } => format!("所有客户的“{dimension}”都是 {}：无法区分客户。", value.normalize()),
        Lint::Correlated { first, second, pearson, spearman, most } => {
            format!("“{first}”与“{second}”几乎衡量同一件事：相关系数 {pearson}，秩相关 {spearman}，超过 {most}。")
        }
        Lint::EmptyLevels { within, dimension, asked, obtained } => {
            format!("“{within}”中的“{dimension}”：{asked} 级中有 {} 级没有客户。", asked.saturating_sub(*obtained))
        }
        Lint::SwallowsGrid { rule, decided, of, most } => {
            format!("{of} 个等级中有 {decided} 个由规则“{rule}”决定，比例超过 {most}：它已不再是例外。")
        }
        Lint::NeverApplied { rule, of } => format!("{of} 个客户中没有一个适用规则“{rule}”。"),
        Lint::NobodyHas { grade, of } => format!("{of} 个客户中没有一个属于等级 {grade}。"),
        Lint::NearlyEverybodyHas { grade, have, of, most } => {
            format!("{of} 个客户中有 {have} 个属于等级 {grade}，比例超过 {most}：几乎没有区分作用。")
        }
        Lint::WithoutEvidence { dimension, without, judged, most } => {
            format!("“{dimension}”的 {judged} 次评估中有 {without} 次没有依据，比例超过 {most}。")
        }
    }
}
