use super::{
    Draw, Event, Happened, Hold, Lapse, Lot, Payer, Rejection,
    book::{Archive, Book},
    undo::Before,
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
    pub(super) before: Before,
    pub(super) events: Vec<Happened>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(book: &'a mut Book, archive: &'a Archive, at: Moment) -> Draft<'a> {
        Draft { archive, at, before: book.before(), book, events: Vec::new() }
    }

    /// Lets an event happen.
    pub(super) fn emit(&mut self, on: Moment, event: Event) -> Result<(), Rejection> {
        // What is decided was looked up in the same book; only sums can still be too large.
        self.book.apply(on, &event, self.archive).map_err(|_| Rejection::TooMany)?;
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
                let Hold { hold, kind, from, .. } = hold.clone();
                self.emit(
                    due,
                    Event::HoldSettled { hold, kind: kind.clone(), source: None, captured: Vec::new(), released: from.clone() },
                )?;
                self.settle(due, &kind, &from)?;
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

    /// After points have come (back) into lots: they pay what these lots owe in place of others, lapse if their time is over, and pay
    /// debts.
    pub(super) fn settle(&mut self, on: Moment, kind: &Name, into: &[Draw]) -> Result<(), Rejection> {
        let mut come: Vec<Draw> = into.to_vec();
        while let Some(draw) = come.pop() {
            let Some(wallet) = self.book.wallet(kind) else { break };
            let paid = wallet.pays(draw);
            if !paid.is_empty() {
                come.extend(
                    paid.iter()
                        .filter_map(|d| if let Payer::Lot(lot) = d.paid_by { Some(Draw { lot, points: d.points }) } else { None }),
                );
                self.emit(on, Event::ClawbackSettled { kind: kind.clone(), paid })?;
            }
        }
        if let Ok(place) = self.book.place(kind) {
            self.expire(place, on)?;
            self.repay(place, on)?;
        }
        Ok(())
    }
}
