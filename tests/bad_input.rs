//! Bad input, case by case: each is a typed error, or an outcome that is declared and reported. Nothing passes in silence, and what the
//! constructors refuse cannot be smuggled in as JSON.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use chrono::NaiveDate;
use common::{date, dec, decs, gbp, name, names};
use customer_value::{
    calendar::{CalendarError, Period, Window},
    customer::{Beyond, CustomerBase, History, HistoryError, OrderColumns, Record, ReturnPolicy, Returned, Unmatched},
    money::{Currency, ExchangeRate, Money, MoneyError, Ratio},
    quantity::{Column, Fact, Interval, Name, Predicate, Quantity, Source, Ties, Unit},
    reason::{Decision, ModelId, Reason, Unsound, Verdict},
    score::{Cutpoints, Missing, Quantile, Reference, Scale, ScalePlan, Score, ScoreError, ScoreModel, ScorePlan, Term},
    tier::{
        Axis, Effect, Grade, GradeModel, GradePlan, GradeSet, Grid, Rule, TierError,
        membership::{Confirmation, Hold, Membership, Policy, Terms, Transition},
        segments::SegmentTable,
        treatment::{Action, CostBounds, Lever, Page, Playbook, ServiceLevel, ServingPolicy, Treatment},
    },
    value::{
        Assessment, Assessments, Concentration, ConcentrationError, Dimension, Direction, FactSheet, Facts, Family, RepeatColumns,
        RfmColumns, Validity,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

fn today() -> NaiveDate {
    date("2024-06-30")
}

/// Whether an error is the one that is expected.
type Is<E> = fn(&E) -> bool;

fn refused<T: DeserializeOwned + core::fmt::Debug>(json: &Value) -> String {
    // From text: that is how policies arrive.
    match serde_json::from_str::<T>(&json.to_string()) {
        Ok(read) => panic!("{json} was read as {read:?}"),
        Err(why) => why.to_string(),
    }
}

// Records and histories.

#[test]
fn bad_records_are_refused_and_change_nothing() {
    let year_10000 = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let year_0 = NaiveDate::from_ymd_opt(0, 12, 31).unwrap();
    let euro = Money::from_minor(1, Currency::EUR);
    let mismatch = HistoryError::CurrencyMismatch { history: Currency::GBP, record: Currency::EUR };
    let sale = |minor| Record::sale(today(), gbp(minor)).with_id("s").unwrap();
    let back = |minor| Record::returned(today(), gbp(minor)).with_id("r").unwrap();
    let cases = [
        (Record::sale(today(), euro), mismatch.clone()),
        (Record::returned(today(), euro), mismatch),
        (Record::sale(today(), gbp(-1)), HistoryError::NegativeSale(gbp(-1))),
        (Record::returned(today(), gbp(0)), HistoryError::ReturnNotPositive(gbp(0))),
        (Record::returned(today(), gbp(-1)), HistoryError::ReturnNotPositive(gbp(-1))),
        (Record::sale(year_10000, gbp(1)), HistoryError::DateOutOfRange(year_10000)),
        (Record::returned(year_0, gbp(1)), HistoryError::DateOutOfRange(year_0)),
        (Record::cancellation(name("s"), year_0), HistoryError::DateOutOfRange(year_0)),
        // Delivered again with other content.
        (sale(6), HistoryError::Conflict(name("s"))),
        (Record::sale(date("2024-06-29"), gbp(5)).with_id("s").unwrap(), HistoryError::Conflict(name("s"))),
        (back(3), HistoryError::Conflict(name("r"))),
        (back(2).of_sale("s").unwrap(), HistoryError::Conflict(name("r"))),
        (Record::cancellation(name("x"), today()), HistoryError::Conflict(name("x"))),
    ];
    let mut base = CustomerBase::new(Currency::GBP);
    for record in [sale(5), back(2), Record::cancellation(name("x"), date("2024-06-29"))] {
        base.push(1, record).unwrap();
    }
    let before = base.clone();
    for (record, error) in cases {
        assert_eq!(base.push(1, record.clone()), Err(error), "{record:?}");
        let _ = base.push(2, record);
    }
    assert_eq!(base.get(&1), before.get(&1));
    let euros: CustomerBase<i32> = CustomerBase::new(Currency::EUR);
    assert!(matches!(base.merge(&euros), Err(HistoryError::CurrencyMismatch { .. })));
}

#[test]
fn names_that_are_no_names_are_refused() {
    let long = "x".repeat(201);
    for text in ["", " ", " A", "A ", "A\n", "A\u{0}B", "\u{3000}A", long.as_str()] {
        assert!(Name::new(text).is_err(), "{text:?}");
        refused::<Name>(&json!(text));
        assert!(Record::sale(today(), gbp(1)).with_id(text).is_err());
    }
    assert!(Name::new(&"名".repeat(200)).is_ok());
}

#[test]
fn returns_that_do_not_fit_are_errors_or_reported_as_the_policy_says() {
    let sale = Record::sale(today(), gbp(10)).with_id("s").unwrap();
    let back = |of: Option<&str>, minor| {
        let record = Record::returned(today(), gbp(minor));
        of.map_or(record.clone(), |of| record.of_sale(of).unwrap())
    };
    let strict = ReturnPolicy::STRICT;
    let beyond = |sale: Option<&str>, returned| HistoryError::BeyondSale {
        sale: sale.map(|s| Box::new(name(s))),
        sold: gbp(10),
        returned: gbp(returned),
    };
    let latest = ReturnPolicy { unmatched: Unmatched::LatestFirst, beyond: Beyond::Refuse };
    let cases = [
        (back(None, 1), strict, HistoryError::NamesNoSale { on: today(), amount: gbp(1) }),
        (back(Some("t"), 1), strict, HistoryError::UnknownSale { sale: name("t"), on: today() }),
        (Record::cancellation(name("t"), today()), strict, HistoryError::UnknownSale { sale: name("t"), on: today() }),
        (back(Some("s"), 11), strict, beyond(Some("s"), 11)),
        (back(None, 11), latest, beyond(None, 11)),
    ];
    for (record, policy, error) in cases {
        let mut history = History::new(Currency::GBP);
        history.push(sale.clone()).unwrap();
        history.push(record.clone()).unwrap();
        assert_eq!(history.as_of(today(), policy), Err(error), "{record:?}");
        // The lenient policy reports what it did with the same record.
        let lenient = history.as_of(today(), ReturnPolicy { unmatched: Unmatched::SetAside, beyond: Beyond::SetAside }).unwrap();
        let Returned { matched, assumed, set_aside, count, .. } = *lenient.returned();
        assert_eq!((assumed, count), (gbp(0), 1));
        if let Record::Return { amount, .. } = record {
            assert_eq!(matched.try_add(set_aside), Ok(amount));
        }
    }
}

#[test]
fn records_dated_after_the_day_are_left_out_and_counted() {
    let mut history = History::new(Currency::GBP);
    let tomorrow = date("2024-07-01");
    history.push(Record::sale(today(), gbp(10)).with_id("s").unwrap()).unwrap();
    history.push(Record::sale(tomorrow, gbp(99))).unwrap();
    history.push(Record::sale(tomorrow, gbp(99)).with_id("t").unwrap()).unwrap();
    history.push(Record::returned(tomorrow, gbp(5)).of_sale("s").unwrap()).unwrap();
    history.push(Record::returned(tomorrow, gbp(5)).of_sale("s").unwrap().with_id("r").unwrap()).unwrap();
    history.push(Record::cancellation(name("s"), tomorrow)).unwrap();
    let purchases = history.as_of(today(), ReturnPolicy::STRICT).unwrap();
    assert_eq!((purchases.count(), purchases.net(), purchases.later()), (1, gbp(10), 5));
    // A return of a sale that is still to come is a return of an unknown sale.
    let mut early = History::new(Currency::GBP);
    early.push(Record::sale(tomorrow, gbp(9)).with_id("t").unwrap()).unwrap();
    early.push(Record::returned(today(), gbp(9)).of_sale("t").unwrap()).unwrap();
    assert!(matches!(early.as_of(today(), ReturnPolicy::STRICT), Err(HistoryError::UnknownSale { .. })));
    assert!(early.as_of(tomorrow, ReturnPolicy::STRICT).unwrap().days().is_empty());
}

#[test]
fn bad_columns_are_refused() {
    let unequal = OrderColumns::new(&[1, 2], &[0], &[0], Currency::GBP);
    assert_eq!(unequal.unwrap_err(), HistoryError::UnequalColumns { customers: 2, days: 1, amounts: 1 });
    assert!(OrderColumns::new(&[1], &[0], &[0, 1], Currency::GBP).is_err());
    let out_of_range = HistoryError::Calendar(CalendarError::OutOfRange);
    let overflow = HistoryError::Overflow(Currency::GBP);
    let year_10000 = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let lenient = ReturnPolicy::LATEST_FIRST;
    let of_customer = HistoryError::Customer { key: 1, error: Box::new(overflow.clone()) };
    for (days, minor, as_of, error) in [
        ([0, i32::MIN], [1, 1], today(), &out_of_range),
        ([0, 2_932_897], [1, 1], today(), &out_of_range),
        ([0, 0], [1, 1], year_10000, &out_of_range),
        ([0, 0], [i64::MAX, 1], today(), &of_customer),
        ([0, 1], [i64::MAX, 1], today(), &of_customer),
        ([0, 0], [0, i64::MIN], today(), &overflow),
    ] {
        let orders = OrderColumns::new(&[1, 1], &days, &minor, Currency::GBP).unwrap();
        assert_eq!(RfmColumns::collect(&orders, as_of, Window::All, lenient).as_ref(), Err(error));
        assert_eq!(RepeatColumns::collect(&orders, as_of, lenient).as_ref(), Err(error));
    }
    let orders = OrderColumns::new(&[1], &[0], &[-1], Currency::GBP).unwrap();
    let refused = RepeatColumns::collect(&orders, today(), ReturnPolicy::STRICT).unwrap_err();
    assert!(matches!(&refused, HistoryError::Customer { key: 1, error } if matches!(**error, HistoryError::NamesNoSale { .. })));
    let empty = RfmColumns::collect(&orders, today(), Window::Days(0), lenient);
    assert_eq!(empty, Err(HistoryError::Calendar(CalendarError::EmptyWindow)));
}

#[test]
fn shards_from_the_wire_are_checked() {
    let shard = |list: &str, entry: Value| json!({ "currency": "GBP", list: [entry] });
    for entry in [
        json!({"on": "2024-01-01", "count": 0, "minor": "0"}),
        json!({"on": "2024-01-01", "count": 1, "minor": "-1"}),
        json!({"on": "2024-01-01", "count": 1, "minor": "9223372036854775808"}),
        json!({"on": "2024-01-01", "count": 1, "minor": 5}),
        json!({"on": "2024-01-01", "count": -1, "minor": "5"}),
        json!({"on": "+12024-01-01", "count": 1, "minor": "5"}),
        json!({"on": "2024-01-32", "count": 1, "minor": "5"}),
        json!({"on": "2024-01-01", "count": 1, "minor": "5", "of": "s", "extra": 1}),
    ] {
        refused::<History>(&shard("unnamed_sales", entry.clone()));
        refused::<History>(&shard("unnamed_returns", entry));
    }
    refused::<History>(&shard("unnamed_sales", json!({"on": "2024-01-01", "count": 1, "minor": "5", "of": "s"})));
    refused::<History>(&shard("unnamed_returns", json!({"on": "2024-01-01", "count": 2, "minor": "1"})));
    let sale = |minor: &str| json!({"sale": {"id": "s", "on": "2024-01-01", "amount": {"amount": minor, "currency": "GBP"}}});
    refused::<History>(&json!({"currency": "EUR", "records": [sale("1.00")]}));
    refused::<History>(&json!({"currency": "GBP", "records": [sale("1.00"), sale("2.00")]}));
    let base = |histories: Value| json!({"currency": "GBP", "customers": histories});
    refused::<CustomerBase<u8>>(&base(json!([[1, {"currency": "EUR"}]])));
    let one = json!([1, {"currency": "GBP", "records": [sale("1.00")]}]);
    let other = json!([1, {"currency": "GBP", "records": [sale("2.00")]}]);
    refused::<CustomerBase<u8>>(&base(json!([one, other])));
}

// Money.

#[test]
fn bad_amounts_currencies_and_rates_are_refused() {
    let gbp_of = |text: &str| Money::new(dec(text), Currency::GBP);
    assert!(matches!(gbp_of("1.005"), Err(MoneyError::TooPrecise { .. })));
    assert!(matches!(Money::new(dec("0.5"), Currency::JPY), Err(MoneyError::TooPrecise { .. })));
    let overflow = Err(MoneyError::Overflow { currency: Currency::GBP });
    assert_eq!(gbp_of("100000000000000000000"), overflow);
    assert_eq!(
        [gbp(i64::MAX).try_add(gbp(1)), gbp(i64::MIN).try_sub(gbp(1)), gbp(i64::MAX).try_mul(2)],
        [(); 3].map(|()| overflow.clone())
    );
    let mixed = Err(MoneyError::CurrencyMismatch { left: Currency::GBP, right: Currency::EUR });
    let euro = Money::from_minor(1, Currency::EUR);
    assert_eq!(
        [gbp(1).try_add(euro), gbp(1).try_sub(euro), Money::sum([gbp(1), euro], Currency::GBP)],
        [(); 3].map(|()| mixed.clone())
    );
    assert!(gbp(1).compare(euro).is_err());
    for shares in [&[][..], &[0], &[0, 0]] {
        assert_eq!(gbp(5).allocate(shares), Err(MoneyError::NoShares));
    }
    for rate in ["0", "-1.2"] {
        assert!(matches!(ExchangeRate::new(Currency::GBP, Currency::EUR, dec(rate), today()), Err(MoneyError::RateNotPositive(_))));
        refused::<ExchangeRate>(&json!({"from": "GBP", "to": "EUR", "rate": rate, "on": "2024-01-01"}));
    }
    for text in ["12.50", "12.50  GBP", "GBP 12.50", "12,50 GBP", "12.505 GBP", "NaN GBP", "1e2 GBP", "12.50 gbp", "12.50 XXX", ""]
    {
        assert!(text.parse::<Money>().is_err(), "{text:?}");
    }
    for json in [
        json!({"amount": 12.5, "currency": "GBP"}),
        json!({"amount": "12.505", "currency": "GBP"}),
        json!({"amount": "12.50", "currency": "GBP:4"}),
        json!({"amount": "12.50", "currency": "BTC"}),
        json!({"amount": "92233720368547758.08", "currency": "GBP"}),
        json!({"amount": "12.50"}),
        json!({"amount": null, "currency": "GBP"}),
    ] {
        refused::<Money>(&json);
    }
    for text in ["1/0", "0/0", "1/", "/3", "", "0.3.3", "NaN", "∞", "1e3", "-170141183460469231731687303715884105728"] {
        assert!(text.parse::<Ratio>().is_err(), "{text:?}");
        refused::<Ratio>(&json!(text));
    }
}

// Populations.

#[test]
fn degenerate_populations_are_refused_or_reported() {
    let fit = |sample: &[i64], bins| {
        let sample: Vec<_> = sample.iter().map(|&v| v.into()).collect();
        Cutpoints::fit(&sample, bins, Quantile::Linear, Ties::ToLower)
    };
    let column = Column { values: &[], places: 0, unit: Unit::Number };
    assert_eq!(fit(&[], 5), Err(ScoreError::EmptyPopulation));
    assert_eq!(Cutpoints::fit_column(&column, 5, Quantile::Hazen, Ties::ToLower), Err(ScoreError::EmptyPopulation));
    assert_eq!(Reference::new(Vec::new()), Err(ScoreError::EmptyPopulation));
    assert_eq!(Concentration::of(&column), Err(ConcentrationError::Empty));
    for bins in [0, 1, 101, 255] {
        assert_eq!(fit(&[1, 2, 3], bins), Err(ScoreError::BadBins(bins.into())));
    }
    // (population, asked, obtained, members of each bin)
    for (sample, asked, obtained, customers) in [
        (&[7][..], 5, 1, &[1, 0, 0, 0, 0][..]),  // one customer
        (&[7; 6], 3, 1, &[6, 0, 0]),             // all equal
        (&[1, 1, 1, 1, 2], 4, 2, &[4, 0, 0, 1]), // more bins than distinct values
        (&[1, 2, 3], 5, 3, &[1, 0, 1, 0, 1]),    // more bins than customers
    ] {
        let fitted = fit(sample, asked).unwrap();
        assert_eq!((fitted.asked, fitted.obtained(), fitted.customers.as_slice()), (asked, obtained, customers), "{sample:?}");
    }
    let spread = |values: &[i64]| Concentration::of(&Column { values, places: 0, unit: Unit::Number });
    assert_eq!(spread(&[3, -1]), Err(ConcentrationError::Negative { at: 1, value: -1 }));
    assert_eq!(spread(&[0, 0]), Err(ConcentrationError::NothingToShare));
    assert_eq!(spread(&[vec![i64::MAX; 65_538]].concat()), Err(ConcentrationError::TooLarge));
    let one = spread(&[5]).unwrap();
    assert_eq!((one.gini(), one.top_share(Ratio::ONE)), (Ratio::ZERO, Ok(Ratio::ONE)));
    for share in ["-0.1", "1.1", "1/1000000000001"] {
        assert!(matches!(one.top_share(share.parse().unwrap()), Err(ConcentrationError::BadShare(_))), "{share}");
    }
    for bounds in [&["0"][..], &["0.9", "0.8"], &["0.8", "0.8"], &["1.5"]] {
        let bounds: Vec<Ratio> = bounds.iter().map(|b| b.parse().unwrap()).collect();
        assert!(matches!(one.abc(&bounds), Err(ConcentrationError::BadShare(_))), "{bounds:?}");
    }
}

#[test]
fn columns_finer_than_18_places_are_refused() {
    let fine = |places| Column { values: &[1, 2], places, unit: Unit::Count };
    let cutpoints = Cutpoints::new(decs(&["1"]), Ties::ToLower).unwrap();
    for places in [19, 28, 29, 255] {
        let refused = ScoreError::ColumnPlaces(places);
        assert_eq!(fine(places).get(0), None);
        assert_eq!(Cutpoints::fit_column(&fine(places), 2, Quantile::Linear, Ties::ToLower), Err(refused.clone()));
        assert_eq!(cutpoints.bins_of(&fine(places)), Err(refused.clone()));
        for scale in [Scale::Bins(cutpoints.clone()), Scale::AsIs] {
            assert_eq!(model("1", scale).score_columns(|_| Some(fine(places))), Err(refused.clone()));
        }
    }
    assert_eq!(fine(18).get(0), Some(dec("0.000000000000000001")));
}

// Score models.

fn size() -> Dimension {
    Dimension::new("size", Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap()
}

fn age() -> Dimension {
    Dimension::new("age", Family::Economic, Direction::LowerIsBetter, Unit::Days).unwrap()
}

fn bins(cuts: &[&str]) -> Scale {
    Scale::Bins(Cutpoints::new(decs(cuts), Ties::ToLower).unwrap())
}

fn term(dimension: Dimension, weight: &str, scale: Scale) -> Term {
    Term { dimension, weight: weight.parse().unwrap(), scale, missing: Missing::Refuse }
}

fn model(weight: &str, scale: Scale) -> ScoreModel {
    ScoreModel::new(name("score"), 2, vec![term(size(), weight, scale)]).unwrap()
}

/// The JSON that a model of these parts would have if it were one.
fn model_json(places: u8, terms: &[Term]) -> Value {
    json!({"name": "score", "places": places, "terms": terms})
}

#[test]
fn bad_score_models_are_refused_by_constructor_and_json_alike() {
    let missing = Missing::Substitute { value: Quantity::days(1).into(), because: name("b") };
    let third = |dimension| term(dimension, "1/3", bins(&["1"]));
    let width = || Dimension { name: name("width"), ..size() };
    let cases: Vec<(u8, Vec<Term>, Is<ScoreError>)> = vec![
        (2, vec![], |e| *e == ScoreError::NoTerms),
        (7, vec![term(size(), "1", bins(&["1"]))], |e| *e == ScoreError::BadPlaces(7)),
        (2, vec![term(size(), "0.5", bins(&["1"])), term(size(), "0.5", bins(&["1"]))], |e| {
            *e == ScoreError::TwiceTheDimension(name("size"))
        }),
        (2, vec![term(size(), "0", bins(&["1"])), term(age(), "1", bins(&["1"]))], |e| {
            matches!(e, ScoreError::WeightNotPositive { .. })
        }),
        (2, vec![term(size(), "-1", bins(&["1"])), term(age(), "2", bins(&["1"]))], |e| {
            matches!(e, ScoreError::WeightNotPositive { .. })
        }),
        (2, vec![term(size(), "0.3", bins(&["1"])), term(age(), "0.3", bins(&["1"]))], |e| {
            matches!(e, ScoreError::WeightsDoNotSum(_))
        }),
        (2, vec![term(size(), "0.333333333333", bins(&["1"])), term(age(), "0.666666666666", bins(&["1"]))], |e| {
            matches!(e, ScoreError::WeightsDoNotSum(_))
        }),
        (2, vec![term(age(), "1", Scale::AsIs)], |e| *e == ScoreError::FallsAsItRises(name("age"))),
        (2, vec![Term { missing, ..term(size(), "1", bins(&["1"])) }], |e| matches!(e, ScoreError::WrongUnit { .. })),
    ];
    for (places, terms, expected) in cases {
        let why = refused::<ScoreModel>(&model_json(places, &terms));
        let error = ScoreModel::new(name("score"), places, terms).unwrap_err();
        assert!(expected(&error), "{error}");
        assert_eq!(why, error.to_string());
    }
    // Thirds do add up, as "1/3", which no decimal can.
    let thirds = vec![third(size()), third(age()), third(width())];
    let json = model_json(2, &thirds).to_string();
    assert_eq!(serde_json::from_str::<ScoreModel>(&json).unwrap(), ScoreModel::new(name("score"), 2, thirds).unwrap());
    assert!(json.contains(r#""weight":"1/3""#));
}

#[test]
fn bad_cutpoints_are_refused_by_constructor_and_json_alike() {
    let many: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    for (cuts, error) in [
        (vec![], ScoreError::BadBins(1)),
        (many, ScoreError::BadBins(101)),
        (vec!["365".into(), "90".into()], ScoreError::FallingCuts { at: 1, cut: dec("90") }),
    ] {
        let why = refused::<Cutpoints>(&json!({"cuts": cuts, "ties": "to-lower"}));
        let made = Cutpoints::new(cuts.iter().map(|c| dec(c)).collect(), Ties::ToLower).unwrap_err();
        assert_eq!((&made, why), (&error, error.to_string()));
    }
    assert!(Cutpoints::new(decs(&["1", "1"]), Ties::ToLower).is_ok());
    refused::<Reference>(&json!([]));
    refused::<Reference>(&json!([0.5]));
}

#[test]
fn missing_facts_are_refused_or_substituted_as_declared_never_taken_as_zero() {
    let refuses = model("1", bins(&["5"]));
    let missing = Missing::Substitute { value: Quantity::count(9).into(), because: name("the usual") };
    let substitutes = ScoreModel::new(name("score"), 2, vec![Term { missing, ..term(size(), "1", bins(&["5"])) }]).unwrap();
    for fact in [Fact::Unknown, Fact::NotApplicable, Fact::Erased] {
        let facts = FactSheet::new().with("size", fact.clone()).unwrap();
        let error = ScoreError::Missing { dimension: name("size"), fact: fact.clone() };
        assert_eq!(refuses.score(&facts, today()), Err(error.clone()));
        assert_eq!(refuses.score_only(&facts), Err(error));
        let decision = substitutes.score(&facts, today()).unwrap();
        assert_eq!(decision.value.points(), dec("2.00"));
        assert_eq!(decision.reasons[0], Reason::Read { dimension: name("size"), fact, source: None });
        assert!(matches!(&decision.reasons[1], Reason::Substituted { because, .. } if *because == "the usual"));
    }
    assert_eq!(substitutes.score_only(&FactSheet::new().with("size", Quantity::count(0)).unwrap()).unwrap().points(), dec("1.00"));
    // Days are no count, and no column is not a column of zeros.
    let days = FactSheet::new().with("size", Quantity::days(1)).unwrap();
    let wrong = ScoreError::WrongUnit { dimension: name("size"), expected: Unit::Count, found: Unit::Days };
    assert_eq!(substitutes.score_only(&days), Err(wrong.clone()));
    assert_eq!(refuses.score_columns(|_| Some(Column { values: &[1], places: 0, unit: Unit::Days })), Err(wrong));
    assert_eq!(refuses.score_columns(|_| None), Err(ScoreError::NoColumn(name("size"))));
    let two = ScoreModel::new(name("score"), 2, vec![term(size(), "1/2", bins(&["5"])), term(age(), "1/2", bins(&["5"]))]).unwrap();
    let column = |of: &Name| match of.as_str() {
        "size" => Column { values: &[1, 2][..], places: 0, unit: Unit::Count },
        _ => Column { values: &[1], places: 0, unit: Unit::Days },
    };
    assert_eq!(
        two.score_columns(|of| Some(column(of))),
        Err(ScoreError::UnequalColumns { dimension: name("age"), expected: 2, found: 1 })
    );
}

#[test]
fn a_model_is_not_fitted_on_nobody_nor_in_another_unit() {
    let scale = ScalePlan::Quantiles { bins: 2, quantile: Quantile::Linear, ties: Ties::ToLower };
    let plan =
        ScorePlan::new(name("plan"), 0, vec![Term { dimension: size(), weight: Ratio::ONE, scale, missing: Missing::Refuse }])
            .unwrap();
    let column = |values, unit| Column { values, places: 0, unit };
    assert_eq!(plan.fit(|_| None), Err(ScoreError::NoColumn(name("size"))));
    assert_eq!(plan.fit(|_| Some(column(&[], Unit::Count))), Err(ScoreError::EmptyPopulation));
    assert!(matches!(plan.fit(|_| Some(column(&[1], Unit::Days))), Err(ScoreError::WrongUnit { .. })));
    for bins in [0, 1, 101] {
        let scale = ScalePlan::Quantiles { bins, quantile: Quantile::Linear, ties: Ties::ToLower };
        let term = Term { dimension: size(), weight: Ratio::ONE, scale, missing: Missing::Refuse };
        // Refused when the plan is made, or at the latest when it is fitted.
        let fitted = ScorePlan::new(name("plan"), 0, vec![term]).and_then(|plan| plan.fit(|_| Some(column(&[1, 2], Unit::Count))));
        assert_eq!(fitted, Err(ScoreError::BadBins(bins.into())));
    }
}

// Grades, grids, rules.

fn axis(of: &str, cuts: &[&str]) -> Axis {
    Axis { of: name(of), cutpoints: Cutpoints::new(decs(cuts), Ties::ToUpper).unwrap() }
}

fn grid() -> Grid {
    Grid::new(GradeSet::letters(3).unwrap(), vec![axis("size", &["10", "20"])], names("C C B")).unwrap()
}

fn rule(title: &str, when: Predicate, then: Effect) -> Rule {
    Rule { name: name(title), when, then, because: name("so it was decided") }
}

fn at_least(of: &str, bound: &str) -> Predicate {
    Predicate::AtLeast { of: name(of), bound: dec(bound) }
}

fn grade_model(rules: Vec<Rule>) -> Result<GradeModel, TierError> {
    GradeModel::new(name("m"), vec![size(), age()], vec![], grid(), rules)
}

#[test]
fn grade_sets_have_two_to_seven_different_grades() {
    for count in [0, 1, 8] {
        let list: Vec<Name> = (0..count).map(|i| name(&format!("g{i}"))).collect();
        refused::<GradeSet>(&json!(list));
        assert_eq!(GradeSet::new(list), Err(TierError::BadGradeCount(count)));
        assert_eq!(GradeSet::letters(u8::try_from(count).unwrap()), Err(TierError::BadGradeCount(count)));
    }
    assert!(GradeSet::letters(2).is_ok() && GradeSet::letters(7).is_ok() && GradeSet::letters(255).is_err());
    assert_eq!(GradeSet::new(names("A B A")), Err(TierError::Twice(name("A"))));
    refused::<GradeSet>(&json!(["A", "B", "A"]));
}

#[test]
fn bad_grids_are_refused_by_constructor_and_json_alike() {
    let two = |of| axis(of, &["10"]);
    let five: Vec<Axis> = ["a", "b", "c", "d", "e"].map(two).to_vec();
    let cases: Vec<(Vec<Axis>, String, Is<TierError>)> = vec![
        (vec![], "A".into(), |e| *e == TierError::BadAxisCount(0)),
        (five, "A ".repeat(32).trim().into(), |e| *e == TierError::BadAxisCount(5)),
        (vec![two("a"), two("a")], "C B B A".into(), |e| *e == TierError::Twice(name("a"))),
        (vec![two("a"), two("b")], "C B B".into(), |e| *e == TierError::BadCellCount { expected: 4, found: 3 }),
        (vec![two("a"), two("b")], "C B B A A".into(), |e| *e == TierError::BadCellCount { expected: 4, found: 5 }),
        (vec![two("a"), two("b")], "C B B D".into(), |e| *e == TierError::UnknownGrade(name("D"))),
        (vec![two("a"), two("b")], "C B A B".into(), |e| {
            let (grade, better_grade) = (name("A"), name("B"));
            *e == TierError::NotMonotone { cell: vec![2, 1], grade, better: vec![2, 2], better_grade }
        }),
        (vec![two("a"), two("b")], "B B C B".into(), |e| matches!(e, TierError::NotMonotone { better, .. } if *better == [2, 1])),
        (vec![two("a")], "B C".into(), |e| matches!(e, TierError::NotMonotone { .. })),
    ];
    for (axes, cells, expected) in cases {
        let json = json!({"grades": ["A", "B", "C"], "axes": axes, "cells": cells.split(' ').collect::<Vec<_>>()});
        let error = Grid::new(GradeSet::letters(3).unwrap(), axes, names(&cells)).unwrap_err();
        assert!(expected(&error), "{error}");
        assert_eq!(refused::<Grid>(&json), error.to_string());
    }
    assert_eq!(grid().cell(&[0]), None);
    assert_eq!(grid().cell(&[4]), None);
    assert_eq!(grid().cell(&[1, 1]), None);
}

fn nested(depth: usize) -> Predicate {
    (0..depth).fold(at_least("size", "1"), |inner, _| Predicate::Not(Box::new(inner)))
}

#[test]
fn bad_rules_are_refused_by_constructor_and_json_alike() {
    let pin = |grade: &str| Effect::Pin(name(grade));
    let cases = [
        (rule("r", at_least("sise", "1"), pin("A")), TierError::UnknownDimension(name("sise"))),
        (rule("r", at_least("size", "1"), pin("D")), TierError::UnknownGrade(name("D"))),
        (rule("r", Predicate::All(vec![]), pin("A")), TierError::BadPredicate(name("r"))),
        (
            rule("r", Predicate::Any(vec![at_least("size", "1"), Predicate::Any(vec![])]), pin("A")),
            TierError::BadPredicate(name("r")),
        ),
        (rule("r", nested(17), pin("A")), TierError::BadPredicate(name("r"))),
        (rule("r", Predicate::All(vec![Predicate::Any(vec![nested(15)])]), pin("A")), TierError::BadPredicate(name("r"))),
    ];
    for (rule, error) in cases {
        let json = json!({"name": "m", "dimensions": [size(), age()], "grid": grid(), "rules": [rule]});
        assert_eq!(refused::<GradeModel>(&json), error.to_string());
        assert_eq!(grade_model(vec![rule]), Err(error));
    }
    assert!(grade_model(vec![rule("r", nested(16), pin("A"))]).is_ok());
    assert_eq!(grade_model(vec![rule("r", nested(2_000), pin("A"))]), Err(TierError::BadPredicate(name("r"))));
    // Deeper than a JSON reader goes: an error as well, not a crash.
    let deep = format!("{}{}{}", r#"{"not":"#.repeat(100_000), r#"{"at-least":{"of":"size","bound":"1"}}"#, "}".repeat(100_000));
    assert!(serde_json::from_str::<Predicate>(&deep).is_err());
    let wide = |n| Predicate::Any((0..n).map(|n| at_least("size", &n.to_string())).collect());
    assert!(grade_model(vec![rule("r", wide(1_000), pin("A"))]).is_ok());
    assert_eq!(grade_model(vec![rule("r", wide(1_001), pin("A"))]), Err(TierError::TooManyComparisons(1_001)));
    let many = vec![rule("r", wide(500), pin("A")), rule("s", wide(501), pin("A"))];
    assert_eq!(grade_model(many), Err(TierError::TooManyComparisons(1_001)));
    let twice = vec![rule("r", at_least("size", "1"), pin("A")), rule("r", at_least("age", "1"), pin("A"))];
    assert_eq!(grade_model(twice), Err(TierError::Twice(name("r"))));
}

#[test]
fn models_whose_parts_do_not_fit_together_are_refused() {
    let score = |title: &str| vec![ScoreModel::new(name(title), 0, vec![term(size(), "1", bins(&["1"]))]).unwrap()];
    let make = |dimensions: Vec<Dimension>, score| GradeModel::<Scale>::new(name("m"), dimensions, score, grid(), vec![]);
    assert_eq!(make(vec![], vec![]).unwrap_err(), TierError::UnknownDimension(name("size")));
    assert_eq!(make(vec![size(), size()], vec![]).unwrap_err(), TierError::Twice(name("size")));
    assert_eq!(make(vec![size()], score("score")).unwrap_err(), TierError::Twice(name("size")));
    assert_eq!(make(vec![], score("size")).unwrap_err(), TierError::Twice(name("size")));
    assert!(make(vec![], score("score")).is_ok());
    refused::<GradeModel>(&json!({"name": "m", "grid": grid()}));
    refused::<GradeModel>(&json!({"name": "m", "dimensions": [size(), size()], "grid": grid()}));
}

fn facts(size: Option<u32>, age: Option<u32>) -> FactSheet {
    let mut sheet = FactSheet::new();
    if let Some(size) = size {
        sheet.set(name("size"), Quantity::count(size).into(), None);
    }
    if let Some(age) = age {
        sheet.set(name("age"), Quantity::days(age).into(), None);
    }
    sheet
}

#[test]
fn rules_that_contradict_each_other_are_found_when_the_model_is_built() {
    use Effect::{AtLeast, AtMost, Pin};
    let young = Predicate::LessThan { of: name("age"), bound: dec("10") };
    for (large, other, clash) in [
        (Pin(name("A")), Pin(name("B")), true),
        (Pin(name("A")), Pin(name("A")), false),
        (Pin(name("A")), AtMost(name("B")), true),
        (Pin(name("C")), AtLeast(name("B")), true),
        (Pin(name("B")), AtLeast(name("B")), false),
        (Pin(name("B")), AtMost(name("A")), false),
        (AtLeast(name("A")), AtMost(name("B")), true),
        (AtLeast(name("B")), AtMost(name("B")), false),
        (AtLeast(name("B")), AtLeast(name("A")), false),
        (AtMost(name("B")), AtMost(name("C")), false),
    ] {
        for (first, second) in [(large.clone(), other.clone()), (other, large)] {
            let rules = |when: &Predicate| {
                vec![rule("large", at_least("size", "20"), first.clone()), rule("young", when.clone(), second.clone())]
            };
            let built = grade_model(rules(&young));
            if clash {
                let example = "size = 20, age = 9".to_owned();
                let (first, second) = (name("large"), name("young"));
                assert_eq!(built.unwrap_err(), TierError::Contradiction { first, second, example });
            } else {
                assert!(built.unwrap().grade_only(&facts(Some(20), Some(9))).is_ok());
            }
            // Where nobody can meet both, there is no contradiction: sizes are whole numbers.
            let small = Predicate::LessThan { of: name("size"), bound: dec("19.5") };
            let never = Predicate::All(vec![at_least("age", "10"), young.clone()]);
            for apart in [small, never] {
                assert!(grade_model(rules(&apart)).is_ok(), "{first:?} {second:?} {apart}");
            }
        }
    }
}

#[test]
fn rules_with_one_condition_contradict_each_other_whatever_it_is_about() {
    let score = ScoreModel::new(name("score"), 0, vec![term(size(), "1", bins(&["20"]))]).unwrap();
    let many = (0..40).map(|n| Predicate::Not(Box::new(at_least("age", &n.to_string())))).collect();
    for when in [at_least("score", "1"), Predicate::Any(many)] {
        let rules = vec![rule("one", when.clone(), Effect::Pin(name("A"))), rule("two", when, Effect::AtMost(name("B")))];
        let built = GradeModel::new(name("m"), vec![age()], vec![score.clone()], grid(), rules);
        assert!(matches!(built, Err(TierError::Contradiction { .. })));
    }
}

#[test]
fn weights_over_too_large_a_denominator_are_refused_in_any_order() {
    // Two primes: their product has 26 digits.
    let (p, q) = (10_000_000_000_037_i128, 10_000_000_000_051_i128);
    let weights = [(1, 2 * p), (p - 1, 2 * p), (1, 2 * q), (q - 1, 2 * q)].map(|(n, d)| Ratio::new(n, d).unwrap());
    for order in [[0, 1, 2, 3], [0, 2, 1, 3], [3, 1, 0, 2]] {
        let term = |(i, at): (usize, usize)| Term {
            dimension: Dimension::new(&format!("d{i}"), Family::Economic, Direction::HigherIsBetter, Unit::Number).unwrap(),
            weight: weights[at],
            scale: Scale::AsIs,
            missing: Missing::Refuse,
        };
        let terms = order.into_iter().enumerate().map(term).collect();
        assert_eq!(ScoreModel::new(name("m"), 0, terms).unwrap_err(), ScoreError::WeightsTooFine);
    }
}

#[test]
fn decimals_have_one_spelling_on_the_wire() {
    let read = |text: &str| serde_json::from_value::<Quantity>(json!({"value": text, "unit": "number"}));
    for good in ["0", "-0.30", "12.5", "007"] {
        assert!(read(good).is_ok(), "{good}");
    }
    for bad in ["1_000", "+5", "5.", ".5", "", "-", "1e3", "--1", "0x1", " 1", "٣"] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

#[test]
fn an_erased_judgement_stays_erased_and_evidence_survives_the_wire() {
    let key = name("income");
    let source = |on: &str, sure: Option<&str>| Source::new(name("e"), date(on), sure.map(|s| s.parse().unwrap())).unwrap();
    let judged = |fact: Fact, on: &str, sure: Option<&str>| Assessment { fact, source: source(on, sure) };
    let mut all = Assessments::new();
    all.push(key.clone(), judged(Fact::Named(name("high")), "2024-01-01", Some("0.9")));
    all.push(key.clone(), judged(Fact::Erased, "2024-03-01", None));
    all.push(key.clone(), judged(Fact::Named(name("low")), "2024-03-01", Some("0.1")));
    let sure = Validity { days: Some(30), least_confidence: Some("0.6".parse().unwrap()) };
    for (day, validity, expected) in [
        ("2024-01-15", sure, Fact::Named(name("high"))),
        ("2024-02-29", sure, Fact::Unknown),
        ("2024-03-01", sure, Fact::Erased),
        ("2026-03-01", sure, Fact::Erased),
        ("2024-06-01", Validity::default(), Fact::Erased),
    ] {
        assert_eq!(all.as_of(date(day), validity).unwrap().fact("income"), expected, "{day}");
    }
    let sheet = all.as_of(today(), sure).unwrap();
    assert_eq!(serde_json::from_str::<FactSheet>(&serde_json::to_string(&sheet).unwrap()).unwrap(), sheet);
    assert_eq!(serde_json::from_str::<Assessments>(&serde_json::to_string(&all).unwrap()).unwrap(), all);
    // A dimension that is given twice has the judgements of both.
    let one = serde_json::to_string(&all).unwrap();
    let twice = format!("{},\"income\":[]}}", one.strip_suffix('}').unwrap());
    assert_eq!(serde_json::from_str::<Assessments>(&twice).unwrap(), all);
    // Two equally sure ones of a day contradict each other, until a surer one settles it.
    let other = name("influence");
    all.push(other.clone(), judged(Fact::Named(name("a")), "2024-03-01", None));
    all.push(other.clone(), judged(Fact::Named(name("b")), "2024-03-01", None));
    assert!(all.as_of(today(), Validity::default()).is_err());
    assert!(all.latest(&key, today(), Validity::default()).unwrap().is_some());
    all.push(other.clone(), judged(Fact::Named(name("b")), "2024-03-01", Some("0.5")));
    assert_eq!(all.latest(&other, today(), Validity::default()).unwrap().unwrap().fact, Fact::Named(name("b")));
    for confidence in ["7", "-1"] {
        let json = json!({"evidence": "e", "on": "2024-03-01", "confidence": confidence});
        assert!(serde_json::from_value::<Source>(json).is_err());
    }
}

#[test]
fn rules_on_a_score_that_contradict_each_other_are_an_error_for_the_customer_they_meet_on() {
    let score = ScoreModel::new(name("score"), 0, vec![term(size(), "1", bins(&["20"]))]).unwrap();
    let rules = vec![
        rule("high", at_least("score", "2"), Effect::Pin(name("A"))),
        rule("young", Predicate::LessThan { of: name("age"), bound: dec("10") }, Effect::AtMost(name("B"))),
    ];
    let model = GradeModel::new(name("m"), vec![age()], vec![score], grid(), rules).unwrap();
    let conflict = TierError::Conflict { first: name("high"), second: name("young") };
    assert_eq!(model.grade(&facts(Some(21), Some(9)), today()).unwrap_err(), conflict);
    // A rule that may apply, and would contradict one that does, is no better.
    assert_eq!(model.grade_only(&facts(Some(21), None)).unwrap_err(), conflict);
    assert!(model.grade_only(&facts(Some(21), Some(10))).is_ok());
    assert!(model.grade_only(&facts(Some(20), Some(9))).is_ok());
}

#[test]
fn an_undecided_rule_is_harmless_or_an_error_never_a_guess() {
    use Effect::{AtLeast, AtMost, Pin};
    let old = at_least("age", "10");
    let grade = |when: Predicate, then: Effect| {
        let model = grade_model(vec![rule("old", when, then)]).unwrap();
        model.grade(&facts(Some(20), None), today()).map(|d| (d.value.to_string(), d.reasons))
    };
    let undecided = |worst: &str, best: &str| TierError::Uncertain { missing: name("age"), worst: name(worst), best: name(best) };
    // The grid says B.
    for (then, error) in [
        (Pin(name("A")), Some(undecided("B", "A"))),
        (Pin(name("B")), None),
        (AtLeast(name("A")), Some(undecided("B", "A"))),
        (AtLeast(name("B")), None),
        (AtLeast(name("C")), None),
        (AtMost(name("A")), None),
        (AtMost(name("C")), Some(undecided("C", "B"))),
    ] {
        match (grade(old.clone(), then.clone()), error) {
            (Err(found), Some(expected)) => assert_eq!(found, expected),
            (Ok((found, reasons)), None) => {
                assert_eq!(found, "B");
                assert!(matches!(reasons.last(), Some(Reason::Rule { verdict: Verdict::Undecided, .. })));
            }
            (found, _) => panic!("{then:?}: {found:?}"),
        }
    }
    // Three-valued logic: what is known may decide alone.
    let (yes, no) = (at_least("size", "20"), at_least("size", "21"));
    let not = |p: Predicate| Predicate::Not(Box::new(p));
    for (when, expected) in [
        (Predicate::Any(vec![old.clone(), yes.clone()]), Some("A")),
        (Predicate::Any(vec![no.clone(), old.clone()]), None),
        (Predicate::All(vec![old.clone(), no.clone()]), Some("B")),
        (Predicate::All(vec![yes.clone(), old.clone()]), None),
        (not(old.clone()), None),
        (not(Predicate::All(vec![old.clone(), no])), Some("A")),
        (not(Predicate::Any(vec![old.clone(), yes])), Some("B")),
    ] {
        let found = grade(when.clone(), Pin(name("A"))).map(|g| g.0);
        assert_eq!(found.ok().as_deref(), expected, "{when}");
    }
}

#[test]
fn a_fact_that_the_grid_needs_must_be_there_in_its_unit() {
    let model = grade_model(vec![rule("old", at_least("age", "10"), Effect::AtLeast(name("C")))]).unwrap();
    for fact in [Fact::Unknown, Fact::NotApplicable, Fact::Erased] {
        let sheet = FactSheet::new().with("size", fact).unwrap();
        let (worst, best) = (name("C"), name("B"));
        assert_eq!(model.grade_only(&sheet), Err(TierError::Uncertain { missing: name("size"), worst, best }));
    }
    let wrong = |of: &str, expected, found| Err(TierError::Score(ScoreError::WrongUnit { dimension: name(of), expected, found }));
    let size_in_days = facts(None, None).with("size", Quantity::days(20)).unwrap();
    assert_eq!(model.grade_only(&size_in_days), wrong("size", Unit::Count, Unit::Days));
    let age_in_pounds = facts(Some(20), None).with("age", gbp(5)).unwrap();
    assert_eq!(model.grade_only(&age_in_pounds), wrong("age", Unit::Days, Unit::Money(Currency::GBP)));
}

#[test]
fn a_decision_of_another_model_or_with_other_reasons_is_not_confirmed() {
    let make = |bound: &str| grade_model(vec![rule("old", at_least("age", bound), Effect::Pin(name("A")))]).unwrap();
    let (model, other) = (make("10"), make("11"));
    let decision = model.grade(&facts(Some(20), Some(10)), today()).unwrap();
    assert_eq!((decision.verify(), model.replay(&decision), other.replay(&decision)), (Ok(()), Ok(()), Err(Unsound::OtherModel)));
    let mut touched = decision.clone();
    touched.reasons.pop();
    assert_eq!(touched.verify(), Err(Unsound::WrongValue));
    assert_eq!(model.replay(&touched), Err(Unsound::NotReproduced));
    let mut touched = decision.clone();
    touched.reasons.clear();
    assert_eq!(touched.verify(), Err(Unsound::WrongValue));
    // A fact that only a rule looks at, moved over the bound.
    let mut touched = decision;
    for reason in &mut touched.reasons {
        if let Reason::Read { dimension, fact, .. } = reason
            && *dimension == "age"
        {
            *fact = Quantity::days(9).into();
        }
    }
    assert_eq!(model.replay(&touched), Err(Unsound::NotReproduced));
}

// Playbooks.

fn treat(what: &[&str]) -> Treatment {
    let actions = what.iter().map(|w| Action { lever: Lever::Service, what: name(w) }).collect();
    Treatment::new(name(what.first().unwrap_or(&"nothing")), actions).at(ServiceLevel::Standard).costing(gbp(12))
}

fn staged() -> Playbook {
    let pages = [("A", "new"), ("A", "old"), ("B", "new"), ("B", "old")].map(|(grade, stage)| Page {
        grade: name(grade),
        stage: Some(name(stage)),
        treatment: treat(&[&format!("{grade} {stage}")]),
    });
    Playbook::with_stages(name("book"), GradeSet::letters(2).unwrap(), names("new old"), pages.into()).unwrap()
}

fn serving() -> ServingPolicy {
    let bounds = CostBounds { least: "0.1".parse().unwrap(), most: "1/3".parse().unwrap() };
    ServingPolicy::new(GradeSet::letters(2).unwrap(), vec![bounds, bounds]).unwrap()
}

// Policies over time.

fn follow() -> Policy {
    let demotion = Confirmation { decisions: 2, days: 0 };
    let terms = Terms { promotion: Confirmation::AT_ONCE, demotion, grace_days: 60, steps: Some(1), usable_days: 45 };
    Policy::new(name("follow"), GradeSet::letters(3).unwrap(), terms).unwrap()
}

/// A member in grace, with a hold and two models.
fn moved() -> Transition {
    member_and_transition().1
}

fn member() -> Membership {
    member_and_transition().0
}

fn member_and_transition() -> (Membership, Transition) {
    let policy = follow();
    let decided = |day: &str, grade: &str| Decision {
        value: policy.grades().grade(grade).unwrap().clone(),
        reasons: vec![],
        model: ModelId { name: name("m"), fingerprint: 0xfeed },
        as_of: date(day),
    };
    let step = |before: Option<&Membership>, day: &str, entry: &str, keep: &str| {
        policy.advance(before, &decided(day, entry), Some(&decided(day, keep))).unwrap()
    };
    let (member, _) = step(None, "2024-01-31", "A", "A");
    let hold = Hold {
        grade: policy.grades().grade("A").unwrap().clone(),
        during: Period::new(date("2024-02-01"), date("2024-06-01")).unwrap(),
        reason: name("a contract is being renewed"),
        author: name("head of sales"),
    };
    let (member, _) = member.hold(hold).unwrap();
    let (member, _) = step(Some(&member), "2024-02-29", "C", "B");
    let (member, transition) = step(Some(&member), "2024-03-31", "C", "B");
    assert!(member.grace().is_some());
    (member, transition)
}

// JSON, of every kind.

/// One good value of every type that is stored, with its JSON.
struct Good {
    json: Value,
    read: fn(&str) -> bool,
}

fn good<T: Serialize + DeserializeOwned>(value: &T) -> Good {
    let good = Good { json: serde_json::to_value(value).unwrap(), read: |text| serde_json::from_str::<T>(text).is_ok() };
    assert!((good.read)(&good.json.to_string()), "{}", good.json);
    good
}

fn policies() -> Vec<Good> {
    let missing = Missing::Substitute { value: Quantity::count(9).into(), because: name("the usual") };
    let scored = Term { missing, ..term(size(), "1/2", bins(&["5", "7.5"])) };
    let reference = Scale::MidRank(Reference::new(decs(&["1", "2.5"])).unwrap());
    let score = ScoreModel::new(name("score"), 2, vec![scored.clone(), term(age(), "1/2", reference)]).unwrap();
    let quantiles = ScalePlan::Quantiles { bins: 5, quantile: Quantile::Linear, ties: Ties::ToLower };
    let planned = |scale| Term { dimension: size(), weight: Ratio::ONE, scale, missing: Missing::Refuse };
    let plan = ScorePlan::new(name("score"), 2, vec![planned(quantiles)]).unwrap();
    let when = Predicate::All(vec![
        at_least("size", "10.5"),
        nested(1),
        Predicate::Any(vec![Predicate::MoreThan { of: name("age"), bound: dec("1") }]),
    ]);
    let rules = vec![rule("r", when, Effect::AtLeast(name("C")))];
    let grades = GradeModel::new(name("m"), vec![], vec![score.clone()], grid(), rules.clone()).unwrap();
    let grade_plan: GradePlan = GradeModel::new(name("m"), vec![age()], vec![plan.clone()], grid(), rules).unwrap();
    let sheet = facts(Some(20), Some(3));
    let mut history = History::new(Currency::GBP);
    let sale = Record::sale(today(), gbp(900)).with_id("s").unwrap();
    let back = Record::returned(today(), gbp(5)).of_sale("s").unwrap();
    for record in [
        sale.clone(),
        back.clone().with_id("r").unwrap(),
        Record::cancellation(name("s"), today()),
        Record::sale(today(), gbp(3)),
        back.clone(),
    ] {
        history.push(record).unwrap();
    }
    let mut base = CustomerBase::new(Currency::GBP);
    base.push(String::from("key"), sale.clone()).unwrap();
    vec![
        good(&Cutpoints::new(decs(&["1", "2.5"]), Ties::ToUpper).unwrap()),
        good(&Interval { lower: Some(dec("1")), upper: Some(dec("2.5")), ties: Ties::ToLower }),
        good(&Quantity::number(dec("0.5"))),
        good(&size()),
        good(&scored),
        good(&score),
        good(&plan),
        good(&axis("size", &["1"])),
        good(&grid()),
        good(&grades),
        good(&grade_plan),
        good(&SegmentTable::rfm().unwrap()),
        good(&Playbook::new(name("book"), vec![(name("A"), treat(&["a"])), (name("B"), treat(&["b"]))]).unwrap()),
        good(&staged()),
        good(&serving()),
        good(&follow()),
        good(&member()),
        good(&moved()),
        good(&ReturnPolicy::STRICT),
        good(&Window::Months(12).ending(today()).unwrap()),
        good(&ExchangeRate::new(Currency::GBP, Currency::EUR, dec("1.17"), today()).unwrap()),
        good(&gbp(5)),
        good(&score.score(&sheet, today()).unwrap()),
        good(&grades.grade(&sheet, today()).unwrap()),
        good(score.id()),
        good(grades.grades().grade("A").unwrap()),
        good(&sale),
        good(&back),
        good(&history),
        good(&base),
        good(history.as_of(today(), ReturnPolicy::LATEST_FIRST).unwrap().returned()),
        good(&Window::Days(5)),
        good(&Fact::Known(Quantity::count(1))),
    ]
}

/// The pointers to all parts of a JSON value.
fn parts(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.into());
    match value {
        Value::Object(map) => map.iter().for_each(|(key, v)| parts(v, &format!("{at}/{key}"), found)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| parts(v, &format!("{at}/{i}"), found)),
        _ => {}
    }
}

/// The JSON with each part changed in turn; every change must be refused.
fn refuse_everywhere(change: impl Fn(&str, &mut Value) -> bool) -> usize {
    let mut changes = 0;
    for Good { json, read } in policies() {
        let mut found = Vec::new();
        parts(&json, "", &mut found);
        for pointer in found {
            let mut touched = json.clone();
            if change(&pointer, touched.pointer_mut(&pointer).unwrap()) {
                changes += 1;
                assert!(!read(&touched.to_string()), "{pointer} in {touched}");
            }
        }
    }
    changes
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    let changes = refuse_everywhere(|_, part| part.as_object_mut().map(|map| map.insert("extra".into(), json!(1))).is_some());
    assert!(changes > 150, "{changes}");
}

/// Whether a text is a decimal, and not the name or key of something.
fn is_decimal(pointer: &str, part: &Value) -> bool {
    part.as_str().is_some_and(|text| text.parse::<rust_decimal::Decimal>().is_ok())
        && !pointer.ends_with("/name")
        && !pointer.ends_with("/minor")
}

#[test]
fn a_float_is_refused_wherever_a_decimal_is_expected() {
    for bad in [json!(0.3), json!(1.0), json!(-2.5), json!(1e30), json!(true), json!([1]), json!({"value": "1"})] {
        let changes = refuse_everywhere(|pointer, part| {
            let decimal = is_decimal(pointer, part);
            if decimal {
                *part = bad.clone();
            }
            decimal
        });
        assert!(changes > 40, "{changes}");
    }
}

#[test]
fn text_that_is_no_decimal_is_refused_wherever_a_decimal_is_expected() {
    for bad in [
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "∞",
        "",
        " ",
        "0,3",
        "0x1F",
        "1e400",
        "1e2",
        "--1",
        "1.2.3",
        "１",
        "79228162514264337593543950336",
    ] {
        refuse_everywhere(|pointer, part| {
            let decimal = is_decimal(pointer, part);
            if decimal {
                *part = bad.into();
            }
            decimal
        });
    }
    let read = |cut: &str| serde_json::from_str::<Cutpoints>(&format!(r#"{{"cuts":[{cut}],"ties":"to-lower"}}"#));
    assert_eq!(read(r#""0.3""#).unwrap().cuts(), [dec("0.3")]);
    assert_eq!(read("3").unwrap().cuts(), [dec("3")]);
    assert_eq!(read("-3").unwrap().cuts(), [dec("-3")]);
    for number in ["0.3", "1e400", "1e2", "-1E400", "NaN", "99999999999999999999", "null"] {
        assert!(read(number).is_err(), "{number}");
    }
}

#[test]
fn a_word_outside_its_list_is_refused_wherever_it_stands() {
    let words =
        ["ties", "direction", "family", "unit", "missing", "lever", "unmatched", "beyond", "verdict", "quantile", "currency"];
    let changes = refuse_everywhere(|pointer, part| {
        let listed = part.is_string() && words.iter().any(|w| pointer.ends_with(&format!("/{w}")));
        if listed {
            *part = "sideways".into();
        }
        listed
    });
    assert!(changes > 30, "{changes}");
}

#[test]
fn decisions_that_do_not_add_up_can_be_read_and_do_not_pass() {
    let score = model("1", bins(&["5"]));
    let decision = score.score(&facts(Some(9), None), today()).unwrap();
    let mut json = serde_json::to_value(&decision).unwrap();
    json["value"] = json!("3.00");
    let touched: Decision<Score> = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(touched.verify(), Err(Unsound::WrongValue));
    json["reasons"] = json!([]);
    assert!(serde_json::from_value::<Decision<Score>>(json).unwrap().verify().is_err());
    let grade: Decision<Grade> = serde_json::from_value(json!({
        "value": {"rank": 1, "name": "A"}, "reasons": [], "model": score.id(), "as_of": "2024-06-30"
    }))
    .unwrap();
    assert_eq!(grade.verify(), Err(Unsound::WrongValue));
}

#[test]
fn a_plan_of_one_bin_is_refused_before_it_is_fitted() {
    for bins in [0, 1, 101] {
        let scale = ScalePlan::Quantiles { bins, quantile: Quantile::Linear, ties: Ties::ToLower };
        let dimension = Dimension::new("d", Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap();
        let term = Term { dimension, weight: "1".parse().unwrap(), scale, missing: Missing::Refuse };
        let refused = ScorePlan::new(name("s"), 0, vec![term]).unwrap_err();
        assert_eq!(refused, ScoreError::BadBins(bins.into()));
    }
}

#[test]
fn a_substitute_counts_on_the_grid_and_in_the_rules_too() {
    let dimension = Dimension::new("d", Family::Economic, Direction::HigherIsBetter, Unit::Count).unwrap();
    let value = Fact::from(Quantity::count(7));
    let missing = Missing::Substitute { value, because: name("the usual") };
    let term = Term { dimension, weight: "1".parse().unwrap(), scale: Scale::AsIs, missing };
    let score = ScoreModel::new(name("s"), 0, vec![term]).unwrap();
    let axis = Axis { of: name("d"), cutpoints: Cutpoints::new(vec![5.into()], Ties::ToUpper).unwrap() };
    let grid = Grid::new(GradeSet::letters(3).unwrap(), vec![axis], vec![name("C"), name("B")]).unwrap();
    let rule = Rule {
        name: name("seven"),
        when: Predicate::AtLeast { of: name("d"), bound: 7.into() },
        then: Effect::Pin(name("A")),
        because: name("seven decide"),
    };
    let model = GradeModel::new(name("m"), vec![], vec![score], grid, vec![rule]).unwrap();
    let decision = model.grade(&FactSheet::new(), today()).unwrap();
    assert_eq!((decision.before_rules(), decision.value.name()), (Some(&name("B")), &name("A")));
    decision.verify().unwrap();
    model.replay(&decision).unwrap();
}
