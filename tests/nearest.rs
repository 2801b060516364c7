//! The least change of one dimension that reaches or loses a grade: reference cases, a search by brute force, the ends of the range.
#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, dec, decs, name, names};
use customer_value::{
    money::{Currency, Money, Ratio},
    quantity::{Fact, Name, Predicate, Quantity, Ties, Unit},
    reason::Language,
    score::{Cutpoints, Missing, Reference, Scale, ScoreError, ScoreModel, Term},
    tier::{
        Axis, Effect, Grade, GradeModel, GradeSet, Grid, Rule, TierError,
        nearest::{Change, Distance, Goal, Nearest},
    },
    value::{Dimension, Direction, FactSheet, Facts, Family},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;

const CNY: Unit = Unit::Money(Currency::CNY);

fn measured(of: &str, direction: Direction, unit: Unit) -> Dimension {
    Dimension::new(of, Family::Economic, direction, unit).unwrap()
}

fn more(of: &str, unit: Unit) -> Dimension {
    measured(of, Direction::HigherIsBetter, unit)
}

fn term(dimension: Dimension, weight: &str, scale: Scale, missing: Missing) -> Term {
    Term { dimension, weight: weight.parse().unwrap(), scale, missing }
}

fn axis(of: &str, cuts: &[&str]) -> Axis {
    Axis { of: name(of), cutpoints: Cutpoints::new(decs(cuts), Ties::ToUpper).unwrap() }
}

fn grid(grades: u8, axes: Vec<Axis>, cells: &str) -> Grid {
    Grid::new(GradeSet::letters(grades).unwrap(), axes, names(cells)).unwrap()
}

fn rule(title: &str, when: Predicate, then: Effect) -> Rule {
    Rule { name: name(title), when, then, because: name("it is so") }
}

fn at_least(of: &str, bound: &str) -> Predicate {
    Predicate::AtLeast { of: name(of), bound: dec(bound) }
}

fn one_of(of: &str, list: &str) -> Predicate {
    Predicate::OneOf { of: name(of), names: names(list) }
}

fn grade(model: &GradeModel, letter: &str) -> Grade {
    model.grades().grade(letter).unwrap().clone()
}

fn reach(model: &GradeModel, letter: &str) -> Goal {
    Goal::Reach(grade(model, letter))
}

fn lose(model: &GradeModel, letter: &str) -> Goal {
    Goal::Lose(grade(model, letter))
}

fn cny(text: &str) -> Fact {
    Money::new(dec(text), Currency::CNY).unwrap().into()
}

fn number(text: &str) -> Fact {
    Quantity::number(dec(text)).into()
}

fn ways(model: &GradeModel, facts: &FactSheet, goal: &Goal) -> Vec<Nearest> {
    match model.nearest(facts, goal).unwrap() {
        Distance::Away(ways) => ways,
        Distance::Met(grade) => unreachable!("met with {grade}"),
    }
}

fn way(model: &GradeModel, facts: &FactSheet, goal: &Goal, of: &str) -> Change {
    ways(model, facts, goal).into_iter().find(|nearest| nearest.dimension == of).unwrap().change
}

fn least(to: Fact, by: &str, unit: Unit, better: bool, grade: Grade) -> Change {
    Change::Least { to, by: Quantity { value: dec(by), unit }, better, grade }
}

/// The golden case of `tests/firm_b.rs`: sales and influence by mid-rank, half and half, and ten million in sales decide alone.
fn firm_b() -> GradeModel {
    let sales = ["12000000.00", "8000000.00", "9999999.99", "10000000.00", "3000000.00", "500000.00", "500000.00", "1500000.00"];
    let influence = ["0.4175", "1", "0.2575", "0.2575", "0.6925", "0.2575", "0.8125", "0.4450"];
    let by_rank = |sample: &[&str]| Scale::MidRank(Reference::new(decs(sample)).unwrap());
    let terms = vec![
        term(more("annual sales", CNY), "0.5", by_rank(&sales), Missing::Refuse),
        term(more("influence", Unit::Number), "0.5", by_rank(&influence), Missing::Refuse),
    ];
    let standing = ScoreModel::new(name("standing"), 4, terms).unwrap();
    let one_vote = rule("one-vote", at_least("annual sales", "10000000.00"), Effect::Pin(name("A")));
    GradeModel::new(
        name("firm B"),
        vec![],
        vec![standing],
        grid(4, vec![axis("standing", &["0.4", "0.6"])], "D C B"),
        vec![one_vote],
    )
    .unwrap()
}

fn firm_b_facts(sales: &str, influence: &str) -> FactSheet {
    FactSheet::new().with("annual sales", cny(sales)).unwrap().with("influence", number(influence)).unwrap()
}

#[test]
fn c3_is_one_fen_short_of_a() {
    let model = firm_b();
    let c3 = firm_b_facts("9999999.99", "0.2575");
    let distance = model.nearest(&c3, &reach(&model, "A")).unwrap();
    let Distance::Away(found) = &distance else { unreachable!() };
    assert_eq!(found[0].from, cny("9999999.99"));
    assert_eq!(found[0].change, least(cny("10000000.00"), "0.01", CNY, true, grade(&model, "A")));
    // No influence makes an A: only the vote does.
    assert_eq!((&*found[1].dimension, &found[1].change, found.len()), ("influence", &Change::NotAlone, 2));
    assert_eq!(
        distance.explain(Language::English),
        "annual sales: 0.01 CNY more, 10,000,000.00 CNY instead of 9,999,999.99 CNY, makes A.\n\
         influence: no change of it alone does it.\n"
    );
    assert_eq!(
        distance.explain(Language::Chinese),
        "annual sales：增加 0.01 CNY，由 9,999,999.99 CNY 变为 10,000,000.00 CNY，等级为 A。\n\
         influence：仅改变此项不能达到目标。\n"
    );
}

#[test]
fn firm_b_by_hand() {
    let model = firm_b();
    // c8, a C: for B the standing must rise from 0.4375 to 0.6. Sales alone: a percentile of 0.6375, which 5 of 8 is not, but the place of
    // c3 is. Influence alone: 0.8875, which 7 of 8 is not, but the place of c2 is.
    let c8 = firm_b_facts("1500000.00", "0.4450");
    let b = reach(&model, "B");
    assert_eq!(way(&model, &c8, &b, "annual sales"), least(cny("9999999.99"), "8499999.99", CNY, true, grade(&model, "B")));
    assert_eq!(way(&model, &c8, &b, "influence"), least(number("1"), "0.555", Unit::Number, true, grade(&model, "B")));
    // c1 keeps A with 2,000,000.00 less; one fen below that the standing is (0.6875 + 0.4375) / 2 = 0.5625, a C.
    let c1 = firm_b_facts("12000000.00", "0.4175");
    let lost = least(cny("9999999.99"), "-2000000.01", CNY, false, grade(&model, "C"));
    assert_eq!(way(&model, &c1, &lose(&model, "A"), "annual sales"), lost);
    assert_eq!(way(&model, &c1, &lose(&model, "A"), "influence"), Change::NotAlone);
    // The least grade can only be reached, never lost.
    assert!(ways(&model, &c8, &lose(&model, "D")).iter().all(|nearest| nearest.change == Change::NotAlone));
    // At the bound itself, and a goal that is met.
    let c4 = firm_b_facts("10000000.00", "0.2575");
    assert_eq!(model.nearest(&c4, &reach(&model, "A")), Ok(Distance::Met(grade(&model, "A"))));
    assert_eq!(model.nearest(&c4, &reach(&model, "D")), Ok(Distance::Met(grade(&model, "A"))));
    assert_eq!(model.nearest(&c8, &lose(&model, "B")), Ok(Distance::Met(grade(&model, "C"))));
    assert_eq!(Distance::Met(grade(&model, "C")).explain(Language::English), "Nothing has to change: the grade is C.\n");
    assert_eq!(Distance::Met(grade(&model, "C")).explain(Language::Chinese), "无需改变：等级为 C。\n");
    assert_eq!(
        way(&model, &c4, &lose(&model, "A"), "annual sales"),
        least(cny("9999999.99"), "-0.01", CNY, false, grade(&model, "C"))
    );
}

#[test]
fn a_grade_of_another_set_is_refused() {
    let model = firm_b();
    let c3 = firm_b_facts("9999999.99", "0.2575");
    let other = GradeSet::new(names("gold A")).unwrap();
    for letter in ["gold", "A"] {
        // The second A is the worse of two: another grade, though it has the same name.
        let goal = Goal::Reach(other.grade(letter).unwrap().clone());
        assert_eq!(model.nearest(&c3, &goal), Err(TierError::UnknownGrade(name(letter))));
    }
    let missing = FactSheet::new().with("annual sales", cny("1")).unwrap();
    let refused = model.nearest(&missing, &reach(&model, "A"));
    assert!(matches!(refused, Err(TierError::Score(ScoreError::Missing { .. }))), "{refused:?}");
    let wrong = firm_b_facts("1", "1").with("annual sales", Quantity::days(3)).unwrap();
    assert!(matches!(model.nearest(&wrong, &reach(&model, "A")), Err(TierError::Score(ScoreError::WrongUnit { .. }))));
    let goal = reach(&model, "B");
    let text = serde_json::to_string(&goal).unwrap();
    assert_eq!((text.as_str(), serde_json::from_str::<Goal>(&text).unwrap()), (r#"{"reach":{"rank":2,"name":"B"}}"#, goal));
}

/// Days, a judged dimension and an attribute; recency of 90 days or less makes B, and 30 or less A.
fn mixed(rules: Vec<Rule>) -> GradeModel {
    let dimensions = vec![
        measured("recency", Direction::LowerIsBetter, Unit::Days),
        Dimension::judged("standing", Family::Social, ["unknown", "regional", "national", "global"]).unwrap(),
    ];
    let cuts = Cutpoints::new(decs(&["30", "90"]), Ties::ToLower).unwrap();
    let grid = grid(3, vec![Axis { of: name("recency"), cutpoints: cuts }], "C B A");
    GradeModel::new(name("mixed"), dimensions, vec![], grid, rules).unwrap()
}

fn mixed_facts(days: &str, standing: &str, region: &str) -> FactSheet {
    let recency = Quantity { value: dec(days), unit: Unit::Days };
    FactSheet::new()
        .with("recency", recency)
        .unwrap()
        .with("standing", name(standing))
        .unwrap()
        .with("region", name(region))
        .unwrap()
}

/// `"south B, east A"`: names and what they make.
fn named(model: &GradeModel, names: &str, other: Option<&str>) -> Change {
    let one = |text: &str| text.split_once(' ').map(|(of, made)| (name(of), grade(model, made))).unwrap();
    let mentioned = names.split(", ").filter(|text| !text.is_empty()).map(one).collect();
    Change::Names { mentioned, other: other.map(|made| grade(model, made)) }
}

#[test]
fn a_name_that_no_rule_mentions_is_tried_too() {
    // In the south, and in a place called like the first that is tried, nobody is better than B.
    let model = mixed(vec![rule("south", one_of("region", "south another·0"), Effect::AtMost(name("B")))]);
    let facts = mixed_facts("10", "regional", "south");
    let distance = model.nearest(&facts, &reach(&model, "A")).unwrap();
    let Distance::Away(found) = &distance else { unreachable!() };
    assert_eq!(found[2].change, named(&model, "", Some("A")));
    assert!(distance.explain(Language::English).ends_with("region (now south): any other makes A.\n"));
    assert!(distance.explain(Language::Chinese).ends_with("region（现为 south）：改为任何其他名称，等级为 A。\n"));
    // Who is anywhere else cannot get to A, or lose it, by another such place.
    let elsewhere = mixed_facts("100", "regional", "west");
    assert_eq!(way(&model, &elsewhere, &reach(&model, "A"), "region"), Change::NotAlone);
    let elsewhere = mixed_facts("10", "regional", "west");
    assert_eq!(way(&model, &elsewhere, &lose(&model, "A"), "region"), named(&model, "south B, another·0 B", None));
}

#[test]
fn days_levels_and_names() {
    let model = mixed(vec![
        rule("abroad", one_of("standing", "global"), Effect::AtLeast(name("A"))),
        rule("home", one_of("region", "south east"), Effect::AtLeast(name("B"))),
        rule("not here", Predicate::Not(Box::new(one_of("region", "north south"))), Effect::AtLeast(name("A"))),
    ]);
    let facts = mixed_facts("100", "regional", "north");
    let (a, b) = (grade(&model, "A"), grade(&model, "B"));
    let named = |names: &str, other: Option<&str>| named(&model, names, other);
    let distance = model.nearest(&facts, &reach(&model, "B")).unwrap();
    let Distance::Away(found) = &distance else { unreachable!() };
    assert_eq!(found[0].change, least(Quantity::days(90).into(), "-10", Unit::Days, true, b.clone()));
    assert_eq!(found[1].change, least(name("global").into(), "2", Unit::Level, true, a.clone()));
    assert_eq!(found[2].change, named("south B, east A", Some("A")));
    assert_eq!(
        distance.explain(Language::English),
        "recency: 10 days less, 90 days instead of 100 days, makes B.\n\
         standing: 2 places up, global instead of regional, makes A.\n\
         region (now north): south makes B, east makes A, any other makes A.\n"
    );
    assert_eq!(
        distance.explain(Language::Chinese),
        "recency：减少 10 天，由 100 天 变为 90 天，等级为 B。\n\
         standing：上升 2 位，由 regional 变为 global，等级为 A。\n\
         region（现为 north）：改为 south，等级为 B；改为 east，等级为 A；改为任何其他名称，等级为 A。\n"
    );
    // To lose B on the 30th day, two months are left; a half day is no value.
    let facts = mixed_facts("30", "regional", "north");
    assert_eq!(
        way(&model, &facts, &lose(&model, "B"), "recency"),
        least(Quantity::days(91).into(), "61", Unit::Days, false, grade(&model, "C"))
    );
    let facts = mixed_facts("30.5", "regional", "north");
    assert_eq!(
        way(&model, &facts, &reach(&model, "A"), "recency"),
        least(Quantity::days(30).into(), "-0.5", Unit::Days, true, a.clone())
    );
    // At 0 days nothing is better, and an attribute that does not matter to the goal says so.
    let facts = mixed_facts("0", "global", "north");
    assert_eq!(way(&model, &facts, &lose(&model, "A"), "recency"), Change::NotAlone);
    assert_eq!(way(&model, &facts, &lose(&model, "A"), "region"), Change::NotAlone);
    // Below zero is no number of days, though a record may say so.
    let facts = mixed_facts("-3", "unknown", "north");
    assert_eq!(
        way(&model, &facts, &lose(&model, "A"), "recency"),
        least(Quantity::days(31).into(), "34", Unit::Days, false, grade(&model, "B"))
    );
    // One place down, in words.
    let facts = mixed_facts("100", "global", "north");
    let distance = model.nearest(&facts, &lose(&model, "A")).unwrap();
    assert!(distance.explain(Language::English).contains("standing: 1 place down, national instead of global, makes C."));
    assert!(distance.explain(Language::Chinese).contains("standing：下降 1 位，由 global 变为 national，等级为 C。"));
}

#[test]
fn what_is_missing_has_no_distance_and_leaves_the_rest_certain_or_not() {
    let model = mixed(vec![
        rule("abroad", one_of("standing", "global"), Effect::AtLeast(name("A"))),
        rule("home", one_of("region", "south"), Effect::AtLeast(name("B"))),
    ]);
    // The grade is anything from C to A until somebody looks at the standing; B is not certain.
    let facts = FactSheet::new().with("recency", Quantity::days(100)).unwrap().with("region", Fact::Erased).unwrap();
    assert!(matches!(model.grade_only(&facts), Err(TierError::Uncertain { .. })));
    let distance = model.nearest(&facts, &reach(&model, "B")).unwrap();
    let Distance::Away(found) = &distance else { unreachable!() };
    assert_eq!(found[0].change, least(Quantity::days(90).into(), "-10", Unit::Days, true, grade(&model, "B")));
    assert_eq!((&found[1].from, &found[1].change), (&Fact::Unknown, &Change::Missing));
    assert_eq!((&found[2].from, &found[2].change), (&Fact::Erased, &named(&model, "south B", None)));
    assert_eq!(
        distance.explain(Language::English),
        "recency: 10 days less, 90 days instead of 100 days, makes B.\n\
         standing is unknown: there is nothing to measure a change from.\n\
         region: south makes B.\n"
    );
    assert_eq!(
        distance.explain(Language::Chinese),
        "recency：减少 10 天，由 100 天 变为 90 天，等级为 B。\nstanding未知：无从计算差距。\nregion：改为 south，等级为 B。\n"
    );
    // Whatever the standing is, 80 days are B or better: the goal is met, though the grade is not known.
    let facts = FactSheet::new().with("recency", Quantity::days(80)).unwrap().with("region", name("north")).unwrap();
    assert!(matches!(model.grade_only(&facts), Err(TierError::Uncertain { .. })));
    assert_eq!(model.nearest(&facts, &reach(&model, "B")), Ok(Distance::Met(grade(&model, "B"))));
    // A is never certainly lost while the standing may be global.
    let facts = FactSheet::new().with("recency", Quantity::days(10)).unwrap().with("region", name("north")).unwrap();
    assert_eq!(way(&model, &facts, &lose(&model, "A"), "recency"), Change::NotAlone);
}

#[test]
fn a_level_in_the_middle_of_the_list_is_found() {
    let model = mixed(vec![rule("middle", one_of("standing", "national"), Effect::AtLeast(name("A")))]);
    let goal = reach(&model, "A");
    let to = |by, better| least(name("national").into(), by, Unit::Level, better, grade(&model, "A"));
    assert_eq!(way(&model, &mixed_facts("100", "unknown", "x"), &goal, "standing"), to("2", true));
    assert_eq!(way(&model, &mixed_facts("100", "global", "x"), &goal, "standing"), to("-1", false));
}

#[test]
fn where_a_fact_is_missing_both_ends_of_what_it_allows_are_watched() {
    // Influence is missing: with small sales the grade is C or B, with large sales C or A.
    let axes = vec![axis("sales", &["100"]), axis("influence", &["1"])];
    let dimensions = vec![more("sales", CNY), more("influence", Unit::Number)];
    let model = GradeModel::new(name("m"), dimensions, vec![], grid(3, axes, "C B C A"), vec![]).unwrap();
    let facts = FactSheet::new().with("sales", cny("150.00")).unwrap();
    // A is out of reach for certain with small sales only; that the grade is then open between C and B does not matter.
    assert_eq!(way(&model, &facts, &lose(&model, "A"), "sales"), least(cny("99.99"), "-50.01", CNY, false, grade(&model, "B")));
}

#[test]
fn a_rule_against_improvement_is_looked_at_on_both_sides() {
    // Sales of 100 and more are A, but from 200 to 300 the grade is capped, and so it is below 50.
    let band = Predicate::All(vec![at_least("sales", "200"), Predicate::AtMost { of: name("sales"), bound: dec("300") }]);
    let model = |direction| {
        GradeModel::new(
            name("bands"),
            vec![measured("sales", direction, CNY)],
            vec![],
            grid(3, vec![axis("sales", &["100"])], "B A"),
            vec![rule("band", band.clone(), Effect::AtMost(name("C")))],
        )
        .unwrap()
    };
    let sales = |text: &str| FactSheet::new().with("sales", cny(text)).unwrap();
    let m = model(Direction::HigherIsBetter);
    let a = |to: &str, by: &str, better| least(cny(to), by, CNY, better, grade(&m, "A"));
    for (from, expected) in [
        ("220.00", a("199.99", "-20.01", false)),
        ("290.00", a("300.01", "10.01", true)),
        ("250.00", a("300.01", "50.01", true)), // 50.01 either way: the better one
        ("249.99", a("199.99", "-50.00", false)),
        ("0.00", a("100.00", "100.00", true)),
    ] {
        assert_eq!(way(&m, &sales(from), &reach(&m, "A"), "sales"), expected, "{from}");
    }
    // The same band where less is better: at equal distance, now down is better.
    let m = model(Direction::LowerIsBetter);
    let b = |to: &str, by: &str, better, letter| least(cny(to), by, CNY, better, grade(&m, letter));
    assert_eq!(way(&m, &sales("250.00"), &reach(&m, "B"), "sales"), b("199.99", "-50.01", true, "B"));
    assert_eq!(way(&m, &sales("250.01"), &reach(&m, "B"), "sales"), b("300.01", "50.00", false, "B"));
}

#[test]
fn plain_numbers_are_as_fine_as_what_they_meet() {
    let model = |cut: &str| {
        let grid = grid(2, vec![axis("share", &[cut])], "B A");
        GradeModel::new(name("share"), vec![more("share", Unit::Number)], vec![], grid, vec![]).unwrap()
    };
    let by = |cut: &str, from: &str, goal: fn(&GradeModel, &str) -> Goal| {
        let model = model(cut);
        match way(&model, &FactSheet::new().with("share", number(from)).unwrap(), &goal(&model, "A"), "share") {
            Change::Least { to: Fact::Known(to), by, .. } => (to.value.to_string(), by.value.normalize().to_string()),
            other => unreachable!("{other:?}"),
        }
    };
    let found = |to: &str, by: &str| (to.to_string(), by.to_string());
    assert_eq!(by("5", "3", reach), found("5", "2"));
    assert_eq!(by("5", "6", lose), found("4.99", "-1.01")); // two places at least
    assert_eq!(by("5.125", "6", lose), found("5.124", "-0.876"));
    assert_eq!(by("5", "6.0001", lose), found("4.9999", "-1.0002"));
    // A third, to 28 places: the value need not lie on the grid that is searched.
    assert_eq!(by("1", "0.3333333333333333333333333333", reach), found("1", "0.6666666666666666666666666667"));
    assert_eq!(by("0.33333333333333333333", "0", reach), found("0.333333333334", "0.333333333334")); // twelve places at most
    // Large numbers cost places: 20 digits before the point leave 8 after it.
    assert_eq!(by("10000000000000000000", "0.123456789", reach).0, "10000000000000000000");
    assert_eq!(
        by("79228162514264337593543950335", "0", reach),
        found("79228162514264337593543950335", "79228162514264337593543950335")
    );
}

#[test]
fn the_ends_of_the_range_are_reached_and_not_passed() {
    let bins = |cuts: &[&str]| Scale::Bins(Cutpoints::new(decs(cuts), Ties::ToUpper).unwrap());
    let scored = |scale: Scale, cut: &str, unit: Unit| {
        let score = ScoreModel::new(name("s"), 6, vec![term(more("x", unit), "1", scale, Missing::Refuse)]).unwrap();
        GradeModel::new(name("m"), vec![], vec![score], grid(2, vec![axis("s", &[cut])], "B A"), vec![]).unwrap()
    };
    let fact = |value: Decimal, unit: Unit| FactSheet::new().with("x", Quantity { value, unit }).unwrap();
    // Points with six places end at 7.9e22, so the last nines that can be scored are these.
    let nines = "9999999999999999999999.99";
    for (cut, from, to, by) in
        [(nines, "0", nines, nines), (nines, "-50000000000000000000000", nines, "59999999999999999999999.99")]
    {
        let model = scored(Scale::AsIs, cut, Unit::Number);
        let expected = least(number(to), by, Unit::Number, true, grade(&model, "A"));
        assert_eq!(way(&model, &fact(dec(from), Unit::Number), &reach(&model, "A"), "x"), expected);
    }
    let model = scored(Scale::AsIs, "80000000000000000000000", Unit::Number);
    assert_eq!(way(&model, &fact(Decimal::ZERO, Unit::Number), &reach(&model, "A"), "x"), Change::NotAlone);
    // From the greatest amount, the greatest i64, the greatest decimal, down to a cut at ten.
    let model = scored(bins(&["10"]), "2", CNY);
    for from in [dec("92233720368547758.07"), Decimal::from(i64::MAX), Decimal::MAX] {
        let Change::Least { to, by, .. } = way(&model, &fact(from, CNY), &lose(&model, "A"), "x") else { unreachable!() };
        assert_eq!((to, by.value), (cny("9.99"), dec("9.99") - from));
    }
    for from in [dec("-92233720368547758.08"), Decimal::from(i64::MIN), Decimal::MIN + dec("100")] {
        let Change::Least { to, by, .. } = way(&model, &fact(from, CNY), &reach(&model, "A"), "x") else { unreachable!() };
        assert_eq!((to, by.value), (cny("10.00"), dec("10.00") - from));
    }
    let refused = model.nearest(&fact(Decimal::MIN, CNY), &reach(&model, "A"));
    assert_eq!(refused, Err(ScoreError::PointsOutOfRange(name("x")).into()));
    // A cut at the greatest decimal: one count short of it is possible, and one count more is not.
    let count = |value: Decimal| fact(value, Unit::Count);
    let model = scored(bins(&["79228162514264337593543950335"]), "2", Unit::Count);
    let short = Decimal::MAX - Decimal::ONE;
    assert!(matches!(way(&model, &count(short), &reach(&model, "A"), "x"), Change::Least { by, .. } if by.value == Decimal::ONE));
    assert!(
        matches!(way(&model, &count(Decimal::MAX), &lose(&model, "A"), "x"), Change::Least { by, .. } if by.value == -Decimal::ONE)
    );
    // From one end to the other, which no decimal measures.
    let model = scored(bins(&["-79228162514264337593543950335"]), "2", Unit::Number);
    assert_eq!(way(&model, &fact(Decimal::MAX, Unit::Number), &lose(&model, "A"), "x"), Change::NotAlone);
    let model = scored(bins(&["-79228162514264337593543950334"]), "2", Unit::Number);
    let refused = model.nearest(&fact(Decimal::MAX, Unit::Number), &lose(&model, "A"));
    assert_eq!(refused, Err(ScoreError::PointsOutOfRange(name("x")).into()));
}

/// A model of every kind of scale, missing facts, score rules and rules against improvement, on a small range of small steps.
#[derive(Clone, Debug)]
struct Shape {
    terms: Vec<(u8, bool, Vec<i64>, i128, u8)>,
    places: u8,
    /// In three quarters of a point.
    score_cuts: Vec<i64>,
    direct: Option<(usize, Vec<i64>)>,
    grades: u8,
    lifts: [usize; 2],
    higher: [bool; 2],
    rules: Vec<(Predicate, u8, u8)>,
}

const DIMENSIONS: [&str; 5] = ["money", "days", "share", "judged", "extra"];
const LEVELS: [&str; 4] = ["l1", "l2", "l3", "l4"];
const REGIONS: [&str; 3] = ["south", "north", "east"];

/// An amount with one decimal place, so that all of a range can be tried.
fn unit(of: &str) -> Unit {
    match of {
        "money" => Unit::Money(Currency::custom("MILE", 1).unwrap()),
        "days" => Unit::Days,
        "share" => Unit::Number,
        "judged" => Unit::Level,
        _ => Unit::Count,
    }
}

fn numbers() -> impl Strategy<Value = Vec<i64>> {
    vec(-2..8_i64, 1..4).prop_map(|mut numbers| {
        numbers.sort_unstable();
        numbers
    })
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let compare = (select(&["score", "score", "money", "days", "share", "judged", "extra"][..]), -4..14_i64, 0..4_u8);
    let compare = compare.prop_map(|(of, halves, kind)| {
        let (of, bound) = (name(of), Decimal::new(halves * 5, 1));
        match kind {
            0 => Predicate::AtLeast { of, bound },
            1 => Predicate::MoreThan { of, bound },
            2 => Predicate::AtMost { of, bound },
            _ => Predicate::LessThan { of, bound },
        }
    });
    let listed = |of: &'static str, all: &'static [&'static str]| {
        proptest::sample::subsequence(all, 1..all.len())
            .prop_map(move |list| Predicate::OneOf { of: name(of), names: list.into_iter().map(name).collect() })
    };
    let leaf = prop_oneof![6 => compare, 1 => listed("judged", &LEVELS), 1 => listed("region", &REGIONS)];
    leaf.prop_recursive(2, 5, 2, |part| {
        prop_oneof![
            vec(part.clone(), 1..3).prop_map(Predicate::All),
            vec(part.clone(), 1..3).prop_map(Predicate::Any),
            part.prop_map(|p| Predicate::Not(Box::new(p))),
        ]
    })
}

prop_compose! {
    fn shape()(
        terms in vec((0..4_u8, any::<bool>(), numbers(), 1..4_i128, 0..4_u8), 4),
        dimensions in 2..5_usize, places in 0..3_u8, score_cuts in numbers(), direct in option::of((0..5_usize, numbers())),
        grades in 2..5_u8, lifts in [1..4_usize, 0..3_usize], higher: [bool; 2], rules in vec((predicate(), 0..3_u8, 0..5_u8), 0..4),
    ) -> Shape {
        let terms = terms[..dimensions.min(4)].to_vec();
        Shape { terms, places, score_cuts, direct, grades, lifts, higher, rules }
    }
}

impl Shape {
    /// `None` for rules that contradict each other.
    fn model(&self) -> Option<GradeModel> {
        let total: i128 = self.terms.iter().map(|(.., weight, _)| weight).sum();
        let cuts = |numbers: &[i64], by: i64, ties| {
            Cutpoints::new(numbers.iter().map(|n| Decimal::new(n * by, 2)).collect(), ties).unwrap()
        };
        let terms = DIMENSIONS.iter().zip(&self.terms).map(|(of, (kind, higher, numbers, weight, missing))| {
            let judged = *of == "judged";
            let scale = match kind {
                0 => Scale::Bins(cuts(numbers, 100, if *higher { Ties::ToUpper } else { Ties::ToLower })),
                1 => Scale::MidRank(Reference::new(numbers.iter().map(|n| (*n).into()).collect()).unwrap()),
                2 if judged => Scale::Points(decs(&["0", "0.5", "0.5", "3"])),
                2 if *higher => Scale::Range { worst: numbers[0].into(), best: (numbers[0] + 4).into() },
                2 => Scale::Range { worst: (numbers[0] + 4).into(), best: numbers[0].into() },
                // A plain number taken as it is has no end within reach of brute force.
                _ if *of == "share" => Scale::Bins(cuts(numbers, 75, Ties::ToLower)),
                _ => Scale::AsIs,
            };
            let direction = if *higher || judged || matches!(scale, Scale::AsIs) {
                Direction::HigherIsBetter
            } else {
                Direction::LowerIsBetter
            };
            let dimension =
                if judged { Dimension::judged(of, Family::Social, LEVELS).unwrap() } else { measured(of, direction, unit(of)) };
            let substitute = if judged { name("l3").into() } else { Fact::Known(Quantity { value: 2.into(), unit: unit(of) }) };
            let missing = match missing {
                0 => Missing::Refuse,
                1 => Missing::Substitute { value: substitute, because: name("usual") },
                2 if !matches!(scale, Scale::AsIs) => Missing::Bounds,
                _ => Missing::LeaveOut { least_coverage: Ratio::new(1, 4).unwrap() },
            };
            Term { dimension, weight: Ratio::new(*weight, total).unwrap(), scale, missing }
        });
        let score = ScoreModel::new(name("score"), self.places, terms.collect()).unwrap();
        let others = DIMENSIONS[self.terms.len()..].iter().map(|of| match *of {
            "judged" => Dimension::judged(of, Family::Social, LEVELS).unwrap(),
            of => {
                let higher = self.higher[usize::from(of == "extra")];
                measured(of, if higher { Direction::HigherIsBetter } else { Direction::LowerIsBetter }, unit(of))
            }
        });
        let mut axes = vec![Axis { of: name("score"), cutpoints: cuts(&self.score_cuts, 75, Ties::ToUpper) }];
        axes.extend(
            self.direct.iter().map(|(of, numbers)| Axis { of: name(DIMENSIONS[*of]), cutpoints: cuts(numbers, 50, Ties::ToLower) }),
        );
        let grades = GradeSet::letters(self.grades).unwrap();
        let letter = |lift: usize| {
            grades.best_first()[grades.best_first().len() - 1 - lift.min(grades.best_first().len() - 1)].name().clone()
        };
        let last = axes.get(1).map_or(1, |axis| usize::from(axis.cutpoints.bins()));
        let cells = usize::from(axes[0].cutpoints.bins()) * last;
        let cells = (0..cells).map(|at| letter(at / last * self.lifts[0] + at % last * self.lifts[1])).collect();
        let rules = self.rules.iter().enumerate().map(|(i, (when, effect, lift))| {
            let to = letter((*lift).into());
            let then = [Effect::Pin(to.clone()), Effect::AtLeast(to.clone()), Effect::AtMost(to)][usize::from(*effect)].clone();
            rule(&format!("rule {i}"), when.clone(), then)
        });
        let grid = Grid::new(grades.clone(), axes, cells).unwrap();
        GradeModel::new(name("model"), others.collect(), vec![score], grid, rules.collect()).ok()
    }
}

fn known(of: &str, hundredths: i64) -> Fact {
    match of {
        "judged" => name(LEVELS[usize::try_from(hundredths.rem_euclid(4)).unwrap()]).into(),
        "region" => name(["south", "north", "east", "west"][usize::try_from(hundredths.rem_euclid(4)).unwrap()]).into(),
        of => Fact::Known(Quantity { value: Decimal::new(hundredths, 2), unit: unit(of) }),
    }
}

/// What a customer has in every dimension, in hundredths, mostly on the lattice of its unit; sometimes absent.
fn customer() -> impl Strategy<Value = FactSheet> {
    let one = || prop_oneof![12 => (-2..9_i64).prop_map(|n| Some(n * 100)), 4 => (-250..900_i64).prop_map(Some), 1 => Just(None)];
    [one(), one(), one(), one(), one(), one()].prop_map(|found| {
        DIMENSIONS.into_iter().chain(["region"]).zip(found).fold(FactSheet::new(), |sheet, (of, hundredths)| {
            sheet.with(of, hundredths.map_or(Fact::Unknown, |n| known(of, n))).unwrap()
        })
    })
}

/// Whether the goal is met for certain, by grading.
fn met(model: &GradeModel, facts: &FactSheet, goal: &Goal) -> Option<Grade> {
    let (worst, best) = match model.grade_only(facts) {
        Ok(grade) => (grade.clone(), grade.clone()),
        Err(TierError::Uncertain { worst, best, .. }) => (grade(model, &worst), grade(model, &best)),
        Err(_) => return None,
    };
    match goal {
        Goal::Reach(at) => (worst >= *at).then_some(worst),
        Goal::Lose(at) => (best < *at).then_some(best),
    }
}

/// Every value within reach: amounts of ±120.0 in tenths, whole numbers to 120, shares from −3 to 12 in hundredths, levels. Beyond, all
/// is as at the end.
fn all_values(dimension: &Dimension) -> Vec<(Decimal, Fact)> {
    let tenth = |of: &str, range: core::ops::RangeInclusive<i64>, places: u32| {
        let value = |v| Decimal::new(v, places);
        range.map(|v| (value(v), Fact::Known(Quantity { value: value(v), unit: unit(of) }))).collect()
    };
    match &*dimension.name {
        "money" => tenth("money", -1200..=1200, 1),
        "share" => tenth("share", -300..=1200, 2),
        "judged" => (1..).zip(LEVELS).map(|(place, level)| (Decimal::from(place), name(level).into())).collect(),
        of => tenth(of, 0..=120, 0),
    }
}

fn number_of(dimension: &Dimension, fact: &Fact) -> Option<Decimal> {
    fact.named().map_or_else(|| fact.known().map(|q| q.value), |level| dimension.level(level).map(Into::into))
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn brute_force_finds_nothing_nearer(shape in shape(), sheet in customer(), letter in 0..16_usize, loses: bool) {
        let Some(model) = shape.model() else { return Ok(()) };
        // Mostly the next grade up, or the present one to lose.
        let all = model.grades().best_first();
        let present = model.grade_only(&sheet).map_or(all.len() - 1, |grade| usize::from(grade.rank()) - 1);
        let at = if letter < 4 { letter } else { present.saturating_sub(usize::from(!loses)) };
        let goal_grade = all[at.min(all.len() - 1)].clone();
        let goal = if loses { Goal::Lose(goal_grade) } else { Goal::Reach(goal_grade) };
        let found = match (model.nearest(&sheet, &goal), model.grade_only(&sheet)) {
            (Ok(Distance::Met(grade)), _) => {
                prop_assert_eq!(met(&model, &sheet, &goal), Some(grade));
                return Ok(());
            }
            (Ok(Distance::Away(found)), _) => found,
            (Err(one), Err(other)) => {
                prop_assert_eq!(one, other);
                return Ok(());
            }
            (Err(error), Ok(_)) => return Err(TestCaseError::fail(format!("{error}"))),
        };
        prop_assert_eq!(met(&model, &sheet, &goal), None);
        let mentioned = found.iter().any(|nearest| nearest.dimension == "region");
        prop_assert_eq!(found.len(), 5 + usize::from(mentioned));
        for Nearest { dimension: of, from, change } in found {
            prop_assert_eq!(&from, &sheet.fact(&of));
            let with = |to: &Fact| met(&model, &sheet.clone().with(&of, to.clone()).unwrap(), &goal);
            let Some(dimension) = model.dimension(&of) else {
                let listed = |region: &&&str| model.rules().iter().any(|rule| format!("{}", rule.when).contains(&format!("{region:?}")));
                let expected = REGIONS.iter().filter(listed).filter(|r| from != name(r).into());
                let mut expected: Vec<(Name, Grade)> = expected.filter_map(|r| Some((name(r), with(&name(r).into())?))).collect();
                let (mut names, other) =
                    if let Change::Names { mentioned, other } = change { (mentioned, other) } else { (vec![], None) };
                prop_assert_eq!(other, with(&name("somewhere else").into()));
                expected.sort_unstable();
                names.sort_unstable();
                prop_assert_eq!(names, expected);
                continue;
            };
            let Some(from) = number_of(dimension, &from) else {
                prop_assert_eq!(change, Change::Missing);
                continue;
            };
            let better = |value: Decimal| (value > from) == (dimension.direction == Direction::HigherIsBetter);
            let candidates = all_values(dimension).into_iter().filter(|(value, _)| *value != from);
            let hits = candidates.filter_map(|(value, to)| with(&to).map(|grade| (value, to, grade)));
            let nearest = hits.min_by_key(|(value, ..)| ((*value - from).abs(), !better(*value)));
            let expected = nearest.map_or(Change::NotAlone, |(value, to, grade)| {
                Change::Least { to, by: Quantity { value: value - from, unit: dimension.unit }, better: better(value), grade }
            });
            prop_assert_eq!(change, expected, "{}", of);
        }
    }
}
