use super::Run;
use crate::{
    quantity::Name,
    reason::{Language, ModelId},
};
use alloc::{format, string::String, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One step of a [`LifeCycle`](super::LifeCycle): what was the stage, what is it now, and what became of the observation or act.
#[doc(alias = "阶段变动")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The day.
    pub on: NaiveDate,
    /// The stage before; `None` for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Name>,
    /// The stage after.
    pub after: Name,
    /// What happened.
    pub outcome: Outcome,
    /// The model that was followed.
    pub model: ModelId,
}

/// What became of an observation or act.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Outcome {
    /// The first observation gave the first stage.
    Entered,
    /// It was known already; nothing changed.
    Repeated,
    /// The observation spoke for the stage as it is.
    Stayed {
        /// The move that was being confirmed until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        broken: Option<Name>,
    },
    /// Facts are missing; nothing changed.
    Undecided {
        /// The stages that are possible.
        possible: Vec<Name>,
    },
    /// The observation spoke for another stage, not yet often or long enough.
    Confirming(Run),
    /// The stage has changed.
    Moved {
        /// The stages that were passed, because no edge leads straight there.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        via: Vec<Name>,
    },
    /// The observation spoke for a stage to which no way leads; nothing changed.
    NoWay {
        /// That stage.
        to: Name,
    },
    /// It became known why the customer lapsed.
    Explained {
        /// Why.
        because: Name,
    },
    /// The relationship has ended, everything owed being settled.
    Closed {
        /// Why.
        because: Name,
    },
}

impl Step {
    /// Whether the stage has changed.
    pub const fn is_move(&self) -> bool {
        matches!(self.outcome, Outcome::Entered | Outcome::Moved { .. } | Outcome::Closed { .. })
    }

    /// The step in words, in one line.
    pub fn explain(&self, language: Language) -> String {
        match language {
            Language::English => format!("{}: {}", self.on, self.english()),
            Language::Chinese => format!("{}：{}", self.on, self.chinese()),
        }
    }

    fn english(&self) -> String {
        let (before, after) = (self.before.as_ref().unwrap_or(&self.after), &self.after);
        match &self.outcome {
            Outcome::Entered => format!("enters as {after}."),
            Outcome::Repeated => format!("{after}; known already."),
            Outcome::Stayed { broken: None } => format!("stays {after}."),
            Outcome::Stayed { broken: Some(to) } => format!("stays {after}; the move to {to} is not confirmed."),
            Outcome::Undecided { possible } => format!("stays {after}; facts are missing, possible are {}.", list(possible, ", ")),
            Outcome::Confirming(Run { to, since, count }) => {
                format!("stays {after}; speaks for {to}, observation {count} since {since}.")
            }
            Outcome::Moved { via } if via.is_empty() => format!("from {before} to {after}."),
            Outcome::Moved { via } => format!("from {before} to {after}, by way of {}.", list(via, ", ")),
            Outcome::NoWay { to } => format!("stays {after}; speaks for {to}, to which no way leads."),
            Outcome::Explained { because } => format!("{after}, because: {because}."),
            Outcome::Closed { because } => format!("from {before} to {after}, nothing being owed: {because}."),
        }
    }

    fn chinese(&self) -> String {
        let (before, after) = (self.before.as_ref().unwrap_or(&self.after), &self.after);
        match &self.outcome {
            Outcome::Entered => format!("进入 {after}。"),
            Outcome::Repeated => format!("{after}，已记录。"),
            Outcome::Stayed { broken: None } => format!("仍为 {after}。"),
            Outcome::Stayed { broken: Some(to) } => format!("仍为 {after}；转入 {to} 未获确认。"),
            Outcome::Undecided { possible } => format!("仍为 {after}；信息不全，可能为 {}。", list(possible, "、")),
            Outcome::Confirming(Run { to, since, count }) => {
                format!("仍为 {after}；显示为 {to}，自 {since} 起第 {count} 次。")
            }
            Outcome::Moved { via } if via.is_empty() => format!("由 {before} 转为 {after}。"),
            Outcome::Moved { via } => format!("由 {before} 经 {} 转为 {after}。", list(via, "、")),
            Outcome::NoWay { to } => format!("仍为 {after}；显示为 {to}，但无路可达。"),
            Outcome::Explained { because } => format!("{after}，原因：{because}。"),
            Outcome::Closed { because } => format!("由 {before} 转为 {after}，事宜已处理完毕：{because}。"),
        }
    }
}

fn list(names: &[Name], between: &str) -> String {
    let mut out = String::new();
    for name in names {
        if !out.is_empty() {
            out.push_str(between);
        }
        out.push_str(name);
    }
    out
}
