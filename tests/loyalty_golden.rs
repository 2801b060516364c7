//! A log of every format must fold to the same balances for ever.
//!
//! `tests/data/loyalty_log_1.json` and `loyalty_log_1_more.json` were written in format 1 and are never changed: a new format gets files of
//! its own. While the crate is
//! not published, `UPDATE_GOLDEN=1 cargo test --test loyalty_golden` writes it again; read the difference.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, CostBasis, Decay, Expiry, HoldId, Inactivity, Life, LotId, Occasion, Pending,
        Points, Programme, RoundUp, SourceId,
        account::{Balance, Cause, Event, Grant, Part, Record, ReturnedPart},
        earning::{Basis, Basket, Cap, CapPeriod, EarningPolicy, EarningRules, Give, Line, Rule, Side, Trigger},
        history::as_of,
        ladder::{
            Action, Counting, Cycle, CycleStart, Failure, Intervention, Ladder, LadderTerms, Milestone, Reached, Requirement, Span,
            Success, TierRule, UpgradePlan,
        },
        merge,
        programme::{Deed, Kind, Reward, RewardLimit, Shortfall, Terms, TransferTerms},
        transfer,
    },
    money::{Currency, Ratio, Rounding},
};
use std::{collections::BTreeMap, env, fs, path::Path};

mod common;
use common::name;

fn at(text: &str) -> Moment {
    if text.len() == 10 { format!("{text}T12:00:00+01:00") } else { text.into() }.parse().unwrap()
}

fn source(text: &str) -> SourceId {
    SourceId::new(text).unwrap()
}

fn programme() -> Programme {
    let base = Give::PerAmount { points: Points::new(2), per: "1.00 EUR".parse().unwrap() };
    let nights = Give::PerItem(Points::new(1));
    let rule = |text: &str, kind: &str, on: Trigger, give: Give| Rule::new(name(text), name(kind), on, give);
    let caps = [CapPeriod::Order, CapPeriod::Year].map(|per| Cap { per, points: Points::new(100) }).to_vec();
    let rules = vec![
        rule("base", "points", Trigger::Purchase, base),
        rule("nights", "nights", Trigger::Purchase, nights),
        Rule { caps, ..rule("review", "points", Trigger::Activity(name("review")), Give::Fixed(Points::new(15))) },
    ];
    let grades = vec![name("blue"), name("silver")];
    let earning = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades, rules };
    let decay = Decay::new(7, Ratio::new(1, 20).unwrap(), Rounding::Ceiling, Points::new(5), Some(3)).unwrap();
    let points = Kind {
        transfer: Some(TransferTerms::default()),
        inactivity: Some(Inactivity { decay: Some(decay), ..Inactivity::new(Life::Months(6)) }),
        kept_alive_by: [Deed::Purchase, Deed::Redemption].into(),
        cost: CostBasis(400),
        ..Kind::spendable(name("points"), Expiry::after(Life::Months(12), RoundUp::MonthEnd))
    };
    let counting = Counting::Periods { cycle: Cycle { start: CycleStart::Calendar(1), months: 12 }, stands: 1 };
    let tiers = vec![TierRule::new(name("silver"), Requirement::at_least(name("nights"), 3))];
    let ladder = Ladder::new(LadderTerms::new(name("blue"), tiers, counting)).unwrap();
    let kinds = vec![points, Kind::counting(name("nights"))];
    let mut terms = Terms::new(name("2026-1"), Zone::fixed(60).unwrap(), Currency::EUR, kinds, EarningRules::new(earning).unwrap());
    terms.ladder = Some(ladder);
    terms.rewards = vec![Reward {
        name: name("mug"),
        kind: name("points"),
        price: Points::new(30),
        price_by_grade: BTreeMap::new(),
        grades: [].into(),
        from: None,
        until: None,
        limit: None,
    }];
    Programme::new(terms).unwrap()
}

/// A year with every kind of event.
#[allow(clippy::too_many_lines)] // one after the other
fn year() -> Vec<Record> {
    let programme = programme();
    let mut account = Account::new(AccountId::new("m1").unwrap(), at("2026-01-01"));
    let mut other = Account::new(AccountId::new("m2").unwrap(), at("2026-01-01"));
    let mut log = Vec::new();
    let mut number = 0;
    let points = name("points");
    let mut run = |account: &mut Account, log: &mut Vec<Record>, day: &str, command: Command| {
        number += 1;
        let id = CommandId::new(&format!("c{number}")).unwrap();
        log.extend(
            account.execute(&programme, at(day), &id, &command).unwrap_or_else(|e| panic!("{command:?}: {e}")).into_record(),
        );
    };
    let buy = |order: &str, day: &str, prices: &[&str]| {
        let line = |(i, price): (usize, &&str)| Line::new(name(&format!("{i}")), name("room"), price.parse().unwrap());
        Command::Earn {
            source: source(order),
            basket: Basket::new(at(day), prices.iter().enumerate().map(line).collect()).unwrap(),
        }
    };
    let redeem = |order: &str, amount| Command::Redeem {
        source: source(order),
        kind: name("points"),
        points: Points::new(amount),
        order: None,
    };
    let grant = |text: &str, amount, pending| Command::Grant {
        source: source(text),
        grant: Grant {
            kind: name("points"),
            points: Points::new(amount),
            pending,
            expiry: None,
            cost: None,
            reason: "goodwill".into(),
        },
    };
    let hold = |text: &str, until: &str| Command::Hold {
        hold: HoldId::new(text).unwrap(),
        kind: name("points"),
        points: Points::new(20),
        order: None,
        until: at(until),
    };
    run(&mut account, &mut log, "2026-01-10", buy("o1", "2026-01-09", &["40.00 EUR", "60.50 EUR"]));
    run(&mut account, &mut log, "2026-01-11", buy("o2", "2026-01-11", &["25.00 EUR"]));
    run(
        &mut account,
        &mut log,
        "2026-01-12",
        Command::Act {
            source: source("review 1"),
            activity: name("review"),
            units: std::num::NonZeroU32::MIN,
            on: at("2026-01-12"),
            labels: [].into(),
        },
    );
    run(&mut account, &mut log, "2026-01-13", grant("g1", 40, Some(Pending::Confirmation)));
    run(&mut account, &mut log, "2026-01-14", Command::Confirm { source: source("g1") });
    run(&mut account, &mut log, "2026-01-15", redeem("r1", 220));
    run(
        &mut account,
        &mut log,
        "2026-01-16",
        Command::Return {
            source: source("o1"),
            document: source("d1"),
            parts: vec![
                ReturnedPart { line: name("0"), part: Part::Rest },
                ReturnedPart { line: name("1"), part: Part::Amount("30.25 EUR".parse().unwrap()) },
            ],
        },
    );
    run(&mut account, &mut log, "2026-01-17", buy("o3", "2026-01-17", &["90.00 EUR"]));
    run(&mut account, &mut log, "2026-01-18", Command::CancelRedemption { source: source("r1"), points: Some(Points::new(50)) });
    run(&mut account, &mut log, "2026-01-19", hold("h1", "2026-02-01"));
    run(
        &mut account,
        &mut log,
        "2026-01-20",
        Command::Capture { hold: HoldId::new("h1").unwrap(), source: source("r2"), points: Points::new(12) },
    );
    run(&mut account, &mut log, "2026-01-21", hold("h2", "2026-01-25"));
    run(&mut account, &mut log, "2026-01-26", Command::Claim { source: source("r3"), reward: name("mug") });
    run(
        &mut account,
        &mut log,
        "2026-01-27",
        Command::Deduct { kind: points.clone(), points: Points::new(3), reason: "typed twice".into() },
    );
    run(
        &mut account,
        &mut log,
        "2026-01-28",
        Command::MoveExpiry {
            kind: points.clone(),
            lots: [].into(),
            last_day: Some("2027-06-30".parse().unwrap()),
            reason: "courtesy".into(),
        },
    );
    run(
        &mut account,
        &mut log,
        "2026-01-29",
        Command::Intervene(Intervention {
            on: "2026-01-29".parse().unwrap(),
            action: Action::Hold { tier: name("silver"), until: Some("2026-03-01".parse().unwrap()) },
            reason: name("complaint"),
            author: name("service"),
        }),
    );
    let mut unused = Vec::new();
    run(&mut other, &mut unused, "2026-01-29", grant("gift", 70, None));
    let id = CommandId::new("t").unwrap();
    let [sent, received] = transfer(&account, &other, &programme, at("2026-01-30"), &id, &points, Points::new(9)).unwrap();
    log.extend(account.commit(sent).unwrap());
    other.commit(received).unwrap();
    let [absorbed, _] = merge(&account, &other, &programme, at("2026-01-31"), &CommandId::new("m").unwrap()).unwrap();
    log.extend(account.commit(absorbed).unwrap());
    run(&mut account, &mut log, "2026-12-01", Command::Tick);
    run(
        &mut account,
        &mut log,
        "2026-12-02",
        Command::Reinstate {
            kind: points,
            lots: [LotId::new(6).unwrap()].into(),
            last_day: Some("2027-01-31".parse().unwrap()),
            reason: "was ill".into(),
        },
    );
    log
}

#[test]
fn the_log_of_format_1_folds_to_the_same_balances() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/loyalty_log_1.json");
    let written = serde_json::to_string_pretty(&year()).unwrap() + "\n";
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let log: Vec<Record> = serde_json::from_str(&stored).unwrap();
    let account = Account::replay(AccountId::new("m1").unwrap(), at("2026-01-01"), &log).unwrap();
    let balance = |day: &str| account.balance(&name("points"), at(day));
    let of = |available, pending, held, debt| Balance {
        available: Points::new(available),
        pending: Points::new(pending),
        held: Points::new(held),
        debt: Points::new(debt),
    };
    assert_eq!(balance("2026-12-02"), of(70, 0, 0, 0));
    assert_eq!(balance("2027-02-01"), of(0, 0, 0, 0));
    // Worked out by hand: 306 earned, 220 spent; 140 taken back, of which 86 were there; 180 earned, which pay the 54 that are owed; 50 of
    // those spent come back.
    let view = |day: &str| as_of(account.id(), at("2026-01-01"), &log, at(day), at(day)).unwrap();
    for (day, expected) in [
        ("2026-01-13", of(266, 40, 0, 0)),
        ("2026-01-15", of(86, 0, 0, 0)),
        ("2026-01-16", of(0, 0, 0, 54)),
        ("2026-01-17", of(126, 0, 0, 0)),
        ("2026-01-18", of(176, 0, 0, 0)),
        ("2026-01-19", of(156, 0, 20, 0)),
        ("2026-01-20", of(164, 0, 0, 0)),
        ("2026-01-21", of(144, 0, 20, 0)),
        ("2026-01-25", of(164, 0, 0, 0)),
        ("2026-01-27", of(131, 0, 0, 0)),
        ("2026-01-31", of(201, 0, 0, 0)), // 9 sent to the account that came back with 79
        ("2026-07-30", of(190, 0, 0, 0)),
        ("2026-08-20", of(0, 0, 0, 0)),
    ] {
        assert_eq!(view(day).balances[&name("points")], expected, "{day}");
    }
    assert_eq!(view("2026-01-10").tier, None);
    assert_eq!(view("2026-01-11").tier, Some(name("silver")));
    let names: std::collections::BTreeSet<String> = log
        .iter()
        .flat_map(|record| &record.events)
        .map(|happened| serde_json::to_value(&happened.event).unwrap().as_object().unwrap().keys().next().unwrap().clone())
        .collect();
    // Every event but three, which the other log has: received, reclaimed and closed.
    assert_eq!(names.len(), 20, "{names:?}");
    // Until the format changes, the same commands make the same log, digests included.
    assert_eq!(Record::FORMAT, 1);
    assert_eq!(stored, written);
}

/// A scheme with what the other does not have: caps, an occasion, a referral, a gift for a tier, a limited reward, and points that are let go.
fn generous() -> Programme {
    let rule = |text: &str, on: Trigger, points: u64| Rule::new(name(text), name("points"), on, Give::Fixed(Points::new(points)));
    let per = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse().unwrap() };
    let caps =
        vec![Cap { per: CapPeriod::Month, points: Points::new(12) }, Cap { per: CapPeriod::Lifetime, points: Points::new(100) }];
    let rules = vec![
        Rule::new(name("base"), name("points"), Trigger::Purchase, per),
        Rule::new(name("nights"), name("nights"), Trigger::Purchase, Give::PerItem(Points::new(1))),
        Rule { caps, ..rule("review", Trigger::Activity(name("review")), 15) },
        rule("birthday", Trigger::Occasion(name("birthday")), 20),
        rule("friend", Trigger::Referral { side: Side::Referee }, 30),
        rule("welcome", Trigger::Occasion(name("welcome to silver")), 8),
    ];
    let policy = EarningPolicy { rules, ..programme().terms().earning.policy().clone() };
    let points = Kind {
        transfer: Some(TransferTerms::default()),
        shortfall: Shortfall::WithinBalance,
        ..Kind::spendable(name("points"), Expiry::after(Life::Months(12), RoundUp::MonthEnd))
    };
    let mut terms = programme().terms().clone();
    terms.kinds = vec![points, Kind::counting(name("nights"))];
    terms.earning = EarningRules::new(policy).unwrap();
    terms.occasions = BTreeMap::from([(name("birthday"), Occasion::birthday())]);
    let mut ladder = terms.ladder.as_ref().unwrap().terms().clone();
    ladder.milestones = vec![Milestone { name: name("welcome to silver"), reached: Reached::Tier(name("silver")), every: None }];
    terms.ladder = Some(Ladder::new(ladder).unwrap());
    terms.rewards[0].limit = Some(RewardLimit { times: 1, per: CapPeriod::Year });
    Programme::new(terms).unwrap()
}

/// The log of an account that another takes over in the end.
fn another_year() -> Vec<Record> {
    let programme = generous();
    let account = |id: &str| Account::new(AccountId::new(id).unwrap(), at("2026-01-01"));
    let (mut account, mut friend, mut log) = (account("m3"), account("m4"), Vec::new());
    let points = || name("points");
    let grant = |amount| Grant {
        kind: points(),
        points: Points::new(amount),
        pending: None,
        expiry: None,
        cost: None,
        reason: "gift".into(),
    };
    let line = Line { quantity: 3.try_into().unwrap(), ..Line::new(name("0"), name("room"), "50.00 EUR".parse().unwrap()) };
    let decided = |on: &str, action: Action| {
        let (reason, author) = (name("match"), name("desk"));
        Command::Intervene(Intervention { on: on.parse().unwrap(), action, reason, author })
    };
    let plan = UpgradePlan {
        name: name("challenge"),
        tier: name("silver"),
        trial: true,
        window: Span::Days(90),
        target: Requirement::at_least(name("nights"), 2),
        on_success: Success::AsEarned,
        on_failure: Failure::Soften,
        once_in_years: Some(5),
    };
    let related = Action::Relationship { with: name("m9"), tier: name("silver"), until: "2026-12-01".parse().unwrap() };
    let act = |number: u32| Command::Act {
        source: source(&format!("review {number}")),
        activity: name("review"),
        units: std::num::NonZeroU32::MIN,
        on: at("2026-01-05"),
        labels: [].into(),
    };
    let redeem =
        |order: &str, amount| Command::Redeem { source: source(order), kind: points(), points: Points::new(amount), order: None };
    let back = Command::Return { source: source("o1"), document: source("d1"), parts: vec![] };
    let friend_of = AccountId::new("m9").unwrap();
    for (day, command) in [
        ("2026-01-02", decided("2026-01-02", Action::Plan(plan))),
        ("2026-01-03", Command::Earn { source: source("o1"), basket: Basket::new(at("2026-01-03"), vec![line]).unwrap() }),
        (
            "2026-01-04",
            Command::Celebrate { occasion: name("birthday"), key: "birthday 2026".into(), day: "2026-01-02".parse().unwrap() },
        ),
        ("2026-01-05", act(1)),
        ("2026-01-05", act(2)),
        ("2026-01-06", Command::Refer { source: source("f1"), side: Side::Referee, peer: friend_of, on: at("2026-01-06") }),
        ("2026-01-07", Command::Claim { source: source("r1"), reward: name("mug") }),
        ("2026-01-08", redeem("r2", 90)),
        ("2026-01-09", Command::Grant { source: source("g1"), grant: grant(25) }),
        ("2026-01-10", redeem("r3", 20)),
        ("2026-01-11", back), // 5 are there, and 45 are let go
        ("2026-01-12", Command::CancelRedemption { source: source("r3"), points: None }), // 20 of them are owed after all
        ("2026-01-13", decided("2026-01-13", related)),
        ("2026-01-14", decided("2026-01-14", Action::Floor(name("silver")))),
        ("2026-01-14", Command::Grant { source: source("g2"), grant: grant(25) }),
        ("2026-01-15", Command::Void { source: source("g2"), document: source("d2") }),
    ] {
        let id = CommandId::new(&format!("c{}", log.len())).unwrap();
        let decision = account.execute(&programme, at(day), &id, &command).unwrap_or_else(|e| panic!("{command:?}: {e}"));
        log.extend(decision.into_record());
    }
    let gift = Command::Grant { source: source("gift"), grant: grant(70) };
    friend.execute(&programme, at("2026-01-15"), &CommandId::new("g").unwrap(), &gift).unwrap();
    let id = CommandId::new("t").unwrap();
    let [_, received] = transfer(&friend, &account, &programme, at("2026-01-16"), &id, &points(), Points::new(40)).unwrap();
    log.extend(account.commit(received).unwrap());
    let [_, closed] = merge(&friend, &account, &programme, at("2026-01-17"), &CommandId::new("m").unwrap()).unwrap();
    log.extend(account.commit(closed).unwrap());
    log
}

#[test]
fn the_other_log_of_format_1_folds_to_the_same_balances() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/loyalty_log_1_more.json");
    let written = serde_json::to_string_pretty(&another_year()).unwrap() + "\n";
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let log: Vec<Record> = serde_json::from_str(&stored).unwrap();
    let account = Account::replay(AccountId::new("m3").unwrap(), at("2026-01-01"), &log).unwrap();
    assert_eq!(account.closed_into(), Some(&AccountId::new("m4").unwrap()));
    let view = |day: &str| as_of(account.id(), at("2026-01-01"), &log, at(day), at("2026-02-01")).unwrap();
    // By hand: 50 and 8 for silver, 20, 12 of 15 and none of 15, 30: 120. A mug of 30 and 90 leave nothing; of 25 then 20 are spent. The
    // return of 50 finds 5 and lets 45 go; the 20 that come back pay what was let go while they were away. 40 come from a friend.
    for (day, available) in [
        ("2026-01-03", 78), // the birthday of the 2nd was not known yet, and was true
        ("2026-01-05", 90),
        ("2026-01-06", 120),
        ("2026-01-07", 90),
        ("2026-01-08", 0),
        ("2026-01-09", 25),
        ("2026-01-10", 5),
        ("2026-01-11", 0),
        ("2026-01-12", 0),
        ("2026-01-14", 0), // what was granted by mistake
        ("2026-01-16", 40),
        ("2026-01-17", 0),
    ] {
        assert_eq!(
            view(day).balances[&name("points")],
            Balance { available: Points::new(available), ..Balance::default() },
            "{day}"
        );
    }
    assert_eq!(
        (account.forgiven(&name("points")), account.totals(&name("points")).clawed_back),
        (Points::new(25), Points::new(50))
    );
    assert_eq!(view("2026-01-02").tier, Some(name("silver")));
    let events = || log.iter().flat_map(|record| &record.events).map(|happened| &happened.event);
    let has = |what: &dyn Fn(&Event) -> bool| events().any(what);
    assert!(has(&|event| matches!(event, Event::Received { .. })) && has(&|event| matches!(event, Event::Closed { .. })));
    assert!(has(&|event| matches!(event, Event::Reclaimed { .. })) && has(&|event| matches!(event, Event::Voided { .. })));
    let cause = |wanted: &dyn Fn(&Cause) -> bool| has(&|event| matches!(event, Event::Earned(earning) if wanted(&earning.cause)));
    assert!(cause(&|cause| matches!(cause, Cause::Occasion { .. })) && cause(&|cause| matches!(cause, Cause::Referral { .. })));
    assert!(has(&|event| matches!(event, Event::Earned(earning) if earning.caps.len() == 2)));
    assert_eq!(stored, written);
}
