use super::{
    Case, Claim, Outranking, Reason, Verdict,
    wording::{coordinates, fact, grouped, list, predicate, range},
};
use Language::{Chinese, English};
use alloc::string::String;
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
        English => english(reason, out),
        Chinese => chinese(reason, out),
    };
}

fn english(reason: &Reason, out: &mut String) -> core::fmt::Result {
    match reason {
        Reason::Read { dimension, fact: found, source } => {
            write!(out, "{dimension} {}", fact(found, English))?;
            match source {
                Some(from) => {
                    write!(out, " ({}, {}", from.evidence(), from.on())?;
                    from.confidence().iter().try_for_each(|c| write!(out, ", confidence {c}"))?;
                    write!(out, ").")
                }
                None => write!(out, "."),
            }
        }
        Reason::Stands { dimension, level, of } => write!(out, "{dimension}: place {level} of {of}."),
        Reason::Substituted { dimension, value, because } => {
            write!(out, "{dimension} is missing; it is taken that it {}: {because}.", fact(value, English))
        }
        Reason::LeftOut { dimension, weight } => {
            write!(out, "{dimension} is missing and left out; its weight of {weight} goes to the others in proportion.")
        }
        Reason::Supposed { dimension, level, case: Case::Worst } => {
            write!(out, "{dimension} is missing; at worst its level is {level}.")
        }
        Reason::Supposed { dimension, level, case: Case::Best } => {
            write!(out, "{dimension} is missing; at best its level is {level}.")
        }
        Reason::Placed { dimension, value, interval, level, of } => {
            let (value, range) = (grouped(*value), range(interval, ["more than", "at least", "at most", "less than"], " and "));
            write!(out, "{dimension} {value} is {range}: level {level} of {of}.")
        }
        Reason::Ranked { dimension, value, worse, equal, of } => {
            let value = grouped(*value);
            write!(out, "{dimension} {value}: of {of} in the reference, {worse} are worse and {equal} equal.")
        }
        Reason::Scaled { dimension, value, worst, best, level } => {
            let (value, worst, best) = (grouped(*value), grouped(*worst), grouped(*best));
            write!(out, "{dimension} {value} on the way from {worst} to {best}: {level}.")
        }
        Reason::Rated { dimension, level, .. } => write!(out, "{dimension}: that is worth {level}."),
        Reason::Weighed { dimension, level, weight, points } => {
            write!(out, "{dimension}: {level} at a weight of {weight} gives {points} points.")
        }
        Reason::Summed { score, total } => write!(out, "The points add up to {total} ({score})."),
        Reason::Cell { levels, grade } => write!(out, "Cell {} of the grid holds grade {grade}.", coordinates(levels)),
        Reason::Voted(vote) => {
            let (names, needed, grade) = (list(vote.supporting.iter().map(|s| &s.of), ", ", "nobody"), vote.needed, &vote.grade);
            write!(out, "For grade {grade}: {names}, weighing {} of the {needed} needed", vote.support)?;
            if !vote.vetoing.is_empty() {
                write!(out, "; vetoed by {}", list(&vote.vetoing, ", ", ""))?;
            }
            write!(out, "{}: {}.", case_in_english(vote.case), if vote.holds { "carried" } else { "not carried" })
        }
        Reason::Claimed(claim) => claimed_in_english(claim, out),
        Reason::Sorted { grade } => write!(out, "That makes grade {grade}."),
        Reason::Rule { rule, condition, because, verdict, before, after, .. } => {
            write!(out, "Rule \"{rule}\" ({}) ", predicate(condition, English))?;
            match verdict {
                Verdict::Applies if before == after => write!(out, "applies and leaves grade {after}: {because}."),
                Verdict::Applies => write!(out, "applies and changes grade {before} to {after}: {because}."),
                Verdict::DoesNotApply => write!(out, "does not apply."),
                Verdict::Undecided => write!(out, "rests on a missing fact; it does not change grade {after}."),
                Verdict::Supposed if before == after => {
                    write!(out, "rests on a missing fact; if it applied, it would leave grade {after}.")
                }
                Verdict::Supposed => {
                    write!(out, "rests on a missing fact; if it applies, it changes grade {before} to {after}: {because}.")
                }
            }
        }
        Reason::Segment { segment, condition, verdict } => {
            let condition = predicate(condition, English);
            match verdict {
                Verdict::Applies => write!(out, "Segment \"{segment}\" ({condition}) applies."),
                Verdict::DoesNotApply => write!(out, "Segment \"{segment}\" ({condition}) does not apply."),
                Verdict::Undecided | Verdict::Supposed => {
                    write!(out, "Segment \"{segment}\" ({condition}) rests on a missing fact.")
                }
            }
        }
        Reason::Belongs { certain, possible } => match (certain.is_empty(), possible.is_empty()) {
            (true, true) => write!(out, "Belongs to none."),
            (false, true) => write!(out, "Belongs to {}.", list(certain, ", ", "")),
            (true, false) => write!(out, "May belong to {}.", list(possible, ", ", "")),
            (false, false) => write!(out, "Belongs to {}; may belong to {}.", list(certain, ", ", ""), list(possible, ", ", "")),
        },
    }
}

fn chinese(reason: &Reason, out: &mut String) -> core::fmt::Result {
    match reason {
        Reason::Read { dimension, fact: found, source } => {
            write!(out, "{dimension}{}", fact(found, Chinese))?;
            match source {
                Some(from) => {
                    write!(out, "（依据：{}，{}", from.evidence(), from.on())?;
                    from.confidence().iter().try_for_each(|c| write!(out, "，可信度 {c}"))?;
                    write!(out, "）。")
                }
                None => write!(out, "。"),
            }
        }
        Reason::Stands { dimension, level, of } => write!(out, "{dimension}：第 {level} 位（共 {of} 位）。"),
        Reason::Substituted { dimension, value, because } => {
            write!(out, "{dimension}缺失，视为{}：{because}。", fact(value, Chinese))
        }
        Reason::LeftOut { dimension, weight } => write!(out, "{dimension}缺失，不计入；其权重 {weight} 按比例归于其他各项。"),
        Reason::Supposed { dimension, level, case: Case::Worst } => write!(out, "{dimension}缺失；最差为 {level}。"),
        Reason::Supposed { dimension, level, case: Case::Best } => write!(out, "{dimension}缺失；最好为 {level}。"),
        Reason::Placed { dimension, value, interval, level, of } => {
            let (value, range) = (grouped(*value), range(interval, ["超过", "不低于", "不超过", "低于"], "、"));
            write!(out, "{dimension} {value} {range}：第 {level} 级（共 {of} 级）。")
        }
        Reason::Ranked { dimension, value, worse, equal, of } => {
            let value = grouped(*value);
            write!(out, "{dimension} {value}：参照样本 {of} 个，其中较差 {worse} 个，相等 {equal} 个。")
        }
        Reason::Scaled { dimension, value, worst, best, level } => {
            let (value, worst, best) = (grouped(*value), grouped(*worst), grouped(*best));
            write!(out, "{dimension} {value}，自 {worst} 至 {best}：{level}。")
        }
        Reason::Rated { dimension, level, .. } => write!(out, "{dimension}：值 {level}。"),
        Reason::Weighed { dimension, level, weight, points } => {
            write!(out, "{dimension}：{level}，权重 {weight}，得 {points} 分。")
        }
        Reason::Summed { score, total } => write!(out, "各项合计 {total} 分（{score}）。"),
        Reason::Cell { levels, grade } => write!(out, "矩阵单元 {} 对应等级 {grade}。", coordinates(levels)),
        Reason::Voted(vote) => {
            write!(
                out,
                "等级 {}：赞成 {}，权重 {}，需 {}",
                vote.grade,
                list(vote.supporting.iter().map(|s| &s.of), "、", "无"),
                vote.support,
                vote.needed
            )?;
            if !vote.vetoing.is_empty() {
                write!(out, "；否决 {}", list(&vote.vetoing, "、", ""))?;
            }
            write!(out, "{}：{}。", case_in_chinese(vote.case), if vote.holds { "通过" } else { "未通过" })
        }
        Reason::Claimed(claim) => claimed_in_chinese(claim, out),
        Reason::Sorted { grade } => write!(out, "由此为等级 {grade}。"),
        Reason::Rule { rule, condition, because, verdict, before, after, .. } => {
            write!(out, "规则“{rule}”（{}）", predicate(condition, Chinese))?;
            match verdict {
                Verdict::Applies if before == after => write!(out, "适用，等级保持 {after}：{because}。"),
                Verdict::Applies => write!(out, "适用，等级由 {before} 变为 {after}：{because}。"),
                Verdict::DoesNotApply => write!(out, "不适用。"),
                Verdict::Undecided => write!(out, "所需的信息缺失；等级仍为 {after}。"),
                Verdict::Supposed if before == after => write!(out, "所需的信息缺失；若适用，等级仍为 {after}。"),
                Verdict::Supposed => write!(out, "所需的信息缺失；若适用，等级由 {before} 变为 {after}：{because}。"),
            }
        }
        Reason::Segment { segment, condition, verdict } => {
            let condition = predicate(condition, Chinese);
            match verdict {
                Verdict::Applies => write!(out, "细分“{segment}”（{condition}）：符合。"),
                Verdict::DoesNotApply => write!(out, "细分“{segment}”（{condition}）：不符合。"),
                Verdict::Undecided | Verdict::Supposed => write!(out, "细分“{segment}”（{condition}）：所需的信息缺失。"),
            }
        }
        Reason::Belongs { certain, possible } => match (certain.is_empty(), possible.is_empty()) {
            (true, true) => write!(out, "不属于任何一类。"),
            (false, true) => write!(out, "属于：{}。", list(certain, "、", "")),
            (true, false) => write!(out, "可能属于：{}。", list(possible, "、", "")),
            (false, false) => write!(out, "属于：{}；可能属于：{}。", list(certain, "、", ""), list(possible, "、", "")),
        },
    }
}

fn claimed_in_english(claim: &Outranking, out: &mut String) -> core::fmt::Result {
    let grade = &claim.grade;
    match claim.claim {
        Claim::CustomerOutranks => write!(out, "At least as good as the border of grade {grade}")?,
        Claim::BorderOutranks => write!(out, "The border of grade {grade} is at least as good")?,
    }
    write!(out, ": concordance {}, credibility {}, {} needed", claim.concordance, claim.credibility, claim.needed)?;
    against(claim, ["; against it ", ", "], out)?;
    write!(out, "{}: {}.", case_in_english(claim.case), if claim.holds { "accepted" } else { "not accepted" })
}

fn claimed_in_chinese(claim: &Outranking, out: &mut String) -> core::fmt::Result {
    let grade = &claim.grade;
    match claim.claim {
        Claim::CustomerOutranks => write!(out, "客户不劣于等级 {grade} 的下界")?,
        Claim::BorderOutranks => write!(out, "等级 {grade} 的下界不劣于客户")?,
    }
    write!(out, "：一致度 {}，可信度 {}，需 {}", claim.concordance, claim.credibility, claim.needed)?;
    against(claim, ["；反对 ", "、"], out)?;
    write!(out, "{}：{}。", case_in_chinese(claim.case), if claim.holds { "成立" } else { "不成立" })
}

/// The criteria that speak against a claim, and how far.
fn against(claim: &Outranking, [first, next]: [&str; 2], out: &mut String) -> core::fmt::Result {
    let opposed = claim.opinions.iter().filter(|opinion| !opinion.discordance.is_zero());
    opposed.enumerate().try_for_each(|(i, opinion)| {
        write!(out, "{}{} ({})", if i == 0 { first } else { next }, opinion.of, opinion.discordance.normalize())
    })
}

const fn case_in_english(case: Option<Case>) -> &'static str {
    match case {
        None => "",
        Some(Case::Worst) => ", what is missing taken at its worst",
        Some(Case::Best) => ", what is missing taken at its best",
    }
}

const fn case_in_chinese(case: Option<Case>) -> &'static str {
    match case {
        None => "",
        Some(Case::Worst) => "（缺失者按最差）",
        Some(Case::Best) => "（缺失者按最好）",
    }
}
