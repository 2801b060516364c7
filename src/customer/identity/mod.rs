//! One view of a customer: which records of which systems are one person or firm, why, and what they say together.
//!
//! Nothing is merged for good. Records stay what they are; [`Assertion`]s say which belong together, on weighed evidence or by hand;
//! clusters are derived from the assertions that stand on a day. Retracting one gives back exactly what was there before.
//!
//! | step | type | what happens |
//! |---|---|---|
//! | weigh | [`LinkageModel`] | how the fields of two records compare becomes evidence in bits, part by part (Fellegi and Sunter 1969) |
//! | say | [`Links`] | assertions and retractions are collected, in any order |
//! | derive | [`Clusters`] | every record in one cluster; contradictions are reported and never settled in silence |
//! | look | [`Survivorship`], [`View`] | one value for each attribute, the losers kept; coverage and freshness |
//! | follow | [`Clusters::histories`] | one history for each customer, the records' own left as they are |
//!
//! No personal data come in here. The caller compares names and addresses and brings how each comparison turned out; records have keys that
//! mean nothing elsewhere; attributes are facts. What is not here either: how alike two names are, which pairs are worth comparing
//! (blocking), and the estimation of probabilities from data (EM). They are declared, and can come from any tool that estimates them.
//!
//! ```
//! use customer_value::{customer::identity::*, money::Rounding, quantity::{Name, Source}};
//!
//! let model = LinkageModel::new(
//!     Name::new("by e-mail and birthday")?,
//!     "1/2".parse()?,
//!     vec![
//!         Comparison::same_or_different("e-mail", "0.8".parse()?, "0.0001".parse()?)?,
//!         Comparison::same_or_different("birthday", "0.97".parse()?, "0.003".parse()?)?,
//!     ],
//!     Thresholds { link: "15".parse()?, review: "8".parse()? },
//!     Rounding::HalfEven,
//! )?;
//! let [shop, till]: [RecordKey; 2] = ["shop/4711".parse()?, "till/88".parse()?];
//! let evidence = model.weigh([("e-mail", "same"), ("birthday", "same")])?;
//!
//! let mut links = Links::new();
//! let day = "2024-03-01".parse()?;
//! links.push(Assertion::new(Name::new("s1")?, shop.clone(), till.clone(), day, Ground::Weighed(evidence))?)?;
//! let clusters = links.clusters(day, []);
//! let customer = clusters.of_record(&till).ok_or("linked")?;
//! assert_eq!(customer.members(), [shop.clone(), till.clone()]);
//!
//! let found = |evidence, day: &str| Ok::<_, Box<dyn core::error::Error>>(Source::new(Name::new(evidence)?, day.parse()?, None)?);
//! let records = [
//!     SourceRecord::new(shop).with("region", Name::new("North")?, found("order form", "2022-05-01")?)?,
//!     SourceRecord::new(till).with("region", Name::new("South")?, found("card", "2023-11-30")?)?,
//! ];
//! let rule = |attribute, prefer| Ok::<_, Box<dyn core::error::Error>>(Rule { attribute: Name::new(attribute)?, prefer });
//! let recent = || vec![Prefer::MostRecent, Prefer::LeastKey];
//! let policy = Survivorship::new(Name::new("latest")?, vec![rule("region", recent())?, rule("age", recent())?])?;
//! let view = policy.view(customer, &records)?;
//! assert_eq!(view.get("region").map(|r| &r.fact), Some(&Name::new("South")?.into()));
//! assert_eq!(view.get("region").map(|r| r.losers().count()), Some(1)); // North is kept, and why it lost
//! assert_eq!(view.coverage().to_string(), "1 of 2");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod assertion;
mod chain;
mod clusters;
mod comparison;
mod error;
mod histories;
mod links;
mod match_weight;
mod model;
mod record_key;
mod source_record;
mod survivorship;
mod text;
mod view;
mod weighed;

pub use assertion::{Assertion, Ground, Retraction, Says, Strength};
pub use clusters::{Cluster, Clusters};
pub use comparison::{Comparison, Level};
pub use error::IdentityError;
pub use histories::Numbering;
pub use links::Links;
pub use match_weight::MatchWeight;
pub use model::{Expected, LinkageModel};
pub use record_key::RecordKey;
pub use source_record::SourceRecord;
pub use survivorship::{Candidate, Prefer, Rule, Standing, Survivorship};
pub use view::{Resolved, View};
pub use weighed::{Part, Thresholds, Verdict, Weighed};
