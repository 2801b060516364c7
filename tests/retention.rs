//! Retention, churn and survival: published numbers, CDNOW counted a second time, laws, borders.
#![allow(clippy::unwrap_used, clippy::float_cmp)]
extern crate alloc;

mod common;

use Confidence as C;
use alloc::collections::{BTreeMap, BTreeSet};
use chrono::{Datelike, NaiveDate};
use common::{Dice, cases, date, gbp, name, rows};
use customer_value::{
    calendar::Period,
    customer::{CustomerBase, History, Record, ReturnPolicy},
    lifecycle::retention::{
        Churn, ChurnReasons, CohortTable, EarlyWarning, LogRank, Repurchase, RetentionError, RevenueRetention, Rhythm, Signal,
        Survival, Warning,
    },
    money::{Currency, Money, Ratio},
    quantity::{Confidence, Estimate, Share, ShareError},
};
use proptest::prelude::*;
use std::sync::LazyLock;

fn near(found: f64, wanted: f64, within: f64) -> bool {
    (found - wanted).abs() <= within
}

fn half() -> Ratio {
    Ratio::new(1, 2).unwrap()
}

fn tally(times: &[(u32, bool)]) -> Survival {
    let mut survival = Survival::new();
    for &(time, left) in times {
        survival.push(time, left).unwrap();
    }
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
    let day = date;
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
    assert_eq!(Share::new(3, 2), Err(ShareError::NotAPart { part: 3, whole: 2 }));
    assert!(serde_json::from_str::<Share>(r#"{"part":3,"whole":2}"#).is_err());
    assert_eq!(Share::new(1, u64::MAX).unwrap().try_add(Share::new(0, 1).unwrap()), Err(ShareError::TooMany));
    assert_eq!(Share::default().estimate(C::P95), Err(ShareError::OfNothing));
}

#[test]
fn shares_have_wilson_intervals_and_rests() {
    // 8 of 10: 0.490162 to 0.943318 (statsmodels `proportion_confint`, method "wilson").
    let share = Share::new(8, 10).unwrap();
    let e = share.estimate(C::P95).unwrap();
    assert!(near(e.low(), 0.490_162, 1e-6) && near(e.high(), 0.943_318, 1e-6) && e.value() == 0.8);
    assert_eq!((share.rest(), share.to_string()), (Share::new(2, 10).unwrap(), "8 of 10".into()));
    assert_eq!(share.try_add(share.rest()), Share::new(10, 20));
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

/// CDNOW's customers and their purchase days.
fn cdnow() -> &'static BTreeMap<u64, BTreeSet<NaiveDate>> {
    static DAYS: LazyLock<BTreeMap<u64, BTreeSet<NaiveDate>>> = LazyLock::new(|| {
        let mut days: BTreeMap<u64, BTreeSet<NaiveDate>> = BTreeMap::new();
        for row in rows("cdnow_full.csv.gz") {
            days.entry(row[0].parse().unwrap()).or_default().insert(date(&row[1]));
        }
        days
    });
    &DAYS
}

fn push_days(table: &mut CohortTable, days: &BTreeSet<NaiveDate>) {
    table.push(*days.first().unwrap(), days.iter().copied().skip(1)).unwrap();
}

#[test]
fn cohorts_of_cdnow_counted_a_second_time() {
    let as_of = date("1998-06-29"); // June 1998 lacks its last day
    let month = |d: &NaiveDate| d.year() * 12 + d.month0().cast_signed();
    let mut table = CohortTable::new(date("1997-01-01"), 1, as_of).unwrap();
    let mut wanted: BTreeMap<i32, Vec<BTreeSet<i32>>> = BTreeMap::new();
    for days in cdnow().values() {
        let days: BTreeSet<NaiveDate> = days.range(..=as_of).copied().collect();
        push_days(&mut table, &days);
        wanted.entry(month(days.first().unwrap())).or_default().push(days.iter().map(month).collect());
    }
    assert_eq!(table.cohorts().map(|c| c.size()).collect::<Vec<_>>(), [7_846, 8_476, 7_248]);
    let mut pooled: BTreeMap<i32, (u64, u64)> = BTreeMap::new();
    for (cohort, (born, customers)) in table.cohorts().zip(&wanted) {
        let last = month(&date("1998-05-01"));
        assert_eq!(i32::try_from(cohort.ages()).unwrap(), last - born);
        for age in 1..=last - born {
            let active = customers.iter().filter(|c| c.contains(&(born + age))).count() as u64;
            let since = customers.iter().filter(|c| *c.last().unwrap() >= born + age).count() as u64;
            let at = usize::try_from(age).unwrap();
            assert_eq!(cohort.active(at), Some(Share::new(active, cohort.size()).unwrap()), "{born} {age}");
            assert_eq!(cohort.seen_since(at), Some(Share::new(since, cohort.size()).unwrap()), "{born} {age}");
            let sum = pooled.entry(age).or_default();
            *sum = (sum.0 + active, sum.1 + cohort.size());
        }
        assert_eq!((cohort.active(0), cohort.active(cohort.ages() + 1)), (None, None));
    }
    for (age, (active, size)) in pooled {
        assert_eq!(table.active(usize::try_from(age).unwrap()), Some(Share::new(active, size).unwrap()));
    }
    assert_eq!((table.active(0), table.active(17)), (None, None));
    let january = table.cohorts().next().unwrap();
    assert_eq!(january.active(1).unwrap().part(), 1_157);

    let json = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<CohortTable>(&json).unwrap(), table);
}

#[test]
fn repurchase_in_cdnow_counted_a_second_time() {
    let as_of = date("1997-06-30");
    for within in [1, 30, 91, 120, 180, 181] {
        let mut tally = Repurchase::new(within, as_of).unwrap();
        let (mut again, mut observed) = (0, 0);
        for days in cdnow().values() {
            let days: Vec<NaiveDate> = days.range(..=as_of).copied().collect();
            tally.push(days[0], days[1..].iter().copied()).unwrap();
            if as_of.signed_duration_since(days[0]).num_days() >= i64::from(within) {
                observed += 1;
                again += u64::from(days.get(1).is_some_and(|d| d.signed_duration_since(days[0]).num_days() <= i64::from(within)));
            }
        }
        assert_eq!((tally.share(), tally.too_recent()), (Share::new(again, observed).unwrap(), 23_570 - observed), "{within}");
    }
}

#[test]
fn histories_are_counted_as_plain_days_are() {
    let as_of = date("1998-06-30");
    let mut base = CustomerBase::new(Currency::USD);
    let mut plain = (CohortTable::new(date("1997-01-31"), 2, as_of).unwrap(), Repurchase::new(90, as_of).unwrap());
    let mut settled = plain.clone();
    for (key, days) in cdnow().iter().take(500) {
        for day in days {
            base.push(*key, Record::sale(*day, Money::from_minor(1_00, Currency::USD))).unwrap();
        }
        push_days(&mut plain.0, days);
        plain.1.push(*days.first().unwrap(), days.iter().copied()).unwrap();
    }
    for (_, purchases) in base.as_of(as_of, ReturnPolicy::STRICT) {
        let purchases = purchases.unwrap();
        settled.0.push_purchases(&purchases).unwrap();
        settled.1.push_purchases(&purchases).unwrap();
    }
    assert_eq!(settled, plain);

    let before = settled.clone();
    let nothing = History::new(Currency::USD).as_of(as_of, ReturnPolicy::STRICT).unwrap();
    settled.0.push_purchases(&nothing).unwrap();
    settled.1.push_purchases(&nothing).unwrap();
    let other = History::new(Currency::USD).as_of(date("1998-06-29"), ReturnPolicy::STRICT).unwrap();
    let wrong = Err(RetentionError::OtherDay { purchases: date("1998-06-29"), as_of });
    assert_eq!((settled.0.push_purchases(&other), settled.1.push_purchases(&other)), (wrong.clone(), wrong));
    assert_eq!(settled, before);
}

#[test]
fn borders_of_cohorts() {
    // Anchored on the 31st: the second period of a leap year begins on 29 February.
    let mut table = CohortTable::new(date("2024-01-31"), 1, date("2024-04-29")).unwrap();
    for first in ["2024-01-30", "2024-01-31", "2024-02-28", "2024-02-29", "2024-03-30", "2024-03-31"] {
        table.push(date(first), [date(first)]).unwrap();
    }
    let found: Vec<(String, u64, usize)> = table.cohorts().map(|c| (c.period().to_string(), c.size(), c.ages())).collect();
    let wanted = [
        ("2023-12-31..2024-01-31", 1, 3), // before the anchor
        ("2024-01-31..2024-02-29", 2, 2),
        ("2024-02-29..2024-03-31", 2, 1),
        ("2024-03-31..2024-04-30", 1, 0), // over with the close of the 29th, but nothing after it
    ];
    assert_eq!(found, wanted.map(|(period, size, ages)| (period.to_string(), size, ages)));
    // A day earlier the last period is not over, and is absent for all.
    let ages = |as_of| {
        let mut table = CohortTable::new(date("2024-01-31"), 1, date(as_of)).unwrap();
        table.push(date("2024-02-29"), [date("2024-04-01")]).unwrap();
        let cohort = table.cohorts().next().unwrap();
        (cohort.ages(), cohort.active(1).map(|s| s.part()))
    };
    assert_eq!([ages("2024-04-28"), ages("2024-04-29")], [(0, None), (1, Some(1))]);
}

#[test]
fn seen_since_counts_what_was_bought_in_a_period_that_is_not_over() {
    let mut table = CohortTable::new(date("2024-01-01"), 1, date("2024-04-15")).unwrap();
    table.push(date("2024-01-10"), [date("2024-04-02")]).unwrap();
    table.push(date("2024-01-10"), [date("2024-02-02"), date("2024-01-20")]).unwrap();
    let cohort = table.cohorts().next().unwrap();
    let parts = |share: &dyn Fn(usize) -> Option<Share>| [1, 2, 3].map(|age| share(age).map(|s| s.part()));
    assert_eq!(parts(&|age| cohort.active(age)), [Some(1), Some(0), None]);
    assert_eq!(parts(&|age| cohort.seen_since(age)), [Some(2), Some(1), None]);
}

#[test]
fn borders_of_repurchase() {
    let count = |days, as_of: &str, first: &str, other: &str| {
        let mut tally = Repurchase::new(days, date(as_of)).unwrap();
        tally.push(date(first), [date(other)]).unwrap();
        (tally.share().part(), tally.share().whole(), tally.too_recent())
    };
    assert_eq!(count(30, "2024-03-30", "2024-02-29", "2024-03-30"), (1, 1, 0)); // on day 30, which has just closed
    assert_eq!(count(29, "2024-03-30", "2024-02-29", "2024-03-30"), (0, 1, 0)); // a day after
    assert_eq!(count(31, "2024-03-30", "2024-02-29", "2024-03-30"), (0, 0, 1)); // not observed for so long
    assert_eq!(count(30, "2024-03-30", "2024-02-29", "2024-02-29"), (0, 1, 0)); // the first day itself
    assert_eq!(count(366, "2025-02-28", "2024-02-28", "2025-02-28"), (1, 1, 0)); // over a leap day
}

#[test]
fn what_cohorts_and_repurchase_refuse() {
    let as_of = date("2024-04-29");
    let mut table = CohortTable::new(date("2024-01-01"), 1, as_of).unwrap();
    let mut again = Repurchase::new(30, as_of).unwrap();
    let (first, later, earlier) = (date("2024-02-01"), date("2024-04-30"), date("2024-01-31"));
    let after = Err(RetentionError::AfterEnd { day: later, as_of });
    let before = Err(RetentionError::BeforeFirst { day: earlier, first });
    assert_eq!((table.push(later, []), again.push(later, [])), (after.clone(), after.clone()));
    assert_eq!((table.push(first, [first, later]), again.push(first, [first, later])), (after.clone(), after));
    assert_eq!((table.push(first, [first, earlier]), again.push(first, [first, earlier])), (before.clone(), before));
    assert_eq!(table.cohorts().count(), 0);
    assert_eq!((again.share(), again.too_recent()), (Share::default(), 0));
    assert_eq!(table.active(1), None);
    assert_eq!(table.merge(&CohortTable::new(date("2024-01-01"), 2, as_of).unwrap()), Err(RetentionError::OtherPlan));
    assert_eq!(again.merge(&Repurchase::new(31, as_of).unwrap()), Err(RetentionError::OtherPlan));
    assert!(CohortTable::new(first, 0, as_of).is_err() && Repurchase::new(0, as_of).is_err());
    assert!(CohortTable::new(first, 1, date("9999-12-31")).is_err());
    let mut edge = CohortTable::new(date("0001-01-15"), 12, as_of).unwrap();
    assert!(edge.push(date("0001-01-14"), []).is_err());
    let mut long = CohortTable::new(date("0001-01-01"), u16::MAX, as_of).unwrap();
    assert_eq!(long.push(date("2024-01-01"), []), Ok(()));
    assert_eq!(long.cohorts().next().unwrap().ages(), 0);
    for (size, active, since) in [
        (0, "[0,0]", "[0,0]"), // nobody
        (3, "[1]", "[1]"),     // two periods are over
        (3, "[1,1]", "[4,1]"), // more than there are
        (3, "[1,1]", "[1,2]"), // comes out of nowhere
        (3, "[2,1]", "[1,1]"), // bought but was not seen
        (3, "[0,1]", "[2,1]"), // seen in the first period without buying then or later
    ] {
        let json = format!(
            r#"{{"anchor":"2024-01-01","months":1,"as_of":"2024-04-29","cohorts":[{{"period":0,"size":{size},"active":{active},"seen_since":{since}}}]}}"#
        );
        assert!(serde_json::from_str::<CohortTable>(&json).is_err(), "{json}");
        let good = json.replace(&format!(r#""size":{size}"#), r#""size":3"#).replace(active, "[1,1]").replace(since, "[2,1]");
        assert!(serde_json::from_str::<CohortTable>(&good).is_ok(), "{good}");
        assert!(serde_json::from_str::<CohortTable>(&good.replace(r#""period":0"#, r#""period":4"#)).is_err());
    }
}

fn customers() -> impl Strategy<Value = Vec<(i32, Vec<i32>)>> {
    let later = proptest::collection::vec(0_i32..300, 0..5);
    proptest::collection::vec((19_700_i32..19_900, later), 0..25)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn cohorts_and_repurchase_merge_to_the_whole(all in customers(), cut in 0_usize..25, months in 1_u16..4, seed: u64) {
        let day = |n| customer_value::calendar::from_day_number(n).unwrap();
        let as_of = day(20_250);
        let count = |customers: &[(i32, Vec<i32>)]| {
            let mut both = (CohortTable::new(day(19_753), months, as_of).unwrap(), Repurchase::new(60, as_of).unwrap());
            for (first, later) in customers {
                let days = || later.iter().map(|n| day(first + n));
                both.0.push(day(*first), days()).unwrap();
                both.1.push(day(*first), days()).unwrap();
            }
            both
        };
        let whole = count(&all);
        let (one, other) = all.split_at(cut.min(all.len()));
        let (mut merged, back) = (count(other), count(one));
        merged.0.merge(&back.0).unwrap();
        merged.1.merge(&back.1).unwrap();
        prop_assert_eq!(&merged, &whole);
        let mut shuffled = all.clone();
        Dice(seed).shuffle(&mut shuffled);
        prop_assert_eq!(&count(&shuffled), &whole);
        for cohort in whole.0.cohorts() {
            for age in 1..=cohort.ages() {
                prop_assert!(cohort.active(age).unwrap().part() <= cohort.seen_since(age).unwrap().part());
            }
        }
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<(CohortTable, Repurchase)>(&json).unwrap(), whole);
    }
}

#[test]
fn borders_of_churn() {
    let february = Period::new(date("2024-02-01"), date("2024-03-01")).unwrap();
    let count = |from: &str, end: Option<&str>| {
        let mut churn = Churn::new(february, date("2024-02-29")).unwrap();
        churn.push(date(from), end.map(date)).unwrap();
        (churn.beginning(), churn.lost(), churn.won(), churn.won_and_lost(), churn.end())
    };
    for (from, end, wanted) in [
        ("2024-01-31", None, (1, 0, 0, 0, 1)),               // in force on the day before
        ("2024-01-31", Some("2024-01-31"), (0, 0, 0, 0, 0)), // never in force
        ("2024-02-01", Some("2024-02-01"), (0, 0, 0, 0, 0)), // nor this one
        ("2024-01-01", Some("2024-01-31"), (0, 0, 0, 0, 0)), // lost in January
        ("2024-01-01", Some("2024-02-01"), (1, 1, 0, 0, 0)), // the first day without it
        ("2024-01-01", Some("2024-02-29"), (1, 1, 0, 0, 0)), // without it on the leap day
        ("2024-01-01", Some("2024-03-01"), (1, 0, 0, 0, 1)), // in force on the leap day
        ("2024-02-01", None, (0, 0, 1, 0, 1)),
        ("2024-02-01", Some("2024-02-02"), (0, 0, 1, 1, 0)),
        ("2024-02-29", Some("2024-03-01"), (0, 0, 1, 0, 1)),
        ("2024-03-01", None, (0, 0, 0, 0, 0)),
    ] {
        assert_eq!(count(from, end), wanted, "{from} {end:?}");
    }
    let not_over = RetentionError::NotOver { period: february, as_of: date("2024-02-28") };
    assert_eq!(Churn::new(february, date("2024-02-28")), Err(not_over));
}

#[test]
fn churn_of_counts_and_what_it_refuses() {
    let february = Period::new(date("2024-02-01"), date("2024-03-01")).unwrap();
    let mut churn = Churn::of_counts(february, 100, 7, 12, 2).unwrap();
    assert_eq!((churn.end(), churn.rate(), churn.retention()), (103, Share::new(7, 100).unwrap(), Share::new(93, 100).unwrap()));
    // 7 of 100 by Wilson: (2·7 + z² ± z·√(z² + 4·7·93/100)) / (2·(100 + z²)).
    let e = churn.rate().estimate(C::P95).unwrap();
    assert!(near(e.low(), 0.034_3, 1e-4) && near(e.high(), 0.137_5, 1e-4), "{e:?}");
    let before = churn;
    assert!(matches!(churn.push(date("2024-02-02"), Some(date("2024-02-01"))), Err(RetentionError::BeforeFirst { .. })));
    let other = Churn::of_counts(Period::year(2024).unwrap(), 1, 0, 0, 0).unwrap();
    assert_eq!(churn.merge(&other), Err(RetentionError::OtherPlan));
    // Each part would fit alone, both together do not.
    let most = Churn::of_counts(february, u64::MAX - 105, 0, 0, 0).unwrap();
    assert_eq!(churn.merge(&most), Err(RetentionError::TooLarge));
    assert_eq!(churn, before);
    assert_eq!(Churn::of_counts(february, 2, 3, 0, 0), Err(ShareError::NotAPart { part: 3, whole: 2 }.into()));
    assert_eq!(Churn::of_counts(february, 2, 0, 1, 2), Err(ShareError::NotAPart { part: 2, whole: 1 }.into()));
    assert_eq!(Churn::of_counts(february, u64::MAX, 0, 1, 0), Err(RetentionError::TooLarge));
    let json = serde_json::to_string(&churn).unwrap();
    assert_eq!(serde_json::from_str::<Churn>(&json).unwrap(), churn);
    assert!(serde_json::from_str::<Churn>(&json.replace(r#""lost":7"#, r#""lost":101"#)).is_err());
}

#[test]
fn the_unexplained_stay_in_the_denominator() {
    let mut reasons = ChurnReasons::new();
    for (reason, times) in [(Some("price"), 3), (Some("service"), 1), (None, 6)] {
        for _ in 0..times {
            reasons.push(reason.map(name)).unwrap();
        }
    }
    assert_eq!(reasons.share(&name("price")), Share::new(3, 10).unwrap());
    assert_eq!(reasons.share(&name("weather")), Share::new(0, 10).unwrap());
    let whole = reasons.iter().map(|(_, share)| share.ratio().unwrap()).chain(reasons.unexplained().ratio());
    assert_eq!(Ratio::sum(whole).unwrap(), Ratio::ONE);
    let mut twice = reasons.clone();
    twice.merge(&reasons).unwrap();
    assert_eq!((twice.lost(), twice.unexplained()), (20, Share::new(12, 20).unwrap()));
    assert_eq!(twice.share(&name("price")), Share::new(6, 20).unwrap());
    let json = serde_json::to_string(&twice).unwrap();
    assert_eq!(serde_json::from_str::<ChurnReasons>(&json).unwrap(), twice);
    let most = r#"{"reasons":{},"unexplained":18446744073709551615}"#;
    for bad in [r#"{"reasons":{"price":0},"unexplained":1}"#, &most.replace("{}", r#"{"price":1}"#)] {
        assert!(serde_json::from_str::<ChurnReasons>(bad).is_err(), "{bad}");
    }
    let mut full: ChurnReasons = serde_json::from_str(most).unwrap();
    assert_eq!((full.push(None), full.merge(&reasons)), (Err(RetentionError::TooLarge), Err(RetentionError::TooLarge)));
    assert_eq!((full.lost(), full.iter().count()), (u64::MAX, 0));
}

#[test]
fn revenue_of_two_halves_of_cdnow() {
    let period = |from, until| Period::new(date(from), date(until)).unwrap();
    let (before, after) = (period("1997-01-01", "1997-07-01"), period("1997-07-01", "1998-01-01"));
    let mut base = CustomerBase::new(Currency::USD);
    let mut amounts: BTreeMap<u64, (i64, i64)> = BTreeMap::new();
    for row in rows("cdnow_full.csv.gz") {
        let (key, cents, on): (u64, i64, _) = (row[0].parse().unwrap(), row[4].parse().unwrap(), date(&row[1]));
        base.push(key, Record::sale(on, Money::from_minor(cents, Currency::USD))).unwrap();
        let sums = amounts.entry(key).or_default();
        if before.contains(on) {
            sums.0 += cents;
        } else if after.contains(on) {
            sums.1 += cents;
        }
    }
    let mut revenue = RevenueRetention::new(Currency::USD);
    for (_, purchases) in base.as_of(date("1997-12-31"), ReturnPolicy::STRICT) {
        revenue.push_purchases(&purchases.unwrap(), before, after).unwrap();
    }
    let sum = |part: fn(&(i64, i64)) -> i64| Money::from_minor(amounts.values().map(part).sum(), Currency::USD);
    assert_eq!((revenue.opening(), revenue.closing().unwrap()), (sum(|a| a.0), sum(|a| a.1)));
    assert_eq!(revenue.lost(), sum(|a| if a.1 == 0 { a.0 } else { 0 }));
    assert_eq!(revenue.won(), sum(|a| if a.0 == 0 { a.1 } else { 0 }));
    assert_eq!(revenue.expansion(), sum(|a| if a.0 > 0 { (a.1 - a.0).max(0) } else { 0 }));
    let ratio = |part: Money| Ratio::new(part.minor().into(), revenue.opening().minor().into()).ok();
    assert_eq!(revenue.net(), ratio(sum(|a| if a.0 > 0 { a.1 } else { 0 })));
    assert_eq!(revenue.gross(), ratio(sum(|a| a.0.min(a.1))));
    // A day before its end the second period is not over.
    let (_, purchases) = base.as_of(date("1997-12-30"), ReturnPolicy::STRICT).next().unwrap();
    let early = revenue.push_purchases(&purchases.unwrap(), before, after);
    assert_eq!(early, Err(RetentionError::NotOver { period: after, as_of: date("1997-12-30") }));
    let json = serde_json::to_string(&revenue).unwrap();
    assert_eq!(serde_json::from_str::<RevenueRetention>(&json).unwrap(), revenue);
}

#[test]
fn what_revenue_refuses() {
    let mut revenue = RevenueRetention::new(Currency::GBP);
    assert_eq!((revenue.net(), revenue.gross(), revenue.closing()), (None, None, Ok(gbp(0))));
    assert_eq!(revenue.push(gbp(-1), gbp(5)), Err(RetentionError::NegativeAmount(gbp(-1))));
    assert_eq!(revenue.push(gbp(5), gbp(-1)), Err(RetentionError::NegativeAmount(gbp(-1))));
    let eur = Money::from_minor(5, Currency::EUR);
    for (before, after) in [(gbp(5), eur), (eur, gbp(5)), (eur, eur), (Money::zero(Currency::EUR), eur)] {
        assert!(matches!(revenue.push(before, after), Err(RetentionError::Money(_))));
    }
    assert_eq!(revenue, RevenueRetention::new(Currency::GBP));
    revenue.push(gbp(3_00), gbp(2_00)).unwrap();
    let json = serde_json::to_string(&revenue).unwrap();
    for (good, bad) in [("1.00", "3.01"), ("1.00", "-1.00"), ("GBP", "EUR")] {
        assert!(json.contains(good), "{json}");
        assert!(serde_json::from_str::<RevenueRetention>(&json.replacen(good, bad, 1)).is_err(), "{bad}");
    }
    let mut most = RevenueRetention::new(Currency::GBP);
    most.push(gbp(i64::MAX), gbp(i64::MAX)).unwrap();
    assert!(most.push(gbp(1), gbp(0)).is_err());
    most.push(gbp(0), gbp(1)).unwrap();
    assert!(most.closing().is_err()); // one penny too much
    assert_eq!((most.net(), most.gross()), (Some(Ratio::ONE), Some(Ratio::ONE)));
}

#[test]
fn a_silence_against_the_customers_own_gaps() {
    // Gaps of 10, 20, 20, 30 and 40 days; the last purchase on 2024-04-30.
    let days = ["2024-01-01", "2024-01-11", "2024-01-31", "2024-02-20", "2024-03-21", "2024-04-30"].map(date);
    let policy = EarlyWarning::new(5, "0.5".parse().unwrap(), "0.9".parse().unwrap()).unwrap();
    for (as_of, silent, counts, percentile, signal) in [
        ("2024-04-30", 0, (0, 0, 5), "0", Signal::InRhythm),
        ("2024-05-10", 10, (0, 1, 4), "0.1", Signal::InRhythm),
        ("2024-05-11", 11, (1, 0, 4), "0.2", Signal::InRhythm),
        ("2024-05-20", 20, (1, 2, 2), "0.4", Signal::InRhythm),
        ("2024-05-21", 21, (3, 0, 2), "0.6", Signal::Late),
        ("2024-06-09", 40, (4, 1, 0), "0.9", Signal::Overdue), // exactly at the threshold
        ("2024-06-10", 41, (5, 0, 0), "1", Signal::Overdue),
    ] {
        let mut shuffled = [days.as_slice(), &days[..3]].concat(); // any order, some twice
        Dice(silent.into()).shuffle(&mut shuffled);
        let warning = policy.watch(shuffled, date(as_of)).unwrap().unwrap();
        let r = warning.rhythm;
        assert_eq!((r.silent_days, (r.shorter, r.equal, r.longer), r.gaps()), (silent, counts, 5), "{as_of}");
        assert_eq!((r.percentile(), warning.signal), (Some(percentile.parse().unwrap()), signal), "{as_of}");
        assert!(warning.verify());
        let json = serde_json::to_string(&warning).unwrap();
        assert_eq!(serde_json::from_str::<Warning>(&json).unwrap(), warning);
        assert!(!Warning { signal: Signal::TooFewGaps, ..warning }.verify());
    }
    // A gap too few; one purchase; none.
    let few = policy.watch(days[1..].iter().copied(), date("2024-06-10")).unwrap().unwrap();
    assert_eq!((few.signal, few.rhythm.gaps()), (Signal::TooFewGaps, 4));
    let one = EarlyWarning::new(1, Ratio::ONE, Ratio::ONE).unwrap().watch([days[0]], days[5]).unwrap().unwrap();
    assert_eq!((one.signal, one.rhythm.percentile()), (Signal::TooFewGaps, None));
    assert_eq!(policy.watch([], days[5]), Ok(None));
    let late = Err(RetentionError::AfterEnd { day: days[5], as_of: days[4] });
    assert_eq!(Rhythm::of_days(days, days[4]), late);
}

#[test]
fn warnings_from_histories_and_what_they_refuse() {
    let (policy, as_of) = (EarlyWarning::new(3, "0.75".parse().unwrap(), Ratio::ONE).unwrap(), date("1998-06-30"));
    let mut seen = BTreeSet::new();
    for days in cdnow().values().take(500) {
        let mut history = History::new(Currency::USD);
        for day in days {
            history.push(Record::sale(*day, Money::from_minor(1, Currency::USD))).unwrap();
        }
        let warning = policy.watch_purchases(&history.as_of(as_of, ReturnPolicy::STRICT).unwrap()).unwrap().unwrap();
        let days: Vec<_> = days.iter().copied().collect();
        let silent = as_of.signed_duration_since(*days.last().unwrap()).num_days();
        let gaps: Vec<i64> = days.windows(2).map(|w| w[1].signed_duration_since(w[0]).num_days()).collect();
        let most = gaps.iter().max().copied().unwrap_or(0);
        assert_eq!(warning.signal == Signal::Overdue, gaps.len() >= 3 && silent > most);
        assert_eq!(warning.signal == Signal::TooFewGaps, gaps.len() < 3);
        seen.insert(warning.signal.to_string());
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
    let ratio = |text: &str| text.parse::<Ratio>().unwrap();
    for (late, overdue) in [("0", "1"), ("-0.5", "1"), ("0.9", "0.8"), ("0.5", "1.01")] {
        let (late, overdue) = (ratio(late), ratio(overdue));
        assert_eq!(EarlyWarning::new(3, late, overdue), Err(RetentionError::BadThresholds { late, overdue }));
    }
    assert_eq!(EarlyWarning::new(0, Ratio::ONE, Ratio::ONE), Err(RetentionError::NoGaps));
    for bad in [r#"{"min_gaps":0,"late":"0.5","overdue":"1"}"#, r#"{"min_gaps":1,"late":"0.5","overdue":"2"}"#] {
        assert!(serde_json::from_str::<EarlyWarning>(bad).is_err());
    }
}

fn contracts() -> impl Strategy<Value = Vec<(i32, Option<i32>)>> {
    proptest::collection::vec((0_i32..90, proptest::option::of(0_i32..90)), 0..40)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn periods_of_churn_chain(all in contracts(), cut in 0_usize..40) {
        let day = |n| customer_value::calendar::from_day_number(19_723 + n).unwrap();
        let count = |contracts: &[(i32, Option<i32>)], from, until| {
            let mut churn = Churn::new(Period::new(day(from), day(until)).unwrap(), day(until - 1)).unwrap();
            for (from, length) in contracts {
                churn.push(day(*from), length.map(|l| day(from + l))).unwrap();
            }
            churn
        };
        let in_force = |on: i32| all.iter().filter(|(from, length)| *from <= on && length.is_none_or(|l| from + l > on)).count() as u64;
        let (one, two) = (count(&all, 20, 50), count(&all, 50, 80));
        prop_assert_eq!((one.beginning(), one.end(), two.end()), (in_force(19), in_force(49), in_force(79)));
        prop_assert_eq!(one.end(), two.beginning());
        prop_assert_eq!(one.end() + one.lost() + one.won_and_lost(), one.beginning() + one.won());
        let (left, right) = all.split_at(cut.min(all.len()));
        let mut merged = count(right, 20, 50);
        merged.merge(&count(left, 20, 50)).unwrap();
        prop_assert_eq!(merged, one);
    }
}
