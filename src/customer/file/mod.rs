//! The customer's file: everything that is known under one key, from the first contact to the erasure, and after it.
//!
//! A full record comes in as [`Identified`]; [`pseudonymise`](Identified::pseudonymise) takes it apart into the [`Customer`], which is
//! stored and graded, and the person, who goes into the [`Vault`](super::privacy::Vault). [`Customer::erase`] is the way out of both; what
//! remains of them is the ledger and an [`ErasureReceipt`]. It lists what the caller keeps elsewhere, and has to erase too.
//!
//! ```
//! use customer_value::{
//!     customer::{
//!         file::{Customer, Erased, Erasure},
//!         party::{BusinessModel, Party, Relationship, Role},
//!         privacy::{Consent, CustomerKey, Person, Purpose, Vault},
//!         Record,
//!     },
//!     money::Currency,
//!     quantity::Name,
//! };
//!
//! let buyer = Relationship::new(BusinessModel::B2c, [Role::EndCustomer])?;
//! let mut customer = Customer::prospect(CustomerKey::new(0x5eed), Party::Consumer, buyer, Currency::EUR)?;
//! customer.record(Record::sale("2024-03-05".parse()?, "120 EUR".parse()?))?;
//! let ledger = customer.history().clone();
//!
//! let (service, day) = (Purpose::new("service")?, "2024-03-05".parse()?);
//! customer.give(Consent::new(service.clone(), day, Name::new("order form")?)?)?;
//! let mut vault = Vault::new();
//! vault.admit(Person::new(customer.key()).named("Li Lei"), &customer.permit(&service, Name::new("intake")?, day)?)?;
//!
//! let order = Erasure {
//!     on: "2024-06-01".parse()?,
//!     by: Name::new("privacy desk")?,
//!     because: Name::new("the customer's request")?,
//!     ledger_kept_because: Name::new("books are kept for ten years")?,
//! };
//! let receipt = customer.erase(&mut vault, order.clone())?;
//! assert_eq!(receipt.erased[&Erased::Person], 1);
//! assert!(vault.is_empty());
//! assert_eq!(customer.history(), &ledger);
//! assert_eq!(customer.party(), None);
//! assert_eq!(customer.erase(&mut vault, order)?, receipt); // once more: nothing was left
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod customer;
mod erasure;
mod error;
mod identified;
mod wire;

pub use customer::{Customer, Gradable};
pub use erasure::{Erased, Erasure, ErasureReceipt, Survives};
pub use error::FileError;
pub use identified::Identified;
