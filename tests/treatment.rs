//! Playbooks with and without stages, plans, lints, and the cost to serve.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{cases, date, gbp, name, names};
use customer_value::{
    money::{Currency, Money, MoneyError, Ratio},
    quantity::Name,
    reason::Language,
    tier::{
        Grade, GradeSet, TierError,
        treatment::{
            Action, CostBounds, CostShare, Inversion, Lever, Measure, Page, Plan, Playbook, PlaybookLint, Served, ServiceLevel,
            Serving, ServingPolicy, Treatment, TreatmentError, Verdict,
        },
    },
};
use proptest::{collection::vec, prelude::*};
use serde_json::json;

fn set(text: &str) -> GradeSet {
    GradeSet::new(names(text)).unwrap()
}

fn grade(letter: &str) -> Grade {
    GradeSet::letters(7).unwrap().grade(letter).unwrap().clone()
}

/// `"price list, service web shop"`: levers and what is done.
fn treat(what: &str) -> Treatment {
    let lever = |text: &str| Lever::ALL.into_iter().find(|l| l.to_string() == text).unwrap();
    let action = |text: &str| {
        let (word, what) = text.split_once(' ').unwrap();
        Action::new(lever(word), what).unwrap()
    };
    Treatment::new(name("treatment"), what.split(", ").filter(|t| !t.is_empty()).map(action).collect())
}

fn pages(treatments: &[&str]) -> Vec<(Name, Treatment)> {
    ["A", "B", "C", "D", "E", "F", "G", "H"].iter().zip(treatments).map(|(grade, what)| (name(grade), treat(what))).collect()
}

fn book(treatments: &[&str]) -> Playbook {
    Playbook::new(name("book"), pages(treatments)).unwrap()
}

fn page(grade: &str, stage: Option<&str>, treatment: Treatment) -> Page {
    Page { grade: name(grade), stage: stage.map(name), treatment }
}

fn staged(all: &[(&str, &str, &str)]) -> Result<Playbook, TreatmentError> {
    let pages = all.iter().map(|(grade, stage, what)| page(grade, Some(stage), treat(what))).collect();
    Playbook::with_stages(name("book"), set("A B"), names("new old"), pages)
}

// Playbooks.

#[test]
fn bad_playbooks_are_refused_by_constructor_and_json_alike() {
    let alike = |first: &str, second: &str| TreatmentError::TreatedAlike { first: name(first), second: name(second) };
    let level = |pages: Vec<(Name, Treatment)>, levels: &[Option<ServiceLevel>]| -> Vec<(Name, Treatment)> {
        pages.into_iter().zip(levels).map(|((g, t), level)| (g, Treatment { service_level: *level, ..t })).collect()
    };
    let cost = |costs: [Option<Money>; 2]| -> Vec<(Name, Treatment)> {
        pages(&["service a", "service b"])
            .into_iter()
            .zip(costs)
            .map(|((g, t), yearly_cost)| (g, Treatment { yearly_cost, ..t }))
            .collect()
    };
    let (basic, premium) = (Some(ServiceLevel::Basic), Some(ServiceLevel::Premium));
    let euro = Money::from_minor(5, Currency::EUR);
    for (pages, error) in [
        (pages(&["service a"]), TierError::BadGradeCount(1).into()),
        (pages(&["service a"; 8]), TierError::BadGradeCount(8).into()),
        (vec![(name("g"), treat("service a")), (name("g"), treat("service b"))], TierError::Twice(name("g")).into()),
        (pages(&["service a", ""]), TreatmentError::NoAction(name("B"))),
        (pages(&["service a", "service a"]), alike("A", "B")),
        (pages(&["service a, price b", "price b, service a, service a"]), alike("A", "B")),
        (pages(&["service a", "service b", "service b"]), alike("B", "C")),
        (
            level(pages(&["price a", "price b"]), &[basic, premium]),
            TreatmentError::ServiceInverted { better: name("A"), worse: name("B") },
        ),
        (
            level(pages(&["price a", "price b", "price c"]), &[Some(ServiceLevel::Standard), None, premium]),
            TreatmentError::ServiceInverted { better: name("A"), worse: name("C") },
        ),
        (cost([Some(gbp(5)), Some(gbp(-1))]), TreatmentError::NegativeCost(gbp(-1))),
        (cost([Some(gbp(5)), Some(euro)]), MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR }.into()),
    ] {
        let grades: Vec<&Name> = pages.iter().map(|(g, _)| g).collect();
        let wire: Vec<_> = pages.iter().map(|(grade, treatment)| json!({"grade": grade, "treatment": treatment})).collect();
        let json = json!({"name": "book", "grades": grades, "pages": wire}).to_string();
        let why = serde_json::from_str::<Playbook>(&json).unwrap_err().to_string();
        // The position in the text comes after the words.
        assert!(why.starts_with(&error.to_string()), "{why} / {error}");
        assert_eq!(Playbook::new(name("book"), pages), Err(error));
    }
    assert!(Playbook::new(name("book"), level(pages(&["price a", "price b"]), &[premium, premium])).is_ok());
    // The level of service makes a difference, the cost does not.
    assert!(Playbook::new(name("book"), level(pages(&["price a", "price a"]), &[premium, basic])).is_ok());
    let twice = vec![(name("A"), treat("price a").costing(gbp(2))), (name("B"), treat("price a").costing(gbp(1)))];
    assert_eq!(Playbook::new(name("book"), twice), Err(alike("A", "B")));
}

#[test]
fn every_grade_in_every_stage_has_one_treatment() {
    let whole = [("B", "old", "service d"), ("A", "new", "service a"), ("A", "old", "service b"), ("B", "new", "service c")];
    let good = staged(&whole).unwrap();
    let (new, old) = (name("new"), name("old"));
    for (letter, stage, what) in [("A", &new, "a"), ("A", &old, "b"), ("B", &new, "c"), ("B", &old, "d")] {
        assert_eq!(good.treatment(&grade(letter), Some(stage)).unwrap().actions[0].what, what);
    }
    let listed: Vec<String> = good.iter().map(|(g, stage, _)| format!("{g} {}", stage.unwrap())).collect();
    assert_eq!(listed, ["A new", "A old", "B new", "B old"]);
    let read: Playbook = serde_json::from_str(&serde_json::to_string(&good).unwrap()).unwrap();
    assert_eq!((&read, read.id()), (&good, good.id()));

    let left_out = TreatmentError::LeftOut { grade: name("B"), stage: Some(name("old")) };
    assert_eq!(left_out.to_string(), "grade \"B\" in stage \"old\" has no treatment");
    assert_eq!(staged(&whole[1..]), Err(left_out));
    let two = TreatmentError::TwoTreatments { grade: name("A"), stage: Some(name("new")) };
    assert_eq!(staged(&[whole[1], whole[1]]), Err(two.clone()));
    assert_eq!(two.to_string(), "grade \"A\" in stage \"new\" has two treatments");
    assert_eq!(staged(&[("C", "new", "service a")]), Err(TreatmentError::UnknownGrade(name("C"))));
    assert_eq!(staged(&[("A", "lost", "service a")]), Err(TreatmentError::UnknownStage(Some(name("lost")))));
    // Alike in one stage is a choice, alike in all is one grade too many.
    let one = |b: &str| staged(&[("A", "new", "service a"), ("A", "old", "service b"), ("B", "new", "service a"), ("B", "old", b)]);
    assert!(one("service c").is_ok());
    assert_eq!(one("service b"), Err(TreatmentError::TreatedAlike { first: name("A"), second: name("B") }));

    let with = |stages: Vec<Name>, pages| Playbook::with_stages(name("b"), set("A B"), stages, pages);
    assert_eq!(with(names("new old new"), vec![]), Err(TreatmentError::Twice(name("new"))));
    let many = |n| (0..n).map(|i| name(&format!("s{i}"))).collect::<Vec<_>>();
    assert_eq!(with(many(21), vec![]), Err(TreatmentError::TooManyStages(21)));
    assert_eq!(with(many(20), vec![]), Err(TreatmentError::LeftOut { grade: name("A"), stage: Some(name("s0")) }));
    let no_stage = vec![page("A", None, treat("service a"))];
    assert_eq!(with(names("new"), no_stage), Err(TreatmentError::UnknownStage(None)));

    assert_eq!(good.treatment(&grade("A"), None), Err(TreatmentError::UnknownStage(None)));
    assert_eq!(TreatmentError::UnknownStage(None).to_string(), "a stage must be given");
    let plain = book(&["service a", "service b"]);
    assert_eq!(plain.treatment(&grade("A"), Some(&new)), Err(TreatmentError::UnknownStage(Some(new.clone()))));
    assert_eq!(plain.treatment(&grade("C"), None), Err(TreatmentError::UnknownGrade(name("C"))));
    assert_eq!(plain.treatment(set("B A").grade("A").unwrap(), None), Err(TreatmentError::UnknownGrade(name("A"))));
}

#[test]
fn a_playbook_covers_the_grades_of_its_model_and_no_others() {
    let book = Playbook::new(
        name("book"),
        vec![(name("A"), treat("service a")), (name("B"), treat("service b")), (name("D"), treat("service d"))],
    )
    .unwrap();
    let left_out = |grade: &str| TreatmentError::LeftOut { grade: name(grade), stage: None };
    for (grades, error) in [
        ("A B D", None),
        ("A B C", Some(left_out("C"))),
        ("A B D E", Some(left_out("E"))),
        ("A B", Some(TreatmentError::UnknownGrade(name("D")))),
        ("B A D", Some(TreatmentError::UnknownGrade(name("A")))),
    ] {
        assert_eq!(book.covers(&set(grades)).err(), error, "{grades}");
    }
}

#[test]
fn a_change_of_anything_changes_the_fingerprint() {
    let base = pages(&["service a", "service b"]);
    let of = |pages: &[(Name, Treatment)]| Playbook::new(name("book"), pages.to_vec()).unwrap().id().fingerprint;
    let changed = |change: fn(&mut Treatment)| {
        let mut pages = base.clone();
        change(&mut pages[0].1);
        of(&pages)
    };
    let all = [
        of(&base),
        changed(|t| t.name = name("other")),
        changed(|t| t.actions[0].what = name("other")),
        changed(|t| t.actions[0].lever = Lever::Price),
        changed(|t| t.service_level = Some(ServiceLevel::Basic)),
        changed(|t| t.service_level = Some(ServiceLevel::Premium)),
        changed(|t| t.yearly_cost = Some(gbp(1))),
        changed(|t| t.yearly_cost = Some(gbp(2))),
    ];
    let mut different = all.to_vec();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), all.len());
}

// Plans.

#[test]
fn a_plan_says_what_it_follows_from() {
    let key =
        treat("service a named manager, price yearly prices").at(ServiceLevel::Premium).costing("1200.00 CNY".parse().unwrap());
    let pages = vec![page("A", Some("regular"), key), page("B", Some("regular"), treat("service web shop"))];
    let book = Playbook::with_stages(name("2024"), set("A B"), names("regular"), pages).unwrap();
    let plan = book.plan(&grade("A"), Some(&name("regular")), date("2024-03-31")).unwrap();
    let id = book.id();
    assert_eq!(
        plan.explain(Language::English),
        format!(
            "2024-03-31: grade A in stage regular is treated as treatment (playbook {id}).\nThe level of service is premium.\n\
             By service: a named manager.\nBy price: yearly prices.\nPlanned cost: 1200.00 CNY a year.\n"
        )
    );
    assert_eq!(
        plan.explain(Language::Chinese),
        format!(
            "2024-03-31：等级 A、阶段 regular，适用策略 treatment（{id}）。\n服务标准：优质。\n服务：a named manager。\n\
             价格：yearly prices。\n计划成本：每年 1200.00 CNY。\n"
        )
    );
    let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(read, plan);
    assert!(book.makes(&plan));
    assert!(!book.makes(&Plan { grade: grade("B"), ..plan.clone() }));
    assert!(!book.makes(&Plan { stage: None, ..plan.clone() }));
    let other = Playbook::with_stages(name("2025"), set("A B"), names("regular"), book_pages(&book)).unwrap();
    assert!(!other.makes(&plan));
    assert_eq!(book.plan(&grade("A"), None, date("2024-03-31")), Err(TreatmentError::UnknownStage(None)));
    let short = book.plan(&grade("B"), Some(&name("regular")), date("2024-03-31")).unwrap().explain(Language::English);
    assert_eq!(short.lines().count(), 2);
}

fn book_pages(book: &Playbook) -> Vec<Page> {
    book.iter().map(|(g, s, t)| Page { grade: g.name().clone(), stage: s.cloned(), treatment: t.clone() }).collect()
}

// Lints.

#[test]
fn lints_find_what_is_doubtful_and_nothing_else() {
    let nearly = |first: &str, second: &str| PlaybookLint::NearlyAlike { first: name(first), second: name(second) };
    let service = |first: &str, second: &str| PlaybookLint::OnlyService { first: name(first), second: name(second) };
    let terms = |lever, grades: &str| PlaybookLint::TermsDiffer { lever, stage: None, grades: names(grades) };
    let everything = "price p, product q, service s, policy t, campaign u, channel v";
    for (treatments, expected) in [
        (&["service a, channel visit", "product b"][..], vec![]),
        (&["service a", "service b"], vec![nearly("A", "B"), service("A", "B")]),
        (&["service a, channel c", "channel c, service b"], vec![nearly("A", "B"), service("A", "B")]),
        (&["service a, channel c", "channel c"], vec![service("A", "B")]),
        (&["service a, channel c", "service b, channel d"], vec![nearly("A", "B")]),
        (&["service a", "service b", "channel c"], vec![nearly("A", "B"), service("A", "B")]),
        // Two of three differ in service only, wherever they stand.
        (&["service a", "service a, channel c", "channel c"], vec![service("B", "C")]),
        (&["channel c", "channel d", "service a, channel c"], vec![nearly("A", "B"), service("A", "C")]),
        // A price by another name.
        (&["campaign 20 % coupon", "product x"], vec![terms(Lever::Campaign, "B")]),
        (&["price a, service a", "service a", "price b, channel c"], vec![terms(Lever::Price, "B C")]),
        (&["policy a", "policy a, service b"], vec![service("A", "B")]),
        (&["policy a", "service b"], vec![terms(Lever::Policy, "B")]),
        (
            &[everything, "service s"],
            vec![
                terms(Lever::Price, "B"),
                terms(Lever::Policy, "B"),
                terms(Lever::Campaign, "B"),
                PlaybookLint::Everything { grade: name("A"), stage: None },
            ],
        ),
    ] {
        assert_eq!(book(treatments).lints(), expected, "{treatments:?}");
    }
}

#[test]
fn lints_look_at_every_stage_and_at_levels_and_costs() {
    // Alike but for one stage: not nearly alike as a whole.
    let good = staged(&[("A", "new", "service a"), ("A", "old", "price b"), ("B", "new", "service c"), ("B", "old", "channel d")])
        .unwrap();
    let terms = PlaybookLint::TermsDiffer { lever: Lever::Price, stage: Some(name("old")), grades: names("B") };
    assert_eq!(good.lints(), [terms]);
    // Levels of service are a difference in service.
    let level = |level, cost| treat("channel c").at(level).costing(gbp(cost));
    let of = |better, worse| {
        let pages = vec![(name("A"), level(ServiceLevel::Premium, better)), (name("B"), level(ServiceLevel::Basic, worse))];
        Playbook::new(name("book"), pages).unwrap().lints()
    };
    let service = || PlaybookLint::OnlyService { first: name("A"), second: name("B") };
    assert_eq!(of(5, 5), [service()]);
    // Two premium and standard services beside a third grade with a channel of its own.
    let levels = vec![
        (name("A"), treat("service x").at(ServiceLevel::Premium)),
        (name("B"), treat("service y").at(ServiceLevel::Standard)),
        (name("C"), treat("channel web")),
    ];
    assert_eq!(Playbook::new(name("book"), levels).unwrap().lints(), [service()]);
    let inverted = PlaybookLint::CostInverted { better: name("A"), worse: name("B"), stage: None };
    assert_eq!(of(5, 6), [service(), inverted]);
}

#[test]
fn every_lint_has_words_in_both_languages_and_the_law_is_named() {
    let stage = Some(name("new"));
    let lints = [
        PlaybookLint::NearlyAlike { first: name("A"), second: name("B") },
        PlaybookLint::OnlyService { first: name("A"), second: name("B") },
        PlaybookLint::TermsDiffer { lever: Lever::Price, stage: None, grades: names("B C") },
        PlaybookLint::TermsDiffer { lever: Lever::Policy, stage: stage.clone(), grades: names("B") },
        PlaybookLint::TermsDiffer { lever: Lever::Campaign, stage: None, grades: names("B") },
        PlaybookLint::Everything { grade: name("A"), stage: stage.clone() },
        PlaybookLint::CostInverted { better: name("A"), worse: name("B"), stage },
    ];
    let mut seen = Vec::new();
    for lint in &lints {
        for language in [Language::English, Language::Chinese] {
            let text = lint.explain(language);
            assert!(text.ends_with(['.', '?', '。', '？']) && !seen.contains(&text) && !text.contains("  "), "{text}");
            seen.push(text);
        }
        assert_eq!(&serde_json::from_str::<PlaybookLint>(&serde_json::to_string(lint).unwrap()).unwrap(), lint);
    }
    assert!(
        seen[4].starts_with("Prices of B, C differ") && seen[4].contains("article 24") && seen[4].ends_with("no legal advice.")
    );
    // The words of the law: 不得对个人在交易价格等交易条件上实行不合理的差别待遇.
    assert!(seen[5].contains("第二十四条") && seen[5].contains("不得对个人在交易价格等交易条件上实行不合理的差别待遇"));
    assert!(seen[6].contains("in stage new") && seen[7].contains("阶段 new"));
}

// Cost to serve.

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn bounds(least: &str, most: &str) -> CostBounds {
    CostBounds { least: ratio(least), most: ratio(most) }
}

fn serving() -> ServingPolicy {
    ServingPolicy::new(set("A B C"), vec![bounds("0.05", "0.2"), bounds("0.05", "0.1"), bounds("0", "1/30")]).unwrap()
}

/// `"A 1000 20"`: grade, value and cost in pence.
fn report(customers: &[&str]) -> Result<Serving<usize>, TreatmentError> {
    let served = |(customer, text): (usize, &&str)| {
        let parts: Vec<&str> = text.split(' ').collect();
        Served { customer, grade: grade(parts[0]), value: gbp(parts[1].parse().unwrap()), cost: gbp(parts[2].parse().unwrap()) }
    };
    serving().report(Currency::GBP, customers.iter().enumerate().map(served))
}

#[test]
fn bounds_are_met_exactly() {
    let (over, under) = (Some(Verdict::OverServed), Some(Verdict::UnderServed));
    for (customer, expected) in [
        ("A 10000 500", None),  // 5 % is in
        ("A 10000 499", under), // one penny less is not
        ("A 10000 2000", None), // 20 % is in
        ("A 10000 2001", over),
        ("C 30000 1000", None), // a thirtieth, which no decimal is
        ("C 30000 1001", over),
        ("C 29999 1000", over),
        ("C 10000 0", None), // nothing is in where nothing is asked
        ("B 10000 0", under),
        ("A 0 1", over), // any cost is too much for no value
        ("A -500 1", over),
        ("A 0 0", None),    // nothing for nothing
        ("A -500 0", None), // a loss that costs nothing to serve is not a matter of service
        ("C 9223372036854775807 9223372036854775807", over),
        ("C 9223372036854775807 1", None),
    ] {
        let report = report(&[customer]).unwrap();
        assert_eq!(report.misserved.first().map(|m| m.verdict), expected, "{customer}");
        let row = report.grades.iter().find(|g| g.customers == 1).unwrap();
        assert_eq!((row.over_served, row.under_served), (u64::from(expected == over), u64::from(expected == under)));
    }
}

#[test]
fn grades_are_added_up_and_inversions_named() {
    let report = report(&["A 10000 400", "B 2000 900", "A 30000 3600", "B 0 100"]).unwrap();
    let (a, b, c) = (&report.grades[0], &report.grades[1], &report.grades[2]);
    assert_eq!((a.customers, a.value, a.cost, a.share), (2, gbp(40000), gbp(4000), Some(CostShare::Of(ratio("0.1")))));
    assert_eq!((b.customers, b.value, b.cost, b.share), (2, gbp(2000), gbp(1000), Some(CostShare::Of(ratio("0.5")))));
    assert_eq!((c.customers, c.value, c.cost, c.share), (0, gbp(0), gbp(0), None));
    assert_eq!((a.under_served, a.over_served, b.over_served), (1, 0, 2));
    let who: Vec<_> = report.misserved.iter().map(|m| (m.served.customer, m.verdict, m.share)).collect();
    let expected = [
        (0, Verdict::UnderServed, CostShare::Of(ratio("0.04"))),
        (1, Verdict::OverServed, CostShare::Of(ratio("0.45"))),
        (3, Verdict::OverServed, CostShare::WithoutValue),
    ];
    assert_eq!(who, expected);
    let inversion = |better, worse, measure| Inversion { better: grade(better), worse: grade(worse), measure };
    assert_eq!(report.inversions, [inversion("A", "B", Measure::PerValue)]);
}

#[test]
fn inversions_by_customer_and_by_value() {
    let inversion = |better, worse, measure| Inversion { better: grade(better), worse: grade(worse), measure };
    let (each, value) = (Measure::PerCustomer, Measure::PerValue);
    for (customers, expected) in [
        (&["A 100 10", "B 100 10"][..], vec![]),
        (&["A 100 10", "B 200 11"], vec![inversion("A", "B", each)]),
        (&["A 100 10", "B 100 9", "B 100 12"], vec![inversion("A", "B", each), inversion("A", "B", value)]),
        (&["A 100 10", "B 50 9"], vec![inversion("A", "B", value)]),
        (&["A 100 10", "B 0 9"], vec![inversion("A", "B", value)]), // no share is greater than a cost without value
        (&["A 0 10", "B 100 9"], vec![]),
        (&["A 0 10", "B 0 9"], vec![]),
        (&["A 100 10", "B 0 0"], vec![]), // nothing compares with nothing
        (&["A 0 0", "B 100 10"], vec![inversion("A", "B", each)]),
        (&["A 100 10", "C 100 11"], vec![inversion("A", "C", each), inversion("A", "C", value)]), // over an empty grade
        (&["B 100 10"], vec![]),
        (&[], vec![]),
    ] {
        assert_eq!(report(customers).unwrap().inversions, expected, "{customers:?}");
    }
}

#[test]
fn a_share_is_exact_and_needs_one_currency() {
    let of = |cost, value| CostShare::of(gbp(cost), gbp(value));
    assert_eq!(of(1, 3), Ok(Some(CostShare::Of(ratio("1/3")))));
    assert_eq!(of(-1, 3), Ok(Some(CostShare::Of(ratio("-1/3")))));
    assert_eq!((of(1, 0), of(1, -3)), (Ok(Some(CostShare::WithoutValue)), Ok(Some(CostShare::WithoutValue))));
    assert_eq!((of(0, 0), of(-1, 0), of(0, -3)), (Ok(None), Ok(None), Ok(None)));
    let mismatch = MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR };
    assert_eq!(CostShare::of(gbp(1), Money::from_minor(3, Currency::EUR)), Err(mismatch));
    assert!(CostShare::Of(ratio("1000000")) < CostShare::WithoutValue);
}

#[test]
fn what_cannot_be_added_or_judged_is_refused() {
    assert_eq!(report(&["D 100 1"]), Err(TreatmentError::UnknownGrade(name("D"))));
    assert_eq!(report(&["A 100 -1"]), Err(TreatmentError::NegativeCost(gbp(-1))));
    let overflow = Err(TreatmentError::Money(MoneyError::Overflow { currency: Currency::GBP }));
    assert_eq!(report(&["A 9223372036854775807 0", "A 1 0"]), overflow);
    // Only the sum must fit.
    assert_eq!(report(&["A 9223372036854775807 0", "A 1 0", "A -1 0"]).unwrap().grades[0].value, gbp(i64::MAX));
    let one =
        |currency, value, cost| serving().report(currency, [Served { customer: (), grade: grade("A"), value, cost }]).unwrap_err();
    let euro = Money::from_minor(1, Currency::EUR);
    let mismatch = |left, right| TreatmentError::Money(MoneyError::CurrencyMismatch { left, right });
    assert_eq!(one(Currency::EUR, gbp(1), gbp(1)), mismatch(Currency::EUR, Currency::GBP));
    assert_eq!(one(Currency::GBP, gbp(1), euro), mismatch(Currency::EUR, Currency::GBP));
    assert_eq!(one(Currency::GBP, euro, euro), mismatch(Currency::GBP, Currency::EUR));

    let policy = |bounds: Vec<CostBounds>| {
        let json = json!({"grades": ["A", "B"], "bounds": bounds}).to_string();
        let made = ServingPolicy::new(set("A B"), bounds);
        assert_eq!(serde_json::from_str::<ServingPolicy>(&json).ok(), made.clone().ok());
        made
    };
    let bad = |b: CostBounds| Err(TreatmentError::BadBounds { least: b.least, most: b.most });
    let fine = bounds("0.1", "0.1");
    assert!(policy(vec![fine, bounds("0", "2")]).is_ok());
    assert_eq!(policy(vec![fine, bounds("0.2", "0.1")]), bad(bounds("0.2", "0.1")));
    assert_eq!(policy(vec![bounds("-0.1", "0.1"), fine]), bad(bounds("-0.1", "0.1")));
    let many = TreatmentError::TooManyBounds { grades: 2, bounds: 3 };
    assert_eq!(many.to_string(), "3 bounds are given for 2 grades");
    assert_eq!(policy(vec![fine, fine, bounds("0.3", "0.4")]), Err(many));
    assert_eq!(policy(vec![fine]), Err(TreatmentError::LeftOut { grade: name("B"), stage: None }));
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn the_report_is_the_sum_of_its_customers_in_any_order(
        customers in vec((0..3_usize, -200..1000_i64, 0..300_i64), 0..20), turn in 0..20_usize,
    ) {
        let served = |(at, (grade, value, cost)): (usize, &(usize, i64, i64))| {
            Served { customer: at, grade: serving().grades().best_first()[*grade].clone(), value: gbp(*value), cost: gbp(*cost) }
        };
        let mut all: Vec<Served<usize>> = customers.iter().enumerate().map(served).collect();
        let report = serving().report(Currency::GBP, all.clone()).unwrap();
        // Whole numbers of hundredths and thirtieths, instead of fractions.
        let percent = [(5, 20), (5, 10), (0, 0)];
        for (at, (grade, value, cost)) in customers.iter().enumerate() {
            let (least, most) = percent[*grade];
            let over = if *grade == 2 { cost * 30 > *value } else { cost * 100 > value * most };
            let expected = match (*value > 0, *cost > 0) {
                (false, true) => Some(Verdict::OverServed),
                (false, false) => None,
                (true, _) if over => Some(Verdict::OverServed),
                (true, _) => (cost * 100 < value * least).then_some(Verdict::UnderServed),
            };
            prop_assert_eq!(report.misserved.iter().find(|m| m.served.customer == at).map(|m| m.verdict), expected);
        }
        for (at, row) in report.grades.iter().enumerate() {
            let of = || customers.iter().filter(|c| c.0 == at);
            prop_assert_eq!(row.value, gbp(of().map(|c| c.1).sum()));
            prop_assert_eq!(row.cost, gbp(of().map(|c| c.2).sum()));
            prop_assert_eq!(row.customers, of().count() as u64);
        }
        let misserved: u64 = report.grades.iter().map(|g| g.over_served + g.under_served).sum();
        prop_assert_eq!(misserved, report.misserved.len() as u64);
        if !all.is_empty() {
            let by = turn % all.len();
            all.rotate_left(by);
        }
        let turned = serving().report(Currency::GBP, all).unwrap();
        prop_assert_eq!((turned.grades, turned.inversions), (report.grades, report.inversions));
    }
}
