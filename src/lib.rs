//! What is a customer worth, which grade does that make, why, and what do we do for them?
//!
//! Orders go in, decisions come out: exact, explained, without I/O. This crate computes; it stores, fetches and sends nothing, reads no
//! clock, and draws no random numbers.
//!
//! ```
//! use customer_value::{
//!     calendar::Window,
//!     customer::{History, Record, ReturnPolicy},
//!     money::Currency,
//!     value::Rfm,
//! };
//!
//! let mut history = History::new(Currency::GBP);
//! history.push(Record::sale("2011-03-01".parse()?, "120.00 GBP".parse()?).with_id("489434")?)?;
//! history.push(Record::sale("2011-06-15".parse()?, "80.00 GBP".parse()?).with_id("489511")?)?;
//! history.push(Record::returned("2011-03-20".parse()?, "20.00 GBP".parse()?).of_sale("489434")?)?;
//!
//! let purchases = history.as_of("2011-12-09".parse()?, ReturnPolicy::STRICT)?;
//! let rfm = Rfm::of(&purchases, Window::Months(12))?.ok_or("no purchases")?;
//! assert_eq!((rfm.recency_days, rfm.frequency), (177, 2));
//! assert_eq!(rfm.monetary.to_string(), "180.00 GBP");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # The walk
//!
//! | step | type | what happens |
//! |---|---|---|
//! | records | [`customer::Record`] | sales, returns, cancellations, with a date and an amount |
//! | history | [`customer::History`], [`customer::CustomerBase`] | records merge in any order; repeated delivery changes nothing |
//! | purchases | [`customer::Purchases`] | returns are settled against sales, as of a day, under a declared policy |
//! | facts | [`value::Rfm`], [`value::FactSheet`] | what is known of the customer, dimension by dimension |
//! | score | [`score::ScoreModel`] | frozen scales, weights, points that add up |
//! | grade | [`tier::GradeModel`] | a grid that never punishes an improvement, and rules beside it |
//! | membership | [`tier::membership::Policy`] | the grade over time: confirmations, grace, holds |
//! | treatment | [`tier::treatment::Playbook`] | what we do for each grade |
//!
//! Around it stands the customer: [`customer::file`] keeps what is known under one key, with personal data closed and apart
//! ([`customer::privacy`]) until they are erased; [`customer::identity`] says which records are one customer, and takes it back;
//! [`customer::contact`] and [`customer::service`] hold what passes between the two, from a call that may be made to a complaint that is
//! settled.
//!
//! Scores and grades come as a [`reason::Decision`]: value, reasons, model, date. For millions of rows there is a batch path over
//! columns, [`customer::OrderColumns`] to [`value::RfmColumns`] to [`score::ScoreColumns`], with exactly the same results.
//! How customers differ as a whole is told by [`value::Concentration`], [`tier::segments`] and [`tier::migration`]; what follows from it
//! for money by [`tier::budget`] and [`tier::effect`]. What a customer costs and brings is told by [`value::economics`], what the
//! enterprise is worth to its customers by [`value::perceived`], both sides of it by [`value::TwoSides`], who stays and who leaves by
//! [`lifecycle::retention`]. Where a customer is in the life cycle, and where all of them will be, is told by [`lifecycle::stage`]; what is
//! done on the way, and how many arrive, by [`lifecycle::journey`] and [`lifecycle::funnel`].
//!
//! The [`guide`] walks through it step by step, gives the reasons for the choices that were made, has a glossary 中文/English, and says of
//! each of the 132 concepts of its sources where it lives ([`guide::concepts`]).
//!
//! # What it does not do
//!
//! It has no storage, no scheduler, no machine learning; it sends nothing to customers, compares no names (how two records compare is
//! brought to [`customer::identity`]) and merges no people for good. Loyalty schemes are planned.
//!
//! # Features
//!
//! - `std` (default): the errors of chrono and `rust_decimal` implement `Error`, so that `?` works on them. This crate itself is `no_std`
//!   with `alloc` either way.
//! - `rayon`: batch paths on threads, bit-identical to one thread.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod calendar;
pub mod customer;
pub mod guide;
pub mod lifecycle;
pub mod loyalty;
pub mod money;
mod numeric;
pub mod quantity;
pub mod reason;
pub mod score;
pub mod tier;
pub mod value;

/// The date type of the API, from the crate `chrono`.
#[doc(no_inline)]
pub use chrono::NaiveDate;
/// The decimal type of the API, from the crate `rust_decimal`.
#[doc(no_inline)]
pub use rust_decimal::Decimal;

/// Runs the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
