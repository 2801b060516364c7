//! Retention, churn and survival: published numbers, CDNOW counted a second time, laws, borders.
#![allow(clippy::unwrap_used, clippy::float_cmp)]

mod common;

use Confidence as C;
use common::{Dice, cases};
use customer_value::{
    lifecycle::retention::{LogRank, RetentionError, Share, Survival},
    money::Ratio,
    quantity::{Confidence, Estimate},
};
use proptest::prelude::*;

fn near(found: f64, wanted: f64, within: f64) -> bool {
    (found - wanted).abs() <= within
}

fn half() -> Ratio {
    Ratio::new(1, 2).unwrap()
}

fn tally(times: &[(u32, bool)]) -> Survival {
    let mut survival = Survival::new();
    times.iter().for_each(|&(time, left)| survival.push(time, left).unwrap());
    survival
}

/// Remission times in weeks under 6-mercaptopurine (Freireich et al. 1963, as in Gehan 1965; R: `MASS::gehan`).
fn treated() -> Survival {
    let left = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|t| (t, true));
    let still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|t| (t, false));
    tally(&[left.as_slice(), &still].concat())
}

/// The same under placebo; nobody is censored.
fn placebo() -> Survival {
    tally(&[1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23].map(|t| (t, true)))
}

#[test]
fn kaplan_meier_of_the_leukemia_trial() {
    // S, Greenwood's standard error and the log-log interval as SAS, Stata (`sts list`) and R (`conf.type = "log-log"`) print them.
    let table = [
        (6, 21, 3, 0.8571, 0.0764, 0.6197, 0.9516),
        (7, 17, 1, 0.8067, 0.0869, 0.5631, 0.9228),
        (10, 15, 1, 0.7529, 0.0963, 0.5032, 0.8894),
        (13, 12, 1, 0.6902, 0.1068, 0.4316, 0.8491),
        (16, 11, 1, 0.6275, 0.1141, 0.3675, 0.8049),
        (22, 7, 1, 0.5378, 0.1282, 0.2678, 0.7468),
        (23, 6, 1, 0.4482, 0.1346, 0.1881, 0.6801),
    ];
    let curve = treated().curve();
    assert_eq!(curve.points().len(), table.len());
    for (point, (time, at_risk, left, s, error, low, high)) in curve.points().iter().zip(table) {
        assert_eq!((point.time, point.at_risk, point.left), (time, at_risk, left));
        let e = point.estimate(C::P95).unwrap();
        for (found, wanted) in
            [(point.survival, s), (point.standard_error().unwrap(), error), (e.value(), s), (e.low(), low), (e.high(), high)]
        {
            assert!(near(found, wanted, 5.001e-5), "{time}: {found} {wanted}");
        }
        assert!(near(point.exact.unwrap().to_f64(), point.survival, 1e-15));
    }
    assert_eq!(curve.points()[1].exact.unwrap().to_string(), "96/119"); // 6/7 · 16/17
    let median = curve.median(C::P95).unwrap();
    assert_eq!((median.value, median.low, median.high), (Some(23), Some(13), None));
}

#[test]
fn the_restricted_mean_and_the_log_rank_test_of_the_leukemia_trial() {
    // Stata: `stci, rmean` 23.28739, standard error 2.827468, up to the longest observation.
    let mean = treated().curve().restricted_mean(35, C::P95).unwrap();
    assert!(near(mean.value(), 23.287_395, 1e-6));
    assert!(near((mean.value() - mean.low()) / 1.959_963_984_540_054, 2.827_468, 1e-6));
    // SAS: mean 17.909 up to the last event. Without censoring it is the plain mean, 182 weeks of 21 patients.
    assert!(near(treated().curve().restricted_mean(23, C::P95).unwrap().value(), 17.909_244, 1e-6));
    assert!(near(placebo().curve().restricted_mean(23, C::P95).unwrap().value(), 182.0 / 21.0, 1e-12));

    // Observed and expected 9 and 19.25, 21 and 10.75; chi-squared 16.79 (Kleinbaum and Klein 2012, chapter 2; R: `survdiff`).
    let test = LogRank::of(&treated(), &placebo()).unwrap();
    assert_eq!(test.observed, 9);
    assert!(near(test.expected, 19.250_501, 1e-6) && near(test.variance, 6.256_961, 1e-6));
    assert!(near(test.chi_squared, 16.792_941, 1e-6) && near(test.p_value, 4.168_8e-5, 1e-9));
    let back = LogRank::of(&placebo(), &treated()).unwrap();
    assert_eq!(back.observed, 21);
    assert!(near(back.expected, 10.749_499, 1e-6) && near(back.chi_squared, test.chi_squared, 1e-12));
}

#[test]
fn a_curve_without_censoring_is_the_plain_share() {
    let curve = placebo().curve();
    for point in curve.points() {
        let stay = point.at_risk - point.left;
        assert_eq!(point.exact, Some(Ratio::new(stay.into(), 21).unwrap()));
        assert_eq!(point.survival.to_bits(), Ratio::new(stay.into(), 21).unwrap().to_f64().to_bits());
    }
    let end = curve.points().last().unwrap();
    assert_eq!((end.survival, end.exact), (0.0, Some(Ratio::ZERO)));
    assert_eq!((end.standard_error(), end.estimate(C::P95)), (None, None));
    assert_eq!((curve.at(23), curve.at(24), curve.at(u32::MAX)), (Some(0.0), Some(0.0), Some(0.0)));
    assert!(curve.restricted_mean(u32::MAX, C::P95).unwrap().value() > 8.66);
}

#[test]
fn borders_of_a_curve() {
    // Last seen at the time of an event: at risk of it. Last seen a unit before: not.
    assert_eq!(tally(&[(5, true), (5, false)]).curve().at(5), Some(0.5));
    assert_eq!(tally(&[(5, true), (4, false)]).curve().at(5), Some(0.0));
    // The curve falls at the time itself, and is not known beyond the longest observation.
    let curve = tally(&[(5, true), (9, false)]).curve();
    assert_eq!([4, 5, 9, 10].map(|t| curve.at(t)), [Some(1.0), Some(0.5), Some(0.5), None]);
    assert_eq!(curve.estimate(4, C::P95), None);
    assert!(curve.estimate(9, C::P95).is_some() && curve.estimate(10, C::P95).is_none());
    assert_eq!(curve.restricted_mean(10, C::P95), Err(RetentionError::NotObserved { time: 10, last: 9 }));
    assert_eq!(curve.restricted_mean(9, C::P95).unwrap().value(), 7.0);
    assert_eq!(curve.restricted_mean(0, C::P95).unwrap(), Estimate::new(0.0, 0.0, 0.0, C::P95).unwrap());
    // At time 0 too.
    assert_eq!(tally(&[(0, true), (1, true)]).curve().at(0), Some(0.5));
}

#[test]
fn all_censored_and_nobody() {
    let all = tally(&[(3, false), (8, false)]).curve();
    assert!(all.points().is_empty());
    assert_eq!((all.at(8), all.at(9), all.estimate(8, C::P95)), (Some(1.0), None, None));
    assert_eq!(all.median(C::P95).unwrap().value, None);
    assert_eq!(all.restricted_mean(8, C::P95).unwrap().value(), 8.0);
    let nobody = Survival::new().curve();
    assert_eq!((nobody.at(0), nobody.last()), (None, None));
    assert_eq!(nobody.median(C::P95), Err(RetentionError::Nobody));
    assert_eq!(nobody.restricted_mean(0, C::P95), Err(RetentionError::Nobody));
    for (one, other) in
        [(Survival::new(), Survival::new()), (placebo(), Survival::new()), (tally(&[(3, false)]), tally(&[(4, false)]))]
    {
        assert_eq!(LogRank::of(&one, &other), Err(RetentionError::NotComparable));
    }
    for bad in [Ratio::ZERO, Ratio::ONE] {
        assert_eq!(all.time_until(bad, C::P95), Err(RetentionError::NotBetween(bad)));
    }
}

#[test]
fn a_half_is_a_half_where_no_float_is_exact() {
    // b/a of five pairs, then the same numbers crosswise: (B₁…B₅ / A₁…A₅) · (A₂…A₅ / B₁…B₄) = B₅ / A₁ = 1/2, in large steps.
    let b5: u64 = (1 << 50) + 55;
    let step = |n: u64| b5 + n * 97_612_893_127_321;
    let (a, b) = ([2 * b5, step(8), step(6), step(4), step(2)], [step(9), step(7), step(5), step(3), b5]);
    let chain = |extra: u64| {
        let mut left: Vec<(u64, u64)> = a.iter().zip(b).map(|(a, b)| (3 * a, 3 * b)).collect();
        left.extend((0..4).map(|j| (b[j], a[j + 1] + if j == 3 { extra } else { 0 })));
        let mut tally = Survival::new();
        for (time, pair) in left.iter().enumerate() {
            let next = left.get(time + 1).map_or(0, |next| next.0);
            tally.push_many(u32::try_from(time).unwrap(), pair.0 - pair.1, pair.1 - next).unwrap();
        }
        tally.curve()
    };
    let (exact, above) = (chain(0), chain(1));
    for curve in [&exact, &above] {
        let last = curve.points().last().unwrap();
        assert_eq!(last.exact, None); // outgrew 128 bits on the way
        assert!(near(last.survival, 0.5, 1e-14));
    }
    assert_eq!(exact.time_until(half(), C::P95).unwrap().value, Some(8));
    assert_eq!(above.time_until(half(), C::P95).unwrap().value, None);
    // Where the fraction fits: 3/4 · 2/3 is a half.
    let small = tally(&[(1, true), (2, false), (1, false), (3, true)]);
    assert_eq!(small.curve().median(C::P95).unwrap().value, Some(3));
}

#[test]
fn contracts_become_times() {
    let day = common::date;
    let mut tally = Survival::new();
    let as_of = day("2024-03-31");
    tally.push_contract(day("2024-02-28"), Some(day("2024-03-01")), as_of).unwrap(); // over the leap day: 2
    tally.push_contract(day("2024-03-31"), Some(day("2024-03-31")), as_of).unwrap(); // never begun: 0
    tally.push_contract(day("2024-03-01"), Some(as_of), as_of).unwrap(); // ended today: 30
    tally.push_contract(day("2024-03-01"), Some(day("2024-04-01")), as_of).unwrap(); // ends tomorrow: still there today
    tally.push_contract(day("2024-03-01"), None, as_of).unwrap();
    let mut wanted = self::tally(&[(2, true), (0, true), (30, true)]);
    wanted.push_many(30, 0, 2).unwrap();
    assert_eq!(tally, wanted);
    let before = tally.clone();
    let late = tally.push_contract(day("2024-04-01"), None, as_of);
    assert_eq!(late, Err(RetentionError::AfterEnd { day: day("2024-04-01"), as_of }));
    let reverse = tally.push_contract(day("2024-03-01"), Some(day("2024-02-29")), as_of);
    assert_eq!(reverse, Err(RetentionError::BeforeFirst { day: day("2024-02-29"), first: day("2024-03-01") }));
    assert_eq!(tally, before);
}

#[test]
fn hostile_tallies() {
    let mut full = Survival::new();
    full.push_many(1, u64::MAX - 1, 1).unwrap();
    for wrong in [full.push(2, true), full.push_many(2, u64::MAX, 1), full.clone().merge(&tally(&[(1, true)]))] {
        assert_eq!(wrong, Err(RetentionError::TooLarge));
    }
    assert_eq!(full.curve().points().len(), 1);
    assert_eq!(LogRank::of(&full, &tally(&[(1, true)])), Err(RetentionError::TooLarge));
    // One of 2⁶⁴ − 1 leaves: the share cannot be told from 1, and claims no interval.
    let mut one = Survival::new();
    one.push_many(1, 1, u64::MAX - 1).unwrap();
    assert_eq!(one.curve().estimate(1, C::P95), None);

    for json in [
        r#"{"times":[{"time":1,"left":1,"still_there":0},{"time":1,"left":1,"still_there":0}]}"#,
        r#"{"times":[{"time":1,"left":0,"still_there":0}]}"#,
        r#"{"times":[{"time":1,"left":-1,"still_there":0}]}"#,
        r#"{"times":[{"time":1,"left":1,"still_there":0,"more":1}]}"#,
        r#"{"times":[{"time":1,"left":18446744073709551615,"still_there":1}]}"#,
        r#"{"times":[],"customers":3}"#,
    ] {
        assert!(serde_json::from_str::<Survival>(json).is_err(), "{json}");
    }
    assert_eq!(Share::new(3, 2), Err(RetentionError::TooMany { part: 3, whole: 2 }));
    assert!(serde_json::from_str::<Share>(r#"{"part":3,"whole":2}"#).is_err());
    assert_eq!(Share::new(1, u64::MAX).unwrap().merge(Share::new(0, 1).unwrap()), Err(RetentionError::TooLarge));
    assert_eq!(Share::default().estimate(C::P95), Err(RetentionError::Nobody));
}

#[test]
fn shares_have_wilson_intervals_and_rests() {
    // 8 of 10: 0.490162 to 0.943318 (statsmodels `proportion_confint`, method "wilson").
    let share = Share::new(8, 10).unwrap();
    let e = share.estimate(C::P95).unwrap();
    assert!(near(e.low(), 0.490_162, 1e-6) && near(e.high(), 0.943_318, 1e-6) && e.value() == 0.8);
    assert_eq!((share.rest(), share.to_string()), (Share::new(2, 10).unwrap(), "8 of 10".into()));
    assert_eq!(share.merge(share.rest()), Share::new(10, 20));
}

fn times() -> impl Strategy<Value = Vec<(u32, bool)>> {
    proptest::collection::vec((0_u32..30, any::<bool>()), 0..60)
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn tallies_merge_to_the_whole(all in times(), cut in 0_usize..60, seed: u64) {
        let whole = tally(&all);
        let (one, other) = all.split_at(cut.min(all.len()));
        let (mut merged, mut back) = (tally(one), tally(other));
        merged.merge(&tally(other)).unwrap();
        back.merge(&tally(one)).unwrap();
        let mut shuffled = all.clone();
        Dice(seed).shuffle(&mut shuffled);
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(&back, &whole);
        prop_assert_eq!(&tally(&shuffled), &whole);
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<Survival>(&json).unwrap(), whole);
    }

    #[test]
    fn curves_fall_and_lie_within_their_intervals(all in times()) {
        let survival = tally(&all);
        let curve = survival.curve();
        prop_assert_eq!(curve.points().iter().map(|p| p.left).sum::<u64>(), survival.left());
        let mut before = 1.0;
        for p in curve.points() {
            prop_assert!(p.survival < before && p.survival >= 0.0);
            before = p.survival;
            if let Some(e) = p.estimate(C::P95) {
                prop_assert!(0.0 < e.low() && e.low() < p.survival && p.survival < e.high() && e.high() < 1.0);
                let wider = p.estimate(C::P99).unwrap();
                prop_assert!(wider.low() < e.low() && e.high() < wider.high());
            } else {
                prop_assert_eq!(p.left, p.at_risk);
            }
        }
        if let Some(last) = survival.last() {
            let median = curve.median(C::P95).unwrap();
            let slow = curve.points().iter().find(|p| p.exact.unwrap() <= half()).map(|p| p.time);
            prop_assert_eq!(median.value, slow);
            prop_assert!(median.value.is_none_or(|m| median.low.unwrap() <= m && median.high.is_none_or(|h| m <= h)));
            // The area, a unit at a time.
            let area: f64 = (0..last).map(|t| curve.at(t).unwrap()).sum();
            let mean = curve.restricted_mean(last, C::P95).unwrap();
            prop_assert!(near(mean.value(), area, 1e-9) && mean.high() <= f64::from(last));
        }
    }

    #[test]
    fn two_halves_of_one_group_leave_alike(all in times()) {
        if let Ok(test) = LogRank::of(&tally(&all), &tally(&all)) {
            prop_assert!(test.chi_squared < 1e-20 && near(test.p_value, 1.0, 1e-9));
        }
    }
}
