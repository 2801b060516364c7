//! Personal data as types: closed, opened by permit, kept apart from the record, erased for good.
//!
//! | question | type |
//! |---|---|
//! | What has the customer agreed to, and when? | [`Consents`]: for every [`Purpose`] and channel apart |
//! | What else allows the use of data? | [`Ground`], by [`Basis`] |
//! | May I look, today, for this? | [`Permit`]; every look leaves an [`Access`] |
//! | Who is it? | [`Person`], whose fields are [`Pii`] |
//! | Where is that kept? | [`Vault`], apart from the record |
//! | And under what is the customer known elsewhere? | [`CustomerKey`], which means nothing |
//!
//! The types keep honest code from printing, logging, storing or scoring a name by accident. They do not stop code that opens a name and
//! then misuses it: the receipt says who did. Nor can they look into what is text by nature: the numbers of invoices, the evidence of a
//! fact or a consent, a reason. No person's name belongs there.
//!
//! ```
//! use customer_value::customer::privacy::{Consent, Consents, CustomerKey, Person, Purpose, Vault};
//! use customer_value::quantity::Name;
//!
//! let (key, delivery) = (CustomerKey::new(0x5eed), Purpose::new("delivery")?);
//! let mut consents = Consents::new();
//! consents.give(Consent::new(delivery.clone(), "2024-03-01".parse()?, Name::new("order form")?)?);
//!
//! let permit = consents.permit(key, &delivery, Name::new("dispatch")?, "2024-03-09".parse()?)?;
//! let mut vault = Vault::new();
//! vault.admit(Person::new(key).named("Li Lei"), &permit)?;
//! let name = vault.person(key).and_then(Person::name).ok_or("no name")?;
//! let (opened, receipt) = name.open(&permit)?;
//! assert_eq!((opened.as_str(), receipt.by.as_str()), ("Li Lei", "dispatch"));
//! assert_eq!(format!("{vault:?}, {name:?}"), "Vault(1 persons), [redacted]");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod consent;
mod error;
mod key;
mod permit;
mod person;
mod pii;
mod vault;

pub use consent::{Consent, Consents, Purpose, Withdrawal};
pub use error::PrivacyError;
pub use key::CustomerKey;
pub use permit::{Access, Basis, Ground, Permit};
pub use person::Person;
pub use pii::{Detail, Pii};
pub use vault::{Exported, Vault};
