//! Where a maximum lies far out or nowhere: it is found, or what it tends to is named, without standard errors.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod common;

use ContractFamily::{BetaDiscreteWeibull as Bdw, ShiftedBetaGeometric as Sbg};
use common::Dice;
use customer_value::{
    quantity::Confidence,
    value::lifetime::{
        Chances, Family, LifetimeError, Limit, PurchaseCounts, PurchaseModel, Summary, TimeUnit,
        contract::{ContractFamily, ContractModel, Tenure, TenureCounts},
    },
};

fn cohort(left: &[u64]) -> TenureCounts {
    let mut counts = TenureCounts::new();
    counts.push_cohort(left).unwrap();
    counts
}

/// A hundred thousand customers with one chance, of whom `exp(−(t/scale)^c)` are left.
fn at_one_age(c: f64, scale: f64) -> TenureCounts {
    let left = |k: u32| (1e5 * libm::exp(-libm::pow(f64::from(k) / scale, c))).round() as u64;
    cohort(&(0..=(1.5 * scale) as u32).map(left).collect::<Vec<_>>())
}

#[test]
fn few_who_leave_early_hide_no_maximum() {
    for (c, scale) in [(4.0, 100.0), (3.0, 2000.0), (6.0, 36.0), (8.0, 24.0)] {
        let counts = at_one_age(c, scale);
        let fit = ContractModel::fit(Bdw, &counts).unwrap();
        let theta = -libm::expm1(-libm::pow(1.0 / scale, c));
        let truth = ContractModel::new(Chances::alike(theta).unwrap(), c).unwrap();
        let model = fit.model();
        assert!(fit.log_likelihood() >= truth.log_likelihood(&counts), "{c} {scale}: {fit:?}");
        assert!((model.power() / c - 1.0).abs() < 0.02, "{c} {scale}: {fit:?}");
        assert!((model.survival(scale as u32) - libm::exp(-1.0)).abs() < 0.005, "{c} {scale}: {fit:?}");
        assert!(fit.limits().iter().all(|limit| *limit == Limit::SameDropout), "{c} {scale}: {fit:?}");
        assert!(fit.gradient() <= 1e-7 && fit.standard_errors().unwrap().iter().all(|e| *e > 0.0), "{c} {scale}: {fit:?}");
        assert!(fit.estimates(Confidence::P95).unwrap().iter().all(|e| e.low() < e.value() && e.value() < e.high()));
        assert!(fit.estimates(Confidence::P95).unwrap().last().unwrap().covers(c), "{c} {scale}: {fit:?}");
    }
}

#[test]
fn one_in_ten_million_is_a_chance_like_any_other() {
    let fit = ContractModel::fit(Sbg, &cohort(&[100_000_000, 99_999_990, 99_999_981, 99_999_970])).unwrap();
    assert!((fit.model().survival(3) - 0.999_999_7).abs() < 1e-9, "{fit:?}");
    assert!(fit.standard_errors().is_some() && fit.limits() == [Limit::SameDropout], "{fit:?}");
}

#[test]
fn a_chance_too_small_to_be_told_is_a_limit() {
    // One of 9·10¹⁵ leaves.
    let many = 1 << 53;
    let counts = cohort(&[many, many, many - 1, many - 1]);
    for family in [Sbg, Bdw] {
        let fit = ContractModel::fit(family, &counts).unwrap();
        assert!(fit.limits().iter().any(|limit| !limit.is_nested()) && fit.standard_errors().is_none(), "{fit:?}");
        assert!(!fit.limits().contains(&Limit::NoDropout), "a contract has no model without an end: {fit:?}");
    }
}

fn contract(ended: &[(u16, u64)], running: &[(u16, u64)]) -> TenureCounts {
    let mut counts = TenureCounts::new();
    for (k, n) in ended {
        counts.push(Tenure::Ended(*k), *n).unwrap();
    }
    for (k, n) in running {
        counts.push(Tenure::Running(*k), *n).unwrap();
    }
    counts
}

#[test]
fn small_tables_end_in_a_maximum_or_a_limit() {
    let tables = [
        contract(&[(2, 1), (7, 1)], &[(18, 1), (21, 1), (46, 1)]),
        contract(&[(0, 1), (1, 9), (2, 2), (5, 1), (6, 1), (10, 1), (11, 1)], &[(0, 3), (1, 1), (2, 3), (3, 1), (10, 1)]),
        contract(
            &[(1, 8), (2, 1), (4, 1), (5, 1), (7, 1), (8, 1), (10, 1), (13, 1), (15, 1), (21, 1)],
            &[(0, 1), (1, 4), (2, 3), (3, 2), (5, 1), (8, 1), (10, 2), (17, 1), (20, 1), (22, 2)],
        ),
    ];
    for counts in tables {
        let sbg = ContractModel::fit(Sbg, &counts).unwrap();
        let fit = ContractModel::fit(Bdw, &counts).unwrap_or_else(|e| panic!("{e} {counts:?}"));
        assert!(fit.log_likelihood() >= sbg.log_likelihood() - 1e-9, "{fit:?} {sbg:?}");
        // The power grows without end, while the product of a and c stays.
        assert!(fit.limits() == [Limit::DropoutAtOneAge] && fit.standard_errors().is_none(), "{fit:?}");
    }
}

#[test]
fn a_hundred_small_tables_end_in_a_maximum_or_a_limit() {
    let mut dice = Dice(11);
    let (mut inner, mut named) = (0, 0);
    for table in 0..100 {
        let (customers, longest) = (5 + dice.below(40), [6, 25, 60][dice.below(3)]);
        let mut counts = TenureCounts::new();
        for _ in 0..customers {
            // Early ones are more, or later ones.
            let (one, other) = (dice.below(longest) as u16, dice.below(longest) as u16);
            let renewals = if table % 2 == 0 { one.min(other) } else { one.max(other) };
            counts.push(if dice.below(3) > 0 { Tenure::Ended(renewals) } else { Tenure::Running(renewals) }, 1).unwrap();
        }
        let fits = [Sbg, Bdw].map(|family| match ContractModel::fit(family, &counts) {
            Ok(fit) => Some(fit),
            Err(LifetimeError::TooFew { .. } | LifetimeError::TooFewPeriods { .. }) => None,
            Err(error) => panic!("{family} {error} {counts:?}"),
        });
        let [Some(sbg), Some(bdw)] = &fits else { continue };
        assert!(bdw.log_likelihood() >= sbg.log_likelihood() - 1e-9, "{bdw:?} {sbg:?} {counts:?}");
        for fit in fits.iter().flatten() {
            let again = fit.model().log_likelihood(&counts);
            assert!((again - fit.log_likelihood()).abs() < 1e-9 * (1.0 + again.abs()) && fit.gradient() <= 1e-7, "{fit:?}");
            let nested = fit.limits().iter().all(|limit| limit.is_nested());
            assert_eq!(fit.standard_errors().is_some(), nested, "{fit:?} {counts:?}");
            (inner, named) = if nested { (inner + 1, named) } else { (inner, named + 1) };
        }
    }
    assert!(inner > 100 && named > 0, "{inner} {named}");
}

/// Purchases, the day of the last, days of observation and how many customers.
fn purchases(rows: &[(u32, u32, u32, u64)]) -> PurchaseCounts {
    let mut counts = PurchaseCounts::new();
    for &(x, t_x, t, n) in rows {
        counts.push(Summary::new(x, t_x, t).unwrap(), n).unwrap();
    }
    counts
}

#[test]
fn a_model_is_no_less_likely_than_one_that_it_contains() {
    let counts = purchases(&[(0, 0, 63, 1), (0, 0, 70, 1), (0, 0, 80, 1), (0, 0, 98, 1), (120, 120, 120, 1)]);
    let fitted = |family| PurchaseModel::fit(family, &counts, TimeUnit::WEEK).unwrap();
    let (nbd, pareto, ggom) = (fitted(Family::Nbd), fitted(Family::ParetoNbd), fitted(Family::GgomNbd));
    let least = nbd.log_likelihood() - 1e-9;
    assert!(pareto.log_likelihood() >= least && ggom.log_likelihood() >= least, "{nbd:?} {pareto:?} {ggom:?}");
    for family in [Family::BgNbd, Family::MbgNbd] {
        assert!(fitted(family).log_likelihood() >= least, "{family}");
    }
}

#[test]
fn limits_do_not_contradict_each_other() {
    let apart = [Limit::SameDropout, Limit::RareDropout, Limit::DropoutApart, Limit::DropoutAtOnce, Limit::DropoutAtOneAge];
    let mut dice = Dice(5);
    let mut without = 0;
    for _ in 0..12 {
        // Who buys now and then until the end, at rates far apart.
        let row = |dice: &mut Dice| {
            let (x, days) = ([0, 1, 3, 9][dice.below(4)], 60 + dice.below(60) as u32);
            (x, if x > 0 { days - dice.below(9) as u32 } else { 0 }, days, 1 + dice.below(9) as u64)
        };
        let rows: Vec<_> = (0..8).map(|_| row(&mut dice)).collect();
        for family in [Family::ParetoNbd, Family::BgNbd, Family::MbgNbd] {
            let Ok(fit) = PurchaseModel::fit(family, &purchases(&rows), TimeUnit::WEEK) else { continue };
            if fit.limits().contains(&Limit::NoDropout) {
                without += 1;
                assert!(fit.limits().iter().all(|limit| !apart.contains(limit)), "{fit:?} {rows:?}");
            }
        }
    }
    assert!(without > 6, "{without}");
}
