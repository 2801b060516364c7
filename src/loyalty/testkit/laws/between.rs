use super::{Breach, applies, holdings, run, same};
use crate::{
    calendar::Moment,
    loyalty::{
        Account, CommandId, MergeError, Points, PoolPolicy, Programme, Rejection, SourceId,
        account::{Command, Event},
        between,
        programme::Deed,
    },
    money::Money,
    quantity::Name,
};
use alloc::{collections::BTreeSet, format, vec::Vec};

/// Of two accounts that do something together: the numbers before and after.
struct Sums {
    /// What can be spent, waits and is set aside, less what is owed.
    net: i128,
    /// So many points live beyond each moment at which any expires, and for ever.
    living: Vec<(Option<Moment>, u64)>,
}

fn net(account: &Account, kind: &Name, at: Moment) -> i128 {
    let balance = account.balance(kind, at);
    let [available, pending, held, debt] =
        [balance.available, balance.pending, balance.held, balance.debt].map(|points| i128::from(points.units()));
    available + pending + held - debt
}

impl Sums {
    fn of(accounts: &[&Account], kind: &Name, at: Moment, ends: &BTreeSet<Moment>) -> Sums {
        let living = |end: Option<Moment>| {
            let lots = accounts.iter().flat_map(|account| account.lots(kind, at));
            let there = lots.filter(|lot| lot.expires.is_none_or(|expires| end.is_some_and(|end| expires > end)));
            (end, there.map(|lot| lot.left.units() + lot.held.units()).sum())
        };
        let net = accounts.iter().map(|account| net(account, kind, at)).sum();
        Sums { net, living: ends.iter().map(|end| Some(*end)).chain([None]).map(living).collect() }
    }
}

fn ends(accounts: &[&Account], kind: &Name, at: Moment) -> BTreeSet<Moment> {
    accounts.iter().flat_map(|account| account.lots(kind, at)).filter_map(|lot| lot.expires).collect()
}

/// Points are neither made nor lost, but for those whose time is over at once, and none lives longer.
fn conserved(law: &'static str, before: &[&Account], after: &[&Account], programme: &Programme, at: Moment) -> Result<(), Breach> {
    for kind in &programme.terms().kinds {
        let kind = &kind.name;
        let ends = ends(before, kind, at);
        let (old, new) = (Sums::of(before, kind, at, &ends), Sums::of(after, kind, at, &ends));
        // What had expired on an account that was taken over is counted on the other.
        let expired = |accounts: &[&Account]| -> i128 {
            let open = accounts.iter().filter(|account| account.closed_into().is_none());
            open.map(|account| i128::from(account.totals(kind).expired.units())).sum()
        };
        same(law, &(new.net + expired(after)), &(old.net + expired(before)))?;
        for ((end, less), (_, more)) in new.living.into_iter().zip(old.living) {
            if less > more {
                let (one, other) = (format!("{less} {kind} beyond {end:?}"), format!("{more}"));
                return Err(Breach::Differs { law: "no point lives longer", one, other });
            }
        }
    }
    Ok(())
}

/// An account on which time is written down.
fn swept(account: &Account, programme: &Programme, at: Moment) -> Result<Account, Breach> {
    let mut account = account.clone();
    run("time passes", &mut account, programme, at, &Command::Tick)?;
    Ok(account)
}

fn id(one: &Account, other: &Account) -> Result<CommandId, Breach> {
    Ok(CommandId::new(&format!("law {} {}", one.seq(), other.seq()))?)
}

/// Merging makes and loses no points, lets none live longer, and keeps every lot of both under its own terms; the commands that either
/// has carried out are carried out; what is left of the other account has nothing.
///
/// # Errors
/// The first [`Breach`].
pub fn check_merge(into: &Account, from: &Account, programme: &Programme, at: Moment) -> Result<bool, Breach> {
    let law = "a merger keeps what both had";
    let (into, from) = (swept(into, programme, at)?, swept(from, programme, at)?);
    let (mut merged, mut closed) = (into.clone(), from.clone());
    match between::merge(&into, &from, programme, at, &id(&into, &from)?) {
        Err(MergeError::Rejection(_)) => return Ok(false),
        Err(MergeError::Corrupt(corrupt)) => return Err(corrupt.into()),
        Ok([absorb, close]) => {
            let after = absorb
                .events()
                .find_map(|event| if let Event::Absorbed { after, .. } = event { Some(after.number()) } else { None });
            merged.commit(absorb)?;
            closed.commit(close)?;
            for kind in &programme.terms().kinds {
                let kind = &kind.name;
                let term =
                    |lot: crate::loyalty::account::Lot, offset: u32| (lot.lot.number() + offset, lot.active, lot.expires, lot.cost);
                let own = into.lots(kind, at).into_iter().map(|lot| term(lot, 0));
                let theirs = from.lots(kind, at).into_iter().map(|lot| term(lot, after.unwrap_or_default()));
                let before: BTreeSet<_> = own.chain(theirs).collect();
                // Some may have paid debts.
                let kept = merged.lots(kind, at).into_iter().map(|lot| term(lot, 0)).all(|lot| before.contains(&lot));
                same("a merger keeps the terms of every lot", &kept, &true)?;
                let forgiven = into.forgiven(kind).checked_add(from.forgiven(kind));
                same(law, &Some(merged.forgiven(kind)), &forgiven)?;
                same("an account that was taken over has nothing", &closed.lots(kind, at), &Vec::new())?;
            }
        }
    }
    merged.audit()?;
    conserved(law, &[&into, &from], &[&merged, &closed], programme, at)?;
    Ok(true)
}

/// Of three accounts it does not matter which two are merged first: there are as many points of every kind, and, where nothing is owed
/// that the one or the other could pay, in the same lots.
///
/// # Errors
/// The first [`Breach`].
pub fn check_merge_order(accounts: [&Account; 3], programme: &Programme, at: Moment) -> Result<bool, Breach> {
    let law = "it does not matter which are merged first";
    let merge = |into: &Account, from: &Account| {
        let Ok([absorb, _]) = between::merge(into, from, programme, at, &id(into, from)?) else { return Ok(None) };
        let mut merged = into.clone();
        merged.commit(absorb)?;
        Ok::<_, Breach>(Some(merged))
    };
    let [one, two, three] = accounts;
    let (Some(first), Some(last)) = (merge(one, two)?, merge(two, three)?) else { return Ok(false) };
    let (Some(left), Some(right)) = (merge(&first, three)?, merge(one, &last)?) else { return Ok(false) };
    for kind in &programme.terms().kinds {
        let kind = &kind.name;
        same(law, &net(&left, kind, at), &net(&right, kind, at))?;
        if accounts.iter().all(|account| account.balance(kind, at).debt.is_zero()) {
            same(law, &left.lots(kind, at), &right.lots(kind, at))?;
        }
    }
    same(law, left.status_credits(), right.status_credits())?;
    Ok(true)
}

/// A transfer takes from the sender what the receiver gets, lets no point live longer, and leaves what waits or is set aside; nobody sends
/// to themselves.
///
/// # Errors
/// The first [`Breach`].
pub fn check_transfer(
    from: &Account,
    to: &Account,
    programme: &Programme,
    at: Moment,
    kind: &Name,
    points: Points,
) -> Result<bool, Breach> {
    let law = "a transfer makes and loses no points";
    let (from, to) = (swept(from, programme, at)?, swept(to, programme, at)?);
    let Ok([sent, received]) = between::transfer(&from, &to, programme, at, &id(&from, &to)?, kind, points) else {
        return Ok(false);
    };
    let (mut less, mut more) = (from.clone(), to.clone());
    less.commit(sent)?;
    more.commit(received)?;
    same(law, &(net(&from, kind, at) - net(&less, kind, at)), &i128::from(points.units()))?;
    let stay = |account: &Account| [account.balance(kind, at).pending, account.balance(kind, at).held];
    same("what waits or is set aside is not sent", &stay(&less), &stay(&from))?;
    conserved(law, &[&from, &to], &[&less, &more], programme, at)?;
    let to_oneself = between::transfer(&from, &from, programme, at, &id(&from, &to)?, kind, points).map(|_| ());
    same("nobody sends to themselves", &to_oneself, &Err(Rejection::SameAccount))?;
    Ok(true)
}

/// A referral rewards both sides or neither, and once; nobody refers themselves; a return takes all of it back on both.
///
/// # Errors
/// The first [`Breach`].
pub fn check_referral(
    referrer: &Account,
    referee: &Account,
    programme: &Programme,
    at: Moment,
    source: &SourceId,
    on: Moment,
) -> Result<bool, Breach> {
    let law = "a referral rewards both or neither";
    let again = CommandId::new("law again")?;
    let refer = |one: &Account, other: &Account, id: &CommandId| between::refer(one, other, programme, at, id, source, on);
    let oneself = refer(referrer, referrer, &again).map(|_| ());
    same("nobody refers themselves", &oneself.is_err(), &true)?;
    let Ok([one, other]) = refer(referrer, referee, &id(referrer, referee)?) else { return Ok(false) };
    let (mut first, mut second) = (referrer.clone(), referee.clone());
    first.commit(one)?;
    second.commit(other)?;
    for [one, other] in [[&first, &second], [&first, referee], [referrer, &second]] {
        same(law, &refer(one, other, &again).is_err(), &true)?;
    }
    let back = Command::Return { source: source.clone(), document: SourceId::new("law")?, parts: Vec::new() };
    for account in [&mut first, &mut second] {
        same(law, &account.earned(source).is_some(), &true)?;
        run("a referral can be undone", account, programme, at, &back)?;
        let lots = account.earned(source).map(|earned| earned.lots).unwrap_or_default();
        same("a referral is undone on both sides", &lots.iter().all(|(_, _, credited, taken)| credited == taken), &true)?;
    }
    Ok(true)
}

/// What the accounts of a pool give is what was wanted; none gives more than it has, or, in proportion, a whole point more or less than
/// its share; cancelled, each has its own back. The last says nothing where spending counts as activity.
///
/// # Errors
/// The first [`Breach`].
#[allow(clippy::too_many_arguments)] // those of the call that is checked
pub fn check_pool(
    pool: &[&Account],
    programme: &Programme,
    at: Moment,
    source: &SourceId,
    kind: &Name,
    points: Points,
    order: Option<Money>,
    policy: PoolPolicy,
) -> Result<bool, Breach> {
    let law = "a pool gives what is wanted";
    let pool: Vec<Account> = pool.iter().map(|account| swept(account, programme, at)).collect::<Result<_, _>>()?;
    let all: Vec<&Account> = pool.iter().collect();
    let command = CommandId::new("law together")?;
    let Ok(parts) = between::redeem_together(&all, programme, at, &command, source, kind, points, order, policy) else {
        return Ok(false);
    };
    same(law, &Points::sum(parts.iter().map(|(_, part)| part.points())), &Some(points))?;
    let there = |account: &Account| account.balance(kind, at).available.units();
    let total: u128 = pool.iter().map(|account| u128::from(there(account))).sum();
    let acts = |kind: &crate::loyalty::programme::Kind| kind.kept_alive_by.contains(&Deed::Redemption);
    let quiet = !programme.terms().kinds.iter().any(acts);
    for (place, account) in pool.iter().enumerate() {
        let part = parts.iter().find(|(of, _)| *of == place).map(|(_, decision)| decision.clone());
        let given = part.as_ref().map_or(0, |decision| decision.points().units());
        same("nobody gives more than there is", &(given <= there(account)), &true)?;
        if policy == PoolPolicy::ProRata {
            let (exact, share) = (u128::from(points.units()) * u128::from(there(account)), u128::from(given) * total);
            same("shares are in proportion", &(exact.abs_diff(share) < total), &true)?;
        }
        let (Some(decision), mut spent) = (part, account.clone()) else { continue };
        spent.commit(decision)?;
        same(law, &(there(account) - there(&spent)), &given)?;
        let cancel = Command::CancelRedemption { source: source.clone(), points: None };
        if quiet && applies(run("a pool can be undone", &mut spent, programme, at, &cancel))?.is_some() {
            same("each has its own back", &holdings(&spent, programme, at)?, &holdings(account, programme, at)?)?;
        }
    }
    Ok(true)
}
