//! A customer's grade over time: reference numbers, boundaries, the faults of others, and a random walk beside a model of its own.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use chrono::{Days, NaiveDate};
use common::{cases, date, dec, name, names};
use customer_value::{
    calendar::{CalendarError, Period},
    quantity::{Quantity, Ties, Unit},
    reason::{Decision, Language, ModelId},
    score::Cutpoints,
    tier::{
        Axis, Grade, GradeModel, GradeSet, Grid,
        membership::{
            Carry, Cause, Command, Confirmation, Course, Event, Hold, Membership, MembershipError, Outlook, Policy, Release, Terms,
            Transition,
        },
    },
    value::{Dimension, Direction, FactSheet, Family},
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};

const EAGER: Terms =
    Terms { promotion: Confirmation::AT_ONCE, demotion: Confirmation::AT_ONCE, grace_days: 0, steps: None, usable_days: 36_525 };

fn letters(count: u8) -> GradeSet {
    GradeSet::letters(count).unwrap()
}

fn policy(count: u8, terms: Terms) -> Policy {
    Policy::new(name("policy"), letters(count), terms).unwrap()
}

fn grade(letter: &str) -> Grade {
    letters(7).grade(letter).unwrap().clone()
}

fn decided(on: NaiveDate, letter: &str) -> Decision<Grade> {
    Decision { value: grade(letter), reasons: vec![], model: ModelId { name: name("model"), fingerprint: 1 }, as_of: on }
}

fn hold(letter: &str, from: &str, until: &str) -> Hold {
    let during = Period::new(date(from), date(until)).unwrap();
    Hold { grade: grade(letter), during, reason: name("a contract is being renewed"), author: name("head of sales") }
}

fn release(on: &str) -> Release {
    Release { on: date(on), reason: name("it was renewed"), author: name("head of sales") }
}

fn carry(to: &GradeSet, renamed: &[(&str, &str)], on: &str) -> Carry {
    let renamed = renamed.iter().map(|(old, new)| (name(old), name(new))).collect();
    Carry { to: to.clone(), renamed, on: date(on), reason: name("the new programme"), author: name("the board") }
}

/// The memberships and transitions that decisions make; `"2024-01-31 C/B"` means C for promotion, B for keeping a grade.
fn walk(policy: &Policy, decisions: &[&str]) -> (Membership, Vec<Transition>) {
    let event = |text: &&str| {
        let (on, letters) = text.split_once(' ').unwrap();
        let (entry, keep) = letters.split_once('/').map_or((letters, None), |(entry, keep)| (entry, Some(keep)));
        Event::Decided { entry: decided(date(on), entry), keep: keep.map(|keep| decided(date(on), keep)) }
    };
    let events: Vec<Event> = decisions.iter().map(event).collect();
    policy.replay(None, &events).unwrap()
}

/// What is shown after each transition, as one text.
fn shown(transitions: &[Transition]) -> String {
    transitions.iter().map(|t| t.after.to_string()).collect()
}

// Hysteresis.

/// A model of two grades, A from a score on.
fn threshold(cut: &str) -> GradeModel {
    let score = Dimension::new("score", Family::Economic, Direction::HigherIsBetter, Unit::Number).unwrap();
    let axis = Axis { of: score.name.clone(), cutpoints: Cutpoints::new(vec![dec(cut)], Ties::ToUpper).unwrap() };
    let grid = Grid::new(letters(2), vec![axis], names("B A")).unwrap();
    GradeModel::new(name(&format!("from {cut}")), vec![score], vec![], grid, vec![]).unwrap()
}

#[test]
fn two_bounds_calm_a_score_that_wobbles_around_one() {
    // Schmitt trigger; figures computed by hand: .60 alone is crossed seven times, the band from .40 to .60 three times.
    let scores = [".55", ".61", ".59", ".62", ".58", ".60", ".41", ".39", ".45", ".60", ".61"];
    let (strict, lenient) = (threshold("0.60"), threshold("0.40"));
    let policy = policy(2, EAGER);
    let run = |two: bool| {
        let decide = |model: &GradeModel, day: u32, score: &str| {
            let facts = FactSheet::new().with("score", Quantity::number(dec(&format!("0{score}")))).unwrap();
            model.grade(&facts, NaiveDate::from_ymd_opt(2024, 1, day).unwrap()).unwrap()
        };
        let events: Vec<Event> = (1..)
            .zip(scores)
            .map(|(day, score)| Event::Decided {
                entry: decide(&strict, day, score),
                keep: two.then(|| decide(&lenient, day, score)),
            })
            .collect();
        policy.replay(None, &events).unwrap().1
    };
    let changes = |transitions: &[Transition]| transitions[1..].iter().filter(|t| t.is_change()).count();
    let (one, two) = (run(false), run(true));
    assert_eq!((shown(&one).as_str(), changes(&one)), ("BABABABBBAA", 7));
    assert_eq!((shown(&two).as_str(), changes(&two)), ("BAAAAAABBAA", 3));
    assert_eq!(two[2].decision.keep_model.as_ref(), Some(lenient.id()));
    assert_eq!(two[2].causes, [Cause::Stays]);
}

// Boundaries.

#[test]
fn confirmations_are_met_exactly() {
    let takes = |decisions, days| Confirmation { decisions, days };
    #[rustfmt::skip]
    let table = [
        // What it takes, decisions for A from 1 February on, what is shown after each.
        (takes(1, 0), &["02-01"][..], "A"),
        (takes(2, 0), &["02-01", "02-02"], "BA"),
        (takes(3, 0), &["02-01", "02-02", "02-03"], "BBA"),
        (takes(1, 10), &["02-01", "02-10", "02-11"], "BBA"),   // nine days are one short
        (takes(1, 10), &["02-01", "02-12"], "BA"),
        (takes(3, 10), &["02-01", "02-11", "02-12"], "BBA"),   // the span is met, the number is not
        (takes(3, 10), &["02-01", "02-02", "02-03", "02-11"], "BBBA"),
    ];
    for (promotion, days, expected) in table {
        let policy = policy(2, Terms { promotion, ..EAGER });
        let all: Vec<String> = ["2024-01-31 B".to_string()].into_iter().chain(days.iter().map(|d| format!("2024-{d} A"))).collect();
        let (member, transitions) = walk(&policy, &all.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(shown(&transitions[1..]), expected, "{promotion:?} {days:?}");
        assert!(member.run().is_none());
    }
}

#[test]
fn a_decision_in_between_breaks_the_run() {
    let policy = policy(3, Terms { promotion: Confirmation { decisions: 2, days: 0 }, ..EAGER });
    let (member, all) = walk(&policy, &["2024-01-01 B", "2024-01-02 A", "2024-01-03 B", "2024-01-04 A", "2024-01-05 A"]);
    assert_eq!(shown(&all), "BBBBA");
    assert_eq!(all[2].causes, [Cause::Broken { course: Course::Promotion, count: 1 }, Cause::Stays]);
    assert_eq!(member.since(), date("2024-01-05"));
}

#[test]
fn a_run_moves_only_as_far_as_all_of_it_supports() {
    let two = Confirmation { decisions: 2, days: 0 };
    let policy = policy(5, Terms { promotion: two, demotion: two, ..EAGER });
    for (decisions, expected) in [
        (["2024-01-01 D", "2024-01-02 A", "2024-01-03 B"], "B"), // the lowest on the way up
        (["2024-01-01 D", "2024-01-02 C", "2024-01-03 A"], "C"),
        (["2024-01-01 A", "2024-01-02 E", "2024-01-03 C"], "C"), // the best on the way down
        (["2024-01-01 A", "2024-01-02 B", "2024-01-03 E"], "B"),
    ] {
        assert_eq!(walk(&policy, &decisions).0.automatic().name(), expected, "{decisions:?}");
    }
}

#[test]
fn grace_ends_on_its_day() {
    // Confirmed on 31 January; thirty days of grace end on 1 March.
    let policy = policy(3, Terms { grace_days: 30, ..EAGER });
    for (on, expected) in [("02-01", "A"), ("02-29", "A"), ("03-01", "B"), ("03-02", "B"), ("09-01", "B")] {
        let (member, all) = walk(&policy, &["2024-01-01 A", "2024-01-31 B", &format!("2024-{on} B")]);
        assert_eq!(member.automatic().name(), expected, "{on}");
        let grace = Period::new(date("2024-01-31"), date("2024-03-01")).unwrap();
        assert_eq!(all[1].causes, [Cause::InGrace { grace, to: grade("B") }]);
        assert_eq!(member.grace(), (expected == "A").then_some(grace));
    }
    // A gap between decisions does not start the grace anew.
    let gaps = Policy::new(name("gaps"), letters(3), Terms { usable_days: 5, ..*policy.terms() }).unwrap();
    let (member, all) = walk(&gaps, &["2024-01-01 A", "2024-01-31 B", "2024-02-15 B", "2024-03-01 B"]);
    assert_eq!((shown(&all).as_str(), member.since()), ("AAAB", date("2024-03-01")));
    // Nobody is demoted by the calendar alone.
    let (member, _) = walk(&policy, &["2024-01-01 A", "2024-01-31 B"]);
    assert_eq!(member.shown(date("2030-01-01")).name(), "A");
}

#[test]
fn recovery_ends_the_grace_and_a_new_fall_starts_another() {
    let policy = policy(3, Terms { grace_days: 30, ..EAGER });
    let (member, all) =
        walk(&policy, &["2024-01-01 A", "2024-01-31 B", "2024-02-15 A", "2024-02-16 C", "2024-03-10 C", "2024-03-16 C"]);
    assert_eq!(shown(&all), "AAAAAA");
    assert!(matches!(all[2].causes[..], [Cause::Recovered { grace }, Cause::Stays] if grace.from() == date("2024-01-31")));
    assert_eq!(member.grace().unwrap().until(), date("2024-03-17"));
    // Within the band of two bounds is a recovery too.
    let (member, _) = walk(&policy, &["2024-01-01 A", "2024-01-31 B/B", "2024-02-15 B/A"]);
    assert_eq!((member.grace(), member.run()), (None, None));
}

#[test]
fn a_promotion_needs_no_grace_and_steps_are_taken_one_by_one() {
    let policy = policy(4, Terms { steps: Some(1), grace_days: 0, ..EAGER });
    let (member, all) = walk(&policy, &["2024-01-01 D", "2024-01-02 A", "2024-01-03 A", "2024-01-04 A", "2024-01-05 D"]);
    assert_eq!(shown(&all), "DCBAB");
    assert_eq!(member.earned().name(), "D");
    assert_eq!(all[1].causes, [Cause::Promoted { from: grade("D"), to: grade("C"), confirmed: grade("A") }]);
    assert_eq!(all[1].decision.earned, grade("A"));
    assert_eq!(all[4].causes, [Cause::Demoted { from: grade("A"), to: grade("B"), confirmed: grade("D") }]);
}

#[test]
fn a_hold_is_over_on_the_day_it_expires() {
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 C"]);
    let (held, transition) = member.hold(hold("A", "2024-02-01", "2024-03-01")).unwrap();
    assert_eq!((transition.before, transition.after), (Some(grade("C")), grade("A")));
    for (on, expected) in [("01-31", "C"), ("02-01", "A"), ("02-29", "A"), ("03-01", "C"), ("03-02", "C")] {
        assert_eq!(held.shown(date(&format!("2024-{on}"))).name(), expected, "{on}");
    }
    for (on, expired) in [("02-29", false), ("03-01", true), ("03-02", true)] {
        let (after, transition) = policy.advance(Some(&held), &decided(date(&format!("2024-{on}")), "C"), None).unwrap();
        assert_eq!(transition.causes.iter().any(|c| matches!(c, Cause::HoldExpired(_))), expired, "{on}");
        assert_eq!((transition.before, transition.after.name() == "C"), (Some(grade("A")), expired), "{on}");
        // It expires once.
        let (_, next) = policy.advance(Some(&after), &decided(date("2024-04-01"), "C"), None).unwrap();
        assert_eq!(next.causes.iter().any(|c| matches!(c, Cause::HoldExpired(_))), !expired, "{on}");
    }
}

#[test]
fn a_decision_is_stale_one_day_after_it_may_be_used() {
    let policy = policy(3, Terms { usable_days: 30, promotion: Confirmation { decisions: 2, days: 0 }, ..EAGER });
    let (member, _) = walk(&policy, &["2024-01-01 B", "2024-01-02 A"]);
    for (on, days, stale) in [("2024-01-01", 0, false), ("2024-02-01", 30, false), ("2024-02-02", 31, true)] {
        assert_eq!((member.days_since_decision(date(on)), policy.is_stale(&member, date(on))), (days, stale), "{on}");
    }
    let on = |day| policy.advance(Some(&member), &decided(date(day), "A"), None).unwrap();
    assert_eq!(on("2024-02-01").0.automatic().name(), "A");
    let (late, transition) = on("2024-02-02");
    assert_eq!((late.automatic().name().as_str(), late.run().unwrap().count), ("B", 1));
    assert_eq!(transition.causes[0], Cause::Lapsed { last: date("2024-01-02") });
}

// The faults of others.

#[test]
fn what_is_shown_is_never_fed_back() {
    // superset#6875: the capped tier was stored, and a customer who only had to hold 40 % had to climb 60 % again.
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 A"]);
    let (held, _) = member.hold(hold("C", "2024-01-15", "2024-03-01")).unwrap();
    // Half way between the bounds: enough to keep A, not to climb to it.
    let between = |on| (decided(date(on), "B"), decided(date(on), "A"));
    let mut member = held;
    for (on, expected) in [("2024-01-31", "C"), ("2024-02-29", "C"), ("2024-03-31", "A")] {
        let (entry, keep) = between(on);
        let (next, transition) = policy.advance(Some(&member), &entry, Some(&keep)).unwrap();
        assert_eq!(
            (transition.after.name().as_str(), next.automatic().name().as_str(), next.earned().name().as_str()),
            (expected, "A", "B")
        );
        member = next;
    }
    // A cap on the steps does not touch what is earned either.
    let policy = Policy::new(name("steps"), letters(3), Terms { steps: Some(1), ..EAGER }).unwrap();
    let (member, _) = walk(&policy, &["2024-01-01 C", "2024-02-01 A"]);
    assert_eq!((member.automatic().name().as_str(), member.earned().name().as_str()), ("B", "A"));
}

#[test]
fn a_hold_freezes_nothing() {
    // open-loyalty#74: a level given by hand took the member out of the automation for ever.
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 C"]);
    let (mut member, _) = member.hold(hold("B", "2024-01-02", "2024-03-01")).unwrap();
    let mut automatic = String::new();
    for (on, letter) in [("2024-01-31", "A"), ("2024-02-15", "C"), ("2024-02-29", "A")] {
        let (next, transition) = policy.advance(Some(&member), &decided(date(on), letter), None).unwrap();
        assert_eq!((transition.after, transition.hold.is_some()), (grade("B"), true));
        automatic += next.automatic().name();
        member = next;
    }
    assert_eq!(automatic, "ACA");
    assert_eq!(member.shown(date("2024-03-01")).name(), "A");
    let (released, transition) = member.release(release("2024-02-29")).unwrap();
    assert_eq!((transition.before, transition.after), (Some(grade("B")), grade("A")));
    assert_eq!(released.shown(date("2024-02-29")).name(), "A");
}

#[test]
fn retries_neither_confirm_nor_restart_grace() {
    // commonly#879: every retry started the grace anew.
    let policy = policy(3, Terms { demotion: Confirmation { decisions: 2, days: 0 }, grace_days: 30, ..EAGER });
    let (mut member, _) = walk(&policy, &["2024-01-01 A"]);
    for (on, grace) in [
        ("2024-01-31", None),
        ("2024-02-10", Some("2024-03-11")),
        ("2024-02-20", Some("2024-03-11")),
        ("2024-03-10", Some("2024-03-11")),
    ] {
        let bad = decided(date(on), "B");
        member = policy.advance(Some(&member), &bad, None).unwrap().0;
        for _ in 0..3 {
            let (again, transition) = policy.advance(Some(&member), &bad, None).unwrap();
            assert_eq!((&again, &transition.causes[..]), (&member, &[Cause::Repeated][..]));
            assert!(!transition.is_change());
        }
        assert_eq!(member.grace().map(|g| g.until()), grace.map(date), "{on}");
    }
    assert_eq!(policy.advance(Some(&member), &decided(date("2024-03-11"), "B"), None).unwrap().0.automatic().name(), "B");
}

#[test]
fn every_downgrade_says_which_model_and_why() {
    // pollinations#10211: a regression in a validator downgraded customers, and nobody could tell.
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 A"]);
    let other = Decision { model: ModelId { name: name("model"), fingerprint: 2 }, ..decided(date("2024-02-01"), "C") };
    let (_, transition) = policy.advance(Some(&member), &other, None).unwrap();
    let before = ModelId { name: name("model"), fingerprint: 1 };
    let demoted = Cause::Demoted { from: grade("A"), to: grade("C"), confirmed: grade("C") };
    assert_eq!(transition.causes, [Cause::OtherModels { model: before, keep_model: None }, demoted]);
    assert_eq!((transition.policy.as_ref(), transition.decision.model.fingerprint), (Some(policy.id()), 2));
    assert_eq!(
        transition.explain(Language::English),
        "2024-02-01: from A to C.\nEarned as of 2024-02-01: C, by model #0000000000000002.\n\
         Decided by another model than before: it was model #0000000000000001.\nDemoted from A to C.\n"
    );
    assert_eq!(
        transition.explain(Language::Chinese),
        "2024-02-01：由 A 变为 C。\n截至 2024-02-01 应得等级：C（model #0000000000000002）。\n\
         评定模型与上次不同：上次为 model #0000000000000001。\n由 A 降级至 C。\n"
    );
}

#[test]
fn every_cause_has_words_in_both_languages() {
    let grace = Period::new(date("2024-01-01"), date("2024-02-01")).unwrap();
    let (a, b, held) = (grade("A"), grade("B"), hold("A", "2024-01-01", "2024-02-01"));
    let model = ModelId { name: name("m"), fingerprint: 3 };
    let keep_model = Some(model.clone());
    let causes = [
        Cause::Entered,
        Cause::OtherModels { model: model.clone(), keep_model: None },
        Cause::OtherModels { model, keep_model },
        Cause::HoldExpired(held.clone()),
        Cause::Lapsed { last: date("2024-01-01") },
        Cause::Broken { course: Course::Promotion, count: 2 },
        Cause::Recovered { grace },
        Cause::Stays,
        Cause::Confirming { course: Course::Demotion, grade: b.clone(), count: 1, of: 2, days: 0, of_days: 0 },
        Cause::Confirming { course: Course::Demotion, grade: b.clone(), count: 1, of: 2, days: 3, of_days: 9 },
        Cause::Confirming { course: Course::Demotion, grade: b.clone(), count: 2, of: 2, days: 3, of_days: 9 },
        Cause::InGrace { grace, to: b.clone() },
        Cause::Promoted { from: b.clone(), to: a.clone(), confirmed: a.clone() },
        Cause::Demoted { from: a.clone(), to: b.clone(), confirmed: grade("C") },
        Cause::Held(held.clone()),
        Cause::Released { release: release("2024-01-03"), hold: held },
        Cause::Carried { from: letters(2), carry: carry(&letters(3), &[], "2024-01-01") },
        Cause::Repeated,
    ];
    let (_, all) = walk(&policy(3, EAGER), &["2024-01-01 B"]);
    let mut seen = Vec::new();
    for cause in causes {
        let transition = Transition { causes: vec![cause], ..all[0].clone() };
        for language in [Language::English, Language::Chinese] {
            let text = transition.explain(language);
            let line = text.lines().nth(2).unwrap().to_string();
            assert!(line.ends_with(['.', '。']) && !seen.contains(&line), "{line}");
            seen.push(line);
        }
        let json = serde_json::to_string(&transition).unwrap();
        assert_eq!(serde_json::from_str::<Transition>(&json).unwrap(), transition);
    }
}

// Commands.

#[test]
fn commands_come_in_order_and_once() {
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 C"]);
    let first = hold("A", "2024-02-01", "2024-03-01");
    let (held, _) = member.hold(first.clone()).unwrap();
    assert_eq!(held.command(), Some(&Command::Hold(first.clone())));
    let (again, transition) = held.hold(first.clone()).unwrap();
    assert_eq!((&again, &transition.causes[..]), (&held, &[Cause::Repeated][..]));

    let backwards = |last: &str, on: &str| Err(MembershipError::Backwards { last: date(last), on: date(on) });
    assert_eq!(held.hold(hold("B", "2024-01-31", "2024-03-01")), backwards("2024-02-01", "2024-01-31"));
    assert_eq!(held.release(release("2024-01-31")), backwards("2024-02-01", "2024-01-31"));
    assert_eq!(held.hold(hold("B", "2024-02-01", "2024-03-01")), Err(MembershipError::AnotherThatDay(date("2024-02-01"))));
    assert_eq!(held.release(release("2024-03-01")), Err(MembershipError::NotHeld(date("2024-03-01")))); // expired today
    assert_eq!(member.release(release("2024-02-01")), Err(MembershipError::NotHeld(date("2024-02-01"))));
    assert_eq!(member.hold(hold("D", "2024-02-01", "2024-03-01")), Err(MembershipError::UnknownGrade(name("D"))));

    let (longer, transition) = held.hold(hold("B", "2024-02-10", "2024-06-01")).unwrap();
    assert_eq!((transition.before, transition.after), (Some(grade("A")), grade("B")));
    assert_eq!(longer.shown(date("2024-05-31")).name(), "B");

    let (released, _) = held.release(release("2024-02-15")).unwrap();
    assert_eq!(released.shown(date("2024-02-15")).name(), "C");
    let (again, transition) = released.release(release("2024-02-15")).unwrap();
    assert_eq!((&again, &transition.causes[..]), (&released, &[Cause::Repeated][..]));
    // A hold that is delivered once more does not come back to life.
    assert_eq!(released.hold(first), backwards("2024-02-15", "2024-02-01"));
    assert_eq!(released.hold(hold("A", "2024-02-15", "2024-03-01")), Err(MembershipError::AnotherThatDay(date("2024-02-15"))));
    assert!(released.hold(hold("A", "2024-02-16", "2024-03-01")).is_ok());
}

#[test]
fn a_hold_ordered_ahead_leaves_the_one_in_force() {
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 B"]);
    let (held, _) = member.hold(hold("A", "2024-02-01", "2024-12-01")).unwrap();
    let (ahead, transition) = held.hold(hold("C", "2024-09-01", "2024-10-01")).unwrap();
    assert_eq!((transition.before, transition.after), (Some(grade("A")), grade("C")));
    let shown = |m: &Membership| ["05-01", "08-31", "09-01", "10-01"].map(|on| m.shown(date(&format!("2024-{on}"))).to_string());
    assert_eq!(shown(&ahead), ["A", "A", "C", "B"]);
    // Decisions in between are told as of their own days.
    let (decided, transition) = policy.advance(Some(&ahead), &decided(date("2024-05-31"), "C"), None).unwrap();
    assert_eq!((transition.on, transition.before, transition.after), (date("2024-05-31"), Some(grade("A")), grade("A")));
    assert_eq!(shown(&decided), ["A", "A", "C", "C"]);
    let (released, transition) = ahead.release(release("2024-06-01")).unwrap();
    assert_eq!((transition.before, transition.after), (Some(grade("A")), grade("B")));
    assert_eq!(shown(&released), ["A", "B", "C", "B"]);
    // The order that lies ahead is still known, and can be called off; it does not come back.
    let order = hold("C", "2024-09-01", "2024-10-01");
    assert_eq!(released.hold(order.clone()).unwrap().1.causes, [Cause::Repeated]);
    assert_eq!(released.hold(hold("A", "2024-08-01", "2024-10-01")).unwrap_err().to_string().get(..10), Some("2024-08-01"));
    let (off, _) = released.release(release("2024-09-01")).unwrap();
    assert_eq!(shown(&off), ["A", "B", "B", "B"]);
    assert_eq!(off.hold(order), Err(MembershipError::AnotherThatDay(date("2024-09-01"))));
    for member in [ahead, released, off] {
        let json = serde_json::to_string(&member).unwrap();
        assert_eq!(serde_json::from_str::<Membership>(&json).unwrap(), member);
    }
}

#[test]
fn every_hold_that_expires_is_told() {
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 B"]);
    let (first, second) = (hold("A", "2024-02-01", "2024-03-01"), hold("C", "2024-04-01", "2024-05-01"));
    let (held, _) = member.hold(first.clone()).unwrap();
    // By the next command,
    let (_, transition) = held.hold(second.clone()).unwrap();
    assert_eq!((transition.before.as_ref(), transition.after.name().as_str()), (Some(&grade("A")), "C"));
    assert_eq!(transition.causes, [Cause::HoldExpired(first.clone()), Cause::Held(second)]);
    // or a carrying, whose text and the next decision's do not contradict each other.
    let order = carry(&letters(4), &[], "2024-04-01");
    let (carried, transition) = held.carry(order.clone()).unwrap();
    assert_eq!(transition.causes, [Cause::HoldExpired(first), Cause::Carried { from: letters(3), carry: order }]);
    assert!(transition.explain(Language::English).starts_with("2024-04-01: from A to B.\n"));
    let wide = Policy::new(name("wide"), letters(4), EAGER).unwrap();
    let (_, transition) = wide.advance(Some(&carried), &decided(date("2024-06-30"), "B"), None).unwrap();
    assert_eq!((transition.before.as_ref(), &transition.causes[..]), (Some(&grade("B")), &[Cause::Stays][..]));
}

#[test]
fn no_command_is_dated_back_before_a_decision() {
    let policy = policy(3, EAGER);
    let (entered, _) = walk(&policy, &["2024-01-31 B"]);
    let backwards = |last: &str, on: &str| Err(MembershipError::Backwards { last: date(last), on: date(on) });
    assert_eq!(entered.hold(hold("A", "2024-01-30", "2024-06-01")), backwards("2024-01-31", "2024-01-30"));
    let (held, _) = entered.hold(hold("A", "2024-01-31", "2024-06-01")).unwrap();
    // The decision of a month may come after a hold of the next one.
    let (member, _) = entered.hold(hold("A", "2024-03-05", "2024-06-01")).unwrap();
    let (late, transition) = policy.advance(Some(&member), &decided(date("2024-02-29"), "C"), None).unwrap();
    assert_eq!((transition.before, transition.after), (Some(grade("B")), grade("C")));
    assert_eq!(["2024-02-29", "2024-03-05", "2024-06-01"].map(|on| late.shown(date(on)).name().as_str()), ["C", "A", "C"]);
    let (later, _) = policy.advance(Some(&held), &decided(date("2024-02-29"), "C"), None).unwrap();
    assert_eq!(later.release(release("2024-02-28")), backwards("2024-02-29", "2024-02-28"));
    assert!(later.release(release("2024-02-29")).is_ok());
    assert_eq!(later.hold(hold("B", "2024-02-28", "2024-06-01")), backwards("2024-02-29", "2024-02-28"));
    // A hold that comes twice is told as of what has been decided since.
    let (again, transition) = later.hold(hold("A", "2024-01-31", "2024-06-01")).unwrap();
    assert_eq!((again, transition.on, &transition.causes[..]), (later, date("2024-02-29"), &[Cause::Repeated][..]));
}

// Other grades.

#[test]
fn a_carrying_that_comes_twice_demotes_once() {
    let policy = policy(4, Terms { grace_days: 30, ..EAGER });
    let (member, _) = walk(&policy, &["2024-01-01 A", "2024-02-01 B"]);
    let (grace, on) = (member.grace(), date("2024-02-15"));
    assert!(grace.is_some());
    let down = [("A", "B"), ("B", "C"), ("C", "D"), ("D", "E")];
    let order = carry(&letters(5), &down, "2024-02-15");
    let (carried, _) = member.carry(order.clone()).unwrap();
    assert_eq!((carried.shown(on).name().as_str(), carried.carried()), ("B", Some(&order)));
    let (again, transition) = carried.carry(order.clone()).unwrap();
    assert_eq!((&again, &transition.causes[..]), (&carried, &[Cause::Repeated][..]));
    // After more decisions, too.
    let follow = Policy::new(name("follow"), letters(5), EAGER).unwrap();
    let (next, _) = follow.advance(Some(&carried), &decided(date("2024-03-01"), "A"), None).unwrap();
    let (again, transition) = next.carry(order.clone()).unwrap();
    assert_eq!((again, transition.on, transition.causes), (next, date("2024-03-01"), vec![Cause::Repeated]));
    // Signed by another, it is another; and nobody ends a grace by carrying nowhere.
    let other = Carry { author: name("somebody"), ..order };
    assert_eq!(carried.carry(other), Err(MembershipError::SameGrades(letters(5))));
    assert_eq!(member.carry(carry(&letters(4), &[], "2024-02-15")), Err(MembershipError::SameGrades(letters(4))));
    assert_eq!(carried.carry(carry(&letters(6), &[], "2024-02-15")), Err(MembershipError::AnotherThatDay(on)));
    let early = follow.advance(Some(&carried), &decided(date("2024-02-14"), "A"), None);
    assert_eq!(early, Err(MembershipError::Backwards { last: on, on: date("2024-02-14") }));
    let far = Carry { on: NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap(), ..carry(&letters(6), &[], "2024-02-15") };
    assert_eq!(member.carry(far), Err(MembershipError::Calendar(CalendarError::OutOfRange)));
}

#[test]
fn what_a_model_decided_stays_on_record_under_new_names() {
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 B/A"]);
    let metals = GradeSet::new(names("gold silver C")).unwrap();
    let (carried, transition) = member.carry(carry(&metals, &[("A", "gold"), ("B", "silver")], "2024-02-01")).unwrap();
    let original = carried.decision().original.clone().unwrap();
    assert_eq!((original.earned, original.kept, carried.earned().name().as_str()), (grade("B"), grade("A"), "silver"));
    let text = transition.explain(Language::English);
    let model = "model #0000000000000001";
    let earned = format!("Earned as of 2024-01-01: B (now silver), by {model}; for keeping a grade: A (now gold), by {model}.");
    assert_eq!(text.lines().nth(1), Some(earned.as_str()));
    let last = "Carried from the grades \"A\" > \"B\" > \"C\" to \"gold\" > \"silver\" > \"C\" by the board: the new programme; \
                what was under way has ended.";
    assert_eq!(text.lines().nth(2), Some(last));
    assert!(transition.explain(Language::Chinese).contains("B（现为 silver）"));
    // Carried back, B is B again, and what was decided is still known; the next decision needs no counterpart.
    let (back, _) = carried.carry(carry(&letters(3), &[("gold", "A"), ("silver", "B")], "2024-03-01")).unwrap();
    assert_eq!(back.decision().original.as_ref().map(|o| &o.earned), Some(&grade("B")));
    let (next, _) = policy.advance(Some(&back), &decided(date("2024-04-01"), "B"), None).unwrap();
    assert_eq!(next.decision().original, None);
    // Where no grade changes its name or place there is nothing to add, and a decision that comes twice is known.
    let (wide, _) = member.carry(carry(&letters(4), &[], "2024-02-01")).unwrap();
    assert_eq!(wide.decision(), member.decision());
    let follow = Policy::new(name("wide"), letters(4), EAGER).unwrap();
    let (entry, keep) = (decided(date("2024-01-01"), "B"), decided(date("2024-01-01"), "A"));
    let (_, transition) = follow.advance(Some(&wide), &entry, Some(&keep)).unwrap();
    assert_eq!((transition.on, transition.causes), (date("2024-02-01"), vec![Cause::Repeated]));
}

#[test]
fn one_log_replays_across_a_change_of_grades() {
    let (old, new) = (policy(3, EAGER), Policy::new(name("new"), letters(4), EAGER).unwrap());
    let event = |on: &str, letter: &str| Event::Decided { entry: decided(date(on), letter), keep: None };
    let order = Event::Carried(carry(&letters(4), &[("C", "D")], "2024-02-15"));
    let log = [event("2024-01-01", "C"), order.clone(), order.clone(), event("2024-03-01", "D"), event("2024-04-01", "A")];
    let read: Vec<Event> = serde_json::from_str(&serde_json::to_string(&log).unwrap()).unwrap();
    let (member, all) = Membership::replay(&[&old, &new], None, &read).unwrap();
    assert_eq!((shown(&all).as_str(), member.grades()), ("CDDDA", new.grades()));
    let (first, _) = old.replay(None, &log[..1]).unwrap();
    assert_eq!(new.replay(Some(&first), &log[1..]).unwrap().0, member);
    let at = |at, why| Err(MembershipError::Event { at, why: Box::new(why) });
    let other = MembershipError::OtherGrades { membership: letters(4), policy: letters(3) };
    assert_eq!(old.replay(None, &log), at(1, other.clone()));
    assert_eq!(Membership::replay(&[&old, &old], None, &log), at(1, other));
    assert_eq!(Membership::replay(&[&old, &new], None, &log[1..]), at(0, MembershipError::NotEntered));
    assert_eq!(Membership::replay(&[], Some(&member), &log), Err(MembershipError::NothingToReplay));
}

// Errors.

#[test]
fn bad_policies_are_refused_by_constructor_and_json_alike() {
    let takes = |decisions, days| Confirmation { decisions, days };
    for (terms, error) in [
        (Terms { promotion: takes(0, 9), ..EAGER }, MembershipError::NoDecisions),
        (Terms { demotion: takes(0, 9), ..EAGER }, MembershipError::NoDecisions),
        (Terms { promotion: takes(1, 36_526), ..EAGER }, MembershipError::TooManyDays(36_526)),
        (Terms { demotion: takes(1, u32::MAX), ..EAGER }, MembershipError::TooManyDays(u32::MAX)),
        (Terms { grace_days: 36_526, ..EAGER }, MembershipError::TooManyDays(36_526)),
        (Terms { steps: Some(0), ..EAGER }, MembershipError::BadSteps(0)),
        (Terms { steps: Some(7), ..EAGER }, MembershipError::BadSteps(7)),
        (Terms { usable_days: 0, ..EAGER }, MembershipError::BadUsableDays(0)),
        (Terms { usable_days: 36_526, ..EAGER }, MembershipError::BadUsableDays(36_526)),
    ] {
        let Terms { promotion, demotion, grace_days, steps, usable_days } = terms;
        let json = json!({"name": "p", "grades": ["A", "B"], "promotion": promotion, "demotion": demotion, "grace_days": grace_days,
            "steps": steps, "usable_days": usable_days});
        assert_eq!(serde_json::from_value::<Policy>(json).unwrap_err().to_string(), error.to_string());
        assert_eq!(Policy::new(name("p"), letters(2), terms), Err(error));
    }
    let good = policy(2, Terms { steps: Some(6), usable_days: 1, grace_days: 36_525, ..EAGER });
    let read: Policy = serde_json::from_value(serde_json::to_value(&good).unwrap()).unwrap();
    assert_eq!(read, good);
    let other = policy(2, Terms { steps: Some(5), ..*good.terms() });
    assert_ne!(other.id().fingerprint, good.id().fingerprint);
}

#[test]
fn decisions_that_do_not_fit_are_refused() {
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 A", "2024-02-01 B/A"]);
    let advance = |on: &str, entry: &str, keep: Option<(&str, &str)>| {
        let keep = keep.map(|(on, letter)| decided(date(on), letter));
        policy.advance(Some(&member), &decided(date(on), entry), keep.as_ref()).map(|_| ())
    };
    let on = date("2024-02-01");
    for (result, error) in [
        (advance("2024-03-01", "D", None), MembershipError::UnknownGrade(name("D"))),
        (advance("2024-03-01", "C", Some(("2024-03-01", "D"))), MembershipError::UnknownGrade(name("D"))),
        (
            advance("2024-03-01", "A", Some(("2024-03-01", "B"))),
            MembershipError::KeepBelowEntry { entry: name("A"), keep: name("B") },
        ),
        (
            advance("2024-03-01", "B", Some(("2024-03-02", "A"))),
            MembershipError::TwoDays { entry: date("2024-03-01"), keep: date("2024-03-02") },
        ),
        (advance("2024-01-31", "B", None), MembershipError::Backwards { last: on, on: date("2024-01-31") }),
        (advance("2024-01-01", "A", None), MembershipError::Backwards { last: on, on: date("2024-01-01") }),
        (advance("2024-02-01", "B", None), MembershipError::AnotherThatDay(on)), // without the second bound it is another one
        (advance("2024-02-01", "A", Some(("2024-02-01", "A"))), MembershipError::AnotherThatDay(on)),
        (advance("2024-02-01", "B", Some(("2024-02-01", "B"))), MembershipError::AnotherThatDay(on)),
    ] {
        assert_eq!(result, Err(error));
    }
    assert_eq!(advance("2024-02-01", "B", Some(("2024-02-01", "A"))), Ok(()));
    let touched = Decision { model: ModelId { name: name("model"), fingerprint: 9 }, ..decided(on, "B") };
    assert_eq!(policy.advance(Some(&member), &touched, Some(&decided(on, "A"))), Err(MembershipError::AnotherThatDay(on)));
    // A letter in another place is another grade.
    let upside_down =
        Decision { value: GradeSet::new(names("B A C")).unwrap().grade("A").unwrap().clone(), ..decided(date("2024-03-01"), "A") };
    assert_eq!(policy.advance(None, &upside_down, None), Err(MembershipError::UnknownGrade(name("A"))));
    let far = Decision { as_of: NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap(), ..decided(on, "A") };
    assert_eq!(policy.advance(None, &far, None), Err(MembershipError::Calendar(CalendarError::OutOfRange)));
    let late = Policy::new(name("late"), letters(3), Terms { grace_days: 2, ..EAGER }).unwrap();
    let end = late.advance(Some(&member), &decided(date("9999-12-30"), "C"), None);
    assert_eq!(end, Err(MembershipError::Calendar(CalendarError::OutOfRange)));
}

#[test]
fn other_grades_say_what_to_do_and_memberships_can_be_carried() {
    let (old, new) = (policy(3, Terms { grace_days: 30, ..EAGER }), GradeSet::new(names("gold silver C")).unwrap());
    let (member, _) = walk(&old, &["2024-01-01 A", "2024-02-01 C/B"]);
    let (member, _) = member.hold(hold("B", "2024-02-10", "2024-04-01")).unwrap();
    assert!(member.grace().is_some());
    let follow = Policy::new(name("new"), new.clone(), EAGER).unwrap();
    let gold = Decision { value: new.grade("gold").unwrap().clone(), ..decided(date("2024-03-01"), "A") };
    let error = follow.advance(Some(&member), &gold, None).unwrap_err();
    assert_eq!(error, MembershipError::OtherGrades { membership: letters(3), policy: new.clone() });
    assert!(error.to_string().contains("carry"));
    assert_eq!(follow.outlook(&member).unwrap_err(), error);

    let renamed = [("A", "gold"), ("B", "silver")];
    let on = date("2024-02-15");
    assert_eq!(member.carry(carry(&new, &renamed[..1], "2024-02-15")), Err(MembershipError::NoCounterpart(name("B"))));
    assert_eq!(member.carry(carry(&new, &renamed[1..], "2024-02-15")), Err(MembershipError::NoCounterpart(name("A"))));
    let early = member.carry(carry(&new, &renamed, "2024-01-31"));
    assert_eq!(early, Err(MembershipError::Backwards { last: date("2024-02-01"), on: date("2024-01-31") }));
    // Before the hold begins: it begins in the new grades.
    let (early, _) = member.carry(carry(&new, &renamed, "2024-02-09")).unwrap();
    assert_eq!(["2024-02-09", "2024-02-10"].map(|on| early.shown(date(on)).name().as_str()), ["gold", "silver"]);
    let order = carry(&new, &renamed, "2024-02-15");
    let (carried, transition) = member.carry(order.clone()).unwrap();
    assert_eq!((carried.automatic().name().as_str(), carried.earned().name().as_str()), ("gold", "C"));
    assert_eq!((carried.shown(on).name().as_str(), carried.shown(date("2024-04-01")).name().as_str()), ("silver", "gold"));
    assert_eq!((carried.run(), carried.grace(), carried.since()), (None, None, date("2024-01-01")));
    assert_eq!(transition.causes, [Cause::Carried { from: letters(3), carry: order }]);
    assert_eq!((transition.before.unwrap().name().as_str(), transition.after.name().as_str()), ("B", "silver"));
    assert_eq!(follow.advance(Some(&carried), &gold, None).unwrap().0.automatic().name(), "gold");
    // The same names in another order are other grades.
    let turned = Policy::new(name("turned"), GradeSet::new(names("C B A")).unwrap(), EAGER).unwrap();
    let (carried, _) = member.carry(carry(turned.grades(), &[], "2024-03-01")).unwrap();
    assert_eq!((carried.earned().rank(), carried.decision().kept.rank(), carried.automatic().rank()), (1, 1, 3));
    let json = serde_json::to_value(&carried).unwrap();
    assert_eq!(serde_json::from_value::<Membership>(json).unwrap(), carried);
}

#[test]
fn replay_names_the_event_at_fault() {
    let policy = policy(3, EAGER);
    assert_eq!(policy.replay(None, &[]), Err(MembershipError::NothingToReplay));
    let at = |at, why| Err(MembershipError::Event { at, why: Box::new(why) });
    let early = Event::Held(hold("A", "2024-02-01", "2024-03-01"));
    assert_eq!(policy.replay(None, [&early]), at(0, MembershipError::NotEntered));
    let enter = Event::Decided { entry: decided(date("2024-01-01"), "B"), keep: None };
    let events = [enter.clone(), early, Event::Released(release("2024-03-01"))];
    assert_eq!(policy.replay(None, &events), at(2, MembershipError::NotHeld(date("2024-03-01"))));
    let (member, _) = policy.replay(None, &events[..2]).unwrap();
    assert_eq!(policy.replay(Some(&member), &[]).unwrap(), (member.clone(), vec![]));
    let (wide, _) = member.carry(carry(&letters(4), &[], "2024-02-01")).unwrap();
    assert!(matches!(policy.apply(Some(&wide), &events[1]), Err(MembershipError::OtherGrades { .. })));
}

#[test]
fn no_membership_is_read_that_no_policy_makes() {
    let two = Confirmation { decisions: 2, days: 0 };
    let policy = policy(4, Terms { demotion: two, promotion: two, grace_days: 30, ..EAGER });
    let (member, _) = walk(&policy, &["2024-01-01 B", "2024-02-01 D/C", "2024-03-01 D/C"]);
    let good = serde_json::to_value(&member).unwrap();
    assert_eq!(serde_json::from_value::<Membership>(good.clone()).unwrap(), member);
    let a = json!({"rank": 1, "name": "A"});
    let touched: [(&str, Value); 17] = [
        ("/grades", json!(["A", "B", "C"])),
        ("/automatic", json!({"rank": 2, "name": "C"})),
        ("/automatic", json!({"rank": 4, "name": "D"})), // no demand for a demotion
        ("/since", json!("2024-03-02")),
        ("/since", json!("2024-02-01")), // the run cannot have begun on the day of the last move
        ("/decision/kept", json!({"rank": 7, "name": "G"})),
        ("/decision/earned", a.clone()), // better than what is kept
        ("/run/course", json!("promotion")),
        ("/run/grade", a),
        ("/run/grade", json!({"rank": 4, "name": "D"})), // worse than the last decision supports
        ("/run/count", json!(0)),
        ("/run/count", json!(1)),
        ("/run/count", json!(31)), // thirty days after the first at most
        ("/run/since", json!("2024-03-02")),
        ("/grace/until", json!("2024-03-01")),
        ("/grace/from", json!("2024-01-31")),
        ("/grace", json!({"from": "2024-02-10", "until": "2024-03-01"})), // over by the last decision
    ];
    for (pointer, value) in touched {
        let mut json = good.clone();
        *json.pointer_mut(pointer).unwrap() = value;
        assert!(serde_json::from_value::<Membership>(json.clone()).is_err(), "{pointer}: {json}");
    }
    let mut json = good.clone();
    json["command"] = json!({"release": {"on": "+10000-01-01", "reason": "r", "author": "a"}});
    let why = serde_json::from_value::<Membership>(json).unwrap_err().to_string();
    assert_eq!(why, CalendarError::OutOfRange.to_string());
    let mut json = good;
    json.as_object_mut().unwrap().remove("run");
    assert!(serde_json::from_value::<Membership>(json).is_err());
}

#[test]
fn no_holds_and_carryings_are_read_that_cannot_have_been() {
    let policy = policy(3, EAGER);
    let (member, _) = walk(&policy, &["2024-01-01 B"]);
    let (member, _) = member.carry(carry(&letters(4), &[], "2024-01-10")).unwrap();
    let (member, _) = member.hold(hold("A", "2024-02-01", "2024-04-01")).unwrap();
    let (member, _) = member.hold(hold("C", "2024-03-01", "2024-05-01")).unwrap();
    let good = serde_json::to_value(&member).unwrap();
    assert_eq!(serde_json::from_value::<Membership>(good.clone()).unwrap(), member);
    for (pointer, value) in [
        ("/holds/0/until", json!("2024-03-02")), // reaches into the next one
        ("/holds/0/until", json!("2024-01-31")), // over before it began
        ("/holds/1/until", json!("2024-05-02")), // longer than was ordered
        ("/holds/1/hold/during/from", json!("2024-02-01")),
        ("/holds/0/hold/grade", json!({"rank": 5, "name": "E"})),
        ("/command/hold/grade", json!({"rank": 5, "name": "E"})),
        ("/carried/to", json!(["A", "B", "C"])),
        ("/carried/on", json!("+10000-01-01")),
        ("/carried/on", json!("2024-03-01")), // the first hold was over by then
        ("/holds/0/more", json!(1)),
        ("/carried/more", json!(1)),
    ] {
        let mut json = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        json.pointer_mut(parent).unwrap()[key] = value;
        assert!(serde_json::from_value::<Membership>(json.clone()).is_err(), "{pointer}: {json}");
    }
    let mut json = good;
    json["run"] = json!({"course": "promotion", "since": "2024-01-05", "count": 1, "grade": {"rank": 1, "name": "A"}});
    assert!(serde_json::from_value::<Membership>(json).is_err());
    // A run that was counted in other grades.
    let slow = Policy::new(name("slow"), letters(4), Terms { promotion: Confirmation { decisions: 3, days: 0 }, ..EAGER }).unwrap();
    let (member, _) = slow.advance(Some(&member), &decided(date("2024-01-20"), "A"), None).unwrap();
    let (member, _) = slow.advance(Some(&member), &decided(date("2024-01-25"), "A"), None).unwrap();
    let mut json = serde_json::to_value(&member).unwrap();
    assert!(serde_json::from_value::<Membership>(json.clone()).is_ok());
    json["run"]["since"] = json!("2024-01-09");
    assert!(serde_json::from_value::<Membership>(json).is_err());
}

// Random walks.

#[test]
fn the_outlook_names_the_day() {
    let terms = Terms {
        demotion: Confirmation { decisions: 3, days: 40 },
        promotion: Confirmation { decisions: 2, days: 0 },
        grace_days: 30,
        ..EAGER
    };
    let policy = policy(3, terms);
    let outlook = |decisions: &[&str]| policy.outlook(&walk(&policy, decisions).0).unwrap();
    let down = |not_before, decisions| Outlook::Moves {
        course: Course::Demotion,
        to: grade("B"),
        not_before: date(not_before),
        decisions,
        next_by: None,
    };
    let by = |outlook, last: &str| match outlook {
        Outlook::Moves { course, to, not_before, decisions, .. } => {
            let next_by = date(last).checked_add_days(Days::new(36_525));
            Outlook::Moves { course, to, not_before, decisions, next_by }
        }
        Outlook::Stays { .. } => outlook,
    };
    assert_eq!(outlook(&["2024-01-01 A"]), Outlook::Stays { grade: grade("A") });
    // Third decision and fortieth day on 12 March, and thirty days.
    assert_eq!(outlook(&["2024-01-01 A", "2024-02-01 B"]), by(down("2024-04-11", 3), "2024-02-01"));
    assert_eq!(outlook(&["2024-01-01 A", "2024-02-01 B", "2024-03-01 B"]), by(down("2024-04-11", 2), "2024-03-01"));
    assert_eq!(outlook(&["2024-01-01 A", "2024-02-01 B", "2024-03-01 B", "2024-04-01 B"]), down("2024-05-01", 1));
    let up =
        Outlook::Moves { course: Course::Promotion, to: grade("A"), not_before: date("2024-02-02"), decisions: 1, next_by: None };
    assert_eq!(outlook(&["2024-01-01 C", "2024-02-01 A"]), by(up.clone(), "2024-02-01"));
    assert_eq!(
        up.explain(Language::English),
        "If the same grade is earned once more, promotion to A, on 2024-02-02 at the earliest."
    );
    assert_eq!(up.explain(Language::Chinese), "若再有 1 次得到同一等级，最早于 2024-02-02 升级至 A。");
    assert_eq!(
        down("2024-04-11", 3).explain(Language::English),
        "If the same grade is earned 3 more times, demotion to B, on 2024-04-11 at the earliest."
    );
    assert_eq!(Outlook::Stays { grade: grade("A") }.explain(Language::Chinese), "若下次仍得同一等级，保持 A。");
}

#[test]
fn the_outlook_counts_the_decision_that_begins_a_run() {
    // One decision and thirty days: one begins the run, another ends the span.
    let month = Confirmation { decisions: 1, days: 30 };
    let policy = policy(3, Terms { promotion: month, demotion: month, steps: Some(1), usable_days: 45, ..EAGER });
    let outlook = |member: &Membership| match policy.outlook(member).unwrap() {
        Outlook::Moves { not_before, decisions, next_by, .. } => (not_before, decisions, next_by),
        Outlook::Stays { grade } => panic!("stays {grade}"),
    };
    // Demoted from A to B on 4 March, C is still earned, and no run has begun.
    let (member, all) = walk(&policy, &["2024-01-01 A", "2024-02-01 C", "2024-03-04 C"]);
    assert_eq!((shown(&all).as_str(), member.run()), ("AAB", None));
    assert_eq!(outlook(&member), (date("2024-04-04"), 2, None));
    let (member, _) = policy.advance(Some(&member), &decided(date("2024-03-05"), "C"), None).unwrap();
    assert_eq!(outlook(&member), (date("2024-04-04"), 1, Some(date("2024-04-19"))));
    let text = all[1].explain(Language::English);
    assert!(text.ends_with("Towards demotion to C: over 0 of 30 days, decision 1 in a row.\n"), "{text}");
    assert!(all[1].explain(Language::Chinese).ends_with("待确认降级至 C：历时 0 天，需 30 天；连续第 1 次。\n"));
}

#[test]
fn the_outlook_names_the_last_day_on_which_a_decision_counts() {
    // Decisions every 31 days that are usable for 30: every one begins anew.
    let policy = policy(3, Terms { demotion: Confirmation { decisions: 2, days: 0 }, usable_days: 30, ..EAGER });
    let (member, all) = walk(&policy, &["2024-01-01 A", "2024-02-01 B", "2024-03-03 B"]);
    assert_eq!(shown(&all), "AAA");
    let outlook = policy.outlook(&member).unwrap();
    assert_eq!(
        outlook.explain(Language::English),
        "If the same grade is earned once more, demotion to B, on 2024-03-04 at the earliest. \
         The next decision must be of 2024-04-02 or earlier, or confirmation starts anew."
    );
    assert_eq!(
        outlook.explain(Language::Chinese),
        "若再有 1 次得到同一等级，最早于 2024-03-04 降级至 B。下次评定不得晚于 2024-04-02，否则重新开始确认。"
    );
    let on = |day| policy.advance(Some(&member), &decided(date(day), "B"), None).unwrap().0.automatic().to_string();
    assert_eq!([on("2024-04-02"), on("2024-04-03")], ["B", "A"]);
    // Decisions that are usable for ten days span thirty in three more.
    let span = Policy::new(
        name("span"),
        letters(3),
        Terms { demotion: Confirmation { decisions: 2, days: 30 }, usable_days: 10, ..EAGER },
    );
    let span = span.unwrap();
    let (member, _) = walk(&span, &["2024-01-01 A", "2024-01-02 B"]);
    let outlook = span.outlook(&member).unwrap();
    assert!(matches!(outlook, Outlook::Moves { decisions: 3, not_before, .. } if not_before == date("2024-02-01")), "{outlook:?}");
}

/// One decision of a random walk: days since the one before, and two grades of four as numbers, 0 the worst.
type Step = (u32, u8, u8);

/// Grades stay for a while: moves take several decisions in a row.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let spell = (0..4_u8, 0..4_u8, vec(1..40_u32, 1..7));
    vec(spell, 1..8).prop_map(|spells| {
        spells.into_iter().flat_map(|(a, b, gaps)| gaps.into_iter().map(move |gap| (gap, a.min(b), a.max(b)))).collect()
    })
}

prop_compose! {
    fn terms()(
        up in (1..4_u16, 0..50_u32), down in (1..4_u16, 0..50_u32), grace_days in prop_oneof![Just(0), 1..90_u32],
        steps in option::of(1..4_u8), usable_days in prop_oneof![Just(36_525), 5..60_u32],
    ) -> Terms {
        let takes = |(decisions, days)| Confirmation { decisions, days };
        Terms { promotion: takes(up), demotion: takes(down), grace_days, steps, usable_days }
    }
}

fn number(grade: &Grade) -> u8 {
    4 - grade.rank()
}

fn numbered(on: NaiveDate, number: u8) -> Decision<Grade> {
    decided(on, ["D", "C", "B", "A"][usize::from(number)])
}

fn after(day: u32) -> NaiveDate {
    date("2024-01-01").checked_add_days(Days::new(day.into())).unwrap()
}

/// The days and grades of a walk as events, every decision with both bounds.
fn events(steps: &[Step]) -> Vec<Event> {
    let days = steps.iter().scan(0, |day, (gap, _, _)| {
        *day += gap;
        Some(*day)
    });
    let event = |(day, (_, entry, keep)): (u32, &Step)| Event::Decided {
        entry: numbered(after(day), *entry),
        keep: Some(numbered(after(day), *keep)),
    };
    days.zip(steps).map(event).collect()
}

/// The policy as a sentence about the whole past, without a state: the automatic grade after each step.
fn by_the_book(terms: &Terms, walk: &[Step]) -> Vec<u8> {
    let mut days = vec![];
    let mut now = walk[0].1;
    let mut grades = vec![];
    // The first decision that may belong to a run: the one after the last move.
    let mut free = 1;
    for (n, (gap, _, _)) in walk.iter().enumerate() {
        days.push(days.last().unwrap_or(&0) + gap);
        let way = |i: usize| (i8::from(walk[i].1 > now)) - i8::from(walk[i].2 < now);
        let takes = if way(n) > 0 { terms.promotion } else { terms.demotion };
        let confirmed = |s: usize, j: usize| j - s + 1 >= usize::from(takes.decisions) && days[j] - days[s] >= takes.days;
        let graced = |s: usize, i: usize| way(n) < 0 && terms.grace_days > 0 && (s..i).any(|j| confirmed(s, j));
        let unbroken =
            |s: usize| (s..=n).all(|i| way(i) == way(n)) && (s + 1..=n).all(|i| walk[i].0 <= terms.usable_days || graced(s, i));
        if n > 0
            && way(n) != 0
            && let Some(s) = (free..=n).find(|&s| unbroken(s))
            && let Some(first) = (s..=n).find(|&j| confirmed(s, j))
            && (way(n) > 0 || days[n] >= days[first] + terms.grace_days)
        {
            let most = i16::from(terms.steps.unwrap_or(9));
            let run = || walk[s..=n].iter();
            let goal = if way(n) > 0 { run().map(|w| w.1).min() } else { run().map(|w| w.2).max() }.unwrap();
            let step = (i16::from(goal) - i16::from(now)).clamp(-most, most);
            now = u8::try_from(i16::from(now) + step).unwrap();
            free = n + 1;
        }
        grades.push(now);
    }
    grades
}

/// How many grades are passed in all, up and down.
fn travel(grades: &[u8]) -> u32 {
    grades.windows(2).map(|w| u32::from(w[0].abs_diff(w[1]))).sum()
}

/// Causes that may change what is shown.
fn moves(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::Entered
            | Cause::Promoted { .. }
            | Cause::Demoted { .. }
            | Cause::HoldExpired(_)
            | Cause::Held(_)
            | Cause::Released { .. }
    )
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn the_machine_does_what_the_book_says(terms in terms(), walk in steps()) {
        let policy = policy(4, terms);
        let events = events(&walk);
        let (stored, transitions) = policy.replay(None, &events).unwrap();
        let automatic: Vec<u8> = transitions.iter().map(|t| number(&t.automatic)).collect();
        prop_assert_eq!(automatic, by_the_book(&terms, &walk));

        // One by one, through JSON, every event twice.
        let mut member: Option<Membership> = None;
        for (event, transition) in events.iter().zip(&transitions) {
            let (next, step) = policy.apply(member.as_ref(), event).unwrap();
            prop_assert_eq!(&step, transition);
            prop_assert!(!step.is_change() || step.causes.iter().any(moves), "{:?}", step);
            let read: Membership = serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap();
            prop_assert_eq!(&read, &next);
            let (again, repeated) = policy.apply(Some(&next), event).unwrap();
            prop_assert_eq!(&again, &next);
            prop_assert!(!repeated.is_change());
            member = Some(read);
        }
        prop_assert_eq!(member, Some(stored));
    }

    #[test]
    fn hysteresis_never_travels_more_than_one_threshold_within_its_bounds(terms in terms(), walk in steps(), picks in vec(0..4_u8, 42)) {
        let automatic = by_machine(&terms, &walk);
        // A plain grade anywhere between the two bounds, starting where the membership starts.
        let plain: Vec<u8> = walk.iter().zip(&picks).enumerate()
            .map(|(i, ((_, entry, keep), pick))| if i == 0 { *entry } else { *pick.clamp(entry, keep) }).collect();
        prop_assert!(travel(&automatic) <= travel(&plain), "{:?} {:?}", automatic, plain);
        let strict: Vec<u8> = walk.iter().map(|w| w.1).collect();
        prop_assert!(travel(&automatic) <= travel(&strict));
    }

    #[test]
    fn the_outlook_comes_true(terms in terms(), walk in steps()) {
        let policy = policy(4, terms);
        let (member, _) = policy.replay(None, &events(&walk)).unwrap();
        let last = member.decision().clone();
        let again = |member: &Membership, on: NaiveDate| {
            let model = last.model.clone();
            let decision = |value: &Grade| Decision { value: value.clone(), reasons: vec![], model: model.clone(), as_of: on };
            policy.advance(Some(member), &decision(&last.earned), Some(&decision(&last.kept))).unwrap().0
        };
        let outlook = policy.outlook(&member).unwrap();
        let (to, not_before, decisions) = match &outlook {
            Outlook::Stays { grade } => (grade, last.as_of.checked_add_days(Days::new(200)).unwrap(), 200),
            Outlook::Moves { to, not_before, decisions, .. } => (to, *not_before, *decisions),
        };
        // Every day.
        let mut daily = member.clone();
        while daily.decision().as_of < not_before {
            prop_assert_eq!(daily.automatic(), member.automatic());
            let next = daily.decision().as_of.succ_opt().unwrap();
            daily = again(&daily, next);
        }
        prop_assert_eq!(daily.automatic(), to);
        // As seldom as may be: so many decisions do it, fewer do not.
        let mut seldom = member.clone();
        if let Outlook::Moves { course, .. } = &outlook {
            // The grace alone may take longer than decisions are usable.
            let graced = *course == Course::Demotion && terms.grace_days > 0;
            for n in 1..=decisions {
                prop_assert_eq!(seldom.automatic(), member.automatic());
                let gap = if n == decisions && graced { 200 } else { terms.usable_days.min(200) };
                seldom = again(&seldom, seldom.decision().as_of.checked_add_days(Days::new(gap.into())).unwrap());
            }
            prop_assert_eq!(seldom.automatic(), to);
        }
        // The next decision goes on with the run up to the day named, and not after it.
        if let Outlook::Moves { next_by: Some(by), .. } = &outlook {
            let run = |on| again(&member, on).run().map(|run| run.since);
            prop_assert!(policy.is_stale(&member, by.succ_opt().unwrap()) && !policy.is_stale(&member, *by));
            prop_assert_ne!(run(*by), Some(*by));
            prop_assert!(run(by.succ_opt().unwrap()).is_none_or(|since| since > *by));
        }
        let mut seldom = member.clone();
        for _ in 1..decisions {
            let next = seldom.decision().as_of.checked_add_days(Days::new(u64::from(terms.usable_days.min(60)))).unwrap();
            seldom = again(&seldom, next);
            prop_assert_eq!(seldom.automatic(), member.automatic());
        }
    }

    #[test]
    fn holds_change_what_is_shown_and_nothing_else(
        terms in terms(), walk in steps(), commands in vec((1..60_u32, 0..4_u8, option::of(1..80_u32)), 0..8),
    ) {
        let policy = policy(4, terms);
        let decisions = events(&walk);
        let (alone, steps) = policy.replay(None, &decisions).unwrap();
        // Commands by their days, after the first decision; `None` releases.
        let mut day = walk[0].0;
        let mut orders = vec![];
        for (gap, grade, length) in commands {
            day += gap;
            orders.push((day, grade, length));
        }
        let mut member = policy.apply(None, &decisions[0]).unwrap().0;
        let mut rest = decisions[1..].iter().zip(&steps[1..]).peekable();
        // The holds as a list of spans, the later cutting off the earlier.
        let mut spans: Vec<(u32, u32, u8)> = vec![];
        let shown = |spans: &[(u32, u32, u8)], day: u32, automatic: u8| {
            spans.iter().rev().find(|(from, until, _)| *from <= day && day < *until).map_or(automatic, |s| s.2)
        };
        for (day, grade, length) in orders {
            while let Some((event, step)) = rest.next_if(|(_, step)| step.on < after(day)) {
                let (next, with) = policy.apply(Some(&member), event).unwrap();
                prop_assert_eq!(&with.automatic, &step.automatic);
                let on = u32::try_from((step.on - after(0)).num_days()).unwrap();
                prop_assert_eq!(number(&with.after), shown(&spans, on, number(&step.automatic)));
                prop_assert!(!with.is_change() || with.causes.iter().any(moves), "{:?}", with);
                member = next;
            }
            let in_force = member.hold_on(after(day)).is_some();
            let result = match length {
                Some(length) => {
                    let during = Period::new(after(day), after(day + length)).unwrap();
                    let letter = numbered(after(day), grade).value;
                    member.hold(Hold { grade: letter, during, reason: name("r"), author: name("a") })
                }
                None => member.release(Release { on: after(day), reason: name("r"), author: name("a") }),
            };
            match (result, length) {
                (Err(error), None) => {
                    prop_assert_eq!(error, MembershipError::NotHeld(after(day)));
                    prop_assert!(!in_force);
                    continue;
                }
                (result, length) => {
                    for span in &mut spans {
                        span.1 = span.1.min(day);
                    }
                    spans.extend(length.map(|length| (day, day + length, grade)));
                    member = result.unwrap().0;
                }
            }
            prop_assert_eq!(number(member.shown(after(day))), shown(&spans, day, number(member.automatic())));
        }
        for (event, _) in rest {
            member = policy.apply(Some(&member), event).unwrap().0;
        }
        prop_assert_eq!(
            (member.automatic(), member.since(), member.run(), member.grace(), member.decision()),
            (alone.automatic(), alone.since(), alone.run(), alone.grace(), alone.decision())
        );
    }
}

/// Something that is done to a membership in a random walk of every kind.
#[derive(Clone, Debug)]
enum Act {
    Decide(u8, u8),
    Hold(u8, u32),
    Release,
    Carry,
    Again(usize),
}

fn acts() -> impl Strategy<Value = Vec<(i32, Act)>> {
    let act = prop_oneof![
        4 => (0..4_u8, 0..4_u8).prop_map(|(a, b)| Act::Decide(a.min(b), a.max(b))),
        4 => (0..4_u8, 1..60_u32).prop_map(|(grade, days)| Act::Hold(grade, days)),
        2 => Just(Act::Release),
        1 => Just(Act::Carry),
        1 => (0..30_usize).prop_map(Act::Again),
    ];
    vec((-25..60_i32, act), 1..30)
}

/// What a person ordered for a day: to show a grade (by the hold of that number), or that a hold ends there.
#[derive(Clone, Copy, PartialEq)]
enum Hand {
    Holds(usize, u8),
    Ends,
}

proptest! {
    #![proptest_config(cases(1024))]

    /// What is said to be shown before a step is what was shown: against a calendar with a page for every day.
    #[test]
    fn every_step_begins_where_the_one_before_it_ended(terms in terms(), acts in acts()) {
        let other = GradeSet::new(names("a b c d")).unwrap();
        let policies = [policy(4, terms), Policy::new(name("other"), other, terms).unwrap()];
        let grade_of = |turn: usize, number: u8| policies[turn].grades().best_first()[3 - usize::from(number)].clone();
        let number_of = |grade: &Grade| 4 - grade.rank();
        let enter = Event::Decided { entry: numbered(after(30), 1), keep: None };
        let (mut member, mut last) = policies[0].apply(None, &enter).unwrap();
        let (mut turn, mut now, mut done) = (0, 30_i32, vec![enter]);
        let mut pages: Vec<Option<Hand>> = vec![None; 3_000];
        let (mut settled, mut furthest) = (30_usize, last.on);
        for (n, (gap, act)) in acts.into_iter().enumerate() {
            // Mostly forward, sometimes backward: orders ahead, decisions that are late.
            let day = usize::try_from((now + gap).max(0)).unwrap();
            let on = after(u32::try_from(day).unwrap());
            let event = match act {
                Act::Decide(entry, keep) => {
                    let decide = |number| Decision { value: grade_of(turn, number), ..decided(on, "A") };
                    Event::Decided { entry: decide(entry), keep: Some(decide(keep)) }
                }
                Act::Hold(number, days) => {
                    let during = Period::new(on, on.checked_add_days(Days::new(days.into())).unwrap()).unwrap();
                    Event::Held(Hold { grade: grade_of(turn, number), during, reason: name("r"), author: name("a") })
                }
                Act::Release => Event::Released(Release { on, reason: name("r"), author: name("a") }),
                Act::Carry => {
                    let pair = |number| (grade_of(turn, number).name().clone(), grade_of(1 - turn, number).name().clone());
                    let (to, renamed) = (policies[1 - turn].grades().clone(), (0..4).map(pair).collect());
                    Event::Carried(Carry { to, renamed, on, reason: name("r"), author: name("a") })
                }
                Act::Again(which) => done[which % done.len()].clone(),
            };
            let follow = match &event {
                Event::Carried(carry) if carry.to != *policies[turn].grades() => 1 - turn,
                _ => turn,
            };
            let Ok((next, step)) = policies[follow].apply(Some(&member), &event) else { continue };
            let read: Membership = serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap();
            prop_assert_eq!(&read, &next);
            let before = number_of(step.before.as_ref().unwrap());
            if step.causes == [Cause::Repeated] {
                prop_assert_eq!(&next, &member);
                prop_assert!(!step.is_change() && step.on >= after(u32::try_from(settled).unwrap()));
                continue;
            }
            let day = usize::try_from((step.on - after(0)).num_days()).unwrap();
            prop_assert!(day >= settled);
            let page = (settled..=day).rev().find_map(|d| pages[d].map(|hand| (d, hand)));
            let shown = match page {
                Some((_, Hand::Holds(_, number))) => number,
                Some((_, Hand::Ends)) | None => number_of(member.automatic()),
            };
            let expired = matches!(page, Some((d, Hand::Holds(..))) if d < day);
            prop_assert_eq!(before, shown, "{:?}", step);
            prop_assert_eq!(step.causes.iter().any(|c| matches!(c, Cause::HoldExpired(_))), expired, "{:?}", step);
            if last.on == furthest && step.on >= furthest {
                prop_assert_eq!(before, number_of(&last.after), "{:?} {:?}", last, step);
            }
            match &event {
                Event::Decided { .. } | Event::Carried(_) => settled = day,
                Event::Held(hold) => {
                    let until = usize::try_from((hold.during.until() - after(0)).num_days()).unwrap();
                    pages[day..].fill(None);
                    pages[day..until].fill(Some(Hand::Holds(n, number_of(&hold.grade))));
                }
                Event::Released(_) => {
                    let ended = pages[day];
                    prop_assert!(matches!(ended, Some(Hand::Holds(..))));
                    pages[day..].iter_mut().filter(|page| **page == ended).for_each(|page| *page = None);
                    pages[day] = Some(Hand::Ends);
                }
            }
            let shown = match pages[day] {
                Some(Hand::Holds(_, number)) => number,
                _ => number_of(next.automatic()),
            };
            prop_assert_eq!(number_of(&step.after), shown);
            (now, turn, furthest) = (i32::try_from(day).unwrap(), follow, furthest.max(step.on));
            (member, last) = (next, step);
            done.push(event);
        }
    }
}

fn by_machine(terms: &Terms, walk: &[Step]) -> Vec<u8> {
    policy(4, *terms).replay(None, &events(walk)).unwrap().1.iter().map(|t| number(&t.automatic)).collect()
}
