//! Contacts and service: the edges of every window and deadline, the whole table of a complaint's steps, brute force beside every clock.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

extern crate alloc;

use alloc::collections::BTreeSet;
use chrono::{Datelike, NaiveDate, TimeDelta, Timelike, Weekday};
use common::{cases, date, name};
use core::fmt::Debug;
use customer_value::{
    calendar::{CalendarError, Moment, Period, TimeError, TimeOfDay},
    customer::contact::{
        BlockedDays, Cap, CareKey, CarePlan, CareState, Channel, ConsentStatus, ContactError, ContactPolicy, ContactRules,
        CustomerEvent, Days, Direction, Interaction, InteractionLog, JourneyStage, Permission, Proposal, QuietHours, Refusal,
        Terms, Touchpoint,
    },
    customer::privacy::{Consent, Consents, Purpose, Withdrawal},
    customer::service::{
        Action, ActionState, Clock, ClockStatus, Complaint, Conflict, Event, Feedback, FeedbackLoop, Ladder, Means, Milestone,
        Pace, Percentile, Reception, Rung, ServiceError, ServicePolicy, Shift, State, Step, WorkingHours,
    },
    money::Ratio,
    quantity::{Confidence, Share, ShareError},
};
use proptest::{collection::vec, option, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

fn at(text: &str) -> Moment {
    let full = if text.len() == 16 { format!("{text}:00+08:00") } else { text.into() };
    full.parse().unwrap()
}

fn time(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

fn later(moment: Moment, minutes: i64) -> Moment {
    moment.plus_minutes(minutes).unwrap()
}

fn seconds_later(moment: Moment, seconds: i64) -> Moment {
    Moment::new(moment.local() + TimeDelta::seconds(seconds), moment.offset_minutes()).unwrap()
}

#[track_caller]
fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap();
    assert_eq!((&read, serde_json::to_string(&read).unwrap()), (value, text));
}

#[track_caller]
fn refused<T: DeserializeOwned + Debug>(json: Value, words: &str) {
    let error = serde_json::from_value::<T>(json).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

// Moments.

#[test]
fn moments_compare_as_points_in_time_and_keep_their_clock() {
    let (here, there) = (at("2024-02-29T00:30"), at("2024-02-28T16:30:00Z"));
    assert_eq!(here, there);
    assert_eq!((here.date(), there.date()), (date("2024-02-29"), date("2024-02-28")));
    assert_eq!(here.at_offset(0).unwrap().to_string(), "2024-02-28T16:30:00+00:00");
    assert!(at("2024-02-28T16:30:01Z") > here && here.seconds_since(&at("2024-02-28T16:30:01Z")) == -1);
    assert_eq!(later(at("2024-02-28T23:59"), 1).to_string(), "2024-02-29T00:00:00+08:00");
    assert_eq!(later(at("2023-02-28T23:59"), 1).to_string(), "2023-03-01T00:00:00+08:00");
    assert_eq!(later(at("2024-03-01T00:00"), -1440).date(), date("2024-02-29"));
    assert_eq!(at("2024-01-01T10:00:00-03:30").offset_minutes(), -210);
    assert_eq!(at("2024-01-01T10:00:00-03:30").to_string(), "2024-01-01T10:00:00-03:30");
    assert_eq!(at("2024-01-01T00:00:00.999Z"), at("2024-01-01T00:00:00Z"));
    assert_eq!(at("2016-12-31T23:59:60Z"), at("2016-12-31T23:59:59Z")); // the leap second
    assert_eq!(at("2016-12-31T23:59:60Z").to_string(), "2016-12-31T23:59:59+00:00");
    round_trips(&here);
}

#[test]
fn moments_and_times_of_day_that_are_none_are_refused() {
    for text in
        ["", "2024-02-29", "2024-02-30T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00+18:01", "0000-12-31T23:00:00Z"]
    {
        assert_eq!(text.parse::<Moment>(), Err(TimeError(text.into())));
        assert!(serde_json::from_value::<Moment>(json!(text)).is_err());
    }
    for text in ["", "9:00", "24:01", "12:60", "+1:00", "12:00:00", "é:00", "１２:00"] {
        assert_eq!(text.parse::<TimeOfDay>(), Err(TimeError(text.into())));
    }
    assert_eq!((time("24:00"), time("00:00")), (TimeOfDay::END, TimeOfDay::START));
    let last = at("9999-12-31T23:59:59Z");
    assert_eq!(last.plus_minutes(1), Err(CalendarError::OutOfRange));
    assert_eq!(last.at_offset(60), Err(CalendarError::OutOfRange));
    assert_eq!(last.at_offset(-1080).unwrap(), last);
    assert_eq!(last.at_offset(-1081), Err(CalendarError::BadOffset(-1081)));
    assert_eq!(at("0001-01-01T00:00:00Z").plus_minutes(-1), Err(CalendarError::OutOfRange));
    assert_eq!(last.plus_minutes(i64::MAX), Err(CalendarError::OutOfRange));
    assert_eq!(last.plus_minutes(i64::MIN / 60), Err(CalendarError::OutOfRange));
    assert_eq!(Moment::new(date("2024-01-01").into(), i16::MIN), Err(CalendarError::BadOffset(i16::MIN)));
    assert_eq!(Moment::new(NaiveDate::MAX.into(), 0), Err(CalendarError::OutOfRange));
}

// Contacts.

const ALL: Terms = Terms { consent: true, caps: true, quiet: true };

fn touch(channel: Channel) -> Touchpoint {
    Touchpoint { channel, stage: JourneyStage::AfterSales, moment: name("stay") }
}

fn contact(id: &str, moment: Moment, channel: Channel, purpose: &str) -> Interaction {
    let (id, purpose) = (name(id), name(purpose));
    Interaction { id, at: moment, touchpoint: touch(channel), direction: Direction::Outbound, purpose, care: None }
}

fn log(contacts: &[Interaction]) -> InteractionLog {
    InteractionLog::try_from(contacts.to_vec()).unwrap()
}

fn rules() -> ContactRules {
    let purposes = [
        (name("offer"), ALL),
        (name("reminder"), Terms { consent: false, ..ALL }),
        (name("service"), Terms { consent: true, caps: false, quiet: false }),
    ];
    ContactRules { purposes: purposes.into(), ..ContactRules::default() }
}

fn policy(rules: ContactRules) -> ContactPolicy {
    ContactPolicy::new(name("p"), rules).unwrap()
}

fn call(moment: Moment, purpose: &str) -> Proposal {
    Proposal { at: moment, channel: Channel::Phone, purpose: name(purpose) }
}

fn decide(policy: &ContactPolicy, log: &InteractionLog, proposal: &Proposal) -> Permission {
    policy.decide(log, proposal, ConsentStatus::Given).unwrap()
}

fn quiet(from: &str, until: &str) -> QuietHours {
    QuietHours { channel: None, from: time(from), until: time(until) }
}

#[test]
fn quiet_hours_begin_with_their_first_minute_and_end_before_their_last() {
    let night = policy(ContactRules { quiet_hours: vec![quiet("21:00", "08:00")], ..rules() });
    let noon = policy(ContactRules { quiet_hours: vec![quiet("12:00", "14:00")], ..rules() });
    let evening = policy(ContactRules { quiet_hours: vec![quiet("18:00", "24:00")], ..rules() });
    let to_midnight = policy(ContactRules { quiet_hours: vec![quiet("18:00", "00:00")], ..rules() });
    for (policy, moment, end) in [
        (&night, "2024-02-28T20:59:59+08:00", None),
        (&night, "2024-02-28T21:00:00+08:00", Some("2024-02-29T08:00")), // across midnight into the leap day
        (&night, "2024-02-28T23:59:59+08:00", Some("2024-02-29T08:00")),
        (&night, "2024-02-29T00:00:00+08:00", Some("2024-02-29T08:00")),
        (&night, "2024-02-29T07:59:59+08:00", Some("2024-02-29T08:00")),
        (&night, "2024-02-29T08:00:00+08:00", None),
        (&night, "2024-02-29T21:00:00+08:00", Some("2024-03-01T08:00")),
        (&night, "2024-02-28T21:00:00Z", Some("2024-02-29T08:00:00Z")), // on the customer's clock, wherever it hangs
        (&night, "2024-02-28T13:00:00Z", None),                         // though it is 21:00 at +08:00
        (&noon, "2024-02-29T11:59:59+08:00", None),
        (&noon, "2024-02-29T12:00:00+08:00", Some("2024-02-29T14:00")),
        (&noon, "2024-02-29T13:59:59+08:00", Some("2024-02-29T14:00")),
        (&noon, "2024-02-29T14:00:00+08:00", None),
        (&evening, "2024-02-29T17:59:59+08:00", None),
        (&evening, "2024-02-29T23:59:59+08:00", Some("2024-03-01T00:00")),
        (&to_midnight, "2024-02-29T23:59:59+08:00", Some("2024-03-01T00:00")),
        (&to_midnight, "2024-03-01T00:00:00+08:00", None),
        (&to_midnight, "2024-02-29T18:00:00+08:00", Some("2024-03-01T00:00")),
    ] {
        let answer = decide(policy, &InteractionLog::new(), &call(at(moment), "offer"));
        assert_eq!(answer.is_allowed(), end.is_none(), "{moment}");
        assert_eq!(answer.earliest, Some(at(end.unwrap_or(moment))), "{moment}");
        assert_eq!(answer.earliest.unwrap().offset_minutes(), at(moment).offset_minutes());
        assert!(decide(policy, &InteractionLog::new(), &call(at(moment), "service")).is_allowed());
    }
}

#[test]
fn a_cap_counts_a_contact_until_exactly_its_window_has_passed() {
    let capped = policy(ContactRules { caps: vec![Cap { channel: None, at_most: 2, minutes: 7 * 1440 }], ..rules() });
    let made = log(&[
        contact("a", at("2024-02-23T10:00"), Channel::Email, "offer"),
        contact("b", at("2024-02-26T10:00"), Channel::Phone, "reminder"),
        // Neither of these counts: it is service, and the customer called.
        contact("c", at("2024-02-27T10:00"), Channel::Phone, "service"),
        Interaction { direction: Direction::Inbound, ..contact("d", at("2024-02-27T11:00"), Channel::Phone, "offer") },
        contact("e", at("2024-03-09T10:00"), Channel::Phone, "offer"), // planned, and not looked at
    ]);
    let answer = decide(&capped, &made, &call(at("2024-03-01T09:59:59+08:00"), "offer"));
    let [Refusal::Capped { contacts, until, .. }] = &answer.refusals[..] else { panic!("{answer:?}") };
    assert_eq!((contacts, *until), (&vec![name("a"), name("b")], at("2024-03-01T10:00")));
    assert_eq!(answer.earliest, Some(at("2024-03-01T10:00")));
    assert!(decide(&capped, &made, &call(at("2024-03-01T10:00"), "offer")).is_allowed());
    assert!(decide(&capped, &made, &call(at("2024-03-01T09:00"), "service")).is_allowed());
    // The same moment counts, wherever its clock hangs; a purpose that nobody knows any more counts too.
    let now = at("2024-02-29T10:00");
    let one = policy(ContactRules { caps: vec![Cap { channel: None, at_most: 1, minutes: 1 }], ..rules() });
    for purpose in ["offer", "abolished"] {
        let answer = decide(&one, &log(&[contact("x", at("2024-02-29T02:00:00Z"), Channel::Post, purpose)]), &call(now, "offer"));
        assert_eq!(answer.earliest, Some(later(now, 1)));
        assert_eq!(answer.earliest.unwrap().offset_minutes(), 480);
    }
    // A cap of a channel counts that channel only; one of another channel does not hold.
    for (of, allowed) in [(Channel::Phone, true), (Channel::Email, true)] {
        let cap = Cap { channel: Some(of), at_most: 1, minutes: 60 };
        let by_channel = policy(ContactRules { caps: vec![cap], ..rules() });
        assert_eq!(
            decide(&by_channel, &log(&[contact("x", now, Channel::Email, "offer")]), &call(now, "offer")).is_allowed(),
            allowed
        );
        let called = decide(&by_channel, &log(&[contact("x", now, Channel::Phone, "offer")]), &call(now, "offer"));
        assert_eq!(called.is_allowed(), by_channel.rules().caps[0].channel == Some(Channel::Email));
    }
}

#[test]
fn every_purpose_keeps_its_own_rules_and_no_others() {
    let day = at("2024-02-29T10:00");
    let terms = |consent, caps, quiet| Terms { consent, caps, quiet };
    let all = [("consent", terms(true, false, false)), ("caps", terms(false, true, false)), ("quiet", terms(false, false, true))];
    let strict = policy(ContactRules {
        purposes: all.iter().map(|(purpose, terms)| (name(purpose), *terms)).collect(),
        caps: vec![Cap { channel: None, at_most: 1, minutes: 60 }],
        quiet_hours: vec![quiet("10:00", "11:00")],
        ..ContactRules::default()
    });
    for (counted, _) in all {
        let made = log(&[contact("x", day, Channel::Phone, counted)]);
        for (purpose, _) in all {
            let answer = strict.decide(&made, &call(day, purpose), ConsentStatus::Refused).unwrap();
            let kinds: Vec<&str> = answer
                .refusals
                .iter()
                .map(|refusal| match refusal {
                    Refusal::Consent(_) => "consent",
                    Refusal::Capped { .. } => "caps",
                    _ => "quiet",
                })
                .collect();
            // Only what keeps caps is counted for them.
            let expected = if purpose == "caps" && counted != "caps" { vec![] } else { vec![purpose] };
            assert_eq!(kinds, expected, "{purpose} after {counted}");
        }
    }
}

#[test]
fn every_reason_is_given_and_waiting_helps_against_all_but_consent() {
    let blocked = |days, reason: &str| BlockedDays { channel: None, days, reason: name(reason) };
    let festival = Period::new(date("2024-03-01"), date("2024-03-03")).unwrap();
    let strict = policy(ContactRules {
        caps: vec![
            Cap { channel: None, at_most: 1, minutes: 3 * 1440 },
            Cap { channel: Some(Channel::Phone), at_most: 1, minutes: 60 },
        ],
        quiet_hours: vec![quiet("21:00", "08:00"), QuietHours { channel: Some(Channel::Email), ..quiet("10:00", "19:00") }],
        blocked: vec![blocked(Days::Period(festival), "festival"), blocked(Days::Weekday(Weekday::Sun), "Sunday")],
        ..rules()
    });
    let made = log(&[contact("a", at("2024-03-01T21:30"), Channel::Phone, "offer")]);
    let night = call(at("2024-03-01T22:00"), "offer"); // a Friday
    let answer = decide(&strict, &made, &night);
    let kinds: Vec<String> = answer.refusals.iter().map(ToString::to_string).collect();
    assert_eq!(
        kinds,
        [
            "at most 1 in 3 days by any channel, and there were 1; room again at 2024-03-04T21:30:00+08:00",
            "at most 1 in 1 hour by phone, and there were 1; room again at 2024-03-01T22:30:00+08:00",
            "quiet from 21:00 until 08:00 by any channel; over at 2024-03-02T08:00:00+08:00",
            "blocked 2024-03-01..2024-03-03 by any channel (\"festival\"); over at 2024-03-03T00:00:00+08:00",
        ]
    );
    // Monday 21:30 is quiet, so Tuesday 08:00.
    assert_eq!(answer.earliest, Some(at("2024-03-05T08:00")));
    // Without the contact: the festival ends on a Sunday, and Monday begins quietly.
    assert_eq!(decide(&strict, &InteractionLog::new(), &night).earliest, Some(at("2024-03-04T08:00")));
    for status in [ConsentStatus::NeverAsked, ConsentStatus::Refused, ConsentStatus::Withdrawn, ConsentStatus::Expired] {
        let without = strict.decide(&made, &night, status).unwrap();
        assert_eq!((without.refusals.len(), without.earliest), (5, None));
        assert_eq!(without.refusals[0], Refusal::Consent(status));
        // Service waits for nothing, but it needs consent here; a reminder needs none.
        let service = strict.decide(&made, &call(night.at, "service"), status).unwrap();
        assert_eq!((service.refusals, service.earliest), (vec![Refusal::Consent(status)], None));
        assert_eq!(strict.decide(&made, &call(night.at, "reminder"), status).unwrap().refusals.len(), 4);
    }
    assert_eq!(
        strict.decide(&made, &call(night.at, "gossip"), ConsentStatus::Given),
        Err(ContactError::UnknownPurpose(name("gossip")))
    );
    let end = call(at("9999-12-31T21:00:00Z"), "reminder");
    assert_eq!(strict.decide(&made, &end, ConsentStatus::Given), Err(ContactError::Calendar(CalendarError::OutOfRange)));
    assert_eq!(answer.policy, *strict.id());
    round_trips(&answer);
    round_trips(&strict);
    assert_ne!(strict.id().fingerprint, policy(rules()).id().fingerprint);
}

/// Whoever has agreed for one channel and purpose has agreed for no other; of several consents the last decides, and no means no.
#[test]
fn consents_answer_for_the_channel_the_purpose_and_the_day() {
    let (offer, on) = (Purpose::new("offer").unwrap(), |day: u32| NaiveDate::from_ymd_opt(2024, 3, day).unwrap());
    let agreed = |day: u32| Consent::new(offer.clone(), on(day), name("form")).unwrap().over(Channel::Phone);
    let no = |day, purpose: Option<&Purpose>, channel| Withdrawal { on: on(day), purpose: purpose.cloned(), channel };
    let status = |given: &[Consent], withdrawn: &[Withdrawal], day: u32| {
        let mut consents = Consents::new();
        for consent in given {
            consents.give(consent.clone());
        }
        for withdrawal in withdrawn {
            consents.withdraw(withdrawal.clone()).unwrap();
        }
        // Late in the evening there, and the next day already in London: it is the customer's day that counts.
        ConsentStatus::of(&consents, &call(at(&format!("2024-03-{day:02}T23:30:00-08:00")), "offer"))
    };
    let (given, never, refused, withdrawn, expired) =
        (ConsentStatus::Given, ConsentStatus::NeverAsked, ConsentStatus::Refused, ConsentStatus::Withdrawn, ConsentStatus::Expired);
    let limited = agreed(5).until(on(8)).unwrap();
    let service = Purpose::new("service").unwrap();
    for (given_so_far, taken_back, day, answer) in [
        (vec![], vec![], 9, never),
        (vec![agreed(5)], vec![], 4, never), // not yet
        (vec![agreed(5)], vec![], 5, given),
        (vec![Consent::new(offer.clone(), on(5), name("form")).unwrap()], vec![], 9, never), // the data may be used; no call
        (vec![agreed(5).over(Channel::TextMessage)], vec![], 9, never),
        (vec![agreed(5).over(Channel::Other(name("phone")))], vec![], 9, never), // another channel of the same word
        (vec![limited.clone()], vec![], 7, given),
        (vec![limited.clone()], vec![], 8, expired),
        (vec![limited.clone()], vec![no(9, None, None)], 9, withdrawn),
        (vec![limited.clone()], vec![no(9, None, None)], 8, expired),
        (vec![agreed(5)], vec![no(5, Some(&offer), None)], 5, withdrawn),
        (vec![agreed(5)], vec![no(6, Some(&offer), Some(Channel::Phone))], 6, withdrawn),
        (vec![agreed(5)], vec![no(6, Some(&service), None), no(6, None, Some(Channel::Email))], 9, given),
        (vec![agreed(5), agreed(7)], vec![no(6, None, None)], 9, given),
        (vec![agreed(4), limited.clone()], vec![no(4, None, None)], 9, expired), // the no was before the last yes
        (vec![], vec![no(6, Some(&offer), None)], 5, never),
        (vec![], vec![no(6, Some(&offer), None)], 6, refused),
        (vec![], vec![no(6, Some(&service), None), no(6, None, Some(Channel::Email))], 9, never),
    ] {
        assert_eq!(status(&given_so_far, &taken_back, day), answer, "{given_so_far:?} {taken_back:?} {day}");
    }
}

#[test]
fn policies_that_forbid_everything_or_nothing_are_refused() {
    let build = |rules| ContactPolicy::new(name("p"), rules).unwrap_err();
    assert_eq!(build(ContactRules::default()), ContactError::NoPurposes);
    for (at_most, minutes) in [(0, 1), (1, 0), (1, 5_256_001)] {
        let cap = Cap { channel: None, at_most, minutes };
        assert_eq!(build(ContactRules { caps: vec![cap], ..rules() }), ContactError::BadCap { at_most, minutes });
    }
    for (from, until) in [("08:00", "08:00"), ("00:00", "00:00"), ("24:00", "24:00"), ("24:00", "00:00")] {
        assert_eq!(
            build(ContactRules { quiet_hours: vec![quiet(from, until)], ..rules() }),
            ContactError::BadQuietHours(time(until))
        );
    }
    for hours in
        [vec![("00:00", "24:00")], vec![("08:00", "20:00"), ("20:00", "08:00")], vec![("22:00", "09:00"), ("08:00", "22:00")]]
    {
        let quiet_hours: Vec<_> = hours.iter().map(|(from, until)| quiet(from, until)).collect();
        assert_eq!(build(ContactRules { quiet_hours: quiet_hours.clone(), ..rules() }), ContactError::NeverOpen(None));
        // On one channel only.
        let (first, rest) = quiet_hours.split_first().unwrap();
        let one = QuietHours { channel: Some(Channel::App), ..first.clone() };
        let never = ContactRules { quiet_hours: [&[one], rest].concat(), ..rules() };
        assert_eq!(build(never), ContactError::NeverOpen(Some(Channel::App)));
    }
    let minute = ContactRules { quiet_hours: vec![quiet("08:00", "20:00"), quiet("20:01", "08:00")], ..rules() };
    assert!(ContactPolicy::new(name("p"), minute).is_ok());
    let weekday = |n: u8| BlockedDays { channel: None, days: Days::Weekday(Weekday::try_from(n).unwrap()), reason: name("r") };
    let six: Vec<_> = (0..6).map(weekday).collect();
    assert!(ContactPolicy::new(name("p"), ContactRules { blocked: six.clone(), ..rules() }).is_ok());
    assert_eq!(build(ContactRules { blocked: [six, vec![weekday(6)]].concat(), ..rules() }), ContactError::NeverOpen(None));
}

#[test]
fn a_log_takes_every_contact_once_in_any_order() {
    let (a, b) = (
        contact("b", at("2024-02-29T10:00"), Channel::Phone, "offer"),
        contact("a", at("2024-02-29T10:00"), Channel::Post, "offer"),
    );
    let c = contact("c", at("2024-02-28T10:00"), Channel::Other(name("kiosk")), "offer");
    let mut one = log(&[a.clone(), b.clone()]);
    one.merge(&log(&[c.clone(), b.clone()])).unwrap();
    assert_eq!(one, log(&[c.clone(), b.clone(), a.clone(), a.clone()]));
    assert_eq!(one.in_order().iter().map(|i| i.id.as_str()).collect::<String>(), "cab");
    assert_eq!(one.until(at("2024-02-29T09:59")).len(), 1);
    assert_eq!(one.until(at("2024-02-29T10:00")).len(), 3);
    // The same moment on another clock is other content: what is kept would depend on the order.
    let moved = Interaction { at: a.at.at_offset(0).unwrap(), ..a.clone() };
    let before = one.clone();
    let d = contact("aa", at("2024-02-29T10:00"), Channel::Phone, "offer");
    assert_eq!(one.merge(&log(&[d, moved.clone()])), Err(ContactError::Conflict(name("b"))));
    assert_eq!(one.push(moved), Err(ContactError::Conflict(name("b"))));
    assert_eq!(one, before);
    round_trips(&one);
    let phones = one.by_touchpoint(at("2024-02-29T10:00"));
    assert_eq!(phones[&(JourneyStage::AfterSales, Channel::Phone)], 1);
    assert_eq!(phones.values().sum::<u64>(), 3);
    let twice = json!([&a, { "id": "b", "at": a.at, "touchpoint": a.touchpoint, "direction": "inbound", "purpose": "offer" }]);
    refused::<InteractionLog>(twice, "other content");
}

#[test]
fn care_is_due_once_and_can_come_too_late() {
    use CareState::{Ahead, Done, Due, Missed};
    let occasion = json!({ "name": "survey", "after": "check-out", "delay": 120, "within": 1440,
        "action": "ask how the stay was", "channel": "text-message", "purpose": "survey" });
    let again = json!({ "name": "greeting", "after": "check-out", "delay": 0, "within": 1,
        "action": "thank", "channel": "email", "purpose": "survey" });
    let plan: CarePlan = serde_json::from_value(json!([occasion, again])).unwrap();
    let event = |id: &str, kind: &str, moment| CustomerEvent { id: name(id), kind: name(kind), at: at(moment) };
    let (stay, other) = (event("stay 1", "check-out", "2024-02-28T23:00"), event("stay 1b", "check-in", "2024-02-28T23:00"));
    let states = |log: &InteractionLog, now: &str| -> Vec<CareState> {
        plan.care([&stay, &other, &stay], log, at(now)).unwrap().iter().map(|care| care.state).collect()
    };
    let none = InteractionLog::new();
    assert_eq!(states(&none, "2024-02-28T22:59:59+08:00"), []);
    assert_eq!(states(&none, "2024-02-28T23:00"), [Due, Ahead]);
    assert_eq!(states(&none, "2024-02-28T23:01"), [Due, Ahead]);
    assert_eq!(states(&none, "2024-02-28T23:01:01+08:00"), [Missed, Ahead]);
    assert_eq!(states(&none, "2024-02-29T00:59:59+08:00"), [Missed, Ahead]);
    assert_eq!(states(&none, "2024-02-29T01:00"), [Missed, Due]); // on the leap day
    assert_eq!(states(&none, "2024-03-01T01:00"), [Missed, Due]);
    assert_eq!(states(&none, "2024-03-01T01:00:01+08:00"), [Missed, Missed]);
    let all = plan.care([&stay], &none, at("2024-02-29T01:00")).unwrap();
    assert_eq!(all[1].key(), CareKey { occasion: name("survey"), event: name("stay 1") });
    assert_eq!(all[1].proposal(at("2024-02-29T09:00")).channel, Channel::TextMessage);
    let sent = at("2024-02-29T09:00");
    let survey = Interaction { care: Some(all[1].key()), ..contact("sms", sent, Channel::TextMessage, "survey") };
    let done = log(&[survey, contact("other", sent, Channel::TextMessage, "survey")]);
    assert_eq!(states(&done, "2024-02-29T08:59"), [Missed, Due]); // not done yet then
    assert_eq!(states(&done, "2024-04-01T09:00"), [Missed, Done(sent)]);
    // A call of the customer's is no care, nor is what came before the event.
    let early = at("2024-02-28T22:59");
    for (direction, moment) in [(Direction::Inbound, sent), (Direction::Outbound, early)] {
        let care = Some(all[1].key());
        let no_care = Interaction { care, direction, ..contact("sms", moment, Channel::TextMessage, "survey") };
        assert_eq!(states(&log(&[no_care]), "2024-02-29T09:00"), [Missed, Due]);
    }
    let conflict = event("stay 1", "check-out", "2024-02-28T23:01");
    assert_eq!(plan.care([&stay, &conflict], &none, sent), Err(ContactError::Conflict(name("stay 1"))));
    round_trips(&plan);
    refused::<CarePlan>(json!([occasion, occasion]), "twice");
    for (key, bad) in [("within", 0), ("within", 5_256_001), ("delay", 5_256_001)] {
        let mut wrong = occasion.clone();
        wrong[key] = json!(bad);
        refused::<CarePlan>(json!([wrong]), &format!("{bad} minutes"));
    }
}

// Complaints.

const STATES: [State; 9] = [
    State::Received,
    State::Acknowledged,
    State::Investigating,
    State::AwaitingCustomer,
    State::Offered,
    State::Accepted,
    State::Rejected,
    State::Closed,
    State::Withdrawn,
];

/// A row for each state, a column for each step, in their orders; the letter is the place of the state it leads to.
const TABLE: [&str; 9] = [
    // acK Inv Ask Rep Off Acc Rej Clo Wit reO Esc
    "bcd.e...i.a", // a received
    ".cd.e...i.b", // b acknowledged
    "..d.e...i.c", // c investigating
    ".c.ce..hi.d", // d awaiting the customer
    "....efghi.e", // e offered
    ".......h..f", // f accepted
    ".cd.e..hi.g", // g rejected
    ".........c.", // h closed
    ".........c.", // i withdrawn
];

#[test]
fn the_table_of_steps_is_this() {
    for (state, row) in STATES.into_iter().zip(TABLE) {
        for (step, letter) in Step::ALL.into_iter().zip(row.bytes()) {
            let to = STATES.get(usize::from(letter.wrapping_sub(b'a')));
            assert_eq!(state.after(step).as_ref(), to, "{state}: {step}");
        }
        assert_eq!(state.steps().count(), row.bytes().filter(|b| *b != b'.').count());
    }
}

fn ladder() -> Ladder {
    let rung = |text: &str, means| Rung { name: name(text), means };
    Ladder::new(vec![rung("desk", Means::Direct), rung("manager", Means::Direct), rung("mediator", Means::Facilitated)]).unwrap()
}

fn received(case: &str, moment: Moment) -> Complaint {
    Complaint::new(Reception { case: name(case), at: moment, touchpoint: touch(Channel::Phone), about: name("noise") }, ladder())
}

fn event(id: usize, moment: Moment, step: Step) -> Event {
    Event { id: name(&format!("event {id}")), at: moment, step, reason: name("because"), author: name("somebody") }
}

/// A complaint with steps at so many minutes after it came in.
fn walked(case: &str, start: Moment, steps: &[(i64, Step)]) -> Complaint {
    let mut complaint = received(case, start);
    for (id, (minutes, step)) in steps.iter().enumerate() {
        assert_eq!(complaint.record(event(id, later(start, *minutes), *step)), Ok(true), "{step}");
    }
    complaint
}

#[test]
fn an_illegal_step_says_what_is_legal_and_changes_nothing() {
    let start = at("2024-02-29T10:00");
    let mut complaint = walked("17", start, &[(0, Step::Acknowledge), (5, Step::Escalate), (5, Step::Escalate)]);
    let before = complaint.clone();
    // At the top of the ladder there is no going up.
    let legal = vec![Step::Investigate, Step::Ask, Step::Offer, Step::Withdraw];
    for step in [Step::Escalate, Step::Accept, Step::Acknowledge, Step::Reopen, Step::Close, Step::Reply, Step::Reject] {
        let error = complaint.record(event(9, later(start, 6), step)).unwrap_err();
        assert_eq!(error, ServiceError::Illegal { case: name("17"), state: State::Acknowledged, step, legal: legal.clone() });
    }
    let words = complaint.record(event(9, later(start, 6), Step::Accept)).unwrap_err().to_string();
    assert_eq!(words, "complaint \"17\" is acknowledged: accept is not possible; possible: investigate, ask, offer, withdraw");
    let error = complaint.record(event(9, seconds_later(start, 299), Step::Offer)).unwrap_err();
    assert_eq!(error, ServiceError::Backwards { case: name("17"), last: later(start, 5), at: seconds_later(start, 299) });
    // Twice the same is once; the same identity with other content is an error, even where the step would be possible.
    assert_eq!(complaint.record(event(0, start, Step::Acknowledge)), Ok(false));
    assert_eq!(complaint.record(event(0, start, Step::Offer)), Err(ServiceError::Conflict(name("event 0"))));
    assert_eq!(
        complaint.record(event(0, start.at_offset(0).unwrap(), Step::Acknowledge)),
        Err(ServiceError::Conflict(name("event 0")))
    );
    assert_eq!(complaint, before);
    assert_eq!((complaint.rung().name.as_str(), complaint.rung().means, complaint.level()), ("mediator", Means::Facilitated, 2));
    assert!(complaint.record(event(9, later(start, 5), Step::Offer)).unwrap()); // at the moment of the last event
}

#[test]
fn conflicts_open_with_a_refusal_and_end_with_an_agreement_or_without() {
    use Step::{Accept, Close, Investigate, Offer, Reject, Reopen, Withdraw};
    for (steps, conflict, first_contact) in [
        (&[Offer, Accept, Close][..], Conflict::None, true),
        (&[Investigate, Offer, Accept, Close], Conflict::None, true),
        (&[Step::Acknowledge, Offer, Accept, Close], Conflict::None, false), // the customer heard twice
        (&[Offer, Offer, Accept, Close], Conflict::None, false),
        (&[Step::Escalate, Offer, Accept, Close], Conflict::None, false),
        (&[Offer, Accept], Conflict::None, false), // not carried out yet
        (&[Offer, Close], Conflict::None, false),  // no answer
        (&[Offer, Reject], Conflict::Open, false),
        (&[Offer, Reject, Offer], Conflict::Open, false),
        (&[Offer, Reject, Offer, Accept], Conflict::Settled, false),
        (&[Offer, Reject, Offer, Accept, Close], Conflict::Settled, false),
        (&[Offer, Reject, Close], Conflict::Unsettled, false),
        (&[Offer, Reject, Withdraw], Conflict::Dropped, false),
        (&[Offer, Accept, Close, Reopen], Conflict::Open, false),
        (&[Offer, Accept, Close, Reopen, Offer, Accept, Close], Conflict::Settled, false),
        (&[Offer, Reject, Close, Reopen, Offer, Accept, Close], Conflict::Settled, false),
        (&[Withdraw], Conflict::None, false),
    ] {
        let walk: Vec<_> = (0..).zip(steps.iter().copied()).collect();
        let complaint = walked("17", at("2024-02-29T10:00"), &walk);
        assert_eq!(complaint.conflict(), conflict, "{steps:?}");
        assert_eq!(complaint.is_resolved_on_first_contact(), first_contact, "{steps:?}");
        assert_eq!(complaint.was_reopened(), steps.contains(&Reopen));
    }
}

fn clock(clock: &str, until: Milestone, minutes: u32, pauses: bool, escalate_to: Option<u8>) -> Clock {
    Clock { name: name(clock), until, minutes, pace: Pace::Calendar, pauses, escalate_to }
}

fn one_clock(clock: Clock) -> ServicePolicy {
    ServicePolicy::new(name("p"), ladder(), vec![clock], None).unwrap()
}

fn status(policy: &ServicePolicy, complaint: &Complaint, now: Moment) -> ClockStatus {
    policy.read(complaint, now).unwrap()[0].status
}

#[test]
fn exactly_at_the_deadline_is_in_time_and_a_second_later_is_late() {
    let start = at("2024-02-28T23:30");
    let policy = one_clock(clock("answer", Milestone::FirstResponse, 60, false, Some(1)));
    let deadline = at("2024-02-29T00:30");
    let silent = received("17", start);
    assert_eq!(policy.read(&silent, seconds_later(start, -1)).unwrap(), []); // not there yet
    for (now, expected) in [
        (start, ClockStatus::Running { deadline }),
        (deadline, ClockStatus::Running { deadline }),
        (seconds_later(deadline, 1), ClockStatus::Late { deadline, met: None }),
        (at("2034-01-01T00:00"), ClockStatus::Late { deadline, met: None }),
    ] {
        assert_eq!(status(&policy, &silent, now), expected);
        let calls = policy.escalations(&silent, now).unwrap();
        assert_eq!(calls.len(), usize::from(now > deadline));
    }
    for (minutes, met) in [(60, true), (61, false)] {
        let answered = walked("17", start, &[(minutes, Step::Acknowledge)]);
        let moment = later(start, minutes);
        let expected = if met { ClockStatus::Met { at: moment } } else { ClockStatus::Late { deadline, met: Some(moment) } };
        assert_eq!(status(&policy, &answered, moment), expected);
        assert_eq!(policy.read(&answered, later(moment, 99)).unwrap()[0].spent, u64::try_from(minutes).unwrap() * 60);
        // A moment before, nobody had answered.
        assert!(matches!(status(&policy, &answered, start), ClockStatus::Running { .. }));
        assert_eq!(policy.escalations(&answered, at("2024-03-01T00:00")).unwrap(), []);
    }
    // Taken back in time: nobody had to answer. Taken back too late: it was late, and stays so.
    let ended = walked("17", start, &[(60, Step::Withdraw)]);
    assert_eq!(status(&policy, &ended, at("2024-03-01T00:00")), ClockStatus::Ended { at: deadline });
    let ended = walked("17", start, &[(61, Step::Withdraw)]);
    assert_eq!(status(&policy, &ended, at("2024-03-01T00:00")), ClockStatus::Late { deadline, met: None });
    assert_eq!(policy.escalations(&ended, at("2024-03-01T00:00")).unwrap(), []); // it is over
    // Looking into it is no answer.
    let busy = walked("17", start, &[(1, Step::Investigate)]);
    assert!(status(&policy, &busy, seconds_later(deadline, 1)).is_overdue());
}

#[test]
fn a_clock_stands_still_while_it_is_the_customers_turn() {
    let start = at("2024-02-29T10:00");
    let pausing = one_clock(clock("settle", Milestone::Resolution, 100, true, None));
    let strict = one_clock(clock("settle", Milestone::Resolution, 100, false, None));
    let asked = walked("17", start, &[(40, Step::Ask)]);
    assert_eq!(status(&pausing, &asked, later(start, 9999)), ClockStatus::Paused { left: 60 * 60 });
    assert!(status(&strict, &asked, later(start, 101)).is_overdue());
    let answered = walked("17", start, &[(40, Step::Ask), (140, Step::Reply)]);
    assert_eq!(status(&pausing, &answered, later(start, 140)), ClockStatus::Running { deadline: later(start, 200) });
    let offered = walked("17", start, &[(40, Step::Ask), (140, Step::Reply), (190, Step::Offer), (500, Step::Accept)]);
    assert_eq!(status(&pausing, &offered, later(start, 500)), ClockStatus::Running { deadline: later(start, 510) });
    assert_eq!(pausing.read(&offered, later(start, 505)).unwrap()[0].spent, 95 * 60);
    // Asked at the very deadline: it stands still with nothing left, and is late a second after it has gone on.
    let last = walked("17", start, &[(100, Step::Ask)]);
    for wait in [100, 101, 9999] {
        assert_eq!(status(&pausing, &last, later(start, wait)), ClockStatus::Paused { left: 0 });
    }
    let replied = walked("17", start, &[(100, Step::Ask), (500, Step::Reply)]);
    let deadline = later(start, 100);
    assert_eq!(status(&pausing, &replied, later(start, 500)), ClockStatus::Running { deadline });
    let late = ClockStatus::Late { deadline, met: None };
    assert_eq!(status(&pausing, &replied, seconds_later(later(start, 500), 1)), late);
    let offered = walked("17", start, &[(100, Step::Offer), (900, Step::Close)]);
    assert_eq!(status(&pausing, &offered, later(start, 999)), ClockStatus::Met { at: later(start, 900) });
    let asked_late = walked("17", start, &[(101, Step::Ask)]);
    assert!(status(&pausing, &asked_late, later(start, 200)).is_overdue());
}

#[test]
fn who_closes_early_gains_no_time() {
    let start = at("2024-02-29T10:00");
    let policy = one_clock(clock("settle", Milestone::Resolution, 100, false, Some(2)));
    let steps =
        [(10, Step::Offer), (20, Step::Accept), (30, Step::Close), (1000, Step::Reopen), (1060, Step::Offer), (1071, Step::Close)];
    let closed = walked("17", start, &steps[..3]);
    assert_eq!(status(&policy, &closed, later(start, 999)), ClockStatus::Met { at: later(start, 30) });
    let open = walked("17", start, &steps[..4]);
    assert_eq!(status(&policy, &open, later(start, 1000)), ClockStatus::Running { deadline: later(start, 1070) });
    let again = walked("17", start, &steps);
    let late = ClockStatus::Late { deadline: later(start, 1070), met: Some(later(start, 1071)) };
    assert_eq!(status(&policy, &again, later(start, 1071)), late);
    // As it was known in between.
    assert_eq!(status(&policy, &again, later(start, 999)), ClockStatus::Met { at: later(start, 30) });
    // The first offer was in time once and for all.
    let offer = one_clock(clock("offer", Milestone::FirstOffer, 10, false, None));
    assert_eq!(status(&offer, &again, later(start, 1071)), ClockStatus::Met { at: later(start, 10) });
    let unanswered = walked("17", start, &[(5, Step::Ask), (9, Step::Close)]);
    assert_eq!(status(&offer, &unanswered, later(start, 99)), ClockStatus::Ended { at: later(start, 9) });
}

#[test]
fn time_that_has_run_out_takes_a_complaint_up_the_ladder() {
    let start = at("2024-02-29T10:00");
    let clocks = vec![
        clock("answer", Milestone::FirstResponse, 10, false, Some(1)),
        clock("settle", Milestone::Resolution, 20, false, Some(2)),
        clock("told", Milestone::FirstOffer, 20, false, None),
    ];
    let policy = ServicePolicy::new(name("service 2024"), ladder(), clocks, None).unwrap();
    let mut complaint = received("17", start);
    assert_eq!(policy.escalations(&complaint, later(start, 10)).unwrap(), []);
    let first = policy.escalations(&complaint, later(start, 11)).unwrap();
    assert_eq!(
        first.iter().map(|e| (e.step, e.reason.as_str(), e.author.as_str())).collect::<Vec<_>>(),
        [(Step::Escalate, "answer", "service 2024")]
    );
    // Not recorded then: both rungs at once, each with its reason.
    let both = policy.escalations(&complaint, later(start, 21)).unwrap();
    assert_eq!(both.iter().map(|e| e.reason.as_str()).collect::<Vec<_>>(), ["answer", "settle"]);
    assert!(both.iter().all(|e| e.at == later(start, 21)));
    for call in &both {
        assert_eq!(complaint.record(call.clone()), Ok(true));
        assert_eq!(complaint.record(call.clone()), Ok(false));
    }
    assert_eq!(complaint.rung().name, "mediator");
    assert_eq!(policy.escalations(&complaint, later(start, 99)).unwrap(), []);
    // A clock that goes further is the reason for the rungs on the way.
    let far = one_clock(clock("settle", Milestone::Resolution, 20, false, Some(2)));
    let far = far.escalations(&received("19", start), later(start, 21)).unwrap();
    assert_eq!(far.iter().map(|e| e.reason.as_str()).collect::<Vec<_>>(), ["settle", "settle"]);
    // Known as it was: before they were recorded, they are called for.
    assert_eq!(policy.escalations(&complaint, later(start, 20)).unwrap(), [Event { at: later(start, 20), ..first[0].clone() }]);
    // Escalated by hand already: only the rest.
    let by_hand = walked("18", start, &[(1, Step::Escalate)]);
    assert_eq!(policy.escalations(&by_hand, later(start, 21)).unwrap().len(), 1);
    let alone = Complaint::new(by_hand.reception().clone(), Ladder::new(vec![ladder().rungs()[0].clone()]).unwrap());
    assert_eq!(policy.escalations(&alone, later(start, 21)), Err(ServiceError::OtherLadder(name("18"))));
}

#[test]
fn the_worklist_has_what_waits_the_earliest_deadline_first() {
    let start = at("2024-02-29T10:00");
    let clocks =
        vec![clock("settle", Milestone::Resolution, 60, true, None), clock("answer", Milestone::FirstResponse, 60, false, None)];
    let policy = ServicePolicy::new(name("p"), ladder(), clocks, None).unwrap();
    let all = [
        received("b", start),
        received("a", start),
        walked("asked", start, &[(30, Step::Ask)]),
        walked("closed", start, &[(30, Step::Offer), (31, Step::Close)]),
        received("old", later(start, -120)),
        received("tomorrow", later(start, 1440)),
    ];
    let list = policy.worklist(&all, later(start, 40)).unwrap();
    let shown: Vec<String> = list.iter().map(|due| format!("{} {}", due.case, due.reading.clock.name)).collect();
    assert_eq!(shown, ["old settle", "old answer", "a settle", "a answer", "b settle", "b answer", "asked settle"]);
    assert!(list[1].reading.status.is_overdue() && !list[2].reading.status.is_overdue());
    assert_eq!((list[6].state, list[6].level), (State::AwaitingCustomer, 0));
    let turned: Vec<Complaint> = all.iter().rev().cloned().collect();
    assert_eq!(policy.worklist(&turned, later(start, 40)).unwrap(), list);
    let twice = [received("a", start), received("a", later(start, 1))];
    assert_eq!(policy.worklist(&twice, start), Err(ServiceError::Twice(name("a"))));
    assert_eq!(policy.report(&twice, start), Err(ServiceError::Twice(name("a"))));
}

// Working time.

fn shift(from: &str, until: &str) -> Shift {
    Shift { from: time(from), until: time(until) }
}

/// Monday to Friday 09:00 to 12:00 and 13:00 to 18:00; 1 March is free, Sunday 3 March makes up for it.
fn office() -> WorkingHours {
    let day = vec![shift("09:00", "12:00"), shift("13:00", "18:00")];
    let weekdays = (0..5).map(|n| (Weekday::try_from(n).unwrap(), day.clone()));
    let exceptions = [(date("2024-03-01"), vec![]), (date("2024-03-03"), vec![shift("10:00", "11:00")])];
    WorkingHours::new(480, weekdays, exceptions.into()).unwrap()
}

#[test]
fn working_time_passes_in_shifts_only() {
    let office = office();
    for (from, minutes, until) in [
        ("2024-02-29T08:00", 1, "2024-02-29T09:01"),
        ("2024-02-29T11:00", 60, "2024-02-29T12:00"), // the end of the shift, not the start of the next
        ("2024-02-29T11:00", 61, "2024-02-29T13:01"),
        ("2024-02-29T12:00", 1, "2024-02-29T13:01"),
        ("2024-02-29T18:00", 1, "2024-03-03T10:01"), // over the holiday, into the working Sunday
        ("2024-02-29T18:00", 61, "2024-03-04T09:01"),
        ("2024-02-29T23:00", 540, "2024-03-04T18:00"),
        ("2024-02-29T17:59:30+08:00", 1, "2024-03-03T10:00:30+08:00"),
        ("2024-02-29T09:59:00Z", 2, "2024-03-03T02:01:00Z"), // 17:59 at the office
        ("2024-02-29T10:00", 0, "2024-02-29T10:00"),
    ] {
        let found = office.after(at(from), minutes).unwrap();
        assert_eq!((found, found.offset_minutes()), (at(until), at(from).offset_minutes()), "{from} and {minutes} minutes");
        assert_eq!(office.seconds_between(at(from), found).unwrap(), u64::from(minutes) * 60);
    }
    assert_eq!(office.seconds_between(at("2024-03-04T10:00"), at("2024-03-04T09:00")).unwrap(), 0);
    assert_eq!(office.seconds_between(at("2024-02-29T18:00"), at("2024-03-03T09:59")).unwrap(), 0);
    assert_eq!(office.after(at("9999-12-31T23:00:00Z"), 1), Err(ServiceError::Calendar(CalendarError::OutOfRange)));
    let long = office.after(at("2024-02-29T10:00"), u32::MAX);
    assert_eq!(long, Err(ServiceError::Calendar(CalendarError::OutOfRange)));
    round_trips(&office);
}

#[test]
fn working_hours_follow_the_clock_on_the_wall() {
    let week = |shifts: &[Shift]| (0..7).map(|n| (Weekday::try_from(n).unwrap(), shifts.to_vec())).collect::<Vec<_>>();
    let changes = [(date("2024-03-31"), 120), (date("2024-10-27"), 60)];
    let berlin = |shifts: &[Shift]| {
        WorkingHours::new(60, week(shifts), [].into()).and_then(|hours| hours.with_offset_changes(changes.into())).unwrap()
    };
    let office = berlin(&[shift("09:00", "17:00")]);
    for (from, minutes, until) in [
        ("2024-03-30T16:30:00+01:00", 60, "2024-03-31T09:30:00+02:00"),
        ("2024-03-29T16:30:00+01:00", 60, "2024-03-30T09:30:00+01:00"),
        ("2024-10-26T16:30:00+02:00", 60, "2024-10-27T09:30:00+01:00"),
        ("2024-10-25T23:59:00Z", 60, "2024-10-26T10:00:00+02:00"),
    ] {
        assert_eq!(office.after(at(from), minutes).unwrap(), at(until));
        assert_eq!(office.seconds_between(at(from), at(until)).unwrap(), u64::from(minutes) * 60);
    }
    // No second counts twice where a day is short, and it never has more than it has.
    let always = berlin(&[shift("00:00", "24:00")]);
    let (from, until) = (at("2024-03-30T00:00:00+01:00"), at("2024-04-02T00:00:00+02:00"));
    assert_eq!(always.seconds_between(from, until).unwrap(), 71 * 3600);
    assert_eq!(always.after(from, 71 * 60).unwrap(), until);
    round_trips(&office);
    let wrong = office.clone().with_offset_changes([(date("2024-03-31"), 1081)].into());
    assert_eq!(wrong, Err(ServiceError::Calendar(CalendarError::BadOffset(1081))));
    let mut json = serde_json::to_value(&office).unwrap();
    json["offset_changes"]["2024-03-31"] = json!(-1081);
    refused::<WorkingHours>(json, "-1081 minutes from UTC");
}

#[test]
fn a_working_clock_keeps_office_hours_through_a_pause() {
    let settle = Clock { pace: Pace::Working, ..clock("settle", Milestone::Resolution, 8 * 60, true, None) };
    let policy = ServicePolicy::new(name("p"), ladder(), vec![settle], Some(office())).unwrap();
    // Received on Thursday at 17:00: one hour then, one on Sunday, six on Monday.
    let start = at("2024-02-29T17:00");
    let quick = ClockStatus::Running { deadline: at("2024-03-04T16:00") };
    assert_eq!(status(&policy, &received("17", start), start), quick);
    // Asked after hours, answered on Monday at noon: an hour was spent before, and none until 13:00.
    let mut asked = received("17", start);
    asked.record(event(0, at("2024-02-29T20:00"), Step::Ask)).unwrap();
    assert_eq!(status(&policy, &asked, at("2024-03-04T12:00")), ClockStatus::Paused { left: 7 * 3600 });
    asked.record(event(1, at("2024-03-04T12:30"), Step::Reply)).unwrap();
    assert_eq!(status(&policy, &asked, at("2024-03-04T12:30")), ClockStatus::Running { deadline: at("2024-03-05T11:00") });
    round_trips(&policy);
    round_trips(&asked);
    // Ten hours are used up on Monday at closing time. What is done before the next opening takes none.
    let ten = Clock { pace: Pace::Working, ..clock("settle", Milestone::FirstResponse, 10 * 60, false, None) };
    let policy = ServicePolicy::new(name("p"), ladder(), vec![ten], Some(office())).unwrap();
    let deadline = at("2024-03-04T18:00");
    for (moment, in_time) in [("2024-03-04T18:00", true), ("2024-03-04T22:00", true), ("2024-03-05T09:00", true)] {
        assert_eq!(status(&policy, &received("17", start), at(moment)), ClockStatus::Running { deadline });
        let mut answered = received("17", start);
        answered.record(event(0, at(moment), Step::Acknowledge)).unwrap();
        let met = matches!(status(&policy, &answered, at("2024-03-09T09:00")), ClockStatus::Met { .. });
        assert_eq!(met, in_time, "{moment}");
    }
    let morning = at("2024-03-05T09:00:01+08:00");
    assert_eq!(status(&policy, &received("17", start), morning), ClockStatus::Late { deadline, met: None });
}

#[test]
fn centuries_of_working_hours_are_counted_in_weeks() {
    let office = office();
    let (from, until) = (at("0001-01-08T00:00"), at("9999-01-04T00:00")); // two Mondays
    let weeks = u64::try_from(until.seconds_since(&from)).unwrap() / (7 * 86_400);
    // A Friday off, and an hour on a Sunday.
    assert_eq!(office.seconds_between(from, until).unwrap(), (weeks * 40 - 8 + 1) * 3600);
    assert_eq!(office.seconds_between(at("2024-03-04T00:00"), until).unwrap() % (40 * 3600), 0);
    let minutes = u32::try_from((weeks * 40 - 8 + 1) * 60).unwrap();
    assert_eq!(office.after(from, minutes).unwrap(), at("9999-01-01T18:00"));
    for year in ["+10000-01-01", "-0001-01-01", "0000-01-01"] {
        let json =
            json!({ "offset_minutes": 0, "week": { "Mon": [{ "from": "09:00", "until": "17:00" }] }, "exceptions": { year: [] } });
        refused::<WorkingHours>(json, "");
        let json = json!({ "offset_minutes": 0, "week": { "Mon": [{ "from": "09:00", "until": "17:00" }] }, "offset_changes": { year: 60 } });
        refused::<WorkingHours>(json, "");
    }
}

#[test]
fn a_key_that_occurs_twice_is_refused() {
    fn twice<T: DeserializeOwned + Debug>(text: &str, key: &str) {
        let error = serde_json::from_str::<T>(text).unwrap_err().to_string();
        assert!(error.contains(&format!("{key:?} occurs twice")), "{error}");
    }
    let terms = r#"{"consent":true,"caps":true,"quiet":true}"#;
    twice::<ContactPolicy>(&format!(r#"{{"name":"p","purposes":{{"offer":{terms},"offer":{terms}}}}}"#), "offer");
    let hours = |parts: &str| format!(r#"{{"offset_minutes":0,{parts}}}"#);
    let error = serde_json::from_str::<WorkingHours>(&hours(r#""week":{"Mon":[],"Mon":[]}"#)).unwrap_err().to_string();
    assert!(error.contains("Mon") && error.contains("occurs twice"), "{error}");
    for of in [r#""exceptions":{"2024-01-01":[],"2024-01-01":[]}"#, r#""offset_changes":{"2024-01-01":1,"2024-01-01":2}"#] {
        let week = r#""week":{"Mon":[{"from":"09:00","until":"17:00"}]}"#;
        let error = serde_json::from_str::<WorkingHours>(&hours(&format!("{week},{of}"))).unwrap_err().to_string();
        assert!(error.contains("2024-01-01 occurs twice"), "{error}");
    }
    let feedback = r#"{"feedback":[{"id":"1","on":"2024-01-01","channel":"email"}],"themes":{"1":"a","1":"b"},"actions":[]}"#;
    twice::<FeedbackLoop>(feedback, "1");
}

#[test]
fn long_lists_are_read_in_time_or_refused() {
    let quiet = json!({ "from": "10:00", "until": "10:01" });
    let terms = json!({ "o": { "consent": true, "caps": true, "quiet": true } });
    let policy = |count: usize| json!({ "name": "p", "purposes": terms.clone(), "quiet_hours": vec![quiet.clone(); count] });
    assert!(serde_json::from_value::<ContactPolicy>(policy(1000)).is_ok());
    refused::<ContactPolicy>(policy(1001), "at most 1000");
    let start = at("2024-02-29T10:00");
    let mut json = serde_json::to_value(received("17", start)).unwrap();
    json["events"] = (0..20_000).map(|id| serde_json::to_value(event(id, start, Step::Offer)).unwrap()).collect();
    let long: Complaint = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(long.events().len(), 20_000);
    let again = json["events"][0].clone();
    json["events"].as_array_mut().unwrap().push(again.clone());
    assert_eq!(serde_json::from_value::<Complaint>(json.clone()).unwrap(), long); // delivered twice
    json["events"][20_000]["reason"] = json!("another");
    refused::<Complaint>(json, "event 0");
}

#[test]
fn what_is_equal_is_what_can_be_merged() {
    let moment = at("2024-02-29T10:00");
    let (here, there) =
        (contact("a", moment, Channel::Phone, "offer"), contact("a", moment.at_offset(0).unwrap(), Channel::Phone, "offer"));
    assert_eq!(here.at, there.at);
    assert_ne!(here, there);
    assert_ne!(log(core::slice::from_ref(&here)), log(core::slice::from_ref(&there)));
    assert!(log(&[here]).merge(&log(&[there])).is_err());
    assert_ne!(event(0, moment, Step::Offer), event(0, moment.at_offset(0).unwrap(), Step::Offer));
    assert_ne!(received("17", moment), received("17", moment.at_offset(0).unwrap()));
}

#[test]
fn an_escalation_takes_an_identity_that_is_free() {
    let start = at("2024-02-29T10:00");
    let policy = one_clock(clock("answer", Milestone::FirstResponse, 10, false, Some(1)));
    let mut complaint = received("17", start);
    complaint.record(Event { id: name("escalation to rung 1"), ..event(0, start, Step::Investigate) }).unwrap();
    let calls = policy.escalations(&complaint, later(start, 11)).unwrap();
    assert_eq!(calls[0].id, "escalation to rung 1 (2)");
    assert_eq!(complaint.record(calls[0].clone()), Ok(true));
    assert_eq!(policy.escalations(&complaint, later(start, 12)).unwrap(), []);
}

// Measures.

#[test]
fn who_was_never_answered_is_late_and_who_waits_is_pending() {
    let start = at("2024-02-29T10:00");
    let policy = one_clock(clock("answer", Milestone::FirstResponse, 60, false, None));
    let mut all: Vec<Complaint> =
        [10, 20, 60, 61].iter().map(|m| walked(&format!("after {m}"), start, &[(*m, Step::Acknowledge)])).collect();
    all.push(received("never", start));
    all.push(received("waits", later(start, 60)));
    all.push(walked("withdrawn", start, &[(5, Step::Withdraw)]));
    all.push(received("future", later(start, 9999)));
    let report = policy.report(&all, later(start, 100)).unwrap();
    let answer = &report.clocks[0];
    assert_eq!((answer.in_time.part(), answer.in_time.whole(), answer.pending, answer.ended), (3, 5, 1, 1));
    assert_eq!(answer.in_time.ratio().unwrap(), Ratio::new(3, 5).unwrap());
    // Wilson's interval for 3 of 5 (R: prop.test(3, 5, correct = FALSE)).
    let sure = answer.in_time.estimate(Confidence::P95).unwrap();
    assert!((sure.low() - 0.230_724).abs() < 1e-6 && (sure.high() - 0.882_379).abs() < 1e-6, "{sure:?}");
    assert_eq!(report.open.to_string(), "6 of 7");
    assert_eq!(answer.times(), (&[600, 1200, 3600, 3660][..], &[600, 1200, 2400, 3600, 3660, 6000][..]));
    // Half of six is the third: 40 minutes, if the one who waits is answered now; an hour, if never.
    assert_eq!(answer.median(), Some(Percentile { at_least: 2400, at_most: Some(3600) }));
    assert_eq!(answer.median().unwrap().certain(), None);
    let percentile = |part, whole| answer.percentile(Ratio::new(part, whole).unwrap());
    assert_eq!(percentile(1, 3).unwrap().unwrap().certain(), Some(1200)); // exactly the second of six
    assert_eq!(percentile(1, 6).unwrap().unwrap().certain(), Some(600));
    assert_eq!(percentile(167, 1000).unwrap().unwrap().certain(), Some(1200)); // a little more than one of six
    assert_eq!(percentile(9, 10).unwrap(), Some(Percentile { at_least: 6000, at_most: None }));
    assert_eq!(percentile(1, 1).unwrap(), Some(Percentile { at_least: 6000, at_most: None }));
    for (part, whole) in [(0, 1), (95, 1), (-1, 2), (i128::MAX - 1, i128::MAX)] {
        assert!(matches!(percentile(part, whole), Err(ServiceError::BadPercentile(_))));
    }
    let nobody = policy.report([], start).unwrap();
    assert_eq!((nobody.clocks[0].median(), nobody.clocks[0].in_time.ratio()), (None, None));
    assert_eq!(nobody.clocks[0].in_time.estimate(Confidence::P95), Err(ShareError::OfNothing));
}

#[test]
fn what_is_settled_at_once_and_what_comes_back_are_counted_of_all_closed() {
    use Step::{Accept, Acknowledge, Close, Escalate, Offer, Reopen, Withdraw};
    let start = at("2024-02-29T10:00");
    let policy = one_clock(clock("settle", Milestone::Resolution, 5, false, None));
    let all = [
        walked("first", start, &[(1, Offer), (2, Accept), (3, Close)]),
        walked("second", start, &[(1, Acknowledge), (2, Offer), (3, Accept), (4, Close)]),
        walked("back", start, &[(1, Offer), (2, Accept), (3, Close), (9, Reopen), (10, Escalate)]),
        walked("taken up again", start, &[(1, Withdraw), (2, Reopen)]),
        walked("open", start, &[(1, Offer)]),
    ];
    let report = policy.report(&all, later(start, 99)).unwrap();
    let shown = [report.open, report.escalated, report.first_contact, report.reopened].map(|count| count.to_string());
    assert_eq!(shown, ["3 of 5", "1 of 5", "1 of 3", "1 of 3"]);
    // A week before, "back" had not come back.
    let before = policy.report(&all, later(start, 8)).unwrap();
    assert_eq!([before.first_contact, before.reopened].map(|count| count.to_string()), ["2 of 3", "0 of 3"]);
}

#[test]
fn a_loop_is_closed_when_the_customers_know() {
    let mut book = FeedbackLoop::new();
    for (id, on) in [("1", "2024-02-27"), ("2", "2024-02-28"), ("3", "2024-02-29"), ("4", "2024-03-01")] {
        assert!(book.push(Feedback { id: name(id), on: date(on), channel: Channel::Email }).unwrap());
    }
    for (id, theme) in [("1", "noise"), ("2", "price"), ("4", "price")] {
        book.assign(&name(id), Some(name(theme))).unwrap();
    }
    let decided = Action {
        id: name("carpets"),
        theme: name("noise"),
        what: name("lay carpets"),
        owner: name("house keeping"),
        decided: date("2024-02-28"),
        due: date("2024-02-29"),
        done: None,
        told: None,
    };
    assert!(book.act(decided.clone()).unwrap());
    let shown = |book: &FeedbackLoop, day: &str| {
        let report = book.report(date(day));
        let sum: u64 = report.themes.iter().map(|t| t.feedback.part()).sum();
        assert_eq!(sum + report.unassigned.part(), report.unassigned.whole());
        let themes: Vec<String> = report
            .themes
            .iter()
            .map(|t| format!("{} {} {:?}", t.theme, t.feedback, t.actions.iter().map(|a| a.1).collect::<Vec<_>>()))
            .collect();
        (themes.join("; "), report.unassigned.to_string())
    };
    assert_eq!(shown(&book, "2024-02-27"), ("noise 1 of 1 []".into(), "0 of 1".into()));
    assert_eq!(shown(&book, "2024-02-29"), ("noise 1 of 3 [Open]; price 1 of 3 []".into(), "1 of 3".into()));
    assert_eq!(shown(&book, "2024-03-01"), ("price 2 of 4 []; noise 1 of 4 [Overdue]".into(), "1 of 4".into()));
    let before = book.clone();
    for (done, told, error) in [
        (None, Some("2024-03-02"), ServiceError::NotDone(name("carpets"))),
        (Some("2024-02-27"), None, ServiceError::BeforeStart { from: date("2024-02-28"), at: date("2024-02-27") }),
        (Some("2024-03-02"), Some("2024-03-01"), ServiceError::BeforeStart { from: date("2024-03-02"), at: date("2024-03-01") }),
    ] {
        assert_eq!(book.progress(&name("carpets"), done.map(date), told.map(date)), Err(error));
    }
    assert_eq!(book.progress(&name("no"), None, None), Err(ServiceError::Unknown(name("no"))));
    assert_eq!(book.assign(&name("9"), None), Err(ServiceError::Unknown(name("9"))));
    assert_eq!(book, before);
    book.progress(&name("carpets"), Some(date("2024-03-02")), None).unwrap();
    book.progress(&name("carpets"), None, Some(date("2024-03-05"))).unwrap();
    assert!(!book.act(decided.clone()).unwrap()); // delivered again
    let other = Action { owner: name("nobody"), ..decided.clone() };
    assert_eq!(book.act(other), Err(ServiceError::Conflict(name("carpets"))));
    let state =
        |day: &str| book.report(date(day)).themes.iter().find(|t| t.theme == "noise").map(|t| (t.actions[0].1, t.is_closed()));
    assert_eq!(state("2024-03-01"), Some((ActionState::Overdue, false)));
    assert_eq!(state("2024-03-04"), Some((ActionState::Done, false)));
    assert_eq!(state("2024-03-05"), Some((ActionState::Closed, true)));
    assert_eq!(book.report(date("2024-03-04")).themes.iter().find(|t| t.theme == "noise").unwrap().actions[0].0.told, None);
    assert!(!book.push(Feedback { id: name("1"), on: date("2024-02-27"), channel: Channel::Email }).unwrap());
    assert!(book.push(Feedback { id: name("1"), on: date("2024-02-27"), channel: Channel::Post }).is_err());
    assert_eq!(shown(&book, "2024-03-01").1, "1 of 4");
    book.assign(&name("1"), None).unwrap();
    assert_eq!(shown(&book, "2024-03-01"), ("price 2 of 4 []; noise 0 of 4 [Overdue]".into(), "2 of 4".into()));
    round_trips(&book);
}

// Hostile input.

#[test]
fn what_cannot_be_built_cannot_be_read() {
    let rung = |text: &str, means: &str| json!({ "name": text, "means": means });
    refused::<Ladder>(json!([]), "0 rungs");
    refused::<Ladder>(json!((0..10).map(|n| rung(&n.to_string(), "direct")).collect::<Vec<_>>()), "10 rungs");
    refused::<Ladder>(json!([rung("a", "determined"), rung("b", "direct")]), "milder");
    refused::<Ladder>(json!([rung("a", "direct"), rung("a", "direct")]), "twice");
    let reception = serde_json::to_value(received("17", at("2024-02-29T10:00")).reception()).unwrap();
    let step = |id: &str, at: &str, step: &str| json!({ "id": id, "at": at, "step": step, "reason": "r", "author": "a" });
    let complaint = |events: Value| json!({ "reception": reception, "ladder": [rung("a", "direct")], "events": events });
    assert!(serde_json::from_value::<Complaint>(complaint(json!([step("1", "2024-02-29T10:00:00+08:00", "offer")]))).is_ok());
    refused::<Complaint>(complaint(json!([step("1", "2024-02-29T10:00:00+08:00", "accept")])), "possible: acknowledge");
    refused::<Complaint>(complaint(json!([step("1", "2024-02-29T10:00:00+08:00", "escalate")])), "escalate is not possible");
    refused::<Complaint>(complaint(json!([step("1", "2024-02-29T09:59:59+08:00", "offer")])), "lies before");
    let mut forged = complaint(json!([]));
    forged["state"] = json!("closed");
    refused::<Complaint>(forged, "unknown field");
    let clock = json!({ "name": "c", "until": "resolution", "minutes": 60, "pace": "calendar", "pauses": true });
    let with = |key: &str, value: Value| {
        let mut clock = clock.clone();
        clock[key] = value;
        json!({ "name": "p", "ladder": [rung("a", "direct"), rung("b", "direct")], "clocks": [clock] })
    };
    assert!(serde_json::from_value::<ServicePolicy>(with("escalate_to", json!(1))).is_ok());
    refused::<ServicePolicy>(with("escalate_to", json!(0)), "rung 0");
    refused::<ServicePolicy>(with("escalate_to", json!(2)), "rung 2");
    refused::<ServicePolicy>(with("minutes", json!(0)), "0 minutes");
    refused::<ServicePolicy>(with("minutes", json!(5_256_001)), "5256001 minutes");
    refused::<ServicePolicy>(with("pace", json!("working")), "no working hours");
    refused::<ServicePolicy>(json!({ "name": "p", "ladder": [rung("a", "direct")], "clocks": [] }), "at least one clock");
    refused::<ServicePolicy>(json!({ "name": "p", "ladder": [rung("a", "direct")], "clocks": [clock, clock] }), "twice");
    let early = json!({ "from": "08:00", "until": "09:00" });
    let hours =
        |from: &str, until: &str| json!({ "offset_minutes": 0, "week": { "Mon": [early, { "from": from, "until": until }] } });
    assert!(serde_json::from_value::<WorkingHours>(hours("09:00", "24:00")).is_ok());
    refused::<WorkingHours>(hours("08:59", "10:00"), "shift from 08:59");
    refused::<WorkingHours>(hours("10:00", "10:00"), "shift from 10:00");
    refused::<WorkingHours>(json!({ "offset_minutes": 0, "week": {} }), "no working hours");
    refused::<WorkingHours>(
        json!({ "offset_minutes": 0, "week": { "Mon": [] }, "exceptions": { "2024-01-01": [{ "from": "08:00", "until": "09:00" }] } }),
        "no working hours",
    );
    refused::<WorkingHours>(json!({ "offset_minutes": 1081, "week": {} }), "1081 minutes from UTC");
    refused::<Share>(json!({ "part": 2, "whole": 1 }), "no share");
    refused::<ContactPolicy>(json!({ "name": "p", "purposes": {} }), "at least one purpose");
    refused::<ContactPolicy>(
        json!({ "name": "p", "purposes": { "a": { "consent": true, "caps": true, "quiet": true, "pushy": true } } }),
        "unknown field",
    );
    refused::<FeedbackLoop>(json!({ "feedback": [], "themes": { "1": "noise" }, "actions": [] }), "no feedback");
    refused::<Feedback>(json!({ "id": "1", "on": "2024-02-30", "channel": "email" }), "");
    refused::<Channel>(json!("fax"), "unknown variant");
    assert_ne!(serde_json::from_value::<Channel>(json!({ "other": "phone" })).unwrap(), Channel::Phone);
}

// Laws.

const START: &str = "2024-02-26T09:30";

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    vec((0_i64..200, prop::sample::select(Step::ALL.to_vec())), 0..30)
}

/// A complaint of those of random steps that are possible, one after the other.
fn legal_walk(steps: &[(i64, Step)]) -> Complaint {
    let (mut complaint, mut now) = (received("17", at(START)), at(START));
    for (id, (minutes, step)) in steps.iter().enumerate() {
        now = later(now, *minutes);
        let _ = complaint.record(event(id, now, *step));
    }
    complaint
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_complaint_is_the_list_of_its_events(steps in steps()) {
        let mut complaint = received("17", at(START));
        let mut now = at(START);
        for (id, (minutes, step)) in steps.iter().enumerate() {
            now = later(now, *minutes);
            let before = complaint.clone();
            let legal = before.legal();
            match complaint.record(event(id, now, *step)) {
                Ok(new) => {
                    prop_assert!(new && legal.contains(step));
                    let then = complaint.as_of(seconds_later(now, -1));
                    prop_assert!(then.is_none_or(|c| c.events().len() <= before.events().len()));
                    prop_assert_eq!(complaint.record(event(id, now, *step)), Ok(false));
                }
                Err(error) => {
                    let (case, state) = (name("17"), before.state());
                    prop_assert_eq!(&error, &ServiceError::Illegal { case, state, step: *step, legal: legal.clone() });
                    prop_assert!(!legal.contains(step) && !legal.is_empty());
                    prop_assert_eq!(&complaint, &before);
                }
            }
            for step in complaint.legal() {
                prop_assert_eq!(complaint.clone().record(event(999, now, step)), Ok(true));
            }
        }
        // All at once, through JSON, and event by event with a look at the past.
        let read: Complaint = serde_json::from_value(serde_json::to_value(&complaint).unwrap()).unwrap();
        prop_assert_eq!(&read, &complaint);
        prop_assert_eq!(complaint.as_of(now).unwrap(), complaint.clone());
        prop_assert_eq!(usize::from(complaint.level()), complaint.events().iter().filter(|e| e.step == Step::Escalate).count());
        prop_assert!(complaint.level() <= 2);
        for known in complaint.events() {
            let then = complaint.as_of(known.at).unwrap();
            prop_assert_eq!(then.events(), &complaint.events()[..complaint.events().iter().filter(|e| e.at <= known.at).count()]);
        }
    }

    #[test]
    fn pausing_never_makes_a_deadline_earlier(steps in steps(), minutes in 1_u32..2000, working: bool, wait in 0_i64..5000) {
        let complaint = legal_walk(&steps);
        let now = later(complaint.changed(), wait);
        let pace = if working { Pace::Working } else { Pace::Calendar };
        for until in [Milestone::FirstResponse, Milestone::FirstOffer, Milestone::Resolution] {
            let read = |pauses| {
                let clock = Clock { pace, ..clock("c", until, minutes, pauses, None) };
                let policy = ServicePolicy::new(name("p"), ladder(), vec![clock], Some(office())).unwrap();
                let reading = policy.read(&complaint, now).unwrap()[0];
                (reading.status, reading.spent)
            };
            let ((strict, longer), (pausing, shorter)) = (read(false), read(true));
            prop_assert!(shorter <= longer);
            if let Some(deadline) = pausing.deadline() {
                prop_assert!(strict.deadline().is_some_and(|d| d <= deadline), "{strict} {pausing}");
            }
            let stands_still = matches!(strict, ClockStatus::Paused { .. });
            let undone = matches!((strict, pausing), (ClockStatus::Met { .. }, ClockStatus::Late { .. }));
            prop_assert!(!stands_still && !undone);
        }
    }

    /// Against a clock that is read every minute.
    #[test]
    fn a_clock_shows_what_a_watchman_would(steps in steps(), minutes in 1_u32..600, pauses: bool, wait in 0_i64..600) {
        let complaint = legal_walk(&steps);
        let now = later(complaint.changed(), wait);
        let policy = one_clock(clock("c", Milestone::Resolution, minutes, pauses, None));
        let (mut spent, mut ran_out, mut moment, mut state) = (0, None, at(START), State::Received);
        let mut events = complaint.events().iter().peekable();
        while moment < now {
            while let Some(event) = events.next_if(|e| e.at <= moment) {
                state = state.after(event.step).unwrap();
            }
            let idle = match state {
                State::Closed | State::Withdrawn => true,
                State::AwaitingCustomer | State::Offered => pauses,
                _ => false,
            };
            if !idle {
                spent += 1;
                if spent == minutes {
                    ran_out = Some(later(moment, 1));
                }
            }
            moment = later(moment, 1);
        }
        let last = complaint.as_of(now).unwrap();
        let met = (last.state() == State::Closed).then_some(last.changed());
        let reading = policy.read(&complaint, now).unwrap()[0];
        prop_assert_eq!(reading.spent, u64::from(spent) * 60);
        match reading.status {
            ClockStatus::Late { deadline, met: done } => prop_assert_eq!((Some(deadline), done, spent > minutes), (ran_out, met, true)),
            ClockStatus::Met { at } => prop_assert!(met == Some(at) && spent <= minutes),
            ClockStatus::Ended { at } => prop_assert!(last.state() == State::Withdrawn && spent <= minutes && at == last.changed()),
            ClockStatus::Running { deadline } => {
                prop_assert!(spent <= minutes);
                prop_assert_eq!(deadline, ran_out.unwrap_or_else(|| later(now, i64::from(minutes - spent))));
            }
            ClockStatus::Paused { left } => prop_assert!(pauses && spent <= minutes && left == u64::from(minutes - spent) * 60),
        }
    }

    /// Against every minute looked at.
    #[test]
    fn working_time_is_the_minutes_in_which_somebody_works(from in 0_i64..10_000, minutes in 1_u32..1000, zone in -720_i16..720) {
        let office = office();
        let start = later(at(START), from).at_offset(zone).unwrap();
        let works = |moment: Moment| {
            let local = moment.at_offset(480).unwrap().local();
            let minute = local.time().num_seconds_from_midnight() / 60;
            office.shifts(local.date()).iter().any(|s| u32::from(s.from.minutes()) <= minute && minute < u32::from(s.until.minutes()))
        };
        let (mut moment, mut left) = (start, minutes);
        while left > 0 {
            left -= u32::from(works(moment));
            moment = later(moment, 1);
        }
        prop_assert_eq!(office.after(start, minutes).unwrap(), moment);
        prop_assert_eq!(office.seconds_between(start, moment).unwrap(), u64::from(minutes) * 60);
    }

    /// The earliest moment is the first minute at which the same question is answered with yes.
    #[test]
    fn the_earliest_moment_is_the_first_that_is_allowed(
        made in vec((0_i64..5000, 0_u8..2, prop::sample::select(vec!["offer", "service", "reminder"])), 0..8),
        caps in vec((option::of(0_u8..2), 1_u32..4, 1_u32..3000), 0..3),
        hours in vec((option::of(0_u8..2), 0_i64..24, 0_i64..24), 0..3),
        weekdays in vec(0_u8..7, 0..3),
        now in 0_i64..5000,
    ) {
        let channel = |n: u8| if n == 0 { Channel::Phone } else { Channel::Email };
        let made: Vec<Interaction> = made.iter().enumerate()
            .map(|(id, (minutes, by, purpose))| contact(&id.to_string(), later(at(START), *minutes), channel(*by), purpose)).collect();
        let hour = |n: i64| time(&format!("{n:02}:00"));
        let rules = ContactRules {
            caps: caps.iter().map(|&(by, at_most, minutes)| Cap { channel: by.map(channel), at_most, minutes }).collect(),
            quiet_hours: hours.iter()
                .map(|&(by, from, until)| QuietHours { channel: by.map(channel), from: hour(from), until: hour(until) }).collect(),
            blocked: weekdays.iter()
                .map(|&day| Days::Weekday(Weekday::try_from(day).unwrap()))
                .map(|days| BlockedDays { channel: None, days, reason: name("r") }).collect(),
            ..rules()
        };
        let proposal = call(later(at(START), now), "offer");
        let Ok(policy) = ContactPolicy::new(name("p"), rules.clone()) else {
            prop_assert!(hours.iter().any(|(_, from, until)| from == until) || hours.len() > 1);
            return Ok(());
        };
        let log = log(&made);
        let answer = decide(&policy, &log, &proposal);
        prop_assert_eq!(answer.is_allowed(), answer.earliest == Some(proposal.at));
        let counted: Vec<&Interaction> = made.iter().filter(|i| i.at <= proposal.at && i.purpose != "service").collect();
        let open = |moment: Moment| {
            let minute = u16::try_from(moment.local().time().num_seconds_from_midnight() / 60).unwrap();
            let ours = |by: &Option<Channel>| by.as_ref().is_none_or(|by| *by == Channel::Phone);
            let loud = rules.quiet_hours.iter().filter(|q| ours(&q.channel)).all(|q| {
                let (from, until) = (q.from.minutes(), q.until.minutes());
                !(if from < until { (from..until).contains(&minute) } else { minute >= from || minute < until })
            });
            let room = rules.caps.iter().filter(|c| ours(&c.channel)).all(|c| {
                let begin = later(moment, -i64::from(c.minutes));
                let of = |i: &&&Interaction| c.channel.as_ref().is_none_or(|by| *by == i.touchpoint.channel);
                let count = counted.iter().filter(|i| begin < i.at).filter(of).count();
                count < usize::try_from(c.at_most).unwrap()
            });
            let free = rules.blocked.iter().all(|b| b.days != Days::Weekday(moment.date().weekday()));
            loud && room && free
        };
        let mut moment = proposal.at;
        while !open(moment) {
            moment = later(moment, 1);
        }
        prop_assert_eq!(answer.earliest, Some(moment));
        let reasons: BTreeSet<String> = answer.refusals.iter().map(ToString::to_string).collect();
        prop_assert!(reasons.is_empty() == open(proposal.at));
    }

    #[test]
    fn the_order_of_complaints_changes_no_measure(walks in vec(steps(), 0..6), wait in 0_i64..3000) {
        let policy = one_clock(clock("c", Milestone::Resolution, 300, true, None));
        let all: Vec<Complaint> = walks.iter().enumerate().map(|(n, steps)| {
            let walk = legal_walk(steps);
            let mut copy = received(&n.to_string(), at(START));
            walk.events().iter().for_each(|e| assert!(copy.record(e.clone()).unwrap()));
            copy
        }).collect();
        let now = later(at(START), wait);
        let report = policy.report(&all, now).unwrap();
        let turned: Vec<Complaint> = all.iter().rev().cloned().collect();
        prop_assert_eq!(&policy.report(&turned, now).unwrap(), &report);
        let measure = &report.clocks[0];
        prop_assert_eq!(measure.in_time.whole() + measure.pending + measure.ended, report.open.whole());
        for percent in 1..=100 {
            let Some(found) = measure.percentile(Ratio::new(percent, 100).unwrap()).unwrap() else { continue };
            prop_assert!(found.at_most.is_none_or(|most| most >= found.at_least));
        }
    }
}

#[test]
fn names_of_steps_and_states_are_their_own() {
    let steps: BTreeSet<&str> = Step::ALL.iter().map(|s| s.name()).collect();
    let states: BTreeSet<&str> = STATES.iter().map(|s| s.name()).collect();
    assert_eq!((steps.len(), states.len()), (11, 9));
    assert_eq!(Channel::Other(name("kiosk")).to_string(), "kiosk");
}
