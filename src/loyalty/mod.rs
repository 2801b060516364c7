//! Loyalty schemes.

pub mod ladder;
