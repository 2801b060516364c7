use super::{Beside, Draw, Event, Lot, Opened, Rejection, SentLot, decide::Deciding};
use crate::{
    calendar::{Moment, days_from},
    loyalty::{
        AccountId, CostBasis, Life, LotId, Points,
        programme::{Deed, Extension, whole},
    },
    quantity::Name,
};
use alloc::{collections::BTreeSet, string::String, vec::Vec};
use chrono::NaiveDate;

impl Deciding<'_> {
    /// The moment at which a last day is over; it must be ahead.
    fn end_of(&self, last_day: Option<NaiveDate>) -> Result<Option<Moment>, Rejection> {
        let Some(day) = last_day else { return Ok(None) };
        let end = self.programme.terms().zone.start_of(days_from(day, 1)?)?;
        if end <= self.draft.at { Err(Rejection::TooLate(end)) } else { Ok(Some(end)) }
    }

    pub(super) fn move_expiry(
        &mut self,
        kind: &Name,
        lots: &BTreeSet<LotId>,
        last_day: Option<NaiveDate>,
        reason: &str,
    ) -> Result<Points, Rejection> {
        self.spendable_kind(kind)?;
        let expires = self.end_of(last_day)?;
        self.move_ends(kind, lots, reason, |_| Ok(expires))
    }

    pub(super) fn extend(&mut self, kind: &Name, lots: &BTreeSet<LotId>, reason: &str) -> Result<Points, Rejection> {
        let (grade, zone) = (self.tier().cloned(), &self.programme.terms().zone);
        let mine = |extension: &&Extension| {
            extension.grades.is_empty() || grade.as_ref().is_some_and(|grade| extension.grades.contains(grade))
        };
        let mine: Vec<Life> = self.spendable_kind(kind)?.extensions.iter().filter(mine).map(|extension| extension.by).collect();
        if mine.is_empty() {
            return Err(Rejection::NotOffered { what: kind.clone(), why: "no extension is for the member's grade".into() });
        }
        self.move_ends(kind, lots, reason, |lot| {
            let Some(end) = lot.expires else { return Ok(None) };
            let last_day = days_from(zone.day_of(end), -1)?;
            let longer = mine.iter().map(|by| zone.start_of(days_from(by.after(last_day)?, 1)?));
            Ok(Some(longer.collect::<Result<Vec<_>, _>>()?.into_iter().fold(end, Moment::max)))
        })
    }

    /// Lets lots end otherwise, all that have points if none is named.
    fn move_ends(
        &mut self,
        kind: &Name,
        lots: &BTreeSet<LotId>,
        reason: &str,
        to: impl Fn(&Lot) -> Result<Option<Moment>, Rejection>,
    ) -> Result<Points, Rejection> {
        let there = self.draft.book.wallet(kind);
        if let Some(missing) = lots.iter().find(|id| there.is_none_or(|wallet| wallet.lot(**id).is_none())) {
            return Err(Rejection::UnknownLot(*missing));
        }
        let chosen = there.into_iter().flat_map(|wallet| &wallet.lots).filter(|lot| lots.is_empty() || lots.contains(&lot.lot));
        let (mut moved, mut sum) = (Vec::new(), Points::ZERO);
        for lot in chosen {
            let end = to(lot)?;
            if end != lot.expires {
                moved.push((lot.lot, lot.expires, end));
                sum = sum.checked_add(lot.left).ok_or(Rejection::TooMany)?;
            }
        }
        if moved.is_empty() {
            return Err(Rejection::NoPoints);
        }
        self.draft.now(Event::ExpiryMoved { kind: kind.clone(), lots: moved, reason: String::from(reason) })?;
        Ok(sum)
    }

    pub(super) fn reinstate(
        &mut self,
        kind: &Name,
        lots: &BTreeSet<LotId>,
        last_day: Option<NaiveDate>,
        reason: &str,
    ) -> Result<Points, Rejection> {
        self.spendable_kind(kind)?;
        let expires = self.end_of(last_day)?;
        let (mut from, mut sum, mut cost) = (Vec::new(), Points::ZERO, CostBasis::default());
        for &id in lots {
            let lot = self.draft.lot(kind, id).filter(|lot| !lot.lapsed.is_zero());
            let lot = lot.ok_or(Rejection::UnknownLot(id))?;
            from.push(Draw { lot: id, points: lot.lapsed });
            sum = sum.checked_add(lot.lapsed).ok_or(Rejection::TooMany)?;
            cost = cost.max(lot.cost);
        }
        if sum.is_zero() {
            return Err(Rejection::NoPoints);
        }
        let (lot, active) = (self.draft.next_lot(0)?, Some(self.draft.at));
        let lot = Opened { lot, kind: kind.clone(), points: sum, active, expires, cost, lines: Vec::new() };
        self.draft.now(Event::Reinstated { kind: kind.clone(), from, lot, reason: String::from(reason) })?;
        self.draft.settle(self.draft.at, kind)?;
        self.touch(None, self.draft.at)?;
        Ok(sum)
    }

    pub(super) fn send(&mut self, kind: &Name, points: Points, to: &AccountId) -> Result<Points, Rejection> {
        if *to == self.account.id {
            return Err(Rejection::SameAccount);
        }
        let terms = self.spendable_kind(kind)?.transfer.ok_or_else(|| Rejection::NotTransferable(kind.clone()))?;
        let usable = || Points::new(points.units() - points.units() % terms.multiple.units().max(1));
        whole(terms.minimum, terms.multiple, points, usable)?;
        let from = self.draft.take(kind, points)?;
        let there = self.draft.book.wallet(kind);
        let gift = |draw: &Draw| {
            let lot = there?.lot(draw.lot)?;
            Some(SentLot { points: draw.points, earned: lot.earned, expires: lot.expires, cost: lot.cost })
        };
        let lots = from.iter().filter_map(gift).collect();
        self.draft.now(Event::Sent { kind: kind.clone(), from, lots, to: to.clone() })?;
        self.touch(Deed::Transfer, self.draft.at)?;
        Ok(points)
    }

    pub(super) fn receive(&mut self, kind: &Name, from: &AccountId, seq: u64) -> Result<Points, Rejection> {
        let Beside::Sent(sent) = self.beside else { return Err(Rejection::OtherAccountNeeded) };
        if self.account.received.contains(&(from.clone(), seq)) {
            return Err(Rejection::AlreadyReceived { from: from.clone(), seq });
        }
        // What this account itself has sent was for one that it has taken over since.
        let terms = self.spendable_kind(kind)?.transfer.ok_or_else(|| Rejection::NotTransferable(kind.clone()))?;
        let zone = &self.programme.terms().zone;
        let limit = terms.expiry.map(|expiry| expiry.expires_at(zone.day_of(self.draft.at), zone)).transpose()?.flatten();
        let (mut lots, mut sum) = (Vec::new(), Points::ZERO);
        for gift in sent.iter().filter(|gift| !gift.points.is_zero()) {
            sum = sum.checked_add(gift.points).ok_or(Rejection::TooMany)?;
            lots.push(Opened {
                lot: self.draft.next_lot(lots.len())?,
                kind: kind.clone(),
                points: gift.points,
                active: Some(self.draft.at),
                // Never later than it was.
                expires: gift.expires.into_iter().chain(limit).min(),
                cost: gift.cost,
                lines: Vec::new(),
            });
        }
        if sum.is_zero() {
            return Err(Rejection::NoPoints);
        }
        self.draft.now(Event::Received { lots, from: from.clone(), seq })?;
        self.draft.settle(self.draft.at, kind)?;
        self.touch(Deed::Transfer, self.draft.at)?;
        Ok(sum)
    }
}
