//! What an occurrence earns: published examples, laws, boundaries, hostile input.
//!
//! Sources of the examples: Square's loyalty reference (SQ), Shopline's help (SHL), Sparkfly's loyalty model (SPK), the tests of the Sylius
//! loyalty plugin (SE) and of Open Loyalty (OL), Zenoti's help (ZEN), Yotpo's help (YO), an issue of `ERPNext`, a Copilot Studio lab (LAB).
#![allow(clippy::unwrap_used, clippy::panic, clippy::std_instead_of_alloc, clippy::std_instead_of_core)]

mod common;

use common::{cases, date, name};
use customer_value::{
    calendar::{Zone, ZoneChange},
    loyalty::{CostBasis, Expiry, Pending, Points, earning::*},
    money::{Currency, Money, MoneyError, Ratio, Rounding},
    quantity::Name,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn set(names: &str) -> BTreeSet<Name> {
    names.split(' ').map(name).collect()
}

fn line(line: &str, minor: i64) -> Line {
    Line::new(name(line), name("thing"), usd(minor))
}

fn basket(lines: Vec<Line>) -> Basket {
    Basket::new("2026-03-04T10:00:00Z".parse().unwrap(), lines).unwrap() // a Wednesday
}

fn sale(minor: i64) -> Occurrence {
    Occurrence::Purchase(basket(vec![line("1", minor)]))
}

fn rule(called: &str, give: Give) -> Rule {
    Rule::new(name(called), name("points"), Trigger::Purchase, give)
}

fn per(points: u64, minor: i64) -> Give {
    Give::PerAmount { points: Points::new(points), per: usd(minor) }
}

fn fixed(points: u64) -> Give {
    Give::Fixed(Points::new(points))
}

fn bonus(share: &str) -> Give {
    Give::Bonus(ratio(share))
}

fn times(factor: &str) -> Give {
    Give::Times(ratio(factor))
}

fn policy(rules: Vec<Rule>) -> EarningPolicy {
    let grades = common::names("silver gold platinum");
    EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades, rules }
}

fn rules(rules: Vec<Rule>) -> EarningRules {
    EarningRules::new(policy(rules)).unwrap()
}

fn utc() -> Zone {
    Zone::fixed(0).unwrap()
}

/// The award of a customer of whom nothing is known; its trace adds up, and without a trace it is the same.
#[track_caller]
fn award(rules: &EarningRules, what: &Occurrence) -> Award {
    award_to(rules, what, &Known::default())
}

#[track_caller]
fn award_to(rules: &EarningRules, what: &Occurrence, known: &Known) -> Award {
    let award = rules.award(&utc(), what, known).unwrap();
    assert_eq!(award.verify(), Ok(()), "{}", award.explain());
    let quiet = rules.award_quietly(&utc(), what, known).unwrap();
    assert_eq!(quiet, Award { trace: vec![], ..award.clone() });
    award
}

#[track_caller]
fn points(rules: &EarningRules, what: &Occurrence) -> u64 {
    award(rules, what).points("points").unwrap().units()
}

fn verdict(award: &Award, rule: &str) -> Verdict {
    let found = award.trace.iter().filter_map(|step| match step {
        Step::Considered { rule: r, verdict } if *r == *rule => Some(verdict.clone()),
        _ => None,
    });
    let all: Vec<Verdict> = found.collect();
    assert_eq!(all.len(), 1, "{rule} is considered once:\n{}", award.explain());
    all[0].clone()
}

fn credit_lines(award: &Award) -> Vec<(&str, u64)> {
    award.credits.iter().flat_map(|c| c.lines.iter().map(|(line, points)| (line.as_str(), points.units()))).collect()
}

fn credit_rules(award: &Award) -> Vec<(&str, u64)> {
    award.credits.iter().flat_map(|c| c.rules.iter().map(|(rule, points)| (rule.as_str(), points.units()))).collect()
}

// ---- Published examples ----

#[test]
fn one_point_per_ten_dollars_drops_the_fraction() {
    let rules = rules(vec![rule("base", per(1, 10_00))]);
    for (spent, points_got) in [(105_00, 10), (109_99, 10), (110_00, 11), (9_99, 0), (10_00, 1)] {
        assert_eq!(points(&rules, &sale(spent)), points_got, "{spent}");
    }
}

#[test]
fn multipliers_and_additions_of_square() {
    for (base, also, expected) in [(4, times("1.5"), 6), (5, times("3"), 15), (5, fixed(3), 8)] {
        assert_eq!(points(&rules(vec![rule("base", fixed(base)), rule("also", also)]), &sale(1)), expected);
    }
}

#[test]
fn the_multiplier_comes_before_the_rounding() {
    let base = rule("base", per(10, 3_00));
    assert_eq!(points(&rules(vec![base.clone()]), &sale(8_80)), 29); // SHL: 29.33
    for campaign in [times("1.5"), bonus("0.5")] {
        assert_eq!(points(&rules(vec![base.clone(), rule("campaign", campaign)]), &sale(8_80)), 44); // not 29 × 1.5 = 43
    }
    // 717 of 600,000 amounts go wrong where the division comes first; this is one: 0.40 at 10 per 3, times 1.5, is 2.
    assert_eq!(points(&rules(vec![base, rule("campaign", times("1.5"))]), &sale(40)), 2);
}

#[test]
fn rounding_of_the_points_or_of_the_subtotal() {
    let earned = |rounding: Rounding, of_subtotal: Option<Rounding>| {
        let basis_rounding = of_subtotal.map(|rounding| BasisRounding { step: usd(1_00), rounding });
        let basis = Basis { rounding: basis_rounding, ..Basis::NET };
        let policy = EarningPolicy { basis, rounding, ..policy(vec![rule("base", per(10, 1_00))]) };
        points(&EarningRules::new(policy).unwrap(), &sale(3_51))
    };
    // SPK: 35.1 points; 3.51 to whole dollars.
    for (rounding, expected) in [(Rounding::Floor, 35), (Rounding::HalfUp, 35), (Rounding::Ceiling, 36)] {
        assert_eq!(earned(rounding, None), expected);
    }
    for (rounding, expected) in [(Rounding::Ceiling, 40), (Rounding::HalfUp, 40), (Rounding::Floor, 30)] {
        assert_eq!(earned(Rounding::Floor, Some(rounding)), expected);
    }
}

fn whole_dollars() -> Basis {
    Basis { rounding: Some(BasisRounding { step: usd(1_00), rounding: Rounding::Floor }), ..Basis::NET }
}

#[test]
fn two_rates_add() {
    let both = || vec![rule("one", per(1, 1_00)), rule("two", per(1, 2_00))];
    // SE counts whole dollars: 19 and 9.5, floored to 28. Of the exact amount it is 19.99 and 9.995, which is 29.
    let whole = EarningPolicy { basis: whole_dollars(), ..policy(both()) };
    assert_eq!(points(&EarningRules::new(whole).unwrap(), &sale(19_99)), 28);
    assert_eq!(points(&rules(both()), &sale(19_99)), 29);
}

#[test]
fn a_multiplier_with_each_rounding() {
    let earned = |basis: Basis, factor: &str, rounding: Rounding| {
        let rules = vec![rule("base", per(1, 1_00)), rule("campaign", times(factor))];
        points(&EarningRules::new(EarningPolicy { basis, rounding, ..policy(rules) }).unwrap(), &sale(19_99))
    };
    // SE: on whole dollars, 19 × 2 and 28.5.
    assert_eq!(earned(whole_dollars(), "2", Rounding::Floor), 38);
    let expected = [(Rounding::Floor, 28), (Rounding::HalfUp, 29), (Rounding::Ceiling, 29)];
    for (rounding, expected) in expected {
        assert_eq!(earned(whole_dollars(), "1.5", rounding), expected);
    }
    // Of the exact amount: 39.98 and 29.985.
    assert_eq!(earned(Basis::NET, "2", Rounding::Floor), 39);
    assert_eq!(earned(Basis::NET, "1.5", Rounding::Ceiling), 30);
}

#[test]
fn a_rule_that_stands_alone_displaces_the_others() {
    let alone =
        |called: &str, points: u64, priority: u16| Rule { stacking: Stacking::Alone { priority }, ..rule(called, fixed(points)) };
    let displaced = |by: &str| Verdict::Displaced { by: name(by) };
    let first = award(&rules(vec![rule("base", per(1, 1_00)), alone("gift", 100, 10), rule("double", times("2"))]), &sale(500_00));
    assert_eq!(first.points("points"), Some(Points::new(100)));
    assert_eq!((verdict(&first, "base"), verdict(&first, "double")), (displaced("gift"), displaced("gift")));
    let second = award(&rules(vec![alone("a", 50, 5), alone("b", 200, 20)]), &sale(1_00));
    assert_eq!(credit_rules(&second), [("b", 200)]);
    assert_eq!(verdict(&second, "a"), displaced("b"));
    // The priority decides, not the points.
    assert_eq!(points(&rules(vec![alone("a", 50, 25), alone("b", 200, 20)]), &sale(1_00)), 50);
}

fn open_loyalty() -> Basket {
    let of = |called: &str, item: &str, category: &str, minor: i64| {
        let item_line = Line::new(name(called), name(item), usd(minor));
        Line { categories: set(category), ..item_line }
    };
    basket(vec![of("A", "123", "red", 12_00), of("B", "000", "blue", 100_00), of("C", "delivery", "delivery", 40_00)])
}

#[test]
fn the_basket_of_open_loyalty() {
    let what = Occurrence::Purchase(open_loyalty());
    let base = || rule("base", per(4, 1_00));
    let earned = |rule_list: Vec<Rule>| points(&rules(rule_list), &what);
    assert_eq!(earned(vec![base()]), 608);
    let selected = |lines: Selector| earned(vec![Rule { lines, ..base() }]);
    assert_eq!(selected(Selector { except_items: set("000"), ..Selector::default() }), 208);
    assert_eq!(selected(Selector { except_categories: set("red"), ..Selector::default() }), 560);
    assert_eq!(selected(Selector { categories: set("red"), ..Selector::default() }), 48);
    assert_eq!(selected(Selector { except_categories: set("red delivery"), ..Selector::default() }), 400);
    assert_eq!(selected(Selector { items: set("123"), categories: set("delivery"), ..Selector::default() }), 208);
    assert_eq!(selected(Selector { categories: set("blue"), except_items: set("000"), ..Selector::default() }), 0);
    assert_eq!(earned(vec![base(), rule("ten", per(10, 1_00))]), 2_128);
    let lines = Selector { items: set("123"), ..Selector::default() };
    assert_eq!(earned(vec![base(), Rule { lines, ..rule("sku", fixed(100)) }]), 708);
    let when = |minor: i64| vec![Condition::Spend { at_least: usd(minor) }];
    for (least, expected) in [(300_00, 0), (152_01, 0), (152_00, 608)] {
        assert_eq!(earned(vec![Rule { when: when(least), ..base() }]), expected);
    }
}

#[test]
fn whether_discounted_items_earn() {
    let discounted = Line { discount: usd(20_00), ..line("1", 100_00) };
    let earned = |discounts: Discounts| {
        let basis = Basis { discounts, ..Basis::NET };
        let policy = EarningPolicy { basis, ..policy(vec![rule("base", per(20, 100_00))]) };
        points(&EarningRules::new(policy).unwrap(), &Occurrence::Purchase(basket(vec![discounted.clone()])))
    };
    assert_eq!(earned(Discounts::Deducted), 16); // ZEN
    assert_eq!(earned(Discounts::Excluded), 0); // ZEN
    assert_eq!(earned(Discounts::Ignored), 20);
}

#[test]
fn the_cents_earn_nothing() {
    assert_eq!(points(&rules(vec![rule("base", per(1, 1_00))]), &sale(49_95)), 49); // YO
}

#[test]
fn brackets_by_the_whole_amount() {
    let bracket = |from: i64, per: i64| Bracket { from: usd(from), points: Points::new(1), per: usd(per) };
    let brackets = Give::Brackets(vec![bracket(100_000_00, 1_000_00), bracket(300_000_00, 900_00)]);
    let rules = rules(vec![rule("tiers", brackets)]);
    // erpnext #33550: 196,000 gave 217. The others: at the brackets, and a cent below.
    let expected = [(196_000_00, 196), (20_000_00, 0), (99_999_99, 0), (100_000_00, 100), (299_999_99, 299), (300_000_00, 333)];
    for (invoice, expected) in expected {
        assert_eq!(points(&rules, &sale(invoice)), expected, "{invoice}");
    }
    assert_eq!(verdict(&award(&rules, &sale(99_999_99)), "tiers"), Verdict::Nothing);
}

#[test]
fn three_times_and_a_fifth_more_to_the_nearest() {
    let list = vec![rule("base", per(10, 1_00)), rule("console", times("3")), rule("member", times("1.2"))];
    let nearest = EarningPolicy { rounding: Rounding::HalfUp, ..policy(list.clone()) };
    assert_eq!(points(&EarningRules::new(nearest).unwrap(), &sale(499_99)), 18_000); // LAB: 17,999.64
    assert_eq!(points(&rules(list), &sale(499_99)), 17_999);
}

#[test]
fn points_by_line() {
    let mut lines = vec![line("A", 10_00), line("B", 10_00), line("C", 20_00)];
    lines[0].item = name("a");
    lines[1].item = name("b");
    let item = |item: &str| Selector { items: set(item), ..Selector::default() };
    let list = vec![
        rule("base", per(1, 1_00)),
        Rule { lines: item("a"), ..rule("on a", Give::PerItem(Points::new(10))) },
        Rule { lines: item("b"), ..rule("on b", Give::PerItem(Points::new(20))) },
    ];
    let award = award(&rules(list), &Occurrence::Purchase(basket(lines)));
    assert_eq!(award.points("points"), Some(Points::new(70)));
    assert_eq!(credit_lines(&award), [("A", 20), ("B", 30), ("C", 20)]); // OL: a return of C by line takes 20
    assert_eq!(credit_rules(&award), [("base", 40), ("on a", 10), ("on b", 20)]);
}

// ---- What counts ----

#[test]
fn each_part_of_a_line_counts_as_the_basis_says() {
    let full = Line { discount: usd(30), tax: usd(14), paid_in_points: usd(9), ..line("1", 100) };
    let shipping = Line { shipping: true, ..line("2", 50) };
    let of = |basis: Basis, line: &Line| basis.amount(line).unwrap().minor();
    for (basis, expected) in [
        (Basis::NET, 61),
        (Basis { tax: true, ..Basis::NET }, 75),
        (Basis { paid_in_points: true, ..Basis::NET }, 70),
        (Basis { discounts: Discounts::Ignored, ..Basis::NET }, 91),
        (Basis { discounts: Discounts::Excluded, ..Basis::NET }, 0),
    ] {
        assert_eq!(of(basis, &full), expected, "{basis:?}");
    }
    assert_eq!((of(Basis::NET, &shipping), of(Basis { shipping: true, ..Basis::NET }, &shipping)), (0, 50));
    // The part paid in points pays the tax too: below zero is zero.
    let paid = Line { tax: usd(20), paid_in_points: usd(120), ..line("1", 100) };
    assert_eq!(of(Basis::NET, &paid), 0);
}

#[test]
fn a_line_of_which_nothing_counts_earns_nothing_by_any_rule() {
    let lines = vec![line("1", 10_00), Line { shipping: true, ..line("2", 5_00) }, line("free", 0)];
    let list = vec![rule("each", Give::PerItem(Points::new(3))), rule("order", fixed(10)), rule("rate", per(1, 1_00))];
    let award_of = award(&rules(list.clone()), &Occurrence::Purchase(basket(lines)));
    assert_eq!(credit_lines(&award_of), [("1", 23)]);
    let nothing = award(&rules(list), &sale(0));
    assert_eq!(nothing.credits, []);
    assert!(["each", "order", "rate"].iter().all(|rule| verdict(&nothing, rule) == Verdict::NoLine));
}

#[test]
fn a_rounded_basis_is_shared_by_the_lines_and_not_by_the_conditions() {
    let lines = vec![line("a", 33), line("b", 33), line("c", 33)];
    let basis = Basis { rounding: Some(BasisRounding { step: usd(1_00), rounding: Rounding::Ceiling }), ..Basis::NET };
    let when = vec![Condition::Spend { at_least: usd(1_00) }];
    let list = vec![rule("base", per(100, 1_00)), Rule { when, ..rule("large", fixed(1)) }];
    let award = award(&EarningRules::new(EarningPolicy { basis, ..policy(list) }).unwrap(), &Occurrence::Purchase(basket(lines)));
    assert_eq!(credit_lines(&award), [("a", 34), ("b", 33), ("c", 33)]);
    let below = Unmet::Below { at_least: usd(1_00), spent: usd(99) };
    assert_eq!(verdict(&award, "large"), Verdict::Unmet(below));
}

#[test]
fn points_are_shared_by_lines_to_the_last() {
    // Ten points over three equal lines, and by weight: 10 × 2/7 = 2.86, 10 × 5/7 = 7.14.
    let shared = |amounts: &[(&str, i64)]| {
        let lines = amounts.iter().map(|(called, minor)| line(called, *minor)).collect();
        award(&rules(vec![rule("order", fixed(10))]), &Occurrence::Purchase(basket(lines)))
    };
    assert_eq!(credit_lines(&shared(&[("c", 5), ("b", 5), ("a", 5)])), [("a", 4), ("b", 3), ("c", 3)]);
    assert_eq!(credit_lines(&shared(&[("a", 5), ("b", 2)])), [("a", 7), ("b", 3)]);
    // A thirtieth of a point on each of thirty lines is one point.
    let lines = (10..40).map(|i| line(&i.to_string(), 1)).collect();
    let small = award(&rules(vec![rule("base", per(1, 30))]), &Occurrence::Purchase(basket(lines)));
    assert_eq!(credit_lines(&small), [("10", 1)]);
}

// ---- Conditions, at their edges ----

fn unmet(condition: Condition, what: &Occurrence, known: &Known, zone: &Zone) -> Option<Unmet> {
    let on = match what {
        Occurrence::Purchase(_) => Trigger::Purchase,
        Occurrence::Activity { activity, .. } => Trigger::Activity(activity.clone()),
        Occurrence::Occasion { occasion, .. } => Trigger::Occasion(occasion.clone()),
        Occurrence::Referral { side, .. } => Trigger::Referral { side: *side },
    };
    let rules = rules(vec![Rule { on, when: vec![condition], ..rule("r", fixed(1)) }]);
    let award = rules.award(zone, what, known).unwrap();
    award.verify().unwrap();
    match verdict(&award, "r") {
        Verdict::Counted => None,
        Verdict::Unmet(unmet) => Some(unmet),
        other => panic!("{other:?}"),
    }
}

fn sold_at(moment: &str) -> Occurrence {
    Occurrence::Purchase(Basket::new(moment.parse().unwrap(), vec![line("1", 1_00)]).unwrap())
}

#[test]
fn days_begin_and_end_in_the_zone_of_the_programme() {
    let march = || Condition::Days { from: Some(date("2026-03-01")), until: Some(date("2026-04-01")) };
    let change = ZoneChange { from: "2026-03-29T01:00:00Z".parse().unwrap(), offset_minutes: 120 };
    let copenhagen = Zone::new(60, [change]).unwrap();
    let at = |moment: &str| unmet(march(), &sold_at(moment), &Known::default(), &copenhagen);
    let opens = |days| Some(Unmet::NotYet { opens: date("2026-03-01"), days });
    let over = |days| Some(Unmet::Over { until: date("2026-04-01"), days });
    for (moment, expected) in [
        ("2026-02-28T22:59:59Z", opens(1)),
        ("2026-02-28T23:00:00Z", None),
        ("2026-02-26T12:00:00+01:00", opens(3)),
        ("2026-03-31T21:59:59Z", None), // summer time
        ("2026-03-31T22:00:00Z", over(1)),
        ("2026-04-03T12:00:00+02:00", over(3)),
        ("2026-03-31T23:30:00-10:00", over(1)), // the clock of the shop does not matter
    ] {
        assert_eq!(at(moment), expected, "{moment}");
    }
    let open_ended = Condition::Days { from: None, until: Some(date("2026-04-01")) };
    assert_eq!(unmet(open_ended, &sold_at("0001-01-01T12:00:00Z"), &Known::default(), &utc()), None);
}

#[test]
fn weekdays_and_hours() {
    let at = |condition: &str, moment: &str| {
        unmet(serde_json::from_str(condition).unwrap(), &sold_at(moment), &Known::default(), &utc()).is_none()
    };
    let weekend = r#"{"weekdays":["Sat","Sun"]}"#;
    assert!(at(weekend, "2026-03-07T00:00:00Z") && at(weekend, "2026-03-08T23:59:59Z"));
    assert!(!at(weekend, "2026-03-06T23:59:59Z") && !at(weekend, "2026-03-09T00:00:00Z"));
    let (lunch, night) = (r#"{"hours":{"from":"11:30","until":"14:00"}}"#, r#"{"hours":{"from":"22:00","until":"02:00"}}"#);
    for (time, in_lunch, in_night) in [
        ("11:29:59", false, false),
        ("11:30:00", true, false),
        ("13:59:59", true, false),
        ("14:00:00", false, false),
        ("21:59:59", false, false),
        ("22:00:00", false, true),
        ("00:00:00", false, true),
        ("01:59:59", false, true),
        ("02:00:00", false, false),
    ] {
        let moment = format!("2026-03-04T{time}Z");
        assert_eq!((at(lunch, &moment), at(night, &moment)), (in_lunch, in_night), "{time}");
    }
    assert!(at(r#"{"hours":{"from":"20:00","until":"24:00"}}"#, "2026-03-04T23:59:59Z"));
}

#[test]
fn status_first_purchase_labels_items_and_units() {
    let known = |grade: Option<&str>| Known { grade: grade.map(name), ..Known::default() };
    let at_least = || Condition::GradeAtLeast(name("gold"));
    let one_of = || Condition::GradeIn(set("silver platinum"));
    for (grade, high, listed) in
        [(None, false, false), (Some("silver"), false, true), (Some("gold"), true, false), (Some("platinum"), true, true)]
    {
        let expected = |holds: bool| (!holds).then(|| Unmet::OtherGrade { grade: grade.map(name) });
        assert_eq!(unmet(at_least(), &sale(1), &known(grade), &utc()), expected(high), "{grade:?}");
        assert_eq!(unmet(one_of(), &sale(1), &known(grade), &utc()), expected(listed), "{grade:?}");
    }
    let bronze =
        rules(vec![Rule { when: vec![at_least()], ..rule("r", fixed(1)) }]).award(&utc(), &sale(1), &known(Some("bronze")));
    assert_eq!(bronze, Err(EarningError::UnknownGrade(name("bronze"))));

    let first = Known { first_purchase: true, ..Known::default() };
    assert_eq!(unmet(Condition::FirstPurchase, &sale(1), &first, &utc()), None);
    assert_eq!(unmet(Condition::FirstPurchase, &sale(1), &Known::default(), &utc()), Some(Unmet::NotFirst));

    let nobody = Known::default();
    let what = Occurrence::Purchase(open_loyalty().with_labels(set("app store-7")));
    let cases = [
        (Condition::Label(name("app")), None),
        (Condition::Label(name("web")), Some(Unmet::NoLabel(name("web")))),
        (Condition::Item(name("123")), None),
        (Condition::Item(name("red")), Some(Unmet::NoItem(name("red")))),
        (Condition::Category(name("red")), None),
        (Condition::Category(name("123")), Some(Unmet::NoCategory(name("123")))),
        (Condition::Units { at_least: 3 }, None),
        (Condition::Units { at_least: 4 }, Some(Unmet::TooFew { at_least: 4, units: 3 })),
        (Condition::Not(Box::new(Condition::Label(name("web")))), None),
        (Condition::Not(Box::new(Condition::Label(name("app")))), Some(Unmet::Excepted)),
        (Condition::Any(vec![Condition::Label(name("web")), Condition::Item(name("123"))]), None),
        (Condition::Any(vec![Condition::Label(name("web")), Condition::Item(name("9"))]), Some(Unmet::NoneHolds)),
    ];
    for (condition, expected) in cases {
        assert_eq!(unmet(condition.clone(), &what, &nobody, &utc()), expected, "{condition:?}");
    }
    // Only the pieces on the lines of the rule count.
    let lines = Selector { categories: set("red"), ..Selector::default() };
    let pair = Rule { lines, when: vec![Condition::Units { at_least: 2 }], ..rule("pair", fixed(1)) };
    assert_eq!(points(&rules(vec![pair.clone()]), &what), 0);
    let two = Line { quantity: 2.try_into().unwrap(), categories: set("red"), ..line("1", 1) };
    assert_eq!(points(&rules(vec![pair]), &Occurrence::Purchase(basket(vec![two]))), 1);
}

#[test]
fn deeds_occasions_and_referrals_earn() {
    let at = "2026-03-04T10:00:00Z".parse().unwrap();
    let walk =
        |units: u32| Occurrence::Activity { activity: name("walk"), at, units: units.try_into().unwrap(), labels: set("app") };
    let on = |on: Trigger, called: &str, give: Give| Rule { on, ..rule(called, give) };
    let walking = || Trigger::Activity(name("walk"));
    let list = vec![
        on(walking(), "km", Give::PerItem(Points::new(3))),
        on(walking(), "any", fixed(5)),
        Rule { when: vec![Condition::Units { at_least: 10 }], ..on(walking(), "far", bonus("1/2")) },
        on(Trigger::Activity(name("review")), "review", fixed(50)),
        on(Trigger::Occasion(name("birthday")), "birthday", fixed(500)),
        on(Trigger::Referral { side: Side::Referrer }, "brought", fixed(100)),
        on(Trigger::Referral { side: Side::Referee }, "came", fixed(40)),
        rule("base", per(1, 1_00)),
    ];
    let rules = rules(list);
    for (what, expected) in [
        (walk(9), 32),
        (walk(10), 52),
        (Occurrence::Occasion { occasion: name("birthday"), at }, 500),
        (Occurrence::Occasion { occasion: name("anniversary"), at }, 0),
        (Occurrence::Referral { side: Side::Referrer, at }, 100),
        (Occurrence::Referral { side: Side::Referee, at }, 40),
        (sale(7_00), 7),
    ] {
        assert_eq!(points(&rules, &what), expected, "{what:?}");
    }
    let short = award(&rules, &walk(9));
    assert_eq!(short.credits[0].lines, []);
    assert_eq!(verdict(&short, "far"), Verdict::Unmet(Unmet::TooFew { at_least: 10, units: 9 }));
    assert!(!short.explain().contains("review"), "{}", short.explain());
    // Lunch hours hold for a deed as for a sale; a label too.
    assert_eq!(unmet(Condition::Label(name("app")), &walk(1), &Known::default(), &utc()), None);
    let birthday = Occurrence::Occasion { occasion: name("birthday"), at };
    assert_eq!(unmet(Condition::Label(name("app")), &birthday, &Known::default(), &utc()), Some(Unmet::NoLabel(name("app"))));
}

// ---- Multiples, stacking, caps ----

#[test]
fn bonuses_add_and_multiples_compound() {
    let plain = Rule { multiplied: false, ..rule("plain", fixed(7)) };
    let list = |more: &[Rule]| rules([&[rule("base", per(1, 1_00)), plain.clone()], more].concat());
    let (half, all) = (rule("half", bonus("1/2")), rule("all", bonus("1")));
    let (threefold, twofold) = (rule("x3", times("3")), rule("x2", times("2")));
    let earned = |more: &[Rule]| points(&list(more), &sale(100_00));
    assert_eq!(earned(&[]), 107);
    assert_eq!(earned(&[half.clone(), all.clone()]), 257); // 100 × (1 + ½ + 1) + 7
    assert_eq!(earned(&[threefold.clone(), twofold.clone()]), 607);
    assert_eq!(earned(&[half.clone(), twofold.clone()]), 307);
    assert_eq!(earned(&[Rule { multiplied: false, ..half }, twofold.clone()]), 257); // 200 + 50 + 7
    // Only on the lines of the multiple.
    let lines = Selector { categories: set("red"), ..Selector::default() };
    let red = Rule { lines, ..twofold.clone() };
    let what = Occurrence::Purchase(open_loyalty());
    let award_of = award(&list(&[red]), &what);
    assert_eq!(award_of.points("points"), Some(Points::new(12 * 2 + 140 + 7)));
    // A multiple of nothing is nothing.
    let lonely = award(&rules(vec![twofold, rule("bonus", bonus("1"))]), &sale(1_00));
    assert_eq!((verdict(&lonely, "x2"), verdict(&lonely, "bonus")), (Verdict::Nothing, Verdict::Nothing));
    assert_eq!(lonely.credits, []);
}

#[test]
fn multiples_together_are_limited() {
    let earned = |most: &str| {
        let list = vec![rule("base", per(1, 1_00)), rule("a", times("3")), rule("b", times("2")), rule("c", times("5"))];
        let limited = EarningPolicy { times_at_most: Some(ratio(most)), ..policy(list) };
        award(&EarningRules::new(limited).unwrap(), &sale(100_00))
    };
    let five = earned("5");
    assert_eq!(credit_rules(&five), [("a", 200), ("b", 200), ("base", 100)]);
    assert_eq!(verdict(&five, "c"), Verdict::LimitReached { most: ratio("5") });
    assert!(five.explain().contains("rule \"b\" is limited to 200 of 300: multiples come to at most 5"), "{}", five.explain());
    assert_eq!(earned("7/2").points("points"), Some(Points::new(350)));
    assert_eq!(earned("1").points("points"), Some(Points::new(100)));
    assert_eq!(earned("30").points("points"), Some(Points::new(3_000)));
    assert_eq!(earned("31").points("points"), Some(Points::new(3_000)));
}

#[test]
fn the_best_of_a_group_counts() {
    let of = |called: &str, priority: u16, give: Give| Rule {
        stacking: Stacking::BestOf { group: name("g"), priority },
        ..rule(called, give)
    };
    let base = || rule("base", fixed(10));
    let counted = |list: Vec<Rule>, minor: i64| {
        credit_rules(&award(&rules(list), &sale(minor))).iter().map(|r| r.0.to_owned()).collect::<Vec<_>>()
    };
    let two = || vec![of("rate", 1, per(1, 1_00)), of("gift", 2, fixed(50)), base()];
    assert_eq!(counted(two(), 49_99), ["base", "gift"]);
    assert_eq!(counted(two(), 50_00), ["base", "gift"]); // a tie: the higher priority
    assert_eq!(counted(two(), 50_01), ["base", "rate"]);
    // A capped rule is compared by what it still gives.
    let mut capped = two();
    capped[1].caps = vec![Cap { per: CapPeriod::Order, points: Points::new(20) }];
    assert_eq!(counted(capped, 21_00), ["base", "rate"]);
    let modifiers = vec![base(), of("a", 1, times("3")), of("b", 2, times("2")), rule("c", times("2"))];
    assert_eq!(points(&rules(modifiers), &sale(1)), 60);
    let bonuses = vec![base(), of("a", 1, bonus("1/2")), of("b", 2, bonus("1/3")), rule("c", bonus("1"))];
    assert_eq!(points(&rules(bonuses), &sale(1)), 25);
}

#[test]
fn an_exhausted_rule_displaces_nobody() {
    let caps = vec![Cap { per: CapPeriod::Day, points: Points::new(100) }];
    let gift = Rule { caps, stacking: Stacking::Alone { priority: 1 }, ..rule("gift", fixed(100)) };
    let rules = rules(vec![gift, rule("base", per(1, 1_00))]);
    let window = CapPeriod::Day.window(date("2026-03-04")).unwrap();
    let used = |points: u64| Known { used: BTreeMap::from([((name("gift"), window), Points::new(points))]), ..Known::default() };
    assert_eq!(credit_rules(&award_to(&rules, &sale(30_00), &used(0))), [("gift", 100)]);
    assert_eq!(credit_rules(&award_to(&rules, &sale(30_00), &used(99))), [("gift", 1)]);
    let exhausted = award_to(&rules, &sale(30_00), &used(100));
    assert_eq!(credit_rules(&exhausted), [("base", 30)]);
    assert_eq!(
        verdict(&exhausted, "gift"),
        Verdict::Exhausted { wanted: ratio("100"), per: CapPeriod::Day, cap: Points::new(100) }
    );
    assert_eq!(credit_rules(&award_to(&rules, &sale(30_00), &used(101))), [("base", 30)]);
    // What it wanted is recorded all the same.
    let recorded = CapUse { rule: name("gift"), window: Some(window), wanted: ratio("100"), granted: Points::ZERO };
    assert_eq!(exhausted.caps_used, [recorded]);
    assert!(exhausted.explain().contains("rule \"gift\" does not count: wanted 100, and its cap of 100 per day is used up"));
    let mut other = exhausted.clone();
    other.caps_used[0].wanted = ratio("99");
    assert_eq!(other.verify().unwrap_err(), AwardFlaw::CapUse(name("gift")));
    exhausted.verify().unwrap();
}

#[test]
fn caps_leave_room_and_say_so() {
    let caps = vec![
        Cap { per: CapPeriod::Order, points: Points::new(500) },
        Cap { per: CapPeriod::Month, points: Points::new(600) },
        Cap { per: CapPeriod::Day, points: Points::new(550) },
    ];
    let rules = rules(vec![Rule { caps, ..rule("base", per(1, 1_00)) }, rule("double", times("2"))]);
    let first_of_month = Basket::new("2026-03-01T10:00:00Z".parse().unwrap(), vec![line("a", 300_00), line("b", 400_00)]).unwrap();
    let award_of = award(&rules, &Occurrence::Purchase(first_of_month.clone()));
    let capped = Step::Capped { rule: name("base"), wanted: ratio("700"), room: Points::new(500), per: CapPeriod::Order };
    assert!(award_of.trace.contains(&capped), "{}", award_of.explain());
    // What is multiplied is what the cap left: 500 over the lines as 3 to 4.
    assert_eq!(credit_lines(&award_of), [("a", 428), ("b", 572)]);
    assert_eq!(credit_rules(&award_of), [("base", 500), ("double", 500)]);
    // Day and month begin on the same date, and are told apart.
    let from = Some(date("2026-03-01"));
    let recorded = |per| CapUse {
        rule: name("base"),
        window: (per != CapPeriod::Order).then_some(CapWindow { per, from }),
        wanted: ratio("700"),
        granted: Points::new(500),
    };
    assert_eq!(award_of.caps_used, [CapPeriod::Order, CapPeriod::Month, CapPeriod::Day].map(recorded));
    let used = award_of.caps_used.iter().filter_map(|used| Some(((used.rule.clone(), used.window?), used.granted))).collect();
    let known = Known { used, ..Known::default() };
    let second = award_to(&rules, &Occurrence::Purchase(first_of_month), &known);
    assert_eq!(credit_rules(&second), [("base", 50), ("double", 50)]);
    assert!(second.trace.iter().any(|s| matches!(s, Step::Capped { room, per: CapPeriod::Day, .. } if room.units() == 50)));
    assert!(second.explain().contains("rule \"base\" is capped per day: wanted 700, room for 50"), "{}", second.explain());
}

#[test]
fn cap_windows_follow_the_calendar() {
    let from = |per: CapPeriod, day: &str| per.window(date(day)).unwrap().from.map(|day| day.to_string());
    for (per, day, expected) in [
        (CapPeriod::Day, "2026-03-04", "2026-03-04"),
        (CapPeriod::Week, "2026-03-02", "2026-03-02"),
        (CapPeriod::Week, "2026-03-08", "2026-03-02"),
        (CapPeriod::Week, "2026-01-01", "2025-12-29"),
        (CapPeriod::Month, "2024-02-29", "2024-02-01"),
        (CapPeriod::Quarter, "2026-03-31", "2026-01-01"),
        (CapPeriod::Quarter, "2026-04-01", "2026-04-01"),
        (CapPeriod::Quarter, "2026-12-31", "2026-10-01"),
        (CapPeriod::Year, "2026-12-31", "2026-01-01"),
    ] {
        assert_eq!(from(per, day).as_deref(), Some(expected), "{per:?} {day}");
    }
    assert_eq!(CapPeriod::Lifetime.window(date("2026-01-01")), CapPeriod::Lifetime.window(date("2030-01-01")));
    assert_eq!(CapPeriod::Order.window(date("2026-01-01")), None);
}

#[test]
fn rounding_up_never_passes_a_cap() {
    let caps = vec![Cap { per: CapPeriod::Day, points: Points::new(10) }];
    let list = vec![
        Rule { caps, ..rule("capped", per(1, 1_00)) },
        Rule { multiplied: false, ..rule("small", per(3, 1_000_00)) },
        Rule { multiplied: false, ..rule("smaller", per(3, 1_000_01)) },
    ];
    let up = EarningRules::new(EarningPolicy { rounding: Rounding::Ceiling, ..policy(list) }).unwrap();
    assert_eq!(credit_rules(&award(&up, &sale(100_00))), [("capped", 10), ("small", 1)]);
}

#[test]
fn terms_divide_the_points_of_a_kind() {
    let expiry = Some(Expiry::On(date("2026-12-31")));
    let list = vec![
        rule("base", per(1, 3_00)),
        Rule { expiry, cost: Some(CostBasis(0)), ..rule("promotion", per(1, 3_00)) },
        Rule { pending: Some(Pending::Confirmation), ..rule("tentative", per(1, 3_00)) },
        Rule { kind: name("status"), ..rule("status", per(1, 3_00)) },
    ];
    let award = award(&rules(list), &sale(5_00));
    // 1.67 each: 5 in all, of which two groups get 2 and the last by name gets 1; status points are rounded on their own.
    let got: Vec<_> = award.credits.iter().map(|c| (c.kind.as_str(), c.points.units(), c.pending, c.expiry, c.cost)).collect();
    let expected = [
        ("points", 2, None, None, None),
        ("points", 2, None, expiry, Some(CostBasis(0))),
        ("points", 1, Some(Pending::Confirmation), None, None),
        ("status", 1, None, None, None),
    ];
    assert_eq!(got, expected);
}

// ---- What is refused ----

#[test]
fn baskets_that_contradict_themselves_are_refused() {
    let of = |lines: Vec<Line>| Basket::new("2026-03-04T10:00:00Z".parse().unwrap(), lines).map(|_| ());
    let euro = Money::from_minor(1, Currency::EUR);
    let mixed = EarningError::Currency { expected: Currency::USD, found: Currency::EUR };
    assert_eq!(of(vec![]), Err(EarningError::NoLines));
    assert_eq!(of(vec![line("1", 1), line("2", 1), line("1", 2)]), Err(EarningError::LineTwice(name("1"))));
    assert_eq!(of(vec![line("1", 1), Line::new(name("2"), name("x"), euro)]), Err(mixed.clone()));
    assert_eq!(of(vec![Line { tax: euro, ..line("1", 1) }]), Err(mixed));
    assert_eq!(of(vec![line("1", -1)]), Err(EarningError::Negative { line: name("1"), amount: usd(-1) }));
    let discount = |minor| Line { discount: usd(minor), ..line("1", 100) };
    assert_eq!(of(vec![discount(100)]), Ok(()));
    let above = EarningError::DiscountAbovePrice { line: name("1"), discount: usd(101), price: usd(100) };
    assert_eq!(of(vec![discount(101)]), Err(above));
    let paid = |minor| Line { tax: usd(7), paid_in_points: usd(minor), ..discount(10) };
    assert_eq!(of(vec![paid(97)]), Ok(()));
    assert_eq!(of(vec![paid(98)]), Err(EarningError::PaidAboveDue { line: name("1"), paid: usd(98), due: usd(97) }));
    let overflow = Err(EarningError::Money(MoneyError::Overflow { currency: Currency::USD }));
    assert_eq!(of(vec![line("1", i64::MAX), line("2", 1)]), overflow);
    assert_eq!(of(vec![Line { tax: usd(1), ..line("1", i64::MAX) }]), overflow);
    assert_eq!(of(vec![line("1", i64::MAX)]), Ok(()));
}

#[test]
fn rules_that_cannot_work_are_refused() {
    let refused = |rule: Rule| EarningRules::new(policy(vec![rule])).unwrap_err();
    let bad_give = |give: Give| {
        let expected = EarningError::BadGive { rule: name("r"), give: Box::new(give.clone()) };
        assert_eq!(refused(rule("r", give)), expected);
    };
    let bracket = |from: i64, points: u64, per: i64| Bracket { from: usd(from), points: Points::new(points), per: usd(per) };
    for give in [
        per(0, 1),
        per(1, 0),
        per(1, -1),
        fixed(0),
        Give::PerItem(Points::ZERO),
        bonus("0"),
        bonus("-1"),
        times("1"),
        times("0.5"),
        Give::Brackets(vec![]),
        Give::Brackets(vec![bracket(-1, 1, 1)]),
        Give::Brackets(vec![bracket(0, 1, 0)]),
        Give::Brackets(vec![bracket(0, 0, 1)]),
        Give::Brackets(vec![bracket(5, 1, 1), bracket(5, 2, 1)]),
        Give::Brackets(vec![bracket(0, 2, 1), bracket(5, 1, 1)]), // more spending would earn less
    ] {
        bad_give(give);
    }
    assert!(EarningRules::new(policy(vec![rule("r", Give::Brackets(vec![bracket(0, 2, 2), bracket(5, 1, 1)]))])).is_ok());
    assert!(matches!(refused(Rule { multiplied: false, ..rule("r", times("2")) }), EarningError::BadGive { .. }));
    let birthday = |rule: Rule| Rule { on: Trigger::Occasion(name("birthday")), ..rule };
    assert!(matches!(refused(birthday(rule("r", per(1, 1)))), EarningError::BadGive { .. }));
    assert!(matches!(refused(birthday(rule("r", Give::Brackets(vec![bracket(0, 1, 1)])))), EarningError::BadGive { .. }));
    let lines = Selector { items: set("a"), ..Selector::default() };
    assert_eq!(refused(birthday(Rule { lines, ..rule("r", fixed(1)) })), EarningError::NoLinesToSelect(name("r")));

    let deep = (0..9).fold(Condition::FirstPurchase, |inner, _| Condition::Not(Box::new(inner)));
    let days = |from: &str, until: &str| Condition::Days { from: Some(date(from)), until: Some(date(until)) };
    let hours = |text: &str| serde_json::from_str::<Condition>(text).unwrap();
    for condition in [
        days("2026-03-01", "2026-03-01"),
        days("2026-03-02", "2026-03-01"),
        Condition::Days { from: None, until: None },
        Condition::Weekdays(vec![]),
        hours(r#"{"weekdays":["Mon","Tue","Mon"]}"#),
        hours(r#"{"hours":{"from":"10:00","until":"10:00"}}"#),
        hours(r#"{"hours":{"from":"24:00","until":"10:00"}}"#),
        hours(r#"{"hours":{"from":"10:00","until":"00:00"}}"#),
        Condition::Spend { at_least: usd(0) },
        Condition::GradeIn(BTreeSet::new()),
        Condition::Units { at_least: 0 },
        Condition::Any(vec![]),
    ] {
        let expected = EarningError::BadCondition { rule: name("r"), condition: Box::new(condition.clone()) };
        assert_eq!(refused(Rule { when: vec![condition], ..rule("r", fixed(1)) }), expected);
    }
    assert!(matches!(refused(Rule { when: vec![deep.clone()], ..rule("r", fixed(1)) }), EarningError::BadCondition { .. }));
    let Condition::Not(less_deep) = deep else { panic!() };
    assert!(EarningRules::new(policy(vec![Rule { when: vec![*less_deep], ..rule("r", fixed(1)) }])).is_ok());
    for condition in [
        Condition::FirstPurchase,
        Condition::Spend { at_least: usd(1) },
        Condition::Item(name("a")),
        Condition::Category(name("a")),
    ] {
        let within = Condition::Any(vec![Condition::Not(Box::new(condition))]);
        assert!(matches!(refused(birthday(Rule { when: vec![within], ..rule("r", fixed(1)) })), EarningError::BadCondition { .. }));
    }
    for condition in [Condition::GradeAtLeast(name("tin")), Condition::GradeIn(set("gold tin"))] {
        assert_eq!(refused(Rule { when: vec![condition], ..rule("r", fixed(1)) }), EarningError::UnknownGrade(name("tin")));
    }
    let cap = |per: CapPeriod, points: u64| Cap { per, points: Points::new(points) };
    for caps in [vec![cap(CapPeriod::Day, 0)], vec![cap(CapPeriod::Day, 1), cap(CapPeriod::Day, 2)]] {
        assert_eq!(refused(Rule { caps, ..rule("r", fixed(1)) }), EarningError::BadCap(name("r")));
    }
    for give in [bonus("1"), times("2")] {
        let alone = Rule { stacking: Stacking::Alone { priority: 1 }, ..rule("r", give) };
        assert_eq!(refused(alone), EarningError::AloneWithNothing(name("r")));
    }
}

#[test]
fn rules_that_cannot_live_together_are_refused() {
    let refused = |one: Rule, other: Rule| EarningRules::new(policy(vec![other, one])).err();
    let stacked = |called: &str, stacking: Stacking, give: Give| Rule { stacking, ..rule(called, give) };
    let alone = |priority: u16| Stacking::Alone { priority };
    let best = |group: &str, priority: u16| Stacking::BestOf { group: name(group), priority };
    let same = Some(EarningError::SamePriority { one: name("a"), other: name("b") });
    let mixed = Some(EarningError::MixedGroup { group: name("g"), one: name("a"), other: name("b") });
    assert_eq!(refused(rule("a", fixed(1)), rule("a", fixed(2))), Some(EarningError::RuleTwice(name("a"))));
    assert_eq!(refused(stacked("a", alone(1), fixed(1)), stacked("b", alone(1), fixed(2))), same);
    assert_eq!(refused(stacked("a", alone(1), fixed(1)), stacked("b", alone(2), fixed(2))), None);
    assert_eq!(refused(stacked("a", best("g", 1), fixed(1)), stacked("b", best("g", 1), fixed(2))), same);
    assert_eq!(refused(stacked("a", best("g", 1), fixed(1)), stacked("b", best("h", 1), fixed(2))), None);
    assert_eq!(refused(stacked("a", best("g", 1), fixed(1)), stacked("b", alone(1), fixed(2))), None);
    assert_eq!(refused(stacked("a", best("g", 1), fixed(1)), stacked("b", best("g", 2), times("2"))), mixed);
    assert_eq!(refused(stacked("a", best("g", 1), bonus("1")), stacked("b", best("g", 2), times("2"))), mixed);
    let status = Rule { kind: name("status"), ..stacked("b", best("g", 2), fixed(1)) };
    assert_eq!(refused(stacked("a", best("g", 1), fixed(1)), status), mixed);
    // They never meet: another trigger, another kind, not in force.
    let elsewhere = Rule { on: Trigger::Activity(name("walk")), ..stacked("b", best("g", 1), fixed(1)) };
    assert_eq!(refused(stacked("a", best("g", 1), fixed(1)), elsewhere), None);
    let other_kind = Rule { kind: name("status"), ..stacked("b", alone(1), fixed(1)) };
    assert_eq!(refused(stacked("a", alone(1), fixed(1)), other_kind), None);
    let off = Rule { enabled: false, ..stacked("b", alone(1), fixed(1)) };
    assert_eq!(refused(stacked("a", alone(1), fixed(1)), off), None);

    let euros = Give::PerAmount { points: Points::new(1), per: Money::from_minor(1, Currency::EUR) };
    let currencies = Some(EarningError::Currency { expected: Currency::USD, found: Currency::EUR });
    assert_eq!(refused(rule("a", per(1, 1)), rule("b", euros.clone())), currencies);
    let when = vec![Condition::Any(vec![Condition::Spend { at_least: Money::from_minor(1, Currency::EUR) }])];
    assert_eq!(refused(rule("a", per(1, 1)), Rule { when, ..rule("b", fixed(1)) }), currencies);
    let basis = Basis { rounding: Some(BasisRounding { step: usd(1), rounding: Rounding::Floor }), ..Basis::NET };
    assert_eq!(EarningRules::new(EarningPolicy { basis, ..policy(vec![rule("b", euros)]) }).err(), currencies);
    let basis = Basis { rounding: Some(BasisRounding { step: usd(0), rounding: Rounding::Floor }), ..Basis::NET };
    assert_eq!(EarningRules::new(EarningPolicy { basis, ..policy(vec![]) }).err(), Some(EarningError::BadStep(usd(0))));
    let below = EarningPolicy { times_at_most: Some(ratio("0.99")), ..policy(vec![]) };
    assert_eq!(EarningRules::new(below).err(), Some(EarningError::LimitBelowOne(ratio("0.99"))));
    let twice = EarningPolicy { grades: common::names("gold silver gold"), ..policy(vec![]) };
    assert_eq!(EarningRules::new(twice).err(), Some(EarningError::GradeTwice(name("gold"))));
}

#[test]
fn what_cannot_be_counted_is_an_error() {
    let euro_sale = Occurrence::Purchase(basket(vec![Line::new(name("1"), name("x"), Money::from_minor(1, Currency::EUR))]));
    let in_dollars = rules(vec![rule("base", per(1, 1_00))]);
    let refused = in_dollars.award(&utc(), &euro_sale, &Known::default());
    assert_eq!(refused, Err(EarningError::Currency { expected: Currency::USD, found: Currency::EUR }));
    // Without an amount in the rules, any currency will do.
    assert_eq!(points(&rules(vec![rule("gift", fixed(1))]), &euro_sale), 1);

    let large = i64::MAX;
    assert_eq!(points(&rules(vec![rule("r", per(1, 1))]), &sale(large)), large.unsigned_abs());
    assert_eq!(points(&rules(vec![rule("r", per(2, 1))]), &sale(large)), u64::MAX - 1);
    let too_large = |list: Vec<Rule>, what: &Occurrence| {
        assert_eq!(rules(list).award(&utc(), what, &Known::default()), Err(EarningError::TooLarge));
    };
    too_large(vec![rule("r", per(3, 1))], &sale(large));
    too_large(vec![rule("r", per(u64::MAX, 1))], &sale(large));
    too_large(vec![rule("a", fixed(u64::MAX)), rule("b", fixed(1))], &sale(1));
    let finest = i128::MAX.to_string();
    let fine = |n: u32| rule(&format!("f{n}"), bonus(&format!("{n}/{finest}")));
    too_large(vec![rule("a", fixed(u64::MAX)), fine(1)], &sale(1));
    too_large(vec![rule("a", fixed(1)), rule("t", times(&format!("{finest}/2"))), fine(2)], &sale(1));
    let dozens = (0..64).map(|i| rule(&format!("x{i}"), times("11/10"))).chain([rule("a", fixed(1))]);
    too_large(dozens.collect(), &sale(1));
    let rounded_beyond = BasisRounding { step: usd(large), rounding: Rounding::Ceiling };
    let basis = Basis { rounding: Some(BasisRounding { step: usd(large - 1), ..rounded_beyond }), ..Basis::NET };
    let beyond = EarningRules::new(EarningPolicy { basis, ..policy(vec![rule("r", per(1, 1))]) }).unwrap();
    assert_eq!(beyond.award(&utc(), &sale(large), &Known::default()), Err(EarningError::TooLarge));
}

// ---- The wire ----

#[test]
fn rules_baskets_and_awards_survive_the_wire() {
    let json = r#"{
        "basis": { "tax": false, "shipping": false, "discounts": "deducted", "paid_in_points": false },
        "rounding": "floor",
        "times_at_most": "5",
        "grades": ["silver", "gold"],
        "rules": [
            { "name": "z base", "kind": "points", "on": "purchase",
              "give": { "per_amount": { "points": 1, "per": { "amount": "10.00", "currency": "USD" } } } },
            { "name": "a gold weekend", "kind": "points", "on": "purchase", "give": { "bonus": "1/3" },
              "when": [ { "grade_at_least": "gold" }, { "weekdays": ["Sat", "Sun"] }, "first_purchase",
                        { "not": { "label": "outlet" } }, { "days": { "from": "2026-03-01" } } ],
              "lines": { "except_categories": ["books"] },
              "stacking": { "best_of": { "group": "status", "priority": 3 } },
              "caps": [ { "per": "month", "points": 500 } ],
              "pending": { "days": 14 }, "cost": 0, "enabled": false },
            { "name": "birthday", "kind": "points", "on": { "occasion": "birthday" }, "give": { "fixed": 500 } },
            { "name": "friend", "kind": "points", "on": { "referral": { "side": "referee" } }, "give": { "fixed": 500 } }
        ]
    }"#;
    let rules: EarningRules = serde_json::from_str(json).unwrap();
    let names: Vec<&str> = rules.policy().rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["a gold weekend", "birthday", "friend", "z base"]);
    assert_eq!(rules.rule("birthday").unwrap().give, fixed(500));
    assert!(rules.rule("anniversary").is_none());
    let again = serde_json::to_string(&rules).unwrap();
    assert_eq!(serde_json::from_str::<EarningRules>(&again).unwrap(), rules);
    assert!(!again.contains("null"), "{again}");

    let what = Occurrence::Purchase(open_loyalty().with_labels(set("app")));
    let text = serde_json::to_string(&what).unwrap();
    assert_eq!(serde_json::from_str::<Occurrence>(&text).unwrap(), what);
    let award = award(&rules, &what);
    let text = serde_json::to_string(&award).unwrap();
    assert_eq!(serde_json::from_str::<Award>(&text).unwrap(), award);
}

#[test]
fn hostile_json_is_refused() {
    let base = r#"{"basis":{"tax":false,"shipping":false,"discounts":"deducted","paid_in_points":false},"rounding":"floor","rules":[RULES]}"#;
    let rule = r#"{"name":"r","kind":"points","on":"purchase","give":{"fixed":1}EXTRA}"#;
    let read = |rules: &str| serde_json::from_str::<EarningRules>(&base.replace("RULES", rules)).map(|_| ());
    let with = |extra: &str| rule.replace("EXTRA", extra);
    assert!(read(&with("")).is_ok());
    assert!(read(&format!("{0},{0}", with(""))).is_err()); // twice
    for extra in [
        r#","enable":false"#,
        r#","caps":[{"per":"day","points":0}]"#,
        r#","caps":[{"per":"decade","points":1}]"#,
        r#","when":[{"any":[]}]"#,
        r#","when":[{"spend":{"at_least":{"amount":"1.005","currency":"USD"}}}]"#,
        r#","lines":{"item":["a"]}"#,
        r#","multiplied":"yes""#,
    ] {
        assert!(read(&with(extra)).is_err(), "{extra}");
    }
    for give in [r#"{"fixed":-1}"#, r#"{"fixed":1.5}"#, r#"{"bonus":0.5}"#, r#"{"times":"1/0"}"#, r#"{"fixed":1,"per_item":1}"#] {
        assert!(read(&with("").replace(r#"{"fixed":1}"#, give)).is_err(), "{give}");
    }
    let nested = (0..2_000).fold(String::from(r#""first_purchase""#), |inner, _| format!(r#"{{"not":{inner}}}"#));
    assert!(read(&with(&format!(r#","when":[{nested}]"#))).is_err());
    assert!(serde_json::from_str::<EarningRules>(&base.replace("RULES", "").replace(r#""tax":false,"#, "")).is_err());
    let line = r#"{"name":"1","item":"x","quantity":#Q,"price":#P,"discount":#0,"tax":#0,"paid_in_points":#0}"#;
    let dollars = |amount: &str| format!(r#"{{"amount":"{amount}","currency":"USD"}}"#);
    let basket = |quantity: &str, price: &str| {
        let line = line.replace("#Q", quantity).replace("#P", &dollars(price)).replace("#0", &dollars("0.00"));
        serde_json::from_str::<Basket>(&format!(r#"{{"sold":"2026-03-04T10:00:00Z","lines":[{line}]}}"#)).is_ok()
    };
    assert!(basket("1", "1.00"));
    assert!(!basket("0", "1.00") && !basket("-1", "1.00") && !basket("1", "-1.00") && !basket("1.5", "1.00"));
}

// ---- The trace ----

#[test]
fn the_explanation_reads() {
    let when = |condition: Condition| vec![condition];
    let closed = Condition::Days { from: None, until: Some(date("2026-03-02")) };
    let rules = rules(vec![
        rule("base", per(10, 3_00)),
        Rule { when: when(Condition::GradeAtLeast(name("gold"))), ..rule("gold", bonus("1/2")) },
        Rule { when: when(closed), ..rule("spring", times("2")) },
        Rule { enabled: false, ..rule("test", fixed(5)) },
    ]);
    let known = Known { grade: Some(name("gold")), ..Known::default() };
    let text = award_to(&rules, &sale(8_80), &known).explain();
    let expected = "line \"1\": 8.80 USD counts\n\
        rule \"spring\" does not count: it closed 3 days ago, before 2026-03-02\n\
        rule \"test\" is not in force\n\
        rule \"base\" counts\n\
        rule \"base\" gives 88/3 \"points\" for line \"1\"\n\
        rule \"gold\" counts\n\
        rule \"gold\" gives 44/3 \"points\" for line \"1\"\n\
        44 \"points\": 44, rounded down\n";
    assert_eq!(text, expected);
}

#[test]
fn an_award_that_was_tampered_with_is_found_out() {
    let caps = vec![Cap { per: CapPeriod::Day, points: Points::new(20) }];
    let list = vec![Rule { caps, ..rule("base", per(10, 3_00)) }, rule("more", bonus("1/3"))];
    let good = award(&rules(list), &Occurrence::Purchase(basket(vec![line("a", 5_00), line("b", 3_80)])));
    assert_eq!((credit_rules(&good), good.caps_used.len()), (vec![("base", 20), ("more", 6)], 1));
    let kind = || name("points");
    let flaw = |change: &dyn Fn(&mut Award)| {
        let mut bad = good.clone();
        change(&mut bad);
        assert_ne!(bad, good);
        bad.verify().unwrap_err()
    };
    let one_more = |points: Points| Points::new(points.units() + 1);
    let at = |wanted: fn(&Step) -> bool| good.trace.iter().position(wanted).unwrap();
    let (rounded, gave) = (at(|s| matches!(s, Step::Rounded { .. })), at(|s| matches!(s, Step::Gave { .. })));
    let capped = at(|s| matches!(s, Step::Capped { .. }));
    let counted = at(|s| matches!(s, Step::Considered { .. }));

    assert_eq!(flaw(&|a| a.credits[0].points = one_more(a.credits[0].points)), AwardFlaw::Parts(kind()));
    assert_eq!(flaw(&|a| a.credits[0].lines[0].1 = Points::ZERO), AwardFlaw::Parts(kind()));
    assert_eq!(flaw(&|a| a.credits[0].rules[0].1 = Points::ZERO), AwardFlaw::Parts(kind()));
    assert_eq!(flaw(&|a| a.credits.clear()), AwardFlaw::Credits { kind: kind(), points: Points::new(26) });
    assert_eq!(flaw(&|a| drop(a.trace.remove(rounded))), AwardFlaw::NotRounded(kind()));
    assert_eq!(flaw(&|a| a.trace.push(a.trace[rounded].clone())), AwardFlaw::NotRounded(kind()));
    assert_eq!(flaw(&|a| a.trace.clear()), AwardFlaw::NotRounded(kind()));
    assert!(matches!(flaw(&|a| drop(a.trace.remove(gave))), AwardFlaw::Sum { .. }));
    let round_up = |a: &mut Award| {
        if let Step::Rounded { rounding, .. } = &mut a.trace[rounded] {
            *rounding = Rounding::Ceiling;
        }
    };
    assert!(matches!(flaw(&round_up), AwardFlaw::Rounding { .. }));
    let shift = |a: &mut Award| {
        a.credits[0].rules[0].1 = Points::new(19);
        a.credits[0].rules[1].1 = Points::new(7);
    };
    assert_eq!(flaw(&shift), AwardFlaw::Rule(name("base")));
    let more_room = |a: &mut Award| {
        if let Step::Capped { room, .. } = &mut a.trace[capped] {
            *room = one_more(*room);
        }
    };
    assert_eq!(flaw(&more_room), AwardFlaw::Rule(name("base")));
    assert_eq!(
        flaw(&|a| a.trace[counted] = Step::Considered { rule: name("base"), verdict: Verdict::Disabled }),
        AwardFlaw::Rule(name("base"))
    );
    assert_eq!(flaw(&|a| a.caps_used[0].granted = Points::new(19)), AwardFlaw::CapUse(name("base")));
    assert_eq!(flaw(&|a| a.caps_used[0].wanted = ratio("20")), AwardFlaw::CapUse(name("base")));
    assert_eq!(flaw(&|a| a.caps_used[0].rule = name("nobody")), AwardFlaw::CapUse(name("nobody")));
}

// ---- Laws ----

fn amounts() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(prop_oneof![0..20_i64, 0..2_000_00_i64], 1..6)
}

/// A basket with those prices; every other line is red, every third is discounted.
fn basket_of(amounts: &[i64]) -> Basket {
    let of = |(i, minor): (usize, &i64)| {
        let categories = if i % 2 == 0 { set("red") } else { BTreeSet::new() };
        let discount = usd(if i % 3 == 2 { minor / 4 } else { 0 });
        Line { categories, discount, ..line(&format!("{i:03}"), *minor) }
    };
    basket(amounts.iter().enumerate().map(of).collect())
}

fn gives() -> impl Strategy<Value = Give> {
    prop_oneof![
        (1..40_u64, 1..500_00_i64).prop_map(|(points, minor)| per(points, minor)),
        (1..200_u64).prop_map(fixed),
        (1..9_u64).prop_map(|points| Give::PerItem(Points::new(points))),
        (1..9_i128, 1..9_i128).prop_map(|(n, d)| Give::Bonus(Ratio::new(n, d).unwrap())),
        (1..9_i128, 1..9_i128).prop_map(|(n, d)| Give::Times(Ratio::new(n + d, d).unwrap())),
    ]
}

/// A rule of any sort, which together with others of its number is valid.
fn any_rule(number: usize) -> impl Strategy<Value = Rule> {
    let terms = (any::<bool>(), 0..4_u8, 0..3_u8, prop::option::of(1..300_u64), 0..3_u8);
    (gives(), terms, any::<bool>()).prop_map(move |(give, (multiplied, stacking, lines, cap, terms), status)| {
        let priority = u16::try_from(number).unwrap();
        let stage = match give {
            Give::Bonus(_) => "bonus",
            Give::Times(_) => "times",
            _ => "base",
        };
        let kind = name(if status { "status" } else { "points" });
        let stacking = match stacking {
            0 if !give.is_multiple() => Stacking::Alone { priority },
            1 => Stacking::BestOf { group: name(&format!("{kind} {stage}")), priority },
            _ => Stacking::Adds,
        };
        let lines = match lines {
            0 => Selector { categories: set("red"), ..Selector::default() },
            1 => Selector { except_categories: set("red"), ..Selector::default() },
            _ => Selector::default(),
        };
        let multiplied = multiplied || stage == "times";
        let per = [CapPeriod::Order, CapPeriod::Day, CapPeriod::Month, CapPeriod::Lifetime][number % 4];
        let caps = cap.map(|points| Cap { per, points: Points::new(points) }).into_iter().collect();
        let pending = [None, Some(Pending::Days(14)), Some(Pending::Confirmation)][usize::from(terms)];
        Rule { kind, multiplied, stacking, lines, caps, pending, ..rule(&format!("r{number}"), give) }
    })
}

fn any_rules() -> impl Strategy<Value = Vec<Rule>> {
    (1..8_usize).prop_flat_map(|count| (0..count).map(any_rule).collect::<Vec<_>>())
}

fn roundings() -> impl Strategy<Value = Rounding> {
    prop::sample::select(vec![Rounding::Floor, Rounding::HalfEven, Rounding::HalfUp, Rounding::Ceiling])
}

fn limits() -> impl Strategy<Value = Option<Ratio>> {
    prop::option::of((1..9_i128, 1..9_i128).prop_map(|(n, d)| Ratio::new(n + d, d).unwrap()))
}

/// Exact sums without any of the calculator's tricks, for rules that add and have no caps, over all lines of one basket.
fn plainly(rules: &[Rule], spent: i64) -> Ratio {
    let product = |a: Ratio, b: Ratio| Ratio::new(a.numerator() * b.numerator(), a.denominator() * b.denominator()).unwrap();
    let (mut multiplied, mut plain, mut factor) = (Ratio::ZERO, Ratio::ZERO, Ratio::ONE);
    let (mut share, mut plain_share) = (Ratio::ONE, Ratio::ZERO); // bonuses that are multiplied, and those that are not
    for rule in rules {
        let given = match &rule.give {
            Give::PerAmount { points, per } => {
                Ratio::new(i128::from(points.units()) * i128::from(spent), per.minor().into()).unwrap()
            }
            Give::Fixed(points) | Give::PerItem(points) => Ratio::new(points.units().into(), 1).unwrap(),
            Give::Bonus(more) => {
                let sum = if rule.multiplied { &mut share } else { &mut plain_share };
                *sum = Ratio::sum([*sum, *more]).unwrap();
                continue;
            }
            Give::Times(more) => {
                factor = product(factor, *more);
                continue;
            }
            Give::Brackets(_) => panic!("not among the rules"),
        };
        let sum = if rule.multiplied { &mut multiplied } else { &mut plain };
        *sum = Ratio::sum([*sum, given]).unwrap();
    }
    Ratio::sum([product(product(multiplied, share), factor), product(multiplied, plain_share), plain]).unwrap()
}

proptest! {
    #![proptest_config(cases(400))]

    /// The trace adds up, the parts add up, and the order in which rules and lines are listed does not matter. What is disabled, or out of
    /// its window, or waits for something else, changes nothing.
    #[test]
    fn any_award_adds_up_whatever_the_order(list in any_rules(), amounts in amounts(), rounding in roundings(), most in limits(), turn in 0..8_usize) {
        let policy = EarningPolicy { rounding, times_at_most: most, ..policy(list.clone()) };
        let what = Occurrence::Purchase(basket_of(&amounts));
        let first = award(&EarningRules::new(policy.clone()).unwrap(), &what);
        for credit in &first.credits {
            prop_assert!(!credit.points.is_zero());
            prop_assert_eq!(Points::sum(credit.lines.iter().map(|part| part.1)), Some(credit.points));
            prop_assert!(credit.lines.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
        let mut turned = policy.clone();
        turned.rules.reverse();
        turned.rules.rotate_left(turn % list.len());
        let lines: Vec<Line> = what.basket().unwrap().lines().iter().rev().cloned().collect();
        prop_assert_eq!(&award(&EarningRules::new(turned).unwrap(), &Occurrence::Purchase(basket(lines))), &first);

        let closed = vec![Condition::Days { from: None, until: Some(date("2026-03-04")) }];
        let mut idle = policy;
        idle.rules.push(Rule { enabled: false, ..rule("a off", fixed(1_000)) });
        idle.rules.push(Rule { when: closed, ..rule("closed", times("7")) });
        idle.rules.push(Rule { on: Trigger::Activity(name("walk")), ..rule("walk", fixed(1_000)) });
        let same = award(&EarningRules::new(idle).unwrap(), &what);
        prop_assert_eq!((same.credits, same.caps_used), (first.credits, first.caps_used));
    }

    /// As a plain calculation with fractions has it.
    #[test]
    fn rules_that_add_give_what_plain_fractions_give(list in any_rules(), minor in 1..2_000_00_i64, rounding in roundings()) {
        let plain = |r: &Rule| Rule {
            kind: name("points"), stacking: Stacking::Adds, lines: Selector::default(), caps: vec![], ..r.clone()
        };
        let list: Vec<Rule> = list.iter().map(plain).collect();
        let exact = plainly(&list, minor);
        let expected = exact.to_decimal(0, rounding).unwrap();
        let rules = EarningRules::new(EarningPolicy { rounding, ..policy(list) }).unwrap();
        prop_assert_eq!(points(&rules, &sale(minor)).to_string(), expected.to_string());
    }

    /// More of every line never earns less, as long as no rule is displaced, and no fixed number moves away from lines that are
    /// multiplied; nothing earns nothing.
    #[test]
    fn points_rise_with_what_is_spent(list in any_rules(), amounts in amounts(), more in amounts(), most in limits()) {
        let plain = |r: Rule| {
            let multiplied = r.multiplied && !matches!(r.give, Give::Fixed(_));
            Rule { stacking: Stacking::Adds, caps: vec![], multiplied, ..r }
        };
        let list: Vec<Rule> = list.into_iter().map(plain).collect();
        let rules = EarningRules::new(EarningPolicy { times_at_most: most, ..policy(list) }).unwrap();
        let total = |amounts: &[i64]| {
            let award = award(&rules, &Occurrence::Purchase(basket_of(amounts)));
            ["points", "status"].map(|kind| award.points(kind).unwrap().units())
        };
        let larger: Vec<i64> = amounts.iter().zip(more.iter().chain(std::iter::repeat(&0))).map(|(a, b)| a + b * 4).collect();
        let (before, after) = (total(&amounts), total(&larger));
        prop_assert!(before[0] <= after[0] && before[1] <= after[1], "{:?} {:?}", before, after);
        prop_assert_eq!(total(&vec![0; amounts.len()]), [0, 0]);
    }

    /// Splitting an order never pays when points are rounded down, and costs at most one.
    #[test]
    fn splitting_an_order_never_pays(list in any_rules(), a in 0..2_000_00_i64, b in 0..2_000_00_i64) {
        let in_proportion = |r: &&Rule| matches!(r.give, Give::PerAmount { .. } | Give::Bonus(_) | Give::Times(_));
        let plain = |r: &Rule| Rule { kind: name("points"), stacking: Stacking::Adds, caps: vec![], ..r.clone() };
        let rules = rules(list.iter().filter(in_proportion).map(plain).collect());
        let f = |minor: i64| points(&rules, &sale(minor));
        prop_assert!(f(a) + f(b) <= f(a + b) && f(a + b) <= f(a) + f(b) + 1);
    }

    /// In every window, no more is given than the cap, whatever comes when; and all of it, once that much was wanted.
    #[test]
    fn caps_hold_in_every_window(
        list in any_rules(),
        sales in prop::collection::vec((0..70_i32, amounts()), 1..12),
        rounding in roundings(),
    ) {
        let rules = EarningRules::new(EarningPolicy { rounding, ..policy(list) }).unwrap();
        let mut known = Known::default();
        for (day, amounts) in sales {
            let day = customer_value::calendar::days_from(date("2026-03-04"), day).unwrap();
            let sold = format!("{day}T10:00:00Z").parse().unwrap();
            let what = Occurrence::Purchase(Basket::new(sold, basket_of(&amounts).lines().to_vec()).unwrap());
            let award = award_to(&rules, &what, &known);
            let mut charged: BTreeSet<(&Name, CapWindow)> = BTreeSet::new();
            for used in &award.caps_used {
                // A whole point less than was wanted is owed to the cap, never to the rounding.
                let limited = award.trace.iter().any(|step| match step {
                    Step::Capped { rule, wanted, .. } | Step::Considered { rule, verdict: Verdict::Exhausted { wanted, .. } } => {
                        *rule == used.rule && *wanted == used.wanted
                    }
                    _ => false,
                });
                prop_assert!(limited || !used.is_limited(), "{:?}", used);
                let Some(window) = used.window else { continue };
                prop_assert!(charged.insert((&used.rule, window)));
                let sum = known.used.entry((used.rule.clone(), window)).or_default();
                *sum = sum.checked_add(used.granted).unwrap();
            }
            for (rule, given) in award.credits.iter().flat_map(|credit| &credit.rules) {
                for cap in &rules.rule(rule).unwrap().caps {
                    let window = cap.per.window(day);
                    prop_assert!(window.is_none_or(|window| charged.contains(&(rule, window))));
                    let used = window.map_or(*given, |window| known.used[&(rule.clone(), window)]);
                    prop_assert!(used <= cap.points, "{} used {} of {:?}", rule, used, cap);
                }
            }
            for step in &award.trace {
                if let Step::Capped { rule, wanted, room, .. } = step {
                    prop_assert!(*wanted > Ratio::new(room.units().into(), 1).unwrap());
                    let got: u64 = award.credits.iter().flat_map(|c| &c.rules).filter(|(r, _)| r == rule).map(|r| r.1.units()).sum();
                    prop_assert_eq!(got, room.units());
                }
            }
        }
    }
}
