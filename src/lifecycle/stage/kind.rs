use crate::reason::Language;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What kind of stage a stage is. The names of stages are the model's own; the kinds are fixed, because some moves contradict what they
/// mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StageKind {
    /// Known, and has not bought yet.
    #[doc(alias = "潜在客户")]
    Prospect,
    /// Has begun to buy.
    #[doc(alias = "新客户")]
    New,
    /// Buys more than before.
    #[doc(alias = "成长期")]
    Growing,
    /// Buys as before.
    #[doc(alias = "成熟期")]
    Mature,
    /// Buys less than before.
    #[doc(alias = "衰退期")]
    Declining,
    /// Has stopped buying.
    #[doc(alias = "流失")]
    Lapsed,
    /// Has come back after a lapse.
    #[doc(alias = "赢回")]
    WonBack,
    /// The relationship has ended and everything owed is settled. Nothing follows.
    #[doc(alias = "终止")]
    Closed,
}

/// What the firm is about with a customer: the view of acquiring, developing and retaining, and what comes after.
#[doc(alias = "争取、发展、保持")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// To win: prospects and new customers.
    #[doc(alias = "争取")]
    Acquire,
    /// To develop: customers who grow.
    #[doc(alias = "发展")]
    Develop,
    /// To keep: customers who are mature or decline.
    #[doc(alias = "保持")]
    Retain,
    /// To win again, and to develop anew: customers who have lapsed or come back (Stauss and Friege 1999).
    #[doc(alias = "挽回")]
    Regain,
    /// It has ended.
    Ended,
}

impl StageKind {
    /// All of them, in the order of a life.
    pub const ALL: [StageKind; 8] = [
        StageKind::Prospect,
        StageKind::New,
        StageKind::Growing,
        StageKind::Mature,
        StageKind::Declining,
        StageKind::Lapsed,
        StageKind::WonBack,
        StageKind::Closed,
    ];

    /// Whether a stage of this kind may lead to one of that kind at all: nobody becomes a prospect again, only a prospect becomes new, only
    /// who has lapsed is won back (and otherwise stays lapsed or is closed), and nothing follows the end.
    pub const fn may_lead_to(self, next: StageKind) -> bool {
        use StageKind::{Closed, Lapsed, New, Prospect, WonBack};
        match (self, next) {
            (Closed, _) => false,
            (_, Closed) | (Prospect, Prospect | New) | (Lapsed, Lapsed | WonBack) | (New, New) | (WonBack, WonBack) => true,
            (Prospect | Lapsed, _) | (_, Prospect | New | WonBack) => false,
            _ => true,
        }
    }

    /// What the firm is about.
    pub const fn phase(self) -> Phase {
        match self {
            StageKind::Prospect | StageKind::New => Phase::Acquire,
            StageKind::Growing => Phase::Develop,
            StageKind::Mature | StageKind::Declining => Phase::Retain,
            StageKind::Lapsed | StageKind::WonBack => Phase::Regain,
            StageKind::Closed => Phase::Ended,
        }
    }

    /// What it is called.
    pub const fn in_words(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            StageKind::Prospect => ("prospect", "潜在客户"),
            StageKind::New => ("new", "新客户"),
            StageKind::Growing => ("growing", "成长期"),
            StageKind::Mature => ("mature", "成熟期"),
            StageKind::Declining => ("declining", "衰退期"),
            StageKind::Lapsed => ("lapsed", "已流失"),
            StageKind::WonBack => ("won back", "已赢回"),
            StageKind::Closed => ("closed", "已终止"),
        };
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}

impl fmt::Display for StageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.in_words(Language::English))
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Phase::Acquire => "acquire",
            Phase::Develop => "develop",
            Phase::Retain => "retain",
            Phase::Regain => "regain",
            Phase::Ended => "ended",
        })
    }
}
