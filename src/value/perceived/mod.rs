//! Value in the eyes of the customer: what an offer gives and takes, what is expected of it, and how satisfied people are.
//!
//! This is the other side of value. The rest of the crate asks what a customer is worth to the enterprise; here customers judge the
//! enterprise. The two are different types: a [`Perceived`] score becomes no money, no fact and no grade.
//!
//! | question | type |
//! |---|---|
//! | What is got against what is given? | [`ValueModel`], [`DeliveredValue`] |
//! | Is it basic, expected, or beyond expectation? | [`KanoTally`], [`ValueLevel`] |
//! | Why does it matter? | [`Ladders`] |
//! | How satisfied? | [`Csat`], [`Questionnaire`] with its index |
//! | Would you recommend us? | [`NpsQuestion`], [`Nps`] |
//! | How hard was it? | [`EffortQuestion`] |
//! | What is it like? | [`SemanticDifferential`] |
//! | Do statements measure one thing? | [`Responses::alpha`] |
//! | Where does service fall short? | [`ServiceGaps`] |
//!
//! Every question has a type, and every type has its own measures. Answers are taken in one by one and merge in any order, without
//! names. What is [not applicable](Answer::NotApplicable) leaves the denominator; what was [left blank](Answer::NoAnswer) is never made up;
//! both are counted in the [`Turnout`]. Every interval is made for few answers; where there is none, because nobody answered or all
//! answers are equal, the answer is an error and not a number.
//!
//! ```
//! use customer_value::{quantity::Confidence, value::perceived::{Answer::{Given, NotApplicable}, NpsQuestion, Tally}};
//!
//! let mut recommend = Tally::new(NpsQuestion::WouldRecommend);
//! for answer in [Given(10), Given(9), Given(9), Given(7), Given(3), NotApplicable] {
//!     recommend.push(answer)?;
//! }
//! let nps = recommend.nps_measure(Confidence::P95)?;
//! assert_eq!(recommend.nps().score().unwrap().to_string(), "40");
//! assert_eq!((nps.n, nps.turnout.asked()), (5, 6));
//! assert!(nps.estimate.covers(0.0)); // five answers say little
//! # Ok::<(), customer_value::value::perceived::PerceivedError>(())
//! ```

mod answer;
mod chains;
mod component;
mod delivered;
mod differential;
mod error;
mod kano;
mod nps;
mod points;
mod questionnaire;
mod responses;
mod rows;
mod satisfaction;
mod scores;
mod servqual;
mod tally;

pub use answer::{Answer, Measure, Turnout};
pub use chains::{Ladder, Ladders};
pub use component::{Component, Part, Side};
pub use delivered::{Advantage, Comparison, DeliveredValue, Perceived, ValueModel};
pub use differential::{Bipolar, SemanticDifferential};
pub use error::PerceivedError;
pub use kano::{Feeling, KanoClass, KanoTally, ValueLevel};
pub use nps::{Nps, NpsQuestion};
pub use points::Points;
pub use questionnaire::{Likert, Questionnaire};
pub use responses::{Alpha, Responses};
pub use satisfaction::{Csat, EffortQuestion};
pub use servqual::{Gap, Rated, ServiceDimension, ServiceGaps, Servqual};
pub use tally::{Question, Tally};
