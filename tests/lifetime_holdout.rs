//! Models against a later time than they were fitted on, against naive forecasts, and against each other.
//!
//! The holdout of CDNOW is 1997-10-01 to 1998-06-30, both included: 273 days, 39 weeks. `CLVTools` begins it a day later, without the five
//! purchases of 1997-10-01, and so counts 1877 where BTYD (`x.star` of `cdnowSummary`) counts 1882.
#![allow(clippy::unreadable_literal, clippy::float_cmp, clippy::cast_precision_loss, clippy::unwrap_used, clippy::too_many_lines)]

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use common::{Dice, cases, date};
use core::num::{NonZeroU8, NonZeroU32};
use customer_value::{
    calendar::from_day_number,
    customer::{CustomerBase, History, HistoryError, Record, ReturnPolicy},
    money::{Currency, Money, Ratio},
    quantity::Confidence,
    value::{
        RepeatColumns,
        lifetime::{
            Family, GapCounts, LifetimeError, Prior, Priors, PurchaseCounts, PurchaseModel, Summary, TimeUnit,
            validation::{
                Baseline, Bin, By, Candidate, ChosenBy, Comparison, Confusion, Criterion, ForecastErrors, Forecasts, Hiatus,
                Holdout, HoldoutChoice, HoldoutColumns, LikelihoodRatio, Null, Split, Tracking, ValidationError,
            },
        },
    },
};
use proptest::prelude::*;
use shared::{CDNOW, Orders, near};
use std::sync::LazyLock;

static HELD_OUT: LazyLock<HoldoutColumns> =
    LazyLock::new(|| CDNOW.split(Split::new(date("1997-09-30"), date("1998-06-30")).unwrap()).unwrap());

fn cdnow() -> &'static Holdout {
    HELD_OUT.table()
}

fn split(as_of: i32, end: i32) -> Split {
    Split::new(from_day_number(as_of).unwrap(), from_day_number(end).unwrap()).unwrap()
}

/// Customers who each bought on some days, split.
fn table(customers: &[&[i32]], split: Split) -> Holdout {
    let mut table = Holdout::new(split);
    for days in customers {
        table.push(&history(days), ReturnPolicy::STRICT).unwrap();
    }
    table
}

fn history(days: &[i32]) -> History {
    let mut history = History::new(Currency::USD);
    for day in days {
        history.push(Record::sale(from_day_number(*day).unwrap(), Money::from_minor(100, Currency::USD))).unwrap();
    }
    history
}

/// The maxima of the likelihood on CDNOW in whole days: Newton climbs to a gradient of 10⁻⁹ (BG/NBD, Pareto/NBD), `BTYDplus` (MBG/NBD, NBD).
fn models() -> [PurchaseModel; 4] {
    [
        PurchaseModel::bg_nbd([0.2425945224, 4.4136020190, 0.7929220173, 2.4259067773], TimeUnit::WEEK).unwrap(),
        PurchaseModel::mbg_nbd([0.52484356, 6.18309285, 0.89138778, 1.61404833], TimeUnit::WEEK).unwrap(),
        PurchaseModel::nbd([0.38476588, 12.07201373], TimeUnit::WEEK).unwrap(),
        PurchaseModel::pareto_nbd([0.5532770469, 10.5776834633, 0.6062399891, 11.6687352888], TimeUnit::WEEK).unwrap(),
    ]
}

fn confusion(true_active: u64, false_active: u64, true_inactive: u64, false_inactive: u64) -> Confusion {
    Confusion { true_active, false_active, true_inactive, false_inactive }
}

fn all_equal<T: PartialEq + core::fmt::Debug>(found: impl IntoIterator<Item = T>, expected: impl IntoIterator<Item = T>) {
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn cdnow_is_split_as_btyd_splits_it() {
    let table = cdnow();
    assert_eq!((table.customers(), table.late(), table.purchases(), table.active()), (2357, 0, 1882, 684));
    // 6919 rows, 223 of them on the same day as another of the same customer.
    assert_eq!((table.merged(), table.gaps().total()), (223, 2457));
    let on_the_first_day: u64 = table.repeats().filter(|(day, _)| *day == date("1997-10-01")).map(|(_, n)| n).sum();
    assert_eq!(table.purchases() - on_the_first_day, 1877);
    // The calibration is what the models are fitted on.
    let mut repeat = RepeatColumns::collect(&CDNOW.columns(), date("1997-09-30"), ReturnPolicy::STRICT).unwrap();
    repeat.sort_by_key();
    assert_eq!(table.calibration().unwrap(), PurchaseCounts::of(&repeat).unwrap());
    assert_eq!(HELD_OUT.keys(), repeat.keys());
    all_equal(HELD_OUT.rows().iter().map(|row| row.calibration), repeat.iter());
    // The first lines of `cdnowSummary`, x and x.star.
    all_equal(HELD_OUT.rows()[..3].iter().map(|row| (row.calibration.x, row.purchases)), [(2, 1), (1, 0), (0, 0)]);
    assert_eq!(HELD_OUT.rows().iter().map(|row| row.value.minor()).sum::<i64>(), 7097639);
    assert_eq!(HELD_OUT.rows().iter().map(|row| u64::from(row.purchases)).sum::<u64>(), 1882);
    assert_eq!(HELD_OUT.clone().into_table(), *table);
}

#[test]
fn cdnow_expects_what_the_packages_expect() {
    // Sums over customers of the conditional expectation for 39 weeks: BTYD and `BTYDplus` at their own estimates, which
    // are off the maximum in the fifth digit (BG/NBD, Pareto/NBD); NBD in closed form.
    let [bg, mbg, nbd, pareto] = models();
    let btyd = PurchaseModel::bg_nbd([0.24259815, 4.41368416, 0.79298987, 2.42616670], TimeUnit::WEEK).unwrap();
    let btyd_pareto = PurchaseModel::pareto_nbd([0.55343539, 10.57951872, 0.60602765, 11.65666457], TimeUnit::WEEK).unwrap();
    for (model, sum) in [(bg, 1653.392036), (pareto, 1665.529834)] {
        near(Forecasts::of(&model, cdnow()).unwrap().errors().expected(), sum, 2e-5);
    }
    for (model, sum, digits) in
        [(btyd, 1653.392036, 1e-8), (mbg, 1576.711946, 1e-8), (btyd_pareto, 1665.529834, 1e-8), (nbd, 2929.82036398752, 1e-11)]
    {
        let errors = Forecasts::of(&model, cdnow()).unwrap().errors();
        near(errors.expected(), sum, digits);
        assert_eq!((errors.actual(), errors.customers()), (1882, 2357));
        near(errors.bias(), errors.expected() - 1882.0, 1e-12);
        near(errors.relative_bias().unwrap(), errors.expected() / 1882.0 - 1.0, 1e-12);
    }
    // NBD is a negative binomial for every customer: computed apart, customer by customer.
    let forecasts = Forecasts::of(&nbd, cdnow()).unwrap();
    near(forecasts.log_score(), -1.0635936402938773, 1e-11);
    near(forecasts.errors().mean_absolute(), 1.0410203254062087, 1e-11);
    near(forecasts.errors().root_mean_square(), 1.859522771387373, 1e-11);
    assert_eq!(forecasts.confusion(), confusion(491, 455, 1218, 193));
    let reliability = forecasts.reliability(NonZeroU8::new(5).unwrap(), Confidence::P95);
    all_equal(reliability.iter().map(|bin| bin.customers), [130, 1281, 343, 282, 321]);
    all_equal(reliability.iter().map(|bin| bin.active), [15, 178, 120, 139, 232]);
    for bin in &reliability {
        let observed = bin.observed.unwrap();
        assert_eq!(observed.value(), bin.active as f64 / bin.customers as f64);
        assert!(bin.from <= bin.expected.unwrap() && bin.expected.unwrap() < bin.until);
    }
    // Without dropout it promises too much: 0.86 to those of whom 0.72 bought.
    assert_eq!(reliability[4].agrees(), Some(false));
}

#[test]
fn cdnow_by_frequency() {
    let [bg, ..] = models();
    let forecasts = Forecasts::of(&bg, cdnow()).unwrap();
    let bins = forecasts.bins(By::Frequency, &Bin::FREQUENCIES).unwrap();
    // Counted apart from the orders.
    all_equal(bins.iter().map(|bin| bin.customers), [1411, 439, 214, 100, 62, 38, 29, 64]);
    all_equal(bins.iter().map(|bin| bin.actual), [334, 306, 298, 156, 157, 112, 112, 407]);
    assert_eq!((bins[3].from, bins[3].until, bins[7].until), (3, Some(4), None));
    near(bins[0].mean_actual().unwrap(), 334.0 / 1411.0, 1e-15);
    let errors = forecasts.errors();
    for by in [By::Frequency, By::LastPurchase, By::DaysSinceLast] {
        let bins = forecasts.bins(by, &[0, 7, 30, 90, 180]).unwrap();
        near(bins.iter().map(|bin| bin.expected).sum(), errors.expected(), 1e-12);
        near(bins.iter().map(|bin| bin.expected_active).sum(), active(&forecasts), 1e-12);
        let sum = |number: fn(&Bin) -> u64| bins.iter().map(number).sum::<u64>();
        assert_eq!((sum(|b| b.customers), sum(|b| b.actual), sum(|b| b.active)), (2357, 1882, 684));
    }
    assert_eq!(forecasts.each().len(), cdnow().rows().len());
    // A bin without customers has no mean.
    let empty = forecasts.bins(By::Frequency, &[0, 1000]).unwrap()[1];
    assert_eq!((empty.customers, empty.mean_expected(), empty.mean_actual()), (0, None, None));
    for bad in [&[][..], &[1, 2], &[0, 2, 2], &[0, 3, 2]] {
        assert_eq!(forecasts.bins(By::Frequency, bad), Err(ValidationError::BadBins), "{bad:?}");
    }
}

fn active(forecasts: &Forecasts<'_>) -> f64 {
    forecasts.each().iter().zip(cdnow().rows()).map(|(f, row)| f.active * row.customers as f64).sum()
}

#[test]
fn cdnow_week_by_week() {
    let [bg, ..] = models();
    let tracking = Tracking::of(&bg, cdnow(), TimeUnit::WEEK).unwrap();
    let weeks = tracking.periods();
    assert_eq!(weeks.len(), 78);
    assert_eq!((weeks[0].period.from(), weeks[77].period.until()), (date("1997-01-01"), date("1998-07-01")));
    // A handful of the cumulative repeats that BTYD prints for its plots.
    all_equal(weeks[..5].iter().map(|week| week.actual_so_far), [0, 19, 42, 81, 119]);
    assert_eq!((weeks[38].actual_so_far, weeks[76].actual_so_far, weeks[77].actual_so_far), (2457, 4311, 4339));
    let at_end: f64 = {
        let new = bg.outlook(Summary::NEW);
        cdnow().rows().map(|row| row.customers as f64 * new.purchases(row.summary.t_days() + 273)).sum()
    };
    near(weeks[77].expected_so_far, at_end, 1e-12);
    // The periods add up, and other periods come to the same.
    near(weeks.iter().map(|week| week.expected).sum(), at_end, 1e-12);
    assert_eq!(weeks.iter().map(|week| week.actual).sum::<u64>(), 4339);
    let months = Tracking::of(&bg, cdnow(), TimeUnit::days(NonZeroU32::new(100).unwrap())).unwrap();
    let lengths = months.periods().iter().map(|p| p.period.days());
    all_equal(lengths, [100, 100, 100, 100, 100, 46]);
    assert_eq!(months.periods()[5].actual_so_far, 4339);
    near(months.periods()[5].expected_so_far, at_end, 1e-12);
}

#[test]
fn a_new_customer_is_tracked_by_what_is_expected_of_the_new() {
    // E[X(39 weeks)] and E[X(78 weeks)] with 40 digits (mpmath).
    let bg = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK).unwrap();
    let one = table(&[&[0, 300]], split(273, 546));
    let tracking = Tracking::of(&bg, &one, TimeUnit::days(NonZeroU32::new(274).unwrap())).unwrap();
    let [half, whole] = tracking.periods() else { panic!("{tracking:?}") };
    near(half.expected_so_far, 1.1967231933208, 1e-12);
    near(whole.expected_so_far, 1.8605190579428, 1e-12);
    assert_eq!((half.actual, half.actual_so_far, whole.actual, whole.actual_so_far), (0, 0, 1, 1));
}

#[test]
fn cdnow_against_naive_forecasts() {
    // Computed apart, customer by customer.
    let errors = |baseline: Baseline| baseline.errors(cdnow()).unwrap();
    let hiatus = |share: &str| Hiatus::of(cdnow().gaps(), share.parse().unwrap()).unwrap();
    assert_eq!((hiatus("0.5").days(), hiatus("0.9").days(), hiatus("0.95").days()), (27, 128, 164));
    for (baseline, mean_absolute, root_mean_square, expected) in [
        (Baseline::SameRate, 1.0236691632673867, 2.211918088604626, 2930.1011257197288),
        (Baseline::OverallMean, 1.382076835491913, 2.104232688076193, 2928.946248372073),
        (Baseline::Hiatus(hiatus("0.9")), 0.8738365931142392, 2.0823349590162046, 2195.0424914670084),
    ] {
        let found = errors(baseline);
        near(found.mean_absolute(), mean_absolute, 1e-12);
        near(found.root_mean_square(), root_mean_square, 1e-12);
        near(found.expected(), expected, 1e-12);
    }
    assert_eq!(hiatus("0.5").confusion(cdnow()), confusion(122, 38, 1635, 562));
    let at_nine_tenths = hiatus("0.9").confusion(cdnow());
    assert_eq!(at_nine_tenths, confusion(356, 200, 1473, 328));
    assert_eq!(at_nine_tenths.accuracy().unwrap(), Ratio::new(1829, 2357).unwrap());
    assert_eq!(at_nine_tenths.sensitivity().unwrap(), Ratio::new(356, 684).unwrap());
    assert_eq!(at_nine_tenths.specificity().unwrap(), Ratio::new(1473, 1673).unwrap());
    // Every model with dropout beats them all; NBD, which knows none, is worse than what managers do.
    let [bg, mbg, nbd, pareto] = models();
    for model in [bg, mbg, pareto] {
        let found = Forecasts::of(&model, cdnow()).unwrap().errors();
        for baseline in [Baseline::SameRate, Baseline::OverallMean, Baseline::Hiatus(hiatus("0.9"))] {
            let relative = found.relative_to(&errors(baseline)).unwrap();
            let ratios = [relative.mean_absolute, relative.root_mean_square, relative.bias];
            assert!(ratios.into_iter().all(|share| share.unwrap() < 1.0), "{model:?} {baseline:?} {ratios:?}");
        }
    }
    let of_nbd = Forecasts::of(&nbd, cdnow()).unwrap().errors();
    let relative = of_nbd.relative_to(&errors(Baseline::Hiatus(hiatus("0.9")))).unwrap();
    near(relative.mean_absolute.unwrap(), 1.0410203254062087 / 0.8738365931142392, 1e-11);
    near(relative.bias.unwrap(), (2929.82036398752 - 1882.0) / (2195.0424914670084 - 1882.0), 1e-10);
}

#[test]
fn naive_forecasts_by_hand() {
    // (x, t_x, T, holdout): (2, 20, 100, 1), (0, 0, 50, 0), (1, 40, 50, 3); the holdout is 50 days.
    let customers = table(&[&[0, 10, 20, 120], &[50], &[50, 90, 101, 110, 150]], split(100, 150));
    all_equal(customers.rows().map(|r| (r.summary.x(), r.purchases, r.active)), [(0, 0, 0), (1, 3, 1), (2, 1, 1)]);
    let check = |errors: ForecastErrors, expected: f64, absolute: f64, square: f64| {
        near(errors.expected(), expected, 1e-14);
        near(errors.mean_absolute(), absolute / 3.0, 1e-14);
        near(errors.root_mean_square(), f64::sqrt(square / 3.0), 1e-14);
    };
    // Forecasts 1, 0, 1.
    check(Baseline::SameRate.errors(&customers).unwrap(), 2.0, 2.0, 4.0);
    // 3 repeats in 200 days: 0.75 for everybody.
    check(Baseline::OverallMean.errors(&customers).unwrap(), 2.25, 3.25, 0.0625 + 0.5625 + 5.0625);
    // Silent for 80, 50 and 10 days.
    let hiatus = |days| Baseline::Hiatus(Hiatus::new(days)).errors(&customers).unwrap();
    check(hiatus(10), 1.0, 3.0, 5.0);
    check(hiatus(80), 2.0, 2.0, 4.0);
    check(hiatus(9), 0.0, 4.0, 10.0);
    for (days, expected) in [(9, (0, 0, 1, 2)), (10, (1, 0, 1, 1)), (50, (1, 1, 0, 1)), (80, (2, 1, 0, 0))] {
        let found = Hiatus::new(days).confusion(&customers);
        assert_eq!((found.true_active, found.false_active, found.true_inactive, found.false_inactive), expected, "{days}");
    }
}

#[test]
fn shares_of_nobody_are_none() {
    let idle = table(&[&[0], &[0, 10]], split(100, 150));
    let found = Hiatus::new(1000).confusion(&idle);
    assert_eq!((found.sensitivity(), found.accuracy().unwrap(), found.specificity().unwrap()), (None, Ratio::ZERO, Ratio::ZERO));
    let busy = table(&[&[0, 120]], split(100, 150));
    assert_eq!(Hiatus::new(0).confusion(&busy).specificity(), None);
    assert_eq!(Confusion::default().accuracy(), None);
    // Nobody bought: no share of that; a baseline without error: nothing to compare with.
    let [bg, ..] = models();
    let errors = Forecasts::of(&bg, &idle).unwrap().errors();
    assert_eq!(errors.relative_bias(), None);
    let silent = table(&[&[0]], split(100, 150));
    let (errors, perfect) = (Forecasts::of(&bg, &silent).unwrap().errors(), Baseline::SameRate.errors(&silent).unwrap());
    let relative = errors.relative_to(&perfect).unwrap();
    assert_eq!((relative.mean_absolute, relative.root_mean_square, relative.bias), (None, None, None));
    assert!(matches!(
        Forecasts::of(&bg, &idle).unwrap().errors().relative_to(&perfect),
        Err(ValidationError::CustomersDiffer { first: 2, second: 1 })
    ));
    // Nobody at all.
    let empty = Holdout::new(split(100, 150));
    assert_eq!(Forecasts::of(&bg, &empty).err(), Some(ValidationError::NoCustomers));
    assert_eq!(Tracking::of(&bg, &empty, TimeUnit::WEEK).err(), Some(ValidationError::NoCustomers));
    assert_eq!(Baseline::SameRate.errors(&empty).err(), Some(ValidationError::NoCustomers));
    assert_eq!(HoldoutChoice::among(&[bg], &empty).err(), Some(ValidationError::NoCustomers));
    assert_eq!(HoldoutChoice::among(&[], cdnow()).err(), Some(ValidationError::NoModels));
    // All came on the day of the split: no rate of all, and of their own none but zero.
    let today = table(&[&[100], &[100, 101]], split(100, 150));
    assert_eq!(Baseline::OverallMean.errors(&today).err(), Some(ValidationError::NoTime));
    assert_eq!(Baseline::SameRate.errors(&today).unwrap().expected(), 0.0);
    assert_eq!(Hiatus::of(today.gaps(), Ratio::ONE), Err(ValidationError::NoGaps));
    for share in [Ratio::new(-1, 10).unwrap(), Ratio::new(90, 1).unwrap()] {
        assert_eq!(Hiatus::of(cdnow().gaps(), share), Err(ValidationError::BadShare(share)));
    }
    assert_eq!(Hiatus::of(cdnow().gaps(), Ratio::ZERO).unwrap().days(), 1);
    // One bin holds them all, and no bin is made of nobody.
    let one = Forecasts::of(&bg, &today).unwrap().reliability(NonZeroU8::MIN, Confidence::P90);
    assert_eq!((one.len(), one[0].customers, one[0].from, one[0].until), (1, 2, 0.0, 1.0));
    // Whoever is certain to buy is in the last bin.
    let certain = PurchaseModel::nbd([1000.0, 1.0], TimeUnit::DAY).unwrap();
    let bins = Forecasts::of(&certain, &today).unwrap().reliability(NonZeroU8::new(4).unwrap(), Confidence::P90);
    assert_eq!((bins[3].customers, bins[3].active, bins[3].expected), (2, 1, Some(1.0)));
    let ten = Forecasts::of(&bg, &today).unwrap().reliability(NonZeroU8::new(10).unwrap(), Confidence::P90);
    assert_eq!((ten.iter().filter(|bin| bin.observed.is_none()).count(), ten[9].expected, ten[9].agrees()), (9, None, None));
}

#[test]
fn at_the_edges_of_the_split() {
    // Days of purchases; x, t_x, T and purchases in the holdout, which is 101 to 150.
    for (days, expected) in [
        (&[0, 100][..], Some((1, 100, 100, 0))),
        (&[0, 101], Some((0, 0, 100, 1))),
        (&[0, 150], Some((0, 0, 100, 1))),
        (&[0, 151], Some((0, 0, 100, 0))),
        (&[100], Some((0, 0, 0, 0))),
        (&[100, 101, 101], Some((0, 0, 0, 1))),
        (&[100, 100, 101], Some((0, 0, 0, 1))),
        (&[99, 100], Some((1, 1, 1, 0))),
        (&[101, 102], None),
        (&[151], None),
        (&[], None),
    ] {
        let mut table = Holdout::new(split(100, 150));
        let found = table.push(&history(days), ReturnPolicy::STRICT).unwrap();
        let as_expected = found.map(|f| (f.calibration.x, f.calibration.t_x_days, f.calibration.t_days, f.purchases));
        assert_eq!(as_expected, expected, "{days:?}");
        assert_eq!((table.customers(), table.late()), (expected.is_some().into(), (days.first() == Some(&101)).into()), "{days:?}");
        assert_eq!(table.merged(), u64::from(days.len() == 3), "{days:?}");
        assert_eq!(
            found.map(|f| f.value.minor()),
            expected.map(|e| i64::from(e.3) * 100 * if days.ends_with(&[101, 101]) { 2 } else { 1 })
        );
    }
    for (as_of, end) in [(100, 100), (100, 99)] {
        let days = [as_of, end].map(|day| from_day_number(day).unwrap());
        assert!(matches!(Split::new(days[0], days[1]), Err(ValidationError::Calendar(_))));
    }
    for (as_of, end) in [("9999-12-30", "9999-12-31"), ("-0001-01-01", "2000-01-01"), ("2000-01-01", "9999-12-31")] {
        assert!(matches!(Split::new(date(as_of), date(end)), Err(ValidationError::Calendar(_))), "{as_of} {end}");
    }
}

#[test]
fn what_comes_back_later_was_not_known_at_the_split() {
    // The only repeat is returned after the split; so is a purchase of the holdout, in part.
    let usd = |cents| Money::from_minor(cents, Currency::USD);
    let on = |day| from_day_number(day).unwrap();
    let mut history = History::new(Currency::USD);
    for (day, cents, id) in [(0, 500, "a"), (50, 700, "b"), (110, 900, "c")] {
        history.push(Record::sale(on(day), usd(cents)).with_id(id).unwrap()).unwrap();
    }
    history.push(Record::returned(on(120), usd(700)).of_sale("b").unwrap()).unwrap();
    history.push(Record::returned(on(130), usd(400)).of_sale("c").unwrap()).unwrap();
    history.push(Record::returned(on(160), usd(500)).of_sale("c").unwrap()).unwrap();
    let mut table = Holdout::new(split(100, 150));
    let found = table.push(&history, ReturnPolicy::STRICT).unwrap().unwrap();
    assert_eq!((found.calibration.x, found.calibration.value, found.purchases, found.value), (1, usd(700), 1, usd(500)));
    all_equal(table.repeats(), [(on(50), 1), (on(110), 1)]);
    // A base is the table of its histories, and a history that cannot be settled changes nothing.
    let mut base = CustomerBase::new(Currency::USD);
    base.merge_history("one", &history).unwrap();
    assert_eq!(Holdout::of(&base, split(100, 150), ReturnPolicy::STRICT).unwrap(), table);
    let mut bad = History::new(Currency::USD);
    bad.push(Record::returned(on(10), usd(1))).unwrap();
    let before = table.clone();
    assert!(matches!(table.push(&bad, ReturnPolicy::STRICT), Err(ValidationError::History(_))));
    assert_eq!(table, before);
    // As columns, with the key.
    let orders = Orders::of(&[(7, 0, 500), (9, 10, -1)]);
    assert!(matches!(orders.split(split(100, 150)), Err(ValidationError::History(HistoryError::Customer { key: 9, .. }))));
    assert!(matches!(
        Orders::of(&[(3, 10, i64::MIN)]).split(split(100, 150)),
        Err(ValidationError::History(HistoryError::Customer { key: 3, .. }))
    ));
    assert!(matches!(
        Orders::of(&[(4, i32::MAX, 1)]).split(split(100, 150)),
        Err(ValidationError::History(HistoryError::Customer { key: 4, .. }))
    ));
}

#[test]
fn models_are_chosen_by_what_they_had_not_seen() {
    let [bg, mbg, nbd, pareto] = models();
    let choice = HoldoutChoice::among(&[nbd, bg, pareto, mbg], cdnow()).unwrap();
    assert_eq!(HoldoutChoice::among(&[mbg, pareto, bg, nbd], cdnow()).unwrap(), choice);
    let ranked = choice.ranked();
    assert_eq!(ranked[3].model, nbd);
    assert!(ranked.windows(2).all(|pair| pair[0].log_score >= pair[1].log_score));
    assert_eq!(choice.reason(), ChosenBy::LogScore(ranked[0].log_score - ranked[1].log_score));
    // A model that says the same with more days to the unit is the same model: a tie, whatever the order.
    let daily = PurchaseModel::nbd([0.38476588, 12.07201373 * 7.0], TimeUnit::DAY).unwrap();
    let one = HoldoutChoice::among(&[nbd], cdnow()).unwrap();
    assert_eq!((one.reason(), one.ranked().len()), (ChosenBy::OnlyOne, 1));
    let tie = HoldoutChoice::among(&[nbd, nbd], cdnow()).unwrap();
    assert_eq!(tie.reason(), ChosenBy::Tie);
    let few = table(&[&[0, 20, 40]], split(100, 150));
    assert_eq!(HoldoutChoice::among(&[nbd, daily], &few).unwrap(), HoldoutChoice::among(&[daily, nbd], &few).unwrap());
    // A customer who came today and bought nothing tomorrow: as probable in BG/NBD, where nobody drops out before a repeat, as in NBD. But
    // NBD expects more repeats, of which there are none.
    let today = table(&[&[100]], split(100, 101));
    let bg = PurchaseModel::bg_nbd([0.38476588, 12.07201373, 0.793, 2.426], TimeUnit::WEEK).unwrap();
    let choice = HoldoutChoice::among(&[nbd, bg], &today).unwrap();
    let [first, second] = choice.ranked() else { panic!("{choice:?}") };
    assert_eq!((first.model, first.log_score), (bg, second.log_score));
    let smaller = second.errors.mean_absolute() - first.errors.mean_absolute();
    assert!(smaller > 0.0);
    assert_eq!(choice.reason(), ChosenBy::MeanAbsoluteError(smaller));
}

/// Customers in four groups, of whom most have dropped out.
fn counts() -> PurchaseCounts {
    let mut counts = PurchaseCounts::new();
    for (x, t_x, t, customers) in
        [(0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 60, 268, 5), (2, 213, 272, 6), (4, 250, 265, 4), (9, 120, 270, 2)]
    {
        counts.push(Summary::new(x, t_x, t).unwrap(), customers).unwrap();
    }
    counts
}

#[test]
fn likelihood_ratios_on_cdnow() {
    let counts = cdnow().calibration().unwrap();
    let fit = |family| Candidate::fit(family, &counts, TimeUnit::WEEK).unwrap();
    let (nbd, bg, mbg) = (fit(Family::Nbd), fit(Family::BgNbd), fit(Family::MbgNbd));
    // Log-likelihoods: BTYDplus for NBD and MBG/NBD, a certified optimum for BG/NBD.
    for (rich, log_likelihood) in [(&bg, -9582.429206674), (&mbg, -9582.135716)] {
        let test = LikelihoodRatio::between(&nbd, rich).unwrap();
        near(test.statistic(), 2.0 * (log_likelihood + 9763.657615), 1e-7);
        assert_eq!((test.simple(), test.rich(), test.null()), (Family::Nbd, rich.family(), Null::Unidentified { parameters: 2 }));
        // χ²₂ has the tail exp(−s/2).
        near(test.p_value(), f64::exp(-test.statistic() / 2.0), 1e-9);
        near(test.least_p_value(), libm::erfc(f64::sqrt(test.statistic() / 2.0)) / 2.0, 1e-9);
        assert!(test.least_p_value() < test.p_value() && test.p_value() < 1e-78);
    }
    assert_eq!(
        LikelihoodRatio::between(&bg, &mbg),
        Err(ValidationError::NotNested { simple: Family::BgNbd, rich: Family::MbgNbd })
    );
    assert_eq!(LikelihoodRatio::between(&bg, &nbd), Err(ValidationError::NotNested { simple: Family::BgNbd, rich: Family::Nbd }));
}

#[test]
fn fits_that_cannot_be_compared_are_refused() {
    let counts = counts();
    let fit = |family| Candidate::fit(family, &counts, TimeUnit::WEEK).unwrap();
    let (nbd, bg) = (fit(Family::Nbd), fit(Family::BgNbd));
    let daily = Candidate::fit(Family::BgNbd, &counts, TimeUnit::DAY).unwrap();
    assert_eq!(
        LikelihoodRatio::between(&nbd, &daily),
        Err(ValidationError::UnitsDiffer { first: TimeUnit::WEEK, second: TimeUnit::DAY })
    );
    let mut more = counts.clone();
    more.push(Summary::NEW, 1).unwrap();
    let of_more = Candidate::fit(Family::BgNbd, &more, TimeUnit::WEEK).unwrap();
    assert_eq!(LikelihoodRatio::between(&nbd, &of_more), Err(ValidationError::CustomersDiffer { first: 98, second: 99 }));
    let priors = Priors { purchase_rate: Some(Prior::positive(0.02, 2.0).unwrap()), ..Priors::NONE };
    let with_prior = PurchaseModel::fit_with(Family::BgNbd, &counts, TimeUnit::WEEK, &priors).unwrap();
    let with_prior = Candidate::new(Family::BgNbd, with_prior).unwrap();
    assert_eq!(LikelihoodRatio::between(&nbd, &with_prior), Err(ValidationError::WithPrior(Family::BgNbd)));
    let weekly = PurchaseModel::fit(Family::BgNbd, &counts, TimeUnit::WEEK).unwrap();
    assert_eq!(
        Candidate::new(Family::MbgNbd, weekly.clone()),
        Err(ValidationError::WrongFamily { expected: Family::MbgNbd, found: Family::BgNbd })
    );
    assert_eq!(Candidate::new(Family::BgNbd, weekly).unwrap(), bg);
    // As many customers, but others: with them the special case is likelier than the general one.
    let mut others = PurchaseCounts::new();
    others.push(Summary::new(1, 100, 270).unwrap(), 38).unwrap();
    others.push(Summary::new(0, 0, 270).unwrap(), 60).unwrap();
    let of_others = Candidate::fit(Family::Nbd, &others, TimeUnit::WEEK).unwrap();
    assert!(matches!(LikelihoodRatio::between(&of_others, &bg), Err(ValidationError::LessLikely { by, .. }) if by > 1.0));
}

#[test]
fn families_are_ranked() {
    let counts = counts();
    let all = Family::AT_RANDOM;
    let comparison = Comparison::fit(&all, &counts, None, TimeUnit::WEEK, Criterion::Aic).unwrap();
    assert!(comparison.failed().is_empty(), "{:?}", comparison.failed());
    let ranked = comparison.ranked();
    assert_eq!((ranked.len(), ranked[0].rank, ranked[0].behind), (5, 1, 0.0));
    assert!(
        ranked
            .windows(2)
            .all(|pair| pair[0].aic <= pair[1].aic && pair[0].rank <= pair[1].rank && pair[0].weight >= pair[1].weight)
    );
    near(ranked.iter().map(|one| one.weight).sum(), 1.0, 1e-14);
    for one in ranked {
        let fit = one.candidate.as_fit();
        assert_eq!((one.aic, one.bic, one.log_likelihood), (fit.aic(), fit.bic(), fit.log_likelihood()));
        near(one.behind, one.aic - ranked[0].aic, 1e-9 + f64::EPSILON);
    }
    // Neither the order of families nor their repetition matters.
    let mixed = [all[3], all[0], all[4], all[3], all[2], all[1]];
    assert_eq!(Comparison::fit(&mixed, &counts, None, TimeUnit::WEEK, Criterion::Aic).unwrap(), comparison);
    // Every pair that nests is tested, and no other.
    let tests = comparison.likelihood_ratios().unwrap();
    let pairs = tests.iter().map(|test| (test.simple(), test.rich()));
    let [nbd, pareto, ggom, bg, mbg] = all;
    all_equal(pairs, [(nbd, pareto), (nbd, ggom), (nbd, bg), (nbd, mbg), (pareto, ggom)]);
    assert!(tests.iter().all(|test| (0.0..=1.0).contains(&test.p_value()) && test.least_p_value() <= test.p_value()));
    assert_eq!(tests[1].null(), Null::Unidentified { parameters: 3 });
    assert_eq!(tests[4].null(), Null::Boundary);
    assert!(comparison.candidate(bg).is_some() && comparison.candidate(Family::Cnbd(NonZeroU8::MIN)).is_none());
    assert_eq!(Comparison::fit(&[], &counts, None, TimeUnit::WEEK, Criterion::Bic).err(), Some(ValidationError::NoModels));
    // Where nobody drops out, every family ends in NBD: equally good, and all are first.
    let mut steady = PurchaseCounts::new();
    for (x, t_x, customers) in [(20, 265, 30), (30, 268, 30), (12, 262, 30)] {
        steady.push(Summary::new(x, t_x, 270).unwrap(), customers).unwrap();
    }
    let comparison = Comparison::fit(&[bg, nbd], &steady, None, TimeUnit::WEEK, Criterion::Bic).unwrap();
    all_equal(comparison.ranked().iter().map(|one| (one.rank, one.candidate.family(), one.weight)), [(1, nbd, 0.5), (1, bg, 0.5)]);
    let test = comparison.likelihood_ratios().unwrap()[0];
    assert_eq!((test.statistic(), test.p_value(), test.least_p_value()), (0.0, 1.0, 1.0));
    // A table that no family can be fitted on fails by family, not as a whole.
    let mut nobody = PurchaseCounts::new();
    nobody.push(Summary::new(0, 0, 100).unwrap(), 10).unwrap();
    let comparison = Comparison::fit(&[nbd, bg], &nobody, None, TimeUnit::WEEK, Criterion::Aic).unwrap();
    let failed = LifetimeError::NobodyRepeats { customers: 10 };
    assert!(comparison.ranked().is_empty() && comparison.likelihood_ratios().unwrap().is_empty());
    assert_eq!(comparison.failed(), [(nbd, failed.clone()), (bg, failed)]);
}

#[test]
fn regular_families_need_the_gaps() {
    // Customers who buy every 30 days, more or less.
    let rhythm = |first: i32, gaps: [i32; 6]| {
        gaps.iter().scan(first, |day, gap| Some(core::mem::replace(day, *day + gap))).collect::<Vec<_>>()
    };
    let customers = [
        rhythm(0, [30, 28, 33, 29, 31, 30]),
        rhythm(3, [29, 35, 27, 30, 28, 32]),
        rhythm(9, [20, 22, 19, 21, 18, 20]),
        rhythm(12, [40, 36, 44, 39, 41, 38]),
        rhythm(20, [31, 30, 26, 34, 30, 29]),
        rhythm(30, [25, 24, 28, 23, 26, 25]),
    ];
    let days: Vec<&[i32]> = customers.iter().map(Vec::as_slice).collect();
    let table = table(&days, split(220, 300));
    let counts = table.calibration().unwrap();
    let two = NonZeroU8::new(2).unwrap();
    let families = [Family::Nbd, Family::Cnbd(two)];
    let compare = |gaps: Option<&GapCounts>| Comparison::fit(&families, &counts, gaps, TimeUnit::WEEK, Criterion::Aic);
    assert_eq!(compare(None).err(), Some(ValidationError::NeedsGaps(NonZeroU8::MIN, two)));
    assert_eq!(compare(Some(&GapCounts::new())).err(), Some(ValidationError::GapsOfOthers { gaps: 0, repeats: 30 }));
    let found = compare(Some(table.gaps())).unwrap();
    assert_eq!(found.ranked()[0].candidate.family(), Family::Cnbd(two));
    let fit = found.ranked()[0].candidate.as_fit();
    let more = table.gaps().log_likelihood(two, TimeUnit::WEEK);
    near(found.ranked()[0].log_likelihood, fit.log_likelihood() + more, 1e-12);
    near(found.ranked()[0].aic, fit.aic() - 2.0 * more, 1e-12);
    near(found.ranked()[0].bic, fit.bic() - 2.0 * more, 1e-12);
}

#[test]
fn stored_tables_are_checked() {
    let table = table(&[&[0, 10, 20, 120], &[50], &[50, 90, 101, 110]], split(100, 150));
    let text = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<Holdout>(&text).unwrap(), table);
    let date_of = |day: i32| from_day_number(day).unwrap().to_string();
    let (repeat, held_out) = (date_of(10), date_of(120));
    for (from, to, reason) in [
        ("[[2,20,100],1,1]", "[[2,20,100],51,1]", "more purchases than days"),
        ("[[2,20,100],1,1]", "[[21,20,100],1,1]", "more purchases than days"),
        ("[[2,20,100],1,1]", "[[2,20,100],2,1]", "by customer and by day"),
        ("[[2,20,100],1,1]", "[[2,21,100],1,1]", "gaps and repeat purchases"),
        (repeat.as_str(), "1969-12-31", "outside the days of observation"),
        (repeat.as_str(), "1970-01-01", "outside the days of observation"),
        (repeat.as_str(), held_out.as_str(), "by customer and by day"),
        (held_out.as_str(), "1970-06-01", "outside the days of observation"),
        ("[[2,20,100],1,1]", "[[2,20,100],1,18446744073709551615]", "more than can be counted"),
        ("[[2,20,100],1,1]", "[[2,20,4000000000],1,1]", "out of range"),
        ("\"late\":0", "\"late\":0,\"early\":0", "unknown field"),
        ("\"end\":\"1970-05-31\"", "\"end\":\"1970-04-11\"", "has no day in it"),
    ] {
        assert!(text.contains(from), "{from} {text}");
        let error = serde_json::from_str::<Holdout>(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(reason), "{to}: {error}");
    }
    let other = Holdout::new(split(100, 151));
    let mut merged = table.clone();
    assert_eq!((merged.merge(&other), merged), (Err(ValidationError::SplitsDiffer), table.clone()));
    // Too many to count.
    let full: Holdout = serde_json::from_str(&text.replacen("\"late\":0", "\"late\":18446744073709551615", 1)).unwrap();
    let one: Holdout = serde_json::from_str(&text.replacen("\"late\":0", "\"late\":1", 1)).unwrap();
    let mut merged = full.clone();
    assert_eq!((merged.merge(&one), &merged), (Err(ValidationError::TooMany), &full));
    assert_eq!((merged.push(&history(&[101]), ReturnPolicy::STRICT), &merged), (Err(ValidationError::TooMany), &full));
}

/// Orders of a few customers around the split.
fn logs() -> impl Strategy<Value = Vec<(u64, i32, i64)>> {
    prop::collection::vec((0_u64..12, 0_i32..40, 0_i64..1000), 0..60)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn neither_order_nor_sharding_matters(log in logs(), seed: u64, shards in 1_u64..4) {
        let split = split(20, 35);
        let whole = Orders::of(&log).split(split).unwrap();
        let mut mixed = log.clone();
        Dice(seed).shuffle(&mut mixed);
        prop_assert_eq!(&Orders::of(&mixed).split(split).unwrap(), &whole);
        let mut merged = Holdout::new(split);
        for shard in (0..shards).rev() {
            let part: Vec<_> = log.iter().copied().filter(|row| row.0 % shards == shard).collect();
            merged.merge(Orders::of(&part).split(split).unwrap().table()).unwrap();
        }
        prop_assert_eq!(&merged, whole.table());
        let json = serde_json::to_string(&merged).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Holdout>(&json).unwrap(), &merged);
    }

    #[test]
    fn everything_adds_up(log in logs(), length in 1_u32..50) {
        let whole = Orders::of(&log).split(split(20, 35)).unwrap();
        let (table, rows) = (whole.table(), whole.rows());
        let sum = |number: fn(&(u64, i32, i64)) -> bool| log.iter().filter(|row| number(row)).count() as u64;
        // Every row up to the end is a day of its own, or merged, or of someone who came later.
        let merged_or_not = table.customers() + table.gaps().total() + table.purchases() + table.merged();
        let of_late: u64 = {
            let came = |key: u64| log.iter().filter(|row| row.0 == key).map(|row| row.1).min();
            log.iter().filter(|row| row.1 <= 35 && came(row.0) > Some(20)).count() as u64
        };
        prop_assert_eq!(merged_or_not + of_late, sum(|row| row.1 <= 35));
        prop_assert_eq!(rows.len() as u64, table.customers());
        prop_assert_eq!(rows.iter().map(|row| u64::from(row.purchases)).sum::<u64>(), table.purchases());
        let by_row = table.rows().fold((0, 0, 0), |s, row| (s.0 + row.customers, s.1 + row.purchases, s.2 + row.active));
        prop_assert_eq!(by_row, (table.customers(), table.purchases(), table.active()));
        let repeats: u64 = table.repeats().map(|row| row.1).sum();
        prop_assert_eq!(repeats, table.gaps().total() + table.purchases());
        let [bg, ..] = models();
        let Ok(tracking) = Tracking::of(&bg, table, TimeUnit::days(NonZeroU32::new(length).unwrap())) else {
            prop_assert_eq!(table.customers(), 0);
            return Ok(());
        };
        let (mut expected, mut actual, mut day) = (0.0, 0, None);
        for period in tracking.periods() {
            prop_assert!(day.is_none_or(|day| day == period.period.from()));
            day = Some(period.period.until());
            expected += period.expected;
            actual += period.actual;
            prop_assert!((period.expected_so_far - expected).abs() < 1e-9 && period.expected > -1e-12);
            prop_assert_eq!(period.actual_so_far, actual);
        }
        prop_assert_eq!((actual, day), (repeats, Some(from_day_number(36).unwrap())));
        let forecasts = Forecasts::of(&bg, table).unwrap();
        let reliability = forecasts.reliability(NonZeroU8::new(7).unwrap(), Confidence::P95);
        prop_assert_eq!(reliability.iter().map(|bin| bin.customers).sum::<u64>(), table.customers());
        prop_assert_eq!(reliability.iter().map(|bin| bin.active).sum::<u64>(), table.active());
        let said = forecasts.confusion();
        prop_assert_eq!(said.true_active + said.false_inactive, table.active());
        prop_assert_eq!(said.true_inactive + said.false_active, table.customers() - table.active());
        prop_assert!(forecasts.log_score() < 0.0);
    }
}
