//! What concerns several accounts at once: referrals, transfers, mergers, pools.
//!
//! Each of these is one decision per account, made together: all or none. Whoever stores them stores them together. Where that cannot be
//! done in one transaction, every step can be sent again with the same command id, and what is missing is then added.

use super::{
    Account, CommandId, Decision, Points, Programme, Rejection, SourceId,
    account::{Command, Corrupt, Record},
    earning::Side,
};
use crate::{
    calendar::Moment,
    money::{Money, apportion},
    quantity::Name,
};
use alloc::{string::ToString, vec::Vec};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Rewards both sides of a referral as of the referee's first order, or neither. Let the points wait
/// ([`Pending::Days`](super::Pending::Days)) until the order can no longer be returned; if it is, a
/// [`Return`](Command::Return) of the same source takes them back on both sides.
///
/// # Errors
/// What either account refuses: [`SameAccount`](Rejection::SameAccount) for a member who refers themselves,
/// [`AlreadyEarned`](Rejection::AlreadyEarned) for a second reward of the same referral.
#[doc(alias = "推荐奖励")]
pub fn refer(
    referrer: &Account,
    referee: &Account,
    programme: &Programme,
    at: Moment,
    id: &CommandId,
    source: &SourceId,
    on: Moment,
) -> Result<[Decision; 2], Rejection> {
    let command = |side, peer: &Account| Command::Refer { source: source.clone(), side, peer: peer.id().clone(), on };
    let one = referrer.decide(programme, at, id, &command(Side::Referrer, referee))?;
    let other = referee.decide(programme, at, id, &command(Side::Referee, referrer))?;
    Ok([one, other])
}

/// Gives points of one account to another, with their expiry or an earlier one. Points that are pending or held stay.
///
/// # Errors
/// What either account refuses: [`Insufficient`](Rejection::Insufficient), [`NotTransferable`](Rejection::NotTransferable),
/// [`SameAccount`](Rejection::SameAccount).
#[doc(alias = "积分转赠")]
pub fn transfer(
    from: &Account,
    to: &Account,
    programme: &Programme,
    at: Moment,
    id: &CommandId,
    kind: &Name,
    points: Points,
) -> Result<[Decision; 2], Rejection> {
    let sent = from.decide(programme, at, id, &Command::Send { kind: kind.clone(), points, to: to.id().clone() })?;
    // Sent before: the receiver has it too, or is given the record of the sender.
    let received = if let Some(record) = sent.record() {
        to.receive(programme, at, id, record)?
    } else {
        let seq = sent.replayed().unwrap_or_default();
        to.decide(programme, at, id, &Command::Receive { kind: kind.clone(), points, from: from.id().clone(), seq })?
    };
    Ok([sent, received])
}

/// Lets one account take over all of another, which is closed: points with their expiry, what is held and owed, what was earned and
/// spent, so that returns and cancellations go on, and all commands seen.
///
/// Of two statuses the better one counts, whichever account is closed: what is for life, decided by hand, on trial or was earned last year
/// is not lost, and what both have earned is counted together; see [`Ladder::merge`](super::ladder::Ladder::merge). A member who is gold
/// until 2027 on one account and silver until 2029 on the other is gold, and then silver. The record says so with the cause
/// [`Merged`](super::ladder::Cause::Merged), so that no ladder is asked when the log is read again.
///
/// # Errors
/// [`SameAccount`](Rejection::SameAccount); [`KnownToBoth`](Rejection::KnownToBoth) if both have a hold or a purchase of one name, or
/// have spent points of two kinds, or for a limited reward, under one name: which of the two is meant later could not be told.
#[doc(alias = "账户合并")]
pub fn merge(
    into: &Account,
    from: &Account,
    programme: &Programme,
    at: Moment,
    id: &CommandId,
) -> Result<[Decision; 2], MergeError> {
    let closed = from.decide(programme, at, id, &Command::Close { into: into.id().clone() })?;
    let mut last = from.clone();
    last.commit(closed.clone())?;
    let absorbed = into.take_in(programme, at, id, &last)?;
    Ok([absorbed, closed])
}

/// Why two accounts cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// One of them refuses.
    #[error(transparent)]
    Rejection(#[from] Rejection),
    /// The account that is to be taken over contradicts itself.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

/// Who of a pool, as a family or a company, gives how much.
#[doc(alias = "家庭账户")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolPolicy {
    /// The first account gives what it has, then the second.
    InTurn,
    /// Each in proportion to what it has.
    ProRata,
    /// Whoever has the points that expire first.
    SoonestExpiry,
}

/// How many points each account of a pool gives, in the order of the accounts; together they are the points wanted, and none gives more
/// than it has. Where shares or expiries tie, the account whose id comes first gives.
///
/// # Errors
/// [`Insufficient`](Rejection::Insufficient) if all together do not have as many; [`SameAccount`](Rejection::SameAccount) for an account
/// that is there twice; [`NoPoints`](Rejection::NoPoints).
pub fn pool_shares(
    pool: &[&Account],
    kind: &Name,
    points: Points,
    at: Moment,
    policy: PoolPolicy,
) -> Result<Vec<Points>, Rejection> {
    let mut by_id: Vec<usize> = (0..pool.len()).collect();
    by_id.sort_by_key(|&i| pool[i].id());
    if by_id.windows(2).any(|pair| pool[pair[0]].id() == pool[pair[1]].id()) {
        return Err(Rejection::SameAccount);
    }
    if points.is_zero() {
        return Err(Rejection::NoPoints);
    }
    let there: Vec<Points> = pool.iter().map(|account| account.balance(kind, at).available).collect();
    let available = Points::sum(there.iter().copied()).ok_or(Rejection::TooMany)?;
    if points > available {
        return Err(Rejection::Insufficient { wanted: points, available });
    }
    let mut shares: Vec<u64> = there.iter().map(|_| 0).collect();
    let mut rest = points.units();
    match policy {
        PoolPolicy::InTurn => {
            for (share, there) in shares.iter_mut().zip(&there) {
                *share = there.units().min(rest);
                rest -= *share;
            }
        }
        PoolPolicy::ProRata => {
            // Whoever gives one more for a remainder has a part of a point left to give it from.
            let weights: Vec<u64> = by_id.iter().map(|&i| there[i].units()).collect();
            let parts = apportion(rest, &weights).ok_or(Rejection::NoPoints)?; // some are there
            by_id.iter().zip(parts).for_each(|(&i, part)| shares[i] = part);
        }
        PoolPolicy::SoonestExpiry => {
            let lots = by_id.iter().flat_map(|&i| pool[i].lots(kind, at).into_iter().map(move |lot| (i, lot)));
            let mut lots: Vec<_> = lots.filter(|(_, lot)| lot.is_active(at)).collect();
            lots.sort_by_key(|(_, lot)| (lot.expires.is_none(), lot.expires));
            for (i, lot) in lots {
                let part = lot.left.units().min(rest);
                shares[i] += part;
                rest -= part;
            }
        }
    }
    Ok(shares.into_iter().map(Points::new).collect())
}

/// Spends points of a pool for one business event, on an order if there is one: a decision for every account that gives, with its place.
/// The terms of the kind hold for all points together. Each account gets its own back: cancel the redemption on every one of them.
///
/// Sent again with the same command id, those that gave their part before say so, and the others give what is missing.
///
/// # Errors
/// As [`pool_shares`], what the kind's terms refuse ([`BelowMinimum`](Rejection::BelowMinimum),
/// [`NotAMultiple`](Rejection::NotAMultiple), [`AboveShare`](Rejection::AboveShare)), and what any of the accounts refuses.
#[allow(clippy::too_many_arguments)] // one call, whose parts are named by their types
pub fn redeem_together(
    pool: &[&Account],
    programme: &Programme,
    at: Moment,
    id: &CommandId,
    source: &SourceId,
    kind: &Name,
    points: Points,
    order: Option<Money>,
    policy: PoolPolicy,
) -> Result<Vec<(usize, Decision)>, Rejection> {
    let terms = &programme.kind(kind).ok_or_else(|| Rejection::UnknownKind(kind.clone()))?.redemption;
    terms.check(programme.terms().currency, points, order)?;
    let contribute = |i: usize, points: Points| {
        let command = Command::Contribute { source: source.clone(), kind: kind.clone(), points };
        pool[i].decide(programme, at, id, &command).map(|decision| (i, decision))
    };
    let (mut decisions, mut rest, mut others) = (Vec::new(), points, Vec::new());
    for (i, account) in pool.iter().enumerate() {
        let Some((given, seq)) = account.moved_by(id) else {
            others.push((i, *account));
            continue;
        };
        decisions.push(contribute(i, given)?);
        rest = rest.checked_sub(given).ok_or(Rejection::IdReused { seq })?;
    }
    if !rest.is_zero() {
        let (places, accounts): (Vec<usize>, Vec<&Account>) = others.into_iter().unzip();
        let shares = places.into_iter().zip(pool_shares(&accounts, kind, rest, at, policy)?);
        let parts = shares.filter(|(_, points)| !points.is_zero()).map(|(i, points)| contribute(i, points));
        decisions.extend(parts.collect::<Result<Vec<_>, _>>()?);
    }
    decisions.sort_by_key(|(i, _)| *i);
    Ok(decisions)
}

impl Account {
    /// Takes in what another account has sent, by its record.
    ///
    /// # Errors
    /// As [`decide`](Account::decide); [`NothingSent`](Rejection::NothingSent) for a record that sent nothing to this account or to one
    /// that it took over; [`AlreadyReceived`](Rejection::AlreadyReceived) for one that was taken in under another command id.
    pub fn receive(&self, programme: &Programme, at: Moment, id: &CommandId, sent: &Record) -> Result<Decision, Rejection> {
        let (kind, gifts) =
            self.names().find_map(|name| sent.sent_to(name)).ok_or_else(|| Rejection::NothingSent(sent.command.to_string()))?;
        let points = Points::sum(gifts.iter().map(|gift| gift.points)).ok_or(Rejection::TooMany)?;
        let command = Command::Receive { kind: kind.clone(), points, from: sent.account.clone(), seq: sent.seq };
        self.decide_beside(programme, at, id, &command, super::account::Beside::Sent(gifts))
    }

    fn take_in(&self, programme: &Programme, at: Moment, id: &CommandId, closed: &Account) -> Result<Decision, Rejection> {
        let command = Command::Absorb { account: closed.id().clone(), seq: closed.seq() };
        self.decide_beside(programme, at, id, &command, super::account::Beside::Account(closed))
    }
}
