//! The mathematics that the statistics of other modules rest on. Private: what leaves the crate is an
//! [`Estimate`](crate::quantity::Estimate) or a rounded amount.

mod beta_incomplete;
mod dispersion;
pub(crate) mod dual;
mod elementary;
mod exponential_integral;
mod gamma;
mod gamma_incomplete;
mod hypergeometric;
mod jet;
mod linear;
mod newton;
mod normal;
mod odds;
mod proportion;
mod quadrature;
#[cfg(test)]
mod reference;
mod root;
mod stirling;
mod student;

pub(crate) use beta_incomplete::{beta_front, beta_quantile, incomplete_beta};
pub(crate) use dispersion::{ln_per_dispersion, ln_rising, log1p_gap};
pub(crate) use dual::Dual;
pub(crate) use elementary::{exp, ln_1p};
pub(crate) use exponential_integral::scaled_exponential_integral_to;
pub(crate) use gamma::{ln_beta_ratio, ln_gamma_bend, ln_gamma_ratio, polygamma, polygamma_step};
pub(crate) use gamma_incomplete::{gamma_front, gamma_quantile, gamma_upper_quantile, incomplete_gamma};
pub(crate) use hypergeometric::{hypergeometric, ln_hypergeometric};
pub(crate) use jet::{Jet, Variable};
pub(crate) use linear::{lcm, quotient, solve};
pub(crate) use newton::{Local, Optimum, inverse, is_inverse, maximise};
pub(crate) use normal::normal_tail;
pub(crate) use odds::Odds;
pub(crate) use proportion::{Share, newcombe, ratio_of_shares};
pub(crate) use quadrature::{GAUSS_LEGENDRE, integral, ln_integral, ln_integral_singular, ln_integral_to_infinity};
pub(crate) use stirling::beyond_stirling;
pub(crate) use student::student_tail;

/// A count as the nearest floating-point number: one IEEE conversion.
#[allow(clippy::cast_precision_loss)]
pub(crate) const fn count(n: u64) -> f64 {
    n as f64
}
