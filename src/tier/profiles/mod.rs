//! Sorting into ordered grades against profiles, for more criteria than a grid can hold: by majority ([`MrSort`]) or by degrees of
//! concordance and discordance ([`ElectreTri`]).
//!
//! Either is a [`Sorter`](super::Sorter) of a [`GradeModel`](super::GradeModel), and can be used by itself. The evidence for a grade comes
//! as [`Majority`](crate::reason::Majority) and [`Outranking`](crate::reason::Outranking).

mod credibility;
mod criterion;
mod electre_tri;
mod error;
mod mr_sort;
mod range;

pub use criterion::Criterion;
pub use electre_tri::{ElectreTri, Procedure, Thresholds};
pub use error::ProfileError;
pub use mr_sort::{MrSort, Veto};
pub use range::GradeRange;
