use super::{Cause, Earning, Event, LineSold, Opened, Rejection, StatusCredit, decide::Deciding};
use crate::{
    calendar::Moment,
    loyalty::{
        AccountId, CostBasis, Expiry, Pending, Points, SourceId,
        earning::{Award, Basket, CapUse, CapWindow, Context, Credit, Occurrence, Side},
        programme::Deed,
    },
    quantity::Name,
};
use alloc::{collections::BTreeSet, format, string::String, sync::Arc, vec::Vec};
use chrono::NaiveDate;
use core::num::NonZeroU32;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Points credited by hand.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The kind of points.
    pub kind: Name,
    /// How many.
    pub points: Points,
    /// When they can be spent; as the kind says if `None`.
    #[serde(default)]
    pub pending: Option<Pending>,
    /// How long; as the kind says if `None`.
    #[serde(default)]
    pub expiry: Option<Expiry>,
    /// What they cost; as the kind says if `None`.
    #[serde(default)]
    pub cost: Option<CostBasis>,
    /// Why.
    pub reason: String,
}

impl Context for Deciding<'_> {
    fn grade(&self) -> Option<&Name> {
        self.grade.as_ref()
    }

    fn first_purchase(&self) -> bool {
        self.account.purchases == 0
    }

    fn used(&self, rule: &Name, window: CapWindow) -> Points {
        self.account.caps.get(&(rule.clone(), window)).copied().unwrap_or_default()
    }
}

impl Deciding<'_> {
    pub(super) fn earn(&mut self, source: &SourceId, basket: &Basket) -> Result<Points, Rejection> {
        let expected = self.programme.terms().currency;
        if basket.currency() != expected {
            return Err(Rejection::Currency { expected, found: basket.currency() });
        }
        let line = |line: &crate::loyalty::earning::Line| LineSold {
            line: line.name.clone(),
            units: line.quantity.get(),
            paid: line.price.minor() - line.discount.minor(), // a discount is not negative and at most the price
        };
        let lines = basket.lines().iter().map(line).collect();
        let earned = self.reward(source, Cause::Purchase, &Occurrence::Purchase(basket.clone()), lines)?;
        self.touch(if earned.is_zero() { Deed::EmptyPurchase } else { Deed::Purchase }, basket.sold())?;
        Ok(earned)
    }

    pub(super) fn act(
        &mut self,
        source: &SourceId,
        activity: &Name,
        units: NonZeroU32,
        on: Moment,
        labels: &BTreeSet<Name>,
    ) -> Result<Points, Rejection> {
        let occurrence = Occurrence::Activity { activity: activity.clone(), at: on, units, labels: labels.clone() };
        let earned = self.reward(source, Cause::Activity(activity.clone()), &occurrence, Vec::new())?;
        self.touch(Deed::Activity, on)?;
        Ok(earned)
    }

    pub(super) fn celebrate(&mut self, name: &Name, key: &str, day: NaiveDate) -> Result<Points, Rejection> {
        let refuse = |why: &str| Rejection::NotOffered { what: name.clone(), why: why.into() };
        if !self.programme.terms().occasions.contains_key(name) {
            return Err(refuse("the scheme does not know it"));
        }
        if let Some(seq) = self.account.occasions.get(&(name.clone(), key.into())) {
            return Err(Rejection::AlreadyCelebrated { occasion: name.clone(), key: key.into(), seq: *seq });
        }
        let source = SourceId::new(&format!("{name} {key}")).map_err(|_| refuse("its name and key are too long"))?;
        let cause = Cause::Occasion { occasion: name.clone(), key: key.into() };
        // Caught up late, it counts as of its day.
        let on = self.programme.terms().zone.start_of(day)?;
        let earned = self.reward(&source, cause, &Occurrence::Occasion { occasion: name.clone(), at: on }, Vec::new())?;
        self.touch(Deed::Occasion, on)?;
        Ok(earned)
    }

    pub(super) fn refer(&mut self, source: &SourceId, side: Side, peer: &AccountId, on: Moment) -> Result<Points, Rejection> {
        if *peer == self.account.id {
            return Err(Rejection::SameAccount);
        }
        // One who comes is referred by one.
        if side == Side::Referee
            && let Some(by) = self.account.awards.values().find_map(super::award::Award::referred_by)
        {
            self.unearned(source)?;
            return Err(Rejection::AlreadyReferred(by.clone()));
        }
        let cause = Cause::Referral { peer: peer.clone(), side };
        let earned = self.reward(source, cause, &Occurrence::Referral { side, at: on }, Vec::new())?;
        self.touch(Deed::Referral, on)?;
        Ok(earned)
    }

    pub(super) fn grant(&mut self, source: &SourceId, grant: &Grant) -> Result<Points, Rejection> {
        if grant.points.is_zero() {
            return Err(Rejection::NoPoints);
        }
        self.unearned(source)?;
        let credit = Credit {
            kind: grant.kind.clone(),
            points: grant.points,
            pending: grant.pending,
            expiry: grant.expiry,
            cost: grant.cost,
            lines: Vec::new(),
            rules: Vec::new(),
        };
        self.credit(source, Cause::Grant(grant.reason.clone()), self.draft.at, [credit].into(), Vec::new(), Vec::new())?;
        self.touch(Deed::Grant, self.draft.at)?;
        Ok(grant.points)
    }

    /// What the rules give for something that happened.
    pub(super) fn reward(
        &mut self,
        source: &SourceId,
        cause: Cause,
        occurrence: &Occurrence,
        lines: Vec<LineSold>,
    ) -> Result<Points, Rejection> {
        let on = occurrence.at();
        if on > self.draft.at {
            return Err(Rejection::InTheFuture { what: on, at: self.draft.at });
        }
        self.unearned(source)?;
        let terms = self.programme.terms();
        self.grade = self.tier_on(terms.zone.day_of(on));
        let Award { credits, caps_used, trace, .. } = if self.explain {
            terms.earning.award(&terms.zone, occurrence, self)?
        } else {
            terms.earning.award_quietly(&terms.zone, occurrence, self)?
        };
        self.steps.extend(trace);
        self.credit(source, cause, on, credits, lines, caps_used)
    }

    fn unearned(&self, source: &SourceId) -> Result<(), Rejection> {
        match self.account.awards.get(source) {
            Some(award) => Err(Rejection::AlreadyEarned { source_id: source.clone(), seq: award.seq }),
            None => Ok(()),
        }
    }

    fn credit(
        &mut self,
        source: &SourceId,
        cause: Cause,
        on: Moment,
        credits: Vec<Credit>,
        lines: Vec<LineSold>,
        caps: Vec<CapUse>,
    ) -> Result<Points, Rejection> {
        let day = self.programme.terms().zone.day_of(on);
        let (mut lots, mut status, mut sum) = (Vec::with_capacity(credits.len()), Vec::new(), Points::ZERO);
        let mut rules = Vec::with_capacity(credits.iter().map(|credit| credit.rules.len()).sum());
        let mut kinds: SmallVec<[&Name; 4]> = SmallVec::new();
        for credit in credits {
            let kind = self.kind(&credit.kind)?;
            sum = sum.checked_add(credit.points).ok_or(Rejection::TooMany)?;
            rules.extend(credit.rules);
            if kind.status {
                let points = i64::try_from(credit.points.units()).map_err(|_| Rejection::TooMany)?;
                status.push(StatusCredit { metric: kind.name.clone(), day, points, lines: credit.lines.clone() });
            }
            if kind.spendable {
                lots.push(Opened {
                    lot: self.draft.next_lot(lots.len())?,
                    kind: kind.name.clone(),
                    points: credit.points,
                    active: self.active(credit.pending.unwrap_or(kind.pending), on, day)?,
                    expires: credit.expiry.unwrap_or(kind.expiry).expires_at(day, &self.programme.terms().zone)?,
                    cost: credit.cost.unwrap_or(kind.cost),
                    lines: credit.lines,
                });
                kinds.push(&kind.name);
            }
        }
        self.count(&status)?;
        rules.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let returns = self.programme.terms().returns;
        let earning = Earning { source: source.clone(), cause, lots, status, lines, rules, returns, caps };
        self.draft.emit(on, Event::Earned(Arc::new(earning)))?;
        for kind in kinds {
            self.draft.expire_late(on, kind)?;
            self.draft.settle(self.draft.at, kind)?;
        }
        Ok(sum)
    }

    fn active(&self, pending: Pending, on: Moment, day: NaiveDate) -> Result<Option<Moment>, Rejection> {
        let zone = &self.programme.terms().zone;
        Ok(match pending {
            Pending::None => Some(on),
            Pending::Days(days) => Some(zone.start_of(crate::calendar::days_from(day, days.into())?)?.max(on)),
            Pending::Until(moment) => Some(moment.max(on)),
            Pending::Confirmation => None,
        })
    }

    pub(super) fn confirm(&mut self, source: &SourceId) -> Result<Points, Rejection> {
        let award = self.account.awards.get(source).ok_or_else(|| Rejection::UnknownSource(source.clone()))?;
        let mut sum = Points::ZERO;
        for kind in &self.programme.terms().kinds {
            let waits = |lot: &super::Lot| lot.active.is_none() && award.lots().any(|(opened, _)| opened.lot == lot.lot);
            let waiting = self.draft.book.wallet(&kind.name).into_iter().flat_map(|wallet| &wallet.lots).filter(|lot| waits(lot));
            let (lots, points): (Vec<_>, Vec<_>) = waiting.map(|lot| (lot.lot, lot.left)).unzip();
            if !lots.is_empty() {
                sum = Points::sum(points.into_iter().chain([sum])).ok_or(Rejection::TooMany)?;
                self.draft.now(Event::Confirmed { source: source.clone(), kind: kind.name.clone(), lots })?;
                self.draft.settle(self.draft.at, &kind.name)?;
            }
        }
        if sum.is_zero() { Err(Rejection::NothingPending(source.clone())) } else { Ok(sum) }
    }
}
