//! How customers come, stay and go.
//!
//! | question | module |
//! |---|---|
//! | where is a customer in the life cycle, how did he or she come there, what comes next? | [`stage`] |
//! | what is done for customers on the way, and what do the stages hold? | [`journey`] |
//! | how many of those who began arrive, and where do the others drop out? | [`funnel`] |
//! | who is still there, and who falls silent? | [`retention`] |

pub mod funnel;
pub mod journey;
pub mod retention;
pub mod stage;
