//! Targets whose parts add up, how far they have come, and the mix of grades held against its goal.

#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, date, name, names};
use customer_value::{
    calendar::{Period, days_from},
    money::{Currency, Money, Ratio},
    tier::{
        GradeSet, MixGoal, TierError,
        target::{Goal, Progress, Target, TargetError},
    },
};
use proptest::{collection::vec, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

fn cny(fen: i64) -> Goal {
    Goal::Money(Money::from_minor(fen, Currency::CNY))
}

fn days(from: &str, until: &str) -> Period {
    Period::new(date(from), date(until)).unwrap()
}

fn leaf(title: &str, period: Period, goal: Goal) -> Target {
    Target::new(name(title), period, goal, vec![]).unwrap()
}

/// A leap year of 366.00 CNY by quarters; the first of them by region.
fn year() -> Target {
    let year = Period::year(2024).unwrap();
    let quarters = year.split(3).unwrap();
    let regions = vec![leaf("north", quarters[0], cny(60_00)), leaf("south", quarters[0], cny(31_00))];
    let first = Target::new(name("Q1"), quarters[0], cny(91_00), regions).unwrap();
    let rest = ["Q2", "Q3", "Q4"].into_iter().zip([91_00, 92_00, 92_00]).zip(&quarters[1..]);
    let parts = [first].into_iter().chain(rest.map(|((title, fen), period)| leaf(title, *period, cny(fen)))).collect();
    Target::new(name("2024"), year, cny(366_00), parts).unwrap()
}

#[test]
fn parts_add_up_to_the_cent_or_are_refused() {
    let year = Period::year(2024).unwrap();
    let of = |goal, parts: &[Goal]| {
        let part = |(i, goal): (usize, &Goal)| leaf(&format!("p{i}"), year, *goal);
        Target::new(name("whole"), year, goal, parts.iter().enumerate().map(part).collect())
    };
    assert!(of(cny(10_00), &[cny(3_33), cny(3_33), cny(3_34)]).is_ok());
    let short = TargetError::PartsDoNotSum { whole: name("whole"), goal: cny(10_00), sum: cny(9_99) };
    assert_eq!(of(cny(10_00), &[cny(3_33), cny(3_33), cny(3_33)]), Err(short.clone()));
    assert_eq!(short.to_string(), "the parts of \"whole\" add up to 9.99 CNY, not to 10.00 CNY");
    let over = TargetError::PartsDoNotSum { whole: name("whole"), goal: Goal::Count(12), sum: Goal::Count(13) };
    assert_eq!(of(Goal::Count(12), &[Goal::Count(7), Goal::Count(6)]), Err(over));

    let mixed = |found| Err::<Target, _>(TargetError::Mixed { name: name("p1"), expected: cny(2), found });
    assert_eq!(of(cny(2), &[cny(1), Goal::Count(1)]), mixed(Goal::Count(1)));
    let euro = Goal::Money(Money::from_minor(1, Currency::EUR));
    assert_eq!(of(cny(2), &[cny(1), euro]), mixed(euro));
    let words = |found| mixed(found).unwrap_err().to_string();
    assert_eq!(words(Goal::Count(1)), "\"p1\" is a count, which does not add to an amount in CNY");
    assert_eq!(words(euro), "\"p1\" is an amount in EUR, which does not add to an amount in CNY");
    for nothing in [cny(0), cny(-1), Goal::Count(0)] {
        assert_eq!(of(nothing, &[]), Err(TargetError::NotPositive(name("whole"))));
    }
    let most = Goal::Count(u64::MAX);
    assert_eq!(of(most, &[most, Goal::Count(1)]), Err(TargetError::OutOfRange(name("whole"))));
}

#[test]
fn parts_keep_to_the_period_and_to_their_names() {
    let year = Period::year(2024).unwrap();
    let whole = |period| Target::new(name("whole"), year, cny(1), vec![leaf("part", period, cny(1))]);
    assert!(whole(days("2024-12-31", "2025-01-01")).is_ok());
    let outside = Err(TargetError::OutsidePeriod { whole: name("whole"), part: name("part") });
    assert_eq!(whole(days("2024-12-31", "2025-01-02")), outside);
    assert_eq!(whole(days("2023-12-31", "2025-01-01")), outside);
    assert_eq!(whole(days("2025-01-01", "2025-01-02")), outside);

    let twins = vec![leaf("north", year, cny(1)), leaf("north", year, cny(1))];
    assert_eq!(Target::new(name("whole"), year, cny(2), twins), Err(TargetError::Twice(name("north"))));
    let own = vec![leaf("whole", year, cny(2))];
    assert_eq!(Target::new(name("whole"), year, cny(2), own), Err(TargetError::Twice(name("whole"))));

    let deep = (1..16).fold(leaf("t0", year, cny(1)), |t, i| Target::new(name(&format!("t{i}")), year, cny(1), vec![t]).unwrap());
    assert_eq!(Target::new(name("t16"), year, cny(1), vec![deep]), Err(TargetError::TooDeep(name("t0"))));
}

#[test]
fn progress_is_held_against_the_days_that_are_over() {
    let year = year();
    let due = |day: &str| year.progress(date(day), |_| Some(cny(0))).unwrap().due;
    for (day, fen) in [
        ("2023-12-31", 0),
        ("2024-01-01", 99), // 60.00 / 91 and 31.00 / 91, each rounded down: 0.65 and 0.34
        ("2024-03-31", 91_00),
        ("2024-04-01", 92_00),
        ("2024-12-30", 365_00),
        ("2024-12-31", 366_00),
        ("2030-01-01", 366_00),
    ] {
        assert_eq!(due(day), cny(fen), "{day}");
    }

    let done = |name: &customer_value::quantity::Name| Some(cny(if *name == "south" { 30_99 } else { 61_00 }));
    let progress = year.progress(date("2024-03-31"), done).unwrap();
    assert_eq!((progress.done, progress.share()), (cny(274_99), Ratio::new(274_99, 366_00).unwrap()));
    let first = &progress.parts[0];
    assert_eq!((first.done, first.due, first.is_on_schedule()), (cny(91_99), cny(91_00), true));
    assert_eq!(first.parts.iter().map(Progress::is_on_schedule).collect::<Vec<_>>(), [true, false]); // one fen short

    assert!(progress.parts[1..].iter().all(|p| p.due == cny(0) && p.is_on_schedule())); // nothing is due yet
    let just = year.progress(date("2024-03-31"), |name| Some(cny(if *name == "north" { 60_00 } else { 31_00 }))).unwrap();
    assert!(just.parts[0].is_on_schedule() && just.parts[0].done == just.parts[0].due);

    let silent = year.progress(date("2024-03-31"), |name| (*name != "south").then_some(cny(0)));
    assert_eq!(silent, Err(TargetError::Unreported(name("south"))));
    let counted = year.progress(date("2024-03-31"), |_| Some(Goal::Count(1)));
    assert_eq!(counted, Err(TargetError::Mixed { name: name("north"), expected: cny(60_00), found: Goal::Count(1) }));
    let huge = year.progress(date("2024-03-31"), |_| Some(cny(i64::MAX)));
    assert_eq!(huge, Err(TargetError::OutOfRange(name("Q1"))));
    // More was returned than sold.
    let negative = year.progress(date("2024-03-31"), |_| Some(cny(-1))).unwrap();
    assert_eq!((negative.done, negative.share()), (cny(-5), Ratio::new(-5, 366_00).unwrap()));
}

#[test]
fn targets_that_cannot_be_built_cannot_be_read() {
    let json = serde_json::to_value(year()).unwrap();
    assert_eq!(serde_json::from_value::<Target>(json.clone()).unwrap(), year());
    assert_eq!(json["goal"], json!({"money": {"amount": "366.00", "currency": "CNY"}}));
    let with = |pointer: &str, value: Value| {
        let mut json = json.clone();
        *json.pointer_mut(pointer).unwrap() = value;
        serde_json::from_value::<Target>(json).unwrap_err().to_string()
    };
    for (pointer, value, words) in [
        ("/goal/money/amount", json!("366.01"), "add up to 366.00 CNY, not to 366.01 CNY"),
        ("/parts/0/goal/money/amount", json!("91.01"), "add up to 91.00 CNY, not to 91.01 CNY"),
        ("/parts/1/goal", json!({"count": 1}), "\"Q2\" is a count"),
        ("/parts/1/name", json!("north"), "two targets are called \"north\""),
        ("/parts/1/period/until", json!("2025-01-02"), "leaves that of \"2024\""),
        ("/goal", json!({"count": -1}), "invalid value"),
        ("/goal", json!({"share": "0.5"}), "unknown variant"),
    ] {
        let error = with(pointer, value);
        assert!(error.contains(words), "{pointer}: {error}");
    }
    let mut more = json;
    more["owner"] = json!("us");
    assert!(serde_json::from_value::<Target>(more).unwrap_err().to_string().contains("unknown field `owner`"));
}

fn mix(shares: &[(&str, &str)]) -> Result<MixGoal, TierError> {
    MixGoal::new(shares.iter().map(|(grade, share)| (name(grade), share.parse().unwrap())).collect())
}

#[test]
fn the_mix_is_held_against_its_goal() {
    let thirds = mix(&[("A", "1/3"), ("B", "1/3"), ("C", "1/3")]).unwrap();
    let set = thirds.grades();
    let given = ["A", "B", "B", "C", "B", "B"].map(|grade| set.grade(grade).unwrap());
    let gaps: Vec<(u64, String)> = thirds.against(given).unwrap().iter().map(|s| (s.customers, s.gap.to_string())).collect();
    assert_eq!(gaps, [(1, "-1/6".into()), (4, "1/3".into()), (1, "-1/6".into())]);

    assert_eq!(thirds.against([]), Err(TierError::NoCustomers));
    let other = GradeSet::new(names("C B A")).unwrap();
    assert_eq!(thirds.against(other.grade("A")), Err(TierError::UnknownGrade(name("A"))), "the worst of three is another A");
    assert_eq!(mix(&[("A", "0.1"), ("B", "0.8")]), Err(TierError::SharesDoNotSum("0.9".parse().unwrap())));
    let below = TierError::NegativeShare { grade: name("B"), share: "-0.1".parse().unwrap() };
    assert_eq!(mix(&[("A", "1.1"), ("B", "-0.1")]), Err(below));
    assert_eq!(mix(&[("A", "1")]), Err(TierError::BadGradeCount(1)));
    assert!(mix(&[("A", "0"), ("B", "1")]).is_ok());
    let fine = format!("1/{}", i128::MAX);
    let rest = format!("{}/{}", i128::MAX - 1, i128::MAX);
    // Such shares add up to one, but not within 128 bits.
    assert_eq!(mix(&[("A", &fine), ("B", &rest)]), Err(TierError::SharesTooFine));

    let json = json!([{"grade": "A", "share": "0.1"}, {"grade": "B", "share": "0.9"}]);
    let read: MixGoal = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
    for (json, words) in [
        (json!([{"grade": "A", "share": "0.1"}, {"grade": "A", "share": "0.9"}]), "occurs twice"),
        (json!([{"grade": "A", "share": 0.1}, {"grade": "B", "share": "0.9"}]), "invalid type"),
        (json!([{"grade": "A", "share": "0.1", "of": 1}, {"grade": "B", "share": "0.9"}]), "unknown field"),
    ] {
        let error = serde_json::from_value::<MixGoal>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn allocated_parts_add_up_and_fall_due_step_by_step(fen in 1..1_000_000_000_i64, weights in vec(1..100_u64, 1..8), day in -3..370_i32) {
        let year = Period::year(2024).unwrap();
        let parts = Money::from_minor(fen, Currency::CNY).allocate(&weights).unwrap();
        let leaves = parts.iter().filter(|m| !m.is_zero()).enumerate();
        let leaves = leaves.map(|(i, money)| leaf(&format!("p{i}"), year, Goal::Money(*money))).collect();
        let target = Target::new(name("whole"), year, cny(fen), leaves).unwrap();
        let due = |day: i32| {
            let on = days_from(year.from(), day).unwrap();
            let Goal::Money(due) = target.progress(on, |_| Some(cny(0))).unwrap().due else { return 0 };
            due.minor()
        };
        prop_assert!(due(day) <= due(day + 1));
        prop_assert_eq!(due(365), fen);
        // Each part is rounded down, by less than a fen.
        let exact = i128::from(fen) * i128::from((day + 1).clamp(0, 366)) / 366;
        prop_assert!((0..=i128::from(u8::try_from(weights.len()).unwrap())).contains(&(exact - i128::from(due(day)))));
    }

    #[test]
    fn gaps_cancel_and_shares_add_up(weights in vec(0..20_i128, 2..8), counts in vec(0..20_usize, 7)) {
        let total: i128 = weights.iter().sum::<i128>().max(1);
        let mut shares: Vec<Ratio> = weights.iter().map(|w| Ratio::new(*w, total).unwrap()).collect();
        if weights.iter().sum::<i128>() == 0 {
            shares[0] = Ratio::ONE;
        }
        let set = GradeSet::letters(u8::try_from(shares.len()).unwrap()).unwrap();
        let goal = MixGoal::new(set.best_first().iter().map(|g| g.name().clone()).zip(shares).collect()).unwrap();
        let given = || set.best_first().iter().zip(&counts).flat_map(|(grade, n)| (0..*n).map(move |_| grade));
        let Ok(mix) = goal.against(given()) else {
            prop_assert_eq!(given().count(), 0);
            return Ok(());
        };
        prop_assert_eq!(Ratio::sum(mix.iter().map(|s| s.gap)), Ok(Ratio::ZERO));
        prop_assert_eq!(Ratio::sum(mix.iter().map(|s| s.share)), Ok(Ratio::ONE));
        prop_assert_eq!(mix.iter().map(|s| s.customers).sum::<u64>(), u64::try_from(given().count()).unwrap());
    }
}
