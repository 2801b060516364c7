//! What a source earned, and what of it has come back.

use super::{Cause, Earning, LineSold, Opened, StatusCredit};
use crate::{
    calendar::Moment,
    loyalty::{
        AccountId, LotId, Points, SourceId,
        earning::{CapWindow, Side},
        programme::Returns,
    },
    quantity::Name,
};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use serde::{Deserialize, Serialize};

/// What a source earned, as the event says, and what of it was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Award {
    pub(super) seq: u64,
    /// The moment for which it counts.
    pub(super) on: Moment,
    earning: Arc<Earning>,
    /// Most is never returned.
    back: Option<Box<Back>>,
}

/// What has come back, in the order in which the event names lots, status credits and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Back {
    lots: Vec<Points>,
    status: Vec<i64>,
    lines: Vec<(u32, i64)>,
    documents: Vec<SourceId>,
    /// Whether it was recorded wrongly.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    voided: bool,
}

/// A line of a purchase, and what of it has come back.
#[derive(Clone, Copy, Debug)]
pub(super) struct AwardLine<'a> {
    pub(super) sold: &'a LineSold,
    pub(super) returned_units: u32,
    pub(super) returned_amount: i64,
}

impl Award {
    pub(super) const fn new(seq: u64, on: Moment, earning: Arc<Earning>) -> Award {
        Award { seq, on, earning, back: None }
    }

    /// Its lots, and what returns took back of each.
    pub(super) fn lots(&self) -> impl Iterator<Item = (&Opened, Points)> {
        let back = self.back.iter().flat_map(|back| &back.lots).copied();
        self.earning.lots.iter().zip(back.chain(core::iter::repeat(Points::ZERO)))
    }

    /// What counted for the status, and the reversals of each.
    pub(super) fn status(&self) -> impl Iterator<Item = (&StatusCredit, i64)> {
        let back = self.back.iter().flat_map(|back| &back.status).copied();
        self.earning.status.iter().zip(back.chain(core::iter::repeat(0)))
    }

    /// What was sold.
    pub(super) fn lines(&self) -> impl Iterator<Item = AwardLine<'_>> {
        let back = self.back.iter().flat_map(|back| &back.lines).copied();
        let line = |(sold, (returned_units, returned_amount))| AwardLine { sold, returned_units, returned_amount };
        self.earning.lines.iter().zip(back.chain(core::iter::repeat((0, 0)))).map(line)
    }

    /// How returns of it are counted.
    pub(super) fn returns(&self) -> Returns {
        self.earning.returns
    }

    pub(super) fn has_lines(&self) -> bool {
        !self.earning.lines.is_empty()
    }

    /// The returns.
    pub(super) fn documents(&self) -> &[SourceId] {
        self.back.as_ref().map_or(&[], |back| &back.documents)
    }

    /// Whether it was recorded wrongly, and does not count.
    pub(super) fn is_void(&self) -> bool {
        self.back.as_ref().is_some_and(|back| back.voided)
    }

    /// Who referred the member, if that has not come back.
    pub(super) fn referred_by(&self) -> Option<&AccountId> {
        match &self.earning.cause {
            Cause::Referral { peer, side: Side::Referee } if self.documents().is_empty() => Some(peer),
            _ => None,
        }
    }

    /// Whether it is a purchase that was not wholly returned.
    pub(super) fn is_kept_purchase(&self) -> bool {
        self.earning.cause == Cause::Purchase && !self.lines().all(AwardLine::is_returned)
    }

    /// Whether what has come back is of lots, credits and lines that are there.
    pub(super) fn fits(&self) -> bool {
        let Earning { lots, status, lines, .. } = &*self.earning;
        let of_all = self.back.as_ref().is_none_or(|back| {
            back.lots.len() == lots.len() && back.status.len() == status.len() && back.lines.len() == lines.len()
        });
        let nothing_left = || self.lines().all(AwardLine::is_returned) && self.lots().all(|(lot, back)| back == lot.points);
        of_all && (!self.is_void() || nothing_left())
    }

    fn back(&mut self) -> &mut Back {
        let Earning { lots, status, lines, .. } = &*self.earning;
        let none = || Back {
            lots: lots.iter().map(|_| Points::ZERO).collect(),
            status: status.iter().map(|_| 0).collect(),
            lines: lines.iter().map(|_| (0, 0)).collect(),
            documents: Vec::new(),
            voided: false,
        };
        self.back.get_or_insert_with(|| Box::new(none()))
    }

    /// By a return, so many units and so much money have come back of some lines by now.
    pub(super) fn returned(&mut self, document: &SourceId, lines: &[(Name, u32, i64)]) {
        let earning = Arc::clone(&self.earning);
        let back = self.back();
        back.documents.push(document.clone());
        for (name, units, amount) in lines {
            for (_, returned) in earning.lines.iter().zip(&mut back.lines).filter(|(sold, _)| sold.line == *name) {
                *returned = (*units, *amount);
            }
        }
    }

    /// It was recorded wrongly.
    pub(super) fn void(&mut self, document: &SourceId) {
        let earning = Arc::clone(&self.earning);
        let back = self.back();
        back.documents.push(document.clone());
        back.voided = true;
        back.lines.iter_mut().zip(&earning.lines).for_each(|((units, _), sold)| *units = sold.units);
    }

    /// More points of a lot were taken back.
    pub(super) fn taken_back(&mut self, lot: LotId, points: Points) {
        let earning = Arc::clone(&self.earning);
        for (opened, back) in earning.lots.iter().zip(&mut self.back().lots).filter(|(opened, _)| opened.lot == lot) {
            *back = back.checked_add(points).unwrap_or(opened.points);
        }
    }

    /// What counted for the status on a day was reversed. Of several parts of the day, the first keeps what was taken back of all.
    pub(super) fn reversed(&mut self, reversal: &StatusCredit) {
        let earning = Arc::clone(&self.earning);
        let same = |credit: &StatusCredit| credit.metric == reversal.metric && credit.day == reversal.day;
        if let Some((_, back)) = earning.status.iter().zip(&mut self.back().status).find(|(credit, _)| same(credit)) {
            *back = back.saturating_add(reversal.points);
        }
    }

    /// The same with other numbers of the lots.
    pub(super) fn renumbered(&self, number: impl Fn(LotId) -> LotId) -> Award {
        let mut award = self.clone();
        Arc::make_mut(&mut award.earning).lots.iter_mut().for_each(|lot| lot.lot = number(lot.lot));
        award
    }

    /// Takes over what the same source earned on another account.
    pub(super) fn join(&mut self, mut other: Award) {
        let voided = [self.is_void(), other.is_void()];
        // Where neither has anything back, nothing stands for both.
        if self.back.is_some() || other.back.is_some() {
            let theirs = core::mem::take(other.back());
            let own = self.back();
            own.lots.extend(theirs.lots);
            own.status.extend(theirs.status);
            own.lines.extend(theirs.lines);
            own.documents.extend(theirs.documents);
            own.voided &= theirs.voided;
        }
        let theirs = Arc::unwrap_or_clone(other.earning);
        let own = Arc::make_mut(&mut self.earning);
        if theirs.cause == Cause::Purchase {
            own.cause = theirs.cause;
        }
        own.lots.extend(theirs.lots);
        own.status.extend(theirs.status);
        own.lines.extend(theirs.lines);
        own.rules.extend(theirs.rules);
        // Where one of the two was recorded wrongly, what it used up has been given back, and the other counts.
        if voided == [true, false] {
            own.caps.clear();
        }
        if voided != [false, true] {
            own.caps.extend(theirs.caps);
        }
    }

    /// What it used up of caps that are not for it alone, which nobody gives back but who says that it never was.
    pub(super) fn used_up(&self) -> impl Iterator<Item = (&Name, CapWindow, Points)> {
        self.earning.used_up().filter(|_| !self.is_void())
    }
}

impl AwardLine<'_> {
    /// Whether all of it has come back: units, and what was paid for others.
    pub(super) fn is_returned(self) -> bool {
        let [units, paid] = [i128::from(self.sold.units), i128::from(self.sold.paid)];
        let [back, amount] = [i128::from(self.returned_units), i128::from(self.returned_amount)];
        back >= units || (paid > 0 && back * paid + amount * units >= units * paid)
    }
}
