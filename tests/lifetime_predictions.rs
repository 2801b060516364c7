//! How many purchases chance may bring: quantiles, however many there are.
#![allow(clippy::unwrap_used)]

use customer_value::{
    quantity::Confidence,
    value::lifetime::{PurchaseModel, Rates, Summary, TimeUnit},
};

/// The laws of a range: at most a tail below and at most a tail above, and no narrower one from below or above.
fn is_range(model: &PurchaseModel, customer: Summary, days: u32, (confidence, tail): (Confidence, f64)) -> (u32, u32) {
    let outlook = model.outlook(customer);
    let range = outlook.prediction(days, confidence);
    let (mut below, mut at) = (0.0, 0);
    let mut upto = |n: u32| {
        while at <= n {
            below += outlook.exactly(at, days);
            at += 1;
        }
        below
    };
    let near = 1e-9;
    if range.low() > 0 {
        assert!(upto(range.low() - 1) <= tail + near, "{model:?} {range:?}");
    }
    assert!(upto(range.low()) > tail - near, "{model:?} {range:?}");
    if range.high() > range.low() {
        assert!(upto(range.high() - 1) < 1.0 - tail + near, "{model:?} {range:?}");
    }
    assert!(upto(range.high()) >= 1.0 - tail - near, "{model:?} {range:?}");
    (range.low(), range.high())
}

#[test]
fn a_range_is_one_for_few_and_for_hundreds() {
    let unit = TimeUnit::DAY;
    let models = [
        PurchaseModel::nbd([4.0, 2.0], unit).unwrap(),
        PurchaseModel::bg_nbd([1.0, 0.5, 1.0, 150.0], unit).unwrap(),
        PurchaseModel::mbg_nbd([2.0, 0.5, 0.8, 90.0], unit).unwrap(),
        PurchaseModel::bg_cnbd(2.try_into().unwrap(), [3.0, 0.5, 1.0, 99.0], unit).unwrap(),
        PurchaseModel::pareto_nbd([2.0, 1.0, 0.6, 90.0], unit).unwrap(),
        PurchaseModel::new(Rates::alike(1.5).unwrap(), 1.try_into().unwrap(), models_dropout(), unit).unwrap(),
    ];
    let mut far = 0;
    for model in &models {
        for customer in [Summary::NEW, Summary::new(30, 19, 20).unwrap(), Summary::new(90, 20, 60).unwrap()] {
            for days in [1, 20, 200] {
                for confidence in [(Confidence::P90, 0.05), (Confidence::P95, 0.025)] {
                    far += u32::from(is_range(model, customer, days, confidence).1 > 64);
                }
            }
        }
    }
    assert!(far > 30, "{far}");
}

fn models_dropout() -> customer_value::value::lifetime::Dropout {
    customer_value::value::lifetime::Dropout::InTime { hazard: Rates::alike(0.004).unwrap(), ageing: 0.01 }
}

#[test]
fn millions_of_purchases_have_their_quantiles() {
    // Rates of 10⁴ a day, of a relative width of 10⁻³: the number is nearly normal.
    let model = PurchaseModel::nbd([1e6, 1e2], TimeUnit::DAY).unwrap();
    let range = model.outlook(Summary::NEW).prediction(365, Confidence::P95);
    let (mean, deviation) = (3_650_000.0, libm::sqrt(3_650_000.0 * (1.0 + 3.65)));
    assert!((range.mean() - mean).abs() < 1e-6 * mean);
    for (found, sign) in [(range.low(), -1.0), (range.high(), 1.0)] {
        let normal = mean + sign * 1.959_964 * deviation;
        assert!((f64::from(found) - normal).abs() < 0.01 * deviation, "{range:?} {normal}");
    }
    // More than can be told is that many and more.
    let model = PurchaseModel::nbd([1e6, 1e-3], TimeUnit::DAY).unwrap();
    let range = model.outlook(Summary::NEW).prediction(365, Confidence::P95);
    assert_eq!((range.low(), range.high()), (u32::MAX, u32::MAX));
    // A customer who may be gone: nothing, or very many.
    let model = PurchaseModel::pareto_nbd([1e6, 1e2, 1.0, 100.0], TimeUnit::DAY).unwrap();
    let outlook = model.outlook(Summary::NEW);
    let range = outlook.prediction(365, Confidence::P90);
    // Gone within 5.3 days with 5 %; there for all 365 days with 22 %.
    let early = 1e4 * 100.0 * (1.0 / 0.95 - 1.0);
    assert!((f64::from(range.low()) / early - 1.0).abs() < 0.01, "{range:?} {early}");
    assert!((f64::from(range.high()) - mean).abs() < 3.0 * deviation && range.high() > range.low(), "{range:?}");
}

#[test]
fn a_customer_of_thousands_is_told_at_once() {
    let model = PurchaseModel::pareto_nbd([0.553, 10.578, 0.606, 11.669], TimeUnit::WEEK).unwrap();
    let outlook = model.outlook(Summary::new(10_000, 365, 365).unwrap());
    let range = outlook.prediction(3650, Confidence::P95);
    assert!(range.low() < 20_000 && range.high() > 60_000 && f64::from(range.high()) < 1.2e5, "{range:?}");
    assert!(f64::from(range.low()) < range.mean() && range.mean() < f64::from(range.high()));
}
