//! When points are gone, what idleness costs, and what is given once on a day. Figures marked W are worked examples that vendors publish.
#![allow(clippy::unwrap_used)]

extern crate alloc;
mod common;

use alloc::collections::BTreeSet;
use common::{cases, date};
use customer_value::{
    calendar::{CalendarError, DayOfYear, LeapDay, Moment, Zone, ZoneChange, days_from, months_from},
    loyalty::{
        Decay, Expiry, Inactivity, InactivityError, Life, Loss, Notice, Occasion, OccasionDates, OccasionVerdict, Points, RoundUp,
        Taken,
    },
    money::{Ratio, Rounding},
};
use proptest::{collection::btree_set, prop_assert, prop_assert_eq, proptest, sample::select};

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn day_of_year(text: &str) -> DayOfYear {
    text.parse().unwrap()
}

fn months(months: u16, to: RoundUp) -> Expiry {
    Expiry::after(Life::Months(months), to)
}

#[test]
fn points_are_gone_at_the_end_of_their_last_day() {
    let each_year = |day: &str, at_least_months| Expiry::EachYear { day: day_of_year(day), at_least_months };
    let quarterly = Expiry::After { life: Life::Months(0), to: RoundUp::QuarterEnd, plus_days: 15 };
    for (source, expiry, earned, gone) in [
        ("Square", months(12, RoundUp::MonthEnd), "2020-07-06", "2021-08-01"),
        ("Voucherify", months(1, RoundUp::None), "2024-01-25", "2024-02-26"),
        ("Voucherify", months(0, RoundUp::None), "2024-01-01", "2024-01-02"),
        ("Voucherify", months(1, RoundUp::None), "2023-01-31", "2023-03-01"),
        ("Voucherify, in a leap year", months(1, RoundUp::None), "2024-01-31", "2024-03-01"),
        ("Open Loyalty", months(0, RoundUp::MonthEnd), "2018-01-22", "2018-02-01"),
        ("Open Loyalty", months(0, RoundUp::YearEnd), "2018-01-01", "2019-01-01"),
        ("Open Loyalty", months(0, RoundUp::YearEnd), "2018-12-31", "2019-01-01"),
        ("Zinrelo", quarterly, "2024-01-01", "2024-04-16"),
        ("Zinrelo", quarterly, "2024-03-31", "2024-04-16"),
        ("Zinrelo, next quarter", quarterly, "2024-04-01", "2024-07-16"),
        ("LoyaltyLion: counted from the day the rule was switched on", months(12, RoundUp::None), "2022-03-01", "2023-03-02"),
        ("29 February has no anniversary", months(12, RoundUp::None), "2024-02-29", "2025-03-01"),
        ("but every fourth", months(48, RoundUp::None), "2024-02-29", "2028-03-01"),
        ("never from the last step", months(2, RoundUp::None), "2024-01-31", "2024-04-01"),
        ("month end in February", months(1, RoundUp::MonthEnd), "2024-01-01", "2024-03-01"),
        ("half-year", months(0, RoundUp::HalfYearEnd), "2024-06-30", "2024-07-01"),
        ("half-year, one day after", months(0, RoundUp::HalfYearEnd), "2024-07-01", "2025-01-01"),
        ("half-year after half a year", months(6, RoundUp::HalfYearEnd), "2024-02-29", "2025-01-01"),
        ("quarter", months(3, RoundUp::QuarterEnd), "2024-06-30", "2024-10-01"),
        ("days", Expiry::after(Life::Days(90), RoundUp::None), "2024-01-01", "2024-04-01"),
        ("no days", Expiry::after(Life::Days(0), RoundUp::None), "2024-01-01", "2024-01-02"),
        ("days to the month's end", Expiry::after(Life::Days(30), RoundUp::MonthEnd), "2024-01-01", "2024-02-01"),
        ("each year", each_year("12-31", 0), "2024-12-30", "2025-01-01"),
        ("each year, on the very day: the next one", each_year("12-31", 0), "2024-12-31", "2026-01-01"),
        ("each year, exactly old enough", each_year("12-30", 6), "2024-06-30", "2024-12-31"),
        ("each year, one day too young", each_year("12-29", 6), "2024-06-30", "2025-12-30"),
        ("each year, a day short of twelve months", each_year("01-15", 12), "2024-01-16", "2026-01-16"),
        ("each year, to the day two years old enough", each_year("01-15", 24), "2024-01-15", "2026-01-16"),
        ("each year, on 29 February", each_year("02-29", 0), "2024-02-28", "2024-03-01"),
        ("each year, on 29 February in a common year", each_year("02-29", 0), "2024-02-29", "2025-03-01"),
        ("a date", Expiry::On(date("2025-06-30")), "2024-02-29", "2025-07-01"),
        ("a date that has passed", Expiry::On(date("2023-06-30")), "2024-02-29", "2023-07-01"),
    ] {
        let found = expiry.expires_at(date(earned), &Zone::UTC).unwrap().unwrap();
        assert_eq!(found.to_string(), format!("{gone}T00:00:00+00:00"), "{source}: {expiry:?} from {earned}");
        assert_eq!(expiry.last_day(date(earned)), Ok(Some(days_from(date(gone), -1).unwrap())), "{source}");
    }
    assert_eq!(Expiry::Never.expires_at(date("2024-01-01"), &Zone::UTC), Ok(None));
    assert_eq!(Expiry::Never.last_day(date("9999-12-31")), Ok(None));
}

#[test]
fn the_end_of_a_day_is_read_from_the_clock_of_the_programme() {
    let expiry = months(0, RoundUp::MonthEnd);
    let gone = |zone: &Zone, earned| expiry.expires_at(date(earned), zone).unwrap().unwrap();
    let sydney = Zone::fixed(660).unwrap();
    assert_eq!(gone(&sydney, "2024-01-11"), at("2024-01-31T13:00:00Z"));
    // The night in which the clock is put back belongs to the month's last day.
    let change = |from, offset_minutes| ZoneChange { from: at(from), offset_minutes };
    let london = Zone::new(60, [change("2021-10-31T01:00:00Z", 0)]).unwrap();
    assert_eq!(gone(&london, "2021-10-31"), at("2021-11-01T00:00:00Z"));
    assert_eq!(gone(&london, "2021-09-30"), at("2021-09-30T23:00:00Z"));
    // Midnight of 1 October 2017 does not exist in Asuncion: the points live until the clock is put forward.
    let asuncion = Zone::new(-240, [change("2017-10-01T04:00:00Z", -180)]).unwrap();
    assert_eq!(gone(&asuncion, "2017-09-02").to_string(), "2017-10-01T01:00:00-03:00");
}

#[test]
fn expiry_that_leaves_the_calendar_is_refused() {
    let out = Err(CalendarError::OutOfRange);
    for expiry in [
        months(0, RoundUp::None),
        months(0, RoundUp::YearEnd),
        Expiry::after(Life::Days(u16::MAX), RoundUp::None),
        months(u16::MAX, RoundUp::QuarterEnd),
        Expiry::After { life: Life::Days(0), to: RoundUp::None, plus_days: u16::MAX },
        Expiry::EachYear { day: day_of_year("12-31"), at_least_months: 0 },
        Expiry::EachYear { day: day_of_year("12-31"), at_least_months: u16::MAX },
        Expiry::On(date("9999-12-31")),
    ] {
        assert_eq!(expiry.expires_at(date("9999-12-31"), &Zone::UTC), out, "{expiry:?}");
        assert_eq!(expiry.expires_at(chrono::NaiveDate::MAX, &Zone::UTC), out, "{expiry:?}");
    }
    assert_eq!(months(0, RoundUp::YearEnd).last_day(date("9999-12-31")), Ok(Some(date("9999-12-31"))));
    for to in [RoundUp::None, RoundUp::MonthEnd, RoundUp::QuarterEnd, RoundUp::HalfYearEnd, RoundUp::YearEnd] {
        assert_eq!([to.end_of(chrono::NaiveDate::MAX), to.end_of(chrono::NaiveDate::MIN)], [Err(CalendarError::OutOfRange); 2]);
    }
    let early = Notice { days_before: u16::MAX }.notice_due(at("0001-01-01T00:00:00Z"), &Zone::UTC);
    assert_eq!(early, Err(CalendarError::OutOfRange));
}

#[test]
fn rules_of_expiry_are_data() {
    for (expiry, json) in [
        (Expiry::Never, r#""never""#),
        (months(12, RoundUp::MonthEnd), r#"{"after":{"life":{"months":12},"to":"month_end","plus_days":0}}"#),
        (Expiry::after(Life::Days(90), RoundUp::None), r#"{"after":{"life":{"days":90},"to":"none","plus_days":0}}"#),
        (
            Expiry::EachYear { day: day_of_year("03-31"), at_least_months: 6 },
            r#"{"each_year":{"day":"03-31","at_least_months":6}}"#,
        ),
        (Expiry::On(date("2027-01-31")), r#"{"on":"2027-01-31"}"#),
    ] {
        assert_eq!(serde_json::to_string(&expiry).unwrap(), json);
        assert_eq!(serde_json::from_str::<Expiry>(json).unwrap(), expiry);
    }
    let short: Expiry = serde_json::from_str(r#"{"after":{"life":{"months":12}}}"#).unwrap();
    assert_eq!(short, months(12, RoundUp::None));
    for json in [
        r#""ever""#,
        r#"{"after":{"life":{"months":-1}}}"#,
        r#"{"after":{"life":{"months":65536}}}"#,
        r#"{"after":{"life":{"months":1.5}}}"#,
        r#"{"after":{"life":{"months":12},"too":"month_end"}}"#,
        r#"{"after":{"life":{"months":12,"days":1}}}"#,
        r#"{"after":{"to":"month_end"}}"#,
        r#"{"each_year":{"day":"02-30"}}"#,
        r#"{"on":"2027-02-29"}"#,
        r#"{"on":"2027-01-31","after":{"life":{"months":12}}}"#,
        "null",
    ] {
        assert!(serde_json::from_str::<Expiry>(json).is_err(), "{json}");
    }
}

#[test]
fn notice_is_due_whole_days_before() {
    let zone = Zone::new(60, [ZoneChange { from: at("2024-03-31T01:00:00Z"), offset_minutes: 120 }]).unwrap();
    for (days_before, expires, due) in [
        (30, "2024-04-30T22:00:00Z", "2024-03-31T22:00:00Z"), // 1 April begins at +02:00,
        (31, "2024-04-30T22:00:00Z", "2024-03-30T23:00:00Z"), // and 31 March at +01:00
        (0, "2024-04-30T22:00:00Z", "2024-04-30T22:00:00Z"),
        (1, "2024-05-01T12:00:00Z", "2024-04-29T22:00:00Z"), // not at midnight: from the start of that day
    ] {
        assert_eq!(Notice { days_before }.notice_due(at(expires), &zone), Ok(at(due)), "{days_before} {expires}");
    }
    assert!(serde_json::from_str::<Notice>(r#"{"days_before":-1}"#).is_err());
    assert_eq!(serde_json::from_str::<Notice>(r#"{"days_before":30}"#).unwrap(), Notice { days_before: 30 });
}

#[test]
fn the_idle_lose_everything_at_the_deadline() {
    let year = Inactivity::new(Life::Months(12));
    for (source, policy, last_activity, deadline) in [
        // The order of 1 February counts as activity, the gift of 1 January does not need to.
        ("easyPoints", year, "2023-02-01", "2024-02-02"),
        ("Capillary: the purchase of December counts", year, "2024-12-15", "2025-12-16"),
        ("Capillary: it does not", year, "2024-01-10", "2025-01-11"),
        ("leap day", year, "2024-02-29", "2025-03-01"),
        ("to an end", Inactivity { to: RoundUp::MonthEnd, ..year }, "2024-02-29", "2025-03-01"),
        ("to a year's end", Inactivity { to: RoundUp::YearEnd, ..year }, "2024-02-29", "2026-01-01"),
    ] {
        let deadline = at(&format!("{deadline}T00:00:00Z"));
        assert_eq!(policy.deadline(date(last_activity), &Zone::UTC), Ok(deadline), "{source}");
        let losses: Vec<Loss> = policy.losses(date(last_activity), &Zone::UTC).unwrap().collect();
        assert_eq!(losses, [Loss { at: deadline, taken: Taken::Rest }], "{source}");
        let left = |at: Moment| policy.left(Points::new(1_500), date(last_activity), at, &Zone::UTC).unwrap().units();
        assert_eq!([left(deadline.plus_minutes(-1).unwrap()), left(deadline)], [1_500, 0], "{source}");
    }
    assert_eq!(year.deadline(date("9999-01-01"), &Zone::UTC), Err(CalendarError::OutOfRange));
    assert_eq!(Inactivity::new(Life::Days(0)).losses(date("9999-12-31"), &Zone::UTC).err(), Some(CalendarError::OutOfRange));
}

/// Inactive for 12 weeks: 5 %, at least 5 points, every week; after 20 weeks the rest (partypoker).
fn weekly() -> Inactivity {
    let decay = Decay::new(7, "0.05".parse().unwrap(), Rounding::Floor, Points::new(5), Some(8)).unwrap();
    Inactivity { decay: Some(decay), ..Inactivity::new(Life::Days(84)) }
}

#[test]
fn the_idle_lose_a_share_a_week_and_then_the_rest() {
    let zone = Zone::fixed(60).unwrap();
    let monday = date("2024-01-01");
    let losses: Vec<Loss> = weekly().losses(monday, &zone).unwrap().collect();
    assert_eq!(losses.len(), 9);
    for (week, loss) in (12..).zip(&losses) {
        let last_day = days_from(monday, 7 * week).unwrap();
        assert_eq!(loss.at, zone.start_of(days_from(last_day, 1).unwrap()).unwrap());
        assert_eq!(loss.taken, if week == 20 { Taken::Rest } else { Taken::Part });
    }
    assert_eq!(losses[0].at.to_string(), "2024-03-26T00:00:00+01:00");
    // 5 % of 1000, 950, 903 (47.5 floored), 858, 816, 776, 738, 702; of 60 it would be 3, so 5 go.
    for (points, expected) in [
        (1_000, [950, 903, 858, 816, 776, 738, 702, 667, 0]),
        (60, [55, 50, 45, 40, 35, 30, 25, 20, 0]),
        (12, [7, 2, 0, 0, 0, 0, 0, 0, 0]),
        (100, [95, 90, 85, 80, 75, 70, 65, 60, 0]),
        (0, [0; 9]),
    ] {
        for (loss, left) in losses.iter().zip(expected) {
            assert_eq!(weekly().left(Points::new(points), monday, loss.at, &zone), Ok(Points::new(left)), "{points} {loss:?}");
        }
        let before = losses[0].at.plus_minutes(-1).unwrap();
        assert_eq!(weekly().left(Points::new(points), monday, before, &zone), Ok(Points::new(points)));
    }
    // Activity starts it anew.
    assert_eq!(weekly().left(Points::new(60), date("2024-03-20"), at("2024-05-20T00:00:00+01:00"), &zone), Ok(Points::new(60)));
}

#[test]
fn losses_without_a_rest_go_on_to_the_end_of_the_calendar() {
    let half = Decay::new(1, "0.5".parse().unwrap(), Rounding::Floor, Points::ZERO, None).unwrap();
    let policy = Inactivity { decay: Some(half), ..Inactivity::new(Life::Days(1)) };
    let losses: Vec<Loss> = policy.losses(date("9999-12-01"), &Zone::UTC).unwrap().collect();
    assert_eq!(losses.len(), 29); // at the starts of 3 to 31 December
    assert!(losses.iter().all(|loss| loss.taken == Taken::Part));
    assert_eq!(losses.last().map(|loss| loss.at), Some(at("9999-12-31T00:00:00Z")));
    // Half of one point is none, for ever.
    assert_eq!(policy.left(Points::new(1), date("2024-01-01"), at("2030-01-01T00:00:00Z"), &Zone::UTC), Ok(Points::new(1)));
    assert_eq!(policy.left(Points::new(8), date("2024-01-01"), at("2024-01-04T00:00:00Z"), &Zone::UTC), Ok(Points::new(2)));
}

#[test]
fn what_is_no_decay_is_refused() {
    let share = |text: &str| text.parse::<Ratio>().unwrap();
    let new = |share, at_least, every, rest| Decay::new(every, share, Rounding::Floor, Points::new(at_least), rest);
    assert_eq!(new(share("5/4"), 5, 7, None), Err(InactivityError::NotAShare(share("5/4"))));
    assert_eq!(new(share("-0.1"), 5, 7, None), Err(InactivityError::NotAShare(share("-0.1"))));
    let fine = Ratio::new(1, 1_000_000_000_000_000_001).unwrap();
    assert_eq!(new(fine, 5, 7, None), Err(InactivityError::NotAShare(fine)));
    assert_eq!(new(Ratio::ZERO, 0, 7, None), Err(InactivityError::Nothing));
    assert_eq!(new(Ratio::ONE, 0, 0, None), Err(InactivityError::NoDays));
    assert_eq!(new(Ratio::ONE, 0, 1, Some(0)), Err(InactivityError::RestAtOnce));
    let (all, most) = (new(Ratio::ONE, 0, 1, Some(1)).unwrap(), Points::new(u64::MAX));
    assert_eq!((all.of(most), all.of(Points::ZERO)), (most, Points::ZERO));
    let nearly = new(Ratio::new(999_999_999_999_999_999, 1_000_000_000_000_000_000).unwrap(), 0, 1, None).unwrap();
    assert_eq!(nearly.of(most).units(), 18_446_744_073_709_551_596); // less 18.4 points, floored
    assert_eq!(new(Ratio::ZERO, 5, 7, None).unwrap().of(most), Points::new(5));
    for rounding in [Rounding::HalfUp, Rounding::Ceiling, Rounding::AwayFromZero] {
        // Rounded up, still no more than there is.
        assert_eq!(Decay::new(1, share("0.9"), rounding, Points::ZERO, None).unwrap().of(Points::new(1)), Points::new(1));
    }
    let json = r#"{"after":{"days":84},"to":"none","decay":{"every_days":7,"share":"0.05","rounding":"floor","at_least":5,"rest_after":8}}"#;
    assert_eq!(serde_json::to_string(&weekly()).unwrap(), json);
    assert_eq!(serde_json::from_str::<Inactivity>(json).unwrap(), weekly());
    for (good, bad) in [
        ("\"0.05\"", "\"1.05\""),
        ("\"every_days\":7", "\"every_days\":0"),
        ("\"rest_after\":8", "\"rest_after\":0"),
        ("84", "-84"),
    ] {
        assert!(serde_json::from_str::<Inactivity>(&json.replace(good, bad)).is_err(), "{bad}");
    }
}

fn verdict(occasion: Occasion, dates: &OccasionDates, on: &str, granted: &[&str]) -> OccasionVerdict {
    occasion.due(dates, date(on), |key| granted.contains(&key)).unwrap()
}

fn due(key: &str, day: &str) -> OccasionVerdict {
    OccasionVerdict::Due { key: key.into(), day: date(day) }
}

#[test]
fn a_birthday_is_due_once_and_for_thirty_days() {
    let dates = OccasionDates::new().born(date("1990-12-20"), date("2024-01-01"));
    let birthday = Occasion::birthday();
    let (day, next) = (date("2025-12-20"), date("2026-12-20"));
    assert_eq!(verdict(birthday, &dates, "2025-12-20", &[]), due("birthday 2025", "2025-12-20"));
    // Over the end of the year it is still the birthday of the year before.
    assert_eq!(verdict(birthday, &dates, "2026-01-19", &[]), due("birthday 2025", "2025-12-20"));
    let missed = OccasionVerdict::Missed { key: "birthday 2025".into(), day, until: date("2026-01-19"), next };
    assert_eq!(verdict(birthday, &dates, "2026-01-20", &[]), missed);
    assert_eq!(verdict(birthday, &dates, "2026-12-19", &[]), missed);
    assert_eq!(verdict(birthday, &dates, "2026-12-20", &[]), due("birthday 2026", "2026-12-20"));
    let already = OccasionVerdict::Already { key: "birthday 2025".into(), day, next };
    for on in ["2025-12-20", "2026-01-19", "2026-01-20", "2026-12-19"] {
        assert_eq!(verdict(birthday, &dates, on, &["birthday 2025"]), already, "{on}");
    }
    // The day before, that of the last year is the latest.
    assert_eq!(
        verdict(birthday, &dates, "2025-12-19", &["birthday 2024"]),
        OccasionVerdict::Already { key: "birthday 2024".into(), day: date("2024-12-20"), next: day }
    );
    assert_eq!(verdict(birthday, &OccasionDates::new().joined(day), "2025-12-20", &[]), OccasionVerdict::Unknown);
}

#[test]
fn a_birth_date_must_have_been_on_file_for_thirty_days() {
    let (day, next) = (date("2025-05-04"), date("2026-05-04"));
    for (known_since, on, expected) in [
        ("2025-04-04", "2025-05-04", due("birthday 2025", "2025-05-04")),
        ("2025-04-05", "2025-05-04", OccasionVerdict::TooNew { day, known_since: date("2025-04-05"), next }),
        // It does not ripen while the birthday can still be caught up.
        ("2025-04-05", "2025-06-03", OccasionVerdict::TooNew { day, known_since: date("2025-04-05"), next }),
        ("2025-05-05", "2025-05-05", OccasionVerdict::TooNew { day, known_since: date("2025-05-05"), next }),
        ("2025-04-05", "2026-05-04", due("birthday 2026", "2026-05-04")),
    ] {
        let dates = OccasionDates::new().born(date("1990-05-04"), date(known_since));
        assert_eq!(verdict(Occasion::birthday(), &dates, on, &[]), expected, "{known_since} {on}");
    }
    // A changed birth date gives no second birthday in the year.
    let changed = OccasionDates::new().born(date("1990-10-01"), date("2025-06-01"));
    let already = OccasionVerdict::Already { key: "birthday 2025".into(), day: date("2025-10-01"), next: date("2026-10-01") };
    assert_eq!(verdict(Occasion::birthday(), &changed, "2025-10-01", &["birthday 2025"]), already);
}

#[test]
fn nobody_is_given_a_birthday_before_the_first() {
    let dates = OccasionDates::new().born(date("2025-03-01"), date("2024-01-01"));
    for on in ["2024-12-31", "2025-03-01", "2026-02-28"] {
        assert_eq!(verdict(Occasion::birthday(), &dates, on, &[]), OccasionVerdict::NotYet { next: date("2026-03-01") }, "{on}");
    }
    assert_eq!(verdict(Occasion::birthday(), &dates, "2026-03-01", &[]), due("birthday 2026", "2026-03-01"));
}

#[test]
fn those_born_on_29_february_have_a_birthday_every_year() {
    let dates = OccasionDates::new().born(date("2000-02-29"), date("2020-01-01"));
    for (leap_day, on, expected) in [
        (LeapDay::February28, "2025-02-28", due("birthday 2025", "2025-02-28")),
        (LeapDay::February28, "2024-02-29", due("birthday 2024", "2024-02-29")),
        (LeapDay::March1, "2025-03-01", due("birthday 2025", "2025-03-01")),
        (LeapDay::March1, "2024-02-29", due("birthday 2024", "2024-02-29")),
    ] {
        let birthday = Occasion::Birthday { leap_day, known_days: 30, catch_up_days: 0 };
        assert_eq!(verdict(birthday, &dates, on, &[]), expected);
        let day_before = days_from(date(on), -1).unwrap().to_string();
        assert!(matches!(verdict(birthday, &dates, &day_before, &[]), OccasionVerdict::Missed { .. }), "{on}");
        let day_after = days_from(date(on), 1).unwrap().to_string();
        assert!(matches!(verdict(birthday, &dates, &day_after, &[]), OccasionVerdict::Missed { .. }), "{on}");
    }
}

#[test]
fn anniversaries_are_counted_from_joining() {
    let dates = OccasionDates::new().joined(date("2020-02-29"));
    let joining =
        |years: u8| Occasion::Joining { leap_day: LeapDay::March1, every_years: years.try_into().unwrap(), catch_up_days: 30 };
    assert_eq!(verdict(joining(1), &dates, "2020-12-31", &[]), OccasionVerdict::NotYet { next: date("2021-03-01") });
    assert_eq!(verdict(joining(1), &dates, "2021-02-28", &[]), OccasionVerdict::NotYet { next: date("2021-03-01") });
    assert_eq!(verdict(joining(1), &dates, "2021-03-01", &[]), due("joining 1", "2021-03-01"));
    assert_eq!(verdict(joining(1), &dates, "2024-03-30", &[]), due("joining 4", "2024-02-29"));
    assert_eq!(verdict(joining(5), &dates, "2025-02-28", &[]), OccasionVerdict::NotYet { next: date("2025-03-01") });
    assert_eq!(verdict(joining(5), &dates, "2025-03-31", &[]), due("joining 5", "2025-03-01"));
    let missed = |until| OccasionVerdict::Missed {
        key: "joining 5".into(),
        day: date("2025-03-01"),
        until: date(until),
        next: date("2030-03-01"),
    };
    assert_eq!(verdict(joining(5), &dates, "2025-04-01", &[]), missed("2025-03-31"));
    assert_eq!(verdict(joining(5), &dates, "2030-02-28", &[]), missed("2025-03-31"));
    assert_eq!(verdict(joining(5), &dates, "2030-03-01", &["joining 5"]), due("joining 10", "2030-03-01"));
    let born = OccasionDates::new().born(date("2000-01-01"), date("2020-01-01"));
    assert_eq!(verdict(joining(1), &born, "2025-01-01", &[]), OccasionVerdict::Unknown);
}

#[test]
fn a_day_of_the_year_is_for_those_who_have_joined_by_then() {
    let singles = Occasion::EachYear { day: day_of_year("11-11"), leap_day: LeapDay::February28, catch_up_days: 7 };
    let joined = |on| OccasionDates::new().joined(date(on));
    assert_eq!(verdict(singles, &joined("2024-11-11"), "2024-11-11", &[]), due("11-11 2024", "2024-11-11"));
    assert_eq!(verdict(singles, &joined("2024-11-12"), "2024-11-12", &[]), OccasionVerdict::NotYet { next: date("2025-11-11") });
    assert_eq!(verdict(singles, &joined("2020-01-01"), "2024-11-18", &["11-11 2023"]), due("11-11 2024", "2024-11-11"));
    let missed = OccasionVerdict::Missed {
        key: "11-11 2024".into(),
        day: date("2024-11-11"),
        until: date("2024-11-18"),
        next: date("2025-11-11"),
    };
    assert_eq!(verdict(singles, &joined("2020-01-01"), "2024-11-19", &[]), missed);
    assert_eq!(verdict(singles, &OccasionDates::new(), "2024-11-11", &[]), OccasionVerdict::Unknown);
}

#[test]
fn occasions_at_the_ends_of_the_calendar_are_refused() {
    let out = Err(CalendarError::OutOfRange);
    let late = OccasionDates::new().born(date("9990-12-31"), date("9990-12-31")).joined(date("9999-12-31"));
    let due = |occasion: Occasion, on| occasion.due(&late, on, |_| false);
    assert_eq!(due(Occasion::birthday(), date("9999-12-31")), out);
    assert_eq!(due(Occasion::birthday(), chrono::NaiveDate::MAX), out);
    assert_eq!(due(Occasion::birthday(), chrono::NaiveDate::MIN), out);
    let joining: Occasion = serde_json::from_str(r#"{"joining":{"every_years":255}}"#).unwrap();
    assert_eq!(due(joining, date("9999-12-31")), out);
    let each: Occasion = serde_json::from_str(r#"{"each_year":{"day":"12-30"}}"#).unwrap();
    assert_eq!(due(each, date("9999-12-31")), out);
    let unborn = OccasionDates::new().born(chrono::NaiveDate::MAX, date("2024-01-01"));
    assert_eq!(Occasion::birthday().due(&unborn, date("2024-01-01"), |_| false), out);
    let first = OccasionDates::new().born(date("0001-01-01"), date("0001-01-01")).joined(date("0001-01-01"));
    assert_eq!(verdict(Occasion::birthday(), &first, "0001-01-01", &[]), OccasionVerdict::NotYet { next: date("0002-01-01") });
    assert_eq!(verdict(each, &first, "0001-01-01", &[]), OccasionVerdict::NotYet { next: date("0001-12-30") });
}

#[test]
fn occasions_are_data() {
    let short: Occasion = serde_json::from_str(r#"{"birthday":{}}"#).unwrap();
    assert_eq!(short, Occasion::birthday());
    for (occasion, json) in [
        (Occasion::birthday(), r#"{"birthday":{"leap_day":"february28","known_days":30,"catch_up_days":30}}"#),
        (
            Occasion::Joining { leap_day: LeapDay::March1, every_years: 5.try_into().unwrap(), catch_up_days: 0 },
            r#"{"joining":{"leap_day":"march1","every_years":5,"catch_up_days":0}}"#,
        ),
        (
            Occasion::EachYear { day: day_of_year("11-11"), leap_day: LeapDay::February28, catch_up_days: 30 },
            r#"{"each_year":{"day":"11-11","leap_day":"february28","catch_up_days":30}}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&occasion).unwrap(), json);
        assert_eq!(serde_json::from_str::<Occasion>(json).unwrap(), occasion);
    }
    for json in [
        r#"{"joining":{"every_years":0}}"#,
        r#"{"joining":{"every_years":-1}}"#,
        r#"{"birthday":{"known":30}}"#,
        r#"{"each_year":{}}"#,
        r#"{"each_year":{"day":"13-01"}}"#,
        r#""birthday""#,
    ] {
        assert!(serde_json::from_str::<Occasion>(json).is_err(), "{json}");
    }
    let verdict = due("birthday 2025", "2025-05-04");
    let json = serde_json::to_string(&verdict).unwrap();
    assert_eq!(json, r#"{"due":{"key":"birthday 2025","day":"2025-05-04"}}"#);
    assert_eq!(serde_json::from_str::<OccasionVerdict>(&json).unwrap(), verdict);
}

const ROUND_UPS: [RoundUp; 5] = [RoundUp::None, RoundUp::MonthEnd, RoundUp::QuarterEnd, RoundUp::HalfYearEnd, RoundUp::YearEnd];

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn later_points_never_go_earlier(
        day in 0..3_000_i32, later in 0..500_i32, life in 0..40_u16, in_days in proptest::bool::ANY, to in select(&ROUND_UPS[..]),
        plus_days in 0..40_u16, month in 1..=12_u8, of_month in 1..=28_u8, offset in -1080..=1080_i16,
    ) {
        let zone = Zone::fixed(offset).unwrap();
        let earned = days_from(date("2019-12-01"), day).unwrap();
        let later = days_from(earned, later).unwrap();
        let life = if in_days { Life::Days(life * 30) } else { Life::Months(life) };
        let each_year = Expiry::EachYear { day: DayOfYear::new(month, of_month).unwrap(), at_least_months: plus_days };
        for expiry in [Expiry::After { life, to, plus_days }, each_year] {
            let last = expiry.last_day(earned).unwrap().unwrap();
            let gone = expiry.expires_at(earned, &zone).unwrap().unwrap();
            prop_assert!(earned <= last && gone <= expiry.expires_at(later, &zone).unwrap().unwrap());
            // Half-open: the last second is of the last day, the next is not.
            prop_assert_eq!(zone.day_of(gone), days_from(last, 1).unwrap());
            prop_assert_eq!(zone.day_of(gone.plus_minutes(-1).unwrap()), last);
        }
        // The first day of that name that is after the day of earning, and months after it, found day by day.
        let least = months_from(earned, plus_days.into()).unwrap();
        let fits = |d: &chrono::NaiveDate| *d > earned && *d >= least && DayOfYear::from(*d) == DayOfYear::new(month, of_month).unwrap();
        let found = (0..2_000).map(|n| days_from(earned, n).unwrap()).find(fits);
        prop_assert_eq!(each_year.last_day(earned).unwrap(), found);
        // An end is the last day of the unit: the day after it begins another, and no day before it does.
        let end = to.end_of(earned).unwrap();
        prop_assert_eq!(to.end_of(end).unwrap(), end);
        let unit = |d: chrono::NaiveDate| to.end_of(d).unwrap();
        prop_assert!(end >= earned && unit(days_from(end, 1).unwrap()) > end);
    }

    #[test]
    fn losses_grow_with_points_and_never_exceed_them(
        points in 0..5_000_u64, more in 0..50_u64, share in 0..=100_i128, at_least in 1..30_u64, weeks in 0..60_i32,
    ) {
        let decay = Decay::new(7, Ratio::new(share, 100).unwrap(), Rounding::Floor, Points::new(at_least), None).unwrap();
        let (few, many) = (Points::new(points), Points::new(points + more));
        prop_assert!(decay.of(few) <= few && decay.of(few) <= decay.of(many));
        let policy = Inactivity { decay: Some(decay), ..Inactivity::new(Life::Days(84)) };
        let (last_activity, zone) = (date("2024-01-01"), Zone::UTC);
        let now = zone.start_of(days_from(last_activity, weeks * 7).unwrap()).unwrap();
        // Number by number, as the rule is told: weeks 12, 13, ... are over at the start of the day after.
        let mut left = points;
        for _ in 12..weeks {
            left -= left.min(at_least.max(left * u64::try_from(share).unwrap() / 100));
        }
        prop_assert_eq!(policy.left(few, last_activity, now, &zone), Ok(Points::new(left)));
    }

    #[test]
    fn every_occasion_is_granted_once_whatever_days_the_job_runs(
        // Days on which the job does not run, in runs of up to ten.
        outages in btree_set(0..150_i32, 0..60), born in 0..366_i32, kind in 0..3_u8,
        leap_day in select(&[LeapDay::February28, LeapDay::March1][..]), changed in 0..1_500_i32,
    ) {
        let start = date("2023-01-01");
        let birth = |shift: i32| days_from(date("2000-01-01"), (born + shift) % 366).unwrap();
        let joined = days_from(date("2022-01-01"), born).unwrap();
        let occasion = match kind {
            0 => Occasion::Birthday { leap_day, known_days: 30, catch_up_days: 12 },
            1 => Occasion::Joining { leap_day, every_years: 1.try_into().unwrap(), catch_up_days: 12 },
            _ => Occasion::EachYear { day: birth(0).into(), leap_day, catch_up_days: 12 },
        };
        let mut granted: BTreeSet<String> = BTreeSet::new();
        let mut on_days = Vec::new();
        for n in 0..1_461 {
            let today = days_from(start, n).unwrap();
            let idle = outages.contains(&(n / 10)) && !outages.contains(&(n / 10 - 1)); // never two tens in a row
            if idle {
                continue;
            }
            // On one day the member says that the birth date was another.
            let (shift, since) = if n < changed { (0, start) } else { (177, days_from(start, changed).unwrap()) };
            let dates = OccasionDates::new().born(birth(shift), days_from(since, -60 * i32::from(n < changed)).unwrap()).joined(joined);
            if let OccasionVerdict::Due { key, day } = occasion.due(&dates, today, |key| granted.contains(key)).unwrap() {
                prop_assert!(granted.insert(key.clone()), "{key} twice");
                prop_assert!(day <= today && today <= days_from(day, 12).unwrap());
                let again = occasion.due(&dates, today, |key| granted.contains(key)).unwrap();
                let already = matches!(&again, OccasionVerdict::Already { key: kept, .. } if *kept == key);
                prop_assert!(already, "{:?}", again);
                on_days.push(day);
            }
        }
        let years: BTreeSet<i32> = on_days.iter().map(chrono::Datelike::year).collect();
        prop_assert_eq!(years.len(), on_days.len(), "{:?}", on_days);
        if kind > 0 {
            // Short outages lose nothing: four days of the year lie in four years, but for those that outages or the ends may hide.
            prop_assert!(on_days.len() >= 3 && on_days.len() <= 5, "{:?}", on_days);
        }
    }
}
