//! Effects of treatments: published intervals, merging, small arms, and input that means harm.
#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, dec, gbp};
use customer_value::{
    money::{
        Currency, Money, MoneyError,
        Rounding::{Ceiling, Floor, HalfEven},
    },
    quantity::{Confidence, Estimate},
    tier::effect::{Amounts, Conversions, EffectError, MeanDifference, difference, gain, lift},
};
use proptest::{collection::vec, prop_assert, prop_assert_eq, proptest};

const P95: Confidence = Confidence::P95;

fn arm(converted: u64, customers: u64) -> Conversions {
    Conversions::new(converted, customers).unwrap()
}

fn amounts(minor: &[i64]) -> Amounts {
    let mut amounts = Amounts::new(Currency::GBP);
    for &m in minor {
        amounts.push(gbp(m)).unwrap();
    }
    amounts
}

#[track_caller]
fn near(found: f64, want: f64, off: f64) {
    assert!((found - want).abs() <= off, "{found} instead of {want}");
}

/// Newcombe (1998), Table II, method 10.
#[test]
fn differences_of_shares_are_newcombes() {
    for (treated, control, low, high) in [
        (arm(56, 70), arm(48, 80), 0.0524, 0.3339),
        (arm(9, 10), arm(3, 10), 0.1705, 0.8090),
        (arm(5, 56), arm(0, 29), -0.0381, 0.1926),
        (arm(0, 10), arm(0, 20), -0.1611, 0.2775),
        (arm(10, 10), arm(0, 20), 0.6791, 1.0),
    ] {
        let found = difference(&treated, &control, P95).unwrap();
        near(found.low(), low, 5.1e-5);
        near(found.high(), high, 5.1e-5);
        // The other way round, the same with the signs changed.
        let turned = difference(&control, &treated, P95).unwrap();
        near(turned.low(), -found.high(), 1e-15);
    }
    let rate = arm(15, 148).rate_estimate(P95).unwrap(); // statsmodels
    near(rate.low(), 0.062_386, 5e-7);
    near(rate.high(), 0.160_487, 5e-7);
}

/// R: `t.test(extra ~ group, data = sleep)`: t = -1.8608, df = 17.776, 95 percent confidence interval -3.3654832 0.2054832 (Student 1908).
#[test]
fn differences_of_means_are_welchs() {
    let (one, two) = ([7, -16, -2, -12, -1, 34, 37, 8, 0, 20], [19, 8, 11, 1, -1, 44, 55, 16, 46, 34]);
    let found = amounts(&one).difference(&amounts(&two), P95).unwrap();
    near(found.per_customer.value(), -15.8, 1e-12);
    near(found.per_customer.low(), -33.654_832, 5e-7);
    near(found.per_customer.high(), 2.054_832, 5e-7);
    near(found.degrees_of_freedom, 17.776, 5e-4);
    assert!(found.per_customer.covers(0.0) && !found.per_customer.covers(2.1));
    // An arm without variation leaves the degrees of freedom of the other: ±4.3027 (t of 2 at 0.975) · √(100/3).
    let found = amounts(&[0, 10, 20]).difference(&amounts(&[4; 50]), P95).unwrap();
    near(found.degrees_of_freedom, 2.0, 1e-12);
    near(found.per_customer.high(), 6.0 + 4.302_652_73 * f64::sqrt(100.0 / 3.0), 1e-6);
}

/// A large mean with a small spread, where sums of floating-point squares lose everything.
#[test]
fn exact_sums_lose_no_digits() {
    let shift = 1_000_000_000_000_000;
    let (one, other) = ([1, 3, 2, 7], [2, 1, 1, 9]);
    let far = |minor: [i64; 4]| amounts(&minor.map(|m| m + shift));
    let (near_, far_) = (amounts(&one).difference(&amounts(&other), P95).unwrap(), far(one).difference(&far(other), P95).unwrap());
    assert_eq!(near_, far_);
    near(far_.per_customer.value(), 0.0, 0.0);
}

#[test]
fn small_and_empty_arms_get_honest_answers() {
    let few = |customers, least| EffectError::TooFew { customers, least };
    assert_eq!(difference(&arm(0, 0), &arm(1, 2), P95), Err(few(0, 1)));
    assert_eq!(lift(&arm(1, 2), &arm(0, 0), P95), Err(few(0, 1)));
    assert_eq!(arm(0, 0).rate_estimate(P95), Err(few(0, 1)));
    assert_eq!((arm(0, 0).rate(), arm(1, 3).rate()), (None, Some("1/3".parse().unwrap())));
    assert_eq!(lift(&arm(5, 9), &arm(0, 9), P95), Err(EffectError::NoBase));
    assert_eq!(lift(&arm(0, 9), &arm(5, 9), P95).unwrap().value().to_bits(), (-1.0_f64).to_bits());
    assert_eq!(Conversions::new(3, 2), Err(EffectError::TooManyConversions { converted: 3, customers: 2 }));
    for (left, right, customers) in [(vec![], vec![1, 2], 0), (vec![1], vec![1, 2], 1), (vec![1, 2], vec![5], 1)] {
        assert_eq!(amounts(&left).difference(&amounts(&right), P95), Err(few(customers, 2)));
    }
    assert_eq!(amounts(&[5, 5]).difference(&amounts(&[7, 7, 7]), P95), Err(EffectError::NoVariation));
    assert_eq!((amounts(&[]).mean_minor(), amounts(&[1, 2]).mean_minor()), (None, Some("1.5".parse().unwrap())));
    let mixed = EffectError::Money(MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR });
    assert_eq!(amounts(&[1, 2]).difference(&Amounts::new(Currency::EUR), P95), Err(mixed.clone()));
    let mut one = amounts(&[1]);
    assert_eq!(one.push(Money::zero(Currency::EUR)), Err(mixed));
    assert_eq!(one, amounts(&[1]));
}

#[test]
fn the_ends_of_the_range_do_not_overflow() {
    let mut huge = amounts(&[i64::MIN; 3]);
    let before = huge.clone();
    assert_eq!(huge.push(gbp(i64::MIN)), Err(EffectError::TooLarge));
    assert_eq!(huge, before);
    assert_eq!(huge.total(), Err(MoneyError::Overflow { currency: Currency::GBP }));
    let found = huge.difference(&amounts(&[i64::MAX, i64::MAX - 1]), P95).unwrap();
    assert!(found.per_customer.low() <= found.per_customer.value() && found.per_customer.value() < -1.8e19);
    assert_eq!(found.gain(u64::MAX, gbp(0), HalfEven), Err(EffectError::Money(MoneyError::Overflow { currency: Currency::GBP })));
    let mut all = arm(u64::MAX, u64::MAX);
    assert_eq!(all.push(false), Err(EffectError::TooLarge));
    assert_eq!(all, arm(u64::MAX, u64::MAX));
    assert!(difference(&all, &arm(0, u64::MAX), P95).unwrap().low() > 0.999);
    // Confidence far out, and hardly any.
    for level in ["0.9999999999999999999999999999", "0.0000000000000000000000000001"] {
        let confidence = Confidence::new(dec(level)).unwrap();
        let found = amounts(&[1, 2]).difference(&amounts(&[1, 3]), confidence).unwrap();
        assert!(found.per_customer.low().is_finite() && found.per_customer.low() <= found.per_customer.high());
        difference(&arm(1, 2), &arm(1, 3), confidence).unwrap();
    }
    for bad in ["0", "1", "-0.5", "95"] {
        assert!(Confidence::new(dec(bad)).is_err());
    }
}

#[test]
fn what_a_treatment_makes_enters_money_by_name() {
    let (treated, control) = (arm(56, 70), arm(48, 80));
    let more = difference(&treated, &control, P95).unwrap();
    let made = gain(&more, gbp(30_00), 1000, gbp(1_000_00), HalfEven).unwrap();
    assert_eq!((made.value, made.confidence), (gbp(5_000_00), P95)); // 0.2 · 1000 · 30 − 1000
    assert_eq!((made.low.minor() / 100, made.high.minor() / 100), (572, 9016)); // 0.05240·30000 − 1000, 0.33387·30000 − 1000
    assert_eq!(gain(&more, gbp(-1), 1, gbp(0), HalfEven), Err(EffectError::NegativeMargin(gbp(-1))));
    let mixed = EffectError::Money(MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR });
    assert_eq!(gain(&more, gbp(1), 1, Money::zero(Currency::EUR), HalfEven), Err(mixed.clone()));
    let means = amounts(&[0, 10, 20, 31]).difference(&amounts(&[1, 2, 3, 4]), P95).unwrap(); // 15.25 − 2.5
    for (rounding, want) in [(Floor, 12), (Ceiling, 13), (HalfEven, 13)] {
        assert_eq!(means.gain(1, gbp(0), rounding).unwrap().value, gbp(want), "{rounding:?}");
    }
    assert_eq!(means.gain(4, gbp(50), HalfEven).unwrap().value, gbp(1));
    assert_eq!(means.gain(1, Money::zero(Currency::EUR), HalfEven), Err(mixed));
    assert_eq!(means.gain(0, gbp(7), HalfEven).unwrap().high, gbp(-7));
}

#[test]
fn hostile_json_is_refused() {
    let text = r#"{"currency":"GBP","customers":2,"sum":"7","squares":"29"}"#; // 2 and 5
    let read: Amounts = serde_json::from_str(text).unwrap();
    assert_eq!((serde_json::to_string(&read).unwrap().as_str(), &read), (text, &amounts(&[2, 5])));
    for (good, bad) in [
        ("29", "24"), // less than the square of the mean
        ("29", "30"), // even, the sum odd
        ("29", "-29"),
        ("\"customers\":2", "\"customers\":1"),
        ("\"customers\":2", "\"customers\":0"),
        ("\"7\"", "\"7.0\""),
        ("\"customers\"", "\"more\":1,\"customers\""),
    ] {
        assert!(serde_json::from_str::<Amounts>(&text.replacen(good, bad, 1)).is_err(), "{bad}");
    }
    let none = r#"{"currency":"GBP","customers":0,"sum":"0","squares":"0"}"#;
    assert_eq!(serde_json::from_str::<Amounts>(none).unwrap(), amounts(&[]));
    assert!(serde_json::from_str::<Amounts>(&none.replace("\"squares\":\"0\"", "\"squares\":\"2\"")).is_err());
    assert!(serde_json::from_str::<Conversions>(r#"{"converted":3,"customers":2}"#).is_err());
    assert!(serde_json::from_str::<Conversions>(r#"{"converted":2,"customers":3}"#).is_ok());

    let text = r#"{"value":"0.1","low":"-0.5","high":"1","confidence":"0.95"}"#;
    let read: Estimate = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    for (good, bad) in [("\"0.1\"", "\"1.1\""), ("\"1\"", "\"inf\""), ("\"0.1\"", "\"NaN\""), ("\"0.1\"", "0.1"), ("0.95", "1")] {
        assert!(serde_json::from_str::<Estimate>(&text.replacen(good, bad, 1)).is_err(), "{bad}");
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn merging_is_a_commutative_monoid(minor in vec(-1000..1000_i64, 0..20), cut in 0..20_usize) {
        let (left, right) = minor.split_at(cut.min(minor.len()));
        let mut merged = amounts(right);
        merged.merge(&amounts(left)).unwrap();
        merged.merge(&amounts(&[])).unwrap();
        prop_assert_eq!(&merged, &amounts(&minor));
        prop_assert_eq!(merged.total().unwrap(), gbp(minor.iter().sum()));
        let mut counted = Conversions::default();
        for &m in &minor {
            counted.push(m > 0).unwrap();
        }
        let yes = |part: &[i64]| arm(part.iter().filter(|m| **m > 0).count() as u64, part.len() as u64);
        let mut parts = yes(right);
        parts.merge(&yes(left)).unwrap();
        prop_assert_eq!(counted, parts);
    }

    /// Both intervals lie around their value, agree about "no effect", and are wider when they are to be surer.
    #[test]
    fn intervals_agree_and_are_in_order(a in 0..40_u64, n in 0..40_u64, b in 1..40_u64, m in 0..40_u64) {
        let (treated, control) = (arm(a, a + n.max(1)), arm(b, b + m));
        let (by, of) = (difference(&treated, &control, P95).unwrap(), lift(&treated, &control, P95).unwrap());
        prop_assert!(by.low() >= -1.0 && by.high() <= 1.0 && of.low() >= -1.0);
        let clear = |e: &Estimate| e.low().abs().min(e.high().abs()) > 1e-9;
        if clear(&by) && clear(&of) {
            prop_assert_eq!(by.covers(0.0), of.covers(0.0));
        }
        let surer = difference(&treated, &control, Confidence::P99).unwrap();
        prop_assert!(surer.low() <= by.low() && surer.high() >= by.high());
    }

    /// Swapped arms change the sign; a shift of both changes nothing; twice the amounts are twice the difference.
    #[test]
    fn means_turn_shift_and_scale(one in vec(-500..500_i64, 2..9), other in vec(-500..500_i64, 2..9), shift in -1000..1000_i64) {
        let at = |f: &dyn Fn(i64) -> i64| {
            let all = |v: &[i64]| amounts(&v.iter().map(|&x| f(x)).collect::<Vec<_>>());
            all(&one).difference(&all(&other), P95)
        };
        let Ok(plain) = at(&|x| x) else { return Ok(()) };
        prop_assert_eq!(at(&|x| x + shift).unwrap(), plain);
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs());
        let ends = |d: &MeanDifference| (d.per_customer.low(), d.per_customer.high());
        let twice = ends(&at(&|x| 2 * x).unwrap());
        prop_assert!(close(twice.0, 2.0 * ends(&plain).0) && close(twice.1, 2.0 * ends(&plain).1));
        let turned = ends(&amounts(&other).difference(&amounts(&one), P95).unwrap());
        prop_assert!(close(turned.0, -ends(&plain).1) && close(turned.1, -ends(&plain).0));
        prop_assert!(plain.degrees_of_freedom > 0.999);
    }
}
