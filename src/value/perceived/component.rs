use core::fmt;
use serde::{Deserialize, Serialize};

/// What customers weigh: what they get against what they give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Total customer value: everything the customer gets.
    #[doc(alias = "顾客整体价值")]
    Value,
    /// Total customer cost: everything the customer gives.
    #[doc(alias = "顾客整体成本")]
    Cost,
}

/// The four parts of value and the four of cost (Kotler).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What the product does and is.
    #[doc(alias = "产品价值")]
    Product,
    /// What is done around the product.
    #[doc(alias = "服务价值")]
    Service,
    /// The people one deals with.
    #[doc(alias = "人员价值")]
    Personnel,
    /// The name it has.
    #[doc(alias = "形象价值")]
    Image,
    /// What it costs in money, as the customer feels it.
    #[doc(alias = "货币成本")]
    Money,
    /// What it costs in time.
    #[doc(alias = "时间成本")]
    Time,
    /// What it costs in energy.
    #[doc(alias = "精力成本")]
    Energy,
    /// What it costs in worry.
    #[doc(alias = "精神成本")]
    Psychic,
}

impl Part {
    /// All eight, value first.
    pub const ALL: [Part; 8] =
        [Part::Product, Part::Service, Part::Personnel, Part::Image, Part::Money, Part::Time, Part::Energy, Part::Psychic];

    /// Whether it is got or given.
    pub const fn side(self) -> Side {
        match self {
            Part::Product | Part::Service | Part::Personnel | Part::Image => Side::Value,
            Part::Money | Part::Time | Part::Energy | Part::Psychic => Side::Cost,
        }
    }
}

/// What a customer can be asked about: the components of the eight parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// Product: what it can do.
    #[doc(alias = "功能")]
    Function,
    /// Product: how well it is made.
    #[doc(alias = "品质")]
    Quality,
    /// Product: how it looks.
    #[doc(alias = "款式")]
    Style,
    /// Service: being shown what there is.
    #[doc(alias = "产品介绍")]
    Introduction,
    /// Service: delivery.
    #[doc(alias = "送货")]
    Delivery,
    /// Service: installation.
    #[doc(alias = "安装")]
    Installation,
    /// Service: setting it up until it runs.
    #[doc(alias = "调试")]
    Commissioning,
    /// Service: repair.
    #[doc(alias = "维修")]
    Repair,
    /// Service: training.
    #[doc(alias = "技术培训")]
    Training,
    /// Service: what the firm stands by.
    #[doc(alias = "产品保证")]
    Guarantee,
    /// The people one deals with.
    #[doc(alias = "人员价值")]
    Personnel,
    /// The name it has.
    #[doc(alias = "形象价值")]
    Image,
    /// What it costs in money, as the customer feels it.
    #[doc(alias = "货币成本")]
    Money,
    /// What it costs in time.
    #[doc(alias = "时间成本")]
    Time,
    /// What it costs in energy.
    #[doc(alias = "精力成本")]
    Energy,
    /// What it costs in worry.
    #[doc(alias = "精神成本")]
    Psychic,
}

impl Component {
    /// The part that it belongs to.
    pub const fn part(self) -> Part {
        match self {
            Component::Function | Component::Quality | Component::Style => Part::Product,
            Component::Introduction
            | Component::Delivery
            | Component::Installation
            | Component::Commissioning
            | Component::Repair
            | Component::Training
            | Component::Guarantee => Part::Service,
            Component::Personnel => Part::Personnel,
            Component::Image => Part::Image,
            Component::Money => Part::Money,
            Component::Time => Part::Time,
            Component::Energy => Part::Energy,
            Component::Psychic => Part::Psychic,
        }
    }

    /// Whether it is got or given.
    pub const fn side(self) -> Side {
        self.part().side()
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Side::Value => "customer value",
            Side::Cost => "customer cost",
        })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Part::Product => "product value",
            Part::Service => "service value",
            Part::Personnel => "personnel value",
            Part::Image => "image value",
            Part::Money => "monetary cost",
            Part::Time => "time cost",
            Part::Energy => "energy cost",
            Part::Psychic => "psychic cost",
        })
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Component::Function => "function",
            Component::Quality => "quality",
            Component::Style => "style",
            Component::Introduction => "introduction",
            Component::Delivery => "delivery",
            Component::Installation => "installation",
            Component::Commissioning => "commissioning",
            Component::Repair => "repair",
            Component::Training => "training",
            Component::Guarantee => "guarantee",
            Component::Personnel => "personnel",
            Component::Image => "image",
            Component::Money => "money",
            Component::Time => "time",
            Component::Energy => "energy",
            Component::Psychic => "worry",
        })
    }
}
