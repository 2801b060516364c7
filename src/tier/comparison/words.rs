//! Causes in words.

use super::{Cause, FactChange, LevelChange, Part, ScoreChange, TermChange};
use crate::{
    quantity::{Fact, Name},
    reason::{Language, Verdict},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Display;
use rust_decimal::Decimal;

pub(super) fn cause(cause: &Cause, language: Language) -> String {
    let english = language == Language::English;
    match cause {
        Cause::Fact(FactChange { dimension, before, after }) => {
            format!("{dimension} {} → {}", fact(before, language), fact(after, language))
        }
        Cause::Score(change) => score(change, language),
        Cause::Level(LevelChange { of, before, after }) => {
            let level = |place: &Option<(Option<Decimal>, u8)>| match (place, english) {
                (None, true) => "no axis".to_string(),
                (None, false) => "无此轴".to_string(),
                (Some((value, level)), true) => format!("level {level}{}", value.map_or_else(String::new, |v| format!(" ({v})"))),
                (Some((value, level)), false) => {
                    format!("第 {level} 级{}", value.map_or_else(String::new, |v| format!("（{v}）")))
                }
            };
            format!("{of} {} → {}", level(before), level(after))
        }
        Cause::Sorted { before, after } if english => format!("before the rules, grade {before} → {after}"),
        Cause::Sorted { before, after } => format!("规则之前，等级 {before} → {after}"),
        Cause::Rule { rule, before, after } => verdicts(rule, *before, *after, english),
    }
}

fn fact(fact: &Fact, language: Language) -> String {
    let words = match fact {
        Fact::Known(quantity) => return quantity.value.to_string(),
        Fact::Named(name) => return name.to_string(),
        Fact::Unknown => ["unknown", "未知"],
        Fact::NotApplicable => ["not applicable", "不适用"],
        Fact::Erased => ["erased", "已删除"],
    };
    words[usize::from(language == Language::Chinese)].into()
}

fn or_none<T: Display>(value: Option<T>, english: bool) -> String {
    value.map_or_else(|| if english { "none" } else { "无" }.to_string(), |v| v.to_string())
}

fn score(ScoreChange { score, before, after, terms }: &ScoreChange, language: Language) -> String {
    let english = language == Language::English;
    let (was, now) = (or_none(*before, english), or_none(*after, english));
    let [colon, between] = if english { [": ", "; "] } else { ["：", "；"] };
    let terms: Vec<String> = terms.iter().map(|t| term(t, english)).collect();
    let all = terms.join(between);
    format!("{score} {was} → {now}{}{all}", if all.is_empty() { "" } else { colon })
}

/// What is another in a term.
fn term(TermChange { dimension, before, after }: &TermChange, english: bool) -> String {
    let [value, level, weight, points, comma] =
        if english { ["value", "level", "weight", "points", ", "] } else { ["值", "级", "权重", "得分", "，"] };
    let mut parts: Vec<String> = Vec::new();
    let mut facet = |what: &str, of: &dyn Fn(&Part) -> Option<String>| {
        let (was, now) = (before.as_ref().and_then(of), after.as_ref().and_then(of));
        if was != now {
            parts.push(format!("{what} {} → {}", or_none(was, english), or_none(now, english)));
        }
    };
    facet(value, &|p| p.value.map(|v| v.normalize().to_string()));
    facet(level, &|p| Some(p.level.normalize().to_string()));
    facet(weight, &|p| Some(p.weight.to_string()));
    facet(points, &|p| Some(p.points.to_string()));
    format!("{dimension} {}", parts.join(comma))
}

fn verdicts(rule: &Name, before: Option<Verdict>, after: Option<Verdict>, english: bool) -> String {
    use Verdict::Applies;
    let words = match (before, after) {
        (None, Some(Applies)) => ["is new and applies", "为新增规则，适用"],
        (None, _) => ["is new", "为新增规则"],
        (Some(Applies), None) => ["is gone; it applied", "已取消，此前适用"],
        (_, None) => ["is gone", "已取消"],
        (Some(Applies), Some(Applies)) => ["applies with another effect", "适用，但效果不同"],
        (Some(Applies), _) => ["no longer applies", "不再适用"],
        (_, Some(Applies)) => ["now applies", "现已适用"],
        _ => ["has another verdict", "判定有变"],
    };
    if english { format!("rule \"{rule}\" {}", words[0]) } else { format!("规则“{rule}”{}", words[1]) }
}
