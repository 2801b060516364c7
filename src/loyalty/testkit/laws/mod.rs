//! What holds for every account and every log, as functions that say where it does not.
//!
//! The laws that ask what would happen (what a redemption and its cancellation leave, how a return may be split) try it on copies of the
//! account. Those that do not apply, because a command is refused, say `false`.

mod between;
mod books;
mod earning;
mod log;
mod status;

pub use between::{check_merge, check_merge_order, check_pool, check_referral, check_transfer};
pub use books::check_books;
pub use earning::{check_award, check_caps, check_splitting};
pub use log::{check_log, check_writing};
pub use status::{check_more, check_standing, check_status_stays, check_taking_back, check_walk};

use crate::{
    calendar::{CalendarError, Moment},
    loyalty::{
        Account, CommandId, HoldId, Points, Programme, Rejection, SourceId,
        account::{Balance, Broken, Command, Corrupt, Event, Lapse, Lot, Record, ReturnedPart, Totals},
        earning::{AwardFlaw, EarningError},
        ladder::LadderError,
        programme::Deed,
    },
    quantity::{Name, NameError},
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Debug;
use thiserror::Error;

/// A law that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Breach {
    /// The account contradicts itself.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The log does not fold.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// A command was refused that has to be carried out.
    #[error("{law}: {rejection}")]
    Rejected {
        /// The law.
        law: &'static str,
        /// Why it was refused.
        rejection: Rejection,
    },
    /// Two things that have to be equal are not.
    #[error("{law}: {one} and {other}")]
    Differs {
        /// The law.
        law: &'static str,
        /// The one, in print.
        one: String,
        /// The other.
        other: String,
    },
    /// An award contradicts itself.
    #[error(transparent)]
    Award(#[from] AwardFlaw),
    /// The earning rules refuse.
    #[error(transparent)]
    Earning(#[from] EarningError),
    /// The ladder refuses.
    #[error(transparent)]
    Ladder(#[from] LadderError),
    /// The calendar ends.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A name.
    #[error(transparent)]
    Name(#[from] NameError),
}

pub(super) fn same<T: Debug + PartialEq>(law: &'static str, one: &T, other: &T) -> Result<(), Breach> {
    if one == other { Ok(()) } else { Err(Breach::Differs { law, one: format!("{one:?}"), other: format!("{other:?}") }) }
}

/// What there is of every kind of points at a moment, lot by lot.
type Holdings = Vec<(Name, Balance, Vec<Lot>, Totals, Points)>;

fn holdings(account: &Account, programme: &Programme, at: Moment) -> Result<Holdings, Breach> {
    let mut account = account.clone();
    run("time passes", &mut account, programme, at, &Command::Tick)?;
    let of = |kind: &Name| {
        (kind.clone(), account.balance(kind, at), account.lots(kind, at), account.totals(kind), account.forgiven(kind))
    };
    Ok(programme.terms().kinds.iter().map(|kind| of(&kind.name)).collect())
}

/// Carries a command out under an id that was not used.
fn run(
    law: &'static str,
    account: &mut Account,
    programme: &Programme,
    at: Moment,
    command: &Command,
) -> Result<Option<Record>, Breach> {
    let id = CommandId::new(&format!("law {}", account.seq()))?;
    let decision = account.execute_quietly(programme, at, &id, command).map_err(|rejection| Breach::Rejected { law, rejection })?;
    Ok(decision.into_record())
}

/// Whether a refusal only means that the law says nothing.
fn applies<T>(result: Result<T, Breach>) -> Result<Option<T>, Breach> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Breach::Rejected { .. }) => Ok(None),
        Err(breach) => Err(breach),
    }
}

/// Balances are the same whether or not time was written down; writing it down twice, or first up to an earlier moment, changes nothing;
/// and no lot has points to spend from the moment on at which it expires.
///
/// # Errors
/// The first [`Breach`].
pub fn check_time(account: &Account, programme: &Programme, at: Moment, later: Moment) -> Result<(), Breach> {
    let law = "time passes by itself";
    let later = later.max(at);
    for kind in &programme.terms().kinds {
        let kind = &kind.name;
        let mut swept = account.clone();
        run(law, &mut swept, programme, later, &Command::Tick)?;
        same(law, &account.balance(kind, later), &swept.balance(kind, later))?;
        same(law, &account.lots(kind, later), &swept.lots(kind, later))?;
        same("time is written down once", &run(law, &mut swept, programme, later, &Command::Tick)?, &None)?;
        for lot in account.lots(kind, at) {
            let Some(end) = lot.expires.filter(|end| *end > at) else { continue };
            let gone = account.lots(kind, end).iter().all(|other| other.lot != lot.lot || other.left.is_zero());
            same("nothing can be spent from its expiry on", &gone, &true)?;
        }
    }
    let mut twice = account.clone();
    run(law, &mut twice, programme, at, &Command::Tick)?;
    same("time may be written down in parts", &holdings(&twice, programme, later)?, &holdings(account, programme, later)?)
}

/// The schedule of expiries is what happens, whatever is owed or set aside: points leave at their moment, and not a second before. It is
/// not asked where points are set aside and the programme has let some go: it takes those when the others are free.
///
/// # Errors
/// The first [`Breach`].
pub fn check_schedule(account: &Account, kind: &Name, at: Moment) -> Result<bool, Breach> {
    if !account.balance(kind, at).held.is_zero() && !account.forgiven(kind).is_zero() {
        return Ok(false);
    }
    // What pays a debt leaves with it, and what is set aside comes back.
    let there = |at: Moment| {
        let balance = account.balance(kind, at);
        let [available, pending, held, debt] =
            [balance.available, balance.pending, balance.held, balance.debt].map(|points| i128::from(points.units()));
        available + pending + held - debt
    };
    let schedule = account.expiring(kind, at);
    let mut left = there(at);
    for (i, entry) in schedule.iter().enumerate().take(8) {
        if schedule.get(i.wrapping_sub(1)).is_none_or(|before| before.at < entry.at) && entry.at > at {
            same("points stay until they expire", &there(entry.at.plus_seconds(-1)?.max(at)), &left)?;
        }
        left -= i128::from(entry.points.units());
        if schedule.get(i + 1).is_none_or(|next| next.at > entry.at) {
            same("points expire as scheduled", &there(entry.at), &left)?;
        }
    }
    Ok(true)
}

/// To simulate is to execute and to forget; a refused command changes nothing; the same command sent again changes nothing and says the
/// same; another under its id is refused.
///
/// # Errors
/// The first [`Breach`].
pub fn check_command(
    account: &Account,
    programme: &Programme,
    at: Moment,
    id: &CommandId,
    command: &Command,
) -> Result<bool, Breach> {
    let mut done = account.clone();
    let simulated = account.decide(programme, at, id, command);
    let executed = done.execute(programme, at, id, command);
    let (Ok(simulated), Ok(executed)) = (&simulated, &executed) else {
        same("a refused command changes nothing", &done, account)?;
        same("to simulate is to execute", &simulated.map(|d| d.points()), &executed.map(|d| d.points()))?;
        return Ok(false);
    };
    same("to simulate is to execute", &simulated.record(), &executed.record())?;
    if executed.record().is_none() {
        return Ok(true);
    }
    let law = "the same command again changes nothing";
    let (before, again) = (done.clone(), done.execute(programme, at, id, command));
    let again = again.map_err(|rejection| Breach::Rejected { law, rejection })?;
    same(law, &(again.points(), again.replayed(), again.record()), &(executed.points(), Some(before.seq()), None))?;
    same(law, &done, &before)?;
    let other = Command::Release { hold: HoldId::new("of no command")? };
    let refused = done.execute(programme, at, id, &other).map(|decision| decision.points());
    same("an id is used once", &refused, &Err(Rejection::IdReused { seq: before.seq() }))?;
    Ok(true)
}

fn redeem(name: &str, kind: &Name, points: u64) -> Result<Command, Breach> {
    Ok(Command::Redeem { source: SourceId::new(name)?, kind: kind.clone(), points: Points::new(points), order: None })
}

/// Whether a lot has lost a part of its points.
fn melted(account: &Account, programme: &Programme, at: Moment) -> bool {
    programme.terms().kinds.iter().flat_map(|kind| account.lots(&kind.name, at)).any(|lot| !lot.lapsed.is_zero())
}

/// Spending some points and then some more is spending them together, in either order.
///
/// # Errors
/// The first [`Breach`].
pub fn check_spending(
    account: &Account,
    programme: &Programme,
    at: Moment,
    kind: &Name,
    [some, more]: [u64; 2],
) -> Result<bool, Breach> {
    let law = "spending can be split";
    let spend = |parts: &[u64]| {
        let mut copy = account.clone();
        for (i, points) in parts.iter().enumerate() {
            run(law, &mut copy, programme, at, &redeem(&format!("law {i}"), kind, *points)?)?;
        }
        holdings(&copy, programme, at)
    };
    let [both, one, other] = [applies(spend(&[some + more]))?, applies(spend(&[some, more]))?, applies(spend(&[more, some]))?];
    let (Some(both), Some(one), Some(other)) = (both, one, other) else { return Ok(false) };
    same(law, &one, &both)?;
    same(law, &other, &both)?;
    Ok(true)
}

/// To spend points and to cancel that later, or to set them aside and let them go, is not to have touched them, whatever was earned,
/// returned or lost in between; points whose time was over by then have lapsed in both cases, or have paid what a return took from others
/// instead of them, or let go. Lot by lot; only the sums, where a return in between would have found the points of its own lots gone
/// even so: whom it takes them from instead depends on who has some at that time.
/// Says nothing where spending counts as activity, where losses depend on what is there, and of sums where anything expired.
///
/// # Errors
/// The first [`Breach`].
pub fn check_undoing(
    account: &Account,
    programme: &Programme,
    at: Moment,
    kind: &Name,
    points: u64,
    between: &[(Moment, Command)],
) -> Result<bool, Breach> {
    let depends = |kind: &crate::loyalty::programme::Kind| {
        kind.kept_alive_by.contains(&Deed::Redemption) || kind.inactivity.is_some_and(|policy| policy.decay.is_some())
    };
    if programme.terms().kinds.iter().any(depends) || melted(account, programme, at) {
        return Ok(false);
    }
    let end = between.last().map_or(at, |(at, _)| *at).plus_minutes(1)?;
    let hold = HoldId::new("law")?;
    let held = Command::Hold { hold: hold.clone(), kind: kind.clone(), points: Points::new(points), order: None, until: end };
    let cancel = Command::CancelRedemption { source: SourceId::new("law")?, points: None };
    let mut said = false;
    for (away, back) in [(redeem("law", kind, points)?, cancel), (held, Command::Release { hold })] {
        said |= is_undone(account, programme, at, [&away, &back], between)?;
    }
    Ok(said)
}

fn is_undone(
    account: &Account,
    programme: &Programme,
    at: Moment,
    [away, back]: [&Command; 2],
    between: &[(Moment, Command)],
) -> Result<bool, Breach> {
    let law = "undone is never done";
    let (mut never, mut done, mut now) = (account.clone(), account.clone(), at);
    run(law, &mut never, programme, at, &Command::Tick)?;
    if applies(run(law, &mut done, programme, at, away))?.is_none() {
        return Ok(false);
    }
    let (mut log, mut by_lot) = (Vec::new(), true);
    for (at, command) in between {
        let one = applies(run(law, &mut never, programme, *at, command))?;
        let other = applies(run(law, &mut done, programme, *at, command))?;
        same("what was spent refuses nothing", &one.is_some(), &other.is_some())?;
        if !matches!(command, Command::Earn { .. } | Command::Grant { .. } | Command::Return { .. } | Command::Tick) {
            return Ok(false);
        }
        let others_pay = |event: &Event| matches!(event, Event::ClawedBack { displaced, .. } if !displaced.is_empty());
        by_lot &= !one.iter().flatten().flat_map(|record| &record.events).any(|happened| others_pay(&happened.event));
        log.extend(one.into_iter().chain(other).flatten());
        now = *at;
    }
    log.extend(run(law, &mut done, programme, now, back)?);
    let lost = |lapse: Option<Lapse>| {
        let mut events = log.iter().flat_map(|record| &record.events);
        events
            .any(|happened| matches!(happened.event, Event::Expired { because, .. } if lapse.is_none_or(|lapse| lapse == because)))
    };
    // An earlier revision of the scheme may still have its say.
    if lost(Some(Lapse::Decay)) || !by_lot && lost(None) {
        return Ok(false);
    }
    let holdings = |account| {
        let mut holdings = holdings(account, programme, now)?;
        for (_, _, lots, totals, forgiven) in &mut holdings {
            if by_lot {
                let gone = totals.expired.checked_add(totals.clawed_back).unwrap_or_default();
                (totals.expired, totals.clawed_back, *forgiven) = (gone, Points::ZERO, Points::ZERO);
            } else {
                lots.clear();
            }
        }
        Ok::<_, Breach>(holdings)
    };
    same(law, &holdings(&done)?, &holdings(&never)?)?;
    Ok(true)
}

/// A return takes back the same however it is split, and in whatever order: parts of it under documents of their own, or all under one.
///
/// # Errors
/// The first [`Breach`].
pub fn check_returning(
    account: &Account,
    programme: &Programme,
    at: Moment,
    source: &SourceId,
    parts: &[ReturnedPart],
) -> Result<bool, Breach> {
    let law = "a return can be split";
    let give_back = |documents: Vec<Vec<ReturnedPart>>| {
        let mut copy = account.clone();
        for (i, parts) in documents.into_iter().enumerate() {
            let document = SourceId::new(&format!("law {i}"))?;
            run(law, &mut copy, programme, at, &Command::Return { source: source.clone(), document, parts })?;
        }
        let taken: Vec<_> = copy.earned(source).map(|earned| earned.lots).unwrap_or_default();
        Ok((holdings(&copy, programme, at)?, taken))
    };
    let each = || parts.iter().map(|part| Vec::from([part.clone()]));
    let (all, one) = (applies(give_back(Vec::from([parts.to_vec()])))?, applies(give_back(each().collect()))?);
    let other = applies(give_back(each().rev().collect()))?;
    let (Some(all), Some(one), Some(other)) = (all, one, other) else { return Ok(false) };
    same(law, &one, &all)?;
    same(law, &other, &all)?;
    Ok(true)
}

/// Spending and returning at one moment come to the same in either order, lot by lot, if both are allowed. Says nothing where lots have
/// lost a part of their points: a return takes what is left first, and what had lapsed counts for the rest.
///
/// # Errors
/// The first [`Breach`].
pub fn check_order(
    account: &Account,
    programme: &Programme,
    at: Moment,
    spend: (&Name, u64),
    give_back: (&SourceId, &[ReturnedPart]),
) -> Result<bool, Breach> {
    let law = "spending and returning can be swapped";
    if melted(account, programme, at) {
        return Ok(false);
    }
    let (source, parts) = give_back;
    let document = SourceId::new("law")?;
    let commands = [redeem("law", spend.0, spend.1)?, Command::Return { source: source.clone(), document, parts: parts.to_vec() }];
    let both = |order: [usize; 2]| {
        let mut copy = account.clone();
        for i in order {
            run(law, &mut copy, programme, at, &commands[i])?;
        }
        holdings(&copy, programme, at)
    };
    let (Some(one), Some(other)) = (applies(both([0, 1]))?, applies(both([1, 0]))?) else { return Ok(false) };
    same(law, &one, &other)?;
    Ok(true)
}

/// A hold moves exactly its points from those that can be spent to those that are held; released, it leaves no trace; left alone, it ends
/// as if released at its end; captured, it never lacks points.
///
/// # Errors
/// The first [`Breach`].
pub fn check_hold(
    account: &Account,
    programme: &Programme,
    at: Moment,
    kind: &Name,
    points: u64,
    until: Moment,
) -> Result<bool, Breach> {
    let law = "a hold gives back what it took";
    let hold = HoldId::new("law")?;
    let held = |until: Moment| {
        let mut copy = account.clone();
        run(
            law,
            &mut copy,
            programme,
            at,
            &Command::Hold { hold: hold.clone(), kind: kind.clone(), points: Points::new(points), order: None, until },
        )?;
        Ok(copy)
    };
    let Some(copy) = applies(held(until))? else { return Ok(false) };
    let (before, after) = (account.balance(kind, at), copy.balance(kind, at));
    let units = |p: Points| p.units();
    same(law, &(units(before.available) - units(after.available), units(after.held) - units(before.held)), &(points, points))?;

    let mut released = copy.clone();
    run(law, &mut released, programme, at, &Command::Release { hold: hold.clone() })?;
    same(law, &holdings(&released, programme, at)?, &holdings(account, programme, at)?)?;

    let mut longer = held(until.plus_minutes(60)?)?;
    run(law, &mut longer, programme, until, &Command::Release { hold: hold.clone() })?;
    same("a hold lapses as if released", &holdings(&longer, programme, until)?, &holdings(&copy, programme, until)?)?;

    let mut captured = copy;
    let capture = Command::Capture { hold: hold.clone(), source: SourceId::new("law")?, points: Points::new(points) };
    run("a hold can be captured", &mut captured, programme, at, &capture)?;
    let again = run(law, &mut captured, programme, at, &Command::Release { hold });
    same("a hold is settled once", &applies(again)?.is_none(), &true)?;
    Ok(true)
}
