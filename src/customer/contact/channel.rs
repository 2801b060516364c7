use crate::quantity::Name;
use core::fmt;
use serde::{Deserialize, Serialize};

/// By what customer and firm reach each other.
///
/// On the wire: `"phone"`, `{"other":"kiosk"}`.
#[doc(alias = "沟通渠道")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A call.
    #[doc(alias = "电话")]
    Phone,
    /// E-mail.
    #[doc(alias = "邮件")]
    Email,
    /// A message or a post on a social network.
    #[doc(alias = "社交媒体")]
    SocialMedia,
    /// A chat with a person or a program, as it happens.
    #[doc(alias = "在线客服")]
    LiveChat,
    /// A short message to a telephone.
    #[doc(alias = "短信")]
    TextMessage,
    /// Face to face: in a shop, a branch, at the customer's.
    #[doc(alias = "线下")]
    InPerson,
    /// The firm's shop on the net.
    #[doc(alias = "线上")]
    OnlineShop,
    /// The firm's program on the customer's device.
    App,
    /// A letter or a parcel.
    Post,
    /// Any other. It has a cap and a consent of its own; `Other("phone")` is not [`Phone`](Channel::Phone).
    Other(Name),
}

/// A part of the customer's journey.
#[doc(alias = "客户旅程")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JourneyStage {
    /// Looking, asking, comparing.
    #[doc(alias = "咨询")]
    Consult,
    /// Ordering, paying, receiving.
    #[doc(alias = "购买")]
    Purchase,
    /// Using, having it repaired, complaining, coming back.
    #[doc(alias = "售后")]
    AfterSales,
}

/// Where customer and firm meet: by what, in which part of the journey, on which occasion.
///
/// On the wire: `{"channel":"phone","stage":"after-sales","moment":"repair"}`.
#[doc(alias = "触点")]
#[doc(alias = "接触点")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    /// By what.
    pub channel: Channel,
    /// In which part of the journey.
    pub stage: JourneyStage,
    /// On which occasion: "first call", "check-out", "repair".
    pub moment: Name,
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Channel::Phone => "phone",
            Channel::Email => "e-mail",
            Channel::SocialMedia => "social media",
            Channel::LiveChat => "live chat",
            Channel::TextMessage => "text message",
            Channel::InPerson => "in person",
            Channel::OnlineShop => "online shop",
            Channel::App => "app",
            Channel::Post => "post",
            Channel::Other(name) => name,
        })
    }
}
