//! Ranking alternatives against each other: for reports, and for grades only where the scale is anchored.
//!
//! | method | compares with | adding an alternative | value |
//! |---|---|---|---|
//! | [`spotis`] | bounds that were fixed beforehand | changes nothing | exact; smaller is better |
//! | [`topsis_anchored`] | bounds that were fixed beforehand | changes nothing | floating point; larger is better |
//! | [`topsis`] | the best and worst among those present | can turn the order of the others round | floating point; larger is better |
//! | [`vikor`] | the best and worst among those present | can turn the order of the others round | exact; smaller is better |
//!
//! **Do not grade customers with the last two.** A customer's grade would change because another customer came. The page of [`topsis`]
//! shows it happen, and shows a choice of normalisation deciding who wins. For a grade, take a [score](super::ScoreModel) of
//! terms with a [fixed range](super::Scale::Range): one minus that score is the distance of [`spotis`], and it depends on nobody else.
//!
//! Equals share a rank, and the next rank is left out (1, 2, 2, 4); the order of the rows decides nothing. Criteria in which all are
//! equal contribute nothing and are reported. What comes in are decimals, so no `NaN` can, and none comes out.
//!
//! ```
//! use customer_value::score::ranking::{Alternatives, Anchor, Anchors, Outside, spotis};
//! use customer_value::{money::Rounding, quantity::Name, score::weights::Weights, value::Direction::HigherIsBetter};
//!
//! let [sales, brand] = ["sales", "brand"].map(|n| Name::new(n).unwrap());
//! let customers = Alternatives::new(
//!     vec![(sales.clone(), HigherIsBetter), (brand.clone(), HigherIsBetter)],
//!     &Weights::parts(&[(sales.clone(), 3), (brand.clone(), 1)])?,
//!     vec![(Name::new("Li")?, vec![800.into(), 2.into()]), (Name::new("Wang")?, vec![500.into(), 5.into()])],
//! )?;
//! let anchors = Anchors::new(vec![
//!     (sales, Anchor { worst: 0.into(), best: 1000.into() }),
//!     (brand, Anchor { worst: 1.into(), best: 5.into() }),
//! ])?;
//! let ranking = spotis(&customers, &anchors, Outside::Refuse)?;
//! let li = ranking.of("Li").unwrap();
//! assert_eq!((li.rank, li.value.to_decimal(4, Rounding::HalfEven)?.to_string()), (1, "0.3375".into())); // ¾ · 0.2 + ¼ · 0.75
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod alternatives;
mod anchors;
mod error;
mod exact;
mod spotis;
mod standing;
mod topsis;
mod vikor;

pub use alternatives::Alternatives;
pub use anchors::{Anchor, Anchors, Outside};
pub use error::RankingError;
pub use exact::Exact;
pub use spotis::spotis;
pub use standing::{Ranking, Standing};
pub use topsis::{Normalisation, topsis, topsis_anchored};
pub use vikor::{Vikor, vikor};
