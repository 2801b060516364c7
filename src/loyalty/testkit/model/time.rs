use super::{Bearer, Claim, Clock, Model, Point, Refused, State};
use crate::{
    calendar::Moment,
    loyalty::{
        Points, Programme,
        programme::{Deed, Kind},
    },
    quantity::Name,
};
use alloc::{collections::BTreeSet, vec::Vec};
use chrono::NaiveDate;

impl Model {
    /// Lets time pass: at every moment at which something is due, holds end, staying away costs points, points expire, debts are paid.
    pub fn pass(&mut self, to: Moment) {
        while let Some(at) = self.next_due().filter(|at| *at <= to) {
            let ended = self.holds.iter().filter(|(_, (_, until, _))| *until <= at);
            let mut ended: Vec<_> = ended.map(|(hold, (.., made))| (*made, hold.clone())).collect();
            // Those that end together, in the order in which they were made.
            ended.sort();
            for (_, hold) in ended {
                self.holds.remove(&hold);
                let back: Vec<usize> = self.places(|state| matches!(state, State::Held(by, _) if *by == hold));
                self.come_back(&back, at);
            }
            let due: Vec<Name> = self.clocks.iter().filter(|(_, clock)| clock.at <= at).map(|(kind, _)| kind.clone()).collect();
            for kind in &due {
                self.lose(kind, at);
            }
            self.lapse(at);
            for kind in self.kinds() {
                self.pay_debt(&kind, at);
            }
        }
        self.now = self.now.max(to);
    }

    fn next_due(&self) -> Option<Moment> {
        let free = || self.points.iter().filter(|p| p.state == State::Free);
        let owes = |kind: &Name| self.owed(kind, |bearer| bearer == Bearer::Debt) > 0;
        let holds = self.holds.values().map(|(_, until, _)| *until);
        let clocks = self.clocks.values().map(|clock| clock.at);
        let expiries = free().filter_map(|p| p.expires);
        let payments = free().filter(|p| owes(&p.kind)).filter_map(|p| p.active);
        holds.chain(clocks).chain(expiries).chain(payments).min()
    }

    pub(super) fn lapse(&mut self, at: Moment) {
        for p in self.points.iter_mut().filter(|p| p.state == State::Free && p.is_over(at)) {
            p.state = State::Lapsed;
        }
    }

    /// The member stayed away for so long.
    fn lose(&mut self, kind: &Name, at: Moment) {
        let Some(mut clock) = self.clocks.remove(kind) else { return };
        let rest = clock.policy.decay.filter(|decay| decay.rest_after().is_none_or(|most| clock.losses < u32::from(most.get())));
        match rest {
            None => {
                for p in self.points.iter_mut().filter(|p| p.kind == *kind) {
                    p.idled = true;
                }
                self.lapse(at);
            }
            Some(decay) => {
                let there = self.spendable(kind, clock.at);
                let lost = decay.of(Points::new(there.len() as u64)).units();
                for (i, _) in there.into_iter().zip(0..lost) {
                    self.points[i].state = State::Lapsed;
                }
                clock.losses += 1;
                let ends = lost == 0 && decay.rest_after().is_none();
                if ends || !self.points.iter().any(|p| p.kind == *kind && (p.state == State::Free || p.is_held())) {
                    return; // the next points begin anew
                }
                if let Ok(at) = clock.at.plus_minutes(i64::from(decay.every_days().get()) * 24 * 60) {
                    self.clocks.insert(kind.clone(), Clock { at, ..clock });
                }
            }
        }
    }

    /// Points are back in their lots. Before anything else they pay what their lot owes, the newest claims first, and whoever had paid
    /// instead has its points back, which may have to pay in turn. Those that are over lapse; the others pay what the programme would not
    /// have let go, had they been there, and debts.
    pub(super) fn come_back(&mut self, places: &[usize], at: Moment) {
        let mut kinds = BTreeSet::new();
        let (mut here, mut freed) = (BTreeSet::new(), Vec::new());
        let mut back: Vec<usize> = places.to_vec();
        for &i in &back {
            self.points[i].state = State::Free;
        }
        while let Some(i) = back.pop() {
            let Point { kind, lot, drawn, .. } = self.points[i].clone();
            let claim = self.claims.iter().rposition(|claim| claim.owed_by == lot && claim.paid_by != Bearer::ForGood);
            if let Some(claim) = claim {
                self.points[i].state = State::ClawedBack;
                match self.claims.remove(claim).paid_by {
                    // As if it had been away itself.
                    Bearer::Point(payer) => {
                        (self.points[payer].state, self.points[payer].drawn) = (State::Free, drawn);
                        back.push(payer);
                    }
                    Bearer::Debt => freed.push((kind.clone(), drawn)),
                    Bearer::Programme | Bearer::ForGood => {}
                }
            } else {
                here.insert(i);
            }
            kinds.insert(kind);
        }
        self.lapse(at);
        for (kind, drawn) in freed {
            self.reclaim(&kind, drawn);
        }
        for kind in &kinds {
            for i in self.spendable(kind, at).into_iter().filter(|i| here.contains(i)) {
                if self.reclaim(kind, self.points[i].drawn) {
                    self.pay_with(i, kind);
                }
            }
            self.pay_debt(kind, at);
        }
    }

    /// The oldest claim that the programme let go after a turn is owed by the member.
    fn reclaim(&mut self, kind: &Name, after: u64) -> bool {
        let late = |claim: &&mut Claim| claim.kind == *kind && claim.paid_by == Bearer::Programme && claim.turn > after;
        self.claims.iter_mut().find(late).map(|claim| claim.paid_by = Bearer::Debt).is_some()
    }

    /// A point pays the oldest debt, if there is one.
    fn pay_with(&mut self, i: usize, kind: &Name) {
        if let Some(debt) = self.claims.iter_mut().find(|claim| claim.kind == *kind && claim.paid_by == Bearer::Debt) {
            self.turn += 1;
            debt.paid_by = Bearer::Point(i);
            (self.points[i].state, self.points[i].drawn) = (State::ClawedBack, self.turn);
        }
    }

    /// Points that can be spent pay what is owed, the oldest debts first.
    pub(super) fn pay_debt(&mut self, kind: &Name, at: Moment) {
        for i in self.spendable(kind, at) {
            self.pay_with(i, kind);
        }
    }

    /// The member did something. What the programme counts as activity sets the clock of a kind back, unless something was done later.
    pub(super) fn did(&mut self, programme: &Programme, deed: Deed, on: Moment) -> Result<(), Refused> {
        let day = programme.terms().zone.day_of(on);
        for kind in programme.terms().kinds.iter().filter(|kind| kind.kept_alive_by.contains(&deed)) {
            if self.points.iter().any(|p| p.kind == kind.name) {
                self.wind(programme, kind, day)?;
            }
        }
        self.start(programme, on)
    }

    /// The first points start the clock of their kind.
    pub(super) fn start(&mut self, programme: &Programme, on: Moment) -> Result<(), Refused> {
        let day = programme.terms().zone.day_of(on);
        for kind in &programme.terms().kinds {
            let here = |p: &Point| p.kind == kind.name && (p.state == State::Free || p.is_held());
            if !self.clocks.contains_key(&kind.name) && self.points.iter().any(here) {
                self.wind(programme, kind, day)?;
            }
        }
        Ok(())
    }

    fn wind(&mut self, programme: &Programme, kind: &Kind, since: NaiveDate) -> Result<(), Refused> {
        let Some(policy) = kind.inactivity else { return Ok(()) };
        let zone = &programme.terms().zone;
        // Points that nothing has threatened so far are not lost by what was done before that began.
        let since = if self.clocks.contains_key(&kind.name) { since } else { zone.day_of(self.now) };
        let at = policy.deadline(since, zone)?;
        // It never shortens what was given, nor repeats losses that are over.
        if self.clocks.get(&kind.name).is_none_or(|clock| at > if clock.losses > 0 { self.now } else { clock.at }) {
            self.clocks.insert(kind.name.clone(), Clock { policy, at, losses: 0 });
        }
        Ok(())
    }

    pub(super) fn places(&self, wanted: impl Fn(&State) -> bool) -> Vec<usize> {
        (0..self.points.len()).filter(|&i| wanted(&self.points[i].state)).collect()
    }

    pub(super) fn kinds(&self) -> BTreeSet<Name> {
        self.points.iter().map(|p| p.kind.clone()).collect()
    }
}
