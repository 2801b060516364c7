//! Simulated opportunities, contracts, amounts and customers with covariates: they do what the models say, a fit finds the model that they
//! were made from, and its intervals hold the truth as often as they say.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, clippy::needless_for_each)]

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use common::{cases, dec, name};
use customer_value::{
    money::{Currency, Money, MoneyError, Rounding},
    quantity::Confidence,
    value::lifetime::{
        AmountCounts, Bootstrap, Chances, CovariateCounts, CovariateModel, Dropout, Family, Fit, LifetimeError, Link, NormalNormal,
        Parametric, Priors, PurchaseModel, Rates, SpendBasis, Spent, Summary, TimeUnit,
        contract::{ContractFamily, ContractModel, Tenure, TenureCounts},
        discrete::{BgBb, Life, Opportunities, OpportunityCounts},
    },
};
use proptest::prelude::*;
use shared::{all_near, confidence, mean_is, values, words};

fn one(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

fn donors() -> BgBb {
    BgBb::of([1.204, 0.750, 0.657, 2.783]).unwrap()
}

/// Models of every kind: chances that differ, that are alike, nobody who drops out.
fn opportunity_models() -> [BgBb; 4] {
    let (varied, alike) = (Chances::beta(0.8, 1.7).unwrap(), Chances::alike(0.15).unwrap());
    [donors(), BgBb::new(varied, Some(alike)), BgBb::new(alike, Some(varied)), BgBb::new(varied, None)]
}

fn contracts() -> [ContractModel; 4] {
    let alike = Chances::alike(0.2).unwrap();
    [
        ContractModel::sbg([0.668, 3.806]).unwrap(),
        ContractModel::bdw([0.26, 1.72, 1.58]).unwrap(),
        ContractModel::bdw([1.5, 3.0, 0.7]).unwrap(),
        ContractModel::new(alike, 1.3).unwrap(),
    ]
}

/// A new customer's first opportunities, so many times.
fn lives(model: &BgBb, opportunities: u16, customers: u64, seed: u64) -> Vec<Life> {
    (0..customers).map(|i| model.simulate(opportunities, &mut words(seed ^ (i << 20)))).collect()
}

#[test]
fn opportunities_are_taken_as_expected() {
    for (seed, model) in (1..).zip(opportunity_models()) {
        let new = model.outlook(Opportunities::NEW);
        let lives = lives(&model, 12, 4000, seed);
        for n in [1, 4, 12] {
            let bought = |l: &Life| l.purchases().iter().filter(|at| **at <= n).count();
            mean_is(lives.iter().map(|l| bought(l) as f64), new.purchases(n));
            mean_is(lives.iter().map(|l| one(l.dropout().is_none_or(|after| after >= n))), new.alive_after(n));
            for x in 0..3 {
                mean_is(lives.iter().map(|l| one(bought(l) == x)), new.exactly(u32::try_from(x).unwrap(), n));
            }
        }
        assert!(model.dropout().is_some() || lives.iter().all(|l| l.dropout().is_none()));
    }
}

#[test]
fn those_with_one_history_do_as_their_outlook_says() {
    for (seed, model) in (11..).zip(opportunity_models()) {
        for customer in [(0, 0, 0), (0, 0, 5), (2, 3, 6), (4, 4, 4), (3, 9, 12)] {
            let outlook = model.outlook(Opportunities::try_from(customer).unwrap());
            let futures: Vec<Life> = (0..2500_u64).map(|i| outlook.simulate(8, &mut words(seed ^ (i << 20))).unwrap()).collect();
            mean_is(futures.iter().map(|l| l.purchases().len() as f64), outlook.purchases(8));
            mean_is(futures.iter().map(|l| one(l.dropout() != Some(0))), outlook.alive_after(1));
            mean_is(futures.iter().map(|l| one(l.dropout().is_none())), outlook.alive_after(8));
            mean_is(futures.iter().map(|l| one(!l.purchases().is_empty())), outlook.at_least_one(8));
        }
    }
}

#[test]
fn new_customers_go_on_as_known_ones_do() {
    // Simulated as new, watched for five opportunities and followed for five more, against what is expected after the five.
    for (seed, model) in (21..).zip(opportunity_models()) {
        let (lives, mut groups) = (lives(&model, 10, 6000, seed), 0);
        for x in 0..6 {
            let group: Vec<_> = lives.iter().map(|l| (l, l.summary(5).unwrap())).filter(|(_, seen)| seen.x() == x).collect();
            if group.len() < 40 {
                continue;
            }
            groups += 1;
            let later = |l: &Life| l.purchases().iter().filter(|at| **at > 5).count() as f64;
            mean_is(group.iter().map(|(l, seen)| later(l) - model.outlook(*seen).purchases(5)), 0.0);
            let here = |l: &Life| one(l.dropout().is_none_or(|after| after >= 5));
            mean_is(group.iter().map(|(l, seen)| here(l) - model.outlook(*seen).alive()), 0.0);
        }
        assert!(groups > 3, "{groups}");
    }
}

#[test]
fn a_life_is_summed_up_as_it_was() {
    let always = BgBb::new(Chances::alike(0.999_999_999).unwrap(), None);
    let life = always.simulate(4, &mut words(1));
    assert_eq!((life.opportunities(), life.purchases(), life.dropout()), (4, &[1, 2, 3, 4][..], None));
    assert_eq!(life.summary(3), Opportunities::new(3, 3, 3));
    assert_eq!(life.summary(5), Err(LifetimeError::BadOpportunities { x: 4, t_x: 4, n: 5 }));
    // A known customer goes on from where they were.
    let known = always.outlook(Opportunities::new(1, 2, 9).unwrap()).simulate(2, &mut words(1)).unwrap();
    assert_eq!([0, 1, 2].map(|n| known.summary(n).unwrap()), [(1, 2, 9), (2, 10, 10), (3, 11, 11)].map(|o| o.try_into().unwrap()));
    let full = always.outlook(Opportunities::new(1, 2, 65_530).unwrap());
    assert_eq!(full.simulate(6, &mut words(1)), Err(LifetimeError::BadOpportunities { x: 1, t_x: 2, n: 65_536 }));
    assert_eq!(full.simulate(5, &mut words(1)).unwrap().summary(5), Opportunities::new(6, 65_535, 65_535));
    // Who has gone does nothing, and a longer simulation begins like a shorter one.
    let gone = BgBb::new(Chances::alike(0.5).unwrap(), Some(Chances::alike(0.999_999_999).unwrap()));
    assert_eq!(gone.simulate(9, &mut words(2)).dropout(), Some(0));
    let (short, long) = (donors().simulate(10, &mut words(6)), donors().simulate(99, &mut words(6)));
    assert_eq!(short.summary(10), long.summary(10));
    assert!(long.purchases().starts_with(short.purchases()));
}

#[test]
fn contracts_last_as_expected() {
    for (seed, model) in (31..).zip(contracts()) {
        for renewals in [0, 1, 5] {
            let due = renewals + 10;
            let ends: Vec<Tenure> = (0..4000_u64).map(|i| model.simulate(renewals, due, &mut words(seed ^ (i << 20)))).collect();
            for more in [1_u16, 3, 10] {
                let stays = model.staying(renewals.into(), more.into());
                mean_is(ends.iter().map(|t| one(t.renewals() >= renewals + more)), stays);
            }
            // At the last they are running, before it they have left.
            assert!(ends.iter().all(|t| (*t == Tenure::Running(due)) == (t.renewals() == due) && t.renewals() >= renewals));
            assert_eq!(model.simulate(renewals, 0, &mut words(1)), Tenure::Running(renewals));
        }
    }
}

#[test]
fn far_out_the_past_is_no_number_and_the_future_is() {
    // Where nᶜ is beyond a number: S(n + k)/S(n) is (1 + k/n)^−ac.
    let share = |parameters, renewals, more| ContractModel::bdw(parameters).unwrap().staying(renewals, more);
    all_near(&[share([0.5, 2.0, 100.0], 65_534, 1000)], &[(66_534.0_f64 / 65_534.0).powf(-50.0)], 1e-12);
    assert!(share([1e12, 1e-12, 100.0], 65_534, 1) <= 0.0);
    // On both sides of where the formula changes.
    for n in [199, 200, 201] {
        let ratio = share([0.5, 2.0, 43.4], n, 50);
        all_near(&[ratio], &[(f64::from(n + 50) / f64::from(n)).powf(-21.7)], 1e-12);
    }
}

#[test]
fn contracts_end_somewhere_whatever_the_numbers() {
    // At the ends of the range the median comes out where the model has it.
    for c in [1e-12, 1e-3, 1.0, 20.0, 100.0, 1e12] {
        for (a, b) in [(1e-12, 1e-12), (1e12, 1e-12), (1e-12, 1e12), (1e12, 1e12), (0.5, 0.5), (30.0, 2.0)] {
            let model = ContractModel::bdw([a, b, c]).unwrap();
            for renewals in [0, 1, 7, 65_534, 65_535] {
                let stayed = (0..200_u64).filter(|i| model.simulate(renewals, 65_535, &mut words(*i)) == Tenure::Running(65_535));
                let share = stayed.count() as f64 / 200.0;
                let want = model.staying(renewals.into(), u32::from(65_535 - renewals));
                // Five standard errors, and one customer.
                let error = 5.0 * (want * (1.0 - want) / 200.0).sqrt() + 0.005;
                assert!((share - want).abs() <= error, "{a} {b} {c} {renewals}: {share} for {want}");
            }
        }
    }
}

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

fn amounts_model() -> NormalNormal {
    NormalNormal::new([20.0, 30.0, 15.0], SpendBasis::All, Currency::USD).unwrap()
}

#[test]
fn amounts_below_zero_are_as_expected() {
    let customers = [Spent::nothing(SpendBasis::All, Currency::USD), Spent::new(SpendBasis::All, 4, usd(-40_00))];
    for (seed, customer) in (41..).zip(customers) {
        let pairs: Vec<(f64, f64)> = (0..4000_u64)
            .map(|i| {
                let both = amounts_model().simulate(customer, 2, Rounding::HalfEven, &mut words(seed ^ (i << 20))).unwrap();
                (both[0].minor() as f64, both[1].minor() as f64)
            })
            .collect();
        let known = amounts_model().mean(customer).unwrap();
        mean_is(pairs.iter().map(|(first, _)| *first), known.minor());
        // σ² between the purchases of a customer; what is left of τ² between customers with one history.
        mean_is(pairs.iter().map(|(first, second)| (first - second) * (first - second) / 2.0), 3000.0 * 3000.0);
        let left = 1500.0 * 1500.0 * (1.0 - known.own_weight());
        mean_is(pairs.iter().map(|(first, second)| (first - known.minor()) * (second - known.minor())), left);
    }
    // Without noise, a customer always spends the same; without spread, all have one mean.
    let steady = NormalNormal::new([20.0, 0.0, 15.0], SpendBasis::All, Currency::USD).unwrap();
    assert_eq!(steady.simulate(customers[1], 2, Rounding::HalfEven, &mut words(1)).unwrap(), [usd(-10_00); 2]);
    let new = steady.simulate(customers[0], 3, Rounding::HalfEven, &mut words(1)).unwrap();
    assert!(new[0] == new[1] && new[1] == new[2] && new[0] != usd(20_00));
    let alike = NormalNormal::new([20.0, 30.0, 0.0], SpendBasis::All, Currency::USD).unwrap();
    let of = |i: u64| alike.simulate(customers[1], 1, Rounding::HalfEven, &mut words(i << 20)).unwrap()[0].minor() as f64;
    mean_is((0..2000).map(of), 20_00.0);
    // What cannot be is refused.
    let simulate = |customer, purchases| amounts_model().simulate(customer, purchases, Rounding::HalfEven, &mut words(1));
    assert_eq!(simulate(customers[0], 1_000_001), Err(LifetimeError::TooManyPurchases));
    let euros = Spent::nothing(SpendBasis::All, Currency::EUR);
    assert!(matches!(simulate(euros, 1), Err(LifetimeError::MixedCurrencies { .. })));
    let repeats = Spent::nothing(SpendBasis::RepeatOnly, Currency::USD);
    assert!(matches!(simulate(repeats, 1), Err(LifetimeError::WrongBasis { .. })));
}

/// Customers of two kinds.
fn covariate_model(base: PurchaseModel, dropout: &[f64]) -> CovariateModel {
    CovariateModel::new(base, vec![name("club"), name("age")], vec![0.7, -0.02], dropout.to_vec()).unwrap()
}

/// So many customers of each kind, watched for a year or more.
fn kinds(each: u64) -> CovariateCounts {
    let mut like = CovariateCounts::new([name("club"), name("age")]).unwrap();
    for (club, age) in [("0", "20"), ("0", "45"), ("1", "20"), ("1", "62.5")] {
        for days in [400, 700] {
            like.push(&[dec(club), dec(age)], Summary::new(0, 0, days).unwrap(), each).unwrap();
        }
    }
    like
}

#[test]
fn covariates_make_of_customers_what_they_should() {
    let base = PurchaseModel::mbg_nbd([1.2, 80.0, 1.2, 9.0], TimeUnit::WEEK).unwrap();
    let model = covariate_model(base, &[-0.5, 0.01]);
    let counts = model.simulate_counts(&kinds(500), &mut words(51)).unwrap();
    assert_eq!(counts.groups().len(), 4);
    for (values, table) in counts.groups() {
        assert_eq!(table.customers(), 1000);
        let new = model.at(values).unwrap().outlook(Summary::NEW);
        let away = table.rows().flat_map(|(s, n)| {
            let away = f64::from(s.x()) - new.purchases(s.t_days());
            (0..n).map(move |_| away)
        });
        mean_is(away, 0.0);
    }
    let mut other = CovariateCounts::new([name("club"), name("income")]).unwrap();
    other.push(&[dec("0"), dec("1")], Summary::NEW, 1).unwrap();
    assert_eq!(model.simulate_counts(&other, &mut words(1)), Err(LifetimeError::CovariatesMissing { expected: 2, found: 2 }));
    let mut far = CovariateCounts::new([name("club"), name("age")]).unwrap();
    far.push(&[dec("1000000"), dec("0")], Summary::NEW, 1).unwrap();
    assert!(matches!(model.simulate_counts(&far, &mut words(1)), Err(LifetimeError::BadParameter { .. })));
}

/// Every parameter lies in its own interval at 99.9 %, and the interval says something.
#[track_caller]
fn is_found<M: Parametric + core::fmt::Debug>(fit: &Fit<M>, truth: &M) {
    assert!(fit.limits().is_empty(), "{fit:?}");
    assert_eq!(fit.parameters().len(), truth.parameters().len());
    for (estimate, truth) in fit.estimates(confidence("0.999")).unwrap().iter().zip(values(truth)) {
        assert!(estimate.low() < truth && truth < estimate.high(), "{estimate:?} for {truth}");
        assert!(estimate.high() - estimate.low() < 2.5 * truth.abs(), "{estimate:?} for {truth}");
    }
}

/// So many opportunities of so many customers.
fn cohorts(rows: &[(u16, u64)]) -> OpportunityCounts {
    let mut like = OpportunityCounts::new();
    rows.iter().for_each(|(n, customers)| like.push(Opportunities::new(0, 0, *n).unwrap(), *customers).unwrap());
    like
}

#[test]
fn a_fit_finds_what_was_simulated_at_opportunities() {
    for (seed, model) in (61..).zip([donors(), BgBb::of([3.0, 5.0, 1.5, 12.0]).unwrap()]) {
        let counts = model.simulate_counts(&cohorts(&[(6, 3000), (12, 3000)]), &mut words(seed)).unwrap();
        assert_eq!(counts.customers(), 6000);
        is_found(&BgBb::fit(&counts).unwrap(), &model);
    }
}

#[test]
fn a_fit_finds_the_contracts_that_were_simulated() {
    for (seed, model) in (71..).zip(contracts().into_iter().take(3)) {
        let counts = model.simulate_cohorts([(3000, 7), (4000, 12)], &mut words(seed)).unwrap();
        assert_eq!(counts.customers(), 7000);
        assert!(counts.rows().all(|(t, _)| t.renewals() <= 12));
        is_found(&ContractModel::fit(model.family(), &counts).unwrap(), &model);
    }
}

#[test]
fn a_fit_finds_the_amounts_that_were_simulated() {
    let mut like = AmountCounts::new(SpendBasis::All, Currency::USD);
    for purchases in 1..=8 {
        (0..150).for_each(|_| like.push(vec![usd(1); purchases]).unwrap());
    }
    let counts = amounts_model().simulate_counts(&like, Rounding::HalfEven, &mut words(81)).unwrap();
    assert_eq!(counts.customers(), 1200);
    is_found(&NormalNormal::fit(&counts).unwrap(), &amounts_model());
}

#[test]
fn a_fit_finds_the_covariates_that_were_simulated() {
    let base = PurchaseModel::nbd([1.2, 40.0], TimeUnit::WEEK).unwrap();
    let model = covariate_model(base, &[]);
    let counts = model.simulate_counts(&kinds(250), &mut words(91)).unwrap();
    is_found(&CovariateModel::fit(Family::Nbd, &counts, TimeUnit::WEEK, &Priors::NONE).unwrap(), &model);
    // With dropout, a covariate of both.
    let base = PurchaseModel::mbg_nbd([1.2, 20.0, 1.2, 4.0], TimeUnit::WEEK).unwrap();
    let model = CovariateModel::new(base, vec![name("club")], vec![0.7], vec![-1.2]).unwrap();
    let mut like = CovariateCounts::new([name("club")]).unwrap();
    ["0", "1"].iter().for_each(|club| like.push(&[dec(club)], Summary::new(0, 0, 1000).unwrap(), 1500).unwrap());
    let counts = model.simulate_counts(&like, &mut words(92)).unwrap();
    is_found(&CovariateModel::fit(Family::MbgNbd, &counts, TimeUnit::WEEK, &Priors::NONE).unwrap(), &model);
}

/// How often intervals at 95 % hold the truth: fits of so many simulated tables, each parameter and one number that follows from them.
#[track_caller]
fn covers<M: Parametric>(
    truth: &M,
    tables: u32,
    number: (impl Fn(&M) -> f64, Link),
    fit: impl Fn(&mut dyn FnMut() -> u64) -> Fit<M>,
) {
    let truths = values(truth);
    let (number, link) = number;
    let (mut held, mut asked) = (vec![0_u32; truths.len() + 1], 0);
    for seed in 0..tables {
        let fit = fit(&mut words(u64::from(seed) << 40));
        let Some(estimates) = fit.estimates(Confidence::P95) else { continue };
        if estimates.len() != truths.len() {
            continue;
        }
        asked += 1;
        let other = fit.estimate(&number, link, Confidence::P95).unwrap();
        let pairs = estimates.iter().zip(truths.iter().copied()).chain([(&other, number(truth))]);
        for (held, (estimate, truth)) in held.iter_mut().zip(pairs) {
            *held += u32::from(estimate.low() <= truth && truth <= estimate.high());
        }
    }
    assert_eq!(asked, tables);
    let all: u32 = held.iter().sum();
    let share = f64::from(all) / f64::from(tables) / held.len() as f64;
    assert!((0.88..0.995).contains(&share), "{held:?} of {tables}");
    // For each of them: at 95 % fewer than 87 of 100 happen once in a thousand times, fewer than 33 of 40 once in six hundred.
    let least = if tables == 100 { 87 } else { 33 };
    assert!(held.iter().all(|h| *h >= least), "{held:?} of {tables}");
}

#[test]
fn intervals_hold_the_truth_at_opportunities() {
    let model = BgBb::of([1.5, 2.0, 1.2, 5.0]).unwrap();
    let purchases = |m: &BgBb| m.outlook(Opportunities::NEW).purchases(20);
    let like = cohorts(&[(8, 1000), (14, 1000)]);
    covers(&model, 40, (purchases, Link::Log), |words| BgBb::fit(&model.simulate_counts(&like, words).unwrap()).unwrap());
}

#[test]
fn intervals_hold_the_truth_of_contracts() {
    let survival = |m: &ContractModel| m.survival(20);
    for model in [ContractModel::sbg([0.668, 3.806]).unwrap(), ContractModel::bdw([1.2, 3.0, 1.3]).unwrap()] {
        covers(&model, 100, (survival, Link::Logit), |words| {
            let counts = model.simulate_cohorts([(1500, 6), (1500, 12)], words).unwrap();
            ContractModel::fit(model.family(), &counts).unwrap()
        });
    }
}

#[test]
fn intervals_hold_the_truth_of_amounts() {
    let mut like = AmountCounts::new(SpendBasis::All, Currency::USD);
    (1..=6).for_each(|purchases| (0..40).for_each(|_| like.push(vec![usd(1); purchases]).unwrap()));
    let customer = Spent::new(SpendBasis::All, 4, usd(-40_00));
    let mean = |m: &NormalNormal| m.mean(customer).unwrap().minor();
    covers(&amounts_model(), 100, (mean, Link::Identity), |words| {
        NormalNormal::fit(&amounts_model().simulate_counts(&like, Rounding::HalfEven, words).unwrap()).unwrap()
    });
}

#[test]
fn intervals_hold_the_truth_of_covariates() {
    let base = PurchaseModel::nbd([1.2, 40.0], TimeUnit::WEEK).unwrap();
    let model = covariate_model(base, &[]);
    let purchases = |m: &CovariateModel| m.at(&[dec("1"), dec("30")]).unwrap().outlook(Summary::NEW).purchases(365);
    let like = kinds(60);
    covers(&model, 40, (purchases, Link::Log), |words| {
        let counts = model.simulate_counts(&like, words).unwrap();
        CovariateModel::fit(Family::Nbd, &counts, TimeUnit::WEEK, &Priors::NONE).unwrap()
    });
}

/// Where a bootstrap puts the interval of a number, the curvature does too, more or less.
#[track_caller]
fn agree<M: Parametric>(fit: &Fit<M>, bootstrap: &Bootstrap<M>, number: impl Fn(&M) -> f64, link: Link) {
    assert_eq!((bootstrap.models().len(), bootstrap.failed()), (39, 0));
    let simulated = bootstrap.estimate(&number, Confidence::P90).unwrap();
    let curved = fit.estimate(&number, link, Confidence::P90).unwrap();
    let width = (simulated.high() - simulated.low()) / (curved.high() - curved.low());
    assert!((0.6..1.6).contains(&width), "{simulated:?} {curved:?}");
    all_near(&[simulated.value()], &[curved.value()], 0.0);
}

#[test]
fn bootstraps_agree_with_the_curvature() {
    let like = cohorts(&[(8, 400), (14, 400)]);
    let fit = BgBb::fit(&donors().simulate_counts(&like, &mut words(101)).unwrap()).unwrap();
    let bootstrap = fit.model().bootstrap(&like, 39, &mut words(102)).unwrap();
    agree(&fit, &bootstrap, |m| m.outlook(Opportunities::NEW).purchases(20), Link::Log);

    let cohorts = [(500, 6), (500, 12)];
    let sbg = ContractModel::sbg([0.668, 3.806]).unwrap();
    let fit = ContractModel::fit(sbg.family(), &sbg.simulate_cohorts(cohorts, &mut words(103)).unwrap()).unwrap();
    let bootstrap = fit.model().bootstrap(ContractFamily::ShiftedBetaGeometric, &cohorts, 39, &mut words(104)).unwrap();
    agree(&fit, &bootstrap, |m| m.survival(20), Link::Logit);

    let mut like = AmountCounts::new(SpendBasis::All, Currency::USD);
    (1..=6).for_each(|purchases| (0..20).for_each(|_| like.push(vec![usd(1); purchases]).unwrap()));
    let fit = NormalNormal::fit(&amounts_model().simulate_counts(&like, Rounding::HalfEven, &mut words(105)).unwrap()).unwrap();
    let bootstrap = fit.model().bootstrap(&like, Rounding::HalfEven, 39, &mut words(106)).unwrap();
    agree(&fit, &bootstrap, |m| m.parameters()[0], Link::Identity);

    let model = covariate_model(PurchaseModel::nbd([1.2, 40.0], TimeUnit::WEEK).unwrap(), &[]);
    let like = kinds(40);
    let counts = model.simulate_counts(&like, &mut words(107)).unwrap();
    let fit = CovariateModel::fit(Family::Nbd, &counts, TimeUnit::WEEK, &Priors::NONE).unwrap();
    let bootstrap = fit.model().bootstrap(Family::Nbd, &like, &Priors::NONE, 39, &mut words(108)).unwrap();
    agree(&fit, &bootstrap, |m| m.purchase_coefficients()[0], Link::Identity);
}

#[test]
fn tables_that_cannot_be_fitted_are_counted() {
    let like = cohorts(&[(2, 100)]);
    let bootstrap = donors().bootstrap(&like, 3, &mut words(1)).unwrap();
    assert_eq!((bootstrap.models().len(), bootstrap.failed()), (0, 3));
    let sbg = ContractModel::sbg([0.668, 3.806]).unwrap();
    assert_eq!(sbg.bootstrap(sbg.family(), &[(100, 1)], 3, &mut words(1)).unwrap().failed(), 3);
    let mut like = AmountCounts::new(SpendBasis::All, Currency::USD);
    (0..9).for_each(|_| like.push([usd(1)]).unwrap());
    assert_eq!(amounts_model().bootstrap(&like, Rounding::HalfEven, 3, &mut words(1)).unwrap().failed(), 3);
    let nobody = PurchaseModel::new(Rates::alike(1e-9).unwrap(), core::num::NonZeroU8::MIN, Dropout::Never, TimeUnit::DAY).unwrap();
    let model = covariate_model(nobody, &[]);
    let bootstrap = model.bootstrap(Family::Nbd, &kinds(5), &Priors::NONE, 3, &mut words(1)).unwrap();
    assert_eq!((bootstrap.models().len(), bootstrap.failed()), (0, 3));
    assert_eq!(bootstrap.model(), &model);
}

/// From 10^-12 to 10^12.
fn shape() -> impl Strategy<Value = f64> {
    (-12.0..12.0).prop_map(|exponent| libm::pow(10.0, exponent))
}

fn chances() -> impl Strategy<Value = Chances> {
    prop_oneof![
        (shape(), shape()).prop_map(|(a, b)| Chances::beta(a, b).unwrap()),
        (1e-9..0.999_f64).prop_map(|p| Chances::alike(p).unwrap()),
    ]
}

proptest! {
    #![proptest_config(cases(150))]

    /// Whatever the parameters and however broken the generator: a life in order, and a tenure that can be.
    #[test]
    fn every_life_is_in_order(
        (purchases, dropout) in (chances(), prop::option::of(chances())),
        power in shape(),
        (seed, broken) in (any::<u64>(), any::<bool>()),
        flags in prop::collection::vec(any::<bool>(), 0..40),
        more in 0..400_u16,
    ) {
        let mut good = words(seed);
        let mut generator = || if broken { seed } else { good() };
        let model = BgBb::new(purchases, dropout);
        let seen = Opportunities::of_flags(flags).unwrap();
        for (life, before) in [
            (model.simulate(more, &mut generator), Opportunities::NEW),
            (model.outlook(seen).simulate(more, &mut generator).unwrap(), seen),
        ] {
            prop_assert!(life.purchases().windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(life.purchases().iter().all(|at| (1..=life.dropout().unwrap_or(more)).contains(at)));
            let summary = life.summary(more).unwrap();
            prop_assert_eq!(summary.n(), before.n() + more);
            prop_assert_eq!(usize::from(summary.x() - before.x()), life.purchases().len());
        }
        let model = ContractModel::new(purchases, power).unwrap();
        let tenure = model.simulate(seen.n(), more, &mut generator);
        prop_assert!(tenure.renewals() >= seen.n() && tenure.renewals() <= more.max(seen.n()));
        let counts: TenureCounts = model.simulate_cohorts([(3, more), (0, 9)], &mut generator).unwrap();
        prop_assert_eq!(counts.customers(), 3);
    }
}

#[test]
fn amounts_beyond_the_range_are_refused() {
    let huge = NormalNormal::new([1e12, 1e12, 1e12], SpendBasis::All, Currency::USD).unwrap();
    let mut like = AmountCounts::new(SpendBasis::All, Currency::USD);
    (0..50).for_each(|_| like.push([usd(1)]).unwrap());
    // 10¹⁴ cents are amounts like others.
    assert!(huge.simulate_counts(&like, Rounding::HalfEven, &mut words(1)).is_ok());
    let known = Spent::new(SpendBasis::All, 1, usd(i64::MAX));
    let steady = NormalNormal::new([1.0, 0.0, 1e12], SpendBasis::All, Currency::USD).unwrap();
    let refused = steady.simulate(known, 1, Rounding::HalfEven, &mut words(1));
    assert_eq!(refused, Err(LifetimeError::Money(MoneyError::Overflow { currency: Currency::USD })));
}
