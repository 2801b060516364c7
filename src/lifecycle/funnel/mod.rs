//! How many of those who began arrive: ordered steps, conversions with intervals, what is still open, and what may come of it.
//!
//! The steps are those of a sale (lead, offer, order), of a journey, or of a sign-up. Three things that a funnel usually hides are told
//! apart here: cases that are still open are neither won nor lost; cases that skipped a step are counted as such; and time in a step is a
//! [`Survival`](crate::lifecycle::retention::Survival) tally, in which open cases count for as long as they have been there.
//!
//! ```
//! use customer_value::{lifecycle::funnel::{Case, Funnel}, quantity::{Confidence, Name}};
//!
//! let name = |text| Name::new(text);
//! let mut funnel = Funnel::new(vec![name("lead")?, name("offer")?, name("order")?])?;
//! let day = |text: &str| text.parse().ok();
//! let as_of = "2024-06-30".parse()?;
//! for (dates, lost) in [
//!     ([day("2024-01-02"), day("2024-01-20"), day("2024-02-01")], None),
//!     ([day("2024-01-05"), None, day("2024-01-09")], None),      // ordered without an offer
//!     ([day("2024-02-01"), day("2024-02-11"), None], day("2024-03-01")),
//!     ([day("2024-03-01"), None, None], day("2024-03-31")),
//!     ([day("2024-06-20"), None, None], None),                   // still open
//! ] {
//!     funnel.push(&Case { reached: dates.to_vec(), lost }, as_of)?;
//! }
//! assert_eq!(funnel.conversion("lead")?.to_string(), "3 of 4"); // the open one is not counted against it
//! assert_eq!(funnel.conversion("offer")?.to_string(), "2 of 3");
//! assert_eq!(funnel.overall().to_string(), "2 of 4");
//! assert_eq!((funnel.skipped("offer"), funnel.open("lead"), funnel.won()), (1, 1, 2));
//! let wins = funnel.forecast(Confidence::P95)?; // one open lead: 3/4 · 2/3 of a win
//! assert!((wins.value() - 0.5).abs() < 1e-12 && wins.low() < 0.2 && wins.high() > 0.7);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod error;
mod forecast;
mod tally;

pub use error::FunnelError;
pub use tally::{Case, Funnel};
