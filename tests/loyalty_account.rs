//! The account: the worked examples of other systems, and ours where we decide otherwise.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    loyalty::{
        Command, CommandId, CostBasis, Expiry, HoldId, Points, Programme, Rejection,
        account::{Balance, Grant, Part},
        earning::{Give, Rule, Selector, Trigger},
        history::as_of,
        programme::{Kind, RedemptionTerms, ReturnBasis, Shortfall, Terms, Worth},
    },
    money::{Money, Rounding},
};
use std::collections::BTreeSet;

mod common;
#[path = "common/desk.rs"]
mod desk;
use common::name;
use desk::{Desk, at, earning, simple, source, terms};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[allow(clippy::unnecessary_wraps)] // as a grant takes it
fn until(day: &str) -> Option<Expiry> {
    Some(Expiry::On(day.parse().unwrap()))
}

fn euros(text: &str) -> Money {
    format!("{text} EUR").parse().unwrap()
}

/// Setono `SyliusLoyaltyPlugin`, `LotReplayerTest`.
#[test]
fn the_soonest_expiry_is_spent_first_and_never_last() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.grant("2026-01-01", 50, until("2027-01-31"));
    desk.grant("2026-01-02", 50, until("2026-12-31"));
    desk.redeem("2026-02-01", "r", 70)?;
    let lots = desk.account.lots(&name("points"), at("2026-02-01"));
    assert_eq!(lots.iter().map(|lot| (lot.left.units(), lot.expires)).collect::<Vec<_>>(), [(30, Some(at("2027-02-01")))]);

    let mut desk = Desk::new(simple());
    desk.grant("2026-01-01", 100, None);
    desk.grant("2026-01-02", 100, until("2027-01-31"));
    desk.redeem("2026-02-01", "r", 100)?;
    assert_eq!(desk.account.lots(&name("points"), at("2026-02-01"))[0].expires, None);

    // 100 (1 Feb), 200 (1 Jun), 50 (never): by 1 March 100, by 1 July 300.
    let mut desk = Desk::new(simple());
    desk.grant("2026-01-01", 100, until("2026-01-31"));
    desk.grant("2026-01-01", 200, until("2026-05-31"));
    desk.grant("2026-01-01", 50, None);
    let by = |day: &str| {
        desk.account
            .expiring(&name("points"), at("2026-01-01"))
            .iter()
            .filter(|e| e.at <= at(day))
            .map(|e| e.points.units())
            .sum::<u64>()
    };
    assert_eq!((by("2026-03-01"), by("2026-07-01")), (100, 300));
    assert_eq!(desk.available("2026-01-31T23:59:59Z"), 350);
    assert_eq!(desk.available("2026-02-01"), 250);
    Ok(())
}

/// Setono `LotReplayerTest`: +50, −80, +100 is 70 in one lot, nothing owed. Here the 80 are a return of what was spent.
#[test]
fn a_debt_is_paid_before_anything_can_be_spent() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o1", &[("a", "80.00 EUR")])?;
    desk.redeem("2026-01-02", "r", 80)?;
    desk.grant("2026-01-02", 50, None);
    desk.give_back("2026-01-03", "o1", "a", Part::Rest)?;
    assert_eq!(desk.balance("2026-01-03"), Balance { debt: Points::new(30), ..Balance::default() });
    desk.grant("2026-01-04", 100, None);
    assert_eq!(desk.balance("2026-01-04"), Balance { available: Points::new(70), ..Balance::default() });
    assert_eq!(desk.account.lots(&name("points"), at("2026-01-04")).len(), 1);
    Ok(())
}

/// Yotpo: earn 50, spend 50, return the first order: −50.
#[test]
fn what_was_spent_and_is_returned_is_owed() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o1", &[("a", "50.00 EUR")])?;
    desk.redeem("2026-01-02", "r", 50)?;
    desk.give_back("2026-01-03", "o1", "a", Part::Rest)?;
    assert_eq!(desk.balance("2026-01-03").debt, Points::new(50));
    Ok(())
}

/// Open Loyalty: A 10 (+10), B 10 (+20), C 20 (+0), and 1 point per euro: 70 points. C comes back.
#[test]
fn a_line_takes_what_it_earned_or_its_share() -> Outcome {
    for (by, expected) in [(ReturnBasis::Line, 20), (ReturnBasis::Purchase, 35)] {
        let mut terms = terms(Kind::spendable(name("points"), Expiry::Never));
        terms.returns.by = by;
        let extra = |item: &str, points| {
            let items = BTreeSet::from([name(item)]);
            let give = Give::PerItem(Points::new(points));
            Rule {
                lines: Selector { items, ..Selector::default() },
                ..Rule::new(name(item), name("points"), Trigger::Purchase, give)
            }
        };
        let mut rules = terms.earning.policy().rules.clone();
        rules.extend([extra("A", 10), extra("B", 20)]);
        terms.earning = earning(rules);
        let mut desk = Desk::new(Programme::new(terms)?);
        let lines = [("A", "10.00 EUR"), ("B", "10.00 EUR"), ("C", "20.00 EUR")];
        assert_eq!(desk.buy("2026-01-01", "o", &lines)?.points(), Points::new(70));
        assert_eq!(desk.give_back("2026-01-02", "o", "C", Part::Rest)?.points(), Points::new(expected));
    }
    Ok(())
}

/// Mage Loyalty: $100, 500 points; $20 back, then $30: 100, 150, 250 left. And 33.33 three times and 0.01 of 100.00, which there leaves
/// a point, is all of it here.
#[test]
fn partial_returns_add_up() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o", &[("a", "500.00 EUR")])?;
    assert_eq!(desk.give_back("2026-01-02", "o", "a", Part::Amount(euros("100.00")))?.points(), Points::new(100));
    assert_eq!(desk.give_back("2026-01-03", "o", "a", Part::Amount(euros("150.00")))?.points(), Points::new(150));
    assert_eq!(desk.available("2026-01-03"), 250);

    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o", &[("a", "100.00 EUR")])?;
    let back = ["33.33", "33.33", "33.33", "0.01"]
        .map(|part| desk.give_back("2026-01-02", "o", "a", Part::Amount(euros(part))).unwrap().points().units());
    assert_eq!(back, [33, 33, 33, 1]);
    let refused = desk.give_back("2026-01-02", "o", "a", Part::Amount(euros("0.01")));
    assert!(matches!(refused, Err(Rejection::OverReturned { .. })), "{refused:?}");
    Ok(())
}

/// Smile: a refund after the rule became 2/€, was disabled or was deleted takes 100, 0, 0. Here it is what was given: 50, 50, 50.
#[test]
fn a_return_takes_back_what_was_given_whatever_the_rules_are_now() -> Outcome {
    let double =
        Rule::new(name("base"), name("points"), Trigger::Purchase, Give::PerAmount { points: Points::new(2), per: euros("1.00") });
    let disabled = Rule { enabled: false, ..double.clone() };
    for rules in [vec![double], vec![disabled], vec![]] {
        let mut desk = Desk::new(simple());
        desk.buy("2026-01-01", "o", &[("a", "50.00 EUR")])?;
        desk.programme = Programme::new(Terms { revision: name("2"), earning: earning(rules), ..desk.programme.terms().clone() })?;
        assert_eq!(desk.give_back("2026-01-02", "o", "a", Part::Rest)?.points(), Points::new(50));
        assert_eq!(desk.balance("2026-01-02"), Balance::default());
    }
    Ok(())
}

/// `TigerBeetle`, two-phase transfers: credits 100, debits 70; a hold of 50 is refused when it is made, not when it is captured.
#[test]
fn a_hold_that_cannot_be_captured_is_refused() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.grant("2026-01-01", 100, None);
    desk.redeem("2026-01-01", "r", 70)?;
    let hold = |hold: &str, points| Command::Hold {
        hold: HoldId::new(hold).unwrap(),
        kind: name("points"),
        points: Points::new(points),
        order: None,
        until: at("2026-02-01"),
    };
    let refused = desk.run("2026-01-02", &hold("h", 50)).unwrap_err();
    assert_eq!(refused, Rejection::Insufficient { wanted: Points::new(50), available: Points::new(30) });
    desk.run("2026-01-02", &hold("h", 30))?;
    assert_eq!(desk.balance("2026-01-02"), Balance { held: Points::new(30), ..Balance::default() });
    // Nobody decides: at the deadline the points are back, without any command.
    assert_eq!(desk.balance("2026-02-01"), Balance { available: Points::new(30), ..Balance::default() });
    Ok(())
}

/// odoo #136982, #169950: 3.00 for 2 points. Of 3 points 2 can be used, of 5 points 4. Open Loyalty: a point is 2.00, an order 100.00.
#[test]
fn points_are_spent_in_multiples_and_never_beyond_the_order() -> Outcome {
    let worth = Worth { points: Points::new(2), money: euros("3.00") };
    let redemption = RedemptionTerms { multiple: Points::new(2), worth: Some(worth), ..RedemptionTerms::default() };
    for (wanted, usable, money) in [(3, 2, "3.00"), (5, 4, "6.00"), (1, 0, "0.00")] {
        assert_eq!(redemption.usable(Points::new(wanted), None), Points::new(usable));
        assert_eq!(worth.of(Points::new(usable), Rounding::Floor), Some(euros(money)));
    }
    let kind = Kind { redemption, ..Kind::spendable(name("points"), Expiry::Never) };
    let mut desk = Desk::new(Programme::new(terms(kind))?);
    desk.grant("2026-01-01", 10, None);
    let refused = desk.redeem("2026-01-02", "r", 3).unwrap_err();
    assert_eq!(refused, Rejection::NotAMultiple { multiple: Points::new(2), usable: Points::new(2) });

    let worth = Worth { points: Points::new(1), money: euros("2.00") };
    let redemption = RedemptionTerms { worth: Some(worth), ..RedemptionTerms::default() };
    assert_eq!(redemption.usable(Points::new(80), Some(euros("100.00"))), Points::new(50));
    assert_eq!(worth.of(Points::new(20), Rounding::Floor), Some(euros("40.00"))); // pays 60.00 more
    let kind = Kind { redemption, ..Kind::spendable(name("points"), Expiry::Never) };
    let mut desk = Desk::new(Programme::new(terms(kind))?);
    desk.grant("2026-01-01", 100, None);
    let pay = |points, order: &str| Command::Redeem {
        source: source("r"),
        kind: name("points"),
        points: Points::new(points),
        order: Some(euros(order)),
    };
    assert_eq!(desk.run("2026-01-02", &pay(51, "100.00")).unwrap_err(), Rejection::AboveShare { most: Points::new(50) });
    assert_eq!(desk.run("2026-01-02", &pay(50, "100.00"))?.points(), Points::new(50));
    Ok(())
}

/// A redemption that is cancelled after its lot has expired gives nothing back; before, it gives back to the very lot.
#[test]
fn a_cancelled_redemption_lives_no_longer_than_its_points() -> Outcome {
    for (cancelled, left) in [("2026-05-31T23:59:59Z", 100), ("2026-06-01", 0)] {
        let mut desk = Desk::new(simple());
        desk.grant("2026-01-01", 100, until("2026-05-31"));
        desk.redeem("2026-02-01", "r", 60)?;
        let back = Command::CancelRedemption { source: source("r"), points: None };
        assert_eq!(desk.run(cancelled, &back)?.points(), Points::new(60));
        assert_eq!(desk.available(cancelled), left);
        assert_eq!(desk.account.totals(&name("points")).expired.units(), 100 - left);
    }
    Ok(())
}

/// What others bore for a lot whose points were spent comes back to them with the points: redeeming and cancelling is never having
/// redeemed.
#[test]
fn points_that_come_back_pay_what_their_lot_owes() -> Outcome {
    for shortfall in [Shortfall::WithinBalance, Shortfall::Debt { limit: None }, Shortfall::Debt { limit: Some(Points::new(10)) }] {
        let kind = Kind { shortfall, ..Kind::spendable(name("points"), Expiry::Never) };
        let mut desk = Desk::new(Programme::new(terms(kind))?);
        desk.buy("2026-01-01", "o", &[("a", "50.00 EUR")])?;
        desk.grant("2026-01-01", 20, until("2026-12-31"));
        desk.redeem("2026-01-02", "r", 60)?; // 20 of the gift, 40 of the order
        desk.give_back("2026-01-03", "o", "a", Part::Rest)?;
        let debt = match shortfall {
            Shortfall::Debt { limit: None } => 40,
            Shortfall::Debt { .. } => 10,
            _ => 0,
        };
        assert_eq!(desk.balance("2026-01-03"), Balance { debt: Points::new(debt), ..Balance::default() });
        assert_eq!(desk.account.forgiven(&name("points")), Points::new(40 - debt));
        desk.run("2026-01-04", &Command::CancelRedemption { source: source("r"), points: None })?;
        assert_eq!(desk.balance("2026-01-04"), Balance { available: Points::new(20), ..Balance::default() });
        assert_eq!(desk.account.forgiven(&name("points")), Points::ZERO);
    }
    Ok(())
}

/// What the programme let go is reclaimed from points that were away at that time, wherever they were, and from no others.
#[test]
fn points_that_were_away_pay_what_was_let_go_meanwhile() -> Outcome {
    let desk = || -> Result<Desk, Box<dyn std::error::Error>> {
        let kind = Kind { shortfall: Shortfall::WithinBalance, ..Kind::spendable(name("points"), Expiry::Never) };
        let mut desk = Desk::new(Programme::new(terms(kind))?);
        desk.buy("2026-01-01", "o", &[("a", "50.00 EUR")])?;
        desk.redeem("2026-01-02", "gone", 50)?;
        Ok(desk)
    };
    let hold = || HoldId::new("h").unwrap();
    let held =
        || Command::Hold { hold: hold(), kind: name("points"), points: Points::new(20), order: None, until: at("2026-03-01") };
    let release = Command::Release { hold: hold() };
    let cancel = Command::CancelRedemption { source: source("r"), points: None };
    let capture = Command::Capture { hold: hold(), source: source("r"), points: Points::new(20) };
    let redeem = Command::Redeem { source: source("r"), kind: name("points"), points: Points::new(20), order: None };
    let cases: [(&[&Command], &[&Command]); 5] = [
        (&[&held()], &[&release]),
        (&[&held()], &[]), // the hold ends by itself
        (&[&redeem], &[&cancel]),
        (&[&held()], &[&capture, &cancel]),
        (&[&held(), &capture], &[&cancel]),
    ];
    for (away, back) in cases {
        for (returned_first, points) in [(false, 0), (true, 30)] {
            let mut desk = desk()?;
            if returned_first {
                desk.give_back("2026-01-03", "o", "a", Part::Rest)?; // all 50 are let go
            }
            desk.grant("2026-01-04", 30, None);
            for command in away {
                desk.run("2026-01-05", command)?;
            }
            if !returned_first {
                desk.give_back("2026-01-06", "o", "a", Part::Rest)?; // takes 10, lets 40 go
                assert_eq!(desk.account.forgiven(&name("points")), Points::new(40));
            }
            for command in back {
                desk.run("2026-02-28", command)?;
            }
            desk.run("2026-03-02", &Command::Tick)?;
            assert_eq!(desk.balance("2026-03-02"), Balance { available: Points::new(points), ..Balance::default() });
            assert_eq!(desk.account.forgiven(&name("points")), Points::new(20 + points));
            // Seen from later on, by the events alone.
            let then = desk.balance("2026-03-02");
            desk.grant("2026-03-03", 7, None);
            let view = as_of(desk.account.id(), desk.account.joined(), &desk.log, at("2026-03-02"), at("2026-03-03"))?;
            assert_eq!(view.balances[&name("points")], then);
            desk.account.audit()?;
        }
    }
    Ok(())
}

#[test]
fn a_command_counts_once_and_an_order_earns_once() -> Outcome {
    let mut desk = Desk::new(simple());
    desk.buy("2026-01-01", "o", &[("a", "50.00 EUR")])?;
    let twice = desk.buy("2026-01-02", "o", &[("a", "50.00 EUR")]).unwrap_err();
    assert_eq!(twice, Rejection::AlreadyEarned { source_id: source("o"), seq: 1 });
    let id = CommandId::new("again")?;
    let redeem = |points| Command::Redeem { source: source("r"), kind: name("points"), points: Points::new(points), order: None };
    let first = desk.account.execute(&desk.programme, at("2026-01-03"), &id, &redeem(20))?;
    let second = desk.account.execute(&desk.programme, at("2026-01-04"), &id, &redeem(20))?;
    assert_eq!(
        (first.points(), second.points(), second.replayed(), second.record()),
        (Points::new(20), Points::new(20), Some(2), None)
    );
    assert_eq!(desk.available("2026-01-04"), 30);
    let other = desk.account.execute(&desk.programme, at("2026-01-04"), &id, &redeem(21)).unwrap_err();
    assert_eq!(other, Rejection::IdReused { seq: 2 });
    let back = desk.account.execute(&desk.programme, at("2026-01-02"), &CommandId::new("late")?, &redeem(1)).unwrap_err();
    assert_eq!(back, Rejection::ClockWentBack { last: at("2026-01-03") });
    Ok(())
}

#[test]
fn the_cheaper_of_two_lots_is_spent_first() -> Outcome {
    let mut desk = Desk::new(simple());
    for cost in [CostBasis(900), CostBasis(0)] {
        let grant = Grant {
            kind: name("points"),
            points: Points::new(10),
            pending: None,
            expiry: None,
            cost: Some(cost),
            reason: "x".into(),
        };
        desk.run("2026-01-01", &Command::Grant { source: source(&format!("{cost:?}")), grant })?;
    }
    desk.redeem("2026-01-02", "r", 10)?;
    assert_eq!(desk.account.lots(&name("points"), at("2026-01-02"))[0].cost, CostBasis(900));
    Ok(())
}
