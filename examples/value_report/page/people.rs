//! The customers that are explained, and the treatment of each grade.

use super::{palette, tables::badge};
use crate::{figures::lever, report::Report, spotlight::Spotlight};
use customer_value::{
    reason::Language,
    tier::{Grade, GradeSet, treatment::Treatment},
};
use maud::{Markup, html};

pub(crate) fn spotlights(report: &Report) -> Markup {
    let grades = report.policy.model.grades();
    let language = match report.language {
        Language::English => "en",
        Language::Chinese => "zh",
    };
    html! {
        div.cards { @for spotlight in &report.spotlights { (explained(spotlight, grades, language)) } }
    }
}

fn explained(spotlight: &Spotlight, grades: &GradeSet, language: &str) -> Markup {
    html! {
        article.card style=(top(&spotlight.grade, grades)) {
            h3 { (badge(&spotlight.grade, grades)) "Customer " (spotlight.key) }
            p.small { (spotlight.chosen) "." }
            p { (spotlight.summary()) }
            ol lang=(language) { @for reason in &spotlight.reasons { li { (reason) } } }
        }
    }
}

pub(crate) fn treatments(report: &Report) -> Markup {
    let grades = report.policy.model.grades();
    html! {
        div.cards.four { @for (grade, _, treatment) in report.policy.playbook.iter() { (treated(grade, treatment, grades)) } }
    }
}

fn treated(grade: &Grade, treatment: &Treatment, grades: &GradeSet) -> Markup {
    html! {
        article.card style=(top(grade, grades)) {
            h3 { (badge(grade, grades)) (treatment.name) }
            ul { @for action in &treatment.actions { li { strong { (lever(action.lever)) ": " } (action.what) } } }
        }
    }
}

fn top(grade: &Grade, grades: &GradeSet) -> String {
    format!("border-top-color:{}", palette::of(grade, grades).fill)
}
