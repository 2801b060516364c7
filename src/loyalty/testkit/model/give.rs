use super::{Model, Point, Refused, State, spend::spendable};
use crate::{
    calendar::{Moment, days_from},
    loyalty::{
        AccountId, CostBasis, Life, LotId, Programme,
        account::SentLot,
        programme::{Deed, TransferTerms},
    },
    quantity::Name,
};
use alloc::{collections::BTreeSet, vec::Vec};
use chrono::NaiveDate;

impl Model {
    fn end_of(&self, programme: &Programme, last_day: Option<NaiveDate>) -> Result<Option<Moment>, Refused> {
        let Some(day) = last_day else { return Ok(None) };
        let end = programme.terms().zone.start_of(days_from(day, 1)?)?;
        if end <= self.now { Err(Refused("that day is over")) } else { Ok(Some(end)) }
    }

    pub(super) fn extend(&mut self, programme: &Programme, kind: &Name, lots: &BTreeSet<LotId>) -> Result<u64, Refused> {
        let zone = &programme.terms().zone;
        let extensions = &spendable(programme, kind)?.extensions;
        let mine: Vec<Life> = extensions.iter().filter(|one| self.has(&one.grades)).map(|one| one.by).collect();
        if mine.is_empty() {
            return Err(Refused("no extension"));
        }
        self.move_ends(kind, lots, |p| {
            let Some(end) = p.expires else { return Ok(None) };
            let mut longest = end;
            for by in &mine {
                longest = longest.max(zone.start_of(days_from(by.after(days_from(zone.day_of(end), -1)?)?, 1)?)?);
            }
            Ok(Some(longest))
        })
    }

    pub(super) fn move_expiry(
        &mut self,
        programme: &Programme,
        kind: &Name,
        lots: &BTreeSet<LotId>,
        last_day: Option<NaiveDate>,
    ) -> Result<u64, Refused> {
        spendable(programme, kind)?;
        let expires = self.end_of(programme, last_day)?;
        self.move_ends(kind, lots, |_| Ok(expires))
    }

    /// Moves the end of all points of lots, wherever they are, as long as some of the lot are there.
    fn move_ends(
        &mut self,
        kind: &Name,
        lots: &BTreeSet<LotId>,
        to: impl Fn(&Point) -> Result<Option<Moment>, Refused>,
    ) -> Result<u64, Refused> {
        let here = |p: &&Point| p.kind == *kind && (p.state == State::Free || p.is_held());
        let present: BTreeSet<u32> = self.points.iter().filter(here).map(|p| p.lot).collect();
        if lots.iter().any(|lot| !present.contains(&lot.number())) {
            return Err(Refused("no such lot with points"));
        }
        let chosen = |p: &Point| present.contains(&p.lot) && (lots.is_empty() || lots.contains(&LotId(p.lot)));
        let (mut moved, mut any) = (0, false);
        for p in self.points.iter_mut().filter(|p| chosen(p)) {
            let end = to(p)?;
            if p.expires != end {
                p.expires = end;
                any = true;
                moved += u64::from(p.state == State::Free);
            }
        }
        if any { Ok(moved) } else { Err(Refused("nothing would move")) }
    }

    pub(super) fn reinstate(
        &mut self,
        programme: &Programme,
        kind: &Name,
        lots: &BTreeSet<LotId>,
        last_day: Option<NaiveDate>,
    ) -> Result<u64, Refused> {
        spendable(programme, kind)?;
        let expires = self.end_of(programme, last_day)?;
        let lapsed = |p: &Point, lot: LotId| p.kind == *kind && p.lot == lot.number() && p.state == State::Lapsed;
        if lots.is_empty() || lots.iter().any(|lot| !self.points.iter().any(|p| lapsed(p, *lot))) {
            return Err(Refused("nothing lapsed there"));
        }
        self.lots += 1;
        let (now, lot) = (self.now, self.lots);
        let back: Vec<usize> = (0..self.points.len()).filter(|&i| lots.iter().any(|lot| lapsed(&self.points[i], *lot))).collect();
        let cost = back.iter().map(|&i| self.points[i].cost).max().unwrap_or(CostBasis(0));
        for &i in &back {
            let kind = kind.clone();
            let anew =
                Point { kind, lot, earned: now, active: Some(now), expires, cost, idled: false, drawn: 0, state: State::Free };
            self.moved.push(core::mem::replace(&mut self.points[i], anew));
        }
        self.pay_debt(kind, now);
        self.start(programme, now)?;
        Ok(back.len() as u64)
    }

    pub(super) fn send(&mut self, programme: &Programme, kind: &Name, points: u64, to: &AccountId) -> Result<u64, Refused> {
        if *to == self.id {
            return Err(Refused("to oneself"));
        }
        let TransferTerms { multiple, minimum, .. } = spendable(programme, kind)?.transfer.ok_or(Refused("never sent"))?;
        if points < minimum.units() || !points.is_multiple_of(multiple.units().max(1)) {
            return Err(Refused("too few, or no multiple"));
        }
        for i in self.take(kind, points)? {
            self.points[i].state = State::Sent;
        }
        self.did(programme, Deed::Transfer, self.now)?;
        Ok(points)
    }

    pub(super) fn take_in(
        &mut self,
        programme: &Programme,
        kind: &Name,
        sent: &[SentLot],
        from: &AccountId,
    ) -> Result<u64, Refused> {
        if *from == self.id {
            return Err(Refused("from oneself"));
        }
        let terms = spendable(programme, kind)?.transfer.ok_or(Refused("never sent"))?;
        let zone = &programme.terms().zone;
        let limit = terms.expiry.map(|expiry| expiry.expires_at(zone.day_of(self.now), zone)).transpose()?.flatten();
        let mut sum = 0;
        for gift in sent.iter().filter(|gift| !gift.points.is_zero()) {
            self.lots += 1;
            sum += gift.points.units();
            let point = Point {
                kind: kind.clone(),
                lot: self.lots,
                earned: self.now,
                active: Some(self.now),
                expires: gift.expires.into_iter().chain(limit).min(),
                cost: gift.cost,
                idled: false,
                drawn: 0,
                state: State::Free,
            };
            self.points.extend((0..gift.points.units()).map(|_| point.clone()));
        }
        if sum == 0 {
            return Err(Refused("no points"));
        }
        self.lapse(self.now);
        self.pay_debt(kind, self.now);
        self.did(programme, Deed::Transfer, self.now)?;
        Ok(sum)
    }
}
