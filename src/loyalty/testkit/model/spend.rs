use super::{Model, Paid, Refused, State};
use crate::{
    calendar::Moment,
    loyalty::{
        HoldId, Programme, SourceId,
        earning::CapWindow,
        programme::{Deed, Kind, RedemptionTerms},
    },
    money::{Money, Ratio, Rounding},
    quantity::Name,
};
use alloc::vec::Vec;

pub(super) fn spendable<'a>(programme: &'a Programme, kind: &Name) -> Result<&'a Kind, Refused> {
    programme.kind(kind).filter(|kind| kind.spendable).ok_or(Refused("not a kind that is spent"))
}

/// Whether so many points can be spent at a time, on an order if there is one.
pub(super) fn allowed(terms: &RedemptionTerms, points: u64) -> Result<(), Refused> {
    if points < terms.minimum.units() || !points.is_multiple_of(terms.multiple.units().max(1)) {
        return Err(Refused("too few, or no multiple"));
    }
    Ok(())
}

pub(super) fn pays(programme: &Programme, terms: &RedemptionTerms, points: u64, order: Option<Money>) -> Result<(), Refused> {
    let Some(order) = order else {
        return if terms.most.is_some() { Err(Refused("which order?")) } else { Ok(()) };
    };
    if order.currency() != programme.terms().currency {
        return Err(Refused("another currency"));
    }
    let Some(worth) = terms.worth else { return Ok(()) };
    let share = terms.most.unwrap_or(Ratio::ONE);
    let payable = Rounding::Floor.divide(share.numerator() * i128::from(order.minor()), share.denominator());
    // Worth points / so many × so much, and that is at most what may be paid.
    let worth_in_all = i128::from(points) * i128::from(worth.money.minor());
    let most = payable.unwrap_or(0).max(0) * i128::from(worth.points.units());
    if worth_in_all > most { Err(Refused("more than the share of the order")) } else { Ok(()) }
}

impl Model {
    /// The next so many points that can be spent.
    pub(super) fn take(&self, kind: &Name, points: u64) -> Result<Vec<usize>, Refused> {
        let mut places = self.spendable(kind, self.now);
        let wanted = usize::try_from(points).map_err(|_| Refused("too many points"))?;
        if wanted == 0 || places.len() < wanted {
            return Err(Refused("no points, or not enough"));
        }
        places.truncate(wanted);
        Ok(places)
    }

    fn burn(&mut self, places: Vec<usize>, source: &SourceId) {
        for i in places {
            self.turn += 1;
            if self.points[i].state == State::Free {
                self.points[i].drawn = self.turn;
            }
            self.points[i].state = State::Burned(source.clone(), self.turn);
        }
    }

    fn unpaid(&self, source: &SourceId) -> Result<(), Refused> {
        if self.paid.contains_key(source) { Err(Refused("one source is paid once")) } else { Ok(()) }
    }

    pub(super) fn redeem(
        &mut self,
        programme: &Programme,
        source: &SourceId,
        kind: &Name,
        points: u64,
        order: Option<Money>,
    ) -> Result<u64, Refused> {
        self.unpaid(source)?;
        let terms = &spendable(programme, kind)?.redemption;
        allowed(terms, points)?;
        pays(programme, terms, points, order)?;
        let places = self.take(kind, points)?;
        self.burn(places, source);
        self.paid.insert(source.clone(), Paid { kind: kind.clone(), claims: Vec::new() });
        self.did(programme, Deed::Redemption, self.now)?;
        Ok(points)
    }

    /// A part of what a pool spends, whose parts together keep the terms.
    pub(super) fn contribute(
        &mut self,
        programme: &Programme,
        source: &SourceId,
        kind: &Name,
        points: u64,
    ) -> Result<u64, Refused> {
        self.unpaid(source)?;
        spendable(programme, kind)?;
        let places = self.take(kind, points)?;
        self.burn(places, source);
        self.paid.insert(source.clone(), Paid { kind: kind.clone(), claims: Vec::new() });
        self.did(programme, Deed::Redemption, self.now)?;
        Ok(points)
    }

    pub(super) fn claim(&mut self, programme: &Programme, source: &SourceId, name: &Name) -> Result<u64, Refused> {
        self.unpaid(source)?;
        let reward = programme.reward(name).ok_or(Refused("no such reward"))?;
        let today = programme.terms().zone.day_of(self.now);
        if reward.from.is_some_and(|from| today < from) || reward.until.is_some_and(|until| today >= until) {
            return Err(Refused("not offered today"));
        }
        if !self.has(&reward.grades) {
            return Err(Refused("for those with a grade"));
        }
        let window: Option<CapWindow> = reward.limit.and_then(|limit| limit.per.window(today));
        if let (Some(limit), Some(window)) = (reward.limit, window) {
            let mine = (name.clone(), window);
            if self.paid.values().flat_map(|paid| &paid.claims).filter(|claimed| **claimed == mine).count() >= limit.times as usize
            {
                return Err(Refused("as often as the period allows"));
            }
        }
        let price = self.grade.as_ref().and_then(|grade| reward.price_by_grade.get(grade)).unwrap_or(&reward.price).units();
        let places = self.take(&reward.kind, price)?;
        self.burn(places, source);
        let claims = window.map(|window| (name.clone(), window)).into_iter().collect();
        self.paid.insert(source.clone(), Paid { kind: reward.kind.clone(), claims });
        self.did(programme, Deed::Redemption, self.now)?;
        Ok(price)
    }

    /// The points drawn last come back first.
    pub(super) fn cancel(&mut self, source: &SourceId, points: Option<u64>) -> Result<u64, Refused> {
        self.unpaid(source).err().ok_or(Refused("nothing was paid"))?;
        let turn = |p: &super::Point| if let State::Burned(_, turn) = p.state { turn } else { 0 };
        let mut burned = self.places(|state| matches!(state, State::Burned(by, _) if by == source));
        burned.sort_by_key(|&i| core::cmp::Reverse(turn(&self.points[i])));
        let wanted = points.unwrap_or(burned.len() as u64);
        if wanted == 0 || wanted > burned.len() as u64 {
            return Err(Refused("nothing, or more than was spent"));
        }
        if wanted == burned.len() as u64 {
            // A reward that was given back was not had.
            self.paid.entry(source.clone()).and_modify(|paid| paid.claims.clear());
        }
        burned.truncate(usize::try_from(wanted).unwrap_or_default());
        self.come_back(&burned, self.now);
        Ok(wanted)
    }

    pub(super) fn hold(
        &mut self,
        programme: &Programme,
        hold: &HoldId,
        kind: &Name,
        points: u64,
        order: Option<Money>,
        until: Moment,
    ) -> Result<u64, Refused> {
        if self.holds.contains_key(hold) || until <= self.now {
            return Err(Refused("the hold is there, or would be over"));
        }
        let terms = &spendable(programme, kind)?.redemption;
        allowed(terms, points)?;
        pays(programme, terms, points, order)?;
        for i in self.take(kind, points)? {
            self.turn += 1;
            (self.points[i].state, self.points[i].drawn) = (State::Held(hold.clone(), self.turn), self.turn);
        }
        self.holds.insert(hold.clone(), (kind.clone(), until, self.turn));
        Ok(points)
    }

    /// The first so many points are spent, the others come back.
    pub(super) fn capture(&mut self, programme: &Programme, hold: &HoldId, source: &SourceId, points: u64) -> Result<u64, Refused> {
        self.unpaid(source)?;
        let mut held = self.held(hold)?;
        if points == 0 || points > held.len() as u64 {
            return Err(Refused("nothing, or more than was held"));
        }
        let (kind, ..) = self.holds.get(hold).cloned().ok_or(Refused("no such hold"))?;
        if let Some(kind) = programme.kind(&kind) {
            allowed(&kind.redemption, points)?;
        }
        let rest = held.split_off(usize::try_from(points).unwrap_or_default());
        self.holds.remove(hold);
        self.burn(held, source);
        self.paid.insert(source.clone(), Paid { kind, claims: Vec::new() });
        self.come_back(&rest, self.now);
        self.did(programme, Deed::Redemption, self.now)?;
        Ok(points)
    }

    pub(super) fn release(&mut self, hold: &HoldId) -> Result<u64, Refused> {
        let held = self.held(hold)?;
        self.holds.remove(hold);
        self.come_back(&held, self.now);
        Ok(held.len() as u64)
    }

    /// The points of an open hold, in the order in which they were set aside.
    fn held(&self, hold: &HoldId) -> Result<Vec<usize>, Refused> {
        if !self.holds.contains_key(hold) {
            return Err(Refused("no such hold"));
        }
        let turn = |p: &super::Point| if let State::Held(_, turn) = p.state { turn } else { 0 };
        let mut held = self.places(|state| matches!(state, State::Held(by, _) if by == hold));
        held.sort_by_key(|&i| turn(&self.points[i]));
        Ok(held)
    }

    pub(super) fn deduct(&mut self, programme: &Programme, kind: &Name, points: u64) -> Result<u64, Refused> {
        spendable(programme, kind)?;
        for i in self.take(kind, points)? {
            self.points[i].state = State::Deducted;
        }
        Ok(points)
    }
}
