//! What a customer will have spent: ranges that chance leaves, against closed forms, simulation and their own definition.
#![allow(clippy::float_cmp, clippy::unwrap_used, clippy::cast_precision_loss, clippy::panic)]

extern crate alloc;

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use common::cases;
use core::num::NonZeroU8;
use customer_value::{
    money::{Currency, Money, Rounding},
    quantity::Confidence,
    value::lifetime::{
        GammaGamma, LifetimeError, NormalNormal, Outlook, PurchaseModel, SpendBasis, SpendPrediction, Spending, Spent, Summary,
        TimeUnit,
    },
};
use proptest::prelude::*;
use shared::words;

const P90: Confidence = Confidence::P90;

fn spent(x: u32, cents: i64) -> Spent {
    Spent::new(SpendBasis::RepeatOnly, x, Money::from_minor(cents, Currency::USD))
}

fn near(found: f64, want: f64) {
    assert!((found - want).abs() <= 1e-12 * want.abs() + 1e-15, "{found} for {want}");
}

fn cdnow() -> PurchaseModel {
    PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK).unwrap()
}

/// The probability that the customer spends this amount or less, straight from the definition.
fn at_most(outlook: &Outlook, days: u32, spending: &impl Spending, spent: Spent, amount: f64) -> f64 {
    let none = if amount < 0.0 { 0.0 } else { outlook.exactly(0, days) };
    (1..400).fold(none, |sum, n| sum + outlook.exactly(n, days) * spending.at_most(spent, n, amount))
}

#[test]
fn what_some_purchases_come_to_has_the_closed_forms() {
    // With p = 1 one purchase has a Lomax distribution, and the sum of two is as plain: γ = 20.00, and 44.70 on 2 purchases.
    let model = GammaGamma::new([1.0, 3.5, 20.0], Currency::USD).unwrap();
    for (seen, shape, scale) in [(spent(0, 0), 3.5, 2_000.0), (spent(2, 4_470), 5.5, 6_470.0)] {
        for amount in [1.0, 500.0, 2_999.0, 1e6] {
            let rest = scale / (scale + amount);
            near(model.at_most(seen, 1, amount), 1.0 - rest.powf(shape));
            near(model.at_most(seen, 2, amount), 1.0 - rest.powf(shape) * (1.0 + shape * (1.0 - rest)));
        }
        assert_eq!((model.at_most(seen, 1, 0.0), model.at_most(seen, 1, -1.0)), (0.0, 0.0));
    }
    let alike = GammaGamma::alike(1.0, 30.0, Currency::USD).unwrap();
    near(alike.at_most(spent(4, 100), 1, 4_500.0), 1.0 - (-1.5_f64).exp());
    near(alike.at_most(spent(4, 100), 2, 4_500.0), 1.0 - 2.5 * (-1.5_f64).exp());
    let steady = GammaGamma::steady(1.0, 30.0, Currency::USD).unwrap();
    near(steady.at_most(spent(0, 0), 3, 4_500.0), (-2.0_f64).exp());
    assert_eq!([2_999.0, 3_000.0].map(|amount| steady.at_most(spent(2, 2_000), 3, amount)), [0.0, 1.0]);

    // μ 10, σ 3, τ 4: after 9.00 twice, the mean is 10 − 32/41, its variance 16·9/41, and three purchases come to a variance of 27 + 9 times it.
    let normal = NormalNormal::new([10.0, 3.0, 4.0], SpendBasis::RepeatOnly, Currency::USD).unwrap();
    let deviation = 100.0 * (27.0_f64 + 9.0 * 16.0 * 9.0 / 41.0).sqrt();
    let mean = 300.0 * (10.0 - 32.0 / 41.0);
    near(normal.at_most(spent(2, 1_800), 3, mean), 0.5);
    near(normal.at_most(spent(2, 1_800), 3, mean + deviation), 0.841_344_746_068_542_9);
    near(normal.at_most(spent(2, 1_800), 3, mean - 2.0 * deviation), 0.022_750_131_948_179_21);
    let certain = NormalNormal::new([10.0, 0.0, 4.0], SpendBasis::RepeatOnly, Currency::USD).unwrap();
    assert_eq!([1_799.0, 1_800.0].map(|amount| certain.at_most(spent(1, 900), 2, amount)), [0.0, 1.0]);
}

#[test]
fn who_always_spends_the_same_spends_as_often_as_they_buy() {
    let steady = GammaGamma::steady(2.5, 30.0, Currency::USD).unwrap();
    for summary in [Summary::new(2, 213, 272).unwrap(), Summary::new(40, 497, 501).unwrap()] {
        for days in [0, 30, 365, 2_000] {
            let outlook = cdnow().outlook(summary);
            let (often, much) = (outlook.prediction(days, P90), outlook.spending(days, &steady, spent(2, 5_000), P90).unwrap());
            near(much.mean(), often.mean() * 2_500.0);
            near(much.low(), f64::from(often.low()) * 2_500.0);
            near(much.high(), f64::from(often.high()) * 2_500.0);
        }
    }
    let none = cdnow().outlook(Summary::new(2, 213, 272).unwrap()).spending(0, &steady, spent(2, 5_000), P90).unwrap();
    assert_eq!((none.mean(), none.low(), none.high(), none.confidence(), none.currency()), (0.0, 0.0, 0.0, P90, Currency::USD));
}

#[test]
fn simulated_customers_spend_within_the_range() {
    const MANY: u32 = 20_000;
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let (seen, days) = (spent(40, 160_000), 365);
    let outlook = cdnow().outlook(Summary::new(40, 497, 501).unwrap());
    let chances: Vec<f64> = (0..200).map(|n| outlook.exactly(n, days)).collect();
    let mut words = words(20_261_122);
    let mut found: Vec<f64> = (0..MANY)
        .map(|_| {
            let mut rest = (words() >> 11) as f64 / 9_007_199_254_740_992.0;
            let n = chances.iter().position(|chance| {
                rest -= chance;
                rest < 0.0
            });
            let amounts = model.simulate(seen, u32::try_from(n.unwrap()).unwrap(), Rounding::HalfEven, &mut words).unwrap();
            amounts.iter().map(|amount| amount.minor() as f64).sum()
        })
        .collect();
    found.sort_by(f64::total_cmp);
    for (confidence, tail) in [(P90, 0.05), (Confidence::P95, 0.025), (Confidence::P99, 0.005)] {
        let range = outlook.spending(days, &model, seen, confidence).unwrap();
        // Four standard errors; a cent more or less does not matter here.
        let off = 4.0 * (tail * (1.0 - tail) / f64::from(MANY)).sqrt();
        let share = |end: f64| found.partition_point(|amount| *amount <= end) as f64 / f64::from(MANY);
        // Whoever buys nothing more spends nothing, which is more probable than a tail.
        assert!(range.low() == 0.0 && share(0.0) > tail || (share(range.low()) - tail).abs() < off, "{confidence:?} {range:?}");
        assert!((share(range.high()) - (1.0 - tail)).abs() < off, "{confidence:?} {range:?}");
    }
    let mean = found.iter().sum::<f64>() / f64::from(MANY);
    let expected = outlook.spending(days, &model, seen, P90).unwrap().mean();
    assert!((mean / expected - 1.0).abs() < 0.02, "{mean} {expected}");
}

#[test]
fn what_has_no_range_is_refused() {
    let outlook = cdnow().outlook(Summary::new(2, 213, 272).unwrap());
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let ask = |spent: Spent| outlook.spending(365, &model, spent, P90);
    let all = Spent::new(SpendBasis::All, 2, Money::from_minor(4_470, Currency::USD));
    assert!(matches!(ask(all), Err(LifetimeError::WrongBasis { .. })));
    let euros = Spent::new(SpendBasis::RepeatOnly, 2, Money::from_minor(4_470, Currency::EUR));
    assert!(matches!(ask(euros), Err(LifetimeError::MixedCurrencies { .. })));
    assert!(matches!(ask(spent(2, 0)), Err(LifetimeError::NotPositive { .. })));
    let endless = GammaGamma::new([0.5, 0.5, 15.44], Currency::USD).unwrap();
    assert!(matches!(outlook.spending(365, &endless, spent(0, 0), P90), Err(LifetimeError::InfiniteMean { x: 0 })));
    let often = PurchaseModel::nbd([5e4, 1.0], TimeUnit::WEEK).unwrap().outlook(Summary::NEW);
    match often.spending(7_000, &model, spent(0, 0), P90) {
        Err(LifetimeError::TooManyToAddUp(purchases)) => near(purchases, 5e7),
        other => panic!("{other:?}"),
    }
}

/// Returns and refunds: a range can lie below zero.
#[test]
fn amounts_below_zero_have_a_range_too() {
    let normal = NormalNormal::new([-5.0, 30.0, 4.0], SpendBasis::RepeatOnly, Currency::USD).unwrap();
    let outlook = cdnow().outlook(Summary::new(40, 497, 501).unwrap());
    let range = outlook.spending(365, &normal, spent(40, -40_000), P90).unwrap();
    assert!(range.low() < range.mean() && range.mean() < 0.0 && range.high() >= 0.0, "{range:?}");
    let [low, high] = range.range_in_money().unwrap();
    assert!(low.minor() as f64 <= range.low() && high.minor() as f64 >= range.high());
    assert_eq!(range.in_money(Rounding::HalfEven).unwrap().currency(), Currency::USD);
}

proptest! {
    #![proptest_config(cases(60))]

    /// At most a tail lies below the range and at most a tail above, and no narrower range has that. More confidence is never less wide.
    #[test]
    fn the_ends_are_quantiles(
        r in 0.1..3.0_f64, alpha in 1.0..30.0_f64, a in 0.1..2.0_f64, b in 0.3..4.0_f64, k in 1_u8..4, p in 0.3..9.0_f64, q in 1.1..6.0_f64,
        scale in 1.0..90.0_f64, x in 0_u32..12, cents in 100_i64..20_000, days in 1_u32..400, below_zero: bool,
    ) {
        let model = PurchaseModel::mbg_cnbd(NonZeroU8::new(k).unwrap(), [r, alpha, a, b], TimeUnit::WEEK).unwrap();
        let outlook = model.outlook(Summary::new(x, if x == 0 { 0 } else { 200 }, 260).unwrap());
        let seen = spent(x, i64::from(x) * cents);
        let mut wider: Option<SpendPrediction> = None;
        for (confidence, tail) in [(Confidence::P99, 0.005), (P90, 0.05)] {
            let (range, at_most): (_, Box<dyn Fn(f64) -> f64>) = if below_zero {
                let spending = NormalNormal::new([scale - 45.0, p * 5.0, q], SpendBasis::RepeatOnly, Currency::USD).unwrap();
                let range = outlook.spending(days, &spending, seen, confidence).unwrap();
                let outlook = outlook.clone();
                (range, Box::new(move |amount| at_most(&outlook, days, &spending, seen, amount)))
            } else {
                let spending = GammaGamma::new([p, q, scale], Currency::USD).unwrap();
                let range = outlook.spending(days, &spending, seen, confidence).unwrap();
                let outlook = outlook.clone();
                (range, Box::new(move |amount| at_most(&outlook, days, &spending, seen, amount)))
            };
            let step = |end: f64| 1e-9 * end.abs() + 1e-9;
            prop_assert!(at_most(range.low() + step(range.low())) >= tail - 1e-9);
            // What is left out is a millionth of a tail.
            prop_assert!(at_most(range.low() - step(range.low())) <= tail * (1.0 + 2e-6), "{range:?}");
            prop_assert!(at_most(range.high() + step(range.high())) >= 1.0 - tail - 1e-9, "{range:?}");
            prop_assert!(at_most(range.high() - step(range.high())) <= 1.0 - tail * (1.0 - 2e-6), "{range:?}");
            if let Some(wider) = wider {
                prop_assert!(wider.low() <= range.low() && range.high() <= wider.high());
            }
            wider = Some(range);
        }
    }
}
