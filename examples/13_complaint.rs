//! A complaint's life: what is due now, who is late, and why may we not call tonight?
//!
//! A hotel, invented for this example. Run it with `cargo run --example 13_complaint`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::calendar::Moment;
use customer_value::customer::contact::{
    Channel, ConsentStatus, ContactPolicy, InteractionLog, JourneyStage, Proposal, Touchpoint,
};
use customer_value::customer::privacy::{Consent, Consents, Purpose, Withdrawal};
use customer_value::customer::service::{Complaint, Event, Reception, ServiceError, ServicePolicy, Step};
use customer_value::quantity::{Confidence, Name};
use std::error::Error;

const CONTACTS: &str = r#"{ "name": "contacts 2024", "caps": [{ "at_most": 1, "minutes": 10080 }],
    "purposes": { "survey": { "consent": true, "caps": true, "quiet": true }, "complaint": { "consent": false, "caps": false, "quiet": true } },
    "quiet_hours": [{ "channel": "phone", "from": "20:00", "until": "09:00" }, { "channel": "text-message", "from": "22:00", "until": "08:00" }],
    "blocked": [{ "channel": "phone", "days": { "weekday": "Fri" }, "reason": "day of rest" }] }"#;

const SENT: &str = r#"[{ "id": "sms 1", "at": "2024-02-29T10:00:00+08:00", "direction": "outbound", "purpose": "survey",
    "touchpoint": { "channel": "text-message", "stage": "after-sales", "moment": "stay" } }]"#;

const SERVICE: &str = r#"{ "name": "service 2024",
    "ladder": [{ "name": "front desk", "means": "direct" }, { "name": "manager", "means": "direct" }, { "name": "ombudsman", "means": "facilitated" }],
    "clocks": [
        { "name": "answer in 4 hours", "until": "first-response", "minutes": 240, "pace": "calendar", "pauses": false, "escalate_to": 1 },
        { "name": "settle in 16 hours", "until": "resolution", "minutes": 960, "pace": "working", "pauses": true, "escalate_to": 2 }],
    "hours": { "offset_minutes": 480, "exceptions": { "2024-03-01": [] }, "week": { "Thu": [{ "from": "09:00", "until": "17:00" }],
        "Fri": [{ "from": "09:00", "until": "17:00" }], "Sat": [{ "from": "09:00", "until": "17:00" }] } } }"#;

fn main() -> Result<(), Box<dyn Error>> {
    let contacts: ContactPolicy = serde_json::from_str(CONTACTS)?;
    let service: ServicePolicy = serde_json::from_str(SERVICE)?;
    let log: InteractionLog = serde_json::from_str(SENT)?;

    // 1. Asked how the stay was, a guest complains, and nobody answers. At the deadline there is still time; a minute later there is not.
    let touchpoint = Touchpoint { channel: Channel::Phone, stage: JourneyStage::AfterSales, moment: Name::new("stay")? };
    let (name, about) = (Name::new("case 17")?, Name::new("noise")?);
    let mut case = service.receive(Reception { case: name, at: at("2024-02-29T11:00")?, touchpoint, about });
    for now in ["2024-02-29T15:00", "2024-02-29T15:01"] {
        println!("what waits at {now}");
        for due in service.worklist([&case], at(now)?)? {
            println!("  {:<18} {:<12} {}", due.reading.clock.name, due.state, due.reading.status);
        }
        for escalation in service.escalations(&case, at(now)?)? {
            println!("  {}, because of {:?}", escalation.id, escalation.reason);
            case.record(escalation)?;
        }
    }

    // 2. May the manager call tonight? May we ask once more how the stay was?
    let (day, mut consents) = ("2024-02-29".parse()?, Consents::new());
    consents.give(
        Consent::new(Purpose::new("survey")?, "2024-02-20".parse()?, Name::new("check-in form")?)?.over(Channel::TextMessage),
    );
    for (channel, purpose) in [(Channel::Phone, "complaint"), (Channel::TextMessage, "survey"), (Channel::TextMessage, "survey")] {
        let proposal = Proposal { at: at("2024-02-29T22:30")?, channel, purpose: Name::new(purpose)? };
        let answer = contacts.decide(&log, &proposal, ConsentStatus::of(&consents, &proposal))?;
        println!("{purpose} by {} at 22:30: {}", proposal.channel, if answer.is_allowed() { "yes" } else { "no" });
        answer.refusals.iter().for_each(|refusal| println!("  {refusal}"));
        println!("  earliest: {}", answer.earliest.map_or("not by waiting".into(), |at| at.to_string()));
        if purpose == "survey" {
            consents.withdraw(Withdrawal::of_all(day))?; // asked again, the guest has had enough
        }
    }

    // 3. An offer, a refusal, a better offer; and a step that is not possible.
    for (when, step, what) in [
        ("2024-03-01T09:00", Step::Accept, "a step too far"),
        ("2024-03-01T09:00", Step::Offer, "an apology"),
        ("2024-03-02T10:00", Step::Reject, "not enough"),
        ("2024-03-02T16:00", Step::Offer, "a night for free"),
        ("2024-03-02T18:00", Step::Accept, "thank you"),
        ("2024-03-07T10:00", Step::Close, "voucher sent"),
    ] {
        match record(&mut case, when, step, what) {
            Err(error) if error.is::<ServiceError>() => println!("{error}"),
            other => other?,
        }
    }
    println!("{}: {}, with the {}; {}", case.case(), case.state(), case.rung().name, case.conflict());

    // 4. The books.
    for measure in service.report([&case], at("2024-03-08T00:00")?)?.clocks {
        let (share, median) = (measure.in_time.estimate(Confidence::P95)?, measure.median().ok_or("no cases")?);
        let (in_time, minutes) = (measure.in_time, median.at_least / 60);
        println!("  {:<18} in time {in_time} ({:.2} to {:.2}); median {minutes} minutes", measure.clock, share.low(), share.high());
    }
    Ok(())
}

fn record(case: &mut Complaint, when: &str, step: Step, what: &str) -> Result<(), Box<dyn Error>> {
    case.record(Event { id: Name::new(what)?, at: at(when)?, step, reason: Name::new(what)?, author: Name::new("manager")? })?;
    Ok(())
}

fn at(text: &str) -> Result<Moment, Box<dyn Error>> {
    Ok(format!("{text}:00+08:00").parse()?)
}
