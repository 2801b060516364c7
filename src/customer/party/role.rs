use super::{PartyError, PartyKind};
use alloc::collections::BTreeSet;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What a party is to us in the supply chain.
#[doc(alias = "供应链角色")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sells us goods (上游供应商).
    #[doc(alias = "上游供应商")]
    Supplier,
    /// Sells us services: transport, payment, advertising.
    ServiceProvider,
    /// Buys from us to sell to others who sell (分销商).
    #[doc(alias = "分销商")]
    Distributor,
    /// Buys from us to sell to those who use it (零售商).
    #[doc(alias = "零售商")]
    Retailer,
    /// Buys from us to use it (最终客户).
    #[doc(alias = "最终客户")]
    EndCustomer,
}

/// Which way along the supply chain, seen from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Whom we buy from.
    #[doc(alias = "上游")]
    Upstream,
    /// Who buys from us.
    #[doc(alias = "下游")]
    Downstream,
}

/// Who does business with whom.
#[doc(alias = "商业模式")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BusinessModel {
    /// A firm with firms and public authorities.
    #[doc(alias = "B2B")]
    B2b,
    /// A firm with consumers.
    #[doc(alias = "B2C")]
    B2c,
    /// Consumers with each other, over our platform.
    #[doc(alias = "C2C")]
    C2c,
}

/// What a customer is to us: one or more roles, and the business model.
///
/// A party can be both: who supplies us and buys from us has two roles, and is graded for the one.
///
/// ```
/// use customer_value::customer::party::{BusinessModel, PartyError, Relationship, Role};
///
/// let dealer = Relationship::new(BusinessModel::B2b, [Role::Distributor, Role::Supplier])?;
/// assert_eq!(dealer.downstream().map(|roles| roles.count()), Ok(1));
///
/// let supplier = Relationship::new(BusinessModel::B2b, [Role::Supplier])?;
/// assert!(matches!(supplier.downstream().err(), Some(PartyError::NotGradable { .. })));
/// # Ok::<(), PartyError>(())
/// ```
#[doc(alias = "客户关系")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Relationship {
    model: BusinessModel,
    roles: BTreeSet<Role>,
}

impl Role {
    /// Which way along the supply chain it stands.
    pub const fn side(self) -> Side {
        match self {
            Role::Supplier | Role::ServiceProvider => Side::Upstream,
            Role::Distributor | Role::Retailer | Role::EndCustomer => Side::Downstream,
        }
    }
}

impl BusinessModel {
    /// Whether business of that model is done with parties of that kind.
    pub const fn suits(self, kind: PartyKind) -> bool {
        match self {
            BusinessModel::B2b => matches!(kind, PartyKind::Company | PartyKind::Government),
            BusinessModel::B2c | BusinessModel::C2c => matches!(kind, PartyKind::Consumer),
        }
    }
}

impl Relationship {
    /// A relationship of that model, in those roles.
    ///
    /// # Errors
    /// [`NoRole`](PartyError::NoRole) without any.
    pub fn new(model: BusinessModel, roles: impl IntoIterator<Item = Role>) -> Result<Relationship, PartyError> {
        let roles: BTreeSet<Role> = roles.into_iter().collect();
        if roles.is_empty() { Err(PartyError::NoRole) } else { Ok(Relationship { model, roles }) }
    }

    /// The business model.
    pub const fn model(&self) -> BusinessModel {
        self.model
    }

    /// All roles.
    pub const fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// The roles for which it can be graded.
    ///
    /// # Errors
    /// [`NotGradable`](PartyError::NotGradable) for a supplier who buys nothing from us.
    pub fn downstream(&self) -> Result<impl Iterator<Item = Role>, PartyError> {
        let mut roles = self.roles.iter().copied().filter(|role| role.side() == Side::Downstream).peekable();
        if roles.peek().is_some() { Ok(roles) } else { Err(PartyError::NotGradable { roles: self.roles.clone() }) }
    }

    /// Checks that this is a relationship to have with such a party.
    ///
    /// # Errors
    /// [`WrongModel`](PartyError::WrongModel) for B2C with a company.
    pub fn suits(&self, kind: PartyKind) -> Result<(), PartyError> {
        if self.model.suits(kind) { Ok(()) } else { Err(PartyError::WrongModel { model: self.model, kind }) }
    }
}

impl fmt::Display for BusinessModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            BusinessModel::B2b => "B2B",
            BusinessModel::B2c => "B2C",
            BusinessModel::C2c => "C2C",
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Relationship")]
struct Wire {
    model: BusinessModel,
    roles: BTreeSet<Role>,
}

impl TryFrom<Wire> for Relationship {
    type Error = PartyError;

    fn try_from(wire: Wire) -> Result<Relationship, PartyError> {
        Relationship::new(wire.model, wire.roles)
    }
}

impl From<Relationship> for Wire {
    fn from(relationship: Relationship) -> Wire {
        Wire { model: relationship.model, roles: relationship.roles }
    }
}
