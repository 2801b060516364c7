//! Purchases at given opportunities: once a year or not, at every sailing or not. BG/BB, the model of Fader, Hardie and Shang (2010).
//!
//! At each opportunity a customer who is still one buys with a chance of their own, p; before each opportunity they drop out with a chance
//! of their own, θ, unseen. Both differ between customers (beta distributions). Where time is not cut into opportunities by the business,
//! the models in continuous time fit better: see [`PurchaseModel`](super::PurchaseModel).
//!
//! ```
//! use customer_value::value::lifetime::{PeriodDiscount, discrete::{BgBb, Opportunities, OpportunityCounts}};
//!
//! // Opportunities taken, number of the last one taken, opportunities, customers.
//! let table = [
//!     (0, 0, 4, 40), (1, 1, 4, 15), (1, 2, 4, 4), (1, 3, 4, 3), (1, 4, 4, 4), (2, 2, 4, 9), (2, 3, 4, 3), (2, 4, 4, 5), (3, 3, 4, 6),
//!     (3, 4, 4, 9), (4, 4, 4, 12),
//! ];
//! let mut counts = OpportunityCounts::new();
//! for (x, t_x, n, customers) in table {
//!     counts.push(Opportunities::new(x, t_x, n)?, customers)?;
//! }
//! let fit = BgBb::fit(&counts)?;
//! assert!(fit.limits().is_empty() && fit.gradient() < 1e-8);
//!
//! let [steady, gone] = [Opportunities::new(3, 4, 4)?, Opportunities::new(2, 2, 4)?].map(|customer| fit.model().outlook(customer));
//! assert!(gone.alive() < 0.8 && steady.alive() == 1.0); // bought at the last opportunity
//! assert!(steady.purchases(4) > gone.purchases(4));
//! # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
//! ```

mod calendar;
mod kernel;
mod life;
mod model;
mod opportunities;
mod outlook;
mod simulation;

pub use calendar::{Counted, OpportunityCalendar};
pub use life::Life;
pub use model::BgBb;
pub use opportunities::{Opportunities, OpportunityCounts};
pub use outlook::Outlook;
