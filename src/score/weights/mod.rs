//! Where weights come from: declared, judged by people (AHP), or measured on a population (entropy, CRITIC).
//!
//! [`Weights`] are exact fractions that add up to exactly one, ready for the terms of a [`ScoreModel`](super::ScoreModel). What is
//! computed in floating point is [`Shares`]; it becomes weights only by [`Shares::freeze`], with a declared number of places.
//!
//! ```
//! use customer_value::{money::Ratio, quantity::Name, score::weights::{Pairwise, RandomIndex, WeightsError}};
//!
//! let [sales, brand, referral] = ["sales", "brand", "referral"].map(|n| Name::new(n).unwrap());
//! let times = |n| Ratio::new(n, 1).unwrap();
//! let judge = |brand_over_referral| Pairwise::new(
//!     vec![sales.clone(), brand.clone(), referral.clone()],
//!     &[
//!         (sales.clone(), brand.clone(), times(3)),
//!         (sales.clone(), referral.clone(), times(5)),
//!         (brand.clone(), referral.clone(), times(brand_over_referral)),
//!     ],
//! );
//! let limit = "0.1".parse()?;
//! let (weights, consistency) = judge(2)?.weights(&RandomIndex::Saaty1980, limit, 3)?;
//! assert_eq!(weights.to_string(), "sales 0.648, brand 0.23, referral 0.122");
//! assert!(consistency.ratio < 0.01);
//!
//! // Sales over brand over referral, and yet 9 from brand to referral: the error says which judgement to reconsider, and what would fit.
//! let refused = judge(9)?.weights(&RandomIndex::Saaty1980, limit, 3);
//! assert!(matches!(refused, Err(WeightsError::Inconsistent { .. })));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod consistency;
mod error;
mod exact;
mod objective;
mod pairwise;
mod random_index;
mod shares;

pub use consistency::{Consistency, Suspect};
pub use error::WeightsError;
pub use exact::Weights;
pub use objective::{Measured, Objective, critic, entropy};
pub use pairwise::Pairwise;
pub use random_index::{RandomIndex, RandomTable};
pub use shares::{Frozen, Shares};

use crate::quantity::Name;
use alloc::vec::Vec;

/// The first name that has occurred before.
fn repeated<'a>(names: impl IntoIterator<Item = &'a Name>) -> Option<&'a Name> {
    let mut sorted: Vec<&Name> = names.into_iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}
