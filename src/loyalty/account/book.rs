use super::{
    Corrupt, Draw, Event, Lapse, Lot, Opened,
    totals::{Movement, Place},
    undo::Undo,
    wallet::Wallet,
};
use crate::{
    calendar::Moment,
    loyalty::{HoldId, LotId, Points},
    quantity::Name,
};
use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// Points set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Under which name.
    pub hold: HoldId,
    /// The kind of points.
    pub kind: Name,
    /// From which lots.
    pub from: Vec<Draw>,
    /// When they are free again if nobody decides.
    pub until: Moment,
    /// After how many clawbacks they were set aside.
    pub(super) since: u32,
}

/// The part of an account that decisions change as they go: what is there, what is held, what is owed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    pub(super) wallets: Vec<Wallet>,
    pub(super) holds: Vec<Hold>,
    pub(super) last_lot: u32,
}

/// How many clawbacks of a kind there were.
pub(super) fn clawbacks(wallets: &[Wallet], kind: &Name) -> u32 {
    wallets.iter().find(|wallet| wallet.kind == *kind).map_or(0, |wallet| wallet.clawbacks)
}

/// Lots without points, to which points may come back, with their kind.
pub(super) type Archive = BTreeMap<LotId, Box<(Name, Lot)>>;

impl Book {
    /// Where the wallet of a kind is, or where it would be.
    pub(super) fn place(&self, kind: &Name) -> Result<usize, usize> {
        self.wallets.binary_search_by(|w| w.kind.cmp(kind))
    }

    /// The next moment at which the passing of time changes anything: a hold ends, points expire, or pending ones can pay a debt.
    pub(super) fn next_due(&self) -> Option<Moment> {
        let holds = self.holds.iter().map(|hold| hold.until);
        holds.chain(self.wallets.iter().filter_map(Wallet::next_due)).min()
    }

    pub(super) fn wallet(&self, kind: &Name) -> Option<&Wallet> {
        self.wallets.iter().find(|w| w.kind == *kind)
    }

    pub(super) fn wallet_mut(&mut self, kind: &Name) -> &mut Wallet {
        let at = self.place(kind).unwrap_or_else(|place| {
            self.wallets.reserve_exact(1); // most have one kind
            self.wallets.insert(place, Wallet::new(kind.clone()));
            place
        });
        &mut self.wallets[at]
    }

    /// How many clawbacks of a kind there were.
    pub(super) fn clawbacks(&self, kind: &Name) -> u32 {
        clawbacks(&self.wallets, kind)
    }

    /// A lot that is not empty.
    pub(super) fn lot(&self, kind: &Name, id: LotId) -> Option<&Lot> {
        self.wallet(kind).and_then(|wallet| wallet.lot(id))
    }

    /// Makes the movements of an event that took effect at a moment, and what else it says of lots, holds and debts.
    pub(super) fn apply(&mut self, on: Moment, event: &Event, archive: &Archive, undo: &mut Undo) -> Result<(), Corrupt> {
        match event {
            Event::Earned(earning) => return earning.lots.iter().try_for_each(|lot| self.open(on, lot, Place::Issued, undo)),
            Event::Received { lots, .. } => return lots.iter().try_for_each(|lot| self.open(on, lot, Place::Received, undo)),
            Event::Reinstated { kind, from, lot, .. } => {
                for draw in from {
                    self.change(kind, draw.lot, archive, undo, |lot| {
                        lot.lapsed.checked_sub(draw.points).map(|rest| lot.lapsed = rest)
                    })?;
                }
                return self.open(on, lot, Place::Expired, undo);
            }
            _ => {}
        }
        let mut result = Ok(());
        event.movements(|kind, movement| {
            if result.is_ok() {
                result = self.shift(kind, movement, archive, undo);
            }
        });
        result?;
        self.note(on, event, archive, undo)
    }

    /// A new lot, with points from a place.
    fn open(&mut self, earned: Moment, new: &Opened, from: Place, undo: &mut Undo) -> Result<(), Corrupt> {
        if self.last_lot.checked_add(1) != Some(new.lot.0) {
            return Err(Corrupt::LotOutOfSequence(new.lot));
        }
        self.last_lot = new.lot.0;
        let Opened { lot, points, active, expires, cost, .. } = *new;
        let (opened, left, held, lapsed) = (points, points, Points::ZERO, Points::ZERO);
        undo.remember(&new.kind, lot, None);
        let wallet = self.wallet_mut(&new.kind);
        wallet.insert(Lot { lot, earned, active, expires, cost, opened, left, held, lapsed });
        wallet.totals.shift(points, from, Place::Lot).ok_or(Corrupt::TooMany)
    }

    /// Changes a lot, which may be empty before or after.
    fn change(
        &mut self,
        kind: &Name,
        id: LotId,
        archive: &Archive,
        undo: &mut Undo,
        change: impl FnOnce(&mut Lot) -> Option<()>,
    ) -> Result<(), Corrupt> {
        let wallet = self.wallets.iter_mut().find(|w| w.kind == *kind).ok_or(Corrupt::UnknownLot(id))?;
        if let Some(at) = wallet.place(id) {
            let lot = &mut wallet.lots[at];
            undo.remember(kind, id, Some(lot));
            change(lot).ok_or(Corrupt::NotThere(id))?;
            if lot.is_empty() {
                wallet.lots.remove(at).into_iter().for_each(|lot| undo.put_aside(kind, lot));
            }
            return Ok(());
        }
        let mut lot = undo.stored(kind, id, archive).ok_or(Corrupt::UnknownLot(id))?.clone();
        change(&mut lot).ok_or(Corrupt::NotThere(id))?;
        if lot.is_empty() {
            undo.put_aside(kind, lot);
        } else {
            undo.remember(kind, id, None);
            self.wallet_mut(kind).insert(lot);
        }
        Ok(())
    }

    fn shift(
        &mut self,
        kind: &Name,
        Movement { lot, points, from, to }: Movement,
        archive: &Archive,
        undo: &mut Undo,
    ) -> Result<(), Corrupt> {
        self.change(kind, lot, archive, undo, |lot| {
            let less = |place: Points| place.checked_sub(points);
            match from {
                Place::Lot => lot.left = less(lot.left)?,
                Place::Held => lot.held = less(lot.held)?,
                _ => {}
            }
            match to {
                Place::Lot => lot.left = lot.left.checked_add(points)?,
                Place::Held => lot.held = lot.held.checked_add(points)?,
                Place::Expired => lot.lapsed = lot.lapsed.checked_add(points)?,
                _ => {}
            }
            let within = lot.left.checked_add(lot.held)? <= lot.opened;
            within.then_some(())
        })?;
        self.wallet_mut(kind).totals.shift(points, from, to).ok_or(Corrupt::TooMany)
    }

    fn note(&mut self, on: Moment, event: &Event, archive: &Archive, undo: &mut Undo) -> Result<(), Corrupt> {
        match event {
            Event::Confirmed { kind, lots, .. } => {
                for &id in lots {
                    self.change(kind, id, archive, undo, |lot| lot.active.is_none().then(|| lot.active = Some(on)))?;
                }
            }
            Event::Held { hold, kind, from, until } => {
                if self.holds.iter().any(|h| h.hold == *hold) {
                    return Err(Corrupt::HoldTaken(hold.clone()));
                }
                let since = self.clawbacks(kind);
                self.holds.push(Hold { hold: hold.clone(), kind: kind.clone(), from: from.clone(), until: *until, since });
            }
            Event::HoldSettled { hold, .. } => {
                let place = self.holds.iter().position(|h| h.hold == *hold).ok_or_else(|| Corrupt::UnknownHold(hold.clone()))?;
                self.holds.remove(place);
            }
            Event::ClawedBack { kind, lapsed, displaced, .. } => {
                if let Some(draw) = lapsed {
                    self.change(kind, draw.lot, archive, undo, |lot| {
                        lot.lapsed.checked_sub(draw.points).map(|rest| lot.lapsed = rest)
                    })?;
                }
                self.wallet_mut(kind).displace(displaced).ok_or(Corrupt::TooMany)?;
            }
            Event::ClawbackSettled { kind, paid } => {
                let wallet = self.wallet_mut(kind);
                paid.iter().try_for_each(|d| wallet.replace(*d)).ok_or(Corrupt::NotOwed)?;
            }
            Event::Reclaimed { kind, after, let_go } => {
                let wallet = self.wallet_mut(kind);
                let_go.iter().try_for_each(|d| wallet.reclaim(*after, *d)).ok_or(Corrupt::NotOwed)?;
            }
            Event::DebtRepaid { kind, from } => {
                let wallet = self.wallet_mut(kind);
                from.iter().try_for_each(|draw| wallet.repay(*draw)).ok_or(Corrupt::NotOwed)?;
            }
            Event::ExpiryMoved { kind, lots, .. } => {
                let moved = lots.iter().try_for_each(|&(id, _, expires)| {
                    self.change(kind, id, archive, undo, |lot| {
                        lot.expires = expires;
                        Some(())
                    })
                });
                self.wallet_mut(kind).sort();
                moved?;
            }
            Event::Absorbed { account, after } => self.absorb(account, *after, undo)?,
            Event::WasActive { kind, idle } => self.wallet_mut(kind).idle = Some(*idle),
            Event::Expired { kind, because: Lapse::Inactivity, .. } => {
                let last = LotId(self.last_lot);
                let wallet = self.wallet_mut(kind);
                (wallet.idle, wallet.idled) = (None, Vec::from([(LotId(1), last)]));
            }
            Event::Expired { kind, from, because: Lapse::Decay } => {
                let wallet = self.wallet_mut(kind);
                // Where nothing is left to lose, the next points begin anew.
                let left = !wallet.lots.is_empty();
                wallet.idle = wallet.idle.and_then(|idle| idle.after(!from.is_empty(), left));
            }
            _ => {}
        }
        Ok(())
    }
}
