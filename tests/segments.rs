//! Segments: nobody is claimed twice, nobody is left out, and nobody is placed by a fact that is missing.
#![allow(clippy::unwrap_used, clippy::std_instead_of_alloc)]

mod common;

use chrono::NaiveDate;
use common::{Dice, cases, date, dec, name};
use customer_value::{
    money::{Currency, Money},
    quantity::{Fact, Name, Predicate, Quantity, Unit},
    reason::{Decision, Language, Reason, Unsound, Verdict},
    score::{Cutpoints, Missing, Scale, ScoreError, ScoreModel, Term},
    tier::{
        GradeSet,
        segments::{
            Attribute, Audiences, Bases, Belonging, Segment, SegmentError, SegmentTable, Segmentation, TableAxis, TableSegment,
            rank,
        },
    },
    value::{Dimension, Direction, FactSheet, Family},
};
use proptest::{collection::vec, option, prelude::Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest, sample::select};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn today() -> NaiveDate {
    date("2024-06-30")
}

fn measured(of: &str, unit: Unit) -> Dimension {
    Dimension::new(of, Family::Economic, Direction::HigherIsBetter, unit).unwrap()
}

fn yuan(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn at_least(of: &str, bound: &str) -> Predicate {
    Predicate::AtLeast { of: name(of), bound: dec(bound) }
}

fn more_than(of: &str, bound: &str) -> Predicate {
    Predicate::MoreThan { of: name(of), bound: dec(bound) }
}

fn at_most(of: &str, bound: &str) -> Predicate {
    Predicate::AtMost { of: name(of), bound: dec(bound) }
}

fn less_than(of: &str, bound: &str) -> Predicate {
    Predicate::LessThan { of: name(of), bound: dec(bound) }
}

fn one_of(of: &str, names: &[&str]) -> Predicate {
    Predicate::OneOf { of: name(of), names: names.iter().map(|n| name(n)).collect() }
}

fn not(part: Predicate) -> Predicate {
    Predicate::Not(Box::new(part))
}

fn bases() -> Bases {
    let dimensions = vec![
        measured("spend", Unit::Money(Currency::CNY)),
        measured("orders", Unit::Count),
        measured("age", Unit::Days),
        measured("score", Unit::Number),
        Dimension::judged("fame", Family::Social, ["local", "regional", "national"]).unwrap(),
    ];
    Bases::new(dimensions, vec![Attribute::new("region", []).unwrap(), Attribute::new("party", ["person", "firm"]).unwrap()])
        .unwrap()
}

fn build(list: &[(&str, Predicate)]) -> Result<Segmentation, SegmentError> {
    let segments = list.iter().map(|(title, when)| Segment::new(title, when.clone()).unwrap()).collect();
    Segmentation::new(name("s"), bases(), segments)
}

fn sheet(facts: &[(&str, Fact)]) -> FactSheet {
    facts.iter().fold(FactSheet::new(), |sheet, (of, fact)| sheet.with(of, fact.clone()).unwrap())
}

fn named(text: &str) -> Fact {
    Fact::Named(name(text))
}

fn count(n: u32) -> Fact {
    Quantity::count(n).into()
}

fn of(segmentation: &Segmentation, facts: &[(&str, Fact)]) -> Belonging {
    let decision = segmentation.of(&sheet(facts), today()).unwrap();
    assert_eq!(decision.verify(), Ok(()));
    assert_eq!(segmentation.replay(&decision), Ok(()));
    decision.value
}

fn is(belonging: &Belonging, certain: &[&str], possible: &[&str]) -> bool {
    let same = |found: &BTreeSet<Name>, wanted: &[&str]| found.iter().map(Name::as_str).eq(wanted.iter().copied());
    same(&belonging.certain, certain) && same(&belonging.possible, possible)
}

// What is refused, and with which customer.

#[test]
fn an_overlap_of_one_cent_is_found_and_so_is_a_hole_of_one() {
    let overlap = build(&[("small", at_most("spend", "1000")), ("large", at_least("spend", "1000"))]).unwrap_err();
    let example = "spend = 1000".to_string();
    assert_eq!(overlap, SegmentError::Overlap { first: name("small"), second: name("large"), example });
    let hole = build(&[("small", less_than("spend", "1000")), ("large", more_than("spend", "1000"))]).unwrap_err();
    assert_eq!(hole, SegmentError::Hole { example: "spend = 1000".into() });
    assert_eq!(hole.to_string(), "no segment claims a customer with spend = 1000");
    // 以下 and 超过, a cent apart.
    let hole = build(&[("small", at_most("spend", "1000")), ("large", more_than("spend", "1000.01"))]).unwrap_err();
    assert_eq!(hole, SegmentError::Hole { example: "spend = 1000.01".into() });
    let overlap = build(&[("small", at_most("spend", "1000.01")), ("large", more_than("spend", "1000"))]).unwrap_err();
    assert!(matches!(overlap, SegmentError::Overlap { example, .. } if example == "spend = 1000.01"));
    // Between two neighbouring cents there is nobody.
    assert!(build(&[("small", at_most("spend", "1000")), ("large", at_least("spend", "1000.01"))]).is_ok());
    assert!(build(&[("small", at_most("spend", "1000")), ("large", more_than("spend", "1000"))]).is_ok());
}

#[test]
fn each_unit_has_the_numbers_it_can_have() {
    assert!(build(&[("few", at_most("orders", "3")), ("many", at_least("orders", "4"))]).is_ok());
    assert!(build(&[("all", at_least("orders", "0"))]).is_ok());
    assert!(build(&[("all", at_least("age", "-5"))]).is_ok());
    assert_eq!(build(&[("none", less_than("age", "-5"))]).unwrap_err(), SegmentError::Hole { example: "age = 0".into() });
    // A plain number lies as densely as one likes.
    let hole = build(&[("low", at_most("score", "3")), ("high", at_least("score", "4"))]).unwrap_err();
    assert_eq!(hole, SegmentError::Hole { example: "score = 3.5".into() });
    // A level is one of three.
    assert!(build(&[("known", at_least("fame", "2")), ("unknown", one_of("fame", &["local"]))]).is_ok());
    let hole = build(&[("known", at_least("fame", "3")), ("unknown", one_of("fame", &["local"]))]).unwrap_err();
    assert_eq!(hole, SegmentError::Hole { example: "fame = regional".into() });
}

#[test]
fn a_closed_list_has_no_other_value_and_an_open_one_always_has() {
    assert!(build(&[("p", one_of("party", &["person"])), ("f", one_of("party", &["firm"]))]).is_ok());
    let hole = build(&[("south", one_of("region", &["华南"])), ("east", one_of("region", &["华东"]))]).unwrap_err();
    assert_eq!(hole, SegmentError::Hole { example: "region = another".into() });
    assert!(build(&[("south", one_of("region", &["华南"])), ("rest", not(one_of("region", &["华南"])))]).is_ok());
    let overlap = build(&[("p", one_of("party", &["person", "firm"])), ("f", one_of("party", &["firm"]))]).unwrap_err();
    assert!(matches!(overlap, SegmentError::Overlap { example, .. } if example == "party = firm"));
}

#[test]
fn no_segments_leave_everybody_out() {
    assert_eq!(build(&[]).unwrap_err(), SegmentError::Hole { example: "anything".into() });
}

#[test]
fn conditions_that_do_not_fit_are_refused_by_constructor_and_json_alike() {
    let all = |when: Predicate| vec![("a", when.clone()), ("b", not(when))];
    let deep = (0..17).fold(at_least("orders", "1"), |inner, _| not(inner));
    let cases: Vec<(Vec<(&str, Predicate)>, SegmentError)> = vec![
        (all(at_least("order", "1")), SegmentError::Undeclared(name("order"))),
        (all(one_of("regoin", &["华南"])), SegmentError::Undeclared(name("regoin"))),
        (all(one_of("orders", &["many"])), SegmentError::NotNamed(name("orders"))),
        (all(at_least("region", "1")), SegmentError::NoNumber(name("region"))),
        (all(one_of("party", &["state"])), SegmentError::UnknownValue { attribute: name("party"), value: name("state") }),
        (all(one_of("fame", &["world"])), ScoreError::UnknownLevel { dimension: name("fame"), level: name("world") }.into()),
        (all(Predicate::All(vec![])), SegmentError::BadCondition(name("a"))),
        (all(one_of("region", &[])), SegmentError::BadCondition(name("a"))),
        (all(deep), SegmentError::BadCondition(name("a"))),
        (vec![("a", at_least("orders", "1")), ("a", less_than("orders", "1"))], SegmentError::Twice(name("a"))),
    ];
    for (list, expected) in cases {
        let error = build(&list).unwrap_err();
        assert_eq!(error, expected);
        let segments: Vec<Segment> = list.iter().map(|(title, when)| Segment { name: name(title), when: when.clone() }).collect();
        let (dimensions, attributes) = (bases().dimensions().to_vec(), bases().attributes().to_vec());
        let json = json!({"name": "s", "dimensions": dimensions, "attributes": attributes, "segments": segments});
        assert_eq!(refused::<Segmentation>(&json), error.to_string());
    }
}

#[test]
fn bases_under_one_name_and_levels_without_a_list_are_refused() {
    let region = Attribute::new("region", []).unwrap();
    assert_eq!(Bases::new(vec![], vec![region.clone(), region.clone()]).unwrap_err(), SegmentError::Twice(name("region")));
    let same = measured("region", Unit::Count);
    assert_eq!(Bases::new(vec![same], vec![region]).unwrap_err(), SegmentError::Twice(name("region")));
    let twice = Attribute::new("party", ["firm", "firm"]).unwrap();
    assert_eq!(Bases::new(vec![], vec![twice]).unwrap_err(), SegmentError::Twice(name("firm")));
    let no_levels = measured("fame", Unit::Level);
    assert_eq!(Bases::new(vec![no_levels], vec![]).unwrap_err(), ScoreError::BadLevels(name("fame")).into());
    assert!(matches!(Attribute::new("", []), Err(SegmentError::Name(_))));
}

#[test]
fn too_many_segments_and_too_many_regions_are_refused() {
    // Each number of orders a segment of its own.
    let each = |n: u32| {
        let one =
            |i: u32| (format!("s{i}"), Predicate::All(vec![at_least("orders", &i.to_string()), at_most("orders", &i.to_string())]));
        let last = ("rest".to_string(), at_least("orders", &n.to_string()));
        (0..n).map(one).chain([last]).collect::<Vec<_>>()
    };
    let build = |list: &[(String, Predicate)]| build(&list.iter().map(|(n, p)| (n.as_str(), p.clone())).collect::<Vec<_>>());
    assert!(build(&each(99)).is_ok());
    assert_eq!(build(&each(100)).unwrap_err(), SegmentError::TooManySegments(101));

    // 41 bounds on plain numbers make 83 stretches each: 83² are looked at, 83³ are not.
    let bounds = |of: &str| Predicate::Any((0..41).map(|b| at_least(of, &b.to_string())).collect());
    let dimensions = ["x", "y", "z"].map(|of| measured(of, Unit::Number)).to_vec();
    let halves = |when: Predicate| {
        let segments = vec![Segment::new("in", when.clone()).unwrap(), Segment::new("out", not(when)).unwrap()];
        Segmentation::new(name("s"), Bases::new(dimensions.clone(), vec![]).unwrap(), segments)
    };
    assert!(halves(Predicate::All(vec![bounds("x"), bounds("y")])).is_ok());
    let refused = halves(Predicate::All(vec![bounds("x"), bounds("y"), bounds("z")]));
    assert_eq!(refused.unwrap_err(), SegmentError::TooManyRegions(65_536));
}

fn refused<T: DeserializeOwned + core::fmt::Debug>(json: &Value) -> String {
    serde_json::from_str::<T>(&json.to_string()).unwrap_err().to_string()
}

#[test]
fn hostile_json_is_refused() {
    let good = build(&[("few", at_most("orders", "3")), ("many", more_than("orders", "3"))]).unwrap();
    let json = serde_json::to_value(&good).unwrap();
    assert_eq!(serde_json::from_value::<Segmentation>(json.clone()).unwrap(), good);
    let mut more = json.clone();
    more["more"] = json!(1);
    assert!(refused::<Segmentation>(&more).contains("unknown field"));
    let mut float = json.clone();
    float["segments"][0]["when"]["at-most"]["bound"] = json!(3.5);
    assert!(!refused::<Segmentation>(&float).is_empty());
    let mut overlap = json.clone();
    overlap["segments"][0]["when"]["at-most"]["bound"] = json!("4");
    assert_eq!(refused::<Segmentation>(&overlap), r#"segments "few" and "many" both claim a customer with orders = 4"#);
    let mut half = json.clone();
    half.as_object_mut().unwrap().remove("segments");
    assert!(refused::<Segmentation>(&half).contains("missing field"));
    // What is no partition can still be a list of audiences, under its own name.
    overlap["audiences"] = overlap.as_object_mut().unwrap().remove("segments").unwrap();
    let audiences: Audiences = serde_json::from_value(overlap.clone()).unwrap();
    assert_eq!(serde_json::to_value(&audiences).unwrap(), overlap);
    assert!(refused::<Audiences>(&json).contains("unknown field"));
}

// Where a customer belongs.

fn four() -> Segmentation {
    let south = || one_of("region", &["华南", "华东", "华北"]);
    build(&[
        ("key", Predicate::All(vec![south(), at_least("spend", "1000000")])),
        ("region", Predicate::All(vec![south(), less_than("spend", "1000000")])),
        ("far", Predicate::All(vec![not(south()), at_least("spend", "5000000")])),
        ("small", Predicate::All(vec![not(south()), less_than("spend", "5000000")])),
    ])
    .unwrap()
}

#[test]
fn a_missing_fact_leaves_what_is_possible_and_nothing_else() {
    let (south, west) = (named("华南"), named("西北"));
    let spend = |minor| Fact::from(yuan(minor));
    assert!(is(&of(&four(), &[("region", south.clone()), ("spend", spend(1_000_000_00))]), &["key"], &[]));
    assert!(is(&of(&four(), &[("region", south.clone()), ("spend", spend(999_999_99))]), &["region"], &[]));
    assert!(is(&of(&four(), &[("region", south)]), &[], &["key", "region"]));
    assert!(is(&of(&four(), &[("region", west)]), &[], &["far", "small"]));
    assert!(is(&of(&four(), &[("spend", spend(5_000_000_00))]), &[], &["far", "key"]));
    assert!(is(&of(&four(), &[("spend", spend(4_999_999_99))]), &[], &["key", "small"]));
    assert!(is(&of(&four(), &[]), &[], &["far", "key", "region", "small"]));
    for absent in [Fact::Unknown, Fact::NotApplicable, Fact::Erased] {
        assert!(is(&of(&four(), &[("region", absent), ("spend", spend(10_00))]), &[], &["region", "small"]));
    }
}

#[test]
fn what_holds_whatever_is_missing_is_certain() {
    // In the South twelve orders make a regular, elsewhere five: with twelve, the region does not matter.
    let south = || one_of("region", &["华南"]);
    let regular = Predicate::Any(vec![
        Predicate::All(vec![south(), at_least("orders", "12")]),
        Predicate::All(vec![not(south()), at_least("orders", "5")]),
    ]);
    let segmentation = build(&[("regular", regular.clone()), ("occasional", not(regular))]).unwrap();
    assert!(is(&of(&segmentation, &[("orders", count(12))]), &["regular"], &[]));
    assert!(is(&of(&segmentation, &[("orders", count(11))]), &[], &["occasional", "regular"]));
    assert!(is(&of(&segmentation, &[("orders", count(4))]), &["occasional"], &[]));
    let decision = segmentation.of(&sheet(&[("orders", count(12))]), today()).unwrap();
    assert_eq!(decision.value.only().unwrap(), "regular");
    assert!(decision.explain(Language::English).ends_with("rests on a missing fact.\nBelongs to regular.\n"));
}

#[test]
fn facts_that_no_customer_can_have_are_errors() {
    let s = four();
    let of = |facts: &[(&str, Fact)]| s.of(&sheet(facts), today()).unwrap_err();
    let half_a_cent = Quantity { value: dec("0.005"), unit: Unit::Money(Currency::CNY) };
    let impossible = SegmentError::Impossible { dimension: name("spend"), value: dec("0.005") };
    assert_eq!(of(&[("spend", half_a_cent.into())]), impossible);
    let wrong = |found| ScoreError::WrongUnit { dimension: name("spend"), expected: Unit::Money(Currency::CNY), found };
    assert_eq!(of(&[("spend", count(1))]), wrong(Unit::Count).into());
    assert_eq!(of(&[("spend", named("much"))]), wrong(Unit::Level).into());
    assert_eq!(of(&[("region", count(1))]), SegmentError::NoNumber(name("region")));

    let s = build(&[("p", one_of("party", &["person"])), ("f", one_of("party", &["firm"]))]).unwrap();
    let unknown = SegmentError::UnknownValue { attribute: name("party"), value: name("state") };
    assert_eq!(s.of(&sheet(&[("party", named("state"))]), today()).unwrap_err(), unknown);
    let s = build(&[("few", at_most("orders", "3")), ("many", at_least("orders", "4"))]).unwrap();
    for (value, good) in [("3.5", false), ("-1", false), ("0", true), ("4.00", true)] {
        let facts = sheet(&[("orders", Quantity { value: dec(value), unit: Unit::Count }.into())]);
        assert_eq!(s.of(&facts, today()).is_ok(), good, "{value}");
    }
}

#[test]
fn audiences_overlap_and_leave_out() {
    let list = [
        ("south", one_of("region", &["华南"])),
        ("often", at_least("orders", "12")),
        ("either", Predicate::Any(vec![one_of("region", &["华南"]), at_least("orders", "12")])),
        ("always", Predicate::Any(vec![one_of("party", &["firm"]), one_of("party", &["person"])])),
    ];
    let segments = list.map(|(title, when)| Segment::new(title, when).unwrap()).to_vec();
    let audiences = Audiences::new(name("a"), bases(), segments).unwrap();
    let place = |facts: &[(&str, Fact)]| {
        let decision = audiences.of(&sheet(facts), today()).unwrap();
        assert_eq!((decision.verify(), audiences.replay(&decision)), (Ok(()), Ok(())));
        decision.value
    };
    assert!(is(&place(&[("region", named("华南")), ("orders", count(12))]), &["always", "either", "often", "south"], &[]));
    assert!(is(&place(&[("region", named("华北")), ("orders", count(11))]), &["always"], &[]));
    assert!(is(&place(&[("region", named("华南"))]), &["always", "either", "south"], &["often"]));
    assert_eq!(place(&[("region", named("华南"))]).only(), None);
}

// Decisions.

#[test]
fn a_touched_decision_is_found_out() {
    let s = four();
    let decision = s.of(&sheet(&[("region", named("华南")), ("spend", yuan(10_00).into())]), today()).unwrap();
    let touched = |touch: &dyn Fn(&mut Decision<Belonging>)| {
        let mut copy = decision.clone();
        touch(&mut copy);
        copy.verify()
    };
    let last = decision.reasons.len() - 1;
    let verdict = |d: &mut Decision<Belonging>, new: Verdict| {
        if let Reason::Segment { verdict, .. } = &mut d.reasons[2] {
            *verdict = new;
        }
    };
    assert_eq!(touched(&|d| verdict(d, Verdict::Applies)), Err(Unsound::WrongVerdict(2)));
    assert_eq!(touched(&|d| verdict(d, Verdict::Supposed)), Err(Unsound::WrongVerdict(2)));
    let key = || [name("key")];
    assert_eq!(touched(&|d| d.value.certain = key().into()), Err(Unsound::WrongValue));
    let belongs = |certain: &[&str], possible: &[&str]| {
        let list = |names: &[&str]| names.iter().map(|n| name(n)).collect();
        touched(&|d| d.reasons[last] = Reason::Belongs { certain: list(certain), possible: list(possible) })
    };
    for (certain, possible) in [
        (&["key"][..], &[][..]),
        (&[], &[]),
        (&["region"], &["region"]),
        (&["region"], &["key"]),
        (&[], &["region"]),
        (&["region", "new"], &[]),
    ] {
        assert_eq!(belongs(certain, possible), Err(Unsound::WrongVerdict(last)), "{certain:?} {possible:?}");
    }
    assert_eq!(belongs(&["region"], &[]), Ok(()));
    assert_eq!(touched(&|d| d.reasons.truncate(last)), Err(Unsound::WrongValue));
    let again = decision.reasons[2].clone();
    assert_eq!(touched(&|d| d.reasons.insert(3, again.clone())), Err(Unsound::WrongVerdict(3)));

    let other = build(&[("all", at_least("orders", "0"))]).unwrap();
    assert_eq!(other.replay(&decision), Err(Unsound::OtherModel));
    let mut spent = decision.clone();
    if let Reason::Read { fact, .. } = &mut spent.reasons[1] {
        *fact = yuan(1_000_000_00).into();
    }
    assert_eq!(s.replay(&spent), Err(Unsound::NotReproduced));
}

#[test]
fn the_reasons_read_well_in_both_languages_and_come_back_from_json() {
    let s = four();
    let decision = s.of(&sheet(&[("spend", yuan(10_00).into())]), today()).unwrap();
    let english = "region is unknown.\nspend is 10.00 CNY.\n\
        Segment \"key\" (region is 华南 or 华东 or 华北 and spend is at least 1,000,000) does not apply.\n\
        Segment \"region\" (region is 华南 or 华东 or 华北 and spend is less than 1,000,000) rests on a missing fact.\n\
        Segment \"far\" (not: region is 华南 or 华东 or 华北 and spend is at least 5,000,000) does not apply.\n\
        Segment \"small\" (not: region is 华南 or 华东 or 华北 and spend is less than 5,000,000) rests on a missing fact.\n\
        May belong to region, small.\n";
    assert_eq!(decision.explain(Language::English), english);
    let chinese = decision.explain(Language::Chinese);
    assert!(chinese.contains("细分“key”（region为华南或华东或华北且spend不低于 1,000,000）：不符合。\n"), "{chinese}");
    assert!(chinese.ends_with("所需的信息缺失。\n可能属于：region、small。\n"), "{chinese}");
    let json = serde_json::to_string(&decision).unwrap();
    assert_eq!(serde_json::from_str::<Decision<Belonging>>(&json).unwrap(), decision);
}

#[test]
fn the_fingerprint_tells_segmentations_apart() {
    let one = build(&[("few", at_most("orders", "3")), ("many", more_than("orders", "3"))]).unwrap();
    assert_eq!(one.id(), build(&[("few", at_most("orders", "3.0")), ("many", more_than("orders", "3"))]).unwrap().id());
    for other in [
        build(&[("few", at_most("orders", "4")), ("many", more_than("orders", "4"))]),
        build(&[("little", at_most("orders", "3")), ("many", more_than("orders", "3"))]),
        build(&[("few", at_most("age", "3")), ("many", more_than("age", "3"))]),
    ] {
        assert_ne!(one.id(), other.unwrap().id());
    }
}

// Laws.

fn condition() -> impl Strategy<Value = Predicate> {
    let leaf = prop_oneof![
        (select(&["orders", "score"][..]), -1..4_i64, 0..4_u8).prop_map(|(of, bound, kind)| {
            let bound = bound.to_string();
            match kind {
                0 => at_least(of, &bound),
                1 => more_than(of, &bound),
                2 => at_most(of, &bound),
                _ => less_than(of, &bound),
            }
        }),
        select(&["华南", "华东"][..]).prop_map(|region| one_of("region", &[region])),
        select(&["person", "firm"][..]).prop_map(|party| one_of("party", &[party])),
    ];
    leaf.prop_recursive(2, 6, 3, |part| {
        prop_oneof![
            vec(part.clone(), 1..3).prop_map(Predicate::All),
            vec(part.clone(), 1..3).prop_map(Predicate::Any),
            part.prop_map(not),
        ]
    })
}

/// Facts in orders, score, region and party.
type Known = (Option<u32>, Option<i64>, Option<&'static str>, Option<&'static str>);

fn known() -> impl Strategy<Value = Known> {
    let regions = select(&["华南", "华东", "西北"][..]);
    (option::of(0..5_u32), option::of(-4..10_i64), option::of(regions), option::of(select(&["person", "firm"][..])))
}

fn facts((orders, halves, region, party): Known) -> FactSheet {
    let score = |h: i64| Fact::from(Quantity::number(rust_decimal::Decimal::new(h * 5, 1)));
    let or_unknown = |fact: Option<Fact>| fact.unwrap_or(Fact::Unknown);
    sheet(&[
        ("orders", or_unknown(orders.map(count))),
        ("score", or_unknown(halves.map(score))),
        ("region", or_unknown(region.map(named))),
        ("party", or_unknown(party.map(named))),
    ])
}

/// A segmentation made by asking one condition after the other: whoever meets none of those before.
fn one_after_the_other(conditions: &[Predicate]) -> Vec<(String, Predicate)> {
    let mut list = Vec::new();
    for (i, condition) in conditions.iter().enumerate() {
        let mut parts: Vec<Predicate> = conditions[..i].iter().cloned().map(not).collect();
        parts.push(condition.clone());
        list.push((format!("s{i}"), Predicate::All(parts)));
    }
    list.push(("rest".into(), Predicate::All(conditions.iter().cloned().map(not).collect())));
    list
}

fn built(list: &[(String, Predicate)]) -> Segmentation {
    build(&list.iter().map(|(n, p)| (n.as_str(), p.clone())).collect::<Vec<_>>()).unwrap()
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn possible_is_exactly_what_some_completion_of_the_facts_makes_certain(conditions in vec(condition(), 1..3), known in known()) {
        let s = built(&one_after_the_other(&conditions));
        let found = of_sheet(&s, &facts(known));
        // Every value out of every stretch between the bounds.
        let (orders, halves) = (0..6, -4..10);
        let mut reached = BTreeSet::new();
        for o in known.0.map_or(orders.collect(), |o| vec![o]) {
            for h in known.1.map_or(halves.clone().collect(), |h| vec![h]) {
                for r in known.2.map_or(vec!["华南", "华东", "西北"], |r| vec![r]) {
                    for p in known.3.map_or(vec!["person", "firm"], |p| vec![p]) {
                        let whole = of_sheet(&s, &facts((Some(o), Some(h), Some(r), Some(p))));
                        prop_assert!(whole.possible.is_empty());
                        reached.insert(whole.only().unwrap().clone());
                    }
                }
            }
        }
        if reached.len() == 1 {
            prop_assert_eq!(found, Belonging { certain: reached, ..Belonging::default() });
        } else {
            prop_assert_eq!(found, Belonging { possible: reached, ..Belonging::default() });
        }
    }

    #[test]
    fn the_order_of_the_segments_changes_nothing(conditions in vec(condition(), 1..4), known in known(), seed: u64) {
        let mut list = one_after_the_other(&conditions);
        let one = of_sheet(&built(&list), &facts(known));
        Dice(seed).shuffle(&mut list);
        prop_assert_eq!(of_sheet(&built(&list), &facts(known)), one);
        // Nor does it hide a hole or an overlap.
        let last = list.pop().unwrap();
        let names = |list: &[(String, Predicate)]| {
            let segments = list.iter().map(|(n, p)| Segment::new(n, p.clone()).unwrap()).collect();
            Segmentation::new(name("s"), bases(), segments).is_ok()
        };
        let (mut fewer, mut more) = (list.clone(), list.clone());
        fewer.reverse();
        prop_assert_eq!(names(&list), names(&fewer));
        more.extend([last.clone(), ("again".into(), last.1.clone())]);
        // Twice the same condition is an overlap, unless nobody meets it.
        prop_assert_eq!(names(&more), names(&list));
    }
}

fn of_sheet(segmentation: &Segmentation, facts: &FactSheet) -> Belonging {
    let decision = segmentation.of(facts, today()).unwrap();
    assert_eq!(decision.verify(), Ok(()));
    assert_eq!(segmentation.replay(&decision), Ok(()));
    decision.value
}

// Tables of levels.

fn boxed(title: &str, boxes: &[(u8, u8)]) -> TableSegment {
    TableSegment { name: name(title), boxes: boxes.iter().map(|b| vec![*b]).collect() }
}

#[test]
fn bad_segment_tables_are_refused_by_constructor_and_json_alike() {
    type Is = fn(&SegmentError) -> bool;
    let axes = |levels: &[u8]| -> Vec<TableAxis> {
        levels.iter().enumerate().map(|(i, &levels)| TableAxis { of: name(&format!("d{i}")), levels }).collect()
    };
    let twice = vec![TableAxis { of: name("d"), levels: 5 }, TableAxis { of: name("d"), levels: 5 }];
    let whole = boxed("all", &[(1, 5)]);
    let many = |n: u8| (1..=n).map(|i| boxed(&format!("s{i}"), &[(1, 1)])).collect::<Vec<_>>();
    let cases: Vec<(Vec<TableAxis>, Vec<TableSegment>, Is)> = vec![
        (vec![], vec![whole.clone()], |e| *e == SegmentError::BadAxisCount(0)),
        (axes(&[2; 5]), vec![whole.clone()], |e| *e == SegmentError::BadAxisCount(5)),
        (twice, vec![whole.clone()], |e| *e == SegmentError::Twice(name("d"))),
        (axes(&[0]), vec![whole.clone()], |e| *e == SegmentError::BadLevels(name("d0"))),
        (axes(&[11]), vec![whole.clone()], |e| *e == SegmentError::BadLevels(name("d0"))),
        (axes(&[5]), vec![whole.clone(), whole.clone()], |e| *e == SegmentError::Twice(name("all"))),
        (axes(&[5]), vec![boxed("a", &[(1, 3)]), boxed("b", &[(3, 5)])], |e| {
            *e == SegmentError::Overlap { first: name("a"), second: name("b"), example: "d0 = 3".into() }
        }),
        (axes(&[5]), vec![boxed("a", &[(1, 3), (3, 5)])], |e| {
            *e == SegmentError::Overlap { first: name("a"), second: name("a"), example: "d0 = 3".into() }
        }),
        (axes(&[5]), vec![boxed("a", &[(1, 2)]), boxed("b", &[(4, 5)])], |e| *e == SegmentError::Hole { example: "d0 = 3".into() }),
        (axes(&[5]), vec![], |e| *e == SegmentError::Hole { example: "d0 = 1".into() }),
        (axes(&[5]), vec![boxed("a", &[(0, 5)])], |e| matches!(e, SegmentError::BadBox { .. })),
        (axes(&[5]), vec![boxed("a", &[(1, 6)])], |e| matches!(e, SegmentError::BadBox { .. })),
        (axes(&[5]), vec![boxed("a", &[(4, 2)])], |e| matches!(e, SegmentError::BadBox { .. })),
        (axes(&[5, 5]), vec![whole], |e| matches!(e, SegmentError::BadBox { .. })),
        (axes(&[5]), many(101), |e| *e == SegmentError::TooManySegments(101)),
        (axes(&[5]), vec![boxed("a", &[])], |e| matches!(e, SegmentError::BadBox { .. })),
    ];
    for (axes, segments, expected) in cases {
        let why = refused::<SegmentTable>(&json!({"axes": axes, "segments": segments}));
        let error = SegmentTable::new(axes, segments).unwrap_err();
        assert!(expected(&error), "{error}");
        assert_eq!(why, error.to_string());
    }
    let table = SegmentTable::rfm().unwrap();
    for levels in [&[][..], &[5, 5], &[5, 5, 5, 5], &[0, 5, 5], &[5, 6, 5]] {
        assert_eq!(table.of(levels), None, "{levels:?}");
    }
}

// Ready grades, and prospects.

#[test]
fn ready_grades_stand_in_order_in_both_languages() {
    let names = |set: GradeSet| set.best_first().iter().map(|g| g.name().to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(GradeSet::core(Language::English).unwrap()), "core potential ordinary");
    assert_eq!(names(GradeSet::core(Language::Chinese).unwrap()), "核心客户 潜力客户 普通客户");
    assert_eq!(names(GradeSet::abc().unwrap()), "A B C");
    assert_eq!(names(GradeSet::a_to_d().unwrap()), "A B C D");
    assert_eq!(names(GradeSet::key_accounts(Language::English).unwrap()), "strategic star status streamline");
    assert_eq!(GradeSet::key_accounts(Language::Chinese).unwrap().best_first().len(), 4);
}

fn fit() -> ScoreModel {
    let term = |of: &str, weight: &str| Term {
        dimension: measured(of, Unit::Count),
        weight: weight.parse().unwrap(),
        scale: Scale::Bins(Cutpoints::new(vec![1.into(), 2.into(), 3.into()], customer_value::quantity::Ties::ToUpper).unwrap()),
        missing: Missing::Bounds,
    };
    ScoreModel::new(name("fit"), 1, vec![term("need", "0.5"), term("means", "0.5")]).unwrap()
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn a_place_is_what_some_completion_gives_at_best_and_at_worst(prospects in vec((option::of(0..4_u32), option::of(0..4_u32)), 1..5)) {
        let facts = |of: &[(Option<u32>, Option<u32>)]| -> Vec<FactSheet> {
            let fact = |v: Option<u32>| v.map_or(Fact::Unknown, count);
            of.iter().map(|(need, means)| sheet(&[("need", fact(*need)), ("means", fact(*means))])).collect()
        };
        let places = rank(&fit(), &facts(&prospects), today()).unwrap();
        for (me, place) in places.iter().enumerate() {
            // All goes well for me and badly for the others, and the other way round.
            let suppose = |mine: u32, theirs: u32| -> Vec<_> {
                let fill = |(i, (a, b)): (usize, &(Option<u32>, Option<u32>))| {
                    let with = if i == me { mine } else { theirs };
                    (Some(a.unwrap_or(with)), Some(b.unwrap_or(with)))
                };
                prospects.iter().enumerate().map(fill).collect()
            };
            for (supposed, expected) in [(suppose(3, 0), place.first), (suppose(0, 3), place.last)] {
                let scores: Vec<_> = facts(&supposed).iter().map(|f| fit().score_only(f).unwrap()).collect();
                prop_assert_eq!(1 + scores.iter().filter(|s| **s > scores[me]).count(), expected);
            }
            prop_assert!(place.first <= place.last && place.last <= prospects.len());
        }
    }
}

#[test]
fn nobody_to_rank_and_a_fact_that_does_not_fit() {
    assert_eq!(rank(&fit(), &[] as &[FactSheet], today()), Ok(vec![]));
    let wrong = sheet(&[("need", Quantity::days(1).into())]);
    assert!(matches!(rank(&fit(), &[wrong], today()), Err(ScoreError::WrongUnit { .. })));
}

#[test]
fn an_attribute_may_have_hundreds_of_values() {
    let cities: Vec<String> = (0..300).map(|n| format!("\"city {n}\"")).collect();
    let json = format!(
        r#"{{"name":"s","attributes":[{{"name":"city","values":[{}]}}],"segments":[
            {{"name":"a","when":{{"one-of":{{"of":"city","names":["city 299"]}}}}}},
            {{"name":"b","when":{{"not":{{"one-of":{{"of":"city","names":["city 299"]}}}}}}}}]}}"#,
        cities.join(",")
    );
    let segmentation: Segmentation = serde_json::from_str(&json).unwrap();
    let facts = FactSheet::new().with("city", name("city 299")).unwrap();
    assert_eq!(segmentation.of(&facts, date("2024-06-30")).unwrap().value.only().map(Name::as_str), Some("a"));
}
