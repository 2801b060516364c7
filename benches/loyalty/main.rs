//! How fast does the ledger decide, and what does an account weigh?
//!
//! `cargo bench --bench loyalty` lets a million members earn, redeem and let expire, ten decisions each, in four ways: by a bare loop
//! over queues of lots that keeps no log, no ids and no reasons and checks nothing but the balance; by the same loop with the least log that
//! could be audited; by the ledger without the steps of the earning rules; and with them. All must leave every member with the
//! same points. A million members are done in groups, so that
//! the memory of the machine does not matter; what a way keeps of a member, it keeps until its group is done.
//! Then one account has ten thousand lots alive, and it is seen what they add to the time of a decision.
//!
//! Arguments: `--test` (few members), `--members N`, `--rounds N`, `--runs N`, `--lots N` (that are alive; 0 for none).

// A bench prints, counts allocations, and stops at the first thing that is wrong.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, unsafe_code, missing_docs, unreachable_pub)]
// Its figures are small, and its bare loop checks nothing.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_precision_loss, clippy::cast_sign_loss)]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::type_complexity)]

mod bytes;

use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, Expiry, Life, Points, Programme, Rejection, RoundUp, SourceId,
        earning::{Basis, Basket, EarningPolicy, EarningRules, Give, Line, Rule, Trigger},
        programme::{Kind, Terms},
    },
    money::{Currency, Money, Rounding},
    quantity::Name,
};
use std::{
    collections::{BTreeSet, VecDeque},
    env,
    hint::black_box,
    time::Instant,
};

/// What a member does in a round.
#[derive(Clone, Copy)]
enum Deed {
    /// Buys for so many cents.
    Earn(i64),
    /// Spends so many points.
    Redeem(u64),
}

/// Days on which points can be spent: short, so that they expire in the bench.
const DAYS: u16 = 60;
/// Days between two rounds.
const STEP: i64 = 20;
const GROUP: usize = 10_000;

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |word: &str| words.iter().position(|w| w == word).and_then(|at| words.get(at + 1)?.parse().ok());
    let test = words.iter().any(|w| w == "--test");
    let members: usize = number("--members").unwrap_or(if test { 2_000 } else { 1_000_000 });
    let rounds: usize = number("--rounds").unwrap_or(10);
    let runs: usize = number("--runs").unwrap_or(if test { 1 } else { 3 });
    let programme = programme();
    let moments: Vec<Moment> = (0..=rounds).map(|round| moment(round as i64 * STEP)).collect();

    let mut best = [f64::INFINITY; 4];
    let (mut events, mut weight, mut left, mut asked) = (0_u64, 0_u64, 0_u64, [0; 4]);
    for _ in 0..runs {
        let mut times = [0.0; 4];
        (events, weight, left, asked) = (0, 0, 0, [0; 4]);
        for first in (0..members).step_by(GROUP) {
            let group = first..members.min(first + GROUP);
            let deeds: Vec<Vec<Deed>> = group.clone().map(|member| deeds(member, rounds)).collect();
            // What a caller has in hand before it asks: the commands and their names.
            let commands: Vec<Vec<(CommandId, Command)>> = deeds.iter().map(|deeds| commands(deeds)).collect();

            let start = Instant::now();
            let bare: Vec<u64> = deeds.iter().map(|deeds| bare(black_box(deeds))).collect();
            times[0] += start.elapsed().as_secs_f64();

            let before = bytes::asked();
            let start = Instant::now();
            let logged: Vec<Logged> =
                deeds.iter().zip(&commands).map(|(deeds, commands)| logged(black_box(deeds), commands)).collect();
            times[1] += start.elapsed().as_secs_f64();
            asked[1] += bytes::asked() - before;
            assert!(logged.iter().map(Logged::left).eq(bare.iter().copied()), "the loops leave different points");
            drop(logged);

            for (way, quiet) in [(2, true), (3, false)] {
                let mut accounts: Vec<Account> = group.clone().map(account).collect();
                let (before, before_asked) = (bytes::live(), bytes::asked());
                let start = Instant::now();
                let mut happened = 0;
                for (account, commands) in accounts.iter_mut().zip(&commands) {
                    happened += run(account, &programme, &moments, commands, quiet);
                }
                times[way] += start.elapsed().as_secs_f64();
                asked[way] += bytes::asked() - before_asked;
                let (end, kind) = (moments[rounds], name("points"));
                let points: Vec<u64> = accounts.iter().map(|account| account.balance(&kind, end).available.units()).collect();
                assert!(points == bare, "the ledger and the bare loop leave different points");
                if quiet {
                    events += happened;
                    weight += bytes::live() - before;
                    left += points.iter().sum::<u64>();
                }
            }
        }
        for (best, time) in best.iter_mut().zip(times) {
            *best = best.min(time);
        }
    }
    let decisions = (members * rounds) as f64;
    println!("{members} members, {rounds} decisions each; {events} events; {left} points left at the end");
    println!("an account after {rounds} decisions: {} bytes", weight / members as u64);
    let ways = ["bare queues of lots", "queues with a log", "ledger, without steps", "ledger, with steps"];
    for ((way, time), asked) in ways.iter().zip(best).zip(asked) {
        let (per, asked) = (time / decisions * 1e9, asked as f64 / decisions);
        let (bare, log) = (time / best[0], time / best[1]);
        println!("{way:22} {time:8.3} s {per:6.0} ns a decision {bare:7.2} × bare {log:6.2} × log {asked:6.1} allocations");
    }
    println!("events a second, without steps: {:.0}", events as f64 / best[2]);
    let lots: usize = number("--lots").unwrap_or(if test { 1_000 } else { 10_000 });
    if lots > 0 {
        many_lots(&programme, lots, runs);
    }
}

/// What lots that are alive add to the time of a decision: an account earns, spends and gives back, first with few of them.
fn many_lots(programme: &Programme, many: usize, runs: usize) {
    const DECISIONS: usize = 999;
    let source = |number: usize| SourceId::new(&format!("order-{number}")).unwrap();
    let id = |number: usize| CommandId::new(&format!("command-{number}")).unwrap();
    let earn = |number: usize| {
        let line = Line::new(name("1"), name("item"), Money::from_minor(1_000, Currency::EUR));
        Command::Earn { source: source(number), basket: Basket::new(moment(0), vec![line]).unwrap() }
    };
    let mut few = f64::NAN;
    for lots in [10, many] {
        let mut account = account(0);
        for number in 0..lots {
            account.execute_quietly(programme, moment(0), &id(number), &earn(number)).unwrap();
        }
        let deeds: Vec<(CommandId, Command)> = (lots..lots + DECISIONS)
            .map(|number| {
                let command = match (number - lots) % 3 {
                    0 => earn(number),
                    1 => Command::Redeem { source: source(number), kind: name("points"), points: Points::new(15), order: None },
                    _ => Command::CancelRedemption { source: source(number - 1), points: None },
                };
                (id(number), command)
            })
            .collect();
        let mut best = f64::INFINITY;
        for _ in 0..runs {
            let mut account = account.clone();
            let start = Instant::now();
            run(&mut account, programme, &[moment(0); DECISIONS], &deeds, true);
            best = best.min(start.elapsed().as_secs_f64() / DECISIONS as f64 * 1e9);
        }
        few = few.min(best);
        println!("with {lots:6} lots alive {best:8.0} ns a decision {:6.2} × as with few", best / few);
    }
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn programme() -> Programme {
    let expiry = Expiry::after(Life::Days(DAYS), RoundUp::None);
    let give = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse().unwrap() };
    let rules = vec![Rule::new(name("base"), name("points"), Trigger::Purchase, give)];
    let earning = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades: vec![], rules };
    let kinds = vec![Kind::spendable(name("points"), expiry)];
    Programme::new(Terms::new(name("1"), Zone::UTC, Currency::EUR, kinds, EarningRules::new(earning).unwrap())).unwrap()
}

fn moment(day: i64) -> Moment {
    "2026-01-01T12:00:00Z".parse::<Moment>().unwrap().plus_minutes(day * 24 * 60).unwrap()
}

fn account(member: usize) -> Account {
    Account::new(AccountId::new(&member.to_string()).unwrap(), moment(0))
}

fn deeds(member: usize, rounds: usize) -> Vec<Deed> {
    let mut state = (member as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    (0..rounds).map(|_| if next(3) == 0 { Deed::Redeem(1 + next(60)) } else { Deed::Earn(500 + next(15_000) as i64) }).collect()
}

fn commands(deeds: &[Deed]) -> Vec<(CommandId, Command)> {
    let command = |(round, deed): (usize, &Deed)| {
        let source = SourceId::new(&format!("order-{round}")).unwrap();
        let command = match *deed {
            Deed::Earn(cents) => {
                let line = Line::new(name("1"), name("item"), Money::from_minor(cents, Currency::EUR));
                Command::Earn { source, basket: Basket::new(moment(round as i64 * STEP), vec![line]).unwrap() }
            }
            Deed::Redeem(points) => Command::Redeem { source, kind: name("points"), points: Points::new(points), order: None },
        };
        (CommandId::new(&format!("command-{round}")).unwrap(), command)
    };
    deeds.iter().enumerate().map(command).collect()
}

/// The ledger: the events of a member.
fn run(account: &mut Account, programme: &Programme, moments: &[Moment], commands: &[(CommandId, Command)], quiet: bool) -> u64 {
    let mut events = 0;
    for ((id, command), &at) in commands.iter().zip(moments) {
        let decision =
            if quiet { account.execute_quietly(programme, at, id, command) } else { account.execute(programme, at, id, command) };
        match decision {
            Ok(decision) => events += black_box(decision).events().count() as u64,
            Err(Rejection::Insufficient { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    events
}

/// What the loop with a log keeps of a member.
#[derive(Default)]
struct Logged {
    /// Number, end and points.
    lots: VecDeque<(u32, i64, u64)>,
    log: Vec<(CommandId, SourceId, Vec<(u32, u64)>)>,
    seen: BTreeSet<CommandId>,
    end: i64,
}

impl Logged {
    fn left(&self) -> u64 {
        self.lots.iter().filter(|lot| lot.1 > self.end).map(|lot| lot.2).sum()
    }
}

/// The bare loop with what an audit asks for at least: which command drew what from which lot, and that no command counts twice.
fn logged(deeds: &[Deed], commands: &[(CommandId, Command)]) -> Logged {
    let Logged { mut lots, mut log, mut seen, .. } = Logged::default();
    for (round, (deed, (id, command))) in deeds.iter().zip(commands).enumerate() {
        let day = round as i64 * STEP;
        while lots.front().is_some_and(|lot| lot.1 <= day) {
            lots.pop_front();
        }
        let (Command::Earn { source, .. } | Command::Redeem { source, .. }) = command else { continue };
        if !seen.insert(id.clone()) {
            continue;
        }
        let mut draws = Vec::new();
        match *deed {
            Deed::Earn(cents) => {
                let number = log.len() as u32;
                draws.push((number, (cents / 100) as u64));
                lots.push_back((number, day + i64::from(DAYS) + 1, (cents / 100) as u64));
            }
            Deed::Redeem(points) => {
                if lots.iter().map(|lot| lot.2).sum::<u64>() < points {
                    continue;
                }
                let mut rest = points;
                while rest > 0 {
                    let Some(lot) = lots.front_mut() else { break };
                    let part = lot.2.min(rest);
                    (lot.2, rest) = (lot.2 - part, rest - part);
                    draws.push((lot.0, part));
                    if lot.2 == 0 {
                        lots.pop_front();
                    }
                }
            }
        }
        log.push((id.clone(), source.clone(), draws));
    }
    Logged { lots, log, seen, end: deeds.len() as i64 * STEP }
}

/// The least that does the same: a queue of lots, the first to expire first.
fn bare(deeds: &[Deed]) -> u64 {
    let mut lots: VecDeque<(i64, u64)> = VecDeque::new();
    let expire = |lots: &mut VecDeque<(i64, u64)>, day: i64| {
        while lots.front().is_some_and(|lot| lot.0 <= day) {
            lots.pop_front();
        }
    };
    for (round, deed) in deeds.iter().enumerate() {
        let day = round as i64 * STEP;
        expire(&mut lots, day);
        match *deed {
            Deed::Earn(cents) => lots.push_back((day + i64::from(DAYS) + 1, (cents / 100) as u64)),
            Deed::Redeem(points) => {
                if lots.iter().map(|lot| lot.1).sum::<u64>() < points {
                    continue;
                }
                let mut rest = points;
                while rest > 0 {
                    let Some(lot) = lots.front_mut() else { break };
                    let part = lot.1.min(rest);
                    lot.1 -= part;
                    rest -= part;
                    if lot.1 == 0 {
                        lots.pop_front();
                    }
                }
            }
        }
    }
    expire(&mut lots, deeds.len() as i64 * STEP);
    lots.iter().map(|lot| lot.1).sum()
}
