use super::{
    Displaced, Draw, Event, Happened, Hold, Lapse, Lot, Payer, Rejection,
    book::{Archive, Book},
    undo::Undo,
    wallet::Wallet,
};
use crate::{
    calendar::Moment,
    loyalty::{LotId, Points},
    quantity::Name,
};
use alloc::vec::Vec;

/// What is about to happen: every event happens in the book as soon as it is decided, so that what follows sees it, and deciding cannot
/// differ from replaying.
pub(super) struct Draft<'a> {
    pub(super) archive: &'a Archive,
    pub(super) at: Moment,
    pub(super) book: &'a mut Book,
    pub(super) undo: &'a mut Undo,
    pub(super) events: Vec<Happened>,
}

impl<'a> Draft<'a> {
    pub(super) const fn new(book: &'a mut Book, undo: &'a mut Undo, archive: &'a Archive, at: Moment) -> Draft<'a> {
        Draft { archive, at, book, undo, events: Vec::new() }
    }

    /// A lot as it is now, wherever it is kept.
    pub(super) fn lot(&self, kind: &Name, id: LotId) -> Option<&Lot> {
        self.book.lot(kind, id).or_else(|| self.undo.stored(kind, id, self.archive))
    }

    /// Lets an event happen.
    pub(super) fn emit(&mut self, on: Moment, event: Event) -> Result<(), Rejection> {
        // What is decided was looked up in the same book; only sums can still be too large.
        self.book.apply(on, &event, self.archive, self.undo).map_err(|_| Rejection::TooMany)?;
        if self.events.is_empty() {
            self.events.reserve_exact(1); // most commands make one
        }
        self.events.push(Happened { on, event });
        Ok(())
    }

    pub(super) fn now(&mut self, event: Event) -> Result<(), Rejection> {
        self.emit(self.at, event)
    }

    pub(super) fn next_lot(&self, already: usize) -> Result<LotId, Rejection> {
        let number = u32::try_from(already).ok().and_then(|n| self.book.last_lot.checked_add(n)?.checked_add(1));
        number.map(LotId).ok_or(Rejection::TooMany)
    }

    /// So many points of a kind, in the order in which they are spent.
    pub(super) fn take(&self, kind: &Name, points: Points) -> Result<Vec<Draw>, Rejection> {
        if points.is_zero() {
            return Err(Rejection::NoPoints);
        }
        let (draws, missing) = match self.book.wallet(kind) {
            Some(wallet) => wallet.take(points, self.at),
            None => (Vec::new(), points),
        };
        if missing.is_zero() {
            return Ok(draws);
        }
        let available = self.book.wallet(kind).map_or(Points::ZERO, |wallet| wallet.available(self.at));
        Err(Rejection::Insufficient { wanted: points, available })
    }

    /// Writes down what time has done: at every moment at which something is due, holds lapse, then points expire, then those that
    /// became spendable pay what is owed.
    pub(super) fn sweep(&mut self) -> Result<(), Rejection> {
        while let Some(due) = self.book.next_due().filter(|due| *due <= self.at) {
            while let Some(hold) = self.book.holds.iter().find(|hold| hold.until <= due) {
                let Hold { hold, kind, from, since, .. } = hold.clone();
                self.emit(
                    due,
                    Event::HoldSettled { hold, kind: kind.clone(), source: None, captured: Vec::new(), released: from.clone() },
                )?;
                self.come_back(due, &kind, &from, since)?;
            }
            for place in 0..self.book.wallets.len() {
                self.idle(place, due)?;
                self.expire(place, due)?;
                self.repay(place, due)?;
            }
        }
        Ok(())
    }

    /// The loss that follows from inactivity, if it is due.
    fn idle(&mut self, place: usize, due: Moment) -> Result<(), Rejection> {
        let wallet = &self.book.wallets[place];
        let Some(idle) = wallet.idle.filter(|idle| idle.at <= due) else { return Ok(()) };
        let kind = wallet.kind.clone();
        let (from, because) = if idle.rest {
            let left = wallet.lots.iter().filter(|lot| !lot.left.is_zero());
            (left.map(|lot| Draw { lot: lot.lot, points: lot.left }).collect(), Lapse::Inactivity)
        } else {
            let all = wallet.available(due);
            let loss = idle.decay.map_or(Points::ZERO, |decay| decay.of(all));
            (wallet.take(loss, due).0, Lapse::Decay)
        };
        self.emit(due, Event::Expired { kind, from, because })
    }

    /// Lots whose time is over.
    fn expire(&mut self, place: usize, due: Moment) -> Result<(), Rejection> {
        let wallet = &self.book.wallets[place];
        let from: Vec<Draw> = wallet.over(due).map(Lot::rest).collect();
        if from.is_empty() {
            return Ok(());
        }
        let kind = wallet.kind.clone();
        self.emit(due, Event::Expired { kind, from, because: Lapse::Time })
    }

    /// After points were credited as of an earlier moment: those whose time was over before they were recorded went when it was over.
    pub(super) fn expire_late(&mut self, earned: Moment, kind: &Name) -> Result<(), Rejection> {
        let Ok(place) = self.book.place(kind) else { return Ok(()) };
        // Others have been seen to; and the first in order is the first to expire.
        let next = |book: &Book| book.wallets[place].lots.iter().find(|lot| !lot.left.is_zero()).and_then(|lot| lot.expires);
        while let Some(end) = next(self.book).filter(|end| *end <= self.at) {
            self.expire(place, end.max(earned))?;
        }
        Ok(())
    }

    /// What is owed is paid before anything can be spent.
    fn repay(&mut self, place: usize, on: Moment) -> Result<(), Rejection> {
        let wallet = &self.book.wallets[place];
        let debt = wallet.debt();
        if debt.is_zero() {
            return Ok(());
        }
        let (from, _) = wallet.take(debt, on);
        if from.is_empty() {
            return Ok(());
        }
        let kind = wallet.kind.clone();
        self.emit(on, Event::DebtRepaid { kind, from })
    }

    /// After points have come back into lots that they left after so many clawbacks: they pay what these lots owe in place of others, and
    /// what the programme let go only because they were away. Then they are as any that come.
    pub(super) fn come_back(&mut self, on: Moment, kind: &Name, into: &[Draw], since: u32) -> Result<(), Rejection> {
        let mut come: Vec<Draw> = into.to_vec();
        let (mut stay, mut freed) = (Vec::new(), Points::ZERO);
        while let Some(draw) = come.pop() {
            let Some(wallet) = self.book.wallet(kind) else { break };
            let paid = wallet.pays(draw);
            let mut rest = draw.points;
            for Displaced { paid_by, points, .. } in &paid {
                rest = rest.checked_sub(*points).unwrap_or_default();
                match paid_by {
                    Payer::Lot(lot) => come.push(Draw { lot: *lot, points: *points }),
                    Payer::Debt => freed = freed.checked_add(*points).ok_or(Rejection::TooMany)?,
                    Payer::Programme | Payer::ProgrammeForGood => {}
                }
            }
            stay.push(Draw { points: rest, ..draw });
            if !paid.is_empty() {
                self.emit(on, Event::ClawbackSettled { kind: kind.clone(), paid })?;
            }
        }
        self.reclaim(on, kind, since, &stay, freed)?;
        self.settle(on, kind)
    }

    /// What the programme let go while points were away is owed as far as they could have paid it, or the debt could have been larger; and
    /// they pay what is owed.
    fn reclaim(&mut self, on: Moment, kind: &Name, after: u32, back: &[Draw], freed: Points) -> Result<(), Rejection> {
        let Some(wallet) = self.book.wallet(kind).filter(|wallet| !wallet.owed(Payer::Programme).is_zero()) else { return Ok(()) };
        let of_lot = |lot: LotId| back.iter().filter(move |draw| draw.lot == lot).copied();
        let there: Vec<Draw> = wallet.spendable(on).flat_map(|lot| of_lot(lot.lot)).collect();
        let points = Points::sum(there.iter().map(|draw| draw.points).chain([freed])).ok_or(Rejection::TooMany)?;
        let let_go = wallet.let_go(after, points);
        if let_go.is_empty() {
            return Ok(());
        }
        self.emit(on, Event::Reclaimed { kind: kind.clone(), after, let_go })?;
        let debt = self.book.wallet(kind).map_or(Points::ZERO, Wallet::debt);
        let (from, _) = Draw::first(there, debt);
        if from.is_empty() { Ok(()) } else { self.emit(on, Event::DebtRepaid { kind: kind.clone(), from }) }
    }

    /// After points have come into lots: they lapse if their time is over, and pay debts.
    pub(super) fn settle(&mut self, on: Moment, kind: &Name) -> Result<(), Rejection> {
        if let Ok(place) = self.book.place(kind) {
            self.expire(place, on)?;
            self.repay(place, on)?;
        }
        Ok(())
    }
}
