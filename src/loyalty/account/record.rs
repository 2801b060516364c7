use super::{Corrupt, Event, SentLot};
use crate::{
    calendar::Moment,
    loyalty::{AccountId, CommandId, Points},
    quantity::Name,
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What one command did to an account: the entry of its log. All of it happened or nothing.
///
/// It has two times: `at`, when it was recorded, and for every event the moment at which it took effect, which is earlier for a late fact
/// and for what the passing of time has done since the record before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this format: [`Record::FORMAT`].
    pub format: u16,
    /// Whose.
    pub account: AccountId,
    /// Its number in the log of the account, from 1.
    pub seq: u64,
    /// When it was recorded.
    pub at: Moment,
    /// The command.
    pub command: CommandId,
    /// A digest of what the command said, to tell it from another under the same id.
    #[serde(with = "crate::reason::hex")]
    pub digest: u64,
    /// The revision of the programme that decided.
    pub revision: Name,
    /// How many points the command moved.
    pub points: Points,
    /// What happened, in order.
    pub events: Vec<Happened>,
}

impl Record {
    /// The version of the format that this crate writes. It reads all earlier ones.
    pub const FORMAT: u16 = 1;

    /// Whether its events contradict neither themselves nor each other.
    pub(super) fn adds_up(&self) -> Result<(), Corrupt> {
        let mut sources = Vec::new();
        for Happened { event, .. } in &self.events {
            if !event.adds_up() {
                return Err(Corrupt::DoesNotAddUp(self.seq));
            }
            let source = match event {
                Event::Earned(earning) => (true, &earning.source),
                Event::Redeemed { source, .. } | Event::HoldSettled { source: Some(source), .. } => (false, source),
                _ => continue,
            };
            if sources.contains(&source) {
                return Err(Corrupt::SourceTwice(source.1.clone()));
            }
            sources.push(source);
        }
        Ok(())
    }

    /// What it sent to an account.
    pub(in crate::loyalty) fn sent_to(&self, account: &AccountId) -> Option<(&Name, &[SentLot])> {
        self.events.iter().find_map(|happened| match &happened.event {
            Event::Sent { kind, lots, to, .. } if to == account => Some((kind, &**lots)),
            _ => None,
        })
    }
}

/// An event and when it took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    /// The moment.
    pub on: Moment,
    /// What happened.
    pub event: Event,
}
