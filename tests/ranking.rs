//! Rankings: reference numbers with their sources, laws, ties, borders, hostile input.
#![allow(clippy::unwrap_used, clippy::float_cmp)]

mod common;

use common::{Dice, cases, dec, name};
use customer_value::Decimal;
use customer_value::money::{Ratio, Rounding};
use customer_value::quantity::Name;
use customer_value::score::ranking::{
    Alternatives, Anchor, Anchors, Normalisation, Outside, Ranking, RankingError, Vikor, spotis, topsis, topsis_anchored, vikor,
};
use customer_value::score::weights::Weights;
use customer_value::value::Direction::{self, HigherIsBetter, LowerIsBetter};
use proptest::prelude::*;

const UP: Direction = HigherIsBetter;
const DOWN: Direction = LowerIsBetter;

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn half() -> Ratio {
    ratio("1/2")
}

fn criterion(at: usize) -> Name {
    name(&format!("c{at}"))
}

/// Rows as text, named A1, A2 …
fn table(directions: &[Direction], weights: &[&str], rows: &[&str]) -> Result<Alternatives, RankingError> {
    let weights = weights.iter().enumerate().map(|(at, weight)| (criterion(at), ratio(weight))).collect();
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(at, row)| (name(&format!("A{}", at + 1)), row.split(' ').filter(|v| !v.is_empty()).map(dec).collect()));
    let criteria = directions.iter().enumerate().map(|(at, direction)| (criterion(at), *direction)).collect();
    Alternatives::new(criteria, &Weights::exact(weights).unwrap(), rows.collect())
}

fn anchors(ends: &[(&str, &str)]) -> Anchors {
    let anchor = |(at, (worst, best)): (usize, &(&str, &str))| (criterion(at), Anchor { worst: dec(worst), best: dec(best) });
    Anchors::new(ends.iter().enumerate().map(anchor).collect()).unwrap()
}

fn ranks<V>(ranking: &Ranking<V>) -> Vec<usize> {
    ranking.standings.iter().map(|standing| standing.rank).collect()
}

#[track_caller]
fn assert_values(ranking: &Ranking<f64>, expected: &[f64], tolerance: f64) {
    let found: Vec<f64> = ranking.standings.iter().map(|standing| standing.value).collect();
    assert_eq!(found.len(), expected.len());
    for (value, want) in found.iter().zip(expected) {
        assert!((value - want).abs() <= tolerance, "{found:?}, not {expected:?}");
    }
}

fn decimals(ranking: &Ranking<customer_value::score::ranking::Exact>, places: u8) -> Vec<String> {
    let text = |value: Decimal| value.normalize().to_string();
    ranking.standings.iter().map(|s| text(s.value.to_decimal(places, Rounding::HalfEven).unwrap())).collect()
}

/// Tzeng and Huang, Multiple Attribute Decision Making (2011), as in scikit-criteria's `test_topsis.py` and `test_vikor.py`.
fn tzeng_huang() -> Alternatives {
    table(&[UP, UP, UP], &["0.3", "0.4", "0.3"], &["5 8 4", "7 6 8", "8 8 6", "7 4 6"]).unwrap()
}

/// Opricovic and Tzeng (2004): risk and altitude, as in pymcdm's `test_mcdm.py` and scikit-criteria's `test_vikor.py`.
fn mountain() -> Alternatives {
    table(&[DOWN, UP], &["0.5", "0.5"], &["1 3000", "2 3750", "5 4500"]).unwrap()
}

fn t6(more: &[&str]) -> Alternatives {
    table(&[UP, UP], &["0.5", "0.5"], &[&["9 4", "9 8", "4 9"], more].concat()).unwrap()
}

// ---- Reference numbers --------------------------------------------------------------------------------------------------------------

#[test]
fn t1_topsis_of_tzeng_and_huang_and_t5_not_upside_down() {
    let found = topsis(&tzeng_huang(), Normalisation::Vector).unwrap();
    assert_values(&found, &[0.503_720, 0.658_085, 0.748_249, 0.333_997], 5e-7);
    assert_eq!(ranks(&found), [3, 2, 1, 4]);
    // The Rust crate mcdm 0.4.0 gives .49628 .34192 .25175 .66600 here, and 0 to the ideal alternative. Here the ideal has 1, the worst 0.
    let ends = table(&[UP, DOWN], &["0.5", "0.5"], &["9 1", "5 5", "1 9"]).unwrap();
    for normalisation in [Normalisation::Vector, Normalisation::MinMax, Normalisation::AsIs] {
        let found = topsis(&ends, normalisation).unwrap();
        assert_eq!((found.of("A1").unwrap().value, found.of("A3").unwrap().value), (1.0, 0.0));
        assert_eq!(ranks(&found), [1, 2, 3]);
    }
}

#[test]
fn t3_topsis_as_it_is() {
    // scikit-criteria's test_topsis.py, without weights and normalisation.
    let found = topsis(&table(&[UP, UP, UP], &["1/3", "1/3", "1/3"], &["1 0 3", "0 5 6"]).unwrap(), Normalisation::AsIs).unwrap();
    assert_values(&found, &[0.146_392_48, 0.853_607_52], 5e-9);
}

#[test]
fn t4_the_normalisation_decides_who_wins() {
    let minmax = topsis(&mountain(), Normalisation::MinMax).unwrap();
    assert_values(&minmax, &[0.500, 0.617, 0.500], 5e-4);
    assert_eq!(ranks(&minmax), [2, 1, 2], "equal by symmetry, so equal in rank");
    let vector = topsis(&mountain(), Normalisation::Vector).unwrap();
    assert_values(&vector, &[0.762, 0.722, 0.238], 5e-4);
    assert_eq!(ranks(&vector), [1, 2, 3]);
}

#[test]
fn t6_rank_reversal_of_plain_topsis_and_none_of_the_anchored_one() {
    // Our own case; values by pymcdm and scikit-criteria.
    let three = topsis(&t6(&[]), Normalisation::Vector).unwrap();
    assert_values(&three, &[0.4875, 0.8614, 0.5125], 5e-5);
    assert_eq!(ranks(&three), [3, 1, 2]);
    let four = topsis(&t6(&["1 7"]), Normalisation::Vector).unwrap();
    assert_values(&four, &[0.6341, 0.9052, 0.5241, 0.2523], 5e-5);
    assert_eq!(ranks(&four), [2, 1, 3, 4]);

    let fixed = anchors(&[("0", "10"), ("0", "10")]);
    let three = topsis_anchored(&t6(&[]), &fixed, Outside::Refuse).unwrap();
    let four = topsis_anchored(&t6(&["1 7"]), &fixed, Outside::Refuse).unwrap();
    assert_eq!(three.standings[..], four.standings[..3]);
    // By hand: gaps .1 and .6 from the best, .9 and .4 from the worst.
    let first = 0.97_f64.sqrt() / (0.97_f64.sqrt() + 0.37_f64.sqrt());
    assert!((three.standings[0].value - first).abs() < 1e-15);
}

#[test]
fn t7_spotis_on_t6() {
    let fixed = anchors(&[("0", "10"), ("0", "10")]);
    let three = spotis(&t6(&[]), &fixed, Outside::Refuse).unwrap();
    assert_eq!(decimals(&three, 4), ["0.35", "0.15", "0.35"]);
    assert_eq!(ranks(&three), [2, 1, 2]);
    let four = spotis(&t6(&["1 7"]), &fixed, Outside::Refuse).unwrap();
    assert_eq!(three.standings[..], four.standings[..3]);
}

#[test]
fn s2_spotis_of_dezert_2020() {
    // Both examples of the paper, as in pymcdm's test_mcdm.py and scikit-criteria's test_spotis.py.
    let first = table(&[UP, DOWN, UP], &["0.2", "0.3", "0.5"], &["10.5 -3.1 1.7", "-4.7 0 3.4", "8.1 0.3 1.3", "3.2 7.3 -5.3"]);
    let found = spotis(&first.unwrap(), &anchors(&[("-5", "12"), ("10", "-6"), ("-8", "5")]), Outside::Refuse).unwrap();
    assert_eq!(decimals(&found, 4), ["0.1989", "0.3705", "0.3063", "0.7491"]);
    assert_eq!(ranks(&found), [1, 3, 2, 4]);

    // The weights .2941 .2353 .2353 .0588 .1765 are the paper's print of seventeenths, with which its digits come out.
    let rows = ["15000 4.3 99 42 737", "15290 5.0 116 42 892", "15350 5.0 114 45 952", "15490 5.3 123 45 1120"];
    let second = table(&[DOWN, DOWN, DOWN, UP, UP], &["5/17", "4/17", "4/17", "1/17", "3/17"], &rows).unwrap();
    let ends = anchors(&[("16000", "14000"), ("8", "3"), ("140", "80"), ("35", "60"), ("650", "1300")]);
    let found = spotis(&second, &ends, Outside::Refuse).unwrap();
    assert_eq!(decimals(&found, 4), ["0.4779", "0.5781", "0.5558", "0.5801"]);
    assert_eq!(ranks(&found), [1, 3, 2, 4]);
}

fn proposed(found: &Vikor) -> Vec<&str> {
    found.proposed.iter().map(Name::as_str).collect()
}

#[test]
fn v1_vikor_of_tzeng_and_huang() {
    let found = vikor(&tzeng_huang(), half()).unwrap();
    assert_eq!(decimals(&found.sum, 4), ["0.6", "0.3", "0.15", "0.65"]);
    assert_eq!(decimals(&found.worst, 4), ["0.3", "0.2", "0.15", "0.4"]);
    assert_eq!(decimals(&found.compromise, 4), ["0.75", "0.25", "0", "1"]);
    assert_eq!((found.acceptable_advantage, found.acceptable_stability), (false, true));
    assert_eq!(proposed(&found), ["A2", "A3"]);
    assert_eq!(ranks(&found.compromise), [3, 2, 1, 4]);
}

#[test]
fn vikor_of_opricovic_and_tzeng() {
    // 2004, as in scikit-criteria's test_vikor.py.
    let found = vikor(&mountain(), half()).unwrap();
    assert_eq!(decimals(&found.sum, 4), ["0.5", "0.375", "0.5"]);
    assert_eq!(decimals(&found.worst, 4), ["0.5", "0.25", "0.5"]);
    assert_eq!(decimals(&found.compromise, 4), ["1", "0", "1"]);
    assert_eq!((found.acceptable_advantage, found.acceptable_stability, proposed(&found)), (true, true, vec!["A2"]));

    // 2007, hydropower on the Drina, as in the same file, with the second and the fourth set of weights.
    let rows = [
        "4184.3 2914.0 407.2 251.0 195 244 15 2.41",
        "5211.9 3630.0 501.7 308.3 282 346 21 1.41",
        "5021.3 3920.5 504.0 278.6 12 56 3 4.42",
        "5566.1 3957.9 559.5 335.3 167 268 16 3.36",
        "5060.5 3293.5 514.1 284.2 69 90 7 4.04",
        "4317.9 2925.9 432.8 239.3 12 55 3 4.36",
    ];
    let directions = [UP, DOWN, UP, UP, DOWN, DOWN, DOWN, UP];
    let with = |weights: [&str; 8]| vikor(&table(&directions, &weights, &rows).unwrap(), half()).unwrap();
    let found = with(["1/6", "1/6", "1/6", "1/6", "1/12", "1/12", "1/12", "1/12"]);
    assert_eq!(decimals(&found.sum, 3), ["0.701", "0.6", "0.386", "0.365", "0.317", "0.459"]);
    assert_eq!(decimals(&found.compromise, 3), ["1", "0.533", "0.552", "0.563", "0", "0.686"]);
    assert_eq!((ranks(&found.compromise), proposed(&found)), (vec![6, 2, 3, 4, 1, 5], vec!["A5"]));
    let (light, heavy) = ("5/84", "16/84");
    let found = with([light, light, light, light, heavy, heavy, heavy, heavy]);
    assert_eq!(decimals(&found.compromise, 3), ["0.668", "1", "0.051", "0.588", "0.058", "0.078"]);
    assert_eq!((found.acceptable_advantage, found.acceptable_stability), (false, true));
    assert_eq!((ranks(&found.compromise), proposed(&found)), (vec![5, 6, 1, 4, 2, 3], vec!["A3", "A5", "A6"]));
}

#[test]
fn vikor_with_ties_and_equal_regrets() {
    // scikit-criteria's test_VIKOR_tied.
    let tied = table(&[UP, UP, UP], &["0.3", "0.4", "0.3"], &["4 4 4", "7 6 8", "8 8 6", "6 8 8"]).unwrap();
    let found = vikor(&tied, half()).unwrap();
    assert_eq!(decimals(&found.compromise, 8), ["1", "0.17352941", "0", "0"]);
    assert_eq!((ranks(&found.compromise), proposed(&found)), (vec![4, 3, 1, 1], vec!["A2", "A3", "A4"]));
    // A criterion in which all are equal: reported, and no division by zero. There the regrets are equal too.
    let equal = vikor(&table(&[UP, UP, UP], &["1/3", "1/3", "1/3"], &["1 0 3", "5 0 6"]).unwrap(), half()).unwrap();
    assert_eq!(equal.compromise.without, [criterion(1)]);
    assert_eq!(decimals(&equal.compromise, 4), ["1", "0"]);
    let regrets = vikor(&table(&[UP, UP], &["1/2", "1/2"], &["1 0", "0 1"]).unwrap(), half()).unwrap();
    assert_eq!((decimals(&regrets.compromise, 4), proposed(&regrets)), (vec!["0".into(), "0".into()], vec!["A1", "A2"]));
}

#[test]
fn vikor_conditions_at_their_borders() {
    // Three alternatives on one criterion: Q is 0, q and 1, and the margin is 1/2. At the margin the advantage is enough.
    let at = |middle: &str| vikor(&table(&[UP], &["1"], &["0", middle, "1000"]).unwrap(), half()).unwrap();
    assert!(at("500").acceptable_advantage && !at("501").acceptable_advantage);
    assert_eq!((proposed(&at("500")), proposed(&at("501"))), (vec!["A3"], vec!["A2", "A3"]));

    // Without the advantage, all those nearer than the margin are proposed, and one at the margin is not.
    let found = vikor(&table(&[UP], &["1"], &["30", "27", "20", "0"]).unwrap(), half()).unwrap();
    assert_eq!(
        (decimals(&found.compromise, 2), proposed(&found)),
        (vec!["0".into(), "0.1".into(), "0.33".into(), "1".into()], vec!["A1", "A2"])
    );
    // By v alone the compromise is one of the two other rankings.
    let only = |v: &str| vikor(&tzeng_huang(), ratio(v)).unwrap();
    assert_eq!(ranks(&only("0").compromise), ranks(&only("0").worst));
    assert_eq!(ranks(&only("1").compromise), ranks(&only("1").sum));
    for bad in ["-0.1", "1.1"] {
        assert_eq!(vikor(&mountain(), ratio(bad)), Err(RankingError::NotAShare(ratio(bad))));
    }
}

#[test]
fn vikor_proposes_the_second_too_where_the_first_is_not_stable() {
    // Found by trying, values by Python's fractions. A1 is far ahead by Q, but A5 has the least sum and A3 the least regret; these two
    // share the second place by Q, so both join it.
    let rows = ["9 8 2", "3 7 5", "6 2 3", "8 0 8", "9 10 1", "3 9 2"];
    let found = vikor(&table(&[UP; 3], &["1/3"; 3], &rows).unwrap(), half()).unwrap();
    let exact = |ranking: &Ranking<customer_value::score::ranking::Exact>| -> Vec<String> {
        ranking.standings.iter().map(|standing| standing.value.to_string()).collect()
    };
    assert_eq!(exact(&found.sum), ["37/105", "121/210", "47/70", "7/18", "1/3", "137/210"]);
    assert_eq!(exact(&found.worst), ["2/7", "1/3", "4/15", "1/3", "1/3", "1/3"]);
    assert_eq!(exact(&found.compromise), ["85/497", "61/71", "1/2", "124/213", "1/2", "69/71"]);
    assert_eq!((found.acceptable_advantage, found.acceptable_stability), (true, false));
    assert_eq!((proposed(&found), ranks(&found.compromise)), (vec!["A1", "A3", "A5"], vec![1, 5, 2, 4, 2, 6]));
}

// ---- Ties, equal columns, borders -----------------------------------------------------------------------------------------------------

#[test]
fn equals_share_a_rank_and_the_next_is_left_out() {
    let rows = ["1 5", "9 5", "5 5", "5 5", "0 5"];
    let found = topsis(&table(&[UP, UP], &["0.7", "0.3"], &rows).unwrap(), Normalisation::Vector).unwrap();
    assert_eq!(ranks(&found), [4, 1, 2, 2, 5]);
    assert_eq!(found.without, [criterion(1)]);
    let found = spotis(&table(&[UP, UP], &["0.7", "0.3"], &rows).unwrap(), &anchors(&[("0", "10"), ("0", "10")]), Outside::Refuse);
    assert_eq!(ranks(&found.unwrap()), [4, 1, 2, 2, 5]);
    // Equal on paper, not in floating point: a third of .3 and .1.
    let found = spotis(
        &table(&[UP, UP, UP], &["1/3", "1/3", "1/3"], &["0.1 0.2 0.3", "0.3 0.3 0", "0.6 0 0"]).unwrap(),
        &anchors(&[("0", "1"); 3]),
        Outside::Refuse,
    );
    assert_eq!(ranks(&found.unwrap()), [1, 1, 1]);
}

#[test]
fn what_is_equal_but_for_the_last_bits_shares_a_rank() {
    // As far from the best as from the worst: Σ w²(2r − 1) = 0 for each, so one half on paper.
    let rows = ["0.9 0.9 0.3", "0.7 0.7 0.4", "0.1 0.1 0.7", "0.6 1 0.35", "0.33 0.11 0.64", "0.5 0.5 0.49"];
    let alternatives = table(&[UP; 3], &["1/4", "1/4", "1/2"], &rows).unwrap();
    let found = topsis_anchored(&alternatives, &anchors(&[("0", "1"); 3]), Outside::Refuse).unwrap();
    assert_eq!(ranks(&found), [1, 1, 1, 1, 1, 6]);
    let halves: Vec<f64> = found.standings[..5].iter().map(|standing| standing.value).collect();
    assert!(halves.iter().any(|value| *value != halves[0]), "else this shows nothing: {halves:?}");
}

#[test]
fn what_does_not_differ_is_reported_and_never_becomes_nan() {
    for rows in [&["0 0", "0 0"][..], &["5 5"], &["7 -3", "7 -3", "7 -3"]] {
        let same = table(&[UP, DOWN], &["0.5", "0.5"], rows).unwrap();
        for normalisation in [Normalisation::Vector, Normalisation::MinMax, Normalisation::AsIs] {
            assert_eq!(topsis(&same, normalisation), Err(RankingError::NothingDiffers));
        }
        assert_eq!(vikor(&same, half()), Err(RankingError::NothingDiffers));
    }
    // Against fixed anchors even one alternative has a value.
    let one = table(&[UP, DOWN], &["0.5", "0.5"], &["5 5"]).unwrap();
    let ends = anchors(&[("0", "5"), ("10", "0")]);
    assert_eq!(decimals(&spotis(&one, &ends, Outside::Refuse).unwrap(), 4), ["0.25"]);
    assert!(topsis_anchored(&one, &ends, Outside::Refuse).unwrap().standings[0].value.is_finite());

    // A column of zeros has no length; one of differences beyond floating point has no range there, but has one exactly.
    let tiny = "7922816251426433759354395.0335";
    let next = "7922816251426433759354395.0334";
    for rows in [
        ["0 1", "0 2"],
        [&format!("{tiny} 1"), &format!("{next} 1")],
        ["-79228162514264337593543950335 1", "79228162514264337593543950335 1"],
    ] {
        let rows = table(&[UP, UP], &["0.5", "0.5"], &rows).unwrap();
        for normalisation in [Normalisation::Vector, Normalisation::MinMax, Normalisation::AsIs] {
            let found = topsis(&rows, normalisation).unwrap();
            assert!(found.standings.iter().all(|s| s.value == 0.0 || s.value == 1.0), "{normalisation:?} {found:?}");
            assert_eq!(found.without.len(), 1);
        }
        assert!(vikor(&rows, half()).is_ok());
    }
}

#[test]
fn values_beyond_an_anchor_are_refused_or_count_as_the_anchor() {
    let ends = anchors(&[("0", "10"), ("100", "0")]);
    let at = |row: &str| table(&[UP, DOWN], &["0.5", "0.5"], &[row]).unwrap();
    let refused = |row: &str, by: usize, value: &str| {
        let anchor = ends.of(&criterion(by)).unwrap();
        let error = RankingError::Outside { alternative: name("A1"), criterion: criterion(by), value: dec(value), anchor };
        assert_eq!(spotis(&at(row), &ends, Outside::Refuse), Err(error.clone()));
        assert_eq!(topsis_anchored(&at(row), &ends, Outside::Refuse), Err(error));
    };
    refused("10.01 50", 0, "10.01");
    refused("-0.01 50", 0, "-0.01");
    refused("5 100.01", 1, "100.01");
    refused("5 -0.01", 1, "-0.01");
    for (row, distance) in [("10 0", "0"), ("0 100", "1"), ("11 -1", "0"), ("-1 101", "1"), ("11 50", "0.25")] {
        assert_eq!(decimals(&spotis(&at(row), &ends, Outside::CountAsAnchor).unwrap(), 4), [distance], "{row}");
    }
    assert_eq!(topsis_anchored(&at("11 -1"), &ends, Outside::CountAsAnchor).unwrap().standings[0].value, 1.0);
    assert_eq!(topsis_anchored(&at("-1 101"), &ends, Outside::CountAsAnchor).unwrap().standings[0].value, 0.0);
}

#[test]
fn anchors_belong_to_the_criteria() {
    let one = table(&[UP, DOWN], &["0.5", "0.5"], &["5 5"]).unwrap();
    let with = |ends: &[(&str, &str)]| spotis(&one, &anchors(ends), Outside::Refuse).unwrap_err();
    assert_eq!(with(&[("0", "10")]), RankingError::NoAnchor(criterion(1)));
    assert_eq!(with(&[("0", "10"), ("10", "0"), ("0", "1")]), RankingError::NoCriterion(criterion(2)));
    let anchor = Anchor { worst: dec("0"), best: dec("10") };
    assert_eq!(with(&[("0", "10"), ("0", "10")]), RankingError::AgainstDirection { criterion: criterion(1), anchor });
    assert_eq!(Anchors::new(vec![]), Err(RankingError::NoCriteria));
    let flat = Anchor { worst: dec("5"), best: dec("5.0") };
    assert_eq!(Anchors::new(vec![(criterion(0), flat)]), Err(RankingError::FlatAnchor(criterion(0))));
    assert_eq!(Anchors::new(vec![(criterion(0), anchor), (criterion(0), anchor)]), Err(RankingError::Twice(criterion(0))));

    let read = |json: &str| serde_json::from_str::<Anchors>(json);
    let json = r#"[["sales",{"worst":"0","best":"1000.50"}],["recency",{"worst":"365","best":"0"}]]"#;
    assert_eq!(serde_json::to_string(&read(json).unwrap()).unwrap(), json);
    for bad in [
        "[]",
        r#"[["a",{"worst":"1","best":"1"}]]"#,
        r#"[["a",{"worst":"1","best":"2","x":1}]]"#,
        r#"[["a",{"worst":1.5,"best":"2"}]]"#,
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    assert_eq!(serde_json::to_string(&Outside::CountAsAnchor).unwrap(), r#""count-as-anchor""#);
    assert_eq!(serde_json::to_string(&Normalisation::MinMax).unwrap(), r#""min-max""#);
}

#[test]
fn alternatives_are_checked_once() {
    let two = [UP, UP];
    let halves = ["0.5", "0.5"];
    assert_eq!(table(&two, &halves, &[]), Err(RankingError::NoAlternatives));
    assert_eq!(table(&[], &["1"], &["1"]), Err(RankingError::NoCriteria));
    assert_eq!(table(&two, &["1"], &["1 1"]), Err(RankingError::NoWeight(criterion(1))));
    assert_eq!(table(&[UP], &halves, &["1"]), Err(RankingError::NoCriterion(criterion(1))));
    for (row, found) in [("1", 1), ("1 2 3", 3), ("", 0)] {
        let error = RankingError::Ragged { alternative: name("A2"), expected: 2, found };
        assert_eq!(table(&two, &halves, &["1 1", row]), Err(error));
    }
    let weights = Weights::equal(&[criterion(0)]).unwrap();
    let twice = |criteria, rows| Alternatives::new(criteria, &weights, rows).unwrap_err();
    let row = |text: &str| (name(text), vec![dec("1")]);
    assert_eq!(twice(vec![(criterion(0), UP)], vec![row("A"), row("A")]), RankingError::Twice(name("A")));
    assert_eq!(twice(vec![(criterion(0), UP), (criterion(0), UP)], vec![row("A")]), RankingError::Twice(criterion(0)));
}

#[test]
fn exact_values_round_once_by_name() {
    let value = |distance: &str| {
        let one = table(&[DOWN], &["1"], &[distance]).unwrap();
        spotis(&one, &anchors(&[("3", "0")]), Outside::Refuse).unwrap().standings[0].value.clone()
    };
    let (third, eighth) = (value("1"), value("0.375"));
    assert_eq!((third.to_string(), eighth.to_string()), ("1/3".into(), "1/8".into()));
    assert_eq!(third.to_f64(), 1.0 / 3.0);
    for (rounding, of_third, of_eighth) in [
        (Rounding::HalfEven, "0.33", "0.12"),
        (Rounding::HalfUp, "0.33", "0.13"),
        (Rounding::HalfDown, "0.33", "0.12"),
        (Rounding::Ceiling, "0.34", "0.13"),
        (Rounding::AwayFromZero, "0.34", "0.13"),
        (Rounding::Floor, "0.33", "0.12"),
        (Rounding::TowardZero, "0.33", "0.12"),
    ] {
        assert_eq!(third.to_decimal(2, rounding).unwrap(), dec(of_third), "{rounding:?}");
        assert_eq!(eighth.to_decimal(2, rounding).unwrap(), dec(of_eighth), "{rounding:?}");
    }
    assert_eq!(value("2").to_decimal(0, Rounding::HalfEven).unwrap(), dec("1"), "two thirds");
    assert_eq!(third.to_decimal(28, Rounding::HalfEven).unwrap(), dec("0.3333333333333333333333333333"));
    assert_eq!(value("3").to_decimal(28, Rounding::HalfEven).unwrap(), Decimal::ONE);
    assert_eq!(third.to_decimal(29, Rounding::HalfEven), Err(RankingError::DoesNotFit(29)));
    assert_eq!(third.to_decimal(255, Rounding::HalfEven), Err(RankingError::DoesNotFit(255)));
}

// ---- Laws -----------------------------------------------------------------------------------------------------------------------------

fn rows() -> impl Strategy<Value = Vec<[i64; 3]>> {
    prop::collection::vec(prop::array::uniform3(0_i64..=10), 2..12)
}

fn built(rows: &[(usize, [i64; 3])]) -> Alternatives {
    let weights = Weights::parts(&[(criterion(0), 3), (criterion(1), 2), (criterion(2), 2)]).unwrap();
    let criteria = vec![(criterion(0), UP), (criterion(1), DOWN), (criterion(2), UP)];
    let row = |(at, row): &(usize, [i64; 3])| (name(&format!("A{at}")), row.map(Decimal::from).to_vec());
    Alternatives::new(criteria, &weights, rows.iter().map(row).collect()).unwrap()
}

fn fixed() -> Anchors {
    anchors(&[("0", "10"), ("10", "0"), ("-5", "15")])
}

/// Every method, as ranks by name and the bits of the values.
fn all_methods(alternatives: &Alternatives) -> Vec<Vec<(Name, usize, String)>> {
    fn show<V>(ranking: &Ranking<V>, value: impl Fn(&V) -> String) -> Vec<(Name, usize, String)> {
        let mut shown: Vec<_> = ranking.standings.iter().map(|s| (s.alternative.clone(), s.rank, value(&s.value))).collect();
        shown.sort();
        shown
    }
    let bits = |value: &f64| {
        assert!((0.0..=1.0).contains(value));
        format!("{:x}", value.to_bits())
    };
    let mut all = vec![
        show(&spotis(alternatives, &fixed(), Outside::Refuse).unwrap(), ToString::to_string),
        show(&topsis_anchored(alternatives, &fixed(), Outside::Refuse).unwrap(), bits),
    ];
    for normalisation in [Normalisation::Vector, Normalisation::MinMax, Normalisation::AsIs] {
        all.extend(topsis(alternatives, normalisation).ok().map(|ranking| show(&ranking, bits)));
    }
    if let Ok(found) = vikor(alternatives, half()) {
        all.extend([&found.sum, &found.worst, &found.compromise].map(|ranking| show(ranking, ToString::to_string)));
        let proposed = found.compromise.standings.iter().filter(|s| found.proposed.contains(&s.alternative));
        let mut proposed: Vec<_> = proposed.map(|s| (s.alternative.clone(), 0, String::new())).collect();
        proposed.sort();
        all.push(proposed);
    }
    all
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn adding_alternatives_changes_nothing_where_the_scale_is_anchored(few in rows(), more in rows()) {
        let numbered: Vec<_> = few.iter().chain(&more).copied().enumerate().collect();
        let (small, large) = (built(&numbered[..few.len()]), built(&numbered));
        let (before, after) = (spotis(&small, &fixed(), Outside::Refuse).unwrap(), spotis(&large, &fixed(), Outside::Refuse).unwrap());
        for (one, two) in before.standings.iter().zip(&after.standings) {
            prop_assert_eq!(&one.value, &two.value);
        }
        let anchored = |alternatives| topsis_anchored(alternatives, &fixed(), Outside::Refuse).unwrap().standings;
        let (before_t, after_t) = (anchored(&small), anchored(&large));
        for (one, two) in before_t.iter().zip(&after_t) {
            prop_assert_eq!(one.value.to_bits(), two.value.to_bits());
        }
        // And no two change places.
        for i in 0..few.len() {
            for j in 0..few.len() {
                let order = |s: &[usize]| s[i].cmp(&s[j]);
                prop_assert_eq!(order(&ranks(&before)), order(&ranks(&after)));
            }
        }
    }

    #[test]
    fn the_order_of_rows_permutes_the_results_to_the_bit(rows in rows(), seed in any::<u64>()) {
        let mut numbered: Vec<_> = rows.into_iter().enumerate().collect();
        let before = all_methods(&built(&numbered));
        Dice(seed).shuffle(&mut numbered);
        prop_assert_eq!(all_methods(&built(&numbered)), before);
    }

    #[test]
    fn who_is_dominated_never_ranks_better_and_equals_rank_alike(rows in rows()) {
        let numbered: Vec<_> = rows.iter().copied().enumerate().collect();
        for ranking in all_methods(&built(&numbered)).into_iter().filter(|ranking| ranking.len() == rows.len()) {
            let rank = |at: usize| ranking.iter().find(|(one, ..)| *one == format!("A{at}").as_str()).unwrap().1;
            for (i, one) in rows.iter().enumerate() {
                for (j, two) in rows.iter().enumerate() {
                    if one[0] >= two[0] && one[1] <= two[1] && one[2] >= two[2] {
                        prop_assert!(rank(i) <= rank(j), "{one:?} {two:?} {ranking:?}");
                    }
                }
            }
        }
    }
}

/// A score whose scales are fixed ranges is one minus the SPOTIS distance, to the places of the points.
#[test]
fn a_score_of_fixed_ranges_is_one_minus_spotis() {
    use customer_value::{
        quantity::{Quantity, Unit},
        score::{Missing, Scale, ScoreModel, Term},
        value::{Dimension, FactSheet, Family},
    };
    let term = |of: &str| Term {
        dimension: Dimension::new(of, Family::Economic, HigherIsBetter, Unit::Number).unwrap(),
        weight: "1/2".parse().unwrap(),
        scale: Scale::Range { worst: 0.into(), best: 10.into() },
        missing: Missing::Refuse,
    };
    let model = ScoreModel::new(name("value"), 6, vec![term("a"), term("b")]).unwrap();
    // T6 and T7: distances .35 .15 .35.
    for ([a, b], distance) in [([9, 4], "0.35"), ([9, 8], "0.15"), ([4, 9], "0.35"), ([1, 7], "0.6"), ([12, -1], "0.5")] {
        let facts = FactSheet::new().with("a", Quantity::number(a.into())).unwrap().with("b", Quantity::number(b.into())).unwrap();
        assert_eq!(model.score_only(&facts).unwrap().points(), Decimal::ONE - distance.parse::<Decimal>().unwrap());
    }
}
