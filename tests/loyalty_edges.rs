//! What careful users ran into: terms that hold everywhere, sums that grow, schemes that change, records that were forged.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    calendar::{CalendarError, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, Decay, Expiry, HoldId, Inactivity, Life, LotId, Pending, Points, Programme,
        Rejection,
        account::{Balance, Corrupt, Event, Grant, Happened, Part, Record, ReturnedPart},
        earning::{Basket, Cap, CapPeriod, CapUse, CapWindow, Condition, Give, Line, Rule, Trigger},
        history::as_of,
        programme::{Kind, ProgrammeError, RedemptionTerms, Shortfall, TransferTerms, Worth},
    },
    money::{Currency, Rounding},
};

mod common;
#[path = "common/desk.rs"]
mod desk;
use common::name;
use desk::{Desk, at, earning, simple, source, terms};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The terms of a kind hold wherever its points are spent.
#[test]
fn holds_and_captures_keep_the_terms() -> Outcome {
    let kind = |most: &str| {
        let worth = Some(Worth { points: Points::new(1), money: "0.01 EUR".parse().unwrap() });
        let (multiple, minimum) = (Points::new(10), Points::new(20));
        let redemption = RedemptionTerms { multiple, minimum, worth, most: Some(most.parse().unwrap()) };
        Kind { redemption, ..Kind::spendable(name("points"), Expiry::Never) }
    };
    let mut desk = Desk::new(Programme::new(terms(kind("1/2")))?);
    desk.grant("2026-01-01", 1_000, None);
    let hold = |points, order: Option<&str>| Command::Hold {
        hold: HoldId::new("h").unwrap(),
        kind: name("points"),
        points: Points::new(points),
        order: order.map(|order| order.parse().unwrap()),
        until: at("2026-02-01"),
    };
    let mut refused = |command: &Command| desk.run("2026-01-02", command).unwrap_err();
    assert_eq!(refused(&hold(100, None)), Rejection::OrderNeeded);
    assert_eq!(refused(&hold(10, Some("9.00 EUR"))), Rejection::BelowMinimum { minimum: Points::new(20) });
    assert_eq!(refused(&hold(60, Some("1.00 EUR"))), Rejection::AboveShare { most: Points::new(50) });
    desk.run("2026-01-02", &hold(100, Some("2.00 EUR")))?;
    let capture = |points| Command::Capture { hold: HoldId::new("h").unwrap(), source: source("o"), points: Points::new(points) };
    let refused = desk.run("2026-01-03", &capture(57)).unwrap_err();
    assert_eq!(refused, Rejection::NotAMultiple { multiple: Points::new(10), usable: Points::new(50) });
    assert_eq!(desk.run("2026-01-03", &capture(50))?.points(), Points::new(50));
    assert_eq!(desk.available("2026-01-03"), 950);

    // A share is exact for every order, or refused when the scheme is made.
    let long = "0.3333333333333333333333333333";
    assert!(matches!(Programme::new(terms(kind(long))), Err(ProgrammeError::BadRedemption(_))));
    let mut desk = Desk::new(Programme::new(terms(kind("333333333333333333/1000000000000000000")))?);
    desk.grant("2026-01-01", 200_000_000_000, None);
    let order = Some("3000000000.00 EUR".parse()?);
    let all = Command::Redeem { source: source("o"), kind: name("points"), points: Points::new(200_000_000_000), order };
    assert_eq!(desk.run("2026-01-02", &all).unwrap_err(), Rejection::AboveShare { most: Points::new(99_999_999_990) });
    Ok(())
}

#[test]
fn a_price_is_lowered_on_many_lines_at_once() -> Outcome {
    let mut desk = Desk::new(simple());
    let primes = [1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061, 1063, 1069, 1087, 1091, 1093, 1097, 1103, 1109, 1117];
    let lines: Vec<(String, String)> =
        primes.iter().map(|p| (format!("l{p}"), format!("{}.{:02} EUR", p / 100, p % 100))).collect();
    let lines: Vec<(&str, &str)> = lines.iter().map(|(line, price)| (line.as_str(), price.as_str())).collect();
    let earned = desk.buy("2026-01-01", "o", &lines)?.points();
    assert_eq!(earned, Points::new(201)); // of 201.54
    let back = |line: &(&str, &str)| ReturnedPart { line: name(line.0), part: Part::Amount("2.00 EUR".parse().unwrap()) };
    let parts = lines.iter().map(back).collect();
    let command = Command::Return { source: source("o"), document: source("d"), parts };
    // 38.00 of 201.54: each line its own share of its own points.
    // In hundredths of points by line 2.00 of p, of p/100 points or a little less: 37.9 of 38.
    assert_eq!(desk.run("2026-01-02", &command)?.points(), Points::new(37));
    let rest = Command::Return { source: source("o"), document: source("all"), parts: vec![] };
    assert_eq!(desk.run("2026-01-03", &rest)?.points(), Points::new(201 - 37));
    Ok(())
}

#[test]
fn a_purchase_in_another_currency_is_refused() {
    let mut desk = Desk::new(simple());
    let refused = desk.buy("2026-01-01", "o", &[("a", "100.00 USD")]).unwrap_err();
    assert_eq!(refused, Rejection::Currency { expected: Currency::EUR, found: Currency::USD });
}

/// A scheme that no longer has a kind still takes back what it gave.
#[test]
fn a_return_needs_no_rule_of_today() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o", &[("a", "50.00 EUR")])?;
    desk.redeem("2026-01-02", "r", 20)?;
    let mut other = terms(Kind::spendable(name("stars"), Expiry::Never));
    other.revision = name("2");
    desk.programme = Programme::new(other)?;
    assert_eq!(desk.give_back("2026-02-01", "o", "a", Part::Rest)?.points(), Points::new(50));
    assert_eq!(desk.balance("2026-02-01"), Balance::default());
    assert_eq!(desk.account.forgiven(&name("points")), Points::new(20));
    desk.account.audit()?;
    Ok(())
}

/// A scheme that begins to take points of those who stay away gives everybody its time from then on, whatever is posted late.
#[test]
fn a_late_fact_threatens_no_points_that_were_safe() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.grant("2026-05-01", 500, None);
    let inactivity = Some(Inactivity::new(Life::Days(60)));
    let mut stricter = terms(Kind { inactivity, ..Kind::spendable(name("points"), Expiry::Never) });
    stricter.revision = name("2");
    desk.programme = Programme::new(stricter)?;
    let basket = Basket::new(at("2026-03-01"), vec![Line::new(name("a"), name("a"), "100.00 EUR".parse()?)])?;
    desk.run("2026-06-01", &Command::Earn { source: source("late"), basket })?;
    assert_eq!((desk.available("2026-06-01"), desk.available("2026-07-31"), desk.available("2026-08-01")), (600, 600, 0));
    Ok(())
}

/// Losses fall where the policy says, and end where they take nothing: nobody writes down twenty years of nothing.
#[test]
fn decay_follows_its_policy_and_ends() -> Outcome {
    let zone: Zone = serde_json::from_str(
        r#"{"offset_minutes":60,"changes":[{"from":"2026-03-29T01:00:00Z","offset_minutes":120},{"from":"2026-10-25T01:00:00Z","offset_minutes":60}]}"#,
    )?;
    let decay = Decay::new(1, "0.05".parse()?, Rounding::Floor, Points::ZERO, None)?;
    let policy = Inactivity { decay: Some(decay), ..Inactivity::new(Life::Days(10)) };
    let mut scheme = terms(Kind { inactivity: Some(policy), ..Kind::spendable(name("points"), Expiry::Never) });
    scheme.zone = zone.clone();
    let mut desk = Desk::new(Programme::new(scheme)?);
    desk.grant("2026-03-15T12:00:00Z", 1_000, None);
    let mut now = at("2026-03-24T00:00:00Z");
    for _ in 0..24 * 20 {
        let expected = policy.left(Points::new(1_000), "2026-03-15".parse()?, now, &zone)?;
        assert_eq!(desk.account.balance(&name("points"), now).available, expected, "{now}");
        now = now.plus_minutes(60)?;
    }
    let years = desk.run("2046-03-15", &Command::Tick)?;
    let left = desk.available("2046-03-15");
    assert_eq!(left, 19); // of 19 points 5 % are none
    assert!(years.events().count() < 100, "{}", years.events().count());
    // Points that come later have their time.
    desk.grant("2046-04-01", 1_000, None);
    assert_eq!((desk.available("2046-04-11"), desk.available("2046-04-12")), (1_019, 969));
    Ok(())
}

/// A record that says two things at once is not taken over, and an account with numbers from nowhere is not read.
#[test]
fn what_contradicts_itself_is_refused() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o", &[("a", "50.00 EUR"), ("b", "10.00 EUR")])?;
    let before = desk.account.clone();
    desk.redeem("2026-01-02", "r", 20)?;
    desk.run(
        "2026-01-03",
        &Command::Hold {
            hold: HoldId::new("h")?,
            kind: name("points"),
            points: Points::new(30),
            order: None,
            until: at("2026-02-01"),
        },
    )?;
    desk.give_back("2026-01-04", "o", "a", Part::Rest)?;
    let [_, redeemed, held, returned] = &desk.log[..] else { panic!() };
    let json = |record: &Record| serde_json::to_value(record).unwrap();
    let refused = |account: &Account, record: serde_json::Value| {
        let record = serde_json::from_value(record).unwrap();
        let mut copy = account.clone();
        let refused = copy.apply(&record).is_err();
        assert_eq!(copy, *account);
        refused
    };
    let mut twice = json(redeemed);
    let again = twice["events"][0].clone();
    twice["events"].as_array_mut().unwrap().push(again);
    for draw in 0..2 {
        twice["events"][draw]["event"]["redeemed"]["from"][0]["points"] = 1.into();
    }
    assert!(refused(&before, twice));
    let after = |records: &[Record]| Account::replay(desk.account.id().clone(), desk.account.joined(), records).unwrap();
    let mut nothing = json(held);
    nothing["events"][0]["event"]["held"]["from"] = serde_json::json!([]);
    assert!(refused(&after(&desk.log[..2]), nothing));
    let mut nowhere = json(returned);
    let clawed = nowhere["events"].as_array_mut().unwrap().iter_mut().find_map(|h| h["event"].get_mut("clawed_back")).unwrap();
    clawed["from"] = serde_json::json!([]);
    assert!(refused(&after(&desk.log[..3]), nowhere));
    let mut lines = json(&desk.log[0]);
    let sold = lines["events"][0]["event"]["earned"]["lines"].as_array_mut().unwrap();
    sold[1] = sold[0].clone();
    assert!(refused(&after(&[]), lines));

    let mut account = serde_json::to_value(&desk.account)?;
    account["seq"] = u64::MAX.into();
    let last: Account = serde_json::from_value(account)?;
    let full = last.decide(&desk.programme, at("2026-05-01"), &CommandId::new("x")?, &Command::Tick);
    assert_eq!(full.unwrap_err(), Rejection::TooMany);
    Ok(())
}

/// A stored account says what came back of a purchase beside what the purchase was: of as many lots, lines and credits, or it is not read.
#[test]
fn what_came_back_is_read_where_it_fits() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o", &[("a", "10.00 EUR"), ("b", "20.00 EUR")])?;
    desk.give_back("2026-01-02", "o", "a", Part::Rest)?;
    let written = serde_json::to_value(&desk.account)?;
    assert_eq!(serde_json::from_value::<Account>(written.clone())?, desk.account);
    assert_eq!(written["awards"]["o"]["back"]["lots"], serde_json::json!([10]));
    for (place, other) in [
        ("/awards/o/back/lots", "[]"),
        ("/awards/o/back/lots", "[10, 0]"),
        ("/awards/o/back/lots/0", "9"),
        ("/awards/o/back/lots/0", "31"),
        ("/awards/o/back/lines", "[[1, 0]]"),
        ("/awards/o/back/lines/0/0", "2"),
        ("/awards/o/back/lines/1/1", "-1"),
        ("/awards/o/back/status", "[0]"),
        ("/awards/o/back", "null"),
        ("/awards/o/earning/lots/0/points", "31"),
        ("/awards/o/earning/lots/0/lines/0/1", "11"),
        ("/awards/o/earning/lines/0/units", "0"),
    ] {
        let mut changed = written.clone();
        *changed.pointer_mut(place).unwrap() = serde_json::from_str(other)?;
        assert!(serde_json::from_value::<Account>(changed).is_err(), "{place}: {other}");
    }
    Ok(())
}

/// The schedule says what will expire, whatever is owed or set aside on the way.
#[test]
fn the_schedule_knows_debts_and_holds() -> Outcome {
    let shortfall = Shortfall::Debt { limit: None };
    let mut desk = Desk::new(Programme::new(terms(Kind { shortfall, ..Kind::spendable(name("points"), Expiry::Never) }))?);
    let schedule = |desk: &Desk, when: &str| -> Vec<(String, u64)> {
        let all = desk.account.expiring(&name("points"), at(when));
        all.iter().map(|entry| (entry.at.date().to_string(), entry.points.units())).collect()
    };
    // 60 are owed when 100 come that can be spent from 1 March, and expire on 1 June: 60 of them pay.
    desk.buy("2026-01-01", "o", &[("a", "60.00 EUR")])?;
    desk.redeem("2026-01-02", "r", 60)?;
    desk.give_back("2026-01-03", "o", "a", Part::Rest)?;
    let grant = Grant {
        kind: name("points"),
        points: Points::new(100),
        pending: Some(Pending::Until(at("2026-03-01"))),
        expiry: Some(Expiry::On("2026-05-31".parse()?)),
        cost: None,
        reason: "test".into(),
    };
    desk.run("2026-01-04", &Command::Grant { source: source("g"), grant })?;
    assert_eq!(schedule(&desk, "2026-01-05"), [("2026-06-01".into(), 40)]);
    // 30 are set aside until 1 July, a month too long.
    let hold = Command::Hold {
        hold: HoldId::new("h")?,
        kind: name("points"),
        points: Points::new(30),
        order: None,
        until: at("2026-07-01"),
    };
    desk.run("2026-03-02", &hold)?;
    assert_eq!(schedule(&desk, "2026-03-02"), [("2026-06-01".into(), 10), ("2026-07-01".into(), 30)]);
    assert_eq!(schedule(&desk, "2026-06-01"), [("2026-07-01".into(), 30)]);
    assert_eq!(schedule(&desk, "2026-07-01"), []);
    Ok(())
}

/// A command can be refused after points have come: by what follows from it. The account is as it was, to the number of the last lot.
#[test]
fn a_refusal_that_comes_late_leaves_nothing() -> Outcome {
    let inactivity = Some(Inactivity::new(Life::Months(12)));
    let mut desk = Desk::new(Programme::new(terms(Kind { inactivity, ..Kind::spendable(name("points"), Expiry::Never) }))?);
    desk.grant("2026-01-01", 100, None);
    let before = desk.account.clone();
    // The deadline of the new points would be in the year 10000; on the way, the others have expired.
    let refused = desk.buy("9999-06-01", "o", &[("a", "10.00 EUR")]).unwrap_err();
    assert_eq!(refused, Rejection::Calendar(CalendarError::OutOfRange));
    assert_eq!(desk.account, before);
    desk.buy("2026-06-01", "o", &[("a", "10.00 EUR")])?;
    assert_eq!(desk.available("2026-06-01"), 110);
    Ok(())
}

/// One sweep empties a lot several times: it had paid for what others owed, and each time one of them pays it back, its time is over.
/// Each time it is known what had lapsed before.
#[test]
fn a_lot_can_be_emptied_more_than_once_in_one_go() -> Outcome {
    let mut desk = Desk::new(simple());
    for (order, until) in [("a", "2026-03-01"), ("b", "2026-03-02"), ("c", "2026-03-03")] {
        desk.buy("2026-01-01", order, &[("x", "10.00 EUR")])?;
        let hold = HoldId::new(order)?;
        let command = Command::Hold { hold, kind: name("points"), points: Points::new(10), order: None, until: at(until) };
        desk.run("2026-01-01", &command)?;
    }
    desk.grant("2026-01-02", 30, Some(Expiry::On("2026-01-31".parse()?)));
    for order in ["a", "b", "c"] {
        desk.give_back("2026-01-03", order, "x", Part::Rest)?;
    }
    assert_eq!(desk.available("2026-01-03"), 0);
    desk.run("2026-04-01", &Command::Tick)?;
    desk.account.audit()?;
    assert_eq!(desk.account.totals(&name("points")).expired, Points::new(30));
    let lots = std::collections::BTreeSet::from([LotId::new(4).unwrap()]);
    let reinstate = Command::Reinstate { kind: name("points"), lots, last_day: None, reason: "goodwill".into() };
    assert_eq!(desk.run("2026-04-02", &reinstate)?.points(), Points::new(30));
    Ok(())
}

/// What was free comes back by units: then it was no purchase, and the next is the first.
#[test]
fn a_free_purchase_that_came_back_was_none() -> Outcome {
    let mut scheme = terms(Kind::spendable(name("points"), Expiry::Never));
    let first = Rule::new(name("first"), name("points"), Trigger::Purchase, Give::Fixed(Points::new(5)));
    scheme.earning = earning(vec![Rule { when: vec![Condition::FirstPurchase], ..first }]);
    let mut desk = Desk::new(Programme::new(scheme)?);
    desk.buy("2026-01-01", "sample", &[("a", "0.00 EUR")])?;
    assert_eq!(
        desk.account.decide(&desk.programme, at("2026-01-02"), &CommandId::new("x")?, &purchase("o")?)?.points(),
        Points::ZERO
    );
    desk.give_back("2026-01-02", "sample", "a", Part::Rest)?;
    assert_eq!(desk.run("2026-01-03", &purchase("o")?)?.points(), Points::new(5));
    assert_eq!(desk.run("2026-01-04", &purchase("p")?)?.points(), Points::ZERO);
    Ok(())
}

fn purchase(order: &str) -> Result<Command, Box<dyn std::error::Error>> {
    let line = Line::new(name("a"), name("a"), "10.00 EUR".parse()?);
    Ok(Command::Earn { source: source(order), basket: Basket::new(at("2026-01-02"), vec![line])? })
}

/// What a rule wanted and what its cap left it is in the record, whether that was all, a part or nothing, and adds up in the account.
#[test]
fn wanted_and_granted_are_both_written_down() -> Outcome {
    let cap = |per, points| Cap { per, points: Points::new(points) };
    let give = Give::PerAmount { points: Points::new(1), per: "3.00 EUR".parse()? };
    let base = Rule::new(name("base"), name("points"), Trigger::Purchase, give);
    let mut scheme = terms(Kind::spendable(name("points"), Expiry::Never));
    scheme.earning = earning(vec![Rule { caps: vec![cap(CapPeriod::Order, 30), cap(CapPeriod::Month, 50)], ..base }]);
    let mut desk = Desk::new(Programme::new(scheme)?);
    for (order, price) in [("a", "50.00 EUR"), ("b", "200.00 EUR"), ("c", "30.00 EUR"), ("d", "2.00 EUR")] {
        desk.buy("2026-01-10", order, &[("x", price)])?;
    }
    let month = Some(CapWindow { per: CapPeriod::Month, from: Some("2026-01-01".parse()?) });
    let of = |record: &Record| match &*record.events {
        [Happened { event: Event::Earned(earning), .. }] => earning.caps.clone(),
        other => panic!("{other:?}"),
    };
    for (record, wanted, granted, words) in [
        (&desk.log[0], "50/3", 16, "16 points (lot 1)"),
        (&desk.log[1], "200/3", 30, "30 points (lot 2); of 200/3 that base wanted to give, its cap left 30"),
        (&desk.log[2], "10", 4, "4 points (lot 3); of 10 that base wanted to give, its cap left 4"),
        (&desk.log[3], "2/3", 0, "nothing"),
    ] {
        let expected =
            |window| CapUse { rule: name("base"), window, wanted: wanted.parse().unwrap(), granted: Points::new(granted) };
        assert_eq!(of(record), [None, month].map(expected));
        assert!(record.events[0].to_string().ends_with(&format!(" earned {words}")), "{}", record.events[0]);
    }
    let written = serde_json::to_value(&desk.account)?;
    assert_eq!(written["caps"][0][1], 50);
    for (place, other) in
        [("/caps/0/1", 49.into()), ("/caps", serde_json::json!([])), ("/awards/c/earning/caps/1/granted", 5.into())]
    {
        let mut changed = written.clone();
        *changed.pointer_mut(place).unwrap() = other;
        let refused = serde_json::from_value::<Account>(changed).unwrap_err().to_string();
        assert!(refused.contains("the caps of base do not add up"), "{place}: {refused}");
    }
    Ok(())
}

/// Of one purchase, what cannot be spent is taken back first: lots that are over come before those that are not.
#[test]
fn what_is_over_comes_back_first() -> Outcome {
    let give = |called: &str| Rule::new(name(called), name("points"), Trigger::Purchase, Give::Fixed(Points::new(10)));
    let mut scheme = terms(Kind::spendable(name("points"), Expiry::Never));
    let short = Rule { expiry: Some(Expiry::On("2026-01-31".parse()?)), ..give("b") };
    scheme.earning = earning(vec![give("a"), short]);
    let mut desk = Desk::new(Programme::new(scheme)?);
    desk.buy("2026-01-01", "o", &[("x", "1.00 EUR")])?;
    desk.redeem("2026-01-02", "r", 5)?;
    let back = desk.give_back("2026-02-05", "o", "x", Part::Rest)?;
    let taken = |event: &Event| match event {
        Event::ClawedBack { owed, from, .. } => Some((owed.lot.number(), from.iter().map(|draw| draw.points.units()).sum::<u64>())),
        _ => None,
    };
    // 5 points of the second lot had been spent, and 5 had lapsed: the first stands in for it.
    assert_eq!(back.events().filter_map(taken).collect::<Vec<_>>(), [(2, 5), (1, 5)]);
    assert_eq!(desk.available("2026-02-05"), 0);
    Ok(())
}

/// Holds that end together end in the order in which they were made, whatever they are called.
#[test]
fn holds_that_end_together_end_in_their_order() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.grant("2026-01-01", 20, None);
    for hold in ["b", "a"] {
        let hold = HoldId::new(hold)?;
        let until = at("2026-02-01");
        desk.run("2026-01-02", &Command::Hold { hold, kind: name("points"), points: Points::new(10), order: None, until })?;
    }
    let ended = desk.run("2026-02-01", &Command::Tick)?;
    let ended = ended.events().filter_map(|event| match event {
        Event::HoldSettled { hold, .. } => Some(hold.as_str()),
        _ => None,
    });
    assert_eq!(ended.collect::<Vec<_>>(), ["b", "a"]);
    Ok(())
}

/// Every contradiction that the audit knows is found by its own name, in an account that is read.
#[test]
fn each_contradiction_is_found_and_named() -> Outcome {
    let give = |kind: &str| {
        let give = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse().unwrap() };
        Rule::new(name(kind), name(kind), Trigger::Purchase, give)
    };
    let mut scheme = terms(Kind::spendable(name("points"), Expiry::Never));
    scheme.kinds.push(Kind::spendable(name("cash"), Expiry::Never));
    scheme.earning = earning(vec![give("points"), give("cash")]);
    scheme.rewards = vec![serde_json::from_str(r#"{"name":"mug","kind":"points","price":5,"limit":{"times":2,"per":"year"}}"#)?];
    let mut desk = Desk::new(Programme::new(scheme)?);
    desk.buy("2026-01-01", "o", &[("a", "50.00 EUR")])?;
    desk.buy("2026-01-01", "p", &[("a", "30.00 EUR")])?;
    desk.run("2026-01-02", &Command::Claim { source: source("mug"), reward: name("mug") })?;
    desk.redeem("2026-01-02", "r", 50)?;
    let (hold, points, until) = (HoldId::new("h")?, Points::new(10), at("2027-01-01"));
    desk.run("2026-01-02", &Command::Hold { hold, kind: name("points"), points, order: None, until })?;
    desk.give_back("2026-01-03", "o", "a", Part::Rest)?; // 15 from the other lot, 35 are owed
    let written = serde_json::to_value(&desk.account)?;
    assert_eq!(serde_json::from_value::<Account>(written.clone())?, desk.account);
    let backwards: Vec<_> = written["book"]["wallets"].as_array().unwrap().iter().rev().cloned().collect();
    let backwards = serde_json::to_string(&backwards)?;
    let [left, clawed_back] = ["/book/wallets/1/lots/0/left", "/book/wallets/1/totals/clawed_back"];
    let [by_lot, by_debt] = ["/book/wallets/1/borne/0/what/points", "/book/wallets/1/borne/1/what/points"];
    let cases: [(&[(&str, &str)], &str); 20] = [
        (&[("/redemptions/r/seq", "0")], "record 0 was never made"),
        (&[("/last", "null")], "record 0 was never made"),
        (&[("/claims/0/1", "2")], "the claims of mug do not add up"),
        (&[("/claims", "[]")], "the claims of mug do not add up"),
        (&[("/book/wallets/1/totals/burned", "54")], "points: 54 points were spent, 55 by the redemptions"),
        (
            &[("/book/wallets/1/totals/burned", "50"), ("/redemptions/mug/kind", r#""stars""#)],
            "stars: 0 points were spent, 5 by the redemptions",
        ),
        (&[("/archive/1/1/left", "5")], "lot 1 is kept in a wrong place"),
        (&[("/book/wallets/0/lots/0/lot", "9")], "lot 9 is kept in a wrong place"),
        (&[("/book/wallets/0/lots/0/left", "31")], "lot 3: 30 points were credited, 31 are there, lapsed or spent"),
        (&[("/archive", "{}")], "lot 1 is missing"),
        (&[("/book/last_lot", "5")], "lot 5 is missing"),
        (&[("/book/holds/0/from/0/points", "0")], "the hold h is there twice, or holds nothing"),
        (&[("/book/holds/0/from/0/points", "9")], "lot 4: 10 points are held, 9 by the holds"),
        (&[("/book/holds/0/from", r#"[{"lot":4,"points":10},{"lot":1,"points":2}]"#)], "lot 1: 0 points are held, 2 by the holds"),
        (&[("/purchases", "2")], "2 purchases are counted, 1 are there"),
        (&[("/book/wallets", &backwards)], "points: kept in a wrong order"),
        (&[("/book/wallets/0/totals/issued", "81")], "cash: 81 points came, 80 are there or went somewhere"),
        (&[(left, "3"), (clawed_back, "12"), (by_lot, "12"), (by_debt, "38")], "points: 38 points are owed while 3 can be spent"),
        (&[(by_lot, "0")], "lot 2: what others bear for it does not add up"),
        (&[(by_lot, "16")], "lot 2: what others bear for it does not add up"),
    ];
    for (changes, what) in cases {
        let mut changed = written.clone();
        for (place, other) in changes {
            *changed.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = serde_json::from_str(other)?;
        }
        let found = serde_json::from_value::<Account>(changed).map(|_| ()).unwrap_err().to_string();
        assert_eq!(found, what, "{changes:?}");
    }
    Ok(())
}

/// Places in a record, with what is to stand there.
type Changes<'a> = &'a [(&'a str, serde_json::Value)];

/// A record that does not continue the account is refused by its own reason, and the account is as it was.
#[test]
fn a_record_that_does_not_follow_is_refused_and_says_why() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o", &[("a", "50.00 EUR")])?;
    desk.redeem("2026-01-02", "r", 20)?;
    let cancel = Command::CancelRedemption { source: source("r"), points: Some(Points::new(5)) };
    desk.run("2026-01-03", &cancel)?;
    desk.give_back("2026-01-04", "o", "a", Part::Amount("10.00 EUR".parse()?))?;
    let json = |place: usize| serde_json::to_value(&desk.log[place]).unwrap();
    let replayed =
        |records: usize| Account::replay(desk.account.id().clone(), desk.account.joined(), &desk.log[..records]).unwrap();
    let id = |text: &str| AccountId::new(text).unwrap();
    // After two records, the third, changed in one place or two.
    let cases: [(usize, Changes, Corrupt); 11] = [
        (2, &[("/format", 0.into())], Corrupt::UnknownFormat(0)),
        (2, &[("/format", 2.into())], Corrupt::UnknownFormat(2)),
        (2, &[("/account", "m2".into())], Corrupt::OtherAccount(id("m2"))),
        (2, &[("/seq", 2.into())], Corrupt::OutOfSequence { found: 2, expected: 3 }),
        (2, &[("/seq", 4.into())], Corrupt::OutOfSequence { found: 4, expected: 3 }),
        (2, &[("/at", "2026-01-01T23:59:59+00:00".into())], Corrupt::ClockWentBack(at("2026-01-02"))),
        (2, &[("/command", "c2".into())], Corrupt::CommandTwice(2)),
        (2, &[("/events/0/event/redemption_cancelled/source", "x".into())], Corrupt::UnknownSource(source("x"))),
        (3, &[("/events/0/event/returned/source", "x".into())], Corrupt::UnknownSource(source("x"))),
        // The first record once more, as if it were the second: one source earns once. And the second as the third: it is paid once.
        (
            0,
            &[("/seq", 2.into()), ("/command", "new".into()), ("/events/0/event/earned/lots/0/lot", 2.into())],
            Corrupt::SourceTwice(source("o")),
        ),
        (1, &[("/seq", 3.into()), ("/command", "new".into())], Corrupt::SourceTwice(source("r"))),
    ];
    for (place, changes, expected) in cases {
        let mut record = json(place);
        for (pointer, value) in changes {
            *record.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value.clone();
        }
        let again = matches!(expected, Corrupt::SourceTwice(_));
        let mut account = replayed(if again { place + 1 } else { place });
        let before = account.clone();
        assert_eq!(account.apply(&serde_json::from_value(record)?), Err(expected));
        assert_eq!(account, before);
    }
    let mut closed = replayed(3);
    let close = closed.decide(&desk.programme, at("2026-01-03"), &CommandId::new("m")?, &Command::Close { into: id("m2") })?;
    closed.commit(close)?;
    assert_eq!(closed.apply(&Record { seq: 5, ..desk.log[3].clone() }), Err(Corrupt::Closed));
    Ok(())
}

/// A refusal that comes late leaves no kind of points behind that the account did not have before.
#[test]
fn a_refusal_that_comes_late_leaves_no_kind() -> Outcome {
    let inactivity = Some(Inactivity::new(Life::Months(12)));
    for other in ["a first kind", "z last kind"] {
        let mut scheme = terms(Kind { inactivity, ..Kind::spendable(name("points"), Expiry::Never) });
        scheme.kinds.push(Kind::spendable(name(other), Expiry::Never));
        let per = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse()? };
        let base = Rule::new(name("base"), name("points"), Trigger::Purchase, per.clone());
        scheme.earning = earning(vec![base, Rule::new(name("more"), name(other), Trigger::Purchase, per)]);
        let mut desk = Desk::new(Programme::new(scheme)?);
        desk.grant("2026-01-01", 100, None);
        let before = desk.account.clone();
        let refused = desk.buy("9999-06-01", "o", &[("a", "10.00 EUR")]).unwrap_err();
        assert_eq!(refused, Rejection::Calendar(CalendarError::OutOfRange));
        assert_eq!(desk.account, before);
        assert_eq!(desk.account.kinds().collect::<Vec<_>>(), ["points"]);
        desk.buy("2026-06-01", "o", &[("a", "10.00 EUR")])?;
        assert_eq!(desk.account.balance(&name(other), at("2026-06-01")).available, Points::new(10));
    }
    Ok(())
}

/// Points that are confirmed pay what is owed at once, and what several returns leave is owed up to one limit together.
#[test]
fn confirmed_points_pay_and_debts_share_their_limit() -> Outcome {
    let shortfall = Shortfall::Debt { limit: Some(Points::new(30)) };
    let mut desk = Desk::new(Programme::new(terms(Kind { shortfall, ..Kind::spendable(name("points"), Expiry::Never) }))?);
    for order in ["o1", "o2"] {
        desk.buy("2026-01-01", order, &[("a", "20.00 EUR")])?;
    }
    desk.redeem("2026-01-02", "r", 40)?;
    for (order, debt, let_go) in [("o1", 20, 0), ("o2", 30, 10)] {
        desk.give_back("2026-01-03", order, "a", Part::Rest)?;
        assert_eq!(desk.balance("2026-01-03").debt, Points::new(debt));
        assert_eq!(desk.account.forgiven(&name("points")), Points::new(let_go));
    }
    let grant = Grant {
        kind: name("points"),
        points: Points::new(50),
        pending: Some(Pending::Confirmation),
        expiry: None,
        cost: None,
        reason: "test".into(),
    };
    desk.run("2026-01-04", &Command::Grant { source: source("g"), grant })?;
    assert_eq!(desk.balance("2026-01-04").debt, Points::new(30));
    let confirmed = desk.run("2026-01-05", &Command::Confirm { source: source("g") })?;
    let repaid = confirmed.events().filter(|event| matches!(event, Event::DebtRepaid { .. })).count();
    assert_eq!((repaid, desk.balance("2026-01-05").debt, desk.available("2026-01-05")), (1, Points::ZERO, 20));
    desk.account.audit()?;
    Ok(())
}

/// What was true at a moment, seen from later: points that waited then, ends that were moved since, debts that were settled since.
#[test]
fn looking_back_knows_what_came_later() -> Outcome {
    let mut desk = Desk::new(simple());
    let grant = Grant {
        kind: name("points"),
        points: Points::new(50),
        pending: Some(Pending::Confirmation),
        expiry: Some(Expiry::On("2026-01-31".parse()?)),
        cost: None,
        reason: "test".into(),
    };
    desk.run("2026-01-01", &Command::Grant { source: source("g"), grant })?;
    desk.run("2026-01-05", &Command::Confirm { source: source("g") })?;
    let last_day = Some("2026-03-31".parse()?);
    let later = Command::MoveExpiry { kind: name("points"), lots: [].into(), last_day, reason: "a strike".into() };
    desk.run("2026-01-10", &later)?;
    desk.buy("2026-02-10", "o", &[("a", "20.00 EUR")])?;
    desk.redeem("2026-02-11", "r", 70)?;
    desk.give_back("2026-02-12", "o", "a", Part::Rest)?; // 20 are owed
    desk.run("2026-02-14", &Command::CancelRedemption { source: source("r"), points: None })?;
    desk.grant("2026-05-01", 1, None);
    let then = |when: &str| as_of(desk.account.id(), desk.account.joined(), &desk.log, at(when), at("2026-06-01")).unwrap();
    for (when, available, pending, debt) in [
        ("2026-01-04", 0, 50, 0),
        ("2026-01-05", 50, 0, 0),
        ("2026-02-01", 50, 0, 0),
        ("2026-02-13", 0, 0, 20),
        ("2026-02-14", 50, 0, 0),
        ("2026-03-31T23:59:59Z", 50, 0, 0),
        ("2026-04-01", 0, 0, 0),
    ] {
        let [available, pending, debt] = [available, pending, debt].map(Points::new);
        let expected = Balance { available, pending, debt, held: Points::ZERO };
        assert_eq!(then(when).balances[&name("points")], expected, "{when}");
    }
    Ok(())
}

/// Small things that are refused, or are as they say.
#[test]
fn what_is_asked_for_nothing_or_too_late() -> Outcome {
    let transfer = Some(TransferTerms { multiple: Points::new(10), minimum: Points::new(20), expiry: None });
    let mut desk = Desk::new(Programme::new(terms(Kind { transfer, ..Kind::spendable(name("points"), Expiry::Never) }))?);
    desk.grant("2026-01-01", 100, Some(Expiry::On("2026-12-31".parse()?)));
    desk.redeem("2026-01-02", "r", 20)?;
    let nothing = Command::CancelRedemption { source: source("r"), points: Some(Points::ZERO) };
    assert_eq!(desk.run("2026-01-03", &nothing).unwrap_err(), Rejection::NoPoints);
    let send = |points| Command::Send { kind: name("points"), points: Points::new(points), to: AccountId::new("m2").unwrap() };
    assert_eq!(desk.run("2026-01-03", &send(10)).unwrap_err(), Rejection::BelowMinimum { minimum: Points::new(20) });
    let refused = Rejection::NotAMultiple { multiple: Points::new(10), usable: Points::new(20) };
    assert_eq!(desk.run("2026-01-03", &send(25)).unwrap_err(), refused);
    assert_eq!(desk.run("2026-01-03", &send(20))?.points(), Points::new(20));
    let order = Some("10.00 USD".parse()?);
    let dollars = Command::Redeem { source: source("d"), kind: name("points"), points: Points::new(1), order };
    let refused = Rejection::Currency { expected: Currency::EUR, found: Currency::USD };
    assert_eq!(desk.run("2026-01-03", &dollars).unwrap_err(), refused);
    // Points that wait until a moment that has passed can be spent from when they came, and not from before.
    let pending = Some(Pending::Until(at("2025-12-01")));
    let reason = "test".to_string();
    let grant = Grant { kind: name("points"), points: Points::new(5), pending, expiry: None, cost: None, reason };
    desk.run("2026-01-04", &Command::Grant { source: source("late"), grant })?;
    let lots = desk.account.lots(&name("points"), at("2026-01-04"));
    assert_eq!(lots.last().map(|lot| (lot.active, lot.earned)), Some((Some(at("2026-01-04")), at("2026-01-04"))));
    // What expires by time is not for want of activity, and the other way round.
    let idle = |desk: &Desk| desk.account.expiring(&name("points"), at("2026-01-05")).iter().map(|e| e.idle).collect::<Vec<_>>();
    assert_eq!(idle(&desk), [false]);
    let inactivity = Some(Inactivity::new(Life::Months(1)));
    let mut desk = Desk::new(Programme::new(terms(Kind { inactivity, ..Kind::spendable(name("points"), Expiry::Never) }))?);
    desk.grant("2026-01-01", 100, None);
    assert_eq!(idle(&desk), [true]);
    Ok(())
}
