use super::{Breach, applies, redeem, run, same};
use crate::{
    calendar::Moment,
    loyalty::{
        Account, AccountId, Points, Programme,
        account::{Command, Record},
        ladder::{Cause, Corrections, Counting, Cycle, CycleStart, Ladder, StatusCredits, StatusState},
    },
    quantity::Name,
};
use alloc::{format, vec::Vec};
use chrono::NaiveDate;

/// Spending, setting aside, taking and sending points change no status, neither where the member stands nor what is missing to the next
/// tier.
///
/// # Errors
/// The first [`Breach`].
pub fn check_status_stays(account: &Account, programme: &Programme, at: Moment, kind: &Name, points: u64) -> Result<bool, Breach> {
    let law = "spending changes no status";
    let seen = |account: &Account| {
        let seen = (account.standing(programme, at)?, account.ways_up(programme, at)?, account.ways_to_keep(programme, at)?);
        Ok::<_, Breach>((seen, account.status_credits().clone()))
    };
    let (before, mut said) = (seen(account)?, false);
    let (points, kind) = (Points::new(points), kind.clone());
    let commands = [
        redeem("law", &kind, points.units())?,
        Command::Deduct { kind: kind.clone(), points, reason: "law".into() },
        Command::Send { kind, points, to: AccountId::new("law")? },
    ];
    for command in commands {
        let mut copy = account.clone();
        said |= applies(run(law, &mut copy, programme, at, &command))?.is_some();
        same(law, &seen(&copy)?, &before)?;
    }
    Ok(said && programme.terms().ladder.is_some())
}

/// The status is what the log says: folded again, the account stands where it stood, at every later moment, whether or not it was asked,
/// or time was written down, in between.
///
/// # Errors
/// The first [`Breach`].
pub fn check_standing(
    account: &Account,
    joined: Moment,
    log: &[Record],
    programme: &Programme,
    at: Moment,
    later: Moment,
) -> Result<bool, Breach> {
    let folded = Account::replay(account.id().clone(), joined, log)?;
    let mut walked = account.clone();
    run("time passes", &mut walked, programme, at, &Command::Tick)?;
    for at in [at, later.max(at)] {
        let standing = account.standing(programme, at)?;
        same("the log says where a member stands", &folded.standing(programme, at)?, &standing)?;
        same("a longer walk is two shorter ones", &walked.standing(programme, at)?, &standing)?;
        same("a longer walk is two shorter ones", &walked.ways_up(programme, at)?, &account.ways_up(programme, at)?)?;
    }
    Ok(programme.terms().ladder.is_some())
}

/// To run up the ladder to a day and on to a later one is to run to the later one, change for change, gift for gift; running to the same
/// day again changes nothing. A status falls only when its grace is over, no further than the landing allows, and not below a floor;
/// before the first day nothing counts.
///
/// # Errors
/// The first [`Breach`].
pub fn check_walk(
    ladder: &Ladder,
    state: &StatusState,
    credits: &StatusCredits,
    middle: NaiveDate,
    later: NaiveDate,
) -> Result<(), Breach> {
    let law = "a longer walk is two shorter ones";
    let (middle, later) = (middle.max(state.as_of()), later.max(middle).max(state.as_of()));
    let once = ladder.run(state, credits, later)?;
    let first = ladder.run(state, credits, middle)?;
    let second = ladder.run(&first.state, credits, later)?;
    let changes: Vec<_> = first.changes.iter().chain(&second.changes).collect();
    same(law, &changes, &once.changes.iter().collect())?;
    let gifts: Vec<_> = first.gifts.iter().chain(&second.gifts).collect();
    same(law, &gifts, &once.gifts.iter().collect())?;
    same(law, &second.state, &once.state)?;
    same(law, &(second.next_due), &once.next_due)?;
    let again = ladder.run(&once.state, credits, later)?;
    same("a day that is looked at again brings nothing", &(again.changes.len(), again.gifts.len()), &(0, 0))?;

    let mut floor = 0;
    for change in &once.changes {
        let (from, to) = (ladder.rank(&change.from.tier)?, ladder.rank(&change.to.tier)?);
        let fell = matches!(change.cause, Cause::Lapsed(_));
        let far = ladder.terms().landing.is_some_and(|steps| from > to + usize::from(steps));
        let early = fell && change.from.grace_until.or(change.from.until).is_some_and(|end| change.on < end);
        if fell && (far || early || to < floor) {
            let one = format!("{change}");
            return Err(Breach::Differs {
                law: "nobody falls early, far, or below a floor",
                one,
                other: format!("{:?}", ladder.terms()),
            });
        }
        if change.cause == Cause::Floor {
            floor = floor.max(to);
        }
    }
    Ok(())
}

/// More that counts never gives a lower tier. Says nothing of a rolling status that stands for months, and of periods that begin with the
/// status: who enters earlier may be judged earlier; nor of a roll-over: who reaches the next tier has used up what would have rolled over.
///
/// # Errors
/// The first [`Breach`].
pub fn check_more(
    ladder: &Ladder,
    state: &StatusState,
    credits: &StatusCredits,
    more: (&Name, NaiveDate, u32),
    day: NaiveDate,
) -> Result<bool, Breach> {
    let own_time = match ladder.terms().counting {
        Counting::Rolling { stands, .. } => stands > 0,
        Counting::Periods { cycle: Cycle { start, .. }, .. } => start == CycleStart::Status,
        Counting::Lifetime | Counting::Balance => false,
    };
    // Where a tier was lost or given by hand, what it takes differs.
    let special = ladder.terms().tiers.iter().any(|tier| tier.reentry.is_some())
        || ladder.terms().roll_over.is_some()
        || !state.interventions().is_empty();
    let day = day.max(state.as_of());
    let (metric, on, points) = more;
    if own_time || special || on < state.as_of() {
        return Ok(false);
    }
    let mut richer = credits.clone();
    richer.push(metric, on, points.into())?;
    let rank = |credits: &StatusCredits| ladder.rank(&ladder.run(state, credits, day)?.state.standing().tier);
    let (poorer, richer) = (rank(credits)?, rank(&richer)?);
    if richer < poorer {
        let law = "more that counts never gives a lower tier";
        let one = format!("{richer} with {points} more on {on}");
        let other = format!("{poorer} with {credits:?} on {day} from {state:?} by {:?}", ladder.terms());
        return Err(Breach::Differs { law, one, other });
    }
    Ok(true)
}

/// Where the ladder recomputes, what was counted and taken back was never there: the member stands as without it. Says nothing of other
/// ladders.
///
/// # Errors
/// The first [`Breach`].
pub fn check_taking_back(
    ladder: &Ladder,
    state: &StatusState,
    credits: &StatusCredits,
    order: (&Name, NaiveDate, u32),
    [returned, later]: [NaiveDate; 2],
) -> Result<bool, Breach> {
    let (metric, on, points) = order;
    if ladder.terms().corrections != Corrections::Recompute || on < state.as_of() || returned < on {
        return Ok(false);
    }
    let mut with = credits.clone();
    with.push(metric, on, points.into())?;
    let stood = ladder.run(state, &with, returned)?.state;
    let after = ladder.run(&stood, credits, later.max(returned))?.state;
    let without = ladder.run(state, credits, later.max(returned))?.state;
    same("what was taken back was never there", after.standing(), without.standing())?;
    Ok(true)
}
