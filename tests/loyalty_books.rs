//! The books after mergers and late facts, what is left of an account that was taken over, and what is stored of it.
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, Expiry, HoldId, Points, Programme, SourceId,
        account::{Balance, Event, Grant, Lapse, Record},
        accounting::{AccountingError, Cohorts, ExpirySchedule, Flow, MoneyRollForward, RollForward},
        earning::{Basket, Line},
        history::{Axis, View, as_of},
        ladder::{RollOver, StatusCredits},
        merge,
        programme::Reward,
    },
    money::{Currency, Money, Ratio, Rounding},
    quantity::Name,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde::de::{DeserializeOwned, IgnoredAny};

mod common;
use common::{ROUNDINGS, cases, date, name};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn at(text: &str) -> Moment {
    if text.len() == 10 { format!("{text}T12:00:00Z") } else { text.into() }.parse().unwrap()
}

fn points() -> Name {
    name("points")
}

/// A point for every euro, which lasts as long as is said; they count for the status, too, and 100 make silver.
fn scheme(expiry: &str, zone: &str) -> Programme {
    let text = r#"{ "revision": "1", "zone": ZONE, "currency": "EUR",
        "kinds": [{ "name": "points", "status": true, "expiry": EXPIRY, "shortfall": { "debt": { "limit": null } } }],
        "earning": { "rounding": "floor", "grades": ["basic", "silver"],
            "basis": { "tax": false, "shipping": false, "discounts": "deducted", "paid_in_points": false },
            "rules": [{ "name": "a point a euro", "kind": "points", "on": "purchase",
                "give": { "per_amount": { "points": 1, "per": { "amount": "1.00", "currency": "EUR" } } } }] },
        "returns": { "by": "line", "rounding": "floor" },
        "occasions": { "birthday": { "birthday": {} } },
        "ladder": { "base": "basic", "counting": "lifetime",
            "tiers": [{ "name": "silver", "entry": { "at_least": { "metric": "points", "count": 100 } } }] } }"#;
    serde_json::from_str(&text.replace("EXPIRY", expiry).replace("ZONE", zone)).unwrap()
}

fn months(months: u8) -> Programme {
    scheme(&format!(r#"{{ "after": {{ "life": {{ "months": {months} }} }} }}"#), r#"{ "offset_minutes": 0 }"#)
}

#[derive(Clone)]
struct Member {
    account: Account,
    log: Vec<Record>,
}

impl Member {
    fn new(id: &str) -> Member {
        Member { account: Account::new(AccountId::new(id).unwrap(), at("2025-01-01")), log: vec![] }
    }

    fn run(&mut self, programme: &Programme, when: &str, command: &Command) {
        let id = CommandId::new(&format!("{} {}", self.account.id(), self.log.len())).unwrap();
        self.log.extend(self.account.execute(programme, at(when), &id, command).unwrap().into_record());
        self.account.audit().unwrap();
    }

    fn grant(&mut self, programme: &Programme, when: &str, source: &str, points: u64) {
        let grant = Grant {
            kind: self::points(),
            points: Points::new(points),
            pending: None,
            expiry: None,
            cost: None,
            reason: "test".into(),
        };
        self.run(programme, when, &Command::Grant { source: SourceId::new(source).unwrap(), grant });
    }

    fn buy(&mut self, programme: &Programme, when: &str, on: &str, order: &str, price: &str) {
        let basket = Basket::new(at(on), vec![Line::new(name("1"), name("x"), price.parse().unwrap())]).unwrap();
        self.run(programme, when, &Command::Earn { source: SourceId::new(order).unwrap(), basket });
    }

    fn merge(&mut self, programme: &Programme, when: &str, other: &mut Member) {
        let id = CommandId::new(&format!("{} into {}", other.account.id(), self.account.id())).unwrap();
        let [absorbed, closed] = merge(&self.account, &other.account, programme, at(when), &id).unwrap();
        self.log.extend(self.account.commit(absorbed).unwrap());
        other.log.extend(other.account.commit(closed).unwrap());
    }

    fn view(&self, when: &str) -> View {
        as_of(self.account.id(), self.account.joined(), &self.log, at(when), at("2099-01-01")).unwrap()
    }

    fn balance_then(&self, when: &str) -> Balance {
        self.view(when).balances.get(&points()).copied().unwrap_or_default()
    }

    fn roll(&self, from: &str, until: &str, axis: Axis) -> RollForward {
        let mut roll = RollForward::new(points(), at(from), at(until), axis).unwrap();
        roll.push(&self.log).unwrap();
        roll
    }
}

fn redeem(order: &str, points: u64) -> Command {
    let source = SourceId::new(order).unwrap();
    Command::Redeem { source, kind: self::points(), points: Points::new(points), order: None }
}

fn cancel(order: &str, points: Option<u64>) -> Command {
    Command::CancelRedemption { source: SourceId::new(order).unwrap(), points: points.map(Points::new) }
}

fn back(order: &str) -> Command {
    let [source, document] = [order, "document"].map(|text| SourceId::new(text).unwrap());
    Command::Return { source, document, parts: vec![] }
}

#[test]
fn an_account_that_was_taken_over_has_nothing_and_its_books_can_be_closed() -> Outcome {
    let programme = months(1);
    let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
    anna.grant(&programme, "2026-01-01", "g1", 50);
    ben.buy(&programme, "2026-01-01", "2026-01-01", "order", "20.00 EUR");
    ben.grant(&programme, "2026-01-02", "g2", 100);
    let hold =
        Command::Hold { hold: HoldId::new("h")?, kind: points(), points: Points::new(30), until: at("2026-03-01"), order: None };
    ben.run(&programme, "2026-01-03", &hold);
    anna.merge(&programme, "2026-01-05", &mut ben);

    for when in ["2026-01-05", "2026-01-06", "2026-06-01"] {
        assert_eq!(ben.account.balance(&points(), at(when)), Balance::default(), "{when}");
        assert_eq!(ben.view(when).balances[&points()], Balance::default(), "{when}");
        assert!(ben.account.lots(&points(), at(when)).is_empty() && ben.account.expiring(&points(), at(when)).is_empty());
        assert!(ben.account.holds(at(when)).is_empty());
    }
    // What it had before, and what it had been given in all, is still known.
    let held = |available, held| Balance { available: Points::new(available), held: Points::new(held), ..Balance::default() };
    assert_eq!(ben.balance_then("2026-01-04"), held(90, 30));
    assert_eq!(ben.account.totals(&points()).issued, Points::new(120));
    assert_eq!(ben.account.audit(), Ok(()));
    assert_eq!(serde_json::from_str::<Account>(&serde_json::to_string(&ben.account)?)?, ben.account);
    assert_eq!((anna.account.balance(&points(), at("2026-01-06")), anna.account.holds(at("2026-01-06")).len()), (held(140, 30), 1));

    // The lots would have expired in February; what was handed over cannot expire here.
    for (axis, expired) in [(Axis::Effective, 140), (Axis::Recorded, 0)] {
        let (one, mut both) = (ben.roll("2026-01-01", "2026-03-01", axis), anna.roll("2026-01-01", "2026-03-01", axis));
        assert_eq!((one.closing(), one.flow(Flow::HandedOver), one.flow(Flow::Expired)), (0, Points::new(120), Points::ZERO));
        assert_eq!(both.flow(Flow::TakenOver), Points::new(120));
        both.merge(&one)?;
        assert_eq!((both.flow(Flow::Issued).units(), both.flow(Flow::Expired).units()), (170, expired));
        assert_eq!(both.closing(), 170 - i128::from(expired));
    }
    Ok(())
}

#[test]
fn debts_go_over_as_well() {
    let programme = months(1);
    let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
    ben.buy(&programme, "2026-01-01", "2026-01-01", "order", "20.00 EUR");
    ben.run(&programme, "2026-01-02", &redeem("paid", 15));
    ben.run(&programme, "2026-01-03", &back("order"));
    anna.merge(&programme, "2026-01-05", &mut ben);
    anna.grant(&programme, "2026-01-10", "g", 9);
    for (member, when, debt) in
        [(&ben, "2026-01-04", 15), (&ben, "2026-01-06", 0), (&anna, "2026-01-06", 15), (&anna, "2026-01-10", 6)]
    {
        assert_eq!(member.balance_then(when).debt, Points::new(debt), "{} {when}", member.account.id());
    }
}

fn table(programme: &Programme, members: &mut [Member]) -> Cohorts {
    let mut table = Cohorts::new(date("2026-12-31")).unwrap();
    for member in members {
        if member.account.closed_into().is_none() {
            member.run(programme, "2026-12-31", &Command::Tick);
        }
        // Each alone, and then together: no table of a part lacks what another has.
        let mut own = Cohorts::new(date("2026-12-31")).unwrap();
        own.push_log(&points(), &Zone::UTC, &member.log).unwrap();
        table.merge(&own).unwrap();
    }
    table
}

#[test]
fn a_merger_leaves_the_cohorts_as_they_are() {
    let programme = months(4);
    let before = |id: &str| {
        let mut member = Member::new(id);
        member.grant(&programme, "2026-01-10", &format!("january {id}"), 100);
        member.grant(&programme, "2026-02-10", &format!("february {id}"), 50);
        member.run(&programme, "2026-02-20", &redeem(&format!("paid {id}"), 130)); // 100 of January, 30 of February
        member.run(&programme, "2026-03-01", &redeem(&format!("more {id}"), 10));
        member
    };
    // Afterwards 60 come back, and 15 are spent again; the others expire.
    let comes_back = |member: &mut Member, id: &str| member.run(&programme, "2026-04-20", &cancel(&format!("paid {id}"), Some(60)));
    let spends = |member: &mut Member, id: &str| member.run(&programme, "2026-05-01", &redeem(&format!("last {id}"), 15));
    let (mut anna, mut ben, mut carl) = (before("anna"), before("ben"), before("carl"));
    let mut apart = [anna.clone(), ben.clone(), carl.clone()];
    for (member, id) in apart.iter_mut().zip(["anna", "ben", "carl"]) {
        comes_back(member, id);
        spends(member, id);
    }
    let apart = table(&programme, &mut apart);

    // Ben goes into Carl, and Carl into Anna.
    carl.merge(&programme, "2026-03-10", &mut ben);
    anna.merge(&programme, "2026-04-10", &mut carl);
    for id in ["anna", "ben", "carl"] {
        comes_back(&mut anna, id);
    }
    for id in ["anna", "ben", "carl"] {
        spends(&mut anna, id);
    }
    let merged = table(&programme, &mut [anna, ben.clone(), carl]);
    let rows = |table: &Cohorts| -> Vec<[u64; 4]> {
        let row = |c: customer_value::loyalty::accounting::Cohort| [c.issued(), c.redeemed(), c.expired(), c.outstanding()];
        table.iter().map(|cohort| row(cohort).map(Points::units)).collect()
    };
    assert_eq!(rows(&merged).iter().map(|row| row[0]).collect::<Vec<_>>(), [300, 150]);
    assert_eq!(rows(&merged), rows(&apart));
    assert_eq!(merged, apart);
    // Of Ben's own, nothing is left.
    let own = table(&programme, &mut [ben]);
    assert!(rows(&own).iter().all(|row| *row == [0; 4]), "{own:?}");
}

#[test]
fn what_had_expired_stays_and_what_is_held_goes_over() -> Outcome {
    let programme = months(1);
    let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
    ben.grant(&programme, "2026-01-10", "january", 40);
    ben.grant(&programme, "2026-03-01", "march", 60);
    let hold =
        Command::Hold { hold: HoldId::new("h")?, kind: points(), points: Points::new(25), until: at("2026-12-01"), order: None };
    ben.run(&programme, "2026-03-02", &hold);
    anna.merge(&programme, "2026-03-05", &mut ben);
    anna.run(
        &programme,
        "2026-03-06",
        &Command::Capture { hold: HoldId::new("h")?, source: SourceId::new("paid")?, points: Points::new(25) },
    );
    let rows = |table: &Cohorts| -> Vec<[u64; 4]> {
        let row = |c: customer_value::loyalty::accounting::Cohort| [c.issued(), c.redeemed(), c.expired(), c.outstanding()];
        table.iter().map(|cohort| row(cohort).map(Points::units)).collect()
    };
    let mut bens = Cohorts::new(date("2026-03-31"))?;
    bens.push_log(&points(), &Zone::UTC, &ben.log)?;
    assert_eq!(rows(&bens), [[40, 0, 40, 0], [0; 4]]);
    let mut annas = Cohorts::new(date("2026-03-31"))?;
    annas.push_log(&points(), &Zone::UTC, &anna.log)?;
    assert_eq!(rows(&annas), [[60, 25, 0, 35]]);
    // A table that ends before the merger does not know of it.
    let mut february = Cohorts::new(date("2026-02-28"))?;
    assert!(matches!(february.push_log(&points(), &Zone::UTC, &anna.log), Err(AccountingError::AfterEnd { .. })));
    assert!(matches!(february.push_log(&points(), &Zone::UTC, &ben.log), Err(AccountingError::AfterEnd { .. })));
    assert_eq!(february, Cohorts::new(date("2026-02-28"))?);
    Ok(())
}

#[test]
fn what_two_accounts_spent_for_one_order_in_two_months_comes_back_after_mergers() {
    let programme = months(12);
    let (mut anna, mut ben, mut carl) = (Member::new("anna"), Member::new("ben"), Member::new("carl"));
    for (member, spent) in [(&mut ben, "2026-02-20"), (&mut anna, "2026-03-20")] {
        member.grant(&programme, "2026-01-10", "g", 50);
        member.run(&programme, spent, &redeem("pool", 40));
    }
    anna.merge(&programme, "2026-04-01", &mut ben);
    carl.merge(&programme, "2026-05-01", &mut anna);
    carl.run(&programme, "2026-05-02", &cancel("pool", Some(70)));
    let all = table(&programme, &mut [anna, ben, carl]);
    let january = all.iter().next().unwrap();
    assert_eq!([january.issued(), january.redeemed(), january.outstanding()].map(Points::units), [100, 10, 90]);
}

#[test]
fn points_taken_back_after_the_end_of_a_table_are_not_in_it() {
    let programme = months(12);
    let mut member = Member::new("m");
    member.buy(&programme, "2026-01-10", "2026-01-10", "o", "10.00 EUR");
    member.run(&programme, "2026-02-10", &back("o"));
    let mut january = Cohorts::new(date("2026-01-31")).unwrap();
    let late = AccountingError::AfterEnd { day: date("2026-02-10"), last: date("2026-01-31") };
    assert_eq!(january.push_log(&points(), &Zone::UTC, &member.log), Err(late));
    january.push_log(&points(), &Zone::UTC, &member.log[..1]).unwrap();
    assert_eq!(january.iter().next().unwrap().outstanding(), Points::new(10));
}

/// A purchase of day 3, whose points were over with day 5, is recorded on day 20.
#[test]
fn what_was_over_before_it_was_recorded_was_there_until_then() -> Outcome {
    let programme = scheme(r#"{ "after": { "life": { "days": 2 } } }"#, r#"{ "offset_minutes": 60 }"#);
    let mut member = Member::new("m");
    member.grant(&programme, "2026-01-01", "g", 7); // until the end of the 3rd
    member.buy(&programme, "2026-01-20", "2026-01-03", "o", "100.00 EUR");
    assert_eq!(member.account.balance(&points(), at("2026-01-20")), Balance::default());
    let record = member.log.last().unwrap();
    let expired = record.events.iter().filter(|happened| matches!(happened.event, Event::Expired { because: Lapse::Time, .. }));
    let expired: Vec<Moment> = expired.map(|happened| happened.on).collect();
    assert_eq!(expired, [at("2026-01-04T00:00:00+01:00"), at("2026-01-06T00:00:00+01:00")]);
    for (when, there) in [
        ("2026-01-02", 7),
        ("2026-01-03", 107),
        ("2026-01-04", 100),
        ("2026-01-05T23:59:59+01:00", 100),
        ("2026-01-06T00:00:00+01:00", 0),
        ("2026-01-12", 0),
        ("2026-01-20", 0),
        ("2026-02-01", 0),
    ] {
        assert_eq!(member.balance_then(when).available, Points::new(there), "{when}");
        // The end of a period is not in it.
        let second_later = (at(when).local() + chrono::TimeDelta::seconds(1), at(when).offset_minutes());
        let until = Moment::new(second_later.0, second_later.1)?;
        let mut roll = RollForward::new(points(), at("2026-01-01"), until, Axis::Effective)?;
        roll.push(&member.log)?;
        assert_eq!(roll.closing(), there.into(), "{when}");
    }
    let all = member.roll("2026-01-01", "2026-02-01", Axis::Effective);
    assert_eq!((all.flow(Flow::Issued).units(), all.flow(Flow::Expired).units(), all.closing()), (107, 107, 0));
    assert_eq!(member.roll("2026-01-01", "2026-01-05", Axis::Effective).closing(), 100);
    assert_eq!(member.roll("2026-01-01", "2026-01-12", Axis::Effective).closing(), 0);
    // In books by the day of recording, they come and go on the 20th.
    let recorded = member.roll("2026-01-15", "2026-01-21", Axis::Recorded);
    assert_eq!((recorded.opening(), recorded.flow(Flow::Issued).units(), recorded.flow(Flow::Expired).units()), (7, 100, 107));
    // They are no younger in a cohort than they were.
    let mut cohorts = Cohorts::new(date("2026-01-31"))?;
    cohorts.push_log(&points(), &Zone::fixed(60)?, &member.log)?;
    assert_eq!(cohorts.iter().next().unwrap().expired(), Points::new(107));
    // Points that were never good go at the moment at which they came.
    let programme = scheme(r#"{ "on": "2025-12-31" }"#, r#"{ "offset_minutes": 0 }"#);
    let mut member = Member::new("m");
    member.buy(&programme, "2026-01-20", "2026-01-03", "o", "100.00 EUR");
    assert_eq!(member.balance_then("2026-01-03"), Balance::default());
    assert_eq!(member.roll("2026-01-01", "2026-01-12", Axis::Effective).closing(), 0);
    assert_eq!(member.log[0].events.iter().map(|happened| happened.on).filter(|on| *on == at("2026-01-03")).count(), 2);
    Ok(())
}

/// Of points that were spent meanwhile, it is only their coming back that lets them expire.
#[test]
fn points_that_come_back_too_late_expire_when_they_come_back() {
    let programme = months(1);
    let mut member = Member::new("m");
    member.grant(&programme, "2026-01-01", "g", 10);
    member.run(&programme, "2026-01-02", &redeem("r", 10));
    member.run(&programme, "2026-03-01", &cancel("r", None));
    let event = &member.log.last().unwrap().events;
    assert!(event.iter().all(|happened| happened.on == at("2026-03-01")), "{event:?}");
}

#[test]
fn the_tier_of_a_day_is_that_of_the_programmes_clock() -> Outcome {
    // 04:00 on the 10th on the clock of the programme, whatever the clock of whoever sends the command.
    for zone in [
        r#"{ "offset_minutes": 480 }"#,
        r#"{ "offset_minutes": 420, "changes": [{ "from": "2026-01-01T00:00:00Z", "offset_minutes": 480 }] }"#,
    ] {
        let programme = scheme(r#""never""#, zone);
        for clock in [-660, -300, 0, 60, 480, 720] {
            let mut member = Member::new("m");
            let sent = at("2026-01-09T20:00:00Z").at_offset(clock)?.to_string();
            member.buy(&programme, &sent, &sent, "o", "100.00 EUR");
            for (asked, tier) in [
                ("2026-01-09T15:59:59Z", None),
                ("2026-01-09T16:00:00Z", Some("silver")),
                ("2026-01-09T20:00:00Z", Some("silver")),
                ("2026-01-09T22:00:00-05:00", Some("silver")),
                ("2026-01-11T00:00:00Z", Some("silver")),
            ] {
                assert_eq!(member.view(asked).tier, tier.map(name), "{clock} {asked}");
            }
            let now = member.account.standing(&programme, at("2026-01-09T22:00:00Z"))?.unwrap();
            assert_eq!(Some(now.tier), member.view("2026-01-09T22:00:00Z").tier);
        }
    }
    Ok(())
}

fn roll(opening: u64, flows: &[(Flow, u64)]) -> RollForward {
    let key = |flow: &Flow| serde_json::to_value(flow).unwrap().as_str().unwrap().to_owned();
    let mut through: serde_json::Map<String, serde_json::Value> = flows.iter().map(|(flow, n)| (key(flow), (*n).into())).collect();
    let issued = flows.iter().find(|(flow, _)| *flow == Flow::Issued).map_or(0, |(_, n)| *n);
    through.insert("issued".into(), (opening + issued).into());
    let json = serde_json::json!({ "kind": "points", "from": at("2026-01-01"), "until": at("2026-02-01"), "axis": "recorded",
        "before": { "issued": opening }, "through": through });
    serde_json::from_value(json).unwrap()
}

#[test]
fn no_points_are_worth_nothing() -> Outcome {
    // Five are issued, one is received, and six are redeemed, at half a cent or less each.
    let roll = roll(0, &[(Flow::Issued, 5), (Flow::Received, 1), (Flow::Redeemed, 6)]);
    let in_cents = |per_point: &str, rounding| {
        let money = roll.in_money(per_point.parse().unwrap(), Currency::EUR, rounding).unwrap();
        let [issued, received, redeemed] = [Flow::Issued, Flow::Received, Flow::Redeemed].map(|flow| money.flows[&flow].minor());
        [issued, received, redeemed, money.closing.minor()]
    };
    assert_eq!(in_cents("0.0049", Rounding::HalfUp), [2, 1, 3, 0]);
    assert_eq!(in_cents("0.0049", Rounding::Ceiling), [3, 0, 3, 0]);
    assert_eq!(in_cents("0.0025", Rounding::Floor), [1, 0, 1, 0]);
    let negative: Ratio = "-0.01".parse()?;
    assert_eq!(roll.in_money(negative, Currency::EUR, Rounding::Floor), Err(AccountingError::NegativePoint(negative)));
    let much = self::roll(u64::MAX / 2, &[]).in_money(Ratio::new(1_000_000, 1)?, Currency::EUR, Rounding::Floor);
    assert_eq!(much, Err(AccountingError::TooLarge));
    Ok(())
}

proptest! {
    #![proptest_config(cases(300))]

    /// The closing balance in money is the value of the closing points, lines add up to it, none is negative, and each is off by a cent
    /// at the most.
    #[test]
    fn money_is_the_value_of_points(
        opening in 0..1_000_u64, into in vec(0..400_u64, 6), out in vec(0..=100_u64, 6), mills in 0..50_i128, rounding in select(&ROUNDINGS[..]),
    ) {
        let mut left = opening + into.iter().sum::<u64>();
        let (mut entering, mut leaving) = (into.into_iter(), out.into_iter());
        let flows: Vec<(Flow, u64)> = Flow::ALL.into_iter().map(|flow| {
            let points = if flow.is_in() { entering.next().unwrap() } else { left * leaving.next().unwrap() / 100 };
            left -= if flow.is_in() { 0 } else { points };
            (flow, points)
        }).collect();
        let roll = roll(opening, &flows);
        prop_assert_eq!((roll.opening(), roll.closing()), (opening.into(), left.into()));
        let money = roll.in_money(Ratio::new(mills, 10_000).unwrap(), Currency::EUR, rounding).unwrap();
        let value = |points: u64| -> Money {
            let exact = Ratio::new(mills * i128::from(points), 10_000).unwrap();
            format!("{} EUR", exact.to_decimal(2, rounding).unwrap()).parse().unwrap()
        };
        prop_assert_eq!((money.opening, money.closing), (value(opening), value(left)));
        let mut sum = money.opening.minor();
        for (flow, points) in flows {
            let line = money.flows[&flow].minor();
            sum += if flow.is_in() { line } else { -line };
            prop_assert!(line >= 0 && (i128::from(line) * 100 - mills * i128::from(points)).abs() <= 100, "{flow:?} {line}");
        }
        prop_assert_eq!(sum, money.closing.minor());
    }
}

/// The first entry of a map in JSON once more.
fn twice(json: &str, field: &str) -> String {
    let start = if field.is_empty() { 1 } else { json.find(&format!("\"{field}\":{{")).unwrap() + field.len() + 4 };
    let end = |text: &str| {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
        values.next().unwrap().unwrap();
        values.byte_offset()
    };
    let map = &json[start..];
    let key = end(map) + 1;
    let entry = &map[..key + end(&map[key..])];
    format!("{}{entry},{map}", &json[..start])
}

#[track_caller]
fn refuses_twice<T: DeserializeOwned>(json: &str, field: &str) {
    assert!(serde_json::from_str::<T>(json).is_ok(), "{json}");
    let error = serde_json::from_str::<T>(&twice(json, field)).err().map(|error| error.to_string());
    assert!(error.as_ref().is_some_and(|error| error.contains("twice")), "{field}: {error:?}");
}

#[test]
fn a_key_that_is_there_twice_is_refused() -> Outcome {
    let programme = months(1);
    refuses_twice::<Programme>(&serde_json::to_string(&programme)?, "occasions");
    let mut member = Member::new("m");
    member.buy(&programme, "2026-01-10", "2026-01-10", "o", "120.00 EUR");
    member.run(&programme, "2026-01-10", &redeem("r", 120));
    let account = serde_json::to_string(&member.account)?;
    for field in ["commands", "awards", "redemptions", "archive", "credits", "terms", "tenure"] {
        refuses_twice::<Account>(&account, field);
    }
    refuses_twice::<StatusCredits>(r#"{"nights":{"2026-01-01":3}}"#, "");
    refuses_twice::<StatusCredits>(r#"{"nights":{"2026-01-01":3}}"#, "nights");
    refuses_twice::<View>(&serde_json::to_string(&member.view("2026-01-10"))?, "balances");
    let roll = member.roll("2026-01-11", "2026-02-01", Axis::Recorded);
    for field in ["before", "through"] {
        refuses_twice::<RollForward>(&serde_json::to_string(&roll)?, field);
    }
    let money = roll.in_money(Ratio::new(1, 100)?, Currency::EUR, Rounding::Floor)?;
    refuses_twice::<MoneyRollForward>(&serde_json::to_string(&money)?, "flows");
    refuses_twice::<Reward>(r#"{"name":"mug","kind":"points","price":5,"price_by_grade":{"silver":4}}"#, "price_by_grade");
    refuses_twice::<RollOver>(r#"{"caps":{"nights":40}}"#, "caps");
    Ok(())
}

/// A stored table that ends before it begins, or in which less has come in by the end, is none.
#[test]
fn books_that_run_backwards_are_refused() -> Outcome {
    let programme = months(12);
    let mut member = Member::new("m");
    member.buy(&programme, "2026-01-10", "2026-01-10", "o", "120.00 EUR");
    let roll = member.roll("2026-02-01", "2026-03-01", Axis::Recorded);
    let written = serde_json::to_value(&roll)?;
    assert_eq!(serde_json::from_value::<RollForward>(written.clone())?, roll);
    assert_eq!((roll.opening(), roll.closing()), (120, 120));
    for (place, other, what) in [
        ("/until", serde_json::json!("2026-01-31T00:00:00Z"), "lies before"),
        ("/through/issued", serde_json::json!(119), "Issued: less"),
        ("/through", serde_json::json!({}), "Issued: less"),
    ] {
        let mut changed = written.clone();
        *changed.pointer_mut(place).unwrap() = other;
        let refused = serde_json::from_value::<RollForward>(changed).unwrap_err().to_string();
        assert!(refused.contains(what), "{place}: {refused}");
    }
    Ok(())
}

/// What expires, what never does and what pays a debt is all there is; in money the lines add up to the value of all points.
#[test]
fn the_schedule_of_expiries_adds_up_in_points_and_in_money() -> Outcome {
    let programme = months(12);
    let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
    for (day, source, points) in [("2026-01-10", "g1", 70), ("2026-01-20", "g2", 35), ("2026-03-05", "g3", 15)] {
        anna.grant(&programme, day, source, points);
    }
    ben.grant(&programme, "2026-03-05", "g", 20);
    let lasting = Grant {
        kind: points(),
        points: Points::new(5),
        pending: None,
        expiry: Some(Expiry::Never),
        cost: None,
        reason: "for life".into(),
    };
    ben.run(&programme, "2026-03-06", &Command::Grant { source: SourceId::new("life")?, grant: lasting });
    let schedule = |members: &[&Member], when: &str| -> ExpirySchedule {
        let mut schedule = ExpirySchedule::new(points(), at(when), Zone::UTC);
        for member in members {
            schedule.push(&member.account).unwrap();
        }
        schedule
    };
    let both = schedule(&[&anna, &ben], "2026-04-01");
    let days = |schedule: &ExpirySchedule| -> Vec<(String, u64)> {
        schedule.by_day().iter().map(|(day, points)| (day.to_string(), points.units())).collect()
    };
    let january = [("2027-01-11".into(), 70), ("2027-01-21".into(), 35)];
    assert_eq!(days(&both), [&january[..], &[("2027-03-06".into(), 35)]].concat());
    assert_eq!(both.never(), Points::new(5));
    assert_eq!(days(&both.by_month()?), [("2027-01-01".into(), 105), ("2027-03-01".into(), 35)]);
    let mut merged = schedule(&[&anna], "2026-04-01");
    merged.merge(&schedule(&[&ben], "2026-04-01"))?;
    assert_eq!(merged, both);
    assert_eq!(merged.merge(&schedule(&[&ben], "2026-04-02")), Err(AccountingError::OtherPeriod));
    assert_eq!(merged, both);
    // At half a cent: 0.35, 0.525, 0.70 and 0.725 so far.
    let money = both.in_money("0.005".parse()?, Currency::EUR, Rounding::HalfEven)?;
    let lines: Vec<i64> = money.by_day.values().chain([&money.never, &money.total]).map(Money::minor).collect();
    assert_eq!(lines, [35, 17, 18, 2, 72]);
    let negative: Ratio = "-0.01".parse()?;
    assert_eq!(both.in_money(negative, Currency::EUR, Rounding::Floor), Err(AccountingError::NegativePoint(negative)));
    assert_eq!(both.in_money(Ratio::new(i128::MAX, 1)?, Currency::EUR, Rounding::Floor), Err(AccountingError::TooLarge));
    let text = serde_json::to_string(&both)?;
    assert_eq!(serde_json::from_str::<ExpirySchedule>(&text)?, both);
    refuses_twice::<ExpirySchedule>(&text, "by_day");
    // After some have gone, and after all have: nothing is left but what lasts.
    assert_eq!(days(&schedule(&[&anna, &ben], "2027-01-11")), [("2027-01-21".into(), 35), ("2027-03-06".into(), 35)]);
    let late = schedule(&[&anna, &ben], "2030-01-01");
    assert_eq!((days(&late), late.never()), (vec![], Points::new(5)));
    // One account is taken over: the points are there once.
    anna.merge(&programme, "2026-04-02", &mut ben);
    assert_eq!(schedule(&[&anna, &ben], "2026-04-02").never(), Points::new(5));
    Ok(())
}
