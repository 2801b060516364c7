//! Who the customer is, and what to us: consumer, company or government; up or down the supply chain; B2B, B2C or C2C.
//!
//! ```
//! use customer_value::customer::party::{BusinessModel, Government, GovernmentLevel, Party, Relationship, Role};
//!
//! let county = Party::Government(Government { level: GovernmentLevel::County, function: None });
//! let customer = Relationship::new(BusinessModel::B2b, [Role::EndCustomer])?;
//! assert!(customer.suits(county.kind()).is_ok());
//! assert!(customer.suits(Party::Consumer.kind()).is_err());
//! # Ok::<(), customer_value::customer::party::PartyError>(())
//! ```

mod error;
mod kind;
mod role;

pub use error::PartyError;
pub use kind::{Company, CompanySize, Government, GovernmentLevel, Party, PartyKind};
pub use role::{BusinessModel, Relationship, Role, Side};
