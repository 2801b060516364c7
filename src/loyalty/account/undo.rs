use super::{
    Hold, Lot,
    book::{Archive, Book, clawbacks},
    wallet::Wallet,
};
use crate::{loyalty::LotId, quantity::Name};
use alloc::{boxed::Box, vec::Vec};
use smallvec::SmallVec;

/// What a book was before a decision, as far as the decision has changed it: so that it costs what it moves and not what is there.
pub(super) struct Undo {
    wallets: SmallVec<[Wallet; 1]>,
    pub(super) holds: Vec<Hold>,
    last_lot: u32,
    /// Lots that were changed, as they were; `None` if they were not there.
    changed: SmallVec<[(Name, LotId, Option<Lot>); 2]>,
    /// Lots that were emptied and are not yet in the archive.
    emptied: SmallVec<[(Name, Lot); 2]>,
}

impl Undo {
    /// How many clawbacks of a kind there were.
    pub(super) fn clawbacks(&self, kind: &Name) -> u32 {
        clawbacks(&self.wallets, kind)
    }

    /// Remembers a lot that is about to change; `None` if it is not there.
    pub(super) fn remember(&mut self, kind: &Name, id: LotId, lot: Option<&Lot>) {
        self.changed.push((kind.clone(), id, lot.cloned()));
    }

    /// Puts an emptied lot aside.
    pub(super) fn put_aside(&mut self, kind: &Name, lot: Lot) {
        self.emptied.push((kind.clone(), lot));
    }

    /// A lot as it was when it was emptied last.
    pub(super) fn stored<'a>(&'a self, kind: &Name, id: LotId, archive: &'a Archive) -> Option<&'a Lot> {
        let stored = self.emptied.iter().rev().find(|(_, lot)| lot.lot == id).or_else(|| archive.get(&id).map(|stored| &**stored));
        stored.filter(|(of, _)| of == kind).map(|(_, lot)| lot)
    }

    /// Lots that were emptied go to the archive.
    pub(super) fn store(&mut self, archive: &mut Archive) {
        for emptied in self.emptied.drain(..) {
            archive.insert(emptied.1.lot, Box::new(emptied));
        }
    }
}

impl Book {
    pub(super) fn undo(&self) -> Undo {
        Undo {
            wallets: self.wallets.iter().map(Wallet::without_lots).collect(),
            holds: self.holds.clone(),
            last_lot: self.last_lot,
            changed: SmallVec::new(),
            emptied: SmallVec::new(),
        }
    }

    /// Makes everything as it was.
    pub(super) fn roll_back(&mut self, undo: Undo) {
        for (kind, id, lot) in undo.changed.into_iter().rev() {
            let wallet = self.wallet_mut(&kind);
            if let Some(at) = wallet.place(id) {
                wallet.lots.remove(at);
            }
            if let Some(lot) = lot {
                wallet.insert(lot);
            }
        }
        self.wallets.retain(|wallet| undo.wallets.iter().any(|old| old.kind == wallet.kind));
        for (wallet, old) in self.wallets.iter_mut().zip(undo.wallets) {
            *wallet = Wallet { lots: core::mem::take(&mut wallet.lots), ..old };
        }
        (self.holds, self.last_lot) = (undo.holds, undo.last_lot);
    }
}
