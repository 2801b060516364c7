use super::{Model, Point, Refused, Rewarded, Sold, Source, State};
use crate::{
    calendar::{Moment, days_from},
    loyalty::{
        AccountId, Pending, Points, Programme, SourceId,
        account::Grant,
        earning::{Award, Basket, CapWindow, Context, Credit, Occurrence, Side},
        programme::Deed,
    },
    quantity::Name,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    vec::Vec,
};
use chrono::NaiveDate;
use core::num::NonZeroU32;
use num_rational::BigRational;
use num_traits::One;

impl Context for Model {
    fn grade(&self) -> Option<&Name> {
        None
    }

    fn first_purchase(&self) -> bool {
        self.sources.values().all(|source| !source.purchase || source.is_returned())
    }

    fn used(&self, rule: &Name, window: CapWindow) -> Points {
        self.capped.get(&(rule.clone(), window)).copied().unwrap_or_default()
    }
}

impl Source {
    /// Whether nothing of it is left with the customer.
    pub(super) fn is_returned(&self) -> bool {
        if self.lines.is_empty() { self.undone } else { self.lines.values().all(|line| line.returned.is_one()) }
    }
}

impl Model {
    pub(super) fn earn(&mut self, programme: &Programme, source: &SourceId, basket: &Basket) -> Result<u64, Refused> {
        let sold = |line: &crate::loyalty::earning::Line| Sold {
            units: line.quantity.get(),
            paid: line.price.minor() - line.discount.minor(),
            returned: BigRational::default(),
        };
        let lines = basket.lines().iter().map(|line| (line.name.clone(), sold(line))).collect();
        let points = self.reward(programme, source, &Occurrence::Purchase(basket.clone()), true, lines)?;
        self.did(programme, if points == 0 { Deed::EmptyPurchase } else { Deed::Purchase }, basket.sold())?;
        Ok(points)
    }

    pub(super) fn act(
        &mut self,
        programme: &Programme,
        source: &SourceId,
        activity: &Name,
        (units, labels): (NonZeroU32, &BTreeSet<Name>),
        on: Moment,
    ) -> Result<u64, Refused> {
        let occurrence = Occurrence::Activity { activity: activity.clone(), at: on, units, labels: labels.clone() };
        let points = self.reward(programme, source, &occurrence, false, BTreeMap::new())?;
        self.did(programme, Deed::Activity, on)?;
        Ok(points)
    }

    pub(super) fn celebrate(&mut self, programme: &Programme, occasion: &Name, key: &str, day: NaiveDate) -> Result<u64, Refused> {
        let known = programme.terms().occasions.contains_key(occasion);
        if !known || !self.celebrated.insert((occasion.clone(), key.into())) {
            return Err(Refused("no such occasion, or granted before"));
        }
        let source = SourceId::new(&format!("{occasion} {key}")).map_err(|_| Refused("too long"))?;
        let at = programme.terms().zone.start_of(day)?;
        let points =
            self.reward(programme, &source, &Occurrence::Occasion { occasion: occasion.clone(), at }, false, BTreeMap::new())?;
        self.did(programme, Deed::Occasion, at)?;
        Ok(points)
    }

    pub(super) fn refer(
        &mut self,
        programme: &Programme,
        source: &SourceId,
        side: Side,
        peer: &AccountId,
        on: Moment,
    ) -> Result<u64, Refused> {
        if *peer == self.id {
            return Err(Refused("nobody refers themselves"));
        }
        let stands = |other: &Source| other.referee && other.documents.is_empty();
        if side == Side::Referee && self.sources.values().any(stands) {
            return Err(Refused("referred before"));
        }
        let points = self.reward(programme, source, &Occurrence::Referral { side, at: on }, false, BTreeMap::new())?;
        self.sources.entry(source.clone()).and_modify(|rewarded| rewarded.referee = side == Side::Referee);
        self.did(programme, Deed::Referral, on)?;
        Ok(points)
    }

    pub(super) fn grant(&mut self, programme: &Programme, source: &SourceId, grant: &Grant) -> Result<u64, Refused> {
        let Grant { kind, points, pending, expiry, cost, .. } = grant.clone();
        if points.is_zero() {
            return Err(Refused("no points"));
        }
        let credit = Credit { kind, points, pending, expiry, cost, lines: Vec::new(), rules: Vec::new() };
        self.credit(programme, source, self.now, &[credit], false, BTreeMap::new())?;
        self.did(programme, Deed::Grant, self.now)?;
        Ok(points.units())
    }

    fn reward(
        &mut self,
        programme: &Programme,
        source: &SourceId,
        occurrence: &Occurrence,
        purchase: bool,
        lines: BTreeMap<Name, Sold>,
    ) -> Result<u64, Refused> {
        if occurrence.at() > self.now {
            return Err(Refused("it has not happened yet"));
        }
        let terms = programme.terms();
        let Award { credits, caps_used, .. } = terms.earning.award_quietly(&terms.zone, occurrence, self)?;
        let used: Vec<_> = caps_used.into_iter().filter_map(|used| Some((used.rule, used.window?, used.granted))).collect();
        for (rule, window, granted) in &used {
            let sum = self.capped.entry((rule.clone(), *window)).or_default();
            *sum = sum.checked_add(*granted).ok_or(Refused("too many points"))?;
        }
        let points = self.credit(programme, source, occurrence.at(), &credits, purchase, lines)?;
        self.sources.entry(source.clone()).and_modify(|rewarded| rewarded.used = Some(used));
        Ok(points)
    }

    fn credit(
        &mut self,
        programme: &Programme,
        source: &SourceId,
        on: Moment,
        credits: &[Credit],
        purchase: bool,
        lines: BTreeMap<Name, Sold>,
    ) -> Result<u64, Refused> {
        if self.sources.contains_key(source) {
            return Err(Refused("one source earns once"));
        }
        let (zone, mut sum, mut lots, mut counts) = (&programme.terms().zone, 0, Vec::new(), Vec::new());
        let day = zone.day_of(on);
        for credit in credits {
            let kind = programme.kind(&credit.kind).ok_or(Refused("no such kind"))?;
            sum += credit.points.units();
            let earned = Rewarded {
                kind: kind.name.clone(),
                lot: self.lots + 1,
                points: credit.points.units(),
                lines: credit.lines.iter().map(|(line, points)| (line.clone(), points.units())).collect(),
                taken_back: 0,
            };
            if kind.status {
                let points = i64::try_from(credit.points.units()).map_err(|_| Refused("too many points"))?;
                self.credits.push(&kind.name, day, points)?;
                counts.push((day, earned.clone()));
            }
            if !kind.spendable {
                continue;
            }
            let active = match credit.pending.unwrap_or(kind.pending) {
                Pending::None => Some(on),
                Pending::Days(days) => Some(zone.start_of(days_from(day, days.into())?)?.max(on)),
                Pending::Until(from) => Some(from.max(on)),
                Pending::Confirmation => None,
            };
            let expires = credit.expiry.unwrap_or(kind.expiry).expires_at(day, zone)?;
            let cost = credit.cost.unwrap_or(kind.cost);
            self.lots += 1;
            let point = Point {
                kind: kind.name.clone(),
                lot: self.lots,
                earned: on,
                active,
                expires,
                cost,
                idled: false,
                drawn: 0,
                state: State::Free,
            };
            self.points.extend((0..credit.points.units()).map(|_| point.clone()));
            lots.push(earned);
        }
        let kinds: BTreeSet<Name> = lots.iter().map(|lot| lot.kind.clone()).collect();
        let returns = programme.terms().returns;
        let earned = Source {
            purchase,
            lots,
            counts,
            lines,
            documents: BTreeSet::new(),
            undone: false,
            returns,
            referee: false,
            used: Some(Vec::new()),
        };
        self.sources.insert(source.clone(), earned);
        // What was earned long ago may be over already.
        self.lapse(self.now);
        for kind in &kinds {
            self.pay_debt(kind, self.now);
        }
        Ok(sum)
    }

    pub(super) fn confirm(&mut self, source: &SourceId) -> Result<u64, Refused> {
        let lots: Vec<u32> = self.sources.get(source).ok_or(Refused("unknown source"))?.lots.iter().map(|lot| lot.lot).collect();
        let waits = |p: &Point| lots.contains(&p.lot) && p.active.is_none();
        let waiting = self.points.iter().filter(|p| waits(p) && p.state == State::Free);
        let (points, live): (Vec<()>, BTreeSet<u32>) = waiting.map(|p| ((), p.lot)).unzip();
        if points.is_empty() {
            return Err(Refused("nothing is pending"));
        }
        // A lot without points stays as it was: nothing of it waits.
        let now = self.now;
        for p in self.points.iter_mut().filter(|p| live.contains(&p.lot)) {
            p.active = Some(now);
        }
        for lot in live {
            let kind = self.points.iter().find(|p| p.lot == lot).map(|p| p.kind.clone());
            if let Some(kind) = kind {
                self.pay_debt(&kind, now);
            }
        }
        Ok(points.len() as u64)
    }
}
