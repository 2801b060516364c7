//! The account and the ladder together; rewards and benefits by grade.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use chrono::NaiveDate;
use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, Decision, Expiry, Life, LotId, Notice, Points, Programme, Rejection, SourceId,
        account::{Event, Grant, Part, Record, ReturnedPart},
        earning::{Basis, Basket, CapPeriod, Condition, EarningPolicy, EarningRules, Give, Line, Rule, Trigger},
        ladder::{
            Action, Corrections, Counting, Cycle, CycleStart, Failure, Intervention, Ladder, LadderError, LadderTerms, Milestone,
            Reached, Requirement, Span, Success, TierRule, UpgradePlan,
        },
        programme::{Benefit, Extension, Kind, ProgrammeError, RedemptionTerms, Reward, RewardLimit, Terms, Worth},
    },
    money::{Currency, Ratio, Rounding},
    quantity::Name,
};
use std::collections::BTreeMap;

mod common;
use common::name;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn at(day: &str) -> Moment {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn source(text: &str) -> SourceId {
    SourceId::new(text).unwrap()
}

/// A point and a status point per euro; from gold on half as many points again; 500 status points a year make gold, and gold a gift.
fn terms() -> Terms {
    let per_euro = || Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse().unwrap() };
    let gold = Rule {
        when: vec![Condition::GradeAtLeast(name("gold"))],
        ..Rule::new(name("gold"), name("points"), Trigger::Purchase, Give::Bonus(Ratio::new(1, 2).unwrap()))
    };
    let rules = vec![
        Rule::new(name("base"), name("points"), Trigger::Purchase, per_euro()),
        gold,
        Rule::new(name("status"), name("status"), Trigger::Purchase, per_euro()),
        Rule::new(name("welcome"), name("points"), Trigger::Occasion(name("welcome to gold")), Give::Fixed(Points::new(100))),
    ];
    let grades = vec![name("basic"), name("gold")];
    let earning = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades, rules };
    let kinds = vec![Kind::spendable(name("points"), Expiry::Never), Kind::counting(name("status"))];
    let mut terms = Terms::new(name("1"), Zone::UTC, Currency::EUR, kinds, EarningRules::new(earning).unwrap());
    let counting = Counting::Periods { cycle: Cycle { start: CycleStart::Calendar(1), months: 12 }, stands: 1 };
    let tiers = vec![TierRule::new(name("gold"), Requirement::at_least(name("status"), 500))];
    let mut ladder = LadderTerms::new(name("basic"), tiers, counting);
    ladder.corrections = Corrections::Recompute;
    ladder.milestones = vec![Milestone { name: name("welcome to gold"), reached: Reached::Tier(name("gold")), every: None }];
    terms.ladder = Some(Ladder::new(ladder).unwrap());
    let reward = |text: &str, price| Reward {
        name: name(text),
        kind: name("points"),
        price: Points::new(price),
        price_by_grade: BTreeMap::new(),
        grades: [].into(),
        from: None,
        until: None,
        limit: None,
    };
    terms.rewards = vec![
        Reward {
            price_by_grade: [(name("gold"), Points::new(40))].into(),
            limit: Some(RewardLimit { times: 2, per: CapPeriod::Month }),
            ..reward("mug", 50)
        },
        Reward { grades: [name("gold")].into(), ..reward("lounge", 10) },
        Reward { from: Some("2026-06-01".parse().unwrap()), until: Some("2026-07-01".parse().unwrap()), ..reward("ice", 5) },
    ];
    terms.benefits = vec![
        Benefit { name: name("newsletter"), from_grade: None },
        Benefit { name: name("late check-out"), from_grade: Some(name("gold")) },
    ];
    terms
}

struct Desk {
    programme: Programme,
    account: Account,
    log: Vec<Record>,
    next: u32,
}

impl Desk {
    fn new() -> Desk {
        let account = Account::new(AccountId::new("m").unwrap(), at("2026-01-01"));
        Desk { programme: Programme::new(terms()).unwrap(), account, log: vec![], next: 0 }
    }

    fn run(&mut self, day: &str, command: &Command) -> Result<Decision, Rejection> {
        self.next += 1;
        let id = CommandId::new(&format!("c{}", self.next)).unwrap();
        let decision = self.account.execute(&self.programme, at(day), &id, command)?;
        self.log.extend(decision.record().cloned());
        let again = Account::replay(self.account.id().clone(), self.account.joined(), &self.log).unwrap();
        assert_eq!(again, self.account);
        assert_eq!(self.account.audit(), Ok(()));
        Ok(decision)
    }

    fn buy(&mut self, day: &str, order: &str, price: &str) -> Decision {
        let line = Line::new(name("a"), name("a"), price.parse().unwrap());
        let basket = Basket::new(at(day), vec![line]).unwrap();
        self.run(day, &Command::Earn { source: source(order), basket }).unwrap()
    }

    fn claim(&mut self, day: &str, order: &str, reward: &str) -> Result<Points, Rejection> {
        self.run(day, &Command::Claim { source: source(order), reward: name(reward) }).map(|decision| decision.points())
    }

    fn tier(&self, day: &str) -> String {
        self.account.standing(&self.programme, at(day)).unwrap().unwrap().tier.to_string()
    }

    fn available(&self, day: &str) -> u64 {
        self.account.balance(&name("points"), at(day)).available.units()
    }
}

#[test]
fn a_purchase_raises_the_status_at_once_and_brings_the_gift_once() -> Outcome {
    let mut desk = Desk::new();
    desk.buy("2026-02-01", "o1", "499.00 EUR");
    assert_eq!(desk.tier("2026-02-01"), "basic");
    let ways = desk.account.ways_up(&desk.programme, at("2026-02-01"))?;
    assert_eq!((ways.len(), ways[0].gaps[0].missing), (1, 1));
    // The purchase that makes gold earns as before; the next one as gold does.
    let raised = desk.buy("2026-02-02", "o2", "1.00 EUR");
    assert!(raised.events().any(|event| matches!(event, Event::StatusChanged { gifts, .. } if gifts.len() == 1)));
    assert_eq!((desk.tier("2026-02-02"), desk.available("2026-02-02")), ("gold".into(), 600));
    desk.buy("2026-02-03", "o3", "10.00 EUR");
    assert_eq!(desk.available("2026-02-03"), 615);
    // Gold to the end of the next year, and no second gift for coming back.
    assert_eq!((desk.tier("2027-12-31"), desk.tier("2028-01-01")), ("gold".into(), "basic".into()));
    desk.buy("2028-02-01", "o4", "700.00 EUR");
    assert_eq!((desk.tier("2028-02-01"), desk.available("2028-02-01")), ("gold".into(), 1315));
    Ok(())
}

#[test]
fn spending_lowers_no_status_and_a_return_does() -> Outcome {
    let mut desk = Desk::new();
    desk.buy("2026-02-01", "o1", "300.00 EUR");
    desk.buy("2026-02-02", "o2", "200.00 EUR");
    desk.run("2026-02-03", &Command::Redeem { source: source("r"), kind: name("points"), points: Points::new(600), order: None })?;
    assert_eq!(desk.tier("2026-02-03"), "gold");
    desk.run("2026-02-04", &Command::Return { source: source("o2"), document: source("d"), parts: vec![] })?;
    assert_eq!(desk.tier("2026-02-04"), "basic");
    // The gift stays with its milestone: it is not given again.
    desk.buy("2026-02-05", "o3", "200.00 EUR");
    assert_eq!(desk.tier("2026-02-05"), "gold");
    assert!(desk.account.earned(&source("welcome to gold once")).is_some());
    assert_eq!(desk.account.totals(&name("points")).issued, Points::new(300 + 200 + 100 + 200));
    let refused =
        desk.run("2026-02-06", &Command::Redeem { source: source("s"), kind: name("status"), points: Points::new(1), order: None });
    assert_eq!(refused.unwrap_err(), Rejection::NotSpendable(name("status")));
    Ok(())
}

#[test]
fn rewards_have_grades_days_prices_and_limits() -> Outcome {
    let mut desk = Desk::new();
    desk.buy("2026-02-01", "o1", "400.00 EUR");
    let not_offered = |refused: Result<Points, Rejection>| matches!(refused, Err(Rejection::NotOffered { .. }));
    assert!(not_offered(desk.claim("2026-02-02", "x", "lounge")));
    assert!(not_offered(desk.claim("2026-02-02", "x", "castle")));
    assert!(not_offered(desk.claim("2026-05-31", "x", "ice")));
    let mut desk = Desk::new();
    desk.buy("2026-02-01", "o1", "400.00 EUR");
    assert_eq!(desk.claim("2026-02-03", "r1", "mug")?, Points::new(50));
    desk.buy("2026-02-04", "o2", "100.00 EUR");
    assert_eq!(desk.claim("2026-02-05", "r2", "mug")?, Points::new(40));
    assert_eq!(desk.claim("2026-02-05", "r3", "lounge")?, Points::new(10));
    assert!(not_offered(desk.claim("2026-02-06", "r4", "mug")));
    // A mug that is given back wholly was not had.
    desk.run("2026-02-07", &Command::CancelRedemption { source: source("r2"), points: None })?;
    assert_eq!(desk.claim("2026-02-08", "r5", "mug")?, Points::new(40));
    assert_eq!(desk.claim("2026-03-01", "r6", "mug")?, Points::new(40));
    assert_eq!(desk.claim("2026-06-01", "r7", "ice")?, Points::new(5));
    assert!(not_offered(desk.claim("2026-07-01", "r8", "ice")));
    let of = |grade: Option<&Name>| desk.programme.benefits(grade).map(|benefit| benefit.name.to_string()).collect::<Vec<_>>();
    assert_eq!(of(None), ["newsletter"]);
    assert_eq!(of(Some(&name("basic"))), ["newsletter"]);
    assert_eq!(of(Some(&name("gold"))), ["newsletter", "late check-out"]);
    Ok(())
}

#[test]
fn a_scheme_whose_parts_do_not_fit_cannot_be_built_or_read() {
    let refused = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        let error = Programme::new(terms.clone()).unwrap_err();
        let read: Result<Programme, _> = serde_json::from_str(&serde_json::to_string(&terms).unwrap());
        assert!(read.unwrap_err().to_string().contains(&error.to_string()));
        error
    };
    assert_eq!(refused(|terms| terms.kinds.clear()), ProgrammeError::NoKinds);
    assert_eq!(refused(|terms| drop(terms.kinds.pop())), ProgrammeError::UnknownKind(name("status")));
    assert_eq!(refused(|terms| terms.kinds.push(terms.kinds[0].clone())), ProgrammeError::NameTwice(name("points")));
    assert_eq!(refused(|terms| terms.ladder = None), ProgrammeError::GradesDiffer);
    let useless = refused(|terms| terms.kinds[1].status = false);
    assert_eq!(useless, ProgrammeError::UselessKind(name("status")));
    assert_eq!(
        refused(|terms| terms.currency = Currency::USD),
        ProgrammeError::Currency { expected: Currency::USD, found: Currency::EUR }
    );
    assert_eq!(refused(|terms| terms.rewards[0].price = Points::ZERO), ProgrammeError::FreeReward(name("mug")));
    assert_eq!(refused(|terms| terms.rewards[0].kind = name("status")), ProgrammeError::NotSpendable(name("status")));
    assert_eq!(refused(|terms| terms.rewards[2].until = terms.rewards[2].from), ProgrammeError::NeverOffered(name("ice")));
    let by_order = |terms: &mut Terms| terms.rewards[2].limit = Some(RewardLimit { times: 1, per: CapPeriod::Order });
    assert_eq!(refused(by_order), ProgrammeError::LimitByOrder(name("ice")));
}

#[test]
fn a_scheme_reads_as_it_was_written() -> Outcome {
    let programme = Programme::new(terms())?;
    let text = serde_json::to_string(&programme)?;
    assert_eq!(serde_json::from_str::<Programme>(&text)?, programme);
    let other = text.replacen("\"revision\"", "\"revizion\"", 1);
    assert!(serde_json::from_str::<Programme>(&other).is_err());
    Ok(())
}

/// A ladder by what counts in all, in which a return can be split: milestones, by what was earned.
fn by_balance(corrections: Corrections) -> Desk {
    let mut terms = terms();
    let tiers = vec![TierRule::new(name("gold"), Requirement::at_least(name("status"), 300))];
    let mut ladder = LadderTerms::new(name("basic"), tiers, Counting::Balance);
    ladder.corrections = corrections;
    let yearly = Cycle { start: CycleStart::Calendar(1), months: 12 };
    ladder.milestones =
        vec![Milestone { name: name("welcome to gold"), reached: Reached::Tier(name("gold")), every: Some(yearly) }];
    terms.ladder = Some(Ladder::new(ladder).unwrap());
    Desk { programme: Programme::new(terms).unwrap(), ..Desk::new() }
}

/// A return earns no gift, however it is split, and what is settled is not judged anew.
#[test]
fn a_return_never_brings_a_gift() -> Outcome {
    for corrections in [Corrections::Sticky, Corrections::Recompute] {
        let mut left = vec![];
        for split in [vec![10], vec![1, 9], vec![4, 6], vec![1; 10]] {
            let mut desk = by_balance(corrections);
            let line = Line { quantity: 10.try_into()?, ..Line::new(name("a"), name("a"), "300.00 EUR".parse()?) };
            let basket = Basket::new(at("2026-08-31"), vec![line])?;
            desk.run("2026-08-31", &Command::Earn { source: source("o1"), basket })?;
            desk.buy("2027-03-14", "o2", "100.00 EUR");
            assert_eq!(desk.tier("2027-03-14"), "gold");
            for (i, units) in split.into_iter().enumerate() {
                let parts = vec![ReturnedPart { line: name("a"), part: Part::Units(units) }];
                desk.run("2027-03-31", &Command::Return { source: source("o1"), document: source(&format!("d{i}")), parts })?;
            }
            left.push((desk.available("2027-04-01"), desk.tier("2027-04-01")));
        }
        // 400 and the gift of 2026, and half as many again for the second purchase, as gold; 300 come back.
        assert_eq!(left, vec![(250, "basic".to_string()); 4], "{corrections:?}");
    }
    Ok(())
}

/// What is posted after its quarter was judged changes the past of a ladder that computes anew, and of no other; and what the account says
/// is what its next record says.
#[test]
fn what_is_posted_late_counts_as_the_ladder_says() -> Outcome {
    for (corrections, expected) in [(Corrections::Sticky, "basic"), (Corrections::Recompute, "gold")] {
        let mut terms = terms();
        let counting = Counting::Periods { cycle: Cycle { start: CycleStart::Calendar(1), months: 3 }, stands: 1 };
        let tiers = vec![TierRule::new(name("gold"), Requirement::at_least(name("status"), 300))];
        let mut ladder = LadderTerms::new(name("basic"), tiers, counting);
        ladder.corrections = corrections;
        terms.ladder = Some(Ladder::new(ladder)?);
        let mut desk = Desk { programme: Programme::new(terms)?, ..Desk::new() };
        let basket = Basket::new(at("2026-03-07"), vec![Line::new(name("a"), name("a"), "350.00 EUR".parse()?)])?;
        desk.run("2026-04-09", &Command::Earn { source: source("late"), basket })?;
        assert_eq!(desk.tier("2026-04-09"), expected);
        assert!(desk.run("2026-04-10", &Command::Tick)?.record().is_none());
        assert_eq!(desk.tier("2026-04-10"), expected);
        assert_eq!(desk.tier("2026-07-01"), "basic"); // it stood for the quarter after that of the purchase
    }
    Ok(())
}

/// Two rules can count for one status on one day, with other terms; what comes back is their sum.
#[test]
fn all_that_counted_comes_back() -> Outcome {
    let mut terms = terms();
    let give = Give::PerAmount { points: Points::new(1), per: "2.00 EUR".parse()? };
    let promo = Rule { expiry: Some(Expiry::Never), ..Rule::new(name("promo"), name("status"), Trigger::Purchase, give) };
    let mut earning = terms.earning.policy().clone();
    earning.rules.push(promo);
    terms.earning = EarningRules::new(earning)?;
    let mut desk = Desk { programme: Programme::new(terms)?, ..Desk::new() };
    let line = Line { quantity: 4.try_into()?, ..Line::new(name("a"), name("a"), "100.00 EUR".parse()?) };
    desk.run("2026-02-01", &Command::Earn { source: source("o"), basket: Basket::new(at("2026-02-01"), vec![line])? })?;
    let counted = |desk: &Desk| desk.account.status_credits().on(&name("status"), "2026-02-01".parse().unwrap());
    assert_eq!(counted(&desk), 150);
    for (document, left) in [("d1", 113), ("d2", 75), ("d3", 38), ("d4", 0)] {
        let parts = vec![ReturnedPart { line: name("a"), part: Part::Units(1) }];
        desk.run("2026-02-02", &Command::Return { source: source("o"), document: source(document), parts })?;
        assert_eq!(counted(&desk), left, "{document}");
    }
    Ok(())
}

/// Salesforce's example: 3 months for all and 6 for Gold; Gold gets 6, the longest, and not 9.
#[test]
fn the_longest_extension_counts() -> Outcome {
    let mut terms = terms();
    let (months, gold) = (Life::Months, |grades: &[&str]| grades.iter().map(|grade| name(grade)).collect());
    let kind = Kind::spendable(name("points"), Expiry::On("2026-11-30".parse()?));
    let extensions = vec![Extension { by: months(3), grades: gold(&[]) }, Extension { by: months(6), grades: gold(&["gold"]) }];
    terms.kinds[0] = Kind { extensions, notice: Some(Notice { days_before: 30 }), ..kind };
    let extend = Command::Extend { kind: name("points"), lots: [].into(), reason: "spring".into() };
    let mut turned = terms.clone();
    turned.kinds[0].extensions.reverse();
    for (terms, (price, tier, last_day, told)) in
        [("100.00 EUR", "basic", "2027-02-28", "2027-01-30"), ("600.00 EUR", "gold", "2027-05-30", "2027-05-01")]
            .into_iter()
            .flat_map(|case| [(&terms, case), (&turned, case)])
    {
        let mut desk = Desk { programme: Programme::new(terms.clone())?, ..Desk::new() };
        desk.buy("2026-02-01", "o", price);
        assert_eq!(desk.tier("2026-02-01"), tier);
        let due = |desk: &Desk| desk.account.notices(&desk.programme, at("2026-03-01")).unwrap();
        assert_eq!(due(&desk).len(), 1);
        assert_eq!(
            (due(&desk)[0].due, due(&desk)[0].expiring.points),
            (zone_day("2026-11-01"), Points::new(desk.available("2026-03-01")))
        );
        assert_eq!(desk.run("2026-03-01", &extend)?.points().units(), desk.available("2026-03-01"));
        let last: NaiveDate = last_day.parse()?;
        assert!(desk.available(last_day) > 0);
        assert_eq!(desk.available(&last.succ_opt().unwrap().to_string()), 0);
        assert_eq!(due(&desk)[0].due, zone_day(told));
        assert_eq!(due(&desk)[0].expiring.at, zone_day(&last.succ_opt().unwrap().to_string()));
    }
    // None is for the others; nothing to extend; a grade that nobody has.
    let of_gold =
        |terms: &mut Terms, grade: &str| terms.kinds[0].extensions = vec![Extension { by: months(6), grades: gold(&[grade]) }];
    of_gold(&mut terms, "gold");
    let mut desk = Desk { programme: Programme::new(terms.clone())?, ..Desk::new() };
    desk.buy("2026-02-01", "o", "100.00 EUR");
    assert!(matches!(desk.run("2026-03-01", &extend), Err(Rejection::NotOffered { .. })));
    desk.buy("2026-03-01", "o2", "600.00 EUR");
    let unknown = Command::Extend { kind: name("points"), lots: [LotId::new(9).unwrap()].into(), reason: "x".into() };
    assert_eq!(desk.run("2026-03-01", &unknown).unwrap_err(), Rejection::UnknownLot(LotId::new(9).unwrap()));
    of_gold(&mut terms, "platinum");
    assert!(matches!(Programme::new(terms), Err(ProgrammeError::UnknownGrade(_))));
    Ok(())
}

fn zone_day(day: &str) -> Moment {
    format!("{day}T00:00:00Z").parse().unwrap()
}

/// A status match, a relationship and a tier for life through the account: what is decided by hand works at once, is in the log, and its
/// way up and the way to keep it can be asked.
#[test]
fn what_is_decided_by_hand_goes_through_the_account() -> Outcome {
    let decided = |on: &str, action: Action| {
        let (reason, author) = (name("match"), name("desk"));
        Command::Intervene(Intervention { on: on.parse().unwrap(), action, reason, author })
    };
    let plan = |trial| UpgradePlan {
        name: name("challenge"),
        tier: name("gold"),
        trial,
        window: Span::Days(90),
        target: Requirement::at_least(name("status"), 60),
        on_success: Success::AsEarned,
        on_failure: Failure::Restore,
        once_in_years: Some(5),
    };
    let mut desk = Desk::new();
    assert!(desk.account.ways_to_keep(&desk.programme, at("2026-02-01"))?.is_empty());
    desk.run("2026-02-01", &decided("2026-02-01", Action::Plan(plan(true))))?;
    assert_eq!(desk.tier("2026-02-01"), "gold"); // on trial, and earns as gold
    desk.buy("2026-02-10", "o1", "40.00 EUR");
    assert_eq!(desk.available("2026-02-10"), 60);
    let ways = desk.account.ways_up(&desk.programme, at("2026-02-10"))?;
    let ways: Vec<_> = ways.iter().map(|way| (way.gaps[0].missing, way.plan.is_some())).collect();
    assert_eq!(ways, [(460, false), (20, true)]);
    let again = desk.run("2026-02-11", &decided("2026-02-11", Action::Plan(plan(true))));
    assert!(matches!(again, Err(Rejection::Ladder(LadderError::PlanTooSoon { .. }))));
    assert_eq!(desk.tier("2026-05-02"), "basic"); // had nothing more come
    desk.buy("2026-03-01", "o2", "20.00 EUR");
    assert_eq!(
        (desk.tier("2026-05-02"), desk.tier("2027-12-31"), desk.tier("2028-01-01")),
        ("gold".into(), "gold".into(), "basic".into())
    );
    let keep = desk.account.ways_to_keep(&desk.programme, at("2027-02-01"))?;
    assert_eq!(keep.iter().map(|way| (way.gaps[0].missing, way.by)).collect::<Vec<_>>(), [(500, Some("2028-01-01".parse()?))]);
    // A relationship gives a tier until a day, a hold decides alone until it is released, a floor is for life.
    let mut desk = Desk::new();
    let related = Action::Relationship { with: name("m2"), tier: name("gold"), until: "2026-06-01".parse()? };
    desk.run("2026-02-01", &decided("2026-02-01", related))?;
    assert_eq!((desk.tier("2026-05-31"), desk.tier("2026-06-01")), ("gold".into(), "basic".into()));
    desk.run("2026-07-01", &decided("2026-07-01", Action::Floor(name("gold"))))?;
    desk.run("2026-07-02", &decided("2026-07-02", Action::Hold { tier: name("basic"), until: None }))?;
    assert_eq!(desk.tier("2030-01-01"), "basic");
    desk.run("2026-07-03", &decided("2026-07-03", Action::Release))?;
    assert_eq!(desk.tier("2040-01-01"), "gold");
    let unknown = desk.run("2026-07-04", &decided("2026-07-04", Action::Floor(name("lead"))));
    assert_eq!(unknown.unwrap_err(), Rejection::Ladder(LadderError::UnknownTier(name("lead"))));
    let past = desk.run("2026-07-05", &decided("2026-07-01", Action::Release));
    assert!(matches!(past, Err(Rejection::Ladder(LadderError::Backwards { .. }))));
    // Asked for a day before the last record, the account says where the member stands by that record.
    assert_eq!(desk.tier("2026-02-15"), "gold");
    let mut none = terms();
    (none.ladder, none.rewards, none.benefits) = (None, vec![], vec![]);
    let mut earning = none.earning.policy().clone();
    (earning.grades, earning.rules) = (vec![], vec![]);
    none.earning = EarningRules::new(earning)?;
    desk.programme = Programme::new(none)?;
    assert_eq!(desk.run("2026-07-06", &decided("2026-07-06", Action::Release)).unwrap_err(), Rejection::NoLadder);
    Ok(())
}

#[test]
fn more_schemes_whose_parts_do_not_fit() {
    let refused = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        Programme::new(terms).unwrap_err()
    };
    let many = ProgrammeError::TooManyDecimals { kind: name("points"), decimals: 10 };
    assert_eq!(refused(|terms| terms.kinds[0].decimals = 10), many);
    assert_eq!(
        refused(|terms| (terms.kinds[1].status, terms.kinds[1].spendable) = (false, true)),
        ProgrammeError::DoesNotCount(name("status"))
    );
    assert_eq!(refused(|terms| terms.rewards[1].grades = [name("lead")].into()), ProgrammeError::UnknownGrade(name("lead")));
    let lead = |terms: &mut Terms| _ = terms.rewards[0].price_by_grade.insert(name("lead"), Points::new(1));
    assert_eq!(refused(lead), ProgrammeError::UnknownGrade(name("lead")));
    let free = |terms: &mut Terms| _ = terms.rewards[0].price_by_grade.insert(name("gold"), Points::ZERO);
    assert_eq!(refused(free), ProgrammeError::FreeReward(name("mug")));
    assert_eq!(refused(|terms| terms.rewards[0].kind = name("stars")), ProgrammeError::UnknownKind(name("stars")));
    let never = |terms: &mut Terms| terms.rewards[0].limit = Some(RewardLimit { times: 0, per: CapPeriod::Month });
    assert_eq!(refused(never), ProgrammeError::NeverOffered(name("mug")));
    assert_eq!(refused(|terms| terms.benefits[0].from_grade = Some(name("lead"))), ProgrammeError::UnknownGrade(name("lead")));
    assert_eq!(refused(|terms| terms.rewards[1].name = name("mug")), ProgrammeError::NameTwice(name("mug")));
    assert_eq!(refused(|terms| terms.benefits[1].name = name("newsletter")), ProgrammeError::NameTwice(name("newsletter")));
    let bad = ProgrammeError::BadRedemption(name("points"));
    let worth = |points, money: &str| Some(Worth { points: Points::new(points), money: money.parse().unwrap() });
    for (worth, most) in [
        (worth(0, "1.00 EUR"), None),
        (worth(1, "0.00 EUR"), None),
        (worth(1, "1.00 USD"), None),
        (worth(1, "1.00 EUR"), Some("0")),
        (worth(1, "1.00 EUR"), Some("1.01")),
        (None, Some("1/2")),
    ] {
        let mut terms = terms();
        terms.kinds[0].redemption =
            RedemptionTerms { worth, most: most.map(|most| most.parse().unwrap()), ..RedemptionTerms::default() };
        assert_eq!(Programme::new(terms).unwrap_err(), bad, "{worth:?} {most:?}");
    }
}

/// Notices come in the order in which they are due, whatever the order of the kinds.
#[test]
fn notices_come_in_their_order() -> Outcome {
    let mut terms = terms();
    let kind = |called: &str, last_day: &str, days_before| {
        let kind = Kind::spendable(name(called), Expiry::On(last_day.parse().unwrap()));
        Kind { notice: Some(Notice { days_before }), ..kind }
    };
    terms.kinds = vec![
        kind("points", "2026-11-30", 30),
        Kind::counting(name("status")),
        kind("cash", "2026-10-31", 60),
        kind("early", "2026-12-30", 90),
    ];
    let mut desk = Desk { programme: Programme::new(terms)?, ..Desk::new() };
    for called in ["points", "cash", "early"] {
        let (kind, points, reason) = (name(called), Points::new(10), "test".into());
        let grant = Grant { kind, points, pending: None, expiry: None, cost: None, reason };
        desk.run("2026-02-01", &Command::Grant { source: source(called), grant })?;
    }
    let notices = desk.account.notices(&desk.programme, at("2026-02-01"))?;
    let told: Vec<_> = notices.iter().map(|notice| (notice.kind.to_string(), notice.due)).collect();
    let expected = [("cash", "2026-09-02"), ("early", "2026-10-02"), ("points", "2026-11-01")];
    assert_eq!(told, expected.map(|(kind, due)| (kind.to_string(), zone_day(due))));
    Ok(())
}
