use super::{Access, CustomerKey, Detail, Permit, Person, PrivacyError};
use crate::calendar::in_range;
use alloc::collections::BTreeMap;
use chrono::NaiveDate;
use core::fmt;
use serde::{Serialize, Serializer};

/// The persons behind the keys, kept apart from everything that is known of the customers: the additional information of article 4(5) of
/// the GDPR, without which a key points at nobody (article 73(3) of the PIPL).
///
/// A person enters with a permit, and leaves in writing with a permit. The vault remembers whom it has erased, and takes them back only
/// under a consent that was given later. Keep it elsewhere than the records.
///
/// ```
/// use customer_value::customer::privacy::{Consent, Consents, CustomerKey, Person, Purpose, Vault};
/// use customer_value::quantity::Name;
///
/// let (li, service) = (CustomerKey::new(7), Purpose::new("service")?);
/// let mut consents = Consents::new();
/// consents.give(Consent::new(service.clone(), "2024-03-01".parse()?, Name::new("order form")?)?);
/// let permit = consents.permit(li, &service, Name::new("service desk")?, "2024-03-09".parse()?)?;
///
/// let mut vault = Vault::new();
/// vault.admit(Person::new(li).named("Li Lei"), &permit)?;
/// let (person, receipt) = vault.export(&permit)?;
/// assert!(serde_json::to_string(&person)?.contains("Li Lei"));
///
/// assert!(vault.erase(li, "2024-06-01".parse()?)?);
/// assert!(vault.admit(Person::new(li).named("Li Lei"), &permit).is_err()); // the old consent will not do
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// Without a permit it is not written:
///
/// ```compile_fail,E0277
/// # use customer_value::customer::privacy::Vault;
/// fn f(vault: &Vault) -> String { serde_json::to_string(vault).unwrap() }
/// ```
///
/// ```compile_fail,E0061
/// # use customer_value::customer::privacy::Vault;
/// fn f(vault: &Vault) { vault.export().unwrap(); }
/// ```
#[doc(alias = "身份库")]
#[derive(Default)]
pub struct Vault {
    persons: BTreeMap<CustomerKey, Person>,
    erased: BTreeMap<CustomerKey, NaiveDate>,
}

/// A person on the way out, for the customer (article 20 of the GDPR, article 45 of the PIPL) or for a store of the caller's. It can be
/// written; read it back as a [`Person`].
pub struct Exported<'a>(&'a Person);

impl Vault {
    /// Nobody is in it.
    pub const fn new() -> Vault {
        Vault { persons: BTreeMap::new(), erased: BTreeMap::new() }
    }

    /// Number of persons.
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Whether nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// Takes a person in.
    ///
    /// # Errors
    /// Nothing changes on an error: [`AnotherSubject`](PrivacyError::AnotherSubject) for a permit for another customer's data;
    /// [`Erased`](PrivacyError::Erased) for a person who has been erased, unless the permit rests on a consent of a later day;
    /// [`AlreadyKept`](PrivacyError::AlreadyKept) for one who is in it.
    pub fn admit(&mut self, person: Person, permit: &Permit<'_>) -> Result<Access, PrivacyError> {
        let subject = person.subject();
        let access = permit.admit(subject, Detail::Admission)?;
        match self.erased.get(&subject) {
            Some(&on) if !permit.is_consent_after(on) => return Err(PrivacyError::Erased { subject, on }),
            _ if self.persons.contains_key(&subject) => return Err(PrivacyError::AlreadyKept(subject)),
            _ => self.persons.insert(subject, person),
        };
        Ok(access)
    }

    /// Replaces a person's data, all of it, by what is right (更正).
    ///
    /// # Errors
    /// Nothing changes on an error: [`AnotherSubject`](PrivacyError::AnotherSubject) for a permit for another customer's data;
    /// [`NotKept`](PrivacyError::NotKept) for a person who is not in it.
    #[doc(alias = "更正")]
    pub fn correct(&mut self, person: Person, permit: &Permit<'_>) -> Result<Access, PrivacyError> {
        let subject = person.subject();
        let access = permit.admit(subject, Detail::Admission)?;
        *self.persons.get_mut(&subject).ok_or(PrivacyError::NotKept(subject))? = person;
        Ok(access)
    }

    /// A person, closed: every piece of data is opened by itself.
    pub fn person(&self, key: CustomerKey) -> Option<&Person> {
        self.persons.get(&key)
    }

    /// The customers whose persons are in it, in order of key.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = CustomerKey> {
        self.persons.keys().copied()
    }

    /// The permit's person, to be written, and the receipt.
    ///
    /// # Errors
    /// [`NotKept`](PrivacyError::NotKept) for a person who is not in it.
    pub fn export(&self, permit: &Permit<'_>) -> Result<(Exported<'_>, Access), PrivacyError> {
        let subject = permit.subject();
        let person = self.persons.get(&subject).ok_or(PrivacyError::NotKept(subject))?;
        Ok((Exported(person), permit.admit(subject, Detail::Export)?))
    }

    /// Erases a person, for good, and says whether there was one. That it was done is remembered, whether there was one or not; a vault
    /// that is filled anew learns it from the receipts of the erasures.
    ///
    /// # Errors
    /// [`DateOutOfRange`](PrivacyError::DateOutOfRange) for the year 10000; nothing changes.
    pub fn erase(&mut self, key: CustomerKey, on: NaiveDate) -> Result<bool, PrivacyError> {
        in_range(on).map_err(|_| PrivacyError::DateOutOfRange(on))?;
        let last = self.erased.entry(key).or_insert(on);
        *last = on.max(*last);
        Ok(self.persons.remove(&key).is_some())
    }

    /// The day on which a person was last erased.
    pub fn erased_on(&self, key: CustomerKey) -> Option<NaiveDate> {
        self.erased.get(&key).copied()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({} persons)", self.len())
    }
}

impl Serialize for Exported<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

impl fmt::Debug for Exported<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exported([redacted])")
    }
}
