//! Mix, moves and Markov chains: published numbers, laws, and input that means harm.
#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, date, dec, gbp, name, names};
use customer_value::{
    money::{
        Currency, Money, MoneyError, Ratio,
        Rounding::{self, HalfEven},
    },
    quantity::{Confidence, Name},
    tier::{
        Grade, GradeSet,
        migration::{Census, Migration, MigrationError},
    },
    value::markov::{Horizon, Markov, MarkovError},
};
use proptest::{collection::vec, prelude::Strategy, prop_assert, prop_assert_eq, proptest};

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn rows(texts: &[&str]) -> Vec<Vec<Ratio>> {
    texts.iter().map(|row| row.split(' ').map(ratio).collect()).collect()
}

fn chain(states: &str, texts: &[&str]) -> Markov {
    Markov::new(names(states), rows(texts)).unwrap()
}

/// Amounts with six places, to compare more digits than a cent shows.
fn fine(amounts: &str) -> Vec<Money> {
    amounts.split(' ').map(|a| format!("{a} MICRO:6").parse().unwrap()).collect()
}

/// The example of Pfeifer and Carraway (2000): recency 1 to 4, then gone; they buy again with probability .30 .20 .15 .05.
fn pfeifer(p4: &str, q4: &str) -> Markov {
    let last = format!("{p4} 0 0 0 {q4}");
    chain("r1 r2 r3 r4 gone", &["0.3 0.7 0 0 0", "0.2 0 0.8 0 0", "0.15 0 0 0.85 0", &last, "0 0 0 0 1"])
}

#[track_caller]
fn assert_values(chain: &Markov, rewards: &str, discount: &str, horizon: Horizon, want: &[&str], places: u32) {
    let values = chain.value(&fine(rewards), ratio(discount), horizon).unwrap().rounded(HalfEven).unwrap();
    let found: Vec<String> = values.iter().map(|v| v.amount().round_dp(places).to_string()).collect();
    assert_eq!(found, want);
}

/// Net contribution 40, remarketing cost 4, discount 20 %; the values of the paper, as other implementations of it give them.
#[test]
fn pfeifer_and_carraway_2000() {
    let (chain, rewards) = (pfeifer("0.05", "0.95"), "36 -4 -4 -4 0");
    assert_values(&chain, rewards, "0.2", Horizon::Forever, &["52.320", "5.554", "1.251", "-1.820", "0.000"], 3);
    assert_values(&chain, rewards, "0.2", Horizon::Periods(4), &["50.115", "4.220", "0.592", "-1.980", "0.000"], 3);
    assert_values(&chain, rewards, "0.2", Horizon::Periods(0), &["36", "-4", "-4", "-4", "0"], 0);
    // The notebook celis/personal carries on without a discount: 64.25 and 65.7.
    let first = |chain: &Markov, rewards| {
        chain.value(&fine(rewards), Ratio::ZERO, Horizon::Forever).unwrap().of("r1", HalfEven).unwrap().amount().round_dp(4)
    };
    assert_eq!(first(&chain, rewards), dec("64.2548"));
    assert_eq!(first(&pfeifer("0.01", "0.99"), "36 -4 -4 0 0"), dec("65.6990"));
}

/// Gupta and Lehmann (2003), margin multiples r/(1 + i − r), and with the first margin now (1 + i)/(1 + i − r).
#[test]
fn margin_multiples_fall_out_of_a_chain_of_two_states() {
    let wanted = [
        ("0.6", ["1.20", "1.15", "1.11", "1.07"]),
        ("0.7", ["1.75", "1.67", "1.59", "1.52"]),
        ("0.8", ["2.67", "2.50", "2.35", "2.22"]),
        ("0.9", ["4.50", "4.09", "3.75", "3.46"]),
    ];
    for (r, row) in wanted {
        let lost = (dec("1") - dec(r)).to_string();
        let chain = chain("here gone", &[&format!("{r} {lost}"), "0 1"]);
        for (i, want) in ["0.10", "0.12", "0.14", "0.16"].into_iter().zip(row) {
            let values = chain.value(&fine("1 0"), ratio(i), Horizon::Forever).unwrap();
            let from_next = values.of("here", HalfEven).unwrap().amount() - dec("1");
            assert_eq!(from_next.round_dp(2), dec(want), "{r} {i}");
        }
    }
    let multiple = |r: &str, q: &str| {
        let values =
            chain("here gone", &[&format!("{r} {q}"), "0 1"]).value(&fine("1 0"), ratio("0.12"), Horizon::Forever).unwrap();
        values.minor("here").unwrap()
    };
    assert_eq!(multiple("0.8", "0.2"), ratio("3500000"));
    assert_eq!(multiple("0.9", "0.1"), Ratio::new(56_000_000, 11).unwrap()); // 5.0909…
}

#[test]
fn without_discount_and_end_what_comes_back_must_earn_nothing() {
    let chain = pfeifer("0.05", "0.95");
    let endless = |chain: &Markov, rewards| chain.value(&fine(rewards), Ratio::ZERO, Horizon::Forever).unwrap_err();
    assert_eq!(endless(&chain, "36 -4 -4 -4 -1"), MarkovError::Endless(name("gone")));
    // Two states that take turns: their rewards cancel out, and yet the sum never settles.
    let turns = self::chain("a b c", &["0 1 0", "1 0 0", "1/2 0 1/2"]);
    assert_eq!(endless(&turns, "1 -1 0"), MarkovError::Endless(name("a")));
    assert_values(&turns, "0 0 3", "0", Horizon::Forever, &["0", "0", "6"], 0);
    // With an end, or with a discount, there is a sum.
    assert_values(&turns, "1 -1 0", "0", Horizon::Periods(3), &["0.000", "0.000", "0.625"], 3);
    assert_values(&turns, "1 -1 0", "1", Horizon::Forever, &["0.666667", "-0.666667", "0.222222"], 6);
    // A chain without passing states.
    assert_values(&self::chain("a", &["1"]), "0", "0", Horizon::Forever, &["0"], 0);
}

#[test]
fn values_refuse_what_they_cannot_use() {
    let chain = chain("a gone", &["0.5 0.5", "0 1"]);
    let value = |rewards: &[Money], discount, horizon| chain.value(rewards, ratio(discount), horizon).unwrap_err();
    assert_eq!(value(&[gbp(1)], "0", Horizon::Forever), MarkovError::BadLength { expected: 2, found: 1 });
    assert_eq!(value(&[], "0", Horizon::Forever), MarkovError::BadLength { expected: 2, found: 0 });
    assert_eq!(value(&[gbp(1), gbp(0)], "-0.01", Horizon::Forever), MarkovError::BadDiscount(ratio("-0.01")));
    let mixed = MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR };
    assert_eq!(value(&[gbp(1), Money::zero(Currency::EUR)], "0", Horizon::Forever), MarkovError::Money(mixed));
    // 2 · 11 needs 5 bits: 2^18 / 5 periods at most.
    let long = value(&[gbp(1), gbp(0)], "0.1", Horizon::Periods(u32::MAX));
    assert_eq!(long, MarkovError::TooLong { periods: u32::MAX, most: 52_428 });
    let most = gbp(i64::MAX);
    let values = chain.value(&[most, gbp(0)], Ratio::ZERO, Horizon::Forever).unwrap();
    assert_eq!(values.of("a", HalfEven), Err(MarkovError::Money(MoneyError::Overflow { currency: Currency::GBP })));
    assert_eq!(values.minor("a").unwrap(), Ratio::new(2 * i128::from(i64::MAX), 1).unwrap());
    assert_eq!(values.of("b", HalfEven), Err(MarkovError::UnknownState("b".into())));
}

#[test]
fn every_rounding_rounds_a_value_once() {
    let chain = chain("a gone", &["1/3 2/3", "0 1"]);
    for (rounding, want) in
        [(HalfEven, 2), (Rounding::HalfUp, 2), (Rounding::HalfDown, 1), (Rounding::Floor, 1), (Rounding::Ceiling, 2)]
    {
        let values = chain.value(&[gbp(1), gbp(0)], Ratio::ZERO, Horizon::Forever).unwrap(); // 1.5
        assert_eq!(values.of("a", rounding).unwrap(), gbp(want), "{rounding:?}");
    }
}

#[test]
fn rows_add_up_to_exactly_one_or_are_refused_by_name() {
    let error = |texts: &[&str]| Markov::new(names("a b"), rows(texts)).unwrap_err();
    let sum = |sum: &str| MarkovError::BadRowSum { state: name("b"), sum: sum.into() };
    assert_eq!(error(&["0.5 0.5", "0.3333 0.6666"]), sum("0.9999"));
    assert_eq!(error(&["0.5 0.5", "1/3 1/3"]), sum("2/3"));
    assert_eq!(
        error(&["0.5 0.5", "0 1.0000000000000000000000000001"]),
        sum("10000000000000000000000000001/10000000000000000000000000000")
    );
    assert_eq!(
        error(&["0.5 0.5", "-0.1 1.1"]),
        MarkovError::NegativeChance { from: name("b"), to: name("a"), chance: ratio("-0.1") }
    );
    assert_eq!(error(&["1 0"]), MarkovError::BadLength { expected: 2, found: 1 });
    assert_eq!(error(&["1 0", "1"]), MarkovError::BadLength { expected: 2, found: 1 });
    assert_eq!(Markov::new(vec![], vec![]).unwrap_err(), MarkovError::BadStateCount(0));
    let many: Vec<Name> = (0..17).map(|n| name(&format!("s{n}"))).collect();
    assert_eq!(Markov::new(many, vec![]).unwrap_err(), MarkovError::BadStateCount(17));
    assert_eq!(Markov::new(names("a a"), rows(&["1 0", "1 0"])).unwrap_err(), MarkovError::Twice(name("a")));
    // Denominators whose product needs far more than 128 bits are added exactly.
    let primes = [i128::MAX, i128::MAX - 24, i128::MAX - 2];
    let row: Vec<Ratio> = primes.iter().map(|&p| Ratio::new(1, p).unwrap()).collect();
    let refused = Markov::new(names("a b c"), vec![row.clone(), row.clone(), row]).unwrap_err();
    assert!(matches!(refused, MarkovError::BadRowSum { state, sum } if state == "a" && sum.len() > 150));
}

/// Sixteen states whose fractions share no factor: nothing overflows, and the value is what a customer who never leaves must have.
#[test]
fn huge_fractions_do_not_overflow() {
    let states: Vec<Name> = (0..16).map(|n| name(&format!("s{n}"))).collect();
    let row = |at: i128| {
        let large = i128::MAX - 2 * at;
        let part = Ratio::new(large / 3, large).unwrap();
        let rest = Ratio::new(large - large / 3, large).unwrap();
        let mut row = vec![Ratio::ZERO; 16];
        row[usize::try_from(at).unwrap()] = part;
        row[(usize::try_from(at).unwrap() + 1) % 16] = rest;
        row
    };
    let chain = Markov::new(states, (0..16).map(row).collect()).unwrap();
    let rewards = vec![gbp(100); 16];
    let values = chain.value(&rewards, ratio("0.25"), Horizon::Forever).unwrap();
    assert_eq!(values.rounded(HalfEven).unwrap(), vec![gbp(500); 16]);
    assert_eq!(values.minor("s7"), Ok(ratio("500")));
    let steady = chain.steady_state(6, HalfEven).unwrap();
    assert!(steady.is_limit() && steady.shares.iter().all(|s| *s == dec("0.062500")));
    assert!(matches!(chain.value(&rewards, ratio("0.25"), Horizon::Periods(200)), Err(MarkovError::TooLong { most: 1..200, .. })));
}

/// Many states make every period dear, so that fewer of them can be asked for: 16 states of halves took 11 seconds for 131,072 periods.
#[test]
fn the_limit_bounds_the_work_of_many_states() {
    let states: Vec<Name> = (0..16).map(|n| name(&format!("s{n}"))).collect();
    let half = |at: usize| (0..16).map(|to| ratio(if to == at || to == (at + 1) % 16 { "1/2" } else { "0" })).collect();
    let chain = Markov::new(states, (0..16).map(half).collect()).unwrap();
    let value = |periods| chain.value(&vec![gbp(1); 16], Ratio::ZERO, Horizon::Periods(periods));
    let horizon: Horizon = serde_json::from_str(r#"{"periods":131072}"#).unwrap();
    assert_eq!(horizon, Horizon::Periods(131_072));
    // √(2^37 / 16² / 2 bits)
    assert_eq!(value(131_072).unwrap_err(), MarkovError::TooLong { periods: 131_072, most: 16_384 });
    assert_eq!(value(16_385).unwrap_err(), MarkovError::TooLong { periods: 16_385, most: 16_384 });
    assert_eq!(value(1_000).unwrap().of("s3", HalfEven).unwrap(), gbp(1_001));
}

#[test]
fn stays_and_times_of_the_gambler() {
    // The gambler's ruin with a fair coin and four coins in all (Kemeny and Snell 1960, the walk of five states).
    let walk = chain("0 1 2 3 4", &["1 0 0 0 0", "1/2 0 1/2 0 0", "0 1/2 0 1/2 0", "0 0 1/2 0 1/2", "0 0 0 0 1"]);
    let stay = |from, within| walk.stay(from, within, 2, HalfEven).map(|d| d.to_string());
    for (from, want) in [("1", ["1.50", "1.00", "0.50"]), ("2", ["1.00", "2.00", "1.00"]), ("3", ["0.50", "1.00", "1.50"])] {
        assert_eq!(["1", "2", "3"].map(|to| stay(from, to).unwrap()), want);
    }
    assert_eq!(stay("0", "1").unwrap(), "0.00");
    assert_eq!(stay("1", "4"), Err(MarkovError::NeverLeft { from: name("1"), to: name("4") }));
    assert_eq!(stay("0", "4").unwrap(), "0.00");
    assert_eq!(stay("5", "4"), Err(MarkovError::UnknownState("5".into())));
    assert_eq!(walk.stay("1", "1", 29, HalfEven), Err(MarkovError::TooFine));

    let time = |from, to| walk.time_to(from, to, 2, HalfEven).map(|d| d.to_string());
    assert_eq!(time("2", "2").unwrap(), "0.00");
    assert_eq!(time("2", "0"), Err(MarkovError::MayNotArrive { from: name("2"), to: name("0") }));
    assert_eq!(time("0", "2"), Err(MarkovError::MayNotArrive { from: name("0"), to: name("2") }));
    // A wall behind the goal does not keep anybody from arriving: from c all come to b, although b may lead into a.
    let way = chain("a b c", &["1 0 0", "1/2 0 1/2", "0 1/3 2/3"]);
    assert_eq!(way.time_to("c", "b", 4, HalfEven).unwrap(), dec("3.0000"));
    assert_eq!(way.time_to("c", "a", 4, HalfEven).unwrap(), dec("8.0000")); // h_c = 1 + h_b/3 + 2h_c/3, h_b = 1 + h_c/2
}

/// Fractions of 126 bits without common factors: a denominator common to all of them would be very long.
#[test]
fn steady_states_of_the_finest_chances_are_found() {
    let (states, mut denominator) = (16_usize, (1_i128 << 122) + 1);
    let rows = (0..states).map(|_| {
        let pair = |_| {
            denominator += 5_308_871_538;
            let part = denominator / 3;
            [Ratio::new(part, 8 * denominator).unwrap(), Ratio::new(denominator - part, 8 * denominator).unwrap()]
        };
        (0..states / 2).flat_map(pair).collect()
    });
    let rows: Vec<Vec<Ratio>> = rows.collect();
    let chain = Markov::new((0..states).map(|i| name(&format!("s{i}"))).collect(), rows).unwrap();
    let shares = chain.steady_state(6, HalfEven).unwrap().shares;
    // A third and two thirds of each eighth, but for the last digits.
    assert!(shares.chunks(2).all(|pair| pair == [dec("0.041667"), dec("0.083333")]), "{shares:?}");
}

#[test]
fn steady_states() {
    // Land of Oz (Kemeny and Snell 1960): rain 0.4, nice 0.2, snow 0.4.
    let oz = chain("rain nice snow", &["1/2 1/4 1/4", "1/2 0 1/2", "1/4 1/4 1/2"]);
    let steady = oz.steady_state(3, HalfEven).unwrap();
    assert_eq!((steady.shares.clone(), steady.is_limit()), (common::decs(&["0.400", "0.200", "0.400"]), true));
    // Turns: a mean, but no limit.
    let turns = chain("a b c", &["0 1 0", "0 0 1", "1 0 0"]).steady_state(4, HalfEven).unwrap();
    assert_eq!((turns.period, turns.is_limit(), turns.shares[0]), (3, false, dec("0.3333")));
    let two = chain("a b c d", &["0 1/2 0 1/2", "1/2 0 1/2 0", "0 1/2 0 1/2", "1/2 0 1/2 0"]).steady_state(2, HalfEven).unwrap();
    assert_eq!((two.period, two.shares[3]), (2, dec("0.25")));
    // Ways back of 2 and 3 periods: no common turn.
    assert_eq!(chain("a b c", &["0 1 0", "1/2 0 1/2", "1 0 0"]).steady_state(2, HalfEven).unwrap().period, 1);
    // Everybody ends at one place, or at one of two.
    let gone = pfeifer("0.05", "0.95").steady_state(0, HalfEven).unwrap();
    assert_eq!((gone.shares, gone.period), (common::decs(&["0", "0", "0", "0", "1"]), 1));
    let ends = chain("a b c", &["1 0 0", "1/3 1/3 1/3", "0 0 1"]).steady_state(2, HalfEven);
    assert_eq!(ends, Err(MarkovError::SeveralEnds { one: name("a"), other: name("c") }));
}

fn letters() -> GradeSet {
    GradeSet::letters(3).unwrap()
}

fn census(on: &str, each: &[(&str, i64)]) -> Census {
    let set = letters();
    let mut census = Census::new(&set, date(on), Currency::GBP);
    for (grade, minor) in each {
        census.push(set.grade(grade).unwrap(), gbp(*minor)).unwrap();
    }
    census
}

#[test]
fn a_migration_becomes_a_chain() {
    let set = letters();
    let (a, b, c) = (set.grade("A"), set.grade("B"), set.grade("C"));
    let mut moves = Migration::new(&set);
    for (before, after, times) in [(a, a, 8), (a, b, 1), (a, None, 1), (b, a, 1), (b, b, 2), (None, c, 5)] {
        (0..times).for_each(|_| moves.push(before, after).unwrap());
    }
    let gone = || name("gone");
    assert_eq!(moves.chain(gone(), &[]), Err(MarkovError::Nobody(name("C"))));
    let given = |row: &str| [(name("C"), rows(&[row]).remove(0))];
    let chain = moves.chain(gone(), &given("0 0.1 0.5 0.4")).unwrap();
    assert_eq!(chain.states(), names("A B C gone"));
    assert_eq!(chain.rows(), rows(&["0.8 0.1 0 0.1", "1/3 2/3 0 0", "0 0.1 0.5 0.4", "0 0 0 1"]));
    assert_eq!((chain.chance("A", "gone"), chain.chance("A", "lost")), (Some(ratio("0.1")), None));
    // What is given for a grade that somebody had is not used; what is given wrongly is refused.
    let more = [given("0 0 0 1").as_slice(), &[(name("A"), vec![])]].concat();
    assert_eq!(moves.chain(gone(), &more).unwrap().rows()[0], chain.rows()[0]);
    let sum = MarkovError::BadRowSum { state: name("C"), sum: "0.9".into() };
    assert_eq!(moves.chain(gone(), &given("0 0 0.5 0.4")), Err(sum));
    assert_eq!(moves.chain(gone(), &[(gone(), vec![])]), Err(MarkovError::UnknownState("gone".into())));
    assert_eq!(moves.chain(name("B"), &given("0 0 0 1")), Err(MarkovError::Twice(name("B"))));

    // Equity is rounded once: two thirds three times over are two, not three of one each.
    let chain = self::chain("A B C gone", &["0 0 0 1", "0 0 0 1", "0 0 0 1", "0 0 0 1"]);
    let values = chain.value(&[gbp(0), gbp(1), gbp(2), gbp(0)], ratio("0"), Horizon::Forever).unwrap();
    let now = census("2024-01-31", &[("B", 0), ("B", 0), ("C", 0)]);
    assert_eq!(values.equity(&now.in_states(values.states()).unwrap(), HalfEven).unwrap(), gbp(4));
    let thirds = self::chain("A B C gone", &["0 0 0 1", "0 1/3 0 2/3", "0 0 0 1", "0 0 0 1"]);
    let values = thirds.value(&[gbp(0), gbp(1), gbp(0), gbp(0)], ratio("0"), Horizon::Forever).unwrap();
    let three = census("2024-01-31", &[("B", 0), ("B", 0), ("B", 0)]);
    assert_eq!(values.equity(&three.in_states(values.states()).unwrap(), Rounding::Floor).unwrap(), gbp(4)); // 3 · 1.5, not 3 · 1
    let stranger = self::chain("B gone", &["0 1", "0 1"]).value(&[gbp(1), gbp(0)], ratio("0"), Horizon::Forever).unwrap();
    assert_eq!(stranger.equity(&three.in_states(stranger.states()).unwrap(), HalfEven).unwrap(), gbp(3)); // a grade without customers needs no value
    assert_eq!(now.in_states(stranger.states()), Err(MarkovError::UnknownState("C".into())));
}

#[test]
fn a_census_goes_on_as_the_chain_says() {
    let chain = chain("A B C gone", &["0.9 0.1 0 0", "0 0.5 0.5 0", "0 0 0 1", "0 0 0 1"]);
    let now = census("2024-01-31", &[("A", 1), ("A", 1), ("B", 1)]);
    let after = |periods| chain.project(&now.in_states(chain.states()).unwrap(), periods, 3, HalfEven).unwrap();
    assert_eq!(after(0), common::decs(&["2.000", "1.000", "0.000", "0.000"]));
    assert_eq!(after(1), common::decs(&["1.800", "0.700", "0.500", "0.000"]));
    assert_eq!(after(2), common::decs(&["1.620", "0.530", "0.350", "0.500"]));
    assert!(matches!(
        chain.project(&now.in_states(chain.states()).unwrap(), u32::MAX, 3, HalfEven),
        Err(MarkovError::TooLong { .. })
    ));
}

#[test]
fn the_intervals_of_the_cells_are_those_of_wilson() {
    let set = letters();
    let (a, b) = (set.grade("A").unwrap(), set.grade("B").unwrap());
    let mut moves = Migration::new(&set);
    (0..8).for_each(|_| moves.push(Some(a), Some(a)).unwrap());
    (0..2).for_each(|_| moves.push(Some(a), Some(b)).unwrap());
    (0..5).for_each(|_| moves.push(Some(a), None).unwrap());
    // 8 of 10 (statsmodels): .490162 to .943318; 0 of 10: 0 to .277533.
    let matrix = moves.matrix(Confidence::P95);
    let (stays, never) = (matrix[0][0].unwrap(), matrix[0][2].unwrap());
    assert!((stays.low() - 0.490_162).abs() < 5e-7 && (stays.high() - 0.943_318).abs() < 5e-7);
    assert!(never.low().to_bits() == 0 && (never.high() - 0.277_533).abs() < 5e-7);
    assert_eq!(matrix[1], [None, None, None]);
    let kept = moves.retention_estimate(a, Confidence::P95).unwrap();
    assert_eq!((moves.retention(a), moves.had(a), moves.remained(a)), (Some(ratio("2/3")), 15, 10));
    assert!((kept.value() - 2.0 / 3.0).abs() < 1e-15 && kept.low() < 0.5 && kept.high() > 0.8);
    assert_eq!((moves.retention(b), moves.retention_estimate(b, Confidence::P95)), (None, None));
    let wider = moves.share_estimate(a, a, Confidence::P99).unwrap();
    assert!(wider.low() < stays.low() && wider.high() > stays.high());
    // A grade of another set of the same size.
    let other = GradeSet::new(names("gold silver tin")).unwrap();
    let gold = other.grade("gold").unwrap();
    assert_eq!((moves.count(gold, gold), moves.had(gold), moves.share(gold, gold)), (0, 0, None));
    assert_eq!(moves.push(Some(gold), None), Err(MigrationError::UnknownGrade(name("gold"))));
    assert_eq!(moves.merge(&Migration::new(&other)), Err(MigrationError::OtherGrades));
}

#[test]
fn the_mix_of_grades_that_nobody_had() {
    let none = census("2023-12-31", &[]);
    let some = census("2024-12-31", &[("A", 100), ("B", 7)]);
    let change = |before: &Census, after: &Census| {
        let c = before.change_to(after, HalfEven).unwrap();
        (c.customers.minor(), c.mix.minor(), c.each.minor())
    };
    assert_eq!(change(&none, &some), (107, 0, 0));
    assert_eq!(change(&some, &census("2025-12-31", &[])), (-107, 0, 0));
    // B is new: its customer counts as mix, at what it is worth.
    assert_eq!(change(&census("2023-12-31", &[("A", 90), ("A", 90)]), &some), (0, -83, 10));
    for (left, right) in [(&some, &none), (&some, &some)] {
        let refused = left.change_to(right, HalfEven);
        assert_eq!(refused, Err(MigrationError::OtherDate { left: left.on(), right: right.on() }));
    }
    let a = letters().grade("A").unwrap().clone();
    assert_eq!((none.share_of_customers(&a), none.share_of_value(&a)), (None, None));
    let negative = census("2024-12-31", &[("A", 100), ("B", -100)]);
    assert_eq!((negative.share_of_customers(&a), negative.share_of_value(&a)), (Some(ratio("0.5")), None));
}

#[test]
fn a_census_refuses_and_stays_what_it_was() {
    let mut some = census("2024-12-31", &[("A", 100)]);
    let before = some.clone();
    let set = letters();
    let other = GradeSet::letters(4).unwrap();
    let euro = Money::from_minor(1, Currency::EUR);
    let mixed = MigrationError::Money(MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR });
    assert_eq!(some.push(other.grade("D").unwrap(), gbp(1)), Err(MigrationError::UnknownGrade(name("D"))));
    assert_eq!(some.push(set.grade("A").unwrap(), euro), Err(mixed.clone()));
    assert_eq!(some.merge(&Census::new(&set, date("2024-12-31"), Currency::EUR)), Err(mixed));
    assert_eq!(some.merge(&Census::new(&other, date("2024-12-31"), Currency::GBP)), Err(MigrationError::OtherGrades));
    let (left, right) = (date("2024-12-31"), date("2024-12-30"));
    assert_eq!(some.merge(&census("2024-12-30", &[])), Err(MigrationError::OtherDate { left, right }));
    assert_eq!(some, before);
    // Sums may outgrow an amount, and come back.
    let a = set.grade("A").unwrap();
    some.push(a, gbp(i64::MAX)).unwrap();
    assert_eq!(some.value(a), Err(MoneyError::Overflow { currency: Currency::GBP }));
    some.push(a, gbp(-100)).unwrap();
    assert_eq!(some.value(a), Ok(gbp(i64::MAX)));
    // Merged with itself 63 times, it holds 3 · 2^62 customers; once more is too many.
    for _ in 0..62 {
        let same = some.clone();
        some.merge(&same).unwrap();
    }
    let same = some.clone();
    assert_eq!((some.merge(&same), some.all_customers()), (Err(MigrationError::TooMany), 3 << 62));
    assert_eq!(some, same);
    assert_eq!(some.share_of_customers(a), Some(Ratio::ONE));
}

#[test]
fn hostile_json_is_refused() {
    let text = r#"{"grades":["A","B"],"on":"2024-12-31","currency":"GBP","groups":[{"customers":1,"minor":"5"},{"customers":0,"minor":"0"}]}"#;
    assert!(serde_json::from_str::<Census>(text).is_ok());
    for (good, bad) in [
        (r#""customers":0"#, r#""customers":-1"#),
        (r#""minor":"5""#, r#""minor":"9223372036854775809""#),
        (r#""minor":"0""#, r#""minor":"1""#),
        (r#""minor":"0""#, r#""minor":"0.5""#),
        (r#","groups""#, r#","more":1,"groups""#),
        (r#",{"customers":0,"minor":"0"}"#, ""),
    ] {
        let hostile = text.replacen(good, bad, 1);
        assert!(hostile != text && serde_json::from_str::<Census>(&hostile).is_err(), "{hostile}");
    }
    // 2⁶⁴ − 1 customers in all are possible, one more is not.
    let full = text.replace(r#""customers":1"#, r#""customers":18446744073709551615"#);
    assert!(serde_json::from_str::<Census>(&full).is_ok());
    assert!(serde_json::from_str::<Census>(&full.replace(r#""customers":0"#, r#""customers":1"#)).is_err());
    let text = r#"{"grades":["A","B"],"entered":[1,2],"moved":[[3,4],[5,6]],"left":[7,8]}"#;
    let moves: Migration = serde_json::from_str(text).unwrap();
    assert_eq!((moves.entered(), moves.left(), moves.up(), moves.down(), moves.stayed()), (3, 15, 5, 4, 9));
    assert_eq!(serde_json::to_string(&moves).unwrap(), text);
    for (good, bad) in [("[1,2]", "[1]"), ("[5,6]", "[5,6,7]"), (",[5,6]", ""), ("[7,8]", "[18446744073709551615,8]"), ("3", "-3")]
    {
        assert!(serde_json::from_str::<Migration>(&text.replacen(good, bad, 1)).is_err(), "{bad}");
    }
    let text = r#"{"states":["A","gone"],"rows":[["0.9","0.1"],["0","1"]]}"#;
    let chain: Markov = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&chain).unwrap(), text);
    for (good, bad) in [("0.9", "0.8"), (r#""gone""#, r#""A""#), (r#"["0","1"]"#, r#"["1"]"#), (r#""0.9""#, "0.9")] {
        assert!(serde_json::from_str::<Markov>(&text.replacen(good, bad, 1)).is_err(), "{bad}");
    }
}

/// Chains of 1 to 5 states from counts; the last state may be absorbing.
fn chains() -> impl Strategy<Value = Markov> {
    (1..6_usize).prop_flat_map(|n| vec(vec(0..5_i128, n), n)).prop_map(|counts| {
        let row = |(at, row): (usize, &Vec<i128>)| -> Vec<Ratio> {
            let total: i128 = row.iter().sum();
            let chance = |(to, n): (usize, &i128)| if total == 0 { (i128::from(at == to), 1) } else { (*n, total) };
            row.iter().enumerate().map(chance).map(|(n, d)| Ratio::new(n, d).unwrap()).collect()
        };
        let states = (0..counts.len()).map(|n| name(&format!("s{n}"))).collect();
        Markov::new(states, counts.iter().enumerate().map(row).collect()).unwrap()
    })
}

/// A customer: grade before, grade after, worth.
fn customers() -> impl Strategy<Value = Vec<(usize, usize, i64)>> {
    vec((0..4_usize, 0..4_usize, -1000..1000_i64), 0..30)
}

fn grade(set: &GradeSet, at: usize) -> Option<&Grade> {
    set.best_first().get(at)
}

proptest! {
    #![proptest_config(cases(200))]

    /// V = R + v · P · V, exactly; and many periods come close to no end.
    #[test]
    fn values_satisfy_their_own_equation(chain in chains(), rewards in vec(-1000..1000_i64, 5), percent in 5..60_i128) {
        let rewards: Vec<Money> = rewards.iter().take(chain.states().len()).map(|&m| gbp(m)).collect();
        let discount = Ratio::new(percent, 100).unwrap();
        let values = chain.value(&rewards, discount, Horizon::Forever).unwrap();
        let exact: Vec<f64> = chain.states().iter().map(|s| values.minor(s).unwrap().to_f64()).collect();
        for ((row, reward), value) in chain.rows().iter().zip(&rewards).zip(&exact) {
            let later: f64 = row.iter().zip(&exact).map(|(p, v)| p.to_f64() * v).sum();
            let now = f64::from(i32::try_from(reward.minor()).unwrap());
            prop_assert!((value - now - later / (1.0 + discount.to_f64())).abs() < 1e-7, "{} {}", value, later);
        }
        let long = chain.value(&rewards, discount, Horizon::Periods(400)).unwrap().rounded(HalfEven).unwrap();
        for (long, endless) in long.iter().zip(values.rounded(HalfEven).unwrap()) {
            prop_assert!((long.minor() - endless.minor()).abs() <= 1);
        }
    }

    /// A period more is the reward now and, discounted, a period less from where customers go: checked against whole powers by hand.
    #[test]
    fn a_sum_over_periods_is_the_sum_of_projected_rewards(chain in chains(), rewards in vec(-1000..1000_i64, 5), periods in 0..4_u32) {
        let n = chain.states().len();
        let rewards: Vec<Money> = rewards.iter().take(n).map(|&m| gbp(m)).collect();
        let values = chain.value(&rewards, ratio("1/4"), Horizon::Periods(periods)).unwrap();
        let add = |a: Ratio, b: Ratio| Ratio::sum([a, b]).unwrap();
        let times = |a: Ratio, b: Ratio| Ratio::new(a.numerator() * b.numerator(), a.denominator() * b.denominator()).unwrap();
        for start in 0..n {
            let mut place: Vec<Ratio> = (0..n).map(|s| if s == start { Ratio::ONE } else { Ratio::ZERO }).collect();
            let (mut sum, mut worth) = (Ratio::ZERO, Ratio::ONE);
            for _ in 0..=periods {
                for (chance, reward) in place.iter().zip(&rewards) {
                    sum = add(sum, times(worth, times(*chance, Ratio::new(reward.minor().into(), 1).unwrap())));
                }
                worth = times(worth, ratio("4/5"));
                place = (0..n).map(|to| Ratio::sum((0..n).map(|s| times(place[s], chain.rows()[s][to]))).unwrap()).collect();
            }
            prop_assert_eq!(values.minor(&chain.states()[start]).unwrap(), sum);
        }
    }

    /// The steady state stays, adds up to one, and is where a long projection leads if it is a limit.
    #[test]
    fn a_steady_state_stays(chain in chains()) {
        let Ok(steady) = chain.steady_state(20, HalfEven) else { return Ok(()) };
        let n = steady.shares.len();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let shares: Vec<f64> = steady.shares.iter().map(|s| s.to_string().parse().unwrap()).collect();
        prop_assert!(close(shares.iter().sum(), 1.0));
        for to in 0..n {
            let next: f64 = (0..n).map(|from| shares[from] * chain.rows()[from][to].to_f64()).sum();
            prop_assert!(close(next, shares[to]));
        }
        // Powers of the matrix, 2^12 periods on: a limit if and only if the period is one.
        let mut power: Vec<Vec<f64>> = chain.rows().iter().map(|row| row.iter().map(|p| p.to_f64()).collect()).collect();
        for _ in 0..12 {
            let old = power.clone();
            let cell = |from: usize, to: usize| (0..n).map(|by| old[from][by] * old[by][to]).sum();
            power = (0..n).map(|from| (0..n).map(|to| cell(from, to)).collect()).collect();
        }
        let reaches_it = power.iter().all(|row| row.iter().zip(&shares).all(|(a, b)| (a - b).abs() < 1e-6));
        prop_assert_eq!(reaches_it, steady.is_limit());
    }

    /// The times to a state satisfy their equation, and everybody's stays add up to the time until they are gone.
    #[test]
    fn stays_add_up_to_the_time(chain in chains()) {
        let number = |d: rust_decimal::Decimal| d.to_string().parse::<f64>().unwrap();
        let states: Vec<&str> = chain.states().iter().map(Name::as_str).collect();
        for end in &states {
            for start in &states {
                let Ok(time) = chain.time_to(start, end, 12, HalfEven) else { continue };
                let mut then = 0.0;
                for next in &states {
                    let chance = chain.chance(start, next).unwrap();
                    if chance > Ratio::ZERO && start != end {
                        then += chance.to_f64() * number(chain.time_to(next, end, 12, HalfEven).unwrap());
                    }
                }
                let now = f64::from(u8::from(start != end));
                prop_assert!((number(time) - now - then).abs() < 1e-6);
                if chain.chance(end, end) == Some(Ratio::ONE) {
                    let stay = |s: &&str| chain.stay(start, s, 12, HalfEven).map(number);
                    let sum: f64 = states.iter().filter(|s| *s != end).map(|s| stay(s).unwrap()).sum();
                    prop_assert!((sum - number(time)).abs() < 1e-6);
                }
            }
        }
    }

    /// Whatever the order and the splitting: the same census, the same migration, the same text.
    #[test]
    fn merging_is_a_commutative_monoid(all in customers(), cut in 0..30_usize) {
        let set = letters();
        let build = |part: &[(usize, usize, i64)]| {
            let (mut census, mut moves) = (Census::new(&set, date("2024-12-31"), Currency::GBP), Migration::new(&set));
            for &(before, after, minor) in part {
                moves.push(grade(&set, before), grade(&set, after)).unwrap();
                if let Some(after) = grade(&set, after) {
                    census.push(after, gbp(minor)).unwrap();
                }
            }
            (census, moves)
        };
        let (left, right) = all.split_at(cut.min(all.len()));
        let (whole, (mut census, mut moves), other) = (build(&all), build(right), build(left));
        census.merge(&other.0).unwrap();
        moves.merge(&other.1).unwrap();
        census.merge(&build(&[]).0).unwrap();
        moves.merge(&build(&[]).1).unwrap();
        prop_assert_eq!((&census, &moves), (&whole.0, &whole.1));
        let (census_text, moves_text) = (serde_json::to_string(&census).unwrap(), serde_json::to_string(&moves).unwrap());
        prop_assert_eq!(serde_json::from_str::<Census>(&census_text).unwrap(), census.clone());
        prop_assert_eq!(serde_json::from_str::<Migration>(&moves_text).unwrap(), moves.clone());
        // Rows of the chain add up to exactly one; the shares do too.
        let row = || vec![ratio("0"), ratio("0"), ratio("0"), ratio("1")];
        let otherwise: Vec<(Name, Vec<Ratio>)> = set.best_first().iter().map(|g| (g.name().clone(), row())).collect();
        let chain = moves.chain(name("gone"), &otherwise).unwrap();
        for row in chain.rows() {
            prop_assert_eq!(Ratio::sum(row.iter().copied()).unwrap(), Ratio::ONE);
        }
        if census.all_customers() > 0 {
            let shares = set.best_first().iter().map(|g| census.share_of_customers(g).unwrap());
            prop_assert_eq!(Ratio::sum(shares).unwrap(), Ratio::ONE);
        }
        // Heads are kept.
        let heads: rust_decimal::Decimal = chain.project(&census.in_states(chain.states()).unwrap(), 3, 12, HalfEven).unwrap().into_iter().sum();
        let all = rust_decimal::Decimal::from(census.all_customers());
        prop_assert!((heads - all).abs() < dec("0.0000000001"));
    }

    /// The three parts add up to the change; with equal means of each grade nothing is due to them; twice the customers is twice the value.
    #[test]
    fn the_parts_of_a_change_add_up(before in customers(), after in customers()) {
        let set = letters();
        let at = |on: &str, all: &[(usize, usize, i64)]| {
            let mut census = Census::new(&set, date(on), Currency::GBP);
            for &(_, after, minor) in all {
                if let Some(grade) = grade(&set, after) {
                    census.push(grade, gbp(minor)).unwrap();
                }
            }
            census
        };
        let (old, new) = (at("2023-12-31", &before), at("2024-12-31", &after));
        for rounding in [HalfEven, Rounding::Floor] {
            let change = old.change_to(&new, rounding).unwrap();
            let sum = Money::sum([change.customers, change.mix, change.each], Currency::GBP).unwrap();
            prop_assert_eq!((sum, change.before, change.after), (change.total().unwrap(), old.total_value().unwrap(), new.total_value().unwrap()));
        }
        let mut twice = at("2024-12-31", &before);
        twice.merge(&twice.clone()).unwrap();
        let change = old.change_to(&twice, HalfEven).unwrap();
        prop_assert_eq!((change.customers, change.mix.minor(), change.each.minor()), (old.total_value().unwrap(), 0, 0));
        // The same grades, all worth a penny more: due to each alone.
        let dearer: Vec<_> = before.iter().map(|&(b, a, minor)| (b, a, minor + 1)).collect();
        let change = old.change_to(&at("2024-12-31", &dearer), HalfEven).unwrap();
        let heads = i64::try_from(old.all_customers()).unwrap();
        prop_assert_eq!((change.customers.minor(), change.mix.minor(), change.each.minor()), (0, 0, heads));
    }
}
