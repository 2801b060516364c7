//! What points mean in the books. Figures with a source are worked examples that others publish.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Dice, ROUNDINGS, cases, date};
use core::num::NonZeroU16;
use customer_value::{
    calendar::{CalendarError, months_from},
    loyalty::{
        Points,
        accounting::{AccountingError, Allocation, Breakage, Cohorts, DeferredRevenue, Movement, PointsAlone, allocate},
    },
    money::{Currency, Money, MoneyError, Ratio, Rounding},
    quantity::Confidence,
};
use proptest::{collection::vec, prop_assert, prop_assert_eq, proptest, sample::select};

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn alone(points: u64, per_point: &str, redeemed: &str) -> PointsAlone {
    PointsAlone::new(Points::new(points), ratio(per_point), ratio(redeemed)).unwrap()
}

#[test]
fn a_price_is_divided_by_stand_alone_prices() {
    for (source, price, goods, points, expected) in [
        ("IFRS 15, example 52", "100000.00 USD", "100000.00 USD", alone(10_000, "1", "0.95"), ("91324.20 USD", "8675.80 USD")),
        ("IFRS 15, example 52, in whole units", "100000 JPY", "100000 JPY", alone(10_000, "1", "0.95"), ("91324 JPY", "8676 JPY")),
        ("Acadifi", "800.00 USD", "800.00 USD", alone(2_000, "0.012", "0.8"), ("781.25 USD", "18.75 USD")),
        // Another guide has 1,842 and 158 here, from percentages that were rounded first.
        ("2,000 and points of 170", "2000.00 USD", "2000.00 USD", alone(200, "1", "0.85"), ("1843.32 USD", "156.68 USD")),
        ("a discount falls on both", "90.00 USD", "100.00 USD", alone(100, "0.2", "1"), ("75.00 USD", "15.00 USD")),
        ("nothing is redeemed", "10.00 USD", "10.00 USD", alone(100, "0.1", "0"), ("10.00 USD", "0.00 USD")),
        ("no points", "10.00 USD", "10.00 USD", alone(0, "0.1", "1"), ("10.00 USD", "0.00 USD")),
        ("goods that are given away", "10.00 USD", "0.00 USD", alone(1, "0.01", "1"), ("0.00 USD", "10.00 USD")),
        ("no price", "0.00 USD", "10.00 USD", alone(100, "0.1", "1"), ("0.00 USD", "0.00 USD")),
        ("a half cent each: the goods have it", "0.01 USD", "1.00 USD", alone(1, "1", "1"), ("0.01 USD", "0.00 USD")),
        ("more than a half", "0.01 USD", "1.00 USD", alone(1, "1.01", "1"), ("0.00 USD", "0.01 USD")),
        ("a third", "1.00 USD", "2.00 USD", alone(1, "1", "1"), ("0.67 USD", "0.33 USD")),
    ] {
        let parts = allocate(money(price), money(goods), &points).unwrap();
        assert_eq!((parts.goods(), parts.points()), (money(expected.0), money(expected.1)), "{source}");
    }
}

#[test]
fn what_cannot_be_allocated_is_refused() {
    let one = alone(1, "1", "1");
    let price = money("10.00 USD");
    assert_eq!(allocate(money("-1.00 USD"), price, &one), Err(AccountingError::Negative(money("-1.00 USD"))));
    assert_eq!(allocate(price, money("-1.00 USD"), &one), Err(AccountingError::Negative(money("-1.00 USD"))));
    assert_eq!(allocate(price, money("0.00 USD"), &alone(0, "1", "1")), Err(AccountingError::NothingToAllocateBy));
    let other = Err(AccountingError::Money(MoneyError::CurrencyMismatch { left: Currency::USD, right: Currency::EUR }));
    assert_eq!(allocate(price, money("1.00 EUR"), &one), other);
    let new = |points, per_point: &str, redeemed: &str| PointsAlone::new(Points::new(points), ratio(per_point), ratio(redeemed));
    assert_eq!(new(1, "-0.01", "1"), Err(AccountingError::NegativePoint(ratio("-0.01"))));
    assert_eq!(new(1, "1", "80"), Err(AccountingError::NotAShare(ratio("80"))));
    assert_eq!(new(1, "1", "-0.1"), Err(AccountingError::NotAShare(ratio("-0.1"))));
    assert_eq!(new(u64::MAX, "99999999999999999999999999", "1"), Err(AccountingError::TooLarge));
    // Terms that no 128 bits hold are refused, not rounded.
    let fine = PointsAlone::new(Points::new(1), Ratio::new(1, i128::MAX).unwrap(), Ratio::ONE).unwrap();
    assert_eq!(allocate(price, price, &fine), Err(AccountingError::TooLarge));
    let most = Money::from_minor(i64::MAX, Currency::USD);
    assert_eq!(allocate(most, most, &alone(u64::MAX, "1", "1")), Err(AccountingError::TooLarge));
    let parts = allocate(most, most, &alone(1_000_000_000, "0.001", "0.999")).unwrap();
    assert_eq!(parts.goods().try_add(parts.points()), Ok(most));
    assert_eq!(parts.points(), money("999000.00 USD")); // less a thousandth of a cent
}

#[test]
fn allocations_are_data() {
    let points = alone(2_000, "0.012", "0.8");
    let json = r#"{"points":2000,"per_point":"0.012","redeemed":"0.8"}"#;
    assert_eq!(serde_json::to_string(&points).unwrap(), json);
    assert_eq!(serde_json::from_str::<PointsAlone>(json).unwrap(), points);
    assert_eq!((points.points(), points.per_point(), points.redeemed()), (Points::new(2_000), ratio("0.012"), ratio("0.8")));
    assert_eq!(points.value(), ratio("19.2"));
    for (good, bad) in [("0.8", "1.8"), ("0.012", "-0.012"), ("2000", "-1"), ("per_point", "price")] {
        assert!(serde_json::from_str::<PointsAlone>(&json.replace(good, bad)).is_err(), "{bad}");
    }
    let parts = allocate(money("800.00 USD"), money("800.00 USD"), &points).unwrap();
    let json = r#"{"goods":{"amount":"781.25","currency":"USD"},"points":{"amount":"18.75","currency":"USD"}}"#;
    assert_eq!(serde_json::to_string(&parts).unwrap(), json);
    assert_eq!(serde_json::from_str::<Allocation>(json).unwrap(), parts);
    for (good, bad) in
        [("\"18.75\"", "\"-18.75\""), ("\"781.25\"", "\"-781.25\""), ("USD\"}}", "EUR\"}}"), ("781.25", "92233720368547758.07")]
    {
        assert!(serde_json::from_str::<Allocation>(&json.replace(good, bad)).is_err(), "{bad}");
    }
}

#[test]
fn revenue_follows_redemption_and_new_estimates_are_caught_up_at_once() {
    // IFRS 15, example 52: year 1, 4,500 redeemed of 9,500 expected; year 2, 8,500 of 9,700.
    let mut deferred = DeferredRevenue::new(money("8676 JPY"), Points::new(9_500), Rounding::HalfUp).unwrap();
    let mut year = |redeemed, expected| {
        let now = deferred.catch_up(Points::new(redeemed), Points::new(expected)).unwrap();
        assert_eq!(deferred.allocated(), money("8676 JPY")); // an estimate never moves the allocation
        [now, deferred.recognised(), deferred.liability()].map(|amount| amount.minor())
    };
    assert_eq!(year(4_500, 9_500), [4_110, 4_110, 4_566]);
    assert_eq!(year(8_500, 9_700), [3_493, 7_603, 1_073]);
    // The same totals again: nothing is left to recognise.
    assert_eq!(year(8_500, 9_700), [0, 7_603, 1_073]);
    // More are expected than before: what was too much is taken back now.
    assert_eq!(year(8_500, 10_000), [-228, 7_375, 1_301]);
    // A redemption is undone.
    assert_eq!(year(8_400, 10_000), [-87, 7_288, 1_388]);
    // All that were left expired.
    assert_eq!(year(8_400, 8_400), [1_388, 8_676, 0]);
    assert_eq!(year(0, 0), [0, 8_676, 0]);
    assert_eq!(year(0, 1), [-8_676, 0, 8_676]);
    assert_eq!((deferred.redeemed(), deferred.expected()), (Points::ZERO, Points::new(1)));
}

#[test]
fn what_is_issued_later_is_deferred_and_what_is_returned_is_taken_back() {
    let mut deferred = DeferredRevenue::new(money("50.00 EUR"), Points::new(500), Rounding::HalfUp).unwrap();
    assert_eq!(deferred.catch_up(Points::new(100), Points::new(500)), Ok(money("10.00 EUR")));
    deferred.defer(money("100.00 EUR"), Points::new(1_500)).unwrap();
    assert_eq!((deferred.allocated(), deferred.expected()), (money("150.00 EUR"), Points::new(2_000)));
    assert_eq!(deferred.recognised(), money("10.00 EUR")); // nothing before the next catch-up
    assert_eq!(deferred.catch_up(Points::new(100), Points::new(2_000)), Ok(money("-2.50 EUR")));
    deferred.take_back(money("50.00 EUR"), Points::new(1_000)).unwrap();
    assert_eq!((deferred.liability(), deferred.expected()), (money("92.50 EUR"), Points::new(1_000)));
    assert_eq!(deferred.catch_up(Points::new(100), Points::new(1_000)), Ok(money("2.50 EUR")));
    let before = deferred;
    let asked = money("90.01 EUR");
    assert_eq!(
        deferred.take_back(asked, Points::new(1)),
        Err(AccountingError::MoreThanDeferred { asked, liability: money("90.00 EUR") })
    );
    assert_eq!(deferred.take_back(money("-1.00 EUR"), Points::ZERO), Err(AccountingError::Negative(money("-1.00 EUR"))));
    assert!(matches!(deferred.take_back(money("1.00 USD"), Points::ZERO), Err(AccountingError::Money(_))));
    assert!(matches!(deferred.defer(money("1.00 USD"), Points::new(1)), Err(AccountingError::Money(_))));
    assert_eq!(deferred.defer(money("-1.00 EUR"), Points::new(1)), Err(AccountingError::Negative(money("-1.00 EUR"))));
    assert_eq!(deferred.defer(money("1.00 EUR"), Points::ZERO), Err(AccountingError::NothingExpected(money("1.00 EUR"))));
    assert_eq!(deferred.defer(money("1.00 EUR"), Points::new(u64::MAX)), Err(AccountingError::TooLarge));
    let most = Money::from_minor(i64::MAX, Currency::EUR);
    assert_eq!(deferred.defer(most, Points::new(1)), Err(AccountingError::Money(MoneyError::Overflow { currency: Currency::EUR })));
    let too_many = AccountingError::MoreThanExpected { redeemed: Points::new(100), expected: Points::new(99) };
    assert_eq!(deferred.catch_up(Points::new(100), Points::new(99)), Err(too_many));
    assert_eq!(deferred, before); // what is refused changes nothing
    // The last cent can be taken back, and no fewer points stay expected than were redeemed.
    deferred.take_back(money("90.00 EUR"), Points::new(5_000)).unwrap();
    assert_eq!((deferred.liability(), deferred.expected()), (money("0.00 EUR"), Points::new(100)));
}

#[test]
fn deferred_revenue_is_data_that_holds_together() {
    let most = Money::from_minor(i64::MAX, Currency::USD);
    let mut deferred = DeferredRevenue::new(most, Points::new(u64::MAX), Rounding::Ceiling).unwrap();
    assert_eq!(deferred.catch_up(Points::new(u64::MAX - 1), Points::new(u64::MAX)), Ok(most)); // up to the next cent is all of it
    assert_eq!(
        DeferredRevenue::new(money("0.00 USD"), Points::ZERO, Rounding::Floor).map(|d| d.liability()),
        Ok(money("0.00 USD"))
    );
    let negative = DeferredRevenue::new(money("-0.01 USD"), Points::new(1), Rounding::Floor);
    assert_eq!(negative, Err(AccountingError::Negative(money("-0.01 USD"))));

    let mut deferred = DeferredRevenue::new(money("8.00 USD"), Points::new(800), Rounding::HalfUp).unwrap();
    deferred.catch_up(Points::new(200), Points::new(800)).unwrap();
    let json = concat!(
        r#"{"allocated":{"amount":"8.00","currency":"USD"},"recognised":{"amount":"2.00","currency":"USD"},"#,
        r#""redeemed":200,"expected":800,"rounding":"half-up"}"#
    );
    assert_eq!(serde_json::to_string(&deferred).unwrap(), json);
    assert_eq!(serde_json::from_str::<DeferredRevenue>(json).unwrap(), deferred);
    for (good, bad) in [
        ("\"2.00\"", "\"8.01\""),
        ("\"2.00\"", "\"-2.00\""),
        ("\"8.00\"", "\"-8.00\""),
        ("\"redeemed\":200", "\"redeemed\":801"),
        (r#""2.00","currency":"USD""#, r#""2.00","currency":"EUR""#),
        ("half-up", "nearest"),
        ("\"expected\"", "\"expecting\""),
    ] {
        assert!(serde_json::from_str::<DeferredRevenue>(&json.replace(good, bad)).is_err(), "{bad}");
    }
}

fn issued(points: u64) -> Movement {
    Movement::Issued(Points::new(points))
}

fn redeemed(on: &str, points: u64) -> Movement {
    Movement::Redeemed { on: date(on), points: Points::new(points) }
}

fn expired(on: &str, points: u64) -> Movement {
    Movement::Expired { on: date(on), points: Points::new(points) }
}

fn table(last_day: &str, movements: &[(&str, Movement)]) -> Cohorts {
    let mut cohorts = Cohorts::new(date(last_day)).unwrap();
    for (day, movement) in movements {
        cohorts.push(date(day), *movement).unwrap();
    }
    cohorts
}

fn months(months: u16) -> NonZeroU16 {
    NonZeroU16::new(months).unwrap()
}

/// January: 400 issued, 100 then 60 then 0 redeemed, 240 expired in March. February: 500, 100 then 120. March: 600, 150.
fn three_months() -> Cohorts {
    table(
        "2024-03-31",
        &[
            ("2024-01-01", issued(250)),
            ("2024-01-31", issued(150)),
            ("2024-01-05", redeemed("2024-01-31", 100)),
            ("2024-01-31", redeemed("2024-02-01", 60)),
            ("2024-01-31", expired("2024-03-31", 240)),
            ("2024-02-10", issued(500)),
            ("2024-02-10", redeemed("2024-02-10", 100)),
            ("2024-02-29", redeemed("2024-03-01", 120)),
            ("2024-03-10", issued(600)),
            ("2024-03-10", redeemed("2024-03-31", 150)),
        ],
    )
}

#[test]
fn cohorts_are_developed_by_age() {
    let breakage = Breakage::of(&three_months(), months(3)).unwrap();
    let shown: Vec<(String, String)> =
        breakage.developments().iter().map(|age| (age.redeemed.to_string(), age.expired.to_string())).collect();
    let expected = [("350 of 1500", "0 of 1500"), ("180 of 700", "0 of 700"), ("0 of 240", "240 of 240")];
    assert_eq!(shown, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    // 7/30 + 23/30 · 9/35 = 452/1050.
    assert_eq!(breakage.redeemed(6, Rounding::HalfEven), Ok(ratio("0.430476")));
    assert_eq!(breakage.redeemed(2, Rounding::Ceiling), Ok(ratio("0.44")));
    assert_eq!(breakage.redeemed(28, Rounding::Floor).map(|share| share < Ratio::new(452, 1050).unwrap()), Ok(true));
    assert_eq!(breakage.redeemed(29, Rounding::Floor), Err(AccountingError::TooLarge));
    // What is left of March will bring 9/35, of February and of what is older nothing.
    let coming = |points, age, rounding| breakage.yet_to_come(Points::new(points), age, rounding).units();
    assert_eq!([coming(450, 1, Rounding::Floor), coming(450, 1, Rounding::Ceiling)], [115, 116]);
    assert_eq!(
        [coming(280, 2, Rounding::Ceiling), coming(280, 3, Rounding::Ceiling), coming(280, usize::MAX, Rounding::Ceiling)],
        [0; 3]
    );
    assert_eq!([coming(0, 0, Rounding::Ceiling), coming(1, 0, Rounding::Ceiling), coming(1, 0, Rounding::Floor)], [0, 1, 0]);
    assert!(coming(u64::MAX, 0, Rounding::Ceiling) < u64::MAX / 2);
    // The points expected in all of March are what the books ask for.
    let march = three_months();
    let march = march.iter().last().unwrap();
    let expected = breakage.yet_to_come(march.outstanding(), march.ages(), Rounding::HalfUp).checked_add(march.redeemed()).unwrap();
    assert_eq!((march.month(), march.ages(), expected), (date("2024-03-01"), 1, Points::new(266)));
}

#[test]
fn too_little_history_is_refused() {
    let too_short = |observed, needed| Err(AccountingError::TooShort { observed, needed });
    let of = |cohorts: &Cohorts, n| Breakage::of(cohorts, months(n)).map(|breakage| breakage.developments().len());
    assert_eq!(of(&Cohorts::new(date("2024-03-31")).unwrap(), 1), Err(AccountingError::NothingIssued));
    assert_eq!(of(&table("2024-03-31", &[("2024-01-01", issued(0))]), 1), Err(AccountingError::NothingIssued));
    let withdrawn = table("2024-03-31", &[("2024-01-01", issued(5)), ("2024-01-01", Movement::ClawedBack(Points::new(5)))]);
    assert_eq!(of(&withdrawn, 1), Err(AccountingError::NothingIssued));
    let young = table("2024-03-31", &[("2024-01-01", issued(100)), ("2024-01-01", redeemed("2024-02-01", 1))]);
    assert_eq!([of(&young, 2), of(&young, 3), of(&young, 4)], [Ok(2), Ok(3), too_short(3, 4)]);
    // Points of January are gone after two months, those of February are not: nobody has seen their third.
    let gone =
        table("2024-03-31", &[("2024-01-01", issued(9)), ("2024-01-01", redeemed("2024-02-01", 9)), ("2024-02-01", issued(1))]);
    assert_eq!([of(&gone, 2), of(&gone, 3)], [Ok(2), too_short(2, 3)]);
    // Where all are gone, no more months are needed.
    let all = table(
        "2024-03-31",
        &[("2024-01-01", issued(9)), ("2024-01-01", redeemed("2024-01-02", 4)), ("2024-01-01", expired("2024-01-31", 5))],
    );
    assert_eq!([of(&all, 1), of(&all, 24)], [Ok(1), Ok(1)]);
    // Redeemed when it could not be any more.
    assert_eq!(of(&young, 1), Err(AccountingError::AfterHorizon { age: 1, months: 1 }));
    let large = table("2024-03-31", &[("2024-01-01", issued(u64::MAX)), ("2024-02-01", issued(1))]);
    assert!(matches!(of(&large, 1), Err(AccountingError::Share(_))));
    let largest = table("2024-01-31", &[("2024-01-01", issued(u64::MAX)), ("2024-01-01", redeemed("2024-01-01", u64::MAX - 1))]);
    assert_eq!(of(&largest, 1), Ok(1));
}

#[test]
fn an_interval_tells_how_much_cohorts_differ() {
    let two = table(
        "2024-02-29",
        &[
            ("2024-01-01", issued(100)),
            ("2024-01-01", redeemed("2024-01-01", 50)),
            ("2024-02-01", issued(100)),
            ("2024-02-01", redeemed("2024-02-01", 30)),
        ],
    );
    let breakage = Breakage::of(&two, months(1)).unwrap();
    // By hand: Pearson's sum 2 · 100 · 0.1² / 0.24 over one degree of freedom, so a standard error of 0.1.
    assert!((breakage.dispersion().unwrap() - 25.0 / 3.0).abs() < 1e-12);
    let estimate = breakage.estimate(Confidence::P95).unwrap();
    assert!((estimate.value() - 0.6).abs() < 1e-15 && (estimate.low() - 0.398_628).abs() < 1e-6, "{estimate:?}");
    assert!((estimate.high() - 0.772_436).abs() < 1e-6, "{estimate:?}");
    assert!(breakage.estimate(Confidence::P99).unwrap().low() < estimate.low());
    // Cohorts that agree better than chance are no surer than independent points.
    let same = table(
        "2024-02-29",
        &[
            ("2024-01-01", issued(100)),
            ("2024-01-01", redeemed("2024-01-01", 40)),
            ("2024-02-01", issued(100)),
            ("2024-02-01", redeemed("2024-02-01", 40)),
        ],
    );
    assert_eq!(Breakage::of(&same, months(1)).unwrap().dispersion(), Some(1.0));
    let estimate = |cohorts: &Cohorts, n| Breakage::of(cohorts, months(n)).unwrap().estimate(Confidence::P95);
    let one = table("2024-01-31", &[("2024-01-01", issued(100)), ("2024-01-01", redeemed("2024-01-01", 50))]);
    assert_eq!(estimate(&one, 1), Err(AccountingError::OneCohort));
    assert_eq!(estimate(&table("2024-01-31", &[("2024-01-01", issued(100))]), 1), Err(AccountingError::AllOrNone));
    let all = table("2024-01-31", &[("2024-01-01", issued(100)), ("2024-01-01", redeemed("2024-01-01", 100))]);
    assert_eq!(estimate(&all, 1), Err(AccountingError::AllOrNone));
    assert!(estimate(&three_months(), 3).is_ok());
}

#[test]
fn intervals_keep_their_promise_though_points_are_redeemed_by_the_hundred() {
    // Lots of 100 points in 18 monthly cohorts. Each month a lot is redeemed whole with chance 1/10; the sixth month is the last.
    let truth = (0..6).fold(1.0, |left, _| left * 0.9);
    let (mut dice, mut covered, mut width) = (Dice(1), 0, 0.0);
    let repetitions = 200;
    for _ in 0..repetitions {
        let mut cohorts = Cohorts::new(date("2025-06-30")).unwrap();
        for month in 0..18 {
            let day = months_from(date("2024-01-01"), month).unwrap();
            for _ in 0..40 {
                cohorts.push(day, issued(100)).unwrap();
                let used = (0..6).find(|_| dice.below(10) == 0).map(|age| months_from(day, age).unwrap());
                if let Some(on) = used.filter(|on| *on <= cohorts.last_day()) {
                    cohorts.push(day, Movement::Redeemed { on, points: Points::new(100) }).unwrap();
                }
            }
        }
        let breakage = Breakage::of(&cohorts, months(6)).unwrap();
        assert!(breakage.dispersion().unwrap() > 50.0, "{:?}", breakage.dispersion()); // 100 points are one decision
        let estimate = breakage.estimate(Confidence::P95).unwrap();
        covered += usize::from(estimate.covers(truth));
        width += (estimate.high() - estimate.low()) / f64::from(repetitions);
    }
    // 95 % of 200 are 190, give or take 3.
    assert!((181..=198).contains(&covered), "{covered}");
    assert!((0.05..0.12).contains(&width), "{width}");
}

#[test]
fn what_cannot_be_counted_is_refused_and_changes_nothing() {
    let mut cohorts = three_months();
    let before = cohorts.clone();
    let there = |issued: &str, points, left| {
        Err(AccountingError::MoreThanThere { issued: date(issued), points: Points::new(points), left: Points::new(left) })
    };
    for (day, movement, expected) in [
        ("2024-04-01", issued(1), Err(AccountingError::AfterEnd { day: date("2024-04-01"), last: date("2024-03-31") })),
        (
            "2024-03-01",
            redeemed("2024-04-01", 1),
            Err(AccountingError::AfterEnd { day: date("2024-04-01"), last: date("2024-03-31") }),
        ),
        (
            "2024-02-10",
            redeemed("2024-02-09", 1),
            Err(AccountingError::BeforeIssue { day: date("2024-02-09"), issued: date("2024-02-10") }),
        ),
        (
            "2024-02-01",
            redeemed("2024-01-31", 1),
            Err(AccountingError::BeforeIssue { day: date("2024-01-31"), issued: date("2024-02-01") }),
        ),
        ("2024-02-10", redeemed("2024-03-09", 281), there("2024-02-10", 281, 280)),
        ("2024-02-10", expired("2024-03-09", 281), there("2024-02-10", 281, 280)),
        ("2024-02-10", Movement::ClawedBack(Points::new(281)), there("2024-02-10", 281, 280)),
        (
            "2024-02-10",
            Movement::Undone { redeemed_on: date("2024-02-29"), points: Points::new(101) },
            there("2024-02-10", 101, 100),
        ),
        ("2023-12-31", redeemed("2024-01-01", 1), there("2023-12-31", 1, 0)),
        ("2024-01-01", issued(u64::MAX), Err(AccountingError::TooLarge)),
        ("0000-12-31", issued(1), Err(AccountingError::Calendar(CalendarError::OutOfRange))),
    ] {
        assert_eq!(cohorts.push(date(day), movement), expected, "{day} {movement:?}");
        assert_eq!(cohorts, before, "{day} {movement:?}");
    }
    assert_eq!(cohorts.push(chrono::NaiveDate::MAX, issued(1)), Err(AccountingError::Calendar(CalendarError::OutOfRange)));
    let other = Cohorts::new(date("2024-02-29")).unwrap();
    let ends = AccountingError::OtherEnd { left: date("2024-03-31"), right: date("2024-02-29") };
    assert_eq!(cohorts.merge(&other), Err(ends));
    let much = table("2024-03-31", &[("2023-06-01", issued(7)), ("2024-01-01", issued(u64::MAX))]);
    assert_eq!(cohorts.merge(&much), Err(AccountingError::TooLarge));
    assert_eq!(cohorts, before);
    for day in ["2024-03-30", "2024-02-28", "2024-04-01"] {
        assert_eq!(Cohorts::new(date(day)), Err(AccountingError::NotAMonthsEnd(date(day))));
    }
    assert!(Cohorts::new(date("9999-12-31")).is_ok() && Cohorts::new(date("2023-02-28")).is_ok());
    assert_eq!(Cohorts::new(chrono::NaiveDate::MAX), Err(AccountingError::Calendar(CalendarError::OutOfRange)));
}

#[test]
fn what_is_undone_was_never_done() {
    let mut cohorts = three_months();
    let undone = Movement::Undone { redeemed_on: date("2024-03-31"), points: Points::new(150) };
    cohorts.push(date("2024-03-10"), undone).unwrap();
    cohorts.push(date("2024-03-10"), Movement::ClawedBack(Points::new(600))).unwrap();
    let march = cohorts.iter().last().unwrap();
    assert_eq!([march.issued(), march.redeemed(), march.expired(), march.outstanding()], [Points::ZERO; 4]);
    // Of February 280 are left, of January none; each age of January is there.
    let left: Vec<u64> = cohorts.iter().map(|cohort| cohort.outstanding().units()).collect();
    assert_eq!(left, [0, 280, 0]);
    let january = cohorts.iter().next().unwrap();
    assert_eq!([0, 1, 2, 3].map(|age| january.redeemed_at(age).map(Points::units)), [Some(100), Some(60), Some(0), None]);
    assert_eq!([0, 1, 2, 3].map(|age| january.expired_at(age).map(Points::units)), [Some(0), Some(0), Some(240), None]);
    assert_eq!((january.issued(), january.expired(), cohorts.last_day()), (Points::new(400), Points::new(240), date("2024-03-31")));
}

#[test]
fn cohorts_are_data() {
    let json = concat!(
        r#"{"last_day":"2024-03-31","cohorts":[{"month":"2024-01-01","issued":400,"redeemed":[100,60,0],"expired":[0,0,240]},"#,
        r#"{"month":"2024-02-01","issued":500,"redeemed":[100,120],"expired":[0,0]},"#,
        r#"{"month":"2024-03-01","issued":600,"redeemed":[150],"expired":[0]}]}"#
    );
    assert_eq!(serde_json::to_string(&three_months()).unwrap(), json);
    assert_eq!(serde_json::from_str::<Cohorts>(json).unwrap(), three_months());
    for (good, bad) in [
        ("2024-03-31", "2024-03-30"),
        ("\"issued\":400", "\"issued\":399"),
        ("\"2024-02-01\"", "\"2024-02-02\""),
        ("\"2024-02-01\"", "\"2024-01-01\""),
        ("\"2024-03-01\"", "\"2024-04-01\""),
        ("[150]", "[150,0]"),
        ("[150]", "[]"),
        ("[0,0,240]", "[0,240]"),
        ("[0,0,240]", "[18446744073709551615,0,240]"),
        ("[150]", "[-150]"),
        ("\"expired\"", "\"lapsed\""),
    ] {
        assert!(serde_json::from_str::<Cohorts>(&json.replace(good, bad)).is_err(), "{bad}");
    }
    let undone = Movement::Undone { redeemed_on: date("2024-03-31"), points: Points::new(150) };
    let json = r#"{"undone":{"redeemed_on":"2024-03-31","points":150}}"#;
    assert_eq!(serde_json::to_string(&undone).unwrap(), json);
    assert_eq!(serde_json::from_str::<Movement>(json).unwrap(), undone);
    assert_eq!(serde_json::to_string(&issued(1)).unwrap(), r#"{"issued":1}"#);
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_parts_of_a_price_add_up_and_are_off_by_half_a_cent(
        price in 0..1_000_000_000_i64, goods in 0..1_000_000_i64, points in 0..100_000_u64, mills in 0..500_i128, percent in 0..=100_i128,
    ) {
        let dollars = |minor| Money::from_minor(minor, Currency::USD);
        let alone = PointsAlone::new(Points::new(points), Ratio::new(mills, 1_000).unwrap(), Ratio::new(percent, 100).unwrap()).unwrap();
        // In thousandths of a cent.
        let (of_goods, of_points) = (i128::from(goods) * 1_000, i128::from(points) * mills * percent);
        match allocate(dollars(price), dollars(goods), &alone) {
            Ok(parts) => {
                prop_assert_eq!(parts.goods().try_add(parts.points()), Ok(dollars(price)));
                let off = i128::from(parts.points().minor()) * (of_goods + of_points) - i128::from(price) * of_points;
                prop_assert!(2 * off.abs() <= of_goods + of_points);
                prop_assert!(2 * off > -(of_goods + of_points) || parts.points().is_zero() || off < 0); // a half is the goods'
                prop_assert!(2 * off < of_goods + of_points);
                let more = PointsAlone::new(Points::new(points + 1), alone.per_point(), alone.redeemed()).unwrap();
                let larger = allocate(dollars(price), dollars(goods), &more).unwrap();
                prop_assert!(larger.points().minor() >= parts.points().minor());
            }
            Err(error) => prop_assert!(error == AccountingError::NothingToAllocateBy && of_goods + of_points == 0),
        }
    }

    /// A law of the crate.
    #[test]
    fn revenue_never_exceeds_the_price_and_reaches_it(
        price in 0..100_000_i64, estimates in vec((0..500_u64, 0..500_u64), 1..12), rounding in select(&ROUNDINGS[..]),
    ) {
        let price = Money::from_minor(price, Currency::USD);
        let mut deferred = DeferredRevenue::new(price, Points::new(500), rounding).unwrap();
        let mut sum = Money::zero(Currency::USD);
        for (a, b) in &estimates {
            let (redeemed, expected) = (Points::new(*a.min(b)), Points::new(*a.max(b)));
            sum = sum.try_add(deferred.catch_up(redeemed, expected).unwrap()).unwrap();
            prop_assert_eq!(deferred.recognised(), sum);
            prop_assert_eq!(deferred.allocated(), price);
            prop_assert!((0..=price.minor()).contains(&sum.minor()));
            prop_assert_eq!(sum.try_add(deferred.liability()), Ok(price));
            // Within a cent of the exact part.
            let off = sum.minor() * expected.units().max(1).cast_signed() - price.minor() * redeemed.units().cast_signed();
            prop_assert!(off.abs() < expected.units().max(1).cast_signed() || expected.is_zero());
            // Only the totals count, not the way to them.
            let mut at_once = DeferredRevenue::new(price, Points::new(500), rounding).unwrap();
            at_once.catch_up(redeemed, expected).unwrap();
            prop_assert_eq!(at_once, deferred);
        }
        let last = deferred.expected();
        deferred.catch_up(last, last).unwrap();
        prop_assert_eq!((deferred.recognised(), deferred.liability()), (price, Money::zero(Currency::USD)));
        prop_assert_eq!(serde_json::from_str::<DeferredRevenue>(&serde_json::to_string(&deferred).unwrap()).unwrap(), deferred);
    }

    #[test]
    fn complete_cohorts_give_the_plain_share_and_tables_merge_in_any_order(
        // Issue month, points, whether and at which age they are redeemed or expire.
        lots in vec((0..5_i32, 0..300_u64, 0..4_u8, 0..4_i32), 1..40), cut in 0..40_usize,
    ) {
        let movements: Vec<(chrono::NaiveDate, Movement)> = lots.iter().flat_map(|&(month, points, fate, age)| {
            let day = months_from(date("2024-01-15"), month).unwrap();
            let (on, points) = (months_from(day, age).unwrap(), Points::new(points));
            let then = match fate {
                0 | 1 => Some(Movement::Redeemed { on, points }),
                2 => Some(Movement::Expired { on, points }),
                _ => None,
            };
            [(day, Movement::Issued(points))].into_iter().chain(then.map(|movement| (day, movement)))
        }).collect();
        let fill = |movements: &[(chrono::NaiveDate, Movement)], last_day: &str| {
            let mut cohorts = Cohorts::new(date(last_day)).unwrap();
            let known = |m: &Movement| !matches!(m, Movement::Redeemed { on, .. } | Movement::Expired { on, .. } if *on > date(last_day));
            movements.iter().filter(|(_, m)| known(m)).for_each(|(day, movement)| cohorts.push(*day, *movement).unwrap());
            cohorts
        };
        let of = |fates: &[u8]| lots.iter().filter(|lot| fates.contains(&lot.2)).map(|lot| lot.1).sum::<u64>();
        let all = of(&[0, 1, 2, 3]);
        let complete = fill(&movements, "2024-08-31");
        match Breakage::of(&complete, months(4)) {
            Ok(breakage) => {
                let share = Ratio::new(of(&[0, 1]).into(), all.into()).unwrap();
                let places = breakage.redeemed(12, Rounding::Floor).unwrap();
                let next = Ratio::sum([places, Ratio::new(1, 1_000_000_000_000).unwrap()]).unwrap();
                prop_assert!(places <= share && share < next, "{places} {share}");
                prop_assert_eq!(breakage.yet_to_come(Points::new(all), 0, Rounding::HalfUp).units(), of(&[0, 1]));
            }
            Err(error) => prop_assert!(error == AccountingError::NothingIssued && all == 0),
        }
        // Incomplete ones: no more is expected than was issued, no less than was redeemed, and shorter ages are a part of the sum.
        let half = fill(&movements, "2024-05-31");
        if let Ok(breakage) = Breakage::of(&half, months(4)) {
            for cohort in half.iter() {
                let more = breakage.yet_to_come(cohort.outstanding(), cohort.ages(), Rounding::Ceiling);
                prop_assert!(more <= cohort.outstanding());
                prop_assert_eq!(cohort.issued(), Points::sum([cohort.outstanding(), cohort.redeemed(), cohort.expired()]).unwrap());
            }
            if let Ok(estimate) = breakage.estimate(Confidence::P95) {
                prop_assert!(0.0 <= estimate.low() && estimate.high() <= 1.0);
            }
        }
        // A lot's movements stay together: cut where one is issued.
        let cut = (0..movements.len()).filter(|&i| matches!(movements[i].1, Movement::Issued(_))).nth(cut % lots.len()).unwrap_or(0);
        let (mut one, mut other) = (fill(&movements[..cut], "2024-08-31"), fill(&movements[cut..], "2024-08-31"));
        let (first, second) = (one.clone(), other.clone());
        one.merge(&second).unwrap();
        other.merge(&first).unwrap();
        prop_assert_eq!(&one, &complete);
        prop_assert_eq!(&other, &complete);
        prop_assert_eq!(serde_json::from_str::<Cohorts>(&serde_json::to_string(&complete).unwrap()).unwrap(), complete);
    }
}
