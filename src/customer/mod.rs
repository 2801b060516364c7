//! The customer: what was sold to them and what came back, and everything else that is known of them.
//!
//! | question | where |
//! |---|---|
//! | What did they buy? | here: [`History`], [`Purchases`], [`CustomerBase`] |
//! | Who are they, and what to us? | [`party`] |
//! | What is known of them, from where, since when? | [`profile`] |
//! | What may their data be used for, and who has seen it? | [`privacy`] |
//! | Whether and when do they pay? | [`credit`] |
//! | All of it under one key, until it is erased? | [`file`](mod@file) |
//!
//! Records go into a [`History`]; [`History::as_of`] settles returns against sales and gives the [`Purchases`] that stand at the close
//! of a day. A [`CustomerBase`] keeps the histories of many customers. [`OrderColumns`] are the same records as columns, for millions
//! of rows. Which records of which systems are one customer is told by [`identity`].
//!
//! What passes between the firm and the customer beside sales: [`contact`] (touchpoints, contact policy, care) and [`service`]
//! (complaints, feedback, measures).
//!
//! ```
//! use customer_value::{customer::{History, Record, ReturnPolicy}, money::{Currency, Money}};
//! use chrono::NaiveDate;
//!
//! let day = |d| NaiveDate::from_ymd_opt(2011, 3, d).unwrap();
//! let gbp = |pence| Money::from_minor(pence, Currency::GBP);
//!
//! let mut history = History::new(Currency::GBP);
//! history.push(Record::sale(day(1), gbp(40_00)).with_id("489434")?)?;
//! history.push(Record::sale(day(9), gbp(25_00)).with_id("489511")?)?;
//! history.push(Record::returned(day(12), gbp(10_00)).of_sale("489434")?)?;
//! history.push(Record::sale(day(9), gbp(25_00)).with_id("489511")?)?; // delivered twice: nothing changes
//!
//! let purchases = history.as_of(day(31), ReturnPolicy::STRICT)?;
//! assert_eq!(purchases.count(), 2);
//! assert_eq!(purchases.net().to_string(), "55.00 GBP");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod base;
mod columns;
pub mod contact;
pub mod credit;
mod error;
pub mod file;
pub(crate) mod grouping;
mod history;
pub mod identity;
pub mod party;
pub mod privacy;
pub mod profile;
mod purchases;
mod record;
mod returns;
mod scatter;
pub mod service;
mod settlement;
mod shard;

pub use base::CustomerBase;
pub use columns::OrderColumns;
pub use error::HistoryError;
pub use history::History;
pub use purchases::{PurchaseDay, Purchases};
pub use record::Record;
pub use returns::{Beyond, ReturnPolicy, Returned, Unmatched};
