//! Histories of an account out of all commands, clock moves, replays, restarts and changes of the scheme, against a list of single points.
#![allow(clippy::panic, clippy::print_stdout, clippy::std_instead_of_alloc, clippy::std_instead_of_core, clippy::unwrap_used)]

use customer_value::loyalty::{
    account::Account,
    testkit::{Play, generate, laws},
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestError, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap};

/// The numbers of one step after the other; where they end, zeros follow.
type Numbers = Vec<Vec<u16>>;

/// What has to happen in the course of them.
const EVENTS: [&str; 24] = [
    "earned",
    "confirmed",
    "redeemed",
    "redemption_cancelled",
    "held",
    "hold_settled",
    "returned",
    "voided",
    "clawed_back",
    "clawback_settled",
    "reclaimed",
    "status_reversed",
    "debt_repaid",
    "deducted",
    "expired",
    "expiry_moved",
    "reinstated",
    "was_active",
    "sent",
    "received",
    "intervened",
    "status_changed",
    "absorbed",
    "closed",
];

fn numbers() -> impl Strategy<Value = (Vec<u16>, Numbers)> {
    (vec(any::<u16>(), 0..160), vec(vec(any::<u16>(), 12..40), 1..60))
}

fn picks(numbers: &[u16]) -> impl FnMut(u64) -> u64 {
    let mut left = numbers.iter();
    move |bound| left.next().map_or(0, |number| u64::from(*number) % bound)
}

fn history((programme, steps): &(Vec<u16>, Numbers), seen: &RefCell<BTreeMap<String, u32>>) -> Result<(), TestCaseError> {
    let programme = generate::programme(0, &mut picks(programme)).unwrap();
    let mut play = Play::new(programme, "2026-01-01T09:00:00Z".parse().unwrap()).unwrap().with_revisions();
    let mut done = Vec::new();
    for numbers in steps {
        let step = play.next(&mut picks(numbers)).unwrap();
        done.push(format!("{} {step:?}", play.model().now()));
        if let Err(breach) = play.take(&step) {
            let (programme, ..) = play.parts();
            let terms = serde_json::to_string(programme).unwrap();
            return Err(TestCaseError::fail(format!("{breach}\nafter\n{}\nunder {terms}", done.join("\n"))));
        }
    }
    let (programme, account, log) = play.parts();
    let told = |breach: laws::Breach| TestCaseError::fail(format!("{breach}\nafter\n{}", done.join("\n")));
    laws::check_log(account.id(), play.joined(), log).map_err(told)?;
    for kind in &programme.terms().kinds {
        laws::check_schedule(account, &kind.name, play.model().now()).map_err(told)?;
    }
    laws::check_writing(account, serde_json::to_string::<Account>, |text| serde_json::from_str(text)).map_err(told)?;
    let closed = play.closed().iter().flat_map(|(_, log)| log);
    for happened in log.iter().chain(closed).flat_map(|record| &record.events) {
        let written = serde_json::to_value(&happened.event).unwrap();
        let name = written.as_object().unwrap().keys().next().unwrap();
        *seen.borrow_mut().entry(name.clone()).or_default() += 1;
    }
    laws::check_writing(&log.to_vec(), serde_json::to_string, |text| serde_json::from_str(text)).map_err(told)
}

/// Runs so many histories; and as many again, some times, while anything has not happened as often as it must.
fn run(sequences: u32, least: u32) {
    let seen = RefCell::default();
    for _ in 0..6 {
        let config = Config { cases: sequences, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
        match TestRunner::new(config).run(&numbers(), |numbers| history(&numbers, &seen)) {
            Ok(()) => {}
            // The steps say more than the numbers they are made of.
            Err(TestError::Fail(why, _)) => panic!("{why}"),
            Err(abort) => panic!("{abort}"),
        }
        if rare(&seen.borrow(), least).is_empty() {
            println!("{:?}", seen.borrow());
            return;
        }
    }
    let seen = seen.into_inner();
    panic!("{:?} hardly happen: {seen:?}", rare(&seen, least));
}

fn rare(seen: &BTreeMap<String, u32>, least: u32) -> Vec<&'static str> {
    EVENTS.into_iter().filter(|event| seen.get(*event).is_none_or(|times| *times < least)).collect()
}

#[test]
fn an_account_is_its_single_points() {
    run(400, 1);
}

/// As many as `LOYALTY_SEQUENCES` says: `cargo test --release --features testkit --test loyalty_machine -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn an_account_is_its_single_points_in_very_many_histories() {
    run(std::env::var("LOYALTY_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000), 10);
}

#[test]
fn an_account_that_contradicts_itself_is_not_read() {
    let programme = generate::programme(0, &mut |_| 0).unwrap();
    let mut play = Play::new(programme, "2026-01-01T09:00:00Z".parse().unwrap()).unwrap();
    for step in 0..4 {
        let mut numbers = [0, 0, [0, 11, 17, 28][step], 1, 1, 1, 1, 1].into_iter();
        play.step(&mut |bound| numbers.next().unwrap_or(0) % bound).unwrap();
    }
    let written = serde_json::to_value(play.parts().1).unwrap();
    assert_eq!(serde_json::from_value::<Account>(written.clone()).unwrap(), *play.parts().1);
    let wallet = &written["book"]["wallets"][0];
    assert!(wallet["lots"][0]["left"].as_u64().is_some(), "{written}");
    for (place, number) in [
        ("/book/wallets/0/totals/issued", 1_000),
        ("/book/wallets/0/totals/expired", 1),
        ("/book/wallets/0/lots/0/left", 1_000),
        ("/book/wallets/0/lots/0/held", 1),
        ("/book/last_lot", 99),
        ("/purchases", 7),
    ] {
        let mut changed = written.clone();
        *changed.pointer_mut(place).unwrap_or_else(|| panic!("{place} in {written}")) = number.into();
        assert!(serde_json::from_value::<Account>(changed).is_err(), "{place}");
    }
}
