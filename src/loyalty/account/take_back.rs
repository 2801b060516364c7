use super::{
    Displaced, Draw, Event, Lot, Opened, Part, Payer, Rejection, ReturnedPart, StatusCredit,
    award::{Award, AwardLine},
    decide::Deciding,
};
use crate::{
    calendar::Moment,
    loyalty::{
        Points, SourceId,
        programme::{ReturnBasis, Returns, Shortfall},
    },
    money::{Money, Ratio, Rounding},
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use core::cmp::Ordering;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

impl<'a> Deciding<'a> {
    pub(super) fn take_back(
        &mut self,
        source: &SourceId,
        document: &SourceId,
        parts: &[ReturnedPart],
    ) -> Result<Points, Rejection> {
        let award = self.counted(source, document)?;
        let lines = self.returned(source, award, parts)?;
        let changed = award.lines().zip(&lines).any(|(old, new)| !old.is_as(*new));
        // What has no lines comes back as a whole; of what two accounts had under one name before they were merged, what has not.
        let left = || award.lots().any(|(lot, taken_back)| taken_back < lot.points);
        let first = !award.has_lines() && award.documents().is_empty();
        let whole = parts.is_empty() && award.lines().all(AwardLine::is_returned) && (first || left());
        if !(changed || whole) {
            return Err(Rejection::NothingToReturn(source.clone()));
        }
        let now = lines.iter().map(|line| (line.sold.line.clone(), line.returned_units, line.returned_amount)).collect();
        self.draft.now(Event::Returned { source: source.clone(), document: document.clone(), lines: now })?;

        let shares = Shares::of(award.returns(), &lines)?;
        self.take(source, award, &shares, self.draft.at)
    }

    /// Takes back all that a source earned, as of the moment for which it counted.
    pub(super) fn void(&mut self, source: &SourceId, document: &SourceId) -> Result<Points, Rejection> {
        let award = self.counted(source, document)?;
        self.draft.emit(award.on, Event::Voided { source: source.clone(), document: document.clone() })?;
        let mut lines: Vec<AwardLine> = award.lines().collect();
        lines.iter_mut().for_each(AwardLine::give_back);
        self.take(source, award, &Shares::of(award.returns(), &lines)?, award.on)
    }

    /// What a source earned, unless it was said to be wrong, or the document has come before.
    fn counted(&self, source: &SourceId, document: &SourceId) -> Result<&'a Award, Rejection> {
        let award = self.account.awards.get(source).ok_or_else(|| Rejection::UnknownSource(source.clone()))?;
        if award.documents().contains(document) {
            return Err(Rejection::AlreadyReturned(document.clone()));
        }
        if award.is_void() { Err(Rejection::NothingToReturn(source.clone())) } else { Ok(award) }
    }

    /// Takes back what the shares say, as of a moment.
    fn take(&mut self, source: &SourceId, award: &Award, shares: &Shares, on: Moment) -> Result<Points, Rejection> {
        let mut taken = Points::ZERO;
        // What cannot be spent goes first, as it waits or is over; then in the order in which it was credited.
        let mut lots: Vec<(&Opened, Points)> = award.lots().collect();
        lots.sort_by_key(|(lot, _)| self.draft.lot(&lot.kind, lot.lot).is_some_and(|found| found.is_active(self.draft.at)));
        for (lot, taken_back) in lots {
            let target = shares.target(lot.points, &lot.lines)?;
            let owed = target.checked_sub(taken_back).unwrap_or_default();
            if !owed.is_zero() {
                taken = taken.checked_add(owed).ok_or(Rejection::TooMany)?;
                self.claw_back(source, lot, owed, on)?;
            }
        }
        self.reverse_status(source, award, shares, on)?;
        Ok(taken)
    }

    /// The lines, with what has come back of them by now.
    fn returned<'b>(&self, source: &SourceId, award: &'b Award, parts: &[ReturnedPart]) -> Result<Vec<AwardLine<'b>>, Rejection> {
        let mut lines: Vec<AwardLine> = award.lines().collect();
        if parts.is_empty() {
            lines.iter_mut().for_each(AwardLine::give_back);
        }
        for ReturnedPart { line: name, part } in parts {
            let unknown = || Rejection::UnknownLine { source_id: source.clone(), line: name.clone() };
            let line = lines.iter_mut().find(|line| line.sold.line == *name).ok_or_else(unknown)?;
            let before = *line;
            let over = |line: AwardLine| Rejection::OverReturned {
                line: name.clone(),
                units: line.sold.units.saturating_sub(line.returned_units),
                amount: Money::from_minor(line.sold.paid.saturating_sub(line.returned_amount), self.programme.terms().currency),
            };
            match *part {
                Part::Rest => line.give_back(),
                Part::Units(units) => line.returned_units = line.returned_units.checked_add(units).ok_or_else(|| over(before))?,
                Part::Amount(amount) => {
                    let expected = self.programme.terms().currency;
                    if amount.currency() != expected {
                        return Err(Rejection::Currency { expected, found: amount.currency() });
                    }
                    let sum = line.returned_amount.checked_add(amount.minor()).filter(|_| !amount.is_negative());
                    line.returned_amount = sum.ok_or_else(|| over(before))?;
                }
            }
            if *part != Part::Rest && !line.is_as(before) && line.exact()? > Ratio::ONE {
                return Err(over(before));
            }
        }
        Ok(lines)
    }

    /// Takes points back that a lot owes: from itself; then nothing for what expired in it; then from the others, and what is missing as
    /// the kind says.
    fn claw_back(&mut self, source: &SourceId, lot: &Opened, owed: Points, on: Moment) -> Result<(), Rejection> {
        // Of a kind that the scheme no longer has, what is there is taken.
        let shortfall = self.programme.kind(&lot.kind).map_or(Shortfall::WithinBalance, |kind| kind.shortfall);
        let less = |points: Points, part: Points| points.checked_sub(part).unwrap_or_default();
        let Some(found) = self.draft.lot(&lot.kind, lot.lot) else { return Ok(()) };
        let pending_only = shortfall == Shortfall::PendingOnly;
        let own = if pending_only && found.is_active(self.draft.at) { Points::ZERO } else { found.left.min(owed) };
        let lapsed = found.lapsed.min(less(owed, own));
        let mut missing = less(less(owed, own), lapsed);
        let mut from = Vec::new();
        let mut displaced = Vec::new();
        if !pending_only && let Some(wallet) = self.draft.book.wallet(&lot.kind) {
            let others = wallet.spendable(self.draft.at).filter(|other| other.lot != lot.lot).map(Lot::rest);
            (from, missing) = Draw::first(others, missing);
            displaced.extend(from.iter().map(|by| Displaced { owed_by: lot.lot, paid_by: Payer::Lot(by.lot), points: by.points }));
            if let Shortfall::Debt { limit } = shortfall {
                let points = limit.map_or(missing, |limit| less(limit, wallet.debt()).min(missing));
                missing = less(missing, points);
                displaced.push(Displaced { owed_by: lot.lot, paid_by: Payer::Debt, points });
            }
        }
        let paid_by = if pending_only { Payer::ProgrammeForGood } else { Payer::Programme };
        displaced.push(Displaced { owed_by: lot.lot, paid_by, points: missing });
        displaced.retain(|d| !d.points.is_zero());
        let some = |points: Points| (!points.is_zero()).then_some(Draw { lot: lot.lot, points });
        from.splice(0..0, some(own));
        let (source, kind, owed) = (source.clone(), lot.kind.clone(), Draw { lot: lot.lot, points: owed });
        self.draft.emit(on, Event::ClawedBack { source, kind, owed, from, lapsed: some(lapsed), displaced })
    }

    fn reverse_status(&mut self, source: &SourceId, award: &Award, shares: &Shares, on: Moment) -> Result<(), Rejection> {
        // By metric and day: what counted there may have come in parts with other terms.
        let mut due: BTreeMap<(&Name, NaiveDate), i64> = BTreeMap::new();
        for (credit, reversed) in award.status() {
            let points = Points::new(credit.points.unsigned_abs());
            let target = i64::try_from(shares.target(points, &credit.lines)?.units()).map_err(|_| Rejection::TooMany)?;
            let sum = due.entry((&credit.metric, credit.day)).or_default();
            *sum = sum.checked_sub(target).and_then(|sum| sum.checked_sub(reversed)).ok_or(Rejection::TooMany)?;
        }
        let due = due.into_iter().filter(|(_, points)| *points != 0);
        let reversal =
            |((metric, day), points): ((&Name, _), _)| StatusCredit { metric: metric.clone(), day, points, lines: Vec::new() };
        let reversals: Vec<StatusCredit> = due.map(reversal).collect();
        self.count(&reversals)?;
        if reversals.is_empty() {
            Ok(())
        } else {
            self.draft.emit(on, Event::StatusReversed { source: source.clone(), status: reversals })
        }
    }
}

impl AwardLine<'_> {
    /// All that is left comes back.
    fn give_back(&mut self) {
        if !self.is_returned() {
            self.returned_units = self.sold.units;
        }
    }

    const fn is_as(self, other: AwardLine) -> bool {
        self.returned_units == other.returned_units && self.returned_amount == other.returned_amount
    }

    /// Which share of the line has come back; units and amounts add.
    fn exact(self) -> Result<Ratio, Rejection> {
        let too_many = |_| Rejection::TooMany;
        let units = Ratio::new(self.returned_units.into(), self.sold.units.max(1).into()).map_err(too_many)?;
        let amount = match self.sold.paid {
            0 if self.returned_amount == 0 => Ratio::ZERO,
            0 => return Ratio::new(2, 1).map_err(too_many), // more than was paid
            paid => Ratio::new(self.returned_amount.into(), paid.into()).map_err(too_many)?,
        };
        Ratio::sum([units, amount]).map_err(too_many)
    }

    fn share(self) -> Result<Ratio, Rejection> {
        Ok(if self.is_returned() { Ratio::ONE } else { self.exact()?.min(Ratio::ONE) })
    }
}

/// Which share of every line has come back, and what that makes of the points. Many shares add up to terms beyond 128 bits.
struct Shares {
    returns: Returns,
    lines: Vec<(Name, Ratio)>,
    purchase: BigRational,
}

impl Shares {
    fn of(returns: Returns, lines: &[AwardLine]) -> Result<Shares, Rejection> {
        let shares: Vec<(Name, Ratio)> =
            lines.iter().map(|line| Ok((line.sold.line.clone(), line.share()?))).collect::<Result<_, Rejection>>()?;
        let purchase = if lines.iter().all(|line| line.is_returned()) {
            BigRational::one() // and for what had no lines
        } else {
            let paid: i128 = lines.iter().map(|line| i128::from(line.sold.paid)).sum();
            // By units, if nothing was paid.
            let weight = |line: &AwardLine| if paid == 0 { i128::from(line.sold.units) } else { line.sold.paid.into() };
            let total: i128 = lines.iter().map(weight).sum();
            let parts = lines.iter().zip(&shares).map(|(line, (_, share))| times(*share, weight(line)));
            parts.sum::<BigRational>() / BigInt::from(total)
        };
        Ok(Shares { returns, lines: shares, purchase })
    }

    /// How many of the points that some lines earned are taken back by now, all returns together: rounded once.
    fn target(&self, points: Points, by_line: &[(Name, Points)]) -> Result<Points, Rejection> {
        let exact = if by_line.is_empty() || self.returns.by == ReturnBasis::Purchase {
            &self.purchase * BigInt::from(points.units())
        } else {
            let share = |name: &Name| self.lines.iter().find(|(line, _)| line == name).map_or(Ratio::ZERO, |(_, share)| *share);
            by_line.iter().map(|(name, points)| times(share(name), points.units().into())).sum()
        };
        rounded(&exact, self.returns.rounding).ok_or(Rejection::TooMany)
    }
}

fn times(share: Ratio, number: i128) -> BigRational {
    BigRational::new(BigInt::from(share.numerator()) * number, share.denominator().into())
}

/// The points that a number that is not negative is rounded to.
fn rounded(exact: &BigRational, rounding: Rounding) -> Option<Points> {
    let whole = exact.to_integer();
    // All that a rounding looks at: whether something is left over, and on which side of a half.
    let quarters = match exact - &whole {
        none if none.is_zero() => 0,
        part => match (part * BigInt::from(2)).cmp(&BigRational::one()) {
            Ordering::Less => 1,
            Ordering::Equal => 2,
            Ordering::Greater => 3,
        },
    };
    let units = rounding.divide(whole.to_i128()?.checked_mul(4)?.checked_add(quarters)?, 4)?;
    u64::try_from(units).ok().map(Points::new)
}
