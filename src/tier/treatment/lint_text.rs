//! What is doubtful in a playbook, in words.

use super::{Lever, PlaybookLint};
use crate::{quantity::Name, reason::Language};
use alloc::{format, string::String};

pub(super) fn explain(lint: &PlaybookLint, language: Language) -> String {
    match language {
        Language::English => english(lint),
        Language::Chinese => chinese(lint),
    }
}

fn list(names: &[Name], comma: &str) -> String {
    let mut out = String::new();
    for (at, name) in names.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { comma });
        out.push_str(name);
    }
    out
}

fn english(lint: &PlaybookLint) -> String {
    let within = |stage: &Option<Name>| stage.as_ref().map_or_else(String::new, |stage| format!(" in stage {stage}"));
    match lint {
        PlaybookLint::NearlyAlike { first, second } => {
            format!("Grades {first} and {second} are treated with the same levers and the same level of service: are both needed?")
        }
        PlaybookLint::OnlyService { first, second } => format!(
            "Grades {first} and {second} differ in service only: product, price, policy, campaigns and channel are the same for both. \
             Different treatment is more than different service."
        ),
        PlaybookLint::TermsDiffer { lever, stage, grades } => {
            let what = match lever {
                Lever::Price => "Prices",
                Lever::Campaign => "Campaigns, whose coupons and rebates are prices too,",
                _ => "Terms other than price",
            };
            format!(
                "{what} of {}{} differ from those of the best grade. Where customers are persons and the grade comes from an automated \
                 decision, article 24 of China's Personal Information Protection Law asks that decisions be transparent and results fair \
                 and just, and forbids unreasonable differences between persons in price and other terms: write down the reason for the \
                 difference. This is no legal advice.",
                list(grades, ", "),
                within(stage)
            )
        }
        PlaybookLint::Everything { grade, stage } => {
            format!("Grade {grade}{} gets something from every lever: which of them are worth their cost?", within(stage))
        }
        PlaybookLint::CostInverted { better, worse, stage } => {
            format!("Grade {worse}{} is planned to cost more a year than grade {better}.", within(stage))
        }
    }
}

fn chinese(lint: &PlaybookLint) -> String {
    let within = |stage: &Option<Name>| stage.as_ref().map_or_else(String::new, |stage| format!("（阶段 {stage}）"));
    match lint {
        PlaybookLint::NearlyAlike { first, second } => {
            format!("等级 {first} 与 {second} 所用手段和服务标准相同：两者都需要吗？")
        }
        PlaybookLint::OnlyService { first, second } => {
            format!("等级 {first} 与 {second} 仅服务不同，产品、价格、政策、营销活动、渠道都一样。差异化不只是服务不同。")
        }
        PlaybookLint::TermsDiffer { lever, stage, grades } => {
            let what = match lever {
                Lever::Price => "交易价格",
                Lever::Campaign => "营销活动（优惠券、返利也是价格）",
                _ => "价格以外的交易条件",
            };
            format!(
                "{}{} 的{what}与最高等级不同。若客户为个人且等级出自自动化决策，《个人信息保护法》第二十四条要求保证决策的透明度和结果公平、公正，\
                 不得对个人在交易价格等交易条件上实行不合理的差别待遇：请写明差别的理由。此处不构成法律意见。",
                list(grades, "、"),
                within(stage)
            )
        }
        PlaybookLint::Everything { grade, stage } => {
            format!("等级 {grade}{}动用了全部手段：哪些值得其成本？", within(stage))
        }
        PlaybookLint::CostInverted { better, worse, stage } => {
            format!("等级 {worse}{}的计划年成本高于等级 {better}。", within(stage))
        }
    }
}
