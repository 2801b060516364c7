use crate::{
    calendar::Moment,
    loyalty::{
        AccountId, CostBasis, LotId, Points, SourceId,
        earning::{CapUse, CapWindow, Side},
        programme::Returns,
    },
    quantity::Name,
};
use alloc::{string::String, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a source earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earning {
    /// The business event.
    pub source: SourceId,
    /// Why.
    pub cause: Cause,
    /// The lots it opened.
    pub lots: Vec<Opened>,
    /// What counts for the status.
    pub status: Vec<StatusCredit>,
    /// What was sold, so that it can be returned.
    pub lines: Vec<LineSold>,
    /// What each rule gave, by name, of all kinds of points; empty for what no rule gave.
    pub rules: Vec<(Name, Points)>,
    /// How returns of it are counted, whatever the scheme says by then.
    pub returns: Returns,
    /// What each rule with caps wanted to give and gave, by the window that its cap is for.
    pub caps: Vec<CapUse>,
}

impl Earning {
    /// What it used up of caps that are not for it alone.
    pub(super) fn used_up(&self) -> impl Iterator<Item = (&Name, CapWindow, Points)> {
        let used = self.caps.iter().filter(|used| !used.granted.is_zero());
        used.filter_map(|used| Some((&used.rule, used.window?, used.granted)))
    }
}

/// Why points were credited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A purchase.
    Purchase,
    /// Something else the member did.
    Activity(Name),
    /// An occasion, and the key under which it is granted once.
    Occasion {
        /// Which one.
        occasion: Name,
        /// Such as `2026`.
        key: String,
    },
    /// A decision by hand, with its reason.
    Grant(String),
    /// A referral, and the other side of it.
    Referral {
        /// The other account.
        peer: AccountId,
        /// Which side this one is on.
        side: Side,
    },
}

/// A lot as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its number.
    pub lot: LotId,
    /// The kind of points.
    pub kind: Name,
    /// How many.
    pub points: Points,
    /// From when they can be spent; `None` until a confirmation.
    pub active: Option<Moment>,
    /// From when they no longer can; `None` for never.
    pub expires: Option<Moment>,
    /// What they cost the programme.
    pub cost: CostBasis,
    /// The part of each line of the basket, in order of their names; empty for what no basket earned.
    pub lines: Vec<(Name, Points)>,
}

/// Points that count for the status: no lot, they cannot be spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusCredit {
    /// Which kind of points.
    pub metric: Name,
    /// The day for which they count.
    pub day: NaiveDate,
    /// How many; a reversal is negative.
    pub points: i64,
    /// The part of each line of the basket; empty for what no basket earned, and in reversals.
    pub lines: Vec<(Name, Points)>,
}

/// What a line of a basket came to, so that parts of it can be returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSold {
    /// Its name.
    pub line: Name,
    /// How many units.
    pub units: u32,
    /// What was paid for it, after discounts, in smallest units of the programme's currency.
    pub paid: i64,
}
