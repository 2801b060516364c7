use super::{Customer, FileError};
use crate::{
    calendar::in_range,
    customer::{
        privacy::{Consents, CustomerKey, PrivacyError, Vault, Withdrawal},
        profile::Profile,
    },
    quantity::{Name, unique_keys},
    reason::Language,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// That a customer is to be forgotten: when, by whom, why, and why the ledger is kept all the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// The day.
    pub on: NaiveDate,
    /// Who does it.
    pub by: Name,
    /// Why: the customer's request, the end of a period of retention.
    pub because: Name,
    /// Why amounts are kept: the law that says for how long books are.
    pub ledger_kept_because: Name,
}

/// A part of what is known of a customer that an erasure removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Erased {
    /// Pieces of personal data in the vault.
    Person,
    /// What the customer is.
    Party,
    /// Statements of the profile.
    Statements,
    /// Consents, and what had been withdrawn of them.
    Consents,
    /// Other grounds.
    Grounds,
    /// The credit line.
    CreditLine,
}

/// What survives an erasure. The relationship and the mark of the erasure itself survive too, under a key that points at nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Survives {
    /// Sales, returns and cancellations.
    Records,
    /// Invoices and payments.
    Receivables,
}

/// What was erased, when and why, and what survives and why: how much of it there was, and none of the data.
///
/// It speaks of the file and of one vault. What else the caller keeps is listed at [`Customer::erase`].
#[doc(alias = "删除凭证")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureReceipt {
    /// Who was forgotten.
    pub subject: CustomerKey,
    /// When.
    pub on: NaiveDate,
    /// The last day that the erasures of this customer cover. Nothing from up to then is taken in again.
    pub through: NaiveDate,
    /// Who did it.
    pub by: Name,
    /// Why.
    pub because: Name,
    /// How much of what was erased; what is not listed was not there.
    #[serde(deserialize_with = "unique_keys")]
    pub erased: BTreeMap<Erased, u64>,
    /// How much of the ledger survives, unchanged.
    #[serde(deserialize_with = "unique_keys")]
    pub survives: BTreeMap<Survives, u64>,
    /// Why it does.
    pub ledger_kept_because: Name,
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

impl Customer {
    /// Forgets the customer (删除权): article 17 of the GDPR, article 47 of the PIPL. The person leaves the vault; party, profile,
    /// consents, grounds and credit line leave the file; amounts stay as they are. There is no way back: what was on file is not taken in
    /// again, and facts are [`Fact::Erased`](crate::quantity::Fact::Erased) from then on, also when asked for an earlier day.
    ///
    /// The erasure covers what is from up to its day; what is dated later, by mistake or ahead of time, is erased all the same. A consent
    /// of a later day opens the file again.
    ///
    /// Copies of the file have to be erased one by one. What erasing each of them leaves is the same.
    ///
    /// Erasing again gives the same receipt, unless there was something new to erase: a vault that had not been there, what came in under
    /// a consent given since, or what was withdrawn since. Then it is a new one.
    ///
    /// It is total within this file and this vault. Give it the vault in which the person is: the receipt counts the pieces that were
    /// there, and [`text`](ErasureReceipt::text) says so if there were none. What the caller keeps elsewhere is the caller's to erase:
    ///
    /// - complaints and their events ([`Complaint`](crate::customer::service::Complaint)), feedback
    ///   ([`FeedbackLoop`](crate::customer::service::FeedbackLoop)), contacts
    ///   ([`InteractionLog`](crate::customer::contact::InteractionLog)) and the events that called for care;
    /// - the life cycle, whose moves may give the customer's reasons ([`LifeCycle`](crate::lifecycle::stage::LifeCycle));
    /// - the records of source systems ([`SourceRecord`](crate::customer::identity::SourceRecord)) and what was found out about which of
    ///   them are one person ([`Links::forget`](crate::customer::identity::Links::forget));
    /// - decisions, snapshots, exports and copies made from the file, and the receipts of looks at the data, as long as no law keeps them.
    ///
    /// # Errors
    /// [`DateOutOfRange`](PrivacyError::DateOutOfRange) for the year 10000; nothing changes.
    pub fn erase(&mut self, vault: &mut Vault, order: Erasure) -> Result<ErasureReceipt, FileError> {
        in_range(order.on).map_err(|_| PrivacyError::DateOutOfRange(order.on))?;
        let before = self.erasure.as_ref().map(|receipt| receipt.through);
        let through = before.map_or(order.on, |before| before.max(order.on));
        // The mark of the last erasure is no withdrawal of the customer's.
        let withdrawn = self.consents.withdrawn().filter(|w| before.is_none_or(|before| **w != Withdrawal::of_all(before)));
        let consents = count(self.consents.given().len()).saturating_add(count(withdrawn.count()));
        let person = vault.person(self.key).map(|person| count(person.len()).max(1));
        let erased: BTreeMap<Erased, u64> = [
            (Erased::Person, person.unwrap_or(0)),
            (Erased::Party, self.party.is_some().into()),
            (Erased::Statements, count(self.profile.len())),
            (Erased::Consents, consents),
            (Erased::Grounds, count(self.grounds.len())),
            (Erased::CreditLine, self.credit.is_some().into()),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect();
        // The vault is told in any case: it may never have heard of the customer.
        if let (true, Some(receipt)) = (erased.is_empty(), &self.erasure) {
            vault.erase(self.key, receipt.through)?;
            return Ok(receipt.clone());
        }
        vault.erase(self.key, through)?;
        let receipt = ErasureReceipt {
            subject: self.key,
            on: order.on,
            through,
            by: order.by,
            because: order.because,
            erased,
            survives: self.ledger(),
            ledger_kept_because: order.ledger_kept_because,
        };
        self.party = None;
        self.profile = Profile::new();
        self.consents = Consents::new();
        // So that a consent from before, if it ever comes back, is dead.
        self.consents.withdraw(Withdrawal::of_all(through))?;
        self.grounds = BTreeSet::new();
        self.credit = None;
        self.erasure = Some(receipt.clone());
        Ok(receipt)
    }

    fn ledger(&self) -> BTreeMap<Survives, u64> {
        let history = &self.history;
        let named = count(history.sales.len() + history.returns.len() + history.cancellations.len());
        let unnamed = history.unnamed_sales.values().chain(history.unnamed_returns.values());
        let records = unnamed.fold(named, |sum, tally| sum.saturating_add(tally.count));
        [(Survives::Records, records), (Survives::Receivables, count(self.receivables.len()))].into()
    }

    /// Whether the person behind an erased file may come back at all: a consent has been given since.
    pub(super) fn allow_anew(&self) -> Result<(), FileError> {
        let anew = || self.consents.given().any(|consent| self.allow(consent.on()).is_ok());
        match &self.erasure {
            Some(receipt) if !anew() => Err(FileError::Erased { through: receipt.through }),
            _ => Ok(()),
        }
    }
}

impl ErasureReceipt {
    /// Whether it can be the receipt on that customer's file.
    pub(super) fn check(&self, key: CustomerKey) -> Result<(), FileError> {
        if self.subject != key {
            return Err(FileError::AnotherCustomer { file: key, other: self.subject });
        }
        if self.through < self.on {
            return Err(PrivacyError::EndsBeforeItBegins { on: self.on, until: self.through }.into());
        }
        [self.on, self.through]
            .into_iter()
            .try_for_each(|day| in_range(day).map(|_| ()).map_err(|_| PrivacyError::DateOutOfRange(day).into()))
    }

    /// The receipt in words, line by line.
    pub fn text(&self, language: Language) -> Vec<String> {
        let ErasureReceipt { subject, on, through, by, because, .. } = self;
        let mut lines = Vec::new();
        lines.push(match language {
            Language::English => format!("{subject} was erased on {on} by {by:?}, because: {because}"),
            Language::Chinese => format!("{subject} 于 {on} 由“{by}”删除，原因：{because}"),
        });
        if !self.erased.contains_key(&Erased::Person) {
            lines.push(match language {
                Language::English => "not found: no person was in this vault under that key".into(),
                Language::Chinese => "未找到：该身份库中没有此假名对应的个人信息".into(),
            });
        }
        for (what, number) in &self.erased {
            lines.push(match language {
                Language::English => format!("erased: {} ({number})", what.english()),
                Language::Chinese => format!("已删除：{}（{number}）", what.chinese()),
            });
        }
        for (what, number) in &self.survives {
            let why = &self.ledger_kept_because;
            lines.push(match (language, what) {
                (Language::English, Survives::Records) => format!("kept: sales, returns, cancellations ({number}), because: {why}"),
                (Language::English, Survives::Receivables) => format!("kept: invoices, payments ({number}), because: {why}"),
                (Language::Chinese, Survives::Records) => format!("保留：销售、退货、取消（{number}），原因：{why}"),
                (Language::Chinese, Survives::Receivables) => format!("保留：发票、付款（{number}），原因：{why}"),
            });
        }
        lines.push(match language {
            Language::English => {
                format!("kept: key and relationship, to which the amounts belong; this mark, so that nothing from up to {through} returns")
            }
            Language::Chinese => format!("保留：假名与客户关系，因为金额归属于它们；以及本凭证，使 {through} 及以前的信息不再恢复"),
        });
        lines
    }
}

impl Erased {
    const fn english(self) -> &'static str {
        match self {
            Erased::Person => "personal data in the vault",
            Erased::Party => "what the customer is",
            Erased::Statements => "statements of the profile",
            Erased::Consents => "consents and withdrawals",
            Erased::Grounds => "other grounds",
            Erased::CreditLine => "credit line",
        }
    }

    const fn chinese(self) -> &'static str {
        match self {
            Erased::Person => "身份库中的个人信息",
            Erased::Party => "客户类型",
            Erased::Statements => "档案记载",
            Erased::Consents => "同意及其撤回",
            Erased::Grounds => "其他法律依据",
            Erased::CreditLine => "信用额度",
        }
    }
}

impl fmt::Display for ErasureReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English).join("\n"))
    }
}
