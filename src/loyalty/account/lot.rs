use crate::{
    calendar::Moment,
    loyalty::{CostBasis, LotId, Points},
};
use alloc::vec::Vec;
use core::cmp::Ordering;
use serde::{Deserialize, Serialize};

/// Points that were credited together: they become spendable, expire and cost alike.
///
/// What was opened is the sum of where it went: `opened = left + held + gone`, where gone is burned, expired, clawed back, repaid or
/// transferred.
#[doc(alias = "积分批次")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// Its number.
    pub lot: LotId,
    /// When the points were earned, which may be before they were posted.
    pub earned: Moment,
    /// From when they can be spent; `None` while they wait for a confirmation.
    pub active: Option<Moment>,
    /// From when they no longer can; `None` for never.
    pub expires: Option<Moment>,
    /// What they cost the programme.
    pub cost: CostBasis,
    /// Points credited.
    pub opened: Points,
    /// Points neither held nor gone.
    pub left: Points,
    /// Points set aside.
    pub held: Points,
    /// Points that expired here and that no return has written off since.
    pub lapsed: Points,
}

impl Lot {
    /// Whether its points could be spent at a moment, were any left.
    pub fn is_active(&self, at: Moment) -> bool {
        self.active.is_some_and(|from| from <= at) && !self.is_expired(at)
    }

    /// Whether its time is over at a moment.
    pub fn is_expired(&self, at: Moment) -> bool {
        self.expires.is_some_and(|end| end <= at)
    }

    /// All its points that are neither held nor gone.
    pub(super) const fn rest(&self) -> Draw {
        Draw { lot: self.lot, points: self.left }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.left.is_zero() && self.held.is_zero()
    }

    /// Which lot is spent first: the sooner to expire, never last; then the cheaper, the earlier earned, the earlier credited.
    pub(super) fn before(&self, other: &Lot) -> Ordering {
        let never = |lot: &Lot| lot.expires.is_none();
        never(self)
            .cmp(&never(other))
            .then(self.expires.cmp(&other.expires))
            .then(self.cost.cmp(&other.cost))
            .then(self.earned.cmp(&other.earned))
            .then(self.lot.cmp(&other.lot))
    }
}

/// So many points of one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// The lot.
    pub lot: LotId,
    /// The points.
    pub points: Points,
}

impl Draw {
    /// The first so many points of some draws, or all there are, and how many are missing.
    pub(super) fn first(draws: impl IntoIterator<Item = Draw>, points: Points) -> (Vec<Draw>, Points) {
        let (mut missing, mut taken) = (points, Vec::new());
        for Draw { lot, points } in draws {
            if missing.is_zero() {
                break;
            }
            let points = points.min(missing);
            if !points.is_zero() {
                missing = missing.checked_sub(points).unwrap_or_default();
                taken.push(Draw { lot, points });
            }
        }
        (taken, missing)
    }
}
