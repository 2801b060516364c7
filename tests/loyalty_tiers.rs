//! Tiers that a revision abolishes, that two accounts have, and that a late sale is of.
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, Decision, Expiry, Occasion, Points, Programme, Rejection, SourceId,
        account::{Event, Record},
        earning::{Basis, Basket, Condition, EarningPolicy, EarningRules, Give, Line, Rule, Side, Trigger},
        history::as_of,
        ladder::{
            Action, Cause, Corrections, Counting, Cycle, Intervention, Ladder, LadderError, LadderTerms, Milestone, Reached,
            Requirement, Span, Success, TierRule, UpgradePlan,
        },
        merge,
        programme::{Kind, Terms},
    },
    money::{Currency, Ratio, Rounding},
};
use std::collections::BTreeMap;

mod common;
use common::name;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const BOTH: [Corrections; 2] = [Corrections::Sticky, Corrections::Recompute];
const METALS: [(&str, u64); 2] = [("silver", 100), ("gold", 500)];

fn at(day: &str) -> Moment {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn source(text: &str) -> SourceId {
    SourceId::new(text).unwrap()
}

/// A point and a status point per euro, and 10 for a friend or a review; from the highest tier on twice as many points.
fn programme(tiers: &[(&str, u64)], formerly: &[(&str, &str)], corrections: Corrections) -> Programme {
    let per_euro = || Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse().unwrap() };
    let of_top = |rule: Rule| Rule { when: vec![Condition::GradeAtLeast(name(tiers.last().unwrap().0))], ..rule };
    let fixed = |called: &str, trigger: Trigger| Rule::new(name(called), name("points"), trigger, Give::Fixed(Points::new(10)));
    let review = || Trigger::Activity(name("review"));
    let birthday = || Trigger::Occasion(name("birthday"));
    let friend = || Trigger::Referral { side: Side::Referrer };
    let twice = Give::Bonus(Ratio::new(1, 1).unwrap());
    let rules = vec![
        Rule::new(name("base"), name("points"), Trigger::Purchase, per_euro()),
        of_top(Rule::new(name("twice"), name("points"), Trigger::Purchase, twice)),
        Rule::new(name("status"), name("status"), Trigger::Purchase, per_euro()),
        fixed("review", review()),
        of_top(fixed("top review", review())),
        fixed("friend", friend()),
        of_top(fixed("top friend", friend())),
        fixed("birthday", birthday()),
        of_top(fixed("top birthday", birthday())),
        fixed("welcome", Trigger::Occasion(name("welcome"))),
    ];
    let grades = std::iter::once("basic").chain(tiers.iter().map(|(tier, _)| *tier)).map(name).collect();
    let earning = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades, rules };
    let kinds = vec![Kind::spendable(name("points"), Expiry::Never), Kind::counting(name("status"))];
    let revision = if formerly.is_empty() { "1" } else { "2" };
    let mut terms = Terms::new(name(revision), Zone::UTC, Currency::EUR, kinds, EarningRules::new(earning).unwrap());
    let rule = |(tier, count): &(&str, u64)| TierRule::new(name(tier), Requirement::at_least(name("status"), *count));
    let counting = Counting::Periods { cycle: Cycle::CALENDAR_YEAR, stands: 1 };
    let first = Milestone { name: name("welcome"), reached: Reached::Tier(name(tiers[0].0)), every: None };
    let formerly = formerly.iter().map(|(earlier, now)| (name(earlier), name(now))).collect();
    let rules = tiers.iter().map(rule).collect();
    let ladder = LadderTerms { corrections, formerly, milestones: vec![first], ..LadderTerms::new(name("basic"), rules, counting) };
    terms.ladder = Some(Ladder::new(ladder).unwrap());
    terms.occasions = BTreeMap::from([(name("birthday"), Occasion::birthday())]);
    Programme::new(terms).unwrap()
}

struct Desk {
    programme: Programme,
    account: Account,
    log: Vec<Record>,
    next: u32,
}

impl Desk {
    fn new(id: &str, joined: &str, programme: &Programme) -> Desk {
        let account = Account::new(AccountId::new(id).unwrap(), at(joined));
        Desk { programme: programme.clone(), account, log: vec![], next: 0 }
    }

    fn run(&mut self, day: &str, command: &Command) -> Result<Decision, Rejection> {
        self.next += 1;
        let id = CommandId::new(&format!("{} {}", self.account.id(), self.next)).unwrap();
        let decision = self.account.decide(&self.programme, at(day), &id, command)?;
        self.commit(decision.clone());
        Ok(decision)
    }

    /// No ladder is asked when the log is read again.
    fn commit(&mut self, decision: Decision) {
        self.log.extend(self.account.commit(decision).unwrap());
        let again = Account::replay(self.account.id().clone(), self.account.joined(), &self.log).unwrap();
        assert_eq!(again, self.account);
        let stored = serde_json::to_string(&self.account).unwrap();
        assert_eq!(serde_json::from_str::<Account>(&stored).unwrap(), self.account);
    }

    /// How many points a sale earned beyond the one and the status point per euro.
    fn sold(&mut self, sold: &str, posted: &str, order: &str, euros: u64) -> u64 {
        let line = Line::new(name("a"), name("a"), format!("{euros}.00 EUR").parse().unwrap());
        let basket = Basket::new(at(sold), vec![line]).unwrap();
        self.run(posted, &Command::Earn { source: source(order), basket }).unwrap().points().units() - 2 * euros
    }

    fn buy(&mut self, day: &str, order: &str, euros: u64) -> u64 {
        self.sold(day, day, order, euros)
    }

    fn intervene(&mut self, on: &str, action: Action) -> Result<Decision, Rejection> {
        let (reason, author) = (name("because"), name("desk"));
        self.run(on, &Command::Intervene(Intervention { on: on.parse().unwrap(), action, reason, author }))
    }

    fn tier(&self, day: &str) -> String {
        self.account.standing(&self.programme, at(day)).unwrap().unwrap().to_string()
    }

    fn causes(&self) -> Vec<Cause> {
        let all = self.log.iter().flat_map(|record| &record.events);
        let changes = all.filter_map(|happened| match &happened.event {
            Event::StatusChanged { changes, .. } => Some(changes),
            _ => None,
        });
        changes.flatten().map(|change| change.cause.clone()).collect()
    }
}

// ---- A revision ----

#[test]
fn a_revision_without_a_tier_stops_no_account() -> Outcome {
    for corrections in BOTH {
        let mut desk = Desk::new("m", "2026-01-01", &programme(&METALS, &[], corrections));
        desk.buy("2026-02-01", "o1", 600);
        desk.intervene("2026-02-02", Action::Hold { tier: name("gold"), until: Some("2026-04-01".parse()?) })?;
        assert_eq!(desk.tier("2026-02-02"), "gold until 2026-04-01");
        desk.programme = programme(&[("silver", 100), ("palladium", 900)], &[("gold", "palladium")], corrections);
        // As it says before anything is written down, so it is written down.
        assert_eq!(
            (desk.tier("2026-03-01"), desk.tier("2026-05-01")),
            ("palladium until 2026-04-01".into(), "palladium until 2028-01-01".into())
        );
        assert!(desk.account.ways_up(&desk.programme, at("2026-03-01"))?.is_empty());
        assert_eq!(desk.account.ways_to_keep(&desk.programme, at("2026-03-01"))?.len(), 1);
        assert_eq!(desk.buy("2026-03-01", "o2", 10), 10);
        assert_eq!(desk.causes().last(), Some(&Cause::Abolished));
        assert!(desk.run("2026-03-02", &Command::Tick)?.record().is_none());
        assert_eq!(desk.tier("2026-05-01"), "palladium until 2028-01-01");
        let gold = desk.intervene("2026-03-03", Action::Floor(name("gold"))).unwrap_err();
        assert_eq!(gold, Rejection::Ladder(LadderError::UnknownTier(name("gold"))));
        // What was sold as gold, before the revision, was sold as what that is now.
        assert_eq!((desk.sold("2026-02-15", "2026-03-04", "o3", 7), desk.sold("2026-01-15", "2026-03-04", "o4", 7)), (7, 0));
        // And back to a ladder of other names without a word on them.
        desk.programme = programme(&[("lead", 5000)], &[("silver", "basic")], corrections);
        assert_eq!((desk.buy("2026-03-05", "o5", 10), desk.tier("2026-03-05")), (0, "basic until 2026-04-01".into()));
    }
    Ok(())
}

// ---- Mergers ----

/// Takes one over by the other, both ways, and looks at what has become of it.
fn both_ways(one: &Desk, other: &Desk, day: &str, mut look: impl FnMut(&mut Desk)) -> Outcome {
    for (into, from) in [(one, other), (other, one)] {
        let account = Account::replay(into.account.id().clone(), into.account.joined(), &into.log)?;
        let mut into = Desk { programme: into.programme.clone(), account, log: into.log.clone(), next: 1000 };
        let [absorbed, _] = merge(&into.account, &from.account, &into.programme, at(day), &CommandId::new("merge")?)?;
        into.commit(absorbed);
        into.account.audit()?;
        look(&mut into);
    }
    Ok(())
}

#[test]
fn the_better_status_counts_whichever_account_takes_the_other_over() -> Outcome {
    for corrections in BOTH {
        let scheme = programme(&METALS, &[], corrections);
        let of = |id| Desk::new(id, "2025-01-01", &scheme);
        let plan = |tier| UpgradePlan {
            name: name("challenge"),
            tier: name(tier),
            trial: true,
            window: Span::Days(90),
            target: Requirement::at_least(name("status"), 60),
            on_success: Success::AsEarned,
            on_failure: customer_value::loyalty::ladder::Failure::Restore,
            once_in_years: None,
        };
        // Earned last year, and something small this year; or nothing ever.
        let mut earned = of("earned");
        earned.buy("2025-03-01", "e1", 600);
        let mut small = of("small");
        small.buy("2026-02-01", "s1", 150);
        for other in [of("fresh"), small] {
            both_ways(&earned, &other, "2026-03-01", |both| {
                assert_eq!(both.tier("2026-03-01"), "gold until 2027-01-01", "{corrections:?}");
                assert_eq!(both.buy("2026-03-02", "next", 10), 10);
                let then = if other.account.id().as_str() == "small" { "silver until 2028-01-01" } else { "basic" };
                assert_eq!(both.tier("2027-01-01"), then);
                // The gift of the first silver was given to each of them, or to one, and is not given once more.
                assert_eq!(
                    both.log
                        .iter()
                        .filter(|r| r.command.as_str() == "merge")
                        .flat_map(|r| &r.events)
                        .filter(|h| matches!(h.event, Event::Earned(_)))
                        .count(),
                    0
                );
            })?;
        }
        // By hand.
        let until = "2026-06-01".parse()?;
        let related = Action::Relationship { with: name("spouse"), tier: name("gold"), until };
        for (action, ends) in [
            (Action::Floor(name("gold")), "gold"),
            (Action::Hold { tier: name("gold"), until: Some(until) }, "silver until 2028-01-01"),
            (related, "silver until 2028-01-01"),
            (Action::Plan(plan("gold")), "gold until 2028-01-01"),
        ] {
            let (mut one, mut other) = (of("by hand"), of("other"));
            one.intervene("2026-03-01", action.clone())?;
            other.buy("2026-02-01", "s1", 150);
            both_ways(&one, &other, "2026-03-02", |both| {
                assert!(both.tier("2026-03-02").starts_with("gold"), "{action:?}");
                if let Action::Plan(_) = action {
                    assert_eq!(both.buy("2026-03-03", "next", 60), 60);
                }
                assert_eq!(both.tier("2026-07-01"), ends, "{action:?}");
            })?;
        }
        // What only both have earned together.
        let (mut one, mut other) = (of("one"), of("other"));
        one.buy("2026-02-01", "h1", 300);
        other.buy("2026-02-02", "h2", 300);
        both_ways(&one, &other, "2026-03-02", |both| {
            assert_eq!(both.tier("2026-03-02"), "gold until 2028-01-01");
            // The return of a purchase works where it did.
            both.run("2026-03-03", &Command::Return { source: source("h2"), document: source("d"), parts: vec![] }).unwrap();
            let sticky = corrections == Corrections::Sticky;
            assert_eq!(both.tier("2026-03-03"), if sticky { "gold until 2028-01-01" } else { "silver until 2028-01-01" });
        })?;
        // A change of the ladder between the two mergers stops neither.
        let mut gold = of("gold");
        gold.buy("2026-02-01", "g1", 600);
        let mut fresh = of("fresh");
        fresh.programme = programme(&[("silver", 100)], &[("gold", "silver")], corrections);
        gold.programme = fresh.programme.clone();
        both_ways(&gold, &fresh, "2026-03-01", |both| assert_eq!(both.tier("2026-03-01"), "silver until 2028-01-01"))?;
    }
    Ok(())
}

#[test]
fn a_merger_says_why_the_status_changed_and_is_silent_where_it_did_not() -> Outcome {
    let scheme = programme(&METALS, &[], Corrections::Sticky);
    let mut gold = Desk::new("gold", "2025-01-01", &scheme);
    gold.buy("2026-02-01", "g1", 600);
    let fresh = Desk::new("fresh", "2025-01-01", &scheme);
    both_ways(&gold, &fresh, "2026-03-01", |both| {
        let changed = both.account.id().as_str() == "fresh";
        assert_eq!(both.causes().last() == Some(&Cause::Merged), changed);
        let told = both.log.last().unwrap().events.iter().map(ToString::to_string).collect::<Vec<_>>();
        let merged = "2026-03-01: status: 2026-03-01 basic → gold until 2028-01-01; with another account of the member";
        assert_eq!(told.iter().any(|told| told == merged), changed, "{told:?}");
        let then = as_of(both.account.id(), both.account.joined(), &both.log, at("2026-03-02"), at("2026-03-02")).unwrap();
        assert_eq!(then.tier, Some(name("gold")));
    })?;
    // Two who have nothing have nothing to tell.
    let other = Desk::new("other", "2025-06-01", &scheme);
    both_ways(&fresh, &other, "2026-03-01", |both| assert!(both.causes().is_empty() && both.log[0].events.len() == 1))?;
    // Without a ladder what one of them has is kept, for the day on which there is one again.
    let mut none = programme(&METALS, &[], Corrections::Sticky).terms().clone();
    let mut earning = none.earning.policy().clone();
    earning.grades.clear();
    earning.rules.retain(|rule| rule.when.is_empty() && rule.name != name("welcome"));
    (none.ladder, none.earning) = (None, EarningRules::new(earning)?);
    (gold.programme, none.revision) = (Programme::new(none.clone())?, name("none"));
    let fresh = Desk::new("fresh", "2025-01-01", &Programme::new(none)?);
    both_ways(&gold, &fresh, "2026-03-01", |both| {
        both.programme = scheme.clone();
        assert_eq!(both.tier("2026-03-02"), "gold until 2028-01-01");
    })
}

/// Who had nothing to tell and takes over somebody who had is settled up to that day: a ladder that comes later does not judge it anew.
#[test]
fn a_status_that_was_only_worked_out_is_told() -> Outcome {
    let scheme = programme(&METALS, &[], Corrections::Sticky);
    let (fresh, mut small) = (Desk::new("fresh", "2026-01-01", &scheme), Desk::new("small", "2026-01-01", &scheme));
    small.buy("2026-01-10", "o1", 50); // not yet silver
    let easier = programme(&[("silver", 40), ("gold", 500)], &[], Corrections::Sticky);
    both_ways(&fresh, &small, "2026-01-20", |both| {
        both.programme = easier.clone();
        // Whoever asks first, now or after something was written down.
        let since = |desk: &Desk| desk.account.standing(&desk.programme, at("2026-02-02")).unwrap().unwrap().since.to_string();
        let before = since(both);
        both.run("2026-02-01", &Command::Tick).unwrap();
        assert_eq!((before, since(both)), ("2026-01-20".into(), "2026-01-20".into()));
    })
}

// ---- Late sales ----

/// Gold from 1 February to 31 December 2027, then basic: what is posted late earns by the tier of its own day.
#[test]
fn a_late_sale_earns_by_the_tier_of_its_day() -> Outcome {
    for corrections in BOTH {
        let mut desk = Desk::new("m", "2026-01-01", &programme(&METALS, &[], corrections));
        assert_eq!(desk.buy("2026-02-01", "o1", 600), 0); // as basic
        // Made before, posted as gold; on the day of the rise itself it is gold's.
        assert_eq!(desk.sold("2026-01-31", "2026-02-02", "o2", 10), 0);
        assert_eq!(desk.sold("2026-02-01", "2026-02-02", "o3", 10), 10);
        // Made as gold, posted as basic.
        assert_eq!(desk.buy("2028-01-02", "o4", 10), 0);
        assert_eq!(desk.sold("2027-12-31", "2028-01-03", "o5", 10), 10);
        assert_eq!(desk.sold("2028-01-01", "2028-01-03", "o6", 10), 0);
        assert_eq!(desk.sold("2026-01-05", "2028-01-03", "o7", 10), 0);
        // So does what else happened on an earlier day.
        let points = |desk: &mut Desk, command: Command| desk.run("2028-01-05", &command).unwrap().points().units();
        for (on, expected) in [("2026-01-31", 10), ("2027-12-31", 20), ("2028-01-01", 10), ("2028-01-05", 10)] {
            let review = Command::Act {
                source: source(&format!("r{on}")),
                activity: name("review"),
                units: 1.try_into()?,
                on: at(on),
                labels: [].into(),
            };
            assert_eq!(points(&mut desk, review), expected, "{on}");
            let (side, peer) = (Side::Referrer, AccountId::new("friend")?);
            let friend = Command::Refer { source: source(&format!("f{on}")), side, peer, on: at(on) };
            assert_eq!(points(&mut desk, friend), expected, "{on}");
            let birthday = Command::Celebrate { occasion: name("birthday"), key: on.into(), day: on.parse()? };
            assert_eq!(points(&mut desk, birthday), expected, "{on}");
        }
        // A fall that nobody has written down yet counts from its day all the same.
        let mut desk = Desk::new("m", "2026-01-01", &programme(&METALS, &[], corrections));
        desk.buy("2026-02-01", "o1", 600);
        assert_eq!((desk.sold("2028-01-01", "2028-02-01", "o2", 10), desk.sold("2027-12-31", "2028-02-01", "o3", 10)), (0, 10));
    }
    Ok(())
}

/// Bought as gold, posted when gold is called platinum and the member is basic.
#[test]
fn a_late_sale_earns_by_what_its_tier_is_called_now() {
    let mut desk = Desk::new("m", "2026-01-01", &programme(&METALS, &[], Corrections::Sticky));
    desk.buy("2026-02-01", "o1", 600);
    assert_eq!(desk.buy("2028-01-02", "o2", 10), 0);
    desk.programme = programme(&[("silver", 100), ("platinum", 500)], &[("gold", "platinum")], Corrections::Sticky);
    assert_eq!((desk.sold("2027-12-31", "2028-01-03", "o3", 10), desk.sold("2028-01-01", "2028-01-03", "o4", 10)), (10, 0));
}

/// Eight tiers are known; whatever was before them counts as the oldest.
#[test]
fn of_the_past_the_last_eight_tiers_are_known() -> Outcome {
    let mut desk = Desk::new("m", "2020-01-01", &programme(&METALS, &[], Corrections::Sticky));
    let day = |month: u32| format!("2026-{month:02}-01");
    for month in 1..=10 {
        let tier = name(if month % 2 == 1 { "gold" } else { "basic" });
        desk.intervene(&day(month), Action::Hold { tier, until: None })?;
        if month == 7 {
            // Basic since joining, and seven changes.
            assert_eq!(desk.sold("2025-12-31", &day(7), "early", 10), 0);
            assert_eq!(desk.sold("2019-12-31", &day(7), "before", 10), 0);
        }
    }
    // From March on it is known.
    for (month, more) in [(1, 10), (2, 10), (3, 10), (4, 0), (5, 10), (9, 10), (10, 0)] {
        assert_eq!(desk.sold(&day(month), "2026-12-01", &format!("o{month}"), 10), more, "{month}");
    }
    assert_eq!(desk.sold("2025-12-31", "2026-12-01", "o", 10), 10);
    // Of a day with several the last.
    for tier in ["gold", "basic", "gold"] {
        desk.intervene("2026-12-02", Action::Hold { tier: name(tier), until: None })?;
    }
    assert_eq!((desk.sold("2026-12-02", "2026-12-03", "a", 10), desk.sold("2026-12-01", "2026-12-03", "b", 10)), (10, 0));
    assert_eq!(desk.sold("2026-04-01", "2026-12-03", "c", 10), 0);
    Ok(())
}
