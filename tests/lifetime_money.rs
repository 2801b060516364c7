//! What customers spend and are worth, against published numbers and laws.
// Figures stand as their sources print them.
#![allow(clippy::unreadable_literal, clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
#![allow(clippy::float_cmp, clippy::unwrap_used)]
extern crate alloc;

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use common::{cases, rows};
use core::num::NonZeroU32;
use customer_value::{
    money::{Currency, Money, Ratio, Rounding},
    quantity::Confidence,
    value::RepeatPurchases,
    value::economics::Timing,
    value::lifetime::{
        AmountCounts, Discount, DiscountRate, FallsDue, Family, FirstPurchase, Fit, GammaGamma, Horizon, LifetimeError, Limit,
        NormalNormal, PurchaseCounts, PurchaseModel, RatePeriod, SpendBasis, SpendCounts, Spending, Spent, Summary, TimeUnit,
        ValueCounts, ValueTerms, ValueWarning,
    },
};
use proptest::prelude::*;
use shared::{all_near, near, values};
use std::sync::LazyLock;

const P90: Confidence = Confidence::P90;

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

fn repeats(x: u32, cents: i64) -> Spent {
    Spent::new(SpendBasis::RepeatOnly, x, usd(cents))
}

fn spending(rows: &[(u32, i64)]) -> SpendCounts {
    let mut counts = SpendCounts::new(Currency::USD);
    for &(x, cents) in rows {
        counts.push(repeats(x, cents), 1).unwrap();
    }
    counts
}

fn days(days: u32) -> NonZeroU32 {
    NonZeroU32::new(days).unwrap()
}

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

/// The customers of CDNOW as lifetimes ships them. A thousandth of a week stands for the day, because its month has 4.345 weeks.
static CDNOW: LazyLock<Vec<RepeatPurchases>> = LazyLock::new(|| {
    let thousand = |text: &str| (text.parse::<f64>().unwrap() * 1000.0).round() as u32;
    let row = |r: &Vec<String>| {
        let x: u32 = r[1].parse().unwrap();
        let cents = (r[4].parse::<f64>().unwrap() * 100.0).round() as i64;
        RepeatPurchases { x, t_x_days: thousand(&r[2]), t_days: thousand(&r[3]), value: usd(cents * i64::from(x)) }
    };
    rows("cdnow_customers_summary_with_transactions.csv.gz").iter().map(row).collect()
});

static BASE: LazyLock<ValueCounts> = LazyLock::new(|| {
    let mut base = ValueCounts::new(SpendBasis::RepeatOnly, Currency::USD);
    for r in CDNOW.iter() {
        base.push(Summary::try_from(r).unwrap(), r, 1).unwrap();
    }
    base
});

static BUYING: LazyLock<Fit<PurchaseModel>> = LazyLock::new(|| {
    let counts: PurchaseCounts = BASE.purchases().unwrap();
    PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::days(days(1000))).unwrap()
});

static SPENDING: LazyLock<Fit<GammaGamma>> = LazyLock::new(|| {
    let mut counts = SpendCounts::new(Currency::USD);
    CDNOW.iter().filter(|r| r.x > 0).for_each(|r| counts.push(r, 1).unwrap());
    GammaGamma::fit(&counts).unwrap()
});

/// lifetimes' year: twelve months of 4.345 weeks, 1 % a month, what is bought in a month paid at its end.
fn lifetimes_year() -> ValueTerms {
    let rate = DiscountRate::new(ratio("0.01"), RatePeriod::Days(days(4345))).unwrap();
    let due = FallsDue::InPeriods { days: days(4345), timing: Timing::End };
    ValueTerms::new(Discount { rate, due, horizon: Horizon::Days(12 * 4345) }, Ratio::ONE, SpendBasis::RepeatOnly).unwrap()
}

#[test]
fn spending_and_value_of_cdnow_as_lifetimes_computes_them() {
    // lifetimes 0.11.3: conditional_expected_average_profit, customer_lifetime_value.
    let means: Vec<f64> = CDNOW[..10].iter().map(|r| SPENDING.model().mean(r).unwrap().minor() / 100.0).collect();
    let (none, low) = (35.1710020883, 18.9114798416);
    all_near(&means, &[24.6586161744, low, none, none, none, 71.4628508045, low, none, 27.2824075670, none], 1e-8);
    let value = |r: &RepeatPurchases| {
        lifetimes_year().residual(BUYING.model(), SPENDING.model(), Summary::try_from(r).unwrap(), r).unwrap().minor() / 100.0
    };
    let first: Vec<f64> = CDNOW[..3].iter().map(value).collect();
    all_near(&first, &[36.2784964913, 4.6374667941, 8.3440926601], 1e-8);
    let equity = lifetimes_year().equity(BUYING.model(), SPENDING.model(), &BASE, P90).unwrap();
    near(equity.minor() / 100.0, 71509.8999, 5e-8);
    // The same sum from the closed form of the literature with mpmath, at parameters of ten digits: lifetimes' own is off in the eighth.
    near(equity.minor() / 100.0, 71509.897884344, 1e-9);
    assert_eq!(equity.customers(), 2357);
    assert_eq!(equity.in_money(Rounding::HalfEven).unwrap().to_string(), "71509.90 USD");
    // The literature's 0.11, which it takes for small enough: it is small, and it is there.
    let &[ValueWarning::SpendGoesWithFrequency(correlation)] = equity.warnings() else { panic!("{equity:?}") };
    assert!(correlation.low() > 0.0 && correlation.value() < 0.2, "{correlation:?}");
}

#[test]
fn the_interval_of_a_value_adds_the_variances_of_both_logarithms() {
    let (customer, terms) = (&CDNOW[0], lifetimes_year());
    let summary = Summary::try_from(customer).unwrap();
    let found = terms.residual_estimate(&BUYING, &SPENDING, summary, customer, P90).unwrap();
    near(found.value() / 100.0, 36.2784964913, 1e-8);
    let link = customer_value::value::lifetime::Link::Log;
    let often = BUYING.estimate(|m| m.outlook(summary).discounted(&terms.discount()).unwrap(), link, P90).unwrap();
    let much = SPENDING.estimate(|m| m.mean(customer).unwrap().minor(), link, P90).unwrap();
    let half = |e: &customer_value::quantity::Estimate| (e.high() / e.value()).ln();
    near(half(&found), half(&often).hypot(half(&much)), 1e-6);
    near((found.value() / found.low()).ln(), half(&found), 1e-9);
    // Costs above sales turn the interval round.
    let loss = ValueTerms::new(terms.discount(), ratio("-0.5"), terms.basis()).unwrap();
    let lost = loss.residual_estimate(&BUYING, &SPENDING, summary, customer, P90).unwrap();
    near(lost.low(), -0.5 * found.high(), 1e-12);
}

#[test]
fn the_interval_of_a_base_is_that_of_its_sum() {
    let mut two = ValueCounts::new(SpendBasis::RepeatOnly, Currency::USD);
    CDNOW[..2].iter().for_each(|r| two.push(Summary::try_from(r).unwrap(), r, 5).unwrap());
    let terms = lifetimes_year();
    let found = terms.equity_estimate(&BUYING, &SPENDING, &two, P90).unwrap();
    near(found.value(), terms.equity(BUYING.model(), SPENDING.model(), &two, P90).unwrap().minor(), 1e-13);
    near(found.value() / 500.0, 36.2784964913 + 4.6374667941, 1e-8);
    let one = |r| terms.residual_estimate(&BUYING, &SPENDING, Summary::try_from(r).unwrap(), r, P90).unwrap();
    let apart = [&CDNOW[0], &CDNOW[1]].map(|r| 5.0 * (one(r).high() - one(r).low()));
    // Errors of the same parameters go together, more or less.
    let width = found.high() - found.low();
    assert!(width > apart[0].max(apart[1]) && width < 1.05 * (apart[0] + apart[1]), "{width} {apart:?}");
}

#[test]
fn discounted_purchases_agree_with_quadrature_over_rates_and_chances() {
    // mpmath, 25 digits, by brute force: P(alive) times ∫ e^(−δu) dE(u), where the rate dE/du of a customer who is alive is
    // (r + x)/(α + T) · ₂F₁(r + x + 1, a; a + b + x; −u/(α + T)), b + 1 in MBG; δ = ln 1.1/365, without end and over 365 days.
    let bg = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK).unwrap();
    let mbg = PurchaseModel::mbg_nbd([0.525, 6.183, 0.891, 1.614], TimeUnit::WEEK).unwrap();
    let rate = DiscountRate::annual_365(ratio("0.1")).unwrap();
    for (model, (x, t_x, t), want) in [
        (bg, (2, 213, 272), [6.36977849523067, 1.49524185159132]),
        (bg, (0, 0, 272), [1.30339244026358, 0.241553503293539]),
        (bg, (26, 216, 217), [85.2848693053186, 24.7489503718701]),
        (mbg, (2, 213, 272), [5.97122701071673, 1.53269624135924]),
        (mbg, (0, 0, 272), [0.90741482473962, 0.189534563134303]),
        (mbg, (26, 216, 217), [72.6705081268158, 23.0728851269443]),
    ] {
        let outlook = model.outlook(Summary::new(x, t_x, t).unwrap());
        let found = [Horizon::ForEver, Horizon::Days(365)]
            .map(|horizon| outlook.discounted(&Discount { rate, due: FallsDue::AsTheyOccur, horizon }).unwrap());
        all_near(&found, &want, 1e-10);
    }
}

#[test]
fn residual_transactions_of_pareto_nbd() {
    // mpmath, 40 digits: DERT, discounted continuously by δ per week. The rates are e^δ − 1.
    let model = |parameters| PurchaseModel::pareto_nbd(parameters, TimeUnit::days(days(100))).unwrap();
    let published = model([0.5534, 10.5802, 0.6061, 11.6562]);
    let discounted = |model: PurchaseModel, (x, t_x, t): (u32, u32, u32), rate: &str, horizon| {
        let rate = DiscountRate::new(ratio(rate), RatePeriod::Days(days(100))).unwrap();
        let discount = Discount { rate, due: FallsDue::AsTheyOccur, horizon };
        model.outlook(Summary::new(x, t_x, t).unwrap()).discounted(&discount).unwrap()
    };
    let low = "0.0027036482827155337805";
    for (customer, want) in [
        ((26, 3086, 3100), 86.030375615363),
        ((2, 3043, 3886), 6.4825623649403),
        ((0, 0, 3886), 0.47682305811523),
        ((10, 2000, 3100), 13.364907297847),
        ((300, 10_000, 10_400), 5.6982222545589),
        ((1000, 38_000, 39_000), 1.1402463458508e-5),
        ((5000, 38_000, 39_000), 3.4460623208831e-48),
        ((7, 3000, 3900), 16.961092373118),
    ] {
        near(discounted(published, customer, low, Horizon::ForEver), want, 3e-10);
    }
    for (rate, want) in [
        ("0.10517091807564762481", 1.0633124783305),
        ("1.7182818284590452354", 0.11595246258958),
        ("147.41315910257660342", 0.023406957022044),
        ("485165194.40979027797", 0.0058621841171115),
    ] {
        near(discounted(published, (7, 3000, 3900), rate, Horizon::ForEver), want, 1e-12);
    }
    let pole = model([0.5534, 10.58, 1.0, 11.66]);
    near(discounted(pole, (7, 3000, 3900), low, Horizon::ForEver), 9.0072865607086, 1e-12);
    // ln 1.1 a year of 52 weeks.
    let yearly = DiscountRate::new(ratio("0.1"), RatePeriod::Days(days(5200))).unwrap();
    let discount = Discount { rate: yearly, due: FallsDue::AsTheyOccur, horizon: Horizon::ForEver };
    let outlook = model([0.53, 38.0, 64.28, 7721.5]).outlook(Summary::new(1, 3000, 14_500).unwrap());
    near(outlook.discounted(&discount).unwrap(), 0.18101323587627, 1e-12);
    // Far ahead there is no difference to without end, and periods of a day come close.
    let far = discounted(published, (2, 3043, 3886), low, Horizon::Days(5_000_000));
    near(far, 6.4825623649403, 1e-10);
    let due = FallsDue::InPeriods { days: days(1), timing: Timing::Middle };
    let near_by = Discount { rate: yearly, due, horizon: Horizon::Days(3000) };
    let outlook = published.outlook(Summary::new(2, 3043, 3886).unwrap());
    let exactly = outlook.discounted(&Discount { due: FallsDue::AsTheyOccur, ..near_by }).unwrap();
    near(outlook.discounted(&near_by).unwrap(), exactly, 1e-9);
}

#[test]
fn rates_of_discount_are_what_their_period_says() {
    near(DiscountRate::annual_365(ratio("0.1")).unwrap().factor(365.0), 1.0 / 1.1, 1e-15);
    near(DiscountRate::annual_365_25(ratio("0.1")).unwrap().factor(365.25), 1.0 / 1.1, 1e-15);
    near(DiscountRate::new(ratio("0.1"), RatePeriod::Days(days(7))).unwrap().factor(14.0), 1.0 / 1.21, 1e-15);
    assert_eq!(DiscountRate::annual_365(ratio("-0.1")), Err(LifetimeError::BadDiscount(ratio("-0.1"))));
    let model = PurchaseModel::nbd([0.4, 12.0], TimeUnit::WEEK).unwrap();
    let outlook = model.outlook(Summary::NEW);
    let free = DiscountRate::annual_365(Ratio::ZERO).unwrap();
    let discount = |rate, due, horizon| Discount { rate, due, horizon };
    let in_days = FallsDue::InPeriods { days: days(1), timing: Timing::Middle };
    assert_eq!(outlook.discounted(&discount(free, in_days, Horizon::ForEver)), Err(LifetimeError::Endless));
    assert_eq!(outlook.discounted(&discount(free, in_days, Horizon::Days(u32::MAX))).unwrap(), outlook.purchases(u32::MAX));
    let slow = DiscountRate::annual_365(ratio("0.0001")).unwrap();
    let many = outlook.discounted(&discount(slow, in_days, Horizon::ForEver));
    assert!(matches!(many, Err(LifetimeError::TooManyPeriods(n)) if n > 1e6), "{many:?}");
    // Nobody drops out: an annuity, m/δ as they occur and m·L/(e^(δL) − 1) at the end of each period of L days.
    let rate = DiscountRate::annual_365(ratio("0.1")).unwrap();
    let (per_day, delta) = (0.4 / 84.0, 1.1_f64.ln() / 365.0);
    near(outlook.discounted(&discount(rate, FallsDue::AsTheyOccur, Horizon::ForEver)).unwrap(), per_day / delta, 1e-12);
    let year = |timing| discount(rate, FallsDue::InPeriods { days: days(365), timing }, Horizon::ForEver);
    let year = |timing| outlook.discounted(&year(timing)).unwrap();
    near(year(Timing::End), 365.0 * per_day / 0.1, 1e-12);
    near(year(Timing::Middle), 365.0 * per_day / 0.1 * 1.1_f64.sqrt(), 1e-12);
    near(year(Timing::Start), 365.0 * per_day / 0.1 * 1.1, 1e-12);
    // A horizon in mid-period cuts the purchases off, not the wait: 10 days of purchases, paid after a year.
    let short = discount(rate, FallsDue::InPeriods { days: days(365), timing: Timing::End }, Horizon::Days(10));
    near(outlook.discounted(&short).unwrap(), 10.0 * per_day / 1.1, 1e-12);
}

#[test]
fn the_limits_of_gamma_gamma_are_models() {
    // mpmath, 30 digits: the likelihood of a gamma distribution with shape p·x, and of an inverse gamma distribution, solved for the shape.
    let alike = spending(&[(1, 500), (1, 1500), (4, 4000), (4, 4010), (9, 9000), (16, 16_000), (16, 16_010)]);
    let fit = GammaGamma::fit(&alike).unwrap();
    assert_eq!(fit.limits(), [Limit::SameSpending]);
    all_near(&values(fit.model()), &[12.2304826312462, 10.0039215686275], 1e-9);
    near(fit.log_likelihood(), -11.7821227760327, 1e-11);
    assert_eq!(fit.model().parameters(), [fit.model().parameters()[0], f64::INFINITY, f64::INFINITY]);
    assert!(fit.standard_errors().is_some_and(|errors| errors.len() == 2));
    for spent in [repeats(0, 0), repeats(7, 1), repeats(1, 1_000_000)] {
        let mean = fit.model().mean(spent).unwrap();
        assert_eq!((mean.in_money(Rounding::HalfEven).unwrap(), mean.own_weight()), (usd(10_00), 0.0));
        let range = fit.model().range(spent, P90).unwrap();
        assert_eq!((range.low(), range.high()), (mean.minor(), mean.minor()));
    }
    let steady = spending(&[(1, 4000), (2, 1500), (1, 700), (3, 1980), (1, 580), (2, 1120), (1, 510)]);
    let fit = GammaGamma::fit(&steady).unwrap();
    assert_eq!(fit.limits(), [Limit::SteadySpending]);
    all_near(&values(fit.model()), &[3.57726613438365, 7.00161540743421], 1e-9);
    near(fit.log_likelihood(), -20.4425885829448, 1e-12);
    let (own, all) = (fit.model().mean(repeats(3, 100)).unwrap(), fit.model().mean(repeats(0, 0)).unwrap());
    assert_eq!((own.minor(), own.own_weight(), all.own_weight()), (100.0 / 3.0, 1.0, 0.0));
    near(all.minor(), 100.0 * 3.57726613438365 * 7.00161540743421 / 2.57726613438365, 1e-9);
    // An inverse gamma distribution with a shape of 1 and less has a median, and no mean.
    let model = GammaGamma::steady(1.0, 5.0, Currency::USD).unwrap();
    assert_eq!(model.mean(repeats(0, 0)), Err(LifetimeError::InfiniteMean { x: 0 }));
    near(model.range(repeats(0, 0), P90).unwrap().value(), 500.0 / 2.0_f64.ln(), 1e-13);
    for model in [fit.model().on(SpendBasis::All), model, GammaGamma::alike(2.5, 10.0, Currency::USD).unwrap()] {
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<GammaGamma>(&text).unwrap(), model, "{text}");
    }
    let text = serde_json::to_string(&GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap()).unwrap();
    let want = r#"{"spending":{"varied":{"p":"6.25","q":"3.74","gamma":"15.44"}},"basis":"repeat-only","currency":"USD"}"#;
    assert_eq!(text, want);
    for (old, new) in [("3.74", "0"), ("varied", "alike"), ("repeat-only", "first"), ("15.44", "inf")] {
        assert!(serde_json::from_str::<GammaGamma>(&text.replace(old, new)).is_err(), "{new}");
    }
}

#[test]
fn the_median_and_the_range_exist_for_every_q() {
    // mpmath, from the regularised incomplete gamma function: 5 %, 50 % and 95 % of a customer's mean, in dollars.
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    for (spent, want) in [
        (repeats(2, 44_70), [16.072182801656, 23.628181763749, 36.755121481945]),
        (repeats(0, 0), [13.073791947367, 28.278640252102, 79.262275029715]),
    ] {
        let range = model.range(spent, P90).unwrap();
        all_near(&[range.low(), range.value(), range.high()].map(|cents| cents / 100.0), &want, 1e-12);
    }
    let wild = GammaGamma::new([6.25, 0.5, 15.44], Currency::USD).unwrap();
    assert!(wild.mean(repeats(0, 0)).is_err());
    near(wild.range(repeats(0, 0), P90).unwrap().value() / 100.0, 424.23510229532, 1e-12);
    // So wild that 1 in 20 customers has no number for a mean.
    let wilder = GammaGamma::new([1.0, 1e-3, 1.0], Currency::USD).unwrap();
    assert!(matches!(wilder.range(repeats(0, 0), P90), Err(LifetimeError::Money(_))));
}

#[test]
fn amounts_of_other_purchases_are_refused() {
    let wrong = LifetimeError::WrongBasis { expected: SpendBasis::All, found: SpendBasis::RepeatOnly };
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    assert_eq!(model.on(SpendBasis::All).mean(repeats(2, 44_70)).unwrap_err(), wrong);
    assert_eq!(model.on(SpendBasis::All).range(repeats(2, 44_70), P90).unwrap_err(), wrong);
    let mut all = SpendCounts::on(SpendBasis::All, Currency::USD);
    assert_eq!(all.push(repeats(2, 44_70), 1).unwrap_err(), wrong);
    assert_eq!(all.merge(&SpendCounts::new(Currency::USD)).unwrap_err(), wrong);
    let mut amounts = AmountCounts::new(SpendBasis::All, Currency::USD);
    assert_eq!(amounts.merge(&AmountCounts::new(SpendBasis::RepeatOnly, Currency::USD)).unwrap_err(), wrong);
    let mut base = ValueCounts::new(SpendBasis::All, Currency::USD);
    assert_eq!(base.push(Summary::NEW, repeats(0, 0), 1).unwrap_err(), wrong);
    let two = Spent::new(SpendBasis::All, 2, usd(44_70));
    let other = LifetimeError::OtherPurchases { expected: 3, found: 2 };
    assert_eq!(base.push(Summary::new(2, 213, 272).unwrap(), two, 1).unwrap_err(), other);
    assert!(base.is_empty());
    assert_eq!(base.merge(&ValueCounts::new(SpendBasis::RepeatOnly, Currency::USD)).unwrap_err(), wrong);
    let normal = NormalNormal::new([20.0, 30.0, 15.0], SpendBasis::All, Currency::USD).unwrap();
    assert_eq!(normal.mean(repeats(2, 44_70)).unwrap_err(), wrong);
    // The terms, the model and the customer must agree, whichever of them is the odd one.
    let bg = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK).unwrap();
    let (year, customer) = (lifetimes_year().discount(), Summary::new(2, 213, 272).unwrap());
    let terms = ValueTerms::new(year, Ratio::ONE, SpendBasis::All).unwrap();
    assert_eq!(terms.residual(&bg, &model, customer, repeats(2, 44_70)).unwrap_err(), wrong);
    assert_eq!(terms.residual(&bg, &model.on(SpendBasis::All), customer, repeats(2, 44_70)).unwrap_err(), wrong);
    assert_eq!(terms.new_customer(&bg, &model, FirstPurchase::LeftOut).unwrap_err(), wrong);
    assert_eq!(terms.equity(&bg, &model, &BASE, P90).unwrap_err(), wrong);
    assert_eq!(terms.equity(&bg, &model.on(SpendBasis::All), &BASE, P90).unwrap_err(), wrong);
    let euros = Spent::new(SpendBasis::All, 3, Money::from_minor(74_02, Currency::EUR));
    let mixed = LifetimeError::MixedCurrencies { expected: Currency::USD, found: Currency::EUR };
    assert_eq!(terms.residual(&bg, &model.on(SpendBasis::All), customer, euros).unwrap_err(), mixed);
    assert_eq!(ValueTerms::new(year, ratio("1.5"), SpendBasis::All).unwrap_err(), LifetimeError::BadMargin(ratio("1.5")));
    let json = serde_json::to_string(&terms).unwrap();
    assert_eq!(serde_json::from_str::<ValueTerms>(&json).unwrap(), terms);
    for (old, new) in [(r#""margin":"1""#, r#""margin":"1.1""#), (r#""rate":"0.01""#, r#""rate":"-0.01""#), ("4345", "0")] {
        assert!(json.contains(old) && serde_json::from_str::<ValueTerms>(&json.replace(old, new)).is_err(), "{json} {new}");
    }
}

#[test]
fn a_new_customer_counts_the_first_purchase_as_declared() {
    let bg = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK).unwrap();
    let model = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let terms = ValueTerms::new(lifetimes_year().discount(), ratio("0.5"), SpendBasis::RepeatOnly).unwrap();
    let value = |first| terms.new_customer(&bg, &model, first).unwrap();
    let left_out = value(FirstPurchase::LeftOut);
    assert_eq!(left_out.minor(), terms.residual(&bg, &model, Summary::NEW, repeats(0, 0)).unwrap().minor());
    near(left_out.minor(), 0.5 * left_out.purchases() * left_out.spend().minor(), 1e-15);
    near(value(FirstPurchase::AsAnyOther).minor() - left_out.minor(), 0.5 * left_out.spend().minor(), 1e-13);
    near(value(FirstPurchase::Of(usd(80_00))).minor() - left_out.minor(), 40_00.0, 1e-13);
    let euros = FirstPurchase::Of(Money::from_minor(80_00, Currency::EUR));
    assert!(matches!(terms.new_customer(&bg, &model, euros), Err(LifetimeError::MixedCurrencies { .. })));
    let wild = GammaGamma::new([6.25, 0.9, 15.44], Currency::USD).unwrap();
    assert_eq!(terms.new_customer(&bg, &wild, FirstPurchase::LeftOut), Err(LifetimeError::InfiniteMean { x: 0 }));
}

/// Dyestuff: five samples of each of six batches (Davies and Goldsmith, Statistical Methods in Research and Production, 1972).
const DYESTUFF: [[i64; 5]; 6] = [
    [1545, 1440, 1440, 1520, 1580],
    [1540, 1555, 1490, 1560, 1495],
    [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545],
    [1595, 1630, 1515, 1635, 1625],
    [1520, 1455, 1450, 1480, 1445],
];

/// Box and Tiao (1973), in thousandths: simulated so that batches differ by less than their samples do.
const DYESTUFF2: [[i64; 5]; 6] = [
    [7298, 3846, 2434, 9566, 7990],
    [5220, 6556, 608, 11788, -892],
    [110, 10386, 13434, 5510, 8166],
    [2212, 4852, 7092, 9288, 4980],
    [282, 9014, 4458, 9446, 7198],
    [1722, 4782, 8106, 758, 3758],
];

fn amounts<const N: usize>(rows: &[[i64; N]], currency: Currency) -> AmountCounts {
    let mut counts = AmountCounts::new(SpendBasis::All, currency);
    for row in rows {
        counts.push(row.map(|minor| Money::from_minor(minor, currency))).unwrap();
    }
    counts
}

#[test]
fn normal_normal_on_the_dyestuff_data() {
    let fit = NormalNormal::fit(&amounts(&DYESTUFF, Currency::JPY)).unwrap();
    // Published maximum likelihood: mean 1527.5, variance components 1388.3 and 2451.3, log-likelihood −163.66 (lme4's vignette).
    let [mean, noise, spread] = fit.model().parameters();
    all_near(&[mean, noise * noise, spread * spread], &[1527.5, 2451.25, 1388.33333333333], 1e-9);
    near(fit.log_likelihood(), -163.663529940568, 1e-12);
    assert!(fit.limits().is_empty() && fit.gradient() < 1e-9);
    // √((σ² + 5τ²)/30), and the weight 5τ²/(σ² + 5τ²).
    near(fit.standard_errors().unwrap()[0], 17.6945534621, 1e-7);
    let batch = Spent::new(SpendBasis::All, 5, Money::from_minor(7525, Currency::JPY));
    let own = fit.model().mean(batch).unwrap();
    near(own.own_weight(), 0.739032072040101, 1e-9);
    near(own.minor(), 1527.5 - 0.739032072040101 * 22.5, 1e-11);
    let range = fit.model().range(batch, P90).unwrap();
    near((range.high() - range.low()) / 2.0, 1.6448536269515 * (1388.33333333333_f64 * (1.0 - 0.739032072040101)).sqrt(), 1e-8);
    // Cents instead of dollars: the same, in units of a hundredth.
    let cents = NormalNormal::fit(&amounts(&DYESTUFF, Currency::USD)).unwrap();
    all_near(&cents.model().parameters(), &[15.275, noise / 100.0, spread / 100.0], 1e-9);
    near(cents.log_likelihood(), fit.log_likelihood() + 30.0 * 100.0_f64.ln(), 1e-12);
    near(cents.standard_errors().unwrap()[0], 0.176945534621, 1e-7);
}

#[test]
fn the_limits_of_normal_normal_are_named() {
    let fit = NormalNormal::fit(&amounts(&DYESTUFF2, Currency::JPY)).unwrap();
    // lme4 finds no variance between batches; the rest in closed form.
    assert_eq!(fit.limits(), [Limit::SameSpending]);
    all_near(&fit.model().parameters()[..2], &[5665.6, 3653.23135137465], 1e-9);
    assert_eq!((fit.model().parameters()[2], values(fit.model()).len()), (0.0, 2));
    near(fit.log_likelihood(), -288.669176696377, 1e-12);
    near(fit.standard_errors().unwrap()[0], 666.985739644, 1e-8);
    assert_eq!(fit.model().mean(Spent::new(SpendBasis::All, 9, Money::zero(Currency::JPY))).unwrap().own_weight(), 0.0);
    // Every customer always spends the same, below zero and above.
    let steady = NormalNormal::fit(&amounts(&[[-300, -300], [100, 100], [500, 500], [900, 900]], Currency::JPY)).unwrap();
    assert_eq!(steady.limits(), [Limit::SteadySpending]);
    all_near(&values(steady.model()), &[300.0, 200_000.0_f64.sqrt()], 1e-9);
    near(steady.log_likelihood(), -2.0 * ((2.0 * core::f64::consts::PI * 200_000.0).ln() + 1.0), 1e-12);
    let own = steady.model().mean(Spent::new(SpendBasis::All, 1, Money::from_minor(-77, Currency::JPY))).unwrap();
    assert_eq!((own.minor(), own.own_weight()), (-77.0, 1.0));
    let refused = |rows: &[[i64; 2]]| NormalNormal::fit(&amounts(rows, Currency::JPY)).unwrap_err();
    assert_eq!(refused(&[[1, 2], [3, 4], [5, 6]]), LifetimeError::TooFew { customers: 3, least: 4 });
    assert_eq!(refused(&[[-5, -5]; 4]), LifetimeError::NoVariation);
    let single = amounts(&[[1], [2], [3], [4]], Currency::JPY);
    assert_eq!(NormalNormal::fit(&single).unwrap_err(), LifetimeError::OnePurchaseEach { customers: 4 });
    for bad in [[f64::NAN, 1.0, 1.0], [1e13, 1.0, 1.0], [0.0, -1.0, 1.0], [0.0, 1.0, f64::NAN], [0.0; 3]] {
        assert!(
            matches!(NormalNormal::new(bad, SpendBasis::All, Currency::USD), Err(LifetimeError::BadParameter { .. })),
            "{bad:?}"
        );
    }
}

#[test]
fn sums_and_squares_come_back_only_as_they_can_be() {
    let counts = amounts(&[[3_000_000_000_000_000_000, -3_000_000_000_000_000_000, 3], [1, 2, 4], [1, 2, 4]], Currency::USD);
    let json = serde_json::to_string(&counts).unwrap();
    assert_eq!(serde_json::from_str::<AmountCounts>(&json).unwrap(), counts);
    // 1 + 4 + 16 = 21: less than a third of 49 is impossible, and so is an even sum of squares for an odd sum.
    for (old, new) in [(r#"7,"21""#, r#"7,"15""#), (r#"7,"21""#, r#"7,"22""#), ("[3,7", "[0,7"), (r#""21""#, r#""x""#)] {
        assert!(json.contains(old) && serde_json::from_str::<AmountCounts>(&json.replace(old, new)).is_err(), "{json} {new}");
    }
    let mut full = counts.clone();
    let huge = [i64::MAX; 3].map(usd);
    assert!(matches!(full.push(huge), Err(LifetimeError::Money(_))));
    assert!(matches!(full.push([Money::from_minor(1, Currency::EUR)]), Err(LifetimeError::MixedCurrencies { .. })));
    full.push([]).unwrap();
    assert_eq!(full, counts);
}

#[test]
fn amounts_far_from_zero_lose_no_digit() {
    let far = DYESTUFF.map(|row| row.map(|minor| minor + 40_000_000_000_000));
    let [mean, noise, spread] = NormalNormal::fit(&amounts(&far, Currency::USD)).unwrap().model().parameters();
    all_near(&[noise * noise, spread * spread], &[0.245125, 0.138833333333333], 1e-9);
    near(mean - 4e11, 15.275, 1e-4);
}

#[test]
fn returns_are_valued_as_any_amount() {
    let fit = NormalNormal::fit(&amounts(&[[-300, 900], [100, -150], [500, 520], [-900, 200]], Currency::USD)).unwrap();
    let bg = &BUYING;
    let terms = ValueTerms::new(lifetimes_year().discount(), Ratio::ONE, SpendBasis::All).unwrap();
    let (customer, spent) = (Summary::new(1, 20_000, 30_000).unwrap(), Spent::new(SpendBasis::All, 2, usd(-700)));
    let value = terms.residual(bg.model(), fit.model(), customer, spent).unwrap();
    let range = terms.residual_estimate(bg, &fit, customer, spent, P90);
    assert!(range.is_none_or(|r| r.low() <= value.minor() && value.minor() <= r.high()));
    let [low, high] = [Rounding::Floor, Rounding::Ceiling].map(|rounding| value.in_money(rounding).unwrap().minor());
    assert!(high == low + 1 && low as f64 <= value.minor() && value.minor() <= high as f64);
}

#[test]
fn independence_has_an_interval() {
    let counts = spending(&[(1, 900), (2, 1600), (3, 2100), (5, 2500), (7, 9000)]);
    let found = counts.independence(P90).unwrap();
    assert_eq!(Some(found.value()), counts.correlation());
    // Fisher: atanh(r) ± 1.645/√(n − 3).
    near(found.high().atanh() - found.value().atanh(), 1.6448536269515 / 2.0_f64.sqrt(), 1e-10);
    assert_eq!(spending(&[(1, 900), (2, 1600), (3, 2000)]).independence(P90), None);
    // Without variation there is nothing to correlate; in one straight line there is no room.
    assert_eq!(spending(&[(1, 500), (2, 1000), (3, 1500), (5, 2500)]).independence(P90), None);
}

fn any_model() -> impl Strategy<Value = PurchaseModel> {
    let one = || (-1.5..1.5_f64).prop_map(|p| 10_f64.powf(p));
    (one(), one(), one(), one(), 0..5_u8).prop_map(|(r, alpha, a, b, family)| {
        let (four, week) = ([r, alpha, a, b], TimeUnit::WEEK);
        let model = match family {
            0 => PurchaseModel::nbd([r, alpha], week),
            1 => PurchaseModel::bg_nbd(four, week),
            2 => PurchaseModel::mbg_nbd(four, week),
            3 => PurchaseModel::pareto_nbd(four, week),
            _ => PurchaseModel::ggom_nbd([r, alpha, 0.01 * b, a, b], week),
        };
        model.unwrap()
    })
}

fn any_customer() -> impl Strategy<Value = Summary> {
    (0..60_u32, 1..2000_u32, 0..2000_u32)
        .prop_map(|(x, t_x, more)| if x == 0 { Summary::new(0, 0, more) } else { Summary::new(x, t_x, t_x + more) }.unwrap())
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn discounting_takes_away_and_time_adds(
        model in any_model(), customer in any_customer(), percent in 40..200_u32,
        short in 1..700_u32, more in 1..700_u32, length in 60..200_u32,
    ) {
        let rate = DiscountRate::annual_365(Ratio::new(percent.into(), 100).unwrap()).unwrap();
        let outlook = model.outlook(customer);
        let discounted = |due, horizon| outlook.discounted(&Discount { rate, due, horizon }).unwrap();
        let period = |timing| FallsDue::InPeriods { days: days(length), timing };
        let (start, middle, end) = (period(Timing::Start), period(Timing::Middle), period(Timing::End));
        for due in [FallsDue::AsTheyOccur, start, middle, end] {
            let [one, two, ever] = [Horizon::Days(short), Horizon::Days(short + more), Horizon::ForEver].map(|h| discounted(due, h));
            prop_assert!(one >= 0.0 && one <= outlook.purchases(short) * (1.0 + 1e-12), "{one}");
            prop_assert!(one <= two * (1.0 + 1e-9) && two <= ever * (1.0 + 1e-9) && ever.is_finite(), "{one} {two} {ever}");
        }
        for horizon in [Horizon::Days(short), Horizon::ForEver] {
            let [early, mid, late] = [start, middle, end].map(|due| discounted(due, horizon));
            let exactly = discounted(FallsDue::AsTheyOccur, horizon);
            prop_assert!(late <= mid && mid <= early);
            prop_assert!(late <= exactly * (1.0 + 1e-9) && exactly <= early * (1.0 + 1e-9), "{late} {exactly} {early}");
        }
        // A horizon beyond which nothing is left is as good as none.
        near(discounted(middle, Horizon::Days(4_000_000 / percent)), discounted(middle, Horizon::ForEver), 1e-9);
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn any_spending_has_a_maximum(rows in prop::collection::vec((1..100_u32, 1..10_000_000_i64), 4..20)) {
        let counts = spending(&rows);
        match GammaGamma::fit(&counts) {
            Ok(fit) => {
                prop_assert!(fit.gradient() <= 1e-7 && fit.gain() < 1e-9 && fit.log_likelihood().is_finite());
                // A limit is the model itself, and nothing else is ever met.
                let [p, q, _] = fit.model().parameters();
                let want: &[Limit] = match (p.is_finite(), q.is_finite()) {
                    (true, true) => &[],
                    (false, _) => &[Limit::SteadySpending],
                    _ => &[Limit::SameSpending],
                };
                prop_assert_eq!(fit.limits(), want);
                prop_assert!(fit.standard_errors().is_some());
            }
            Err(e) => prop_assert_eq!(e, LifetimeError::NoVariation),
        }
    }

    #[test]
    fn nearly_equal_means_are_fitted_too(base in 1_000_000..1_000_000_000_i64, off in prop::collection::vec((1..9_u32, -3..4_i64), 4..12)) {
        let rows: Vec<(u32, i64)> = off.iter().map(|&(x, by)| (x, base * i64::from(x) + by)).collect();
        match GammaGamma::fit(&spending(&rows)) {
            Ok(fit) => prop_assert!(fit.gain() < 1e-9 && fit.log_likelihood().is_finite()),
            Err(e) => prop_assert!(matches!(e, LifetimeError::NoVariation | LifetimeError::BadParameter { .. }), "{e}"),
        }
    }

    #[test]
    fn any_amounts_have_a_maximum(rows in prop::collection::vec(prop::collection::vec(-10_000..10_000_i64, 1..6), 4..15)) {
        let mut counts = AmountCounts::new(SpendBasis::All, Currency::USD);
        for row in &rows { counts.push(row.iter().map(|minor| usd(*minor))).unwrap(); }
        match NormalNormal::fit(&counts) {
            Ok(fit) => {
                prop_assert!(fit.gradient() <= 1e-7 && fit.log_likelihood().is_finite(), "{:?}", fit);
                prop_assert!(fit.limits().iter().all(|l| matches!(l, Limit::SameSpending | Limit::SteadySpending)), "{:?}", fit.limits());
                // Between the own mean and that of all.
                let all = fit.model().mean(Spent::nothing(SpendBasis::All, Currency::USD)).unwrap().minor();
                for row in &rows {
                    let (n, total) = (u32::try_from(row.len()).unwrap(), row.iter().sum::<i64>());
                    let mean = fit.model().mean(Spent::new(SpendBasis::All, n, usd(total))).unwrap();
                    let own = total as f64 / f64::from(n);
                    prop_assert!(own.min(all) - 1e-6 <= mean.minor() && mean.minor() <= own.max(all) + 1e-6);
                    prop_assert!((0.0..=1.0).contains(&mean.own_weight()));
                }
            }
            Err(e) => prop_assert!(matches!(e, LifetimeError::OnePurchaseEach { .. } | LifetimeError::NoVariation), "{e}"),
        }
    }

    #[test]
    fn splitting_and_order_change_nothing(parts in prop::collection::vec((any_customer(), 1..1_000_000_i64), 0..30), cut in 0..30_usize) {
        let cut = cut.min(parts.len());
        let base = |parts: &[(Summary, i64)]| {
            let mut base = ValueCounts::new(SpendBasis::All, Currency::USD);
            let mut spent = SpendCounts::on(SpendBasis::All, Currency::USD);
            let mut amounts = AmountCounts::new(SpendBasis::All, Currency::USD);
            for (summary, cents) in parts {
                let one = Spent::new(SpendBasis::All, summary.x() + 1, usd(*cents));
                base.push(*summary, one, 2).unwrap();
                spent.push(one, 2).unwrap();
                amounts.push([usd(*cents), usd(7)]).unwrap();
            }
            (base, spent, amounts)
        };
        let (mut one, mut other) = (base(&parts[cut..]), base(&parts[..cut]));
        let (left, right) = (other.clone(), one.clone());
        one.0.merge(&left.0).unwrap();
        one.1.merge(&left.1).unwrap();
        one.2.merge(&left.2).unwrap();
        other.0.merge(&right.0).unwrap();
        other.1.merge(&right.1).unwrap();
        other.2.merge(&right.2).unwrap();
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(&one, &base(&parts));
        let json = serde_json::to_string(&one).unwrap();
        prop_assert_eq!(serde_json::from_str::<(ValueCounts, SpendCounts, AmountCounts)>(&json).unwrap(), one);
    }
}
