//! Models in discrete time and of contracts, against published numbers and laws.
//!
//! Where a value is said to be of mpmath, it was computed from the closed forms or sums of the papers with 40 digits.
// Figures stand as their sources print them.
#![allow(clippy::needless_for_each)]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
#![allow(clippy::unreadable_literal, clippy::excessive_precision, clippy::too_many_lines, clippy::float_cmp, clippy::unwrap_used)]

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use ContractFamily::{BetaDiscreteWeibull as Bdw, ShiftedBetaGeometric as Sbg};
use common::{cases, date};
use customer_value::{
    calendar::CalendarError,
    money::Ratio,
    quantity::Confidence,
    value::lifetime::{
        Chances, LifetimeError, Limit, Link, Parametric, PeriodDiscount,
        contract::{ContractFamily, ContractModel, Sum, Tenure, TenureCounts, When},
        discrete::{BgBb, Opportunities, OpportunityCalendar, OpportunityCounts},
    },
};
use proptest::prelude::*;
use shared::{near, values};
use std::sync::LazyLock;

fn seen(x: u16, t_x: u16, n: u16) -> Opportunities {
    Opportunities::new(x, t_x, n).unwrap()
}

fn discount(rate: &str) -> PeriodDiscount {
    PeriodDiscount::per_period(rate.parse().unwrap()).unwrap()
}

/// (x, `t_x`, donors): 11,104 first-time donors of 1995, six yearly opportunities since; Fader, Hardie and Shang 2010, as lifetimes ships
/// it (MIT).
const DONATIONS: [(u16, u16, u64); 22] = [
    (0, 0, 3464),
    (1, 1, 1091),
    (1, 2, 277),
    (1, 3, 129),
    (1, 4, 78),
    (1, 5, 119),
    (1, 6, 129),
    (2, 2, 613),
    (2, 3, 255),
    (2, 4, 155),
    (2, 5, 173),
    (2, 6, 234),
    (3, 3, 322),
    (3, 4, 181),
    (3, 5, 225),
    (3, 6, 357),
    (4, 4, 240),
    (4, 5, 284),
    (4, 6, 512),
    (5, 5, 335),
    (5, 6, 728),
    (6, 6, 1203),
];

static DONORS: LazyLock<OpportunityCounts> = LazyLock::new(|| {
    let mut counts = OpportunityCounts::new();
    DONATIONS.iter().for_each(|&(x, t_x, donors)| counts.push(seen(x, t_x, 6), donors).unwrap());
    counts
});

fn published() -> BgBb {
    BgBb::of([1.204, 0.750, 0.657, 2.783]).unwrap()
}

fn names<M: Parametric>(model: &M) -> Vec<String> {
    model.parameters().iter().map(|p| p.name().to_string()).collect()
}

#[test]
fn donations_are_fitted_as_published() {
    let fit = BgBb::fit(&DONORS).unwrap();
    assert_eq!(names(fit.model()), ["alpha", "beta", "gamma", "delta"]);
    assert!(fit.limits().is_empty() && fit.gradient() < 1e-10 && fit.gain() < 1e-9, "{fit:?}");
    assert_eq!(fit.customers(), 11_104);
    // lifetimes 0.11.3 at a tolerance of 1e-10; its errors by the diagonal of its own matrix.
    for (found, want) in values(fit.model()).into_iter().zip([1.2035223518, 0.7497163582, 0.6567182084, 2.7834422319]) {
        near(found, want, 2e-6);
    }
    for (found, want) in fit.standard_errors().unwrap().into_iter().zip([0.06939136, 0.02944772, 0.05100986, 0.32081900]) {
        near(found, want, 1e-6);
    }
    near(fit.log_likelihood(), -33225.581274, 1e-10);
    // Fader, Hardie and Shang 2010.
    let rounded: Vec<String> = values(fit.model()).iter().map(|v| format!("{v:.3}")).collect();
    assert_eq!(rounded, ["1.204", "0.750", "0.657", "2.783"]);
    let new = fit.model().outlook(Opportunities::NEW);
    assert_eq!([0, 6].map(|x| format!("{:.1}", 11_104.0 * new.exactly(x, 6))), ["3454.9", "1253.1"]);
    let five_years = |(o, donors): (Opportunities, u64)| donors as f64 * fit.model().outlook(o).purchases(5);
    assert_eq!(format!("{:.1}", DONORS.rows().map(five_years).sum::<f64>()), "12884.2");
    // The table gives these parameters their likelihood.
    near(fit.model().log_likelihood(&DONORS), fit.log_likelihood(), 1e-14);
    near(published().log_likelihood(&DONORS), -33225.581755, 1e-10);
    assert!(fit.log_likelihood() > published().log_likelihood(&DONORS));
    // How uncertain the parameters leave a donor's chance, and the number of gifts.
    let alive = fit.estimate(|m| m.outlook(seen(4, 5, 6)).alive_after(1), Link::Logit, Confidence::P95).unwrap();
    // Delta method on a Hessian by differences, mpmath.
    for (found, want) in [(alive.low(), 0.678695205), (alive.value(), 0.696800111), (alive.high(), 0.714314267)] {
        near(found, want, 1e-8);
    }
}

#[test]
fn tables_merge_in_any_order_to_the_same_bits() {
    let (mut left, mut right, mut back) = (OpportunityCounts::new(), OpportunityCounts::new(), OpportunityCounts::new());
    for (i, &(x, t_x, donors)) in DONATIONS.iter().enumerate() {
        let part = if i % 2 == 0 { &mut left } else { &mut right };
        part.push(seen(x, t_x, 6), donors).unwrap();
        part.push(seen(x, t_x, 6), 0).unwrap();
    }
    DONATIONS.iter().rev().for_each(|&(x, t_x, donors)| back.push(seen(x, t_x, 6), donors).unwrap());
    right.merge(&left).unwrap();
    assert_eq!((&right, &back), (&*DONORS, &*DONORS));
    assert_eq!((DONORS.customers(), DONORS.len(), DONORS.is_empty()), (11_104, 22, false));
    let full = OpportunityCounts::try_from(vec![(seen(0, 0, 1), u64::MAX)]).unwrap();
    let before = right.clone();
    assert_eq!(right.merge(&full), Err(LifetimeError::TooManyCustomers));
    assert_eq!(right.push(seen(0, 0, 1), u64::MAX), Err(LifetimeError::TooManyCustomers));
    assert_eq!(right, before);
    // Customers without an opportunity change nothing.
    back.push(Opportunities::NEW, 1000).unwrap();
    assert_eq!(BgBb::fit(&back).unwrap(), BgBb::fit(&DONORS).unwrap());
}

#[test]
fn outlooks_are_those_of_the_reference() {
    let tenth = discount("0.1");
    // BTYD 2.4.3 gives the first three to all digits it prints; mpmath the rest.
    for (customer, at_next, gifts, worth, alive, within) in [
        (seen(0, 0, 6), 0.1080165841686742, 0.072802877475043012, 0.1146469961817641, 0.11609661329298468, 0.055797990526301099),
        (seen(4, 5, 6), 0.6967010676851032, 2.0296230314777986, 3.1961674045098337, 0.74881681418050486, 1.5555550908160559),
        (seen(6, 6, 6), 0.93040254237288136, 3.7521156075998148, 5.9086783195553813, 1.0, 2.8757175318820359),
    ] {
        let outlook = published().outlook(customer);
        near(outlook.alive_after(1), at_next, 1e-13);
        near(outlook.purchases(5), gifts, 1e-13);
        near(outlook.discounted_purchases(tenth), worth, 1e-13);
        near(outlook.alive(), alive, 1e-13);
        near(outlook.discounted_purchases_within(5, tenth), within, 1e-13);
        assert_eq!(outlook.alive_after(0), outlook.alive());
        assert_eq!(outlook.purchases(0), 0.0);
    }
    // What they will give, and what is known of their chances.
    let steady = published().outlook(seen(4, 5, 6));
    let five_years =
        [0.33851940306168, 0.0986424909379849, 0.130982438873752, 0.163288621864967, 0.163685429110674, 0.104881616150943];
    (0..6).zip(five_years).for_each(|(k, want)| near(steady.exactly(k, 5), want, 1e-13));
    assert_eq!(steady.exactly(6, 5), 0.0);
    near(steady.at_least_one(5), 0.66148059693832019, 1e-13);
    for (customer, p, theta) in [
        (seen(0, 0, 6), (0.48782989500535948, 0.30795779197688066), (0.31043265391810782, 0.21135470710356111)),
        (seen(4, 5, 6), (0.67789439295731613, 0.16287830979375876), (0.096205845955454993, 0.10117844415243096)),
        (seen(26, 80, 104), (0.32359745663147456, 0.051947610411081721), (0.019063689682797649, 0.014687966297233328)),
    ] {
        let outlook = published().outlook(customer);
        let (chance, dropout) = (outlook.chance(), outlook.dropout().unwrap());
        near(chance.mean(), p.0, 1e-12);
        near(chance.standard_deviation(), p.1, 1e-11);
        near(dropout.mean(), theta.0, 1e-12);
        near(dropout.standard_deviation(), theta.1, 1e-11);
        let (low, high) = chance.range(Confidence::P90);
        near(chance.at_most(high) - chance.at_most(low), 0.9, 1e-9);
    }
    // A new donor, BTYD 2.4.3.
    let new = published().outlook(Opportunities::NEW);
    let after_six = [0.3112177433, 0.1701099784, 0.1214805138, 0.1002631150, 0.0916598534, 0.0924811479, 0.1127876482];
    (0..7).zip(after_six).for_each(|(k, want)| near(new.exactly(k, 6), want, 1e-9));
    near(new.purchases(6), 2.2196313934872989, 1e-14);
    near(new.purchases(10), 3.1788543264922889, 1e-14);
    assert_eq!(new.alive(), 1.0);
    // γ ≤ 1: a few stay for ever. For the donor of six gifts, δ + n over γ − 1 has no meaning either; for γ = 2 it has.
    assert_eq!((new.mean_lifetime(), steady.mean_lifetime()), (None, None));
    let leaving = BgBb::of([1.0, 1.0, 2.0, 3.0]).unwrap().outlook(seen(4, 5, 6));
    near(leaving.mean_lifetime().unwrap(), 9.0, 1e-14);
    // Chance alone leaves this open.
    let prediction = steady.prediction(5, Confidence::P90);
    assert_eq!((prediction.low(), prediction.high(), prediction.confidence()), (0, 5, Confidence::P90));
    near(prediction.mean(), 2.0296230314777986, 1e-13);
    let late = published().outlook(seen(1, 1, 6)).prediction(10, Confidence::P90);
    assert_eq!((late.low(), late.high()), (0, 1)); // P(0) = 0.9458, P(0 or 1) = 0.9615
}

#[test]
fn long_histories_keep_their_digits() {
    // lifetimes 0.11.3 has a floor of 1e-15 in its likelihood, which gives −34.357 and −34.308 for the first two; at the published
    // parameters (1.204, .750, .657, 2.783), mpmath.
    for (customer, want) in
        [(seen(26, 80, 104), -58.764048361711733), (seen(15, 50, 60), -37.331050272827788), (seen(10, 30, 52), -25.462023254270585)]
    {
        let counts = OpportunityCounts::try_from(vec![(customer, 1)]).unwrap();
        near(published().log_likelihood(&counts), want, 1e-13);
    }
    let outlook = published().outlook(seen(26, 80, 104));
    near(outlook.alive(), 0.008719649479537959, 1e-11);
    near(outlook.discounted_purchases(discount("0.01")), 0.15856594601662883, 1e-11);
    // As long as can be.
    let counts = OpportunityCounts::try_from(vec![(seen(2000, 3000, 20000), 1)]).unwrap();
    assert!(published().log_likelihood(&counts).is_finite());
    let gone = published().outlook(seen(2000, 3000, 20000));
    assert!(gone.alive() < 1e-200 && gone.purchases(u16::MAX) < 1e-200 && gone.chance().mean() > 0.6);
}

/// As many customers as a model expects of 10¹² with six opportunities.
fn expected(model: &BgBb) -> OpportunityCounts {
    let mut counts = OpportunityCounts::new();
    for flags in 0..64_u8 {
        let o = Opportunities::of_flags((0..6).map(|i| flags & (1 << i) > 0)).unwrap();
        let one = OpportunityCounts::try_from(vec![(o, 1)]).unwrap();
        counts.push(o, (model.log_likelihood(&one).exp() * 1e12).round() as u64).unwrap();
    }
    counts
}

#[test]
fn what_a_model_expects_is_all_there_is_and_gives_the_model_back() {
    let beta = |a, b| Chances::beta(a, b).unwrap();
    let alike = |p| Chances::alike(p).unwrap();
    for (model, limits) in [
        (BgBb::new(beta(1.2, 0.7), Some(beta(0.6, 2.8))), vec![]),
        (BgBb::new(beta(1.2, 0.7), Some(alike(0.2))), vec![Limit::SameDropout]),
        (BgBb::new(alike(0.4), Some(beta(0.6, 2.8))), vec![Limit::SameRate]),
        (BgBb::new(beta(1.2, 0.7), None), vec![Limit::NoDropout]),
        (BgBb::new(alike(0.4), Some(alike(0.2))), vec![Limit::SameRate, Limit::SameDropout]),
        (BgBb::new(alike(0.4), None), vec![Limit::SameRate, Limit::NoDropout]),
    ] {
        let counts = expected(&model);
        assert!(counts.customers().abs_diff(1_000_000_000_000) < 64, "{model:?} {}", counts.customers());
        let fit = BgBb::fit(&counts).unwrap();
        let mut found = fit.limits().to_vec();
        found.sort_unstable();
        assert_eq!(found, limits, "{model:?} {fit:?}");
        assert_eq!(names(fit.model()), names(&model));
        for (found, want) in fit.parameters().iter().zip(model.parameters()) {
            near(found.value(), want.value(), 1e-4);
        }
        assert!(fit.standard_errors().unwrap().iter().all(|se| *se > 0.0 && *se < 1e-3), "{fit:?}");
        assert_eq!(fit.model().outlook(seen(1, 2, 6)).dropout().is_none(), limits.contains(&Limit::NoDropout));
    }
}

#[test]
fn tables_that_say_too_little_are_refused_with_what_is_missing() {
    let fit = |rows: &[(u16, u16, u16, u64)]| {
        let mut counts = OpportunityCounts::new();
        rows.iter().for_each(|&(x, t_x, n, customers)| counts.push(seen(x, t_x, n), customers).unwrap());
        BgBb::fit(&counts).map(|fit| fit.customers())
    };
    assert_eq!(fit(&[]), Err(LifetimeError::TooFew { customers: 0, least: 5 }));
    assert_eq!(fit(&[(0, 0, 0, 100), (1, 2, 6, 4)]), Err(LifetimeError::TooFew { customers: 4, least: 5 }));
    assert_eq!(fit(&[(0, 0, 2, 100), (1, 2, 2, 10)]), Err(LifetimeError::TooFewPeriods { found: 2, least: 3 }));
    assert_eq!(fit(&[(0, 0, 6, 100)]), Err(LifetimeError::NobodyRepeats { customers: 100 }));
    assert_eq!(fit(&[(6, 6, 6, 70), (3, 3, 3, 30)]), Err(LifetimeError::EverybodyBuys { customers: 100 }));
    assert!(fit(&[(0, 0, 3, 2), (1, 1, 3, 2), (1, 3, 3, 1), (3, 3, 3, 2)]).is_ok());
    // All alike in what they did: an end that is named, or a refusal, but no made-up parameters.
    for rows in [[(1, 1, 6, 5)], [(5, 6, 6, 50)], [(3, 3, 6, 1000)], [(1, 6, 6, 7)]] {
        let mut counts = OpportunityCounts::new();
        rows.iter().for_each(|&(x, t_x, n, customers)| counts.push(seen(x, t_x, n), customers).unwrap());
        match BgBb::fit(&counts) {
            Ok(fit) => assert!(!fit.limits().is_empty() && fit.log_likelihood() <= 0.0, "{fit:?}"),
            Err(error) => assert!(matches!(error, LifetimeError::NotConverged { .. }), "{error:?}"),
        }
    }
    for (x, t_x, n) in [(1, 7, 6), (3, 2, 6), (1, 0, 6), (0, 1, 6)] {
        let bad = LifetimeError::BadOpportunities { x: x.into(), t_x: t_x.into(), n: n.into() };
        assert_eq!(Opportunities::new(x, t_x, n), Err(bad));
    }
    assert!(Opportunities::of_flags(core::iter::repeat_n(true, 65_535)).is_ok());
    let bad = LifetimeError::BadOpportunities { x: 65_535, t_x: 65_535, n: 65_536 };
    assert_eq!(Opportunities::of_flags(core::iter::repeat_n(true, 65_536)), Err(bad));
    for bad in [0.0, -1.0, f64::NAN, 1e13] {
        assert!(BgBb::of([1.0, 1.0, bad, 1.0]).is_err() && ContractModel::bdw([1.0, 1.0, bad]).is_err());
    }
}

#[test]
fn a_calendar_counts_its_periods() {
    let count = |calendar: OpportunityCalendar, days: &[&str], as_of: &str| {
        let counted = calendar.count(days.iter().map(|d| date(d)), date(as_of)).unwrap()?;
        let (x, t_x, n) = counted.opportunities.into();
        Some(([x, t_x, n], counted.merged, counted.unfinished, counted.later))
    };
    let years = OpportunityCalendar::months(date("2000-01-01"), 12).unwrap();
    // One day before the year ends it is no opportunity yet, whether or not it was taken.
    assert_eq!(count(years, &["2019-02-03", "2021-05-05"], "2021-12-31"), Some(([1, 2, 2], 0, 0, 0)));
    assert_eq!(count(years, &["2019-02-03", "2021-05-05"], "2021-12-30"), Some(([0, 0, 1], 0, 1, 0)));
    assert_eq!(count(years, &["2019-02-03"], "2021-12-30"), Some(([0, 0, 1], 0, 0, 0)));
    // In any order, several in a period, the first one too; and those after the day of observation.
    let days = ["2021-05-05", "2019-12-31", "2019-01-01", "2021-05-05", "2021-06-06", "2024-01-01"];
    assert_eq!(count(years, &days, "2023-06-30"), Some(([1, 2, 3], 3, 0, 1)));
    assert_eq!(count(years, &[], "2023-06-30"), None);
    assert_eq!(count(years, &["2023-07-01"], "2023-06-30"), None);
    assert_eq!(count(years, &["2023-06-30"], "2023-06-30"), Some(([0, 0, 0], 0, 0, 0)));
    assert_eq!(count(years, &["1995-06-30", "1996-01-01"], "1996-12-31"), Some(([1, 1, 1], 0, 0, 0)));
    // Weeks from Monday.
    let weeks = OpportunityCalendar::days(date("2024-01-01"), 7).unwrap();
    assert_eq!(count(weeks, &["2023-12-31", "2024-01-01", "2024-01-07", "2024-01-08"], "2024-01-14"), Some(([2, 2, 2], 1, 0, 0)));
    assert_eq!(count(weeks, &["2023-12-31", "2024-01-08"], "2024-01-13"), Some(([0, 0, 1], 0, 1, 0)));
    // Months from the 31st: February's begins on its last day.
    let months = OpportunityCalendar::months(date("2024-01-31"), 1).unwrap();
    assert_eq!(count(months, &["2024-02-28", "2024-02-29"], "2024-03-30"), Some(([1, 1, 1], 0, 0, 0)));
    assert_eq!(count(months, &["2024-02-29", "2024-03-30"], "2024-03-30"), Some(([0, 0, 0], 1, 0, 0)));
    // Ends.
    assert_eq!(OpportunityCalendar::days(date("2024-01-01"), 0), Err(CalendarError::EmptyWindow.into()));
    assert_eq!(OpportunityCalendar::months(date("2024-01-01"), 0), Err(CalendarError::EmptyWindow.into()));
    let daily = OpportunityCalendar::days(date("0001-01-01"), 1).unwrap();
    let bad = LifetimeError::BadOpportunities { x: 0, t_x: 0, n: 3_652_057 };
    assert_eq!(daily.count([date("0001-01-01")], date("9999-12-30")), Err(bad));
    assert_eq!(count(daily, &["9999-12-30", "9999-12-31"], "9999-12-31"), Some(([0, 0, 0], 0, 1, 0)));
    assert!(OpportunityCalendar::days(chrono::NaiveDate::MAX, 1).is_err());
    assert!(years.count([chrono::NaiveDate::MIN], date("2020-01-01")).is_err());
}

/// Customers won, and left after each renewal: Fader and Hardie 2007, the first seven of twelve renewals.
const HIGH_END: [u64; 8] = [1000, 869, 743, 653, 593, 551, 517, 491];
const REGULAR: [u64; 8] = [1000, 631, 468, 382, 326, 289, 262, 241];

fn cohort(left: &[u64]) -> TenureCounts {
    let mut counts = TenureCounts::new();
    counts.push_cohort(left).unwrap();
    counts
}

/// Table, family, parameters, their standard errors, log-likelihood, and the share left after 12 renewals with its 95 % interval: by
/// Newton's method with mpmath, the Hessian by differences.
type Reference = (&'static [u64], ContractFamily, &'static [f64], &'static [f64], f64, [f64; 3]);
const FITS: [Reference; 5] = [
    (
        &HIGH_END,
        Sbg,
        &[0.66808835110645, 3.8060949640583],
        &[0.1037349311, 0.7855316918],
        -1611.1581473912,
        [0.340739076, 0.377999072, 0.416757798],
    ),
    (
        &REGULAR,
        Sbg,
        &[0.70407729847352, 1.1820430262095],
        &[0.06559896423, 0.1524756317],
        -1680.2651884633,
        [0.145615038, 0.170037453, 0.197608594],
    ),
    (
        // Of the first four renewals.
        REGULAR.split_at(5).0,
        Sbg,
        &[0.76366506256455, 1.2958302721825],
        &[0.09679524764, 0.2106257443],
        -1401.5594235774,
        [0.12951822, 0.159539501, 0.194960941],
    ),
    (
        &HIGH_END,
        Bdw,
        &[0.21425333928085, 1.4265748748601, 1.7235648487445],
        &[0.05957970644, 0.3814086147, 0.3010432817],
        -1605.3142132142,
        [0.367850401, 0.403929591, 0.441078371],
    ),
    (
        &REGULAR,
        Bdw,
        &[0.45561398937164, 0.77932550838796, 1.2834512857833],
        &[0.1670414275, 0.2827099174, 0.2980950712],
        -1679.6028329072,
        [0.150879202, 0.177331398, 0.207289061],
    ),
];

#[test]
fn contracts_are_fitted_as_published() {
    for (left, family, parameters, errors, log_likelihood, after_12) in FITS {
        let counts = cohort(left);
        let fit = ContractModel::fit(family, &counts).unwrap();
        assert!(fit.limits().is_empty() && fit.gradient() < 1e-10 && fit.gain() < 1e-9, "{fit:?}");
        assert_eq!((fit.model().family(), fit.customers()), (family, 1000));
        assert_eq!(names(fit.model()), if family == Sbg { &["alpha", "beta"][..] } else { &["a", "b", "c"] });
        values(fit.model()).iter().zip(parameters).for_each(|(found, want)| near(*found, *want, 1e-9));
        fit.standard_errors().unwrap().iter().zip(errors).for_each(|(found, want)| near(*found, *want, 1e-8));
        near(fit.log_likelihood(), log_likelihood, 1e-13);
        near(fit.model().log_likelihood(&counts), fit.log_likelihood(), 1e-14);
        let share = fit.estimate(|m| m.survival(12), Link::Logit, Confidence::P95).unwrap();
        [share.low(), share.value(), share.high()].iter().zip(after_12).for_each(|(found, want)| near(*found, want, 1e-8));
    }
    // Fader and Hardie 2007, to the digits they print.
    let printed = |left: &[u64]| {
        values(ContractModel::fit(Sbg, &cohort(left)).unwrap().model()).iter().map(|v| format!("{v:.3}")).collect::<Vec<_>>()
    };
    assert_eq!(
        (printed(&HIGH_END), printed(&REGULAR)),
        (vec!["0.668".into(), "3.806".into()], vec!["0.704".into(), "1.182".into()])
    );
}

#[test]
fn the_power_is_judged_against_none() {
    // Twice the difference of the log-likelihoods above, and erfc of the root of the half, with mpmath.
    for (left, statistic, p_value) in [(&HIGH_END, 11.687868354, 0.000629089297015), (&REGULAR, 1.3247111122, 0.249748300357)] {
        let [same, ageing] = [Sbg, Bdw].map(|family| ContractModel::fit(family, &cohort(left)).unwrap());
        let test = ageing.against(&same).unwrap();
        near(test.statistic(), statistic, 1e-8);
        near(test.p_value(), p_value, 1e-7);
        assert_eq!((same.against(&ageing), ageing.against(&ageing), same.against(&same)), (None, None, None));
        let fewer = ContractModel::fit(Sbg, &cohort(&[10, 8, 7])).unwrap();
        assert_eq!(ageing.against(&fewer), None);
    }
}

#[test]
fn what_contracts_are_worth_is_as_published() {
    let tenth = discount("0.1");
    let derl = |model: ContractModel| [0, 1, 2, 3, 4].map(|n| model.discounted_renewals(n, tenth, When::AboutToRenew));
    // Fader and Hardie 2010, Table 3, n = 1 to 5, and the same at these parameters with mpmath.
    for (shapes, printed, want) in [
        (
            [3.80, 15.20],
            ["3.31", "3.45", "3.59", "3.72", "3.84"],
            [3.3098184210254, 3.4510003289099, 3.5865436565443, 3.716811538731, 3.8421340240269],
        ),
        // Printed 7.68, 9.46, 9.86, 10.06, 10.19 from parameters with more digits than are printed.
        (
            [0.067, 0.267],
            ["7.67", "9.46", "9.85", "10.06", "10.19"],
            [7.6708354609222, 9.4552994319955, 9.8508337699371, 10.056167014088, 10.188640008407],
        ),
    ] {
        let found = derl(ContractModel::sbg(shapes).unwrap());
        assert_eq!(found.map(|sum| format!("{:.2}", sum.value)), printed);
        assert!(found.iter().zip(want).all(|(sum, want)| (sum.value / want - 1.0).abs() < 1e-13 && sum.error == 0.0));
        // Just renewed, everything comes a period later.
        let later = ContractModel::sbg(shapes).unwrap().discounted_renewals(2, tenth, When::JustRenewed);
        near(later.value * 1.1, want[2], 1e-13);
    }
    // Beta-discrete-Weibull by summation with mpmath, just renewed.
    for (parameters, renewals, rate, want) in [
        ([0.214253, 1.426575, 1.723565], 0, "0.1", 5.093087835750824),
        ([0.214253, 1.426575, 1.723565], 3, "0.1", 6.496683900309698),
        ([0.455614, 0.779326, 1.283451], 0, "0.1", 2.72913723547623),
        ([0.455614, 0.779326, 1.283451], 3, "0.1", 5.171504093332084),
        ([2.0, 3.0, 0.8], 3, "0.1", 3.782008393548445),
    ] {
        let sum = ContractModel::bdw(parameters).unwrap().discounted_renewals(renewals, discount(rate), When::JustRenewed);
        near(sum.value, want, 1e-12);
        assert!(sum.error < 1e-11 * want, "{sum:?}");
    }
    // "High End" as the papers show it: retention rises though nobody changes.
    let model = ContractModel::sbg([0.66808760, 3.80608936]).unwrap();
    let left = [850.67922, 746.85937, 669.78896, 609.91913, 561.83429, 522.2156, 488.90646, 460.43973, 435.77966, 414.17248];
    (1..).zip(left).for_each(|(t, want)| near(1000.0 * model.survival(t), want, 1e-7));
    (0..50_u32).for_each(|n| near(model.retention(n), (3.80608936 + f64::from(n)) / (4.47417696 + f64::from(n)), 1e-14));
    // A customer who is there is there: 1, not the share of their cohort that is left.
    for model in [model, ContractModel::bdw([2.0, 3.0, 0.8]).unwrap()] {
        assert_eq!((model.staying(7, 0), model.staying(0, 0), model.survival(0)), (1.0, 1.0, 1.0));
        near(model.staying(7, 5) * model.survival(7), model.survival(12), 1e-14);
    }
}

#[test]
fn endless_lifetimes_are_none_and_others_exact() {
    let sbg = |a, b| ContractModel::sbg([a, b]).unwrap();
    assert_eq!(sbg(1.0, 3.0).further_renewals(5), None);
    assert_eq!(sbg(0.67, 3.8).further_renewals(0), None);
    let sum = sbg(3.0, 5.0).further_renewals(4).unwrap();
    near(sum.value, 4.5, 1e-15); // (β + n)/(α − 1)
    let alike = ContractModel::new(Chances::alike(0.2).unwrap(), 1.0).unwrap();
    near(alike.further_renewals(9).unwrap().value, 4.0, 1e-15);
    near(alike.discounted_renewals(9, discount("0.1"), When::JustRenewed).value, 0.8 / 0.3, 1e-15);
    // a·c must be above 1.
    let bdw = |parameters| ContractModel::bdw(parameters).unwrap();
    assert_eq!((bdw([0.5, 1.0, 2.0]).further_renewals(0), bdw([0.9, 1.0, 1.1]).further_renewals(3)), (None, None));
    // Neither a nor c alone decides.
    assert!(bdw([1.1, 1.0, 0.8]).further_renewals(0).is_none() && bdw([0.8, 1.0, 1.5]).further_renewals(0).is_some());
    // By summation and by Euler and Maclaurin's formula, with mpmath.
    for (parameters, renewals, want) in REFERENCE {
        let Sum { value, error } = bdw(parameters).further_renewals(renewals).unwrap();
        assert!((value - want).abs() <= error + 1e-12 * want, "{parameters:?} {value} {error} {want}");
        assert!(error < 1e-3 * want && (value / want - 1.0).abs() < 2e-9, "{parameters:?} {value} {error} {want}");
    }
    // The series agrees with the closed forms where both are.
    let nearly = bdw([2.5, 3.0, 1.0 + 1e-15]);
    for n in [0, 1, 20] {
        let (closed, sum) = (sbg(2.5, 3.0).further_renewals(n).unwrap().value, nearly.further_renewals(n).unwrap());
        assert!(sum.error > 0.0 && (sum.value - closed).abs() <= sum.error + 1e-12 * closed, "{sum:?} {closed}");
        let rate = discount("0.0001");
        let closed = sbg(2.5, 3.0).discounted_renewals(n, rate, When::JustRenewed).value;
        let sum = nearly.discounted_renewals(n, rate, When::JustRenewed);
        assert!((sum.value - closed).abs() <= sum.error + 1e-11 * closed, "{sum:?} {closed}");
    }
    // A discrete Weibull, all alike: Σ q^√k.
    let slowing = ContractModel::new(Chances::alike(0.5).unwrap(), 0.5).unwrap();
    let plain: f64 = (1..20_000).map(|k| 0.5_f64.powf(f64::from(k).sqrt())).sum();
    near(slowing.further_renewals(0).unwrap().value, plain, 1e-12);
    // Half of them have left by then.
    assert_eq!((sbg(0.70407746, 1.18204344).gone_by(0, 0.5), sbg(0.704, 1.182).gone_by(0, 0.0)), (Some(2), Some(0)));
    assert_eq!(
        (sbg(1e-9, 1.0).gone_by(0, 0.5), sbg(1.0, 1.0).gone_by(0, 1.0), sbg(1.0, 1.0).gone_by(0, f64::NAN)),
        (None, None, None)
    );
}

/// The sum of k·S(n + k)/S(n)·zᵏ and that without k, term by term.
fn plain_sums(model: &ContractModel, renewals: u32, d: f64, retained: f64) -> [f64; 2] {
    let mut sums = [0.0; 2];
    let mut factor = 1.0;
    for k in 1..1000_u32 {
        factor *= retained / (1.0 + d);
        let term = model.staying(renewals, k) * factor;
        sums[0] += f64::from(k) * term;
        sums[1] += term;
    }
    sums
}

#[test]
fn elasticities_are_what_more_retention_brings() {
    let models = [
        ContractModel::sbg([3.8, 15.2]).unwrap(),
        ContractModel::sbg([0.067, 0.267]).unwrap(),
        ContractModel::bdw([0.455614, 0.779326, 1.283451]).unwrap(),
        ContractModel::bdw([2.0, 3.0, 0.8]).unwrap(),
        ContractModel::new(Chances::alike(0.2).unwrap(), 1.3).unwrap(),
    ];
    for model in models {
        for (rate, d) in [("0.1", 0.1), ("0.05", 0.05), ("1.5", 1.5)] {
            for renewals in [0, 1, 7] {
                let found = model.retention_elasticity(renewals, discount(rate));
                let [far, all] = plain_sums(&model, renewals, d, 1.0);
                near(found.value, far / all, 1e-12);
                assert!(found.error < 1e-9 * found.value, "{found:?}");
                // One percent of a percent more at every renewal.
                let [_, more] = plain_sums(&model, renewals, d, 1.0001);
                near((more / all).ln() / 1.0001_f64.ln(), found.value, 1e-3);
                // Discounting less is as good as retaining more.
                let worth = |rate: &str| model.discounted_renewals(renewals, discount(rate), When::JustRenewed).value.ln();
                let other = format!("{rate}001");
                let further = (1.0 + other.parse::<f64>().unwrap()) / (1.0 + d);
                near((worth(rate) - worth(&other)) / further.ln(), found.value, 1e-2);
            }
        }
    }
    // One rate for all: (1 + d)/(1 + d − r), of which r/(1 + d − r) is what is usually given, for a value with the first payment.
    let alike = ContractModel::new(Chances::alike(0.2).unwrap(), 1.0).unwrap();
    for renewals in [0, 9] {
        let (found, worth) = (
            alike.retention_elasticity(renewals, discount("0.1")),
            alike.discounted_renewals(renewals, discount("0.1"), When::JustRenewed),
        );
        near(found.value, 1.1 / 0.3, 1e-12);
        near(found.value * worth.value / (1.0 + worth.value), 0.8 / 0.3, 1e-12);
    }
    // By the customers themselves: each one's retention 1 − θ a little higher, over the beta distribution of θ.
    let (a, b, z) = (3.8, 15.2, 1.0 / 1.1);
    let worth = |more: f64| -> f64 {
        let density = |theta: f64| theta.powf(a - 1.0) * (1.0 - theta).powf(b - 1.0);
        let of = |theta: f64| (1.0 - theta) * more * z / (1.0 - (1.0 - theta) * more * z);
        let points = (0..100_000_u32).map(|i| (f64::from(i) + 0.5) / 1e5);
        points.map(|theta| density(theta) * of(theta)).sum()
    };
    let slope = (worth(1.0001) / worth(0.9999)).ln() / (1.0001_f64.ln() - 0.9999_f64.ln());
    near(models[0].retention_elasticity(0, discount("0.1")).value, slope, 1e-6);
    // Heavy tails and hardly any discount: as far as the error says.
    for rate in ["0.0001", "0.00001"] {
        let found = models[1].retention_elasticity(0, discount(rate));
        let d: f64 = rate.parse().unwrap();
        let (mut far, mut all) = (0.0, 0.0);
        let mut term = 1.0;
        for k in 1..(60.0 / d) as u32 {
            let k = f64::from(k);
            term *= (0.267 + k - 1.0) / (0.334 + k - 1.0) / (1.0 + d);
            far += k * term;
            all += term;
        }
        assert!((found.value - far / all).abs() <= found.error + 1e-8 * found.value, "{found:?} {}", far / all);
        assert!(found.error < 1e-2 * found.value, "{found:?}");
    }
    // Where everybody leaves at the next renewal, that alone counts.
    let gone = ContractModel::new(Chances::alike(0.5).unwrap(), 1e12).unwrap();
    assert_eq!(gone.retention_elasticity(3, discount("0.1")), Sum { value: 1.0, error: 0.0 });
}

const REFERENCE: [([f64; 3], u32, f64); 6] = [
    ([2.0, 3.0, 1.5], 0, 1.357184448978),
    ([2.0, 3.0, 1.5], 3, 1.8620991296369),
    ([2.0, 3.0, 0.8], 0, 6.106225364996248),
    ([2.0, 3.0, 0.8], 3, 13.62922950681807),
    ([1.2, 0.5, 1.1], 0, 1.5778075810774),
    ([1.2, 0.5, 1.1], 3, 10.443606315721),
];

#[test]
fn cohorts_of_different_age_go_into_one_table() {
    // The same contracts as one cohort, or watched for different times: those who are still there count for as long as they were seen.
    let mut counts = cohort(&REGULAR);
    counts.merge(&cohort(&[500, 320])).unwrap();
    counts.push(Tenure::Running(0), 70).unwrap();
    assert_eq!((counts.customers(), counts.len()), (1570, 11 - 1));
    let fit = ContractModel::fit(Sbg, &counts).unwrap();
    assert_eq!(fit.customers(), 1500); // of 70 no decision was seen
    // By hand: the young cohort adds its first decision.
    let [alpha, beta] = [values(fit.model())[0], values(fit.model())[1]];
    let young = 180.0 * (alpha / (alpha + beta)).ln() + 320.0 * (beta / (alpha + beta)).ln();
    near(fit.log_likelihood(), fit.model().log_likelihood(&cohort(&REGULAR)) + young, 1e-13);
    // A cohort whose numbers fall first by nothing.
    let plain: Vec<_> = cohort(&[5, 5, 4]).rows().collect();
    assert_eq!(plain, [(Tenure::Ended(1), 1), (Tenure::Running(2), 4)]);
    let before = counts.clone();
    let growing = LifetimeError::GrowingCohort { renewals: 2, before: 9, after: 10 };
    assert_eq!(counts.push_cohort(&[10, 9, 10]), Err(growing));
    assert_eq!(counts.push_cohort(&[]), Err(LifetimeError::TooFewPeriods { found: 0, least: 1 }));
    assert_eq!(counts.push_cohort(&[u64::MAX, 3]), Err(LifetimeError::TooManyCustomers));
    assert_eq!(counts.push_cohort(&vec![1; 65_537]), Err(LifetimeError::TooManyCustomers));
    assert_eq!(counts, before);
    let mut long = TenureCounts::new();
    long.push_cohort(&vec![1; 65_536]).unwrap();
    assert_eq!(long.rows().collect::<Vec<_>>(), [(Tenure::Running(65_535), 1)]);
}

#[test]
fn contracts_that_say_too_little_are_refused_and_simpler_models_named() {
    let fit = |family, left: &[u64]| ContractModel::fit(family, &cohort(left)).map(|fit| fit.limits().to_vec());
    assert_eq!(fit(Sbg, &[2, 1, 0]), Err(LifetimeError::TooFew { customers: 2, least: 3 }));
    assert_eq!(fit(Bdw, &[3, 2, 1, 0]), Err(LifetimeError::TooFew { customers: 3, least: 4 }));
    assert_eq!(fit(Sbg, &[9]), Err(LifetimeError::TooFew { customers: 0, least: 3 }));
    assert_eq!(fit(Sbg, &[9, 9, 9]), Err(LifetimeError::NobodyLeft { customers: 9 }));
    assert_eq!(fit(Sbg, &[9, 0]), Err(LifetimeError::NobodyRenewed { customers: 9 }));
    assert_eq!(fit(Sbg, &[9, 5]), Err(LifetimeError::TooFewPeriods { found: 1, least: 2 }));
    assert_eq!(fit(Bdw, &[90, 50, 40]), Err(LifetimeError::TooFewPeriods { found: 2, least: 3 }));
    // A quarter of them each time: one chance for all.
    let quarter = ContractModel::fit(Sbg, &cohort(&[4096, 3072, 2304, 1728, 1296, 972, 729])).unwrap();
    assert_eq!(quarter.limits(), [Limit::SameDropout]);
    assert_eq!(names(quarter.model()), ["theta"]);
    near(values(quarter.model())[0], 0.25, 1e-9);
    // The standard error of a share, of all decisions.
    near(quarter.standard_errors().unwrap()[0], (0.25 * 0.75 / (4.0 * (4096.0 - 729.0_f64))).sqrt(), 1e-7);
    // Ever more of them: sBG has nothing for that but one chance; with a power there is.
    let tiring = cohort(&[1000, 950, 800, 550, 250, 50]);
    let [same, ageing] = [Sbg, Bdw].map(|family| ContractModel::fit(family, &tiring).unwrap());
    assert_eq!((same.limits(), ageing.limits()), (&[Limit::SameDropout][..], &[Limit::SameDropout][..]));
    assert!(ageing.model().power() > 1.5 && ageing.model().retention(4) < ageing.model().retention(0));
    assert!(ageing.against(&same).unwrap().p_value() < 1e-6);
    assert_eq!(names(ageing.model()), ["theta", "c"]);
}

#[test]
fn what_is_stored_is_checked() {
    fn back<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + core::fmt::Debug>(value: &T, text: &str) {
        assert_eq!(serde_json::to_string(value).unwrap(), text);
        assert_eq!(&serde_json::from_str::<T>(text).unwrap(), value);
    }
    fn refused<T: serde::de::DeserializeOwned>(texts: &[&str]) {
        texts.iter().for_each(|text| assert!(serde_json::from_str::<T>(text).is_err(), "{text}"));
    }
    let model = r#"{"purchases":{"beta":{"a":"1.204","b":"0.75"}},"dropout":{"beta":{"a":"0.657","b":"2.783"}}}"#;
    back(&published(), model);
    back(&BgBb::new(Chances::alike(0.5).unwrap(), None), r#"{"purchases":{"alike":"0.5"},"dropout":null}"#);
    refused::<BgBb>(&[
        r#"{"purchases":{"alike":"1"},"dropout":null}"#,
        r#"{"purchases":{"beta":{"a":"0","b":"1"}},"dropout":null}"#,
        r#"{"purchases":{"alike":"0.5"},"dropout":null,"more":1}"#,
    ]);
    back(&seen(4, 5, 6), "[4,5,6]");
    refused::<Opportunities>(&["[4,3,6]", "[4,7,6]", "[0,3,6]", "[-1,0,6]", "[1,1,65536]"]);
    back(&OpportunityCounts::try_from(vec![(seen(0, 0, 2), 7)]).unwrap(), "[[[0,0,2],7]]");
    refused::<OpportunityCounts>(&["[[[0,0,2],18446744073709551615],[[0,0,3],1]]"]);
    back(&ContractModel::sbg([0.668, 3.806]).unwrap(), r#"{"chance":{"beta":{"a":"0.668","b":"3.806"}},"power":"1"}"#);
    refused::<ContractModel>(&[
        r#"{"chance":{"alike":"0.5"},"power":"0"}"#,
        r#"{"chance":{"alike":"0.5"},"power":"inf"}"#,
        r#"{"chance":{"alike":"0.5"}}"#,
    ]);
    back(&cohort(&[3, 2]), r#"[[{"ended":0},1],[{"running":1},2]]"#);
    refused::<TenureCounts>(&[r#"[[{"ended":-1},1]]"#, r#"[[{"ended":1},18446744073709551615],[{"ended":1},1]]"#]);
    back(&discount("0.1"), r#""0.1""#);
    assert_eq!(discount("0.1").rate(), Ratio::new(1, 10).unwrap());
    refused::<PeriodDiscount>(&[r#""0""#, r#""-0.1""#, r#""1e-10""#, r#""1/10000000000""#]);
    let calendar = OpportunityCalendar::months(date("2000-01-01"), 12).unwrap();
    back(&calendar, r#"{"from":"2000-01-01","length":{"months":12}}"#);
    refused::<OpportunityCalendar>(&[r#"{"from":"2000-01-01","length":{"days":0}}"#, r#"{"from":"2000-01-01"}"#]);
}

/// Chances of every shape, the ends included.
fn chances(shapes: core::ops::Range<f64>) -> impl Strategy<Value = Chances> {
    let beta = (shapes.clone(), shapes).prop_map(|(a, b)| Chances::beta(10_f64.powf(a), 10_f64.powf(b)).unwrap());
    prop_oneof![3 => beta, 1 => (0.001..0.999_f64).prop_map(|p| Chances::alike(p).unwrap())]
}

fn models(range: core::ops::Range<f64>) -> impl Strategy<Value = BgBb> {
    (chances(range.clone()), prop_oneof![4 => chances(range).prop_map(Some), 1 => Just(None)])
        .prop_map(|(bought, dropout)| BgBb::new(bought, dropout))
}

fn histories() -> impl Strategy<Value = Vec<bool>> {
    (prop::collection::vec(any::<bool>(), 0..12), prop::collection::vec(Just(false), 0..12)).prop_map(|(a, b)| [a, b].concat())
}

fn log_likelihood(model: &BgBb, flags: &[bool]) -> f64 {
    let o = Opportunities::of_flags(flags.iter().copied()).unwrap();
    model.log_likelihood(&OpportunityCounts::try_from(vec![(o, 1)]).unwrap())
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn futures_are_what_the_likelihood_says(model in models(-1.5..1.5), flags in histories(), m in 1..10_u16) {
        let outlook = model.outlook(Opportunities::of_flags(flags.iter().copied()).unwrap());
        let with = |next: bool| log_likelihood(&model, &[&flags[..], &[next]].concat()) - log_likelihood(&model, &flags);
        // The next opportunity, by the ratio of two likelihoods.
        near(outlook.purchases(1), with(true).exp(), 1e-9);
        near(outlook.exactly(0, 1), with(false).exp(), 1e-9);
        // Of every future, its probability; and what is expected is their mean.
        let chances: Vec<f64> = (0..=u32::from(m)).map(|k| outlook.exactly(k, m)).collect();
        prop_assert!(chances.iter().all(|p| (0.0..=1.0).contains(p)), "{chances:?}");
        near(chances.iter().sum(), 1.0, 1e-12);
        near(chances.iter().zip(0..).map(|(p, k)| p * f64::from(k)).sum(), outlook.purchases(m), 1e-11);
        near(outlook.at_least_one(m), chances[1..].iter().sum(), 1e-11);
        // Discounted by next to nothing, by something, and over a time without end.
        let [little, tenth] = [discount("0.000000001"), discount("0.1")];
        near(outlook.discounted_purchases_within(m, little), outlook.purchases(m), 1e-7);
        let all = outlook.discounted_purchases(tenth);
        near(outlook.discounted_purchases_within(1000, tenth), all, 1e-11);
        prop_assert!(outlook.discounted_purchases_within(m, tenth) <= all * (1.0 + 1e-14));
        // Silence tells.
        let silent = model.outlook(Opportunities::of_flags([&flags[..], &[false]].concat()).unwrap());
        prop_assert!(silent.alive() <= outlook.alive() + 1e-15);
        prop_assert!(outlook.alive_after(m) <= outlook.alive() && outlook.alive_after(m + 1) <= outlook.alive_after(m));
        if flags.last() == Some(&true) {
            prop_assert_eq!(outlook.alive(), 1.0);
        }
        let prediction = outlook.prediction(m, Confidence::P90);
        let inside: f64 = (prediction.low()..=prediction.high()).map(|k| outlook.exactly(k, m)).sum();
        prop_assert!(prediction.high() <= m.into() && inside >= 0.9 - 1e-12);
        let p = outlook.chance();
        prop_assert!(p.mean() > 0.0 && p.mean() < 1.0 && p.at_most(1.0) > 1.0 - 1e-9);
    }

    #[test]
    fn nothing_is_ever_nan(model in models(-12.0..12.0), (x, gap, since) in (0..300_u16, 0..300_u16, 0..300_u16), d in -9..9_i32) {
        let t_x = if x == 0 { 0 } else { x + gap };
        let outlook = model.outlook(seen(x, t_x, t_x + since));
        let rate = Ratio::new(10_i128.pow(d.max(0).unsigned_abs()), 10_i128.pow((-d).max(0).unsigned_abs())).unwrap();
        let rate = PeriodDiscount::per_period(rate).unwrap();
        let [none, nine] = [0, 9].map(|k| outlook.exactly(k, 30));
        let probabilities = [outlook.alive(), outlook.alive_after(7), none, nine, outlook.at_least_one(30)];
        prop_assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{model:?} {probabilities:?}");
        let numbers = [outlook.purchases(30), outlook.discounted_purchases_within(30, rate), outlook.chance().mean()];
        prop_assert!(numbers.iter().all(|p| (0.0..=30.0).contains(p)), "{model:?} {numbers:?}");
        let endless = outlook.discounted_purchases(rate);
        prop_assert!(endless >= 0.0 && endless <= 1.0001 / rate.rate().to_f64(), "{model:?} {endless}");
        prop_assert!(outlook.mean_lifetime().is_none_or(|n| n >= 0.0));
        let counts = OpportunityCounts::try_from(vec![(seen(x, t_x, t_x + since), 3)]).unwrap();
        prop_assert!(model.log_likelihood(&counts) <= 1e-9, "{model:?} {}", model.log_likelihood(&counts));
    }

    #[test]
    fn contracts_only_ever_end(chance in chances(-6.0..6.0), c in -1.5..1.0_f64, n in 0..200_u32, more in 1..50_u32) {
        for power in [1.0, 10_f64.powf(c)] {
            let model = ContractModel::new(chance, power).unwrap();
            let staying: Vec<f64> = (0..=more).map(|k| model.staying(n, k)).collect();
            prop_assert!(staying[0] == 1.0 && staying.iter().all(|s| (0.0..=1.0).contains(s)), "{model:?} {staying:?}");
            prop_assert!(staying.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-14)), "{model:?} {staying:?}");
            let along: f64 = (0..more).map(|k| model.retention(n + k)).product();
            near(along, staying[more as usize], 1e-9);
            // Sorting alone never lowers retention.
            prop_assert!(power > 1.0 || model.retention(n + 1) >= model.retention(n) * (1.0 - 1e-14));
            let sum = model.discounted_renewals(n, discount("0.2"), When::JustRenewed);
            let plain: f64 = (1..=200).map(|k| model.staying(n, k) / 1.2_f64.powf(k.into())).sum();
            prop_assert!((sum.value - plain).abs() <= sum.error + 1e-9 * plain + 1e-14, "{model:?} {sum:?} {plain}");
            if let Some(half) = model.gone_by(n, 0.5) {
                prop_assert!(model.staying(n, half) <= 0.5 && model.staying(n, half.saturating_sub(1)) > 0.5 || half == 0);
            }
            let learned = model.learned(n);
            prop_assert!(learned.mean() >= 0.0 && learned.mean() <= chance.mean() * (1.0 + 1e-9));
        }
    }

    #[test]
    fn fits_end_well(left in prop::collection::vec(0..60_u64, 2..7)) {
        // Numbers that fall, from those who leave.
        let total: u64 = left.iter().sum();
        let mut rest = total;
        let numbers: Vec<u64> = core::iter::once(total).chain(left[1..].iter().map(|gone| { rest -= gone; rest })).collect();
        for family in [Sbg, Bdw] {
            match ContractModel::fit(family, &cohort(&numbers)) {
                Ok(fit) => {
                    prop_assert!(fit.log_likelihood() <= 0.0 && fit.gradient() <= 1e-7);
                    prop_assert!(fit.standard_errors().is_none_or(|all| all.iter().all(|se| *se > 0.0)), "{:?}", fit);
                    // No worse than one chance for all.
                    let (gone, decisions) = (total - rest, numbers[..numbers.len() - 1].iter().sum::<u64>());
                    let theta = gone as f64 / decisions as f64;
                    let alike = gone as f64 * theta.ln() + (decisions - gone) as f64 * (-theta).ln_1p();
                    prop_assert!(fit.log_likelihood() >= alike - 1e-6 * (1.0 + alike.abs()), "{:?} {}", fit, alike);
                }
                Err(error) => prop_assert!(!matches!(error, LifetimeError::NotConverged { .. }), "{numbers:?} {error}"),
            }
        }
    }
}
