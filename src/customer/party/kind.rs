use crate::quantity::Name;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What a customer is, with what can be known of such a one.
///
/// A consumer is a natural person: who that is lies in the vault, what is known of them are facts of the profile, and here stands nothing.
///
/// On the wire: `"consumer"`, `{"company":{"industry":"cosmetics","size":"medium"}}`, `{"government":{"level":"county"}}`.
///
/// ```
/// use customer_value::customer::party::{Company, CompanySize, Party, PartyKind};
///
/// let shop = Party::Company(Company { industry: None, size: Some(CompanySize::by_headcount(9)) });
/// assert_eq!((shop.kind(), shop.is_person()), (PartyKind::Company, false));
/// ```
#[doc(alias = "客户类型")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// A natural person who buys for themselves (个人客户).
    #[doc(alias = "个人客户")]
    Consumer,
    /// A firm (企业客户).
    #[doc(alias = "企业客户")]
    Company(Company),
    /// A public authority (政府客户).
    #[doc(alias = "政府客户")]
    Government(Government),
}

/// What is known of a firm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// The industry it is in, in the words of the caller's classification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<Name>,
    /// How large it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<CompanySize>,
}

/// What is known of a public authority.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Government {
    /// How high it stands.
    pub level: GovernmentLevel,
    /// What it is in charge of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Name>,
}

/// How large a firm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompanySize {
    /// Micro (微型).
    Micro,
    /// Small (小型).
    Small,
    /// Medium (中型).
    Medium,
    /// Large (大型).
    Large,
}

impl CompanySize {
    /// The size by the number of people employed: micro below 10, small below 50, medium below 250 (Commission Recommendation
    /// 2003/361/EC, without its second test of turnover or balance sheet).
    pub const fn by_headcount(employed: u32) -> CompanySize {
        match employed {
            0..10 => CompanySize::Micro,
            10..50 => CompanySize::Small,
            50..250 => CompanySize::Medium,
            _ => CompanySize::Large,
        }
    }
}

/// How high a public authority stands, from the town up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GovernmentLevel {
    /// A town or township (乡镇).
    Town,
    /// A county or district (县区).
    County,
    /// A city or prefecture (地市).
    Prefecture,
    /// A province or state (省).
    Province,
    /// The whole country (中央).
    National,
}

/// The kinds of party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// A natural person.
    Consumer,
    /// A firm.
    Company,
    /// A public authority.
    Government,
}

impl PartyKind {
    /// All of them.
    pub const ALL: [PartyKind; 3] = [PartyKind::Consumer, PartyKind::Company, PartyKind::Government];
}

impl Party {
    /// The kind of party.
    pub const fn kind(&self) -> PartyKind {
        match self {
            Party::Consumer => PartyKind::Consumer,
            Party::Company(_) => PartyKind::Company,
            Party::Government(_) => PartyKind::Government,
        }
    }

    /// Whether it is a natural person, all of whose data is personal. With the others, the people who answer the telephone are.
    pub const fn is_person(&self) -> bool {
        matches!(self, Party::Consumer)
    }
}

impl fmt::Display for PartyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            PartyKind::Consumer => "consumer",
            PartyKind::Company => "company",
            PartyKind::Government => "government",
        })
    }
}
