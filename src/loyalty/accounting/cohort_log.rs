use super::{AccountingError, Cohorts, Movement};
use crate::{
    calendar::Zone,
    loyalty::{
        Account, LotId, Points, SourceId,
        account::{Event, Lot, Place, Record},
        history::{Axis, moments},
    },
    quantity::Name,
};
use alloc::collections::BTreeMap;
use chrono::NaiveDate;

impl Cohorts {
    /// Adds the log of an account: by the month in which points were credited, how many were redeemed and expired, and when. Points that
    /// were taken back, deducted or given away leave their cohort; those received or reinstated join one. What an account takes over from
    /// another changes tables, not months: it leaves the one, redemptions that can still be cancelled included, and joins the other, so
    /// that the tables of both add up to what they would have been without.
    ///
    /// # Errors
    /// [`MoreThanThere`](AccountingError::MoreThanThere) and [`Log`](AccountingError::Log) for a log that does not hold together;
    /// [`AfterEnd`](AccountingError::AfterEnd) for points that are moved after the last day of the table; nothing is added then.
    pub fn push_log(&mut self, kind: &Name, zone: &Zone, log: &[Record]) -> Result<(), AccountingError> {
        let [first, ..] = log else { return Ok(()) };
        let (issued, spent) = (BTreeMap::new(), BTreeMap::new());
        let mut ledger = Ledger { kind, zone, cohorts: self.clone(), issued, spent };
        for (moment, event) in moments(log, Axis::Effective) {
            let day = zone.day_of(moment);
            match event {
                Event::Absorbed { account, after } => ledger.take_over(account, after.0, day)?,
                Event::Closed { .. } => {
                    let account = Account::replay(first.account.clone(), first.at, log)?;
                    ledger.hand_over(&account, day)?;
                }
                _ => ledger.happen(event, day)?,
            }
        }
        *self = ledger.cohorts;
        Ok(())
    }
}

/// A table, and what one log has told of the lots and redemptions that it speaks of.
struct Ledger<'a> {
    kind: &'a Name,
    zone: &'a Zone,
    cohorts: Cohorts,
    /// The day on which a lot was credited.
    issued: BTreeMap<LotId, NaiveDate>,
    /// The day on which points of a lot were spent.
    spent: BTreeMap<(SourceId, LotId), NaiveDate>,
}

impl Ledger<'_> {
    fn happen(&mut self, event: &Event, day: NaiveDate) -> Result<(), AccountingError> {
        if let Event::Redeemed { source, from, .. } | Event::HoldSettled { source: Some(source), captured: from, .. } = event {
            self.spent.extend(from.iter().map(|draw| ((source.clone(), draw.lot), day)));
        }
        let cancelled = if let Event::RedemptionCancelled { source, .. } = event { Some(source) } else { None };
        self.issued.extend(event.opened().iter().map(|lot| (lot.lot, day)));
        for moved in event.all_movements().into_iter().filter(|moved| moved.kind == *self.kind) {
            let points = moved.points;
            let movement = match (moved.from, moved.to) {
                (Place::Issued | Place::Received | Place::Expired | Place::ClawedBack, _) => Movement::Issued(points),
                (Place::Burned, _) => {
                    let spent = cancelled.and_then(|source| self.spent.get(&(source.clone(), moved.lot)).copied());
                    Movement::Undone { redeemed_on: spent.unwrap_or(day), points }
                }
                (_, Place::Burned) => Movement::Redeemed { on: day, points },
                (_, Place::Expired) => Movement::Expired { on: day, points },
                (_, Place::ClawedBack | Place::Deducted | Place::Sent) => Movement::ClawedBack(points),
                _ => continue,
            };
            self.push(moved.lot, movement, day)?;
        }
        Ok(())
    }

    /// Points of a lot are moved on a day.
    fn push(&mut self, lot: LotId, movement: Movement, day: NaiveDate) -> Result<(), AccountingError> {
        // A movement itself may bear an earlier day, or none.
        if day > self.cohorts.last_day() {
            return Err(AccountingError::AfterEnd { day, last: self.cohorts.last_day() });
        }
        self.cohorts.push(self.issued.get(&lot).copied().unwrap_or(day), movement)
    }

    /// All of another account joins the months in which it was credited and spent there.
    fn take_over(&mut self, account: &Account, after: u32, day: NaiveDate) -> Result<(), AccountingError> {
        let kind = self.kind;
        let moved = |lot: LotId| LotId(lot.0.saturating_add(after));
        for lot in account.lots_ever(kind) {
            self.issued.insert(moved(lot.lot), self.zone.day_of(lot.earned));
        }
        for (_, lot) in account.live_lots().filter(|(of, _)| *of == kind) {
            self.push(moved(lot.lot), Movement::Issued(there(lot)?), day)?;
        }
        for (source, on, from) in account.spent(kind) {
            let on = self.zone.day_of(on);
            for draw in from {
                self.push(moved(draw.lot), Movement::Issued(draw.points), day)?;
                self.push(moved(draw.lot), Movement::Redeemed { on, points: draw.points }, day)?;
                self.spent.insert((source.clone(), moved(draw.lot)), on);
            }
        }
        Ok(())
    }

    /// All of this account leaves; what has expired stays, for that is over.
    fn hand_over(&mut self, account: &Account, day: NaiveDate) -> Result<(), AccountingError> {
        let kind = self.kind;
        for (_, lot) in account.live_lots().filter(|(of, _)| *of == kind) {
            self.push(lot.lot, Movement::ClawedBack(there(lot)?), day)?;
        }
        for (source, on, from) in account.spent(kind) {
            for draw in from {
                let spent = self.spent.get(&(source.clone(), draw.lot)).copied();
                let redeemed_on = spent.unwrap_or_else(|| self.zone.day_of(on));
                self.push(draw.lot, Movement::Undone { redeemed_on, points: draw.points }, day)?;
                self.push(draw.lot, Movement::ClawedBack(draw.points), day)?;
            }
        }
        Ok(())
    }
}

/// What a lot has, held or not.
fn there(lot: &Lot) -> Result<Points, AccountingError> {
    lot.left.checked_add(lot.held).ok_or(AccountingError::TooLarge)
}
