//! The customer's file: everything that is known under one key, from the first contact to the erasure, and after it.
//!
//! A full record comes in as [`Identified`]; [`pseudonymise`](Identified::pseudonymise) takes it apart into the [`Customer`], which is
//! stored and graded, and the person, who goes into the [`Vault`](super::privacy::Vault). [`Customer::erase`] is the way out; what
//! remains is the ledger and an [`ErasureReceipt`].
//!
//! ```
//! use customer_value::{
//!     customer::{
//!         file::{Customer, Erasure},
//!         party::{BusinessModel, Party, Relationship, Role},
//!         privacy::{CustomerKey, Vault},
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
//! let order = Erasure {
//!     on: "2024-06-01".parse()?,
//!     by: Name::new("privacy desk")?,
//!     because: Name::new("the customer's request")?,
//!     ledger_kept_because: Name::new("books are kept for ten years")?,
//! };
//! let receipt = customer.erase(&mut Vault::new(), order.clone())?;
//! assert_eq!(customer.history(), &ledger);
//! assert_eq!(customer.party(), None);
//! assert_eq!(customer.erase(&mut Vault::new(), order)?, receipt); // once more: nothing was left
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
