use super::{Reason, Verdict};
use crate::quantity::{Fact, Quantity, Unit};
use alloc::{format, string::String};
use core::fmt::Write;
use serde::{Deserialize, Serialize};

/// The language of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English.
    English,
    /// 中文.
    Chinese,
}

/// Writes one reason as one line, without a line end.
pub(super) fn line(reason: &Reason, language: Language, out: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = match language {
        Language::English => english(reason, out),
        Language::Chinese => chinese(reason, out),
    };
}

fn english(reason: &Reason, out: &mut String) -> core::fmt::Result {
    match reason {
        Reason::Read { dimension, fact: Fact::Known(quantity) } => write!(out, "{dimension} is {quantity}."),
        Reason::Read { dimension, fact: Fact::Unknown } => write!(out, "{dimension} is unknown."),
        Reason::Read { dimension, fact: Fact::NotApplicable } => write!(out, "{dimension} does not apply to this customer."),
        Reason::Read { dimension, fact: Fact::Erased } => write!(out, "{dimension} has been erased."),
        Reason::Substituted { dimension, value, because } => {
            write!(out, "For {dimension}, {value} is taken instead: {because}.")
        }
        Reason::Placed { dimension, value, interval, level, of } => {
            write!(out, "{dimension} {value} lies in {interval}: level {level} of {of}.")
        }
        Reason::Ranked { dimension, value, worse, equal, of } => {
            write!(out, "{dimension} {value}: of {of} in the reference, {worse} are worse and {equal} equal.")
        }
        Reason::Weighed { dimension, level, weight, points } => {
            write!(out, "{dimension}: {level} at a weight of {weight} gives {points} points.")
        }
        Reason::Summed { score, total } => write!(out, "The points add up to a {score} of {total}."),
        Reason::Cell { levels, grade } => write!(out, "Cell {} of the grid holds grade {grade}.", coordinates(levels)),
        Reason::Rule { rule, because, verdict: Verdict::Applies, before, after } if before == after => {
            write!(out, "Rule \"{rule}\" applies and leaves grade {after}: {because}.")
        }
        Reason::Rule { rule, because, verdict: Verdict::Applies, before, after } => {
            write!(out, "Rule \"{rule}\" applies and changes grade {before} to {after}: {because}.")
        }
        Reason::Rule { rule, verdict: Verdict::DoesNotApply, .. } => write!(out, "Rule \"{rule}\" does not apply."),
        Reason::Rule { rule, verdict: Verdict::Undecided, after, .. } => {
            write!(out, "Rule \"{rule}\" rests on a missing fact; the grade is {after} either way.")
        }
    }
}

fn chinese(reason: &Reason, out: &mut String) -> core::fmt::Result {
    match reason {
        Reason::Read { dimension, fact: Fact::Known(quantity) } => write!(out, "{dimension}为 {}。", in_chinese(quantity)),
        Reason::Read { dimension, fact: Fact::Unknown } => write!(out, "{dimension}未知。"),
        Reason::Read { dimension, fact: Fact::NotApplicable } => write!(out, "{dimension}不适用于该客户。"),
        Reason::Read { dimension, fact: Fact::Erased } => write!(out, "{dimension}已删除。"),
        Reason::Substituted { dimension, value, because } => {
            write!(out, "{dimension}以 {} 代替：{because}。", in_chinese(value))
        }
        Reason::Placed { dimension, value, interval, level, of } => {
            write!(out, "{dimension} {value} 落在区间 {interval}：第 {level} 级（共 {of} 级）。")
        }
        Reason::Ranked { dimension, value, worse, equal, of } => {
            write!(out, "{dimension} {value}：参照样本 {of} 个，其中较差 {worse} 个，相等 {equal} 个。")
        }
        Reason::Weighed { dimension, level, weight, points } => {
            write!(out, "{dimension}：{level}，权重 {weight}，得 {points} 分。")
        }
        Reason::Summed { score, total } => write!(out, "各项合计，{score}为 {total}。"),
        Reason::Cell { levels, grade } => write!(out, "矩阵单元 {} 对应等级 {grade}。", coordinates(levels)),
        Reason::Rule { rule, because, verdict: Verdict::Applies, before, after } if before == after => {
            write!(out, "规则“{rule}”适用，等级保持 {after}：{because}。")
        }
        Reason::Rule { rule, because, verdict: Verdict::Applies, before, after } => {
            write!(out, "规则“{rule}”适用，等级由 {before} 变为 {after}：{because}。")
        }
        Reason::Rule { rule, verdict: Verdict::DoesNotApply, .. } => write!(out, "规则“{rule}”不适用。"),
        Reason::Rule { rule, verdict: Verdict::Undecided, after, .. } => {
            write!(out, "规则“{rule}”所需的信息缺失；无论如何等级均为 {after}。")
        }
    }
}

fn in_chinese(quantity: &Quantity) -> String {
    match quantity.unit {
        Unit::Days => format!("{} 天", quantity.value),
        Unit::Money(_) | Unit::Count | Unit::Number => format!("{quantity}"),
    }
}

fn coordinates(levels: &[u8]) -> String {
    let mut out = String::from("(");
    for (i, level) in levels.iter().enumerate() {
        let _ = write!(out, "{}{level}", if i == 0 { "" } else { ", " });
    }
    out.push(')');
    out
}
