//! Data in discrete time that break optimisers: each ends in a maximum, in a simpler model that is named, or in an error that says what is
//! missing; and priors for what is too little.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use ContractFamily::{BetaDiscreteWeibull as Bdw, ShiftedBetaGeometric as Sbg};
use common::{Dice, survives_the_wire};
use customer_value::{
    quantity::Confidence,
    value::lifetime::{
        Chances, Fit, LifetimeError, Limit, Parametric, PeriodDiscount, Prior, Priors,
        contract::{ContractFamily, ContractModel, Tenure, TenureCounts, When},
        discrete::{BgBb, Opportunities, OpportunityCounts},
    },
};
use shared::{near, values, words};

/// Customers, opportunities, and how many there are.
fn table(rows: &[(u16, u16, u16, u64)]) -> OpportunityCounts {
    let mut counts = OpportunityCounts::new();
    for &(x, t_x, n, customers) in rows {
        counts.push(Opportunities::new(x, t_x, n).unwrap(), customers).unwrap();
    }
    counts
}

const MANY: u64 = 1 << 53;

/// What a fit may not be able to do without, with names; the second number is how many of the sets say too little.
fn opportunities() -> (Vec<(String, OpportunityCounts)>, usize) {
    let mut all: Vec<(String, OpportunityCounts)> = Vec::new();
    let mut add = |name: &str, counts: OpportunityCounts| all.push((name.into(), counts));
    // Too little to fit.
    add("no customer", table(&[]));
    add("one customer", table(&[(2, 3, 9, 1)]));
    add("four customers", table(&[(2, 3, 9, 4)]));
    add("nobody had an opportunity", table(&[(0, 0, 0, 100)]));
    add("one opportunity", table(&[(0, 0, 1, 60), (1, 1, 1, 40)]));
    add("two opportunities", table(&[(0, 0, 2, 60), (1, 1, 2, 40), (1, 2, 2, 20), (2, 2, 2, 20)]));
    add("nobody repeats", table(&[(0, 0, 6, 100)]));
    add("everybody always buys", table(&[(6, 6, 6, 100), (3, 3, 3, 9)]));
    let missing = 8;
    // Few customers, one or a few buyers, few who let pass.
    add("five customers", table(&[(0, 0, 6, 3), (1, 2, 6, 1), (4, 6, 6, 1)]));
    add("one buyer", table(&[(0, 0, 6, 99), (1, 2, 6, 1)]));
    add("one buyer among very many", table(&[(0, 0, 6, MANY), (1, 2, 6, 1)]));
    add("one frequent buyer", table(&[(0, 0, 6, 99), (6, 6, 6, 1)]));
    add("one who let pass", table(&[(6, 6, 6, 99), (5, 6, 6, 1)]));
    add("one who left", table(&[(6, 6, 6, 99), (3, 3, 6, 1)]));
    add("one of very many who left", table(&[(6, 6, 6, MANY), (3, 3, 6, 1)]));
    add("two kinds", table(&[(0, 0, 6, 50), (6, 6, 6, 50)]));
    add("two kinds of very many", table(&[(0, 0, 6, MANY), (6, 6, 6, MANY)]));
    add("who always buys, and one for each other", table(&[(6, 6, 6, 50), (0, 0, 6, 50), (1, 1, 6, 1), (3, 5, 6, 1)]));
    // All equal.
    for (x, t_x, n) in [(1, 1, 3), (1, 3, 3), (2, 3, 3), (3, 5, 10), (5, 5, 10), (9, 10, 10), (1, 10, 10), (9, 9, 10)] {
        for customers in [7, MANY] {
            add(&format!("all ({x}, {t_x}, {n}) {customers}"), table(&[(x, t_x, n, customers)]));
        }
    }
    // No churn: as many at any time; all churn at once, at one time, or at none.
    let beside: Vec<_> = (1..=6).map(|t_x| (1, t_x, 6, 10)).collect();
    add("one purchase at any time", table(&beside));
    add("bought at the last", table(&[(1, 6, 6, 20), (2, 6, 6, 30), (4, 6, 6, 20), (0, 0, 6, 9)]));
    add("all gone after the first", table(&[(1, 1, 6, 100)]));
    add("all gone after the first, or at once", table(&[(1, 1, 6, 100), (0, 0, 6, 100)]));
    add("all gone after the third", table(&[(3, 3, 9, 100), (2, 3, 9, 50), (1, 3, 9, 20)]));
    add("gone at once or never", table(&[(0, 0, 12, 100), (6, 12, 12, 30), (5, 11, 12, 30), (7, 12, 12, 30)]));
    add("even", table(&[(3, 5, 6, 100), (3, 6, 6, 100)]));
    add("every second", table(&[(10, 20, 20, 100), (10, 19, 20, 100)]));
    // Time: one opportunity for most, all numbers of them, the most there are.
    add("one opportunity for most", table(&[(0, 0, 1, MANY), (1, 1, 1, MANY), (2, 3, 4, 1), (0, 0, 4, 5)]));
    add("three opportunities", table(&[(0, 0, 3, 50), (1, 1, 3, 20), (1, 2, 3, 9), (2, 3, 3, 9), (3, 3, 3, 9)]));
    let of_all_ages: Vec<_> = (1..60).map(|n| (n / 2, n / 2 + n / 3, n, u64::from(n))).collect();
    add("of all ages", table(&of_all_ages));
    add("new ones beside", table(&[&of_all_ages[..], &[(0, 0, 0, MANY)]].concat()));
    // Extremes of heterogeneity: purchases by powers of two.
    for end in [70, 100] {
        let rows: Vec<_> = (0..7).map(|i| (1_u16 << i, 64 + i, end, 1_u64 << (18 - 2 * i))).collect();
        add(&format!("powers of 2 of {end}"), table(&rows));
        add(&format!("powers of 2 of {end}, and none"), table(&[&rows[..], &[(0, 0, end, MANY)]].concat()));
        let same: Vec<_> = rows.iter().map(|(x, t_x, n, _)| (*x, *t_x, *n, 7)).collect();
        add(&format!("powers of 2 of {end}, as many of each"), table(&same));
    }
    // Multiples change nothing, however many.
    for times in [1, 1000, MANY / 400] {
        let usual = [(0, 0, 6, 120), (1, 1, 6, 40), (1, 4, 6, 10), (2, 3, 6, 20), (3, 6, 6, 30), (5, 6, 6, 20), (6, 6, 6, 40)];
        add(&format!("usual times {times}"), table(&usual.map(|(x, t_x, n, c)| (x, t_x, n, c * times))));
    }
    // Few customers of models from one end to the other.
    let mut dice = Dice(3);
    for (buying, leaving) in [(0.05, 0.3), (0.5, 0.02), (0.9, 0.5), (0.3, 0.1)] {
        for dispersion in [0.02, 1.0, 20.0] {
            let beta = |mean: f64| Chances::beta(mean / dispersion, (1.0 - mean) / dispersion).unwrap();
            let model = BgBb::new(beta(buying), Some(beta(leaving)));
            for (customers, n) in [(40, 20), (60, 5), (300, 12)] {
                let mut like = table(&[(0, 0, n, customers)]);
                like.push(Opportunities::new(1, 1, n).unwrap(), 3).unwrap();
                let seed = dice.below(1 << 30) as u64;
                let counts = model.simulate_counts(&like, &mut words(seed)).unwrap();
                add(&format!("{customers} of {n} at {buying} {leaving} {dispersion}"), counts);
            }
        }
    }
    (all, missing)
}

/// The most opportunities that there can be.
fn most_opportunities() -> Vec<(&'static str, OpportunityCounts)> {
    let most = u16::MAX;
    vec![
        ("some taken", table(&[(0, 0, most, 50), (1, 40_000, most, 20), (300, most, most, 9), (20_000, 60_000, most, 4)])),
        ("nearly all taken", table(&[(most, most, most, 50), (most - 1, most, most, 20), (0, 0, most, 3)])),
        ("some had three", table(&[(0, 0, 3, 50), (1, 2, 3, 20), (9, most - 1, most, 9), (40_000, most, most, 9)])),
        ("gone after ten", table(&[(5, 10, most, 50), (3, 9, most, 50), (8, 11, most, 50)])),
    ]
}

fn contract(rows: &[(Tenure, u64)]) -> TenureCounts {
    TenureCounts::try_from(rows.to_vec()).unwrap()
}

fn cohort(left: &[u64]) -> TenureCounts {
    let mut counts = TenureCounts::new();
    counts.push_cohort(left).unwrap();
    counts
}

fn contracts() -> (Vec<(String, TenureCounts)>, usize) {
    use Tenure::{Ended, Running};
    let mut all: Vec<(String, TenureCounts)> = Vec::new();
    let mut add = |name: &str, counts: TenureCounts| all.push((name.into(), counts));
    // Too little to fit, whatever the family.
    add("no customer", contract(&[]));
    add("one customer", contract(&[(Ended(3), 1)]));
    add("no decision", contract(&[(Running(0), MANY)]));
    add("no churn", cohort(&[100, 100, 100, 100]));
    add("no churn of very many", contract(&[(Running(u16::MAX), MANY)]));
    add("all churn at once", cohort(&[100, 0, 0, 0]));
    add("all churn at once, of very many", contract(&[(Ended(0), MANY)]));
    add("one decision", cohort(&[100, 70]));
    let missing = 8;
    // Few customers, one who leaves, one who stays.
    add("five customers", cohort(&[5, 4, 2, 1]));
    add("one left", cohort(&[100, 100, 99]));
    add("one of very many left", cohort(&[MANY, MANY, MANY - 1, MANY - 1]));
    add("one left at the first", cohort(&[100, 99, 99, 99, 99]));
    add("one left at the last", cohort(&[100, 100, 100, 100, 99]));
    add("one stayed", cohort(&[100, 1, 1, 1]));
    add("one of very many stayed", cohort(&[MANY, 1, 1, 1]));
    add("one renewed once", cohort(&[100, 1, 0, 0]));
    add("nobody stayed", cohort(&[100, 50, 20, 5, 0]));
    // All at one time, none before, none after.
    for at in [1, 2, 5, 100] {
        for customers in [9, MANY] {
            add(&format!("all leave after {at} {customers}"), contract(&[(Ended(at), customers)]));
        }
        add(&format!("half leave after {at}"), contract(&[(Ended(at), 50), (Running(at + 1), 50)]));
    }
    add("at the first, or never", cohort(&[100, 50, 50, 50, 50, 50]));
    add("at the first, or never, of very many", cohort(&[MANY, MANY / 2, MANY / 2, MANY / 2]));
    add("at the second, or never", cohort(&[100, 100, 50, 50, 50, 50]));
    // Courses: as many at each, ever more, ever less, halved, by waves.
    add("as many at each", cohort(&[100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0]));
    add("ever more", cohort(&[1000, 999, 995, 980, 940, 860, 700, 400, 10]));
    add("ever fewer", cohort(&[1000, 300, 150, 110, 100, 98, 97, 97, 97]));
    let halved: Vec<u64> = (0..50).map(|k| MANY >> k).collect();
    add("halved", cohort(&halved));
    add("by waves", cohort(&[1000, 900, 899, 700, 699, 500, 499, 300, 299]));
    add("by a power", cohort(&(1..200).map(|k| 1_000_000 / k).collect::<Vec<_>>()));
    add("by a small power", cohort(&(1..200_u64).map(|k| (1e9 / libm::pow(k as f64, 0.05)) as u64).collect::<Vec<_>>()));
    // Time: one decision for most, all numbers of them.
    add("one decision for most", contract(&[(Ended(0), MANY), (Running(1), MANY), (Ended(1), 2), (Ended(2), 1), (Running(3), 1)]));
    add("new ones beside", contract(&[(Running(0), MANY), (Ended(0), 20), (Ended(1), 9), (Running(3), 70)]));
    let ages: Vec<_> = (1..200_u16).flat_map(|n| [(Running(n), 1), (Ended(n / 3), 1)]).collect();
    add("of all ages", contract(&ages));
    let powers: Vec<_> = (0..8_u16).map(|i| (Ended(1 << i), 1_u64 << (32 - 4 * i))).collect();
    add("powers of two", contract(&powers));
    add("powers of two, as many of each", contract(&powers.iter().map(|(t, _)| (*t, 7)).collect::<Vec<_>>()));
    for times in [1, 1000, MANY / 1000] {
        add(&format!("usual times {times}"), cohort(&[1000, 869, 743, 653, 593, 551, 517, 491].map(|n| n * times)));
    }
    for (seed, (a, b, c)) in (1..).zip([(0.01, 0.02, 1.0), (0.7, 4.0, 1.0), (50.0, 200.0, 1.0), (1.0, 30.0, 2.5), (3.0, 3.0, 0.3)])
    {
        let model = ContractModel::bdw([a, b, c]).unwrap();
        for (customers, due) in [(12, 20), (60, 5), (300, 12)] {
            let counts = model.simulate_cohorts([(customers, due), (3, due)], &mut words(seed)).unwrap();
            add(&format!("{customers} of {due} at {a} {b} {c}"), counts);
        }
    }
    (all, missing)
}

/// The most renewals that there can be.
fn most_renewals() -> Vec<(&'static str, TenureCounts)> {
    use Tenure::{Ended, Running};
    let most = u16::MAX;
    vec![
        ("some left", contract(&[(Ended(0), 50), (Ended(300), 20), (Ended(40_000), 9), (Running(most), 9)])),
        ("one left at the last", contract(&[(Ended(0), 50), (Ended(2), 20), (Running(most), 1), (Ended(most), 1)])),
        ("all left at the last", contract(&[(Ended(most), MANY)])),
        ("half left at the last", contract(&[(Ended(most - 1), 50), (Running(most), 50)])),
    ]
}

/// Whether a fit is one: on level ground, of the likelihood that the model gives, with errors where there can be any.
fn check<M: Parametric + core::fmt::Debug>(fit: &Fit<M>, again: f64) -> Result<(), String> {
    // The logarithm of a customer's likelihood is the difference of numbers around 10, known to 10⁻¹⁴.
    let rounding = 1e-14 * fit.customers() as f64;
    let inner = fit.limits().iter().all(|limit| limit.is_nested());
    let errors = fit.standard_errors();
    let good = fit.log_likelihood().is_finite()
        && values(fit.model()).iter().all(|value| value.is_finite())
        && (fit.gradient() <= 1e-7 || fit.gain() < 1e-12 * again.abs())
        && (again - fit.log_likelihood()).abs() < 1e-9 * (1.0 + again.abs()) + rounding
        && errors.is_some() == inner
        && errors.iter().flatten().all(|error| error.is_finite());
    if good { Ok(()) } else { Err(format!("{again} {fit:?}")) }
}

/// Whether numbers are probabilities, or numbers above zero.
fn sound(probabilities: &[f64], numbers: &[f64]) -> Result<(), String> {
    let good = probabilities.iter().all(|p| (0.0..=1.0).contains(p)) && numbers.iter().all(|n| *n >= 0.0 && n.is_finite());
    if good { Ok(()) } else { Err(format!("{probabilities:?} {numbers:?}")) }
}

fn fitted_opportunities(counts: &OpportunityCounts) -> Result<Option<Vec<Limit>>, String> {
    use LifetimeError::{EverybodyBuys, NobodyRepeats, TooFew, TooFewPeriods};
    let fit = match BgBb::fit(counts) {
        Ok(fit) => fit,
        Err(EverybodyBuys { .. } | NobodyRepeats { .. } | TooFew { .. } | TooFewPeriods { .. }) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    survives_the_wire(&fit);
    check(&fit, fit.model().log_likelihood(counts))?;
    let discount = PeriodDiscount::per_period("0.1".parse().unwrap()).unwrap();
    for (customer, _) in counts.rows().filter(|(customer, _)| customer.n() < 3000).take(9) {
        let o = fit.model().outlook(customer);
        sound(
            &[o.alive(), o.alive_after(9), o.exactly(0, 9), o.at_least_one(9)],
            &[o.purchases(9), o.discounted_purchases(discount)],
        )?;
    }
    Ok(Some(fit.limits().to_vec()))
}

fn fitted_contracts(family: ContractFamily, counts: &TenureCounts) -> Result<Option<(f64, Vec<Limit>)>, String> {
    use LifetimeError::{NobodyLeft, NobodyRenewed, TooFew, TooFewPeriods};
    let fit = match ContractModel::fit(family, counts) {
        Ok(fit) => fit,
        Err(NobodyLeft { .. } | NobodyRenewed { .. } | TooFew { .. } | TooFewPeriods { .. }) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    survives_the_wire(&fit);
    check(&fit, fit.model().log_likelihood(counts))?;
    let discount = PeriodDiscount::per_period("0.1".parse().unwrap()).unwrap();
    for renewals in [0, 1, 9, 65_535] {
        let m = fit.model();
        let worth = m.discounted_renewals(renewals, discount, When::JustRenewed);
        sound(&[m.retention(renewals), m.survival(renewals), m.staying(renewals, 12)], &[worth.value, worth.error])?;
        let learned = m.learned(renewals);
        let (low, high) = learned.range(Confidence::P90);
        sound(&[learned.mean(), low, high], &[])?;
    }
    Ok(Some((fit.log_likelihood(), fit.limits().to_vec())))
}

#[test]
fn tables_of_opportunities_end_in_a_fit_or_a_name() {
    let (data, too_little) = opportunities();
    assert!(data.len() >= 85, "{}", data.len());
    let (mut missing, mut named, mut wrong) = (Vec::new(), 0, Vec::new());
    for (name, counts) in &data {
        match fitted_opportunities(counts) {
            Ok(None) => missing.push(name),
            Ok(Some(limits)) => named += usize::from(!limits.is_empty()),
            Err(what) => wrong.push(format!("{name}: {what}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), data.len(), wrong.join("\n"));
    assert_eq!(missing.len(), too_little, "{missing:?}");
    assert!(named > 30 && data.len() - missing.len() - named > 10, "{named} of {}", data.len());
}

#[test]
fn tables_of_contracts_end_in_a_fit_or_a_name() {
    let (data, too_little) = contracts();
    assert!(data.len() >= 60, "{}", data.len());
    let (mut missing, mut named, mut wrong) = (0, 0, Vec::new());
    for (name, counts) in &data {
        let mut highest = f64::NEG_INFINITY;
        for family in [Sbg, Bdw] {
            match fitted_contracts(family, counts) {
                Ok(None) => missing += 1,
                Ok(Some((log_likelihood, limits))) => {
                    named += usize::from(!limits.is_empty());
                    // sBG is a case of beta-discrete-Weibull.
                    if log_likelihood < highest - 1e-7 - 1e-9 * highest.abs() {
                        wrong.push(format!("{family} on {name} is less likely than sBG: {log_likelihood} {highest}"));
                    }
                    highest = log_likelihood;
                }
                Err(what) => wrong.push(format!("{family} on {name}: {what}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), 2 * data.len(), wrong.join("\n"));
    // Beta-discrete-Weibull needs a third decision.
    let without_third = data.iter().skip(too_little).filter(|(_, counts)| ContractModel::fit(Bdw, counts).is_err()).count();
    assert_eq!(missing, 2 * too_little + without_third);
    assert!(named > 30, "{named} of {}", data.len());
}

#[test]
fn the_longest_tables_of_contracts_end_in_a_fit_or_a_name() {
    for (name, counts) in most_renewals() {
        for family in [Sbg, Bdw] {
            assert!(fitted_contracts(family, &counts).unwrap_or_else(|what| panic!("{family}, {name}: {what}")).is_some());
        }
    }
}

/// In release a matter of seconds; see the tests above for what is asked.
#[test]
#[ignore = "long"]
fn the_longest_tables_of_opportunities_end_in_a_fit_or_a_name() {
    for (name, counts) in most_opportunities() {
        assert!(fitted_opportunities(&counts).unwrap_or_else(|what| panic!("{name}: {what}")).is_some());
    }
}

#[test]
fn priors_move_the_mode_of_opportunities() {
    let counts = table(&[(0, 0, 6, 120), (1, 1, 6, 40), (1, 4, 6, 10), (2, 3, 6, 20), (3, 6, 6, 30), (5, 6, 6, 20), (6, 6, 6, 40)]);
    let free = BgBb::fit(&counts).unwrap();
    assert!(free.limits().is_empty());
    // As good as none.
    let vague = Priors { purchase_rate: Some(Prior::probability(0.1, 1e6).unwrap()), ..Priors::NONE };
    let fit = BgBb::fit_with(&counts, &vague).unwrap();
    values(fit.model()).iter().zip(values(free.model())).for_each(|(found, want)| near(*found, want, 1e-6));
    assert!(fit.log_prior() <= 0.0 && fit.log_prior() > -1e-9);
    // As good as the truth: each of the four is where the prior says.
    let sure = |median| Prior::positive(median, 1e-5).unwrap();
    let priors = Priors {
        purchase_rate: Some(Prior::probability(0.3, 1e-5).unwrap()),
        purchase_dispersion: Some(sure(0.7)),
        dropout: Some(Prior::probability(0.15, 1e-5).unwrap()),
        dropout_dispersion: Some(sure(0.2)),
        ..Priors::NONE
    };
    let fit = BgBb::fit_with(&counts, &priors).unwrap();
    let (bought, dropout) = (fit.model().purchases(), fit.model().dropout().unwrap());
    near(bought.mean(), 0.3, 1e-6);
    near(bought.dispersion(), 0.7, 1e-6);
    near(dropout.mean(), 0.15, 1e-6);
    near(dropout.dispersion(), 0.2, 1e-6);
    near(fit.log_likelihood(), fit.model().log_likelihood(&counts), 1e-12);
    // Half way: the mode of the product, which no neighbour exceeds.
    let priors = Priors {
        purchase_rate: Some(Prior::probability(0.2, 0.1).unwrap()),
        dropout_dispersion: Some(Prior::positive(0.1, 0.3).unwrap()),
        ..Priors::NONE
    };
    let fit = BgBb::fit_with(&counts, &priors).unwrap();
    assert!(fit.limits().is_empty() && fit.gradient() < 1e-8);
    let mean = fit.model().purchases().mean();
    assert!(0.2 < mean && mean < free.model().purchases().mean());
    let log_odds = |p: f64| (p / (1.0 - p)).ln();
    let of = |model: &BgBb| {
        let odds = (log_odds(model.purchases().mean()) - log_odds(0.2)) / 0.1;
        let dispersion = (model.dropout().unwrap().dispersion() / 0.1).ln() / 0.3;
        model.log_likelihood(&counts) - odds * odds / 2.0 - dispersion * dispersion / 2.0
    };
    near(fit.log_likelihood() + fit.log_prior(), of(fit.model()), 1e-12);
    let four: [f64; 4] = values(fit.model()).try_into().unwrap();
    for at in 0..4 {
        for factor in [0.99, 1.01] {
            let mut there = four;
            there[at] *= factor;
            assert!(of(&BgBb::of(there).unwrap()) < of(fit.model()), "{at} {factor}");
        }
    }
    // The errors are those of the posterior: narrower than without priors.
    let [narrow, wide] = [&fit, &free].map(|fit| fit.standard_errors().unwrap()[0]);
    assert!(narrow < wide);
}

#[test]
fn priors_move_the_mode_of_contracts() {
    let counts = cohort(&[1000, 869, 743, 653, 593, 551, 517, 491]);
    let sure = |median| Some(Prior::positive(median, 1e-5).unwrap());
    let mean = |median, spread| Some(Prior::probability(median, spread).unwrap());
    let priors = Priors { dropout: mean(0.2, 1e-5), dropout_dispersion: sure(0.3), ageing: sure(1.2), ..Priors::NONE };
    let fit = ContractModel::fit_with(Bdw, &counts, &priors).unwrap();
    near(fit.model().chance().mean(), 0.2, 1e-5);
    near(fit.model().chance().dispersion(), 0.3, 1e-5);
    near(fit.model().power(), 1.2, 1e-5);
    near(fit.log_likelihood(), fit.model().log_likelihood(&counts), 1e-12);
    // A prior that the power is about 1 brings the ageing model near to the other.
    let [sbg, free] = [Sbg, Bdw].map(|family| ContractModel::fit(family, &counts).unwrap());
    let priors = Priors { ageing: Some(Prior::positive(1.0, 0.05).unwrap()), ..Priors::NONE };
    let fit = ContractModel::fit_with(Bdw, &counts, &priors).unwrap();
    assert!(1.0 < fit.model().power() && fit.model().power() < free.model().power());
    assert!(sbg.log_likelihood() < fit.log_likelihood() && fit.log_likelihood() < free.log_likelihood());
    let away = fit.model().power().ln() / 0.05;
    near(fit.log_prior(), -away * away / 2.0, 1e-9);
    // What cannot be fitted alone: priors do not make data.
    assert!(matches!(ContractModel::fit_with(Sbg, &cohort(&[9, 9, 9]), &priors), Err(LifetimeError::WrongPrior("ageing"))));
    let dropout = Priors { dropout: mean(0.2, 1.0), ..Priors::NONE };
    assert!(matches!(ContractModel::fit_with(Sbg, &cohort(&[9, 9, 9]), &dropout), Err(LifetimeError::NobodyLeft { .. })));
}

#[test]
fn priors_of_what_the_model_does_not_have_are_refused() {
    let (positive, probability) = (Prior::positive(0.1, 1.0).unwrap(), Prior::probability(0.1, 1.0).unwrap());
    let coefficient = Prior::coefficient(1.0).unwrap();
    let (bought, contracts) = (table(&[(1, 1, 6, 40), (2, 5, 6, 40)]), cohort(&[100, 90, 81, 75]));
    let refused = |name| Some(LifetimeError::WrongPrior(name));
    for (priors, of_opportunities, of_sbg, of_bdw) in [
        (
            Priors { purchase_rate: Some(positive), ..Priors::NONE },
            refused("purchase_rate"),
            refused("purchase_rate"),
            refused("purchase_rate"),
        ),
        (Priors { purchase_rate: Some(probability), ..Priors::NONE }, None, refused("purchase_rate"), refused("purchase_rate")),
        (
            Priors { purchase_dispersion: Some(positive), ..Priors::NONE },
            None,
            refused("purchase_dispersion"),
            refused("purchase_dispersion"),
        ),
        (Priors { dropout: Some(positive), ..Priors::NONE }, refused("dropout"), refused("dropout"), refused("dropout")),
        (Priors { dropout: Some(probability), dropout_dispersion: Some(positive), ..Priors::NONE }, None, None, None),
        (
            Priors { dropout_dispersion: Some(probability), ..Priors::NONE },
            refused("dropout_dispersion"),
            refused("dropout_dispersion"),
            refused("dropout_dispersion"),
        ),
        (Priors { ageing: Some(positive), ..Priors::NONE }, refused("ageing"), refused("ageing"), None),
        (
            Priors { coefficients: Some(coefficient), ..Priors::NONE },
            refused("coefficients"),
            refused("coefficients"),
            refused("coefficients"),
        ),
    ] {
        assert_eq!(BgBb::fit_with(&bought, &priors).err(), of_opportunities, "{priors:?}");
        assert_eq!(ContractModel::fit_with(Sbg, &contracts, &priors).err(), of_sbg, "{priors:?}");
        assert_eq!(ContractModel::fit_with(Bdw, &contracts, &priors).err(), of_bdw, "{priors:?}");
    }
}
