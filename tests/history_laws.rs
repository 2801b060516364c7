//! Laws of the customer's history: any order, any split, any number of deliveries; and the columns say what the histories say.
#![allow(clippy::unwrap_used)]
extern crate alloc;

mod common;

use alloc::collections::BTreeMap;
use chrono::NaiveDate;
use common::{Dice, cases, date, gbp, name};
use customer_value::{
    calendar::{Window, from_day_number},
    customer::{Beyond, CustomerBase, History, HistoryError, OrderColumns, Purchases, Record, ReturnPolicy, Returned, Unmatched},
    money::{Currency, Money},
    value::{RepeatColumns, RepeatPurchases, Rfm, RfmColumns},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any},
    prop_assert, prop_assert_eq, prop_assume, prop_compose, prop_oneof, proptest,
    sample::select,
};

const POLICIES: [ReturnPolicy; 6] = [
    ReturnPolicy::STRICT,
    ReturnPolicy { unmatched: Unmatched::Refuse, beyond: Beyond::SetAside },
    ReturnPolicy { unmatched: Unmatched::SetAside, beyond: Beyond::Refuse },
    ReturnPolicy { unmatched: Unmatched::SetAside, beyond: Beyond::SetAside },
    ReturnPolicy { unmatched: Unmatched::LatestFirst, beyond: Beyond::Refuse },
    ReturnPolicy::LATEST_FIRST,
];

fn on(day: i64) -> NaiveDate {
    date("2024-01-01") + chrono::TimeDelta::days(day)
}

/// Every kind of record. The content of an identified record follows from its identity, so that no two contradict each other.
fn record() -> impl Strategy<Value = Record> {
    let sale_id = |k: i64| format!("sale {k}");
    prop_oneof![
        3 => (0..30_i64, 0..900_i64).prop_map(|(day, minor)| Record::sale(on(day), gbp(minor))),
        3 => (0..8_i64).prop_map(move |k| Record::sale(on(3 * k), gbp(100 * k)).with_id(&sale_id(k)).unwrap()),
        1 => (0..30_i64, 1..900_i64).prop_map(|(day, minor)| Record::returned(on(day), gbp(minor))),
        2 => (0..10_i64, 0..30_i64, 1..300_i64)
            .prop_map(move |(k, day, minor)| Record::returned(on(day), gbp(minor)).of_sale(&sale_id(k)).unwrap()),
        2 => (0..10_i64).prop_map(move |k| {
            let back = Record::returned(on(2 * k), gbp(60 * k + 1)).with_id(&format!("credit {k}")).unwrap();
            if k % 2 == 0 { back } else { back.of_sale(&sale_id(k)).unwrap() }
        }),
        1 => (0..10_i64).prop_map(move |k| Record::cancellation(name(&sale_id(k)), on(3 * k + 1))),
    ]
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    vec(record(), 0..24)
}

fn history(records: &[Record]) -> History {
    let mut history = History::new(Currency::GBP);
    for record in records {
        history.push(record.clone()).unwrap();
    }
    history
}

fn merged(one: &History, other: &History) -> History {
    let mut sum = one.clone();
    sum.merge(other).unwrap();
    sum
}

fn base(records: &[(u8, Record)]) -> CustomerBase<u8> {
    let mut base = CustomerBase::new(Currency::GBP);
    for (key, record) in records {
        base.push(*key, record.clone()).unwrap();
    }
    base
}

fn merged_bases(one: &CustomerBase<u8>, other: &CustomerBase<u8>) -> CustomerBase<u8> {
    let mut sum = one.clone();
    sum.merge(other).unwrap();
    sum
}

/// What came back up to a day, each delivery of an identified record counted once.
fn came_back(records: &[Record], as_of: NaiveDate) -> i64 {
    let mut seen: Vec<&Record> = Vec::new();
    let mut total = 0;
    for record in records {
        let Record::Return { id, on, amount, .. } = record else { continue };
        let again = id.is_some() && seen.contains(&record);
        if *on <= as_of && !again {
            total += amount.minor();
        }
        seen.push(record);
    }
    total
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn histories_merge_associatively_and_commutatively_with_the_empty_one_as_identity(
        a in records(), b in records(), c in records(),
    ) {
        let (a, b, c, none) = (history(&a), history(&b), history(&c), History::new(Currency::GBP));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(&merged(&a, &none), &a);
        prop_assert_eq!(&merged(&none, &a), &a);
    }

    #[test]
    fn bases_merge_associatively_and_commutatively_with_the_empty_one_as_identity(
        a in vec((0..4_u8, record()), 0..20), b in vec((0..4_u8, record()), 0..20), c in vec((0..4_u8, record()), 0..20),
    ) {
        let (a, b, c, none) = (base(&a), base(&b), base(&c), CustomerBase::new(Currency::GBP));
        prop_assert_eq!(merged_bases(&merged_bases(&a, &b), &c), merged_bases(&a, &merged_bases(&b, &c)));
        prop_assert_eq!(merged_bases(&a, &b), merged_bases(&b, &a));
        prop_assert_eq!(&merged_bases(&a, &none), &a);
        prop_assert_eq!(&merged_bases(&none, &a), &a);
    }

    #[test]
    fn any_split_and_any_order_give_the_same_history_and_base(
        keyed in vec((0..4_u8, record()), 0..40), parts in vec(0..3_usize, 40), seed: u64,
    ) {
        let records: Vec<Record> = keyed.iter().map(|(_, r)| r.clone()).collect();
        let mut split: Vec<Vec<(u8, Record)>> = vec![Vec::new(); 3];
        parts.iter().zip(&keyed).for_each(|(part, r)| split[*part].push(r.clone()));
        let plain = |keyed: &[(u8, Record)]| history(&keyed.iter().map(|(_, r)| r.clone()).collect::<Vec<_>>());
        let sum = split.iter().map(|p| plain(p)).reduce(|a, b| merged(&b, &a)).unwrap();
        prop_assert_eq!(&sum, &history(&records));
        prop_assert_eq!(split.iter().map(|p| base(p)).reduce(|a, b| merged_bases(&b, &a)).unwrap(), base(&keyed));
        let mut shuffled = records.clone();
        Dice(seed).shuffle(&mut shuffled);
        prop_assert_eq!(history(&shuffled), sum);
    }

    #[test]
    fn identified_records_count_once_however_often_they_are_delivered(records in records(), day in 0..30_i64) {
        let identified: Vec<Record> = records.iter().filter(|r| match r {
            Record::Sale { id, .. } | Record::Return { id, .. } => id.is_some(),
            Record::Cancellation { .. } => true,
        }).cloned().collect();
        let once = history(&records);
        let again = merged(&once, &history(&identified));
        prop_assert_eq!(&again, &once);
        prop_assert_eq!(again.as_of(on(day), ReturnPolicy::LATEST_FIRST), once.as_of(on(day), ReturnPolicy::LATEST_FIRST));
    }

    #[test]
    fn records_without_identity_count_every_time(day in 0..30_i64, minor in 0..900_i64, times in 1..5_u32) {
        let equal = vec![Record::sale(on(day), gbp(minor)); times as usize];
        let purchases = history(&equal).as_of(on(30), ReturnPolicy::STRICT).unwrap();
        prop_assert_eq!((purchases.count(), purchases.net()), (times, gbp(minor * i64::from(times))));
    }

    #[test]
    fn a_conflict_leaves_history_and_base_as_they_were(records in records(), at in 0..8_i64, kind in 0..3_u8) {
        let id = format!("sale {at}");
        let credit = format!("credit {at}");
        let (known, other) = match kind {
            0 => (Record::sale(on(at), gbp(1)).with_id(&id).unwrap(), Record::sale(on(at), gbp(2)).with_id(&id).unwrap()),
            1 => {
                let back = Record::returned(on(at), gbp(1)).with_id(&credit).unwrap();
                (back.clone(), back.of_sale("another").unwrap())
            }
            _ => (Record::cancellation(name(&id), on(at)), Record::cancellation(name(&id), on(at + 1))),
        };
        let mut history = History::new(Currency::GBP);
        records.into_iter().filter(|r| !same_identity(r, &known)).for_each(|r| history.push(r).unwrap());
        history.push(known.clone()).unwrap();
        let before = history.clone();
        let (identity, mut theirs) = (if kind == 1 { credit } else { id }, History::new(Currency::GBP));
        theirs.push(Record::sale(on(0), gbp(5))).unwrap();
        theirs.push(other.clone()).unwrap();
        prop_assert_eq!(history.push(other.clone()), Err(HistoryError::Conflict(name(&identity))));
        prop_assert_eq!(&history, &before);
        prop_assert_eq!(history.merge(&theirs), Err(HistoryError::Conflict(name(&identity))));
        prop_assert_eq!(&history, &before);

        let (mut ours, mut more) = (base(&[(1, known)]), base(&[(0, Record::sale(on(0), gbp(5)))]));
        more.push(1, other.clone()).unwrap();
        let before = ours.clone();
        prop_assert!(ours.push(1, other).is_err());
        prop_assert!(ours.merge(&more).is_err());
        prop_assert_eq!(ours, before);
    }

    #[test]
    fn json_brings_histories_and_bases_back(keyed in vec((0..4_u8, record()), 0..30)) {
        let all = history(&keyed.iter().map(|(_, r)| r.clone()).collect::<Vec<_>>());
        let json = serde_json::to_string(&all).unwrap();
        let back: History = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), json);
        prop_assert_eq!(back, all);
        let base = base(&keyed);
        let back: CustomerBase<u8> = serde_json::from_str(&serde_json::to_string(&base).unwrap()).unwrap();
        prop_assert_eq!(back, base);
        for (_, record) in keyed {
            let back: Record = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
            prop_assert_eq!(back, record);
        }
    }

    #[test]
    fn no_day_is_left_below_zero_and_the_days_add_up(records in records(), day in 0..30_i64, policy in select(&POLICIES)) {
        let settled = history(&records).as_of(on(day), policy);
        prop_assume!(settled.is_ok());
        let purchases = settled.unwrap();
        prop_assert!(purchases.days().iter().all(|d| !d.net.is_negative() && d.count >= 1 && d.on <= on(day)));
        prop_assert!(purchases.days().windows(2).all(|pair| pair[0].on < pair[1].on));
        prop_assert_eq!(purchases.days().iter().map(|d| d.net.minor()).sum::<i64>(), purchases.net().minor());
        prop_assert_eq!(purchases.days().iter().map(|d| d.count).sum::<u32>(), purchases.count());
    }

    #[test]
    fn what_came_back_is_matched_assumed_or_set_aside(records in records(), day in 0..30_i64, policy in select(&POLICIES)) {
        let records: Vec<Record> = records.into_iter().filter(|r| !matches!(r, Record::Cancellation { .. })).collect();
        let Ok(purchases) = history(&records).as_of(on(day), policy) else { return Ok(()) };
        let returned = purchases.returned();
        let parts = [returned.matched, returned.assumed, returned.set_aside];
        prop_assert!(parts.iter().all(|p| !p.is_negative()));
        prop_assert_eq!(parts.iter().map(Money::minor).sum::<i64>(), came_back(&records, on(day)));
        // What reduced something is missing from the purchases, and nothing else is.
        let sales: Vec<Record> = records.into_iter().filter(|r| matches!(r, Record::Sale { .. })).collect();
        let gross = history(&sales).as_of(on(day), policy).unwrap().net().minor();
        prop_assert_eq!(gross - purchases.net().minor(), returned.matched.minor() + returned.assumed.minor());
    }

    #[test]
    fn returns_without_a_known_sale_never_take_a_purchase_away(records in records(), day in 0..30_i64, minor in 1..2_000_i64) {
        let before = history(&records);
        let mut after = before.clone();
        after.push(Record::returned(on(day), gbp(minor))).unwrap();
        let (before, after) = (
            before.as_of(on(30), ReturnPolicy::LATEST_FIRST).unwrap(),
            after.as_of(on(30), ReturnPolicy::LATEST_FIRST).unwrap(),
        );
        prop_assert_eq!(before.count(), after.count());
        prop_assert_eq!((before.first(), before.last()), (after.first(), after.last()));
        prop_assert!(after.net().minor() <= before.net().minor());
    }
}

fn same_identity(one: &Record, other: &Record) -> bool {
    match (one, other) {
        (Record::Sale { id: Some(a), .. }, Record::Sale { id: Some(b), .. })
        | (Record::Return { id: Some(a), .. }, Record::Return { id: Some(b), .. })
        | (Record::Cancellation { of: a, .. }, Record::Cancellation { of: b, .. }) => a == b,
        _ => false,
    }
}

#[test]
fn latest_purchases_are_reduced_first_and_never_those_after_the_return() {
    let mut history = History::new(Currency::GBP);
    for (day, minor) in [(1, 100), (5, 50), (9, 70)] {
        history.push(Record::sale(on(day), gbp(minor))).unwrap();
    }
    history.push(Record::returned(on(6), gbp(60))).unwrap();
    let purchases = history.as_of(on(30), ReturnPolicy::LATEST_FIRST).unwrap();
    assert_eq!(purchases.days().iter().map(|d| d.net.minor()).collect::<Vec<_>>(), [90, 0, 70]);
    assert_eq!((purchases.count(), purchases.returned().assumed), (3, gbp(60)));
    // As of the day before the return nothing has come back yet.
    let before = history.as_of(on(5), ReturnPolicy::STRICT).unwrap();
    assert_eq!((before.net(), before.later()), (gbp(150), 2));
}

#[test]
fn a_sale_that_came_back_whole_or_was_cancelled_is_no_purchase() {
    let sale = |id: &str, minor| Record::sale(on(1), gbp(minor)).with_id(id).unwrap();
    let back = |id: &str, minor| Record::returned(on(2), gbp(minor)).of_sale(id).unwrap();
    let records = [sale("whole", 40), back("whole", 15), back("whole", 25), sale("part", 40), back("part", 39), sale("off", 9)];
    let mut history = history(&records);
    history.push(Record::cancellation(name("off"), on(3))).unwrap();
    let purchases = history.as_of(on(3), ReturnPolicy::STRICT).unwrap();
    assert_eq!((purchases.count(), purchases.net()), (1, gbp(1)));
    assert_eq!((purchases.returned().matched, purchases.returned().count), (gbp(88), 4));
    // The cancellation counts from its own day on.
    assert_eq!(history.as_of(on(2), ReturnPolicy::STRICT).unwrap().count(), 2);
    // A gift of 0.00 is a purchase, and stays one.
    let gift = self::history(&[sale("gift", 0)]).as_of(on(3), ReturnPolicy::STRICT).unwrap();
    assert_eq!((gift.count(), gift.net()), (1, gbp(0)));
}

// The columns and the histories.

#[derive(Clone, Debug)]
struct Columns {
    customer: Vec<u64>,
    day: Vec<i32>,
    minor: Vec<i64>,
}

impl Columns {
    fn new(rows: &[(u64, i32, i64)]) -> Columns {
        Columns {
            customer: rows.iter().map(|r| r.0).collect(),
            day: rows.iter().map(|r| r.1).collect(),
            minor: rows.iter().map(|r| r.2).collect(),
        }
    }

    fn orders(&self) -> OrderColumns<'_> {
        OrderColumns::new(&self.customer, &self.day, &self.minor, Currency::GBP).unwrap()
    }

    fn base(&self) -> CustomerBase<u64> {
        let mut base = CustomerBase::new(Currency::GBP);
        for i in 0..self.customer.len() {
            let (on, minor) = (from_day_number(self.day[i]).unwrap(), self.minor[i]);
            let record = if minor < 0 { Record::returned(on, gbp(-minor)) } else { Record::sale(on, gbp(minor)) };
            base.push(self.customer[i], record).unwrap();
        }
        base
    }

    /// Checks both summaries against the histories. The columns fail with the error of one of the customers, or if what came back from
    /// all of them together does not fit.
    fn agree(&self, as_of: NaiveDate, window: Window, policy: ReturnPolicy) {
        let base = self.base();
        let settled: Vec<(u64, Result<Purchases, HistoryError>)> = base.as_of(as_of, policy).map(|(k, p)| (*k, p)).collect();
        let errors: Vec<&HistoryError> = settled.iter().filter_map(|(_, p)| p.as_ref().err()).collect();
        let (rfm, repeat) =
            (RfmColumns::collect(&self.orders(), as_of, window, policy), RepeatColumns::collect(&self.orders(), as_of, policy));
        if !errors.is_empty() {
            for error in [rfm.unwrap_err(), repeat.unwrap_err()] {
                let own = |key| settled.iter().find(|(k, _)| *k == key).and_then(|(_, p)| p.as_ref().err());
                let found = matches!(&error, HistoryError::Customer { key, error } if own(*key) == Some(error));
                assert!(found, "{error} instead of {errors:?}");
            }
            return;
        }
        let mut expected: BTreeMap<u64, (Rfm, RepeatPurchases)> = BTreeMap::new();
        let (mut later, mut returned) = (0, [0_i128; 5]);
        for (key, purchases) in settled {
            let purchases = purchases.unwrap();
            later += purchases.later();
            let back = purchases.returned();
            figures(back).iter().zip(&mut returned).for_each(|(part, sum)| *sum += part);
            if let Some(one) = Rfm::of(&purchases, window).unwrap() {
                expected.insert(key, (one, RepeatPurchases::of(&purchases).unwrap()));
            }
        }
        if returned.iter().any(|sum| i64::try_from(*sum).is_err()) {
            let overflow = HistoryError::Overflow(Currency::GBP);
            assert_eq!((rfm.unwrap_err(), repeat.unwrap_err()), (overflow.clone(), overflow));
            return;
        }
        let (mut rfm, mut repeat) = (rfm.unwrap(), repeat.unwrap());
        rfm.sort_by_key();
        repeat.sort_by_key();
        assert!(rfm.keys().iter().eq(expected.keys()) && repeat.keys().iter().eq(expected.keys()));
        for (i, (rfm_one, repeat_one)) in expected.values().enumerate() {
            assert_eq!((rfm.get(i), repeat.get(i)), (Some(*rfm_one), Some(*repeat_one)));
        }
        assert_eq!((rfm.later(), repeat.later()), (later, later));
        assert_eq!((figures(rfm.returned()), figures(repeat.returned())), (returned, returned));
    }
}

fn figures(r: &Returned) -> [i128; 5] {
    [r.matched.minor().into(), r.assumed.minor().into(), r.set_aside.minor().into(), r.count.into(), r.unmatched.into()]
}

fn windows() -> impl Strategy<Value = Window> {
    prop_oneof![
        Just(Window::All),
        Just(Window::CalendarYear),
        (1..60_u32).prop_map(Window::Days),
        (1..30_u16).prop_map(Window::Months),
    ]
}

prop_compose! {
    /// Few customers (one of them with an extreme key), some returns.
    fn columns(most: usize)(
        rows in vec((select(&[0, 1, 2, 3, u64::MAX][..]), 19_700..19_800_i32, -300..900_i64, any::<bool>()), 0..most)
    ) -> Columns {
        // A half of the returns are turned into sales.
        let sign = |minor: i64, keep: bool| if keep { minor } else { minor.abs() };
        Columns::new(&rows.into_iter().map(|(c, d, m, keep)| (c, d, sign(m, keep))).collect::<Vec<_>>())
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn columns_and_histories_agree(
        columns in columns(50), day in 19_690..19_820_i32, window in windows(), policy in select(&POLICIES),
    ) {
        columns.agree(from_day_number(day).unwrap(), window, policy);
    }

    #[test]
    fn columns_and_histories_agree_on_amounts_and_days_too_large_to_pack(
        rows in vec(
            (0..4_u64, prop_oneof![19_700..19_720_i32, -719_162..2_932_896_i32],
             prop_oneof![Just(1 << 43), Just((1 << 43) - 1), Just(-(1 << 43)), Just(-(1 << 43) - 1), -300..900_i64]),
            0..20),
        day in prop_oneof![19_690..19_730_i32, 0..2_932_896_i32],
        policy in select(&POLICIES),
    ) {
        Columns::new(&rows).agree(from_day_number(day).unwrap(), Window::All, policy);
    }

    #[test]
    fn sums_that_do_not_fit_are_the_same_error_on_both_paths(
        rows in vec(
            (0..2_u64, 19_700..19_703_i32, prop_oneof![
                Just(i64::MAX), Just(i64::MAX / 2), Just(i64::MAX / 2 + 1), Just(-i64::MAX), Just(-i64::MAX / 2), 0..9_i64]),
            0..6),
        policy in select(&[ReturnPolicy::STRICT, ReturnPolicy { unmatched: Unmatched::LatestFirst, beyond: Beyond::Refuse }][..]),
    ) {
        Columns::new(&rows).agree(from_day_number(19_702).unwrap(), Window::All, policy);
    }

    #[test]
    fn the_order_of_the_rows_is_of_no_account(columns in columns(60), seed: u64) {
        let (as_of, policy) = (from_day_number(19_780).unwrap(), ReturnPolicy::LATEST_FIRST);
        let mut order: Vec<usize> = (0..columns.customer.len()).collect();
        Dice(seed).shuffle(&mut order);
        let rows: Vec<_> = order.into_iter().map(|i| (columns.customer[i], columns.day[i], columns.minor[i])).collect();
        let shuffled = Columns::new(&rows);
        // Not sorted: the order of the customers follows from their keys alone.
        prop_assert_eq!(
            RfmColumns::collect(&columns.orders(), as_of, Window::Months(1), policy),
            RfmColumns::collect(&shuffled.orders(), as_of, Window::Months(1), policy)
        );
        prop_assert_eq!(
            RepeatColumns::collect(&columns.orders(), as_of, policy),
            RepeatColumns::collect(&shuffled.orders(), as_of, policy)
        );
    }

    #[test]
    fn a_mean_repeat_value_is_rounded_once(columns in columns(40), places in 0..5_u8) {
        use customer_value::money::Rounding::HalfEven;
        let repeat = RepeatColumns::collect(&columns.orders(), from_day_number(19_800).unwrap(), ReturnPolicy::LATEST_FIRST).unwrap();
        let means = repeat.mean_minor(places, HalfEven, -1).unwrap();
        for (one, mean) in repeat.iter().zip(means) {
            let exact = one.mean_minor().map(|m| m.to_decimal(places, HalfEven).unwrap());
            prop_assert_eq!(exact.map_or(-1, |m| i64::try_from(m.mantissa()).unwrap()), mean);
        }
    }
}

/// Forty thousand rows fill several partitions, and with the feature `rayon` go over several threads.
#[test]
fn columns_and_histories_agree_over_many_partitions() {
    let mut dice = Dice(7);
    let rows: Vec<(u64, i32, i64)> = (0..40_000)
        .map(|_| {
            let key = dice.below(9_000) as u64 * 0x1_0000_0001;
            let minor = i64::try_from(dice.below(5_000)).unwrap() - 100;
            (key, 19_000 + i32::try_from(dice.below(700)).unwrap(), minor)
        })
        .collect();
    let columns = Columns::new(&rows);
    for window in [Window::All, Window::Months(3)] {
        columns.agree(from_day_number(19_650).unwrap(), window, ReturnPolicy::LATEST_FIRST);
    }
    // One customer in all rows: one partition holds everything.
    let one = Columns { customer: vec![5; 40_000], ..columns };
    one.agree(from_day_number(19_650).unwrap(), Window::Days(100), ReturnPolicy::LATEST_FIRST);
}

#[test]
fn columns_of_nobody_are_empty_and_customers_without_purchases_are_left_out() {
    let as_of = from_day_number(19_700).unwrap();
    let none = Columns::new(&[]);
    assert!(RfmColumns::collect(&none.orders(), as_of, Window::All, ReturnPolicy::STRICT).unwrap().is_empty());
    assert!(RepeatColumns::collect(&none.orders(), as_of, ReturnPolicy::STRICT).unwrap().is_empty());
    let only_returned_or_later = Columns::new(&[(1, 19_699, -5), (2, 19_701, 5)]);
    let rfm = RfmColumns::collect(&only_returned_or_later.orders(), as_of, Window::All, ReturnPolicy::LATEST_FIRST).unwrap();
    assert!(rfm.is_empty());
    assert_eq!((rfm.later(), rfm.returned().set_aside), (1, gbp(5)));
}

/// The window must not hide that the history as a whole does not fit.
#[test]
fn purchases_outside_the_window_overflow_on_both_paths_alike() {
    Columns::new(&[(1, 19_000, i64::MAX), (1, 19_699, i64::MAX)]).agree(
        from_day_number(19_700).unwrap(),
        Window::Days(30),
        ReturnPolicy::STRICT,
    );
}

/// Counts and sums that came over the wire may be absurd; settling them is an error, not a panic.
#[test]
fn absurd_counts_and_sums_from_the_wire_are_an_overflow() {
    let absurd = |list: &str, entry: &str, days: [&str; 2]| {
        let entry = |day| format!(r#"{{"on":"{day}","count":18446744073709551615,{entry}}}"#);
        format!(r#"{{"currency":"GBP","{list}":[{},{}]}}"#, entry(days[0]), entry(days[1]))
    };
    let past = ["2024-01-01", "2024-01-02"];
    let much = r#""minor":"170141183460469231704190640173383680000""#;
    let some = r#""minor":"18446744073709551615""#;
    for json in [
        absurd("unnamed_sales", much, past),
        absurd("unnamed_sales", some, ["2025-01-01", "2025-01-02"]), // later: only counted
        absurd("unnamed_returns", some, past),
        absurd("unnamed_returns", some, ["2025-01-01", "2025-01-02"]),
        absurd("unnamed_returns", much, past),
        absurd("unnamed_returns", &format!(r#"{much},"of":"a""#), past),
    ] {
        let Ok(mut history) = serde_json::from_str::<History>(&json) else { continue };
        history.push(Record::sale(on(0), gbp(1)).with_id("a").unwrap()).unwrap();
        let settled = history.as_of(on(9), ReturnPolicy { unmatched: Unmatched::SetAside, beyond: Beyond::SetAside });
        assert_eq!(settled, Err(HistoryError::Overflow(Currency::GBP)), "{json}");
    }
}

/// A shard merged with its own copy again and again doubles each time: past 2^32 records on a day it is an overflow, not a panic, and the
/// history stays what it was.
#[test]
fn endless_doubling_ends_in_an_overflow() {
    let overflow = Err(HistoryError::Overflow(Currency::GBP));
    let sale = Record::sale(on(0), gbp(i64::MAX)).with_id("a").unwrap();
    let [early, late] = [1, 2].map(|day| Record::returned(on(day), gbp(i64::MAX)));
    let named = [1, 2].map(|day| Record::returned(on(day), gbp(i64::MAX)).of_sale("a").unwrap());
    let sales = [1, 2].map(|day| Record::sale(on(day), gbp(i64::MAX)));
    for records in [vec![early, late], [vec![sale], named.to_vec()].concat(), sales.to_vec()] {
        let mut history = history(&records);
        for _ in 0..31 {
            history = merged(&history, &history);
        }
        let before = history.clone();
        assert_eq!(history.merge(&before), overflow);
        assert_eq!(history, before);
        let lenient = |unmatched| ReturnPolicy { unmatched, beyond: Beyond::SetAside };
        for policy in [lenient(Unmatched::SetAside), lenient(Unmatched::LatestFirst), lenient(Unmatched::Refuse)] {
            let settled = history.as_of(on(9), policy);
            assert!(matches!(settled, Err(HistoryError::Overflow(_))), "{settled:?}");
        }
        let nothing_yet = history.as_of(on(-1), ReturnPolicy::STRICT).unwrap();
        assert_eq!((nothing_yet.count(), nothing_yet.later() > u64::from(u32::MAX) - 1), (0, true));
        // Whatever can be built can be read back.
        assert_eq!(serde_json::from_str::<History>(&serde_json::to_string(&history).unwrap()).unwrap(), history);
    }
    // One below the limit takes one more, and then no more.
    let mut full: History =
        serde_json::from_str(r#"{"currency":"GBP","unnamed_sales":[{"on":"2024-01-01","count":4294967294,"minor":"4294967294"}]}"#)
            .unwrap();
    let one_more = Record::sale(date("2024-01-01"), gbp(1));
    assert_eq!(full.push(one_more.clone()), Ok(()));
    assert_eq!(full.push(one_more), overflow);
}

/// A cancellation gives back what is left at the close of its day; what comes back later goes beyond the sale.
#[test]
fn a_refund_after_a_cancellation_goes_beyond_the_sale() {
    let sale = Record::sale(on(0), gbp(100_00)).with_id("a").unwrap();
    let cancelled = Record::Cancellation { of: name("a"), on: on(5) };
    let back = |day, pence| Record::returned(on(day), gbp(pence)).of_sale("a").unwrap();
    for (day, pence, set_aside) in [(4, 30_00, 0), (5, 100_00, 0), (6, 100_00, 100_00), (6, 1, 1)] {
        let history = history(&[sale.clone(), cancelled.clone(), back(day, pence)]);
        let lenient = history.as_of(on(9), ReturnPolicy::LATEST_FIRST).unwrap();
        assert_eq!((lenient.count(), lenient.net()), (0, gbp(0)));
        assert_eq!((lenient.returned().matched, lenient.returned().set_aside), (gbp(100_00), gbp(set_aside)), "day {day}");
        let strict = history.as_of(on(9), ReturnPolicy::STRICT);
        assert_eq!(matches!(strict, Err(HistoryError::BeyondSale { .. })), set_aside > 0, "day {day}: {strict:?}");
    }
}
