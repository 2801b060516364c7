use super::{Event, decide::Deciding};
use crate::{loyalty::ladder::StatusChange, quantity::Name};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The last tiers that the member had, each with the first day with it, for what is posted late. Before the first one known it counts as
/// had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tiers(Vec<(NaiveDate, Name)>);

impl Tiers {
    /// A member who rises and falls once a year is known for four years.
    const MOST: usize = 8;

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes in a change: the last of a day is that of the day.
    pub(super) fn take(&mut self, StatusChange { on, from, to, .. }: &StatusChange) {
        if self.0.is_empty() {
            self.0.push((from.since.min(*on), from.tier.clone()));
        }
        self.0.retain(|(day, _)| day < on);
        if self.0.last().is_none_or(|(_, tier)| *tier != to.tier) {
            self.0.push((*on, to.tier.clone()));
        }
        self.0.drain(..self.0.len().saturating_sub(Self::MOST));
    }

    /// The tier at the close of a day.
    fn on(&self, day: NaiveDate) -> Option<&Name> {
        self.0.iter().rev().find(|(since, _)| *since <= day).or(self.0.first()).map(|(_, tier)| tier)
    }
}

impl Deciding<'_> {
    /// The tier that the member has now; the base is none.
    pub(super) fn tier(&self) -> Option<&Name> {
        self.status.as_ref().map(|state| &state.standing().tier)
    }

    /// The tier of this ladder as which the member earns for what happened on a day: now that of now; on an earlier day the one at its
    /// close, as far as it is known.
    pub(super) fn tier_on(&self, day: NaiveDate) -> Option<Name> {
        let (now, terms) = (self.tier()?, self.programme.terms());
        if day >= terms.zone.day_of(self.draft.at) {
            return Some(now.clone());
        }
        let mut tiers = self.account.tiers.clone();
        for happened in &self.draft.events {
            if let Event::StatusChanged { changes, .. } = &happened.event {
                for change in changes {
                    tiers.take(change);
                }
            }
        }
        let then = tiers.on(day).unwrap_or(now);
        Some(terms.ladder.as_ref().map_or(then, |ladder| ladder.tier_now(then)).clone())
    }
}
