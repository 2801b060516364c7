//! Laws of one account, tried out on histories of all sorts: what may be split, swapped and undone, and what time does by itself.
#![allow(clippy::panic, clippy::std_instead_of_core, clippy::unwrap_used)]

use chrono::NaiveDate;
use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, CostBasis, Expiry, HoldId, Points, PoolPolicy, Programme, SourceId,
        account::{Balance, Grant, Part, ReturnedPart},
        accounting::RollForward,
        earning::{Basis, EarningPolicy, EarningRules, Known, Occurrence},
        history::{Axis, as_of},
        ladder::{Ladder, StatusCredits, StatusState},
        programme::{Kind, Shortfall, Terms},
        testkit::{Breach, Play, Step, generate, laws},
    },
    money::{Currency, Ratio, Rounding},
    quantity::Name,
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestCaseResult, TestError, TestRunner},
};
use std::cell::Cell;

type Numbers = (Vec<u16>, Vec<Vec<u16>>, Vec<u16>);

fn picks(numbers: &[u16]) -> impl FnMut(u64) -> u64 {
    let mut left = numbers.iter();
    move |bound| left.next().map_or(0, |number| u64::from(*number) % bound)
}

fn history((programme, steps, _): &Numbers) -> Play {
    let programme = generate::programme(0, &mut picks(programme)).unwrap();
    let mut play = Play::new(programme, "2026-01-01T09:00:00Z".parse().unwrap()).unwrap().with_revisions();
    let mut done = Vec::new();
    for numbers in steps {
        done.push(play.next(&mut picks(numbers)).unwrap());
        if let Err(breach) = play.take(&done[done.len() - 1]) {
            panic!("{breach}\nafter {done:#?}");
        }
    }
    play
}

/// Checks a law after histories. It must have something to say in at least so many of them.
fn holds(least: u32, law: impl Fn(&Play, &mut dyn FnMut(u64) -> u64) -> Result<bool, Breach>) {
    let numbers = (vec(any::<u16>(), 0..160), vec(vec(any::<u16>(), 12..40), 1..20), vec(any::<u16>(), 0..80));
    let said = Cell::new(0);
    let case = |numbers: Numbers| -> TestCaseResult {
        let play = history(&numbers);
        let spoke = law(&play, &mut picks(&numbers.2)).map_err(|breach| TestCaseError::fail(format!("{breach}")))?;
        said.set(said.get() + u32::from(spoke));
        Ok(())
    };
    let config = Config { cases: 200, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    match TestRunner::new(config).run(&numbers, case) {
        Ok(()) => {}
        Err(TestError::Fail(why, numbers)) => panic!("{why}\nin {numbers:?}"),
        Err(abort) => panic!("{abort}"),
    }
    assert!(said.get() >= least, "only {} of 200 histories fit the law", said.get());
}

fn now(play: &Play) -> Moment {
    play.model().now()
}

fn points() -> Name {
    Name::new("points").unwrap()
}

fn source(text: &str) -> SourceId {
    SourceId::new(text).unwrap()
}

/// Lets the account have points to speak of.
fn with_points(play: &Play, pick: &mut dyn FnMut(u64) -> u64) -> Account {
    let (programme, account, _) = play.parts();
    let mut account = account.clone();
    for i in 0..3 {
        let grant = Grant {
            kind: points(),
            points: Points::new(pick(9) + 1),
            pending: None,
            expiry: [None, Some(Expiry::Never)][usize::try_from(pick(2)).unwrap()],
            cost: Some(CostBasis(u32::try_from(pick(3)).unwrap())),
            reason: "a law".into(),
        };
        let command = Command::Grant { source: source(&format!("own {i}")), grant };
        account.execute(programme, now(play), &CommandId::new(&format!("own {i}")).unwrap(), &command).unwrap();
    }
    account
}

fn a_return(play: &Play, pick: &mut dyn FnMut(u64) -> u64) -> Option<(SourceId, Vec<ReturnedPart>)> {
    let sources: Vec<&SourceId> = play.model().sources().filter(|source| play.model().lines(source).count() > 0).collect();
    let source = *sources.get(usize::try_from(pick(sources.len().max(1) as u64)).unwrap())?;
    let lines: Vec<_> = play.model().lines(source).collect();
    let part = |(line, units, paid): &(&Name, u32, i64), part: u64| ReturnedPart {
        line: (*line).clone(),
        part: match part {
            0 => Part::Units(1),
            1 => Part::Units(*units),
            _ => Part::Amount(format!("{}.{:02} EUR", paid / 3 / 100, paid / 3 % 100).parse().unwrap()),
        },
    };
    let chosen = 1 + pick(3);
    let parts = (0..chosen).map(|_| part(&lines[usize::try_from(pick(lines.len() as u64)).unwrap()], pick(3))).collect();
    Some((source.clone(), parts))
}

#[test]
fn time_passes_by_itself() {
    holds(200, |play, pick| {
        let (programme, account, _) = play.parts();
        let middle = now(play).plus_minutes(i64::try_from(pick(20 * 24 * 60)).unwrap())?;
        let later = middle.plus_minutes(i64::try_from(pick(40 * 24 * 60)).unwrap())?;
        laws::check_time(account, programme, middle, later).map(|()| true)
    });
}

#[test]
fn points_expire_as_scheduled() {
    holds(30, |play, pick| laws::check_schedule(&with_points(play, pick), &points(), now(play)));
}

#[test]
fn spending_can_be_split_and_swapped() {
    holds(15, |play, pick| {
        let account = with_points(play, pick);
        laws::check_spending(&account, play.parts().0, now(play), &points(), [1 + pick(4), 1 + pick(6)])
    });
}

#[test]
fn a_cancelled_redemption_never_was() {
    holds(5, |play, pick| {
        let (programme, ..) = play.parts();
        let account = with_points(play, pick);
        let mut between = Vec::new();
        let mut at = now(play);
        for i in 0..4 {
            at = at.plus_minutes(i64::try_from(pick(8) * pick(24 * 60)).unwrap())?;
            let command = match pick(3) {
                0 => Command::Earn {
                    source: source(&format!("between {i}")),
                    basket: generate::basket(programme, at, &mut &mut *pick).unwrap(),
                },
                1 => Command::Return {
                    source: source(&format!("own {}", pick(3))),
                    document: source(&format!("{i}")),
                    parts: vec![],
                },
                _ => match a_return(play, pick) {
                    Some((source, parts)) => Command::Return { source, document: self::source(&format!("{i}")), parts },
                    None => Command::Tick,
                },
            };
            between.push((at, command));
        }
        laws::check_undoing(&account, programme, now(play), &points(), 1 + pick(12), &between)
    });
}

#[test]
fn a_return_can_be_split_and_swapped() {
    holds(20, |play, pick| {
        let (programme, account, _) = play.parts();
        let Some((source, parts)) = a_return(play, pick) else { return Ok(false) };
        laws::check_returning(account, programme, now(play), &source, &parts)
    });
}

#[test]
fn spending_and_returning_can_be_swapped() {
    holds(10, |play, pick| {
        let account = with_points(play, pick);
        let own = source(&format!("own {}", pick(3)));
        let (source, parts) = if pick(2) == 0 { (own, vec![]) } else { a_return(play, pick).unwrap_or((own, vec![])) };
        laws::check_order(&account, play.parts().0, now(play), (&points(), 1 + pick(8)), (&source, &parts))
    });
}

#[test]
fn a_hold_gives_back_what_it_took() {
    holds(25, |play, pick| {
        let account = with_points(play, pick);
        let until = now(play).plus_minutes(1 + i64::try_from(pick(15 * 24 * 60)).unwrap())?;
        laws::check_hold(&account, play.parts().0, now(play), &points(), 1 + pick(8), until)
    });
}

/// Lots as a bare list, spent in an order of one's choosing; what is over by then is lost.
fn bare(lots: &[(u64, u64)], requests: &[(u64, u64)], first: impl Fn(&(u64, u64), usize) -> (u64, usize)) -> (u64, u64) {
    let mut left: Vec<(u64, u64)> = lots.to_vec();
    let mut spent = 0;
    for (day, points) in requests {
        let mut order: Vec<usize> = (0..left.len()).filter(|&i| left[i].1 > *day).collect();
        order.sort_by_key(|&i| first(&left[i], i));
        let mut missing = *points;
        if order.iter().map(|&i| left[i].0).sum::<u64>() < missing {
            continue;
        }
        for i in order {
            let part = left[i].0.min(missing);
            (left[i].0, missing) = (left[i].0 - part, missing - part);
        }
        spent += points;
    }
    (spent, left.iter().map(|(points, _)| points).sum())
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    /// Whoever always asks for all that is there up to so many loses least by spending what expires first; the account does that.
    #[test]
    fn soonest_expiry_first_never_loses(lots in vec((1_u64..9, 1_u64..12), 1..6), mut requests in vec((0_u64..11, 1_u64..6), 1..8)) {
        requests.sort_unstable();
        let programme: Programme = generate::programme(0, &mut |_| 0).unwrap();
        let start: Moment = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut account = Account::new(AccountId::new("a").unwrap(), start);
        let run = |account: &mut Account, at: Moment, name: &str, command: Command| {
            account.execute(&programme, at, &CommandId::new(name).unwrap(), &command).is_ok()
        };
        for (i, (number, days)) in lots.iter().enumerate() {
            let day = start.date() + chrono::Days::new(days - 1);
            let grant = Grant {
                kind: points(), points: Points::new(*number), pending: None, expiry: Some(Expiry::On(day)), cost: None, reason: "x".into(),
            };
            let command = Command::Grant { source: source(&format!("g{i}")), grant };
            let credited = run(&mut account, start, &format!("g{i}"), command);
            prop_assert!(credited);
        }
        let mut spent = 0;
        for (i, (day, number)) in requests.iter().enumerate() {
            let at = start.plus_minutes(i64::try_from(day * 24 * 60).unwrap()).unwrap();
            let command = Command::Redeem { source: source(&format!("s{i}")), kind: points(), points: Points::new(*number), order: None };
            spent += if run(&mut account, at, &format!("s{i}"), command) { number } else { &0 };
        }
        let end = start.plus_minutes(20 * 24 * 60).unwrap();
        let _ = run(&mut account, end, "end", Command::Tick);
        let expired = account.totals(&points()).expired.units();
        let soonest = bare(&lots, &requests, |(_, expires), i| (*expires, i));
        prop_assert_eq!((spent, expired), soonest);
        let mut all_served = true;
        for other in [bare(&lots, &requests, |_, i| (0, i)), bare(&lots, &requests, |_, i| (0, usize::MAX - i))] {
            all_served &= other.0 == requests.iter().map(|(_, points)| points).sum::<u64>();
            if all_served {
                prop_assert!(spent >= other.0 && expired <= other.1);
            }
        }
    }
}

/// A deed with the few points of one kind that are there, by name.
fn deed(play: &Play, (what, number, name): (u8, u64, u8)) -> Command {
    let (kind, points, number) = (points(), Points::new(1 + number), usize::from(name));
    let hold = HoldId::new(&name.to_string()).unwrap();
    match what {
        0 => {
            let grant = Grant { kind, points, pending: None, expiry: None, cost: None, reason: "x".into() };
            Command::Grant { source: source(&format!("g{number}")), grant }
        }
        1 => Command::Redeem { source: source(&format!("s{number}")), kind, points, order: None },
        2 => Command::CancelRedemption { source: source(&format!("s{number}")), points: (name % 2 == 0).then_some(points) },
        3 => Command::Hold { hold, kind, points, order: None, until: now(play).plus_minutes(60).unwrap() },
        4 => Command::Release { hold },
        5 => Command::Capture { hold, source: source(&format!("s{number}")), points },
        _ => Command::Return { source: source(&format!("g{number}")), document: source("d"), parts: vec![] },
    }
}

/// Points spent and set aside, returned and come back in every order, under every policy of what is missing: as the model says, and as if
/// those that came back had never been away.
#[test]
fn what_comes_back_had_never_left() {
    // Three grants, and what became of them; then something is away while there are more grants and returns.
    let deeds = vec((prop_oneof![Just(0_u8), 1_u8..9], 0_u64..5, 0_u8..5), 0..12);
    let granted = [0, 1, 2].map(|name| (Just(0_u8), 1_u64..6, Just(name)));
    let between = vec((prop_oneof![Just(0_u8), Just(6), Just(6)], 0_u64..5, 0_u8..8), 1..7);
    let said = Cell::new(0);
    let case = |(shortfall, granted, before, (spent, between)): (usize, [_; 3], Vec<_>, (u64, Vec<_>))| {
        let limited = Shortfall::Debt { limit: Some(Points::new(3)) };
        let shortfall =
            [Shortfall::WithinBalance, limited, Shortfall::Debt { limit: None }, Shortfall::PendingOnly, limited][shortfall];
        let kind = Kind { shortfall, ..Kind::spendable(points(), Expiry::Never) };
        let rules = EarningRules::new(EarningPolicy {
            basis: Basis::NET,
            rounding: Rounding::Floor,
            times_at_most: None,
            grades: vec![],
            rules: vec![],
        });
        let terms = Terms::new(Name::new("1").unwrap(), Zone::UTC, Currency::EUR, vec![kind], rules.unwrap());
        let mut play = Play::new(Programme::new(terms).unwrap(), "2026-01-01T09:00:00Z".parse().unwrap()).unwrap();
        for numbers in granted.into_iter().chain(before) {
            let step = Step::Send(Box::new(deed(&play, numbers)));
            play.take(&step).map_err(|breach| TestCaseError::fail(format!("{breach}")))?;
        }
        let (programme, account, _) = play.parts();
        let between: Vec<(Moment, Command)> = between.into_iter().map(|numbers| (now(&play), deed(&play, numbers))).collect();
        let spoke = laws::check_undoing(account, programme, now(&play), &points(), 1 + spent, &between)
            .map_err(|breach| TestCaseError::fail(format!("{breach}")))?;
        said.set(said.get() + u32::from(spoke));
        Ok(())
    };
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    let numbers = (0_usize..5, granted, deeds, (0_u64..8, between));
    TestRunner::new(config).run(&numbers, case).unwrap();
    assert!(said.get() > 700, "only {} of 1,500 histories fit the law", said.get());
}

/// What a member had at a moment and what the books say of it are one.
#[test]
fn the_books_by_effective_time_are_what_the_log_looks_back_on() {
    holds(50, |play, pick| {
        let (_, account, log) = play.parts();
        let Some(last) = account.last() else { return Ok(false) };
        for _ in 0..6 {
            let minutes = i64::try_from(pick(60 * 24 * 60)).unwrap();
            let begin = log.get(usize::try_from(pick(log.len() as u64)).unwrap()).map_or(last, |record| record.at);
            let at = begin.plus_minutes(if pick(2) == 0 { 0 } else { minutes - 30 * 24 * 60 })?;
            let view = as_of(account.id(), play.joined(), log, at, last.max(at))?;
            for kind in account.kinds() {
                // The end of a period is not in it.
                let next = Moment::new(at.local() + chrono::TimeDelta::seconds(1), at.offset_minutes())?;
                let mut books = RollForward::new(kind.clone(), next, next, Axis::Effective).unwrap();
                books.push(log).unwrap();
                let Balance { available, pending, held, .. } = view.balances.get(kind).copied().unwrap_or_default();
                let there: i128 = [available, pending, held].map(|points| i128::from(points.units())).iter().sum();
                if there != books.closing() {
                    let law = "the books are what the log looks back on";
                    let (one, other) = (format!("{there} {kind} at {at}"), format!("{} in the books of {log:#?}", books.closing()));
                    return Err(Breach::Differs { law, one, other });
                }
            }
        }
        Ok(true)
    });
}

/// Two accounts with points to speak of; the second has its history, if there was one.
fn two_accounts(play: &Play, pick: &mut dyn FnMut(u64) -> u64) -> [Account; 2] {
    let new = || Account::new(AccountId::new("second").unwrap(), now(play));
    let mut second = play.other().map_or_else(new, |other| other.parts().1.clone());
    for i in 0..2 {
        let expiry = [None, Some(Expiry::Never)][usize::try_from(pick(2)).unwrap()];
        let points = Points::new(pick(9) + 1);
        let grant = Grant { kind: self::points(), points, pending: None, expiry, cost: None, reason: "a law".into() };
        let (source, id) = (source(&format!("theirs {i}")), CommandId::new(&format!("theirs {i}")).unwrap());
        second.execute(play.parts().0, now(play), &id, &Command::Grant { source, grant }).unwrap();
    }
    [with_points(play, pick), second]
}

#[test]
fn a_merger_makes_and_loses_no_points() {
    holds(60, |play, pick| {
        let [one, two] = two_accounts(play, pick);
        laws::check_merge(&one, &two, play.parts().0, now(play))
    });
}

#[test]
fn it_does_not_matter_which_accounts_are_merged_first() {
    holds(50, |play, pick| {
        let [one, two] = two_accounts(play, pick);
        let mut three = Account::new(AccountId::new("third").unwrap(), now(play));
        let basket = generate::basket(play.parts().0, now(play), &mut &mut *pick).unwrap();
        let command = Command::Earn { source: source("third"), basket };
        three.execute(play.parts().0, now(play), &CommandId::new("third").unwrap(), &command).unwrap();
        laws::check_merge_order([&one, &two, &three], play.parts().0, now(play))
    });
}

#[test]
fn a_transfer_makes_and_loses_no_points() {
    holds(20, |play, pick| {
        let [one, two] = two_accounts(play, pick);
        let number = Points::new(1 + pick(8));
        laws::check_transfer(&one, &two, play.parts().0, now(play), &points(), number)
    });
}

#[test]
fn a_referral_rewards_both_or_neither() {
    holds(50, |play, pick| {
        let [one, two] = two_accounts(play, pick);
        let on = now(play).plus_minutes(-i64::try_from(pick(3) * 24 * 60).unwrap())?;
        laws::check_referral(&one, &two, play.parts().0, now(play), &source("a friend"), on)
    });
}

#[test]
fn a_pool_gives_what_is_wanted_and_gets_its_own_back() {
    holds(25, |play, pick| {
        let [one, two] = two_accounts(play, pick);
        let policy = [PoolPolicy::InTurn, PoolPolicy::ProRata, PoolPolicy::SoonestExpiry][usize::try_from(pick(3)).unwrap()];
        let (number, order) = (Points::new(1 + pick(14)), Some("1000.00 EUR".parse().unwrap()));
        laws::check_pool(&[&one, &two], play.parts().0, now(play), &source("a pool"), &points(), number, order, policy)
    });
}

#[test]
fn spending_changes_no_status() {
    holds(20, |play, pick| {
        let account = with_points(play, pick);
        laws::check_status_stays(&account, play.parts().0, now(play), &points(), 1 + pick(6))
    });
}

#[test]
fn the_status_is_what_the_log_says_at_any_later_time() {
    holds(30, |play, pick| {
        let (programme, account, log) = play.parts();
        let later = now(play).plus_minutes(i64::try_from(pick(150 * 24 * 60)).unwrap())?;
        laws::check_standing(account, play.joined(), log, programme, now(play), later)
    });
}

#[test]
fn the_books_chain_and_close_with_what_is_there() {
    holds(200, |play, pick| {
        let (programme, account, log) = play.parts();
        let mut accounts = vec![(account, log)];
        accounts.extend(play.closed().iter().map(|(account, log)| (account, &**log)));
        accounts.extend(play.other().map(|other| (other.parts().1, other.parts().2)));
        let mut moments =
            [0, 1, 2].map(|_| now(play).plus_minutes(i64::try_from(pick(90 * 24 * 60)).unwrap() - 60 * 24 * 60).unwrap());
        moments.sort();
        let point = Ratio::new(1, i128::from(1 + pick(150))).unwrap();
        for kind in &programme.terms().kinds {
            laws::check_books(&accounts, &kind.name, moments, (point, Currency::EUR))?;
        }
        Ok(true)
    });
}

/// Something that happens on one of a few days, of which the rules of a programme may speak.
fn occurrence(programme: &Programme, pick: &mut dyn FnMut(u64) -> u64) -> Occurrence {
    let start: Moment = "2026-01-30T09:00:00Z".parse().unwrap();
    let at = start.plus_minutes(i64::try_from(pick(4) * 24 * 60).unwrap()).unwrap();
    if pick(4) == 3 {
        let units = u32::try_from(1 + pick(3)).unwrap().try_into().unwrap();
        return Occurrence::Activity { activity: Name::new("review").unwrap(), at, units, labels: [].into() };
    }
    Occurrence::Purchase(generate::basket(programme, at, &mut &mut *pick).unwrap())
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn awards_add_up_in_any_order(numbers in vec(any::<u16>(), 0..160), more in vec(any::<u16>(), 0..60), first in any::<bool>()) {
        let programme = generate::programme(0, &mut picks(&numbers)).unwrap();
        let occurrence = occurrence(&programme, &mut picks(&more));
        let known = Known { first_purchase: first, ..Known::default() };
        laws::check_award(&programme.terms().earning, &programme.terms().zone, &occurrence, &known).unwrap();
    }
}

/// Checks a law of programmes. It must have something to say in at least so many of 400.
fn rules_hold(least: u32, law: impl Fn(&Programme, &mut dyn FnMut(u64) -> u64) -> Result<bool, Breach>) {
    let said = Cell::new(0);
    let case = |(numbers, more): (Vec<u16>, Vec<u16>)| {
        let programme = generate::programme(0, &mut picks(&numbers)).unwrap();
        let spoke = law(&programme, &mut picks(&more))
            .map_err(|breach| TestCaseError::fail(format!("{breach} under {}", serde_json::to_string(&programme).unwrap())))?;
        said.set(said.get() + u32::from(spoke));
        Ok(())
    };
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&(vec(any::<u16>(), 0..160), vec(any::<u16>(), 0..160)), case).unwrap();
    assert!(said.get() >= least, "only {} of 400 programmes fit the law", said.get());
}

#[test]
fn no_window_gives_more_than_its_cap() {
    rules_hold(25, |programme, pick| {
        let occurrences: Vec<Occurrence> = (0..6).map(|_| occurrence(programme, pick)).collect();
        laws::check_caps(&programme.terms().earning, &programme.terms().zone, &occurrences, &Known::default())
    });
}

#[test]
fn to_split_a_purchase_never_pays() {
    rules_hold(7, |programme, pick| {
        let basket = generate::basket(programme, "2026-01-30T09:00:00Z".parse().unwrap(), &mut &mut *pick).unwrap();
        let first = usize::try_from(1 + pick(2)).unwrap();
        laws::check_splitting(&programme.terms().earning, &programme.terms().zone, &basket, first, &Known::default())
    });
}

/// A ladder, a member with some decisions by hand, what counts, and days.
fn climb(pick: &mut dyn FnMut(u64) -> u64) -> (Ladder, StatusState, StatusCredits, [NaiveDate; 3]) {
    let nights = Name::new("nights").unwrap();
    let start: NaiveDate = "2026-01-10".parse().unwrap();
    let mut day = |most: u64| start + chrono::Days::new(pick(most));
    let days = [day(60), day(120), day(150)];
    let mut credits = StatusCredits::new();
    for _ in 0..6 {
        credits.push(&nights, day(90), 1).unwrap();
    }
    let ladder = generate::ladder(&nights, &mut &mut *pick).unwrap();
    let mut state = ladder.join(start).unwrap();
    for _ in 0..pick(3) {
        let on = start + chrono::Days::new(pick(60));
        let intervention = generate::intervention(&nights, on, &mut &mut *pick).unwrap();
        let _ = state.intervene(&ladder, intervention); // some come too late, or twice
    }
    (ladder, state, credits, days)
}

#[test]
fn a_longer_walk_up_the_ladder_is_two_shorter_ones() {
    rules_hold(400, |_, pick| {
        let (ladder, state, credits, [middle, later, _]) = climb(pick);
        laws::check_walk(&ladder, &state, &credits, middle, later).map(|()| true)
    });
}

#[test]
fn more_that_counts_never_gives_a_lower_tier() {
    rules_hold(30, |_, pick| {
        let (ladder, state, credits, [on, day, _]) = climb(pick);
        laws::check_more(&ladder, &state, &credits, (&Name::new("nights").unwrap(), on, 1 + u32::try_from(pick(3)).unwrap()), day)
    });
}

#[test]
fn what_was_taken_back_never_counted() {
    rules_hold(30, |_, pick| {
        let (ladder, state, credits, days) = climb(pick);
        let order = (&Name::new("nights").unwrap(), days[0], 1 + u32::try_from(pick(4)).unwrap());
        laws::check_taking_back(&ladder, &state, &credits, order, [days[0].max(days[1]), days[2]])
    });
}
