use super::{Dice, GenerateError, basket, ladder, name, programme};
use crate::{
    calendar::Moment,
    loyalty::{
        AccountId, CostBasis, HoldId, LotId, Points, PoolPolicy, Programme, SourceId,
        account::{Command, Grant, Part, ReturnedPart, SentLot},
        earning::Trigger,
        testkit::{Between, Model, ModelLot},
    },
    money::Money,
    quantity::Name,
};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use chrono::{Days, NaiveDate};
use core::num::NonZeroU32;

/// A moment at which something becomes due: when a hold ends, points expire or can be spent; or a second before or after; or some hours
/// or days on, or the same moment again.
///
/// # Errors
/// [`GenerateError::Calendar`] at the end of the calendar.
pub fn later(programme: &Programme, model: &Model, pick: &mut impl FnMut(u64) -> u64) -> Result<Moment, GenerateError> {
    let dice = &mut Dice(pick);
    let now = model.now();
    let minutes = match dice.below(8) {
        0..3 => 0,
        3 => 60,
        4 => 24 * 60,
        5 => 24 * 60 * 5,
        6 => 24 * 60 * i64::try_from(dice.below(25)).unwrap_or(0),
        _ => {
            let lots = programme.terms().kinds.iter().flat_map(|kind| model.lots(&kind.name));
            let mut due: Vec<Moment> = lots.flat_map(|lot| lot.active.into_iter().chain(lot.expires)).collect();
            due.extend(model.holds().map(|(_, _, until)| until));
            due.retain(|at| *at > now);
            let Some(at) = dice.one_of(&due) else { return Ok(now) };
            return Ok(at.plus_seconds(dice.of(0, [-1, 1]))?.max(now));
        }
    };
    Ok(now.plus_minutes(minutes)?)
}

/// A command that may make sense, and often does: names come from a handful, numbers of points from what is there.
///
/// # Errors
/// [`GenerateError::Calendar`] at the end of the calendar.
pub fn command(
    programme: &Programme,
    model: &Model,
    at: Moment,
    pick: &mut impl FnMut(u64) -> u64,
) -> Result<Command, GenerateError> {
    Maker { programme, model, at, dice: Dice(pick) }.command()
}

/// Something that two accounts may do together: the one that the model is of, and another.
///
/// # Errors
/// [`GenerateError::Calendar`] at the end of the calendar.
pub fn between(
    programme: &Programme,
    model: &Model,
    at: Moment,
    pick: &mut impl FnMut(u64) -> u64,
) -> Result<Between, GenerateError> {
    let mut maker = Maker { programme, model, at, dice: Dice(pick) };
    Ok(match maker.dice.below(8) {
        0..3 => Between::Merge,
        3 | 4 => {
            let (kind, points) = maker.some()?;
            Between::Transfer { kind, points, back: maker.dice.once_in(3) }
        }
        5 => Between::Refer { source: maker.source()?, on: maker.lately()?, back: maker.dice.once_in(2) },
        _ => {
            let (kind, points) = maker.some()?;
            let points = points.checked_add(Points::new(maker.dice.below(4))).unwrap_or(points);
            let policy = maker.dice.of(PoolPolicy::InTurn, [PoolPolicy::ProRata, PoolPolicy::SoonestExpiry]);
            Between::Pool { source: maker.source()?, kind, points, order: maker.order(), policy }
        }
    })
}

struct Maker<'a> {
    programme: &'a Programme,
    model: &'a Model,
    at: Moment,
    dice: Dice<'a>,
}

/// What earned points that wait for a confirmation.
fn waiting(model: &Model) -> Vec<SourceId> {
    let waits = |kind: &Name, lot: LotId| model.lots(kind).iter().any(|there| there.lot == lot && there.active.is_none());
    let any = |source: &&SourceId| model.earned(source).is_some_and(|lots| lots.iter().any(|(kind, lot, ..)| waits(kind, *lot)));
    model.sources().filter(any).cloned().collect()
}

impl Maker<'_> {
    fn command(&mut self) -> Result<Command, GenerateError> {
        if self.dice.once_in(3) {
            return self.chased();
        }
        Ok(match self.dice.below(48) {
            0..9 => {
                let (source, sold) = (self.source()?, self.lately()?);
                Command::Earn { source, basket: basket::make(self.programme, sold, &mut self.dice)? }
            }
            9..13 => {
                let (source, grant) = (self.source()?, self.grant()?);
                Command::Grant { source, grant }
            }
            13..20 => {
                let (kind, points) = self.some()?;
                Command::Redeem { source: self.source()?, order: self.order(), kind, points }
            }
            20..24 => {
                let source = self.known(|model| model.paid().cloned().collect())?;
                let points = self.dice.of(None, [Some(Points::new(1)), Some(Points::new(2)), Some(Points::new(9))]);
                Command::CancelRedemption { source, points }
            }
            24..29 => self.returned()?,
            29..32 => {
                let (kind, points) = self.some()?;
                let until = self.at.plus_minutes(self.dice.of(60, [24 * 60, 24 * 60 * 11, 0]))?;
                Command::Hold { hold: self.hold()?, kind, points, order: self.order(), until }
            }
            32 | 33 => {
                let points = Points::new(self.dice.below(5) + 1);
                Command::Capture { hold: self.open_hold()?, source: self.source()?, points }
            }
            34 => Command::Release { hold: self.open_hold()? },
            35 | 40 => Command::Confirm { source: self.known(waiting)? },
            36 => Command::Tick,
            37..40 if self.programme.terms().ladder.is_some() => {
                let (metric, today) = (name("nights")?, self.programme.terms().zone.day_of(self.at));
                Command::Intervene(ladder::decide(&metric, today, &mut self.dice)?)
            }
            _ => self.rarer()?,
        })
    }

    /// What leads, time after time, to what is rare by chance: all is spent, twice; a return finds nothing; what was spent comes back.
    fn chased(&mut self) -> Result<Command, GenerateError> {
        let kind = self.kind()?;
        // Lot by lot.
        let ready = |lot: &ModelLot| !lot.left.is_zero() && lot.active.is_some_and(|active| active <= self.at);
        let there = self.model.lots(&kind).into_iter().find(ready).map_or(Points::ZERO, |lot| lot.left);
        let spent: Vec<SourceId> =
            self.model.paid().filter(|source| self.model.redeemed(source).is_some_and(|lots| !lots.is_empty())).cloned().collect();
        if !there.is_zero() {
            let order = Some(Money::from_minor(100_000, self.programme.terms().currency));
            return Ok(Command::Redeem { source: self.source()?, kind, points: there, order });
        }
        match self.dice.one_of(&spent) {
            Some(source) if !self.model.forgiven(&kind).is_zero() => Ok(Command::CancelRedemption { source, points: None }),
            Some(_) if spent.len() > 1 => {
                let left = |model: &Model, source: &SourceId| {
                    model.earned(source).is_some_and(|lots| lots.iter().any(|(of, _, earned, back)| *of == kind && back < earned))
                };
                let source = self.known(|model| model.sources().filter(|source| left(model, source)).cloned().collect())?;
                Ok(Command::Return { source, document: SourceId::new(&format!("r{}", self.dice.below(8)))?, parts: Vec::new() })
            }
            _ => {
                let (source, grant) = (self.source()?, self.grant()?);
                Ok(Command::Grant { source, grant: Grant { kind, pending: None, expiry: None, ..grant } })
            }
        }
    }

    fn rarer(&mut self) -> Result<Command, GenerateError> {
        let reason = String::from("a test");
        Ok(match self.dice.below(7) {
            0 => {
                let (kind, points) = self.some()?;
                Command::Deduct { kind, points, reason }
            }
            1 if self.dice.once_in(2) => Command::Extend { kind: self.kind()?, lots: self.lots(), reason },
            1 => Command::MoveExpiry { kind: self.kind()?, lots: self.lots(), last_day: self.day(), reason },
            2 => {
                let kind = self.kind()?;
                let lapsed: Vec<LotId> = self.model.lapsed(&kind);
                let lots = if self.dice.once_in(3) { self.lots() } else { self.dice.one_of(&lapsed).into_iter().collect() };
                Command::Reinstate { kind, lots, last_day: self.day(), reason }
            }
            3 => {
                let (kind, points) = self.some()?;
                Command::Send { kind, points, to: self.other()? }
            }
            4 => {
                let reward = self.programme.terms().rewards.first().map(|reward| reward.name.clone());
                Command::Claim { source: self.source()?, reward: reward.map_or_else(|| name("cup"), Ok)? }
            }
            5 => {
                let units = NonZeroU32::MIN.saturating_add(u32::try_from(self.dice.below(3)).unwrap_or(0));
                let activities =
                    self.triggers(|on| if let Trigger::Activity(activity) = on { Some(activity.clone()) } else { None });
                let activity = self.dice.one_of(&activities).map_or_else(|| name("review"), Ok)?;
                let labels = if self.dice.once_in(2) { [name("app")?].into() } else { BTreeSet::new() };
                Command::Act { source: self.source()?, activity, units, on: self.lately()?, labels }
            }
            _ => {
                let occasions: Vec<Name> = self.programme.terms().occasions.keys().cloned().collect();
                let occasion = self.dice.one_of(&occasions).map_or_else(|| name("birthday"), Ok)?;
                let day = self.programme.terms().zone.day_of(self.lately()?);
                Command::Celebrate { occasion, key: String::from(self.dice.of("2026", ["2027"])), day }
            }
        })
    }

    fn triggers(&self, wanted: impl Fn(&Trigger) -> Option<Name>) -> Vec<Name> {
        self.programme.terms().earning.policy().rules.iter().filter_map(|rule| wanted(&rule.on)).collect()
    }

    fn kind(&mut self) -> Result<Name, GenerateError> {
        let kinds: Vec<Name> = self.programme.terms().kinds.iter().map(|kind| kind.name.clone()).collect();
        // Mostly the first, so that its points meet.
        let place = if self.dice.once_in(2) { self.dice.one_of(&kinds) } else { None };
        Ok(place.or_else(|| kinds.first().cloned()).map_or_else(|| name("points"), Ok)?)
    }

    /// A kind, and a number of points that is there, or nearly.
    fn some(&mut self) -> Result<(Name, Points), GenerateError> {
        let kind = self.kind()?;
        let there = self.model.balance(&kind).available.units();
        let points = match self.dice.below(8) {
            0..2 => self.dice.below(there) + 1,
            2 | 3 => there,
            4 => there / 2,
            5 => self.dice.below(4),
            6 => there + 1,
            _ => there.saturating_sub(1),
        };
        Ok((kind, Points::new(points)))
    }

    fn order(&mut self) -> Option<Money> {
        let amount = self.dice.of(None, [Some(1_000), Some(99), Some(300), Some(100)]);
        amount.map(|minor| Money::from_minor(minor, self.programme.terms().currency))
    }

    /// One of a few, mostly of the account's own, so that two can be merged.
    fn source(&mut self) -> Result<SourceId, GenerateError> {
        let (number, both) = (self.dice.below(30), self.dice.once_in(16));
        Ok(SourceId::new(&if both { format!("s{}", number / 6) } else { format!("{} s{number}", self.model.id()) })?)
    }

    /// Mostly one that is known.
    fn known(&mut self, known: impl Fn(&Model) -> Vec<SourceId>) -> Result<SourceId, GenerateError> {
        let chosen = if self.dice.once_in(8) { None } else { self.dice.one_of(&known(self.model)) };
        chosen.map_or_else(|| self.source(), Ok)
    }

    fn hold(&mut self) -> Result<HoldId, GenerateError> {
        let (number, both) = (self.dice.below(3), self.dice.once_in(16));
        Ok(HoldId::new(&if both { format!("h{number}") } else { format!("{} h{number}", self.model.id()) })?)
    }

    /// Mostly one that is open.
    fn open_hold(&mut self) -> Result<HoldId, GenerateError> {
        let open: Vec<HoldId> = self.model.holds().map(|(hold, ..)| hold.clone()).collect();
        let chosen = if self.dice.once_in(4) { None } else { self.dice.one_of(&open) };
        chosen.map_or_else(|| self.hold(), Ok)
    }

    fn other(&mut self) -> Result<AccountId, GenerateError> {
        Ok(AccountId::new(self.dice.of("other", ["model"]))?)
    }

    /// Now, or not long ago, or, wrongly, in a minute.
    fn lately(&mut self) -> Result<Moment, GenerateError> {
        let minutes = self.dice.of(0, [0, 0, 0, -60, -24 * 60, -24 * 60 * 6, -24 * 60 * 20, 1]);
        Ok(self.at.plus_minutes(minutes)?)
    }

    fn grant(&mut self) -> Result<Grant, GenerateError> {
        let expiry = if self.dice.once_in(2) { Some(programme::expiry(&mut self.dice)?) } else { None };
        let pending = if self.dice.once_in(2) { Some(programme::pending(&mut self.dice)) } else { None };
        let cost = self.dice.of(None, [Some(CostBasis(0)), Some(CostBasis(5))]);
        let (kind, points) = (self.kind()?, Points::new(self.dice.below(9)));
        Ok(Grant { kind, points, pending, expiry, cost, reason: String::from("a test") })
    }

    fn returned(&mut self) -> Result<Command, GenerateError> {
        let source = self.known(|model| model.sources().cloned().collect())?;
        let document = SourceId::new(&format!("r{}", self.dice.below(8)))?;
        if self.dice.once_in(12) {
            return Ok(Command::Void { source, document });
        }
        let lines: Vec<(Name, u32, i64)> =
            self.model.lines(&source).map(|(line, units, paid)| (line.clone(), units, paid)).collect();
        let number = if lines.is_empty() { u64::from(self.dice.once_in(8)) } else { self.dice.below(4) };
        let mut parts = Vec::new();
        for _ in 0..number {
            let (line, units, paid) = self.dice.one_of(&lines).map_or_else(|| Ok((name("1")?, 1, 100)), Ok::<_, GenerateError>)?;
            let amount = Money::from_minor(self.dice.of(paid / 2, [paid, paid / 3, 1, 0]), self.programme.terms().currency);
            let part = match self.dice.below(4) {
                0 => Part::Rest,
                1 => Part::Units(1),
                2 => Part::Units(u32::try_from(self.dice.below(u64::from(units) + 2)).unwrap_or(1)),
                _ => Part::Amount(amount),
            };
            parts.push(ReturnedPart { line, part });
        }
        Ok(Command::Return { source, document, parts })
    }

    fn lots(&mut self) -> BTreeSet<LotId> {
        let numbers: Vec<LotId> = self.model.numbers().collect();
        (0..self.dice.below(3)).filter_map(|_| self.dice.one_of(&numbers)).collect()
    }

    fn day(&mut self) -> Option<NaiveDate> {
        let today = self.programme.terms().zone.day_of(self.at);
        let days = self.dice.of(Some(3), [None, Some(0), Some(30)]);
        let earlier = self.dice.once_in(8).then(|| today.pred_opt()).flatten();
        earlier.or_else(|| days.and_then(|days| today.checked_add_days(Days::new(days))))
    }
}

/// Some lots of a kind that another account may have sent.
///
/// # Errors
/// [`GenerateError::Calendar`] at the end of the calendar.
pub fn sent(programme: &Programme, at: Moment, pick: &mut impl FnMut(u64) -> u64) -> Result<(Name, Vec<SentLot>), GenerateError> {
    let dice = &mut Dice(pick);
    let kinds: Vec<Name> = programme.terms().kinds.iter().map(|kind| kind.name.clone()).collect();
    let kind = dice.one_of(&kinds).map_or_else(|| name("points"), Ok)?;
    let mut lots = Vec::new();
    for _ in 0..dice.below(3) {
        let minutes = dice.of(Some(24 * 60 * 3), [None, Some(24 * 60 * 9), Some(0)]);
        let expires = minutes.map(|minutes| at.plus_minutes(minutes)).transpose()?;
        let earned = at.plus_minutes(dice.of(0, [-24 * 60]))?;
        lots.push(SentLot { points: Points::new(dice.below(6)), earned, expires, cost: CostBasis(dice.of(0, [3])) });
    }
    Ok((kind, lots))
}
