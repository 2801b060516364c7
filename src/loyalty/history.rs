//! Looking back on two axes of time: what was known at a moment, and what was true at one.
//!
//! A purchase of 28 March that is posted on 5 April was not known on 31 March, but was true then. So there are two answers to what a
//! member had on 31 March: as known then, for whoever asks why a redemption was refused; and as known now, for the books.
//!
//! ```
//! use customer_value::loyalty::{Account, AccountId, history::as_of};
//!
//! let (id, joined) = (AccountId::new("m1")?, "2026-01-01T00:00:00Z".parse()?);
//! let march = "2026-03-31T23:59:59Z".parse()?;
//! let view = as_of(&id, joined, &[], march, march)?;
//! assert!(view.balances.is_empty());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use super::{
    Account, AccountId, LotId, Points,
    account::{Balance, Corrupt, Draw, Event, Happened, Payer, Record},
};
use crate::{
    calendar::Moment,
    quantity::{Name, unique_keys},
};
use alloc::collections::BTreeMap;
use serde::{Deserialize, Serialize};

/// What a member had, as far as it was known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// By kind of points.
    #[serde(deserialize_with = "unique_keys")]
    pub balances: BTreeMap<Name, Balance>,
    /// The tier; `None` if there was no ladder, or nothing had put the member on it.
    pub tier: Option<Name>,
}

/// What a member had at a moment, by the records made up to another: `known` and `at` alike for what was known then, `known` of today for
/// what is known of that moment now.
///
/// A fact that was recorded late counts from the moment at which it took effect, and points whose time was over before they were recorded
/// count up to its end. So does a [correction](super::Command::Void). What else a fact set off when it was recorded, such as the payment of
/// a debt, counts from then: of 500 points that were none, 100 spent meanwhile are there and owed until then, as in the books. An account
/// that was taken over has nothing from then on.
///
/// A change of tier counts from the start of its day, on the clock that the programme had when the change was written down: where that was
/// put forward or back in between, an hour off.
///
/// # Errors
/// [`Corrupt`] for a log that does not hold together.
#[doc(alias = "双时态")]
pub fn as_of(id: &AccountId, joined: Moment, log: &[Record], at: Moment, known: Moment) -> Result<View, Corrupt> {
    let known = &log[..log.partition_point(|record| record.at <= known)];
    let account = Account::replay(id.clone(), joined, known)?;
    let events = || known.iter().flat_map(|record| &record.events);
    let tier = tier_at(events(), at);
    // Up to the last record the passing of time has been written down; from there on it is worked out.
    if account.last().is_none_or(|last| last <= at) {
        let balances = account.kinds().map(|kind| (kind.clone(), account.balance(kind, at))).collect();
        return Ok(View { balances, tier });
    }
    let mut past = Past::default();
    for Happened { on, event } in events().filter(|happened| happened.on <= at) {
        past.happen(*on, event)?;
    }
    Ok(View { balances: past.balances(at), tier })
}

fn tier_at<'a>(events: impl Iterator<Item = &'a Happened>, at: Moment) -> Option<Name> {
    let mut tier = None;
    for Happened { on, event } in events {
        if let Event::StatusChanged { changes, .. } = event {
            // A change is dated by a day of the programme's zone, which is that of the moment at which it was written down.
            let day = at.at_offset(on.offset_minutes()).map_or_else(|_| at.date(), |local| local.date());
            tier = changes.iter().rev().find(|change| change.on <= day).map(|change| change.to.tier.clone()).or(tier);
        }
    }
    tier
}

/// Lots and debts as events up to a moment have left them.
#[derive(Default)]
struct Past {
    lots: BTreeMap<(Name, LotId), PastLot>,
    debts: BTreeMap<Name, Points>,
}

#[derive(Default)]
struct PastLot {
    active: Option<Moment>,
    expires: Option<Moment>,
    left: i128,
    held: i128,
}

impl Past {
    fn happen(&mut self, on: Moment, event: &Event) -> Result<(), Corrupt> {
        if let Event::Absorbed { account, after } = event {
            for (kind, lot) in account.live_lots() {
                let moved = LotId(lot.lot.number().saturating_add(after.number()));
                let (left, held) = (lot.left.units().into(), lot.held.units().into());
                self.lots.insert((kind.clone(), moved), PastLot { active: lot.active, expires: lot.expires, left, held });
            }
            for (kind, debt) in account.debts() {
                let owed = self.debts.entry(kind.clone()).or_default();
                *owed = owed.checked_add(debt).ok_or(Corrupt::TooMany)?;
            }
        }
        for lot in event.opened() {
            let past = PastLot { active: lot.active, expires: lot.expires, ..PastLot::default() };
            self.lots.insert((lot.kind.clone(), lot.lot), past);
        }
        for movement in event.all_movements() {
            let lot = self.lots.entry((movement.kind, movement.lot)).or_default();
            let points = i128::from(movement.points.units());
            for (place, sign) in [(movement.from, -1), (movement.to, 1)] {
                match place {
                    super::account::Place::Lot => lot.left += sign * points,
                    super::account::Place::Held => lot.held += sign * points,
                    _ => {}
                }
            }
        }
        match event {
            Event::Confirmed { kind, lots, .. } => {
                for id in lots {
                    self.lots.entry((kind.clone(), *id)).or_default().active = Some(on);
                }
            }
            Event::ExpiryMoved { kind, lots, .. } => {
                for (id, _, expires) in lots {
                    self.lots.entry((kind.clone(), *id)).or_default().expires = *expires;
                }
            }
            Event::ClawedBack { kind, displaced, .. } => {
                self.owe(kind, displaced.iter().filter(|d| d.paid_by == Payer::Debt).map(|d| d.points))?;
            }
            Event::Reclaimed { kind, let_go, .. } => self.owe(kind, let_go.iter().map(|d| d.points))?,
            Event::ClawbackSettled { kind, paid } => {
                let debts = paid.iter().filter(|d| d.paid_by == Payer::Debt).map(|d| d.points);
                self.pay(kind, debts)?;
            }
            Event::DebtRepaid { kind, from } => self.pay(kind, from.iter().map(|draw: &Draw| draw.points))?,
            _ => {}
        }
        Ok(())
    }

    fn owe(&mut self, kind: &Name, points: impl Iterator<Item = Points>) -> Result<(), Corrupt> {
        let owed = self.debts.entry(kind.clone()).or_default();
        *owed = Points::sum(points.chain([*owed])).ok_or(Corrupt::TooMany)?;
        Ok(())
    }

    fn pay(&mut self, kind: &Name, points: impl Iterator<Item = Points>) -> Result<(), Corrupt> {
        let owed = self.debts.entry(kind.clone()).or_default();
        let paid = Points::sum(points).ok_or(Corrupt::TooMany)?;
        *owed = owed.checked_sub(paid).ok_or(Corrupt::NotOwed)?;
        Ok(())
    }

    fn balances(self, at: Moment) -> BTreeMap<Name, Balance> {
        let mut balances = BTreeMap::<Name, Balance>::new();
        let add = |sum: &mut Points, points: i128| {
            // Parts of what was issued and received, which fits.
            let points = Points::new(u64::try_from(points).unwrap_or_default());
            *sum = sum.checked_add(points).unwrap_or(*sum);
        };
        for ((kind, _), lot) in self.lots {
            let balance = balances.entry(kind).or_default();
            add(&mut balance.held, lot.held);
            if lot.expires.is_some_and(|end| end <= at) {
                continue;
            }
            let spendable = lot.active.is_some_and(|from| from <= at);
            add(if spendable { &mut balance.available } else { &mut balance.pending }, lot.left);
        }
        for (kind, debt) in self.debts {
            balances.entry(kind).or_default().debt = debt;
        }
        balances
    }
}

/// All events of a log with the moments that count on an axis.
pub(super) fn moments(log: &[Record], axis: Axis) -> impl Iterator<Item = (Moment, &Event)> {
    log.iter().flat_map(move |record| {
        record.events.iter().map(move |happened| {
            let moment = match axis {
                Axis::Recorded => record.at,
                Axis::Effective => happened.on,
            };
            (moment, &happened.event)
        })
    })
}

/// Which time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// When it was written down: books that are closed stay closed.
    Recorded,
    /// When it was true: a late fact changes the past.
    Effective,
}
