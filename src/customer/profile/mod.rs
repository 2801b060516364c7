//! What is known of a customer: statements with their sources, a catalogue of what can be known, and what holds at a date.
//!
//! | question | type |
//! |---|---|
//! | Who said what, when, how surely? | [`Statement`], kept in a [`Profile`] |
//! | What do we collect, of whom, for how long, and whom do we believe? | [`Catalogue`] of [`Entry`], with a [`Resolution`] |
//! | What can be taken for known on a day? | [`Snapshot`] |
//! | How much is that? | [`Coverage`] |
//! | How do they stand with money? | [`RiskTolerance`], [`InvestmentPreference`], [`IncomeBands`] |
//!
//! ```
//! use customer_value::{
//!     customer::{
//!         party::PartyKind,
//!         profile::{Area, Catalogue, Entry, Kind, Profile, RiskTolerance, Statement},
//!     },
//!     quantity::{Name, Source},
//! };
//!
//! let levels = RiskTolerance::NAMES.into_iter().map(Name::new).collect::<Result<_, _>>()?;
//! let catalogue = Catalogue::new([
//!     Entry::new(Name::new("risk tolerance")?, Area::Financial, Kind::Levels(levels)),
//!     Entry::new(Name::new("region")?, Area::Basic, Kind::OneOf(vec![Name::new("华南")?, Name::new("华东")?])),
//! ])?;
//! let source = Source::new(Name::new("questionnaire")?, "2024-02-01".parse()?, None)?;
//! let mut profile = Profile::new();
//! profile.push(Name::new("risk tolerance")?, Statement { fact: RiskTolerance::Cautious.fact(), source })?;
//!
//! let now = catalogue.snapshot(&profile, PartyKind::Consumer, "2024-06-30".parse()?)?;
//! assert_eq!(now.coverage(None).share(), Some("1/2".parse()?));
//! assert_eq!(now.age("risk tolerance"), Some(150));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod catalogue;
mod error;
mod financial;
mod snapshot;
mod statements;

pub use catalogue::{Area, Catalogue, Entry, Kind, Resolution};
pub use error::ProfileError;
pub use financial::{IncomeBands, InvestmentPreference, RiskTolerance};
pub use snapshot::{Coverage, Snapshot, Standing};
pub use statements::{Profile, Statement};
