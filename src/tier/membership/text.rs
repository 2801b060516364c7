//! Transitions in words.

use super::{Carry, Cause, Course, Hold, LastDecision, Transition};
use crate::reason::Language;
use alloc::{format, string::String};
use core::fmt::{self, Write};

pub(super) fn explain(transition: &Transition, language: Language) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = match language {
        Language::English => english(transition, &mut out),
        Language::Chinese => chinese(transition, &mut out),
    };
    out
}

pub(super) const fn in_chinese(course: Course) -> &'static str {
    match course {
        Course::Promotion => "升级",
        Course::Demotion => "降级",
    }
}

fn english(t: &Transition, out: &mut String) -> fmt::Result {
    let (on, after) = (t.on, &t.after);
    match &t.before {
        None => writeln!(out, "{on}: {after}.")?,
        Some(before) if before == after => writeln!(out, "{on}: still {after}.")?,
        Some(before) => writeln!(out, "{on}: from {before} to {after}.")?,
    }
    let LastDecision { as_of, earned, kept, model, keep_model, original } = &t.decision;
    let (earned, kept) = original.as_ref().map_or_else(
        || (format!("{earned}"), format!("{kept}")),
        |old| (format!("{} (now {earned})", old.earned), format!("{} (now {kept})", old.kept)),
    );
    write!(out, "Earned as of {as_of}: {earned}, by {model}")?;
    match keep_model {
        Some(keep_model) => writeln!(out, "; for keeping a grade: {kept}, by {keep_model}.")?,
        None => writeln!(out, ".")?,
    }
    for cause in &t.causes {
        english_cause(t, cause, out)?;
        out.write_char('\n')?;
    }
    match &t.hold {
        Some(hold) if !t.causes.iter().any(|c| matches!(c, Cause::Held(_))) => {
            let Hold { grade, during, reason, author } = hold;
            writeln!(
                out,
                "Shown by hand until {}: {grade}, by {author}: {reason}. The policy's own grade is {}.",
                during.until(),
                t.automatic
            )
        }
        _ => Ok(()),
    }
}

fn english_cause(t: &Transition, cause: &Cause, out: &mut String) -> fmt::Result {
    match cause {
        Cause::Entered => write!(out, "The first decision about this customer."),
        Cause::OtherModels { model, keep_model: None } => write!(out, "Decided by another model than before: it was {model}."),
        Cause::OtherModels { model, keep_model: Some(keep) } => {
            write!(out, "Decided by other models than before: they were {model} and, for keeping a grade, {keep}.")
        }
        Cause::HoldExpired(Hold { grade, during, author, .. }) => {
            write!(out, "The hold at {grade} by {author} expired on {}.", during.until())
        }
        Cause::Lapsed { last } => write!(out, "The decision of {last} is too old to count: confirmation starts anew."),
        Cause::Broken { course, count } => write!(out, "A run of {count} towards {course} has ended: it is called for no longer."),
        Cause::Recovered { grace } => {
            write!(out, "Recovered: the grace that ran from {} has ended, and the grade is kept.", grace.from())
        }
        Cause::Stays => write!(out, "What is earned calls for no move from {}.", t.automatic),
        // Enough decisions, too few days: between them they must reach so far.
        Cause::Confirming { course, grade, count, of, days, of_days } if *count >= u32::from(*of) => {
            write!(out, "Towards {course} to {grade}: over {days} of {of_days} days, decision {count} in a row.")
        }
        Cause::Confirming { course, grade, count, of, days, of_days } => {
            write!(out, "Towards {course} to {grade}: decision {count} of {of} in a row")?;
            if *of_days > 0 { write!(out, ", over {days} of {of_days} days.") } else { write!(out, ".") }
        }
        Cause::InGrace { grace, to } => {
            let begins = if grace.from() == t.on { "Demotion is confirmed. In" } else { "In" };
            write!(
                out,
                "{begins} grace until {}: a decision on that day or later that is no better demotes to {to}.",
                grace.until()
            )
        }
        Cause::Promoted { from, to, confirmed } | Cause::Demoted { from, to, confirmed } => {
            let up = matches!(cause, Cause::Promoted { .. });
            write!(out, "{} from {from} to {to}", if up { "Promoted" } else { "Demoted" })?;
            if confirmed == to {
                write!(out, ".")
            } else {
                write!(out, "; {confirmed} is earned, but the policy does not go further at once.")
            }
        }
        Cause::Held(Hold { grade, during, reason, author }) => {
            write!(
                out,
                "Held at {grade} until {} by {author}: {reason}. The policy's own grade is {}.",
                during.until(),
                t.automatic
            )
        }
        Cause::Released { release, hold } => {
            write!(out, "The hold at {} by {} was released by {}: {}.", hold.grade, hold.author, release.author, release.reason)
        }
        Cause::Carried { from, carry: Carry { to, reason, author, .. } } => {
            write!(out, "Carried from the grades {from} to {to} by {author}: {reason}; what was under way has ended.")
        }
        Cause::Repeated => write!(out, "This has been handled before; nothing changes."),
    }
}

fn chinese(t: &Transition, out: &mut String) -> fmt::Result {
    let (on, after) = (t.on, &t.after);
    match &t.before {
        None => writeln!(out, "{on}：{after}。")?,
        Some(before) if before == after => writeln!(out, "{on}：仍为 {after}。")?,
        Some(before) => writeln!(out, "{on}：由 {before} 变为 {after}。")?,
    }
    let LastDecision { as_of, earned, kept, model, keep_model, original } = &t.decision;
    let (earned, kept) = original.as_ref().map_or_else(
        || (format!("{earned}"), format!("{kept}")),
        |old| (format!("{}（现为 {earned}）", old.earned), format!("{}（现为 {kept}）", old.kept)),
    );
    write!(out, "截至 {as_of} 应得等级：{earned}（{model}）")?;
    match keep_model {
        Some(keep_model) => writeln!(out, "；保级标准所得：{kept}（{keep_model}）。")?,
        None => writeln!(out, "。")?,
    }
    for cause in &t.causes {
        chinese_cause(t, cause, out)?;
        out.write_char('\n')?;
    }
    match &t.hold {
        Some(hold) if !t.causes.iter().any(|c| matches!(c, Cause::Held(_))) => {
            let Hold { grade, during, reason, author } = hold;
            writeln!(out, "人工设定为 {grade}，至 {} 止（{author}：{reason}）。按政策应为 {}。", during.until(), t.automatic)
        }
        _ => Ok(()),
    }
}

fn chinese_cause(t: &Transition, cause: &Cause, out: &mut String) -> fmt::Result {
    match cause {
        Cause::Entered => write!(out, "该客户首次评定。"),
        Cause::OtherModels { model, keep_model: None } => write!(out, "评定模型与上次不同：上次为 {model}。"),
        Cause::OtherModels { model, keep_model: Some(keep) } => write!(out, "评定模型与上次不同：上次为 {model}，保级为 {keep}。"),
        Cause::HoldExpired(Hold { grade, during, author, .. }) => {
            write!(out, "{author} 设定的人工等级 {grade} 已于 {} 到期。", during.until())
        }
        Cause::Lapsed { last } => write!(out, "{last} 的评定已过期，不再计入，重新开始确认。"),
        Cause::Broken { course, count } => write!(out, "已连续 {count} 次要求{}，本次不再要求。", in_chinese(*course)),
        Cause::Recovered { grace } => write!(out, "已恢复：自 {} 起的宽限期结束，等级保留。", grace.from()),
        Cause::Stays => write!(out, "应得等级不要求变动，维持 {}。", t.automatic),
        Cause::Confirming { course, grade, count, of, days, of_days } if *count >= u32::from(*of) => {
            let word = in_chinese(*course);
            write!(out, "待确认{word}至 {grade}：历时 {days} 天，需 {of_days} 天；连续第 {count} 次。")
        }
        Cause::Confirming { course, grade, count, of, days, of_days } => {
            write!(out, "待确认{}至 {grade}：连续第 {count} 次，需 {of} 次", in_chinese(*course))?;
            if *of_days > 0 { write!(out, "；历时 {days} 天，需 {of_days} 天。") } else { write!(out, "。") }
        }
        Cause::InGrace { grace, to } => {
            let begins = if grace.from() == t.on { "降级已确认，进入宽限期，" } else { "仍在宽限期，" };
            write!(out, "{begins}至 {} 止：该日或以后评定若仍未恢复，降至 {to}。", grace.until())
        }
        Cause::Promoted { from, to, confirmed } | Cause::Demoted { from, to, confirmed } => {
            let course = if matches!(cause, Cause::Promoted { .. }) { Course::Promotion } else { Course::Demotion };
            write!(out, "由 {from} {}至 {to}", in_chinese(course))?;
            if confirmed == to {
                write!(out, "。")
            } else {
                write!(out, "；应得 {confirmed}，但政策限制了一次变动的级数。")
            }
        }
        Cause::Held(Hold { grade, during, reason, author }) => {
            write!(out, "{author} 人工设定为 {grade}，至 {} 止：{reason}。按政策应为 {}。", during.until(), t.automatic)
        }
        Cause::Released { release, hold } => {
            write!(out, "{} 解除了 {} 设定的人工等级 {}：{}。", release.author, hold.author, hold.grade, release.reason)
        }
        Cause::Carried { from, carry: Carry { to, reason, author, .. } } => {
            write!(out, "{author} 将等级体系由 {from} 转为 {to}：{reason}；未完成的变动终止。")
        }
        Cause::Repeated => write!(out, "此项已处理过，无变化。"),
    }
}
