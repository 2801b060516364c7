use super::{Bearer, Model, Paid, Refused, Source, State};
use crate::loyalty::{HoldId, SourceId};

impl Model {
    /// Takes over all of another account, which is closed: its points come after those that are here, with other numbers of their lots.
    pub(super) fn absorb(&mut self, other: &Model) -> Result<u64, Refused> {
        if other.id == self.id {
            return Err(Refused("of oneself"));
        }
        if self.has_hold_of(other) || self.has_source_of(other) {
            return Err(Refused("known to both"));
        }
        let kinds = other.kinds();
        let points = kinds.iter().map(|kind| other.spendable(kind, self.now).len()).sum::<usize>() as u64;
        self.take_over(other.clone())?;
        self.lapse(self.now);
        for kind in &kinds {
            self.pay_debt(kind, self.now);
        }
        Ok(points)
    }

    fn has_hold_of(&self, other: &Model) -> bool {
        other.holds.keys().any(|hold: &HoldId| self.holds.contains_key(hold))
    }

    /// Whether both bought under one name, or spent points of two kinds or for a limited reward.
    fn has_source_of(&self, other: &Model) -> bool {
        let bought = |source: &SourceId, theirs: &Source| {
            !theirs.lines.is_empty() && self.sources.get(source).is_some_and(|own| !own.lines.is_empty())
        };
        let unlike = |own: &Paid, theirs: &Paid| own.kind != theirs.kind || !own.claims.is_empty() || !theirs.claims.is_empty();
        let spent = |source: &SourceId, theirs: &Paid| self.paid.get(source).is_some_and(|own| unlike(own, theirs));
        other.sources.iter().any(|(source, theirs)| bought(source, theirs))
            || other.paid.iter().any(|(source, theirs)| spent(source, theirs))
    }

    fn take_over(&mut self, other: Model) -> Result<(), Refused> {
        let (lots, places, turns) = (self.lots, self.points.len(), self.turn);
        self.lots += other.lots;
        self.turn += other.turn;
        self.moved.extend(other.moved.into_iter().map(|p| super::Point { lot: p.lot + lots, ..p }));
        for mut p in other.points {
            p.lot += lots;
            match &mut p.state {
                State::Held(_, turn) | State::Burned(_, turn) => *turn += turns,
                _ => {}
            }
            self.points.push(p);
        }
        // What was let go before stays so: nobody can say what came first on the two.
        let turn = self.turn;
        self.points.iter_mut().for_each(|p| p.drawn = turn);
        for mut claim in other.claims {
            claim.owed_by += lots;
            claim.turn += turns;
            if let Bearer::Point(place) = &mut claim.paid_by {
                *place += places;
            }
            self.claims.push(claim);
        }
        self.holds.extend(other.holds.into_iter().map(|(hold, (kind, until, made))| (hold, (kind, until, made + turns))));
        for (source, mut theirs) in other.sources {
            theirs.lots.iter_mut().for_each(|lot| lot.lot += lots);
            match self.sources.get_mut(&source) {
                Some(own) => own.join(theirs),
                None => _ = self.sources.insert(source, theirs),
            }
        }
        for (source, theirs) in other.paid {
            self.paid.entry(source).or_insert(theirs);
        }
        for (kind, theirs) in other.clocks {
            // The member is one, and was active when either was.
            if self.clocks.get(&kind).is_none_or(|own| theirs.at >= own.at) {
                self.clocks.insert(kind, theirs);
            }
        }
        for (window, points) in other.capped {
            let sum = self.capped.entry(window).or_default();
            *sum = sum.checked_add(points).unwrap_or(*sum);
        }
        self.celebrated.extend(other.celebrated);
        self.credits.merge(&other.credits)?;
        Ok(())
    }
}

impl Source {
    /// Takes over what the same business event earned on another account.
    fn join(&mut self, theirs: Source) {
        self.purchase |= theirs.purchase;
        // Who was referred stays so, unless it is now known as a purchase.
        self.referee &= !theirs.purchase;
        // Of two, one that was said to be wrong has given back what it used up; the other counts.
        self.used = match (self.used.take(), theirs.used) {
            (None, None) => None,
            (own, theirs) => Some(own.into_iter().chain(theirs).flatten().collect()),
        };
        self.undone |= theirs.undone;
        self.lots.extend(theirs.lots);
        self.counts.extend(theirs.counts);
        self.lines.extend(theirs.lines);
        self.documents.extend(theirs.documents);
        // Of a reward without a basket, the part that has not come back can still be taken back.
        self.undone &= self.lots.iter().all(|lot| lot.taken_back >= lot.points);
    }
}
