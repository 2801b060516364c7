use super::Grant;
use crate::{
    calendar::Moment,
    loyalty::{
        AccountId, CostBasis, HoldId, LotId, Points, SourceId,
        earning::{Basket, Side},
        ladder::Intervention,
    },
    money::Money,
    quantity::Name,
};
use alloc::{collections::BTreeSet, string::String, vec::Vec};
use chrono::NaiveDate;
use core::num::NonZeroU32;
use serde::{Deserialize, Serialize};

/// What is to be done with an account.
///
/// The content of a command is all that is compared when its id comes again; the moment at which it is sent is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Command {
    /// Rewards a purchase, as of the moment at which it was made.
    ///
    /// The rules see the tier that the member had at the close of that day, also if it is posted later: what was bought as gold on 30
    /// December earns as gold on 2 January, when the member is basic again, and the other way round. So it is for what else is rewarded
    /// late. Of a purchase posted on its own day they see the tier at that moment. A status that a late entry
    /// [changed afterwards](crate::loyalty::ladder::Corrections::Recompute) counts from the day on which that was found, as in
    /// [`as_of`](crate::loyalty::history::as_of). The last eight tiers are known; on days before them the oldest of these counts, and of an
    /// account that was taken over, the tiers before are not.
    Earn {
        /// The order. It earns once.
        source: SourceId,
        /// What was bought.
        basket: Basket,
    },
    /// Rewards something else the member did.
    Act {
        /// The business event. It earns once.
        source: SourceId,
        /// What they did.
        activity: Name,
        /// How often, or how much of it.
        units: NonZeroU32,
        /// When.
        on: Moment,
        /// Words of the shop's own that rules can look for, such as a campaign.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        labels: BTreeSet<Name>,
    },
    /// Grants an occasion of the programme that [`occasion_due`](crate::loyalty::Account::occasion_due) has found due. It is granted once
    /// for its key. The dates of the member that decide are personal data, and stay out of commands and logs.
    Celebrate {
        /// Which one.
        occasion: Name,
        /// The key under which it is granted once.
        key: String,
        /// The birthday, the anniversary, the day.
        day: NaiveDate,
    },
    /// Rewards one side of a referral; [`refer`](crate::loyalty::refer) decides both. A member is referred once, unless that comes back.
    Refer {
        /// The referral. It earns once on each side.
        source: SourceId,
        /// Which side the account is on.
        side: Side,
        /// The other account.
        peer: AccountId,
        /// When the first order was made.
        on: Moment,
    },
    /// Credits points by hand.
    Grant {
        /// The business event. It earns once.
        source: SourceId,
        /// What.
        grant: Grant,
    },
    /// Lets the points of a source that wait for a confirmation be spent.
    Confirm {
        /// The business event.
        source: SourceId,
    },
    /// Takes back what a purchase had earned, as far as it is returned. On a reward without a basket, all of it.
    Return {
        /// The business event that had earned.
        source: SourceId,
        /// The document of the return. It counts once.
        document: SourceId,
        /// What is returned; nothing named, and it is all that is left.
        parts: Vec<ReturnedPart>,
    },
    /// Spends points.
    Redeem {
        /// For which business event. It spends once, also if that is cancelled: another attempt has a name of its own, and so has each
        /// kind of points that pays for one order.
        source: SourceId,
        /// The kind of points.
        kind: Name,
        /// How many.
        points: Points,
        /// The order that is paid with them: the kind may limit the share that points may pay.
        order: Option<Money>,
    },
    /// Spends points on a reward of the catalogue.
    Claim {
        /// For which business event. It spends once.
        source: SourceId,
        /// The reward.
        reward: Name,
    },
    /// Gives spent points back to their own lots: those spent last first, and those whose time is over lapse.
    CancelRedemption {
        /// The business event for which they were spent.
        source: SourceId,
        /// How many; all if `None`.
        points: Option<Points>,
    },
    /// Sets points aside.
    Hold {
        /// Under which name.
        hold: HoldId,
        /// The kind of points.
        kind: Name,
        /// How many.
        points: Points,
        /// The order that they are to pay, if the kind limits its share.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<Money>,
        /// Until when, at the latest.
        until: Moment,
    },
    /// Spends points that were set aside, and frees the rest.
    Capture {
        /// The hold.
        hold: HoldId,
        /// For which business event. It spends once.
        source: SourceId,
        /// How many.
        points: Points,
    },
    /// Frees points that were set aside.
    Release {
        /// The hold.
        hold: HoldId,
    },
    /// Takes points by hand.
    Deduct {
        /// The kind of points.
        kind: Name,
        /// How many.
        points: Points,
        /// Why.
        reason: String,
    },
    /// Lets lots live longer, or shorter.
    MoveExpiry {
        /// The kind of points.
        kind: Name,
        /// Which lots; all that have points if empty.
        lots: BTreeSet<LotId>,
        /// The last day on which their points can be spent; `None` for ever.
        last_day: Option<NaiveDate>,
        /// Why.
        reason: String,
    },
    /// Gives expired points back, in a lot of their own.
    Reinstate {
        /// The kind of points.
        kind: Name,
        /// The lots in which they expired.
        lots: BTreeSet<LotId>,
        /// The last day on which they can be spent; `None` for ever.
        last_day: Option<NaiveDate>,
        /// Why.
        reason: String,
    },
    /// Gives points to another account; [`transfer`](crate::loyalty::transfer) decides both sides.
    Send {
        /// The kind of points.
        kind: Name,
        /// How many.
        points: Points,
        /// To whom.
        to: AccountId,
    },
    /// Takes in points that another account has sent. It needs the sender's record:
    /// [`Account::receive`](crate::loyalty::Account::receive).
    Receive {
        /// The kind of points.
        kind: Name,
        /// How many.
        points: Points,
        /// From whom.
        from: AccountId,
        /// By which of its records.
        seq: u64,
    },
    /// Spends points as a part of what a pool spends; [`redeem_together`](crate::loyalty::redeem_together) decides the parts.
    Contribute {
        /// For which business event. It spends once.
        source: SourceId,
        /// The kind of points.
        kind: Name,
        /// How many.
        points: Points,
    },
    /// Takes over all of another account. It needs that account: [`merge`](crate::loyalty::merge) decides both sides.
    Absorb {
        /// That account.
        account: AccountId,
        /// The number of its records.
        seq: u64,
    },
    /// Closes the account, which another takes over: [`merge`](crate::loyalty::merge).
    Close {
        /// Which one.
        into: AccountId,
    },
    /// Decides about the status by hand, or by an upgrade plan.
    Intervene(Intervention),
    /// Writes down what the passing of time has done: holds that lapsed, points that expired, a status that ended. Balances are right
    /// without it.
    Tick,
    /// Lets lots live longer, by what the kind gives the member's grade.
    Extend {
        /// The kind of points.
        kind: Name,
        /// Which lots; all that have points and an end if empty.
        lots: BTreeSet<LotId>,
        /// Why.
        reason: String,
    },
    /// Corrects the record: what a source is said to have earned never happened, or happened otherwise. All of it is taken back as of the
    /// moment for which it had counted, so that the past reads as if it had not been; what was known then stays known
    /// ([`history`](crate::loyalty::history)). What happened instead is recorded under another name.
    ///
    /// An order of 500 euros that was one of 50: void it, and earn the 50 with the day of the sale.
    #[doc(alias = "冲销")]
    Void {
        /// The business event that had earned.
        source: SourceId,
        /// The document of the correction. It counts once.
        document: SourceId,
    },
    // The digest of a command knows its place here: new ones come last.
}

impl Command {
    /// What somebody says who does something by hand.
    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Command::Grant { grant, .. } => Some(&grant.reason),
            Command::Deduct { reason, .. }
            | Command::MoveExpiry { reason, .. }
            | Command::Extend { reason, .. }
            | Command::Reinstate { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

/// A part of a purchase that is returned.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnedPart {
    /// The line.
    pub line: Name,
    /// How much of it.
    pub part: Part,
}

/// How much of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All that is left of it.
    Rest,
    /// So many units.
    Units(u32),
    /// So much of what was paid for it.
    Amount(Money),
}

/// Points that change accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentLot {
    /// How many.
    pub points: Points,
    /// When they were earned.
    pub earned: Moment,
    /// When they expire; `None` for never.
    pub expires: Option<Moment>,
    /// What they cost.
    pub cost: CostBasis,
}
