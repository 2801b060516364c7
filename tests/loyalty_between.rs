//! Several accounts at once, two axes of time, and the books.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, Decision, Expiry, HoldId, Inactivity, Life, MergeError, Occasion, OccasionDates,
        OccasionVerdict, Pending, Points, PoolPolicy, Programme, Rejection, RoundUp, SourceId,
        account::{Balance, Grant, Part, Record, ReturnedPart},
        accounting::{Breakage, Cohorts, Flow, RollForward},
        earning::{Basis, Basket, Cap, CapPeriod, Condition, EarningPolicy, EarningRules, Give, Line, Rule, Side, Trigger},
        history::{Axis, as_of},
        merge, pool_shares,
        programme::{
            Deed, Kind, RedemptionTerms, ReturnBasis, Returns, Reward, RewardLimit, Shortfall, Terms, TransferTerms, Worth,
        },
        redeem_together, refer, transfer,
    },
    money::{Currency, Ratio, Rounding},
    quantity::Name,
};
use proptest::prelude::*;
use std::{collections::BTreeMap, num::NonZeroU32};

mod common;
use common::name;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn at(text: &str) -> Moment {
    if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.into() }.parse().unwrap()
}

fn source(text: &str) -> SourceId {
    SourceId::new(text).unwrap()
}

fn id(text: &str) -> CommandId {
    CommandId::new(text).unwrap()
}

fn points() -> Name {
    name("points")
}

fn programme(expiry: Expiry) -> Programme {
    let base = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse().unwrap() };
    let referral = |side, points| {
        let give = Give::Fixed(Points::new(points));
        let rule =
            Rule::new(name(if points == 100 { "referrer" } else { "referee" }), name("points"), Trigger::Referral { side }, give);
        let caps = vec![Cap { per: CapPeriod::Lifetime, points: Points::new(1_000) }];
        Rule { pending: Some(Pending::Days(14)), caps, ..rule }
    };
    let rules = vec![
        Rule::new(name("base"), points(), Trigger::Purchase, base),
        referral(Side::Referrer, 100),
        referral(Side::Referee, 50),
    ];
    let earning = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades: vec![], rules };
    let transfer = Some(TransferTerms { expiry: Some(Expiry::after(Life::Months(6), RoundUp::None)), ..TransferTerms::default() });
    Programme::new(Terms {
        revision: name("1"),
        zone: Zone::UTC,
        currency: Currency::EUR,
        kinds: vec![Kind { transfer, ..Kind::spendable(points(), expiry) }],
        earning: EarningRules::new(earning).unwrap(),
        returns: Returns { by: ReturnBasis::Line, rounding: Rounding::Floor },
        occasions: BTreeMap::new(),
        ladder: None,
        rewards: vec![],
        benefits: vec![],
    })
    .unwrap()
}

fn forever() -> Programme {
    programme(Expiry::Never)
}

struct Member {
    account: Account,
    log: Vec<Record>,
}

impl Member {
    fn new(id: &str) -> Member {
        Member { account: Account::new(AccountId::new(id).unwrap(), at("2024-01-01")), log: vec![] }
    }

    fn with(id: &str, programme: &Programme, when: &str, amount: u64) -> Member {
        let mut member = Member::new(id);
        member.grant(programme, when, &format!("grant {id}"), amount, None);
        member
    }

    fn grant(&mut self, programme: &Programme, when: &str, source_of: &str, amount: u64, expiry: Option<Expiry>) {
        let grant = Grant { kind: points(), points: Points::new(amount), pending: None, expiry, cost: None, reason: "test".into() };
        self.run(programme, when, source_of, &Command::Grant { source: source(source_of), grant }).unwrap();
    }

    fn run(&mut self, programme: &Programme, when: &str, command: &str, what: &Command) -> Result<Decision, Rejection> {
        let decision = self.account.execute(programme, at(when), &id(command), what)?;
        self.log.extend(decision.record().cloned());
        Ok(decision)
    }

    fn commit(&mut self, decision: Decision) {
        self.log.extend(self.account.commit(decision).unwrap());
        let again = Account::replay(self.account.id().clone(), self.account.joined(), &self.log).unwrap();
        assert_eq!(again, self.account);
    }

    fn copy(&self) -> Member {
        Member { account: self.account.clone(), log: self.log.clone() }
    }

    fn balance(&self, when: &str) -> Balance {
        self.account.balance(&points(), at(when))
    }

    fn available(&self, when: &str) -> u64 {
        self.balance(when).available.units()
    }
}

fn buy(order: &str, when: &str, price: &str) -> Command {
    let line = Line::new(name("a"), name("a"), price.parse().unwrap());
    Command::Earn { source: source(order), basket: Basket::new(at(when), vec![line]).unwrap() }
}

fn redeem(order: &str, amount: u64) -> Command {
    Command::Redeem { source: source(order), kind: points(), points: Points::new(amount), order: None }
}

#[test]
fn a_transfer_takes_from_one_what_it_gives_the_other_and_no_point_lives_longer() -> Outcome {
    let programme = forever();
    let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
    anna.grant(&programme, "2026-01-01", "g1", 30, Some(Expiry::On("2026-03-31".parse()?)));
    anna.grant(&programme, "2026-01-01", "g2", 30, None);
    let [sent, received] =
        transfer(&anna.account, &ben.account, &programme, at("2026-02-01"), &id("t"), &points(), Points::new(40))?;
    let record = sent.record().cloned().unwrap();
    anna.commit(sent);
    // Sent, but the receiver's half was lost: it is made again from the sender's record, and only once.
    let again = ben.account.receive(&programme, at("2026-02-02"), &id("t"), &record)?;
    assert_eq!(again.points(), received.points());
    ben.commit(again);
    let replayed = ben.account.receive(&programme, at("2026-02-02"), &id("t"), &record)?;
    assert_eq!((replayed.record(), replayed.points()), (None, Points::new(40)));
    assert_eq!((anna.available("2026-02-02"), ben.available("2026-02-02")), (20, 40));
    // 30 end with March as they would have; those that never expired have the six months of the terms.
    assert_eq!(ben.available("2026-04-01"), 10);
    assert_eq!((ben.available("2026-08-02"), ben.available("2026-08-03")), (10, 0));
    let own = transfer(&anna.account, &anna.account, &programme, at("2026-02-03"), &id("x"), &points(), Points::new(1));
    assert_eq!(own.unwrap_err(), Rejection::SameAccount);
    let forged = Command::Receive { kind: points(), points: Points::new(9), from: AccountId::new("anna")?, seq: 1 };
    assert_eq!(ben.run(&programme, "2026-02-03", "f", &forged).unwrap_err(), Rejection::OtherAccountNeeded);
    Ok(())
}

/// odoo #171706: contacts with 100 and 200 points are merged: 300. mautic #5964: 50 and 100: 150.
#[test]
fn merged_accounts_add_up_and_returns_go_on() -> Outcome {
    let programme = forever();
    for (one, other) in [(100, 200), (50, 100)] {
        let (mut a, mut b) = (Member::with("a", &programme, "2026-01-01", one), Member::with("b", &programme, "2026-01-01", other));
        b.run(&programme, "2026-01-02", "buy", &buy("order", "2026-01-02", "10.00 EUR"))?;
        b.run(&programme, "2026-01-03", "spend", &redeem("paid", 7))?;
        let [absorbed, closed] = merge(&a.account, &b.account, &programme, at("2026-02-01"), &id("m"))?;
        a.commit(absorbed);
        b.commit(closed);
        assert_eq!(a.available("2026-02-01"), one + other + 10 - 7);
        let refused = b.run(&programme, "2026-02-02", "late", &redeem("x", 1)).unwrap_err();
        assert_eq!(refused, Rejection::Closed { into: AccountId::new("a")? });
        // What the other account had earned is returned, and what it had spent cancelled, on the one that is left.
        let back = Command::Return { source: source("order"), document: source("d"), parts: vec![] };
        a.run(&programme, "2026-02-02", "return", &back)?;
        a.run(&programme, "2026-02-02", "cancel", &Command::CancelRedemption { source: source("paid"), points: None })?;
        assert_eq!(a.available("2026-02-02"), one + other);
        // A command that the other account has seen is not carried out again.
        let again = a.run(&programme, "2026-02-03", "spend", &redeem("paid", 7))?;
        assert!(again.replayed().is_some());
        a.commit(Account::decide(&a.account, &programme, at("2026-02-03"), &id("tick"), &Command::Tick)?);
    }
    Ok(())
}

#[test]
fn a_pool_gives_what_is_wanted_and_gets_its_own_back() -> Outcome {
    let programme = forever();
    let mut family = [Member::new("c"), Member::new("a"), Member::new("b")];
    family[0].grant(&programme, "2026-01-01", "g", 10, None);
    family[1].grant(&programme, "2026-01-01", "g", 10, Some(Expiry::On("2026-12-31".parse()?)));
    family[2].grant(&programme, "2026-01-01", "g", 11, None);
    let shares = |policy, amount| {
        let pool: Vec<&Account> = family.iter().map(|member| &member.account).collect();
        pool_shares(&pool, &points(), Points::new(amount), at("2026-02-01"), policy)
            .map(|shares| shares.iter().map(|share| share.units()).collect::<Vec<_>>())
    };
    assert_eq!(shares(PoolPolicy::InTurn, 15)?, [10, 5, 0]);
    assert_eq!(shares(PoolPolicy::ProRata, 31)?, [10, 10, 11]);
    assert_eq!(shares(PoolPolicy::ProRata, 1)?, [0, 0, 1]);
    assert_eq!(shares(PoolPolicy::ProRata, 2)?, [0, 1, 1]); // 20/31, 20/31, 22/31: the last, then the id that comes first
    assert_eq!(shares(PoolPolicy::SoonestExpiry, 12)?, [0, 10, 2]);
    let refused = shares(PoolPolicy::InTurn, 32).unwrap_err();
    assert_eq!(refused, Rejection::Insufficient { wanted: Points::new(32), available: Points::new(31) });

    let pool: Vec<&Account> = family.iter().map(|member| &member.account).collect();
    let when = at("2026-02-01");
    let parts =
        redeem_together(&pool, &programme, when, &id("r"), &source("o"), &points(), Points::new(15), None, PoolPolicy::InTurn)?;
    for (member, decision) in parts {
        family[member].commit(decision);
    }
    assert_eq!(family.iter().map(|member| member.available("2026-02-01")).collect::<Vec<_>>(), [0, 5, 11]);
    for member in &mut family[..2] {
        member.run(&programme, "2026-02-02", "undo", &Command::CancelRedemption { source: source("o"), points: None })?;
    }
    assert_eq!(family.iter().map(|member| member.available("2026-02-02")).collect::<Vec<_>>(), [10, 10, 11]);
    Ok(())
}

#[test]
fn a_pool_that_was_stored_in_part_gives_what_is_missing() -> Outcome {
    let programme = forever();
    let mut family = [("anna", 50), ("ben", 100)].map(|(id, amount)| Member::with(id, &programme, "2026-01-01", amount));
    let together = |family: &[Member], command: &str, amount: u64| {
        let pool: Vec<&Account> = family.iter().map(|member| &member.account).collect();
        let (when, o, amount) = (at("2026-02-01"), source("o"), Points::new(amount));
        redeem_together(&pool, &programme, when, &id(command), &o, &points(), amount, None, PoolPolicy::InTurn)
    };
    let parts = |decisions: &[(usize, Decision)]| -> Vec<(usize, u64, bool)> {
        decisions.iter().map(|(i, decision)| (*i, decision.points().units(), decision.record().is_some())).collect()
    };
    let first = together(&family, "r", 60)?;
    assert_eq!(parts(&first), [(0, 50, true), (1, 10, true)]);
    // Only one of the two is stored; sent again, the other gives what is missing, and then nothing more.
    family[0].commit(first[0].1.clone());
    let again = together(&family, "r", 60)?;
    assert_eq!(parts(&again), [(0, 50, false), (1, 10, true)]);
    family[1].commit(again[1].1.clone());
    assert_eq!(parts(&together(&family, "r", 60)?), [(0, 50, false), (1, 10, false)]);
    assert_eq!(family.iter().map(|member| member.available("2026-02-01")).collect::<Vec<_>>(), [0, 90]);
    // The same id for fewer points is another command.
    assert!(matches!(together(&family, "r", 40), Err(Rejection::IdReused { .. })));
    assert!(matches!(together(&family, "grant anna", 60), Err(Rejection::IdReused { seq: 1 })));
    Ok(())
}

#[test]
fn a_pool_keeps_the_terms_together() -> Outcome {
    let mut terms = forever().terms().clone();
    terms.kinds[0].redemption = RedemptionTerms {
        multiple: Points::new(10),
        minimum: Points::new(20),
        worth: Some(Worth { points: Points::new(1), money: "0.01 EUR".parse()? }),
        most: Some(Ratio::new(1, 2)?),
    };
    let programme = Programme::new(terms)?;
    let family = [("anna", 45), ("ben", 100)].map(|(id, amount)| Member::with(id, &programme, "2026-01-01", amount));
    let pool: Vec<&Account> = family.iter().map(|member| &member.account).collect();
    let together = |amount: u64, order: Option<&str>| {
        let order = order.map(|order| order.parse().unwrap());
        let (when, o) = (at("2026-02-01"), source("o"));
        redeem_together(&pool, &programme, when, &id("r"), &o, &points(), Points::new(amount), order, PoolPolicy::InTurn)
    };
    assert_eq!(together(10, Some("10.00 EUR")).unwrap_err(), Rejection::BelowMinimum { minimum: Points::new(20) });
    let usable = Points::new(20);
    assert_eq!(together(25, Some("10.00 EUR")).unwrap_err(), Rejection::NotAMultiple { multiple: Points::new(10), usable });
    assert_eq!(together(50, None).unwrap_err(), Rejection::OrderNeeded);
    assert_eq!(together(50, Some("0.99 EUR")).unwrap_err(), Rejection::AboveShare { most: Points::new(40) });
    assert_eq!(together(50, Some("1.00 EUR"))?.len(), 2); // of which 45 are no multiple
    Ok(())
}

#[test]
fn what_was_sent_is_taken_in_once_and_follows_a_merger() -> Outcome {
    let programme = forever();
    let (mut anna, mut ben, mut zoe) = (Member::with("anna", &programme, "2026-01-01", 30), Member::new("ben"), Member::new("zoe"));
    let sent = |anna: &mut Member, command: &str| {
        let send = Command::Send { kind: points(), points: Points::new(10), to: AccountId::new("ben").unwrap() };
        anna.run(&programme, "2026-02-01", command, &send).unwrap().into_record().unwrap()
    };
    let first = sent(&mut anna, "t1");
    let receive = |member: &Member, command: &str, record: &Record| {
        member.account.receive(&programme, at("2026-02-02"), &id(command), record)
    };
    let decision = receive(&ben, "t1", &first)?;
    ben.commit(decision);
    let twice = Rejection::AlreadyReceived { from: AccountId::new("anna")?, seq: first.seq };
    assert_eq!(receive(&ben, "again", &first).unwrap_err(), twice);
    // The next is on its way while Zoe takes over Ben: it comes to her, and what came to him does not come again.
    let second = sent(&mut anna, "t2");
    let [absorbed, closed] = merge(&zoe.account, &ben.account, &programme, at("2026-02-03"), &id("m"))?;
    zoe.commit(absorbed);
    ben.commit(closed);
    assert!(matches!(receive(&ben, "t2", &second), Err(Rejection::Closed { .. })));
    let late = |record| zoe.account.receive(&programme, at("2026-02-04"), &id("x"), record);
    assert_eq!(late(&first).unwrap_err(), twice);
    let decision = late(&second)?;
    zoe.commit(decision);
    assert_eq!((anna.available("2026-02-04"), zoe.available("2026-02-04")), (10, 20));
    Ok(())
}

#[test]
fn both_sides_of_a_referral_come_back_after_a_merger() -> Outcome {
    let programme = forever();
    let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
    let first = source("ben's first");
    let day = at("2026-03-01");
    let [one, other] = refer(&anna.account, &ben.account, &programme, day, &id("r"), &first, day)?;
    anna.commit(one);
    ben.commit(other);
    let back = |document: &str| Command::Return { source: source("ben's first"), document: source(document), parts: vec![] };
    ben.run(&programme, "2026-03-02", "back", &back("d"))?;
    let [absorbed, closed] = merge(&anna.account, &ben.account, &programme, at("2026-03-03"), &id("m"))?;
    anna.commit(absorbed);
    ben.commit(closed);
    anna.account.audit()?; // what both rules used of their caps goes with it
    assert_eq!(anna.run(&programme, "2026-03-04", "all", &back("e"))?.points(), Points::new(100));
    assert!(matches!(anna.run(&programme, "2026-03-04", "more", &back("f")), Err(Rejection::NothingToReturn(_))));
    assert_eq!(anna.balance("2026-04-01"), Balance::default());
    Ok(())
}

#[test]
fn a_referral_rewards_both_or_neither_and_once() -> Outcome {
    let programme = forever();
    let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
    let both = |anna: &Member, ben: &Member, command: &str| {
        refer(&anna.account, &ben.account, &programme, at("2026-03-01"), &id(command), &source("ben's first"), at("2026-03-01"))
    };
    let [one, other] = both(&anna, &ben, "r")?;
    anna.commit(one);
    ben.commit(other);
    assert_eq!((anna.balance("2026-03-14").pending.units(), anna.available("2026-03-15")), (100, 100));
    assert_eq!((ben.balance("2026-03-14").pending.units(), ben.available("2026-03-15")), (50, 50));
    assert!(matches!(both(&anna, &ben, "again"), Err(Rejection::AlreadyEarned { .. })));
    assert_eq!(both(&anna, &anna, "self").unwrap_err(), Rejection::SameAccount);
    // The order comes back before the points can be spent: nothing is left of either side.
    for member in [&mut anna, &mut ben] {
        let back = Command::Return { source: source("ben's first"), document: source("d"), parts: vec![] };
        member.run(&programme, "2026-03-10", "back", &back)?;
        assert_eq!(member.balance("2026-03-20"), Balance::default());
    }
    Ok(())
}

/// One side of a referral was recorded wrongly, and the two turn out to be one: the other side counts, and can come back or be wrong too.
#[test]
fn a_wrong_side_of_a_referral_stays_wrong_after_a_merger() -> Outcome {
    let programme = forever();
    for wrong_is_kept in [true, false] {
        let (mut anna, mut ben) = (Member::new("anna"), Member::new("ben"));
        let (first, day) = (source("ben's first"), at("2026-03-01"));
        let [one, other] = refer(&anna.account, &ben.account, &programme, day, &id("r"), &first, day)?;
        anna.commit(one);
        ben.commit(other);
        let void = |document: &str| Command::Void { source: source("ben's first"), document: source(document) };
        anna.run(&programme, "2026-03-02", "wrong", &void("d"))?;
        let (mut into, mut from) = if wrong_is_kept { (anna, ben) } else { (ben, anna) };
        let [absorbed, closed] = merge(&into.account, &from.account, &programme, at("2026-03-03"), &id("m"))?;
        into.commit(absorbed);
        from.commit(closed);
        into.account.audit()?;
        assert_eq!(into.available("2026-04-01"), 50);
        assert_eq!(into.run(&programme, "2026-03-04", "all", &void("e"))?.points(), Points::new(50));
        into.account.audit()?;
        assert_eq!(into.available("2026-04-01"), 0);
    }
    Ok(())
}

/// What two accounts had under one name before they were merged: a hold that is over is none, a grant beside an order comes back after
/// the order, and of two limited rewards nobody could tell which comes back.
#[test]
fn one_name_on_two_accounts() -> Outcome {
    let programme = forever();
    let hold = |until: &str| Command::Hold {
        hold: HoldId::new("h").unwrap(),
        kind: points(),
        points: Points::new(5),
        order: None,
        until: at(until),
    };
    let (mut anna, mut ben) =
        (Member::with("anna", &programme, "2026-03-01", 30), Member::with("ben", &programme, "2026-03-01", 20));
    anna.run(&programme, "2026-03-01", "h", &hold("2026-03-02"))?;
    ben.run(&programme, "2026-03-01", "h2", &hold("2026-04-01"))?;
    ben.run(&programme, "2026-03-02", "buy", &buy("order", "2026-03-02", "100.00 EUR"))?;
    anna.grant(&programme, "2026-03-02", "order", 7, None);
    for (mut into, from) in [(anna, ben)].into_iter().flat_map(|(a, b)| [(a.copy(), b.copy()), (b, a)]) {
        let [absorbed, _] = merge(&into.account, &from.account, &programme, at("2026-03-03"), &id("m"))?;
        into.commit(absorbed);
        assert_eq!((into.available("2026-03-03"), into.balance("2026-03-03").held.units()), (30 + 15 + 100 + 7, 5));
        let back = |document: &str, parts| Command::Return { source: source("order"), document: source(document), parts };
        let all = vec![ReturnedPart { line: name("a"), part: Part::Rest }];
        assert_eq!(into.run(&programme, "2026-03-04", "back", &back("d", all))?.points(), Points::new(107));
        assert!(into.run(&programme, "2026-03-05", "again", &back("e", vec![])).is_err());
    }

    let reward = Reward {
        name: name("mug"),
        kind: points(),
        price: Points::new(10),
        price_by_grade: BTreeMap::new(),
        grades: [].into(),
        from: None,
        until: None,
        limit: Some(RewardLimit { times: 1, per: CapPeriod::Year }),
    };
    let programme = Programme::new(Terms { rewards: vec![reward], ..programme.terms().clone() })?;
    let (mut anna, mut ben) =
        (Member::with("anna", &programme, "2026-03-01", 30), Member::with("ben", &programme, "2026-03-01", 20));
    let claim = Command::Claim { source: source("r"), reward: name("mug") };
    anna.run(&programme, "2026-03-02", "c", &claim)?;
    ben.run(&programme, "2026-03-02", "c2", &redeem("r", 5))?;
    let refused = |one: &Member, other: &Member| merge(&one.account, &other.account, &programme, at("2026-03-03"), &id("m")).err();
    let known = Some(MergeError::Rejection(Rejection::KnownToBoth("r".into())));
    assert_eq!((refused(&anna, &ben), refused(&ben, &anna)), (known.clone(), known));
    // Given back wholly, it is no reward any more.
    anna.run(&programme, "2026-03-03", "no", &Command::CancelRedemption { source: source("r"), points: None })?;
    assert_eq!((refused(&anna, &ben), refused(&ben, &anna)), (None, None));
    Ok(())
}

/// One who comes is referred by one, and again only if that came back.
#[test]
fn a_member_is_referred_once() -> Outcome {
    let programme = forever();
    let (anna, mut ben, carl) = (Member::new("anna"), Member::new("ben"), Member::new("carl"));
    let referred = |by: &Member, ben: &Member, when: &str| {
        refer(&by.account, &ben.account, &programme, at(when), &id(&format!("by {}", by.account.id())), &source(when), at(when))
    };
    let [_, one] = referred(&anna, &ben, "2026-03-01")?;
    ben.commit(one);
    assert_eq!(referred(&carl, &ben, "2026-03-02").unwrap_err(), Rejection::AlreadyReferred(anna.account.id().clone()));
    // Who was referred may refer.
    let [other, _] = referred(&ben, &carl, "2026-03-02")?;
    assert_eq!(other.points(), Points::new(100));
    let back = Command::Return { source: source("2026-03-01"), document: source("d"), parts: vec![] };
    ben.run(&programme, "2026-03-03", "back", &back)?;
    assert_eq!(referred(&carl, &ben, "2026-03-04")?[1].points(), Points::new(50));
    Ok(())
}

/// What was sent to an account comes back to the sender who has taken that account over.
#[test]
fn points_on_their_way_survive_a_merger_with_the_receiver() -> Outcome {
    let programme = forever();
    let mut anna = Member::with("anna", &programme, "2026-03-01", 30);
    let ben = Member::with("ben", &programme, "2026-03-01", 5);
    let [sent, _] = transfer(&anna.account, &ben.account, &programme, at("2026-03-02"), &id("t"), &points(), Points::new(10))?;
    let record = sent.record().cloned().unwrap();
    anna.commit(sent);
    let [absorbed, _] = merge(&anna.account, &ben.account, &programme, at("2026-03-03"), &id("m"))?;
    anna.commit(absorbed);
    assert_eq!(anna.available("2026-03-03"), 25);
    let arrived = anna.account.receive(&programme, at("2026-03-04"), &id("r"), &record)?;
    anna.commit(arrived);
    assert_eq!(anna.available("2026-03-04"), 35);
    anna.account.audit()?;
    let again = anna.account.receive(&programme, at("2026-03-05"), &id("again"), &record).unwrap_err();
    assert!(matches!(again, Rejection::AlreadyReceived { .. }));
    Ok(())
}

#[test]
fn a_late_purchase_was_true_before_it_was_known() -> Outcome {
    let programme = programme(Expiry::after(Life::Months(12), RoundUp::MonthEnd));
    let mut member = Member::with("m", &programme, "2026-03-01", 10);
    member.run(&programme, "2026-04-05", "late", &buy("o", "2026-03-28", "50.00 EUR"))?;
    member.run(&programme, "2026-04-06", "spend", &redeem("r", 20))?;
    let ask = |at_text: &str, known: &str| -> u64 {
        let view = as_of(member.account.id(), member.account.joined(), &member.log, at(at_text), at(known)).unwrap();
        view.balances.get(&points()).map_or(0, |balance| balance.available.units())
    };
    assert_eq!(ask("2026-03-31", "2026-03-31"), 10);
    assert_eq!(ask("2026-03-31", "2026-04-05"), 60);
    assert_eq!(ask("2026-03-27", "2026-04-30"), 10);
    assert_eq!(ask("2026-04-06", "2026-04-05"), 60);
    assert_eq!(ask("2026-04-06", "2026-04-06"), 40);
    // A late fact expires by its own day.
    assert_eq!((ask("2027-03-31", "2026-04-30"), ask("2027-04-01", "2026-04-30")), (40, 0));
    Ok(())
}

#[test]
fn the_books_roll_forward_chain_and_add_up() -> Outcome {
    let programme = programme(Expiry::after(Life::Months(2), RoundUp::MonthEnd));
    let mut member = Member::new("m");
    for (when, order, price) in
        [("2026-01-10", "o1", "33.00 EUR"), ("2026-02-10", "o2", "40.00 EUR"), ("2026-04-02", "o3", "7.00 EUR")]
    {
        member.run(&programme, when, order, &buy(order, when, price))?;
    }
    member.run(&programme, "2026-04-03", "r", &redeem("r", 30))?;
    member.run(
        &programme,
        "2026-04-04",
        "undo",
        &Command::CancelRedemption { source: source("r"), points: Some(Points::new(5)) },
    )?;
    let back = Command::Return { source: source("o3"), document: source("d"), parts: vec![] };
    member.run(&programme, "2026-04-05", "back", &back)?;
    let roll = |from: &str, until: &str, axis| -> RollForward {
        let mut roll = RollForward::new(points(), at(from), at(until), axis).unwrap();
        roll.push(&member.log).unwrap();
        roll
    };
    let april = roll("2026-04-01", "2026-05-01", Axis::Effective);
    // January's points can be spent up to the end of March: they are gone with April's first moment.
    assert_eq!((april.opening(), april.closing()), (73, 15));
    let of = |flow| april.flow(flow).units();
    assert_eq!(
        [of(Flow::Issued), of(Flow::Redeemed), of(Flow::Cancelled), of(Flow::ClawedBack), of(Flow::Expired)],
        [7, 30, 5, 7, 33]
    );
    // The rest of February's points goes with April, whether or not anybody has written it down.
    assert_eq!(roll("2026-05-01", "2026-06-01", Axis::Effective).closing(), 0);
    assert_eq!(roll("2026-05-01", "2026-06-01", Axis::Recorded).closing(), 15);
    for axis in [Axis::Effective, Axis::Recorded] {
        let months = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"];
        let thirds = Ratio::new(1, 300)?; // a third of a cent a point
        for pair in months.windows(3) {
            let (one, two) = (roll(pair[0], pair[1], axis), roll(pair[1], pair[2], axis));
            assert_eq!(one.closing(), two.opening());
            let [one, two] = [one, two].map(|roll| roll.in_money(thirds, Currency::EUR, Rounding::HalfUp).unwrap());
            assert_eq!(one.closing, two.opening);
            let signed =
                |(flow, money): (&Flow, &customer_value::money::Money)| if flow.is_in() { money.minor() } else { -money.minor() };
            assert_eq!(one.opening.minor() + one.flows.iter().map(signed).sum::<i64>(), one.closing.minor());
        }
    }
    // Two accounts together are the sum of both.
    let mut both = roll("2026-04-01", "2026-05-01", Axis::Effective);
    both.merge(&april)?;
    assert_eq!((both.opening(), both.closing(), both.flow(Flow::Issued).units()), (146, 30, 14));
    assert!(RollForward::new(points(), at("2026-05-01"), at("2026-04-01"), Axis::Recorded).is_err());
    Ok(())
}

#[test]
fn cohorts_follow_from_the_log() -> Outcome {
    let programme = programme(Expiry::after(Life::Months(1), RoundUp::MonthEnd));
    let mut cohorts = Cohorts::new("2026-12-31".parse()?)?;
    for member in 0..40_u64 {
        let mut one = Member::new(&format!("m{member}"));
        for month in 1..=10_u64 {
            let when = format!("2026-{month:02}-05");
            one.run(&programme, &when, &format!("o{month}"), &buy(&format!("o{month}"), &when, "100.00 EUR"))?;
            if (member + month) % 4 != 0 {
                let amount = 20 + (member * 7 + month * 13) % 60;
                one.run(&programme, &format!("2026-{month:02}-20"), &format!("r{month}"), &redeem(&format!("r{month}"), amount))?;
            }
        }
        one.run(&programme, "2026-12-31", "tick", &Command::Tick)?;
        cohorts.push_log(&points(), &Zone::UTC, &one.log)?;
    }
    let breakage = Breakage::of(&cohorts, std::num::NonZeroU16::new(2).unwrap())?;
    let redeemed = breakage.redeemed(4, Rounding::HalfUp)?;
    assert!(redeemed > Ratio::new(3, 10)? && redeemed < Ratio::new(6, 10)?, "{redeemed}");
    assert!(cohorts.push_log(&points(), &Zone::UTC, &[]).is_ok());
    Ok(())
}

proptest! {
    #![proptest_config(common::cases(64))]

    /// The shares of a pool sum to what is wanted, none is more than there is, and pro rata is within one of the exact share; in any
    /// order of the accounts each gives the same.
    #[test]
    fn pools_share(there in prop::collection::vec(0_u64..50, 1..6), part in 1_u64..=100) {
        let programme = forever();
        let all: u64 = there.iter().sum();
        let wanted = (all * part / 100).max(1);
        prop_assume!(wanted <= all);
        let members: Vec<Member> = there.iter().enumerate().map(|(i, amount)| {
            if *amount == 0 { Member::new(&i.to_string()) } else { Member::with(&i.to_string(), &programme, "2026-01-01", *amount) }
        }).collect();
        for policy in [PoolPolicy::InTurn, PoolPolicy::ProRata, PoolPolicy::SoonestExpiry] {
            let pool: Vec<&Account> = members.iter().map(|member| &member.account).collect();
            let shares = pool_shares(&pool, &points(), Points::new(wanted), at("2026-02-01"), policy).unwrap();
            prop_assert_eq!(shares.iter().map(|share| share.units()).sum::<u64>(), wanted);
            for (share, there) in shares.iter().zip(&there) {
                prop_assert!(share.units() <= *there);
                if policy == PoolPolicy::ProRata {
                    let (exact, whole) = (wanted * there, all);
                    prop_assert!(share.units() * whole < exact + whole && share.units() * whole + whole > exact);
                }
            }
            if policy != PoolPolicy::InTurn {
                let backwards: Vec<&Account> = pool.iter().rev().copied().collect();
                let mut other = pool_shares(&backwards, &points(), Points::new(wanted), at("2026-02-01"), policy).unwrap();
                other.reverse();
                prop_assert_eq!(&other, &shares);
            }
        }
    }

    /// Merging is associative in what there is, and lots keep their expiry.
    #[test]
    fn mergers_associate(amounts in prop::array::uniform3((1_u64..50, 1_u32..28))) {
        let programme = forever();
        let member = |i: usize| {
            let mut member = Member::new(&i.to_string());
            let expiry = Expiry::On(chrono::NaiveDate::from_ymd_opt(2026, 6, amounts[i].1).unwrap());
            member.grant(&programme, "2026-01-01", &format!("g{i}"), amounts[i].0, Some(expiry));
            member.account
        };
        let into = |one: &Account, other: &Account, command: &str| {
            let [absorbed, _] = merge(one, other, &programme, at("2026-02-01"), &id(command)).unwrap();
            let mut one = one.clone();
            one.commit(absorbed).unwrap();
            one
        };
        let (a, b, c) = (member(0), member(1), member(2));
        let left = into(&into(&a, &b, "m1"), &c, "m2");
        let right = into(&a, &into(&b, &c, "m1"), "m2");
        for day in 1..=30 {
            let when = Moment::new(chrono::NaiveDate::from_ymd_opt(2026, 6, day).unwrap().into(), 0).unwrap();
            prop_assert_eq!(left.balance(&points(), when), right.balance(&points(), when));
        }
        prop_assert_eq!(left.balance(&points(), at("2026-02-01")).available.units(), amounts.iter().map(|a| a.0).sum::<u64>());
    }
}

/// A friend's order rewards who bought and who recommended, under its own name. If the two turn out to be one member, it is a purchase
/// still: it comes back line by line, and no longer counts when it has.
#[test]
fn a_purchase_stays_one_beside_the_reward_of_the_same_order() -> Outcome {
    let programme = forever();
    for (first, second) in [("anna", "ben"), ("ben", "anna")] {
        let mut anna = Member::with("anna", &programme, "2026-01-01", 5);
        let grant =
            Grant { kind: points(), points: Points::new(50), pending: None, expiry: None, cost: None, reason: "friend".into() };
        anna.run(&programme, "2026-01-02", "c1", &Command::Grant { source: source("order"), grant })?;
        let mut ben = Member::new("ben");
        ben.run(&programme, "2026-01-02", "c2", &buy("order", "2026-01-02", "100.00 EUR"))?;
        let mut members = BTreeMap::from([("anna", anna), ("ben", ben)]);
        let other = members.remove(second).unwrap();
        let mut one = members.remove(first).unwrap();
        let [absorbed, _] = merge(&one.account, &other.account, &programme, at("2026-01-03"), &id("m"))?;
        one.commit(absorbed);
        one.account.audit()?;
        assert_eq!(one.available("2026-01-03"), 155);
        let parts = |part| vec![ReturnedPart { line: name("a"), part }];
        let half = Part::Amount("50.00 EUR".parse()?);
        let back = Command::Return { source: source("order"), document: source("r1"), parts: parts(half) };
        one.run(&programme, "2026-01-04", "c3", &back)?;
        assert_eq!(one.available("2026-01-04"), 80); // half of both
        let back = Command::Return { source: source("order"), document: source("r2"), parts: parts(Part::Rest) };
        one.run(&programme, "2026-01-05", "c4", &back)?;
        one.account.audit()?;
        assert_eq!(one.available("2026-01-05"), 5);
    }
    Ok(())
}

/// A scheme in which much is given once: for the first purchase, for reviews up to ten points in all, a mug a year, a birthday.
fn once_each() -> Programme {
    let rule =
        |called: &str, on: Trigger, points: u64| Rule::new(name(called), self::points(), on, Give::Fixed(Points::new(points)));
    let mut terms = forever().terms().clone();
    let mut policy = terms.earning.policy().clone();
    let caps = vec![Cap { per: CapPeriod::Lifetime, points: Points::new(10) }];
    policy.rules.extend([
        Rule { when: vec![Condition::FirstPurchase], ..rule("welcome", Trigger::Purchase, 7) },
        Rule { caps, ..rule("review", Trigger::Activity(name("review")), 10) },
        rule("birthday", Trigger::Occasion(name("birthday")), 20),
    ]);
    terms.earning = EarningRules::new(policy).unwrap();
    terms.occasions = BTreeMap::from([(name("birthday"), Occasion::birthday())]);
    terms.rewards = vec![Reward {
        name: name("mug"),
        kind: points(),
        price: Points::new(5),
        price_by_grade: BTreeMap::new(),
        grades: [].into(),
        from: None,
        until: None,
        limit: Some(RewardLimit { times: 1, per: CapPeriod::Year }),
    }];
    terms.kinds[0].inactivity = Some(Inactivity::new(Life::Months(12)));
    terms.kinds[0].kept_alive_by = [Deed::Purchase].into();
    Programme::new(terms).unwrap()
}

/// A member who had two accounts is one: what either of them was given once is not given to both together a second time.
#[test]
fn what_was_given_once_is_not_given_again_after_a_merger() -> Outcome {
    let programme = once_each();
    let review = |number: u32| Command::Act {
        source: source(&format!("review {number}")),
        activity: name("review"),
        units: NonZeroU32::MIN,
        on: at("2026-01-05"),
        labels: [].into(),
    };
    let mug = |number: u32| Command::Claim { source: source(&format!("mug {number}")), reward: name("mug") };
    let birthday = Command::Celebrate { occasion: name("birthday"), key: "birthday 2026".into(), day: "2026-01-04".parse()? };
    for into_the_new in [true, false] {
        let old = Account::new(AccountId::new("old")?, at("2020-05-05"));
        let mut old = Member { account: old, log: vec![] };
        old.run(&programme, "2026-01-05", "buy", &buy("first", "2026-01-05", "50.00 EUR"))?;
        old.run(&programme, "2026-01-05", "review", &review(1))?;
        old.run(&programme, "2026-01-05", "birthday", &birthday)?;
        old.run(&programme, "2026-01-05", "mug", &mug(1))?;
        assert_eq!(old.available("2026-01-05"), 50 + 7 + 10 + 20 - 5);
        let new = Member::with("new", &programme, "2026-01-06", 100);
        let (mut one, other) = if into_the_new { (new, old) } else { (old, new) };
        let [absorbed, _] = merge(&one.account, &other.account, &programme, at("2026-02-01"), &id("m"))?;
        one.account.commit(absorbed)?;
        assert_eq!(one.account.joined(), at("2020-05-05"));
        one.account.audit()?;
        let mut run = |command: &str, what: &Command| one.run(&programme, "2026-02-02", command, what);
        assert_eq!(run("review 2", &review(2))?.points(), Points::ZERO);
        assert_eq!(run("buy 2", &buy("second", "2026-02-02", "1.00 EUR"))?.points(), Points::new(1));
        assert!(matches!(run("birthday 2", &birthday), Err(Rejection::AlreadyCelebrated { .. })));
        assert!(matches!(run("mug 2", &mug(2)), Err(Rejection::NotOffered { .. })));
        let dates = OccasionDates::new().born("1990-01-04".parse()?, "2020-05-05".parse()?);
        let due = one.account.occasion_due(&programme, &name("birthday"), &dates, at("2026-02-02"))?;
        assert!(matches!(due, Some(OccasionVerdict::Already { .. })), "{due:?}");
    }
    Ok(())
}

/// Points that were set aside when all others were lost for want of activity are over when they are free, also on another account.
#[test]
fn what_was_lost_for_want_of_activity_does_not_come_back_by_a_merger() -> Outcome {
    let programme = once_each();
    let hold = || HoldId::new("h").unwrap();
    let mut idle = Member::with("idle", &programme, "2026-01-01", 100);
    let held = Command::Hold { hold: hold(), kind: points(), points: Points::new(40), order: None, until: at("2027-06-01") };
    idle.run(&programme, "2026-01-02", "h", &held)?;
    assert_eq!(idle.balance("2027-01-02"), Balance { held: Points::new(40), ..Balance::default() });
    let mut other = Member::with("other", &programme, "2027-01-01", 5);
    let [absorbed, closed] = merge(&other.account, &idle.account, &programme, at("2027-02-01"), &id("m"))?;
    other.commit(absorbed);
    idle.commit(closed);
    other.run(&programme, "2027-02-02", "free", &Command::Release { hold: hold() })?;
    assert_eq!(other.balance("2027-02-02"), Balance { available: Points::new(5), ..Balance::default() });
    // Whoever was active last counts: the points of both live on with that.
    let mut early = Member::with("early", &programme, "2026-01-01", 10);
    let late = Member::with("late", &programme, "2026-06-01", 20);
    let [absorbed, _] = merge(&early.account, &late.account, &programme, at("2026-07-01"), &id("m"))?;
    early.commit(absorbed);
    assert_eq!((early.available("2027-06-01"), early.available("2027-06-02")), (30, 0));
    Ok(())
}

/// What the programme let go before a merger stays so, whatever comes back afterwards: nobody can say what came first on the two.
#[test]
fn what_was_let_go_before_a_merger_stays_so() -> Outcome {
    let mut terms = forever().terms().clone();
    terms.kinds[0].shortfall = Shortfall::WithinBalance;
    let programme = Programme::new(terms)?;
    let hold = || HoldId::new("h").unwrap();
    let held = Command::Hold { hold: hold(), kind: points(), points: Points::new(20), order: None, until: at("2026-12-01") };
    let cancel = Command::CancelRedemption { source: source("r"), points: None };
    for (away, back) in [(held, Command::Release { hold: hold() }), (redeem("r", 20), cancel)] {
        for (merged_into, forgiven) in [(None, 20), (Some(true), 40), (Some(false), 40)] {
            let mut member = Member::new("m");
            member.run(&programme, "2026-01-01", "buy", &buy("o", "2026-01-01", "50.00 EUR"))?;
            member.run(&programme, "2026-01-02", "gone", &redeem("gone", 50))?;
            member.grant(&programme, "2026-01-03", "g", 30, None);
            member.run(&programme, "2026-01-04", "away", &away)?;
            let give_back = Command::Return { source: source("o"), document: source("d"), parts: vec![] };
            member.run(&programme, "2026-01-05", "back", &give_back)?; // takes 10, lets 40 go
            assert_eq!(member.account.forgiven(&points()), Points::new(40));
            if let Some(is_taken_over) = merged_into {
                let mut other = Member::new("other");
                if is_taken_over {
                    std::mem::swap(&mut member, &mut other);
                }
                let [absorbed, _] = merge(&member.account, &other.account, &programme, at("2026-02-01"), &id("m"))?;
                member.commit(absorbed);
            }
            member.run(&programme, "2026-02-02", "comes back", &back)?;
            assert_eq!(member.account.forgiven(&points()), Points::new(forgiven), "{back:?} {merged_into:?}");
            assert_eq!(member.available("2026-02-02"), forgiven - 20);
        }
    }
    Ok(())
}

/// What is on its way to an account that was taken over twice comes to whoever has it now.
#[test]
fn what_was_sent_follows_two_mergers() -> Outcome {
    let programme = forever();
    let mut anna = Member::with("anna", &programme, "2026-01-01", 30);
    let send = Command::Send { kind: points(), points: Points::new(10), to: AccountId::new("ben")? };
    let record = anna.run(&programme, "2026-02-01", "t", &send)?.into_record().ok_or("no record")?;
    let (mut ben, mut zoe, mut kim) = (Member::new("ben"), Member::new("zoe"), Member::new("kim"));
    let [absorbed, closed] = merge(&zoe.account, &ben.account, &programme, at("2026-02-02"), &id("m1"))?;
    zoe.commit(absorbed);
    ben.commit(closed);
    let [absorbed, closed] = merge(&kim.account, &zoe.account, &programme, at("2026-02-03"), &id("m2"))?;
    kim.commit(absorbed);
    zoe.commit(closed);
    let received = kim.account.receive(&programme, at("2026-02-04"), &id("t"), &record)?;
    kim.commit(received);
    assert_eq!(kim.available("2026-02-04"), 10);
    Ok(())
}

/// Points that cannot be spent yet are no part of what a pool gives, and decisions come in the order of the pool.
#[test]
fn a_pool_leaves_alone_what_waits() -> Outcome {
    let programme = forever();
    let (mut one, mut other) = (Member::new("a"), Member::new("b"));
    let waits = Grant {
        kind: points(),
        points: Points::new(50),
        pending: Some(Pending::Confirmation),
        expiry: Some(Expiry::On("2026-03-31".parse()?)),
        cost: None,
        reason: "test".into(),
    };
    one.run(&programme, "2026-01-01", "waits", &Command::Grant { source: source("waits"), grant: waits })?;
    one.grant(&programme, "2026-01-01", "a", 10, None);
    other.grant(&programme, "2026-01-01", "b", 10, Some(Expiry::On("2026-12-31".parse()?)));
    let pool = [&one.account, &other.account];
    let shares = pool_shares(&pool, &points(), Points::new(12), at("2026-02-01"), PoolPolicy::SoonestExpiry)?;
    assert_eq!(shares, [Points::new(2), Points::new(10)]);
    // The second has given its part before; its place stays the second.
    let together = |pool: &[&Account]| {
        let (when, o) = (at("2026-02-01"), source("o"));
        redeem_together(pool, &programme, when, &id("r"), &o, &points(), Points::new(12), None, PoolPolicy::SoonestExpiry)
    };
    let second = together(&pool)?.pop().ok_or("nobody")?.1;
    let mut given = other.account.clone();
    given.commit(second)?;
    let places: Vec<usize> = together(&[&given, &one.account])?.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [0, 1]);
    let places: Vec<usize> = together(&[&one.account, &given])?.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [0, 1]);
    Ok(())
}
