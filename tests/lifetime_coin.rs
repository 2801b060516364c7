//! Customers who may drop out at a purchase, or never, and who buy at random or regularly: published numbers, numbers of independent
//! quadrature, and laws.
// Figures stand as their sources print them.
#![allow(clippy::unreadable_literal, clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
#![allow(clippy::float_cmp, clippy::unwrap_used)]

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use common::{cases, date, number_of};
use core::num::{NonZeroU8, NonZeroU32};
use customer_value::{
    customer::{History, OrderColumns, Record, ReturnPolicy},
    money::{Currency, Money},
    quantity::Confidence,
    value::economics::Timing,
    value::lifetime::{
        Chances, Discount, DiscountRate, Dropout, FallsDue, Family, GapCounts, Horizon, LifetimeError, Outlook, PurchaseCounts,
        PurchaseModel, Rates, Summary, TimeUnit,
    },
};
use proptest::prelude::*;
use shared::{EXACT, all_near, near, summary, values};
use std::sync::LazyLock;

fn k(regularity: u8) -> NonZeroU8 {
    NonZeroU8::new(regularity).unwrap()
}

/// CDNOW in whole days up to 1997-09-30, as `BTYDplus` reads it.
static CDNOW: LazyLock<(PurchaseCounts, GapCounts)> = LazyLock::new(|| {
    let gaps = GapCounts::collect(&shared::CDNOW.columns(), date("1997-09-30"), ReturnPolicy::STRICT).unwrap();
    (PurchaseCounts::of(&EXACT).unwrap(), gaps)
});

#[test]
fn nbd_on_cdnow() {
    let fit = PurchaseModel::fit(Family::Nbd, &CDNOW.0, TimeUnit::WEEK).unwrap();
    // BTYDplus 1.2.0: r .38476588, α 12.07201373, −9763.657615.
    all_near(&values(fit.model()), &[0.38476588, 12.07201373], 1e-5);
    near(fit.log_likelihood(), -9763.657615, 1e-10);
    assert!(fit.limits().is_empty() && fit.gain() < 1e-10, "{fit:?}");
    assert_eq!(fit.standard_errors().unwrap().len(), 2);
}

#[test]
fn regular_models_on_cdnow() {
    let (counts, gaps) = &*CDNOW;
    assert_eq!(gaps.total(), 2457);
    // BTYDplus 1.2.0, with the share of the gaps in the log-likelihood.
    for (family, parameters, log_likelihood) in [
        (Family::BgCnbd(k(2)), [0.22691704, 1.46291785, 0.94399573, 2.07431576], -9855.326974),
        (Family::MbgCnbd(k(2)), [0.57990804, 2.28819949, 1.13433078, 1.58477857], -9853.253129),
    ] {
        let fit = PurchaseModel::fit(family, counts, TimeUnit::WEEK).unwrap();
        // It stops where the fourth digit still moves; its log-likelihood is below ours.
        all_near(&values(fit.model()), &parameters, 2e-4);
        near(fit.log_likelihood() + gaps.log_likelihood(k(2), TimeUnit::WEEK), log_likelihood, 1e-9);
        assert!(fit.limits().is_empty() && fit.gain() < 1e-10 && fit.model().family() == family, "{fit:?}");
        near(fit.model().log_likelihood(counts), fit.log_likelihood(), 1e-12);
    }
    // CDNOW's customers buy at random, whatever the unit.
    for unit in [TimeUnit::DAY, TimeUnit::WEEK] {
        let best = PurchaseModel::fit_regularity(Family::BgCnbd(k(3)), counts, gaps, k(3), unit).unwrap();
        assert_eq!((best.regularity(), best.fit().model().family()), (k(1), Family::BgNbd));
        let found: Vec<f64> = best.log_likelihoods().iter().map(|(_, l)| *l).collect();
        assert!(found[0] > found[1] && found[1] > found[2], "{found:?}");
        near(found[1] - found[0], -9855.326974 + 9582.429207, 1e-7);
    }
}

#[test]
fn a_rhythm_is_found() {
    // Gaps with a mean of 30 days and a standard deviation of 11, which makes a shape of about 7.
    let (mut counts, mut gaps) = (PurchaseCounts::new(), GapCounts::new());
    for (rotation, lengths) in
        [[14, 19, 23, 27, 31, 35, 42, 50], [19, 27, 35, 50, 14, 23, 31, 42], [50, 42, 35, 31, 27, 23, 19, 14]].iter().enumerate()
    {
        for buys in 1..=8 {
            let t_x: u32 = lengths[..buys].iter().sum();
            counts.push(summary(buys as u32, t_x, t_x + 10), 3 + rotation as u64).unwrap();
            for days in &lengths[..buys] {
                gaps.push(NonZeroU32::new(*days).unwrap(), 3 + rotation as u64).unwrap();
            }
        }
    }
    for family in [Family::Nbd, Family::BgNbd, Family::MbgNbd] {
        let best = PurchaseModel::fit_regularity(family, &counts, &gaps, k(12), TimeUnit::DAY).unwrap();
        assert!((5..=9).contains(&best.regularity().get()), "{family} {:?}", best.log_likelihoods());
        assert_eq!(best.log_likelihoods().len(), 12);
    }
    let refused = PurchaseModel::fit_regularity(Family::ParetoNbd, &counts, &gaps, k(2), TimeUnit::DAY);
    assert_eq!(refused.unwrap_err(), LifetimeError::RegularInTime(k(2)));
    let (total, too_few) = (gaps.total(), GapCounts::new());
    let refused = PurchaseModel::fit_regularity(Family::BgNbd, &counts, &too_few, k(2), TimeUnit::DAY);
    assert_eq!(refused.unwrap_err(), LifetimeError::GapsDiffer { gaps: 0, repeats: total });
    let mut silent = PurchaseCounts::new();
    silent.push(summary(0, 0, 30), 10).unwrap();
    let refused = PurchaseModel::fit_regularity(Family::BgNbd, &silent, &too_few, k(2), TimeUnit::DAY);
    assert_eq!(refused.unwrap_err(), LifetimeError::NobodyRepeats { customers: 10 });
}

#[test]
fn gaps_are_those_between_purchase_days() {
    let mut history = History::new(Currency::EUR);
    let euros = |n: i64| Money::from_minor(n * 100, Currency::EUR);
    for (day, amount) in [("2024-01-01", 10), ("2024-01-08", 5), ("2024-01-08", 7), ("2024-02-01", 20)] {
        history.push(Record::sale(date(day), euros(amount))).unwrap();
    }
    // The last purchase comes back whole, and what is bought later does not count.
    history.push(Record::sale(date("2024-02-15"), euros(1)).with_id("last").unwrap()).unwrap();
    history.push(Record::returned(date("2024-02-16"), euros(1)).of_sale("last").unwrap()).unwrap();
    history.push(Record::sale(date("2024-05-01"), euros(1))).unwrap();
    let (end, policy) = (date("2024-04-01"), ReturnPolicy::STRICT);
    let mut gaps = GapCounts::new();
    gaps.add(&history.as_of(end, policy).unwrap()).unwrap();
    let rows = |gaps: &GapCounts| gaps.rows().map(|(days, n)| (days.get(), n)).collect::<Vec<_>>();
    assert_eq!(rows(&gaps), [(7, 1), (24, 1)]);
    // Columns say the same, customer by customer; a return that names no sale leaves the day. The second customer has one gap.
    let days = ["2024-01-08", "2024-05-01", "2024-03-02", "2024-01-01", "2024-02-16", "2024-02-01", "2024-02-15", "2024-03-09"];
    let day = days.map(number_of);
    let (customer, minor) = ([7, 7, 9, 7, 7, 7, 7, 9], [1200, 100, 500, 1000, -100, 2000, 100, 500]);
    let orders = OrderColumns::new(&customer, &day, &minor, Currency::EUR).unwrap();
    assert_eq!(rows(&GapCounts::collect(&orders, end, ReturnPolicy::LATEST_FIRST).unwrap()), [(7, 2), (14, 1), (24, 1)]);
    let worst = [i64::MIN; 8];
    let orders = OrderColumns::new(&customer, &day, &worst, Currency::EUR).unwrap();
    assert!(GapCounts::collect(&orders, end, policy).is_err());
    // (k − 1) Σ ln Δt − x ln (k − 1)!, with k = 3, in weeks.
    near(gaps.log_likelihood(k(3), TimeUnit::WEEK), 2.0 * (0.0 + f64::ln(24.0 / 7.0)) - 2.0 * f64::ln(2.0), 1e-14);
    let text = serde_json::to_string(&gaps).unwrap();
    assert_eq!(text, "[[7,1],[24,1]]");
    assert_eq!(serde_json::from_str::<GapCounts>(&text).unwrap(), gaps);
    assert!(serde_json::from_str::<GapCounts>("[[0,1]]").is_err());
    assert!(serde_json::from_str::<GapCounts>("[[1,18446744073709551615],[2,1]]").is_err());
    let before = gaps.clone();
    assert_eq!(gaps.push(NonZeroU32::MIN, u64::MAX), Err(LifetimeError::TooManyGaps));
    let mut all = GapCounts::new();
    all.push(NonZeroU32::MIN, u64::MAX).unwrap();
    assert_eq!(all.merge(&gaps), Err(LifetimeError::TooManyGaps));
    assert_eq!((gaps, all.len(), all.is_empty()), (before, 1, false));
}

/// BG/NBD as published for CDNOW (Fader, Hardie and Lee 2005), with a day for the unit.
fn published() -> PurchaseModel {
    PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::DAY).unwrap()
}

#[test]
fn probabilities_of_a_number_of_purchases_as_published() {
    // The manual of BTYD, by way of the tests of lifetimes.
    let new = published().outlook(Summary::NEW);
    near(new.exactly(10, 2), 1.07869e-07, 1e-5);
    near(new.exactly(0, 39), 0.5737864, 1e-7);
    let found: Vec<f64> = (11..=20).map(|n| new.exactly(n, 30)).collect();
    let want = [
        0.0019995214,
        0.0015170236,
        0.0011633150,
        0.0009003148,
        0.0007023638,
        0.0005517902,
        0.0004361913,
        0.0003467171,
        0.0002769613,
        0.0002222260,
    ];
    all_near(&found, &want, 3e-7);
    // Where lifetimes has NaN: more than 170 purchases.
    let frequent = published().outlook(summary(400, 99, 100));
    let (hundreds, sum) = (frequent.exactly(200, 60), (0..2000).map(|n| frequent.exactly(n, 60)).sum::<f64>());
    assert!(hundreds > 1e-4 && hundreds < 0.02, "{hundreds}");
    near(sum, 1.0, 1e-11);
}

#[test]
fn no_purchase_in_a_time() {
    // With the fit to CDNOW, after 39 weeks without a repeat, none in 10: α + T to α + T + t by r, which is .951 (.95071 at a fit with
    // other digits). pymc-marketing 0.19.2 has .97685, because it lets customers die who have not bought again.
    let model = PurchaseModel::bg_nbd([0.2425929072, 4.4135315612, 0.7928861482, 2.4257534369], TimeUnit::DAY).unwrap();
    let outlook = model.outlook(summary(0, 0, 39));
    near(outlook.exactly(0, 10), 0.95071, 3e-4);
    near(outlook.exactly(0, 10), f64::powf(43.4135315612 / 53.4135315612, 0.2425929072), 1e-14);
    near(outlook.at_least_one(10), 1.0 - outlook.exactly(0, 10), 1e-13);
    assert_eq!(outlook.alive(), 1.0);
}

#[test]
fn numbers_of_independent_quadrature() {
    // 30 digits of mpmath: tests/data/lifetime_coin.py.
    let (mut regular, mut alive) = (0, 0);
    for line in include_str!("data/lifetime_coin.csv").lines().skip(1) {
        let row: Vec<&str> = line.split(',').collect();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let day = |at: usize| number(at) as u32;
        let parameters = [2, 3, 4, 5].map(number);
        // The unit is an eighth of what a day is, so that an eighth of a day is one.
        let eighth = |at: usize| (number(at) * 8.0) as u32;
        let parameters = [parameters[0], parameters[1] * 8.0, parameters[2], parameters[3]];
        let regularity = k(row[1].parse().unwrap());
        let model = match day(6) {
            0 => PurchaseModel::bg_cnbd(regularity, parameters, TimeUnit::DAY),
            _ => PurchaseModel::mbg_cnbd(regularity, parameters, TimeUnit::DAY),
        };
        let outlook = model.unwrap().outlook(summary(day(7), eighth(8), eighth(9)));
        let horizon = eighth(10);
        let purchases = outlook.purchases(horizon) / outlook.alive();
        near(purchases, number(12), if row[0] == "alive" { 2e-12 } else { 1e-11 });
        if row[0] == "alive" {
            alive += 1;
            continue;
        }
        regular += 1;
        near(outlook.alive(), number(11), 1e-12);
        let gone = 1.0 - outlook.alive();
        assert!((outlook.exactly(0, horizon) - gone - outlook.alive() * number(13)).abs() < 1e-13);
        near(outlook.exactly(2, horizon) / outlook.alive(), number(14), 1e-11);
        near(outlook.alive_after(horizon) / outlook.alive(), number(15), 1e-11);
    }
    assert_eq!((regular, alive), (9, 216));
}

/// A model of every shape: gamma or alike, beta or alike or never.
fn discounting(yearly: &str, due: FallsDue, horizon: Horizon) -> Discount {
    Discount { rate: DiscountRate::annual_365(yearly.parse().unwrap()).unwrap(), due, horizon }
}

#[test]
fn a_rhythm_without_end_is_discounted_as_its_purchases_added_up() {
    // 25 digits of mpmath, by integration over the rate: tests/data/lifetime_perpetual.py.
    for line in include_str!("data/lifetime_perpetual.csv").lines().skip(1) {
        let row: Vec<&str> = line.split(',').collect();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let (regularity, parameters) = (k(row[0].parse().unwrap()), [1, 2, 3, 4].map(number));
        let model = match row[5] {
            "0" => PurchaseModel::bg_cnbd(regularity, parameters, TimeUnit::DAY),
            _ => PurchaseModel::mbg_cnbd(regularity, parameters, TimeUnit::DAY),
        };
        let outlook = model.unwrap().outlook(summary(number(6) as u32, number(7) as u32, number(8) as u32));
        let worth = |due, horizon| outlook.discounted(&discounting(row[9], due, horizon)).unwrap() / outlook.alive();
        near(worth(FallsDue::AsTheyOccur, Horizon::ForEver), number(10), 1e-12);
        // A horizon beyond which nothing is left, where the integral over time is taken; a shorter one is worth less.
        near(worth(FallsDue::AsTheyOccur, Horizon::Days(60_000)), number(10), 1e-10);
        assert!(worth(FallsDue::AsTheyOccur, Horizon::Days(2000)) < number(10));
    }
}

#[test]
fn many_periods_are_the_sum_of_all() {
    let week = NonZeroU32::new(7).unwrap();
    for regularity in [1, 3] {
        for model in shapes(regularity).into_iter().step_by(5) {
            for customer in [Summary::NEW, summary(4, 200, 230)] {
                let outlook = model.outlook(customer);
                for (horizon, periods) in
                    [(Horizon::Days(1403), 200), (Horizon::Days(1399), 199), (Horizon::Days(1400), 200), (Horizon::ForEver, 600)]
                {
                    let (mut sum, mut before) = (0.0, 0.0);
                    // 60 % a week would leave nothing; 400 % a year leave e⁻¹⁹ after 600 weeks.
                    let end = |period: u32| if let Horizon::Days(days) = horizon { days.min(7 * period) } else { 7 * period };
                    let last =
                        if horizon == Horizon::Days(1403) { 201 } else { periods + u32::from(horizon == Horizon::Days(1399)) };
                    for period in 1..=last {
                        let now = outlook.purchases(end(period));
                        sum += 5_f64.powf(-7.0 / 365.0 * f64::from(period)) * (now - before);
                        before = now;
                    }
                    let due = FallsDue::InPeriods { days: week, timing: Timing::End };
                    let found = outlook.discounted(&discounting("4", due, horizon)).unwrap();
                    near(found, sum, if horizon == Horizon::ForEver { 1e-6 } else { 1e-11 });
                    assert!(found >= sum * (1.0 - 1e-12));
                }
            }
        }
    }
}

#[test]
fn an_even_rhythm_is_known_exactly() {
    // Every second event, nobody leaves and all buy at the rate λ: E(t) = λt/2 − ¼ + e^(−2λt)/4. With rates that hardly differ, too.
    let lambda = 20.0 / 7.0;
    let expected = |t: f64| lambda * t / 2.0 - 0.25 + (-2.0 * lambda * t).exp() / 4.0;
    for rates in [Rates::alike(20.0).unwrap(), Rates::gamma(1e10, 5e8).unwrap()] {
        let outlook = PurchaseModel::new(rates, k(2), Dropout::Never, TimeUnit::WEEK).unwrap().outlook(Summary::NEW);
        for days in [1, 30, 300, 358, 365, 400, 3650, 100_000] {
            near(outlook.purchases(days), expected(days.into()), 1e-10);
        }
        // ∫ e^(−δt) E′(t) dt, with E′ = λ/2·(1 − e^(−2λt)).
        let (delta, h) = (4_f64.ln() / 365.0, 365.0);
        let part = |rate: f64| -(-rate * h).exp_m1() / rate;
        let year = discounting("3", FallsDue::AsTheyOccur, Horizon::Days(365));
        near(outlook.discounted(&year).unwrap(), lambda / 2.0 * (part(delta) - part(delta + 2.0 * lambda)), 1e-10);
        let ever = discounting("3", FallsDue::AsTheyOccur, Horizon::ForEver);
        near(outlook.discounted(&ever).unwrap(), lambda / 2.0 * (1.0 / delta - 1.0 / (delta + 2.0 * lambda)), 1e-10);
        // Σ vⁱ(E(iL) − E((i − 1)L)), v = e^(−δL), as two geometric series.
        let (v, y) = ((-delta * 30.0).exp(), (-2.0 * lambda * 30.0).exp());
        let due = FallsDue::InPeriods { days: NonZeroU32::new(30).unwrap(), timing: Timing::End };
        let series = v / (1.0 - v) * 15.0 * lambda - v * (1.0 - y) / (1.0 - v * y) / 4.0;
        near(outlook.discounted(&discounting("3", due, Horizon::ForEver)).unwrap(), series, 1e-10);
    }
}

#[test]
fn periods_that_keep_time_with_a_rhythm_are_the_sum_of_all() {
    // All buy once a week, or nearly every half, slowly getting out of step: at the end of each week they are at the same point.
    for (regularity, a_week) in [(120, 1.0), (100, 2.06), (60, 1.0)] {
        let rates = Rates::alike(f64::from(regularity) * a_week).unwrap();
        let outlook = PurchaseModel::new(rates, k(regularity), Dropout::Never, TimeUnit::WEEK).unwrap().outlook(Summary::NEW);
        let at_end = |week: u32| outlook.purchases(7 * week);
        let sum: f64 = (1..=90).map(|week| 4_f64.powf(-7.0 / 365.0 * f64::from(week)) * (at_end(week) - at_end(week - 1))).sum();
        let due = FallsDue::InPeriods { days: NonZeroU32::new(7).unwrap(), timing: Timing::End };
        near(outlook.discounted(&discounting("3", due, Horizon::Days(630))).unwrap(), sum, 1e-10);
    }
}

#[test]
fn what_is_without_end_and_hardly_discounted_is_the_rate() {
    // Every k-th event is a purchase, and nobody leaves: the sum of e^(−δt) is 1/(kδ) of the mean rate, however rates differ, but for
    // less than one purchase.
    let due = discounting("0.000000000001", FallsDue::AsTheyOccur, Horizon::ForEver);
    for regularity in [2, 10, 255] {
        for shape in [0.05, 0.3, 1.0, 40.0, 1e4] {
            let rates = Rates::gamma(shape, shape).unwrap();
            let model = PurchaseModel::new(rates, k(regularity), Dropout::Never, TimeUnit::DAY).unwrap();
            for customer in [Summary::NEW, summary(0, 0, 400), summary(1, 300, 700)] {
                let outlook = model.outlook(customer);
                let each = f64::from(regularity) * due.rate.per_day();
                let (all, mean) = (outlook.discounted(&due).unwrap() * each, outlook.rate().mean());
                assert!((all - mean).abs() < 1e-12 * mean + each, "{all} {mean}");
            }
        }
    }
}

fn shapes(regularity: u8) -> Vec<PurchaseModel> {
    let mut all = Vec::new();
    for rates in [Rates::gamma(0.7, 9.0).unwrap(), Rates::gamma(3.0, 20.0).unwrap(), Rates::alike(0.2).unwrap()] {
        let chances = [Chances::beta(0.8, 2.5).unwrap(), Chances::beta(2.5, 9.0).unwrap(), Chances::alike(0.2).unwrap()];
        let at = |chance, first| Dropout::AtPurchases { chance, first };
        for dropout in chances.into_iter().flat_map(|c| [at(c, true), at(c, false)]).chain([Dropout::Never]) {
            all.push(PurchaseModel::new(rates, k(regularity), dropout, TimeUnit::DAY).unwrap());
        }
    }
    all
}

#[test]
fn those_who_are_alike_are_the_limit_of_those_who_hardly_differ() {
    let close = |model: &PurchaseModel, other: &PurchaseModel, s: Summary| {
        let (one, two) = (model.outlook(s), other.outlook(s));
        near(one.alive(), two.alive(), 1e-6);
        for days in [1, 30, 400] {
            near(one.purchases(days), two.purchases(days), 1e-6);
            near(one.alive_after(days), two.alive_after(days), 1e-6);
            near(one.at_least_one(days), two.at_least_one(days), 1e-6);
            (0..4).for_each(|n| near(one.exactly(n, days), two.exactly(n, days), 1e-5));
        }
        near(one.rate().mean(), two.rate().mean(), 1e-6);
        assert_eq!(one.dropout().is_some(), two.dropout().is_some());
    };
    for regularity in [1, 3] {
        for s in [summary(0, 0, 20), summary(4, 30, 50)] {
            let at = |chance| Dropout::AtPurchases { chance, first: true };
            let (varied, alike) = (Rates::gamma(2e9, 1e10).unwrap(), Rates::alike(0.2).unwrap());
            let (spread, same) = (Chances::beta(2e9, 6e9).unwrap(), Chances::alike(0.25).unwrap());
            let of = |rates, dropout| PurchaseModel::new(rates, k(regularity), dropout, TimeUnit::DAY).unwrap();
            let usual = Chances::beta(0.8, 2.5).unwrap();
            close(&of(alike, at(usual)), &of(varied, at(usual)), s);
            close(&of(alike, at(same)), &of(varied, at(spread)), s);
            close(&of(alike, Dropout::Never), &of(varied, Dropout::Never), s);
            let rates = Rates::gamma(0.7, 9.0).unwrap();
            close(&of(rates, at(same)), &of(rates, at(spread)), s);
            // Hardly any chance at all is none.
            let (none, hardly) = (of(rates, Dropout::Never), of(rates, at(Chances::alike(1e-12).unwrap())));
            near(none.outlook(s).purchases(400), hardly.outlook(s).purchases(400), 1e-8);
            assert_eq!((none.outlook(s).alive(), none.outlook(s).mean_lifetime()), (1.0, None));
        }
    }
}

#[test]
fn what_is_known_exactly_of_a_customer_who_never_leaves() {
    // Everybody buys at every second event of 0.2 a day: with one hidden or none, in the ratio of w·λ to 1.
    let model = PurchaseModel::new(Rates::alike(0.2).unwrap(), k(2), Dropout::Never, TimeUnit::DAY).unwrap();
    let outlook = model.outlook(summary(3, 20, 25));
    let hidden = 1.0 / 2.0;
    let mu: f64 = 0.2 * 10.0;
    // E⌊N/2⌋ = (μ − P(odd))/2, E⌊(N + 1)/2⌋ = (μ + P(odd))/2.
    let odd = (1.0 - f64::exp(-2.0 * mu)) / 2.0;
    near(outlook.purchases(10), (1.0 - hidden) * (mu - odd) / 2.0 + hidden * (mu + odd) / 2.0, 1e-13);
    near(outlook.exactly(0, 10), f64::exp(-mu) * (1.0 + (1.0 - hidden) * mu), 1e-13);
    near(outlook.rate().mean(), 0.2, 1e-15);
    assert_eq!((outlook.rate().standard_deviation(), outlook.alive_after(u32::MAX)), (0.0, 1.0));
    assert!(outlook.dropout().is_none() && outlook.gone_by(0.5).is_none());
    // Far ahead, sums are integrals: the half of what is to come, but for the phase.
    let far = model.outlook(summary(3, 20, 25)).purchases(100_000);
    near(far, 10_000.0, 1e-9);
    let varied = PurchaseModel::new(Rates::gamma(0.4, 2.0).unwrap(), k(2), Dropout::Never, TimeUnit::DAY).unwrap();
    // For a negative binomial variable too, with P(odd) = (1 − (1 + 2τ)^−r)/2 and τ = t/α.
    let odd = (1.0 - f64::powf(1.0 + 100_000.0, -0.4)) / 2.0;
    near(varied.outlook(Summary::NEW).purchases(100_000), (20_000.0 - odd) / 2.0, 3e-11);
}

#[test]
fn lifetimes_are_sums_of_waits() {
    // E[1/p] = 1 + b/(a − 1) purchases of k events each, E[1/λ] = (α + T)/(r + kx − 1) days an event.
    let model = PurchaseModel::bg_cnbd(k(1), [2.5, 9.0, 3.0, 4.0], TimeUnit::DAY).unwrap();
    let outlook = model.outlook(summary(2, 10, 21));
    near(outlook.mean_lifetime().unwrap(), (1.0 + 6.0 / 2.0) * 30.0 / 3.5, 1e-13);
    let model = PurchaseModel::bg_cnbd(k(2), [2.5, 9.0, 3.0, 4.0], TimeUnit::DAY).unwrap();
    // The one hidden event, or none: 1 to 6.5 · 11/30.
    let (hidden, days) = (6.5 * 11.0 / 30.0, |j: f64| (2.0 * 4.0 - j) * 30.0 / (5.5 + j));
    near(model.outlook(summary(2, 10, 21)).mean_lifetime().unwrap(), (days(0.0) + hidden * days(1.0)) / (1.0 + hidden), 1e-13);
    for (r, a) in [(1.0, 3.0), (0.9, 3.0), (2.5, 1.0), (2.5, 0.3)] {
        let model = PurchaseModel::bg_cnbd(k(2), [r, 9.0, a, 4.0], TimeUnit::DAY).unwrap();
        assert_eq!(model.outlook(Summary::NEW).mean_lifetime(), None, "{r} {a}");
    }
    // The median of what the staying says.
    let days = outlook.gone_by(0.5).unwrap();
    let staying = |days| outlook.alive_after(days) / outlook.alive();
    assert!(staying(days) <= 0.5 && staying(days - 1) > 0.5);
    // The mean is the integral of the staying, for one who dies soon.
    let soon = PurchaseModel::new(Rates::alike(2.0).unwrap(), k(3), model.dropout(), TimeUnit::DAY).unwrap();
    let of =
        |chance| PurchaseModel::new(soon.purchases(), k(3), Dropout::AtPurchases { chance, first: true }, TimeUnit::DAY).unwrap();
    let outlook = of(Chances::alike(0.6).unwrap()).outlook(Summary::NEW);
    let integral: f64 =
        (0..200).map(|t| f64::midpoint(outlook.alive_after(t), outlook.alive_after(t + 1))).sum::<f64>() / outlook.alive();
    near(integral, outlook.mean_lifetime().unwrap(), 0.03);
    near(outlook.mean_lifetime().unwrap(), 3.0 / 0.6 / 2.0, 1e-13);
}

#[test]
fn what_was_learned_of_rate_and_chance() {
    // Of a customer of 5 repeats on 60 of 80 days, gone or not.
    let model = PurchaseModel::mbg_nbd([0.7, 9.0, 0.8, 2.5], TimeUnit::DAY).unwrap();
    let outlook = model.outlook(summary(5, 60, 80));
    let alive = outlook.alive();
    near(outlook.rate().mean(), alive * 5.7 / 89.0 + (1.0 - alive) * 5.7 / 69.0, 1e-13);
    let dropout = outlook.dropout().unwrap();
    near(dropout.mean(), alive * 0.8 / 9.3 + (1.0 - alive) * 1.8 / 9.3, 1e-13);
    // The prior odds of the last, times the silence of 20 days.
    near(alive, 1.0 / (1.0 + 0.8 / 7.5 * f64::powf(89.0 / 69.0, 5.7)), 1e-13);
    let (low, high) = dropout.range(Confidence::P90);
    near(dropout.at_most(low), 0.05, 1e-9);
    near(dropout.at_most(high), 0.95, 1e-9);
    // Averaged over what may be seen of new customers, what is learned is what was known: one event of an NBD customer in 10 days.
    let model = PurchaseModel::new(Rates::gamma(0.7, 9.0).unwrap(), k(3), Dropout::Never, TimeUnit::DAY).unwrap();
    let hidden = model.outlook(summary(0, 0, 10)).rate();
    let p = |j: i32| [1.0, 0.7, 0.7 * 1.7 / 2.0][j as usize] * f64::powi(10.0 / 19.0, j);
    let mean = (0..3).map(|j| p(j) * (0.7 + f64::from(j)) / 19.0).sum::<f64>() / (0..3).map(p).sum::<f64>();
    near(hidden.mean(), mean, 1e-13);
    assert!(hidden.standard_deviation() > 0.0);
}

fn any_customer() -> impl Strategy<Value = Summary> {
    (0..60_u32, 1..400_u32, 0.0..=1.0_f64).prop_map(|(x, t, share)| {
        let t_x = (f64::from(t) * share) as u32;
        if x == 0 || t_x == 0 { summary(0, 0, t) } else { summary(x, t_x, t) }
    })
}

fn sums(outlook: &Outlook, days: u32) -> [f64; 3] {
    let (mut all, mut mean, mut square, mut n) = (0.0, 0.0, 0.0, 0);
    loop {
        let p = outlook.exactly(n, days);
        assert!((0.0..=1.0).contains(&p), "{p}");
        all += p;
        mean += f64::from(n) * p;
        square += p * p;
        n += 1;
        if n > 20 && f64::from(n) > outlook.purchases(days) && f64::from(n) * p < 1e-14 || n > 3000 {
            return [all, mean, square];
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn probabilities_and_expectations_agree(s in any_customer(), days in 1..60_u32, regularity in 1..5_u8, at in 0..21_usize) {
        let outlook = shapes(regularity)[at].outlook(s);
        let [all, mean, _] = sums(&outlook, days);
        prop_assert!((all - 1.0).abs() < 1e-9, "{all}");
        prop_assert!((mean - outlook.purchases(days)).abs() < 1e-8 * (1.0 + mean), "{mean} {}", outlook.purchases(days));
        prop_assert!((1.0 - outlook.exactly(0, days) - outlook.at_least_one(days)).abs() < 1e-12);
        prop_assert!(outlook.at_least_one(days) <= outlook.purchases(days) * (1.0 + 1e-12));
        let prediction = outlook.prediction(days, Confidence::P90);
        let inside: f64 = (prediction.low()..=prediction.high()).map(|n| outlook.exactly(n, days)).sum();
        prop_assert!(inside >= 0.9 - 1e-9, "{inside}");
    }

    #[test]
    fn time_tells(s in any_customer(), days in 1..300_u32, more in 1..100_u32, regularity in 1..5_u8, at in 0..21_usize) {
        let model = shapes(regularity)[at];
        let outlook = model.outlook(s);
        prop_assert!((0.0..=1.0).contains(&outlook.alive()));
        prop_assert!(outlook.alive_after(days) <= outlook.alive() * (1.0 + 1e-12));
        prop_assert!(outlook.alive_after(days + more) <= outlook.alive_after(days) * (1.0 + 1e-10));
        prop_assert!(outlook.purchases(days + more) >= outlook.purchases(days) * (1.0 - 1e-10));
        prop_assert!(outlook.at_least_one(days + more) >= outlook.at_least_one(days) * (1.0 - 1e-12));
        let silent = model.outlook(summary(s.x(), s.t_x_days(), s.t_days() + more));
        prop_assert!(silent.alive() <= outlook.alive() * (1.0 + 1e-12));
        // No purchase can be expected before the events that it takes.
        let most = outlook.alive() * outlook.rate().range(Confidence::P99).1 * f64::from(days) * 10.0;
        prop_assert!(outlook.purchases(days) <= most + 1.0, "{most}");
    }

    #[test]
    fn purchases_at_random_are_the_least_regularity(s in any_customer(), days in 1..400_u32, at in 0..21_usize) {
        // Summed one by one, as for a rhythm: expected purchases are the sum of the probabilities of n and more.
        let outlook = shapes(1)[at].outlook(s);
        let expected = outlook.purchases(days);
        let (mut rest, mut sum, mut n) = (1.0 - outlook.exactly(0, days), 0.0, 1);
        while rest > 1e-13 && n < 2000 {
            sum += rest;
            rest -= outlook.exactly(n, days);
            n += 1;
        }
        prop_assert!((sum - expected).abs() < 1e-8 * (1.0 + expected), "{sum} {expected}");
    }
}
