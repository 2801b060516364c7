//! Simulated customers: they do what the models say they do, a fit finds the model they were made from, and its intervals hold what they
//! say they hold.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp
)]

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use common::cases;
use core::num::{NonZeroU8, NonZeroU32};
use customer_value::{
    money::{Currency, Money, Rounding},
    quantity::Confidence,
    value::RepeatPurchases,
    value::lifetime::{
        Chances, Dropout, Family, GammaGamma, Life, LifetimeError, Link, Outlook, Parameter, PurchaseCounts, PurchaseModel, Rates,
        SpendCounts, Summary, TimeUnit,
    },
};
use proptest::prelude::*;
use shared::{confidence, mean_is, words};

/// Weeks of 7000 days, so that hardly any two purchases fall on one day.
const GRAIN: u32 = 7000;

fn fine_week() -> TimeUnit {
    TimeUnit::days(NonZeroU32::new(GRAIN).unwrap())
}

fn k(k: u8) -> NonZeroU8 {
    NonZeroU8::new(k).unwrap()
}

fn bg() -> PurchaseModel {
    PurchaseModel::bg_nbd([0.8, 6.0, 1.2, 3.0], fine_week()).unwrap()
}

fn mbg() -> PurchaseModel {
    PurchaseModel::mbg_nbd([0.8, 6.0, 1.2, 3.0], fine_week()).unwrap()
}

fn nbd() -> PurchaseModel {
    PurchaseModel::nbd([0.8, 6.0], fine_week()).unwrap()
}

fn pareto() -> PurchaseModel {
    PurchaseModel::pareto_nbd([0.8, 6.0, 1.4, 20.0], fine_week()).unwrap()
}

fn ggom() -> PurchaseModel {
    PurchaseModel::ggom_nbd([0.8, 6.0, 0.05, 0.7, 0.9], fine_week()).unwrap()
}

fn alike(first: bool) -> PurchaseModel {
    let dropout = Dropout::AtPurchases { chance: Chances::alike(0.2).unwrap(), first };
    PurchaseModel::new(Rates::alike(0.15).unwrap(), k(1), dropout, fine_week()).unwrap()
}

/// Every third event of a customer's process is a purchase.
fn regular(first: bool) -> PurchaseModel {
    let dropout = Dropout::AtPurchases { chance: Chances::beta(1.2, 3.0).unwrap(), first };
    PurchaseModel::new(Rates::gamma(1.5, 3.0).unwrap(), k(3), dropout, fine_week()).unwrap()
}

fn lives(model: &PurchaseModel, days: u32, customers: u64, seed: u64) -> Vec<Life> {
    (0..customers).map(|customer| model.simulate(days, &mut words(seed ^ (customer << 20))).unwrap()).collect()
}

fn one(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

fn bought(life: &Life) -> f64 {
    life.purchases().len() as f64
}

#[test]
fn purchases_are_as_many_as_expected() {
    for (seed, model) in (1..).zip([bg(), mbg(), nbd(), alike(false), alike(true), regular(false), regular(true), pareto(), ggom()])
    {
        for weeks in [3, 30] {
            let days = weeks * GRAIN;
            let lives = lives(&model, days, 4000, seed);
            mean_is(lives.iter().map(bought), model.outlook(Summary::NEW).purchases(days));
            // In whole days they are the same, but for the few of one day.
            let whole: usize = lives.iter().map(|l| l.purchase_days().count()).sum();
            let exact: usize = lives.iter().map(|l| l.purchases().len()).sum();
            assert!(whole <= exact && exact - whole < 40, "{whole} {exact}");
        }
    }
}

#[test]
fn customers_stay_as_long_as_expected() {
    let weeks = 26_u32;
    let (days, t) = (weeks * GRAIN, f64::from(weeks));
    let staying = |model: &PurchaseModel, seed| lives(model, days, 4000, seed).into_iter().map(|l| one(l.dropout().is_none()));
    // Pareto/NBD (Schmittlein, Morrison and Colombo 1987): (β/(β + t))^s, and r·β/(α·(s − 1))·(1 − (β/(β + t))^(s − 1)).
    mean_is(staying(&pareto(), 11), libm::pow(20.0 / (20.0 + t), 1.4));
    let expected = 0.8 * 20.0 / (6.0 * 0.4) * (1.0 - libm::pow(20.0 / (20.0 + t), 0.4));
    mean_is(lives(&pareto(), days, 4000, 12).iter().map(bought), expected);
    // GGom/NBD (Bemmaor and Glady 2012): (β/(β + exp(b·t) − 1))^s, and r/α times its integral, here by the midpoint rule.
    let stays = |t: f64| libm::pow(0.9 / (0.9 + libm::expm1(0.05 * t)), 0.7);
    mean_is(staying(&ggom(), 13), stays(t));
    let steps = 10_000_u32;
    let step = t / f64::from(steps);
    let integral: f64 = (0..steps).map(|i| stays((f64::from(i) + 0.5) * step) * step).sum();
    mean_is(lives(&ggom(), days, 4000, 14).iter().map(bought), 0.8 / 6.0 * integral);
    // Where all are alike: one hazard, and one that grows (Gompertz).
    for (seed, ageing) in [(15, 0.0), (16, 0.1)] {
        let dropout = Dropout::InTime { hazard: Rates::alike(0.02).unwrap(), ageing };
        let model = PurchaseModel::new(Rates::alike(0.15).unwrap(), k(1), dropout, fine_week()).unwrap();
        let hazard = if ageing > 0.0 { 0.02 * libm::expm1(ageing * t) / ageing } else { 0.02 * t };
        mean_is(staying(&model, seed), libm::exp(-hazard));
    }
    assert!(lives(&nbd(), days, 100, 17).iter().all(|l| l.dropout().is_none()));
    // With a rate and a chance for all, purchases that might be the last come at 0.15 a week and are it at 0.03 a week.
    mean_is(staying(&alike(false), 18), libm::exp(-0.03 * t));
    mean_is(staying(&alike(true), 19), 0.8 * libm::exp(-0.03 * t));
    // Whoever drops out at a purchase does so at their last.
    for life in lives(&bg(), days, 300, 20).into_iter().chain(lives(&mbg(), days, 300, 21)) {
        assert!(life.dropout().is_none_or(|at| at == life.purchases().last().copied().unwrap_or(0.0)));
    }
}

#[test]
fn regular_purchases_come_at_every_kth_event() {
    // Nobody drops out; the gaps are sums of k exponential variables of mean 1/λ.
    let model = PurchaseModel::new(Rates::alike(0.5).unwrap(), k(3), Dropout::Never, fine_week()).unwrap();
    let lives = lives(&model, 500 * GRAIN, 40, 31);
    let mut gaps = Vec::new();
    for life in &lives {
        let mut last = 0.0;
        // Gaps that the end may cut off would bias the mean; the first sixty of about eighty are there for everyone.
        for at in life.purchases().iter().take(60) {
            gaps.push((at - last) / f64::from(GRAIN));
            last = *at;
        }
    }
    assert_eq!(gaps.len(), 2400);
    mean_is(gaps.iter().copied(), 6.0);
    mean_is(gaps.iter().map(|g| (g - 6.0) * (g - 6.0)), 12.0);
    // P(gap < 3) = P(three events or more at a mean of 1.5).
    let three = 1.0 - libm::exp(-1.5) * (1.0 + 1.5 + 1.125);
    mean_is(gaps.iter().map(|g| one(*g < 3.0)), three);
}

/// Simulated new customers are watched for a while and then followed; those with as many purchases do as their outlooks say, on average.
#[track_caller]
fn those_who_look_alike_do_as_expected(model: &PurchaseModel, customers: u64, seed: u64) {
    let (watched, later) = (20 * GRAIN, 15 * GRAIN);
    let lives: Vec<(Life, Outlook)> = lives(model, watched + later, customers, seed)
        .into_iter()
        .map(|l| {
            let outlook = model.outlook(l.summary(watched).unwrap());
            (l, outlook)
        })
        .collect();
    let mut groups = 0;
    for x in 0..6 {
        let group: Vec<_> = lives.iter().filter(|(_, o)| o.customer().x() == x).collect();
        if group.len() < 40 {
            continue;
        }
        groups += 1;
        let after = |l: &Life| l.purchases().iter().filter(|at| **at > f64::from(watched)).count() as f64;
        let here = |l: &Life| one(l.dropout().is_none_or(|at| at > f64::from(watched)));
        mean_is(group.iter().map(|(l, o)| after(l) - o.purchases(later)), 0.0);
        mean_is(group.iter().map(|(l, o)| here(l) - o.alive()), 0.0);
    }
    assert!(groups > 3, "{groups}");
}

#[test]
fn those_who_look_alike_do_as_expected_where_dropout_is_at_purchases() {
    for (seed, model) in (41..).zip([bg(), mbg(), nbd(), alike(true)]) {
        those_who_look_alike_do_as_expected(&model, 3000, seed);
    }
}

#[test]
fn those_who_look_alike_do_as_expected_where_dropout_is_in_time() {
    those_who_look_alike_do_as_expected(&pareto(), 3000, 46);
}

#[test]
fn those_who_look_alike_do_as_expected_where_dropout_comes_with_age() {
    those_who_look_alike_do_as_expected(&ggom(), 2000, 47);
}

#[test]
fn those_who_look_alike_do_as_expected_where_purchases_are_regular() {
    for (seed, model) in (48..).zip([regular(false), regular(true)]) {
        those_who_look_alike_do_as_expected(&model, 800, seed);
    }
}

/// The simulated futures of one customer are what the outlook says.
#[track_caller]
fn futures_are_as_expected(model: &PurchaseModel, [x, t_x, t]: [u32; 3], weeks: u32, seed: u64) {
    let outlook = model.outlook(Summary::new(x, t_x * GRAIN, t * GRAIN).unwrap());
    let days = weeks * GRAIN;
    let futures: Vec<Life> =
        (0..3000).map(|i: u64| outlook.simulate(days, &mut words(seed.wrapping_add(i << 20))).unwrap()).collect();
    mean_is(futures.iter().map(bought), outlook.purchases(days));
    mean_is(futures.iter().map(|l| one(l.dropout() != Some(0.0))), outlook.alive());
}

#[test]
fn futures_of_known_customers_are_as_expected() {
    for (seed, model) in
        (51..).zip([bg(), mbg(), nbd(), alike(false), alike(true), regular(false), regular(true), pareto(), ggom()])
    {
        futures_are_as_expected(&model, [0, 0, 0], 150, seed);
        futures_are_as_expected(&model, [0, 0, 40], 25, seed);
        futures_are_as_expected(&model, [4, 25, 40], 25, seed);
        futures_are_as_expected(&model, [12, 39, 40], 25, seed);
    }
}

/// What was simulated as new and then watched goes on as it is simulated from what was seen: one law, two ways.
#[track_caller]
fn both_ways_agree(model: &PurchaseModel, seed: u64) {
    let (watched, later) = (20 * GRAIN, 15 * GRAIN);
    let mut differences = Vec::new();
    let mut waits = Vec::new();
    for life in lives(model, watched + later, 2500, seed) {
        // The outlook's own probability of being a customer is not what is asked here.
        if life.dropout().is_some_and(|at| at <= f64::from(watched)) {
            continue;
        }
        let outlook = model.outlook(life.summary(watched).unwrap());
        let mut generator = words(seed ^ 0xFFFF ^ (bought(&life).to_bits() + differences.len() as u64));
        let again = (0..50).map(|_| outlook.simulate(later, &mut generator).unwrap()).find(|l| l.dropout() != Some(0.0));
        let Some(again) = again else { continue };
        let start = f64::from(watched);
        let rest: Vec<f64> = life.purchases().iter().filter(|at| **at > start).map(|at| at - start).collect();
        differences.push(rest.len() as f64 - bought(&again));
        let wait = |first: Option<&f64>| first.copied().unwrap_or(f64::from(later)) / f64::from(GRAIN);
        waits.push(wait(rest.first()) - wait(again.purchases().first()));
    }
    assert!(differences.len() > 500, "{}", differences.len());
    mean_is(differences, 0.0);
    mean_is(waits, 0.0);
}

#[test]
fn known_customers_go_on_as_new_ones_would() {
    let steady = PurchaseModel::new(Rates::gamma(3.0, 4.0).unwrap(), k(4), Dropout::Never, fine_week()).unwrap();
    let same = PurchaseModel::new(Rates::alike(0.6).unwrap(), k(4), Dropout::Never, fine_week()).unwrap();
    for (seed, model) in (61..).zip([bg(), mbg(), steady, same, pareto(), ggom()]) {
        both_ways_agree(&model, seed);
    }
}

#[test]
fn a_fit_finds_what_was_simulated() {
    let weeks = [40, 60, 78];
    for (seed, model, family) in [(71, bg(), Family::BgNbd), (72, mbg(), Family::MbgNbd), (73, nbd(), Family::Nbd)] {
        let mut counts = PurchaseCounts::new();
        for (i, life) in (0..).zip(lives(&model, 78 * GRAIN, 3000, seed)) {
            counts.push(life.summary(weeks[i % 3] * GRAIN).unwrap(), 1).unwrap();
        }
        let fit = PurchaseModel::fit(family, &counts, fine_week()).unwrap();
        assert!(fit.limits().is_empty());
        let estimates = fit.estimates(confidence("0.999")).unwrap();
        for (estimate, truth) in estimates.iter().zip(model.parameters()) {
            assert!(estimate.low() < truth.value() && truth.value() < estimate.high(), "{estimate:?} for {truth:?}");
            // And says something.
            assert!(estimate.high() < 3.0 * estimate.low(), "{estimate:?}");
        }
    }
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let model = PurchaseModel::bg_nbd([0.8, 6.0, 1.2, 3.0], TimeUnit::WEEK).unwrap();
    let mut like = PurchaseCounts::new();
    like.push(Summary::new(0, 0, 7 * 60).unwrap(), 800).unwrap();
    let truths = model.parameters();
    let purchases = |m: &PurchaseModel| m.outlook(Summary::NEW).purchases(365);
    let (tables, mut held, mut asked) = (40_u32, [0_u32; 5], 0);
    for seed in 0..tables {
        let counts = model.simulate_counts(&like, &mut words(u64::from(seed) << 40)).unwrap();
        assert_eq!(counts.customers(), 800);
        let fit = PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::WEEK).unwrap();
        let Some(estimates) = fit.estimates(Confidence::P95) else { continue };
        let worth = fit.estimate(purchases, Link::Log, Confidence::P95).unwrap();
        asked += 1;
        for (held, (estimate, truth)) in
            held.iter_mut().zip(estimates.iter().zip(truths.iter().map(Parameter::value)).chain([(&worth, purchases(&model))]))
        {
            *held += u32::from(estimate.low() <= truth && truth <= estimate.high());
        }
    }
    assert_eq!(asked, tables);
    let all: u32 = held.iter().sum();
    let share = f64::from(all) / f64::from(5 * tables);
    assert!((0.87..0.999).contains(&share), "{held:?}");
    // For each of them: fewer than 33 of 40 happen once in 600 times at 95 %.
    assert!(held.iter().all(|h| *h >= 33), "{held:?}");
}

#[test]
fn a_bootstrap_agrees_with_the_curvature() {
    let model = PurchaseModel::bg_nbd([0.8, 6.0, 1.2, 3.0], TimeUnit::WEEK).unwrap();
    let mut like = PurchaseCounts::new();
    like.push(Summary::new(0, 0, 7 * 40).unwrap(), 150).unwrap();
    like.push(Summary::new(0, 0, 7 * 60).unwrap(), 150).unwrap();
    let counts = model.simulate_counts(&like, &mut words(81)).unwrap();
    let fit = PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::WEEK).unwrap();
    let purchases = |m: &PurchaseModel| m.outlook(Summary::NEW).purchases(365);
    let bootstrap = fit.model().bootstrap(Family::BgNbd, &counts, 39, &mut words(82)).unwrap();
    assert_eq!((bootstrap.models().len(), bootstrap.failed(), bootstrap.model()), (39, 0, fit.model()));
    let (simulated, curved) =
        (bootstrap.estimate(purchases, Confidence::P90).unwrap(), fit.estimate(purchases, Link::Log, Confidence::P90).unwrap());
    let width = (simulated.high() - simulated.low()) / (curved.high() - curved.low());
    assert!((0.6..1.6).contains(&width) && simulated.value() == curved.value(), "{simulated:?} {curved:?}");
    // With 39 models the ends at 95 % are the least and the greatest.
    let at_95 = bootstrap.estimate(purchases, Confidence::P95).unwrap();
    let all: Vec<f64> = bootstrap.models().iter().map(purchases).collect();
    assert_eq!((at_95.low(), at_95.high()), (all.iter().copied().fold(9.0, f64::min), all.iter().copied().fold(0.0, f64::max)));
    assert!(bootstrap.estimate(purchases, confidence("0.951")).is_none());
    assert!(bootstrap.estimate(|_| f64::NAN, Confidence::P90).is_none());
    assert!(bootstrap.estimate(|_| f64::INFINITY, Confidence::P90).is_none());
    // The same words give the same models.
    let again = fit.model().bootstrap(Family::BgNbd, &counts, 1, &mut words(82)).unwrap();
    assert_eq!(again.models(), &bootstrap.models()[..1]);
    assert!(
        fit.model().bootstrap(Family::BgNbd, &counts, 0, &mut words(82)).unwrap().estimate(purchases, Confidence::P90).is_none()
    );
}

#[test]
fn a_table_that_cannot_be_fitted_is_counted() {
    let model = PurchaseModel::nbd([1.0, 1e9], TimeUnit::DAY).unwrap();
    let mut like = PurchaseCounts::new();
    like.push(Summary::new(0, 0, 100).unwrap(), 10).unwrap();
    let bootstrap = model.bootstrap(Family::Nbd, &like, 5, &mut words(91)).unwrap();
    assert_eq!((bootstrap.models().len(), bootstrap.failed()), (0, 5));
    assert!(bootstrap.estimate(|m| m.purchases().mean(), Confidence::P90).is_none());
    // A model at a limit is fitted as what it was, not as what it became.
    let dropout = Dropout::AtPurchases { chance: Chances::alike(0.2).unwrap(), first: false };
    let same = PurchaseModel::new(Rates::gamma(0.8, 6.0).unwrap(), k(1), dropout, TimeUnit::WEEK).unwrap();
    let mut like = PurchaseCounts::new();
    like.push(Summary::new(0, 0, 400).unwrap(), 400).unwrap();
    let bootstrap = same.bootstrap(Family::BgNbd, &like, 6, &mut words(92)).unwrap();
    let spread = |m: &PurchaseModel| matches!(m.dropout(), Dropout::AtPurchases { chance, .. } if chance.dispersion() > 0.0);
    let apart = bootstrap.models().iter().filter(|m| spread(m)).count();
    assert!(apart > 0 && apart < 6, "{apart}");
}

fn usd(x: u32, cents: i64) -> RepeatPurchases {
    RepeatPurchases { x, t_x_days: 0, t_days: 0, value: Money::from_minor(cents, Currency::USD) }
}

#[test]
fn amounts_are_as_expected() {
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    for (seed, customer) in (101..).zip([usd(0, 0), usd(2, 44_70), usd(40, 4000_00)]) {
        let means = (0..4000_u64).map(|i| {
            let amounts = model.simulate(&customer, 3, Rounding::HalfEven, &mut words(seed ^ (i << 20))).unwrap();
            assert_eq!(amounts.len(), 3);
            amounts.iter().map(|m| m.minor() as f64).sum::<f64>() / 3.0
        });
        mean_is(means, model.mean(&customer).unwrap().minor());
    }
    // Where a customer always spends the same, and where all spend as much.
    let steady = GammaGamma::steady(3.74, 25.0, Currency::USD).unwrap();
    let always = steady.simulate(&usd(2, 44_70), 2, Rounding::HalfEven, &mut words(1)).unwrap();
    assert_eq!(always, vec![Money::from_minor(22_35, Currency::USD); 2]);
    let alike = GammaGamma::alike(6.25, 25.0, Currency::USD).unwrap();
    for (seed, model) in (105..).zip([steady, alike]) {
        let first = |i: u64| model.simulate(&usd(0, 0), 1, Rounding::HalfEven, &mut words(seed ^ (i << 20))).unwrap()[0];
        mean_is((0..4000).map(|i| first(i).minor() as f64), model.mean(&usd(0, 0)).unwrap().minor());
    }
    // Within a customer they vary by 1/√p of their mean.
    let same = model.simulate(&usd(0, 0), 4000, Rounding::HalfEven, &mut words(104)).unwrap();
    let amounts: Vec<f64> = same.iter().map(|m| m.minor() as f64).collect();
    let mean = amounts.iter().sum::<f64>() / 4000.0;
    mean_is(amounts.iter().map(|a| (a / mean - 1.0) * (a / mean - 1.0)), 1.0 / 6.25);
}

#[test]
fn a_fit_finds_the_amounts_that_were_simulated() {
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let mut like = SpendCounts::new(Currency::USD);
    for x in 1..=10 {
        like.push(&usd(x, 100), 80).unwrap();
    }
    let counts = model.simulate_counts(&like, Rounding::HalfEven, &mut words(111)).unwrap();
    assert_eq!(counts.customers(), 800);
    let fit = GammaGamma::fit(&counts).unwrap();
    for (estimate, truth) in fit.estimates(confidence("0.999")).unwrap().iter().zip(model.parameters()) {
        assert!(estimate.low() < truth && truth < estimate.high(), "{estimate:?} for {truth}");
    }
    let mut like = SpendCounts::new(Currency::USD);
    like.push(&usd(2, 100), 60).unwrap();
    like.push(&usd(5, 100), 60).unwrap();
    let fit = GammaGamma::fit(&model.simulate_counts(&like, Rounding::HalfEven, &mut words(112)).unwrap()).unwrap();
    let bootstrap = fit.model().bootstrap(&like, Rounding::HalfEven, 19, &mut words(113)).unwrap();
    let mean = |m: &GammaGamma| m.mean(&usd(0, 0)).unwrap().minor();
    let (simulated, curved) =
        (bootstrap.estimate(mean, Confidence::P90).unwrap(), fit.estimate(mean, Link::Log, Confidence::P90).unwrap());
    let width = (simulated.high() - simulated.low()) / (curved.high() - curved.low());
    assert!((0.5..1.8).contains(&width), "{simulated:?} {curved:?}");
}

#[test]
fn amounts_that_cannot_be_are_refused() {
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let simulate = |model: &GammaGamma, customer: &RepeatPurchases, purchases| {
        model.simulate(customer, purchases, Rounding::HalfEven, &mut words(1))
    };
    assert_eq!(simulate(&model, &usd(0, 0), 1_000_001), Err(LifetimeError::TooManyPurchases));
    assert!(matches!(simulate(&model, &usd(1, 0), 1), Err(LifetimeError::NotPositive { .. })));
    let euros = RepeatPurchases { value: Money::from_minor(1, Currency::EUR), ..usd(1, 1) };
    assert!(matches!(simulate(&model, &euros, 1), Err(LifetimeError::MixedCurrencies { .. })));
    let wild = GammaGamma::new([1.0, 1e-9, 1.0], Currency::USD).unwrap();
    assert!(matches!(simulate(&wild, &usd(0, 0), 1), Err(LifetimeError::Money(_))));
    let small = GammaGamma::new([1.0, 3.0, 1e-6], Currency::USD).unwrap();
    let mut like = SpendCounts::new(Currency::USD);
    like.push(&usd(1, 100), 1).unwrap();
    let refused = small.simulate_counts(&like, Rounding::HalfEven, &mut words(1));
    assert!(matches!(refused, Err(LifetimeError::NotPositive { x: 1, .. })));
    assert!(small.simulate_counts(&like, Rounding::Ceiling, &mut words(1)).is_ok());
    assert_eq!(simulate(&small, &usd(0, 0), 2), Ok(vec![Money::from_minor(0, Currency::USD); 2]));
}

#[test]
fn one_customer_does_not_change_another() {
    let model = bg();
    let alone = model.simulate(1000 * GRAIN, &mut words(5)).unwrap();
    let mut shared = words(4);
    let (before, after) = (model.simulate(10, &mut shared).unwrap(), model.simulate(1000 * GRAIN, &mut words(5)).unwrap());
    assert_eq!(alone, after);
    assert_ne!(before.purchases(), after.purchases());
    // A longer simulation of the same words begins like a shorter one.
    let short = model.simulate(10 * GRAIN, &mut words(6)).unwrap();
    let long = model.simulate(99 * GRAIN, &mut words(6)).unwrap();
    assert_eq!(short.summary(10 * GRAIN), long.summary(10 * GRAIN));
    assert!(long.purchases().starts_with(short.purchases()));
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    let busy = PurchaseModel::new(Rates::alike(1e12).unwrap(), k(1), Dropout::Never, TimeUnit::DAY).unwrap();
    assert_eq!(busy.simulate(1, &mut words(1)), Err(LifetimeError::TooManyPurchases));
    assert!(busy.simulate(0, &mut words(1)).unwrap().purchases().is_empty());
    let outlook = bg().outlook(Summary::new(0, 0, u32::MAX - 5).unwrap());
    assert_eq!(outlook.simulate(6, &mut words(1)), Err(LifetimeError::TooLong));
    let life = outlook.simulate(5, &mut words(1)).unwrap();
    assert_eq!((life.days(), life.summary(5).unwrap().t_days()), (5, u32::MAX));
    assert_eq!(life.summary(6), Err(LifetimeError::NotSimulated { days: 6, simulated: 5 }));
    let mut like = PurchaseCounts::new();
    like.push(Summary::new(0, 0, 1).unwrap(), 1).unwrap();
    assert_eq!(busy.simulate_counts(&like, &mut words(1)), Err(LifetimeError::TooManyPurchases));
    assert!(matches!(busy.bootstrap(Family::Nbd, &like, 1, &mut words(1)), Err(LifetimeError::TooManyPurchases)));
}

/// From 10^low to 10^high.
fn wide(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low..high).prop_map(|exponent| libm::pow(10.0, exponent))
}

fn rates() -> impl Strategy<Value = Rates> {
    prop_oneof![
        (wide(-4.0, 4.0), wide(-4.0, 4.0)).prop_map(|(shape, rate)| Rates::gamma(shape, rate).unwrap()),
        (wide(-12.0, 12.0), wide(4.0, 12.0)).prop_map(|(shape, rate)| Rates::gamma(shape, rate).unwrap()),
        wide(-12.0, 3.0).prop_map(|rate| Rates::alike(rate).unwrap()),
    ]
}

fn dropouts() -> impl Strategy<Value = Dropout> {
    let chances = prop_oneof![
        (wide(-12.0, 12.0), wide(-12.0, 12.0)).prop_map(|(a, b)| Chances::beta(a, b).unwrap()),
        (1e-9..0.999_f64).prop_map(|p| Chances::alike(p).unwrap()),
    ];
    prop_oneof![
        Just(Dropout::Never),
        (rates(), prop_oneof![Just(0.0), wide(-12.0, 12.0)]).prop_map(|(hazard, ageing)| Dropout::InTime { hazard, ageing }),
        (chances, any::<bool>()).prop_map(|(chance, first)| Dropout::AtPurchases { chance, first }),
    ]
}

proptest! {
    #![proptest_config(cases(100))]

    /// Whatever the parameters and however broken the generator: a life in order, or a typed error.
    #[test]
    fn every_life_is_in_order(
        (purchases, dropout, regularity) in (rates(), dropouts(), 1_u8..=255),
        (days, unit_days) in (prop_oneof![0..5_u32, 0..5000_u32, Just(u32::MAX)], 1_u32..400),
        (seed, broken) in (any::<u64>(), any::<bool>()),
        (x, t_x, t) in (0..40_u32, 1..1000_u32, 0..100_000_u32),
    ) {
        let regularity = if matches!(dropout, Dropout::InTime { .. }) { k(1) } else { k(regularity) };
        let unit = TimeUnit::days(NonZeroU32::new(unit_days).unwrap());
        let model = PurchaseModel::new(purchases, regularity, dropout, unit).unwrap();
        let mut good = words(seed);
        let mut generator = || if broken { seed } else { good() };
        let t_x = if x == 0 { 0 } else { t_x };
        let seen = Summary::new(x, t_x, t_x + t).unwrap();
        // Ten thousand purchases are enough, on average; more than can be are tried elsewhere.
        let most = 1e4 * f64::from(regularity.get()) * f64::from(unit_days) / purchases.mean();
        let days = if most < f64::from(days) { most as u32 } else { days };
        let days_known = days.min(u32::MAX - t_x - t);
        for (days, life) in [
            (days, model.simulate(days, &mut generator)),
            (days_known, model.outlook(seen).simulate(days_known, &mut generator)),
        ] {
            let life = match life {
                Ok(life) => life,
                Err(LifetimeError::TooManyPurchases) => continue,
                Err(other) => return Err(TestCaseError::fail(format!("{other}"))),
            };
            let end = f64::from(days);
            prop_assert_eq!(life.days(), days);
            prop_assert!(life.purchases().is_sorted());
            prop_assert!(life.purchases().iter().all(|at| *at > 0.0 && *at <= end));
            let last = life.purchases().last().copied().unwrap_or(0.0);
            prop_assert!(life.dropout().is_none_or(|at| at >= last && at <= end));
            prop_assert!(life.purchase_days().all(|day| 0 < day && day <= days));
            let summary = life.summary(days).unwrap();
            prop_assert!(summary.days_since_last() <= summary.t_days());
        }
    }
}
