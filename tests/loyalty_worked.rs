//! Examples that vendors publish, played through an account to the last of its points, and what a ledger owes its members besides.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    calendar::{Zone, days_from},
    loyalty::{
        Account, AccountId, Command, CommandId, Decay, Decision, Expiry, HoldId, Inactivity, Life, Occasion, OccasionDates,
        OccasionVerdict, Pending, Points, Programme, Rejection, RoundUp,
        account::{Balance, Grant, Part, Record, ReturnedPart},
        earning::{Basis, Basket, Condition, EarningPolicy, EarningRules, Give, Line, Rule, Selector, Trigger},
        ladder::{Corrections, Counting, Cycle, CycleStart, Ladder, LadderTerms, Requirement, TierRule},
        programme::{Deed, Kind, RedemptionTerms, Shortfall, Terms, TransferTerms, Worth},
        transfer,
    },
    money::{Currency, Money, Rounding},
};

mod common;
#[path = "common/desk.rs"]
mod desk;
use common::name;
use desk::{at, source};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn usd(text: &str) -> Money {
    format!("{text} USD").parse().unwrap()
}

fn kind(expiry: Expiry) -> Kind {
    Kind::spendable(name("points"), expiry)
}

fn rule(called: &str, give: Give) -> Rule {
    Rule::new(name(called), name("points"), Trigger::Purchase, give)
}

/// So many points for so many dollars.
fn per(points: u64, dollars: &str) -> Rule {
    rule("base", Give::PerAmount { points: Points::new(points), per: usd(dollars) })
}

fn terms(kind: Kind, rules: Vec<Rule>, rounding: Rounding) -> Terms {
    let policy = EarningPolicy { basis: Basis::NET, rounding, times_at_most: None, grades: vec![], rules };
    Terms::new(name("1"), Zone::UTC, Currency::USD, vec![kind], EarningRules::new(policy).unwrap())
}

/// An account with its scheme and its log.
struct Desk {
    programme: Programme,
    account: Account,
    log: Vec<Record>,
}

impl Desk {
    fn new(terms: Terms) -> Desk {
        let account = Account::new(AccountId::new("m1").unwrap(), at("2020-01-01"));
        Desk { programme: Programme::new(terms).unwrap(), account, log: vec![] }
    }

    /// One point for a dollar, for ever.
    fn simple() -> Desk {
        Desk::new(terms(kind(Expiry::Never), vec![per(1, "1.00")], Rounding::Floor))
    }

    fn run(&mut self, when: &str, command: &Command) -> Result<Decision, Rejection> {
        let id = CommandId::new(&format!("c{}", self.log.len())).unwrap();
        let decision = self.account.execute(&self.programme, at(when), &id, command)?;
        self.log.extend(decision.record().cloned());
        let again = Account::replay(self.account.id().clone(), self.account.joined(), &self.log).unwrap();
        assert_eq!(again, self.account);
        assert_eq!(self.account.audit(), Ok(()));
        Ok(decision)
    }

    fn grant(&mut self, when: &str, points: u64, last_day: Option<&str>) {
        let expiry = last_day.map(|day| Expiry::On(day.parse().unwrap()));
        let grant =
            Grant { kind: name("points"), points: Points::new(points), pending: None, expiry, cost: None, reason: "test".into() };
        self.run(when, &Command::Grant { source: source(&format!("grant {}", self.log.len())), grant }).unwrap();
    }

    /// Buys one thing; the points of all kinds that it earns.
    fn buy(&mut self, when: &str, item: &str, price: &str) -> u64 {
        let line = Line::new(name(item), name(item), usd(price));
        let basket = Basket::new(at(when), vec![line]).unwrap();
        self.run(when, &Command::Earn { source: source(item), basket }).unwrap().points().units()
    }

    /// Returns it; the points that this takes.
    fn give_back(&mut self, when: &str, item: &str, part: Part) -> u64 {
        let (document, parts) = (source(&format!("d{}", self.log.len())), vec![ReturnedPart { line: name(item), part }]);
        self.run(when, &Command::Return { source: source(item), document, parts }).unwrap().points().units()
    }

    fn redeem(&mut self, when: &str, order: &str, points: u64) -> Result<Decision, Rejection> {
        self.run(when, &Command::Redeem { source: source(order), kind: name("points"), points: Points::new(points), order: None })
    }

    fn hold(&mut self, when: &str, hold: &str, points: u64, until: &str) {
        let (hold, points, until) = (HoldId::new(hold).unwrap(), Points::new(points), at(until));
        self.run(when, &Command::Hold { hold, kind: name("points"), points, order: None, until }).unwrap();
    }

    fn balance(&self, when: &str) -> Balance {
        self.account.balance(&name("points"), at(when))
    }

    fn available(&self, when: &str) -> u64 {
        self.balance(when).available.units()
    }

    /// What there is in the last second of a day, and from then on.
    fn around_the_end_of(&self, day: &str) -> (u64, u64) {
        let next = days_from(day.parse().unwrap(), 1).unwrap();
        (self.available(&format!("{day}T23:59:59Z")), self.available(&next.to_string()))
    }
}

/// Yotpo: $49.95 at a point a dollar, and the refund of it: +49 and −49. Mage Loyalty: 109.89 are 109 points.
#[test]
fn a_refund_takes_the_points_and_not_the_cents() {
    let mut desk = Desk::simple();
    assert_eq!(desk.buy("2026-01-01", "o", "49.95"), 49);
    assert_eq!(desk.give_back("2026-01-02", "o", Part::Rest), 49);
    assert_eq!(desk.balance("2026-01-02"), Balance::default());
    assert_eq!(desk.buy("2026-01-03", "other", "109.89"), 109);
}

/// A Copilot Studio lab: 4,200 points, and a console of 499.99 at three times and a fifth more; 1,000 points pay $5. After 800 have
/// expired, $105 can be paid; after a return of headphones of 399.99, which had earned 4,800, $85.
#[test]
fn a_balance_pays_by_the_thousand_after_an_expiry_and_after_a_return() -> Outcome {
    let redemption = RedemptionTerms {
        multiple: Points::new(1_000),
        worth: Some(Worth { points: Points::new(1_000), money: usd("5.00") }),
        ..RedemptionTerms::default()
    };
    let consoles = Selector { items: [name("console")].into(), ..Selector::default() };
    let rules = vec![
        per(10, "1.00"),
        rule("member", Give::Times("1.2".parse()?)),
        Rule { lines: consoles, ..rule("console", Give::Times("3".parse()?)) },
    ];
    let new = || Desk::new(terms(Kind { redemption: redemption.clone(), ..kind(Expiry::Never) }, rules.clone(), Rounding::HalfUp));
    let pays = |desk: &mut Desk, when: &str| {
        let usable = redemption.usable(desk.balance(when).available, None);
        assert_eq!(desk.redeem(when, "paid", usable.units()).unwrap().points(), usable);
        redemption.worth.unwrap().of(usable, Rounding::Floor)
    };

    let mut desk = new();
    desk.grant("2026-01-01", 800, Some("2026-03-31"));
    desk.grant("2026-01-01", 3_400, None);
    assert_eq!(desk.buy("2026-03-01", "console", "499.99"), 18_000); // 17,999.64 to the nearest
    assert_eq!(desk.around_the_end_of("2026-03-31"), (22_200, 21_400));
    assert_eq!(pays(&mut desk, "2026-04-01"), Some(usd("105.00")));
    assert_eq!(desk.available("2026-04-01"), 400);

    let mut desk = new();
    assert_eq!(desk.buy("2026-01-01", "headphones", "399.99"), 4_800); // 4,799.88
    desk.redeem("2026-01-02", "earlier", 1_000)?;
    desk.grant("2026-01-03", 400, None);
    assert_eq!(desk.available("2026-01-03"), 4_200);
    desk.buy("2026-03-01", "console", "499.99");
    assert_eq!(desk.give_back("2026-03-02", "headphones", Part::Rest), 4_800);
    assert_eq!(desk.available("2026-03-02"), 17_400);
    assert_eq!(pays(&mut desk, "2026-03-02"), Some(usd("85.00")));
    Ok(())
}

/// Capillary: 100 points of January 2024 for twelve months without activity, and a purchase in December that earns none. Whether that
/// one counts is for the scheme to say.
#[test]
fn a_purchase_without_points_keeps_alive_if_the_scheme_says_so() {
    for (deeds, last_day) in [(vec![Deed::Purchase], "2025-01-10"), (vec![Deed::Purchase, Deed::EmptyPurchase], "2025-12-15")] {
        let inactivity = Some(Inactivity::new(Life::Months(12)));
        let kind = Kind { inactivity, kept_alive_by: deeds.into_iter().collect(), ..kind(Expiry::Never) };
        let mut desk = Desk::new(terms(kind, vec![per(1, "1.00")], Rounding::Floor));
        assert_eq!(desk.buy("2024-01-10", "o1", "100.00"), 100);
        assert_eq!(desk.buy("2024-12-15", "o2", "0.99"), 0);
        assert_eq!(desk.around_the_end_of(last_day), (100, 0));
    }
}

/// easyPoints: 500 points for a birthday on 1 January 2023, 1,000 by an order of 1 February: all 1,500 expire together on 1 February
/// 2024. Here that is the last day on which they can be spent. The birthday is no activity, and comes once a year, whatever the birth
/// date is said to be afterwards.
#[test]
fn a_birthday_and_an_order_expire_together() -> Outcome {
    let birthday = name("birthday");
    let gift = Rule { on: Trigger::Occasion(birthday.clone()), ..rule("gift", Give::Fixed(Points::new(500))) };
    let inactivity = Some(Inactivity::new(Life::Months(12)));
    let kind = Kind { inactivity, kept_alive_by: [Deed::Purchase].into(), ..kind(Expiry::Never) };
    let mut terms = terms(kind, vec![per(10, "1.00"), gift], Rounding::Floor);
    terms.occasions = [(birthday.clone(), Occasion::birthday())].into();
    let mut desk = Desk::new(terms);
    let due = |desk: &Desk, birth: &str, when: &str| {
        let dates = OccasionDates::new().born(birth.parse().unwrap(), "2022-06-01".parse().unwrap());
        desk.account.occasion_due(&desk.programme, &birthday, &dates, at(when)).unwrap().unwrap()
    };
    let OccasionVerdict::Due { key, day } = due(&desk, "1990-01-01", "2023-01-01") else { panic!() };
    let celebrate = Command::Celebrate { occasion: birthday.clone(), key: key.clone(), day };
    assert_eq!(desk.run("2023-01-01", &celebrate)?.points(), Points::new(500));
    let again = desk.run("2023-01-02", &celebrate).unwrap_err();
    assert_eq!(again, Rejection::AlreadyCelebrated { occasion: birthday.clone(), key, seq: 1 });
    assert!(matches!(due(&desk, "1990-01-20", "2023-01-20"), OccasionVerdict::Already { .. }));
    assert_eq!(desk.around_the_end_of("2024-01-01"), (500, 0)); // were there no order
    assert_eq!(desk.buy("2023-02-01", "o", "100.00"), 1_000);
    assert_eq!(desk.around_the_end_of("2024-02-01"), (1_500, 0));
    Ok(())
}

/// `LoyaltyLion`: points are to expire after twelve months, switched on for existing balances on 1 March 2022: nothing expires
/// before 1 March 2023. Here a new revision leaves points that are there as they are; their expiry is moved by a command that says why.
#[test]
fn an_expiry_that_is_switched_on_gives_old_points_their_time() -> Outcome {
    let mut desk = Desk::simple();
    desk.grant("2020-06-01", 500, None);
    let year = Expiry::after(Life::Months(12), RoundUp::None);
    let second = Terms { revision: name("2"), ..terms(kind(year), vec![per(1, "1.00")], Rounding::Floor) };
    desk.programme = Programme::new(second)?;
    desk.run("2022-03-01", &Command::Tick)?;
    assert_eq!(desk.account.expiring(&name("points"), at("2022-03-01")), []);
    let last_day = Some("2023-03-01".parse()?);
    let all = Command::MoveExpiry { kind: name("points"), lots: [].into(), last_day, reason: "points now live for a year".into() };
    assert_eq!(desk.run("2022-03-01", &all)?.points(), Points::new(500));
    assert_eq!(desk.buy("2022-04-01", "o", "100.00"), 100);
    assert_eq!(desk.around_the_end_of("2023-03-01"), (600, 100));
    assert_eq!(desk.around_the_end_of("2023-04-01"), (100, 0));
    Ok(())
}

/// partypoker: who stays away for 12 weeks loses 5 % a week, at least 5 points, and after 20 weeks the rest; here with nobody writing
/// down that time passes.
#[test]
fn who_stays_away_loses_a_share_a_week_and_then_the_rest() -> Outcome {
    let decay = Some(Decay::new(7, "0.05".parse()?, Rounding::Floor, Points::new(5), Some(8))?);
    let inactivity = Some(Inactivity { decay, ..Inactivity::new(Life::Days(84)) });
    let mut desk = Desk::new(terms(Kind { inactivity, ..kind(Expiry::Never) }, vec![], Rounding::Floor));
    desk.grant("2024-01-01", 1_000, None);
    for (week, left) in (11..).zip([1_000, 950, 903, 858, 816, 776, 738, 702, 667, 0]) {
        let last_day = days_from("2024-01-01".parse()?, 7 * week)?;
        assert_eq!(desk.around_the_end_of(&last_day.to_string()).1, left, "after {week} weeks");
    }
    Ok(())
}

/// Expiry of 300 points on 1 March 2026, of which 200 are redeemed on 1 May 2025: the other 100 expire on that day, no more.
#[test]
fn what_was_redeemed_does_not_expire_again() -> Outcome {
    let mut desk = Desk::simple();
    desk.grant("2025-03-01", 300, Some("2026-02-28"));
    desk.redeem("2025-05-01", "r", 200)?;
    let expiring = desk.account.expiring(&name("points"), at("2025-05-01"));
    assert_eq!(expiring.iter().map(|entry| (entry.at, entry.points.units())).collect::<Vec<_>>(), [(at("2026-03-01"), 100)]);
    assert_eq!(desk.around_the_end_of("2026-02-28"), (100, 0));
    desk.run("2026-03-02", &Command::Tick)?;
    let totals = desk.account.totals(&name("points"));
    assert_eq!((totals.burned.units(), totals.expired.units()), (200, 100));
    Ok(())
}

/// Two shops' terms: of 100 points for $100, a refund of $75 leaves 25, and 300 points that were spent on a coupon for the order stay
/// spent when part of it comes back. Here they stay spent until that redemption is cancelled, which is a command of its own.
#[test]
fn a_partial_return_leaves_what_was_spent() -> Outcome {
    let mut desk = Desk::simple();
    desk.grant("2026-01-01", 300, None);
    desk.redeem("2026-01-02", "coupon", 300)?;
    assert_eq!(desk.buy("2026-01-02", "o", "100.00"), 100);
    assert_eq!(desk.give_back("2026-01-03", "o", Part::Amount(usd("75.00"))), 75);
    assert_eq!(desk.balance("2026-01-03"), Balance { available: Points::new(25), ..Balance::default() });
    let burned = |desk: &Desk| desk.account.totals(&name("points")).burned.units();
    assert_eq!(burned(&desk), 300);
    assert_eq!(desk.give_back("2026-01-04", "o", Part::Rest), 25);
    assert_eq!((burned(&desk), desk.available("2026-01-04")), (300, 0));
    desk.run("2026-01-05", &Command::CancelRedemption { source: source("coupon"), points: None })?;
    assert_eq!((burned(&desk), desk.available("2026-01-05")), (0, 300));
    Ok(())
}

/// However finely an order comes back, the sum of what is taken is the share of what has come back, never falls, and ends at the whole.
#[test]
fn forty_small_returns_take_what_one_takes() {
    let mut desk = Desk::new(terms(kind(Expiry::Never), vec![per(7, "3.00")], Rounding::Floor));
    assert_eq!(desk.buy("2026-01-01", "o", "10.00"), 23); // of 23.33
    for part in 1..=40 {
        desk.give_back("2026-01-02", "o", Part::Amount(usd("0.25")));
        let taken = desk.account.earned(&source("o")).unwrap().lots[0].3;
        assert_eq!(taken, Points::new(23 * part / 40), "{part} of 40");
    }
}

/// A return takes what was given under the status of the day of the purchase, higher or lower than that of today.
#[test]
fn a_return_does_not_ask_for_the_status_of_today() {
    let half_more = rule("gold", Give::Bonus("0.5".parse().unwrap()));
    let gold = Rule { when: vec![Condition::GradeAtLeast(name("gold"))], ..half_more };
    let status = Rule { kind: name("status"), ..per(1, "1.00") };
    let rules = vec![per(1, "1.00"), gold, Rule { name: name("status"), ..status }];
    let mut terms = terms(kind(Expiry::Never), vec![], Rounding::Floor);
    let grades = vec![name("basic"), name("gold")];
    terms.earning = EarningRules::new(EarningPolicy { grades, rules, ..terms.earning.policy().clone() }).unwrap();
    terms.kinds.push(Kind::counting(name("status")));
    let counting = Counting::Periods { cycle: Cycle { start: CycleStart::Calendar(1), months: 12 }, stands: 1 };
    let tiers = vec![TierRule::new(name("gold"), Requirement::at_least(name("status"), 500))];
    let ladder = LadderTerms { corrections: Corrections::Recompute, ..LadderTerms::new(name("basic"), tiers, counting) };
    terms.ladder = Some(Ladder::new(ladder).unwrap());
    let mut desk = Desk::new(terms);
    let tier = |desk: &Desk, when| desk.account.standing(&desk.programme, at(when)).unwrap().unwrap().tier.to_string();
    desk.buy("2026-02-01", "as basic", "10.00");
    desk.buy("2026-02-02", "large", "500.00");
    desk.buy("2026-02-03", "as gold", "20.00");
    assert_eq!((tier(&desk, "2026-02-03"), desk.available("2026-02-03")), ("gold".into(), 10 + 500 + 30));
    desk.give_back("2026-02-04", "as basic", Part::Rest);
    assert_eq!((tier(&desk, "2026-02-04"), desk.available("2026-02-04")), ("gold".into(), 530));
    desk.give_back("2026-02-05", "large", Part::Rest);
    desk.give_back("2026-02-06", "as gold", Part::Rest);
    assert_eq!((tier(&desk, "2026-02-06"), desk.balance("2026-02-06")), ("basic".into(), Balance::default()));
}

/// A return before points can be spent takes them and no others; what it finds missing is for the policy to say.
#[test]
fn points_that_wait_are_taken_back_first() {
    let at_once = rule("gift", Give::Fixed(Points::new(10)));
    let rules = vec![Rule { pending: Some(Pending::Days(14)), ..per(1, "1.00") }, at_once];
    // An order of 50 points that wait until 15 January, and of 10 that do not; 30 others are there.
    for (shortfall, when, available, forgiven) in [
        (Shortfall::PendingOnly, "2026-01-14T23:59:59Z", 40, 10),
        (Shortfall::PendingOnly, "2026-01-15", 90, 60),
        (Shortfall::WithinBalance, "2026-01-14T23:59:59Z", 30, 0),
        (Shortfall::WithinBalance, "2026-01-15", 30, 0),
        (Shortfall::Debt { limit: None }, "2026-01-14T23:59:59Z", 30, 0),
    ] {
        let mut desk = Desk::new(terms(Kind { shortfall, ..kind(Expiry::Never) }, rules.clone(), Rounding::Floor));
        desk.grant("2026-01-01", 30, None);
        assert_eq!(desk.buy("2026-01-01", "o", "50.00"), 60);
        let there = Balance { available: Points::new(40), pending: Points::new(50), ..Balance::default() };
        assert_eq!(desk.balance("2026-01-01"), there);
        desk.give_back(when, "o", Part::Rest);
        assert_eq!(desk.balance(when), Balance { available: Points::new(available), ..Balance::default() }, "{shortfall:?} {when}");
        assert_eq!(desk.account.forgiven(&name("points")).units(), forgiven, "{shortfall:?} {when}");
    }
}

/// Points that are set aside outlive their lot for as long as they are; then they are spent, or their time is over.
#[test]
fn a_hold_survives_the_expiry_of_its_points() -> Outcome {
    let release = Command::Release { hold: HoldId::new("h")? };
    let capture = |points| Command::Capture { hold: HoldId::new("h").unwrap(), source: source("o"), points: Points::new(points) };
    for (settled, burned) in [(Some(capture(60)), 60), (Some(capture(45)), 45), (Some(release), 0), (None, 0)] {
        let mut desk = Desk::simple();
        desk.grant("2026-01-01", 100, Some("2026-01-31"));
        desk.hold("2026-01-20", "h", 60, "2026-02-10");
        assert_eq!(desk.balance("2026-02-01"), Balance { held: Points::new(60), ..Balance::default() });
        if let Some(command) = settled {
            desk.run("2026-02-09", &command)?;
        }
        desk.run("2026-02-10", &Command::Tick)?;
        let totals = desk.account.totals(&name("points"));
        assert_eq!((totals.burned.units(), totals.expired.units()), (burned, 100 - burned));
        assert_eq!(desk.balance("2026-02-10"), Balance::default());
    }
    Ok(())
}

/// Points that wait or are set aside do not change accounts, and together the two have as many as before.
#[test]
fn only_what_can_be_spent_is_transferred() -> Outcome {
    let rules = vec![Rule { pending: Some(Pending::Days(14)), ..per(1, "1.00") }];
    let kind = Kind { transfer: Some(TransferTerms::default()), ..kind(Expiry::Never) };
    let mut desk = Desk::new(terms(kind, rules, Rounding::Floor));
    let mut other = Account::new(AccountId::new("m2")?, at("2020-01-01"));
    desk.grant("2026-01-01", 50, None);
    desk.buy("2026-01-01", "o", "40.00");
    desk.hold("2026-01-02", "h", 30, "2026-02-01");
    let give = |desk: &Desk, other: &Account, points| {
        let id = CommandId::new("t").unwrap();
        transfer(&desk.account, other, &desk.programme, at("2026-01-03"), &id, &name("points"), Points::new(points))
    };
    let refused = give(&desk, &other, 21).unwrap_err();
    assert_eq!(refused, Rejection::Insufficient { wanted: Points::new(21), available: Points::new(20) });
    let [sent, received] = give(&desk, &other, 20)?;
    desk.account.commit(sent)?;
    other.commit(received)?;
    let left = Balance { available: Points::ZERO, pending: Points::new(40), held: Points::new(30), debt: Points::ZERO };
    assert_eq!(desk.balance("2026-01-03"), left);
    assert_eq!(other.balance(&name("points"), at("2026-01-03")).available, Points::new(20));
    desk.account.audit()?;
    other.audit()?;
    Ok(())
}
