use super::{CustomerKey, Detail, Pii};
use crate::quantity::Name;
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Who a customer is: name, birth, gender, how to reach them, and whatever else points at a person. All of it is closed.
///
/// It is read from JSON, so that a vault can be filled; it is not written, but through [`Vault::export`](super::Vault::export). What is
/// wrong with a text that is read is never repeated in the error.
///
/// ```
/// use customer_value::{customer::privacy::{CustomerKey, Person}, quantity::Name};
///
/// let person = Person::new(CustomerKey::new(7))
///     .named("Li Lei")
///     .born("1990-02-28".parse()?)
///     .reached_over(Name::new("e-mail")?, "lilei@example.com");
/// assert!(!format!("{person:?}").contains("Li"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// ```compile_fail,E0277
/// # use customer_value::customer::privacy::Person;
/// fn f(person: &Person) -> String { serde_json::to_string(person).unwrap() }
/// ```
#[doc(alias = "基本信息")]
pub struct Person {
    subject: CustomerKey,
    name: Option<Pii<String>>,
    birth: Option<Pii<NaiveDate>>,
    gender: Option<Pii<String>>,
    contacts: BTreeMap<Name, Pii<String>>,
    others: BTreeMap<Name, Pii<String>>,
}

impl Person {
    /// Nothing known but the key.
    pub const fn new(subject: CustomerKey) -> Person {
        Person { subject, name: None, birth: None, gender: None, contacts: BTreeMap::new(), others: BTreeMap::new() }
    }

    /// With that name; an earlier one is replaced, as in everything below.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Person {
        self.name = Some(Pii::new(self.subject, Detail::Name, name.into()));
        self
    }

    /// With that day of birth.
    #[must_use]
    pub fn born(mut self, on: NaiveDate) -> Person {
        self.birth = Some(Pii::new(self.subject, Detail::Birth, on));
        self
    }

    /// With that gender, in the person's own words.
    #[must_use]
    pub fn of_gender(mut self, gender: impl Into<String>) -> Person {
        self.gender = Some(Pii::new(self.subject, Detail::Gender, gender.into()));
        self
    }

    /// With that number or address on a channel.
    #[must_use]
    pub fn reached_over(mut self, channel: Name, address: impl Into<String>) -> Person {
        let what = Detail::Contact(channel.clone());
        self.contacts.insert(channel, Pii::new(self.subject, what, address.into()));
        self
    }

    /// With anything else that points at the person: a passport number, the number in another system.
    #[must_use]
    pub fn with(mut self, what: Name, text: impl Into<String>) -> Person {
        let detail = Detail::Other(what.clone());
        self.others.insert(what, Pii::new(self.subject, detail, text.into()));
        self
    }

    /// Whose data it is.
    pub const fn subject(&self) -> CustomerKey {
        self.subject
    }

    /// The name.
    pub const fn name(&self) -> Option<&Pii<String>> {
        self.name.as_ref()
    }

    /// The day of birth. The age on a day is `day.years_since(born)`.
    pub const fn birth(&self) -> Option<&Pii<NaiveDate>> {
        self.birth.as_ref()
    }

    /// The gender.
    pub const fn gender(&self) -> Option<&Pii<String>> {
        self.gender.as_ref()
    }

    /// How to reach the person over a channel.
    pub fn contact(&self, channel: &str) -> Option<&Pii<String>> {
        self.contacts.get(channel)
    }

    /// The channels over which the person can be reached, in order of name.
    pub fn channels(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.contacts.keys()
    }

    /// Anything else.
    pub fn other(&self, what: &str) -> Option<&Pii<String>> {
        self.others.get(what)
    }

    /// How many pieces of data there are.
    pub fn len(&self) -> usize {
        let single = [self.name.is_some(), self.birth.is_some(), self.gender.is_some()];
        single.iter().filter(|known| **known).count() + self.contacts.len() + self.others.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes it in the clear; [`Vault::export`](super::Vault::export) asks for the permit.
    pub(super) fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        fn open(field: &Pii<String>) -> String {
            field.value().clone()
        }
        let all = |map: &BTreeMap<Name, Pii<String>>| map.iter().map(|(name, field)| (name.clone(), open(field))).collect();
        Wire {
            subject: self.subject,
            name: self.name.as_ref().map(open),
            birth: self.birth.as_ref().map(|field| *field.value()),
            gender: self.gender.as_ref().map(open),
            contacts: all(&self.contacts),
            others: all(&self.others),
        }
        .serialize(to)
    }
}

/// Not even the names of channels and other data: they are text, and may be telling.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({}, {} pieces of data, of which {} contacts)", self.subject, self.len(), self.contacts.len())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Person")]
struct Wire {
    subject: CustomerKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    birth: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gender: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<(Name, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<(Name, String)>,
}

impl<'de> Deserialize<'de> for Person {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Person, D::Error> {
        // Serde's own errors quote what they do not understand.
        let no_person = || de::Error::custom("this is not a person; what it is, is withheld");
        let wire = Wire::deserialize(from).map_err(|_| no_person())?;
        let (contacts, others) = (wire.contacts.len(), wire.others.len());
        let mut person = Person::new(wire.subject);
        person = wire.name.into_iter().fold(person, Person::named);
        person = wire.birth.into_iter().fold(person, Person::born);
        person = wire.gender.into_iter().fold(person, Person::of_gender);
        person = wire.contacts.into_iter().fold(person, |person, (channel, address)| person.reached_over(channel, address));
        person = wire.others.into_iter().fold(person, |person, (what, text)| person.with(what, text));
        // Of two numbers under one name, which would count?
        let all_kept = person.contacts.len() == contacts && person.others.len() == others;
        if all_kept { Ok(person) } else { Err(no_person()) }
    }
}
