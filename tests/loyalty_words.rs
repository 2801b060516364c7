//! What happened to an account, in words: every kind of event.
#![allow(clippy::panic, clippy::unwrap_used)]

use customer_value::{
    calendar::Zone,
    loyalty::{
        Account, AccountId, Command, CommandId, Programme, SourceId,
        account::{Event, Grant, Happened},
        merge,
    },
};

#[track_caller]
fn says(event: &str, words: &str) {
    let event: Event = serde_json::from_str(event).unwrap_or_else(|e| panic!("{e}: {event}"));
    let on = "2026-03-01T10:00:00+01:00".parse().unwrap();
    assert_eq!(Happened { on, event }.to_string(), format!("2026-03-01: {words}"));
}

const LOT: &str = r#"{"lot":1,"kind":"points","points":30,"active":"2026-03-15T00:00:00+01:00","expires":"2027-01-01T00:00:00+01:00",
    "cost":0,"lines":[]}"#;
const TWO: &str = r#"[{"lot":1,"points":30},{"lot":2,"points":5}]"#;

fn earned(cause: &str, lots: &str, status: &str) -> String {
    let rest = r#""lines":[],"rules":[],"returns":{"by":"line","rounding":"floor"},"caps":[]"#;
    format!(r#"{{"earned":{{"source":"order 9","cause":{cause},"lots":[{lots}],"status":[{status}],{rest}}}}}"#)
}

#[test]
fn what_comes_in() {
    let terms = "30 points (lot 1, from 2026-03-15 on, until 2026-12-31)";
    says(&earned(r#""purchase""#, LOT, ""), &format!("order 9 earned {terms}"));
    says(&earned(r#""purchase""#, "", ""), "order 9 earned nothing");
    let nights = r#"{"metric":"nights","day":"2026-03-01","points":2,"lines":[]}"#;
    says(&earned(r#"{"activity":"stay"}"#, LOT, nights), &format!("stay (order 9) earned {terms} and 2 nights for the status"));
    says(&earned(r#"{"occasion":{"occasion":"b","key":"birthday 2026"}}"#, LOT, ""), &format!("birthday 2026 brought {terms}"));
    says(&earned(r#"{"grant":"an apology"}"#, LOT, ""), &format!("an apology (order 9) brought {terms}"));
    says(
        &earned(r#"{"referral":{"peer":"m2","side":"referee"}}"#, LOT, ""),
        &format!("a referral with m2 (order 9) earned {terms}"),
    );
    // Terms that say little: at once, for ever, after a confirmation, in the middle of a day.
    let lot = |active: &str, expires: &str| {
        let lot = LOT.replace(r#""2026-03-15T00:00:00+01:00""#, active).replace(r#""2027-01-01T00:00:00+01:00""#, expires);
        earned(r#""purchase""#, &lot, "")
    };
    says(&lot(r#""2026-03-01T10:00:00+01:00""#, "null"), "order 9 earned 30 points (lot 1)");
    let noon = r#""2026-12-31T12:00:00+01:00""#;
    says(&lot("null", noon), "order 9 earned 30 points (lot 1, once confirmed, until 2026-12-31T12:00:00+01:00)");
    let confirmed = r#"{"confirmed":{"source":"order 9","kind":"points","lots":[1,2,3]}}"#;
    says(confirmed, "order 9 was confirmed, so that the points of lot 1, lot 2 and lot 3 can be spent");
    let received = format!(r#"{{"received":{{"lots":[{LOT}],"from":"m2","seq":7}}}}"#);
    says(&received, &format!("m2 gave {terms}"));
}

#[test]
fn what_goes_out_and_comes_back() {
    let spent = |reward: &str| format!(r#"{{"redeemed":{{"source":"order 9","kind":"points","from":{TWO},"reward":{reward}}}}}"#);
    says(&spent("null"), "35 points were spent on order 9: 30 from lot 1 and 5 from lot 2");
    says(&spent(r#"{"reward":"a mug","window":null}"#), "35 points were spent on order 9, a mug: 30 from lot 1 and 5 from lot 2");
    let one = r#"[{"lot":1,"points":30}]"#;
    let back = format!(r#"{{"redemption_cancelled":{{"source":"order 9","kind":"points","to":{one}}}}}"#);
    says(&back, "order 9 was cancelled, and 30 points came back, to lot 1");
    let held = format!(r#"{{"held":{{"hold":"booking","kind":"points","from":{one},"until":"2026-03-08T00:00:00+01:00"}}}}"#);
    says(&held, "30 points were set aside for booking until 2026-03-07, from lot 1");
    let settled = |source: &str, captured: &str, released: &str| {
        format!(
            r#"{{"hold_settled":{{"hold":"booking","kind":"points","source":{source},"captured":{captured},"released":{released}}}}}"#
        )
    };
    says(&settled("null", "[]", one), "the hold booking ended, 30 points came back, to lot 1");
    says(&settled(r#""order 9""#, one, "[]"), "the hold booking ended, 30 points were spent on order 9, from lot 1");
    says(
        &settled(r#""order 9""#, one, r#"[{"lot":1,"points":5}]"#),
        "the hold booking ended, 30 points were spent on order 9, from lot 1, 5 points came back, to lot 1",
    );
    let sent = format!(r#"{{"sent":{{"kind":"points","from":{TWO},"lots":[],"to":"m2"}}}}"#);
    says(&sent, "35 points went to m2: 30 from lot 1 and 5 from lot 2");
    let deducted = format!(r#"{{"deducted":{{"kind":"points","from":{one},"reason":"misuse"}}}}"#);
    says(&deducted, "30 points were taken by hand for misuse, from lot 1");
    for (because, words) in
        [("time", "expired"), ("inactivity", "were lost for want of activity"), ("decay", "melted away for want of activity")]
    {
        let expired = format!(r#"{{"expired":{{"kind":"points","from":{one},"because":"{because}"}}}}"#);
        says(&expired, &format!("30 points {words}, from lot 1"));
    }
    let moved = r#"{"expiry_moved":{"kind":"points","lots":[[1,"2027-01-01T00:00:00+01:00",null]],"reason":"a strike"}}"#;
    says(moved, "points live otherwise, for a strike: lot 1 for ever, not until 2026-12-31");
    let again = format!(r#"{{"reinstated":{{"kind":"points","from":{one},"lot":{LOT},"reason":"a strike"}}}}"#);
    says(
        &again,
        "30 points that had expired came back for a strike, from lot 1; they are 30 points (lot 1, from 2026-03-15 on, until \
         2026-12-31) now",
    );
    let idle = r#"{"was_active":{"kind":"points","idle":{"at":"2028-03-02T00:00:00+01:00","rest":true,"decay":null,"losses":0}}}"#;
    says(idle, "that keeps the points alive until 2028-03-01");
}

#[test]
fn what_returns_take_back() {
    let returned = |lines: &str| format!(r#"{{"returned":{{"source":"order 9","document":"note 1","lines":{lines}}}}}"#);
    says(&returned(r#"[["lamp",1,0],["shade",0,0],["bulb",0,250]]"#), "lamp and bulb of order 9 came back (note 1)");
    says(&returned("[]"), "order 9 came back (note 1)");
    let voided = r#"{"voided":{"source":"order 9","document":"note 1"}}"#;
    says(voided, "order 9 was recorded wrongly (note 1): it does not count");
    let back = |from: &str, lapsed: &str, displaced: &str| {
        format!(
            r#"{{"clawed_back":{{"source":"order 9","kind":"points","owed":{{"lot":1,"points":40}},"from":{from},"lapsed":{lapsed},
                "displaced":[{displaced}]}}}}"#
        )
    };
    let displaced = r#"{"owed_by":1,"paid_by":{"lot":2},"points":5},{"owed_by":1,"paid_by":"debt","points":2},
        {"owed_by":1,"paid_by":"programme","points":1}"#;
    says(
        &back(TWO, r#"{"lot":1,"points":2}"#, displaced),
        "40 points of order 9 were taken back: 30 from lot 1 and 5 from lot 2; 2 had expired; 2 are owed; 1 were let go",
    );
    says(&back("[]", "null", r#"{"owed_by":1,"paid_by":"debt","points":40}"#), "40 points of order 9 were taken back; 40 are owed");
    let settled = format!(r#"{{"clawback_settled":{{"kind":"points","paid":[{displaced}]}}}}"#);
    says(
        &settled,
        "points that came back paid what a return had left open: 5 of lot 1 in place of lot 2, 2 of lot 1 in place of the debt and 1 of \
         lot 1 in place of the programme",
    );
    let repaid = r#"{"debt_repaid":{"kind":"points","from":[{"lot":3,"points":7}]}}"#;
    says(repaid, "7 points paid what was owed, from lot 3");
    let reclaimed = r#"{"reclaimed":{"kind":"points","after":1,"let_go":[{"owed_by":2,"paid_by":"programme","points":7}]}}"#;
    says(reclaimed, "points came back, so that 7 of lot 2 that were let go while they were away are owed after all");
    let less = r#"{"status_reversed":{"source":"order 9",
        "status":[{"metric":"nights","day":"2026-02-01","points":-2,"lines":[]}]}}"#;
    says(less, "order 9 counts for less: 2 nights of 2026-02-01 no longer do");
}

#[test]
fn what_is_decided_about_an_account() {
    let (reason, author) = ("Gold elsewhere", "service desk");
    let intervened =
        format!(r#"{{"intervened":{{"on":"2026-03-01","action":"release","reason":"{reason}","author":"{author}"}}}}"#);
    says(&intervened, "service desk decided about the status: Gold elsewhere");
    says(r#"{"closed":{"into":"m2"}}"#, "the account was closed, and m2 took it over");

    let programme: Programme = serde_json::from_str(
        r#"{"revision":"1","zone":{"offset_minutes":60},"currency":"EUR",
            "kinds":[{"name":"points","status":true,"expiry":"never","shortfall":"within_balance"}],
            "earning":{"rounding":"floor","grades":["member","gold"],"rules":[],
                "basis":{"tax":false,"shipping":false,"discounts":"deducted","paid_in_points":false}},
            "returns":{"by":"line","rounding":"floor"},
            "ladder":{"base":"member","tiers":[{"name":"gold","entry":{"at_least":{"metric":"points","count":30}}}],
                "counting":"lifetime","milestones":[{"name":"first gold","reached":{"tier":"gold"}}]}}"#,
    )
    .unwrap();
    assert_eq!(programme.terms().zone, Zone::fixed(60).unwrap());
    let account = |id: &str| Account::new(AccountId::new(id).unwrap(), "2026-01-01T00:00:00+01:00".parse().unwrap());
    let (mut one, other) = (account("m1"), account("m2"));
    let at = "2026-03-01T10:00:00+01:00".parse().unwrap();
    let grant = Grant {
        kind: "points".try_into().unwrap(),
        points: customer_value::loyalty::Points::new(30),
        pending: None,
        expiry: None,
        cost: None,
        reason: "a welcome".into(),
    };
    let command = Command::Grant { source: SourceId::new("letter").unwrap(), grant };
    let decision = one.execute(&programme, at, &CommandId::new("c1").unwrap(), &command).unwrap();
    let said: Vec<String> = decision.record().unwrap().events.iter().map(ToString::to_string).collect();
    assert_eq!(said[0], "2026-03-01: a welcome (letter) brought 30 points (lot 1) and 30 points for the status");
    assert!(said[1].starts_with("2026-03-01: status: 2026-03-01 member → gold; entered"), "{}", said[1]);
    assert!(said[1].contains("and the gift first gold"), "{}", said[1]);

    let [absorbed, _] = merge(&other, &one, &programme, at, &CommandId::new("c2").unwrap()).unwrap();
    let said: Vec<String> = absorbed.record().unwrap().events.iter().map(ToString::to_string).collect();
    assert!(said.contains(&"2026-03-01: all of m1 was taken over".into()), "{said:?}");
}
