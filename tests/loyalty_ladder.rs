//! The ladder of status: worked examples of published programmes, boundaries, laws, and a model that goes from day to day.
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::unwrap_used, clippy::panic)]

mod common;

use chrono::{Datelike, Days, Months, NaiveDate};
use common::{cases, date, name};
use customer_value::loyalty::ladder::{
    Action, Basis, Cause, Corrections, Counting, Cycle, CycleStart, Failure, Floor, FloorAfter, Gap, Grace, Intervention, Ladder,
    LadderError, LadderTerms, Milestone, Reached, Requirement, RollOver, Run, Span, Standing, StatusCredits, StatusState, Success,
    TierRule, UpgradePlan, Way,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const YEARS: Counting = Counting::Periods { cycle: Cycle::CALENDAR_YEAR, stands: 1 };
const ROLLING: Counting = Counting::Rolling { months: 12, stands: 12 };

fn points(count: u64) -> Requirement {
    Requirement::at_least(name("points"), count)
}

fn tiers(rules: &[(&str, u64)]) -> Vec<TierRule> {
    rules.iter().map(|(tier, count)| TierRule::new(name(tier), points(*count))).collect()
}

fn terms(rules: &[(&str, u64)], counting: Counting) -> LadderTerms {
    LadderTerms::new(name("base"), tiers(rules), counting)
}

fn ladder(rules: &[(&str, u64)], counting: Counting) -> Ladder {
    Ladder::new(terms(rules, counting)).unwrap()
}

fn credits(entries: &[(&str, i64)]) -> StatusCredits {
    let mut credits = StatusCredits::new();
    for (day, count) in entries {
        credits.push(&name("points"), date(day), *count).unwrap();
    }
    credits
}

fn run(ladder: &Ladder, joined: &str, credits: &StatusCredits, until: &str) -> Run {
    ladder.run(&ladder.join(date(joined)).unwrap(), credits, date(until)).unwrap()
}

fn standing(ladder: &Ladder, joined: &str, credits: &StatusCredits, on: &str) -> Standing {
    run(ladder, joined, credits, on).state.standing().clone()
}

fn tier(ladder: &Ladder, joined: &str, credits: &StatusCredits, on: &str) -> String {
    standing(ladder, joined, credits, on).tier.to_string()
}

/// Day, tier from, tier to, and the word of the cause.
fn told(run: &Run) -> Vec<String> {
    let word = |text: String| text.split([':', ',']).next().unwrap_or_default().to_string();
    run.changes.iter().map(|c| format!("{} {}>{} {}", c.on, c.from.tier, c.to.tier, word(c.cause.to_string()))).collect()
}

fn decided(on: &str, action: Action) -> Intervention {
    Intervention { on: date(on), action, reason: name("because"), author: name("desk") }
}

// ---- Published programmes ----

#[test]
fn by_balance_a_reversal_costs_the_status_at_once() {
    // Voucherify, article 587: Silver 100, Gold 500; +100, -50, +500.
    let ladder = ladder(&[("Silver", 100), ("Gold", 500)], Counting::Balance);
    let credits = credits(&[("2024-01-10", 100), ("2024-02-15", -50), ("2024-02-25", 500)]);
    let run = run(&ladder, "2024-01-01", &credits, "2024-12-31");
    assert_eq!(told(&run), ["2024-01-10 base>Silver entered", "2024-02-15 Silver>base not kept", "2024-02-25 base>Gold entered"]);
    let Cause::Entered(counted) = &run.changes[2].cause else { panic!("{:?}", run.changes[2]) };
    assert_eq!((counted.figures[0].had, counted.figures[0].needed), (550, 500));
}

#[test]
fn w48b_a_soft_landing_goes_one_tier_a_year() {
    // Bonvoy 2020 (loyaltylobby.com, 2020-03-30): Platinum with 40 nights, then below Gold: Gold in 2021, Silver in 2022.
    let rules = [("Silver", 10), ("Gold", 25), ("Platinum", 50)];
    let soft = Ladder::new(LadderTerms { landing: Some(1), ..terms(&rules, YEARS) }).unwrap();
    let credits = credits(&[("2019-06-01", 55), ("2020-02-01", 40), ("2021-05-05", 5)]);
    let run_soft = run(&soft, "2018-01-01", &credits, "2024-06-30");
    assert_eq!(
        told(&run_soft),
        [
            "2019-06-01 base>Platinum entered",
            "2021-01-01 Platinum>Gold kept",
            "2022-01-01 Gold>Silver not kept",
            "2023-01-01 Silver>base not kept",
        ]
    );
    assert_eq!(run_soft.changes[2].to.basis, Basis::Landed);
    let hard = ladder(&rules, YEARS);
    assert_eq!([2021, 2022].map(|y| tier(&hard, "2018-01-01", &credits, &format!("{y}-06-01"))), ["Gold", "base"]);
}

#[test]
fn w48d_hilton_gold_of_june_2016_lasts_to_the_end_of_march_2018() {
    // thepointsguy.com/2016/01/when-does-hotel-status-expire.
    let grace = Some(Grace { span: Span::Months(3), makes_up: false });
    let ladder = Ladder::new(LadderTerms { grace, ..terms(&[("Gold", 20)], YEARS) }).unwrap();
    let credits = credits(&[("2016-06-15", 20)]);
    let gold = standing(&ladder, "2016-01-01", &credits, "2018-03-31");
    assert_eq!((gold.tier.as_str(), gold.until, gold.grace_until), ("Gold", Some(date("2018-01-01")), Some(date("2018-04-01"))));
    assert_eq!(tier(&ladder, "2016-01-01", &credits, "2018-04-01"), "base");
    let run = run(&ladder, "2016-01-01", &credits, "2018-12-31");
    let all = ["2016-06-15 base>Gold entered", "2018-01-01 Gold>Gold not kept", "2018-04-01 Gold>base not kept"];
    assert_eq!(told(&run), all);
}

#[test]
fn w48e_yotpo_by_calendar_and_by_rolling_year() {
    let by_calendar = ladder(&[("VIP", 100)], YEARS);
    let entered = standing(&by_calendar, "2018-01-01", &credits(&[("2018-11-11", 100)]), "2018-11-11");
    assert_eq!(entered.until, Some(date("2020-01-01"))); // the last day is 31 December 2019
    let rolling = ladder(&[("VIP", 100)], ROLLING);
    let once = credits(&[("2019-03-03", 100)]);
    assert_eq!(standing(&rolling, "2018-01-01", &once, "2019-03-03").until, Some(date("2020-03-03")));
    assert_eq!(["2020-03-02", "2020-03-03"].map(|on| tier(&rolling, "2018-01-01", &once, on)), ["VIP", "base"]);
    // What is entered on the day itself comes too late to keep it, whether the status was judged in the morning or not.
    let gold = TierRule { keep: Some(points(60)), ..TierRule::new(name("VIP"), points(100)) };
    let easy = Ladder::new(LadderTerms::new(name("base"), vec![gold], ROLLING)).unwrap();
    for (day, then) in [("2020-03-02", "VIP"), ("2020-03-03", "base")] {
        let kept = credits(&[("2019-03-03", 100), (day, 60)]);
        assert_eq!(tier(&easy, "2018-01-01", &kept, "2020-03-03"), then, "{day}");
    }
    // What still counts on the day keeps it.
    let later = credits(&[("2019-03-03", 100), ("2019-03-04", 100)]);
    assert_eq!(standing(&rolling, "2018-01-01", &later, "2020-03-03").until, Some(date("2021-03-03")));
}

#[test]
fn w48f_a_second_rise_moves_the_check() {
    // Capillary: upgraded 15 April 2024, 12 months; again 25 October 2024: the check moves from 15 April to 25 October 2025.
    let ladder = ladder(&[("Gold", 100), ("Platinum", 300)], ROLLING);
    let credits = credits(&[("2024-04-15", 100), ("2024-10-25", 200)]);
    let until = |on| standing(&ladder, "2024-01-01", &credits, on).until;
    assert_eq!((until("2024-04-15"), until("2024-10-25")), (Some(date("2025-04-15")), Some(date("2025-10-25"))));
}

#[test]
fn w48g_spending_points_never_lowers_a_status() {
    // LoyaltyLion: the middle tier at 500 earned in 12 months; then points are spent.
    let ladder = ladder(&[("low", 100), ("middle", 500), ("high", 1000)], ROLLING);
    let mut earned = credits(&[("2024-01-10", 499)]);
    assert_eq!(tier(&ladder, "2024-01-01", &earned, "2024-02-01"), "low");
    earned.push(&name("points"), date("2024-02-01"), 1).unwrap();
    assert_eq!(tier(&ladder, "2024-01-01", &earned, "2024-02-01"), "middle");
    earned.push(&name("award points"), date("2024-02-02"), -500).unwrap();
    assert_eq!(tier(&ladder, "2024-01-01", &earned, "2024-03-01"), "middle");
}

#[test]
fn qantas_gold_takes_700_to_enter_and_600_to_keep() {
    // 2paxfly.com, 2026-02-26.
    let gold = TierRule { keep: Some(points(600)), ..TierRule::new(name("Gold"), points(700)) };
    let ladder = Ladder::new(LadderTerms::new(name("Bronze"), vec![gold], YEARS)).unwrap();
    for (second_year, tier_then) in [(599, "Bronze"), (600, "Gold")] {
        let credits = credits(&[("2022-05-01", 700), ("2023-05-01", second_year)]);
        assert_eq!(tier(&ladder, "2022-01-01", &credits, "2024-01-01"), tier_then, "{second_year}");
    }
    assert_eq!(tier(&ladder, "2022-01-01", &credits(&[("2022-05-01", 699)]), "2022-12-31"), "Bronze");
}

#[test]
fn who_lost_a_tier_comes_back_by_the_reentry_requirement() {
    // Yotpo has thresholds to enter, to retain and to re-enter.
    let vip = TierRule { keep: Some(points(50)), reentry: Some(points(80)), ..TierRule::new(name("VIP"), points(100)) };
    let ladder = Ladder::new(LadderTerms::new(name("base"), vec![vip], YEARS)).unwrap();
    let back = |count| credits(&[("2020-05-01", 100), ("2023-05-01", count)]);
    assert_eq!([79, 80].map(|count| tier(&ladder, "2020-01-01", &back(count), "2023-05-01")), ["base", "VIP"]);
    assert_eq!(tier(&ladder, "2020-01-01", &credits(&[("2020-05-01", 99)]), "2020-12-31"), "base"); // for the first time it takes 100
}

// ---- Building ----

#[test]
fn an_unsound_ladder_cannot_be_built_or_read() {
    let refused = |terms: LadderTerms| {
        let json = serde_json::to_string(&terms).unwrap();
        let error = Ladder::new(terms).unwrap_err();
        assert!(serde_json::from_str::<Ladder>(&json).unwrap_err().to_string().starts_with(&error.to_string()), "{json}");
        error
    };
    let good = || terms(&[("Silver", 100), ("Gold", 500)], YEARS);
    let not_ascending = LadderError::NotAscending { tier: name("Gold"), below: name("Silver") };
    assert_eq!(refused(terms(&[("Silver", 500), ("Gold", 500)], YEARS)), not_ascending);
    assert_eq!(refused(terms(&[("Silver", 501), ("Gold", 500)], YEARS)), not_ascending);
    assert_eq!(refused(terms(&[], YEARS)), LadderError::NoTiers);
    assert_eq!(refused(terms(&[("Silver", 1), ("Silver", 2)], YEARS)), LadderError::Twice(name("Silver")));
    assert_eq!(refused(terms(&[("base", 1)], YEARS)), LadderError::Twice(name("base")));
    assert_eq!(refused(terms(&[("Silver", 0)], YEARS)), LadderError::BadCount { metric: name("points"), count: 0 });
    assert!(matches!(refused(terms(&[("Silver", u64::MAX)], YEARS)), LadderError::BadCount { .. }));
    let with = |change: fn(&mut LadderTerms)| {
        let mut terms = good();
        change(&mut terms);
        refused(terms)
    };
    assert_eq!(with(|t| t.tiers[1].keep = Some(points(501))), LadderError::KeepAboveEntry(name("Gold")));
    assert_eq!(with(|t| t.tiers[1].keep = Some(points(99))), not_ascending); // Gold kept with less than Silver
    let easy = |t: &mut LadderTerms| (t.tiers[1].keep, t.tiers[1].reentry) = (Some(points(400)), Some(points(399)));
    assert_eq!(with(easy), LadderError::KeepAboveEntry(name("Gold"))); // whoever came back would fall at once
    assert_eq!(with(|t| t.tiers[0].entry = Requirement::Any(vec![])), LadderError::EmptyRequirement);
    let or_nights = Requirement::Any(vec![points(500), Requirement::at_least(name("nights"), 10)]);
    let mut gap = good();
    gap.tiers[1].entry = or_nights; // ten nights would be Gold without being Silver
    assert_eq!(refused(gap), not_ascending);
    let bad_cycle = |start, months| Counting::Periods { cycle: Cycle { start, months }, stands: 1 };
    for counting in
        [bad_cycle(CycleStart::Calendar(1), 5), bad_cycle(CycleStart::Calendar(13), 12), bad_cycle(CycleStart::Joining, 0)]
    {
        assert!(matches!(refused(terms(&[("Silver", 1)], counting)), LadderError::BadCycle { .. }));
    }
    let unending = Counting::Periods { cycle: Cycle::CALENDAR_YEAR, stands: 0 };
    assert_eq!(refused(terms(&[("Silver", 1)], unending)), LadderError::BadValidity(0));
    assert_eq!(refused(terms(&[("Silver", 1)], Counting::Rolling { months: 0, stands: 1 })), LadderError::BadSpan(0));
    assert_eq!(with(|t| t.grace = Some(Grace { span: Span::Months(12), makes_up: false })), LadderError::BadGrace);
    assert_eq!(with(|t| t.grace = Some(Grace { span: Span::Days(0), makes_up: false })), LadderError::BadSpan(0));
    assert_eq!(with(|t| t.landing = Some(0)), LadderError::BadLanding);
    assert_eq!(with(|t| (t.counting, t.landing) = (Counting::Balance, Some(1))), LadderError::BadLanding);
    let rolled = |percent| RollOver { caps: BTreeMap::from([(name("points"), 10)]), percent, again: false };
    for (counting, percent) in [(YEARS, 0), (YEARS, 101), (ROLLING, 100)] {
        let terms = LadderTerms { counting, roll_over: Some(rolled(percent)), ..good() };
        assert_eq!(refused(terms), LadderError::BadRollOver);
    }
    let lifelong = |after| vec![Floor { tier: name("Gold"), after }];
    assert_eq!(refused(LadderTerms { floors: lifelong(FloorAfter::DaysHeld(0)), ..good() }), LadderError::BadFloor(name("Gold")));
    let nowhere = vec![Floor { tier: name("base"), after: FloorAfter::DaysHeld(1) }];
    assert_eq!(refused(LadderTerms { floors: nowhere, ..good() }), LadderError::UnknownTier(name("base")));
    let formerly = |earlier, now| BTreeMap::from([(name(earlier), name(now))]);
    assert_eq!(with(|t| t.formerly = BTreeMap::from([(name("Gold"), name("Silver"))])), LadderError::Twice(name("Gold")));
    assert_eq!(refused(LadderTerms { formerly: formerly("base", "Silver"), ..good() }), LadderError::Twice(name("base")));
    let copper = LadderTerms { formerly: formerly("Brass", "Copper"), ..good() };
    assert_eq!(refused(copper), LadderError::UnknownTier(name("Copper")));
    let chain = BTreeMap::from([(name("Brass"), name("Copper")), (name("Copper"), name("Silver"))]);
    assert_eq!(refused(LadderTerms { formerly: chain, ..good() }), LadderError::UnknownTier(name("Copper")));
    let earlier = LadderTerms { formerly: formerly("Brass", "base"), ..good() };
    let json = serde_json::to_string(&Ladder::new(earlier.clone()).unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<Ladder>(&json).unwrap().terms(), &earlier);
    assert!(serde_json::from_str::<Ladder>(&json.replace("\"Brass\"", "\"Gold\"")).is_err());
    let gift =
        |start| Milestone { name: name("gift"), reached: Reached::Tier(name("Gold")), every: Some(Cycle { start, months: 12 }) };
    let milestones = vec![gift(CycleStart::Status)];
    assert_eq!(refused(LadderTerms { milestones, ..good() }), LadderError::MilestoneCycle(name("gift")));
    let milestones = vec![gift(CycleStart::Joining), gift(CycleStart::Joining)];
    assert_eq!(refused(LadderTerms { milestones, ..good() }), LadderError::Twice(name("gift")));
}

#[test]
fn a_requirement_of_too_many_ways_is_refused_quickly() {
    let pair = |n: usize| Requirement::Any((0..8).map(|i| Requirement::at_least(name(&format!("m{n} {i}")), 1)).collect());
    let tiers = |n| vec![TierRule::new(name("Gold"), Requirement::All((0..n).map(pair).collect()))];
    assert!(Ladder::new(LadderTerms::new(name("base"), tiers(2), YEARS)).is_ok()); // 64 ways
    assert_eq!(Ladder::new(LadderTerms::new(name("base"), tiers(3), YEARS)), Err(LadderError::TooManyWays));
    assert_eq!(Ladder::new(LadderTerms::new(name("base"), tiers(60), YEARS)), Err(LadderError::TooManyWays));
    let long = Requirement::Any((0..100_000).map(|i| Requirement::at_least(name(&format!("m{i}")), 1)).collect());
    let gold = vec![TierRule::new(name("Gold"), long)];
    assert_eq!(Ladder::new(LadderTerms::new(name("base"), gold, YEARS)), Err(LadderError::TooManyWays));
}

#[test]
fn hostile_json_is_refused() {
    let ladder = ladder(&[("Silver", 100)], YEARS);
    let state = run(&ladder, "2024-01-01", &credits(&[("2024-02-01", 100)]), "2024-06-01").state;
    let json = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<StatusState>(&json).unwrap(), state);
    for (from, to) in [("\"as_of\":\"2024-06-01\"", "\"as_of\":\"2023-06-01\""), ("\"joined\":", "\"extra\":1,\"joined\":")] {
        assert!(json.contains(from));
        assert!(serde_json::from_str::<StatusState>(&json.replace(from, to)).is_err(), "{to}");
    }
    // A tier that the ladder does not have may be one of an earlier revision.
    let stranger: StatusState = serde_json::from_str(&json.replace("Silver", "Copper")).unwrap();
    assert_eq!(
        told(&ladder.run(&stranger, &credits(&[]), date("2025-01-01")).unwrap()),
        ["2024-06-01 Copper>base the earlier tier is no more"]
    );
    assert!(serde_json::from_str::<StatusCredits>(r#"{"points":{"+12345-01-01":1}}"#).is_err());
    assert_eq!(serde_json::from_str::<StatusCredits>(r#"{"points":{"2024-01-01":0}}"#).unwrap(), StatusCredits::new());
    assert!(serde_json::from_str::<Requirement>(r#"{"at_least":{"metric":"a","count":1,"more":2}}"#).is_err());
}

// ---- Time ----

#[test]
fn a_step_back_is_refused_and_the_end_of_time_is_an_error() {
    let ladder = ladder(&[("Silver", 100)], YEARS);
    let state = run(&ladder, "2024-01-01", &credits(&[]), "2024-06-01").state;
    let (on, as_of) = (date("2024-05-31"), date("2024-06-01"));
    assert_eq!(ladder.run(&state, &credits(&[]), on), Err(LadderError::Backwards { on, as_of }));
    assert!(matches!(ladder.run(&state, &credits(&[]), NaiveDate::MAX), Err(LadderError::Calendar(_))));
    assert!(matches!(ladder.join(NaiveDate::MIN), Err(LadderError::Calendar(_))));
    let late = ladder.join(date("9999-12-31")).unwrap();
    assert!(matches!(ladder.run(&late, &credits(&[]), date("9999-12-31")), Err(LadderError::Calendar(_))));
    let mut full = credits(&[("2024-01-01", i64::MAX)]);
    assert_eq!(full.push(&name("points"), date("2024-01-01"), 1), Err(LadderError::Overflow(name("points"))));
    full.push(&name("points"), date("2024-01-02"), i64::MAX).unwrap();
    assert_eq!(tier(&ladder, "2024-01-01", &full, "2024-02-01"), "Silver"); // the sum counts as the last number that fits
}

#[test]
fn a_membership_year_that_begins_on_29_february_ends_on_28_february() {
    let counting = Counting::Periods { cycle: Cycle::MEMBERSHIP_YEAR, stands: 1 };
    let ladder = ladder(&[("Silver", 100)], counting);
    let entered = |on| standing(&ladder, "2024-02-29", &credits(&[(on, 100)]), on).until;
    assert_eq!(entered("2025-02-27"), Some(date("2026-02-28")));
    assert_eq!(entered("2025-02-28"), Some(date("2027-02-28")));
    assert_eq!(entered("2027-02-28"), Some(date("2029-02-28"))); // the year that begins then ends on a leap day, the next does not
    // Two halves do not add up over the boundary.
    assert_eq!(tier(&ladder, "2024-02-29", &credits(&[("2025-02-27", 99), ("2025-02-28", 99)]), "2025-03-31"), "base");
}

#[test]
fn what_counts_from_day_to_day_leaves_on_its_own_day() {
    let ladder = ladder(&[("Silver", 100)], Counting::Rolling { months: 1, stands: 0 });
    let credits = credits(&[("2024-01-31", 60), ("2024-02-10", 40)]);
    let run = run(&ladder, "2024-01-01", &credits, "2024-12-31");
    assert_eq!(told(&run), ["2024-02-10 base>Silver entered", "2024-02-29 Silver>base not kept"]);
}

#[test]
fn a_cycle_of_the_status_begins_anew_with_every_rise() {
    // As Flying Blue: levels by experience points, counted anew from the day after a rise, the surplus rolled over up to a cap.
    let cycle = Cycle { start: CycleStart::Status, months: 12 };
    let roll_over = Some(RollOver { caps: BTreeMap::from([(name("points"), 300)]), percent: 100, again: false });
    let terms = LadderTerms { roll_over, ..terms(&[("Silver", 100), ("Gold", 180)], Counting::Periods { cycle, stands: 1 }) };
    let ladder = Ladder::new(terms).unwrap();
    let credits = credits(&[("2024-03-10", 130), ("2024-08-01", 149), ("2024-08-02", 1)]);
    let run = run(&ladder, "2024-01-15", &credits, "2025-12-31");
    assert_eq!(told(&run), ["2024-03-10 base>Silver entered", "2024-08-02 Silver>Gold entered", "2025-08-03 Gold>base not kept"]);
    assert_eq!(run.changes[1].to.until, Some(date("2025-08-03")));
}

// ---- Grace, landing, roll-over, floors ----

#[test]
fn in_the_grace_a_status_is_kept_by_its_own_period_or_made_up_for() {
    let with = |makes_up| {
        let grace = Some(Grace { span: Span::Days(31), makes_up });
        Ladder::new(LadderTerms { grace, ..terms(&[("Gold", 100)], YEARS) }).unwrap()
    };
    let late = |day: &str, count| credits(&[("2022-03-01", 100), ("2023-03-01", 70), (day, count)]);
    let until = |makes_up, day: &str, count| standing(&with(makes_up), "2022-01-01", &late(day, count), "2024-02-01").until;
    assert_eq!(until(false, "2024-01-31", 100), Some(date("2026-01-01"))); // enough for the new year
    assert_eq!(until(false, "2024-01-31", 99), None);
    assert_eq!(until(true, "2024-01-31", 30), Some(date("2025-01-01"))); // enough for the old one
    assert_eq!(until(true, "2024-01-31", 29), None);
    assert_eq!(until(true, "2024-02-01", 30), None); // one day after
    let run = run(&with(true), "2022-01-01", &late("2024-01-20", 30), "2024-03-01");
    assert_eq!(told(&run), ["2022-03-01 base>Gold entered", "2024-01-01 Gold>Gold not kept", "2024-01-20 Gold>Gold kept"]);
    assert_eq!(run.changes[2].to.grace_until, None);
}

#[test]
fn a_surplus_rolls_over_once_up_to_its_cap_and_not_on_a_fall() {
    let rolling = |cap, percent, again| {
        let roll_over = Some(RollOver { caps: BTreeMap::from([(name("points"), cap)]), percent, again });
        Ladder::new(LadderTerms { roll_over, ..terms(&[("Silver", 100), ("Gold", 200)], YEARS) }).unwrap()
    };
    // 190 in the first year: Silver, and 90 beyond it. How much is missing for Gold in the second year, and in the third?
    let missing = |ladder: &Ladder, credits: &StatusCredits, on| {
        let state = run(ladder, "2020-01-01", credits, on).state;
        ladder.to_next(&state, credits, date(on)).unwrap().last().unwrap().gaps[0].missing
    };
    let one = credits(&[("2020-05-01", 190)]);
    assert_eq!(missing(&rolling(300, 100, false), &one, "2021-01-01"), 110);
    assert_eq!(missing(&rolling(50, 100, false), &one, "2021-01-01"), 150);
    assert_eq!(missing(&rolling(300, 50, false), &one, "2021-01-01"), 155); // Qantas from late 2026: half
    assert_eq!(missing(&rolling(300, 100, false), &one, "2020-12-31"), 10);
    // Kept in the second year with 90 + 60: what was rolled over counts first, so 50 of the 60 are left, once more or not.
    let two = credits(&[("2020-05-01", 190), ("2021-05-01", 60)]);
    assert_eq!(missing(&rolling(300, 100, false), &two, "2022-01-01"), 150);
    // With 90 + 5 nothing is kept, and nothing rolls.
    let fallen = credits(&[("2020-05-01", 190), ("2021-05-01", 5)]);
    assert_eq!(missing(&rolling(300, 100, true), &fallen, "2022-01-01"), 200);
    // 99 + 5 keep Silver with 4 beyond, all of them earned in that year.
    let stock = credits(&[("2020-05-01", 199), ("2021-05-01", 5)]);
    assert_eq!(missing(&rolling(300, 100, false), &stock, "2022-01-01"), 196);
    // Without new credits a surplus of 99 keeps nothing, so that none lives for ever.
    let idle = credits(&[("2020-05-01", 199)]);
    assert_eq!(tier(&rolling(300, 100, true), "2020-01-01", &idle, "2022-01-01"), "base");
}

#[test]
fn what_was_rolled_over_rolls_again_only_where_the_policy_says_so() {
    let with = |again| {
        let roll_over = Some(RollOver { caps: BTreeMap::from([(name("points"), 1000)]), percent: 100, again });
        Ladder::new(LadderTerms { roll_over, ..terms(&[("Silver", 100)], YEARS) }).unwrap()
    };
    // 450 in the first year, 20 in the second: 350 + 20 keep Silver with 270 beyond, 20 of which were earned in that year.
    let credits = credits(&[("2020-05-01", 450), ("2021-05-01", 20)]);
    let until = |again| standing(&with(again), "2020-01-01", &credits, "2026-06-01").until;
    assert_eq!(until(true), None);
    let lapses = |again| told(&run(&with(again), "2020-01-01", &credits, "2026-06-01")).pop().unwrap();
    assert_eq!(lapses(false), "2023-01-01 Silver>base not kept"); // kept for 2022 by 2021, and 20 are not enough in 2022
    assert_eq!(lapses(true), "2025-01-01 Silver>base not kept"); // 270 in 2022, 170 in 2023, 70 in 2024
}

#[test]
fn tiers_for_life_by_days_held_and_by_credits() {
    let floors = |after| vec![Floor { tier: name("Silver"), after }];
    let rules = [("Silver", 100), ("Gold", 200)];
    // Held from 1 March 2020 to the end of 2021: 671 days.
    let credits = credits(&[("2020-03-01", 250)]);
    for (days, then) in [(671, "Silver"), (672, "base")] {
        let ladder = Ladder::new(LadderTerms { floors: floors(FloorAfter::DaysHeld(days)), ..terms(&rules, YEARS) }).unwrap();
        let run = run(&ladder, "2020-01-01", &credits, "2030-01-01");
        assert_eq!(run.state.standing().tier.as_str(), then, "{days}");
        assert_eq!(run.state.standing().basis == Basis::Floor, then == "Silver");
    }
    for (count, then) in [(250, "Silver"), (251, "base")] {
        let ladder =
            Ladder::new(LadderTerms { floors: floors(FloorAfter::Credits(points(count))), ..terms(&rules, YEARS) }).unwrap();
        assert_eq!(tier(&ladder, "2020-01-01", &credits, "2030-01-01"), then, "{count}");
        assert_eq!(tier(&ladder, "2020-01-01", &credits, "2021-12-31"), "Gold");
    }
}

#[test]
fn gifts_come_once_a_milestone_and_period() {
    let milestones = vec![
        Milestone { name: name("welcome to Gold"), reached: Reached::Tier(name("Gold")), every: Some(Cycle::CALENDAR_YEAR) },
        Milestone { name: name("1000 for once"), reached: Reached::Credits(points(1000)), every: None },
        Milestone { name: name("150 a year"), reached: Reached::Credits(points(150)), every: Some(Cycle::MEMBERSHIP_YEAR) },
    ];
    let base = LadderTerms { milestones, ..terms(&[("Silver", 100), ("Gold", 200)], Counting::Balance) };
    let ladder = Ladder::new(LadderTerms { corrections: Corrections::Recompute, ..base }).unwrap();
    // Mammut gives a gift once per milestone and year: bouncing over the threshold gives no second one.
    let mut entries =
        credits(&[("2024-03-01", 200), ("2024-04-01", -100), ("2024-05-01", 100), ("2025-02-01", -100), ("2025-03-01", 900)]);
    let gifts = |run: &Run| run.gifts.iter().map(|g| format!("{} {}", g.on, g.milestone)).collect::<Vec<_>>();
    let first = run(&ladder, "2024-01-10", &entries, "2025-12-31");
    let all = ["2024-03-01 welcome to Gold", "2024-03-01 150 a year", "2025-03-01 welcome to Gold"];
    assert_eq!(gifts(&first)[..3], all);
    assert_eq!(gifts(&first)[3..], ["2025-03-01 1000 for once", "2025-03-01 150 a year"]);
    // A return, a correction and another purchase give none again.
    entries.push(&name("points"), date("2025-03-01"), -900).unwrap();
    let second = ladder.run(&first.state, &entries, date("2025-12-31")).unwrap();
    assert_eq!(second.state.standing().tier.as_str(), "Silver");
    entries.push(&name("points"), date("2025-03-01"), 900).unwrap();
    let third = ladder.run(&second.state, &entries, date("2025-12-31")).unwrap();
    assert_eq!((third.state.standing().tier.as_str(), gifts(&second).len() + gifts(&third).len()), ("Gold", 0));
}

// ---- Corrections ----

#[test]
fn the_return_of_the_order_that_brought_the_status() {
    let rules = [("Silver", 100), ("Gold", 500)];
    for (corrections, then) in [(Corrections::Sticky, "Gold"), (Corrections::Recompute, "Silver")] {
        let ladder = Ladder::new(LadderTerms { corrections, ..terms(&rules, YEARS) }).unwrap();
        let mut entries = credits(&[("2024-02-01", 150), ("2024-03-01", 400)]);
        let gold = run(&ladder, "2024-01-01", &entries, "2024-04-01");
        assert_eq!(gold.state.standing().tier.as_str(), "Gold");
        entries.push(&name("points"), date("2024-03-01"), -400).unwrap();
        let after = ladder.run(&gold.state, &entries, date("2024-04-01")).unwrap();
        assert_eq!(after.state.standing().tier.as_str(), then);
        match corrections {
            Corrections::Sticky => assert!(after.changes.is_empty()),
            Corrections::Recompute => {
                assert_eq!(told(&after), ["2024-04-01 Gold>Silver corrected"]);
                let never = run(&ladder, "2024-01-01", &credits(&[("2024-02-01", 150)]), "2024-04-01");
                assert_eq!(after.state, never.state);
            }
        }
        // What stands, stands until its end and no longer.
        assert_eq!(ladder.assess(&after.state, &entries, date("2026-01-01")).unwrap().tier.as_str(), "base");
    }
}

#[test]
fn a_late_entry_counts_on_its_own_day_where_the_status_is_recomputed() {
    let mut entries = credits(&[("2022-02-01", 100)]);
    let terms = LadderTerms { corrections: Corrections::Recompute, ..terms(&[("Silver", 100)], YEARS) };
    let ladder = Ladder::new(terms).unwrap();
    let lost = run(&ladder, "2022-01-01", &entries, "2024-01-15");
    assert_eq!(lost.state.standing().tier.as_str(), "base");
    entries.push(&name("points"), date("2023-12-30"), 100).unwrap(); // posted late
    let back = ladder.run(&lost.state, &entries, date("2024-01-15")).unwrap();
    assert_eq!((back.state.standing().tier.as_str(), back.state.standing().until), ("Silver", Some(date("2025-01-01"))));
    // Once the books are closed, they are closed.
    let mut closed = lost.state;
    closed.settle();
    let run = ladder.run(&closed, &entries, date("2024-01-15")).unwrap();
    assert_eq!(run.state.standing().tier.as_str(), "base");
    // On the same day an ordinary rise is told as one.
    entries.push(&name("points"), date("2024-01-15"), 100).unwrap();
    assert_eq!(told(&ladder.run(&run.state, &entries, date("2024-01-15")).unwrap()), ["2024-01-15 base>Silver entered"]);
}

// ---- What is decided by hand ----

fn challenge(on_failure: Failure) -> UpgradePlan {
    UpgradePlan {
        name: name("challenge"),
        tier: name("Gold"),
        trial: true,
        window: Span::Days(90),
        target: points(60),
        on_success: Success::AsEarned,
        on_failure,
        once_in_years: Some(5),
    }
}

#[test]
fn a_status_match_is_a_trial_with_a_target() {
    let soft = LadderTerms { landing: Some(1), ..terms(&[("Silver", 100), ("Gold", 200)], YEARS) };
    let ladder = Ladder::new(soft).unwrap();
    let matched = |on_failure| {
        let mut state = ladder.join(date("2024-01-10")).unwrap();
        state.intervene(&ladder, decided("2024-02-01", Action::Plan(challenge(on_failure)))).unwrap();
        state
    };
    let told_with = |on_failure, entries: &[(&str, i64)]| {
        let run = ladder.run(&matched(on_failure), &credits(entries), date("2026-01-31")).unwrap();
        told(&run)
    };
    let (began, ended) = ("2024-02-01 base>Gold on trial in plan \"challenge\"", "2024-05-01 Gold>base plan \"challenge\" not met");
    // Day 90 of the window is 30 April; what was there before it does not count.
    assert_eq!(told_with(Failure::Restore, &[("2024-01-31", 30), ("2024-04-30", 59)]), [began, ended]);
    assert_eq!(
        told_with(Failure::Restore, &[("2024-02-01", 30), ("2024-04-30", 30)])[1],
        "2024-04-30 Gold>Gold plan \"challenge\" met"
    );
    assert_eq!(told_with(Failure::Restore, &[("2024-02-01", 30), ("2024-05-01", 30)]), [began, ended]);
    let softened = told_with(Failure::Soften, &[]);
    assert_eq!(softened, [began, "2024-05-01 Gold>Silver plan \"challenge\" not met", "2025-01-01 Silver>base not kept"]);
    // What is earned on trial stands.
    let earned = told_with(Failure::Restore, &[("2024-02-20", 50), ("2024-01-20", 50)]);
    assert_eq!((earned[0].as_str(), earned[2].as_str(), earned.len()), (began, "2026-01-01 Silver>base not kept", 3));
    assert_eq!(earned[1], "2024-05-01 Gold>Silver plan \"challenge\" not met");
    // How far it is, beside the ordinary way.
    let state = matched(Failure::Restore);
    let entries = credits(&[("2024-02-10", 25)]);
    let ways = ladder.to_next(&state, &entries, date("2024-02-20")).unwrap();
    let missing = |way: &Way| (way.tier.to_string(), way.gaps[0].missing, way.by.unwrap().to_string(), way.plan.is_some());
    assert_eq!(
        ways.iter().map(missing).collect::<Vec<_>>(),
        [
            ("Silver".into(), 75, "2025-01-01".into(), false),
            ("Gold".into(), 175, "2025-01-01".into(), false),
            ("Gold".into(), 35, "2024-05-01".into(), true)
        ]
    );
    // Once in five years.
    let mut state = ladder.run(&state, &entries, date("2024-06-01")).unwrap().state;
    let again = |on| decided(on, Action::Plan(challenge(Failure::Restore)));
    let from = date("2029-02-01");
    let too_soon = LadderError::PlanTooSoon { plan: name("challenge"), from };
    assert_eq!(state.intervene(&ladder, again("2029-01-31")), Err(too_soon));
    assert_eq!(state.intervene(&ladder, again("2029-02-01")), Ok(()));
}

#[test]
fn a_plan_without_trial_is_a_fast_track() {
    let ladder = ladder(&[("Silver", 100), ("Gold", 200)], Counting::Rolling { months: 12, stands: 0 });
    let plan = UpgradePlan { trial: false, on_success: Success::For(Span::Months(6)), ..challenge(Failure::Restore) };
    let mut state = ladder.join(date("2024-01-10")).unwrap();
    let unending = Action::Plan(challenge(Failure::Restore));
    assert_eq!(state.intervene(&ladder, decided("2024-02-01", unending)), Err(LadderError::PlanValidity(name("challenge"))));
    state.intervene(&ladder, decided("2024-02-01", Action::Plan(plan))).unwrap();
    let run = ladder.run(&state, &credits(&[("2024-02-15", 60)]), date("2024-12-31")).unwrap();
    assert_eq!(told(&run), ["2024-02-15 base>Gold plan \"challenge\" met", "2024-08-15 Gold>base not kept"]);
}

#[test]
fn a_hold_overrides_both_ways_and_what_is_earned_goes_on() {
    let ladder = ladder(&[("Silver", 100), ("Gold", 200)], YEARS);
    let mut state = ladder.join(date("2024-01-10")).unwrap();
    let hold = |tier: &str, until: Option<&str>| Action::Hold { tier: name(tier), until: until.map(date) };
    state.intervene(&ladder, decided("2024-02-01", hold("base", Some("2024-04-01")))).unwrap();
    state.intervene(&ladder, decided("2024-06-01", hold("Gold", None))).unwrap();
    state.intervene(&ladder, decided("2024-07-01", Action::Release)).unwrap();
    let run = ladder.run(&state, &credits(&[("2024-03-01", 120)]), date("2024-12-31")).unwrap();
    assert_eq!(
        told(&run),
        [
            "2024-02-01 base>base held by desk",
            "2024-04-01 base>Silver hold ended",
            "2024-06-01 Silver>Gold held by desk",
            "2024-07-01 Gold>Silver hold ended"
        ]
    );
    let empty = state.intervene(&ladder, decided("2024-08-01", hold("Gold", Some("2024-08-01"))));
    assert_eq!(empty, Err(LadderError::NoDay { on: date("2024-08-01"), until: date("2024-08-01") }));
    assert_eq!(state.intervene(&ladder, decided("2024-08-01", hold("Lead", None))), Err(LadderError::UnknownTier(name("Lead"))));
    let mut late = run.state;
    assert!(matches!(late.intervene(&ladder, decided("2024-12-30", Action::Release)), Err(LadderError::Backwards { .. })));
}

#[test]
fn a_relationship_gives_a_tier_until_a_day() {
    // Siebel: a relative gets Gold when a member reaches Platinum.
    let ladder = ladder(&[("Silver", 100), ("Gold", 200)], YEARS);
    let related = |tier: &str, until: &str| Action::Relationship { with: name("member 7"), tier: name(tier), until: date(until) };
    let mut state = ladder.join(date("2024-01-10")).unwrap();
    state.intervene(&ladder, decided("2024-02-01", related("Gold", "2026-01-01"))).unwrap();
    let entries = credits(&[("2024-03-01", 120)]);
    let run1 = ladder.run(&state, &entries, date("2024-06-01")).unwrap();
    assert_eq!(told(&run1), ["2024-02-01 base>Gold by relationship with member 7"]);
    let mut state = run1.state;
    state.intervene(&ladder, decided("2024-06-01", related("Gold", "2024-06-01"))).unwrap(); // the other member lost Platinum
    let run2 = ladder.run(&state, &entries, date("2026-12-31")).unwrap();
    assert_eq!(told(&run2), ["2024-06-01 Gold>Silver relationship with member 7 ended", "2026-01-01 Silver>base not kept"]);
    let before = state.intervene(&ladder, decided("2024-07-01", related("Gold", "2024-06-30")));
    assert!(matches!(before, Err(LadderError::NoDay { .. })));
}

#[test]
fn a_floor_given_by_hand_is_for_life() {
    let ladder = ladder(&[("Silver", 100), ("Gold", 200)], YEARS);
    let mut state = ladder.join(date("2024-01-10")).unwrap();
    state.intervene(&ladder, decided("2025-02-01", Action::Floor(name("Silver")))).unwrap();
    let run = ladder.run(&state, &credits(&[("2024-03-01", 250)]), date("2040-12-31")).unwrap();
    assert_eq!(told(&run), ["2024-03-01 base>Gold entered", "2026-01-01 Gold>Silver not kept"]);
    assert_eq!(run.state.standing().basis, Basis::Floor);
    assert_eq!(ladder.to_keep(&run.state, &StatusCredits::new(), date("2040-12-31")), Ok(vec![]));
}

// ---- Ways ----

#[test]
fn each_way_up_and_by_when() {
    // Siebel: 250,000 points or 60 segments.
    let either =
        |points_needed, segments| Requirement::Any(vec![points(points_needed), Requirement::at_least(name("segments"), segments)]);
    let rules = vec![TierRule::new(name("Gold"), either(100_000, 30)), TierRule::new(name("Platinum"), either(250_000, 60))];
    let ladder = Ladder::new(LadderTerms::new(name("base"), rules, YEARS)).unwrap();
    let mut entries = credits(&[("2024-02-01", 120_000)]);
    entries.push(&name("segments"), date("2024-02-01"), 12).unwrap();
    let state = ladder.join(date("2024-01-01")).unwrap();
    let way = |metric: &str, missing| Way {
        tier: name("Platinum"),
        gaps: vec![Gap { metric: name(metric), missing }],
        by: Some(date("2025-01-01")),
        until: Some(date("2026-01-01")),
        plan: None,
    };
    assert_eq!(ladder.to_next(&state, &entries, date("2024-05-05")), Ok(vec![way("points", 130_000), way("segments", 48)]));
    // Going the way gets there, a day later as well as the same day; one point less does not.
    for (points_more, then) in [(130_000, "Platinum"), (129_999, "Gold")] {
        let mut more = entries.clone();
        more.push(&name("points"), date("2024-12-31"), points_more).unwrap();
        assert_eq!(ladder.assess(&state, &more, date("2024-12-31")).unwrap().tier.as_str(), then);
    }
    let keep = ladder.to_keep(&state, &entries, date("2025-03-01")).unwrap();
    assert_eq!(keep.iter().map(|w| w.gaps[0].missing).collect::<Vec<_>>(), [100_000, 30]);
    assert_eq!((keep[0].by, keep[0].until), (Some(date("2026-01-01")), Some(date("2027-01-01"))));
}

#[test]
fn to_keep_a_rolling_status_counts_what_will_still_count() {
    let ladder = ladder(&[("Gold", 100)], ROLLING);
    let entries = credits(&[("2024-01-15", 60), ("2024-03-01", 40), ("2024-06-01", 25)]);
    let state = run(&ladder, "2024-01-01", &entries, "2024-12-01").state;
    let keep = ladder.to_keep(&state, &entries, date("2024-12-01")).unwrap();
    // Gold since 1 March 2024; on 1 March 2025 only the 25 of June still count.
    let gaps = vec![Gap { metric: name("points"), missing: 75 }];
    let (by, until) = (Some(date("2025-03-01")), Some(date("2026-03-01")));
    assert_eq!(keep, [Way { tier: name("Gold"), gaps, by, until, plan: None }]);
    for (more, then) in [(75, "Gold"), (74, "base")] {
        let mut entries = entries.clone();
        entries.push(&name("points"), date("2025-02-28"), more).unwrap();
        assert_eq!(ladder.assess(&state, &entries, date("2025-03-01")).unwrap().tier.as_str(), then);
    }
}

// ---- Laws ----

/// What the model of days knows of a ladder: one metric, one kind of tier rule, no decisions by hand.
#[derive(Clone, Debug)]
struct Plain {
    entry: [u64; 3],
    keep: [u64; 3],
    /// Years a status stands after its own, by calendar years; or months that entries count and a status stands.
    counting: Result<u8, (u16, u16)>,
    grace: u32,
    landing: Option<u8>,
}

impl Plain {
    fn terms(&self) -> LadderTerms {
        let counting = match self.counting {
            Ok(stands) => Counting::Periods { cycle: Cycle::CALENDAR_YEAR, stands },
            Err((months, stands)) => Counting::Rolling { months, stands },
        };
        let rule = |(i, tier): (usize, &str)| {
            let entry = TierRule::new(name(tier), points(self.entry[i]));
            TierRule { keep: Some(points(self.keep[i])), ..entry }
        };
        let rules = ["1", "2", "3"].into_iter().enumerate().map(rule).collect();
        let grace = (self.grace > 0).then_some(Grace { span: Span::Days(self.grace), makes_up: false });
        LadderTerms { grace, landing: self.landing, ..LadderTerms::new(name("0"), rules, counting) }
    }

    /// The tier at the close of every day, by going from day to day and adding up everything anew.
    fn every_day(&self, entries: &[(NaiveDate, i64)], from: NaiveDate, until: NaiveDate) -> Vec<usize> {
        let mut ends: [Option<NaiveDate>; 4] = [None; 4]; // by rank; the first is not used
        let mut tiers = Vec::new();
        for day in from.iter_days().take_while(|day| *day <= until) {
            let sum = |f: &dyn Fn(NaiveDate) -> bool| entries.iter().filter(|(d, _)| f(*d)).map(|(_, n)| *n).sum::<i64>();
            let rank_of = |ends: &[Option<NaiveDate>; 4]| (1..4).rev().find(|r| ends[*r].is_some()).unwrap_or(0);
            let live = |d: NaiveDate, months: u16| d.checked_add_months(Months::new(months.into())).unwrap() > day;
            let new_year = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let judge = |ends: &mut [Option<NaiveDate>; 4], total: i64, end: NaiveDate, all: bool| {
                for rank in (1..4).rev() {
                    let needed = if rank_of(ends) >= rank { self.keep[rank - 1] } else { self.entry[rank - 1] };
                    let open = all || ends[rank].is_none_or(|end| end <= day);
                    if open && total >= i64::try_from(needed).unwrap() {
                        ends[rank] = Some(ends[rank].map_or(end, |old| old.max(end)));
                    }
                }
            };
            match self.counting {
                Ok(stands) if day.ordinal() == 1 && day > from => {
                    let end = new_year(day.year() + i32::from(stands));
                    judge(&mut ends, sum(&|d| d.year() == day.year() - 1), end, true);
                }
                Err((months, stands)) if ends.iter().flatten().any(|end| *end <= day) => {
                    let end = day.checked_add_months(Months::new(stands.into())).unwrap();
                    judge(&mut ends, sum(&|d| d < day && live(d, months)), end, false);
                }
                _ => {}
            }
            let before = rank_of(&ends);
            for end in &mut ends {
                *end = end.filter(|end| *end + Days::new(self.grace.into()) > day);
            }
            let landing = before.saturating_sub(self.landing.map_or(before, usize::from));
            if rank_of(&ends) < before && landing > rank_of(&ends) {
                ends[landing] = Some(match self.counting {
                    Ok(_) => new_year(day.year() + 1),
                    Err((_, stands)) => day.checked_add_months(Months::new(stands.into())).unwrap(),
                });
            }
            match self.counting {
                Ok(stands) => {
                    let end = new_year(day.year() + 1 + i32::from(stands));
                    judge(&mut ends, sum(&|d| d.year() == day.year() && d <= day), end, false);
                }
                Err((months, stands)) => {
                    let end = day.checked_add_months(Months::new(stands.into())).unwrap();
                    judge(&mut ends, sum(&|d| d <= day && live(d, months)), end, false);
                }
            }
            tiers.push(rank_of(&ends));
        }
        tiers
    }
}

fn plain() -> impl Strategy<Value = Plain> {
    let counting = prop_oneof![(1_u8..3).prop_map(Ok), (1_u16..14, 1_u16..14).prop_map(Err)];
    let landing = prop_oneof![Just(None), (1_u8..3).prop_map(Some)];
    (counting, prop_oneof![Just(0_u32), 1_u32..60], landing, 0_u64..30).prop_map(|(counting, grace, landing, less)| Plain {
        entry: [40, 80, 120],
        keep: [40 - less, 80 - less, 120 - less],
        counting,
        grace,
        landing,
    })
}

/// Entries of four years in steps that often meet a threshold exactly, many of them about the ends of months.
fn entries() -> impl Strategy<Value = Vec<(NaiveDate, i64)>> {
    let start = date("2020-01-01");
    let day = prop_oneof![0_u64..1461, (0_u64..48).prop_map(|m| m * 30 + m / 2)];
    prop::collection::vec((day.prop_map(move |n| start + Days::new(n)), (1_i64..7).prop_map(|n| n * 10)), 0..25)
}

fn pushed(entries: &[(NaiveDate, i64)]) -> StatusCredits {
    let mut credits = StatusCredits::new();
    for (day, count) in entries {
        credits.push(&name("points"), *day, *count).unwrap();
    }
    credits
}

/// Ladders of every kind with all that they can have, and decisions by hand.
fn rich() -> impl Strategy<Value = (LadderTerms, Vec<Intervention>)> {
    let cycle = |start, months, stands| Counting::Periods { cycle: Cycle { start, months }, stands };
    let counting = prop_oneof![
        (prop_oneof![Just(1_u8), Just(3), Just(6), Just(12)], 1_u8..3).prop_map(move |(m, n)| cycle(CycleStart::Calendar(4), m, n)),
        (1_u8..14, 1_u8..3).prop_map(move |(m, n)| cycle(CycleStart::Joining, m, n)),
        (1_u8..14, 1_u8..3).prop_map(move |(m, n)| cycle(CycleStart::Status, m, n)),
        (1_u16..14, 0_u16..14).prop_map(|(months, stands)| Counting::Rolling { months, stands }),
        Just(Counting::Lifetime),
        Just(Counting::Balance),
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 1_u32..27);
    let hand = prop::collection::vec((0_u64..1461, 0_u8..6, 1_u64..400), 0..5);
    (counting, flags, hand).prop_map(|(counting, (grace, landing, roll, recompute, days), hand)| {
        let rule = |tier: &str, n| {
            let entry = TierRule::new(name(tier), points(n));
            TierRule { keep: Some(points(n - 5)), reentry: Some(points(n + 10)), ..entry }
        };
        let periods = matches!(counting, Counting::Periods { .. });
        let ends = periods || matches!(counting, Counting::Rolling { stands: 1.., .. });
        let roll_over = RollOver { caps: BTreeMap::from([(name("points"), 45)]), percent: 50, again: days % 2 == 0 };
        let gift = |gift: &str, reached, every| Milestone { name: name(gift), reached, every };
        let terms = LadderTerms {
            grace: grace.then_some(Grace { span: Span::Days(days), makes_up: days % 2 == 1 }),
            landing: (landing && ends).then_some(1),
            roll_over: (roll && periods).then_some(roll_over),
            floors: vec![
                Floor { tier: name("1"), after: FloorAfter::DaysHeld(300 + days) },
                Floor { tier: name("2"), after: FloorAfter::Credits(points(600)) },
            ],
            milestones: vec![
                gift("to 2", Reached::Tier(name("2")), Some(Cycle::MEMBERSHIP_YEAR)),
                gift("100", Reached::Credits(points(100)), Some(Cycle::CALENDAR_YEAR)),
                gift("300", Reached::Credits(points(300)), None),
            ],
            corrections: if recompute { Corrections::Recompute } else { Corrections::Sticky },
            ..LadderTerms::new(name("0"), vec![rule("1", 40), rule("2", 80), rule("3", 120)], counting)
        };
        let intervention = |(day, kind, length): (u64, u8, u64)| {
            let on = date("2020-01-01") + Days::new(day);
            let until = on + Days::new(length);
            let tier = name(["1", "2", "3"][usize::from(kind) % 3]);
            let as_earned = kind == 4 && (ends || counting == Counting::Lifetime);
            let action = match kind {
                0 => Action::Hold { tier, until: Some(until) },
                1 => Action::Release,
                2 => Action::Relationship { with: name("other"), tier, until },
                3 => Action::Floor(tier),
                _ => Action::Plan(UpgradePlan {
                    tier,
                    on_success: if as_earned { Success::AsEarned } else { Success::For(Span::Months(7)) },
                    trial: kind == 5,
                    once_in_years: None,
                    ..challenge(if length % 2 == 0 { Failure::Soften } else { Failure::Restore })
                }),
            };
            Intervention { on, action, reason: name("law"), author: name("test") }
        };
        (terms, hand.into_iter().map(intervention).collect())
    })
}

// ---- Revisions and mergers ----

fn revised(rules: &[(&str, u64)], formerly: &[(&str, &str)], corrections: Corrections) -> Ladder {
    let formerly = formerly.iter().map(|(earlier, now)| (name(earlier), name(now))).collect();
    Ladder::new(LadderTerms { corrections, formerly, ..terms(rules, YEARS) }).unwrap()
}

const BOTH: [Corrections; 2] = [Corrections::Sticky, Corrections::Recompute];
const THREE: [(&str, u64); 3] = [("Silver", 100), ("Gold", 200), ("Platinum", 500)];

#[test]
fn a_tier_that_is_no_more_is_what_the_ladder_says() {
    let entries = credits(&[("2024-02-01", 250)]);
    for corrections in BOTH {
        let member = run(&revised(&THREE, &[], corrections), "2024-01-01", &entries, "2024-06-01").state;
        let of = |rules: &[(&str, u64)], formerly: &[(&str, &str)], entries: &StatusCredits, until| {
            revised(rules, formerly, corrections).run(&member, entries, date(until)).unwrap()
        };
        // Higher than what was earned, and to the same end.
        let up = of(&[("Silver", 100), ("Platinum", 500)], &[("Gold", "Platinum")], &entries, "2024-07-01");
        assert_eq!(told(&up), ["2024-06-01 Gold>Platinum the earlier tier is no more"]);
        assert_eq!(up.changes[0].cause, Cause::Abolished);
        assert_eq!(up.changes[0].to.to_string(), "Platinum until 2026-01-01");
        assert_eq!(up.state.standing(), &up.changes[0].to);
        // Lower; and nothing: Silver, which was earned on the way, is there.
        for formerly in [&[("Gold", "Silver")][..], &[("Gold", "base")], &[]] {
            let down = of(&[("Silver", 100), ("Platinum", 500)], formerly, &entries, "2026-02-01");
            let lapsed = "2026-01-01 Silver>base not kept";
            assert_eq!(told(&down), ["2024-06-01 Gold>Silver the earlier tier is no more", lapsed], "{formerly:?}");
        }
        // Another name.
        let renamed = of(&[("Argent", 100), ("Or", 200)], &[("Gold", "Or"), ("Silver", "Argent")], &entries, "2024-07-01");
        assert_eq!(told(&renamed), ["2024-06-01 Gold>Or the earlier tier is no more"]);
        // Whoever has earned more has it at once.
        let more = of(&[("Silver", 100), ("Lead", 240)], &[("Gold", "Silver")], &entries, "2024-07-01");
        assert_eq!(told(&more), ["2024-06-01 Gold>Silver the earlier tier is no more", "2024-06-01 Silver>Lead entered"]);
        // Nothing is left of it.
        let gone = of(&[("Lead", 1000)], &[], &entries, "2024-07-01");
        assert_eq!(told(&gone), ["2024-06-01 Gold>base the earlier tier is no more"]);
        // To another ladder still; what was settled is not computed anew, also after a return.
        let entries = credits(&[("2024-02-01", 10)]);
        let again = revised(&[("Copper", 400)], &[("Gold", "base"), ("Platinum", "Copper")], corrections);
        let again = again.run(&up.state, &entries, date("2024-08-01")).unwrap();
        assert_eq!(told(&again), ["2024-07-01 Platinum>Copper the earlier tier is no more"]);
        assert_eq!(again.state.standing().until, Some(date("2026-01-01")));
    }
}

#[test]
fn a_member_without_the_tier_that_is_no_more_is_computed_as_ever() {
    let old = revised(&THREE, &[], Corrections::Recompute);
    let new = revised(&[("Silver", 100)], &[("Gold", "Silver")], Corrections::Recompute);
    let mut entries = credits(&[("2024-02-01", 150)]);
    let member = run(&old, "2024-01-01", &entries, "2024-06-01").state;
    entries.push(&name("points"), date("2024-02-01"), -150).unwrap();
    assert_eq!(told(&new.run(&member, &entries, date("2024-06-01")).unwrap()), ["2024-06-01 Silver>base corrected"]);
    // One who lost Gold before the books were closed is computed from there.
    let mut closed = run(&old, "2021-01-01", &credits(&[("2021-02-01", 250)]), "2022-06-01").state;
    closed.settle();
    let lost = old.run(&closed, &credits(&[("2021-02-01", 250)]), date("2024-06-01")).unwrap().state;
    assert_eq!(lost.standing().tier.as_str(), "base");
    let late = credits(&[("2021-02-01", 250), ("2023-02-01", 120)]);
    assert_eq!(told(&new.run(&lost, &late, date("2024-06-01")).unwrap()), ["2024-06-01 base>Silver corrected"]);
    // What was Gold when the books were closed is from there on what it is now: easier to keep, by what is posted late.
    let lost = old.run(&closed, &credits(&[("2021-02-01", 250)]), date("2023-06-01")).unwrap().state;
    let late = credits(&[("2021-02-01", 250), ("2022-03-01", 90)]);
    let keep = |rule: TierRule, count| TierRule { keep: Some(points(count)), ..rule };
    let rules =
        tiers(&[("Silver", 100), ("Platinum", 500)]).into_iter().zip([50, 80]).map(|(rule, count)| keep(rule, count)).collect();
    let formerly = BTreeMap::from([(name("Gold"), name("Platinum"))]);
    let corrections = Corrections::Recompute;
    let easy = LadderTerms { formerly, corrections, ..LadderTerms::new(name("base"), rules, YEARS) };
    let run = Ladder::new(easy).unwrap().run(&lost, &late, date("2023-06-01")).unwrap();
    assert_eq!(told(&run), ["2023-06-01 base>Platinum corrected"]);
}

#[test]
fn of_two_tiers_that_become_one_the_longer_stays() {
    // Gold until 2026 and in its grace, and Silver by a weaker year until 2027.
    let entries = credits(&[("2024-02-01", 250), ("2025-02-01", 150)]);
    let grace = Some(Grace { span: Span::Months(2), makes_up: false });
    for corrections in BOTH {
        let of = |rules: &[(&str, u64)], formerly: [(&str, &str); 2]| {
            let formerly = formerly.iter().map(|(earlier, now)| (name(earlier), name(now))).collect();
            Ladder::new(LadderTerms { corrections, formerly, grace, ..terms(rules, YEARS) }).unwrap()
        };
        let member = run(&of(&THREE, [("a", "base"); 2]), "2024-01-01", &entries, "2026-01-15").state;
        assert_eq!(member.standing().to_string(), "Gold in grace until 2026-03-01");
        for formerly in [[("Silver", "Copper"), ("Gold", "Copper")], [("Gold", "Copper"), ("Silver", "Copper")]] {
            let run = of(&[("Copper", 900)], formerly).run(&member, &entries, date("2027-06-01")).unwrap();
            let gone = "2026-01-15 Gold>Copper the earlier tier is no more";
            assert_eq!(told(&run), [gone, "2027-01-01 Copper>Copper not kept", "2027-03-01 Copper>base not kept"]);
        }
        // The new ladder has no grace: the tier becomes another, and is over.
        let none = revised(&[("Copper", 900)], &[("Gold", "Copper")], corrections);
        let gone = "2026-01-15 Gold>Copper the earlier tier is no more";
        assert_eq!(told(&none.run(&member, &entries, date("2026-01-15")).unwrap()), [gone, "2026-01-15 Copper>base not kept"]);
        // The lower one is still there, and becomes the higher one's name, or the other way round.
        for (rules, formerly) in [([("Gold", 900)], ("Silver", "Gold")), ([("Silver", 900)], ("Gold", "Silver"))] {
            let run = of(&rules, [formerly; 2]).run(&member, &entries, date("2026-01-15")).unwrap();
            assert_eq!(run.state.standing().until, Some(date("2027-01-01")), "{rules:?}");
        }
    }
}

/// Days in a tier and floors follow it, and what was decided by hand; what has become the base gives nothing.
#[test]
fn what_was_decided_by_hand_follows_the_tier() {
    for corrections in BOTH {
        let old = revised(&THREE, &[], corrections);
        let started = |actions: Vec<Action>| {
            let mut state = old.join(date("2024-01-01")).unwrap();
            for action in actions {
                state.intervene(&old, decided("2024-02-01", action)).unwrap();
            }
            old.run(&state, &credits(&[]), date("2024-02-01")).unwrap().state
        };
        let gold = || name("Gold");
        let related = Action::Relationship { with: name("spouse"), tier: gold(), until: date("2025-01-01") };
        let plan = UpgradePlan { on_success: Success::For(Span::Months(6)), ..challenge(Failure::Soften) };
        let held = Action::Hold { tier: gold(), until: None };
        let rules = [("Silver", 100), ("Platinum", 500)];
        for action in [held.clone(), related, Action::Plan(plan.clone()), Action::Floor(gold())] {
            let member = started(vec![action.clone()]);
            assert_eq!(member.standing().tier.as_str(), "Gold");
            for (formerly, then) in [("Silver", "Silver"), ("Platinum", "Platinum"), ("base", "base")] {
                let new = revised(&rules, &[("Gold", formerly)], corrections);
                let run = new.run(&member, &credits(&[]), date("2024-03-01")).unwrap();
                assert_eq!(told(&run), [format!("2024-02-01 Gold>{then} the earlier tier is no more")], "{action:?}");
                let later = new.run(&run.state, &credits(&[("2024-03-15", 60)]), date("2026-06-01")).unwrap();
                let json = serde_json::to_value(&later.state).unwrap();
                assert!(json["now"]["terms"].get("base").is_none());
                let ends = match &action {
                    _ if then == "base" => "base",
                    Action::Plan(_) | Action::Relationship { .. } => "base",
                    _ => then,
                };
                assert_eq!(later.state.standing().tier.as_str(), ends, "{action:?} {formerly}");
                // In the plan, the target brings what its tier is now.
                let met = later.changes.iter().any(|change| matches!(change.cause, Cause::PlanMet { .. }));
                assert_eq!(met, matches!(action, Action::Plan(_)) && then != "base");
                // The member was in the plan all the same.
                if let Action::Plan(plan) = &action {
                    let mut again = later.state.clone();
                    let plan = UpgradePlan { tier: name("Silver"), ..plan.clone() };
                    let refused = again.intervene(&new, decided("2026-06-01", Action::Plan(plan))).unwrap_err();
                    assert!(matches!(refused, LadderError::PlanTooSoon { .. }));
                }
                let mut again = later.state.clone();
                let unknown = again.intervene(&new, decided("2026-06-01", held.clone())).unwrap_err();
                assert_eq!(unknown, LadderError::UnknownTier(gold()));
                let ways = new.to_next(&member, &credits(&[]), date("2024-03-01")).unwrap();
                let to_plan = matches!(action, Action::Plan(_)) && then != "base";
                assert_eq!(ways.iter().any(|way| way.plan.is_some()), to_plan);
                assert!(new.to_keep(&member, &credits(&[]), date("2024-03-01")).unwrap().is_empty());
            }
        }
        // Years as Gold are years as what it is now.
        let floors = vec![Floor { tier: name("Or"), after: FloorAfter::DaysHeld(1000) }];
        let named = Ladder::new(LadderTerms {
            floors,
            formerly: BTreeMap::from([(gold(), name("Or"))]),
            corrections,
            ..terms(&[("Silver", 100), ("Or", 200)], YEARS)
        })
        .unwrap();
        let entries = credits(&[("2024-01-01", 250), ("2025-02-01", 250)]);
        let member = run(&old, "2024-01-01", &entries, "2025-06-01").state;
        let run = named.run(&member, &entries, date("2030-01-01")).unwrap();
        assert_eq!(told(&run).last().unwrap(), "2026-09-27 Or>Or for life");
    }
}

fn merged(ladder: &Ladder, one: &StatusState, other: &StatusState, credits: &StatusCredits) -> StatusState {
    let merged = ladder.merge(one, other, credits).unwrap();
    assert_eq!(ladder.merge(other, one, credits).unwrap(), merged);
    merged
}

#[test]
fn of_two_accounts_the_better_status_counts() {
    for corrections in BOTH {
        let ladder = revised(&THREE, &[], corrections);
        let of = |joined, entries: &[(&str, i64)], actions: Vec<(&str, Action)>| {
            let mut state = ladder.join(date(joined)).unwrap();
            for (on, action) in actions {
                state.intervene(&ladder, decided(on, action)).unwrap();
            }
            ladder.run(&state, &credits(entries), date("2025-06-01")).unwrap().state
        };
        let nothing = of("2025-01-01", &[], vec![]);
        let merge =
            |one: &StatusState, other: &StatusState, entries: &[(&str, i64)]| merged(&ladder, one, other, &credits(entries));
        let later = |state: &StatusState, entries: &[(&str, i64)], on| {
            ladder.assess(state, &credits(entries), date(on)).unwrap().to_string()
        };
        // Earned last year.
        let last_year = [("2024-02-01", 250)];
        let gold = of("2024-01-01", &last_year, vec![]);
        let both = merge(&gold, &nothing, &last_year);
        assert_eq!(both.standing(), gold.standing());
        assert_eq!((both.joined(), later(&both, &last_year, "2025-12-31")), (date("2024-01-01"), "Gold until 2026-01-01".into()));
        // Gold until 2026 and Silver until 2027 are both there.
        let this_year = [("2025-02-01", 150)];
        let all = [("2024-02-01", 250), ("2025-02-01", 150)];
        let both = merge(&gold, &of("2025-01-01", &this_year, vec![]), &all);
        assert_eq!(later(&both, &all, "2025-12-31"), "Gold until 2026-01-01");
        assert_eq!(later(&both, &all, "2026-01-01"), "Silver until 2027-01-01");
        // What only both together have earned comes with the next day that is judged.
        let halves =
            merge(&of("2025-01-01", &[("2025-03-01", 120)], vec![]), &of("2025-01-01", &[("2025-04-01", 130)], vec![]), &[]);
        assert_eq!(halves.standing().tier.as_str(), "Silver");
        assert_eq!(later(&halves, &[("2025-03-01", 120), ("2025-04-01", 130)], "2025-06-01"), "Gold until 2027-01-01");
        // For life, by hand, by a relationship, in a plan.
        let until = date("2026-01-01");
        let floor = of("2025-01-01", &[], vec![("2025-02-01", Action::Floor(name("Gold")))]);
        let held = |tier: &str, until| Action::Hold { tier: name(tier), until };
        let related = |tier: &str, until| Action::Relationship { with: name("spouse"), tier: name(tier), until };
        let hold = of("2025-01-01", &[], vec![("2025-02-01", held("Gold", Some(until)))]);
        let spouse = of("2025-01-01", &[], vec![("2025-02-01", related("Gold", until))]);
        let trial = of("2025-01-01", &[], vec![("2025-05-01", Action::Plan(challenge(Failure::Restore)))]);
        for (state, ends) in
            [(&floor, None), (&hold, Some("2026-01-01")), (&spouse, Some("2026-01-01")), (&trial, Some("2025-07-30"))]
        {
            let both = merge(state, &nothing, &[]);
            assert_eq!(both.standing(), state.standing());
            assert_eq!(both.interventions(), state.interventions());
            let end = ends.unwrap_or("2030-01-01");
            assert_eq!(later(&both, &[], end), if ends.is_some() { "base" } else { "Gold" });
        }
        let met = ladder.run(&merge(&nothing, &trial, &[]), &credits(&[("2025-07-01", 60)]), date("2025-07-30")).unwrap();
        assert_eq!(told(&met), ["2025-07-01 Gold>Gold plan \"challenge\" met"]);
        // Of two holds the higher, then the other as long as it lasts; a release ends the hold of its own account.
        let low = of("2025-01-01", &[], vec![("2025-03-01", held("Silver", None))]);
        let both = merge(&hold, &low, &last_year);
        assert_eq!(both.standing(), hold.standing());
        assert_eq!(later(&both, &last_year, "2026-01-01"), "Silver");
        let released = |hold, on| of("2025-01-01", &[], vec![("2025-03-01", hold), (on, Action::Release)]);
        let both = merge(&hold, &released(held("Platinum", None), "2025-05-01"), &[]);
        assert_eq!(both.standing(), hold.standing());
        let both = merge(&hold, &released(held("Platinum", None), "2025-08-01"), &[]);
        let tiers = ["2025-06-01", "2025-07-31", "2025-08-01", "2025-12-31", "2026-01-01"].map(|on| later(&both, &[], on));
        let gold = "Gold until 2026-01-01";
        assert_eq!(tiers, ["Platinum", "Platinum", gold, gold, "base"]);
        let both = merge(&nothing, &released(held("Platinum", None), "2025-08-01"), &[]);
        assert_eq!(["2025-07-31", "2025-08-01"].map(|on| later(&both, &[], on)), ["Platinum", "base"]);
        // Also one that holds low.
        let base = of("2025-01-01", &[], vec![("2025-03-01", held("base", None))]);
        assert_eq!(merge(&base, &floor, &[]).standing().tier.as_str(), "base");
        // Of two relationships with one member the higher, of two of one tier the longer; with two members both.
        let short = of("2025-01-01", &[], vec![("2025-03-01", related("Silver", date("2027-01-01")))]);
        let both = merge(&spouse, &short, &[]);
        let tiers = ["2025-12-31", "2026-12-31", "2027-01-01"].map(|on| later(&both, &[], on));
        assert_eq!(tiers, [gold, "Silver until 2027-01-01", "base"]);
    }
}

/// The longer of two times that a tier was held counts, not their sum; the same where two tiers become one.
#[test]
fn days_held_are_those_of_the_account_that_has_more() {
    let gold_for_life = |called| vec![Floor { tier: name(called), after: FloorAfter::DaysHeld(1000) }];
    let ladder = Ladder::new(LadderTerms { floors: gold_for_life("Gold"), ..terms(&THREE, YEARS) }).unwrap();
    let older = credits(&[("2024-01-01", 250)]);
    let younger = credits(&[("2025-03-01", 250)]);
    let one = run(&ladder, "2024-01-01", &older, "2025-06-01").state;
    let other = run(&ladder, "2025-01-01", &younger, "2025-06-01").state;
    let mut all = older.clone();
    all.merge(&younger).unwrap();
    let both = merged(&ladder, &one, &other, &all);
    assert_eq!((both.standing().since, both.standing().until), (date("2024-01-01"), Some(date("2027-01-01"))));
    let run_on = |ladder: &Ladder, state| told(&ladder.run(state, &all, date("2027-06-01")).unwrap()).last().unwrap().clone();
    assert_eq!(run_on(&ladder, &both), "2026-09-27 Gold>Gold for life");
    // Silver since 2024, Gold since 2025: both are Or now.
    let both = run(&ladder, "2024-01-01", &credits(&[("2024-01-01", 150), ("2025-03-01", 250)]), "2025-06-01").state;
    let formerly = BTreeMap::from([(name("Silver"), name("Or")), (name("Gold"), name("Or"))]);
    let named = LadderTerms { floors: gold_for_life("Or"), formerly, ..terms(&[("Or", 200)], YEARS) };
    assert_eq!(run_on(&Ladder::new(named).unwrap(), &both), "2026-09-27 Or>Or for life");
}

#[test]
fn a_plan_that_was_met_before_a_merger_is_not_met_again() {
    let ladder = ladder(&THREE, YEARS);
    let plan = UpgradePlan { on_success: Success::For(Span::Months(18)), ..challenge(Failure::Restore) };
    let mut start = ladder.join(date("2025-01-01")).unwrap();
    start.intervene(&ladder, decided("2025-05-01", Action::Plan(plan))).unwrap();
    let met = ladder.run(&start, &credits(&[("2025-05-10", 60)]), date("2025-06-01")).unwrap().state;
    let high = run(&ladder, "2024-01-01", &credits(&[("2024-02-01", 600)]), "2025-06-01").state;
    let all = credits(&[("2024-02-01", 600), ("2025-05-10", 60), ("2025-07-01", 60)]);
    let both = merged(&ladder, &met, &high, &all);
    let on = |day| ladder.assess(&both, &all, date(day)).unwrap().to_string();
    assert_eq!((on("2025-12-31"), on("2026-01-01")), ("Platinum until 2026-01-01".into(), "Gold until 2026-11-10".into()));
    assert_eq!(on("2026-12-01"), "Silver until 2027-01-01");
}

#[test]
fn a_gift_that_either_was_given_is_not_given_again() {
    let gift = |every| Milestone { name: name("gift"), reached: Reached::Credits(points(100)), every };
    for every in [None, Some(Cycle::MEMBERSHIP_YEAR)] {
        let ladder = Ladder::new(LadderTerms { milestones: vec![gift(every)], ..terms(&[("Silver", 1000)], YEARS) }).unwrap();
        let entries = credits(&[("2025-04-01", 100)]);
        let given = run(&ladder, "2024-03-15", &entries, "2025-06-01");
        assert_eq!(given.gifts.len(), 1);
        let older = run(&ladder, "2024-01-01", &credits(&[]), "2025-06-01").state;
        let both = merged(&ladder, &given.state, &older, &entries);
        let again =
            |until| ladder.run(&both, &credits(&[("2025-04-01", 100), ("2026-01-02", 100)]), date(until)).unwrap().gifts.len();
        assert_eq!((again("2026-01-01"), again("2026-01-02")), (0, every.is_some().into()));
    }
}

/// By membership years the older account says which; what that would cost is settled.
#[test]
fn what_computing_anew_would_take_is_settled() {
    let counting = Counting::Periods { cycle: Cycle::MEMBERSHIP_YEAR, stands: 1 };
    let ladder = Ladder::new(LadderTerms { corrections: Corrections::Recompute, ..terms(&[("Gold", 100)], counting) }).unwrap();
    let mut entries = credits(&[("2023-12-01", 60), ("2024-02-01", 60)]); // one year from July, two from January
    let gold = run(&ladder, "2023-07-01", &entries, "2024-06-01").state;
    let older = run(&ladder, "2023-01-01", &credits(&[]), "2024-06-01").state;
    let both = merged(&ladder, &gold, &older, &entries);
    assert_eq!(both.standing().to_string(), "Gold until 2025-07-01");
    let run = ladder.run(&both, &entries, date("2024-06-01")).unwrap();
    assert_eq!(told(&run), [""; 0]);
    // The year of the older one is counted: from January.
    let young = ladder.run(&ladder.join(date("2023-07-01")).unwrap(), &credits(&[]), date("2024-06-01")).unwrap().state;
    let year = credits(&[("2024-05-01", 60), ("2024-08-01", 50)]);
    let closed = |state: &StatusState| {
        let mut state = state.clone();
        state.settle();
        state
    };
    for both in [merged(&ladder, &older, &young, &year), merged(&ladder, &closed(&young), &older, &year)] {
        assert_eq!(told(&ladder.run(&both, &year, date("2024-12-31")).unwrap()), ["2024-08-01 base>Gold entered"]);
    }
    // Where nothing is lost by it, all is computed anew, and a return works.
    let young = ladder.run(&ladder.join(date("2024-01-01")).unwrap(), &credits(&[]), date("2024-06-01")).unwrap().state;
    let both = merged(&ladder, &gold, &young, &entries);
    entries.push(&name("points"), date("2024-02-01"), -60).unwrap();
    assert_eq!(told(&ladder.run(&both, &entries, date("2024-06-01")).unwrap()), ["2024-06-01 Gold>base corrected"]);
}

proptest! {
    #![proptest_config(cases(256))]

    /// Whatever a member has, by hand or not, a ladder without one of its tiers goes on with it, in steps as at once.
    #[test]
    fn a_revision_can_abolish_any_tier(
        (old, interventions) in rich(), entries in entries(), on in 0_u64..1500, gone in 0_usize..3, now in 0_usize..4, more in 0_u64..300
    ) {
        let was = Ladder::new(old.clone()).unwrap();
        let credits = pushed(&entries);
        let mut start = was.join(date("2020-01-01")).unwrap();
        for intervention in interventions {
            _ = start.intervene(&was, intervention);
        }
        let on = date("2020-01-01") + Days::new(on);
        let member = was.run(&start, &credits, on).unwrap().state;
        let earlier = old.tiers[gone].name.clone();
        let mut terms = LadderTerms { floors: vec![], milestones: vec![], ..old };
        terms.tiers.remove(gone);
        let named = ["0", "1", "2", "3"][now];
        if named != earlier.as_str() {
            terms.formerly.insert(earlier.clone(), name(named));
        }
        let ladder = Ladder::new(terms).unwrap();
        let until = on + Days::new(more);
        let whole = ladder.run(&member, &credits, until).unwrap();
        let first = ladder.run(&member, &credits, on).unwrap();
        let second = ladder.run(&first.state, &credits, until).unwrap();
        prop_assert_eq!(&second.state, &whole.state);
        let changes: Vec<_> = first.changes.into_iter().chain(second.changes).collect();
        prop_assert_eq!(&changes, &whole.changes);
        let json = serde_json::to_string(&first.state).unwrap();
        prop_assert_eq!(&serde_json::from_str::<StatusState>(&json).unwrap(), &first.state);
        let stood = &member.standing().tier;
        prop_assert_eq!(changes.iter().any(|c| c.cause == Cause::Abolished), *stood == earlier);
        prop_assert!(changes.windows(2).all(|pair| pair[0].to == pair[1].from));
        prop_assert!(ladder.rank(&whole.state.standing().tier).is_ok());
        // Not lower than what the tier is now, as long as nobody has decided otherwise.
        if *stood == earlier && let Some(first) = changes.first() {
            prop_assert!(ladder.rank(&first.to.tier).unwrap() >= ladder.rank(ladder.tier_now(&earlier)).unwrap());
        }
        prop_assert!(ladder.to_next(&member, &credits, until).is_ok() && ladder.to_keep(&member, &credits, until).is_ok());
    }

    /// Whichever account takes the other over, and nobody is worse off by it, unless somebody holds the status.
    #[test]
    fn a_merger_gives_the_better_of_both(
        (terms, by_hand) in rich(), entries in prop::array::uniform2(entries()), joined in prop::array::uniform2(0_u64..400),
        cut in 0_usize..6, on in 400_u64..1500, more in 0_u64..200
    ) {
        let ladder = Ladder::new(terms).unwrap();
        let on = date("2020-01-01") + Days::new(on);
        let (first, second) = by_hand.split_at(cut.min(by_hand.len()));
        let mut credits = StatusCredits::new();
        let mut state = |side: usize, by_hand: &[Intervention]| {
            let own = pushed(&entries[side]);
            credits.merge(&own).unwrap();
            let mut start = ladder.join(date("2020-01-01") + Days::new(joined[side])).unwrap();
            for intervention in by_hand {
                _ = start.intervene(&ladder, intervention.clone()); // a plan may come too soon, or all of it before the joining
            }
            ladder.run(&start, &own, on).unwrap().state
        };
        let (one, other) = (state(0, first), state(1, second));
        let both = merged(&ladder, &one, &other, &credits);
        let held = |state: &StatusState| matches!(state.standing().basis, Basis::Hold { .. });
        let rank = |state: &StatusState| ladder.rank(&state.standing().tier).unwrap();
        prop_assert_eq!(held(&both), held(&one) || held(&other));
        if held(&one) == held(&other) {
            prop_assert_eq!(rank(&both), rank(&one).max(rank(&other)));
        }
        let run = ladder.run(&both, &credits, on).unwrap();
        let daily = matches!(ladder.terms().counting, Counting::Balance | Counting::Rolling { stands: 0, .. });
        prop_assert!(held(&both) || daily || rank(&run.state) >= rank(&both));
        let json = serde_json::to_string(&both).unwrap();
        prop_assert_eq!(&serde_json::from_str::<StatusState>(&json).unwrap(), &both);
        let again = merged(&ladder, &both, &both, &credits);
        prop_assert_eq!(again.standing(), both.standing());
        // What holds and relationships say later is the better of both, too.
        let later = on + Days::new(more);
        let bare = StatusCredits::new();
        if ladder.terms().corrections == Corrections::Sticky && matches!(ladder.terms().counting, Counting::Lifetime) {
            let of = |state: &StatusState| ladder.rank(&ladder.assess(state, &bare, later).unwrap().tier).unwrap();
            let hold = |state: &StatusState| matches!(ladder.assess(state, &bare, later).unwrap().basis, Basis::Hold { .. });
            prop_assert_eq!(hold(&both), hold(&one) || hold(&other));
            if hold(&one) == hold(&other) {
                prop_assert!(of(&both) >= of(&one).max(of(&other)));
            }
        }
    }

    #[test]
    fn the_ladder_does_what_the_model_of_days_does(plain in plain(), entries in entries()) {
        let ladder = Ladder::new(plain.terms()).unwrap();
        let (joined, until) = (date("2020-01-01"), date("2025-12-31"));
        let run = ladder.run(&ladder.join(joined).unwrap(), &pushed(&entries), until).unwrap();
        let expected = plain.every_day(&entries, joined, until);
        let mut tier = 0;
        let mut changes = run.changes.iter().peekable();
        for (day, expected) in joined.iter_days().zip(expected) {
            while let Some(change) = changes.next_if(|change| change.on == day) {
                tier = ladder.rank(&change.to.tier).unwrap();
            }
            prop_assert_eq!(tier, expected, "{}", day);
        }
    }

    #[test]
    fn to_run_in_steps_is_to_run_at_once(
        (terms, interventions) in rich(), entries in entries(), steps in prop::collection::btree_set(0_u64..2200, 0..6)
    ) {
        let ladder = Ladder::new(terms).unwrap();
        let (joined, until, credits) = (date("2020-01-01"), date("2026-01-31"), pushed(&entries));
        let mut start = ladder.join(joined).unwrap();
        for intervention in interventions {
            _ = start.intervene(&ladder, intervention); // a plan may come too soon
        }
        let whole = ladder.run(&start, &credits, until).unwrap();
        let (mut state, mut changes, mut gifts) = (start, vec![], vec![]);
        for day in steps.into_iter().map(|n| joined + Days::new(n)).chain([until]) {
            let run = ladder.run(&state, &credits, day).unwrap();
            // Nothing happens before it is due.
            if let Some(due) = run.next_due.filter(|due| *due > day + Days::new(1)) {
                let quiet = ladder.run(&run.state, &credits, due - Days::new(1)).unwrap();
                prop_assert_eq!((quiet.changes, quiet.gifts), (vec![], vec![]));
            }
            changes.extend(run.changes);
            gifts.extend(run.gifts);
            let json = serde_json::to_string(&run.state).unwrap();
            state = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&state, &run.state);
        }
        prop_assert_eq!(&state, &whole.state);
        prop_assert_eq!(changes, whole.changes);
        prop_assert_eq!(gifts, whole.gifts);
    }

    #[test]
    fn more_credits_never_give_less(mut plain in plain(), entries in entries(), more in entries()) {
        // Not where a rolling status stands for months: whoever enters it earlier is judged earlier.
        if let Err((_, stands)) = &mut plain.counting {
            (*stands, plain.landing) = (0, None);
        }
        let ladder = Ladder::new(plain.terms()).unwrap();
        let all: Vec<_> = entries.iter().chain(&more).copied().collect();
        let start = ladder.join(date("2020-01-01")).unwrap();
        for on in (0..24).map(|n| date("2020-03-31") + Months::new(3 * n)) {
            let rank = |entries: &[_]| ladder.rank(&ladder.assess(&start, &pushed(entries), on).unwrap().tier).unwrap();
            prop_assert!(rank(&all) >= rank(&entries), "{}", on);
        }
    }

    #[test]
    fn nobody_falls_early_or_far(plain in plain(), entries in entries()) {
        let ladder = Ladder::new(plain.terms()).unwrap();
        let run = run(&ladder, "2020-01-01", &pushed(&entries), "2027-12-31");
        for change in &run.changes {
            let (from, to) = (ladder.rank(&change.from.tier).unwrap(), ladder.rank(&change.to.tier).unwrap());
            if to < from {
                prop_assert_eq!(change.from.until.unwrap() + Days::new(plain.grace.into()), change.on);
                prop_assert!(from - to <= plain.landing.map_or(3, usize::from));
            }
        }
    }

    #[test]
    fn a_returned_order_was_never_there(
        (terms, _) in rich(), entries in entries(), order in (0_u64..1461, 1_i64..200), later in 0_u64..400
    ) {
        let ladder = Ladder::new(LadderTerms { corrections: Corrections::Recompute, milestones: vec![], ..terms }).unwrap();
        let start = ladder.join(date("2020-01-01")).unwrap();
        let day = date("2020-01-01") + Days::new(order.0);
        let (mut credits, until) = (pushed(&entries), day + Days::new(later));
        let never = ladder.run(&start, &credits, until).unwrap();
        credits.push(&name("points"), day, order.1).unwrap();
        let with = ladder.run(&start, &credits, until).unwrap();
        credits.push(&name("points"), day, -order.1).unwrap();
        let returned = ladder.run(&with.state, &credits, until).unwrap();
        prop_assert_eq!(&returned.state, &never.state);
        prop_assert_eq!(returned.changes.is_empty(), with.state.standing() == never.state.standing());
    }

    #[test]
    fn a_day_that_is_looked_at_again_brings_nothing((terms, _) in rich(), entries in entries(), days in 0_u64..1461) {
        let ladder = Ladder::new(terms).unwrap();
        let (start, credits) = (ladder.join(date("2020-01-01")).unwrap(), pushed(&entries));
        // Also the day of an entry, on which most can happen.
        let last = entries.last().map(|(day, _)| *day);
        for until in last.into_iter().chain([date("2020-01-01") + Days::new(days)]) {
            let once = ladder.run(&start, &credits, until).unwrap();
            let again = ladder.run(&once.state, &credits, until).unwrap();
            prop_assert_eq!((&again.state, again.changes.len(), again.gifts.len()), (&once.state, 0, 0));
        }
    }

    #[test]
    fn no_more_rolls_over_than_the_cap(first in 0_i64..400, cap in 1_u64..300, percent in 1_u8..=100) {
        let roll_over = Some(RollOver { caps: BTreeMap::from([(name("points"), cap)]), percent, again: true });
        let ladder = Ladder::new(LadderTerms { roll_over, ..terms(&[("Silver", 100), ("Gold", 1000)], YEARS) }).unwrap();
        let credits = pushed(&[(date("2020-05-05"), first)]);
        let start = ladder.join(date("2020-01-01")).unwrap();
        let missing = ladder.to_next(&start, &credits, date("2021-02-01")).unwrap().last().unwrap().gaps[0].missing;
        let beyond = u64::try_from((first - 100).max(0)).unwrap();
        prop_assert_eq!(1000 - missing, (beyond * u64::from(percent) / 100).min(cap));
    }

    #[test]
    fn entries_add_up_in_any_order(entries in entries(), cut in 0_usize..25) {
        let (a, b) = entries.split_at(cut.min(entries.len()));
        let (mut one, mut other) = (pushed(a), pushed(b));
        let (first, second) = (one.clone(), other.clone());
        one.merge(&second).unwrap();
        other.merge(&first).unwrap();
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(&one, &pushed(&entries));
        let json = serde_json::to_string(&one).unwrap();
        prop_assert_eq!(serde_json::from_str::<StatusCredits>(&json).unwrap(), one);
    }
}
