//! A log of every format must fold to the same balances for ever.
//!
//! `tests/data/loyalty_log_1.json` was written in format 1 and is never changed: a new format gets a file of its own. While the crate is
//! not published, `UPDATE_GOLDEN=1 cargo test --test loyalty_golden` writes it again; read the difference.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, CostBasis, Decay, Expiry, HoldId, Inactivity, Life, LotId, Pending, Points,
        Programme, RoundUp, SourceId,
        account::{Balance, Grant, Part, Record, ReturnedPart},
        earning::{Basis, Basket, Cap, CapPeriod, EarningPolicy, EarningRules, Give, Line, Rule, Trigger},
        history::as_of,
        ladder::{Action, Counting, Cycle, CycleStart, Intervention, Ladder, LadderTerms, Requirement, TierRule},
        merge,
        programme::{Deed, Kind, Reward, Terms, TransferTerms},
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
    // Every event but those of the other account: received and closed.
    assert_eq!(names.len(), 20, "{names:?}");
    // Until the format changes, the same commands make the same log, digests included.
    assert_eq!(Record::FORMAT, 1);
    assert_eq!(stored, written);
}
