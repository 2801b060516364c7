//! Strategies: which phase a day lies in, what a phase decides, and how a change is split into the customer's part and the strategy's.

#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, date, dec, decs, name};
use customer_value::{
    Decimal, NaiveDate,
    calendar::{self, CalendarError},
    money::Ratio,
    quantity::{Name, Quantity, Ties, Unit},
    reason::{Decision, Language},
    score::{AnyModel, Cutpoints, Missing, Phase, Scale, Score, ScoreError, ScoreModel, Split, Strategy, StrategyError, Term},
    tier::{Axis, Grade, GradeModel, GradeSet, Grid, TierError},
    value::{Dimension, Direction, FactSheet, Family},
};
use proptest::{array::uniform3, prelude::any, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

const DIMENSIONS: [&str; 3] = ["cities", "orders", "order"];

fn term(title: &str, weight: Ratio, scale: Scale) -> Term {
    let dimension = Dimension::new(title, Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap();
    Term { dimension, weight, scale, missing: Missing::Refuse }
}

/// Weighs the dimensions in proportion; a dimension with nothing is left out. All scales have five levels.
fn weighing(title: &str, places: u8, proportions: [u8; 3]) -> ScoreModel {
    let total: i128 = proportions.into_iter().map(i128::from).sum();
    let scale = || Scale::Bins(Cutpoints::new([2, 4, 6, 8].map(Into::into).to_vec(), Ties::ToUpper).unwrap());
    let terms = DIMENSIONS.into_iter().zip(proportions).filter(|(_, p)| *p > 0);
    let terms = terms.map(|(title, p)| term(title, Ratio::new(p.into(), total).unwrap(), scale())).collect();
    ScoreModel::new(name(title), places, terms).unwrap()
}

fn grading(title: &str, score: ScoreModel, cuts: &[&str], grades: u8) -> GradeModel {
    let set = GradeSet::letters(grades).unwrap();
    let cells = set.best_first().iter().rev().map(|g| g.name().clone()).collect();
    let axis = Axis { of: score.name().clone(), cutpoints: Cutpoints::new(decs(cuts), Ties::ToUpper).unwrap() };
    GradeModel::new(name(title), vec![], vec![score], Grid::new(set, vec![axis], cells).unwrap(), vec![]).unwrap()
}

fn facts(values: [u32; 3]) -> FactSheet {
    let sheet = DIMENSIONS.into_iter().zip(values);
    sheet.fold(FactSheet::new(), |sheet, (title, v)| sheet.with(title, Quantity::count(v)).unwrap())
}

fn phase<M>(title: &str, from: &str, until: &str, model: M) -> Phase<M> {
    let until = (!until.is_empty()).then(|| date(until));
    Phase { name: name(title), from: date(from), until, model }
}

/// Phases "p0", "p1" … of one model.
fn phases(days: &[(&str, &str)]) -> Result<Strategy, StrategyError> {
    let phase = |(i, (from, until)): (usize, &(&str, &str))| phase(&format!("p{i}"), from, until, weighing("m", 2, [1, 1, 1]));
    Strategy::new(days.iter().enumerate().map(phase).collect())
}

/// Coverage until the leap day of 2008, control from the day after.
fn scores() -> Strategy {
    Strategy::new(vec![
        phase("coverage", "2004-02-29", "2008-03-01", weighing("early", 2, [7, 2, 1])),
        phase("control", "2008-03-01", "", weighing("late", 2, [0, 4, 6])),
    ])
    .unwrap()
}

fn grades() -> Strategy<GradeModel> {
    let grade = |score: &ScoreModel| grading(score.name(), score.clone(), &["2", "4"], 3);
    let phases = scores()
        .phases()
        .iter()
        .map(|p| Phase { name: p.name.clone(), from: p.from, until: p.until, model: grade(&p.model) })
        .collect();
    Strategy::new(phases).unwrap()
}

/// One model in 2004, another from 2005 on.
fn two<M: AnyModel>(first: M, second: M) -> Strategy<M> {
    Strategy::new(vec![phase("a", "2004-01-01", "2005-01-01", first), phase("b", "2005-01-01", "", second)]).unwrap()
}

fn split(customer: &str, strategy: &str) -> Split {
    Split { customer: dec(customer), strategy: dec(strategy) }
}

#[test]
fn a_day_lies_in_exactly_one_phase() {
    let strategy = scores();
    for (day, expected) in [
        ("2004-02-28", None),
        ("2004-02-29", Some("coverage")),
        ("2008-02-28", Some("coverage")),
        ("2008-02-29", Some("coverage")), // the last day, a leap day
        ("2008-03-01", Some("control")),
        ("9999-12-31", Some("control")),
    ] {
        assert_eq!(strategy.on(date(day)).map(|p| p.name.as_str()), expected, "{day}");
        let scored = strategy.score(&facts([9, 9, 9]), date(day));
        assert_eq!(scored.is_ok(), expected.is_some(), "{day}");
        assert_eq!(scored.ok().map(|d| d.model), strategy.on(date(day)).map(|p| p.model.id().clone()));
    }
    assert_eq!(strategy.phase("control"), strategy.phases().last());
    assert_eq!(strategy.phase("contro"), None);
}

#[test]
fn outside_all_phases_the_answer_is_a_refusal() {
    let ended = phases(&[("2004-01-01", "2005-01-01"), ("2005-01-01", "2006-01-01")]).unwrap();
    let refused = |day: &str| ended.score(&facts([9, 9, 9]), date(day)).unwrap_err();
    assert_eq!(
        refused("2003-12-31"),
        StrategyError::Before { day: date("2003-12-31"), phase: name("p0"), from: date("2004-01-01") }
    );
    assert_eq!(
        refused("2006-01-01"),
        StrategyError::After { day: date("2006-01-01"), phase: name("p1"), until: date("2006-01-01") }
    );
    assert!(ended.score(&facts([9, 9, 9]), date("2005-12-31")).is_ok());

    let change = |then, now| ended.change((date(then), &facts([1, 1, 1])), (date(now), &facts([9, 9, 9])));
    assert!(matches!(change("2003-12-31", "2004-06-30"), Err(StrategyError::Before { .. })));
    assert!(matches!(change("2004-06-30", "2006-01-01"), Err(StrategyError::After { .. })));
    let backwards = StrategyError::Backwards { then: date("2004-07-01"), now: date("2004-06-30") };
    assert_eq!(change("2004-07-01", "2004-06-30"), Err(backwards));
    assert!(change("2004-07-01", "2004-07-01").is_ok());
}

#[test]
fn gaps_and_overlaps_are_refused_and_named() {
    let first = ("2004-01-01", "2008-03-01");
    assert!(phases(&[first, ("2008-03-01", "2009-01-01"), ("2009-01-01", "")]).is_ok());
    let gap = |from, until| StrategyError::Gap { before: name("p0"), after: name("p1"), from: date(from), until: date(until) };
    assert_eq!(phases(&[first, ("2008-03-02", "")]), Err(gap("2008-03-01", "2008-03-02")));
    assert_eq!(
        gap("2008-03-01", "2008-03-02").to_string(),
        "from 2008-03-01 up to but not including 2008-03-02, between \"p0\" and \"p1\", no phase is in force"
    );
    let overlap = |day| StrategyError::Overlap { first: name("p0"), second: name("p1"), day: date(day) };
    assert_eq!(phases(&[first, ("2008-02-29", "")]), Err(overlap("2008-02-29")));
    assert_eq!(overlap("2008-02-29").to_string(), "2008-02-29 lies both in \"p0\" and in \"p1\"");
    assert_eq!(phases(&[first, first]), Err(overlap("2004-01-01")));
    let out_of_order = StrategyError::OutOfOrder { first: name("p0"), second: name("p1") };
    assert_eq!(phases(&[("2008-03-01", ""), first]), Err(out_of_order));
    assert_eq!(phases(&[("2004-01-01", ""), ("2008-03-01", "")]), Err(StrategyError::NoEnd(name("p0"))));
    assert_eq!(phases(&[]), Err(StrategyError::NoPhases));
    let days = |error| StrategyError::Days { phase: name("p0"), error };
    let empty = CalendarError::EmptyPeriod { from: date("2004-01-01"), until: date("2004-01-01") };
    assert_eq!(phases(&[("2004-01-01", "2004-01-01")]), Err(days(empty)));
    assert_eq!(phases(&[("+10000-01-01", "")]), Err(days(CalendarError::OutOfRange)));
    let twice =
        vec![phase("p", first.0, first.1, weighing("m", 2, [1, 1, 1])), phase("p", first.1, "", weighing("m", 2, [1, 1, 1]))];
    assert_eq!(Strategy::new(twice), Err(StrategyError::Twice(name("p"))));
}

/// Comparing every name with every other took more than a second.
#[test]
fn twenty_thousand_phases_are_checked_name_by_name() {
    let model = weighing("m", 2, [1, 1, 1]);
    let first = date("1900-01-01");
    let day = |n: u64| first + chrono::Days::new(n);
    let phase = |n: u64| Phase { name: name(&format!("p{n}")), from: day(n), until: Some(day(n + 1)), model: model.clone() };
    let mut phases: Vec<Phase> = (0..20_000).map(phase).collect();
    assert!(Strategy::new(phases.clone()).is_ok());
    phases[19_999].name = name("p7");
    assert_eq!(Strategy::new(phases), Err(StrategyError::Twice(name("p7"))));
}

#[test]
fn the_phase_is_found_from_the_decision() {
    let strategy = scores();
    let change = strategy.change((date("2008-02-29"), &facts([9, 5, 1])), (date("2008-03-01"), &facts([9, 5, 5]))).unwrap();
    let of = |decision: &Decision<Score>| strategy.phase_of(decision).unwrap().name.to_string();
    let corners = [&change.then, &change.customer_only, &change.strategy_only, &change.now];
    assert_eq!(corners.map(of), ["coverage", "coverage", "control", "control"]);
    assert_eq!(corners.map(|d| d.as_of.to_string()), ["2008-02-29", "2008-03-01", "2008-02-29", "2008-03-01"]);
    assert_eq!([&change.old_phase, &change.new_phase].map(Name::as_str), ["coverage", "control"]);

    // Two phases with the same model: the day tells them apart, as long as it lies in one of them.
    let returned = phases(&[("2004-01-01", "2005-01-01"), ("2005-01-01", "2006-01-01")]).unwrap();
    let decision = returned.score(&facts([9, 9, 9]), date("2005-01-01")).unwrap();
    assert_eq!(returned.phase_of(&decision).map(|p| p.name.as_str()), Some("p1"));
    assert_eq!(returned.phase_of(&Decision { as_of: date("2006-01-01"), ..decision.clone() }), None);
    assert_eq!(strategy.phase_of(&decision), None);
}

#[test]
fn last_years_decision_is_found_again_bit_by_bit() {
    let strategy = grades();
    let stored = strategy.grade(&facts([9, 3, 1]), date("2007-12-31")).unwrap();
    let text = serde_json::to_string(&stored).unwrap();

    let read: Strategy<GradeModel> = serde_json::from_str(&serde_json::to_string(&strategy).unwrap()).unwrap();
    assert_eq!(read, strategy);
    let again = read.grade(&facts([9, 3, 1]), date("2007-12-31")).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
    assert_eq!(again.value.to_string(), "A"); // 0.7 · 5 + 0.2 · 2 + 0.1 · 1 = 4.00, the cut itself
    let phase = read.phase_of(&again).unwrap();
    assert_eq!(phase.name, "coverage");
    assert_eq!(phase.model.replay(&serde_json::from_str(&text).unwrap()), Ok(()));
    assert_eq!(read.grade(&facts([9, 3, 1]), date("2008-12-31")).unwrap().value.to_string(), "C"); // 0.4 · 2 + 0.6 · 1

    let change = read.change((date("2007-12-31"), &facts([9, 3, 1])), (date("2008-12-31"), &facts([1, 3, 9]))).unwrap();
    assert_eq!(change.then, again);
}

#[test]
fn a_change_is_split_by_hand() {
    // Levels 5, 2, 1, then 1, 2, 5; weights 7:2:1, then 0:4:6.
    let strategy = scores();
    let (then, now) = ((date("2007-12-31"), &facts([9, 3, 1])), (date("2008-12-31"), &facts([1, 3, 9])));
    let change = strategy.change(then, now).unwrap();
    let values = [&change.then, &change.customer_only, &change.strategy_only, &change.now].map(|d| d.value.to_string());
    assert_eq!(values, ["4.00", "1.60", "1.40", "3.80"]);
    assert_eq!(change.whole().map(|w| w.to_string()), Some("-0.20".into()));
    assert_eq!(change.customer_first(), Some(split("-2.40", "2.20")));
    assert_eq!(change.strategy_first(), Some(split("2.40", "-2.60")));
    assert_eq!(change.split(), Some(split("0", "-0.2")));
    // Cities: −2.8 under the first model, 0 under the second. Market order: +0.4 and +2.4.
    let dimensions: Vec<(String, Split)> = change.dimensions().unwrap().into_iter().map(|(n, s)| (n.to_string(), s)).collect();
    let expected = [("cities", "-1.4", "-2.1"), ("orders", "0", "0.4"), ("order", "1.4", "1.5")];
    assert_eq!(dimensions, expected.map(|(n, c, s)| (n.to_string(), split(c, s))));

    let graded = grades().change(then, now).unwrap();
    let values = [&graded.then, &graded.customer_only, &graded.strategy_only, &graded.now].map(|d| d.value.to_string());
    assert_eq!(values, ["A", "C", "C", "B"]);
    assert_eq!(graded.whole(), Some(dec("-1")));
    assert_eq!(graded.customer_first(), Some(split("-2", "1")));
    assert_eq!(graded.strategy_first(), Some(split("1", "-2")));
    let halves = graded.split().unwrap();
    assert_eq!([halves.customer, halves.strategy].map(|d| d.to_string()), ["-0.5", "-0.5"]);

    let of_score = grades().of_score(&name("early"));
    assert!(of_score.is_none(), "only the first model has a score of that name");
}

#[test]
fn the_change_is_told_in_two_languages() {
    let (then, now) = ((date("2007-12-31"), &facts([9, 3, 1])), (date("2008-12-31"), &facts([1, 3, 9])));
    assert_eq!(
        grades().change(then, now).unwrap().explain(Language::English),
        "2007-12-31 in phase \"coverage\": grade A.\n\
         2008-12-31 in phase \"coverage\": grade C if only the customer had changed.\n\
         2007-12-31 in phase \"control\": grade C if only the strategy had changed.\n\
         2008-12-31 in phase \"control\": grade B.\n\
         The difference in grades is −1: −0.5 by the customer, −0.5 by the strategy.\n\
         With the customer first: −2 by the customer, +1 by the strategy. \
         With the strategy first: +1 by the customer, −2 by the strategy.\n"
    );
    assert_eq!(
        scores().change(then, now).unwrap().explain(Language::Chinese),
        "2007-12-31，“coverage”阶段：分数 4.00。\n\
         2008-12-31，“coverage”阶段：分数 1.60（若仅客户变化）。\n\
         2007-12-31，“control”阶段：分数 1.40（若仅战略变化）。\n\
         2008-12-31，“control”阶段：分数 3.80。\n\
         分数相差 −0.2：客户变化 0，战略变化 −0.2。\n\
         先计客户：客户变化 −2.4，战略变化 +2.2。先计战略：客户变化 +2.4，战略变化 −2.6。\n\
         cities：客户变化 −1.4，战略变化 −2.1。\n\
         orders：客户变化 0，战略变化 +0.4。\n\
         order：客户变化 +1.4，战略变化 +1.5。\n"
    );
    // Within a phase there are no two stories.
    let later = (date("2009-12-31"), &facts([1, 3, 5]));
    assert_eq!(
        grades().change((date("2008-12-31"), now.1), later).unwrap().explain(Language::English),
        "2008-12-31 in phase \"control\": grade B.\n2009-12-31 in phase \"control\": grade B.\n\
         The difference in grades is 0: 0 by the customer, 0 by the strategy.\n"
    );
}

#[test]
fn what_is_not_measured_alike_has_no_difference() {
    let (then, now) = ((date("2004-12-31"), &facts([9, 3, 1])), (date("2005-12-31"), &facts([1, 3, 9])));

    let graded = |grades, cuts: &[&str]| grading("m", weighing("score", 2, [1, 1, 1]), cuts, grades);
    let change = two(graded(3, &["2", "4"]), graded(4, &["2", "3", "4"])).change(then, now).unwrap();
    assert_eq!((change.whole(), change.split(), change.customer_first(), change.strategy_first()), (None, None, None, None));
    assert_eq!((change.then.value.to_string(), change.now.value.to_string()), ("B".into(), "C".into()));
    let told = change.explain(Language::English);
    assert!(told.ends_with("The values of the two phases cannot be compared in numbers.\n"), "{told}");
    assert!(change.explain(Language::Chinese).ends_with("两个阶段的结果无法用数字比较。\n"));

    let one = |title: &str, scale| ScoreModel::new(name(title), 2, vec![term("cities", Ratio::ONE, scale)]).unwrap();
    let range = |best: i64| Scale::Range { worst: 0.into(), best: best.into() };
    let bins = |cuts: &[&str]| Scale::Bins(Cutpoints::new(decs(cuts), Ties::ToUpper).unwrap());
    let comparable = |a, b| two(one("a", a), one("b", b)).change(then, now).unwrap().dimensions().is_some();
    assert!(comparable(range(10), range(20))); // from 0 to 1 in both
    assert!(comparable(bins(&["2", "4"]), bins(&["3", "9"]))); // from 1 to 3 in both
    assert!(!comparable(bins(&["2", "4"]), bins(&["3", "6", "9"])));
    assert!(!comparable(range(10), bins(&["2", "4"])));
    assert!(!comparable(range(10), Scale::AsIs));
    assert!(comparable(Scale::AsIs, Scale::AsIs)); // the same value in both
    let other = ScoreModel::new(name("m"), 2, vec![term("orders", Ratio::ONE, Scale::AsIs)]).unwrap();
    assert_eq!(two(one("m", Scale::AsIs), other).change(then, now).unwrap().split(), None);
}

#[test]
fn a_tenth_is_not_a_whole() {
    let reach = Dimension::judged("reach", Family::Latent, ["local", "national"]).unwrap();
    let rated = |title: &str, best: &str| {
        let (dimension, scale) = (reach.clone(), Scale::Points(vec![Decimal::ZERO, dec(best)]));
        ScoreModel::new(name(title), 2, vec![Term { dimension, weight: Ratio::ONE, scale, missing: Missing::Refuse }]).unwrap()
    };
    let national = FactSheet::new().with("reach", name("national")).unwrap();
    let split = |a, b| {
        let strategy = two(rated("a", a), rated("b", b));
        strategy.change((date("2004-12-31"), &national), (date("2005-12-31"), &national)).unwrap().split().is_some()
    };
    assert!(split("0.5", "0.50"));
    assert!(!split("0.5", "5"));
}

#[test]
fn thirds_do_not_make_ranges_differ() {
    // Rounded to no places, a third of one is 0 and the lowest score would seem to be 0; before rounding it is 1.
    let two = vec![
        phase("a", "2004-01-01", "2005-01-01", weighing("a", 0, [1, 1, 1])),
        phase("b", "2005-01-01", "", weighing("b", 0, [1, 0, 1])),
    ];
    let change =
        Strategy::new(two).unwrap().change((date("2004-12-31"), &facts([9, 3, 1])), (date("2005-12-31"), &facts([1, 3, 9])));
    assert!(change.unwrap().split().is_some());
}

#[test]
fn a_corner_that_cannot_be_decided_is_named() {
    let strategy = scores();
    let unjudged = FactSheet::new().with("cities", Quantity::count(9)).unwrap().with("orders", Quantity::count(3)).unwrap();
    let absent = |day| ScoreError::Missing { dimension: name(day), fact: customer_value::quantity::Fact::Unknown };
    let change =
        |then: &FactSheet, now: &FactSheet| strategy.change((date("2007-12-31"), then), (date("2008-12-31"), now)).unwrap_err();
    let undecided =
        |phase: &str, day: &str, error| StrategyError::Undecided { phase: name(phase), as_of: date(day), error: Box::new(error) };
    assert_eq!(change(&facts([9, 3, 1]), &unjudged), undecided("coverage", "2008-12-31", absent("order")));
    assert_eq!(change(&unjudged, &facts([9, 3, 1])), undecided("coverage", "2007-12-31", absent("order")));
    let only_later = FactSheet::new().with("orders", Quantity::count(9)).unwrap().with("order", Quantity::count(3)).unwrap();
    assert_eq!(change(&facts([9, 3, 1]), &only_later), undecided("coverage", "2008-12-31", absent("cities")));
    // What only the later model needs is missing then.
    let early = FactSheet::new().with("cities", Quantity::count(9)).unwrap();
    let refused = two(weighing("a", 2, [1, 0, 0]), weighing("b", 2, [1, 0, 1]))
        .change((date("2004-12-31"), &early), (date("2005-12-31"), &facts([9, 3, 1])));
    assert_eq!(refused.unwrap_err(), undecided("b", "2004-12-31", absent("order")));
    let graded = grades().grade(&unjudged, date("2007-12-31")).unwrap_err();
    let inner = Box::new(TierError::Score(absent("order")));
    assert_eq!(graded, StrategyError::Undecided { phase: name("coverage"), as_of: date("2007-12-31"), error: inner });
}

#[test]
fn numbers_at_the_end_of_the_range_are_refused_and_not_rounded() {
    let model = ScoreModel::new(name("m"), 0, vec![term("cities", Ratio::ONE, Scale::AsIs)]).unwrap();
    let strategy = Strategy::new(vec![phase("a", "2004-01-01", "", model)]).unwrap();
    let sheet = |value: &str| FactSheet::new().with("cities", Quantity { value: dec(value), unit: Unit::Count }).unwrap();
    let change =
        |from: &str, to: &str| strategy.change((date("2004-01-01"), &sheet(from)), (date("2004-01-02"), &sheet(to))).unwrap();
    let (most, least) = ("79228162514264337593543950335", "-79228162514264337593543950335");
    assert_eq!(change("0", most).whole(), Some(dec(most)));
    // With one place more it does not fit; the same holds for the points of the dimension.
    assert_eq!((change("0", most).split(), change("0", most).dimensions()), (None, None));
    assert_eq!(change(least, most).whole(), None);
    assert_eq!(change(most, most).split(), Some(split("0", "0")));
    let fits = "7922816251426433759354395033";
    assert_eq!(change("0", fits).split(), Some(split("7922816251426433759354395033", "0")));
    assert!(change(least, most).explain(Language::English).contains("cannot be compared in numbers"));
}

fn wire(model: &Value) -> Value {
    json!({"phases": [
        {"name": "a", "from": "2004-01-01", "until": "2005-01-01", "model": model},
        {"name": "b", "from": "2005-01-01", "until": null, "model": model},
    ]})
}

#[test]
fn what_cannot_be_built_cannot_be_read() {
    let model = serde_json::to_value(weighing("m", 2, [1, 1, 1])).unwrap();
    let read = |json: Value| serde_json::from_value::<Strategy>(json).map_err(|e| e.to_string());
    let good = wire(&model);
    let strategy = read(good.clone()).unwrap();
    let mut written = serde_json::to_value(&strategy).unwrap();
    assert_eq!(written["phases"][1].get("until"), None); // an end that is not there is not written
    written["phases"][1]["until"] = Value::Null;
    assert_eq!(written, good);

    let with = |pointer: &str, value: Value| {
        let mut json = good.clone();
        *json.pointer_mut(pointer).unwrap() = value;
        read(json).unwrap_err()
    };
    for (pointer, value, words) in [
        ("/phases", json!([]), "at least one phase"),
        ("/phases", json!({}), "invalid type"),
        ("/phases/1/name", json!("a"), "two phases are called \"a\""),
        ("/phases/1/name", json!(""), "not a name"),
        ("/phases/0/until", json!("2005-01-02"), "2005-01-01 lies both in \"a\" and in \"b\""),
        ("/phases/0/until", json!("2004-12-31"), "from 2004-12-31 up to but not including 2005-01-01"),
        ("/phases/0/until", json!("2004-01-01"), "phase \"a\": period 2004-01-01..2004-01-01 has no day in it"),
        ("/phases/0/until", json!("2005-02-29"), "input is out of range"),
        ("/phases/0/until", Value::Null, "phase \"a\" has no end, but is not the last"),
        ("/phases/0/from", json!("2006-01-01"), "phase \"a\": period 2006-01-01..2005-01-01"),
        ("/phases/0/from", json!("0000-12-31"), "date out of range"),
        ("/phases/0/from", json!(20_040_101), "invalid type"),
        ("/phases/0/model/terms/0/weight", json!("0.5"), "add up to"),
        ("/phases/0/model", json!({}), "missing field"),
    ] {
        let error = with(pointer, value);
        assert!(error.contains(words), "{pointer}: {error}");
    }
    for pointer in ["", "/phases/0"] {
        let mut json = good.clone();
        json.pointer_mut(pointer).unwrap()["version"] = json!(1);
        assert!(read(json).unwrap_err().contains("unknown field `version`"));
    }
    let mut swapped = good.clone();
    swapped["phases"].as_array_mut().unwrap().reverse();
    assert!(read(swapped).unwrap_err().contains("\"a\" begins before \"b\""));
    // A model of another kind.
    assert!(serde_json::from_value::<Strategy<GradeModel>>(good).is_err());
}

#[test]
fn a_strategy_prints_its_days_and_models() {
    let text = scores().to_string();
    let heads: Vec<&str> = text.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        heads,
        [
            "phase \"coverage\", 2004-02-29..2008-03-01",
            "score \"early\", 2 places",
            "phase \"control\", 2008-03-01..",
            "score \"late\", 2 places"
        ]
    );
}

fn sum(parts: impl IntoIterator<Item = Split>) -> (Decimal, Decimal) {
    parts.into_iter().fold((Decimal::ZERO, Decimal::ZERO), |(c, s), part| (c + part.customer, s + part.strategy))
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn every_account_adds_up_exactly(
        old in uniform3(0..9_u8), new in uniform3(0..9_u8), places in [0..7_u8, 0..7_u8], cuts in [10..50_i64, 10..50_i64],
        then in uniform3(0..10_u32), now in uniform3(0..10_u32), same_phase: bool,
    ) {
        let filled = |[a, b, c]: [u8; 3]| if a + b + c == 0 { [1, 2, 3] } else { [a, b, c] };
        let models = [weighing("score", places[0], filled(old)), weighing("score", places[1], filled(new))];
        let graded = |model: &ScoreModel, cut: i64| grading("g", model.clone(), &[&Decimal::new(cut, 1).to_string()], 2);
        let [g0, g1] = [graded(&models[0], cuts[0]), graded(&models[1], cuts[1])];
        let strategy = two(g0, g1);
        let days = [date("2004-03-31"), date(if same_phase { "2004-12-31" } else { "2005-01-01" })];
        let (before, after) = (facts(then), facts(now));

        let change = strategy.change((days[0], &before), (days[1], &after)).unwrap();
        let score = strategy.of_score(&name("score")).unwrap().change((days[0], &before), (days[1], &after)).unwrap();
        let accounts = [change.split(), change.customer_first(), change.strategy_first()];
        for account in accounts {
            let Split { customer, strategy } = account.unwrap();
            prop_assert_eq!(customer + strategy, change.whole().unwrap());
        }
        let rank = |grade: &Grade| i64::from(grade.rank());
        prop_assert_eq!(change.whole().unwrap(), Decimal::from(rank(&change.then.value) - rank(&change.now.value)));
        for account in [score.split(), score.customer_first(), score.strategy_first()] {
            let Split { customer, strategy } = account.unwrap();
            prop_assert_eq!(customer + strategy, score.now.value.points() - score.then.value.points());
        }
        let mean = score.split().unwrap();
        prop_assert_eq!(sum(score.dimensions().unwrap().into_iter().map(|(_, part)| part)), (mean.customer, mean.strategy));
        // Twice the mean is the sum of the two stories.
        let [first, second] = [score.customer_first().unwrap(), score.strategy_first().unwrap()];
        prop_assert_eq!(mean.customer + mean.customer, first.customer + second.customer);

        if same_phase {
            prop_assert_eq!((change.split().unwrap().strategy, mean.strategy), (Decimal::ZERO, Decimal::ZERO));
            prop_assert!(score.dimensions().unwrap().iter().all(|(_, part)| part.strategy.is_zero()));
            prop_assert_eq!(&change.then.value, &change.strategy_only.value);
        }
        // Whoever has not changed contributes nothing, and neither does a dimension that has not.
        if then == now {
            prop_assert!(mean.customer.is_zero() && change.split().unwrap().customer.is_zero());
        }
        for (dimension, part) in score.dimensions().unwrap() {
            let at = DIMENSIONS.iter().position(|title| dimension == *title).unwrap();
            prop_assert!(then[at] != now[at] || part.customer.is_zero());
        }
        for corner in [&change.then, &change.customer_only, &change.strategy_only, &change.now] {
            prop_assert_eq!(corner.verify(), Ok(()));
            let home = strategy.phase_of(corner).unwrap();
            prop_assert_eq!(home.model.replay(corner), Ok(()));
        }
    }

    #[test]
    fn phases_that_share_their_ends_leave_no_day_out(lengths in [1..900_i32, 1..900_i32, 1..900_i32], probe in -5..2710_i32, open: bool) {
        let start = date("2003-11-30");
        let ends: Vec<NaiveDate> = lengths.iter().scan(0, |sum, n| { *sum += n; Some(calendar::days_from(start, *sum).unwrap()) }).collect();
        let model = weighing("m", 0, [1, 1, 1]);
        let froms = [start, ends[0], ends[1]];
        let phase = |i: usize| Phase { name: name(&format!("p{i}")), from: froms[i], until: (i < 2 || !open).then_some(ends[i]), model: model.clone() };
        let strategy = Strategy::new((0..3).map(phase).collect()).unwrap();
        let day = calendar::days_from(start, probe).unwrap();
        let inside = strategy.phases().iter().filter(|p| p.contains(day)).count();
        prop_assert_eq!(inside, usize::from(day >= start && (open || day < ends[2])));
        prop_assert_eq!(strategy.on(day).is_some(), inside == 1);
    }

    #[test]
    fn a_strategy_read_back_decides_the_same(weights in uniform3(1..9_u8), values in uniform3(0..10_u32), late in any::<bool>()) {
        let mut phases = grades().phases().to_vec();
        phases[1].model = grading("late", weighing("late", 3, weights), &["2.5"], 2);
        let strategy = Strategy::new(phases).unwrap();
        let read: Strategy<GradeModel> = serde_json::from_str(&serde_json::to_string(&strategy).unwrap()).unwrap();
        let day = date(if late { "2008-03-01" } else { "2008-02-29" });
        prop_assert_eq!(read.grade(&facts(values), day), strategy.grade(&facts(values), day));
        prop_assert_eq!(read, strategy);
    }
}
