//! Data that break optimisers: each ends in a maximum, in a simpler model that is named, or in an error that says what is missing.
#![allow(clippy::std_instead_of_alloc)]
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]

mod common;

use common::{Dice, survives_the_wire};
use core::num::{NonZeroU8, NonZeroU32};
use customer_value::value::lifetime::{
    Family, Fit, LifetimeError, Limit, Parameter, Prior, Priors, PurchaseCounts, PurchaseModel, Summary, TimeUnit,
};
use std::collections::BTreeSet;

/// The families that must fit whatever there is.
fn families() -> Vec<Family> {
    vec![Family::Nbd, Family::BgNbd, Family::MbgNbd, Family::BgCnbd(NonZeroU8::new(2).unwrap())]
}

/// Those, and the ones whose dropout comes in the course of time.
fn all_families() -> Vec<Family> {
    families().into_iter().chain([Family::ParetoNbd, Family::GgomNbd]).collect()
}

fn table(rows: &[(u32, u32, u32, u64)]) -> PurchaseCounts {
    let mut counts = PurchaseCounts::new();
    for &(x, t_x, t, n) in rows {
        counts.push(Summary::new(x, t_x, t).unwrap(), n).unwrap();
    }
    counts
}

/// Customers who buy at random, at rates and chances drawn from few values.
struct Crowd {
    dice: Dice,
    days: u32,
    /// Days between purchases, one of these.
    gaps: &'static [u32],
    /// One purchase in so many is the last.
    last: &'static [usize],
}

impl Crowd {
    fn counts(&mut self, customers: usize) -> PurchaseCounts {
        let mut counts = PurchaseCounts::new();
        for _ in 0..customers {
            let gap = self.gaps[self.dice.below(self.gaps.len())];
            let last = self.last[self.dice.below(self.last.len())];
            let observed = self.days - self.dice.below(self.days as usize / 3 + 1) as u32;
            let (mut x, mut t_x) = (0, 0);
            while self.dice.below(last) > 0 {
                let u = (self.dice.below(1 << 20) as f64 + 0.5) / f64::from(1 << 20);
                let wait = (-f64::from(gap) * u.ln()).ceil() as u32;
                if t_x + wait.max(1) > observed {
                    break;
                }
                (x, t_x) = (x + 1, t_x + wait.max(1));
            }
            counts.push(Summary::new(x, t_x, observed).unwrap(), 1).unwrap();
        }
        counts
    }
}

fn crowd(seed: u64, days: u32, gaps: &'static [u32], last: &'static [usize], customers: usize) -> PurchaseCounts {
    Crowd { dice: Dice(seed), days, gaps, last }.counts(customers)
}

/// How far apart the customers' rates are, and how often a purchase is the last.
const GAPS: [(&str, &[u32]); 4] =
    [("alike", &[20]), ("near", &[15, 20, 27]), ("apart", &[2, 20, 200]), ("far apart", &[1, 30, 3000, 30_000])];
const LAST: [(&str, &[usize]); 4] = [("never", &[1 << 30]), ("seldom", &[40]), ("often", &[2, 3, 5]), ("or never", &[1, 1 << 30])];

/// A hundred data sets and more, with names.
fn data() -> Vec<(String, PurchaseCounts)> {
    let mut all: Vec<(String, PurchaseCounts)> = Vec::new();
    let mut add = |name: &str, counts: PurchaseCounts| all.push((name.into(), counts));
    // Too little to fit.
    add("no customer", table(&[]));
    add("four customers", table(&[(1, 5, 30, 4)]));
    add("nobody repeats", table(&[(0, 0, 30, 100)]));
    add("all new", table(&[(0, 0, 0, 100)]));
    // Five, and one or a few buyers.
    add("five", table(&[(0, 0, 30, 3), (1, 10, 30, 1), (2, 25, 30, 1)]));
    add("five alike", table(&[(2, 25, 30, 5)]));
    add("one repeat buyer", table(&[(0, 0, 300, 99), (1, 20, 300, 1)]));
    add("one repeat buyer among a million", table(&[(0, 0, 300, 1_000_000), (1, 20, 300, 1)]));
    add("one frequent buyer", table(&[(0, 0, 300, 99), (50, 290, 300, 1)]));
    add("one customer with thousands", table(&[(0, 0, 300, 99), (1, 200, 300, 20), (7000, 300, 300, 1)]));
    add("two kinds", table(&[(0, 0, 300, 50), (290, 300, 300, 50)]));
    add("once a day all of them", table(&[(300, 300, 300, 50)]));
    add("once a day, then not", table(&[(100, 100, 300, 50)]));
    // All equal.
    for (x, t_x, t) in [(1, 1, 1), (1, 30, 30), (1, 1, 3650), (3, 97, 100), (50, 60, 61), (2, 2, u32::MAX), (3650, 3650, 3650)] {
        add(&format!("all ({x}, {t_x}, {t})"), table(&[(x, t_x, t, 200)]));
    }
    // No dropout, early dropout, one or the other.
    let steady = [(1, 100, 100, 30), (2, 100, 100, 25), (3, 100, 100, 20), (5, 100, 100, 10), (9, 100, 100, 5)];
    add("all bought on the last day", table(&steady));
    add("all bought on the last day, or never", table(&[&steady[..], &[(0, 0, 100, 80)]].concat()));
    add("early and never more", table(&[(0, 0, 300, 50), (1, 2, 300, 50)]));
    add("early, many times, and never more", table(&[(0, 0, 300, 50), (9, 12, 300, 50), (7, 11, 300, 20)]));
    add("early or on the last day", table(&[(2, 3, 300, 50), (2, 300, 300, 50), (0, 0, 300, 50)]));
    add("even", table(&[(3, 97, 100, 10), (4, 98, 100, 30), (5, 96, 100, 10)]));
    add("even and gone", table(&[(3, 20, 300, 10), (4, 25, 300, 30), (5, 30, 300, 10)]));
    add(
        "regular and gone at random",
        table(&[(1, 30, 300, 9), (2, 60, 300, 8), (4, 120, 300, 7), (9, 270, 300, 6), (0, 0, 300, 9)]),
    );
    // Time: none for some, tiny, huge, all different.
    add("no time for some", table(&[(0, 0, 0, 500), (1, 5, 20, 20), (0, 0, 20, 40), (3, 18, 20, 9)]));
    add("a day", table(&[(0, 0, 1, 50), (1, 1, 1, 20)]));
    add("two days", table(&[(0, 0, 2, 50), (1, 1, 2, 20), (2, 2, 2, 9), (1, 2, 2, 9)]));
    let huge = u32::MAX;
    add(
        "millions of years",
        table(&[(0, 0, huge, 50), (1, huge / 2, huge, 20), (5, huge - 1, huge, 9), (3, huge / 5, huge - 9, 4)]),
    );
    add("a day and millions of years", table(&[(0, 0, 1, 50), (1, 1, 1, 20), (2, huge / 2, huge, 20), (5, huge - 1, huge, 9)]));
    add("often in millions of years", table(&[(huge, huge, huge, 3), (0, 0, huge, 9), (huge / 2, huge - 5, huge, 4)]));
    add(
        "one observation a customer",
        table(&(1..200_u32).map(|i| (i % 5, if i % 5 == 0 { 0 } else { i }, 200 + i, 1)).collect::<Vec<_>>()),
    );
    // Extremes of heterogeneity: purchases by powers of two.
    for base in [2_u32, 5, 20] {
        let rows: Vec<_> = (0..8).map_while(|i| base.checked_pow(i).map(|x| (x, 900 + i, 1000, 1_u64 << (16 - 2 * i)))).collect();
        add(&format!("powers of {base}"), table(&rows));
        add(&format!("powers of {base}, and none"), table(&[&rows[..], &[(0, 0, 1000, 1_000_000)]].concat()));
        let gone: Vec<_> = rows.iter().map(|(x, t_x, t, n)| (*x, t_x / 10, *t, *n)).collect();
        add(&format!("powers of {base}, gone"), table(&gone));
        let same: Vec<_> = rows.iter().map(|(x, t_x, t, _)| (*x, *t_x, *t, 7)).collect();
        add(&format!("powers of {base}, as many of each"), table(&same));
    }
    // Multiples change nothing, however many.
    let usual = [
        (0, 0, 270, 60),
        (1, 20, 260, 12),
        (1, 140, 272, 9),
        (2, 60, 268, 5),
        (2, 213, 272, 6),
        (4, 250, 265, 4),
        (9, 120, 270, 2),
    ];
    for times in [1, 1000, 1_000_000_000_000_u64] {
        add(&format!("usual times {times}"), table(&usual.map(|(x, t_x, t, n)| (x, t_x, t, n * times))));
    }
    // Under-dispersed and over-dispersed, gone and not, small and large, from simulated crowds.
    for (gap, gaps) in GAPS {
        for (end, last) in LAST {
            for customers in [12, 30, 60, 300] {
                add(&format!("{customers} {gap}, last {end}"), crowd(customers as u64 + 7, 400, gaps, last, customers));
            }
        }
    }
    all
}

/// A fit that is one, or what is missing; otherwise what is wrong with it.
fn outcome(family: Family, counts: &PurchaseCounts) -> Result<Option<Fit<PurchaseModel>>, String> {
    let fit = match PurchaseModel::fit(family, counts, TimeUnit::WEEK) {
        Ok(fit) => fit,
        Err(LifetimeError::TooFew { .. } | LifetimeError::NobodyRepeats { .. }) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let again = fit.model().log_likelihood(counts);
    let inner = fit.limits().iter().all(|limit| limit.is_nested());
    let errors = fit.standard_errors();
    let good = fit.log_likelihood().is_finite()
        && (fit.gradient() <= 1e-7 || fit.gain() < 1e-12 * again.abs())
        && (again - fit.log_likelihood()).abs() < 1e-9 * (1.0 + again.abs())
        && errors.is_some() == inner
        && (!inner || fit.gain() < 1e-6 * (1.0 + again.abs() * 1e-6) && errors.iter().flatten().all(|error| error.is_finite()));
    if good { Ok(Some(fit)) } else { Err(format!("{again} {fit:?}")) }
}

#[test]
fn a_hundred_data_sets_end_in_a_fit_or_a_name() {
    let data = data();
    assert!(data.len() >= 100, "{}", data.len());
    let (mut missing, mut wrong) = (BTreeSet::new(), Vec::new());
    for (i, (name, counts)) in data.iter().enumerate() {
        let (mut nbd, mut pareto) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for family in all_families() {
            // Where dropout comes in time, a fit is dear where customers are many and all different: some of those have to do.
            let dear = counts.rows().count() > 20 && i % 6 != 0;
            if dear && matches!(family, Family::ParetoNbd | Family::GgomNbd) {
                continue;
            }
            match outcome(family, counts) {
                Ok(None) if family == Family::Nbd => drop(missing.insert(name)),
                Ok(None) => {}
                Ok(Some(fit)) => {
                    survives_the_wire(&fit);
                    let log_likelihood = fit.log_likelihood();
                    match family {
                        Family::Nbd => nbd = log_likelihood,
                        Family::ParetoNbd => pareto = log_likelihood,
                        Family::GgomNbd if log_likelihood < pareto - 1e-9 * (1.0 + pareto.abs()) => {
                            wrong.push(format!("{family} on {name} is less likely than Pareto/NBD: {pareto} {fit:?}"));
                        }
                        _ => {}
                    }
                    // NBD is a case of every other with purchases at random.
                    let nests = Family::AT_RANDOM.contains(&family);
                    if nests && log_likelihood < nbd - 1e-7 - 1e-9 * nbd.abs() {
                        wrong.push(format!("{family} on {name} is less likely than NBD: {log_likelihood} {nbd} {fit:?}"));
                    }
                    if nests && fit.limits().contains(&Limit::NoDropout) && (log_likelihood - nbd).abs() > 1e-9 * (1.0 + nbd.abs())
                    {
                        wrong.push(format!("{family} on {name} is not NBD: {log_likelihood} {nbd}"));
                    }
                }
                Err(what) => wrong.push(format!("{family} on {name}: {what}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), data.len() * all_families().len(), wrong.join("\n"));
    assert_eq!(missing.len(), 4, "{missing:?}");
}

#[test]
fn the_unit_cannot_matter() {
    let rows = [
        (0, 0, 270, 60),
        (1, 20, 260, 12),
        (1, 140, 272, 9),
        (2, 60, 268, 5),
        (2, 213, 272, 6),
        (4, 250, 265, 4),
        (9, 120, 270, 2),
    ];
    let counts = table(&rows);
    let longer = table(&rows.map(|(x, t_x, t, n)| (x, 1000 * t_x, 1000 * t, n)));
    for family in families() {
        let day = PurchaseModel::fit(family, &counts, TimeUnit::DAY).unwrap();
        let longer = PurchaseModel::fit(family, &longer, TimeUnit::days(NonZeroU32::new(1000).unwrap())).unwrap();
        let years = PurchaseModel::fit(family, &counts, TimeUnit::days(NonZeroU32::new(365).unwrap())).unwrap();
        let values = |fit: &Fit<PurchaseModel>| fit.parameters().iter().map(Parameter::value).collect::<Vec<_>>();
        for (at, (one, other)) in values(&day).iter().zip(values(&longer)).enumerate() {
            assert!((one / other - 1.0).abs() < 1e-9, "{family} {at}: {one} {other}");
        }
        for (at, (one, other)) in values(&day).iter().zip(values(&years)).enumerate() {
            let unit = if at == 1 { 365.0 } else { 1.0 };
            assert!((one / other / unit - 1.0).abs() < 1e-12, "{family} {at}: {one} {other}");
        }
        assert_eq!((day.iterations(), day.limits(), day.gain()), (years.iterations(), years.limits(), years.gain()));
    }
}

#[test]
fn a_maximum_is_one() {
    // No neighbour is more likely, and a strong prior moves the mode to where it is.
    let counts = crowd(5, 400, &[2, 20, 200], &[2, 3, 5], 200);
    for family in families() {
        let fit = PurchaseModel::fit(family, &counts, TimeUnit::WEEK).unwrap();
        assert!(fit.limits().is_empty() && fit.gain() < 1e-9, "{family} {fit:?}");
        let values: Vec<f64> = fit.parameters().iter().map(Parameter::value).collect();
        for at in 0..values.len() {
            for factor in [0.99, 1.01] {
                let mut there = values.clone();
                there[at] *= factor;
                let unit = TimeUnit::WEEK;
                let neighbour = match (family, &there[..]) {
                    (Family::BgNbd, &[r, alpha, a, b]) => PurchaseModel::bg_nbd([r, alpha, a, b], unit),
                    (Family::MbgNbd, &[r, alpha, a, b]) => PurchaseModel::mbg_nbd([r, alpha, a, b], unit),
                    (Family::BgCnbd(k), &[r, alpha, a, b]) => PurchaseModel::bg_cnbd(k, [r, alpha, a, b], unit),
                    (_, rest) => PurchaseModel::nbd([rest[0], rest[1]], unit),
                };
                assert!(neighbour.unwrap().log_likelihood(&counts) < fit.log_likelihood(), "{family} {at} {factor}");
            }
        }
        let prior = Priors { purchase_rate: Some(Prior::positive(0.125, 1e-3).unwrap()), ..Priors::NONE };
        let held = PurchaseModel::fit_with(family, &counts, TimeUnit::WEEK, &prior).unwrap();
        assert!((held.model().purchases().mean() / 0.125 - 1.0).abs() < 1e-3, "{family}");
        assert!(held.log_likelihood() < fit.log_likelihood());
    }
}
