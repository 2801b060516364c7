//! One account takes over another. Its lots are numbered on from those that are there, wherever they are named.

use super::{
    Account, Beside, Corrupt, Displaced, Draw, Event, Hold, Lot, Payer, Rejection,
    award::Award,
    book::{Book, clawbacks},
    decide::Deciding,
    state::Redemption,
    undo::Undo,
    wallet::{Borne, Wallet},
};
use crate::loyalty::{AccountId, LotId, Points};
use alloc::{
    boxed::Box,
    collections::btree_map::Entry,
    string::{String, ToString},
};

impl Deciding<'_> {
    pub(super) fn close(&mut self, into: &AccountId) -> Result<Points, Rejection> {
        if *into == self.account.id {
            return Err(Rejection::SameAccount);
        }
        self.draft.now(Event::Closed { into: into.clone() })?;
        let all = self.draft.book.wallets.iter().map(|wallet| wallet.available(self.draft.at));
        Points::sum(all).ok_or(Rejection::TooMany)
    }

    pub(super) fn absorb(&mut self, name: &AccountId) -> Result<Points, Rejection> {
        let Beside::Account(other) = self.beside else { return Err(Rejection::OtherAccountNeeded) };
        if *name == self.account.id {
            return Err(Rejection::SameAccount);
        }
        if let Some(twice) = self.account.knows_as_well(&self.draft.book.holds, other) {
            return Err(Rejection::KnownToBoth(twice));
        }
        self.credits.to_mut().merge(&other.credits)?;
        let points = other.book.wallets.iter().map(|wallet| wallet.available(self.draft.at));
        let points = Points::sum(points).ok_or(Rejection::TooMany)?;
        let after = LotId(self.draft.book.last_lot);
        self.draft.now(Event::Absorbed { account: Box::new(other.clone()), after })?;
        self.merge_status(other)?;
        for wallet in &other.book.wallets {
            self.draft.settle(self.draft.at, &wallet.kind)?;
        }
        Ok(points)
    }
}

impl Account {
    /// What both accounts have under one name and cannot be told apart: a hold, a purchase, or a redemption of other points or for a reward
    /// that is limited.
    fn knows_as_well(&self, holds: &[Hold], other: &Account) -> Option<String> {
        let hold = other.book.holds.iter().find(|hold| holds.iter().any(|own| own.hold == hold.hold));
        let bought = other
            .awards
            .iter()
            .find(|(source, theirs)| theirs.has_lines() && self.awards.get(*source).is_some_and(Award::has_lines));
        // Of two rewards that are limited, it could not be told which of them comes back.
        let limited = |redemption: &Redemption| redemption.reward.as_ref().is_some_and(|claimed| claimed.window.is_some());
        let unlike = |own: &Redemption, theirs: &Redemption| own.kind != theirs.kind || limited(own) || limited(theirs);
        let spent =
            other.redemptions.iter().find(|(source, theirs)| self.redemptions.get(*source).is_some_and(|own| unlike(own, theirs)));
        let source = bought.map(|(source, _)| source).or(spent.map(|(source, _)| source));
        hold.map(|hold| hold.hold.to_string()).or_else(|| source.map(ToString::to_string))
    }

    /// What a merged account brings beside its points.
    pub(super) fn take_over_rest(&mut self, undo: &Undo, other: &Account, offset: u32) {
        self.joined = self.joined.min(other.joined);
        self.purchases = self.purchases.saturating_add(other.purchases);
        for stored in other.archive.values() {
            let lot = stored.1.moved(offset);
            self.archive.insert(lot.lot, Box::new((stored.0.clone(), lot)));
        }
        for (source, award) in &other.awards {
            let award = award.renumbered(|lot| moved(lot, offset));
            // Of one source that rewarded both, as a referral, all comes back together.
            match self.awards.entry(source.clone()) {
                Entry::Vacant(place) => {
                    place.insert(award);
                }
                Entry::Occupied(mut own) => own.get_mut().join(award),
            }
        }
        for (source, redemption) in &other.redemptions {
            let mut redemption = redemption.clone();
            redemption.from.iter_mut().for_each(|draw| *draw = draw.moved(offset));
            // What a pool spent together comes back together.
            match self.redemptions.entry(source.clone()) {
                Entry::Vacant(place) => {
                    place.insert(redemption);
                }
                Entry::Occupied(mut own) => own.get_mut().from.append(&mut redemption.from),
            }
        }
        for redemption in self.redemptions.values_mut() {
            let kind = &redemption.kind;
            redemption.since = undo.clawbacks(kind).saturating_add(other.book.clawbacks(kind));
        }
        // Of one command that concerned both, as a transfer, the other's half is refused if it is sent again: it was carried out.
        for (id, seen) in &other.commands {
            self.commands.entry(id.clone()).or_insert(*seen);
        }
        for (key, points) in &other.caps {
            let used = self.caps.entry(key.clone()).or_default();
            *used = used.checked_add(*points).unwrap_or(*used);
        }
        for (key, times) in &other.claims {
            let had = self.claims.entry(key.clone()).or_default();
            *had = had.saturating_add(*times);
        }
        self.absorbed.insert(other.id.clone());
        self.absorbed.extend(other.absorbed.iter().cloned());
        self.received.extend(other.received.iter().cloned());
        for (key, seq) in &other.occasions {
            self.occasions.entry(key.clone()).or_insert(*seq);
        }
        // That it fits was found out before.
        let _ = self.credits.merge(&other.credits);
    }

    pub(super) fn fits_beside(&self, other: &Account) -> Result<(), Corrupt> {
        self.credits.clone().merge(&other.credits).map_err(|_| Corrupt::TooMany)
    }
}

impl Book {
    /// Takes over the points of another account.
    pub(super) fn absorb(&mut self, other: &Account, after: LotId, undo: &mut Undo) -> Result<(), Corrupt> {
        let offset = self.last_lot;
        if after.0 != offset {
            return Err(Corrupt::LotOutOfSequence(after));
        }
        self.last_lot = offset.checked_add(other.book.last_lot).ok_or(Corrupt::TooMany)?;
        for theirs in &other.book.wallets {
            theirs.lots.iter().for_each(|lot| undo.remember(&theirs.kind, moved(lot.lot, offset), None));
            let own: &mut Wallet = self.wallet_mut(&theirs.kind);
            theirs.lots.iter().for_each(|lot| own.insert(lot.moved(offset)));
            // What was let go before stays so: nobody can say what came first on the two.
            own.clawbacks = own.clawbacks.checked_add(theirs.clawbacks).ok_or(Corrupt::TooMany)?;
            own.borne.extend(theirs.borne.iter().map(|borne| Borne { what: borne.what.moved(offset), ..*borne }));
            own.idled.extend(theirs.idled.iter().map(|(first, last)| (moved(*first, offset), moved(*last, offset))));
            // The later of two deadlines: the member is one.
            own.idle = own.idle.into_iter().chain(theirs.idle).max_by_key(|idle| idle.at);
            own.totals = own.totals.plus(theirs.totals).ok_or(Corrupt::TooMany)?;
        }
        for hold in &other.book.holds {
            let mut hold = hold.clone();
            hold.from.iter_mut().for_each(|draw| *draw = draw.moved(offset));
            self.holds.push(hold);
        }
        for hold in &mut self.holds {
            hold.since = clawbacks(&self.wallets, &hold.kind);
        }
        Ok(())
    }
}

/// The number that a lot gets. The sum of both accounts' lots was found to fit.
const fn moved(lot: LotId, offset: u32) -> LotId {
    LotId(lot.0.saturating_add(offset))
}

impl Lot {
    fn moved(&self, offset: u32) -> Lot {
        Lot { lot: moved(self.lot, offset), ..self.clone() }
    }
}

impl Draw {
    const fn moved(self, offset: u32) -> Draw {
        Draw { lot: moved(self.lot, offset), points: self.points }
    }
}

impl Displaced {
    const fn moved(self, offset: u32) -> Displaced {
        let paid_by = if let Payer::Lot(lot) = self.paid_by { Payer::Lot(moved(lot, offset)) } else { self.paid_by };
        Displaced { owed_by: moved(self.owed_by, offset), paid_by, points: self.points }
    }
}
