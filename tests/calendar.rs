//! Dates, windows and periods, as tables.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::NaiveDate;
use common::{cases, date, gbp};
use customer_value::{
    calendar::{CalendarError, Period, Window, day_number, days_from, from_day_number, months_from},
    customer::{History, OrderColumns, Record, ReturnPolicy},
    money::Currency,
    value::{Rfm, RfmColumns},
};
use proptest::{prop_assert, prop_assert_eq, proptest};

#[test]
fn months_are_counted_from_the_anchor_and_clipped_to_the_months_end() {
    for (anchor, months, expected) in [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", -12, "2023-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", -48, "2020-02-29"),
        ("2025-02-28", 12, "2026-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 2, "2024-03-31"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2024-01-31", 13, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-10-31", -4, "2024-06-30"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-05-15", 0, "2024-05-15"),
        ("1900-02-28", 12, "1901-02-28"),
        ("2000-02-29", 1200, "2100-02-28"),
        ("0001-01-01", 119_987, "9999-12-01"),
    ] {
        assert_eq!(months_from(date(anchor), months), Ok(date(expected)), "{anchor} {months:+}");
    }
}

#[test]
fn days_are_counted_over_leap_days_and_ends_of_years() {
    for (anchor, days, expected) in [
        ("2024-02-28", 1, "2024-02-29"),
        ("2024-02-28", 2, "2024-03-01"),
        ("2023-02-28", 1, "2023-03-01"),
        ("2100-02-28", 1, "2100-03-01"),
        ("2024-01-01", -1, "2023-12-31"),
        ("2024-03-01", -1, "2024-02-29"),
    ] {
        assert_eq!(days_from(date(anchor), days), Ok(date(expected)), "{anchor} {days:+}");
    }
    for (number, day) in
        [(0, "1970-01-01"), (-1, "1969-12-31"), (18_993, "2022-01-01"), (-719_162, "0001-01-01"), (2_932_896, "9999-12-31")]
    {
        assert_eq!((day_number(date(day)), from_day_number(number)), (Ok(number), Ok(date(day))));
    }
}

#[test]
fn nothing_leaves_the_years_1_to_9999() {
    let (first, last) = (date("0001-01-01"), date("9999-12-31"));
    let before = NaiveDate::from_ymd_opt(0, 12, 31).unwrap();
    let after = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let out = Err(CalendarError::OutOfRange);
    assert_eq!([days_from(last, 1), days_from(first, -1), days_from(first, i32::MIN), days_from(last, i32::MAX)], [out; 4]);
    assert_eq!([months_from(last, 1), months_from(first, -1), months_from(first, i32::MIN), months_from(last, i32::MAX)], [out; 4]);
    assert_eq!(
        [from_day_number(-719_163), from_day_number(2_932_897), from_day_number(i32::MIN), from_day_number(i32::MAX)],
        [out; 4]
    );
    assert_eq!([day_number(before), day_number(after)], [Err(CalendarError::OutOfRange); 2]);
    assert_eq!(Period::new(before, last), Err(CalendarError::OutOfRange));
    assert_eq!(Period::new(first, after), Err(CalendarError::OutOfRange));
    assert_eq!([Period::year(0), Period::year(9999), Period::year(i32::MAX)], [Err(CalendarError::OutOfRange); 3]);
    for window in [Window::All, Window::Days(1), Window::Months(1), Window::CalendarYear] {
        for day in [before, after, last] {
            // The day after the last one is the end of the window.
            assert_eq!(window.ending(day), Err(CalendarError::OutOfRange), "{window:?} {day}");
        }
    }
    assert_eq!(Window::Days(2).ending(first), Err(CalendarError::OutOfRange));
    assert_eq!(Window::Days(u32::MAX).ending(last), Err(CalendarError::OutOfRange));
    assert_eq!(Window::Months(u16::MAX).ending(date("2024-01-01")), Err(CalendarError::OutOfRange));
    assert_eq!(Window::Days(1).ending(first).map(|p| p.days()), Ok(1));
}

#[test]
fn windows_end_with_the_given_day() {
    for (window, as_of, expected) in [
        (Window::Days(1), "2024-02-29", "2024-02-29..2024-03-01"),
        (Window::Days(90), "2024-03-31", "2024-01-02..2024-04-01"),
        (Window::Months(1), "2024-02-29", "2024-02-01..2024-03-01"),
        (Window::Months(1), "2024-03-30", "2024-02-29..2024-03-31"),
        (Window::Months(1), "2024-03-31", "2024-03-01..2024-04-01"),
        (Window::Months(12), "2024-02-28", "2023-02-28..2024-02-29"),
        (Window::Months(12), "2024-02-29", "2023-03-01..2024-03-01"),
        (Window::Months(12), "2023-02-28", "2022-03-01..2023-03-01"),
        (Window::Months(12), "2024-12-31", "2024-01-01..2025-01-01"),
        (Window::CalendarYear, "2024-01-01", "2024-01-01..2024-01-02"),
        (Window::CalendarYear, "2024-12-31", "2024-01-01..2025-01-01"),
        (Window::CalendarYear, "2023-07-01", "2023-01-01..2023-07-02"),
        (Window::All, "2024-07-01", "0001-01-01..2024-07-02"),
    ] {
        assert_eq!(window.ending(date(as_of)).unwrap().to_string(), expected, "{window:?} {as_of}");
    }
    for empty in [Window::Days(0), Window::Months(0)] {
        assert_eq!(empty.ending(date("2024-01-01")), Err(CalendarError::EmptyWindow));
    }
}

#[test]
fn a_purchase_on_the_first_day_of_a_window_counts_and_one_the_day_before_does_not() {
    let as_of = date("2024-03-31");
    for (window, first) in [
        (Window::Days(31), "2024-03-01"),
        (Window::Days(1), "2024-03-31"),
        (Window::Months(1), "2024-03-01"),
        (Window::Months(12), "2023-04-01"),
        (Window::CalendarYear, "2024-01-01"),
    ] {
        for (shift, counted) in [(-1, 0), (0, 1), (1, 1)] {
            let day = days_from(date(first), shift).unwrap();
            let mut history = History::new(Currency::GBP);
            history.push(Record::sale(day, gbp(5))).unwrap();
            let purchases = history.as_of(as_of, ReturnPolicy::STRICT).unwrap();
            let number = [day_number(day).unwrap()];
            let orders = OrderColumns::new(&[1], &number, &[5], Currency::GBP).unwrap();
            let columns = RfmColumns::collect(&orders, as_of, window, ReturnPolicy::STRICT).unwrap();
            // The day after the last is not known yet.
            let Some(one) = Rfm::of(&purchases, window).unwrap() else {
                assert!(day > as_of && columns.is_empty() && purchases.later() == 1);
                continue;
            };
            assert_eq!((one.frequency, one.monetary), (counted, gbp(5 * i64::from(counted))), "{window:?} {day}");
            assert_eq!(columns.get(0), Some(one));
        }
    }
}

#[test]
fn a_period_holds_its_first_day_and_not_its_end() {
    let march = Period::new(date("2024-03-01"), date("2024-04-01")).unwrap();
    for (day, inside) in [("2024-02-29", false), ("2024-03-01", true), ("2024-03-31", true), ("2024-04-01", false)] {
        assert_eq!(march.contains(date(day)), inside, "{day}");
    }
    assert_eq!((march.days(), Period::year(2024).unwrap().days(), Period::year(2023).unwrap().days()), (31, 366, 365));
    let period = |from, until| Period::new(date(from), date(until));
    assert!(matches!(period("2024-03-01", "2024-03-01"), Err(CalendarError::EmptyPeriod { .. })));
    assert!(matches!(period("2024-03-02", "2024-03-01"), Err(CalendarError::EmptyPeriod { .. })));
    let april = period("2024-04-01", "2024-05-01").unwrap();
    let middle = period("2024-03-20", "2024-04-10").unwrap();
    assert_eq!((march.overlap(&april), march.overlap(&middle)), (None, period("2024-03-20", "2024-04-01").ok()));
    let json = r#"{"from":"2024-03-01","until":"2024-04-01"}"#;
    assert_eq!(serde_json::to_string(&march).unwrap(), json);
    assert_eq!(serde_json::from_str::<Period>(json).unwrap(), march);
    assert!(serde_json::from_str::<Period>(r#"{"from":"2024-03-01","until":"2024-03-01"}"#).is_err());
}

#[test]
fn a_series_from_the_31st_returns_to_the_31st() {
    let year = Period::new(date("2024-01-31"), date("2024-07-31")).unwrap();
    let starts: Vec<String> = year.split(1).unwrap().iter().map(|p| p.from().to_string()).collect();
    assert_eq!(starts, ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"]);
    assert_eq!(year.split(0), Err(CalendarError::EmptyWindow));
    let end_of_time = Period::new(date("9999-06-15"), date("9999-12-31")).unwrap();
    assert_eq!(end_of_time.split(4).unwrap().last().unwrap().until(), date("9999-12-31"));
    assert_eq!(end_of_time.split(u16::MAX).unwrap(), [end_of_time]);
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn pieces_of_a_period_leave_no_gap_and_no_overlap(from in 0..40_000_i32, days in 1..4_000_i32, months in 1..30_u16) {
        let from = from_day_number(from).unwrap();
        let period = Period::new(from, days_from(from, days).unwrap()).unwrap();
        let pieces = period.split(months).unwrap();
        prop_assert_eq!((pieces[0].from(), pieces[pieces.len() - 1].until()), (period.from(), period.until()));
        prop_assert!(pieces.windows(2).all(|pair| pair[0].until() == pair[1].from()));
        prop_assert_eq!(pieces.iter().map(Period::days).sum::<u32>(), period.days());
        for (step, piece) in (0..).zip(&pieces) {
            prop_assert_eq!(months_from(from, i32::from(months) * step), Ok(piece.from()));
        }
    }

    #[test]
    fn day_numbers_count_days(number in -719_162..2_932_896_i32) {
        let day = from_day_number(number).unwrap();
        prop_assert_eq!(day_number(day), Ok(number));
        prop_assert_eq!(days_from(day, 1), from_day_number(number + 1));
    }
}
