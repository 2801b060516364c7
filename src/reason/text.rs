use super::{Reason, Verdict};
use crate::quantity::{Fact, Interval, Quantity, Ties, Unit};
use alloc::{format, string::String};
use core::fmt::Write;
use rust_decimal::Decimal;
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
        Reason::Read { dimension, fact: Fact::Known(quantity) } => write!(out, "{dimension} is {}.", in_english(quantity)),
        Reason::Read { dimension, fact: Fact::Unknown } => write!(out, "{dimension} is unknown."),
        Reason::Read { dimension, fact: Fact::NotApplicable } => write!(out, "{dimension} does not apply to this customer."),
        Reason::Read { dimension, fact: Fact::Erased } => write!(out, "{dimension} has been erased."),
        Reason::Substituted { dimension, value, because } => {
            write!(out, "For {dimension}, {} is taken instead: {because}.", in_english(value))
        }
        Reason::Placed { dimension, value, interval, level, of } => {
            let (value, range) = (grouped(*value), range(interval, ["more than", "at least", "at most", "less than"], " and "));
            write!(out, "{dimension} {value} is {range}: level {level} of {of}.")
        }
        Reason::Ranked { dimension, value, worse, equal, of } => {
            let value = grouped(*value);
            write!(out, "{dimension} {value}: of {of} in the reference, {worse} are worse and {equal} equal.")
        }
        Reason::Weighed { dimension, level, weight, points } => {
            write!(out, "{dimension}: {level} at a weight of {weight} gives {points} points.")
        }
        Reason::Summed { score, total } => write!(out, "The points add up to {total} ({score})."),
        Reason::Cell { levels, grade } => write!(out, "Cell {} of the grid holds grade {grade}.", coordinates(levels)),
        Reason::Rule { rule, condition, because, verdict, before, after } => {
            write!(out, "Rule \"{rule}\" ({}) ", one_line(condition))?;
            match verdict {
                Verdict::Applies if before == after => write!(out, "applies and leaves grade {after}: {because}."),
                Verdict::Applies => write!(out, "applies and changes grade {before} to {after}: {because}."),
                Verdict::DoesNotApply => write!(out, "does not apply."),
                Verdict::Undecided => write!(out, "rests on a missing fact; the grade is {after} either way."),
            }
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
            let (value, range) = (grouped(*value), range(interval, ["超过", "不低于", "不超过", "低于"], "、"));
            write!(out, "{dimension} {value} {range}：第 {level} 级（共 {of} 级）。")
        }
        Reason::Ranked { dimension, value, worse, equal, of } => {
            let value = grouped(*value);
            write!(out, "{dimension} {value}：参照样本 {of} 个，其中较差 {worse} 个，相等 {equal} 个。")
        }
        Reason::Weighed { dimension, level, weight, points } => {
            write!(out, "{dimension}：{level}，权重 {weight}，得 {points} 分。")
        }
        Reason::Summed { score, total } => write!(out, "各项合计 {total} 分（{score}）。"),
        Reason::Cell { levels, grade } => write!(out, "矩阵单元 {} 对应等级 {grade}。", coordinates(levels)),
        Reason::Rule { rule, condition, because, verdict, before, after } => {
            write!(out, "规则“{rule}”（{}）", one_line(condition))?;
            match verdict {
                Verdict::Applies if before == after => write!(out, "适用，等级保持 {after}：{because}。"),
                Verdict::Applies => write!(out, "适用，等级由 {before} 变为 {after}：{because}。"),
                Verdict::DoesNotApply => write!(out, "不适用。"),
                Verdict::Undecided => write!(out, "所需的信息缺失；无论如何等级均为 {after}。"),
            }
        }
    }
}

/// A stored text with whatever would break the line taken out.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The interval in words: above, from, up to, below.
fn range(interval: &Interval, [above, from, up_to, below]: [&str; 4], and: &str) -> String {
    let (lower_word, upper_word) = match interval.ties {
        Ties::ToLower => (above, up_to),
        Ties::ToUpper => (from, below),
    };
    let mut out = String::new();
    if let Some(lower) = interval.lower {
        let _ = write!(out, "{lower_word} {}", grouped(lower));
    }
    if let Some(upper) = interval.upper {
        let _ = write!(out, "{}{upper_word} {}", if out.is_empty() { "" } else { and }, grouped(upper));
    }
    out
}

/// The number with a comma between thousands.
fn grouped(value: Decimal) -> String {
    let text = format!("{}", value.abs());
    let (whole, part) = text.split_once('.').map_or((text.as_str(), None), |(whole, part)| (whole, Some(part)));
    let mut out = String::from(if value.is_sign_negative() { "−" } else { "" });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

fn in_english(quantity: &Quantity) -> String {
    let value = grouped(quantity.value);
    match quantity.unit {
        Unit::Money(currency) => format!("{value} {currency}"),
        Unit::Days if quantity.value == Decimal::ONE => format!("{value} day"),
        Unit::Days => format!("{value} days"),
        Unit::Count | Unit::Number => value,
    }
}

fn in_chinese(quantity: &Quantity) -> String {
    let value = grouped(quantity.value);
    match quantity.unit {
        Unit::Money(currency) => format!("{value} {currency}"),
        Unit::Days => format!("{value} 天"),
        Unit::Count | Unit::Number => value,
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
