//! Money: roundings against an independent model, division without loss, conversion, the wire format, ratios, quantiles.
#![allow(clippy::unwrap_used)]

mod common;

use common::{ROUNDINGS, cases, date, dec, decs, gbp};
use customer_value::{
    NaiveDate,
    money::{Currency, ExchangeRate, Money, MoneyError, RateTable, Rates, Ratio, Rounding},
    quantity::{Column, Ties, Unit},
    score::{Cutpoints, Quantile},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy},
    prop_assert, prop_assert_eq, prop_oneof, proptest,
    sample::select,
};
use rust_decimal::Decimal;

/// The independent model: truncates toward zero, then asks whether to go one further away.
fn model(n: i128, d: i128, rounding: Rounding) -> i128 {
    let (whole, rest) = (n / d, (n % d).abs());
    let negative = (n < 0) != (d < 0);
    let twice = (2 * rest).cmp(&d.abs());
    let further = rest != 0
        && match rounding {
            Rounding::HalfEven => twice.is_gt() || (twice.is_eq() && whole % 2 != 0),
            Rounding::HalfUp => twice.is_ge(),
            Rounding::HalfDown => twice.is_gt(),
            Rounding::AwayFromZero => true,
            Rounding::TowardZero => false,
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
        };
    if further { whole + if negative { -1 } else { 1 } } else { whole }
}

fn decimal(mantissa: i128, scale: u32) -> Decimal {
    Decimal::from_i128_with_scale(mantissa, scale)
}

#[test]
fn every_rounding_agrees_with_the_model_at_and_beside_every_half() {
    for rounding in ROUNDINGS {
        for n in -60..=60_i128 {
            for d in 1..=12_i128 {
                let found = Ratio::new(n, d).unwrap().to_decimal(0, rounding).unwrap();
                assert_eq!(found, decimal(model(n, d, rounding), 0), "{n}/{d} {rounding:?}");
            }
            // n half pence, and a hair beside it.
            for (mantissa, scale, power) in [(n * 5, 3, 10), (n * 500 - 1, 5, 1000), (n * 500 + 1, 5, 1000)] {
                let found = Money::rounded(decimal(mantissa, scale), Currency::GBP, rounding).unwrap();
                let expected = model(mantissa, power, rounding);
                assert_eq!(i128::from(found.minor()), expected, "{mantissa}e-{scale} {rounding:?}");
            }
            // n pence at a half, a quarter, three quarters.
            for (rate, quarters) in [("0.5", 2), ("0.25", 1), ("0.75", 3), ("-0.5", -2)] {
                let found = gbp(i64::try_from(n).unwrap()).try_scale(dec(rate), rounding).unwrap();
                assert_eq!(i128::from(found.minor()), model(n * quarters, 4, rounding), "{n} at {rate} {rounding:?}");
            }
        }
    }
}

#[test]
fn conversion_rounds_once_at_the_boundary() {
    let on = date("2011-12-09");
    let rate = ExchangeRate::new(Currency::GBP, Currency::JPY, dec("150"), on).unwrap();
    // 0.01 GBP is 1.5 JPY, 0.03 GBP is 4.5 JPY.
    for (rounding, [one, three, minus_one]) in [
        (Rounding::HalfEven, [2, 4, -2]),
        (Rounding::HalfUp, [2, 5, -2]),
        (Rounding::HalfDown, [1, 4, -1]),
        (Rounding::AwayFromZero, [2, 5, -2]),
        (Rounding::TowardZero, [1, 4, -1]),
        (Rounding::Ceiling, [2, 5, -1]),
        (Rounding::Floor, [1, 4, -2]),
    ] {
        for (pence, yen) in [(1, one), (3, three), (-1, minus_one)] {
            assert_eq!(gbp(pence).convert(&rate, rounding), Ok(Money::from_minor(yen, Currency::JPY)), "{pence} {rounding:?}");
        }
    }
    let wrong = Money::from_minor(1, Currency::EUR).convert(&rate, Rounding::Floor);
    assert_eq!(wrong, Err(MoneyError::CurrencyMismatch { left: Currency::EUR, right: Currency::GBP }));
}

#[test]
fn a_source_that_answers_for_another_pair_has_no_rate() {
    struct AlwaysYen;
    impl Rates for AlwaysYen {
        fn rate(&self, from: Currency, _: Currency, on: NaiveDate) -> Option<ExchangeRate> {
            ExchangeRate::new(from, Currency::JPY, dec("180"), on).ok()
        }
    }
    let on = date("2024-01-01");
    let refused = gbp(100).convert_on(on, Currency::EUR, &AlwaysYen, Rounding::HalfEven);
    assert_eq!(refused, Err(MoneyError::NoRate { from: Currency::GBP, to: Currency::EUR, on }));
    assert_eq!(gbp(100).convert_on(on, Currency::JPY, &AlwaysYen, Rounding::HalfEven), Ok(Money::from_minor(180, Currency::JPY)));
}

#[test]
fn what_is_displayed_can_be_read_for_units_outside_the_list_too() {
    let coin = Currency::custom("BTC", 8).unwrap();
    let one = Money::from_minor(1, coin);
    assert_eq!(one.to_string(), "0.00000001 BTC:8");
    assert_eq!(one.to_string().parse(), Ok(one));
    assert_eq!(coin.to_string().parse(), Ok(coin));
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn conversion_between_any_exponents_agrees_with_the_model(
        minor in -1_000_000_i64..1_000_000, mantissa in 1..1_000_000_i128, scale in 0..7_u32, rounding in select(&ROUNDINGS[..]),
        from in select(currencies().to_vec()), to in select(currencies().to_vec()),
    ) {
        let rate = ExchangeRate::new(from, to, decimal(mantissa, scale), date("2024-01-01"));
        if from == to && decimal(mantissa, scale) != Decimal::ONE {
            prop_assert_eq!(rate, Err(MoneyError::RateToItself { currency: from, rate: decimal(mantissa, scale) }));
            return Ok(());
        }
        let rate = rate.unwrap();
        let found = Money::from_minor(minor, from).convert(&rate, rounding);
        let (up, down) = (u32::from(to.exponent()), u32::from(from.exponent()) + scale);
        let exact = i128::from(minor) * mantissa * 10_i128.pow(up);
        let expected = i64::try_from(model(exact, 10_i128.pow(down), rounding)).map(|minor| Money::from_minor(minor, to));
        prop_assert_eq!(found, expected.map_err(|_| MoneyError::Overflow { currency: to }));
    }

    #[test]
    fn allocation_loses_nothing_and_is_fair_within_one_unit(
        minor in prop_oneof![-10_000..10_000_i64, Just(i64::MIN), Just(i64::MAX)],
        shares in vec(prop_oneof![0..20_u64, 0..=u64::MAX], 1..8),
    ) {
        let total: u128 = shares.iter().map(|&s| u128::from(s)).sum();
        let parts = gbp(minor).allocate(&shares);
        if total == 0 {
            prop_assert_eq!(parts, Err(MoneyError::NoShares));
            return Ok(());
        }
        let parts: Vec<i64> = parts.unwrap().iter().map(Money::minor).collect();
        prop_assert_eq!(parts.iter().map(|&p| i128::from(p)).sum::<i128>(), i128::from(minor));
        let whole = u128::from(minor.unsigned_abs());
        for (i, (&part, &share)) in parts.iter().zip(&shares).enumerate() {
            prop_assert!(part == 0 || (part < 0) == (minor < 0));
            let least = whole * u128::from(share) / total;
            let given = u128::from(part.unsigned_abs());
            prop_assert!(given == least || (given == least + 1 && whole * u128::from(share) % total != 0), "{parts:?}");
            for (&later, &other) in parts[i + 1..].iter().zip(&shares[i + 1..]) {
                let (a, b) = (given, u128::from(later.unsigned_abs()));
                prop_assert!(if share >= other { a >= b } else { a <= b }, "a larger share gets no less: {parts:?}");
            }
        }
    }

    #[test]
    fn allocation_follows_the_shares_around_up_to_ties(minor in -5_000..5_000_i64, shares in vec(1..30_u64, 1..7), by in 0..7_usize) {
        let total: u64 = shares.iter().sum();
        let remainder = |share: u64| u64::try_from(minor.abs()).unwrap() * share % total;
        let ties = |share| shares.iter().filter(|&&s| remainder(s) == remainder(share)).count() > 1;
        let mut moved = shares.clone();
        moved.rotate_left(by % shares.len());
        let mut parts = gbp(minor).allocate(&shares).unwrap();
        parts.rotate_left(by % shares.len());
        for ((one, other), share) in parts.iter().zip(gbp(minor).allocate(&moved).unwrap()).zip(moved) {
            prop_assert!(*one == other || ties(share));
            prop_assert!((one.minor() - other.minor()).abs() <= 1);
        }
        let negative: Vec<i64> = gbp(-minor).allocate(&shares).unwrap().iter().map(|m| -m.minor()).collect();
        prop_assert_eq!(negative, gbp(minor).allocate(&shares).unwrap().iter().map(Money::minor).collect::<Vec<_>>());
    }

    #[test]
    fn ratios_order_as_their_cross_products(a: i32, b in 1..i32::MAX, c: i32, d in 1..i32::MAX, same: bool) {
        let (b, d) = (i128::from(b), if same { i128::from(b) } else { i128::from(d) });
        let (a, c) = (i128::from(a), i128::from(c));
        let (left, right) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
        prop_assert_eq!(left == right, a * d == c * b);
        prop_assert_eq!(Ratio::sum([left, right]), Ratio::new(a * d + c * b, b * d));
    }

    #[test]
    fn ratios_come_back_from_their_text(n in prop_oneof![-1000..1000_i128, -i128::MAX..i128::MAX], d in prop_oneof![1..1000_i128, 1..i128::MAX]) {
        let ratio = Ratio::new(n, d).unwrap();
        prop_assert_eq!(ratio.to_string().parse::<Ratio>(), Ok(ratio));
        prop_assert_eq!(serde_json::from_str::<Ratio>(&serde_json::to_string(&ratio).unwrap()).unwrap(), ratio);
    }

    #[test]
    fn money_comes_back_from_its_text_and_its_json(minor: i64, currency in select(currencies().to_vec())) {
        let money = Money::from_minor(minor, currency);
        if Currency::ISO_4217.contains(&currency) {
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        }
        prop_assert_eq!(Money::new(money.amount(), currency), Ok(money));
        prop_assert_eq!(serde_json::from_str::<Money>(&serde_json::to_string(&money).unwrap()).unwrap(), money);
    }

    #[test]
    fn a_sum_needs_to_fit_only_in_the_end(amounts in vec(prop_oneof![Just(i64::MAX), Just(i64::MIN), -100..100_i64], 0..6)) {
        let exact: i128 = amounts.iter().map(|&m| i128::from(m)).sum();
        let sum = Money::sum(amounts.iter().map(|&m| gbp(m)), Currency::GBP);
        prop_assert_eq!(sum, i64::try_from(exact).map(gbp).map_err(|_| MoneyError::Overflow { currency: Currency::GBP }));
    }
}

/// Rates that come from a division have 28 digits; the product is larger than 128 bits although the result is small.
#[test]
fn an_amount_is_scaled_and_converted_at_a_rate_of_28_digits() {
    let third = Decimal::ONE / dec("3");
    assert_eq!(third.scale(), 28);
    // 900 million pounds.
    assert_eq!(gbp(90_000_000_000).try_scale(third, Rounding::HalfEven), Ok(gbp(30_000_000_000)));
    let on = date("2024-01-01");
    let to_yen = ExchangeRate::new(Currency::GBP, Currency::JPY, third, on).unwrap();
    let yen = gbp(90_000_000_000).convert(&to_yen, Rounding::HalfEven);
    assert_eq!(yen, Ok(Money::from_minor(300_000_000, Currency::JPY)));
    // One coin of 18 decimal places.
    let coin = Currency::custom("ETH", 18).unwrap();
    let one = Money::from_minor(1_000_000_000_000_000_000, coin);
    let to_pounds = ExchangeRate::new(coin, Currency::GBP, dec("2345.6789012345678901234567"), on).unwrap();
    assert_eq!(one.convert(&to_pounds, Rounding::HalfEven), Ok(gbp(234_568)));
}

#[test]
fn ratios_order_at_the_ends_of_the_range() {
    let ratio = |n, d| Ratio::new(n, d).unwrap();
    let max = i128::MAX;
    let rising = [
        ratio(-max, 1),
        ratio(-1, 1),
        ratio(-1, max),
        Ratio::ZERO,
        ratio(1, max),
        ratio(1, max - 1),
        ratio(max - 1, max),
        Ratio::ONE,
    ];
    assert!(rising.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(ratio(max, max - 1) > Ratio::ONE && ratio(max, max - 1) < ratio(max - 1, max - 2));
}

fn currencies() -> [Currency; 5] {
    [Currency::GBP, Currency::JPY, Currency::KWD, Currency::CLF, Currency::custom("BTC", 8).unwrap()]
}

#[test]
fn currencies_have_the_exponents_of_iso_4217() {
    for (exponent, codes) in [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR INR MGA MRU MXN NOK NZD PLN SEK SGD TRY TWD USD XCG ZAR ZWG"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ] {
        for code in codes.split(' ') {
            let currency: Currency = code.parse().unwrap();
            assert_eq!((currency.exponent(), currency.code()), (exponent, code));
            assert!(Currency::custom(code, exponent + 1).is_err(), "{code}");
        }
    }
    // Metals, test codes and withdrawn currencies have no smallest unit.
    for code in ["XAU", "XXX", "XTS", "DEM", "HRK", "BGN", "EURO", "eur", ""] {
        assert!(code.parse::<Currency>().is_err(), "{code}");
    }
}

/// The development build switches on a feature of `rust_decimal` that writes floats, as some other crate in an application may. The
/// first line shows that it is on; the others that it does not matter.
#[test]
fn the_wire_format_is_the_same_whatever_other_crates_switch_on() {
    assert_eq!(serde_json::to_string(&dec("12.50")).unwrap(), "12.5");
    for (minor, currency, bytes) in [
        (1250, Currency::GBP, r#"{"amount":"12.50","currency":"GBP"}"#),
        (-5, Currency::GBP, r#"{"amount":"-0.05","currency":"GBP"}"#),
        (1250, Currency::JPY, r#"{"amount":"1250","currency":"JPY"}"#),
        (1250, Currency::KWD, r#"{"amount":"1.250","currency":"KWD"}"#),
        (1, Currency::custom("BTC", 8).unwrap(), r#"{"amount":"0.00000001","currency":"BTC:8"}"#),
    ] {
        let money = Money::from_minor(minor, currency);
        assert_eq!(serde_json::to_string(&money).unwrap(), bytes);
        assert_eq!(serde_json::from_str::<Money>(bytes).unwrap(), money);
    }
    assert_eq!(serde_json::to_string(&Ratio::new(2, 5).unwrap()).unwrap(), r#""0.4""#);
    assert_eq!(serde_json::to_string(&Ratio::new(1, 3).unwrap()).unwrap(), r#""1/3""#);
    let cuts = Cutpoints::new(decs(&["0.30", "365"]), Ties::ToUpper).unwrap();
    assert_eq!(serde_json::to_string(&cuts).unwrap(), r#"{"cuts":["0.3","365"],"ties":"to-upper"}"#);
    let rate = ExchangeRate::new(Currency::GBP, Currency::EUR, dec("1.1700"), date("2011-12-09")).unwrap();
    assert_eq!(serde_json::to_string(&rate).unwrap(), r#"{"from":"GBP","to":"EUR","rate":"1.1700","on":"2011-12-09"}"#);
}

#[test]
fn a_rate_serves_for_its_own_day_and_so_many_after_it() {
    let rate = |value, on| ExchangeRate::new(Currency::GBP, Currency::EUR, dec(value), date(on)).unwrap();
    let mut table = RateTable::new(3);
    table.insert(rate("1.10", "2024-01-05")).unwrap();
    table.insert(rate("1.20", "2024-01-07")).unwrap();
    table.insert(rate("1.20", "2024-01-07")).unwrap(); // again: nothing changes
    let two = MoneyError::TwoRates { from: Currency::GBP, to: Currency::EUR, on: date("2024-01-07") };
    assert_eq!(table.insert(rate("1.21", "2024-01-07")), Err(two));
    for (on, found) in [
        ("2024-01-04", None),
        ("2024-01-05", Some("1.10")),
        ("2024-01-06", Some("1.10")),
        ("2024-01-07", Some("1.20")),
        ("2024-01-10", Some("1.20")),
        ("2024-01-11", None),
    ] {
        let rate = table.rate(Currency::GBP, Currency::EUR, date(on));
        assert_eq!(rate.map(|r| r.rate()), found.map(dec), "{on}");
        let pounds = gbp(1000).convert_on(date(on), Currency::EUR, &table, Rounding::HalfEven);
        assert_eq!(pounds.is_ok(), found.is_some());
    }
}

use Quantile::{
    AveragedInvertedCdf, ClosestObservation, Hazen, InterpolatedInvertedCdf, InvertedCdf, Linear, MedianUnbiased, NormalUnbiased,
    Weibull,
};

/// A sample, the number of bins, and the cuts by each definition.
type Table = (&'static [i64], u8, &'static [(Quantile, &'static [&'static str])]);

/// Expected: numpy 2.4.6, `numpy.quantile(sample, [k / bins …], method=…)`, rounded to 12 places.
#[test]
fn all_nine_quantiles_are_those_of_numpy() {
    let tables: [Table; 4] = [
        (
            &[3, 1, 4, 1, 5, 9, 2, 6, 5, 3],
            5,
            &[
                (InvertedCdf, &["1", "3", "4", "5"]),
                (AveragedInvertedCdf, &["1.5", "3", "4.5", "5.5"]),
                (ClosestObservation, &["1", "3", "4", "5"]),
                (InterpolatedInvertedCdf, &["1", "3", "4", "5"]),
                (Hazen, &["1.5", "3", "4.5", "5.5"]),
                (Weibull, &["1.2", "3", "4.6", "5.8"]),
                (Linear, &["1.8", "3", "4.4", "5.2"]),
                (MedianUnbiased, &["1.4", "3", "4.533333333333", "5.6"]),
                (NormalUnbiased, &["1.425", "3", "4.525", "5.575"]),
            ],
        ),
        (
            &[254, 255, 381, 380, 505, 506, 665, 665, 254],
            4,
            &[
                (InvertedCdf, &["255", "381", "506"]),
                (AveragedInvertedCdf, &["255", "381", "506"]),
                (ClosestObservation, &["254", "380", "506"]),
                (InterpolatedInvertedCdf, &["254.25", "380.5", "505.75"]),
                (Hazen, &["254.75", "381", "545.75"]),
                (Weibull, &["254.5", "381", "585.5"]),
                (Linear, &["255", "381", "506"]),
                (MedianUnbiased, &["254.666666666667", "381", "559"]),
                (NormalUnbiased, &["254.6875", "381", "555.6875"]),
            ],
        ),
        (
            &[7, 7, 7, 12, 20, 20, 33],
            3,
            &[
                (InvertedCdf, &["7", "20"]),
                (AveragedInvertedCdf, &["7", "20"]),
                (ClosestObservation, &["7", "20"]),
                (InterpolatedInvertedCdf, &["7", "17.333333333333"]),
                (Hazen, &["7", "20"]),
                (Weibull, &["7", "20"]),
                (Linear, &["7", "20"]),
                (MedianUnbiased, &["7", "20"]),
                (NormalUnbiased, &["7", "20"]),
            ],
        ),
        (
            &[1, 2, 3, 4, 5, 6],
            4,
            &[
                (InvertedCdf, &["2", "3", "5"]),
                (AveragedInvertedCdf, &["2", "3.5", "5"]),
                (ClosestObservation, &["2", "3", "4"]),
                (InterpolatedInvertedCdf, &["1.5", "3", "4.5"]),
                (Hazen, &["2", "3.5", "5"]),
                (Weibull, &["1.75", "3.5", "5.25"]),
                (Linear, &["2.25", "3.5", "4.75"]),
                (MedianUnbiased, &["1.916666666667", "3.5", "5.083333333333"]),
                (NormalUnbiased, &["1.9375", "3.5", "5.0625"]),
            ],
        ),
    ];
    for (sample, bins, rows) in tables {
        let sample: Vec<Decimal> = sample.iter().map(|&v| v.into()).collect();
        for (quantile, expected) in rows {
            let fit = Cutpoints::fit(&sample, bins, *quantile, Ties::ToLower).unwrap();
            assert_eq!(fit.cutpoints.cuts(), decs(expected), "{quantile:?} of {sample:?}");
        }
    }
}

fn quantiles() -> impl Strategy<Value = Quantile> {
    select(
        &[
            InvertedCdf,
            AveragedInvertedCdf,
            ClosestObservation,
            InterpolatedInvertedCdf,
            Hazen,
            Weibull,
            Linear,
            MedianUnbiased,
            NormalUnbiased,
        ][..],
    )
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_column_is_fitted_and_cut_like_its_decimals(
        values in prop_oneof![
            vec(-20..20_i64, 1..40), vec(-1_000_000..1_000_000_i64, 1..40), vec(prop_oneof![Just(i64::MIN), Just(i64::MAX), -9..9_i64], 1..9)
        ],
        places in 0..=18_u8, bins in 2..12_u8, quantile in quantiles(), ties in select(&[Ties::ToLower, Ties::ToUpper][..]),
    ) {
        let column = Column { values: &values, places, unit: Unit::Number };
        let sample: Vec<Decimal> = (0..values.len()).map(|i| column.get(i).unwrap()).collect();
        let (by_column, by_decimal) =
            (Cutpoints::fit_column(&column, bins, quantile, ties), Cutpoints::fit(&sample, bins, quantile, ties));
        prop_assert_eq!(&by_column, &by_decimal);
        let fit = by_column.unwrap();
        prop_assert_eq!(fit.population(), values.len());
        let one_by_one: Vec<u8> = sample.iter().map(|v| fit.cutpoints.bin(*v)).collect();
        prop_assert_eq!(fit.cutpoints.bins_of(&column).unwrap(), one_by_one);
    }

    #[test]
    fn a_column_is_cut_by_any_decimals_like_its_own(
        values in vec(prop_oneof![-30..30_i64, Just(i64::MIN), Just(i64::MAX)], 1..9), places in 0..=18_u8,
        mut cuts in vec((-300_000..300_000_i128, 0..6_u32), 1..5), ties in select(&[Ties::ToLower, Ties::ToUpper][..]),
    ) {
        cuts.sort_by_key(|c| decimal(c.0, c.1));
        let cutpoints = Cutpoints::new(cuts.into_iter().map(|(m, s)| decimal(m, s)).collect(), ties).unwrap();
        let column = Column { values: &values, places, unit: Unit::Number };
        let one_by_one: Vec<u8> = (0..values.len()).map(|i| cutpoints.bin(column.get(i).unwrap())).collect();
        prop_assert_eq!(cutpoints.bins_of(&column).unwrap(), one_by_one);
    }

    #[test]
    fn every_value_lies_in_the_interval_of_its_bin(value in -40..40_i64, mut cuts in vec(-30..30_i64, 1..6), upper: bool) {
        cuts.sort_unstable();
        let ties = if upper { Ties::ToUpper } else { Ties::ToLower };
        let cutpoints = Cutpoints::new(cuts.iter().map(|&c| c.into()).collect(), ties).unwrap();
        let inside: Vec<u8> = (0..cutpoints.bins()).filter(|&b| cutpoints.interval(b).contains(value.into())).collect();
        prop_assert_eq!(inside, [cutpoints.bin(value.into())]);
    }
}

#[test]
fn a_cut_of_28_digits_parts_a_fine_column_as_it_parts_its_decimals() {
    let cutpoints =
        Cutpoints::new(decs(&["0.3333333333333333333333333333", "12345678901.234567890123456789"]), Ties::ToLower).unwrap();
    for places in [2, 8, 9, 10, 12, 15, 18] {
        let power = 10_i64.pow(places.into());
        let values = [0, power / 3, power / 3 + 1, power, -power, i64::MAX, i64::MIN];
        let column = Column { values: &values, places, unit: Unit::Number };
        let one_by_one: Vec<u8> = (0..values.len()).map(|i| cutpoints.bin(column.get(i).unwrap())).collect();
        assert_eq!(cutpoints.bins_of(&column).unwrap(), one_by_one, "{places} places");
    }
}

/// Cuts are rounded to 12 places; among values that are finer they must neither fall out of order nor leave the values.
#[test]
fn a_population_of_values_finer_than_12_places_can_be_fitted() {
    let fine = decs(&["0.1234567890121", "0.1234567890122", "0.1234567890123", "0.1234567890124", "0.1234567890125"]);
    for bins in 2..6 {
        let fit = Cutpoints::fit(&fine, bins, Weibull, Ties::ToLower).unwrap();
        assert!(fit.cutpoints.cuts().iter().all(|cut| (fine[0]..=fine[4]).contains(cut)), "{}", fit.cutpoints);
    }
    // Five amounts of a currency with 18 decimal places.
    let column = Column { values: &[1, 2, 3, 4, 5], places: 18, unit: Unit::Number };
    let fit = Cutpoints::fit_column(&column, 5, Linear, Ties::ToLower).unwrap();
    let (least, most) = (column.get(0).unwrap(), column.get(4).unwrap());
    assert!(fit.cutpoints.cuts().iter().all(|cut| (least..=most).contains(cut)), "{}", fit.cutpoints);
}

#[test]
fn a_large_column_is_fitted_like_its_decimals() {
    let mut dice = common::Dice(3);
    let values: Vec<i64> = (0..9_000).map(|_| i64::try_from(dice.below(1 << 30)).unwrap() - (1 << 29)).collect();
    let column = Column { values: &values, places: 2, unit: Unit::Number };
    let sample: Vec<Decimal> = (0..values.len()).map(|i| column.get(i).unwrap()).collect();
    for quantile in [Linear, Hazen, ClosestObservation] {
        let by_decimal = Cutpoints::fit(&sample, 100, quantile, Ties::ToUpper).unwrap();
        assert_eq!(Cutpoints::fit_column(&column, 100, quantile, Ties::ToUpper).unwrap(), by_decimal);
    }
}
