//! One account at work: what the tests of the ledger share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use crate::common::name;
use customer_value::{
    calendar::{Moment, Zone},
    loyalty::{
        Account, AccountId, Command, CommandId, Decision, Expiry, Points, Programme, Rejection, SourceId,
        account::{Balance, Grant, Part, Record, ReturnedPart},
        earning::{Basis, Basket, EarningPolicy, EarningRules, Give, Line, Rule, Trigger},
        programme::{Kind, Terms},
    },
    money::{Currency, Rounding},
};

pub fn source(text: &str) -> SourceId {
    SourceId::new(text).unwrap()
}

pub fn at(text: &str) -> Moment {
    if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.into() }.parse().unwrap()
}

/// A scheme with points of one kind, 1 for every euro.
pub fn terms(kind: Kind) -> Terms {
    let give = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse().unwrap() };
    let rule = Rule::new(name("base"), kind.name.clone(), Trigger::Purchase, give);
    Terms::new(name("1"), Zone::UTC, Currency::EUR, vec![kind], earning(vec![rule]))
}

pub fn earning(rules: Vec<Rule>) -> EarningRules {
    let policy = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades: vec![], rules };
    EarningRules::new(policy).unwrap()
}

pub fn simple() -> Programme {
    Programme::new(terms(Kind::spendable(name("points"), Expiry::Never))).unwrap()
}

/// An account with its scheme, its log and a counter for command ids.
pub struct Desk {
    pub programme: Programme,
    pub account: Account,
    pub log: Vec<Record>,
    pub next: u32,
}

impl Desk {
    pub fn new(programme: Programme) -> Desk {
        let account = Account::new(AccountId::new("m1").unwrap(), at("2024-01-01"));
        Desk { programme, account, log: vec![], next: 0 }
    }

    pub fn run(&mut self, when: &str, command: &Command) -> Result<Decision, Rejection> {
        self.next += 1;
        let id = CommandId::new(&format!("c{}", self.next)).unwrap();
        let decision = self.account.execute(&self.programme, at(when), &id, command)?;
        self.log.extend(decision.record().cloned());
        let again = Account::replay(self.account.id().clone(), self.account.joined(), &self.log).unwrap();
        assert_eq!(again, self.account);
        Ok(decision)
    }

    pub fn grant(&mut self, when: &str, points: u64, expiry: Option<Expiry>) -> Points {
        let source = source(&format!("grant {}", self.next));
        let grant =
            Grant { kind: name("points"), points: Points::new(points), pending: None, expiry, cost: None, reason: "test".into() };
        self.run(when, &Command::Grant { source, grant }).unwrap().points()
    }

    pub fn redeem(&mut self, when: &str, order: &str, points: u64) -> Result<Decision, Rejection> {
        self.run(when, &Command::Redeem { source: source(order), kind: name("points"), points: Points::new(points), order: None })
    }

    pub fn balance(&self, when: &str) -> Balance {
        self.account.balance(&name("points"), at(when))
    }

    pub fn available(&self, when: &str) -> u64 {
        self.balance(when).available.units()
    }

    pub fn buy(&mut self, when: &str, order: &str, lines: &[(&str, &str)]) -> Result<Decision, Rejection> {
        let line = |(line, price): &(&str, &str)| Line::new(name(line), name(line), price.parse().unwrap());
        let basket = Basket::new(at(when), lines.iter().map(line).collect()).unwrap();
        self.run(when, &Command::Earn { source: source(order), basket })
    }

    pub fn give_back(&mut self, when: &str, order: &str, line: &str, part: Part) -> Result<Decision, Rejection> {
        let document = source(&format!("return {}", self.next));
        let parts = vec![ReturnedPart { line: name(line), part }];
        self.run(when, &Command::Return { source: source(order), document, parts })
    }
}
