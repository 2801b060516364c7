use crate::calendar::Moment;
use serde::{Deserialize, Serialize};

/// When credited points can be spent.
#[doc(alias = "待生效")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Pending {
    /// At once.
    #[default]
    None,
    /// From the start of the day that many days after the day they were earned, in the zone of the programme.
    Days(u16),
    /// From a moment.
    Until(Moment),
    /// When [`Command::Confirm`](super::Command::Confirm) says so, as after a delivery.
    Confirmation,
}

/// What a thousand points of a lot cost the programme, in smallest units of its currency: points that cost less are spent first, among
/// those that expire together. Promotional points cost 0, bought ones what was paid for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CostBasis(pub u32);
