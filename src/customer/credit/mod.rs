//! Whether and when the customer pays: rating and limit, what is owed, how it comes in.
//!
//! | question | type |
//! |---|---|
//! | How much may they owe, and how are they rated? | [`CreditLine`] |
//! | How much of that is left? | [`CreditUse`] |
//! | What was invoiced, what came in? | [`Receivables`], of [`Invoice`] and [`Payment`] |
//! | How do they pay? | [`Collection`], [`Aging`] by [`Buckets`] |
//!
//! ```
//! use customer_value::{customer::credit::{Buckets, Invoice, Receivables}, money::Currency, quantity::Name};
//!
//! let mut owed = Receivables::new(Currency::EUR);
//! let (issued, due) = ("2024-01-01".parse()?, "2024-01-31".parse()?);
//! owed.invoice(Invoice { id: Name::new("R1")?, issued, due, amount: "100 EUR".parse()? })?;
//!
//! let aging = |day: &str| Ok::<_, Box<dyn core::error::Error>>(owed.as_of(day.parse()?)?.aging(&Buckets::MONTHS)?);
//! assert_eq!(aging("2024-01-31")?.not_due.to_string(), "100.00 EUR"); // due today
//! assert_eq!(aging("2024-03-01")?.overdue[0].to_string(), "100.00 EUR"); // 30 days
//! assert_eq!(aging("2024-03-02")?.overdue[1].to_string(), "100.00 EUR"); // 31 days
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod collection;
mod error;
mod line;
mod receivables;

pub use collection::{Aging, Buckets, Collection};
pub use error::CreditError;
pub use line::{CreditLine, CreditUse};
pub use receivables::{Invoice, Payment, Receivables};
