use super::{Displaced, Draw, Idle, Lot, Payer, totals::Totals};
use crate::{
    calendar::Moment,
    loyalty::{LotId, Points},
    quantity::Name,
};
use alloc::{collections::VecDeque, vec::Vec};
use serde::{Deserialize, Serialize};

/// The points of one kind that are still there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wallet {
    pub(super) kind: Name,
    /// Lots with points, in the order in which they are spent.
    pub(super) lots: VecDeque<Lot>,
    pub(super) borne: Vec<Borne>,
    /// How many clawbacks there were: what came before another is told by it.
    pub(super) clawbacks: u32,
    pub(super) idle: Option<Idle>,
    /// Lots from one to another, both included, that are over, because the member was not active.
    pub(super) idled: Vec<(LotId, LotId)>,
    pub(super) totals: Totals,
}

impl Wallet {
    pub(super) fn new(kind: Name) -> Wallet {
        let (lots, borne, idled) = (VecDeque::new(), Vec::new(), Vec::new());
        Wallet { kind, lots, borne, clawbacks: 0, idle: None, idled, totals: Totals::default() }
    }

    pub(super) fn without_lots(&self) -> Wallet {
        let (kind, borne, idled) = (self.kind.clone(), self.borne.clone(), self.idled.clone());
        Wallet { kind, lots: VecDeque::new(), borne, idled, ..*self }
    }

    pub(super) fn is_over(&self, lot: &Lot, at: Moment) -> bool {
        lot.is_expired(at) || self.idled.iter().any(|(first, last)| (*first..=*last).contains(&lot.lot))
    }

    /// Lots whose points can be spent, in order.
    pub(super) fn spendable(&self, at: Moment) -> impl Iterator<Item = &Lot> {
        self.lots.iter().filter(move |lot| !lot.left.is_zero() && lot.is_active(at) && !self.is_over(lot, at))
    }

    /// Lots with points whose time is over, in order.
    pub(super) fn over(&self, at: Moment) -> impl Iterator<Item = &Lot> {
        // Those that expire come first, the soonest before the others; not so those that were lost for want of activity.
        let first = self.lots.iter().take_while(move |lot| !self.idled.is_empty() || lot.is_expired(at));
        first.filter(move |lot| !lot.left.is_zero() && self.is_over(lot, at))
    }

    pub(super) fn available(&self, at: Moment) -> Points {
        // A part of what was issued and received, which fits.
        self.spendable(at).fold(Points::ZERO, |sum, lot| sum.checked_add(lot.left).unwrap_or(sum))
    }

    /// The first so many points in the order in which they are spent, or all there are, and how many are missing.
    pub(super) fn take(&self, points: Points, at: Moment) -> (Vec<Draw>, Points) {
        Draw::first(self.spendable(at).map(Lot::rest), points)
    }

    pub(super) fn lot(&self, id: LotId) -> Option<&Lot> {
        self.place(id).map(|at| &self.lots[at])
    }

    /// Where a lot is. As a rule lots expire in the order of their numbers.
    pub(super) fn place(&self, id: LotId) -> Option<usize> {
        let guess = self.lots.binary_search_by_key(&id, |lot| lot.lot).ok();
        guess.or_else(|| self.lots.iter().position(|lot| lot.lot == id))
    }

    pub(super) fn sort(&mut self) {
        self.lots.make_contiguous().sort_by(Lot::before);
    }

    pub(super) fn insert(&mut self, lot: Lot) {
        let place = self.lots.partition_point(|other| other.before(&lot).is_le());
        self.lots.insert(place, lot);
    }

    /// The next moment at which points expire, or pending ones can pay a debt.
    pub(super) fn next_due(&self) -> Option<Moment> {
        let with_points = || self.lots.iter().filter(|lot| !lot.left.is_zero());
        // In the order in which they are spent, the first to expire comes first.
        let expires = with_points().next().and_then(|lot| lot.expires);
        let idle = self.idle.map(|idle| idle.at);
        let pays = if self.debt().is_zero() { None } else { with_points().filter_map(|lot| lot.active).min() };
        [expires, idle, pays].into_iter().flatten().min()
    }

    /// What a lot owes in place of others and can pay with points that came back to it: the newest first.
    pub(super) fn pays(&self, back: Draw) -> Vec<Displaced> {
        let points = back.points.min(self.lot(back.lot).map_or(Points::ZERO, |lot| lot.left));
        let own = |what: &Displaced| what.owed_by == back.lot && what.paid_by != Payer::ProgrammeForGood;
        first(self.borne.iter().rev().map(|borne| borne.what).filter(own), points)
    }

    /// The first so many points that the programme let go after so many clawbacks, the oldest first.
    pub(super) fn let_go(&self, after: u32, points: Points) -> Vec<Displaced> {
        first(self.borne.iter().filter(|borne| borne.is_let_go(after)).map(|borne| borne.what), points)
    }

    /// What the member owes: clawbacks that no lot has paid.
    pub(super) fn debt(&self) -> Points {
        self.owed(Payer::Debt)
    }

    /// What the programme has let go.
    pub(super) fn forgiven(&self) -> Points {
        let for_good = self.owed(Payer::ProgrammeForGood);
        self.owed(Payer::Programme).checked_add(for_good).unwrap_or(for_good)
    }

    pub(super) fn owed(&self, payer: Payer) -> Points {
        let of = self.borne.iter().map(|borne| borne.what).filter(|what| what.paid_by == payer);
        // A part of what was issued and received, which fits.
        of.fold(Points::ZERO, |sum, what| sum.checked_add(what.points).unwrap_or(sum))
    }

    /// Others bear it from now on.
    pub(super) fn displace(&mut self, displaced: &[Displaced]) -> Option<()> {
        self.clawbacks = self.clawbacks.checked_add(1)?;
        let since = self.clawbacks;
        self.borne.extend(displaced.iter().map(|what| Borne { since, what: *what }));
        Some(())
    }

    /// The lot that owed it has paid: the newest displacements between the two end first.
    pub(super) fn replace(&mut self, paid: Displaced) -> Option<()> {
        let mut rest = paid.points;
        let between = |what: &Displaced| what.owed_by == paid.owed_by && what.paid_by == paid.paid_by;
        for what in self.borne.iter_mut().rev().map(|borne| &mut borne.what).filter(|what| between(what)) {
            let part = what.points.min(rest);
            (what.points, rest) = (what.points.checked_sub(part)?, rest.checked_sub(part)?);
        }
        self.borne.retain(|borne| !borne.what.points.is_zero());
        rest.is_zero().then_some(())
    }

    /// The member owes what the programme had let go of a lot after so many clawbacks, the oldest first.
    pub(super) fn reclaim(&mut self, after: u32, reclaimed: Displaced) -> Option<()> {
        let let_go = |borne: &Borne| borne.is_let_go(after) && borne.what.owed_by == reclaimed.owed_by;
        self.hand_over(reclaimed.points, let_go, Payer::Debt)
    }

    /// A lot has paid debt: it stands in for the member, for the oldest displacements first.
    pub(super) fn repay(&mut self, by: Draw) -> Option<()> {
        self.hand_over(by.points, |borne| borne.what.paid_by == Payer::Debt, Payer::Lot(by.lot))
    }

    /// Another pays for the first so many points of some displacements.
    fn hand_over(&mut self, points: Points, which: impl Fn(&Borne) -> bool, paid_by: Payer) -> Option<()> {
        let mut rest = points;
        let mut at = 0;
        while !rest.is_zero() {
            let borne = self.borne.get_mut(at)?;
            if which(borne) {
                let points = borne.what.points.min(rest);
                borne.what.points = borne.what.points.checked_sub(points)?;
                rest = rest.checked_sub(points)?;
                let part = Borne { since: borne.since, what: Displaced { paid_by, points, ..borne.what } };
                self.borne.insert(at, part);
                at += 1;
            }
            at += 1;
        }
        self.borne.retain(|borne| !borne.what.points.is_zero());
        Some(())
    }
}

/// The first so many points of some displacements, or all there are.
fn first(all: impl Iterator<Item = Displaced>, points: Points) -> Vec<Displaced> {
    let (mut rest, mut taken) = (points, Vec::new());
    for what in all {
        if rest.is_zero() {
            break;
        }
        let points = what.points.min(rest);
        rest = rest.checked_sub(points).unwrap_or_default();
        taken.push(Displaced { points, ..what });
    }
    taken
}

/// What others bear for a lot, and the number of the clawback from which they do: points that come back pay what was let go after they
/// had left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Borne {
    pub(super) since: u32,
    pub(super) what: Displaced,
}

impl Borne {
    fn is_let_go(&self, after: u32) -> bool {
        self.what.paid_by == Payer::Programme && self.since > after
    }
}
