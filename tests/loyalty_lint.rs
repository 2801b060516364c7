//! What is suspicious in a scheme: every finding provoked in a scheme that has none, at its boundary, and true by the calculator.
#![allow(clippy::unwrap_used, clippy::std_instead_of_alloc)]

mod common;

use chrono::NaiveDate;
use common::{cases, date, name};
use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Expiry, Inactivity, Life, Notice, Occasion, Pending, Points, Programme, RoundUp,
        earning::{
            Basis, BasisRounding, Basket, Bracket, Cap, CapPeriod, Condition, EarningPolicy, EarningRules, Give, Known, Line,
            Occurrence, Rule, Selector, Side, Stacking, Trigger,
        },
        ladder::{
            Corrections, Counting, Cycle, CycleStart, Floor, FloorAfter, Ladder, LadderTerms, Milestone, Reached, Requirement,
            RollOver, TierRule,
        },
        lint::{Dead, ExpiryLaw, Finding, Goal, Jurisdiction, Severity, Shortage},
        programme::{Deed, Kind, ReturnBasis, Returns, Reward, Shortfall, Terms, TransferTerms, Worth},
    },
    money::{Currency, Money, Ratio, Rounding},
    quantity::Name,
};
use proptest::{collection::vec, prelude::*, sample::subsequence};
use std::collections::{BTreeMap, BTreeSet};

fn day() -> NaiveDate {
    date("2026-01-01") // a Thursday
}

fn euros(text: &str) -> Money {
    format!("{text} EUR").parse().unwrap()
}

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn rule(title: &str, kind: &str, on: Trigger, give: Give) -> Rule {
    Rule::new(name(title), name(kind), on, give)
}

fn per_euro(title: &str, kind: &str, points: u64) -> Rule {
    rule(title, kind, Trigger::Purchase, Give::PerAmount { points: Points::new(points), per: euros("1.00") })
}

fn fixed(points: u64) -> Give {
    Give::Fixed(Points::new(points))
}

fn activity(of: &str) -> Trigger {
    Trigger::Activity(name(of))
}

fn capped(mut rule: Rule, caps: &[(CapPeriod, u64)]) -> Rule {
    rule.caps = caps.iter().map(|(per, points)| Cap { per: *per, points: Points::new(*points) }).collect();
    rule
}

fn when(mut rule: Rule, conditions: impl IntoIterator<Item = Condition>) -> Rule {
    rule.when = conditions.into_iter().collect();
    rule
}

fn days(from: &str, until: &str) -> Condition {
    let day = |text: &str| (!text.is_empty()).then(|| date(text));
    Condition::Days { from: day(from), until: day(until) }
}

fn grouped(mut rule: Rule, group: &str, priority: u16) -> Rule {
    rule.stacking = Stacking::BestOf { group: name(group), priority };
    rule
}

fn alone(mut rule: Rule, priority: u16) -> Rule {
    rule.stacking = Stacking::Alone { priority };
    rule
}

fn reward(title: &str, price: u64) -> Reward {
    Reward {
        name: name(title),
        kind: name("points"),
        price: Points::new(price),
        price_by_grade: BTreeMap::new(),
        grades: BTreeSet::new(),
        from: None,
        until: None,
        limit: None,
    }
}

/// A scheme whose rules and ladder can still be changed.
#[derive(Clone)]
struct Draft {
    terms: Terms,
    policy: EarningPolicy,
    ladder: Option<LadderTerms>,
}

impl Draft {
    fn programme(&self) -> Programme {
        let mut terms = self.terms.clone();
        let mut policy = self.policy.clone();
        terms.ladder = self.ladder.clone().map(|ladder| Ladder::new(ladder).unwrap());
        policy.grades =
            self.ladder.iter().flat_map(|l| [&l.base].into_iter().chain(l.tiers.iter().map(|t| &t.name)).cloned()).collect();
        terms.earning = EarningRules::new(policy).unwrap();
        Programme::new(terms).unwrap()
    }

    fn rule(&mut self, title: &str) -> &mut Rule {
        self.policy.rules.iter_mut().find(|rule| rule.name == title).unwrap()
    }

    fn ladder(&mut self) -> &mut LadderTerms {
        self.ladder.as_mut().unwrap()
    }

    fn points(&mut self) -> &mut Kind {
        &mut self.terms.kinds[0]
    }
}

/// A scheme in which nothing is suspicious: points that wait two weeks and are worth a cent, bonuses that rise with the grade, capped
/// gifts, a ladder by the calendar year.
fn clean() -> Draft {
    let mut points = Kind::spendable(name("points"), Expiry::Never);
    points.pending = Pending::Days(14);
    points.inactivity = Some(Inactivity::new(Life::Months(24)));
    points.kept_alive_by = BTreeSet::from([Deed::Purchase, Deed::Redemption]);
    points.notice = Some(Notice { days_before: 45 });
    points.shortfall = Shortfall::WithinBalance;
    points.redemption.minimum = Points::new(100);
    points.redemption.worth = Some(Worth { points: Points::new(100), money: euros("1.00") });
    let bonus = |title: &str, grade: &str, share: &str, priority| {
        let bonus = rule(title, "points", Trigger::Purchase, Give::Bonus(ratio(share)));
        grouped(when(bonus, [Condition::GradeAtLeast(name(grade))]), "status", priority)
    };
    let weekend = rule("weekend", "points", Trigger::Purchase, Give::Times(ratio("2")));
    let welcome = rule("welcome", "points", Trigger::Purchase, fixed(100));
    let referrer = Trigger::Referral { side: Side::Referrer };
    let rules = vec![
        per_euro("base", "points", 1),
        bonus("silver bonus", "silver", "1/2", 1),
        bonus("gold bonus", "gold", "1", 2),
        when(weekend, [days("2026-03-01", "2026-04-01"), Condition::Weekdays(vec![chrono::Weekday::Sat, chrono::Weekday::Sun])]),
        when(welcome, [Condition::FirstPurchase, Condition::Spend { at_least: euros("20.00") }]),
        rule("birthday", "points", Trigger::Occasion(name("birthday")), fixed(200)),
        capped(rule("review", "points", activity("review"), fixed(20)), &[(CapPeriod::Month, 40)]),
        capped(rule("friend", "points", referrer, fixed(500)), &[(CapPeriod::Year, 5_000)]),
        per_euro("status", "credits", 1),
    ];
    let tier = |title: &str, count| TierRule::new(name(title), Requirement::at_least(name("credits"), count));
    let counting = Counting::Periods { cycle: Cycle::CALENDAR_YEAR, stands: 1 };
    let policy = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades: vec![], rules };
    let mut ladder = LadderTerms::new(name("member"), vec![tier("silver", 500), tier("gold", 2_000)], counting);
    ladder.corrections = Corrections::Recompute;
    Draft {
        terms: Terms {
            revision: name("1"),
            zone: Zone::fixed(60).unwrap(),
            currency: Currency::EUR,
            kinds: vec![points, Kind::counting(name("credits"))],
            earning: EarningRules::new(EarningPolicy { rules: vec![], ..policy.clone() }).unwrap(),
            returns: Returns { by: ReturnBasis::Line, rounding: Rounding::Floor },
            occasions: BTreeMap::from([(name("birthday"), Occasion::birthday())]),
            ladder: None,
            rewards: vec![reward("mug", 500)],
            benefits: vec![],
        },
        policy,
        ladder: Some(ladder),
    }
}

const BOTH: [Jurisdiction; 2] = [Jurisdiction::Quebec, Jurisdiction::Ontario];

/// What is found after a change of the scheme.
#[track_caller]
fn found(change: impl FnOnce(&mut Draft)) -> Vec<Finding> {
    let mut draft = clean();
    change(&mut draft);
    let programme = draft.programme();
    let findings = programme.lint(day(), &BOTH);
    for finding in &findings {
        let json = serde_json::to_string(finding).unwrap();
        assert_eq!(&serde_json::from_str::<Finding>(&json).unwrap(), finding, "{json}");
        let text = finding.to_string();
        assert!(text.ends_with('.') && text.len() > 20 && text.len() < 400, "{text}");
    }
    findings
}

fn adds(rule: Rule) -> impl FnOnce(&mut Draft) {
    move |draft| draft.policy.rules.push(rule)
}

fn dead(rule: &str, because: Dead) -> Finding {
    Finding::DeadRule { rule: name(rule), because }
}

fn p(points: u64) -> Points {
    Points::new(points)
}

fn short(kind: &str, needed: u64, most: u64) -> Vec<Shortage> {
    vec![Shortage { kind: name(kind), needed, most }]
}

#[test]
fn nothing_is_found_in_a_clean_scheme() {
    assert_eq!(found(|_| {}), []);
    // Nor are rules looked at that are not in force.
    let mut off = when(rule("off", "points", Trigger::Purchase, fixed(9)), [days("", "2020-01-01")]);
    off.enabled = false;
    assert_eq!(found(adds(off)), []);
}

#[test]
fn a_rule_whose_window_is_over_is_a_hint() {
    let over = |until: &str| found(adds(when(per_euro("old", "points", 1), [days("2025-12-01", until)])));
    assert_eq!(over("2026-01-01"), [dead("old", Dead::Over { last_day: date("2025-12-31") })]);
    assert_eq!(over("2026-01-01")[0].severity(), Severity::Hint);
    assert_eq!(over("2026-01-02"), []);
    // The last Monday of a window that ended on a Thursday.
    let mondays = Condition::Weekdays(vec![chrono::Weekday::Mon]);
    let old = when(per_euro("old", "points", 1), [days("2025-12-01", "2025-12-26"), mondays]);
    assert_eq!(found(adds(old)), [dead("old", Dead::Over { last_day: date("2025-12-22") })]);
    assert_eq!(
        dead("old", Dead::Over { last_day: date("2025-12-22") }).to_string(),
        "Rule \"old\" gives nothing: its last day was 2025-12-22."
    );
}

#[test]
fn contradictions_are_faults() {
    let label = || Condition::Label(name("app"));
    let hours = |from: &str, until: &str| Condition::Hours { from: from.parse().unwrap(), until: until.parse().unwrap() };
    let not = |condition| Condition::Not(Box::new(condition));
    let contradicts = |conditions: Vec<Condition>| {
        let findings = found(adds(when(per_euro("odd", "points", 1), conditions)));
        assert!(findings.is_empty() || findings == [dead("odd", Dead::Contradiction)], "{findings:?}");
        assert!(findings.iter().all(|finding| finding.severity() == Severity::Fault));
        !findings.is_empty()
    };
    let tuesdays = || Condition::Weekdays(vec![chrono::Weekday::Tue]);
    assert!(contradicts(vec![label(), not(label())]));
    assert!(contradicts(vec![not(Condition::Any(vec![label(), Condition::FirstPurchase])), label()]));
    assert!(!contradicts(vec![not(Condition::Any(vec![label(), Condition::FirstPurchase]))]));
    // 2 March 2026 is a Monday.
    assert!(contradicts(vec![days("2026-03-02", "2026-03-03"), tuesdays()]));
    assert!(!contradicts(vec![days("2026-03-02", "2026-03-04"), tuesdays()]));
    // The last day of the week that is looked at, which begins on a Thursday.
    assert!(!contradicts(vec![Condition::Weekdays(vec![chrono::Weekday::Wed])]));
    assert!(contradicts(vec![hours("08:00", "12:00"), hours("12:00", "14:00")]));
    assert!(!contradicts(vec![hours("08:00", "12:00"), hours("11:59", "14:00")]));
    assert!(!contradicts(vec![hours("22:00", "02:00"), hours("01:59", "14:00")]));
    assert!(contradicts(vec![hours("22:00", "02:00"), hours("02:00", "22:00")]));
    assert!(contradicts(vec![Condition::GradeAtLeast(name("silver")), Condition::GradeIn(BTreeSet::from([name("member")]))]));
    let spend = |text: &str| Condition::Spend { at_least: euros(text) };
    assert!(contradicts(vec![spend("50.00"), not(spend("50.00"))]));
    assert!(!contradicts(vec![spend("50.00"), not(spend("50.01"))]));
    assert!(contradicts(vec![not(spend("0.01"))]));
    let units = |at_least| Condition::Units { at_least };
    assert!(contradicts(vec![units(3), not(units(2))]));
    assert!(!contradicts(vec![units(3), not(units(4))]));
    // Lines that the conditions forbid.
    let mut tea = when(per_euro("odd", "points", 1), [not(Condition::Item(name("tea")))]);
    tea.lines = Selector { items: BTreeSet::from([name("tea")]), ..Selector::default() };
    assert_eq!(found(adds(tea.clone())), [dead("odd", Dead::Contradiction)]);
    tea.lines.categories.insert(name("drinks"));
    assert_eq!(found(adds(tea.clone())), []);
    tea.lines =
        Selector { items: BTreeSet::from([name("tea")]), except_items: BTreeSet::from([name("tea")]), ..Selector::default() };
    tea.when.clear();
    assert_eq!(found(adds(tea)), [dead("odd", Dead::NoLines)]);
}

#[test]
fn rules_without_anything_to_wait_for_or_to_multiply_are_faults() {
    let holiday = Trigger::Occasion(name("holiday"));
    assert_eq!(
        found(adds(rule("gift", "points", holiday.clone(), fixed(5)))),
        [dead("gift", Dead::UnknownOccasion(name("holiday")))]
    );
    let milestone = Milestone { name: name("holiday"), reached: Reached::Tier(name("gold")), every: None };
    let found_with = found(|draft| {
        draft.ladder().milestones.push(milestone);
        draft.policy.rules.push(rule("gift", "points", holiday, fixed(5)));
    });
    assert_eq!(found_with, []);

    let double = |on: Trigger| rule("double", "points", on, Give::Times(ratio("2")));
    assert_eq!(found(adds(double(activity("survey")))), [dead("double", Dead::NothingToMultiply)]);
    let unmultiplied = found(|draft| draft.rule("base").multiplied = false);
    let multiples = ["gold bonus", "silver bonus", "weekend"].map(|rule| dead(rule, Dead::NothingToMultiply));
    assert_eq!(unmultiplied, []); // the welcome points can be multiplied
    let unmultiplied = found(|draft| {
        draft.rule("base").multiplied = false;
        draft.rule("welcome").multiplied = false;
    });
    assert_eq!(unmultiplied, multiples);
    assert_eq!(found(|draft| draft.policy.times_at_most = Some(Ratio::ONE)), [dead("weekend", Dead::LimitedToOne)]);
}

#[test]
fn a_rule_that_is_always_displaced_is_a_fault() {
    let displaced = |by: &str, rules: &[&str]| {
        let rules = rules.iter().map(|rule| dead(rule, Dead::Displaced { by: name(by) }));
        rules.collect::<Vec<_>>()
    };
    let others = ["base", "gold bonus", "silver bonus", "weekend", "welcome"];
    assert_eq!(found(adds(alone(per_euro("only", "points", 2), 1))), displaced("only", &others));
    // It displaces nothing always if it has a cap or a condition of its own.
    let app = Condition::Label(name("app"));
    assert_eq!(found(adds(when(alone(per_euro("only", "points", 2), 1), [app.clone()]))), []);
    assert_eq!(found(adds(capped(alone(per_euro("only", "points", 2), 1), &[(CapPeriod::Day, 9)]))), []);
    let mut tea = alone(per_euro("only", "points", 2), 1);
    tea.lines.items.insert(name("tea"));
    assert_eq!(found(adds(tea)), []);
    let below = Give::Brackets(vec![Bracket { from: euros("0.02"), points: p(1), per: euros("1.00") }]);
    assert_eq!(found(adds(alone(rule("only", "points", Trigger::Purchase, below), 1))), []);
    // With the same condition, and a higher priority.
    let pair = |priority| {
        found(|draft| {
            draft.policy.rules.push(alone(when(per_euro("one", "points", 1), [app.clone()]), 5));
            draft.policy.rules.push(alone(when(per_euro("other", "points", 1), [days("2026-02-01", ""), app.clone()]), priority));
        })
    };
    assert_eq!(pair(4), displaced("one", &["other"]));
    assert_eq!(pair(6), []);
    // In a group, the smaller bonus for the same members.
    let bonus = |share: &str, priority| {
        let bonus = rule("less", "points", Trigger::Purchase, Give::Bonus(ratio(share)));
        found(adds(grouped(when(bonus, [Condition::GradeAtLeast(name("gold")), app.clone()]), "status", priority)))
    };
    assert_eq!(bonus("0.99", 9), displaced("gold bonus", &["less"]));
    assert_eq!(bonus("1", 0), displaced("gold bonus", &["less"]));
    assert_eq!(bonus("1", 9), []);
    assert_eq!(bonus("1.01", 0), []);
}

#[test]
fn caps_below_an_award_or_above_a_longer_one_are_found() {
    let below =
        |award| Finding::CapBelowAward { rule: name("review"), cap: Cap { per: CapPeriod::Month, points: p(40) }, award: p(award) };
    assert_eq!(found(|draft| draft.rule("review").give = fixed(40)), []);
    assert_eq!(found(|draft| draft.rule("review").give = fixed(41)), [below(41)]);
    let per_unit = |points, least| {
        found(move |draft| {
            draft.rule("review").give = Give::PerItem(p(points));
            draft.rule("review").when = vec![Condition::Units { at_least: least }];
        })
    };
    assert_eq!(per_unit(20, 2), []);
    assert_eq!(per_unit(20, 3), [below(60)]);
    let from = |least: &str, cap| {
        let promo = when(per_euro("promo", "points", 2), [Condition::Spend { at_least: euros(least) }]);
        found(adds(capped(promo, &[(CapPeriod::Week, cap)])))
    };
    assert_eq!(from("50.00", 100), []);
    let cap = Cap { per: CapPeriod::Week, points: p(99) };
    assert_eq!(from("50.00", 99), [Finding::CapBelowAward { rule: name("promo"), cap, award: p(100) }]);
    assert_eq!(from("49.99", 99), []);
    let idle = |caps: &[(CapPeriod, u64)]| found(adds(capped(per_euro("promo", "points", 2), caps)));
    assert_eq!(idle(&[(CapPeriod::Day, 99), (CapPeriod::Month, 100)]), []);
    // Two weeks' caps go into a month's, and one week reaches over two months.
    assert_eq!(idle(&[(CapPeriod::Week, 100), (CapPeriod::Month, 60)]), []);
    let [day_cap, month] = [(CapPeriod::Day, 100), (CapPeriod::Month, 100)].map(|(per, points)| Cap { per, points: p(points) });
    let finding = Finding::IdleCap { rule: name("promo"), cap: day_cap, longer: month };
    assert_eq!(finding.severity(), Severity::Hint);
    assert_eq!(idle(&[(CapPeriod::Month, 100), (CapPeriod::Day, 100)]), [finding]);
}

#[test]
fn gifts_that_can_be_farmed_are_found() {
    let uncapped = Finding::Uncapped { rule: name("review"), points: Some(p(20)), worth: Some(euros("0.20")) };
    let cleared = found(|draft| draft.rule("review").caps.clear());
    assert_eq!(cleared, core::slice::from_ref(&uncapped));
    let by_order = found(|draft| draft.rule("review").caps = vec![Cap { per: CapPeriod::Order, points: p(40) }]);
    assert_eq!(by_order, [uncapped]);
    let at_once = [Finding::ReferralAtOnce { rule: name("friend") }];
    assert_eq!(found(|draft| draft.rule("friend").pending = Some(Pending::None)), at_once);
    assert_eq!(found(|draft| draft.rule("friend").pending = Some(Pending::Days(0))), at_once);
    assert_eq!(found(|draft| draft.rule("friend").pending = Some(Pending::Confirmation)), []);
    let new_year = found(|draft| draft.rule("friend").pending = Some(Pending::Until("2026-01-01T10:00:00+01:00".parse().unwrap())));
    assert_eq!(new_year, at_once);
    let moved = |draft: &mut Draft| draft.points().transfer = Some(TransferTerms::default());
    let rules = ["birthday", "friend", "review", "welcome"].map(name).to_vec();
    assert_eq!(found(moved), [Finding::FreePointsMove { kind: name("points"), rules }]);
    let easter = Occasion::EachYear {
        day: "04-05".parse().unwrap(),
        leap_day: customer_value::calendar::LeapDay::February28,
        catch_up_days: 0,
    };
    let unused = found(|draft| _ = draft.terms.occasions.insert(name("easter"), easter));
    assert_eq!(unused, [Finding::Uncelebrated { occasion: name("easter") }]);
}

#[test]
fn roundings_that_pay_for_splitting_are_shown_by_numbers() {
    let rounded = |rounding| found(move |draft| draft.policy.rounding = rounding);
    for rounding in [Rounding::Floor, Rounding::TowardZero] {
        assert_eq!(rounded(rounding), []);
    }
    let finding = |rounding, order, apart, together| Finding::RoundingPaysForSplitting {
        rule: name(if apart == 0 { "" } else { "base" }),
        rounding,
        order: euros(order),
        apart: p(apart),
        together: p(together),
    };
    // One example for each kind of points.
    let both = |rounding, order| {
        let Finding::RoundingPaysForSplitting { apart, together, .. } = finding(rounding, order, 2, 1) else { unreachable!() };
        let status = Finding::RoundingPaysForSplitting { rule: name("status"), rounding, order: euros(order), apart, together };
        vec![finding(rounding, order, 2, 1), status]
    };
    assert_eq!(rounded(Rounding::Ceiling), both(Rounding::Ceiling, "0.50"));
    assert_eq!(rounded(Rounding::HalfUp), both(Rounding::HalfUp, "0.50"));
    assert_eq!(rounded(Rounding::HalfEven), both(Rounding::HalfEven, "0.51"));
    assert_eq!(
        rounded(Rounding::HalfUp)[0].to_string(),
        "Rounded half up, two orders of 0.50 EUR earn 2 points by rule \"base\", and one of 1.00 EUR earns 1: it pays to split orders."
    );
    // Whole points for every cent leave nothing to round.
    let whole = found(|draft| {
        draft.policy.rounding = Rounding::Ceiling;
        draft.policy.rules.retain(|rule| rule.kind == "points");
        draft.rule("base").give = Give::PerAmount { points: p(1), per: euros("0.01") };
        draft.terms.kinds.truncate(1);
        draft.ladder = None;
        draft.policy.rules.retain(|rule| !rule.name.ends_with("bonus"));
        draft.points().redemption.worth = None;
    });
    assert_eq!(whole, []);

    let basis = |rounding| found(move |draft| draft.policy.basis.rounding = Some(BasisRounding { step: euros("5.00"), rounding }));
    assert_eq!(basis(Rounding::Floor), []);
    let counts = Finding::BasisPaysForSplitting {
        rounding: Rounding::Ceiling,
        order: euros("2.50"),
        apart: euros("10.00"),
        together: euros("5.00"),
    };
    assert_eq!(basis(Rounding::Ceiling), [counts]);

    let gift = rule("gift", "points", Trigger::Purchase, fixed(5));
    let from = Condition::Spend { at_least: euros("30.00") };
    let splits = Finding::FixedPaysForSplitting { rule: name("gift"), points: p(5), from: Some(euros("30.00")) };
    assert_eq!(found(adds(when(gift.clone(), [from.clone()]))), [splits]);
    assert_eq!(found(adds(capped(when(gift, [from]), &[(CapPeriod::Day, 5)]))), []);
}

/// The points of an order by the rules of a scheme, the member having no grade but the base.
fn award(programme: &Programme, when: Moment, amount: i64) -> u64 {
    let line = Line::new(name("1"), name("thing"), Money::from_minor(amount, Currency::EUR));
    let sale = Occurrence::Purchase(Basket::new(when, vec![line]).unwrap());
    let known = Known { grade: programme.grades().first().cloned(), ..Known::default() };
    let award = programme.terms().earning.award_quietly(&programme.terms().zone, &sale, &known).unwrap();
    award.credits.iter().filter(|credit| credit.kind == "points").map(|credit| credit.points.units()).sum()
}

fn noon() -> Moment {
    "2026-01-01T12:00:00+01:00".parse().unwrap()
}

#[test]
fn caps_that_pay_for_splitting_are_shown_by_numbers() {
    let splits = |rule: &str, cap, order: Option<&str>| Finding::CapPaysForSplitting {
        rule: name(rule),
        cap: p(cap),
        order: order.map(euros),
    };
    let by_order = |cap| vec![Cap { per: CapPeriod::Order, points: p(cap) }];
    let base = |draft: &mut Draft| draft.rule("base").caps = by_order(300);
    let findings = found(base);
    assert_eq!(findings, [splits("base", 300, Some("300.00"))]);
    assert_eq!(findings[0].severity(), Severity::Hint);
    assert_eq!(
        findings[0].to_string(),
        "Rule \"base\" gives 300 points for an order at most, and nothing limits how many orders: two of 300.00 EUR earn 600, one of \
         600.00 EUR earns 300. It pays to split orders: cap it by day."
    );
    // By the calculator: the rule alone, one order and one of twice as much; less than that earns less.
    let alone = |amount| {
        let mut draft = clean();
        base(&mut draft);
        draft.policy.rules.retain(|rule| ["base", "status"].contains(&rule.name.as_str()));
        award(&draft.programme(), noon(), amount)
    };
    assert_eq!([alone(299_99), alone(300_00), alone(600_00)], [299, 300, 300]);
    // A step that does not divide the cap, and a least order that is more than enough.
    let thirds = rule("thirds", "points", Trigger::Purchase, Give::PerAmount { points: p(3), per: euros("7.00") });
    assert_eq!(found(adds(Rule { caps: by_order(10), ..thirds.clone() })), [splits("thirds", 10, Some("23.34"))]);
    let from_fifty = when(thirds, [Condition::Spend { at_least: euros("50.00") }]);
    let findings = found(adds(Rule { caps: by_order(10), ..from_fifty }));
    assert!(findings.contains(&splits("thirds", 10, Some("50.00"))), "{findings:?}");
    // By pieces and by multiples, no single amount shows it.
    let pieces = rule("pieces", "points", Trigger::Purchase, Give::PerItem(p(2)));
    let findings = found(adds(Rule { caps: by_order(10), ..pieces }));
    assert_eq!(findings, [splits("pieces", 10, None)]);
    assert_eq!(
        findings[0].to_string(),
        "Rule \"pieces\" gives 10 points for an order at most, and nothing limits how many orders. It pays to split orders: cap it by day."
    );
    assert_eq!(found(|draft| draft.rule("gold bonus").caps = by_order(100)), [splits("gold bonus", 100, None)]);
    // Where a longer period is capped as well, or only one order counts, and where orders are not what is rewarded, nothing is gained.
    for per in [CapPeriod::Day, CapPeriod::Month, CapPeriod::Lifetime] {
        assert_eq!(found(|draft| draft.rule("base").caps = [by_order(300), vec![Cap { per, points: p(900) }]].concat()), []);
    }
    let first = when(per_euro("first", "points", 1), [Condition::FirstPurchase, Condition::Spend { at_least: euros("5.00") }]);
    assert_eq!(found(adds(Rule { caps: by_order(50), ..first })), []);
    let both = |draft: &mut Draft| draft.rule("review").caps.extend(by_order(30));
    assert_eq!(found(both), []);
}

#[test]
fn a_status_that_outlasts_the_return_of_its_purchases_is_found() {
    let kept = |rules: &[&str]| Finding::StatusKeptAfterReturn { rules: rules.iter().copied().map(name).collect() };
    let sticky = |draft: &mut Draft| draft.ladder().corrections = Corrections::Sticky;
    let findings = found(sticky);
    assert_eq!((&findings[..], findings[0].severity()), (&[kept(&["status"])][..], Severity::Hint));
    assert_eq!(
        findings[0].to_string(),
        "A tier that was reached by rule \"status\" stands, though the purchase is returned: who buys, rises and returns all of it keeps the \
         tier. Let corrections recompute it."
    );
    // It does not stand where it is looked at from day to day.
    for counting in [Counting::Rolling { months: 12, stands: 0 }, Counting::Balance] {
        let found = found(|draft| {
            sticky(draft);
            draft.ladder().counting = counting;
        });
        assert!(!found.iter().any(|finding| matches!(finding, Finding::StatusKeptAfterReturn { .. })), "{found:?}");
    }
    for counting in [Counting::Rolling { months: 12, stands: 1 }, Counting::Lifetime] {
        let found = found(|draft| {
            sticky(draft);
            draft.ladder().counting = counting;
        });
        assert!(found.contains(&kept(&["status"])), "{found:?}");
    }
    // A tier that nobody reaches is kept by nobody.
    let nobody = found(|draft| {
        sticky(draft);
        draft.rule("status").caps = vec![Cap { per: CapPeriod::Month, points: p(10) }];
    });
    assert!(nobody.iter().all(|finding| matches!(finding, Finding::Unreachable { .. })) && nobody.len() == 2, "{nobody:?}");
    // What nobody buys cannot be returned.
    let acted = found(|draft| {
        sticky(draft);
        draft.rule("status").on = activity("stay");
        draft.rule("status").give = fixed(100);
        draft.rule("status").caps = vec![Cap { per: CapPeriod::Month, points: p(1_000) }];
    });
    assert_eq!(acted, []);
}

#[test]
fn points_on_points_compound_at_the_best_rate() {
    let on = |points: u64| {
        found(move |draft| {
            draft.policy.basis.paid_in_points = true;
            draft.rule("base").give = Give::PerAmount { points: p(points), per: euros("1.00") };
        })
    };
    // Four times on weekends with gold: 8 a euro, worth 8 cents.
    let finding = |again: &str, compounds: Option<&str>| Finding::PointsOnPoints {
        kind: name("points"),
        again: ratio(again),
        compounds: compounds.map(ratio),
    };
    assert_eq!(on(2), [finding("8/100", Some("100/92"))]);
    assert_eq!(on(24), [finding("96/100", Some("25"))]);
    // At 25, an order comes back whole.
    assert_eq!(on(25), [finding("1", None)]);
    assert_eq!(
        on(2)[0].to_string(),
        "What is paid in points earns points: for every 100 \"points\" spent, up to 8 come back, so that all are worth up to 1.09 times \
         their face."
    );
    assert_eq!((on(24)[0].severity(), on(25)[0].severity()), (Severity::Warning, Severity::Fault));
}

#[test]
fn points_worth_more_than_what_earned_them_are_found() {
    let at = |points: u64| found(move |draft| draft.rule("base").give = Give::PerAmount { points: p(points), per: euros("1.00") });
    assert_eq!(at(25), []);
    let rules = ["base", "gold bonus", "weekend"].map(name).to_vec();
    let finding = |paid: &str, earned, worth: &str, rules: &[Name]| Finding::WorthMoreThanPaid {
        kind: name("points"),
        paid: euros(paid),
        earned: p(earned),
        worth: euros(worth),
        rules: rules.to_vec(),
    };
    assert_eq!(at(26), [finding("100.00", 10_400, "104.00", &rules)]);
    // The weekend and the grade never come together: 26 × 2 and 26 × 2, not × 4.
    let apart = found(|draft| {
        draft.rule("base").give = Give::PerAmount { points: p(26), per: euros("1.00") };
        draft.rule("weekend").when.push(Condition::GradeIn(BTreeSet::from([name("member")])));
    });
    assert!(apart.iter().all(|finding| !matches!(finding, Finding::WorthMoreThanPaid { .. })), "{apart:?}");
    // All multiples together come to 3/2 at most: 26 × 2 × 3/2 is below 100.
    let limited = found(|draft| {
        draft.rule("base").give = Give::PerAmount { points: p(26), per: euros("1.00") };
        draft.policy.times_at_most = Some(ratio("3/2"));
    });
    assert_eq!(limited, []);
    // A cap limits what can be taken out, not that it can.
    let little = found(|draft| {
        draft.policy.rules.push(capped(per_euro("promo", "points", 200), &[(CapPeriod::Month, 500)]));
    });
    assert!(matches!(&little[..], [Finding::WorthMoreThanPaid { earned, .. }] if earned.units() <= 500), "{little:?}");
    // A fixed number for a small order.
    let gift = |least: &str| {
        let gift = when(rule("gift", "points", Trigger::Purchase, fixed(500)), [Condition::Spend { at_least: euros(least) }]);
        found(adds(capped(gift, &[(CapPeriod::Day, 500)])))
    };
    assert_eq!(gift("5.00"), []);
    assert_eq!(gift("4.99"), [finding("4.99", 500, "5.00", &[name("gift")])]);
}

#[test]
fn it_pays_to_rise() {
    let less = found(|draft| draft.rule("silver bonus").give = Give::Bonus(ratio("1.5")));
    assert_eq!(less, []); // gold has the silver bonus too, which is the better one
    let less = found(|draft| {
        draft.rule("silver bonus").when = vec![Condition::GradeIn(BTreeSet::from([name("silver")]))];
        draft.rule("silver bonus").give = Give::Bonus(ratio("3/2"));
    });
    let finding = |kind: &str, grade: &str, below: &str, has: &str, less_than: &str| Finding::HigherEarnsLess {
        kind: name(kind),
        grade: name(grade),
        below: name(below),
        on: day(),
        has: ratio(has),
        less_than: ratio(less_than),
    };
    assert_eq!(less, [finding("points", "gold", "silver", "0.02", "0.025")]);
    let birthday =
        found(|draft| draft.rule("birthday").when = vec![Condition::Not(Box::new(Condition::GradeAtLeast(name("gold"))))]);
    assert_eq!(birthday, [finding("points", "gold", "silver", "0", "200")]);

    let pays = |price: Option<u64>, less: u64| Finding::HigherPaysMore {
        reward: name("mug"),
        grade: name("gold"),
        below: name("silver"),
        price: price.map(p),
        less: p(less),
    };
    let priced = |silver: u64| found(move |draft| _ = draft.terms.rewards[0].price_by_grade.insert(name("silver"), p(silver)));
    assert_eq!(priced(499), [pays(Some(500), 499)]);
    assert_eq!(priced(500), []);
    assert_eq!(found(|draft| draft.terms.rewards[0].grades = ["member", "silver"].map(name).into()), [pays(None, 500)]);
    assert_eq!(found(|draft| draft.terms.rewards[0].grades = ["gold", "silver"].map(name).into()), []);
}

#[test]
fn what_the_rules_cannot_give_is_unreachable() {
    let entry =
        |tier: &str, needed, most| Finding::Unreachable { goal: Goal::Entry(name(tier)), short: short("credits", needed, most) };
    let capped_at = |caps: &[(CapPeriod, u64)], cycle: Cycle| {
        found(|draft| {
            let status = draft.rule("status").clone();
            *draft.rule("status") = capped(status, caps);
            draft.ladder().counting = Counting::Periods { cycle, stands: 1 };
        })
    };
    let joining = Cycle::MEMBERSHIP_YEAR;
    assert_eq!(capped_at(&[(CapPeriod::Year, 2_000)], Cycle::CALENDAR_YEAR), []);
    assert_eq!(capped_at(&[(CapPeriod::Year, 1_999)], Cycle::CALENDAR_YEAR), [entry("gold", 2_000, 1_999)]);
    // A membership year lies in two calendar years.
    assert_eq!(capped_at(&[(CapPeriod::Year, 1_000)], joining), []);
    assert_eq!(capped_at(&[(CapPeriod::Year, 999)], joining), [entry("gold", 2_000, 1_998)]);
    let april = Cycle { start: CycleStart::Calendar(4), months: 12 };
    assert_eq!(capped_at(&[(CapPeriod::Year, 1_000)], april), []);
    assert_eq!(capped_at(&[(CapPeriod::Month, 166)], Cycle::CALENDAR_YEAR), [entry("gold", 2_000, 1_992)]);
    assert_eq!(capped_at(&[(CapPeriod::Quarter, 500)], april), []);
    assert_eq!(capped_at(&[(CapPeriod::Quarter, 499)], april), [entry("gold", 2_000, 1_996)]);
    assert_eq!(capped_at(&[(CapPeriod::Day, 6)], Cycle::CALENDAR_YEAR), []);
    assert_eq!(capped_at(&[(CapPeriod::Day, 5)], Cycle::CALENDAR_YEAR), [entry("gold", 2_000, 1_830)]);
    let low = capped_at(&[(CapPeriod::Lifetime, 400)], Cycle::CALENDAR_YEAR);
    assert_eq!(low, [entry("silver", 500, 400), entry("gold", 2_000, 400)]);

    // What is rolled over comes on top.
    let rolled = found(|draft| {
        draft.rule("status").caps = vec![Cap { per: CapPeriod::Year, points: p(1_900) }];
        draft.ladder().roll_over = Some(RollOver { caps: BTreeMap::from([(name("credits"), 100)]), percent: 100, again: false });
    });
    assert_eq!(rolled, []);
    // A bonus comes on top of what is capped.
    let more = found(|draft| {
        draft.rule("status").caps = vec![Cap { per: CapPeriod::Year, points: p(1_000) }];
        draft.policy.rules.push(rule("double", "credits", Trigger::Purchase, Give::Times(ratio("2"))));
    });
    assert_eq!(more, []);
    // Credits that only gold earns do not lead to gold.
    let circle = found(|draft| draft.rule("status").when = vec![Condition::GradeAtLeast(name("silver"))]);
    assert_eq!(circle, [entry("silver", 500, 0), entry("gold", 2_000, 0)]);

    let goals = found(|draft| {
        let status = draft.rule("status").clone();
        *draft.rule("status") = capped(status, &[(CapPeriod::Lifetime, 2_000)]);
        let credits = |count| Requirement::at_least(name("credits"), count);
        draft.ladder().tiers[0].reentry = Some(Requirement::Any(vec![credits(2_001), credits(2_002)]));
        draft.ladder().floors = vec![Floor { tier: name("gold"), after: FloorAfter::Credits(credits(2_001)) }];
        let reached = Reached::Credits(credits(2_001));
        draft.ladder().milestones = vec![Milestone { name: name("far"), reached, every: None }];
        draft.terms.occasions.clear();
        draft.rule("birthday").on = Trigger::Occasion(name("far"));
    });
    let goals: Vec<String> = goals.iter().map(ToString::to_string).collect();
    let tail = "cannot be reached by what the rules give: it takes 2001 \"credits\", and there can be 2000.";
    assert_eq!(
        goals,
        [
            format!("The tier \"silver\", once lost, {tail}"),
            format!("The tier \"gold\" for life {tail}"),
            format!("The milestone \"far\" {tail}")
        ]
    );
}

#[test]
fn rewards_out_of_reach_or_below_the_minimum_are_found() {
    // Points that live for a year, of which there are 10 a month at most: 13 months are touched, and one is rounded up.
    let poor = |price: u64, minimum: u64| {
        found(move |draft| {
            draft.policy.rules.retain(|rule| rule.name == "review" || rule.kind == "credits");
            draft.rule("review").give = fixed(10);
            draft.rule("review").caps = vec![Cap { per: CapPeriod::Month, points: p(10) }];
            draft.rule("review").expiry = Some(Expiry::after(Life::Months(12), RoundUp::None));
            draft.points().redemption.minimum = p(minimum);
            draft.terms.rewards = vec![reward("cup", price)];
            draft.terms.occasions.clear();
        })
        .into_iter()
        .filter(|finding| !matches!(finding, Finding::ExpiresByTime { .. }))
        .collect::<Vec<_>>()
    };
    assert_eq!(poor(140, 140), []);
    let unreachable = |goal, needed| Finding::Unreachable { goal, short: short("points", needed, 140) };
    assert_eq!(poor(141, 1), [unreachable(Goal::Reward(name("cup")), 141)]);
    let below = Finding::RewardBelowMinimum { reward: name("cup"), price: p(140), minimum: p(141) };
    assert_eq!(poor(140, 141), [unreachable(Goal::Minimum(name("points")), 141), below]);
    // Points that never expire can be gathered for ever.
    assert_eq!(found(|draft| draft.terms.rewards.push(reward("house", 90_000_000))), []);

    let over = found(|draft| draft.terms.rewards[0].until = Some(day()));
    assert_eq!(over, [Finding::RewardOver { reward: name("mug"), until: day() }]);
    assert_eq!(found(|draft| draft.terms.rewards[0].until = Some(date("2026-01-02"))), []);
    let nothing = found(|draft| {
        draft.points().redemption.worth = None;
        draft.terms.rewards.clear();
    });
    assert_eq!(nothing, [Finding::NothingToBuy { kind: name("points") }]);
}

#[test]
fn kinds_that_nobody_earns_or_counts_are_found() {
    let unearned = found(|draft| draft.terms.kinds.push(Kind::counting(name("nights"))));
    let (counts, never) = (Finding::CountsForNothing { kind: name("nights") }, Finding::NeverEarned { kind: name("nights") });
    assert_eq!(unearned, [counts.clone(), never]);
    let idle = found(|draft| {
        draft.terms.kinds.push(Kind::counting(name("nights")));
        draft.policy.rules.push(per_euro("nights", "nights", 1));
        draft.ladder = None;
        draft.policy.rules.retain(|rule| !rule.name.ends_with("bonus"));
    });
    assert_eq!(idle, [Finding::CountsForNothing { kind: name("credits") }, counts]);
    let balance = found(|draft| draft.ladder().counting = Counting::Balance);
    assert_eq!(balance, [Finding::StatusByBalance]);
    assert_eq!(balance[0].severity(), Severity::Hint);
}

#[test]
fn an_expiry_is_held_against_the_laws_that_are_listed() {
    let year = Expiry::after(Life::Months(12), RoundUp::None);
    let by_time = |jurisdiction| Finding::ExpiresByTime { kind: name("points"), rules: vec![], jurisdiction };
    let both = found(|draft| draft.points().expiry = year);
    assert_eq!(both, [by_time(Jurisdiction::Ontario), by_time(Jurisdiction::Quebec)]);
    assert_eq!(
        both[0].to_string(),
        "The \"points\" expire by the passing of time alone, which Ontario forbids (Consumer Protection Act, 2002, section 47.1, with \
         O. Reg. 17/05, in force since 2018-01-01). This is no legal advice: check today's text."
    );
    let mut draft = clean();
    draft.points().expiry = year;
    assert_eq!(draft.programme().lint(day(), &[]), []);
    let by_rule = found(|draft| draft.rule("weekend").expiry = Some(year));
    assert_eq!(by_rule.len(), 2);
    assert!(by_rule[0].to_string().contains("by rule \"weekend\" too, which Ontario"), "{}", by_rule[0]);

    let short_for = |after| found(move |draft| draft.points().inactivity = Some(Inactivity::new(after)));
    let too_short = Finding::InactivityTooShort { kind: name("points"), least_months: 12, jurisdiction: Jurisdiction::Quebec };
    assert_eq!(short_for(Life::Months(11)), core::slice::from_ref(&too_short));
    assert_eq!(short_for(Life::Months(12)), []);
    assert_eq!(short_for(Life::Days(365)), [too_short]); // a leap year is longer
    assert_eq!(short_for(Life::Days(366)), []);

    let notice = |days: Option<u16>| found(move |draft| draft.points().notice = days.map(|days_before| Notice { days_before }));
    let outside =
        |notice| Finding::NoticeOutside { kind: name("points"), notice, days: (30, 60), jurisdiction: Jurisdiction::Quebec };
    assert_eq!((notice(Some(30)), notice(Some(60))), (vec![], vec![]));
    for days in [Some(29), Some(61), None] {
        assert_eq!(notice(days), [outside(days)]);
    }
    draft.points().notice = None;
    assert_eq!(draft.programme().lint(day(), &[]), [Finding::NoNotice { kind: name("points") }]);

    let law = ExpiryLaw {
        place: name("Utopia"),
        source: name("the Book"),
        since: date("2020-02-02"),
        forbids_time_alone: false,
        least_inactivity_months: Some(36),
        notice_days: None,
    };
    let other = clean().programme().lint(day(), &[Jurisdiction::Other(law.clone()), Jurisdiction::Other(law)]);
    assert_eq!(other.len(), 1);
    assert!(other[0].to_string().contains("36 months that Utopia asks for (the Book, in force since 2020-02-02)"), "{}", other[0]);
}

#[test]
fn points_that_expire_once_they_are_given_away_are_held_against_the_laws() {
    let half_a_year = |draft: &mut Draft| {
        let expiry = Some(Expiry::after(Life::Months(6), RoundUp::None));
        draft.points().transfer = Some(TransferTerms { expiry, ..TransferTerms::default() });
    };
    // Nothing that is given for nothing, so that nothing else is found of a transfer.
    let bought = |draft: &mut Draft| {
        draft.policy.rules.retain(|rule| !["welcome", "birthday", "review", "friend"].contains(&rule.name.as_str()));
        draft.terms.occasions.clear();
    };
    let by_time = |jurisdiction| Finding::TransferExpiresByTime { kind: name("points"), jurisdiction };
    let findings = found(|draft| {
        bought(draft);
        half_a_year(draft);
    });
    assert_eq!(findings, [by_time(Jurisdiction::Ontario), by_time(Jurisdiction::Quebec)]);
    assert_eq!(findings[0].severity(), Severity::Warning);
    assert_eq!(
        findings[0].to_string(),
        "The \"points\" that are given to another expire by the passing of time alone, which Ontario forbids (Consumer Protection Act, \
         2002, section 47.1, with O. Reg. 17/05, in force since 2018-01-01). This is no legal advice: check today's text."
    );
    for expiry in [None, Some(Expiry::Never)] {
        let findings = found(|draft| {
            bought(draft);
            draft.points().transfer = Some(TransferTerms { expiry, ..TransferTerms::default() });
        });
        assert_eq!(findings, []);
    }
    // Elsewhere it is allowed; but members are to be told of it.
    let mut draft = clean();
    bought(&mut draft);
    half_a_year(&mut draft);
    assert_eq!(draft.programme().lint(day(), &[]), []);
    draft.points().inactivity = None;
    draft.points().kept_alive_by.clear();
    draft.points().notice = None;
    assert_eq!(draft.programme().lint(day(), &[]), [Finding::NoNotice { kind: name("points") }]);
    let outside = Finding::NoticeOutside { kind: name("points"), notice: None, days: (30, 60), jurisdiction: Jurisdiction::Quebec };
    assert_eq!(draft.programme().lint(day(), &[Jurisdiction::Quebec]), [by_time(Jurisdiction::Quebec), outside]);
}

#[test]
fn inactivity_needs_deeds_and_deeds_need_inactivity() {
    assert_eq!(found(|draft| draft.points().kept_alive_by.clear()), [Finding::NothingKeepsAlive { kind: name("points") }]);
    assert_eq!(found(|draft| draft.points().inactivity = None), [Finding::KeptAliveForNothing { kind: name("points") }]);
}

#[test]
fn points_that_expire_before_they_can_be_spent_are_found() {
    let findings = |expiry: Expiry, pending: Pending| {
        let mut draft = clean();
        draft.policy.rules.retain(|rule| rule.name == "base" || rule.kind == "credits");
        draft.terms.occasions.clear();
        draft.rule("base").expiry = Some(expiry);
        draft.rule("base").pending = Some(pending);
        draft.programme().lint(day(), &[])
    };
    let dies = |earned: &str, spendable: &str, last_day: &str, days, of| Finding::DiesPending {
        rule: name("base"),
        kind: name("points"),
        earned: date(earned),
        spendable: date(spendable),
        last_day: date(last_day),
        days,
        of,
    };
    let month = Expiry::after(Life::Days(30), RoundUp::None);
    assert_eq!(findings(month, Pending::Days(30)), []);
    let always = findings(month, Pending::Days(31));
    assert_eq!(always, [dies("2026-01-01", "2026-02-01", "2026-01-31", 366, 366)]);
    assert_eq!(always[0].severity(), Severity::Fault);
    // Those of the last weeks of a year.
    let december = Expiry::EachYear { day: "12-31".parse().unwrap(), at_least_months: 0 };
    let late = findings(december, Pending::Days(14));
    assert_eq!(late, [dies("2026-12-18", "2027-01-01", "2026-12-31", 13, 366)]);
    assert_eq!(late[0].severity(), Severity::Warning);
    let safe = Expiry::EachYear { day: "12-31".parse().unwrap(), at_least_months: 1 };
    assert_eq!(findings(safe, Pending::Days(14)), []);
    let past = findings(Expiry::On(date("2025-12-31")), Pending::Days(14));
    assert_eq!(past[0].severity(), Severity::Fault);
    assert_eq!(findings(Expiry::On(date("2026-01-01")), Pending::Confirmation), []);
}

#[test]
fn what_can_be_bought_spent_and_returned_is_found() {
    let kept = |rules: &[&str], shortfall| Finding::KeptAfterReturn {
        kind: name("points"),
        rules: rules.iter().map(|rule| name(rule)).collect(),
        shortfall,
    };
    for shortfall in [Shortfall::WithinBalance, Shortfall::PendingOnly, Shortfall::Debt { limit: Some(p(0)) }] {
        let findings = found(|draft| {
            draft.rule("base").pending = Some(Pending::None);
            draft.points().shortfall = shortfall;
        });
        assert_eq!(findings, [kept(&["base"], shortfall)]);
    }
    let owed = found(|draft| {
        draft.rule("base").pending = Some(Pending::None);
        draft.points().shortfall = Shortfall::Debt { limit: None };
    });
    assert_eq!(owed, []);
}

/// A scheme with much to say about.
fn flawed() -> Draft {
    let mut draft = clean();
    draft.policy.rounding = Rounding::HalfUp;
    draft.policy.basis.paid_in_points = true;
    draft.points().pending = Pending::None;
    draft.points().expiry = Expiry::after(Life::Months(6), RoundUp::MonthEnd);
    draft.points().notice = None;
    draft.rule("review").caps.clear();
    draft.terms.kinds.extend(["aa", "zz"].map(|kind| Kind::counting(name(kind))));
    draft.terms.rewards.extend([("cap", 7), ("ball", 9)].map(|(title, price)| reward(title, price)));
    draft.policy.rules.push(when(per_euro("a", "points", 1), [days("", "2020-01-01")]));
    draft.policy.rules.push(when(per_euro("z", "points", 1), [days("", "2019-01-01")]));
    draft
}

#[test]
fn the_gravest_come_first() {
    let findings = flawed().programme().lint(day(), &BOTH);
    assert!(findings.len() > 12, "{}", findings.len());
    assert!(findings.windows(2).all(|pair| pair[0].severity() >= pair[1].severity()));
}

/// Conditions over a few days, hours, grades, labels, items and amounts.
fn condition() -> impl Strategy<Value = Condition> {
    let day = |n: i64| day() + chrono::Days::new(u64::try_from(n).unwrap());
    let hour = |n: u32| format!("{:02}:00", n * 6).parse().unwrap();
    let leaf = prop_oneof![
        (0_i64..20, 1_i64..12)
            .prop_map(move |(from, for_days)| Condition::Days { from: Some(day(from)), until: Some(day(from + for_days)) }),
        subsequence(vec![chrono::Weekday::Mon, chrono::Weekday::Wed, chrono::Weekday::Sun], 1..3).prop_map(Condition::Weekdays),
        (0_u32..4, 1_u32..4).prop_map(move |(from, hours)| Condition::Hours {
            from: hour(from),
            until: hour((from + hours) % 4 + 4 * u32::from((from + hours) % 4 == 0))
        }),
        Just(Condition::FirstPurchase),
        Just(Condition::GradeAtLeast(Name::new("silver").unwrap())),
        Just(Condition::GradeIn(BTreeSet::from([name("member"), name("gold")]))),
        Just(Condition::Label(name("app"))),
        Just(Condition::Item(name("tea"))),
        Just(Condition::Spend { at_least: euros("5.00") }),
        Just(Condition::Units { at_least: 2 }),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![inner.clone().prop_map(|part| Condition::Not(Box::new(part))), vec(inner, 1..3).prop_map(Condition::Any),]
    })
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn the_order_of_the_terms_does_not_matter(seed in vec(any::<u32>(), 40)) {
        let draft = flawed();
        let expected = draft.programme().lint(day(), &BOTH);
        let mut shuffled = draft;
        let mut keys = seed.iter().cycle();
        shuffled.policy.rules.sort_by_cached_key(|_| keys.next());
        shuffled.terms.kinds.sort_by_cached_key(|_| keys.next());
        shuffled.terms.rewards.sort_by_cached_key(|_| keys.next());
        prop_assert_eq!(shuffled.programme().lint(day(), &[Jurisdiction::Ontario, Jurisdiction::Quebec]), expected);
    }

    /// A rule that is said to be dead never counts, and one that is not does so some time, by the calculator itself.
    #[test]
    fn a_dead_rule_is_one_that_never_counts(conditions in vec(condition(), 1..4), only_tea in any::<bool>()) {
        let mut odd = when(rule("odd", "points", Trigger::Purchase, fixed(1)), conditions);
        if only_tea {
            odd.lines.items.insert(name("tea"));
        }
        let mut draft = clean();
        draft.policy.rules = vec![odd];
        draft.terms.kinds.truncate(1);
        draft.terms.occasions.clear();
        draft.terms.kinds.push(Kind::counting(name("credits")));
        let programme = draft.programme();
        let is_dead = programme.lint(day(), &[]).iter().any(|finding| matches!(finding, Finding::DeadRule { .. }));
        let mut counts = false;
        for (n, hour) in (0..45).flat_map(|n| [0, 6, 12, 18].map(|hour| (n, hour))) {
            let sold: Moment = format!("{}T{hour:02}:00:00+01:00", day() + chrono::Days::new(n)).parse().unwrap();
            for bits in 0..16_u32 {
                let on = |bit: u32| bits >> bit & 1 == 1;
                let (item, price) = (if on(0) { "tea" } else { "cup" }, if on(1) { "5.00" } else { "0.01" });
                let mut line = Line::new(name("1"), name(item), euros(price));
                line.quantity = if on(2) { 2.try_into().unwrap() } else { 1.try_into().unwrap() };
                let basket = Basket::new(sold, vec![line]).unwrap().with_labels(on(3).then(|| name("app")));
                let sale = Occurrence::Purchase(basket);
                for (grade, first_purchase) in ["member", "silver", "gold"].iter().flat_map(|grade| [(grade, false), (grade, true)]) {
                    let known = Known { grade: Some(name(grade)), first_purchase, ..Known::default() };
                    let award = programme.terms().earning.award_quietly(&programme.terms().zone, &sale, &known).unwrap();
                    counts |= !award.credits.is_empty();
                }
            }
            if counts {
                break;
            }
        }
        prop_assert_eq!(is_dead, !counts);
    }

    /// The order that is shown earns what is said, and where none is shown, none is found.
    #[test]
    fn splitting_pays_as_said(points in 1_u64..60, per in 1_i64..400, least in 0_i64..900, which in 0_usize..7) {
        use Rounding::{AwayFromZero, Ceiling, Floor, HalfDown, HalfEven, HalfUp, TowardZero};
        let mut draft = clean();
        let give = Give::PerAmount { points: p(points), per: Money::from_minor(per, Currency::EUR) };
        let mut base = rule("base", "points", Trigger::Purchase, give);
        if least > 0 {
            base.when = vec![Condition::Spend { at_least: Money::from_minor(least, Currency::EUR) }];
        }
        draft.policy.rules = vec![base];
        draft.policy.rounding = [AwayFromZero, Ceiling, Floor, HalfDown, HalfEven, HalfUp, TowardZero][which];
        draft.terms.occasions.clear();
        let programme = draft.programme();
        let findings = programme.lint(day(), &[]);
        let shown = findings.iter().find_map(|finding| match finding {
            Finding::RoundingPaysForSplitting { order, apart, together, .. } => Some((order.minor(), apart.units(), together.units())),
            _ => None,
        });
        match shown {
            Some((order, apart, together)) => {
                prop_assert!(apart > together);
                prop_assert_eq!(2 * award(&programme, noon(), order), apart);
                prop_assert_eq!(award(&programme, noon(), 2 * order), together);
            }
            None => for order in least.max(1)..least + 800 {
                prop_assert!(2 * award(&programme, noon(), order) <= award(&programme, noon(), 2 * order), "{}", order);
            }
        }
    }

    /// What is said to be paid and earned is so by the calculator.
    #[test]
    fn worth_more_than_paid_is_so(points in 1_u64..300, step in 1_i64..300, cap in 1_u64..2_000, times in 1_i128..4) {
        let mut draft = clean();
        let give = Give::PerAmount { points: p(points), per: Money::from_minor(step, Currency::EUR) };
        draft.policy.rules = vec![capped(rule("base", "points", Trigger::Purchase, give), &[(CapPeriod::Month, cap)])];
        if times > 1 {
            draft.policy.rules.push(rule("more", "points", Trigger::Purchase, Give::Times(Ratio::new(times, 1).unwrap())));
        }
        draft.terms.occasions.clear();
        let programme = draft.programme();
        let findings = programme.lint(day(), &[]);
        for finding in &findings {
            if let Finding::WorthMoreThanPaid { paid, earned, worth, .. } = finding {
                prop_assert!(worth.minor() > paid.minor());
                prop_assert_eq!(award(&programme, noon(), paid.minor()), earned.units());
            }
        }
    }
}
