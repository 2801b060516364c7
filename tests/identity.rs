//! Identity: evidence adds up, clusters follow from assertions and from nothing else, and whatever is linked can be unlinked.
#![allow(clippy::unwrap_used, clippy::std_instead_of_alloc, clippy::std_instead_of_core)]

mod common;

use common::{Dice, cases, date, gbp, name};
use customer_value::{
    customer::{CustomerBase, History, HistoryError, Record, ReturnPolicy, identity::*},
    money::{Currency, Ratio, Rounding},
    quantity::{Fact, Quantity, Share, Source},
    reason::Language,
};
use proptest::{collection::vec, option, prelude::Strategy, prop_assert, prop_assert_eq, proptest, sample::select};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

// ---------------------------------------------------------------------------------------------------------------- short constructors

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn bits(text: &str) -> MatchWeight {
    text.parse().unwrap()
}

fn share(part: u64, whole: u64) -> Share {
    Share::new(part, whole).unwrap()
}

fn key(text: &str) -> RecordKey {
    text.parse().unwrap()
}

fn of(m: &str, u: &str) -> String {
    MatchWeight::of(ratio(m), ratio(u), Rounding::HalfEven).unwrap().to_string()
}

fn level(name: &str, m: &str, u: &str) -> Level {
    Level::new(name, ratio(m), ratio(u)).unwrap()
}

fn same_or_different(field: &str, m: &str, u: &str) -> Comparison {
    Comparison::same_or_different(field, ratio(m), ratio(u)).unwrap()
}

fn model_at(link: &str, review: &str) -> Result<LinkageModel, IdentityError> {
    let name_levels = vec![level("exact", "0.5", "1/64"), level("close", "1/4", "1/32"), level("else", "1/4", "61/64")];
    let comparisons = vec![Comparison::new("name", name_levels)?, same_or_different("birthday", "0.96", "0.003")];
    let thresholds = Thresholds { link: bits(link), review: bits(review) };
    LinkageModel::new(name("test"), ratio("1/3"), comparisons, thresholds, Rounding::HalfEven)
}

/// Evidence of exactly so many thousandths of a bit, from a model whose link needs 10 bits and whose review needs 5.
fn evidence(thousandths: i64) -> Ground {
    let total = MatchWeight::from_thousandths(thousandths);
    let verdict = match thousandths {
        10_000.. => "link",
        5_000.. => "review",
        _ => "no-link",
    };
    let json = json!({
        "model": {"name": "m", "fingerprint": "0000000000000001"}, "prior": total, "parts": [], "total": total,
        "thresholds": {"link": "10", "review": "5"}, "verdict": verdict,
    });
    Ground::Weighed(serde_json::from_value(json).unwrap())
}

fn by_hand(says: Says) -> Ground {
    Ground::Manual { says, by: name("help desk"), because: name("seen") }
}

fn say(id: &str, a: &str, b: &str, on: &str, ground: Ground) -> Assertion {
    Assertion::new(name(id), key(a), key(b), date(on), ground).unwrap()
}

fn retraction(of: &str, on: &str) -> Retraction {
    Retraction { of: name(of), on: date(on), by: name("help desk"), because: name("wrong") }
}

fn links(assertions: impl IntoIterator<Item = Assertion>) -> Links {
    let mut links = Links::new();
    assertions.into_iter().for_each(|s| links.push(s).unwrap());
    links
}

/// The clusters as text: `a/1 a/2 | b/1`.
fn shown(clusters: &Clusters) -> String {
    let one = |c: &Cluster| c.members().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    clusters.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn ids<'a>(assertions: impl IntoIterator<Item = &'a Assertion>) -> String {
    assertions.into_iter().map(|s| s.id().to_string()).collect::<Vec<_>>().join(" ")
}

// ---------------------------------------------------------------------------------------------------------------- weights

#[test]
fn weights_are_those_of_the_literature() {
    // Esri support, "How does ArcView geocoding compute weight": street name, m 0.9 and u 0.01, log2(0.9 / 0.01) = 6.49.
    assert_eq!(of("0.9", "0.01"), "6.492");
    // Wikipedia, "Record linkage": month of birth, m 0.95 and u 1/12; match 3.51, non-match -4.20.
    assert_eq!((of("0.95", "1/12"), of("0.05", "11/12")), ("3.511".into(), "-4.196".into()));
    // Splink, topic guide on Fellegi-Sunter: the prior is log2(λ / (1 − λ)); at even odds it is nothing.
    assert_eq!((of("1/2", "1/2"), of("1/1001", "1000/1001")), ("0.000".into(), "-9.966".into()));
}

#[test]
fn weights_become_probabilities_as_in_the_literature() {
    // Splink, the same page: weights 0, 2, 3, 4, 7 are probabilities of 0.5, 0.8, 0.9, 0.95, 0.99, and 9.48 is about 0.999.
    for (weight, probability, within) in [
        ("0", 0.5, 0.0),
        ("2", 0.8, 1e-12),
        ("3", 8.0 / 9.0, 1e-12),
        ("4", 0.95, 0.01),
        ("7", 0.99, 0.003),
        ("9.48", 0.999, 0.0005),
    ] {
        assert!((bits(weight).probability() - probability).abs() <= within, "{weight}");
    }
    // No weight is so large that its probability is no number.
    assert_eq!(MatchWeight::from_thousandths(i64::MAX).probability().to_bits(), 1.0_f64.to_bits());
    assert_eq!(MatchWeight::from_thousandths(i64::MIN).probability().to_bits(), 0.0_f64.to_bits());
}

#[test]
fn printed_parts_add_up_to_the_printed_total() {
    // The waterfall on that page prints -6.67 + 4.74 + 6.49 - 1.97 - 1.12 + 8.00 = 9.48: each is rounded by itself, and their sum is 9.47.
    let printed = ["-6.67", "4.74", "6.49", "-1.97", "-1.12", "8.00"].map(bits);
    assert_eq!(MatchWeight::sum(printed), Some(bits("9.47")));
    // Here what is printed is what is added.
    let weighed = model_at("4", "0").unwrap().weigh([("name", "exact"), ("birthday", "same")]).unwrap();
    let parts: Vec<String> = weighed.parts().iter().map(|p| p.weight.to_string()).collect();
    assert_eq!((weighed.prior().to_string(), parts), ("-1.000".into(), vec!["5.000".to_string(), "8.322".into()]));
    assert_eq!(weighed.total(), bits("12.322"));
}

#[test]
fn a_weight_is_rounded_once_by_name_and_never_overflows() {
    let m = ratio("0.9");
    let weigh = |rounding| MatchWeight::of(m, ratio("0.01"), rounding).unwrap().thousandths(); // log2 90 = 6.491853…
    assert_eq!((weigh(Rounding::HalfEven), weigh(Rounding::Floor), weigh(Rounding::Ceiling)), (6_492, 6_491, 6_492));
    let least = Ratio::new(1, i128::MAX).unwrap();
    assert_eq!(MatchWeight::of(Ratio::ONE, least, Rounding::HalfEven), Some(bits("127")));
    assert_eq!(MatchWeight::of(least, Ratio::ONE, Rounding::HalfEven), Some(bits("-127")));
    for (m, u) in [("0", "0.1"), ("0.1", "0"), ("-0.1", "0.1"), ("0.1", "-0.1")] {
        assert_eq!(MatchWeight::of(ratio(m), ratio(u), Rounding::HalfEven), None);
    }
    assert_eq!(MatchWeight::sum([MatchWeight::from_thousandths(i64::MAX), MatchWeight::from_thousandths(1)]), None);
    for bad in ["", "x", "1.2345", "99999999999999999999", "NaN"] {
        assert_eq!(bad.parse::<MatchWeight>(), Err(IdentityError::NotAWeight(bad.into())));
    }
    assert_eq!(serde_json::to_value(bits("-4.196")).unwrap(), json!("-4.196"));
    assert!(serde_json::from_value::<MatchWeight>(json!(1.5)).is_err());
    assert_eq!(bits("1.5"), serde_json::from_value(json!("1.500")).unwrap());
}

// ---------------------------------------------------------------------------------------------------------------- comparisons and models

#[test]
fn a_comparison_is_two_distributions_over_its_levels() {
    let two = |m: [&str; 2], u: [&str; 2]| Comparison::new("f", vec![level("a", m[0], u[0]), level("b", m[1], u[1])]);
    assert!(two(["0.9", "0.1"], ["1/3", "2/3"]).is_ok());
    let off = |which, sum| Err(IdentityError::NotOne { field: name("f"), which, sum: ratio(sum) });
    assert_eq!(two(["0.9", "0.11"], ["1/3", "2/3"]), off("m", "1.01"));
    assert_eq!(two(["0.9", "0.1"], ["1/3", "0.666667"]), off("u", "3000001/3000000")); // thirds are thirds
    let bad = |level, value| Err(IdentityError::NotAProbability { field: name("f"), level: name(level), value: ratio(value) });
    assert_eq!(two(["1", "0"], ["0.5", "0.5"]), bad("b", "0"));
    assert_eq!(two(["0.5", "0.5"], ["0", "1"]), bad("a", "0"));
    assert_eq!(two(["1.1", "-0.1"], ["0.5", "0.5"]), bad("b", "-0.1"));
    for p in ["0", "1", "-1", "2"] {
        assert!(Comparison::same_or_different("f", ratio(p), ratio("0.5")).is_err());
        assert!(Comparison::same_or_different("f", ratio("0.5"), ratio(p)).is_err());
    }
    let count = |found| Err(IdentityError::BadCount { what: "levels", found, least: 2, most: 20 });
    assert_eq!(Comparison::new("f", vec![level("a", "1", "1")]), count(1));
    let many = |n: usize| (0..n).map(|i| level(&i.to_string(), &format!("1/{n}"), &format!("1/{n}"))).collect::<Vec<_>>();
    assert!(Comparison::new("f", many(20)).is_ok());
    assert_eq!(Comparison::new("f", many(21)), count(21));
    assert_eq!(
        Comparison::new("f", vec![level("a", "0.5", "0.5"), level("a", "0.5", "0.5")]),
        Err(IdentityError::Twice(name("a")))
    );
    assert!(matches!(Comparison::new("", many(2)), Err(IdentityError::Name(_))));
    // Sums that outgrow 128 bits are refused and do not panic; 18 digits are never too many.
    let fine = |digits: usize| Comparison::same_or_different("f", ratio("0.5"), ratio(&format!("0.{}1", "0".repeat(digits - 1))));
    assert!(fine(18).is_ok());
    assert_eq!(fine(28), Err(IdentityError::TooFine { field: name("f"), which: "u" }));
    let huge = Ratio::new(1, i128::MAX).unwrap();
    assert_eq!(Comparison::same_or_different("f", huge, huge), Err(IdentityError::TooFine { field: name("f"), which: "m" }));
}

#[test]
fn a_model_is_refused_as_a_whole() {
    let new = |prior: &str, comparisons, link: &str, review: &str| {
        let thresholds = Thresholds { link: bits(link), review: bits(review) };
        LinkageModel::new(name("m"), ratio(prior), comparisons, thresholds, Rounding::HalfEven)
    };
    let one = || same_or_different("f", "0.9", "0.1");
    for prior in ["0", "1", "-1/2", "3/2"] {
        assert_eq!(new(prior, vec![one()], "1", "1").unwrap_err(), IdentityError::BadPrior(ratio(prior)));
    }
    let count = |found| IdentityError::BadCount { what: "comparisons", found, least: 1, most: 50 };
    assert_eq!(new("1/2", vec![], "1", "1").unwrap_err(), count(0));
    let many = |n: usize| (0..n).map(|i| same_or_different(&i.to_string(), "0.9", "0.1")).collect::<Vec<_>>();
    assert!(new("1/2", many(50), "1", "1").is_ok());
    assert_eq!(new("1/2", many(51), "1", "1").unwrap_err(), count(51));
    assert_eq!(new("1/2", vec![one(), one()], "1", "1").unwrap_err(), IdentityError::Twice(name("f")));
    let crossed = IdentityError::Thresholds { link: bits("0.999"), review: bits("1") };
    assert_eq!(new("1/2", vec![one()], "0.999", "1").unwrap_err(), crossed);
    // Whatever is changed, the fingerprint changes.
    let prints: BTreeSet<u64> = [
        new("1/2", vec![one()], "1", "1"),
        new("1/3", vec![one()], "1", "1"),
        new("1/2", vec![same_or_different("f", "0.91", "0.1")], "1", "1"),
        new("1/2", vec![same_or_different("g", "0.9", "0.1")], "1", "1"),
        new("1/2", vec![one()], "2", "1"),
        new("1/2", vec![one()], "1", "0"),
    ]
    .map(|m| m.unwrap().id().fingerprint)
    .into();
    assert_eq!(prints.len(), 6);
}

#[test]
fn a_threshold_itself_is_enough() {
    for (link, review, verdict) in [
        ("12.321", "0", Verdict::Link),
        ("12.322", "0", Verdict::Link),
        ("12.323", "0", Verdict::Review),
        ("20", "12.322", Verdict::Review),
        ("20", "12.323", Verdict::NoLink),
        ("12.322", "12.322", Verdict::Link),
        ("12.323", "12.323", Verdict::NoLink),
    ] {
        let weighed = model_at(link, review).unwrap().weigh([("name", "exact"), ("birthday", "same")]).unwrap();
        assert_eq!((weighed.total(), weighed.verdict()), (bits("12.322"), verdict), "{link} {review}");
    }
}

#[test]
fn what_is_missing_says_nothing() {
    let model = model_at("4", "0").unwrap();
    let none = model.weigh([]).unwrap();
    assert_eq!((none.total(), none.parts().len()), (none.prior(), 2)); // the fields are there, and missing
    assert!(none.parts().iter().all(|p| p.level.is_none() && p.weight == MatchWeight::ZERO));
    let name_only = model.weigh([("name", "else")]).unwrap();
    assert_eq!(name_only.parts()[1], Part { field: name("birthday"), level: None, weight: MatchWeight::ZERO });
    // Missing is better than different, worse than the same.
    let birthday = |level| model.weigh([("birthday", level)]).unwrap().total();
    assert!(birthday("different") < none.total() && none.total() < birthday("same"));
    assert_eq!(model.weigh([("birthday", "same"), ("name", "close")]), model.weigh([("name", "close"), ("birthday", "same")]));
    assert_eq!(model.weigh([("size", "same")]), Err(IdentityError::UnknownField("size".into())));
    let unknown = IdentityError::UnknownLevel { field: name("name"), level: "same".into() };
    assert_eq!(model.weigh([("name", "same")]), Err(unknown));
    for second in ["close", "exact"] {
        assert_eq!(model.weigh([("name", "exact"), ("name", second)]), Err(IdentityError::Twice(name("name"))));
    }
}

#[test]
fn expected_errors_are_the_sums_over_all_patterns() {
    // By hand, three by two levels: name exact 5, close 3, else -1.931; birthday same 8.322, different -4.640; prior -1.
    let (one, two) = model_at("4", "1").unwrap().expected().unwrap();
    // From 4 bits: any name with the same birthday (5.391 at the least). From 1 to 4: none (exact without birthday is -0.640).
    let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-12, "{x} {y}");
    near(one.link, 0.96);
    near(one.review, 0.0);
    near(one.no_link, 0.04);
    near(two.link, 0.003);
    near(two.no_link, 0.997);
    // A link at 7: the name has to be exact or close too. Review from 5.391 exactly.
    let (one, two) = model_at("7", "5.391").unwrap().expected().unwrap();
    near(one.link, 0.96 * 0.75);
    near(one.review, 0.96 * 0.25);
    near(two.link, 0.003 * 3.0 / 64.0);
    near(two.review, 0.003 * 61.0 / 64.0);
    let (one, _) = model_at("7", "5.392").unwrap().expected().unwrap();
    near(one.review, 0.0);
    // More sums than can be followed.
    let wide = |i: i128| {
        let m = Ratio::new(1, 1_000_000_000_000 * (i + 1) * (i + 1) * (i + 1) + i).unwrap();
        Comparison::same_or_different(&i.to_string(), m, ratio("0.5")).unwrap()
    };
    let thresholds = Thresholds { link: bits("1"), review: bits("1") };
    let model = LinkageModel::new(name("m"), ratio("1/2"), (0..50).map(wide).collect(), thresholds, Rounding::HalfEven).unwrap();
    assert_eq!(model.expected().unwrap_err(), IdentityError::TooManySums(1 << 18));
}

#[test]
fn evidence_replays_and_cannot_be_touched() {
    let model = model_at("4", "0").unwrap();
    let weighed = model.weigh([("name", "exact")]).unwrap();
    assert_eq!((weighed.total(), weighed.verdict()), (bits("4"), Verdict::Link));
    assert_eq!(model.replay(&weighed), Ok(()));
    assert_eq!(model_at("4.001", "0").unwrap().replay(&weighed), Err(IdentityError::OtherModel));

    let json = serde_json::to_value(&weighed).unwrap();
    let parts = json!([{"field": "name", "level": "exact", "weight": "5.000"}, {"field": "birthday", "weight": "0.000"}]);
    assert_eq!((&json["parts"], &json["verdict"], &json["total"]), (&parts, &json!("link"), &json!("4.000")));
    assert_eq!(serde_json::from_value::<Weighed>(json.clone()).unwrap(), weighed);
    for (pointer, forged) in [
        ("/total", json!("4.001")),
        ("/prior", json!("-0.999")),
        ("/verdict", json!("review")),
        ("/parts/0/weight", json!("5.001")),
        ("/parts/1/weight", json!("0.001")),
        ("/parts/0/weight", json!("9223372036854775.807")),
        ("/thresholds/link", json!("4.001")),
        ("/thresholds/review", json!("4.001")), // above the link
    ] {
        let mut touched = json.clone();
        *touched.pointer_mut(pointer).unwrap() = forged;
        assert!(serde_json::from_value::<Weighed>(touched).is_err(), "{pointer}");
    }
    // A part that says nothing weighs nothing, even if the sum is right.
    let mut touched = json.clone();
    touched["parts"] = json!([{"field": "name", "weight": "5"}]);
    assert!(serde_json::from_value::<Weighed>(touched).is_err());
    // No field speaks twice.
    let mut touched = json.clone();
    touched["parts"][1]["field"] = json!("name");
    assert!(serde_json::from_value::<Weighed>(touched).is_err());
    // What adds up is read; whether the model says so is for the model to tell.
    let mut other = json;
    other["parts"][0]["level"] = json!("close");
    let other: Weighed = serde_json::from_value(other).unwrap();
    assert_eq!(model.replay(&other), Err(IdentityError::NotReproduced));
}

// ---------------------------------------------------------------------------------------------------------------- keys and assertions

#[test]
fn keys_are_not_mistaken_for_one_another() {
    let odd = RecordKey::new(name("a"), name("b/c")).unwrap();
    assert_eq!((odd.to_string().as_str(), "a/b/c".parse()), ("a/b/c", Ok(odd.clone())));
    assert_eq!(RecordKey::new(name("a/b"), name("c")), Err(IdentityError::NotAKey));
    for bad in ["", "a", "/a", "a/", "a /b", "a/ b", "a/b\n"] {
        assert_eq!(bad.parse::<RecordKey>(), Err(IdentityError::NotAKey), "{bad:?}");
        assert!(serde_json::from_value::<RecordKey>(json!(bad)).is_err());
    }
    assert_eq!(serde_json::from_value::<BTreeMap<RecordKey, u8>>(json!({"a/b/c": 1})).unwrap(), BTreeMap::from([(odd, 1)]));
    assert_eq!(format!("[{:>6}]", key("a/b")), "[   a/b]");
}

#[test]
fn an_assertion_takes_two_records_in_either_order() {
    let day = "2024-01-01";
    assert_eq!(say("s", "b/1", "a/1", day, by_hand(Says::Same)), say("s", "a/1", "b/1", day, by_hand(Says::Same)));
    let same = Assertion::new(name("s"), key("a/1"), key("a/1"), date(day), by_hand(Says::Same));
    assert_eq!(same, Err(IdentityError::SameRecord(key("a/1"))));
    let late = chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let late_assertion = Assertion::new(name("s"), key("a/1"), key("a/2"), late, by_hand(Says::Same));
    assert_eq!(late_assertion, Err(IdentityError::DateOutOfRange(late)));
    let mut links = Links::new();
    let late_retraction = Retraction { on: late, ..retraction("s", day) };
    assert_eq!(links.retract(late_retraction), Err(IdentityError::DateOutOfRange(late)));
    assert_eq!(links, Links::new());
}

#[test]
fn one_of_all_assertions_about_a_pair_stands() {
    use Says::{Different, Same};
    let (early, late) = ("2024-01-01", "2024-02-01");
    // First what stands, then what does not.
    for (stands, falls) in [
        ((late, evidence(1)), (early, evidence(20_000))),
        ((early, evidence(9_999)), (early, evidence(10_000))), // on one day the more careful verdict
        ((early, evidence(10_000)), (early, evidence(10_001))), // and the smaller weight
        ((early, by_hand(Same)), (late, evidence(-9_000))),    // a hand before any evidence, however late
        ((early, by_hand(Different)), (late, evidence(99_000))),
        ((late, by_hand(Same)), (early, by_hand(Different))),
        ((late, by_hand(Different)), (early, by_hand(Same))),
        ((early, by_hand(Different)), (early, by_hand(Same))),
    ] {
        // Whichever has the lesser identity, and whichever comes first.
        for (id, other) in [("a", "b"), ("b", "a")] {
            let stands = say(id, "x/1", "x/2", stands.0, stands.1.clone());
            let falls = say(other, "x/2", "x/1", falls.0, falls.1.clone());
            for order in [[&stands, &falls], [&falls, &stands]] {
                let links = links(order.map(Clone::clone));
                assert_eq!(links.standing(&key("x/2"), &key("x/1"), date(late)), Some(&stands));
                assert_eq!(links.clusters(date(late), []).len(), usize::from(stands.strength().is_some()));
            }
        }
    }
    // Alike in all that counts: the lesser identity, in any order.
    let both = [say("b", "x/1", "x/2", early, evidence(7)), say("a", "x/1", "x/2", early, evidence(7))];
    assert_eq!(links(both).standing(&key("x/1"), &key("x/2"), date(early)).unwrap().id(), &"a");
}

#[test]
fn an_assertion_counts_from_its_day_to_the_day_before_its_retraction() {
    let mut links = links([say("s", "a/1", "b/1", "2024-03-01", by_hand(Says::Same))]);
    links.retract(retraction("s", "2024-05-01")).unwrap();
    for (day, count) in [("2024-02-29", 2), ("2024-03-01", 1), ("2024-04-30", 1), ("2024-05-01", 2)] {
        assert_eq!(links.clusters(date(day), ["a/1", "b/1"].map(key)).len(), count, "{day}");
        assert_eq!(links.standing(&key("a/1"), &key("b/1"), date(day)).is_some(), count == 1, "{day}");
    }
    assert_eq!(links.retraction("s"), Some(&retraction("s", "2024-05-01")));
    assert_eq!(links.assertions().count(), 1); // nothing is lost
}

#[test]
fn the_same_again_changes_nothing_and_other_content_is_refused() {
    let first = say("s", "a/1", "b/1", "2024-03-01", by_hand(Says::Same));
    let mut all = links([first.clone()]);
    all.retract(retraction("t", "2024-05-01")).unwrap(); // before the assertion that it names
    let before = all.clone();
    all.push(first).unwrap();
    all.retract(retraction("t", "2024-05-01")).unwrap();
    all.merge(&before).unwrap();
    let other = say("s", "a/1", "b/2", "2024-03-01", by_hand(Says::Same));
    let conflict = |id| Err(IdentityError::Conflict(name(id)));
    assert_eq!(all.push(other.clone()), conflict("s"));
    assert_eq!(all.retract(retraction("t", "2024-05-02")), conflict("t"));
    assert_eq!(all.merge(&links([say("r", "a/1", "b/3", "2024-03-01", by_hand(Says::Same)), other])), conflict("s"));
    let mut theirs = links([say("r", "a/1", "b/3", "2024-03-01", by_hand(Says::Same))]);
    theirs.retract(retraction("t", "2024-05-02")).unwrap();
    assert_eq!(all.merge(&theirs), conflict("t"));
    assert_eq!(all, before);
    all.push(say("t", "a/1", "b/9", "2024-03-01", by_hand(Says::Same))).unwrap();
    assert_eq!(shown(&all.clusters(date("2024-05-01"), [])), "a/1 b/1"); // retracted on arrival
}

// ---------------------------------------------------------------------------------------------------------------- clusters

const DAY: &str = "2024-03-01";

#[test]
fn a_conflict_is_reported_with_the_chain_that_makes_it() {
    let all = links([
        say("ab", "s/a", "s/b", DAY, evidence(12_000)),
        say("bc", "s/b", "s/c", DAY, evidence(11_000)),
        say("cd", "s/c", "s/d", DAY, by_hand(Says::Same)),
        say("not", "s/d", "s/a", DAY, by_hand(Says::Different)),
        say("weak", "s/a", "s/c", DAY, evidence(9_999)),
        say("apart", "s/a", "s/z", DAY, by_hand(Says::Different)), // no conflict: they are apart
    ]);
    let clusters = all.clusters(date(DAY), [key("s/z")]);
    assert_eq!(shown(&clusters), "s/a s/b s/c s/d | s/z");
    let cluster = clusters.of_record(&key("s/c")).unwrap();
    assert_eq!((cluster.id(), cluster.as_of()), (&key("s/a"), date(DAY)));
    assert_eq!(ids(cluster.links()), "ab bc cd");
    assert_eq!(ids(cluster.doubts()), "weak");
    assert_eq!(ids(cluster.conflicts()), "not");
    let (a, d) = cluster.conflicts().next().unwrap().records();
    let chain = cluster.why(a, d).unwrap();
    assert_eq!(chain.iter().min_by_key(|s| s.strength()).unwrap().id(), &"bc");
    assert_eq!(ids(chain), "ab bc cd");
    assert!(clusters.of_record(&key("s/z")).unwrap().conflicts().len() == 0);
    assert_eq!(clusters.of_record(&key("s/y")), None);

    // No view is taken of two people.
    let policy = Survivorship::new(name("p"), vec![rule("x", vec![Prefer::MostRecent])]).unwrap();
    let disputed = IdentityError::Disputed(Box::new(key("s/a")), Box::new(key("s/d")));
    assert_eq!(policy.view(cluster, &[]).unwrap_err(), disputed);

    // Retracting the weakest link settles it, and gives both sides back.
    let mut settled = all;
    settled.retract(retraction("bc", DAY)).unwrap();
    let clusters = settled.clusters(date(DAY), []);
    assert_eq!(shown(&clusters), "s/a s/b | s/c s/d");
    assert!(clusters.iter().all(|c| c.conflicts().len() == 0));
}

#[test]
fn pairs_to_be_looked_at_are_those_in_two_clusters() {
    let all = links([
        say("ab", "s/a", "s/b", DAY, evidence(10_000)),
        say("bc", "s/b", "s/c", DAY, evidence(10_000)),
        say("within", "s/a", "s/c", DAY, evidence(5_000)),
        say("enough", "s/c", "s/d", DAY, evidence(5_000)),
        say("too little", "s/b", "s/d", DAY, evidence(4_999)),
    ]);
    let clusters = all.clusters(date(DAY), [key("s/d")]);
    assert_eq!((shown(&clusters).as_str(), ids(clusters.to_review()).as_str()), ("s/a s/b s/c | s/d", "enough"));
    assert_eq!(ids(clusters.iter().next().unwrap().doubts()), "within");
    // They are reported even if nobody has named the other record.
    assert_eq!(ids(all.clusters(date(DAY), []).to_review()), "enough");
    assert!(Links::new().clusters(date(DAY), []).is_empty());
}

#[test]
fn the_chain_is_the_strongest_then_the_shortest_then_the_first() {
    let strongest = links([
        say("direct", "s/a", "s/d", DAY, evidence(10_000)),
        say("ab", "s/a", "s/b", DAY, evidence(12_000)),
        say("bd", "s/b", "s/d", DAY, evidence(11_000)),
        say("ac", "s/a", "s/c", DAY, by_hand(Says::Same)),
        say("cd", "s/c", "s/d", DAY, evidence(11_000)),
        say("ce", "s/c", "s/e", DAY, evidence(50_000)),
        say("ed", "s/e", "s/d", DAY, evidence(11_000)),
    ]);
    let clusters = strongest.clusters(date(DAY), [key("s/z")]);
    let cluster = clusters.of_record(&key("s/a")).unwrap();
    let why = |from: &str, to: &str| cluster.why(&key(from), &key(to)).map(ids);
    assert_eq!(why("s/a", "s/d").unwrap(), "ab bd"); // as strong as by c, and b comes first
    assert_eq!(why("s/d", "s/a").unwrap(), "bd ab"); // and back the same way
    assert_eq!(why("s/a", "s/e").unwrap(), "ac ce");
    assert_eq!(why("s/a", "s/a").unwrap(), "");
    for (from, to) in [("s/a", "s/z"), ("s/z", "s/a"), ("s/z", "s/z")] {
        assert_eq!(why(from, to), Err(IdentityError::NotAMember(key("s/z"))));
    }
}

#[test]
fn the_way_back_is_the_same_way() {
    // Two ways of three equal links; from the one end the first begins with b, from the other end with x.
    let equal = ["ab", "by", "yz", "ac", "cx", "xz"];
    let all = links(equal.map(|id| say(id, &format!("s/{}", &id[..1]), &format!("s/{}", &id[1..]), DAY, evidence(10_000))));
    let clusters = all.clusters(date(DAY), []);
    let cluster = clusters.iter().next().unwrap();
    assert_eq!(ids(cluster.why(&key("s/a"), &key("s/z")).unwrap()), "ab by yz");
    assert_eq!(ids(cluster.why(&key("s/z"), &key("s/a")).unwrap()), "yz by ab");
}

#[test]
fn what_is_forgotten_leaves_no_trace() {
    let mut all = links([
        say("ab", "s/a", "s/b", DAY, by_hand(Says::Same)),
        say("bc", "s/b", "s/c", DAY, by_hand(Says::Same)),
        say("cd", "s/c", "s/d", DAY, by_hand(Says::Same)),
    ]);
    all.retract(retraction("bc", DAY)).unwrap();
    let without = links([say("cd", "s/c", "s/d", DAY, by_hand(Says::Same))]);
    assert_eq!(all.forget(&key("s/b")), 2);
    assert_eq!(all, without);
    assert_eq!(all.forget(&key("s/b")), 0);
}

/// Everything that can be said of six records on five days.
fn sayings() -> impl Strategy<Value = Vec<(Assertion, Option<Retraction>)>> {
    let ground = select(vec![
        by_hand(Says::Same),
        by_hand(Says::Different),
        evidence(10_000),
        evidence(11_500),
        evidence(30_000),
        evidence(7_000),
        evidence(-3_000),
    ]);
    let one = (0..6_usize, 1..6_usize, 1..6_u32, ground, option::weighted(0.2, 1..6_u32));
    vec(one, 0..14).prop_map(|all| {
        let say = |(i, (a, step, day, ground, gone)): (usize, (usize, usize, u32, Ground, Option<u32>))| {
            let id = format!("s{i}");
            let on = |day: u32| format!("2024-01-0{day}");
            let (a, b) = (format!("r/{a}"), format!("r/{}", (a + step) % 6));
            (say(&id, &a, &b, &on(day), ground), gone.map(|day| retraction(&id, &on(day))))
        };
        all.into_iter().enumerate().map(say).collect()
    })
}

fn collect(sayings: &[(Assertion, Option<Retraction>)]) -> Links {
    let mut all = links(sayings.iter().map(|(s, _)| s.clone()));
    sayings.iter().filter_map(|(_, w)| w.clone()).for_each(|w| all.retract(w).unwrap());
    all
}

fn known() -> Vec<RecordKey> {
    (0..6).map(|i| key(&format!("r/{i}"))).collect()
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn order_splitting_and_repetition_change_nothing(sayings in sayings(), seed: u64, cut in 0..14_usize) {
        let all = collect(&sayings);
        let mut mixed = sayings.clone();
        Dice(seed).shuffle(&mut mixed);
        let (one, other) = mixed.split_at(cut.min(mixed.len()));
        let (mut left, right) = (collect(one), collect(other));
        left.merge(&right).unwrap();
        left.merge(&right).unwrap();
        prop_assert_eq!(&left, &all);
        for day in 1..6 {
            let on = date(&format!("2024-01-0{day}"));
            let mut records = known();
            let expected = all.clusters(on, records.clone());
            Dice(seed).shuffle(&mut records);
            records.extend(records.clone());
            prop_assert_eq!(left.clusters(on, records), expected);
        }
        let json = serde_json::to_string(&all).unwrap();
        prop_assert_eq!(serde_json::from_str::<Links>(&json).unwrap(), all);
    }

    /// Whatever was said before and after: an assertion that is retracted on the same day has never been there, and one that is retracted
    /// later leaves what there would be without it.
    #[test]
    fn unlinking_restores_what_was(sayings in sayings(), a in 0..6_usize, step in 1..6_usize, ground in select(vec![
        by_hand(Says::Same), by_hand(Says::Different), evidence(10_000), evidence(-1_000),
    ]), said in 1..6_u32, gone in 1..6_u32) {
        let all = collect(&sayings);
        let on = |day: u32| date(&format!("2024-01-0{day}"));
        let mut linked = all.clone();
        let (a, b) = (format!("r/{a}"), format!("r/{}", (a + step) % 6));
        linked.push(say("new", &a, &b, &format!("2024-01-0{said}"), ground)).unwrap();
        linked.retract(retraction("new", &format!("2024-01-0{gone}"))).unwrap();
        for day in (1..6).filter(|day| *day < said || *day >= gone) {
            prop_assert_eq!(linked.clusters(on(day), known()), all.clusters(on(day), known()));
            prop_assert_eq!(linked.clusters(on(day), []), all.clusters(on(day), []));
        }
    }

    /// Clusters are a partition of the records; two records are together exactly where a chain of links leads from one to the other.
    #[test]
    fn clusters_are_what_links_reach(sayings in sayings(), day in 1..6_u32) {
        let all = collect(&sayings);
        let on = date(&format!("2024-01-0{day}"));
        let records = known();
        let clusters = all.clusters(on, records.clone());
        let members: Vec<&RecordKey> = clusters.iter().flat_map(Cluster::members).collect();
        let mut sorted = members.clone();
        sorted.sort();
        prop_assert_eq!(sorted, records.iter().collect::<Vec<_>>());

        // Strength of the best chain between all pairs, by Floyd and Warshall.
        let standing = |a: &RecordKey, b: &RecordKey| if a == b { None } else { all.standing(a, b, on) };
        let mut best: Vec<Vec<Option<Strength>>> =
            records.iter().map(|a| records.iter().map(|b| standing(a, b).and_then(Assertion::strength)).collect()).collect();
        for via in 0..6 {
            for a in 0..6 {
                for b in 0..6 {
                    best[a][b] = best[a][b].max(best[a][via].min(best[via][b]));
                }
            }
        }
        for (i, a) in records.iter().enumerate() {
            let cluster = clusters.of_record(a).unwrap();
            prop_assert_eq!(cluster.id(), cluster.members().iter().min().unwrap());
            for (j, b) in records.iter().enumerate().filter(|(j, _)| *j != i) {
                let together = cluster.members().contains(b);
                prop_assert_eq!(together, best[i][j].is_some());
                let about = |s: &Assertion| [s.records(), (s.records().1, s.records().0)].contains(&(a, b));
                let conflict = cluster.conflicts().any(about);
                let different = matches!(standing(a, b).map(Assertion::ground), Some(Ground::Manual { says: Says::Different, .. }));
                prop_assert_eq!(conflict, together && different);
                let in_doubt = cluster.doubts().any(about);
                let weak = standing(a, b).is_some_and(|s| matches!(s.ground(), Ground::Weighed(w) if w.verdict() != Verdict::Link));
                prop_assert_eq!(in_doubt, together && weak);
                let Ok(chain) = cluster.why(a, b) else { prop_assert!(!together); continue };
                // The chain leads from a to b, and none is stronger.
                let mut at = a;
                for link in &chain {
                    let (x, y) = link.records();
                    prop_assert!(at == x || at == y);
                    at = if at == x { y } else { x };
                }
                prop_assert_eq!(at, b);
                prop_assert_eq!(chain.iter().map(|s| s.strength()).min().flatten(), best[i][j]);
                let back: Vec<&Assertion> = cluster.why(b, a).unwrap().into_iter().rev().collect();
                prop_assert_eq!(back, chain);
            }
        }
    }
}

#[test]
fn a_long_chain_of_links_is_one_customer() {
    let all =
        links((0..3_000).map(|i| say(&format!("{i:05}"), &format!("r/{i:05}"), &format!("r/{:05}", i + 1), DAY, evidence(10_000))));
    let clusters = all.clusters(date(DAY), []);
    assert_eq!((clusters.len(), clusters.iter().next().unwrap().members().len()), (1, 3_001));
    let cluster = clusters.iter().next().unwrap();
    assert_eq!(cluster.why(&key("r/00000"), &key("r/03000")).unwrap().len(), 3_000);
}

// ---------------------------------------------------------------------------------------------------------------- survivorship

fn rule(attribute: &str, prefer: Vec<Prefer>) -> Rule {
    Rule { attribute: name(attribute), prefer }
}

fn found(day: &str) -> Source {
    Source::new(name("form"), date(day), None).unwrap()
}

fn record(key_of: &str, said: &[(&str, Fact, &str)]) -> SourceRecord {
    said.iter()
        .fold(SourceRecord::new(key(key_of)), |r, (attribute, fact, day)| r.with(attribute, fact.clone(), found(day)).unwrap())
}

fn is(text: &str) -> Fact {
    Fact::Named(name(text))
}

/// One cluster of all these records.
fn cluster_of(records: &[SourceRecord], as_of: &str) -> Cluster {
    let first = records[0].key().to_string();
    let day = "2000-01-01";
    let said =
        records[1..].iter().enumerate().map(|(i, r)| say(&i.to_string(), &first, &r.key().to_string(), day, by_hand(Says::Same)));
    let clusters = links(said).clusters(date(as_of), [records[0].key().clone()]);
    clusters.iter().next().unwrap().clone()
}

fn resolve(prefer: Vec<Prefer>, records: &[SourceRecord]) -> (Fact, Vec<Standing>) {
    let policy = Survivorship::new(name("p"), vec![rule("x", prefer), rule("y", vec![Prefer::LeastKey])]).unwrap();
    let view = policy.view(&cluster_of(records, "2024-06-30"), records).unwrap();
    let resolved = view.get("x").unwrap();
    (resolved.fact.clone(), resolved.candidates.iter().map(|c| c.standing).collect())
}

#[test]
fn each_preference_decides_as_it_says() {
    use Standing::{LaterKey, LessComplete, LessTrusted, Older, Outvoted, Survives, Tied};
    let records = [
        record("crm/1", &[("x", is("North"), "2024-01-01"), ("y", is("k"), "2024-01-01")]),
        record("shop/1", &[("x", is("South"), "2024-03-01")]),
        record("shop/2", &[("x", is("South"), "2024-02-01")]),
        record("till/1", &[("x", is("North"), "2024-03-01")]),
    ];
    let systems = |list: &[&str]| Prefer::MostTrusted(list.iter().map(|s| name(s)).collect());
    for (prefer, winner, standings) in [
        (vec![Prefer::MostRecent], Fact::Unknown, [Older, Tied, Older, Tied]),
        (vec![Prefer::MostRecent, Prefer::LeastKey], is("South"), [Older, Survives, Older, LaterKey]),
        (vec![Prefer::MostRecent, systems(&["till"])], is("North"), [Older, LessTrusted, Older, Survives]),
        (vec![systems(&["crm", "till"])], is("North"), [Survives, LessTrusted, LessTrusted, LessTrusted]),
        (vec![systems(&["till", "crm"])], is("North"), [LessTrusted, LessTrusted, LessTrusted, Survives]),
        (vec![systems(&["shop"])], is("South"), [LessTrusted, Survives, Survives, LessTrusted]),
        (vec![systems(&["nobody"])], Fact::Unknown, [Tied; 4]),
        (vec![Prefer::MostComplete], is("North"), [Survives, LessComplete, LessComplete, LessComplete]),
        // Two systems say North; two records of one system say South.
        (vec![Prefer::AgreedByMost], is("North"), [Survives, Outvoted, Outvoted, Survives]),
        // Among those still in question, one system each.
        (vec![Prefer::MostRecent, Prefer::AgreedByMost], Fact::Unknown, [Older, Tied, Older, Tied]),
        (vec![Prefer::LeastKey], is("North"), [Survives, LaterKey, LaterKey, LaterKey]),
    ] {
        assert_eq!(resolve(prefer.clone(), &records), (winner, standings.to_vec()), "{prefer:?}");
    }
}

#[test]
fn absence_never_wins_over_what_is_known() {
    use Standing::{Absent, Survives};
    let all =
        [Prefer::MostRecent, Prefer::MostTrusted(vec![name("a")]), Prefer::MostComplete, Prefer::AgreedByMost, Prefer::LeastKey];
    for prefer in all {
        let records = [
            record("a/1", &[("x", Fact::Unknown, "2024-03-01"), ("y", is("k"), "2024-03-01")]),
            record("a/2", &[("x", Fact::NotApplicable, "2024-03-01"), ("y", is("k"), "2024-03-01")]),
            record("a/3", &[("x", Fact::Erased, "2024-03-01")]),
            record("b/1", &[("x", Fact::Known(Quantity::count(0)), "2024-01-01")]), // a known zero is known
            record("b/2", &[]),
        ];
        let zero = Fact::Known(Quantity::count(0));
        assert_eq!(resolve(vec![prefer], &records), (zero, vec![Absent, Absent, Absent, Survives])); // b/2 is silent
    }
    // Where nobody knows, the way of not knowing is kept.
    let absent = |facts: &[Fact]| {
        let one = |(i, fact): (usize, &Fact)| record(&format!("a/{i}"), &[("x", fact.clone(), "2024-01-01")]);
        resolve(vec![Prefer::MostRecent], &facts.iter().enumerate().map(one).collect::<Vec<_>>()).0
    };
    assert_eq!(absent(&[Fact::NotApplicable, Fact::NotApplicable]), Fact::NotApplicable);
    assert_eq!(absent(&[Fact::NotApplicable, Fact::Unknown]), Fact::Unknown);
    assert_eq!(absent(&[Fact::Unknown, Fact::Erased, Fact::NotApplicable]), Fact::Erased);
    assert_eq!(resolve(vec![Prefer::MostRecent], &[record("a/1", &[])]).0, Fact::Unknown);
}

#[test]
fn a_view_reports_coverage_and_freshness() {
    let policy = ["region", "age", "industry", "channel"].map(|a| rule(a, vec![Prefer::MostRecent]));
    let policy = Survivorship::new(name("p"), policy.to_vec()).unwrap();
    let records = [
        record(
            "a/1",
            &[
                ("region", is("North"), "2024-06-01"),
                ("industry", Fact::NotApplicable, "2024-06-01"),
                ("size", is("L"), "2024-06-01"),
            ],
        ),
        record(
            "b/1",
            &[
                ("region", is("North"), "2024-05-01"),
                ("age", Fact::Known(Quantity::count(40)), "2023-06-30"),
                ("age of account", is("x"), "2024-07-01"),
            ],
        ),
        record("c/1", &[("channel", is("web"), "2024-07-01"), ("region", is("South"), "2024-07-01")]), // tomorrow
    ];
    let view = policy.view(&cluster_of(&records, "2024-06-30"), &records).unwrap();
    assert_eq!((view.id.clone(), view.records.len(), view.as_of), (key("a/1"), 3, date("2024-06-30")));
    assert_eq!(view.get("region").unwrap().fact, is("North")); // what is said tomorrow is not known today
    assert_eq!(view.get("channel").unwrap().candidates, []);
    assert_eq!(view.left_out, [name("size")]);
    assert_eq!(view.get("size"), None);
    // The industry does not apply: three attributes, two of them known.
    assert_eq!(view.coverage(), share(2, 3));
    // The region is from the first of June and said again by the older record; 29 days. The age is 366 days old.
    assert_eq!(view.get("region").unwrap().since, Some(date("2024-06-01")));
    assert_eq!(view.get("age").unwrap().age(view.as_of), Some(366));
    assert_eq!(view.get("age").unwrap().age(date("2023-06-29")), None);
    for (days, fresh) in [(0, 0), (28, 0), (29, 1), (365, 1), (366, 2)] {
        assert_eq!(view.fresh(days), share(fresh, 3), "{days}");
    }
    let by = |record: &str| view.coverage_by(&key(record)).part();
    assert_eq!((by("a/1"), by("b/1"), by("c/1")), (1, 2, 0)); // b/1 knows the region too, and is not needed for it
    assert_eq!(view.contradictions().count(), 0);
    assert_eq!(view.coverage().try_add(view.coverage()), Ok(share(4, 6)));

    let tomorrow = policy.view(&cluster_of(&records, "2024-07-01"), &records).unwrap();
    assert_eq!(tomorrow.contradictions().map(|r| r.attribute.as_str()).collect::<Vec<_>>(), ["region"]);
    assert_eq!(tomorrow.get("region").unwrap().fact, is("South"));
    assert_eq!(tomorrow.left_out, [name("age of account"), name("size")]);
}

#[test]
fn a_view_takes_the_records_of_its_customer_only_once() {
    let policy = Survivorship::new(name("p"), vec![rule("x", vec![Prefer::MostRecent])]).unwrap();
    let mine = record("a/1", &[("x", is("N"), "2024-01-01")]);
    let cluster = cluster_of(std::slice::from_ref(&mine), "2024-06-30");
    let stranger = record("a/2", &[]);
    assert_eq!(policy.view(&cluster, &[mine.clone(), stranger]).unwrap_err(), IdentityError::NotAMember(key("a/2")));
    assert_eq!(policy.view(&cluster, &[mine.clone(), mine]).unwrap_err(), IdentityError::RecordTwice(key("a/1")));
    let silent = policy.view(&cluster, &[]).unwrap();
    assert_eq!((silent.get("x").unwrap().fact.clone(), silent.coverage()), (Fact::Unknown, share(0, 1)));
    // A record says each thing once.
    let once = record("a/1", &[("x", is("N"), "2024-01-01")]);
    assert_eq!(once.clone().with("x", is("N"), found("2024-01-01")), Err(IdentityError::Twice(name("x"))));
    let late = Source::new(name("form"), chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap(), None).unwrap();
    assert!(matches!(once.clone().with("y", is("N"), late), Err(IdentityError::DateOutOfRange(_))));
    assert!(matches!(once.with("", is("N"), found("2024-01-01")), Err(IdentityError::Name(_))));
}

#[test]
fn a_policy_is_refused_as_a_whole() {
    let new = |rules| Survivorship::new(name("p"), rules).map(drop);
    let count = |what, found, most| Err(IdentityError::BadCount { what, found, least: 1, most });
    assert_eq!(new(vec![]), count("attributes", 0, 1_000));
    let many = |n: usize| (0..n).map(|i| rule(&i.to_string(), vec![Prefer::LeastKey])).collect::<Vec<_>>();
    assert_eq!((new(many(1_000)), new(many(1_001))), (Ok(()), count("attributes", 1_001, 1_000)));
    assert_eq!(new(vec![rule("x", vec![])]), count("preferences", 0, 5));
    assert_eq!(new(vec![rule("x", vec![Prefer::LeastKey; 5])]), Ok(()));
    assert_eq!(new(vec![rule("x", vec![Prefer::LeastKey; 6])]), count("preferences", 6, 5));
    assert_eq!(new(vec![rule("x", vec![Prefer::MostTrusted(vec![])])]), count("trusted systems", 0, 1_000));
    let twice = |n: &str| Err(IdentityError::Twice(name(n)));
    assert_eq!(new(vec![rule("x", vec![Prefer::MostTrusted(vec![name("a"), name("b"), name("a")])])]), twice("a"));
    assert_eq!(new(vec![rule("x", vec![Prefer::LeastKey]), rule("x", vec![Prefer::MostRecent])]), twice("x"));
}

fn prefers() -> impl Strategy<Value = Vec<Prefer>> {
    let systems = |list: &[&str]| Prefer::MostTrusted(list.iter().map(|s| name(s)).collect());
    let one = select(vec![
        Prefer::MostRecent,
        systems(&["b"]),
        systems(&["c", "a", "b"]),
        Prefer::MostComplete,
        Prefer::AgreedByMost,
        Prefer::LeastKey,
    ]);
    vec(one, 1..4)
}

fn some_records() -> impl Strategy<Value = Vec<SourceRecord>> {
    type Said = Option<(Fact, u32)>;
    let fact = select(vec![is("N"), is("S"), is("E"), Fact::Unknown, Fact::NotApplicable, Fact::Erased]);
    let said = option::weighted(0.8, (fact, 1..8_u32));
    vec((said.clone(), said), 1..7).prop_map(|all| {
        let one = |(i, (x, y)): (usize, (Said, Said))| {
            let said =
                [("x", x), ("y", y)].into_iter().filter_map(|(attribute, said)| said.map(|(fact, day)| (attribute, fact, day)));
            let new = SourceRecord::new(key(&format!("{}/{i}", ["a", "b", "c"][i % 3])));
            said.fold(new, |r, (attribute, fact, day)| r.with(attribute, fact, found(&format!("2024-01-0{day}"))).unwrap())
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn no_order_of_records_decides_and_nothing_is_lost(records in some_records(), x in prefers(), seed: u64) {
        let policy = Survivorship::new(name("p"), vec![rule("x", x), rule("y", vec![Prefer::MostRecent])]).unwrap();
        let as_of = "2024-01-06";
        let view = policy.view(&cluster_of(&records, as_of), &records).unwrap();
        let mut mixed = records.clone();
        Dice(seed).shuffle(&mut mixed);
        prop_assert_eq!(&policy.view(&cluster_of(&mixed, as_of), &mixed).unwrap(), &view);

        for resolved in &view.attributes {
            // Winners and losers together are all who speak, each with what was said.
            let mut kept: Vec<_> = resolved.winners().chain(resolved.losers()).map(|c| (c.record.clone(), c.fact.clone(), c.source.clone())).collect();
            kept.sort_by(|a, b| a.0.cmp(&b.0));
            let mut said: Vec<_> = records
                .iter()
                .filter_map(|r| r.get(&resolved.attribute).map(|(fact, source)| (r.key().clone(), fact.clone(), source.clone())))
                .filter(|(_, _, source)| source.on() <= date(as_of))
                .collect();
            said.sort_by(|a, b| a.0.cmp(&b.0));
            prop_assert_eq!(kept, said);
            // Exactly one of three: winners agree on the fact; values are tied; nobody knows.
            let (winners, known) = (resolved.winners().count(), resolved.candidates.iter().any(|c| !c.fact.is_absent()));
            prop_assert!(resolved.winners().all(|c| c.fact == resolved.fact));
            prop_assert_eq!(known, (winners > 0) != resolved.is_tied());
            prop_assert_eq!(resolved.fact.is_absent(), winners == 0);
            prop_assert_eq!(resolved.since, resolved.winners().map(|c| c.source.on()).max());
            let tied: BTreeSet<String> = resolved.candidates.iter().filter(|c| c.standing == Standing::Tied).map(|c| format!("{:?}", c.fact)).collect();
            prop_assert!(tied.len() != 1, "a tie is between different values");
            for c in &resolved.candidates {
                prop_assert_eq!(c.standing == Standing::Absent, c.fact.is_absent());
            }
        }
        // The most recent is the most recent, with no record of the same day that says otherwise.
        let y = view.get("y").unwrap();
        let last = y.candidates.iter().filter(|c| !c.fact.is_absent()).map(|c| c.source.on()).max();
        for c in y.candidates.iter().filter(|c| !c.fact.is_absent()) {
            prop_assert_eq!(c.standing == Standing::Older, Some(c.source.on()) < last);
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------- histories

fn sale(day: &str, pence: i64, id: &str) -> Record {
    Record::sale(date(day), gbp(pence)).with_id(id).unwrap()
}

fn net(base: &CustomerBase<RecordKey>, of: &str) -> (usize, i64) {
    let purchases = base.get(&key(of)).unwrap().as_of(date("2024-12-31"), ReturnPolicy::STRICT).unwrap();
    (usize::try_from(purchases.count()).unwrap(), purchases.net().minor())
}

#[test]
fn histories_follow_the_clusters_and_stay_as_they_are() {
    let mut base = CustomerBase::new(Currency::GBP);
    base.push(key("shop/1"), sale("2024-01-01", 10_00, "1001")).unwrap();
    base.push(key("shop/1"), sale("2024-01-09", 7_00, "1002")).unwrap();
    base.push(key("shop/1"), Record::returned(date("2024-02-01"), gbp(4_00)).of_sale("1001").unwrap()).unwrap();
    base.push(key("shop/1"), Record::returned(date("2024-02-02"), gbp(1_00)).with_id("c1").unwrap().of_sale("1001").unwrap())
        .unwrap();
    base.push(key("shop/1"), Record::cancellation(name("1002"), date("2024-01-10"))).unwrap();
    base.push(key("till/9"), sale("2024-01-01", 10_00, "1001")).unwrap(); // the same number, day and amount
    base.push(key("till/9"), Record::sale(date("2024-03-01"), gbp(2_00))).unwrap();
    base.push(key("web/5"), sale("2024-01-02", 3_00, "w1")).unwrap();
    let before = base.clone();

    let mut all = links([say("s", "shop/1", "till/9", "2024-01-01", by_hand(Says::Same))]);
    let clusters = all.clusters(date("2024-06-30"), []);
    // One numbering for all: sale 1001 was delivered twice.
    let shared = clusters.histories(&base, Numbering::Shared).unwrap();
    assert_eq!((shared.len(), net(&shared, "shop/1"), net(&shared, "web/5")), (2, (2, 7_00), (1, 3_00)));
    // Every system its own: two sales of one number. The returns of the shop reduce the shop's.
    let own = clusters.histories(&base, Numbering::BySystem).unwrap();
    assert_eq!((own.len(), net(&own, "shop/1"), net(&own, "web/5")), (2, (3, 17_00), (1, 3_00)));
    assert_eq!(own.get(&key("till/9")), None);
    assert_eq!(base, before);

    // With other content the numbers cannot be shared.
    base.push(key("till/9"), sale("2024-01-04", 1, "1002")).unwrap();
    let conflict = Err(IdentityError::History(HistoryError::Conflict(name("1002"))));
    assert_eq!(clusters.histories(&base, Numbering::Shared), conflict);
    assert_eq!(net(&clusters.histories(&base, Numbering::BySystem).unwrap(), "shop/1"), (4, 17_01));

    // Unlinked, each has its own again; disputed, too.
    let unlinked = {
        let mut all = all.clone();
        all.retract(retraction("s", "2024-06-30")).unwrap();
        all.clusters(date("2024-06-30"), []).histories(&base, Numbering::Shared).unwrap()
    };
    assert_eq!(unlinked, base);
    all.push(say("t", "till/9", "web/5", "2024-01-01", by_hand(Says::Same))).unwrap();
    all.push(say("u", "shop/1", "web/5", "2024-01-01", by_hand(Says::Different))).unwrap();
    assert_eq!(all.clusters(date("2024-06-30"), []).histories(&base, Numbering::Shared).unwrap(), base);

    // A number that grows too long by its system is refused.
    let mut long = CustomerBase::new(Currency::GBP);
    long.push(key("shop/1"), sale("2024-01-01", 1, &"9".repeat(195))).unwrap();
    assert!(clusters.histories(&long, Numbering::BySystem).is_ok());
    long.push(key("shop/1"), sale("2024-01-01", 1, &"9".repeat(196))).unwrap();
    assert!(matches!(clusters.histories(&long, Numbering::BySystem), Err(IdentityError::Name(_))));
}

#[test]
fn a_base_takes_in_whole_histories() {
    let mut base = CustomerBase::new(Currency::GBP);
    let mut history = History::new(Currency::GBP);
    history.push(sale("2024-01-01", 1_00, "a")).unwrap();
    base.merge_history("x", &history).unwrap();
    base.merge_history("x", &history).unwrap();
    assert_eq!(base.get(&"x"), Some(&history));
    let before = base.clone();
    let mut other = History::new(Currency::GBP);
    other.push(sale("2024-01-01", 2_00, "a")).unwrap();
    assert_eq!(base.merge_history("x", &other), Err(HistoryError::Conflict(name("a"))));
    let mismatch = Err(HistoryError::CurrencyMismatch { history: Currency::GBP, record: Currency::EUR });
    assert_eq!(base.merge_history("x", &History::new(Currency::EUR)), mismatch);
    assert_eq!(base.merge_history("y", &History::new(Currency::EUR)), mismatch);
    assert_eq!(base, before);
}

// ---------------------------------------------------------------------------------------------------------------- wire and words

#[track_caller]
fn refused<T: DeserializeOwned>(json: &Value) {
    assert!(serde_json::from_value::<T>(json.clone()).is_err(), "{json}");
}

#[test]
fn what_cannot_be_built_cannot_be_read() {
    let model = model_at("4", "0").unwrap();
    let json = serde_json::to_value(&model).unwrap();
    assert_eq!(serde_json::from_value::<LinkageModel>(json.clone()).unwrap(), model);
    for (pointer, bad) in [
        ("/prior", json!("1")),
        ("/prior", json!(0.5)),
        ("/comparisons", json!([])),
        ("/comparisons/0/levels/0/m", json!("0.51")),
        ("/comparisons/0/levels/0/u", json!("0")),
        ("/comparisons/1/field", json!("name")),
        ("/thresholds/review", json!("4.001")),
        ("/thresholds/link", json!("4.0001")),
        ("/rounding", json!("any")),
    ] {
        let mut touched = json.clone();
        *touched.pointer_mut(pointer).unwrap() = bad;
        refused::<LinkageModel>(&touched);
    }
    let mut more = json;
    more["weights"] = json!([]);
    refused::<LinkageModel>(&more);

    let assertion =
        json!({"id": "s", "a": "b/1", "b": "a/1", "on": DAY, "ground": {"manual": {"says": "same", "by": "x", "because": "y"}}});
    let read: Assertion = serde_json::from_value(assertion.clone()).unwrap();
    assert_eq!(read.records(), (&key("a/1"), &key("b/1")));
    for (pointer, bad) in [("/a", json!("a/1")), ("/on", json!("+10000-01-01")), ("/ground", json!("manual")), ("/id", json!(""))] {
        let mut touched = assertion.clone();
        *touched.pointer_mut(pointer).unwrap() = bad;
        refused::<Assertion>(&touched);
    }
    let mut other = assertion.clone();
    other["on"] = json!("2024-03-02");
    refused::<Links>(&json!({"assertions": [assertion, other]}));
    refused::<Links>(&json!({"assertions": [], "retractions": [{"of": "s", "on": "+10000-01-01", "by": "x", "because": "y"}]}));
    refused::<Links>(&json!({"assertions": [], "merged": true}));

    let policy =
        Survivorship::new(name("p"), vec![rule("x", vec![Prefer::MostTrusted(vec![name("a")]), Prefer::LeastKey])]).unwrap();
    let json = serde_json::to_value(&policy).unwrap();
    assert_eq!(json, json!({"name": "p", "rules": [{"attribute": "x", "prefer": [{"most-trusted": ["a"]}, "least-key"]}]}));
    assert_eq!(serde_json::from_value::<Survivorship>(json).unwrap(), policy);
    refused::<Survivorship>(&json!({"name": "p", "rules": []}));
    refused::<Survivorship>(&json!({"name": "p", "rules": [{"attribute": "x", "prefer": ["first-row"]}]}));

    let said = record("a/1", &[("x", is("N"), DAY), ("y", Fact::Erased, DAY)]);
    let json = serde_json::to_value(&said).unwrap();
    assert_eq!(serde_json::from_value::<SourceRecord>(json.clone()).unwrap(), said);
    let mut twice = json;
    twice["attributes"][1]["attribute"] = json!("x");
    refused::<SourceRecord>(&twice);
}

#[test]
fn evidence_and_choices_are_told_in_both_languages() {
    let told = |link: &str, review: &str, outcomes: &[(&'static str, &'static str)], language| {
        model_at(link, review).unwrap().weigh(outcomes.iter().copied()).unwrap().explain(language)
    };
    let both = [("name", "exact"), ("birthday", "different")];
    let english = "-0.640 bits (prior -1.000, name exact +5.000, birthday different -4.640), less than 0.000: not linked.";
    assert_eq!(told("4", "0", &both, Language::English), english);
    let english = "4.000 bits (prior -1.000, name exact +5.000, birthday missing 0), at least 4.000: linked.";
    assert_eq!(told("4", "0", &both[..1], Language::English), english);
    let chinese = "4.000 比特（先验 -1.000、name（exact）+5.000、birthday（缺失）0），低于 4.001：待人工复核。";
    assert_eq!(told("4.001", "0", &both[..1], Language::Chinese), chinese);

    let by = |says, language| say("s", "b/1", "a/1", DAY, by_hand(says)).explain(language);
    assert_eq!(by(Says::Same, Language::English), "2024-03-01: a/1 and b/1: one customer, says help desk: seen.");
    assert_eq!(by(Says::Different, Language::English), "2024-03-01: a/1 and b/1: two customers, says help desk: seen.");
    assert_eq!(by(Says::Different, Language::Chinese), "2024-03-01：a/1 与 b/1：不同客户，由help desk认定：seen。");

    let records = [record("a/1", &[("x", is("N"), "2024-01-01")]), record("b/1", &[("x", is("S"), "2024-02-01")])];
    let policy = Survivorship::new(name("p"), vec![rule("x", vec![Prefer::MostRecent])]).unwrap();
    let view = policy.view(&cluster_of(&records, DAY), &records).unwrap();
    let english = "x is S.\n  a/1: is N (form, 2024-01-01): older than another.\n  b/1: is S (form, 2024-02-01): survives.\n";
    assert_eq!(view.get("x").unwrap().explain(Language::English), english);
    let chinese = "x为S。\n  a/1：为N（form，2024-01-01）：较旧。\n  b/1：为S（form，2024-02-01）：采用。\n";
    assert_eq!(view.get("x").unwrap().explain(Language::Chinese), chinese);
    assert_eq!(serde_json::to_value(&view).unwrap()["attributes"][0]["candidates"][0]["standing"], json!("older"));
}
