//! What is put right afterwards, and by hand: records that were wrong, terms that were agreed, reasons.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    loyalty::{
        Account, Command, Expiry, Points, Programme, Rejection,
        account::{Balance, Event, Grant, Part},
        accounting::RollForward,
        earning::{Basket, Cap, CapPeriod, Condition, Give, Line, Rule, Selector, Trigger},
        history::{Axis, as_of},
        programme::{Kind, ProgrammeError, ReturnBasis, Returns, Terms},
    },
    money::{Ratio, Rounding},
};

mod common;
#[path = "common/desk.rs"]
mod desk;
use common::name;
use desk::{Desk, at, earning, simple, source, terms};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// An order of 500 that was one of 50: what was known stays known, and what was true is put right.
#[test]
fn a_wrong_record_is_put_right_as_of_its_day() -> Outcome {
    let mut scheme = terms(Kind { status: true, ..Kind::spendable(name("points"), Expiry::Never) });
    let give = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse()? };
    let base = Rule::new(name("base"), name("points"), Trigger::Purchase, give);
    let caps = vec![Cap { per: CapPeriod::Month, points: Points::new(600) }];
    let first = Rule::new(name("welcome"), name("points"), Trigger::Purchase, Give::Fixed(Points::new(7)));
    scheme.earning = earning(vec![Rule { caps, ..base }, Rule { when: vec![Condition::FirstPurchase], ..first }]);
    let mut desk = Desk::new(Programme::new(scheme)?);
    let order = |day: &str, name_of: &str, price: &str| -> Result<Command, Box<dyn std::error::Error>> {
        let line = Line::new(name("x"), name("x"), price.parse()?);
        Ok(Command::Earn { source: source(name_of), basket: Basket::new(at(day), vec![line])? })
    };
    desk.run("2026-03-30", &order("2026-03-30", "o", "500.00 EUR")?)?;
    desk.redeem("2026-04-02", "r", 100)?;
    let void = |document: &str| Command::Void { source: source("o"), document: source(document) };
    assert_eq!(desk.run("2026-04-05", &void("storno"))?.points(), Points::new(507));
    assert_eq!((desk.balance("2026-04-05").debt.units(), desk.account.status_credits().is_empty()), (100, true));
    // As if it had not been: the next is the first, and the cap of March has its room.
    desk.run("2026-04-05", &order("2026-03-30", "o, corrected", "50.00 EUR")?)?;
    desk.run("2026-04-05", &order("2026-03-31", "p", "580.00 EUR")?)?;
    assert_eq!(desk.available("2026-04-05"), 50 + 7 + 550 - 100);
    let seen = |day: &str, known: &str| {
        let view = as_of(desk.account.id(), desk.account.joined(), &desk.log, at(day), at(known)).unwrap();
        let Balance { available, debt, .. } = view.balances[&name("points")];
        (available.units(), debt.units())
    };
    let end = "2026-03-30T23:00:00Z";
    // 100 that were spent in April are there in March, and owed until April: 57 in all.
    assert_eq!((seen(end, end), seen(end, "2026-04-06")), ((507, 0), (157, 100)));
    assert_eq!((seen("2026-04-03", "2026-04-03"), seen("2026-04-05", "2026-04-06")), ((407, 0), (507, 0)));
    let closing = |axis| {
        let mut books = RollForward::new(name("points"), at("2026-03-01"), at("2026-03-31"), axis).unwrap();
        books.push(&desk.log).unwrap();
        books.closing()
    };
    assert_eq!((closing(Axis::Effective), closing(Axis::Recorded)), (157, 507));
    // It is wrong once, and there is nothing left to return.
    for again in [void("storno"), void("another"), Command::Return { source: source("o"), document: source("d"), parts: vec![] }] {
        let refused = desk.run("2026-04-06", &again).unwrap_err();
        assert!(matches!(refused, Rejection::AlreadyReturned(_) | Rejection::NothingToReturn(_)), "{refused}");
    }
    let unknown = Command::Void { source: source("q"), document: source("d") };
    assert_eq!(desk.run("2026-04-06", &unknown).unwrap_err(), Rejection::UnknownSource(source("q")));
    // What came back before comes back once, and what is stored cannot say that nothing counts while something does.
    desk.give_back("2026-04-06", "p", "x", Part::Amount("290.00 EUR".parse()?))?;
    assert_eq!(desk.run("2026-04-07", &Command::Void { source: source("p"), document: source("d") })?.points(), Points::new(275));
    let written = serde_json::to_value(&desk.account)?;
    assert_eq!(serde_json::from_value::<Account>(written.clone())?, desk.account);
    let mut other = serde_json::to_value(&Desk::new(simple()).account)?;
    assert!(serde_json::from_value::<Account>(other.clone()).is_ok());
    let mut shop = Desk::new(simple());
    shop.buy("2026-01-01", "o", &[("a", "10.00 EUR")])?;
    shop.give_back("2026-01-02", "o", "a", Part::Amount("5.00 EUR".parse()?))?;
    other.clone_from(&serde_json::to_value(&shop.account)?);
    other["awards"]["o"]["back"]["voided"] = true.into();
    assert!(serde_json::from_value::<Account>(other).unwrap_err().to_string().contains("what it earned does not add up"));
    Ok(())
}

/// How a return is counted was agreed when it was bought.
#[test]
fn a_return_is_counted_by_the_terms_of_its_purchase() -> Outcome {
    for (before, after, taken) in [(ReturnBasis::Line, ReturnBasis::Purchase, 20), (ReturnBasis::Purchase, ReturnBasis::Line, 31)] {
        let revision = |number: &str, by| -> Result<Programme, ProgrammeError> {
            let mut scheme = terms(Kind::spendable(name("points"), Expiry::Never));
            let double = Rule {
                lines: Selector { items: [name("a")].into(), ..Selector::default() },
                ..Rule::new(name("double"), name("points"), Trigger::Purchase, Give::Times(Ratio::new(2, 1).unwrap()))
            };
            let base = scheme.earning.policy().rules[0].clone();
            scheme.earning = earning(vec![base, double]);
            Programme::new(Terms { revision: name(number), returns: Returns { by, rounding: Rounding::Floor }, ..scheme })
        };
        let mut desk = Desk::new(revision("1", before)?);
        let line = |text: &str, price: &str| Line::new(name(text), name(text), price.parse().unwrap());
        let lines = vec![line("a", "25.00 EUR"), line("b", "20.00 EUR")];
        let basket = Basket::new(at("2026-01-01"), lines)?;
        let decision = desk.run("2026-01-01", &Command::Earn { source: source("o"), basket })?;
        assert_eq!(decision.points(), Points::new(70));
        // Which rule gave what is in the record, too.
        let Some(Event::Earned(earning)) = decision.events().next() else { panic!() };
        assert_eq!(earning.rules, [(name("base"), Points::new(45)), (name("double"), Points::new(25))]);
        desk.programme = revision("2", after)?;
        // 20 of 45 euros: 20 points by the line, 31 of all 70.
        assert_eq!(desk.give_back("2026-01-02", "o", "b", Part::Rest)?.points(), Points::new(taken));
    }
    Ok(())
}

/// What is done by hand says why.
#[test]
fn a_hand_without_a_reason_is_refused() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.grant("2026-01-01", 50, Some(Expiry::On("2026-02-01".parse()?)));
    let (kind, lots, last_day) =
        (name("points"), [desk.account.lots(&name("points"), at("2026-01-01"))[0].lot].into(), Some("2026-12-31".parse()?));
    let granted =
        Grant { kind: kind.clone(), points: Points::new(1), pending: None, expiry: None, cost: None, reason: " \t".into() };
    for command in [
        Command::Grant { source: source("g"), grant: granted },
        Command::Deduct { kind: kind.clone(), points: Points::new(1), reason: String::new() },
        Command::MoveExpiry { kind: kind.clone(), lots: [].into(), last_day, reason: " ".into() },
        Command::Extend { kind: kind.clone(), lots: [].into(), reason: String::new() },
        Command::Reinstate { kind, lots, last_day, reason: "\u{3000}".into() },
    ] {
        let before = desk.account.clone();
        assert_eq!(desk.run("2026-01-02", &command).unwrap_err(), Rejection::NoReason, "{command:?}");
        assert_eq!(desk.account, before);
    }
    Ok(())
}

/// Rules can look for what an activity came with.
#[test]
fn an_activity_has_labels() -> Outcome {
    let mut scheme = terms(Kind::spendable(name("points"), Expiry::Never));
    let review = Rule::new(name("review"), name("points"), Trigger::Activity(name("review")), Give::Fixed(Points::new(9)));
    scheme.earning = earning(vec![Rule { when: vec![Condition::Label(name("photo"))], ..review }]);
    let mut desk = Desk::new(Programme::new(scheme)?);
    let mut act = |number: &str, labels: &[&str]| {
        let labels = labels.iter().map(|label| name(label)).collect();
        let (activity, units, on) = (name("review"), core::num::NonZeroU32::MIN, at("2026-01-01"));
        desk.run("2026-01-02", &Command::Act { source: source(number), activity, units, on, labels }).map(|d| d.points().units())
    };
    assert_eq!((act("1", &[])?, act("2", &["video"])?, act("3", &["video", "photo"])?), (0, 0, 9));
    Ok(())
}
