//! The words in which quantities, facts, intervals and conditions are told.

use super::Language;
use crate::quantity::{Fact, Interval, Name, Predicate, Quantity, Ties, Unit};
use alloc::{format, string::String};
use core::fmt::Write;
use rust_decimal::Decimal;

/// The interval in words: above, from, up to, below.
pub(super) fn range(interval: &Interval, [above, from, up_to, below]: [&str; 4], and: &str) -> String {
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
pub(crate) fn grouped(value: Decimal) -> String {
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

/// A quantity with its unit.
pub(crate) fn quantity(quantity: &Quantity, language: Language) -> String {
    let value = grouped(quantity.value);
    match (quantity.unit, language) {
        (Unit::Money(currency), _) => format!("{value} {currency}"),
        (Unit::Days, Language::English) if quantity.value == Decimal::ONE => format!("{value} day"),
        (Unit::Days, Language::English) => format!("{value} days"),
        (Unit::Days, Language::Chinese) => format!("{value} 天"),
        (Unit::Count | Unit::Number | Unit::Level, _) => value,
    }
}

/// What is found of a dimension, after its name.
pub(crate) fn fact(fact: &Fact, language: Language) -> String {
    match (fact, language) {
        (Fact::Known(found), Language::English) => format!("is {}", quantity(found, language)),
        (Fact::Known(found), Language::Chinese) => format!("为 {}", quantity(found, language)),
        (Fact::Named(name), Language::English) => format!("is {name}"),
        (Fact::Named(name), Language::Chinese) => format!("为{name}"),
        (Fact::Unknown, Language::English) => "is unknown".into(),
        (Fact::Unknown, Language::Chinese) => "未知".into(),
        (Fact::NotApplicable, Language::English) => "does not apply to this customer".into(),
        (Fact::NotApplicable, Language::Chinese) => "不适用于该客户".into(),
        (Fact::Erased, Language::English) => "has been erased".into(),
        (Fact::Erased, Language::Chinese) => "已删除".into(),
    }
}

/// A condition in words.
pub(super) fn predicate(condition: &Predicate, language: Language) -> String {
    let (at_least, more_than, at_most, less_than) = match language {
        Language::English => (" is at least ", " is more than ", " is at most ", " is less than "),
        Language::Chinese => ("不低于 ", "超过 ", "不超过 ", "低于 "),
    };
    let list = |parts: &[Predicate], english: &str, chinese: &str| {
        let between = if language == Language::English { english } else { chinese };
        let mut out = String::new();
        for (i, part) in parts.iter().enumerate() {
            let words = predicate(part, language);
            out.push_str(if i == 0 { "" } else { between });
            match (part, language) {
                (Predicate::All(inner) | Predicate::Any(inner), _) if inner.len() < 2 => out.push_str(&words),
                (Predicate::All(_) | Predicate::Any(_), Language::English) => drop(write!(out, "({words})")),
                (Predicate::All(_) | Predicate::Any(_), Language::Chinese) => drop(write!(out, "（{words}）")),
                _ => out.push_str(&words),
            }
        }
        out
    };
    match condition {
        Predicate::AtLeast { of, bound } => format!("{of}{at_least}{}", grouped(bound.normalize())),
        Predicate::MoreThan { of, bound } => format!("{of}{more_than}{}", grouped(bound.normalize())),
        Predicate::AtMost { of, bound } => format!("{of}{at_most}{}", grouped(bound.normalize())),
        Predicate::LessThan { of, bound } => format!("{of}{less_than}{}", grouped(bound.normalize())),
        Predicate::OneOf { of, names } => {
            let (is, or) = if language == Language::English { (" is ", " or ") } else { ("为", "或") };
            let mut out = format!("{of}{is}");
            for (i, name) in names.iter().enumerate() {
                let _ = write!(out, "{}{name}", if i == 0 { "" } else { or });
            }
            out
        }
        Predicate::All(parts) => list(parts, " and ", "且"),
        Predicate::Any(parts) => list(parts, " or ", "或"),
        Predicate::Not(part) => match language {
            Language::English => format!("not: {}", predicate(part, language)),
            Language::Chinese => format!("并非：{}", predicate(part, language)),
        },
    }
}

pub(super) fn coordinates(levels: &[u8]) -> String {
    let mut out = String::from("(");
    for (i, level) in levels.iter().enumerate() {
        let _ = write!(out, "{}{level}", if i == 0 { "" } else { ", " });
    }
    out.push(')');
    out
}

/// Names one after the other, or a word for none.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a Name>, between: &str, none: &str) -> String {
    let mut out = String::new();
    for (i, name) in names.into_iter().enumerate() {
        let _ = write!(out, "{}{name}", if i == 0 { "" } else { between });
    }
    if out.is_empty() { none.into() } else { out }
}
