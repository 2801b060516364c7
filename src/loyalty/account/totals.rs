use crate::loyalty::{LotId, Points};
use serde::{Deserialize, Serialize};

/// Where points are, in the double entry that every event is: what one place gains, another loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Outside: credited by the programme.
    Issued,
    /// Outside: another account.
    Received,
    /// In a lot, spendable or pending.
    Lot,
    /// In a lot, set aside.
    Held,
    /// Spent.
    Burned,
    /// Expired.
    Expired,
    /// Taken back for a return, at once or as the payment of a debt.
    ClawedBack,
    /// Taken by hand.
    Deducted,
    /// Given to another account.
    Sent,
}

/// One side of an event: points of a lot go from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Movement {
    pub(super) lot: LotId,
    pub(super) points: Points,
    pub(super) from: Place,
    pub(super) to: Place,
}

/// All points of a kind by where they went, since the account was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Credited by the programme.
    pub issued: Points,
    /// Come from other accounts.
    pub received: Points,
    /// Spent, and not cancelled.
    pub burned: Points,
    /// Expired, and not reinstated.
    pub expired: Points,
    /// Taken back from lots for returns, at once or as the payment of a debt.
    pub clawed_back: Points,
    /// Taken by hand.
    pub deducted: Points,
    /// Given to other accounts.
    pub sent: Points,
}

impl Totals {
    pub(super) fn of(&mut self, place: Place) -> Option<&mut Points> {
        Some(match place {
            Place::Issued => &mut self.issued,
            Place::Received => &mut self.received,
            Place::Burned => &mut self.burned,
            Place::Expired => &mut self.expired,
            Place::ClawedBack => &mut self.clawed_back,
            Place::Deducted => &mut self.deducted,
            Place::Sent => &mut self.sent,
            Place::Lot | Place::Held => return None,
        })
    }

    /// All of two accounts, or `None` beyond 2⁶⁴ − 1.
    /// Counts points that went from one place to another; `None` if that is too many, or more than were there.
    pub(super) fn shift(&mut self, points: Points, from: Place, to: Place) -> Option<()> {
        if let Some(total) = self.of(from) {
            // What comes from outside adds to what came; what comes back is taken off where it had gone.
            let outside = matches!(from, Place::Issued | Place::Received);
            *total = if outside { total.checked_add(points)? } else { total.checked_sub(points)? };
        }
        if let Some(total) = self.of(to) {
            *total = total.checked_add(points)?;
        }
        Some(())
    }

    pub(in crate::loyalty) fn plus(mut self, mut other: Totals) -> Option<Totals> {
        const ALL: [Place; 7] =
            [Place::Issued, Place::Received, Place::Burned, Place::Expired, Place::ClawedBack, Place::Deducted, Place::Sent];
        for place in ALL {
            let more = *other.of(place)?;
            let sum = self.of(place)?;
            *sum = sum.checked_add(more)?;
        }
        Some(self)
    }
}
