use super::{
    Hold,
    book::{Book, clawbacks},
    wallet::Wallet,
};
use crate::quantity::Name;
use alloc::vec::Vec;
use smallvec::SmallVec;

/// What a book was before a decision, but for its lots: of those it remembers itself which ones were [changed](Book::changed), so that a
/// decision costs what it moves and not what is there.
pub(super) struct Before {
    wallets: SmallVec<[Wallet; 1]>,
    pub(super) holds: Vec<Hold>,
    last_lot: u32,
}

impl Before {
    /// How many clawbacks of a kind there were.
    pub(super) fn clawbacks(&self, kind: &Name) -> u32 {
        clawbacks(&self.wallets, kind)
    }
}

impl Book {
    pub(super) fn before(&self) -> Before {
        Before {
            wallets: self.wallets.iter().map(Wallet::without_lots).collect(),
            holds: self.holds.clone(),
            last_lot: self.last_lot,
        }
    }

    /// Makes everything as it was.
    pub(super) fn roll_back(&mut self, before: Before) {
        for (kind, id, lot) in core::mem::take(&mut self.changed).into_iter().rev() {
            let wallet = self.wallet_mut(&kind);
            if let Some(at) = wallet.place(id) {
                wallet.lots.remove(at);
            }
            if let Some(lot) = lot {
                wallet.insert(lot);
            }
        }
        self.wallets.retain(|wallet| before.wallets.iter().any(|old| old.kind == wallet.kind));
        for (wallet, old) in self.wallets.iter_mut().zip(before.wallets) {
            *wallet = Wallet { lots: core::mem::take(&mut wallet.lots), ..old };
        }
        self.emptied.clear();
        (self.holds, self.last_lot) = (before.holds, before.last_lot);
    }
}
