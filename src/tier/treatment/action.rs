use crate::{
    money::Money,
    quantity::{Name, NameError},
};
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What is done for the customers of a grade.
///
/// On the wire: `{"name":"key account","actions":[{"lever":"service","what":"a named account manager"}],"service_level":"premium",
/// "yearly_cost":{"amount":"1200.00","currency":"CNY"}}`; the last two may be left out.
#[doc(alias = "差异化服务")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// What it is called.
    pub name: Name,
    /// What is done, at least one thing. To do what everybody gets is an action too.
    pub actions: Vec<Action>,
    /// The level of service, if service has levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_level: Option<ServiceLevel>,
    /// What it costs per customer and year, as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly_cost: Option<Money>,
}

impl Treatment {
    /// A treatment without a level of service or a cost.
    pub fn new(name: Name, actions: Vec<Action>) -> Treatment {
        Treatment { name, actions, service_level: None, yearly_cost: None }
    }

    /// The treatment with a level of service.
    #[must_use]
    pub fn at(self, level: ServiceLevel) -> Treatment {
        Treatment { service_level: Some(level), ..self }
    }

    /// The treatment with its cost per customer and year.
    #[must_use]
    pub fn costing(self, yearly: Money) -> Treatment {
        Treatment { yearly_cost: Some(yearly), ..self }
    }

    /// What makes it different from others: actions in no particular order, and the level of service.
    pub(super) fn substance(&self) -> (Vec<&Action>, Option<ServiceLevel>) {
        (self.actions_of(|_| true), self.service_level)
    }

    /// The actions with some levers, sorted, each once.
    pub(super) fn actions_of(&self, which: impl Fn(Lever) -> bool) -> Vec<&Action> {
        let mut actions: Vec<&Action> = self.actions.iter().filter(|a| which(a.lever)).collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    /// The levers that are used, each once. A level of service is one.
    pub(super) fn levers(&self) -> Vec<Lever> {
        let mut levers: Vec<Lever> =
            self.actions.iter().map(|a| a.lever).chain(self.service_level.map(|_| Lever::Service)).collect();
        levers.sort_unstable();
        levers.dedup();
        levers
    }
}

/// One thing that is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// With which lever.
    pub lever: Lever,
    /// What it is.
    pub what: Name,
}

impl Action {
    /// An action in so many words.
    ///
    /// # Errors
    /// [`NameError`] for words that are no name, such as `""`.
    pub fn new(lever: Lever, what: &str) -> Result<Action, NameError> {
        Ok(Action { lever, what: Name::new(what)? })
    }
}

/// With what a company can treat customers differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lever {
    /// Price and terms (价格).
    Price,
    /// Product and quality (产品品质).
    Product,
    /// Service (服务).
    Service,
    /// Policy: returns, credit, priority (政策).
    Policy,
    /// Campaigns (营销活动).
    #[doc(alias = "营销活动")]
    Campaign,
    /// The channel through which the customer is reached (渠道).
    #[doc(alias = "渠道")]
    Channel,
}

impl Lever {
    /// All of them.
    pub const ALL: [Lever; 6] = [Lever::Price, Lever::Product, Lever::Service, Lever::Policy, Lever::Campaign, Lever::Channel];
}

impl fmt::Display for Lever {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Lever::Price => "price",
            Lever::Product => "product",
            Lever::Service => "service",
            Lever::Policy => "policy",
            Lever::Campaign => "campaign",
            Lever::Channel => "channel",
        })
    }
}

/// How good a service is. A higher level is greater; a playbook never gives a worse grade the higher one.
#[doc(alias = "服务标准")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceLevel {
    /// Help to help oneself (自助服务).
    Basic,
    /// What an ordinary customer may expect (普通标准).
    Standard,
    /// Better than ordinary (优质服务).
    Premium,
}

impl fmt::Display for ServiceLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            ServiceLevel::Basic => "basic",
            ServiceLevel::Standard => "standard",
            ServiceLevel::Premium => "premium",
        })
    }
}

impl Lever {
    pub(super) const fn in_chinese(self) -> &'static str {
        match self {
            Lever::Price => "价格",
            Lever::Product => "产品",
            Lever::Service => "服务",
            Lever::Policy => "政策",
            Lever::Campaign => "营销活动",
            Lever::Channel => "渠道",
        }
    }
}

impl ServiceLevel {
    pub(super) const fn in_chinese(self) -> &'static str {
        match self {
            ServiceLevel::Basic => "自助",
            ServiceLevel::Standard => "普通",
            ServiceLevel::Premium => "优质",
        }
    }
}
