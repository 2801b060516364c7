//! The customer's file: who buys, what is known, what was consented to, how they pay; and that the forgotten stay forgotten.
#![allow(clippy::unwrap_used)] // helpers outside #[test]

mod common;

use chrono::{Days, NaiveDate};
use common::{cases, date, gbp, name};
use core::fmt::Debug;
use customer_value::customer::contact::Channel;
use customer_value::customer::credit::{Buckets, CreditError, CreditLine, Invoice, Payment, Receivables};
use customer_value::customer::file::{Customer, Erased, Erasure, ErasureReceipt, FileError, Identified, Survives};
use customer_value::customer::party::{
    BusinessModel, Company, CompanySize, Party, PartyError, PartyKind, Relationship, Role, Side,
};
use customer_value::customer::privacy::{
    Access, Basis, Consent, Consents, CustomerKey, Detail, Ground, Person, Pii, PrivacyError, Purpose, Vault, Withdrawal,
};
use customer_value::customer::profile::{
    Area, Catalogue, Entry, IncomeBands, InvestmentPreference, Kind, Profile, ProfileError, Resolution, RiskTolerance, Standing,
    Statement,
};
use customer_value::customer::{Record, ReturnPolicy};
use customer_value::money::{Currency, Money, Ratio};
use customer_value::quantity::{Fact, Quantity, Source, Unit};
use customer_value::reason::Language;
use customer_value::value::{Dimension, Facts, Family};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

const KEY: CustomerKey = CustomerKey::new(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
const OTHER: CustomerKey = CustomerKey::new(8);
const SECRET: &str = "Li-Lei-4711";

fn day(number: u64) -> NaiveDate {
    date("2024-01-01") + Days::new(number)
}

fn purpose(text: &str) -> Purpose {
    Purpose::new(text).unwrap()
}

fn consent(to: &str, on: NaiveDate) -> Consent {
    Consent::new(purpose(to), on, name("form")).unwrap()
}

fn source(evidence: &str, on: NaiveDate, confidence: Option<&str>) -> Source {
    Source::new(name(evidence), on, confidence.map(|c| c.parse().unwrap())).unwrap()
}

fn said(fact: impl Into<Fact>, on: NaiveDate) -> Statement {
    Statement { fact: fact.into(), source: source("visit", on, None) }
}

fn catalogue() -> Catalogue {
    let levels = RiskTolerance::NAMES.iter().map(|level| name(level)).collect();
    let entry = |text: &str, area, kind| Entry::new(name(text), area, kind);
    let industry = entry("industry", Area::Basic, Kind::OneOf(vec![name("retail"), name("transport")]));
    Catalogue::new([
        Entry { fresh_days: Some(30), ..entry("visits", Area::Habits, Kind::Measured(Unit::Count)) },
        entry("region", Area::Basic, Kind::OneOf(vec![name("华南"), name("华东")])),
        entry("risk tolerance", Area::Financial, Kind::Levels(levels)),
        Entry { parties: [PartyKind::Company, PartyKind::Government].into(), ..industry },
    ])
    .unwrap()
}

fn buyer() -> Relationship {
    Relationship::new(BusinessModel::B2c, [Role::EndCustomer]).unwrap()
}

fn consumer() -> Customer {
    Customer::prospect(KEY, Party::Consumer, buyer(), Currency::GBP).unwrap()
}

fn order(on: NaiveDate) -> Erasure {
    Erasure { on, by: name("privacy desk"), because: name("request"), ledger_kept_because: name("books are kept") }
}

/// A person with the secret in every field that takes text.
fn li() -> Person {
    Person::new(KEY)
        .named(SECRET)
        .born(date("1990-02-28"))
        .of_gender(SECRET)
        .reached_over(name("e-mail"), SECRET)
        .with(name("passport"), SECRET)
}

fn assert_round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
}

#[track_caller]
fn assert_refused<T: DeserializeOwned + Debug>(text: &str, why: &str) {
    let error = serde_json::from_str::<T>(text).unwrap_err().to_string();
    assert!(error.contains(why), "{text} gave {error:?}");
}

mod party {
    use super::*;

    #[test]
    fn only_who_buys_from_us_can_be_graded() {
        let b2b = |roles: &[Role]| Relationship::new(BusinessModel::B2b, roles.iter().copied()).unwrap();
        let upstream: Vec<Role> = [Role::Supplier, Role::ServiceProvider].into();
        for role in [Role::Supplier, Role::ServiceProvider, Role::Distributor, Role::Retailer, Role::EndCustomer] {
            let gradable = b2b(&[role]).downstream().map(Iterator::count);
            match role.side() {
                Side::Upstream => {
                    assert!(upstream.contains(&role));
                    assert_eq!(gradable, Err(PartyError::NotGradable { roles: [role].into() }));
                }
                Side::Downstream => assert_eq!(gradable, Ok(1)),
            }
        }
        assert_eq!(b2b(&[Role::Supplier, Role::Distributor]).downstream().unwrap().collect::<Vec<_>>(), [Role::Distributor]);
        assert_eq!(Relationship::new(BusinessModel::B2b, []), Err(PartyError::NoRole));

        let company = || Party::Company(Company::default());
        let customer = |roles: &[Role]| Customer::prospect(KEY, company(), b2b(roles), Currency::GBP).unwrap();
        let refused = customer(&upstream).gradable(&catalogue(), day(0));
        assert!(matches!(refused, Err(FileError::Party(PartyError::NotGradable { .. }))));
        assert!(customer(&upstream).snapshot(&catalogue(), day(0)).is_ok()); // seen, but not graded
        assert!(customer(&[Role::Supplier, Role::Retailer]).gradable(&catalogue(), day(0)).is_ok());
    }

    #[test]
    fn the_business_model_fits_the_party() {
        for (model, fits) in [
            (BusinessModel::B2b, [false, true, true]),
            (BusinessModel::B2c, [true, false, false]),
            (BusinessModel::C2c, [true, false, false]),
        ] {
            for (kind, fits) in PartyKind::ALL.into_iter().zip(fits) {
                let relationship = Relationship::new(model, [Role::EndCustomer]).unwrap();
                assert_eq!(relationship.suits(kind).is_ok(), fits, "{model} with a {kind}");
            }
        }
        let company = Party::Company(Company::default());
        let error = Customer::prospect(KEY, company.clone(), buyer(), Currency::GBP).unwrap_err();
        assert_eq!(error.to_string(), "B2C does not fit a company");
        assert!(consumer().set_party(company, day(1)).is_err());
    }

    #[test]
    fn sizes_change_at_ten_fifty_and_two_hundred_and_fifty() {
        use CompanySize::{Large, Medium, Micro, Small};
        for (employed, size) in
            [(0, Micro), (9, Micro), (10, Small), (49, Small), (50, Medium), (249, Medium), (250, Large), (u32::MAX, Large)]
        {
            assert_eq!(CompanySize::by_headcount(employed), size, "{employed}");
        }
    }

    #[test]
    fn a_prospect_is_a_customer_until_the_first_sale() {
        let mut customer = consumer();
        assert!(customer.is_prospect(NaiveDate::MAX));
        customer.record(Record::returned(day(3), gbp(100))).unwrap(); // no sale
        assert!(customer.is_prospect(day(9)));
        customer.record(Record::sale(day(10), gbp(0))).unwrap();
        assert!(customer.is_prospect(day(9)) && !customer.is_prospect(day(10)));
        let mut named = consumer();
        named.record(Record::sale(day(10), gbp(5)).with_id("1").unwrap()).unwrap();
        assert!(named.is_prospect(day(9)) && !named.is_prospect(day(10)));
    }
}

mod consents {
    use super::*;

    fn withdrawal(of: Option<&str>, channel: Option<&Channel>, on: NaiveDate) -> Withdrawal {
        Withdrawal { on, purpose: of.map(purpose), channel: channel.cloned() }
    }

    #[test]
    fn it_holds_from_the_day_given_to_the_day_before_it_ends_or_is_withdrawn() {
        let ads = purpose("ads");
        let mut consents = Consents::new();
        consents.give(consent("ads", day(10)).until(day(20)).unwrap());
        let answers = |consents: &Consents| [9, 10, 14, 15, 19, 20].map(|d| consents.allows(&ads, None, day(d)));
        assert_eq!(answers(&consents), [false, true, true, true, true, false]);
        consents.withdraw(withdrawal(Some("ads"), None, day(15))).unwrap();
        assert_eq!(answers(&consents), [false, true, true, false, false, false]);
        consents.give(consent("ads", day(15))); // the same day: nobody knows which came last
        assert_eq!(answers(&consents), [false, true, true, false, false, false]);
        consents.give(consent("ads", day(16)));
        assert_eq!(answers(&consents), [false, true, true, false, true, true]);
        assert_eq!(consents.live(&ads, None, day(19)).map(Consent::on), Some(day(16)));
    }

    #[test]
    fn purposes_and_channels_are_asked_for_apart() {
        let (ads, service) = (purpose("ads"), purpose("service"));
        let (sms, mail) = (Channel::TextMessage, Channel::Email);
        let all = |consents: &Consents| {
            let of = |purpose: &Purpose| [None, Some(&sms), Some(&mail)].map(|channel| consents.allows(purpose, channel, day(30)));
            [of(&ads), of(&service)].concat()
        };
        let given = |withdrawals: &[Withdrawal]| {
            let mut consents = Consents::new();
            for to in ["ads", "service"] {
                consents.give(consent(to, day(1)));
                consents.give(consent(to, day(1)).over(sms.clone()));
                consents.give(consent(to, day(1)).over(mail.clone()));
            }
            for withdrawal in withdrawals {
                consents.withdraw(withdrawal.clone()).unwrap();
            }
            all(&consents)
        };
        let (y, n) = (true, false);
        assert_eq!(given(&[]), [y; 6]);
        assert_eq!(given(&[withdrawal(Some("ads"), None, day(2))]), [n, n, n, y, y, y]);
        assert_eq!(given(&[withdrawal(Some("ads"), Some(&sms), day(2))]), [y, n, y, y, y, y]);
        assert_eq!(given(&[withdrawal(None, Some(&sms), day(2))]), [y, n, y, y, n, y]);
        assert_eq!(given(&[withdrawal(None, None, day(2))]), [n; 6]);
        assert_eq!(given(&[withdrawal(None, None, day(31))]), [y; 6]); // not yet

        let mut only_sms = Consents::new();
        only_sms.give(consent("ads", day(1)).over(sms.clone()));
        assert_eq!(all(&only_sms), [n, y, n, n, n, n]); // a channel is no use of data, and no other channel
    }

    #[test]
    fn given_anew_a_purpose_does_not_revive_a_channel() {
        let mut consents = Consents::new();
        consents.give(consent("ads", day(1)).over(Channel::TextMessage));
        consents.withdraw(withdrawal(Some("ads"), None, day(2))).unwrap();
        consents.give(consent("ads", day(3)));
        assert!(consents.allows(&purpose("ads"), None, day(3)));
        assert!(!consents.allows(&purpose("ads"), Some(&Channel::TextMessage), day(3)));
    }

    #[test]
    fn a_consent_ends_after_it_begins_within_the_calendar() {
        let late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        let ends = |until| consent("ads", day(5)).until(until);
        assert_eq!(ends(day(5)), Err(PrivacyError::EndsBeforeItBegins { on: day(5), until: day(5) }));
        assert!(ends(day(6)).is_ok());
        assert_eq!(ends(late), Err(PrivacyError::DateOutOfRange(late)));
        assert_eq!(Consent::new(purpose("ads"), late, name("form")), Err(PrivacyError::DateOutOfRange(late)));
        assert_eq!(Consents::new().withdraw(Withdrawal::of_all(late)), Err(PrivacyError::DateOutOfRange(late)));
        assert!(Purpose::new("").is_err());
    }

    /// The rule, written down once more: some consent given by then has not run out and has not been withdrawn since.
    fn by_hand(given: &[(u64, Option<u64>, u8)], withdrawn: &[(u64, Option<u8>)], channel: u8, at: u64) -> bool {
        given.iter().any(|&(on, length, over)| {
            let runs = on <= at && length.is_none_or(|length| at <= on + length);
            let ended = withdrawn.iter().any(|&(w, of)| on <= w && w <= at && of.is_none_or(|of| of == over));
            over == channel && runs && !ended
        })
    }

    proptest! {
        #![proptest_config(cases(256))]

        #[test]
        fn they_are_a_set_whose_order_and_repetition_change_nothing(
            given in proptest::collection::vec((0_u64..12, proptest::option::of(0_u64..6), 0_u8..2), 0..6),
            withdrawn in proptest::collection::vec((0_u64..12, proptest::option::of(0_u8..2)), 0..4),
            split in 0_usize..6,
        ) {
            let channels = [Channel::TextMessage, Channel::Other(name("text message"))]; // two, for all their words
            let make = |&(on, length, over): &(u64, Option<u64>, u8)| {
                let consent = consent("ads", day(on)).over(channels[usize::from(over)].clone());
                length.map_or(consent.clone(), |length| consent.until(day(on + length + 1)).unwrap())
            };
            let end = |&(on, of): &(u64, Option<u8>)| withdrawal(of.map(|_| "ads"), of.map(|of| &channels[usize::from(of)]), day(on));
            let (mut one, mut left, mut right) = (Consents::new(), Consents::new(), Consents::new());
            for (at, given) in given.iter().enumerate() {
                one.give(make(given));
                if at < split { &mut left } else { &mut right }.give(make(given));
                right.give(make(given));
            }
            for ended in withdrawn.iter().rev() {
                right.withdraw(end(ended)).unwrap();
            }
            for ended in &withdrawn {
                one.withdraw(end(ended)).unwrap();
            }
            right.merge(left);
            prop_assert_eq!(&one, &right);
            assert_round_trip(&one);
            for at in 0..20 {
                for over in 0..2 {
                    let held = one.allows(&purpose("ads"), Some(&channels[usize::from(over)]), day(at));
                    prop_assert_eq!(held, by_hand(&given, &withdrawn, over, at), "day {}", at);
                }
            }
        }
    }
}

mod privacy {
    use super::*;

    fn consented() -> Consents {
        let mut consents = Consents::new();
        consents.give(consent("service", day(1)));
        consents
    }

    #[test]
    fn a_permit_comes_from_consent_that_holds_on_the_day() {
        let consents = consented();
        let permit = |to: &str, on| consents.permit(KEY, &purpose(to), name("desk"), on);
        assert_eq!(permit("service", day(0)).unwrap_err(), PrivacyError::NoBasis { purpose: purpose("service"), on: day(0) });
        assert!(permit("ads", day(1)).is_err());
        let permit = permit("service", day(1)).unwrap();
        assert_eq!((permit.subject(), permit.basis(), permit.on()), (KEY, Basis::Consent, day(1)));

        let mut only_sms = Consents::new();
        only_sms.give(consent("service", day(1)).over(Channel::TextMessage));
        assert!(only_sms.permit(KEY, &purpose("service"), name("desk"), day(1)).is_err());
    }

    #[test]
    fn opening_leaves_a_receipt_and_takes_the_right_permit() {
        let consents = consented();
        let permit = consents.permit(KEY, &purpose("service"), name("desk"), day(2)).unwrap();
        let person = li();
        let (mail, receipt) = person.contact("e-mail").unwrap().open(&permit).unwrap();
        assert_eq!(mail, SECRET);
        let expected = Access {
            by: name("desk"),
            subject: KEY,
            what: Detail::Contact(name("e-mail")),
            purpose: purpose("service"),
            basis: Basis::Consent,
            on: day(2),
        };
        assert_eq!(receipt, expected);
        assert_round_trip(&receipt);
        let (born, _) = person.birth().unwrap().open(&permit).unwrap();
        assert_eq!(date("2024-02-27").years_since(*born), Some(33));
        assert_eq!((person.len(), person.channels().count()), (5, 1));
        assert_eq!(person.gender().unwrap().open(&permit).unwrap().1.what, Detail::Gender);
        assert_eq!(person.name().unwrap().what(), &Detail::Name);
        assert_eq!(person.other("passport").unwrap().what(), &Detail::Other(name("passport")));

        let other = Pii::new(OTHER, Detail::Name, SECRET);
        assert_eq!(other.open(&permit).unwrap_err(), PrivacyError::AnotherSubject { subject: OTHER, permitted: KEY });
    }

    #[test]
    fn other_grounds_hold_for_their_purpose_and_time() {
        let ground = |basis, until| Ground::new(basis, purpose("delivery"), day(5), until, name("order 17"));
        assert_eq!(ground(Basis::Consent, None), Err(PrivacyError::ConsentIsGiven));
        assert_eq!(ground(Basis::Contract, Some(day(5))), Err(PrivacyError::EndsBeforeItBegins { on: day(5), until: day(5) }));
        let contract = ground(Basis::Contract, Some(day(9))).unwrap();
        assert_eq!([4, 5, 8, 9].map(|d| contract.holds(day(d))), [false, true, true, false]);
        assert!(contract.permit(KEY, name("desk"), day(9)).is_err());
        assert_round_trip(&contract);

        let mut customer = consumer();
        customer.declare(contract).unwrap();
        assert!(customer.permit(&purpose("ads"), name("desk"), day(6)).is_err());
        assert_eq!(customer.permit(&purpose("delivery"), name("desk"), day(6)).unwrap().basis(), Basis::Contract);
        customer.give(consent("delivery", day(6))).unwrap();
        assert_eq!(customer.permit(&purpose("delivery"), name("desk"), day(6)).unwrap().basis(), Basis::Consent);
    }

    #[test]
    fn the_vault_takes_each_person_once_and_gives_them_back_in_writing() {
        let consents = consented();
        let permit = consents.permit(KEY, &purpose("service"), name("desk"), day(2)).unwrap();
        let mut vault = Vault::new();
        let stranger = vault.admit(Person::new(OTHER).named("x"), &permit);
        assert_eq!(stranger, Err(PrivacyError::AnotherSubject { subject: OTHER, permitted: KEY }));
        assert_eq!(vault.correct(li(), &permit), Err(PrivacyError::NotKept(KEY)));
        assert!(matches!(vault.export(&permit), Err(PrivacyError::NotKept(KEY))));
        assert_eq!(vault.admit(li(), &permit).unwrap().what, Detail::Admission);
        assert_eq!(vault.admit(li(), &permit), Err(PrivacyError::AlreadyKept(KEY)));

        let (export, receipt) = vault.export(&permit).unwrap();
        assert_eq!(receipt.what, Detail::Export);
        let text = serde_json::to_string(&export).unwrap();
        assert_eq!(text.matches(SECRET).count(), 4);
        let back: Person = serde_json::from_str(&text).unwrap();
        vault.correct(back.named("Han"), &permit).unwrap();
        assert_eq!(vault.person(KEY).unwrap().name().unwrap().open(&permit).unwrap().0, "Han");
        assert_eq!(vault.person(KEY).unwrap().contact("e-mail").unwrap().open(&permit).unwrap().0, SECRET);
        assert_eq!(vault.keys().collect::<Vec<_>>(), [KEY]);
    }

    #[test]
    fn the_vault_takes_the_erased_back_only_under_a_later_consent() {
        let mut consents = consented();
        consents.give(consent("late", day(10)));
        consents.give(consent("later", day(11)));
        let permit = |to: &str| consents.permit(KEY, &purpose(to), name("desk"), day(20)).unwrap();
        let contract = Ground::new(Basis::Contract, purpose("c"), day(15), None, name("order")).unwrap();
        let mut vault = Vault::new();
        assert_eq!(vault.erase(KEY, day(10)), Ok(false)); // remembered even so
        assert_eq!(vault.erase(KEY, day(3)), Ok(false)); // an earlier one does not take that back
        assert_eq!(vault.erased_on(KEY), Some(day(10)));
        let refused = Err(PrivacyError::Erased { subject: KEY, on: day(10) });
        assert_eq!(vault.admit(li(), &permit("service")), refused);
        assert_eq!(vault.admit(li(), &permit("late")), refused);
        assert_eq!(vault.admit(li(), &contract.permit(KEY, name("desk"), day(20)).unwrap()), refused);
        assert!(vault.admit(li(), &permit("later")).is_ok());
        assert_eq!(vault.erase(KEY, day(30)), Ok(true));
        assert!(vault.is_empty());
    }

    #[test]
    fn keys_are_32_digits_and_never_a_name() {
        assert_round_trip(&KEY);
        for text in
            ["", SECRET, "67e5504410b1426f9247bb680e5fe0c", "67E5504410B1426F9247BB680E5FE0C8", "+7e5504410b1426f9247bb680e5fe0c8"]
        {
            assert_eq!(text.parse::<CustomerKey>(), Err(PrivacyError::NotAKey), "{text}");
            let error = serde_json::from_str::<CustomerKey>(&format!("{text:?}")).unwrap_err().to_string();
            assert!(error.contains("32 lower-case") && !error.contains(SECRET), "{error}");
        }
        assert_refused::<CustomerKey>("17", "32 lower-case");
        assert_eq!(CustomerKey::new(u128::MAX).to_string().parse(), Ok(CustomerKey::new(u128::MAX)));
        assert_eq!(KEY.bits(), 0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
    }

    #[test]
    fn nothing_prints_the_secret() {
        let mut customer = consumer();
        customer.give(consent("service", day(1))).unwrap();
        let full = Identified::new(customer, li()).unwrap();
        let mut seen = vec![format!("{full:?} {full:#?} {:?}", full.person())];
        let (customer, person) = full.pseudonymise();
        let permit = customer.permit(&purpose("service"), name("desk"), day(1)).unwrap();
        let mut vault = Vault::new();
        seen.push(format!("{customer:?} {person:?} {:?}", person.name().unwrap()));
        seen.push(format!("{:?}", vault.admit(person, &permit)));
        seen.push(format!("{:?}", vault.admit(li(), &permit))); // an error
        let (export, receipt) = vault.export(&permit).unwrap();
        seen.push(format!("{vault:#?} {export:?} {receipt:?} {permit:?}"));
        seen.push(format!("{:?}", vault.person(KEY)));
        seen.push(format!(
            "{:?}",
            li().name().unwrap().open(&consented().permit(OTHER, &purpose("service"), name("d"), day(1)).unwrap())
        ));
        seen.push(serde_json::to_string(&customer).unwrap());
        let mut customer = customer.clone();
        seen.push(format!("{:?}", customer.erase(&mut vault, order(day(5)))));
        seen.push(format!("{:?}", customer.state(&catalogue(), name("region"), said(name(SECRET), day(9)))));
        seen.push(format!("{:?}", consumer().state(&catalogue(), name("region"), said(name(SECRET), day(9)))));
        seen.push(format!("{:?}", Identified::new(consumer(), Person::new(OTHER).named(SECRET))));
        let seen = seen.concat();
        assert!(!seen.contains(SECRET) && !seen.contains("1990"), "{seen}");
        assert!(seen.contains("[redacted]"));
        // Nor are the names of channels printed, only how many there are.
        let telling = Person::new(KEY).with(name("Li Lei passport"), "x").reached_over(name("li@x.com"), "y");
        assert_eq!(format!("{telling:?}"), format!("Person({KEY}, 2 pieces of data, of which 1 contacts)"));
    }

    #[test]
    fn a_panic_does_not_print_it_either() {
        let consents = consented();
        let panic = std::panic::catch_unwind(|| {
            let permit = consents.permit(OTHER, &purpose("service"), name("desk"), day(1)).unwrap();
            let person = li();
            let (text, _) = person.name().unwrap().open(&permit).map_err(|e| (e, &person)).unwrap();
            text.clone()
        });
        let message = *panic.unwrap_err().downcast::<String>().unwrap();
        assert!(
            message.contains("AnotherSubject") && message.contains("5 pieces of data") && !message.contains(SECRET),
            "{message}"
        );
    }

    #[test]
    fn what_is_wrong_with_a_person_in_text_is_withheld() {
        let key = KEY.to_string();
        for text in [
            format!(r#"{{"subject":"{key}","{SECRET}":1}}"#),
            format!(r#"{{"subject":"{key}","birth":"{SECRET}"}}"#),
            format!(r#"{{"subject":"{SECRET}"}}"#),
            format!(r#"{{"subject":"{key}","contacts":[["","{SECRET}"]]}}"#),
            format!(r#"{{"subject":"{key}","contacts":[["sms","{SECRET}"],["sms","1"]]}}"#),
            format!(r#"{{"subject":"{key}","others":[["{SECRET}","1"],["{SECRET}","2"]]}}"#),
            format!(r#"{{"subject":"{key}","name":"{SECRET}","name":"{SECRET}"}}"#),
            format!(r#""{SECRET}""#),
        ] {
            let error = serde_json::from_str::<Person>(&text).unwrap_err();
            let error = format!("{error} {error:?}");
            assert!(error.contains("withheld") && !error.contains(SECRET), "{text} gave {error}");
        }
    }
}

mod profile {
    use super::*;

    fn one(resolution: Resolution, statements: &[(&str, u64, Option<&str>, u32)]) -> Result<Fact, ProfileError> {
        let entry = Entry::new(name("visits"), Area::Habits, Kind::Measured(Unit::Count));
        let catalogue = Catalogue::new([Entry { resolution, ..entry }]).unwrap();
        let mut answers = Vec::new();
        for statements in [statements.iter().collect::<Vec<_>>(), statements.iter().rev().collect()] {
            let mut profile = Profile::new();
            for (evidence, on, confidence, count) in statements {
                let fact = Quantity::count(*count).into();
                profile.push(name("visits"), Statement { fact, source: source(evidence, day(*on), *confidence) }).unwrap();
            }
            answers.push(catalogue.snapshot(&profile, PartyKind::Consumer, day(50)).map(|s| s.fact("visits")));
        }
        assert_eq!(answers[0], answers[1], "the order decides nothing");
        answers.remove(0)
    }

    #[test]
    fn the_declared_resolution_says_which_statement_counts() {
        let statements = [
            ("form", 10, Some("0.9"), 1),
            ("visit", 30, Some("0.4"), 2),
            ("bank", 20, Some("0.6"), 3),
            ("visit", 51, Some("1"), 4), // not known yet
        ];
        let count = |n| Ok(Fact::Known(Quantity::count(n)));
        assert_eq!(one(Resolution::Newest, &statements), count(2));
        assert_eq!(one(Resolution::Surest, &statements), count(1));
        assert_eq!(one(Resolution::Ranked(vec![name("bank"), name("form")]), &statements), count(3));
        assert_eq!(one(Resolution::Ranked(vec![name("letter")]), &statements), count(2)); // none is listed: the newest

        let same_day = [("form", 10, Some("0.5"), 1), ("visit", 10, Some("0.6"), 2), ("bank", 10, None, 3)];
        assert_eq!(one(Resolution::Newest, &same_day), count(2));
        assert_eq!(one(Resolution::Surest, &[("form", 10, Some("0.5"), 1), ("form", 11, Some("0.5"), 2)]), count(2));
        let tie = [("form", 10, Some("0.5"), 1), ("visit", 10, Some("0.5"), 2)];
        for resolution in [Resolution::Newest, Resolution::Surest] {
            assert!(matches!(one(resolution, &tie), Err(ProfileError::Contradiction { .. })));
        }
        assert_eq!(one(Resolution::Ranked(vec![name("visit")]), &tie), count(2));
        assert_eq!(one(Resolution::Newest, &[("form", 10, None, 1), ("visit", 10, None, 1)]), count(1)); // they agree
    }

    #[test]
    fn a_fact_is_fresh_up_to_its_last_day() {
        let mut profile = Profile::new();
        profile.push(name("visits"), said(Quantity::count(3), day(10))).unwrap();
        let at = |d| catalogue().snapshot(&profile, PartyKind::Consumer, day(d)).unwrap();
        for (d, standing) in [(9, Standing::Unknown), (10, Standing::Known), (40, Standing::Known), (41, Standing::Stale)] {
            assert_eq!(at(d).standing("visits"), Some(standing), "day {d}");
        }
        assert_eq!((at(40).age("visits"), at(41).age("visits"), at(41).fact("visits")), (Some(30), None, Fact::Unknown));
        assert_eq!(at(40).source("visits"), Some(&source("visit", day(10), None)));
        assert_eq!(at(40).standing("shoe size"), None);
    }

    #[test]
    fn coverage_counts_what_applies() {
        let mut profile = Profile::new();
        profile.push(name("visits"), said(Quantity::count(3), day(0))).unwrap();
        profile.push(name("region"), said(name("华南"), day(0))).unwrap();
        let now = catalogue().snapshot(&profile, PartyKind::Consumer, day(31)).unwrap();
        let all = now.coverage(None);
        assert_eq!((all.known, all.stale, all.unknown, all.not_applicable, all.erased), (1, 1, 1, 1, 0));
        assert_eq!(all.share(), Some("1/3".parse().unwrap()));
        assert_eq!(now.coverage(Some(Area::Basic)).share(), Some(Ratio::ONE));
        assert_eq!(now.coverage(Some(Area::Credit)).share(), None);
        assert_eq!(now.iter().len(), 4);
        let company = catalogue().snapshot(&profile, PartyKind::Company, day(31)).unwrap();
        assert_eq!(company.coverage(None).share(), Some("1/4".parse().unwrap()));
    }

    #[test]
    fn the_catalogue_takes_only_what_it_lists() {
        let check = |fact: &str, stated: Fact| catalogue().check(&name(fact), &stated, PartyKind::Consumer);
        let number = |value: &str, unit| Fact::Known(Quantity { value: value.parse().unwrap(), unit });
        assert_eq!(check("name", Fact::Named(name(SECRET))), Err(ProfileError::NotInCatalogue(name("name"))));
        assert_eq!(check("region", Fact::Named(name("华南"))), Ok(()));
        for (fact, stated) in [
            ("region", Fact::Named(name(SECRET))),
            ("region", Quantity::count(1).into()),
            ("visits", Fact::Named(name("华南"))),
            ("visits", Quantity::days(1).into()),
            ("visits", number("0.5", Unit::Count)),
            ("visits", number("-1", Unit::Count)),
            ("risk tolerance", number("0", Unit::Level)),
            ("risk tolerance", number("6", Unit::Level)),
            ("risk tolerance", number("1.5", Unit::Level)),
            ("risk tolerance", number("1", Unit::Count)),
            ("risk tolerance", Fact::Named(name("bold"))),
        ] {
            assert_eq!(check(fact, stated), Err(ProfileError::DoesNotFit(name(fact))), "{fact}");
        }
        assert_eq!(check("visits", number("0", Unit::Count)), Ok(()));
        assert_eq!(check("risk tolerance", RiskTolerance::Aggressive.fact()), Ok(()));
        assert_eq!(check("risk tolerance", Fact::Named(name("cautious"))), Ok(()));
        let retail = Fact::Named(name("retail"));
        let not_for = ProfileError::NotFor { fact: name("industry"), kind: PartyKind::Consumer };
        assert_eq!(check("industry", retail.clone()), Err(not_for.clone()));
        assert_eq!(check("industry", Fact::NotApplicable), Ok(()));
        for nothing in [Fact::Unknown, Fact::Erased] {
            assert_eq!(check("visits", nothing.clone()), Err(ProfileError::NothingStated(name("visits"))));
            let pushed = Profile::new().push(name("visits"), Statement { fact: nothing, source: source("form", day(1), None) });
            assert_eq!(pushed, Err(ProfileError::NothingStated(name("visits"))));
        }
        let mut customer = consumer();
        let before = customer.clone();
        assert_eq!(customer.state(&catalogue(), name("industry"), said(retail.clone(), day(1))), Err(not_for.clone().into()));
        assert_eq!(customer, before);
        // What came in by another way is found when it is read.
        let mut profile = Profile::new();
        profile.push(name("industry"), said(retail, day(1))).unwrap();
        assert_eq!(catalogue().snapshot(&profile, PartyKind::Consumer, day(2)), Err(not_for));
        let late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        assert_eq!(profile.push(name("visits"), said(Quantity::count(1), late)), Err(ProfileError::DateOutOfRange(late)));
    }

    #[test]
    fn a_level_is_the_same_by_name_and_by_place() {
        let levels = Kind::Levels(RiskTolerance::NAMES.iter().map(|level| name(level)).collect());
        let catalogue = Catalogue::new([Entry::new(name("risk tolerance"), Area::Financial, levels)]).unwrap();
        let said = |fact: Fact, evidence: &str| Statement { fact, source: source(evidence, day(1), None) };
        let read = |other: RiskTolerance| {
            let mut profile = Profile::new();
            profile.push(name("risk tolerance"), said(RiskTolerance::Steady.fact(), "questionnaire")).unwrap();
            profile.push(name("risk tolerance"), said(name(RiskTolerance::NAMES[other as usize]).into(), "visit")).unwrap();
            catalogue.snapshot(&profile, PartyKind::Consumer, day(2))
        };
        assert!(read(RiskTolerance::Steady).is_ok());
        assert!(matches!(read(RiskTolerance::Aggressive), Err(ProfileError::Contradiction { .. })));
    }

    #[test]
    fn equal_numbers_merge_into_the_same_text_in_any_order() {
        let one = |text: &str| {
            let mut profile = Profile::new();
            profile.push(name("x"), said(Quantity::number(text.parse().unwrap()), day(1))).unwrap();
            profile
        };
        let (mut ab, mut ba) = (one("1.0"), one("1.00"));
        ab.merge(one("1.00"));
        ba.merge(one("1.0"));
        assert_eq!((ab.len(), serde_json::to_string(&ab).unwrap()), (1, serde_json::to_string(&ba).unwrap()));
        let mut money = Profile::new();
        money.push(name("m"), said(Quantity::from(gbp(120_00)), day(1))).unwrap();
        assert_eq!(money.of("m")[0].fact, Quantity::from(gbp(120_00)).into());
        assert!(serde_json::to_string(&money).unwrap().contains("120.00")); // to the penny
    }

    #[test]
    fn a_catalogue_is_checked() {
        let entry = |kind| Entry::new(name("a"), Area::Basic, kind);
        let levels = |n: usize| Kind::Levels((0..n).map(|i| name(&i.to_string())).collect());
        let made = |entry: Entry| Catalogue::new([entry]).map(|_| ());
        assert_eq!(made(entry(levels(1))), Err(ProfileError::BadList(name("a"))));
        assert_eq!((made(entry(levels(2))), made(entry(levels(100)))), (Ok(()), Ok(())));
        assert_eq!(made(entry(levels(101))), Err(ProfileError::BadList(name("a"))));
        assert_eq!(made(entry(Kind::OneOf(vec![]))), Err(ProfileError::BadList(name("a"))));
        assert_eq!(made(entry(Kind::Measured(Unit::Level))), Err(ProfileError::BadList(name("a"))));
        assert_eq!(made(entry(Kind::OneOf(vec![name("x"), name("x")]))), Err(ProfileError::Twice(name("x"))));
        let ranked = |list| Entry { resolution: Resolution::Ranked(list), ..entry(levels(2)) };
        assert_eq!(made(ranked(vec![])), Err(ProfileError::BadList(name("a"))));
        assert_eq!(made(ranked(vec![name("x"), name("x")])), Err(ProfileError::Twice(name("x"))));
        assert_eq!(made(Entry { parties: [].into(), ..entry(levels(2)) }), Err(ProfileError::ForNobody(name("a"))));
        assert_eq!(Catalogue::new([entry(levels(2)), entry(levels(3))]), Err(ProfileError::Twice(name("a"))));
        assert_round_trip(&catalogue());
    }

    #[test]
    fn typed_levels_are_places_on_their_lists() {
        let judged = |names| Dimension::judged("x", Family::Latent, names).unwrap();
        for (level, text) in [(RiskTolerance::Conservative, "conservative"), (RiskTolerance::Aggressive, "aggressive")] {
            assert_eq!(level.fact().known().unwrap().value, judged(RiskTolerance::NAMES).level(text).unwrap().into());
            assert_eq!(serde_json::to_string(&level).unwrap(), format!("{text:?}"));
        }
        for (level, text) in
            [(InvestmentPreference::FixedIncome, "fixed-income"), (InvestmentPreference::Derivatives, "derivatives")]
        {
            assert_eq!(level.fact().known().unwrap().value, judged(InvestmentPreference::NAMES).level(text).unwrap().into());
            assert_eq!(serde_json::to_string(&level).unwrap(), format!("{text:?}"));
        }
        let bands = IncomeBands::new([gbp(100), gbp(200)]).unwrap();
        let place = |minor| bands.band(gbp(minor)).unwrap();
        assert_eq!([-5, 99, 100, 199, 200, i64::MAX].map(place), [1, 1, 2, 2, 3, 3]);
        assert_eq!(bands.fact(gbp(100)).unwrap().known().unwrap(), Quantity { value: 2.into(), unit: Unit::Level });
        assert!(bands.band(Money::zero(Currency::EUR)).is_err());
        assert_eq!(IncomeBands::new([]), Err(ProfileError::BadBands));
        assert_eq!(IncomeBands::new([gbp(1), gbp(1)]), Err(ProfileError::BadBands));
        assert_eq!(IncomeBands::new((0..100).map(gbp).collect::<Vec<_>>()), Err(ProfileError::BadBands));
        assert_round_trip(&bands);
    }

    proptest! {
        #![proptest_config(cases(128))]

        #[test]
        fn profiles_are_sets(statements in proptest::collection::vec((0_u64..5, 0_u32..3, 0_usize..2), 0..12), split in 0_usize..12) {
            let (mut one, mut left, mut right) = (Profile::new(), Profile::new(), Profile::new());
            for (at, &(on, count, fact)) in statements.iter().enumerate() {
                let statement = || (name(["visits", "shops"][fact]), said(Quantity::count(count), day(on)));
                for profile in [&mut one, if at < split { &mut left } else { &mut right }] {
                    let (fact, statement) = statement();
                    profile.push(fact, statement).unwrap();
                }
            }
            let mut other_way = right.clone();
            other_way.merge(left.clone());
            left.merge(right.clone());
            left.merge(right);
            prop_assert_eq!(&one, &left);
            prop_assert_eq!(&one, &other_way);
            assert_round_trip(&one);
        }
    }
}

mod credit {
    use super::*;

    fn invoice(id: &str, issued: u64, due: u64, minor: i64) -> Invoice {
        Invoice { id: name(id), issued: day(issued), due: day(due), amount: gbp(minor) }
    }

    fn payment(id: &str, of: &str, on: u64, minor: i64) -> Payment {
        Payment { id: name(id), of: name(of), on: day(on), amount: gbp(minor) }
    }

    /// Two invoices, one paid late in two parts, one not at all.
    fn owed() -> Receivables {
        let mut owed = Receivables::new(Currency::GBP);
        owed.payment(payment("p1", "a", 20, 60_00)).unwrap(); // before its invoice is known
        owed.invoice(invoice("a", 0, 30, 100_00)).unwrap();
        owed.invoice(invoice("b", 10, 40, 50_00)).unwrap();
        owed.payment(payment("p2", "a", 35, 40_00)).unwrap();
        owed
    }

    #[test]
    fn what_is_owed_ages_from_the_day_after_the_due_date() {
        let owed = owed();
        let table = |d| {
            let now = owed.as_of(day(d)).unwrap();
            let aging = now.aging(&Buckets::new([1, 5]).unwrap()).unwrap();
            let parts: Vec<i64> = [aging.not_due].iter().chain(&aging.overdue).map(Money::minor).collect();
            assert_eq!(parts.iter().sum::<i64>(), now.exposure().unwrap().minor());
            assert_eq!(parts[1..].iter().sum::<i64>(), now.overdue().unwrap().minor());
            (parts, now.days_overdue())
        };
        assert_eq!(table(9), (vec![100_00, 0, 0, 0], Some(0)));
        assert_eq!(table(30), (vec![90_00, 0, 0, 0], Some(0))); // due today
        assert_eq!(table(31), (vec![50_00, 40_00, 0, 0], Some(1)));
        assert_eq!(table(32), (vec![50_00, 0, 40_00, 0], Some(2)));
        assert_eq!(table(35), (vec![50_00, 0, 0, 0], Some(0))); // paid
        assert_eq!(table(45), (vec![0, 0, 50_00, 0], Some(5)));
        assert_eq!(table(46), (vec![0, 0, 0, 50_00], Some(6)));
        assert_eq!(Receivables::new(Currency::GBP).as_of(day(1)).unwrap().days_overdue(), None);
    }

    #[test]
    fn days_to_pay_and_the_share_on_time_are_weighted_by_amount() {
        let at = |d| owed().as_of(day(d)).unwrap();
        assert_eq!((at(19).days_to_pay(), at(29).share_paid_on_time()), (None, None));
        assert_eq!(at(20).days_to_pay(), Some("20".parse().unwrap()));
        assert_eq!(at(35).days_to_pay(), Some("26".parse().unwrap())); // (60 × 20 + 40 × 35) / 100
        assert_eq!(at(30).share_paid_on_time(), Some("0.6".parse().unwrap()));
        assert_eq!(at(39).share_paid_on_time(), Some("0.6".parse().unwrap())); // late is late
        assert_eq!(at(40).share_paid_on_time(), Some("0.4".parse().unwrap())); // 60 of 150
        let mut on_the_day = Receivables::new(Currency::GBP);
        on_the_day.invoice(invoice("a", 0, 30, 1)).unwrap();
        on_the_day.payment(payment("p", "a", 30, 1)).unwrap();
        assert_eq!(on_the_day.as_of(day(30)).unwrap().share_paid_on_time(), Some(Ratio::ONE));
    }

    #[test]
    fn as_dimensions_they_are_facts() {
        let now = owed().as_of(day(45)).unwrap();
        let facts: Vec<String> = customer_value::customer::credit::Collection::DIMENSIONS
            .iter()
            .map(|dimension| Facts::fact(&now, dimension).known().unwrap().to_string())
            .collect();
        assert_eq!(facts, ["50.00 GBP", "50.00 GBP", "5 days", "26", "0.4"]);
        assert_eq!(now.fact("name"), Fact::Unknown);
        assert_eq!(owed().as_of(day(5)).unwrap().fact("days to pay"), Fact::Unknown);
        let third = [invoice("a", 0, 1, 1), invoice("b", 0, 1, 2)];
        let mut all = Receivables::new(Currency::GBP);
        for invoice in third {
            all.invoice(invoice).unwrap();
        }
        all.payment(payment("p", "a", 1, 1)).unwrap();
        assert_eq!(all.as_of(day(1)).unwrap().fact("share paid on time").known().unwrap().to_string(), "0.3333");
        let gradable = consumer().gradable(&catalogue(), day(45)).unwrap();
        assert_eq!((&gradable, &now).fact("days overdue"), Quantity::days(5).into());
    }

    #[test]
    fn a_payment_ahead_of_its_invoice_waits_for_it() {
        let mut owed = Receivables::new(Currency::GBP);
        owed.payment(payment("p", "r", 1, 60_00)).unwrap();
        assert!(matches!(owed.as_of(day(5)), Err(CreditError::UnknownInvoice { .. })));
        owed.invoice(invoice("r", 10, 40, 100_00)).unwrap();
        for (on, exposure) in [(0, 0), (1, 0), (9, 0), (10, 40_00), (50, 40_00)] {
            assert_eq!(owed.as_of(day(on)).unwrap().exposure().unwrap(), gbp(exposure), "day {on}");
        }
    }

    #[test]
    fn bad_invoices_and_payments_change_nothing() {
        let mut all = owed();
        let before = all.clone();
        let eur = |i: Invoice| Invoice { amount: Money::from_minor(1, Currency::EUR), ..i };
        let late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        assert!(matches!(all.invoice(eur(invoice("c", 0, 1, 1))), Err(CreditError::Money(_))));
        assert_eq!(all.invoice(invoice("c", 0, 1, 0)), Err(CreditError::NotPositive(gbp(0))));
        assert_eq!(all.payment(payment("p3", "b", 1, -1)), Err(CreditError::NotPositive(gbp(-1))));
        assert_eq!(all.invoice(invoice("c", 2, 1, 1)), Err(CreditError::DueBeforeIssue { issued: day(2), due: day(1) }));
        assert_eq!(all.invoice(Invoice { due: late, ..invoice("c", 0, 1, 1) }), Err(CreditError::DateOutOfRange(late)));
        assert_eq!(all.payment(Payment { on: late, ..payment("c", "a", 0, 1) }), Err(CreditError::DateOutOfRange(late)));
        assert_eq!(all.invoice(invoice("a", 0, 30, 100_01)), Err(CreditError::Conflict(name("a"))));
        assert_eq!(all.payment(payment("p1", "b", 20, 60_00)), Err(CreditError::Conflict(name("p1"))));
        assert_eq!(all.invoice(invoice("a", 0, 30, 100_00)), Ok(())); // again
        assert_eq!(all, before);
        assert!(all.merge(&Receivables::new(Currency::EUR)).is_err());
        let mut other = Receivables::new(Currency::GBP);
        other.invoice(invoice("z", 0, 1, 1)).unwrap();
        other.payment(payment("p1", "z", 1, 1)).unwrap();
        assert_eq!(all.merge(&other), Err(CreditError::Conflict(name("p1"))));
        assert_eq!(all, before);

        all.payment(payment("p3", "x", 50, 1)).unwrap();
        assert!(all.as_of(day(49)).is_ok());
        let unknown = CreditError::UnknownInvoice { payment: name("p3"), invoice: name("x") };
        assert_eq!(all.as_of(day(50)), Err(unknown));
        let mut over = owed();
        over.payment(payment("p3", "a", 36, 1)).unwrap();
        let overpaid = CreditError::Overpaid { invoice: name("a"), amount: gbp(100_00), paid: gbp(100_01) };
        assert_eq!(over.as_of(day(36)), Err(overpaid));
        for (id, minor) in [("q1", i64::MAX), ("q2", i64::MAX)] {
            over.payment(payment(id, "a", 36, minor)).unwrap();
        }
        assert!(matches!(over.as_of(day(36)), Err(CreditError::Money(_))));

        let mut large = Receivables::new(Currency::GBP);
        large.invoice(invoice("a", 0, 1, i64::MAX)).unwrap();
        large.invoice(invoice("b", 0, 1, i64::MAX)).unwrap();
        let now = large.as_of(day(9)).unwrap();
        assert!(now.exposure().is_err() && now.aging(&Buckets::MONTHS).is_err());
        assert_eq!(now.fact("exposure"), Fact::Unknown);
        for bounds in [vec![], vec![0], vec![30, 30], vec![30, 20]] {
            assert_eq!(Buckets::new(bounds), Err(CreditError::BadBuckets));
        }
        assert_round_trip(&owed());
        assert_round_trip(&Buckets::MONTHS);
    }

    #[test]
    fn a_line_shows_what_is_left_of_it() {
        let line = |minor| CreditLine::new(gbp(minor), None, source("review", day(1), None));
        assert_eq!(line(-1), Err(CreditError::NegativeLimit(gbp(-1))));
        let half = line(200).unwrap().used(gbp(100)).unwrap();
        assert_eq!((half.available, half.utilisation), (gbp(100), Some("0.5".parse().unwrap())));
        assert_eq!(line(200).unwrap().used(gbp(201)).unwrap().available, gbp(-1));
        assert_eq!(line(0).unwrap().used(gbp(0)).unwrap().utilisation, None);
        assert!(line(1).unwrap().used(Money::zero(Currency::EUR)).is_err());
        assert!(line(0).unwrap().used(gbp(i64::MIN)).is_err());
        assert_round_trip(&line(5).unwrap());
        let mut customer = consumer();
        let euros = CreditLine::new(Money::zero(Currency::EUR), None, source("review", day(1), None)).unwrap();
        assert!(matches!(customer.grant(euros), Err(FileError::Credit(CreditError::Money(_)))));
        assert_eq!(customer.credit(), None);
        customer.grant(line(9).unwrap()).unwrap();
        assert_eq!(customer.credit().unwrap().limit(), gbp(9));
    }
}

mod erasure {
    use super::*;

    /// A file with everything in it, the last of it from day 20.
    fn full() -> (Customer, Vault) {
        let (mut customer, mut vault) = (consumer(), Vault::new());
        customer.give(consent("service", day(1))).unwrap();
        customer.give(consent("ads", day(2)).over(Channel::TextMessage)).unwrap();
        customer.declare(Ground::new(Basis::Contract, purpose("delivery"), day(3), None, name("order")).unwrap()).unwrap();
        customer.state(&catalogue(), name("region"), said(name("华南"), day(4))).unwrap();
        customer.state(&catalogue(), name("visits"), said(Quantity::count(31_337), day(20))).unwrap();
        customer.grant(CreditLine::new(gbp(500_00), Some(name("BBB")), source("review", day(5), None)).unwrap()).unwrap();
        customer.record(Record::sale(day(6), gbp(120_00)).with_id("17").unwrap()).unwrap();
        customer.record(Record::sale(day(8), gbp(80_00))).unwrap();
        customer.record(Record::returned(day(9), gbp(20_00)).of_sale("17").unwrap()).unwrap();
        customer.invoice(Invoice { id: name("r"), issued: day(6), due: day(36), amount: gbp(120_00) }).unwrap();
        vault.admit(li(), &customer.permit(&purpose("service"), name("desk"), day(2)).unwrap()).unwrap();
        (customer, vault)
    }

    #[test]
    fn it_is_total_and_the_ledger_survives() {
        let (mut customer, mut vault) = full();
        let (history, receivables) = (customer.history().clone(), customer.receivables().clone());
        let receipt = customer.erase(&mut vault, order(day(30))).unwrap();

        let erased: Vec<(Erased, u64)> = receipt.erased.clone().into_iter().collect();
        let expected = [
            (Erased::Person, 5),
            (Erased::Party, 1),
            (Erased::Statements, 2),
            (Erased::Consents, 2),
            (Erased::Grounds, 1),
            (Erased::CreditLine, 1),
        ];
        assert_eq!(erased, expected);
        assert_eq!(receipt.survives.clone().into_iter().collect::<Vec<_>>(), [(Survives::Records, 3), (Survives::Receivables, 1)]);
        assert_eq!((receipt.subject, receipt.on, receipt.through), (KEY, day(30), day(30)));

        assert_eq!((customer.history(), customer.receivables()), (&history, &receivables));
        assert_eq!(customer.history().as_of(day(40), ReturnPolicy::STRICT).unwrap().net(), gbp(180_00));
        assert!(vault.is_empty() && vault.person(KEY).is_none());
        assert_eq!((customer.party(), customer.credit(), customer.profile().len()), (None, None, 0));
        assert_eq!((customer.consents().given().len(), customer.grounds().len()), (0, 0));
        assert_eq!(customer.relationship(), &buyer());
        for on in [day(4), day(29), day(30), day(99)] {
            let facts = customer.gradable(&catalogue(), on).unwrap();
            assert!(facts.snapshot().iter().all(|(_, fact, source)| *fact == Fact::Erased && source.is_none()));
            assert_eq!(facts.snapshot().coverage(None).erased, 4);
            for to in ["service", "delivery"] {
                assert!(customer.permit(&purpose(to), name("desk"), on).is_err());
            }
        }
        let text = serde_json::to_string(&customer).unwrap() + &format!("{customer:?}{receipt:?}{receipt}");
        for gone in [SECRET, "31337", "华南", "BBB", "consumer", "visits"] {
            assert!(!text.contains(gone), "{gone} in {text}");
        }
        assert_round_trip(&customer);
        assert_round_trip(&receipt);
        assert_eq!(customer.erasure(), Some(&receipt));

        // Where a copy of the consents was kept, they end when it hears of the erasure.
        let mut copy = full().0.consents().clone();
        assert!(copy.allows(&purpose("ads"), Some(&Channel::TextMessage), day(30)));
        copy.merge(customer.consents().clone());
        assert!(copy.alive(day(30)).next().is_none());
    }

    #[test]
    fn the_receipt_reads_in_both_languages() {
        let (mut customer, mut vault) = full();
        let receipt = customer.erase(&mut vault, order(day(30))).unwrap();
        let (english, chinese) = (receipt.text(Language::English), receipt.text(Language::Chinese));
        assert_eq!((english.len(), chinese.len()), (10, 10));
        assert_eq!(english[0], format!("{KEY} was erased on 2024-01-31 by \"privacy desk\", because: request"));
        assert_eq!(english[7], "kept: sales, returns, cancellations (3), because: books are kept");
        assert_eq!(chinese[1], "已删除：身份库中的个人信息（5）");
        assert_eq!(receipt.to_string(), english.join("\n"));
        assert!(chinese.iter().all(|line| !line.contains([',', ':', '(', ';'])), "{chinese:?}");
    }

    #[test]
    fn a_receipt_says_that_the_person_was_in_another_vault() {
        let (mut customer, mut vault) = full();
        let receipt = customer.erase(&mut Vault::new(), order(day(30))).unwrap();
        assert!(!receipt.erased.contains_key(&Erased::Person) && !vault.is_empty());
        assert_eq!(receipt.text(Language::English)[1], "not found: no person was in this vault under that key");
        assert!(receipt.text(Language::Chinese)[1].starts_with("未找到"));
        let right = customer.erase(&mut vault, order(day(31))).unwrap();
        assert_eq!((right.erased[&Erased::Person], vault.len()), (5, 0));
        assert!(!right.to_string().contains("not found"));
    }

    #[test]
    fn what_is_withdrawn_after_an_erasure_is_erased_by_the_next() {
        let (mut customer, mut vault) = full();
        let receipt = customer.erase(&mut vault, order(day(30))).unwrap();
        let telling = Withdrawal { on: day(31), purpose: Some(purpose("HIV trial")), channel: None };
        customer.withdraw(telling).unwrap();
        let second = customer.erase(&mut vault, order(day(32))).unwrap();
        assert_eq!(second.erased.clone().into_iter().collect::<Vec<_>>(), [(Erased::Consents, 1)]);
        assert_ne!(second, receipt);
        let text = serde_json::to_string(&customer).unwrap();
        assert!(!text.contains("HIV"), "{text}");
        assert_eq!(customer.consents().withdrawn().collect::<Vec<_>>(), [&Withdrawal::of_all(day(32))]);
        assert_eq!(customer.erase(&mut vault, order(day(33))), Ok(second));

        // Before the first erasure, withdrawals count as well.
        let (mut other, mut vault) = full();
        other.withdraw(Withdrawal::of_all(day(21))).unwrap();
        assert_eq!(other.erase(&mut vault, order(day(30))).unwrap().erased[&Erased::Consents], 3);
    }

    #[test]
    fn a_mistyped_date_does_not_lock_a_customer_out() {
        let mut customer = consumer();
        customer.give(consent("service", date("9999-12-31"))).unwrap();
        let receipt = customer.erase(&mut Vault::new(), order(day(30))).unwrap();
        assert_eq!((receipt.through, customer.consents().given().len()), (day(30), 0));
        assert_eq!(customer.give(consent("service", day(31))), Ok(()));
        assert!(customer.consents().allows(&purpose("service"), None, day(31)));
        // An erasure ordered for an earlier day does not open what a later one has closed.
        assert_eq!(customer.erase(&mut Vault::new(), order(day(3))).unwrap().through, day(30));
    }

    #[test]
    fn twice_is_once_unless_there_was_more_to_erase() {
        let (mut customer, mut vault) = full();
        let receipt = customer.erase(&mut vault, order(day(30))).unwrap();
        let (after, mut copy) = (customer.clone(), Vault::new());
        assert_eq!(customer.erase(&mut vault, order(day(33))), Ok(receipt.clone()));
        assert_eq!(customer, after);
        assert_eq!(customer.erase(&mut copy, order(day(33))), Ok(receipt.clone()));
        assert_eq!(copy.erased_on(KEY), Some(day(30))); // a vault that had never heard of it

        let (_, mut backup) = full();
        let second = customer.erase(&mut backup, order(day(34))).unwrap();
        assert_eq!(second.erased.into_iter().collect::<Vec<_>>(), [(Erased::Person, 5)]);
        assert_eq!((second.on, second.through, backup.len()), (day(34), day(34), 0));

        let mut nobody = consumer();
        assert_eq!(nobody.erase(&mut vault, order(day(1))).unwrap().erased.into_iter().collect::<Vec<_>>(), [(Erased::Party, 1)]);
    }

    #[test]
    fn what_is_dated_later_is_erased_too() {
        let (mut customer, mut vault) = full();
        let receipt = customer.erase(&mut vault, order(day(10))).unwrap(); // visits are dated day 20
        assert_eq!((receipt.on, receipt.through), (day(10), day(10)));
        assert_eq!((receipt.erased[&Erased::Statements], customer.profile().len()), (2, 0));
        assert_eq!(customer.give(consent("service", day(10))), Err(FileError::Erased { through: day(10) }));
        assert!(customer.give(consent("service", day(11))).is_ok());
        assert_eq!(vault.erased_on(KEY), Some(day(10)));
        let late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        let before = (customer.clone(), vault.erased_on(KEY));
        assert_eq!(customer.erase(&mut vault, order(late)), Err(PrivacyError::DateOutOfRange(late).into()));
        assert_eq!((customer, vault.erased_on(KEY)), before);
    }

    #[test]
    fn only_a_later_consent_opens_the_file_again_and_only_for_what_is_later() {
        let (mut customer, mut vault) = full();
        customer.erase(&mut vault, order(day(30))).unwrap();
        let erased = FileError::Erased { through: day(30) };
        let line = |on| CreditLine::new(gbp(1), None, source("review", day(on), None)).unwrap();
        let ground = |on| Ground::new(Basis::Contract, purpose("delivery"), day(on), None, name("order")).unwrap();
        let state = |customer: &mut Customer, on| customer.state(&catalogue(), name("region"), said(name("华东"), day(on)));

        let closed = customer.clone();
        for on in [4, 30, 31, 40] {
            assert_eq!(state(&mut customer, on), Err(erased.clone()), "day {on}");
            assert_eq!(customer.set_party(Party::Consumer, day(on)), Err(erased.clone()));
            assert_eq!(customer.grant(line(on)), Err(erased.clone()));
            assert_eq!(customer.declare(ground(on)), Err(erased.clone()));
        }
        for on in [1, 30] {
            assert_eq!(customer.give(consent("service", day(on))), Err(erased.clone()));
        }
        assert!(matches!(Identified::new(customer.clone(), li()), Err(FileError::Erased { .. })));
        assert_eq!(customer, closed);

        customer.give(consent("ads", day(31)).over(Channel::TextMessage)).unwrap(); // to be reached: no use of data
        assert_eq!(state(&mut customer, 35), Err(erased.clone()));
        customer.give(consent("service", day(35)).until(day(40)).unwrap()).unwrap();
        for (on, allowed) in [(4, false), (30, false), (34, false), (35, true), (39, true), (40, false)] {
            assert_eq!(state(&mut customer, on).is_ok(), allowed, "day {on}");
        }
        customer.set_party(Party::Consumer, day(35)).unwrap();
        customer.grant(line(36)).unwrap();
        customer.declare(ground(36)).unwrap();
        assert!(Identified::new(customer.clone(), li()).is_ok());
        let permit = customer.permit(&purpose("service"), name("desk"), day(35)).unwrap();
        vault.admit(li(), &permit).unwrap();
        let now = customer.snapshot(&catalogue(), day(50)).unwrap();
        assert_eq!((now.fact("region"), now.fact("visits")), (Fact::Named(name("华东")), Fact::Erased));
        assert_eq!(now.fact("industry"), Fact::NotApplicable);
        customer.withdraw(Withdrawal::of_all(day(37))).unwrap(); // the statement of day 39 came in before that was known
        assert_round_trip(&customer);

        let second = customer.erase(&mut vault, order(day(60))).unwrap();
        assert_eq!((second.on, second.erased[&Erased::Statements], second.erased[&Erased::Person]), (day(60), 2, 5));
        assert_eq!(state(&mut customer, 35), Err(FileError::Erased { through: day(60) }));
    }

    #[test]
    fn no_text_brings_back_what_was_erased() {
        let (mut customer, mut vault) = full();
        let alive: serde_json::Value = serde_json::to_value(&customer).unwrap();
        customer.erase(&mut vault, order(day(30))).unwrap();
        let dead: serde_json::Value = serde_json::to_value(&customer).unwrap();
        let refused = |change: &dyn Fn(&mut serde_json::Value), why: &str| {
            let mut file = dead.clone();
            change(&mut file);
            assert_refused::<Customer>(&file.to_string(), why);
        };
        for part in ["party", "profile", "grounds", "credit"] {
            refused(&|file| file[part] = alive[part].clone(), "the customer was erased");
        }
        refused(&|file| file["consents"]["given"] = alive["consents"]["given"].clone(), "the customer was erased");
        refused(&|file| file["erasure"]["subject"] = OTHER.to_string().into(), "not the same customer");
        refused(&|file| file["erasure"]["through"] = "2024-01-30".into(), "cannot end on");
        refused(&|file| file["erasure"]["through"] = "+10000-01-01".into(), "out of range");
        refused(&|file| file["erasure"] = serde_json::Value::Null, "names no party");
        refused(&|file| file["receivables"]["currency"] = "EUR".into(), "EUR");
        refused(&|file| file["nickname"] = "x".into(), "unknown field");

        let mut company = alive.clone();
        company["party"] = serde_json::json!({"company":{}});
        assert_refused::<Customer>(&company.to_string(), "B2C does not fit a company");
        let mut dollars = alive;
        dollars["receivables"] = serde_json::json!({"currency":"USD"});
        assert_refused::<Customer>(&dollars.to_string(), "a history in GBP and invoices in USD");
    }

    #[test]
    fn hostile_texts_are_refused() {
        let late = r#""+10000-01-01""#;
        assert_refused::<Consent>(r#"{"purpose":"a","on":"2024-01-02","until":"2024-01-02","evidence":"e"}"#, "cannot end");
        assert_refused::<Consent>(&format!(r#"{{"purpose":"a","on":{late},"evidence":"e"}}"#), "out of range");
        assert_refused::<Consent>(r#"{"purpose":"","on":"2024-01-02","evidence":"e"}"#, "not a name");
        assert_refused::<Consents>(&format!(r#"{{"withdrawn":[{{"on":{late}}}]}}"#), "out of range");
        assert_refused::<Consents>(r#"{"granted":[]}"#, "unknown field");
        assert_refused::<Ground>(r#"{"basis":"consent","purpose":"a","from":"2024-01-02","because":"b"}"#, "consent is no ground");
        assert_refused::<Relationship>(r#"{"model":"b2b","roles":[]}"#, "at least one role");
        assert_refused::<Relationship>(r#"{"model":"b2b","roles":["friend"]}"#, "unknown variant");
        assert_refused::<Party>(r#"{"company":{"name":"x"}}"#, "unknown field");
        assert_refused::<Profile>(r#"[["a",{"fact":"erased","source":{"evidence":"e","on":"2024-01-02"}}]]"#, "states nothing");
        assert_refused::<Catalogue>(
            r#"[{"name":"a","area":"basic","kind":{"levels":["x"]},"parties":["consumer"]}]"#,
            "no usable list",
        );
        assert_refused::<IncomeBands>("[]", "1 to 99 bounds");
        assert_refused::<Buckets>("[30,30]", "at least one bound");
        let limit = r#"{"limit":{"amount":"-1.00","currency":"GBP"},"source":{"evidence":"e","on":"2024-01-02"}}"#;
        assert_refused::<CreditLine>(limit, "below zero");
        let one = r#"{"id":"a","issued":"2024-01-02","due":"2024-01-01","amount":{"amount":"1.00","currency":"GBP"}}"#;
        assert_refused::<Receivables>(&format!(r#"{{"currency":"GBP","invoices":[{one}]}}"#), "cannot be due");
        let receipt = |erased: &str| {
            let head = format!(r#""subject":"{KEY}","on":"2024-01-02","through":"2024-01-02","by":"a","because":"b""#);
            format!(r#"{{{head},"erased":{{{erased}}},"survives":{{}},"ledger_kept_because":"c"}}"#)
        };
        assert_round_trip(&serde_json::from_str::<ErasureReceipt>(&receipt(r#""party":1"#)).unwrap());
        assert_refused::<ErasureReceipt>(&receipt(r#""party":1,"party":5"#), "Party occurs twice");
        assert_refused::<Access>(&format!(r#"{{"by":"a","subject":"{KEY}"}}"#), "missing field");
        for party in
            [r#""consumer""#, r#"{"company":{"industry":"retail","size":"small"}}"#, r#"{"government":{"level":"county"}}"#]
        {
            assert_round_trip(&serde_json::from_str::<Party>(party).unwrap());
        }
    }

    /// One thing that happens to a file, on a day.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        State,
        Party,
        Give,
        Withdraw,
        Grant,
        Declare,
        Admit,
        Sell,
        Erase,
    }

    const STEPS: [Step; 9] =
        [Step::State, Step::Party, Step::Give, Step::Withdraw, Step::Grant, Step::Declare, Step::Admit, Step::Sell, Step::Erase];

    /// Does it; `tag` is a number by which its trace would be found.
    fn act(customer: &mut Customer, vault: &mut Vault, step: Step, on: NaiveDate, tag: u32) {
        let evidence = name(&format!("tag-{tag}-"));
        let source = Source::new(evidence.clone(), on, None).unwrap();
        let fact = Quantity::count(tag).into();
        // Refusals are part of the play.
        let _: Result<(), FileError> = match step {
            Step::State => customer.state(&catalogue(), name("visits"), Statement { fact, source }),
            Step::Party => customer.set_party(Party::Consumer, on),
            Step::Give => customer.give(Consent::new(purpose("service"), on, evidence).unwrap()),
            Step::Withdraw => customer.withdraw(Withdrawal::of_all(on)),
            Step::Grant => customer.grant(CreditLine::new(gbp(1), Some(evidence), source).unwrap()),
            Step::Declare => customer.declare(Ground::new(Basis::Contract, purpose("service"), on, None, evidence).unwrap()),
            Step::Admit => {
                let person = Person::new(KEY).named(evidence.as_str());
                customer
                    .permit(&purpose("service"), name("desk"), on)
                    .and_then(|p| vault.admit(person, &p))
                    .map(|_| ())
                    .map_err(Into::into)
            }
            Step::Sell => customer.record(Record::sale(on, gbp(tag.into()))),
            Step::Erase => customer.erase(vault, order(on)).map(|_| ()),
        };
    }

    proptest! {
        #![proptest_config(cases(512))]

        #[test]
        fn erased_is_erased_under_every_order_of_what_happens(
            before in proptest::collection::vec((0..STEPS.len(), 0_u64..20), 0..14),
            after in proptest::collection::vec((0..STEPS.len(), 0_u64..40), 0..14),
            erased_on in 0_u64..20,
            seed in any::<u64>(),
        ) {
            let (mut customer, mut vault) = (consumer(), Vault::new());
            let mut ledger = consumer();
            let mut play = |customer: &mut Customer, vault: &mut Vault, step: usize, on: u64, tag: u32| {
                act(customer, vault, STEPS[step], day(on), tag);
                if let Step::Sell = STEPS[step] {
                    act(&mut ledger, &mut Vault::new(), Step::Sell, day(on), tag);
                }
            };
            for (tag, &(step, on)) in (1000..).zip(&before) {
                play(&mut customer, &mut vault, step, on, tag);
            }
            let receipt = customer.erase(&mut vault, order(day(erased_on))).unwrap();
            let closed = customer.clone();
            prop_assert!(vault.is_empty());

            // All of it up to the day that is covered is delivered again, in another order: nothing returns. (Sales without a number would
            // be new sales; so would a withdrawal be news, and an erasure. What is dated later is taken for new under a consent that is.)
            let mut again: Vec<_> = (1000..).zip(&before).collect();
            common::Dice(seed).shuffle(&mut again);
            for &(tag, &(step, on)) in &again {
                if day(on) <= receipt.through && !matches!(STEPS[step], Step::Sell | Step::Withdraw | Step::Erase) {
                    act(&mut customer, &mut vault, STEPS[step], day(on), tag);
                }
            }
            prop_assert_eq!(&customer, &closed);
            prop_assert!(vault.is_empty());

            // Life goes on: what is there afterwards is later than the erasure, and nothing of what was there before.
            for (tag, &(step, on)) in (2000..).zip(&after) {
                play(&mut customer, &mut vault, step, on, tag);
            }
            let text = serde_json::to_string(&customer).unwrap();
            let read: Customer = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read, &customer);
            prop_assert!((1000..1014).all(|tag| !text.contains(&format!("tag-{tag}-"))), "{}", text);
            let mut gone = customer.clone();
            gone.erase(&mut Vault::new(), order(day(50))).unwrap();
            prop_assert_eq!(gone.consents().withdrawn().count(), 1); // the mark
            let last = customer.erasure().unwrap();
            prop_assert!(last.through >= receipt.through);
            prop_assert!(customer.consents().given().all(|given| given.on() > last.through));
            prop_assert!(customer.profile().of("visits").iter().all(|s| s.source.on() > last.through));
            if customer.profile().is_empty() {
                prop_assert_eq!(customer.snapshot(&catalogue(), day(50)).unwrap().fact("visits"), Fact::Erased);
            }
            if vault.person(KEY).is_some() {
                let came_back = customer.consents().given().len() > 0;
                prop_assert!(came_back);
            }
            // And the ledger never noticed.
            prop_assert_eq!(customer.history(), ledger.history());
        }
    }
}
