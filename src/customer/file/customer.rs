use super::{ErasureReceipt, FileError};
use crate::{
    customer::{
        History, Record,
        credit::{CreditLine, Invoice, Payment, Receivables},
        party::{Party, Relationship},
        privacy::{Consent, Consents, CustomerKey, Ground, Permit, PrivacyError, Purpose, Withdrawal},
        profile::{Catalogue, Profile, Snapshot, Standing, Statement},
    },
    money::{Currency, Money},
    quantity::{Fact, Name, Source},
};
use alloc::collections::BTreeSet;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A customer's file, under a key that means nothing: what they are and are to us, what is known of them, what they have consented to,
/// what they bought, how they pay. Not in it is who they are.
///
/// A customer exists before any order: a [`prospect`](Customer::prospect) is one. Only who buys from us can be graded, see
/// [`gradable`](Customer::gradable).
///
/// ```
/// use customer_value::{
///     customer::{
///         file::Customer,
///         party::{BusinessModel, Party, Relationship, Role},
///         privacy::CustomerKey,
///         Record,
///     },
///     money::Currency,
/// };
///
/// let buyer = Relationship::new(BusinessModel::B2c, [Role::EndCustomer])?;
/// let mut customer = Customer::prospect(CustomerKey::new(0x5eed), Party::Consumer, buyer, Currency::EUR)?;
/// customer.record(Record::sale("2024-03-05".parse()?, "120 EUR".parse()?))?;
/// assert!(customer.is_prospect("2024-03-04".parse()?));
/// assert!(!customer.is_prospect("2024-03-05".parse()?));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户")]
#[doc(alias = "客户档案")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "super::wire::Wire", into = "super::wire::Wire")]
pub struct Customer {
    pub(super) key: CustomerKey,
    pub(super) relationship: Relationship,
    /// Nothing after an erasure, until it is stated anew.
    pub(super) party: Option<Party>,
    pub(super) profile: Profile,
    pub(super) consents: Consents,
    pub(super) grounds: BTreeSet<Ground>,
    pub(super) credit: Option<CreditLine>,
    pub(super) history: History,
    pub(super) receivables: Receivables,
    pub(super) erasure: Option<ErasureReceipt>,
}

impl Customer {
    /// A customer who has not ordered yet; amounts will be in that currency.
    ///
    /// # Errors
    /// [`Party`](FileError::Party) for B2C with a company.
    #[doc(alias = "潜在客户")]
    pub fn prospect(key: CustomerKey, party: Party, relationship: Relationship, currency: Currency) -> Result<Customer, FileError> {
        relationship.suits(party.kind())?;
        Ok(Customer {
            key,
            relationship,
            party: Some(party),
            profile: Profile::new(),
            consents: Consents::new(),
            grounds: BTreeSet::new(),
            credit: None,
            history: History::new(currency),
            receivables: Receivables::new(currency),
            erasure: None,
        })
    }

    /// The key.
    pub const fn key(&self) -> CustomerKey {
        self.key
    }

    /// What the customer is to us.
    pub const fn relationship(&self) -> &Relationship {
        &self.relationship
    }

    /// What the customer is; `None` after an erasure.
    pub const fn party(&self) -> Option<&Party> {
        self.party.as_ref()
    }

    /// Everything that has been stated.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// What the customer has consented to.
    pub const fn consents(&self) -> &Consents {
        &self.consents
    }

    /// The other grounds on which personal data may be used.
    pub fn grounds(&self) -> impl ExactSizeIterator<Item = &Ground> {
        self.grounds.iter()
    }

    /// The credit line, if there is one.
    pub const fn credit(&self) -> Option<&CreditLine> {
        self.credit.as_ref()
    }

    /// What the customer bought.
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// What the customer was invoiced, and has paid.
    pub const fn receivables(&self) -> &Receivables {
        &self.receivables
    }

    /// The receipt of the last erasure, if there was one.
    pub const fn erasure(&self) -> Option<&ErasureReceipt> {
        self.erasure.as_ref()
    }

    /// Whether nothing had been sold to the customer by the close of a day.
    pub fn is_prospect(&self, day: NaiveDate) -> bool {
        let named = self.history.sales.values().any(|sold| sold.on <= day);
        let unnamed = self.history.unnamed_sales.keys().any(|on| *on <= day);
        !named && !unnamed
    }

    /// States a fact.
    ///
    /// # Errors
    /// Nothing changes on an error: [`Profile`](FileError::Profile) for what the catalogue does not take;
    /// [`Erased`](FileError::Erased) after an erasure, for what comes from before it, or from a day without a consent given since.
    pub fn state(&mut self, catalogue: &Catalogue, fact: Name, statement: Statement) -> Result<(), FileError> {
        self.allow(statement.source.on())?;
        catalogue.check_for(&fact, &statement.fact, self.party.as_ref().map(Party::kind))?;
        Ok(self.profile.push(fact, statement)?)
    }

    /// Says what the customer is, as found on a day: a correction, or anew after an erasure.
    ///
    /// # Errors
    /// Nothing changes on an error: [`Party`](FileError::Party) for a party that the business model does not fit;
    /// [`Erased`](FileError::Erased) as for [`state`](Customer::state).
    pub fn set_party(&mut self, party: Party, on: NaiveDate) -> Result<(), FileError> {
        self.allow(on)?;
        self.relationship.suits(party.kind())?;
        self.party = Some(party);
        Ok(())
    }

    /// Grants a credit line; an earlier one is replaced.
    ///
    /// # Errors
    /// Nothing changes on an error: [`Credit`](FileError::Credit) for a limit in another currency; [`Erased`](FileError::Erased) as for
    /// [`state`](Customer::state).
    pub fn grant(&mut self, line: CreditLine) -> Result<(), FileError> {
        self.allow(line.source().on())?;
        line.used(Money::zero(self.history.currency()))?;
        self.credit = Some(line);
        Ok(())
    }

    /// Adds a consent. After an erasure this is what opens the file again, for what is found while it holds.
    ///
    /// # Errors
    /// [`Erased`](FileError::Erased) for a consent from before the erasure; nothing changes.
    pub fn give(&mut self, consent: Consent) -> Result<(), FileError> {
        match &self.erasure {
            Some(receipt) if consent.on() <= receipt.through => Err(FileError::Erased { through: receipt.through }),
            _ => {
                self.consents.give(consent);
                Ok(())
            }
        }
    }

    /// Withdraws consents.
    ///
    /// # Errors
    /// As [`Consents::withdraw`]; nothing changes.
    pub fn withdraw(&mut self, withdrawal: Withdrawal) -> Result<(), FileError> {
        Ok(self.consents.withdraw(withdrawal)?)
    }

    /// Declares a ground for using personal data.
    ///
    /// # Errors
    /// [`Erased`](FileError::Erased) as for [`state`](Customer::state); nothing changes.
    pub fn declare(&mut self, ground: Ground) -> Result<(), FileError> {
        self.allow(ground.from())?;
        self.grounds.insert(ground);
        Ok(())
    }

    /// Adds a sale, a return or a cancellation. The ledger goes on after an erasure: what is sold must be booked.
    ///
    /// # Errors
    /// As [`History::push`]; nothing changes.
    pub fn record(&mut self, record: Record) -> Result<(), FileError> {
        Ok(self.history.push(record)?)
    }

    /// Adds an invoice.
    ///
    /// # Errors
    /// As [`Receivables::invoice`]; nothing changes.
    pub fn invoice(&mut self, invoice: Invoice) -> Result<(), FileError> {
        Ok(self.receivables.invoice(invoice)?)
    }

    /// Adds a payment.
    ///
    /// # Errors
    /// As [`Receivables::payment`]; nothing changes.
    pub fn payment(&mut self, payment: Payment) -> Result<(), FileError> {
        Ok(self.receivables.payment(payment)?)
    }

    /// A permit to open this customer's personal data, for a purpose, one user and one day: from a consent that holds, or from another
    /// ground that does.
    ///
    /// # Errors
    /// [`NoBasis`](PrivacyError::NoBasis) if there is neither.
    pub fn permit(&self, purpose: &Purpose, by: Name, on: NaiveDate) -> Result<Permit<'_>, PrivacyError> {
        let ground = self.grounds.iter().find(|ground| ground.purpose() == purpose && ground.holds(on));
        match (self.consents.live(purpose, None, on), ground) {
            (None, Some(ground)) => ground.permit(self.key, by, on),
            _ => self.consents.permit(self.key, purpose, by, on),
        }
    }

    /// What can be taken for known at the close of a day. After an erasure, what has not been stated anew is [`Fact::Erased`].
    ///
    /// # Errors
    /// [`Profile`](FileError::Profile), as [`Catalogue::snapshot`].
    pub fn snapshot(&self, catalogue: &Catalogue, day: NaiveDate) -> Result<Snapshot, FileError> {
        let absent = if self.erasure.is_some() { Standing::Erased } else { Standing::Unknown };
        Ok(catalogue.read(&self.profile, self.party.as_ref().map(Party::kind), day, absent)?)
    }

    /// The same, of a customer who can be graded; score and grade models read their facts from it.
    ///
    /// # Errors
    /// [`Party`](FileError::Party) for a supplier who buys nothing from us; [`Profile`](FileError::Profile), as
    /// [`Catalogue::snapshot`].
    pub fn gradable(&self, catalogue: &Catalogue, day: NaiveDate) -> Result<Gradable, FileError> {
        self.relationship.downstream().map(|_| ())?;
        self.snapshot(catalogue, day).map(Gradable)
    }

    /// Whether something found on a day may be taken in: after an erasure only what is later, under a consent to the use of data that was
    /// given later and holds on that day: a day before that consent is no such day.
    pub(super) fn allow(&self, found: NaiveDate) -> Result<(), FileError> {
        let Some(ErasureReceipt { through, .. }) = self.erasure else { return Ok(()) };
        let anew = |consent: &Consent| consent.channel().is_none() && consent.on() > through;
        if self.consents.alive(found).any(anew) { Ok(()) } else { Err(FileError::Erased { through }) }
    }
}

/// What is known of a customer who buys from us. It is what models read: `Facts` is implemented for it, and not for the snapshot of just
/// anybody.
///
/// ```compile_fail,E0277
/// use customer_value::{customer::profile::Snapshot, score::ScoreModel};
///
/// fn f(model: &ScoreModel, supplier: &Snapshot) { model.score(supplier, supplier.on()).unwrap(); }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gradable(Snapshot);

impl Gradable {
    /// All of it.
    pub const fn snapshot(&self) -> &Snapshot {
        &self.0
    }

    /// A fact; [`Fact::Unknown`] for what is not in the catalogue.
    pub fn fact(&self, name: &str) -> Fact {
        self.0.fact(name)
    }

    /// Where a fact comes from, if it is known.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.0.source(name)
    }
}
