//! Sorting into ordered grades against profiles, for more criteria than a grid can hold: by majority ([`MrSort`]) or by degrees of
//! concordance and discordance ([`ElectreTri`]).

mod credibility;
mod criterion;
mod electre_tri;
mod error;
mod mr_sort;
mod range;

pub use criterion::Criterion;
pub use electre_tri::{Claim, ElectreTri, Opinion, Outranking, Procedure, Thresholds};
pub use error::ProfileError;
pub use mr_sort::{Majority, MrSort, Veto};
pub use range::{Case, GradeRange};
