//! Moments, the days they fall on, and when days begin.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::{NaiveDateTime, TimeDelta};
use common::{cases, date};
use core::hash::{Hash, Hasher};
use customer_value::calendar::{CalendarError, DayOfYear, LeapDay, Moment, Zone, ZoneChange};
use proptest::{collection::vec, prop_assert, prop_assert_eq, proptest};
use std::hash::DefaultHasher;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn zone(offset: i16, changes: &[(&str, i16)]) -> Zone {
    Zone::new(offset, changes.iter().map(|&(from, offset_minutes)| ZoneChange { from: at(from), offset_minutes })).unwrap()
}

fn hash(moment: Moment) -> u64 {
    let mut hasher = DefaultHasher::new();
    moment.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn a_zone_reads_days_from_its_own_clock() {
    // Central European time, 2024.
    let copenhagen = zone(60, &[("2024-03-31T01:00:00Z", 120), ("2024-10-27T01:00:00Z", 60)]);
    for (moment, local) in [
        ("2024-03-31T00:59:59Z", "2024-03-31T01:59:59+01:00"),
        ("2024-03-31T01:00:00Z", "2024-03-31T03:00:00+02:00"),
        ("2024-10-27T00:59:59Z", "2024-10-27T02:59:59+02:00"),
        ("2024-10-27T01:00:00Z", "2024-10-27T02:00:00+01:00"),
        ("2024-06-30T21:59:59Z", "2024-06-30T23:59:59+02:00"),
        ("2024-06-30T22:00:00Z", "2024-07-01T00:00:00+02:00"),
        ("2024-12-31T23:00:00Z", "2025-01-01T00:00:00+01:00"),
        ("2024-06-30T18:00:00-04:00", "2024-07-01T00:00:00+02:00"),
    ] {
        assert_eq!(copenhagen.local(at(moment)).to_string(), local, "{moment}");
        assert_eq!(copenhagen.day_of(at(moment)).to_string(), local[..10], "{moment}");
        assert_eq!(copenhagen.local(at(moment)), at(moment));
    }
    for (day, starts) in [
        ("2024-03-31", "2024-03-31T00:00:00+01:00"),
        ("2024-04-01", "2024-04-01T00:00:00+02:00"),
        ("2024-10-27", "2024-10-27T00:00:00+02:00"),
        ("2024-10-28", "2024-10-28T00:00:00+01:00"),
        ("1999-01-01", "1999-01-01T00:00:00+01:00"),
        ("2100-07-01", "2100-07-01T00:00:00+01:00"),
    ] {
        assert_eq!(copenhagen.start_of(date(day)).unwrap().to_string(), starts);
    }
    // The day of the change has 23 hours, that of the other one 25.
    let hours = |day, next| copenhagen.start_of(date(next)).unwrap().seconds_since(&copenhagen.start_of(date(day)).unwrap()) / 3600;
    assert_eq!([hours("2024-03-31", "2024-04-01"), hours("2024-10-27", "2024-10-28")], [23, 25]);
}

#[test]
fn a_day_begins_where_its_midnight_is_skipped_or_comes_twice() {
    for (name, zone, day, starts, a_second_before) in [
        // Midnight does not exist: the clock goes from 23:59:59 to 01:00.
        ("Sao Paulo", zone(-180, &[("2018-11-04T03:00:00Z", -120)]), "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-03"),
        // At what would have been midnight it was 23:00 again.
        ("Sao Paulo", zone(-120, &[("2018-02-18T02:00:00Z", -180)]), "2018-02-18", "2018-02-18T00:00:00-03:00", "2018-02-17"),
        // At 01:00 it was 00:00 again: the first midnight counts.
        ("Havana", zone(-240, &[("2024-11-03T05:00:00Z", -300)]), "2024-11-03", "2024-11-03T00:00:00-04:00", "2024-11-02"),
        // At 00:01 it was 23:01 again, on the day before: the first midnight counts.
        ("St John's", zone(-150, &[("2010-11-07T02:31:00Z", -210)]), "2010-11-07", "2010-11-07T00:00:00-02:30", "2010-11-06"),
        // The whole day does not exist.
        ("Apia", zone(-600, &[("2011-12-30T10:00:00Z", 840)]), "2011-12-30", "2011-12-31T00:00:00+14:00", "2011-12-29"),
        ("Apia", zone(-600, &[("2011-12-30T10:00:00Z", 840)]), "2011-12-31", "2011-12-31T00:00:00+14:00", "2011-12-29"),
        ("Apia", zone(-600, &[("2011-12-30T10:00:00Z", 840)]), "2011-12-29", "2011-12-29T00:00:00-10:00", "2011-12-28"),
    ] {
        let start = zone.start_of(date(day)).unwrap();
        assert_eq!(start.to_string(), starts, "{name} {day}");
        let before = start.at_offset(0).unwrap().plus_minutes(-1).unwrap();
        assert_eq!(zone.day_of(before), date(a_second_before), "{name} {day}");
        assert!(zone.day_of(start) >= date(day));
    }
}

#[test]
fn what_is_no_zone_is_refused() {
    let change = |from: &str, offset_minutes| ZoneChange { from: at(from), offset_minutes };
    assert_eq!(Zone::fixed(1081), Err(CalendarError::BadOffset(1081)));
    assert_eq!(Zone::fixed(-1081), Err(CalendarError::BadOffset(-1081)));
    assert_eq!(Zone::fixed(i16::MIN), Err(CalendarError::BadOffset(i16::MIN)));
    assert_eq!(Zone::fixed(0), Ok(Zone::UTC));
    assert_eq!(Zone::new(0, [change("2024-01-01T00:00:00Z", 2000)]), Err(CalendarError::BadOffset(2000)));
    let twice = [change("2024-01-01T00:00:00Z", 60), change("2024-01-01T08:00:00+08:00", 0)];
    assert_eq!(Zone::new(0, twice), Err(CalendarError::ChangesNotInOrder(at("2024-01-01T00:00:00Z"))));
    let backwards = [change("2024-01-01T00:00:00Z", 60), change("2023-01-01T00:00:00Z", 0)];
    assert_eq!(Zone::new(0, backwards), Err(CalendarError::ChangesNotInOrder(at("2023-01-01T00:00:00Z"))));
    assert_eq!(Zone::new(0, [change("9999-12-31T23:00:00-08:00", 0)]), Err(CalendarError::OutOfRange));
    for json in [
        r#"{"offset_minutes":1081}"#,
        r#"{"offset_minutes":60,"name":"Europe/Copenhagen"}"#,
        "{}",
        r#"{"offset_minutes":60,"changes":[{"from":"2024-03-31T01:00:00Z","offset_minutes":32000}]}"#,
        r#"{"offset_minutes":0,"changes":[{"from":"2024-03-31T01:00:00Z","offset_minutes":60},{"from":"2024-03-31T01:00:00Z","offset_minutes":0}]}"#,
    ] {
        assert!(serde_json::from_str::<Zone>(json).is_err(), "{json}");
    }
    let json = r#"{"offset_minutes":60,"changes":[{"from":"2024-03-31T01:00:00+00:00","offset_minutes":120}]}"#;
    // However the change was written, equal zones are written in one way.
    let read = zone(60, &[("2024-03-31T02:00:00+01:00", 120)]);
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    assert_eq!(serde_json::from_str::<Zone>(json).unwrap(), read);
    assert_eq!(serde_json::to_string(&Zone::fixed(480).unwrap()).unwrap(), r#"{"offset_minutes":480}"#);
}

#[test]
fn at_the_ends_of_time_nothing_panics() {
    let (east, west) = (Zone::fixed(1080).unwrap(), Zone::fixed(-1080).unwrap());
    let (first, last) = (at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59Z"));
    assert_eq!((west.local(first), west.day_of(first)), (first, date("0001-01-01")));
    assert_eq!((east.local(last), east.day_of(last)), (last, date("9999-12-31")));
    assert_eq!(east.day_of(first).to_string(), "0001-01-01");
    assert_eq!(east.start_of(date("0001-01-01")).unwrap().to_string(), "0001-01-01T00:00:00+18:00");
    assert_eq!(west.start_of(date("9999-12-31")).unwrap().to_string(), "9999-12-31T00:00:00-18:00");
    let out = Err(CalendarError::OutOfRange);
    for day in [date("+10000-01-01"), date("0000-12-31"), chrono::NaiveDate::MAX, chrono::NaiveDate::MIN] {
        assert_eq!(east.start_of(day), out);
        assert_eq!(Moment::new(day.into(), 0), out);
    }
    // A day that the clock jumps over, out of the calendar.
    let jump = zone(-1080, &[("9999-12-31T12:00:00Z", 1080)]);
    assert_eq!(jump.start_of(date("9999-12-31")), out);
    assert_eq!(first.at_offset(-1), out);
    assert_eq!(last.at_offset(1), out);
    assert_eq!(first.plus_minutes(-1), out);
    assert_eq!(last.plus_minutes(1), out);
    assert_eq!([last.plus_minutes(i64::MAX), first.plus_minutes(i64::MIN), last.plus_minutes(i64::MAX / 60)], [out; 3]);
    assert_eq!(first.at_offset(1081), Err(CalendarError::BadOffset(1081)));
    for text in [
        "10000-01-01T00:00:00Z",
        "0000-12-31T23:59:59Z",
        "2024-01-01T00:00:00+18:01",
        "2024-01-01T00:00:00",
        "2024-02-30T00:00:00Z",
    ] {
        assert!(text.parse::<Moment>().is_err(), "{text}");
    }
    // The clock on the wall decides, not UTC.
    assert_eq!(at("9999-12-31T23:59:59-18:00").to_string(), "9999-12-31T23:59:59-18:00");
    assert_eq!(at("0001-01-01T00:00:00+18:00").to_string(), "0001-01-01T00:00:00+18:00");
}

#[test]
fn a_moment_is_a_whole_second() {
    assert_eq!(at("2016-12-31T23:59:60Z"), at("2016-12-31T23:59:59Z")); // a leap second is the second before it
    assert_eq!(at("2024-01-01T00:00:00.999Z"), at("2024-01-01T00:00:00Z"));
    assert_eq!(at("1969-12-31T23:59:59.5Z").to_string(), "1969-12-31T23:59:59+00:00");
    assert_eq!(at("2024-01-01T00:00:00-00:30").to_string(), "2024-01-01T00:00:00-00:30");
    let local = date("1900-01-01").and_hms_milli_opt(12, 34, 56, 789).unwrap();
    assert_eq!(Moment::new(local, -5).unwrap().to_string(), "1900-01-01T12:34:56-00:05");
    assert_eq!(size_of::<Moment>(), 16);
}

#[test]
fn days_of_the_year_come_back_every_year() {
    for (text, year, february, march) in [
        ("02-29", 2024, "2024-02-29", "2024-02-29"),
        ("02-29", 2025, "2025-02-28", "2025-03-01"),
        ("02-29", 1900, "1900-02-28", "1900-03-01"),
        ("02-29", 2000, "2000-02-29", "2000-02-29"),
        ("02-28", 2025, "2025-02-28", "2025-02-28"),
        ("12-31", 9999, "9999-12-31", "9999-12-31"),
    ] {
        let day: DayOfYear = text.parse().unwrap();
        assert_eq!(day.to_string(), text);
        assert_eq!(day.in_year(year, LeapDay::February28), Ok(date(february)));
        assert_eq!(day.in_year(year, LeapDay::March1), Ok(date(march)));
    }
    let leap: DayOfYear = "02-29".parse().unwrap();
    for (after, february, march) in [
        ("2024-02-28", "2024-02-29", "2024-02-29"),
        ("2024-02-29", "2025-02-28", "2025-03-01"),
        ("2025-02-27", "2025-02-28", "2025-03-01"),
        ("2025-02-28", "2026-02-28", "2025-03-01"),
        ("2023-12-31", "2024-02-29", "2024-02-29"),
    ] {
        assert_eq!(leap.next_after(date(after), LeapDay::February28), Ok(date(february)));
        assert_eq!(leap.next_after(date(after), LeapDay::March1), Ok(date(march)));
    }
    for (month, day) in [(2, 30), (4, 31), (13, 1), (0, 1), (1, 0), (1, 32), (255, 255)] {
        assert_eq!(DayOfYear::new(month, day), Err(CalendarError::NoSuchDay { month, day }));
    }
    for text in ["2-29", "02-30", "0229", "", "02-29-", "+2-29", "２-29", "02--1", "99-99"] {
        assert!(text.parse::<DayOfYear>().is_err(), "{text}");
    }
    assert_eq!(leap.in_year(0, LeapDay::March1), Err(CalendarError::OutOfRange));
    assert_eq!(leap.in_year(i32::MAX, LeapDay::March1), Err(CalendarError::OutOfRange));
    assert_eq!(leap.next_after(date("9999-03-01"), LeapDay::March1), Err(CalendarError::OutOfRange));
    assert_eq!(leap.next_after(chrono::NaiveDate::MAX, LeapDay::March1), Err(CalendarError::OutOfRange));
    assert_eq!(DayOfYear::from(date("2024-02-29")), leap);
    assert_eq!((leap.month(), leap.day()), (2, 29));
    assert_eq!(serde_json::to_string(&(leap, LeapDay::March1)).unwrap(), r#"["02-29","march1"]"#);
    assert_eq!(serde_json::from_str::<DayOfYear>(r#""02-29""#).unwrap(), leap);
    assert!(serde_json::from_str::<DayOfYear>(r#""02-30""#).is_err());
}

const YEAR_1: i64 = -62_135_596_800; // 0001-01-01T00:00:00Z
const YEAR_10000: i64 = 253_402_300_800;

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_moment_is_what_it_was_made_of(shown in YEAR_1..YEAR_10000, offset in -1080..=1080_i16, to in -1080..=1080_i16) {
        let local: NaiveDateTime = chrono::DateTime::from_timestamp(shown, 0).unwrap().naive_utc();
        let moment = Moment::new(local, offset).unwrap();
        prop_assert_eq!((moment.local(), moment.date(), moment.offset_minutes()), (local, local.date(), offset));
        let text = moment.to_string();
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
        prop_assert_eq!(&text, &format!("{}{sign}{hours:02}:{minutes:02}", local.format("%Y-%m-%dT%H:%M:%S")));
        let read = at(&text);
        prop_assert_eq!((read, read.offset_minutes()), (moment, offset));
        let json = serde_json::to_string(&moment).unwrap();
        prop_assert_eq!(&json, &format!("\"{text}\""));
        prop_assert_eq!(serde_json::from_str::<Moment>(&json).unwrap().to_string(), text);
        // On another clock it is the same moment, if that clock still shows a year of the calendar.
        let elsewhere = local + TimeDelta::minutes((to - offset).into());
        match moment.at_offset(to) {
            Ok(moved) => {
                prop_assert_eq!((moved.local(), moved.offset_minutes()), (elsewhere, to));
                prop_assert_eq!((moved, hash(moved), moved.seconds_since(&moment)), (moment, hash(moment), 0));
            }
            Err(error) => {
                prop_assert_eq!(error, CalendarError::OutOfRange);
                prop_assert!(!(1..=9999).contains(&chrono::Datelike::year(&elsewhere)));
            }
        }
    }

    #[test]
    fn moments_compare_as_points_in_time(a in 0..4_000_i64, b in 0..4_000_i64, x in -30..30_i16, y in -30..30_i16) {
        // Within about an hour, so that ties are common.
        let utc = |seconds: i64, offset: i16| {
            let local = chrono::DateTime::from_timestamp(seconds / 60 * 60 + i64::from(offset) * 60, 0).unwrap().naive_utc();
            Moment::new(local, offset).unwrap()
        };
        let (one, other) = (utc(a, x), utc(b, y));
        prop_assert_eq!(one.cmp(&other), (a / 60).cmp(&(b / 60)));
        prop_assert_eq!(one == other, a / 60 == b / 60);
        prop_assert_eq!(one.seconds_since(&other), (a / 60 - b / 60) * 60);
        prop_assert_eq!(one.plus_minutes(b / 60 - a / 60).unwrap(), other);
        if one == other {
            prop_assert_eq!(hash(one), hash(other));
        }
    }

    #[test]
    fn a_day_begins_at_the_first_moment_that_shows_its_midnight_or_later(
        base in -36..=36_i16,
        changes in vec((1..200_i64, -36..=36_i16), 0..5),
        day in 0..6_i32,
    ) {
        // Changes of half hours, hours apart: far wilder than any clock on earth.
        let epoch = at("2024-01-01T00:00:00Z");
        let mut from = epoch;
        let mut list = Vec::new();
        for (half_hours, offset) in changes {
            from = from.plus_minutes(half_hours * 30).unwrap();
            list.push(ZoneChange { from, offset_minutes: offset * 30 });
        }
        let zone = Zone::new(base * 30, list.clone()).unwrap();
        let day = customer_value::calendar::days_from(date("2024-01-01"), day).unwrap();
        let start = zone.start_of(day).unwrap();
        // Half hour by half hour, with the offset looked up the slow way.
        let shows = |moment: Moment| {
            let offset = list.iter().rev().find(|change| change.from <= moment).map_or(base * 30, |change| change.offset_minutes);
            moment.at_offset(offset).unwrap()
        };
        let scanned = (-96..480).map(|step| epoch.plus_minutes(step * 30).unwrap()).find(|moment| shows(*moment).date() >= day).unwrap();
        prop_assert_eq!(start, scanned, "{:?} {}", zone, day);
        prop_assert_eq!(start.to_string(), shows(scanned).to_string());
        prop_assert_eq!(zone.local(start).to_string(), start.to_string());
        prop_assert_eq!(zone.offset_at(start), start.offset_minutes());
        let json = serde_json::to_string(&zone).unwrap();
        prop_assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
    }
}
