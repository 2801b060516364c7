use super::{Claimed, Draw, Event, Rejection, book::Hold, decide::Deciding, state::Redemption};
use crate::{
    calendar::Moment,
    loyalty::{
        HoldId, Points, SourceId,
        programme::{Deed, whole},
    },
    money::Money,
    quantity::Name,
};
use alloc::{string::String, vec::Vec};

impl Deciding<'_> {
    pub(super) fn redeem(
        &mut self,
        source: &SourceId,
        kind: &Name,
        points: Points,
        order: Option<Money>,
    ) -> Result<Points, Rejection> {
        self.unspent(source)?;
        let from = self.allowed(kind, points, order)?;
        self.draft.now(Event::Redeemed { source: source.clone(), kind: kind.clone(), from, reward: None })?;
        self.touch(Deed::Redemption, self.draft.at)?;
        Ok(points)
    }

    /// As [`redeem`](Self::redeem), for a pool whose points together keep the terms.
    pub(super) fn contribute(&mut self, source: &SourceId, kind: &Name, points: Points) -> Result<Points, Rejection> {
        self.unspent(source)?;
        self.spendable_kind(kind)?;
        let from = self.draft.take(kind, points)?;
        self.draft.now(Event::Redeemed { source: source.clone(), kind: kind.clone(), from, reward: None })?;
        self.touch(Deed::Redemption, self.draft.at)?;
        Ok(points)
    }

    fn unspent(&self, source: &SourceId) -> Result<(), Rejection> {
        match self.account.redemptions.get(source) {
            Some(found) => Err(Rejection::AlreadyRedeemed { source_id: source.clone(), seq: found.seq }),
            None => Ok(()),
        }
    }

    /// The points, if the terms let them be spent.
    fn allowed(&self, kind: &Name, points: Points, order: Option<Money>) -> Result<Vec<Draw>, Rejection> {
        self.spendable_kind(kind)?.redemption.check(self.programme.terms().currency, points, order)?;
        self.draft.take(kind, points)
    }

    pub(super) fn claim(&mut self, source: &SourceId, name: &Name) -> Result<Points, Rejection> {
        self.unspent(source)?;
        let refuse = |why: &str| Rejection::NotOffered { what: name.clone(), why: why.into() };
        let reward = self.programme.reward(name).ok_or_else(|| refuse("it is not in the catalogue"))?;
        let today = self.programme.terms().zone.day_of(self.draft.at);
        if reward.from.is_some_and(|from| today < from) || reward.until.is_some_and(|until| today >= until) {
            return Err(refuse("not today"));
        }
        let grade = self.tier();
        if !reward.grades.is_empty() && grade.is_none_or(|grade| !reward.grades.contains(grade)) {
            return Err(refuse("it is for other grades"));
        }
        let window = reward.limit.and_then(|limit| limit.per.window(today));
        if let Some((limit, window)) = reward.limit.zip(window) {
            let times = self.account.claims.get(&(name.clone(), window)).copied().unwrap_or_default();
            if times >= limit.times {
                return Err(refuse("the member has had it as often as the period allows"));
            }
        }
        let points = grade.and_then(|grade| reward.price_by_grade.get(grade)).copied().unwrap_or(reward.price);
        let from = self.draft.take(&reward.kind, points)?;
        let claimed = Claimed { reward: name.clone(), window };
        self.draft.now(Event::Redeemed { source: source.clone(), kind: reward.kind.clone(), from, reward: Some(claimed) })?;
        self.touch(Deed::Redemption, self.draft.at)?;
        Ok(points)
    }

    pub(super) fn cancel_redemption(&mut self, source: &SourceId, points: Option<Points>) -> Result<Points, Rejection> {
        let redemption = self.account.redemptions.get(source).ok_or_else(|| Rejection::UnknownSource(source.clone()))?;
        let Redemption { kind, from, since, .. } = &**redemption;
        let left = Points::sum(from.iter().map(|draw| draw.points)).ok_or(Rejection::TooMany)?;
        let wanted = points.unwrap_or(left);
        if wanted.is_zero() && !left.is_zero() {
            return Err(Rejection::NoPoints);
        }
        if wanted > left || left.is_zero() {
            return Err(Rejection::OverCancelled { wanted, left });
        }
        let to = Draw::first(from.iter().rev().copied(), wanted).0;
        self.draft.now(Event::RedemptionCancelled { source: source.clone(), kind: kind.clone(), to: to.clone() })?;
        self.draft.come_back(self.draft.at, kind, &to, *since)?;
        Ok(wanted)
    }

    pub(super) fn hold(
        &mut self,
        hold: &HoldId,
        kind: &Name,
        points: Points,
        order: Option<Money>,
        until: Moment,
    ) -> Result<Points, Rejection> {
        if self.open_hold(hold).is_ok() {
            return Err(Rejection::HoldTaken(hold.clone()));
        }
        if until <= self.draft.at {
            return Err(Rejection::TooLate(until));
        }
        let from = self.allowed(kind, points, order)?;
        self.draft.now(Event::Held { hold: hold.clone(), kind: kind.clone(), from, until })?;
        Ok(points)
    }

    fn open_hold(&self, hold: &HoldId) -> Result<Hold, Rejection> {
        self.draft.book.holds.iter().find(|h| h.hold == *hold).cloned().ok_or_else(|| Rejection::UnknownHold(hold.clone()))
    }

    pub(super) fn capture(&mut self, hold: &HoldId, source: &SourceId, points: Points) -> Result<Points, Rejection> {
        self.unspent(source)?;
        let Hold { hold, kind, from, since, .. } = self.open_hold(hold)?;
        let held = Points::sum(from.iter().map(|draw| draw.points)).ok_or(Rejection::TooMany)?;
        let rest = held.checked_sub(points).ok_or(Rejection::OverCaptured { wanted: points, held })?;
        if let Some(kind) = self.programme.kind(&kind) {
            // The share of the order was looked at when they were set aside.
            let terms = &kind.redemption;
            whole(terms.minimum, terms.multiple, points, || terms.usable(points, None))?;
        }
        let (captured, released) = (Draw::first(from.iter().copied(), points).0, Draw::first(from.iter().rev().copied(), rest).0);
        let source = Some(source.clone());
        self.draft.now(Event::HoldSettled { hold, kind: kind.clone(), source, captured, released: released.clone() })?;
        self.draft.come_back(self.draft.at, &kind, &released, since)?;
        self.touch(Deed::Redemption, self.draft.at)?;
        Ok(points)
    }

    pub(super) fn release(&mut self, hold: &HoldId) -> Result<Points, Rejection> {
        let Hold { hold, kind, from, since, .. } = self.open_hold(hold)?;
        let points = Points::sum(from.iter().map(|draw| draw.points)).ok_or(Rejection::TooMany)?;
        self.draft.now(Event::HoldSettled {
            hold,
            kind: kind.clone(),
            source: None,
            captured: Vec::new(),
            released: from.clone(),
        })?;
        self.draft.come_back(self.draft.at, &kind, &from, since)?;
        Ok(points)
    }

    pub(super) fn deduct(&mut self, kind: &Name, points: Points, reason: &str) -> Result<Points, Rejection> {
        self.spendable_kind(kind)?;
        let from = self.draft.take(kind, points)?;
        self.draft.now(Event::Deducted { kind: kind.clone(), from, reason: String::from(reason) })?;
        Ok(points)
    }
}
