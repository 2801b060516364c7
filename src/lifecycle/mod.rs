//! How customers come, stay and go.
//!
//! [`retention`] says who is still there: survival curves, cohorts, repurchase, churn, and the silence of a single customer.

pub mod retention;
