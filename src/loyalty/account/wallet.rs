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
    pub(super) displaced: Vec<Displaced>,
    pub(super) idle: Option<Idle>,
    /// Lots from one to another, both included, that are over, because the member was not active.
    pub(super) idled: Vec<(LotId, LotId)>,
    pub(super) totals: Totals,
}

impl Wallet {
    pub(super) fn new(kind: Name) -> Wallet {
        let (lots, displaced) = (VecDeque::new(), Vec::new());
        Wallet { kind, lots, displaced, idle: None, idled: Vec::new(), totals: Totals::default() }
    }

    pub(super) fn without_lots(&self) -> Wallet {
        let Wallet { kind, displaced, idle, idled, totals, .. } = self;
        let (kind, displaced, idled) = (kind.clone(), displaced.clone(), idled.clone());
        Wallet { kind, lots: VecDeque::new(), displaced, idle: *idle, idled, totals: *totals }
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
        let mut rest = back.points.min(self.lot(back.lot).map_or(Points::ZERO, |lot| lot.left));
        let mut paid = Vec::new();
        for entry in self.displaced.iter().rev().filter(|d| d.owed_by == back.lot && d.paid_by != Payer::ProgrammeForGood) {
            let points = entry.points.min(rest);
            if points.is_zero() {
                break;
            }
            rest = rest.checked_sub(points).unwrap_or_default();
            paid.push(Displaced { points, ..*entry });
        }
        paid
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
        let of = self.displaced.iter().filter(|d| d.paid_by == payer);
        // A part of what was issued and received, which fits.
        of.fold(Points::ZERO, |sum, d| sum.checked_add(d.points).unwrap_or(sum))
    }

    /// The lot that owed it has paid: the newest displacements between the two end first.
    pub(super) fn replace(&mut self, paid: Displaced) -> Option<()> {
        let mut rest = paid.points;
        for entry in self.displaced.iter_mut().rev().filter(|d| d.owed_by == paid.owed_by && d.paid_by == paid.paid_by) {
            let part = entry.points.min(rest);
            (entry.points, rest) = (entry.points.checked_sub(part)?, rest.checked_sub(part)?);
        }
        self.displaced.retain(|d| !d.points.is_zero());
        rest.is_zero().then_some(())
    }

    /// A lot has paid debt: it stands in for the member, for the oldest displacements first.
    pub(super) fn repay(&mut self, by: Draw) -> Option<()> {
        let mut rest = by.points;
        let mut at = 0;
        while !rest.is_zero() {
            let entry = self.displaced.get_mut(at)?;
            if entry.paid_by == Payer::Debt {
                let part = Displaced { owed_by: entry.owed_by, paid_by: Payer::Lot(by.lot), points: entry.points.min(rest) };
                entry.points = entry.points.checked_sub(part.points)?;
                rest = rest.checked_sub(part.points)?;
                self.displaced.insert(at, part);
                at += 1;
            }
            at += 1;
        }
        self.displaced.retain(|d| !d.points.is_zero());
        Some(())
    }
}
