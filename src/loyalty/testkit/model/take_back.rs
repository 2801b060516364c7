use super::{Bearer, Claim, Model, Refused, Sold, Source, State, spend::spendable};
use crate::{
    loyalty::{
        Programme, SourceId,
        account::{Part, ReturnedPart},
        programme::{ReturnBasis, Shortfall},
    },
    money::{Currency, Rounding},
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec::Vec};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

fn rounded(exact: &BigRational, rounding: Rounding) -> Option<u64> {
    let units = rounding.divide(exact.numer().to_i128()?, exact.denom().to_i128()?)?;
    u64::try_from(units).ok()
}

impl Sold {
    /// The share of the line that a part of it is.
    fn share(&self, part: Part, currency: Currency) -> Result<BigRational, Refused> {
        let left = BigRational::one() - &self.returned;
        let share = match part {
            Part::Rest => left.clone(),
            Part::Units(units) => ratio(units.into(), self.units.into()),
            Part::Amount(amount) if amount.currency() == currency && amount.is_zero() => BigRational::zero(),
            Part::Amount(amount) if amount.currency() == currency && !amount.is_negative() && self.paid > 0 => {
                ratio(amount.minor(), self.paid)
            }
            Part::Amount(_) => return Err(Refused("no amount of that line")),
        };
        if share > left { Err(Refused("more than is left of the line")) } else { Ok(share) }
    }
}

impl Source {
    /// How many of the points of a lot were for what has come back by now.
    fn target(&self, lot: &super::Rewarded) -> Option<u64> {
        let of_all = BigRational::from_integer(BigInt::from(lot.points));
        if self.is_returned() {
            return Some(lot.points);
        }
        let exact = match self.returns.by {
            ReturnBasis::Line if !lot.lines.is_empty() => {
                let of = |(line, points): &(Name, u64)| {
                    let returned = self.lines.get(line).map(|line| line.returned.clone()).unwrap_or_default();
                    returned * BigRational::from_integer(BigInt::from(*points))
                };
                lot.lines.iter().map(of).fold(BigRational::zero(), |sum, part| sum + part)
            }
            // Also what no basket earned, if another account had bought under the same name.
            _ => {
                // By units, if nothing was paid at all.
                let free = self.lines.values().all(|line| line.paid == 0);
                let weight = |line: &Sold| ratio(if free { line.units.into() } else { line.paid }, 1);
                let sum = |parts: &mut dyn Iterator<Item = BigRational>| parts.fold(BigRational::zero(), |sum, part| sum + part);
                let all = sum(&mut self.lines.values().map(weight));
                of_all * sum(&mut self.lines.values().map(|line| weight(line) * &line.returned)) / all
            }
        };
        rounded(&exact, self.returns.rounding).map(|points| points.min(lot.points))
    }
}

impl Model {
    pub(super) fn take_back(
        &mut self,
        programme: &Programme,
        source: &SourceId,
        document: &SourceId,
        parts: &[ReturnedPart],
    ) -> Result<u64, Refused> {
        let mut award = self.sources.get(source).cloned().ok_or(Refused("unknown source"))?;
        let nothing_left = award.is_returned() && award.lots.iter().all(|lot| lot.taken_back >= lot.points);
        if !award.documents.insert(document.clone()) || nothing_left {
            return Err(Refused("counted before, or nothing is left"));
        }
        let before: BTreeMap<_, _> = award.lines.clone();
        for part in parts {
            let line = award.lines.get_mut(&part.line).ok_or(Refused("no such line"))?;
            line.returned += line.share(part.part, programme.terms().currency)?;
        }
        if parts.is_empty() {
            award.undone = true;
            award.lines.values_mut().for_each(|line| line.returned = BigRational::one());
        } else if award.lines == before {
            return Err(Refused("nothing comes back"));
        }
        self.give_up(programme, source, award)
    }

    /// What was never earned comes back as a whole, and with it the room of the caps.
    pub(super) fn void(&mut self, programme: &Programme, source: &SourceId, document: &SourceId) -> Result<u64, Refused> {
        let mut award = self.sources.get(source).cloned().ok_or(Refused("unknown source"))?;
        let used = award.used.take().ok_or(Refused("corrected before"))?;
        if !award.documents.insert(document.clone()) {
            return Err(Refused("counted before"));
        }
        award.undone = true;
        award.lines.values_mut().for_each(|line| line.returned = BigRational::one());
        for (rule, window, granted) in used {
            let sum = self.capped.entry((rule, window)).or_default();
            *sum = sum.checked_sub(granted).ok_or(Refused("more than was used"))?;
        }
        self.give_up(programme, source, award)
    }

    fn give_up(&mut self, programme: &Programme, source: &SourceId, mut award: Source) -> Result<u64, Refused> {
        let mut owed = Vec::new();
        for i in 0..award.lots.len() {
            let target = award.target(&award.lots[i]).ok_or(Refused("too many points"))?;
            let lot = &mut award.lots[i];
            let more = target.saturating_sub(lot.taken_back);
            lot.taken_back += more;
            owed.push((lot.kind.clone(), lot.lot, more));
        }
        for i in 0..award.counts.len() {
            let target = award.target(&award.counts[i].1).ok_or(Refused("too many points"))?;
            let (day, count) = &mut award.counts[i];
            let more = target.saturating_sub(count.taken_back);
            count.taken_back += more;
            self.credits.push(&count.kind, *day, -i64::try_from(more).map_err(|_| Refused("too many points"))?)?;
        }
        self.sources.insert(source.clone(), award);
        // Lots that cannot be spent go first, as they wait or are over; then in the order in which they were credited.
        let ready = |p: &super::Point| p.is_active(self.now) && p.expires.is_none_or(|end| end > self.now);
        owed.sort_by_key(|(_, lot, _)| {
            let of_lot = |p: &&super::Point| p.lot == *lot;
            let there = self.points.iter().any(|p| of_lot(&p));
            let points = if there { &self.points } else { &self.moved };
            points.iter().filter(of_lot).any(ready)
        });
        for (kind, lot, points) in &owed {
            let missing = self.take_from_lot(programme, kind, *lot, *points)?;
            self.take_elsewhere(programme, kind, *lot, missing)?;
        }
        Ok(owed.iter().map(|(_, _, points)| points).sum())
    }

    /// What the lot itself can give, and what had lapsed in it, of which nothing is left to take. Returns what is missing.
    fn take_from_lot(&mut self, programme: &Programme, kind: &Name, lot: u32, points: u64) -> Result<u64, Refused> {
        let only_pending = spendable(programme, kind)?.shortfall == Shortfall::PendingOnly;
        let now = self.now;
        let own = |p: &super::Point| p.lot == lot && p.state == State::Free && !(only_pending && p.is_active(now));
        let mut missing = points;
        for state in [State::Free, State::Lapsed] {
            for p in &mut self.points {
                let here = if state == State::Free { own(p) } else { p.lot == lot && p.state == State::Lapsed };
                if here && missing > 0 {
                    p.state = if state == State::Free { State::ClawedBack } else { State::WrittenOff };
                    missing -= 1;
                }
            }
        }
        Ok(missing)
    }

    /// From other points that can be spent, then as a debt up to the limit; the programme bears the rest.
    fn take_elsewhere(&mut self, programme: &Programme, kind: &Name, lot: u32, points: u64) -> Result<(), Refused> {
        let shortfall = spendable(programme, kind)?.shortfall;
        for _ in 0..points {
            self.turn += 1;
            let turn = self.turn;
            let other = if shortfall == Shortfall::PendingOnly { None } else { self.spendable(kind, self.now).first().copied() };
            let debt = self.owed(kind, |bearer| bearer == Bearer::Debt) as u64;
            let paid_by = match (other, shortfall) {
                (Some(i), _) => {
                    (self.points[i].state, self.points[i].drawn) = (State::ClawedBack, turn);
                    Bearer::Point(i)
                }
                (None, Shortfall::Debt { limit }) if limit.is_none_or(|limit| debt < limit.units()) => Bearer::Debt,
                (None, Shortfall::PendingOnly) => Bearer::ForGood,
                (None, _) => Bearer::Programme,
            };
            self.claims.push(Claim { kind: kind.clone(), owed_by: lot, paid_by, turn });
        }
        Ok(())
    }
}
