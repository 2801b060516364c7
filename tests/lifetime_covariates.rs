//! Models of purchasing with covariates and with priors, against simulated customers and against brute force.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, clippy::float_cmp)]
extern crate alloc;

mod common;

use common::{Dice, dec, name, survives_the_wire};
use customer_value::{
    quantity::Confidence,
    value::lifetime::{
        CovariateCounts, CovariateModel, Family, LifetimeError, Limit, Link, Parametric, Prior, Priors, PurchaseCounts,
        PurchaseModel, Summary, TimeUnit,
    },
};

/// Two kinds of customers, the second buying twice as often: as many of each as the quantiles of a grid of rates, so that nothing is drawn.
fn two_kinds() -> CovariateCounts {
    let mut counts = CovariateCounts::new([name("club")]).unwrap();
    let mut dice = Dice(7);
    for club in [0, 1_u32] {
        for customer in 0..600_u32 {
            // Gamma-like rates by a sum of exponentials at regular places; the customer stays a random part of the year.
            let u = (f64::from(customer) + 0.5) / 600.0;
            let rate = -(1.0 - u).ln() * f64::from(1 + club) / 60.0;
            let stays = dice.below(700) as f64;
            let (mut day, mut x, mut last) = (0.0, 0, 0);
            loop {
                day += -((dice.below(1_000_000) as f64 + 0.5) / 1e6).ln() / rate;
                if day > stays.min(364.0) || day.is_nan() {
                    break;
                }
                let whole = day.ceil();
                x += 1;
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                {
                    last = whole as u32;
                }
            }
            counts.push(&[dec(&club.to_string())], Summary::new(x, last, 365).unwrap(), 1).unwrap();
        }
    }
    counts
}

fn all(counts: &CovariateCounts) -> PurchaseCounts {
    let mut all = PurchaseCounts::new();
    counts.groups().for_each(|(_, table)| all.merge(table).unwrap());
    all
}

#[test]
fn a_covariate_that_doubles_the_rate_is_found() {
    let counts = two_kinds();
    for family in [Family::Nbd, Family::BgNbd, Family::MbgNbd] {
        let fit = CovariateModel::fit(family, &counts, TimeUnit::WEEK, &Priors::NONE).unwrap();
        let estimates = fit.estimates(Confidence::P95).unwrap();
        let at = fit.parameters().iter().position(|p| p.name() == "purchases: club").unwrap();
        assert!(
            estimates[at].low() < 2_f64.ln() && 2_f64.ln() < estimates[at].high() && estimates[at].low() > 0.4,
            "{family} {estimates:?}"
        );
        // The model without covariates is nested.
        let plain = PurchaseModel::fit(family, &all(&counts), TimeUnit::WEEK).unwrap();
        assert!(fit.log_likelihood() > plain.log_likelihood() + 20.0);
        // At each value, an ordinary model, and the likelihood is that of its customers.
        let parts = counts.groups().map(|(z, table)| fit.model().at(z).unwrap().log_likelihood(table));
        let sum: f64 = parts.sum();
        assert!((sum / fit.log_likelihood() - 1.0).abs() < 1e-11, "{family}: {sum} {}", fit.log_likelihood());
        // No neighbour is more likely.
        let here = fit.model().coordinates();
        for i in 0..here.len() {
            for step in [-0.02, 0.02] {
                let mut there = here.clone();
                there[i] += step;
                let moved = fit.model().moved(&there).unwrap();
                let other: f64 = counts.groups().map(|(z, table)| moved.at(z).unwrap().log_likelihood(table)).sum();
                assert!(other < fit.log_likelihood(), "{family} {i} {step}");
            }
        }
        let json = serde_json::to_string(fit.model()).unwrap();
        assert_eq!(&serde_json::from_str::<CovariateModel>(&json).unwrap(), fit.model());
        let customer = Summary::new(3, 200, 365).unwrap();
        let more =
            fit.estimate(|m| m.at(&[dec("1")]).map_or(f64::NAN, |m| m.outlook(customer).purchases(90)), Link::Log, Confidence::P90);
        let less =
            fit.estimate(|m| m.at(&[dec("0")]).map_or(f64::NAN, |m| m.outlook(customer).purchases(90)), Link::Log, Confidence::P90);
        assert!(more.unwrap().value() > less.unwrap().value());
    }
}

#[test]
fn a_positive_coefficient_always_means_more() {
    let base = PurchaseModel::mbg_nbd([0.525, 6.183, 0.891, 1.614], TimeUnit::WEEK).unwrap();
    let model = CovariateModel::new(base, vec![name("z")], vec![0.5], vec![0.3]).unwrap();
    let [zero, one] = ["0", "1"].map(|z| model.at(&[dec(z)]).unwrap());
    assert_eq!(zero, base);
    assert!((one.purchases().mean() / base.purchases().mean() - 0.5_f64.exp()).abs() < 1e-14);
    assert!((one.purchases().dispersion() - base.purchases().dispersion()).abs() < 1e-14);
    let chance = |m: &PurchaseModel| match m.dropout() {
        customer_value::value::lifetime::Dropout::AtPurchases { chance, .. } => chance,
        other => panic!("{other:?}"),
    };
    let odds = |p: f64| p / (1.0 - p);
    assert!((odds(chance(&one).mean()) / odds(chance(&base).mean()) - 0.3_f64.exp()).abs() < 1e-13);
    assert!((chance(&one).dispersion() - chance(&base).dispersion()).abs() < 1e-14);
    let in_time = PurchaseModel::pareto_nbd([0.553, 10.578, 0.606, 11.669], TimeUnit::WEEK).unwrap();
    let model = CovariateModel::new(in_time, vec![name("z")], vec![0.0], vec![0.3]).unwrap();
    match model.at(&[dec("2")]).unwrap().dropout() {
        customer_value::value::lifetime::Dropout::InTime { hazard, .. } => {
            assert!((hazard.mean() / (0.606 / 11.669) - 0.6_f64.exp()).abs() < 1e-13);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn covariates_that_say_nothing_leave_the_ground_flat() {
    let mut counts = CovariateCounts::new([name("club"), name("same")]).unwrap();
    for (z, table) in two_kinds().groups() {
        table.rows().for_each(|(s, n)| counts.push(&[z[0], dec("3")], s, n).unwrap());
    }
    let fit = CovariateModel::fit(Family::Nbd, &counts, TimeUnit::WEEK, &Priors::NONE);
    assert!(fit.as_ref().is_ok_and(|f| f.limits().contains(&Limit::Flat) && f.standard_errors().is_none()), "{fit:?}");
    // A prior says which of the many is meant.
    let priors = Priors { coefficients: Some(Prior::coefficient(1.0).unwrap()), ..Priors::NONE };
    let fit = CovariateModel::fit(Family::Nbd, &counts, TimeUnit::WEEK, &priors).unwrap();
    assert!(fit.limits().is_empty() && fit.standard_errors().is_some() && fit.log_prior() < 0.0);
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let twice = CovariateCounts::new([name("a"), name("a")]);
    assert_eq!(twice.unwrap_err(), LifetimeError::CovariateTwice(name("a")));
    let mut counts = CovariateCounts::new([name("a")]).unwrap();
    let before = counts.clone();
    let customer = Summary::new(1, 5, 30).unwrap();
    assert_eq!(counts.push(&[], customer, 1), Err(LifetimeError::CovariatesMissing { expected: 1, found: 0 }));
    assert_eq!(counts.push(&[dec("1000000.1")], customer, 1), Err(LifetimeError::CovariateTooLarge(dec("1000000.1"))));
    assert!(counts.merge(&CovariateCounts::new([name("b")]).unwrap()).is_err());
    assert_eq!(counts, before);
    // One value has one spelling.
    counts.push(&[dec("1.0")], customer, 2).unwrap();
    counts.push(&[dec("1")], customer, 3).unwrap();
    assert_eq!(counts.groups().map(|(_, table)| table.customers()).collect::<Vec<_>>(), [5]);
    let json = serde_json::to_string(&counts).unwrap();
    assert_eq!(serde_json::from_str::<CovariateCounts>(&json).unwrap(), counts);
    assert!(serde_json::from_str::<CovariateCounts>(&json.replace("\"1\"", "\"9999999\"")).is_err());
    let base = PurchaseModel::nbd([1.0, 10.0], TimeUnit::WEEK).unwrap();
    assert!(CovariateModel::new(base, vec![name("a")], vec![0.1], vec![0.1]).is_err()); // NBD has no dropout
    assert_eq!(CovariateModel::new(base, vec![name("a")], vec![1e13], vec![]), Err(LifetimeError::BadCoefficient(1e13)));
    assert!(CovariateModel::new(base, vec![name("a")], vec![f64::NAN], vec![]).is_err());
    let twice = CovariateModel::new(base, vec![name("a"), name("a")], vec![0.1, 0.2], vec![]);
    assert_eq!(twice, Err(LifetimeError::CovariateTwice(name("a"))));
    let two = CovariateModel::new(base, vec![name("a"), name("b")], vec![0.1, 0.2], vec![]).unwrap();
    let json = serde_json::to_string(&two).unwrap();
    assert_eq!(serde_json::from_str::<CovariateModel>(&json).unwrap(), two);
    assert!(serde_json::from_str::<CovariateModel>(&json.replace("\"b\"", "\"a\"")).is_err());
    let steep = CovariateModel::new(base, vec![name("a")], vec![40.0], vec![]).unwrap();
    assert!(matches!(steep.at(&[dec("1000000")]), Err(LifetimeError::BadParameter { .. })));
}

#[test]
fn priors_pull_towards_their_median_and_count_as_what_they_are() {
    let counts = all(&two_kinds());
    let free = PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::WEEK).unwrap();
    let with = |priors: &Priors| PurchaseModel::fit_with(Family::BgNbd, &counts, TimeUnit::WEEK, priors);
    // As good as none.
    let vague = Priors { purchase_rate: Some(Prior::positive(0.1, 1e6).unwrap()), ..Priors::NONE };
    let fit = with(&vague).unwrap();
    assert!((fit.model().purchases().mean() / free.model().purchases().mean() - 1.0).abs() < 1e-8);
    // As good as the truth: the mean is where the prior says, in the model's own unit.
    let sure = Priors { purchase_rate: Some(Prior::positive(0.25, 1e-6).unwrap()), ..Priors::NONE };
    for unit in [TimeUnit::WEEK, TimeUnit::DAY] {
        let fit = PurchaseModel::fit_with(Family::BgNbd, &counts, unit, &sure).unwrap();
        assert!((fit.model().purchases().mean() / 0.25 - 1.0).abs() < 1e-4, "{fit:?}");
        assert!(fit.log_likelihood() < free.log_likelihood() + 1e6 && fit.log_prior() <= 0.0);
    }
    // Half way: between the two, and the same whatever the unit.
    let half = |median: f64| Priors { purchase_rate: Some(Prior::positive(median, 0.02).unwrap()), ..Priors::NONE };
    let (week, day) =
        (with(&half(0.2)).unwrap(), PurchaseModel::fit_with(Family::BgNbd, &counts, TimeUnit::DAY, &half(0.2 / 7.0)).unwrap());
    assert!((week.model().purchases().mean() / (7.0 * day.model().purchases().mean()) - 1.0).abs() < 1e-9);
    assert!((week.log_prior() - day.log_prior()).abs() < 1e-7);
    let (low, high) = (f64::min(0.2, free.model().purchases().mean()), f64::max(0.2, free.model().purchases().mean()));
    assert!(low < week.model().purchases().mean() && week.model().purchases().mean() < high);
    // Few customers, where the likelihood alone has no top: the prior gives one.
    let mut few = PurchaseCounts::new();
    for (x, t_x, n) in [(3, 97, 3), (4, 98, 3), (5, 96, 3)] {
        few.push(Summary::new(x, t_x, 100).unwrap(), n).unwrap();
    }
    let sensible = Priors {
        purchase_dispersion: Some(Prior::positive(1.0, 0.7).unwrap()),
        dropout: Some(Prior::probability(0.1, 1.0).unwrap()),
        dropout_dispersion: Some(Prior::positive(0.3, 0.7).unwrap()),
        ..Priors::NONE
    };
    let fit = PurchaseModel::fit_with(Family::BgNbd, &few, TimeUnit::WEEK, &sensible).unwrap();
    assert!(fit.limits().is_empty() && fit.standard_errors().is_some());
    let wrong = Priors { dropout: Some(Prior::positive(0.1, 1.0).unwrap()), ..Priors::NONE };
    assert_eq!(with(&wrong).unwrap_err(), LifetimeError::WrongPrior("dropout"));
    for (median, spread) in [(0.0, 1.0), (1.0, 0.0), (f64::NAN, 1.0), (1e13, 1.0)] {
        assert!(Prior::positive(median, spread).is_err());
    }
    assert!(Prior::probability(1.0, 1.0).is_err() && Prior::coefficient(-1.0).is_err());
    // What is stored is the logarithm; what is refused is the number itself.
    let refused = serde_json::from_str::<Prior>(r#"{"positive":{"log_median":"40","spread":"1"}}"#).unwrap_err();
    assert!(refused.to_string().contains("median is 235385266837019"), "{refused}");
    let json = serde_json::to_string(&sensible).unwrap();
    assert_eq!(serde_json::from_str::<Priors>(&json).unwrap(), sensible);
    assert!(serde_json::from_str::<Priors>(&json.replace("purchase_dispersion", "r")).is_err());
}

/// A hundred customers by what they bought, of each of these values of a covariate; and of how many of the second kind nobody bought again.
fn of_values(values: [&str; 2], keeps: impl Fn(u32) -> bool) -> CovariateCounts {
    let mut counts = CovariateCounts::new([name("z")]).unwrap();
    for (x, t_x, t, n) in
        [(0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 60, 268, 5), (2, 213, 272, 6), (4, 250, 265, 4), (9, 120, 270, 2)]
    {
        let summary = Summary::new(x, t_x, t).unwrap();
        counts.push(&[dec(values[0])], summary, n).unwrap();
        if keeps(x) {
            counts.push(&[dec(values[1])], summary, if x > 1 { 2 * n } else { n }).unwrap();
        }
    }
    counts
}

#[test]
fn the_unit_of_a_covariate_does_not_matter() {
    let families = [Family::Nbd, Family::BgNbd, Family::MbgNbd, Family::ParetoNbd];
    let priors = |unit: f64| Priors { coefficients: Some(Prior::coefficient(0.5 / unit).unwrap()), ..Priors::NONE };
    for family in families {
        for with_prior in [false, true] {
            let fit = |z: &str, unit: f64| {
                let priors = if with_prior { priors(unit) } else { Priors::NONE };
                CovariateModel::fit(family, &of_values(["0", z], |_| true), TimeUnit::WEEK, &priors).unwrap()
            };
            let one = fit("1", 1.0);
            survives_the_wire(&one);
            assert!(one.limits().iter().all(|limit| limit.is_nested()), "{one:?}");
            let own = one.parameters().len() - one.model().purchase_coefficients().len() - one.model().dropout_coefficients().len();
            for (z, unit) in [("0.001", 1e-3), ("0.006", 6e-3), ("1000000", 1e6), ("-0.01", -0.01)] {
                if with_prior && unit < 0.0 {
                    continue;
                }
                let other = fit(z, unit);
                survives_the_wire(&other);
                assert!((other.log_likelihood() - one.log_likelihood()).abs() < 1e-10 * one.log_likelihood().abs(), "{family} {z}");
                assert_eq!(other.limits(), one.limits());
                let (errors, expected) = (other.standard_errors().unwrap(), one.standard_errors().unwrap());
                for (at, (p, q)) in other.parameters().iter().zip(one.parameters()).enumerate() {
                    let unit = if at < own { 1.0 } else { unit };
                    assert!((p.value() * unit - q.value()).abs() < 1e-6 * (1.0 + q.value().abs()), "{family} {z}: {p:?} {q:?}");
                    assert!((errors[at] * unit.abs() / expected[at] - 1.0).abs() < 1e-5, "{family} {z}: {errors:?} {expected:?}");
                }
            }
        }
    }
}

#[test]
fn separated_customers_are_a_limit() {
    for family in [Family::Nbd, Family::BgNbd, Family::MbgNbd, Family::ParetoNbd] {
        for z in ["1", "0.01", "1000"] {
            let counts = of_values(["0", z], |x| x == 0);
            let fit = CovariateModel::fit(family, &counts, TimeUnit::WEEK, &Priors::NONE).unwrap();
            assert!(fit.limits().iter().any(|limit| !limit.is_nested()), "{family} {fit:?}");
            if family == Family::Nbd {
                assert_eq!(fit.limits(), [Limit::Separated]);
            }
            assert!(fit.standard_errors().is_none() && fit.estimates(Confidence::P95).is_none(), "{family} {fit:?}");
        }
    }
    // Few of one kind: they are told apart all the same.
    let mut counts = of_values(["0", "0"], |_| true);
    counts.push(&[dec("1")], Summary::new(0, 0, 3).unwrap(), 1).unwrap();
    let fit = CovariateModel::fit(Family::Nbd, &counts, TimeUnit::WEEK, &Priors::NONE).unwrap();
    assert_eq!(fit.limits(), [Limit::Separated]);
    // A prior says how far.
    let priors = Priors { coefficients: Some(Prior::coefficient(1.0).unwrap()), ..Priors::NONE };
    let counts = of_values(["0", "1"], |x| x == 0);
    let fit = CovariateModel::fit(Family::Nbd, &counts, TimeUnit::WEEK, &priors).unwrap();
    assert!(fit.limits().is_empty() && fit.standard_errors().is_some(), "{fit:?}");
}
