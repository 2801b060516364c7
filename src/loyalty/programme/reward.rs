use crate::{
    loyalty::{Points, earning::CapPeriod},
    quantity::{Name, unique_keys},
};
use alloc::collections::BTreeSet;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What points can be spent on.
#[doc(alias = "奖励")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// Its name.
    pub name: Name,
    /// The kind of points that pays it.
    pub kind: Name,
    /// How many.
    pub price: Points,
    /// The grades for which it costs less, or more.
    #[serde(default, deserialize_with = "unique_keys")]
    pub price_by_grade: alloc::collections::BTreeMap<Name, Points>,
    /// The grades that can have it; all if empty.
    #[serde(default)]
    pub grades: BTreeSet<Name>,
    /// From which day it is offered.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// From which day it no longer is.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// How often a member can have it in a period.
    #[serde(default)]
    pub limit: Option<RewardLimit>,
}

/// So often in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewardLimit {
    /// So often.
    pub times: u32,
    /// In each of these; not by the order.
    pub per: CapPeriod,
}

/// What a grade brings without being paid for.
#[doc(alias = "专属优惠")]
#[doc(alias = "会员权益")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// Its name.
    pub name: Name,
    /// The lowest grade that has it; everybody if `None`.
    #[serde(default)]
    pub from_grade: Option<Name>,
}
