//! The mathematics that the statistics of other modules rest on. Private: what leaves the crate is an
//! [`Estimate`](crate::quantity::Estimate) or a rounded amount.

mod dispersion;
mod gamma;
mod jet;
mod linear;
mod newton;
mod normal;
mod proportion;
mod student;

pub(crate) use dispersion::{Rising, Stretch, log1p_over, rising};
pub(crate) use gamma::{beyond_logarithm, ln_gamma_ratio, polygamma};
pub(crate) use jet::{Jet, Variable};
pub(crate) use linear::{lcm, quotient, solve};
pub(crate) use newton::{Local, Optimum, inverse, maximise};
pub(crate) use normal::normal_tail;
pub(crate) use proportion::{Share, newcombe, ratio_of_shares};
pub(crate) use student::student_tail;

/// A count as the nearest floating-point number: one IEEE conversion.
#[allow(clippy::cast_precision_loss)]
pub(crate) const fn count(n: u64) -> f64 {
    n as f64
}
