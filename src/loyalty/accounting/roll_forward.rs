use super::AccountingError;
use crate::{
    calendar::Moment,
    loyalty::{
        Account, Points,
        account::{Event, Happened, Place, Record},
        history::{Axis, moments},
    },
    money::{Currency, Money, Ratio, Rounding},
    quantity::{Name, unique_keys},
};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// What comes into a balance of points, or goes out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// In: credited by the programme.
    Issued,
    /// In: from other accounts.
    Received,
    /// In: redemptions that were cancelled.
    Cancelled,
    /// In: what was taken for a return from points that, in the end, did not owe it.
    Restored,
    /// In: expired points that were given back.
    Reinstated,
    /// In: an account that was taken over.
    TakenOver,
    /// Out: spent.
    Redeemed,
    /// Out: expired.
    Expired,
    /// Out: taken back for returns, at once or as the payment of a debt.
    ClawedBack,
    /// Out: taken by hand.
    Deducted,
    /// Out: given to other accounts.
    Sent,
    /// Out: an account that another took over.
    HandedOver,
}

impl Flow {
    /// All of them.
    pub const ALL: [Flow; 12] = [
        Flow::Issued,
        Flow::Received,
        Flow::Cancelled,
        Flow::Restored,
        Flow::Reinstated,
        Flow::TakenOver,
        Flow::Redeemed,
        Flow::Expired,
        Flow::ClawedBack,
        Flow::Deducted,
        Flow::Sent,
        Flow::HandedOver,
    ];

    /// Whether it adds to the balance.
    pub const fn is_in(self) -> bool {
        matches!(self, Flow::Issued | Flow::Received | Flow::Cancelled | Flow::Restored | Flow::Reinstated | Flow::TakenOver)
    }
}

/// The balance of a kind of points at two moments and all that lies between, over any number of accounts: opening and what comes in,
/// less what goes out, is closing, exactly. Points that are pending or held are in the balance; debts are not. Two that follow each other
/// chain.
#[doc(alias = "积分负债变动表")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
pub struct RollForward {
    kind: Name,
    from: Moment,
    until: Moment,
    axis: Axis,
    before: BTreeMap<Flow, u64>,
    through: BTreeMap<Flow, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "RollForward")]
struct Wire {
    kind: Name,
    from: Moment,
    until: Moment,
    axis: Axis,
    #[serde(deserialize_with = "unique_keys")]
    before: BTreeMap<Flow, u64>,
    #[serde(deserialize_with = "unique_keys")]
    through: BTreeMap<Flow, u64>,
}

impl TryFrom<Wire> for RollForward {
    type Error = AccountingError;

    fn try_from(wire: Wire) -> Result<RollForward, AccountingError> {
        let Wire { kind, from, until, axis, before, through } = wire;
        let less = |flow: &Flow| through.get(flow).copied().unwrap_or_default() < before.get(flow).copied().unwrap_or_default();
        match before.keys().find(|flow| less(flow)) {
            Some(flow) => Err(AccountingError::Shrinks(*flow)),
            None => Ok(RollForward { before, through, ..RollForward::new(kind, from, until, axis)? }),
        }
    }
}

impl RollForward {
    /// One of no accounts, from a moment until another, which is not in it.
    ///
    /// # Errors
    /// [`EmptyPeriod`](AccountingError::EmptyPeriod) if they are the other way round.
    pub fn new(kind: Name, from: Moment, until: Moment, axis: Axis) -> Result<RollForward, AccountingError> {
        if until < from {
            return Err(AccountingError::EmptyPeriod { from, until });
        }
        Ok(RollForward { kind, from, until, axis, before: BTreeMap::new(), through: BTreeMap::new() })
    }

    /// Adds the whole log of an account. By [effective](Axis::Effective) time, what the passing of time did until the end is in it,
    /// whether or not it has been written down; by [recorded](Axis::Recorded) time, only what has been.
    ///
    /// # Errors
    /// [`Log`](AccountingError::Log) for a log that does not hold together; [`TooLarge`](AccountingError::TooLarge) beyond 2⁶⁴ − 1 points.
    pub fn push(&mut self, log: &[Record]) -> Result<(), AccountingError> {
        let Some(first) = log.first() else { return Ok(()) };
        let account = Account::replay(first.account.clone(), first.at, log)?;
        let unwritten = if self.axis == Axis::Effective { account.due_until(self.until)? } else { Vec::new() };
        let unwritten = unwritten.iter().map(|Happened { on, event }| (*on, event));
        let mut new = (self.before.clone(), self.through.clone());
        let mut balance = 0_u64;
        for (moment, event) in moments(log, self.axis).chain(unwritten) {
            for (flow, points) in flows(&self.kind, event, &mut balance).ok_or(AccountingError::TooLarge)? {
                for (sums, counts) in [(&mut new.0, moment < self.from), (&mut new.1, moment < self.until)] {
                    if counts {
                        let sum = sums.entry(flow).or_insert(0);
                        *sum = sum.checked_add(points).ok_or(AccountingError::TooLarge)?;
                    }
                }
            }
        }
        (self.before, self.through) = new;
        Ok(())
    }

    /// Adds another one, of other accounts.
    ///
    /// # Errors
    /// [`OtherPeriod`](AccountingError::OtherPeriod) for one of another kind, period or axis; [`TooLarge`](AccountingError::TooLarge).
    pub fn merge(&mut self, other: &RollForward) -> Result<(), AccountingError> {
        if (&self.kind, self.from, self.until, self.axis) != (&other.kind, other.from, other.until, other.axis) {
            return Err(AccountingError::OtherPeriod);
        }
        let plus = |a: &BTreeMap<Flow, u64>, b: &BTreeMap<Flow, u64>| {
            let mut sum = a.clone();
            for (flow, points) in b {
                let entry = sum.entry(*flow).or_insert(0);
                *entry = entry.checked_add(*points).ok_or(AccountingError::TooLarge)?;
            }
            Ok::<_, AccountingError>(sum)
        };
        (self.before, self.through) = (plus(&self.before, &other.before)?, plus(&self.through, &other.through)?);
        Ok(())
    }

    /// The balance at the beginning.
    pub fn opening(&self) -> i128 {
        balance(&self.before)
    }

    /// The balance at the end.
    pub fn closing(&self) -> i128 {
        balance(&self.through)
    }

    /// What came in or went out between.
    pub fn flow(&self, flow: Flow) -> Points {
        let of = |sums: &BTreeMap<Flow, u64>| sums.get(&flow).copied().unwrap_or_default();
        Points::new(of(&self.through).saturating_sub(of(&self.before))) // never negative: sums only grow, and `from` is not after `until`
    }

    /// The same in money, at so much a point. The balance is valued, and rounded once, at the beginning and as every [flow](Flow::ALL)
    /// leaves it, in their order; a flow is the difference that it makes. So the closing balance is the value of the closing points, the
    /// lines add up to it and periods chain, without a residue. An amount is negative only of a negative number of points, and a line is
    /// off by a smallest unit at the most from what its points come to by themselves.
    ///
    /// # Errors
    /// [`NegativePoint`](AccountingError::NegativePoint) for a point of −0.01; [`TooLarge`](AccountingError::TooLarge) if an amount does
    /// not fit.
    pub fn in_money(&self, per_point: Ratio, currency: Currency, rounding: Rounding) -> Result<MoneyRollForward, AccountingError> {
        let value = |points: i128| value(points, per_point, currency, rounding);
        let mut points = self.opening();
        let opening = value(points)?;
        let (mut closing, mut flows) = (opening, BTreeMap::new());
        for flow in Flow::ALL {
            let moved = i128::from(self.flow(flow).units());
            points += if flow.is_in() { moved } else { -moved }; // sums of a few numbers of 64 bits
            let after = value(points)?;
            let difference = if flow.is_in() { after.checked_sub(closing) } else { closing.checked_sub(after) };
            flows.insert(flow, Money::from_minor(difference.ok_or(AccountingError::TooLarge)?, currency));
            closing = after;
        }
        let [opening, closing] = [opening, closing].map(|minor| Money::from_minor(minor, currency));
        Ok(MoneyRollForward { opening, flows, closing })
    }
}

/// A [`RollForward`] in money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyRollForward {
    /// At the beginning.
    pub opening: Money,
    /// What came in or went out between: none is negative.
    #[serde(deserialize_with = "unique_keys")]
    pub flows: BTreeMap<Flow, Money>,
    /// At the end.
    pub closing: Money,
}

/// What points are worth in smallest units of a currency.
pub(super) fn value(points: i128, per_point: Ratio, currency: Currency, rounding: Rounding) -> Result<i64, AccountingError> {
    if per_point < Ratio::ZERO {
        return Err(AccountingError::NegativePoint(per_point));
    }
    let scale = 10_i128.pow(currency.exponent().into());
    let exact = per_point.numerator().checked_mul(points).and_then(|n| n.checked_mul(scale));
    let minor = exact.and_then(|n| rounding.divide(n, per_point.denominator())).and_then(|m| i64::try_from(m).ok());
    minor.ok_or(AccountingError::TooLarge)
}

fn balance(sums: &BTreeMap<Flow, u64>) -> i128 {
    sums.iter().map(|(flow, points)| if flow.is_in() { i128::from(*points) } else { -i128::from(*points) }).sum()
}

/// What an event brings to the balance of a kind and takes from it. `balance` is that of the account, which is handed over whole when it
/// is closed.
fn flows(kind: &Name, event: &Event, balance: &mut u64) -> Option<Vec<(Flow, u64)>> {
    let mut flows = Vec::new();
    match event {
        Event::Absorbed { account, .. } => {
            let mut there = account.live_lots().filter(|(of, _)| *of == kind).map(|(_, lot)| lot.left.checked_add(lot.held));
            let there = there.try_fold(Points::ZERO, |sum, points| sum.checked_add(points?))?;
            flows.push((Flow::TakenOver, there.units()));
        }
        Event::Closed { .. } => flows.push((Flow::HandedOver, *balance)),
        _ => {}
    }
    for moved in event.all_movements().into_iter().filter(|moved| moved.kind == *kind) {
        let inside = |place: Place| matches!(place, Place::Lot | Place::Held);
        let flow = match (moved.from, moved.to) {
            (from, to) if inside(from) && inside(to) => continue,
            (Place::Issued, _) => Flow::Issued,
            (Place::Received, _) => Flow::Received,
            (Place::Burned, _) => Flow::Cancelled,
            (Place::ClawedBack, _) => Flow::Restored,
            (Place::Expired, _) => Flow::Reinstated,
            (_, Place::Burned) => Flow::Redeemed,
            (_, Place::Expired) => Flow::Expired,
            (_, Place::ClawedBack) => Flow::ClawedBack,
            (_, Place::Deducted) => Flow::Deducted,
            (_, Place::Sent) => Flow::Sent,
            _ => continue,
        };
        flows.push((flow, moved.points.units()));
    }
    for (flow, points) in &flows {
        *balance = if flow.is_in() { balance.checked_add(*points)? } else { balance.checked_sub(*points)? };
    }
    Some(flows)
}
