//! Stand-in.
#![allow(missing_docs)]
use crate::quantity::Name;
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCredits {
    days: Vec<(Name, NaiveDate, i64)>,
}
impl StatusCredits {
    pub fn add(&mut self, metric: &Name, day: NaiveDate, points: i64) {
        self.days.push((metric.clone(), day, points));
    }
}
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusState {
    tier: Option<Name>,
}
impl StatusState {
    pub fn tier(&self) -> Option<&Name> {
        self.tier.as_ref()
    }
}
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Intervention {
    tier: Name,
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    to: Name,
}
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no")]
pub struct LadderError;
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    names: BTreeMap<Name, Name>,
}
impl Ladder {
    pub fn tiers(&self) -> Vec<Name> {
        self.names.keys().cloned().collect()
    }
    pub fn metrics(&self) -> Vec<Name> {
        Vec::new()
    }
}
