use super::{BusinessModel, PartyKind, Role};
use alloc::collections::BTreeSet;
use thiserror::Error;

/// What can be wrong with a party and the relationship with it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PartyError {
    /// A relationship without a role.
    #[error("a relationship needs at least one role")]
    NoRole,
    /// All roles stand up the supply chain: whom we buy from is no customer, and has no grade.
    #[error("{roles:?} stand up the supply chain; only who buys from us can be graded")]
    NotGradable {
        /// The roles it has.
        roles: BTreeSet<Role>,
    },
    /// A business model for another kind of party: business is done B2B with companies and governments, B2C and C2C with consumers.
    #[error("{model} does not fit a {kind}")]
    WrongModel {
        /// The business model.
        model: BusinessModel,
        /// The kind of party.
        kind: PartyKind,
    },
}
