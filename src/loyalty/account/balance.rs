use super::{Account, Corrupt, Draw, Happened, Hold, Lot, Rejection, Totals, draft::Draft, wallet::Wallet};
use crate::{
    calendar::{CalendarError, Moment},
    loyalty::{AccountId, CommandId, LotId, OccasionDates, OccasionVerdict, Points, Programme, SourceId},
    quantity::Name,
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What an account has of a kind of points at a moment. There is no negative balance: what is owed stands beside what is there, and as
/// long as anything is owed, nothing can be spent.
#[doc(alias = "积分余额")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// Points that can be spent.
    pub available: Points,
    /// Points that cannot be spent yet.
    pub pending: Points,
    /// Points that are set aside.
    pub held: Points,
    /// Points that are owed.
    pub debt: Points,
}

/// Points that expire together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiring {
    /// From when they can no longer be spent.
    pub at: Moment,
    /// How many, if none are spent before.
    pub points: Points,
    /// Whether staying away is the reason, so that an activity would save them.
    pub idle: bool,
}

/// That points expire is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueNotice {
    /// At the latest.
    pub due: Moment,
    /// The kind of points.
    pub kind: Name,
    /// Which points, and when.
    pub expiring: Expiring,
}

/// What became of the points of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earned {
    /// The record that credited them.
    pub seq: u64,
    /// By kind and lot: credited, and taken back by returns.
    pub lots: Vec<(Name, LotId, Points, Points)>,
}

impl Account {
    /// What a command moved that was carried out before, and the number of its record.
    pub(in crate::loyalty) fn moved_by(&self, command: &CommandId) -> Option<(Points, u64)> {
        self.commands.get(command).map(|seen| (seen.points, seen.seq))
    }

    /// Its name, and those of the accounts that it took over.
    pub(in crate::loyalty) fn names(&self) -> impl Iterator<Item = &AccountId> {
        core::iter::once(&self.id).chain(&self.absorbed)
    }

    /// What there is of a kind at a moment, from the last record on: right whether or not time has been written down by a
    /// [`Tick`](super::Command::Tick). For an earlier moment, ask the [log](crate::loyalty::history). An account that was
    /// [taken over](Account::closed_into) has nothing any more: no points, no debt, nothing set aside.
    pub fn balance(&self, kind: &Name, at: Moment) -> Balance {
        self.seen_at(kind, at, |wallet| wallet.balance(at)).unwrap_or_default()
    }

    /// The lots of a kind that have points at a moment, in the order in which they will be spent.
    pub fn lots(&self, kind: &Name, at: Moment) -> Vec<Lot> {
        self.seen_at(kind, at, |wallet| wallet.lots.iter().cloned().collect()).unwrap_or_default()
    }

    /// When which points expire, if nothing happens: the whole schedule, soonest first. Points that are set aside are not in it.
    pub fn expiring(&self, kind: &Name, at: Moment) -> Vec<Expiring> {
        self.seen_at(kind, at, Wallet::expiring).unwrap_or_default()
    }

    /// When the member is to be told that points expire, as the kinds say, for all that expire after a moment if nothing happens: those
    /// first that are due first. Points that the member may still save by doing something are among them ([`Expiring::idle`]).
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if a notice would be due before the year 1.
    pub fn notices(&self, programme: &Programme, at: Moment) -> Result<Vec<DueNotice>, CalendarError> {
        let zone = &programme.terms().zone;
        let mut notices = Vec::new();
        for kind in &programme.terms().kinds {
            let Some(notice) = kind.notice else { continue };
            for expiring in self.expiring(&kind.name, at) {
                notices.push(DueNotice { due: notice.notice_due(expiring.at, zone)?, kind: kind.name.clone(), expiring });
            }
        }
        notices.sort_by_key(|notice| (notice.due, notice.expiring.at));
        Ok(notices)
    }

    /// The kinds of points that it has or had, in the order of their names.
    pub fn kinds(&self) -> impl Iterator<Item = &Name> {
        self.book.wallets.iter().map(|wallet| &wallet.kind)
    }

    pub(in crate::loyalty) fn live_lots(&self) -> impl Iterator<Item = (&Name, &Lot)> {
        self.book.wallets.iter().flat_map(|wallet| wallet.lots.iter().map(move |lot| (&wallet.kind, lot)))
    }

    /// Every lot of a kind that there was, those without points too; of one that has some again, also as it was when it had none.
    pub(in crate::loyalty) fn lots_ever<'a>(&'a self, kind: &'a Name) -> impl Iterator<Item = &'a Lot> {
        let empty = self.archive.values().map(|stored| (&stored.0, &stored.1));
        empty.chain(self.live_lots()).filter(move |(of, _)| *of == kind).map(|(_, lot)| lot)
    }

    /// What was spent of a kind and not cancelled: for what, when, and from which lots.
    pub(in crate::loyalty) fn spent<'a>(&'a self, kind: &'a Name) -> impl Iterator<Item = (&'a SourceId, Moment, &'a [Draw])> {
        let of_kind = self.redemptions.iter().filter(move |(_, redemption)| redemption.kind == *kind);
        of_kind.map(|(source, redemption)| (source, redemption.on, &*redemption.from))
    }

    /// What is owed of every kind.
    pub(in crate::loyalty) fn debts(&self) -> impl Iterator<Item = (&Name, Points)> {
        self.book.wallets.iter().map(|wallet| (&wallet.kind, wallet.debt()))
    }

    /// Points that are set aside at a moment.
    pub fn holds(&self, at: Moment) -> Vec<Hold> {
        let here = self.book.holds.iter().filter(|hold| hold.until > at && self.closed.is_none());
        here.cloned().collect()
    }

    /// All points of a kind by where they went, as far as it is written down. Those of an account that was taken over are what they were
    /// then; in the other account they go on.
    pub fn totals(&self, kind: &Name) -> Totals {
        self.book.wallet(kind).map_or_else(Totals::default, |wallet| wallet.totals)
    }

    /// The points of a kind that returns should have taken back and the programme let go.
    pub fn forgiven(&self, kind: &Name) -> Points {
        self.book.wallet(kind).map_or(Points::ZERO, Wallet::forgiven)
    }

    /// What a source earned and what of it was taken back.
    pub fn earned(&self, source: &SourceId) -> Option<Earned> {
        let award = self.awards.get(source)?;
        let lots = award.lots().map(|(lot, taken_back)| (lot.kind.clone(), lot.lot, lot.points, taken_back)).collect();
        Some(Earned { seq: award.seq, lots })
    }

    /// From which lots a source was paid, as far as it has not been cancelled.
    pub fn redeemed(&self, source: &SourceId) -> Option<&[Draw]> {
        self.redemptions.get(source).map(|redemption| &*redemption.from)
    }

    /// Whether an occasion of the programme is due to the member, whose dates stay with the caller; `None` for an occasion that the
    /// programme does not know.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if the next such day is after the year 9999.
    pub fn occasion_due(
        &self,
        programme: &Programme,
        occasion: &Name,
        dates: &OccasionDates,
        at: Moment,
    ) -> Result<Option<OccasionVerdict>, CalendarError> {
        let Some(rule) = programme.terms().occasions.get(occasion) else { return Ok(None) };
        let today = programme.terms().zone.day_of(at);
        let granted = |key: &str| self.occasions.contains_key(&(occasion.clone(), key.into()));
        rule.due(dates, today, granted).map(Some)
    }

    /// What the passing of time has done until a moment and is not written down: nothing to an account that was taken over.
    pub(in crate::loyalty) fn due_until(&self, at: Moment) -> Result<Vec<Happened>, Corrupt> {
        if self.closed.is_some() {
            return Ok(Vec::new());
        }
        self.after(at, |draft| draft.events).map_err(|_| Corrupt::TooMany)
    }

    /// A copy of what is there, after the passing of time.
    fn after<T>(&self, at: Moment, see: impl FnOnce(Draft<'_>) -> T) -> Result<T, Rejection> {
        let (mut book, mut undo) = (self.book.clone(), self.book.undo());
        let mut draft = Draft::new(&mut book, &mut undo, &self.archive, at);
        draft.sweep()?;
        Ok(see(draft))
    }

    /// The wallet of a kind after the passing of time; none of an account that was taken over.
    fn seen_at<T>(&self, kind: &Name, at: Moment, see: impl FnOnce(&Wallet) -> T) -> Option<T> {
        if self.closed.is_some() {
            return None;
        }
        if self.book.next_due().is_none_or(|due| due > at) {
            return self.book.wallet(kind).map(see);
        }
        // Time only takes away and moves what is there: nothing can be too large.
        self.after(at, |draft| draft.book.wallet(kind).map(see)).ok()?
    }
}

impl Wallet {
    fn balance(&self, at: Moment) -> Balance {
        let mut balance = Balance { available: self.available(at), debt: self.debt(), ..Balance::default() };
        // Parts of what was issued and received, which fits.
        let add = |sum: Points, part: Points| sum.checked_add(part).unwrap_or(sum);
        for lot in &self.lots {
            balance.held = add(balance.held, lot.held);
            if !lot.is_active(at) {
                balance.pending = add(balance.pending, lot.left);
            }
        }
        balance
    }

    fn expiring(&self) -> Vec<Expiring> {
        let mut left: Vec<Lot> = self.lots.iter().cloned().collect();
        let mut schedule = Vec::new();
        let mut idle = self.idle;
        loop {
            left.retain(|lot| !lot.left.is_zero());
            let next = left.first().and_then(|lot| lot.expires);
            let Some(at) = next.into_iter().chain(idle.map(|idle| idle.at)).min() else { break };
            if let Some(due) = idle.filter(|due| due.at == at) {
                let spendable = left.iter().filter(|lot| due.rest || lot.is_active(at));
                let there = spendable.fold(Points::ZERO, |sum, lot| sum.checked_add(lot.left).unwrap_or(sum));
                let points = if due.rest { there } else { due.decay.map_or(Points::ZERO, |decay| decay.of(there)) };
                let mut rest = points;
                for lot in left.iter_mut().filter(|lot| due.rest || lot.is_active(at)) {
                    let part = lot.left.min(rest);
                    lot.left = lot.left.checked_sub(part).unwrap_or_default();
                    rest = rest.checked_sub(part).unwrap_or_default();
                }
                if !points.is_zero() {
                    schedule.push(Expiring { at, points, idle: true });
                }
                idle = due.after(!points.is_zero(), left.iter().any(|lot| !lot.left.is_zero()));
            }
            let mut points = Points::ZERO;
            for lot in left.iter_mut().filter(|lot| lot.is_expired(at)) {
                points = points.checked_add(lot.left).unwrap_or(points);
                lot.left = Points::ZERO;
            }
            if !points.is_zero() {
                schedule.push(Expiring { at, points, idle: false });
            }
            if left.iter().all(|lot| lot.left.is_zero()) {
                break;
            }
        }
        schedule
    }
}
