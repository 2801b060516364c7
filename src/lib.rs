//! What a customer is worth, which grade that makes and why, and what to do for them.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod calendar;
pub mod customer;
pub mod money;
pub mod quantity;
pub mod reason;
pub mod score;
pub mod tier;
pub mod value;
