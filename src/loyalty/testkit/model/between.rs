use super::{
    Model, Refused,
    spend::{allowed, pays, spendable},
};
use crate::{
    calendar::Moment,
    loyalty::{Points, PoolPolicy, Programme, SourceId, account::SentLot, earning::Side, testkit::Between},
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec::Vec};

impl Model {
    /// Carries out what concerns two accounts, or changes nothing but the time on both. Says how many points each of them moved; nothing
    /// of one that had no part in it.
    ///
    /// # Errors
    /// [`Refused`] where either account has to refuse as well.
    pub fn together(
        &mut self,
        other: &mut Model,
        programme: &Programme,
        at: Moment,
        what: &Between,
    ) -> Result<[Option<u64>; 2], Refused> {
        self.pass(at);
        other.pass(at);
        let (mut one, mut two) = (self.clone(), other.clone());
        one.advance(programme)?;
        two.advance(programme)?;
        let moved = match what {
            Between::Merge => {
                let points = one.absorb(&two)?;
                [Some(points), Some(points)]
            }
            Between::Transfer { kind, points, back: false } => one.transfer(&mut two, programme, kind, points.units())?,
            Between::Transfer { kind, points, back: true } => two.transfer(&mut one, programme, kind, points.units())?,
            Between::Refer { source, on, back } => {
                let [side, peer] = if *back { [Side::Referee, Side::Referrer] } else { [Side::Referrer, Side::Referee] };
                let first = one.refer(programme, source, side, &two.id, *on)?;
                [Some(first), Some(two.refer(programme, source, peer, &one.id, *on)?)]
            }
            Between::Pool { source, kind, points, order, policy } => {
                let (points, terms) = (points.units(), &spendable(programme, kind)?.redemption);
                allowed(terms, points)?;
                pays(programme, terms, points, *order)?;
                let [mine, theirs] = shares([&one, &two], kind, points, *policy)?;
                [one.gives(programme, source, kind, mine)?, two.gives(programme, source, kind, theirs)?]
            }
        };
        for (model, next, part) in [(self, one, moved[0]), (other, two, moved[1])] {
            // Nothing is written down of one that had no part.
            if part.is_some() {
                *model = next;
                model.pass(at);
                if *what != Between::Merge {
                    model.advance(programme)?;
                }
                model.settle(programme);
            }
        }
        Ok(moved)
    }

    fn transfer(&mut self, to: &mut Model, programme: &Programme, kind: &Name, points: u64) -> Result<[Option<u64>; 2], Refused> {
        let mut lots: BTreeMap<u32, SentLot> = BTreeMap::new();
        for i in self.take(kind, points)? {
            let p = &self.points[i];
            let new = SentLot { points: Points::ZERO, earned: p.earned, expires: p.expires, cost: p.cost };
            let lot = lots.entry(p.lot).or_insert(new);
            lot.points = Points::new(lot.points.units() + 1);
        }
        self.send(programme, kind, points, &to.id)?;
        // In the order in which they are spent.
        let mut lots: Vec<(u32, SentLot)> = lots.into_iter().collect();
        lots.sort_by_key(|(lot, sent)| (sent.expires.is_none(), sent.expires, sent.cost, sent.earned, *lot));
        let lots: Vec<SentLot> = lots.into_iter().map(|(_, sent)| sent).collect();
        to.take_in(programme, kind, &lots, &self.id)?;
        Ok([Some(points), Some(points)])
    }

    fn gives(&mut self, programme: &Programme, source: &SourceId, kind: &Name, points: u64) -> Result<Option<u64>, Refused> {
        if points == 0 { Ok(None) } else { self.contribute(programme, source, kind, points).map(Some) }
    }
}

/// How many of the points each of two gives.
fn shares(pool: [&Model; 2], kind: &Name, points: u64, policy: PoolPolicy) -> Result<[u64; 2], Refused> {
    let there = pool.map(|model| model.spendable(kind, model.now).len() as u64);
    let all = there[0] + there[1];
    if points == 0 || points > all {
        return Err(Refused("no points, or not enough"));
    }
    let first = usize::from(pool[1].id < pool[0].id);
    let mine = match policy {
        PoolPolicy::InTurn => points.min(there[0]),
        PoolPolicy::ProRata => {
            // Whoever has the larger part of a point left gives it, the first by name if both have as much.
            let [part, rest] = [there[0], there[1]].map(|there| points * there % all);
            let up = part > rest || part == rest && part > 0 && first == 0;
            points * there[0] / all + u64::from(up)
        }
        PoolPolicy::SoonestExpiry => {
            let of = |side: usize| {
                pool[side].spendable(kind, pool[side].now).into_iter().map(move |i| (pool[side].points[i].expires, side))
            };
            let mut queue: Vec<_> = of(0).chain(of(1)).collect();
            queue.sort_by_key(|(expires, side)| (expires.is_none(), *expires, *side != first));
            queue.iter().zip(0..points).filter(|((_, side), _)| *side == 0).count() as u64
        }
    };
    Ok([mine, points - mine])
}
