//! Histories of an account out of all commands, clock moves, replays, restarts and changes of the scheme, against a list of single points.
#![allow(clippy::unwrap_used)]

use customer_value::loyalty::{
    account::Account,
    testkit::{Play, generate, laws},
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestError, TestRunner},
};

/// The numbers of one step after the other; where they end, zeros follow.
type Numbers = Vec<Vec<u16>>;

fn numbers() -> impl Strategy<Value = (Vec<u16>, Numbers)> {
    (vec(any::<u16>(), 0..160), vec(vec(any::<u16>(), 0..48), 1..40))
}

fn picks(numbers: &[u16]) -> impl FnMut(u64) -> u64 {
    let mut left = numbers.iter();
    move |bound| left.next().map_or(0, |number| u64::from(*number) % bound)
}

fn history((programme, steps): &(Vec<u16>, Numbers)) -> Result<(), TestCaseError> {
    let programme = generate::programme(0, &mut picks(programme)).unwrap();
    let mut play = Play::new(programme, "2026-01-01T09:00:00Z".parse().unwrap()).unwrap();
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
    laws::check_writing(&log.to_vec(), serde_json::to_string, |text| serde_json::from_str(text)).map_err(told)
}

fn run(sequences: u32) {
    let config = Config { cases: sequences, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    match TestRunner::new(config).run(&numbers(), |numbers| history(&numbers)) {
        Ok(()) => {}
        // The steps say more than the numbers they are made of.
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(abort) => panic!("{abort}"),
    }
}

#[test]
fn an_account_is_its_single_points() {
    run(300);
}

/// As many as `LOYALTY_SEQUENCES` says: `cargo test --release --features testkit --test loyalty_machine -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn an_account_is_its_single_points_in_very_many_histories() {
    run(std::env::var("LOYALTY_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000));
}
